"""Dues, remittance and budget headings over whole workbooks: joiners, leavers, waived months, raises, wide dues, part payments, the turn of the year."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import books
from books import write

from ledgerkit.audit import Options, reconcile
from ledgerkit.model.report import Report
from ledgerkit.writing.wording import because, message

OURS = ("D001", "D006", "D007", "D008", "D015", "D016", "R001", "R002", "R003", "R008", "B004", "B005", "M004", "M005")
Row = tuple[str, str | None, str | None, str | None, int | None]

MEMBERS = "| 会员编号 | 姓名 | 身份证号 | 人员状态 | 入会日期 | 转入日期 | 状态变动日期 | 月缴费基数 |"
DUES = "| 会员编号 | 姓名 | 所属月份 | 缴费基数 | 实缴会费 | 减免金额 | 减免原因 | 缴款日期 |"
WIDE = "| 会员编号 | 姓名 | 缴费基数 | " + " | ".join(f"{n}月" for n in range(1, 13)) + " |"
REMITTED = "| 所属月份 | 所属月数 | 工资总额 | 应拨缴 | 基层留成 | 上解 | 留成到账金额 | 到账日期 | 缴费日期 | 缴款方式 | 凭证号 |"
BUDGET = "| 科目编码 | 科目名称 | 收支 | 上年决算数 | 年初预算 | 调整数 | 账面执行数 |"


def member(number: str = "M1", status: str = "在职", joined: str = "", moved: str = "", left: str = "", base: str = "#3087.6") -> str:
    return f"| {number} | 会员{number} | | {status} | {joined} | {moved} | {left} | {base} |"


def paid(months: str, number: str = "M1", base: str = "", amount: str = "#15.4", waived: str = "", on: str = "") -> str:
    """A dues row a month of `1-6` or `3`, paid on the tenth of the month."""
    first, _, last = months.partition("-")
    rows = []
    for n in range(int(first), int(last or first) + 1):
        day = on or (f"2015-{n:02d}-10d" if amount != "#0" else "")
        reason = "病假" if waived else ""
        rows.append(f"| {number} | 会员{number} | 2015-{n:02d} | {base} | {amount} | {waived} | {reason} | {day} |")
    return "\n".join(rows)


def run(folder: Path, as_of: date | None = None, **sheets: str) -> Report:
    return reconcile([write(folder / "b.xlsx", sheets)], Options(year=2015, as_of=as_of, rules=books.asked(*OURS)))


def dues(folder: Path, members: list[str], rows: list[str], as_of: date | None = None) -> list[Row]:
    return rows_of(run(folder, as_of, 会员名册="\n".join([MEMBERS, *members]), 会费收缴="\n".join([DUES, *rows])))


def rows_of(report: Report) -> list[Row]:
    """(rule, cell, observed, expected, amount) of the findings of these rules."""
    return [(f.rule, f.cell, f.observed, f.expected, f.amount) for f in books.of(report, *OURS)]


def status(report: Report, code: str) -> tuple[bool, str]:
    found = next(status for status in report.statuses if status.rule == code)
    return found.run, because(found, "en")


def test_a_year_paid_in_full_gives_nothing(tmp_path: Path) -> None:
    assert dues(tmp_path, [member()], [paid("1-12")]) == []


def test_a_joiner_owes_from_the_month_of_joining(tmp_path: Path) -> None:
    assert dues(tmp_path, [member(joined="2015-03-31")], [paid("3-12")]) == []
    assert dues(tmp_path, [member(joined="2015-03-31")], [paid("2-12")]) == [("D008", "C2", "2015-02", ">= 2015-03", 1540)]
    assert dues(tmp_path, [member(joined="2015-03-31")], [paid("4-12")]) == [("D015", "A2", "2015-03", None, 1540)]


def test_a_payment_before_moving_in_is_outside_and_says_nothing_else(tmp_path: Path) -> None:
    found = dues(tmp_path, [member(joined="2001-01-01", moved="2015-05-04")], [paid("4", amount="#99"), paid("5-12")])
    assert found == [("D008", "C2", "2015-04", ">= 2015-05", 9900)]


def test_a_leaver_owes_up_to_the_month_of_leaving(tmp_path: Path) -> None:
    left = member(status="转出", left="2015-06-02")
    assert dues(tmp_path, [left], [paid("1-6")]) == []
    assert dues(tmp_path, [left], [paid("1-5")]) == [("D015", "A2", "2015-06", None, 1540)]
    assert dues(tmp_path, [left], [paid("1-7")]) == [("D008", "C8", "2015-07", "<= 2015-06", 1540)]


def test_the_retired_are_another_rules(tmp_path: Path) -> None:
    found = dues(tmp_path, [member(status="离退休", left="2015-06-02")], [paid("1-6"), paid("7", amount="#99")])
    assert [row[:2] for row in found] == [("M004", "C8")]


def test_who_joined_in_the_last_month_is_not_yet_asked_for(tmp_path: Path) -> None:
    members = [member(), member("M2", joined="2015-12-10"), member("M3", joined="2015-11-10")]
    assert [row[:2] for row in dues(tmp_path, members, [paid("1-12")])] == [("M005", "A4")]
    assert dues(tmp_path, members[:2], [paid("1-12"), paid("12", "M2")]) == []


def test_months_after_the_runs_date_are_not_owed_but_may_be_paid(tmp_path: Path) -> None:
    assert dues(tmp_path, [member()], [paid("1-6")], date(2015, 6, 30)) == []
    assert dues(tmp_path, [member()], [paid("1-7")], date(2015, 6, 30)) == []
    assert dues(tmp_path, [member()], [paid("1-5")], date(2015, 6, 30)) == [("D015", "A2", "2015-06", None, 1540)]


def test_six_months_unpaid_are_one_finding_and_the_other_months_add_none(tmp_path: Path) -> None:
    found = dues(tmp_path, [member()], [paid("1-2"), paid("9-11")])
    assert found == [("D006", "A2", "2015-03..2015-08", None, 9240)]
    assert dues(tmp_path, [member()], [paid("1-2"), paid("8-11")]) == [("D015", "A2", "2015-03..2015-07, 2015-12", None, 9240)]


def test_a_run_of_six_is_said_in_both_languages(tmp_path: Path) -> None:
    report = run(tmp_path, 会员名册=f"{MEMBERS}\n{member()}", 会费收缴=f"{DUES}\n{paid('7-12')}")
    (finding,) = books.of(report, "D006")
    assert message(finding, "en").startswith("No dues were paid for 2015-01 – 2015-06: 6 months in a row.")
    assert message(finding, "zh").startswith("2015-01 – 2015-06 连续 6 个月未缴会费。")


def test_rows_of_zero_are_unpaid_months(tmp_path: Path) -> None:
    assert dues(tmp_path, [member()], [paid("1-3", amount="#0"), paid("4-12")]) == [("D015", "A2", "2015-01..2015-03", None, 4620)]


def test_a_month_waived_in_full_is_paid_and_in_part_is_not(tmp_path: Path) -> None:
    rows = [paid("1-7", amount="#0", waived="#15.4"), paid("8", amount="#0", waived="#10"), paid("9-12")]
    assert dues(tmp_path, [member()], rows) == [("D015", "A2", "2015-08", None, 540)]
    assert dues(tmp_path, [member()], [paid("1", amount="#5.4", waived="#10"), paid("2-12")]) == []
    assert dues(tmp_path, [member()], [paid("1", waived="#10"), paid("2-12")]) == [("D001", "E2", "15.40", "5.40", 1000)]


def test_a_member_absent_from_the_dues_is_one_finding(tmp_path: Path) -> None:
    assert [row[:2] for row in dues(tmp_path, [member(), member("M2")], [paid("1-12")])] == [("M005", "A3")]


def test_a_raise_in_july_counts_from_its_row(tmp_path: Path) -> None:
    rows = [paid("1-6", base="#2000", amount="#10"), paid("7-12", base="#3087.6")]
    assert dues(tmp_path, [member(base="")], rows) == []
    assert dues(tmp_path, [member(base="")], [*rows[:1], paid("7-12", base="#3087.6", amount="#10")])[0] == (
        "D001",
        "E8",
        "10.00",
        "15.40",
        540,
    )


def test_a_month_without_a_base_takes_the_nearest_earlier_then_later_then_the_rosters(tmp_path: Path) -> None:
    rows = [paid("1-2", amount="#10"), paid("3", base="#2000", amount="#10"), paid("4-6", amount="#10"), paid("7-12", base="#3087.6")]
    assert dues(tmp_path, [member(base="#9999")], rows) == []
    assert dues(tmp_path, [member(base="#2000")], [paid("1-12", amount="#10")]) == []
    assert dues(tmp_path, [member(base="")], [paid("1-12", amount="#10")]) == []


def test_unpaid_months_of_a_raise_owe_by_the_nearest_base(tmp_path: Path) -> None:
    rows = [paid("1-5", base="#2000", amount="#10"), paid("8-12", base="#3087.6")]
    assert dues(tmp_path, [member(base="")], rows) == [("D015", "A2", "2015-06..2015-07", None, 2000)]


def test_months_without_any_base_are_counted_and_cost_nothing(tmp_path: Path) -> None:
    assert dues(tmp_path, [member(base="")], [paid("3-12", amount="#10")]) == [("D015", "A2", "2015-01..2015-02", None, None)]


def wide(*rows: str) -> str:
    return "\n".join([WIDE, *rows])


def months(text: str) -> str:
    return " | ".join(text.split(","))


def test_wide_dues_speak_at_the_months_cell(tmp_path: Path) -> None:
    roster = f"{MEMBERS}\n{member()}"
    cells = "#15.4," * 2 + "#14," + "#15.4," * 8
    report = run(tmp_path, 会员名册=roster, 会费收缴=wide(f"| M1 | 会员M1 | | {months(cells)} |"))
    assert rows_of(report) == [("D001", "F2", "14.00", "15.40", 140), ("D015", "A2", "2015-12", None, 1540)]


def test_wide_dues_take_a_second_row_for_a_raise_and_a_member_twice_is_paid_twice(tmp_path: Path) -> None:
    roster = f"{MEMBERS}\n{member(base='')}"
    first, second = months("#10," * 6 + ",,,,,"), months(",,,,,," + "#15.4," * 5 + "#15.4")
    raised = wide(f"| M1 | 会员M1 | #2000 | {first} |", f"| M1 | 会员M1 | #3087.6 | {second} |")
    assert rows_of(run(tmp_path, 会员名册=roster, 会费收缴=raised)) == []
    again = wide(*raised.splitlines()[1:], f"| M1 | 会员M1 | #3087.6 | {months(',,,,,,,,,,,#15.4')} |")
    assert rows_of(run(tmp_path, 会员名册=roster, 会费收缴=again)) == [("D007", "O4", "15.40", "O3", 1540)]


def test_part_payments_up_to_the_due_are_no_fault(tmp_path: Path) -> None:
    halves = [paid("1", amount="#7.7"), paid("1", amount="#7.7", on="2015-01-20d"), paid("2-12")]
    assert dues(tmp_path, [member()], halves) == []
    assert dues(tmp_path, [member()], [paid("1", amount="#5"), paid("1", amount="#5"), paid("2-12")]) == []


def test_the_payment_that_goes_over_the_due_is_flagged_by_date(tmp_path: Path) -> None:
    rows = [paid("1", on="2015-02-10d"), paid("1", on="2015-01-10d"), paid("2-12")]
    assert dues(tmp_path, [member()], rows) == [("D007", "E2", "15.40", "E3", 1540)]
    rows = [paid("1", amount="#10"), paid("1", amount="#10", on="2015-01-20d"), paid("2-12")]
    assert dues(tmp_path, [member()], rows) == [("D007", "E3", "10.00", "E2", 460)]


def test_december_paid_in_january_is_of_its_own_year(tmp_path: Path) -> None:
    last_year = f"| M1 | 会员M1 | 2014-12 | | #99 | | | {date(2015, 1, 9)}d |"
    found = dues(tmp_path, [member()], [last_year, paid("1-11"), paid("12", on="2016-01-09d")], date(2016, 1, 29))
    assert found == [("D016", "C2", "2014-12", None, 9900)]


@pytest.mark.parametrize("broken", ["| M1 | 会员M1 | 2015-03 | | 十五 | | | |", "| M1 | 会员M1 | 2015-33 | | #15.4 | | | |", "| | 会员M1 | 2015-03 | | #15.4 | | | |", "| M9 | 会员M1 | 2015-03 | | #15.4 | | | |", "| M1 | 会员M1 | 2015-03 | | #15.4 | 三 | | |", "| M1 | 会员M1 | 2015-03 | 三千 | #99 | | | |"])  # fmt: skip
def test_a_row_that_cannot_be_read_leaves_its_month_alone(tmp_path: Path, broken: str) -> None:
    found = dues(tmp_path, [member()], [paid("1-2"), broken, paid("4-12")])
    assert [row for row in found if row[0] != "M005"] == []


def test_a_first_day_that_cannot_be_read_says_nothing_of_unpaid_months(tmp_path: Path) -> None:
    assert dues(tmp_path, [member(joined="03/04/2015")], [paid("8-12")]) == []


def test_dues_without_a_roster_are_compared_with_their_own_base(tmp_path: Path) -> None:
    report = run(tmp_path, 会费收缴="\n".join([DUES, paid("1", base="#3087.6"), paid("2", base="#3087.6", amount="#9")]))
    assert rows_of(report) == [("D001", "E3", "9.00", "15.40", 640)]
    assert not status(report, "D006")[0]


def remitted(months: str, due: str = "#2000", kept: str = "#1200", up: str = "#800", on: str = "", channel: str = "税务代收") -> str:
    return f"| 2015-{months} | | #100000 | {due} | {kept} | {up} | | | {on} | {channel} | P{months} |"


def remittance(folder: Path, *rows: str, as_of: date | None = None, budget: str = "") -> Report:
    more = {"预算表": budget} if budget else {}
    return run(folder, as_of, 经费拨缴="\n".join([REMITTED, *rows]), **more)


def test_a_wrong_due_silences_the_split(tmp_path: Path) -> None:
    found = remittance(tmp_path, remitted("01", "#1500", "#900", "#500", "2015-02-10d"), remitted("02", kept="#1100", on="2015-03-10d"))
    assert rows_of(found) == [("R001", "D2", "1500.00", "2000.00", 50000), ("R002", "E3", "1100.00", "1200.00", 10000)]


def test_late_and_unpaid_remittances(tmp_path: Path) -> None:
    rows = [remitted("01", on="2015-02-15d"), remitted("02", on="2015-03-16d"), remitted("11", kept="#2000", up="#0"), remitted("12", kept="#2000", up="#0")]  # fmt: skip
    late = [("R003", "I4", None, "2015-12-15", 80000), ("R003", "I3", "2015-03-16", "2015-03-15", 80000)]
    assert sorted(rows_of(remittance(tmp_path, *rows)), key=str) == sorted(late, key=str)
    (finding,) = books.of(remittance(tmp_path, rows[2]), "R003")
    assert message(finding, "en") == ("800.00 was to be paid by 2015-12-15; paid on: (none). Pay what is outstanding, or correct the date.")


def test_what_the_treasury_allots_is_compared_by_the_year(tmp_path: Path) -> None:
    even = [
        remitted("06", "#1000", "#600", "#400", "2015-12-01d", "财政划拨"),
        remitted("12", "#3000", "#1800", "#1200", "2015-12-20d", "财政划拨"),
    ]
    assert rows_of(remittance(tmp_path, *even)) == []
    short = [remitted("12", "#2000", "#1200", "#800", "2015-12-20d", "财政划拨"), even[0]]
    assert rows_of(remittance(tmp_path, *short)) == [("R001", "D2", "3000.00", "4000.00", 100000)]


@pytest.mark.parametrize(("booked", "found"), [("#2400", 0), ("#1200", 0), ("#1300", 1)])
def test_402_may_be_booked_by_month_or_by_receipt(tmp_path: Path, booked: str, found: int) -> None:
    rows = [
        "| 2015-11 | | #100000 | #2000 | #1200 | #800 | #1200 | 2015-12-20d | 2015-12-10d | 税务代收 | P1 |",
        "| 2015-12 | | #100000 | #2000 | #1200 | #800 | | 2016-01-20d | 2016-01-10d | 税务代收 | P2 |",
    ]
    budget = f"{BUDGET}\n| 402 | 拨缴经费收入 | 收入 | | #2400 | | {booked} |"
    report = remittance(tmp_path, *rows, budget=budget)
    assert rows_of(report) == [("R008", "G2", "1300.00", "2400.00", 110000)] * found


def test_402_is_not_compared_with_a_sum_that_misses_an_amount(tmp_path: Path) -> None:
    row = "| 2015-11 | | #100000 | #2000 | #1200 | #800 | 千二 | 2015-12-20d | 2015-12-10d | 税务代收 | P1 |"
    report = remittance(tmp_path, row, budget=f"{BUDGET}\n| 402 | 拨缴经费收入 | 收入 | | #2400 | | #1 |")
    assert rows_of(report) == []
    assert status(report, "R008") == (False, "not compared: 402")


def test_a_heading_is_compared_figure_by_figure_with_the_lines_right_under_it(tmp_path: Path) -> None:
    budget = """
    | 上年结余 | 上年结余 | 上年结余 | | #900 | | |
    | 502 | 维权支出 | 支出 | #500 | #900 | #10 | #700 |
    | 50204 | 帮扶 | 支出 | #500 | #600 | | #350 |
    | 5020401 | 生活 | 支出 | | #600 | | #200 |
    | 5020402 | 医疗 | 支出 | | | | #150 |
    | 50205 | 送温暖 | 支出 | | #200 | | #350 |
    """
    whole = run(tmp_path, 预算表=f"{BUDGET}\n{budget.replace('| 医疗 | 支出 | | | |', '| 医疗 | 支出 | | #0 | |')}")
    assert sorted(rows_of(whole)) == [("B004", "E3", "900.00", "800.00", 10000), ("B004", "F3", "10.00", "0.00", 1000)]
    missed = run(tmp_path, 预算表=f"{BUDGET}\n{budget}")
    assert rows_of(missed) == []
    assert status(missed, "B004")[1].startswith("not compared: 502")


def test_a_budget_without_its_opening_balance_is_not_tested_for_a_deficit(tmp_path: Path) -> None:
    line = "| 50204 | 帮扶 | 支出 | | #600 | | |"
    report = run(tmp_path, 预算表=f"{BUDGET}\n{line}")
    assert rows_of(report) == []
    assert status(report, "B005") == (False, "not compared: 上年结余 is not in the budget")
    opening = "| 上年结余 | 上年结余 | 上年结余 | | #500 | | |"
    assert rows_of(run(tmp_path, 预算表=f"{BUDGET}\n{opening}\n{line}")) == [("B005", "E2", "-100.00", None, 10000)]
