"""G009: dates that cannot be right, by themselves or against the books' year and the run's date."""

from datetime import date

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Everywhere, Flags, RuleSet

rules = RuleSet()


@rules.rule(
    "G009",
    severity=Severity.ERROR,
    title="Date cannot be right",
    message={
        "": "“{observed}” is no date that is certain. Type it as {expected}.",
        "window": "“{observed}” is outside the range that is possible here ({expected}). Compare it with the voucher or document and correct it.",
        "order": "“{observed}” does not begin with the year: day and month may be mistaken for each other, and neither is guessed at. Type it as {expected}.",
        "year": "“{observed}” has no year of four digits, so it is not certain which year is meant. Type it as {expected}.",
        "day": "“{observed}” names a month and no day. Type the whole date as {expected}.",
        "calendar": "“{observed}” is not in the calendar. Compare it with the voucher and type it as {expected}.",
        "number": "The number {observed} is no date. Type the date as {expected}.",
        "time": "The cell holds a time ({observed}) and no date. Type the date as {expected}.",
    },
    basis="P",
)
def unreadable_date(cells: Table) -> object:
    """A date must be certain: 2015-03-01, 2015.3.1, 2015年3月1日 or an Excel date. 03/04/2015 may be March or April and is not guessed at.

    What to do: type the date as year-month-day.
    False alarm: payments of the year before or after; see the dates' windows in docs/decisions.md.

    | dues: member_no | period  | name | paid | paid_on    | ! |
    | M001            | 2015-01 | 甲   | #15  | 03/04/2015 | x |
    | M001            | 2015-02 | 甲   | #15  | 2015-02-30 | x |
    | M001            | 2015-03 | 甲   | #15  | 2015.3.10  |   |
    | M001            | 2015/13 | 甲   | #15  | 2015-03-10 | x |
    """
    return cells.says("fault", "G009")


def _window(table: Table, columns: tuple[str, ...], first: pd.Timestamp | None, last: pd.Timestamp, expected: str) -> tuple[Flags, ...]:
    """Flags for days before `first` or after `last`, a column each."""
    found = []
    for column in columns:
        days = table[column]
        late = days >= last + pd.Timedelta(days=1)
        outside = late if first is None else late | (days < first)
        found.append(_outside(outside, expected, column))
    return tuple(found)


def _outside(outside: "pd.Series[bool]", expected: str, column: str) -> Flags:
    return Flags(outside, expected=Everywhere(expected), case=Everywhere("window"), column=column)


def _in_year(table: Table, year: int, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    return _window(table, columns, pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31), str(year))


def _near_year(table: Table, year: int, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    first, last = pd.Timestamp(year - 1, 1, 1), pd.Timestamp(year + 1, 3, 31)
    return _window(table, columns, first, last, f"{first:%Y-%m-%d}..{last:%Y-%m-%d}")


def _not_after(table: Table, as_of: date, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    return _window(table, columns, None, pd.Timestamp(as_of), f"<= {as_of.isoformat()}")


@rules.also("G009", needs={"dues": ("paid_on",)})
def dues_outside_year(dues: Table, year: int) -> object:
    """A month of another year; last year's dues paid in the books' year are D016 instead.

    year = 2015

    | dues: member_no | period  | paid_on    | banked_on  | ! |
    | M001            | 2013-12 | 2015-01-08 |            | x |
    | M002            | 2014-12 | 2015-01-08 |            |   |
    | M003            | 2015-12 | 2016-01-08 | 2016-04-01 | x |
    | M004            | 2016-01 | 2015-12-31 |            | x |
    """
    of = dues["period"] // 12
    late = (of == year - 1) & (dues["paid_on"].dt.year == year)
    return (_outside((of != year) & ~late, str(year), "period"), *_near_year(dues, year, ("paid_on", "banked_on")))


@rules.also("G009")
def remittance_outside_year(remittance: Table, year: int) -> object:
    """A remittance of another year's month.

    year = 2015

    | remittance: period | paid_on    | ! |
    | 2014-12            | 2015-01-10 | x |
    | 2015-12            | 2016-01-10 |   |
    """
    return (_outside(remittance["period"] // 12 != year, str(year), "period"), *_near_year(remittance, year, ("received_on", "paid_on")))


@rules.also("G009")
def relief_outside_year(relief: Table, year: int, as_of: date) -> object:
    """Relief paid in another year, or with a date far from it; approved after the run's date.

    year = 2015
    as_of 2015-12-31

    | relief: voucher_no | paid_on    | event_date | approved_on | ! |
    | V1                 | 2016-01-05 |            |             | x |
    | V2                 | 2015-12-31 | 2013-12-31 |             | x |
    | V3                 | 2015-12-31 | 2014-06-01 | 2015-12-30  |   |
    | V4                 | 2015-12-31 |            | 2016-01-04  | x |
    """
    near = ("event_date", "applied_on", "notice_from", "notice_to")
    return (*_in_year(relief, year, ("paid_on",)), *_near_year(relief, year, near), *_not_after(relief, as_of, ("approved_on",)))


@rules.also("G009")
def activity_outside_year(activities: Table, year: int) -> object:
    """An activity of another year.

    year = 2015

    | activities: activity_no | starts_at        | ends_at          | documented_on | ! |
    | A1                      | 2014-12-31T09:00 | 2015-01-01T09:00 |               | x |
    | A2                      | 2015-12-31T23:00 | 2015-12-31T23:30 | 2016-02-01    |   |
    """
    return (*_in_year(activities, year, ("starts_at", "ends_at")), *_near_year(activities, year, ("documented_on", "paid_on")))


@rules.also("G009")
def signed_outside_year(attendance: Table, year: int) -> object:
    """A sign-in of another year.

    year = 2015

    | attendance: activity_no | name | signed_at        | ! |
    | A1                      | 甲   | 2051-05-04T13:55 | x |
    | A1                      | 乙   | 2015-05-04T13:55 |   |
    """
    return _in_year(attendance, year, ("signed_at",))


@rules.also("G009")
def person_in_future(members: Table, as_of: date) -> object:
    """A date of a person's life after the run's date.

    as_of 2015-12-31

    | members: member_no | birth_date | joined_on  | left_on    | ! |
    | M001               | 2091-01-01 |            |            | x |
    | M002               | 1991-01-01 | 2015-12-31 | 2016-01-01 | x |
    | M003               | 1991-01-01 | 2015-12-31 |            |   |
    """
    return _not_after(members, as_of, ("birth_date", "joined_on", "left_on"))


@rules.also("G009")
def budget_in_future(budget: Table, as_of: date) -> object:
    """A budget approved or adjusted after the run's date.

    as_of 2015-12-31

    | budget: code | approved_on | adjusted_on | ! |
    | 50204        | 2051-02-01  |             | x |
    | 50205        | 2015-02-01  | 2015-09-01  |   |
    """
    return _not_after(budget, as_of, ("approved_on", "adjusted_on"))


@rules.also("G009")
def election_in_future(branches: Table, as_of: date) -> object:
    """An election after the run's date.

    as_of 2015-12-31

    | branches: branch_code | elected_on | ! |
    | B01                   | 2016-03-01 | x |
    | B02                   | 2015-03-01 |   |
    """
    return _not_after(branches, as_of, ("elected_on",))
