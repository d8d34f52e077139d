"""A statement of all batches that has a row a record: in its order on the disk, and a page of it at a time as a Table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from ledgerkit import ledgers
from ledgerkit.merge.plain import Plain, joined
from ledgerkit.merge.spilled import Sorted, pieces
from ledgerkit.model.table import Table

# How many rows a page has.
PAGE = 5_000

Row = Sequence[Any]
Places = Mapping[str, int]


def _by_branch(at: Places) -> Callable[[Row], Any]:
    return itemgetter(at["branch"])


def _money_first(at: Places) -> Callable[[Row], Any]:
    total, branch = at["total"], at["branch"]
    return lambda row: (row[total] is None, -(row[total] or 0), row[branch])


def _by_category(at: Places) -> Callable[[Row], Any]:
    places = ledgers.load("activities")["category"].places
    category, *others = (at[column] for column in ("category", "branch", "starts_at", "activity_no"))
    return lambda row: [(value is None, value) for value in (places.get(row[category]), *(row[other] for other in others))]


# The order of a statement's rows, by where its columns stand: of most the branch, within which they stay as they stood.
ORDER: Mapping[str, Callable[[Places], Callable[[Row], Any]]] = {"people": _money_first, "held": _by_category}


@dataclass(frozen=True)
class Pages(Iterable[Table]):
    """The pages of a statement; `kind` is one of its batches without rows."""

    kind: Plain
    rows: Sorted[Row]

    @classmethod
    def of(cls, table: Plain) -> "Pages":
        """No rows yet, of a statement like this one."""
        order = ORDER.get(table.name, _by_branch)
        return cls(replace(table, columns={}, unread={}), Sorted(order({column: at for at, column in enumerate(table.types)})))

    def add(self, table: Plain) -> None:
        """Takes the rows of a batch."""
        self.rows.add(zip(*(table.columns[column] for column in table.types), strict=True))

    def __iter__(self) -> Iterator[Table]:
        for piece in pieces(self.rows, PAGE):
            columns = zip(*piece, strict=True)
            yield joined([replace(self.kind, columns=dict(zip(self.kind.types, columns, strict=True)))])
