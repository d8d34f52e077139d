"""Every sample laid out in another way gives the same findings, each at the cell that its own moved to.

The workbooks are written anew from what was read of them, every cell at its new place: rows spread, columns shuffled, headings in the
other language, a title above and a blank column on the left. Of the large sample one branch is moved, and of one in two languages the Chinese; all of them in `make proof`.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import settings

from ledgerkit.audit import reconcile, validate
from ledgerkit.model.finding import Finding
from ledgerkit.model.report import Report
from ledgerkit.model.schema import words
from ledgerkit.reading.engine import read_file
from ledgerkit.reading.headers import Layout, recognise
from ledgerkit.reading.raw import Cell, Place, RawFile, RawSheet

SAMPLES = Path(__file__).parents[1] / "samples"
# Sample → what the names of its workbooks that the suite moves begin with, "" for all of them.
SHORT = {"branch-2015-zh": "", "branch-2015-en": "", "faults-2015": "", "organs-union-2015": "JG101"}
# Branch by branch clean: what is planted shows where they are merged, and at no cell that could move.
CLEAN = ("federation-2015",)
# The books of another sample in the other language.
TRANSLATED = "branch-2015-en"
WHOLE = settings.get_current_profile_name() == "proof"
ADDRESS = re.compile(r"(.*!)?[A-Z]{1,3}[1-9]\d*( .*)?")
_OWN_NAMES = re.compile(r"_xlnm\.|_FilterDatabase")


@dataclass(frozen=True)
class Move:
    """How a sheet is laid out anew: where each place goes, what text takes the place of a cell's, what stands there beside."""

    at: Callable[[Place], Place] = lambda place: place
    text: Mapping[Place, str] = field(default_factory=dict)
    beside: Mapping[Place, str] = field(default_factory=dict)


Way = Callable[[RawSheet, Layout], Move]


def rows_spread(sheet: RawSheet, layout: Layout) -> Move:
    """A blank row and one of spaces below every row."""
    first = layout.first_row
    blank = {(first + 3 * at + 2, 1): " \u3000" for at in range(len(sheet.rows) - first)}
    return Move(lambda place: (max(place[0], first) + 2 * max(place[0] - first, 0) - max(first - place[0], 0), place[1]), beside=blank)


def columns_shuffled(sheet: RawSheet, layout: Layout) -> Move:
    """Columns that one heading lies across stay together, and of two under one heading the first stays the first."""
    width = max(len(row) for row in sheet.rows)
    blocks = [[column] for column in range(width)]
    for top, bottom in sheet.merges:
        if top[0] >= layout.header_row and bottom[1] > top[1]:
            blocks = [b for b in blocks if not top[1] <= b[0] <= bottom[1]] + [list(range(top[1], bottom[1] + 1))]
    random.Random(sheet.name).shuffle(blocks)
    order = [column for block in blocks for column in block]
    for double in layout.doubles:
        first, second = sorted((order.index(layout.matches[double.field].column), order.index(double.column)))
        order[first], order[second] = layout.matches[double.field].column, double.column
    return Move(lambda place: (place[0], order.index(place[1]) if place[1] < width else place[1]))


def other_language(sheet: RawSheet, layout: Layout) -> Move:
    """Every heading that stands as in the template, in the template's other language."""
    listed = {}
    for match in layout.matches.values():
        item = layout.ledger[match.field]
        if match.exact and match.scale == 1:
            listed[match.row, match.column] = words(item.key) if any(letter >= "\u4e00" for letter in match.text) else item.zh
    return Move(text=listed)


def framed(sheet: RawSheet, layout: Layout) -> Move:
    """A title block of three rows above, a blank column on the left."""
    return Move(lambda place: (place[0] + 3, place[1] + 1), beside={(0, 1): "某机关工会台账", (1, 1): "单位：元"})


def sources(name: str) -> list[Path]:
    """The files of a sample that are moved."""
    listed = sorted(path for path in (SAMPLES / name / "books").iterdir())
    return [path for path in listed if WHOLE or re.match(SHORT[name], path.name)]


def relaid(name: str, folder: Path, way: Way) -> dict[tuple[str, str], Move]:
    """Writes the sample's workbooks anew below a folder; how each sheet was moved."""
    moves = {}
    for path in sources(name):
        raw = read_file(path, path.name)
        if raw.problem:
            (folder / path.name).write_bytes(path.read_bytes())
            continue
        layouts = {sheet.name: recognise(sheet) for sheet in raw.sheets}
        own = {s.name: way(s, layout) if isinstance(layout := layouts[s.name], Layout) else Move() for s in raw.sheets}
        write(raw, folder / path.name, own)
        moves |= {(path.name, sheet): move for sheet, move in own.items()}
    return moves


def write(raw: RawFile, path: Path, moves: Mapping[str, Move]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        for sheet in raw.sheets:
            _write_sheet(book, sheet, moves[sheet.name])
        for name, reference in raw.names.items():
            if not _OWN_NAMES.search(name):
                book.define_name(name, f"={reference}")
        for name, text in raw.properties.items():
            book.set_custom_property(name, text, "text")


def _write_sheet(book: Any, sheet: RawSheet, move: Move) -> None:
    page = book.add_worksheet(sheet.name)
    if sheet.truth.state != "visible":
        page.hide()
    for top, bottom in sheet.merges:
        (first, left), (last, right) = move.at(top), move.at(bottom)
        if (last - first, right - left) == (bottom[0] - top[0], bottom[1] - top[1]):
            page.merge_range(first, left, last, right, "")
    for row, line in enumerate(sheet.rows):
        for column, cell in enumerate(line):
            _write_cell(book, page, *move.at((row, column)), move.text.get((row, column), cell), sheet, (row, column))
    for place, text in move.beside.items():
        page.write_string(*place, text)


def _write_cell(book: Any, page: Any, row: int, column: int, cell: Cell, sheet: RawSheet, place: Place) -> None:
    if place in sheet.truth.uncalculated:
        page.write_formula(row, column, "=1+1", None, "")
    elif place in sheet.truth.errors:
        page.write_formula(row, column, "=1/0", None, cell)
    elif any(first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1] for first, last in sheet.truth.formulas):
        page.write_formula(row, column, "=1+1", None, cell)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, float):
        padding = sheet.truth.padding.get(place)
        page.write_number(row, column, cell, book.add_format({"num_format": "0" * padding}) if padding else None)
    elif isinstance(cell, date):
        shown = "yyyy-mm-dd hh:mm" if isinstance(cell, datetime) else "yyyy-mm-dd"
        page.write_datetime(row, column, cell, book.add_format({"num_format": shown}))
    elif cell != "":
        page.write_string(row, column, str(cell))


def run(name: str, folder: Path) -> Report:
    return validate([folder]) if name == "faults-2015" else reconcile([folder])


def facts(report: Report, moves: Mapping[tuple[str, str], Move]) -> Counter[tuple[object, ...]]:
    """The findings, each with the place that it is to move to; what names a cell in words is left out, and so is how headings were folded."""
    return Counter(
        (f.id, f.rule, str(f.severity), f.branch, f.column, f.key, _words(f.observed), _words(f.expected), f.amount, f.count, *_place(f, moves))
        for f in report.findings
        if f.rule != "G023"
    )  # fmt: skip


def _words(text: str | None) -> str | None:
    return None if text is None or ADDRESS.fullmatch(text) else text


def _place(finding: Finding, moves: Mapping[tuple[str, str], Move]) -> Iterator[object]:
    move = moves.get((finding.file or "", finding.sheet or ""), Move())
    yield finding.file
    yield finding.sheet
    if finding.cell:
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", finding.cell).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        yield move.at((int(digits) - 1, column - 1))
    else:
        yield move.at((finding.row - 1, 0))[0] if finding.row else None


@pytest.fixture(scope="module", params=sorted(name for name in SHORT if WHOLE or name != TRANSLATED))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report]:
    """A sample, and what is found in its workbooks as they are kept."""
    folder = tmp_path_factory.mktemp("kept")
    for path in sources(request.param):
        (folder / path.name).write_bytes(path.read_bytes())
    return request.param, run(request.param, folder)


@pytest.mark.parametrize("way", [rows_spread, columns_shuffled, other_language, framed])
def test_the_same_findings_at_the_moved_cells(sample: tuple[str, Report], way: Way, tmp_path: Path) -> None:
    name, kept = sample
    moves = relaid(name, tmp_path, way)
    wanted, got = facts(kept, moves), facts(run(name, tmp_path), {})
    assert (sorted(map(str, wanted - got)), sorted(map(str, got - wanted))) == ([], [])
    assert sum(wanted.values()) > 5
    assert moves and (way is other_language or wanted != facts(kept, {}))
    assert way is not other_language or sum(len(move.text) for move in moves.values()) > 20


def test_every_sample_is_moved() -> None:
    assert sorted([*SHORT, *CLEAN]) == sorted(path.name for path in SAMPLES.iterdir() if (path / "books").is_dir())
