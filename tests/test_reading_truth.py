"""What calamine cannot see of a sheet, from XML as every writer writes it: each fact whole, and the scan no poorer than a full parse."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from test_reading_cells import rewritten

from ledgerkit.reading.engine import read_file
from ledgerkit.reading.formats import Format, parse
from ledgerkit.reading.raw import Truth
from ledgerkit.reading.scan import Styles, range_of, scan_sheet, walk

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def form(code: str) -> Format:
    found = parse(code)
    assert found
    return found


# Style 1 pads to five digits, 2 shows whole yuan, 3 ten thousands, 4 two decimals.
STYLES = Styles({"1": 5}, {"2": form("0"), "3": form("0!.0,"), "4": form("0.00")})

SHEET = f"""<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="{MAIN}"><sheetPr filterMode="1"/>
<sheetViews><sheetView workbookViewId="0"/></sheetViews>
<cols><col min="2" max="3" width="9" hidden="1"/><col min="5" max="5" width="12"/><col min="6" max="6" width="0"/></cols>
<sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>"e" hidden</t></is></c></row>
<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>
<row r="3" hidden="1"/>
<row r="4" ht="0" customHeight="1"><c r="A4" t="e"><v>#REF!</v></c><c r="B4" t="e"/></row>
<row r="5" customHeight="0"><c r="A5"><f>A2+1</f><v>2</v></c><c r="B5"><f>A2+1</f></c><c r="C5" t="str"><f>""</f><v></v></c></row>
<row r="6"><c r="A6"><f t="shared" ref="A6:A7" si="0">A5+1</f><v>3</v></c></row>
<row r="7"><c r="A7"><f t="shared" si="0"/><v>4</v></c><c r="D7"><f t="array" ref="D7:E8">A1:B2</f><v>4</v></c><c r="E7"><v>5</v></c></row>
<row r="8" hidden="true"><c r="A8" s="1"><v>42</v></c><c r="B8" s="1" t="s"><v>0</v></c><c r="C8" s="1"/></row>
<row r="9"><c r="A9" s="2"><v>12.34</v></c><c r="B9" s="2"><v>12</v></c><c r="C9" s="3"><v>123456</v></c><c r="D9" s="4"><v>12.345</v></c></row>
<row r="10"><c r="A10" s="4"><v>15.399999999999999</v></c><c r="B10"><v>110101199003071235</v></c><c r="C10"><v>1.10101199003E+17</v></c></row>
</sheetData>
<autoFilter ref="A1:E10"><filterColumn colId="0" hiddenButton="1"/><filterColumn colId="1"><filters><filter val="x"/></filters></filterColumn></autoFilter>
<customSheetViews><customSheetView guid="{{0}}"><autoFilter ref="A1:B2"><filterColumn colId="1"><top10 val="3"/></filterColumn></autoFilter></customSheetView></customSheetViews>
</worksheet>"""

TRUTH = Truth(
    errors={(3, 0): "#REF!", (3, 1): "#N/A"},
    uncalculated=frozenset({(4, 1)}),
    padding={(7, 0): 5},
    formulas=(((4, 0), (6, 0)), ((4, 1), (4, 1)), ((4, 2), (4, 2)), ((6, 3), (7, 4))),
    shown={(8, 0): "12", (8, 2): "12.3", (8, 3): "12.35"},
    hidden_rows=((1, 3), (7, 7)),
    hidden_columns=((1, 2), (5, 5)),
    filters=(((0, 0), (9, 4)),),
)


def test_every_fact_of_a_sheet() -> None:
    assert scan_sheet(SHEET.encode(), STYLES) == TRUTH


def shuffled(xml: str) -> str:
    """Attributes in reverse order."""
    return re.sub(r"<(\w+)((?: [\w:]+=\"[^\"]*\")+)", lambda m: f"<{m[1]} " + " ".join(reversed(re.findall(r'[\w:]+="[^"]*"', m[2]))), xml)


@pytest.mark.parametrize(
    ("writer", "change"),
    [
        ("single quotes", lambda xml: re.sub(r"<[^>]*>", lambda m: m[0].replace('"', "'"), xml)),
        ("a prefix", lambda xml: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")),
        ("attributes in another order", shuffled),
        ("line breaks inside tags", lambda xml: re.sub(r" (\w+)=\"", r'\n\t\1 = "', xml).replace("?xml\n\tversion", "?xml version")),
        ("one line", lambda xml: xml.replace("\n", "")),
        ("no cell addresses but in gaps", lambda xml: re.sub(r'<c r="(?!D7|D9|E7)[A-Z]+\d+"', "<c", xml)),
        ("no row numbers", lambda xml: re.sub(r'<row r="\d+"', "<row", xml)),
        ("neither addresses nor numbers", lambda xml: re.sub(r'<(row|c) r="(?!D7|D9|E7)\w+"', r"<\1", xml)),
        ("false where nothing is hidden", lambda xml: re.sub(r'<row r="(\d+)"(?! h)', r'<row r="\1" hidden="false" ht="12.8"', xml)),
        ("a comment", lambda xml: xml.replace("<sheetData>", '<!-- <sheetData> <row r="1" hidden="1"> --><sheetData>')),
        ("character data", lambda xml: xml.replace("<v>#REF!</v>", "<v><![CDATA[#REF!]]></v>")),
        ("spaces in the end tag", lambda xml: xml.replace("</sheetData>", "</sheetData >")),
        ("markup beside the value", lambda xml: xml.replace("<v>", '<v xml:space="preserve">')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_same_facts_whoever_wrote_the_sheet(writer: str, change: Callable[[str], str]) -> None:
    changed = change(SHEET)
    assert changed != SHEET
    assert scan_sheet(changed.encode(), STYLES) == TRUTH, writer


def test_the_same_facts_in_another_encoding() -> None:
    assert scan_sheet(SHEET.replace("UTF-8", "UTF-16").encode("utf-16"), STYLES) == TRUTH


def test_a_format_of_the_style_that_cells_have_without_saying_so() -> None:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1.5</v></c><c r="B1" s="0"><v>2.5</v></c></row></sheetData></worksheet>'
    assert scan_sheet(xml.encode(), Styles({}, {"0": form("0")})) == Truth(shown={(0, 0): "2", (0, 1): "3"})


@pytest.mark.parametrize(
    ("stored", "whole_yuan", "two_decimals"),
    [
        ("5.0000000000000003E-2", "0", None),  # as Excel writes 0.05
        ("1.2345678900000001E4", "12346", "12345.68"),
        ("0.10000000000000001", "0", None),
        ("15.399999999999999", "15", None),
        ("12.345599999999999", "12", "12.35"),
        ("15.0", None, None),
        ("15", None, None),
    ],
)
def test_numbers_as_excel_and_others_write_them(stored: str, whole_yuan: str | None, two_decimals: str | None) -> None:
    cells = f'<c r="A1" s="2"><v>{stored}</v></c><c r="B1" s="4"><v>{stored}</v></c>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    found = {(0, 0): whole_yuan, (0, 1): two_decimals}
    assert scan_sheet(xml.encode(), STYLES).shown == {place: shown for place, shown in found.items() if shown is not None}


@pytest.mark.parametrize("cells", ["<sheetData/>", "<sheetData></sheetData>", ""])
def test_a_sheet_without_cells(cells: str) -> None:
    assert scan_sheet(f'<worksheet xmlns="{MAIN}">{cells}</worksheet>'.encode(), STYLES) == Truth()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ('<autoFilter ref="A1:B9"/>', ()),
        ('<autoFilter ref="A1:B9"><filterColumn colId="0" hiddenButton="1"/></autoFilter>', ()),
        ('<autoFilter ref="A1:B9"><filterColumn colId="0"><customFilters><customFilter val="3"/></customFilters></filterColumn></autoFilter>',
         (((0, 0), (8, 1)),)),
        ('<autoFilter ref="$A$1:$B$9"><filterColumn colId="0"><top10 val="3"/></filterColumn><filterColumn colId="1"><filters blank="1"/></filterColumn></autoFilter>',
         (((0, 0), (8, 1)),)),
    ],
)  # fmt: skip
def test_a_filter_counts_when_it_has_criteria(filters: str, found: tuple[object, ...]) -> None:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData/>{filters}</worksheet>'
    assert scan_sheet(xml.encode(), Styles()).filters == found


def test_a_filter_in_place_by_criteria_kept_elsewhere() -> None:
    """The sheet says only that it is filtered: its range is the rows that are hidden."""
    rows = '<row r="1"/><row r="2" hidden="1"/><row r="3"/><row r="4" hidden="1"/>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetPr filterMode="1"/><sheetData>{rows}</sheetData></worksheet>'
    assert scan_sheet(xml.encode(), Styles()).filters == (((1, 0), (3, 0)),)
    assert scan_sheet(xml.replace(' hidden="1"', "").encode(), Styles()).filters == ()


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("A3:K20", ((2, 0), (19, 10))),
        ("$B$2", ((1, 1), (1, 1))),
        ("XFD1048576", ((1048575, 16383), (1048575, 16383))),
        ("", None),
        ("A0", None),
        ("A:C", None),
        ("A1:", ((0, 0), (0, 0))),
        ("ABCD1", None),
    ],
)
def test_a_range(reference: str, found: object) -> None:
    assert range_of(reference) == found


CELLS = st.builds(
    "<c{}{}{}>{}</c>".format,
    st.sampled_from(["", ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="5"']),
    st.sampled_from(["", ' t="n"', ' t="str"', ' t="e"', ' t="s"']),
    st.sampled_from(["", ' cm="1"']),
    st.builds(
        "{}{}".format,
        st.sampled_from(["", "<f>A1</f>", "<f/>", '<f t="shared" si="1"/>', '<f t="array" ref="B2:B4">A1</f>']),
        st.one_of(
            st.just(""),
            st.just("<v></v>"),
            st.builds("<v>{}</v>".format, st.decimals(-1_000_000, 1_000_000, places=3)),
            st.builds("<v>{!r}</v>".format, st.floats(-1e6, 1e6)),
            st.builds("<v>{}</v>".format, st.integers(0, 10**19)),
        ),
    ),
)
ROWS = st.builds(
    lambda attributes, cells: (attributes, cells),
    st.sampled_from(["", ' hidden="1"', ' hidden="0"', ' ht="0"', ' s="2" customFormat="1"']),
    st.lists(CELLS, max_size=4),
)


BELOW = st.sampled_from(
    [
        '<autoFilter ref="A1:B3"><filterColumn colId="0"><filters><filter val="甲"/></filters></filterColumn></autoFilter>',
        '<autoFilter ref="A1:B9"/>',
        '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
        '<conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1&gt;0</formula></cfRule></conditionalFormatting>',
        '<dataValidations count="1"><dataValidation sqref="A1"><formula1>1</formula1></dataValidation></dataValidations>',
        "<pageMargins/>",
    ]
)


@given(st.lists(ROWS, max_size=6), st.lists(BELOW, max_size=4), st.booleans())
def test_the_scan_sees_what_a_full_parse_sees(rows: list[tuple[str, list[str]]], below: list[str], self_closed: bool) -> None:
    """What the byte scan leaves out holds nothing: no fact is lost, none moves."""
    lines = []
    for number, (attributes, cells) in enumerate(rows, 1):
        named = "".join(cell.replace("<c", f'<c r="{letter}{number}"', 1) for letter, cell in zip("ABCD", cells, strict=False))
        named = re.sub(r"<c([^>]*)></c>", r"<c\1/>", named) if self_closed else named
        lines.append(f'<row r="{number}"{attributes}>{named}</row>' if named or not self_closed else f'<row r="{number}"{attributes}/>')
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{"".join(below)}</worksheet>'.encode()
    assert scan_sheet(xml, STYLES) == walk(xml, STYLES).truth()


@pytest.mark.parametrize("end", ["", "</dataValidations>", "</worksheet", "</worksheet>甲"])
def test_a_sheet_that_does_not_end_is_no_xml(end: str) -> None:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"/></sheetData><dataValidations><dataValidation/>{end}'.encode()
    with pytest.raises(expat.ExpatError):
        scan_sheet(xml, STYLES)


def only(path: Path) -> Truth:
    """The Truth of a workbook's first sheet."""
    return read_file(path, path.name).sheets[0].truth


def test_what_openpyxl_writes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a", "b"], [1.5, 2], ["=A2", 110101199003071235], [None, "x"], [3, "#N/A"]):
        sheet.append(row)
    sheet["A2"].number_format = "0"
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:B5"
    sheet.auto_filter.add_filter_column(0, ["3"])
    sheet.sheet_state = "veryHidden"
    book.create_sheet("seen")
    book.save(tmp_path / "b.xlsx")
    assert only(tmp_path / "b.xlsx") == Truth(
        errors={(4, 1): "#N/A"},
        uncalculated=frozenset({(2, 0)}),
        formulas=(((2, 0), (2, 0)),),
        shown={(1, 0): "2"},
        hidden_rows=((3, 3),),
        hidden_columns=((1, 1),),
        filters=(((0, 0), (4, 1)),),
        state="veryHidden",
    )


def test_what_xlsxwriter_writes(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as book:
        sheet = book.add_worksheet()
        book.add_worksheet("seen").activate()
        sheet.write_column(0, 0, ["a", 1, 2])
        sheet.write_number(1, 1, 12.34, book.add_format({"num_format": "#,##0"}))
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_array_formula(0, 3, 2, 3, "{=A1:A3}", None, 1)
        sheet.write_formula(0, 4, "=A2", None, 1)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("C:D", None, None, {"hidden": True})
        sheet.hide()
    assert only(tmp_path / "b.xlsx") == Truth(
        errors={(2, 1): "#DIV/0!"},
        formulas=(((0, 3), (2, 3)), ((0, 4), (0, 4)), ((2, 1), (2, 1))),
        shown={(1, 1): "12"},
        hidden_rows=((1, 1),),
        hidden_columns=((2, 3),),
        state="hidden",
    )


def test_a_filter_in_a_table_is_a_filter(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.add_table("B2:C5", {"data": [["a", 1], ["b", 2], ["c", 3]]})
        sheet.set_row(3, None, None, {"hidden": True})
    path = tmp_path / "b.xlsx"
    assert only(path) == Truth(hidden_rows=((3, 3),))
    criteria = '<filterColumn colId="0"><filters><filter val="a"/></filters></filterColumn></autoFilter>'
    rewritten(path, lambda xml: xml.replace('<autoFilter ref="B2:C5"/>', f'<autoFilter ref="B2:C5">{criteria}'), "xl/tables/table1.xml")
    assert only(path) == Truth(hidden_rows=((3, 3),), filters=(((1, 1), (4, 2)),))


def test_a_clean_sheet_has_nothing_to_say(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.autofilter(0, 0, 3, 1)
        sheet.write_column(0, 0, ["a", 1, 2.5])
        sheet.write_number(1, 1, 12.34, book.add_format({"num_format": "#,##0.00"}))
    assert only(tmp_path / "b.xlsx") == Truth()
