"""Decisions of auditors: as an earlier summary holds them, and as they are carried over to the findings of a new run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ledgerkit.errors import Phrase
from ledgerkit.model.finding import Finding
from ledgerkit.model.summary import DECISIONS, FIXED, OPEN, RESOLVED, UNCHECKED


@dataclass(frozen=True)
class Decision:
    """The auditor's four columns of one row, and where they stand: `columns` has the letters of each.

    `decision` is a key of DECISIONS, else the text that was typed, "" where nothing was. `reviewed_on` is an ISO day, else the text typed.
    """

    decision: str = ""
    reviewer: str = ""
    reviewed_on: str = ""
    note: str = ""
    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_made(self) -> bool:
        """Whether anything but "open" was decided."""
        return self.decision not in ("", OPEN)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return not any(self.texts)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Decision, reviewer, day and note."""
        return (self.decision, self.reviewer, self.reviewed_on, self.note)


@dataclass(frozen=True)
class Filed:
    """A finding as an earlier summary has it: the texts of its row by column, its amount in minor units, what was decided, state and severity as keys."""

    id: str
    texts: Mapping[str, str]
    amount: int | None = None
    decision: Decision = Decision()
    state: str = ""
    severity: str = ""

    @property
    def is_resolved(self) -> bool:
        """Whether it was looked for and no longer found when that summary was written."""
        return self.state == RESOLVED

    @property
    def is_found(self) -> bool:
        """Whether it was there when that summary was written, waived or not."""
        return self.state not in (RESOLVED, UNCHECKED)


@dataclass(frozen=True)
class Scope:
    """What a run looked at, as its summary says.

    `rules` are those that looked at all of the books, `hidden` the branches of which something was refused, `digests` the SHA-256 of its files.
    """

    rules: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Previous:
    """An earlier summary: its findings and decisions, those on no finding, what is odd in it, and its figures.

    `previous` are the digests of the summaries that it carried over itself. `figures` are minor units or ratios as text by the keys of
    summary.FIGURES and summary.RATIOS, `lines` what was booked (else spent by the ledgers) by (direction, code),
    `title` what Overview is headed with, `scope` what its run looked at, `lang` the language of its sheets.
    """

    file: str
    sha256: str
    year: int | None
    as_of: str = ""
    previous: tuple[str, ...] = ()
    filed: Sequence[Filed] = ()
    stray: Sequence[Filed] = ()
    remarks: Sequence[Phrase] = ()
    figures: Mapping[str, int | str] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    title: str = ""
    scope: Scope = Scope()
    lang: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Kept:
    """What is known of one finding from earlier summaries: its last row there, and the decision that is carried over.

    Of decisions that differ (`split`) none is carried: the finding is open again.
    """

    filed: Filed
    decision: Decision
    split: Sequence[Decision] = ()

    @property
    def comes_back(self) -> bool:
        """Whether it should not be there any more: it had gone, or was decided to be fixed."""
        return self.filed.is_resolved or self.decision.decision == FIXED


def leading(previous: Iterable[Previous], year: int | None) -> list[Previous]:
    """The summaries of a year whose decisions count: those that another of them has carried over already are left out."""
    same = [one for one in previous if one.year == year]
    carried = {digest for one in same for digest in one.previous}
    return [one for one in same if one.sha256 not in carried]


def kept(previous: Iterable[Previous]) -> dict[str, Kept]:
    """By finding id what the summaries know of it."""
    listed: dict[str, list[Filed]] = {}
    for one in previous:
        for filed in one.filed:
            listed.setdefault(filed.id, []).append(filed)
    return {name: _merged(rows) for name, rows in listed.items()}


def _merged(rows: Sequence[Filed]) -> Kept:
    """One decision of several rows on the same finding: what was decided counts before what was left open."""
    decisions = [row.decision for row in rows]
    told = [one for one in decisions if one.is_made] or [one for one in decisions if not one.is_blank] or decisions[:1]
    if len({one.decision for one in told}) > 1:
        return Kept(rows[-1], Decision(OPEN), told)
    return Kept(rows[-1], replace(told[0], note=" / ".join(dict.fromkeys(one.note for one in told if one.note))))


def with_state(finding: Finding, known: Mapping[str, Kept]) -> Finding:
    """A finding with its state: new, persisting, or reopened where it had gone or was decided to be fixed; a waived one stays waived."""
    if finding.state == "waived" or finding.id not in known:
        return finding
    before = known[finding.id]
    return replace(finding, state="reopened" if before.comes_back else "persisting")


def is_known(decision: str) -> bool:
    """Whether a decision is one of the list, or none."""
    return not decision or decision in DECISIONS


def is_day(text: str) -> bool:
    """Whether a text is a day as ISO has it."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
