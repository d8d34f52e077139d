"""An earlier summary read back: the decisions written in it, its findings and its figures, whatever program saved it since.

Nothing goes by place: Flags may have been sorted, filtered, added to or copied in, so its rows are read by the headings above them and by
the finding's id; Overview, Budget and Sources are read by their labels. Both languages are understood.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from ledgerkit import ledgers
from ledgerkit.errors import BadInput, Phrase
from ledgerkit.locale import LANGS, N_, catalogue
from ledgerkit.model import money
from ledgerkit.model.decision import Decision, Filed, Previous, is_day, is_known
from ledgerkit.model.period import parse_moment
from ledgerkit.model.person import mask_text
from ledgerkit.model.stamp import KIND
from ledgerkit.model.summary import (
    AS_OF,
    BOOKS_YEAR,
    BUDGET,
    DECIDED,
    DECISIONS,
    FIGURES,
    FLAGS,
    OVERVIEW,
    PREVIOUS,
    RATIOS,
    SEVERITIES,
    STATES,
)
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.limits import LIMITS
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, letter

SUMMARY = "summary"
_ID = re.compile(r"[0-9a-f]{16}(-[0-9]+)?")
_DIGEST = re.compile(r"[0-9a-f]{64}")
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


@dataclass(frozen=True)
class _Head:
    """A header row: which column has which heading of Flags, Budget."""

    columns: Mapping[str, int]

    def texts(self, row: Sequence[Cell]) -> dict[str, str]:
        """The texts of a row by heading."""
        return {key: _text(row[at]) for key, at in self.columns.items() if at < len(row)}


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
    rows = list(_rows(raw))
    known = [one for one in rows if _ID.fullmatch(one.id)]
    stray = [one for one in rows if not _ID.fullmatch(one.id)]
    year = run[BOOKS_YEAR][0]
    return Previous(
        raw.path,
        raw.sha256,
        int(year) if year.isdecimal() else None,
        run.get(AS_OF, [""])[0],
        tuple(found[0] for line in run.get(PREVIOUS, ()) if (found := _DIGEST.search(line))),
        known,
        stray,
        [remark for one in rows for remark in _remarks(one, raw.path)],
        _figures(raw),
        _lines(raw),
        next((_text(sheet.rows[0][0]) for sheet in _overview(raw) if sheet.rows and sheet.rows[0]), ""),
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
    if not _ID.fullmatch(one.id):
        yield Phrase(NO_ID, place=place(file, one.decision))
    if not is_known(one.decision.decision):
        yield Phrase(UNKNOWN_DECISION, place=place(file, one.decision), decision=mask_text(one.decision.decision), choices=Phrase(CHOICES))
    if one.decision.reviewed_on and not is_day(one.decision.reviewed_on):
        yield Phrase(NO_DAY, place=place(file, one.decision, "reviewed_on"), day=mask_text(one.decision.reviewed_on))


def _rows(raw: RawFile) -> Iterator[Filed]:
    """The rows of findings and decisions of every sheet with the headings of Flags."""
    found = False
    for sheet in raw.sheets:
        head = None
        for number, row in enumerate(sheet.rows, 1):
            headed = _head(row, FLAGS, ("rule", "id"))
            found |= bool(headed)
            head = headed or head
            if head and not headed and (one := _filed(head, row, sheet.name, number)):
                yield one
    if not found:
        say = catalogue("zh" if any(sheet.name[:1] >= "\u4e00" for sheet in raw.sheets) else "en").gettext
        raise BadInput(NO_FLAGS, path=raw.path, rule=say(FLAGS["rule"]), id=say(FLAGS["id"]))


def _filed(head: _Head, row: Sequence[Cell], sheet: str, number: int) -> Filed | None:
    """What a row below a header says; None for one that has neither an id nor a decision."""
    texts = head.texts(row)
    decided = {key: texts.pop(key, "") for key in DECIDED} if "decision" in head.columns else dict.fromkeys(DECIDED, "")
    name = texts.get("id", "")
    columns = {key: letter(head.columns[key]) for key in DECIDED if key in head.columns}
    decision = Decision(
        _key(decided["decision"], DECISIONS), decided["reviewer"], _day(decided["reviewed_on"]), decided["note"], sheet, number, columns
    )
    if not _ID.fullmatch(name) and decision.is_blank:
        return None
    at = head.columns.get("amount")
    amount = money.to_minor(row[at]) if at is not None and at < len(row) else None
    return Filed(name, texts, amount, decision, _key(texts.get("state", ""), STATES), _key(texts.get("severity", ""), SEVERITIES))


def _head(row: Sequence[Cell], labels: Mapping[str, str], needed: Collection[str]) -> _Head | None:
    """The columns of a header row; None for a row that has not the headings that are needed."""
    told = {_folded(cell): at for at, cell in reversed(list(enumerate(row))) if isinstance(cell, str) and cell}
    for lang in LANGS:
        columns = {key: told[label] for key, label in _labels(lang, tuple(labels.items())) if label in told}
        if set(needed) <= columns.keys():
            return _Head(columns)
    return None


@cache
def _labels(lang: str, labels: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    say = catalogue("zh" if lang == "zh" else "en").gettext
    return [(key, _folded(say(label))) for key, label in labels]


def _key(text: str, labels: Mapping[str, str]) -> str:
    """The key that a text names by itself or by its label in any language; else the text as it is."""
    folded = _folded(text)
    names = {label: key for lang in LANGS for key, label in _labels(lang, tuple(labels.items()))}
    return folded if folded in labels else names.get(folded, text)


def _folded(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).lower()


def _text(cell: Cell) -> str:
    """A cell as text: a day as ISO, a whole number without its point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(text: str) -> str:
    """A day as ISO where a text certainly is one, else the text."""
    moment = parse_moment(text)
    return moment.date().isoformat() if moment else text


def _run(raw: RawFile) -> dict[str, list[str]]:
    """What Sources says of the run: label in English → texts."""
    found: dict[str, list[str]] = {}
    for sheet in raw.sheets:
        for label, cell in _pairs(sheet, {name: name for name in (BOOKS_YEAR, AS_OF, PREVIOUS)}):
            found.setdefault(label, []).append(_text(cell))
    return found


def _pairs(sheet: RawSheet, labels: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    """What stands at the right of some labels, by their keys; the first filled cell counts."""
    names = {label: key for lang in LANGS for key, label in _labels(lang, tuple(labels.items()))}
    for row in sheet.rows:
        for at, cell in enumerate(row[:-1]):
            if isinstance(cell, str) and (key := names.get(_folded(cell))):
                yield key, row[at + 1]


def _overview(raw: RawFile) -> list[RawSheet]:
    names = {catalogue(lang).gettext(OVERVIEW) for lang in LANGS}
    return [sheet for sheet in raw.sheets if sheet.name in names]


def _figures(raw: RawFile) -> dict[str, int | str]:
    """The figures and ratios of Overview that the summary has."""
    found: dict[str, int | str] = {}
    for sheet in _overview(raw):
        for key, cell in _pairs(sheet, {**FIGURES, **RATIOS}):
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
        head = None
        for row in sheet.rows:
            head = _head(row, BUDGET, BUDGET) or head
            if not head or not (code := head.texts(row).get("code")):
                continue
            amounts = (money.to_minor(row[head.columns[key]]) for key in ("booked", "actual") if head.columns[key] < len(row))
            amount = next((minor for minor in amounts if minor is not None), None)
            if amount is not None:
                found.setdefault((_direction(head.texts(row).get("direction", "")), code), amount)
    return found


def _direction(text: str) -> str:
    """The key of a budget line's direction, written in either language."""
    choices = ledgers.load("budget")["direction"].choices
    return next((choice.key for choice in choices for lang in LANGS if text == choice.label(lang)), text)
