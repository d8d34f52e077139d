"""One recognised sheet to typed rows, each row accounted for: blank, note, total, used or rejected."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ledgerkit.model import period
from ledgerkit.model.schema import Field, fold
from ledgerkit.model.table import DTYPES, show
from ledgerkit.reading.cells import KEPT, Column, Context, Fault, as_text, is_blank, read_column
from ledgerkit.reading.headers import Layout, blank_row
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, letter

RowKind = Literal["blank", "note", "total", "read"]
TOTAL_WORDS = ("合计", "小计", "总计", "累计", "total")
_SUBTOTAL = re.compile(r"小计|subtotal")
_NOTE_WORDS = re.compile(r"制表|审核|主席|负责人|填表|说明|注|prepared|reviewed|note", re.IGNORECASE)
_REVERSAL = ("红冲", "reversal")
LONGEST_TOTAL_LABEL = 12


@dataclass(frozen=True)
class CellFault:
    """A faulty cell of a read row: which row of the frame, which field, where."""

    at: int
    field: Field
    column: str
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
    last = max((at for at, row in enumerate(sheet.rows) if not blank_row(row)), default=-1) + 1
    kinds = {at: _kind(sheet.rows[at], layout) for at in range(layout.first_row, last)}
    read = [at for at, kind in kinds.items() if kind == "read"]
    grid = _Grid(file, sheet, layout, read)
    columns = {item.key: grid.column(item) for item in layout.ledger.fields if item.key in layout.matches}
    months = {at: grid.month_column(at) for at in layout.months}
    declared = list(_declared(grid, kinds, columns, months))
    notes = [" ".join(as_text(c) for c in sheet.rows[at] if not is_blank(c)) for at, kind in kinds.items() if kind == "note"]
    frame, unread, faults, empty = _melted(grid, columns, months) if layout.is_wide else _straight(grid, columns)
    counted = list(kinds.values())
    rows = SheetRows(
        layout, frame, unread, faults, declared, counted.count("blank") + counted.count("note") + empty, counted.count("total"), notes
    )
    _check_signs(rows)
    frame["_used"] = _used(rows)
    rows.extras = {
        text: [as_text(sheet.rows[at][c]) if c < len(sheet.rows[at]) else "" for at in read] for c, text in layout.extras.items()
    }
    return rows


class _Grid:
    """The read rows of a sheet, a column at a time."""

    def __init__(self, file: RawFile, sheet: RawSheet, layout: Layout, read: Sequence[int]) -> None:
        self.file, self.sheet, self.layout, self.read = file, sheet, layout, read

    def cells(self, column: int, rows: Sequence[int]) -> list[Cell]:
        return [self.sheet.rows[at][column] if column < len(self.sheet.rows[at]) else "" for at in rows]

    def typed(self, item: Field, column: int, rows: Sequence[int], scale: int) -> Column:
        truth = self.sheet.truth
        broken = {n: Fault("G020", truth.errors[at, column]) for n, at in enumerate(rows) if (at, column) in truth.errors}
        broken |= {n: Fault("G021", None) for n, at in enumerate(rows) if (at, column) in truth.uncalculated}
        padding = {n: truth.padding[at, column] for n, at in enumerate(rows) if (at, column) in truth.padding}
        return read_column(Context(item, scale, self.file.base_1904), self.cells(column, rows), broken, padding)

    def column(self, item: Field) -> Column:
        match = self.layout.matches[item.key]
        return self.typed(item, match.column, self.read, match.scale)

    def month_column(self, column: int) -> Column:
        return self.typed(self.layout.ledger["paid"], column, self.read, 1)


def _kind(row: Sequence[Cell], layout: Layout) -> RowKind:
    """Blank, total (a total's word and no key), note (a sign-off or remark, no required money), else read."""
    if blank_row(row):
        return "blank"
    texts = [fold(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
    keys = [_at(row, layout, key) for key in (*layout.ledger.key, *layout.ledger.key_else.values())]
    if any(_is_total_label(text) for text in texts) and all(is_blank(key) or _is_total_label(fold(str(key))) for key in keys):
        return "total"
    money = [] if layout.ledger.money is None else [_at(row, layout, layout.ledger.money)]
    money += [row[column] for column in layout.months if column < len(row)]
    if texts and _NOTE_WORDS.search(texts[0]) and all(is_blank(cell) for cell in money) and _sparse(row, layout):
        return "note"
    return "read"


def _sparse(row: Sequence[Cell], layout: Layout) -> bool:
    """Whether a row has too little of the required columns to be a detail: a note may lie across the key column."""
    required = [_at(row, layout, key) for key in layout.ledger.required]
    return 2 * sum(not is_blank(cell) for cell in required) <= len(required)


def _is_total_label(text: str) -> bool:
    body = text.rstrip(":：")
    return len(body) <= LONGEST_TOTAL_LABEL and (body.endswith(TOTAL_WORDS) or body.startswith(TOTAL_WORDS))


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
    unread = {key: column.unread for key, column in columns.items()}
    faults = [
        CellFault(at, layout.ledger[key], letter(layout.matches[key].column), fault)
        for key, column in columns.items()
        for at, fault in column.faults.items()
    ]
    return frame, unread, faults, 0


def _melted(
    grid: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column]
) -> tuple[pd.DataFrame, dict[str, "pd.Series[bool]"], list[CellFault], int]:
    """One frame row a filled month cell; a member's row without any is counted as blank. The month is 1…12 until the year is known."""
    places = [(at, column) for at in range(len(grid.read)) for column in months if not months[column].blank.iloc[at]]
    rows = [at for at, _ in places]
    repeated = {
        key: column.values.iloc[rows].reset_index(drop=True) for key, column in columns.items() if key not in ("period", "paid", "due")
    }
    frame = pd.DataFrame(repeated, index=range(len(places)))
    frame.insert(0, "_row", pd.Series([grid.read[at] + 1 for at in rows], dtype="Int64"))
    frame.insert(1, "_col", pd.Series([letter(column) for _, column in places], dtype="str"))
    frame["period"] = pd.Series([grid.layout.months[column] for _, column in places], dtype="Int64")
    frame["paid"] = pd.Series([months[column].values.iloc[at] for at, column in places], dtype="Int64")
    unread = {key: columns[key].unread.iloc[rows].reset_index(drop=True) for key in repeated}
    unread["paid"] = pd.Series(
        [months[c].faults.get(at) is not None and months[c].faults[at].code not in KEPT for at, c in places], dtype=bool
    )
    return frame, unread, list(_melted_faults(grid, columns, months, places)), len(set(range(len(grid.read))) - set(rows))


def _melted_faults(
    grid: _Grid, columns: Mapping[str, Column], months: Mapping[int, Column], places: Sequence[tuple[int, int]]
) -> Iterator[CellFault]:
    layout = grid.layout
    first: dict[int, int] = {}
    for n, (at, column) in enumerate(places):
        first.setdefault(at, n)
        if fault := months[column].faults.get(at):
            yield CellFault(n, layout.ledger["paid"], letter(column), fault)
    for key, repeated in columns.items():
        for at, fault in repeated.faults.items():
            if at in first:
                yield CellFault(first[at], layout.ledger[key], letter(layout.matches[key].column), fault)


def _check_signs(rows: SheetRows) -> None:
    """Money below 0 (relief: not above 0) is unreadable, but for signed fields and rows whose remark says that they reverse another."""
    ledger, frame = rows.layout.ledger, rows.frame
    reversal = frame["remark"].str.startswith(_REVERSAL).fillna(False) if "remark" in frame else pd.Series(False, index=frame.index)
    for item in ledger.fields:
        if item.type != "money" or item.key not in frame or item.signed:
            continue
        wrong = (frame[item.key] <= 0) & ~reversal if item.positive else frame[item.key] < 0
        for at in frame.index[wrong.fillna(False).astype(bool)]:
            column = frame.at[at, "_col"] if rows.layout.is_wide and item.key == "paid" else letter(rows.layout.matches[item.key].column)
            shown = show(frame.at[at, item.key], "money")
            rows.faults.append(CellFault(int(at), item, str(column), Fault("G008", shown, "> 0" if item.positive else ">= 0")))
        mask = wrong.fillna(False).astype(bool)
        frame.loc[mask, item.key] = pd.NA
        rows.unread[item.key] = rows.unread.get(item.key, pd.Series(False, index=frame.index)) | mask


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


def _declared(grid: _Grid, kinds: Mapping[int, RowKind], columns: Mapping[str, Column], months: Mapping[int, Column]) -> Iterator[Declared]:
    """Each total row's money beside its details."""
    layout = grid.layout
    summed = [(layout.matches[key].column, key, column) for key, column in columns.items() if layout.ledger[key].type == "money"]
    summed += [(at, "paid", column) for at, column in months.items()]
    totals = [at for at, kind in kinds.items() if kind == "total"]
    groups = _groups(columns, len(grid.read))
    for column, key, typed in summed:
        before = -1
        for at in totals:
            stated = grid.typed(layout.ledger[key], column, [at], layout.matches[key].scale if key in layout.matches else 1)
            if not stated.values.isna().iloc[0] and not stated.blank.iloc[0]:
                sub = any(_SUBTOTAL.search(fold(cell)) for cell in grid.sheet.rows[at] if isinstance(cell, str))
                details = _details(grid.read, typed, groups, int(stated.values.iloc[0]), before if sub else -1, (before, at))
                yield Declared(at + 1, letter(column), key, int(stated.values.iloc[0]), *details)
            before = at


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


def with_year(rows: SheetRows, year: int) -> None:
    """Puts the books' year to the months of a wide dues sheet."""
    if rows.layout.is_wide:
        rows.frame["period"] = rows.frame["period"] + period.month(year, 1) - 1
