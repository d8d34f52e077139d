"""Rejected 未收入: a row a file that was not counted: whose, why, and what to do."""

from collections.abc import Iterator
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording
from ledgerkit.writing.sheets.grid import FIRST, HEADER, Column, page, records
from ledgerkit.writing.styles import Styles

NAME = N_("Rejected")
TITLE = N_("Files not counted: {count}")
NOTE = N_("Nothing in these files was counted; all other files were.")
NONE = N_("Every file was counted.")
COLUMNS = (
    Column("file", N_("File"), "text", 46),
    Column("branch", N_("Branch"), "choice", 10),
    Column("rule", N_("Rule"), "choice", 8),
    Column("title", N_("Finding"), "text", 20),
    Column("message", N_("Reason"), "text", 60),
    Column("remedy", N_("What to do"), "text", 52),
)


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet, in the order of the files."""
    say, listed = catalogue(lang).gettext, list(_rejected(report, lang))
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(count=len(listed)), say(NOTE if listed else NONE))
    row = records(here, FIRST, COLUMNS, listed)
    here.sheet.autofilter(HEADER, 0, max(row - 1, FIRST), len(COLUMNS) - 1)


def _rejected(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    """The rejected files; why in the finding's own words, or by the rule's title where it was not asked for."""
    found = {(finding.file, finding.rule): wording.message(finding, lang) for finding in report.findings if finding.rule.startswith("F")}
    for source in report.book.sources:
        if source.problem:
            title = wording.rule_title(source.problem, lang)
            remedy = wording.explanation(rules()[source.problem], lang)["remedy"]
            about = {"file": source.path, "branch": source.branch, "rule": source.problem, "title": title}
            yield {**about, "message": found.get((source.path, source.problem), title), "remedy": remedy}
