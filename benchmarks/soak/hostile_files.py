"""What it costs to refuse each file that is made to break a reader: seconds, and the most memory that its reading process held."""

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import hostile

from ledgerkit.reading.isolate import Worker


@dataclass(frozen=True)
class Refusal:
    """A hostile file: its verdict and whether that is the one it must get; bytes on the disk, seconds, megabytes of the reading process at the most.

    Of a process that did not survive it nothing is known.
    """

    name: str
    verdict: str
    right: bool
    size: int
    seconds: float
    memory: str


def refusals() -> Iterator[Refusal]:
    """Every file of tests/hostile.py, each read by a worker of its own."""
    for file in (*hostile.FILES, hostile.DEADLY):
        with TemporaryDirectory() as folder:
            path = Path(folder, f"a{file.suffix}")
            path.write_bytes(file.data())
            worker = Worker(file.limits)
            start = time.perf_counter()
            raw = worker.read(path, path.name)
            seconds = time.perf_counter() - start
            memory = "?" if raw.problem == "F005" else _peak(worker)
            worker.close()
            right = (raw.problem, raw.case) == (file.code, file.case)
            yield Refusal(file.name, f"{raw.problem} {raw.case}".strip() or "read", right, path.stat().st_size, seconds, memory)


def _peak(worker: Worker) -> str:
    """The most memory that a worker has held, as Linux keeps it."""
    status = Path(f"/proc/{worker.pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return str(int(found[1]) // 1024) if found else "?"
