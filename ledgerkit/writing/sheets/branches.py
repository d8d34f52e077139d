"""Branches 分会: how each stands, in the register's order, with what it sent, its ratios and ranks, and what was found of it."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.federation import COUNTED, STATES
from ledgerkit.model.finding import Severity
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.summary import SEVERITIES
from ledgerkit.model.table import Table
from ledgerkit.writing import wording
from ledgerkit.writing.sheets.grid import FIRST, HEADER, Column, Page, address, alert, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Branches")
TITLE = N_("Branches {year}: what came from each")
COUNTS = N_("{count} branches: {states}.")
NOTE = N_(
    "Blank under a ledger: it did not come. Rank 1: best collection, execution nearest to 100%, most money at risk (findings of medium severity or worse); ties share a rank."
)
ALL = N_("Total")
# In the order of STATES.
LABELS = dict(
    zip(STATES, (N_("received"), N_("late"), N_("superseded"), N_("duplicate"), N_("missing"), N_("not on the register")), strict=True)
)
CLOSED = N_("none expected")
# States that somebody has to do something about.
OPEN = ("duplicate", "missing", "unknown")
OWN = (
    Column("branch_code", N_("Branch"), "choice", 10),
    Column("name", N_("Branch name"), "text", 34),
    Column("parent_code", N_("Parent"), "choice", 10),
    Column("state", N_("State"), "choice", 20),
    Column("filled_on", N_("Filled in on"), "date", 12),
    Column("files", N_("Files"), "int", 7),
    Column("rejected_files", N_("Files not counted"), "int", 9),
    Column("members", N_("Members on the register"), "int", 12),
    Column("roster", N_("Active on the roster"), "int", 12),
)
RATIOS = (
    Column("rejected_rows", N_("Rows rejected"), "int", 9),
    Column("collection_rate", N_("Collection rate"), "ratio", 10),
    Column("rank_collection", N_("Rank"), "int", 7),
    Column("execution", N_("Execution"), "ratio", 10),
    Column("rank_execution", N_("Rank"), "int", 7),
)
RISK = (Column("at_risk", N_("Money at risk"), "money", 15), Column("rank_at_risk", N_("Rank"), "int", 7))
# A further page beside the first one when printed, with code and name on both.
PAGES_WIDE, REPEATED = 2, 1


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet; at its foot the federation's totals. Nothing where the run is no merge."""
    table, say = report.received, catalogue(lang).gettext
    if table is None:
        return
    columns = (*OWN, *_counted(lang), *RATIOS, *_severities(), *RISK)
    here = page(book, formats, say(NAME), lang, columns, say(TITLE).format(year=report.book.year), _note(table, lang))
    here.sheet.freeze_panes(FIRST, REPEATED + 1)
    here.sheet.repeat_columns(0, REPEATED)
    here.sheet.fit_to_pages(PAGES_WIDE, 0)
    row = records(here, FIRST, columns, _records(table, columns, lang))
    _alert(here, row - 1)
    records(here, row, columns, [{"name": say(ALL), **_totals(table, columns)}], total=True)
    here.sheet.autofilter(HEADER, 0, max(row - 1, FIRST), len(columns) - 1)


def state_label(state: str, lang: Lang) -> str:
    """A state in words; "" is a branch that is closed and sent nothing."""
    return catalogue(lang).gettext(LABELS.get(state, CLOSED))


def _counted(lang: Lang) -> list[Column]:
    """A column a ledger: how many of its rows count."""
    return [Column(f"rows_{ledger}", wording.ledger_title(ledger, lang), "int", 10) for ledger in COUNTED]


def _severities() -> list[Column]:
    return [Column(str(severity), SEVERITIES[str(severity)], "int", 11) for severity in Severity]


def _note(table: Table, lang: Lang) -> str:
    """How many branches are in each state, all of STATES named; then how to read the columns."""
    say, counts = catalogue(lang).gettext, table["state"].value_counts()
    listed = [f"{state_label(state, lang)} {counts.get(state, 0)}" for state in (*STATES, *([""] if "" in counts else []))]
    said = say(COUNTS).format(count=len(table), states=wording.COMMA[lang].join(listed))
    return said + ("" if lang == "zh" else " ") + say(NOTE)


def _records(table: Table, columns: Sequence[Column], lang: Lang) -> list[dict[str, Any]]:
    listed = list(shown([table], columns, lang))
    for at, record in enumerate(listed):
        record |= {
            "name": mask_text(record["name"] or ""),
            "state": state_label(table.at(at, "state"), lang),
            "collection_rate": table.share(at, "collected", "owed"),
            "execution": table.share(at, "spent", "available"),
        }
    return listed


def _totals(table: Table, columns: Sequence[Column]) -> dict[str, Any]:
    """Sums of what can be added, and the collection rate of all; execution is the consolidated budget's, and ranks have no sum."""
    added = [column.key for column in columns if column.kind in ("int", "money") and not column.key.startswith("rank_")]
    owed, collected = (int(table[key].fillna(0).sum()) for key in ("owed", "collected"))
    return {**{key: int(table[key].fillna(0).sum()) for key in added}, "collection_rate": money.ratio(collected, owed)}


def _alert(here: Page, last: int) -> None:
    """Marks the states that somebody has to do something about."""
    at = [column.key for column in OWN].index("state")
    words = (f'{address(FIRST, at)}="{state_label(state, here.lang)}"' for state in OPEN)
    alert(here, at, FIRST, last, f"OR({','.join(words)})")
