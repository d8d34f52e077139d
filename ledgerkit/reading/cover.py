"""The cover sheet: who sends the workbook, for which year. Defined names are tried first, then the labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledgerkit import ledgers
from ledgerkit.model.period import parse_moment
from ledgerkit.model.schema import words
from ledgerkit.model.text import fold, narrow
from ledgerkit.reading.cells import as_text, is_blank
from ledgerkit.reading.raw import Cell, RawFile, RawSheet
from ledgerkit.reading.truth import place_of

NAME = "cover_"
LEAST_LABELS = 2


@dataclass(frozen=True)
class Cover:
    """What a cover says, as text by field key; blank fields left out. `sheet` is where it stands, `lost` the names that are gone."""

    sheet: str
    values: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    @property
    def branch_code(self) -> str:
        """The code, "" where it is blank."""
        return self.values.get("branch_code", "")

    @property
    def year(self) -> int | None:
        """The year, None where it is blank or no year."""
        text = self.values.get("year", "")[:4]
        return int(text) if text.isdecimal() and len(text) == 4 else None

    @property
    def filled_on(self) -> date | None:
        """The date of filling in, None where it is blank or no date."""
        moment = parse_moment(self.values.get("date", ""))
        return moment.date() if moment else None


def read_cover(file: RawFile, others: Sequence[RawSheet]) -> Cover | None:
    """The cover of a file, None where it has none. By labels it is looked for among the sheets that are no ledger."""
    fields = ledgers.load("cover").fields
    sheets = {sheet.name: sheet for sheet in file.sheets}
    named = {item.key: place_of(file.names.get(NAME + item.key, "")) for item in fields}
    placed = {key: place for key, place in named.items() if place and place[0] in sheets}
    if placed:
        sheet = next(iter(placed.values()))[0]
        cells = {key: _shown(sheets[name], *place) for key, (name, place) in placed.items()}
        lost = tuple(item.key for item in fields if item.key not in placed)
        labelled = _by_label(sheets[sheet]) if lost else {}
        return Cover(sheet, _texts({**labelled, **cells}), lost)
    found = ((sheet, _by_label(sheet)) for sheet in others)
    return next((Cover(sheet.name, _texts(cells), tuple(named)) for sheet, cells in found if len(cells) >= LEAST_LABELS), None)


def _by_label(sheet: RawSheet) -> dict[str, Cell]:
    """Fields by their labels: label in one cell, value in the next filled one of the row."""
    names = {fold(name): item.key for item in ledgers.load("cover").fields for name in (item.key, item.zh, words(item.key), *item.aliases)}
    cells: dict[str, Cell] = {}
    for at, row in enumerate(sheet.rows):
        filled = [_shown(sheet, at, column) for column, cell in enumerate(row) if not is_blank(cell)]
        if not filled or len(filled) > 3:
            continue
        labels = [fold(part).strip(":：*") for part in (as_text(filled[0]), *as_text(filled[0]).replace("/", "\n").split("\n"))]
        key = next((names[label] for label in labels if label in names), None)
        if key and key not in cells:
            cells[key] = filled[1] if len(filled) > 1 else ""
    return cells


def _shown(sheet: RawSheet, row: int, column: int) -> Cell:
    """A cell, a padded number with the zeros that its format shows (a code kept as a number); "" beyond the sheet."""
    cell = sheet.rows[row][column] if row < len(sheet.rows) and column < len(sheet.rows[row]) else ""
    padding = sheet.truth.padding.get((row, column))
    return as_text(cell).zfill(padding) if padding and isinstance(cell, float) else cell


def _texts(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {key: narrow(as_text(cell)).strip() for key, cell in cells.items() if not is_blank(cell)}
