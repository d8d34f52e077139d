"""Relief and activities as they stand in real books: what A001 A003 A012 A013 A031 V001 V005 V016 flag, and what they leave alone."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ledgerkit import policies
from ledgerkit.audit import Options, reconcile
from ledgerkit.errors import BadPolicy
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import settings
from ledgerkit.rules.workdays import calendar, working_days
from ledgerkit.writing import wording

sys.path.insert(0, str(Path(__file__).parents[1]))

import books

PAID = {
    "category": "living",
    "beneficiary_type": "member",
    "member_no": "M001",
    "beneficiary": "甲",
    "id_no": "",
    "relation": "",
    "headcount": "",
    "reason": "慰问",
    "event_date": "",
    "form": "transfer",
    "amount": "#500",
    "fund": "union",
    "budget_code": "50204",
    "batch_no": "",
    "applied_on": "",
    "notice_from": "",
    "notice_to": "",
    "approved_on": "2015-01-05",
    "approved_by": "周志远",
    "minutes_no": "",
    "handled_by": "孙晓雯",
    "paid_on": "2015-01-10",
    "remark": "",
}
SPENT = {
    "item": "球拍",
    "paid_on": "2015-01-10",
    "budget_code": "50102",
    "supplier": "商店",
    "amount": "#500",
    "approved_by": "周志远",
    "handled_by": "孙晓雯",
    "minutes_no": "",
}
MEMBER = {"name": "甲", "id_no": "", "status": "active", "left_on": ""}
HELD = {
    "title": "棋赛",
    "category": "sports",
    "starts_at": "2015-05-04T14:00",
    "present": "#20",
    "winners": "",
    "plan_no": "工会〔2015〕1号",
}
CAME = {"member_no": "", "name": "甲", "guest": "", "signed_at": "", "status": "present"}
MALE, FEMALE = "11010119900307109X", "110101198501021234"


def sheet(key: str, defaults: dict[str, str], rows: list[dict[str, str]], letter: str) -> books.Grid:
    """A sheet of rows that say only what is not by default; keys are V1, V2 and so on where not given."""
    given = [{key: f"{letter}{number}", **defaults, **row} for number, row in enumerate(rows, 1)]
    columns = list(dict.fromkeys(column for row in given for column in row))
    return [columns, *([row.get(column, "") for column in columns] for row in given)]


def relief(*rows: dict[str, str]) -> dict[str, books.Grid]:
    return {"relief": sheet("voucher_no", PAID, list(rows), "V")}


def expenses(*rows: dict[str, str]) -> dict[str, books.Grid]:
    return {"expenses": sheet("voucher_no", SPENT, list(rows), "E")}


def members(*rows: dict[str, str]) -> dict[str, books.Grid]:
    return {"members": sheet("member_no", MEMBER, list(rows), "M00")}


def activities(*rows: dict[str, str]) -> dict[str, books.Grid]:
    return {"activities": sheet("activity_no", {**HELD, "actual_cost": "#0"}, list(rows), "A")}


def attendance(*rows: dict[str, str]) -> dict[str, books.Grid]:
    return {"attendance": sheet("activity_no", CAME, [{"activity_no": "A1", **row} for row in rows], "A")}


def run(folder: Path, rules: str, *sheets: dict[str, books.Grid], policy: str = "", year: int = 2015) -> Report:
    (folder / "ledgerkit.toml").write_text(policy, "utf-8")
    together = {name: table for part in sheets for name, table in part.items()}
    path = books.write(folder / "b.xlsx", together)
    return reconcile([path], Options(year=year, rules=tuple(rules.split(","))))


def flagged(report: Report) -> list[tuple[str, int | None, str | None, str | None, str | None]]:
    """(rule, row, column, observed, expected) in order of rows."""
    return sorted((f.rule, f.row, f.column, f.observed, f.expected) for f in report.findings)  # type: ignore[type-var]


def rows_of(report: Report) -> list[int | None]:
    return sorted(f.row or 0 for f in report.findings)


# ---- working days


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2015-09-30", "2015-10-09", 2),  # the week of National Day
        ("2015-10-09", "2015-10-10", 1),  # a Saturday worked
        ("2015-09-02", "2015-09-07", 2),  # 3 to 5 September off, Sunday the 6th worked
        ("2015-02-14", "2015-02-25", 4),  # Spring Festival between a Sunday worked and its last days
        ("2014-01-30", "2014-02-08", 2),
        ("2016-02-05", "2016-02-14", 2),
        ("2016-10-07", "2016-10-10", 3),
        ("2019-10-01", "2019-10-08", 5),  # no data for the year: Monday to Friday
        ("2015-03-02", "2015-03-02", 0),
        ("2015-03-06", "2015-03-02", 0),
    ],
)
def test_working_days_follow_the_state_councils_calendar(start: str, end: str, days: int) -> None:
    counted = working_days(pd.Series(pd.to_datetime([start])), pd.Series(pd.to_datetime([end])))
    assert counted.tolist() == [days]


def test_a_blank_date_gives_no_number_of_working_days() -> None:
    counted = working_days(pd.Series(pd.to_datetime(["2015-03-02", None])), pd.Series(pd.to_datetime([None, "2015-03-02"])))
    assert counted.isna().all()


def test_every_make_up_day_is_a_saturday_or_sunday_and_every_day_lies_in_its_year() -> None:
    for year, days in calendar()["years"].items():
        worked, off = (np.array(days[kind], dtype="datetime64[D]") for kind in ("work", "off"))
        assert not np.is_busday(worked).any(), year
        assert {day.year for kind in days.values() for day in kind} == {int(year)}
        assert not set(worked) & set(off)


# ---- A001


def test_the_later_payment_for_one_event_is_flagged_with_the_earlier_ones_cell(tmp_path: Path) -> None:
    twice = {"category": "hospital", "event_date": "2015-03-05"}
    report = run(tmp_path, "A001", relief({**twice, "paid_on": "2015-06-10"}, {**twice, "paid_on": "2015-03-10"}))
    assert flagged(report) == [("A001", 2, "beneficiary", "甲", "E3")]
    assert report.findings[0].amount == 50000
    assert books.said(report.findings[0]) == (
        "甲 的同一类别、同一事项已经在 E3 发放过。请追回 500.00 元；确属两件事的，填写各自的事件日期。",
        "甲 was already paid in this category for the same event at E3. Recover 500.00, or enter the event dates if these are two events.",
    )


def test_a_third_payment_names_the_first(tmp_path: Path) -> None:
    report = run(tmp_path, "A001", relief({"paid_on": "2015-01-05"}, {"paid_on": "2015-01-10"}, {"paid_on": "2015-01-20"}))
    assert [(f.row, f.expected) for f in report.findings] == [(3, "E2"), (4, "E2")]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({}, {"paid_on": "2015-02-09"}, True),  # thirty days
        ({}, {"paid_on": "2015-02-11"}, False),  # outside the window
        ({"paid_on": "2015-02-10"}, {"paid_on": "2015-03-10"}, False),  # monthly aid
        ({}, {"paid_on": "2015-01-20", "category": "medical"}, False),
        ({}, {"paid_on": "2015-01-20", "fund": "upper"}, True),
        ({"event_date": "2015-01-01"}, {"event_date": "2015-01-08", "paid_on": "2015-01-12"}, False),  # two events
        ({"event_date": "2015-01-01"}, {"paid_on": "2015-01-12"}, True),  # one of the dates is blank
        ({"event_date": "2015-01-01"}, {"event_date": "2015-01-01", "paid_on": "2015-12-12"}, True),
        ({"event_date": "2015-01-01"}, {"event_date": "03/04/2015", "paid_on": "2015-01-12"}, False),  # unreadable: G009 speaks
        ({}, {"paid_on": "2015-01-20", "voucher_no": "V1"}, False),  # entered twice: G011 speaks
        ({"batch_no": "P1"}, {"batch_no": "P1", "form": "goods"}, False),  # one payment in money and goods
        ({"batch_no": "P1"}, {"batch_no": "P1"}, True),
    ],
)
def test_what_is_one_event(tmp_path: Path, first: dict[str, str], second: dict[str, str], found: bool) -> None:
    assert rows_of(run(tmp_path, "A001", relief(first, second))) == ([3] if found else [])


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("中秋节慰问", "国庆节慰问", False),
        ("中秋节慰问", "中秋慰问品", True),
        ("Mid-Autumn gift", "National Day gift", False),
        ("节日慰问", "国庆节慰问", True),
        ("元旦春节慰问", "春节慰问", True),
    ],
)
def test_gifts_for_two_festivals_are_two_events(tmp_path: Path, first: str, second: str, found: bool) -> None:
    gift = {"category": "festival", "form": "goods"}
    given = relief({**gift, "reason": first, "paid_on": "2015-09-22"}, {**gift, "reason": second, "paid_on": "2015-09-29"})
    assert rows_of(run(tmp_path, "A001", given)) == ([3] if found else [])


FAMILY = {"beneficiary_type": "family", "member_no": ""}
STUDENT = {"beneficiary_type": "student", "category": "education", "relation": "child"}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"id_no": MALE}, {"id_no": MALE, "member_no": "M002"}, True),  # one ID under two numbers
        ({"id_no": MALE}, {"id_no": FEMALE}, False),  # one number, two people: M008 speaks
        ({**FAMILY, "id_no": MALE}, {**FAMILY, "id_no": FEMALE}, False),  # namesakes
        ({**FAMILY}, {**FAMILY, "beneficiary": " 甲 "}, True),  # names only
        ({**FAMILY, "beneficiary": "阿依·古丽"}, {**FAMILY, "beneficiary": "阿依•古 丽"}, True),
        ({**FAMILY}, {**FAMILY, "beneficiary": "乙"}, False),
        ({**FAMILY}, {}, False),  # a name alone is not a member
        ({"id_no": MALE}, {**FAMILY, "id_no": MALE}, True),  # once as a member, once as a family
        ({}, {"beneficiary_type": "family"}, True),
        ({**STUDENT, "beneficiary": "大双"}, {**STUDENT, "beneficiary": "小双"}, False),  # two children of a member
        ({**STUDENT, "beneficiary": "大双", "id_no": MALE}, {**STUDENT, "beneficiary": "小双", "id_no": MALE}, False),
        ({**STUDENT, "beneficiary": "大双"}, {**STUDENT, "beneficiary": "大双"}, True),
        ({**FAMILY, "id_no": "不详"}, {**FAMILY, "id_no": "不详", "beneficiary": "乙"}, False),
        ({**FAMILY, "beneficiary": "困难户", "headcount": "#30"}, {**FAMILY, "beneficiary": "困难户", "headcount": "#12"}, False),
        ({**FAMILY, "beneficiary_type": "unit"}, {**FAMILY, "beneficiary_type": "unit"}, False),
        ({**FAMILY, "category": "donation"}, {**FAMILY, "category": "donation"}, False),
        ({"id_no": "#110101199003071"}, {"id_no": "#110101199003071"}, False),  # kept as a number: G002 speaks
    ],
)
def test_who_is_one_person(tmp_path: Path, first: dict[str, str], second: dict[str, str], found: bool) -> None:
    given = relief({"paid_on": "2015-01-10", **first}, {"paid_on": "2015-01-20", **second})
    assert rows_of(run(tmp_path, "A001", given)) == ([3] if found else [])


def test_an_id_on_one_row_names_the_member_on_the_others(tmp_path: Path) -> None:
    given = relief({"id_no": MALE, "paid_on": "2015-01-10"}, {"paid_on": "2015-01-15"}, {**FAMILY, "id_no": MALE, "paid_on": "2015-01-20"})
    assert rows_of(run(tmp_path, "A001", given)) == [3, 4]


REVERSAL = {"amount": "#-500", "remark": "红冲 V1"}


@pytest.mark.parametrize(
    ("between", "found"),
    [
        ({**REVERSAL, "paid_on": "2015-01-12"}, []),
        ({**REVERSAL, "paid_on": "2015-01-25"}, []),  # the second one was taken back
        ({**REVERSAL, "paid_on": "2015-01-08"}, [4]),  # taken back before either was paid: last year's
        ({**REVERSAL, "amount": "#-200", "paid_on": "2015-01-12"}, [4]),  # a part only
        ({**REVERSAL, "member_no": "M002", "beneficiary": "乙", "paid_on": "2015-01-12"}, [4]),
        ({**REVERSAL, "remark": "reversal of V1", "paid_on": "2015-01-12"}, []),
    ],
)
def test_a_payment_that_was_reversed_does_not_count(tmp_path: Path, between: dict[str, str], found: list[int]) -> None:
    given = relief({"paid_on": "2015-01-10"}, between, {"paid_on": "2015-01-20"})
    assert rows_of(run(tmp_path, "A001", given)) == found


def test_the_window_is_a_setting(tmp_path: Path) -> None:
    given = relief({"paid_on": "2015-01-10"}, {"paid_on": "2015-01-20"}, {"paid_on": "2015-03-01"})
    assert rows_of(run(tmp_path, "A001", given, policy="[rules.A001]\nwindow_days = 5\n")) == []
    assert rows_of(run(tmp_path, "A001", given, policy="[rules.A001]\nwindow_days = 50\n")) == [3, 4]


def test_thousands_of_one_name_are_compared_in_linear_time(tmp_path: Path) -> None:
    crowd = {**PAID, **FAMILY, "beneficiary": "困难职工"}
    given = relief(*({**crowd, "amount": f"#{n}"} for n in range(1, 3001)))
    assert len(run(tmp_path, "A001", given).findings) == 2999


# ---- A003


WARMTH = {"category": "warmth", "amount": "#4000"}


def test_the_payment_that_crosses_the_years_limit_is_flagged_once(tmp_path: Path) -> None:
    given = relief(*({**WARMTH, "paid_on": f"2015-0{month}-10"} for month in (7, 3, 9, 1)))
    report = run(tmp_path, "A003", given)
    assert flagged(report) == [("A003", 3, "amount", "16000.00", "6000.00")]
    assert report.findings[0].amount == 1000000
    assert books.said(report.findings[0]) == (
        "连同本笔，此人全年该类别共发放 16000.00 元，限额 6000.00 元，超出 10000.00 元。请说明原因；本单位另有规定的，在设置文件中改限额。",
        "With this payment the person has 16000.00 of this category in the year; the limit is 6000.00. Explain 10000.00, or set your own limit.",
    )


def test_reversed_payments_leave_room_below_the_limit(tmp_path: Path) -> None:
    reversal = {**WARMTH, "amount": "#-4000", "remark": "红冲", "paid_on": "2015-04-10"}
    under = [{**WARMTH, "paid_on": "2015-01-10"}, {**WARMTH, "paid_on": "2015-03-10"}, reversal]
    assert rows_of(run(tmp_path, "A003", relief(*under))) == []
    assert rows_of(run(tmp_path, "A003", relief(*under, {**WARMTH, "paid_on": "2015-06-10"}))) == [5]


def test_two_people_of_one_name_have_a_limit_each(tmp_path: Path) -> None:
    given = relief({**FAMILY, **WARMTH, "id_no": MALE}, {**FAMILY, **WARMTH, "id_no": FEMALE}, {**WARMTH}, {"amount": "#90000"})
    assert rows_of(run(tmp_path, "A003", given)) == []


def test_a_unit_may_cap_any_category(tmp_path: Path) -> None:
    given = relief({"category": "birthday", "amount": "#301"}, {"category": "warmth", "amount": "#5999"})
    own = '[caps.year]\nbirthday = "300.00"\nwarmth = "5000.00"\n'
    assert flagged(run(tmp_path, "A003", given, policy=own)) == [
        ("A003", 2, "amount", "301.00", "300.00"),
        ("A003", 3, "amount", "5999.00", "5000.00"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[caps.year]\nwarmht = "1.00"\n', "unknown policy key caps.year.warmht. The nearest known one is caps.year.warmth"),
        ('[caps.yaer]\nwarmth = "1.00"\n', "unknown policy key caps.yaer. The nearest known one is caps.year"),
        ("[caps.year]\nwarmth = 6000\n", "caps.year.warmth is 6000, but it must be an amount above 0 as text"),
        ('[caps.year]\nbirth = "0.00"\n', "caps.year.birth is '0.00', but it must be an amount above 0 as text"),
        ("[caps]\nyear = 5\n", "caps.year is 5, but it must be a table of settings"),
    ],
)
def test_a_cap_that_cannot_be_used_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(BadPolicy) as refused:
        policies.load(tmp_path / "own.toml", settings())
    assert sentence in str(refused.value)


# ---- A012


def test_a_batch_at_the_collective_limit_needs_minutes_on_one_row(tmp_path: Path) -> None:
    batch = [{"batch_no": "P1", "amount": "#300", "beneficiary": f"学生{n}"} for n in range(170)]
    report = run(tmp_path, "A012", relief(*batch))
    assert flagged(report) == [("A012", 2, "minutes_no", None, None)]
    assert report.findings[0].amount == 5100000
    assert books.said(report.findings[0]) == (
        "“集体决策纪要号”为 （无），涉及金额 51000.00 元。经办人不能审批自己经办的付款；达到集体决策限额的，须填写集体决策纪要号。",
        "“Minutes no” is (none) on a payment of 51000.00. Nobody approves what they handle, and a payment that reaches the collective limit needs its minutes.",
    )
    assert rows_of(run(tmp_path, "A012", relief(*batch[:-1], {**batch[-1], "minutes_no": "纪要3号"}))) == []


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{"amount": "#19999.99"}], []),
        ([{"amount": "#20000"}], [2]),
        ([{"amount": "#12000"}, {"amount": "#12000"}], []),  # two vouchers
        ([{"amount": "#12000", "voucher_no": "V1"}, {"amount": "#12000", "voucher_no": "V1"}], [2]),
        ([{"amount": "#21000", "batch_no": "P1"}, {"amount": "#-2000", "remark": "红冲", "batch_no": "P1"}], []),
        ([{"amount": "#90000", "fund": "outside"}], [2]),
        ([{"approved_by": "周 志远", "handled_by": "周志远"}], [2]),
        ([{"approved_by": "", "handled_by": ""}], []),  # G013
        ([{"approved_by": "周志远", "handled_by": "周志远", "amount": "#20000"}], [2, 2]),  # two faults
    ],
)
def test_who_approves_and_what_a_meeting_decides(tmp_path: Path, rows: list[dict[str, str]], found: list[int]) -> None:
    assert rows_of(run(tmp_path, "A012", relief(*rows))) == found


def test_expenses_are_summed_by_voucher(tmp_path: Path) -> None:
    parts = [{"voucher_no": "E1", "item": "球台", "amount": "#15000"}, {"voucher_no": "E1", "item": "球网", "amount": "#5000"}]
    assert flagged(run(tmp_path, "A012", expenses(*parts))) == [("A012", 2, "minutes_no", None, None)]
    assert rows_of(run(tmp_path, "A012", expenses(parts[0], {**parts[1], "voucher_no": "E2"}))) == []
    assert rows_of(run(tmp_path, "A012", expenses({"approved_by": "孙晓雯"}))) == [2]


def test_the_limit_is_the_policys(tmp_path: Path) -> None:
    own = '[approval]\ncollective_limit = "50000.00"\n'
    assert rows_of(run(tmp_path, "A012", relief({"amount": "#49999"}, {"amount": "#50000"}), policy=own)) == [3]


# ---- A013, A031


def test_one_mistyped_date_is_one_finding(tmp_path: Path) -> None:
    """An application dated after everything else is said once, and not again of the notice."""
    dates = {"applied_on": "2015-12-01", "notice_from": "2015-03-05", "notice_to": "2015-03-12", "approved_on": "2015-03-15"}
    report = run(tmp_path, "A013", relief({**dates, "paid_on": "2015-03-20"}))
    assert flagged(report) == [("A013", 2, "applied_on", "2015-12-01", "<= 2015-03-15")]
    assert books.said(report.findings[0]) == (
        "“申请日期”为 2015-12-01，按本行其他日期应为 ≤ 2015-03-15。请更正填错的日期；确属后补手续的，注明原因。",
        "“Applied on” is 2015-12-01, but by the other dates of the row it should be ≤ 2015-03-15. Correct the wrong date, or note why the papers came later.",
    )


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ({"applied_on": "2015-01-05"}, []),  # all on one day
        ({"notice_from": "2015-01-06", "notice_to": "2015-01-09"}, []),  # notice after approval
        ({"notice_from": "2014-12-20", "notice_to": "2014-12-30"}, []),  # and before
        ({"notice_from": "2015-01-12"}, ["notice_from"]),
        ({"event_date": "2015-01-11"}, ["event_date"]),
        ({"event_date": "2015-01-11", "category": "birthday"}, []),
        ({"notice_from": "2015-01-12", "notice_to": "2015-01-20", "category": "emergency"}, []),
        ({"notice_from": "2015-01-12", "notice_to": "2015-01-20", "category": "education"}, ["notice_to"]),
        ({"applied_on": "03/04/2015"}, []),  # unreadable
    ],
)
def test_the_order_of_dates(tmp_path: Path, dates: dict[str, str], found: list[str]) -> None:
    assert [f.column for f in run(tmp_path, "A013", relief(dates)).findings] == found


def test_paid_before_approved_silences_the_other_orders(tmp_path: Path) -> None:
    report = run(tmp_path, "A013,A031", relief({"approved_on": "2015-01-12", "event_date": "2015-01-11"}))
    assert flagged(report) == [("A031", 2, "paid_on", "2015-01-10", "2015-01-12")]


@pytest.mark.parametrize(
    ("category", "approved", "found"),
    [
        ("hospital", "2015-10-20", []),  # ten working days, Saturday the 10th among them
        ("hospital", "2015-10-21", [2]),
        ("festival", "2015-10-08", [2]),
        ("festival", "2015-09-30", []),
        ("disaster", "", []),
    ],
)
def test_urgent_aid_may_be_approved_within_ten_working_days(tmp_path: Path, category: str, approved: str, found: list[int]) -> None:
    given = relief({"category": category, "paid_on": "2015-09-30", "approved_on": approved})
    assert rows_of(run(tmp_path, "A031", given)) == found


# ---- V001, V005, V016


ROSTER = members(
    {"name": "甲"},
    {"name": "乙", "status": "transferred", "left_on": "2015-04-30"},
    {"name": "丙", "status": "retired", "left_on": "2015-04-30"},
    {"name": "丁", "status": "left"},
    {"name": "戊", "status": "deceased", "left_on": "2015-02-01"},
    {"name": "己", "member_no": "M006", "status": "left", "left_on": "2014-02-01"},
    {"name": "己", "member_no": "M006"},
)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"member_no": "M001"}, []),
        ({"member_no": "M999"}, [("member_no", "M999", None)]),
        ({"member_no": "M999", "guest": "是"}, []),
        ({"member_no": "M999", "status": "leave"}, []),
        ({"member_no": "M002", "name": "乙"}, [("member_no", "M002", "2015-04-30")]),
        ({"member_no": "M002", "name": "乙", "status": "absent"}, []),
        ({"member_no": "M002", "name": "乙", "status": "entered"}, [("member_no", "M002", "2015-04-30")]),
        ({"member_no": "M002", "name": "乙", "signed_at": "2015-04-30T09:00"}, []),  # the day itself
        ({"member_no": "M003", "name": "丙"}, []),  # pensioners' chess
        ({"member_no": "M004", "name": "丁"}, []),  # no date: G013 speaks
        ({"name": "戊"}, [("name", "戊", "2015-02-01")]),
        ({"name": "戊 "}, [("name", "戊", "2015-02-01")]),
        ({"name": "庚"}, []),  # no number, and not on the roster: G013 speaks
        ({"member_no": "M006", "name": "己"}, []),  # left and came back
    ],
)
def test_who_may_come(tmp_path: Path, row: dict[str, str], found: list[tuple[str, str, str | None]]) -> None:
    report = run(tmp_path, "V001", ROSTER, activities({}), attendance(row))
    assert [(f.column, f.observed, f.expected) for f in report.findings] == found


def test_a_stranger_says_that_the_roster_has_no_date(tmp_path: Path) -> None:
    report = run(tmp_path, "V001", ROSTER, activities({}), attendance({"member_no": "M999"}))
    assert books.said(report.findings[0]) == (
        "M999 当天不是本工会会员（名册所载离会日期：（无））。请更正编号或名册；非会员参加的，在“非会员”中填“是”。",
        "M999 was no member on that day (left on, by the roster: (none)). Correct the number or the roster, or enter Yes under Guest.",
    )


@pytest.mark.parametrize(
    ("row", "most"),
    [
        ({"present": "#20", "winners": "#13"}, None),
        ({"present": "#20", "winners": "#14"}, "13"),
        ({"present": "#21", "winners": "#14"}, None),  # exactly two thirds
        ({"present": "#180", "entries": "#23", "winners": "#23"}, "15"),
        ({"present": "", "entries": "#79", "winners": "#20"}, None),
        ({"present": "#0", "winners": "#1"}, "0"),
        ({"present": "", "entries": "", "winners": "#9"}, None),
        ({"present": "#20", "entries": "#REF!", "winners": "#19"}, None),  # unreadable: G020 speaks
    ],
)
def test_two_thirds_of_works_or_of_people(tmp_path: Path, row: dict[str, str], most: str | None) -> None:
    report = run(tmp_path, "V005", activities(row))
    assert [f.expected for f in report.findings] == ([most] if most else [])


def test_an_activity_that_cost_money_names_its_plan(tmp_path: Path) -> None:
    given = activities({"actual_cost": "#100"}, {"actual_cost": "#100", "plan_no": ""}, {"plan_no": ""})
    report = run(tmp_path, "V016", given)
    assert flagged(report) == [("V016", 3, "plan_no", None, None)]
    assert report.findings[0].amount == 10000


def test_of_a_sheet_without_the_column_it_is_said_that_nothing_was_compared(tmp_path: Path) -> None:
    rows = sheet("activity_no", {**{k: v for k, v in HELD.items() if k != "plan_no"}, "actual_cost": "#5"}, [{}], "A")
    report = run(tmp_path, "V016", {"activities": rows})
    (status,) = [status for status in report.statuses if status.rule == "V016"]
    assert (rows_of(report), status.run, wording.because(status, "en")) == ([], False, "Activities has no column Plan no")
