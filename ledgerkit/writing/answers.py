"""What became of the findings of correction packs, as lines for people and as an object for programs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.correction import ANSWERS, JUSTIFIED, Answer
from ledgerkit.model.decision import Filed
from ledgerkit.model.summary import FLAGS, UNCHECKED
from ledgerkit.review.answers import CHANGED, IGNORED, OUTCOMES, STILL, WAIVED, Answered, Standing
from ledgerkit.writing import wording

LABELS: Mapping[str, str] = {
    STILL: N_("said to be corrected, still found"),
    IGNORED: N_("ignored"),
    UNCHECKED: N_("not checked this time"),
    JUSTIFIED: N_("justified"),
    WAIVED: N_("waived"),
    CHANGED: N_("changed"),
}
# Of each outcome.
MOST_SHOWN = 20
ODD = N_("To be put right in the packs: {count}")
MORE = N_("… and {more} more: --format json lists all.")
HEAD = N_("Answers to {count} finding(s), in {packs} pack(s) given back: {counts}")
GONE = N_("no longer found")
BECAME = N_("{what} was {was}, now {now}")
BY, WHY = N_("{answer} ({by})"), N_("{answer}: {explanation}")


def answers_text(answered: Answered, lang: Lang) -> Iterator[str]:
    """The lines: what is odd in the packs, how many of each outcome, then the findings with their cells, what has changed and what was answered."""
    say = catalogue(lang).gettext
    if answered.remarks:
        yield say(ODD).format(count=len(answered.remarks))
        yield from (f"  {remark.render(say)}" for remark in answered.remarks)
    counts = Counter(one.outcome for one in answered.standings)
    listed = wording.COMMA[lang].join(f"{say(LABELS[outcome])} {counts[outcome]}" for outcome in OUTCOMES if counts[outcome])
    yield say(HEAD).format(count=len(answered.standings), packs=len(answered.packs), counts=listed or say(wording.NOTHING))
    for outcome, group in groupby(answered.standings, key=lambda one: one.outcome):
        yield f"[{say(LABELS[outcome])}]"
        for one in islice(group, MOST_SHOWN):
            yield from _finding(one, lang)
        if counts[outcome] > MOST_SHOWN:
            yield say(MORE).format(more=counts[outcome] - MOST_SHOWN)


def _finding(one: Standing, lang: Lang) -> Iterator[str]:
    """Where, rule and title; then what became of it and what was answered, where there is anything to say."""
    texts = one.answer.finding.texts
    where = texts.get("where", "")
    who = texts.get("who", "") or ("" if where else texts.get("observed", ""))
    title = wording.rule_title(texts.get("rule", ""), lang, texts.get("title", ""))
    yield f"  {where}{': ' if where else ''}{texts.get('rule', '')} {title}{f' ({who})' if who else ''}"
    said = wording.SEMICOLON[lang].join(part for part in (_became(one, lang), _answer(one.answer, lang)) if part)
    if said:
        yield f"      {said}"


def _became(one: Standing, lang: Lang) -> str:
    say = catalogue(lang).gettext
    if one.is_gone:
        return say(GONE)
    nothing = say(wording.NOTHING)
    facts = ((say(FLAGS[key]), *_was_and_now(one, key)) for key in one.differs)
    return wording.SEMICOLON[lang].join(say(BECAME).format(what=what, was=was or nothing, now=now or nothing) for what, was, now in facts)


def _was_and_now(one: Standing, key: str) -> tuple[str, ...]:
    """A fact of the pack and of the summary as text; "" where there is none."""
    both = (one.answer.finding, one.now or one.answer.finding)
    return tuple(_amount(each) or "" if key == "amount" else each.texts.get(key, "") for each in both)


def _amount(filed: Filed) -> str | None:
    return None if filed.amount is None else money.show(filed.amount)


def _answer(answer: Answer, lang: Lang) -> str:
    """An answer in one line: justified (Wang, 2016-03-01): see voucher 12."""
    say = catalogue(lang).gettext
    by = wording.COMMA[lang].join(part for part in (answer.answered_by, answer.answered_on) if part)
    said = say(ANSWERS[answer.answer]) if answer.answer in ANSWERS else answer.answer
    said = say(BY).format(answer=said, by=by) if said and by else said or by
    return say(WHY).format(answer=said, explanation=answer.explanation) if answer.explanation else said


def answers_object(answered: Answered, say: Callable[[str], str]) -> dict[str, Any]:
    """The object for JSON: packs, how many of each outcome, every finding, what is odd in the packs. Amounts are texts with two decimals."""
    counts = Counter(one.outcome for one in answered.standings)
    return {
        "packs": [{"file": pack.file, "year": pack.year} for pack in answered.packs],
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "findings": [_object(one) for one in answered.standings],
        "remarks": [remark.render(say) for remark in answered.remarks],
    }


def _object(one: Standing) -> dict[str, Any]:
    answer, texts = one.answer, one.answer.finding.texts
    return {
        "id": answer.finding.id,
        "rule": texts.get("rule"),
        "branch": texts.get("branch"),
        "where": texts.get("where"),
        "who": texts.get("who"),
        "outcome": one.outcome,
        "gone": one.is_gone,
        "differs": {key: dict(zip(("was", "now"), (text or None for text in _was_and_now(one, key)), strict=True)) for key in one.differs},
        "answer": answer.answer or None,
        "explanation": answer.explanation or None,
        "answered_by": answer.answered_by or None,
        "answered_on": answer.answered_on or None,
        "place": answer.place(),
    }
