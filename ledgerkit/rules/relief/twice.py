"""A001: one event paid for twice."""

import numpy as np
import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, same
from ledgerkit.rules.relief.payments import festivals, payments

rules = RuleSet()

# How many of a person's earlier payments of a category each one is compared with.
MOST_BACK = 31


@rules.rule(
    "A001",
    severity=Severity.HIGH,
    title="Paid twice for one event",
    message="{observed} was already paid in this category for the same event at {expected}. Recover {amount}, or enter the event dates if these are two events.",
    basis="S33",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "reason", "paid_on", "amount")},
)
def paid_twice(relief: Table, *, window_days: int = 30) -> object:
    """One event is paid for once: the same person, the same category and the same event date, or without event dates within `window_days`.

    A person is known by the ID number, else by the member number, else, where there is neither, by the name. Festival gifts whose
    reasons name different festivals are different events; so are payments on the same day of different months (monthly aid).
    A payment that was reversed (a negative amount) does not count. The same person twice on one voucher is G011.

    What to do: compare the two vouchers. Recover the second payment or reverse it; if there were two events, enter their dates.
    False alarm: several children of one member without their own names (twins with names are two), aid agreed in instalments for one event.

    | relief: voucher_no | batch_no | category | beneficiary_type | member_no | beneficiary | id_no              | event_date | form     | amount | paid_on    | reason   | ! |
    | V01                |          | hospital | member           | M001      | 甲          |                    | 2015-03-05 | transfer | #500   | 2015-03-17 | 住院     |   |
    | V02                |          | hospital | member           | M001      | 甲          |                    | 2015-03-05 | transfer | #500   | 2015-06-17 | 住院     | x |
    | V03                |          | hospital | member           | M001      | 甲          |                    | 2015-06-20 | transfer | #500   | 2015-06-25 | 住院     |   |
    | V04                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-01-10 | 困难     |   |
    | V05                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-02-02 | 困难     | x |
    | V06                |          | living   | family           |           | 乙          | 110101198501021234 |            | transfer | #900   | 2015-02-02 | 困难     |   |
    | V07                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-05-10 | 困难     |   |
    | V08                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #-900  | 2015-05-12 | 困难     |   |
    | V09                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-05-14 | 困难     |   |
    | V10                |          | festival | member           | M002      | 丙          |                    |            | goods    | #200   | 2015-09-22 | 中秋慰问 |   |
    | V11                |          | festival | member           | M002      | 丙          |                    |            | goods    | #200   | 2015-09-29 | 国庆慰问 |   |
    | V12                | P1       | warmth   | member           | M003      | 丁          |                    |            | transfer | #800   | 2015-02-10 | 困难     |   |
    | V13                | P1       | warmth   | member           | M003      | 丁          |                    |            | goods    | #200   | 2015-02-10 | 困难     |   |
    | V14                |          | birth    | child            | M003      | 丁大双      |                    | 2015-08-01 | transfer | #500   | 2015-08-20 | 生育     |   |
    | V15                |          | birth    | child            | M003      | 丁小双      |                    | 2015-08-01 | transfer | #500   | 2015-08-20 | 生育     |   |
    """
    rows = payments(relief)[["group", "paid_on", "event_date", "voucher_no", "beneficiary", "batch_no", "form", "at"]]
    rows = rows.assign(festivals=festivals(relief)[rows.index])
    group, at = rows["group"].to_numpy(dtype="int64"), rows["at"].to_numpy(dtype="int64")
    other = pd.Series(pd.NA, index=relief.frame.index, dtype="Int64")
    for back in range(1, MOST_BACK + 1):
        near = np.flatnonzero(group[back:] == group[:-back])
        if not len(near):
            break
        now, before = rows.iloc[near + back], rows.iloc[near]
        twice = _same_event(before.set_axis(now.index), now, window_days).to_numpy()
        other[at[near[twice] + back]] = at[near[twice]]
    return Flags(other.notna(), other=other)


def _same_event(before: pd.DataFrame, rows: pd.DataFrame, window_days: int) -> "pd.Series[bool]":
    """Mask of the rows that pay for the event of the row in the same place of `before`, and are no second entry of it (G011)."""
    gap = (rows["paid_on"] - before["paid_on"]).dt.days
    monthly = (gap > 0) & (rows["paid_on"].dt.day == before["paid_on"].dt.day)
    both = rows["festivals"].astype("int64") & before["festivals"].astype("int64")
    other_festival = (both == 0) & (rows["festivals"] > 0) & (before["festivals"] > 0)
    dated = rows["event_date"].notna() & before["event_date"].notna()
    close = (gap <= window_days) & ~monthly & ~other_festival
    event = (rows["event_date"] == before["event_date"]).where(dated, close)
    entered_twice = same(rows["voucher_no"], before["voucher_no"]) & same(rows["beneficiary"], before["beneficiary"])
    in_two_forms = same(rows["batch_no"], before["batch_no"]) & (rows["batch_no"] != "") & (rows["form"] != before["form"])
    return event.fillna(False).astype(bool) & ~entered_twice & ~in_two_forms.fillna(False).astype(bool)
