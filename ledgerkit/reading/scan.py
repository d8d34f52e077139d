"""One sheet's XML to its Truth. A byte scan finds the cells in which anything is odd; only these, and what is asked of what stands around the rows, are parsed."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ledgerkit.reading.formats import Format
from ledgerkit.reading.raw import Place, Range, Run, Truth, column_of

TRUE = frozenset({"1", "true"})
NO_HEIGHT = frozenset({"0", "0.0", "0.00"})
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_CELLS = re.compile(rb"<(?:([^\s<>/:!?]+):)?sheetData\s*>")
_NUMBERED = re.compile(rb"<[^>]*\sr\s*=")
# Digits after the ones shown; noughts and a binary float's last digits (…00000001, …9999998) are none. Excel writes 0.05 as 5.0000000000000003E-2.
# In bytes [0-9] is searched faster than \d.
_MORE = rb"(?!0*<|0{6}|9{6})[0-9]"
_ERROR = rb"""t\s*=\s*["']e["']"""
# Each of these begins with a fixed letter, so that the scan runs at the speed of a plain search.
_ODD = (rb"""hidden\s*=\s*["'][1t]""", rb"""ht(?<!ght)\s*=\s*["']0(?:\.0+)?["']""")


@dataclass(frozen=True)
class Styles:
    """What the cell styles of a workbook show of numbers, by style index: zero-padded widths, formats that may round or scale."""

    padded: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, Format] = field(default_factory=dict)


def scan_sheet(xml: bytes, styles: Styles) -> Truth:
    """The Truth of a worksheet part, but for its state. Raises ExpatError for what is no XML."""
    return walk(_without_plain_cells(xml, styles), styles).truth()


def _without_plain_cells(xml: bytes, styles: Styles) -> bytes:
    """The part with only those of its cells and rows in which anything is odd; the whole of it where bytes alone cannot tell."""
    opened = _CELLS.search(xml)
    prefix = opened[1] + b":" if opened and opened[1] else b""
    closed = xml.rfind(b"</" + prefix + b"sheetData")
    if not opened or closed < opened.end() or (b"!" in xml and b"<!" in xml) or "0" in {**styles.padded, **styles.formats}:
        return xml
    elements = [_element(xml, prefix, hit, closed) for hit in _odd_places(xml, opened.end(), closed, prefix, styles)]
    if not all(_NUMBERED.match(element) for element in elements):
        return xml
    return b"".join((xml[: opened.end()], *elements, _below(xml, prefix, closed)))


def _below(xml: bytes, prefix: bytes, closed: int) -> bytes:
    """What stands below the rows, without the lists of merged cells, formats and validations, which may be long and of which nothing is asked."""
    lists = re.compile(rb"<%s(?:mergeCells|conditionalFormatting|dataValidations)[\s>]" % re.escape(prefix)).search(xml, closed)
    end = b"</" + prefix + b"worksheet>"
    last = xml.rfind(end)
    if not lists or last < lists.end() or xml[last:].strip() != end or xml.find(b"autoFilter", lists.end()) >= 0:
        return xml[closed:]
    return xml[closed : lists.start()] + end


def _odd_places(xml: bytes, first: int, last: int, prefix: bytes, styles: Styles) -> list[int]:
    """Where each row and cell with anything odd in it begins, in order; −1 for what stands in neither."""
    row, cell = b"<" + prefix + b"row", b"<" + prefix + b"c"
    found = set()
    for pattern in _patterns(xml, first, last, re.escape(prefix), styles):
        for hit in re.compile(pattern).finditer(xml, first, last):
            tag = xml.rfind(b"<", first, hit.end())
            begin = tag if xml.startswith(row, tag) else xml.rfind(cell, first, hit.end())
            found.add(begin)
    return sorted(found)


def _element(xml: bytes, prefix: bytes, begin: int, last: int) -> bytes:
    """A cell from its tag to its end, or a row's tag alone; b"" for what is neither."""
    if begin < 0:
        return b""
    tag = xml.find(b">", begin, last) + 1
    if xml.endswith(b"/>", begin, tag):
        return xml[begin:tag]
    if xml.startswith(b"<" + prefix + b"row", begin):
        return xml[begin:tag] + b"</" + prefix + b"row>"
    closing = b"</" + prefix + b"c>"
    end = xml.find(closing, tag, last)
    return xml[begin : end + len(closing)] if end >= 0 else b""


def _patterns(xml: bytes, first: int, last: int, prefix: bytes, styles: Styles) -> Iterator[bytes]:
    """What to look for: errors, hidden rows, formulas, and numbers of a style that pads, rounds or scales them."""
    value = rb"<%sv[^>]*>" % prefix
    yield from _ODD
    if b'"e"' in xml or (b"'" in xml and b"'e'" in xml):  # twice as fast as the pattern itself
        yield _ERROR
    yield rb"<%sf[\s/>]" % prefix
    by_decimals: dict[int | None, list[bytes]] = {None: [style.encode() for style in styles.padded]}
    for style, form in styles.formats.items():
        by_decimals.setdefault(form.decimals, []).append(style.encode())
    for decimals, named in by_decimals.items():
        more = rb"" if decimals is None else rb"\.(?:[0-9]{%d}%s|[0-9]+E)" % (decimals, _MORE)
        if named and re.compile(more).search(xml, first, last):
            yield rb"""s\s*=\s*["'](?:%s)["'][^>]*(?<!/)>\s*%s-?\d*%s""" % (b"|".join(named), value, more)


def walk(xml: bytes, styles: Styles = Styles()) -> "Walk":
    """What a parser's walk over a worksheet or a table part gathers. Raises ExpatError for what is no XML."""
    gathered = Walk(styles)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = gathered.start, gathered.end, gathered.text
    parser.Parse(xml, True)
    return gathered


class Walk:
    """Elements as they come, by local name. A cell without an address stands right of the one before, a row without a number below."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.errors: dict[Place, str] = {}
        self.uncalculated: set[Place] = set()
        self.padding: dict[Place, int] = {}
        self.shown: dict[Place, str] = {}
        self.formulas: list[Range] = []
        self.filters: list[Range] = []
        self._filtered = False
        self._hidden_rows: list[Run] = []
        self._hidden_columns: list[Run] = []
        self._runs: dict[int, Run] = {}
        self._place: Place = (-1, -1)
        self._cell: Mapping[str, str] = {}
        self._formula = False
        self._value: list[str] = []
        self._path: list[str] = []
        self._filter: Range | None = None
        self._opened: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            **{"row": self._row, "c": self._open_cell, "f": self._open_formula, "col": self._column},
            **{"autoFilter": self._open_filter, "sheetPr": self._properties},
        }

    def truth(self) -> Truth:
        """The Truth of what was walked over."""
        runs = (((first, column), (last, column)) for column, (first, last) in self._runs.items())
        return Truth(
            errors=self.errors,
            uncalculated=frozenset(self.uncalculated),
            padding=self.padding,
            formulas=tuple(sorted([*self.formulas, *runs])),
            shown=self.shown,
            hidden_rows=tuple(self._hidden_rows),
            hidden_columns=tuple(self._hidden_columns),
            filters=tuple(dict.fromkeys(self.filters)) or self._advanced_filter(),
        )

    def _advanced_filter(self) -> tuple[Range, ...]:
        """The range of a filter that states no criteria in the sheet (filter in place by another range): the rows that it hides."""
        if not self._filtered or not self._hidden_rows:
            return ()
        return (self._filter or ((self._hidden_rows[0][0], 0), (self._hidden_rows[-1][1], 0)),)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        self._path.append(name)
        if name in self._opened:
            self._opened[name](attributes)
        elif self._filter and self._path[1:3] == ["autoFilter", "filterColumn"] and len(self._path) == 4:
            self.filters.append(self._filter)

    def end(self, _: str) -> None:
        """An element ends."""
        if self._path.pop() == "c":
            self._close_cell()

    def text(self, text: str) -> None:
        """Text of an element; only a cell's value counts."""
        if self._path[-1] == "v":
            self._value.append(text)

    def _properties(self, attributes: Mapping[str, str]) -> None:
        self._filtered = attributes.get("filterMode") in TRUE

    def _column(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in TRUE or attributes.get("width") in NO_HEIGHT:
            self._hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def _row(self, attributes: Mapping[str, str]) -> None:
        row = int(attributes.get("r", self._place[0] + 2)) - 1
        self._place = (row, -1)
        if attributes.get("hidden") in TRUE or attributes.get("ht") in NO_HEIGHT:
            _extend(self._hidden_rows, row)

    def _open_filter(self, attributes: Mapping[str, str]) -> None:
        if len(self._path) == 2:
            self._filter = range_of(attributes.get("ref", ""))

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self._place
        self._place = place_at(attributes.get("r", "")) or (row, column + 1)
        self._cell, self._formula, self._value = attributes, False, []

    def _open_formula(self, attributes: Mapping[str, str]) -> None:
        self._formula = True
        area = range_of(attributes.get("ref", "")) if attributes.get("t") in ("array", "dataTable") else None
        if area and area[0] != area[1]:
            self.formulas.append(area)
            return
        row, column = self._place
        first, last = self._runs.get(column, (row, row - 1))
        if last != row - 1:
            self.formulas.append(((first, column), (last, column)))
            first = row
        self._runs[column] = (first, row)

    def _close_cell(self) -> None:
        kind, text = self._cell.get("t", "n"), "".join(self._value).strip()
        if kind == "e":
            self.errors[self._place] = text or "#N/A"
        elif self._formula and kind != "str" and not text:
            self.uncalculated.add(self._place)
        elif kind == "n" and text:
            self._number(text, self._cell.get("s", "0"))

    def _number(self, text: str, style: str) -> None:
        if style in self.styles.padded:
            self.padding[self._place] = self.styles.padded[style]
        if style in self.styles.formats and (shown := self.styles.formats[style].shown(float(text))) is not None:
            self.shown[self._place] = shown


def _extend(runs: list[Run], row: int) -> None:
    """Puts one row more to the end of the runs."""
    if runs and runs[-1][1] == row - 1:
        runs[-1] = (runs[-1][0], row)
    else:
        runs.append((row, row))


def place_at(address: str) -> Place | None:
    """(row, column) from 0 of an A1 address; None for anything else."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if not found:
        return None
    return int(found[2]) - 1, column_of(found[1])


def range_of(reference: str) -> Range | None:
    """First and last place of a range such as A3:K20, or of one cell; None for anything else."""
    first, _, last = reference.partition(":")
    begin, end = place_at(first), place_at(last or first)
    return (begin, end) if begin and end else None
