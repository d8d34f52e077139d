"""Raw files to a Book: whose they are, which year's, which count; every row of every file accounted for."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, compress, zip_longest
from typing import Any

from ledgerkit import ledgers
from ledgerkit.model.policy import Policy
from ledgerkit.model.schema import FieldType, Ledger
from ledgerkit.model.stamp import INSTRUCTION_SHEETS, INSTRUCTIONS
from ledgerkit.model.table import Table, alike, show, table_of, types_of
from ledgerkit.reading.cells import blank_value
from ledgerkit.reading.cover import Cover, read_cover
from ledgerkit.reading.headers import Found, Layout, Unknown, blank_row, recognised
from ledgerkit.reading.raw import Range, RawFile, RawSheet, letter
from ledgerkit.reading.sheet import SheetRows, read_sheet, with_year
from ledgerkit.reading.truth import place_of


@dataclass
class Sheet:
    """One sheet of one file: what was read of it. `layout` is None for a sheet that is no ledger; amounts in minor units."""

    file: int
    path: str
    name: str
    ledger: str | None = None
    layout: Layout | None = None
    unknown: Unknown | None = None
    rows: SheetRows | None = None
    cover: Cover | None = None
    merges: Sequence[Range] = ()
    rows_read: int = 0
    rows_blank: int = 0
    rows_total: int = 0
    rows_rejected: int = 0
    amount: int | None = None
    amount_rejected: int | None = None

    def cell(self, column: str, row: int, melted: str = "") -> str | None:
        """The A1 address of a field in a row; None where the sheet has no such column."""
        if melted and (column in ("paid", "period") or not self.layout or column not in self.layout.matches):
            return f"{melted}{row}"
        match = self.layout.matches.get(column) if self.layout else None
        return f"{letter(match.column)}{row}" if match else None


@dataclass
class Source:
    """One file: whose, which year's, whether it counts. `problem` is the F code of a rejected one."""

    raw: RawFile
    cover: Cover | None = None
    branch: str = ""
    year: int | None = None
    problem: str = ""
    observed: str = ""
    expected: str = ""
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The relative path it is shown under."""
        return self.raw.path


@dataclass(frozen=True)
class Book:
    """All that was read. `read` has every row of the files that count, `used` those that figures and rules may use."""

    sources: tuple[Source, ...]
    sheets: tuple[Sheet, ...]
    year: int | None
    read: Mapping[str, Table]
    used: Mapping[str, Table]

    @property
    def branches(self) -> tuple[str, ...]:
        """Codes of the branches whose files count."""
        return tuple(sorted({source.branch for source in self.sources if not source.problem}))

    @property
    def covers(self) -> tuple[Cover, ...]:
        """Covers of the files that count."""
        return tuple(source.cover for source in self.sources if source.cover and not source.problem)


class UndecidedYear(Exception):
    """Two years are given by equally many files; the years are in `args`."""


def read_book(
    files: Sequence[RawFile],
    policy: Policy,
    year: int | None = None,
    branches: Sequence[str] | None = None,
    found: Sequence[Found | None] = (),
) -> Book:
    """A Book of raw files in path order; pure. Raises UndecidedYear where the year cannot be told from a tie.

    `branches`: whose each file is, where that is known already; one of "" is of none that is known (F010).
    `found`: what the sheets of each are, where that is known.
    """
    sources = [_source(file, known) for file, known in zip_longest(files, found)]
    if branches is None:
        _give(sources, owners([(source.path, source.cover) for source in sources], policy.branch_code))
    else:
        _give(sources, branches)
        _refuse_unknown(sources)
    settled = year or policy.year or most_given(source.year for source in sources if not source.problem)
    for source in sources:
        _put_year(source, settled)
    _reject_repeated(sources)
    return book_of(sources, settled)


def read_source(file: RawFile, year: int | None) -> Source:
    """One file by itself, of books of a year; whose it is and whether it counts beside others is not looked at."""
    source = _source(file)
    _put_year(source, year)
    return source


def book_of(sources: Sequence[Source], year: int | None) -> Book:
    """The Book of files that were read: which of their sheets count, and their rows by ledger. `Sheet.file` is an index into them."""
    sheets = tuple(sheet for source in sources for sheet in source.sheets)
    for sheet in sheets:
        _count(sheet, rejected=bool(sources[sheet.file].problem))
    read = {ledger.name: table for ledger in ledgers.all_ledgers() if (table := _table(ledger, sheets, sources)) is not None}
    used = {name: table.where(table["_used"]) for name, table in read.items()}
    return Book(tuple(sources), sheets, year, read, used)


def _source(file: RawFile, known: Found | None = None) -> Source:
    source = Source(file, problem=file.problem, observed=file.observed)
    if file.problem:
        return source
    found = known or recognised(file)
    source.cover = read_cover(file, [raw for raw in file.sheets if isinstance(found[raw.name], Unknown)])
    source.sheets = [_sheet(file, raw, source.cover, found[raw.name]) for raw in file.sheets]
    only_a_cover = source.cover is not None and not any(sheet.unknown for sheet in source.sheets)
    if not any(sheet.ledger for sheet in source.sheets) and not only_a_cover:
        source.problem = "F007"
        source.observed = ", ".join(sheet.name for sheet in source.sheets if sheet.unknown) or ", ".join(raw.name for raw in file.sheets)
    source.year = (source.cover.year if source.cover else None) or _year_of_periods(source)
    return source


def _sheet(file: RawFile, raw: RawSheet, cover: Cover | None, found: Layout | Unknown) -> Sheet:
    sheet = Sheet(-1, file.path, raw.name, merges=raw.merges)
    instructions = place_of(file.names.get(INSTRUCTIONS, ""))
    if cover and cover.sheet == raw.name:
        sheet.cover = cover
        return sheet
    if raw.name in INSTRUCTION_SHEETS if instructions is None else instructions[0] == raw.name:
        return sheet
    if isinstance(found, Layout):
        sheet.ledger, sheet.layout = found.ledger.name, found
        sheet.rows = read_sheet(file, raw, found)
    elif any(not blank_row(row) for row in raw.rows):
        sheet.unknown = found
        sheet.rows_read = sheet.rows_rejected = sum(not blank_row(row) for row in raw.rows)
    return sheet


def _year_of_periods(source: Source) -> int | None:
    """The year of most periods in a file's long dues and remittances."""
    periods = (sheet.rows.columns.get("period", ()) for sheet in source.sheets if sheet.rows and not sheet.rows.layout.is_wide)
    years = _commonest(period // 12 for period in chain.from_iterable(periods) if period is not None)
    return years[0] if len(years) == 1 else None


def _commonest(years: Iterable[int]) -> list[int]:
    """The year that is given most often; several where they are given equally often."""
    counts = Counter(years)
    most = max(counts.values(), default=0)
    return sorted(year for year, count in counts.items() if count == most)


def owners(files: Sequence[tuple[str, Cover | None]], otherwise: str) -> list[str]:
    """Each file's branch by its path and cover: the cover's code, else that of the one branch whose cover lies in its folder, else `otherwise`."""
    folders: dict[str, set[str]] = {}
    for path, cover in files:
        if cover and cover.branch_code:
            folders.setdefault(_folder(path), set()).add(cover.branch_code)
    return [(cover and cover.branch_code) or _only(folders.get(_folder(path), ())) or otherwise for path, cover in files]


def _give(sources: Sequence[Source], branches: Sequence[str]) -> None:
    """Puts to each file its branch, to each sheet its file."""
    for number, (source, branch) in enumerate(zip(sources, branches, strict=True)):
        source.branch = branch
        for sheet in source.sheets:
            sheet.file = number


def _refuse_unknown(sources: Sequence[Source]) -> None:
    for source in sources:
        if not source.branch and not source.problem:
            source.problem = "F010"


def _only(codes: Collection[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def most_given(years: Iterable[int | None]) -> int | None:
    """The year that most files give, None where none gives one. Raises UndecidedYear where there are several."""
    found = _commonest(year for year in years if year)
    if len(found) > 1:
        raise UndecidedYear(*found)
    return found[0] if found else None


def year_of(file: RawFile) -> int | None:
    """The year that a file gives: its cover's, else that of most of its periods."""
    return _source(file).year


def _put_year(source: Source, year: int | None) -> None:
    for sheet in source.sheets:
        if sheet.rows:
            with_year(sheet.rows, year)
    if not source.problem and year and source.year and source.year != year:
        source.problem, source.observed, source.expected = "F011", str(source.year), str(year)


def _reject_repeated(sources: Sequence[Source]) -> None:
    """F008: of files that give one branch's ledger with keys in common, one counts or none."""
    several = Counter(source.branch for source in sources if not source.problem)
    rows = {number: _rows_by_key(source) for number, source in enumerate(sources) if not source.problem and several[source.branch] > 1}
    while group := _next_repeated(sources, rows):
        kept = _counting(sources, rows, group)
        for number in group:
            if number != kept:
                other = kept if kept is not None else next(n for n in group if n != number)
                sources[number].problem, sources[number].observed = "F008", sources[number].path
                sources[number].expected = sources[other].path
                del rows[number]


Keyed = Mapping[str, Mapping[tuple[Any, ...], Counter[tuple[Any, ...]]]]


def _rows_by_key(source: Source) -> Keyed:
    """By ledger, by key, the values of the used rows that have it."""
    found: dict[str, dict[tuple[Any, ...], Counter[tuple[Any, ...]]]] = {}
    for sheet in source.sheets:
        if not sheet.rows or not sheet.ledger:
            continue
        columns, used = sheet.rows.columns, sheet.rows.columns["_used"]
        keys = [key for key in ledgers.load(sheet.ledger).key if key in columns]
        by_key = found.setdefault(sheet.ledger, {})
        content = [column for column in columns if column not in ("_row", "_col", "_used")]
        for key, row in compress(zip(_values(columns, keys), _values(columns, content), strict=True), used):
            by_key.setdefault(key, Counter())[row] += 1
    return found


def _values(columns: Mapping[str, Sequence[Any]], some: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns as values; a cell that could not be read is as good as a blank one."""
    return zip(*(["" if value is None else value for value in columns[column]] for column in some), strict=True)


def _next_repeated(sources: Sequence[Source], rows: Mapping[int, Keyed]) -> list[int]:
    """The first file that shares keys with later ones of its branch, and these; empty when there is none."""
    for number in rows:
        others = [n for n in rows if n > number and sources[n].branch == sources[number].branch and _meet(rows[number], rows[n])]
        if others:
            return [number, *others]
    return []


def _meet(one: Keyed, other: Keyed) -> bool:
    return any(keys.keys() & other.get(ledger, {}).keys() for ledger, keys in one.items())


def _counting(sources: Sequence[Source], rows: Mapping[int, Keyed], group: Sequence[int]) -> int | None:
    """The file of a group that counts: the first where all say the same, else the one with the latest cover date, else none."""
    if all(rows[number] == rows[group[0]] for number in group):
        return group[0]
    dates = {number: cover.filled_on for number in group if (cover := sources[number].cover) and cover.filled_on}
    latest = [number for number, day in dates.items() if day == max(dates.values())]
    same = bool(latest) and all(rows[number] == rows[latest[0]] for number in latest)
    return latest[0] if len(dates) == len(group) and same else None


def _count(sheet: Sheet, rejected: bool) -> None:
    rows = sheet.rows
    if not rows:
        return
    if rejected:
        rows.columns["_used"] = [False] * rows.count
    used = rows.columns["_used"]
    sheet.rows_read, sheet.rows_rejected = rows.count, used.count(False)
    sheet.rows_blank, sheet.rows_total = rows.blank, rows.totals
    own = rows.layout.ledger.money
    if own:
        amounts = [amount or 0 for amount in rows.columns.get(own, ())]
        sheet.amount = sum(compress(amounts, used))
        sheet.amount_rejected = sum(amounts) - sheet.amount


def _table(ledger: Ledger, sheets: Sequence[Sheet], sources: Sequence[Source]) -> Table | None:
    """Every read row of a ledger over the files that count; None where no sheet has one (a blank sheet is no ledger kept)."""
    parts = [(at, sheet) for at, sheet in enumerate(sheets) if sheet.ledger == ledger.name and not sources[sheet.file].problem]
    if not any(sheet.rows_read for _, sheet in parts):
        return None
    types: dict[str, FieldType] = {**types_of(ledger), "_used": "yesno"}
    values: dict[str, list[Any]] = {column: [] for column in types}
    unread: dict[str, list[int]] = {}
    for at, sheet in parts:
        columns, bad = _whole(ledger, sheet)
        columns |= {"_src": [at] * sheet.rows_read, "branch": [sources[sheet.file].branch] * sheet.rows_read}
        for key, places in bad.items():
            unread.setdefault(key, []).extend(len(values["_src"]) + place for place in places)
        for column, cells in values.items():
            cells += columns[column]
    absent = frozenset.intersection(*(_lacking(ledger, sheet) for _, sheet in parts))
    return table_of(ledger.name, types, values, ("branch", *ledger.key), ledger, unread, absent)


def _lacking(ledger: Ledger, sheet: Sheet) -> frozenset[str]:
    """Required or conditional columns that a sheet does not have."""
    layout = sheet.layout
    assert layout is not None
    return frozenset(field.key for field in ledger.fields if field.need != "O" and not layout.gives(field.key))


def _whole(ledger: Ledger, sheet: Sheet) -> tuple[dict[str, list[Any]], dict[str, Collection[int]]]:
    """A sheet's values with every column of its ledger, and what could not be read: a required one that it lacks is unknown, another blank."""
    rows = sheet.rows
    assert rows is not None
    columns = dict(rows.columns)
    unread: dict[str, Collection[int]] = {key: places for key, places in rows.unread.items() if places}
    lacking = _lacking(ledger, sheet)
    for item in ledger.fields:
        if item.key not in columns:
            unknown = item.need == "R" and item.key in lacking
            columns[item.key] = [None if unknown else blank_value(item)] * rows.count
            if unknown:
                unread[item.key] = range(rows.count)
    return columns, unread


def key_of(table: Table, row: int, shared: frozenset[tuple[str, str]] = frozenset()) -> tuple[str, ...]:
    """A row's key as text. A voucher that several rows share takes the beneficiary with it."""
    texts = []
    for key in table.key[1:]:
        text = show(table.at(row, key), table.types[key]) or ""
        other = table.ledger.key_else.get(key) if table.ledger else None
        texts.append(text or (show(table.at(row, other), "text") or "" if other else ""))
    if table.name == "relief" and (table.at(row, "branch"), texts[0]) in shared:
        texts.append(show(table.at(row, "beneficiary"), "text") or "")
    return tuple(texts)


def shared_vouchers(relief: Table | None) -> frozenset[tuple[str, str]]:
    """(branch, voucher_no) that more than one relief row has."""
    if relief is None:
        return frozenset()
    shared = alike(relief, "branch", "voucher_no").duplicated(keep=False)
    return frozenset(relief.frame.loc[shared, ["branch", "voucher_no"]].itertuples(index=False, name=None))


def latest_cover_date(book: Book) -> date | None:
    """The latest date that a cover gives."""
    return max((cover.filled_on for cover in book.covers if cover.filled_on), default=None)
