"""What must be known of every file before any of them is gone through: whose it is, which year's, what it holds. Its cells are put by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ledgerkit import __version__
from ledgerkit.model.stamp import DATA, KIND, MANIFEST
from ledgerkit.reading import entries
from ledgerkit.reading.cover import Cover, read_cover
from ledgerkit.reading.engine import digest, read_file
from ledgerkit.reading.headers import Found, Layout, recognised
from ledgerkit.reading.limits import Limits
from ledgerkit.reading.raw import RawFile

ENDING = ".cells"


@dataclass(frozen=True)
class Head:
    """A file without its cells: its cover, the ledgers that its sheets are, how many rows they have, and where the cells are put by ("" where it has none).

    `refused`: why the disk did not take the cells, which is no fault of the file.
    """

    file: RawFile
    cover: Cover | None = None
    ledgers: tuple[str, ...] = ()
    rows: int = 0
    entry: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Cells:
    """A file with its cells, and what each of its sheets is."""

    file: RawFile
    found: Found


def survey(path: Path, shown: str, passwords: Sequence[str], limits: Limits, kept: Path) -> Head:
    """The head of a file. Its cells are in the folder `kept` under its digest, of this run or an earlier one; those handed on stay where they are."""
    if path.name == MANIFEST:
        return Head(RawFile(shown, digest(path), properties={KIND: DATA}))
    if path.suffix == ENDING:
        return _handed_on(path, shown)
    entry = kept / f"{digest(path)}{path.suffix.lower()}-{__version__}{ENDING}"
    known = entries.known(entry)
    if isinstance(known, Head):
        return replace(known, file=replace(known.file, path=shown), entry=str(entry))
    raw = read_file(path, shown, passwords, limits)
    found = recognised(raw)
    head = head_of(raw, found)
    if raw.problem:
        return head
    entry = kept / f"{raw.sha256}{path.suffix.lower()}-{__version__}{ENDING}"
    try:
        entries.store(entry, head, Cells(raw, found))
    except OSError as error:
        return replace(head, refused=error.strerror or str(error))
    return replace(head, entry=str(entry))


def _handed_on(path: Path, shown: str) -> Head:
    """The head of a book that a lower federation hands on, whose cells can be read too."""
    known = entries.load(path, 0, 1)
    if not known or not isinstance(known[0], Head) or not isinstance(known[1], Cells):
        return Head(RawFile(shown, digest(path), "F003", path.name, handed_on=True))
    return replace(known[0], file=replace(known[0].file, path=shown, handed_on=True), entry=str(path))


def head_of(raw: RawFile, found: Found) -> Head:
    """The head of a file that was read and whose sheets were looked at."""
    bare = replace(raw, sheets=(), names={})
    if raw.problem:
        return Head(bare)
    layouts = [layout for layout in found.values() if isinstance(layout, Layout)]
    cover = read_cover(raw, [sheet for sheet in raw.sheets if not isinstance(found[sheet.name], Layout)])
    rows = sum(len(sheet.rows) for sheet in raw.sheets)
    return Head(bare, cover, tuple(dict.fromkeys(layout.ledger.name for layout in layouts)), rows)


def cells(head: Head) -> Cells | None:
    """The file with its cells, None where they are no longer there; of one that could not be read as it is."""
    if head.file.problem:
        return Cells(head.file, {})
    found = entries.load(Path(head.entry), 1)
    if not found or not isinstance(found[0], Cells):
        return None
    return replace(found[0], file=replace(found[0].file, path=head.file.path, handed_on=head.file.handed_on))
