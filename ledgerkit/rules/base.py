"""What a rule is: a vectorised function with its metadata in the decorator, kept in a RuleSet that refuses a code used twice."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table

# Values of the run that a rule may ask for by name, beside ledgers and statements.
VALUES = frozenset({"policy", "as_of", "year"})


@dataclass(frozen=True)
class Flags:
    """A mask with facts beside it, each a column aligned with the flagged Table: text for observed and expected, minor units for amount.

    `other` is the index of the row of the same Table that a flagged one repeats: `expected` is then its cell. `column` takes the place
    of the rule's `flags`, `severity` of its severity (G025 alone), `case` says which of its `cases` takes the place of its message.
    `why_not` says what was not compared, "" where all was.
    """

    mask: "pd.Series[Any]"
    observed: "pd.Series[Any] | None" = None
    expected: "pd.Series[Any] | None" = None
    amount: "pd.Series[Any] | None" = None
    count: "pd.Series[Any] | None" = None
    other: "pd.Series[Any] | None" = None
    column: str | None = None
    severity: "pd.Series[Any] | None" = None
    case: "pd.Series[Any] | None" = None
    why_not: str = ""


Check = Callable[..., Any]


@dataclass(frozen=True)
class Function:
    """One function of a rule: what it flags (its first parameter), the column to look at, what it cannot run without."""

    check: Check
    flags: str | None
    needs: Mapping[str, tuple[str, ...]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the ledgers and statements it takes, the flagged one first."""
        return tuple(name for name, kind in self._parameters() if kind is not inspect.Parameter.KEYWORD_ONLY and name not in VALUES)

    @property
    def values(self) -> tuple[str, ...]:
        """Which values of the run it takes."""
        return tuple(name for name, _ in self._parameters() if name in VALUES)

    @property
    def settings(self) -> dict[str, object]:
        """Its keyword-only parameters with their defaults."""
        signature = inspect.signature(self.check)
        return {p.name: p.default for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}

    @property
    def text(self) -> str:
        """Its docstring, unindented."""
        return inspect.getdoc(self.check) or ""

    def _parameters(self) -> list[tuple[str, Any]]:
        return [(p.name, p.kind) for p in inspect.signature(self.check).parameters.values()]


@dataclass
class Rule:
    """A rule of the catalogue: one code, one severity, one or more functions; `cases` are messages for what `message` does not fit."""

    code: str
    severity: Severity
    title: str
    message: str
    basis: str
    functions: list[Function] = field(default_factory=list)
    merge_only: bool = False
    across: bool = False
    cases: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, object]:
        """The settings of its functions with their defaults."""
        return {name: value for function in self.functions for name, value in function.settings.items()}

    @property
    def prose(self) -> str:
        """The explanation: the first function's docstring without its tables."""
        return without_tables(self.functions[0].text) if self.functions else ""


class RuleSet:
    """Rules in order of their codes, in an object that can be seen."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def rule(
        self,
        code: str,
        *,
        severity: Severity,
        title: str,
        message: str,
        basis: str,
        flags: str | None = None,
        needs: Mapping[str, tuple[str, ...]] | None = None,
        merge_only: bool = False,
        across: bool = False,
        cases: Mapping[str, str] | None = None,
    ) -> Callable[[Check], Check]:
        """Declares a rule by its first function; `across` where it compares branches. Raises ValueError for a code used twice."""
        if code in self._rules:
            raise ValueError(f"rule {code} is declared twice")
        self._rules[code] = Rule(code, severity, title, message, basis, merge_only=merge_only, across=across, cases=cases or {})
        return self.also(code, flags=flags, needs=needs)

    def also(self, code: str, *, flags: str | None = None, needs: Mapping[str, tuple[str, ...]] | None = None) -> Callable[[Check], Check]:
        """Declares a further function of a rule, for another ledger."""

        def add(check: Check) -> Check:
            self._rules[code].functions.append(Function(check, flags, needs or {}))
            return check

        return add

    def take(self, rule: Rule) -> None:
        """Takes a rule of another set as it is. Raises ValueError for a code used twice."""
        if rule.code in self._rules:
            raise ValueError(f"rule {rule.code} is declared in two packs")
        self._rules[rule.code] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(sorted(self._rules.values(), key=lambda rule: rule.code))

    def __getitem__(self, code: str) -> Rule:
        return self._rules[code]

    def __contains__(self, code: object) -> bool:
        return code in self._rules


def union(packs: tuple[RuleSet, ...]) -> RuleSet:
    """All rules of some packs in one set. Raises ValueError for a code that two of them use."""
    whole = RuleSet()
    for pack in packs:
        for rule in pack:
            whole.take(rule)
    return whole


def without_tables(text: str) -> str:
    """A docstring's prose: what stands before the settings and tables of its first example."""
    lines = []
    for line in text.splitlines():
        if re.match(r"\||as_of |year |\w+ = ", line):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def same(left: "pd.Series[Any]", right: "pd.Series[Any]") -> "pd.Series[Any]":
    """Equality where NA is neither equal nor a fault: NA gives False."""
    return (left == right).fillna(False).astype(bool)


def earlier(table: Table, by: list[str], order: list[str], mask: "pd.Series[Any] | None" = None) -> "pd.Series[Any]":
    """For each row that repeats another's `by` columns the index of the earliest of them (by `order`, then place); NA for the rest.

    `mask` says which rows count; rows with a blank or NA in `by` repeat nothing.
    """
    frame = table.frame if mask is None else table.frame[mask.fillna(False).astype(bool)]
    named = frame[[column for column in by if column != "branch"]]
    filled = named.notna().all(axis=1) & (named.astype("str") != "").all(axis=1)
    ordered = frame[filled].sort_values([*order, "_src", "_row", "_col"], kind="stable")
    first = ordered.assign(_at=ordered.index).groupby(by, sort=False)["_at"].transform("first")
    repeats = first[first != first.index]
    return pd.Series(pd.NA, index=table.frame.index, dtype="Int64").where(~table.frame.index.isin(repeats.index), repeats.astype("Int64"))


def with_columns(table: Table, **columns: "pd.Series[Any]") -> Table:
    """The Table with helper columns beside its own."""
    return replace(table, frame=table.frame.assign(**columns))


def dangling(table: Table, column: str, other: Table, key: str) -> "pd.Series[bool]":
    """Mask of the rows that name a row of another Table that does not exist in their branch."""
    known = pd.MultiIndex.from_frame(other.frame[["branch", key]].dropna().drop_duplicates())
    named = pd.MultiIndex.from_frame(table.frame[["branch", column]])
    there = pd.Series(named.isin(known), index=table.frame.index)
    return ((table[column] != "") & table[column].notna()).astype(bool) & ~there


def money_text(amounts: "pd.Series[Any]") -> "pd.Series[Any]":
    """Canonical text of a column of minor units (123.45), NA stays NA."""
    return amounts.map(money.show, na_action="ignore")


def day_text(days: "pd.Series[Any]") -> "pd.Series[Any]":
    """Canonical text of a column of days (YYYY-MM-DD), NA stays NA."""
    return days.dt.strftime("%Y-%m-%d")
