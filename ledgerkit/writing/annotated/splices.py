"""XML parts as bytes, changed only at offsets that an XML parser gives: whatever is not meant stays as it was written."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

Edit = tuple[int, int, bytes]
Span = tuple[int, int]
_START_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(rb"<([^\s/>]+)")
_UNPREFIXED = re.compile(rb"<(/?)(?=\w+[\s/>])")
# Characters that XML has no place for, and line ends that it would change.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a part: local names from the root on, attributes, and byte offsets.

    `start` is where its start tag begins, `inside` where that ends, `end` where its end tag begins, `after` where that ends; of an
    empty-element tag the last three are one.
    """

    path: str
    attributes: Mapping[str, str]
    start: int
    inside: int
    end: int
    after: int

    def get(self, name: str) -> str:
        """An attribute by its local name, "" where there is none."""
        return next((value for key, value in self.attributes.items() if key.rpartition(":")[2] == name), "")


def elements(xml: bytes, wanted: Callable[[str, Mapping[str, str]], bool], leaving: Span | None = None) -> list[Element]:
    """The elements that are wanted, by path (worksheet/sheetData/row) and attributes, in document order. Raises ExpatError.

    `leaving` is a span of bytes, whole elements, that is not looked at.
    """
    parser = expat.ParserCreate()
    first, second = leaving or (len(xml), len(xml))
    paths: list[str] = []
    begun: list[tuple[int, dict[str, str]] | None] = []
    found: list[Element] = []

    def here() -> int:
        return parser.CurrentByteIndex + (second - first if parser.CurrentByteIndex >= first else 0)

    def start(name: str, attributes: dict[str, str]) -> None:
        paths.append("/".join((*paths[-1:], name.rpartition(":")[2])))
        begun.append((here(), attributes) if wanted(paths[-1], attributes) else None)

    def end(name: str) -> None:
        path, kept, at = paths.pop(), begun.pop(), here()
        if kept:
            inside = _tag_end(xml, kept[0])
            closed = xml[inside - 2 : inside] == b"/>"
            found.append(Element(path, kept[1], kept[0], inside, inside if closed else at, inside if closed else _tag_end(xml, at)))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml[:first])
    parser.Parse(xml[second:], True)
    return sorted(found, key=lambda element: element.start)


def at_path(xml: bytes, *paths: str) -> list[Element]:
    """The elements at some paths, in document order."""
    return elements(xml, lambda path, _: path in paths)


def changed(xml: bytes, element: Element, children: bytes = b"", **attributes: str | None) -> list[Edit]:
    """The edits that give an element attributes (None takes one away) and put children at its end, in its own namespace prefix."""
    tag, name = xml[element.start : element.inside], _qualified(xml, element)
    new = tag
    for key, value in attributes.items():
        new = _with_attribute(new, key.encode(), value)
    added = _in_prefix(name, children)
    if added and new.endswith(b"/>"):
        return [(element.start, element.inside, new[:-2] + b">" + added + b"</" + name + b">")]
    return [(element.start, element.inside, new)] * (new != tag) + [(element.end, element.end, added)] * bool(added)


def before(xml: bytes, element: Element, siblings: bytes) -> Edit:
    """The edit that puts siblings before an element, in its own namespace prefix."""
    return element.start, element.start, _in_prefix(_qualified(xml, element), siblings)


def after(xml: bytes, element: Element, siblings: bytes) -> Edit:
    """The edit that puts siblings behind an element, in its own namespace prefix."""
    return element.after, element.after, _in_prefix(_qualified(xml, element), siblings)


def without(element: Element) -> Edit:
    """The edit that takes an element away."""
    return element.start, element.after, b""


def spliced(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """A part with edits made; edits at one offset keep their order."""
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        assert start >= at, "edits overlap"
        parts += [xml[at:start], new]
        at = end
    return b"".join([*parts, xml[at:]])


def escaped(text: str) -> bytes:
    """A text as XML content or attribute value, in ASCII so that it fits a part of any encoding."""
    shown = escape(_UNSPEAKABLE.sub(" ", text), {'"': "&quot;"})
    return shown.encode("ascii", "xmlcharrefreplace")


def _tag_end(xml: bytes, start: int) -> int:
    tag = _START_TAG.match(xml, start)
    assert tag is not None
    return tag.end()


def _qualified(xml: bytes, element: Element) -> bytes:
    name = _NAME.match(xml, element.start)
    assert name is not None
    return name[1]


def _in_prefix(name: bytes, added: bytes) -> bytes:
    """Elements without a prefix in that of a qualified name."""
    prefix = name.rpartition(b":")[0]
    return _UNPREFIXED.sub(rb"<\1" + prefix + b":", added) if prefix else added


def _with_attribute(tag: bytes, name: bytes, value: str | None) -> bytes:
    written = b"" if value is None else b" " + name + b'="' + escaped(value) + b'"'
    there = re.search(rb"\s+" + name + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", tag)
    if there:
        return tag[: there.start()] + written + tag[there.end() :]
    return re.sub(rb"\s*(/?>)$", lambda found: written + found[1], tag)
