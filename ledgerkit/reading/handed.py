"""Books that a lower federation hands on: its data folder has their cells as they were read, so that they are merged as its workbooks would be.

Only what was written with --unmask can be merged on: nothing masked can be compared. A masked folder is a result, and no books.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ledgerkit import __version__
from ledgerkit.errors import BadInput
from ledgerkit.locale import N_
from ledgerkit.model.stamp import MANIFEST

BOOKS = "books"
DAMAGED = N_("{path} is no data of ledgerkit any more: it is damaged, or was written by another program. Ask for it again.")
MASKED = N_("{path} is masked, and nothing can be merged from it. Have it written again with --unmask, or give the workbooks.")
OTHERS = N_("{path} holds the data of other books, which would be lost. Give --data another folder.")
OTHER_VERSION = N_(
    "{path} was written by ledgerkit {version}, and this is {own}: what the one read the other may not understand. Have it written again with the same version."
)


@dataclass(frozen=True)
class Handed:
    """What a data folder hands on: the books' paths in its federation, in the order in which they were read (none where it is masked); who wrote it."""

    folder: Path
    books: tuple[str, ...]
    version: str

    def places(self) -> list[tuple[Path, PurePosixPath]]:
        """Each book's cells, and the path that it had. Raises BadInput for those of another version."""
        if self.books and self.version != __version__:
            raise BadInput(OTHER_VERSION, path=self.folder / MANIFEST, version=self.version, own=__version__)
        return [(place(self.folder, number), PurePosixPath(path)) for number, path in enumerate(self.books)]


def place(folder: Path, number: int) -> Path:
    """Where the cells of a book lie, counted from 0."""
    return folder / BOOKS / f"{number:06d}.cells"


def handed(folder: Path) -> Handed:
    """What a folder with a manifest hands on. Raises BadInput where that is damaged."""
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text("utf-8"))
        return Handed(folder, tuple(_inside(book) for book in told.get(BOOKS, ())), str(told["ledgerkit"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(DAMAGED, path=path) from error


def _inside(path: Any) -> str:
    """A path below its folder. Raises ValueError for any other."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or not parts.name:
        raise ValueError(path)
    return str(parts)
