"""Why a cell is no certain amount, count or date: the kind that chooses the sentence telling how to write it. It never reads a value."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta

from ledgerkit.model.text import clean, narrow
from ledgerkit.reading.raw import Cell

_DATE = r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日?)?"
# In the order in which they are tried; each is the whole text, narrowed.
_AMOUNTS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(rf"{_DATE}|[0-9]{{4}}[-/][0-9]{{1,2}}"),
    "percent": re.compile(r"[-+]?[0-9.,]+\s*[%‰]"),
    "exponent": re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+"),
    "minus": re.compile(r"[0-9][0-9,.]*\s*[-−]"),
    "capitals": re.compile(r"[人民币:\s]*[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]{2,}"),
    "unit": re.compile(r".*[0-9]\s*(?:[百千万亿]元?|[角分毛块]|[元圆]整|美元|港元|港币).*|[$€£].*|(?:USD|HKD|EUR).*", re.IGNORECASE),
    "cents": re.compile(r"[-+(¥￥\s]*(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{3,}\s*[元圆]?\)?"),
    "separators": re.compile(r"[-+(¥￥\s]*[0-9]+(?:[,、，'\s]+[0-9]+)+(?:\.[0-9]+)?\s*[元圆]?\)?"),
}
_FRACTION = re.compile(r"[0-9]+\.[0-9]+")
_DATES: Mapping[str, re.Pattern[str]] = {
    "order": re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}|[0-9]{1,2}[-/.][0-9]{4}"),
    "year": re.compile(
        r"[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{2}|[0-9]{2}年.*|[0-9]{1,2}(?:[-/.][0-9]{1,2}|月(?:[0-9]{1,2}[日号]?)?)"
    ),
    "day": re.compile(r"[0-9]{4}[-/.年](?:0?[1-9]|1[0-2])月?|[0-9]{4}(?:0[1-9]|1[0-2])"),
    "calendar": re.compile(rf"(?:{_DATE}|[0-9]{{8}}|[0-9]{{4}}[-/.年][0-9]{{1,2}}月?)(?:[T ].*)?"),
}


def of_amount(cell: Cell) -> str:
    """The kind of an amount that is not certain, "" where no more can be said than that."""
    if isinstance(cell, (date, time, timedelta)):
        return "date"
    if isinstance(cell, float):
        return "" if cell.is_integer() else "cents"
    return _first(_AMOUNTS, cell)


def of_count(cell: Cell) -> str:
    """The kind of a count that is not certain."""
    kind = of_amount(cell)
    return "whole" if kind == "cents" or (isinstance(cell, str) and _FRACTION.fullmatch(clean(narrow(cell)))) else kind


def of_date(cell: Cell) -> str:
    """The kind of a day or month that is not certain."""
    if isinstance(cell, (time, timedelta)):
        return "time"
    if isinstance(cell, float) and not (cell.is_integer() and 190_001 <= cell <= 99_991_231):
        return "time" if 0 < cell < 1 else "number"
    return _first(_DATES, str(int(cell)) if isinstance(cell, float) else cell)


def _first(kinds: Mapping[str, re.Pattern[str]], cell: Cell) -> str:
    text = clean(narrow(cell)) if isinstance(cell, str) else ""
    return next((kind for kind, pattern in kinds.items() if pattern.fullmatch(text)), "")
