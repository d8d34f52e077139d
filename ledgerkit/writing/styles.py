"""How our workbooks look: one accent colour, light lines, one font. Templates and summaries share it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.plain import plain
from ledgerkit.model.schema import Field, FieldType, Need

# A cell of ours is of a field's type or a ratio, shown as a percentage.
Kind = FieldType | Literal["ratio"]

ACCENT = "#1F4E79"
TINT = "#C9DDF0"
PALE = "#EEF1F4"
LINE = "#CBD2D9"
INK = "#1F2933"
MUTED = "#5F6B7A"
WHITE = "#FFFFFF"
ALERT, ALERT_INK = "#F4C7C3", "#7A1F1F"
FONT = "Microsoft YaHei"
# Where YaHei is missing, family "Swiss" and the GB 2312 character set lead Excel to another sans-serif with Chinese.
FALLBACK = {"font_family": 2, "font_charset": 134}
FOOTER_FONT = f'&"{FONT},Regular"&8'
TITLE, BODY, SMALL = 15, 10, 8
A4 = 9
# Excel takes 255 characters of head or foot, codes counted.
LONGEST_HEAD = 100
POINTS_A_LINE = 16.5
NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "choice": "@",
    "yesno": "@",
    "int": "0",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "month": "yyyy-mm",
    "ratio": "0.00%",
}
WIDTHS: Mapping[FieldType, int] = {"text": 12, "choice": 9, "yesno": 9, "int": 9, "money": 13, "date": 12, "datetime": 17, "month": 10}
ID_WIDTHS = {"id": 20, "card": 22, "uscc": 20, "phone": 13}
LONG_TEXTS = {"remark": 28, "branch": 28, "reason": 24, "title": 24, "item": 24, "supplier": 24, "waiver_reason": 22, "goods": 20}
PADDING, WIDEST_LABEL = 2, 14
OTHER: Mapping[Lang, Lang] = {"zh": "en", "en": "zh"}
PAGE_OF = N_("Page {page} of {pages}")


@dataclass(frozen=True)
class Styles:
    """A workbook's formats: for headings and words (locked), and for the value of each type, to read, to fill in, in a total row.

    `head` is the header of the summary's sheets, `heading` that of a block on one, `alert` what a condition adds: bold on a colour.
    """

    title: Format
    note: Format
    aside: Format
    text: Format
    strong: Format
    label: Format
    own_header: Format
    own_value: Format
    header: Mapping[Need, Format]
    header_small: Mapping[Need, Format]
    marks: Mapping[Need, Format]
    head: Format
    link: Format
    wrapped_note: Format
    heading: Format
    alert: Format
    shown: Mapping[Kind, Format]
    total: Mapping[Kind, Format]
    input: Mapping[Kind, Format]
    cover: Mapping[Kind, Format]


def look(book: Workbook, **more: object) -> Format:
    """A format in the house font, changed by xlsxwriter's own property names."""
    return book.add_format({"font_name": FONT, **FALLBACK, "font_size": BODY, "font_color": INK, "valign": "vcenter", **more})


def styles(book: Workbook) -> Styles:
    """Every format a workbook of ours needs, made once."""
    fills: dict[Need, tuple[str, str]] = {"R": (ACCENT, WHITE), "C": (TINT, INK), "O": (PALE, INK)}
    marks: dict[Need, str] = {"R": ACCENT, "C": TINT, "O": LINE}
    return Styles(
        title=look(book, font_size=TITLE, bold=True, font_color=ACCENT),
        note=look(book, font_size=9, font_color=MUTED),
        aside=look(book, font_size=9, font_color=MUTED, indent=1),
        text=look(book, text_wrap=True),
        strong=look(book, bold=True, font_color=WHITE, bg_color=ACCENT, text_wrap=True, **_lines()),
        label=look(book, bold=True, bg_color=PALE, indent=1, **_lines()),
        own_header=look(book, bold=True, text_wrap=True, locked=False),
        own_value=look(book, locked=False, **_lines()),
        header={need: look(book, **_header(fill, ink)) for need, (fill, ink) in fills.items()},
        header_small={need: look(book, font_size=SMALL, font_color=ink) for need, (_, ink) in fills.items()},
        marks={need: look(book, font_size=11, font_color=colour) for need, colour in marks.items()},
        head=look(book, **_header(ACCENT, WHITE, valign="vcenter")),
        link=value(book, "text", font_color=ACCENT, underline=1),
        wrapped_note=look(book, font_size=9, font_color=MUTED, text_wrap=True),
        heading=look(book, bold=True, font_size=11, font_color=ACCENT),
        alert=book.add_format({"bold": True, "font_color": ALERT_INK, "bg_color": ALERT}),
        shown={kind: value(book, kind, locked=True) for kind in NUMBER_FORMATS},
        total={kind: value(book, kind, bold=True, bg_color=PALE) for kind in NUMBER_FORMATS},
        input={kind: value(book, kind, locked=False) for kind in NUMBER_FORMATS},
        cover={kind: value(book, kind, locked=False, align="left", indent=1) for kind in NUMBER_FORMATS},
    )


def value(book: Workbook, kind: Kind, **more: object) -> Format:
    """The format of a value of that type: its number format, its side of the cell, a light line around it."""
    side = "right" if kind in ("money", "int", "ratio") else "left" if kind == "text" else "center"
    plain = {"num_format": NUMBER_FORMATS[kind], "align": side, "text_wrap": kind == "text", **_lines()}
    return look(book, **(plain | more))


def display_width(text: str) -> int:
    """The width of the longest line of a text in character units, a Chinese character counting two."""
    if text.isascii():
        return max(map(len, text.split("\n")))
    return max(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n"))


def pixels(width: int) -> int:
    """The width in pixels of a column of that many character units, as Excel counts it in its usual font."""
    return 7 * width + 5


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, -(-display_width(line) // max(1, int(width)))) for line in text.split("\n"))


def both_labels(field: Field, lang: Lang) -> str:
    """A header as it stands in the cell: the label of the language, and the other one on a second line."""
    return f"{field.label(lang)}\n{field.label(OTHER[lang])}"


def column_width(field: Field, lang: Lang) -> int:
    """The width of a column in character units: enough for its values, and for its labels on at most two lines each."""
    values = [display_width(choice.label(lang)) + PADDING for choice in field.choices]
    long = LONG_TEXTS.get(field.key, 0) if field.type == "text" else 0
    label = min(display_width(field.label(lang)), WIDEST_LABEL) + PADDING
    return max(ID_WIDTHS.get(field.id_kind or "", long or WIDTHS[field.type]), label, *values)


def header_height(field: Field, lang: Lang) -> float:
    """The height of a header in points: its own label, the other one in smaller type, and room for Excel's filter button below."""
    first, second = both_labels(field, lang).split("\n")
    width = column_width(field, lang) - 1
    return 14.0 * lines_needed(first, width) + 11.5 * lines_needed(second, width * BODY / SMALL) + 17


def title_width(title: str) -> int:
    """The width of a sheet's title in character units."""
    return display_width(title) * TITLE // BODY + 1


def footer(sheet: Worksheet, lang: Lang) -> None:
    """Sheet name at the left of every printed page's foot, page numbers at the right."""
    page = catalogue(lang).gettext(PAGE_OF).format(page="&P", pages="&N")
    sheet.set_footer(f"&L{FOOTER_FONT}&A&R{FOOTER_FONT}{page}")


def running_head(sheet: Worksheet, text: str) -> None:
    """Whose books these are at the right of every printed page's head."""
    sheet.set_header(f"&R{FOOTER_FONT} {plain(text)[:LONGEST_HEAD].replace('&', '&&')}")


def _header(fill: str, ink: str, valign: str = "top") -> dict[str, object]:
    return {"bold": True, "font_color": ink, "bg_color": fill, "align": "center", "valign": valign, "text_wrap": True, **_lines()}


def _lines() -> dict[str, object]:
    return {"border": 1, "border_color": LINE}
