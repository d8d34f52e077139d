"""Correction packs: sent to a branch with its findings, given back with answers, set beside the summary of the corrected books."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest
from books import cover, write
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import __version__, audit, cli
from ledgerkit.audit import Options
from ledgerkit.errors import BadInput, BadOutput, Phrase
from ledgerkit.locale import Lang, catalogue
from ledgerkit.model.correction import COLUMNS
from ledgerkit.model.decision import Previous
from ledgerkit.model.report import Report
from ledgerkit.reading.answers import answers_beside, answers_in
from ledgerkit.reading.summary import read_summaries
from ledgerkit.review.answers import Answered, answered
from ledgerkit.writing.answers import answers_object, answers_text
from ledgerkit.writing.corrections import check_folder, targets, write_packs
from ledgerkit.writing.masking import answers_masked, masked
from ledgerkit.writing.workbook import write_summary

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "review.schema.json").read_text("utf-8"))
DUES = """
| 所属月份 | 会员编号 | 姓名 | 缴费基数 | 应缴会费 | 实缴会费 | 缴款日期 | 备注 |
| 2015-01 | M001 | 张一 | #3000 | #15 | #15 | 2015-01-10d | |
| 2015-02 | M001 | 张一 | #3000 | #15 | #14 | 2015-02-10d | |
| 2015-03 | M001 | 张一 | #3000 | #15 | #13 | 2015-03-10d | |
| 2015-04 | M001 | 张一 | #3000 | #15 | #12 | 2015-04-10d | |
| 2015-05 | M001 | 张一 | #3000 | #15 | #11 | 2015-05-10d | |
| 2015-06 | M001 | 张一 | #3000 | #15 | #10 | 2015-06-10d | |
"""
# The cells of what is paid, which D001 says is not what is owed.
PAID = {month: f"F{month + 1}" for month in range(1, 7)}


def dues(folder: Path, code: str = "B01", table: str = DUES, **paid: str) -> Path:
    """A branch's dues; `paid` replaces amounts by what is paid there."""
    for was, now in paid.items():
        table = table.replace(f"#15 | #{was[1:]} |", f"#15 | #{now} |")
    return write(folder / f"{code}.xlsx", {"封面": cover(branch_code=code, year="2015", branch="第一分会"), "会费收缴": table})


def run(folder: Path, **options: object) -> Report:
    return masked(audit.reconcile([folder], Options(**{"rules": ("D001", "F", "G0"), **options})))  # type: ignore[arg-type]


def summary_of(folder: Path, name: str = "s.xlsx", lang: Lang = "en", **options: object) -> Previous:
    """The summary of a folder of books, written beside it and read back."""
    report = run(folder, **options)
    write_summary(report, folder.parent / name, [folder], lang)
    return read_summaries([folder.parent / name], [name])[0]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    dues(tmp_path / "books")
    return tmp_path / "books"


@pytest.fixture
def packs(books: Path) -> Path:
    """The packs of the books, before anything was answered."""
    write_packs(run(books), books.parent / "packs", "en")
    return books.parent / "packs"


def columns(sheet: Worksheet) -> dict[str, int]:
    """Key → column of a pack's sheet, in whatever language."""
    heads = {cell.value: cell.column for row in sheet.iter_rows(1, 6) for cell in row if cell.value}
    say = [catalogue(lang).gettext for lang in ("zh", "en")]
    return {key: heads[label] for key, words in COLUMNS.items() for each in say if (label := each(words)) in heads}


def row_of(sheet: Worksheet, cell: str) -> int:
    """The row of the finding at a cell of the books."""
    where = columns(sheet)["where"]
    return next(row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, where).value).startswith(f"会费收缴!{cell} "))


def answer(pack: Path, cell: str, **values: object) -> Path:
    """Types an answer beside the finding at a cell of the books, and saves the pack by openpyxl."""
    book = load_workbook(pack)
    sheet = book.worksheets[0]
    row, at = row_of(sheet, cell), columns(sheet)
    for key, value in values.items():
        sheet.cell(row, at[key], value)
    book.save(pack)
    return pack


def changed(pack: Path, change: Callable[[Workbook], None]) -> None:
    book = load_workbook(pack)
    change(book)
    book.save(pack)


def became(found: Answered) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Cell → outcome, and which facts are others now."""
    return {one.answer.finding.texts["where"].split(" ")[0].partition("!")[2]: (one.outcome, one.differs) for one in found.standings}


def said(remarks: Iterable[Phrase], lang: Lang = "en") -> list[str]:
    return [remark.render(catalogue(lang).gettext) for remark in remarks]


def review(folder: Path, summary: Previous) -> Answered:
    return answered(*answers_in(folder), summary)


def answered_in_every_way(folder: Path, books: Path) -> None:
    """F3 corrected, F4 given another wrong amount, F5 justified, F6 left blank, F7 said to be corrected and not."""
    pack = folder / "B01-2015-corrections.xlsx"
    answer(pack, "F3", answer="corrected", answered_by="王会计", answered_on=date(2016, 3, 1))
    answer(pack, "F4", answer="corrected")
    answer(pack, "F5", answer="justified", explanation="见收据 12 号", answered_by="王会计", answered_on=date(2016, 3, 2))
    answer(pack, "F7", answer="corrected", answered_by="王会计", answered_on=date(2016, 3, 1))
    dues(books, a14="15", a13="12.50")


IN_EVERY_WAY = {
    "F7": ("still", ()),
    "F6": ("ignored", ()),
    "F5": ("justified", ()),
    "F4": ("changed", ("amount", "observed")),
    "F3": ("changed", ()),
}


def of_dues(found: Answered) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What became of the findings in cells of the books: those on ledgers that are missing have none."""
    return {cell: told for cell, told in became(found).items() if cell}


def test_each_finding_is_changed_justified_or_ignored(books: Path, packs: Path) -> None:
    answered_in_every_way(packs, books)
    found = review(packs, summary_of(books))
    assert of_dues(found) == IN_EVERY_WAY
    assert said(found.remarks) == []
    assert list(answers_text(found, "en"))[:10] == [
        "Answers to 12 finding(s), in 1 pack(s) given back: said to be corrected, still found 1, ignored 8, justified 1, changed 2",
        "[said to be corrected, still found]",
        "  会费收缴!F7 · B01.xlsx: D001 Dues are not what the wage gives (M001 2015-06 张一)",
        "      corrected (王会计, 2016-03-01)",
        "[ignored]",
        "  G025 A ledger is missing (Budget)",
        "  G025 A ledger is missing (Members)",
        "  会费收缴!F6 · B01.xlsx: D001 Dues are not what the wage gives (M001 2015-05 张一)",
        "  G025 A ledger is missing (Activities)",
        "  G025 A ledger is missing (Attendance)",
    ]
    assert list(answers_text(found, "en"))[-8:] == [
        "[justified]",
        "  会费收缴!F5 · B01.xlsx: D001 Dues are not what the wage gives (M001 2015-04 张一)",
        "      justified (王会计, 2016-03-02): 见收据 12 号",
        "[changed]",
        "  会费收缴!F4 · B01.xlsx: D001 Dues are not what the wage gives (M001 2015-03 张一)",
        "      Amount at stake was 2.00, now 2.50; Observed was 13.00, now 12.50; corrected",
        "  会费收缴!F3 · B01.xlsx: D001 Dues are not what the wage gives (M001 2015-02 张一)",
        "      no longer found; corrected (王会计, 2016-03-01)",
    ]


def test_the_same_in_chinese_and_as_json(books: Path, packs: Path) -> None:
    """The pack in English, the summary in Chinese: amounts and days are compared all the same."""
    answered_in_every_way(packs, books)
    found = review(packs, summary_of(books, lang="zh"))
    assert of_dues(found) == IN_EVERY_WAY
    lines = list(answers_text(found, "zh"))
    assert lines[0] == "收回反馈表 1 份，疑点 12 条：称已更正，但仍存在 1，未处理 8，有说明 1，已变动 2"
    assert lines[-4:] == [
        "  会费收缴!F4 · B01.xlsx: D001 实缴会费与应缴不符 (M001 2015-03 张一)",
        "      涉及金额原为 2.00，现为 2.50；实际值原为 13.00，现为 12.50；已更正",
        "  会费收缴!F3 · B01.xlsx: D001 实缴会费与应缴不符 (M001 2015-02 张一)",
        "      已查不到；已更正（王会计，2016-03-01）",
    ]
    told = json.loads(json.dumps(answers_object(found, catalogue("zh").gettext)))
    assert told["packs"] == [{"file": "B01-2015-corrections.xlsx", "year": 2015}]
    assert told["counts"] == {"still": 1, "ignored": 8, "unchecked": 0, "justified": 1, "waived": 0, "changed": 2}
    assert told["findings"][-2] == {
        "id": told["findings"][-2]["id"],
        "rule": "D001",
        "branch": "B01",
        "where": "会费收缴!F4 · B01.xlsx",
        "who": "M001 2015-03 张一",
        "outcome": "changed",
        "gone": False,
        "differs": {"amount": {"was": "2.00", "now": "2.50"}, "observed": {"was": "13.00", "now": "12.50"}},
        "answer": "corrected",
        "explanation": None,
        "answered_by": None,
        "answered_on": None,
        "place": "B01-2015-corrections.xlsx > Corrections!K9",
    }
    assert (told["findings"][-1]["gone"], told["findings"][-1]["differs"]) == (True, {})


def sorted_up(book: Workbook) -> None:
    sheet = book.worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(4, 15)]
    for at, row in enumerate(reversed(values), 4):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value


def column_added(book: Workbook) -> None:
    book.worksheets[0].insert_cols(2, 2)
    book.worksheets[0].cell(3, 2, "我的备注")


def rows_inserted(book: Workbook) -> None:
    book.worksheets[0].insert_rows(6)
    book.worksheets[0].insert_rows(1, 2)


def headings_narrowed(book: Workbook) -> None:
    for cell in book.worksheets[0][3]:
        cell.value = str(cell.value).replace(" ", "\n").upper()


def stamp_lost(book: Workbook) -> None:
    """As a format keeps it that has no custom properties."""
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


CHANGES = {change.__name__: change for change in (sorted_up, column_added, rows_inserted, headings_narrowed, stamp_lost)}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_answer_is_found_by_headings_and_id(books: Path, packs: Path, change: Callable[[Workbook], None]) -> None:
    answered_in_every_way(packs, books)
    changed(packs / "B01-2015-corrections.xlsx", change)
    found = review(packs, summary_of(books))
    assert of_dues(found) == IN_EVERY_WAY
    assert said(found.remarks) == []


def test_what_was_not_looked_for_is_not_changed(books: Path, packs: Path) -> None:
    """Where D001 is not run, its findings are not there, and nothing says that anything was corrected; missing ledgers are looked for."""
    found = review(packs, summary_of(books, rules=("G0", "F")))
    assert of_dues(found) == {f"F{row}": ("unchecked", ()) for row in (7, 6, 5, 4, 3)}
    assert {one.outcome for one in found.standings} == {"unchecked", "ignored"}


def test_of_a_branch_that_the_summary_does_not_have_nothing_is_changed(books: Path, packs: Path) -> None:
    (books / "B01.xlsx").unlink()
    dues(books, "B02")
    assert {one.outcome for one in review(packs, summary_of(books)).standings} == {"unchecked"}


def test_what_a_refused_row_may_hide_is_not_changed(books: Path, packs: Path) -> None:
    """The row of F3 has lost its month: whether it was corrected cannot be known."""
    dues(books, table=DUES.replace("2015-02 |", "2015年某月 |"))
    assert of_dues(review(packs, summary_of(books)))["F3"] == ("unchecked", ())


def test_what_an_earlier_summary_carries_over_counts_as_it_says(books: Path, packs: Path) -> None:
    """A summary made with --previous lists what is gone itself: resolved, or not checked."""
    summary_of(books, "old.xlsx")
    dues(books, a14="15")
    found = review(packs, summary_of(books, previous=(books.parent / "old.xlsx",)))
    assert of_dues(found)["F3"] == ("changed", ())
    found = review(packs, summary_of(books, previous=(books.parent / "old.xlsx",), rules=("G0", "F")))
    assert of_dues(found)["F3"] == ("unchecked", ())


def test_a_waived_finding_is_not_ignored(books: Path, packs: Path) -> None:
    waiver = '[[waivers]]\nrule = "D001"\nkey = ["M001", "2015-05"]\nreason = "已批准"\nasked_by = "王"\napproved_by = "李"\nuntil = 2016-12-31\n'
    (books / "ledgerkit.toml").write_text(waiver, "utf-8")
    found = of_dues(review(packs, summary_of(books)))
    assert (found["F6"], found["F7"]) == (("waived", ()), ("ignored", ()))


def test_a_summary_of_the_very_books_of_the_pack_says_so(books: Path, packs: Path) -> None:
    answer(packs / "B01-2015-corrections.xlsx", "F5", answer="justified", explanation="见收据")
    assert said(review(packs, summary_of(books)).remarks) == []
    answer(packs / "B01-2015-corrections.xlsx", "F3", answer="corrected")
    found = review(packs, summary_of(books))
    assert of_dues(found)["F3"] == ("still", ())
    assert said(found.remarks) == [
        "B01-2015-corrections.xlsx: the summary was made from the very books that the pack was made from. "
        "To see what was corrected, reconcile the books given back and review that summary."
    ]
    assert said(found.remarks, "zh") == [
        "B01-2015-corrections.xlsx：汇总所依据的账簿与生成该反馈表时完全相同。要核对更正情况，请先对交回的账簿重新运行 reconcile，再核对新的汇总。"
    ]


def odd_answers(book: Workbook) -> None:
    """An unknown word, one without an explanation, no day, an answer without an id; one row less than was sent."""
    sheet = book.worksheets[0]
    at = columns(sheet)
    sheet.cell(row_of(sheet, "F7"), at["answer"], "改了 13912345678")
    sheet.cell(row_of(sheet, "F7"), at["explanation"], "见附件")
    sheet.cell(row_of(sheet, "F6"), at["answer"], "justified")
    sheet.cell(row_of(sheet, "F5"), at["answered_on"], "三月初")
    sheet.cell(row_of(sheet, "F4"), at["answer"], "corrected")
    sheet.cell(row_of(sheet, "F4"), at["id"], "?")


ODD = {
    "en": [
        "B01-2015-corrections.xlsx > Corrections!K6: “改了 139****5678” is no answer. Choose one of corrected, justified; until then only the explanation counts.",
        "B01-2015-corrections.xlsx > Corrections!L7: answered “justified” without an explanation, and counts as ignored. Ask the branch why the cell is right.",
        "B01-2015-corrections.xlsx > Corrections!N8: “三月初” is not a day. Write it as 2016-03-01.",
        "B01-2015-corrections.xlsx > Corrections!K9: an answer stands on a row without a finding's id and is left out. Copy the id of its finding into the row.",
        "B01-2015-corrections.xlsx: 1 of the 12 findings that it was sent with are no longer in it. Ask the branch for the pack as it was sent.",
    ],
    "zh": [
        "B01-2015-corrections.xlsx > Corrections!K6：“改了 139****5678”不是可选的反馈，请选 已更正、有说明 之一；改正之前只认说明。",
        "B01-2015-corrections.xlsx > Corrections!L7：选了“有说明”但没有填写说明，按未处理计。请对方补充理由。",
        "B01-2015-corrections.xlsx > Corrections!N8：“三月初”不是日期。请按 2016-03-01 的格式填写。",
        "B01-2015-corrections.xlsx > Corrections!K9：该行填有反馈，但没有疑点编号，未计入。请把相应疑点的编号填入该行。",
        "B01-2015-corrections.xlsx：发出时有疑点 12 条，现缺 1 条。请对方在原表上填写后重新交来。",
    ],
}  # fmt: skip


def test_what_is_odd_in_a_pack_is_said_at_its_cell(books: Path, packs: Path) -> None:
    changed(packs / "B01-2015-corrections.xlsx", odd_answers)
    dues(books, a14="15")
    found = review(packs, summary_of(books))
    assert said(found.remarks) == ODD["en"]
    assert said(found.remarks, "zh") == ODD["zh"]
    assert of_dues(found) == {"F7": ("justified", ()), "F6": ("ignored", ()), "F5": ("ignored", ()), "F3": ("changed", ())}


def test_files_that_are_no_packs_are_said_and_the_others_go_on(books: Path, packs: Path) -> None:
    dues(packs, "other")
    (packs / "broken.xlsx").write_bytes(b"PK\x03\x04 no")
    (packs / "empty.csv").write_bytes(b"")
    dues(books, a14="15")
    found = review(packs, summary_of(books))
    assert len(found.standings) == 12
    assert said(found.remarks) == [
        "broken.xlsx cannot be read as a workbook (F003) and is left out. Ask for the pack once more, as Excel or WPS saves it.",
        "empty.csv cannot be read as a workbook (F003) and is left out. Ask for the pack once more, as Excel or WPS saves it.",
        "other.xlsx is left out: it is no correction pack, for no sheet of it has the headings “反馈” and “疑点编号”. Put them back where they were changed.",
    ]
    assert said(found.remarks, "zh")[2] == (
        "other.xlsx 未计入：没有哪张工作表有“反馈”和“疑点编号”两个列标题，不是整改反馈表。列标题改动过的，请改回。"
    )


def test_packs_of_another_year_or_none_are_left_out(books: Path, packs: Path) -> None:
    pack = packs / "B01-2015-corrections.xlsx"
    shutil.copy(pack, packs / "none.xlsx")
    for path, year in ((pack, "2014"), (packs / "none.xlsx", None)):
        book = load_workbook(path)
        (cell,) = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "Year"]
        cell.offset(0, 1).value = year
        book.save(path)
    found = review(packs, summary_of(books))
    assert found.standings == []
    assert said(found.remarks) == [
        "B01-2015-corrections.xlsx is of the books of 2014 and the summary of those of 2015: it is left out. Review it with the summary of its year.",
        "none.xlsx does not say any more of which year's books it is, and is left out. Ask the branch for the pack as it was sent.",
    ]


def test_a_finding_answered_twice_is_said(books: Path, packs: Path) -> None:
    """The pack that is answered counts before the copy that is not; of two answers the first."""
    pack = packs / "B01-2015-corrections.xlsx"
    shutil.copy(pack, packs / "A-copy.xlsx")
    dues(books, a14="15")
    answer(pack, "F5", answer="justified", explanation="见收据")
    found = review(packs, summary_of(books))
    assert (of_dues(found)["F5"], said(found.remarks)) == (("justified", ()), [])
    answer(packs / "A-copy.xlsx", "F5", answer="corrected")
    found = review(packs, summary_of(books))
    assert of_dues(found)["F5"] == ("still", ())
    assert said(found.remarks) == [
        "A-copy.xlsx > Corrections!K8: the same finding is answered otherwise in B01-2015-corrections.xlsx > Corrections!K8, which is left out. Keep one of the two answers."
    ]


def test_packs_beside_the_books_are_found_by_their_stamp(books: Path, packs: Path) -> None:
    answer(packs / "B01-2015-corrections.xlsx", "F5", answer="justified", explanation="见收据")
    (books / "given back").mkdir()
    shutil.move(packs / "B01-2015-corrections.xlsx", books / "given back" / "renamed.xlsx")
    (books / "broken.xlsx").write_bytes(b"PK\x03\x04 no")
    dues(books, a14="15")
    found, remarks = answers_beside(books)
    assert ([pack.file for pack in found], remarks) == (["given back/renamed.xlsx"], [])
    report = run(books)
    assert report.left_out == 1
    assert [source.path for source in report.book.sources] == ["B01.xlsx", "broken.xlsx"]


def test_answers_want_a_folder(books: Path) -> None:
    with pytest.raises(BadInput) as refused:
        answers_in(books / "B01.xlsx")
    assert str(refused.value) == f"{books / 'B01.xlsx'} is not a folder. Give --answers the folder that holds the packs given back."


def test_a_pack_that_holds_answers_is_not_written_anew(books: Path, packs: Path) -> None:
    pack = packs / "B01-2015-corrections.xlsx"
    assert check_folder(packs) == [pack]
    answer(pack, "F5", explanation="见收据")
    with pytest.raises(BadOutput) as refused:
        check_folder(packs)
    assert str(refused.value) == f"{pack} holds answers and would be written anew. Move it away, or give --corrections another folder."
    write_packs(run(books), packs, "en")
    changed(pack, lambda book: book.worksheets[0].cell(4, 15, "?"))
    assert check_folder(packs) == [pack]
    changed(pack, lambda book: book.worksheets[0].cell(4, 12, "见收据"))
    with pytest.raises(BadOutput, match="holds answers"):
        check_folder(packs)


@pytest.mark.parametrize("name", ["B01-2015-corrections.xlsx", "B01-2015-CORRECTIONS.XLSX"])
def test_what_is_no_pack_is_not_replaced(tmp_path: Path, name: str) -> None:
    shutil.move(dues(tmp_path), tmp_path / name)
    with pytest.raises(BadOutput) as refused:
        check_folder(tmp_path)
    assert (
        str(refused.value)
        == f"{tmp_path / name} is already there and is no correction pack. Move it away, or give --corrections another folder."
    )
    shutil.move(tmp_path / name, tmp_path / "ours.xlsx")
    assert check_folder(tmp_path) == []


def test_a_pack_does_not_take_the_place_of_the_summary(tmp_path: Path) -> None:
    """Its name is refused in the folder of the packs, and nowhere else."""
    summary = tmp_path / "B01-2015-Corrections.xlsx"
    with pytest.raises(BadOutput) as refused:
        check_folder(tmp_path, summary)
    assert (
        str(refused.value)
        == f"{summary} is named like a correction pack, which might take its place. Give the summary another name with -o."
    )
    assert check_folder(tmp_path / "packs", summary) == []
    assert check_folder(tmp_path, tmp_path / "summary.xlsx") == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "packs").write_text("", "utf-8")
    with pytest.raises(BadOutput) as refused:
        check_folder(tmp_path / "packs")
    assert str(refused.value) == f"{tmp_path / 'packs'} is not a folder. Give --corrections the name of a folder for the packs."


def test_names_that_would_be_one_are_numbered() -> None:
    assert targets(["b/1", "b1", "b?1", "B1", "", "b_1", "b_1_2"], 2015) == {
        "": "no-branch-2015-corrections.xlsx",
        "B1": "B1-2015-corrections.xlsx",
        "b/1": "b_1-2015-corrections.xlsx",
        "b1": "b1_2-2015-corrections.xlsx",
        "b?1": "b_1_2-2015-corrections.xlsx",
        "b_1": "b_1_3-2015-corrections.xlsx",
        "b_1_2": "b_1_2_2-2015-corrections.xlsx",
    }
    assert targets(["甲" * 70, "甲" * 80], 2015) == {
        "甲" * 70: f"{'甲' * 60}-2015-corrections.xlsx",
        "甲" * 80: f"{'甲' * 60}_2-2015-corrections.xlsx",
    }


CLEAN = "\n".join(line for line in DUES.splitlines() if "2015-01" in line or "会员" in line)


def test_only_branches_with_findings_get_a_pack(tmp_path: Path) -> None:
    """Of the three files one has no finding, and one is refused before its branch is known."""
    dues(tmp_path / "books")
    dues(tmp_path / "books", "B02", CLEAN)
    (tmp_path / "books" / "broken.xlsx").write_bytes(b"PK\x03\x04 no")
    report = run(tmp_path / "books", rules=("D001", "F"))
    made = write_packs(report, tmp_path / "new" / "packs", "zh")
    assert [path.name for path in made] == ["no-branch-2015-corrections.xlsx", "B01-2015-corrections.xlsx"]
    unknown, known = (load_workbook(path).worksheets[0] for path in made)
    assert (unknown["A1"].value, known["A1"].value) == (
        "（填报单位不明）2015年度审计疑点整改反馈表",
        "第一分会（B01）2015年度审计疑点整改反馈表",
    )
    at = columns(unknown)
    assert [unknown.cell(4, at[key]).value for key in ("severity", "rule", "where")] == ["数据错误", "F003", "broken.xlsx"]
    digest = sha256((tmp_path / "books" / "B01.xlsx").read_bytes()).hexdigest()
    assert [(cell.value, cell.offset(0, 1).value) for cell in known["D"][9:]] == [
        ("本表依据", None),
        ("工会编码", "B01"),
        ("年度", "2015"),
        ("截止日期", "2015-12-31"),
        ("本表疑点数", "5"),
        ("ledgerkit", __version__),
        ("B01.xlsx", digest),
    ]
    assert write_packs(run(tmp_path / "books", rules=("G010",)), tmp_path / "none", "zh") == []
    assert not (tmp_path / "none").exists()


def test_only_the_answers_can_be_typed(packs: Path) -> None:
    sheet = load_workbook(packs / "B01-2015-corrections.xlsx").worksheets[0]
    assert sheet.protection.sheet
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "KLMN" for row in range(4, 16)}
    assert {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation} == {
        "K4:K15": '"corrected,justified"',
        "N4:N15": "36526",
    }
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_area) == ("landscape", 9, "'Corrections'!$A$1:$N$15")


def test_what_stands_in_books_is_text_in_a_pack(tmp_path: Path) -> None:
    """A name that begins like a formula, in a cell of the pack and in its title."""
    table = DUES.replace("张一", "'=HYPERLINK(1)")
    write(tmp_path / "books" / "b.xlsx", {"封面": cover(branch_code="'=1+1", year="2015", branch="@sum"), "会费收缴": table})
    (pack,) = write_packs(run(tmp_path / "books"), tmp_path / "packs", "zh")
    with zipfile.ZipFile(pack) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    sheet = load_workbook(pack).worksheets[0]
    assert str(sheet["A1"].value).startswith("@sum（=1+1）")
    assert sheet.cell(row_of(sheet, "F7"), columns(sheet)["who"]).value == "M001 2015-06 =HYPERLINK(1)"


def test_numbers_of_people_in_answers_are_masked(books: Path, packs: Path) -> None:
    answer(packs / "B01-2015-corrections.xlsx", "F5", answer="justified", explanation="见 110101199001011237", answered_by="王 13912345678")
    found = review(packs, summary_of(books))
    shown = answers_masked(found)
    assert "110101199001011237" in "".join(answers_text(found, "zh"))
    assert "      有说明（王 139****5678）：见 110***********1237" in answers_text(shown, "zh")
    assert of_dues(shown) == of_dues(found)


def test_the_same_run_gives_the_same_bytes(books: Path, packs: Path) -> None:
    first = (packs / "B01-2015-corrections.xlsx").read_bytes()
    write_packs(run(books), packs, "en")
    assert (packs / "B01-2015-corrections.xlsx").read_bytes() == first


def command(capfd: pytest.CaptureFixture[str], lang: Lang, *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["reconcile", *arguments, "--rules", "D001,G0,F", "--lang", lang], lang)
    return code, *capfd.readouterr()


def test_reconcile_says_how_many_packs_are_where(books: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(books.parent)
    code, out, err = command(capfd, "en", "books", "-o", "s.xlsx", "--corrections", "packs")
    assert (code, err) == (1, "")
    assert "\nSummary workbook: s.xlsx\nCorrection packs: 1, in packs\n" in out
    code, out, err = command(capfd, "zh", "books", "-o", "s.xlsx", "--corrections", "packs")
    assert "\n汇总工作簿：s.xlsx\n整改反馈表：1 份，在 packs\n" in out
    assert [path.name for path in Path("packs").iterdir()] == ["B01-2015-corrections.xlsx"]
    (books / "B01.xlsx").unlink()
    dues(books, "B02")
    code, out, err = command(capfd, "zh", "books", "-o", "s.xlsx", "--corrections", "packs", "--quiet")
    assert (code, out) == (1, "")
    assert err == "packs/B01-2015-corrections.xlsx 是以前生成的反馈表，本次该单位没有疑点，原表未动。请删除，或移到别处保存。\n"


def test_reconcile_refuses_before_the_long_work(books: Path, packs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pack = answer(packs / "B01-2015-corrections.xlsx", "F5", answer="corrected")
    before = pack.read_bytes()
    code, out, err = command(capfd, "zh", str(books), "-o", str(books.parent / "s.xlsx"), "--corrections", str(packs))
    assert (code, out) == (2, "")
    assert err == f"{pack} 中已填有反馈，重新生成会将其覆盖。请先移走，或给 --corrections 换一个文件夹。\n"
    assert pack.read_bytes() == before
    assert not (books.parent / "s.xlsx").exists()


def test_review_tells_the_answers(books: Path, packs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answered_in_every_way(packs, books)
    answer(packs / "B01-2015-corrections.xlsx", "F6", answered_on="三月初")
    summary_of(books)
    arguments = ["review", str(books.parent / "s.xlsx"), "--answers", str(packs), "--rules", "D001"]
    assert cli.run([*arguments, "--lang", "zh"], "zh") == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert (
        """
反馈表中需要更正的：1
  B01-2015-corrections.xlsx > Corrections!N7：“三月初”不是日期。请按 2016-03-01 的格式填写。
收回反馈表 1 份，疑点 5 条：称已更正，但仍存在 1，未处理 1，有说明 1，已变动 2
[称已更正，但仍存在]
"""
        in out
    )
    cli.run([*arguments, "--format", "json"], "en")
    told = json.loads(capfd.readouterr()[0])
    jsonschema.validate(told, SCHEMA)
    assert told["answers"]["counts"] == {"still": 1, "ignored": 1, "unchecked": 0, "justified": 1, "waived": 0, "changed": 2}
    cli.run([*arguments[:2], "--format", "json"], "en")
    assert json.loads(capfd.readouterr()[0])["answers"] is None
    # Packs that came back among the books are found there.
    shutil.copy(packs / "B01-2015-corrections.xlsx", books / "back.xlsx")
    cli.run([*arguments[:2], "--format", "json", "--rules", "D001"], "en")
    assert json.loads(capfd.readouterr()[0])["answers"]["counts"] == told["answers"]["counts"]
    assert cli.run([*arguments[:3], str(books / "none")], "en") == 2
    assert capfd.readouterr()[1] == f"{books / 'none'} is not a folder. Give --answers the folder that holds the packs given back.\n"


def test_of_many_findings_the_first_are_listed(tmp_path: Path) -> None:
    months = "\n".join(f"| 2015-{1 + at // 9:02d} | M{at % 9:03d} | 张一 | #3000 | #15 | #14 | 2015-12-10d | |" for at in range(25))
    dues(tmp_path / "books", table=f"{DUES.splitlines()[1]}\n{months}")
    write_packs(run(tmp_path / "books", rules=("D001",)), tmp_path / "packs", "en")
    lines = list(answers_text(review(tmp_path / "packs", summary_of(tmp_path / "books", rules=("D001",))), "en"))
    assert lines[0] == "Answers to 25 finding(s), in 1 pack(s) given back: ignored 25"
    assert (len(lines), lines[-1]) == (23, "… and 5 more: --format json lists all.")
