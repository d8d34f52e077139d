"""One thing in which a summary is not what its sources and policy give, as plain values; sentences are made where it is shown."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ledgerkit.reading.content import SheetContent
from ledgerkit.reading.raw import Cell, Place, address

# Two numbers that are further apart than this are two numbers; what a program rounds in the seventeenth digit is none.
NEAR, NEAR_SHARE = 1e-9, 1e-15


@dataclass(frozen=True)
class Difference:
    """What differs (`kind`), where (a cell, row or column of a sheet, or a file), what it is by the re-run (`was`) and what it is (`now`).

    Kinds of causes: version, source, source_missing, policy, policy_line, policy_missing. Of the summary: value, formula, result, display,
    validation, name, row_missing, row_added, hidden_row, hidden_column, hidden_sheet, sheet_missing, sheet_added, column_missing,
    flag_missing, flag_added, row_unnamed, dependency. Of the evidence: chain. Notes have kinds of their own (verify.py).
    """

    kind: str
    sheet: str = ""
    cell: str = ""
    was: str = ""
    now: str = ""
    file: str = ""


def of_cell(name: str, was: SheetContent, place: Place, now: SheetContent, there: Place) -> Iterator[Difference]:
    """What differs in one cell, `there` being its place in the summary; formulas that are alike in all but their text were compared before."""
    formula, value = was.formulas.get(place), was.values.get(place)
    if (
        formula is None
        and there not in now.formulas
        and same(value, now.values.get(there))
        and was.shown.get(place) == now.shown.get(there)
    ):
        return
    told = text_of(was, place), text_of(now, there, was.forms.get(place))
    if formula is None and there in now.formulas:
        yield Difference("formula", name, address(there), told[0], "=" + now.formulas[there])
    elif formula is not None and there not in now.formulas:
        yield Difference("formula", name, address(there), "=" + formula, told[1])
    elif there in now.uncalculated:
        return
    elif not same(value, now.values.get(there)):
        yield Difference("value" if formula is None else "result", name, address(there), *told)
    elif was.shown.get(place) != now.shown.get(there):
        yield Difference("display", name, address(there), told[1], now.shown.get(there, told[1]))


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same: texts exactly, numbers but for what a program rounds in the last digit."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=NEAR_SHARE, abs_tol=NEAR)
    return type(one) is type(other) and one == other


def text_of(sheet: SheetContent, place: Place, form: str | None = None) -> str:
    """A cell as text, a number by its own format or another: amounts with two decimals, shares in per cent; days as ISO, "" where it is blank."""
    value = sheet.values.get(place, "")
    form = sheet.forms.get(place, "") if form is None else form
    if isinstance(value, bool) or not isinstance(value, float | int):
        return value.isoformat(" ").removesuffix(" 00:00:00") if isinstance(value, datetime) else _text(value)
    if form.endswith("%"):
        return f"{value:.2%}"
    if ".00" in form or not float(value).is_integer():
        return f"{value:,.2f}" if round(value, 2) == value else repr(value)
    return f"{value:.0f}"


def _text(value: Cell) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
