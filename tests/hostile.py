"""Files made to break a reader, each with the verdict that it must get: "" where it is read all the same."""

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from ods import CONTENT, MANIFEST

from ledgerkit.reading.limits import LIMITS, MIB, Limits

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LINES = (
    ("Period", "Member no", "Name", "Paid", "Paid on"),
    ("2015-01", "M001", "甲", 5, "2015-01-10"),
    ("2015-02", "M001", "甲", 5, "2015-02-10"),
)
_DATA = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Hostile:
    """A file by the name of what is wrong with it: its bytes, the verdict's F code and which of the rule's sentences, under which limits."""

    name: str
    data: Callable[[], bytes]
    code: str = ""
    case: str = ""
    suffix: str = ".xlsx"
    limits: Limits = field(default=LIMITS)


def base() -> bytes:
    """An honest workbook of two dues rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2015, 12, 31)})
        sheet = book.add_worksheet("Dues")
        for row, line in enumerate(LINES):
            sheet.write_row(row, 0, line)
    return out.getvalue()


def packed(parts: Mapping[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """A package of parts; `more` may repeat a name."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, data in (*parts.items(), *more):
            package.writestr(name, data)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(part: str, change: Change) -> Callable[[], bytes]:
    """The honest workbook with one part changed."""
    return lambda: packed({name: change(data) if name == part else data for name, data in unpacked(base()).items()})


def added(**parts: bytes) -> Callable[[], bytes]:
    """The honest workbook with parts that nobody names, `_` in a name standing for a slash."""
    return lambda: packed(unpacked(base()) | {name.replace("_", "/"): data for name, data in parts.items()})


def cells(xml: str) -> Callable[[], bytes]:
    """The honest workbook with other rows."""
    return changed(SHEET, lambda data: _DATA.sub(f"<sheetData>{xml}</sheetData>".encode(), data))


def cell(place: str, inner: str = "<v>1</v>", more: str = "") -> str:
    """One cell in a row of its own, whose number the place gives."""
    row = re.sub(r"\D", "", place)
    return f'<row r="{row}"><c r="{place}"{more}>{inner}</c></row>'


def after(mark: bytes, text: bytes) -> Change:
    """Puts a text behind a mark."""
    return lambda data: data.replace(mark, mark + text, 1)


def doctype(part: str, body: str = "", encoding: str = "") -> Callable[[], bytes]:
    """The honest workbook with a document type in one part, which is written in another encoding where one is given."""

    def change(data: bytes) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>", "", data.decode())
        head = f'<?xml version="1.0" encoding="{encoding or "UTF-8"}"?>'
        return f"{head}<!DOCTYPE x {body}>{text}".encode(encoding or "utf-8")

    return changed(part, change)


def false_size() -> bytes:
    """A package whose directory says that the sheet is small; more comes out."""
    data = bytearray(changed(SHEET, after(b"<sheetData>", b" " * 8 * MIB))())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        while at >= 0:
            name = data[at + (30 if offset == 22 else 46) :][: len(SHEET)]
            if name == SHEET.encode():
                data[at + offset : at + offset + 4] = struct.pack("<I", 1024)
            at = data.find(mark, at + 4)
    return bytes(data)


def flipped(offset: int) -> bytes:
    """The honest workbook with one byte of the sheet's packed data changed."""
    data = bytearray(base())
    data[data.index(SHEET.encode()) + len(SHEET) + offset] ^= 0x55
    return bytes(data)


def container(allocations: int) -> bytes:
    """The head of an OLE2 container that says how many sectors its table of sectors has."""
    head = bytearray(1024)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head[44:48] = struct.pack("<I", allocations)
    head[68:76] = struct.pack("<II", 0xFFFFFFFE, 0)
    return bytes(head)


def circular() -> bytes:
    """A protected .xls whose table of small sectors leads from the 27th back to the first."""
    data = (Path(__file__).parent / "formats" / "structure.xls").read_bytes()
    at = data.index(struct.pack("<3I", 25, 26, 27)) + 12
    return data[:at] + struct.pack("<I", 0) + data[at + 4 :]


def spreadsheet(rows: str) -> bytes:
    """An .ods with these rows."""
    return packed_ods(CONTENT.format(name="Dues", rows=rows).encode())


def packed_ods(content: bytes) -> bytes:
    """An .ods with this content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in (
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content),
            ("META-INF/manifest.xml", MANIFEST),
        ):
            package.writestr(name, data)
    return out.getvalue()


LAUGHS = "[" + '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)) + "]"
OUTSIDE = '[<!ENTITY x SYSTEM "file:///etc/hostname">]'
VALUE = '<table:table-cell office:value-type="float" office:value="1"/>'
MANY = ' table:number-columns-repeated="100"/>'
ENDLESS = ' table:number-columns-repeated="4294967295"/>'
SMALL = Limits(part=64 * 1024, package=128 * 1024)

TOO_MUCH = (
    Hostile("spaces in a sheet", changed(SHEET, after(b"<sheetData>", b" " * 64 * MIB)), "F004", "ratio"),
    Hostile("a text of 8 MiB in a cell", cells(cell("A1", f"<is><t>{'x' * 8 * MIB}</t></is>", ' t="inlineStr"')), "F004", "ratio"),
    Hostile("a text of 1 MiB and more in a cell", cells(cell("A1", f"<is><t>{'会费' * 200_000}</t></is>", ' t="inlineStr"')), "F004", "text", limits=Limits(ratio=10_000)),
    Hostile("a text of 1 MiB and more among the texts", changed(STRINGS, lambda xml: xml.replace(b"M001", b"M" * (MIB + 1))), "F004", "text", limits=Limits(ratio=10_000)),
    Hostile("a sheet that unpacks to more than its directory says", false_size, "F003"),
    Hostile("1,001 parts", lambda: packed(unpacked(base()), *((f"media/{at}", b"") for at in range(1000))), "F004", "parts"),
    Hostile("a part over its limit", added(media_a=bytes(range(256)) * 257), "F004", "size", limits=SMALL),
    Hostile("parts that are over the limit together", added(media_a=bytes(range(256)) * 250, media_b=bytes(range(256)) * 250, media_c=bytes(range(256)) * 250), "F004", "size", limits=SMALL),
    Hostile("a file over its limit", base, "F004", "file", limits=Limits(file=1000)),
    Hostile("two million empty texts", changed(STRINGS, after(b"</si>", b"<si><t/></si>" * 2_000_000)), "F004", "ratio"),
    Hostile("texts said to be four thousand million", changed(STRINGS, lambda xml: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967295"', xml)), "F004", "strings"),
)  # fmt: skip

FAR = (
    Hostile("A1 and XFD1048576", cells(cell("A1") + cell("XFD1048576")), "F004", "cells"),
    Hostile("A1, XFD1 and A50000", cells(cell("A1") + cell("XFD1") + cell("A50000")), "F004", "cells"),
    Hostile("U1000000, a cell over the limit", cells(cell("A1") + cell("U1000000")), "F004", "cells"),
    Hostile("a far cell in single quotation marks", cells(cell("A1") + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "F004", "cells"),
    Hostile("a far cell after a line break", cells(cell("A1") + '<row\nr="1048576"><c\nr="XFD1048576"><v>1</v></c></row>'), "F004", "cells"),
    Hostile("a far cell with spaces about its equals sign", cells(cell("A1") + '<row r = "9"><c s="0" r = "XFD1048576"><v>1</v></c></row>'), "F004", "cells"),
    Hostile("a far cell in small letters", cells(cell("A1") + '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'), "F004", "cells"),
    Hostile("a far cell in a near row", cells('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'), "F004", "cells"),
    Hostile("a column beyond XFD", cells(cell("A1") + cell("ZZZZZZZ1")), "F003", "beyond"),
    Hostile("a row beyond 1048576", cells(cell("A1") + cell("A4294967295")), "F003", "beyond"),
    Hostile("a far row of a cell without an address", cells('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'), "F004", "cells"),
    Hostile("far cells that are only formatted", cells(cell("A1") + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')),
    Hostile("a hundred thousand merged ranges", changed(SHEET, after(b"</sheetData>", b"<mergeCells>" + b"".join(b'<mergeCell ref="H%d:I%d"/>' % (row, row) for row in range(1, 100_001)) + b"</mergeCells>"))),
    Hostile("a merged range over the whole grid", changed(SHEET, after(b"</sheetData>", b'<mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'))),
    Hostile("hidden columns without end", changed(SHEET, lambda xml: xml.replace(b"<sheetData>", b'<cols><col min="9" max="4294967295" hidden="1"/></cols><sheetData>', 1))),
    Hostile("an array formula over the whole grid", cells(cell("A1") + '<row r="2"><c r="A2"><f t="array" ref="A2:XFD1048576">1</f><v>1</v></c></row>')),
)  # fmt: skip

DECLARED = (
    *(Hostile(f"a document type in {part}", doctype(part), "F003", "doctype") for part in (SHEET, STRINGS, BOOK, "xl/styles.xml", "_rels/.rels", "[Content_Types].xml", "docProps/core.xml")),
    *(Hostile(f"a document type in {encoding}", doctype(SHEET, encoding=encoding), "F003", "doctype") for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-7", "latin-1")),
    Hostile("a billion laughs", doctype(SHEET, LAUGHS), "F003", "doctype"),
    Hostile("an entity from another file", doctype(SHEET, OUTSIDE), "F003", "doctype"),
    Hostile("an encoding that there is not", changed(SHEET, lambda xml: xml.replace(b"UTF-8", b"UTF-99")), "F003"),
    Hostile("a document type in an .ods", lambda: packed_ods(b"<!DOCTYPE x><x/>"), "F003", "doctype", ".ods"),
)  # fmt: skip

BROKEN = (
    Hostile("two parts of one name", lambda: packed(unpacked(base()), (SHEET, unpacked(base())[SHEET])), "F003", "twice"),
    Hostile("two parts whose names differ in capitals", lambda: packed(unpacked(base()), (SHEET.upper(), b"<x/>")), "F003", "twice"),
    Hostile("two parts whose names differ in the slash", lambda: packed(unpacked(base()), (SHEET.replace("/", "\\"), b"<x/>")), "F003", "twice"),
    *(Hostile(f"an .xlsx that holds {name} too", lambda name=name: packed(unpacked(base()), (name, b"<x/>")), "F003") for name in ("xl/workbook.bin", "content.xml")),
    Hostile("a worksheet that no sheet names", lambda: packed(unpacked(base()), ("xl/worksheets/sheet9.xml", unpacked(base())[SHEET])), "F003"),
    Hostile("a byte of the packed sheet changed", lambda: flipped(60), "F003"),
    Hostile("the last half missing", lambda: base()[: len(base()) // 2], "F003"),
    Hostile("the last byte missing", lambda: base()[:-1], "F003"),
    Hostile("70 KB of noughts behind it", lambda: base() + bytes(70_000), "F003"),
    Hostile("no relations", lambda: packed({name: data for name, data in unpacked(base()).items() if name != "_rels/.rels"}), "F003"),
    Hostile("no sheet", changed(BOOK, lambda xml: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", xml)), "F003"),
    Hostile("a sheet that breaks off", changed(SHEET, lambda xml: xml[: len(xml) // 2]), "F003"),
    Hostile("rows a hundred thousand deep", changed(SHEET, after(b"<sheetData>", b"<row>" * 100_000))),
    Hostile("relations a hundred thousand deep", changed("_rels/.rels", lambda xml: b"<a>" * 100_000 + b"</a>" * 100_000), "F003"),
    Hostile("a kind of cell that there is not", cells(cell("A1", more=' t="zzz"')), "F003"),
    Hostile("a text that is not among the texts", cells(cell("A1", "<v>99999</v>", ' t="s"')), "F003"),
    Hostile("an address that is none", cells('<row r="1"><c r="A0"><v>1</v></c></row>'), "F003"),
    Hostile("parts outside the folder", lambda: packed(unpacked(base()), ("../../outside", b"x"), ("/absolute", b"x"), ("C:\\x", b"x"))),
    Hostile("no number, a huge number", cells(cell("A1", "<v>NaN</v>") + cell("A2", "<v>1e999</v>"))),
    Hostile("a table of sectors without end, .xls", lambda: container(0xFFFFFFFF), "F003", "", ".xls"),
    Hostile("a table of sectors without end, .xlsx", lambda: container(0xFFFFFFFF), "F003"),
    Hostile("an .xls of nothing but its first bytes", lambda: container(0)[:8], "F003", "", ".xls"),
    Hostile("a table of sectors that leads round in a circle", circular, "F003", "", ".xls"),
    Hostile("an .ods with a far cell", lambda: spreadsheet(f'<table:table-row table:number-rows-repeated="1048575">{VALUE}</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/>{VALUE}</table:table-row>'), "F003", "", ".ods"),
    Hostile("an .ods whose cells repeat without end", lambda: spreadsheet(f'<table:table-row table:number-rows-repeated="4294967295">{VALUE.replace("/>", ENDLESS)}</table:table-row>'), "F003", "", ".ods"),
)  # fmt: skip

# Nothing in a package says how many cells an .ods has: it is the reading process that ends, at its limit of memory.
DEADLY = Hostile(
    "an .ods with a hundred million cells",
    lambda: spreadsheet(f'<table:table-row table:number-rows-repeated="1000000">{VALUE.replace("/>", MANY)}</table:table-row>'),
    "F005",
    suffix=".ods",
    limits=Limits(memory=400 * MIB),
)
FILES = (*TOO_MUCH, *FAR, *DECLARED, *BROKEN)
