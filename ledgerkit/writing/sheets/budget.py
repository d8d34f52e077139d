"""Budget 预算执行: each line's budget, what the ledgers spent on it, what is booked."""

from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.decision import Previous
from ledgerkit.model.report import Report
from ledgerkit.model.summary import BUDGET
from ledgerkit.model.table import Table
from ledgerkit.writing import wording
from ledgerkit.writing.sheets.grid import FIRST, HEADER, Column, Page, address, alert, area, grow, page, put, widen, words
from ledgerkit.writing.styles import Styles

NAME = N_("Budget")
TITLE = N_("Budget execution {year}")
NOTE = N_("Yuan. A heading shows the sum of its lines and is in no total. Not itemised = booked − ledgers; variance = ledgers − available.")
NO_LEDGER = N_("No budget in these files.")
COLUMNS = (
    Column("code", BUDGET["code"], "choice", 10),
    Column("title", N_("Line"), "text", 30),
    Column("direction", BUDGET["direction"], "choice", 11),
    Column("level", N_("Level"), "choice", 9),
    Column("prior", N_("Final last year"), "money", 14),
    Column("approved", N_("Approved"), "money", 14),
    Column("adjustment", N_("Adjustment"), "money", 13),
    Column("available", N_("Available"), "money", 14),
    Column("actual", BUDGET["actual"], "money", 14),
    Column("booked", BUDGET["booked"], "money", 14),
    Column("unexplained", N_("Not itemised"), "money", 13),
    Column("variance", N_("Variance"), "money", 13),
    Column("execution", N_("Execution"), "ratio", 11),
    Column("adjustment_no", N_("Adjustment no."), "text", 22),
    Column("approved_on", N_("Approved on"), "date", 12),
)
# Last year's summary beside this year's lines, where it was given.
EARLIER = Column("earlier", N_("Booked in {year}"), "money", 14)
# What passes between a union and those below it, taken out of what is booked, in a federation's summary.
ELIMINATED = Column("eliminated", N_("Eliminated"), "money", 14)
CONSOLIDATED = N_("Booked is the sum of the branches less what is eliminated.")
AT = {column.key: at for at, column in enumerate(COLUMNS)}
MONEY = ("prior", "approved", "adjustment", "available", "actual", "booked", "unexplained", "variance")
HEADING, LINE = N_("heading"), N_("line")
ON_NO_LINE = N_("Spending on no budget line")
TOTALS = {"income": N_("Total income"), "expense": N_("Total expense")}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: lines in the order of the chart, then what is on no line, then totals by direction."""
    say = catalogue(lang).gettext
    note = " ".join(map(say, (NOTE, CONSOLIDATED) if is_consolidated(report) else (NOTE,))) if report.lines else say(NO_LEDGER)
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, AT["direction"])
    if report.lines is None:
        return
    lines = report.lines
    if report.earlier:
        words(here, HEADER, len(COLUMNS), say(EARLIER.label).format(year=report.earlier.year), formats.head)
        widen(here, len(COLUMNS), EARLIER.width)
    if is_consolidated(report):
        words(here, HEADER, _after(report), say(ELIMINATED.label), formats.head)
        widen(here, _after(report), ELIMINATED.width)
    for at in range(len(lines)):
        heading = bool(lines.at(at, "is_parent"))
        _row(here, FIRST + at, _line(here, lines, at), heading)
        if report.earlier:
            _earlier(here, FIRST + at, report.earlier, lines, at, heading)
        if is_consolidated(report):
            look = here.formats.total["money"] if heading else None
            put(here, FIRST + at, _after(report), lines.minor(at, ELIMINATED.key), "money", look)
    row = FIRST + len(lines)
    expense, execution = address(FIRST, AT["direction"]), address(FIRST, AT["execution"])
    alert(here, AT["execution"], FIRST, row - 1, f'AND(${expense}="{_direction("expense", lang)}",{execution}>1)')
    _row(here, row, {"title": say(ON_NO_LINE), "actual": report.unbudgeted})
    for at, (direction, label) in enumerate(TOTALS.items(), 1):
        _row(here, row + at, {"title": say(label), **_total(lines, direction)}, heading=True)


def _row(here: Page, row: int, values: dict[str, Any], heading: bool = False) -> None:
    for at, column in enumerate(COLUMNS):
        put(here, row, at, values.get(column.key), column.kind, here.formats.total[column.kind] if heading else None)
    grow(here, row, [(values[c.key], c.width) for c in COLUMNS if c.kind == "text" and values.get(c.key)])


def _earlier(here: Page, row: int, earlier: Previous, lines: Table, at: int, heading: bool) -> None:
    """What last year's summary has booked on the line."""
    amount = earlier.lines.get((str(lines.show(at, "direction")), str(lines.show(at, "code"))))
    put(here, row, len(COLUMNS), amount, "money", here.formats.total["money"] if heading else None)


def _line(here: Page, lines: Table, at: int) -> dict[str, Any]:
    texts = {key: lines.show(at, key) for key in ("code", "title", "adjustment_no", "approved_on")}
    amounts = {key: lines.minor(at, key) for key in MONEY}
    direction = _direction(str(lines.show(at, "direction")), here.lang)
    level = here.say(HEADING if lines.at(at, "is_parent") else LINE)
    return {**texts, "direction": direction, "level": level, **amounts, "execution": _execution(amounts)}


def _execution(amounts: dict[str, int | None]) -> str | None:
    """actual ÷ available, to the four decimals that the JSON has."""
    actual, available = amounts["actual"], amounts["available"]
    return None if actual is None or available is None else money.ratio(actual, available)


def _direction(key: str, lang: Lang) -> str:
    return wording.choice_label("budget", "direction", key, lang)


def _total(lines: Table, direction: str) -> dict[str, Any]:
    """The sums of one direction's lines, headings left out; differences and execution only where every line has them."""
    kept = lines.frame[(lines["direction"] == direction) & ~lines["is_parent"]]
    totals = {key: None if pd.isna(total := kept[key].sum(min_count=1)) else int(total) for key in MONEY}
    whole = {key: totals[key] if kept[key].notna().all() else None for key in ("unexplained", "variance")}
    return {**totals, **whole, "execution": None if whole["variance"] is None else _execution(totals)}


def is_consolidated(report: Report) -> bool:
    """Whether something may be eliminated from the lines."""
    return report.lines is not None and ELIMINATED.key in report.lines.types


def _after(report: Report) -> int:
    """The column of what is eliminated: after the others, and last year's where it is there."""
    return len(COLUMNS) + bool(report.earlier)


def column_area(report: Report, key: str, lang: Lang) -> str:
    """The range of a column over the lines and the row below them (spending on no line), for a formula."""
    count = len(report.lines) if report.lines is not None else 0
    return area(catalogue(lang).gettext(NAME), _after(report) if key == ELIMINATED.key else AT[key], FIRST, FIRST + count)
