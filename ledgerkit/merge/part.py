"""A batch of branches by itself: what a federation needs to know of it, as plain values.

No rule of a batch looks beyond a branch, so a batch of one branch, of fifty or of all gives the same facts of each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ledgerkit import audit
from ledgerkit.merge.plain import Plain, plain
from ledgerkit.merge.ties import ties
from ledgerkit.model.federation import COUNTED, Sent
from ledgerkit.model.finding import Finding
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.reading.book import Book, Sheet, Source, read_book
from ledgerkit.reading.headers import Layout
from ledgerkit.reading.sheet import SheetRows
from ledgerkit.reading.survey import Cells
from ledgerkit.reconcile.collection import by_month
from ledgerkit.reconcile.control import Control, controls, unbudgeted
from ledgerkit.reconcile.totals import totals
from ledgerkit.reconcile.year import shown
from ledgerkit.rules.base import Because, Rule
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.recused import recused
from ledgerkit.rules.run import ABOUT_FINDINGS, raised, settled
from ledgerkit.rules.waiving import statement, unseen

# Ledgers whose rows are compared with those of other batches.
COMPARED = ("members", "relief")
# Statements of which a federation has sums: summed by these columns, in the order of a ledger's choices or of themselves.
SUMMED: Mapping[str, tuple[str, ...]] = {"crossing": ("category", "fund"), "programmes": ("programme",), "funds": ("code",)}
# Statements that only a federation has.
FEDERAL = ("received", "eliminated")
ACTIVE = "active"


@dataclass(frozen=True)
class Filed:
    """A file of a batch: where it stands among all files, whose it is, its cells (none where it could not be read)."""

    number: int
    cells: Cells
    branch: str


@dataclass(frozen=True)
class Asked:
    """What is asked of every batch. `ledgers`: those whose rows are wanted beside its facts."""

    policy: Policy
    year: int
    as_of: date
    rules: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = COMPARED


@dataclass(frozen=True)
class Ties:
    """The ties of a batch's rows as columns: their hashes, the branch, the ledger and the place of each row among those used."""

    hash: Sequence[int] = ()
    branch: Sequence[str] = ()
    ledger: Sequence[str] = ()
    at: Sequence[int] = ()

    @classmethod
    def of(cls, found: pd.DataFrame) -> "Ties":
        """From what `merge.ties` finds."""
        return cls(*(found[column].tolist() for column in ("hash", "branch", "ledger", "at")))

    def frame(self) -> pd.DataFrame:
        """As `merge.ties` has them."""
        return pd.DataFrame({"hash": np.array(self.hash, dtype="uint64"), "branch": self.branch, "ledger": self.ledger, "at": self.at})


@dataclass(frozen=True)
class Part:
    """What a batch is found to be. Sheets are counted within it; a Source has no cells any more, and a sheet no rows.

    `numbers`: where its files stand among all; `ran`: as rules say by code; `found`: the rules that
    found something; `kept`: the branches that keep each ledger; `read`: how many
    rows of each ledger were read; `absent`: columns that no sheet of a ledger has; `hidden`: branches of which something was refused;
    `statements`: those that become one of all batches. Put by apart from the rest are the `findings` (without ids), the statements
    `listed`, which have a row a record, the `ties` and the `ledgers`.
    """

    numbers: Sequence[int]
    sources: Sequence[Source]
    ran: Mapping[str, tuple[tuple[Because, ...], bool]]
    found: frozenset[str]
    waivers: Plain
    kept: Mapping[str, Sequence[str]]
    read: Mapping[str, int]
    absent: Mapping[str, frozenset[str]]
    hidden: frozenset[str]
    recused: Mapping[tuple[int, int | None], Sequence[str]]
    statements: Mapping[str, Plain]
    figures: Mapping[str, Any]
    controls: Sequence[Control]
    dues_by_month: Sequence[int]
    unbudgeted: int
    sent: Sequence[Sent]
    remitted: Mapping[str, int | None]
    findings: Sequence[Finding] = ()
    listed: Mapping[str, Plain] = field(default_factory=dict)
    ties: Ties = Ties()
    ledgers: Mapping[str, Plain] = field(default_factory=dict)


def of_branch(rule: Rule) -> bool:
    """Whether a rule looks at a branch by itself."""
    first = rule.functions[0].tables[0]
    return not rule.across and first not in (*ABOUT_FINDINGS, *FEDERAL)


def part_of(files: Sequence[Filed], asked: Asked, is_register: bool = False) -> Part:
    """The facts of a batch; of the files that are the register, which is no branch's books, where it is that. Raises RuleCrashed."""
    branches = None if is_register else [filed.branch for filed in files]
    book = read_book([one.cells.file for one in files], asked.policy, asked.year, branches, [one.cells.found for one in files])
    run = audit.Run(asked.policy, book, asked.as_of, 0)
    statements = audit.reckoned(run, () if is_register else audit.NEEDED)
    subject = audit.subject(run, statements, federation=True)
    found = raised(filter(of_branch, catalogue()), subject, asked.rules)
    findings = settled(found.findings, subject.read)
    seen = {**subject.tables, **subject.read}
    waivers = statement(found.findings, found.whole, asked.policy, seen, frozenset().union(*subject.kept.values()))
    lines, balances = statements.get("lines"), statements.get("balances")
    figures = totals(book.used, balances, asked.policy, asked.year)
    tables = shown(book.used, balances, asked.policy, asked.year, asked.as_of, by_branch=True)
    listed = {name: plain(table) for name, table in tables.items()}
    kept = {name: listed.pop(name) for name in SUMMED if name in listed} | ({"lines": plain(lines)} if lines is not None else {})
    if is_register:
        kept |= {name: plain(table) for name, table in book.used.items() if name == audit.REGISTER}
    return Part(
        [filed.number for filed in files],
        slim(book),
        found.ran,
        frozenset(finding.rule for finding in found.findings),
        plain(waivers),
        {name: sorted(branches) for name, branches in subject.kept.items()},
        audit.rows_read(book),
        {name: table.absent for name, table in book.read.items()},
        frozenset(unseen(seen)),
        recused(findings, book),
        kept,
        figures,
        controls(book, statements["declared"], lines, asked.policy),
        by_month(book.used["dues"], asked.year).tolist() if "dues" in book.used else (),
        unbudgeted(lines, book.used, asked.policy) if lines is not None else 0,
        () if is_register else _sent(book, lines, balances),
        _remitted(book),
        findings,
        listed,
        Ties.of(ties(book.used.get("members"), book.used.get("relief"))),
        {name: plain(book.read[name]) for name in asked.ledgers if name in book.read},
    )


def slim(book: Book) -> list[Source]:
    """A book's files without cells and rows: what reports say of them."""
    layouts: dict[object, Layout] = {}
    return [
        replace(source, raw=replace(source.raw, sheets=(), names={}), sheets=[_slim(sheet, layouts) for sheet in source.sheets])
        for source in book.sources
    ]


def _slim(sheet: Sheet, layouts: dict[object, Layout]) -> Sheet:
    layout = alike(sheet.layout, layouts) if sheet.layout else None
    rows = sheet.rows
    left = rows and SheetRows(
        rows.layout if layout is None else layout,
        {"_row": []},
        {},
        [],
        [],
        rows.blank,
        rows.totals,
        rows.notes,
        {heading: [] for heading in rows.extras},
    )
    return replace(sheet, layout=layout, rows=left, merges=())


def alike(layout: Layout, known: dict[object, Layout]) -> Layout:
    """The one layout that stands for all in which a ledger's columns stand alike."""
    columns = tuple((key, match.column) for key, match in layout.matches.items())
    months = tuple((number, match.column) for number, match in layout.months.items())
    return known.setdefault((layout.ledger.name, columns, months), layout)


def _remitted(book: Book) -> dict[str, int | None]:
    """What each branch's remittance ledger says it sent up, in minor units; None where an amount or a row could not be read."""
    if "remittance" not in book.read:
        return {}
    table = book.read["remittance"]
    doubtful = set(table["branch"][~table["_used"] | table.unreadable("remitted")])
    sums = table["remitted"].fillna(0).groupby(table["branch"]).sum()
    return {str(branch): None if branch in doubtful else int(total) for branch, total in sums.items()}


def _sent(book: Book, lines: Table | None, balances: Table | None) -> list[Sent]:
    """What came from each branch, in order of the codes."""
    sources: dict[str, list[Source]] = {}
    for source in book.sources:
        sources.setdefault(source.branch, []).append(source)
    rows = {name: Counter(table["branch"]) for name, table in book.used.items() if name in COUNTED}
    roster = (
        Counter(book.used["members"]["branch"][(book.used["members"]["status"] == ACTIVE).fillna(False)]) if "members" in book.used else {}
    )
    money = _money(lines, balances)
    kept = {name: set(table["branch"]) for name, table in book.read.items()}
    return [
        Sent(
            branch,
            next((source.cover.values["branch"] for source in own if source.cover and source.cover.values.get("branch")), ""),
            max((source.cover.filled_on for source in own if source.cover and source.cover.filled_on and not source.problem), default=None),
            [source.path for source in own if not source.problem],
            [source.path for source in own if source.problem == "F008" and _counts(source.expected, own)],
            [source.path for source in own if source.problem == "F008" and not _counts(source.expected, own)],
            {name: counted.get(branch, 0) for name, counted in rows.items() if branch in kept.get(name, ())},
            sum(sheet.rows_rejected for source in own for sheet in source.sheets if not source.problem),
            roster.get(branch, 0) if branch in kept.get("members", ()) else None,
            **{name: by_branch.get(branch) for name, by_branch in money.items()},
        )
        for branch, own in sorted(sources.items())
        if branch
    ]


def _counts(path: str, sources: Sequence[Source]) -> bool:
    """Whether a file is one that counts."""
    return any(source.path == path and not source.problem for source in sources)


def _money(lines: Table | None, balances: Table | None) -> dict[str, dict[str, int]]:
    """Each branch's dues owed and collected, and what its expense lines had and spent."""
    found: dict[str, dict[str, int]] = {"owed": {}, "collected": {}, "available": {}, "spent": {}}
    if balances is not None:
        known = balances.frame[balances["collected"].notna()]
        net = (known["due"] - known["waived"]).clip(lower=0)
        found["owed"] = {str(branch): int(total) for branch, total in net.groupby(known["branch"]).sum().items()}
        found["collected"] = {str(branch): int(total) for branch, total in known.groupby("branch")["collected"].sum().items()}
    if lines is not None:
        expense = lines.frame[(lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"]]
        spent = expense["actual"].where(expense["actual"].notna(), expense["booked"]).fillna(0)
        found["available"] = {
            str(branch): int(total) for branch, total in expense["available"].fillna(0).groupby(expense["branch"]).sum().items()
        }
        found["spent"] = {str(branch): int(total) for branch, total in spent.groupby(expense["branch"]).sum().items()}
    return found
