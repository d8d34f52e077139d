"""The one way to write an output: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_

PREFIX = ".ledgerkit-"


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` that takes its place, synced, when the block ends well; else the old file stays.

    Raises BadOutput, naming the target, where it cannot be written.
    """
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=target.suffix, dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        _sync(temporary)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _refusal(target, error) from error
    finally:
        if temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _refusal(target: Path, error: OSError) -> BadOutput:
    if isinstance(error, PermissionError) and target.exists():
        return BadOutput(
            N_("{path} cannot be replaced: it may be open in Excel or read-only. Close it, or give another name with -o."), path=target
        )
    return BadOutput(N_("{path} cannot be written ({why}). Choose another place with -o."), path=target, why=error.strerror or str(error))


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
