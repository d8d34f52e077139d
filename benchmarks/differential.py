"""Every cell of a generated corpus as ledgerkit reads it and as openpyxl does: how many were compared, how many differ, and why.

Values, and beside them what each says of error cells, formulas, merged ranges and what is hidden. A difference that no class explains ends the
run with exit status 1. `python benchmarks/differential.py [CELLS] [SEED]`, by default 1,100,000 cells from seed 0.
"""

import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from corpus_writers import workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ledgerkit.model.period import EPOCH_1900, EPOCH_1904
from ledgerkit.reading.engine import read_file
from ledgerkit.reading.raw import Place, RawFile, RawSheet

CELLS, IN_A_BOOK, SHOWN = 1_100_000, 10_000, 20
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_XML_SPACES = dict.fromkeys(map(ord, " \t\r\n"))


@dataclass(frozen=True)
class Spot:
    """One place where either reader has something: what ledgerkit has, what openpyxl has, and what is known of the place."""

    ours: Any
    theirs: Any
    base_1904: bool = False
    covered: bool = False
    uncalculated: bool = False


@dataclass(frozen=True)
class Difference:
    """A class of differences: its name, the reason, and whether a spot is one."""

    name: str
    reason: str
    holds: Callable[[Spot], bool]


def _plain(text: Any) -> str | None:
    """A text with its _xHHHH_ escapes read, from left to right; openpyxl has dropped x005F_ from some already. Nothing is the empty text."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.replace("x005F_", "")) if isinstance(text, str) else None if text else ""


def _packed(text: Any) -> str | None:
    """A text without the four spaces of XML."""
    plain = _plain(text)
    return None if plain is None else plain.translate(_XML_SPACES)


def _of_serial(spot: Spot) -> bool:
    """Whether ledgerkit has the day that openpyxl's number counts to."""
    if not isinstance(spot.ours, date) or not isinstance(spot.theirs, int | float):
        return False
    # Excel's 1900 has a 29 February.
    late = not spot.base_1904 and spot.theirs < 60
    return bool(_at_midnight(spot.ours) == (EPOCH_1904 if spot.base_1904 else EPOCH_1900) + timedelta(days=spot.theirs + late))


CLASSES = (
    Difference(
        "formula never calculated",
        "openpyxl has nothing there; ledgerkit puts = in the cell, so that it does not pass for a blank (G021)",
        lambda spot: spot.uncalculated and spot.ours == "=" and spot.theirs is None,
    ),
    Difference(
        "value under a merge",
        "openpyxl drops what a merged range covers; ledgerkit reads it, as Excel's sums do (G012 names the range)",
        lambda spot: spot.covered and spot.theirs is None,
    ),
    Difference(
        "escaped character",
        "openpyxl leaves _x000D_ and its like as they are written; they are read here as Excel reads them",
        lambda spot: isinstance(spot.theirs, str) and spot.ours == _plain(spot.theirs),
    ),
    Difference(
        "escape that is meant as text",
        "openpyxl drops x005F_ from a shared string only, and leaves what else is escaped; _x005F_x000D_ is the text _x000D_ here, as in Excel",
        lambda spot: isinstance(spot.ours, str) and bool(_ESCAPED.search(spot.ours)) and _plain(spot.ours) == _plain(spot.theirs),
    ),
    Difference(
        "spaces nobody asked to keep",
        'spaces and line breaks at the ends of a text without xml:space="preserve" are layout of the XML; openpyxl keeps them',
        lambda spot: (
            isinstance(spot.theirs, str) and _packed(spot.ours) == _packed(spot.theirs) and len(spot.ours or "") < len(spot.theirs)
        ),
    ),
    Difference(
        "date format named by number alone",
        "openpyxl does not know the numbers 27 to 58 of a Chinese Excel and gives the count of days; here it is the day",
        _of_serial,
    ),
    Difference(
        "number beyond the calendar, formatted as a date",
        "openpyxl makes #VALUE! of it; here it stays the number that is stored, which is no date (G009)",
        lambda spot: isinstance(spot.ours, float) and spot.theirs == "#VALUE!",
    ),
    Difference(
        "negative number formatted as a date",
        "openpyxl counts back from the first day, the engine gives a clock time; neither is an amount or a day of a ledger (G008, G009)",
        lambda spot: isinstance(spot.ours, time) and isinstance(spot.theirs, datetime) and spot.theirs < EPOCH_1904,
    ),
)


@dataclass
class Outcome:
    """What was compared: cells with something in them, facts about places, differences by class, examples of those that no class explains."""

    books: int = 0
    cells: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def compare(path: Path, outcome: Outcome) -> None:
    """Adds what two readers make of a workbook to an outcome."""
    raw = read_file(path, path.name)
    assert not raw.problem, f"{path.name}: {raw.problem} {raw.observed}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values, formulas = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    assert [sheet.name for sheet in raw.sheets] == values.sheetnames
    assert raw.base_1904 == (values.epoch == CALENDAR_MAC_1904)
    outcome.books += 1
    for sheet in raw.sheets:
        covered = {place for top, bottom in sheet.merges for place in _inside(top, bottom) if place != top}
        facts = _facts(sheet, values[sheet.name], formulas[sheet.name])
        for name, (ours, theirs) in facts.items():
            outcome.facts[name] += len(ours | theirs)
            outcome.unexplained += [f"{path.name} {sheet.name}: {name} {place}" for place in sorted((ours ^ theirs) - covered)]
        for place, spot in _spots(raw, sheet, values[sheet.name], facts["uncalculated"][1], covered):
            outcome.cells += 1
            if not _same(spot.ours, spot.theirs):
                _put(outcome, spot, f"{path.name} {sheet.name} {place}: {spot.ours!r} and {spot.theirs!r}")


def _put(outcome: Outcome, spot: Spot, said: str) -> None:
    found = next((of.name for of in CLASSES if of.holds(spot)), None)
    if found:
        outcome.classes[found] += 1
    else:
        outcome.unexplained.append(said)


def _spots(raw: RawFile, sheet: RawSheet, theirs: Any, uncalculated: set[Place], covered: set[Place]) -> Iterator[tuple[Place, Spot]]:
    ours = {(row, column): cell for row, line in enumerate(sheet.rows) for column, cell in enumerate(line) if cell not in ("", None)}
    read = {
        (row, column): cell
        for row, line in enumerate(theirs.iter_rows(values_only=True))
        for column, cell in enumerate(line)
        if cell not in ("", None)
    }
    for place in sorted(ours.keys() | read.keys()):
        yield place, Spot(ours.get(place), read.get(place), raw.base_1904, place in covered, place in uncalculated)


def _inside(top: Place, bottom: Place) -> Iterator[Place]:
    return ((row, column) for row in range(top[0], bottom[0] + 1) for column in range(top[1], bottom[1] + 1))


def _facts(sheet: RawSheet, values: Any, formulas: Any) -> dict[str, tuple[set[Any], set[Any]]]:
    """What both say of places: error cells, formulas, formulas never calculated, merged ranges, hidden rows and columns, the sheet's state."""
    truth = sheet.truth
    of_formulas = {(cell.row - 1, cell.column - 1) for row in formulas.iter_rows() for cell in row if cell.data_type == "f"}
    cells = [cell for row in values.iter_rows() for cell in row]
    empty = {(cell.row - 1, cell.column - 1) for cell in cells if cell.value is None}
    errors = {
        (cell.row - 1, cell.column - 1)
        for cell in cells
        if cell.data_type == "e" and not isinstance(sheet.rows[cell.row - 1][cell.column - 1], float)  # a number beyond the calendar
    }
    merges = {((of.min_row - 1, of.min_col - 1), (of.max_row - 1, of.max_col - 1)) for of in values.merged_cells.ranges}
    rows = {number - 1 for number, of in values.row_dimensions.items() if of.hidden}
    columns = {number - 1 for of in values.column_dimensions.values() if of.hidden for number in range(of.min, of.max + 1)}
    return {
        "error cells": (set(truth.errors), errors),
        "formulas": ({place for area in truth.formulas for place in _inside(*area)}, of_formulas),
        "uncalculated": (set(truth.uncalculated), of_formulas & empty),
        "merged ranges": (set(sheet.merges), merges),
        "hidden rows": ({row for first, last in truth.hidden_rows for row in range(first, last + 1)}, rows),
        "hidden columns": ({column for first, last in truth.hidden_columns for column in range(first, last + 1)}, columns),
        "states": ({truth.state}, {values.sheet_state}),
    }


def _at_midnight(value: Any) -> Any:
    return datetime.combine(value, time()) if isinstance(value, date) and not isinstance(value, datetime) else value


def _same(ours: Any, theirs: Any) -> bool:
    """Whether both are one value of one kind; a day is its midnight."""
    ours = _at_midnight(ours)
    kinds = [bool if isinstance(value, bool) else float if isinstance(value, int | float) else type(value) for value in (ours, theirs)]
    return kinds[0] is kinds[1] and (float(ours) == float(theirs) if kinds[0] is float else ours == theirs)


def run(cells: int, seed: int, folder: Path) -> Outcome:
    """Makes workbooks and compares them until that many cells were compared."""
    outcome = Outcome()
    while outcome.cells < cells:
        path = workbook(folder, seed + outcome.books, min(IN_A_BOOK, cells))
        compare(path, outcome)
        path.unlink()
    return outcome


def main(cells: int = CELLS, seed: int = 0) -> int:
    """Prints the figures; 1 where a difference is unexplained."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(cells, seed, Path(folder))
    print(f"{outcome.cells:,} cells of {outcome.books} workbooks compared with openpyxl {openpyxl.__version__} (seeds from {seed})")
    print("places compared: " + ", ".join(f"{count:,} {name}" for name, count in outcome.facts.items()))
    for of in CLASSES:
        print(f"{outcome.classes[of.name]:>9,}  {of.name}: {of.reason}")
    print(f"{outcome.classes.total():>9,}  differ and are explained, {len(outcome.unexplained)} unexplained")
    print(*outcome.unexplained[:SHOWN], sep="\n")
    return 1 if outcome.unexplained else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
