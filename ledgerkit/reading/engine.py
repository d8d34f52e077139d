"""One file to raw cells: what kind of file it is, then python-calamine for values and truth.py for what calamine cannot see."""

import hashlib
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from ledgerkit.model.stamp import ANNOTATED, INDEX, INDEX_SHEETS
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, Truth
from ledgerkit.reading.truth import PackageFacts, place_of, read_package

ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
DAMAGE = (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, EOFError, OSError, NotImplementedError, zipfile.zlib.error)  # type: ignore[attr-defined]


def read_file(path: Path, shown: str) -> RawFile:
    """The raw cells of a file, `shown` being its relative path. Never raises for a bad file: `problem` has its F code."""
    if path.exists() and not path.is_file():
        return RawFile(shown, "", "F001", "device")
    try:
        data = path.read_bytes()
    except OSError as error:
        return RawFile(shown, "", "F003", error.strerror or str(error))
    return read_bytes(data, shown)


def read_bytes(data: bytes, shown: str) -> RawFile:
    """The raw cells of a file's bytes, as read_file."""
    digest = hashlib.sha256(data).hexdigest()
    if not data:
        return RawFile(shown, digest, "F003", "0 bytes")
    if ENCRYPTED in data and data.startswith(OLE2):
        return RawFile(shown, digest, "F002")
    if not data.startswith((ZIP, OLE2)):
        return RawFile(shown, digest, "F001", kind_of(data))
    try:
        facts = _facts(data)
        sheets = _sheets(data, facts)
    except DAMAGE as error:
        return RawFile(shown, digest, "F003", f"{type(error).__name__}")
    except NotAWorkbook as error:
        return RawFile(shown, digest, "F001", str(error))
    except Exception as error:  # CalamineError's classes share only Exception; whatever the reader says, the file cannot be read
        return RawFile(shown, digest, "F003", type(error).__name__)
    if facts is None:
        books = tuple(sheet for sheet in sheets if sheet.name not in INDEX_SHEETS.values())
        return RawFile(shown, digest, sheets=books, truthful=False, annotated=len(books) < len(sheets))
    if facts.stray or not sheets:
        return RawFile(shown, digest, "F003", ", ".join(facts.stray))
    index = place_of(facts.names.get(INDEX, "")) if ANNOTATED in facts.properties else None
    books = tuple(sheet for sheet in sheets if not index or sheet.name != index[0])
    annotated = len(books) < len(sheets)
    return RawFile(shown, digest, "", "", books, facts.properties, facts.names, facts.base_1904, annotated=annotated)


class NotAWorkbook(Exception):
    """A zip archive that holds no workbook; the text says what it holds."""


def kind_of(data: bytes) -> str:
    """What a file that is no workbook looks like, by its first bytes: a word for the message."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return "PDF"
    if b"<html" in start or start.startswith((b"<!doctype html", b"<table", b"mime-version")):
        return "HTML"
    if start.startswith(b"<?xml"):
        return "SpreadsheetML" if b"schemas-microsoft-com:office:spreadsheet" in start else "XML"
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm")):
        return "image"
    if start.startswith((b"rar!", b"7z\xbc\xaf")):
        return "archive"
    return "data" if b"\x00" in data[:2048] and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else "text (CSV)"


def _facts(data: bytes) -> PackageFacts | None:
    """The package's facts; None for .xls, .xlsb and .ods, whose parts are not read."""
    if not data.startswith(ZIP):
        return None
    package = zipfile.ZipFile(io.BytesIO(data))
    parts = package.namelist()
    is_ours = "[Content_Types].xml" in parts and not any(part.endswith("workbook.bin") for part in parts)
    if not is_ours and (damaged := package.testzip()):  # read_package checks what it inflates
        raise zipfile.BadZipFile(damaged)
    if "[Content_Types].xml" not in parts:
        if "content.xml" in parts:
            return None
        raise NotAWorkbook("archive")
    if any(part.startswith("word/") for part in parts) or any(part.startswith("ppt/") for part in parts):
        raise NotAWorkbook("Word" if any(part.startswith("word/") for part in parts) else "PowerPoint")
    return read_package(package) if is_ours else None


def _sheets(data: bytes, facts: PackageFacts | None) -> tuple[RawSheet, ...]:
    import python_calamine

    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        worksheets = [meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
        return tuple(_sheet(book.get_sheet_by_name(name), facts) for name in worksheets)


def _sheet(sheet: "object", facts: PackageFacts | None) -> RawSheet:
    rows = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    truth = facts.sheets.get(sheet.name, Truth()) if facts else Truth()  # type: ignore[attr-defined]
    _fill_broken(rows, truth)
    return RawSheet(sheet.name, rows, sheet.merged_cell_ranges or [], truth)  # type: ignore[attr-defined]


def _fill_broken(rows: list[list[Cell]], truth: Truth) -> None:
    """Puts something into error cells and formulas never calculated, which calamine gives as "" or leaves out: they are no blanks."""
    for (row, column), shown in {**truth.errors, **dict.fromkeys(truth.uncalculated, "=")}.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
        rows[row][column] = shown
