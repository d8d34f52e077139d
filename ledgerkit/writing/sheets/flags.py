"""Flags 审计疑点: a row a finding, worst first; the auditor's four columns; the id last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.table import among
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import styles, wording
from ledgerkit.writing.sheets.grid import FIRST, HEADER, LINE_HEIGHT, ROOM, Column, Page, address, alert, area, grow, header, page, put
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
    Column("where", N_("Where (link)"), "text", 38),
    Column("who", N_("Who or what"), "text", 16),
    Column("date", N_("Date"), "choice", 12),
    Column("amount", N_("Amount at stake"), "money", 15),
    Column("observed", N_("Observed"), "text", 15),
    Column("expected", N_("Expected"), "text", 15),
    Column("message", N_("Explanation and what to do"), "text", 50),
    Column("basis", N_("Basis"), "text", 32),
    Column("recused", N_("May not review"), "text", 14),
    Column("decision", N_("Decision"), "choice", 10),
    Column("reviewer", N_("Reviewer"), "text", 11),
    Column("reviewed_on", N_("Reviewed on"), "date", 12),
    Column("note", N_("Note"), "text", 24),
    Column("id", N_("Finding id"), "text", 8),
)
DECISION_COLUMNS = ("decision", "reviewer", "reviewed_on", "note")
WAIVED = N_("Waived findings: {count}")
# Of a waived finding the auditor's four columns say what the waiver says.
WAIVER_COLUMNS = {
    "decision": N_("Asked for by"),
    "reviewer": N_("Approved by"),
    "reviewed_on": N_("Waived until"),
    "note": N_("Reason of the waiver"),
}
DECISIONS = {"open": N_("open"), "accepted": N_("accepted"), "explained": N_("explained"), "fixed": N_("fixed"), "mistaken": N_("mistaken")}
# A colour beside the word, never instead of it.
FILLS = {
    Severity.ERROR: ("#7A1F1F", "#FFFFFF"),
    Severity.HIGH: ("#F4C7C3", "#1F2933"),
    Severity.MEDIUM: ("#FCE5B6", "#1F2933"),
    Severity.LOW: ("#E3ECF5", "#1F2933"),
    Severity.INFO: ("#FFFFFF", "#5F6B7A"),
}
# Who had a part in a row, and so cannot review it (回避).
HAD_A_PART = ("handled_by", "approved_by")
ASK_EVIDENCE = N_("For accepted and fixed, give the evidence number under Note.")
RECUSED = N_("Recusal")
WHO_IS_RECUSED = N_("This person prepared, handled or approved the row. Somebody else has to review it.")
# Excel takes no more links on a sheet; later rows say where in words.
MOST_LINKS = 65_000
EARLIEST = date(2000, 1, 1)
AT = {column.key: at for at, column in enumerate(COLUMNS)}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang, sources: str) -> None:
    """The sheet; `sources` is the path from the workbook's folder to the inputs' folder."""
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE).format(count=len(report.unwaived)), say(NOTE))
    here.sheet.freeze_panes(FIRST, AT["title"])
    _note(here, [say(NOTE), *wording.floods(report, lang)])
    last = _last(report)
    # On paper two pages side by side, each with the rule and what it says; the title and the note would be cut in two.
    here.sheet.print_area(HEADER, 0, _waived_from(report) + len(report.waived) - 1 if report.waived else last, len(COLUMNS) - 1)
    here.sheet.fit_to_pages(2, 0)
    here.sheet.repeat_columns(AT["rule"], AT["title"])
    rows = _Rows.of(book, here, report, sources)
    for at, finding in enumerate(report.unwaived, FIRST):
        rows.write(at, finding)
    here.sheet.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    _waived(here, rows, report)
    here.sheet.data_validation(FIRST, AT["decision"], last, AT["decision"], _decisions(here))
    reviewer, listed = address(FIRST, AT["reviewer"]), address(FIRST, AT["recused"])
    taken_part = f'AND(TRIM({reviewer})<>"",ISNUMBER(SEARCH("、"&TRIM({reviewer})&"、","、"&{listed}&"、")))'
    alert(here, AT["reviewer"], FIRST, last, taken_part)
    here.sheet.data_validation(FIRST, AT["reviewer"], last, AT["reviewer"], _reviewers(here, f"NOT({taken_part})"))
    here.sheet.data_validation(
        FIRST, AT["reviewed_on"], last, AT["reviewed_on"], {"validate": "date", "criteria": ">", "value": EARLIEST, "ignore_blank": True}
    )


def _last(report: Report) -> int:
    """The last row that is filtered and decided: one at least."""
    return FIRST + max(len(report.unwaived), 1) - 1


def _waived_from(report: Report) -> int:
    """The first row of the waived findings: below a blank row, a heading and a header of their own."""
    return _last(report) + 4


def _waived(here: Page, rows: "_Rows", report: Report) -> None:
    """The waived findings in a block of their own, outside the filter, with their waivers."""
    if not report.waived:
        return
    first = _waived_from(report)
    here.sheet.write_string(first - 2, 0, here.say(WAIVED).format(count=len(report.waived)), here.formats.heading)
    header(here, first - 1, [replace(column, label=WAIVER_COLUMNS.get(column.key, column.label)) for column in COLUMNS])
    for at, finding in enumerate(report.waived, first):
        rows.write(at, finding)


def _decisions(here: Page) -> dict[str, Any]:
    choices = [here.say(label) for label in DECISIONS.values()]
    return {"validate": "list", "source": choices, "ignore_blank": True, "input_message": here.say(ASK_EVIDENCE)}


def _reviewers(here: Page, formula: str) -> dict[str, Any]:
    """Anyone may be typed; who had a part in the row is told so."""
    told = {"error_type": "warning", "error_title": here.say(RECUSED), "error_message": here.say(WHO_IS_RECUSED)}
    return {"validate": "custom", "value": f"={formula}", "ignore_blank": True, **told}


def _note(here: Page, sentences: Sequence[str]) -> None:
    """What to do, and below it the rules that flood the sheet."""
    here.sheet.merge_range(NOTE_ROW, 0, NOTE_ROW, AT["expected"], "\n".join(sentences), here.formats.wrapped_note)
    width = sum(column.width for column in COLUMNS[: AT["expected"] + 1])
    here.sheet.set_row(NOTE_ROW, LINE_HEIGHT * sum(styles.lines_needed(sentence, width) for sentence in sentences) + ROOM)


def _recused(report: Report) -> dict[tuple[int, int | None], list[str]]:
    """Who prepared the workbook, handled or approved the row, by (sheet, row) of the findings."""
    flagged = pd.DataFrame({(f.src, f.row) for f in report.findings if f.src >= 0 and f.row}, columns=["_src", "_row"])
    found: dict[tuple[int, int | None], list[str]] = {}
    for table in report.book.read.values():
        columns = [column for column in HAD_A_PART if column in table.types]
        rows = table.frame[among(table.frame, flagged)] if len(flagged) else table.frame[:0]
        for src, row, *names in rows[["_src", "_row", *columns]].itertuples(index=False):
            cover = report.book.sources[report.book.sheets[src].file].cover
            people = [cover.values.get("preparer", "") if cover else "", *(name for name in names if not pd.isna(name))]
            found[int(src), int(row)] = list(dict.fromkeys(mask_text(name) for name in people if name))
    return found


@dataclass(frozen=True)
class _Rows:
    """What every row of findings is written with."""

    here: Page
    report: Report
    fills: dict[Severity, Format]
    fact: Format
    recused: dict[tuple[int, int | None], list[str]]
    sources: str

    @classmethod
    def of(cls, book: Workbook, here: Page, report: Report, sources: str) -> "_Rows":
        fills = {severity: styles.value(book, "choice", bg_color=fill, font_color=ink) for severity, (fill, ink) in FILLS.items()}
        return cls(here, report, fills, styles.value(book, "text", indent=1), _recused(report), sources)

    def write(self, row: int, finding: Finding) -> None:
        """A finding's row; of a waived one with its waiver."""
        here = self.here
        texts = values(finding, self.report, here.lang) | {"recused": "、".join(self.recused.get((finding.src, finding.row), ()))}
        for at, column in enumerate(COLUMNS):
            if column.key == "where" and finding.file and row < MOST_LINKS:
                here.sheet.write_url(row, at, _target(finding, self.sources), here.formats.link, texts["where"])
            else:
                put(here, row, at, texts.get(column.key), column.kind, self._look(column, finding))
        grow(here, row, [(str(texts[c.key]), c.width) for c in COLUMNS if c.kind == "text" and texts.get(c.key)])

    def _look(self, column: Column, finding: Finding) -> Format | None:
        if column.key == "severity":
            return self.fills[finding.severity]
        if column.key in DECISION_COLUMNS and not finding.waiver:
            return self.here.formats.input[column.kind]
        return self.fact if column.key in ("observed", "expected") else None


def values(finding: Finding, report: Report, lang: Lang) -> dict[str, Any]:
    """What a finding's row says, by column (the auditor's own columns are empty, but for a waived one)."""
    rule = rules()[finding.rule]
    waiver = finding.waiver
    said = (waiver.asked_by, waiver.approved_by, waiver.until.isoformat(), waiver.reason) if waiver else ()
    return {
        **dict(zip(DECISION_COLUMNS, said, strict=bool(said))),
        "state": wording.state(finding.state, lang),
        "severity": wording.severity(finding.severity, lang),
        "rule": finding.rule,
        "title": wording.title(rule, lang),
        "branch": finding.branch,
        "where": _where(finding),
        "who": " ".join(part for part in (*finding.key, finding.name) if part),
        "date": (finding.date or "")[:10],
        "amount": finding.amount,
        "observed": wording.shown(finding, finding.observed, lang),
        "expected": wording.shown(finding, finding.expected, lang),
        "message": wording.message(finding, lang),
        "basis": wording.basis(finding.basis, report.book.year, lang),
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


def id_areas(report: Report, lang: Lang) -> list[str]:
    """The ranges of the finding ids, for a formula."""
    name, first = catalogue(lang).gettext(NAME), _waived_from(report)
    areas = [area(name, AT["id"], FIRST, _last(report))]
    return [*areas, area(name, AT["id"], first, first + len(report.waived) - 1)] if report.waived else areas
