"""Values put by in files: plain data that is known again as whole, or taken for nothing.

An entry is the SHA-256 of its body, then pickles one after another, each after its length. Only plain classes come out of it, whoever wrote it.
"""

import copyreg
import dataclasses
import enum
import hashlib
import io
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ledgerkit import ledgers
from ledgerkit.model.schema import Ledger

PROTOCOL = 5
LENGTH, SIZE = hashlib.sha256().digest_size, 8
TIMES = {("datetime", name) for name in ("date", "datetime", "time", "timedelta")}
# What no run has used for so long is deleted by the next one.
IDLE_DAYS, DAY = 30, 86_400
COUNTED = ("collections", "Counter")


def ledger(name: str) -> Ledger:
    """The ledger of a name, as an entry has it."""
    return ledgers.load(name)


class _Writer(pickle.Pickler):
    """A ledger's definition is put by as its name."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream, PROTOCOL)
        self.dispatch_table = {**copyreg.dispatch_table, Ledger: lambda value: (ledger, (value.name,))}


class Plain(pickle.Unpickler):
    """Takes plain data and nothing else: days, counters, and ledgerkit's own dataclasses and words."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of plain data. Raises UnpicklingError for any other."""
        if (module, name) in TIMES or (module, name) == COUNTED:
            return super().find_class(module, name)
        if (module, name) == (__name__, ledger.__name__):
            return ledger
        if module.startswith("ledgerkit.") and "." not in name:
            found = getattr(sys.modules.get(module), name, None)
            if isinstance(found, type) and found.__module__ == module and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def send(value: Any, stream: IO[bytes]) -> None:
    """Writes one value to a stream."""
    _Writer(stream).dump(value)


def receive(stream: IO[bytes]) -> Any:
    """The next value of a stream. Raises UnpicklingError where it is not plain, EOFError where there is none."""
    return Plain(stream).load()


def store(path: Path, *values: Any) -> None:
    """Puts some values by, whole or not at all."""
    data = b"".join(map(_sized, values))
    number, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(hashlib.sha256(data).digest())
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _sized(value: Any) -> bytes:
    """A value as an entry has it."""
    body = io.BytesIO()
    send(value, body)
    return body.tell().to_bytes(SIZE, "big") + body.getvalue()


def load(path: Path, *which: int) -> Sequence[Any] | None:
    """Those values of an entry, counted from 0; None where there is no such entry, or it is damaged or of another make."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) <= LENGTH or hashlib.sha256(data[LENGTH:]).digest() != data[:LENGTH]:
        return None
    try:
        values = _values(memoryview(data)[LENGTH:])
        return [receive(io.BytesIO(values[place])) for place in which]
    except Exception:  # an entry of another make may break its reading in any way
        return None


def _values(body: memoryview) -> list[memoryview]:
    """The values of an entry's body, each as its pickle."""
    found = []
    while body:
        end = SIZE + int.from_bytes(body[:SIZE], "big")
        found.append(body[SIZE:end])
        body = body[end:]
    return found


def known(path: Path) -> Any:
    """The first value of an entry of an earlier run, which is used now; None as `load` has it."""
    found = load(path, 0)
    if found is None:
        return None
    with suppress(OSError):
        os.utime(path)
    return found[0]


def sweep(folder: Path) -> None:
    """Deletes the entries of a folder that no run has used for IDLE_DAYS, and what killed runs left half made."""
    oldest = time.time() - IDLE_DAYS * DAY
    for path in folder.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                os.unlink(path)
