"""Waivers at work: which findings they waive, and what there is to say of the waivers themselves."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.statements import WAIVERS
from ledgerkit.model.table import Table, make
from ledgerkit.model.waiver import Waiver


def waived(findings: Iterable[Finding], policy: Policy, day: date | None) -> Iterator[Finding]:
    """The findings in their order, those that a waiver covers on the run's date with the first such waiver; nothing else of them changes."""
    holding: dict[str, list[Waiver]] = {}
    for waiver in policy.waivers:
        if waiver.holds(day):
            holding.setdefault(waiver.rule, []).append(waiver)
    return (_waived(finding, holding.get(finding.rule, ())) for finding in findings)


def _waived(finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    by = next((waiver for waiver in waivers if _covers(waiver, finding)), None)
    return replace(finding, state="waived", waiver=by) if by else finding


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return waiver.covers(finding.rule, finding.key, finding.branch, finding.column)


def statement(
    raised: Sequence[Finding], run: Collection[str], policy: Policy, tables: Mapping[str, Table], branches: Collection[str]
) -> Table:
    """The policy's waivers as a statement, beside what `raised` has for them: every finding before any yields to another.

    `run`: the rules that looked at all of the books, which are of `branches`. A waiver is judged where nothing keeps its finding out of sight.
    """
    rules = {waiver.rule for waiver in policy.waivers}
    of = [finding for finding in raised if finding.rule in rules or finding.severity is Severity.ERROR] if rules else []
    hidden = unseen(tables) if rules else set()
    rows = []
    for waiver in policy.waivers:
        judged = waiver.rule in run and waiver.branch in (None, *branches) and not _is_hidden(waiver, of, hidden)
        rows.append({**_row(waiver, policy.file), "findings": sum(_covers(waiver, finding) for finding in of), "judged": judged})
    return make("waivers", WAIVERS, rows, ("branch", "rule", "key"))


def _row(waiver: Waiver, file: str) -> Mapping[str, object]:
    until = pd.Timestamp(waiver.until)
    return {"branch": waiver.branch or "", "file": file, "rule": waiver.rule, "key": " ".join(waiver.key), "until": until}


def _is_hidden(waiver: Waiver, raised: Iterable[Finding], hidden: Collection[str]) -> bool:
    """Whether the row that a waiver is about may be there unseen: something of its branch was refused, or a cell of the row is bad."""
    refused = {waiver.branch, ""} & set(hidden) if waiver.branch else set(hidden)
    bad = (finding for finding in raised if finding.severity is Severity.ERROR)
    return bool(refused) or any(waiver.covers(waiver.rule, finding.key, finding.branch, waiver.column) for finding in bad)


def unseen(tables: Mapping[str, Table]) -> set[str]:
    """The branches of which a file, a sheet or a row was refused."""
    refused = [table["branch"][~table["_used"]] for table in tables.values() if "_used" in table.types]
    if "files" in tables:
        refused.append(tables["files"]["branch"][tables["files"]["problem"].str.startswith("F")])
    if "sheets" in tables:
        refused.append(tables["sheets"]["branch"])
    return set(pd.concat(refused)) if refused else set()
