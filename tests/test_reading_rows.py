"""Every row of a sheet is blank, a total, a note, used or rejected; wide dues are melted; totals are checked, never counted."""

from pathlib import Path

import pytest
from books import check, counts, cover, excel, foots, found, grid, one, said, write

from ledgerkit.model.report import Report

HEAD = "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    |"
ROW = "| M00{n}    | 甲{n} | 2015-0{n} | #15      | 2015-0{n}-10d |"


def dues(folder: Path, *lines: str) -> Report:
    report = check(write(folder / "dues.xlsx", {"会费": "\n".join([HEAD, *lines])}))
    foots(report)
    return report


def rows(*numbers: int) -> list[str]:
    return [ROW.format(n=n) for n in numbers]


@pytest.mark.parametrize(
    "label",
    [
        "合计",
        "合 计",
        "合　计",
        "合计：",
        "小计",
        "小 计",
        "总计",
        "总 计:",
        "累计",
        "本月合计",
        "Total",
        "TOTAL",
        "Grand total",
        "total:",
        "合计（元）",
        "本页小计",
    ],
)
def test_a_right_total_row_is_no_data_and_no_finding(tmp_path: Path, label: str) -> None:
    report = dues(tmp_path, *rows(1, 2), f"| {label} | | | #30 | |")
    assert found(report) == []
    assert counts(report) == (2, 0, 1, 0)
    assert report.book.sheets[0].amount == 3000


@pytest.mark.parametrize("column", [0, 1, 2, 4])
def test_the_word_may_stand_in_any_text_cell(tmp_path: Path, column: int) -> None:
    cells = ["", "", "", "#30", ""]
    cells[column] = "合计"
    report = dues(tmp_path, *rows(1, 2), "|" + "|".join(cells) + "|")
    assert (found(report), counts(report)) == ([], (2, 0, 1, 0))


def test_a_wrong_total_is_an_error_at_its_cell(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1, 2), "| 合计 | | | #31.5 | |")
    finding = one(report)
    assert (finding.rule, finding.severity, finding.cell, finding.row) == ("G010", "error", "D4", 4)
    assert (finding.observed, finding.expected, finding.amount) == ("31.50", "30.00", 150)
    assert said(finding) == (
        "合计数填 31.50，明细相加为 30.00（其中无法读取的明细 0 行）。请更正合计，或查找漏加的行。",
        "The total says 31.50, its details add up to 30.00 (details not read: 0). Correct the total, or the row left out.",
    )
    assert report.book.sheets[0].amount == 3000


def test_a_total_is_compared_even_with_unreadable_details_and_says_how_many(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1, 2), "| M003 | 丙 | 2015-03 | 十五 | 2015-03-10d |", "| 合计 | | | #45 | |")
    assert found(report) == [("G010", "D5", "45.00", "30.00"), ("G008", "D4", "十五", "1234.50")]
    total = next(f for f in report.findings if f.rule == "G010")
    assert "无法读取的明细 1 行" in said(total)[0]
    assert "(details not read: 1)" in said(total)[1]
    assert counts(report) == (3, 0, 1, 1)


def test_subtotals_a_group_and_a_total_of_all(tmp_path: Path) -> None:
    lines = [*rows(1, 2), "| 小计 | | | #30 | |", *rows(3, 4, 5), "| 小 计 | | | #45 | |", "| 总计 | | | #75 | |"]
    report = dues(tmp_path, *lines)
    assert (found(report), counts(report)) == ([], (5, 0, 3, 0))


def test_a_wrong_subtotal_is_told_from_a_right_total(tmp_path: Path) -> None:
    lines = [*rows(1, 2), "| 小计 | | | #30 | |", *rows(3), "| 小计 | | | #30 | |", "| 合计 | | | #45 | |"]
    assert found(dues(tmp_path, *lines)) == [("G010", "D6", "30.00", "15.00")]


def test_a_subtotal_of_everything_so_far_is_wrong(tmp_path: Path) -> None:
    """小计 is of its own group; what adds up to more has taken rows of another."""
    lines = [*rows(1, 2), "| 小计 | | | #30 | |", *rows(3), "| 小计 | | | #45 | |"]
    assert [f[:3] for f in found(dues(tmp_path, *lines))] == [("G010", "D6", "45.00")]


def test_every_money_column_of_a_total_row_is_checked(tmp_path: Path) -> None:
    table = """
    | 会员编号 | 姓名 | 所属月份 | 应缴会费 | 实缴会费 | 减免金额 | 减免原因 | 缴款日期    |
    | M001     | 甲   | 2015-01  | #15      | #10      | #5       | 困难     | 2015-01-10d |
    | M002     | 乙   | 2015-01  | #15      | #15      |          |          | 2015-01-10d |
    | 合计     |      |          | #31      | #25      | #6       |          |             |
    """
    report = check(write(tmp_path / "d.xlsx", {"会费": table}))
    assert sorted(found(report)) == [("G010", "D4", "31.00", "30.00"), ("G010", "F4", "6.00", "5.00")]


@pytest.mark.parametrize(
    ("cell", "rule", "observed"),
    [("#REF!", "G020", "#REF!"), ("=SUM(D2:D3)", "G021", None), ("三十", "G008", "三十"), ("#30.005", "G008", "30.005")],
)
def test_a_total_that_cannot_be_read_is_said(tmp_path: Path, cell: str, rule: str, observed: str | None) -> None:
    """A total row is checked against its details; one that cannot be read is no blank and must not pass in silence."""
    report = dues(tmp_path, *rows(1, 2), f"| 合计 | | | {cell} | |")
    assert [f[:3] for f in found(report)] == [(rule, "D4", observed)]
    assert counts(report) == (2, 0, 1, 0)


def test_a_calculated_total_is_read(tmp_path: Path) -> None:
    assert found(dues(tmp_path, *rows(1, 2), "| 合计 | | | =SUM(D2:D3) -> 30 | |")) == []
    assert found(dues(tmp_path, *rows(1, 2), "| 合计 | | | =SUM(D2:D2) -> 15 | |")) == [("G010", "D4", "15.00", "30.00")]


def test_a_row_with_a_key_is_never_a_total(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1), "| M009 | 合计 | 2015-09 | #15 | 2015-09-10d |")
    assert (found(report), counts(report)) == ([], (2, 0, 0, 0))


@pytest.mark.parametrize("remark", ["累计缴费满三年", "合计两人份", "Total of two", "小计见附件"])
def test_a_word_inside_a_remark_does_not_make_a_total_of_a_payment_without_key(tmp_path: Path, remark: str) -> None:
    """The member number is missing and the remark begins like a total: it is a row to be mended, not one to be left out."""
    table = f"""
    | 凭证号 | 受助人 | 发放类别 | 对象类别 | 事由 | 发放形式 | 金额 | 资金来源 | 预算科目 | 审批日期    | 审批人 | 经办人 | 发放日期    | 备注 | 实物名称 |
    | V1     | 甲     | 送温暖   | 家庭     | 困难 | 实物     | #500 | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d |      | 大米     |
    |        | 丁     | 送温暖   | 家庭     | 困难 | 实物     | #500 | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d | {remark} | 大米 |
    """
    report = check(write(tmp_path / "r.xlsx", {"帮扶": table}))
    foots(report)
    assert counts(report) == (2, 0, 0, 1)
    assert [(f.rule, f.cell) for f in report.findings] == [("G013", "A3")]


def test_notes_are_counted_with_blanks_and_kept(tmp_path: Path) -> None:
    report = dues(
        tmp_path, *rows(1, 2), "|", "| 制表：张三 | | 审核：李四 | | |", "| 注：本表不含借调人员 | | | | |", "| 说明 | 见附件 | | | |"
    )
    assert (found(report), counts(report)) == ([], (2, 4, 0, 0))
    assert report.book.sheets[0].rows
    assert report.book.sheets[0].rows.notes == ["制表：张三 审核：李四", "注：本表不含借调人员", "说明 见附件"]


@pytest.mark.parametrize(
    "word", ["制表人：张三", "审核：李四", "工会主席（签字）", "负责人：王五", "填表日期", "说明：", "注：", "Prepared by: Zhang", "主席:"]
)
def test_the_words_of_a_sign_off_line(tmp_path: Path, word: str) -> None:
    assert counts(dues(tmp_path, *rows(1), f"| {word} | | | | |")) == (1, 1, 0, 0)


def test_a_note_may_stand_in_the_column_of_the_money(tmp_path: Path) -> None:
    """Books whose first column is the amount: what is signed off below it is no amount that cannot be read."""
    head = "| 实缴会费 | 会员编号 | 姓名 | 所属月份 | 缴款日期 |"
    lines = [head, "| #15 | M001 | 甲 | 2015-01 | 2015-01-10d |", "| 制表：张三　审核：李四 | | | | |", "| 说明：本表一式两份 | | | | |"]
    report = check(write(tmp_path / "dues.xlsx", {"会费": "\n".join(lines)}))
    assert (found(report), counts(report)) == ([], (1, 2, 0, 0))
    assert report.book.sheets[0].rows
    assert report.book.sheets[0].rows.notes == ["制表：张三　审核：李四", "说明：本表一式两份"]


def test_a_text_in_place_of_the_money_is_no_note_beside_a_member(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1), "| M009 | 庚 | 2015-02 | 主席未批 | 2015-02-10d |", "| | 辛 | 2015-02 | 注：未缴 | |")
    assert counts(report) == (3, 0, 0, 2)
    assert [cell for rule, cell, *_ in found(report) if rule == "G008"] == ["D3", "D4"]


def test_a_line_with_money_is_no_note(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1), "| 注册会员 | 乙 | 2015-02 | #15 | 2015-02-10d |")
    assert (found(report), counts(report)) == ([], (2, 0, 0, 0))


def test_a_row_whose_only_money_is_an_error_cell_is_no_note(tmp_path: Path) -> None:
    """The amount is there and unknown: leaving the row out as a note would hide it."""
    report = dues(tmp_path, *rows(1), "| 注册1号 | | | #REF! | |")
    assert counts(report) == (2, 0, 0, 1)
    assert ("G020", "D3", "#REF!", None) in found(report)


def test_blank_rows_inside_are_counted_and_trailing_ones_are_not(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1), "|", "| 　 | | \u200b | | |", *rows(2), "|", "|")
    assert (found(report), counts(report)) == ([], (2, 2, 0, 0))


@pytest.mark.parametrize(("cell", "rule", "observed"), [("#REF!", "G020", "#REF!"), ("=Sheet9!A1", "G021", None)])
def test_a_row_of_nothing_but_broken_cells_is_not_blank(tmp_path: Path, cell: str, rule: str, observed: str | None) -> None:
    """calamine gives "" for both: a row linked from another sheet that was never calculated must not vanish."""
    report = dues(tmp_path, *rows(1), "|" + f" {cell} |" * 5, *rows(2))
    assert counts(report) == (3, 0, 0, 1)
    assert {(f.rule, f.cell, f.observed) for f in report.findings} == {(rule, f"{letter}3", observed) for letter in "ABCDE"}


def test_a_sheet_whose_rows_were_never_calculated_is_not_an_empty_one(tmp_path: Path) -> None:
    report = dues(tmp_path, *["| =X!A1 | =X!B1 | =X!C1 | =X!D1 | =X!E1 |"] * 3)
    assert counts(report) == (3, 0, 0, 3)
    assert len([f for f in report.findings if f.rule == "G021"]) == 15


def test_a_broken_cell_alone_in_the_last_row_is_said(tmp_path: Path) -> None:
    report = dues(tmp_path, *rows(1), "| | | | #DIV/0! | |")
    assert ("G020", "D3", "#DIV/0!", None) in found(report)
    assert counts(report)[0] == 2


REJECTED = {
    "| | 乙 | 2015-02 | #15 | 2015-02-10d |": [("G013", "A2", None, None)],
    "| M002 | 乙 | | #15 | 2015-02-10d |": [("G013", "C2", None, None)],
    "| M002 | 乙 | 2015-02 | | 2015-02-10d |": [("G013", "D2", None, None)],
    "| M002 | 乙 | 2015-13 | #15 | 2015-02-10d |": [("G009", "C2", "2015-13", "YYYY-MM")],
    "| M002 | 乙 | 2015-02 | 十五 | 2015-02-10d |": [("G008", "D2", "十五", "1234.50")],
    "| #REF! | 乙 | 2015-02 | #15 | 2015-02-10d |": [("G020", "A2", "#REF!", None)],
    "| #1234567890123456 | 乙 | 2015-02 | #15 | 2015-02-10d |": [("G002", "A2", None, None)],
}
KEPT = {
    "| M002 | | 2015-02 | #15 | 2015-02-10d |": [("G013", "B2", None, None)],
    "| M002 | 乙 | 2015-02 | #15 | |": [("G013", "E2", None, None)],
    "| M002 | 乙 | 2015-02 | #15 | 昨天 |": [("G009", "E2", "昨天", "YYYY-MM-DD")],
    "| M002 | #N/A | 2015-02 | #15 | 2015-02-10d |": [("G020", "B2", "#N/A", None)],
}


@pytest.mark.parametrize("line", REJECTED)
def test_a_row_without_a_readable_key_or_money_is_rejected(tmp_path: Path, line: str) -> None:
    report = dues(tmp_path, line, *rows(1))
    assert found(report) == REJECTED[line]
    assert counts(report) == (2, 0, 0, 1)
    sheet = report.book.sheets[0]
    assert (sheet.amount, sheet.amount_rejected) == (1500, 1500 if "#15" in line else 0)


@pytest.mark.parametrize("line", KEPT)
def test_any_other_fault_leaves_the_row_in_use(tmp_path: Path, line: str) -> None:
    report = dues(tmp_path, line, *rows(1))
    assert found(report) == KEPT[line]
    assert counts(report) == (2, 0, 0, 0)
    assert report.book.sheets[0].amount == 3000


def test_relief_is_rejected_by_its_voucher_and_amount_alone(tmp_path: Path) -> None:
    table = """
    | 凭证号 | 发放类别 | 对象类别 | 受助人 | 事由 | 发放形式 | 实物名称 | 金额 | 资金来源 | 预算科目 | 审批日期    | 审批人 | 经办人 | 发放日期    |
    | V1     | 不知     | 不知     |        |      | 不知     | 米       | #500 | 不知     | 50204    | 前天        |        |        | 昨天        |
    |        | 送温暖   | 家庭     | 甲     | 困难 | 实物     | 米       | #500 | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d |
    | V3     | 送温暖   | 家庭     | 甲     | 困难 | 实物     | 米       |      | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d |
    """
    report = check(write(tmp_path / "r.xlsx", {"帮扶": table}))
    foots(report)
    sheet = report.book.sheets[0]
    assert (sheet.rows_read, sheet.rows_rejected, sheet.amount, sheet.amount_rejected) == (3, 2, 50000, 50000)


def test_attendance_counts_by_number_or_name(tmp_path: Path) -> None:
    table = """
    | 活动编号 | 会员编号 | 姓名 | 状态 | 非会员 |
    | A1       | M001     | 甲   | 到   |        |
    | A1       |          | 乙   | 到   | 是     |
    | A1       | M003     |      | 到   |        |
    | A1       |          |      | 到   | 是     |
    |          | M004     | 丁   | 到   |        |
    """
    report = check(write(tmp_path / "a.xlsx", {"签到": table}))
    foots(report)
    assert counts(report) == (5, 0, 0, 2)


def test_several_sheets_are_one_ledger_in_sheet_order(tmp_path: Path) -> None:
    sheets = {f"{n}月": "\n".join([HEAD, *rows(n)]) for n in (3, 1, 2)}
    report = check(write(tmp_path / "dues.xlsx", sheets))
    foots(report)
    table = report.book.used["dues"]
    assert list(table["member_no"]) == ["M003", "M001", "M002"]
    assert list(table["_src"]) == [0, 1, 2]
    assert [s.amount for s in report.book.sheets] == [1500, 1500, 1500]
    assert found(report) == []


def test_a_finding_in_the_second_sheet_names_it(tmp_path: Path) -> None:
    sheets = {"一月": "\n".join([HEAD, *rows(1)]), "二月": "\n".join(["|", HEAD, "|", "| M2 | 乙 | 2015-02 | 十五 | |", *rows(2)])}
    path = write(tmp_path / "dues.xlsx", sheets)
    finding = one(check(path))
    assert (finding.sheet, finding.cell, finding.row, finding.key) == ("二月", "D4", 4, ("M2", "2015-02"))
    assert excel(path, "二月", "D4") == "十五"


def test_a_ledger_in_separate_files_is_added(tmp_path: Path) -> None:
    for n in (1, 2):
        write(tmp_path / f"{n}.xlsx", {"会费": "\n".join([HEAD, *rows(n)])})
    report = check(tmp_path)
    foots(report)
    assert found(report) == []
    assert len(report.book.used["dues"]) == 2


WIDE = """
| 会员编号 | 姓名 | 1月 | 2月  | 3月 | 4月 | 5月 | 6月 | 7月 | 8月 | 9月 | 10月 | 11月 | 12月 | 合计 |
| M001     | 甲   | #15 | #15  |     |     |     |     |     |     |     |      |      | #15  | #45  |
| M002     | 乙   | #20 | 二十 |     |     |     |     |     |     |     |      |      |      | #20  |
| M003     | 丙   |     |      |     |     |     |     |     |     |     |      |      |      |      |
| 合计     |      | #35 | #16  |     |     |     |     |     |     |     |      |      | #15  | #65  |
"""


def test_wide_dues_are_a_row_a_filled_month(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"封面": cover(branch_code="B01", year="2016", branch="某工会"), "会费": WIDE}))
    foots(report)
    table = report.book.read["dues"]
    assert [(table.show(n, "member_no"), table.show(n, "period"), table.show(n, "paid")) for n in range(len(table))] == [
        ("M001", "2016-01", "15.00"),
        ("M001", "2016-02", "15.00"),
        ("M001", "2016-12", "15.00"),
        ("M002", "2016-01", "20.00"),
        ("M002", "2016-02", None),
    ]
    assert found(report) == [("G010", "D5", "16.00", "15.00"), ("G008", "D3", "二十", "1234.50")]
    assert counts(report, 1) == (5, 1, 1, 1)
    finding = next(f for f in report.findings if f.rule == "G008")
    assert (finding.column, finding.key, finding.row) == ("paid", ("M002", "2016-02"), 3)


@pytest.mark.parametrize(
    "months",
    [
        ["1月", "2月", "3月"],
        ["01月", "2月份", "3 月"],
        ["Jan", "Feb", "Mar"],
        ["January", "February", "March"],
        ["1月 / Jan", "2月\\nFeb", "3月/Mar"],
        ["１月", "２月", "３月"],
        ["1月（元）", "2月(元)", "3月*"],
        ["JAN", "feb", "Mar:"],
    ],
    ids=lambda months: months[0],
)
def test_months_in_every_language(tmp_path: Path, months: list[str]) -> None:
    table = [["Member no", "Name", *months], ["M1", "甲", "#1", "#2", "#3"]]
    report = check(write(tmp_path / "d.xlsx", {"dues": table}), year=2015)
    table_ = report.book.used["dues"]
    assert [(table_.show(n, "period"), table_.show(n, "paid")) for n in range(3)] == [
        ("2015-01", "1.00"),
        ("2015-02", "2.00"),
        ("2015-03", "3.00"),
    ]


def test_two_months_are_no_wide_dues(tmp_path: Path) -> None:
    report = check(write(tmp_path / "d.xlsx", {"dues": [["Member no", "Name", "Jan", "Feb"], ["M1", "甲", "#1", "#2"]]}), year=2015)
    assert report.book.sheets[0].ledger is None


@pytest.mark.parametrize("heading", ["Decrease", "Marital", "Mark", "Jane", "Sept total", "Junior", "Augmented", "13月", "0月"])
def test_a_heading_that_only_begins_like_a_month_is_none(tmp_path: Path, heading: str) -> None:
    """Nothing is read by likeness: Decrease is no December."""
    table = [["Member no", "Name", "Jan", "Feb", "Mar", "Apr", heading], ["M1", "甲", "#1", "#2", "#3", "#4", "#1000"]]
    report = check(write(tmp_path / "d.xlsx", {"dues": table}), year=2015)
    sheet = report.book.sheets[0]
    assert sheet.amount == 1000
    assert sheet.rows
    assert sheet.rows.extras == {heading: ["1000"]}


def test_a_month_twice_is_a_header_twice(tmp_path: Path) -> None:
    table = [["会员编号", "姓名", "1月", "2月", "3月", "Jan"], ["M1", "甲", "#1", "#2", "#3", "#100"]]
    report = check(write(tmp_path / "d.xlsx", {"会费": table}), year=2015)
    assert [f[:2] for f in found(report)] == [("G022", "F1")]
    assert report.book.sheets[0].amount == 600


def test_wide_dues_ask_for_no_date_method_or_receipt(tmp_path: Path) -> None:
    table = [["会员编号", "姓名", "缴费方式", "1月", "2月", "3月"], ["M1", "甲", "现金", "#1", "#2", "#3"]]
    assert found(check(write(tmp_path / "d.xlsx", {"会费": table}), year=2015)) == []


@pytest.mark.parametrize(
    ("cells", "rule", "cell"), [(["M1", ""], "G013", "B2"), (["M1", "#REF!"], "G020", "B2"), (["", "甲"], "G013", "A2")]
)
def test_one_faulty_cell_of_a_wide_row_is_one_finding(tmp_path: Path, cells: list[str], rule: str, cell: str) -> None:
    """Twelve months repeat the name, the fault is one."""
    table = [["会员编号", "姓名", *[f"{n}月" for n in range(1, 13)]], [*cells, *["#15"] * 12]]
    report = check(write(tmp_path / "d.xlsx", {"会费": table}), year=2015)
    assert [f[:2] for f in found(report)] == [(rule, cell)]


def test_a_faulty_cell_of_a_wide_row_without_payment_is_said(tmp_path: Path) -> None:
    table = [["会员编号", "姓名", "1月", "2月", "3月"], ["M1", "甲", "#1", "", ""], ["M2", "#REF!", "", "", ""]]
    assert found(check(write(tmp_path / "d.xlsx", {"会费": table}), year=2015)) == [("G020", "B3", "#REF!", None)]


def test_a_column_that_one_of_two_sheets_lacks_is_said_once_of_that_sheet(tmp_path: Path) -> None:
    """Its rows are not told one by one, whatever the other sheet has; the nearest heading is named."""
    head, row = ["会员编号", "姓名", "所属月份", "实缴会费"], ["M001", "甲", "2015-03", "#15"]
    write(tmp_path / "a.xlsx", {"封面": cover(branch_code="B01", year="2015"), "会费": [[*head, "缴款日期"], [*row, "2015-03-10d"]]})
    write(tmp_path / "b.xlsx", {"封面": cover(branch_code="B02", year="2015"), "会费": [[*head, "缴款日"], [*row, "2015-03-10d"]]})
    finding = one(check(tmp_path))
    assert (finding.rule, finding.file, finding.column, finding.observed) == ("G001", "b.xlsx", "paid_on", "E1 缴款日")


def test_broken_month_cells_are_no_blanks(tmp_path: Path) -> None:
    table = [["会员编号", "姓名", "1月", "2月", "3月"], ["M1", "甲", "#REF!", "=1+1", "#3"]]
    report = check(write(tmp_path / "d.xlsx", {"会费": table}), year=2015)
    assert sorted(found(report)) == [("G020", "C2", "#REF!", None), ("G021", "D2", None, None)]
    assert counts(report) == (3, 0, 0, 2)


def test_wide_dues_without_a_year_invent_none(tmp_path: Path) -> None:
    table = [["会员编号", "姓名", "1月", "2月", "3月"], ["M1", "甲", "#1", "x", "#3"]]
    finding = one(check(write(tmp_path / "d.xlsx", {"会费": table})))
    assert (finding.rule, finding.cell) == ("G008", "D2")
    assert "0000" not in finding.key[1]


def test_wide_and_long_dues_of_one_year_have_the_same_rows(tmp_path: Path) -> None:
    wide = check(
        write(tmp_path / "w" / "d.xlsx", {"会费": [["会员编号", "姓名", "1月", "2月", "3月"], ["M1", "甲", "#1", "#2", "#3"]]}), year=2015
    )
    lines = [f"| M1 | 甲 | 2015-0{n} | #{n} | 2015-0{n}-10d |" for n in (1, 2, 3)]
    long = check(write(tmp_path / "l" / "d.xlsx", {"会费": "\n".join([HEAD, *lines])}))
    for column in ("member_no", "name", "period", "paid", "waived", "method"):
        assert list(wide.book.used["dues"][column]) == list(long.book.used["dues"][column])


@pytest.mark.parametrize(("above", "left"), [(0, 0), (3, 0), (0, 2), (6, 3), (19, 1)])
def test_addresses_are_excels_whatever_stands_above_and_left(tmp_path: Path, above: int, left: int) -> None:
    """The second reader finds at each finding's cell what the finding says that it holds."""
    body = [
        "| M001 | 甲 | 2015-01 | 十五 | 2015-01-10d |",
        "|",
        "| M002 | 乙 | 2015-14 | #15 | 2015-02-30 |",
        "|",
        "|",
        "| M003 | 丙 | 2015-03 | #-15 | 03/04/2015 |",
        "| M004 | 丁 | 2015-04 | #1.005 | 2015-04-10d |",
    ]
    rows_ = [[""] * left + line for line in grid("\n".join([HEAD, *body]))]
    path = write(tmp_path / "d.xlsx", {"会费": [[""]] * above + rows_})
    report = check(path)
    assert len(report.findings) == 6
    for finding in report.findings:
        shown = excel(path, finding.sheet, finding.cell)
        assert shown == (finding.observed or "").removesuffix(".00"), f"{finding.rule} at {finding.cell}"
        assert str(finding.row) in str(finding.cell)
    foots(report)
