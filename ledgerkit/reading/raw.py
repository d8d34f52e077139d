"""What the engine hands over: plain cells and facts, nothing typed yet. A worker can send it as it is."""

from dataclasses import dataclass, field
from functools import cached_property

from ledgerkit.reading.digests import row_digests

Cell = object
Place = tuple[int, int]
Range = tuple[Place, Place]
Run = tuple[int, int]


def letter(column: int) -> str:
    """Excel's letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column, counted from 0, of Excel's letters, which are capitals."""
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - 64
    return number - 1


def address(place: Place) -> str:
    """The A1 address of a place."""
    return f"{letter(place[1])}{place[0] + 1}"


@dataclass(frozen=True)
class Truth:
    """What calamine cannot see of one sheet, by (row, column) from 0; of .xls, .xlsb and .ods nothing is known.

    `errors`: error cells; `uncalculated`: formulas never calculated; `formulas`: where formulas stand, calculated or not; `padding`:
    digits that a format of zeros shows; `shown`: what a cell shows where its format rounds or scales the number, "" where it shows
    nothing. Rows and columns hidden are runs, first and last. `filters`: the ranges of filters left on. `state`: visible, hidden or veryHidden.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: frozenset[Place] = frozenset()
    padding: dict[Place, int] = field(default_factory=dict)
    formulas: tuple[Range, ...] = ()
    shown: dict[Place, str] = field(default_factory=dict)
    hidden_rows: tuple[Run, ...] = ()
    hidden_columns: tuple[Run, ...] = ()
    filters: tuple[Range, ...] = ()
    state: str = "visible"


@dataclass(frozen=True)
class RawSheet:
    """One sheet: rows from Excel row 1, column A; merged ranges as ((row, column), (row, column)), both from 0."""

    name: str
    rows: list[list[Cell]]
    merges: list[Range]
    truth: Truth

    @cached_property
    def digests(self) -> tuple[str, str]:
        """The digests of its rows and of its columns; where its reader worked them out they come with it."""
        return row_digests(self.rows)


@dataclass(frozen=True)
class RawFile:
    """One file. `problem` is its F code where it could not be read, `observed` what it is instead, `case` which of the rule's sentences fits.

    `encoding` is that of a text file, "" for a workbook. `truthful` is False where a blank may be an error cell.
    `annotated`: an annotated copy whose index sheet is still there; that sheet is none of `sheets`.
    `handed_on`: a lower federation's data folder has its cells; the workbook itself is not here.
    """

    path: str
    sha256: str
    problem: str = ""
    observed: str = ""
    sheets: tuple[RawSheet, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    base_1904: bool = False
    truthful: bool = True
    annotated: bool = False
    case: str = ""
    encoding: str = ""
    handed_on: bool = False

    @property
    def typed(self) -> bool:
        """Whether cells have types of their own: in a text file a number is text and nothing is wrong with that."""
        return not self.encoding


class Refused(Exception):
    """A file that cannot be read: its F code, what it is instead, which of the rule's sentences fits."""

    def __init__(self, code: str, observed: str = "", case: str = "") -> None:
        super().__init__(code, observed, case)
        self.code, self.observed, self.case = code, observed, case
