"""What calamine cannot see, read from the parts of an .xlsx: each sheet's Truth (scan.py), names, stamps. Each part is inflated once."""

import posixpath
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from xml.etree import ElementTree

from ledgerkit.reading.formats import BUILT_IN, parse
from ledgerkit.reading.preflight import Parts
from ledgerkit.reading.raw import Place, Truth
from ledgerkit.reading.scan import Styles, place_at, scan_sheet, walk

_PADDED = re.compile(r"0{2,}")
# The engine reads its texts from the part of this name, whatever the relations say.
TEXTS = "sharedstrings.xml"


@dataclass(frozen=True)
class Relation:
    """What a part names another by: an id, the last word of the relation's type, the other's name."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True)
class PackageFacts:
    """Facts of a whole .xlsx: by sheet name its Truth; defined names, custom properties, date system; parts that no sheet names."""

    sheets: dict[str, Truth]
    names: dict[str, str]
    properties: dict[str, str]
    base_1904: bool
    stray: tuple[str, ...]


def read_package(parts: Parts) -> PackageFacts:
    """The facts of an .xlsx; every part's checksum holds. Raises KeyError, zipfile, zlib or XML errors for a damaged one, Refused for a hostile one."""
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    book = ElementTree.fromstring(parts.read(main))
    relations = _relations(parts, main)
    targets = {relation.id: relation.target for relation in relations if relation.kind == "worksheet"}
    sheets = [(sheet, targets.get(_attribute(sheet, "id"))) for sheet in _all(book, "sheet")]
    named = {_attribute(sheet, "name"): (part, _attribute(sheet, "state")) for sheet, part in sheets if part}
    styles = _styles(parts.read(f"{folder}/styles.xml")) if f"{folder}/styles.xml" in parts else Styles()
    worksheets = {name for name in parts if re.fullmatch(rf"{re.escape(folder)}/worksheets/[^/]+\.xml", name)}
    facts = PackageFacts(
        sheets={name: replace(_truth(parts, part, styles), state=state or "visible") for name, (part, state) in named.items()},
        names={_attribute(name, "name"): name.text or "" for name in _all(book, "definedName")},
        properties=properties(parts),
        base_1904=any(_attribute(p, "date1904") in ("1", "true") for p in _all(book, "workbookPr")),
        stray=tuple(sorted(worksheets - {part for part, _ in named.values()})),
    )
    named_texts = {relation.target for relation in relations if relation.kind == "sharedStrings"}
    for name in parts:
        if name in named_texts or name.lower().endswith(TEXTS):
            parts.check_texts(name)
    parts.check_rest()
    return facts


def _truth(parts: Parts, part: str, styles: Styles) -> Truth:
    """A sheet's Truth, with the filters of the tables on it."""
    truth = scan_sheet(parts.read_cells(part), styles)
    relations = _relations(parts, part) if _relations_of(part) in parts else ()
    tables = [relation.target for relation in relations if relation.kind == "table" and relation.target in parts]
    in_tables = [area for table in tables for area in walk(parts.read(table)).filters]
    return replace(truth, filters=(*truth.filters, *in_tables))


def place_of(reference: str) -> tuple[str, Place] | None:
    """Sheet name and place of a one-cell reference such as 封面!$B$3; None for anything else."""
    sheet, _, address = reference.rpartition("!")
    place = place_at(address)
    return (sheet.strip("'").replace("''", "'"), place) if place else None


# Workbooks made from one template have one part of styles.
@lru_cache(maxsize=16)
def _styles(xml: bytes) -> Styles:
    """What the cell styles show: number formats that are nothing but zeros (00000), and those that may round, scale or hide a number."""
    styles = ElementTree.fromstring(xml)
    own = {_attribute(code, "numFmtId"): _attribute(code, "formatCode") for code in _all(styles, "numFmt")}
    codes = {str(number): code for number, code in BUILT_IN.items()} | own
    used = [codes.get(_attribute(xf, "numFmtId"), "") for cells in _all(styles, "cellXfs") for xf in cells]
    padded = {str(at): len(code) for at, code in enumerate(used) if _PADDED.fullmatch(code)}
    return Styles(padded, {str(at): form for at, code in enumerate(used) if (form := parse(code))})


def _main_part(parts: Parts) -> str:
    """The workbook part that the package names."""
    for relation in _relations(parts, ""):
        if relation.kind == "officeDocument":
            return relation.target
    raise KeyError("xl/workbook.xml")


def _relations_of(part: str) -> str:
    """The part that holds another's relations; of the package where `part` is ""."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _relations(parts: Parts, part: str) -> list[Relation]:
    """A part's relations to other parts of the package."""
    folder = part.rpartition("/")[0]
    relations = []
    for relation in _all(ElementTree.fromstring(parts.read(_relations_of(part))), "Relationship"):
        if _attribute(relation, "TargetMode") != "External":
            target = _attribute(relation, "Target")
            path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/"))
            relations.append(Relation(_attribute(relation, "Id"), _attribute(relation, "Type").rpartition("/")[2], path))
    return relations


def properties(parts: Parts) -> dict[str, str]:
    """The custom properties (docProps/custom.xml) as text."""
    if "docProps/custom.xml" not in parts:
        return {}
    found = _all(ElementTree.fromstring(parts.read("docProps/custom.xml")), "property")
    return {_attribute(item, "name"): "".join(item.itertext()) for item in found}


def _all(root: ElementTree.Element, name: str):  # type: ignore[no-untyped-def]
    """Every element of that local name, whatever its namespace (Strict and Transitional differ)."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)


def _attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute by local name, "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
