"""The planter: one fault a rule and shape, in books of its own, and where it must be found. Each rule's definition is the papers' to the letter."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from branch import Branch, Row

PLACES = ("any", "first", "last", "after blanks", "second file")
IN_ORDER = ("any", "after blanks", "second file")
WIDE = (*PLACES, "wide")


@dataclass(frozen=True)
class Mark:
    """What must be found: at any of these rows, in any of these columns. No rows: anywhere in the branch. `rule`: another than the plant's."""

    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    rule: str = ""
    file: str = ""
    sheet: str = ""
    cells: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Recipe:
    """How to plant a fault. `stage`: before the budget is drawn up (facts), after it (settled), in the sheets, in the folder."""

    rule: str
    name: str
    do: Callable[..., "Mark | list[Mark] | None"]
    shapes: tuple[str, ...]
    stage: str = "facts"
    places: tuple[str, ...] = PLACES
    as_of: str = ""
    policy: str = ""
    two: bool = False
    style: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plant:
    """One plant: a recipe in a shape at a place."""

    recipe: Recipe
    shape: str
    place: str


RECIPES: list[Recipe] = []


def plant(rule: str, *shapes: str, **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a function that plants a rule's fault in these shapes: "at" the limit (no fault), "just" over it, "far" over it."""

    def register(do: Callable[..., Any]) -> Callable[..., Any]:
        RECIPES.append(Recipe(rule, do.__name__, do, shapes, **how))
        return do

    return register


def at(row: Row, *columns: str, rule: str = "") -> Mark:
    """The fault stands at this row, in one of these columns."""
    return Mark((row,), columns, rule)


def plants(wanted: tuple[str, ...]) -> Iterator[Plant]:
    """Every plant of the rules wanted (codes or prefixes; none: all): a rule's first recipe at every place, its others in every shape; each limit once."""
    seen: Counter[str] = Counter()
    for recipe in RECIPES:
        turn = seen[recipe.rule]
        seen[recipe.rule] += 1
        if wanted and not recipe.rule.startswith(wanted):
            continue
        faulty = [shape for shape in recipe.shapes if shape != "at"]
        for number in range(max(len(faulty), 0 if turn else len(recipe.places)) if faulty else 0):
            yield Plant(recipe, faulty[number % len(faulty)], recipe.places[(turn + number) % len(recipe.places)])
        if "at" in recipe.shapes:
            yield Plant(recipe, "at", recipe.places[turn % len(recipe.places)])


def planted(branch: Branch, recipe: Recipe, *more: Any) -> list[Mark]:
    """Plants and says where it must be found; a plant at the limit marks its row, too, so that it can be placed."""
    marks = recipe.do(branch, *more)
    return [] if marks is None else [marks] if isinstance(marks, Mark) else list(marks)
