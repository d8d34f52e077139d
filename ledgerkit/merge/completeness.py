"""Completeness: what came from each branch, beside the register of those that there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from ledgerkit import ledgers
from ledgerkit.model.federation import COUNTED, RECEIVED, Sent
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.table import Table, make

# A branch of which no books are expected any more.
CLOSED = ("merged", "dissolved")
# What a finding of these severities is about is money at risk.
AT_RISK = (Severity.ERROR, Severity.HIGH, Severity.MEDIUM)
# What the register says of a branch, and where.
REGISTERED = ("_src", "_row", "branch_code", "name", "parent_code", "status", "members")

Row = dict[str, Any]


def received(register: Table | None, sent: Sequence[Sent], findings: Sequence[Finding], late_after: date | None) -> Table:
    """The statement `received`: a row a branch, in the register's order, then those that it does not have by code.

    Of a code that the register has twice the first row counts. Without a register nothing is missing or unknown.
    """
    came = {one.branch: one for one in sent}
    listed = {row["branch_code"]: row for row in _registered(register)}
    others = [branch for branch in sorted(came) if branch not in listed and _any(came[branch])]
    known = register is not None
    rows = [
        *(_row(row, came.get(code, Sent(code)), _state(came.get(code), row["status"], late_after)) for code, row in listed.items()),
        *(_row({"branch_code": code}, came[code], "unknown" if known else _state(came[code], "", late_after)) for code in others),
    ]
    _count(rows, findings)
    _rank(rows)
    table = make("received", RECEIVED, rows, ("branch", "branch_code"))
    return replace(table, ledger=ledgers.load("branches"), absent=register.absent if register else frozenset())


def _registered(register: Table | None) -> Iterator[Row]:
    """The register's rows, the first of each code, NA as None."""
    if register is None:
        return
    frame = register.frame[list(REGISTERED)].drop_duplicates("branch_code")
    for row in frame.astype(object).to_dict("records"):
        yield {str(column): None if pd.isna(value) else value for column, value in row.items()}


def _any(one: Sent) -> bool:
    """Whether books came from a branch, counted or not."""
    return bool(one.files or one.superseded or one.duplicate)


def _state(one: Sent | None, status: str | None, late_after: date | None) -> str:
    """How a branch of the register stands; "" for one that is closed and sent nothing. Worse speaks before better: a duplicate, then late."""
    if one is None or not _any(one):
        return "" if status in CLOSED else "missing"
    if one.duplicate:
        return "duplicate"
    if late_after and one.filled_on and one.filled_on > late_after:
        return "late"
    return "superseded" if one.superseded else "received"


def _row(registered: Row, one: Sent, state: str) -> Row:
    """A branch's row, without what was found of it."""
    figures = {key: getattr(one, key) for key in ("filled_on", "rejected_rows", "roster", "owed", "collected", "available", "spent")}
    return {
        **registered,
        **figures,
        "branch": registered["branch_code"],
        "name": registered.get("name") or one.name,
        "state": state,
        "file": one.files[0] if one.files else "",
        "files": len(one.files),
        "rejected_files": len(one.superseded) + len(one.duplicate),
        **{f"rows_{ledger}": one.rows.get(ledger) for ledger in COUNTED},
    }


def _count(rows: Sequence[Row], findings: Iterable[Finding]) -> None:
    """Writes what was found of each branch and no waiver covers: findings by severity, and the money at risk."""
    counts: Counter[tuple[str, Severity]] = Counter()
    money: Counter[str] = Counter()
    for finding in findings:
        if finding.state != "waived":
            branch = _about(finding)
            counts[branch, finding.severity] += 1
            money[branch] += abs(finding.amount or 0) if finding.severity in AT_RISK else 0
    for row in rows:
        branch = row["branch_code"]
        row |= {str(severity): counts[branch, severity] for severity in Severity}
        row["at_risk"] = money[branch]


def _about(finding: Finding) -> str:
    """The branch that a finding is about: of the register's rows the one in the row, not the one that keeps the register."""
    return finding.key[0] if finding.ledger == "branches" and finding.key else finding.branch


def _rank(rows: Sequence[Row]) -> None:
    """Writes each branch's ranks among those whose books count: 1 is the best collection, the execution nearest to 1, the most money at risk."""
    collection = [_share(row, "collected", "owed") for row in rows]
    execution = [_share(row, "spent", "available") for row in rows]
    for key, orders in (
        ("rank_collection", [None if rate is None else -rate for rate in collection]),
        ("rank_execution", [None if rate is None else abs(rate - 1) for rate in execution]),
        ("rank_at_risk", [-row["at_risk"] if row["files"] else None for row in rows]),
    ):
        for row, rank in zip(rows, _ranks(orders), strict=True):
            row[key] = rank


def _share(row: Mapping[str, Any], part: str, whole: str) -> Fraction | None:
    """part ÷ whole of a row exactly, None where either is not there or the whole is 0."""
    return Fraction(row[part], row[whole]) if row["files"] and row[part] is not None and row[whole] else None


def _ranks(orders: Sequence[Fraction | int | None]) -> list[int | None]:
    """The rank of each by its order, the smallest first; ties share one, and the next is as many further. None has none."""
    first: dict[Fraction | int, int] = {}
    for rank, order in enumerate(sorted(order for order in orders if order is not None), 1):
        first.setdefault(order, rank)
    return [None if order is None else first[order] for order in orders]
