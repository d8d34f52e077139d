"""The organs-union year: the issue's figures straight from the texts, without ledgerkit; then the same figures and the planted faults through it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc
from test_samples import found, planted

from ledgerkit import audit
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import catalogue
from ledgerkit.writing.json import as_object

SAMPLE = Path(__file__).parents[1] / "samples" / "organs-union-2015"
FEN = Decimal("0.01")
# What the rule catalogue does not have yet is planted all the same.
CODES = {rule.code for rule in catalogue()}
Row = dict[str, str]
Key = tuple[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    header, *lines = (
        [cell.strip() for cell in line.split("|")] for line in (SAMPLE / "source" / f"{name}.txt").read_text("utf-8").splitlines()
    )
    return tuple(dict(zip(header, line, strict=True)) for line in lines)


@cache
def dues() -> tuple[Row, ...]:
    """A row a month of each run."""
    return tuple(run | {"period": month} for run in rows("dues") for month in months(run["months"]))


def months(run: str) -> list[str]:
    first, _, last = run.partition("-")
    return [run] if len(first) == 4 else [f"2015-{number:02d}" for number in range(int(first), int(last or first) + 1)]


def of(name: str, **values: str) -> list[Row]:
    return [row for row in rows(name) if all(row[key] == value for key, value in values.items())]


def money(row: Row, key: str) -> Decimal:
    return Decimal(row[key] or "0")


def total(listed: Iterable[Row], key: str) -> Decimal:
    return sum((money(row, key) for row in listed), Decimal(0))


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def due(base: Decimal) -> Decimal:
    return fen(base // 10 * 10 * Decimal("0.005"))


def branches_of(rule: str) -> list[str]:
    """Branches in which a fault is planted, one for each."""
    return sorted(file.partition("-")[0] for file, _, _, code in planted(SAMPLE).elements() if code == rule)


def is_parent(line: Row) -> bool:
    lines = of("budget", branch_code=line["branch_code"])
    return any(other["code"] != line["code"] and other["code"].startswith(line["code"]) for other in lines)


def leaves(branch: str, *directions: str) -> list[Row]:
    """Budget lines that are no parents; agency money apart."""
    lines = of("budget", branch_code=branch)
    return [x for x in lines if x["direction"] in directions and not x["code"].startswith("231") and not is_parent(x)]


BRANCHES = [row["branch_code"] for row in rows("branches")]


# ---- the figures of the issue


def test_relief_is_what_the_source_tells() -> None:
    paired = [row for row in rows("relief") if row["programme"] == "结对帮扶"]
    for category, kind, count, amount in (
        ("education", "student", 170, "272943"),
        ("living", "family", 446, "353424"),
        ("village", "village", 43, "1423800"),
    ):
        listed = [row for row in paired if (row["category"], row["beneficiary_type"]) == (category, kind)]
        assert (len(listed), total(listed, "amount")) == (count, Decimal(amount))
    assert (len(paired), total(paired, "amount")) == (659, Decimal(2050167))
    assert {(row["fund"], row["budget_code"]) for row in paired} == {("outside", "")}
    assert len(of("relief", category="education")) == 170 and len(of("relief", category="village")) == 43


def test_visits_cost_772170_and_322_visitors() -> None:
    warmth = of("relief", category="warmth")
    assert total(warmth, "amount") == Decimal(772170)
    assert {(row["programme"], row["budget_code"]) for row in warmth} == {("元旦春节走访", "50205")}
    visits = of("activities", category="visit")
    assert total(visits, "present") == 322
    numbers = {(row["branch_code"], row["activity_no"]) for row in visits}
    assert all((row["branch_code"], row["activity_no"]) in numbers for row in warmth if row["activity_no"])


def test_216_members_in_hardship_have_just_under_1000_each() -> None:
    listed = of("relief", category="living", beneficiary_type="member")
    assert len(listed) == 216 == len({row["member_no"] for row in listed})
    assert all(950 <= money(row, "amount") <= 999 for row in listed)
    assert {(row["programme"], row["budget_code"], row["form"]) for row in listed} == {("困难职工补助", "50204", "transfer")}


def test_the_one_day_charity_is_handed_over_or_on_hand() -> None:
    listed = of("relief", category="donation")
    assert (len(listed), total(listed, "amount")) == (18, Decimal(3062600))
    assert {(row["fund"], row["budget_code"]) for row in listed} == {("agency", "231")}
    for row in listed:
        booked = {
            line["code"]: money(line, "booked") for line in of("budget", branch_code=row["branch_code"]) if line["code"].startswith("231")
        }
        assert money(row, "amount") == booked["23101"] == booked["23102"] + booked.get("23103", Decimal(0))
    assert [row["branch_code"] for row in of("budget", code="23103")] == ["JG107", "JG114"]


def test_activities_are_what_the_source_tells() -> None:
    meetings = of("activities", category="meeting")
    assert (len(meetings), total(meetings, "present")) == (130, 2589)
    sports = of("activities", programme="群众体育")
    assert Counter(row["category"] for row in sports) == {"sports": 4, "training": 2}
    assert total(sports, "present") == 1028
    assert [len(of("activities", category=category)) for category in ("sports", "training", "arts", "study")] == [4, 2, 2, 12]
    works = {row["programme"]: (row["entries"], row["shown"], row["winners"]) for row in of("activities", category="arts")}
    assert works == {"摄影书画比赛": ("79", "20", "5"), "廉政书法摄影": ("180", "", "23")}
    assert [row["starts_at"][:7] for row in of("activities", category="study")] == [f"2015-{number:02d}" for number in range(1, 13)]


def test_each_child_has_200_in_cash_on_1_june() -> None:
    children = of("relief", category="children")
    assert {(row["amount"], row["form"], row["paid_on"]) for row in children} == {("200.00", "cash", "2015-06-01")}
    assert len(children) == len({row["member_no"] for row in children}) == 18


def test_18_unions_were_elected_in_march_and_november() -> None:
    assert len(BRANCHES) == 18 and {row["elected_on"][:7] for row in rows("branches")} == {"2015-03", "2015-11"}
    for row in rows("branches"):
        (congress,) = of("activities", branch_code=row["branch_code"], category="congress")
        assert congress["starts_at"].startswith(row["elected_on"])


# ---- the books hold together


def test_a_branch_has_40_to_120_members_and_the_register_says_how_many() -> None:
    twice = Counter(branches_of("M001"))
    for row in rows("branches"):
        active = len(of("members", branch_code=row["branch_code"], status="active"))
        assert 40 <= int(row["members"]) == active - twice[row["branch_code"]] <= 120
        assert len({row["chair"], row["audit_chair"], row["treasurer"], row["cashier"]}) == 4


def test_numbers_have_their_check_characters_and_nobody_is_there_twice() -> None:
    for member in rows("members"):
        number = member["id_no"]
        assert number[17] == ric.calc_check_digit(number)
        assert member["birth_date"] == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        assert member["sex"] == ("male" if int(number[16]) % 2 else "female")
    others = [row["id_no"] for row in rows("relief") if row["id_no"] and not row["member_no"]]
    assert all(number[17] == ric.calc_check_digit(number) for number in others)
    cards = [
        *(row["bank_card"] for name in ("members", "relief") for row in rows(name)),
        *(row["bank_account"] for name in ("expenses", "branches") for row in rows(name)),
    ]
    assert all(len(card) == 19 and luhn.is_valid(card) for card in cards if card)
    assert all(uscc.is_valid(row[key]) for row in rows("branches") for key in ("uscc", "employer_uscc"))
    ids = Counter([*(row["id_no"] for row in rows("members")), *others])
    assert sum(count > 1 for count in ids.values()) == len(branches_of("M001") + branches_of("M002")) == 2
    people = Counter((row["name"], row["birth_date"]) for row in rows("members"))
    assert sum(count > 1 for count in people.values()) == 3


def test_dues_are_the_formula_but_for_the_planted_months() -> None:
    assert all(money(row, "due") == due(money(row, "wage_base")) for row in dues())
    sums: dict[tuple[str, str, str], list[Row]] = {}
    for row in dues():
        sums.setdefault((row["branch_code"], row["member_no"], row["period"]), []).append(row)
    wrong = [key[0] for key, listed in sums.items() if total(listed, "paid") + total(listed, "waived") != money(listed[0], "due")]
    assert sorted(wrong) == sorted(branches_of("D001") + branches_of("D007"))
    assert sorted(key[0] for key, listed in sums.items() if len(listed) > 1) == branches_of("D007")
    assert all(row["waiver_reason"] for row in dues() if money(row, "waived"))


def test_dues_run_from_joining_to_leaving_but_for_the_planted_members() -> None:
    paid: dict[str, list[str]] = {}
    for row in dues():
        paid.setdefault(row["member_no"], []).append(row["period"])
    odd = []
    for member in rows("members"):
        first = max("2015-01", member["joined_on"][:7], member["moved_in_on"][:7])
        last = member["left_on"][:7] or "2015-12"
        owed = [month for month in months("01-12") if first <= month <= last]
        if sorted(set(paid.pop(member["member_no"], []))) != owed:
            odd.append(member["branch_code"])
    absent = [code for code in branches_of("M005") if code != "JG111"]
    assert sorted(odd) == sorted([*absent, *(code for rule in ("D006", "D008", "D015", "D016", "M004") for code in branches_of(rule))])
    assert list(paid) == ["JG111999"]


def test_remittance_is_two_percent_sixty_to_forty_and_in_time() -> None:
    wrong: dict[str, list[str]] = {"R001": [], "R002": [], "R003": []}
    for row in rows("remittance"):
        payroll, owed, sent, kept = (money(row, key) for key in ("payroll", "due", "remitted", "retained"))
        year, number = divmod(int(row["period"][:4]) * 12 + int(row["period"][5:]), 12)
        assert kept == owed - sent and row["received"] in ("", row["retained"])
        if owed != fen(payroll * Decimal("0.02")):
            wrong["R001"].append(row["branch_code"])
        if sent != fen(owed * Decimal("0.4")):
            wrong["R002"].append(row["branch_code"])
        if date.fromisoformat(row["paid_on"]) > date(year, number + 1, 15):
            wrong["R003"].append(row["branch_code"])
    assert wrong == {rule: branches_of(rule) for rule in wrong}
    assert Counter(row["branch_code"] for row in rows("remittance")) == dict.fromkeys(BRANCHES, 12)


def test_parents_show_their_children_but_for_the_planted_ones() -> None:
    wrong = []
    for parent in filter(is_parent, rows("budget")):
        below = [
            x
            for x in of("budget", branch_code=parent["branch_code"])
            if x["code"] != parent["code"] and x["code"].startswith(parent["code"])
        ]
        wrong += [parent["branch_code"] for key in ("prior", "approved", "adjustment", "booked") if money(parent, key) != total(below, key)]
    assert sorted(wrong) == branches_of("B004")


@pytest.mark.parametrize("key", ["prior", "approved", "booked"])
def test_opening_and_income_are_spending_and_closing(key: str) -> None:
    wrong = []
    for branch in BRANCHES:
        opening, income, expense, closing = (total(leaves(branch, side), key) for side in ("opening", "income", "expense", "closing"))
        if opening + income != expense + closing:
            wrong.append(branch)
            assert opening + income < expense and closing == 0
    assert wrong == (branches_of("B005") if key == "approved" else [])


def test_adjustments_net_to_nothing_and_have_a_number() -> None:
    adjusted = [row for row in rows("budget") if row["adjustment"]]
    assert adjusted and all(row["adjustment_no"] and row["adjusted_on"] for row in adjusted)
    assert all(total(leaves(branch, "expense"), "adjustment") == 0 for branch in BRANCHES)


@cache
def spent() -> dict[Key, Decimal]:
    """By branch and code what the ledgers show: relief from union accounts, activities, and expenses that are no part of one."""
    sums: Counter[Key] = Counter()
    for name, key in (("relief", "amount"), ("activities", "actual_cost"), ("expenses", "amount")):
        for row in rows(name):
            if row["budget_code"] not in ("", "231") and not (name == "expenses" and row["activity_no"]):
                sums[row["branch_code"], row["budget_code"]] += money(row, key)  # type: ignore[assignment]
    for row in dues():
        sums[row["branch_code"], "401"] += money(row, "paid")  # type: ignore[assignment]
    for row in rows("remittance"):
        sums[row["branch_code"], "402"] += money(row, "retained")  # type: ignore[assignment]
    return {key: Decimal(amount) for key, amount in sums.items() if amount}


def test_booked_is_what_the_ledgers_show_but_for_the_planted_lines() -> None:
    wrong = {}
    for branch in BRANCHES:
        for line in leaves(branch, "income", "expense"):
            if line["code"] in ("401", "402") or line["direction"] == "expense":
                apart = money(line, "booked") - spent().get((branch, line["code"]), Decimal(0))
                if apart:
                    wrong[branch, line["code"]] = apart
    rules = {"401": "X002", "402": "R008", "50205": "X003", "50103": "X004"}
    assert sorted((rules[code], branch) for branch, code in wrong) == sorted(
        (rule, b) for rule in rules.values() for b in branches_of(rule)
    )
    assert wrong == {
        ("JG113", "401"): Decimal("-45.00"),
        ("JG109", "402"): Decimal("-860.00"),
        ("JG106", "50205"): Decimal("500.00"),
        ("JG117", "50103"): Decimal("-120.00"),
    }


def test_the_budget_covers_what_is_spent_but_for_the_planted_lines() -> None:
    over, nowhere = [], []
    for (branch, code), amount in spent().items():
        line = next((x for x in leaves(branch, "expense", "income") if x["code"] == code), None)
        if line is None:
            nowhere.append(branch)
        elif line["direction"] == "expense" and amount > money(line, "approved") + money(line, "adjustment"):
            over.append(branch)
    assert sorted(nowhere) == branches_of("B001") and sorted(over) == branches_of("B002")
    for branch in BRANCHES:
        opening, income, expense = (total(leaves(branch, side), "booked") for side in ("opening", "income", "expense"))
        assert opening + income > expense


def test_relief_goes_its_way_but_for_the_planted_payments() -> None:
    wrong: dict[str, list[str]] = {"A012": [], "A013": [], "A031": []}
    for row in rows("relief"):
        if row["paid_on"] < row["approved_on"]:
            wrong["A031"].append(row["branch_code"])
            continue
        days = [row[key] for key in ("applied_on", "approved_on", "paid_on") if row[key]]
        notice = [row[key] for key in ("notice_from", "notice_to", "approved_on") if row[key]]
        if days != sorted(days) or notice != sorted(notice) or row["event_date"] > row["paid_on"]:
            wrong["A013"].append(row["branch_code"])
        if row["approved_by"] == row["handled_by"]:
            wrong["A012"].append(row["branch_code"])
        hardship = row["category"] in ("living", "education", "medical", "emergency")
        assert not hardship or (row["form"] == "transfer" and row["id_no"])
        assert row["bank_ref"] if row["form"] == "transfer" else row["signed_by"]
        assert row["member_no"] or row["bank_card"]
    batches: dict[Key, list[Row]] = {}
    for row in rows("relief"):
        batches.setdefault((row["branch_code"], row["batch_no"] or row["voucher_no"]), []).append(row)
    large = {key: listed for key, listed in batches.items() if total(listed, "amount") >= 20000}
    wrong["A012"] += [branch for (branch, _), listed in large.items() if not all(row["minutes_no"] for row in listed)]
    assert {rule: sorted(codes) for rule, codes in wrong.items()} == {rule: branches_of(rule) for rule in wrong}


def test_activities_have_plans_photos_and_papers_but_for_the_planted_ones() -> None:
    unplanned, generous = [], []
    for row in rows("activities"):
        base = row["entries"] or row["present"]
        held = date.fromisoformat(row["ends_at"][:10])
        assert 0 < (date.fromisoformat(row["documented_on"]) - held).days <= 30 and row["has_photos"] == "yes"
        assert money(row, "actual_cost") <= money(row, "budgeted") and row["documented_on"] <= (row["paid_on"] or "9999")
        unplanned += [row["branch_code"]] if not row["plan_no"] else []
        generous += [row["branch_code"]] if 3 * int(row["winners"] or 0) > 2 * int(base) else []
    assert (sorted(unplanned), sorted(generous)) == (branches_of("V016"), branches_of("V005"))
    for branch in BRANCHES:
        starts = [row["starts_at"] for row in of("activities", branch_code=branch)]
        assert all(one <= other for one, other in pairwise(starts))


def test_those_who_signed_in_are_as_many_as_were_present() -> None:
    signed: dict[Key, list[Row]] = {}
    for row in rows("attendance"):
        signed.setdefault((row["branch_code"], row["activity_no"]), []).append(row)
    assert {branch for branch, _ in signed} == set(BRANCHES)
    known = {row["member_no"]: row for row in rows("members")}
    strangers = []
    for (branch, number), listed in signed.items():
        (activity,) = of("activities", branch_code=branch, activity_no=number)
        assert sum(row["status"] in ("present", "late") for row in listed) == int(activity["present"])
        for row in listed:
            member = known.get(row["member_no"])
            if member is None or (member["left_on"] or "9999") < activity["starts_at"]:
                strangers.append(branch)
    # Someone who had moved away by then is V011, which silences V001 on the row.
    assert sorted(strangers) == sorted(branches_of("V001") + branches_of("V011"))


# ---- and through ledgerkit


@pytest.fixture(scope="module")
def report() -> Report:
    return audit.reconcile([SAMPLE / "books"])


@pytest.fixture(scope="module")
def totals(report: Report) -> dict[str, Any]:
    figures: dict[str, Any] = as_object(report, "zh")["totals"]
    return figures


def test_every_row_of_the_texts_is_used(report: Report) -> None:
    counts = {check.check: (check.left, check.right) for check in report.controls if check.check.startswith("rows.")}
    names = ("members", "relief", "activities", "attendance", "expenses", "budget", "remittance", "branches")
    assert counts == {f"rows.{name}": (len(rows(name)),) * 2 for name in names} | {"rows.dues": (len(dues()),) * 2}


def test_the_printed_relief_is_the_table(totals: dict[str, Any]) -> None:
    relief = totals["relief"]
    programmes, categories, kinds = (relief[key] for key in ("by_programme", "by_category", "by_beneficiary_type"))
    assert categories["education"] == kinds["student"] == {"count": 170, "headcount": 170, "amount": "272943.00"}
    assert kinds["family"] == {"count": 446, "headcount": 446, "amount": "353424.00"}
    assert categories["village"] == kinds["village"] == {"count": 43, "headcount": 43, "amount": "1423800.00"}
    assert programmes["结对帮扶"] == relief["by_fund"]["outside"] == {"count": 659, "headcount": 659, "amount": "2050167.00"}
    assert categories["warmth"] == programmes["元旦春节走访"] and categories["warmth"]["amount"] == "772170.00"
    assert programmes["困难职工补助"]["count"] == 216 and categories["living"]["count"] == 446 + 216
    assert categories["donation"] == relief["by_fund"]["agency"] == {"count": 18, "headcount": 18, "amount": "3062600.00"}
    assert relief["agency"] == "3062600.00"
    assert categories["children"] == {"count": 18, "headcount": 18, "amount": "3600.00"}
    own = [row for row in rows("relief") if row["fund"] not in ("outside", "agency")]
    assert Decimal(relief["amount"]) == total(own, "amount")


def test_the_printed_activities_and_elections_are_the_table(totals: dict[str, Any]) -> None:
    categories, programmes = totals["activities"]["by_category"], totals["activities"]["by_programme"]
    assert (categories["meeting"]["count"], categories["meeting"]["present"]) == (130, 2589)
    assert categories["visit"]["present"] == 322
    assert (programmes["群众体育"]["count"], programmes["群众体育"]["present"]) == (6, 1028)
    assert [categories[name]["count"] for name in ("sports", "training", "study")] == [4, 2, 12]
    keys = ("entries", "shown", "winners")
    assert [programmes["摄影书画比赛"][key] for key in keys] == [79, 20, 5]
    assert [programmes["廉政书法摄影"][key] for key in keys] == [180, 0, 23]
    assert [categories["arts"][key] for key in keys] == [259, 20, 28]
    assert totals["branches"] == {"count": 18, "elected": 18, "members": sum(int(row["members"]) for row in rows("branches"))}


def test_the_printed_dues_and_remittances_are_the_sums_of_the_texts(totals: dict[str, Any]) -> None:
    assert Decimal(totals["dues"]["paid"]) == total(dues(), "paid")
    assert Decimal(totals["dues"]["waived"]) == total(dues(), "waived")
    assert {key: Decimal(amount) for key, amount in totals["remittance"].items()} == {
        key: total(rows("remittance"), key) for key in ("due", "retained", "remitted", "received")
    }
    assert Decimal(totals["expenses"]["amount"]) == total(rows("expenses"), "amount")


def test_every_control_holds_but_for_the_planted_lines(report: Report) -> None:
    wrong = {check.check for check in report.controls if check.ok is not True}
    assert wrong == {"dues.401", "remittance.402", "line.50205", "line.50103"}


def test_every_planted_fault_is_found_and_nothing_else(report: Report) -> None:
    wanted = Counter({fault: count for fault, count in planted(SAMPLE).items() if fault[3] in CODES})
    got = found(list(report.findings))
    assert (sorted((wanted - got).elements()), sorted((got - wanted).elements())) == ([], [])


def test_the_overview_says_how_many_branches_and_leaves_agency_money_out_of_the_balance(report: Report, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from ledgerkit.writing.workbook import write_summary

    write_summary(report, tmp_path / "year.xlsx", [SAMPLE / "books"], "zh")
    sheet = load_workbook(tmp_path / "year.xlsx")["总览"]
    assert sheet["A1"].value == "18 家工会 2015 年度审计汇总"
    assert report.lines is not None
    closing = report.lines.frame[(report.lines["direction"] == "closing") & ~report.lines["is_agency"]]["booked"].sum()
    shown = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert shown["年末结余"] == closing / 100
