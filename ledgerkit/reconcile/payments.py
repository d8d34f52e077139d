"""The statement `payments`: every payment of relief, activities and other expenses in one form, each at its own cell."""

from collections.abc import Mapping

import pandas as pd

from ledgerkit.model.statements import RECONCILED
from ledgerkit.model.table import DTYPES, PLACE, Table

Tables = Mapping[str, Table]
# Where each ledger keeps its money, what was paid for, and who got it.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "relief": {"amount": "amount", "item": "reason", "payee": "beneficiary", "voucher_no": "voucher_no"},
    "activities": {"amount": "actual_cost", "item": "title", "voucher_no": "activity_no"},
    "expenses": {"amount": "amount", "item": "item", "payee": "supplier", "voucher_no": "voucher_no"},
}
SHARED = ("budget_code", "fund", "paid_on", "approved_by", "handled_by", "form", "category")


def payments(read: Tables) -> Table | None:
    """A row a used row that pays money, in the order of the ledgers; None where none of the three is kept. `at` is its row of `read`.

    `part_of` is the activity whose cost an expense is a part of (its money is counted there), "" for all others.
    """
    parts = [_part(read[name], columns) for name, columns in COLUMNS.items() if name in read]
    if not parts:
        return None
    types = {**PLACE, **RECONCILED["payments"]}
    whole = pd.concat(parts, ignore_index=True)
    return Table("payments", types, whole.astype({column: DTYPES[kind] for column, kind in types.items()}))


def _part(table: Table, columns: Mapping[str, str]) -> pd.DataFrame:
    own = table.frame[table["_used"].fillna(False).astype(bool)]
    part = own[[*PLACE]].assign(at=own.index, ledger=table.name, field=columns["amount"])
    for column in RECONCILED["payments"]:
        source = columns.get(column, column if column in SHARED else "")
        if source in own:
            part[column] = own[source]
        elif column not in part:
            part[column] = pd.Series("", index=own.index, dtype="str")
    part["part_of"] = own["activity_no"] if table.name == "expenses" else ""
    return part[part["amount"].ne(0).fillna(True)]
