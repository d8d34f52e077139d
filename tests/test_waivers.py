"""Waivers: what they waive and what not, where a waived finding is told, what is said of a waiver itself, which ones are refused."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from books import said
from openpyxl import Workbook, load_workbook

from ledgerkit import audit, policies
from ledgerkit.audit import Options
from ledgerkit.errors import BadPolicy
from ledgerkit.locale import catalogue
from ledgerkit.model.finding import Severity
from ledgerkit.model.report import Report
from ledgerkit.model.waiver import Waiver
from ledgerkit.rules.packs import settings
from ledgerkit.rules.waiving import waived as waive
from ledgerkit.writing import annotate, wording
from ledgerkit.writing.csv import as_csv
from ledgerkit.writing.json import as_json
from ledgerkit.writing.masking import masked
from ledgerkit.writing.text import as_text
from ledgerkit.writing.workbook import write_summary

ROOT = Path(__file__).parents[1]
BOOKS = ROOT / "samples" / "branch-2015-zh" / "books"
FAULTS = ROOT / "samples" / "faults-2015" / "books"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
GIVEN = {
    "rule": '"B001"',
    "key": '["记-0520"]',
    "reason": '"科目待补列，见纪要3号"',
    "asked_by": '"周敏"',
    "approved_by": '"陈国强"',
    "until": "2016-03-31",
}
Given = Mapping[str, str]
RULES = ("B001", "B002", "M", "X003", "A017", "F", "W")


def block(**changed: str) -> str:
    """A waiver as it stands in a policy; a key whose value is "" is left out."""
    lines = [f"{key} = {value}" for key, value in {**GIVEN, **changed}.items() if value]
    return "\n".join(["[[waivers]]", *lines, ""])


def waived(tmp_path: Path, *blocks: str, head: str = "", **options: Any) -> Report:
    """A reconciliation of the sample with a policy that holds some waivers; by default a few rules only."""
    (tmp_path / "ledgerkit.toml").write_text(head + "\n".join(blocks), "utf-8")
    return audit.reconcile([BOOKS], Options(policy=tmp_path / "ledgerkit.toml", **{"rules": RULES, **options}))


def about_waivers(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """(rule, key) of what is found of waivers themselves."""
    return [(finding.rule, finding.key) for finding in report.findings if finding.rule.startswith("W")]


@pytest.fixture(scope="module")
def without() -> Report:
    return audit.reconcile([BOOKS], Options(rules=RULES))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One finding waived, one waiver expired, one that matches nothing."""
    expired = block(rule='"M005"', key='["JG00118"]', until="2015-06-30")
    idle = block(rule='"B002"', key='["50101"]')
    return waived(tmp_path_factory.mktemp("policy"), block(), expired, idle)


# ---- what is waived


def test_a_waived_finding_is_the_same_finding_and_nothing_else_changes(report: Report, without: Report) -> None:
    (one,) = report.waived
    assert (one.rule, one.key, one.state) == ("B001", ("记-0520",), "waived")
    assert one.waiver == Waiver(1, "B001", ("记-0520",), "科目待补列，见纪要3号", "周敏", "陈国强", date(2016, 3, 31))
    before = {finding.id: finding for finding in without.findings}
    assert replace(one, state="new", waiver=None) == before[one.id]
    assert [finding for finding in report.unwaived if not finding.rule.startswith("W")] == [
        finding for finding in without.findings if finding.id != one.id
    ]


def test_it_counts_among_the_waived_alone_and_not_for_the_exit_status(tmp_path: Path, without: Report) -> None:
    high = [finding for finding in without.findings if finding.severity is Severity.HIGH]
    keys = [block(rule=f'"{finding.rule}"', key=json.dumps(finding.key, ensure_ascii=False)) for finding in high]
    report = waived(tmp_path, *keys)
    assert without.summary == {"error": 0, "high": 4, "medium": 2, "low": 0, "info": 0, "waived": 0}
    assert report.summary == {"error": 0, "high": 0, "medium": 2, "low": 0, "info": 0, "waived": 4}
    assert (without.fails(Severity.HIGH), report.fails(Severity.HIGH), report.fails(Severity.MEDIUM)) == (True, False, True)
    assert about_waivers(report) == []


@pytest.mark.parametrize(
    ("changed", "covers"),
    [
        ({"branch": "JG001"}, True),
        ({"branch": "JG002"}, False),
        ({"column": "budget_code"}, True),
        ({"column": "amount"}, False),
        ({"key": ("记－０５２０",)}, True),
        ({"key": ("记-052",)}, False),
        ({"key": ("记-0520", "x")}, False),
        ({"rule": "B002"}, False),
    ],
)
def test_a_waiver_is_about_its_rule_key_branch_and_column(changed: Mapping[str, Any], covers: bool, report: Report) -> None:
    (one,) = report.waived
    assert one.waiver
    other = replace(one.waiver, **changed)
    found = waive([replace(one, state="new", waiver=None)], replace(report.policy, waivers=(other,)), report.as_of)
    assert [finding.waiver for finding in found] == [other if covers else None]


def test_a_waiver_holds_up_to_and_with_its_day_and_never_without_a_date() -> None:
    waiver = Waiver(1, "B001", ("x",), "r", "a", "b", date(2016, 1, 29))
    assert [waiver.holds(day) for day in (date(2016, 1, 29), date(2016, 1, 30), None)] == [True, False, False]


def test_a_key_that_several_findings_have_waives_them_all_and_says_how_many(report: Report) -> None:
    (one,) = report.waived
    three = [replace(one, id=str(number), state="new", waiver=None) for number in range(3)]
    again = replace(report, findings=list(waive(three, report.policy, report.as_of)))
    assert [count for _, count in again.waivers] == [3, 0, 0]
    assert (len(again.waived), [finding.id for finding in again.findings]) == (3, ["0", "1", "2"])


def test_a_waived_finding_goes_on_silencing_what_yields_to_it(tmp_path: Path) -> None:
    """B001 silences X003 and X004 on its row: waiving it brings no other finding of that row."""
    report = waived(tmp_path, block(), rules=("B", "X"))
    (row,) = {(finding.src, finding.row) for finding in report.waived}
    assert [finding.rule for finding in report.findings if (finding.src, finding.row) == row] == ["B001"]


# ---- what is said of a waiver itself


def test_an_expired_waiver_and_one_that_matches_nothing_are_findings_at_the_policy(report: Report) -> None:
    expired, idle = [finding for finding in report.findings if finding.rule.startswith("W")]
    assert (expired.rule, expired.key, expired.observed, expired.expected) == ("W001", ("M005", "JG00118"), "2015-06-30", "2016-01-29")
    assert (idle.rule, idle.key) == ("W002", ("B002", "50101"))
    for finding in (expired, idle):
        assert (finding.severity, finding.sheet, finding.row, finding.cell) == (Severity.LOW, None, None, None)
        assert Path(str(finding.file)).name == "ledgerkit.toml"
    assert said(expired) == (
        "此项豁免的期限为 2015-06-30，截止日期为 2016-01-29，已不起作用。仍需豁免的，重新报批并填写新的期限；否则从设置文件中删除。",
        "This waiver held until 2015-06-30, and the run is as of 2016-01-29: it waives nothing any more. Have it approved anew with a later day, or remove it from the policy.",
    )
    assert said(idle) == (
        "B002 下没有此编号的疑点，此项豁免没有作用。请与疑点核对编号、分会和列，或从设置文件中删除。",
        "B002 has no finding with this key, so this waiver waives nothing. Compare key, branch and column with the finding, or remove the waiver from the policy.",
    )
    assert any(finding.rule == "M005" and finding.state == "new" for finding in report.findings)


def test_a_policy_in_the_folder_of_the_books_is_named_as_it_lies_there(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(next(BOOKS.glob("*.xlsx")).read_bytes())
    (tmp_path / "ledgerkit.toml").write_text(block(key='["记-9999"]'), "utf-8")
    assert [finding.file for finding in audit.reconcile([tmp_path], Options(rules=RULES)).findings if finding.rule == "W002"] == [
        "ledgerkit.toml"
    ]


NOTHING = block(key='["记-9999"]')


@pytest.mark.parametrize(
    ("given", "head", "options"),
    [
        (NOTHING, '[rules]\nignore = ["B001"]\n', {}),
        (NOTHING, "", {"rules": ("W", "B002")}),
        (block(rule='"A017"', key='["记-0001"]'), "", {}),
        (block(rule='"M002"', key='["JG00001"]'), "", {}),
        (block(rule='"F010"', key='["x"]'), "", {}),
        (block(branch='"JG002"', key='["记-9999"]'), "", {}),
    ],
    ids=["ignored", "not asked for", "no limit set", "compares branches", "only when merged", "another branch"],
)
def test_of_a_rule_or_branch_that_was_not_looked_at_nothing_is_said(
    given: str, head: str, options: Mapping[str, Any], tmp_path: Path
) -> None:
    found = about_waivers(waived(tmp_path, given, head=head, **options))
    assert found == ([("W002", ("M002", "JG00001"))] if "M002" in given else [])


def broken(tmp_path: Path, change: str) -> Path:
    """The sample with something of it that cannot be used."""
    folder = tmp_path / "books"
    folder.mkdir()
    book = load_workbook(next(BOOKS.glob("*.xlsx")))
    if change == "row":
        book["帮扶慰问发放"]["P11"].value = "五百"
    book.save(folder / "book.xlsx")
    if change == "file":
        (folder / "other.xlsx").write_bytes(b"")
    return folder


@pytest.mark.parametrize(("change", "found"), [("none", ["W002"]), ("file", []), ("row", [])])
def test_a_waiver_whose_row_may_be_out_of_sight_is_not_said_to_match_nothing(change: str, found: list[str], tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(NOTHING, "utf-8")
    report = audit.reconcile([broken(tmp_path, change)], Options(policy=tmp_path / "own.toml", rules=("B001", "W")))
    assert [finding.rule for finding in report.findings if finding.rule == "W002"] == found


# ---- where it is told


@pytest.mark.parametrize("lang", ("zh", "en"))
def test_json_has_the_waiver_and_what_came_of_it(report: Report, lang: Any) -> None:
    whole = json.loads(as_json(report, lang))
    jsonschema.validate(whole, SCHEMA, format_checker=jsonschema.FormatChecker())
    (one,) = [finding for finding in whole["findings"] if finding["state"] == "waived"]
    assert one["waiver"] == {"reason": "科目待补列，见纪要3号", "asked_by": "周敏", "approved_by": "陈国强", "until": "2016-03-31"}
    assert [(waiver["rule"], waiver["key"], waiver["holds"], waiver["findings"]) for waiver in whole["waivers"]] == [
        ("B001", ["记-0520"], True, 1),
        ("M005", ["JG00118"], False, 0),
        ("B002", ["50101"], True, 0),
    ]
    assert whole["summary"]["waived"] == 1


def test_csv_has_it_with_the_waiver_in_columns_of_their_own(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(report, "en").removeprefix("\ufeff"))))
    names = ("rule", "state", "waiver_reason", "waiver_asked_by", "waiver_approved_by", "waiver_until")
    assert [tuple(row[name] for name in names) for row in rows if row["state"] == "waived"] == [
        ("B001", "waived", "科目待补列，见纪要3号", "周敏", "陈国强", "2016-03-31")
    ]
    assert {row["waiver_reason"] for row in rows if row["state"] != "waived"} == {""}


def test_text_counts_it_and_does_not_list_it(report: Report) -> None:
    zh, en = as_text(report, "zh").splitlines(), as_text(report, "en").splitlines()
    assert "Waived: 1 finding(s), by 1 waiver(s) of the policy; --format json or csv lists them with the reasons." in en
    assert "已豁免：1 条（设置文件中 1 项豁免）；用 --format json 或 csv 查看明细和理由。" in zh
    assert not any("B001" in line for line in en)
    nothing = replace(report, findings=report.waived)
    assert "Nothing was found." in as_text(nothing, "en")
    assert not any("Waived" in line for line in as_text(replace(report, findings=report.unwaived), "en").splitlines())


@pytest.fixture(scope="module")
def summary(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("summary") / "s.xlsx"
    write_summary(masked(report), path, [BOOKS], "en")
    return load_workbook(path)


def test_the_flags_sheet_has_it_in_a_block_below_outside_the_filter(report: Report, summary: Workbook) -> None:
    sheet = summary["Flags"]
    last = 3 + len(report.unwaived)
    assert (sheet["A1"].value, sheet.auto_filter.ref) == (f"Flags for review: {len(report.unwaived)}", f"A3:T{last}")
    assert [cell.value for cell in sheet[last + 1] if cell.value] == []
    assert sheet.cell(last + 2, 1).value == "Waived findings: 1"
    header = [cell.value for cell in sheet[last + 3]]
    row = dict(zip(header, (cell.value for cell in sheet[last + 4]), strict=True))
    assert (row["State"], row["Rule"], row["Asked for by"], row["Approved by"], row["Reason of the waiver"]) == (
        ("waived", "B001", "周敏", "陈国强", "科目待补列，见纪要3号")
    )
    assert str(row["Waived until"]).startswith("2016-03-31")
    assert row["Finding id"] == report.waived[0].id
    assert sheet.max_row == last + 4
    assert all(str(area).split(":")[-1][1:] == str(last) for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges)


def test_the_other_sheets_count_it_apart(report: Report, summary: Workbook) -> None:
    texts = {row[4].value: row[5].value for row in summary["Overview"].iter_rows() if row[4].value}
    high = report.summary["high"]
    assert (texts["high"], texts["waived, counted in none of them"], texts["Data errors and high flags"]) == (high, 1, high)
    controls = {row[0].value: row[2].value for row in summary["Control"].iter_rows()}
    first, end = 4, 3 + len(report.unwaived)
    assert controls["flags"] == f"=COUNTA('Flags'!$T${first}:$T${end})+COUNTA('Flags'!$T${end + 4})"
    sources = {row[0].value: row[1].value for row in summary["Sources"].iter_rows() if row[0].value}
    assert sources["B001 记-0520"] == (
        "科目待补列，见纪要3号 · asked for by 周敏, approved by 陈国强 · until 2016-03-31: waives 1 finding(s)"
    )
    assert str(sources["M005 JG00118"]).endswith("until 2015-06-30: holds no longer")
    assert str(sources["waivers.1.until"]).startswith("2016-03-31 · ")


def test_long_digits_in_a_waiver_are_masked_everywhere(tmp_path: Path) -> None:
    number = "320281199003070224"
    report = waived(tmp_path, block(reason=f'"电话核实，证件 {number}"', asked_by=f'"周敏 {number}"'), block(key=f'["{number}"]'))
    for lang in ("zh", "en"):
        shown = masked(report)
        assert number not in as_json(shown, lang) + as_csv(shown, lang) + as_text(shown, lang) + shown.policy.text  # type: ignore[arg-type]
        assert "证件 320***********0224" in as_json(shown, lang)  # type: ignore[arg-type]
    assert number in as_json(report, "zh")
    write_summary(masked(report), tmp_path / "s.xlsx", [BOOKS], "zh")
    texts = [str(cell.value) for sheet in load_workbook(tmp_path / "s.xlsx") for row in sheet.iter_rows() for cell in row if cell.value]
    assert not any(number in text for text in texts)


def test_an_annotated_copy_says_it_below_the_message(report: Report) -> None:
    (one,) = report.waived
    assert annotate._said(one, "en").splitlines()[-1] == (
        "Waived until 2016-03-31: 科目待补列，见纪要3号 (asked for by 周敏, approved by 陈国强)"
    )
    assert wording.waiver(one.waiver, "zh") == "豁免至 2016-03-31：科目待补列，见纪要3号（申请人 周敏，审批人 陈国强）"  # type: ignore[arg-type]


# ---- what is refused


@pytest.mark.parametrize(
    ("given", "en", "zh"),
    [
        (
            block(approved_by=""),
            "waivers.1 lacks approved_by. A waiver needs rule, key, reason, asked_by, approved_by, until; add what is missing.",
            "waivers.1 缺少 approved_by。一项豁免须有 rule, key, reason, asked_by, approved_by, until，请补齐。",
        ),
        (
            block() + block(approved_by='"周　敏"'),
            "waivers.2 was asked for and approved by one person, 周　敏. Have another person approve it, or remove it.",
            "waivers.2 的申请人和审批人是同一人（周　敏）。请由另一人审批，或删除此项豁免。",
        ),
        (
            block(reson='"x"'),
            "unknown policy key waivers.1.reson. The nearest known one is waivers.1.reason; correct or remove it.",
            "没有设置项 waivers.1.reson，最接近的是 waivers.1.reason。请更正或删除。",
        ),
        (
            block(rule='"B0001"'),
            "unknown policy key waivers.1.rule B0001. The nearest known one is waivers.1.rule B001; correct or remove it.",
            "没有设置项 waivers.1.rule B0001，最接近的是 waivers.1.rule B001。请更正或删除。",
        ),
        (
            block(column='"budget_cod"'),
            "unknown policy key waivers.1.column budget_cod. The nearest known one is waivers.1.column budget_code; correct or remove it.",
            "没有设置项 waivers.1.column budget_cod，最接近的是 waivers.1.column budget_code。请更正或删除。",
        ),
        (
            block(until='"2016-03-31"'),
            "waivers.1.until is '2016-03-31', but it must be a day without quotation marks, such as 2015-12-31. Correct it.",
            "waivers.1.until 填的是 '2016-03-31'，应为日期，不加引号，例如 2015-12-31。请更正。",
        ),
        (
            block(key='"记-0520"'),
            'waivers.1.key is \'记-0520\', but it must be a list of texts, the key of the finding as the reports have it, such as ["M001", "2015-03"]. Correct it.',
            'waivers.1.key 填的是 \'记-0520\'，应为文本列表，即报告中该疑点的 key，例如 ["M001", "2015-03"]。请更正。',
        ),
        (
            block(reason='" "'),
            "waivers.1.reason is ' ', but it must be a text that is not blank. Correct it.",
            "waivers.1.reason 填的是 ' '，应为非空文本。请更正。",
        ),
        (
            'waivers = "none"\n',
            "waivers is 'none', but it must be tables, each headed [[waivers]]. Correct it.",
            "waivers 填的是 'none'，应为若干个以 [[waivers]] 开头的段。请更正。",
        ),
        (
            block(key="[320281199003070224]"),
            'waivers.1.key is [320***********0224], but it must be a list of texts, the key of the finding as the reports have it, such as ["M001", "2015-03"]. Correct it.',
            'waivers.1.key 填的是 [320***********0224]，应为文本列表，即报告中该疑点的 key，例如 ["M001", "2015-03"]。请更正。',
        ),
    ],
)
def test_a_waiver_that_cannot_be_used_is_refused_with_what_to_do(given: str, en: str, zh: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(given, "utf-8")
    with pytest.raises(BadPolicy) as refused:
        policies.load(path, settings())
    assert (str(refused.value), refused.value.render(catalogue("zh").gettext)) == (f"{path}: {en}", f"{path}：{zh}")


@pytest.mark.parametrize("key", ["[]", '[""]'])
def test_a_waiver_without_a_business_key_is_refused(key: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(block(key=key), "utf-8")
    with pytest.raises(BadPolicy, match=r"waivers\.1\.key is"):
        policies.load(tmp_path / "own.toml", settings())
