"""Which ledger a sheet is, where its header row is and which column is which field. Nothing is read by likeness."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from ledgerkit import ledgers
from ledgerkit.model.schema import Ledger, words
from ledgerkit.model.text import fold, narrow
from ledgerkit.reading.cells import as_text, is_blank
from ledgerkit.reading.raw import Cell, RawFile, RawSheet

HEADER_ROWS = 20
LEAST_MONTHS = 3
_UNIT_WORDS = "万元|元|圆|人民币|人次|人|户|个|天|日|月|年|季|岁|件|幅|分|次|必填|选填|yuan|cny|rmb|10,?000 ?yuan|%|yyyy-mm(?:-dd)?"
_UNIT = re.compile(rf"[(\[【](?:单位[::]?)?(?:{_UNIT_WORDS})(?:[/每](?:{_UNIT_WORDS}))*[)\]】]", re.IGNORECASE)
_TEN_THOUSAND = re.compile(r"万元|10,?000 ?yuan", re.IGNORECASE)
_MARKS = str.maketrans("", "", "*:")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH_NAMES = {form: at for at, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {"sept": 9}
_MONTH_LABEL = re.compile(r"(1[0-2]|0?[1-9])月份?")


@dataclass(frozen=True)
class Heading:
    """One header cell: its row and column (from 0), the text of each reading of it, whether two rows were read as one."""

    row: int
    column: int
    texts: tuple[str, ...]
    joined: bool = False


@dataclass(frozen=True)
class Match:
    """A heading's field; `exact` where nothing was folded; `scale` 10,000 where it says 万元."""

    row: int
    column: int
    field: str
    text: str
    exact: bool
    scale: int = 1
    month: int | None = None


@dataclass(frozen=True)
class Layout:
    """A sheet recognised: its ledger, the first data row (from 0), matches by field and by month, and what is odd."""

    ledger: Ledger
    header_row: int
    first_row: int
    matches: dict[str, Match]
    months: dict[int, Match] = field(default_factory=dict)
    doubles: tuple[Match, ...] = ()
    extras: dict[int, str] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether these are wide dues, a column a month."""
        return bool(self.months)

    def gives(self, column: str) -> bool:
        """Whether the sheet has a column of its ledger, or is of the wide form, where the month's cell stands for it."""
        return column in self.matches or (self.is_wide and column in ("period", "paid", "paid_on", "receipt_no"))

    @cached_property
    def key_columns(self) -> tuple[int, ...]:
        """Columns of the key, and of what may stand for a part of it."""
        keys = (*self.ledger.key, *self.ledger.key_else.values())
        return tuple(self.matches[key].column for key in keys if key in self.matches)

    @cached_property
    def money_columns(self) -> tuple[int, ...]:
        """Columns of the ledger's own money: one, or in wide dues one a month."""
        own = self.matches.get(self.ledger.money or "")
        return tuple(match.column for match in (*([own] if own else []), *self.months.values()))

    @property
    def rank(self) -> tuple[int, int]:
        """How many of the required headers the sheet has, then how many of all: a ledger's English labels alone may fit another's."""
        return len(self.ledger.required) - len(self.missing), len(self.matches) + len(self.months)

    @property
    def exact(self) -> int:
        """How many headers needed no folding: a title merged above the header is no part of it."""
        return sum(match.exact for match in self.matches.values())

    @cached_property
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


Found = Mapping[str, Layout | Unknown]


def recognised(file: RawFile) -> Found:
    """What each sheet of a file is, by name."""
    return {sheet.name: recognise(sheet) for sheet in file.sheets}


def recognise(sheet: RawSheet) -> Layout | Unknown:
    """The ledger whose key and at least half of whose other required headers a sheet has, the one with most of them."""
    return _best(tuple(_candidates(sheet)))


# Rows that may be a header: the headings, their row, the first row below.
_Candidate = tuple[tuple[Heading, ...], int, int]


@lru_cache(maxsize=1_000)
def _best(candidates: Sequence[_Candidate]) -> Layout | Unknown:
    """As `recognise`, by what may be headers alone: the same few stand over file after file."""
    layouts = [_lay_out(ledger, headings, row, first) for headings, row, first in candidates for ledger in ledgers.all_ledgers()]
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


def _candidates(sheet: RawSheet) -> Iterator[_Candidate]:
    """Every row of the first 20 as a header row, and with the next one where merged cells tie the two."""
    merged = [(top, bottom) for top, bottom in sheet.merges if top[0] < HEADER_ROWS]
    filled = [[(column, cell) for column, cell in enumerate(row) if not is_blank(cell)] for row in sheet.rows[: HEADER_ROWS + 1]]
    likely = [*map(_might_be_header, filled), False]
    for row, cells in enumerate(filled[:HEADER_ROWS]):
        if not likely[row] and not likely[row + 1]:
            continue
        tied = any(top[0] == row and (bottom[0] == row + 1 or bottom[1] > top[1]) for top, bottom in merged)
        if tied and row + 1 < len(sheet.rows):
            yield tuple(_joined(sheet, row)), row + 1, row + 2
        if len(cells) >= 2 and any(isinstance(cell, str) and _is_label(cell) for _, cell in cells):
            yield tuple(Heading(row, column, (as_text(cell),)) for column, cell in cells), row, row + 1


@lru_cache(maxsize=10_000)
def _is_label(cell: str) -> bool:
    """Whether any ledger has a column of that name, as it stands or folded."""
    text = as_text(cell)
    return any(bare(label) in _all_names() for label in (text, *_labels(text)))


@cache
def _all_names() -> frozenset[str]:
    return frozenset(bare(label) for ledger in ledgers.all_ledgers() for names in _names(ledger) for label in names)


def _might_be_header(filled: Sequence[tuple[int, Cell]]) -> bool:
    """Whether a row has mostly text in it, as headers do: a cheap look before the nine ledgers are tried."""
    return 2 * sum(isinstance(cell, str) for _, cell in filled) >= len(filled) > 0


def _joined(sheet: RawSheet, row: int) -> list[Heading]:
    """Two header rows read as one: below a merged heading each column's own, and the two together."""
    upper, lower = list(sheet.rows[row]), sheet.rows[row + 1]
    for top, bottom in sheet.merges:
        if top[0] == row and top[1] < len(upper):
            upper[top[1] : bottom[1] + 1] = [sheet.rows[row][top[1]]] * (bottom[1] - top[1] + 1)
    headings = []
    for column, (above, below) in enumerate(zip(upper, lower, strict=False)):
        parts = [as_text(cell) for cell in (above, below) if not is_blank(cell)]
        if parts:
            here = row if is_blank(below) else row + 1
            headings.append(Heading(here, column, tuple(dict.fromkeys((parts[-1], "".join(parts)))), joined=len(parts) == 2))
    return headings


def _lay_out(ledger: Ledger, headings: Sequence[Heading], row: int, first: int) -> Layout:
    matches: dict[str, Match] = {}
    months: dict[int, Match] = {}
    doubles: list[Match] = []
    extras: dict[int, str] = {}
    for heading in headings:
        meaning = _meaning(ledger.name, heading.texts, heading.joined)
        if meaning is None:
            extras[heading.column] = heading.texts[0]
            continue
        match = Match(heading.row, heading.column, *meaning)
        if match.month and match.month not in months:
            months[match.month] = match
        elif not match.month and match.field not in matches:
            matches[match.field] = match
        else:
            doubles.append(match)
    wide = len(months) >= LEAST_MONTHS and "period" not in matches
    unused = [match for match in doubles if wide or not match.month]
    extras |= {match.column: match.text for match in (*unused, *(() if wide else months.values()))}
    return Layout(ledger, row, first, matches, months if wide else {}, tuple(unused), extras)


# What a Match has beside its place: field, text, exact, scale, month.
_Meaning = tuple[str, str, bool, int, int | None]


@lru_cache(maxsize=10_000)
def _meaning(name: str, texts: tuple[str, ...], joined: bool) -> _Meaning | None:
    """What a heading is in a ledger. The same few headings stand over sheet after sheet."""
    ledger = ledgers.load(name)
    return _field_of(ledger, texts, joined) or _month_of(ledger, texts[0])


def _field_of(ledger: Ledger, texts: Sequence[str], joined: bool) -> _Meaning | None:
    """The field that a heading names: as it stands, or where both of its labels name it, else the same after folding."""
    exact, folded = _names(ledger)
    for text in texts:
        for names, key_of in ((exact, str), (folded, bare)):
            fields = {names.get(key_of(label)) for label in _labels(text)} if key_of(text) not in names else {names[key_of(text)]}
            if len(fields) == 1 and (field := fields.pop()):
                return field, text, names is exact and not joined, _scale(ledger, field, text), None
    return None


def _month_of(ledger: Ledger, text: str) -> _Meaning | None:
    """The month that a heading of wide dues names (1月, 1月份, Jan, January, or both in one cell)."""
    if ledger.name != "dues":
        return None
    numbers = {_month_number(label) for label in _labels(text) or (text,)}
    number = numbers.pop() if len(numbers) == 1 else None
    return ("paid", text, True, _scale(ledger, "paid", text), number) if number else None


@lru_cache(maxsize=10_000)
def bare(text: str) -> str:
    """A label folded, without marks and without a unit in brackets."""
    return fold(_UNIT.sub("", narrow(text)).translate(_MARKS))


def _scale(ledger: Ledger, key: str, text: str) -> int:
    unit = _UNIT.search(narrow(text)) if ledger[key].type == "money" else None
    return 10_000 if unit and _TEN_THOUSAND.search(unit[0]) else 1


@lru_cache(maxsize=10_000)
def _labels(text: str) -> tuple[str, ...]:
    """The two labels of a cell that holds both, on two lines or with a slash between; none where the text is one label."""
    parts = tuple(part.strip() for part in re.split(r"[\r\n/／]+", text))
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
    """1…12 of a month's name, None of anything else."""
    name = bare(text)
    found = _MONTH_LABEL.fullmatch(name)
    return int(found[1]) if found else _MONTH_NAMES.get(name)


def blank_row(row: Sequence[Cell]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(is_blank(cell) for cell in row)
