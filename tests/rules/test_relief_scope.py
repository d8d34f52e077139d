"""Relief as it stands in real books: to whom, signed by whom, for what and in what form: A005–A011, A016, A019–A022, A024, A026–A028, A030, A032."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import books
from test_relief_limits import status
from test_relief_rules import PAID, flagged, members, relief, rows_of, run, sheet

GIFT = {"category": "festival", "form": "goods", "reason": "中秋节慰问", "paid_on": "2015-09-20"}


def without(column: str, *rows: dict[str, str]) -> dict[str, books.Grid]:
    """A relief sheet that lacks a column."""
    return {"relief": sheet("voucher_no", {key: text for key, text in PAID.items() if key != column}, list(rows), "V")}


# ---- columns that are not there


def test_a_sheet_without_signatures_says_nothing_of_who_signed(tmp_path: Path) -> None:
    report = run(tmp_path, "A007,A008", without("signed_by", GIFT))
    assert report.findings == []
    assert [status(report, code) for code in ("A007", "A008")] == [(False, "Relief has no column Signed by")] * 2


def test_of_two_sheets_only_the_one_with_the_column_is_judged(tmp_path: Path) -> None:
    with_it = sheet("voucher_no", PAID, [{**GIFT, "voucher_no": "W1", "signed_by": ""}], "W")
    report = run(tmp_path, "A008", without("signed_by", GIFT), {"慰问二": with_it})
    assert [(f.sheet, f.row) for f in report.findings] == [("慰问二", 2)]
    assert status(report, "A008") == (True, "not for b.xlsx > relief: no column Signed by")


# ---- A005, A016


def test_cash_for_a_holiday_is_one_fault_of_form(tmp_path: Path) -> None:
    report = run(tmp_path, "A005,A016", relief({**GIFT, "form": "cash", "amount": "#1500"}))
    assert flagged(report) == [("A016", 2, "form", "cash", None)]
    assert books.said(report.findings[0]) == (
        "节日慰问 1500.00 元以“现金”发放。节日慰问应当发放实物；请追回，或说明实际发放了什么。",
        "1500.00 for a holiday was given as “Cash”. Holiday gifts are goods; recover the money, or explain what was given.",
    )


def test_cash_has_its_limit_and_its_basis(tmp_path: Path) -> None:
    cash = {"form": "cash", "amount": "#1500"}
    report = run(tmp_path, "A005", relief({**cash, "category": "hospital"}, {**cash, "category": "living", "amount": "#1"}))
    assert [(f.row, f.basis) for f in report.findings] == [(2, "S39"), (3, "S32")]
    higher = '[approval]\ncash_limit = "1500.00"\n'
    assert rows_of(run(tmp_path, "A005", relief({**cash, "category": "hospital"}), policy=higher)) == []
    assert rows_of(run(tmp_path, "A005", relief({**cash, "category": "？"}))) == []  # unreadable: G016 speaks


# ---- A006, A007, A008


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"payee": "甲"}, []),
        ({"payee": " 甲 "}, []),
        ({"payee": "乙"}, ["payee"]),
        ({"payee": "乙", "proxy": "妻子乙"}, []),
        ({"payee": "乙", "proxy": "妻子"}, ["payee"]),  # which of them is not said
        ({"payee": "乙", "category": "funeral"}, []),
        ({"payee": "乙", "beneficiary_type": "family", "member_no": ""}, []),
        ({"payee": "本人"}, []),
    ],
)
def test_who_the_money_goes_to(tmp_path: Path, row: dict[str, str], found: list[str]) -> None:
    rows = relief({"payee": "", "proxy": "", "bank_card": "", **row})
    assert [f.column for f in run(tmp_path, "A006", rows).findings] == found


def test_one_card_for_two_members_names_the_first_of_them(tmp_path: Path) -> None:
    card = {"payee": "", "proxy": "", "bank_card": "6222 0200 0000 0000 001"}
    other = {**card, "bank_card": "6222020000000000001", "member_no": "M002", "beneficiary": "乙", "paid_on": "2015-06-10"}
    (finding,) = run(tmp_path, "A006", relief(card, other, {**card, "paid_on": "2015-08-10"})).findings
    assert (finding.row, finding.column, finding.expected) == (3, "bank_card", finding.cell.replace("3", "2") if finding.cell else None)


def test_cards_none_of_which_can_be_read_are_no_one_s(tmp_path: Path) -> None:
    card = {"payee": "", "proxy": "", "bank_card": "#REF!"}
    report = run(tmp_path, "A006,G020", relief(card, {**card, "member_no": "M002", "beneficiary": "乙"}))
    assert [(f.rule, f.row, f.column) for f in report.findings] == [("G020", 2, "bank_card"), ("G020", 3, "bank_card")]


def test_another_signature_with_and_without_a_proxy(tmp_path: Path) -> None:
    rows = [{**GIFT, "member_no": f"M00{n}", "beneficiary": f"会员{n}", "signed_by": "组长", "proxy": "组长代领"} for n in range(1, 5)]
    report = run(tmp_path, "A007", relief(*rows, {**rows[0], "signed_by": "组长", "proxy": ""}))
    assert sorted((f.row, f.observed, f.expected) for f in report.findings) == [
        (4, "组长", "会员3"),
        (5, "组长", "会员4"),
        (6, "组长", "会员1"),
    ]
    assert rows_of(run(tmp_path, "A007", relief(*rows), policy="[rules.A007]\nmost_people = 4\n")) == []


def test_goods_that_nobody_signed_for(tmp_path: Path) -> None:
    rows = [{**GIFT, "signed_by": name} for name in ("甲", "", "#REF!")]
    report = run(tmp_path, "A008,G020", relief(*rows, {**GIFT, "signed_by": "", "form": "？"}))
    assert [(f.rule, f.row) for f in report.findings] == [("G020", 4), ("A008", 3)]
    assert books.said(report.findings[1]) == (
        "“领取人签字”为 （无）：发放现金或实物 500.00 元，无人签收。请找出签收表；没有的，说明由谁领取。",
        "“Signed by” is (none): 500.00 in cash or goods was given out and nobody signed. Find the signed list; without one, explain who received it.",
    )


# ---- A009, A030


def test_officers_with_more_than_the_others(tmp_path: Path) -> None:
    roster = members(*({"name": f"会员{n}", "officer": "是" if n < 3 else "否"} for n in range(1, 8)))
    gifts = [{**GIFT, "batch_no": "P1", "member_no": f"M00{n}", "amount": "#500" if n < 3 else "#280"} for n in range(1, 8)]
    report = run(tmp_path, "A009", roster, relief(*gifts))
    assert flagged(report) == [("A009", 2, "amount", "500.00", "280.00")]
    assert report.findings[0].amount == 44000
    alike = [{**gift, "amount": "#280"} for gift in gifts]
    assert rows_of(run(tmp_path, "A009", roster, relief(*alike))) == []
    assert rows_of(run(tmp_path, "A009", roster, relief(*gifts[:4]))) == []  # two others only
    assert rows_of(run(tmp_path, "A009", roster, relief(*({**gift, "category": "hospital"} for gift in gifts)))) == []
    new_joiner = [*alike[:-1], {**gifts[-1], "amount": "#100"}]
    assert rows_of(run(tmp_path, "A009", roster, relief(*new_joiner))) == []


def test_a_batch_of_one_amount_for_different_hardship(tmp_path: Path) -> None:
    cases = [
        {
            "batch_no": "P1",
            "member_no": f"M{n:03}",
            "beneficiary": f"会员{n}",
            "hardship": "deep" if n % 2 else "relative",
            "amount": "#1000",
        }
        for n in range(20)
    ]
    report = run(tmp_path, "A030", relief(*cases))
    assert [(f.row, f.observed, f.count, f.severity) for f in report.findings] == [(2, "1000.00", 100, "info")]
    assert rows_of(run(tmp_path, "A030", relief(*cases[:9]))) == []
    assert rows_of(run(tmp_path, "A030", relief(*({**case, "hardship": "deep"} for case in cases)))) == []
    assert rows_of(run(tmp_path, "A030", relief(*({**case, "amount": "#1010"} for case in cases)))) == []
    assert rows_of(run(tmp_path, "A030", relief(*({**case, "category": "festival"} for case in cases)))) == []
    assert rows_of(run(tmp_path, "A030", relief(*cases[:-2], *({**case, "amount": "#900"} for case in cases[-2:])))) == []


# ---- A010, A011


def test_ones_own_benefit_is_said_instead_of_own_approval(tmp_path: Path) -> None:
    own = {"category": "hospital", "beneficiary": "周志远", "approved_by": "周志远", "handled_by": "周志远"}
    report = run(tmp_path, "A010,A012", relief(own))
    assert flagged(report) == [("A010", 2, "approved_by", "周志远", "周志远")]
    assert rows_of(run(tmp_path, "A010", relief({**own, "category": "birthday"}))) == []
    names = {"beneficiary": "John Smith", "approved_by": "Ann Lee and John Smith"}
    assert rows_of(run(tmp_path, "A010", relief({**own, **names}))) == [2]
    assert rows_of(run(tmp_path, "A010", relief({**own, **names, "beneficiary": "John", "handled_by": "孙晓雯"}))) == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"notice_from": "2015-03-02", "notice_to": "2015-03-06"}, []),
        ({"notice_from": "2015-03-02", "notice_to": "2015-03-05"}, [("notice_to", "4")]),
        ({"notice_from": "2015-09-28", "notice_to": "2015-10-09"}, []),  # three days, a week off, two days
        ({"notice_from": "2015-03-02"}, [("notice_to", "0")]),
        ({}, [("notice_from", "0")]),
        ({"notice_from": "三月初", "notice_to": "2015-03-06"}, []),  # unreadable
        ({"category": "emergency"}, []),
        ({"category": "warmth"}, []),
        ({"remark": "涉及隐私"}, []),
    ],
)
def test_the_public_notice(tmp_path: Path, row: dict[str, str], found: list[tuple[str, str]]) -> None:
    report = run(tmp_path, "A011", relief({"amount": "#500", **row}))
    assert [(f.column, f.observed) for f in report.findings] == found
    assert {f.expected for f in report.findings} <= {"5"}


# ---- A019, A020, A021, A022


def test_in_laws_only_where_the_unit_counts_them(tmp_path: Path) -> None:
    rows = relief({"category": "funeral", "relation": "other", "reason": "岳母去世"})
    report = run(tmp_path, "A021", rows)
    assert flagged(report) == [("A021", 2, "relation", "other", None)]
    assert books.said(report.findings[0])[0] == "丧事慰问，与会员的关系为“其他”。范围是配偶、父母、子女；请追回 500.00 元，或更正关系。"
    assert rows_of(run(tmp_path, "A021", rows, policy="[rules.A021]\nin_laws = 1\n")) == []


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({"reason": "阑尾炎住院"}, [("A020", "E2")]),
        ({"reason": "骨折住院"}, []),
        ({"reason": "住院"}, []),
        ({"reason": "阑尾炎住院", "event_date": "2015-01-05"}, [("A001", "E2")]),
        ({"reason": "阑尾炎住院", "member_no": "M002", "beneficiary": "乙"}, []),
    ],
)
def test_one_illness_is_paid_for_once(tmp_path: Path, second: dict[str, str], found: list[tuple[str, str]]) -> None:
    stay = {"category": "hospital", "reason": "急性阑尾炎手术住院", "event_date": "2015-01-05"}
    rows = relief(stay, {**stay, "event_date": "2015-06-01", "paid_on": "2015-06-10", **second})
    assert [(f.rule, f.expected) for f in run(tmp_path, "A001,A020", rows).findings] == found


def test_a_restricted_fund_as_the_policy_says(tmp_path: Path) -> None:
    rows = relief({"category": "warmth", "fund": "central"}, {"category": "warmth", "fund": "upper"})
    assert rows_of(run(tmp_path, "A022", rows)) == [2]
    own = '[restricted]\ncentral = ["hardship", "warmth"]\nupper = ["hardship"]\n'
    assert rows_of(run(tmp_path, "A022", rows, policy=own)) == [3]


# ---- A024


@pytest.mark.parametrize(
    ("row", "member", "found"),
    [
        ({"member_no": "M009"}, {}, [None]),
        ({"member_no": "M009", "beneficiary_type": "child"}, {}, [None]),
        ({"member_no": ""}, {}, []),  # G013 speaks
        ({}, {"status": "left", "left_on": "2015-01-09"}, ["2015-01-09"]),
        ({}, {"status": "left", "left_on": "2015-01-10"}, []),
        ({}, {"status": "left", "left_on": "一月"}, []),  # unreadable
        ({}, {"status": "retained", "left_on": "2014-01-10"}, []),
        ({}, {"status": "retired", "left_on": "2014-01-10"}, []),  # hardship
        ({"category": "festival"}, {"status": "retired", "left_on": "2014-01-10"}, ["2014-01-10"]),
        ({"category": "festival", "fund": "admin"}, {"status": "retired", "left_on": "2014-01-10"}, []),
        ({"category": "festival"}, {"status": "retired"}, [None]),
        ({"category": "festival"}, {"status": "retired", "left_on": "不详"}, []),
        ({"category": "funeral"}, {"status": "deceased", "left_on": "2014-07-10"}, []),
        ({"category": "funeral"}, {"status": "deceased", "left_on": "2014-07-09"}, ["2014-07-09"]),
        ({"category": "retirement"}, {"status": "retired", "left_on": "2014-10-10"}, []),
        ({"category": "retirement"}, {"status": "retired", "left_on": "2014-10-09"}, ["2014-10-09"]),
        ({"fund": "outside"}, {"status": "left", "left_on": "2014-01-09"}, []),
    ],
)
def test_who_is_a_member_when_it_is_paid(tmp_path: Path, row: dict[str, str], member: dict[str, str], found: list[str | None]) -> None:
    report = run(tmp_path, "A024", relief(row), members(member))
    assert [(f.column, f.expected) for f in report.findings] == [("member_no", day) for day in found]


# ---- A026, A027, A032


@pytest.mark.parametrize(
    ("reason", "also", "found"),
    [
        ("六一慰问", "[]", [2]),
        ("六一慰问", '["六一"]', []),
        ("慰问职工子女", '["儿童节"]', []),
    ],
)
def test_childrens_gifts_where_the_province_allows_them(tmp_path: Path, reason: str, also: str, found: list[int]) -> None:
    rows = relief({"category": "children", "beneficiary_type": "child", "reason": reason})
    assert rows_of(run(tmp_path, "A026", rows, policy=f"[festivals]\nalso = {also}\n")) == found


def test_a_gift_for_another_day_is_not_also_far_from_a_festival(tmp_path: Path) -> None:
    rows = relief({**GIFT, "reason": "教师节慰问", "paid_on": "2015-08-10"})
    assert [f.rule for f in run(tmp_path, "A026,A032", rows).findings] == ["A026"]


@pytest.mark.parametrize(
    ("reason", "paid", "near"),
    [
        ("春节慰问", "2015-01-20", None),
        ("春节慰问", "2015-01-19", "2015-02-19"),
        ("中秋国庆慰问", "2015-10-31", None),  # thirty days after National Day
        ("中秋国庆慰问", "2015-11-01", "2015-10-01"),
        ("慰问", "2015-12-02", None),  # thirty days before New Year's Day
        ("慰问", "2015-12-01", "2016-01-01"),
        ("元旦慰问", "2015-12-20", None),
    ],
)
def test_days_are_counted_to_the_festival_that_the_reason_names(tmp_path: Path, reason: str, paid: str, near: str | None) -> None:
    report = run(tmp_path, "A032", relief({**GIFT, "reason": reason, "paid_on": paid}))
    assert [f.expected for f in report.findings] == ([near] if near else [])


def test_outsiders_silence_who_was_paid_and_signed(tmp_path: Path) -> None:
    rows = relief({"beneficiary_type": "student", "category": "education", "member_no": "", "relation": ""})
    assert flagged(run(tmp_path, "A006,A007,A027", rows)) == [("A027", 2, "beneficiary_type", "student", None)]


# ---- A028


LINE = {"direction": "expense", "approved": "#0", "title": "代管"}


def collection(*lines: tuple[str, str, str]) -> dict[str, books.Grid]:
    return {"budget": sheet("code", LINE, [{"code": code, "direction": way, "booked": booked} for code, way, booked in lines], "C")}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([("23101", "agency_in", "#1000"), ("23102", "agency_out", "#800"), ("23103", "closing", "#200")], []),
        ([("23101", "agency_in", "#900"), ("23102", "agency_out", "#900")], [("23101", "1000.00", 10000)]),
        ([("23101", "agency_in", "#1000"), ("23102", "agency_out", "#900"), ("23103", "closing", "#0")], [("23102", "1000.00", 10000)]),
        ([("23101", "agency_in", "#1000"), ("23102", "agency_out", "#900")], []),  # the rest is on hand
        ([("23101", "agency_in", "#1000"), ("23102", "agency_out", "#1100")], [("23102", "1000.00", 10000)]),
        ([("231", "agency_in", "#1000"), ("231", "agency_out", "#1000")], []),
        ([("231", "opening", "#50"), ("231", "agency_in", "#1000"), ("231", "agency_out", "#1050")], []),
        ([("23101", "agency_in", ""), ("23102", "agency_out", "#900")], []),
        ([("50204", "expense", "#1000")], []),
        ([("23101", "agency_in", "#1200"), ("23103", "closing", "#200")], []),  # the ledger shows what was handed over
        ([("23101", "agency_in", "#1200"), ("23102", "agency_out", "#1000"), ("23103", "closing", "#200")], []),
        ([("23101", "agency_in", "#1200"), ("23102", "agency_out", "#1000")], []),
        ([("23100", "opening", "#50"), ("23101", "agency_in", "#1150"), ("23103", "closing", "#200")], []),
        ([("23101", "agency_in", "#1200.01"), ("23103", "closing", "#200")], [("23101", "1200.00", 1)]),
        ([("23101", "agency_in", "#1200")], [("23101", "1000.00", 20000)]),
    ],
)
def test_collected_money_is_handed_over_or_on_hand(
    tmp_path: Path, lines: list[tuple[str, str, str]], found: list[tuple[str, str, int]]
) -> None:
    given = relief({"category": "donation", "beneficiary_type": "unit", "fund": "agency", "budget_code": "231", "amount": "#1000"})
    report = run(tmp_path, "A028", given, collection(*lines))
    assert [(f.key[0], f.expected, f.amount) for f in report.findings] == found


def test_a_collection_that_misses_an_amount_is_not_compared(tmp_path: Path) -> None:
    given = relief({"fund": "agency", "amount": "#1000"}, {"fund": "agency", "amount": "一千"})
    report = run(tmp_path, "A028", given, collection(("23101", "agency_in", "#2000"), ("23102", "agency_out", "#2000")))
    assert (report.findings, status(report, "A028")) == ([], (False, "not compared: 23101"))
