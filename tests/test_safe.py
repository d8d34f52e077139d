"""Cells written by us in place of xlsxwriter are its cells to the byte."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerkit.writing import safe

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
ODD = [" 甲", "甲\n", "\t", "", "<r>甲</r>", "<r>", '"&<>', "_x000D_", "\x01\x0b\x1f\x85\u3000", "\ufffe\uffff", "=1+1", "😀"]
NUMBERS = st.one_of(st.integers(-(10**17), 10**17), st.floats(allow_nan=False, allow_infinity=False))
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31))
CELLS = st.one_of(TEXTS, NUMBERS, MOMENTS, st.none())


def book(rows: list[list[object]], in_order: bool) -> bytes:
    """A workbook of these cells, every other one with a look, of which the first is that of a cell without one."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        made = safe.workbook(path, "test", "1")
        sheet = made.add_sheet("甲", in_order)
        looks = [None, made.add_format(), made.add_format({"bold": True}), made.add_format({"num_format": "yyyy-mm-dd"})]
        sheet.write_string(0, 0, "甲")
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells):
                look = looks[(row + column) % len(looks)]
                if value is None:
                    sheet.write_blank(row, column * 30, None, look)
                elif isinstance(value, str):
                    sheet.write_string(row, column * 30, value, look)
                elif isinstance(value, datetime):
                    sheet.write_datetime(row, column * 30, value, look or looks[1])
                else:
                    sheet.write_number(row, column * 30, value, look)
            if row % 3 == 1:
                sheet.set_row(row, 40)
        made.close()
        return path.read_bytes()


@given(st.lists(st.lists(CELLS, max_size=4), max_size=6), st.booleans())
@example([[text] * 4 for text in ODD], True)
def test_our_cells_are_those_of_the_library(rows: list[list[object]], in_order: bool) -> None:
    ours = book(rows, in_order)
    with pytest.MonkeyPatch.context() as library:
        library.delattr(safe._Sheet, "_write_cell")
        library.delattr(safe._Sheet, "_write_single_row")
        assert book(rows, in_order) == ours
