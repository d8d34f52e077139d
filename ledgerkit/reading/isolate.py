"""Files read in processes of their own, so that one which kills its reader takes nothing with it.

Each worker has one file in flight. A file on which its worker dies (F005) or takes too long (F006) is blamed alone; the worker is
started again, and what is read of the other files is what would have been read without it.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import Self

from ledgerkit.reading.engine import digest
from ledgerkit.reading.entries import receive
from ledgerkit.reading.limits import LIMITS, Limits
from ledgerkit.reading.raw import RawFile
from ledgerkit.reading.survey import Head


class Readers:
    """Some workers reading some files, begun at once. A context: leaving it ends the workers, whatever they are doing.

    `digested`: the workers also work out the digests of sheets, while the one that asks is still importing pandas.
    """

    def __init__(
        self,
        files: Sequence[tuple[Path, str]],
        limits: Limits = LIMITS,
        passwords: Sequence[str] = (),
        kept: Path | None = None,
        jobs: int | None = None,
        digested: bool = False,
    ) -> None:
        count = min(len(files), jobs or os.cpu_count() or 1)
        self._workers = [Worker(limits, passwords, kept, digested) for _ in range(count)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(max(count, 1))
        self._reads = [self._threads.submit(self._read, path, shown) for path, shown in files]

    def heads(self) -> Iterator[Head]:
        """What is known of each file, in the order of the files, as it comes. With `kept` its cells are put by in that folder, else they are in it."""
        return (read.result() for read in self._reads)

    def files(self) -> list[RawFile]:
        """What was read, in the order of the files; waits for it."""
        return [head.file for head in self.heads()]

    def _read(self, path: Path, shown: str) -> Head:
        worker = self._free.get()
        try:
            return worker.read(path, shown)
        finally:
            self._free.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()


class Worker:
    """One reading process, started again when it dies."""

    def __init__(self, limits: Limits, passwords: Sequence[str] = (), kept: Path | None = None, digested: bool = False) -> None:
        self._limits, self._passwords, self._kept, self._digested = limits, tuple(passwords), kept and str(kept), digested
        self._stopped = self._late = False
        self._process = self._start()

    def read(self, path: Path, shown: str) -> Head:
        """The raw cells of a file. Never raises for a bad file: its `problem` has its F code."""
        self._late = False
        timer = Timer(self._limits.seconds, self._expire)
        timer.start()
        try:
            return self._ask(path, shown)
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._blamed(path, shown)
        finally:
            timer.cancel()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def kill(self) -> None:
        """Ends the process for good, whatever it is doing."""
        self._stopped = True
        self._process.kill()

    def close(self) -> None:
        """Waits for the dead process and closes its pipes."""
        self._process.kill()
        self._process.communicate()

    def _start(self) -> "subprocess.Popen[bytes]":
        # -P: a module that lies beside the workbooks is not ours.
        command = [sys.executable, "-P", "-m", "ledgerkit.reading.worker", str(self._limits.memory)]
        path = os.pathsep.join(part for part in sys.path if part)
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={**os.environ, "PYTHONPATH": path})  # noqa: S603

    def _ask(self, path: Path, shown: str) -> Head:
        assert self._process.stdin and self._process.stdout
        pickle.dump((str(path), shown, self._passwords, self._limits, self._kept, self._digested), self._process.stdin)
        self._process.stdin.flush()
        read: Head = receive(self._process.stdout)
        return read

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def _blamed(self, path: Path, shown: str) -> Head:
        """The verdict on the file that the worker died of, and a new worker."""
        self.close()
        code = self._process.returncode
        if not self._stopped:
            self._process = self._start()
        verdict = ("F006", f"{self._limits.seconds:g} s") if self._late else ("F005", f"exit {code}")
        return Head(RawFile(shown, digest(path), *verdict))
