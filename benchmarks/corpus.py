"""What a corpus of workbooks holds: every kind of cell that a sheet can have, drawn from a seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

SHEETS, COLUMNS = 2, 25
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
WORDS = (
    "王小明",
    "工会委员会",
    "慰问金",
    "节日慰问",
    "Lin Qiuyue",
    "2015年3月",
    "M001",
    "合计",
    "V-0105",
    "a & b <c>",
    '"x"',
    "𠮷野",
    "ＡＢＣ１２３",
    "é",
    "🙂",
)
# Texts that readers have turned into blanks, numbers, formulas, dates or errors.
TRAPS = (
    *(
        "NA",
        "None",
        "null",
        "nan",
        "TRUE",
        "#REF!",
        "=1+1",
        "+86",
        "-",
        "@",
        "0012",
        "1e5",
        "2015-03-01",
        "http://x",
        "1,234.50",
        "'x",
        "１２.５",
    ),
    *("110101199003078888", "6222020000000000001", "_x000D_", "_x005F_", "a_x0041_b", "x_x000a_y", "_x00zz_", "_X000D_", "__x0009__"),
)
SPACES = (" ", "  ", "\t", "\u00a0", "\u3000", "\u200b", "\n", "\ufeff")
DATES = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d", "m/d/yy", "yyyy-mm", "d-mmm-yy")
MOMENTS = ("yyyy-mm-dd hh:mm:ss", "yyyy/m/d h:mm", "m/d/yy h:mm")
CLOCKS, SPANS = ("h:mm", "hh:mm:ss", "h:mm AM/PM"), ("[h]:mm", "[mm]:ss", "[h]:mm:ss")
NUMBERS = ("General", "0.00", "#,##0.00", "00000", "0.0%", "¥#,##0.00;[Red]¥-#,##0.00", '0"d"', "@", "0.00E+00", '0!.0,"万元"')
# Formats that a Chinese Excel names by number alone.
CHINESE_DATES = (27, 31, 50, 57, 58)
FIRST, LAST = date(1904, 1, 2), date(9999, 12, 31)


@dataclass(frozen=True)
class Item:
    """One cell: its kind, what it holds, its number format; `cached` is a formula's calculated value."""

    kind: str
    value: Any = None
    form: str | int = "General"
    cached: Any = None


def _text(chance: Random) -> Item:
    text = chance.choice((*WORDS, *WORDS, *TRAPS)) + (str(chance.randrange(10**5)) if chance.random() < 0.5 else "")
    if chance.random() < 0.15:
        text = chance.choice(SPACES) * chance.randrange(3) + text + chance.choice(SPACES) * chance.randrange(3)
    if chance.random() < 0.1:
        text += chance.choice(("\n", "\r\n", "\n\n", "\r", " \n ")) + chance.choice(WORDS)
    if chance.random() < 0.01:
        text = chance.choice((" ", "\n", "\u3000 ", text * 200))
    return Item("text", text, chance.choice(("General", "@")))


def _number(chance: Random) -> Item:
    value = chance.choice(
        (
            lambda: chance.randrange(-(10**6), 10**6),
            lambda: round(chance.uniform(-(10**5), 10**5), 2),
            lambda: chance.uniform(-1, 1) * 10.0 ** chance.randrange(-300, 300),
            lambda: chance.randrange(10**15, 10**18),
            lambda: chance.choice((0.1 + 0.2, -0.0, 0, 1e15, 15.005, 5e-324, 1.7976931348623157e308, 2**53 + 1)),
        )
    )()
    return Item("number", value, chance.choice(NUMBERS))


def _day(chance: Random) -> Item:
    return Item("number", float(chance.randrange(1, 60_000)), chance.choice((*DATES, *CHINESE_DATES)))


def _moment(chance: Random) -> Item:
    day = date.fromordinal(chance.randrange(FIRST.toordinal(), LAST.toordinal()))
    clock = time(chance.randrange(24), chance.randrange(60), chance.randrange(60), chance.choice((0, 0, 500_000)))
    return Item("moment", datetime.combine(day, clock), chance.choice(MOMENTS))


def _clock(chance: Random) -> Item:
    if chance.random() < 0.5:
        return Item("number", chance.randrange(86_400) / 86_400, chance.choice(CLOCKS))
    return Item("span", timedelta(seconds=chance.randrange(10**7)), chance.choice(SPANS))


def _odd_date(chance: Random) -> Item:
    """A number that no calendar has, or that is no date at all, in a cell formatted as one."""
    value = chance.choice(
        (-chance.randrange(1, 50_000), -123.456, 0, 0.5, 1.5, 60, 61, 2_958_465, 2_958_466, 10**7, 42064.999999, 42064.123456789)
    )
    return Item("number", value, chance.choice((*DATES, *MOMENTS, *CLOCKS, *SPANS)))


def _formula(chance: Random) -> Item:
    cached = chance.choice((15, -12.5, "ok", " 甲 ", True, False, "#REF!", "#N/A", None, None))
    return Item("formula", chance.choice(("=A1+1", "=SUM(A1:B2)", '=IF(1<2,"a&b","")', "=1/0")), "General", cached)


def _rich(chance: Random) -> Item:
    return Item("rich", (chance.choice(WORDS), chance.choice((" 粗 ", "体", "b\nc")), chance.choice(WORDS)))


_MAKERS: Mapping[Callable[[Random], Item], int] = {
    **{_text: 40, _number: 30, _day: 8, _moment: 4, _clock: 3, _odd_date: 2, _formula: 4, _rich: 2},
    **{lambda chance: Item("boolean", chance.random() < 0.5): 2, lambda chance: Item("error", chance.choice(ERRORS)): 1},
    **{lambda _: Item("styled", form="0.00"): 4, lambda _: Item("none"): 4},
}


@dataclass(frozen=True)
class Page:
    """A sheet to be written: cells by place from 0, merged ranges as (top, left, bottom, right), what is hidden."""

    name: str
    cells: Mapping[tuple[int, int], Item]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    state: str = "visible"


def pages(chance: Random, cells: int) -> list[Page]:
    """The sheets of one workbook: about that many cells in all."""
    return [_page(chance, f"表 {number}", cells // SHEETS, "visible" if not number else chance.choice(STATES)) for number in range(SHEETS)]


STATES = ("visible", "visible", "hidden", "veryHidden")


def _page(chance: Random, name: str, count: int, state: str) -> Page:
    top, left, rows = chance.choice((0, 0, 3)), chance.choice((0, 0, 2)), -(-count // COLUMNS)
    makers, weights = list(_MAKERS), list(_MAKERS.values())
    drawn = iter(chance.choices(makers, weights, k=rows * COLUMNS))
    cells = {(top + row, left + column): next(drawn)(chance) for row in range(rows) for column in range(COLUMNS) if row % 97 != 50}
    # Far beyond the rest, as a stray click leaves it.
    cells[top + rows + chance.randrange(200), left + COLUMNS + chance.randrange(30)] = _text(chance)
    merges = tuple(_merge(chance, top + block, left) for block in range(5, rows - 5, 40))
    hidden = frozenset(chance.randrange(top + rows) for _ in range(rows // 50))
    return Page(name, cells, merges, hidden, frozenset({left + 2, left + 7}) if chance.random() < 0.5 else frozenset(), state)


def _merge(chance: Random, row: int, left: int) -> tuple[int, int, int, int]:
    column = left + chance.randrange(COLUMNS - 3)
    return row, column, row + chance.randrange(3), column + 1 + chance.randrange(2)


def under(page: Page) -> set[tuple[int, int]]:
    """Places that a merge covers, but for its first."""
    return {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


#
