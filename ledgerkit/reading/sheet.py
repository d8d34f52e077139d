"""One recognised sheet to typed rows, each row accounted for: blank, note, total, used or rejected."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

import pandas as pd

from ledgerkit.model import period
from ledgerkit.model.schema import Field
from ledgerkit.model.table import DTYPES, show
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
    """A sheet typed. `frame` has every read row (dues melted), with `_row`, `_col` and `_used`; masks are aligned with it."""

    layout: Layout
    frame: pd.DataFrame
    unread: dict[str, "pd.Series[bool]"]
    faults: list[CellFault]
    declared: list[Declared]
    blank: int
    totals: int
    notes: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)


def read_sheet(file: RawFile, sheet: RawSheet, layout: Layout) -> SheetRows:
    """The rows of a recognised sheet. Trailing blank rows are not counted."""
    last = next((at for at in range(len(sheet.rows) - 1, -1, -1) if not blank_row(sheet.rows[at])), -1) + 1
    kinds = _kinds(sheet.rows[layout.first_row : last], layout)
    grid = _Grid(file, sheet, layout, [at for at, kind in kinds.items() if kind == "read"])
    columns = {item.key: grid.typed(item, layout.matches[item.key]) for item in layout.ledger.fields if item.key in layout.matches}
    months = {number: grid.typed(layout.ledger["paid"], match) for number, match in layout.months.items()}
    declared, broken = _declared(grid, kinds, columns, months)
    frame, unread, faults, empty = _melted(grid, columns, months) if layout.is_wide else _straight(grid, columns)
    counts = Counter(kinds.values())
    notes = [" ".join(as_text(c) for c in sheet.rows[at] if not is_blank(c)) for at, kind in kinds.items() if kind == "note"]
    rows = SheetRows(layout, frame, unread, [*faults, *broken], declared, counts["blank"] + counts["note"] + empty, counts["total"], notes)
    _check_signs(rows)
    frame["_used"] = _used(rows)
    for column, heading in layout.extras.items():
        name = heading if heading not in rows.extras else f"{heading} ({letter(column)})"
        rows.extras[name] = [as_text(cell) for cell in grid.cells(column)]
    return rows


class _Grid:
    """Some rows of a sheet (from 0), a column at a time."""

    def __init__(self, file: RawFile, sheet: RawSheet, layout: Layout, rows: Sequence[int]) -> None:
        self.file, self.sheet, self.layout, self.read = file, sheet, layout, rows
        self._position = {at: n for n, at in enumerate(rows)}
        self._columns = list(zip_longest(*(sheet.rows[at] for at in rows), fillvalue=""))

    def cells(self, column: int) -> Sequence[Cell]:
        return self._columns[column] if column < len(self._columns) else [""] * len(self.read)

    def typed(self, item: Field, match: Match) -> Column:
        truth, column = self.sheet.truth, match.column
        broken = {n: Fault("G020", truth.errors[at, column]) for n, at in self._marked(truth.errors, column)}
        broken |= {n: Fault("G021", None) for n, _ in self._marked(truth.uncalculated, column)}
        padding = {n: truth.padding[at, column] for n, at in self._marked(truth.padding, column)}
        context = Context(item, match.scale, self.file.base_1904, typed=self.file.typed)
        return read_column(context, self.cells(column), broken, padding)

    def _marked(self, places: Iterable[Place], column: int) -> Iterator[tuple[int, int]]:
        """(position, row) of those places of a column that lie in the rows."""
        return ((self._position[at], at) for at, of in places if of == column and at in self._position)


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


def _straight(grid: _Grid, columns: Mapping[str, Column]) -> tuple[pd.DataFrame, dict[str, "pd.Series[bool]"], list[CellFault], int]:
    """One frame row a sheet row."""
    layout = grid.layout
    count = len(grid.read)
    data = {key: column.values for key, column in columns.items()}
    frame = pd.DataFrame(data, index=range(count))
    frame.insert(0, "_row", pd.Series([at + 1 for at in grid.read], dtype="Int64"))
    frame.insert(1, "_col", pd.Series([""] * count, dtype="str"))
    unread = {key: column.unread for key, column in columns.items() if column.faults}
    faults = [
        CellFault(at, layout.ledger[key], layout.matches[key].column, grid.read[at], fault)
        for key, column in columns.items()
        for at, fault in column.faults.items()
    ]
    return frame, unread, faults, 0


def _melted(
    grid: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column]
) -> tuple[pd.DataFrame, dict[str, "pd.Series[bool]"], list[CellFault], int]:
    """One frame row a filled month cell; a member's row without any is counted as blank. The month is 1…12 until the year is known."""
    waived = columns["waived"].values.fillna(0) > 0 if "waived" in columns else pd.Series(False, index=range(len(grid.read)))
    places = [place for at in range(len(grid.read)) for place in _filled_months(at, months, bool(waived.iloc[at]))]
    rows = [at for at, _ in places]
    repeated = {
        key: column.values.iloc[rows].reset_index(drop=True) for key, column in columns.items() if key not in ("period", "paid", "due")
    }
    frame = pd.DataFrame(repeated, index=range(len(places)))
    frame.insert(0, "_row", pd.Series([grid.read[at] + 1 for at in rows], dtype="Int64"))
    frame.insert(1, "_col", pd.Series([letter(grid.layout.months[number].column) for _, number in places], dtype="str"))
    frame["period"] = pd.Series([number for _, number in places], dtype="Int64")
    frame["paid"] = pd.Series(
        [0 if months[number].blank.iloc[at] else months[number].values.iloc[at] for at, number in places], dtype="Int64"
    )
    if "waived" in frame:  # the row's waiver, once
        frame.loc[pd.Series(rows, dtype="int64").duplicated(), "waived"] = 0
    unread = {key: columns[key].unread.iloc[rows].reset_index(drop=True) for key in repeated}
    unread["paid"] = pd.Series([bool(months[number].unread.iloc[at]) for at, number in places], dtype=bool)
    return frame, unread, list(_melted_faults(grid, columns, months, places)), len(set(range(len(grid.read))) - set(rows))


def _filled_months(at: int, months: Mapping[int, Column], waived: bool) -> list[tuple[int, int]]:
    """(row, month) of each filled month of a wide row; of the first month where only a waiver is filled, so that it is not lost."""
    filled = [(at, number) for number in months if not months[number].blank.iloc[at]]
    return filled or ([(at, min(months))] if waived else [])


def _melted_faults(
    grid: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column], places: Sequence[tuple[int, int]]
) -> Iterator[CellFault]:
    """Faults of wide dues: a month's at its own row, another's at the member's first, or at none where no month is filled."""
    layout = grid.layout
    first: dict[int, int] = {}
    for n, (at, number) in enumerate(places):
        first.setdefault(at, n)
        if fault := months[number].faults.get(at):
            yield CellFault(n, layout.ledger["paid"], layout.months[number].column, grid.read[at], fault)
    for key, repeated in columns.items():
        for at, fault in repeated.faults.items():
            yield CellFault(first.get(at, NO_ROW), layout.ledger[key], layout.matches[key].column, grid.read[at], fault)


def _check_signs(rows: SheetRows) -> None:
    """Money below 0 (relief: not above 0) is unreadable, but for signed fields and rows whose remark says that they reverse another."""
    ledger, frame = rows.layout.ledger, rows.frame
    remark = frame["remark"].str.casefold() if "remark" in frame else pd.Series("", index=frame.index)
    reversal = remark.str.startswith(REVERSAL).fillna(False).astype(bool)
    for item in ledger.fields:
        if item.type != "money" or item.key not in frame or item.signed:
            continue
        wrong = ((frame[item.key] <= 0) & ~reversal if item.positive else frame[item.key] < 0).fillna(False).astype(bool)
        if not wrong.any():
            continue
        for at in frame.index[wrong]:
            shown = show(frame.at[at, item.key], "money")
            fault = Fault("G008", shown, "> 0" if item.positive else ">= 0", "zero" if frame.at[at, item.key] == 0 else "sign")
            rows.faults.append(CellFault(int(at), item, _column_of(rows, item, int(at)), int(frame.at[at, "_row"]) - 1, fault))
        frame.loc[wrong, item.key] = pd.NA
        rows.unread[item.key] = rows.unread.get(item.key, pd.Series(False, index=frame.index)) | wrong


def _column_of(rows: SheetRows, item: Field, at: int) -> int:
    """The column of a field's cell, from 0; of a melted month that month's."""
    if rows.layout.is_wide and item.key == "paid":
        return rows.layout.months[int(rows.frame.at[at, "period"])].column
    return rows.layout.matches[item.key].column


def _used(rows: SheetRows) -> "pd.Series[bool]":
    """A row is used when its required key columns and, where required, its ledger's own money could be read."""
    ledger, frame = rows.layout.ledger, rows.frame
    used = pd.Series(True, index=frame.index)
    for key in ledger.key:
        there = _filled(frame, key)
        other = ledger.key_else.get(key)
        if other:
            used &= there | _filled(frame, other)
        elif ledger[key].need == "R":
            used &= there
    if ledger.money and ledger[ledger.money].need == "R":
        used &= _filled(frame, ledger.money)
    return used


def _filled(frame: pd.DataFrame, key: str) -> "pd.Series[bool]":
    """Mask of the rows whose cell has a readable value. A column that the sheet lacks is filled nowhere."""
    if key not in frame:
        return pd.Series(False, index=frame.index)
    column = frame[key]
    return column.notna() & (column != "") if column.dtype == DTYPES["text"] else column.notna()


def _declared(
    grid: _Grid, kinds: Mapping[int, RowKind], columns: Mapping[str, Column], months: Mapping[int, Column]
) -> tuple[list[Declared], list[CellFault]]:
    """Each total row's money beside its details, and the totals that cannot be read."""
    layout = grid.layout
    summed = [(layout.matches[key], column) for key, column in columns.items() if layout.ledger[key].type == "money"]
    summed += [(layout.months[number], column) for number, column in months.items()]
    totals = {at: _Grid(grid.file, grid.sheet, layout, [at]) for at, kind in kinds.items() if kind == "total"}
    groups = _groups(columns, len(grid.read))
    declared, broken = [], []
    for match, typed in summed:
        item = layout.ledger[match.field]
        for before, at in zip([-1, *totals], totals, strict=False):
            stated = totals[at].typed(item, match)
            broken += [CellFault(NO_ROW, item, match.column, at, fault) for fault in stated.faults.values() if fault.code not in KEPT]
            if stated.values.notna().iloc[0] and not stated.blank.iloc[0]:
                sub = any(_SUBTOTAL.search(fold(cell)) for cell in grid.sheet.rows[at] if isinstance(cell, str))
                value = int(stated.values.iloc[0])
                details = _details(grid.read, typed, groups, value, before if sub else -1, (before, at))
                declared.append(Declared(at + 1, letter(match.column), match.field, value, *details))
    return declared, broken


def _details(
    read: Sequence[int], typed: Column, groups: Sequence["pd.Series[bool]"], stated: int, after: int, since: tuple[int, int]
) -> tuple[int, int]:
    """What a total's details add up to, and how many could not be read.

    A sub-total is of the rows since the last total row; any other total of all rows above, or of those, or of one group, if they agree.
    """
    before = since[1]
    sums = [_sum(read, typed, group, start, before) for group in groups for start in dict.fromkeys((after, since[0]))]
    return next((found for found in sums if found[0] == stated), sums[0])


def _sum(read: Sequence[int], typed: Column, group: "pd.Series[bool]", after: int, before: int) -> tuple[int, int]:
    inside = pd.Series([after < at < before for at in read], dtype=bool) & group
    return int(typed.values[inside].fillna(0).sum()), int(typed.unread[inside].sum())


def _groups(columns: Mapping[str, Column], count: int) -> list["pd.Series[bool]"]:
    """The rows that a total may be of: all; in a budget, all but parents (which repeat their children), and those of one direction."""
    if "direction" not in columns or "code" not in columns:
        return [pd.Series(True, index=range(count))]
    codes, directions = columns["code"].values.fillna(""), columns["direction"].values.fillna("")
    leaves = ~is_parent(codes)
    return [leaves, *(leaves & (directions == direction) for direction in sorted(set(directions)))]


def is_parent(codes: "pd.Series[str]") -> "pd.Series[bool]":
    """Mask of the codes that another, longer code begins with."""
    listed = set(codes)
    longer = {code[:cut] for code in listed for cut in range(1, len(code))}
    return codes.isin(longer & listed) & (codes != "")


def with_year(rows: SheetRows, year: int | None) -> None:
    """Puts the books' year to the months of a wide dues sheet; where no year is known its months are not known either."""
    if rows.layout.is_wide and year:
        rows.frame["period"] = rows.frame["period"] + period.month(year, 1) - 1
    elif rows.layout.is_wide:
        rows.frame["period"] = pd.Series(pd.NA, index=rows.frame.index, dtype="Int64")
        rows.unread["period"] = pd.Series(True, index=rows.frame.index)
