"""A Table: a ledger's rows, or a statement's, with the cell each came from in three ordinary columns.

The frame has a plain 0…n index. `_src` is an int into `Book.sheets` (−1 where a row stands nowhere), `_row` the Excel row,
`_col` the column letter of a value that came from a melted cell ("" elsewhere). `branch` is a column of every Table and the
first of every key. Types by column: text and choice are str ("" blank, NA unreadable), int and money Int64 (money in minor
units), month Int64 (year × 12 + month − 1), date and datetime datetime64, yesno boolean.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce, wraps
from operator import or_
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from ledgerkit.model import money, period
from ledgerkit.model.schema import FieldType, Ledger

# pandas keeps text in pyarrow where that happens to be installed; it is to be read and compared in one way on every machine.
pd.set_option("mode.string_storage", "python")

Kept = TypeVar("Kept")
Asked = ParamSpec("Asked")
Whole = np.ndarray[Any, np.dtype[np.int64]]
# A number for each row's value in a column, and the values by number less 1; NA is 0.
Numbered = tuple[Whole, "pd.Index[Any]"]

PLACE: Mapping[str, FieldType] = {"_src": "int", "_row": "int", "_col": "text", "branch": "text"}
TEXTS = ("text", "choice")
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
    """Rows of one ledger or statement; a Table is equal to itself alone. `unread` has, by column, the mask of cells that could not be read.

    `numbered` has columns whose different values were told apart already (perhaps with others among them), `kept` what `once` remembers of it;
    a Table made of another with `replace` begins without both.
    """

    name: str
    types: Mapping[str, FieldType]
    frame: pd.DataFrame
    key: tuple[str, ...] = ("branch",)
    ledger: Ledger | None = None
    unread: Mapping[str, "pd.Series[bool]"] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    numbered: dict[str, Numbered] = field(default_factory=dict, init=False, repr=False)
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, column: str) -> "pd.Series":
        """A column, the same object each time: nobody may change it."""
        if column not in self._columns:
            self._columns[column] = self.frame[column]
        return self._columns[column]

    def __len__(self) -> int:
        return len(self.frame)

    def none(self) -> "pd.Series[bool]":
        """A mask that flags nothing."""
        return pd.Series(False, index=self.frame.index)

    def unreadable(self, column: str) -> "pd.Series[bool]":
        """Mask of the cells of a column that could not be read."""
        return self.unread[column] if column in self.unread else self.none()

    def any_unreadable(self, *columns: str) -> "pd.Series[bool]":
        """Mask of the rows in which one of some cells could not be read."""
        return reduce(or_, (self.unread[column] for column in columns if column in self.unread), self.none())

    def says(self, column: str, *words: str) -> "pd.Series[bool]":
        """Mask of the rows that have one of some words in a column; NA is none of them."""
        return self._told(column, words.__contains__)

    def begins(self, column: str, words: tuple[str, ...]) -> "pd.Series[bool]":
        """Mask of the rows whose text in a column begins with one of some words; NA with none of them."""
        return self._told(column, lambda value: value.startswith(words))

    def _told(self, column: str, holds: Callable[[str], bool]) -> "pd.Series[bool]":
        codes, values = _numbered(self, column)
        held = np.array([False, *map(holds, values)], dtype=bool)
        return pd.Series(held[codes], index=self.frame.index)

    def where(self, mask: "pd.Series[bool]") -> "Table":
        """The rows of a mask as a Table of their own, index from 0; the Table itself where all are."""
        kept = mask.fillna(False).to_numpy(dtype=bool)
        if kept.all():
            return self
        unread = {column: bad[kept].reset_index(drop=True) for column, bad in self.unread.items()}
        made = replace(self, frame=self.frame[kept].reset_index(drop=True), unread=unread)
        made.numbered.update({column: (codes[kept], values) for column, (codes, values) in self.numbered.items()})
        return made

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
    def _columns(self) -> "dict[str, pd.Series]":
        return {}

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


def values(column: "pd.Series[Any]") -> list[Any]:
    """The values of a column as Python has them, days and moments as datetimes, None for NA."""
    if column.dtype.kind == "M":
        moments: list[Any] = column.to_numpy("datetime64[us]").tolist()
        return moments
    return [None if value is None or value is pd.NA or value != value else value for value in column.tolist()]


def make(name: str, types: Mapping[str, FieldType], rows: Iterable[Mapping[str, object]], key: tuple[str, ...] = ("branch",)) -> Table:
    """A statement Table from rows of typed values; columns left out are NA ("" for text), a row without a place stands nowhere."""
    whole = {**PLACE, **types}
    listed = list(rows)
    columns = {column: array([row.get(column, _default(column, kind)) for row in listed], kind) for column, kind in whole.items()}
    return Table(name, whole, pd.DataFrame(columns), key)


def shaped(
    name: str, types: Mapping[str, FieldType], frame: pd.DataFrame, key: tuple[str, ...] = ("branch",), ledger: Ledger | None = None
) -> Table:
    """A statement Table from a frame in its order; columns that it lacks are as in `make`, others of its own are left out."""
    whole = {**PLACE, **types}
    columns = {
        column: frame[column].astype(DTYPES[kind]).array if column in frame else array([_default(column, kind)] * len(frame), kind)
        for column, kind in whole.items()
    }
    return Table(name, whole, pd.DataFrame(columns), key, ledger)


def _default(column: str, kind: FieldType) -> object:
    if column == "_src":
        return -1
    return "" if kind in TEXTS else None


def table_of(
    name: str,
    types: Mapping[str, FieldType],
    columns: Mapping[str, Sequence[object]],
    key: tuple[str, ...] = ("branch",),
    ledger: Ledger | None = None,
    unread: Mapping[str, Collection[int]] = MappingProxyType({}),
    absent: frozenset[str] = frozenset(),
) -> Table:
    """A Table of columns of typed values, None for NA; `unread` has the places of cells that could not be read."""
    count = len(next(iter(columns.values())))
    arrays = {column: array(values, types[column]) for column, values in columns.items() if types[column] not in TEXTS}
    numbered = {column: _texts(values) for column, values in columns.items() if types[column] in TEXTS}
    arrays |= {column: values.array.take(codes - 1, allow_fill=True) for column, (codes, values) in numbered.items()}
    masks = {column: mask(places, count) for column, places in sorted(unread.items())}
    made = Table(name, types, pd.DataFrame({column: arrays[column] for column in columns}), key, ledger, masks, absent)
    made.numbered.update(numbered)
    return made


def _texts(values: Sequence[object]) -> Numbered:
    codes, different = pd.factorize(np.array(values, dtype=object))
    return codes.astype("int64") + 1, pd.Index(array(different, "text"))


def array(values: Sequence[object], kind: FieldType) -> Any:
    """The array of a column of typed values, None for NA."""
    return pd.array(values, dtype=DTYPES[kind])


def mask(places: Collection[int], count: int) -> "pd.Series[bool]":
    """The mask over `count` rows that is True at some places."""
    marked = np.zeros(count, dtype=bool)
    marked[list(places)] = True
    return pd.Series(marked)


def empty(name: str, types: Mapping[str, FieldType], key: tuple[str, ...] = ("branch",)) -> Table:
    """A Table of those columns without a row."""
    return make(name, types, (), key)


def types_of(ledger: Ledger) -> dict[str, FieldType]:
    """Column types of a ledger's Table."""
    return {**PLACE, **{item.key: item.type for item in ledger.fields}}


def among(rows: pd.DataFrame, listed: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the rows whose values in the columns of `listed` stand together in it."""
    if listed.empty:
        return pd.Series(False, index=rows.index)
    named = pd.MultiIndex.from_frame(rows[list(listed)])
    return pd.Series(named.isin(pd.MultiIndex.from_frame(listed)), index=rows.index)


def looked_up(known: "pd.Series", rows: pd.DataFrame) -> "pd.Series":
    """For each row what is known under its values in the columns that index `known` (each of them once); NA where nothing is."""
    keys = pd.MultiIndex.from_frame(rows[list(known.index.names)])
    return pd.Series(known.reindex(keys).array, index=rows.index)


def once(function: Callable[Concatenate[Table, Asked], Kept]) -> Callable[Concatenate[Table, Asked], Kept]:
    """What several rules ask of one Table (beside others) is worked out once, and kept as long as the Table is. Nobody may change the answer."""

    @wraps(function)
    def remembered(table: Table, /, *asked: Asked.args, **named: Asked.kwargs) -> Kept:
        question = (function, asked, *named.items())
        if question not in table.kept:
            table.kept[question] = function(table, *asked, **named)
        return table.kept[question]  # type: ignore[no-any-return]

    return remembered


def _numbered(table: Table, column: str) -> Numbered:
    if column not in table.numbered:
        codes, values = pd.factorize(table[column].array)
        table.numbered[column] = codes.astype("int64") + 1, pd.Index(values)
    return table.numbered[column]


@once
def each_of(table: Table, column: str, asked: Callable[[str], Any], kind: str = "str") -> "pd.Series[Any]":
    """What is asked of each text of a column ("" for NA), worked out once for all that are alike."""
    codes, values = _numbered(table, column)
    answers = array_of([asked(value) for value in ("", *values)], kind)
    return pd.Series(answers[codes], index=table.frame.index)


def array_of(answers: Sequence[object], kind: str) -> Any:
    """The array of some texts, or of values of another kind."""
    return pd.array(answers, dtype="str") if kind == "str" else np.array(answers, dtype=kind)


@once
def different(table: Table, column: str) -> list[Any]:
    """The different values that a column has, without NA."""
    codes, values = _numbered(table, column)
    return values[np.flatnonzero(np.bincount(codes, minlength=len(values) + 1)[1:])].tolist()  # type: ignore[no-any-return]


@once
def alike(table: Table, *columns: str) -> "pd.Series[int]":
    """A number for each row, the same for those that agree in the columns; NA agrees with NA."""
    numbers = np.zeros(len(table), dtype="int64")
    for column in columns:
        codes, values = _numbered(table, column)
        numbers = pd.factorize(numbers * (len(values) + 1) + codes)[0]
    return pd.Series(numbers, index=table.frame.index)


@once
def filled(table: Table, *columns: str) -> "pd.Series[bool]":
    """Mask of the rows that have something in each of some columns: neither NA nor a blank text."""
    whole = np.ones(len(table), dtype=bool)
    for column in columns:
        codes, values = _numbered(table, column)
        whole &= np.append(False, values != "")[codes]
    return pd.Series(whole, index=table.frame.index)


@once
def opens(table: Table) -> "pd.Series[bool]":
    """Mask of the rows that are the first of their Excel row: all, but for the further months of wide dues."""
    whole = table.says("_col", "")
    return whole if whole.all() else whole | ~table.frame.duplicated(["_src", "_row"])


@once
def places(table: Table, known: Table, columns: tuple[str, ...], named: tuple[str, ...] = ()) -> Whole:
    """For each row the place of the first row of `known` that agrees with it in the columns, −1 where none does; NA agrees with NA.

    `named`: what the columns are called in `known`, where they have other names there.
    """
    ours, theirs = np.zeros(len(table), dtype="int64"), np.zeros(len(known), dtype="int64")
    nowhere = np.zeros(len(table), dtype=bool)
    for column, other in zip(columns, named or columns, strict=True):
        (codes, values), (known_codes, known_values) = _numbered(table, column), _numbered(known, other)
        among_known = np.append(0, known_values.get_indexer(values) + 1)
        nowhere |= (codes > 0) & (among_known[codes] == 0)
        ours, theirs = (own * (len(known_values) + 1) + more for own, more in ((ours, among_known[codes]), (theirs, known_codes)))
    first = ~pd.Series(theirs).duplicated().to_numpy()
    at = np.append(np.flatnonzero(first), -1)[pd.Index(theirs[first]).get_indexer(ours)]
    return np.where(nowhere, -1, at)


def stands_in(table: Table, known: Table, *columns: str) -> "pd.Series[bool]":
    """Mask of the rows that agree with some row of `known` in the columns."""
    return pd.Series(places(table, known, columns) >= 0, index=table.frame.index)


def agrees(table: Table, column: str, known: Table, other: str, at: Whole) -> "pd.Series[bool]":
    """Mask of the rows that have in a column the very text which `known` has in its column `other` in some places; not for −1 or NA."""
    (codes, values), (known_codes, known_values) = _numbered(table, column), _numbered(known, other)
    theirs = np.append(known_codes, 0)[at]
    return pd.Series((theirs > 0) & (np.append(0, known_values.get_indexer(values) + 1)[codes] == theirs), index=table.frame.index)


def there(values: "pd.Series[Any]", at: Whole) -> "pd.Series[Any]":
    """The values in some places, as `places` gives them; NA for −1."""
    return pd.Series(values.array.take(at, allow_fill=True))


def holds(mask: "pd.Series[bool]", at: Whole) -> "pd.Series[bool]":
    """Whether a mask holds in some places, as `places` gives them; not for −1."""
    return pd.Series(np.append(mask.to_numpy(dtype=bool), False)[at])
