"""What a rule is: a vectorised function with its metadata in the decorator, kept in a RuleSet that refuses a code used twice."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.model.period import show_month
from ledgerkit.model.person import fold_name, id_is_good
from ledgerkit.model.table import Table, alike, array_of, each_of, filled, places

# Values of the run that a rule may ask for by name, beside ledgers and statements.
VALUES = frozenset({"policy", "as_of", "year"})
# Why a rule is not run on all of the books: what ledgers and columns there are decides it, or what can be compared.
NO_LEDGER = N_("there is no {ledger}")
NOT_FOR_BRANCH = N_("not for {branch}: there is no {ledger}")
NO_COLUMN = N_("{ledger} has no column {column}")
NOT_FOR_SHEETS = N_("not for {sheets}: no column {column}")
OF_LEDGERS = (NO_LEDGER, NOT_FOR_BRANCH, NO_COLUMN, NOT_FOR_SHEETS)
NOT_COMPARED = N_("not compared: {what}")


@dataclass(frozen=True)
class Because:
    """Why a rule was not run, or not everywhere: a sentence rendered where it is shown. `values` are ledgers, columns, codes."""

    sentence: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Flags:
    """A mask with facts beside it, each a column aligned with the flagged Table: text for observed and expected, minor units for amount.

    `other` is the index of the row of the same Table that a flagged one repeats: `expected` is then its cell. `column` takes the place
    of the rule's `flags`, `case` says which of its messages fits, `severity` takes the place of its severity, `basis` of its basis (a key of sources.toml, "" for the rule's own); a policy's
    severity stands above all. `why_not` says what was not compared, "" where all was;
    `not_run` why the whole rule has nothing to say of these books.
    """

    mask: "pd.Series[Any]"
    observed: "pd.Series[Any] | Shown | Everywhere | None" = None
    expected: "pd.Series[Any] | Shown | Everywhere | None" = None
    amount: "pd.Series[Any] | Everywhere | None" = None
    count: "pd.Series[Any] | Everywhere | None" = None
    other: "pd.Series[Any] | None" = None
    column: str | None = None
    severity: "pd.Series[Any] | None" = None
    case: "pd.Series[Any] | Everywhere | None" = None
    basis: "pd.Series[str] | Everywhere | None" = None
    why_not: str = ""
    not_run: Because | None = None


Check = Callable[..., Any]


@dataclass(frozen=True)
class Function:
    """One function of a rule: what it flags (its first parameter), the column to look at, what it cannot run without.

    `limits` are keys of the policy that must have a value.
    """

    check: Check
    flags: str | None
    needs: Mapping[str, tuple[str, ...]]
    limits: tuple[str, ...] = ()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the ledgers and statements it takes, the flagged one first."""
        return tuple(p.name for p in self._tables() if p.default is p.empty)

    @cached_property
    def optional(self) -> tuple[str, ...]:
        """Names of the ledgers and statements that it takes where they are there (parameters with a default), None where they are not."""
        return tuple(p.name for p in self._tables() if p.default is not p.empty)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Which values of the run it takes."""
        return tuple(p.name for p in self._parameters if p.name in VALUES)

    @cached_property
    def settings(self) -> dict[str, object]:
        """Its keyword-only parameters with their defaults; one whose default is None must be set in the policy before it runs."""
        return {p.name: p.default for p in self._parameters if p.kind is p.KEYWORD_ONLY}

    @property
    def text(self) -> str:
        """Its docstring, unindented."""
        return inspect.getdoc(self.check) or ""

    @cached_property
    def _parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.check).parameters.values())

    def _tables(self) -> list[inspect.Parameter]:
        return [p for p in self._parameters if p.kind is not p.KEYWORD_ONLY and p.name not in VALUES]


@dataclass
class Rule:
    """A rule of the catalogue: one code, one severity, one or more functions. `message`: one, or several by case, the first for what no other fits."""

    code: str
    severity: Severity
    title: str
    message: str | Mapping[str, str]
    basis: str
    functions: list[Function] = field(default_factory=list)
    merge_only: bool = False
    across: bool = False

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
        message: str | Mapping[str, str],
        basis: str,
        flags: str | None = None,
        needs: Mapping[str, tuple[str, ...]] | None = None,
        limits: tuple[str, ...] = (),
        merge_only: bool = False,
        across: bool = False,
    ) -> Callable[[Check], Check]:
        """Declares a rule by its first function; `across` where it compares branches. Raises ValueError for a code used twice."""
        if code in self._rules:
            raise ValueError(f"rule {code} is declared twice")
        self._rules[code] = Rule(code, severity, title, message, basis, merge_only=merge_only, across=across)
        return self.also(code, flags=flags, needs=needs, limits=limits)

    def also(
        self, code: str, *, flags: str | None = None, needs: Mapping[str, tuple[str, ...]] | None = None, limits: tuple[str, ...] = ()
    ) -> Callable[[Check], Check]:
        """Declares a further function of a rule, for another ledger."""

        def add(check: Check) -> Check:
            self._rules[code].functions.append(Function(check, flags, needs or {}, limits))
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
        if re.match(r"\||as_of |year |[\w.]+ = ", line):
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
    counted = filled(table, *(column for column in by if column != "branch"))
    counted = counted if mask is None else counted & mask.fillna(False).astype(bool)
    numbers = alike(table, *by)[counted] if counted.any() else pd.Series(dtype="int64")
    numbers = numbers[numbers.duplicated(keep=False)]
    if numbers.empty:
        return nowhere(table)
    rows = table.frame.loc[numbers.index, [*order, "_src", "_row", "_col"]].assign(number=numbers, at=numbers.index)
    first = rows.sort_values([*order, "_src", "_row", "_col"], kind="stable").groupby("number", sort=False)["at"].transform("first")
    return first[first != first.index].astype("Int64").reindex(table.frame.index)


def nowhere(table: Table) -> "pd.Series[Any]":
    """No other row, for each row."""
    return pd.Series(pd.NA, index=table.frame.index, dtype="Int64")


def beside(table: Table, other: "pd.Series[Any]", columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that have another row in `other` (an index of the Table, NA for none), and those others in the same places."""
    named = other.dropna().astype("int64")
    return table.frame.loc[named.index, columns], table.frame.loc[named, columns].set_axis(named.index)


def with_columns(table: Table, **columns: "pd.Series[Any]") -> Table:
    """The Table with helper columns beside its own."""
    made = replace(table, frame=table.frame.assign(**columns))
    made.numbered.update({column: known for column, known in table.numbered.items() if column not in columns})
    return made


def dangling(table: Table, column: str, other: Table, key: str) -> "pd.Series[bool]":
    """Mask of the rows that name a row of another Table that does not exist in their branch."""
    return filled(table, column) & (places(table, other, ("branch", column), ("branch", key)) < 0)


def fold_names(names: "pd.Series[str]") -> "pd.Series[str]":
    """Names as they are compared, "" where blank or unreadable; each different one is folded once."""
    return _each(names.fillna(""), fold_name)


def folded(table: Table, column: str) -> "pd.Series[str]":
    """The names of a column as they are compared, "" where blank or unreadable."""
    return each_of(table, column, fold_name)


def resident_id(table: Table) -> "pd.Series[bool]":
    """Mask of the rows whose ID number is a good resident ID."""
    return each_of(table, "id_no", id_is_good, "bool")


def only_signs(number: str) -> str:
    """A number without what is typed between its digits."""
    return number if number.isalnum() else re.sub(r"\W", "", number)


def mentions(texts: "pd.Series[str]", words: Sequence[str], unless: Sequence[str] = ()) -> "pd.Series[bool]":
    """Mask of the texts that hold one of some words and none of `unless`, whatever the case; a blank or unreadable text holds none."""
    said, excused = (re.compile("|".join(map(re.escape, some)) or "(?!)", re.IGNORECASE) for some in (words, unless))
    return _each(texts.fillna(""), lambda text: bool(said.search(text)) and not excused.search(text), "bool")


@dataclass(frozen=True)
class Shown:
    """A column as text that is made for flagged rows alone: by index, None for NA."""

    values: "pd.Series[Any]"
    text: Callable[[Any], str]
    before: str = ""

    def __getitem__(self, at: int) -> str | None:
        value = self.values[at]
        return None if pd.isna(value) else self.before + self.text(value)

    def __radd__(self, before: str) -> "Shown":
        return replace(self, before=before)


@dataclass(frozen=True)
class Everywhere:
    """What is the same at every flagged row."""

    value: Any

    def __getitem__(self, at: int) -> Any:
        return self.value


def money_text(amounts: "pd.Series[Any]") -> Shown:
    """Canonical text of a column of minor units (123.45), NA stays NA."""
    return Shown(amounts, money.show)


def day_text(days: "pd.Series[Any]") -> Shown:
    """Canonical text of a column of days (YYYY-MM-DD), NA stays NA."""
    return Shown(days, lambda day: day.strftime("%Y-%m-%d"))


def month_text(months: "pd.Series[Any]") -> Shown:
    """Canonical text of a column of months (YYYY-MM), NA stays NA."""
    return Shown(months, lambda month: show_month(int(month)))


def _each(values: "pd.Series[Any]", asked: Callable[[Any], Any], kind: str = "str") -> "pd.Series[Any]":
    """What is asked of each value, worked out once for all that are alike; a text of NA is NA."""
    codes, different = pd.factorize(values.array)
    answers = [asked(value) for value in np.asarray(different, dtype=object)]
    whole = array_of([*answers, pd.NA] if kind == "str" else answers, kind)
    return pd.Series(whole[codes], index=values.index)
