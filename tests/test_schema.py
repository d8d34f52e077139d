"""The ledgers as Table Schema, judged by the real frictionless package: it takes the schemas, clean sheets, and names what is wrong."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Report, Schema

from ledgerkit import policies
from ledgerkit.ledgers import ORDER, all_ledgers, load
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.schema import Ledger
from ledgerkit.model.table import Table
from ledgerkit.reading.book import read_book
from ledgerkit.reading.engine import read_file
from ledgerkit.writing.schema import package, table_schema
from ledgerkit.writing.template import write_template

Row = Mapping[str, str]
Rows = Sequence[Row]

MEMBERS = [
    {"member_no": "001", "name": "张三", "id_no": "11010119800101001X", "sex": "male", "officer": "no", "status": "active"},
    {"member_no": "002", "name": "李四", "id_no": "110101198502020027", "status": "retired", "wage_base": "0.00"},
]
BUDGET = [
    {"code": "401", "title": "会费收入", "direction": "income", "approved": "3000.00"},
    {"code": "504", "title": "职工活动支出", "direction": "expense", "approved": "5000.00", "adjustment": "-200.00", "adjustment_no": "7"},
]
DUES = [
    {
        "period": "2015-03",
        "member_no": "001",
        "name": "张三",
        "wage_base": "5432.10",
        "paid": "20.00",
        "method": "cash",
        "paid_on": "2015-03-10",
    },
    {"period": "2015-03", "member_no": "001", "name": "张三", "wage_base": "5432.10", "paid": "7.15", "paid_on": "2015-03-20"},
]
ACTIVITIES = [
    {
        "activity_no": "007", "title": "乒乓球赛", "category": "sports", "starts_at": "2015-05-04T14:30", "present": "45",
        "budget_code": "504", "actual_cost": "812.50", "has_photos": "yes", "insured": "no",
    },
    {"activity_no": "008", "title": "Reading, \"aloud\"", "category": "study", "starts_at": "2015-06-01T09:00", "entries": "0", "actual_cost": "0.00"},
]  # fmt: skip
RELIEF = [
    {
        "voucher_no": "12", "category": "festival", "beneficiary_type": "member", "member_no": "001", "beneficiary": "张三", "reason": "春节",
        "form": "goods", "goods": "大米", "amount": amount, "fund": "union", "budget_code": "504", "activity_no": "007",
        "approved_on": "2015-02-01", "approved_by": "王五", "handled_by": "赵六", "paid_on": "2015-02-10", "remark": remark,
    }
    for amount, remark in (("300.00", ""), ("-300.00", "红冲"))
]  # fmt: skip
ATTENDANCE = [
    {"activity_no": "007", "member_no": "001", "name": "张三", "signed_at": "2015-05-04T14:25", "status": "late", "family": "1"},
    {"activity_no": "007", "name": "李小四", "guest": "yes", "status": "present", "award": "一等奖", "award_form": "honour"},
]
EXPENSES = [
    {
        "voucher_no": "13", "item": item, "paid_on": "2015-05-08", "budget_code": "504", "supplier": "某体育用品店", "amount": "260.00",
        "form": "card", "activity_no": "007", "approved_by": "王五", "handled_by": "赵六",
    }
    for item in ("球拍", "球网")
]  # fmt: skip
REMITTANCE = [
    {"period": "2015-03", "payroll": "500000.00", "due": "10000.00", "retained": "6000.00", "remitted": "4000.00",
     "paid_on": "2015-04-12", "channel": "tax", "receipt_no": "003"},
]  # fmt: skip
BRANCHES = [
    {"branch_code": "A01", "name": "某公司工会", "members": "2", "elected_on": "2013-06-01", "term_years": "3"},
    {"branch_code": "A0101", "name": "某车间工会", "parent_code": "A01", "members": "1", "elected_on": "2014-06-01", "term_years": "5"},
]
CLEAN: Mapping[str, Rows] = {
    "members": MEMBERS,
    "dues": DUES,
    "relief": RELIEF,
    "activities": ACTIVITIES,
    "attendance": ATTENDANCE,
    "expenses": EXPENSES,
    "budget": BUDGET,
    "remittance": REMITTANCE,
    "branches": BRANCHES,
}


def put(folder: Path, filled: Mapping[str, Rows]) -> Path:
    """Our package with its nine CSV files, in canonical values, as other tools would find it on disk."""
    for ledger in all_ledgers():
        with (folder / f"{ledger.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(ledger.by_key))
            writer.writeheader()
            writer.writerows(filled[ledger.name])
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package("zh"), ensure_ascii=False), "utf-8")
    return path


def wrong(report: Report) -> list[tuple[str, ...]]:
    """(resource, row of the file, field, kind of error) of all that frictionless finds."""
    return [(task.name, *map(str, error)) for task in report.tasks for error in task.flatten(["rowNumber", "fieldName", "type"])]


def judged(folder: Path, **changed: Rows) -> list[tuple[str, ...]]:
    return wrong(Package(put(folder, {**CLEAN, **changed})).validate())


def changed(row: Row, **cells: str) -> Row:
    return {**row, **cells}


def fields(ledger: Ledger, lang: Lang = "zh") -> dict[str, dict[str, Any]]:
    found: Any = table_schema(ledger, lang)["fields"]
    return {field["name"]: field for field in found}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ORDER)
def test_frictionless_takes_every_schema_and_reads_the_ledger_out_of_it(name: str, lang: Lang) -> None:
    ledger = load(name)
    plain = json.loads(json.dumps(table_schema(ledger, lang)))
    assert Schema.validate_descriptor(plain).flatten(["type", "note"]) == []
    schema = Schema.from_descriptor(plain)
    assert schema.field_names == list(ledger.by_key)
    assert [field.title for field in schema.fields] == [field.label(lang) for field in ledger.fields]
    assert [field.name for field in schema.fields if field.required] == list(ledger.required)
    assert schema.custom["ledgerkit:key"] == list(ledger.key), "what Frictionless has no word for is kept"


@pytest.mark.parametrize("lang", LANGS)
def test_frictionless_takes_the_nine_as_one_package(lang: Lang) -> None:
    assert Package.validate_descriptor(package(lang)).flatten(["type", "note"]) == []
    assert Package.from_descriptor(package(lang)).resource_names == list(ORDER)


def test_types_are_those_of_the_standard() -> None:
    activities = fields(load("activities"))
    assert activities["starts_at"]["type"] == "datetime"
    assert activities["starts_at"]["format"] == "any"
    assert (activities["has_photos"]["trueValues"], activities["has_photos"]["falseValues"]) == (["yes"], ["no"])
    assert [fields(load("dues"))[key]["type"] for key in ("period", "paid", "paid_on", "name")] == ["yearmonth", "number", "date", "string"]
    assert fields(load("relief"))["headcount"]["type"] == "integer"


def test_a_field_says_its_hint_its_condition_and_its_choices() -> None:
    code = load("activities")["budget_code"]
    assert fields(load("activities"))["budget_code"]["description"] == f"{code.hint['zh']}。有实际支出时必填"
    english = fields(load("activities"), "en")["budget_code"]
    assert english["description"] == f"{code.hint['en']}. Required if there is an actual cost"
    assert (english["ledgerkit:need"], english["ledgerkit:when"]) == ("C", "actual_cost > 0")
    method = fields(load("dues"))["method"]
    assert method["constraints"]["enum"] == ["payroll", "transfer", "cash", "mobile"]
    assert method["ledgerkit:choices"]["cash"] == {"zh": "现金", "en": "Cash"}
    assert method["ledgerkit:blank"] == "payroll"


def test_only_signed_money_and_reversals_may_be_below_nought() -> None:
    unbound = [
        f"{ledger.name}.{field['name']}"
        for ledger in all_ledgers()
        for field in fields(ledger).values()
        if field["type"] in ("integer", "number") and "minimum" not in field.get("constraints", {})
    ]
    assert unbound == ["relief.amount", "budget.adjustment"]


def test_only_keys_that_never_repeat_are_primary() -> None:
    keys = {ledger.name: table_schema(ledger, "zh").get("primaryKey") for ledger in all_ledgers()}
    assert keys == {
        "members": ["member_no"],
        "dues": None,
        "relief": None,
        "activities": ["activity_no"],
        "attendance": None,
        "expenses": ["voucher_no", "item"],
        "budget": ["code"],
        "remittance": ["period"],
        "branches": ["branch_code"],
    }


def test_foreign_keys_name_a_field_of_another_ledger_or_of_the_same() -> None:
    assert "foreignKeys" not in table_schema(load("branches"), "zh")
    assert table_schema(load("branches"), "zh", in_package=True)["foreignKeys"] == [
        {"fields": ["parent_code"], "reference": {"resource": "", "fields": ["branch_code"]}}
    ]
    for ledger in all_ledgers():
        keys: Any = table_schema(ledger, "zh", in_package=True).get("foreignKeys", [])
        assert all(key["reference"]["fields"][0] in load(key["reference"]["resource"] or ledger.name) for key in keys)


def test_clean_sheets_are_valid(tmp_path: Path) -> None:
    assert judged(tmp_path) == []


def test_a_wrong_dues_sheet_is_told_cell_by_cell(tmp_path: Path) -> None:
    row = DUES[0]
    bad = [row, changed(row, paid="1,200.50元"), changed(row, method="cheque"), changed(row, name=""), changed(row, waived="-1.00"),
           changed(row, period="2015-13"), changed(row, member_no="999")]  # fmt: skip
    assert judged(tmp_path, dues=bad) == [
        ("dues", "3", "paid", "type-error"),
        ("dues", "4", "method", "constraint-error"),
        ("dues", "5", "name", "constraint-error"),
        ("dues", "6", "waived", "constraint-error"),
        ("dues", "7", "period", "type-error"),
        ("dues", "8", "None", "foreign-key"),
    ]


def test_a_wrong_relief_sheet_is_told_cell_by_cell(tmp_path: Path) -> None:
    row = RELIEF[0]
    bad = [changed(row, category="节日慰问"), changed(row, amount=""), changed(row, headcount="two"), changed(row, paid_on="2015-02-30")]
    assert judged(tmp_path, relief=bad) == [
        ("relief", "2", "category", "constraint-error"),
        ("relief", "3", "amount", "constraint-error"),
        ("relief", "4", "headcount", "type-error"),
        ("relief", "5", "paid_on", "type-error"),
    ]


def test_a_wrong_budget_and_a_wrong_activity_are_told(tmp_path: Path) -> None:
    lines = [*BUDGET, changed(BUDGET[1], approved="five"), changed(BUDGET[0], code="402", direction="revenue")]
    events = [changed(ACTIVITIES[0], starts_at="4 May, after lunch"), changed(ACTIVITIES[1], has_photos="是", present="-1")]
    assert judged(tmp_path, budget=lines, activities=events) == [
        ("activities", "2", "starts_at", "type-error"),
        ("activities", "3", "present", "constraint-error"),
        ("activities", "3", "has_photos", "type-error"),
        ("budget", "4", "approved", "type-error"),
        ("budget", "4", "None", "primary-key"),
        ("budget", "5", "direction", "constraint-error"),
    ]


def shown(table: Table, ledger: Ledger) -> list[dict[str, str]]:
    return [{key: table.show(row, key) or "" for key in ledger.by_key} for row in range(len(table))]


@pytest.mark.parametrize("lang", LANGS)
def test_a_filled_template_read_by_us_is_valid_to_frictionless(lang: Lang, tmp_path: Path) -> None:
    write_template(tmp_path / "books.xlsx", all_ledgers(), lang, rows=10, cover={"year": 2015}, data=CLEAN)
    book = read_book([read_file(tmp_path / "books.xlsx", "books.xlsx")], policies.load(None, {}))
    rows = {name: shown(table, load(name)) for name, table in book.read.items()}
    assert {name: len(found) for name, found in rows.items()} == {name: len(CLEAN[name]) for name in ORDER}
    resources: Any = package(lang)["resources"]
    inline = [{"name": r["name"], "schema": r["schema"], "data": rows[r["name"]]} for r in resources]
    report = Package.from_descriptor({"name": "books", "resources": inline}).validate()
    assert wrong(report) == []
    assert [task.stats["rows"] for task in report.tasks] == [len(CLEAN[name]) for name in ORDER]
