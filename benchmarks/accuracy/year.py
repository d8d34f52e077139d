"""The books' year, 2015: its working days (State Council's notice 国办发明电〔2014〕28号 and the 3 September notice) and festivals."""

from datetime import date, datetime, timedelta

YEAR = 2015
END = date(YEAR, 12, 31)
FESTIVALS = {
    "元旦": date(2015, 1, 1),
    "春节": date(2015, 2, 19),
    "清明节": date(2015, 4, 5),
    "劳动节": date(2015, 5, 1),
    "端午节": date(2015, 6, 20),
    "中秋节": date(2015, 9, 27),
    "国庆节": date(2015, 10, 1),
}
_OFF = "0101 0102 0103 0218 0219 0220 0221 0222 0223 0224 0405 0406 0501 0620 0622 0903 0904 0905 0927 1001 1002 1003 1004 1005 1006 1007"
_WORK = "0104 0215 0228 0906 1010"


def day(month: int, number: int, year: int = YEAR) -> date:
    """A day of the books' year."""
    return date(year, month, number)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A time on a day."""
    return datetime(on.year, on.month, on.day, hour, minute)


def month(number: int, year: int = YEAR) -> str:
    """A month as the ledgers write it."""
    return f"{year}-{number:02d}"


def works(on: date) -> bool:
    """Whether a day is a working day."""
    mark = on.strftime("%m%d")
    if on.year == YEAR and mark in _WORK.split():
        return True
    return on.weekday() < 5 and not (on.year == YEAR and mark in _OFF.split())


def after(on: date, working: int) -> date:
    """The day that many working days after (before, where negative) a day."""
    step = timedelta(days=1 if working > 0 else -1)
    left = abs(working)
    while left:
        on += step
        left -= works(on)
    return on
