"""What calamine cannot see, read from the parts of an .xlsx: error cells, formulas never calculated, formats that pad, names, stamps."""

import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from ledgerkit.reading.raw import Place, Truth

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb'(\w+)\s*=\s*"([^"]*)"')
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
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
    targets = _relations(package, f"{folder}/_rels/{main.rpartition('/')[2]}.rels", folder)
    parts = {sheet.attrib["name"]: targets[_attribute(sheet, "id")] for sheet in _all(book, "sheet")}
    padded = _padded_styles(package, folder)
    worksheets = {name for name in package.namelist() if re.fullmatch(rf"{folder}/worksheets/[^/]+\.xml", name)}
    return PackageFacts(
        sheets={name: scan_sheet(package.read(part), padded) for name, part in parts.items() if part in worksheets},
        names={_attribute(name, "name"): name.text or "" for name in _all(book, "definedName")},
        properties=_properties(package),
        base_1904=any(_attribute(p, "date1904") in ("1", "true") for p in _all(book, "workbookPr")),
        stray=tuple(sorted(worksheets - set(parts.values()))),
    )


def scan_sheet(xml: bytes, padded: dict[bytes, int]) -> Truth:
    """The Truth of a sheet's XML; a byte search decides whether its cells need to be walked at all."""
    if b't="e"' not in xml and not _HAS_FORMULA.search(xml) and not any(b's="' + style + b'"' in xml for style in padded):
        return Truth()
    errors: dict[Place, str] = {}
    uncalculated: set[Place] = set()
    padding: dict[Place, int] = {}
    for found in _CELL.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        place = _place(attributes.get(b"r", b"").decode())
        if place is None:
            continue
        body = found[2] or b""
        value = _VALUE.search(body)
        if attributes.get(b"t") == b"e":
            errors[place] = value[1].decode() if value else "#N/A"
        elif _HAS_FORMULA.search(body) and attributes.get(b"t") != b"str" and not (value and value[1]):
            uncalculated.add(place)
        elif width := padded.get(attributes.get(b"s", b"")):
            padding[place] = width
    return Truth(errors, frozenset(uncalculated), padding)


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


def _padded_styles(package: zipfile.ZipFile, folder: str) -> dict[bytes, int]:
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
    return {str(index).encode(): widths[number] for index, number in enumerate(used) if number in widths}


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
            relations[_attribute(relation, "Id")] = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
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
