"""A .csv as one sheet whose cells are all text. Separator, quotation marks and rows must be certain, else the file is refused."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from ledgerkit.model.stamp import FINDINGS, FINDINGS_HEADINGS, KIND
from ledgerkit.model.text import FORMULA_STARTS
from ledgerkit.reading.encoding import decode
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, Refused, Truth

SEPARATORS = (",", "\t", ";")
# What Excel writes into a .csv for an error cell.
ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
_GUARDS = ("'", "=")
_AS_TEXT = re.compile(r'="([^"]*)"')

Rows = list[list[str]]


def read_delimited(data: bytes, shown: str, digest: str) -> RawFile:
    """The sheet of a .csv, named after the file. Raises Refused (F003) where characters, separator, quotes or rows are not certain."""
    text, encoding = decode(data)
    rows = _divided(text)
    _refuse_wider(rows)
    cells: list[list[Cell]] = [[_value(cell) if cell.startswith(_GUARDS) else cell for cell in row] for row in rows]
    errors = {(at, column): cell for at, row in enumerate(rows) for column, cell in enumerate(row) if cell in ERRORS}
    sheet = RawSheet(PurePosixPath(shown).stem, cells, [], Truth(errors))
    ours = bool(rows) and tuple(rows[0][: len(FINDINGS_HEADINGS)]) == FINDINGS_HEADINGS
    return RawFile(shown, digest, "", "", (sheet,), {KIND: FINDINGS} if ours else {}, case="text", encoding=encoding)


def _divided(text: str) -> Rows:
    """The rows by the separator that fits best. A wrong one could not pass unseen: the headings would be none of a ledger's."""
    readings = [_rows(text, separator) for separator in SEPARATORS if separator in text] or [_rows(text, SEPARATORS[0])]
    whole = [rows for rows, error in readings if error is None]
    best = max(whole, key=_fit, default=[])
    for rows, error in readings:
        if error and (not _several(best) or len(_several(rows)) > len(_several(best))):
            raise error
    if any(rows != best and _fit(rows) == _fit(best) for rows in whole):
        raise Refused("F003", case="separator")
    return best


def _rows(text: str, separator: str) -> tuple[Rows, Refused | None]:
    """The rows, a blank line an empty one, so that a row's number is the one that Excel shows; and why they end where they do."""
    rows: Rows = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return rows, Refused("F003", str(len(rows) + 1), "cells")
    return rows, None


def _several(rows: Rows) -> Rows:
    """The rows of more than one cell."""
    return [row for row in rows if len(row) > 1]


def _fit(rows: Rows) -> tuple[int, int, int]:
    """How well a separator fits: few rows (a wrong one sees no quotation marks and breaks a cell of two lines), many divided, many cells.

    The heading, which holds no amounts and no remarks, is divided by the right one alone.
    """
    divided = _several(rows)
    return -len(rows), len(divided), sum(len(row) for row in divided)


def _refuse_wider(rows: Rows) -> None:
    """Raises Refused where a row is wider than the heading: 1,200.50 without quotation marks is two cells, and 1 would be read."""
    widths = Counter(len(row) for row in rows if any(row))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    # A title above the heading has fewer cells; a heading has nearly as many as the rows below it, whatever is wrong with these.
    heading = next((at for at, row in enumerate(rows) if 4 * len(row) >= 3 * usual), 0)
    limit = len(rows[heading]) if rows else 0
    for at, row in enumerate(rows[heading:], heading):
        if len(row) > limit and any(row) and (_filled(row) > limit or len(row) > usual):
            raise Refused("F003", str(at + 1), "wider")


def _filled(row: Sequence[str]) -> int:
    """How many cells a row has up to its last one that is not empty."""
    return max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)


def _value(cell: str) -> str:
    """A cell without what only keeps a spreadsheet from reading it as a number or formula: '001, '-5, ="001"."""
    if cell.startswith("'") and (cell[1:2].isdigit() or cell[1:].startswith(FORMULA_STARTS)):
        return cell[1:]
    quoted = _AS_TEXT.fullmatch(cell)
    return quoted[1] if quoted else cell
