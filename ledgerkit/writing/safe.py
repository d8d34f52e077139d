"""Workbooks as we write them: text stays text, nothing is dropped in silence, and the same content gives the same bytes."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache, wraps
from inspect import unwrap
from pathlib import Path
from typing import Any

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet, convert_range_args
from xlsxwriter.xmlwriter import XMLwriter

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_
from ledgerkit.model.stamp import KIND, VERSION
from ledgerkit.writing import limits

# A workbook's creation time is part of its bytes; ours says nothing, so that it is the same for the same content.
CREATED = datetime(2000, 1, 1)
TOO_MUCH = N_(
    "The sheet “{sheet}” cannot hold all that belongs there: Excel takes {rows} rows and {characters} characters a cell. Run on fewer files at a time."
)
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(path: Path, kind: str, version: str, title: str = "") -> Workbook:
    """An empty workbook that turns no text into a formula, link or number, stamped with what it is and of which version."""
    book = _Book(path)
    book.set_properties({"created": CREATED, "title": title, "author": "ledgerkit", "company": ""})
    book.set_custom_property(KIND, kind)
    book.set_custom_property(VERSION, version)
    return book


def _told(name: str) -> Callable[..., int]:
    """A method of xlsxwriter's sheet that raises BadOutput where the library drops or cuts something and only returns a negative number."""
    # Without the layer that looks for A1 addresses: places are given as numbers everywhere.
    method = unwrap(getattr(Worksheet, name))

    @wraps(method)
    def call(sheet: Any, *given: Any, **named: Any) -> int:
        code: int = method(sheet, *given, **named)
        if code:
            raise BadOutput(TOO_MUCH, sheet=sheet.get_name(), rows=f"{limits.MOST_ROWS:,}", characters=f"{limits.LONGEST_TEXT:,}")
        return code

    return call


_letters = cache(xl_col_to_name)


@lru_cache(maxsize=10_000)
def _inline(text: str) -> str:
    """A text within its cell."""
    spaced = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<is><t{spaced}>{XMLwriter()._escape_data(XMLwriter._escape_control_characters(text))}</t></is>"


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose methods raise BadOutput for what Excel does not take."""

    write_string, write_blank, write_number, write_datetime = map(_told, ("write_string", "write_blank", "write_number", "write_datetime"))
    write_formula, write_url, write_rich_string = map(_told, ("write_formula", "write_url", "write_rich_string"))
    data_validation, conditional_format = map(_told, ("data_validation", "conditional_format"))
    insert_chart, set_row, set_column, _merged = map(_told, ("insert_chart", "set_row", "set_column", "merge_range"))

    # Where xlsxwriter writes.
    fh: Any

    def __init__(self) -> None:
        super().__init__()
        self.xls_rowmax = limits.MOST_ROWS

    def _write_single_row(self, current_row_num: int = 0) -> None:
        """A row as xlsxwriter itself writes it, into its file at once: of each piece that file makes a little work of its own."""
        file, self.fh = self.fh, io.StringIO()
        try:
            super()._write_single_row(current_row_num)
            file.write(self.fh.getvalue())
        finally:
            self.fh = file

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """A cell as xlsxwriter itself writes it: nearly all are a text, a number or a blank with a look, and for these in a third of the time."""
        kind = type(cell).__name__ if self.constant_memory and cell.format else ""
        start = f'<c r="{_letters(col)}{row + 1}" s="{cell.format._get_xf_index()}"' if kind else ""
        if kind == "String" and not cell.string.startswith("<r>"):
            self.fh.write(f'{start} t="inlineStr">{_inline(cell.string)}</c>')
        elif kind in ("Number", "Datetime"):
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        elif kind == "Blank":
            self.fh.write(f"{start}/>")
        else:
            super()._write_cell(row, col, cell)

    @convert_range_args  # type: ignore[untyped-decorator]
    def merge_range(self, top: int, left: int, bottom: int, right: int, text: str, look: Any) -> int:
        """Cells merged into one that holds a text, which xlsxwriter itself would look at for what it might be."""
        code: int = self._merged(top, left, bottom, right, "", look)
        return self.write_string(top, left, text, look) if text else code


class _Memory(io.BytesIO):
    """Stays open until it is forgotten: a ZipFile that is given up half made still writes its end, and must not complain of that."""

    def close(self) -> None:
        """Nothing: memory is freed with the object."""


class _Book(Workbook):  # type: ignore[misc]
    """A workbook that is put together in memory and written at once; what xlsxwriter keeps on disk meanwhile lies beside it."""

    def __init__(self, path: Path) -> None:
        self._path, self._made = path, _Memory()
        super().__init__(self._made, {**PLAIN, "tmpdir": str(path.parent)})
        self.worksheet_class = _Sheet

    def add_sheet(self, name: str, in_order: bool) -> Worksheet:
        """A sheet. Where its rows are written in their order, each leaves the memory when the next one begins; one out of order raises BadOutput."""
        self.constant_memory = in_order
        try:
            return self.add_worksheet(name)
        finally:
            self.constant_memory = False

    def close(self) -> None:
        """Writes the file. Raises OSError where the disk refuses, which xlsxwriter puts into an error of its own."""
        refused: OSError | None = None
        try:
            super().close()
        except FileCreateError as error:
            # Without the frames of xlsxwriter, which hold files open that Windows could not delete then.
            refused = error.args[0].with_traceback(None)
            refused.__context__ = None
        if refused:
            raise refused
        self._path.write_bytes(self._made.getvalue())

    def __exit__(self, kind: object, *about: object) -> None:
        if kind is None:
            self.close()
