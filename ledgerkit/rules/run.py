"""Runs rules on the tables of a Book: masks first, findings for flagged rows only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ledgerkit.errors import RuleCrashed
from ledgerkit.locale import N_
from ledgerkit.model.finding import Finding, Severity, with_ids
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import PLACE, Table, show
from ledgerkit.reading.book import Sheet, key_of, shared_vouchers
from ledgerkit.reading.sheet import NO_ROW
from ledgerkit.rules.base import Flags, Function, Rule, RuleSet
from ledgerkit.rules.yields import spoken

# The date of a row that a reader of the Flags sheet looks for.
DATES = ("paid_on", "starts_at", "signed_at", "period", "adjusted_on", "joined_on")
NAMES = ("name", "beneficiary", "title", "supplier")


@dataclass(frozen=True)
class Because:
    """Why a rule was not run, or not everywhere: a sentence rendered where it is shown. `values` are ledgers, columns, codes."""

    sentence: str
    values: tuple[tuple[str, str], ...] = ()


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

    def table(self, name: str, rule: str) -> Table | None:
        """The Table of that name as a rule sees it."""
        return self.read.get(name, self.tables.get(name)) if rule.startswith("G") else self.tables.get(name)


def run_rules(rules: RuleSet, subject: Subject, asked: Sequence[str] = ()) -> tuple[list[Finding], list[Status]]:
    """Findings with ids in report order, and a Status a rule. `asked`: codes or prefixes, all where empty."""
    findings: list[Finding] = []
    ran: list[tuple[str, bool, tuple[Because, ...]]] = []
    for rule in rules:
        refused = _refused(rule, subject, asked)
        flagged, because, did = ([], (refused,), False) if refused else _run(rule, subject)
        findings += flagged
        ran.append((rule.code, did, because))
    left = with_ids(spoken(findings))
    counts = pd.Series([finding.rule for finding in left], dtype="str").value_counts()
    return left, [Status(code, ok, because, int(counts.get(code, 0))) for code, ok, because in ran]


def _refused(rule: Rule, subject: Subject, asked: Sequence[str]) -> Because | None:
    if asked and not rule.code.startswith(tuple(asked)):
        return Because(N_("not asked for with --rules"))
    if rule.code in subject.policy.ignore:
        return Because(N_("listed under ignore in the policy"))
    if rule.merge_only and not subject.federation:
        return Because(N_("only when branches are merged"))
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
    flagged = call(rule, function, subject)
    because = [Because(N_("not compared: {what}"), (("what", flags.why_not),)) for flags in flagged if flags.why_not]
    found = [finding for flags in flagged for finding in _findings(rule, function, table, flags, subject)]
    without = _branches_without(function, rule.code, subject)
    because += [Because(N_("not for {branch}: there is no {ledger}"), (("branch", branch), ("ledger", name))) for branch, name in without]
    return [finding for finding in found if finding.branch not in dict(without)], because


def _branches_without(function: Function, code: str, subject: Subject) -> list[tuple[str, str]]:
    """(branch, ledger) where a branch keeps the flagged ledger and not another that the function needs: nothing can be said of it."""
    first, *others = ("budget" if name == "lines" else name for name in function.tables)
    kept = {name: set(subject.read[name]["branch"]) for name in (first, *others) if name in subject.read}
    return [(branch, name) for name in others if name in kept for branch in sorted(kept.get(first, set()) - kept[name])]


def missing(function: Function, code: str, subject: Subject) -> Because | None:
    """Why a function cannot run: a ledger, a column, or a value of the run is not there."""
    for name in dict.fromkeys((*function.needs, *function.tables)):
        table = subject.table(name, code)
        if table is None:
            return Because(N_("there is no {ledger}"), (("ledger", "budget" if name == "lines" else name),))
        for column in function.needs.get(name, ()):
            if column in table.absent:
                return Because(N_("{ledger} has no column {column}"), (("ledger", name), ("column", column)))
    if "year" in function.values and subject.year is None:
        return Because(N_("the books' year is not known"))
    if "as_of" in function.values and subject.as_of is None:
        return Because(N_("the books' year is not known"))
    return None


def call(rule: Rule, function: Function, subject: Subject) -> tuple[Flags, ...]:
    """The flags of one function. Raises RuleCrashed, naming the rule, for whatever it raises."""
    tables = {name: subject.table(name, rule.code) for name in function.tables}
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
    mask = flags.mask.fillna(False).astype(bool)
    shared = shared_vouchers(subject.read.get("relief")) if table.name == "relief" or "at" in table.types else frozenset()
    severity = subject.policy.severities.get(rule.code, rule.severity)
    return [_finding(rule.code, severity, function.flags, table, int(at), flags, subject, shared) for at in mask.index[mask]]


def _finding(
    code: str,
    severity: Severity,
    flagged: str | None,
    table: Table,
    at: int,
    flags: Flags,
    subject: Subject,
    shared: frozenset[tuple[str, str]],
) -> Finding:
    """One flagged row as a Finding. A row of `cells` or `blanks` stands for a cell of a ledger's row, whose key and name it takes."""
    row = table.frame.loc[at]
    column = flags.column or flagged or (str(row["field"]) if "field" in table.types else None)
    of_row = "at" in table.types and int(row["at"]) != NO_ROW
    owner, own_at = (subject.read[row["ledger"]], int(row["at"])) if of_row else (table, at)
    src = int(row["_src"])
    sheet = subject.sheets[src] if 0 <= src < len(subject.sheets) else None
    excel_row = None if pd.isna(row["_row"]) else int(row["_row"])
    ledger = owner.ledger.name if owner.ledger else row.get("ledger") or None
    return Finding(
        rule=code,
        severity=Severity(flags.severity[at]) if flags.severity is not None else severity,
        branch=str(row["branch"]),
        ledger=ledger,
        file=sheet.path if sheet else row.get("file") or None,
        sheet=sheet.name if sheet else None,
        row=excel_row,
        column=column,
        cell=_cell(sheet, column, excel_row, str(row["_col"]), own=table.ledger is None),
        key=key_of(owner, own_at, shared) if owner.ledger else (),
        name=_first(owner, own_at, NAMES) or "",
        date=_first(owner, own_at, DATES),
        amount=_amount(owner, own_at, flags, at),
        observed=_observed(owner, own_at, column, flags, at, row),
        expected=_expected(table, flags, at, row, subject, column, src),
        count=None if flags.count is None or pd.isna(flags.count[at]) else int(flags.count[at]),
        case="" if flags.case is None else str(flags.case[at]),
        src=src,
        content=_content(owner, own_at),
    )


def _cell(sheet: Sheet | None, column: str | None, row: int | None, letters: str, own: bool = False) -> str | None:
    """A finding's A1 address; `own` where the row's own column letters name the cell, as in the statements of reading."""
    if row is None or sheet is None:
        return None
    if own and letters:
        return f"{letters}{row}"
    return sheet.cell(column, row, letters) if column else None


def _first(table: Table, at: int, columns: Sequence[str]) -> str | None:
    """The first of some columns that has a value, as text."""
    return next((text for column in columns if column in table.types and (text := table.show(at, column))), None)


def _amount(table: Table, at: int, flags: Flags, row: int) -> int | None:
    if flags.amount is not None:
        return None if pd.isna(flags.amount[row]) else int(flags.amount[row])
    own = table.ledger.money if table.ledger else None
    return None if own is None or pd.isna(table.frame.at[at, own]) else int(table.frame.at[at, own])


def _observed(table: Table, at: int, column: str | None, flags: Flags, row: int, whole: "pd.Series[Any]") -> str | None:
    if flags.observed is not None:
        return show(flags.observed[row], "text")
    for given in ("observed", "text"):
        if given in whole.index:
            return str(whole[given]) or None
    return (table.show(at, column) or None) if column and column in table.types else None


def _expected(table: Table, flags: Flags, at: int, row: "pd.Series[Any]", subject: Subject, column: str | None, src: int) -> str | None:
    if flags.other is not None and not pd.isna(flags.other[at]):
        return _other_cell(table, int(flags.other[at]), subject, column, src)
    if flags.expected is not None:
        return show(flags.expected[at], "text")
    return (str(row["expected"]) or None) if "expected" in row.index and table.ledger is None else None


def _other_cell(table: Table, at: int, subject: Subject, column: str | None, here: int) -> str | None:
    """The cell of another row: A5, with its sheet (and file) before it where that is another one."""
    src, row = int(table.frame.at[at, "_src"]), int(table.frame.at[at, "_row"])
    if not 0 <= src < len(subject.sheets):
        return f"{column}{row}"
    sheet = subject.sheets[src]
    address = _cell(sheet, column, row, str(table.frame.at[at, "_col"])) or str(row)
    if src == here:
        return address
    if 0 <= here < len(subject.sheets) and sheet.path == subject.sheets[here].path:
        return f"{sheet.name}!{address}"
    return f"{sheet.path}!{sheet.name}!{address}"


def _content(table: Table, at: int) -> str:
    """A row's own content as text, without its place: it orders findings that share an id."""
    return "\x1f".join(show(table.frame.at[at, column], kind) or "" for column, kind in table.types.items() if column not in PLACE)
