"""What the engine hands over: plain cells and facts, nothing typed yet. A worker can send it as it is."""

from dataclasses import dataclass, field

Cell = object
Place = tuple[int, int]


def letter(column: int) -> str:
    """Excel's letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Truth:
    """What calamine cannot see of one sheet, by (row, column) from 0: error cells, formulas never calculated, zero-padded formats."""

    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: frozenset[Place] = frozenset()
    padding: dict[Place, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RawSheet:
    """One sheet: rows from Excel row 1, column A; merged ranges as ((row, column), (row, column)), both from 0."""

    name: str
    rows: list[list[Cell]]
    merges: list[tuple[Place, Place]]
    truth: Truth


@dataclass(frozen=True)
class RawFile:
    """One file. `problem` is its F code where it could not be read, `observed` what it is instead, `case` which of the rule's sentences fits.

    `encoding` is that of a text file, "" for a workbook. `truthful` is False where a blank may be an error cell.
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
    case: str = ""
    encoding: str = ""

    @property
    def typed(self) -> bool:
        """Whether cells have types of their own: in a text file a number is text and nothing is wrong with that."""
        return not self.encoding


class Refused(Exception):
    """A file that cannot be read: its F code, what it is instead, which of the rule's sentences fits."""

    def __init__(self, code: str, observed: str = "", case: str = "") -> None:
        super().__init__(code, observed, case)
        self.code, self.observed, self.case = code, observed, case
