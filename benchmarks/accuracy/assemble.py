"""Books to workbooks on disk, clean ones and planted ones, and the register of what must be found in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import books
from branch import Branch, Row
from layout import Layout, Style, lay_out, style
from plants import Mark, Plant, planted
from workbooks import write

LEAST, MOST = 40, 150
WIDE_SHARE = 0.25
SMALL = 14


@dataclass(frozen=True)
class Expected:
    """One line of the register: what must be found, and where: file, sheet and cells, any one of them; none at all: anywhere in the branch."""

    rule: str
    branch: str
    places: tuple[tuple[str, str, frozenset[str]], ...]


@dataclass(frozen=True)
class Planted:
    """A plant in its books: what must be found, in which branches."""

    name: str
    rule: str
    shape: str
    place: str
    branches: tuple[str, ...]
    expected: tuple[Expected, ...]


def build_clean(folder: Path, code: str, seed: str) -> tuple[int, tuple[Expected, ...]]:
    """Writes a clean branch; how many rows it has, and what must be said of it: dues of the year before are information."""
    rng = random.Random(f"{seed} style {code}")
    kept = replace(style(rng), wide=rng.random() < WIDE_SHARE)
    branch = books.clean(code, rng.randrange(LEAST, MOST + 1), seed, wide=kept.wide)
    layout = lay_out(branch, kept)
    write(layout, folder)
    told = [Mark((row,), ("period",), "D016") for row in branch.rows["dues"] if row.text("period").startswith("2014")]
    return sum(map(len, branch.rows.values())), tuple(_expected(mark, "", branch, layout) for mark in told)


def build_planted(folder: Path, number: int, plant: Plant, seed: str) -> Planted:
    """Writes the books of one plant: a small branch, or two."""
    recipe = plant.recipe
    rng = random.Random(f"{seed} plant {number} {recipe.name} {plant.shape} {plant.place}")
    wide = plant.place == "wide"
    branches = [_branch(f"{20_001 + 2 * number + turn}", seed, wide) for turn in range(1 + recipe.two)]
    branch = branches[0]
    marks = planted(branch, recipe, *branches[1:], plant.shape) if recipe.stage in ("facts", "settled") else []
    if recipe.stage == "facts":
        _settle(branches, recipe.rule)
    kept = replace(_plain(style(rng), wide, recipe.rule), **recipe.style)
    layouts = [_laid_out(one, kept, marks, plant.place) for one in branches]
    if recipe.stage == "sheets":
        marks = planted(branch, recipe, layouts[0], plant.shape)
    for layout in layouts:
        write(layout, folder)
    if recipe.stage == "folder":
        marks = planted(branch, recipe, folder, plant.shape)
    wanted = [mark for mark in marks if plant.shape != "at" or mark.rule]
    expected = tuple(_expected(mark, recipe.rule, branch, *layouts) for mark in wanted)
    return Planted(recipe.name, recipe.rule, plant.shape, plant.place, tuple(one.code for one in branches), expected)


def _branch(code: str, seed: str, wide: bool) -> Branch:
    return books.clean(code, SMALL, seed, stories=False, wide=wide)


def _settle(branches: Sequence[Branch], rule: str) -> None:
    for branch in branches:
        books.settle(branch)


def _plain(kept: Style, wide: bool, rule: str) -> Style:
    """Headings as the contract has them, so that a rule about headings finds only what was planted; wide dues where asked for."""
    language = "zh" if rule in ("G001", "G015", "G022", "G023") else kept.language
    return replace(kept, wide=wide, language=language)


def _laid_out(branch: Branch, kept: Style, marks: Sequence[Mark], place: str) -> Layout:
    targets = [row for mark in marks[:1] for row in mark.rows if row in set(branch.rows[row.ledger])]
    if place in ("first", "last") and len(targets) == 1:
        _moved(branch, targets[0], place)
    second = frozenset(targets) if place == "second file" else frozenset()
    split = targets[0].ledger if second else ""
    blanks = frozenset(targets) if place == "after blanks" else frozenset()
    return lay_out(branch, replace(kept, split=split), blanks, second)


def _moved(branch: Branch, row: Row, place: str) -> None:
    rows = branch.rows[row.ledger]
    rows.remove(row)
    rows.insert(0 if place == "first" else len(rows), row)


def _expected(mark: Mark, rule: str, branch: Branch, *layouts: Layout) -> Expected:
    places = [layout.places[row] for layout in layouts for row in mark.rows if row in layout.places]
    found = tuple((place.file, place.grid.name, place.cells(mark.columns)) for place in places)
    if mark.file:
        found = ((mark.file, mark.sheet, mark.cells),)
    return Expected(mark.rule or rule, branch.code, found)
