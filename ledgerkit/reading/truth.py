"""What calamine cannot see, read from the parts of an .xlsx: error cells, formulas never calculated, formats that pad, names, stamps."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from ledgerkit.reading.raw import Place, Truth

_ODD = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s>/]""")
_PADDED = re.compile(r"0{2,}")
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class PackageFacts:
    """Facts of a whole .xlsx: by sheet name its Truth; defined names, custom properties, date system; parts that no sheet names."""

    sheets: dict[str, Truth]
    names: dict[str, str]
    properties: dict[str, str]
    base_1904: bool
    stray: tuple[str, ...]


def read_package(package: zipfile.ZipFile) -> PackageFacts:
    """The facts of an .xlsx. Raises KeyError, zipfile or XML errors for a damaged one."""
    main = _main_part(package)
    folder = main.rpartition("/")[0]
    book = ElementTree.fromstring(package.read(main))
    relations = f"{folder}/_rels/{main.rpartition('/')[2]}.rels"
    targets = _relations(package, relations, folder, "/worksheet")
    named = ((_attribute(sheet, "name"), targets.get(_attribute(sheet, "id"))) for sheet in _all(book, "sheet"))
    parts = {name: part for name, part in named if part}
    padded = _padded_styles(package, folder)
    worksheets = {name for name in package.namelist() if re.fullmatch(rf"{re.escape(folder)}/worksheets/[^/]+\.xml", name)}
    return PackageFacts(
        sheets={name: scan_sheet(package.read(part), padded) for name, part in parts.items()},
        names={_attribute(name, "name"): name.text or "" for name in _all(book, "definedName")},
        properties=_properties(package),
        base_1904=any(_attribute(p, "date1904") in ("1", "true") for p in _all(book, "workbookPr")),
        stray=tuple(sorted(worksheets - set(parts.values()))),
    )


def scan_sheet(xml: bytes, padded: dict[str, int]) -> Truth:
    """The Truth of a sheet's XML; a byte search decides whether its cells need to be walked at all."""
    if not _ODD.search(xml) and not any(re.search(rb"""\bs\s*=\s*["']%s["']""" % style.encode(), xml) for style in padded):
        return Truth()
    errors: dict[Place, str] = {}
    uncalculated: set[Place] = set()
    padding: dict[Place, int] = {}
    for place, cell in _cells(xml):
        formula, value = (next((part for part in cell if part.tag.rpartition("}")[2] == name), None) for name in ("f", "v"))
        text = (value.text or "") if value is not None else ""
        if cell.get("t") == "e":
            errors[place] = text or "#N/A"
        elif formula is not None and cell.get("t") != "str" and not text:
            uncalculated.add(place)
        elif width := padded.get(cell.get("s", "")):
            padding[place] = width
    return Truth(errors, frozenset(uncalculated), padding)


def _cells(xml: bytes) -> Iterator[tuple[Place, ElementTree.Element]]:
    """Every cell with its place; one without an address stands right of the one before, a row without a number below."""
    row, column = -1, -1
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "end" and name == "c":
            place = _place(element.get("r", "")) or (row, column + 1)
            row, column = place
            yield place, element
        elif event == "end" and name == "row":
            element.clear()


def _place(address: str) -> Place | None:
    """(row, column) from 0 of an A1 address; None for anything else."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if not found:
        return None
    column = 0
    for character in found[1]:
        column = column * 26 + ord(character) - 64
    return int(found[2]) - 1, column - 1


def place_of(reference: str) -> tuple[str, Place] | None:
    """Sheet name and place of a one-cell reference such as 封面!$B$3; None for anything else."""
    sheet, _, address = reference.rpartition("!")
    place = _place(address)
    return (sheet.strip("'").replace("''", "'"), place) if place else None


def _padded_styles(package: zipfile.ZipFile, folder: str) -> dict[str, int]:
    """Cell style index → digits, for number formats that are nothing but zeros (00000)."""
    if f"{folder}/styles.xml" not in package.namelist():
        return {}
    styles = ElementTree.fromstring(package.read(f"{folder}/styles.xml"))
    widths = {
        _attribute(code, "numFmtId"): len(_attribute(code, "formatCode"))
        for code in _all(styles, "numFmt")
        if _PADDED.fullmatch(_attribute(code, "formatCode"))
    }
    formats = next(_all(styles, "cellXfs"), None)
    used = [_attribute(xf, "numFmtId") for xf in formats] if formats is not None else []
    return {str(index): widths[number] for index, number in enumerate(used) if number in widths}


def _main_part(package: zipfile.ZipFile) -> str:
    """The workbook part that the package names."""
    for target in _relations(package, "_rels/.rels", "", "/officeDocument").values():
        return target
    raise KeyError("xl/workbook.xml")


def _relations(package: zipfile.ZipFile, part: str, folder: str, kind: str = "") -> dict[str, str]:
    """Relation id → part name, of the relations whose type ends with `kind`."""
    relations = {}
    for relation in _all(ElementTree.fromstring(package.read(part.lstrip("/"))), "Relationship"):
        if _attribute(relation, "Type").endswith(kind) and _attribute(relation, "TargetMode") != "External":
            target = _attribute(relation, "Target")
            relations[_attribute(relation, "Id")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            )
    return relations


def _properties(package: zipfile.ZipFile) -> dict[str, str]:
    """The custom properties (docProps/custom.xml) as text."""
    if "docProps/custom.xml" not in package.namelist():
        return {}
    found = _all(ElementTree.fromstring(package.read("docProps/custom.xml")), "property")
    return {_attribute(item, "name"): "".join(item.itertext()) for item in found}


def _all(root: ElementTree.Element, name: str):  # type: ignore[no-untyped-def]
    """Every element of that local name, whatever its namespace (Strict and Transitional differ)."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)


def _attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute by local name, "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
