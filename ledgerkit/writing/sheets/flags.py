"""Flags 审计疑点: a row a finding, worst first; the auditor's four columns; the id last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import styles, wording
from ledgerkit.writing.sheets.grid import FIRST, HEADER, Column, Page, page, put
from ledgerkit.writing.sheets.grid import NOTE as NOTE_ROW
from ledgerkit.writing.styles import Styles

NAME = N_("Flags")
TITLE = N_("Flags for review: {count}")
NOTE = N_(
    "Follow the link to the cell, decide, sign and date; accepted and fixed need an evidence number in the note. The id column ties decisions to findings."
)
COLUMNS = (
    Column("state", N_("State"), "choice", 7),
    Column("severity", N_("Severity"), "choice", 10),
    Column("rule", N_("Rule"), "choice", 7),
    Column("title", N_("Finding"), "text", 18),
    Column("branch", N_("Branch"), "choice", 9),
    Column("where", N_("Where (link)"), "text", 30),
    Column("who", N_("Who or what"), "text", 16),
    Column("date", N_("Date"), "choice", 12),
    Column("amount", N_("Amount at stake"), "money", 13),
    Column("observed", N_("Observed"), "text", 15),
    Column("expected", N_("Expected"), "text", 15),
    Column("message", N_("Explanation and what to do"), "text", 50),
    Column("basis", N_("Basis"), "text", 36),
    Column("decision", N_("Decision"), "choice", 10),
    Column("reviewer", N_("Reviewer"), "text", 10),
    Column("reviewed_on", N_("Reviewed on"), "date", 12),
    Column("note", N_("Note"), "text", 24),
    Column("id", N_("Finding id"), "text", 8),
)
DECISION_COLUMNS = ("decision", "reviewer", "reviewed_on", "note")
DECISIONS = {"open": N_("open"), "accepted": N_("accepted"), "explained": N_("explained"), "fixed": N_("fixed"), "mistaken": N_("mistaken")}
# A colour beside the word, never instead of it.
FILLS = {
    Severity.ERROR: ("#7A1F1F", "#FFFFFF"),
    Severity.HIGH: ("#F4C7C3", "#1F2933"),
    Severity.MEDIUM: ("#FCE5B6", "#1F2933"),
    Severity.LOW: ("#E3ECF5", "#1F2933"),
    Severity.INFO: ("#FFFFFF", "#5F6B7A"),
}
# Excel takes no more links on a sheet; later rows say where in words.
MOST_LINKS = 65_000
EARLIEST = date(2000, 1, 1)
AT = {column.key: at for at, column in enumerate(COLUMNS)}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang, sources: str) -> None:
    """The sheet; `sources` is the path from the workbook's folder to the inputs' folder."""
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(count=len(report.findings)), say(NOTE))
    here.sheet.freeze_panes(FIRST, AT["title"])
    here.sheet.merge_range(NOTE_ROW, 0, NOTE_ROW, AT["expected"], say(NOTE), formats.note)
    # On paper two pages side by side, each with the rule and what it says.
    here.sheet.fit_to_pages(2, 0)
    here.sheet.repeat_columns(AT["rule"], AT["title"])
    fills = {severity: styles.value(book, "choice", bg_color=fill, font_color=ink) for severity, (fill, ink) in FILLS.items()}
    link = styles.value(book, "text", font_color=styles.ACCENT, underline=1)
    fact = styles.value(book, "text", indent=1)
    for at, finding in enumerate(report.findings):
        _row(here, FIRST + at, finding, report, fills, link if at < MOST_LINKS else None, fact, sources)
    last = FIRST + max(len(report.findings), 1) - 1
    here.sheet.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    here.sheet.data_validation(FIRST, AT["decision"], last, AT["decision"], _decisions(here))
    here.sheet.data_validation(
        FIRST, AT["reviewed_on"], last, AT["reviewed_on"], {"validate": "date", "criteria": ">", "value": EARLIEST, "ignore_blank": True}
    )


def _decisions(here: Page) -> dict[str, Any]:
    return {"validate": "list", "source": [here.say(label) for label in DECISIONS.values()], "ignore_blank": True}


def _row(
    here: Page, row: int, finding: Finding, report: Report, fills: dict[Severity, Format], link: Format | None, fact: Format, sources: str
) -> None:
    texts = values(finding, report, here.lang)
    for at, column in enumerate(COLUMNS):
        if column.key == "severity":
            put(here, row, at, texts["severity"], "choice", fills[finding.severity])
        elif column.key in DECISION_COLUMNS:
            put(here, row, at, None, column.kind, here.formats.input[column.kind])
        elif column.key == "where" and link and finding.file:
            here.sheet.write_url(row, at, _target(finding, sources), link, texts["where"])
        else:
            put(here, row, at, texts[column.key], column.kind, fact if column.key in ("observed", "expected") else None)
    wrapped = (styles.lines_needed(str(texts[c.key]), c.width - 1) for c in COLUMNS if c.kind == "text" and texts.get(c.key))
    here.sheet.set_row(row, 15.0 * max(wrapped, default=1) + 3)


def values(finding: Finding, report: Report, lang: Lang) -> dict[str, Any]:
    """What a finding's row says, by column (the auditor's own columns are empty)."""
    rule = rules()[finding.rule]
    return {
        "state": wording.state(finding.state, lang),
        "severity": wording.severity(finding.severity, lang),
        "rule": finding.rule,
        "title": wording.title(rule, lang),
        "branch": finding.branch,
        "where": _where(finding),
        "who": " ".join(part for part in (*finding.key, finding.name) if part),
        "date": finding.date,
        "amount": finding.amount,
        "observed": wording.shown(finding, finding.observed, lang),
        "expected": wording.shown(finding, finding.expected, lang),
        "message": wording.message(finding, lang),
        "basis": wording.basis(rule, report.book.year, lang),
        "id": finding.id,
    }


def _where(finding: Finding) -> str:
    """Sheet and cell first, then the file: what a narrow column cuts off is the end."""
    cell = wording.place(replace(finding, file=None))
    return " · ".join(part for part in (cell, finding.file) if part)


def _target(finding: Finding, sources: str) -> str:
    """The link to a finding's cell: a relative path, so that workbook and books can move together."""
    assert finding.file is not None
    path = PurePath(sources, finding.file).as_posix().replace("#", "%23")
    if not finding.sheet:
        return f"external:{path}"
    sheet = finding.sheet.replace("'", "''")
    return f"external:{path}#'{sheet}'!{finding.cell or f'A{finding.row or 1}'}"


def id_area(report: Report, lang: Lang) -> tuple[str, Sequence[int]]:
    """Sheet name, and (column, first row, last row) of the finding ids."""
    return catalogue(lang).gettext(NAME), (AT["id"], FIRST, FIRST + max(len(report.findings), 1) - 1)
