"""Packs given back, set beside a summary of the books as they are now: what became of each finding."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ledgerkit.errors import Phrase
from ledgerkit.locale import N_
from ledgerkit.model.correction import CORRECTED, JUSTIFIED, Answer, Pack
from ledgerkit.model.decision import Filed, Previous
from ledgerkit.model.person import may_be_same
from ledgerkit.model.summary import UNCHECKED
from ledgerkit.rules.standing import looked_for

STILL, IGNORED, WAIVED, CHANGED = "still", "ignored", "waived", "changed"
# What asks for something first.
OUTCOMES = (STILL, IGNORED, UNCHECKED, JUSTIFIED, WAIVED, CHANGED)
OTHER_YEAR = N_(
    "{path} is of the books of {year} and the summary of those of {own}: it is left out. Review it with the summary of its year."
)
NO_YEAR = N_("{path} does not say any more of which year's books it is, and is left out. Ask the branch for the pack as it was sent.")
SAME_BOOKS = N_(
    "{path}: the summary was made from the very books that the pack was made from. To see what was corrected, reconcile the books given back and review that summary."
)
TWICE = N_("{place}: the same finding is answered otherwise in {other}, which is left out. Keep one of the two answers.")
# What reads alike in both languages: amounts, days, numbers of people.
_NEUTRAL = re.compile(r"[^A-Za-z\u0080-\uffff]*")


@dataclass(frozen=True)
class Standing:
    """One finding of a pack: what became of it (one of OUTCOMES), its row in the summary, and which of amount and observed is another now.

    `now` is None, or was found no more, where the finding is gone.
    """

    outcome: str
    answer: Answer
    now: Filed | None = None
    differs: tuple[str, ...] = ()

    @property
    def is_gone(self) -> bool:
        """Whether it was looked for and is no longer found."""
        return self.outcome == CHANGED and not self.differs


@dataclass(frozen=True)
class Answered:
    """The findings of some packs, what asks for something first, and what is odd in the packs."""

    packs: Sequence[Pack]
    standings: Sequence[Standing]
    remarks: Sequence[Phrase]


def answered(packs: Sequence[Pack], remarks: Sequence[Phrase], summary: Previous, rules: Collection[str] = ()) -> Answered:
    """What became of the findings of some packs by a summary of the same year; `remarks` is what reading them said.

    `rules`: codes or prefixes, all where empty.
    """
    ours = [pack for pack in packs if pack.year == summary.year]
    said = [*remarks, *(_of_other_year(pack, summary) for pack in packs if pack.year != summary.year)]
    said += [Phrase(SAME_BOOKS, path=pack.file) for pack in ours if _is_too_early(pack, summary)]
    by_id: dict[str, list[Answer]] = {}
    for answer in (answer for pack in ours for answer in pack.answers):
        if answer.finding.texts.get("rule", "").startswith(tuple(rules) or ""):
            by_id.setdefault(answer.finding.id, []).append(answer)
    said += [remark for listed in by_id.values() for remark in _twice(listed)]
    now = {one.id: one for one in summary.filed}
    standings = [_standing(_told(listed), now.get(name), summary) for name, listed in by_id.items()]
    return Answered(ours, sorted(standings, key=lambda one: OUTCOMES.index(one.outcome)), said)


def _of_other_year(pack: Pack, summary: Previous) -> Phrase:
    if pack.year is None:
        return Phrase(NO_YEAR, path=pack.file)
    return Phrase(OTHER_YEAR, path=pack.file, year=pack.year, own=summary.year)


def _is_too_early(pack: Pack, summary: Previous) -> bool:
    """Whether something is said to be corrected, and the summary is of the very files of the pack."""
    is_corrected = any(answer.answer == CORRECTED for answer in pack.answers)
    return is_corrected and bool(pack.digests) and pack.digests <= summary.scope.digests


def _told(listed: Sequence[Answer]) -> Answer:
    """Of the rows on one finding the first that is answered."""
    return next((one for one in listed if not one.is_blank), listed[0])


def _twice(listed: Sequence[Answer]) -> Iterator[Phrase]:
    told = _told(listed)
    others = (one for one in listed if not one.is_blank and one.texts != told.texts)
    yield from (Phrase(TWICE, place=told.place(), other=other.place()) for other in others)


def _standing(answer: Answer, now: Filed | None, summary: Previous) -> Standing:
    if now is None or not now.is_found:
        return Standing(CHANGED if _is_gone(answer.finding, now, summary) else UNCHECKED, answer, now)
    differs = tuple(_differs(answer, now, summary))
    if now.state == WAIVED or differs:
        return Standing(WAIVED if now.state == WAIVED else CHANGED, answer, now, differs)
    if answer.answer == CORRECTED:
        return Standing(STILL, answer, now)
    return Standing(JUSTIFIED if answer.explanation else IGNORED, answer, now)


def _is_gone(finding: Filed, now: Filed | None, summary: Previous) -> bool:
    """Whether the summary's run looked for a finding and found it no more."""
    scope = summary.scope
    return now.is_resolved if now else looked_for(finding, scope.rules, scope.hidden, scope.branches)


def _differs(answer: Answer, now: Filed, summary: Previous) -> Iterator[str]:
    """Which of the facts is another now. Of two languages only what reads alike in both is compared; a column that is not there is not."""
    then = answer.finding
    if "amount" in then.texts and "amount" in now.texts and then.amount != now.amount:
        yield "amount"
    was, seen = (one.texts.get("observed", "") for one in (then, now))
    comparable = answer.lang == summary.lang or (_NEUTRAL.fullmatch(was) and _NEUTRAL.fullmatch(seen))
    if "observed" in then.texts and "observed" in now.texts and comparable and not may_be_same(was, seen):
        yield "observed"
