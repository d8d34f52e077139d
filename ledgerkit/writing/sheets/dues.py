"""Dues 会费: a member a row with twelve months, arrears and overpayments never netted; with several branches a branch a row."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.writing.sheets.grid import FIRST, Column, adding, address, alert, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Dues")
TITLE = N_("Dues {year}")
NOTE = N_(
    "Yuan, paid for each month. Owed is worked out from each member's months and wage base; arrears and overpayments are never netted."
)
NO_LEDGER = N_("Dues or roster are missing from these files: what was owed cannot be worked out.")
ALL, OTHERS, LEDGER = N_("Total"), N_("Not on the roster, or for another year"), N_("Dues in the ledger")
UNKNOWN = N_("{count} member(s) whose arrears cannot be told are blank there.")
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
BY_MEMBER = (Column("member_no", N_("Member no"), "choice", 12), Column("name", N_("Name"), "text", 26), *SUMS)
BY_BRANCH = (
    Column("branch", N_("Branch"), "choice", 12),
    Column("name", N_("Branch name"), "text", 34),
    Column("members", N_("Members"), "int", 9),
    *SUMS,
)


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet; at its foot a total, and what else the ledger holds, so that it ends in the ledger's own sum."""
    say = catalogue(lang).gettext
    collected = report.statements.get("collected")
    columns = BY_BRANCH if len(report.book.branches) > 1 else BY_MEMBER
    note = _note(report, lang) if collected is not None else say(NO_LEDGER)
    here = page(book, formats, say(NAME), lang, columns, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, 2)
    if collected is None:
        return
    names = {cover.branch_code: cover.values.get("branch", "") for cover in report.book.covers}
    listed = (
        record | {"name": mask_text(record["name"] or names.get(record.get("branch", ""), ""))}
        for record in shown(collected, columns, lang)
    )
    totals = Counter({column.key: 0 for column in SUMS})
    row = records(here, FIRST, columns, adding(listed, [*totals, "members"], totals))
    for key in ("arrears", "overpaid"):
        at = [column.key for column in columns].index(key)
        alert(here, at, FIRST, row - 1, f"{address(FIRST, at)}>0")
    records(here, row, columns, list(_foot(totals, columns[1].key, report, lang)), total=True)
    here.sheet.autofilter(FIRST - 1, 0, max(row - 1, FIRST), len(columns) - 1)


def _note(report: Report, lang: Lang) -> str:
    unknown = report.totals["dues"]["unknown"] if report.totals else 0
    parts = [NOTE, UNKNOWN] if unknown else [NOTE]
    return ("" if lang == "zh" else " ").join(catalogue(lang).gettext(part).format(count=unknown) for part in parts)


def _foot(totals: Mapping[str, int], label: str, report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    say = catalogue(lang).gettext
    paid = report.totals["dues"]["paid"] if report.totals else totals["paid"]
    yield {label: say(ALL), **totals}
    if paid != totals["paid"]:
        yield {label: say(OTHERS), "paid": paid - totals["paid"]}
        yield {label: say(LEDGER), "paid": paid}
