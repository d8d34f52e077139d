"""A drill as the screenful that an audit committee needs, and as one JSON object with every plant in it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledgerkit import __version__, ledgers
from ledgerkit.drill.plant import Edit, Outcome
from ledgerkit.drill.run import Drill, Tried
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.plain import plain
from ledgerkit.writing import wording
from ledgerkit.writing.json import dumped
from ledgerkit.writing.masking import text_masked
from ledgerkit.writing.text import width

# What was planted, in words; a kind that is not here is a fault of ours.
PLANTED: Mapping[str, str] = {
    "cell": N_("{place} {column}: {was} becomes {becomes}"),
    "number": N_("{place} {column}: {was} is kept as a number"),
    "text": N_("{place} {column}: {was} is kept as text"),
    "heading": N_("{place} heading: {was} becomes {becomes}"),
    "added": N_("{place} is a new row, a copy of row {was} but for:"),
    "cleared": N_("{place} emptied"),
    "total": N_("{place} is a new row: {becomes}"),
    "filter": N_("{place}: a filter left on"),
    "hidden_rows": N_("{place}: the row is hidden"),
    "rounded": N_("{place} {column}: {was} is shown as {becomes}"),
    "error": N_("{place} {column}: {was} becomes the error {becomes}"),
    "uncalculated": N_("{place} {column}: {was} becomes a formula without a result"),
    "removed": N_("{place}: the sheet is taken out"),
    "pdf": N_("{place}: a PDF under this name"),
    "empty": N_("{place}: a file of 0 bytes under this name"),
    "copied": N_("{place}: sent once more as {becomes}"),
    "older": N_("{place}: the year before on the cover"),
    "template": N_("{place}: the stamp of an older template"),
}
FAMILIES: Mapping[str, str] = {
    "F": N_("files"),
    "G": N_("cells and sheets"),
    "M": N_("roster"),
    "O": N_("register"),
    "D": N_("dues"),
    "R": N_("remittance"),
    "A": N_("relief"),
    "V": N_("activities"),
    "B": N_("budget"),
    "X": N_("across ledgers"),
}
BLANK = N_("(blank)")
MOST_EDITS, MOST_OUTCOMES = 4, 10


def masked(drill: Drill) -> Drill:
    """The drill with every personal number that was planted in, or planted, masked."""
    return replace(drill, tried=tuple(replace(one, outcomes=tuple(map(_outcome_masked, one.outcomes))) for one in drill.tried))


def _outcome_masked(outcome: Outcome) -> Outcome:
    return replace(outcome, plant=replace(outcome.plant, edits=tuple(map(_edit_masked, outcome.plant.edits))))


def _edit_masked(edit: Edit) -> Edit:
    field = ledgers.load(edit.ledger)[edit.field] if edit.ledger and edit.field and edit.kind != "heading" else None
    return replace(edit, was=text_masked(edit.was, field) or "", becomes=text_masked(edit.becomes, field) or "")


def as_text(drill: Drill, lang: Lang) -> str:
    """The drill as plain text, ending in a line break: the counts, what was missed, what was not planted, what to do next."""
    return "\n".join(plain(line) for line in _lines(drill, lang)) + "\n"


def _lines(drill: Drill, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    results, run = Counter(one.result for one in drill.tried), drill.run
    head = N_("Drill: {plants} faults planted for {tried} rules, and every one of them caught")
    missed = N_("Drill: {plants} faults planted for {tried} rules; {lost} of them missed, by {missed} rule(s)")
    yield say(missed if drill.missed else head).format(
        plants=len(drill.outcomes),
        tried=results["caught"] + results["missed"],
        lost=sum(outcome.result == "missed" for outcome in drill.outcomes),
        missed=results["missed"],
    )
    books = N_("Books of {year}, as of {as_of}: {files} file(s), {rows} row(s); the faults were planted in copies (seed {seed})")
    rows = sum(sheet.rows_read for sheet in run.book.sheets)
    as_of = run.as_of.isoformat() if run.as_of else ""
    yield say(books).format(year=run.book.year, as_of=as_of, files=len(run.book.sources), rows=rows, seed=drill.seed)
    if drill.baseline:
        yield say(N_("The books have {count} finding(s) of their own; nothing was planted in those rows.")).format(
            count=len(drill.baseline)
        )
    yield ""
    yield from _families(drill, lang)
    yield from _outcomes(drill, lang, "missed", N_("Missed"))
    yield from _outcomes(drill, lang, "elsewhere", N_("Caught, but at another row"))
    yield from _not_planted(drill, lang)
    yield ""
    yield _next(drill, lang)


def _families(drill: Drill, lang: Lang) -> Iterator[str]:
    """A line a family of rules of which something was planted."""
    say = catalogue(lang).gettext
    shown = {family: f"{family} {say(name)}" for family, name in FAMILIES.items()}
    wide = max(width(text) for text in shown.values())
    for family, text in shown.items():
        results = Counter(one.result for one in drill.tried if one.rule.code.startswith(family))
        tried = results["caught"] + results["missed"]
        if tried:
            line = say(N_("{caught} of {tried} rules caught, {left} not planted"))
            counts = line.format(caught=results["caught"], tried=tried, left=results["not_planted"])
            yield f"  {text}{' ' * (wide - width(text))}  {counts}"


def _outcomes(drill: Drill, lang: Lang, result: str, head: str) -> Iterator[str]:
    """The plants of one result: rule, what was planted, what spoke instead."""
    say = catalogue(lang).gettext
    listed = [(one, outcome) for one in drill.tried for outcome in one.outcomes if outcome.result == result]
    if not listed:
        return
    yield ""
    yield say(N_("{what}: {count}")).format(what=say(head), count=len(listed))
    for one, outcome in listed[:MOST_OUTCOMES]:
        yield f"  {one.rule.code} {wording.title(one.rule, lang)}"
        yield from (f"      {line}" for line in _edits(outcome, lang))
        instead = outcome.elsewhere or outcome.also
        spoke = [f"{finding.rule} {wording.place(finding)}" for finding in instead[:MOST_EDITS]]
        yield "      " + say(N_("What was found instead: {what}")).format(what=", ".join(spoke) or say(wording.NOTHING))
    if len(listed) > MOST_OUTCOMES:
        yield say(N_("… and {more} more: --format json lists all.")).format(more=len(listed) - MOST_OUTCOMES)


def _edits(outcome: Outcome, lang: Lang) -> Iterator[str]:
    edits = outcome.plant.edits
    yield from (described(edit, lang) for edit in edits[:MOST_EDITS])
    if len(edits) > MOST_EDITS:
        yield catalogue(lang).gettext(N_("… and {more} more: --format json lists all.")).format(more=len(edits) - MOST_EDITS)


def described(edit: Edit, lang: Lang) -> str:
    """One change in words."""
    say = catalogue(lang).gettext
    place = " > ".join(part for part in (edit.file, edit.sheet) if part)
    address = edit.cell or (str(edit.row) if edit.row else "")
    return say(PLANTED[edit.kind]).format(
        place=place + (f"!{address}" if address else ""),
        column=wording.column_label(edit.ledger, edit.field, lang),
        was=" ".join(edit.was.split()) or say(BLANK),
        becomes=" ".join(edit.becomes.split()) or say(BLANK),
    )


def _not_planted(drill: Drill, lang: Lang) -> Iterator[str]:
    """The rules without a plant, by reason."""
    say = catalogue(lang).gettext
    reasons: dict[str, list[str]] = {}
    for one in drill.tried:
        if one.result == "not_planted":
            reasons.setdefault(wording.reasons(one.because, lang), []).append(one.rule.code)
    if reasons:
        yield ""
        yield say(N_("{what}: {count}")).format(what=say(N_("Not planted")), count=sum(map(len, reasons.values())))
        yield from (f"  {' '.join(codes)}{': ' if lang == 'en' else '：'}{reason}" for reason, codes in reasons.items())


def _next(drill: Drill, lang: Lang) -> str:
    say = catalogue(lang).gettext
    if drill.missed:
        return say(N_("Next: look at what was missed; `ledgerkit rules CODE` says what a rule looks for. --format json lists every plant."))
    if not drill.outcomes:
        return say(N_("Next: nothing could be planted; see the reasons above."))
    return say(N_("Next: --format json lists every plant with its cells; another --seed takes other rows."))


def as_json(drill: Drill, lang: Lang) -> str:
    """The drill as one JSON object, ending in a line break; docs/drill.schema.json has its form."""
    return dumped(as_object(drill, lang))


def as_object(drill: Drill, lang: Lang) -> dict[str, Any]:
    """The drill as an object."""
    run, policy = drill.run, drill.run.policy
    severities = Counter(finding.severity for finding in drill.baseline)
    rules, plants = Counter(one.result for one in drill.tried), Counter(outcome.result for outcome in drill.outcomes)
    return {
        "ledgerkit": __version__,
        "command": "drill",
        "as_of": run.as_of.isoformat() if run.as_of else None,
        "seed": drill.seed,
        "policy": {"id": policy.id, "version": policy.version, "sha256": policy.sha256},
        "inputs": [
            {"file": source.path, "sha256": source.raw.sha256, "branch": source.branch, "status": "rejected" if source.problem else "read"}
            for source in run.book.sources
        ],
        "baseline": {str(severity): severities.get(severity, 0) for severity in Severity},
        "rules": [_rule(one, lang) for one in drill.tried],
        "summary": {
            "rules": {name: rules[name] for name in ("caught", "missed", "not_planted")},
            "plants": {name: plants[name] for name in ("found", "elsewhere", "missed")},
        },
    }


def _rule(one: Tried, lang: Lang) -> dict[str, Any]:
    return {
        "rule": one.rule.code,
        "title": wording.title(one.rule, lang),
        "severity": str(one.rule.severity),
        "result": one.result,
        "because": wording.reasons(one.because, lang) or None,
        "plants": [_plant(outcome, lang) for outcome in one.outcomes],
    }


def _plant(outcome: Outcome, lang: Lang) -> dict[str, Any]:
    return {
        "fault": outcome.plant.planter.name,
        "place": outcome.plant.place,
        "branches": list(outcome.plant.branches),
        "edits": [_edit(edit, lang) for edit in outcome.plant.edits],
        "result": outcome.result,
        "found": [_finding(finding) for finding in outcome.found],
        "elsewhere": [_finding(finding) for finding in outcome.elsewhere],
        "also": [_finding(finding) for finding in outcome.also],
    }


def _edit(edit: Edit, lang: Lang) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "file": edit.file,
        "sheet": edit.sheet or None,
        "row": edit.row,
        "cell": edit.cell or None,
        "ledger": edit.ledger or None,
        "column": edit.field or None,
        "was": edit.was,
        "becomes": edit.becomes,
        "text": described(edit, lang),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    keys = ("rule", "file", "sheet", "row", "column", "cell")
    return {**{key: getattr(finding, key) for key in keys}, "severity": str(finding.severity)}
