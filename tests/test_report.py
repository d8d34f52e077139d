"""The report in its forms: JSON as its schema has it, CSV guarded, text a screenful; numbers of people masked in all of them."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ledgerkit import audit
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.plain import plain
from ledgerkit.model.report import Report
from ledgerkit.writing.csv import as_csv
from ledgerkit.writing.json import as_json, as_object
from ledgerkit.writing.masking import masked
from ledgerkit.writing.text import as_text

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
BRANCH = [ROOT / "samples" / "branch-2015-zh" / "books"]
FAULTS = [ROOT / "samples" / "faults-2015" / "books"]


@pytest.fixture(scope="module")
def reconciled() -> Report:
    return masked(audit.reconcile(BRANCH))


@pytest.fixture(scope="module")
def faulty() -> Report:
    return masked(audit.validate(FAULTS))


def checked(report: Report, lang: Lang) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(as_json(report, lang))
    jsonschema.validate(whole, SCHEMA, format_checker=jsonschema.FormatChecker())
    return whole


@pytest.mark.parametrize("lang", LANGS)
def test_json_is_as_its_schema_has_it(reconciled: Report, faulty: Report, lang: Lang) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert checked(reconciled, lang)["summary"] == {"error": 0, "high": 4, "medium": 2, "low": 0, "info": 0, "waived": 0}
    assert sum(checked(faulty, lang)["summary"].values()) == len(faulty.findings) == 93


def test_the_schema_refuses_what_the_contract_does_not_have(reconciled: Report) -> None:
    whole = as_object(reconciled, "en")
    for wrong in ({**whole, "extra": 1}, {**whole, "as_of": "31/12/2015"}, {**whole, "summary": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA, format_checker=jsonschema.FormatChecker())


def test_a_finding_has_the_contracts_keys_and_values(reconciled: Report) -> None:
    found = next(f for f in as_object(reconciled, "en")["findings"] if f["rule"] == "B002")
    assert {key: found[key] for key in ("severity", "ledger", "branch", "file", "sheet", "row", "column", "cell", "key")} == {
        "severity": "high",
        "ledger": "budget",
        "branch": "JG001",
        "file": "市政务服务中心机关工会-2015.xlsx",
        "sheet": "预算表",
        "row": 13,
        "column": "approved",
        "cell": "E13",
        "key": ["50102"],
    }
    assert (found["amount"], found["observed"], found["expected"], found["state"]) == ("36.50", "9036.50", "9000.00", "new")
    assert found["message"] == (
        "9036.50 was spent on a line of 9000.00: 36.50 too much. Have an adjustment approved, or move what was booked on the wrong line."
    )


def test_every_row_read_is_used_or_rejected(faulty: Report, reconciled: Report) -> None:
    for report in (faulty, reconciled):
        for table in report.book.read.values():
            assert len(table) == len(report.book.used[table.name]) + int((~table["_used"]).sum())
        for sheet in report.book.sheets:
            if sheet.ledger and not report.book.sources[sheet.file].problem:
                assert sheet.rows_rejected == int(
                    (
                        ~report.book.read[sheet.ledger].where(report.book.read[sheet.ledger]["_src"] == report.book.sheets.index(sheet))[
                            "_used"
                        ]
                    ).sum()
                )


def test_totals_are_the_ledgers_own(reconciled: Report) -> None:
    totals = as_object(reconciled, "en")["totals"]
    assert (totals["dues"]["paid"], totals["dues"]["arrears"], totals["dues"]["overpaid"]) == ("4456.95", "187.20", "14.35")
    assert totals["expenses"]["amount"] == "8082.40"
    assert all(control["ok"] for control in as_object(reconciled, "en")["control"] if control["check"] != "line.50205")


def test_csv_has_a_row_a_finding_and_guards_its_cells(faulty: Report) -> None:
    text = as_csv(faulty, "zh")
    assert text.startswith("\ufeffid,rule,severity,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == [finding.id for finding in faulty.findings]
    assert not any(value.startswith(("=", "+", "@", "\t")) for row in rows for value in row.values())


def test_csv_keeps_negative_amounts_as_numbers_and_texts_as_text(reconciled: Report) -> None:
    finding = replace(reconciled.findings[0], amount=-12345, observed="=1+1", name="-x")
    row = next(csv.DictReader(io.StringIO(as_csv(replace(reconciled, findings=[finding]), "en").removeprefix("\ufeff"))))
    assert (row["amount"], row["observed"]) == ("-123.45", "'=1+1")


@pytest.mark.parametrize("lang", LANGS)
def test_no_number_of_a_person_stands_whole_in_any_form(lang: Lang) -> None:
    report = audit.validate(FAULTS)
    members, relief = report.book.read["members"], report.book.read["relief"]
    whole = {
        str(value)
        for table, column in ((members, "id_no"), (members, "phone"), (members, "bank_card"), (relief, "id_no"), (relief, "bank_card"))
        for value in table[column].dropna()
        if len(str(value)) > 6
    }
    shown = masked(report)
    printed = as_json(shown, lang) + as_csv(shown, lang) + as_text(shown, lang)
    assert whole
    assert [number for number in whole if number in printed] == []
    assert any(number in as_json(report, lang) for number in whole), "without masking some of them stand there"


def test_text_for_a_terminal_has_no_control_or_direction_characters() -> None:
    assert plain("a\x1b[2Jb\u202ec\td") == "a [2Jb c d"


def test_a_long_list_is_cut_and_says_so(faulty: Report) -> None:
    text = as_text(faulty, "en")
    assert "… and 73 more: --format csv lists all." in text
    assert text.count("\n") < 70
