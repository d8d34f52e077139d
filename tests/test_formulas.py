"""The formulas of union money, with the worked examples of their sources."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerkit.model.formulas import agency_sums, agency_taken, dues_of_months, owed_months
from ledgerkit.model.period import month

HALF_PERCENT = Fraction(1, 200)
EXEMPT = ("retired", "retained")


def dues(base: int, tail_step: int = 1000, rounding: int = 1) -> int:
    return int(dues_of_months(pd.Series([base], dtype="Int64"), HALF_PERCENT, tail_step, rounding).iloc[0])


@pytest.mark.parametrize(
    ("base", "tail_step", "rounding", "due"),
    [
        (308_760, 1_000, 1, 1_540),  # 3,087.60 → 3,080 → 15.40
        (308_760, 10_000, 1, 1_500),  # a tail of 100 yuan dropped
        (308_760, 1_000, 100, 1_500),  # whole yuan
        (310_000, 1_000, 100, 1_600),  # 15.50 is half up
        (999, 1_000, 1, 0),
        (308_760, 1, 1, 1_544),  # no tail dropped: 15.438
    ],
)
def test_dues_of_a_month(base: int, tail_step: int, rounding: int, due: int) -> None:
    assert dues(base, tail_step, rounding) == due


@given(st.integers(0, 10_000_000))
def test_dues_are_half_a_percent_of_the_base_without_its_tail(base: int) -> None:
    assert dues(base) * 200 == base // 1000 * 1000


def test_a_base_that_is_not_known_gives_no_dues() -> None:
    assert dues_of_months(pd.Series([pd.NA], dtype="Int64"), HALF_PERCENT, 1000, 1).isna().all()


def span(status: str, joined: str | None, left: str | None, moved_in: str | None = None, as_of: date = date(2015, 12, 31)) -> object:
    days = {"joined_on": joined, "moved_in_on": moved_in, "left_on": left}
    frame = pd.DataFrame({"status": [status], **{key: pd.Series([day], dtype="datetime64[s]") for key, day in days.items()}})
    first, last = owed_months(frame, 2015, as_of, EXEMPT).iloc[0]
    return None if pd.isna(first) else (int(first) - month(2015, 1) + 1, int(last) - month(2015, 1) + 1)


@pytest.mark.parametrize(
    ("status", "joined", "left", "months"),
    [
        ("active", None, None, (1, 12)),
        ("active", "2015-03-31", None, (3, 12)),
        ("active", "2016-01-01", None, None),
        ("transferred", "2010-01-01", "2015-06-30", (1, 6)),
        ("left", "2015-02-01", "2015-02-02", (2, 2)),
        ("left", "2010-01-01", "2014-12-31", None),
        ("left", "2010-01-01", None, None),
        ("retired", "2010-01-01", "2015-06-10", (1, 6)),
        ("retired", "2010-01-01", None, None),
        ("deceased", "2010-01-01", "2016-01-05", (1, 12)),
    ],
)
def test_months_for_which_dues_are_owed(status: str, joined: str | None, left: str | None, months: object) -> None:
    assert span(status, joined, left) == months


def test_moving_in_later_than_joining_counts() -> None:
    assert span("active", "2010-01-01", None, "2015-05-20") == (5, 12)


def test_months_after_the_runs_date_are_not_yet_owed() -> None:
    assert span("active", None, None, as_of=date(2015, 6, 30)) == (1, 6)
    assert span("active", "2015-07-01", None, as_of=date(2015, 6, 30)) is None


def agency(**booked: int | None) -> tuple[int, int | None]:
    """Fees, and what should be booked as taken in where the relief ledger shows `shown`; the lines are named by direction, `fee` one more of agency_out."""
    titles = {"agency_in": "代收手续费返还", "fee": "银行手续费"}
    shown = booked.pop("shown")
    lines = pd.DataFrame(
        {
            "branch": "B01",
            "direction": ["agency_out" if name == "fee" else name for name in booked],
            "title": [titles.get(name, "代管经费") for name in booked],
            "booked": pd.array(list(booked.values()), dtype="Int64"),
        }
    )
    sums = agency_sums(lines)
    taken = agency_taken(sums, pd.Series([shown], index=sums.index, dtype="Int64"))
    return int(sums["fees"].iloc[0]), None if pd.isna(taken.iloc[0]) else int(taken.iloc[0])


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        # Handed over 950 and a fee of 50: 1,000 were taken in.
        ({"shown": 950, "agency_in": 1000, "agency_out": 950, "fee": 50}, (50, 1000)),
        # The relief ledger lists what was collected.
        ({"shown": 1000, "agency_in": 1000, "agency_out": 950, "fee": 50}, (50, 1000)),
        # Of the 1,000 handed over 100 were there before.
        ({"shown": 1000, "opening": 100, "agency_in": 900, "agency_out": 1000}, (0, 900)),
        ({"shown": 700, "agency_in": 1000, "agency_out": 700, "closing": 300}, (0, 1000)),
        # What is left is more than was taken in and not handed over.
        ({"shown": 700, "agency_in": 1000, "agency_out": 700, "closing": 200}, (0, 900)),
        # Without a line for what is left, what was not handed over is.
        ({"shown": 700, "agency_in": 1000, "agency_out": 700}, (0, 1000)),
        ({"shown": 700, "agency_in": 1000, "agency_out": 800}, (0, 900)),
    ],
)
def test_agency_money_taken_in_is_what_was_handed_over_and_is_left(booked: dict[str, int], expected: tuple[int, int]) -> None:
    assert agency(**booked) == expected
