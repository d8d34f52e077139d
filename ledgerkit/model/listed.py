"""Sequences that hold no values themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from typing import TypeVar, overload

Item = TypeVar("Item")


class Listed(Sequence[Item]):
    """A sequence that is gone through from its beginning to reach any place in it."""

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return list(islice(self, *at.indices(len(self))))
        return next(islice(self, range(len(self))[at], None))


@dataclass(frozen=True)
class Picked(Listed[Item]):
    """Some values of a sequence in their order, which stay where they are. `mask`: a byte a value, 1 where it is picked."""

    of: Sequence[Item]
    mask: bytes

    def __len__(self) -> int:
        return sum(self.mask)

    def __iter__(self) -> Iterator[Item]:
        return compress(self.of, self.mask)
