"""What a planter is: a small function that plants one rule's fault in a copy of books, kept in a PlantSet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledgerkit.model.finding import Finding
from ledgerkit.rules.base import Because

if TYPE_CHECKING:  # a planter is handed a Copy; the Copy knows the edits of this module
    from ledgerkit.drill.copies import Copy

# Which of the rows that a fault could be planted in is taken: the first, the last, one that the seed chooses.
PLACES = ("first", "last", "any")
# One row of a ledger's frame.
Row = Any


class Cannot(Exception):
    """A fault cannot be planted in these books; `because` says why."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence, values)
        self.because = Because(sentence, tuple(values.items()))


@dataclass(frozen=True)
class Verbatim:
    """A cell to be written as it stands, in place of a value of its column's type."""

    cell: object


@dataclass(frozen=True)
class Edit:
    """One thing that was changed in a copy; `was` and `becomes` are cells as their keeper sees them.

    `kind`: cell, number (kept as one in place of text), text (in place of a number), heading, added (`was` is the row it was copied from), cleared (a row), total, or what a sheet or file does not show as it is:
    filter, hidden_rows, rounded, error, uncalculated, removed (a sheet), file, copied (a file), template.
    """

    kind: str
    file: str
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    ledger: str = ""
    field: str = ""
    was: str = ""
    becomes: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a fault must be found: in a row of a sheet; a row None: anywhere in the file, a file "": anywhere in the branch."""

    file: str = ""
    sheet: str = ""
    row: int | None = None

    def has(self, finding: Finding) -> bool:
        """Whether a finding stands here."""
        if not self.file:
            return True
        if finding.file != self.file:
            return False
        return self.row is None or (finding.sheet == self.sheet and finding.row == self.row)


@dataclass(frozen=True)
class Planter:
    """How one fault of a rule is planted: `do` changes the copy and gives the rows in which it must be found.

    `branches`: of how many branches the copy is; `alone`: it changes what rules see of other copies beside it, and has a run of its own.
    """

    rule: str
    name: str
    do: "Callable[[Copy], Row | list[Row] | Spot]"
    places: tuple[str, ...] = PLACES
    branches: int = 1
    alone: bool = False


@dataclass(frozen=True)
class Plant:
    """One fault that was planted, in which branches, and where it must be found."""

    planter: Planter
    place: str
    branches: tuple[str, ...]
    edits: tuple[Edit, ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one plant. `found`: its rule's findings at its place, `elsewhere`: its rule's other new ones, `also`: other rules' new ones.

    `because`: why its rule does not run on the books of its branch, so that nothing came of it.
    """

    plant: Plant
    found: tuple[Finding, ...] = ()
    elsewhere: tuple[Finding, ...] = ()
    also: tuple[Finding, ...] = ()
    because: tuple[Because, ...] = ()

    @property
    def result(self) -> str:
        """found, elsewhere (the rule speaks, and of another row) or missed."""
        return "found" if self.found else "elsewhere" if self.elsewhere else "missed"


@dataclass
class PlantSet:
    """Planters by rule, in an object that can be seen."""

    planters: list[Planter] = field(default_factory=list)

    def plant(self, rule: str, **how: Any) -> "Callable[[Callable[[Copy], Any]], Callable[[Copy], Any]]":
        """Declares a planter of a rule's fault; `how`: Planter's places, branches, alone. A rule may have several."""

        def add(do: "Callable[[Copy], Any]") -> "Callable[[Copy], Any]":
            self.planters.append(Planter(rule, do.__name__, do, **how))
            return do

        return add

    def __iter__(self) -> Iterator[Planter]:
        return iter(self.planters)
