"""Remittance 经费拨缴: a period a row, when it was due and paid; at the foot against line 402 and the year's sums."""

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.report import Report
from ledgerkit.writing.sheets.grid import FIRST, Column, bold, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Remittance")
TITLE = N_("Employer's remittance {year}")
NOTE = N_("Yuan. Due is 2 % of the payroll; retained stays here, the rest goes up. Days late count to the payment, or to the run's date.")
NO_LEDGER = N_("No remittance ledger in these files.")
COLUMNS = (
    Column("branch", N_("Branch"), "choice", 12),
    Column("period", N_("Period"), "choice", 10),
    Column("months", N_("Months"), "int", 8),
    Column("payroll", N_("Payroll"), "money", 16),
    Column("due", N_("Due"), "money", 14),
    Column("retained", N_("Retained"), "money", 14),
    Column("remitted", N_("Remitted up"), "money", 14),
    Column("received", N_("Received back"), "money", 14),
    Column("due_on", N_("Due on"), "choice", 12),
    Column("paid_on", N_("Paid on"), "choice", 12),
    Column("late", N_("Days late"), "int", 9),
    Column("outstanding", N_("Outstanding"), "money", 14),
)
SUMMED = ("payroll", "due", "retained", "remitted", "received", "outstanding")
ALL, BOOKED, DIFFERENCE = N_("Total"), N_("402 as booked"), N_("Booked − retained")


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, with its totals and what is booked on 402 below."""
    say = catalogue(lang).gettext
    periods = report.statements.get("periods")
    note = say(NOTE if periods is not None else NO_LEDGER)
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), note)
    if periods is None:
        return
    looks = bold(book)
    row = records(here, FIRST, COLUMNS, shown(periods, COLUMNS, lang))
    totals = {key: int(periods[key].fillna(0).sum()) for key in SUMMED}
    foot = [{"branch": say(ALL), **totals}]
    booked = _booked(report)
    if booked is not None:
        foot.append({"branch": say(BOOKED), "retained": booked})
        foot.append({"branch": say(DIFFERENCE), "retained": booked - totals["retained"]})
    records(here, row, COLUMNS, foot, looks)


def _booked(report: Report) -> int | None:
    """What is booked on 402, None where nothing is."""
    if report.lines is None:
        return None
    booked = report.lines["booked"][(report.lines["code"] == "402") & (report.lines["direction"] == "income")]
    return int(booked.sum()) if booked.notna().any() else None
