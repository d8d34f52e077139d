"""The same books laid out in another way give the same findings at the cells they moved to; openpyxl reads each cell again."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from books import Grid, check, cover, excel, foots, grid, write
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from ledgerkit import ledgers
from ledgerkit.model.report import Report
from ledgerkit.model.schema import words

BOOK = {
    "members": """
    | 会员编号 | 姓名 | 证件类型 | 证件号码            | 性别 | 出生日期    | 人员状态 | 月缴费基数 | 联系电话    |
    | M001     | 甲   |          | 11010119900307109X  | 女   | 1990-03-07d | 在职     | #3000      | 13800138000 |
    | M002     | 乙   |          | 110101199003071234  |      |             | 在岗     | 三千       |             |
    | M003     | 丙   | 护照     | #12345              | 男   | 1990.3.8    | 在职     | #REF!      |             |
    | M003     | 丁   | 驾照     | 1.10101E+17         | 男   | 2091-01-01  | 退休了   | １,０００  |             |
    |          | 戊   |          | 11010119900307109X  |      | 1990-03-07d | 在职     |            |             |
    """,
    "dues": """
    | 会员编号 | 姓名 | 所属月份 | 应缴会费 | 实缴会费 | 缴费方式 | 缴款日期    | 收据号 |
    | M001     | 甲   | 2015-01  | #15      | #15      | 现金     | 2015-01-10d | R1     |
    | M001     | 甲   | 2015-02  | #15      | =1+1     | 代扣     | 2015-02-10d |        |
    | #7       | 同上 | 2015-13  | #15      | #-15     | 现金     | 03/04/2015  |        |
    | M002     | 乙   | 2015-03  | #15.005  | 12元整   | 微信支付 |             | R1     |
    | M002     | 乙   | 2015-04  | #15      | #15      |          | 2019-01-01d |        |
    | 合计     |      |          | #60      | #44      |          |             |        |
    """,
    "activities": """
    | 活动编号 | 活动名称 | 类别 | 开始时间          | 实到人次 | 实际支出 | 照片 | 预算科目 |
    | A1       | 棋赛     | 体育 | 2015-05-04T14:00d | #20      | #500     | 是   | 50401    |
    | A1       | 春游     | 郊游 | 2015-05-32        | 二十     | #N/A     | 有   | #50401   |
    """,
}
Fact = tuple[str, str, str | None, tuple[str, ...], str | None, str | None]


def book(folder: Path, change: Callable[[str, Grid], Grid]) -> Path:
    sheets: dict[str, str | Grid] = {"封面": cover(branch_code="B01", year="2015", branch="x")}
    return write(folder / "b.xlsx", sheets | {name: change(name, grid(table)) for name, table in BOOK.items()})


def facts(report: Report) -> list[Fact]:
    """What was found, without the place. `expected` that is a cell moves with it."""
    places = {f.cell for f in report.findings}
    return sorted(
        (f.rule, f.severity.value, f.column, f.key, f.observed, None if f.rule == "G011" or f.expected in places else f.expected)
        for f in report.findings
        if f.rule != "G023"
    )


def cells(report: Report) -> list[tuple[str, str | None, str | None]]:
    return sorted((f.rule, f.sheet, f.cell) for f in report.findings if f.rule != "G023")


def agrees(path: Path, report: Report) -> None:
    """Each finding's cell holds what the finding says, as the second reader has it."""
    for f in report.findings:
        if f.cell is None or f.observed is None or f.rule in ("G011", "G024"):
            continue
        shown = excel(path, f.sheet, f.cell)
        field = ledgers.load(f.ledger)[f.column] if f.ledger and f.column else None
        if field and field.choices and f.rule == "G004":
            shown = field.choice_keys.get(shown, shown)
        if field and field.type in ("money", "date", "datetime", "month") and f.rule not in ("G008", "G009", "G020", "G027", "G023"):
            continue
        assert shown.strip() in (f.observed, f.observed.removesuffix(".00")), f"{f.rule} at {f.sheet}!{f.cell}"


def as_it_is(name: str, rows: Grid) -> Grid:
    return rows


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = book(tmp_path_factory.mktemp("base"), as_it_is)
    report = check(path)
    agrees(path, report)
    foots(report)
    assert len(report.findings) > 25
    return report


def moved(base: Report, move: Callable[[str, int, int], tuple[int, int]]) -> list[tuple[str, str | None, str | None]]:
    """The base's cells where they should be now; `move` takes sheet, row and column from 1."""
    found = []
    for rule, sheet, cell in cells(base):
        if sheet and cell:
            letters, row = coordinate_from_string(cell)
            row, column = move(sheet, row, column_index_from_string(letters))
            cell = f"{get_column_letter(column)}{row}"
        found.append((rule, sheet, cell))
    return sorted(found)


def test_blank_rows_inserted(base: Report, tmp_path: Path) -> None:
    def spread(name: str, rows: Grid) -> Grid:
        return [line for row in rows for line in (row, [""] * len(row), [" "] * len(row))]

    path = book(tmp_path, spread)
    report = check(path)
    assert facts(report) == facts(base)
    assert cells(report) == moved(base, lambda _, row, column: (3 * row - 2, column))
    agrees(path, report)
    foots(report)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_columns_shuffled(base: Report, tmp_path: Path, seed: int) -> None:
    orders = {name: random.Random(seed).sample(range(len(grid(table)[0])), len(grid(table)[0])) for name, table in BOOK.items()}
    path = book(tmp_path, lambda name, rows: [[row[n] for n in orders[name]] for row in rows])
    report = check(path)
    assert facts(report) == facts(base)
    assert cells(report) == moved(base, lambda sheet, row, column: (row, orders[sheet].index(column - 1) + 1))
    agrees(path, report)


@pytest.mark.parametrize("lang", ["en", "key", "both", "folded"])
def test_headers_in_the_other_language(base: Report, tmp_path: Path, lang: str) -> None:
    def translate(name: str, rows: Grid) -> Grid:
        fields = {f.zh: f for f in ledgers.load(name).fields}
        pattern = {"en": "{en}", "key": "{key}", "both": "{zh}\\n{en}", "folded": " {first}　{rest}*："}[lang]
        named = [fields[heading] for heading in rows[0]]
        return [[pattern.format(en=words(f.key), key=f.key, zh=f.zh, first=f.zh[0], rest=f.zh[1:]) for f in named], *rows[1:]]

    path = book(tmp_path, translate)
    report = check(path)
    assert facts(report) == facts(base)
    assert cells(report) == cells(base)
    agrees(path, report)
    folded = [f for f in report.findings if f.rule == "G023"]
    assert len(folded) == (sum(len(grid(table)[0]) for table in BOOK.values()) if lang == "folded" else 0)


def test_a_title_block_above_and_a_blank_column_on_the_left(base: Report, tmp_path: Path) -> None:
    def framed(name: str, rows: Grid) -> Grid:
        wide = len(rows[0])
        title = [["", f"某公司工会{name}", *["<"] * (wide - 1)], ["", "单位：元", *[""] * (wide - 2), "2015年"], [""] * (wide + 1)]
        return [*title, *([["", *row] for row in rows])]

    path = book(tmp_path, framed)
    report = check(path)
    assert facts(report) == facts(base)
    assert cells(report) == moved(base, lambda _, row, column: (row + 3, column + 1))
    agrees(path, report)


def test_rows_shuffled_keep_their_findings_and_ids(base: Report, tmp_path: Path) -> None:
    """An id names the fault and not the place: decisions survive re-sorting."""

    def shuffled(name: str, rows: Grid) -> Grid:
        body = [row for row in rows[1:] if row[0] != "合计"]
        return [rows[0], *random.Random(4).sample(body, len(body)), *[row for row in rows if row[0] == "合计"]]

    report = check(book(tmp_path, shuffled))
    repeated = ("G011",)
    assert sorted(f.id for f in report.findings if f.rule not in repeated) == sorted(f.id for f in base.findings if f.rule not in repeated)
    assert [f for f in facts(report) if f[0] not in repeated] == [f for f in facts(base) if f[0] not in repeated]


def test_a_renamed_file_and_sheet_keep_the_ids(base: Report, tmp_path: Path) -> None:
    sheets: dict[str, str | Grid] = {"C": cover(branch_code="B01", year="2015", branch="x")}
    report = check(write(tmp_path / "renamed.xlsx", sheets | {f"{name} 2": table for name, table in BOOK.items()}))
    assert sorted(f.id for f in report.findings) == sorted(f.id for f in base.findings)


def test_the_same_sheets_as_separate_files(base: Report, tmp_path: Path) -> None:
    write(tmp_path / "0.xlsx", {"封面": cover(branch_code="B01", year="2015", branch="x"), "members": BOOK["members"]})
    write(tmp_path / "1.xlsx", {"dues": BOOK["dues"]})
    write(tmp_path / "2.xlsx", {"activities": BOOK["activities"]})
    report = check(tmp_path)
    assert facts(report) == facts(base)
    assert cells(report) == cells(base)
    assert sorted(f.id for f in report.findings) == sorted(f.id for f in base.findings)


def test_one_more_fault_takes_no_finding_away_elsewhere(base: Report, tmp_path: Path) -> None:
    def worse(name: str, rows: Grid) -> Grid:
        if name == "activities":
            rows[1][5] = "#DIV/0!"
        return rows

    report = check(book(tmp_path, worse))
    before, after = set(facts(base)), set(facts(report))
    assert before <= after
    assert {f[0] for f in after - before} == {"G020"}
