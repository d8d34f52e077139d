"""Files: which are read, which are rejected and why, whose they are and of which year. A bad file never stops the others."""

import os
import zipfile
from pathlib import Path

import pytest
from books import Grid, check, cover, excel, foots, found, grid, one, reasons, said, write

from ledgerkit import ledgers
from ledgerkit.audit import Options, validate
from ledgerkit.errors import BadInput
from ledgerkit.model.stamp import KIND, TEMPLATE, TEMPLATE_VERSION, VERSION
from ledgerkit.reading.engine import read_bytes
from ledgerkit.writing.template import write_template

HEAD = "| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    |"


def dues(*months: str, paid: str = "#15") -> str:
    return "\n".join([HEAD, *(f"| M001 | 甲 | {month} | {paid} | {month}-10d |" for month in months)])


def bad(folder: Path, data: bytes, name: str = "bad.xlsx") -> Path:
    """A folder with one good workbook and one of these bytes."""
    write(folder / "good.xlsx", {"会费": dues("2015-01")})
    (folder / name).write_bytes(data)
    return folder


def test_an_empty_file(tmp_path: Path) -> None:
    finding = one(check(bad(tmp_path, b"")))
    assert (finding.rule, finding.severity, finding.observed) == ("F003", "error", "0 bytes")
    assert said(finding) == (
        "该文件为空、不完整或已损坏，未能读取。请用 Excel 或 WPS 打开原文件，重新保存后报送。",
        "The file is empty, cut short or damaged and was not read. Open the original in Excel or WPS, save it again and resend it.",
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("whole") / "b.xlsx", {"会费": dues(*(f"2015-{n:02d}" for n in range(1, 13)))}).read_bytes()


@pytest.mark.parametrize("percent", [1, 10, 25, 50, 75, 90, 97, 99])
def test_a_truncated_workbook_is_never_read_in_part(tmp_path: Path, whole: bytes, percent: int) -> None:
    report = check(bad(tmp_path, whole[: len(whole) * percent // 100]))
    assert reasons(report) == {"bad.xlsx": "F003", "good.xlsx": ""}
    assert len(report.book.used["dues"]) == 1


def test_every_truncation_is_damage(whole: bytes) -> None:
    for cut in {*range(1, len(whole), max(1, len(whole) // 150)), *range(len(whole) - 30, len(whole))}:
        assert read_bytes(whole[:cut], "b.xlsx").problem in ("F003", "F001"), cut
    assert read_bytes(whole[:4], "b.xlsx").problem == "F003"


def test_a_flipped_byte_changes_no_value_in_silence(whole: bytes) -> None:
    """Each of some 250 places: the same rows, or a verdict."""
    right = [sheet.rows for sheet in read_bytes(whole, "b.xlsx").sheets]
    silent = []
    for at in range(0, len(whole), max(1, len(whole) // 250)):
        data = bytearray(whole)
        data[at] ^= 0x55
        raw = read_bytes(bytes(data), "b.xlsx")
        if not raw.problem and [sheet.rows for sheet in raw.sheets] != right:
            silent.append(at)
    assert silent == []


def test_a_crc_error_is_damage(tmp_path: Path, whole: bytes) -> None:
    """A bit flipped inside a worksheet in transit."""
    with zipfile.ZipFile(Path(write(tmp_path / "x" / "b.xlsx", {"会费": dues("2015-01")}))) as package:
        stored = tmp_path / "stored.xlsx"
        with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as copy:
            for name in package.namelist():
                copy.writestr(name, package.read(name))
    data = stored.read_bytes()
    assert data.count(b"<v>15</v>") == 1
    stored.write_bytes(data.replace(b"<v>15</v>", b"<v>95</v>"))
    assert reasons(check(stored)) == {"stored.xlsx": "F003"}


def added(path: Path, name: str, data: bytes) -> Path:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, data)
    return path


def test_a_worksheet_part_that_no_sheet_names_is_damage(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    with zipfile.ZipFile(path) as package:
        part = package.read("xl/worksheets/sheet1.xml")
    finding = one(check(added(path, "xl/worksheets/sheet7.xml", part)))
    assert (finding.rule, finding.observed) == ("F003", "xl/worksheets/sheet7.xml")


def test_an_xlsx_named_xls_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    path.rename(tmp_path / "b.xls")
    assert reasons(check(tmp_path)) == {"b.xls": ""}


def test_sheet_protection_is_no_encryption(tmp_path: Path) -> None:
    import openpyxl

    path = write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    book = openpyxl.load_workbook(path)
    book["会费"].protection.enable()
    book.save(path)
    assert reasons(check(path)) == {"b.xlsx": ""}


def test_a_file_without_any_ledger(tmp_path: Path) -> None:
    write(tmp_path / "notes.xlsx", {"说明": "| 甲 | 乙 |\n| 1 | 2 |", "草稿": "| 3 | |"})
    write(tmp_path / "good.xlsx", {"会费": dues("2015-01")})
    report = check(tmp_path)
    finding = one(report)
    assert (finding.rule, finding.file, finding.sheet, finding.observed) == ("F007", "notes.xlsx", None, "说明, 草稿")
    assert reasons(report) == {"notes.xlsx": "F007", "good.xlsx": ""}
    assert [(s.name, s.ledger) for s in report.book.sheets if s.path == "notes.xlsx"] == [("说明", None), ("草稿", None)]


def test_a_workbook_of_nothing_is_f007_and_not_passed(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"Sheet1": "| |"}))
    assert report.nothing_read
    assert reasons(report) == {"b.xlsx": "F007"}


def test_which_files_a_folder_holds(tmp_path: Path) -> None:
    book = write(tmp_path / "b.xlsx", {"会费": dues("2015-01")}).read_bytes()
    for name in ("~$b.xlsx", ".hidden.xlsx", "notes.txt", "a/c.XLSX", ".git/d.xlsx", "~$x/e.xlsx", "z/二级/f.xlsm", "b.xlsx.bak"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(book if name != "a/c.XLSX" else write(tmp_path / "t", {"会费": dues("2015-02")}).read_bytes())
    assert list(reasons(check(tmp_path))) == ["a/c.XLSX", "b.xlsx", "z/二级/f.xlsm"]


def test_files_come_in_code_point_order_of_their_nfc_paths(tmp_path: Path) -> None:
    names = ["é.xlsx", "e\u0301b.xlsx", "Z.xlsx", "a.xlsx", "中.xlsx", "a/b.xlsx", "a-b.xlsx"]
    for n, name in enumerate(names, 1):
        write(tmp_path / name, {"会费": dues(f"2015-{n:02d}")})
    assert list(reasons(check(tmp_path))) == sorted(["é.xlsx", "éb.xlsx", "Z.xlsx", "a.xlsx", "中.xlsx", "a/b.xlsx", "a-b.xlsx"])


def test_a_link_to_a_file_outside_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    target = write(tmp_path / "elsewhere" / "b.xlsx", {"会费": dues("2015-01")})
    (tmp_path / "books").mkdir()
    os.symlink(target, tmp_path / "books" / "link.xlsx")
    write(tmp_path / "books" / "own.xlsx", {"会费": dues("2015-02")})
    report = check(tmp_path / "books")
    assert "own.xlsx" in reasons(report)


def test_a_path_that_does_not_exist_is_refused_before_any_work(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    with pytest.raises(BadInput, match=r"none\.xlsx does not exist\. Check the name, or give a folder of workbooks\."):
        validate([tmp_path / "b.xlsx", tmp_path / "none.xlsx"])


def test_a_folder_without_a_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "~$b.xlsx").write_bytes(b"x")
    with pytest.raises(BadInput, match=r"holds no workbook .*\. Give the folder that holds the branch workbooks, or a workbook\."):
        validate([tmp_path])


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    report = validate([path, tmp_path, tmp_path / "." / "b.xlsx"])
    assert (len(report.book.sources), found(report)) == (1, [])


def test_what_ledgerkit_wrote_is_left_out_and_refused_when_named(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    for kind in ("summary", "corrections"):
        write(tmp_path / f"{kind}.xlsx", {"总览": dues("2015-01")}, properties={KIND: kind})
    report = check(tmp_path)
    assert (list(reasons(report)), report.left_out) == (["b.xlsx"], 2)
    with pytest.raises(BadInput, match=r"summary\.xlsx was written by ledgerkit as a result, not as books\."):
        validate([tmp_path / "summary.xlsx"])


# ---- covers, branches, years


def test_a_cover_by_labels(tmp_path: Path) -> None:
    table = "| | 工会会费报表 | |\n|\n| | 工会编码： | | B07 |\n| | 填报单位 / Branch | | 某工会 |\n| | *年度 | | 2015年度 |\n| | 填报日期 | | 2016-01-15d |"
    report = check(write(tmp_path / "b.xlsx", {"首页": table, "会费": dues("2015-01")}))
    source = report.book.sources[0]
    assert source.cover
    assert (source.branch, source.year, source.cover.sheet) == ("B07", 2015, "首页")
    assert str(report.as_of) == "2016-01-15"
    assert found(report) == []


@pytest.mark.parametrize("lang", ["zh", "en", "key"])
def test_the_labels_of_a_cover_in_every_language(tmp_path: Path, lang: str) -> None:
    values = {"branch_code": "B07", "branch": "X", "year": "#2015", "preparer": "a", "reviewer": "b", "chair": "c", "date": "2016-01-15"}
    fields = ledgers.load("cover").fields
    rows = [[f.key if lang == "key" else f.label("zh" if lang == "zh" else "en"), values[f.key]] for f in fields]
    report = check(write(tmp_path / "b.xlsx", {"c": rows, "会费": dues("2015-01")}))
    cover_ = report.book.sources[0].cover
    assert cover_
    assert dict(cover_.values) == {**values, "year": "2015"}


def test_a_cover_with_two_fields_only_is_a_cover(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"封面": "| 工会编码 | B07 |\n| 年度 | 2015 |", "会费": dues("2015-01")}))
    assert (report.book.sources[0].branch, found(report)) == ("B07", [])


def test_names_are_tried_before_labels(tmp_path: Path) -> None:
    sheets: dict[str, str | Grid] = {
        "封面": cover(branch_code="WRONG", year="2014", branch="x"),
        "数据": "| B07 | 2015 |",
        "会费": dues("2015-01"),
    }
    names = {"cover_branch_code": "数据!$A$1", "cover_year": "数据!$B$1"}
    source = check(write(tmp_path / "b.xlsx", sheets, names)).book.sources[0]
    assert (source.branch, source.year) == ("B07", 2015)


def test_a_file_without_a_cover_takes_the_branch_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "a" / "cover.xlsx", {"封面": cover(branch_code="B01", year="2015", branch="x"), "会费": dues("2015-01")})
    write(tmp_path / "a" / "more.xlsx", {"会费": dues("2015-02")})
    write(tmp_path / "a" / "deeper" / "other.xlsx", {"会费": dues("2015-03")})
    write(tmp_path / "b" / "alone.xlsx", {"会费": dues("2015-04")})
    branches = {source.path: source.branch for source in check(tmp_path).book.sources}
    assert branches == {"a/cover.xlsx": "B01", "a/more.xlsx": "B01", "a/deeper/other.xlsx": "", "b/alone.xlsx": ""}


def test_two_covers_in_a_folder_settle_nothing_and_the_policy_speaks(tmp_path: Path) -> None:
    for n in (1, 2):
        write(tmp_path / f"{n}.xlsx", {"封面": cover(branch_code=f"B0{n}", year="2015", branch="x"), "会费": dues(f"2015-0{n}")})
    write(tmp_path / "3.xlsx", {"会费": dues("2015-03")})
    assert [s.branch for s in check(tmp_path).book.sources] == ["B01", "B02", ""]
    (tmp_path / "ledgerkit.toml").write_text('[unit]\nbranch_code = "B09"\n', "utf-8")
    assert [s.branch for s in check(tmp_path).book.sources] == ["B01", "B02", "B09"]


@pytest.mark.parametrize("code", ["B01", "001", "#001", "０01", " 001 "])
def test_the_cover_s_code_is_text(tmp_path: Path, code: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"封面": cover(branch_code=code, year="2015", branch="x"), "会费": dues("2015-01")}))
    assert report.book.sources[0].branch == ("B01" if code == "B01" else "001")


def test_the_year_that_most_files_give_and_f011_for_another(tmp_path: Path) -> None:
    write(tmp_path / "1.xlsx", {"会费": dues("2015-01")})
    write(tmp_path / "2.xlsx", {"会费": dues("2015-02", "2015-03", "2014-12")})
    write(tmp_path / "old.xlsx", {"会费": dues("2014-01", "2014-02")})
    report = check(tmp_path)
    assert report.book.year == 2015
    finding = one(report, "D016", "G009")
    assert (finding.rule, finding.severity, finding.file, finding.observed, finding.expected) == (
        "F011",
        "error",
        "old.xlsx",
        "2014",
        "2015",
    )
    assert said(finding)[0] == "该文件属于 2014 年度，本次核对的是 2015 年度，未计入。请移出文件夹；封面年度填错的请更正。"
    assert len(report.book.used["dues"]) == 4
    foots(report)


def test_the_cover_speaks_before_the_periods_and_year_before_all(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"封面": cover(branch_code="B", year="2016", branch="x"), "会费": dues("2015-01")})
    assert check(tmp_path).book.year == 2016
    report = check(tmp_path, year=2015)
    assert (report.book.year, reasons(report)) == (2015, {"b.xlsx": "F011"})


def test_the_policy_s_year_speaks_before_the_files(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"会费": dues("2015-01")})
    (tmp_path / "ledgerkit.toml").write_text("[unit]\nyear = 2014\n", "utf-8")
    assert reasons(check(tmp_path)) == {"b.xlsx": "F011"}


def test_a_tie_of_years_is_refused_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": dues("2015-01")})
    write(tmp_path / "b.xlsx", {"会费": dues("2014-01")})
    with pytest.raises(BadInput) as refused:
        check(tmp_path)
    assert str(refused.value) == "The files are of the years 2014, 2015, equally many each. Say with --year which year's books these are."
    assert check(tmp_path, year=2015).book.year == 2015


# ---- submitted twice


def test_the_same_rows_twice_count_once_the_first_path(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx", {"会费": dues("2015-01", "2015-02")})
    shuffled = [[row[n] for n in (3, 2, 0, 1, 4)] for row in grid(dues("2015-02", "2015-01"))]
    write(tmp_path / "a" / "copy.xlsx", {"会费": shuffled})
    report = check(tmp_path)
    finding = one(report)
    assert (finding.rule, finding.file, finding.observed, finding.expected) == ("F008", "b.xlsx", "b.xlsx", "a/copy.xlsx")
    assert said(finding) == (
        "该文件与 a/copy.xlsx 有重复的行，未计入。请只保留一份；以哪份为准，就在哪份封面填写较晚的填报日期。",
        "This file repeats rows of a/copy.xlsx and was not counted. "
        "Keep one of the two, or put the later date on the cover of the one that holds.",
    )
    assert int(report.book.used["dues"]["paid"].sum()) == 3000
    foots(report)


def dated(day: str, *months: str, paid: str = "#15") -> dict[str, str | Grid]:
    return {"封面": cover(branch_code="B01", year="2015", branch="x", date=day), "会费": dues(*months, paid=paid)}


def test_of_different_rows_the_later_cover_date_counts(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", dated("2016-01-10d", "2015-01", paid="#14"))
    write(tmp_path / "b.xlsx", dated("2016-02-10d", "2015-01", paid="#15"))
    write(tmp_path / "c.xlsx", dated("2016-01-20d", "2015-01", paid="#16"))
    report = check(tmp_path)
    assert reasons(report) == {"a.xlsx": "F008", "b.xlsx": "", "c.xlsx": "F008"}
    assert {(f.file, f.expected) for f in report.findings} == {("a.xlsx", "b.xlsx"), ("c.xlsx", "b.xlsx")}
    assert int(report.book.used["dues"]["paid"].sum()) == 1500


@pytest.mark.parametrize("days", [("", ""), ("2016-01-10d", "2016-01-10d")], ids=["no dates", "one date"])
def test_without_a_later_date_both_are_rejected_and_both_named(tmp_path: Path, days: tuple[str, str]) -> None:
    write(tmp_path / "a.xlsx", dated(days[0], "2015-01", paid="#14"))
    write(tmp_path / "b.xlsx", dated(days[1], "2015-01", paid="#15"))
    report = check(tmp_path)
    assert {(f.rule, f.file, f.expected) for f in report.findings} == {("F008", "a.xlsx", "b.xlsx"), ("F008", "b.xlsx", "a.xlsx")}
    assert report.nothing_read
    assert "dues" not in report.book.used


def test_files_whose_keys_do_not_meet_are_added(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        write(tmp_path / f"{n}.xlsx", {"会费": dues(f"2015-0{n}")})
    assert (found(check(tmp_path)), len(check(tmp_path).book.used["dues"])) == ([], 3)


def test_the_same_keys_of_two_branches_are_no_repetition(tmp_path: Path) -> None:
    for n in (1, 2):
        write(tmp_path / str(n) / "b.xlsx", {"封面": cover(branch_code=f"B0{n}", year="2015", branch="x"), "会费": dues("2015-01")})
    assert found(check(tmp_path)) == []


def test_a_file_of_another_year_repeats_nothing(tmp_path: Path) -> None:
    for n, year in (("a", "2014"), ("b", "2015"), ("c", "2015")):
        months = ("2015-01",) if n != "c" else ("2015-02",)
        write(tmp_path / f"{n}.xlsx", {"封面": cover(branch_code="B01", year=year, branch="x"), "会费": dues(*months)})
    assert reasons(check(tmp_path)) == {"a.xlsx": "F011", "b.xlsx": "", "c.xlsx": ""}


# ---- templates


def test_a_template_of_ours_is_read_without_a_word(tmp_path: Path) -> None:
    row = {"period": "2015-03", "member_no": "001", "name": "张三", "wage_base": "3000.00", "paid": "15.00", "paid_on": "2015-03-10"}
    for lang in ("zh", "en"):
        path = tmp_path / lang / "b.xlsx"
        path.parent.mkdir()
        write_template(path, ledgers.all_ledgers(), lang, rows=20, cover={"branch_code": "B01", "year": "2015"}, data={"dues": [row]})
        report = check(path)
        assert found(report) == []
        assert (report.book.sources[0].branch, report.book.year, len(report.book.used["dues"])) == ("B01", 2015, 1)


def test_a_template_of_another_version_is_said(tmp_path: Path) -> None:
    names = {f"cover_{f.key}": f"封面!$B${n}" for n, f in enumerate(ledgers.load("cover").fields, 1)}
    sheets: dict[str, str | Grid] = {"封面": cover(branch_code="B01", year="2015", branch="x"), "会费": dues("2015-01")}
    path = write(tmp_path / "b.xlsx", sheets, names, {KIND: TEMPLATE, VERSION: "0"})
    finding = one(check(path))
    assert (finding.rule, finding.severity, finding.file, finding.observed, finding.expected) == (
        "G026",
        "low",
        "b.xlsx",
        "0",
        TEMPLATE_VERSION,
    )
    assert said(finding) == (
        "该工作簿所用模板的版本不同，或丢失了命名单元格（0）。内容已读取，下次请使用新模板。",
        "The workbook was made from another template version or lost named cells (0). It was read; use a new template next time.",
    )


def test_named_cells_that_are_lost_are_named(tmp_path: Path) -> None:
    names = {f"cover_{f.key}": f"封面!$B${n}" for n, f in enumerate(ledgers.load("cover").fields, 1) if f.key not in ("chair", "date")}
    sheets: dict[str, str | Grid] = {"封面": cover(branch_code="B01", year="2015", branch="x"), "会费": dues("2015-01")}
    finding = one(check(write(tmp_path / "b.xlsx", sheets, names, {KIND: TEMPLATE, VERSION: TEMPLATE_VERSION})))
    assert (finding.rule, finding.observed) == ("G026", "cover_chair, cover_date")


def test_a_sheet_whose_name_begins_like_the_instructions_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"填": dues("2015-01"), "填表说明": "| 说明 |"}, {"ledgerkit_instructions": "填表说明!$A$1"})
    assert [s.ledger for s in check(path).book.sheets] == ["dues", None]


# ---- accounting


def test_rows_of_rejected_files_are_rejected(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": dues("2015-01", "2015-02")})
    write(tmp_path / "b.xlsx", {"会费": dues("2015-01", "2015-02")})
    report = check(tmp_path)
    assert [(s.rows_read, s.rows_rejected, s.amount, s.amount_rejected) for s in report.book.sheets] == [(2, 0, 3000, 0), (2, 2, 0, 3000)]
    foots(report)


def test_only_the_rules_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": dues("2015-01"), "x": "| 1 |"})
    report = validate([tmp_path], Options(rules=("G",)))
    assert found(report) == []
    assert {s.rule for s in report.statuses if not s.run and s.rule.startswith("F")} >= {"F001", "F007", "F011"}


def test_a_finding_names_file_and_sheet_as_excel_has_them(tmp_path: Path) -> None:
    name = "会费 & 'Dues' <2015>"
    path = write(tmp_path / "分会（一）" / "册 1.xlsx", {name: dues("2015-01", paid="x&<y>")})
    finding = one(check(tmp_path))
    assert (finding.file, finding.sheet, finding.cell, finding.observed) == ("分会（一）/册 1.xlsx", name, "D2", "x&<y>")
    assert excel(path, name, "D2") == "x&<y>"


@pytest.mark.parametrize("cell", ["#REF!", "=1+1"])
def test_broken_cells_are_found_in_sheets_with_odd_names(tmp_path: Path, cell: str) -> None:
    """The package's own parts and calamine must mean one sheet by one name."""
    name = " 会费 & 'Dues' <2015> "
    report = check(write(tmp_path / "b.xlsx", {name: dues("2015-01", paid=cell)}))
    assert [(f.rule, f.cell) for f in report.findings] == [("G020" if cell == "#REF!" else "G021", "D2")]


def test_an_error_on_the_cover_is_said_in_its_cell(tmp_path: Path) -> None:
    table = "| 工会编码 | B01 |\n| 填报单位 | #REF! |\n| 年度 | 2015 |\n| 填报日期 | 2015-12-31d |"
    report = check(write(tmp_path / "books.xlsx", {"封面": table, "会费收缴": dues("2015-01")}))
    (finding,) = [finding for finding in report.findings if finding.sheet == "封面"]
    assert (finding.rule, finding.row, finding.cell, finding.observed) == ("G020", 2, "B2", "#REF!")
