"""Flags 审计疑点: a row a finding, worst first; the auditor's four columns; the id last."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import PurePath
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.decision import Kept, is_day
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.person import mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.summary import DECIDED, DECISIONS, FLAGS, FLAGS_SHEET, STATES
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import limits, styles, wording
from ledgerkit.writing.sheets.grid import (
    FIRST,
    HEADER,
    Column,
    Page,
    address,
    alert,
    area,
    grow,
    header,
    numbered,
    page,
    put,
    words,
    written,
)
from ledgerkit.writing.styles import Styles

NAME = FLAGS_SHEET
TITLE = N_("Flags for review: {count}")
NOTE = N_(
    "Follow the link to the cell, decide, sign and date; accepted and fixed need an evidence number in the note. The id column ties decisions to findings."
)
COLUMNS = (
    Column("state", FLAGS["state"], "choice", 7),
    Column("severity", FLAGS["severity"], "choice", 10),
    Column("rule", FLAGS["rule"], "choice", 7),
    Column("title", FLAGS["title"], "text", 18),
    Column("branch", FLAGS["branch"], "choice", 9),
    Column("where", FLAGS["where"], "text", 38),
    Column("who", FLAGS["who"], "text", 16),
    Column("date", FLAGS["date"], "choice", 12),
    Column("amount", FLAGS["amount"], "money", 15),
    Column("observed", FLAGS["observed"], "text", 15),
    Column("expected", FLAGS["expected"], "text", 15),
    Column("message", FLAGS["message"], "text", 50),
    Column("basis", FLAGS["basis"], "text", 32),
    Column("recused", FLAGS["recused"], "text", 14),
    Column("since", FLAGS["since"], "text", 16),
    Column("decision", FLAGS["decision"], "choice", 10),
    Column("reviewer", FLAGS["reviewer"], "text", 11),
    Column("reviewed_on", FLAGS["reviewed_on"], "date", 12),
    Column("note", FLAGS["note"], "text", 24),
    Column("id", FLAGS["id"], "text", 8),
)
WAIVED = N_("Waived findings: {count}")
GONE = N_("Findings of earlier summaries that are no longer found, with their decisions: {count}")
STRAY = N_("Decisions of earlier summaries that stand on no finding: {count}")
# Of a waived finding the auditor's four columns say what the waiver says.
WAIVER_COLUMNS = {
    "decision": N_("Asked for by"),
    "reviewer": N_("Approved by"),
    "reviewed_on": N_("Waived until"),
    "note": N_("Reason of the waiver"),
}
# A colour beside the word, never instead of it.
FILLS = {
    Severity.ERROR: ("#7A1F1F", "#FFFFFF"),
    Severity.HIGH: ("#F4C7C3", "#1F2933"),
    Severity.MEDIUM: ("#FCE5B6", "#1F2933"),
    Severity.LOW: ("#E3ECF5", "#1F2933"),
    Severity.INFO: ("#FFFFFF", "#5F6B7A"),
}
ASK_EVIDENCE = N_("For accepted and fixed, give the evidence number under Note.")
RECUSED = N_("Recusal")
WHO_IS_RECUSED = N_("This person prepared, handled or approved the row. Somebody else has to review it.")
SEVERAL = N_("A sheet takes no more rows: the findings stand on {count} sheets, “{first}” to “{last}”.")
WITHOUT_LINK = N_("{count} of the places stand without a link, because Excel takes no more links a sheet, or no link so long.")
ELSEWHERE = N_("{count} of the places are in workbooks that a lower federation handed on as data. Ask it for the workbooks.")
EARLIEST = date(2000, 1, 1)
DAYS = {"validate": "date", "criteria": ">", "value": EARLIEST, "ignore_blank": True}
AT = {column.key: at for at, column in enumerate(COLUMNS)}
# What a file's name may hold and a link reads as something else (a scheme, a part of it, a code), or XML not at all.
_IN_LINKS = {number: f"%{number:02x}" for number in (*range(32), *map(ord, ':?#% "<>[]^`{}'))} | {0xFFFE: "%ef%bf%be", 0xFFFF: "%ef%bf%bf"}


@dataclass(frozen=True)
class Block:
    """Rows below the findings, outside the filter, under a heading and a header of their own; `first` is the first of them."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Finding | Kept]
    count: int
    first: int = 0

    @property
    def last(self) -> int:
        """The last row."""
        return self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Part:
    """What one sheet holds: findings, and below them blocks of others. Without any finding the first row is there, empty."""

    findings: Sequence[Finding]
    blocks: Sequence[Block] = ()

    @property
    def last(self) -> int:
        """The last row that is filtered and decided: one at least."""
        return FIRST + max(len(self.findings), 1) - 1

    @property
    def bottom(self) -> int:
        """The last row of all."""
        return self.blocks[-1].last if self.blocks else self.last

    @property
    def below(self) -> int:
        """The first row of a further block: below a blank row, a heading and a header."""
        return self.bottom + 4


def parts(report: Report) -> list[Part]:
    """The rows by sheet: one, and as many more as Excel's rows ask for."""
    listed = [Part(some) for some in _batched(report.unwaived, limits.MOST_ROWS - FIRST)] or [Part(())]
    for block in _blocks(report):
        rows = block.rows
        while rows:
            if listed[-1].below >= limits.MOST_ROWS:
                listed.append(Part(()))
            room = limits.MOST_ROWS - listed[-1].below
            placed = replace(block, rows=rows[:room], first=listed[-1].below)
            listed[-1] = replace(listed[-1], blocks=[*listed[-1].blocks, placed])
            rows = rows[room:]
    return listed


def _blocks(report: Report) -> list[Block]:
    """What stands below the findings: waived ones with their waivers, those no longer found, decisions on none."""
    stray = [Kept(replace(one, state=""), one.decision) for one in report.stray]
    waived = [replace(column, label=WAIVER_COLUMNS.get(column.key, column.label)) for column in COLUMNS]
    return [
        Block(WAIVED, waived, report.waived, len(report.waived)),
        Block(GONE, COLUMNS, report.gone, len(report.gone)),
        Block(STRAY, COLUMNS, stray, len(stray)),
    ]


def _batched(findings: Sequence[Finding], size: int) -> list[Sequence[Finding]]:
    return [findings] if 0 < len(findings) <= size else [findings[at : at + size] for at in range(0, len(findings), size)]


def sheet_names(report: Report, lang: Lang) -> list[str]:
    """The names of the sheets with the findings."""
    return [numbered(catalogue(lang).gettext(NAME), number) for number in range(1, len(parts(report)) + 1)]


def several(report: Report, lang: Lang) -> list[str]:
    """A sentence where the findings stand on several sheets."""
    names = sheet_names(report, lang)
    return [catalogue(lang).gettext(SEVERAL).format(count=len(names), first=names[0], last=names[-1])] if names[1:] else []


def write(book: Workbook, formats: Styles, report: Report, lang: Lang, sources: str) -> None:
    """The sheets; `sources` is the path from the workbook's folder to the inputs' folder."""
    for name, part in zip(sheet_names(report, lang), parts(report), strict=True):
        _part(book, formats, report, lang, name, part, sources)


def _part(book: Workbook, formats: Styles, report: Report, lang: Lang, name: str, part: Part, sources: str) -> None:
    say = catalogue(lang).gettext
    links = _Links.of(report, sources)
    said = [say(NOTE), *several(report, lang), *links.lacking(part, lang), *wording.floods(report, lang)]
    here = page(book, formats, name, lang, COLUMNS, say(TITLE).format(count=len(report.unwaived)), said, AT["expected"] + 1)
    here.sheet.freeze_panes(FIRST, AT["title"])
    rows = _Rows(here, report, fills(book), fact(book), links)
    # On paper two pages side by side, each with the rule and what it says; the title and the note would be cut in two.
    here.sheet.print_area(HEADER, 0, part.bottom, len(COLUMNS) - 1)
    here.sheet.fit_to_pages(2, 0)
    here.sheet.repeat_columns(AT["rule"], AT["title"])
    for at, finding in enumerate(part.findings, FIRST):
        rows.write(at, finding)
    here.sheet.autofilter(HEADER, 0, part.last, len(COLUMNS) - 1)
    for block in part.blocks:
        _block(here, rows, block)
    _checks(here, part.last)


def _checks(here: Page, last: int) -> None:
    """What the auditor's own columns take."""
    _lists(here, FIRST, last)
    reviewer, listed = address(FIRST, AT["reviewer"]), address(FIRST, AT["recused"])
    taken_part = f'AND(TRIM({reviewer})<>"",ISNUMBER(SEARCH("、"&TRIM({reviewer})&"、","、"&{listed}&"、")))'
    alert(here, AT["reviewer"], FIRST, last, taken_part)
    here.sheet.data_validation(FIRST, AT["reviewer"], last, AT["reviewer"], _reviewers(here, f"NOT({taken_part})"))


def _lists(here: Page, first: int, last: int) -> None:
    """Decisions to choose from, and days."""
    here.sheet.data_validation(first, AT["decision"], last, AT["decision"], _decisions(here))
    here.sheet.data_validation(first, AT["reviewed_on"], last, AT["reviewed_on"], DAYS)


def _block(here: Page, rows: "_Rows", block: Block) -> None:
    """A block of rows outside the filter."""
    words(here, block.first - 2, 0, here.say(block.heading).format(count=block.count), here.formats.heading)
    header(here, block.first - 1, block.columns)
    for at, one in enumerate(block.rows, block.first):
        if isinstance(one, Kept):
            rows.write_kept(at, one)
        else:
            rows.write(at, one)
    if block.heading != WAIVED:
        _lists(here, block.first, block.last)


def _decisions(here: Page) -> dict[str, Any]:
    choices = [here.say(label) for label in DECISIONS.values()]
    return {"validate": "list", "source": choices, "ignore_blank": True, "input_message": here.say(ASK_EVIDENCE)}


def _reviewers(here: Page, formula: str) -> dict[str, Any]:
    """Anyone may be typed; who had a part in the row is told so."""
    told = {"error_type": "warning", "error_title": here.say(RECUSED), "error_message": here.say(WHO_IS_RECUSED)}
    return {"validate": "custom", "value": f"={formula}", "ignore_blank": True, **told}


@dataclass(frozen=True)
class _Links:
    """Where places lead: `sources` is the path from the workbook's folder to the inputs' folder, `elsewhere` the files that are not there."""

    sources: str
    elsewhere: frozenset[str]

    @classmethod
    def of(cls, report: Report, sources: str) -> "_Links":
        return cls(sources, frozenset(source.path for source in report.book.sources if source.raw.handed_on))

    def to(self, row: int, finding: Finding) -> str | None:
        """Where a finding's place leads; None where it stands without a link."""
        if not finding.file or finding.file in self.elsewhere or row >= limits.MOST_LINKS:
            return None
        target = _target(finding, self.sources)
        return target if limits.units(target) <= limits.LONGEST_LINK else None

    def lacking(self, part: Part, lang: Lang) -> list[str]:
        """Sentences where places stand without a link."""
        placed = chain(enumerate(part.findings, FIRST), *(enumerate(block.rows, block.first) for block in part.blocks))
        bare = (one for row, one in placed if isinstance(one, Finding) and one.file and not self.to(row, one))
        far = Counter(one.file in self.elsewhere for one in bare)
        counts = {WITHOUT_LINK: far[False], ELSEWHERE: far[True]}
        return [catalogue(lang).gettext(sentence).format(count=count) for sentence, count in counts.items() if count]


@dataclass(frozen=True)
class _Rows:
    """What every row of findings is written with."""

    here: Page
    report: Report
    fills: dict[Severity, Format]
    fact: Format
    links: _Links

    def write(self, row: int, finding: Finding) -> None:
        """A finding's row; of a waived one with its waiver."""
        recused = "、".join(map(mask_text, self.report.recused.get((finding.src, finding.row), ())))
        self._put(row, values(finding, self.report, self.here.lang) | {"recused": recused}, finding, self.links.to(row, finding))

    def write_kept(self, row: int, one: Kept) -> None:
        """The row of a finding that is no longer found, or of a decision on none: as the earlier summary had it, with its decision."""
        state = wording.state(one.filed.state, self.here.lang) if one.filed.state in STATES else ""
        decided = wording.decided(one, self.here.lang)
        self._put(row, {**one.filed.texts, "amount": one.filed.amount, "state": state, "id": one.filed.id, **decided})

    def _put(self, row: int, texts: Mapping[str, Any], finding: Finding | None = None, link: str | None = None) -> None:
        here = self.here
        for at, column in enumerate(COLUMNS):
            value = texts.get(column.key)
            if column.key == "where" and link:
                here.sheet.write_url(row, at, link, here.formats.link, written(here, str(value)))
            else:
                kind = "text" if column.kind == "date" and not is_day(str(value)) else column.kind
                put(here, row, at, value, kind, self._look(column, finding))
        grow(here, row, [(str(texts[c.key]), c.width) for c in COLUMNS if c.kind == "text" and texts.get(c.key)])

    def _look(self, column: Column, finding: Finding | None) -> Format | None:
        if column.key == "severity" and finding:
            return self.fills[finding.severity]
        if column.key in DECIDED and not (finding and finding.waiver):
            return self.here.formats.input[column.kind]
        return self.fact if column.key in ("observed", "expected") else None


def fills(book: Workbook) -> dict[Severity, Format]:
    """The look of each severity."""
    return {severity: styles.value(book, "choice", bg_color=fill, font_color=ink) for severity, (fill, ink) in FILLS.items()}


def fact(book: Workbook) -> Format:
    """The look of what was observed and expected, a little away from the amount beside it."""
    return styles.value(book, "text", indent=1)


def values(finding: Finding, report: Report, lang: Lang) -> dict[str, Any]:
    """What a finding's row says, by column (the auditor's own columns are empty, but for a waived one)."""
    rule = rules()[finding.rule]
    return {
        **_decided(finding, report, lang),
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


def _decided(finding: Finding, report: Report, lang: Lang) -> dict[str, str]:
    """The auditor's columns: of a waived finding its waiver, else what is carried over from an earlier summary, and what has changed since."""
    before = report.known.get(finding.id)
    if waiver := finding.waiver:
        was = before and (before.filed.texts.get("since") or ("" if before.decision.is_blank else wording.spoken(before.decision, lang)))
        said = (waiver.asked_by, waiver.approved_by, waiver.until.isoformat(), waiver.reason)
        return {"since": was or "", **dict(zip(DECIDED, said, strict=True))}
    return {"since": wording.since(finding, before, lang), **wording.decided(before, lang, finding.state)} if before else {}


def _where(finding: Finding) -> str:
    """Sheet and cell first, then the file: what a narrow column cuts off is the end."""
    cell = wording.place(replace(finding, file=None))
    return " · ".join(part for part in (cell, finding.file) if part)


def _target(finding: Finding, sources: str) -> str:
    """The link to a finding's cell: a relative path, so that workbook and books can move together."""
    assert finding.file is not None
    path = PurePath(sources, finding.file)
    told = path.drive + path.as_posix().removeprefix(path.drive).translate(_IN_LINKS)
    told = told.encode("utf-8", "backslashreplace").decode("utf-8").replace("\\", "%5C")
    if not finding.sheet or min(finding.sheet) < " ":
        return f"external:{told}"
    sheet = finding.sheet.replace("'", "''")
    return f"external:{told}#'{sheet}'!{finding.cell or f'A{finding.row or 1}'}"


def id_areas(report: Report, lang: Lang) -> list[str]:
    """The ranges of the finding ids, for a formula."""
    listed = list(zip(sheet_names(report, lang), parts(report), strict=True))
    return [
        area(name, AT["id"], first, last)
        for name, part in listed
        for first, last in [(FIRST, part.last), *((block.first, block.last) for block in part.blocks if block.heading == WAIVED)]
    ]
