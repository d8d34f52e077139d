"""A copy of a branch's books in memory, as raw cells: what planters change, and how the changed copy is read again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

import pandas as pd

from ledgerkit.audit import Run
from ledgerkit.drill.plant import Cannot, Edit, Row, Spot, Verbatim
from ledgerkit.locale import N_, Lang
from ledgerkit.model import money, period
from ledgerkit.model.finding import Finding
from ledgerkit.model.schema import NO, YES, Field
from ledgerkit.model.table import Table
from ledgerkit.reading.book import Sheet, Source, read_book, read_source
from ledgerkit.reading.cells import as_text, is_blank
from ledgerkit.reading.headers import Layout, Match
from ledgerkit.reading.raw import Cell, Place, RawFile, RawSheet, Truth, address, letter
from ledgerkit.rules.base import NO_COLUMN, NO_LEDGER
from ledgerkit.rules.packs import settings

Where = Callable[[pd.DataFrame], "pd.Series[Any]"]
NO_ROW_FOR_IT = N_("no row of {ledger} in which it could be planted")
WIDE = N_("dues with a column a month have no rows of single months")


@dataclass(frozen=True)
class Original:
    """The books as they are, with what a run without plants finds in them."""

    run: Run
    tables: dict[str, Table]
    findings: Sequence[Finding]

    @cached_property
    def spoken_of(self) -> frozenset[tuple[int, int]]:
        """Rows (sheet, Excel row) of which a finding speaks already: nothing is planted there."""
        return frozenset((finding.src, finding.row) for finding in self.findings if finding.row)

    @cached_property
    def _clean(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def rows(self, name: str, branch: str) -> pd.DataFrame:
        """A ledger's or statement's rows of a branch without any finding; none where the ledger is not there."""
        key = (name, branch)
        if key not in self._clean:
            table = self.run.book.used.get(name, self.tables.get(name))
            if table is None:
                raise Cannot(NO_LEDGER, ledger=name)
            frame = table.frame[table["branch"] == branch]
            clean = [place not in self.spoken_of for place in zip(frame["_src"], frame["_row"], strict=True)]
            self._clean[key] = frame[pd.Series(clean, index=frame.index, dtype=bool)]
        return self._clean[key]


@dataclass
class Copy:
    """A copy of the books of one branch, or of two. `place`: which row a planter takes of those that fit."""

    original: Original
    branches: tuple[str, ...]
    place: str
    rng: Random
    edits: list[Edit] = field(default_factory=list)
    changed: set[tuple[int, str]] = field(default_factory=set)
    files: dict[int, RawFile] = field(default_factory=dict)
    whole: bool = False

    def __post_init__(self) -> None:
        sources = enumerate(self.original.run.book.sources)
        self.files = {at: source.raw for at, source in sources if source.branch in self.branches and not source.problem}

    # What planters look at.

    @property
    def policy(self) -> Any:
        """The policy in force: limits are planted just over, whatever they are."""
        return self.original.run.policy

    @property
    def year(self) -> int:
        """The books' year."""
        return self.original.run.book.year or 0

    @property
    def as_of(self) -> date:
        """The run's date."""
        return self.original.run.as_of or date(self.year, 12, 31)

    def setting(self, rule: str, name: str, default: int = 0) -> int:
        """A rule's setting: the policy's, else what the rule has by itself, else `default` (one without a national figure)."""
        own = self.policy.settings.get(rule, {}).get(name, settings()[rule][name])
        return default if own is None else int(own)

    def all(self, name: str, where: Where | None = None, branch: int = 0) -> pd.DataFrame:
        """The rows of a ledger or statement without findings, those of a mask; may be none."""
        rows = self.original.rows(name, self.branches[branch])
        return rows if where is None else rows[where(rows).fillna(False).astype(bool)]

    def one(self, name: str, where: Where | None = None, branch: int = 0) -> Row:
        """One of them, by `place`. Raises Cannot where there is none."""
        return self.pick(self.all(name, where, branch), name)

    def where(self, name: str, column: str, *values: object) -> pd.DataFrame:
        """The rows of a ledger whose cell is one of some values; none where the ledger is not there."""
        if name not in self.original.run.book.used:
            return pd.DataFrame()
        return self.all(name, lambda rows: rows[column].isin(values))

    def paying(self, name: str, column: str, cents: bool = False) -> pd.DataFrame:
        """The rows of a ledger with money in a column, or (`cents`) money that is no whole yuan; none where the ledger is not there."""
        if name not in self.original.run.book.used:
            return pd.DataFrame()
        return self.all(name, lambda rows: (rows[column] > 0) & ((rows[column] % money.MINOR != 0) | (not cents)))

    def pick(self, rows: pd.DataFrame, name: str) -> Row:
        """One of some rows, by `place`. Raises Cannot where there is none."""
        if rows.empty:
            raise Cannot(NO_ROW_FOR_IT, ledger=name)
        at = {"first": 0, "last": len(rows) - 1}.get(self.place)
        return rows.iloc[self.rng.randrange(len(rows)) if at is None else at]

    # What planters change.

    def set(self, row: Row, **values: object) -> Row:
        """Writes values (typed, None: blank) into cells of a row. Raises Cannot where the sheet has no such column."""
        for key, value in values.items():
            place = self._place(row, key)
            if place is None and value is not None:
                raise Cannot(NO_COLUMN, ledger=self._sheet(row).ledger or "", column=key)
        for key, value in values.items():
            if (place := self._place(row, key)) is not None:
                self._write(row, place, self._cell(row, key, value), "cell", key)
        return self._with(row, values)

    def fill(self, row: Row, **values: object) -> Row:
        """The same for those of the columns that the sheet has."""
        return self.set(row, **{key: value for key, value in values.items() if self._place(row, key) is not None})

    def add(self, like: Row, **values: object) -> Row:
        """A new row below all others of the sheet, like another but for some values."""
        sheet = self._sheet(like)
        if like["_col"]:
            raise Cannot(WIDE)
        raw = self._raw(like)
        last = max((at for at, row in enumerate(raw.rows) if not all(is_blank(cell) for cell in row)), default=-1) + 1
        rows = [*raw.rows[:last], list(raw.rows[int(like["_row"]) - 1])]
        self._put(like, replace(raw, rows=rows))
        self.edits.append(Edit("added", sheet.path, sheet.name, last + 1, ledger=sheet.ledger or "", was=str(like["_row"])))
        return self.set(self._with(like, {"_row": last + 1}), **values)

    def clear(self, row: Row) -> None:
        """Empties a row, or in wide dues the month's cell."""
        if row["_col"]:
            self.set(row, paid=None)
            return
        sheet, raw, at = self._sheet(row), self._raw(row), int(row["_row"]) - 1
        self._put(row, replace(raw, rows=[*raw.rows[:at], [""] * len(raw.rows[at]), *raw.rows[at + 1 :]]))
        self.edits.append(Edit("cleared", sheet.path, sheet.name, at + 1, ledger=sheet.ledger or ""))

    def head(self, row: Row, key: str, text: Callable[[str], str], width: bool = False) -> Spot:
        """Changes the heading of a row's column, or (`width`) writes it once more behind the last column."""
        sheet, raw = self._sheet(row), self._raw(row)
        match = self.layout(row).matches[key]
        column = max(len(line) for line in raw.rows) if width else match.column
        was = raw.rows[match.row][match.column]
        self._write(row, (match.row, column), text(as_text(was)), "heading", key)
        return Spot(sheet.path, sheet.name, self.layout(row).header_row + 1)

    def line(self, row: Row, cells: dict[int, Cell]) -> Spot:
        """A total's row below all others of a row's sheet: cells by column (from 0)."""
        sheet, raw = self._sheet(row), self._raw(row)
        added = [cells.get(column, "") for column in range(max(cells) + 1)]
        self._put(row, replace(raw, rows=[*raw.rows, added]))
        shown = " ".join(as_text(cell) for cell in added if not is_blank(cell))
        self.edits.append(Edit("total", sheet.path, sheet.name, len(raw.rows) + 1, ledger=sheet.ledger or "", becomes=shown))
        return Spot(sheet.path, sheet.name, len(raw.rows) + 1)

    def truth(self, row: Row, kind: str, key: str, change: Callable[[Truth, Place], Truth], shown: str = "") -> Row:
        """Changes what the file says beside the values of a row's cell. Raises Cannot in a format of which nothing is known."""
        if not self._file(row).truthful or not self._file(row).typed:
            raise Cannot(N_("this format shows values alone"))
        place = self._place(row, key)
        if place is None:
            raise Cannot(NO_COLUMN, ledger=self._sheet(row).ledger or "", column=key)
        raw, sheet = self._raw(row), self._sheet(row)
        was = as_text(raw.rows[place[0]][place[1]])
        self._put(row, replace(raw, truth=change(raw.truth, place)))
        self.edits.append(Edit(kind, sheet.path, sheet.name, place[0] + 1, address(place), sheet.ledger or "", key, was, shown))
        return row

    def swap(self, row: Row, kind: str, change: Callable[[RawFile], Sequence[RawFile]]) -> Spot:
        """Puts other files in the place of a row's file; the branch's files are then read anew."""
        at, file = self._sheet(row).file, self._file(row)
        first, *more = change(file)
        self.files[at] = first
        self.files |= {-number: raw for number, raw in enumerate(more, 1)}
        self.whole = True
        shown = more[0].path if more else ""
        self.edits.append(Edit(kind, file.path, becomes=shown))
        return Spot(more[0].path if more else file.path)

    def drop(self, name: str) -> Spot:
        """Takes a ledger's sheets out of the branch's files."""
        sheets = {(sheet.file, sheet.name) for sheet in self.original.run.book.sheets if sheet.ledger == name and sheet.file in self.files}
        for at, sheet in sorted(sheets):
            self.files[at] = replace(self.files[at], sheets=tuple(raw for raw in self.files[at].sheets if raw.name != sheet))
            self.edits.append(Edit("removed", self.files[at].path, sheet, ledger=name))
        self.whole = True
        return Spot()

    # Where things stand.

    def layout(self, row: Row) -> Layout:
        """The columns of a row's sheet."""
        layout = self._sheet(row).layout
        assert layout is not None
        return layout

    def spot(self, row: Row) -> Spot:
        """Where a row stands."""
        sheet = self._sheet(row)
        return Spot(sheet.path, sheet.name, int(row["_row"]))

    def typed(self, row: Row) -> bool:
        """Whether a row's file keeps numbers as numbers."""
        return self._file(row).typed

    def cell(self, row: Row, key: str) -> Cell:
        """What stands in a cell, "" where the sheet has no such column."""
        place, rows = self._place(row, key), self._raw(row).rows
        return rows[place[0]][place[1]] if place and place[0] < len(rows) and place[1] < len(rows[place[0]]) else ""

    def _sheet(self, row: Row) -> Sheet:
        return self.original.run.book.sheets[int(row["_src"])]

    def _file(self, row: Row) -> RawFile:
        return self.files[self._sheet(row).file]

    def _raw(self, row: Row) -> RawSheet:
        return next(raw for raw in self._file(row).sheets if raw.name == self._sheet(row).name)

    def _match(self, row: Row, key: str) -> Match | None:
        layout = self.layout(row)
        if layout.is_wide and key == "paid" and row["_col"]:
            return next(match for match in layout.months.values() if letter(match.column) == row["_col"])
        return layout.matches.get(key)

    def _place(self, row: Row, key: str) -> Place | None:
        match = self._match(row, key)
        return (int(row["_row"]) - 1, match.column) if match else None

    def _put(self, row: Row, sheet: RawSheet) -> None:
        at = self._sheet(row).file
        sheets = tuple(sheet if raw.name == sheet.name else raw for raw in self.files[at].sheets)
        self.files[at] = replace(self.files[at], sheets=sheets)
        self.changed.add((at, sheet.name))

    def _write(self, row: Row, place: Place, cell: Cell, kind: str, key: str) -> None:
        raw, sheet = self._raw(row), self._sheet(row)
        line = list(raw.rows[place[0]])
        line += [""] * (place[1] + 1 - len(line))
        was, line[place[1]] = line[place[1]], cell
        self._put(row, replace(raw, rows=[*raw.rows[: place[0]], line, *raw.rows[place[0] + 1 :]], truth=_without(raw.truth, place)))
        retyped = _retyped(was, cell)
        if as_text(was) == as_text(cell) and not retyped:
            return
        written = Edit(
            retyped or kind, sheet.path, sheet.name, place[0] + 1, address(place), sheet.ledger or "", key, as_text(was), as_text(cell)
        )
        self.edits.append(written)

    def _cell(self, row: Row, key: str, value: object) -> Cell:
        match = self._match(row, key)
        assert match is not None
        item = self.layout(row).ledger[key]
        # A heading in both languages begins with that of the sheet.
        lang: Lang = "en" if match.text[:1].isascii() else "zh"
        return _as_cell(item, value, match.scale, self.typed(row), lang)

    @staticmethod
    def _with(row: Row, values: dict[str, object]) -> Row:
        known = {key: value for key, value in values.items() if not isinstance(value, Verbatim)}
        return pd.Series({**row.to_dict(), **known}, dtype=object)


def _retyped(was: Cell, cell: Cell) -> str:
    """number or text where a cell keeps what it shows and is no longer of its kind, else ""."""
    if isinstance(was, str) and was and isinstance(cell, float):
        return "number"
    return "text" if isinstance(was, float) and isinstance(cell, str) and money.to_minor(cell) == money.to_minor(was) else ""


def _without(truth: Truth, place: Place) -> Truth:
    """The facts of a sheet without those of a cell that is typed over."""
    if place not in truth.errors and place not in truth.uncalculated and place not in truth.padding and place not in truth.shown:
        return truth
    errors, shown = ({at: text for at, text in facts.items() if at != place} for facts in (truth.errors, truth.shown))
    padding = {at: digits for at, digits in truth.padding.items() if at != place}
    return replace(truth, errors=errors, uncalculated=truth.uncalculated - {place}, padding=padding, shown=shown)


def _as_cell(item: Field, value: object, scale: int, typed: bool, lang: Lang) -> Cell:
    """A typed value as its column's keeper would type it: a number, a day, a choice's label; in a text file all is text."""
    if isinstance(value, Verbatim):
        return value.cell
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if item.type == "money":
        fen = int(value)  # type: ignore[call-overload]
        return fen / money.MINOR / scale if typed else f"{Decimal(fen) / money.MINOR / scale:f}"
    if item.type == "int":
        return float(value) if typed else str(value)  # type: ignore[arg-type]
    if item.type == "month":
        return period.show_month(int(value))  # type: ignore[call-overload]
    if item.type in ("date", "datetime"):
        moment = pd.Timestamp(value).to_pydatetime()
        return _day(moment) if typed else period.show_moment(moment)
    if item.type == "yesno":
        return (YES if value else NO)[lang == "zh"]
    if item.type == "choice":
        return next(choice.label(lang) for choice in item.choices if choice.key == value)
    return str(value)


def _day(moment: datetime) -> date | datetime:
    return moment if moment.time() != datetime.min.time() else moment.date()


def read_again(copy: Copy) -> list[Source]:
    """The copy's files as they are read: what was changed is read anew, the rest is what reading it gave the first time."""
    run = copy.original.run
    if copy.whole:
        files = [copy.files[at] for at in sorted(copy.files, key=lambda at: (at < 0, at))]
        return list(read_book(files, run.policy, run.book.year).sources)
    return [_source(copy, at) for at in sorted(copy.files)]


def _source(copy: Copy, at: int) -> Source:
    """One file: its changed sheets are read anew, with its cover beside them, and take the place of the old ones."""
    run, file = copy.original.run, copy.files[at]
    old = run.book.sources[at]
    names = {name for number, name in copy.changed if number == at}
    covers = {old.cover.sheet} if old.cover else set()
    part = replace(file, sheets=tuple(raw for raw in file.sheets if raw.name in names | covers))
    new = {sheet.name: sheet for sheet in read_source(part, run.book.year).sheets} if names else {}
    return replace(old, raw=file, sheets=[new.get(sheet.name, sheet) if sheet.name in names else sheet for sheet in old.sheets])
