"""A disk that refuses: the k-th operation of a run fails, k = 1, 2, … until the run no longer comes that far.

`refusals` is what a longer proof calls with bigger runs: it tries every k, or k = 1, 2, 4, … where a run writes thousands of times.
"""

import builtins
import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from ledgerkit.cli import run
from ledgerkit.errors import LedgerkitError
from ledgerkit.locale import Lang
from ledgerkit.writing.atomic import PREFIX

OPERATIONS = ("fsync", "replace", "create", "open", "write")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


@dataclass
class Refusing:
    """Counts one kind of operation below a folder, and refuses the one of that number."""

    operation: str
    number: int
    error: int
    below: Path
    count: int = 0

    @property
    def reached(self) -> bool:
        """Whether the run came to the operation that is refused."""
        return self.count >= self.number

    def tick(self, operation: str) -> None:
        """Raises OSError at the operation that is refused."""
        if operation == self.operation:
            self.count += 1
            if self.count == self.number:
                raise OSError(self.error, os.strerror(self.error))

    def here(self, path: object) -> bool:
        """Whether a path lies below the folder."""
        return isinstance(path, str | os.PathLike) and str(os.path.abspath(os.fspath(path))).startswith(str(self.below))


class _Written:
    """A file opened for writing, each write of which is counted."""

    def __init__(self, file: Any, refusing: Refusing) -> None:
        self._file, self._refusing = file, refusing

    def write(self, data: Any) -> Any:
        self._refusing.tick("write")
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Any:
        return iter(self._file)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextlib.contextmanager
def refused(refusing: Refusing) -> Iterator[None]:
    """os.fsync, os.replace, os.open of a new file, open for writing, and write, with one of them refused."""
    fsync, replace, os_open, file_open = os.fsync, os.replace, os.open, open

    def sync(handle: int) -> None:
        refusing.tick("fsync")
        fsync(handle)

    def put(*paths: Any, **named: Any) -> None:
        refusing.tick("replace")
        replace(*paths, **named)

    def create(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT and refusing.here(path):
            refusing.tick("create")
        return os_open(path, flags, *more, **named)

    def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not (set(mode) & set("wax+") and refusing.here(file)):
            return file_open(file, mode, *more, **named)
        refusing.tick("open")
        return _Written(file_open(file, mode, *more, **named), refusing)

    with contextlib.ExitStack() as patches:
        for owner, name, new in (
            *((os, "fsync", sync), (os, "replace", put), (os, "open", create)),
            *((builtins, "open", opened), (io, "open", opened), (_pause(), "sleep", lambda _: None)),
        ):
            patches.enter_context(mock.patch.object(owner, name, new))
        yield


def _pause() -> Any:
    from ledgerkit.writing import atomic

    return atomic.time


@dataclass(frozen=True)
class Outcome:
    """What came of a run: which operation was refused, its exit code, stdout and stderr."""

    number: int
    code: int
    out: str
    said: str


def command(arguments: list[str], lang: Lang = "en") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line, in this process."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as out, contextlib.redirect_stderr(io.StringIO()) as said:
        code = run(arguments, lang)
        out.flush()
        printed = out.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    return code, printed, said.getvalue()


def acting(write: Callable[[], object]) -> Callable[[], tuple[int, str, str]]:
    """What a command makes of a writer: 0, or 2 and a sentence on stderr."""

    def act() -> tuple[int, str, str]:
        try:
            write()
        except LedgerkitError as error:
            return 2, "", error.render() + "\n"
        return 0, "", ""

    return act


def refusals(
    act: Callable[[], tuple[int, str, str]], operation: str, error: int, below: Path, following: Callable[[int], int] = lambda k: k + 1
) -> Iterator[Outcome]:
    """The outcomes of a run that is refused its k-th operation, up to the last that it comes to."""
    number = 1
    while True:
        refusing = Refusing(operation, number, error, below)
        with refused(refusing):
            code, out, said = act()
        if not refusing.reached:
            return
        yield Outcome(number, code, out, said)
        number = following(number)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def litter(folder: Path) -> list[Path]:
    """What a run left of its own below a folder."""
    return list(folder.rglob(f"{PREFIX}*"))
