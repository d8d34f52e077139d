"""Keys and names with characters that nobody sees: folded for matching, said once a column, with the money that they would have moved."""

from pathlib import Path

import pytest
from books import check, counts, foots, found, one, said, write

APART = ("D006", "D015", "G001", "G025")  # what is said of a roster without IDs, and of the months not entered
ROSTER = """
    | 会员编号 | 姓名 | 人员状态 | 月缴费基数 |
    | A001     | 甲   | 在职     | #3000      |
    | A002     | 乙   | 在职     | #3000      |
    """


def dues(first: str, second: str = "A002", name: str = "甲") -> str:
    return f"""
    | 会员编号 | 姓名   | 所属月份 | 实缴会费 | 缴款日期    |
    | {first}  | {name} | 2015-01  | #15      | 2015-01-10d |
    | {second} | 乙     | 2015-01  | #15      | 2015-01-10d |
    """


@pytest.mark.parametrize("typed", ["A001\u00a0", "A0\u200b01", "\ufeffA001", "A\u00a0001", "Ａ００1", "A001\u200b", "A\u2009001", "A001　"])
def test_a_member_number_is_folded_and_said(tmp_path: Path, typed: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"花名册": ROSTER, "会费": dues(typed)}), year=2015)
    finding = one(report, *APART)
    assert (finding.rule, finding.severity, finding.cell, finding.observed, finding.expected) == ("G014", "low", "A2", "A001", "A2")
    assert (finding.count, finding.amount) == (1, 1500)
    assert said(finding) == (
        "“会员编号”列有 1 个单元格含有看不见的字符或全角字符（A2），已去除后再比对。若按原样比对，这些行的 15.00 元就查无对应的编号或姓名。请重新录入。",
        "1 cell(s) of “Member no” hold characters that nobody sees, or full-width letters (A2). They were compared without them; "
        "compared as they are typed, 15.00 yuan of these rows would be counted under no known code or name. Type them again.",
    )
    assert report.book.used["dues"]["member_no"].tolist() == ["A001", "A002"]
    assert counts(report, 1) == (2, 0, 0, 0)
    foots(report)


def test_several_cells_of_a_column_are_one_finding(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"花名册": ROSTER, "会费": dues("A001\u200b", "A002\u200b")}), year=2015)
    finding = one(report, *APART)
    assert (finding.cell, finding.expected, finding.count, finding.amount) == ("A2", "A2, A3", 2, 3000)


def test_a_ledger_without_money_names_none(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"花名册": ROSTER.replace("A001", "A001\u200b")}), year=2015)
    assert said(one(report, *APART)) == (
        "“会员编号”列有 1 个单元格含有看不见的字符或全角字符（A2），已去除后再比对。请重新录入。",
        "1 cell(s) of “Member no” hold characters that nobody sees, or full-width letters (A2). They were compared without them. "
        "Type them again.",
    )


@pytest.mark.parametrize("typed", ["甲\u200b", "\u00a0甲"])
def test_a_name_is_folded_and_said(tmp_path: Path, typed: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"花名册": ROSTER, "会费": dues("A001", name=typed)}), year=2015)
    assert found(report, *APART) == [("G014", "B2", "甲", "B2")]


@pytest.mark.parametrize("typed", ["甲　", "　甲", "甲 "])
def test_spaces_that_can_be_seen_in_a_name_are_not_said(tmp_path: Path, typed: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"花名册": ROSTER, "会费": dues("A001", name=typed)}), year=2015)
    assert found(report, *APART) == []


@pytest.mark.parametrize("typed", ["工A001", "A-001", "甲〔2015〕1号", "收（2015）1号", "A001"])
def test_codes_that_hide_nothing_are_not_said(tmp_path: Path, typed: str) -> None:
    roster = ROSTER.replace("A001", typed)
    report = check(write(tmp_path / "b.xlsx", {"花名册": roster, "会费": dues(typed)}), year=2015)
    assert found(report, *APART) == []
