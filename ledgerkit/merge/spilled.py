"""Values that are too many for the memory: put in order on the disk, and gone through there as often as is asked.

They lie in files without a name, which go with whoever holds them, however it ends.
"""

import heapq
import os
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import IO, Any, TypeVar

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_
from ledgerkit.model.listed import Listed
from ledgerkit.reading.entries import receive, send

Item = TypeVar("Item")

# How many values are put in order in memory, and how many of them are read again at a time.
RUN, PIECE = 10_000, 500
FULL = N_(
    "The folder for temporary files, {path}, takes nothing ({why}). Make room there, or give another one in TMPDIR (Windows: TEMP), and run again."
)


def pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in their order, so many at a time."""
    left = iter(items)
    while piece := list(islice(left, size)):
        yield piece


class _Nameless:
    """A file without a name, which is closed when nobody holds it any more."""

    def __init__(self) -> None:
        try:
            self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        except OSError as error:
            raise _refusal(error) from error
        weakref.finalize(self, self.file.close)

    def put(self, values: Sequence[Any]) -> int:
        """Writes some values to the end; where they begin."""
        try:
            start = self.file.seek(0, os.SEEK_END)
            send(values, self.file)
            self.file.flush()
        except OSError as error:
            raise _refusal(error) from error
        return start

    def values(self, start: int) -> list[Any]:
        """The values that were put there."""
        self.file.seek(start)
        found: list[Any] = receive(self.file)
        return found


def _refusal(error: OSError) -> BadOutput:
    return BadOutput(FULL, path=tempfile.gettempdir(), why=error.strerror or str(error))


class Spilled(Listed[Item]):
    """Values on the disk in their order, PIECE of them in memory at a time. Raises BadOutput where the disk refuses."""

    def __init__(self, items: Iterable[Item], place: _Nameless | None = None) -> None:
        self._place = place or _Nameless()
        self._starts: list[int] = []
        self._count = 0
        for piece in pieces(items, PIECE):
            self._starts.append(self._place.put(piece))
            self._count += len(piece)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Item]:
        for start in self._starts:
            yield from self._place.values(start)


class Sorted(Iterable[Item]):
    """Values in the order of a key; those that are alike in it stay as they came. More than RUN of them are on the disk."""

    def __init__(self, key: Callable[[Item], Any]) -> None:
        self._key = key
        self._runs: list[Spilled[Item]] = []
        self._held: list[Item] = []

    def add(self, items: Iterable[Item]) -> None:
        """Takes more values. Raises BadOutput where the disk refuses."""
        for item in items:
            self._held.append(item)
            if len(self._held) == RUN:
                self._spill()

    @cached_property
    def _place(self) -> _Nameless:
        return _Nameless()

    def _spill(self) -> None:
        self._runs.append(Spilled(sorted(self._held, key=self._key), self._place))
        self._held = []

    def __iter__(self) -> Iterator[Item]:
        return heapq.merge(*self._runs, sorted(self._held, key=self._key), key=self._key)


def in_order(items: Iterable[Item], *, key: Callable[[Item], Any]) -> Sorted[Item]:
    """As `sorted`, for more values than the memory takes."""
    found = Sorted(key)
    found.add(items)
    return found


def kept(items: Iterable[Item]) -> Sequence[Item]:
    """The items as a sequence, more than RUN of them on the disk."""
    left = iter(items)
    first = list(islice(left, RUN + 1))
    return first if len(first) <= RUN else Spilled(chain(first, left))
