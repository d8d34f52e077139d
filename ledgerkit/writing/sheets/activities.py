"""Activities 活动: an activity a row with attendance, cost a head and winners' share; a total a category."""

from itertools import groupby
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.writing import styles
from ledgerkit.writing.sheets.grid import FIRST, Column, bold, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Activities")
TITLE = N_("Activities {year}")
NOTE = N_("Yuan. Cost a head is of those present; the winners' share is of the entries, else of those present.")
NO_LEDGER = N_("No activities ledger in these files.")
COLUMNS = (
    Column("category", N_("Category"), "text", 14),
    Column("activity_no", N_("Activity no"), "text", 14),
    Column("title", N_("Title"), "text", 28),
    Column("starts_at", N_("When"), "choice", 17),
    Column("plan_no", N_("Plan or notice no."), "text", 18),
    Column("expected", N_("Expected"), "int", 9),
    Column("present", N_("Present"), "int", 9),
    Column("attended", N_("Attendance"), "choice", 11),
    Column("cost", N_("Cost"), "money", 13),
    Column("cost_head", N_("Cost a head"), "money", 12),
    Column("entries", N_("Entries"), "int", 9),
    Column("winners", N_("Winners"), "int", 9),
    Column("won", N_("Winners' share"), "choice", 11),
    Column("documented_on", N_("Papers"), "choice", 12),
    Column("paid_on", N_("Paid on"), "choice", 12),
)
SUMMED = ("expected", "present", "cost", "entries", "winners")
OF_CATEGORY, ALL = N_("{category}: {count} in all"), N_("All activities: {count}")


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, a total below each category and of all."""
    say = catalogue(lang).gettext
    held = report.statements.get("held")
    note = say(NOTE if held is not None else NO_LEDGER)
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, 3)
    if held is None:
        return
    looks = bold(book)
    listed = [_percent(record) for record in shown(held, COLUMNS, lang, "activities")]
    row = FIRST
    for category, group in groupby(listed, key=lambda record: record["category"]):
        rows = list(group)
        row = records(here, row, COLUMNS, rows)
        row = records(here, row, COLUMNS, [_total(rows, say(OF_CATEGORY).format(category=category, count=len(rows)))], looks)
    records(here, row, COLUMNS, [_total(listed, say(ALL).format(count=len(listed)))], looks)
    here.sheet.set_column(7, 7, 11, styles.look(book))


def _percent(record: dict[str, Any]) -> dict[str, Any]:
    """Ratios of four decimals as percentages; free text masked."""
    for key in ("attended", "won"):
        record[key] = f"{float(record[key]):.2%}" if record.get(key) else None
    record["title"] = mask_text(record.get("title") or "")
    return record


def _total(rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
    return {"title": label, **{key: sum(record.get(key) or 0 for record in rows) for key in SUMMED}}
