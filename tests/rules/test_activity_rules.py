"""Rules on activities and vouchers over whole workbooks: which rule speaks, what is left alone, what is not run and why."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import books
from books import write

from ledgerkit.audit import Options, reconcile
from ledgerkit.model.report import Report
from ledgerkit.writing.wording import because, message

RULES = books.asked(
    *("A001", "B001", "B003", "B010", "B011", "B013", "B014", "B019", "G016", "V001", "V002", "V006", "V010", "V011"),
    *("V016", "V022", "V024", "V025", "V026", "X009", "X011", "X018"),
)
Row = tuple[str, str | None, str | None, str | None, int | None]

MEMBERS = """
| member_no | name | id_no              | status      | joined_on  | left_on    | officer |
| M1        | 甲   | 11010119900307109X | active      | 2010-01-01 |            | yes     |
| M2        | 乙   |                    | transferred | 2010-01-01 | 2015-03-01 |         |
| M3        | 丙   |                    | active      | 2010-01-01 |            |         |
"""
HELD = "| activity_no | title | category | starts_at | ends_at | plan_no | present | budgeted | actual_cost | budget_code | fund | documented_on | paid_on |"
BUDGET = """
| code     | title      | direction | approved  | adjustment | adjustment_no | adjusted_on | approved_on |
| opening  | 上年结余   | opening   | #90000    |            |               |             | 2015-02-03  |
| 50102    | 文体活动费 | expense   | #50000    |            |               |             | 2015-02-03  |
| 50204    | 困难帮扶费 | expense   | #50000    |            |               |             | 2015-02-03  |
| 50205    | 送温暖费   | expense   | #50000    |            |               |             | 2015-02-03  |
"""


def activity(
    number: str = "A1", present: str = "#2", cost: str = "#100", budgeted: str = "#100", plan: str = "工会〔2015〕1号", **cells: str
) -> str:
    day = cells.get("day", "2015-05-04")
    papers, paid = cells.get("documented_on", "2015-05-10"), cells.get("paid_on", "2015-05-20")
    kind, fund = cells.get("category", "sports"), cells.get("fund", "union")
    return (
        f"| {number} | 棋赛 | {kind} | {day}T14:00 | {cells.get('until', day)}T16:00 | {plan} | {present} | {budgeted} | {cost} | 50102 "
        f"| {fund} | {papers} | {paid} |"
    )


def run(folder: Path, policy: str = "", **sheets: str) -> Report:
    (folder / "ledgerkit.toml").write_text(policy, "utf-8")
    write(folder / "b.xlsx", {name: text.strip() for name, text in sheets.items()})
    return reconcile([folder], Options(year=2015, rules=RULES))


def found(report: Report, *codes: str) -> list[Row]:
    """(rule, cell, observed, expected, amount) of the findings of these rules."""
    return [(f.rule, f.cell, f.observed, f.expected, f.amount) for f in books.of(report, *codes)]


def status(report: Report, code: str) -> tuple[bool, str]:
    one = next(status for status in report.statuses if status.rule == code)
    return one.run, because(one, "en")


def test_the_transferred_who_sign_in_are_v011_and_not_v001(tmp_path: Path) -> None:
    signed = """
    | activity_no | member_no | name | status  | signed_at        |
    | A1          | M2        | 乙   | present | 2015-05-04T13:55 |
    | A1          | M9        | 庚   | present | 2015-05-04T13:56 |
    """
    report = run(tmp_path, members=MEMBERS, activities="\n".join([HELD, activity()]), attendance=signed)
    assert found(report, "V001", "V011") == [("V011", "B2", "M2", "2015-03-01", None), ("V001", "B3", "M9", None, None)]


def test_a_list_that_differs_by_a_row_entered_twice_is_said_once(tmp_path: Path) -> None:
    signed = """
    | activity_no | member_no | name | status  | signed_at        |
    | A1          | M1        | 甲   | present | 2015-05-04T13:55 |
    | A1          | M1        | 甲   | present | 2015-05-04T13:55 |
    | A1          | M3        | 丙   | present | 2015-05-04T13:56 |
    """
    held = "\n".join([HELD, activity(present="#2"), activity("A2", present="#5")])
    report = run(tmp_path, members=MEMBERS, activities=held, attendance=signed)
    assert found(report, "V002", "V024") == [("V002", "C3", "甲", "C2", None)]
    again = run(tmp_path, members=MEMBERS, activities="\n".join([HELD, activity(present="#4")]), attendance=signed)
    assert found(again, "V002", "V024") == [("V024", "G2", "4", "3", 10000), ("V002", "C3", "甲", "C2", None)]


def test_a_status_that_cannot_be_read_silences_the_count(tmp_path: Path) -> None:
    signed = """
    | activity_no | member_no | name | status |
    | A1          | M1        | 甲   | 来了   |
    | A1          | M3        | 丙   | 到     |
    """
    report = run(tmp_path, members=MEMBERS, activities="\n".join([HELD, activity(present="#5")]), attendance=signed)
    assert found(report, "G016", "V024") == [("G016", "D2", "来了", "present|late|leave|absent|entered", None)]


def test_no_plan_speaks_for_the_papers_too(tmp_path: Path) -> None:
    late = activity(plan="", documented_on="2015-07-20", paid_on="2015-05-20")
    report = run(tmp_path, activities="\n".join([HELD, late]))
    assert found(report, "V016", "V010", "V026") == [("V016", "F2", None, None, 10000)]
    planned = activity(documented_on="2015-07-20", paid_on="2015-05-20")
    report = run(tmp_path, activities="\n".join([HELD, planned]))
    assert found(report, "V016", "V010", "V026") == [("V010", "L2", "2015-07-20", "2015-05-20", 10000)]


def test_what_no_limit_is_set_for_is_not_run_and_says_so(tmp_path: Path) -> None:
    signed = """
    | activity_no | member_no | name | status  | award  | award_form | award_amount |
    | A1          | M1        | 甲   | present | 一等奖 | prize      | #500         |
    | A1          | M3        | 丙   | present | 二等奖 | prize      | 五百         |
    """
    ledgers = {
        "members": MEMBERS,
        "activities": "\n".join([HELD, activity(category="recuperation", until="2015-05-07")]),
        "attendance": signed,
    }
    report = run(tmp_path, **ledgers)
    assert found(report, "V006", "V022") == []
    assert status(report, "V006") == (False, "no limit is set: rules.V006.prize_yuan")
    days, cost = ("no limit is set: rules.V022.days", "no limit is set: rules.V022.yuan_a_day")
    assert status(report, "V022") == (True, f"{days}; {cost}")
    limits = "[rules.V006]\nprize_yuan = 300\n[rules.V022]\ndays = 2\nyuan_a_day = 10\n"
    report = run(tmp_path, limits, **ledgers)
    assert found(report, "V006", "V022") == [
        ("V006", "G2", "500.00", "300.00", 20000),
        ("V022", "E2", "2015-05-07T16:00", "2015-05-05", 10000),
        ("V022", "I2", "100.00", "80.00", 2000),
    ]
    assert (status(report, "V006"), status(report, "V022")) == ((True, ""), (True, ""))


def test_the_year_s_end_decides_what_is_run(tmp_path: Path) -> None:
    report = run(tmp_path, budget=BUDGET, activities="\n".join([HELD, activity()]))
    assert status(report, "B003") == (False, "only before the year's end")
    assert found(report, "B014") == [("B014", "D3", "0.0007", ">= 0.5000", 10000)]


def test_after_the_change_of_the_chart_codes_are_not_judged(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"budget": "| code | title | direction | approved |\n| 601 | 其他 | expense | #1 |"})
    assert status(reconcile([tmp_path], Options(year=2023, rules=RULES)), "B010") == (False, "no chart of accounts is known for 2023")
    assert found(reconcile([tmp_path], Options(year=2022, rules=RULES)), "B010") == [("B010", "A2", "601", "501..508", 100)]


def test_relief_on_no_line_is_not_said_to_be_on_the_wrong_one(tmp_path: Path) -> None:
    relief = """
    | voucher_no | category | beneficiary_type | member_no | beneficiary | reason | form     | amount | fund  | budget_code | approved_on | approved_by | handled_by | paid_on    |
    | V1         | living   | member           | M1        | 甲          | 困难   | transfer | #500   | union | 50299       | 2015-03-01  | 周志远      | 孙晓雯     | 2015-03-10 |
    | V2         | living   | member           | M3        | 丙          | 困难   | transfer | #500   | union | 50205       | 2015-03-01  | 周志远      | 孙晓雯     | 2015-03-10 |
    """
    report = run(tmp_path, members=MEMBERS, budget=BUDGET, relief=relief)
    assert found(report, "B001", "B011") == [("B001", "J2", "50299", None, 50000), ("B011", "J3", "50205", "50204", 50000)]


SPENT = """
| voucher_no | item   | paid_on    | budget_code | supplier         | invoice_no | amount | form     | fund  | approved_by | handled_by |
| E1         | 球拍   | 2015-03-10 | 50102       | 永胜体育用品商店 |            | #1200  | cash     | union | 郑国栋      | 周志远     |
| E2         | 球拍   | 2015-03-12 | 50102       | 永胜体育用品商店 |            | #1200  | transfer | union | 郑国栋      | 周志远     |
| E3         | 水电费 | 2015-03-20 | 50102       | 市供电局         |            | #700   | transfer | admin | 郑国栋      | 周志远     |
| E4         | 办公费 | 2015-03-20 | 50102       | 诚信图文制作部   |            | #80    | transfer | dues  | 郑国栋      | 周志远     |
"""


def test_vouchers_beside_each_other(tmp_path: Path) -> None:
    roster = "\n".join(["| member_no | name | status |", *(f"| M{n} | 会员{n} | active |" for n in range(1, 26))])
    held = HELD.replace("| fund |", "| fund | approved_by |")
    report = run(
        tmp_path, members=roster, expenses=SPENT, activities="\n".join([held, activity().replace("| union |", "| union | 周 志远 |")])
    )
    assert found(report, "B013", "B019", "X009", "X011", "X018") == [
        ("B019", "G2", "永胜体育用品商店", "1000.00", 120000),
        ("X009", "E3", "永胜体育用品商店", "E2", 120000),
        ("X011", "K2", "周志远", "activities!2", 120000),
        ("X018", "B5", "办公费", None, 8000),
    ]


def test_a_small_union_cannot_divide_the_work(tmp_path: Path) -> None:
    held = HELD.replace("| fund |", "| fund | approved_by |")
    ledgers = {
        "members": MEMBERS,
        "expenses": SPENT,
        "activities": "\n".join([held, activity().replace("| union |", "| union | 周志远 |")]),
    }
    assert found(run(tmp_path, **ledgers), "X011") == []
    assert found(run(tmp_path, "[rules.X011]\nsmallest = 2\n", **ledgers), "X011") == [("X011", "K2", "周志远", "activities!2", 120000)]


def test_a_payment_twice_in_one_category_is_a001_alone(tmp_path: Path) -> None:
    paid = """
    | voucher_no | category | beneficiary_type | member_no | beneficiary | payee | reason | form     | amount | fund  | budget_code | approved_on | approved_by | handled_by | paid_on    |
    | V1         | living   | member           | M1        | 甲          | 甲    | 困难   | transfer | #500   | union | 50204       | 2015-03-01  | 周志远      | 孙晓雯     | 2015-03-10 |
    | V2         | living   | member           | M1        | 甲          | 甲    | 困难   | transfer | #500   | union | 50204       | 2015-03-01  | 周志远      | 孙晓雯     | 2015-03-12 |
    | V3         | warmth   | member           | M1        | 甲          | 甲    | 困难   | transfer | #500   | union | 50205       | 2015-03-01  | 周志远      | 孙晓雯     | 2015-03-13 |
    """
    report = run(tmp_path, members=MEMBERS, relief=paid)
    assert found(report, "A001", "X009") == [("A001", "E3", "甲", "E2", 50000), ("X009", "F4", "甲", "F2", 50000)]


def test_words_are_the_policy_s(tmp_path: Path) -> None:
    own = '[words]\nemployer = ["球拍"]\nnot_dues = ["图文"]\n'
    report = run(tmp_path, own, expenses=SPENT)
    assert found(report, "B013", "X018") == [("B013", "B2", "球拍", None, 120000), ("B013", "B3", "球拍", None, 120000)]


@pytest.mark.parametrize(
    ("cost", "expected"),
    [("#100", []), ("#100.01", [("V025", "I2", "100.01", "100.00", 1)]), ("一百", [])],
)
def test_an_activity_over_its_own_budget(tmp_path: Path, cost: str, expected: list[Row]) -> None:
    assert found(run(tmp_path, activities="\n".join([HELD, activity(cost=cost)])), "V025") == expected


def test_the_message_says_what_to_do(tmp_path: Path) -> None:
    report = run(tmp_path, activities="\n".join([HELD, activity(cost="#100.01")]))
    (finding,) = books.of(report, "V025")
    assert message(finding, "en") == (
        "100.01 was spent on an activity with a budget of 100.00: 0.01 too much. Have the difference approved, or recover it."
    )
    assert message(finding, "zh") == "活动预算 100.00 元，实际支出 100.01 元，超出 0.01 元。请补办批准手续或收回差额。"
