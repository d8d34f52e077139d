"""The workbook of a seed, as XlsxWriter, openpyxl or a program that writes its own XML makes it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import xlsxwriter
from corpus import Item, Page, pages, under
from corpus_by_hand import by_hand
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904


def by_xlsxwriter(path: Path, chance: Random, cells: int) -> None:
    """Shared strings, or strings in the cells (constant memory); one in four counts its days from 1904."""
    options = {
        "constant_memory": chance.random() < 0.5,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), {**options, "date_1904": chance.random() < 0.25}) as book:
        forms: dict[str | int, Any] = {}
        for page in pages(chance, cells):
            sheet = book.add_worksheet(page.name)
            _dress(sheet, page)
            covered = under(page)
            for (row, column), item in sorted(page.cells.items()):
                form = forms.get(item.form) or forms.setdefault(item.form, book.add_format({"num_format": item.form}))
                if (row, column) not in covered:
                    _put(sheet, row, column, item, form)
            if not options["constant_memory"]:
                for area in page.merges:
                    kept = page.cells.get(area[:2], Item("none"))
                    sheet.merge_range(*area, "")
                    _put(sheet, *area[:2], kept, forms.get(kept.form))


def _dress(sheet: Any, page: Page) -> None:
    for row in sorted(page.hidden_rows) if not sheet.constant_memory else ():
        sheet.set_row(row, None, None, {"hidden": True})
    for column in page.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    {"visible": lambda: None, "hidden": sheet.hide, "veryHidden": sheet.very_hidden}[page.state]()


def _put(sheet: Any, row: int, column: int, item: Item, form: Any) -> None:
    match item.kind:
        case "text":
            sheet.write_string(row, column, item.value, form)
        case "number":
            sheet.write_number(row, column, item.value, form)
        case "moment" | "span":
            sheet.write_datetime(row, column, item.value, form)
        case "formula":
            sheet.write_formula(row, column, item.value, form, "" if item.cached is None else item.cached)
        case "error":
            sheet.write_formula(row, column, "=1/0", form, item.value)
        case "boolean":
            sheet.write_boolean(row, column, item.value, form)
        case "rich":
            sheet.write_rich_string(row, column, *item.value)
        case "styled":
            sheet.write_blank(row, column, None, form)


def by_openpyxl(path: Path, chance: Random, cells: int) -> None:
    """Formulas without a value, whatever was calculated; one in four counts its days from 1904."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    if chance.random() < 0.25:
        book.epoch = CALENDAR_MAC_1904
    for page in pages(chance, cells):
        sheet = book.create_sheet(page.name)
        for (row, column), item in page.cells.items():
            if item.kind != "none":
                _set(sheet.cell(row + 1, column + 1), item)
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for number in page.hidden_rows:
            sheet.row_dimensions[number + 1].hidden = True
        for number in page.hidden_columns:
            sheet.column_dimensions[get_column_letter(number + 1)].hidden = True
        sheet.sheet_state = page.state
    book.save(path)


def _set(cell: Any, item: Item) -> None:
    if item.kind == "rich":
        cell.value = CellRichText(item.value[0], TextBlock(InlineFont(b=True), item.value[1]), item.value[2])
    elif item.kind != "styled":
        cell.value = item.value
    if item.kind == "text":
        cell.data_type = "s"
    if isinstance(item.form, str):
        cell.number_format = item.form


WRITERS: Mapping[str, Callable[[Path, Random, int], None]] = {"XlsxWriter": by_xlsxwriter, "openpyxl": by_openpyxl, "by hand": by_hand}


def workbook(folder: Path, seed: int, cells: int) -> Path:
    """The workbook of a seed, written below a folder; the writers take turns."""
    name, write = list(WRITERS.items())[seed % len(WRITERS)]
    path = folder / f"{seed:04d} {name}.xlsx"
    write(path, Random(seed), cells)
    return path
