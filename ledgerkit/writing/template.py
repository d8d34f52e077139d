"""Blank workbooks, made from the ledgers and nothing else: cover, instructions, a sheet a ledger. Filled, they are the samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.ledgers import load
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.money import LARGEST, MINOR
from ledgerkit.model.schema import Field, FieldType, Ledger, Need
from ledgerkit.model.stamp import INSTRUCTIONS as INSTRUCTIONS_CELL
from ledgerkit.model.stamp import TEMPLATE_VERSION
from ledgerkit.writing import safe, styles
from ledgerkit.writing.styles import A4, POINTS_A_LINE, Styles

LISTS_NAME = "ledgerkit_lists"
MOST_ROWS = 1_048_573

# Rows of a ledger sheet, and columns of the cover, counted from 0.
TITLE, LEGEND, HEADER, FIRST = 0, 1, 2, 3
LABEL, VALUE, HINT = 0, 1, 2
LAST_COLUMN = 16_383
# Excel's own limits: a longer drop-down, title or message makes it repair the file.
LIST_LIMIT, TITLE_LIMIT, MESSAGE_LIMIT = 255, 32, 255
# Excel takes 1900 for a leap year: only from March 1900 on do its days agree with everybody else's.
EARLIEST, LATEST = date(1900, 3, 1), date(2999, 12, 31)
# Character units that fill an A4 page across at less than half size; a wider ledger is printed on several pages, its key columns on each.
PAGE_WIDTH = 340
INSTRUCTION_WIDTHS = (18, 34, 72)

COVER_TITLE = N_("Union ledgers")
COVER_NOTE = N_("Fill in the middle column. The branch code and the year say whose books these are, and of which year.")
MONEY_UNIT = N_("Money in yuan")
NEEDS: Mapping[Need, str] = {
    "R": N_("dark header: required"),
    "C": N_("blue header: required on a condition (select a cell to read it)"),
    "O": N_("grey header: optional"),
}
REQUIRED = N_("Required")
YES, NO = N_("Yes"), N_("No")
PICK = N_("Choose from the list.")
PICK_ONE = N_("Choose one of: {choices}")
COMMA = N_(", ")
NOT_ACCEPTED = N_("Please check this cell")
SIGNED_ALERT = N_("Type an amount in yuan, such as 1234.50, or -1234.50 for a cut or a reversal: a number without a unit.")
ALERTS: Mapping[FieldType, str] = {
    "money": N_("Type an amount in yuan, such as 1234.50: a number, not below 0, without a unit."),
    "int": N_("Type a whole number: digits only, not below 0, without a unit."),
    "date": N_("Type a date such as 2015-03-01."),
    "datetime": N_("Type a date and time such as 2015-03-01 09:30."),
    "month": N_("Type a month such as 2015-03."),
}
LISTS = N_("Lists")
INSTRUCTIONS = N_("Instructions")
HOW_TO = N_("How to fill in this workbook")
STEPS = (
    N_("Fill in each sheet from row 4 down, one record a row; leave no blank rows in between."),
    N_("Do not change the headers. Leave columns you do not use blank; columns of your own go to the right of the last one."),
    N_("Numbers of members, vouchers, identity papers and bank cards are text: type them in full, leading zeros included."),
    N_("Money is in yuan with two decimals, such as 1234.50, without a unit."),
    N_("Dates look like 2015-03-01, months like 2015-03, times like 2015-03-01 09:30."),
    N_("Where a cell offers a list, choose from it. When you paste, paste values only, or the lists and formats are lost."),
    N_("A total row is optional: write Total in a text column. It is compared with the rows above and never counted as one."),
    N_("Sheets are protected without a password, only to guard the headers: sort, filter, insert and delete rows freely."),
    N_("Save as an Excel workbook (.xlsx) and check it with: ledgerkit validate FILE.xlsx"),
)
TABLE = (N_("Ledger"), N_("Columns that identify a row"), N_("Required columns"))
EITHER = N_("{column} (or {other})")

Say = Callable[[str], str]
Row = Mapping[str, str]


@dataclass(frozen=True)
class _Form:
    """A workbook being written: its formats, its language, and where the drop-downs too long for a cell stand."""

    book: Workbook
    styles: Styles
    lang: Lang
    say: Say
    lists: Mapping[tuple[str, ...], str]


def write_template(
    path: Path,
    ledgers: Sequence[Ledger],
    lang: Lang,
    *,
    rows: int = 1000,
    cover: Mapping[str, object] | None = None,
    data: Mapping[str, Sequence[Row]] | None = None,
) -> None:
    """Writes a workbook of cover, instructions and a sheet a ledger, in the language asked for, with both labels in every header.

    `rows` (at most MOST_ROWS) is how many rows have drop-downs and checks; `cover` fills the cover by field key; `data` fills the
    ledgers: name → rows of canonical text by field key (money in yuan). Raises ValueError for a ledger or field that is not there
    and for text that is not of its field's type. The caller makes it whole or not at all (atomic.whole).
    """
    filled = data or {}
    _check_names(ledgers, cover or {}, filled)
    say = catalogue(lang).gettext
    with safe.workbook(path, kind="template", version=TEMPLATE_VERSION, title=say(COVER_TITLE)) as book:
        form = _Form(book, styles.styles(book), lang, say, _long_lists(ledgers, lang, say(LISTS)))
        _cover_sheet(form, load("cover"), cover or {})
        _instruction_sheet(form, ledgers)
        for ledger in ledgers:
            _ledger_sheet(form, ledger, rows, filled.get(ledger.name, ()))
        _list_sheet(form)


def _check_names(ledgers: Sequence[Ledger], cover: Mapping[str, object], data: Mapping[str, Sequence[Row]]) -> None:
    known = {ledger.name: set(ledger.by_key) for ledger in ledgers} | {"cover": set(load("cover").by_key)}
    given = {name: set().union(*rows) for name, rows in data.items()} | {"cover": set(cover)}
    for name, keys in given.items():
        if extra := keys - known.get(name, set()):
            raise ValueError(f"{name}: no such column in this workbook: {', '.join(sorted(extra))}")


# ---- a ledger's sheet


def _ledger_sheet(form: _Form, ledger: Ledger, rows: int, filled: Sequence[Row]) -> None:
    sheet = form.book.add_worksheet(ledger.title[form.lang])
    last = FIRST + max(rows, len(filled), 1) - 1
    _columns(form, sheet, ledger)
    _head(form, sheet, ledger)
    for place, row in enumerate(filled, FIRST):
        _record(form, sheet, place, ledger, row)
    for column, field in enumerate(ledger.fields):
        sheet.data_validation(FIRST, column, last, column, validation(form, field))
    width = len(ledger.fields)
    sheet.autofilter(HEADER, 0, last, width - 1)
    sheet.ignore_errors({"number_stored_as_text": xl_range_abs(FIRST, 0, last, width - 1).replace("$", "")})
    _protect(sheet)
    _paper(form, sheet, ledger)


def _columns(form: _Form, sheet: Worksheet, ledger: Ledger) -> None:
    for column, (field, width) in enumerate(zip(ledger.fields, _widths(ledger, form.lang), strict=True)):
        sheet.set_column(column, column, width, form.styles.input[field.type])
    # Unlocked to the very last column: Excel deletes a row of a protected sheet only where no cell of it is locked.
    sheet.set_column(len(ledger.fields), LAST_COLUMN, 12, form.styles.own_value)
    # xlsxwriter would take that for the used range, and tell every reader that the sheet is 16,384 columns wide.
    sheet.dim_colmax = None
    sheet.hide_gridlines(2)


def _widths(ledger: Ledger, lang: Lang) -> list[int]:
    # The title fits in the first column: where key columns are repeated in print, no neighbour is free for it to run into.
    first, *others = (styles.column_width(field, lang) for field in ledger.fields)
    return [max(first, styles.title_width(ledger.title[lang])), *others]


def _head(form: _Form, sheet: Worksheet, ledger: Ledger) -> None:
    sheet.set_row(TITLE, 27, form.styles.title)
    sheet.write_string(TITLE, 0, ledger.title[form.lang], form.styles.title)
    sheet.set_row(LEGEND, 20, form.styles.note)
    sheet.write_string(LEGEND, 0, form.say(MONEY_UNIT), form.styles.note)
    sheet.write_rich_string(LEGEND, max(1, _key_columns(ledger)), *_legend(form), form.styles.note)
    sheet.set_row(HEADER, max(styles.header_height(field, form.lang) for field in ledger.fields), form.styles.own_header)
    for column, field in enumerate(ledger.fields):
        _header_cell(form, sheet, column, field)


def _legend(form: _Form) -> list[str | Format]:
    words = form.styles.note
    return [part for need, meaning in NEEDS.items() for part in (form.styles.marks[need], "■ ", words, f"{form.say(meaning)}      ")]


def _key_columns(ledger: Ledger) -> int:
    return max((list(ledger.by_key).index(key) + 1 for key in ledger.key), default=0)


def _header_cell(form: _Form, sheet: Worksheet, column: int, field: Field) -> None:
    whole, small = form.styles.header[field.need], form.styles.header_small[field.need]
    first, second = styles.both_labels(field, form.lang).split("\n")
    sheet.write_rich_string(HEADER, column, whole, first, small, f"\n{second}", whole)


def _protect(sheet: Worksheet) -> None:
    allowed = ("sort", "autofilter", "format_columns", "format_rows", "insert_rows", "delete_rows")
    sheet.protect("", dict.fromkeys(allowed, True))


def _paper(form: _Form, sheet: Worksheet, ledger: Ledger) -> None:
    keys = _key_columns(ledger)
    sheet.freeze_panes(FIRST, keys)
    sheet.repeat_rows(HEADER)
    pages = -(-sum(_widths(ledger, form.lang)) // PAGE_WIDTH)
    if pages > 1 and keys:
        sheet.repeat_columns(0, keys - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(pages, 0)
    styles.footer(sheet, form.lang)


# ---- what a cell takes


def validation(form: _Form, field: Field) -> dict[str, Any]:
    """A column's check as xlsxwriter takes it: what is accepted, the hint beside the cell, and the alert that says what to type."""
    hint = {"input_title": _cut(field.label(form.lang), TITLE_LIMIT), "input_message": _cut(_hint(form, field), MESSAGE_LIMIT)}
    if field.type == "text":
        return {"validate": "any", **hint}
    alert = {"error_title": _cut(form.say(NOT_ACCEPTED), TITLE_LIMIT), "error_message": _cut(_alert(form, field), MESSAGE_LIMIT)}
    return {**_accepted(form, field), **hint, **alert, "error_type": "stop"}


def _accepted(form: _Form, field: Field) -> dict[str, Any]:
    match field.type:
        case "int":
            return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 999_999_999}
        case "money":
            most = LARGEST // MINOR
            return {"validate": "decimal", "criteria": "between", "minimum": -most if _may_be_negative(field) else 0, "maximum": most}
        case "date" | "datetime" | "month":
            return {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        case _:
            labels = _labels(field, form.lang, form.say)
            return {"validate": "list", "source": form.lists.get(labels) or list(labels)}


def _may_be_negative(field: Field) -> bool:
    # A positive field (relief.amount) is negative in a reversal (红冲).
    return field.signed or field.positive


def _alert(form: _Form, field: Field) -> str:
    if field.type in ("yesno", "choice"):
        spelled = form.say(PICK_ONE).format(choices=form.say(COMMA).join(_labels(field, form.lang, form.say)))
        return spelled if len(spelled) <= MESSAGE_LIMIT else form.say(PICK)
    return form.say(SIGNED_ALERT if _may_be_negative(field) else ALERTS[field.type])


def _hint(form: _Form, field: Field) -> str:
    condition = form.say(REQUIRED) if field.need == "R" else (field.condition or {}).get(form.lang, "")
    return "\n".join(filter(None, (field.hint[form.lang], condition[:1].upper() + condition[1:])))


def _labels(field: Field, lang: Lang, say: Say) -> tuple[str, ...]:
    return (say(YES), say(NO)) if field.type == "yesno" else tuple(choice.label(lang) for choice in field.choices)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _long_lists(ledgers: Sequence[Ledger], lang: Lang, sheet: str) -> dict[tuple[str, ...], str]:
    """Drop-downs that do not fit in the check itself, and the range of the hidden sheet where each will stand."""
    every = {tuple(c.label(lang) for c in field.choices): None for ledger in ledgers for field in ledger.fields}
    long = [labels for labels in every if len(",".join(labels)) > LIST_LIMIT or any("," in label for label in labels)]
    return {labels: f"='{sheet}'!{xl_range_abs(0, column, len(labels) - 1, column)}" for column, labels in enumerate(long)}


def _list_sheet(form: _Form) -> None:
    if not form.lists:
        return
    sheet = form.book.add_worksheet(form.say(LISTS))
    for column, labels in enumerate(form.lists):
        for row, label in enumerate(labels):
            sheet.write_string(row, column, label, form.styles.text)
    form.book.define_name(LISTS_NAME, f"='{form.say(LISTS)}'!$A$1")
    sheet.protect()
    sheet.hide()


# ---- values


def _record(form: _Form, sheet: Worksheet, place: int, ledger: Ledger, row: Row) -> None:
    lines = max(styles.lines_needed(row.get(f.key, ""), styles.column_width(f, form.lang) - 1) for f in ledger.fields)
    if lines > 1:
        sheet.set_row(place, POINTS_A_LINE * lines)
    for column, field in enumerate(ledger.fields):
        if text := row.get(field.key, ""):
            try:
                _put(form, sheet, place, column, field, text, form.styles.input[field.type])
            except (KeyError, ValueError) as error:
                raise ValueError(f"{ledger.name}, row {place + 1}, {field.key}: {text!r} is no {field.type}") from error


def _put(form: _Form, sheet: Worksheet, row: int, column: int, field: Field, text: str, style: Format) -> None:
    match field.type:
        case "money":
            sheet.write_number(row, column, float(text), style)
        case "int":
            sheet.write_number(row, column, int(text), style)
        case "date" | "datetime":
            sheet.write_datetime(row, column, datetime.fromisoformat(text), style)
        case "month":
            sheet.write_datetime(row, column, datetime.fromisoformat(f"{text}-01"), style)
        case "yesno":
            sheet.write_string(row, column, form.say({"yes": YES, "no": NO}[text]), style)
        case "choice":
            sheet.write_string(row, column, {c.key: c.label(form.lang) for c in field.choices}[text], style)
        case "text":
            sheet.write_string(row, column, text, style)


# ---- cover and instructions


def _cover_sheet(form: _Form, cover: Ledger, given: Mapping[str, object]) -> None:
    name = cover.title[form.lang]
    sheet = form.book.add_worksheet(name)
    for column, width in ((LABEL, 20), (VALUE, 40), (HINT, 52)):
        sheet.set_column(column, column, width)
    sheet.set_row(TITLE, 32)
    sheet.write_string(TITLE, LABEL, form.say(COVER_TITLE), form.styles.title)
    sheet.write_string(LEGEND, LABEL, form.say(COVER_NOTE), form.styles.note)
    for row, field in enumerate(cover.fields, FIRST):
        _cover_row(form, sheet, row, field, _canonical(given.get(field.key)))
        form.book.define_name(f"cover_{field.key}", f"='{name}'!{xl_rowcol_to_cell(row, VALUE, row_abs=True, col_abs=True)}")
    sheet.set_selection(FIRST, VALUE, FIRST, VALUE)
    _words_page(form, sheet)


def _cover_row(form: _Form, sheet: Worksheet, row: int, field: Field, text: str) -> None:
    style = form.styles.cover[field.type]
    sheet.set_row(row, 24)
    sheet.write_string(row, LABEL, field.label(form.lang), form.styles.label)
    sheet.write_blank(row, VALUE, None, style)
    if text:
        _put(form, sheet, row, VALUE, field, text, style)
    sheet.write_string(row, HINT, field.hint[form.lang], form.styles.aside)
    sheet.data_validation(row, VALUE, row, VALUE, validation(form, field))


def _canonical(given: object) -> str:
    return given.isoformat() if isinstance(given, date) else "" if given is None else str(given)


def _words_page(form: _Form, sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)
    styles.footer(sheet, form.lang)
    sheet.protect()


def _instruction_sheet(form: _Form, ledgers: Sequence[Ledger]) -> None:
    name = form.say(INSTRUCTIONS)
    sheet = form.book.add_worksheet(name)
    form.book.define_name(INSTRUCTIONS_CELL, f"='{name}'!$A$1")
    for column, width in enumerate(INSTRUCTION_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(TITLE, 32)
    sheet.write_string(TITLE, 0, form.say(HOW_TO), form.styles.title)
    for row, step in enumerate(STEPS, 1):
        text = f"{row}. {form.say(step)}"
        sheet.merge_range(row, 0, row, len(INSTRUCTION_WIDTHS) - 1, text, form.styles.text)
        sheet.set_row(row, POINTS_A_LINE * styles.lines_needed(text, sum(INSTRUCTION_WIDTHS) - 4) + 4)
    _ledger_table(form, sheet, len(STEPS) + 2, ledgers)
    _words_page(form, sheet)


def _ledger_table(form: _Form, sheet: Worksheet, top: int, ledgers: Sequence[Ledger]) -> None:
    sheet.set_row(top, 22)
    for column, heading in enumerate(TABLE):
        sheet.write_string(top, column, form.say(heading), form.styles.strong)
    for row, ledger in enumerate(ledgers, top + 1):
        cells = (ledger.title[form.lang], _named(form, ledger, ledger.key), _named(form, ledger, ledger.required))
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, form.styles.shown["text"])
        lines = max(styles.lines_needed(text, width - 2) for text, width in zip(cells, INSTRUCTION_WIDTHS, strict=True))
        sheet.set_row(row, POINTS_A_LINE * lines + 6)


def _named(form: _Form, ledger: Ledger, keys: Sequence[str]) -> str:
    return form.say(COMMA).join(_named_column(form, ledger, key) for key in keys)


def _named_column(form: _Form, ledger: Ledger, key: str) -> str:
    label = ledger[key].label(form.lang)
    if key not in ledger.key_else:
        return label
    return form.say(EITHER).format(column=label, other=ledger[ledger.key_else[key]].label(form.lang))
