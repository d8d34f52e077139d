"""R: what the employer remits, when, and what of it is booked."""

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import PlantSet, Row
from ledgerkit.model.money import MINOR

plants = PlantSet()
BOOKED = 100 * MINOR


def collected(remittance: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the months that the tax office collects or the employer pays, of which something was remitted."""
    return remittance["channel"].isin(["tax", "own"]) & (remittance["remitted"] > 0) & (remittance["due"] > 0)


@plants.plant("R001")
def too_little(copy: Copy) -> Row:
    """Due one per cent less than the payroll gives."""
    row = copy.one("remittance", collected)
    share = copy.policy.remittance_rate * (1000 - 2 * copy.setting("R001", "per_mille")) / 1000
    return copy.set(row, due=int(int(row["payroll"]) * share))


@plants.plant("R002")
def another_split(copy: Copy) -> Row:
    """Two fen too little passed up: one more than passes."""
    row = copy.one("remittance", lambda rows: rows["remitted"] > 10 * MINOR)
    return copy.set(row, remitted=int(row["remitted"]) - copy.setting("R002", "tolerance") - 1)


@plants.plant("R003")
def a_day_late(copy: Copy) -> Row:
    """Paid a day after the due day."""
    row = copy.one("remittance", lambda rows: collected(rows) & rows["paid_on"].notna())
    return copy.set(row, paid_on=_due_on(copy, row) + pd.Timedelta(days=1))


def _due_on(copy: Copy, row: Row) -> pd.Timestamp:
    following = int(row["period"]) + 1
    first = pd.Timestamp(following // 12, following % 12 + 1, 1)
    return min(first + pd.Timedelta(days=copy.policy.due_day - 1), first + pd.offsets.MonthEnd(0))


@plants.plant("R004")
def never_paid(copy: Copy) -> Row:
    """A month of which nothing was remitted, longer ago than the rule waits."""
    wait = copy.setting("R004", "months")
    last = copy.as_of.year * 12 + copy.as_of.month - 1 - wait - 2
    row = copy.one("remittance", lambda rows: collected(rows) & (rows["period"] <= last))
    return copy.fill(copy.set(row, remitted=0, paid_on=None), receipt_no=None)


@plants.plant("R008")
def booked_otherwise(copy: Copy) -> Row:
    """402 booked a hundred yuan higher than what was retained."""
    line = copy.one(
        "lines",
        lambda lines: (
            (lines["code"] == "402") & (lines["direction"] == "income") & ~lines["is_parent"] & lines["compared"] & lines["booked"].notna()
        ),
    )
    return copy.set(line, booked=int(line["booked"]) + BOOKED)
