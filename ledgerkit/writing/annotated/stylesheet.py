"""The styles that a copy adds to a workbook's own: a fill over any style for each severity, and the looks of the index sheet."""

from collections.abc import Mapping

from ledgerkit.model.finding import Severity
from ledgerkit.writing import styles
from ledgerkit.writing.annotated.package import DECLARATION, Package
from ledgerkit.writing.annotated.splices import at_path, changed, spliced

# Light enough for black type; the comment and the word on the index sheet say the same without colour.
FILLS: Mapping[Severity, str] = {
    Severity.ERROR: "FFFF9C96",
    Severity.HIGH: "FFFFC08A",
    Severity.MEDIUM: "FFFFE38A",
    Severity.LOW: "FFBFD9F2",
    Severity.INFO: "FFDADFE5",
}
_EMPTY = """<styleSheet xmlns="{main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>
<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/>
<top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>"""
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_LISTS = {"font": "fonts", "fill": "fills", "border": "borders", "xf": "cellXfs"}


class Stylesheet:
    """The styles of a package, by their index in cellXfs; what is added is written by `save`."""

    def __init__(self, package: Package) -> None:
        self._package = package
        found = package.related(package.main, "styles")
        self._part = found[0] if found else self._new_part()
        xml = package.parts[self._part]
        kept = at_path(xml, *(f"styleSheet/{plural}/{one}" for one, plural in _LISTS.items()))
        self._lists = {name: [xml[e.start : e.after] for e in kept if e.path.endswith(f"/{name}")] for name in _LISTS}
        self._before = {name: len(listed) for name, listed in self._lists.items()}

    def filled(self, base: int, severity: Severity | None) -> int:
        """A cell's style with a severity's fill; with None, without a fill."""
        xf = self._lists["xf"][base]
        (element,) = at_path(xf, "xf")
        fill = self._add("fill", _fill(FILLS[severity])) if severity else 0
        return self._add("xf", spliced(xf, changed(xf, element, fillId=str(fill), applyFill="1")))

    def own(self) -> frozenset[int]:
        """The styles that have a fill of ours, from an earlier copy."""
        colours = [colour.encode() for colour in FILLS.values()]
        fills = {at for at, fill in enumerate(self._lists["fill"]) if any(colour in fill.upper() for colour in colours)}
        return frozenset(at for at, xf in enumerate(self._lists["xf"]) if int(at_path(xf, "xf")[0].get("fillId") or 0) in fills)

    def look(self, font: str, fill: str = "", lined: bool = False, centred: bool = False) -> int:
        """A style of the index sheet: <font> children beside the house font, a fill, light lines, wrapped text."""
        house = f'<font>{font}<name val="{styles.FONT}"/><family val="2"/><charset val="134"/></font>'
        colour = f'<color rgb="{_argb(styles.LINE)}"/>'
        sides = "".join(f'<{side} style="thin">{colour}</{side}>' for side in ("left", "right", "top", "bottom"))
        ids = (
            self._add("font", house.encode()),
            self._add("fill", _fill(fill)) if fill else 0,
            self._add("border", f"<border>{sides}<diagonal/></border>".encode()) if lined else 0,
        )
        numbers = 'numFmtId="49" fontId="{}" fillId="{}" borderId="{}" xfId="0"'.format(*ids)
        applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        side = ' horizontal="center"' if centred else ""
        return self._add("xf", f'<xf {numbers} {applied}><alignment vertical="center" wrapText="1"{side}/></xf>'.encode())

    def save(self) -> None:
        """Writes what was added to the package."""
        xml = self._package.parts[self._part]
        edits = []
        for name, plural in _LISTS.items():
            added = self._lists[name][self._before[name] :]
            if added:
                (whole,) = at_path(xml, f"styleSheet/{plural}")
                edits += changed(xml, whole, b"".join(added), count=str(len(self._lists[name])))
        self._package.parts[self._part] = spliced(xml, edits)

    def _add(self, name: str, xml: bytes) -> int:
        """The index of an entry of a list, added where it is not there yet."""
        listed = self._lists[name]
        if xml not in listed[self._before[name] :]:
            listed.append(xml)
        return listed.index(xml, self._before[name])

    def _new_part(self) -> str:
        package = self._package
        xml = DECLARATION + _EMPTY.format(main=package.uri("spreadsheetml", "main")).encode()
        part = package.free_name("xl/styles{}.xml")
        package.add(package.main, part, xml, _KIND, "styles")
        return part


def _fill(argb: str) -> bytes:
    return f'<fill><patternFill patternType="solid"><fgColor rgb="{argb}"/><bgColor indexed="64"/></patternFill></fill>'.encode()


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#")
