"""A disk that refuses the k-th operation of a writer, every k in turn, as tests/failing.py does it: the old file stays whole and nothing is left."""

import errno
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from failing import OPERATIONS, acting, command, contents, litter, refusals
from odd import book, sheet

from ledgerkit import audit
from ledgerkit.writing.annotate import write_copies
from ledgerkit.writing.corrections import write_packs
from ledgerkit.writing.workbook import write_summary

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
Act = Callable[[], tuple[int, str, str]]


@dataclass
class Refused:
    """A writer and a kind of operation: how often it was refused; how often the run got over it whole, was not done, or lost or left anything."""

    writer: str
    operation: str
    error: str
    refused: int = 0
    whole: int = 0
    undone: int = 0
    lost: int = 0


def tallies() -> Iterator[Refused]:
    """Every writer, operation and error. Writes, of which there are thousands, fail with ENOSPC alone."""
    with TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XlsxWriter leaves the files open that it could not write to
        folder = Path(name)
        (folder / "out").mkdir()
        books = Path(str(book(sheet("dues", {"paid": "#REF!"}))(folder, "b")))
        report = audit.reconcile([books])
        writers: dict[str, Act] = {
            "summary": acting(lambda: write_summary(report, folder / "out" / "s.xlsx", [books], "en")),
            "correction packs": acting(lambda: write_packs(report, folder / "out", "en")),
            "annotated copy": acting(lambda: write_copies(report, folder / "out", [books], "en")),
            "template": lambda: command(["template", "branches", "--rows", "1", "-o", str(folder / "out")]),
        }
        for writer, act in writers.items():
            for operation in OPERATIONS:
                for error in ERRORS if operation != "write" else ("ENOSPC",):
                    yield _tallied(Refused(writer, operation, error), act, folder / "out")


def _tallied(tally: Refused, act: Act, folder: Path) -> Refused:
    old = _old(tally.writer, act, folder)
    for outcome in refusals(act, tally.operation, ERRORS[tally.error], folder):
        there = dict(contents(folder))
        tally.refused += 1
        tally.whole += outcome.code == 0
        tally.undone += outcome.code == 2 and bool(outcome.said.strip())
        tally.lost += bool(litter(folder)) or outcome.code not in (0, 2) or (outcome.code == 2 and there != old)
        _lay(folder, old)
    return tally


def _old(writer: str, act: Act, folder: Path) -> dict[str, bytes]:
    """What is there before: nothing for a template, which replaces nothing; else what the writer made once."""
    _lay(folder, {})
    if writer != "template":
        act()
    return dict(contents(folder))


def _lay(folder: Path, old: dict[str, bytes]) -> None:
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.unlink()
    for name, data in old.items():
        (folder / name).write_bytes(data)
