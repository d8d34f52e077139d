"""One cell to one typed value, or to the fault that it has. Nothing is repaired by guessing, nothing is read by likeness.

A fault is the code of the rule that speaks of it. Most leave the cell unreadable; those in KEPT leave its value in use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from ledgerkit.model import money, period
from ledgerkit.model.person import id_is_good, is_scientific
from ledgerkit.model.schema import NO, YES, Field, FieldType
from ledgerkit.model.text import clean, fold, hides, is_damaged, narrow_key
from ledgerkit.reading import doubts
from ledgerkit.reading.raw import Cell

# Said once a column (the statement `display`), so it is no rule's code.
HIDES = "hides"
KEPT = frozenset({"G014", "G024", "G027", HIDES})
# Columns of people's names: a rare surname may be a private-use character there.
PEOPLE = frozenset(
    {"name", "beneficiary", "payee", "signed_by", "proxy", "approved_by", "handled_by", "chair", "audit_chair", "treasurer", "cashier"}
)
DITTO = frozenset({"同上", "〃", "″", '"', "''", "同前", "ditto"})
LONG = 1e15
_YESNO = {fold(word): answer for words, answer in ((YES, True), (NO, False)) for word in words}
_EXPECTED: Mapping[FieldType, str] = {
    "money": "1234.50",
    "int": "12",
    "date": "YYYY-MM-DD",
    "datetime": "YYYY-MM-DDThh:mm",
    "month": "YYYY-MM",
    "yesno": "yes|no",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell's fault: the code that speaks, the cell as its keeper sees it (None where it would show invented digits).

    `case` chooses among the sentences of the rule, where it has several.
    """

    code: str
    text: str | None
    expected: str | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell's value depends on beside itself; `typed` is False in a text file, where every cell is text."""

    field: Field
    scale: int = 1
    base_1904: bool = False
    padding: int = 0
    typed: bool = True


# A cell's value (None where there is none), its fault, whether it is blank.
Read = tuple[Any, Fault | None, bool]


@dataclass(frozen=True)
class Column:
    """A column typed, a cell a row, and the faults of its cells by position."""

    cells: list[Read]
    faults: dict[int, Fault]

    @cached_property
    def values(self) -> list[Any]:
        """The value of each cell; None where there is none."""
        return [value for value, _, _ in self.cells]

    @property
    def unread(self) -> set[int]:
        """Positions of the cells that could not be read."""
        return {at for at, fault in self.faults.items() if fault.code not in KEPT}


# Of these types no value of one equals a value of another.
_UNLIKE = frozenset({str, float})


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing, or only spaces and invisible characters."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.isalnum() and not clean(cell))


def as_text(cell: Cell) -> str:
    """A cell as its keeper sees it, canonical: whole numbers without .0, ISO dates."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < LONG else repr(cell)
    if isinstance(cell, (datetime, date)):
        return period.show_moment(cell if isinstance(cell, datetime) else datetime.combine(cell, time()))
    return clean(str(cell))


def read_column(context: Context, cells: Sequence[Cell], broken: Mapping[int, Fault], padding: Mapping[int, int]) -> Column:
    """A column typed. `broken`: positions of error cells and formulas never calculated; `padding`: digits that a format shows.

    Each distinct cell is read once, for a ledger repeats a few names, months and amounts. 1, 1.0 and True are equal: where there are
    others than texts and numbers, the type is part of what is distinct.
    """
    if not padding and _UNLIKE.issuperset(map(type, cells)):
        keys: Sequence[Any] = cells
        read = {cell: _read(context, cell, 0) for cell in dict.fromkeys(cells)}
    else:
        keys = [(type(cell), cell, padding.get(at, 0)) for at, cell in enumerate(cells)]
        read = {key: _read(context, key[1], key[2]) for key in dict.fromkeys(keys)}
    typed = list(map(read.__getitem__, keys))
    faults = {at: fault for at, (_, fault, _) in enumerate(typed) if fault} if any(fault for _, fault, _ in read.values()) else {}
    for at, fault in broken.items():
        typed[at] = (None, fault, False)
    return Column(typed, {**faults, **broken})


def _read(context: Context, cell: Cell, padding: int) -> Read:
    if is_blank(cell):
        return blank_value(context.field), None, True
    value, fault = _READERS[context.field.type](replace(context, padding=padding) if padding else context, cell)
    return value, fault, False


def blank_value(field: Field) -> object:
    """What an empty cell of a field means: its `blank`, "" for text, NA otherwise."""
    if field.blank is not None:
        return field.blank
    return "" if field.type in ("text", "choice") else None


def _bad(context: Context, code: str, cell: Cell, case: str = "") -> tuple[None, Fault]:
    return None, Fault(code, as_text(cell), _EXPECTED.get(context.field.type), case)


def _text(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    field = context.field
    if isinstance(cell, float):
        return _number_as_text(context, cell)
    text = as_text(cell)
    if text in DITTO and field.need != "O":
        return None, Fault("G013", text, case="ditto")
    if not field.number_text:
        return text, Fault("G014", text) if is_damaged(text, field.key in PEOPLE) else _hiding(field, cell, text)
    text = narrow_key(text)
    value, fault = _identity(field, text) if field.id_kind in ("id", "card") else (text, None)
    return value, fault or _hiding(field, cell, text)


def _hiding(field: Field, cell: Cell, text: str) -> Fault | None:
    """What is said of a key or a person's name that holds characters which nobody sees."""
    looked_at = isinstance(cell, str) and (field.number_text or field.key in PEOPLE)
    return Fault(HIDES, text) if looked_at and hides(str(cell), field.number_text) else None


def _identity(field: Field, text: str) -> tuple[object, Fault | None]:
    number = "".join(text.split()).replace("-", "").upper()
    lost_tail = field.id_kind == "id" and len(number) == 18 and number.endswith("000") and not id_is_good(number)
    if is_scientific(number) or lost_tail:
        return None, Fault("G005", None)
    return number, None


def _number_as_text(context: Context, cell: float) -> tuple[object, Fault | None]:
    field = context.field
    if field.id_kind in ("id", "card", "uscc") or abs(cell) >= LONG:
        return None, Fault("G002", None)
    text = as_text(cell)
    if not field.number_text or not cell.is_integer():
        return text, None
    text = text.zfill(context.padding)
    return text, Fault("G024", text)


def _money(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    minor = money.to_minor(cell, context.scale)
    if minor is None:
        return _bad(context, "G008", cell, doubts.of_amount(cell))
    return minor, Fault("G027", as_text(cell), money.show(minor)) if isinstance(cell, str) and context.typed else None


def _int(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    minor = None if isinstance(cell, bool) else money.to_minor(cell)
    if minor is None or minor % money.MINOR or minor < 0:
        return _bad(context, "G008", cell, doubts.of_count(cell))
    count = minor // money.MINOR
    return count, Fault("G027", as_text(cell), str(count)) if isinstance(cell, str) and context.typed else None


def _date(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    moment = period.parse_moment(cell, context.base_1904)
    return (datetime.combine(moment.date(), time()), None) if moment else _bad(context, "G009", cell, doubts.of_date(cell))


def _datetime(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    moment = period.parse_moment(cell, context.base_1904)
    return (moment, None) if moment else _bad(context, "G009", cell, doubts.of_date(cell))


def _month(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    ordinal = period.parse_month(cell, context.base_1904)
    return (ordinal, None) if ordinal is not None else _bad(context, "G009", cell, doubts.of_date(cell))


def _yesno(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    answer = cell if isinstance(cell, bool) else _YESNO.get(fold(as_text(cell)))
    return (answer, None) if answer is not None else _bad(context, "G016", cell)


def _choice(context: Context, cell: Cell) -> tuple[object, Fault | None]:
    key = context.field.choice_keys.get(fold(as_text(cell)))
    if key is None and as_text(cell) in DITTO and context.field.need != "O":
        return None, Fault("G013", as_text(cell), case="ditto")
    return (key, None) if key is not None else (None, Fault("G016", as_text(cell), "|".join(c.key for c in context.field.choices)))


_READERS: Mapping[FieldType, Callable[[Context, Cell], tuple[object, Fault | None]]] = {
    "text": _text,
    "int": _int,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "month": _month,
    "yesno": _yesno,
    "choice": _choice,
}
