"""Sheets into .xlsx files, by openpyxl or by XlsxWriter: two ways of writing the same cells."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import xlsxwriter
from layout import Grid, Layout, Raw
from openpyxl.utils import get_column_letter

DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def write(layout: Layout, folder: Path) -> None:
    """Writes each file of a branch under a folder."""
    for name, grids in layout.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (_openpyxl if layout.engine == "openpyxl" else _xlsxwriter)(path, grids)


def _openpyxl(path: Path, grids: list[Grid]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), value in grid.cells.items():
            cell = sheet.cell(row + 1, column + 1)
            plain = (value.formula or value.value) if isinstance(value, Raw) else value
            cell.value = plain
            cell.number_format = _format(value)
        for row in grid.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in grid.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        if grid.hidden:
            sheet.sheet_state = "hidden"
    book.save(path)


def _format(value: object) -> str:
    if isinstance(value, Raw):
        return value.format or "General"
    if isinstance(value, datetime):
        return MOMENT
    if isinstance(value, date):
        return DAY
    return "@" if isinstance(value, str) else "General"


def _xlsxwriter(path: Path, grids: list[Grid]) -> None:
    with xlsxwriter.Workbook(
        path, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    ) as book:
        formats = {text: book.add_format({"num_format": text}) for text in (DAY, MOMENT, "@", "General")}
        for grid in grids:
            sheet = book.add_worksheet(grid.name)
            for top, left, bottom, right in grid.merges:
                sheet.merge_range(top, left, bottom, right, "")
            for (row, column), value in grid.cells.items():
                text = _format(value)
                style = formats.setdefault(text, formats.get(text) or book.add_format({"num_format": text}))
                _put(sheet, row, column, value, style)
            for row in grid.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for column in grid.hidden_columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
            if grid.filtered:
                _filter(sheet, grid)
            if grid.hidden:
                sheet.hide()


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, style: object) -> None:
    if isinstance(value, Raw) and value.formula:
        sheet.write_formula(row, column, value.formula, style, value.value)
    elif isinstance(value, Raw):
        sheet.write(row, column, value.value, style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    else:
        sheet.write(row, column, value, style)


def _filter(sheet: xlsxwriter.worksheet.Worksheet, grid: Grid) -> None:
    """An active filter: a criterion set on the first column."""
    last_row, last_column = max(row for row, _ in grid.cells), max(column for _, column in grid.cells)
    sheet.autofilter(grid.header_row, 0, last_row, last_column)
    sheet.filter_column(0, "x == NonBlanks")
