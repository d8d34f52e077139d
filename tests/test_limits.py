"""Excel's limits drop nothing in silence: further sheets, texts that say what was cut, places without a link."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import odd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import audit
from ledgerkit.errors import BadOutput
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.report import Report
from ledgerkit.model.waiver import Waiver
from ledgerkit.reading.summary import read_summaries
from ledgerkit.writing import limits, safe
from ledgerkit.writing.annotate import write_copies
from ledgerkit.writing.masking import masked
from ledgerkit.writing.sheets import flags, sources
from ledgerkit.writing.workbook import write_summary

BOOKS = [Path(__file__).parents[1] / "samples" / "branch-2015-en" / "books"]
WAIVER = Waiver(1, "M005", ("T1",), "agreed", "Zhou Min", "Chen Guoqiang", date(2030, 1, 1))


@pytest.fixture(scope="module")
def report() -> Report:
    return masked(audit.reconcile(BOOKS))


def many(report: Report, count: int, waived: int = 0) -> Report:
    """A report of so many findings, some of them waived as the policy's waivers would."""
    one = report.findings[0]
    listed = [
        replace(one, id=f"{at:016x}", waiver=WAIVER if at >= count else None, state="waived" if at >= count else "new")
        for at in range(count + waived)
    ]
    return replace(report, findings=listed)


def ids(sheet: Worksheet) -> list[str]:
    """The finding ids of a sheet, in their order."""
    return [cell.value for cell in sheet["T"][3:] if cell.value and len(cell.value) == 16]


@pytest.mark.parametrize("lang", LANGS)
def test_findings_go_on_on_further_sheets(report: Report, lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 500)
    write_summary(many(report, 1200), tmp_path / "s.xlsx", BOOKS, lang)
    book = load_workbook(tmp_path / "s.xlsx")
    name = {"zh": "审计疑点", "en": "Flags"}[lang]
    assert [sheet for sheet in book.sheetnames if sheet.startswith(name)] == [name, f"{name} 2", f"{name} 3"]
    found = [ids(book[each]) for each in (name, f"{name} 2", f"{name} 3")]
    assert [len(some) for some in found] == [497, 497, 206]
    assert [one for some in found for one in some] == [f"{at:016x}" for at in range(1200)]
    said = {
        "zh": "一张工作表的行数不够：疑点分列在 3 张工作表中，从“审计疑点”到“审计疑点 3”。",
        "en": "A sheet takes no more rows: the findings stand on 3 sheets, “Flags” to “Flags 3”.",
    }[lang]
    assert all(said in book[each]["A2"].value for each in (name, f"{name} 2", f"{name} 3"))
    assert said in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    counted = [cell.value for cell in book[{"zh": "勾稽", "en": "Control"}[lang]]["C"] if "COUNTA" in str(cell.value)]
    assert counted == [f"=COUNTA('{name}'!$T$4:$T$500)+COUNTA('{name} 2'!$T$4:$T$500)+COUNTA('{name} 3'!$T$4:$T$209)"]
    assert {str(check.sqref) for check in book[f"{name} 2"].data_validations.dataValidation} == {"P4:P500", "Q4:Q500", "R4:R500"}


def test_waived_findings_go_on_too(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 20)
    for count, waived in ((0, 0), (0, 30), (17, 1), (13, 3), (14, 1), (5, 40), (34, 34)):
        parts = flags.parts(many(report, count, waived))
        assert [f.id for part in parts for f in part.findings] == [f"{at:016x}" for at in range(count)]
        assert [f.id for part in parts for block in part.blocks for f in block.rows] == [
            f"{at:016x}" for at in range(count, count + waived)
        ]
        assert max(part.bottom for part in parts) < 20


def test_members_go_on_on_a_further_sheet(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_summary(report, tmp_path / "whole.xlsx", BOOKS, "en")
    rows = [row[0].value for row in load_workbook(tmp_path / "whole.xlsx")["Dues"].iter_rows(min_row=4) if row[0].value]
    monkeypatch.setattr("ledgerkit.writing.sheets.grid.limits", Low)
    write_summary(report, tmp_path / "s.xlsx", BOOKS, "en")
    book = load_workbook(tmp_path / "s.xlsx")
    pages = [sheet for sheet in book.sheetnames if sheet.startswith("Dues")]
    assert pages == ["Dues", *(f"Dues {number}" for number in range(2, len(pages) + 1))]
    assert len(pages) > 1
    assert [row[0].value for page in pages for row in book[page].iter_rows(min_row=4) if row[0].value] == rows
    assert [book[page]["B12"].value for page in pages[:-1]] == [f"Goes on on the sheet “{page}”." for page in pages[1:]]


@pytest.mark.parametrize("lang", LANGS)
def test_sources_and_control_go_on_too(report: Report, lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_summary(report, tmp_path / "whole.xlsx", BOOKS, lang)
    for sheet in ("sources", "grid"):
        monkeypatch.setattr(f"ledgerkit.writing.sheets.{sheet}.limits", Low)
    write_summary(report, tmp_path / "s.xlsx", BOOKS, lang)
    whole, parts = load_workbook(tmp_path / "whole.xlsx"), load_workbook(tmp_path / "s.xlsx")
    for name in ({"zh": "数据来源", "en": "Sources"}[lang], {"zh": "勾稽", "en": "Control"}[lang]):
        pages = [sheet for sheet in parts.sheetnames if sheet == name or sheet.startswith(f"{name} ")]
        assert pages == [name, *(f"{name} {number}" for number in range(2, len(pages) + 1))]
        assert len(pages) > 1
        assert max(parts[page].max_row for page in pages) == 12
        assert labels(parts, pages) == labels(whole, [name])
    read, before = (read_summaries([tmp_path / file], [file])[0] for file in ("s.xlsx", "whole.xlsx"))
    assert (read.year, read.as_of, read.scope) == (before.year, before.as_of, before.scope)
    name = {"zh": "数据来源", "en": "Sources"}[lang]
    thrice = replace(report, book=replace(report.book, sources=report.book.sources * 3))
    areas = ["'!$L$4:$L$11", " 2'!$L$4:$L$11", " 3'!$L$4:$L$11", " 4'!$L$4:$L$11", " 5'!$L$4"]
    assert sources.column_areas(thrice, "amount", lang) == [f"'{name}{area}" for area in areas]


@pytest.mark.parametrize("most", range(12, 24))
def test_wherever_a_sheet_ends_its_last_row_says_where_it_goes_on(
    report: Report, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sheet in ("sources", "grid"):
        monkeypatch.setattr(f"ledgerkit.writing.sheets.{sheet}.limits", type("Low", (Low,), {"MOST_ROWS": most}))
    write_summary(report, tmp_path / "s.xlsx", BOOKS, "en")
    book = load_workbook(tmp_path / "s.xlsx")
    for name in ("Sources", "Relief", "Dues", "Control"):
        pages = [sheet for sheet in book.sheetnames if sheet == name or sheet.startswith(f"{name} ")]
        assert max(book[page].max_row for page in pages) <= most
        for page, following in pairwise(pages):
            assert f"Goes on on the sheet “{following}”." in [book[page].cell(row, 2).value for row in range(most - 2, most + 1)]


def labels(book: Workbook, pages: Sequence[str]) -> list[tuple[str, str]]:
    """The first two cells of each row of some sheets below their heads, without blank rows."""
    return [(row[0].value, row[1].value) for page in pages for row in book[page].iter_rows(min_row=4) if row[0].value]


class Low:
    """The limits with fewer rows, for the sheets that go on by themselves."""

    MOST_ROWS, fitted = 12, staticmethod(limits.fitted)


@pytest.mark.parametrize("lang", LANGS)
def test_a_text_that_is_too_long_says_what_was_cut(report: Report, lang: Lang, tmp_path: Path) -> None:
    texts = ["长" * 32_767, "长" * 32_768, "𠮷" * 20_000]
    listed = [replace(report.findings[0], observed=text, id=f"{at:016x}") for at, text in enumerate(texts)]
    write_summary(replace(report, findings=listed), tmp_path / "s.xlsx", BOOKS, lang)
    cells = [load_workbook(tmp_path / "s.xlsx").worksheets[1][f"J{row}"].value for row in (4, 5, 6)]
    more = {
        "zh": "……（另有 {} 个字符；--format json 中的疑点是完整的）",
        "en": "… (and {} characters more; the findings in --format json are whole)",
    }[lang]
    kept = 32_767 - 100
    assert cells == [texts[0], "长" * kept + more.format(101), "𠮷" * (kept // 2) + more.format(20_000 - kept // 2)]
    assert all(limits.units(cell) <= 32_767 for cell in cells)


def test_half_a_character_of_a_file_name_is_spelled_out(report: Report, tmp_path: Path) -> None:
    one = replace(report.findings[0], observed="a\udcffb", file="a\udcffb.xlsx")
    write_summary(replace(report, findings=[one]), tmp_path / "s.xlsx", BOOKS, "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Flags"]
    assert sheet["J4"].value == "a\\udcffb"
    assert sheet["F4"].hyperlink.target.endswith("a%5Cudcffb.xlsx")


def test_places_without_a_link_are_counted(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_LINKS", 6)
    findings = many(report, 5).findings
    findings[0] = replace(findings[0], file="x/" * 1100 + "b.xlsx")
    write_summary(replace(report, findings=findings), tmp_path / "s.xlsx", BOOKS, "en")
    sheet = load_workbook(tmp_path / "s.xlsx")["Flags"]
    assert [bool(sheet[f"F{row}"].hyperlink) for row in range(4, 9)] == [False, True, True, False, False]
    assert all(sheet[f"F{row}"].value for row in range(4, 9))
    assert "3 of the places stand without a link, because Excel takes no more links a sheet, or no link so long." in sheet["A2"].value


@pytest.mark.parametrize("lang", LANGS)
def test_an_index_of_a_copy_says_how_many_findings_it_has_no_rows_for(lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**odd.GOOD["dues"][0], "member_no": f"M{at:03d}", "paid": "#REF!"} for at in range(9)]
    path = Path(str(odd.book(odd.sheet("dues", rows=rows))(tmp_path, "b")))
    found = audit.validate([path])
    monkeypatch.setattr(limits, "MOST_ROWS", len(found.findings) + 4)
    write_copies(found, tmp_path / "copies", [path], lang)
    said = {
        "zh": "另有 2 条疑点本表容纳不下；`ledgerkit validate --format csv` 可列出全部。",
        "en": "2 more finding(s) do not fit on this sheet; `ledgerkit validate --format csv` lists all.",
    }[lang]
    index = load_workbook(tmp_path / "copies" / "b.xlsx").worksheets[-1]
    assert index["A4"].value == said
    assert index.max_row == limits.MOST_ROWS
    assert sum(bool(cell.value) for cell in index["B"][6:]) == len(found.findings) - 2


@pytest.mark.parametrize(
    ("row", "text"), [(200, "x"), (0, "x" * 32_768)], ids=["a row too many", "a text too long"]
)  # fmt: skip
def test_what_xlsxwriter_drops_in_silence_ends_the_run(row: int, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 200)
    sheet = safe.workbook(tmp_path / "s.xlsx", "x", "1").add_worksheet("S")
    said = (
        "The sheet “S” cannot hold all that belongs there: Excel takes 200 rows and 32,767 characters a cell. Run on fewer files at a time."
    )
    for write in (
        lambda: sheet.write_string(row, 0, text),
        lambda: sheet.write_url(row, 0, "internal:'S'!A1", None, text) if row else sheet.write_string(row, 0, text),
        lambda: sheet.merge_range(row, 0, row, 2, text, None),
    ):
        with pytest.raises(BadOutput) as caught:
            write()
        assert caught.value.render() == said
    for write in (
        lambda: sheet.write_number(200, 0, 1),
        lambda: sheet.write_blank(200, 0, None, sheet),
        lambda: sheet.write_formula(200, 0, "=1"),
    ):
        with pytest.raises(BadOutput):
            write()


def test_excels_limits_are_what_its_maker_says() -> None:
    assert (limits.MOST_ROWS, limits.LONGEST_TEXT) == (2**20, 2**15 - 1)
    assert limits.MOST_LINKS < 65_530


@pytest.mark.parametrize(
    ("text", "cut"),
    [("a" * 20_000, 0), ("a" * 32_767, 0), ("a" * 32_768, 101), ("会" * 32_767, 0), ("😀" * 16_383, 0), ("😀" * 16_384, 51)],
)
def test_a_text_is_cut_only_where_a_cell_does_not_take_it(text: str, cut: int) -> None:
    shown = limits.fitted(text, "en")
    kept = text[: len(text) - cut]
    assert shown == (kept + f"… (and {cut} characters more; the findings in --format json are whole)" if cut else text)
    assert limits.units(shown) <= limits.LONGEST_TEXT
