"""Rates, tails, names and cash in dues, and remittance unpaid, over whole workbooks: which rule speaks on a row, and what wide dues give."""

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import books
from books import write

from ledgerkit.audit import Options, reconcile
from ledgerkit.model.report import Report
from ledgerkit.writing.wording import message

RULES = books.asked("D001", "D002", "D003", "D005", "D014", "M008", "X016", "R002", "R003", "R004")
Row = tuple[str, str | None, str | None, str | None, int | None]

MEMBERS = "| 会员编号 | 姓名 | 证件号码 | 人员状态 | 工会小组 | 月缴费基数 |"
DUES = "| 会员编号 | 姓名 | 所属月份 | 应缴会费 | 实缴会费 | 缴款日期 |"
WIDE = "| 会员编号 | 姓名 | " + " | ".join(f"{n}月" for n in range(1, 13)) + " |"
REMITTED = "| 所属月份 | 工资总额 | 应拨缴 | 基层留成 | 上解 | 缴费日期 | 缴款方式 | 凭证号 |"


def member(number: str, base: str = "#3087.6", group: str = "一组", name: str = "") -> str:
    return f"| {number} | {name or '会员' + number} | | 在职 | {group} | {base} |"


def year(number: str, due: str, paid: str) -> list[str]:
    return [f"| {number} | 会员{number} | 2015-{n:02d} | {due} | {paid} | 2015-{n:02d}-10d |" for n in range(1, 13)]


def run(folder: Path, as_of: date | None = None, **sheets: str) -> Report:
    return reconcile([write(folder / "b.xlsx", sheets)], Options(year=2015, as_of=as_of, rules=RULES))


def found(report: Report, *codes: str) -> list[Row]:
    return [(f.rule, f.cell, f.observed, f.expected, f.amount) for f in books.of(report, *codes)]


def dues(folder: Path, members: list[str], rows: list[str]) -> Report:
    return run(folder, 会员名册="\n".join([MEMBERS, *members]), 会费收缴="\n".join([DUES, *rows]))


def test_another_rate_entered_as_due_is_d002_and_not_d001(tmp_path: Path) -> None:
    report = dues(
        tmp_path, [member("M1")], [*year("M1", "#15.4", "#15.4")[:11], "| M1 | 会员M1 | 2015-12 | #12.32 | #12.32 | 2015-12-10d |"]
    )
    assert found(report, "D001", "D002", "D003") == [("D002", "D13", "12.32", "15.40", 308)]


def test_a_whole_year_at_another_rate_without_due_is_d002(tmp_path: Path) -> None:
    report = dues(tmp_path, [member("M1"), member("M2")], [*year("M1", "", "#30.8"), *year("M2", "", "#15.4")])
    assert [(rule, cell) for rule, cell, *_ in found(report, "D001", "D002")] == [("D002", f"E{row}") for row in range(2, 14)]


def test_one_month_paid_at_twice_the_rate_is_d001(tmp_path: Path) -> None:
    rows = year("M1", "", "#15.4")
    rows[4] = "| M1 | 会员M1 | 2015-05 | | #30.8 | 2015-05-10d |"
    assert found(dues(tmp_path, [member("M1")], rows), "D001", "D002") == [("D001", "E6", "30.80", "15.40", 1540)]


def test_the_tail_kept_is_d003_alone_and_a_base_with_a_tail_no_fault(tmp_path: Path) -> None:
    rows = [*year("M1", "#15.44", "#15.44")[:1], *year("M1", "#15.4", "#15.4")[1:]]
    assert found(dues(tmp_path, [member("M1")], rows), "D001", "D002", "D003") == [("D003", "D2", "15.44", "15.40", 4)]


def test_one_amount_for_ten_members_is_said_once(tmp_path: Path) -> None:
    people = [member(f"M{n}", base=f"#{3000 + 100 * n}") for n in range(1, 11)]
    rows = [row for n in range(1, 11) for row in year(f"M{n}", "", "#10")]
    report = dues(tmp_path, people, rows)
    (flat,) = books.of(report, "D005")
    assert (flat.cell, flat.observed, flat.count) == ("E2", "10.00", 10)
    assert message(flat, "zh") == "10 名会员每人都缴 10.00 元。实行定额会费的请在设置文件中说明，否则应按每人工资计算。"
    assert found(dues(tmp_path, people[1:], rows[12:]), "D005") == []


def test_a_group_far_from_the_others(tmp_path: Path) -> None:
    people = [member(f"M{n:02d}", base=f"#{3000 + 37 * n}", group=f"第{n % 5}组") for n in range(25)]
    rows = []
    for n in range(25):
        due = (3000 + 37 * n) // 10 * 10 * 0.005
        rows += year(f"M{n:02d}", "", f"#{due:.2f}")[: 6 if n % 5 == 3 else 12]
    (far,) = books.of(dues(tmp_path, people, rows), "D014")
    assert (far.cell, far.observed, far.expected) == ("E5", "第3组", "2.50")
    rows = [row for n in range(25) for row in year(f"M{n:02d}", "", f"#{(3000 + 37 * n) // 10 * 10 * 0.005:.2f}")]
    assert found(dues(tmp_path, people, rows), "D014") == []


def test_a_wrong_name_in_wide_dues_is_said_once_at_the_name(tmp_path: Path) -> None:
    wide = "\n".join([WIDE, "| M1 | 赵六 | " + " | ".join(["#15.4"] * 12) + " |"])
    report = run(tmp_path, 会员名册="\n".join([MEMBERS, member("M1", name="赵 五")]), 会费收缴=wide)
    assert found(report, "M008") == [("M008", "B2", "赵六", "赵 五", 1540)]


def test_a_month_of_which_half_the_list_is_missing(tmp_path: Path) -> None:
    people = [member(f"M{n}") for n in range(1, 9)]
    rows = [row for n in range(1, 9) for row in year(f"M{n}", "", "#15.4")[: 12 if n < 5 else 11]]
    report = dues(tmp_path, people, rows)
    assert [(f.rule, f.observed, f.expected, f.count) for f in books.of(report, "X016")] == [("X016", "2015-12", "2", 4)]
    one_short = [row for n in range(1, 9) for row in year(f"M{n}", "", "#15.4")[: 12 if n < 7 else 11]]
    assert found(dues(tmp_path, people, one_short), "X016") == []


def test_remittance_unpaid_for_months_silences_the_late_one(tmp_path: Path) -> None:
    rows = ["| 2015-08 | #100000 | #2000 | #2000 | #0 | | 税务代收 | |", "| 2015-09 | #100000 | #2000 | #2000 | #0 | | 税务代收 | |"]
    report = run(tmp_path, date(2015, 12, 31), 经费拨缴="\n".join([REMITTED, *rows]))
    assert found(report, "R002", "R003", "R004") == [
        ("R004", "E2", "2015-08", "2015-09-15", 80000),
        ("R003", "F3", None, "2015-10-15", 80000),
    ]
