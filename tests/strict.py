"""A second parser of amounts, days and months, written from the grammar alone and without regular expressions: what it refuses is not certain.

    amount   [(] [sign] [¥ ￥ CNY RMB] [sign] digits[.digits] [元 圆 yuan CNY RMB 万 万元] [)]     at most one sign, brackets are one
    digits   any, or groups of three behind one to three that do not begin with 0
    day      Y-M-D  Y/M/D  Y.M.D  YYYYMMDD  Y年M月D[日], then a clock time [T]h:mm[:ss[.000]] behind a space, a T or the 日
    month    Y-M  Y/M  Y.M  YYYYMM  Y年M[月]

Years have four digits, months, days and hours one or two. Full-width forms count as their ASCII ones, spaces of any kind may stand around all, around
the currency and before the unit, characters of no width anywhere. Amounts are in whole fen, and never rounded.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

DIGITS = frozenset("0123456789")
NO_WIDTH = frozenset("\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u2060\u2061\u2062\u2063\u2064\ufeff") | frozenset(
    map(chr, range(0x2066, 0x2070))
)
CURRENCIES = ("¥", "￥", "cny", "rmb")
UNITS = {"万元": 10_000, "元": 1, "圆": 1, "yuan": 1, "cny": 1, "rmb": 1, "万": 10_000}
MOST = 90_000_000_000_00


def amount(text: str, heading: int = 1) -> int | None:
    """Fen of a text that is certainly an amount; `heading`: 10,000 where the heading says 万元, beside which no unit is certain."""
    body = plain(text)
    bracketed = body[:1] == "(" and body[-1:] == ")" and len(body) > 1
    sign, body = _sign(body[1:-1].strip(" ") if bracketed else body)
    body, currency = _without_first(body, CURRENCIES)
    if currency:
        second, body = _sign(body.lstrip(" "))
        sign += second
    body, unit = _without_last(body, UNITS)
    if len(sign) + bracketed > 1 or (unit and heading != 1):
        return None
    fen = _fen(body.rstrip(" ") if unit else body, UNITS[unit] if unit else heading)
    return None if fen is None or fen > MOST else -fen if bracketed or sign == "-" else fen


def day(text: str) -> datetime | None:
    """The day of a text, with its clock time, that is certainly one."""
    body = plain(text)
    length = next((at for at, character in enumerate(body) if character in " T:"), len(body))
    length = body.index("日") + 1 if "日" in body else length
    written, rest = body[:length], body[length:]
    parts = _parts(written.removesuffix("日"), 3) if not written.endswith("日") or "月" in written else None
    clock = _clock(rest, written.endswith("日"))
    return _day(parts) + clock if parts and clock is not None and _is_day(parts) else None


def month(text: str) -> tuple[int, int] | None:
    """Year and number of the month of a text that is certainly one."""
    body = plain(text)
    parts = _parts(body.removesuffix("月"), 2) if "月" not in body or ("年" in body and body.endswith("月")) else None
    return (parts[0], parts[1]) if parts and 1 <= parts[1] <= 12 else None


def plain(text: str) -> str:
    """Full-width forms narrowed, every kind of space one kind, none of them outside, nothing of no width."""
    narrowed = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text if c not in NO_WIDTH)
    return "".join(" " if c.isspace() else c for c in narrowed).strip(" ")


def _sign(body: str) -> tuple[str, str]:
    return (body[0], body[1:]) if body[:1] in ("+", "-") and body else ("", body)


def _without_first(body: str, words: Iterable[str]) -> tuple[str, str]:
    """The body without the first of some words that it begins with, and that word."""
    word = next((word for word in words if body.lower().startswith(word)), "")
    return body[len(word) :], word


def _without_last(body: str, words: Iterable[str]) -> tuple[str, str]:
    """The body without the first of some words that it ends with, and that word."""
    word = next((word for word in words if body.lower().endswith(word)), "")
    return body[: len(body) - len(word)], word


def _fen(body: str, times: int) -> int | None:
    whole, point, part = body.partition(".")
    head, *groups = whole.split(",")
    right = head[:1] != "0" and 0 < len(head) <= 3 and all(len(group) == 3 for group in groups) if groups else True
    digits = "".join((head, *groups)).lstrip("0") or whole[:1]
    if not right or len(digits) > len(str(MOST)) or not _all_digits(digits) or (point and not _all_digits(part)):
        return None
    places = 2 if times == 1 else 6
    return int(digits + part[:places].ljust(places, "0")) if not part[places:].strip("0") else None


def _all_digits(text: str) -> bool:
    return bool(text) and set(text) <= DIGITS


def _parts(text: str, count: int) -> list[int] | None:
    """Year, month and day as they are told apart: by one mark, by 年 and 月, or by their places."""
    if _all_digits(text) and len(text) == 2 + 2 * count:
        return [int(text[:4]), *(int(text[at : at + 2]) for at in range(4, len(text), 2))]
    for marks in ("--", "//", "..", "年月"):
        first, *others = text.replace(marks[1], marks[0]).split(marks[0])
        told = all(text.count(mark) == (count - 1 if marks[0] == marks[1] else marks[: count - 1].count(mark)) for mark in set(marks))
        in_order = marks != "年月" or count == 2 or 0 < text.find("年") < text.find("月")
        if told and in_order and _all_digits(first) and len(first) == 4 and all(_all_digits(o) and len(o) <= 2 for o in others):
            return [int(part) for part in (first, *others)]
    return None


def _is_day(parts: list[int]) -> bool:
    """Whether the Gregorian calendar has that day."""
    year, number, of = parts
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= year <= 9999 and 1 <= number <= 12 and 1 <= of <= lengths[number - 1]


def _day(parts: list[int]) -> datetime:
    return datetime.combine(date(*parts), datetime.min.time())


def _clock(rest: str, apart: bool) -> timedelta | None:
    """The clock time behind a day; nothing is midnight. `apart`: the day ends in 日, so that nothing need stand between."""
    if not rest:
        return timedelta()
    if not apart and rest[0] not in " T":
        return None
    body, point, part = rest.lstrip(" ").removeprefix("T").partition(".")
    numbers = body.split(":")
    if len(numbers) not in (2, 3) or (point and (len(numbers) != 3 or not part or part.strip("0"))):
        return None
    if not all(_all_digits(number) for number in numbers) or len(numbers[0]) > 2 or any(len(number) != 2 for number in numbers[1:]):
        return None
    hours, minutes, seconds = (*map(int, numbers), 0)[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) if hours < 24 and minutes < 60 and seconds < 60 else None
