"""Real workbooks from text tables, and what ledgerkit says of them in words short enough to compare.

A sheet is a table of lines `| a | b |`; a line without bars is left out, a line of empty cells is a blank row. One cell is

    text            as it stands (only ASCII spaces around it are dropped); `\\n` is a line break
    'text           text, whatever it begins with
    #12.5           a number; #00012 the number 12 in a cell whose format shows five digits; #TRUE a boolean
    #REF!           an error cell (#N/A, #DIV/0!, #VALUE!, #NAME?, #NUM!, #NULL! too)
    =A1+1           a formula never calculated;   =A1+1 -> 15 one whose calculated value is the number 15
    2015-03-01d     a date cell (2015-05-04T14:00d with its clock time)
    <  or  ^        merged with the cell on its left, or above it
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from ledgerkit.audit import Options, validate
from ledgerkit.model.finding import Finding
from ledgerkit.model.report import Report
from ledgerkit.rules.yields import UNREADABLE, YIELDS
from ledgerkit.writing import wording

Grid = list[list[str]]
_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?d")


def grid(table: str) -> Grid:
    """The cells of a text table."""
    lines = [line.strip(" ") for line in table.splitlines()]
    return [[cell.strip(" ") for cell in line[1:].removesuffix("|").split("|")] for line in lines if line.startswith("|")]


def write(
    path: Path,
    sheets: Mapping[str, str | Grid],
    names: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    **options: object,
) -> Path:
    """An .xlsx with these sheets (sheet name → table), defined names and custom properties; `options` are xlsxwriter's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), plain | options) as book:
        for name, table in sheets.items():
            _sheet(book, book.add_worksheet(name), grid(table) if isinstance(table, str) else table)
        for name, reference in (names or {}).items():
            book.define_name(name, f"={reference}")
        for name, text in (properties or {}).items():
            book.set_custom_property(name, text, "text")
    return path


def _sheet(book: Any, sheet: Any, cells: Grid) -> None:
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            bottom, right = _reach(cells, row, column)
            if (bottom, right) != (row, column):
                sheet.merge_range(row, column, bottom, right, "")
            _cell(book, sheet, row, column, cell)


def _reach(cells: Grid, row: int, column: int) -> tuple[int, int]:
    """The last row and column that are merged with a cell."""
    right = column
    while cells[row][column] != "<" and right + 1 < len(cells[row]) and cells[row][right + 1] == "<":
        right += 1
    bottom = row
    while cells[row][column] != "^" and bottom + 1 < len(cells) and cells[bottom + 1][column : column + 1] == ["^"]:
        bottom += 1
    return bottom, right


def _cell(book: Any, sheet: Any, row: int, column: int, cell: str) -> None:
    if cell in ("", "<", "^"):
        return
    if _ERROR.fullmatch(cell):
        sheet.write_formula(row, column, "=1/0", None, cell)
    elif cell.startswith("="):
        formula, _, value = cell.partition(" -> ")
        sheet.write_formula(row, column, formula, None, float(value) if value else "")
    elif cell in ("#TRUE", "#FALSE"):
        sheet.write_boolean(row, column, cell == "#TRUE")
    elif cell.startswith("#"):
        padded = re.fullmatch(r"#(0\d+)", cell)
        sheet.write_number(row, column, float(cell[1:]), book.add_format({"num_format": "0" * len(padded[1])}) if padded else None)
    elif moment := _MOMENT.fullmatch(cell):
        shown = "yyyy-mm-dd hh:mm" if moment[2] else "yyyy-mm-dd"
        sheet.write_datetime(row, column, datetime.fromisoformat(moment[1] + (moment[2] or "")), book.add_format({"num_format": shown}))
    else:
        sheet.write_string(row, column, cell.removeprefix("'").replace("\\n", "\n"))


def cover(**values: str) -> str:
    """A cover sheet by labels: branch_code, branch, year, date."""
    labels = {"branch_code": "工会编码", "branch": "填报单位", "year": "年度", "date": "填报日期"}
    return "\n".join(f"| {label} | {values.get(key, '')} |" for key, label in labels.items())


def check(path: Path, **options: Any) -> Report:
    """What `ledgerkit validate` finds in a file or folder."""
    return validate([path], Options(**options))


def asked(*codes: str) -> tuple[str, ...]:
    """These rules with all that silence them: a run of these alone finds of these codes what a run of every rule does, sooner."""
    return (*codes, *UNREADABLE, *(speaker for speaker, silent in YIELDS if {*codes} & {*silent}))


def of(report: Report, *codes: str) -> list[Finding]:
    """The findings of some rules in report order. Raises where one of them was not asked for: that it found nothing would say nothing."""
    left_out = {status.rule for status in report.statuses if "not asked for with --rules" in {each.sentence for each in status.because}}
    assert not left_out & {*codes}
    return [finding for finding in report.findings if finding.rule in codes]


def found(report: Report, *without: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """(rule, cell, observed, expected) of every finding in report order, those of some rules left out."""
    return [(f.rule, f.cell, f.observed, f.expected) for f in report.findings if f.rule not in without]


def one(report: Report, *without: str) -> Finding:
    """The only finding, those of some rules left out."""
    (finding,) = [f for f in report.findings if f.rule not in without]
    return finding


def said(finding: Finding) -> tuple[str, str]:
    """Its whole message in Chinese and in English."""
    return wording.message(finding, "zh"), wording.message(finding, "en")


def counts(report: Report, sheet: int = 0) -> tuple[int, int, int, int]:
    """Rows read, blank, total and rejected of one sheet."""
    of = report.book.sheets[sheet]
    return of.rows_read, of.rows_blank, of.rows_total, of.rows_rejected


def reasons(report: Report) -> dict[str, str]:
    """File → the code it was rejected for, "" where it counts."""
    return {source.path: source.problem for source in report.book.sources}


def excel(path: Path, sheet: str | None, cell: str | None) -> str:
    """The text that a cell holds according to openpyxl, the tests' second reader: ISO dates, whole numbers without a decimal point."""
    book = openpyxl.load_workbook(path, data_only=True)
    value = book[sheet or book.sheetnames[0]][cell or "A1"].value
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00").removesuffix(":00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def foots(report: Report) -> None:
    """Every row read is used or rejected, and the amounts of the sheets are those of the tables."""
    for name, table in report.book.read.items():
        sheets = [s for s in report.book.sheets if s.ledger == name and not report.book.sources[s.file].problem]
        used = report.book.used[name]
        assert sum(s.rows_read for s in sheets) == len(table) == len(used) + sum(s.rows_rejected for s in sheets), name
        money = table.ledger.money if table.ledger else None
        if money:
            assert sum(s.amount or 0 for s in sheets) == int(used[money].fillna(0).sum()), name
            left = table.where(~table["_used"])
            assert sum(s.amount_rejected or 0 for s in sheets) == int(left[money].fillna(0).sum()), name


def rejoined(rows: Sequence[Sequence[str]]) -> Grid:
    """Rows of one length."""
    longest = max(len(row) for row in rows)
    return [[*row, *[""] * (longest - len(row))] for row in rows]
