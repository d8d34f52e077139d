"""The line of a merge: heads of all files → batches → what they say together → Report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from ledgerkit import __version__, audit, ledgers, policies
from ledgerkit.audit import Options
from ledgerkit.errors import BadInput, BadOutput
from ledgerkit.locale import N_
from ledgerkit.merge import local, sums, together
from ledgerkit.merge.eliminations import Eliminations, consolidated, elimination_controls, eliminations
from ledgerkit.merge.local import Batch
from ledgerkit.merge.part import COMPARED, SUMMED, Asked
from ledgerkit.merge.plain import Plain, joined, plain
from ledgerkit.merge.ties import candidates, shared
from ledgerkit.merge.together import Gathered
from ledgerkit.model.decision import kept, leading
from ledgerkit.model.period import last_day
from ledgerkit.model.policy import Policy
from ledgerkit.model.report import Report
from ledgerkit.model.table import Table
from ledgerkit.reading.book import UndecidedYear, most_given, owners, year_of
from ledgerkit.reading.entries import sweep
from ledgerkit.reading.locks import read_passwords
from ledgerkit.reading.paths import Reading, common_folder, inputs, shown_path
from ledgerkit.reading.survey import Head, cells
from ledgerkit.reconcile.budget import by_code
from ledgerkit.reconcile.control import Control
from ledgerkit.reconcile.ratios import ratios
from ledgerkit.rules.decisions import statement as decisions
from ledgerkit.rules.floods import floods
from ledgerkit.rules.packs import settings
from ledgerkit.rules.standing import gone

# How many batches' ties are compared at a time.
BATCHES_A_RANGE = 100

Item = TypeVar("Item")
READING, CHECKING = N_("Reading"), N_("Checking")

FIRST_BROKEN = N_(
    "{path} cannot be used ({code}), and with --strict the merge stops at the first such file. `ledgerkit validate` says why; without --strict it is listed and left out."
)
NO_REGISTER = N_("{path} holds no register of branches. Give --register a workbook with the columns of the branches ledger.")


def unwatched(items: Iterable[Item], _count: int, _doing: str) -> Iterable[Item]:
    """No progress is shown."""
    return items


@dataclass(frozen=True)
class Merging:
    """How a merge is done: its register, how many processes, whether it stops at the first broken file, the folder where what is read is put by.

    `data`: the folder that every ledger's rows will be written to, and not only those that are compared.
    """

    place: Path
    register: Path | None = None
    jobs: int | None = None
    strict: bool = False
    data: Path | None = None
    progress: Callable[..., Any] = unwatched


@dataclass(frozen=True)
class Surveyed:
    """Every file's head in order, whose each is, the books' year; how many outputs of ours were left out."""

    heads: Sequence[Head]
    branches: Sequence[str]
    year: int | None
    left_out: int

    @property
    def batches(self) -> list[Batch]:
        """The register by itself, then the branches."""
        numbered = [(number, head, code) for number, (head, code) in enumerate(zip(self.heads, self.branches, strict=True))]
        register = [file for file in numbered if is_register(file[1])]
        others = [file for file in numbered if not is_register(file[1])]
        return [*([Batch(register, is_register=True)] if register else []), *local.batches(others)]


def is_register(head: Head) -> bool:
    """Whether a file is the federation's register of its branches, and no branch's books."""
    return head.ledgers == (audit.REGISTER,) and not (head.cover and head.cover.branch_code)


@dataclass(frozen=True)
class Merged:
    """A federation's report, and the files and batches that it was made of."""

    report: Report
    heads: Sequence[Head]
    entries: Sequence[str]
    places: Sequence[Sequence[int]]

    def ledgers(self) -> Iterator[Mapping[str, Table]]:
        """Every row read, a batch at a time, by ledger; sheets are counted over all files. The batches' folder must still be there."""
        for entry, places in zip(self.entries, self.places, strict=True):
            yield {name: joined([together.moved(table, places)]) for name, table in local.ledgers(entry).items()}


def merge(paths: Sequence[Path], options: Options, merging: Merging) -> Merged:
    """Many branches' books as one federation's. Raises LedgerkitError where it cannot be done."""
    given = [*paths, *([merging.register] if merging.register else [])]
    # The policy beside a workbook may be a branch's own.
    own = policies.find(options.policy, paths[0] if paths[0].is_dir() else Path())
    policy = policies.load(own, settings())
    listed = inputs(given, handed_on=True, own=merging.data)
    kept_in = _folder(merging.place, "cells")
    with Reading(given, read_passwords(options.password_file), listed=listed, kept=kept_in, jobs=merging.jobs) as reading:
        found = _surveyed(reading, policy, options, merging)
    if all(head.file.problem for head in found.heads):
        return Merged(audit.refused("merge", [head.file for head in found.heads], policy, options, found.left_out), found.heads, (), ())
    if found.year is None:
        raise BadInput(N_("No file says which year the books are of. Give it with --year, or fill in the year on a cover."))
    as_of = options.as_of or last_day(found.year)
    policy = replace(policy.on(as_of), file=shown_path(own, common_folder(given)) if own else "")
    asked = Asked(policy, found.year, as_of, options.rules, ledgers.ORDER if merging.data else COMPARED)
    batches = found.batches
    place = _folder(merging.place, "parts")
    made = merging.progress(local.make(batches, asked, place, merging.jobs), len(batches), CHECKING)
    entries = [one.entry for one in made]
    merged = _merged(entries, found, asked, options, given)
    for folder in (kept_in, place):
        sweep(folder)
    if merging.strict:
        for source in merged.report.book.sources:
            _stop_at(source.path, source.problem)
    return merged


def _folder(place: Path, name: str) -> Path:
    (place / name).mkdir(exist_ok=True)
    return place / name


def _surveyed(reading: Reading, policy: Policy, options: Options, merging: Merging) -> Surveyed:
    heads: list[Head] = []
    read = 0
    for head in merging.progress(reading.heads(), len(reading.listed), READING):
        read += 1
        if head is not None:
            if head.refused:
                raise BadOutput(local.FULL, path=merging.place, why=head.refused)
            _stop_at(head.file.path, head.file.problem if merging.strict else "")
            heads.append(head)
    heads = _once(heads)
    branches = owners([(head.file.path, head.cover) for head in heads], "")
    if merging.register and not any(is_register(head) for head in heads):
        raise BadInput(NO_REGISTER, path=merging.register)
    return Surveyed(heads, branches, options.year or policy.year or _year(heads), read - len(heads))


def _once(heads: Sequence[Head]) -> list[Head]:
    """The files without those handed on that lie here as workbooks too."""
    here = {head.file.sha256 for head in heads if not head.file.handed_on} - {""}
    return [head for head in heads if not (head.file.handed_on and head.file.sha256 in here)]


def _stop_at(path: str, problem: str) -> None:
    """Ends a strict merge at a file that cannot be used. Raises BadInput."""
    if problem:
        raise BadInput(FIRST_BROKEN, path=path, code=problem)


def _year(heads: Sequence[Head]) -> int | None:
    """The year that most files give: their covers, else their periods."""
    try:
        return most_given(_year_of(head) for head in heads if not head.file.problem and not is_register(head))
    except UndecidedYear as error:
        raise audit.undecided(error) from error


def _year_of(head: Head) -> int | None:
    if head.cover and head.cover.year:
        return head.cover.year
    found = cells(head)
    return year_of(found.file) if found else None


def _merged(entries: Sequence[str], found: Surveyed, asked: Asked, options: Options, paths: Sequence[Path]) -> Merged:
    batches = {batch.key(asked): batch for batch in found.batches}
    made = {Path(entry).stem: entry for entry in entries}
    ordered = [made[key] for key in batches]
    numbers = [[number for number, _, _ in batch.files] for batch in batches.values()]
    whole = together.gathered([replace(local.part(entry), numbers=own) for entry, own in zip(ordered, numbers, strict=True)], asked.year)
    previous = audit.earlier_summaries(options.previous, paths)
    known = kept(leading(previous, asked.year))
    cancelled = eliminated(whole, asked.policy)
    own = {"received": whole.received(asked.policy), "decisions": decisions(leading(previous, asked.year)), **_compared(ordered, whole)}
    if cancelled:
        own["eliminated"] = cancelled.eliminated
    if whole.register is not None:
        own[audit.REGISTER] = whole.register
    findings, statuses = together.judged(whole, together.findings(map(local.findings, ordered), whole.places), asked, own, known)
    report = Report(__version__, "merge", options.shown, asked.policy, asked.as_of, whole.book, statuses, findings)
    sums = _summed(report, whole, cancelled, together.listed(map(local.listed, ordered), whole.places))
    report = replace(
        sums,
        floods=floods(findings, whole.rows, asked.policy),
        recused=whole.recused,
        left_out=found.left_out,
        previous=previous,
        known=known,
        gone=gone(findings, known, statuses, whole.hidden, whole.book.branches),
        received=whole.received(asked.policy, findings),
    )
    return Merged(report, found.heads, ordered, whole.places)


def _summed(report: Report, whole: Gathered, cancelled: Eliminations | None, listed: Mapping[str, Iterable[Table]]) -> Report:
    """The report with the federation's figures and statements: the branches' sums, of budget lines less what passes between them."""
    lines = whole.statements.get("lines")
    by_line = by_code(lines) if lines is not None else None
    controls = whole.controls
    if lines is not None and by_line is not None and cancelled:
        by_line = consolidated(by_line, cancelled.taken)
        controls += elimination_controls(lines, cancelled, by_line)
    count = len(report.findings)
    return replace(
        report,
        lines=by_line,
        unbudgeted=sum(part.unbudgeted for part in whole.parts),
        totals=whole.figures,
        controls=[*controls, *whole.complete(report.policy), Control("flags", "rows", count, count, True)],
        statements={**{name: [whole.statements[name]] for name in SUMMED if name in whole.statements}, **listed},
        ratios=ratios(whole.figures, by_line),
        dues_by_month=whole.dues_by_month,
        eliminated=cancelled.eliminated if cancelled else None,
    )


def eliminated(whole: Gathered, policy: Policy) -> Eliminations | None:
    """What passes between the unions of the register; None without one, or without a budget."""
    lines = whole.statements.get("lines")
    return None if lines is None or whole.register is None else eliminations(lines, whole.register, whole.remitted, policy)


def _compared(entries: Sequence[str], whole: Gathered) -> dict[str, Table]:
    """The used rows that may meet a row of another branch, for the rules that compare branches."""
    met = shared(_Tied(entries), 1 + len(entries) // BATCHES_A_RANGE)
    rows: dict[str, list[Plain]] = {}
    for entry, places in zip(entries, whole.places, strict=True):
        tied, kept_rows = local.ties(entry).frame(), local.ledgers(entry)
        for name in COMPARED:
            if (table := kept_rows.get(name)) is not None:
                read = joined([together.moved(table, places)])
                used = read.where(read["_used"])
                rows.setdefault(name, []).append(plain(used.where(candidates(used, tied, met))))
    return {name: sums.ordered(joined(listed), ["_src"]) for name, listed in rows.items()}


@dataclass(frozen=True)
class _Tied:
    """The ties of all batches, read anew each time they are gone through."""

    entries: Sequence[str]

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (local.ties(entry).frame() for entry in self.entries)
