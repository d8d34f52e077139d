"""What passes between a union and those below it, taken out where their books become one: contract §5, Consolidation.

A grant stands twice in a federation's sums, as an expense of the union that gives it (506) and as income of the one that gets it (403);
both sides are taken off, and never more than either has. What a union sends up is a debt to the union above (221) and never its own income
or expense under the accounts of 2009: its 402 is what it retains. So nothing of it is twice in the sums, and it is only compared.

Each union is set beside those directly below it. What a line loses depends on its own family alone: a county's merge, then a city's, gives
what the city's merge of all books gives.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ledgerkit.model.federation import ELIMINATED, TAKEN
from ledgerkit.model.policy import Pair, Policy
from ledgerkit.model.table import Table, make, shaped
from ledgerkit.reconcile.control import Control

Figures = Mapping[str, int | None]
DIRECTIONS = ("income", "expense")


@dataclass(frozen=True)
class Eliminations:
    """`eliminated`: what cancels and what does not, a row a union and pair. `taken`: what goes off each budget line of each branch."""

    eliminated: Table
    taken: Table


@dataclass(frozen=True)
class _Line:
    """A budget line as booked; None where that is blank or could not be read (`unread`). `own` is what its own ledgers account for (401, 402)."""

    branch: str
    code: str
    title: str
    direction: str
    booked: int | None
    unread: bool
    own: int
    src: int
    row: int | None


@dataclass(frozen=True)
class _Books:
    """The booked lines by branch, without headings. `booking`: the branches that book anything at all."""

    lines: Mapping[str, Sequence[_Line]]
    headings: Mapping[str, Sequence[_Line]]
    booking: frozenset[str]
    remitted: Figures

    def under(self, branch: str, code: str) -> list[_Line]:
        """A branch's lines with a code or below it, in order of codes."""
        return [line for line in self.lines.get(branch, ()) if line.code.startswith(code)]

    def booked(self, branch: str, lines: Sequence[_Line]) -> int | None:
        """What some lines of a branch add up to: a line that is blank beside others has nothing; None where none is booked or one is unread."""
        if not lines:
            return 0 if branch in self.booking else None
        known = [line.booked for line in lines if line.booked is not None]
        return sum(known) if known and not any(line.unread for line in lines) else None

    def sent(self, branch: str, pair: Pair) -> int | None:
        """What a union below says of its side."""
        return self.booked(branch, self.under(branch, pair.child)) if pair.is_line else self.remitted.get(branch)


@dataclass(frozen=True)
class _Family:
    """A union and those directly below it, by the register; `cyclic` where it stands above itself."""

    parent: str
    children: Sequence[str]
    names: Mapping[str, str]
    cyclic: bool

    @cached_property
    def called(self) -> Mapping[str, str]:
        """Those below by name and by code."""
        texts = ((child, text) for child in self.children for text in (self.names.get(child), child) if text)
        return {_folded(text): child for child, text in texts}

    def named(self, line: _Line) -> str:
        """The union below that a line's title names: the title, or what stands behind its last colon, is its name or code; "" for none."""
        return self.called.get(_folded(line.title).rpartition(":")[2].strip(), "")


@dataclass(frozen=True)
class _Flow:
    """One row of the statement: a pair's lines of the union above beside the unions that they are for."""

    pair: Pair
    family: _Family
    books: _Books
    lines: Sequence[_Line]
    children: Sequence[str]
    child: str = ""

    @cached_property
    def booked(self) -> int | None:
        """The union's own side; of what was sent up without what its own ledgers account for (its own employer's part)."""
        whole = self.books.booked(self.family.parent, self.lines)
        if whole is None or self.pair.is_line:
            return whole
        return max(whole - sum(line.own for line in (*self.lines, *self.headings)), 0)

    @property
    def headings(self) -> Sequence[_Line]:
        """The headings of the union's side, from the pair's code down; none where it is for one union below alone."""
        listed = self.books.headings.get(self.family.parent, ())
        return () if self.child else [line for line in listed if line.code.startswith(self.pair.parent)]

    @property
    def below(self) -> Sequence[_Line]:
        """The lines of the unions below."""
        return [line for child in self.children for line in self.books.under(child, self.pair.child)]

    @cached_property
    def sent(self) -> Figures:
        """What each union below says."""
        return {child: self.books.sent(child, self.pair) for child in self.children}

    @property
    def mirrored(self) -> int:
        """What they say together, as far as it can be read."""
        return sum(amount for amount in self.sent.values() if amount is not None)

    @property
    def without(self) -> int:
        """How many of them say nothing that can be read."""
        return sum(amount is None for amount in self.sent.values())

    @property
    def cancels(self) -> int:
        """What is on both sides."""
        return 0 if self.family.cyclic or self.booked is None else max(min(self.booked, self.mirrored), 0)

    @property
    def eliminated(self) -> int:
        """What is taken off both sides: nothing where one of them is no budget line."""
        return self.cancels if self.pair.is_line else 0

    @property
    def because(self) -> str:
        """Why it is not told whether the sides cancel, "" where it is told; what is missing below can only be more."""
        if self.family.cyclic:
            return "cycle"
        if self.family.parent not in self.books.lines:
            return "parent_missing"
        if self.booked is None or (self.without and (self.booked >= self.mirrored or self.pair.passed_on)):
            absent = self.booked is not None and any(child not in self.books.lines for child in self.children)
            return "child_missing" if absent else "not_known"
        return "passed_on" if self.pair.passed_on and self.booked < self.mirrored else ""

    @property
    def difference(self) -> int | None:
        """What does not cancel."""
        return None if self.because or self.booked is None else abs(self.booked - self.mirrored)

    @property
    def says_something(self) -> bool:
        return bool(self.booked or self.mirrored)


def eliminations(lines: Table, register: Table | None, remitted: Figures, policy: Policy) -> Eliminations:
    """What cancels between each union of the register and those below it, for the policy's pairs.

    `lines`: the budget lines of all branches; `remitted`: by branch what its remittance ledger says it sent up, None where that cannot be
    added up. Money in minor units. Without a register no union is above another, and both tables are empty.
    """
    books = _books(lines, remitted, policy)
    flows = [flow for family in _families(register) for pair in policy.eliminate for flow in _flows(family, pair, books)]
    told = [flow for flow in flows if flow.says_something]
    eliminated = make("eliminated", ELIMINATED, (_row(flow) for flow in told))
    ledger = lines.ledger
    taken = make("taken", TAKEN, (row for flow in told for row in _taken(flow)))
    return Eliminations(shaped("eliminated", ELIMINATED, eliminated.frame, ("branch", "code"), ledger), taken)


def _books(lines: Table, remitted: Figures, policy: Policy) -> _Books:
    """The income and expense lines that a pair names, and the headings above them."""
    codes = tuple({code for pair in policy.eliminate for code in (pair.parent, pair.child)})
    frame = lines.frame[lines["direction"].isin(DIRECTIONS)]
    by_branch: dict[str, list[_Line]] = {branch: [] for branch in sorted(lines["branch"].unique())}
    headings: dict[str, list[_Line]] = {}
    above = {code[:length] for code in codes for length in range(1, len(code) + 1)}
    ours = frame["code"].str.startswith(codes) | frame["code"].isin(above)
    for row in frame[ours].sort_values(["branch", "code"], kind="stable").to_dict("records"):
        kept = headings.setdefault(row["branch"], []) if row["is_parent"] else by_branch[row["branch"]]
        kept.append(_line(row))
    return _Books(by_branch, headings, frozenset(lines.frame.loc[lines["booked"].notna(), "branch"]), remitted)


def _line(row: Mapping[Any, Any]) -> _Line:
    """A line; what its own ledgers account for is the larger of its two readings (as earned, as it came in)."""
    own = [int(row[column]) for column in ("actual", "alternative") if row["direction"] == "income" and not pd.isna(row[column])]
    booked = None if pd.isna(row["booked"]) else int(row["booked"])
    place = None if pd.isna(row["_row"]) else int(row["_row"])
    unread = bool(row["booked_unread"])
    return _Line(row["branch"], row["code"], row["title"], row["direction"], booked, unread, max(own, default=0), int(row["_src"]), place)


# ---- who is above whom


def _families(register: Table | None) -> Iterator[_Family]:
    """Each union that another names as the one above it, in order of codes. A code that stands twice counts once."""
    if register is None:
        return
    known = register.frame[register["branch_code"].fillna("") != ""].drop_duplicates("branch_code")
    above = {row["branch_code"]: row["parent_code"] for row in known.fillna({"parent_code": ""}).to_dict("records") if row["parent_code"]}
    names = dict(zip(known["branch_code"], known["name"].fillna(""), strict=True))
    below: dict[str, list[str]] = {}
    for child, parent in sorted(above.items()):
        below.setdefault(parent, []).append(child)
    for parent, children in sorted(below.items()):
        others = [child for child in children if child != parent]
        if len(others) < len(children):
            yield _Family(parent, [parent], names, True)
        if others:
            yield _Family(parent, others, names, _is_above_itself(parent, above))


def _is_above_itself(union: str, above: Mapping[str, str]) -> bool:
    """Whether a union is above another that is above it; its own code beside itself is told apart from that."""
    seen = {union}
    one = above.get(union, "")
    while one and one not in seen:
        seen.add(one)
        one = above.get(one, "")
    return one == union != above.get(union)


def _flows(family: _Family, pair: Pair, books: _Books) -> Iterator[_Flow]:
    """Those below each beside the lines for it, where every line with money is for one of them; else all together."""
    lines = books.under(family.parent, pair.parent)
    split = all(family.named(line) for line in lines if line.booked or line.unread)
    named: dict[str, list[_Line]] = {}
    for line in lines if split else ():
        if child := family.named(line):
            named.setdefault(child, []).append(line)
    for child, own in sorted(named.items()):
        yield _Flow(pair, family, books, own, [child], child)
    others = [child for child in family.children if child not in named]
    if others:
        yield _Flow(pair, family, books, [line for line in lines if not named or not family.named(line)], others)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


# ---- as tables


def _row(flow: _Flow) -> dict[str, object]:
    """The place is the union's own line, its heading first; else the first line of those below it."""
    own = [line for line in flow.headings if line.code == flow.pair.parent] or flow.lines
    at = next(iter([*own, *flow.below]), None)
    facts = ("child", "without", "booked", "mirrored", "eliminated", "difference", "because")
    return {
        "_src": at.src if at else -1,
        "_row": at.row if at else None,
        "branch": flow.family.parent,
        "pair": flow.pair.name,
        "code": own[0].code if flow.child else flow.pair.parent,
        "other_code": flow.pair.child,
        "title": own[0].title if own else "",
        "children": len(flow.children),
        **{key: getattr(flow, key) for key in facts},
    }


def _taken(flow: _Flow) -> Iterator[dict[str, object]]:
    """What is taken off each line of both sides, in order of branches and codes, and off the headings above it."""
    for side in (flow.lines, flow.below):
        left = flow.eliminated
        for line in side:
            amount = min(left, max(line.booked or 0, 0))
            left -= amount
            if amount:
                yield from _off(line, amount, flow)


def _off(line: _Line, amount: int, flow: _Flow) -> Iterator[dict[str, object]]:
    over = [one for one in flow.books.headings.get(line.branch, ()) if line.code.startswith(one.code) and one.direction == line.direction]
    for one in (line, *over):
        place = {"_src": one.src, "_row": one.row, "branch": one.branch}
        yield {**place, "pair": flow.pair.name, "code": one.code, "direction": one.direction, "amount": amount}


def consolidated(by_code: Table, taken: Table) -> Table:
    """The federation's lines: booked is the sum of the branches less what was taken off, which stands beside it as `eliminated`.

    What was budgeted and what the ledgers add up to are sums of the branches, with what passes between them: ledgers do not say which of
    it that is.
    """
    off = taken.frame.groupby(["direction", "code"])["amount"].sum()
    keys = pd.MultiIndex.from_frame(by_code.frame[["direction", "code"]])
    eliminated = pd.Series(off.reindex(keys).array, index=by_code.frame.index, dtype="Int64").fillna(0)
    frame = by_code.frame.assign(booked=by_code["booked"] - eliminated, eliminated=eliminated)
    return Table(by_code.name, {**by_code.types, "eliminated": "money"}, frame, by_code.key)


# ---- controls


def elimination_controls(lines: Table, found: Eliminations, whole: Table) -> list[Control]:
    """A control a pair (both sides as booked), and one a line: the branches' sum less what was taken off is the federation's figure."""
    return [*_of_pairs(found.eliminated), *_of_lines(lines, found.taken, whole)]


def _of_pairs(eliminated: Table) -> Iterator[Control]:
    """False where something does not cancel; None where it cannot be told of all."""
    for pair, rows in eliminated.frame.groupby("pair", sort=True):
        left, right = int(rows["booked"].fillna(0).sum()), int(rows["mirrored"].sum())
        differs, told = bool((rows["difference"] > 0).fillna(False).any()), bool(rows["difference"].notna().all())
        yield Control(f"elimination.{pair}", "money", left, right, False if differs else True if told else None)


def _of_lines(lines: Table, taken: Table, whole: Table) -> Iterator[Control]:
    branches, off = lines.frame.groupby("code")["booked"].sum(min_count=1), taken.frame.groupby("code")["amount"].sum()
    for code, right in whole.frame.groupby("code", sort=True)["booked"].sum(min_count=1).dropna().items():
        left = int(branches[code]) - int(off.get(code, 0))
        yield Control(f"consolidated.{code}", "money", left, int(right), left == int(right))
