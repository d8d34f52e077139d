"""What is kept of a sheet to see later what was changed in it: a short digest of each row and of each column, from which no cell can be told."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest

from ledgerkit.model.person import FEWEST_MASKED, SEEN, mask_text

# Characters of a digest.
SHORT = 6
# Days and numbers are met again on every row and in every column.
_masked = lru_cache(SEEN)(mask_text)


def row_digests(rows: Iterable[Sequence[object]]) -> tuple[str, str]:
    """The digests of some rows of cells, one after another, and those of their columns; blank cells at an end do not count."""
    told = [[*map(_told, row)] for row in rows]
    return "".join(map(_digest, told)), "".join(map(_digest, zip_longest(*told, fillvalue="")))


def _told(cell: object) -> str:
    told = f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    return told if len(told) < FEWEST_MASKED else _masked(told)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).rstrip("\x1f").encode("utf-8", "backslashreplace")).hexdigest()[:SHORT]
