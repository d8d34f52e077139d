"""What batches say together: one book of all files, their findings in one order, why rules were not run, figures and statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ledgerkit import ledgers
from ledgerkit.audit import REGISTER
from ledgerkit.locale import N_
from ledgerkit.merge import sums
from ledgerkit.merge.completeness import received
from ledgerkit.merge.pages import Pages
from ledgerkit.merge.part import Asked, Part, alike, of_branch
from ledgerkit.merge.plain import Plain, joined
from ledgerkit.merge.spilled import in_order, kept
from ledgerkit.model.decision import Kept, with_state
from ledgerkit.model.federation import Sent
from ledgerkit.model.finding import Finding
from ledgerkit.model.policy import Policy
from ledgerkit.model.statements import STATEMENTS, WAIVERS
from ledgerkit.model.table import Table, empty, make, types_of
from ledgerkit.reading.book import Book, Sheet, Source
from ledgerkit.reading.headers import Layout
from ledgerkit.reconcile.control import Control
from ledgerkit.rules.base import NOT_COMPARED, OF_LEDGERS, Because, Rule
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import (
    MADE_FROM,
    REFUSED,
    Raised,
    Status,
    Subject,
    is_of_waivers,
    lacks,
    named,
    raised,
    settled,
    statuses,
)
from ledgerkit.rules.waiving import statement

Ran = Mapping[str, tuple[tuple[Because, ...], bool]]
# More branches or sheets than this are counted, and not named.
NAMED = 5
MANY_BRANCHES = N_("not for {count} branches: there is no {ledger}")
MANY_SHEETS = N_("not for {count} sheets: no column {column}")


@dataclass(frozen=True)
class Gathered:
    """All batches as one: the book without rows, their sums. Sheets are counted over all files: `places` has where each of a batch's stands.

    `parts` are without what `book` and `statements` have of them.
    """

    book: Book
    parts: Sequence[Part]
    recused: Mapping[tuple[int, int | None], Sequence[str]]
    statements: Mapping[str, Table]
    places: Sequence[Sequence[int]]

    @property
    def sent(self) -> list[Sent]:
        """What came from each branch, in order of the codes."""
        return sorted((one for part in self.parts for one in part.sent), key=lambda one: one.branch)

    @property
    def rows(self) -> dict[str, int]:
        """How many rows of each ledger were read."""
        return {
            name: sum(part.read.get(name, 0) for part in self.parts)
            for name in ledgers.ORDER
            if any(name in part.read for part in self.parts)
        }

    @property
    def kept(self) -> dict[str, frozenset[str]]:
        """The branches that keep each ledger."""
        return {name: frozenset(branch for part in self.parts for branch in part.kept.get(name, ())) for name in self.rows}

    @property
    def hidden(self) -> set[str]:
        """The branches of which something was refused."""
        return set().union(*(part.hidden for part in self.parts))

    @property
    def figures(self) -> dict[str, Any]:
        """The figures of the federation, nothing eliminated."""
        return sums.figures([part.figures for part in self.parts], self.sent)

    @property
    def controls(self) -> list[Control]:
        """The control totals of all batches."""
        order = {source.path: at for at, source in enumerate(self.book.sources)}
        return sums.controls((part.controls for part in self.parts), order)

    @property
    def dues_by_month(self) -> list[int]:
        """Dues paid for each month, in minor units."""
        known = [part.dues_by_month for part in self.parts if part.dues_by_month]
        return [sum(month) for month in zip(*known, strict=True)]

    @property
    def remitted(self) -> dict[str, int | None]:
        """What each branch remitted, in minor units; None where that cannot be added up."""
        return {branch: total for part in self.parts for branch, total in part.remitted.items()}

    @property
    def register(self) -> Table | None:
        """The register of branches, None where there is none."""
        return self.statements.get(REGISTER)

    def received(self, policy: Policy, findings: Sequence[Finding] = ()) -> Table:
        """How each branch stands, with what was found of it."""
        return received(self.register, self.sent, findings, policy.books_due_on)

    def complete(self, policy: Policy) -> list[Control]:
        """The branches of the register that are to send books beside those whose books count."""
        if self.register is None:
            return []
        states = list(self.received(policy)["state"])
        expected = [state for state in states if state not in ("", "unknown")]
        came = sum(state not in ("missing", "duplicate") for state in expected)
        return [Control("branches", "rows", len(expected), came, len(expected) == came)]


def gathered(parts: Sequence[Part], year: int) -> Gathered:
    """The batches as one, in the order of the files."""
    listed = sorted((number, at, here) for at, part in enumerate(parts) for here, number in enumerate(part.numbers))
    first: dict[tuple[int, int], int] = {}
    sources: list[Source] = []
    sheets: list[Sheet] = []
    known: dict[object, Layout] = {}
    for file, (_, at, here) in enumerate(listed):
        source = parts[at].sources[here]
        first[at, here] = len(sheets)
        own = [_placed(sheet, file, known) for sheet in source.sheets]
        sheets += own
        sources.append(replace(source, sheets=own))
    places = [_places(part, at, first) for at, part in enumerate(parts)]
    recused = {
        (_moved(src, place), row): people for part, place in zip(parts, places, strict=True) for (src, row), people in part.recused.items()
    }
    book = Book(tuple(sources), tuple(sheets), year, {}, {})
    left = [replace(part, sources=(), statements={}) for part in parts]
    return Gathered(book, left, recused, _statements(parts, places), places)


def _placed(sheet: Sheet, file: int, known: dict[object, Layout]) -> Sheet:
    return replace(sheet, file=file, layout=alike(sheet.layout, known) if sheet.layout else None)


def _places(part: Part, at: int, first: Mapping[tuple[int, int], int]) -> list[int]:
    """Where each sheet of a batch stands among all."""
    return [first[at, here] + number for here, source in enumerate(part.sources) for number in range(len(source.sheets))]


def _moved(src: int, places: Sequence[int]) -> int:
    return src if src < 0 else places[src]


def moved(table: Plain, places: Sequence[int]) -> Plain:
    """A batch's Table with its sheets counted over all files."""
    return replace(table, columns={**table.columns, "_src": [_moved(src, places) for src in table.columns["_src"]]})


def _statements(parts: Sequence[Part], places: Sequence[Sequence[int]]) -> dict[str, Table]:
    names = dict.fromkeys(name for part in parts for name in part.statements)
    found = {
        name: [moved(part.statements[name], place) for part, place in zip(parts, places, strict=True) if name in part.statements]
        for name in names
    }
    return {name: sums.statement(listed) for name, listed in found.items()}


def listed(batches: Iterable[Mapping[str, Plain]], places: Sequence[Sequence[int]]) -> dict[str, Pages]:
    """The statements of all batches that have a row a record, in their order. `batches`: each one's, read as it is asked for."""
    found: dict[str, Pages] = {}
    for tables, place in zip(batches, places, strict=True):
        for name, table in tables.items():
            found.setdefault(name, Pages.of(table)).add(moved(table, place))
    return found


def findings(batches: Iterable[Sequence[Finding]], places: Sequence[Sequence[int]]) -> Iterator[Finding]:
    """The findings of all batches. `batches`: each one's, read as it is asked for."""
    for found, place in zip(batches, places, strict=True):
        yield from (replace(one, src=_moved(one.src, place)) for one in found)


def judged(
    whole: Gathered, of_branches: Iterable[Finding], asked: Asked, tables: Mapping[str, Table], known: Mapping[str, Kept]
) -> tuple[Sequence[Finding], list[Status]]:
    """The federation's findings with ids and states, in report order, and a Status a rule.

    `tables`: what only a federation has: rows compared across branches, statements of its own, earlier decisions, of which `known` has those on findings.
    """
    federal = Subject(tables, {}, asked.policy, asked.as_of, asked.year, whole.book.sheets, federation=True)
    found = raised((rule for rule in catalogue() if not of_branch(rule) and not is_of_waivers(rule)), federal, asked.rules)
    judging = replace(federal, tables={**tables, "waivers": _waivers(whole, found, asked.policy)})
    of_waivers = raised(filter(is_of_waivers, catalogue()), judging, asked.rules)
    left = _settled(of_branches, [*found.findings, *of_waivers.findings])
    findings = kept(with_state(finding, known) for finding in named(left, asked.policy, asked.as_of, in_order))
    ran = {**_ran(whole, asked, found), **of_waivers.ran}
    return findings, statuses({code: (_condensed(because), did) for code, (because, did) in ran.items()}, findings)


def _settled(of_branches: Iterable[Finding], federal: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that speak: a branch's own, which are settled among themselves, beside a federation's that are on the same rows."""
    rows = {(finding.src, finding.row) for finding in federal}
    beside = []
    for finding in of_branches:
        if (finding.src, finding.row) in rows:
            beside.append(finding)
        else:
            yield finding
    yield from settled([*beside, *federal], {})


def _waivers(whole: Gathered, found: Raised, policy: Policy) -> Table:
    """The policy's waivers beside what all batches and the federation's own rules have for them."""
    parts = [joined([part.waivers]) for part in whole.parts if part.sent]
    branches = frozenset().union(*whole.kept.values())
    own = statement(found.findings, found.whole, policy, {}, branches)
    rows = []
    for at, waiver in enumerate(policy.waivers):
        by_part = [bool(table.at(at, "judged")) for table in parts]
        seen = any(by_part) if waiver.branch else bool(by_part) and all(by_part)
        count = sum(int(table.at(at, "findings")) for table in (*parts, own))
        rows.append({**own.row(at), "findings": count, "judged": seen or bool(own.at(at, "judged"))})
    return make("waivers", WAIVERS, rows, own.key)


def _ran(whole: Gathered, asked: Asked, federal: Raised) -> dict[str, tuple[tuple[Because, ...], bool]]:
    """What each rule was run on: what all files lack is told of all, what some lack by branch and sheet."""
    skeleton = _skeleton(whole, asked)
    fired = frozenset(finding.rule for finding in federal.findings).union(*(part.found for part in whole.parts))
    found = {code: ran for code, ran in federal.ran.items() if not catalogue()[code].across}
    for rule in catalogue():
        if rule.code not in found and not is_of_waivers(rule):
            said = [federal.ran[rule.code][0]] if rule.across else [part.ran[rule.code][0] for part in whole.parts]
            found[rule.code] = _of_rule(rule, said, rule.code in fired, skeleton)
    return found


def _of_rule(rule: Rule, said: Sequence[tuple[Because, ...]], fired: bool, skeleton: Subject) -> tuple[tuple[Because, ...], bool]:
    """Why some of a rule was not run, and whether any was: as `rules.run` has it of all books at once."""
    own = [one for because in said for one in because if one.sentence not in (*OF_LEDGERS, NOT_COMPARED)]
    if any(one.sentence in REFUSED for one in own):
        return tuple(dict.fromkeys(own)), False
    lacking = [lacks(function, rule.code, skeleton) for function in rule.functions]
    known = {one for listed in lacking for one in listed}
    unsaid = [*(one for one in own if one not in known), *_not_compared(said)]
    did = fired or (not unsaid and not all(lacking))
    return tuple(dict.fromkeys([*unsaid, *(one for listed in lacking for one in listed)])), did


def _not_compared(said: Iterable[tuple[Because, ...]]) -> list[Because]:
    """What some batch could not compare, in one sentence."""
    texts = {text for because in said for one in because if one.sentence == NOT_COMPARED for text in dict(one.values)["what"].split(", ")}
    return [Because(NOT_COMPARED, (("what", ", ".join(sorted(texts))),))] if texts else []


def _skeleton(whole: Gathered, asked: Asked) -> Subject:
    """Which branches and sheets have each ledger, as Tables without rows of their own."""
    read = {}
    for name in whole.rows:
        ledger = ledgers.load(name)
        at = [
            (src, whole.book.sources[sheet.file].branch)
            for src, sheet in enumerate(whole.book.sheets)
            if sheet.ledger == name and sheet.rows_read and not whole.book.sources[sheet.file].problem
        ]
        frame = pd.DataFrame({"_src": [src for src, _ in at], "branch": [branch for _, branch in at]})
        absent = frozenset.intersection(*(part.absent[name] for part in whole.parts if name in part.absent))
        read[name] = Table(name, types_of(ledger), frame, ("branch", *ledger.key), ledger, {}, absent)
    made = {name: empty(name, {}) for name in (*STATEMENTS, "blanks", "lacking") if MADE_FROM.get(name, "") in ("", *read)}
    return Subject({**read, **made}, read, asked.policy, asked.as_of, asked.year, whole.book.sheets, federation=True)


def _condensed(because: Sequence[Because]) -> tuple[Because, ...]:
    """The reasons; many branches or sheets are counted."""
    of_ledger: dict[str, list[Because]] = {}
    left: list[Because] = []
    for one in because:
        values = dict(one.values)
        if "branch" in values:
            of_ledger.setdefault(values["ledger"], []).append(one)
        elif "sheets" in values and values["sheets"].count(", ") >= NAMED:
            counted = (("count", str(values["sheets"].count(", ") + 1)), *((name, value) for name, value in one.values if name != "sheets"))
            left.append(Because(MANY_SHEETS, counted))
        else:
            left.append(one)
    for ledger, listed in of_ledger.items():
        many = len(listed) > NAMED
        left += [Because(MANY_BRANCHES, (("count", str(len(listed))), ("ledger", ledger)))] if many else listed
    return tuple(left)
