"""Months and days: what is certain is read, what could be two things is not."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerkit.model.period import EPOCH_1900, EPOCH_1904, last_day, month_of, parse_moment, parse_month, show_moment, show_month

DAYS = st.dates(date(1901, 1, 1), date(2999, 12, 31))


@given(DAYS)
def test_a_day_in_a_month_column_is_its_month(day: date) -> None:
    assert parse_month(day.isoformat()) == parse_month(datetime.combine(day, datetime.min.time())) == parse_month(day) == month_of(day)


@given(st.integers(0, 9999 * 12 + 11))
def test_a_month_is_shown_as_it_is_read(ordinal: int) -> None:
    assert parse_month(show_month(ordinal)) == ordinal


@given(st.datetimes(datetime(1901, 1, 1), datetime(2999, 12, 31)).map(lambda moment: moment.replace(microsecond=0)))
def test_a_moment_is_shown_as_it_is_read(moment: datetime) -> None:
    assert parse_moment(show_moment(moment)) == moment


@given(DAYS, st.booleans())
def test_a_serial_number_is_its_day(day: date, base_1904: bool) -> None:
    epoch = EPOCH_1904 if base_1904 else EPOCH_1900
    number = float((datetime.combine(day, datetime.min.time()) - epoch).days)
    wanted = epoch + timedelta(days=number) if 61 <= number <= 2_958_465 else None
    assert parse_moment(number, base_1904) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2015", "3/4/15", "15-03-01", "2015-3", "2015-13-01", "2015-02-29", "2015-00-10", "2015-10-00", "2015-3/1", "2015.3-1", "2015年3月",
        "201531", "2015031", "昨天", "", "2015-03-01 25:00", "2015-03-01 12:60", "2015-03-01x", "x2015-03-01", "12:30", "2015-03-113:00", "٢٠١٥-٠٣-٠١",
        "2015-03-01-02", "1.10101E+17",
    ],
)  # fmt: skip
def test_what_is_no_certain_day(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    "text", ["1月", "一月", "2015", "2015-13", "2015-0", "03/2015", "Jan 2015", "2015Q1", "", "15-03", "2015-03-", "٢٠١٥-٠٣", "2015-1-1-1"]
)
def test_what_is_no_certain_month(text: str) -> None:
    assert parse_month(text) is None


@pytest.mark.parametrize(
    "value", [True, None, b"2015-01-01", float("nan"), float("inf"), -1.0, 0.5, 60.0, 2958466.0, datetime(1900, 2, 28)]
)
def test_what_is_no_day_of_a_sheet(value: object) -> None:
    assert parse_moment(value) is None


def test_the_last_day_of_a_year() -> None:
    assert last_day(2015) == date(2015, 12, 31)
