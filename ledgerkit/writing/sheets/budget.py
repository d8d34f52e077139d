"""Budget 预算执行: each line's budget, what the ledgers spent on it, what is booked."""

from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.report import Report
from ledgerkit.model.table import Table
from ledgerkit.writing import styles, wording
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, area, page, put
from ledgerkit.writing.styles import Styles

NAME = N_("Budget")
TITLE = N_("Budget execution {year}")
NOTE = N_("Yuan. A heading shows the sum of its lines and is in no total. Not itemised = booked − ledgers; variance = ledgers − available.")
NO_LEDGER = N_("No budget in these files.")
COLUMNS = (
    Column("code", N_("Code"), "choice", 10),
    Column("title", N_("Line"), "text", 26),
    Column("direction", N_("Direction"), "choice", 11),
    Column("level", N_("Level"), "choice", 9),
    Column("prior", N_("Final last year"), "money", 14),
    Column("approved", N_("Approved"), "money", 14),
    Column("adjustment", N_("Adjustment"), "money", 13),
    Column("available", N_("Available"), "money", 14),
    Column("actual", N_("By the ledgers"), "money", 14),
    Column("booked", N_("Booked"), "money", 14),
    Column("unexplained", N_("Not itemised"), "money", 13),
    Column("variance", N_("Variance"), "money", 13),
    Column("execution", N_("Execution"), "choice", 11),
    Column("adjustment_no", N_("Adjustment no."), "text", 22),
    Column("approved_on", N_("Approved on"), "choice", 12),
)
AT = {column.key: at for at, column in enumerate(COLUMNS)}
MONEY = ("prior", "approved", "adjustment", "available", "actual", "booked", "unexplained", "variance")
HEADING, LINE = N_("heading"), N_("line")
ON_NO_LINE = N_("Spending on no budget line")
TOTALS = {"income": N_("Total income"), "expense": N_("Total expense")}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: lines in the order of the chart, then what is on no line, then totals by direction."""
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), say(NOTE if report.lines else NO_LEDGER))
    here.sheet.freeze_panes(FIRST, AT["direction"])
    if report.lines is None:
        return
    lines = report.lines
    bold = {kind: styles.value(book, kind, bold=True, bg_color=styles.PALE) for kind in ("text", "choice", "money")}
    percent = {weight: styles.value(book, "money", num_format="0.00%", bold=weight) for weight in (False, True)}
    for at in range(len(lines)):
        _line(here, FIRST + at, lines, at, bold, percent)
    row = FIRST + len(lines)
    put(here, row, AT["title"], say(ON_NO_LINE), "text")
    put(here, row, AT["actual"], report.unbudgeted, "money")
    for at, (direction, label) in enumerate(TOTALS.items(), 1):
        _total(here, row + at, say(label), lines, direction, bold, percent[True])


def _line(here: Page, row: int, lines: Table, at: int, bold: Any, percent: Any) -> None:
    heading = bool(lines.frame.at[at, "is_parent"])
    texts = {
        "code": lines.show(at, "code"),
        "title": lines.show(at, "title"),
        "direction": _direction(str(lines.show(at, "direction")), here.lang),
        "level": here.say(HEADING if heading else LINE),
        "adjustment_no": lines.show(at, "adjustment_no"),
        "approved_on": lines.show(at, "approved_on"),
    }
    for column in COLUMNS:
        look = bold.get(column.kind) if heading else None
        if column.key == "execution":
            _execution(here, row, lines, at, percent[heading])
        else:
            value = lines.minor(at, column.key) if column.key in MONEY else texts[column.key]
            put(here, row, AT[column.key], value, column.kind, look)


def _execution(here: Page, row: int, lines: Table, at: int, look: Any) -> None:
    """actual ÷ available as a percentage, to the four decimals that the JSON has."""
    actual, available = lines.minor(at, "actual"), lines.minor(at, "available")
    text = None if actual is None or available is None else money.ratio(actual, available)
    _percentage(here, row, text, look)


def _percentage(here: Page, row: int, text: str | None, look: Any) -> None:
    if text is None:
        here.sheet.write_blank(row, AT["execution"], None, look)
    else:
        here.sheet.write_number(row, AT["execution"], float(text), look)


def _direction(key: str, lang: Lang) -> str:
    return wording.choice_label("budget", "direction", key, lang)


def _total(here: Page, row: int, label: str, lines: Table, direction: str, bold: Any, percent: Any) -> None:
    """A total of the lines of one direction, headings left out."""
    kept = lines.frame[(lines["direction"] == direction) & ~lines["is_parent"]]
    for column in COLUMNS:
        put(here, row, AT[column.key], None, "text", bold["text"])
    put(here, row, AT["title"], label, "text", bold["text"])
    totals = {key: None if pd.isna(total := kept[key].sum(min_count=1)) else int(total) for key in MONEY}
    for key, total in totals.items():
        put(here, row, AT[key], total, "money", bold["money"])
    if totals["actual"] is not None and totals["available"] is not None and direction == "expense":
        _percentage(here, row, money.ratio(totals["actual"], totals["available"]), percent)


def column_area(report: Report, key: str, lang: Lang) -> str:
    """The range of a column over the lines and the row below them (spending on no line), for a formula."""
    count = len(report.lines) if report.lines is not None else 0
    return area(catalogue(lang).gettext(NAME), AT[key], FIRST, FIRST + count)
