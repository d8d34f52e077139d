"""The one way to write an output: whole or not at all, whatever stops the run, the disk or another program.

An output is made in a folder of its own beside its place. The folder holds a file that its run keeps locked: a folder whose lock can be
taken is of a run that died, and the next run that writes there deletes it. The folder of a run that goes on is never touched.
"""

import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from ledgerkit.errors import BadOutput, LedgerkitError
from ledgerkit.locale import N_

PREFIX, LOCK = ".ledgerkit-", "in-use"
# A target that another program holds is tried again so often, after so many seconds each.
RETRIES, PAUSE = 5, 0.2
MEGABYTE = 1_000_000
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

BESIDE = N_(
    "{path} is in use, perhaps open in Excel, and was left as it is. What was to replace it is beside it, complete: {new}. Close the old one, then rename the new one or run again."
)
IN_USE = N_("{path} cannot be replaced: it may be open in Excel or read-only. Close it, or choose another place.")
FULL = N_("{path} cannot be written: the disk is full or a quota used up ({free} MB free). Make room, or choose another place.")
NO_FOLDER = N_("{path} cannot be made ({why}). Give {option} another folder.")
REFUSED = N_("{path} cannot be written ({why}). Choose another place.")


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A temporary path that takes the place of `target`, synced, when the block ends well; else the old file stays.

    It lies in a folder that only this user can open and that goes when the block ends, with whatever a library left in it. The new file
    has the old one's permissions, else the usual ones; of a link, what it points to is replaced. Raises BadOutput, naming the target,
    where it cannot be written; where another program keeps the old file open, the new one then lies beside it as NAME.new.
    """
    place = Path(os.path.realpath(target)) if target.is_symlink() else target
    try:
        with workshop(place.parent) as folder:
            temporary = folder / f"output{place.suffix}"
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            yield temporary
            _sync(temporary)
            with suppress(OSError):  # a disk without permissions
                temporary.chmod(stat.S_IMODE((place if place.exists() else folder / LOCK).stat().st_mode))
            _put(temporary, place)
        _sync_folder(place.parent)
    except OSError as error:
        raise _refusal(target, error) from error


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder that takes the place of `target` when the block ends well; else what is there stays. Raises BadOutput, naming the target."""
    try:
        with workshop(target.resolve().parent) as place:
            new = place / "new"
            new.mkdir()
            yield new
            if target.exists():
                _replace(target, place / "old")
            _replace(new, target)
        _sync_folder(target.resolve().parent)
    except OSError as error:
        raise _refusal(target, error) from error


def write(target: Path, data: bytes) -> None:
    """Writes a file of these bytes, whole or not at all."""
    with whole(target) as temporary:
        temporary.write_bytes(data)


def made(folder: Path, option: str) -> None:
    """Makes a folder for outputs where it is not there. Raises BadOutput, naming the option that gave it, where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadOutput(NO_FOLDER, path=folder, why=error.strerror or str(error), option=option) from error


def _put(temporary: Path, place: Path) -> None:
    """Moves the finished file to its place, or beside it where another program holds what is there."""
    try:
        _replace(temporary, place)
    except PermissionError:
        if not place.exists():
            raise
        beside = next(new for new in _beside(place) if not new.exists())
        os.replace(temporary, beside)
        _sync_folder(place.parent)
        raise BadOutput(BESIDE, path=place, new=beside.name) from None


def _replace(temporary: Path, place: Path) -> None:
    for _ in range(RETRIES):
        with suppress(PermissionError):
            os.replace(temporary, place)
            return
        time.sleep(PAUSE)
    os.replace(temporary, place)


def _beside(place: Path) -> Iterator[Path]:
    """NAME.new, NAME.new2 and so on: what an earlier run left there may have been worked on."""
    return (place.with_name(f"{place.stem}.new{number}{place.suffix}") for number in chain([""], count(2)))


def _refusal(target: Path, error: OSError) -> LedgerkitError:
    if isinstance(error, PermissionError) and target.exists():
        return BadOutput(IN_USE, path=target)
    if error.errno in _FULL:
        return BadOutput(FULL, path=target, free=f"{_free(target.parent) / MEGABYTE:.1f}")
    return BadOutput(REFUSED, path=target, why=error.strerror or str(error))


def _free(folder: Path) -> int:
    """Bytes that this user may still write."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return 0


@contextmanager
def workshop(parent: Path) -> Iterator[Path]:
    """A folder of this run's own, locked while it is there; those of dead runs are deleted first."""
    _sweep(parent)
    folder, lock = _opened(parent)
    try:
        yield folder
    finally:
        _clear(folder, lock)


def _opened(parent: Path) -> tuple[Path, int]:
    """A new folder and its lock; another one where a run that swept was quicker than the lock."""
    for _ in range(RETRIES):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            continue
        except BaseException:
            folder.rmdir()
            raise
        if _locked(lock) is not False and (folder / LOCK).exists():
            return folder, lock
        os.close(lock)
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _sweep(parent: Path) -> None:
    """Deletes the folders of dead runs: empty ones, and those whose lock can be taken. A folder without our lock is not ours."""
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            folder.rmdir()
            continue
        with suppress(OSError):
            lock = os.open(folder / LOCK, os.O_RDWR)
            if _locked(lock):
                _clear(folder, lock)
            else:
                os.close(lock)


def _clear(folder: Path, lock: int) -> None:
    """Deletes a folder under its lock. Windows keeps a file that is open: there the lock itself goes last."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)
    with suppress(OSError):
        (folder / LOCK).unlink()
        folder.rmdir()


def _locked(handle: int) -> bool | None:
    """Takes the lock of a file until it is closed or the process dies: False where another run has it, None where a disk knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _sync(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the new name last. Where a disk cannot, the file is there all the same, and is the old or the new one after a power cut."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
