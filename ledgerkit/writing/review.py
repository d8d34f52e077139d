"""A review as the screenful that an audit committee needs, as one JSON object and as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledgerkit import __version__
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.model.person import mask_text
from ledgerkit.model.plain import plain
from ledgerkit.model.summary import DECIDED, DECISIONS, FIXED, FLAGS, OPEN
from ledgerkit.review.answers import Answered
from ledgerkit.review.standing import Review, Reviewed, by
from ledgerkit.writing import wording
from ledgerkit.writing.answers import MORE, answers_object, answers_text
from ledgerkit.writing.csv import table
from ledgerkit.writing.json import dumped
from ledgerkit.writing.text import width

MOST_RULES, MOST_BRANCHES, MOST_SAID, MOST_OPEN = 12, 20, 20, 10
COLUMNS = ("id", "rule", "severity", "title", "branch", "where", "who", "amount", *DECIDED, "since", "age")
SINCE: Mapping[str, str] = {
    "new": N_("new findings"),
    "decided": N_("decided"),
    "redecided": N_("decided otherwise"),
    "undone": N_("to be decided anew"),
    "gone": N_("no longer there"),
}
APART = N_("Apart: waived {waived}, resolved {resolved}, not checked this time {unchecked}")
ALL_DECIDED = N_("Next: every finding is decided. Have the working paper (-o) signed; `ledgerkit verify` proves the summary.")
TO_DECIDE = N_("Next: open the summary, filter the decision column for blanks and “open”, and decide; then save and run this again.")
TO_CONFIRM = N_(
    "Next: {count} finding(s) are decided as fixed. Run `ledgerkit reconcile --previous` on the corrected books: what is found again is reopened."
)


def as_text(review: Review, lang: Lang, written: Phrase | None = None, answered: Answered | None = None) -> str:
    """The review as plain text, ending in a line break; `answered` is what became of the packs given back."""
    return "\n".join(plain(line) for line in _lines(review, lang, written, answered)) + "\n"


def _lines(review: Review, lang: Lang, written: Phrase | None, answered: Answered | None) -> Iterator[str]:
    say = catalogue(lang).gettext
    opened = review.opened
    yield say(N_("Review of {file} (books of {year}): {count} finding(s), {open} open, {decided} decided")).format(
        file=review.summary.file,
        year=review.summary.year,
        count=len(review.findings),
        open=len(opened),
        decided=len(review.findings) - len(opened),
    )
    yield ""
    yield from _table(by(review.findings, "severity"), say(N_("By severity")), lambda key: wording.severity(Severity(key), lang), lang)
    named = by(sorted(review.findings, key=lambda one: not one.is_open), "rule")
    yield from _table(named, say(N_("By rule")), lambda key: f"{key} {wording.rule_title(key, lang)}", lang, MOST_RULES)
    branches = dict(sorted(by(review.findings, "branch").items(), key=lambda item: -sum(one.money for one in item[1] if one.is_open)))
    if len(branches) > 1:
        yield from _table(branches, say(N_("By branch")), lambda key: key or say(N_("(none)")), lang, MOST_BRANCHES)
    if any(review.apart.values()):
        yield say(APART).format(**review.apart)
    yield from _changes(review, lang)
    yield from _ages(review, lang)
    yield from _remarks(review, lang)
    if answered:
        yield ""
        yield from answers_text(answered, lang)
    yield ""
    if written:
        yield written.render(say)
    yield _next(review, lang)


def _table(groups: Mapping[str, Sequence[Reviewed]], heading: str, name: Any, lang: Lang, most: int | None = None) -> Iterator[str]:
    """A line a group: how many are open and of each decision, and the money at stake in the open ones."""
    say = catalogue(lang).gettext
    heads = [heading, *(say(label) for label in DECISIONS.values()), say(N_("at stake, open"))]
    rows = [
        [name(key), *(str(sum(one.decision == each for one in some) or "·") for each in DECISIONS), _stake(some)]
        for key, some in groups.items()
    ]
    shown = rows[:most]
    widths = [max(width(row[at]) for row in [heads, *shown]) for at in range(len(heads))]
    for row in [heads, *shown]:
        first, *rest = (
            text + " " * (size - width(text)) if not at else " " * (size - width(text)) + text
            for at, (text, size) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *rest]).rstrip()
    if len(rows) > len(shown):
        yield say(MORE).format(more=len(rows) - len(shown))
    yield ""


def _stake(some: Sequence[Reviewed]) -> str:
    total = sum(one.money for one in some if one.is_open)
    return f"{total / money.MINOR:,.2f}" if total else "·"


def _changes(review: Review, lang: Lang) -> Iterator[str]:
    """What has changed since the earlier summary, and what has changed since it was decided."""
    say = catalogue(lang).gettext
    listed = [f"{say(SINCE[kind])} {len(ids)}" for kind, ids in review.since.items() if ids]
    if review.since:
        yield say(N_("Since the earlier summary: {counts}")).format(
            counts=wording.COMMA[lang].join(listed) or say(N_("nothing has changed"))
        )
    changed = sum(one.is_changed for one in review.findings)
    if changed:
        yield say(N_("Changed since they were decided: {count}; look at them again (column “{column}”).")).format(
            count=changed, column=say(FLAGS["since"])
        )


def _ages(review: Review, lang: Lang) -> Iterator[str]:
    """How long the open findings have been known, once that is a day or more."""
    ages = sorted(one.age for one in review.opened if one.age is not None)
    if ages and ages[-1]:
        yield (
            catalogue(lang)
            .gettext(N_("Open for {oldest} days at the longest, {middle} in the middle."))
            .format(oldest=ages[-1], middle=ages[len(ages) // 2])
        )


def _remarks(review: Review, lang: Lang) -> Iterator[str]:
    """What is odd in the decisions, each at its cell."""
    say = catalogue(lang).gettext
    if review.remarks:
        yield ""
        yield say(N_("To be put right in the decisions: {count}")).format(count=len(review.remarks))
        yield from (f"  {remark.render(say)}" for remark in review.remarks[:MOST_SAID])
        if len(review.remarks) > MOST_SAID:
            yield say(MORE).format(more=len(review.remarks) - MOST_SAID)


def _next(review: Review, lang: Lang) -> str:
    say = catalogue(lang).gettext
    fixed = sum(one.decision == FIXED for one in review.findings)
    if review.opened:
        return say(TO_DECIDE)
    return say(TO_CONFIRM).format(count=fixed) if fixed else say(ALL_DECIDED)


def as_json(review: Review, lang: Lang, answered: Answered | None = None) -> str:
    """The review as one JSON object, ending in a line break."""
    return dumped(as_object(review, lang, answered))


def as_object(review: Review, lang: Lang, answered: Answered | None = None) -> dict[str, Any]:
    """The review as an object: the summary, its findings, what stands by severity, rule and branch, what became of the packs given back."""
    say = catalogue(lang).gettext
    return {
        "ledgerkit": __version__,
        "command": "review",
        "summary": {
            "file": review.summary.file,
            "sha256": review.summary.sha256,
            "year": review.summary.year,
            "as_of": review.summary.as_of,
        },
        "findings": [_finding(one, lang) for one in review.findings],
        **{
            f"by_{what}": {key: _counts(some) for key, some in by(review.findings, what).items()} for what in ("severity", "rule", "branch")
        },
        "apart": dict(review.apart),
        "since": {kind: list(ids) for kind, ids in review.since.items()} if review.since else None,
        "remarks": [remark.render(say) for remark in review.remarks],
        "answers": answers_object(answered, say) if answered else None,
    }


def _finding(one: Reviewed, lang: Lang) -> dict[str, Any]:
    filed, made = one.known.filed, one.known.decision
    return {
        "id": filed.id,
        "rule": one.rule,
        "severity": str(one.severity),
        "title": wording.rule_title(one.rule, lang),
        "branch": one.branch,
        "where": filed.texts.get("where", ""),
        "who": filed.texts.get("who", ""),
        "amount": None if filed.amount is None else money.show(filed.amount),
        "decision": one.decision,
        "reviewer": mask_text(made.reviewer),
        "reviewed_on": mask_text(made.reviewed_on),
        "note": mask_text("; ".join(wording.spoken(each, lang) for each in one.known.split) or made.note),
        "since": mask_text(filed.texts.get("since", "")) or None,
        "age": one.age,
    }


def _counts(some: Sequence[Reviewed]) -> dict[str, Any]:
    counts = {decision: sum(one.decision == decision for one in some) for decision in DECISIONS}
    return {**counts, "open_amount": money.show(sum(one.money for one in some if one.decision == OPEN))}


def as_csv(review: Review, lang: Lang) -> str:
    """A row a finding, its decision with it; UTF-8 with BOM, cells guarded."""
    return table(COLUMNS, (_finding(one, lang) for one in review.findings))
