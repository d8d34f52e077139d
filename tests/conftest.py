"""How the suite runs: how many examples a property is tried on, and reading processes that one test leaves to the next."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from ledgerkit.reading.isolate import Readers, Worker

# No deadline: the suite's time is measured in benchmarks/, and a busy machine is no fault.
# The suite tries the same examples every time, so that what it says is of the change and not of chance; `proof` looks for new ones
# (pytest --hypothesis-profile=proof is the long run).
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("proof", deadline=None, max_examples=10_000)
settings.load_profile("suite")

Process = subprocess.Popen[bytes]
# What differs from test to test and is nothing to a reading process: a command run within the test's own leaves its language behind.
PASSING = ("PYTEST_CURRENT_TEST", "LANGUAGE")


# Files that take longest, begun first, so that no worker is left with one of them alone at the end.
LONGEST = (
    "test_drill.py",
    "test_verify.py",
    "test_privacy.py",
    "test_decisions.py",
    "test_samples_moved.py",
    "test_reconcile.py",
    "test_injection.py",
    "test_reading_wide.py",
    "test_odd_cases.py",
    "test_outputs.py",
    "test_corrections.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they come."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """What was imported stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


class Idle:
    """Reading processes that answered all they were asked and wait for more: to begin one takes longer than to read what a test has written."""

    def __init__(self) -> None:
        self._begin, self._end = Worker._start, Readers.__exit__
        self._home = self._place()
        self._waiting: dict[object, list[Process]] = {}

    @staticmethod
    def _place() -> object:
        """What a process takes over from the one that begins it."""
        environment = {name: value for name, value in os.environ.items() if name not in PASSING}
        return os.getcwd(), sys.path[:], environment

    def start(self, worker: Worker) -> Process:
        """A process that waits, where a new one would be begun alike; else a new one."""
        worker.at_home = self._place() == self._home  # type: ignore[attr-defined]
        waiting = self._waiting.get(worker._limits) if worker.at_home else None  # type: ignore[attr-defined]
        return waiting.pop() if waiting else self._begin(worker)

    def leave(self, readers: Readers, *details: object) -> None:
        """Takes the processes back where every read has its answer; else ends them, as `Readers` does."""
        if not all(read.done() and not read.cancelled() for read in readers._reads):
            self._end(readers, *details)
            return
        workers, readers._workers = readers._workers, []  # a context may be left twice, and a process goes to one reader only
        for worker in workers:
            if worker.at_home and worker._process.poll() is None:  # type: ignore[attr-defined]
                self._waiting.setdefault(worker._limits, []).append(worker._process)
            else:
                worker.close()
        readers._threads.shutdown()

    def close(self) -> None:
        """Ends them all."""
        for process in (process for waiting in self._waiting.values() for process in waiting):
            process.kill()
            process.communicate()


@pytest.fixture(scope="session", autouse=True)
def idle_readers() -> Iterator[None]:
    """Every test's workbooks are read in a process of their own kind, which the next test takes over."""
    idle = Idle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_start", lambda worker: idle.start(worker))
        patch.setattr(Readers, "__exit__", lambda readers, *details: idle.leave(readers, *details))
        yield
    idle.close()
