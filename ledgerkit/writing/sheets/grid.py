"""What every sheet of the summary shares: a title, a header row, columns with widths counted by us, values by type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.locale import Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, show
from ledgerkit.writing import styles, wording
from ledgerkit.writing.styles import A4, Styles

TITLE, NOTE, HEADER, FIRST = 0, 1, 2, 3
LONGEST_TEXT = 32_767
TITLE_HEIGHT, NOTE_HEIGHT = 26, 18


@dataclass(frozen=True)
class Column:
    """A column of a sheet: key, English label (translated when written), type, width in character units."""

    key: str
    label: str
    kind: FieldType = "text"
    width: int = 12


@dataclass(frozen=True)
class Page:
    """A sheet being written, with its formats and language."""

    sheet: Worksheet
    formats: Styles
    lang: Lang

    def say(self, sentence: str) -> str:
        """A sentence in the language of the sheet."""
        return catalogue(self.lang).gettext(sentence)


def page(book: Workbook, formats: Styles, name: str, lang: Lang, columns: Sequence[Column], title: str, note: str) -> Page:
    """A new sheet: title, note, frozen header repeated on every printed A4 landscape page, page numbers at the foot."""
    sheet = book.add_worksheet(name)
    here = Page(sheet, formats, lang)
    sheet.hide_gridlines(2)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.set_row(TITLE, TITLE_HEIGHT)
    sheet.write_string(TITLE, 0, title, formats.title)
    sheet.set_row(NOTE, NOTE_HEIGHT)
    sheet.write_string(NOTE, 0, note, formats.note)
    if any(column.label for column in columns):
        header(here, HEADER, columns)
        sheet.freeze_panes(FIRST, 0)
        sheet.repeat_rows(HEADER)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    styles.footer(sheet, lang)
    return here


def header(here: Page, row: int, columns: Sequence[Column]) -> None:
    """A header row, tall enough for the label that wraps most."""
    lines = max(styles.lines_needed(here.say(column.label), column.width - 1) for column in columns)
    here.sheet.set_row(row, 15.0 * lines + 8)
    for at, column in enumerate(columns):
        here.sheet.write_string(row, at, here.say(column.label), here.formats.header["R"])


def put(here: Page, row: int, at: int, value: Any, kind: FieldType, look: Format | None = None) -> None:
    """One typed value: money in minor units as yuan, None as an empty cell, text never as anything but text."""
    form = look or here.formats.shown[kind]
    if value is None or value == "":
        here.sheet.write_blank(row, at, None, form)
    elif kind == "money":
        here.sheet.write_number(row, at, int(value) / money.MINOR, form)
    elif kind == "int":
        here.sheet.write_number(row, at, int(value), form)
    else:
        here.sheet.write_string(row, at, str(value)[:LONGEST_TEXT], form)


def area(sheet: str, column: int, first: int, last: int) -> str:
    """An absolute range of one column of a sheet, for a formula."""
    return f"'{sheet}'!{xl_range_abs(first, column, max(first, last), column)}"


def address(row: int, column: int) -> str:
    """A1 of a cell counted from 0."""
    return str(xl_rowcol_to_cell(row, column))


def records(
    here: Page, row: int, columns: Sequence[Column], listed: Sequence[Mapping[str, Any]], looks: Mapping[FieldType, Format] | None = None
) -> int:
    """A row a record, each value under its column; the row after the last."""
    for at, record in enumerate(listed):
        for column_at, column in enumerate(columns):
            put(here, row + at, column_at, record.get(column.key), column.kind, looks.get(column.kind) if looks else None)
        texts = [(str(record[c.key]), c.width) for c in columns if c.kind == "text" and record.get(c.key)]
        lines = max((styles.lines_needed(text, width - 1) for text, width in texts), default=1)
        if lines > 1:
            here.sheet.set_row(row + at, 15.0 * lines + 3)
    return row + len(listed)


def block(here: Page, row: int, heading: str, columns: Sequence[Column], listed: Sequence[Mapping[str, Any]], heading_look: Format) -> int:
    """A heading, a header and records below each other; the row after a blank one."""
    here.sheet.write_string(row, 0, heading, heading_look)
    header(here, row + 1, columns)
    return records(here, row + 2, columns, listed) + 1


def shown(table: Table, columns: Sequence[Column], lang: Lang, ledger: str = "") -> list[dict[str, Any]]:
    """A statement's rows as records: money and whole numbers as they are, choices by their labels, the rest as canonical text."""
    known = [column for column in columns if column.key in table.types]
    values = [_shown(table, column, lang, ledger) for column in known]
    return [dict(zip((column.key for column in known), row, strict=True)) for row in zip(*values, strict=True)]


def _shown(table: Table, column: Column, lang: Lang, ledger: str) -> list[Any]:
    """One column of a statement, None where a value is not there."""
    kind = table.types[column.key]
    cells: list[Any] = table[column.key].astype(object).where(table[column.key].notna(), None).tolist()
    if column.kind in ("money", "int"):
        return cells
    texts = [show(cell, kind) for cell in cells]
    if kind == "choice" and ledger:
        return [wording.choice_label(ledger, column.key, text or "", lang) for text in texts]
    return [text.replace("T", " ") if text and kind == "datetime" else text for text in texts]


def bold(book: Workbook) -> dict[FieldType, Format]:
    """The looks of a total row."""
    kinds: tuple[FieldType, ...] = ("text", "choice", "int", "money")
    return {kind: styles.value(book, kind, bold=True, bg_color=styles.PALE) for kind in kinds}
