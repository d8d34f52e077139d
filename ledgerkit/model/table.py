"""A Table: a ledger's rows, or a statement's, with the cell each came from in three ordinary columns.

The frame has a plain 0…n index. `_src` is an int into `Book.sheets` (−1 where a row stands nowhere), `_row` the Excel row,
`_col` the column letter of a value that came from a melted cell ("" elsewhere). `branch` is a column of every Table and the
first of every key. Types by column: text and choice are str ("" blank, NA unreadable), int and money Int64 (money in minor
units), month Int64 (year × 12 + month − 1), date and datetime datetime64, yesno boolean.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from ledgerkit.model import money, period
from ledgerkit.model.schema import FieldType, Ledger

# pandas keeps text in pyarrow where that happens to be installed; it is to be read and compared in one way on every machine.
pd.set_option("mode.string_storage", "python")

Kept = TypeVar("Kept")

PLACE: Mapping[str, FieldType] = {"_src": "int", "_row": "int", "_col": "text", "branch": "text"}
DTYPES: Mapping[str, str] = {
    "text": "str",
    "choice": "str",
    "int": "Int64",
    "money": "Int64",
    "month": "Int64",
    "date": "datetime64[s]",
    "datetime": "datetime64[s]",
    "yesno": "boolean",
}


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of one ledger or statement; a Table is equal to itself alone. `unread` has, by column, the mask of cells that could not be read."""

    name: str
    types: Mapping[str, FieldType]
    frame: pd.DataFrame
    key: tuple[str, ...] = ("branch",)
    ledger: Ledger | None = None
    unread: Mapping[str, "pd.Series[bool]"] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> "pd.Series":
        return self.frame[column]

    def __len__(self) -> int:
        return len(self.frame)

    def none(self) -> "pd.Series[bool]":
        """A mask that flags nothing."""
        return pd.Series(False, index=self.frame.index)

    def unreadable(self, column: str) -> "pd.Series[bool]":
        """Mask of the cells of a column that could not be read."""
        return self.unread.get(column, self.none())

    def any_unreadable(self, *columns: str) -> "pd.Series[bool]":
        """Mask of the rows in which one of some cells could not be read."""
        return pd.concat([self.unreadable(column) for column in columns], axis=1).any(axis=1)

    def where(self, mask: "pd.Series[bool]") -> "Table":
        """The rows of a mask as a Table of their own, index from 0."""
        kept = mask.fillna(False).astype(bool)
        unread = {column: bad[kept].reset_index(drop=True) for column, bad in self.unread.items()}
        return replace(self, frame=self.frame[kept].reset_index(drop=True), unread=unread)

    def at(self, row: int, column: str) -> Any:
        """One value as it stands in the frame (NA, NaT or "" where there is none)."""
        return self._arrays[column][row]

    def row(self, row: int) -> dict[str, Any]:
        """The values of one row by column, as `at` has each."""
        return {column: values[row] for column, values in self._arrays.items()}

    def minor(self, row: int, column: str) -> int | None:
        """Minor units (or a whole number) of one cell, None where there is none."""
        value = self.at(row, column)
        return None if pd.isna(value) else int(value)

    def share(self, row: int, part: str, whole: str) -> str | None:
        """One amount of a row ÷ another to four decimals; None where either is not there or the whole is 0."""
        one, of = self.minor(row, part), self.minor(row, whole)
        return None if one is None or of is None else money.ratio(one, of)

    def show(self, row: int, column: str) -> str | None:
        """Canonical text of one value (money 123.45, ISO date, YYYY-MM, choice key), None where there is none."""
        return show(self.at(row, column), self.types[column])

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        """The columns' arrays: a value of an array costs a fiftieth of one asked of the frame."""
        return {column: values.array for column, values in self.frame.items()}


def show(value: Any, kind: FieldType) -> str | None:
    """Canonical text of a typed value; None for NA, "" stays "" (a blank text)."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if kind == "money":
        return money.show(int(value))
    if kind == "month":
        return period.show_month(int(value))
    if kind in ("date", "datetime"):
        return period.show_moment(pd.Timestamp(value).to_pydatetime())
    if kind == "yesno":
        return "yes" if value else "no"
    return str(value)


def make(name: str, types: Mapping[str, FieldType], rows: Iterable[Mapping[str, object]], key: tuple[str, ...] = ("branch",)) -> Table:
    """A statement Table from rows of typed values; columns left out are NA ("" for text), a row without a place stands nowhere."""
    whole = {**PLACE, **types}
    listed = list(rows)
    columns = {column: _array([row.get(column, _default(column, kind)) for row in listed], kind) for column, kind in whole.items()}
    return Table(name, whole, pd.DataFrame(columns), key)


def shaped(
    name: str, types: Mapping[str, FieldType], frame: pd.DataFrame, key: tuple[str, ...] = ("branch",), ledger: Ledger | None = None
) -> Table:
    """A statement Table from a frame in its order; columns that it lacks are as in `make`, others of its own are left out."""
    whole = {**PLACE, **types}
    columns = {
        column: frame[column].astype(DTYPES[kind]).array if column in frame else _array([_default(column, kind)] * len(frame), kind)
        for column, kind in whole.items()
    }
    return Table(name, whole, pd.DataFrame(columns), key, ledger)


def _default(column: str, kind: FieldType) -> object:
    if column == "_src":
        return -1
    return "" if kind in ("text", "choice") else None


def _array(values: list[object], kind: FieldType) -> Any:
    return pd.array(values, dtype=DTYPES[kind])


def empty(name: str, types: Mapping[str, FieldType], key: tuple[str, ...] = ("branch",)) -> Table:
    """A Table of those columns without a row."""
    return make(name, types, (), key)


def types_of(ledger: Ledger) -> dict[str, FieldType]:
    """Column types of a ledger's Table."""
    return {**PLACE, **{item.key: item.type for item in ledger.fields}}


def among(rows: pd.DataFrame, listed: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the rows whose values in the columns of `listed` stand together in it."""
    named = pd.MultiIndex.from_frame(rows[list(listed)])
    return pd.Series(named.isin(pd.MultiIndex.from_frame(listed)), index=rows.index)


def looked_up(known: "pd.Series", rows: pd.DataFrame) -> "pd.Series":
    """For each row what is known under its values in the columns that index `known` (each of them once); NA where nothing is."""
    keys = pd.MultiIndex.from_frame(rows[list(known.index.names)])
    return pd.Series(known.reindex(keys).array, index=rows.index)


def once(function: Callable[[Table], Kept]) -> Callable[[Table], Kept]:
    """What several rules ask of one Table is worked out once, and kept as long as the Table is. Nobody may change the answer."""
    kept: WeakKeyDictionary[Table, Kept] = WeakKeyDictionary()

    @wraps(function)
    def remembered(table: Table) -> Kept:
        if table not in kept:
            kept[table] = function(table)
        return kept[table]

    return remembered
