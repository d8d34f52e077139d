"""A Report as the JSON object of the contract: amounts as strings with two decimals, keys to the letter."""

import json
from collections.abc import Mapping
from typing import Any

from ledgerkit.locale import Lang
from ledgerkit.model import money
from ledgerkit.model.decision import Decision, Kept, Previous, leading
from ledgerkit.model.federation import COUNTED
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.summary import DECIDED
from ledgerkit.model.table import Table
from ledgerkit.model.text import spelled
from ledgerkit.model.waiver import Waiver
from ledgerkit.reading.book import Sheet, Source
from ledgerkit.reconcile.control import Control
from ledgerkit.reconcile.totals import MONEY
from ledgerkit.rules.floods import Flood
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.reads import policy_keys
from ledgerkit.rules.run import Status
from ledgerkit.writing import wording

LINE_MONEY = ("prior", "approved", "adjustment", "available", "actual", "booked", "unexplained", "variance")


def as_json(report: Report, lang: Lang) -> str:
    """The Report as one JSON object, ending in a line break."""
    return dumped(as_object(report, lang))


def dumped(whole: Mapping[str, Any]) -> str:
    """An object as every command prints one, ending in a line break."""
    return spelled(json.dumps(whole, ensure_ascii=False, indent=2)) + "\n"


def as_object(report: Report, lang: Lang) -> dict[str, Any]:
    """The Report as the contract's object."""
    whole = {
        "ledgerkit": report.version,
        "command": report.command,
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "policy": {"id": report.policy.id, "version": report.policy.version, "sha256": report.policy.sha256},
        "inputs": [_input(source) for source in report.book.sources],
        "rules": [_rule(status, lang) for status in report.statuses],
        "findings": [finding_object(finding, report, lang) for finding in report.findings],
        "waivers": [_waiver_of_policy(waiver, count, report) for waiver, count in report.waivers],
        "floods": [_flood(flood, report, lang) for flood in report.floods],
    }
    if report.previous:
        whole["previous"] = [_previous(previous, report) for previous in report.previous]
        whole["gone"] = [_gone(one) for one in report.gone]
    if report.totals is not None:
        whole["budget"] = [] if report.lines is None else _lines(report.lines)
        whole["totals"] = _figures(report.totals)
        whole["control"] = [_control(control) for control in report.controls]
    if report.received is not None:
        whole["branches"] = [_branch(report.received, at) for at in range(len(report.received))]
        whole["missing"] = report.received["branch_code"][report.received["state"] == "missing"].tolist()
    return {**whole, "summary": report.summary}


def _input(source: Source) -> dict[str, Any]:
    return {
        "file": source.path,
        "sha256": source.raw.sha256,
        "branch": source.branch,
        "year": source.year,
        "status": "rejected" if source.problem else "read",
        "reason": source.problem or None,
        "sheets": [_sheet(sheet) for sheet in source.sheets],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "sheet": sheet.name,
        "ledger": sheet.ledger,
        "rows_read": sheet.rows_read,
        "rows_blank": sheet.rows_blank,
        "rows_total": sheet.rows_total,
        "rows_rejected": sheet.rows_rejected,
        "amount": _amount(sheet.amount),
        "amount_rejected": _amount(sheet.amount_rejected),
        "extra_columns": [mask_text(heading) for heading in sheet.rows.extras] if sheet.rows else [],
    }


def _amount(minor: int | None) -> str | None:
    return None if minor is None else money.show(minor)


def _rule(status: Status, lang: Lang) -> dict[str, Any]:
    return {
        "rule": status.rule,
        "status": "run" if status.run else "not_run",
        "because": wording.because(status, lang) or None,
        "findings": status.findings,
    }


def finding_object(finding: Finding, report: Report, lang: Lang) -> dict[str, Any]:
    """One finding as the contract has it, its texts in `lang`."""
    rule = catalogue()[finding.rule]
    return {
        "id": finding.id,
        "rule": finding.rule,
        "severity": str(finding.severity),
        "title": wording.title(rule, lang),
        "ledger": finding.ledger,
        "branch": finding.branch,
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "key": list(finding.key),
        "amount": _amount(finding.amount),
        "message": wording.message(finding, lang),
        "observed": finding.observed,
        "expected": finding.expected,
        "basis": wording.basis(finding.basis, report.book.year, lang),
        "state": finding.state,
        "waiver": _waiver(finding.waiver) if finding.waiver else None,
        "decision": _decision(finding, report.known[finding.id], lang) if finding.id in report.known else None,
    }


def _decision(finding: Finding, before: Kept, lang: Lang) -> dict[str, Any]:
    """What is carried over of an earlier summary's decision, as keys; a note, which may hold anything, is masked."""
    carried = Decision() if finding.state in ("reopened", "waived") else before.decision
    return {**_decided(carried), "since": wording.since(finding, before, lang) or None}


def _decided(decision: Decision) -> dict[str, Any]:
    return {key: mask_text(text) for key, text in zip(DECIDED, decision.texts, strict=True)}


def _gone(one: Kept) -> dict[str, Any]:
    """A finding of an earlier summary that is no longer found, with the texts that it had there."""
    about = {key: one.filed.texts.get(key, "") for key in ("rule", "branch", "where", "who")}
    return {"id": one.filed.id, "state": one.filed.state, **about, "amount": _amount(one.filed.amount), "decision": _decided(one.decision)}


def _previous(previous: Previous, report: Report) -> dict[str, Any]:
    """An earlier summary, and what it gives: decisions, figures, or nothing."""
    gives = "figures" if previous is report.earlier else "decisions" if previous in leading(report.previous, report.book.year) else None
    return {"file": previous.file, "sha256": previous.sha256, "year": previous.year, "gives": gives}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    said = {"reason": waiver.reason, "asked_by": waiver.asked_by, "approved_by": waiver.approved_by}
    return {**said, "until": waiver.until.isoformat()}


def _waiver_of_policy(waiver: Waiver, count: int, report: Report) -> dict[str, Any]:
    """A waiver as the policy has it, whether it holds on the run's date, and how many findings it waives."""
    about = {"rule": waiver.rule, "key": list(waiver.key), "branch": waiver.branch, "column": waiver.column}
    return {**about, **_waiver(waiver), "holds": waiver.holds(report.as_of), "findings": count}


def _flood(flood: Flood, report: Report, lang: Lang) -> dict[str, Any]:
    """A rule that floods a ledger: how many of its rows, the keys of the policy to look at, and the whole sentence."""
    about = {"rule": flood.rule, "ledger": flood.ledger, "rows_flagged": flood.rows, "rows": flood.of}
    return {**about, "settings": policy_keys(catalogue()[flood.rule]), "message": wording.flood(flood, report, lang)}


def _lines(lines: Table) -> list[dict[str, Any]]:
    return [
        {
            "code": lines.show(at, "code"),
            "title": lines.show(at, "title"),
            "direction": lines.show(at, "direction"),
            **{column: lines.show(at, column) for column in LINE_MONEY},
            "execution": lines.share(at, "actual", "available"),
        }
        for at in range(len(lines))
    ]


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _figure(value, key) for key, value in figures.items()}


def _figure(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return _figures(value)
    return _amount(value) if name in MONEY else value


def _branch(received: Table, at: int) -> dict[str, Any]:
    """How a branch stands, what it sent, its ratios and ranks, and what was found of it; null where something is not there."""
    return {
        "branch_code": received.show(at, "branch_code"),
        "name": mask_text(received.show(at, "name") or ""),
        **{key: received.show(at, key) or None for key in ("parent_code", "status", "state", "filled_on")},
        **{key: received.minor(at, key) for key in ("files", "rejected_files", "members", "roster")},
        "rows": {ledger: received.minor(at, f"rows_{ledger}") for ledger in COUNTED},
        "rejected_rows": received.minor(at, "rejected_rows"),
        **{key: received.show(at, key) for key in ("owed", "collected")},
        "collection_rate": received.share(at, "collected", "owed"),
        **{key: received.show(at, key) for key in ("available", "spent")},
        "execution": received.share(at, "spent", "available"),
        "findings": {str(severity): received.minor(at, str(severity)) for severity in Severity},
        "at_risk": received.show(at, "at_risk"),
        "ranks": {key: received.minor(at, f"rank_{key}") for key in ("collection", "execution", "at_risk")},
    }


def _control(control: Control) -> dict[str, Any]:
    show = money.show if control.unit == "money" else int
    return {
        "check": control.check,
        "left": show(control.left),
        "right": show(control.right),
        "difference": show(control.difference),
        "ok": control.ok,
    }
