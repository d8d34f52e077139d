"""Relief 帮扶慰问: category by fund, programmes, people paid more than once, batches, restricted and agency money."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.table import Table
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, address, alert, block, page, records, shown, summed
from ledgerkit.writing.styles import Styles

NAME = N_("Relief")
TITLE = N_("Relief and condolence {year}")
NOTE = N_(
    "Yuan, all funds. What was paid outside the union's accounts stands here only, in no budget line and against no cap; "
    "agency money is in no budget line."
)
NO_LEDGER = N_("No relief ledger in these files.")
WIDTHS = tuple(Column("", "", "text", width) for width in (24, 22, 16, 16, 14, 14, 14, 15, 24))
CROSSING = (
    Column("category", N_("Category"), "text", 24),
    Column("fund", N_("Fund"), "text", 22),
    Column("payments", N_("Payments"), "int", 16),
    Column("persons", N_("Persons"), "int", 16),
    Column("headcount", N_("People or households"), "int", 14),
    Column("amount", N_("Amount"), "money", 14),
)
PROGRAMMES = (
    Column("programme", N_("Programme"), "text", 24),
    Column("payments", N_("Payments"), "int", 22),
    Column("headcount", N_("People or households"), "int", 16),
    Column("amount", N_("Amount"), "money", 16),
)
PEOPLE = (
    Column("branch", N_("Branch"), "text", 24),
    Column("beneficiary", N_("Beneficiary"), "text", 22),
    Column("member_no", N_("Member no"), "text", 16),
    Column("category", N_("Category"), "text", 16),
    Column("times", N_("Times"), "int", 14),
    Column("amount", N_("Amount"), "money", 14),
    Column("cap", N_("Cap a year"), "money", 14),
    Column("left", N_("Left of it"), "money", 15),
    Column("total", N_("All categories"), "money", 24),
)
BATCHES = (
    Column("branch", N_("Branch"), "text", 24),
    Column("batch", N_("Batch or voucher"), "text", 22),
    Column("category", N_("Category"), "text", 16),
    Column("approved_by", N_("Approved by"), "text", 16),
    Column("approved_on", N_("Approved on"), "date", 14),
    Column("paid_on", N_("Paid on"), "date", 14),
    Column("payments", N_("Payments"), "int", 14),
    Column("amount", N_("Amount"), "money", 15),
    Column("minutes_no", N_("Minutes no."), "text", 24),
)
FUNDS = (
    Column("code", N_("Code"), "text", 24),
    Column("title", N_("Line"), "text", 22),
    Column("brought", N_("Brought forward"), "money", 16),
    Column("income", N_("In"), "money", 16),
    Column("spent", N_("Out"), "money", 14),
    Column("on_hand", N_("On hand"), "money", 14),
)
TOTAL, SINGLE = N_("Total"), N_("Single payments below the limit for minutes")
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
    row = FIRST
    for name, label, columns in BLOCKS:
        tables = report.statements.get(name, ())
        if not any(len(table) for table in tables):
            continue
        end = block(here, row, say(label), columns, _records(name, tables, columns, here, report))
        if name == "people":
            left = [column.key for column in columns].index("left")
            alert(here, left, row + 2, end - 1, f"AND({address(row + 2, left)}<0,ISNUMBER({address(row + 2, left)}))")
        row = records(here, end, columns, _foot(name, tables, columns, here), total=True) + 1


def _records(name: str, tables: Iterable[Table], columns: Sequence[Column], here: Page, report: Report) -> Iterator[dict[str, Any]]:
    listed = shown(tables, columns, here.lang, "relief")
    if name == "people":
        listed = _beside_caps(tables, listed, report.policy.caps["year"])
    if name == "batches":
        listed = _without_single(listed, report.policy.collective_limit, here)
    return ({key: mask_text(value) if isinstance(value, str) else value for key, value in record.items()} for record in listed)


def _beside_caps(tables: Iterable[Table], listed: Iterable[dict[str, Any]], caps: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """People with the year's cap of the category and what is left of it."""
    categories = ((table.show(at, "category"), table.minor(at, "capped")) for table in tables for at in range(len(table)))
    for record, (category, capped) in zip(listed, categories, strict=True):
        cap = caps.get(str(category))
        yield record | {"cap": cap, "left": None if cap is None else cap - (capped or 0)}


def _without_single(listed: Iterable[dict[str, Any]], limit: int, here: Page) -> Iterator[dict[str, Any]]:
    """Batches of several payments, and single ones that need minutes or have them; the others in one row."""
    single = amount = 0
    for record in listed:
        if record["payments"] == 1 and not record["minutes_no"] and record["amount"] < limit:
            single, amount = single + 1, amount + record["amount"]
        else:
            yield record
    if single:
        yield {"batch": here.say(SINGLE), "payments": single, "amount": amount}


def _foot(name: str, tables: Iterable[Table], columns: Sequence[Column], here: Page) -> list[dict[str, Any]]:
    """The sums of what covers the whole ledger: payments, headcount and money; persons cannot be added."""
    if name not in ("crossing", "batches"):
        return []
    keys = [column.key for column in columns if column.key in ("payments", "headcount", "amount")]
    return [{columns[0].key: here.say(TOTAL), **summed(tables, keys)}]
