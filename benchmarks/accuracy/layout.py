"""Rows into sheets as people keep them: titles above the header, headings in either language, columns in any order, blank rows, totals, notes."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from branch import Branch, Row
from headings import SUMS, TITLES, Column, columns, required

KEYS = {"dues": ("member_no", "period"), "attendance": ("activity_no", "member_no", "name"), "expenses": ("voucher_no",)}
FIRST_KEY = {"members": "member_no", "relief": "voucher_no", "activities": "activity_no", "budget": "code", "remittance": "period"}
TOTAL_AT = {"dues": "name", "relief": "beneficiary", "expenses": "supplier", "activities": "title", "remittance": "receipt_no"}
MONTHS = tuple(f"{number}月" for number in range(1, 13))


@dataclass(frozen=True)
class Raw:
    """A cell as it is to be written: a number, a text, with a number format of its own; a formula with or without its value; an error."""

    value: object
    format: str = ""
    formula: str = ""


@dataclass
class Grid:
    """A sheet: its cells by row and column from 0, what is hidden, merged, filtered."""

    name: str
    ledger: str = ""
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    header_row: int = 0
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False


@dataclass(frozen=True)
class Place:
    """Where a row went: file, sheet, its row and columns (from 0) by field. Wide dues: the one column of its month."""

    file: str
    grid: Grid
    row: int
    columns: dict[str, int]

    def cells(self, wanted: Iterable[str]) -> frozenset[str]:
        """The addresses of these fields' cells that the sheet has."""
        return frozenset(address(self.row, self.columns[key]) for key in wanted if key in self.columns)


@dataclass
class Style:
    """How a branch keeps its books."""

    language: str
    title_rows: int
    serial: bool
    shuffled: bool
    text_dates: bool
    date_months: bool
    choice_keys: bool
    totals: bool
    notes: bool
    files: str
    engine: str
    split: str = ""
    wide: bool = False
    last_blanks: int = 0


@dataclass
class Layout:
    """A branch's files, each a list of sheets, and where each row is."""

    files: dict[str, list[Grid]] = field(default_factory=dict)
    places: dict[Row, Place] = field(default_factory=dict)
    engine: str = "xlsxwriter"

    def grid(self, ledger: str) -> tuple[str, Grid]:
        """The first sheet of a ledger and its file."""
        return next((file, grid) for file, grids in self.files.items() for grid in grids if grid.ledger == ledger)


def style(rng: random.Random) -> Style:
    """A way of keeping books, drawn by chance."""
    return Style(
        language=rng.choice(("zh", "zh", "wild", "en", "key", "both")),
        title_rows=rng.choice((0, 1, 2, 3, 6)),
        serial=rng.random() < 0.5,
        shuffled=rng.random() < 0.4,
        text_dates=rng.random() < 0.3,
        date_months=rng.random() < 0.3,
        choice_keys=rng.random() < 0.3,
        totals=rng.random() < 0.7,
        notes=rng.random() < 0.5,
        files=rng.choice(("one", "one", "one", "each")),
        engine=rng.choice(("openpyxl", "xlsxwriter")),
    )


def address(row: int, column: int) -> str:
    """A1 for row 0, column 0."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """A for column 0, AA for 26."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def lay_out(branch: Branch, kept: Style, blanks_before: frozenset[Row] = frozenset(), second: frozenset[Row] = frozenset()) -> Layout:
    """The branch's workbooks. `blanks_before`: rows to stand after three blank ones; `second`: rows to stand in the second file of their ledger."""
    layout = Layout(engine=kept.engine)
    main = f"{branch.code}/{branch.code}.xlsx"
    layout.files[main] = [cover(branch)]
    for ledger, rows in branch.rows.items():
        if not rows:
            continue
        own = main if kept.files == "one" or ledger in ("budget", "members") else f"{branch.code}/{branch.code}-{ledger}.xlsx"
        first, rest = parted(rows, second if ledger == kept.split else frozenset())
        for file, part in ((own, first), (f"{branch.code}/续表-{ledger}.xlsx", rest)):
            if part:
                grid = _wide(branch, kept, file, part, layout) if ledger == "dues" and kept.wide else None
                layout.files.setdefault(file, []).append(grid or _sheet(branch, kept, file, ledger, part, layout, blanks_before))
    return layout


def parted(rows: Sequence[Row], second: frozenset[Row]) -> tuple[list[Row], list[Row]]:
    """A ledger's rows for two files that share no key: the latter half of the keys in the second, with those of the rows asked for."""
    if not second:
        return list(rows), []
    keys = {row: tuple(row.text(key) for key in KEYS.get(row.ledger, (FIRST_KEY.get(row.ledger, ""),))) for row in rows}
    order = list(dict.fromkeys(keys.values()))
    late = set(order[len(order) // 2 :]) | {keys[row] for row in second}
    return [row for row in rows if keys[row] not in late], [row for row in rows if keys[row] in late]


def cover(branch: Branch) -> Grid:
    """The sheet that says whose books these are: a label, then its value."""
    names = ("填报单位", branch.name), ("工会编码", branch.code), ("年度", "2015"), ("制表人", branch.officer("organizer"))
    more = ("审核人", branch.officer("audit_chair")), ("主席", branch.officer("chair")), ("填报日期", "2015-12-31")
    cells = {(row, column): text for row, pair in enumerate((*names, *more), 1) for column, text in enumerate(pair)}
    return Grid("封面", cells=dict(cells))


def _sheet(branch: Branch, kept: Style, file: str, ledger: str, rows: list[Row], layout: Layout, blanks: frozenset[Row]) -> Grid:
    grid = Grid(TITLES[ledger] if kept.language != "en" else ledger.capitalize(), ledger, header_row=kept.title_rows)
    shown = _columns(branch, kept, ledger)
    offset = int(kept.serial)
    at = {column.key: place + offset for place, column in enumerate(shown)}
    _titles(grid, branch, ledger)
    if kept.serial:
        grid.cells[grid.header_row, 0] = "序号"
    grid.cells |= {(grid.header_row, at[column.key]): heading(column, kept, branch.rng) for column in shown}
    line, since = grid.header_row + 1, 0
    for number, row in enumerate(rows):
        line += 3 if row in blanks else (branch.rng.random() < 0.02)
        layout.places[row] = Place(file, grid, line, at)
        grid.cells |= {(line, at[column.key]): cell(row[column.key], column, kept) for column in shown if row.get(column.key, "") != ""}
        if kept.serial:
            grid.cells[line, 0] = number + 1
        line += 1
        if kept.totals and ledger == "dues" and (number + 1 == len(rows) or rows[number + 1]["period"] != row["period"]):
            _total(grid, line, at, rows[since : number + 1], "小计", kept)
            line, since = line + 1, number + 1
    if kept.totals and ledger in SUMS:
        _total(grid, line, at, rows, "合计", kept)
        line += 1
    if kept.notes:
        grid.cells[line + 1, 0] = f"制表：{branch.officer('organizer')}　审核：{branch.officer('audit_chair')}"
        grid.cells[line + 2, 0] = "说明：本表一式两份，分会与市总各存一份。"
    return grid


def _titles(grid: Grid, branch: Branch, ledger: str) -> None:
    texts = (f"{branch.name}2015年度{TITLES[ledger]}", f"填报单位：{branch.name}", "单位：元", "", "（一式两份）", "")
    grid.cells |= {(row, 0): text for row, text in enumerate(texts[: grid.header_row]) if text}


def _columns(branch: Branch, kept: Style, ledger: str) -> list[Column]:
    """The columns that are needed or that any row has, be it blank; in the contract's order or one of the branch's own."""
    rows = branch.rows[ledger]
    shown = [column for key, column in columns(ledger).items() if key in required(ledger) or any(key in row for row in rows)]
    if kept.shuffled:
        branch.rng.shuffle(shown)
    return shown


def heading(column: Column, kept: Style, rng: random.Random) -> str:
    """A column's heading as the branch writes it."""
    chinese = rng.choice(column.headings) if kept.language == "wild" else column.headings[0]
    return {"en": column.english, "key": column.key, "both": f"{chinese} / {column.english}"}.get(kept.language, chinese)


def cell(value: object, column: Column, kept: Style) -> object:
    """A value as the branch types it."""
    if isinstance(value, Raw):
        return value
    if column.type == "money" and isinstance(value, int):
        return value / 100
    if column.type == "choice":
        return value if kept.choice_keys or kept.language in ("en", "key") else column.choices.get(str(value), value)
    if column.type == "yesno":
        return ("yes" if value else "no") if kept.language in ("en", "key") else ("是" if value else "否")
    if column.type == "month" and kept.date_months and isinstance(value, str) and len(value) == 7:
        return date(int(value[:4]), int(value[5:]), 1)
    if isinstance(value, date) and kept.text_dates:
        return str(value)[:16]
    return value


def _total(grid: Grid, line: int, at: dict[str, int], rows: Sequence[Row], label: str, kept: Style) -> None:
    """A total row: a word and the sums of the ledger's money."""
    ledger = rows[0].ledger
    grid.cells[line, 0 if kept.serial else at[TOTAL_AT[ledger]]] = label
    for key in {SUMS[ledger], "due"} & set(at):
        grid.cells[line, at[key]] = round(sum(yuan(row.get(key, 0)) for row in rows), 2)


def yuan(value: object) -> float:
    """What a cell of money adds to its total: fen as yuan, what is written otherwise as it stands, a text nothing."""
    plain = value.value if isinstance(value, Raw) else value
    if not isinstance(plain, int | float):
        return 0
    return plain if isinstance(value, Raw) else plain / 100


def _wide(branch: Branch, kept: Style, file: str, rows: list[Row], layout: Layout) -> Grid:
    """Dues a column a month: a line a member, a second one where a month is there twice."""
    grid = Grid(TITLES["dues"], "dues", header_row=kept.title_rows)
    _titles(grid, branch, "dues")
    heads = ("会员编号", "姓名", "缴费基数", *MONTHS)
    grid.cells |= {(grid.header_row, place): text for place, text in enumerate(heads)}
    lines: dict[tuple[object, int], int] = {}
    taken: Counter[tuple[object, int]] = Counter()
    for row in rows:
        number = int(row.text("period")[5:])
        turn = taken[row["member_no"], number]
        taken[row["member_no"], number] += 1
        line = lines.setdefault((row["member_no"], turn), grid.header_row + 1 + len(lines))
        grid.cells |= {(line, 0): row["member_no"], (line, 1): row["name"], (line, 2): row.money("wage_base") / 100}
        grid.cells[line, 2 + number] = row.money("paid") / 100
        layout.places[row] = Place(file, grid, line, dict.fromkeys(row, 2 + number))
    return grid
