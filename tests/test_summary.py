"""The summary workbook as an auditor opens it: its sheets, its figures, its links, its drop-downs; whole or not at all."""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from books import write
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import audit
from ledgerkit.audit import rows_read
from ledgerkit.errors import BadOutput
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model import money
from ledgerkit.model.report import Report
from ledgerkit.rules.floods import floods
from ledgerkit.writing.atomic import whole
from ledgerkit.writing.masking import masked
from ledgerkit.writing.workbook import default_name, file_name, write_summary

SAMPLES = Path(__file__).parents[1] / "samples"
BOOKS = [SAMPLES / "branch-2015-en" / "books"]
SHEETS = {
    "en": ["Overview", "Flags", "Budget", "Dues", "Remittance", "Relief", "Activities", "Control", "Sources"],
    "zh": ["总览", "审计疑点", "预算执行", "会费", "经费拨缴", "帮扶慰问", "活动", "勾稽", "数据来源"],
}


@pytest.fixture(scope="module")
def report() -> Report:
    return masked(audit.reconcile(BOOKS))


@pytest.fixture(scope="module")
def summary(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("summary") / "summary.xlsx"
    write_summary(report, path, BOOKS, "en")
    return load_workbook(path)


def table(sheet: Worksheet, header: int = 3) -> list[dict[str, object]]:
    """The rows below a header row, by its labels, up to the first blank row."""
    labels = [cell.value for cell in sheet[header]]
    rows = []
    for row in sheet.iter_rows(min_row=header + 1, values_only=True):
        if not any(value is not None for value in row):
            break
        rows.append(dict(zip(labels, row, strict=True)))
    return rows


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheets_stand_in_their_order(report: Report, lang: Lang, tmp_path: Path) -> None:
    write_summary(report, tmp_path / "s.xlsx", BOOKS, lang)
    assert load_workbook(tmp_path / "s.xlsx").sheetnames == SHEETS[lang]


def test_flags_are_the_findings_worst_first(report: Report, summary: Workbook) -> None:
    rows = table(summary["Flags"])
    assert [row["Finding id"] for row in rows] == [finding.id for finding in report.findings]
    assert [row["Severity"] for row in rows] == ["high", "high", "high", "high", "medium", "medium"]
    assert [row["Amount at stake"] for row in rows][:3] == [500, 300, 36.5]
    assert rows[2]["Explanation and what to do"] == (
        "9036.50 was spent on a line of 9000.00: 36.50 too much. Have an adjustment approved, or move what was booked on the wrong line."
    )
    assert all(row[label] is None for row in rows for label in ("Decision", "Reviewer", "Reviewed on", "Note"))


def test_every_flag_links_to_its_cell(report: Report, summary: Workbook, tmp_path: Path) -> None:
    """The link leads from the workbook's folder to the book, and names the cell that the finding names."""
    write_summary(report, tmp_path / "s.xlsx", BOOKS, "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Flags"]
    for row, finding in enumerate(report.findings, 4):
        link = sheet.cell(row, 6).hyperlink
        assert (tmp_path / link.target.replace("\\", "/")).resolve() == (BOOKS[0] / str(finding.file)).resolve()
        assert link.location == f"'{finding.sheet}'!{finding.cell}"
        assert load_workbook(BOOKS[0] / str(finding.file))[str(finding.sheet)][str(finding.cell)] is not None


def test_decisions_are_chosen_from_a_list(summary: Workbook) -> None:
    checks = {str(check.sqref): check for check in summary["Flags"].data_validations.dataValidation}
    assert checks["P4:P9"].formula1 == '"open,accepted,explained,fixed,mistaken"'
    assert checks["P4:P9"].prompt == "For accepted and fixed, give the evidence number under Note."
    assert summary["Flags"].auto_filter.ref == "A3:T9"


def test_who_had_a_part_in_a_row_is_named_and_warned_off_reviewing_it(report: Report, summary: Workbook) -> None:
    sheet = summary["Flags"]
    rows = {row["Finding id"]: str(row["May not review"] or "").split("、") for row in table(sheet)}
    paid = next(finding for finding in report.findings if finding.rule == "B001")
    frame = report.book.read["relief"].frame
    row = frame[(frame["_src"] == paid.src) & (frame["_row"] == paid.row)].iloc[0]
    prepared = report.book.covers[0].values["preparer"]
    assert rows[paid.id] == list(dict.fromkeys([prepared, row["handled_by"], row["approved_by"]]))
    of_budget = next(finding for finding in report.findings if finding.rule == "X003")
    assert rows[of_budget.id] == [prepared]
    warning = next(check for check in sheet.data_validations.dataValidation if str(check.sqref) == "Q4:Q9")
    assert (warning.errorStyle, warning.error) == (
        "warning",
        "This person prepared, handled or approved the row. Somebody else has to review it.",
    )
    # Without its first half a row that nobody had a part in would be in colour before anyone is typed.
    named = 'AND(TRIM(Q4)<>"",ISNUMBER(SEARCH("、"&TRIM(Q4)&"、","、"&N4&"、")))'
    assert warning.formula1 == f"NOT({named})"
    (colour,) = (rule for area in sheet.conditional_formatting for rule in area.rules)
    assert colour.formula == [named]


def test_a_rule_that_floods_the_sheet_is_named_once_above_it(report: Report, tmp_path: Path) -> None:
    """Twenty rows of thirty-eight; nineteen are no flood, nor are twenty findings on one row, nor twenty-three of more than 230 rows."""
    assert (len(report.book.read["relief"]), len(report.book.read["dues"]) > 230) == (38, True)
    flagged = [replace(report.findings[0], rule="A001", ledger="relief", row=row) for row in range(4, 27)]
    flood = (
        "A001 (Paid twice for one event) fires on 20 of the 38 rows of Relief, more than 10% (policy: floods.share). "
        "Before you look at the rows, check whether these settings of the policy fit your unit: rules.A001.window_days."
    )
    dues = [replace(finding, ledger="dues") for finding in flagged]
    assert [floods(some, rows_read(report.book), report.policy) for some in (flagged[:19], flagged[:1] * 20, dues)] == [[], [], []]
    flooded = replace(report, findings=flagged[:20], floods=floods(flagged[:20], rows_read(report.book), report.policy))
    write_summary(flooded, tmp_path / "s.xlsx", BOOKS, "en")
    book = load_workbook(tmp_path / "s.xlsx")
    assert str(book["Flags"]["A2"].value).split("\n")[1:] == [flood]
    assert flood in [cell.value for cell in book["Overview"]["E"]]


def test_budget_shows_the_statement(report: Report, summary: Workbook) -> None:
    rows = {row["Code"]: row for row in table(summary["Budget"]) if row["Code"]}
    assert (rows["50102"]["Available"], rows["50102"]["By the ledgers"], rows["50102"]["Execution"]) == (9000, 9036.5, 1.0041)
    assert (rows["50205"]["Booked"], rows["50205"]["Not itemised"]) == (7200, 300)
    children = [row for code, row in rows.items() if str(code).startswith("501") and code != "501"]
    assert rows["501"]["By the ledgers"] == pytest.approx(sum(float(str(row["By the ledgers"])) for row in children))
    assert rows["501"]["Level"] == "heading"


def test_a_total_shows_a_difference_only_where_every_line_has_it(summary: Workbook) -> None:
    """The ledgers know two of the income lines: their sum less what is available of all would be no variance."""
    totals = {row["Line"]: row for row in table(summary["Budget"])[-2:]}
    assert (totals["Total income"]["Available"], totals["Total income"]["Variance"], totals["Total income"]["Execution"]) == (
        38490,
        None,
        None,
    )
    expense = totals["Total expense"]
    assert expense["Variance"] == pytest.approx(float(str(expense["By the ledgers"])) - float(str(expense["Available"])))


def test_dues_foot(report: Report, summary: Workbook) -> None:
    *members, total = table(summary["Dues"])
    for label in ("Jan", "Owed", "Paid", "Waived", "Arrears", "Overpaid"):
        assert total[label] == pytest.approx(sum(float(str(row[label] or 0)) for row in members))
    assert report.totals
    assert total["Arrears"] == report.totals["dues"]["arrears"] / money.MINOR
    assert sum(float(str(total[month])) for month in ("Jan", "Feb", "Mar")) == pytest.approx(364.6 + 364.6 + 378.95)


def test_remittance_stands_beside_what_is_booked(summary: Workbook) -> None:
    rows = table(summary["Remittance"])
    assert [row["Days late"] for row in rows[:12]] == [0] * 12
    assert rows[0]["Due on"] == datetime(2015, 2, 15)
    foot = {row["Branch"]: (row["Due"], row["Retained"]) for row in rows[12:]}
    assert foot == {
        "Total": (41376.55, 24825.93),
        "2% of the year's payroll": (41376.55, None),
        "Due − 2%": (0, None),
        "402 as booked": (None, 24825.93),
        "Booked − retained": (None, 0),
    }


def test_relief_adds_up_by_category_and_fund(report: Report, summary: Workbook) -> None:
    *rows, total = table(summary["Relief"], header=5)
    assert report.totals
    assert sum(float(str(row["Amount"])) for row in rows) == total["Amount"] == 26290
    assert [row["Category"] for row in rows][:3] == ["Festival", "Marriage", "Birth"]
    assert {(row["Category"], row["Fund"]): row["Persons"] for row in rows}["Festival", "Union"] == 18


def test_batches_end_in_the_ledgers_own_sum(summary: Workbook) -> None:
    sheet = summary["Relief"]
    header = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "Batches") + 1
    *batches, single, total = table(sheet, header)
    assert all(row["Payments"] != 1 or row["Minutes no."] for row in batches)
    assert (single["Batch or voucher"], single["Minutes no."]) == ("Single payments below the limit for minutes", None)
    assert sum(float(str(row["Amount"])) for row in (*batches, single)) == total["Amount"] == 26290
    assert total["Payments"] == 38


def test_what_is_left_of_a_cap_is_as_the_rule_counts_it(tmp_path: Path) -> None:
    """Two payments of warmth, one of them paid outside: 6,000 less 4,000 are left, and A003 is silent. A child is not the member."""
    relief = """
    | 凭证号 | 发放类别 | 对象类别 | 会员编号 | 受助人 | 事由 | 发放形式 | 金额 | 资金来源 | 审批日期 | 审批人 | 经办人 | 发放日期 |
    | V1 | 送温暖 | 会员 | M1 | 甲 | 困难 | 转账 | #4000 | 本级工会经费 | 2015-02-01d | 张三 | 李四 | 2015-02-05d |
    | V2 | 送温暖 | 会员 | M1 | 甲 | 困难 | 转账 | #5000 | 账外直接支付 | 2015-06-01d | 张三 | 李四 | 2015-06-05d |
    | V3 | 送温暖 | 子女 | M1 | 甲小 | 困难 | 转账 | #900 | 本级工会经费 | 2015-07-01d | 张三 | 李四 | 2015-07-05d |
    """
    cover = "| 工会编码 | B01 |\n| 年度 | 2015 |"
    report = audit.reconcile([write(tmp_path / "b.xlsx", {"封面": cover, "帮扶慰问发放": relief})])
    assert [finding for finding in report.findings if finding.rule == "A003"] == []
    write_summary(report, tmp_path / "s.xlsx", [tmp_path / "b.xlsx"], "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Relief"]
    header = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "People paid more than once") + 1
    people = [(row["Beneficiary"], row["Times"], row["Amount"], row["Cap a year"], row["Left of it"]) for row in table(sheet, header)]
    assert people == [("甲", 2, 9000, 6000, 2000)]


def test_a_payment_whose_fund_cannot_be_read_is_not_lost(tmp_path: Path) -> None:
    relief = """
    | 凭证号 | 发放类别 | 对象类别 | 受助人 | 事由 | 发放形式 | 金额 | 资金来源 | 审批日期 | 审批人 | 经办人 | 发放日期 |
    | V1 | 住院 | 家庭 | 甲 | 住院 | 转账 | #500 | 本级 | 2015-02-01d | 张三 | 李四 | 2015-02-05d |
    """
    cover = "| 工会编码 | B01 |\n| 年度 | 2015 |"
    report = audit.reconcile([write(tmp_path / "b.xlsx", {"封面": cover, "帮扶慰问发放": relief})])
    write_summary(report, tmp_path / "s.xlsx", [tmp_path / "b.xlsx"], "en")
    rows = table(load_workbook(tmp_path / "s.xlsx")["Relief"], header=5)
    assert [(row["Category"], row["Fund"], row["Amount"]) for row in rows] == [("Hospital", None, 500), ("Total", None, 500)]


def test_figures_that_are_wider_than_a_column_widen_it(tmp_path: Path) -> None:
    """Excel shows ### where a figure does not fit."""
    remittance = "| 所属月份 | 工资总额 | 应拨缴 | 基层留成 | 上解 |\n| 2015-01 | #9876543210.12 | #197530864.20 | #197530864.20 | #0 |"
    cover = "| 工会编码 | B01 |\n| 年度 | 2015 |"
    report = audit.reconcile([write(tmp_path / "b.xlsx", {"封面": cover, "经费拨缴": remittance})])
    write_summary(report, tmp_path / "s.xlsx", [tmp_path / "b.xlsx"], "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Remittance"]
    assert sheet["D4"].value == 9876543210.12
    assert sheet.column_dimensions["D"].width >= len("9,876,543,210.12") + 2
    assert sheet.column_dimensions["C"].width < 10


def test_activities_total_each_category(summary: Workbook) -> None:
    rows = table(summary["Activities"])
    assert rows[-1]["Title"] == "All activities: 20"
    assert rows[-1]["Cost"] == 8021
    study = [row for row in rows if row["Category"] == "Study"]
    assert len(study) == 12
    assert next(row for row in rows if row["Title"] == "Study: 12 in all")["Present"] == sum(int(str(row["Present"])) for row in study)


def test_activities_whose_category_cannot_be_read_have_a_total_too(tmp_path: Path) -> None:
    activities = "| 活动编号 | 活动名称 | 类别 | 开始时间 | 实际支出 |\n| H1 | 拔河 | 团建 | 2015-05-04 | #600 |"
    report = audit.reconcile([write(tmp_path / "b.xlsx", {"封面": "| 工会编码 | B01 |\n| 年度 | 2015 |", "活动台账": activities})])
    write_summary(report, tmp_path / "s.xlsx", [tmp_path / "b.xlsx"], "en")
    rows = table(load_workbook(tmp_path / "s.xlsx")["Activities"])
    assert [(row["Title"], row["Cost"]) for row in rows] == [("拔河", 600), ("(none): 1 in all", 600), ("All activities: 1", 600)]
    assert (rows[0]["When"], rows[0]["Category"]) == (datetime(2015, 5, 4), None)


def test_a_flags_date_is_a_day(report: Report, tmp_path: Path) -> None:
    findings = [replace(report.findings[0], date=date, id=f"{at:016x}") for at, date in enumerate(("2015-03-14T08:52", "2015-03", None))]
    write_summary(replace(report, findings=findings), tmp_path / "s.xlsx", BOOKS, "en")
    assert [row["Date"] for row in table(load_workbook(tmp_path / "s.xlsx")["Flags"])] == ["2015-03-14", "2015-03", None]


def test_the_overview_has_its_ratios_and_two_charts(summary: Workbook) -> None:
    sheet = summary["Overview"]
    shown = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert sheet["A1"].value == "City Service Centre Office Union: audit summary 2015"
    assert (shown["Dues collected of dues owed"], shown["Remittance passed up of what was due"]) == (0.9596, 1)
    assert (shown["Expense against budget"], shown["Balance at the year's end"]) == (0.8407, 12522.25)
    assert sheet["E12"].hyperlink.location == "'Flags'!A1"
    first = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=11, max_row=16, min_col=5, max_col=6)}
    assert first == {
        "What to read first": "Count",
        "Data errors and high flags": 4,
        "Control totals that differ": 1,
        "Control totals not compared": 0,
        "Rows rejected": 0,
        "Rules not run": 11,
    }


def test_the_charts_name_their_axes_and_live_on_the_overview(report: Report, tmp_path: Path) -> None:
    write_summary(report, tmp_path / "s.xlsx", BOOKS, "en")
    with zipfile.ZipFile(tmp_path / "s.xlsx") as package:
        dues, spending = (package.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2))
    assert re.findall("<a:t>(.*?)</a:t>", dues) == ["Dues by month", "Month", "Yuan"]
    assert re.findall("<a:t>(.*?)</a:t>", spending) == ["Expense: available and spent", "Line", "Yuan"]
    assert set(re.findall(r"<c:f>Overview!|<c:f>'Overview'!|<c:f>[^O']", dues + spending)) == {"<c:f>'Overview'!", "<c:f>Overview!"}


def test_the_charts_show_the_figures_of_their_sheets(report: Report, summary: Workbook, tmp_path: Path) -> None:
    """Every range that a chart names, read from the Overview: names, categories and values of each series."""
    write_summary(report, tmp_path / "s.xlsx", BOOKS, "en")
    with zipfile.ZipFile(tmp_path / "s.xlsx") as package:
        charts = [re.findall("<c:f>'?Overview'?!(.*?)</c:f>", package.read(f"xl/charts/chart{number}.xml").decode()) for number in (1, 2)]
    cells = summary["Overview"]
    shown = [[[cell.value for (cell,) in cells[area]] if ":" in area else cells[area].value for area in chart] for chart in charts]
    assert shown[0] == ["Paid", [str(month) for month in range(1, 13)], [minor / money.MINOR for minor in report.dues_by_month]]
    lines = [row for row in table(summary["Budget"]) if row["Direction"] == "Expense" and row["Level"] == "line"]
    names = [f"{row['Code']} {row['Line']}" for row in lines]
    assert shown[1] == [
        *("Available", names, [row["Available"] for row in lines]),
        *("By the ledgers", names, [row["By the ledgers"] for row in lines]),
    ]


def size(text: str) -> int:
    """A text's width, wide characters and those that may be wide counting two."""
    return sum(1 + (east_asian_width(character) in "WFA") for character in text)


def test_a_row_is_as_tall_as_its_longest_text_asks(summary: Workbook) -> None:
    """One line less and the text that wraps most would be cut; one more and there would be an empty one."""
    sheet = summary["Flags"]
    widths = {cell.value: int(sheet.column_dimensions[cell.column_letter].width) for cell in sheet[3]}
    for at, row in enumerate(table(sheet), 4):
        texts = {
            label: text
            for label, text in row.items()
            if isinstance(text, str) and label not in ("State", "Severity", "Rule", "Branch", "Date")
        }
        assert sheet.row_dimensions[at].height == 15 * max(-(-size(text) // (widths[label] - 1)) for label, text in texts.items()) + 3


def test_every_printed_page_says_whose_books_these_are(summary: Workbook) -> None:
    for sheet in summary:
        assert sheet.oddHeader.right.text.strip() == "City Service Centre Office Union: audit summary 2015"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.paperSize) == (2 if sheet.title == "Flags" else 1, 9)
    assert (summary["Overview"].page_setup.orientation, summary["Overview"].page_setup.fitToHeight or 1) == ("portrait", 1)
    assert summary["Budget"].page_setup.fitToHeight == 0


def test_control_has_live_formulas(summary: Workbook) -> None:
    rows = {row["Check"]: row for row in table(summary["Control"])}
    assert rows["rows.dues"]["Left"] == '=SUMIFS(Sources!$G$4:$G$14,Sources!$C$4:$C$14,"Dues",Sources!$F$4:$F$14,"read*")'.replace(
        "Sources!", "'Sources'!"
    )
    assert str(rows["line.50205"]["Difference"]).startswith("=ROUND(")
    assert rows["line.50205"]["Verdict"] == '=IF(E26=0,"agrees","differs")'


def test_sources_account_for_every_row_and_hold_the_policy(report: Report, summary: Workbook) -> None:
    rows = table(summary["Sources"])
    assert all(row["Rows read"] == row["Rows used"] + row["Rows rejected"] for row in rows)  # type: ignore[operator]
    texts = [cell.value for column in ("A", "B") for cell in summary["Sources"][column]]
    rate = "'0.5%' · Notice on the collection of union dues (工发〔1978〕101号) [T], in force since 1978-01-01"
    assert {"dues.rate", rate, report.policy.sha256, report.book.sources[0].raw.sha256} <= set(texts)


def test_text_never_becomes_a_formula_or_a_link(report: Report, tmp_path: Path) -> None:
    nasty = ["=1+1", '=HYPERLINK("http://x","y")', "+1", "@x", "http://example.org", "file://x", "{=1}", "\tx"]
    findings = [replace(report.findings[0], observed=text, name=text, id=f"{at:016x}") for at, text in enumerate(nasty)]
    write_summary(replace(report, findings=findings), tmp_path / "s.xlsx", BOOKS, "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Flags"]
    assert [sheet.cell(row, 10).value for row in range(4, 12)] == nasty
    assert {sheet.cell(row, 10).data_type for row in range(4, 12)} == {"s"}
    with zipfile.ZipFile(tmp_path / "s.xlsx") as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet2.xml")
        assert b"example.org" not in package.read("xl/worksheets/_rels/sheet2.xml.rels")


def test_an_output_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"last month's")
    with pytest.raises(RuntimeError), whole(target) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"last month's"
    assert list(tmp_path.iterdir()) == [target]
    with whole(target) as temporary:
        temporary.write_bytes(b"this month's")
    assert target.read_bytes() == b"this month's"
    assert list(tmp_path.iterdir()) == [target]


def test_an_output_that_cannot_take_its_place_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"last month's")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("os.replace", refuse)
    with (
        pytest.raises(BadOutput, match=r"out\.xlsx cannot be replaced: it may be open in Excel or read-only\."),
        whole(target) as temporary,
    ):
        temporary.write_bytes(b"this month's")
    assert target.read_bytes() == b"last month's"
    assert list(tmp_path.iterdir()) == [target]


def test_names_of_outputs(report: Report) -> None:
    assert default_name(report) == "OF001-2015-summary.xlsx"

    assert file_name("../../etc", "2015") == "etc-2015.xlsx"
    assert file_name("A:B*?", "2015") == "A_B-2015.xlsx"
    assert file_name("", "2015") == "branch-2015.xlsx"


def test_a_code_as_long_as_a_sentence_makes_a_name_that_a_disk_takes(report: Report) -> None:
    sources = [replace(source, branch="工" * 300) for source in report.book.sources]
    assert default_name(replace(report, book=replace(report.book, sources=sources))) == f"{'工' * 60}-2015-summary.xlsx"
