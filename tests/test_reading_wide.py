"""Hypothesis over whole sheets: wide and long dues say the same, and every row and amount is accounted for."""

from pathlib import Path
from tempfile import TemporaryDirectory

from books import Grid, check, counts, foots, write
from hypothesis import given, settings
from hypothesis import strategies as st

CELLS = st.one_of(st.just(""), st.integers(0, 10**7).map(lambda fen: f"#{fen / 100}"), st.sampled_from(["十五", "#REF!", "=1+1", "#1.005"]))
WIDE = st.lists(st.lists(CELLS, min_size=12, max_size=12), min_size=1, max_size=4)


def wide(rows: list[list[str]]) -> Grid:
    return [["会员编号", "姓名", *[f"{n}月" for n in range(1, 13)]], *([f"M{n}", "甲", *row] for n, row in enumerate(rows))]


def long(rows: list[list[str]]) -> Grid:
    body = [
        [f"M{n}", "甲", f"2015-{m:02d}", cell, f"2015-{m:02d}-10d"] for n, row in enumerate(rows) for m, cell in enumerate(row, 1) if cell
    ]
    return [["会员编号", "姓名", "所属月份", "实缴会费", "缴款日期"], *body]


@settings(max_examples=40, deadline=None)
@given(WIDE)
def test_wide_and_long_dues_add_up_to_the_same(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        one = check(write(Path(folder) / "w.xlsx", {"会费": wide(rows)}), year=2015)
        other = check(write(Path(folder) / "l.xlsx", {"会费": long(rows)}), year=2015)
    foots(one)
    foots(other)
    assert one.book.sheets[0].amount == other.book.sheets[0].amount
    assert counts(one)[0] == counts(other)[0]
    assert counts(one)[3] == counts(other)[3]
    assert sorted((f.rule, f.key, f.observed) for f in one.findings) == sorted((f.rule, f.key, f.observed) for f in other.findings)


LINES = st.lists(
    st.lists(st.sampled_from(["", "", "M1", "2015-01", "2015-13", "#15", "十五", "#REF!", "=1+1", "合计", "小计", "注：", "同上", "#TRUE", "2015-01-10d", "甲"]), min_size=5, max_size=5),
    max_size=8,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_every_row_below_the_header_is_exactly_one_thing(lines: list[list[str]]) -> None:
    """blank, total, note or read; read = used + rejected; and no row that holds anything is called blank."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "d.xlsx", {"会费": [["会员编号", "姓名", "所属月份", "实缴会费", "缴款日期"], *lines]})
        report = check(path, year=2015, rules=("F",))  # what rows are is told before any rule is run
    foots(report)
    read, blank, total, rejected = counts(report)
    filled = [any(line) for line in lines]
    last = max((n for n, there in enumerate(filled, 1) if there), default=0)
    assert read + blank + total == last
    assert blank == filled[:last].count(False) + sum(len(sheet.rows.notes) for sheet in report.book.sheets if sheet.rows)
    assert rejected <= read
