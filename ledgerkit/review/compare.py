"""Two contents of a summary compared: as it is, and as its sources and policy give it."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from ledgerkit.locale import Lang, catalogue
from ledgerkit.model.summary import DEPENDENCIES, SOURCES_SHEET
from ledgerkit.reading.content import Content, SheetContent
from ledgerkit.reading.raw import Place, address, letter
from ledgerkit.review import flags
from ledgerkit.review.difference import Difference, of_cell, text_of
from ledgerkit.review.flags import Flags

_ROW_NUMBERS = re.compile(r"(?<=[A-Z])\$?\d+")


@dataclass(frozen=True)
class Compared:
    """What differs in a summary, and what does not count but is said."""

    differences: tuple[Difference, ...]
    notes: tuple[Difference, ...]


def compare(was: Content, now: Content, lang: Lang, unchecked: Set[str] = frozenset()) -> Compared:
    """`was` is the re-run's content, `now` the summary's. `unchecked`: columns of Flags (keys) that are left out."""
    listed = flags.Comparison(Flags.of(was, lang), Flags.of(now, lang), unchecked)
    differences = [*_sheets(was, now), *_names(was, now)]
    if listed.now.sheets:
        differences += listed.differences()
    for name in was.sheets:
        if name in now.sheets and name not in listed.was.sheets:
            differences += _sheet(name, was.sheets[name], now.sheets[name], listed, name == catalogue(lang).gettext(SOURCES_SHEET))
    for name, sheet in now.sheets.items():
        differences += _hidden(name, was.sheets.get(name, SheetContent({})), sheet, name in listed.now.sheets)
    return Compared(tuple(differences), (*_uncalculated(now), *listed.notes()))


def _sheets(was: Content, now: Content) -> Iterator[Difference]:
    yield from (Difference("sheet_missing", name) for name in was.sheets if name not in now.sheets)
    yield from (Difference("sheet_added", name) for name in now.sheets if name not in was.sheets)


def _names(was: Content, now: Content) -> Iterator[Difference]:
    for name in sorted(was.names.keys() | now.names.keys()):
        if was.names.get(name) != now.names.get(name):
            yield Difference("name", cell=name, was=was.names.get(name, ""), now=now.names.get(name, ""))


def _sheet(name: str, was: SheetContent, now: SheetContent, listed: flags.Comparison, is_sources: bool) -> Iterator[Difference]:
    """A sheet whose cells have their places; where nothing but whole rows was taken out or put in, those rows."""
    gap, shift = _gap(was, now)
    kind, there = ("row_missing", was) if shift < 0 else ("row_added", now)
    for row in gap:
        told = "  ".join(text_of(there, place) for place in sorted(there.values) if place[0] == row)
        yield Difference(kind, name, str(row + 1), **{"was" if shift < 0 else "now": told})
    first = gap.start if gap else 0
    for place, other in _pairs(was, now, gap, shift):
        if place in was.unlocked:
            continue
        ours, theirs = was.formulas.get(place), now.formulas.get(other)
        if ours and theirs and ours != theirs and not _alike(ours, theirs, listed, bool(gap) and place[0] >= first):
            yield Difference("formula", name, address(other), "=" + ours, "=" + theirs)
            continue
        for found in of_cell(name, was, place, now, other):
            label = was.values.get((place[0], 0))
            is_version = is_sources and place[1] == 1 and label in DEPENDENCIES and label == now.values.get((other[0], 0))
            yield Difference("dependency", name, found.cell, found.was, found.now, str(label)) if is_version else found
    yield from _validations(name, was, now)


def _alike(ours: str, theirs: str, listed: flags.Comparison, moved: bool) -> bool:
    """Whether two formulas differ only in what moved: rows and columns of Flags, or the rows below one that is gone."""
    if listed.was.told(ours) == listed.now.told(theirs):
        return True
    return moved and _ROW_NUMBERS.sub("", ours) == _ROW_NUMBERS.sub("", theirs)


def _gap(was: SheetContent, now: SheetContent) -> tuple[range, int]:
    """The rows (of the longer sheet) that were taken out (shift below 0) or put in above others, where nothing else differs; else none."""
    ours, theirs = _lines(was), _lines(now)
    shorter, shift = min(len(ours), len(theirs)), len(theirs) - len(ours)
    same = next((at for at in range(shorter) if ours[at] != theirs[at]), shorter)
    below = next((at for at in range(shorter) if ours[-1 - at] != theirs[-1 - at]), shorter)
    if not shift or same + below < shorter or same == shorter:
        return range(0), 0
    return range(same, same + abs(shift)), shift


def _lines(sheet: SheetContent) -> list[tuple[tuple[int, str], ...]]:
    """The rows as texts, without what people fill in and without formulas' results."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for place in sorted(sheet.values):
        if place not in sheet.unlocked and place not in sheet.formulas:
            rows.setdefault(place[0], []).append((place[1], text_of(sheet, place)))
    return [tuple(rows.get(row, ())) for row in range(max(rows, default=-1) + 1)]


def _pairs(was: SheetContent, now: SheetContent, gap: range, shift: int) -> Iterator[tuple[Place, Place]]:
    """Each cell with its place in the summary, in the order of the sheet."""
    ours, theirs = was.values.keys() | was.formulas.keys(), now.values.keys() | now.formulas.keys()
    after = gap.start + max(-shift, 0)
    if shift < 0:
        ours = {place for place in ours if place[0] not in gap}
    back = {place if place[0] < gap.start else (place[0] - shift, place[1]) for place in theirs if shift <= 0 or place[0] not in gap}
    for row, at in sorted(ours | (back if gap else theirs)):
        yield (row, at), ((row + shift, at) if gap and row >= after else (row, at))


def _validations(name: str, was: SheetContent, now: SheetContent) -> Iterator[Difference]:
    """Checks that are not ours, each once."""
    told: dict[tuple[str, str], Place] = {}
    for place in sorted(was.validations.keys() | now.validations.keys()):
        pair = tuple(
            " ".join((check.kind, *check.formulas)) if check else "" for check in (was.validations.get(place), now.validations.get(place))
        )
        if pair[0] != pair[1]:
            told.setdefault((pair[0], pair[1]), place)
    yield from (Difference("validation", name, address(place), ours, theirs) for (ours, theirs), place in told.items())


def _hidden(name: str, was: SheetContent, now: SheetContent, may_be_filtered: bool) -> Iterator[Difference]:
    if now.state != was.state:
        yield Difference("hidden_sheet", name)
    rows = set() if may_be_filtered and now.filtered else now.hidden_rows - was.hidden_rows
    yield from (Difference("hidden_row", name, told) for told in _runs(rows, {row: str(row + 1) for row in rows}))
    columns = now.hidden_columns - was.hidden_columns
    yield from (Difference("hidden_column", name, told) for told in _runs(columns, {at: letter(at) for at in columns}))


def _runs(numbers: Set[int], names: Mapping[int, str]) -> Iterator[str]:
    """Numbers that follow one another as one: 5:9."""
    for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        listed = [names[number] for _, number in run]
        yield listed[0] if len(listed) == 1 else f"{listed[0]}:{listed[-1]}"


def _uncalculated(now: Content) -> Iterator[Difference]:
    for name, sheet in now.sheets.items():
        count = len(sheet.uncalculated & sheet.formulas.keys())
        if count:
            yield Difference("uncalculated", name, now=str(count))
