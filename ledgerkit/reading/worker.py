"""The process that reads files for another one: `python -m ledgerkit.reading.worker`. It imports the engine and never pandas.

On its standard input come requests, on its standard output go replies, each a pickle of plain data; it ends when its input does.
"""

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from ledgerkit.reading.engine import read_file
from ledgerkit.reading.raw import RawFile


def main() -> None:
    """Reads one file a request, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    bound_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, replies)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers each (path, shown) with a RawFile."""
    while True:
        try:
            path, shown = pickle.load(requests)  # noqa: S301  # from the process that started this one
        except EOFError:
            return
        pickle.dump(_read(path, shown), replies, protocol=pickle.HIGHEST_PROTOCOL)
        replies.flush()


def _read(path: str, shown: str) -> RawFile:
    try:
        return read_file(Path(path), shown)
    except MemoryError:
        return RawFile(shown, "", "F004", "memory")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the engine is no Exception
        return RawFile(shown, "", "F005", type(error).__name__)


def bound_memory(limit: int) -> None:
    """Bounds the process's address space to so many bytes; Windows has no such limit (a Job Object would be its place)."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


if __name__ == "__main__":
    main()
