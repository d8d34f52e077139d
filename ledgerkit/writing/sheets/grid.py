"""What every sheet of the summary shares: a title, a header row, columns with widths counted by us, values by type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.locale import Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.schema import FieldType
from ledgerkit.writing import styles
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
