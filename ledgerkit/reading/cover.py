"""The cover sheet: who sends the workbook, for which year. Defined names are tried first, then the labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ledgerkit import ledgers
from ledgerkit.model.period import parse_moment
from ledgerkit.model.schema import words
from ledgerkit.model.text import fold, narrow
from ledgerkit.reading.cells import Fault, as_text, is_blank
from ledgerkit.reading.raw import Cell, Place, RawFile, RawSheet
from ledgerkit.reading.truth import place_of

NAME = "cover_"
LEAST_LABELS = 2
# Label, value, and our template's hint.
MOST_CELLS = 3


@dataclass(frozen=True)
class Cover:
    """What a cover says, as text by field key; blank fields left out.

    `sheet` is where it stands, `lost` the defined names that are gone, `broken` its error cells and formulas never calculated, each
    with its field, row and column (from 0).
    """

    sheet: str
    values: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    broken: tuple[tuple[str, int, int, Fault], ...] = ()

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
        sheet = sheets[next(iter(placed.values()))[0]]
        own = {key: place for key, (name, place) in placed.items() if name == sheet.name}
        return _cover(sheet, {**_by_label(sheet), **own}, tuple(item.key for item in fields if item.key not in placed))
    found = ((sheet, _by_label(sheet)) for sheet in others)
    return next((_cover(sheet, places, tuple(named)) for sheet, places in found if len(places) >= LEAST_LABELS), None)


def _cover(sheet: RawSheet, places: Mapping[str, Place], lost: tuple[str, ...]) -> Cover:
    broken = {key: fault for key, place in places.items() if (fault := _fault(sheet, place))}
    whole = {key: _shown(sheet, *place) for key, place in places.items() if key not in broken}
    cover = Cover(sheet.name, {key: narrow(as_text(cell)).strip() for key, cell in whole.items() if not is_blank(cell)}, lost)
    for key, read, expected in (("year", cover.year, "2015"), ("date", cover.filled_on, "YYYY-MM-DD")):
        if key in cover.values and read is None:
            broken[key] = Fault("G009", cover.values[key], expected)
    return replace(cover, broken=tuple((key, *places[key], fault) for key, fault in broken.items()))


def _fault(sheet: RawSheet, place: Place) -> Fault | None:
    if place in sheet.truth.errors:
        return Fault("G020", sheet.truth.errors[place])
    return Fault("G021", None) if place in sheet.truth.uncalculated else None


def _by_label(sheet: RawSheet) -> dict[str, Place]:
    """Where each field's value stands by the labels: label in one cell, value in the next filled one of the row."""
    names = {fold(name): item.key for item in ledgers.load("cover").fields for name in (item.key, item.zh, words(item.key), *item.aliases)}
    places: dict[str, Place] = {}
    for at, row in enumerate(sheet.rows):
        filled = [column for column, cell in enumerate(row) if not is_blank(cell)]
        if not filled or len(filled) > MOST_CELLS:
            continue
        label = as_text(row[filled[0]])
        key = next(
            (names[text] for part in (label, *label.replace("/", "\n").split("\n")) if (text := fold(part).strip(":*")) in names), None
        )
        if key and key not in places:
            places[key] = (at, filled[1] if len(filled) > 1 else filled[0] + 1)
    return places


def _shown(sheet: RawSheet, row: int, column: int) -> Cell:
    """A cell, a padded number with the zeros that its format shows (a code kept as a number); "" beyond the sheet."""
    cell = sheet.rows[row][column] if row < len(sheet.rows) and column < len(sheet.rows[row]) else ""
    padding = sheet.truth.padding.get((row, column))
    return as_text(cell).zfill(padding) if padding and isinstance(cell, float) else cell
