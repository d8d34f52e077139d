"""Dues 会费: a member a row with twelve months, arrears and overpayments never netted; with several branches a branch a row."""

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.report import Report
from ledgerkit.model.table import Table
from ledgerkit.writing.sheets.grid import FIRST, Column, bold, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Dues")
TITLE = N_("Dues {year}")
NOTE = N_(
    "Yuan, paid for each month. Owed is worked out from each member's months and wage base; arrears and overpayments are never netted."
)
NO_LEDGER = N_("Dues or roster are missing from these files: what was owed cannot be worked out.")
ALL = N_("Total")
MONTHS = tuple(
    Column(f"m{number}", label, "money", 9)
    for number, label in enumerate(
        (
            N_("Jan"),
            N_("Feb"),
            N_("Mar"),
            N_("Apr"),
            N_("May"),
            N_("Jun"),
            N_("Jul"),
            N_("Aug"),
            N_("Sep"),
            N_("Oct"),
            N_("Nov"),
            N_("Dec"),
        ),
        1,
    )
)
SUMS = (
    *MONTHS,
    Column("due", N_("Owed"), "money", 11),
    Column("paid", N_("Paid"), "money", 11),
    Column("waived", N_("Waived"), "money", 10),
    Column("arrears", N_("Arrears"), "money", 10),
    Column("overpaid", N_("Overpaid"), "money", 10),
)
BY_MEMBER = (Column("member_no", N_("Member no"), "choice", 12), Column("name", N_("Name"), "text", 16), *SUMS)
BY_BRANCH = (Column("branch", N_("Branch"), "choice", 12), Column("members", N_("Members"), "int", 12), *SUMS)


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, a total at its foot."""
    say = catalogue(lang).gettext
    collected = report.statements.get("collected")
    columns = BY_BRANCH if len(report.book.branches) > 1 else BY_MEMBER
    note = say(NOTE if collected is not None else NO_LEDGER)
    here = page(book, formats, say(NAME), lang, columns, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, 2)
    if collected is None:
        return
    row = records(here, FIRST, columns, shown(collected, columns, lang))
    records(here, row, columns, [{columns[0].key: say(ALL), **_totals(collected)}], bold(book))
    here.sheet.autofilter(FIRST - 1, 0, max(row - 1, FIRST), len(columns) - 1)


def _totals(collected: Table) -> dict[str, int]:
    keys = [column.key for column in SUMS] + (["members"] if collected["members"].notna().any() else [])
    return {key: int(collected[key].fillna(0).sum()) for key in keys}
