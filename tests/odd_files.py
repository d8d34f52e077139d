"""Odd files: other formats, passwords, what is no workbook, what was damaged on the way, what was sent twice."""

import io
import os
import zipfile
from pathlib import Path

import hostile
from books import Grid, cover, write
from hostile import Hostile
from msoffcrypto.format.ooxml import OOXMLFile
from odd import GOOD, Case, Put, Section, book, file, sheet
from xlsb import xlsb

FORMATS = Path(__file__).parent / "formats"
DUES = sheet("dues")
HEAD = ",".join(DUES[0])
ROW = "2015-03,M001,王小明,15,2015-03-10"
XML2003 = '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


def package(*parts: str) -> bytes:
    """A zip archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return out.getvalue()


def text(*lines: str, encoding: str = "utf-8") -> Put:
    """A .csv of these lines."""
    return beside_cover(file(".csv", "\r\n".join((*lines, "")).encode(encoding)))


def sample(name: str) -> Put:
    """A workbook that LibreOffice wrote."""
    return beside_cover(file(Path(name).suffix, (FORMATS / name).read_bytes()))


def beside_cover(put: Put) -> Put:
    """A file without a cover, whose branch is that of the cover beside it."""

    def after(folder: Path, name: str) -> None:
        put(folder, name)
        write(folder / "cover.xlsx", {"封面": cover(branch_code=name, year="2015")})

    return after


def binary(folder: Path, name: str) -> None:
    """An .xlsb with an error cell."""
    cells = [[*DUES[0]], *([f"2015-{month}", "B1", "周某", paid, "2015-03-10"] for month, paid in (("02", "#DIV/0!"), ("03", 15.0)))]
    beside_cover(file(".xlsb", xlsb("会费", cells)))(folder, name)


def locked(folder: Path, name: str) -> None:
    """An .xlsx that is encrypted as Excel does it."""
    path = book(DUES)(folder, name)
    out = io.BytesIO()
    with Path(str(path)).open("rb") as handle:
        OOXMLFile(handle).encrypt("工会2015", out)
    Path(str(path)).write_bytes(out.getvalue())


def cut(folder: Path, name: str) -> None:
    """A workbook of which half arrived."""
    path = Path(str(book(DUES)(folder, name)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(folder: Path, name: str) -> None:
    """A workbook one part of which no longer has its checksum."""
    path = Path(str(book(DUES)(folder, name)))
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at] ^= 0x55
    path.write_bytes(data)


def made(broken: Hostile) -> Put:
    """A file made to break a reader."""
    return file(broken.suffix, broken.data())


def a_link(folder: Path, name: str) -> None:
    """A link to a workbook outside the folder."""
    os.symlink("/elsewhere.xlsx", folder / f"{name}.xlsx")


def twice(folder: Path, name: str) -> None:
    """One branch's dues, and a copy of them under another name."""
    pages: dict[str, str | Grid] = {"封面": cover(branch_code=name, year="2015"), "会费": DUES}
    write(folder / f"{name}.xlsx", pages)
    write(folder / f"{name} 副本.xlsx", pages)


def last_year(folder: Path, name: str) -> None:
    """A workbook whose cover is of the year before."""
    rows = [{**row, "period": "2014-03", "paid_on": "2014-03-10d"} for row in GOOD["dues"]]
    write(folder / f"{name}.xlsx", {"封面": cover(branch_code=name, year="2014"), "会费": sheet("dues", rows=rows)})


OTHER = Section(
    "其他格式",
    "Other formats",
    (
        Case(".xls（LibreOffice）：编号存成数字，一格公式出错", ".xls (of LibreOffice): a code kept as a number, an error cell", sample("dues.xls")),
        Case(".ods：同上一份工作簿", ".ods: the same workbook", sample("dues.ods")),
        Case(".xlsb：一格公式出错", ".xlsb: an error cell", binary),
        Case(".csv，UTF-8", ".csv in UTF-8", text(HEAD, ROW), quiet=True),
        Case(".csv，UTF-8 带 BOM", ".csv in UTF-8 with its mark", text(HEAD, ROW, encoding="utf-8-sig"), quiet=True),
        Case(".csv，GB18030", ".csv in GB18030", text(HEAD, ROW, encoding="gb18030"), quiet=True),
        Case(".csv，UTF-16", ".csv in UTF-16", text(HEAD, ROW, encoding="utf-16"), quiet=True),
        Case(".csv：一格公式出错", ".csv: an error cell", text(HEAD, ROW.replace(",15,", ",#REF!,"))),
        Case(".csv 的编码前后不一", ".csv of two encodings", file(".csv", f"{HEAD}\n".encode() + ROW.encode("gb18030"))),
        Case(".csv 的分隔符不明", ".csv whose separator is not certain", text("会员编号,姓名;实缴会费", "M001,甲;15")),
        Case(".csv 的引号没有配对", ".csv with a quotation mark that is not closed", text(HEAD, ROW.replace("王小明", '"王小明'))),
        Case(".csv 的金额有千位分隔符而没有引号", ".csv with 1,200.50 and no quotation marks", text(HEAD, ROW.replace(",15,", ",1,200.50,"))),
        Case(".csv 没有任何台账的表头", ".csv of no ledger", text("姓名,电话", "甲,12345")),
        Case(".xlsx 改名为 .xls：按内容读", "an .xlsx renamed .xls: read by its content", lambda folder, name: Path(str(book(DUES)(folder, name))).rename(folder / f"{name}.xls"), quiet=True),
    ),
)  # fmt: skip

NONE = Section(
    "不是工作簿的文件",
    "Files that are no workbook",
    (
        Case("网页改名为 .xls", "a web page renamed .xls", file(".xls", b"<html><body><table></table></body></html>")),
        Case("网页（MHTML）改名为 .xls", "a web page (MHTML) renamed .xls", file(".xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n")),
        Case("SpreadsheetML 改名为 .xls", "SpreadsheetML renamed .xls", file(".xls", XML2003.encode())),
        Case("XML 改名为 .xls", "XML renamed .xls", file(".xls", b'<?xml version="1.0"?><a/>')),
        Case("CSV 改名为 .xls", "CSV renamed .xls", file(".xls", f"{HEAD}\n{ROW}\n".encode("gb18030"))),
        Case("PDF 改名为 .xls", "a PDF renamed .xls", file(".xls", b"%PDF-1.4\n%\xe2\xe3")),
        Case("图片改名为 .xlsx", "a picture renamed .xlsx", file(".xlsx", b"\x89PNG\r\n\x1a\n\x00\x00")),
        Case("Word 文档改名为 .xlsx", "a Word document renamed .xlsx", file(".xlsx", package("[Content_Types].xml", "word/document.xml"))),
        Case("演示文稿改名为 .xlsx", "slides renamed .xlsx", file(".xlsx", package("[Content_Types].xml", "ppt/presentation.xml"))),
        Case("RTF 文档改名为 .xls", "an RTF document renamed .xls", file(".xls", b"{\\rtf1\\ansi x}")),
        Case("压缩包改名为 .xlsx", "an archive renamed .xlsx", file(".xlsx", package("会费.txt"))),
        Case("其他程序的文件", "a file of another program", file(".xls", b"\x00\x01\x02\x03" * 100)),
        Case("管道或设备，没有内容可读", "a pipe in place of a file", lambda folder, name: os.mkfifo(folder / f"{name}.xlsx")),
        Case("链接，不是文件本身", "a link in place of a file", a_link),
    ),
)  # fmt: skip

SPOILT = Section(
    "打不开的和重复的文件",
    "Files that cannot be opened, or that were sent twice",
    (
        Case("设有打开密码的 .xlsx", "an .xlsx with a password to open", locked),
        Case("设有打开密码的 .xls", "an .xls with a password to open", sample("locked.xls")),
        Case("设有打开密码的 .ods", "an .ods with a password to open", sample("locked.ods")),
        Case("没有内容的文件", "a file of no bytes", file(".xlsx", b"")),
        Case("只传了一半的文件", "a file of which half arrived", cut),
        Case("传输中坏了一个字节", "one byte damaged on the way", flipped),
        Case("同一份账报了两次", "books sent twice", twice),
        Case("上一年度的账", "last year's books", last_year),
        Case("没有台账的工作簿", "a workbook of no ledger", book([["联系人", "电话"], ["甲", "12345"]])),
    ),
)

MADE_TO_BREAK = Section(
    "专门用来使程序出错的文件",
    "Files made to break a program",
    tuple(
        Case(zh, name, made(next(broken for broken in hostile.FILES if broken.name == name)))
        for zh, name in (
            ("A1 和 XFD1048576 两个单元格", "A1 and XFD1048576"),
            ("单元格在 Excel 表格范围之外", "a column beyond XFD"),
            ("几十 KB 展开后是 64 MB 空格", "spaces in a sheet"),
            ("由 1,001 个以上的部分组成", "1,001 parts"),
            ("声称有四十多亿条文字", "texts said to be four thousand million"),
            ("引用其他文件的声明", "an entity from another file"),
            ("两个同名的部分", "two parts of one name"),
        )
    ),
)

FILES = (OTHER, NONE, SPOILT, MADE_TO_BREAK)
