"""The straight line: read → reconcile → check → Report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ledgerkit import __version__, policies
from ledgerkit.errors import BadInput
from ledgerkit.locale import N_
from ledgerkit.model.decision import Previous, kept, leading, with_state
from ledgerkit.model.period import last_day
from ledgerkit.model.policy import Policy
from ledgerkit.model.report import Report
from ledgerkit.model.statements import READING
from ledgerkit.model.table import Table, different, make
from ledgerkit.reading.book import Book, UndecidedYear, latest_cover_date, read_book
from ledgerkit.reading.found import found
from ledgerkit.reading.locks import read_passwords
from ledgerkit.reading.paths import Reading, common_folder, shown_path
from ledgerkit.reading.raw import RawFile
from ledgerkit.reading.summary import read_summaries
from ledgerkit.reconcile.budget import budget_lines, by_code
from ledgerkit.reconcile.collection import by_month
from ledgerkit.reconcile.control import Control, controls, unbudgeted
from ledgerkit.reconcile.dues import member_balances, member_months
from ledgerkit.reconcile.payments import payments
from ledgerkit.reconcile.ratios import ratios
from ledgerkit.reconcile.totals import totals
from ledgerkit.reconcile.year import shown
from ledgerkit.rules.base import RuleSet
from ledgerkit.rules.decisions import statement as decisions
from ledgerkit.rules.floods import floods
from ledgerkit.rules.packs import catalogue, settings
from ledgerkit.rules.recused import recused
from ledgerkit.rules.required import blanks, lacking
from ledgerkit.rules.run import Subject, run_rules
from ledgerkit.rules.standing import gone
from ledgerkit.rules.waiving import unseen

# Ledgers that a reconciliation cannot do without a finding (G025); the register is a federation's.
NEEDED = ("budget", "members", "dues", "relief", "activities", "attendance", "expenses", "remittance")
REGISTER = "branches"
VALIDATION = ("F", "G")


@dataclass(frozen=True)
class Options:
    """What a run was asked to do, beside its PATHs. `own_policy`: whether a policy is looked for where none is given."""

    policy: Path | None = None
    year: int | None = None
    as_of: date | None = None
    rules: tuple[str, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict)
    password_file: Path | None = None
    previous: tuple[Path, ...] = ()
    own_policy: bool = True


def validate(paths: Sequence[Path], options: Options = Options(), reading: Reading | None = None) -> Report:
    """Whether each workbook is well-formed and every cell readable: F and G rules. Raises LedgerkitError where it cannot be done.

    `reading`: the PATHs' files where their reading was begun already, so that it goes on while this module and pandas are imported.
    """
    return _validated("validate", read(paths, options, reading), options)


def reconcile(paths: Sequence[Path], options: Options = Options(), reading: Reading | None = None) -> Report:
    """The books against the budget; where every file is rejected, only why. Raises LedgerkitError where it cannot be done."""
    run = read(paths, options, reading)
    book, policy, as_of = run.book, run.policy, run.as_of
    if all(source.problem for source in book.sources):
        return _validated("reconcile", run, options)
    if book.year is None or as_of is None:
        raise BadInput(N_("No file says which year the books are of. Give it with --year, or fill in the year on a cover."))
    statements = reckoned(run)
    lines, balances = statements.get("lines"), statements.get("balances")
    found, statuses = run_rules(catalogue(), subject(run, statements), options.rules)
    known = kept(leading(run.previous, book.year))
    findings = [with_state(finding, known) for finding in found]
    control = [*controls(book, statements["declared"], lines, policy), Control("flags", "rows", len(findings), len(findings), True)]
    figures = totals(book.used, balances, policy, book.year)
    by_line = by_code(lines) if lines is not None else None
    report = Report(__version__, "reconcile", options.shown, policy, as_of, book, statuses, findings, left_out=run.left_out)
    return replace(
        report,
        lines=by_line,
        unbudgeted=unbudgeted(lines, book.used, policy) if lines is not None else 0,
        totals=figures,
        controls=control,
        statements={name: [table] for name, table in shown(book.used, balances, policy, book.year, as_of).items()},
        ratios=ratios(figures, by_line),
        floods=floods(findings, rows_read(book), policy),
        recused=recused(findings, book),
        dues_by_month=by_month(book.used["dues"], book.year).tolist() if "dues" in book.used else (),
        previous=run.previous,
        known=known,
        gone=gone(findings, known, statuses, unseen({**statements, **book.read}), book.branches),
    )


def rows_read(book: Book) -> dict[str, int]:
    """How many rows of each ledger were read."""
    return {name: len(table) for name, table in book.read.items()}


def reckoned(run: "Run", needed: Sequence[str] = NEEDED) -> dict[str, Table]:
    """The statements of a run by name: what reading found, and what reconciling computes. Its year and date must be known."""
    book, policy, year, as_of = run.book, run.policy, run.book.year, run.as_of
    assert year is not None and as_of is not None
    found = _statements(book, policy, needed)
    lines = budget_lines(book.used, book.read, policy, year) if "budget" in book.used else None
    months = member_months(book.used, book.read, found["cells"], policy, year, as_of) if "dues" in book.used else None
    balances = member_balances(months, book.used["members"], year, as_of) if months is not None and "members" in book.used else None
    computed = (table for table in (lines, months, balances, payments(book.read)) if table is not None)
    return {**found, "decisions": decisions(leading(run.previous, year)), **{table.name: table for table in computed}}


@dataclass(frozen=True)
class Run:
    """What every command on books begins with: the policy, what was read, the run's date."""

    policy: Policy
    book: Book
    as_of: date | None
    left_out: int
    previous: Sequence[Previous] = ()


def read(paths: Sequence[Path], options: Options, reading: Reading | None = None) -> Run:
    """The books of some PATHs, and the policy on the run's date. Raises LedgerkitError where it cannot be done."""
    with reading or Reading(paths, read_passwords(options.password_file)) as begun:
        own = policies.find(options.policy, paths[0]) if options.own_policy else options.policy
        policy = policies.load(own, settings())
        raws, left_out = begun.files()
    book = _book(raws, policy, options)
    as_of = _as_of(book, options)
    policy = replace(policy.on(as_of), file=shown_path(own, common_folder(paths)) if own else "")
    return Run(policy, book, as_of, left_out, earlier_summaries(options.previous, paths))


def earlier_summaries(summaries: Sequence[Path], paths: Sequence[Path]) -> list[Previous]:
    """The earlier summaries, named as seen from the folder of the books."""
    return read_summaries(summaries, [shown_path(path, common_folder(paths)) for path in summaries]) if summaries else []


def refused(command: str, files: Sequence[RawFile], policy: Policy, options: Options, left_out: int) -> Report:
    """Why none of some files can be used."""
    return _validated(command, Run(policy, read_book(files, policy, options.year), options.as_of, left_out), options)


def _validated(command: str, run: Run, options: Options) -> Report:
    findings, statuses = run_rules(_only(VALIDATION), subject(run, _statements(run.book, run.policy, ())), options.rules)
    report = Report(__version__, command, options.shown, run.policy, run.as_of, run.book, statuses, findings, left_out=run.left_out)
    return replace(report, floods=floods(findings, rows_read(run.book), run.policy))


def _book(raws: Sequence[RawFile], policy: Policy, options: Options) -> Book:
    try:
        return read_book(raws, policy, options.year)
    except UndecidedYear as error:
        raise undecided(error) from error


def undecided(error: UndecidedYear) -> BadInput:
    """The sentence for files that are of two years."""
    return BadInput(
        N_("The files are of the years {years}, equally many each. Say with --year which year's books these are."),
        years=", ".join(str(year) for year in error.args),
    )


def _as_of(book: Book, options: Options) -> date | None:
    """The run's date: as given, else one branch's latest cover date, else the last day of the books' year."""
    own = latest_cover_date(book) if len(book.branches) == 1 else None
    return options.as_of or own or (last_day(book.year) if book.year else None)


def _statements(book: Book, policy: Policy, needed: Sequence[str]) -> dict[str, Table]:
    kept = {name: set(different(table, "branch")) for name, table in book.read.items()}
    # Who only sends the register keeps no books of its own.
    registrars = kept.get(REGISTER, set()) - set().union(*(kept.get(name, set()) for name in NEEDED))
    branches = [branch for branch in book.branches if branch not in registrars] or list(book.branches)
    rows = [{"ledger": name, "present": branch in kept.get(name, ()), "branch": branch} for branch in branches for name in needed]
    return {
        **found(book),
        "blanks": blanks(book.read, policy, book.sheets, _unseen(book)),
        "lacking": lacking(book.read, policy, book.sheets),
        "needed": make("needed", READING["needed"], rows),
    }


def _unseen(book: Book) -> frozenset[int]:
    """The sheets (by index) in whose format an error cell looks blank."""
    return frozenset(at for at, sheet in enumerate(book.sheets) if not book.sources[sheet.file].raw.truthful)


def subject(run: Run, statements: Mapping[str, Table], federation: bool = False) -> Subject:
    """What rules run on: a run's books with their statements."""
    book = run.book
    return Subject({**book.used, **statements}, book.read, run.policy, run.as_of, book.year, book.sheets, federation)


def _only(prefixes: tuple[str, ...]) -> RuleSet:
    kept = RuleSet()
    for rule in catalogue():
        if rule.code.startswith(prefixes):
            kept.take(rule)
    return kept
