"""Where a sheet does not show what is read of it: hidden parts, filters left on, merged cells, formulas, amounts shown rounded."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from ledgerkit.model.money import MINOR
from ledgerkit.reading.book import Book, Sheet
from ledgerkit.reading.cells import HIDES, KEPT, as_text, is_blank
from ledgerkit.reading.headers import Match
from ledgerkit.reading.raw import Place, Range, RawSheet, Truth, address, letter
from ledgerkit.reading.sheet import CellFault, SheetRows

Row = Mapping[str, object]
STATES = {"hidden": "hidden_sheet", "veryHidden": "very_hidden_sheet"}
# What amounts are worked out on, and no money of the union's.
BASES = frozenset({"wage_base", "payroll"})
# What rows of other ledgers, or of one payment, are found by.
MATCHED = frozenset({"member_no", "name", "beneficiary", "voucher_no", "activity_no", "budget_code", "code", "branch_code", "batch_no"})
MOST_LISTED = 5


def displayed(book: Book, counting: Sequence[tuple[int, Sheet]]) -> Iterator[Row]:
    """Rows of the statement `display`: one a sheet for its hidden rows, one a filter, one a column of a sheet for all else."""
    raws = {(number, raw.name): raw for number, source in enumerate(book.sources) for raw in source.raw.sheets}
    for at, sheet in counting:
        raw = raws[sheet.file, sheet.name]
        if raw.truth == Truth() and not raw.merges and not _hiding(sheet.rows):
            continue
        page = _Page(raw, sheet.rows) if sheet.rows else None
        yield from _state(at, sheet, raw, page)
        if page:
            yield from ({"_src": at, "ledger": sheet.ledger, **row} for facts in FACTS for row in facts(page))


@dataclass(frozen=True)
class _Page:
    """A sheet of a ledger with what it was read from. Only rows that were read count: no titles, totals, notes or blank rows."""

    raw: RawSheet
    typed: SheetRows

    @cached_property
    def rows(self) -> list[int]:
        """The rows that were read, from 0, in order."""
        return sorted({row - 1 for row in self.typed.columns["_row"]})

    @cached_property
    def columns(self) -> dict[int, Match]:
        """The columns of the ledger's fields, from 0."""
        layout = self.typed.layout
        return {match.column: match for match in (*layout.matches.values(), *layout.months.values())}

    @cached_property
    def unreadable(self) -> set[Place]:
        """The cells that another finding speaks of."""
        return {(fault.row, fault.column) for fault in self.typed.faults if fault.fault.code not in KEPT}

    @cached_property
    def money(self) -> list[tuple[int, ...]]:
        """The amounts of each row that was read, without signs, the ledger's own first; none where the ledger has no money of its own."""
        ledger, columns = self.typed.layout.ledger, self.typed.columns
        amounts = [field.key for field in ledger.fields if field.type == "money" and field.key in columns and field.key not in BASES]
        own = sorted(amounts, key=lambda key: key != ledger.money) if ledger.money else []
        return list(zip(*([abs(amount or 0) for amount in columns[key]] for key in own), strict=True))

    def within(self, first: int, last: int) -> list[int]:
        """The rows read from one row to another."""
        return self.rows[bisect_left(self.rows, first) : bisect_right(self.rows, last)]

    def money_in(self, rows: Sequence[int]) -> int:
        """The money of some rows, minor units: the ledger's own; where that is 0, the largest other amount of each row."""
        wanted = {row + 1 for row in rows}
        inside = [amounts for row, amounts in zip(self.typed.columns["_row"], self.money, strict=False) if row in wanted]
        return sum(amounts[0] for amounts in inside) or sum(map(max, inside))

    def cell(self, row: int, column: int) -> object:
        """What stands in a cell, "" beyond the sheet."""
        return self.raw.rows[row][column] if row < len(self.raw.rows) and column < len(self.raw.rows[row]) else ""

    @cached_property
    def hidden(self) -> list[list[int]]:
        """The hidden rows that were read, a list a run."""
        return [rows for run in self.raw.truth.hidden_rows if (rows := self.within(*run))]

    def is_filtered(self, row: int) -> bool:
        """Whether a row lies under a filter that is on: which of these the filter hides and which a hand, the file does not tell."""
        return any(first[0] < row <= last[0] for first, last in self.raw.truth.filters)

    def amount(self, column: int) -> int:
        """The money in a column without signs, minor units; 0 for a column that holds none."""
        match, columns = self.columns.get(column), self.typed.columns
        if not match or self.typed.layout.ledger[match.field].type != "money" or match.field in BASES:
            return 0
        own = letter(column) if match.month else ""
        return sum(abs(amount or 0) for amount, at in zip(columns[match.field], columns["_col"], strict=True) if not own or at == own)


def _hiding(rows: SheetRows | None) -> list[CellFault]:
    """The keys and names of a sheet that hold characters which nobody sees."""
    return [fault for fault in rows.faults if fault.fault.code == HIDES] if rows else []


def _state(at: int, sheet: Sheet, raw: RawSheet, page: _Page | None) -> Iterator[Row]:
    """A hidden sheet with anything in it, instructions apart."""
    if raw.truth.state in STATES and (page.rows if page else sheet.unknown or sheet.cover):
        amount = page.money_in(page.rows) if page else 0
        yield {"_src": at, "ledger": sheet.ledger or "", "problem": STATES[raw.truth.state], "amount": amount}


def _filters(page: _Page) -> Iterator[Row]:
    """A filter left on, with the rows that it hides."""
    for first, last in page.raw.truth.filters:
        rows = [row for run in page.hidden for row in run if first[0] < row <= last[0]]
        place = {"_row": first[0] + 1, "_col": letter(first[1])}
        yield {**place, "problem": "filter", "expected": span((first, last)), "count": len(rows), "amount": page.money_in(rows)}


def _hidden_rows(page: _Page) -> Iterator[Row]:
    """The rows hidden by hand, all together; those under a filter are the filter's."""
    runs = [rows for run in page.hidden if (rows := [row for row in run if not page.is_filtered(row)])]
    rows = [row for run in runs for row in run]
    if rows:
        expected = listed([f"{run[0] + 1}:{run[-1] + 1}" for run in runs])
        found = {"problem": "hidden_rows", "expected": expected, "count": len(rows), "amount": page.money_in(rows)}
        yield {"_row": rows[0] + 1, **found}


def _hidden_columns(page: _Page) -> Iterator[Row]:
    """Hidden columns with anything in them: one row a field that has money in it, one for all others."""
    width = max((len(row) for row in page.raw.rows), default=0)
    hidden = [column for first, last in page.raw.truth.hidden_columns for column in range(first, min(last + 1, width))]
    filled = [column for column in hidden if any(not is_blank(page.cell(row, column)) for row in page.rows)]
    by_field: dict[str, list[int]] = {}
    for column in filled:
        by_field.setdefault(page.columns[column].field if page.amount(column) else "", []).append(column)
    for field, columns in by_field.items():
        amount = sum(page.amount(column) for column in columns)
        place = {"_row": page.typed.layout.header_row + 1, "_col": letter(columns[0]), "field": field}
        yield {**place, "problem": "hidden_columns", "expected": listed(map(letter, columns)), "count": len(columns), "amount": amount}


def _merged(page: _Page) -> Iterator[Row]:
    """Merged cells that cover a cell of a field, by the first such field."""
    found: dict[str, list[Range]] = {}
    for first, last in page.raw.merges:
        column = next((at for at in sorted(page.columns) if first[1] <= at <= last[1]), None)
        if column is not None and first != last and page.within(first[0], last[0]):
            found.setdefault(page.columns[column].field, []).append((first, last))
    for field, merges in found.items():
        merges.sort(key=lambda merge: (merge[0] in page.unreadable, merge))
        yield {**_at(merges[0][0]), "field": field, "problem": "merged", "expected": listed(map(span, merges)), "count": len(merges)}


def _formulas(page: _Page) -> Iterator[Row]:
    """Formulas in the columns of a field that have a value that could be read."""
    found: dict[str, list[tuple[Range, list[Place]]]] = {}
    for first, last in page.raw.truth.formulas:
        rows = page.within(first[0], last[0])
        for column in page.columns.keys() & set(range(first[1], last[1] + 1)) if rows else ():
            places = [(row, column) for row in rows if (row, column) not in page.unreadable]
            if places:
                found.setdefault(page.columns[column].field, []).append(((places[0], places[-1]), places))
    for field, runs in found.items():
        runs.sort()
        count = sum(len(places) for _, places in runs)
        expected = listed(span(area) for area, _ in runs)
        yield {**_at(runs[0][0][0]), "field": field, "problem": "formula", "expected": expected, "count": count}


def _rounded(page: _Page) -> Iterator[Row]:
    """Amounts that their format shows as another amount; what a cell of the column shows, what it holds, and how far all are apart."""
    read = set(page.rows)
    found: dict[str, list[Place]] = {}
    for place in sorted(page.raw.truth.shown):
        match = page.columns.get(place[1])
        if match and place[0] in read and place not in page.unreadable and page.typed.layout.ledger[match.field].type == "money":
            found.setdefault(match.field, []).append(place)
    for field, places in found.items():
        shown, stored = page.raw.truth.shown[places[0]], as_text(page.cell(*places[0]))
        amount = sum(_apart(page, place) for place in places)
        facts = {"problem": "rounded", "observed": shown, "expected": stored, "count": len(places), "amount": amount}
        yield {**_at(places[0]), "field": field, **facts}


def _hides(page: _Page) -> Iterator[Row]:
    """Keys and names with characters that nobody sees, and the money of their rows: compared as they are typed, it would meet nobody."""
    found: dict[str, list[CellFault]] = {}
    for fault in _hiding(page.typed):
        found.setdefault(fault.field.key, []).append(fault)
    for field, faults in found.items():
        faults.sort(key=lambda fault: fault.row)
        places = [(fault.row, fault.column) for fault in faults]
        amount = page.money_in([row for row, _ in places]) if field in MATCHED else 0
        facts = {"problem": "hides", "observed": faults[0].fault.text, "expected": listed(map(address, places)), "count": len(places)}
        yield {**_at(places[0]), "field": field, **facts, "amount": amount}


def _apart(page: _Page, place: Place) -> int:
    """How far what a cell shows is from what it holds, minor units."""
    shown, stored = page.raw.truth.shown[place].rstrip("%"), Decimal(as_text(page.cell(*place)))
    try:
        difference = Decimal(shown) - stored
    except InvalidOperation:  # text, or nothing, in place of the number
        difference = stored
    return round(abs(difference) * page.columns[place[1]].scale * MINOR)


def _at(place: Place) -> Row:
    return {"_row": place[0] + 1, "_col": letter(place[1])}


def span(area: Range) -> str:
    """The address of a range, of a cell where it is one."""
    first, last = area
    return address(first) if first == last else f"{address(first)}:{address(last)}"


def listed(parts: Iterable[str]) -> str:
    """The first few of them; the finding has their number."""
    every = list(parts)
    return ", ".join(every[:MOST_LISTED]) + (" …" if len(every) > MOST_LISTED else "")


FACTS = (_filters, _hidden_rows, _hidden_columns, _merged, _formulas, _rounded, _hides)
