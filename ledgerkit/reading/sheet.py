"""One recognised sheet to typed rows, each row accounted for: blank, note, total, used or rejected."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest
from typing import Any, Literal, TypeVar

import pandas as pd

from ledgerkit.model import money, period
from ledgerkit.model.schema import Field
from ledgerkit.model.text import fold
from ledgerkit.reading.cells import KEPT, Column, Context, Fault, as_text, is_blank, read_column
from ledgerkit.reading.headers import Layout, Match, bare, blank_row
from ledgerkit.reading.raw import Cell, Place, RawFile, RawSheet, letter

RowKind = Literal["blank", "note", "total", "read"]
TOTAL_WORDS = ("合计", "小计", "总计", "累计", "total", "subtotal", "grandtotal")
_SUBTOTAL = re.compile(r"小计|subtotal")
_NOTE_WORDS = re.compile(r"制表|审核|主席|负责人|填表|说明|注|prepared|reviewed|note", re.IGNORECASE)
REVERSAL = ("红冲", "reversal")
LONGEST_TOTAL_LABEL = 12
NO_ROW = -1
Fact = TypeVar("Fact")


@dataclass(frozen=True)
class CellFault:
    """A faulty cell: which row of the frame (NO_ROW: none, as in a total row), which field, its column and row from 0."""

    at: int
    field: Field
    column: int
    row: int
    fault: Fault


@dataclass(frozen=True)
class Declared:
    """A total that the sheet states, beside what its details add up to (both minor units), and how many could not be read."""

    row: int
    column: str
    field: str
    declared: int
    details: int
    unread: int


@dataclass
class SheetRows:
    """A sheet typed. `columns` has by field, and as `_row`, `_col` and `_used`, a value a read row (dues melted), None where there is none.

    `unread` has by field the positions of the cells that could not be read.
    """

    layout: Layout
    columns: dict[str, list[Any]]
    unread: dict[str, set[int]]
    faults: list[CellFault]
    declared: list[Declared]
    blank: int
    totals: int
    notes: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were read."""
        return len(self.columns["_row"])


def read_sheet(file: RawFile, sheet: RawSheet, layout: Layout) -> SheetRows:
    """The rows of a recognised sheet. Trailing blank rows are not counted."""
    last = next((at for at in range(len(sheet.rows) - 1, -1, -1) if not blank_row(sheet.rows[at])), -1) + 1
    kinds = _kinds(sheet.rows[layout.first_row : last], layout)
    grid, totals = (_Grid(file, sheet, layout, [at for at, kind in kinds.items() if kind == wanted]) for wanted in ("read", "total"))
    columns = {item.key: grid.typed(item, layout.matches[item.key]) for item in layout.ledger.fields if item.key in layout.matches}
    months = {number: grid.typed(layout.ledger["paid"], match) for number, match in layout.months.items()}
    declared, broken = _declared(grid, totals, columns, months)
    values, unread, faults, empty = _melted(grid, columns, months) if layout.is_wide else _straight(grid, columns)
    counts = Counter(kinds.values())
    notes = [" ".join(as_text(c) for c in sheet.rows[at] if not is_blank(c)) for at, kind in kinds.items() if kind == "note"]
    rows = SheetRows(layout, values, unread, [*faults, *broken], declared, counts["blank"] + counts["note"] + empty, counts["total"], notes)
    _check_signs(rows)
    values["_used"] = _used(rows)
    for column, heading in layout.extras.items():
        name = heading if heading not in rows.extras else f"{heading} ({letter(column)})"
        rows.extras[name] = [as_text(cell) for cell in grid.cells(column)]
    return rows


class _Grid:
    """Some rows of a sheet (from 0), a column at a time."""

    def __init__(self, file: RawFile, sheet: RawSheet, layout: Layout, rows: Sequence[int]) -> None:
        self.file, self.sheet, self.layout, self.rows = file, sheet, layout, rows
        self._columns = list(zip_longest(*(sheet.rows[at] for at in rows), fillvalue=""))
        errors = {place: Fault("G020", text) for place, text in sheet.truth.errors.items()}
        self._broken = self._by_column({**errors, **dict.fromkeys(sheet.truth.uncalculated, Fault("G021", None))})
        self._padding = self._by_column(sheet.truth.padding)

    def cells(self, column: int) -> Sequence[Cell]:
        return self._columns[column] if column < len(self._columns) else [""] * len(self.rows)

    def typed(self, item: Field, match: Match) -> Column:
        context = Context(item, match.scale, self.file.base_1904, typed=self.file.typed)
        return read_column(context, self.cells(match.column), self._broken.get(match.column, {}), self._padding.get(match.column, {}))

    def _by_column(self, facts: Mapping[Place, Fact]) -> dict[int, dict[int, Fact]]:
        """By column what is known of cells that lie in the rows, by position."""
        position = {at: n for n, at in enumerate(self.rows)} if facts else {}
        found: dict[int, dict[int, Fact]] = {}
        for (at, column), fact in facts.items():
            if at in position:
                found.setdefault(column, {})[position[at]] = fact
        return found


def _kinds(rows: Sequence[Sequence[Cell]], layout: Layout) -> dict[int, RowKind]:
    """What each row of a sheet from its first data row on is, by its place in the sheet."""
    named = _any_of(rows, layout.key_columns, _names_row)
    paid = _any_of(rows, layout.money_columns, lambda cell: not is_blank(cell))
    return {at: _kind(*row, layout) for at, row in enumerate(zip(rows, named, paid, strict=True), layout.first_row)}


def _any_of(rows: Sequence[Sequence[Cell]], columns: Sequence[int], holds: Callable[[Cell], bool]) -> list[bool]:
    """By row whether one of some columns holds something; each distinct cell of a column is asked once."""
    found = [False] * len(rows)
    for column in columns:
        cells = [row[column] if column < len(row) else "" for row in rows]
        answers = {cell: holds(cell) for cell in set(cells)}
        found = [known or answers[cell] for known, cell in zip(found, cells, strict=True)]
    return found


def _kind(row: Sequence[Cell], named: bool, paid: bool, layout: Layout) -> RowKind:
    """Blank, total (a total's word and no key), note (a sign-off or remark, no required money), else read."""
    if named and paid:
        return "read"
    if not named and blank_row(row):
        return "blank"
    if not named and _is_total(_texts(row)):
        return "total"
    if _sparse(row, layout) and _is_note(row, layout):
        return "note"
    return "read"


def _names_row(key: Cell) -> bool:
    """Whether a key's cell holds one: neither blank nor a total's word."""
    return not is_blank(key) and not (isinstance(key, str) and _is_total([bare(key)]))


def _texts(row: Sequence[Cell]) -> list[str]:
    """The texts of a row, folded."""
    return [bare(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]


def _sparse(row: Sequence[Cell], layout: Layout) -> bool:
    """Whether a row has too little of the required columns to be a detail: a note may lie across the key column."""
    required = [_at(row, layout, key) for key in layout.ledger.required]
    return 2 * sum(not is_blank(cell) for cell in required) <= len(required)


def _is_note(row: Sequence[Cell], layout: Layout) -> bool:
    """Whether a row's first text signs off or remarks and no money stands beside it: the text itself may stand in the money's column."""
    text = "".join(_texts(row)[:1])
    paid = [row[column] for column in layout.money_columns if column < len(row) and not is_blank(row[column])]
    return bool(_NOTE_WORDS.search(text)) and all(isinstance(cell, str) and bare(cell) == text for cell in paid)


def _is_total(texts: Sequence[str]) -> bool:
    """Whether a cell is a total's word, or the first text ends with one (支出合计): a remark that holds one makes no total."""
    named = bool(texts) and len(texts[0]) <= LONGEST_TOTAL_LABEL and texts[0].endswith(TOTAL_WORDS)
    return named or any(text in TOTAL_WORDS for text in texts)


def _at(row: Sequence[Cell], layout: Layout, key: str) -> Cell:
    match = layout.matches.get(key)
    return row[match.column] if match and match.column < len(row) else ""


# What the rows of a sheet become: columns, cells that could not be read, faults, and how many rows count as blank.
_Rows = tuple[dict[str, list[Any]], dict[str, set[int]], list[CellFault], int]


def _straight(grid: _Grid, columns: Mapping[str, Column]) -> _Rows:
    """One read row a sheet row."""
    layout = grid.layout
    values: dict[str, list[Any]] = {"_row": [at + 1 for at in grid.rows], "_col": [""] * len(grid.rows)}
    values |= {key: column.values for key, column in columns.items()}
    unread = {key: column.unread for key, column in columns.items() if column.faults}
    faults = [
        CellFault(at, layout.ledger[key], layout.matches[key].column, grid.rows[at], fault)
        for key, column in columns.items()
        for at, fault in column.faults.items()
    ]
    return values, unread, faults, 0


def _melted(grid: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column]) -> _Rows:
    """One read row a filled month cell; a member's row without any is counted as blank. The month is 1…12 until the year is known."""
    places = _filled_months(len(grid.rows), columns, months)
    rows = [at for at, _ in places]
    first = {at: n for n, at in reversed(list(enumerate(rows)))}
    letters = {number: letter(match.column) for number, match in grid.layout.months.items()}
    repeated = {key: column for key, column in columns.items() if key not in ("period", "paid", "due")}
    values: dict[str, list[Any]] = {"_row": [grid.rows[at] + 1 for at in rows], "_col": [letters[number] for _, number in places]}
    values |= {key: [column.values[at] for at in rows] for key, column in repeated.items()}
    if "waived" in values:  # the row's waiver, once
        values["waived"] = [waiver if first[at] == n else 0 for n, (at, waiver) in enumerate(zip(rows, values["waived"], strict=True))]
    paid = [months[number].cells[at] for at, number in places]
    values |= {"period": [number for _, number in places], "paid": [0 if blank else value for value, _, blank in paid]}
    unread = {key: {n for n, at in enumerate(rows) if at in bad} for key, column in repeated.items() if (bad := column.unread)}
    unread["paid"] = {n for n, (_, fault, _) in enumerate(paid) if fault and fault.code not in KEPT}
    return values, unread, list(_melted_faults(grid, columns, months, places, first)), len(grid.rows) - len(first)


def _filled_months(count: int, columns: Mapping[str, Column], months: Mapping[int, Column]) -> list[tuple[int, int]]:
    """(row, month) of each filled month of wide rows; of the first month where only a waiver is filled, so that it is not lost."""
    waived = [(value or 0) > 0 for value in columns["waived"].values] if "waived" in columns else [False] * count
    places: list[tuple[int, int]] = []
    for at in range(count):
        filled = [(at, number) for number, month in months.items() if not month.cells[at][2]]
        places += filled or ([(at, min(months))] if waived[at] else [])
    return places


def _melted_faults(
    grid: _Grid,
    columns: Mapping[str, Column],
    months: Mapping[int, Column],
    places: Sequence[tuple[int, int]],
    first: Mapping[int, int],
) -> Iterator[CellFault]:
    """Faults of wide dues: a month's at its own row, another's at the member's first, or at none where no month is filled."""
    layout = grid.layout
    for n, (at, number) in enumerate(places):
        if fault := months[number].faults.get(at):
            yield CellFault(n, layout.ledger["paid"], layout.months[number].column, grid.rows[at], fault)
    for key, repeated in columns.items():
        for at, fault in repeated.faults.items():
            yield CellFault(first.get(at, NO_ROW), layout.ledger[key], layout.matches[key].column, grid.rows[at], fault)


def _check_signs(rows: SheetRows) -> None:
    """Money below 0 (relief: not above 0) is unreadable, but for signed fields and rows whose remark says that they reverse another."""
    remarks = rows.columns.get("remark") or [None] * rows.count
    for item in rows.layout.ledger.fields:
        if item.type != "money" or item.key not in rows.columns or item.signed:
            continue
        amounts, least = rows.columns[item.key], 1 if item.positive else 0
        below = [at for at, amount in enumerate(amounts) if amount is not None and amount < least]
        wrong = [at for at in below if not (item.positive and _reverses(remarks[at]))]
        for at in wrong:
            shown, case = money.show(amounts[at]), "zero" if amounts[at] == 0 else "sign"
            fault = Fault("G008", shown, "> 0" if item.positive else ">= 0", case)
            rows.faults.append(CellFault(at, item, _column_of(rows, item, at), rows.columns["_row"][at] - 1, fault))
            amounts[at] = None
        if wrong:
            rows.unread.setdefault(item.key, set()).update(wrong)


def _reverses(remark: str | None) -> bool:
    return remark is not None and remark.casefold().startswith(REVERSAL)


def _column_of(rows: SheetRows, item: Field, at: int) -> int:
    """The column of a field's cell, from 0; of a melted month that month's."""
    if rows.layout.is_wide and item.key == "paid":
        return rows.layout.months[rows.columns["period"][at]].column
    return rows.layout.matches[item.key].column


def _used(rows: SheetRows) -> list[bool]:
    """A row is used when its required key columns and, where required, its ledger's own money could be read."""
    ledger = rows.layout.ledger
    wanted = [(key, ledger.key_else.get(key)) for key in ledger.key if key in ledger.key_else or ledger[key].need == "R"]
    wanted += [(ledger.money, None)] if ledger.money and ledger[ledger.money].need == "R" else []
    used = [True] * rows.count
    for key, other in wanted:
        there = [one or another for one, another in zip(_filled(rows, key), _filled(rows, other), strict=True)]
        used = [so_far and filled for so_far, filled in zip(used, there, strict=True)]
    return used


def _filled(rows: SheetRows, key: str | None) -> list[bool]:
    """By row whether its cell has a readable value. A column that the sheet lacks is filled nowhere."""
    return [value is not None and value != "" for value in rows.columns[key]] if key in rows.columns else [False] * rows.count


def _declared(
    grid: _Grid, totals: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column]
) -> tuple[list[Declared], list[CellFault]]:
    """Each total row's money beside its details, and the totals that cannot be read."""
    declared: list[Declared] = []
    broken: list[CellFault] = []
    if not totals.rows:
        return declared, broken
    layout = grid.layout
    summed = [(layout.matches[key], column) for key, column in columns.items() if layout.ledger[key].type == "money"]
    summed += [(layout.months[number], column) for number, column in months.items()]
    groups = _groups(columns, len(grid.rows))
    starts = [-1, *totals.rows]
    is_sub = [any(_SUBTOTAL.search(fold(cell)) for cell in grid.sheet.rows[at] if isinstance(cell, str)) for at in totals.rows]
    for match, typed in summed:
        stated = totals.typed(layout.ledger[match.field], match)
        broken += [
            CellFault(NO_ROW, layout.ledger[match.field], match.column, totals.rows[n], fault)
            for n, fault in sorted(stated.faults.items())
            if fault.code not in KEPT
        ]
        sums = [_Sums(grid.rows, typed, group) for group in groups]
        for n, (value, _, blank) in enumerate(stated.cells):
            if value is not None and not blank:
                details = _details(sums, value, starts[n] if is_sub[n] else -1, (starts[n], totals.rows[n]))
                declared.append(Declared(totals.rows[n] + 1, letter(match.column), match.field, value, *details))
    return declared, broken


class _Sums:
    """What a money column adds up to between two rows of its sheet, and how many of its cells could not be read, in a group of its rows."""

    def __init__(self, rows: Sequence[int], typed: Column, group: Sequence[bool]) -> None:
        bad = typed.unread
        self._rows = rows
        self._money = list(accumulate((value or 0 if inside else 0 for value, inside in zip(typed.values, group, strict=True)), initial=0))
        self._unread = list(accumulate((inside and at in bad for at, inside in enumerate(group)), initial=0))

    def between(self, after: int, before: int) -> tuple[int, int]:
        first, last = bisect_right(self._rows, after), bisect_left(self._rows, before)
        return self._money[last] - self._money[first], self._unread[last] - self._unread[first]


def _details(groups: Sequence[_Sums], stated: int, after: int, since: tuple[int, int]) -> tuple[int, int]:
    """What a total's details add up to, and how many could not be read.

    A sub-total is of the rows since the last total row; any other total of all rows above, or of those, or of one group, if they agree.
    """
    sums = [group.between(start, since[1]) for group in groups for start in dict.fromkeys((after, since[0]))]
    return next((found for found in sums if found[0] == stated), sums[0])


def _groups(columns: Mapping[str, Column], count: int) -> list[list[bool]]:
    """The rows that a total may be of: all; in a budget, all but parents (which repeat their children), and those of one direction."""
    if "direction" not in columns or "code" not in columns:
        return [[True] * count]
    codes, directions = ([value or "" for value in columns[key].values] for key in ("code", "direction"))
    above = _parents(codes)
    leaves = [code not in above for code in codes]
    by_direction = (
        [leaf and own == direction for leaf, own in zip(leaves, directions, strict=True)] for direction in sorted(set(directions))
    )
    return [leaves, *by_direction]


def _parents(codes: Iterable[str]) -> set[str]:
    """The codes that another, longer code begins with."""
    listed = set(codes)
    return {code[:cut] for code in listed for cut in range(1, len(code))} & listed


def is_parent(codes: "pd.Series[str]") -> "pd.Series[bool]":
    """Mask of the codes that another, longer code begins with."""
    return codes.isin(_parents(codes))


def with_year(rows: SheetRows, year: int | None) -> None:
    """Puts the books' year to the months of a wide dues sheet; where no year is known its months are not known either."""
    if rows.layout.is_wide and year:
        rows.columns["period"] = [period.month(year, number) for number in rows.columns["period"]]
    elif rows.layout.is_wide:
        rows.columns["period"] = [None] * rows.count
        rows.unread["period"] = set(range(rows.count))
