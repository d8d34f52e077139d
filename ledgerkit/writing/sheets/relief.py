"""Relief 帮扶慰问: category by fund, programmes, people paid more than once, batches, restricted and agency money."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.writing import styles
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, block, page, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Relief")
TITLE = N_("Relief and condolence {year}")
NOTE = N_("Yuan, all funds. What was paid outside the union's accounts and agency money stand here and in no budget line.")
NO_LEDGER = N_("No relief ledger in these files.")
WIDTHS = tuple(Column("", "", "text", width) for width in (20, 16, 18, 13, 13, 16, 16, 16))
CROSSING = (
    Column("category", N_("Category"), "text", 20),
    Column("fund", N_("Fund"), "text", 16),
    Column("payments", N_("Payments"), "int", 18),
    Column("persons", N_("Persons"), "int", 13),
    Column("headcount", N_("People or households"), "int", 13),
    Column("amount", N_("Amount"), "money", 16),
)
PROGRAMMES = (
    Column("programme", N_("Programme"), "text", 20),
    Column("payments", N_("Payments"), "int", 16),
    Column("headcount", N_("People or households"), "int", 18),
    Column("amount", N_("Amount"), "money", 13),
)
PEOPLE = (
    Column("beneficiary", N_("Beneficiary"), "text", 20),
    Column("member_no", N_("Member no"), "text", 16),
    Column("category", N_("Category"), "text", 18),
    Column("times", N_("Times"), "int", 13),
    Column("amount", N_("Amount"), "money", 13),
    Column("cap", N_("Cap a year"), "money", 16),
    Column("left", N_("Left of it"), "money", 16),
)
BATCHES = (
    Column("batch", N_("Batch or voucher"), "text", 20),
    Column("category", N_("Category"), "text", 16),
    Column("approved_by", N_("Approved by"), "text", 18),
    Column("approved_on", N_("Approved on"), "choice", 13),
    Column("paid_on", N_("Paid on"), "choice", 13),
    Column("payments", N_("Payments"), "int", 16),
    Column("amount", N_("Amount"), "money", 16),
    Column("minutes_no", N_("Minutes no."), "text", 16),
)
FUNDS = (
    Column("code", N_("Code"), "text", 20),
    Column("title", N_("Line"), "text", 16),
    Column("brought", N_("Brought forward"), "money", 18),
    Column("income", N_("In"), "money", 13),
    Column("spent", N_("Out"), "money", 13),
    Column("on_hand", N_("On hand"), "money", 16),
)
BLOCKS: tuple[tuple[str, str, Sequence[Column]], ...] = (
    ("crossing", N_("By category and fund"), CROSSING),
    ("programmes", N_("By programme"), PROGRAMMES),
    ("people", N_("People paid more than once"), PEOPLE),
    ("batches", N_("Batches"), BATCHES),
    ("funds", N_("Agency money, as booked"), FUNDS),
)


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: its blocks below each other; a block without a row is left out."""
    say = catalogue(lang).gettext
    there = "crossing" in report.statements
    here = page(book, formats, say(NAME), lang, WIDTHS, say(TITLE).format(year=report.book.year), say(NOTE if there else NO_LEDGER))
    heading = styles.look(book, bold=True, font_size=11, font_color=styles.ACCENT)
    row = FIRST
    for name, label, columns in BLOCKS:
        listed = _records(report, name, columns, here)
        if listed:
            row = block(here, row, say(label), columns, listed, heading)


def _records(report: Report, name: str, columns: Sequence[Column], here: Page) -> list[dict[str, Any]]:
    table = report.statements.get(name)
    listed = [] if table is None else shown(table, columns, here.lang, "relief")
    if name == "people" and table is not None:
        for at, record in enumerate(listed):
            cap = report.policy.caps["year"].get(str(table.show(at, "category")))
            record |= {"cap": cap, "left": None if cap is None else cap - (record["amount"] or 0)}
    return [{key: mask_text(value) if isinstance(value, str) else value for key, value in record.items()} for record in listed]
