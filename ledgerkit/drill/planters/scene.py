"""What planters share: which payments are ordinary ones, numbers that no book has, days moved within the year."""

from datetime import date
from typing import Any

import pandas as pd
from stdnum.cn import ric

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, Row
from ledgerkit.locale import N_

# Numbers of rows that are added.
NEW, NEW_TOO, NEWEST = "DRILL-1", "DRILL-2", "DRILL-3"
DATES = ("applied_on", "notice_from", "notice_to", "approved_on", "paid_on")
# What is given as goods.
GIFTS = ("festival", "birthday")
NO_LEAF = N_("no line of the budget in which it could be planted")


def ours(relief: pd.DataFrame) -> "pd.Series[Any]":
    """Mask of the relief that one person had of the union's own money."""
    single = (relief["headcount"].fillna(1) <= 1) & (relief["amount"] > 0) & relief["paid_on"].notna()
    return single & relief["fund"].isin(["union", "dues", "upper"]) & ~relief["beneficiary_type"].isin(["unit", "village"])


def to_member(relief: pd.DataFrame) -> "pd.Series[Any]":
    """Mask of the relief to members themselves, of the union's own money."""
    return ours(relief) & (relief["beneficiary_type"] == "member") & (relief["member_no"] != "") & (relief["beneficiary"] != "")


def payment(copy: Copy, category: str, **values: object) -> Row:
    """A payment of a category with values: one that is there, else an ordinary payment to a member entered anew as one."""
    there = copy.all("relief", lambda relief: (relief["category"] == category) & ours(relief))
    if len(there):
        return copy.set(copy.pick(there, "relief"), **values)
    like = copy.one("relief", lambda relief: to_member(relief) & (relief["form"] != "cash"))
    row = copy.fill(copy.add(like, voucher_no=NEW, category=category), batch_no=None, programme=None, event_date=None)
    if category in GIFTS:
        row = copy.fill(row, form="goods", goods="慰问品", signed_by=like["beneficiary"])
    return copy.set(row, **values)


def again(copy: Copy, like: Row, months: int = 0, days: int = 0, number: str = NEW, **values: object) -> Row:
    """A payment once more, so much later, on a voucher of its own."""
    row = copy.add(like, voucher_no=number)
    return copy.set(copy.fill(row, batch_no=None, **_moved(copy, like, months, days)), **values)


def _moved(copy: Copy, row: Row, months: int, days: int) -> dict[str, object]:
    """A payment's days moved; without its event, whose day says which event it is for. Raises Cannot where it would leave the year."""
    step = pd.DateOffset(months=months, days=days)
    days_moved: dict[str, object] = {key: row[key] + step for key in DATES if pd.notna(row[key])}
    paid = row["paid_on"] + step
    if not date(copy.year, 1, 1) <= paid.date() <= min(copy.as_of, date(copy.year, 12, 31)):
        raise Cannot(N_("no room for it within the year"))
    return days_moved


def until(month: int) -> Any:
    """A test of rows paid before a month of the year, so that something may follow."""
    return lambda rows: rows["paid_on"].dt.month < month


def another_id(number: str) -> str:
    """The ID of somebody born on the same day: another sequence number of the same sex, with its check character."""
    body = number[:14] + f"{(int(number[14:17]) + 2) % 1000:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def wrong_tail(number: str) -> str:
    """A number with another last digit: its check is wrong then."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def leaf(copy: Copy, spent: bool = True, **having: object) -> Row:
    """An expense line of the budget that is no heading, `spent` whether the ledgers show money on it."""

    def fits(lines: pd.DataFrame) -> "pd.Series[Any]":
        mask = (lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"] & lines["compared"]
        for column, value in having.items():
            mask &= lines[column] == value
        return mask & (lines["actual"] > 0) if spent else mask

    lines = copy.all("lines", fits)
    if lines.empty:
        raise Cannot(NO_LEAF)
    return copy.pick(lines, "budget")
