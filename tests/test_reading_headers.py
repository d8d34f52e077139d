"""Which sheet is which ledger and which column is which field: by name, never by likeness."""

from pathlib import Path

import pytest
from books import check, cover, excel, foots, found, grid, one, reasons, rejoined, said, write

from ledgerkit import ledgers
from ledgerkit.model.schema import words

DUES = """
| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    |
| M001     | 甲   | 2015-01  | #15      | 2015-01-10d |
| M002     | 乙   | 2015-01  | #15.5    | 2015-01-10d |
"""
HEAD = grid(DUES)[0]
BODY = grid(DUES)[1:]
KEYS = ["member_no", "name", "period", "paid", "paid_on"]
NAMED = [f.key for f in ledgers.load("dues").fields]


def dues(folder: Path, head: list[str], body: list[list[str]] = BODY, above: int = 0) -> Path:
    return write(folder / "dues.xlsx", {"会费": [[""]] * above + [head, *body]})


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        KEYS,
        ["Member no", "Name", "Period", "Paid", "Paid on"],
        ["会员证号", "会员姓名", "缴费月份", "扣工会会费", "扣款日期"],
        ["会员编号 / Member no", "姓名 / Name", "所属月份 / Period", "实缴会费 / Paid", "缴款日期 / Paid on"],
        ["会员编号\\nMember no", "姓名\\nName", "所属月份\\nPeriod", "实缴会费\\nPaid", "缴款日期\\nPaid on"],
        ["Member no / 会员编号", "Name\\n姓名", "period", "实缴会费", "Paid on"],
    ],
    ids=["zh", "keys", "en", "aliases", "both by slash", "both by line", "mixed"],
)
def test_headers_in_every_language(tmp_path: Path, head: list[str]) -> None:
    report = check(dues(tmp_path, head))
    assert found(report) == []
    assert report.book.sheets[0].amount == 3050


@pytest.mark.parametrize("ledger", ledgers.ORDER)
@pytest.mark.parametrize("lang", ["key", "zh", "en", "both"])
def test_every_field_of_every_ledger_is_found_by_each_of_its_names(tmp_path: Path, ledger: str, lang: str) -> None:
    fields = ledgers.load(ledger).fields
    pattern = {"key": "{key}", "zh": "{zh}", "en": "{en}", "both": "{zh}\\n{en}"}[lang]
    head = [pattern.format(key=f.key, zh=f.zh, en=words(f.key)) for f in reversed(fields)]
    report = check(write(tmp_path / "book.xlsx", {"表": [head, ["x"] * len(fields)]}), year=2015)
    layout = report.book.sheets[0].layout
    assert layout is not None
    assert layout.ledger.name == ledger
    assert {m.field: m.column for m in layout.matches.values()} == {f.key: n for n, f in enumerate(reversed(fields))}
    assert layout.exact == len(fields)


@pytest.mark.parametrize("ledger", ledgers.ORDER)
def test_every_alias_is_found_and_no_name_means_two_fields(ledger: str) -> None:
    claimed: dict[str, str] = {}
    for field in ledgers.load(ledger).fields:
        for name in {field.key, field.zh, words(field.key), *field.aliases}:
            assert claimed.setdefault(name, field.key) == field.key


FOLDED = [
    "*实缴会费", "实缴会费*", "实缴会费：", "实缴会费:", "实 缴 会 费", "实缴　会费", "实缴会\\n费", "实缴会费（元）", "实缴会费(元)", "实缴会费 (人民币)",
    "实缴会费【元】", "实缴会费（单位：元）", "* 实缴会费（元）：", "ｐａｉｄ", "PAID", "Paid (yuan)", "pAid*", "实缴会费（元）/ Paid (yuan)", "实缴会费*\\nPaid*",
    "实缴会费（元/月）", "实缴*会费",
]  # fmt: skip


@pytest.mark.parametrize("heading", FOLDED)
def test_a_folded_header_is_read_and_said(tmp_path: Path, heading: str) -> None:
    path = dues(tmp_path, [*HEAD[:3], heading, HEAD[4]])
    report = check(path)
    finding = one(report)
    assert (finding.rule, finding.severity, finding.column, finding.cell) == ("G023", "info", "paid", "D1")
    assert finding.observed is not None
    assert excel(path, finding.sheet, finding.cell).strip(" \u200b") == finding.observed
    assert report.book.sheets[0].amount == 3050


@pytest.mark.parametrize("heading", ["实缴会费\u200b", "\ufeff实缴会费", "实缴会费\u00a0", "实缴会费　"])
def test_invisible_characters_and_outer_spaces_do_not_hide_a_header(tmp_path: Path, heading: str) -> None:
    assert check(dues(tmp_path, [*HEAD[:3], heading, HEAD[4]])).book.sheets[0].amount == 3050


@pytest.mark.parametrize(
    "heading", ["实缴\\n笔数", "实缴/笔数", "实缴会费/应缴会费", "应缴会费\\n实缴会费", "Paid / count", "实缴会费 / Due"]
)
def test_one_half_of_a_cell_is_no_header(tmp_path: Path, heading: str) -> None:
    """Both halves must name the same column: 实缴 above 笔数 is a number of payments, no money."""
    report = check(dues(tmp_path, [*HEAD[:3], heading, HEAD[4]]))
    assert [(f.rule, f.column) for f in report.findings] == [("G001", "paid")]


def test_the_sentences_of_a_folded_header(tmp_path: Path) -> None:
    assert said(one(check(dues(tmp_path, [*HEAD[:3], "实缴会费（元）*", HEAD[4]])))) == (
        "表头“实缴会费（元）*”去掉空格、符号或单位后，按“实缴会费”读取。识别正确的不必处理。",
        "The heading 实缴会费（元）* was read as “Paid” after spaces, marks or units were left out. Nothing to do if that is meant.",
    )


@pytest.mark.parametrize(
    "heading", ["实缴会费（万元）", "实缴会费(万元)", "实缴会费（单位：万元）", "Paid (10,000 yuan)", "实缴 会费【万元】*"]
)
def test_ten_thousands_are_multiplied_and_said(tmp_path: Path, heading: str) -> None:
    path = dues(tmp_path, [*HEAD[:3], heading, HEAD[4]], [["M001", "甲", "2015-01", "#0.0015", "2015-01-10d"]])
    report = check(path)
    finding = one(report)
    assert (finding.rule, finding.severity, finding.cell, finding.observed) == ("G015", "medium", "D1", heading)
    assert report.book.sheets[0].amount == 1500


def test_the_sentences_of_ten_thousands(tmp_path: Path) -> None:
    assert said(one(check(dues(tmp_path, [*HEAD[:3], "实缴会费（万元）", HEAD[4]])))) == (
        "表头“实缴会费（万元）”注明单位为万元，该列金额已乘以 10000。如果实际单位是元，请更正表头。",
        "The heading 实缴会费（万元） says ten thousand yuan, so its amounts were multiplied by 10,000. If they are in yuan, correct the heading.",
    )


def test_ten_thousands_scale_the_total_row_too(tmp_path: Path) -> None:
    body = [["M001", "甲", "2015-01", "#0.0015", "2015-01-10d"], ["合计", "", "", "#0.0015", ""]]
    assert [rule for rule, *_ in found(check(dues(tmp_path, [*HEAD[:3], "实缴会费(万元)", HEAD[4]], body)))] == ["G015"]


@pytest.mark.parametrize("text", ["1.5万", "1.5万元", "15元", "15 yuan"])
def test_a_cell_with_its_own_unit_is_not_multiplied_twice(tmp_path: Path, text: str) -> None:
    """A column in 万元 and a cell that says 元 or 万 contradict each other or say it twice: nothing here is certain."""
    report = check(dues(tmp_path, [*HEAD[:3], "实缴会费(万元)", HEAD[4]], [["M001", "甲", "2015-01", text, "2015-01-10d"]]))
    assert ("G008", "D2", text, "1234.50") in found(report)


def test_ten_thousands_mean_nothing_on_a_column_that_is_no_money(tmp_path: Path) -> None:
    path = write(
        tmp_path / "b.xlsx",
        {"帮扶": [["凭证号", "发放类别", "对象类别", "受助人", "事由", "发放形式", "资金来源", "金额", "人数户数(万元)"], ["x"] * 9]},
    )
    layout = check(path).book.sheets[0].layout
    assert layout is not None
    assert layout.matches["headcount"].scale == 1


def test_columns_in_any_order_with_extra_ones_between(tmp_path: Path) -> None:
    order = [3, 0, 4, 2, 1]
    rows = [[row[n] for n in order] for row in grid(DUES)]
    mixed = [[row[0], extra, *row[1:]] for row, extra in zip(rows, ["部门代号", "A-1", "B-2"], strict=True)]
    report = check(write(tmp_path / "dues.xlsx", {"会费": mixed}))
    assert found(report) == []
    sheet = report.book.sheets[0]
    assert (sheet.amount, sheet.rows and sheet.rows.extras) == (3050, {"部门代号": ["A-1", "B-2"]})


def test_two_extra_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    report = check(dues(tmp_path, [*HEAD, "部门代号", "部门代号"], [[*BODY[0], "A", "B"]]))
    rows = report.book.sheets[0].rows
    assert rows is not None
    assert sorted(value for values in rows.extras.values() for value in values) == ["A", "B"]


@pytest.mark.parametrize("row", [1, 2, 7, 19, 20])
def test_the_header_stands_in_any_of_the_first_20_rows(tmp_path: Path, row: int) -> None:
    path = dues(tmp_path, HEAD, [*BODY, ["M003", "丙", "2015-13", "#15", "2015-01-10d"]], above=row - 1)
    report = check(path)
    assert found(report) == [("G009", f"C{row + 3}", "2015-13", "YYYY-MM")]
    assert excel(path, "会费", f"C{row + 3}") == "2015-13"
    foots(report)


def test_a_header_in_row_21_is_not_looked_for(tmp_path: Path) -> None:
    report = check(dues(tmp_path, HEAD, above=20))
    assert reasons(report) == {"dues.xlsx": "F007"}
    assert one(report).rule == "F007"


TITLED = """
| | 某公司工会会费收缴表 | < | < | < | < |
| | 填报单位：某公司工会 | < | | 2015年度 | < |
|
"""


@pytest.mark.parametrize("head", [HEAD, [f"{name}*" for name in HEAD]], ids=["exact", "folded"])
@pytest.mark.parametrize("gap", [True, False], ids=["a blank row between", "straight above"])
def test_a_merged_title_above_and_a_blank_column_on_the_left(tmp_path: Path, head: list[str], gap: bool) -> None:
    title = grid(TITLED)[: 3 if gap else 2]
    rows = rejoined([*title, *([["", *line] for line in [head, *BODY, ["M003", "丙", "2015-02", "十五", "2015-01-10d"]]])])
    path = write(tmp_path / "dues.xlsx", {"会费": rows})
    report = check(path)
    row = len(title) + 4
    assert found(report, "G023") == [("G008", f"E{row}", "十五", "1234.50")]
    for finding in report.findings:
        assert excel(path, finding.sheet, finding.cell) == finding.observed, f"{finding.rule} at {finding.cell}"
    assert len([f for f in report.findings if f.rule == "G023"]) == (5 if head != HEAD else 0)
    foots(report)


TWO_ROWS = """
| 会员   | <    | 所属月份 | 会费     | <        | 缴款日期    |
| 会员号 | 姓名 | ^        | 应缴会费 | 实缴会费 | ^           |
| M001   | 甲   | 2015-01  | #15      | #15      | 2015-01-10d |
| M002   | 乙   | 2015-02  | #15      | 15元整   | 2015-02-10d |
"""


def test_two_merged_header_rows_are_read_as_one(tmp_path: Path) -> None:
    path = write(tmp_path / "dues.xlsx", {"会费": TWO_ROWS})
    report = check(path)
    assert found(report, "G023") == [("G008", "E4", "15元整", "1234.50")]
    sheet = report.book.sheets[0]
    assert (sheet.rows_read, sheet.rows_rejected, sheet.amount) == (2, 1, 1500)
    foots(report)


def test_a_header_of_two_rows_is_said_where_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path / "dues.xlsx", {"会费": TWO_ROWS})
    joined = [f for f in check(path).findings if f.rule == "G023"]
    assert {f.column for f in joined} == {"member_no", "name", "due", "paid"}
    for finding in joined:
        assert excel(path, finding.sheet, finding.cell) == finding.observed, finding.cell


def test_a_header_merged_downwards_is_said_where_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path / "dues.xlsx", {"会费": TWO_ROWS.replace("所属月份", "所属月份*")})
    (finding,) = [f for f in check(path).findings if f.column == "period"]
    assert (finding.rule, finding.cell) == ("G023", "C1")
    assert excel(path, finding.sheet, finding.cell) == finding.observed


def test_two_rows_whose_words_only_together_are_a_header(tmp_path: Path) -> None:
    table = """
    | 会员 | <    | 所属月份 | 实缴 | 缴款 |
    | 编号 | 姓名 | ^        | 会费 | 日期 |
    | M001 | 甲   | 2015-01  | #15  | 2015-01-10d |
    """
    report = check(write(tmp_path / "dues.xlsx", {"会费": table}))
    assert found(report, "G023") == []
    assert report.book.sheets[0].amount == 1500


def test_one_merged_header_over_one_row_is_no_second_header_row(tmp_path: Path) -> None:
    table = """
    | 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    | 备注     | < |
    | M001     | 甲   | 2015-01  | #15      | 2015-01-10d | 一月     | a |
    | M002     | 乙   | 2015-01  | #15      | 2015-01-10d |          |   |
    """
    report = check(write(tmp_path / "dues.xlsx", {"会费": table}))
    assert (report.book.sheets[0].rows_read, report.book.sheets[0].amount) == (2, 3000)
    assert found(report) == []


def test_merged_cells_in_the_only_row_of_a_sheet_are_no_second_header_row(tmp_path: Path) -> None:
    report = check(write(tmp_path / "dues.xlsx", {"会费": "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期 | < |"}))
    assert found(report) == []
    assert (report.book.sheets[0].ledger, report.book.sheets[0].rows_read) == ("dues", 0)


@pytest.mark.parametrize("above", [1, 2, 3, 4])
def test_what_is_wrong_with_a_header_is_said_in_whatever_row_it_stands(tmp_path: Path, above: int) -> None:
    row = above + 1
    twice = one(check(dues(tmp_path / "twice", [*HEAD, "实缴金额"], [[*BODY[0], "#99"]], above=above)))
    assert (twice.rule, twice.row, twice.cell, twice.expected) == ("G022", row, f"F{row}", f"D{row}")
    scaled = one(
        check(
            dues(
                tmp_path / "scaled",
                [*HEAD[:3], "实缴会费(万元)", HEAD[4]],
                [["M001", "甲", "2015-01", "#0.0015", "2015-01-10d"]],
                above=above,
            )
        )
    )
    assert (scaled.rule, scaled.row, scaled.cell) == ("G015", row, f"D{row}")


def test_a_header_twice_is_an_error_and_the_first_is_read(tmp_path: Path) -> None:
    path = dues(tmp_path, [*HEAD, "实缴金额"], [[*BODY[0], "#99"]], above=2)
    report = check(path)
    finding = one(report)
    assert (finding.rule, finding.severity, finding.column) == ("G022", "error", "paid")
    assert (finding.cell, finding.observed, finding.expected) == ("F3", "实缴金额", "D3")
    assert said(finding) == (
        "“实缴会费”在此处和 D3 重复出现，只读取了第一列。请把其中一列改名或删除。",
        "“Paid” stands here and at D3; only the first was read. Rename or delete one of the two columns.",
    )
    sheet = report.book.sheets[0]
    assert sheet.amount == 1500
    assert sheet.rows
    assert sheet.rows.extras == {"实缴金额": ["99"]}, "the other is kept as an extra column"


def test_the_column_on_the_left_is_the_first_even_if_the_other_is_exact(tmp_path: Path) -> None:
    report = check(dues(tmp_path, [*HEAD[:3], "实缴会费(元)", HEAD[4], "实缴会费"], [[*BODY[0], "#99"]]))
    assert ("G022", "F1", "实缴会费", "D1") in found(report)
    assert report.book.sheets[0].amount == 1500


def test_a_missing_column_names_the_nearest_heading(tmp_path: Path) -> None:
    report = check(dues(tmp_path, [*HEAD[:3], "实缴会费额", HEAD[4]], above=1))
    finding = one(report)
    assert (finding.rule, finding.severity, finding.column) == ("G001", "error", "paid")
    assert (finding.row, finding.cell, finding.observed) == (2, None, "D2 实缴会费额")
    assert said(finding) == (
        "缺少必填列“实缴会费”，相关规则未执行。最接近的表头是：D2 实缴会费额。请更正表头或补上该列。",
        "The required column “Paid” is missing; rules that need it were not run. "
        "Nearest heading found: D2 实缴会费额. Correct or add the heading.",
    )


def test_a_missing_column_with_nothing_near(tmp_path: Path) -> None:
    finding = one(check(dues(tmp_path, [*HEAD[:3], "Z9", HEAD[4]])))
    assert (finding.rule, finding.observed) == ("G001", None)
    assert said(finding)[0].startswith("缺少必填列“实缴会费”，相关规则未执行。最接近的表头是：")
    assert "(none)" not in said(finding)[0]


def test_the_rows_of_a_sheet_without_its_money_are_read_and_rejected(tmp_path: Path) -> None:
    report = check(dues(tmp_path, [*HEAD[:3], "实缴会费额", HEAD[4]]))
    sheet = report.book.sheets[0]
    assert (sheet.ledger, sheet.rows_read, sheet.rows_rejected, sheet.amount) == ("dues", 2, 2, 0)
    foots(report)


def test_rules_that_need_a_missing_column_are_listed_as_not_run(tmp_path: Path) -> None:
    table = """
    | 凭证号 | 发放类别 | 对象类别 | 受助人 | 事由 | 发放形式 | 金额 | 资金来源 | 审批日期    | 审批人 | 经办人 |
    | V1     | 村       | 村       | 甲村   | 帮扶 | 转账     | #900 | 会费     | 2015-01-10d | 乙     | 丙     |
    """
    report = check(write(tmp_path / "relief.xlsx", {"帮扶": table}), year=2015)
    assert ("G001", "paid_on") in [(f.rule, f.column) for f in report.findings]
    twice = next(status for status in report.statuses if status.rule == "G011")
    assert [reason.values for reason in twice.because if ("ledger", "relief") in reason.values] == [
        (("ledger", "relief"), ("column", "paid_on"))
    ]


def test_due_and_paid_differ_by_one_character_and_are_never_taken_for_each_other(tmp_path: Path) -> None:
    """应缴会费 and 实缴会费: with both the right one is read, with one of them the other is missing."""
    both = check(
        dues(tmp_path / "both", [*HEAD[:3], "应缴会费", "实缴会费", HEAD[4]], [["M001", "甲", "2015-01", "#15", "#14", "2015-01-10d"]])
    )
    assert both.book.sheets[0].amount == 1400
    assert found(both) == []
    alone = check(dues(tmp_path / "alone", [*HEAD[:3], "应缴会费", HEAD[4]]))
    assert [(f.rule, f.column) for f in alone.findings] == [("G001", "paid")]
    assert alone.book.sheets[0].amount == 0


@pytest.mark.parametrize("near", ["实徼会费", "实缴会费2", "实缴的会费", "Paid amount", "已缴会费", "实缴 会费 总额"])
def test_a_header_that_only_looks_alike_stays_an_extra_column(tmp_path: Path, near: str) -> None:
    report = check(dues(tmp_path, [*HEAD[:3], near, HEAD[4]]))
    assert [(f.rule, f.column) for f in report.findings] == [("G001", "paid")]
    assert report.book.sheets[0].rows
    assert list(report.book.sheets[0].rows.extras) == [near]


def test_half_of_the_other_required_headers_are_enough(tmp_path: Path) -> None:
    """dues: key member_no and period; of name and paid one is enough."""
    report = check(write(tmp_path / "d.xlsx", {"会费": [["会员编号", "所属月份", "姓名"], ["M001", "2015-01", "甲"]]}))
    assert (report.book.sheets[0].ledger, [(f.rule, f.column) for f in report.findings]) == ("dues", [("G001", "paid")])


def test_without_its_key_a_sheet_is_no_ledger(tmp_path: Path) -> None:
    report = check(write(tmp_path / "d.xlsx", {"会费": [["姓名", "所属月份", "实缴会费"], ["甲", "2015-01", "#15"]]}))
    assert (report.book.sheets[0].ledger, reasons(report)) == (None, {"d.xlsx": "F007"})


def test_sheets_that_are_no_ledger_are_listed_with_their_rows_and_said(tmp_path: Path) -> None:
    report = check(write(tmp_path / "d.xlsx", {"会费": DUES, "工作底稿": "| 甲 | 1 |\n| |\n| 乙 | 2 |", "空白": "| |"}))
    assert [(s.name, s.ledger) for s in report.book.sheets] == [("会费", "dues"), ("工作底稿", None), ("空白", None)]
    assert report.book.sheets[1].rows_read in (2, 3)
    finding = one(report)
    assert (finding.rule, finding.severity, finding.sheet, finding.observed) == ("F007", "error", "工作底稿", "工作底稿")
    assert said(finding) == (
        "此处未识别出任何台账（工作底稿），内容均未计入。请使用模板的表头；不需要的工作表请删除。",
        "No ledger was recognised in 工作底稿: nothing of it was counted. Use the template's headings, or delete the sheet if it is not needed.",
    )


def test_a_cover_is_no_unknown_sheet(tmp_path: Path) -> None:
    assert found(check(write(tmp_path / "d.xlsx", {"封面": cover(branch_code="B01", year="2015", branch="某工会"), "会费": DUES}))) == []


@pytest.mark.parametrize("field", NAMED)
def test_a_sheet_stays_dues_whatever_else_it_has(tmp_path: Path, field: str) -> None:
    others = [key for key in NAMED if key in {"member_no", "period", "name", "paid", field}]
    layout = check(write(tmp_path / "d.xlsx", {"x": [others, ["1"] * len(others)]}), year=2015).book.sheets[0].layout
    assert layout is not None
    assert layout.ledger.name == "dues"
