"""X001 over whole workbooks: benefits to members who pay no dues, or whose wage is outside the remittance base."""

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

MEMBERS = "| 会员编号 | 姓名 | 人员状态 | 入会日期 | 转入日期 | 状态变动日期 | 月缴费基数 | 工资纳入拨缴基数 |"
DUES = "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 减免金额 | 减免原因 | 缴款日期 |"
RELIEF = "| 凭证号 | 发放类别 | 对象类别 | 会员编号 | 受助人 | 发放金额 | 资金来源 | 发放日期 | 备注 |"
# Someone who pays, so that the branch has dues.
OTHER = "| M9 | 会员M9 | 2015-01 | #15.4 | | | 2015-01-31d |"
RULES = books.asked("X001", "M005", "D006", "D015")
Found = list[tuple[str, int | None]]


def member(number: str = "M1", status: str = "在职", joined: str = "", moved: str = "", left: str = "", based: str = "是") -> str:
    return f"| {number} | 会员{number} | {status} | {joined} | {moved} | {left} | #3087.6 | {based} |"


def paid(month: str, amount: str = "#15.4", waived: str = "", number: str = "M1", on: str = "2015-12-20d") -> str:
    reason = "病假" if waived else ""
    return f"| {number} | 会员{number} | {month} | {amount} | {waived} | {reason} | {on if amount != '#0' else ''} |"


def aid(*days: str, number: str = "M1", amount: str = "#500", fund: str = "本级工会经费", kind: str = "会员") -> str:
    return "\n".join(f"| V{n} | 住院 | {kind} | {number} | 会员{number} | {amount} | {fund} | {day} | |" for n, day in enumerate(days, 1))


def run(folder: Path, relief: str, dues: str = "", members: str = "", as_of: date | None = None, policy: str = "") -> Report:
    (folder / "ledgerkit.toml").write_text(policy, "utf-8")
    roster = f"{MEMBERS}\n{members or member()}\n{member('M9')}"
    path = write(folder / "b.xlsx", {"会员名册": roster, "会费收缴": f"{DUES}\n{OTHER}\n{dues}", "帮扶慰问发放": f"{RELIEF}\n{relief}"})
    return reconcile([path], Options(year=2015, as_of=as_of, rules=RULES))


def found(report: Report) -> Found:
    """(cell, months owed by then) of X001, in order of cells."""
    return sorted((str(finding.cell), finding.count) for finding in books.of(report, "X001"))


def status(report: Report) -> tuple[bool, str]:
    (own,) = [status for status in report.statuses if status.rule == "X001"]
    return own.run, because(own, "en")


def test_months_count_as_owed_once_they_are_over(tmp_path: Path) -> None:
    report = run(tmp_path, aid("2015-01-05", "2015-01-31", "2015-02-01", "2015-12-31"))
    assert found(report) == [("D4", 1), ("D5", 11)]


def test_a_policy_may_count_the_month_of_the_payment_itself(tmp_path: Path) -> None:
    report = run(tmp_path, aid("2015-01-05"), policy="[rules.X001]\ngrace_months = 0\n")
    assert found(report) == [("D2", 1)]


def test_it_is_told_in_both_languages(tmp_path: Path) -> None:
    report = run(tmp_path, f"{aid('2015-03-01')}\n{aid('2015-03-01', number='M2')}", members=f"{member()}\n{member('M2', based='否')}")
    unpaid, outside = books.of(report, "X001")
    assert message(unpaid, "en") == (
        "Member M1 received 500.00. Months of dues owed by then, with none of the year paid: 2; where this is 0, the roster says that the "
        "wage is outside the remittance base. Collect the dues or correct the roster; otherwise recover the benefit."
    )
    assert message(unpaid, "zh") == (
        "会员 M1 领取 500.00 元。当时已应缴、全年分文未缴的会费：2 个月；为 0 的，是名册写明工资未纳入拨缴基数。"
        "请补缴会费或更正名册；不符合享受条件的，应予追回。"
    )
    assert message(outside, "en").startswith("Member M2 received 500.00. Months of dues owed by then, with none of the year paid: 0;")
    assert (unpaid.severity.value, unpaid.column, unpaid.amount) == ("high", "member_no", 50000)


@pytest.mark.parametrize(
    ("dues", "flags"),
    [
        (paid("2015-12"), 0),  # late, after the aid
        (paid("2015-05", "#1"), 0),  # a part of one month
        (paid("2015-05", "#0", "#15.4"), 0),  # waived in full
        (paid("2015-05", "#0", "#185"), 0),  # the year's waiver in one row
        (paid("2015-05", "#0", "#5"), 1),  # waived in part
        (paid("2015-05", "#0"), 1),
        (paid("2014-12", on="2015-01-10d"), 1),  # the year before
        (paid("2015-05", "千五"), 0),  # could not be read
        (paid("五月", "#15.4"), 0),
        (paid("2015-05", number="M2"), 1),
    ],
)
def test_one_month_of_the_year_is_enough(tmp_path: Path, dues: str, flags: int) -> None:
    report = run(tmp_path, aid("2015-06-10"), dues, members=f"{member()}\n{member('M2')}")
    assert found(report) == [("D2", 5)] * flags


@pytest.mark.parametrize(
    ("who", "owed"),
    [
        (member(joined="2015-06-01"), None),
        (member(joined="2015-05-31"), 1),
        (member(joined="2010-01-01", moved="2015-06-01"), None),
        (member(status="离退休"), None),
        (member(status="离退休", left="2014-12-31", based="否"), None),
        (member(status="离退休", left="2015-02-10"), None),  # A024 speaks
        (member(joined="2月30日"), None),
        (member(status="在岗？"), None),
        (member(status="在岗？", based="否"), None),
        (member(based="否"), 0),
        (member(based="不详"), 5),
        (member(based=""), 5),
    ],
)
def test_what_the_roster_says_decides(tmp_path: Path, who: str, owed: int | None) -> None:
    report = run(tmp_path, aid("2015-06-10"), members=who)
    assert found(report) == ([] if owed is None else [("D2", owed)])


@pytest.mark.parametrize(
    ("relief", "flags"),
    [
        (aid("2015-06-10"), 1),
        (aid("2015-06-10", fund="会费"), 1),
        (aid("2015-06-10", fund="社会捐助"), 1),
        (aid("2015-06-10", fund="账外直接支付"), 0),
        (aid("2015-06-10", fund="代管经费"), 0),
        (aid("2015-06-10", fund="小金库"), 0),  # not in the list
        (aid("2015-06-10", kind="家庭"), 0),
        (aid("2015-06-10", kind="离退休人员"), 0),
        (aid("2015-06-10", number=""), 0),
        (aid("2015-06-10", number="M404"), 0),
        (aid("2015-06-10", amount="五百"), 0),
        (aid("2015-06-10", amount="#-500"), 0),
        (aid("六月"), 0),
        (aid("2016-01-10"), 0),  # G009
    ],
)
def test_only_what_the_union_pays_to_a_member_is_a_benefit(tmp_path: Path, relief: str, flags: int) -> None:
    assert found(run(tmp_path, relief)) == [("D2", 5)] * flags


def test_what_was_recovered_is_no_benefit(tmp_path: Path) -> None:
    rows = [("#500", "03-10", ""), ("#500", "05-10", ""), ("#-500", "06-10", "红冲"), ("#600", "06-20", "")]
    lines = [f"| V{n} | 住院 | 会员 | M1 | 会员M1 | {rest[0]} | 本级工会经费 | 2015-{rest[1]} | {rest[2]} |" for n, rest in enumerate(rows)]
    relief = "\n".join(lines)
    assert found(run(tmp_path, relief)) == [("D2", 2), ("D5", 5)]
    assert found(run(tmp_path, relief, members=member(based="否"))) == [("D2", 0), ("D5", 0)]


def test_months_after_the_runs_date_are_not_yet_owed(tmp_path: Path) -> None:
    assert found(run(tmp_path, aid("2015-06-10"), as_of=date(2015, 3, 31))) == [("D2", 3)]


def test_the_benefit_and_the_arrears_are_faults_of_their_own(tmp_path: Path) -> None:
    four = ("M005", "D006", "D015", "X001")
    absent = run(tmp_path, aid("2015-06-10"))
    assert [f.rule for f in books.of(absent, *four) if f.row == 2] == ["X001", "M005"]
    unpaid = run(tmp_path, aid("2015-06-10"), paid("2015-05", "#0"))
    assert [f.rule for f in books.of(unpaid, *four) if f.row == 2] == ["X001", "D006"]


def test_without_a_dues_ledger_the_wage_is_judged_all_the_same(tmp_path: Path) -> None:
    sheets = {
        "会员名册": f"{MEMBERS}\n{member()}\n{member('M2', based='否')}",
        "帮扶慰问发放": f"{RELIEF}\n{aid('2015-06-10')}\n{aid('2015-06-11', number='M2')}",
    }
    report = reconcile([write(tmp_path / "b.xlsx", sheets)], Options(year=2015, rules=RULES))
    assert found(report) == [("D3", 0)]
    assert status(report) == (True, "there is no Dues")


def test_a_branch_that_keeps_no_dues_says_nothing_of_its_members(tmp_path: Path) -> None:
    for branch, dues in (("A", f"{DUES}\n{OTHER}"), ("B", "")):
        cover = f"| 工会编码 | {branch} |\n| 年度 | 2015 |"
        sheets = {"封面": cover, "会员名册": f"{MEMBERS}\n{member()}\n{member('M9')}", "帮扶慰问发放": f"{RELIEF}\n{aid('2015-06-10')}"}
        write(tmp_path / f"{branch}.xlsx", sheets | ({"会费收缴": dues} if dues else {}))
    report = reconcile([tmp_path / "A.xlsx", tmp_path / "B.xlsx"], Options(year=2015, rules=RULES))
    assert [(f.branch, f.count) for f in books.of(report, "X001")] == [("A", 5)]
    assert status(report) == (True, "not for B: there is no Dues")
