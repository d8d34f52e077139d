"""One file to raw cells: what kind of file it is, then python-calamine for values and truth.py for what calamine cannot see."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ledgerkit.model.stamp import ANNOTATED, INDEX, INDEX_SHEETS
from ledgerkit.reading.delimited import read_delimited
from ledgerkit.reading.kind import OLE2, TEXT, ZIP, kind_of, spreadsheet_of
from ledgerkit.reading.limits import LIMITS, Limits
from ledgerkit.reading.locks import unlocked
from ledgerkit.reading.preflight import Parts, refuse_false_container, refuse_unfit
from ledgerkit.reading.raw import Cell, RawFile, RawSheet, Refused, Truth
from ledgerkit.reading.truth import PackageFacts, place_of, read_package

DELIMITED = ".csv"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", DELIMITED)


def read_file(path: Path, shown: str, passwords: Sequence[str] = (), limits: Limits = LIMITS) -> RawFile:
    """The raw cells of a file, `shown` being its relative path. Never raises for a bad file: `problem` has its F code."""
    try:
        refuse_unfit(path, limits)
        before, data, after = path.stat(), path.read_bytes(), path.stat()
    except Refused as refused:
        return RawFile(shown, digest(path), refused.code, refused.observed, case=refused.case)
    except OSError as error:
        return RawFile(shown, "", "F003", error.strerror or str(error))
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or len(data) != after.st_size:
        return RawFile(shown, hashlib.sha256(data).hexdigest(), "F009")
    return read_bytes(data, shown, passwords, limits)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces; "" for what is no file of its own."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_bytes(data: bytes, shown: str, passwords: Sequence[str] = (), limits: Limits = LIMITS) -> RawFile:
    """The raw cells of a file's bytes, as read_file. The name decides only whether a text is a .csv."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not data:
        return RawFile(shown, sha256, "F003", "0 bytes")
    try:
        return _read(data, shown, sha256, passwords, limits)
    except Refused as refused:
        return RawFile(shown, sha256, refused.code, refused.observed, case=refused.case)
    except MemoryError:  # a limit, and no damage
        raise
    except Exception as error:  # zip, XML and CalamineError's classes share only Exception; whatever they say, the file cannot be read
        return RawFile(shown, sha256, "F003", type(error).__name__)


def _read(data: bytes, shown: str, sha256: str, passwords: Sequence[str], limits: Limits) -> RawFile:
    if data.startswith(OLE2):
        refuse_false_container(data)
        data = unlocked(data, passwords)
    if not data.startswith((ZIP, OLE2)):
        kind = kind_of(data)
        if kind == TEXT and shown.lower().endswith(DELIMITED):
            return read_delimited(data, shown, sha256)
        raise Refused("F001", kind)
    facts = _facts(data, limits)
    sheets = _sheets(data, facts)
    if facts is None:
        books = tuple(sheet for sheet in sheets if sheet.name not in INDEX_SHEETS.values())
        return RawFile(shown, sha256, sheets=books, truthful=False, annotated=len(books) < len(sheets))
    if facts.stray or not sheets:
        raise Refused("F003", ", ".join(facts.stray))
    index = place_of(facts.names.get(INDEX, "")) if ANNOTATED in facts.properties else None
    books = tuple(sheet for sheet in sheets if not index or sheet.name != index[0])
    annotated = len(books) < len(sheets)
    return RawFile(shown, sha256, "", "", books, facts.properties, facts.names, facts.base_1904, annotated=annotated)


def _facts(data: bytes, limits: Limits) -> PackageFacts | None:
    """The package's facts, every part inflated under limits and whole; None for .xls, .xlsb and .ods, in whose parts nothing is looked for."""
    if data.startswith(OLE2):
        return None
    parts = Parts(zipfile.ZipFile(io.BytesIO(data)), limits)
    if spreadsheet_of(parts) == ".xlsx":
        return read_package(parts)
    parts.check_rest()
    return None


def _sheets(data: bytes, facts: PackageFacts | None) -> tuple[RawSheet, ...]:
    import python_calamine

    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        worksheets = [meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
        return tuple(_sheet(book.get_sheet_by_name(name), facts) for name in worksheets)


def _sheet(sheet: "object", facts: PackageFacts | None) -> RawSheet:
    rows = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    truth = facts.sheets.get(sheet.name, Truth()) if facts else Truth()  # type: ignore[attr-defined]
    _fill_broken(rows, truth)
    rows = rows if facts else [[_as_in_xlsx(cell) for cell in row] for row in rows]
    return RawSheet(sheet.name, rows, sheet.merged_cell_ranges or [], truth)  # type: ignore[attr-defined]


def _as_in_xlsx(cell: Cell) -> Cell:
    """A cell of another format as an .xlsx would give it: .xls keeps small whole numbers as int, and every number is to be read alike."""
    return float(cell) if type(cell) is int else cell


def _fill_broken(rows: list[list[Cell]], truth: Truth) -> None:
    """Puts something into error cells and formulas never calculated, which calamine gives as "" or leaves out: they are no blanks."""
    for (row, column), shown in {**truth.errors, **dict.fromkeys(truth.uncalculated, "=")}.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
        rows[row][column] = shown
