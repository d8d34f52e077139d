"""An earlier summary read back: the decisions written in it, its findings and its figures, whatever program saved it since.

Nothing goes by place: Flags may have been sorted, filtered, added to or copied in, so its rows are read by the headings above them and by
the finding's id; Overview, Budget and Sources are read by their labels. Both languages are understood.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path

from ledgerkit import ledgers
from ledgerkit.errors import BadInput, Phrase
from ledgerkit.locale import LANGS, N_, catalogue
from ledgerkit.model import money
from ledgerkit.model.decision import Decision, Filed, Previous, Scope, is_day, is_known
from ledgerkit.model.person import mask_text
from ledgerkit.model.stamp import KIND, SUMMARY
from ledgerkit.model.summary import (
    AS_OF,
    AS_RUN,
    BOOKS_YEAR,
    BUDGET,
    DECIDED,
    DECISIONS,
    FIGURES,
    FLAGS,
    FOLDER,
    OVERVIEW,
    PREVIOUS,
    RATIOS,
    SEVERITIES,
    SOURCES,
    STATES,
)
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.labelled import DIGEST, FINDING_ID, Head, below, day, has_head, key_of, pairs, spoken_in, text
from ledgerkit.reading.limits import LIMITS
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, letter

_NEEDED = ("rule", "id")
# A ratio is stored as a number with so many decimals.
_DECIMALS = 4

UNREADABLE = N_("{path} cannot be read as a workbook ({code}). Give the summary as ledgerkit wrote it, or as Excel or WPS saved it.")
NO_SUMMARY = N_("{path} is no summary that ledgerkit wrote. Give the workbook that `ledgerkit reconcile` made.")
NO_FLAGS = N_(
    "{path} has no sheet with the headings “{rule}” and “{id}”, by which its decisions are found. Put the headings back as they were, and run again."
)
UNKNOWN_DECISION = N_("{place}: “{decision}” is no decision. Choose one of {choices}; until then the finding counts as open.")
CHOICES = N_("open, accepted, explained, fixed, mistaken")
NO_DAY = N_("{place}: “{day}” is not a day. Write it as 2016-03-01.")
FUTURE = N_("{place}: the decision is of {day}, a day that is still to come. Correct the day.")
NO_ID = N_(
    "{place}: a decision stands on a row without a finding's id and is kept in a list of its own. Copy the id of its finding into the row."
)


def read_summaries(paths: Sequence[Path], shown: Sequence[str]) -> list[Previous]:
    """Earlier summaries, each read in a process of its own like any stranger's file. Raises BadInput for one that is none."""
    for path in paths:
        if not path.is_file():
            raise BadInput(N_("{path} does not exist. Check the name of the earlier summary."), path=path)
    with Readers(list(zip(paths, shown, strict=True)), LIMITS, ()) as readers:
        return [_previous(raw) for raw in readers.files()]


def _previous(raw: RawFile) -> Previous:
    if raw.problem:
        raise BadInput(UNREADABLE, path=raw.path, code=raw.problem)
    run = _run(raw)
    if raw.properties.get(KIND, SUMMARY) != SUMMARY or BOOKS_YEAR not in run:
        raise BadInput(NO_SUMMARY, path=raw.path)
    rows = _rows(raw)
    known = [one for one in rows if FINDING_ID.fullmatch(one.id)]
    stray = [one for one in rows if not FINDING_ID.fullmatch(one.id)]
    year = run[BOOKS_YEAR][0]
    return Previous(
        raw.path,
        raw.sha256,
        int(year) if year.isdecimal() else None,
        run.get(AS_OF, [""])[0],
        tuple(found[0] for line in run.get(PREVIOUS, ()) if (found := DIGEST.search(line))),
        known,
        stray,
        [remark for one in rows for remark in _remarks(one, raw.path)],
        _figures(raw),
        _lines(raw),
        next((text(sheet.rows[0][0]) for sheet in _overview(raw) if sheet.rows and sheet.rows[0]), ""),
        _scope(raw, known),
        spoken_in(raw.sheets),
        run.get(FOLDER, [""])[0],
    )


def future(previous: Previous, today: date) -> list[Phrase]:
    """A sentence for each decision of a day that is still to come."""
    late = [one.decision for one in previous.filed if is_day(one.decision.reviewed_on) and one.decision.reviewed_on > today.isoformat()]
    return [Phrase(FUTURE, place=place(previous.file, one, "reviewed_on"), day=one.reviewed_on) for one in late]


def place(file: str, decision: Decision, column: str = "decision") -> str:
    """Where a decision stands: file > sheet!cell."""
    return f"{file} > {decision.sheet}!{decision.columns.get(column, '')}{decision.row}"


def _remarks(one: Filed, file: str) -> Iterator[Phrase]:
    """What is odd in a row's decision, at its cell."""
    if not FINDING_ID.fullmatch(one.id):
        yield Phrase(NO_ID, place=place(file, one.decision))
    if not is_known(one.decision.decision):
        yield Phrase(UNKNOWN_DECISION, place=place(file, one.decision), decision=mask_text(one.decision.decision), choices=Phrase(CHOICES))
    if one.decision.reviewed_on and not is_day(one.decision.reviewed_on):
        yield Phrase(NO_DAY, place=place(file, one.decision, "reviewed_on"), day=mask_text(one.decision.reviewed_on))


def _rows(raw: RawFile) -> list[Filed]:
    """The rows of findings and decisions of every sheet with the headings of Flags."""
    listed = [(sheet.name, found) for sheet in raw.sheets for found in below(sheet, FLAGS, _NEEDED)]
    if not listed and not any(has_head(sheet, FLAGS, _NEEDED) for sheet in raw.sheets):
        say = catalogue(spoken_in(raw.sheets)).gettext
        raise BadInput(NO_FLAGS, path=raw.path, rule=say(FLAGS["rule"]), id=say(FLAGS["id"]))
    return [one for sheet, (head, number, row) in listed if (one := _filed(head, row, sheet, number))]


def _filed(head: Head, row: Sequence[Cell], sheet: str, number: int) -> Filed | None:
    """What a row below a header says; None for one that has neither an id nor a decision."""
    texts = head.texts(row)
    decided = {key: texts.pop(key, "") for key in DECIDED} if "decision" in head.columns else dict.fromkeys(DECIDED, "")
    name = texts.get("id", "")
    columns = {key: letter(head.columns[key]) for key in DECIDED if key in head.columns}
    decision = Decision(
        key_of(decided["decision"], DECISIONS), decided["reviewer"], day(decided["reviewed_on"]), decided["note"], sheet, number, columns
    )
    if not FINDING_ID.fullmatch(name) and decision.is_blank:
        return None
    state, severity = key_of(texts.get("state", ""), STATES), key_of(texts.get("severity", ""), SEVERITIES)
    return Filed(name, texts, money.to_minor(head.cell(row, "amount")), decision, state, severity)


def _run(raw: RawFile) -> dict[str, list[str]]:
    """What Sources says of the run: label in English → texts."""
    found: dict[str, list[str]] = {}
    for sheet in raw.sheets:
        for label, cell in pairs(sheet, {name: name for name in (BOOKS_YEAR, AS_OF, PREVIOUS, FOLDER)}):
            found.setdefault(label, []).append(text(cell))
    return found


def _overview(raw: RawFile) -> list[RawSheet]:
    names = {catalogue(lang).gettext(OVERVIEW) for lang in LANGS}
    return [sheet for sheet in raw.sheets if sheet.name in names]


def _figures(raw: RawFile) -> dict[str, int | str]:
    """The figures and ratios of Overview that the summary has."""
    found: dict[str, int | str] = {}
    for sheet in _overview(raw):
        for key, cell in pairs(sheet, {**FIGURES, **RATIOS}):
            if isinstance(cell, float) and key not in found:
                minor = money.to_minor(cell)
                is_ratio = key in RATIOS and key not in ("activity_head", "balance")
                if is_ratio:
                    found[key] = f"{cell:.{_DECIMALS}f}"
                elif minor is not None:
                    found[key] = minor
    return found


def _lines(raw: RawFile) -> dict[tuple[str, str], int]:
    """What each line of Budget had booked, else spent by the ledgers."""
    found: dict[tuple[str, str], int] = {}
    for sheet in raw.sheets:
        for head, _, row in below(sheet, BUDGET, BUDGET):
            texts = head.texts(row)
            amounts = (money.to_minor(head.cell(row, key)) for key in ("booked", "actual"))
            amount = next((minor for minor in amounts if minor is not None), None)
            if texts.get("code") and amount is not None:
                found.setdefault((_direction(texts.get("direction", "")), texts["code"]), amount)
    return found


def _direction(said: str) -> str:
    """The key of a budget line's direction, written in either language."""
    choices = ledgers.load("budget")["direction"].choices
    return next((choice.key for choice in choices for lang in LANGS if said == choice.label(lang)), said)


def _scope(raw: RawFile, filed: Sequence[Filed]) -> Scope:
    """What Sources says the run looked at. A branch is hidden where a file, a sheet (F rules) or a row of it was refused."""
    rows: list[dict[str, str]] = []
    cells: list[tuple[str, str]] = []
    for sheet in (sheet for sheet in raw.sheets if has_head(sheet, SOURCES, SOURCES)):
        table = (head.texts(row) for head, _, row in below(sheet, SOURCES, SOURCES))
        rows += takewhile(lambda texts: bool(texts["file"]), table)
        cells += [(text(row[at]), text(row[at + 1])) for row in sheet.rows for at in range(len(row) - 1) if row[at + 1]]
    refused = {one.texts.get("branch", "") for one in filed if one.is_found and one.texts.get("rule", "").startswith("F")}
    return Scope(
        frozenset(label for label, said in cells if _ran(said)),
        frozenset(texts["branch"] for texts in rows),
        frozenset(refused | {texts["branch"] for texts in rows if texts["rows_rejected"] not in ("", "0")}),
        frozenset(said for _, said in cells if DIGEST.fullmatch(said)),
    )


def _ran(said: str) -> bool:
    """Whether a rule's line says that it looked at all of the books: title · run · so many findings, no reason between."""
    parts = said.split(" · ")
    return len(parts) > 2 and key_of(parts[-2], {"run": AS_RUN}) == "run"
