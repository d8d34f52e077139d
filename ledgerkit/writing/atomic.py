"""The one way to write an output: whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_

PREFIX = ".ledgerkit-"


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A temporary path that takes the place of `target`, synced, when the block ends well; else the old file stays.

    It lies in a folder of its own beside the target, which only this user can open and which goes when the block ends, with whatever
    a library left in it. Raises BadOutput, naming the target, where it cannot be written.
    """
    try:
        with TemporaryDirectory(prefix=PREFIX, dir=target.parent) as folder:
            temporary = Path(folder, f"output{target.suffix}")
            yield temporary
            _sync(temporary)
            os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _refusal(target, error) from error


def _refusal(target: Path, error: OSError) -> BadOutput:
    if isinstance(error, PermissionError) and target.exists():
        return BadOutput(
            N_("{path} cannot be replaced: it may be open in Excel or read-only. Close it, or choose another place."), path=target
        )
    return BadOutput(N_("{path} cannot be written ({why}). Choose another place."), path=target, why=error.strerror or str(error))


def _sync(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
