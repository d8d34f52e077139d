"""Figures and flags of small books, worked out by hand: each case is clean books plus one change."""

import json
from pathlib import Path
from typing import Any

import odd
import pytest
from books import write

from ledgerkit import audit
from ledgerkit.model.report import Report
from ledgerkit.writing.json import as_json

COVER = "| 工会编码 | B01 |\n| 填报单位 | 甲工会 |\n| 年度 | 2015 |\n| 填报日期 | 2015-12-31 |"
MEMBERS = """
| 会员编号 | 姓名 | 证件类型 | 证件号码 | 人员状态 | 入会日期 | 月缴费基数 |
| M1 | 甲 | 其他 | A1 | 在职 | 2010-01-01d | #2000 |
| M2 | 乙 | 其他 | A2 | 在职 | 2010-01-01d | #3000 |
"""
DUES = ["| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期 |"] + [
    f"| {no} | {name} | 2015-{n:02d} | #{due} | 2015-{n:02d}-10d |"
    for no, name, due in (("M1", "甲", 10), ("M2", "乙", 15))
    for n in range(1, 13)
]
RELIEF = """
| 凭证号 | 发放类别 | 对象类别 | 会员编号 | 受助人 | 事由 | 发放形式 | 金额 | 资金来源 | 预算科目 | 收款账号 | 审批日期 | 审批人 | 经办人 | 发放日期 |
| V1 | 住院 | 会员 | M1 | 甲 | 住院 | 转账 | #500 | 本级工会经费 | 50204 | 6222020200112230 | 2015-03-01d | 张三 | 李四 | 2015-03-05d |
| V2 | 住院 | 会员 | M2 | 乙 | 住院 | 转账 | #300 | 本级工会经费 | 50204 | 6222020200112248 | 2015-04-01d | 张三 | 李四 | 2015-04-05d |
"""
BUDGET = """
| 科目编码 | 科目名称 | 收支 | 年初预算 | 账面执行数 |
| 0 | 上年结余 | 上年结余 | #1000 | #1000 |
| 401 | 会费收入 | 收入 | #300 | #300 |
| 50204 | 困难帮扶 | 支出 | #1000 | #800 |
"""
CLEAN = {"封面": COVER, "会员名册": MEMBERS, "会费收缴": "\n".join(DUES), "帮扶慰问发放": RELIEF, "预算表": BUDGET}
RULES = ("B0", "X0", "M0", "F0", "G0", "D0", "A0")


def reconciled(folder: Path, **changed: str) -> Report:
    sheets = {**CLEAN, **changed}
    return audit.reconcile([write(folder / "b.xlsx", {name: table for name, table in sheets.items() if table})])


def flags(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.cell) for finding in report.findings if finding.rule != "G025"]


def checks(report: Report) -> dict[str, bool | None]:
    return {control.check: control.ok for control in report.controls}


def status(report: Report, rule: str) -> tuple[bool, int]:
    found = next(status for status in report.statuses if status.rule == rule)
    return found.run, found.findings


def figures(report: Report) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(as_json(report, "en"))
    return whole


def test_clean_books_have_no_flag_and_every_control_agrees(tmp_path: Path) -> None:
    report = reconciled(tmp_path)
    assert flags(report) == []
    assert set(checks(report).values()) == {True}
    assert figures(report)["totals"]["dues"] == {
        "due": "300.00",
        "paid": "300.00",
        "waived": "0.00",
        "arrears": "0.00",
        "overpaid": "0.00",
        "members": 2,
        "rate": "1.0000",
        "unknown": 0,
    }


@pytest.mark.parametrize("paid_on", ["2015-05-10d", "", "2015-02-30"])
def test_dues_that_are_not_as_booked_are_found_whatever_one_date_says(tmp_path: Path, paid_on: str) -> None:
    dues = "\n".join(DUES).replace("2015-05-10d", paid_on)
    report = reconciled(tmp_path, 会费收缴=dues, 预算表=BUDGET.replace("#300 | #300", "#300 | #200"))
    assert ("X002", "E3") in flags(report)
    assert checks(report)["dues.401"] is False


def test_wide_dues_that_are_not_as_booked_are_found(tmp_path: Path) -> None:
    months = " | ".join(f"{n}月" for n in range(1, 13))
    wide = f"| 会员编号 | 姓名 | {months} |\n| M1 | 甲 {'| #10 ' * 12}|\n| M2 | 乙 {'| #15 ' * 12}|"
    assert flags(reconciled(tmp_path, 会费收缴=wide)) == []
    assert flags(reconciled(tmp_path, 会费收缴=wide, 预算表=BUDGET.replace("#300 | #300", "#300 | #200"))) == [("X002", "E3")]


def test_december_paid_in_january_agrees_on_either_basis(tmp_path: Path) -> None:
    dues = "\n".join(DUES).replace("2015-12-10d", "2016-01-08d")
    assert flags(reconciled(tmp_path, 会费收缴=dues)) == []
    assert flags(reconciled(tmp_path, 会费收缴=dues, 预算表=BUDGET.replace("#300 | #300", "#300 | #275"))) == []


def test_the_waiver_of_a_wide_row_counts_once(tmp_path: Path) -> None:
    months = " | ".join(f"{n}月" for n in range(1, 13))
    row = "| M1 | 甲 | #20 | 病假 " + "| #10 " * 10 + "| | |"
    wide = f"| 会员编号 | 姓名 | 减免金额 | 减免原因 | {months} |\n{row}\n| M2 | 乙 | #180 | 病假 {'| ' * 12}|"
    totals = figures(reconciled(tmp_path, 会费收缴=wide, 预算表=BUDGET.replace("#300 | #300", "#300 | #100")))["totals"]["dues"]
    assert (totals["paid"], totals["waived"], totals["arrears"], totals["overpaid"]) == ("100.00", "200.00", "0.00", "0.00")


def test_a_budget_code_twice_is_a_finding_and_no_failure(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 预算表=BUDGET + "| 50204 | 困难帮扶 | 支出 | #0 | #0 |\n")
    assert flags(report) == [("G011", "A5")]
    assert figures(report)["totals"]["relief"]["amount"] == "800.00"


def test_one_unreadable_budget_amount_is_one_finding(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 预算表=BUDGET.replace("| #1000 | #800 |", "| 一千 | #800 |"))
    assert flags(report) == [("G008", "D4")]
    assert [line["available"] for line in figures(report)["budget"] if line["code"] == "50204"] == [None]


@pytest.mark.parametrize(
    ("change", "rule", "cell"), [(("| 50204 | 62", "| #REF! | 62"), "G020", "J2"), (("本级工会经费", "某项资金"), "G016", "I2")]
)
def test_one_unreadable_code_or_fund_is_one_finding(tmp_path: Path, change: tuple[str, str], rule: str, cell: str) -> None:
    report = reconciled(tmp_path, 帮扶慰问发放=RELIEF.replace(*change, 1))
    assert flags(report) == [(rule, cell)]
    assert checks(report)["line.50204"] is None
    assert status(report, "X003") == (False, 0)


def test_an_unreadable_booked_figure_is_not_compared(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 预算表=BUDGET.replace("#1000 | #800", "#1000 | 八百"))
    assert flags(report) == [("G008", "E4")]
    assert checks(report)["line.50204"] is None
    assert status(report, "X003") == (False, 0)


def test_an_unreadable_amount_is_in_no_sum_and_nothing_is_compared_with_it(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 帮扶慰问发放=RELIEF.replace("#300", "三百"))
    assert flags(report) == [("G008", "H3")]
    assert checks(report)["line.50204"] is None
    assert (status(report, "B002"), status(report, "X003")) == ((False, 0), (False, 0))
    assert (report.book.sheets[3].rows_read, report.book.sheets[3].rows_rejected) == (2, 1)


def test_a_missing_budget_code_column_is_said_once(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 帮扶慰问发放=RELIEF.replace("预算科目", "科目"))
    assert [rule for rule, _ in flags(report)] == ["G001"]


def test_a_retired_member_without_a_date_of_change_column_pays_no_dues(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 会员名册=MEMBERS.replace("A2 | 在职", "A2 | 离退休"))
    assert [rule for rule, _ in flags(report)].count("M004") == 12


def test_agency_money_needs_no_line_and_fails_no_control(tmp_path: Path) -> None:
    row = "| V3 | 慈善捐赠 | 单位集体 | | 慈善总会 | 捐款 | 转账 | #200 | 代管经费 | 231 | 6222020200112258 | 2015-05-01d | 张三 | 李四 | 2015-05-05d |\n"
    report = reconciled(tmp_path, 帮扶慰问发放=RELIEF + row)
    assert flags(report) == []
    assert "agency" not in checks(report)
    assert (figures(report)["totals"]["relief"]["amount"], figures(report)["totals"]["relief"]["agency"]) == ("800.00", "200.00")
    lines = BUDGET + "| 231 | 代管 | 代管收入 | #200 | #200 |\n| 231 | 代管 | 代管支出 | #150 | #150 |\n"
    report = reconciled(tmp_path, 帮扶慰问发放=RELIEF + row, 预算表=lines)
    assert (flags(report), checks(report)["agency"]) == ([], True)


def test_what_cannot_be_told_of_a_member_is_not_called_arrears(tmp_path: Path) -> None:
    dues = "\n".join(line for line in DUES if "M2" not in line)
    report = reconciled(
        tmp_path, 会员名册=MEMBERS.replace("A2 | 在职", "A2 | 在册吗"), 会费收缴=dues, 预算表=BUDGET.replace("#300 | #300", "#300 | #120")
    )
    assert flags(report) == [("G016", "E3")]
    totals = figures(report)["totals"]["dues"]
    assert (totals["arrears"], totals["unknown"]) == ("0.00", 1)


def test_a_garbled_cover_is_said_at_its_cell(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 封面=COVER.replace("2015-12-31", "2015年13月40日"))
    assert flags(report) == [("G009", "B4")]


def test_vouchers_and_member_numbers_stand_whole_in_a_key(tmp_path: Path) -> None:
    from ledgerkit.writing.masking import masked

    relief = RELIEF.replace("| V1 |", "| 2015-0305-0011 |").replace("本级工会经费 | 50204", "本级工会经费 | 59999", 1)
    report = masked(reconciled(tmp_path, 帮扶慰问发放=relief))
    assert [finding.key for finding in report.findings if finding.rule == "B001"] == [("2015-0305-0011",)]


def two_branches(folder: Path, without: str) -> Report:
    for code, drop in (("B01", ""), ("B02", without)):
        sheets = {name: table.replace("B01", code).replace("| A", f"| {code}A") for name, table in CLEAN.items() if name != drop}
        write(folder / code / "b.xlsx", sheets)
    return audit.reconcile([folder])


@pytest.mark.parametrize("without", ["预算表", "会员名册", "会费收缴"])
def test_a_ledger_that_one_branch_lacks_is_said_of_that_branch(tmp_path: Path, without: str) -> None:
    report = two_branches(tmp_path, without)
    assert flags(report) == []
    name = {"预算表": "budget", "会员名册": "members", "会费收缴": "dues"}[without]
    assert [f.branch for f in report.findings if f.rule == "G025" and f.observed == name] == ["B02"]


def test_the_instructions_of_our_own_template_are_no_unknown_sheet(tmp_path: Path) -> None:
    report = reconciled(tmp_path, 填表说明="| 怎样填写 | 说明 |\n| 从第4行填起 | 每行一条 |")
    assert flags(report) == []


def test_who_only_sends_the_register_is_not_asked_for_books(tmp_path: Path) -> None:
    register = "| 工会编码 | 工会名称 | 会员数 | 本届选举日期 | 任期 |\n| B01 | 甲工会 | #2 | 2015-03-01d | #3 |"
    write(tmp_path / "in" / "B01" / "b.xlsx", CLEAN)
    write(tmp_path / "in" / "register.xlsx", {"工会组织台账": register})
    report = audit.reconcile([tmp_path / "in"])
    assert sorted((f.branch, f.observed) for f in report.findings) == [
        ("B01", "activities"),
        ("B01", "attendance"),
        ("B01", "expenses"),
        ("B01", "remittance"),
    ]
    assert figures(report)["totals"]["branches"] == {"count": 1, "elected": 1, "members": 2}


def test_a_budget_beside_payments_none_of_which_counts(tmp_path: Path) -> None:
    """B008 asks for the first payment of the year, and there is none."""
    relief = odd.sheet("relief", {"paid_on": "2014-03-02d", "approved_on": "2014-03-01d"})
    budget = odd.sheet("budget", rows=[{**row, "approved_on": "2015-11-16d"} for row in odd.GOOD["budget"]])
    path = odd.book(budget, relief)(tmp_path, "b")
    report = audit.reconcile([Path(str(path))])
    assert next(status for status in report.statuses if status.rule == "B008").run
    assert "B008" not in {finding.rule for finding in report.findings}
