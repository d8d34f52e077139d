"""Remittance 经费拨缴: a period a row, when it was due and paid; at the foot against line 402 and the year's sums."""

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.report import Report
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, adding, address, alert, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Remittance")
TITLE = N_("Employer's remittance {year}")
NOTE = N_(
    "Yuan. Due is {rate} of the payroll; retained stays here, the rest goes up. Days late count to the payment, or to the run's date."
)
NO_LEDGER = N_("No remittance ledger in these files.")
COLUMNS = (
    Column("branch", N_("Branch"), "choice", 24),
    Column("period", N_("Period"), "choice", 10),
    Column("months", N_("Months"), "int", 8),
    Column("payroll", N_("Payroll"), "money", 16),
    Column("due", N_("Due"), "money", 14),
    Column("retained", N_("Retained"), "money", 14),
    Column("remitted", N_("Remitted up"), "money", 14),
    Column("received", N_("Received back"), "money", 14),
    Column("due_on", N_("Due on"), "date", 12),
    Column("paid_on", N_("Paid on"), "date", 12),
    Column("late", N_("Days late"), "int", 9),
    Column("outstanding", N_("Outstanding"), "money", 14),
)
LATE, OUTSTANDING = len(COLUMNS) - 2, len(COLUMNS) - 1
SUMMED = ("payroll", "due", "retained", "remitted", "received", "outstanding")
ALL, BOOKED, DIFFERENCE = N_("Total"), N_("402 as booked"), N_("Booked − retained")
BY_LAW, OVER = N_("{rate} of the year's payroll"), N_("Due − {rate}")


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, with its totals and what is booked on 402 below."""
    say = catalogue(lang).gettext
    periods = report.statements.get("periods")
    rate = f"{float(100 * report.policy.remittance_rate):g}%"
    note = say(NOTE).format(rate=rate) if periods is not None else say(NO_LEDGER)
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, 2)
    if periods is None:
        return
    totals = Counter(dict.fromkeys(SUMMED, 0))
    row = records(here, FIRST, COLUMNS, adding(shown(periods, COLUMNS, lang), SUMMED, totals))
    for at in (LATE, OUTSTANDING):
        alert(here, at, FIRST, row - 1, f"{address(FIRST, at)}>0")
    records(here, row, COLUMNS, _foot(totals, report, here, rate), total=True)


def _foot(totals: Mapping[str, int], report: Report, here: Page, rate: str) -> list[dict[str, Any]]:
    """The sums; beside them the year's payroll at the rate, and what is booked on 402."""
    share = report.policy.remittance_rate
    by_law = math.floor(totals["payroll"] * share + Fraction(1, 2))
    foot = [
        {"branch": here.say(ALL), **totals},
        {"branch": here.say(BY_LAW).format(rate=rate), "due": by_law},
        {"branch": here.say(OVER).format(rate=rate), "due": totals["due"] - by_law},
    ]
    booked = _booked(report)
    if booked is None:
        return foot
    return [
        *foot,
        {"branch": here.say(BOOKED), "retained": booked},
        {"branch": here.say(DIFFERENCE), "retained": booked - totals["retained"]},
    ]


def _booked(report: Report) -> int | None:
    """What is booked on 402, None where nothing is."""
    if report.lines is None:
        return None
    booked = report.lines["booked"][(report.lines["code"] == "402") & (report.lines["direction"] == "income")]
    return int(booked.sum()) if booked.notna().any() else None
