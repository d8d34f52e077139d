"""Annotated copies as a clerk opens them: the comment in each bad cell, the sheet that lists them, and nothing else changed."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from books import check, found, grid, reasons, write
from openpyxl.comments import Comment

from ledgerkit.audit import validate
from ledgerkit.errors import BadOutput, LedgerkitError
from ledgerkit.locale import Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.stamp import KIND, TEMPLATE, TEMPLATE_VERSION, VERSION
from ledgerkit.reading.engine import read_bytes, read_file
from ledgerkit.writing import wording
from ledgerkit.writing.annotate import annotated, check_folder, write_copies
from ledgerkit.writing.annotated.cells import coloured, coloured_before
from ledgerkit.writing.masking import masked

SAMPLES = Path(__file__).parents[1] / "samples"
DUES = """
| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    | 缴费方式 |
| M001     | 甲   | 2015-01  | 十五     | 2015-01-10d | 代扣     |
| M002     |      | 2015-01  | #15      | 2015-02-30  | 支票     |
"""
GOOD = """
| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    | 缴费方式 |
| M001     | 甲   | 2015-01  | #15      | 2015-01-10d | 代扣     |
| M002     | 乙   | 2015-01  | #15      | 2015-02-28d | 代扣     |
"""
EDITED = {"xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "docProps/custom.xml"}
RED, ORANGE = "FFFF9C96", "FFFFC08A"


def copy(path: Path, lang: Lang = "zh", folder: str = "copies", unmask: bool = False) -> Path:
    """The annotated copy of one workbook."""
    report = check(path)
    out = path.parent / folder
    write_copies(report if unmask else masked(report), out, [path], lang)
    return out / path.name


def comments(path: Path, sheet: str) -> dict[str, str]:
    """The text of every comment of a sheet."""
    return {cell.coordinate: cell.comment.text for row in openpyxl.load_workbook(path)[sheet].iter_rows() for cell in row if cell.comment}


def fills(path: Path, sheet: str) -> dict[str, str]:
    """The fill of every filled cell of a sheet."""
    cells = (cell for row in openpyxl.load_workbook(path)[sheet].iter_rows() for cell in row)
    return {cell.coordinate: cell.fill.fgColor.rgb for cell in cells if cell.fill.patternType}


def index(path: Path) -> list[list[object]]:
    """The rows of the index sheet, the last one."""
    return [list(row) for row in openpyxl.load_workbook(path).worksheets[-1].iter_rows(values_only=True)]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    return out.getvalue()


def corrected(path: Path, sheet: str, cells: dict[str, object]) -> Path:
    """The workbook as another program saves it after cells were typed."""
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)
    return path


# ---- what the clerk sees


def test_each_bad_cell_is_coloured_and_says_what_is_wrong(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": DUES}))
    assert fills(made, "会费") == dict.fromkeys(["D2", "B3", "E3", "F3"], RED)
    assert comments(made, "会费") == {
        "B3": "[ledgerkit] 数据错误 G013 必填项未填\n“姓名”此处必须填写。请填写实际内容，不要留空，也不要写“同上”。\n\n"
        "见工作表“检查结果 (ledgerkit)”第 7 行。",
        "E3": "[ledgerkit] 数据错误 G009 日期有误\n“2015-02-30”不是有效日期或超出允许范围（要求：YYYY-MM-DD）。"
        "请按“年-月-日”填写，并核对是否属于本年度。\n\n见工作表“检查结果 (ledgerkit)”第 6 行。",
        "F3": "[ledgerkit] 数据错误 G016 不在可选范围内\n“支票”不是“缴费方式”的可选值：代扣、转账、现金、扫码。请从中选择一项。\n\n"
        "见工作表“检查结果 (ledgerkit)”第 8 行。",
        "D2": "[ledgerkit] 数据错误 G008 金额或数量无法读取\n“十五”不能作为金额或数量使用（正确写法如：1234.50）。"
        "请直接填数字；金额以元为单位，最多两位小数。\n\n见工作表“检查结果 (ledgerkit)”第 9 行。",
    }


def test_the_comment_in_english(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": GOOD.replace("2015-02-28d", "2015-02-30")}), "en")
    assert comments(made, "会费") == {
        "E3": "[ledgerkit] data error G009 Date cannot be right\n“2015-02-30” cannot be right here (required: YYYY-MM-DD). "
        "Type the date as YYYY-MM-DD and check that it belongs to this year.\n\nSee row 6 of the sheet “Findings (ledgerkit)”."
    }


def test_several_findings_on_one_cell_are_one_comment_in_the_worst_colour(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": GOOD})
    place = {"file": "b.xlsx", "sheet": "会费", "ledger": "dues", "row": 2, "column": "paid", "cell": "D2"}
    findings = [
        Finding("G010", Severity.HIGH, **place, observed="15.00", expected="14.00", count=0),
        Finding("G027", Severity.LOW, **place, observed="15元", expected="15.00"),
    ]
    (tmp_path / "c.xlsx").write_bytes(annotated(path.read_bytes(), read_file(path, "b.xlsx"), findings, "en")[0])
    assert fills(tmp_path / "c.xlsx", "会费") == {"D2": ORANGE}
    assert comments(tmp_path / "c.xlsx", "会费") == {
        "D2": "[ledgerkit] high G010 Total differs from its details\nThe total says 15.00, its details add up to 14.00 (details not read: 0). "
        "Correct the total, or the row left out.\n\n"
        "low G027 Amount kept as text\n“15元” is text and was read as 15.00; Excel's own sums leave it out. Type it as a number.\n\n"
        "See row 6, 7 of the sheet “Findings (ledgerkit)”."
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_comment_says_what_is_expected_where_something_is(lang: Lang) -> None:
    """The message does, so that the comment needs no line of its own for it; G015 writes 10000 as 10,000."""
    report = validate([SAMPLES / "faults-2015" / "books"])
    telling = [finding for finding in report.findings if finding.cell and finding.expected]
    texts = [(wording.shown(finding, finding.expected, lang), wording.message(finding, lang)) for finding in telling]
    assert [pair for pair in texts if pair[0] not in pair[1] and pair[0] not in pair[1].replace(",", "")] == []
    assert len(telling) > 40


def test_the_clerks_comment_stays_above_ours_and_its_box_grows(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("会费")
        for row, line in enumerate(grid(GOOD.replace("#15", "十五"))):
            sheet.write_row(row, 0, line)
        sheet.write_comment("D2", "问过李会计：<按标准> & 月底补", {"author": "王"})
        sheet.write_comment("A1", "别动", {"author": "王"})
    made = copy(path)
    said = comments(made, "会费")
    assert said["A1"] == "别动"
    assert said["D2"].startswith("问过李会计：<按标准> & 月底补\n[ledgerkit] 数据错误 G008 ")
    assert said["D3"].startswith("[ledgerkit] 数据错误 G008 ")
    boxes = {name: vml for name, vml in parts(made.read_bytes()).items() if name.endswith(".vml")}
    before = {name: vml for name, vml in parts(path.read_bytes()).items() if name.endswith(".vml")}
    assert (len(boxes), len(before)) == (1, 1)
    (now,), (then,) = boxes.values(), before.values()
    ends = [[int(anchor.split(b",")[6]) for anchor in re.findall(rb"<x:Anchor>([^<]+)", vml)] for vml in (then, now)]
    places = re.findall(rb"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>", now)
    assert len(places) == len(set(places)) == len(said)
    assert (ends[1][0], ends[1][1] > ends[0][1] + 3) == (ends[0][0], True)


def test_a_finding_inside_a_merged_cell_stands_where_the_cell_shows(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": GOOD.replace("| M002     | 乙   |", "| M002     | ^    |")})
    finding = Finding("G013", Severity.ERROR, file="b.xlsx", sheet="会费", ledger="dues", row=3, column="name", cell="B3")
    (tmp_path / "c.xlsx").write_bytes(annotated(path.read_bytes(), read_file(path, "b.xlsx"), [finding], "zh")[0])
    assert list(comments(tmp_path / "c.xlsx", "会费")) == ["B2"]


def test_numbers_are_masked_unless_asked_for(tmp_path: Path) -> None:
    table = "| 会员编号 | 姓名 | 证件号码 | 人员状态 |\n| M001 | 甲 | 320102199001019999 | 在职 |"
    path = write(tmp_path / "b.xlsx", {"名册": table})
    assert "320***********9999" in comments(copy(path), "名册")["C2"]
    assert "320102199001019999" in comments(copy(path, folder="whole", unmask=True), "名册")["C2"]


# ---- the index sheet


def test_the_index_lists_every_finding_with_a_link_to_its_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES, "草 稿": "| x | y |\n| 1 | 2 |"})
    made = copy(path)
    rows = index(made)
    assert [row[0] for row in rows[:4]] == [
        "b.xlsx：疑点 5 条",
        "请更正标色的单元格，每格的批注写明问题所在。点下列链接可到该单元格；在任何单元格按 Ctrl+G，输入 ledgerkit_index 可回到本表。"
        "改完保存，再运行 `ledgerkit validate` 并写出本文件名（原来用了 --policy 的照样写上）：已更正的不再列出。",
        "本表在时，按文件夹检查会跳过本文件，因为原账册可能就在旁边。要把本文件作为账册上报，请先删除本表。",
        "颜色",
    ]
    assert rows[3][2:7] == ["数据错误", "重大", "较重", "一般", "提示"]
    assert rows[4] == ["严重程度", "规则", "位置（点击打开）", "疑点", "对象", "实际值", "应有值", "说明及处理办法"]
    assert [(row[0], row[1], row[2]) for row in rows[5:]] == [
        ("数据错误", "G009", "会费!E3"),
        ("数据错误", "G013", "会费!B3"),
        ("数据错误", "G016", "会费!F3"),
        ("数据错误", "F007", "草 稿"),
        ("数据错误", "G008", "会费!D2"),
    ]
    book = openpyxl.load_workbook(made)
    sheet = book.worksheets[-1]
    assert [sheet.cell(row, 3).hyperlink.location for row in range(6, 11)] == [
        "'会费'!E3",
        "'会费'!B3",
        "'会费'!F3",
        "'草 稿'!A1",
        "'会费'!D2",
    ]
    assert [sheet.cell(4, at).fill.fgColor.rgb for at in range(3, 8)] == [RED, ORANGE, "FFFFE38A", "FFBFD9F2", "FFDADFE5"]
    assert book.defined_names["ledgerkit_index"].attr_text == "'检查结果 (ledgerkit)'!$A$1"


def test_the_index_is_opened_first_and_alone(tmp_path: Path) -> None:
    """Typing in one of two selected sheets would type in both."""
    book = openpyxl.load_workbook(copy(write(tmp_path / "b.xlsx", {"会费": DUES, "备忘": "| x |"})))
    assert book.active.title == "检查结果 (ledgerkit)"
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets] == [False, False, True]


def test_a_file_without_findings_has_a_copy_that_says_so(tmp_path: Path) -> None:
    """Else the copy of an earlier run would still show findings."""
    made = copy(write(tmp_path / "b.xlsx", {"会费": GOOD}), "en")
    assert (index(made)[0][0], len(index(made)), fills(made, "会费")) == ("b.xlsx: 0 finding(s)", 5, {})


def test_the_index_takes_a_name_that_no_sheet_has(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": GOOD, "findings (LEDGERKIT)": "| x |"}), "en")
    assert openpyxl.load_workbook(made).sheetnames == ["会费", "findings (LEDGERKIT)", "Findings (ledgerkit) 2"]


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES.replace("十五", "'=1+1").replace("支票", '=HYPERLINK("http://x","y")')})
    (tmp_path / "b.xlsx").write_bytes(path.read_bytes())
    made = copy(path)
    sheet = openpyxl.load_workbook(made).worksheets[-1]
    observed = {sheet.cell(row, 6).value: sheet.cell(row, 6).data_type for row in range(6, sheet.max_row + 1)}
    assert observed["=1+1"] == "s"
    content = parts(made.read_bytes())
    assert b"<f>" not in content["xl/worksheets/ledgerkit1.xml"]
    assert "“=1+1”" in comments(made, "会费")["D2"]


def test_characters_that_xml_has_no_place_for_become_spaces(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": GOOD})
    finding = Finding(
        "G008", Severity.ERROR, file="b.xlsx", sheet="会费", ledger="dues", row=2, column="paid", cell="D2", observed="1\x0b<&>\ud8005"
    )
    (tmp_path / "c.xlsx").write_bytes(annotated(path.read_bytes(), read_file(path, "b.xlsx"), [finding], "zh")[0])
    assert "“1 <&> 5”" in comments(tmp_path / "c.xlsx", "会费")["D2"]
    assert index(tmp_path / "c.xlsx")[5][5] == "1 <&> 5"


# ---- nothing else changes


BOOKS = [*SAMPLES.glob("faults-2015/books/*"), *SAMPLES.glob("branch-2015-*/books/*"), *sorted(SAMPLES.glob("organs-*/books/*.xlsx"))[:2]]


@pytest.mark.parametrize("path", sorted(path for path in BOOKS if not read_file(path, path.name).problem), ids=lambda path: path.stem)
def test_a_copy_reads_as_its_original(path: Path) -> None:
    """Cells, what calamine cannot see, names, the template's stamp; every part that is not edited is the same bytes."""
    raw = read_file(path, path.name)
    before, findings = path.read_bytes(), masked(check(path)).findings
    data, lost = annotated(before, raw, findings, "zh")
    again = read_bytes(data, path.name)
    assert (again.sheets, again.base_1904, again.annotated, lost) == (raw.sheets, raw.base_1904, True, [])
    assert raw.names.items() <= again.names.items()
    assert raw.properties.items() <= again.properties.items()
    then, now = parts(before), parts(data)
    sheets = {name for name in then if name.startswith("xl/worksheets/")}
    assert [name for name in then if name not in EDITED | sheets and now[name] != then[name]] == []
    assert all(ElementTree.fromstring(part) is not None for name, part in now.items() if name.endswith((".xml", ".rels", ".vml")))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == raw.sha256


def test_drop_downs_of_our_template_and_its_protection_stay(tmp_path: Path) -> None:
    original = SAMPLES / "branch-2015-zh" / "books" / "市政务服务中心机关工会-2015.xlsx"
    made = tmp_path / "c.xlsx"
    raw = read_file(original, original.name)
    finding = Finding("G013", Severity.ERROR, file=raw.path, sheet="会费收缴", ledger="dues", row=5, column="remark", cell="S5")
    made.write_bytes(annotated(original.read_bytes(), raw, [finding], "zh")[0])
    for then, now in zip(openpyxl.load_workbook(original).worksheets, openpyxl.load_workbook(made).worksheets, strict=False):
        rules = [
            [(str(check.sqref), check.type, check.formula1) for check in sheet.data_validations.dataValidation] for sheet in (then, now)
        ]
        assert rules[0] == rules[1]
        assert then.protection.sheet == now.protection.sheet
        assert (then.auto_filter.ref, then.freeze_panes, then.print_title_rows) == (
            now.auto_filter.ref,
            now.freeze_panes,
            now.print_title_rows,
        )


def test_formulas_keep_their_values(tmp_path: Path) -> None:
    """A program that reads and writes the workbook anew drops them, and every formula would be G021."""
    path = write(tmp_path / "b.xlsx", {"会费": GOOD.replace("#15      | 2015-01-10d", "=7+8 -> 15 | 2015-01-32")})
    assert found(check(path)) == found(check(copy(path))) == [("G009", "E2", "2015-01-32", "YYYY-MM-DD"), ("G012", "D2", "formula", "D2")]


def test_whatever_a_workbook_holds_is_in_the_copy(tmp_path: Path) -> None:
    """Pictures, charts, sparklines and drop-downs in extensions, external links, printer settings, controls, macros: every part, every extension."""
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("会费")
        for row, line in enumerate(grid(DUES)):
            sheet.write_row(row, 0, line)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='会费'!$D$2:$D$3"})
        sheet.insert_chart("H2", chart)
        sheet.insert_textbox("H20", "形状")
        sheet.insert_button("H30", {"macro": "say", "caption": "按钮"})
        sheet.add_sparkline("G2", {"range": "'会费'!D2:D3"})
        sheet.conditional_format("D2:D3", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_table("K1:L3")
    content = parts(path.read_bytes())
    content["xl/printerSettings/printerSettings1.bin"] = b"\x00printer"
    content["xl/slicers/slicer1.xml"] = b"<slicers/>"
    content["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    content["customXml/item1.xml"] = b"<a/>"
    sheet1 = content["xl/worksheets/sheet1.xml"]
    extension = (
        b'<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/>'
    )
    content["xl/worksheets/sheet1.xml"] = sheet1.replace(b"<extLst>", b"<extLst>" + extension)
    path.write_bytes(packed(content))
    made = parts(copy(path).read_bytes())
    assert content.keys() <= made.keys()
    edited = EDITED | {"xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/drawings/vmlDrawing1.vml"}
    assert [name for name in content if name not in edited and made[name] != content[name]] == []
    assert all(re.findall(rb'uri="([^"]+)"', content[name]) == re.findall(rb'uri="([^"]+)"', made[name]) for name in content)
    assert b"{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" in made["xl/worksheets/sheet1.xml"]
    vml, said = made["xl/drawings/vmlDrawing1.vml"], {finding.cell for finding in check(path).findings}
    assert (
        vml.count(b'ObjectType="Button"'),
        vml.count(b'ObjectType="Note"'),
        made["xl/worksheets/sheet1.xml"].count(b"<legacyDrawing "),
    ) == (1, len(said), 1)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    first = copy(path).read_bytes()
    assert copy(path).read_bytes() == first == copy(path, folder="other").read_bytes()
    with zipfile.ZipFile(tmp_path / "copies" / "b.xlsx") as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


SIGNATURE = {
    "_xmlsignatures/origin.sigs": b"",
    "_xmlsignatures/_rels/origin.sigs.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    "_xmlsignatures/sig1.xml": b"<Signature/>",
}


def test_a_signature_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    content = parts(write(tmp_path / "b.xlsx", {"会费": GOOD}).read_bytes())
    relation = b'<Relationship Id="s" Type="http://x/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    content["_rels/.rels"] = content["_rels/.rels"].replace(b"</Relationships>", relation)
    override = b'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="x/y"/></Types>'
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(b"</Types>", override)
    (tmp_path / "b.xlsx").write_bytes(packed(content | SIGNATURE))
    copies = write_copies(check(tmp_path / "b.xlsx"), tmp_path / "c", [tmp_path / "b.xlsx"], "zh")
    sentence = "b.xlsx：数字签名只对原文件有效，副本中不保留。"
    assert [said.render(catalogue("zh").gettext) for said in copies.said] == [sentence]
    assert [said.render() for said in copies.said] == [
        "b.xlsx: the copy does not have the digital signature of the original, which holds for the original alone."
    ]
    assert index(tmp_path / "c" / "b.xlsx")[3][0] == sentence
    assert not any(b"_xmlsignatures" in name.encode() + part for name, part in parts((tmp_path / "c" / "b.xlsx").read_bytes()).items())


def test_a_cell_with_a_thread_is_coloured_and_its_thread_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    corrected(path, "会费", {})
    book = openpyxl.load_workbook(path)
    book["会费"]["D2"].comment = Comment("[Threaded comment]", "tc={0}")
    book.save(path)
    content = parts(path.read_bytes())
    content["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="D2" personId="{1}" id="{0}"><text>?</text></threadedComment></ThreadedComments>'
    )
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = b'<Relationship Id="t" Type="' + kind + b'" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    content[name] = content[name].replace(b"</Relationships>", relation)
    path.write_bytes(packed(content))
    copies = write_copies(check(path), tmp_path / "c", [path], "zh")
    assert [said.render(catalogue("zh").gettext) for said in copies.said] == [
        "b.xlsx：以下单元格已有会话式批注，只标色、不另加批注：会费!D2。问题内容见清单工作表。"
    ]
    assert [said.render() for said in copies.said] == [
        "b.xlsx: cells with a thread of comments are coloured but not commented: 会费!D2. What is wrong in them is on the index sheet."
    ]
    assert comments(tmp_path / "c" / "b.xlsx", "会费")["D2"] == "[Threaded comment]"
    assert fills(tmp_path / "c" / "b.xlsx", "会费")["D2"] == RED


# ---- correcting, and running again


def test_what_is_corrected_in_the_copy_is_no_longer_found(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": DUES}))
    assert len(check(made).findings) == 4
    corrected(made, "会费", {"D2": 15, "B3": "乙", "E3": "2015-02-28"})
    assert found(check(made)) == [("G016", "F3", "支票", "payroll|transfer|cash|mobile")]
    corrected(made, "会费", {"F3": "代扣"})
    assert found(check(made)) == []


def test_a_copy_of_a_corrected_copy_has_only_what_is_left(tmp_path: Path) -> None:
    """The colours and comments of the first are gone, the clerk's own comments are not; there is one index."""
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    book = openpyxl.load_workbook(path)
    book["会费"]["E3"].comment = Comment("请会计核对", "王")
    book["会费"]["F3"].comment = Comment("支票存根在柜里", "王")
    book.save(path)
    first = corrected(copy(path), "会费", {"D2": 15, "B3": "乙", "E3": "2015-02-28"})
    second = copy(first, folder="second")
    assert fills(second, "会费") == {"F3": RED}
    said = comments(second, "会费")
    assert said["E3"] == "请会计核对"
    assert said["F3"].startswith("支票存根在柜里\n[ledgerkit] 数据错误 G016 ")
    assert (sorted(said), said["F3"].count("[ledgerkit]")) == (["E3", "F3"], 1)
    assert openpyxl.load_workbook(second).sheetnames == ["会费", "检查结果 (ledgerkit)"]
    assert index(second)[0][0] == "b.xlsx：疑点 1 条"
    third = copy(corrected(second, "会费", {"F3": "代扣"}), folder="third")
    assert (fills(third, "会费"), comments(third, "会费")) == ({}, {"E3": "请会计核对", "F3": "支票存根在柜里"})


def test_an_untouched_copy_of_a_copy_says_the_same(tmp_path: Path) -> None:
    first = copy(write(tmp_path / "b.xlsx", {"会费": DUES}))
    second = copy(first, folder="second")
    assert (comments(second, "会费"), fills(second, "会费"), index(second)) == (comments(first, "会费"), fills(first, "会费"), index(first))
    vml = next(part for name, part in parts(second.read_bytes()).items() if name.endswith(".vml"))
    assert vml.count(b'ObjectType="Note"') == 4


def test_a_folder_run_leaves_copies_out_and_by_name_they_are_books(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": DUES}))
    report = check(tmp_path)
    assert (list(reasons(report)), report.left_out) == (["b.xlsx"], 1)
    assert found(check(made)) == found(check(tmp_path / "b.xlsx"))
    with pytest.raises(LedgerkitError) as refused:
        check(made.parent)
    assert (
        refused.value.render(catalogue("zh").gettext)
        == "这里只有 ledgerkit 生成的文件。请给出存放账册的文件夹，或写出某个批注副本的文件名。"
    )


def test_a_copy_without_its_index_is_the_books(tmp_path: Path) -> None:
    made = copy(write(tmp_path / "b.xlsx", {"会费": GOOD}))
    book = openpyxl.load_workbook(made)
    del book["检查结果 (ledgerkit)"]
    book.save(made)
    assert (list(reasons(check(made.parent))), found(check(made.parent))) == (["b.xlsx"], [])


def test_a_copy_of_books_whose_index_was_deleted_has_one_index_name(tmp_path: Path) -> None:
    """Excel leaves the name of a deleted sheet behind, and takes no workbook that has a name twice."""
    path = write(tmp_path / "b.xlsx", {"会费": GOOD}, names={"ledgerkit_index": "#REF!$A$1"}, properties={"ledgerkit_annotated": "0.1.0"})
    assert list(reasons(check(tmp_path))) == ["b.xlsx"]
    content = parts(copy(path).read_bytes())
    assert re.findall(rb'<definedName name="ledgerkit_index">([^<]*)', content["xl/workbook.xml"]) == [
        b"'&#26816;&#26597;&#32467;&#26524; (ledgerkit)'!$A$1"
    ]


def test_a_template_of_another_version_is_still_said_of_the_copy(tmp_path: Path) -> None:
    stamp = {KIND: TEMPLATE, VERSION: "0"}
    path = write(tmp_path / "b.xlsx", {"会费": GOOD}, properties=stamp)
    assert found(check(copy(path))) == found(check(path)) == [("G026", None, "0", TEMPLATE_VERSION)]


# ---- what is refused


def refused(folder: Path, *paths: Path) -> str:
    with pytest.raises(BadOutput) as error:
        check_folder(folder, paths)
    return error.value.render()


def test_an_input_is_never_the_place_of_a_copy(tmp_path: Path) -> None:
    path = write(tmp_path / "in" / "b.xlsx", {"会费": DUES})
    before = path.read_bytes()
    sentence = f"{path} is one of the inputs; inputs are never changed. Give --annotate another folder."
    assert refused(tmp_path / "in", path) == refused(tmp_path / "in", tmp_path / "in") == sentence
    (tmp_path / "link").symlink_to(tmp_path / "in")
    assert refused(tmp_path / "link", tmp_path / "in") == sentence.replace("in/b.xlsx", "link/b.xlsx")
    made = copy(path)
    assert refused(made.parent, made) == sentence.replace(str(path), str(made))
    assert path.read_bytes() == before


def test_a_copy_that_may_hold_corrections_is_not_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    made = copy(path)
    check_folder(made.parent, [path])
    check_folder(made.parent, [tmp_path])
    corrected(made, "会费", {"D2": 15})
    sentence = (
        f"{made} has been changed since ledgerkit wrote it and may hold corrections. Move it away, or give --annotate another folder."
    )
    assert refused(made.parent, path) == refused(made.parent, tmp_path) == sentence


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    other = write(tmp_path / "else" / "b.xlsx", {"会费": DUES})
    assert (
        refused(other.parent, path)
        == f"{other} is already there and is no annotated copy. Move it away, or give --annotate another folder."
    )
    assert refused(path, path) == f"{path} is not a folder. Give --annotate the name of a folder for the copies."


def test_a_file_that_changes_meanwhile_gets_no_copy(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    report = check(path)
    write(path, {"会费": GOOD})
    with pytest.raises(LedgerkitError, match=r"^b\.xlsx was changed while it was being checked\. Close it in Excel and run again\.$"):
        write_copies(report, tmp_path / "c", [path], "zh")
    assert not (tmp_path / "c").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = write(tmp_path / "b.xlsx", {"会费": DUES})
    (tmp_path / "c").write_text("", "utf-8")
    with pytest.raises(BadOutput) as error:
        write_copies(check(path), tmp_path / "c" / "d", [path], "zh")
    assert error.value.render() == f"{tmp_path / 'c' / 'd'} cannot be made (Not a directory). Give --annotate another folder."


def test_a_file_that_cannot_be_read_or_has_another_format_is_named(tmp_path: Path) -> None:
    write(tmp_path / "in" / "deep" / "b.xlsx", {"会费": GOOD})
    (tmp_path / "in" / "empty.xlsx").write_bytes(b"")
    report = check(tmp_path / "in")
    other = replace(report.book.sources[0], raw=replace(report.book.sources[0].raw, truthful=False))
    copies = write_copies(report, tmp_path / "c", [tmp_path / "in"], "zh")
    assert (copies.count, sorted(path.relative_to(tmp_path / "c").as_posix() for path in (tmp_path / "c").rglob("*.*"))) == (
        1,
        ["deep/b.xlsx"],
    )
    assert [said.render() for said in copies.said] == [
        "empty.xlsx: no annotated copy, because the file cannot be read. Its finding says what to do."
    ]
    report = replace(report, book=replace(report.book, sources=(other,)))
    (said,) = write_copies(report, tmp_path / "c", [tmp_path / "in"], "zh").said
    assert said.render() == (
        "deep/b.xlsx: no annotated copy can be made of this format. Open it in Excel, save it as .xlsx, and run again on that file."
    )
    assert (
        said.render(catalogue("zh").gettext) == "deep/b.xlsx：这种格式不能生成批注副本。请在 Excel 中打开，另存为 .xlsx，再检查另存的文件。"
    )


def test_a_workbook_built_as_no_known_program_does_gets_no_copy_and_the_others_do(tmp_path: Path) -> None:
    content = parts(write(tmp_path / "in" / "b.xlsx", {"会费": DUES}).read_bytes())
    content["xl/styles.xml"] = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content["xl/worksheets/sheet1.xml"] = re.sub(rb' s="\\d+"', b"", content["xl/worksheets/sheet1.xml"])
    (tmp_path / "in" / "b.xlsx").write_bytes(packed(content))
    write(tmp_path / "in" / "c.xlsx", {"会费": GOOD.replace("2015-01 ", "2015-03 ")})
    copies = write_copies(check(tmp_path / "in"), tmp_path / "out", [tmp_path / "in"], "zh")
    assert ([path.name for path in (tmp_path / "out").iterdir()], copies.count) == (["c.xlsx"], 1)
    assert [said.render() for said in copies.said] == [
        "b.xlsx: no annotated copy, because the workbook is not built as ledgerkit knows it (IndexError). "
        "Open it in Excel, save it, and run again."
    ]
    assert [said.render(catalogue("zh").gettext) for said in copies.said] == [
        "b.xlsx：工作簿的内部结构不常见（IndexError），未生成批注副本。请在 Excel 中打开并保存一次，再重新运行。"
    ]


# ---- how XML may be written


def prefixed(part: bytes) -> bytes:
    """A part as some programs write it: every element of the workbook's namespace with a prefix."""
    return re.sub(rb"<(/?)(?=[A-Za-z]+[\s/>])", rb"<\1x:", part).replace(b' xmlns="', b' xmlns:x="', 1)


def strict(part: bytes) -> bytes:
    """A part in the strict dialect of the standard."""
    office = rb"http://schemas\.openxmlformats\.org/(officeDocument|spreadsheetml)/2006/"
    return re.sub(office, rb"http://purl.oclc.org/ooxml/\1/", part).replace(b"custom-properties", b"customProperties")


@pytest.mark.parametrize("dialect", [prefixed, strict])
def test_other_ways_of_writing_the_same_workbook(tmp_path: Path, dialect: Callable[[bytes], bytes]) -> None:
    content = parts(write(tmp_path / "b.xlsx", {"会费": DUES}, properties={KIND: TEMPLATE, VERSION: TEMPLATE_VERSION}).read_bytes())
    own = [name for name in content if dialect is strict or re.match(r"xl/(workbook|styles|worksheets/\w+)\.xml", name)]
    path = tmp_path / "other.xlsx"
    path.write_bytes(packed(content | {name: dialect(content[name]) for name in own}))
    before, made = check(path), copy(path)
    after = check(made)
    assert len([finding for finding in before.findings if finding.cell]) == 4
    assert found(after) == found(before)
    content = parts(made.read_bytes())
    assert all(ElementTree.fromstring(part) is not None for name, part in content.items() if name.endswith((".xml", ".rels", ".vml")))
    whole = b"".join(content.values())
    assert b"ledgerkit_annotated" in content["docProps/custom.xml"]
    assert (b"schemas.openxmlformats.org/spreadsheetml" in whole, b"schemas.openxmlformats.org/officeDocument" in whole) == (
        (False, False) if dialect is strict else (True, True)
    )
    again = copy(made, folder="again")
    assert (found(check(again)), parts(again.read_bytes())["xl/comments1.xml"]) == (found(before), content["xl/comments1.xml"])


def styled(base: int, severity: Severity | None) -> int:
    return base + (100 if severity else 200)


def sheet(rows: str, columns: str = "", prefix: str = "") -> bytes:
    data = f"<sheetData>{rows}</sheetData>" if rows else "<sheetData/>"
    xml = f"<worksheet>{columns}{data}<pageMargins/></worksheet>"
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", xml).encode()


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_that_are_not_there_are_put_in_their_places(prefix: str) -> None:
    xml = sheet(
        '<row r="2" spans="1:2" s="7" customFormat="1"><c r="B2" s="3"><v>1</v></c><c r="D2"/></row><row r="5"/>',
        '<cols><col min="1" max="2" style="4"/></cols>',
        prefix,
    )
    marks = dict.fromkeys([(0, 0), (1, 0), (1, 1), (1, 2), (1, 5), (4, 1), (7, 2)], Severity.ERROR)
    expected = sheet(
        '<row r="1"><c r="A1" s="104"/></row>'
        '<row r="2" s="7" customFormat="1"><c r="A2" s="107"/><c r="B2" s="103"><v>1</v></c><c r="C2" s="107"/><c r="D2"/><c r="F2" s="107"/></row>'
        '<row r="5"><c r="B5" s="104"/></row><row r="8"><c r="C8" s="100"/></row>',
        '<cols><col min="1" max="2" style="4"/></cols>',
        prefix,
    )
    assert coloured(xml, marks, styled) == expected


def test_cells_and_rows_without_numbers_stand_next_to_the_one_before() -> None:
    xml = sheet("<row><c><v>1</v></c></row><row><c/><c s='2'/></row>")
    assert coloured(xml, {(1, 1): None}, styled) == sheet('<row><c><v>1</v></c></row><row><c/><c s="202"/></row>')
    assert coloured_before(xml, {2, 5}) == [(1, 1)]


def test_a_sheet_without_rows() -> None:
    assert coloured(sheet(""), {(1, 1): Severity.LOW}, styled) == sheet('<row r="2"><c r="B2" s="100"/></row>')
    assert coloured(sheet(""), {}, styled) == sheet("")
