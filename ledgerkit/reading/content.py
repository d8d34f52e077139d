"""All that a summary says, as plain values, whatever program saved it: what `verify` compares and the evidence file keeps digests of.

Values, cached results of formulas and what is hidden come from the engine, which has looked at the package first; formulas, locks and
validations from openpyxl.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledgerkit.errors import BadInput
from ledgerkit.locale import N_
from ledgerkit.model.stamp import KIND, SUMMARY
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.kind import OLE2
from ledgerkit.reading.locks import unlocked
from ledgerkit.reading.raw import Cell, Place, Range, RawFile, RawSheet, Run
from ledgerkit.reading.summary import NO_SUMMARY, UNREADABLE

MISSING = N_("{path} does not exist. Check the name of the summary.")
MOVING = N_("{path} is being changed by another program. Close it there and run again.")
MOST_MERGED = 1_000_000
# The texts of a formula, at every other place of what it is split into.
TEXTS = re.compile(r'("(?:[^"]|"")*")')
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?=!)")
_PREFIX = re.compile(r"_xl(?:fn|ws)\.", re.IGNORECASE)
# Names that programs make for themselves: filters, print areas and titles.
_OWN_NAMES = re.compile(r"_xl|_?(Excel_BuiltIn_)?_?(FilterDatabase|Print_)", re.IGNORECASE)


@dataclass(frozen=True)
class Validation:
    """What a cell takes: the kind of check, its formulas, and the cell that these are written for."""

    kind: str
    formulas: tuple[str, ...]
    origin: Place


@dataclass(frozen=True)
class SheetContent:
    """One sheet, by place from 0. `values` are filled cells and results of formulas; of a formula in `uncalculated` there is none.

    `shown`: what a number cell shows where its format hides, rounds or scales it; `forms`: number formats; `unlocked`: cells that people fill in.
    Hidden rows and columns are those that hold something. `filtered`: whether a filter leaves rows out. `state`: visible, hidden or veryHidden.
    """

    values: Mapping[Place, Cell]
    formulas: Mapping[Place, str] = field(default_factory=dict)
    uncalculated: frozenset[Place] = frozenset()
    shown: Mapping[Place, str] = field(default_factory=dict)
    forms: Mapping[Place, str] = field(default_factory=dict)
    unlocked: frozenset[Place] = frozenset()
    validations: Mapping[Place, Validation] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    state: str = "visible"


@dataclass(frozen=True)
class Content:
    """A workbook: its sheets in their order, defined names (those that programs make for themselves left out), custom properties."""

    sha256: str
    sheets: Mapping[str, SheetContent]
    names: Mapping[str, str]
    properties: Mapping[str, str]

    @property
    def cells(self) -> int:
        """How many cells hold something."""
        return sum(len(sheet.values) for sheet in self.sheets.values())


def read_summary(path: Path, passwords: Sequence[str] = ()) -> Content:
    """The content of a stranger's summary, looked at in a process of its own first. Raises BadInput for what is none."""
    if not path.is_file():
        raise BadInput(MISSING, path=path)
    with Readers([(path, path.name)], passwords=passwords) as readers:
        (raw,) = readers.files()
    if raw.problem:
        raise BadInput(UNREADABLE, path=path, code=raw.problem)
    if raw.properties.get(KIND) != SUMMARY:
        raise BadInput(NO_SUMMARY, path=path)
    # openpyxl makes an object of every cell under a merge.
    if any(sum(_area(merge) for merge in sheet.merges) > MOST_MERGED for sheet in raw.sheets):
        raise BadInput(UNREADABLE, path=path, code="F004")
    try:
        return content(path, raw, passwords)
    except Exception as error:  # openpyxl is stricter than the engine in some parts, and has no error of its own for it
        if isinstance(error, BadInput):
            raise
        raise BadInput(UNREADABLE, path=path, code=type(error).__name__) from error


def content(path: Path, raw: RawFile, passwords: Sequence[str] = ()) -> Content:
    """The content of a workbook that the engine has read already. Raises BadInput where the file is another by now."""
    from openpyxl import load_workbook

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != raw.sha256:
        raise BadInput(MOVING, path=path)
    with warnings.catch_warnings(action="ignore"):  # of extensions that it leaves out, and that are no content
        book = load_workbook(io.BytesIO(unlocked(data, passwords) if data.startswith(OLE2) else data), keep_links=False)
    names = {**book.defined_names, **{f"{sheet.title}!{key}": name for sheet in book for key, name in sheet.defined_names.items()}}
    told = {name: normal(found.attr_text or "") for name, found in names.items() if not _OWN_NAMES.match(name.rpartition("!")[2])}
    sheets = {sheet.name: _sheet(sheet, book[sheet.name]) for sheet in raw.sheets}
    return Content(raw.sha256, sheets, told, raw.properties)


def normal(formula: str) -> str:
    """A formula as every program would write it: no needless quotes round sheet names, no spaces, no prefixes of newer functions."""
    parts = TEXTS.split(formula.removeprefix("="))
    return "".join(part if at % 2 else _normal(part) for at, part in enumerate(parts))


def _normal(part: str) -> str:
    return "".join(_PREFIX.sub("", _QUOTED.sub(r"\1", part)).split())


def _sheet(raw: RawSheet, sheet: Any) -> SheetContent:
    values = {(row, at): cell for row, line in enumerate(raw.rows) for at, cell in enumerate(line) if cell not in ("", None)}
    truth = raw.truth
    for place in truth.uncalculated:
        values.pop(place, None)
    formulas, forms, unlocked_cells = _cells(sheet)
    size = (max((row for row, _ in values), default=-1) + 1, max((at for _, at in values), default=-1) + 1)
    return SheetContent(
        values,
        formulas,
        truth.uncalculated,
        truth.shown,
        forms,
        unlocked_cells,
        dict(_validations(sheet, size)),
        frozenset(row for row, _ in values if _among(row, truth.hidden_rows)),
        frozenset(column for _, column in values if _among(column, truth.hidden_columns)),
        bool(truth.filters),
        truth.state,
    )


def _area(cells: Range) -> int:
    """How many cells a range has."""
    (top, left), (bottom, right) = cells
    return (bottom - top + 1) * (right - left + 1)


def _among(number: int, runs: Sequence[Run]) -> bool:
    return any(first <= number <= last for first, last in runs)


def _cells(sheet: Any) -> tuple[dict[Place, str], dict[Place, str], frozenset[Place]]:
    """Formulas and number formats by place, and the cells that are not locked."""
    formulas, forms, unlocked_cells = {}, {}, set()
    # Those that are there: iter_rows() would make every cell up to the last one.
    for cell in sheet._cells.values():
        place = (cell.row - 1, cell.column - 1)
        if cell.has_style and not cell.protection.locked:
            unlocked_cells.add(place)
        if cell.data_type == "f":
            formulas[place] = _formula(cell.value)
        if cell.data_type in ("n", "f") and cell.value is not None:
            forms[place] = cell.number_format
    return formulas, forms, frozenset(unlocked_cells)


def _formula(value: Any) -> str:
    """A formula's text; of one over a range of results in braces with its range."""
    return normal(value) if isinstance(value, str) else f"{{{normal(getattr(value, 'text', '') or '')}}}{getattr(value, 'ref', '')}"


def _validations(sheet: Any, size: Place) -> Iterator[tuple[Place, Validation]]:
    """The check of each cell up to the last row and column that hold something; what only shows a message is none."""
    for found in sheet.data_validations.dataValidation:
        if found.type in (None, "none"):
            continue
        ranges = sorted((area.min_row, area.min_col, area.max_row, area.max_col) for area in found.sqref.ranges)
        compared = "" if found.type in ("list", "custom") else found.operator or "between"
        # LibreOffice writes a second formula where none is asked for.
        asked = (found.formula1, found.formula2) if compared.lower().endswith("between") else (found.formula1,)
        formulas = tuple(normal(formula) for formula in asked if formula)
        check = Validation(f"{found.type} {compared}".strip(), formulas, (ranges[0][0] - 1, min(area[1] for area in ranges) - 1))
        for top, left, bottom, right in ranges:
            rows, columns = range(top - 1, min(bottom, size[0])), range(left - 1, min(right, size[1]))
            yield from (((row, at), check) for row in rows for at in columns)
