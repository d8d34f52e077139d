"""Blank and filled templates as Excel, openpyxl and calamine see them."""

import ast
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from inspect import getsource
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledgerkit.ledgers import all_ledgers, load
from ledgerkit.locale import LANGS, Lang, catalogue
from ledgerkit.model.schema import Choice, Field, Ledger
from ledgerkit.writing import styles, template

DUES = {
    "period": "2015-03", "member_no": "001", "name": "张三", "wage_base": "5432.10", "paid": "27.15",
    "method": "cash", "paid_on": "2015-03-10", "remark": "=1+1",
}  # fmt: skip
ACTIVITY = {"activity_no": "007", "title": "http://example.org", "starts_at": "2015-05-04T14:00", "present": "45", "has_photos": "yes"}


def written(folder: Path, lang: Lang = "zh", ledgers: Sequence[Ledger] = (), **more: object) -> Path:
    path = folder / f"{lang}.xlsx"
    template.write_template(path, ledgers or all_ledgers(), lang, **more)  # type: ignore[arg-type]
    return path


def checks(sheet: Worksheet) -> dict[int, DataValidation]:
    """Column number → its check."""
    return {area.min_col: check for check in sheet.data_validations.dataValidation for area in check.sqref.ranges}


@pytest.fixture(scope="module", params=LANGS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lang, Workbook]:
    lang: Lang = request.param
    return lang, load_workbook(written(tmp_path_factory.mktemp("template"), lang, rows=50))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    given = {"cover": {"branch": "某工会", "date": date(2015, 12, 31)}, "data": {"dues": [DUES]}}
    first = written(tmp_path, **given).read_bytes()
    assert written(tmp_path, **given).read_bytes() == first


def test_sheets_are_cover_instructions_and_one_a_ledger(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    first = {"zh": ["封面", "填表说明"], "en": ["Cover", "Instructions"]}[lang]
    assert book.sheetnames == first + [ledger.title[lang] for ledger in all_ledgers()]


def test_every_cover_value_and_the_instructions_have_a_name(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    cover = load("cover")
    names = {name: list(defined.destinations) for name, defined in book.defined_names.items()}
    assert names == {
        "ledgerkit_instructions": [(book.sheetnames[1], "$A$1")],
        **{f"cover_{field.key}": [(cover.title[lang], f"$B${row}")] for row, field in enumerate(cover.fields, 4)},
    }
    labels = [book.worksheets[0].cell(row, 1).value for row in range(4, 4 + len(cover.fields))]
    assert labels == [field.label(lang) for field in cover.fields]


def test_headers_hold_both_labels_the_own_language_first(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    for ledger in all_ledgers():
        sheet = book[ledger.title[lang]]
        assert [cell.value for cell in sheet[3]] == [styles.both_labels(field, lang) for field in ledger.fields]
        assert sheet.calculate_dimension() == f"A1:{sheet.cell(3, len(ledger.fields)).coordinate}", "blank rows have no cells"
    assert book[load("dues").title[lang]]["B3"].value == {"zh": "会员编号\nMember no", "en": "Member no\n会员编号"}[lang]


def test_headers_are_filled_by_need(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    fills = {"R": styles.ACCENT, "C": styles.TINT, "O": styles.PALE}
    for ledger in all_ledgers():
        for cell, field in zip(book[ledger.title[lang]][3], ledger.fields, strict=True):
            assert cell.fill.fgColor.rgb == "FF" + fills[field.need].removeprefix("#"), field.key


def test_lists_offer_every_label_and_say_what_to_choose(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    for ledger in all_ledgers():
        by_column = checks(book[ledger.title[lang]])
        for column, field in enumerate(ledger.fields, 1):
            if field.type not in ("choice", "yesno"):
                continue
            labels = [c.label(lang) for c in field.choices] or {"zh": ["是", "否"], "en": ["Yes", "No"]}[lang]
            check = by_column[column]
            assert (check.type, check.formula1, check.errorStyle or "stop") == ("list", f'"{",".join(labels)}"', "stop")
            assert check.error.endswith({"zh": "、", "en": ", "}[lang].join(labels))


def test_every_column_is_checked_over_all_its_rows_within_excels_limits(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    for ledger in all_ledgers():
        by_column = checks(book[ledger.title[lang]])
        assert set(by_column) == set(range(1, len(ledger.fields) + 1))
        for column, field in enumerate(ledger.fields, 1):
            check = by_column[column]
            (area,) = check.sqref.ranges
            assert (area.min_row, area.max_row, area.max_col) == (4, 53, column)
            assert check.promptTitle == field.label(lang)
            assert check.prompt.startswith(field.hint[lang]) and "…" not in check.prompt
            assert len(check.promptTitle) <= 32 and len(check.prompt) <= 255
            assert len(check.errorTitle or "") <= 32 and len(check.error or "") <= 255
            assert bool(check.error) == (field.type != "text"), "an alert says what to type"


def test_hints_say_when_a_column_is_required(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    by_column = checks(book[load("dues").title[lang]])
    assert by_column[1].prompt.split("\n")[1] == {"zh": "必填", "en": "Required"}[lang]
    assert by_column[11].prompt.split("\n")[1] == {"zh": "有实缴会费时必填", "en": "Required if dues are paid"}[lang]


@pytest.mark.parametrize(
    ("ledger", "key", "kind", "least"),
    [
        ("dues", "paid", "decimal", "0"),
        ("relief", "amount", "decimal", "-90000000000"),
        ("budget", "adjustment", "decimal", "-90000000000"),
        ("dues", "paid_on", "date", "61"),
        ("dues", "period", "date", "61"),
        ("activities", "starts_at", "date", "61"),
        ("activities", "present", "whole", "0"),
    ],
)
def test_numbers_and_dates_are_checked(opened: tuple[Lang, Workbook], ledger: str, key: str, kind: str, least: str) -> None:
    lang, book = opened
    check = checks(book[load(ledger).title[lang]])[list(load(ledger).by_key).index(key) + 1]
    assert (check.type, check.operator or "between", check.formula1) == (kind, "between", least)


def test_columns_carry_their_number_format_and_are_unlocked(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    for ledger in all_ledgers():
        columns = book[ledger.title[lang]].column_dimensions
        spans = sorted(((dimension.min, dimension.max, dimension) for dimension in columns.values()), key=lambda span: span[0])
        for number, field in enumerate(ledger.fields, 1):
            column = next(dimension for low, high, dimension in spans if low <= number <= high)
            assert column.number_format == styles.NUMBER_FORMATS[field.type]
            assert column.protection.locked is False
        own = spans[-1][2]
        assert (own.number_format, own.protection.locked) == ("General", False)
        assert max(high for _, high, _ in spans) == 16384, "an own column, and deleting a row, need unlocked cells to the end"


def test_sheets_are_protected_without_a_password_and_usable(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    for ledger in all_ledgers():
        sheet = book[ledger.title[lang]]
        protection = sheet.protection
        assert protection.sheet and protection.password is None
        usable = "sort autoFilter formatColumns formatRows insertRows deleteRows selectLockedCells selectUnlockedCells"
        assert not any(getattr(protection, name) for name in usable.split()), "False means allowed"
        assert protection.formatCells and protection.deleteColumns
        assert all(cell.protection.locked for row in (1, 3) for cell in sheet[row] if cell.value)
    cover = book.worksheets[0]
    assert cover.protection.sheet and not cover["B4"].protection.locked and cover["A4"].protection.locked


def test_frozen_filtered_and_ready_to_print(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    frozen = {ledger.name: book[ledger.title[lang]].freeze_panes for ledger in all_ledgers()}
    assert frozen["dues"] == "C4" and frozen["relief"] == "B4" and frozen["attendance"] == "C4"
    for ledger in all_ledgers():
        sheet = book[ledger.title[lang]]
        assert sheet.auto_filter.ref == f"A3:{sheet.cell(53, len(ledger.fields)).coordinate}"
        assert sheet.print_title_rows == "$3:$3"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        # 34 columns on one A4 page would be three-point type: relief takes two, with the voucher number on both.
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == ({"relief": 2}.get(ledger.name, 1), 0)
        assert "&P" in sheet.oddFooter.right.text
    assert book[load("relief").title[lang]].print_title_cols == "$A:$A"


def test_instructions_list_the_ledgers_with_their_keys(opened: tuple[Lang, Workbook]) -> None:
    lang, book = opened
    rows = [row for row in book.worksheets[1].iter_rows(values_only=True) if row[0]]
    assert len([row for row in rows if re.match(r"\d\. ", str(row[0]))]) == 9
    assert {
        "zh": ("活动签到", "活动编号、会员编号（或姓名）", "活动编号、姓名、状态"),
        "en": ("Attendance", "Activity no, Member no (or Name)", "Activity no, Name, Status"),
    }[lang] in rows


def test_the_stamp_says_what_it_is(tmp_path: Path) -> None:
    stamps = load_workbook(written(tmp_path)).custom_doc_props
    assert {stamp.name: stamp.value for stamp in stamps.props} == {"ledgerkit_kind": "template", "ledgerkit_version": "1"}


@pytest.mark.parametrize("lang", LANGS)
def test_data_is_read_back_typed(tmp_path: Path, lang: Lang) -> None:
    path = written(tmp_path, lang, data={"dues": [DUES], "activities": [ACTIVITY]})
    book = CalamineWorkbook.from_path(path)
    dues = dict(zip(load("dues").by_key, book.get_sheet_by_name(load("dues").title[lang]).to_python(skip_empty_area=False)[3], strict=True))
    assert dues == dict.fromkeys(load("dues").by_key, "") | {
        "period": date(2015, 3, 1), "member_no": "001", "name": "张三", "wage_base": 5432.1, "paid": 27.15,
        "method": {"zh": "现金", "en": "Cash"}[lang], "paid_on": date(2015, 3, 10), "remark": "=1+1",
    }  # fmt: skip
    activities = book.get_sheet_by_name(load("activities").title[lang]).to_python(skip_empty_area=False)[3]
    seen = dict(zip(load("activities").by_key, activities, strict=True))
    assert (seen["activity_no"], seen["starts_at"], seen["present"]) == ("007", datetime(2015, 5, 4, 14), 45)
    assert (seen["has_photos"], seen["title"]) == ({"zh": "是", "en": "Yes"}[lang], "http://example.org")


def test_text_stays_text_and_more_data_than_rows_widens_the_checks(tmp_path: Path) -> None:
    path = written(tmp_path, rows=1, ledgers=[load("dues")], data={"dues": [DUES] * 3})
    sheet = load_workbook(path)["会费收缴"]
    remark = sheet.cell(4, len(load("dues").fields))
    assert (remark.value, remark.data_type, remark.number_format) == ("=1+1", "s", "@")
    assert {area.max_row for check in sheet.data_validations.dataValidation for area in check.sqref.ranges} == {6}
    with zipfile.ZipFile(path) as parts:
        assert b'<dimension ref="A1:O6"/>' in parts.read("xl/worksheets/sheet3.xml")
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def test_cover_values_are_filled_in(tmp_path: Path) -> None:
    path = written(tmp_path, ledgers=[load("dues")], cover={"branch_code": "0102", "year": 2015, "date": "2015-12-31"})
    rows = {label: value for label, value, *_ in load_workbook(path)["封面"].iter_rows(min_row=4, values_only=True)}
    assert (rows["工会编码"], rows["年度"], rows["填报日期"], rows["填报单位"]) == ("0102", 2015, datetime(2015, 12, 31), None)


def test_a_list_too_long_for_a_cell_stands_on_a_hidden_sheet(tmp_path: Path) -> None:
    choices = tuple(Choice(f"line_{n}", f"一个名称相当长的预算科目第{n}号") for n in range(30))
    field = Field("line", "科目", "choice", {"zh": "选择", "en": "Choose"}, choices=choices)
    path = written(tmp_path, ledgers=[Ledger("lines", {"zh": "科目", "en": "Lines"}, ("line",), {}, None, (field,))])
    book = load_workbook(path)
    check = checks(book["科目"])[1]
    assert (check.formula1, check.error) == ("'下拉列表'!$A$1:$A$30", "请从下拉列表中选择。")
    lists = book["下拉列表"]
    assert lists.sheet_state == "hidden" and [cell.value for cell in lists["A"]] == [choice.zh for choice in choices]
    assert "ledgerkit_lists" in book.defined_names


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"data": {"relief": [{"amount": "1"}]}}, "relief: no such column in this workbook: amount"),
        ({"data": {"dues": [{"amount": "1"}]}}, "dues: no such column in this workbook: amount"),
        ({"cover": {"who": "me"}}, "cover: no such column in this workbook: who"),
        ({"data": {"dues": [{"paid": "a lot"}]}}, "dues, row 4, paid: 'a lot' is no money"),
        ({"data": {"dues": [{"method": "barter"}]}}, "dues, row 4, method: 'barter' is no choice"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        written(tmp_path, ledgers=[load("dues")], **given)


def test_every_sentence_has_its_chinese() -> None:
    speak = catalogue("zh")
    sentences = [
        call.args[0].value
        for module in (template, styles)
        for call in ast.walk(ast.parse(getsource(module)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "N_" and isinstance(call.args[0], ast.Constant)
    ]
    assert len(sentences) > 30
    assert [sentence for sentence in sentences if speak.gettext(str(sentence)) == sentence] == []
