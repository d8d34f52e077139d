"""Odd runs: paths, passwords, years and copies that a command refuses or says something of."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from books import cover, write
from odd import GOOD, book, sheet
from odd_files import FORMATS, locked
from openpyxl.comments import Comment

from ledgerkit.locale import Lang
from ledgerkit.model.stamp import KIND, TEMPLATE, VERSION

Look = Callable[[Path, Lang], Iterator[str]]
DUES = sheet("dues")


@dataclass(frozen=True)
class Deed:
    """What is odd, in both languages; what puts the files into a folder; command lines, and looks at what they wrote."""

    zh: str
    en: str
    put: Callable[[Path], object]
    lines: Sequence[str | Look]


def good(folder: Path) -> None:
    """One workbook without a fault."""
    book(DUES)(folder, "b")


def bad(folder: Path) -> None:
    """One workbook with a bad cell."""
    book(sheet("dues", {"paid": "#REF!"}))(folder, "b")


def years(folder: Path) -> None:
    """Two workbooks of two years."""
    for year in ("2014", "2015"):
        rows = [{**row, "period": f"{year}-03", "paid_on": f"{year}-03-10d"} for row in GOOD["dues"]]
        write(folder / f"{year}.xlsx", {"封面": cover(branch_code=year, year=year), "会费": sheet("dues", rows=rows)})


def no_year(folder: Path) -> None:
    """A roster without a cover."""
    write(folder / "b.xlsx", {"名册": sheet("members")})


def passwords(data: bytes | None) -> Callable[[Path], None]:
    """An encrypted workbook and a password file."""

    def put(folder: Path) -> None:
        locked(folder, "b")
        if data is not None:
            (folder / "p.txt").write_bytes(data)

    return put


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """A workbook after something was done to its parts."""
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    path.write_bytes(out.getvalue())


def signed(parts: dict[str, bytes]) -> None:
    """A digital signature."""
    relation = b'<Relationship Id="s" Type="http://x/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", relation)
    parts["_xmlsignatures/origin.sigs"] = b""
    parts["_xmlsignatures/sig1.xml"] = b"<Signature/>"
    override = b'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="x/y"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)


def threaded(parts: dict[str, bytes]) -> None:
    """A thread of comments on D2."""
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="D2" personId="{1}" id="{0}"><text>?</text></threadedComment></ThreadedComments>'
    )
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = b'<Relationship Id="t" Type="' + kind + b'" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    name = "xl/worksheets/_rels/sheet2.xml.rels"
    parts[name] = parts[name].replace(b"</Relationships>", relation)


def unusual(parts: dict[str, bytes]) -> None:
    """No styles at all, as no known program writes it."""
    parts["xl/styles.xml"] = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def odd_ones(folder: Path) -> None:
    """Workbooks of which no copy can be made, or not all of one."""
    (folder / "books").mkdir()
    (folder / "books" / "damaged.xlsx").write_bytes(b"")
    (folder / "books" / "old.xls").write_bytes((FORMATS / "dues.xls").read_bytes())
    for name, change in (("signed", signed), ("unusual", unusual)):
        bad(folder / "books")
        changed((folder / "books" / "b.xlsx").rename(folder / "books" / f"{name}.xlsx"), change)
    threads(folder / "books")


def threads(folder: Path) -> None:
    """A bad cell with a thread of comments."""
    path = Path(str(book(sheet("dues", {"paid": "#REF!", "member_no": "T1"}))(folder, "threads")))
    opened = openpyxl.load_workbook(path)
    opened.worksheets[1]["D2"].comment = Comment("[Threaded comment]", "tc={0}")
    opened.save(path)
    changed(path, threaded)


def written(path: str) -> Look:
    """What an annotated copy says: its index sheet, and its comments."""

    def look(folder: Path, lang: Lang) -> Iterator[str]:
        opened = openpyxl.load_workbook(folder / path)
        for page in opened.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    link = f" -> {cell.hyperlink.location}" if cell.hyperlink else ""
                    if page is opened.worksheets[-1] and cell.value:
                        yield f"{page.title}!{cell.coordinate}: {cell.value}{link}"
                    if cell.comment:
                        yield from f"{page.title}!{cell.coordinate} # {cell.comment.text}".split("\n")

    return look


def corrected(folder: Path, lang: Lang) -> Iterator[str]:
    """The clerk types the amount into the copy and saves it."""
    opened = openpyxl.load_workbook(folder / "copies" / "b.xlsx")
    opened.worksheets[1]["D2"] = 15
    opened.save(folder / "copies" / "b.xlsx")
    yield {"zh": "（改正副本中的 D2 并保存）", "en": "(D2 of the copy is corrected and saved)"}[lang]


def answered(folder: Path, lang: Lang) -> Iterator[str]:
    """What a branch may type into its pack, row by row; beside it a file that cannot be read, and books."""
    (pack,) = (folder / "packs").iterdir()
    opened = openpyxl.load_workbook(pack)
    page = opened.worksheets[0]
    page["K4"], page["L4"] = {"zh": ("改了", "见凭证"), "en": ("done", "see the voucher")}[lang]
    page["K5"] = {"zh": "有说明", "en": "justified"}[lang]
    page["N6"] = "3/1"
    page["K7"], page["O7"] = "corrected", None
    page["K8"] = "corrected"
    opened.save(pack)
    (folder / "packs" / "damaged.xlsx").write_bytes(b"")
    (folder / "packs" / "books.xlsx").write_bytes((folder / "b.xlsx").read_bytes())
    yield {
        "zh": "（在反馈表 K4 至 O8 中填写并保存；另放入两个不是反馈表的文件）",
        "en": "(K4 to O8 of the pack are typed over and saved; two files that are no packs lie beside it)",
    }[lang]


def decided(folder: Path, lang: Lang) -> Iterator[str]:
    """What may be typed into Flags: a word that is no decision, a day that is none, one to come, a decision without its finding; then no headings."""
    opened = openpyxl.load_workbook(folder / "s.xlsx")
    page = opened.worksheets[1]
    page["P4"], page["R4"] = {"zh": ("再议", "三月初"), "en": ("later", "early March")}[lang]
    page["P5"], page["R5"] = "explained", "2999-03-01"
    page["P6"], page["T6"] = "explained", None
    opened.save(folder / "old.xlsx")
    page["T3"] = "№"
    opened.save(folder / "other.xlsx")
    (folder / "damaged.xlsx").write_bytes(b"")
    yield {
        "zh": "（在汇总的审计疑点 P4 至 T6 中填写，存为 old.xlsx；再改动表头，存为 other.xlsx）",
        "en": "(P4 to T6 of the summary's Flags are typed over, as old.xlsx; then a heading too, as other.xlsx)",
    }[lang]


def taken(folder: Path) -> None:
    """Somebody's own file where a copy would go."""
    bad(folder)
    (folder / "copies").mkdir()
    (folder / "copies" / "b.xlsx").write_bytes((folder / "b.xlsx").read_bytes())


def a_file(folder: Path) -> None:
    """A file where a folder is asked for."""
    bad(folder)
    (folder / "notes.txt").write_text("x", "utf-8")


def of_other_formats(folder: Path) -> None:
    """A workbook whose hidden parts cannot be seen."""
    (folder / "b.xls").write_bytes((FORMATS / "dues.xls").read_bytes())


def old_template(folder: Path) -> None:
    """A workbook from a template of another version."""
    book(DUES, properties={KIND: TEMPLATE, VERSION: "0"})(folder, "b")


COMMANDS = (
    Deed("没有这个文件或文件夹", "a path that is not there", lambda folder: None, ["validate nowhere"]),
    Deed("文件夹里没有工作簿", "a folder without workbooks", lambda folder: (folder / "books").mkdir(), ["validate books"]),
    Deed("没有一个文件能读", "no file that can be read", lambda folder: (folder / "b.xlsx").write_bytes(b""), ["validate ."]),
    Deed("没有问题的工作簿", "a workbook without a fault", good, ["validate ."]),
    Deed(".xls：有些内容看不到", "an .xls, of which not everything can be seen", of_other_formats, ["validate ."]),
    Deed("看不出是哪一年的账", "no year anywhere", no_year, ["reconcile . -o s.xlsx"]),
    Deed("两个年度的文件一样多", "as many files of one year as of another", years, ["validate ."]),
    Deed("密码文件", "a password file", passwords("工会2015\n".encode()), ["validate b.xlsx --password-file p.txt"]),
    Deed("密码都不对", "none of the passwords fits", passwords(b"other\n"), ["validate b.xlsx --password-file p.txt"]),
    Deed("没有这个密码文件", "a password file that is not there", passwords(None), ["validate b.xlsx --password-file p.txt"]),
    Deed("密码文件是空的", "an empty password file", passwords(b"\n"), ["validate b.xlsx --password-file p.txt"]),
    Deed(
        "密码文件的编码不明", "a password file in no known encoding", passwords(b"\xff\x00\x01"), ["validate b.xlsx --password-file p.txt"]
    ),
    Deed(
        "批注副本：标色、批注、清单；改正后再检查",
        "an annotated copy: coloured, commented, listed; corrected and checked again",
        bad,
        ["validate b.xlsx --annotate copies", written("copies/b.xlsx"), corrected, "validate copies/b.xlsx"],
    ),
    Deed(
        "批注副本：关于整个文件的疑点",
        "an annotated copy: what is said of the whole file",
        old_template,
        ["validate b.xlsx --annotate copies --quiet", written("copies/b.xlsx")],
    ),
    Deed("缺少台账", "ledgers that are missing", good, ["reconcile b.xlsx -o s.xlsx --rules G --fail-on never"]),
    Deed(
        "不能生成完整副本的文件",
        "files of which there is no copy, or not all of one",
        odd_ones,
        ["validate books --annotate copies --quiet"],
    ),
    Deed("副本文件夹里已有别人的文件", "somebody's file where a copy would go", taken, ["validate b.xlsx --annotate copies"]),
    Deed(
        "副本已经有人改过",
        "a copy that has been worked on",
        bad,
        ["validate b.xlsx --annotate copies --quiet", corrected, "validate b.xlsx --annotate copies --quiet"],
    ),
    Deed("副本会盖掉原件", "a copy in the place of an input", bad, ["validate b.xlsx --annotate ."]),
    Deed("副本文件夹是一个文件", "a file in place of the folder for copies", a_file, ["validate b.xlsx --annotate notes.txt"]),
    Deed("副本文件夹建不了", "a folder for copies that cannot be made", a_file, ["validate b.xlsx --annotate notes.txt/copies"]),
    Deed(
        "交回的整改反馈表",
        "correction packs given back",
        bad,
        [
            "reconcile b.xlsx -o s.xlsx --corrections packs --quiet --fail-on never",
            answered,
            "review s.xlsx --answers packs --fail-on never",
            "reconcile b.xlsx -o s.xlsx --corrections packs --quiet",
            "review s.xlsx --answers b.xlsx",
        ],
    ),
    Deed(
        "以前的汇总及其处理结果",
        "earlier summaries and the decisions in them",
        bad,
        [
            "reconcile b.xlsx -o s.xlsx --quiet --fail-on never",
            decided,
            *(
                f"reconcile b.xlsx -o t.xlsx --quiet --fail-on never --previous {name}.xlsx"
                for name in ("old", "other", "damaged", "b", "nowhere")
            ),
            "verify nowhere.xlsx",
        ],
    ),
    Deed(
        "文件夹里有 ledgerkit 写的结果和副本",
        "results and copies of ledgerkit in the folder",
        bad,
        [
            "reconcile b.xlsx -o summary.xlsx --quiet --fail-on never",
            "validate b.xlsx --annotate copies --quiet --fail-on never",
            "validate . --quiet --fail-on never",
            "validate copies",
            "validate summary.xlsx",
        ],
    ),
)
