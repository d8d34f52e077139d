"""Files that are no .xlsx: the other formats of workbooks, workbooks with a password, and what is no workbook at all.

formats/ holds DUES as LibreOffice 7.4 saved it: dues.xls, dues1904.xls (1904 date system), dues.ods; locked.xls and locked.ods with
PASSWORD to open them, structure.xls with the password that Excel itself tries. tests/office/test_other_formats.py makes such files anew.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from books import check, found, one, reasons, said, write
from msoffcrypto.format.ooxml import OOXMLFile
from xlsb import xlsb

from ledgerkit.audit import Options, reconcile, validate
from ledgerkit.errors import BadInput
from ledgerkit.locale import Lang, catalogue
from ledgerkit.reading.engine import read_bytes
from ledgerkit.writing.text import as_text
from ledgerkit.writing.workbook import write_summary

FORMATS = Path(__file__).parent / "formats"
PASSWORD = "工会2015"
DUES = """
| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    |
| M001     | 甲   | 2015-01  | #15      | 2015-01-10d |
| M001     | 甲   | 2015-02  | #REF!    | 2015-02-10d |
| #12      | 乙   | #201503  | #12.5    | 2015-03-10d |
"""
# The same of other members: files with rows in common would be one file sent twice.
OTHER = DUES.replace("M0", "M1").replace("#12 ", "#112 ")
XLSB = xlsb(
    "会费",
    [
        ["会员编号", "姓名", "所属月份", "实缴会费", "缴款日期"],
        ["M001", "甲", "2015-01", 15.0, "2015-01-10"],
        ["M001", "甲", "2015-02", "#DIV/0!", "2015-02-10"],
        [12.0, "乙", 201503.0, 12.5, "2015-03-10"],
    ],
)
OTHERS = {name: (FORMATS / name).read_bytes() for name in ("dues.xls", "dues1904.xls", "dues.ods")} | {"dues.xlsb": XLSB}
MAY_BE_AN_ERROR = (
    "“实缴会费”此处必须填写。此处可能是空白，也可能是公式出错或公式未计算，这种文件格式看不出来。请用 Excel 或 WPS 打开核对，填写实际内容，另存为 .xlsx。",
    "“Paid” must be filled in here. The cell is blank, or it is a formula error or a formula never calculated, which look blank in this "
    "format. Look at it in Excel or WPS, type the value, and save as .xlsx.",
)
UNSEEN = ("此格式未检查隐藏内容、公式出错和公式未计算", "hidden parts, error cells and uncalculated formulas not checked in this format")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ---- .xls, .xlsb, .ods


@pytest.mark.parametrize("name", OTHERS)
def test_another_format_is_read_like_an_xlsx(tmp_path: Path, name: str) -> None:
    report = check(put(tmp_path, name, OTHERS[name]))
    dues = report.book.read["dues"].frame
    assert dues["member_no"].tolist() == ["M001", "M001", "12"]
    assert dues["period"].tolist() == [2015 * 12, 2015 * 12 + 1, 2015 * 12 + 2]
    assert dues["paid"].fillna(-1).tolist() == [1500, -1, 1250]
    assert [str(day.date()) for day in dues["paid_on"]] == ["2015-01-10", "2015-02-10", "2015-03-10"]
    assert found(report) == [("G013", "D3", None, None), ("G024", "A4", "12", None)]


@pytest.mark.parametrize("name", OTHERS)
def test_a_required_blank_there_may_be_an_error_cell(tmp_path: Path, name: str) -> None:
    assert said(one(check(put(tmp_path, name, OTHERS[name])), "G024")) == MAY_BE_AN_ERROR


def test_a_required_blank_of_an_xlsx_is_one(tmp_path: Path) -> None:
    finding = one(check(write(tmp_path / "b.xlsx", {"会费": DUES.replace("#REF!", "     ")})), "G024")
    assert said(finding) == (
        "“实缴会费”此处必须填写。请填写实际内容，不要留空，也不要写“同上”。",
        "“Paid” must be filled in here. Type the value; do not leave it blank or write 同上.",
    )


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
@pytest.mark.parametrize("name", OTHERS)
def test_sources_say_what_was_not_checked(tmp_path: Path, name: str, lang: Lang, at: int) -> None:
    put(tmp_path, name, OTHERS[name])
    write(tmp_path / "seen.xlsx", {"会费": OTHER})
    report = reconcile([tmp_path])
    write_summary(report, tmp_path / "summary.xlsx", [tmp_path], lang)
    sheet = openpyxl.load_workbook(tmp_path / "summary.xlsx")[catalogue(lang).gettext("Sources")]
    status = {row[0].value: row[5].value for row in sheet.iter_rows(min_row=4, max_row=5)}
    read = ("已读取", "read")[at]
    assert status == {name: f"{read}; {UNSEEN[at]}", "seen.xlsx": read}


@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh", f".xls、.xlsb、.ods 文件：1 个（{UNSEEN[0]}）"), ("en", f"Files in .xls, .xlsb or .ods: 1 ({UNSEEN[1]})")],
)
def test_the_text_says_how_many_files_could_not_be_seen_through(tmp_path: Path, lang: Lang, line: str) -> None:
    write(tmp_path / "seen.xlsx", {"会费": OTHER})
    assert line not in as_text(check(tmp_path), lang).splitlines()
    put(tmp_path, "dues.xls", OTHERS["dues.xls"])
    assert line in as_text(check(tmp_path), lang).splitlines()


@pytest.mark.parametrize(("name", "other"), [("dues.xls", "b.xlsx"), ("dues.ods", "b.xls"), ("dues.xlsb", "b.xlsx"), ("dues.xls", "b.csv")])
def test_the_content_decides_and_not_the_name(tmp_path: Path, name: str, other: str) -> None:
    assert found(check(put(tmp_path, other, OTHERS[name])))[0] == ("G013", "D3", None, None)


@pytest.mark.parametrize("name", ["b.xls", "b.ods", "b.xlsb", "b.csv"])
def test_an_xlsx_under_another_name_is_seen_through(tmp_path: Path, name: str) -> None:
    book = write(tmp_path / "t", {"会费": DUES}).read_bytes()
    assert [(f.rule, f.cell) for f in check(put(tmp_path, name, book)).findings] == [("G020", "D3"), ("G024", "A4")]


# ---- passwords


def locked(folder: Path, password: str = PASSWORD, table: str = DUES) -> bytes:
    """An .xlsx encrypted as Excel does it."""
    out = io.BytesIO()
    with write(folder / "plain", {"会费": table}).open("rb") as handle:
        OOXMLFile(handle).encrypt(password, out)
    return out.getvalue()


def with_passwords(folder: Path, text: str | bytes) -> Options:
    data = text if isinstance(text, bytes) else text.encode()
    return Options(password_file=put(folder, "passwords.txt", data))


NO_PASSWORD = (
    "该工作簿已加密，设有打开密码，未能读取。请用 --password-file 给出密码（文本文件，每行一个密码），或取消密码（Excel：文件 > 信息 > 保护工作簿）后重新报送。",
    "The workbook is encrypted: it needs a password to open and was not read. Give the password with --password-file (a text file, one "
    "password a line), or remove it (in Excel: File > Info > Protect Workbook) and send the workbook again.",
)
NONE_FITS = (
    "该工作簿已加密，设有打开密码，密码文件中的密码都打不开，未能读取。请向报送人问明密码，在密码文件中另起一行填写，或请报送人取消密码。",
    "The workbook is encrypted: it needs a password to open, and none of those in the password file opens it; it was not read. Ask the "
    "sender for the password and add it to the file as a line of its own, or have it removed.",
)
ODS = (
    "该工作簿已加密，设有打开密码，未能读取；.ods 文件的密码无法在此使用。请用 LibreOffice 或 WPS 打开，另存为 .xlsx 后报送。",
    "The workbook is encrypted: it needs a password to open and was not read; passwords of .ods files cannot be used here. Open it in "
    "LibreOffice or WPS, save it as .xlsx and send that.",
)


@pytest.mark.parametrize(
    ("name", "passwords", "sentences"),
    [
        ("locked.xlsx", "", NO_PASSWORD),
        ("locked.xlsx", "wrong\n工会 2015\n工会2015 \n", NONE_FITS),
        ("locked.xls", "", NO_PASSWORD),
        ("locked.xls", "wrong\na password of many more characters than any .xls takes\n", NONE_FITS),
        ("locked.ods", "", ODS),
        ("locked.ods", PASSWORD, ODS),
    ],
)
def test_an_encrypted_workbook_is_refused(tmp_path: Path, name: str, passwords: str, sentences: tuple[str, str]) -> None:
    data = (FORMATS / name).read_bytes() if name != "locked.xlsx" else locked(tmp_path)
    path = put(tmp_path, name, data)
    report = validate([path], with_passwords(tmp_path, passwords) if passwords else Options())
    assert reasons(report) == {name: "F002"}
    assert said(one(report)) == sentences


@pytest.mark.parametrize("name", ["locked.xlsx", "locked.xls"])
@pytest.mark.parametrize("run", [validate, reconcile])
@pytest.mark.parametrize(
    "passwords", [PASSWORD, "other\r\n\r\n工会2015\r\nthird", "工会2015".encode("gb18030"), "工会2015\n".encode("utf-16"), b"\xef\xbb\xbf" + "工会2015".encode()]
)  # fmt: skip
def test_a_workbook_is_opened_with_one_of_the_passwords(tmp_path: Path, name: str, run: type, passwords: str | bytes) -> None:
    data = (FORMATS / name).read_bytes() if name != "locked.xlsx" else locked(tmp_path)
    report = run([put(tmp_path, name, data)], with_passwords(tmp_path, passwords))
    assert [f.rule for f in report.findings if f.cell == "D3"] == ["G020" if name == "locked.xlsx" else "G013"]
    assert len(report.book.used["dues"]) == 2
    assert report.book.sources[0].raw.sha256 == read_bytes(data, name).sha256


def test_a_protected_structure_is_no_password_to_open(tmp_path: Path) -> None:
    """Excel encrypts such a workbook with a password of its own, and opens it without a question."""
    assert found(check(put(tmp_path, "b.xls", (FORMATS / "structure.xls").read_bytes())))[0] == ("G013", "D3", None, None)
    assert reasons(check(put(tmp_path, "b.xls", locked(tmp_path, "VelvetSweatshop")))) == {"b.xls": ""}


def test_an_encrypted_document_is_named_when_it_can_be_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plain", "w") as package:
        package.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        package.writestr("word/document.xml", "<x/>" * 2000)
    out = io.BytesIO()
    with (tmp_path / "plain").open("rb") as handle:
        OOXMLFile(handle).encrypt(PASSWORD, out)
    report = validate([put(tmp_path, "b.xlsx", out.getvalue())], with_passwords(tmp_path, PASSWORD))
    assert (one(report).rule, one(report).observed) == ("F001", "Word")


def test_one_encrypted_workbook_does_not_stop_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", locked(tmp_path, "first", OTHER))
    put(tmp_path, "b.xls", (FORMATS / "locked.xls").read_bytes())
    write(tmp_path / "c.xlsx", {"会费": OTHER.replace("M1", "M2").replace("#112", "#212")})
    assert reasons(validate([tmp_path], with_passwords(tmp_path, "first"))) == {"a.xlsx": "", "b.xls": "F002", "c.xlsx": ""}


@pytest.mark.parametrize("cut", [600, 3000, 9000])
def test_an_encrypted_workbook_cut_short_is_never_read_in_part(tmp_path: Path, cut: int) -> None:
    report = validate([put(tmp_path, "b.xlsx", locked(tmp_path)[:cut])], with_passwords(tmp_path, PASSWORD))
    assert reasons(report)["b.xlsx"] in ("F002", "F003")


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "密码文件中没有密码。请每行填写一个密码。", "There is no password in the password file. Write one password a line."),
        (b"\r\n  \n\xe3\x80\x80\n", "密码文件中没有密码。请每行填写一个密码。", "There is no password in the password file. Write one password a line."),
        (
            b"\xff\x00\x01",
            "密码文件无法读取（文字编码不是 UTF-8、UTF-16 或 GB18030）。请给出文本文件，每行一个密码。",
            "The password file cannot be read (its characters are none of UTF-8, UTF-16 and GB18030). Give a text file with one password a line.",
        ),
        (
            None,
            "密码文件无法读取（No such file or directory）。请给出文本文件，每行一个密码。",
            "The password file cannot be read (No such file or directory). Give a text file with one password a line.",
        ),
    ],
)  # fmt: skip
def test_a_password_file_that_cannot_be_used_ends_the_run(tmp_path: Path, data: bytes | None, zh: str, en: str) -> None:
    write(tmp_path / "b.xlsx", {"会费": DUES})
    if data is not None:
        put(tmp_path, "p.txt", data)
    for run in (validate, reconcile):
        with pytest.raises(BadInput) as refused:
            run([tmp_path], Options(password_file=tmp_path / "p.txt"))
        assert (refused.value.render(catalogue("zh").gettext), refused.value.render()) == (zh, en)


def ledgerkit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "ledgerkit", *arguments], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("command", ["validate", "reconcile"])
def test_a_password_given_by_mistake_instead_of_a_file_is_not_repeated(tmp_path: Path, command: str) -> None:
    write(tmp_path / "b.xlsx", {"会费": DUES})
    done = ledgerkit(command, str(tmp_path), "--password-file", "Secret-4711", "--lang", "en")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "The password file cannot be read (No such file or directory). Give a text file with one password a line.\n",
    )


def test_no_password_is_in_any_output(tmp_path: Path) -> None:
    books = tmp_path / "books"
    books.mkdir()
    put(books, "b.xlsx", locked(tmp_path, "Secret-4711", DUES.replace("#REF!", "#1")))
    put(tmp_path, "Secret-4712.txt", b"Secret-4713\nSecret-4711\n")
    summary = tmp_path / "s.xlsx"
    arguments = ["reconcile", str(books), "--password-file", str(tmp_path / "Secret-4712.txt"), "--lang", "en", "--fail-on", "never"]
    shown = [ledgerkit(*arguments, "-o", str(summary), "--format", form) for form in ("text", "json", "csv")]
    assert [done.returncode for done in shown] == [0, 0, 0]
    assert json.loads(shown[1].stdout)["inputs"][0]["status"] == "read"
    with zipfile.ZipFile(summary) as package:
        parts = b"".join(package.read(name) for name in package.namelist())
    outputs = [parts, *(text.encode() for done in shown for text in (done.stdout, done.stderr))]
    assert [output for output in outputs if b"Secret" in output] == []
    sheet = openpyxl.load_workbook(summary)["Sources"]
    assert [row[1].value for row in sheet.iter_rows() if row[0].value == "--password-file"] == ["***"]


def test_the_options_of_a_run_show_no_password(tmp_path: Path) -> None:
    assert "Secret" not in repr(with_passwords(tmp_path, "Secret-4711"))


# ---- what is no workbook


def archive(*parts: str, **content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for part in parts:
            package.writestr(part, content.get(part, "<x/>"))
    return out.getvalue()


def ole(stream: str) -> bytes:
    """An OLE2 container whose first stream has another name: what another program of Office writes."""
    old, new = "Workbook".encode("utf-16-le"), stream.encode("utf-16-le")
    data = bytearray((FORMATS / "dues.xls").read_bytes())
    at = data.index(old)
    data[at : at + 64] = new.ljust(64, b"\x00")
    data[at + 64] = len(new) + 2
    return bytes(data)


def excel_opens(zh: str, en: str) -> tuple[str, str]:
    return (
        f"该文件不是 Excel 工作簿，而是{zh}。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。",
        f"This file is not an Excel workbook but {en}. Open it in Excel or WPS, save it as .xlsx and send it again.",
    )


def no_cells(zh: str, en: str) -> tuple[str, str]:
    return (
        f"该文件不是 Excel 工作簿，而是{zh}，里面没有单元格（与文件名无关）。请报送原来的 Excel 工作簿。",
        f"This file is not an Excel workbook but {en}, whatever its name says, and holds no cells. Send the workbook that it was made from.",
    )


UNPACK = (
    "该文件不是 Excel 工作簿，而是压缩包（zip、rar、7z）。请先解压，再报送其中的工作簿。",
    "This file is not an Excel workbook but an archive (zip, rar, 7z). Unpack it and send the workbooks that are in it.",
)
XML2003 = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
CSV = "会员编号,姓名\nM001,甲\n"
KINDS = {
    "html": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "HTML", excel_opens("网页文件（HTML）", "a web page (HTML)")),
    "html that begins with its table": (b"\xef\xbb\xbf\r\n<TABLE border=1><tr><td>1</td></tr></TABLE>", "HTML", excel_opens("网页文件（HTML）", "a web page (HTML)")),
    "html in UTF-16": ("<html><body>工会</body></html>".encode("utf-16"), "HTML", excel_opens("网页文件（HTML）", "a web page (HTML)")),
    "html of a system in GBK": ("<meta charset=gbk><table><tr><td>工会</td></tr></table>".encode("gb18030"), "HTML", excel_opens("网页文件（HTML）", "a web page (HTML)")),
    "xhtml": (b'<?xml version="1.0"?><!DOCTYPE html><html></html>', "HTML", excel_opens("网页文件（HTML）", "a web page (HTML)")),
    "mhtml": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "MHTML", excel_opens("网页文件（MHTML）", "a web page (MHTML)")),
    "mhtml of a browser": (b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n", "MHTML", excel_opens("网页文件（MHTML）", "a web page (MHTML)")),
    "SpreadsheetML 2003": (XML2003.encode(), "SpreadsheetML", excel_opens("表格（XML 格式，SpreadsheetML 2003）", "a sheet in XML (SpreadsheetML 2003)")),
    "SpreadsheetML in UTF-16": (XML2003.encode("utf-16"), "SpreadsheetML", excel_opens("表格（XML 格式，SpreadsheetML 2003）", "a sheet in XML (SpreadsheetML 2003)")),
    "xml": (b'<?xml version="1.0"?><a/>', "XML", excel_opens("数据文件（XML）", "a file in XML")),
    "csv": (CSV.encode(), "text (CSV)", excel_opens("文本文件（CSV）", "a text file (CSV)")),
    "csv in GB18030": (CSV.encode("gb18030"), "text (CSV)", excel_opens("文本文件（CSV）", "a text file (CSV)")),
    "csv in UTF-16": (CSV.encode("utf-16"), "text (CSV)", excel_opens("文本文件（CSV）", "a text file (CSV)")),
    "csv whose first heading begins like a bitmap": (b"BMI,name\n1,2\n" * 9, "text (CSV)", excel_opens("文本文件（CSV）", "a text file (CSV)")),
    "pdf": (b"%PDF-1.4\n%\xe2\xe3", "PDF", no_cells("版式文件（PDF）", "a PDF")),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00", "image", no_cells("图片", "a picture")),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image", no_cells("图片", "a picture")),
    "bitmap": (b"BM\x36\x10\x0e\x00\x00\x00\x00\x00\x36\x00", "image", no_cells("图片", "a picture")),
    "photo of a telephone": (b"\x00\x00\x00\x18ftypheic\x00\x00", "image", no_cells("图片", "a picture")),
    "docx": (archive("[Content_Types].xml", "word/document.xml"), "Word", no_cells("文字文档（Word）", "a document (Word)")),
    "doc": (ole("WordDocument"), "Word", no_cells("文字文档（Word）", "a document (Word)")),
    "pptx": (archive("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint", no_cells("演示文稿（PowerPoint）", "slides (PowerPoint)")),
    "odt": (archive("mimetype", "content.xml", mimetype="application/vnd.oasis.opendocument.text"), "document", no_cells("文字文档", "a document")),
    "rtf": (b"{\\rtf1\\ansi x}", "document", no_cells("文字文档", "a document")),
    "bytes": (b"\x00\x01\x02\x03" * 100, "data", no_cells("其他程序的数据文件", "a file of another program")),
    "UTF-16 without its mark": (CSV.encode("utf-16-le"), "data", no_cells("其他程序的数据文件", "a file of another program")),
    "zip": (archive("会费.xlsx", "word/notes.txt"), "archive", UNPACK),
    "empty zip": (archive(), "archive", UNPACK),
    "rar": (b"Rar!\x1a\x07\x00\x00", "archive", UNPACK),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "archive", UNPACK),
    "gz": (b"\x1f\x8b\x08\x00", "archive", UNPACK),
}  # fmt: skip


@pytest.mark.parametrize("name", ["b.xls", "b.xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_workbook_is_named_and_says_how_to_go_on(tmp_path: Path, kind: str, name: str) -> None:
    data, observed, sentences = KINDS[kind]
    write(tmp_path / "good.xlsx", {"会费": DUES.replace("#REF!", "#15")})
    put(tmp_path, name, data)
    report = check(tmp_path)
    finding = one(report, "G024")
    assert (finding.rule, finding.severity, finding.file, finding.observed) == ("F001", "error", name, observed)
    assert said(finding) == sentences
    assert reasons(report) == {name: "F001", "good.xlsx": ""}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("csv")])
def test_nor_is_it_a_csv_by_its_name(kind: str) -> None:
    data, observed, _ = KINDS[kind]
    raw = read_bytes(data, "b.csv")
    assert (raw.problem, raw.observed) == ("F001", observed)


def test_a_workbook_that_lost_its_list_of_parts_is_damaged_and_no_archive() -> None:
    assert read_bytes(archive("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "b.xlsx").problem == "F003"


def test_an_ods_without_its_kind_is_read() -> None:
    """Some programs leave the mimetype out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OTHERS["dues.ods"])) as whole, zipfile.ZipFile(out, "w") as copy:
        for part in whole.namelist():
            if part != "mimetype":
                copy.writestr(part, whole.read(part))
    raw = read_bytes(out.getvalue(), "b.ods")
    assert raw.problem in ("", "F003")


def test_the_library_still_encrypts_what_it_opens(tmp_path: Path) -> None:
    """The tests above rest on it: a second look at what `locked` makes."""
    file = msoffcrypto.OfficeFile(io.BytesIO(locked(tmp_path)))
    assert (file.format, file.is_encrypted()) == ("ooxml", True)
