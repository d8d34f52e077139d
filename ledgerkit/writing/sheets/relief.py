"""Relief 帮扶慰问: category by fund, programmes, people paid more than once, batches, restricted and agency money."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.table import Table
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, adding, address, alert, block, page, records, shown
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
# What covers the whole ledger has a total of these; persons cannot be added.
WHOLE, SUMMED = ("crossing", "batches"), ("payments", "headcount", "amount")
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
        sums = Counter(dict.fromkeys(SUMMED, 0))
        end = block(here, row, say(label), columns, adding(_records(name, tables, columns, here, report), SUMMED, sums))
        if name == "people":
            left = [column.key for column in columns].index("left")
            alert(here, left, row + 2, end - 1, f"AND({address(row + 2, left)}<0,ISNUMBER({address(row + 2, left)}))")
        row = records(here, end, columns, [{columns[0].key: say(TOTAL), **sums}] if name in WHOLE else [], total=True) + 1


def _records(name: str, tables: Iterable[Table], columns: Sequence[Column], here: Page, report: Report) -> Iterator[dict[str, Any]]:
    caps = report.policy.caps["year"]
    listed: Iterator[dict[str, Any]] = (record for table in tables for record in _of_table(table, columns, here.lang, caps))
    if name == "batches":
        listed = _without_single(listed, report.policy.collective_limit, here)
    return ({key: mask_text(value) if isinstance(value, str) else value for key, value in record.items()} for record in listed)


def _of_table(table: Table, columns: Sequence[Column], lang: Lang, caps: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """A Table's records; people with the year's cap of the category and what is left of it."""
    for at, record in enumerate(shown([table], columns, lang, "relief")):
        if table.name == "people":
            cap = caps.get(str(table.show(at, "category")))
            record |= {"cap": cap, "left": None if cap is None else cap - (table.minor(at, "capped") or 0)}
        yield record


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
