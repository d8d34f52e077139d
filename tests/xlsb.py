"""An .xlsb from rows of texts and numbers: nothing that we use writes one. LibreOffice opens it, and so it is one."""

import io
import struct
import zipfile
from collections.abc import Sequence

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/></Types>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
DIV0 = 0x07


def xlsb(name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """The workbook's bytes; "" is no cell, "#DIV/0!" an error cell."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATION.format(kind="officeDocument", target="xl/workbook.bin"))
        package.writestr("xl/workbook.bin", _book(name))
        package.writestr("xl/_rels/workbook.bin.rels", RELATION.format(kind="worksheet", target="worksheets/sheet1.bin"))
        package.writestr("xl/worksheets/sheet1.bin", _sheet(rows))
    return out.getvalue()


def _book(name: str) -> bytes:
    sheet = struct.pack("<II", 0, 1) + _text("rId1") + _text(name)
    return _record(0x83) + _record(0x8F) + _record(0x9C, sheet) + _record(0x90) + _record(0x84)


def _sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    size = struct.pack("<4I", 0, len(rows) - 1, 0, max(len(row) for row in rows) - 1)
    body = _record(0x81) + _record(0x94, size) + _record(0x91)
    for at, row in enumerate(rows):
        body += _record(0x00, struct.pack("<IIHBBBIII", at, 0, 300, 0, 0, 0, 1, 0, len(row) - 1))
        body += b"".join(_cell(column, cell) for column, cell in enumerate(row) if cell != "")
    return body + _record(0x92) + _record(0x82)


def _cell(column: int, cell: str | float) -> bytes:
    place = struct.pack("<II", column, 0)
    if cell == "#DIV/0!":
        return _record(0x03, place + bytes([DIV0]))
    return _record(0x06, place + _text(cell)) if isinstance(cell, str) else _record(0x05, place + struct.pack("<d", cell))


def _text(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record: its kind in one byte or two, its size in groups of seven bits."""
    head = bytes([kind]) if kind < 0x80 else struct.pack("<BB", kind & 0x7F | 0x80, kind >> 7)
    size, left = b"", len(data)
    while left >= 0x80:
        size, left = size + bytes([left & 0x7F | 0x80]), left >> 7
    return head + size + bytes([left]) + data
