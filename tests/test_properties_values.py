"""Amounts, days and months: every allowed way to write one is read exactly, and nothing is read that a second parser refuses, or the other way round."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
import strict
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerkit.model.money import LARGEST, show, to_minor
from ledgerkit.model.period import month, parse_moment, parse_month

FULL_WIDTH = {code - 0xFEE0: code for code in range(0xFF01, 0xFF5F)}
SPACES = st.text(" \t\n\u3000\u00a0\u2003\u200b\ufeff", max_size=3)
BEFORE = st.sampled_from(["", "¥", "￥", "CNY", "cny", "RMB", "¥ ", "CNY\u00a0", "RMB\u3000"])
AFTER = st.sampled_from(["", "元", "圆", "yuan", "CNY", "rmb", " 元", "\u3000yuan"])
TEN_THOUSANDS = st.sampled_from(["万", "万元", " 万元"])
AMOUNTS = st.integers(-LARGEST, LARGEST)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


def places(number: Decimal, grouped: bool, zeros: int) -> str:
    """A number without its sign: grouped by thousands or not, with that many zeros more behind the point."""
    whole, _, part = f"{abs(number):f}".partition(".")
    part = part.rstrip("0") + "0" * zeros
    return (f"{int(whole):,}" if grouped else whole) + (f".{part}" if part else "")


@st.composite
def written(draw: st.DrawFn) -> tuple[str, int]:
    """An amount in an allowed style, and its fen."""
    minor = draw(AMOUNTS)
    large = draw(st.booleans())
    number = Decimal(minor).scaleb(-6 if large else -2)
    body = places(number, draw(st.booleans()), draw(st.integers(0, 3)))
    before, after = draw(BEFORE), draw(TEN_THOUSANDS if large else AFTER)
    sign = draw(st.sampled_from(["-{}{}{}", "{}-{}{}", "({}{}{})", "( {}{}{} )"] if minor < 0 else ["{}{}{}", "+{}{}{}", "{}+{}{}"]))
    text = draw(SPACES) + sign.format(before, body, after) + draw(SPACES)
    return text.translate(FULL_WIDTH) if draw(st.booleans()) else text, minor


@given(written())
def test_every_way_to_write_an_amount_is_read_to_the_fen(case: tuple[str, int]) -> None:
    text, minor = case
    assert to_minor(text) == minor


@given(AMOUNTS, st.booleans(), SPACES)
def test_an_amount_in_ten_thousands_by_its_heading_is_exact(minor: int, grouped: bool, spaces: str) -> None:
    text = ("-" if minor < 0 else "") + places(Decimal(minor).scaleb(-6), grouped, 0)
    assert to_minor(spaces + text, 10_000) == minor
    assert to_minor(f"{text}元", 10_000) is None


PIECES = [
    *("0", "1", "12", "123", "000", "456", "7890", "00", ".", ",", "+", "-", "(", ")", " ", "元", "圆", "万", "万元", "yuan", "¥", "￥", "CNY", "rmb"),
    *("１", "，", "．", "（", "）", "－", "＋", "\u3000", "\u00a0", "\n", "\u200b", "\u00ad", "\u202e", "\u2212", "\u2013", "、", "。", "'", "٣", "²", "½", "①"),
    *("e", "E5", "_", "%", "元整", "角", "百", "$", "/", "=", "NaN", "inf", "０，", "1e3", "0x1", "１２３"),
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from([1, 1, 10_000]))
@example("1." + "0" * 40 + "1", 1)
@example("0,123", 1)
@example("0,500.00", 1)
@example("000,500", 1)
@example("\u00ad5", 1)
@example("\u202e12", 1)
@example("( 5 )", 1)
@example("-¥5", 1)
@example("-¥-5", 1)
@example("(-5)", 1)
@example("¥(5)", 1)
@example("(5)元", 1)
@example("9" * 5000, 1)
@example(",100,000", 1)
@example("()", 1)
@example("(", 1)
@example("90000000000.00", 1)
@example("90000000000.01", 1)
def test_amounts_are_read_as_a_second_parser_reads_them(text: str, scale: int) -> None:
    assert to_minor(text, scale) == strict.amount(text, scale), repr(text)


@given(st.text(max_size=12))
def test_any_text_is_the_amount_that_a_second_parser_makes_of_it(text: str) -> None:
    assert to_minor(text) == strict.amount(text), repr(text)


@given(written(), st.data())
def test_an_amount_with_one_character_changed_is_read_as_a_second_parser_reads_it(case: tuple[str, int], data: st.DataObject) -> None:
    text, _ = case
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.sampled_from(["", *PIECES])) + text[at + data.draw(st.integers(0, 1)) :]
    assert to_minor(changed) == strict.amount(changed), repr(changed)


@given(AMOUNTS)
def test_what_is_shown_is_what_a_second_parser_reads(minor: int) -> None:
    assert strict.amount(show(minor)) == minor


DAY_STYLES = ["{0:04}-{1:02}-{2:02}", "{0:04}-{1}-{2}", "{0:04}/{1}/{2}", "{0:04}/{1:02}/{2:02}", "{0:04}.{1}.{2}", "{0:04}.{1:02}.{2:02}", "{0:04}年{1}月{2}日", "{0:04}年{1:02}月{2:02}日", "{0:04}年{1}月{2}", "{0:04}{1:02}{2:02}"]  # fmt: skip
CLOCK_STYLES = [
    " {0}:{1:02}",
    " {0:02}:{1:02}:{2:02}",
    "T{0:02}:{1:02}",
    "T{0:02}:{1:02}:{2:02}",
    "\u3000{0}:{1:02}:{2:02}.000",
    "  {0}:{1:02}",
]
MONTH_STYLES = ["{0:04}-{1:02}", "{0:04}-{1}", "{0:04}/{1}", "{0:04}/{1:02}", "{0:04}.{1}", "{0:04}.{1:02}", "{0:04}年{1}月", "{0:04}年{1:02}月", "{0:04}年{1}", "{0:04}{1:02}"]  # fmt: skip


@given(DAYS, st.times(), st.sampled_from(DAY_STYLES), st.sampled_from(["", *CLOCK_STYLES]), st.booleans(), SPACES, SPACES)
def test_every_way_to_write_a_day_is_read(day: date, clock: time, style: str, hours: str, wide: bool, left: str, right: str) -> None:
    shown = time() if not hours else time(clock.hour, clock.minute, clock.second if "{2" in hours else 0)
    text = left + style.format(day.year, day.month, day.day) + hours.format(clock.hour, clock.minute, clock.second) + right
    assert parse_moment(text.translate(FULL_WIDTH) if wide else text) == datetime.combine(day, shown)


@given(DAYS, st.sampled_from(MONTH_STYLES), st.booleans(), SPACES, SPACES)
def test_every_way_to_write_a_month_is_read(day: date, style: str, wide: bool, left: str, right: str) -> None:
    text = left + style.format(day.year, day.month) + right
    assert parse_month(text.translate(FULL_WIDTH) if wide else text) == month(day.year, day.month)


MARKS = [
    *("2015", "2016", "1900", "15", "0", "1", "2", "3", "9", "12", "13", "28", "29", "30", "31", "01", "02", "00", "-", "/", ".", "年", "月", "日"),
    *("年", "月", "日", "号", "T", "t", " ", ":", "24", "59", "60", ":00", ".0", ".5", "Z", "２０１５", "－", "：", "\u3000", "\u200b", "\u00ad", "\u202e"),
    *("٣", "²", "①", "Q1", "上午", "约", "2015-03-01", "20150301", "2015年3月", "2015.3"),
]  # fmt: skip
DATED = st.lists(st.sampled_from(MARKS), max_size=9).map("".join)


@given(DATED)
@example("2015-03-01 12:30.0")
@example("2015-03-01 T12:30")
@example("2015-03-01T 12:30")
@example("2015年3月1日12:30")
@example("2015年3月112:30")
@example("2015-1\u00ad1-1")
@example("2015年3日1月")
@example("2015日")
@example("0000-01-01")
@example("2000-02-29")
@example("1900-02-29")
def test_days_are_read_as_a_second_parser_reads_them(text: str) -> None:
    assert parse_moment(text) == strict.day(text), repr(text)


@given(DATED)
@example("2015-0\u00ad3")
@example("2015月3")
@example("2015年3")
@example("2015-3月")
@example("月")
def test_months_are_read_as_a_second_parser_reads_them(text: str) -> None:
    """A day is its month too, where the text is no month itself."""
    wanted = strict.month(text)
    own = strict.day(text) if wanted is None else None
    assert parse_month(text) == (month(*wanted) if wanted else month(own.year, own.month) if own else None), repr(text)


@given(DAYS, st.sampled_from(DAY_STYLES), st.sampled_from(["", *CLOCK_STYLES]), st.data())
def test_a_day_with_one_character_changed_is_read_as_a_second_parser_reads_it(
    day: date, style: str, hours: str, data: st.DataObject
) -> None:
    text = style.format(day.year, day.month, day.day) + hours.format(9, 30, 0)
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.sampled_from(["", *MARKS])) + text[at + data.draw(st.integers(0, 1)) :]
    assert parse_moment(changed) == strict.day(changed), repr(changed)


@given(st.text(max_size=12))
def test_any_text_is_the_day_that_a_second_parser_makes_of_it(text: str) -> None:
    assert parse_moment(text) == strict.day(text), repr(text)


@pytest.mark.parametrize("text", ["03/04/2015", "3/4/15", "5-1-2015", "2015/3", "15.3.2"])
def test_what_could_be_two_days_is_none(text: str) -> None:
    assert parse_moment(text) is strict.day(text) is None
