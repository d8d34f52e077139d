"""A fault that most cells of a column share is one finding; nothing else of the run changes."""

from pathlib import Path

import pytest
from books import check, counts, foots, said, write

HEAD = "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期 |"
OTHERS = ("D001", "D006", "D015", "G001", "G025", "M005")


def dues(bad: int, good: int, cell: str = "十五元") -> str:
    cells = [cell] * bad + ["#15"] * good
    return "\n".join([HEAD, *(f"| A{n:03d} | 甲{n} | 2015-01 | {text} | 2015-01-10d |" for n, text in enumerate(cells))])


@pytest.mark.parametrize(("bad", "good", "findings"), [(20, 20, 1), (20, 21, 20), (19, 0, 19), (25, 0, 1)])
def test_a_columns_fault_is_said_once(tmp_path: Path, bad: int, good: int, findings: int) -> None:
    report = check(write(tmp_path / "b.xlsx", {"会费": dues(bad, good)}), year=2015)
    told = [finding for finding in report.findings if finding.rule == "G008"]
    assert len(told) == findings
    assert counts(report) == (bad + good, 0, 0, bad)
    foots(report)


def test_it_stands_at_the_first_cell_and_names_the_cause(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"会费": dues(25, 3)}), year=2015)
    (finding,) = [f for f in report.findings if f.rule not in OTHERS]
    assert (finding.rule, finding.cell, finding.count, finding.key, finding.name, finding.amount) == ("G008", "D2", 25, (), "", None)
    assert said(finding) == (
        "“十五元”不能作为金额或数量使用（正确写法如：1234.50）。请直接填数字；金额以元为单位，最多两位小数。"
        "本列共有 25 个单元格是同样的问题，这里只提示一次。请先查找共同原因，如整列错位、粘贴时覆盖了下拉列表，或列的格式不对。",
        "“十五元” is no amount or count that can be used here (write it like 1234.50). "
        "Type a plain number; amounts in yuan, at most two decimals. "
        "The same is wrong with 25 cells of this column, told once: look for one cause, such as columns that were shifted, "
        "a paste that took the drop-down list away, or the format of the column.",
    )


def test_amounts_typed_as_text_in_a_column_are_one_finding_with_their_sum(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"会费": dues(30, 0, "'15")}), year=2015)
    (finding,) = [f for f in report.findings if f.rule == "G027"]
    assert (finding.cell, finding.count, finding.amount) == ("D2", 30, 45_000)
    assert report.book.sheets[0].amount == 45_000


def test_a_paste_that_lost_the_list_is_one_finding(tmp_path: Path) -> None:
    rows = "\n".join(f"| A{n:03d} | 甲{n} | 在职人员 |" for n in range(30))
    report = check(write(tmp_path / "b.xlsx", {"名册": f"| 会员编号 | 姓名 | 人员状态 |\n{rows}"}), year=2015)
    (finding,) = [f for f in report.findings if f.rule == "G016"]
    assert (finding.cell, finding.count, finding.amount) == ("C2", 30, None)


def test_blank_cells_are_said_one_by_one(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"会费": dues(25, 0, "")}), year=2015)
    assert len([f for f in report.findings if (f.rule, f.column) == ("G013", "paid")]) == 25
