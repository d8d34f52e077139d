"""Batches on this machine: each made once, in processes of their own, and put by under what it is made from."""

import hashlib
import json
import multiprocessing
import os
import signal
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ledgerkit import __version__
from ledgerkit.errors import BadInput, BadOutput, RuleCrashed
from ledgerkit.locale import N_
from ledgerkit.merge.part import Asked, Filed, Part, Ties, part_of
from ledgerkit.merge.plain import Plain
from ledgerkit.model.finding import Finding
from ledgerkit.reading import entries
from ledgerkit.reading.survey import Cells, Head, cells
from ledgerkit.rubbish import seldom

ENDING = ".part"
# About how many rows a batch has at the most: all rules together cost near a second before they look at a row, and every row takes memory.
BATCH = 100_000

GONE = N_("{path} in the cache is no longer there: another run used the same cache. Give each run a cache of its own with --cache.")
FULL = N_(
    "The folder {path}, where what is read is put by, takes nothing ({why}). Make room there, or give another folder with --cache, and run again."
)
ENDED = N_("A process that checked the books was ended, perhaps for want of memory. Run again with fewer --jobs.")


@dataclass(frozen=True)
class Batch:
    """Some branches' files: where each stands among all, its head, whose it is."""

    files: Sequence[tuple[int, Head, str]]
    is_register: bool = False

    def key(self, asked: Asked) -> str:
        """What the facts of a batch depend on, as one digest; where its files stand among all is none of it."""
        files = [
            (head.file.path, head.file.sha256, head.file.problem, head.file.observed, head.file.case, head.file.handed_on, code)
            for _, head, code in self.files
        ]
        versions = (__version__, pd.__version__)
        of = (*versions, asked.policy.sha256, asked.year, asked.as_of.isoformat(), asked.rules, asked.ledgers, self.is_register, files)
        return hashlib.sha256(json.dumps(of).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Made:
    """A batch that was made: its entry. `failed`: the sentence of the rule that broke, with its values."""

    entry: str
    failed: tuple[str, Mapping[str, str]] | None = None


def batches(files: Sequence[tuple[int, Head, str]]) -> list[Batch]:
    """The files by branch in batches of about BATCH rows. A branch's batch hangs on its own code, so that another branch more moves few."""
    rows = sum(head.rows for _, head, _ in files)
    count = 1
    while count * BATCH < rows:
        count *= 2
    sorted_out: dict[int, list[tuple[int, Head, str]]] = {}
    for file in files:
        sorted_out.setdefault(zlib.crc32((file[2] or file[1].file.path).encode("utf-8", "surrogatepass")) % count, []).append(file)
    return [Batch(listed) for _, listed in sorted(sorted_out.items())]


def make(batches: Sequence[Batch], asked: Asked, place: Path, jobs: int | None) -> Iterator[Made]:
    """Makes the batches, each as it comes.

    Raises RuleCrashed when all others are done, BadInput where a process was ended, BadOutput where the disk refuses.
    """
    known = {batch.key(asked): batch for batch in batches}
    todo = {key: batch for key, batch in known.items() if entries.known(place / f"{key}{ENDING}") is None}
    yield from (Made(str(place / f"{key}{ENDING}")) for key in known if key not in todo)
    failed = None
    try:
        for made in _made(todo, asked, place, jobs or os.cpu_count() or 1):
            failed = failed or made.failed
            yield made
    except OSError as error:
        raise BadOutput(FULL, path=place.parent, why=error.strerror or str(error)) from error
    if failed:
        raise RuleCrashed(failed[0], **failed[1])


def _made(todo: Mapping[str, Batch], asked: Asked, place: Path, jobs: int) -> Iterator[Made]:
    if jobs == 1 or len(todo) < 2:
        yield from (one(batch, asked, str(place / f"{key}{ENDING}")) for key, batch in todo.items())
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(todo)), context, _begun) as pool:
        try:
            yield from _results(pool.submit(one, batch, asked, str(place / f"{key}{ENDING}")) for key, batch in todo.items())
        except BrokenProcessPool as error:
            raise BadInput(ENDED) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _results(futures: Iterable["Future[Made]"]) -> Iterator[Made]:
    return (future.result() for future in as_completed(list(futures)))


def _begun() -> None:
    """A process that makes batches: Ctrl-C is for the one that asked."""
    seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def one(batch: Batch, asked: Asked, entry: str) -> Made:
    """Makes one batch and puts it by: its facts, its findings, the statements with a row a record, the ties of its ledgers' rows, these rows."""
    try:
        part = part_of([Filed(number, _whole(head), code) for number, head, code in batch.files], asked, batch.is_register)
    except RuleCrashed as error:
        return Made(entry, failed=(error.said.sentence, {name: str(value) for name, value in error.said.values.items()}))
    bare = replace(part, findings=(), listed={}, ties=Ties(), ledgers={})
    entries.store(Path(entry), bare, part.findings, part.listed, part.ties, part.ledgers)
    return Made(entry)


def _whole(head: Head) -> Cells:
    """A file with its cells. Raises BadInput where they are no longer there."""
    found = cells(head)
    if found is None:
        raise BadInput(GONE, path=Path(head.entry).name)
    return found


def part(entry: str) -> Part:
    """The facts of a batch that was made, without any rows. Raises BadInput where they are no longer there."""
    read: Part = _read(entry, 0)
    return read


def findings(entry: str) -> Sequence[Finding]:
    """The findings of a batch. Raises BadInput where they are no longer there."""
    read: Sequence[Finding] = _read(entry, 1)
    return read


def listed(entry: str) -> Mapping[str, Plain]:
    """The statements of a batch that have a row a record. Raises BadInput where they are no longer there."""
    read: Mapping[str, Plain] = _read(entry, 2)
    return read


def ties(entry: str) -> Ties:
    """The ties of a batch's rows. Raises BadInput where they are no longer there."""
    read: Ties = _read(entry, 3)
    return read


def ledgers(entry: str) -> Mapping[str, Plain]:
    """The rows of a batch by ledger, those that are not used too. Raises BadInput where they are no longer there."""
    read: Mapping[str, Plain] = _read(entry, 4)
    return read


def _read(entry: str, which: int) -> Any:
    """One of the values of a batch's entry, counted from 0."""
    found = entries.load(Path(entry), which)
    if found is None:
        raise BadInput(GONE, path=Path(entry).name)
    return found[0]
