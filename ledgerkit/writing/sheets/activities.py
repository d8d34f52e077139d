"""Activities 活动: an activity a row with attendance, cost a head and winners' share; a total a category."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.writing import wording
from ledgerkit.writing.sheets.grid import FIRST, Column, adding, page, records, shown
from ledgerkit.writing.styles import Styles

NAME = N_("Activities")
TITLE = N_("Activities {year}")
NOTE = N_(
    "Yuan. Cost a head is of those present; the winners' share is of the entries, else of those present. "
    "A total's rates are of the activities that have both figures."
)
NO_LEDGER = N_("No activities ledger in these files.")
COLUMNS = (
    Column("branch", N_("Branch"), "choice", 12),
    Column("category", N_("Category"), "text", 14),
    Column("activity_no", N_("Activity no"), "text", 14),
    Column("title", N_("Title"), "text", 34),
    Column("starts_at", N_("When"), "datetime", 17),
    Column("plan_no", N_("Plan or notice no."), "text", 24),
    Column("expected", N_("Due to attend"), "int", 11),
    Column("present", N_("Present"), "int", 9),
    Column("attended", N_("Attendance"), "ratio", 12),
    Column("cost", N_("Cost"), "money", 13),
    Column("cost_head", N_("Cost a head"), "money", 12),
    Column("entries", N_("Entries"), "int", 9),
    Column("winners", N_("Winners"), "int", 9),
    Column("won", N_("Winners' share"), "ratio", 11),
    Column("documented_on", N_("Papers"), "date", 12),
    Column("paid_on", N_("Paid on"), "date", 12),
)
SUMMED = ("expected", "present", "cost", "entries", "winners")
ATTENDED, A_HEAD = ("present", "expected"), ("cost", "present")
OF_CATEGORY, ALL = N_("{category}: {count} in all"), N_("All activities: {count}")


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, a total below each category and of all."""
    say = catalogue(lang).gettext
    held = report.statements.get("held")
    note = say(NOTE if held is not None else NO_LEDGER)
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(year=report.book.year), note)
    here.sheet.freeze_panes(FIRST, 4)
    if held is None:
        return
    listed = (record | {"title": mask_text(record["title"] or "")} for record in shown(held, COLUMNS, lang, "activities"))
    row, whole = FIRST, Sums()
    for category, group in groupby(listed, key=lambda record: record["category"]):
        of = Sums()
        row = records(here, row, COLUMNS, whole.adding(of.adding(group)))
        label = say(OF_CATEGORY).format(category=category or say(wording.NOTHING), count=of.rows)
        row = records(here, row, COLUMNS, [of.total(label)], total=True)
    records(here, row, COLUMNS, [whole.total(say(ALL).format(count=whole.rows))], total=True)


@dataclass
class Sums:
    """How many activities went by, their sums, and for a rate those of the activities that have both of its figures."""

    rows: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    both: Counter[tuple[str, str]] = field(default_factory=Counter)

    def adding(self, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The records as they come, each added."""
        for record in adding(records, SUMMED, self.sums):
            self.rows += 1
            for part, whole in (ATTENDED, A_HEAD):
                if record[part] is not None and record[whole]:
                    self.both[part, whole] += record[part]
                    self.both[whole, part] += record[whole]
            yield record

    def total(self, label: str) -> dict[str, Any]:
        """The record below them."""
        (present, expected), (cost, heads) = ((self.both[part, whole], self.both[whole, part]) for part, whole in (ATTENDED, A_HEAD))
        rates = {"attended": money.ratio(present, expected), "cost_head": (2 * cost + heads) // (2 * heads) if cost and heads else None}
        return {"title": label, **{key: self.sums[key] or None for key in SUMMED}, "cost": self.sums["cost"], **rates}
