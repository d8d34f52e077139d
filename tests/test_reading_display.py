"""What a sheet does not show as it is read: hidden parts, filters, merged cells, formulas, rounded amounts; each finding whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import check, cover, found, one, said, write
from openpyxl.worksheet.worksheet import Worksheet
from test_reading_cells import CLEAN, rewritten
from test_reading_cells import sheet as clean

from ledgerkit.model.finding import Finding
from ledgerkit.writing.masking import masked
from ledgerkit.writing.wording import shown

TITLED = """
    | 会费收缴表 |         |          |          |          |          |             |        |
    |            |         |          |          |          |          |             |        |
    | 会员编号   | 姓名    | 所属月份 | 应缴会费 | 实缴会费 | 减免金额 | 缴款日期    | 序号   |
    | M001       | 甲      | 2015-01  | #15      | #15      |          | 2015-01-10d | #1     |
    | M002       | 乙      | 2015-01  | #15      | #15.5    |          | 2015-01-10d | #2     |
    | M003       | 丙      | 2015-01  | #15      | #0       |          |             | #3     |
    |            |         |          |          |          |          |             |        |
    | M004       | 丁      | 2015-01  | #15      | #16      |          | 2015-01-10d | #4     |
    | M005       | 戊      | 2015-01  | #15      | #17.25   |          | 2015-01-10d | #5     |
    | 合计       |         |          | #75      | #63.75   |          |             |        |
    | 备注       | 无      |          |          |          |          |             |        |
    """


def touched(path: Path, touch: Callable[[Worksheet], None], sheet: str = "会费") -> Path:
    """The workbook after a clerk did something to a sheet; openpyxl writes it."""
    book = openpyxl.load_workbook(path)
    touch(book[sheet])
    book.save(path)
    return path


def dues(tmp_path: Path, touch: Callable[[Worksheet], None], table: str = TITLED) -> Path:
    return touched(write(tmp_path / "b.xlsx", {"会费": table, "看得见": ""}), touch)


def facts(finding: Finding) -> tuple[object, ...]:
    """Rule, severity, row, cell, column, key, observed, expected, amount and count."""
    where = (finding.row, finding.cell, finding.column, finding.key)
    return (finding.rule, str(finding.severity), *where, finding.observed, finding.expected, finding.amount, finding.count)


def test_the_titled_sheet_is_clean(tmp_path: Path) -> None:
    assert found(check(dues(tmp_path, lambda sheet: None), year=2015)) == []


def hide_rows(*rows: int) -> Callable[[Worksheet], None]:
    def hide(sheet: Worksheet) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden = True

    return hide


def test_money_in_hidden_rows_is_one_finding_for_the_sheet(tmp_path: Path) -> None:
    report = check(dues(tmp_path, hide_rows(1, 4, 5, 7, 8, 10, 11)), year=2015)
    finding = one(report)
    assert facts(finding) == ("G018", "medium", 4, None, None, (), "hidden_rows", "4:5, 8:8", 4650, 3)
    assert said(finding) == (
        "有 3 行被隐藏（4:5, 8:8），其中金额 46.50 元，已计入合计。请全选工作表，右键单击行号，选“取消隐藏”，逐行核对；不该有的请删除。",
        "3 row(s) are hidden (4:5, 8:8) with 46.50 in them, which is counted. Select the whole sheet, right-click a row number, choose "
        "Unhide and check them; delete what does not belong.",
    )
    assert (finding.ledger, finding.file, finding.sheet, shown(finding, finding.observed, "zh")) == ("dues", "b.xlsx", "会费", "隐藏的行")
    assert report.book.sheets[0].amount == 6375


def test_many_runs_of_hidden_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    rows = "\n".join(f"| M{n:03d} | 甲 | 2015-01 | #15 | #15 | 2015-01-10d |" for n in range(14))
    table = f"| 会员编号 | 姓名 | 所属月份 | 应缴会费 | 实缴会费 | 缴款日期 |\n{rows}"
    finding = one(check(dues(tmp_path, hide_rows(*range(2, 15, 2)), table), year=2015))
    assert (finding.expected, finding.count, finding.amount) == ("2:2, 4:4, 6:6, 8:8, 10:10 …", 7, 10500)


def test_hidden_rows_without_money(tmp_path: Path) -> None:
    finding = one(check(dues(tmp_path, hide_rows(6)), year=2015))
    assert (finding.rule, finding.amount) == ("G018", 1500)  # nothing was paid there, but 15 is owed
    finding = one(check(touched(write(tmp_path / "m.xlsx", {"名册": CLEAN["members"]}), hide_rows(2), "名册"), year=2015))
    assert facts(finding) == ("G012", "low", 2, None, None, (), "hidden_rows", "2:2", 0, 1)
    assert said(finding) == (
        "有 1 行被隐藏（2:2），其中没有金额，但已读取。请全选工作表，右键单击行号，选“取消隐藏”；不该有的行请删除。",
        "1 row(s) are hidden (2:2); they hold no money and are read. Select the whole sheet, right-click a row number and choose Unhide; "
        "delete what does not belong.",
    )


def test_hidden_titles_totals_notes_and_blanks_are_nobodys_business(tmp_path: Path) -> None:
    assert found(check(dues(tmp_path, hide_rows(1, 2, 7, 10, 11, *range(12, 400))), year=2015)) == []


def test_rows_of_no_height_are_hidden(tmp_path: Path) -> None:
    path = rewritten(dues(tmp_path, lambda sheet: None), lambda xml: xml.replace('<row r="4"', '<row r="4" ht="0" customHeight="1"'))
    assert [(f.rule, f.expected) for f in check(path, year=2015).findings] == [("G018", "4:4")]


def test_what_was_entered_and_taken_back_does_not_hide_itself(tmp_path: Path) -> None:
    rows = clean("relief", 金额="#-500", 备注="红冲 V2")
    path = touched(write(tmp_path / "r.xlsx", {"帮扶": rows}), hide_rows(2, 3), "帮扶")
    finding = one(check(path, year=2015))
    assert (finding.rule, finding.amount, finding.count) == ("G018", 100000, 2)


def filtered(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A3:H9"
    sheet.auto_filter.add_filter_column(1, ["丙", "丁"])
    hide_rows(4, 5, 9)(sheet)


def test_a_filter_left_on_is_one_finding_with_the_money_it_hides(tmp_path: Path) -> None:
    report = check(dues(tmp_path, filtered), year=2015)
    finding = one(report)
    assert facts(finding) == ("G012", "low", 3, "A3", None, (), "filter", "A3:H9", 4775, 3)
    assert said(finding) == (
        "A3:H9 开着筛选，有 3 行（金额 47.75 元）没有显示，但已读取并计入。打印或加总前，请先清除筛选（“数据”>“清除”）。",
        "A filter is on over A3:H9 and keeps 3 row(s) with 47.75 out of sight; they are read and counted. Clear it (Data > Clear) before "
        "you print or add up.",
    )
    assert report.book.sheets[0].amount == 6375


def test_a_filter_that_hides_nothing_is_still_on(tmp_path: Path) -> None:
    def all_shown(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A3:H9"
        sheet.auto_filter.add_filter_column(1, ["甲", "乙", "丙", "丁", "戊"])

    finding = one(check(dues(tmp_path, all_shown), year=2015))
    assert (finding.observed, finding.amount, finding.count) == ("filter", 0, 0)


def test_filter_buttons_alone_are_no_filter(tmp_path: Path) -> None:
    def buttons(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A3:H9"

    assert found(check(dues(tmp_path, buttons), year=2015)) == []


def test_rows_hidden_outside_the_filter_are_hidden_by_hand(tmp_path: Path) -> None:
    def both(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A3:H6"
        sheet.auto_filter.add_filter_column(1, ["甲"])
        hide_rows(5, 6, 9)(sheet)

    report = check(dues(tmp_path, both), year=2015)
    assert [(f.rule, f.observed, f.expected, f.amount) for f in report.findings] == [
        ("G018", "hidden_rows", "9:9", 1725),
        ("G012", "filter", "A3:H6", 1550),
    ]


def hide_columns(*letters: str) -> Callable[[Worksheet], None]:
    def hide(sheet: Worksheet) -> None:
        for letter in letters:
            sheet.column_dimensions[letter].hidden = True

    return hide


def test_hidden_columns(tmp_path: Path) -> None:
    """Money is G018 a field, the rest together G012; a column with nothing in it is nothing."""
    report = check(dues(tmp_path, hide_columns("B", "E", "F", "H", "K")), year=2015)
    money, rest = report.findings
    assert facts(money) == ("G018", "medium", 3, "E3", "paid", (), "hidden_columns", "E", 6375, 1)
    assert facts(rest) == ("G012", "low", 3, "B3", None, (), "hidden_columns", "B, H", 0, 2)
    assert said(money) == (
        "“实缴会费”列被隐藏（E 列），其中金额 63.75 元，已计入合计。请全选工作表，右键单击列标，选“取消隐藏”，并核对。",
        "“Paid” is hidden (column E) with 63.75 in it, which is counted. Select the whole sheet, right-click a column letter, choose "
        "Unhide and check it.",
    )
    assert said(rest) == (
        "有 2 列被隐藏（B, H），其中没有本台账的金额，但已读取。请全选工作表，右键单击列标，选“取消隐藏”；不该有的列请删除。",
        "2 column(s) are hidden (B, H); they hold no money of the ledger and are read. Select the whole sheet, right-click a column letter "
        "and choose Unhide; delete what does not belong.",
    )


def test_wages_are_no_money_of_the_union(tmp_path: Path) -> None:
    path = touched(write(tmp_path / "m.xlsx", {"名册": CLEAN["members"]}), hide_columns("K"), "名册")
    assert [(f.rule, f.expected) for f in check(path, year=2015).findings] == [("G012", "K")]


def test_hidden_months_of_wide_dues_are_one_finding(tmp_path: Path) -> None:
    table = "| 会员编号 | 姓名 | 1月 | 2月 | 3月 |\n| M001 | 甲 | #15 | #15 | #15 |\n| M002 | 乙 | #15 | | #16 |"
    report = check(dues(tmp_path, hide_columns("C", "E"), table), year=2015)
    assert facts(one(report)) == ("G018", "medium", 1, "C1", "paid", (), "hidden_columns", "C, E", 6100, 2)


@pytest.mark.parametrize(
    ("state", "observed", "zh", "en"),
    [
        (
            "hidden",
            "hidden_sheet",
            "该工作表被隐藏，其中金额 63.75 元，已计入合计。请右键单击任一工作表标签，选“取消隐藏”，核对内容；不该有的请删除。",
            "This sheet is hidden with 63.75 in it, which is counted. Right-click any sheet tab, choose Unhide, and check it; delete it if it "
            "does not belong.",
        ),
        (
            "veryHidden",
            "very_hidden_sheet",
            "该工作表被深度隐藏，Excel 菜单中看不到，其中金额 63.75 元，已计入合计。"
            "请在 VBA 编辑器（Alt+F11）中把 Visible 属性改为 -1，核对内容；不该有的请删除。",
            "This sheet is hidden in a way that Excel's menu does not list, with 63.75 in it, which is counted. Unhide it in the VBA editor "
            "(Alt+F11, property Visible: -1) and check it; delete it if it does not belong.",
        ),
    ],
)
def test_money_in_a_hidden_sheet(tmp_path: Path, state: str, observed: str, zh: str, en: str) -> None:
    def hide(sheet: Any) -> None:
        sheet.sheet_state = state

    finding = one(check(dues(tmp_path, hide), year=2015))
    assert facts(finding) == ("G018", "medium", None, None, None, (), observed, None, 6375, None)
    assert said(finding) == (zh, en)


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        (
            "hidden",
            "该工作表被隐藏，但不是空表。请右键单击任一工作表标签，选“取消隐藏”，核对内容；不需要的请删除。",
            "This sheet is hidden and is not empty. Right-click any sheet tab, choose Unhide, and check it; delete it if it is not needed.",
        ),
        (
            "veryHidden",
            "该工作表被深度隐藏，Excel 菜单中看不到，但不是空表。请在 VBA 编辑器（Alt+F11）中把 Visible 属性改为 -1，核对内容；不需要的请删除。",
            "This sheet is hidden in a way that Excel's menu does not list, and is not empty. Unhide it in the VBA editor (Alt+F11, property "
            "Visible: -1) and check it; delete it if it is not needed.",
        ),
    ],
)
def test_a_hidden_sheet_without_money(tmp_path: Path, state: str, zh: str, en: str) -> None:
    """A roster, and a cover; an empty sheet is nothing."""
    path = write(
        tmp_path / "b.xlsx", {"会费": TITLED, "名册": CLEAN["members"], "封面": cover(branch_code="B1", branch="甲", year="2015"), "空": ""}
    )
    book = openpyxl.load_workbook(path)
    for name in ("名册", "封面", "空"):
        book[name].sheet_state = state
    book.save(path)
    hidden = [f for f in check(path).findings if f.rule in ("G012", "G018")]
    assert [(f.rule, f.sheet, f.amount) for f in hidden] == [("G012", "名册", 0), ("G012", "封面", 0)]
    assert {said(finding) for finding in hidden} == {(zh, en)}


def test_a_hidden_sheet_that_is_no_ledger_is_found_by_its_name(tmp_path: Path) -> None:
    """F007 says that it is not read; without this the clerk would look for it in vain."""
    path = write(tmp_path / "b.xlsx", {"会费": TITLED, "底稿": "| 甲 | 乙 |\n| 1 | 2 |"})
    book = openpyxl.load_workbook(path)
    book["底稿"].sheet_state = "hidden"
    book.save(path)
    assert [(f.rule, f.sheet) for f in check(path, year=2015).findings] == [("F007", "底稿"), ("G012", "底稿")]


def test_merged_data_cells(tmp_path: Path) -> None:
    """Titles, totals and notes may be merged; a column of a sheet is one finding."""

    def merge(sheet: Worksheet) -> None:
        for area in ("A1:H1", "A10:C10", "B11:D11", "C4:C6", "C8:C9", "F8:G8"):
            sheet.merge_cells(area)

    report = check(dues(tmp_path, merge), year=2015)
    shown = [(f.rule, f.cell, f.column, f.expected, f.count) for f in report.findings]
    assert sorted(shown) == [
        ("G012", "F8", "waived", "F8:G8", 1),
        ("G013", "C5", "period", "C4:C6, C8:C9", 3),
        ("G013", "G8", "paid_on", "F8:G8", 1),
    ]
    assert said(next(f for f in report.findings if f.cell == "C5")) == (
        "“所属月份”列有 3 格被合并单元格盖住（C4:C6, C8:C9），按空白读取。请取消合并，逐行填写。",
        "3 cell(s) of “Period” lie under merged cells (C4:C6, C8:C9) and are read as blank. Unmerge the cells and fill in every row.",
    )


def test_merged_cells_that_cover_nothing_required(tmp_path: Path) -> None:
    report = check(dues(tmp_path, lambda sheet: sheet.merge_cells("F4:F6")), year=2015)
    assert [facts(finding) for finding in report.findings] == [("G012", "low", 4, "F4", "waived", (), "merged", "F4:F6", None, 1)]
    assert said(one(report)) == (
        "数据区有合并单元格（F4:F6，“减免金额”列共 1 处）：只有左上角一格有内容，其余按空白读取。请取消合并，逐行填写。",
        "Cells are merged (F4:F6; 1 in “Waived”): only the first of them holds the value, the others are read as blank. Unmerge them "
        "and fill in every row.",
    )


def test_a_blank_beside_merged_cells_is_its_own_finding(tmp_path: Path) -> None:
    def touch(sheet: Worksheet) -> None:
        sheet.merge_cells("C4:C5")
        sheet["C8"] = None

    assert sorted((f.rule, f.cell, f.case) for f in check(dues(tmp_path, touch), year=2015).findings if f.rule == "G013") == [
        ("G013", "C5", "merged"),
        ("G013", "C8", ""),
    ]


def test_merged_cells_of_no_field_are_left_alone(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("H4:H6")
        sheet.merge_cells("J4:K9")

    assert found(check(dues(tmp_path, merge), year=2015)) == []


FORMULAS = """
    | 会员编号 | 姓名 | 所属月份 | 应缴会费       | 实缴会费    | 缴款日期    | 备注      |
    | M001     | 甲   | 2015-01  | =E2+0 -> 15    | #15         | 2015-01-10d | =A2 -> 1  |
    | M002     | 乙   | 2015-01  | =E3+0 -> 15    | #15         | 2015-01-10d |           |
    | M003     | 丙   | 2015-01  | =E4+0          | #15         | 2015-01-10d |           |
    | M004     | 丁   | 2015-01  | =E5+0 -> 16    | =8*2 -> 16  | 2015-01-10d |           |
    | 合计     |      |          |                | =SUM(E2:E5) -> 61 |       |           |
    """


def test_formulas_in_data_cells_are_one_finding_a_column(tmp_path: Path) -> None:
    """Not those of a total row, and not one that was never calculated: that is G021."""
    report = check(write(tmp_path / "b.xlsx", {"会费": FORMULAS}), year=2015)
    assert [facts(f) for f in report.findings if f.rule == "G012"] == [
        ("G012", "low", 2, "D2", "due", (), "formula", "D2:D5", None, 3),
        ("G012", "low", 2, "G2", "remark", (), "formula", "G2", None, 1),
        ("G012", "low", 5, "E5", "paid", (), "formula", "E5", None, 1),
    ]
    assert [(f.rule, f.cell) for f in report.findings if f.rule != "G012"] == [("G021", "D4")]
    assert said(next(f for f in report.findings if f.rule == "G012")) == (
        "“应缴会费”列有 3 个单元格是公式（D2:D5），读取的是最后一次保存的结果。报送前请复制该列，选择性粘贴为数值。",
        "3 cell(s) of “Due” are formulas (D2:D5); the result saved last is what is read. Copy the column and paste it as values before "
        "handing in.",
    )


def test_a_spread_formula_counts_in_all_its_cells(tmp_path: Path) -> None:
    path = write(
        tmp_path / "b.xlsx", {"会费": FORMULAS.replace("=E2+0 -> 15", "#15").replace("=E3+0 -> 15", "#15").replace("=E4+0 ", "#15")}
    )
    array = '<f t="array" ref="D2:D4">E2:E4</f><v>15</v></c>'
    rewritten(path, lambda xml: xml.replace('<c r="D2"><v>15</v></c>', f'<c r="D2">{array}'))
    finding = next(f for f in check(path, year=2015).findings if f.column == "due")
    assert (finding.observed, finding.expected, finding.count) == ("formula", "D2:D4, D5", 4)


def shown_as(code: str, *cells: str) -> Callable[[Worksheet], None]:
    def put(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].number_format = code

    return put


def test_amounts_shown_rounded_are_one_finding_a_column(tmp_path: Path) -> None:
    report = check(dues(tmp_path, shown_as("0", *(f"E{row}" for row in range(4, 11)))), year=2015)
    finding = one(report)
    assert facts(finding) == ("G019", "low", 5, "E5", "paid", (), "16", "15.5", 75, 2)
    assert said(finding) == (
        "单元格显示 16，实际存的是 15.5；“实缴会费”列共有 2 个单元格这样，合计相差 0.75 元。"
        "计入的是实际存的数：请把格式改为两位小数，或按应有的金额重新录入。",
        "The cell shows 16 and holds 15.5; 2 cell(s) of “Paid” differ in this way, by 0.75 in all. What is held is counted: show two "
        "decimals, or type the amount that is meant.",
    )
    assert report.book.sheets[0].amount == 6375


@pytest.mark.parametrize(
    ("code", "observed", "amount"),
    [("0!.0,", "0.0", 1550), (";;;", None, 1550), ("0%", "1550%", 153450), ('"已缴"', "已缴", 1550), ("0.0", None, None)],
)
def test_a_format_that_scales_or_hides(tmp_path: Path, code: str, observed: str | None, amount: int | None) -> None:
    report = check(dues(tmp_path, shown_as(code, "E5")), year=2015)
    assert [(f.rule, f.cell, f.observed, f.amount) for f in report.findings] == ([("G019", "E5", observed, amount)] if amount else [])


def test_an_amount_that_shows_nothing_says_so(tmp_path: Path) -> None:
    finding = one(check(dues(tmp_path, shown_as(";;;", "E5")), year=2015))
    assert said(finding)[0].startswith("单元格显示 （无），实际存的是 15.5；")
    assert said(finding)[1].startswith("The cell shows (none) and holds 15.5;")


def test_two_decimals_may_round_what_is_in_ten_thousands(tmp_path: Path) -> None:
    table = "| 科目编码 | 科目名称 | 收支 | 年初预算（万元） |\n| 50101 | 教育 | 支出 | #12.3456 |\n| 50102 | 文体 | 支出 | #12.34 |"
    path = touched(write(tmp_path / "b.xlsx", {"预算": table}), shown_as("0.00", "D2", "D3"), "预算")
    finding = next(f for f in check(path, year=2015).findings if f.rule == "G019")
    assert facts(finding) == ("G019", "low", 2, "D2", "approved", (), "12.35", "12.3456", 4400, 1)


def test_only_amounts_that_are_read_are_compared(tmp_path: Path) -> None:
    """A running number, a total, and an amount of three decimals, which is G008."""
    table = TITLED.replace("#1     |", "#1.5   |").replace("#15.5 ", "#15.555")
    report = check(dues(tmp_path, shown_as("0", "H4", "E10", "E5"), table), year=2015)
    assert [(f.rule, f.cell) for f in report.findings if f.rule != "G010"] == [("G008", "E5")]


def test_where_is_no_number_of_a_person(tmp_path: Path) -> None:
    """A range in the column of IDs is not masked as one."""
    path = touched(write(tmp_path / "m.xlsx", {"名册": CLEAN["members"]}), lambda sheet: sheet.merge_cells("D2:D3"), "名册")
    (finding,) = (f for f in masked(check(path, year=2015)).findings if f.rule == "G013")
    assert (finding.column, finding.expected) == ("id_no", "D2:D3")
