"""Colours cells of a sheet: their style attribute alone is changed, and a bad cell that is not there yet is put in its place.

Rows are found by their tags, and only the rows concerned are parsed: a ledger of 100,000 rows has few bad cells.
"""

import re
from collections.abc import Callable, Collection, Mapping
from itertools import groupby

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from ledgerkit.model.finding import Severity
from ledgerkit.reading.raw import Place
from ledgerkit.writing.annotated.splices import Edit, Element, Span, at_path, before, changed, elements, spliced

DATA, COLUMN = "worksheet/sheetData", "worksheet/cols/col"
Marks = Mapping[Place, Severity | None]
Restyle = Callable[[int, Severity | None], int]
_DATA = re.compile(rb"<(?:[\w.-]+:)?sheetData(?:\s[^<>]*)?(?<!/)>")
_DATA_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_ROW = re.compile(rb"""<(?:[\w.-]+:)?row(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)""")


def inside_data(xml: bytes) -> Span | None:
    """Where a sheet's rows begin and end; None where it has none."""
    first = _DATA.search(xml)
    last = _DATA_END.search(xml, first.end()) if first else None
    return (first.end(), last.start()) if first and last else None


def coloured(xml: bytes, marks: Marks, restyle: Restyle) -> bytes:
    """A sheet's XML with each marked cell in the fill of its severity (None: without one), rows and columns counted from 0."""
    if not marks:
        return xml
    span = inside_data(xml)
    rows = _rows(xml, span)
    outside = elements(xml, lambda path, _: path in (DATA, COLUMN), span)
    columns = [element for element in outside if element.path == COLUMN]
    edits: list[Edit] = []
    new = {}
    for row, places in groupby(sorted(marks), key=lambda place: place[0]):
        wanted = {column: marks[row, column] for _, column in places}
        if row in rows:
            start, end = rows[row]
            edits.append((start, end, _coloured_row(xml[start:end], row, wanted, columns, restyle)))
        else:
            new[row] = f'<row r="{row + 1}">'.encode() + _new_cells(row, wanted, lambda at: _column_style(columns, at), restyle) + b"</row>"
    (data,) = (element for element in outside if element.path == DATA)
    return spliced(xml, [*edits, *_placed(xml, new, rows, data)])


def coloured_before(xml: bytes, styles: Collection[int]) -> list[Place]:
    """The cells of a sheet that have one of some styles."""
    wanted = {str(style) for style in styles}
    listed = re.compile(rb"""\ss\s*=\s*["'](?:%s)["']""" % "|".join(sorted(wanted)).encode())
    found = {row: xml[start:end] for row, (start, end) in _rows(xml, inside_data(xml)).items() if listed.search(xml, start, end)}
    return [(row, column) for row, whole in found.items() for column, cell in _cells(whole).items() if cell.get("s") in wanted]


def _rows(xml: bytes, span: Span | None) -> dict[int, Span]:
    """Where each row stands, by its number from 0; one without a number comes after the one before."""
    if span is None:
        return {}
    tags = list(_ROW.finditer(xml, *span))
    ends = [tag.start() for tag in tags[1:]] + [span[1]]
    rows, row = {}, -1
    for tag, end in zip(tags, ends, strict=True):
        number = _NUMBER.search(tag[0])
        row = int(number[1]) - 1 if number else row + 1
        rows[row] = (tag.start(), end)
    return rows


def _cells(row: bytes) -> dict[int, Element]:
    """The cells of a row by column from 0; one without an address stands right of the one before."""
    cells, column = {}, -1
    for cell in at_path(row, "row/c"):
        column = xl_cell_to_rowcol(cell.get("r"))[1] if cell.get("r") else column + 1
        cells[column] = cell
    return cells


def _coloured_row(row: bytes, number: int, marks: Mapping[int, Severity | None], columns: list[Element], restyle: Restyle) -> bytes:
    """A row with its cells restyled, and those that are not there in their places."""
    (whole,), cells = at_path(row, "row"), _cells(row)
    own = whole.get("s") if whole.get("customFormat") in ("1", "true") else ""
    edits: list[Edit] = []
    last = {}
    for column, severity in marks.items():
        behind = next((cells[at] for at in sorted(cells) if at > column), None)
        if column in cells:
            edits += changed(row, cells[column], s=str(restyle(int(cells[column].get("s") or 0), severity)))
        elif behind:
            edits.append(
                before(row, behind, _new_cells(number, {column: severity}, lambda at: int(own or _column_style(columns, at)), restyle))
            )
        else:
            last[column] = severity
    added = _new_cells(number, last, lambda at: int(own or _column_style(columns, at)), restyle)
    # The span of columns is a hint that new cells would make wrong.
    return spliced(row, [*edits, *(changed(row, whole, added, spans=None) if added else ())])


def _new_cells(row: int, marks: Mapping[int, Severity | None], style: Callable[[int], int], restyle: Restyle) -> bytes:
    """Cells that are not there yet, in the style that they would have."""
    return b"".join(
        f'<c r="{xl_rowcol_to_cell(row, column)}" s="{restyle(style(column), severity)}"/>'.encode() for column, severity in marks.items()
    )


def _column_style(columns: list[Element], column: int) -> int:
    within = (item for item in columns if int(item.get("min")) <= column + 1 <= int(item.get("max")))
    return next((int(item.get("style") or 0) for item in within), 0)


def _placed(xml: bytes, new: Mapping[int, bytes], rows: Mapping[int, Span], data: Element) -> list[Edit]:
    """The edits that put new rows above the next one that is there, or at the end."""
    edits: list[Edit] = []
    last = b""
    for row, whole in new.items():
        below = min((at for at in rows if at > row), default=None)
        if below is None:
            last += whole
        else:
            start = rows[below][0]
            edits.append(before(xml, Element("row", {}, start, start, start, start), whole))
    return [*edits, *changed(xml, data, last)]
