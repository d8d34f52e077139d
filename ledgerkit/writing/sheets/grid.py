"""What every sheet of the summary shares: a title, a header row, columns with widths counted by us, values by type."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.table import Table, show, values
from ledgerkit.writing import limits, styles, wording
from ledgerkit.writing.styles import A4, Kind, Styles

TITLE, NOTE, HEADER, FIRST = 0, 1, 2, 3
TITLE_HEIGHT, LINE_HEIGHT, ROOM = 26, 15.0, 3
ROW_HEIGHT = LINE_HEIGHT + ROOM
GOES_ON = N_("Goes on on the sheet “{sheet}”.")
# Excel has no day before this one.
FIRST_DAY = datetime(1900, 1, 1)


@dataclass(frozen=True)
class Column:
    """A column of a sheet: key, English label (translated when written), type, width in character units."""

    key: str
    label: str
    kind: Kind = "text"
    width: int = 12


@dataclass
class Page:
    """A sheet being written, with its formats, its language and the widths of its columns, which grow with the figures in them.

    `sheet` changes where records go on on a further sheet, which `further` makes by its number, from 2 on.
    """

    sheet: Worksheet
    formats: Styles
    lang: Lang
    further: Callable[[int], "Page"]
    number: int = 1
    widths: dict[int, int] = field(default_factory=dict)

    def say(self, sentence: str) -> str:
        """A sentence in the language of the sheet."""
        return catalogue(self.lang).gettext(sentence)


def page(
    book: Workbook,
    formats: Styles,
    name: str,
    lang: Lang,
    columns: Sequence[Column],
    title: str,
    note: str | Sequence[str],
    over: int = 0,
    in_order: bool = True,
) -> Page:
    """A new sheet: title, note, frozen header repeated on every printed A4 landscape page, page numbers at the foot.

    `note`: a line, or sentences below each other over so many columns from the first. `in_order`: whether rows will be written in their order.
    """
    sheet = book.add_sheet(name, in_order)
    here = Page(
        sheet, formats, lang, lambda number: page(book, formats, numbered(name, number), lang, columns, title, note, over, in_order)
    )
    sheet.hide_gridlines(2)
    sheet.set_default_row(ROW_HEIGHT)
    for at, column in enumerate(columns):
        widen(here, at, column.width)
    sheet.set_row(TITLE, TITLE_HEIGHT)
    words(here, TITLE, 0, title, formats.title)
    _note(here, note, columns[:over])
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


def _note(here: Page, sentences: str | Sequence[str], over: Sequence[Column]) -> None:
    """The sheet's note: a line, or several sentences below each other over some columns."""
    if isinstance(sentences, str):
        words(here, NOTE, 0, sentences, here.formats.note)
        return
    here.sheet.merge_range(NOTE, 0, NOTE, len(over) - 1, "\n".join(sentences), here.formats.wrapped_note)
    width = sum(column.width for column in over)
    here.sheet.set_row(NOTE, LINE_HEIGHT * sum(styles.lines_needed(sentence, width) for sentence in sentences) + ROOM)


def numbered(name: str, number: int) -> str:
    """The name of a sheet's continuation: Flags, Flags 2, Flags 3."""
    return name if number == 1 else f"{name} {number}"


def words(here: Page, row: int, at: int, text: str, look: Format) -> None:
    """A text as text, cut visibly where a cell does not take it."""
    here.sheet.write_string(row, at, written(here, text), look)


def written(here: Page, text: str) -> str:
    """A text as a cell takes it: cut visibly where it is too long, half a character (of a file name) spelled out."""
    return limits.fitted(text.encode("utf-8", "backslashreplace").decode("utf-8"), here.lang)


def row_or_further(here: Page, row: int, more: int = 0) -> int:
    """The row where the next record goes, with so many `more` below it: this one, or the first of a further sheet with the same head.

    The last row of a sheet that goes on says where, in its second column: in the first one it could be taken for a record.
    """
    if row + more < limits.MOST_ROWS - 1:
        return row
    following = here.further(here.number + 1)
    # What left a blank row below it may have come to the row after the last.
    words(here, min(row, limits.MOST_ROWS - 1), 1, here.say(GOES_ON).format(sheet=following.sheet.get_name()), here.formats.heading)
    here.sheet, here.number, here.widths = following.sheet, here.number + 1, following.widths
    return FIRST


def header(here: Page, row: int, columns: Sequence[Column]) -> None:
    """A header row, tall enough for the label that wraps most."""
    lines = max(styles.lines_needed(here.say(column.label), column.width - 1) for column in columns)
    here.sheet.set_row(row, LINE_HEIGHT * lines + 8)
    for at, column in enumerate(columns):
        words(here, row, at, here.say(column.label), here.formats.head)


def put(here: Page, row: int, at: int, value: Any, kind: Kind, look: Format | None = None) -> None:
    """One typed value: money in minor units as yuan, a ratio as its text, a day as ISO text, None as an empty cell, text as text only."""
    untimed = kind == "datetime" and "T" not in str(value)
    form = look or here.formats.shown["date" if untimed else kind]
    if value is None or value == "":
        here.sheet.write_blank(row, at, None, form)
    elif kind == "money":
        widen(here, at, len(f"{int(value) / money.MINOR:,.2f}") + styles.PADDING)
        here.sheet.write_number(row, at, int(value) / money.MINOR, form)
    elif kind == "int":
        here.sheet.write_number(row, at, int(value), form)
    elif kind == "ratio":
        here.sheet.write_number(row, at, float(value), form)
    elif kind in ("date", "datetime") and (moment := datetime.fromisoformat(value)) >= FIRST_DAY:
        here.sheet.write_datetime(row, at, moment, form)
    else:
        words(here, row, at, str(value), form)


def widen(here: Page, at: int, width: int) -> None:
    """A column at least that wide, in character units."""
    if width > here.widths.get(at, 0):
        here.widths[at] = width
        here.sheet.set_column(at, at, width)


def grow(here: Page, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """A row tall enough for texts in columns of those widths."""
    lines = max((styles.lines_needed(text, width - 1) for text, width in texts), default=1)
    if lines > 1:
        here.sheet.set_row(row, LINE_HEIGHT * lines + ROOM)


def alert(here: Page, at: int, first: int, last: int, formula: str) -> None:
    """Bold on a colour in the cells of a column, as the sheet stands then, where a formula about the first of them holds."""
    if last >= first:
        here.sheet.conditional_format(first, at, last, at, {"type": "formula", "criteria": f"={formula}", "format": here.formats.alert})


def area(sheet: str, column: int, first: int, last: int) -> str:
    """An absolute range of one column of a sheet, for a formula."""
    return f"'{sheet}'!{xl_range_abs(first, column, max(first, last), column)}"


def address(row: int, column: int) -> str:
    """A1 of a cell counted from 0."""
    return str(xl_rowcol_to_cell(row, column))


def records(here: Page, row: int, columns: Sequence[Column], listed: Iterable[Mapping[str, Any]], total: bool = False) -> int:
    """A row a record, each value under its column, totals in bold; the row after the last."""
    for record in listed:
        row = row_or_further(here, row)
        for at, column in enumerate(columns):
            look = here.formats.total[column.kind] if total else None
            put(here, row, at, record.get(column.key), column.kind, look)
        grow(here, row, [(str(record[c.key]), c.width) for c in columns if c.kind == "text" and record.get(c.key)])
        row += 1
    return row


def block(here: Page, row: int, heading: str, columns: Sequence[Column], listed: Iterable[Mapping[str, Any]]) -> int:
    """A heading, a header and records below each other; the row after the last."""
    row = row_or_further(here, row, more=2)
    words(here, row, 0, heading, here.formats.heading)
    header(here, row + 1, columns)
    return records(here, row + 2, columns, listed)


def shown(tables: Iterable[Table], columns: Sequence[Column], lang: Lang, ledger: str = "") -> Iterator[dict[str, Any]]:
    """A statement's rows as records: money and whole numbers as they are, choices by their labels, the rest as canonical text."""
    for table in tables:
        known = [column for column in columns if column.key in table.types]
        keys = [column.key for column in known]
        for row in zip(*(_shown(table, column, lang, ledger) for column in known), strict=True):
            yield dict(zip(keys, row, strict=True))


def adding(listed: Iterable[dict[str, Any]], keys: Iterable[str], sums: Counter[str]) -> Iterator[dict[str, Any]]:
    """The records as they come, some of their values added to `sums`."""
    for record in listed:
        for key in keys:
            if (value := record.get(key)) is not None:
                sums[key] += value
        yield record


def _shown(table: Table, column: Column, lang: Lang, ledger: str) -> list[Any]:
    """One column of a statement, None where a value is not there."""
    kind = table.types[column.key]
    cells = values(table[column.key])
    if column.kind in ("money", "int"):
        return cells
    told = {cell: show(cell, kind) for cell in set(cells)}
    texts = [told[cell] for cell in cells]
    if kind == "choice" and ledger:
        return [wording.choice_label(ledger, column.key, text or "", lang) for text in texts]
    return texts
