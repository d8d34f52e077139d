"""Dues as the auditor reads them: a member a row with twelve months; with several branches a branch a row."""

from collections.abc import Mapping

import pandas as pd

from ledgerkit.model.period import month
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, shaped

MONTHS = tuple(f"m{number}" for number in range(1, 13))
SUMMED = (*MONTHS, "due", "paid", "waived", "arrears", "overpaid")
COLLECTED: Mapping[str, FieldType] = {
    "member_no": "text",
    "name": "text",
    "members": "int",
    **dict.fromkeys(MONTHS, "money"),
    "due": "money",
    "paid": "money",
    "waived": "money",
    "arrears": "money",
    "overpaid": "money",
}


def collected(dues: Table, balances: Table, year: int, by_branch: bool) -> Table:
    """Paid by month (blank where nothing was), due, waived, arrears and overpayment of each member, or of each branch."""
    of_year = dues.frame[dues["period"].between(month(year, 1), month(year, 12)).fillna(False)]
    number = of_year["period"] - month(year, 1) + 1
    paid = of_year.assign(number=number).pivot_table("paid", ["branch", "member_no"], "number", "sum").rename(columns=lambda n: f"m{n}")
    frame = balances.frame.join(paid.reindex(columns=list(MONTHS)), on=["branch", "member_no"])
    if by_branch:
        owing = frame.assign(members=(frame["months"] > 0).astype(int))
        frame = owing.groupby("branch", sort=True)[[*SUMMED, "members"]].sum(min_count=1).reset_index()
    return shaped("collected", COLLECTED, frame.drop(columns=["_src", "_row", "_col"], errors="ignore"))


def by_month(dues: Table, year: int) -> "pd.Series[int]":
    """Dues paid for each month 1…12 of the books' year, in minor units."""
    of_year = dues.frame[(dues["period"] // 12 == year).fillna(False)]
    return of_year.groupby(of_year["period"] % 12 + 1)["paid"].sum().reindex(range(1, 13)).fillna(0).astype("int64")
