"""What `ledgerkit verify` proves and what it catches: every edit of a summary on every sheet, and nothing that people are to do there."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import odd_cases
import pytest
from odd import book, sheet
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import audit
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.report import Report
from ledgerkit.reading.content import Content, content
from ledgerkit.reading.engine import read_file
from ledgerkit.review.compare import Compared, compare
from ledgerkit.writing.masking import masked
from ledgerkit.writing.verify import sentence
from ledgerkit.writing.workbook import made_again, write_summary

ROOT = Path(__file__).parents[1]
BOOKS = ROOT / "samples" / "branch-2015-en" / "books"
SCHEMA = json.loads((ROOT / "docs" / "verify.schema.json").read_text("utf-8"))
SHEETS = ("Overview", "Flags", "Budget", "Dues", "Remittance", "Relief", "Activities", "Control", "Sources")
# By sheet a cell with a figure and one with a text.
FIGURES = {
    **{"Overview": "B5", "Flags": "I4", "Budget": "E4", "Dues": "C4", "Remittance": "D5"},
    **{"Relief": "F6", "Activities": "G4", "Control": "D6", "Sources": "G6"},
}
TEXTS = {
    **{"Overview": "A5", "Flags": "L4", "Budget": "B6", "Dues": "B4", "Remittance": "B5"},
    **{"Relief": "A6", "Activities": "D4", "Control": "B5", "Sources": "B5"},
}
Edit = Callable[[Workbook], object]


@dataclass(frozen=True)
class Written:
    """A summary of the sample, and what it is by its sources."""

    path: Path
    made: Content
    lang: Lang


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Lang, Written]:
    """The summary of one run on the sample in each language."""
    report = masked(audit.reconcile([BOOKS]))
    return {lang: _written(report, lang, tmp_path_factory.mktemp(lang)) for lang in LANGS}


def _written(report: Report, lang: Lang, folder: Path) -> Written:
    write_summary(report, folder / "s.xlsx", [BOOKS], lang)
    return Written(folder / "s.xlsx", made_again(report, Path(os.path.relpath(BOOKS, folder)).as_posix(), lang), lang)


@pytest.fixture(params=LANGS)
def either(request: pytest.FixtureRequest, written: Mapping[Lang, Written]) -> Written:
    return written[request.param]


@pytest.fixture
def summary(written: Mapping[Lang, Written]) -> Written:
    return written["en"]


def looked_at(summary: Written, path: Path) -> Compared:
    """What differs between a file and what the summary is by its sources."""
    return compare(summary.made, content(path, read_file(path, path.name)), summary.lang)


def edited(summary: Written, *edits: Edit) -> Compared:
    """What differs once the summary was edited and saved by openpyxl."""
    opened = load_workbook(summary.path)
    for edit in edits:
        edit(opened)
    path = summary.path.with_name("edited.xlsx")
    opened.save(path)
    return looked_at(summary, path)


def said(found: Compared) -> list[str]:
    """Every difference in words."""
    return [sentence(one, "en") for one in found.differences]


def noted(found: Compared) -> list[str]:
    """What is no difference, in words, but for formulas that openpyxl leaves without results."""
    return [sentence(one, "en") for one in found.notes if one.kind != "uncalculated"]


def every(*edits: Callable[[Worksheet], object]) -> Edit:
    """An edit of every sheet."""
    return lambda opened: [edit(each) for each in opened.worksheets for edit in edits]


def test_the_summary_as_it_was_written_differs_in_nothing(either: Written) -> None:
    assert looked_at(either, either.path) == Compared((), ())


def test_saved_by_openpyxl_it_differs_in_nothing_and_its_results_are_said_to_be_gone(either: Written) -> None:
    found = edited(either)
    assert found.differences == ()
    control = {"en": "Control", "zh": "勾稽"}[either.lang]
    count = sum(isinstance(cell.value, str) and cell.value.startswith("=") for row in load_workbook(either.path)[control] for cell in row)
    assert count > 60
    assert [sentence(one, "en") for one in found.notes] == [
        f"{control}: {count} formula(s) not recalculated: saved by a program that keeps no results. The formulas are as written."
    ]


def test_a_figure_edited_is_caught_on_every_sheet(summary: Written) -> None:
    before = load_workbook(summary.path)

    def edit(opened: Workbook) -> None:
        for name, place in FIGURES.items():
            assert isinstance(opened[name][place].value, float | int), (name, opened[name][place].value)
            opened[name][place] = opened[name][place].value + 0.01

    def shown(name: str, place: str, more: float) -> str:
        value = before[name][place].value + more
        return f"{value:,.2f}" if ".00" in before[name][place].number_format or more else f"{value:.0f}"

    expected = {f"{name}!{at}: {shown(name, at, 0.01)} instead of {shown(name, at, 0)}" for name, at in FIGURES.items()}
    assert set(said(edited(summary, edit))) == expected
    assert len(expected) == len(SHEETS)


def test_a_text_edited_is_caught_on_every_sheet(summary: Written) -> None:
    before = load_workbook(summary.path)

    def edit(opened: Workbook) -> None:
        for name, place in TEXTS.items():
            assert isinstance(opened[name][place].value, str), (name, place)
            opened[name][place] = opened[name][place].value + "."

    expected = {f"{name}!{at}: {before[name][at].value}. instead of {before[name][at].value}" for name, at in TEXTS.items()}
    assert set(said(edited(summary, edit))) == expected


def test_a_text_that_becomes_a_formula_is_caught_on_every_sheet(summary: Written) -> None:
    before = load_workbook(summary.path)
    found = edited(summary, lambda opened: [opened[name].__setitem__(at, "=1+1") for name, at in TEXTS.items()])
    expected = {f"{name}!{at}: the formula is =1+1 instead of {before[name][at].value}" for name, at in TEXTS.items()}
    assert set(said(found)) == expected


def test_a_cell_filled_or_emptied_is_caught(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        opened["Budget"]["Z99"] = "added"
        opened["Dues"]["B4"] = None

    assert said(edited(summary, edit)) == ["Budget!Z99: added instead of (blank)", "Dues!B4: (blank) instead of Zhou Zhiyuan"]


def test_formulas_and_their_results(summary: Written) -> None:
    formula = load_workbook(summary.path)["Control"]["C5"].value

    def edit(opened: Workbook) -> None:
        opened["Control"]["C5"] = formula.replace("SUMIFS", "COUNTIFS")
        opened["Control"]["E6"] = 0

    assert said(edited(summary, edit)) == [
        f"Control!C5: the formula is {formula.replace('SUMIFS', 'COUNTIFS').replace(chr(39), '')} instead of {formula.replace(chr(39), '')}",
        "Control!E6: the formula is 0.00 instead of =ROUND(C6-D6,2)",
    ]


def test_a_formula_spelled_otherwise_is_the_same_formula(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        for row in opened["Control"].iter_rows(min_row=4):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = cell.value.replace("'Sources'!", "Sources!").replace(",", ", ").replace("SUMIFS", "_xlfn.SUMIFS")

    assert edited(summary, edit).differences == ()


def replaced(summary: Written, part: str, old: str, new: str) -> Compared:
    """What differs once a part of the package holds another text, the rest as it was."""
    path = summary.path.with_name("replaced.xlsx")
    with zipfile.ZipFile(summary.path) as whole, zipfile.ZipFile(path, "w") as changed:
        for item in whole.infolist():
            data = whole.read(item)
            if item.filename == part:
                assert len(re.findall(old.encode(), data)) == 1
                data = re.sub(old.encode(), new.encode(), data)
            changed.writestr(item, data)
    return looked_at(summary, path)


def test_a_result_that_is_not_its_formulas_is_caught(summary: Written) -> None:
    found = replaced(summary, "xl/worksheets/sheet8.xml", r'(<c r="E6"[^>]*><f>[^<]*</f><v>)0.0(</v>)', r"\g<1>12.5\2")
    assert said(found) == ["Control!E6: the formula's result is 12.50 instead of 0.00"]


def test_a_format_that_shows_another_figure_is_caught(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        opened["Budget"]["E4"].number_format = ";;;"
        opened["Flags"]["I4"].number_format = "#,##0,"

    assert said(edited(summary, edit)) == [
        "Flags!I4: shows 1 where the cell holds 500.00",
        "Budget!E4: shows (blank) where the cell holds 13,600.33",
    ]


def test_hidden_rows_columns_and_sheets_are_caught_on_every_sheet(summary: Written) -> None:
    def hide(each: Worksheet) -> None:
        each.row_dimensions[5].hidden = True
        each.column_dimensions["A"].hidden = True
        each.sheet_state = "veryHidden"

    expected = ["Mine: a sheet that the run did not write"] + [
        told for name in SHEETS for told in (f"{name}: the sheet is hidden", f"{name}, row 5: hidden", f"{name}, column A: hidden")
    ]
    # Excel opens no workbook without a visible sheet.
    assert said(edited(summary, every(hide), lambda opened: opened.create_sheet("Mine"))) == expected


def test_hidden_rows_that_follow_one_another_are_told_together(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        for row in (5, 6, 7):
            opened["Dues"].row_dimensions[row].hidden = True

    assert said(edited(summary, edit)) == ["Dues, row 5:7: hidden"]


def test_rows_taken_out_and_put_in_are_told_as_rows(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        opened["Dues"].delete_rows(5)
        opened["Remittance"].insert_rows(5)
        opened["Remittance"]["A5"] = "extra"

    first, second = said(edited(summary, edit))
    assert first.startswith("Dues, row 5: taken out: OF00102  Sun Xiaowen  18.20  18.20")
    assert second == "Remittance, row 5: put in: extra"


def test_sheets_names_and_checks(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        del opened["Relief"]
        opened.create_sheet("Mine")
        opened.defined_names["figures"] = DefinedName("figures", attr_text="Budget!$A$1")
        check = DataValidation(type="whole", operator="greaterThan", formula1="0")
        check.add("E4:E9")
        opened["Budget"].add_data_validation(check)

    assert said(edited(summary, edit)) == [
        "Relief: the sheet is not there any more",
        "Mine: a sheet that the run did not write",
        "Defined name figures: Budget!$A$1 instead of (blank)",
        "Budget!E4: the cell's check is whole greaterThan 0 instead of (blank)",
    ]


def test_the_drop_down_of_decisions_is_compared(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        check = next(one for one in opened["Flags"].data_validations.dataValidation if one.type == "list")
        check.formula1 = '"open,accepted"'

    assert said(edited(summary, edit)) == [
        'Flags!P4: the cell\'s check is list "open,accepted" instead of list "open,accepted,explained,fixed,mistaken"'
    ]


# Flags is a place to work.


def row_of(flags: Worksheet, number: int) -> list[object]:
    return [cell.value for cell in flags[number]]


def test_decisions_and_signatures_are_filled_in(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        for place, value in {"P4": "accepted", "Q4": "Chen", "R4": date(2016, 3, 1), "S4": "QZ-1"}.items():
            opened["Flags"][place] = value
        signed = [cell for row in opened["Overview"].iter_rows() for cell in row if not cell.protection.locked and isinstance(cell, Cell)]
        assert len(signed) == 6
        for cell in signed:
            cell.value = "Zhou"

    found = edited(summary, edit)
    assert (found.differences, noted(found)) == ((), [])


def worked_on(opened: Workbook) -> None:
    """Sorted from the last to the first, a blank row between, one row copied, a column put in before the others and one at the end, a filter."""
    flags = opened["Flags"]
    rows = [[(cell.value, copy(cell._style)) for cell in row] for row in flags.iter_rows(min_row=4, max_row=9)]
    for at, row in enumerate([*rows[::-1][:3], [], *rows[::-1][3:], rows[0]], 4):
        for column in range(1, 21):
            value, style = row[column - 1] if row else (None, None)
            cell = flags.cell(at, column)
            cell.hyperlink = None
            cell.value = value
            if style is not None:
                cell._style = style
    flags["U3"] = "Working paper"
    flags["U5"] = "see file 7"
    flags.insert_cols(4)
    flags["D3"] = "Team"
    flags.data_validations.dataValidation = []
    flags.auto_filter.ref = "A3:V11"
    flags.auto_filter.add_filter_column(1, ["high"])
    flags.row_dimensions[5].hidden = True


def test_flags_sorted_filtered_copied_and_added_to_are_the_same_flags(summary: Written) -> None:
    found = edited(summary, worked_on)
    checks = [one for one in said(found) if "the cell's check" not in one]
    assert checks == []
    assert noted(found) == [
        "Flags: 1 row(s) copied",
        "Flags: columns added: Team, Working paper",
        "Flags: a filter leaves out 1 row(s); they were compared too",
    ]


def test_an_edit_among_flags_that_were_worked_on_is_caught_at_its_cell(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        worked_on(opened)
        opened["Flags"]["J4"] = 0.5

    assert [one for one in said(edited(summary, edit)) if "check" not in one] == ["Flags!J4: 0.50 instead of (blank)"]


def test_a_copied_row_that_says_something_else_is_caught(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        opened["Flags"].append([*row_of(opened["Flags"], 4)[:8], 1.0, *row_of(opened["Flags"], 4)[9:]])

    found = [one for one in said(edited(summary, edit)) if "check" not in one]
    assert found == ["Flags!I10: 1.00 instead of 500.00"]


def test_a_finding_taken_out_one_put_in_and_a_row_without_id(summary: Written) -> None:
    before = load_workbook(summary.path)["Flags"]

    def edit(opened: Workbook) -> None:
        flags = opened["Flags"]
        flags["T5"] = "0123456789abcdef"
        flags["C10"] = "X009"
        flags["A1"] = "Flags for review: 5"

    assert said(edited(summary, edit)) == [
        f"Flags, row 5: the finding {before['C5'].value} {before['F5'].value} [0123456789abcdef] is none of the run's",
        f"Flags: the finding {before['C5'].value} {before['F5'].value} [{before['T5'].value}] is not there any more",
        "Flags!A1: Flags for review: 5 instead of Flags for review: 6",
        "Flags!C10: X009 stands in a row without a finding's id",
    ]


def test_headings_are_compared(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        opened["Flags"]["I3"] = "Sum"

    found = edited(summary, edit)
    assert said(found) == ["Flags: the column “Amount at stake” is not there any more"]
    assert noted(found) == ["Flags: columns added: Sum"]
    gone = edited(summary, lambda opened: opened["Flags"].__setitem__("T3", "No."))
    assert said(gone) == ["Flags: the column “Finding id” is not there any more"]


def moved(opened: Workbook, column: str, last: int) -> None:
    """Control's count of findings, as Excel rewrites it when columns or rows are put in among them."""
    control = opened["Control"]
    (cell,) = [cell for row in control.iter_rows() for cell in row if isinstance(cell.value, str) and "COUNTA" in cell.value]
    assert cell.value == "=COUNTA('Flags'!$T$4:$T$9)"
    cell.value = f"=COUNTA(Flags!${column}$4:${column}${last})"


def test_controls_count_may_follow_the_ids_and_nothing_else(summary: Written) -> None:
    def edit(opened: Workbook) -> None:
        worked_on(opened)
        moved(opened, "U", 11)

    assert [one for one in said(edited(summary, edit)) if "check" not in one] == []
    shorter = said(edited(summary, lambda opened: moved(opened, "T", 8)))
    other = said(edited(summary, lambda opened: moved(opened, "I", 9)))
    assert [one.split("!")[1].split(" instead")[0] for one in (*shorter, *other)] == [
        "C33: the formula is =COUNTA(Flags",
        "C33: the formula is =COUNTA(Flags",
    ]


# The command, on books of its own.


def run(folder: Path, *arguments: str, lang: Lang = "en") -> tuple[int, str, str]:
    return odd_cases.run(list(arguments), folder, lang)


RECONCILE = ("reconcile", "books", "-o", "s.xlsx", "--fail-on", "never", "--year", "2015")
# Those that find something in these books: a run again need not ask all the others.
RULES = ("--rules", "A005,B014,D006,G001,G025")


@pytest.fixture(scope="module")
def reconciled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with books, a policy, a summary s.xlsx and its evidence."""
    folder = tmp_path_factory.mktemp("reconciled")
    (folder / "books").mkdir()
    book(sheet("dues"), sheet("members"), sheet("budget"))(folder / "books", "B01")
    book(sheet("relief"))(folder / "books", "B02")
    (folder / "books" / "ledgerkit.toml").write_text('[dues]\nrate = "0.5%"\n', "utf-8")
    assert run(folder, *RECONCILE, *RULES)[0] == 0
    return folder


@pytest.fixture
def case(reconciled: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(reconciled, tmp_path / "case")


def verdict(folder: Path, *arguments: str) -> tuple[int, Mapping[str, Any]]:
    """Exit status and JSON, which is as its schema has it."""
    code, out, error = run(folder, "verify", "s.xlsx", "--format", "json", *arguments)
    assert error == ""
    shown = json.loads(out)
    jsonschema.validate(shown, SCHEMA)
    assert code == int(not shown["proven"])
    return code, shown


def texts(shown: Mapping[str, Any], part: str) -> list[str]:
    """What a part of the JSON says in words, digests shortened."""
    return [re.sub(r"\b([0-9a-f]{4})[0-9a-f]{60}\b", "SHA", one["text"]) for one in shown[part]]


def test_a_run_of_every_rule_is_proven(case: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert run(case, *RECONCILE)[0] == 0
    code, out, error = run(case, "verify", "s.xlsx")
    assert (code, error) == (0, "")
    assert re.fullmatch(
        r"Proven: s\.xlsx is exactly what its sources and policy give\.\n"
        r"2 file\(s\) with 7 row\(s\) run again; 9 sheets with \d,\d{3} cells compared\n",
        out,
    )


def test_proven_in_chinese_in_silence_and_without_a_note(case: Path) -> None:
    assert run(case, "verify", "s.xlsx", lang="zh")[1].startswith(
        "复验相符：s.xlsx 与按来源文件、设置重新生成的结果完全一致。\n重新核对文件 2 个，7 行；"
    )
    assert run(case, "verify", "s.xlsx", "--quiet") == (0, "", "")
    assert verdict(case)[1]["notes"] == []


def touch(path: Path, edit: Edit) -> None:
    """Edits a workbook where it lies."""
    opened = load_workbook(path)
    edit(opened)
    opened.save(path)


def test_a_source_cell_is_named_and_what_follows_is_told_from_edits(case: Path) -> None:
    touch(case / "books" / "B01.xlsx", lambda opened: opened["表1"].__setitem__("D2", 16))
    code, shown = verdict(case)
    assert (code, texts(shown, "causes"), shown["edits"]) == (
        1,
        ["B01.xlsx has been changed. SHA-256 then SHA, now SHA. Changed there:", "表1!D2"],
        [],
    )
    assert shown["as_written"] == sorted(SHEETS)
    assert shown["followed"] > 0
    touch(case / "s.xlsx", lambda opened: opened["Budget"].__setitem__("B4", "edited"))
    code, shown = verdict(case)
    assert texts(shown, "edits") == ["Budget!B4: edited instead of 困难职工帮扶费", "Control!D6: 30.00 instead of 31.00"]
    # openpyxl keeps no results of formulas, so that Control is not as it was written either.
    assert shown["as_written"] == sorted({*SHEETS} - {"Budget", "Control"})
    out = run(case, "verify", "s.xlsx", lang="zh")[1]
    assert "汇总所依据的资料：\n  B01.xlsx 已变动。SHA-256 当时为 " in out
    assert (
        "变动之处：\n    表1!D2\n\n已非生成时原样的工作表中的差异（其中可能有由上述变动引起的）：\n  Budget!B4：现为 edited，应为 困难职工帮扶费\n"
        in out
    )


def test_without_the_evidence_it_is_said_that_cells_cannot_be_told(case: Path) -> None:
    (case / "s.evidence.json").unlink()
    assert verdict(case)[0] == 0
    touch(case / "books" / "B01.xlsx", lambda opened: opened["表1"].__setitem__("D2", 16))
    shown = verdict(case)[1]
    assert texts(shown, "causes") == [
        "B01.xlsx has been changed. SHA-256 then SHA, now SHA. Without the evidence file the cells cannot be told."
    ]
    assert texts(shown, "notes") == [
        "s.evidence.json is not there: what became of the summary between its run and now can be told less exactly"
    ]
    assert (shown["as_written"], shown["followed"], len(shown["edits"]) > 0) == (None, 0, True)
    out = run(case, "verify", "s.xlsx")[1]
    assert "Differs in the summary; whether this follows from the above or was changed by hand cannot be told:\n" in out


def test_a_source_saved_again_is_another_file_with_the_same_cells(case: Path) -> None:
    touch(case / "books" / "B01.xlsx", lambda opened: None)
    assert texts(verdict(case)[1], "causes") == [
        "B01.xlsx is another file. SHA-256 then SHA, now SHA. Its cells hold what they held: it was saved again, or a format, a note or the middle of a long number was changed."
    ]


def test_a_source_that_is_missing_and_one_that_was_not_there(case: Path) -> None:
    (case / "books" / "B02.xlsx").rename(case / "books" / "B03.xlsx")
    code, shown = verdict(case)
    assert (code, texts(shown, "causes"), texts(shown, "notes")) == (
        1,
        ["B02.xlsx is not there any more. SHA-256 then SHA."],
        ["B03.xlsx lies beside the books; the run did not read it"],
    )
    (case / "books" / "B01.xlsx").unlink()
    sentence = "None of the 2 file(s) of s.xlsx is in books, so that nothing can be run again. Say with --sources where the books are.\n"
    assert run(case, "verify", "s.xlsx") == (2, "", sentence)
    shutil.rmtree(case / "books")
    sentence = "The folder of the books, books, is not there. Say with --sources where the books of s.xlsx are.\n"
    assert run(case, "verify", "s.xlsx") == (2, "", sentence)


def test_a_digest_edited_in_the_summary_is_an_edit_and_no_changed_source(case: Path) -> None:
    def edit(opened: Workbook) -> None:
        (cell,) = [row[1] for row in opened["Sources"].iter_rows() if row[0].value == "B01.xlsx" and len(str(row[1].value)) == 64]
        cell.value = "0" * 64

    touch(case / "s.xlsx", edit)
    code, shown = verdict(case)
    assert (code, shown["causes"], [one["sheet"] for one in shown["edits"]]) == (1, [], ["Sources"])


def test_a_policy_line_is_named(case: Path) -> None:
    (case / "books" / "ledgerkit.toml").write_text('[dues]\nrate = "0.6%"\n', "utf-8")
    code, shown = verdict(case)
    assert (code, texts(shown, "causes")) == (
        1,
        [
            "The policy ledgerkit.toml has been changed. SHA-256 then SHA, now SHA. Settings that differ:",
            "dues.rate: then '0.5%', now '0.6%'",
        ],
    )
    (case / "books" / "ledgerkit.toml").write_text('# ours\n[dues]\nrate = "0.5%"\n', "utf-8")
    assert texts(verdict(case)[1], "causes") == [
        "The policy ledgerkit.toml is another file. SHA-256 then SHA, now SHA. No setting differs: comments or the layout do."
    ]


def test_a_policy_that_is_gone_and_one_that_was_not_there(case: Path) -> None:
    (case / "books" / "ledgerkit.toml").rename(case / "policy.toml")
    code, shown = verdict(case)
    assert code == 1
    assert texts(shown, "causes")[0] == (
        "The policy ledgerkit.toml is not there any more; the national settings were used. Give it with --policy."
    )
    code, shown = verdict(case, "--policy", "policy.toml")
    assert (code, texts(shown, "notes")) == (0, ["The policy policy.toml was used; the summary says ledgerkit.toml"])
    assert run(case, "verify", "s.xlsx", "--policy", "p.toml") == (2, "", "p.toml does not exist. Check the path given with --policy.\n")


def test_a_policy_that_lies_there_since_is_not_used(case: Path) -> None:
    (case / "books" / "ledgerkit.toml").unlink()
    run(case, *RECONCILE, *RULES)
    for folder in (case, case / "books"):
        (folder / "ledgerkit.toml").write_text('[dues]\nrate = "0.6%"\n', "utf-8")
    assert verdict(case)[0] == 0


def test_books_and_summary_may_move_apart(case: Path) -> None:
    (case / "books").rename(case / "moved")
    code, shown = verdict(case, "--sources", "moved")
    assert (code, texts(shown, "notes")) == (0, ["The books in moved were used; the summary says books"])


def test_the_options_of_the_run_are_those_of_the_re_run(case: Path) -> None:
    (case / "other.toml").write_text('[unit]\nname = "某工会"\n', "utf-8")
    (case / "p.txt").write_text("secret\n", "utf-8")
    given = ("--policy", "other.toml", "--year", "2015", "--as-of", "2015-06-30", "--rules", "D,G", "--unmask", "--password-file", "p.txt")
    run(case, "reconcile", "books/B01.xlsx", "-o", "s.xlsx", "--fail-on", "never", *given)
    lines = {row[0].value: row[1].value for row in load_workbook(case / "s.xlsx")["Sources"].iter_rows()}
    assert [lines[label] for label in ("Books' folder, seen from here", "Policy file, seen from there", "--unmask", "--password-file")] == [
        "books",
        "../other.toml",
        "yes",
        "***",
    ]
    code, shown = verdict(case)
    assert (code, shown["compared"]["files"], texts(shown, "notes")) == (0, 1, ["B02.xlsx lies beside the books; the run did not read it"])


def test_another_version_is_said_first(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgerkit.review.verify.__version__", "9.9.9")
    monkeypatch.setattr("ledgerkit.audit.__version__", "9.9.9")
    code, shown = verdict(case)
    assert (code, texts(shown, "causes"), shown["edits"]) == (
        1,
        ["Written by ledgerkit 0.1.0 and run again by 9.9.9: what differs may come from that alone. Verify it with version 0.1.0."],
        [],
    )


def test_another_version_of_a_library_is_no_difference_where_the_evidence_knows_the_sheet(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledgerkit.writing.sheets import sources

    own = sources.version
    monkeypatch.setattr(sources, "version", lambda name: "99.0" if name == "pandas" else own(name))
    code, shown = verdict(case)
    assert (code, texts(shown, "notes")) == (0, [f"pandas 99.0 was used; the run used {own('pandas')}"])
    (case / "s.evidence.json").unlink()
    code, shown = verdict(case)
    (told,) = texts(shown, "edits")
    assert (code, told.split(": ", 1)[1]) == (1, f"pandas {own('pandas')} instead of 99.0: another version, or the cell was changed")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("none.xlsx", None, "none.xlsx does not exist. Check the name of the summary."),
        (
            "text.xlsx",
            b"no workbook",
            "text.xlsx cannot be read as a workbook (F001). Give the summary as ledgerkit wrote it, or as Excel or WPS saved it.",
        ),
        ("books/B01.xlsx", None, "books/B01.xlsx is no summary that ledgerkit wrote. Give the workbook that `ledgerkit reconcile` made."),
    ],
)
def test_what_is_no_summary_is_refused(name: str, data: bytes | None, sentence: str, case: Path) -> None:
    if data:
        (case / name).write_bytes(data)
    assert run(case, "verify", name) == (2, "", sentence + "\n")


def test_a_summary_without_its_sources_is_refused(case: Path) -> None:
    touch(case / "s.xlsx", lambda opened: opened.remove(opened["Sources"]))
    assert run(case, "verify", "s.xlsx") == (
        2,
        "",
        "s.xlsx has no sheet 数据来源 / Sources with the run's files, so that nothing can be run again. Find the summary as it was written.\n",
    )


def test_merges_without_end_are_refused_before_openpyxl(case: Path) -> None:
    part = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(case / "s.xlsx") as whole, zipfile.ZipFile(case / "h.xlsx", "w") as hostile:
        for item in whole.infolist():
            data = whole.read(item)
            if item.filename == part:
                data = data.replace(b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A100:XFD1048576"/></mergeCells>')
            hostile.writestr(item, data)
    sentence = "h.xlsx cannot be read as a workbook (F004). Give the summary as ledgerkit wrote it, or as Excel or WPS saved it.\n"
    assert run(case, "verify", "h.xlsx") == (2, "", sentence)


def test_personal_numbers_in_what_was_typed_are_masked(case: Path) -> None:
    touch(case / "s.xlsx", lambda opened: opened["Budget"].__setitem__("B4", "110101199003071313"))
    assert "Budget!B4: 110***********1313 instead of 困难职工帮扶费" in texts(verdict(case)[1], "edits")
    assert "Budget!B4: 110101199003071313 instead of 困难职工帮扶费" in texts(verdict(case, "--unmask")[1], "edits")


def test_a_long_list_is_cut_and_long_texts_are_told_about_where_they_differ(case: Path) -> None:
    touch(case / "s.xlsx", lambda opened: [opened["Sources"].__setitem__(f"B{row}", "x") for row in range(40, 80)])
    touch(case / "s.xlsx", lambda opened: opened["Flags"].__setitem__("L4", str(opened["Flags"]["L4"].value)[:-3] + "two."))
    lines = run(case, "verify", "s.xlsx")[1].splitlines()
    at = lines.index("Changed in the summary since it was written:")
    assert lines[at + 25].startswith("  … and ")
    assert lines[at + 25].endswith(" more; --format json lists them all")
    assert lines[at + 1].startswith("  Flags!L4: …")
    assert len(lines[at + 1]) < 120


def test_what_rests_on_an_earlier_summary_is_proven_with_it_and_else_said_to_be_unchecked(case: Path) -> None:
    (case / "s.xlsx").rename(case / "old.xlsx")
    touch(case / "old.xlsx", lambda opened: [opened["Flags"].__setitem__("P4", "explained"), opened["Flags"].__setitem__("T5", "0" * 16)])
    run(case, *RECONCILE, *RULES, "--previous", "old.xlsx")
    assert verdict(case)[1]["notes"] == []
    (case / "old.xlsx").rename(case / "moved.xlsx")
    assert verdict(case, "--previous", "moved.xlsx")[1]["notes"] == []
    code, shown = verdict(case)
    assert (code, shown["edits"], texts(shown, "notes")) == (
        0,
        [],
        [
            "../old.xlsx, the earlier summary, is not to be had as it was; states and what rests on it were not checked. Give it with --previous."
        ],
    )
    touch(case / "s.xlsx", lambda opened: opened["Flags"].__setitem__("C4", "X009"))
    assert [one["cell"] for one in verdict(case)[1]["edits"]] == ["C4"]
