"""The process that reads files for another one: `python -m ledgerkit.reading.worker`. It imports the engine and never pandas.

On its standard input come requests, on its standard output go replies, each a pickle of plain data; it ends when its input does.
"""

import os
import pickle
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ledgerkit.reading.engine import digest, read_file
from ledgerkit.reading.entries import send
from ledgerkit.reading.limits import Limits
from ledgerkit.reading.raw import RawFile
from ledgerkit.reading.survey import Head, survey
from ledgerkit.rubbish import seldom


def main() -> None:
    """Reads one file a request, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    bound(int(sys.argv[1]))
    seldom()
    serve(sys.stdin.buffer, replies)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers each (path, shown, passwords, limits, kept, digested) with a Head; without a folder in which its cells are kept, they are in it."""
    while True:
        try:
            path, shown, passwords, limits, kept, digested = pickle.load(requests)  # noqa: S301  # from the process that started this one
        except EOFError:
            return
        send(_read(path, shown, passwords, limits, kept, digested), replies)
        replies.flush()


def _read(path: str, shown: str, passwords: Sequence[str], limits: Limits, kept: str | None, digested: bool) -> Head:
    try:
        if kept:
            return survey(Path(path), shown, passwords, limits, Path(kept))
        read = read_file(Path(path), shown, passwords, limits)
        for sheet in read.sheets if digested else ():
            sheet.digests  # noqa: B018  # it is kept in the sheet
        return Head(read)
    except MemoryError:
        return Head(RawFile(shown, digest(Path(path)), "F004", case="memory"))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the engine is no Exception
        return Head(RawFile(shown, digest(Path(path)), "F005", type(error).__name__))


def bound(memory: int) -> None:
    """Bounds the process's address space to so many bytes, and leaves no core dump of what it read.

    Windows has no such limit; a Job Object would be its place.
    """
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    main()
