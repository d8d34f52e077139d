"""Where the auditors' decisions in a summary stand: what is open, what was decided, what is odd in it, what has changed since an earlier one."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledgerkit.errors import Phrase
from ledgerkit.locale import N_
from ledgerkit.model.decision import Kept, Previous, kept
from ledgerkit.model.finding import Severity
from ledgerkit.model.person import fold_name, mask_text
from ledgerkit.model.summary import DECISIONS, FIXED, OPEN, RESOLVED, UNCHECKED
from ledgerkit.reading.summary import future, place

# Decisions that rest on a document, whose number is asked for in the note.
WITH_EVIDENCE = ("accepted", FIXED)
# States of findings that there is nothing to decide about.
APART = ("waived", RESOLVED, UNCHECKED)
SPLIT = N_(
    "{place}: the finding is decided in two ways on two rows, “{decision}” is one of them. Agree on one; until then it counts as open."
)
NO_EVIDENCE = N_("{place}: decided as “{decision}” without an evidence number in the note. Enter the number of the document that shows it.")
UNSIGNED = N_("{place}: decided as “{decision}” without reviewer or day. Sign the decision.")
RECUSED = N_("{place}: {reviewer} prepared, handled or approved the row and cannot review it. Somebody else has to decide.")


@dataclass(frozen=True)
class Reviewed:
    """One finding of a summary: how it weighs, what was decided of it (OPEN where nothing was), minor units at stake, days since it was first found."""

    known: Kept
    severity: Severity
    decision: str
    money: int
    age: int | None = None

    @property
    def rule(self) -> str:
        """The code of its rule."""
        return self.known.filed.texts.get("rule", "")

    @property
    def branch(self) -> str:
        """The branch it is of."""
        return self.known.filed.texts.get("branch", "")

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.decision == OPEN

    @property
    def is_changed(self) -> bool:
        """Whether it was decided and has changed since."""
        return not self.is_open and bool(self.known.filed.texts.get("since"))


@dataclass(frozen=True)
class Review:
    """A summary's findings with their decisions, worst first; how many are waived, resolved or unchecked; what is odd, at its cell.

    `since`: by kind of change (new, decided, redecided, undone, gone) the ids, against the earlier summary; empty where none was given.
    """

    summary: Previous
    findings: Sequence[Reviewed]
    apart: Mapping[str, int]
    remarks: Sequence[Phrase]
    since: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def opened(self) -> list[Reviewed]:
        """The findings that are still to be decided."""
        return [one for one in self.findings if one.is_open]

    def fails(self, at: Severity | None) -> bool:
        """Whether a finding as bad as `at` or worse is open; never where `at` is None."""
        return at is not None and any(one.severity.rank <= at.rank for one in self.opened)


def review(
    summary: Previous, today: date, earlier: Sequence[Previous] = (), rules: Collection[str] = (), ages: Mapping[str, int] | None = None
) -> Review:
    """Where a summary's decisions stand today. `rules`: codes or prefixes, all where empty; `ages`: days since each finding was first found, by id."""
    known = {name: one for name, one in kept([summary]).items() if one.filed.texts.get("rule", "").startswith(tuple(rules) or "")}
    counted = {name: one for name, one in known.items() if one.filed.state not in APART}
    states = Counter(one.filed.state for one in known.values())
    findings = [_reviewed(one, (ages or {}).get(name)) for name, one in counted.items()]
    return Review(
        summary,
        sorted(findings, key=lambda one: (one.severity.rank, -one.money, one.rule, one.known.filed.id)),
        {state: states[state] for state in APART},
        [*summary.remarks, *future(summary, today), *(said for one in counted.values() for said in _odd(one, summary))],
        _since(known, kept(earlier)) if earlier else {},
    )


def _reviewed(one: Kept, age: int | None) -> Reviewed:
    decision = one.decision.decision if one.decision.decision in DECISIONS else OPEN
    severity = Severity(one.filed.severity) if one.filed.severity in list(Severity) else Severity.ERROR
    return Reviewed(one, severity, decision, abs(one.filed.amount or 0), age)


def _odd(one: Kept, summary: Previous) -> Iterator[Phrase]:
    """What is odd in a decision, at its cell."""
    made = one.decision
    for each in one.split:
        yield Phrase(SPLIT, place=place(summary.file, each), decision=_label(each.decision))
    if not made.is_made:
        return
    if made.decision in WITH_EVIDENCE and not made.note:
        yield Phrase(NO_EVIDENCE, place=place(summary.file, made, "note"), decision=_label(made.decision))
    if not (made.reviewer and made.reviewed_on):
        yield Phrase(UNSIGNED, place=place(summary.file, made), decision=_label(made.decision))
    if fold_name(made.reviewer) in map(fold_name, one.filed.texts.get("recused", "").split("、")) and made.reviewer:
        yield Phrase(RECUSED, place=place(summary.file, made, "reviewer"), reviewer=mask_text(made.reviewer))


def _label(decision: str) -> Phrase | str:
    return Phrase(DECISIONS[decision]) if decision in DECISIONS else mask_text(decision)


def _since(now: Mapping[str, Kept], then: Mapping[str, Kept]) -> dict[str, list[str]]:
    """What has changed between two summaries, by finding id."""
    both = [name for name in now if name in then]
    here = {name for name, one in now.items() if one.filed.is_found}
    return {
        "new": [name for name in now if name not in then and name in here],
        "decided": [name for name in both if now[name].decision.is_made and not then[name].decision.is_made],
        "redecided": [
            name
            for name in both
            if then[name].decision.is_made and now[name].decision.is_made and now[name].decision.texts != then[name].decision.texts
        ],
        "undone": [name for name in both if then[name].decision.is_made and not now[name].decision.is_made and name in here],
        "gone": [name for name in then if name not in here and not then[name].filed.is_resolved],
    }


def by(findings: Iterable[Reviewed], what: str) -> dict[str, list[Reviewed]]:
    """The findings by severity, rule or branch, in the order in which they come."""
    groups: dict[str, list[Reviewed]] = {}
    for one in findings:
        groups.setdefault(str(getattr(one, what)), []).append(one)
    return groups
