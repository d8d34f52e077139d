"""A statement of all batches that has a row a record: in its order on the disk, and a page of it at a time as a Table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledgerkit import ledgers
from ledgerkit.merge.plain import Plain, joined
from ledgerkit.model.table import Table
from ledgerkit.reading.spilled import Sorted, pieces

# How many rows a page has.
PAGE = 5_000

Row = Sequence[Any]


def _by_branch(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["branch"],)


def _money_first(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["total"] is None, -(row["total"] or 0), row["branch"])


def _by_category(row: Mapping[str, Any]) -> tuple[Any, ...]:
    place = ledgers.load("activities")["category"].places.get(row["category"])
    return tuple((value is None, value) for value in (place, row["branch"], row["starts_at"], row["activity_no"]))


# The order of a statement's rows: of most the branch, within which they stay as they stood.
ORDER: Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {"people": _money_first, "held": _by_category}


@dataclass(frozen=True)
class Pages(Iterable[Table]):
    """The pages of a statement; `kind` is one of its batches without rows."""

    kind: Plain
    rows: Sorted[Row]

    @classmethod
    def of(cls, table: Plain) -> "Pages":
        """No rows yet, of a statement like this one."""
        order = ORDER.get(table.name, _by_branch)
        return cls(replace(table, columns={}, unread={}), Sorted(lambda row: order(dict(zip(table.types, row, strict=True)))))

    def add(self, table: Plain) -> None:
        """Takes the rows of a batch."""
        self.rows.add(zip(*(table.columns[column] for column in table.types), strict=True))

    def __iter__(self) -> Iterator[Table]:
        for piece in pieces(self.rows, PAGE):
            columns = zip(*piece, strict=True)
            yield joined([replace(self.kind, columns=dict(zip(self.kind.types, columns, strict=True)))])
