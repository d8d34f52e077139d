"""Statistics are leads: information, with guards that they state in their prose, and silent where a guard does not hold."""

import sys
from pathlib import Path

import pytest

from ledgerkit.audit import Options, reconcile
from ledgerkit.model.finding import Severity
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import catalogue

sys.path.insert(0, str(Path(__file__).parents[1]))

import books

STATISTICS = ("A030", "D014", "V017", "X013", "X014")
BILLS = "| 凭证号 | 事由 | 支付日期 | 预算科目 | 收款单位 | 金额 | 审批人 | 经办人 |"
HELD = "| 活动编号 | 活动名称 | 类别 | 开始时间 | 结束时间 | 方案或通知文号 | 实到人次 | 参赛作品数 | 预算科目 | 实际支出 |"
MEMBERS = "| 会员编号 | 姓名 | 证件号码 | 人员状态 | 工会小组 | 月缴费基数 |"
DUES = "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期 |"


def run(folder: Path, code: str, policy: str = "", **sheets: list[str]) -> Report:
    (folder / "ledgerkit.toml").write_text(policy, "utf-8")
    books.write(folder / "b.xlsx", {name: "\n".join(rows) for name, rows in sheets.items()})
    return reconcile([folder], Options(year=2015, rules=(code,)))


def told(report: Report) -> list[tuple[str | None, str | None, str | None]]:
    return [(f.cell, f.observed, f.expected) for f in report.findings]


def bills(amounts: list[float]) -> list[str]:
    """Other expenses of these amounts, a voucher each."""
    rows = [f"| E{n} | 器材 | 2015-05-04 | 50102 | 永胜商店 | #{amount} | 周志远 | 孙晓雯 |" for n, amount in enumerate(amounts, 1)]
    return [BILLS, *rows]


def odd(count: int) -> list[float]:
    """Amounts that are neither round nor alike, nor end alike."""
    return [137.31 + 1.01 * n for n in range(count)]


@pytest.mark.parametrize("code", STATISTICS)
def test_a_statistic_is_information_and_states_its_guards(code: str) -> None:
    rule = catalogue()[code]
    assert rule.severity is Severity.INFO
    assert "Guards: " in rule.prose


# ---- X013


def test_round_amounts_are_told_of_more_than_half_of_a_hundred_bills(tmp_path: Path) -> None:
    half, more = [100.0 * n for n in range(1, 51)], [100.0 * n for n in range(1, 52)]
    assert told(run(tmp_path, "X013", 其他支出=bills(more + odd(49)))) == [("F2", "0.5100", "<= 0.5000")]
    assert told(run(tmp_path, "X013", 其他支出=bills(half + odd(50)))) == []
    assert told(run(tmp_path, "X013", 其他支出=bills(more + odd(48)))) == []  # 99 bills


def test_one_amount_or_one_ending_on_more_than_a_tenth(tmp_path: Path) -> None:
    assert told(run(tmp_path, "X013", 其他支出=bills([88.5] * 11 + odd(89)))) == [
        ("F2", "0.1100", "<= 0.1000"),
        ("F2", "0.1200", "<= 0.1000"),
    ]
    assert told(run(tmp_path, "X013", 其他支出=bills([88.5] * 9 + odd(91)))) == []


def test_fixed_standards_of_relief_are_no_made_up_amounts(tmp_path: Path) -> None:
    paid = "| 凭证号 | 发放类别 | 对象类别 | 受助人 | 事由 | 发放形式 | 金额 | 资金来源 | 审批日期 | 审批人 | 经办人 | 发放日期 |"
    rows = [
        f"| V{n} | 节日慰问 | 会员 | 会员{n} | 中秋 | 实物 | #300 | 本级工会经费 | 2015-09-20 | 甲 | 乙 | 2015-09-21 |" for n in range(120)
    ]
    assert told(run(tmp_path, "X013", 帮扶慰问=[paid, *rows], 其他支出=bills(odd(100)))) == []


# ---- X014

ONE_DIGIT = "[rules.X014]\ndigits = 1\n"


def lawful(count: int) -> list[float]:
    """Amounts whose first digits follow Benford's law: a geometric row over two powers of ten."""
    return [round(100 * 10 ** (2 * n / count), 2) for n in range(count)]


def test_benford_is_off_until_it_is_asked_for(tmp_path: Path) -> None:
    (status,) = [s for s in run(tmp_path, "X014", 其他支出=bills(odd(200))).statuses if s.rule == "X014"]
    assert (status.run, status.findings) == (False, 0)


def test_first_digits_far_from_the_law_are_told_and_lawful_ones_are_not(tmp_path: Path) -> None:
    ((cell, _, expected),) = told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills([900.01 + 0.37 * n for n in range(110)])))
    assert (cell, expected) == ("F2", "<= 0.0150")
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(lawful(110)))) == []


def test_benford_is_silent_where_a_guard_does_not_hold(tmp_path: Path) -> None:
    nines = [900.01 + 0.37 * n for n in range(110)]
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(nines[:109]))) == []  # too few bills
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(nines[:104] + [980.5] * 6))) == []  # one amount on more than a twentieth
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(nines[:105] + [980.5] * 5))) != []
    pairs = [amount for amount in nines[:55] for _ in range(2)]
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(pairs))) != []
    threes = [amount for amount in nines[:37] for _ in range(3)]
    assert told(run(tmp_path, "X014", ONE_DIGIT, 其他支出=bills(threes))) == []  # the ten most frequent are a fifth and more


# ---- V017


def activities(costs: list[int], present: str = "#10", entries: str = "", category: str = "体育比赛") -> list[str]:
    rows = [
        f"| A{n} | 比赛{n} | {category} | 2015-05-{n:02d}T09:00d | 2015-05-{n:02d}T10:00d | 1号 | {present} | {entries} | 50102 | #{cost} |"
        for n, cost in enumerate(costs, 1)
    ]
    return [HELD, *rows]


def test_a_costly_head_needs_eight_activities_and_twice_the_usual(tmp_path: Path) -> None:
    usual = [200, 210, 220, 230, 240, 250, 260]
    assert told(run(tmp_path, "V017", 活动台账=activities([*usual, 900]))) == [("J9", "90.00", "23.50")]
    assert told(run(tmp_path, "V017", 活动台账=activities([*usual[:6], 900]))) == []  # seven
    assert told(run(tmp_path, "V017", 活动台账=activities([*usual, 460]))) == []  # not twice the usual
    assert told(run(tmp_path, "V017", 活动台账=activities([200] * 7 + [900]))) == []  # most alike to the fen
    assert told(run(tmp_path, "V017", 活动台账=activities([*usual, 900], entries="#40"))) == []  # contests by works


# ---- D014


def roster(groups: list[int], due: dict[int, float]) -> dict[str, list[str]]:
    """A member a number, in these groups, with wages of their own; a group pays a share of its dues."""
    wages = [3000 + 37 * n for n in range(len(groups))]
    members = [f"| M{n:02d} | 会员{n} | | 在职 | 第{group}组 | #{wages[n]} |" for n, group in enumerate(groups)]
    paid = [
        f"| M{n:02d} | 会员{n} | 2015-{m:02d} | #{wages[n] // 10 * 0.05 * due.get(group, 1):.2f} | 2015-{m:02d}-10d |"
        for n, group in enumerate(groups)
        for m in range(1, 13)
    ]
    return {"会员名册": [MEMBERS, *members], "会费收缴": [DUES, *paid]}


def test_a_group_apart_needs_five_groups_of_three(tmp_path: Path) -> None:
    half = {3: 0.5}
    assert [(f.cell, f.observed) for f in run(tmp_path, "D014", "", **roster([n % 5 for n in range(15)], half)).findings] == [
        ("E5", "第3组")
    ]
    assert told(run(tmp_path, "D014", "", **roster([n % 4 for n in range(16)], half))) == []  # four groups
    assert told(run(tmp_path, "D014", "", **roster([n % 5 for n in range(10)], half))) == []  # of two members
    assert told(run(tmp_path, "D014", "", **roster([n % 5 for n in range(15)], {3: 0.95}))) == []  # less than a tenth apart
