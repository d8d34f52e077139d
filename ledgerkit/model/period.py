"""Months and dates: a month is a whole number (year × 12 + month − 1), a date carries no time zone."""

import re
from datetime import date, datetime, time, timedelta

from ledgerkit.model.text import typed

_DAY = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_CLOCK = re.compile(r"[T ]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月?|([0-9]{2}))")
EARLIEST_SERIAL, LATEST_SERIAL = 61, 2_958_465
EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


def month(year: int, number: int) -> int:
    """The whole number of a month (number 1…12)."""
    return year * 12 + number - 1


def show_month(ordinal: int) -> str:
    """Canonical text of a month: YYYY-MM."""
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def month_of(day: date) -> int:
    """The month that a day lies in."""
    return month(day.year, day.month)


def last_day(year: int) -> date:
    """31 December."""
    return date(year, 12, 31)


def parse_moment(value: object, base_1904: bool = False) -> datetime | None:
    """A day (with its clock time where given), or None where it is not certain: 03/04/2015 is not."""
    if isinstance(value, datetime):
        return value if value.year > 1900 or (value.year == 1900 and value.month > 2) else None
    if isinstance(value, date):
        return parse_moment(datetime.combine(value, time()))
    if isinstance(value, float) and not isinstance(value, bool):
        return _from_serial(value, base_1904)
    return _from_text(value) if isinstance(value, str) else None


def _from_serial(number: float, base_1904: bool) -> datetime | None:
    if number.is_integer() and 19_000_101 <= number <= 29_991_231:
        return _from_text(str(int(number)))
    if not EARLIEST_SERIAL <= number <= LATEST_SERIAL:
        return None
    return (EPOCH_1904 if base_1904 else EPOCH_1900) + timedelta(seconds=round(number * 86_400))


def _from_text(text: str) -> datetime | None:
    body = typed(text) or ""
    found = _DAY.match(body)
    clock = _CLOCK.fullmatch(body[found.end() :].strip()) if found and body[found.end() :] else None
    joined = bool(clock) and body[found.end() : found.end() + 1].isdigit() and not found[0].endswith("日") if found else False
    if not found or joined or (body[found.end() :] and not clock):
        return None
    parts = [int(part) for part in (found[1], found[3] or found[5] or found[7], found[4] or found[6] or found[8])]
    try:
        return datetime(*parts, *(int(part or 0) for part in clock.groups()) if clock else (0, 0, 0))  # type: ignore[arg-type]
    except ValueError:
        return None


def parse_month(value: object, base_1904: bool = False) -> int | None:
    """The whole number of a month from text (2015-03, 2015年3月, 201503) or from a date in it; None if not certain."""
    if isinstance(value, float) and value.is_integer() and 190_001 <= value <= 299_912:
        return parse_month(str(int(value)))
    if isinstance(value, str) and (found := _MONTH.fullmatch(typed(value) or "")):
        number = int(found[2] or found[3] or found[4])
        return month(int(found[1]), number) if 1 <= number <= 12 else None
    moment = parse_moment(value, base_1904)
    return month_of(moment) if moment else None


def show_moment(moment: datetime) -> str:
    """Canonical text: the ISO date, with its time only where it has one."""
    return moment.strftime("%Y-%m-%d") if moment.time() == time() else moment.strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")
