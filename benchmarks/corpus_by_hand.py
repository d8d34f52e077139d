"""Workbooks as other programs write them: addresses left out, ranges that lie, elements with a prefix, strings of three kinds."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from corpus import ERRORS, SHEETS, Item, Page, pages
from openpyxl.utils import get_column_letter

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'
REL = f'xmlns:r="{OFFICE}/officeDocument/2006/relationships"'


def by_hand(path: Path, chance: Random, cells: int) -> None:
    """Addresses left out, a range that lies, elements with a prefix, strings of three kinds, dates as text, values under merges."""
    written = pages(chance, cells)
    forms = ["General", *dict.fromkeys(str(i.form) for page in written for i in page.cells.values() if i.form != "General")]
    strings: dict[str, int] = {}
    parts = {}
    for number, page in enumerate(written, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _Sheet(chance, page, forms, strings).xml()
    base_1904 = ' date1904="1"' if chance.random() < 0.25 else ""
    listed = "".join(
        f'<sheet name="{page.name}" sheetId="{at}" state="{page.state}" r:id="rId{at}"/>' for at, page in enumerate(written, 1)
    )
    parts["xl/workbook.xml"] = f"<workbook {MAIN} {REL}><workbookPr{base_1904}/><sheets>{listed}</sheets></workbook>"
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{''.join(strings)}</sst>"
    parts["xl/styles.xml"] = _styles(forms)
    kinds = [
        *(("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, SHEETS + 1)),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    ]
    parts["xl/_rels/workbook.xml.rels"] = _relations(kinds)
    parts["_rels/.rels"] = _relations([("officeDocument", "xl/workbook.xml")])
    parts["[Content_Types].xml"] = _types(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, xml in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{xml}')


class _Sheet:
    """One sheet's XML."""

    def __init__(self, chance: Random, page: Page, forms: list[str], strings: dict[str, int]) -> None:
        self.chance, self.page, self.strings = chance, page, strings
        self.styles = {form: at for at, form in enumerate(forms)}
        self.prefix = chance.choice(("", "", "x:"))
        # A cell without an address stands right of the one before: only a sheet without gaps can leave them out.
        self.addressed = chance.random() < 0.7

    def xml(self) -> str:
        """The part."""
        p = self.prefix
        rows: dict[int, list[str]] = {}
        for row, column, item in self._cells():
            rows.setdefault(row, []).append(self._cell(row, column, item))
        hidden = self.page.hidden_rows
        lines = (f'<{p}row r="{row + 1}"{_hidden(row in hidden)}>{"".join(cells)}</{p}row>' for row, cells in sorted(rows.items()))
        columns = "".join(f'<{p}col min="{at + 1}" max="{at + 1}" width="9" hidden="1"/>' for at in sorted(self.page.hidden_columns))
        merges = "".join(f'<{p}mergeCell ref="{_at(top, left)}:{_at(bottom, right)}"/>' for top, left, bottom, right in self.page.merges)
        space = MAIN.replace("xmlns", "xmlns:x") if p else MAIN
        dimension = self.chance.choice(("", f'<{p}dimension ref="A1"/>', f'<{p}dimension ref="A1:B2"/>'))
        body = f"{dimension}{f'<{p}cols>{columns}</{p}cols>' if columns else ''}<{p}sheetData>{''.join(lines)}</{p}sheetData>"
        return f"<{p}worksheet {space}>{body}{f'<{p}mergeCells>{merges}</{p}mergeCells>' if merges else ''}</{p}worksheet>"

    def _cells(self) -> Iterator[tuple[int, int, Item]]:
        wide = max(column for _, column in self.page.cells) + 1
        for row in sorted({row for row, _ in self.page.cells}):
            for column in range(wide):
                item = self.page.cells.get((row, column), Item("none"))
                if not self.addressed or item.kind != "none":
                    yield row, column, item

    def _cell(self, row: int, column: int, item: Item) -> str:
        kind, body = self._body(item)
        place = f' r="{_at(row, column)}"' if self.addressed else ""
        style = self.styles[str(item.form)] if not isinstance(item.form, int) else 0
        return f"<{self.prefix}c{place}{f' s={chr(34)}{style}{chr(34)}' if style else ''}{f' t={chr(34)}{kind}{chr(34)}' if kind else ''}>{body}</{self.prefix}c>"

    def _body(self, item: Item) -> tuple[str, str]:
        match item.kind:
            case "text" | "rich":
                return self._string(item)
            case "number":
                return "", self._value(repr(item.value) if self.chance.random() < 0.8 else f"{item.value:.17G}")
            case "moment":
                return "d", self._value(item.value.isoformat())
            case "span":
                return "n", self._value(repr(item.value / timedelta(days=1)))
            case "boolean":
                return "b", self._value(str(int(item.value)))
            case "error":
                return "e", self._value(item.value)
            case "formula":
                return self._formula(item)
        return "", ""

    def _formula(self, item: Item) -> tuple[str, str]:
        formula = f"<{self.prefix}f>{escape(item.value[1:])}</{self.prefix}f>"
        if item.cached is None:
            return "", formula + self.chance.choice(("", f"<{self.prefix}v></{self.prefix}v>", f"<{self.prefix}v/>"))
        if isinstance(item.cached, bool):
            return "b", formula + self._value(str(int(item.cached)))
        if isinstance(item.cached, str):
            return ("e" if item.cached in ERRORS else "str"), formula + self._value(escape(item.cached))
        return "", formula + self._value(repr(item.cached))

    def _value(self, text: str) -> str:
        return f"<{self.prefix}v>{text}</{self.prefix}v>"

    def _string(self, item: Item) -> tuple[str, str]:
        parts = item.value if item.kind == "rich" else (item.value,)
        keep = ' xml:space="preserve"' if self.chance.random() < 0.5 else ""
        inline = self.chance.random() < 0.3
        p = self.prefix if inline else ""
        texts = [f"<{p}t{keep}>{escape(part).replace(chr(13), '&#13;')}</{p}t>" for part in parts]
        body = texts[0] if len(texts) == 1 else "".join(f"<{p}r>{text}</{p}r>" for text in texts)
        if inline:
            return "inlineStr", f"<{p}is>{body}</{p}is>"
        body += "<rPh sb='0' eb='1'><t>ピンイン</t></rPh>" if self.chance.random() < 0.05 else ""
        return "s", self._value(str(self.strings.setdefault(f"<si>{body}</si>", len(self.strings))))


def _hidden(hidden: bool) -> str:
    return ' hidden="1"' if hidden else ""


def _at(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"


def _styles(forms: list[str]) -> str:
    named = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{escape(form, {chr(34): "&quot;"})}"/>' for at, form in enumerate(forms))
    used = "".join(f'<xf numFmtId="{200 + at if at else 0}" applyNumberFormat="1"/>' for at in range(len(forms)))
    fills = "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    return f"<styleSheet {MAIN}><numFmts>{named}</numFmts>{fills}<cellXfs>{used}</cellXfs></styleSheet>"


def _relations(kinds: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds, 1)
    )
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{listed}</Relationships>'


def _types(parts: Mapping[str, str]) -> str:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {"xl/workbook.xml": "sheet.main", "xl/sharedStrings.xml": "sharedStrings", "xl/styles.xml": "styles"}
    listed = "".join(
        f'<Override PartName="/{part}" ContentType="{sheet}.{kinds.get(part, "worksheet")}+xml"/>'
        for part in parts
        if part.startswith("xl/") and "rels" not in part
    )
    return (
        f'<Types xmlns="{OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
