"""What a file is by its bytes, whatever its name says."""

import re

from ledgerkit.reading.preflight import MANIFEST, Parts
from ledgerkit.reading.raw import Refused

ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "text (CSV)"
START = 2048
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_IMAGE = rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei[cx]|mif1)"
_BEGINNINGS = (
    ("PDF", re.compile(rb"\s*%PDF")),
    ("document", re.compile(rb"\s*\{\\rtf")),
    ("image", re.compile(_IMAGE, re.DOTALL)),
    ("archive", re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|PK\x05\x06")),
)
_MHTML = re.compile(rb"(?:[\w-]+:.*\n)*?mime-version:")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|table|style|meta|div)\b")
# The part by whose name each format is known, in whatever folder.
_WORKBOOKS = {".xlsx": "workbook.xml", ".xlsb": "workbook.bin", ".ods": "content.xml"}
_SPREADSHEET_XML = b"schemas-microsoft-com:office:spreadsheet"


def kind_of(data: bytes) -> str:
    """What a file that is neither a zip archive nor an OLE2 container is, by its first bytes: a word for the message."""
    start = data[:START]
    for kind, beginning in _BEGINNINGS:
        if beginning.match(start):
            return kind
    return _markup(_plain(start)) or ("data" if b"\x00" in start and not data.startswith(UTF_16) else TEXT)


def _plain(start: bytes) -> bytes:
    """The beginning of a text as lower-case bytes without a byte order mark."""
    if start.startswith(UTF_16):
        start = start.decode("utf-16", "ignore").encode()
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def _markup(start: bytes) -> str:
    """What a text in a markup language is; "" for any other text."""
    if _MHTML.match(start):
        return "MHTML"
    if not start.startswith(b"<"):
        return ""
    if start.startswith(b"<?xml") and _SPREADSHEET_XML in start:
        return "SpreadsheetML"
    if _HTML.search(start):
        return "HTML"
    return "XML" if start.startswith(b"<?xml") else ""


def spreadsheet_of(parts: Parts) -> str:
    """Which spreadsheet a package is: .xlsx (.xlsm too), .xlsb or .ods.

    Raises Refused for a zip archive that is no workbook, one with a password that cannot be given here (.ods), or one that holds the
    workbook of two formats: the engine might read the one, and what it cannot see be looked for in the other.
    """
    if b"encryption-data" in _part(parts, MANIFEST):
        raise Refused("F002", case="ods")
    found = [kind for kind, name in _WORKBOOKS.items() if any(part.rpartition("/")[2] == name for part in parts)]
    if len(found) > 1:
        raise Refused("F003")
    if "[Content_Types].xml" in parts:
        _refuse_documents(parts)
    elif "content.xml" not in parts:
        raise Refused("F003") if any(part.startswith("xl/") for part in parts) else Refused("F001", "archive")
    elif b"spreadsheet" not in _part(parts, "mimetype", b"spreadsheet"):
        raise Refused("F001", "document")
    return found[0] if found else ".xlsx"


def _refuse_documents(parts: Parts) -> None:
    for folder, kind in (("word/", "Word"), ("ppt/", "PowerPoint")):
        if any(part.startswith(folder) for part in parts):
            raise Refused("F001", kind)


def _part(parts: Parts, name: str, otherwise: bytes = b"") -> bytes:
    """A part's bytes, or others where it is not there."""
    return parts.read(name) if name in parts else otherwise
