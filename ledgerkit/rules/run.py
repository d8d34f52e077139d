"""Runs rules on the tables of a Book: masks first, findings for flagged rows only."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ledgerkit.errors import RuleCrashed
from ledgerkit.locale import N_
from ledgerkit.model.finding import Finding, Severity, with_ids
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import PLACE, Table, different, show
from ledgerkit.reading.book import Sheet, key_of, shared_vouchers
from ledgerkit.reading.sheet import NO_ROW
from ledgerkit.rules.base import (
    NO_COLUMN,
    NO_LEDGER,
    NOT_COMPARED,
    NOT_FOR_BRANCH,
    NOT_FOR_SHEETS,
    Because,
    Flags,
    Function,
    Rule,
    RuleSet,
)
from ledgerkit.rules.causes import gathered
from ledgerkit.rules.waiving import statement, waived
from ledgerkit.rules.yields import spoken

# The date of a row that a reader of the Flags sheet looks for.
DATES = ("paid_on", "starts_at", "signed_at", "period", "adjusted_on", "joined_on")
NAMES = ("name", "beneficiary", "title", "supplier")
# Statements whose rows are about findings, and are named by what they are about.
ABOUT_FINDINGS = ("waivers", "decisions")
# Why a rule is not run whatever the books hold.
NOT_ASKED = N_("not asked for with --rules")
IGNORED = N_("listed under ignore in the policy")
MERGE_ONLY = N_("only when branches are merged")
REFUSED = (NOT_ASKED, IGNORED, MERGE_ONLY)
# What a statement is made from, for those who have not given it.
MADE_FROM = {"eliminated": "branches", "lines": "budget", "months": "dues", "payments": "expenses"}


@dataclass(frozen=True)
class Status:
    """What became of a rule in a run."""

    rule: str
    run: bool
    because: tuple[Because, ...] = ()
    findings: int = 0


@dataclass(frozen=True)
class Subject:
    """What rules run on: used rows and statements, every read row (G rules see these), and the values of the run."""

    tables: Mapping[str, Table]
    read: Mapping[str, Table]
    policy: Policy
    as_of: date | None
    year: int | None
    sheets: Sequence[Sheet] = ()
    federation: bool = False

    @cached_property
    def kept(self) -> Mapping[str, frozenset[str]]:
        """The branches that keep each ledger."""
        return {name: frozenset(different(table, "branch")) for name, table in self.read.items()}

    @cached_property
    def shared(self) -> frozenset[tuple[str, str]]:
        """Vouchers that several relief rows have: (branch, voucher_no)."""
        return shared_vouchers(self.read.get("relief"))

    @cached_property
    def _lacking(self) -> dict[tuple[Table, str], frozenset[int]]:
        return {}

    def lacking(self, table: Table, column: str) -> frozenset[int]:
        """The sheets of a Table (by index) that do not have a column; what stands on no sheet has them all."""
        if (table, column) not in self._lacking:
            layouts = {int(src): self.sheets[src].layout for src in different(table, "_src") if 0 <= src < len(self.sheets)}
            self._lacking[table, column] = frozenset(src for src, layout in layouts.items() if layout and not layout.gives(column))
        return self._lacking[table, column]

    def table(self, name: str, rule: str) -> Table | None:
        """The Table of that name as a rule sees it."""
        return self.read.get(name, self.tables.get(name)) if rule.startswith("G") else self.tables.get(name)


@dataclass(frozen=True)
class Raised:
    """What rules found each for itself, before any yields to another: their findings, and by code why some was not run and whether any was."""

    findings: Sequence[Finding]
    ran: Mapping[str, tuple[tuple[Because, ...], bool]]

    @property
    def whole(self) -> set[str]:
        """The rules that looked at all of the books."""
        return {code for code, (because, did) in self.ran.items() if did and not because}


def raised(rules: Iterable[Rule], subject: Subject, asked: Sequence[str] = ()) -> Raised:
    """What some rules find. `asked`: codes or prefixes, all where empty."""
    ran = {rule.code: _tried(rule, subject, asked) for rule in rules}
    return Raised([one for found, _, _ in ran.values() for one in found], {code: (because, did) for code, (_, because, did) in ran.items()})


def settled(findings: Iterable[Finding], read: Mapping[str, Table]) -> list[Finding]:
    """The findings that speak, one a root cause."""
    return gathered(spoken(findings), read)


def named(
    findings: Iterable[Finding], policy: Policy, as_of: date | None, sort: Callable[..., Iterable[Any]] = sorted
) -> Iterable[Finding]:
    """The findings with ids in report order, the waived ones told apart. `sort`: as `with_ids` has it."""
    return waived(with_ids(findings, sort), policy, as_of)


def statuses(ran: Mapping[str, tuple[tuple[Because, ...], bool]], findings: Sequence[Finding]) -> list[Status]:
    """A Status a rule, in order of the codes."""
    counts = Counter(finding.rule for finding in findings)
    return [Status(code, did, because, counts[code]) for code, (because, did) in sorted(ran.items())]


def run_rules(rules: RuleSet, subject: Subject, asked: Sequence[str] = ()) -> tuple[list[Finding], list[Status]]:
    """Findings with ids in report order, and a Status a rule. `asked`: codes or prefixes, all where empty."""
    of_books = raised((rule for rule in rules if not is_of_waivers(rule)), subject, asked)
    seen = {**subject.tables, **subject.read}
    waivers = statement(of_books.findings, of_books.whole, subject.policy, seen, frozenset().union(*subject.kept.values()))
    judging = replace(subject, tables={**subject.tables, "waivers": waivers})
    of_waivers = raised((rule for rule in rules if is_of_waivers(rule)), judging, asked)
    left = list(named(settled([*of_books.findings, *of_waivers.findings], subject.read), subject.policy, subject.as_of))
    return left, statuses({**of_books.ran, **of_waivers.ran}, left)


def is_of_waivers(rule: Rule) -> bool:
    """Whether a rule looks at the policy's waivers, and so at what the other rules found."""
    return rule.functions[0].tables[0] == "waivers"


def _tried(rule: Rule, subject: Subject, asked: Sequence[str]) -> tuple[list[Finding], tuple[Because, ...], bool]:
    """As `_run`; nothing where the rule is not to be run."""
    refused = _refused(rule, subject, asked)
    return ([], (refused,), False) if refused else _run(rule, subject)


def _refused(rule: Rule, subject: Subject, asked: Sequence[str]) -> Because | None:
    if asked and not rule.code.startswith(tuple(asked)):
        return Because(NOT_ASKED)
    if rule.code in subject.policy.ignore:
        return Because(IGNORED)
    if rule.merge_only and not subject.federation:
        return Because(MERGE_ONLY)
    return None


def _run(rule: Rule, subject: Subject) -> tuple[list[Finding], tuple[Because, ...], bool]:
    """A rule's findings, why some of it was not run, and whether any of it was: what found nothing and left something out was not."""
    findings: list[Finding] = []
    because: list[Because] = []
    did = False
    for function in rule.functions:
        lacking = missing(function, rule.code, subject)
        found, unable = ([], [lacking]) if lacking else run_function(rule, function, subject)
        findings += found
        because += unable
        did |= bool(found) or not unable
    return findings, tuple(dict.fromkeys(because)), did


def run_function(rule: Rule, function: Function, subject: Subject) -> tuple[list[Finding], list[Because]]:
    """The findings of one function (without ids), and what it could not compare."""
    table = subject.table(function.tables[0], rule.code)
    assert table is not None
    alone = rule.across and len(different(table, "branch")) < 2
    flagged = () if alone else call(rule, function, subject)
    because = [Because(NOT_COMPARED, (("what", flags.why_not),)) for flags in flagged if flags.why_not]
    because += [flags.not_run for flags in flagged if flags.not_run]
    found = [finding for flags in flagged for finding in _findings(rule, function, table, flags, subject)]
    lacking = _sheets_without(function, table, subject)
    because += _not_on(table.name, lacking, subject)
    found = [finding for finding in found if finding.src not in dict(lacking)]
    without = _branches_without(function, rule.code, subject)
    because += _without(without)
    return [finding for finding in found if finding.branch not in dict(without)], because


def _branches_without(function: Function, code: str, subject: Subject) -> list[tuple[str, str]]:
    """(branch, ledger) where a branch keeps the flagged ledger and not another that the function needs: nothing can be said of it."""
    first, *others = ("budget" if name == "lines" else name for name in function.tables)
    kept = subject.kept
    return [(branch, name) for name in others if name in kept for branch in sorted(kept.get(first, frozenset()) - kept[name])]


def _sheets_without(function: Function, table: Table, subject: Subject) -> list[tuple[int, str]]:
    """(sheet, the first such column) where a sheet of the flagged ledger lacks one that the function needs: nothing can be said of it."""
    optional = [column for column in function.needs.get(table.name, ()) if _is_blank_where_lacking(table, column)]
    first = {src: column for column in reversed(optional) for src in subject.lacking(table, column)}
    return sorted(first.items())


def lacks(function: Function, code: str, subject: Subject) -> list[Because]:
    """What ledgers and columns a function cannot be run without, of all books or of some."""
    if whole := missing(function, code, subject):
        return [whole]
    table = subject.table(function.tables[0], code)
    assert table is not None
    without = _branches_without(function, code, subject)
    return [*_not_on(table.name, _sheets_without(function, table, subject), subject), *_without(without)]


def _without(branches: Sequence[tuple[str, str]]) -> list[Because]:
    return [Because(NOT_FOR_BRANCH, (("branch", branch), ("ledger", name))) for branch, name in branches]


def _is_blank_where_lacking(table: Table, column: str) -> bool:
    """Whether a sheet without the column looks as if all its cells were blank; a required column's cells are unknown there."""
    return table.ledger is not None and table.ledger[column].need != "R"


def _on_no_sheet(table: Table, column: str, subject: Subject) -> bool:
    """Whether no sheet of a ledger has a column that it need not have."""
    return _is_blank_where_lacking(table, column) and len(subject.lacking(table, column)) == len(different(table, "_src"))


def _not_on(ledger: str, lacking: Sequence[tuple[int, str]], subject: Subject) -> list[Because]:
    """Which sheets a rule says nothing of, a sentence a column."""
    said = []
    for column in dict.fromkeys(column for _, column in lacking):
        sheets = [subject.sheets[src] for src, other in lacking if other == column]
        named = ", ".join(f"{sheet.path} > {sheet.name}" for sheet in sheets)
        said.append(Because(NOT_FOR_SHEETS, (("sheets", named), ("ledger", ledger), ("column", column))))
    return said


def missing(function: Function, code: str, subject: Subject) -> Because | None:
    """Why a function cannot run: a ledger, a column, a limit, or a value of the run is not there."""
    for name in dict.fromkeys((*function.needs, *function.tables)):
        table = subject.table(name, code)
        if table is None:
            return Because(NO_LEDGER, (("ledger", MADE_FROM.get(name, name)),))
        for column in function.needs.get(name, ()):
            if column in table.absent or _on_no_sheet(table, column, subject):
                return Because(NO_COLUMN, (("ledger", name), ("column", column)))
    own = subject.policy.settings.get(code, {})
    unset = [key for key in function.limits if not subject.policy.is_set(key)]
    unset += [f"rules.{code}.{name}" for name, default in function.settings.items() if default is None and name not in own]
    if unset:
        return Because(N_("no limit is set: {setting}"), (("setting", ", ".join(unset)),))
    if "year" in function.values and subject.year is None:
        return Because(N_("the books' year is not known"))
    if "as_of" in function.values and subject.as_of is None:
        return Because(N_("the books' year is not known"))
    return None


def call(rule: Rule, function: Function, subject: Subject) -> tuple[Flags, ...]:
    """The flags of one function. Raises RuleCrashed, naming the rule, for whatever it raises."""
    tables = {name: subject.table(name, rule.code) for name in (*function.tables, *function.optional)}
    values = {name: getattr(subject, name) for name in function.values}
    own = subject.policy.settings.get(rule.code, {})
    settings = {name: own[name] for name in function.settings if name in own}
    try:
        found = function.check(**tables, **values, **settings)
    except Exception as error:
        raise RuleCrashed(
            N_(
                "Rule {rule} failed ({why}). This is a fault of ledgerkit, not of your books; run again with the rule in the policy's `ignore`."
            ),
            rule=rule.code,
            why=type(error).__name__,
        ) from error
    if isinstance(found, tuple):
        return found
    return (found if isinstance(found, Flags) else Flags(found),)


def _findings(rule: Rule, function: Function, table: Table, flags: Flags, subject: Subject) -> list[Finding]:
    mask = flags.mask if flags.mask.dtype == bool else flags.mask.fillna(False).astype(bool)
    return [_finding(rule, function.flags, table, at, flags, subject) for at in np.flatnonzero(mask.to_numpy()).tolist()]


def _severity(rule: Rule, flags: Flags, at: int, policy: Policy) -> Severity:
    """The policy's word, else the row's own severity, else the rule's."""
    own = Severity(flags.severity[at]) if flags.severity is not None else rule.severity
    return policy.severities.get(rule.code, own)


def _finding(
    rule: Rule,
    flagged: str | None,
    table: Table,
    at: int,
    flags: Flags,
    subject: Subject,
) -> Finding:
    """One flagged row as a Finding. A row of `cells` or `blanks` stands for a cell of a ledger's row, whose key and name it takes."""
    row = table.row(at)
    column = flags.column or flagged or (str(row["field"]) or None if "field" in table.types else None)
    of_row = "at" in table.types and not pd.isna(row["at"]) and int(row["at"]) != NO_ROW
    owner, own_at = (subject.read[row["ledger"]], int(row["at"])) if of_row else (table, at)
    src = int(row["_src"])
    sheet = subject.sheets[src] if 0 <= src < len(subject.sheets) else None
    excel_row = None if pd.isna(row["_row"]) else int(row["_row"])
    ledger = owner.ledger.name if owner.ledger else row.get("ledger") or None
    return Finding(
        rule=rule.code,
        severity=_severity(rule, flags, at, subject.policy),
        branch=str(row["branch"]),
        ledger=ledger,
        file=sheet.path if sheet else row.get("file") or None,
        sheet=sheet.name if sheet else row.get("sheet") or None,
        row=excel_row,
        column=column,
        cell=_cell(sheet, column, excel_row, str(row["_col"]), own=table.ledger is None),
        key=key_of(owner, own_at, subject.shared) if owner.ledger or owner.name in ABOUT_FINDINGS else (),
        name=_first(owner, own_at, NAMES) or "",
        date=_first(owner, own_at, DATES),
        amount=_amount(owner, own_at, flags, at),
        observed=_observed(owner, own_at, column, flags, at, row),
        expected=_expected(table, flags, at, row, subject, column, src),
        count=None if flags.count is None or pd.isna(flags.count[at]) else int(flags.count[at]),
        case=str(row.get("case", "") if flags.case is None else flags.case[at]),
        src=src,
        basis=rule.basis if flags.basis is None else flags.basis[at] or rule.basis,
        content=_content(owner, own_at),
    )


def _cell(sheet: Sheet | None, column: str | None, row: int | None, letters: str, own: bool = False) -> str | None:
    """A finding's A1 address; `own` where the row's own column letters name the cell, as in the statements of reading."""
    if row is None:
        return None
    if own and letters:
        return f"{letters}{row}"
    if sheet is None:
        return None
    return sheet.cell(column, row, letters) if column else None


def _first(table: Table, at: int, columns: Sequence[str]) -> str | None:
    """The first of some columns that has a value, as text."""
    return next((text for column in columns if column in table.types and (text := table.show(at, column))), None)


def _amount(table: Table, at: int, flags: Flags, row: int) -> int | None:
    if flags.amount is not None:
        return None if pd.isna(flags.amount[row]) else int(flags.amount[row])
    own = table.ledger.money if table.ledger else None
    return None if own is None or pd.isna(table.at(at, own)) else int(table.at(at, own))


def _observed(table: Table, at: int, column: str | None, flags: Flags, row: int, whole: Mapping[str, Any]) -> str | None:
    if flags.observed is not None:
        return show(flags.observed[row], "text")
    for given in ("observed", "text"):
        if given in whole:
            return str(whole[given]) or None
    return (table.show(at, column) or None) if column and column in table.types else None


def _expected(table: Table, flags: Flags, at: int, row: Mapping[str, Any], subject: Subject, column: str | None, src: int) -> str | None:
    if flags.other is not None and not pd.isna(flags.other[at]):
        return _other_cell(table, int(flags.other[at]), subject, column, src)
    if flags.expected is not None:
        return show(flags.expected[at], "text")
    return (str(row["expected"]) or None) if "expected" in row and table.ledger is None else None


def _other_cell(table: Table, at: int, subject: Subject, column: str | None, here: int) -> str | None:
    """The cell of another row: A5, with its sheet (and file) before it where that is another one."""
    src, row = int(table.at(at, "_src")), int(table.at(at, "_row"))
    if not 0 <= src < len(subject.sheets):
        return f"{column}{row}"
    sheet = subject.sheets[src]
    address = _cell(sheet, column, row, str(table.at(at, "_col"))) or str(row)
    if src == here:
        return address
    if 0 <= here < len(subject.sheets) and sheet.path == subject.sheets[here].path:
        return f"{sheet.name}!{address}"
    return f"{sheet.path}!{sheet.name}!{address}"


def _content(table: Table, at: int) -> str:
    """A row's own content as text, without its place: it orders findings that share an id."""
    return "\x1f".join(show(table.at(at, column), kind) or "" for column, kind in table.types.items() if column not in PLACE)
