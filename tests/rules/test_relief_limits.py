"""Limits of relief as a unit, a province or nobody sets them: A002 A003 A014 A015 A017 A018 A023, and the packs they come from."""

import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledgerkit import policies
from ledgerkit.errors import BadPolicy
from ledgerkit.model.report import Report
from ledgerkit.policies.check import checked
from ledgerkit.rules.packs import settings
from ledgerkit.writing import wording
from ledgerkit.writing.json import as_object
from ledgerkit.writing.workbook import write_summary

sys.path.insert(0, str(Path(__file__).parents[1]))

import books
from test_relief_rules import flagged, members, relief, rows_of, run

ANHUI = 'packs = ["anhui-2025"]\n'


def status(report: Report, code: str) -> tuple[bool, str]:
    """Whether a rule was run, and why not (everywhere), as Sources says it in English."""
    (found,) = [status for status in report.statuses if status.rule == code]
    return found.run, wording.because(found, "en")


# ---- packs


@pytest.mark.parametrize("name", policies.packs())
def test_a_pack_says_what_it_is_and_sets_what_may_be_set(name: str) -> None:
    tree: dict[str, Any] = tomllib.loads((policies.PACKS / f"{name}.toml").read_text("utf-8"))
    sources = tomllib.loads((policies.FOLDER / "sources.toml").read_text("utf-8"))
    assert tree["id"] == name
    assert isinstance(tree["valid_from"], date)
    assert sources[tree["source"]]["mark"] == tree["mark"] != "U"
    limits = {key: value for key, value in tree.items() if key not in policies.ABOUT}
    checked(limits, tomllib.loads((policies.FOLDER / "national.toml").read_text("utf-8")), settings(), name)


def test_a_pack_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('packs = ["anhui-2015"]\n', "utf-8")
    with pytest.raises(BadPolicy) as refused:
        policies.load(tmp_path / "own.toml", settings())
    assert str(refused.value) == (
        f"{tmp_path / 'own.toml'}: there is no pack anhui-2015. The packs are anhui-2025, sichuan-2023; name one of them, or remove it."
    )


def test_the_runs_date_chooses_the_pack_and_the_unit_stands_above_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('packs = ["anhui-2025", "sichuan-2023"]\n[caps.once]\nbirthday = "200.00"\n', "utf-8")
    policy = policies.load(tmp_path / "own.toml", settings())
    caps = {
        day: policy.on(date.fromisoformat(day)).caps["once"].get("marriage")
        for day in ("2022-12-31", "2023-01-01", "2024-12-31", "2025-01-01")
    }
    assert caps == {"2022-12-31": None, "2023-01-01": 80000, "2024-12-31": 80000, "2025-01-01": 200000}
    late = policy.on(date(2025, 6, 30))
    assert (late.caps["once"]["birthday"], late.caps["once"]["warmth"]) == (20000, 300000)
    assert {key: late.sources.get(f"caps.once.{key}") for key in ("birthday", "marriage", "warmth")} == {
        "birthday": "OWN",
        "marriage": "S15",
        "warmth": None,
    }
    assert len({policy.on(None).sha256, late.sha256, policy.on(date(2024, 6, 30)).sha256}) == 3


def test_a_pack_that_is_not_in_force_yet_sets_nothing(tmp_path: Path) -> None:
    """Books of 2015: the rule waits for a limit, as if no pack were named."""
    report = run(tmp_path, "A017", relief({"category": "festival", "amount": "#9000"}), policy=ANHUI)
    assert report.findings == []
    assert status(report, "A017") == (False, "no limit is set: caps.year.festival")


def in_2025(folder: Path, rules: str, *rows: dict[str, str], policy: str = ANHUI) -> Report:
    dates = {"approved_on": "2025-09-01", "paid_on": "2025-09-20"}
    return run(folder, rules, relief(*({**dates, **row} for row in rows)), policy=policy, year=2025)


def test_a_pack_in_force_sets_the_limit_its_weight_and_its_basis(tmp_path: Path) -> None:
    festival = {"category": "festival", "form": "goods"}
    report = in_2025(tmp_path, "A002,A017", {**festival, "amount": "#2200.01"}, {"category": "marriage", "amount": "#2001"})
    assert [(f.rule, f.severity, f.observed, f.expected, f.amount) for f in report.findings] == [
        ("A002", "high", "2001.00", "2000.00", 100),
        ("A017", "high", "2200.01", "2200.00", 1),
    ]
    bases = {f["rule"]: f["basis"] for f in as_object(report, "zh")["findings"]}
    assert set(bases.values()) == {"皖工发〔2025〕18号、马工发〔2026〕4号（安徽、马鞍山，仅供参考）"}


# ---- A002, A003


@pytest.mark.parametrize(
    ("policy", "severity", "basis"),
    [
        ("", "medium", "S31"),
        ('[caps.once]\nwarmth = "3000.00"\n', "high", "OWN"),
        ('[caps.once]\nwarmth = "3000.00"\n[rules.severity]\nA002 = "low"\n', "low", "OWN"),
    ],
)
def test_a_limit_of_ones_own_weighs_more(tmp_path: Path, policy: str, severity: str, basis: str) -> None:
    (finding,) = run(tmp_path, "A002", relief({"category": "warmth", "amount": "#3200"}), policy=policy).findings
    assert (finding.severity, finding.basis, finding.expected, finding.amount) == (severity, basis, "3000.00", 20000)
    assert books.said(finding) == (
        "一次发放 3200.00 元，限额 3000.00 元。请说明超出的 200.00 元；本单位另有规定的，在设置文件中改限额。",
        "3200.00 was paid at once; the limit is 3000.00. Explain the 200.00 above it, or set your own limit.",
    )


def test_one_payment_above_both_limits_is_one_finding(tmp_path: Path) -> None:
    report = run(tmp_path, "A002,A003", relief({"category": "warmth", "amount": "#6500"}))
    assert [(f.rule, f.row) for f in report.findings] == [("A002", 2)]


@pytest.mark.parametrize(
    "row",
    [
        {"amount": "#3000"},
        {"amount": "#9000", "fund": "outside"},
        {"amount": "#9000", "fund": "agency"},
        {"amount": "#9000", "headcount": "#3"},
        {"amount": "#9000", "category": "不详"},  # unreadable: G016 speaks
        {"amount": "#9000", "headcount": "三人"},
        {"amount": "#9000", "beneficiary_type": "unit", "member_no": ""},
    ],
)
def test_what_the_limit_for_one_payment_leaves_alone(tmp_path: Path, row: dict[str, str]) -> None:
    assert rows_of(run(tmp_path, "A002", relief({"category": "warmth", **row}))) == []


def test_a_payment_taken_back_is_above_no_limit(tmp_path: Path) -> None:
    paid = {"category": "warmth", "amount": "#3200", "paid_on": "2015-01-10"}
    back = {**paid, "amount": "#-3200", "paid_on": "2015-01-20", "remark": "红冲"}
    assert rows_of(run(tmp_path, "A002", relief(paid, back))) == []
    assert rows_of(run(tmp_path, "A002", relief(paid, {**back, "amount": "#-100"}))) == [2]


# ---- A014, A015, A017


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"self_paid": "#500"}, []),
        ({"self_paid": "#499.99"}, [("500.00", "499.99", 1)]),
        ({"self_paid": ""}, []),
        ({"self_paid": "约五百"}, []),
        ({"self_paid": "#100", "fund": "outside"}, []),
    ],
)
def test_medical_aid_and_the_patients_share(tmp_path: Path, row: dict[str, str], found: list[tuple[str, str, int]]) -> None:
    report = run(tmp_path, "A014", relief({"category": "medical", **row}))
    assert [(f.observed, f.expected, f.amount) for f in report.findings] == found


def test_the_share_may_be_set_lower(tmp_path: Path) -> None:
    rows = relief({"category": "medical", "self_paid": "#1000", "amount": "#801"})
    report = run(tmp_path, "A014", rows, policy="[rules.A014]\nshare_percent = 80\n")
    assert [(f.expected, f.amount) for f in report.findings] == [("800.00", 100)]


def test_without_the_local_allowance_hardship_aid_is_not_measured(tmp_path: Path) -> None:
    rows = relief({"amount": "#90000"})
    report = run(tmp_path, "A015", rows)
    assert (report.findings, status(report, "A015")) == ([], (False, "no limit is set: aid.minimum_living"))
    measured = run(tmp_path, "A015", rows, policy='[aid]\nminimum_living = "600.00"\n')
    assert flagged(measured) == [("A015", 2, "amount", "90000.00", "7200.00")]


def test_festival_goods_of_a_year_are_summed_by_person_or_head(tmp_path: Path) -> None:
    gift = {"category": "festival", "form": "goods", "reason": "慰问"}
    own = '[caps.year]\nfestival = "1000.00"\n'
    rows = relief(
        {**gift, "amount": "#600", "paid_on": "2015-02-10"},
        {**gift, "amount": "#600", "paid_on": "2015-09-22"},
        {**gift, "member_no": "", "beneficiary": "全体", "headcount": "#50", "amount": "#50050"},
    )
    report = run(tmp_path, "A003,A017", rows, policy=own)
    assert flagged(report) == [("A017", 3, "amount", "1200.00", "1000.00"), ("A017", 4, "amount", "50050.00", "50000.00")]
    assert [(f.amount, f.basis) for f in report.findings] == [(20000, "OWN"), (5000, "OWN")]


# ---- A018


def test_the_limit_of_birthdays_is_a_reference_until_the_unit_sets_its_own(tmp_path: Path) -> None:
    gift = {"category": "birthday", "form": "coupon", "amount": "#400"}
    another = {**gift, "member_no": "M002", "beneficiary": "乙", "amount": "#300"}
    for policy, expected in (("", ("300.00", 10000, "S23")), ('[caps.once]\nbirthday = "350.00"\n', ("350.00", 5000, "OWN"))):
        report = run(tmp_path, "A018", relief(gift, another), members({}), policy=policy)
        assert [(f.row, f.column, (f.expected, f.amount, f.basis)) for f in report.findings] == [(2, "amount", expected)]
    assert run(tmp_path, "A018", relief(gift), members({}), policy='[caps.once]\nbirthday = "400.00"\n').findings == []


def test_a_birthday_gift_again_within_30_days_is_one_finding(tmp_path: Path) -> None:
    gift = {"category": "birthday", "form": "coupon", "amount": "#300"}
    near = relief({**gift, "paid_on": "2015-03-01"}, {**gift, "paid_on": "2015-03-20"})
    assert [(f.rule, f.row) for f in run(tmp_path, "A001,A018", near).findings] == [("A001", 3)]
    far = relief({**gift, "paid_on": "2015-03-01"}, {**gift, "paid_on": "2015-08-20"})
    assert [(f.rule, f.row, f.expected) for f in run(tmp_path, "A001,A018", far).findings] == [("A018", 3, "E2")]


@pytest.mark.parametrize(
    ("paid", "found"),
    [("2015-01-20", []), ("2015-02-01", ["2015-12"]), ("2015-11-30", []), ("2015-10-31", ["2015-12"])],
)
def test_a_birthday_month_runs_over_the_years_end(tmp_path: Path, paid: str, found: list[str]) -> None:
    born = members({"birth_date": "1980-12-15"})
    given = run(tmp_path, "A018", relief({"category": "birthday", "form": "goods", "amount": "#300", "paid_on": paid}), born)
    assert [f.expected for f in given.findings] == found


# ---- A023


def test_splitting_is_said_instead_of_paid_twice(tmp_path: Path) -> None:
    part = {"category": "warmth", "amount": "#2900"}
    report = run(tmp_path, "A001,A023", relief({**part, "paid_on": "2015-01-10"}, {**part, "paid_on": "2015-01-12"}))
    assert flagged(report) == [("A023", 3, "amount", "5800.00", "3000.00")]
    assert books.said(report.findings[0]) == (
        "连同本笔，几天之内共付 5800.00 元，每笔都略低于 3000.00 元。请合并手续，就合计金额重新审批。",
        "With this payment 5800.00 was paid in a few days, each part just under 3000.00. Put the papers together and decide on the whole sum.",
    )


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({}, [3]),
        ({"amount": "#2699"}, []),  # under nine tenths
        ({"paid_on": "2015-02-11"}, []),  # 32 days on
        ({"paid_on": "2015-02-10"}, []),  # monthly
        ({"member_no": "M002", "beneficiary": "乙"}, []),
        ({"event_date": "2015-01-11"}, []),
        ({"fund": "outside"}, []),
    ],
)
def test_what_is_splitting_and_what_is_not(tmp_path: Path, second: dict[str, str], found: list[int]) -> None:
    part = {"category": "warmth", "amount": "#2900", "paid_on": "2015-01-10"}
    assert rows_of(run(tmp_path, "A023", relief(part, {**part, "paid_on": "2015-01-15", **second}))) == found


def test_three_parts_are_flagged_from_the_second_on(tmp_path: Path) -> None:
    part = {"category": "warmth", "amount": "#2900"}
    rows = relief(*({**part, "paid_on": day} for day in ("2015-01-10", "2015-01-12", "2015-01-14")))
    assert [(f.row, f.observed) for f in run(tmp_path, "A023", rows).findings] == [(4, "8700.00"), (3, "5800.00")]


def test_a_batch_split_under_the_collective_limit(tmp_path: Path) -> None:
    batch = [{"batch_no": f"P{n // 19}", "amount": "#1000", "member_no": f"M{n:03}", "beneficiary": f"会员{n}"} for n in range(38)]
    report = run(tmp_path, "A023", relief(*batch))
    assert flagged(report) == [("A023", 21, "amount", "38000.00", "20000.00")]
    assert rows_of(run(tmp_path, "A023", relief(*({**row, "minutes_no": "纪要1号"} for row in batch)))) == []


# ---- what Sources says


@pytest.mark.parametrize(("year", "applied"), [(2015, "not yet applied"), (2025, "applied")])
def test_sources_names_the_pack_and_whether_it_was_in_force(tmp_path: Path, year: int, applied: str) -> None:
    dates = {"approved_on": f"{year}-09-01", "paid_on": f"{year}-09-20"}
    report = run(tmp_path, "A017", relief({**dates, "category": "festival"}), policy=ANHUI, year=year)
    write_summary(report, tmp_path / "s.xlsx", [tmp_path / "b.xlsx"], "en")
    rows = {row[0]: row[1] for row in load_workbook(tmp_path / "s.xlsx")["Sources"].iter_rows(max_col=2, values_only=True)}
    document = "Rules of Anhui and Ma'anshan on grassroots union funds (皖工发〔2025〕18号, 马工发〔2026〕4号); reference only"
    assert rows["Pack anhui-2025"] == f"{document} [N], in force from 2025-01-01: {applied}"
    assert rows["A017"].startswith("Festival goods above the year's limit · " + ("run" if year == 2025 else "not run · no limit is set"))
