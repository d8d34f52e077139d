"""Books as .csv: every character, separator and row is certain or the file is refused, and what is no book is not taken for one."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from books import check, cover, found, one, reasons, said, write
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerkit.audit import Options, reconcile, validate
from ledgerkit.errors import BadInput
from ledgerkit.locale import Lang, catalogue
from ledgerkit.reading.engine import read_bytes
from ledgerkit.writing.csv import as_csv
from ledgerkit.writing.workbook import write_summary

ROWS = [
    ["会员编号", "姓名", "所属月份", "实缴会费", "缴款日期", "备注"],
    ["001", "张三", "2015-01", "15.00", "2015-01-10", ""],
    ["002", "李四", "2015年1月", "1,200.50", "2015/1/10", "补缴，\n见“说明”"],
]


def text(rows: list[list[str]] = ROWS, separator: str = ",") -> str:
    """The rows as every writer of .csv writes them."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def put(folder: Path, data: bytes | str, name: str = "dues.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def cells(data: bytes | str) -> list[list[object]]:
    """The rows of a file that is read."""
    raw = read_bytes(data if isinstance(data, bytes) else data.encode(), "dues.csv")
    assert raw.problem == "", (raw.problem, raw.observed, raw.case)
    return raw.sheets[0].rows


def refused(data: bytes | str) -> tuple[str, str, str]:
    raw = read_bytes(data if isinstance(data, bytes) else data.encode(), "dues.csv")
    return raw.problem, raw.case, raw.observed


# ---- characters

ENCODINGS = {
    "UTF-8": text().encode(),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + text().encode(),
    "GB18030": text().encode("gb18030"),
    "UTF-16-LE": b"\xff\xfe" + text().encode("utf-16-le"),
    "UTF-16-BE": b"\xfe\xff" + text().encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    report = check(put(tmp_path, ENCODINGS[encoding]))
    dues = report.book.used["dues"].frame
    assert dues[["member_no", "name", "paid"]].to_numpy().tolist() == [["001", "张三", 1500], ["002", "李四", 120050]]
    assert [str(day.date()) for day in dues["paid_on"]] == ["2015-01-10", "2015-01-10"]
    assert dues["remark"].tolist() == ["", "补缴，\n见“说明”"]
    assert [(sheet.name, sheet.ledger, sheet.rows_read, sheet.amount) for sheet in report.book.sheets] == [("dues", "dues", 2, 121550)]
    assert found(report) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_chinese_character_comes_back(encoding: str) -> None:
    """All of GB18030's: 6,582 of extension A, 20,902 and later ones of the basic block, 42,720 of extension B."""
    characters = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF)) for code in range(first, last + 1)]
    rows = [["编号", "字"], *([str(at), character] for at, character in enumerate(characters))]
    assert len(characters) > 70_000
    assert cells(text(rows).encode(encoding)) == rows


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), max_size=8), min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
)  # fmt: skip
def test_what_a_writer_of_csv_writes_comes_back(rows: list[list[str]], separator: str, encoding: str) -> None:
    whole = [["编号", "姓名", "金额"], *([f"字{cell}" for cell in row] for row in rows)]
    assert cells(text(whole, separator).encode(encoding)) == whole


ENCODING = (
    "该文本文件的文字编码无法确定（须全部为 UTF-8、UTF-16 或 GB18030），或文件不完整，未能读取。请用 Excel 或 WPS 打开原文件，核对文字无误后另存为 .xlsx 报送。",
    "The characters of this text file are not all of one encoding (UTF-8, UTF-16 or GB18030), or it was cut short, and it was not read. "
    "Open the original in Excel or WPS, check that its characters are right, and save it as .xlsx.",
)
NOT_TEXT = {
    "UTF-8 cut inside a character": text().encode()[:-3] + "完".encode()[:2],
    "UTF-8 under English headings, cut inside a character": "member_no,name\n001,张三\n002,李".encode()[:-1],
    "GB18030 and UTF-8 in one file": "编号,姓名\n1,张\n".encode("gb18030") + b"2,\xff\n",
    "GB18030 cut inside a character": text().encode("gb18030") + "完".encode("gb18030")[:1],
    "UTF-16 cut inside a character": text().encode("utf-16")[:-1],
    "UTF-16 with half a pair": "编号,姓名\n".encode("utf-16") + b"\x40\xd8",
    "a NUL byte far down": text().encode() + b"," * 3000 + b"\x00",
    "UTF-32": "编号,姓名\n".encode("utf-32"),
    "a euro sign of Windows": "编号,姓名\n".encode("gb18030") + b"\x80\n",
}


@pytest.mark.parametrize("name", NOT_TEXT)
def test_characters_that_are_not_certain_are_refused(tmp_path: Path, name: str) -> None:
    report = check(put(tmp_path, NOT_TEXT[name]))
    assert reasons(report) == {"dues.csv": "F003"}
    assert said(one(report)) == ENCODING


# ---- separators, quotation marks, rows


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_separators_and_line_ends(separator: str, end: str) -> None:
    assert cells(text(separator=separator).replace("\r\n", end)) == ROWS


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("编号,备注\n1,a;b\n2,c;d\n", [["编号", "备注"], ["1", "a;b"], ["2", "c;d"]]),
        ("编号;金额\n1;1,50\n2;2,50\n", [["编号", "金额"], ["1", "1,50"], ["2", "2,50"]]),
        ("编号\t金额\n1\t1,200.50\n2\t3,400\n", [["编号", "金额"], ["1", "1,200.50"], ["2", "3,400"]]),
        ('编号,备注\n1,"a\tb"\n2,c\td\n', [["编号", "备注"], ["1", "a\tb"], ["2", "c\td"]]),
        ('编号;备注\n1;"a;b"\n', [["编号", "备注"], ["1", "a;b"]]),
        ("某工会,2015年\n编号;金额;备注\n1;1,50;甲\n", [["某工会,2015年"], ["编号", "金额", "备注"], ["1", "1,50", "甲"]]),
        ("编号\n1\n", [["编号"], ["1"]]),
        ('编号,备注\n1,"两行\r\n一格"\n\n3,5"\n', [["编号", "备注"], ["1", "两行\r\n一格"], [], ["3", '5"']]),
        ('编号,备注\n1,"甲;\n乙;\n丙;"\n', [["编号", "备注"], ["1", "甲;\n乙;\n丙;"]]),
        ('编号,备注\n1,"他说""好"""\n', [["编号", "备注"], ["1", '他说"好"']]),
        ('"编号,a;b"\n"1,2;3"\n', [["编号,a;b"], ["1,2;3"]]),
        ("\n\n编号,备注\n", [[], [], ["编号", "备注"]]),
    ],
)
def test_what_divides_the_cells(data: str, rows: list[list[str]]) -> None:
    assert cells(data) == rows


def test_a_row_keeps_the_number_that_excel_shows(tmp_path: Path) -> None:
    """Blank lines are rows, a line break inside quotation marks is none."""
    rows = [["会费收缴表"], [], *ROWS, [], ["003", "王\n五", "2015-01", "十五", "2015-01-10", ""]]
    report = check(put(tmp_path, text(rows)))
    assert found(report) == [("G008", "D7", "十五", "1234.50")]
    assert report.findings[0].sheet == "dues"


SEPARATOR = (
    "无法确定该文本文件以逗号、制表符还是分号分隔，未能读取。请用 Excel 或 WPS 打开原文件，另存为 .xlsx 报送。",
    "It cannot be told whether commas, tabs or semicolons separate the cells of this text file, and it was not read. "
    "Open the original in Excel or WPS and save it as .xlsx.",
)


@pytest.mark.parametrize("data", ["编号,姓名;金额\n1,张;2\n", "a\tb;c\n"])
def test_a_separator_that_is_not_certain_is_refused(tmp_path: Path, data: str) -> None:
    assert said(one(check(put(tmp_path, data)))) == SEPARATOR


def undivided(row: int) -> tuple[str, str]:
    return (
        f"该文本文件第 {row} 行无法分成单元格：引号没有成对或位置不对，或单元格内容过长，文件未能读取。请用 Excel 或 WPS 打开原文件，另存为 .xlsx 报送。",
        f"Row {row} of this text file cannot be divided into cells: a quotation mark is not closed or stands in the wrong place, or a cell is "
        "far too long. The file was not read. Open the original in Excel or WPS and save it as .xlsx.",
    )


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (text() + '003,"王五,2015-01,15,2015-01-10,\n004,赵六,2015-01,15,2015-01-10,\n', 4),
        ('编号,姓名\n1,"张"三\n', 2),
        ("编号,姓名,备注\n1,张,a;b\n2,李,\n3,王,a;b\n" + '4,"赵,\n5,钱,a;b\n', 5),
        (text() + '003,"王""五,2015-01', 4),
        (text() + "003,王五," + "长" * 140_000 + "\n", 4),
    ],
)
def test_quotation_marks_that_do_not_match_are_refused_with_the_row(tmp_path: Path, data: str, row: int) -> None:
    """Else all that follows an open mark would be one cell, and its money gone."""
    finding = one(check(put(tmp_path, data)))
    assert (finding.rule, finding.observed) == ("F003", str(row))
    assert said(finding) == undivided(row)


def wider(row: int) -> tuple[str, str]:
    return (
        f"该文本文件第 {row} 行的单元格比表头多：内容中的分隔符（如 1,200.50 中的逗号）没有加引号，金额可能已错位，文件未能读取。"
        "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 报送。",
        f"Row {row} of this text file has more cells than the heading: a separator inside a value, as in 1,200.50, is not in quotation marks, "
        "and amounts may have moved to other columns. The file was not read. Open the original in Excel or WPS and save it as .xlsx.",
    )


HEADING = "会员编号,姓名,所属月份,缴款日期,实缴会费,备注\n"
GOOD, BAD = "001,张三,2015-01,2015-01-10,15.00,\n", "002,李四,2015-01,2015-01-10,1,200.50,补缴\n"


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (HEADING + GOOD + GOOD + BAD, 4),
        (HEADING + BAD + BAD, 2),
        (HEADING + GOOD + BAD.replace("补缴", ""), 3),
        ("会费收缴表\n\n" + HEADING + GOOD + BAD, 5),
        ("会费收缴表,,,,,\n" + HEADING + BAD, 3),
    ],
)
def test_an_amount_without_quotation_marks_is_never_read_in_part(tmp_path: Path, data: str, row: int) -> None:
    """1,200.50 as two cells would be 1 yuan in one column and 200.50 in the next."""
    finding = one(check(put(tmp_path, data)))
    assert (finding.rule, finding.observed) == ("F003", str(row))
    assert said(finding) == wider(row)


@pytest.mark.parametrize(
    "data",
    [
        HEADING + GOOD + GOOD.replace(",\n", "\n").replace("001", "002"),
        HEADING + GOOD.replace(",\n", "\n"),
        HEADING + GOOD.replace("\n", ",,\n") + GOOD.replace("\n", ",,\n").replace("001", "002"),
        HEADING.replace("\n", ",,\n") + GOOD + "制表：王五,,,,,\n",
        "会费收缴表\n单位：某工会,2015年,第1页\n" + HEADING + GOOD + ",,,,15.00,\n合计,,,,15.00\n,,,,,,,\n",
    ],
)
def test_ragged_rows_that_move_nothing_are_read(tmp_path: Path, data: str) -> None:
    report = check(put(tmp_path, data))
    assert reasons(report) == {"dues.csv": ""}
    assert report.book.used["dues"]["paid"].iloc[0] == 1500


def test_a_very_long_line_is_read() -> None:
    rows = [[f"h{n}" for n in range(20_000)], [str(n) for n in range(20_000)]]
    assert cells(text(rows)) == rows


# ---- what cells mean


def test_text_is_no_fault_of_a_number_in_a_csv(tmp_path: Path) -> None:
    """In a workbook such cells are G027; here every cell is text, and the grammar is the same."""
    rows = [ROWS[0], *(["001", "张三", f"2015-{n:02d}", amount, f"2015-{n:02d}-10", ""] for n, amount in enumerate(("15", "１５．５０", "1,200.50元", "¥15"), 1))]  # fmt: skip
    report = check(put(tmp_path, text(rows)))
    assert report.book.used["dues"]["paid"].tolist() == [1500, 1550, 120050, 1500]
    assert found(report) == []
    sheet = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    assert {f.rule for f in check(write(tmp_path / "b.xlsx", {"会费": sheet})).findings} == {"G027"}


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        ("12元5", ("G008", "D2", "12元5", "1234.50")),
        ("1,20.5", ("G008", "D2", "1,20.5", "1234.50")),
        ("1.2E+3", ("G008", "D2", "1.2E+3", "1234.50")),
        ("#REF!", ("G020", "D2", "#REF!", None)),
        ("#DIV/0!", ("G020", "D2", "#DIV/0!", None)),
        ("'-5", ("G008", "D2", "-5.00", ">= 0")),
        ("=SUM(D3:D9)", ("G008", "D2", "=SUM(D3:D9)", "1234.50")),
        ("", ("G013", "D2", None, None)),
    ],
)
def test_a_cell_that_cannot_be_read_has_the_finding_of_a_workbook(tmp_path: Path, cell: str, finding: tuple[str | None, ...]) -> None:
    rows = [ROWS[0], ["001", "张三", "2015-01", cell, "2015-01-10", ""]]
    assert found(check(put(tmp_path, text(rows)))) == [finding]


def test_a_blank_of_a_csv_is_blank(tmp_path: Path) -> None:
    """An error cell is written into a .csv as it shows: nothing hides behind a blank."""
    rows = [ROWS[0], ["001", "张三", "2015-01", "", "2015-01-10", ""]]
    assert said(one(check(put(tmp_path, text(rows)))))[1] == (
        "“Paid” must be filled in here. Type the value; do not leave it blank or write 同上."
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'001", "001"),
        ('="001"', "001"),
        ("'=1+1", "=1+1"),
        ("'@甲", "@甲"),
        ("'－5", "－5"),
        ("'t Hart", "'t Hart"),
        ("''1", "''1"),
        ("'", "'"),
        ('="a"&"b"', '="a"&"b"'),
    ],
)
def test_what_keeps_a_spreadsheet_from_reading_a_formula_is_no_part_of_the_cell(cell: str, value: str) -> None:
    assert cells(text([["编号", "姓名"], [cell, "甲"]]))[1][0] == value


def test_numbers_that_excel_shortened_in_a_csv_are_lost_digits(tmp_path: Path) -> None:
    rows = [
        ["会员编号", "姓名", "人员状态", "证件号码"],
        ["001", "张三", "在职", "1.10101E+17"],
        ["002", "李四", "在职", "110101199003078515"],
    ]
    report = check(put(tmp_path, text(rows), "members.csv"))
    assert found(report) == [("G005", "D2", None, None)]


# ---- whose, and which files are books


def test_a_csv_takes_the_branch_of_the_cover_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "a" / "cover.xlsx", {"封面": cover(branch_code="B01", year="2015", branch="x")})
    put(tmp_path, text(), "a/会费.csv")
    put(tmp_path, text(), "b/会费.CSV")
    report = check(tmp_path)
    assert {source.path: source.branch for source in report.book.sources} == {"a/cover.xlsx": "B01", "a/会费.csv": "B01", "b/会费.CSV": ""}
    (tmp_path / "ledgerkit.toml").write_text('[unit]\nbranch_code = "B09"\n', "utf-8")
    assert {source.path: source.branch for source in check(tmp_path).book.sources}["b/会费.CSV"] == "B09"


def test_the_same_rows_as_workbook_and_as_csv_are_sent_twice(tmp_path: Path) -> None:
    put(tmp_path, text())
    write(tmp_path / "dues.xlsx", {"会费": "\n".join("| " + " | ".join(cell.replace("\n", "\\n") for cell in row) + " |" for row in ROWS)})
    assert reasons(check(tmp_path)) == {"dues.csv": "", "dues.xlsx": "F008"}


def test_a_csv_of_no_ledger_is_named_and_not_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "日期,摘要,借方,贷方\n2015-01-01,会费,0,15\n", "银行对账单.csv")
    put(tmp_path, text())
    finding = one(check(tmp_path))
    assert (finding.rule, finding.file, finding.sheet) == ("F007", "银行对账单.csv", None)
    assert said(finding) == (
        "该文本文件未识别出任何台账，内容未计入。请使用模板的表头；不是台账的，请移到别的文件夹。",
        "No ledger was recognised in this text file: nothing of it was counted. Use the template's headings, or move the file to another "
        "folder if it is no ledger.",
    )


def test_an_empty_csv_is_damage(tmp_path: Path) -> None:
    for name, data in (("a.csv", b""), ("b.csv", b"\xef\xbb\xbf"), ("c.csv", b"\r\n\r\n")):
        put(tmp_path, data, name)
    assert reasons(check(tmp_path)) == {"a.csv": "F003", "b.csv": "F007", "c.csv": "F007"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_our_own_findings_are_left_out_and_refused_when_named(tmp_path: Path, encoding: str) -> None:
    """As we wrote them, and as Excel saves them again."""
    put(tmp_path, text([ROWS[0], ["001", "张三", "2015-01", "十五", "2015-01-10", ""]]))
    findings = as_csv(check(tmp_path), "zh")
    put(tmp_path, findings if encoding == "utf-8" else findings.removeprefix("\ufeff").encode("gb18030"), "findings.csv")
    report = check(tmp_path)
    assert (list(reasons(report)), report.left_out) == (["dues.csv"], 1)
    with pytest.raises(BadInput) as refusal:
        validate([tmp_path / "findings.csv"])
    assert str(refusal.value) == "findings.csv was written by ledgerkit as a result, not as books. Give the workbooks it was made from."


def test_findings_printed_into_the_folder_that_is_checked(tmp_path: Path) -> None:
    """The shell makes the file, empty, before we look: it is no damaged book."""
    put(tmp_path, text())
    arguments = [sys.executable, "-m", "ledgerkit", "validate", str(tmp_path), "--format", "csv"]
    for _ in range(2):
        with (tmp_path / "findings.csv").open("wb") as handle:
            done = subprocess.run(arguments, stdout=handle, stderr=subprocess.PIPE, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert (tmp_path / "findings.csv").read_bytes().startswith(b"\xef\xbb\xbfid,rule,")


@pytest.mark.parametrize(("lang", "status"), [("zh", "已读取; GB18030"), ("en", "read; GB18030")])
def test_sources_say_as_which_text_a_csv_was_read(tmp_path: Path, lang: Lang, status: str) -> None:
    put(tmp_path, ENCODINGS["GB18030"])
    report = reconcile([tmp_path], Options())
    write_summary(report, tmp_path / "s.xlsx", [tmp_path], lang)
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")[catalogue(lang).gettext("Sources")]
    assert [sheet["A4"].value, sheet["B4"].value, sheet["F4"].value] == ["dues.csv", "dues", status]


def test_a_folder_without_books_names_what_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        validate([tmp_path])
    assert str(refusal.value) == (
        f"{tmp_path} holds no workbook (.xlsx .xlsm .xls .xlsb .ods .csv). Give the folder that holds the branch workbooks, or a workbook."
    )
