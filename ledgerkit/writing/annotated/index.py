"""The index sheet of an annotated copy: every finding of the file with a link to its cell, what the colours mean, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from xlsxwriter.utility import xl_rowcol_to_cell

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.stamp import INDEX, INDEX_SHEETS
from ledgerkit.reading.truth import place_of
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import limits, styles, wording
from ledgerkit.writing.annotated.package import DECLARATION, Package, quoted, text_run
from ledgerkit.writing.annotated.splices import Edit, Element, after, at_path, changed, escaped, spliced, without
from ledgerkit.writing.annotated.stylesheet import FILLS, Stylesheet

# Stands at the head of the sheet's part until another program saves the workbook.
UNTOUCHED = b"<!-- as ledgerkit wrote it -->\n"
TITLE = N_("{file}: {count} finding(s)")
HOW = N_(
    "Correct the coloured cells; the comment in each says what is wrong. The links below lead to them; from any cell, Ctrl+G and the name ledgerkit_index lead back here. Then save, and run `ledgerkit validate` on this file by its name (with the same --policy, if any): what is corrected is no longer found."
)
WHEN_DONE = N_(
    "While this sheet is here, a run on a folder leaves this file out, because the books it was made from may lie beside it. To hand this file in as the books, delete this sheet."
)
LEGEND = N_("Colours")
NOT_LISTED = N_("{count} more finding(s) do not fit on this sheet; `ledgerkit validate --format csv` lists all.")
NOWHERE = N_("(the whole file)")
HEADINGS = (
    (N_("Severity"), 10),
    (N_("Rule"), 7),
    (N_("Where (link)"), 22),
    (N_("Finding"), 22),
    (N_("Who or what"), 22),
    (N_("Observed"), 18),
    (N_("Expected"), 18),
    (N_("Explanation and what to do"), 60),
)
WHERE = 2
# Where the defined names of a workbook stand, or behind what they come.
_UP_TO_NAMES = ("sheets", "functionGroups", "externalReferences", "definedNames")
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True)
class Listing:
    """What the index says: the file, its findings in report order, what the copy does not have of the original; and its own name."""

    file: str
    findings: Sequence[Finding]
    lost: Sequence[str]
    name: str
    lang: Lang

    @property
    def listed(self) -> Sequence[Finding]:
        """The findings that the sheet has rows for, with two rows for title and headings, two for the colours and a last note."""
        return self.findings[: limits.MOST_ROWS - len(self.lost) - 6]

    @property
    def header(self) -> int:
        """The row of the headings, counted from 0: below the title, the notes and the colours."""
        return len(self._notes) + 2

    def row(self, at: int) -> int:
        """The Excel row of a finding, by its place in the list."""
        return self.header + at + 2

    @property
    def _notes(self) -> tuple[str, ...]:
        more = len(self.findings) - len(self.listed)
        return (self.say(HOW), self.say(WHEN_DONE), *self.lost, *([self.say(NOT_LISTED).format(count=more)] if more else ()))

    def say(self, sentence: str) -> str:
        """A sentence in the language of the run."""
        return catalogue(self.lang).gettext(sentence)

    def xml(self, looks: Stylesheet, package: Package) -> bytes:
        """The sheet's part."""
        formats = _Formats.of(looks)
        widths = "".join(f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, (_, width) in enumerate(HEADINGS, 1))
        rows = [*self._head(formats), *(self._row(at, finding, formats) for at, finding in enumerate(self.listed))]
        main = package.uri("spreadsheetml", "main")
        first = xl_rowcol_to_cell(self.header + 1, 0)
        pane = f'<pane ySplit="{self.header + 1}" topLeftCell="{first}" activePane="bottomLeft" state="frozen"/>'
        return b"".join(
            (
                DECLARATION,
                UNTOUCHED,
                f'<worksheet xmlns="{main}"><sheetPr><tabColor rgb="{FILLS[Severity.ERROR]}"/>'.encode(),
                b'<pageSetUpPr fitToPage="1"/></sheetPr>',
                f'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">{pane}</sheetView></sheetViews>'.encode(),
                f"<cols>{widths}</cols><sheetData>".encode(),
                *rows,
                b"</sheetData>",
                self._merges(),
                self._links(),
                b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
                b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>',
            )
        )

    def _head(self, formats: "_Formats") -> list[bytes]:
        whole = sum(width for _, width in HEADINGS) - 4
        title = self.say(TITLE).format(file=self.file, count=len(self.findings))
        rows = [self._line(0, [(title, formats.title)], 24.0)]
        rows += [
            self._line(at, [(note, formats.note)], 15.0 * styles.lines_needed(note, whole) + 3) for at, note in enumerate(self._notes, 1)
        ]
        colours = [(wording.severity(severity, self.lang), formats.severities[severity]) for severity in Severity]
        rows.append(self._line(self.header - 1, [(self.say(LEGEND), formats.note), ("", formats.note), *colours], 20.0))
        rows.append(self._line(self.header, [(self.say(label), formats.header) for label, _ in HEADINGS], 22.0))
        return rows

    def _row(self, at: int, finding: Finding, formats: "_Formats") -> bytes:
        texts = (
            wording.severity(finding.severity, self.lang),
            finding.rule,
            _where(finding) or self.say(NOWHERE),
            wording.title(rules()[finding.rule], self.lang),
            " ".join(part for part in (*finding.key, finding.name) if part),
            wording.shown(finding, finding.observed, self.lang),
            wording.shown(finding, finding.expected, self.lang),
            "\n".join([wording.message(finding, self.lang), *([wording.waiver(finding.waiver, self.lang)] if finding.waiver else ())]),
        )
        looks = [formats.severities[finding.severity], *[formats.text] * (len(texts) - 1)]
        looks[WHERE] = formats.link if finding.sheet and at < limits.MOST_LINKS else formats.text
        lines = max(styles.lines_needed(text, width - 2) for text, (_, width) in zip(texts, HEADINGS, strict=True))
        return self._line(self.header + 1 + at, list(zip(texts, looks, strict=True)), 15.0 * lines + 3)

    def _line(self, row: int, cells: Sequence[tuple[str, int]], height: float) -> bytes:
        """A row of texts, each with its style."""
        written = b"".join(
            f'<c r="{xl_rowcol_to_cell(row, at)}" s="{style}" t="inlineStr"><is>'.encode()
            + text_run(limits.fitted(text, self.lang))
            + b"</is></c>"
            for at, (text, style) in enumerate(cells)
        )
        return f'<row r="{row + 1}" ht="{min(height, 409.0):g}" customHeight="1">'.encode() + written + b"</row>"

    def _merges(self) -> bytes:
        """Title and notes run over the whole width."""
        rows = len(self._notes) + 1
        last = len(HEADINGS) - 1
        merged = "".join(f'<mergeCell ref="{xl_rowcol_to_cell(row, 0)}:{xl_rowcol_to_cell(row, last)}"/>' for row in range(rows))
        return f'<mergeCells count="{rows}">{merged}</mergeCells>'.encode()

    def _links(self) -> bytes:
        links = [
            f'<hyperlink ref="{xl_rowcol_to_cell(self.header + 1 + at, WHERE)}" location="'.encode()
            + escaped(f"{quoted(finding.sheet)}!{finding.cell or f'A{finding.row or 1}'}")
            + b'"/>'
            for at, finding in enumerate(self.listed[: limits.MOST_LINKS])
            if finding.sheet
        ]
        return b"<hyperlinks>" + b"".join(links) + b"</hyperlinks>" if links else b""


@dataclass(frozen=True)
class _Formats:
    """The styles of the index sheet, as indices."""

    title: int
    note: int
    header: int
    text: int
    link: int
    severities: dict[Severity, int]

    @classmethod
    def of(cls, looks: Stylesheet) -> "_Formats":
        ink, accent = _colour(styles.INK), _colour(styles.ACCENT)
        return cls(
            title=looks.look(f'<b/><sz val="15"/>{accent}'),
            note=looks.look(f'<sz val="10"/>{ink}'),
            header=looks.look(
                f'<b/><sz val="10"/>{_colour(styles.WHITE)}', "FF" + styles.ACCENT.removeprefix("#"), lined=True, centred=True
            ),
            text=looks.look(f'<sz val="10"/>{ink}', lined=True),
            link=looks.look(f'<u/><sz val="10"/>{accent}', lined=True),
            severities={severity: looks.look(f'<sz val="10"/>{ink}', fill, lined=True, centred=True) for severity, fill in FILLS.items()},
        )


def put_index(package: Package, listing: Listing, looks: Stylesheet) -> None:
    """Writes the index as the last sheet, opened first; in a copy of a copy it takes the place of the old one."""
    part, name = own_index(package) or _new_sheet(package, listing.name)
    package.parts[part] = listing.xml(looks, package)
    for sheet in sheets(package).values():
        if sheet != part:
            package.parts[sheet] = _unselected(package.parts[sheet])
    _open_at(package, list(sheets(package)).index(name))


def sheets(package: Package) -> dict[str, str]:
    """The parts of the sheets by name, in their order."""
    relations = package.relations(package.main)
    listed = at_path(package.parts[package.main], "workbook/sheets/sheet")
    return {item.get("name"): relations[item.get("id")][0] for item in listed}


def own_index(package: Package) -> tuple[str, str] | None:
    """Part and name of the index sheet of an earlier copy."""
    xml = package.parts[package.main]
    named = (xml[e.inside : e.end] for e in at_path(xml, "workbook/definedNames/definedName") if e.get("name") == INDEX)
    place = place_of(unescape(next(named, b"").decode("utf-8")))
    part = sheets(package).get(place[0]) if place else None
    return (part, place[0]) if place and part else None


def index_name(package: Package, lang: Lang) -> str:
    """What the index sheet is or will be called: no two sheets have one name."""
    there = own_index(package)
    if there:
        return there[1]
    taken = {name.casefold() for name in sheets(package)}
    own = INDEX_SHEETS[lang]
    names = (own, *(f"{own} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)


def _new_sheet(package: Package, name: str) -> tuple[str, str]:
    part = package.free_name("xl/worksheets/ledgerkit{}.xml")
    relation = package.add(package.main, part, b"", _KIND, "worksheet")
    xml = package.parts[package.main]
    found = at_path(xml, "workbook/definedNames/definedName", *(f"workbook/{child}" for child in _UP_TO_NAMES))
    # A name that is still there is of an index sheet that was deleted.
    stale = [element for element in found if element.path.endswith("/definedName") and element.get("name") == INDEX]
    whole, *others = (element for element in found if element.path.count("/") == 1)
    last = others[-1] if others else whole
    number = 1 + max(int(item.get("sheetId")) for item in at_path(xml, "workbook/sheets/sheet"))
    namespace = package.uri("officeDocument", "relationships")
    sheet = b'<sheet name="' + escaped(name) + f'" sheetId="{number}" xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
    defined = f'<definedName name="{INDEX}">'.encode() + escaped(f"{quoted(name)}!$A$1") + b"</definedName>"
    package.parts[package.main] = spliced(xml, [*changed(xml, whole, sheet), *map(without, stale), *_defined(xml, last, defined)])
    return part, name


def _defined(xml: bytes, last: Element, name: bytes) -> list[Edit]:
    if last.path == "workbook/definedNames":
        return changed(xml, last, name)
    return [after(xml, last, b"<definedNames>" + name + b"</definedNames>")]


def _open_at(package: Package, number: int) -> None:
    xml = package.parts[package.main]
    views = at_path(xml, "workbook/bookViews/workbookView")
    edits = changed(xml, views[0], activeTab=str(number)) if views else []
    package.parts[package.main] = spliced(xml, edits)


def _unselected(xml: bytes) -> bytes:
    """A sheet that is not opened together with the index: typing in one of two selected sheets types in both."""
    head, data, rest = xml.partition(b"sheetData")
    for value in (b'"1"', b'"true"', b"'1'", b"'true'"):
        head = head.replace(b"tabSelected=" + value, b'tabSelected="0"')
    return head + data + rest


def _where(finding: Finding) -> str:
    """Sheet and cell; the row or the sheet alone where there is no cell."""
    address = finding.cell or (str(finding.row) if finding.row else "")
    return (finding.sheet or "") + (f"!{address}" if address else "")


def _colour(rgb: str) -> str:
    return f'<color rgb="FF{rgb.removeprefix("#")}"/>'
