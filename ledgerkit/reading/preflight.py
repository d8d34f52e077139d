"""What is looked at before any engine: the file on the disk, and each part of a package, inflated once and under limits.

A workbook of two kilobytes can make the engine ask for half a terabyte and abort its process, which no exception tells.
"""

import codecs
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ledgerkit.reading.limits import MIB, Limits
from ledgerkit.reading.raw import Refused, address, column_of

# The bytes of an OLE2 container's head.
HEADER = 512
# Old versions of OpenOffice wrote a document type here, and here alone.
MANIFEST = "META-INF/manifest.xml"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_TYPE = "<!DOCTYPE"
_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']""")
_STRINGS = re.compile(rb"""uniqueCount\s*=\s*["'](\d+)["']""")
# Among the rows of a sheet only addresses begin so. One that is neither a near one (78 columns, 199,999 rows) nor written as Excel writes it
# has every cell looked at, which takes three times as long.
_FAR = re.compile(rb""" r(?!="[AB]?[A-Z]?1?[0-9]{1,5}"|ef=")""")
_ROWS_IN = b"sheetData"
_SPACES = re.compile(rb"[\n\t\r]r")
_FILLED = re.compile(rb"""<(?:[^\s<>/:]+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'][^<>]*(?<!/)>(?!</)""")
_ROWS = re.compile(
    rb"""<(?:[^\s<>/:]+:)?row\s(?:[^<>]*?\s)?r\s*=\s*["'](\d+)["'][^<>]*(?<!/)>\s*<(?:[^\s<>/:]+:)?c[\s>](?![^<>]*\br\s*=)"""
)


def refuse_unfit(path: Path, limits: Limits) -> None:
    """Raises Refused for what is no file of its own (a link, a device, a pipe: to open one may wait for ever) or is too large."""
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode):
        raise Refused("F001", "link")
    if not stat.S_ISREG(state.st_mode):
        raise Refused("F001", "device")
    if state.st_size > limits.file:
        raise Refused("F004", _megabytes(limits.file), "file")


def refuse_false_container(data: bytes) -> None:
    """Raises Refused (F003) for an OLE2 container whose tables of sectors are larger than the file: the engine asks for as much memory as they say."""
    if len(data) < HEADER:
        raise Refused("F003")
    (shift,) = struct.unpack_from("<H", data, 30)
    tables = (struct.unpack_from("<I", data, offset)[0] for offset in (44, 64, 72))
    if shift > 12 or any(count << shift > len(data) for count in tables):
        raise Refused("F003")


class Parts:
    """The parts of a package by name, each inflated once and under limits, whether anything is looked for in it or only its checksum is compared.

    Raises Refused for a package of too many parts (F004), or with two parts of one name, of which two readers may see different ones (F003).
    """

    def __init__(self, package: zipfile.ZipFile, limits: Limits) -> None:
        self._package, self._limits = package, limits
        listed = package.infolist()
        if len(listed) > limits.parts:
            raise Refused("F004", str(len(listed)), "parts")
        self._listed = {info.filename: info for info in listed}
        if len({name.replace("\\", "/").casefold() for name in self._listed}) < len(listed):
            raise Refused("F003", case="twice")
        self._unread = dict(self._listed)
        self._inflated_in_all = 0

    def __contains__(self, name: str) -> bool:
        return name in self._listed

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises KeyError where there is none, zipfile and zlib errors where it is damaged, Refused where it is hostile."""
        info = self._listed[name]
        self._unread.pop(name, None)
        data = self._inflate(info)
        if name.endswith((".xml", ".rels")) and name != MANIFEST:
            _refuse_type(data)
        return data

    def read_cells(self, name: str) -> bytes:
        """The bytes of a part that holds a sheet. Raises as read, and Refused (F004, F003) for what no sheet of Excel's can hold."""
        data = self.read(name)
        _refuse_long(data, self._limits.text)
        _refuse_sparse(data, self._limits.cells)
        return data

    def check_texts(self, name: str) -> None:
        """Looks at the part that holds the texts of all sheets. Raises as read, and Refused (F004) for a text or a number of texts beyond reason."""
        data = self.read(name)
        _refuse_long(data, self._limits.text)
        # The engine asks for as much memory as the number says, before it has read one text.
        if any(int(number) > len(data) for number in _STRINGS.findall(data)):
            raise Refused("F004", case="strings")

    def check_rest(self) -> None:
        """Inflates every part that was not read, so that no damage is passed over. Raises as read."""
        for name in tuple(self._unread):
            self.read(name)

    def _inflate(self, info: zipfile.ZipInfo) -> bytes:
        """A part whole. No more comes out of it than its directory declares, and its checksum tells where that is false."""
        self._refuse_bomb(info)
        with self._package.open(info) as part:
            data = part.read(info.file_size + 1)
        self._inflated_in_all += len(data)
        return data

    def _refuse_bomb(self, info: zipfile.ZipInfo) -> None:
        limits, size = self._limits, info.file_size
        if size > limits.spared and size > limits.ratio * info.compress_size:
            raise Refused("F004", str(limits.ratio), "ratio")
        if size > limits.part or self._inflated_in_all + size > limits.package:
            raise Refused("F004", _megabytes(limits.part if size > limits.part else limits.package), "size")


def _megabytes(size: int) -> str:
    return f"{size // MIB:,} MB"


def _refuse_type(xml: bytes) -> None:
    """Raises Refused (F003) for a document type, which no spreadsheet program writes."""
    # One character is looked for much faster than several, and most sheets have none such.
    if (b"!" in xml and _TYPE.encode() in xml) or _TYPE in _decoded(xml):
        raise Refused("F003", case="doctype")


def _decoded(xml: bytes) -> str:
    """The text of a part that is not in UTF-8 or an encoding like it; "" of one that is. Raises LookupError for an encoding that there is not."""
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")):
        return xml.replace(b"\x00", b"").decode("latin-1")
    declared = _ENCODING.match(xml)
    if not declared or declared[1].lower() in (b"utf-8", b"us-ascii"):
        return ""
    return xml.decode(declared[1].decode(), "ignore")


def _refuse_long(xml: bytes, limit: int) -> None:
    """Raises Refused for a text of more than `limit` bytes: one that long covers a window of half of it in which no tag begins."""
    window = max(limit // 2, 1)
    for at in range(0, len(xml) - window, window):
        if xml.find(b"<", at, at + window) < 0:
            last = xml.find(b"<", at)
            length = (len(xml) if last < 0 else last) - xml.rfind(b">", 0, at) - 1
            if length > limit:
                raise Refused("F004", f"{length:,}", "text")


def _refuse_sparse(xml: bytes, limit: int) -> None:
    """Raises Refused where the cells that hold a value lie so far apart that the engine, which keeps a place for each between, runs out of memory."""
    first, last = max(xml.find(_ROWS_IN), 0), xml.rfind(_ROWS_IN)
    if not _FAR.search(xml, first, last) and not _oddly_spaced(xml, first, last):
        return
    rows, columns = _extent(xml)
    if rows > LAST_ROW or columns > LAST_COLUMN:
        raise Refused("F003", case="beyond")
    if rows * columns > limit:
        raise Refused("F004", address((rows - 1, columns - 1)), "cells")


def _oddly_spaced(xml: bytes, first: int, last: int) -> bool:
    """Whether an address may stand behind another space than a blank."""
    return any(xml.find(space, first, last) >= 0 for space in (b"\n", b"\t", b"\r")) and bool(_SPACES.search(xml, first, last))


def _extent(xml: bytes) -> tuple[int, int]:
    """The last row and the last column in which a cell holds a value, from 1. Rows that are only formatted, everyday in honest files, do not count."""
    filled = _FILLED.findall(xml)
    rows = max((int(row) for row in {row for _, row in filled}), default=1)
    # Four letters are beyond Excel's last column, whatever follows them.
    columns = max((column_of(letters.decode().upper()[:4]) + 1 for letters in {letters for letters, _ in filled}), default=1)
    return max(rows, *map(int, _ROWS.findall(xml)), 1), columns
