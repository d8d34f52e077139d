"""Tables as plain values, so that they can be put by and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledgerkit import ledgers
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, table_of, values


@dataclass(frozen=True)
class Plain:
    """A Table: its columns as lists, None for NA; `unread` has the places of cells that could not be read."""

    name: str
    types: Mapping[str, FieldType]
    key: tuple[str, ...]
    ledger: str
    columns: Mapping[str, Sequence[Any]]
    unread: Mapping[str, Sequence[int]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def plain(table: Table) -> Plain:
    """A Table as plain values."""
    columns = {column: values(table[column]) for column in table.types}
    unread = {column: bad.index[bad].tolist() for column, bad in table.unread.items() if bad.any()}
    return Plain(table.name, dict(table.types), table.key, table.ledger.name if table.ledger else "", columns, unread, table.absent)


def joined(parts: Sequence[Plain]) -> Table:
    """The Table of the rows of some plain ones of one kind, in their order."""
    first = parts[0]
    columns = {column: [value for part in parts for value in part.columns[column]] for column in first.types}
    unread: dict[str, list[int]] = {}
    start = 0
    for part in parts:
        for column, places in part.unread.items():
            unread.setdefault(column, []).extend(start + place for place in places)
        start += len(next(iter(part.columns.values())))
    absent = frozenset.intersection(*(part.absent for part in parts))
    ledger = ledgers.load(first.ledger) if first.ledger else None
    return table_of(first.name, first.types, columns, first.key, ledger, unread, absent)
