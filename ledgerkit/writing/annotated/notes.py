"""Comments of a sheet: ours are added, below the clerk's own where there is one; those of an earlier copy are taken away first.

A comment is two things: its text in the comments part, and its box in a VML drawing. A cell with a thread of comments (Excel 365) gets
none: beside a thread no program shows one.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from ledgerkit.reading.raw import Place
from ledgerkit.writing import styles
from ledgerkit.writing.annotated.cells import inside_data
from ledgerkit.writing.annotated.package import DECLARATION, Package, text_run
from ledgerkit.writing.annotated.splices import Edit, Element, at_path, before, changed, elements, escaped, spliced, without

AUTHOR = "ledgerkit"
# What begins our part of a comment, and by which a later run knows it.
MARK = f"[{AUTHOR}]"
_COMMENT, _TEXT = "comments/commentList/comment", "comments/commentList/comment/text"
_RUN, _PLAIN, _RUN_TEXT, _AUTHOR = f"{_TEXT}/r", f"{_TEXT}/t", f"{_TEXT}/r/t", "comments/authors/author"
_COMMENTS_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What may stand behind the drawing of comments in a sheet.
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
)
_FONT = f'<rPr><sz val="9"/><color indexed="81"/><rFont val="{styles.FONT}"/><family val="2"/><charset val="134"/></rPr>'.encode()
_BOX_COLUMNS, _BOX_CHARACTERS, _ROWS_A_LINE = 4, 38, 0.9
_LAST_COLUMN = 16_383
_SHAPE = re.compile(rb"<v:shape\b(?:(?!</v:shape>).)*</v:shape>", re.DOTALL)
_SHAPE_PLACE = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>")
# The last but one of eight numbers is the row in which a box ends.
_BOTTOM = re.compile(rb"(<x:Anchor>(?:[^,<]*,){6}\s*)(\d+)(\s*,)")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>"""
_SHAPE_TYPE = b"""<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_BOX = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">\
<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">\
<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, {right}, 31, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""


@dataclass(frozen=True)
class _Own:
    """A comment of the workbook: its element and that of its text, the content of the text without our part, whether there was one."""

    element: Element
    text: Element
    kept: bytes
    had_ours: bool


def threads(package: Package, sheet: str) -> set[Place]:
    """The cells of a sheet part that have a thread of comments."""
    parts = package.related(sheet, "threadedComment")
    listed = (item for part in parts for item in at_path(package.parts[part], "ThreadedComments/threadedComment"))
    return {xl_cell_to_rowcol(item.get("ref")) for item in listed}


def put_notes(package: Package, sheet: str, notes: Mapping[Place, str]) -> None:
    """Writes these comments of ours, and no other of ours, on a sheet part."""
    own = _own(package, sheet)
    gone = {place for place, comment in own.items() if not comment.kept and place not in notes}
    if notes or any(comment.had_ours for comment in own.values()):
        _write_texts(package, sheet, own, notes)
        _draw(package, sheet, notes, own, gone)


def _own(package: Package, sheet: str) -> dict[Place, _Own]:
    """The comments that a sheet part has, by cell."""
    parts = package.related(sheet, "comments")
    if not parts:
        return {}
    xml = package.parts[parts[0]]
    comments: list[list[Element]] = []
    for element in at_path(xml, _COMMENT, _TEXT, _RUN, _PLAIN, _RUN_TEXT):
        comments += [[]] * (element.path == _COMMENT)
        comments[-1] = [*comments[-1], element]
    found = {xl_cell_to_rowcol(comment.get("ref")): (comment, text, _without_ours(xml, inner)) for comment, text, *inner in comments}
    return {place: _Own(comment, text, *rest) for place, (comment, text, rest) in found.items()}


def _without_ours(xml: bytes, inner: list[Element]) -> tuple[bytes, bool]:
    """The content of a comment's text up to our part, as runs, and whether there was such a part."""
    kept = b""
    for run in inner:
        if run.path not in (_RUN, _PLAIN):
            continue
        whole = xml[run.start : run.after]
        before_us, mark, _ = whole.partition(MARK.encode())
        if not mark:
            kept += whole if run.path == _RUN else b"<r>" + whole + b"</r>"
            continue
        text = run if run.path == _PLAIN else next(item for item in inner if item.path == _RUN_TEXT and run.start < item.start < run.after)
        if before_us[text.inside - run.start :].strip():
            rest = before_us.rstrip() + xml[text.end : run.after]
            kept += rest if run.path == _RUN else b"<r>" + rest + b"</r>"
        return kept, True
    return kept, False


def _write_texts(package: Package, sheet: str, own: Mapping[Place, _Own], notes: Mapping[Place, str]) -> None:
    parts = package.related(sheet, "comments")
    part = parts[0] if parts else _new_comments(package, sheet)
    xml = package.parts[part]
    edits: list[Edit] = []
    for place, comment in own.items():
        if place in notes:
            edits += _replaced(xml, comment.text, comment.kept + _run(notes[place], below=bool(comment.kept)))
        elif comment.had_ours and comment.kept:
            edits += _replaced(xml, comment.text, comment.kept)
        elif comment.had_ours:
            edits.append(without(comment.element))
    author, more = _author(xml)
    new = [
        f'<comment ref="{xl_rowcol_to_cell(*place)}" authorId="{author}"><text>'.encode() + _run(text) + b"</text></comment>"
        for place, text in sorted(notes.items())
        if place not in own
    ]
    (listed,) = at_path(xml, "comments/commentList")
    package.parts[part] = spliced(xml, [*edits, *more, *changed(xml, listed, b"".join(new))])


def _run(text: str, below: bool = False) -> bytes:
    """Our part of a comment, on a line of its own below the clerk's."""
    return b"<r>" + _FONT + text_run(("\n" if below else "") + f"{MARK} {text}") + b"</r>"


def _replaced(xml: bytes, text: Element, content: bytes) -> list[Edit]:
    """The edits that give a text other content; what is kept of it has its prefix already."""
    emptied = Element(text.path, text.attributes, text.start, text.inside, text.inside, text.inside)
    return [(text.inside, text.end, b""), *changed(xml, emptied, content)]


def _author(xml: bytes) -> tuple[int, list[Edit]]:
    """Our number among the authors, and the edits that put us there."""
    listed = at_path(xml, _AUTHOR)
    names = [xml[element.inside : element.end] for element in listed]
    if AUTHOR.encode() in names:
        return names.index(AUTHOR.encode()), []
    (authors,) = at_path(xml, "comments/authors")
    return len(names), changed(xml, authors, b"<author>" + escaped(AUTHOR) + b"</author>")


def _new_comments(package: Package, sheet: str) -> str:
    part = package.free_name("xl/comments{}.xml")
    main = package.uri("spreadsheetml", "main")
    xml = DECLARATION + f'<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'.encode()
    package.add(sheet, part, xml, _COMMENTS_KIND, "comments")
    return part


def _draw(package: Package, sheet: str, notes: Mapping[Place, str], own: Mapping[Place, _Own], gone: Collection[Place]) -> None:
    """The boxes of comments in the sheet's VML, which Excel writes as text that is not always XML: it is not parsed."""
    part = _drawing(package, sheet)

    def box(shape: re.Match[bytes]) -> bytes:
        place = _place(shape[0])
        comment = own.get(place) if place else None
        if place is None or comment is None or (place in notes and comment.had_ours):
            return shape[0]
        return b"" if place in gone else _grown(shape[0], notes[place]) if place in notes else shape[0]

    vml = _SHAPE.sub(box, package.parts[part])
    first = max([1024, *(int(number) for number in _SHAPE_ID.findall(vml))]) + 1
    new = [(place, text) for place, text in sorted(notes.items()) if place not in own]
    boxes = b"".join(_box(number, *place, text) for number, (place, text) in enumerate(new, first))
    shape_type = b"" if b'"_x0000_t202"' in vml or not new else _SHAPE_TYPE
    head, _, tail = vml.rpartition(b"</xml>")
    package.parts[part] = head + shape_type + boxes + b"</xml>" + tail


def _place(shape: bytes) -> Place | None:
    """The cell that a shape is the comment of; None for a form control."""
    found = _SHAPE_PLACE.search(shape)
    return (int(found[1]), int(found[2])) if found else None


def _height(text: str) -> int:
    """Rows that a text of ours takes in a box."""
    return 2 + int(styles.lines_needed(f"{MARK} {text}", _BOX_CHARACTERS) * _ROWS_A_LINE)


def _grown(shape: bytes, text: str) -> bytes:
    """The clerk's box with room for our text below."""
    return _BOTTOM.sub(lambda found: found[1] + str(int(found[2]) + _height(text)).encode() + found[3], shape)


def _box(number: int, row: int, column: int, text: str) -> bytes:
    """A hidden box right of its cell, about as high as its text needs."""
    left = min(column + 1, _LAST_COLUMN - _BOX_COLUMNS)
    sides = {"left": left, "right": left + _BOX_COLUMNS, "top": row, "bottom": row + _height(text)}
    return _BOX.format(id=number, row=row, column=column, **sides).encode()


def _drawing(package: Package, sheet: str) -> str:
    """The VML part of a sheet's comments and form controls, made where there is none."""
    xml = package.parts[sheet]
    found = elements(xml, lambda path, _: path.count("/") < 2, inside_data(xml))
    own = next((element for element in found if element.path == "worksheet/legacyDrawing"), None)
    if own:
        return package.relations(sheet)[own.get("id")][0]
    part = package.free_name("xl/drawings/vmlDrawing{}.vml")
    relation = package.add(sheet, part, _VML.encode(), _VML_KIND, "vmlDrawing")
    namespace = package.uri("officeDocument", "relationships")
    drawing = f'<legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
    behind = next((element for element in found if element.path.rpartition("/")[2] in _BEHIND), None)
    package.parts[sheet] = spliced(xml, [before(xml, behind, drawing)] if behind else changed(xml, found[0], drawing))
    return part
