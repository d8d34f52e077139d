"""The federation's sheets Branches and Rejected, and what the JSON says of each branch."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import load_workbook
from test_completeness import register

from ledgerkit import audit
from ledgerkit.locale import LANGS, Lang
from ledgerkit.merge.completeness import received
from ledgerkit.model.federation import Sent
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.report import Report
from ledgerkit.writing import safe, styles
from ledgerkit.writing.json import as_object
from ledgerkit.writing.sheets import branches, rejected

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
FAULTS = ROOT / "samples" / "faults-2015" / "books"
SENT = [
    Sent(
        "JG01",
        filled_on=date(2016, 1, 20),
        files=["JG01.xlsx"],
        rows={"members": 42, "dues": 504, "budget": 30},
        rejected_rows=2,
        roster=42,
        owed=1_234_500,
        collected=1_200_000,
        available=5_000_000,
        spent=4_900_000,
    ),
    Sent("JG02", filled_on=date(2016, 3, 1), files=["JG02.xlsx"], roster=50, owed=300, collected=100, available=0, spent=100),
    Sent("JG04", duplicate=["a.xlsx", "b.xlsx"]),
    Sent("XX9", name="新建局工会 13800138000", files=["x.xlsx"], superseded=["x-old.xlsx"]),
]
FOUND = [Finding("A001", Severity.HIGH, branch="JG01", amount=50_000), Finding("A012", Severity.MEDIUM, branch="JG01")]
EN = [
    ("JG01", "市政府采购中心机关工会", "JG00", "received", "2016-01-20", 1, 0, 42, 42),
    ("JG02", "市委办公室机关工会", None, "late", "2016-03-01", 1, 0, 58, 50),
    ("JG03", "市政府办公室机关工会", None, "missing", None, 0, 0, 64, None),
    ("JG04", "市委组织部机关工会", None, "duplicate", None, 0, 2, 46, None),
    ("JG05", "市委宣传部机关工会", None, "none expected", None, 0, 0, 0, None),
    ("XX9", "新建局工会 138****8000", None, "not on the register", None, 1, 1, None, None),
]


def merged(sent: Sequence[Sent] = SENT, findings: Sequence[Finding] = FOUND) -> Report:
    """A report of a merge: what came from five branches of a register and one more."""
    listed = register(
        {"branch_code": "JG01", "name": "市政府采购中心机关工会", "members": 42, "parent_code": "JG00"},
        {"branch_code": "JG02", "name": "市委办公室机关工会", "members": 58},
        {"branch_code": "JG03", "name": "市政府办公室机关工会", "members": 64},
        {"branch_code": "JG04", "name": "市委组织部机关工会", "members": 46},
        {"branch_code": "JG05", "name": "市委宣传部机关工会", "members": 0, "status": "merged"},
    )
    return replace(audit.validate([FAULTS]), command="merge", received=received(listed, sent, findings, date(2016, 1, 31)))


def rows(path: Path, report: Report, lang: Lang, constant: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    """The two sheets as another reader sees them."""
    book = safe.workbook(path, "summary", "0")
    book.constant_memory = constant
    formats = styles.styles(book)
    branches.write(book, formats, report, lang)
    rejected.write(book, formats, report, lang)
    book.close()
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.date().isoformat() if hasattr(value, "date") else value for value in row)


def test_a_row_a_branch_in_the_registers_order(tmp_path: Path) -> None:
    whole = rows(tmp_path / "b.xlsx", merged(), "en")["Branches"]
    assert whole[0][0] == "Branches 2015: what came from each"
    assert str(whole[1][0]).startswith(
        "6 branches: received 1, late 1, superseded 0, duplicate 1, missing 1, not on the register 1, none expected 1. Blank under a ledger:"
    )
    assert [plain(row[:9]) for row in whole[3:9]] == EN
    assert whole[3][9:] == (42, 504, None, None, None, None, 30, None, 2, 0.9721, 1, 0.98, 1, 0, 1, 1, 0, 0, 500, 1)
    assert whole[4][17:] == (0, 0.3333, 2, None, None, 0, 0, 0, 0, 0, 0, 2)
    assert whole[9][1] == "Total"
    assert whole[9][5:] == (3, 3, 210, 92, 42, 504, 0, 0, 0, 0, 30, 0, 2, 0.9719, None, None, None, 0, 1, 1, 0, 0, 500, None)


def test_the_sheets_are_chinese(tmp_path: Path) -> None:
    whole = rows(tmp_path / "b.xlsx", merged(), "zh")
    assert list(whole) == ["分会", "未收入"]
    assert [row[3] for row in whole["分会"][3:9]] == ["已收", "迟报", "未报", "重复待定", "无需报送", "不在台账"]
    assert str(whole["分会"][1][0]).startswith(
        "共 6 家：已收 1，迟报 1，已更正 0，重复待定 1，未报 1，不在台账 1，无需报送 1。台账一栏空白"
    )
    assert "会员名册" in whole["分会"][2]


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_cells_are_written_in_constant_memory(lang: Lang, tmp_path: Path) -> None:
    report = merged()
    assert rows(tmp_path / "a.xlsx", report, lang) == rows(tmp_path / "b.xlsx", report, lang, constant=True)


def test_a_row_a_rejected_file_with_the_findings_own_words(tmp_path: Path) -> None:
    report = merged()
    whole = rows(tmp_path / "b.xlsx", report, "en")["Rejected"]
    refused = [source for source in report.book.sources if source.problem]
    assert whole[0][0] == f"Files not counted: {len(refused)}"
    assert [(row[0], row[2]) for row in whole[3:]] == [(source.path, source.problem) for source in refused]
    messages = {(f["file"], f["rule"]): f["message"] for f in as_object(report, "en")["findings"]}
    assert [row[4] for row in whole[3:]] == [messages[source.path, source.problem] for source in refused]
    assert all(row[3] and row[5] for row in whole[3:])


def test_where_every_file_counts_it_is_said(tmp_path: Path) -> None:
    report = merged()
    book = replace(report.book, sources=tuple(source for source in report.book.sources if not source.problem))
    whole = rows(tmp_path / "b.xlsx", replace(report, book=book), "en")["Rejected"]
    assert (whole[0][0], whole[1][0], len(whole)) == ("Files not counted: 0", "Every file was counted.", 3)


def test_a_file_whose_rule_was_not_asked_for_has_its_title(tmp_path: Path) -> None:
    whole = rows(tmp_path / "b.xlsx", replace(merged(), findings=[]), "en")["Rejected"]
    assert all(row[4] == row[3] for row in whole[3:])


def test_nothing_is_written_of_branches_outside_a_merge(tmp_path: Path) -> None:
    report = replace(merged(), received=None)
    assert list(rows(tmp_path / "b.xlsx", report, "en")) == ["Rejected"]
    assert not {"branches", "missing"} & set(as_object(report, "en"))


@pytest.mark.parametrize("lang", LANGS)
def test_json_says_how_each_branch_stands(lang: Lang) -> None:
    whole = as_object(merged(), lang)
    jsonschema.validate(whole, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert whole["missing"] == ["JG03"]
    assert [one["state"] for one in whole["branches"]] == ["received", "late", "missing", "duplicate", None, "unknown"]
    assert whole["branches"][0] == {
        "branch_code": "JG01",
        "name": "市政府采购中心机关工会",
        "parent_code": "JG00",
        "status": "active",
        "state": "received",
        "filled_on": "2016-01-20",
        "files": 1,
        "rejected_files": 0,
        "members": 42,
        "roster": 42,
        "rows": {
            "members": 42,
            "dues": 504,
            **dict.fromkeys(("relief", "activities", "attendance", "expenses")),
            "budget": 30,
            "remittance": None,
        },
        "rejected_rows": 2,
        "owed": "12345.00",
        "collected": "12000.00",
        "collection_rate": "0.9721",
        "available": "50000.00",
        "spent": "49000.00",
        "execution": "0.9800",
        "findings": {"error": 0, "high": 1, "medium": 1, "low": 0, "info": 0},
        "at_risk": "500.00",
        "ranks": {"collection": 1, "execution": 1, "at_risk": 1},
    }
    assert whole["branches"][-1] | {"branch_code": "XX9", "name": "新建局工会 138****8000", "status": None} == whole["branches"][-1]


def test_the_schema_refuses_another_state() -> None:
    whole = as_object(merged(), "en")
    wrong = {**whole, "branches": [{**whole["branches"][0], "state": "lost"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: value for key, value in whole.items() if key != "missing"}, SCHEMA)
