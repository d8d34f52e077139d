"""Which files a run reads: PATHs as given, folders to any depth in code-point order of their NFC relative paths."""

import os
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, Self

from ledgerkit.errors import BadInput
from ledgerkit.locale import N_
from ledgerkit.model.stamp import KIND, MANIFEST, OUTPUTS
from ledgerkit.reading.engine import SUFFIXES
from ledgerkit.reading.handed import MASKED, OTHERS, handed
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.limits import LIMITS, Limits
from ledgerkit.reading.raw import RawFile
from ledgerkit.reading.survey import Head

SKIPPED = (".", "~$")
LONGEST_SHOWN = 200
STDOUT = 1


@dataclass(frozen=True)
class Input:
    """A file to read: where it is, how it is shown, whether it was named outright."""

    path: Path
    shown: str
    named: bool


def inputs(paths: Sequence[Path], handed_on: bool = False, own: Path | None = None) -> list[Input]:
    """The files of some PATHs, each once. Raises BadInput for a PATH that does not exist or that holds no workbook.

    `handed_on`: what lower federations' data folders hand on is among them; a masked one is a file by itself, which is no books. `own`: the
    folder of data that the run itself will write. Raises BadInput where that holds the data of others.
    """
    for path in paths:
        if not _exists(path):
            raise BadInput(N_("{path} does not exist. Check the name, or give a folder of workbooks."), path=_short(path))
    root = common_folder(paths)
    found = {_place(file): Input(file, shown_path(file, root), file in paths) for path in paths for file in _files(path)}
    if handed_on:
        folders = dict.fromkeys(folder for path in paths if path.is_dir() for folder in _data_folders(path))
        mine = [folder for folder in folders if own and folder.resolve() == own.resolve()]
        lower = (folder for folder in folders if folder not in mine)
        found |= {_place(item.path): item for folder in lower for item in _handed_on(folder, root, folder in paths)}
        for folder in mine:
            _refuse_others(folder, {item.shown for item in found.values()})
    if not found:
        raise BadInput(
            N_("{path} holds no workbook ({suffixes}). Give the folder that holds the branch workbooks, or a workbook."),
            path=", ".join(str(path) for path in paths),
            suffixes=" ".join(SUFFIXES),
        )
    return _told_apart(list(found.values()), root)


def _data_folders(path: Path) -> Iterator[Path]:
    """The data folders of a folder."""
    return (folder for folder, _, names in _walk(path) if MANIFEST in names)


def _handed_on(folder: Path, root: Path, named: bool) -> list[Input]:
    """The books of a data folder, shown as lying in it; of a masked one the folder itself. Raises BadInput for a masked one that was named."""
    told = handed(folder)
    if named and not told.books:
        raise BadInput(MASKED, path=folder)
    books = [Input(place, shown_path(folder / path, root), named=False) for place, path in told.places()]
    return books or [Input(folder / MANIFEST, shown_path(folder, root), named=False)]


def _refuse_others(folder: Path, shown: Set[str]) -> None:
    """What an earlier run wrote of these files may be replaced, and nothing else. Raises BadInput."""
    books = handed(folder).books
    if books and shown.isdisjoint(books):
        raise BadInput(OTHERS, path=folder)


def _place(file: Path) -> Path:
    """Where a file lies, whatever way leads there; a link is not what it leads to."""
    return file.parent.resolve() / file.name


def _told_apart(files: Sequence[Input], root: Path) -> list[Input]:
    """The files in order; of those that would be shown alike (é as one character or as two) each but the first with its odd characters as escapes."""
    seen: set[str] = set()
    apart = []
    for file in sorted(files, key=lambda item: (item.shown, os.fsencode(item.path))):
        alike = file.shown in seen
        apart.append(replace(file, shown=_escaped(_relative(file.path, root))) if alike else file)
        seen.add(file.shown)
    return apart


def named_input(folder: Path, shown: str) -> Input | None:
    """The file of a folder that reports show by this name; None where it is not there."""
    place = folder
    for part in shown.split("/"):
        found = next((name for name in _entries(place) if part in (_spelled(name), _escaped(name))), None)
        if found is None:
            return None
        place /= found
    return None if place.is_dir() and not place.is_symlink() else Input(place, shown, named=True)


def beside(folder: Path, listed: Sequence[Input]) -> list[Input]:
    """The workbooks that lie in the same folders as the listed ones and are none of them."""
    known = {item.path for item in listed}
    places = sorted({item.path.parent for item in listed})
    files = (
        place / name for place in places for name in _entries(place) if name.lower().endswith(SUFFIXES) and not name.startswith(SKIPPED)
    )
    return [Input(file, shown_path(file, folder), named=False) for file in files if file not in known and file.is_file()]


def _entries(folder: Path) -> list[str]:
    """The names in a folder, in the order in which files are read; none where it cannot be opened."""
    try:
        return sorted(os.listdir(folder), key=os.fsencode)
    except OSError:
        return []


def _spelled(name: str) -> str:
    """A name or path as reports show it. One in another encoding has bytes that no text has; they are shown as \\xb9."""
    return os.fsencode(unicodedata.normalize("NFC", name)).decode("utf-8", "backslashreplace")


def _escaped(name: str) -> str:
    """A name as reports show it beside another one that looks alike."""
    return name.encode("ascii", "backslashreplace").decode()


class Reading:
    """The files of some PATHs, being read from the moment it is made; a context, left when they are read. Raises BadInput as `inputs` does.

    `listed` are the files where they are known already, whatever else lies in the PATHs. With `kept`, a folder, their cells are put by there.
    `digested`: with the digests of their sheets, for the evidence beside a summary.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        passwords: Sequence[str] = (),
        limits: Limits = LIMITS,
        listed: Sequence[Input] | None = None,
        kept: Path | None = None,
        jobs: int | None = None,
        digested: bool = False,
    ) -> None:
        self.listed = inputs(paths) if listed is None else listed
        self._readers = Readers([(item.path, item.shown) for item in self.listed], limits, passwords, kept, jobs, digested)

    def files(self) -> tuple[list[RawFile], int]:
        """The raw files in order, and how many were left out, as of `heads`."""
        kept = [head.file for head in self.heads() if head]
        return kept, len(self.listed) - len(kept)

    def heads(self) -> Iterator[Head | None]:
        """The files in order, as they come; None for one that ledgerkit wrote as an output, which is left out.

        An annotated copy is left out of a folder, and is books where it is named outright. Raises BadInput for any other output named outright,
        and where there is nothing else.
        """
        found = False
        for item, head in zip(self.listed, self._readers.heads(), strict=True):
            is_result = head.file.properties.get(KIND) in OUTPUTS
            if is_result and item.named:
                raise BadInput(
                    N_("{path} was written by ledgerkit as a result, not as books. Give the workbooks it was made from."), path=item.shown
                )
            is_books = not is_result and (item.named or not head.file.annotated)
            found |= is_books
            yield head if is_books else None
        if not found:
            raise BadInput(
                N_(
                    "There are only workbooks here that ledgerkit wrote. Give the folder that holds the books, or an annotated copy by its name."
                )
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._readers.__exit__(*details)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file can have, such as one of 5,000 characters
        return False


def _short(path: Path) -> str:
    """A path as a message shows it."""
    text = str(path)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def common_folder(paths: Sequence[Path]) -> Path:
    """What shown paths are relative to: the one folder given, else the common folder of what was given."""
    folders = [Path(os.path.abspath(path if path.is_dir() else path.parent)) for path in paths]
    return Path(os.path.commonpath(folders))


def shown_path(file: Path, root: Path) -> str:
    """A file as reports show it: its path relative to the folder of the inputs; the name alone where it is on another drive."""
    return _spelled(_relative(file, root))


def _relative(file: Path, root: Path) -> str:
    file = Path(os.path.abspath(file))
    return Path(os.path.relpath(file, root) if file.drive == root.drive else file.name).as_posix()


def refuse_folder(error: OSError) -> NoReturn:
    """A folder that cannot be opened may hold books: the run does not go on as if it were empty."""
    raise BadInput(
        N_("{path} cannot be opened ({why}). Ask for access, or give the folders that can be read."),
        path=error.filename,
        why=error.strerror or str(error),
    ) from error


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in _walk(path):
        # A link to a folder is not followed; it is an input like any other, so that it is told and not passed over.
        yield from (link for name in folders if (link := folder / name).is_symlink())
        files = (folder / name for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(SKIPPED))
        yield from (file for file in files if not _is_stdout(file))


def _walk(path: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """The folders of a folder to any depth, each with the names in it; without those that are never gone into."""
    for folder, folders, names in os.walk(path, onerror=refuse_folder):
        folders[:] = [name for name in folders if not name.startswith(SKIPPED)]
        yield Path(folder), folders, names


def _is_stdout(file: Path) -> bool:
    """Whether the run prints to this file: `--format csv > findings.csv` makes it, still empty, before the folder is searched."""
    try:
        return os.path.samestat(file.stat(), os.fstat(STDOUT))
    except OSError:
        return False
