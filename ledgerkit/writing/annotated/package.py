"""An .xlsx as its parts: relationships, content types, and the same bytes for the same parts."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from ledgerkit.writing.annotated.splices import at_path, changed, elements, escaped, spliced, without

ROOT = ""
CONTENT_TYPES = "[Content_Types].xml"
SIGNATURES = "_xmlsignatures/"
# What Excel reads as a character by its number.
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The oldest time that a zip entry can have, so that no clock is part of the bytes.
TIME = (1980, 1, 1, 0, 0, 0)
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass
class Package:
    """The parts of a workbook by name, in their order; `main` is the workbook's own, `strict` says which of the two namespaces it uses."""

    parts: dict[str, bytes]
    main: str = field(init=False)
    strict: bool = field(init=False)

    def __post_init__(self) -> None:
        self.main = self.related(ROOT, "officeDocument")[0]
        self.strict = b"http://purl.oclc.org/ooxml/" in self.parts[self.main]

    @classmethod
    def of(cls, data: bytes) -> "Package":
        """The package of a workbook's bytes."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls({info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()})

    def written(self) -> bytes:
        """The bytes of the package."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                info = zipfile.ZipInfo(name, TIME)
                info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
                archive.writestr(info, data)
        return out.getvalue()

    def uri(self, family: str, rest: str) -> str:
        """A namespace or relationship type in the workbook's own dialect."""
        return f"http://purl.oclc.org/ooxml/{family}/{rest}" if self.strict else f"http://schemas.openxmlformats.org/{family}/2006/{rest}"

    def related(self, owner: str, kind: str) -> list[str]:
        """The parts that one refers to by relationships of a kind (the last word of their type)."""
        return [part for part, found in self.relations(owner).values() if found == kind]

    def relations(self, owner: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (part, kind) of the relationships of a part (ROOT: the package) that stay inside the package."""
        name = _relations_part(owner)
        if name not in self.parts:
            return {}
        folder = posixpath.dirname(owner)
        listed = (item for item in at_path(self.parts[name], "Relationships/Relationship") if item.get("TargetMode") != "External")
        return {item.get("Id"): (_resolved(folder, item.get("Target")), item.get("Type").rpartition("/")[2]) for item in listed}

    def add(self, owner: str, name: str, xml: bytes, content_type: str, kind: str) -> str:
        """Adds a part that another refers to; the id of the relationship."""
        self.parts[name] = xml
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'.encode()
        self.append(CONTENT_TYPES, "Types", override)
        relations = _relations_part(owner)
        if relations not in self.parts:
            self.parts[relations] = DECLARATION + f'<Relationships xmlns="{PACKAGE_RELATIONS}"></Relationships>'.encode()
        taken = {item.get("Id") for item in at_path(self.parts[relations], "Relationships/Relationship")}
        new = next(key for number in range(1, len(taken) + 2) if (key := f"ledgerkit{number}") not in taken)
        target = posixpath.relpath(name, posixpath.dirname(owner) or ".") if owner else name
        relation = f'<Relationship Id="{new}" Type="{self.uri("officeDocument", f"relationships/{kind}")}" Target="{target}"/>'
        self.append(relations, "Relationships", relation.encode())
        return new

    def append(self, part: str, path: str, children: bytes) -> None:
        """Puts children at the end of the first element at a path."""
        xml = self.parts[part]
        self.parts[part] = spliced(xml, changed(xml, at_path(xml, path)[0], children))

    def free_name(self, pattern: str) -> str:
        """A part name that is not taken yet; the pattern has one {} for its number."""
        taken = {name.lower() for name in self.parts}
        return next(name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).lower() not in taken)

    def leave_out_signatures(self) -> bool:
        """Takes digital signatures away, which no longer hold once anything is added; whether there were any."""
        signed = [name for name in self.parts if name.startswith(SIGNATURES)]
        for name in signed:
            del self.parts[name]
        for part in (CONTENT_TYPES, _relations_part(ROOT)) if signed else ():
            xml = self.parts[part]
            named = elements(xml, lambda _, attributes: any(SIGNATURES in value for value in attributes.values()))
            self.parts[part] = spliced(xml, map(without, named))
        return bool(signed)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def text_run(text: str) -> bytes:
    """A text that keeps its spaces and line breaks, as the content of a cell or comment; what looks like Excel's _x000D_ stays as it is."""
    return b'<t xml:space="preserve">' + escaped(_CODED.sub("_x005F_", text)) + b"</t>"


def _relations_part(owner: str) -> str:
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
