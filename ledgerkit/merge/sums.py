"""What batches say, taken together: figures, control totals, statements. In whatever batches the branches came, the sum is the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ledgerkit import ledgers
from ledgerkit.merge.part import SUMMED
from ledgerkit.merge.plain import Plain, joined
from ledgerkit.model import money
from ledgerkit.model.federation import Sent
from ledgerkit.model.table import Table, shaped
from ledgerkit.reconcile.control import Control

# Statements whose rows are kept, in the order of these columns.
ORDERED: Mapping[str, tuple[str, ...]] = {"lines": ("branch",), "branches": ("_src", "_row")}
CHECKS = ("rows.", "amount.", "total.", "line.", "dues.", "remittance.", "spending", "agency")


def figures(parts: Sequence[Mapping[str, Any]], sent: Sequence[Sent]) -> dict[str, Any]:
    """The figures of all batches; the collection rate from what was owed and collected."""
    whole: dict[str, Any] = _added(parts)
    whole["dues"]["rate"] = money.ratio(sum(one.collected or 0 for one in sent), sum(one.owed or 0 for one in sent))
    if all(one.owed is None for one in sent):
        whole["dues"]["rate"] = None
    return whole


def _added(values: Sequence[Any]) -> Any:
    """Numbers added, None where none is known; what is named alike added under its name, names in order where they are data."""
    known = [value for value in values if value is not None]
    if not known or isinstance(known[0], str):
        return None
    if not isinstance(known[0], Mapping):
        return sum(known)
    names = list(dict.fromkeys(name for value in known for name in value))
    if set(names) != set(known[0]):
        names = sorted(names)
    return {name: _added([value.get(name) for value in known]) for name in names}


def controls(parts: Iterable[Sequence[Control]], order: Mapping[str, int]) -> list[Control]:
    """The control totals of all batches: sides added; a check holds where it holds in each. `order`: where each file stands among all."""
    found: dict[str, Control] = {}
    for control in (control for part in parts for control in part):
        other = found.get(control.check)
        found[control.check] = control if other is None else _both(other, control)
    return sorted(found.values(), key=lambda control: _place(control.check, order))


def _both(one: Control, other: Control) -> Control:
    ok = None if one.ok is None or other.ok is None else one.ok and other.ok
    return replace(one, left=one.left + other.left, right=one.right + other.right, ok=ok)


def _place(check: str, order: Mapping[str, int]) -> tuple[object, ...]:
    """Where a check stands: rows and amounts by ledger, totals by file, lines by code, then the sums."""
    kind, _, of = check.partition(".")
    if kind in ("rows", "amount"):
        return (0, ledgers.ORDER.index(of), kind == "amount")
    if kind == "total":
        return (1, order.get(of.partition("!")[0], 0))
    return (2, next((at for at, start in enumerate(CHECKS) if check.startswith(start)), len(CHECKS)), of)


def statement(parts: Sequence[Plain]) -> Table:
    """One statement of all batches."""
    table = joined(parts)
    return _summed(table) if table.name in SUMMED else ordered(table, ORDERED[table.name])


def ordered(table: Table, by: Sequence[str]) -> Table:
    """The Table in the order of some columns; rows that are alike in them stay as they stood."""
    order = table.frame.sort_values(list(by), kind="stable").index
    unread = {column: bad.reindex(order).reset_index(drop=True) for column, bad in table.unread.items()}
    return replace(table, frame=table.frame.reindex(order).reset_index(drop=True), unread=unread)


def _summed(table: Table) -> Table:
    """Counts and money added by what the rows are named by; a title is the first."""
    by = list(SUMMED[table.name])
    own = [column for column in table.types if column not in ("_src", "_row", "_col", "branch", *by)]
    how: dict[str, Any] = {column: "first" if table.types[column] == "text" else _sum for column in own}
    sums = table.frame.groupby(by, sort=True, dropna=False).agg(how).reset_index()
    if table.name == "crossing":
        ledger = ledgers.load("relief")
        sums = sums.sort_values(by, key=lambda column: column.map(ledger[column.name].places), kind="stable")
    return shaped(table.name, {column: kind for column, kind in table.types.items() if column in (*by, *own)}, sums)


def _sum(values: "pd.Series[Any]") -> Any:
    return values.sum(min_count=1)
