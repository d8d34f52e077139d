"""A verdict on a summary as an auditor reads it, most causal first, and as one JSON object with everything that differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from ledgerkit import __version__
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.person import mask_text
from ledgerkit.model.plain import plain
from ledgerkit.review.difference import Difference
from ledgerkit.review.verify import Verdict
from ledgerkit.writing.json import dumped

PROVEN = N_("Proven: {summary} is exactly what its sources and policy give.")
DIFFERS = N_("Not proven: {summary} is not what its sources and policy give.")
COMPARED = N_("{files} file(s) with {rows} row(s) run again; {sheets} sheets with {cells} cells compared")
OUTSIDE, INSIDE, PARTLY, UNTOLD, EVIDENCE, NOTES = (
    N_("What the summary was made from"),
    N_("Changed in the summary since it was written"),
    N_("Differs on sheets of the summary that are not as the run wrote them; some of it may follow from the above"),
    N_("Differs in the summary; whether this follows from the above or was changed by hand cannot be told"),
    N_("Evidence file"),
    N_("To be known"),
)
AS_WRITTEN = N_("As the run wrote them, by the evidence file: {sheets}. What differs there ({count} cell(s)) follows from the above.")
MORE = N_("… and {count} more; --format json lists them all")
SENTENCES: Mapping[str, str] = {
    "version": N_(
        "Written by ledgerkit {was} and run again by {now}: what differs may come from that alone. Verify it with version {was}."
    ),
    "source": N_("{file} has been changed. SHA-256 then {was}, now {now}. Changed there:"),
    "source_untold": N_("{file} has been changed. SHA-256 then {was}, now {now}. Without the evidence file the cells cannot be told."),
    "source_alike": N_(
        "{file} is another file. SHA-256 then {was}, now {now}. Its cells hold what they held: it was saved again, or a format, a note or the middle of a long number was changed."
    ),
    "source_missing": N_("{file} is not there any more. SHA-256 then {was}."),
    "policy": N_("The policy {file} has been changed. SHA-256 then {was}, now {now}. Settings that differ:"),
    "policy_alike": N_("The policy {file} is another file. SHA-256 then {was}, now {now}. No setting differs: comments or the layout do."),
    "policy_line": N_("{cell}: then {was}, now {now}"),
    "policy_missing": N_("The policy {file} is not there any more; the national settings were used. Give it with --policy."),
    "value": N_("{place}: {now} instead of {was}"),
    "formula": N_("{place}: the formula is {now} instead of {was}"),
    "result": N_("{place}: the formula's result is {now} instead of {was}"),
    "display": N_("{place}: shows {now} where the cell holds {was}"),
    "validation": N_("{place}: the cell's check is {now} instead of {was}"),
    "name": N_("Defined name {cell}: {now} instead of {was}"),
    "row_missing": N_("{sheet}, row {cell}: taken out: {was}"),
    "row_added": N_("{sheet}, row {cell}: put in: {now}"),
    "hidden_row": N_("{sheet}, row {cell}: hidden"),
    "hidden_column": N_("{sheet}, column {cell}: hidden"),
    "hidden_sheet": N_("{sheet}: the sheet is hidden"),
    "sheet_missing": N_("{sheet}: the sheet is not there any more"),
    "sheet_added": N_("{sheet}: a sheet that the run did not write"),
    "column_missing": N_("{sheet}: the column “{was}” is not there any more"),
    "flag_missing": N_("{sheet}: the finding {was} is not there any more"),
    "flag_added": N_("{sheet}, row {cell}: the finding {now} is none of the run's"),
    "row_unnamed": N_("{place}: {now} stands in a row without a finding's id"),
    "dependency": N_("{place}: {file} {now} instead of {was}: another version, or the cell was changed"),
    "uncalculated": N_(
        "{sheet}: {now} formula(s) not recalculated: saved by a program that keeps no results. The formulas are as written."
    ),
    "filtered": N_("{sheet}: a filter leaves out {now} row(s); they were compared too"),
    "flag_copied": N_("{sheet}: {now} row(s) copied"),
    "column_added": N_("{sheet}: columns added: {now}"),
    "sources_moved": N_("The books in {now} were used; the summary says {was}"),
    "policy_moved": N_("The policy {now} was used; the summary says {was}"),
    "unknown_file": N_("{file} lies beside the books; the run did not read it"),
    "other_version": N_("{file} {was} was used; the run used {now}"),
    "no_evidence": N_("{file} is not there: what became of the summary between its run and now can be told less exactly"),
    "no_link": N_("{file} does not know this run"),
    "states_unchecked": N_(
        "{file}, the earlier summary, is not to be had as it was; states and what rests on it were not checked. Give it with --previous."
    ),
}
CELL, ROWS, ROWS_GONE, COLUMNS, SHEET = (
    N_("{sheet}!{cell}"),
    N_("{sheet}, rows {cell}"),
    N_("{sheet}, rows {cell} taken out"),
    N_("{sheet}, columns {cell}"),
    N_("{sheet}: the sheet is new, or is not there any more"),
)
DAMAGED = N_("{file} is damaged, or was written by another program; nothing in it was used.")
BROKEN = N_("{file}: link {now} does not follow from the one before it: an earlier link was changed or taken out.")
FROM_SUMMARY = N_(
    "Next: undo what was changed in the summary, or ask who changed it and why; the decision columns alone are to be filled in."
)
FROM_SOURCE = N_(
    "Next: find the files and the policy as they were, or ask why they were changed; if the change is right, run `ledgerkit reconcile` again with --previous."
)
NONE, BLANK = N_("(national settings)"), N_("(blank)")
LONGEST, AROUND, MOST, SHOWN = 60, 12, 24, 12
# Kinds whose `was` and `now` are digests, and those that name a finding or a folder.
DIGESTS = ("source", "source_untold", "source_alike", "source_missing", "policy", "policy_alike")
WHOLE = ("flag_missing", "flag_added", "version", "sources_moved", "policy_moved", "column_added")
# Under these more specific lines follow.
UNDER = ("source_cell", "policy_line")


def masked(verdict: Verdict) -> Verdict:
    """The verdict with personal numbers in what it quotes masked."""
    causes, edits, notes = (tuple(map(_masked, found)) for found in (verdict.causes, verdict.edits, verdict.notes))
    return replace(verdict, causes=causes, edits=edits, notes=notes)


def _masked(found: Difference) -> Difference:
    return replace(found, was=_hidden(found.kind, found.was), now=_hidden(found.kind, found.now))


def _hidden(kind: str, text: str) -> str:
    """A text with personal numbers masked; a digest is none."""
    return text if kind in DIGESTS else mask_text(text)


def as_text(verdict: Verdict, lang: Lang) -> str:
    """The verdict as plain text, ending in a line break: proven or not, the causes, the changes, what is to be known, what to do."""
    return "\n".join(plain(line) for line in _lines(verdict, lang)) + "\n"


def _lines(verdict: Verdict, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    yield say(PROVEN if verdict.proven else DIFFERS).format(summary=verdict.summary.name)
    counts = {"files": verdict.files, "rows": f"{verdict.rows:,}", "sheets": verdict.sheets, "cells": f"{verdict.cells:,}"}
    yield say(COMPARED).format(**counts)
    yield from _section(OUTSIDE, verdict.causes, lang)
    yield from _section(_head(verdict), verdict.edits, lang)
    if verdict.as_written:
        yield from ("", say(AS_WRITTEN).format(sheets=_listed(verdict.as_written, lang), count=verdict.followed))
    yield from _section(EVIDENCE, verdict.chain, lang)
    yield from _section(NOTES, verdict.notes, lang)
    if not verdict.proven:
        yield from ("", *(say(told) for told in _next(verdict)))


def _head(verdict: Verdict) -> str:
    """What is known of the edits as a whole."""
    if not verdict.causes:
        return INSIDE
    return UNTOLD if verdict.as_written is None else PARTLY


def _listed(names: frozenset[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(sorted(names))


def _section(head: str, found: Sequence[Difference], lang: Lang) -> Iterator[str]:
    """A heading and what stands under it, cut visibly where it is long."""
    if not found:
        return
    say = catalogue(lang).gettext
    yield from ("", say(head) + ("：" if lang == "zh" else ":"))
    yield from ("  " * (2 if one.kind in UNDER else 1) + sentence(one, lang, short=True) for one in found[:MOST])
    if found[MOST:]:
        yield "  " + say(MORE).format(count=len(found) - MOST)


def _next(verdict: Verdict) -> Iterator[str]:
    if verdict.causes:
        yield FROM_SOURCE
    if verdict.edits and not (verdict.causes and verdict.as_written is None):
        yield FROM_SUMMARY


def sentence(found: Difference, lang: Lang, short: bool = False) -> str:
    """One difference in words; `short`: of long texts only what is about the place where they differ."""
    say = catalogue(lang).gettext
    was, now = _shortened(found) if short else (found.was, found.now)
    blank = say(BLANK)
    values = {"place": f"{found.sheet}!{found.cell}" if found.cell else found.sheet, "sheet": found.sheet, "cell": found.cell.lstrip("-")}
    return say(_template(found)).format(**values, was=was or blank, now=now or blank, file=found.file or say(NONE))


def _template(found: Difference) -> str:
    if found.kind == "chain":
        return BROKEN if found.now else DAMAGED
    if found.kind != "source_cell":
        return SENTENCES[found.kind]
    if not found.cell:
        return SHEET
    if ":" not in found.cell:
        return CELL
    return ROWS_GONE if found.cell.startswith("-") else ROWS if found.cell[0].isdigit() else COLUMNS


def _shortened(found: Difference) -> tuple[str, str]:
    """What it was and is, as a line of a screen takes it: digests by their beginning, findings whole."""
    if found.kind in DIGESTS:
        return (f"{found.was[:SHOWN]}…", f"{found.now[:SHOWN]}…")
    return (found.was, found.now) if found.kind in WHOLE else _excerpts(found.was, found.now)


def _excerpts(one: str, other: str) -> tuple[str, str]:
    """Two texts from just before the place where they differ, where they are long."""
    if max(len(one), len(other)) <= LONGEST:
        return one, other
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    start = max(alike - AROUND, 0) if one and other else 0
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start and shown else ''}{shown}{'…' if len(text) > start + LONGEST else ''}"


def as_json(verdict: Verdict, lang: Lang) -> str:
    """The verdict as one JSON object, ending in a line break; docs/verify.schema.json has its form."""
    return dumped(as_object(verdict, lang))


def as_object(verdict: Verdict, lang: Lang) -> dict[str, Any]:
    """The verdict as an object."""
    return {
        "ledgerkit": __version__,
        "command": "verify",
        "summary": verdict.summary.name,
        "written_by": verdict.version,
        "proven": verdict.proven,
        "compared": {"files": verdict.files, "rows": verdict.rows, "sheets": verdict.sheets, "cells": verdict.cells},
        "causes": [_object(found, lang) for found in verdict.causes],
        "edits": [_object(found, lang) for found in verdict.edits],
        "followed": verdict.followed,
        "as_written": sorted(verdict.as_written) if verdict.as_written is not None else None,
        "evidence": [_object(found, lang) for found in verdict.chain],
        "notes": [_object(found, lang) for found in verdict.notes],
    }


def _object(found: Difference, lang: Lang) -> dict[str, Any]:
    values = {name: getattr(found, name) or None for name in ("file", "sheet", "cell")}
    return {"kind": found.kind, **values, "was": found.was, "now": found.now, "text": sentence(found, lang)}
