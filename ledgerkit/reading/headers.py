"""Which ledger a sheet is, where its header row is and which column is which field. Nothing is read by likeness."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from ledgerkit import ledgers
from ledgerkit.model.schema import Ledger, fold, words
from ledgerkit.reading.cells import as_text, is_blank
from ledgerkit.reading.raw import Cell, RawSheet

HEADER_ROWS = 20
LEAST_MONTHS = 3
_UNITS = "万元|元|圆|人民币|人|户|人次|人/户|个|天|月|岁|件|幅|分|次|必填|选填|yuan|cny|rmb|10,?000 ?yuan|%|yyyy-mm(-dd)?"
_UNIT = re.compile(rf"[(\[【](?:单位[::]?)?(?:{_UNITS})[)\]】]", re.IGNORECASE)
_TEN_THOUSAND = re.compile(r"万元|10,?000 ?yuan", re.IGNORECASE)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_LABEL = re.compile(r"(1[0-2]|0?[1-9])月份?")


@dataclass(frozen=True)
class Heading:
    """One header cell: its column (from 0), the text of each reading of it, whether two rows were read as one."""

    column: int
    texts: tuple[str, ...]
    joined: bool = False


@dataclass(frozen=True)
class Match:
    """A heading's field; `exact` where nothing was folded; `scale` 10,000 where it says 万元."""

    column: int
    field: str
    text: str
    exact: bool
    scale: int = 1


@dataclass(frozen=True)
class Layout:
    """A sheet recognised: its ledger, the first data row (from 0), fields by column, months by column, and what is odd."""

    ledger: Ledger
    header_row: int
    first_row: int
    matches: dict[str, Match]
    months: dict[int, int] = field(default_factory=dict)
    doubles: tuple[Match, ...] = ()
    extras: dict[int, str] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether these are wide dues, a column a month."""
        return bool(self.months)

    @property
    def rank(self) -> tuple[int, int]:
        """How many of the required headers the sheet has, then how many of all: a ledger's English labels alone may fit another's."""
        return len(self.ledger.required) - len(self.missing), len(self.matches) + len(self.months)

    @property
    def exact(self) -> int:
        """How many headers needed no folding: a title merged above the header is no part of it."""
        return sum(match.exact for match in self.matches.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that no column has (wide dues have period and paid in their month columns)."""
        given = {"period", "paid"} if self.is_wide else set()
        return tuple(key for key in self.ledger.required if key not in self.matches and key not in given)


@dataclass(frozen=True)
class Unknown:
    """A sheet that is no ledger: the nearest one with what it lacks, or the ledgers that it could equally be."""

    nearest: str = ""
    lacking: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()


def recognise(sheet: RawSheet) -> Layout | Unknown:
    """The ledger whose key and at least half of whose other required headers a sheet has, the one with most of them."""
    layouts = [_lay_out(ledger, headings, row, first) for headings, row, first in _candidates(sheet) for ledger in ledgers.all_ledgers()]
    fitting = [layout for layout in layouts if _qualifies(layout)]
    if not fitting:
        near = max(layouts, key=lambda layout: len(layout.matches), default=None)
        return Unknown(near.ledger.name, near.missing) if near and len(near.matches) >= 2 else Unknown()
    rank = max(layout.rank for layout in fitting)
    tied = sorted({layout.ledger.name for layout in fitting if layout.rank == rank}, key=ledgers.ORDER.index)
    if len(tied) > 1:
        return Unknown(tied=tuple(tied))
    return max((layout for layout in fitting if layout.rank == rank), key=lambda layout: (layout.exact, -layout.header_row))


def _qualifies(layout: Layout) -> bool:
    ledger, missing = layout.ledger, set(layout.missing)
    others = [key for key in ledger.required if key not in ledger.key]
    keys_there = all(
        key in layout.matches or ledger.key_else.get(key) in layout.matches or (layout.is_wide and key == "period") for key in ledger.key
    )
    return keys_there and 2 * sum(key not in missing for key in others) >= len(others)


def _candidates(sheet: RawSheet) -> Iterator[tuple[list[Heading], int, int]]:
    """Every row of the first 20 as a header row, and with the next one where merged cells tie the two."""
    merged = [(top, bottom) for top, bottom in sheet.merges if top[0] < HEADER_ROWS]
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        single = [Heading(column, (as_text(cell),)) for column, cell in enumerate(sheet.rows[row]) if not is_blank(cell)]
        tied = any(top[0] == row and (bottom[0] == row + 1 or bottom[1] > top[1]) for top, bottom in merged)
        if tied and row + 1 < len(sheet.rows):
            yield _joined(sheet, row), row + 1, row + 2
        if len(single) >= 2:
            yield single, row, row + 1


def _joined(sheet: RawSheet, row: int) -> list[Heading]:
    """Two header rows read as one: below a merged heading each column's own, and the two together."""
    upper, lower = list(sheet.rows[row]), sheet.rows[row + 1]
    for top, bottom in sheet.merges:
        if top[0] == row:
            upper[top[1] : bottom[1] + 1] = [sheet.rows[row][top[1]]] * (bottom[1] - top[1] + 1)
    headings = []
    for column, (above, below) in enumerate(zip(upper, lower, strict=False)):
        parts = [as_text(cell) for cell in (above, below) if not is_blank(cell)]
        if parts:
            headings.append(Heading(column, (parts[-1], "".join(parts)), joined=len(parts) == 2))
    return headings


def _lay_out(ledger: Ledger, headings: Sequence[Heading], row: int, first: int) -> Layout:
    matches: dict[str, Match] = {}
    doubles, extras, months = [], {}, {}
    for heading in headings:
        match = match_heading(ledger, heading)
        number = _month_number(heading.texts[0]) if ledger.name == "dues" and match is None else None
        if number:
            months[heading.column] = number
        elif match is None:
            extras[heading.column] = heading.texts[0]
        elif match.field in matches:
            doubles.append(match)
        else:
            matches[match.field] = match
    wide = len(months) >= LEAST_MONTHS and "period" not in matches
    if not wide:
        extras |= {heading.column: heading.texts[0] for heading in headings if heading.column in months}
    return Layout(ledger, row, first, matches, months if wide else {}, tuple(doubles), extras)


def match_heading(ledger: Ledger, heading: Heading) -> Match | None:
    """The field that a heading names: as it stands, else one label of two in the cell, else folded."""
    exact, folded = _names(ledger)
    for text in heading.texts:
        for label in (text, *_labels(text)):
            if label in exact:
                return Match(heading.column, exact[label], text, exact=not heading.joined)
        for label in (text, *_labels(text)):
            unit = _UNIT.search(unicodedata.normalize("NFKC", label))
            bare = fold(_UNIT.sub("", unicodedata.normalize("NFKC", label))).strip("*:")
            if bare in folded:
                key = folded[bare]
                scale = 10_000 if unit and ledger[key].type == "money" and _TEN_THOUSAND.search(unit[0]) else 1
                return Match(heading.column, key, text, exact=False, scale=scale)
    return None


def _labels(text: str) -> tuple[str, ...]:
    """The two labels of a cell that holds both, on two lines or with a slash between; none where the text is one label."""
    parts = tuple(part.strip() for part in re.split(r"[\r\n/]+", text))
    return parts if len(parts) == 2 and all(parts) else ()


@cache
def _names_of(name: str) -> tuple[dict[str, str], dict[str, str]]:
    ledger = ledgers.load(name)
    exact = {label: item.key for item in ledger.fields for label in (item.key, item.zh, words(item.key), *item.aliases)}
    return exact, {fold(label): key for label, key in exact.items()}


def _names(ledger: Ledger) -> tuple[dict[str, str], dict[str, str]]:
    """Exact label → field, and folded label → field."""
    return _names_of(ledger.name)


def _month_number(text: str) -> int | None:
    """1…12 of a month heading (1月, 1月份, Jan, January, or both in one cell)."""
    for label in (text, *_labels(text)):
        folded = fold(label)
        if found := _MONTH_LABEL.fullmatch(folded):
            return int(found[1])
        if folded[:3] in _MONTH_NAMES and folded.isalpha() and folded.isascii():
            return _MONTH_NAMES.index(folded[:3]) + 1
    return None


def blank_row(row: Sequence[Cell]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(is_blank(cell) for cell in row)
