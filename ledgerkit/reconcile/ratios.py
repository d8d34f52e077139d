"""The ratios of a year that a chair and an audit committee look for, with last year's beside them where the budget gives its final figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from ledgerkit.model import money
from ledgerkit.model.table import Table

# Groups of expense lines on the 2009 codes (domain.md §2.6).
SPENDING_GROUPS = {"activity_share": "501", "rights_share": "502", "operations_share": "503", "administration_share": "504"}


@dataclass(frozen=True)
class Ratio:
    """One figure of the Overview: a ratio to four decimals as text, or money in minor units; None where it cannot be had."""

    key: str
    kind: Literal["ratio", "money"]
    value: str | int | None
    prior: str | int | None = None


def ratios(totals: Mapping[str, Any], lines: Table | None) -> list[Ratio]:
    """The Overview's ratios in their order. Figures of budget lines are the booked ones, else the ledgers'."""
    remittance = totals["remittance"]
    found = [
        Ratio("collection", "ratio", totals["dues"]["rate"]),
        Ratio("remitted", "ratio", _ratio(remittance["remitted"], _less(remittance["due"], remittance["retained"]))),
    ]
    if lines is not None:
        found += _of_budget(totals, lines)
    return [*found, Ratio("activity_head", "money", _head(totals))]


def _of_budget(totals: Mapping[str, Any], lines: Table) -> list[Ratio]:
    leaves = lines.frame[~lines["is_parent"] & ~lines["is_agency"]]
    kinds = leaves[["direction", "code", "available"]]
    now = [*kinds.assign(amount=leaves["booked"].where(leaves["booked"].notna(), leaves["actual"])).itertuples(index=False)]
    before = [*kinds.assign(amount=leaves["prior"]).itertuples(index=False)]
    income, expense = (_sum(now, direction) for direction in ("income", "expense"))
    festival = totals["relief"]["by_category"].get("festival", {}).get("amount")
    found = [
        Ratio("income_execution", "ratio", _ratio(income, _sum(now, "income", "available"))),
        Ratio("expense_execution", "ratio", _ratio(expense, _sum(now, "expense", "available"))),
    ]
    for key, code in SPENDING_GROUPS.items():
        found.append(Ratio(key, "ratio", _share(now, code), _share(before, code)))
    return [*found, Ratio("festival_share", "ratio", _ratio(festival, expense)), Ratio("balance", "money", _closing(now), _closing(before))]


def _sum(lines: Sequence[Any], direction: str, column: str = "amount") -> int | None:
    known = [value for line in lines if line.direction == direction and not pd.isna(value := getattr(line, column))]
    return int(sum(known)) if known else None


def _share(lines: Sequence[Any], code: str) -> str | None:
    """The part of all spending that is on the lines of a group."""
    group = [line for line in lines if str(line.code).startswith(code)]
    return _ratio(_sum(group, "expense") or 0, _sum(lines, "expense"))


def _closing(lines: Sequence[Any]) -> int | None:
    """The closing line, else opening + income − expense."""
    closing = _sum(lines, "closing")
    opening, income, expense = (_sum(lines, direction) for direction in ("opening", "income", "expense"))
    if closing is not None or opening is None or income is None or expense is None:
        return closing
    return opening + income - expense


def _head(totals: Mapping[str, Any]) -> int | None:
    """Activities' cost for each member who owed dues, half up."""
    members = totals["dues"]["members"]
    cost = sum(row["cost"] for row in totals["activities"]["by_category"].values())
    return (2 * cost + members) // (2 * members) if members else None


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _ratio(part: int | None, whole: int | None) -> str | None:
    return None if part is None or not whole else money.ratio(part, whole)
