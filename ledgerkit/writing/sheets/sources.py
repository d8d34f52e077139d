"""Sources 数据来源: every file and sheet with its rows, then the run, the rules, the policy and the notes, all that a re-run needs."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.policy import OWN, Pack
from ledgerkit.model.report import Report
from ledgerkit.model.summary import (
    AS_OF,
    AS_RUN,
    BOOKS_YEAR,
    COMMAND,
    DEPENDENCIES,
    FILES,
    FOLDER,
    POLICY_FILE,
    POLICY_LINES,
    POLICY_SHA256,
    PREVIOUS,
    RUN,
    SOURCES,
    SOURCES_SHEET,
)
from ledgerkit.model.waiver import Waiver
from ledgerkit.policies import basis_of
from ledgerkit.reading.book import Sheet, Source
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import limits, wording
from ledgerkit.writing.rulebook import NO_LIMIT
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, area, grow, numbered, page, put, row_or_further, words
from ledgerkit.writing.styles import Styles

NAME = SOURCES_SHEET
TITLE = N_("Sources and settings")
NOTE = N_(
    "Every row read is used or rejected. With these files, this policy and this version the same workbook is made again, byte for byte."
)
COLUMNS = (
    Column("file", SOURCES["file"], "text", 34),
    Column("sheet", N_("Sheet"), "text", 18),
    Column("ledger", N_("Ledger"), "text", 14),
    Column("branch", SOURCES["branch"], "choice", 10),
    Column("year", N_("Year"), "choice", 8),
    Column("status", N_("Status"), "text", 16),
    Column("rows_read", N_("Rows read"), "int", 9),
    Column("rows_used", N_("Rows used"), "int", 9),
    Column("rows_rejected", SOURCES["rows_rejected"], "int", 9),
    Column("rows_blank", N_("Blank rows"), "int", 9),
    Column("rows_total", N_("Total rows"), "int", 9),
    Column("amount", N_("Amount used"), "money", 15),
    Column("amount_rejected", N_("Amount rejected"), "money", 13),
    Column("extra", N_("Extra columns"), "text", 18),
)
AT = {column.key: at for at, column in enumerate(COLUMNS)}
READ, REJECTED = N_("read"), N_("rejected: {code}")
RULES, WAIVERS, NOTES = N_("Rules"), N_("Waivers"), N_("Notes found on the sheets")
SINCE, REFERENCE = N_(", in force since {since}"), N_("; reference value, set your own")
NOT_RUN = N_("not run")


def write(book: Workbook, formats: Styles, report: Report, lang: Lang, books: str) -> None:
    """The sheet: the table of files and sheets first, so that formulas can count on its place, then blocks of label and text.

    `books` is the path from the workbook's folder to the inputs' folder.
    """
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE), say(NOTE))
    row = FIRST
    for source, sheet in _sheets(report):
        row = row_or_further(here, row)
        _sheet(here, row, source, sheet)
        row += 1
    for label, lines in _blocks(report, lang, books):
        if lines:
            row = _block(here, row + 1, say(label), lines)


def _block(here: Page, row: int, label: str, lines: Sequence[tuple[str, str]]) -> int:
    """A heading with lines of label and text below it; the row after the last. On a further sheet a blank row parts them from the table's head."""
    row = _below(here, row, more=1)
    words(here, row, 0, label, here.formats.heading)
    for name, text in lines:
        row = _below(here, row + 1)
        words(here, row, 0, name, here.formats.aside)
        words(here, row, 1, text, here.formats.note)
    return row + 1


def _below(here: Page, row: int, more: int = 0) -> int:
    following = row_or_further(here, row, more)
    return row if following == row else following + 1


def _sheets(report: Report) -> Iterator[tuple[Source, Sheet | None]]:
    """A row a sheet; a file that could not be opened has one row of its own."""
    for source in report.book.sources:
        yield from ((source, sheet) for sheet in source.sheets)
        if not source.sheets:
            yield source, None


def _sheet(here: Page, row: int, source: Source, sheet: Sheet | None) -> None:
    values = {"file": source.path, "branch": source.branch, "year": source.year, "status": _status(source, here)}
    if sheet:
        values |= {
            "sheet": sheet.name,
            "ledger": wording.ledger_title(sheet.ledger, here.lang),
            "rows_read": sheet.rows_read,
            "rows_used": sheet.rows_read - sheet.rows_rejected,
            "rows_rejected": sheet.rows_rejected,
            "rows_blank": sheet.rows_blank,
            "rows_total": sheet.rows_total,
            "amount": sheet.amount,
            "amount_rejected": sheet.amount_rejected,
            "extra": mask_text(", ".join(sheet.rows.extras)) if sheet.rows else "",
        }
    for column in COLUMNS:
        put(here, row, AT[column.key], values.get(column.key), column.kind)
    grow(here, row, [(str(values.get(c.key) or ""), c.width) for c in COLUMNS if c.kind == "text"])


def _status(source: Source, here: Page) -> str:
    """Read or rejected, as which text where it is one, and what could not be seen in its format."""
    status = here.say(REJECTED).format(code=source.problem) if source.problem else here.say(READ)
    aside = "" if source.raw.truthful else here.say(wording.UNSEEN)
    return "; ".join(part for part in (status, source.raw.encoding, aside) if part)


def _blocks(report: Report, lang: Lang, books: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    yield RUN, list(_run(report, lang, books))
    yield FILES, [(source.path, source.raw.sha256) for source in report.book.sources]
    yield RULES, list(_rules(report, lang))
    yield WAIVERS, [(" ".join((waiver.rule, *waiver.key)), _waiver(waiver, count, report, lang)) for waiver, count in report.waivers]
    yield POLICY_LINES, list(_policy(report, lang))
    notes = [(sheet.path, f"{sheet.name}: {mask_text(note)}") for sheet in report.book.sheets if sheet.rows for note in sheet.rows.notes]
    yield NOTES, notes


def _run(report: Report, lang: Lang, books: str) -> Iterator[tuple[str, str]]:
    say = catalogue(lang).gettext
    yield say(COMMAND), f"ledgerkit {report.command}"
    yield say(BOOKS_YEAR), str(report.book.year)
    yield say(AS_OF), report.as_of.isoformat() if report.as_of else ""
    for name, value in report.options.items():
        yield name, value
    for previous in report.previous:
        yield say(PREVIOUS), f"{previous.file} · {previous.year} · SHA-256 {previous.sha256}"
    yield say(FOLDER), books
    yield say(N_("Policy")), f"{report.policy.id} {report.policy.version}"
    if report.policy.file:
        yield say(POLICY_FILE), report.policy.file
    yield say(POLICY_SHA256), report.policy.sha256
    for pack in report.policy.layers.packs:
        yield say(N_("Pack {pack}")).format(pack=pack.id), _pack(pack, report, lang)
    yield "ledgerkit", report.version
    for name in DEPENDENCIES:
        yield name, version(name)


def _pack(pack: Pack, report: Report, lang: Lang) -> str:
    """A pack's document, and whether it was in force on the run's date."""
    say = catalogue(lang).gettext
    applied = bool(report.as_of and pack.valid_from <= report.as_of)
    sentence = (
        N_("{document} [{mark}], in force from {day}: applied")
        if applied
        else N_("{document} [{mark}], in force from {day}: not yet applied")
    )
    return say(sentence).format(document=wording.sources()[pack.source][lang], mark=pack.mark, day=pack.valid_from.isoformat())


def _policy(report: Report, lang: Lang) -> Iterator[tuple[str, str]]:
    """The whole effective policy, each setting with what it rests on; then the rules' own settings that no policy sets."""
    for line in report.policy.text.splitlines():
        key, value = line.split(" = ", 1)
        yield key, " · ".join(part for part in (value, _rests_on(key, report, lang)) if part)
    for rule in rules():
        for name, default in rule.settings.items():
            if name not in report.policy.settings.get(rule.code, {}):
                unset = catalogue(lang).gettext(NO_LIMIT)
                yield f"rules.{rule.code}.{name}", unset if default is None else f"{default} · {_document(rule.basis, lang)}"


def _rests_on(key: str, report: Report, lang: Lang) -> str:
    """Who set a setting: the unit, a pack's document, or the national default's; "" for what is blank until a unit sets it."""
    source, is_reference = basis_of(key) or ("", False)
    set_by = report.policy.sources.get(key, "")
    said = _document(set_by or source, lang) if set_by or source else ""
    return said + catalogue(lang).gettext(REFERENCE) if is_reference and not set_by else said


def _document(key: str, lang: Lang) -> str:
    """A document with its mark and the first day it is known to be in force."""
    source = wording.sources()[key]
    since = catalogue(lang).gettext(SINCE).format(since=source["since"]) if source["since"] else ""
    return f"{source[lang]} [{source['mark']}]{since}" if key != OWN else str(source[lang])


def _rules(report: Report, lang: Lang) -> Iterator[tuple[str, str]]:
    say = catalogue(lang).gettext
    for status in report.statuses:
        state = say(AS_RUN if status.run else NOT_RUN)
        because = wording.because(status, lang)
        found = say(N_("{count} finding(s)")).format(count=status.findings) if status.run else ""
        yield status.rule, " · ".join(part for part in (wording.title(rules()[status.rule], lang), state, because, found) if part)


def _waiver(waiver: Waiver, count: int, report: Report, lang: Lang) -> str:
    """What a waiver is limited to, who is behind it, and what came of it."""
    say = catalogue(lang).gettext
    holds = N_("until {until}: waives {count} finding(s)") if waiver.holds(report.as_of) else N_("until {until}: holds no longer")
    limits = (value for value in (waiver.branch, waiver.column) if value)
    people = say(N_("asked for by {asked_by}, approved by {approved_by}")).format(asked_by=waiver.asked_by, approved_by=waiver.approved_by)
    return " · ".join((*limits, waiver.reason, people, say(holds).format(until=waiver.until.isoformat(), count=count)))


def column_areas(report: Report, key: str, lang: Lang) -> list[str]:
    """The ranges of a column over the table of files and sheets, one a sheet, for a formula."""
    count, room = sum(len(source.sheets) or 1 for source in report.book.sources), limits.MOST_ROWS - FIRST - 1
    name = catalogue(lang).gettext(NAME)
    starts = range(0, max(count, 1), room)
    return [area(numbered(name, number), AT[key], FIRST, FIRST + min(count - start, room) - 1) for number, start in enumerate(starts, 1)]
