"""One root cause, one finding: a fault that most cells of a column share is said once, at the first of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from ledgerkit.model.finding import Finding
from ledgerkit.model.table import Table

# What is wrong with a cell by itself. Blank cells are each a value that is lacking.
OF_CELLS = frozenset({"G002", "G005", "G008", "G009", "G013", "G014", "G016", "G020", "G021", "G024", "G027"})
# A column's: that many cells, and one filled cell in so many.
FEWEST, SHARE = 20, 2

Column = tuple[str, int, str, str, str]


def gathered(findings: Iterable[Finding], read: Mapping[str, Table]) -> list[Finding]:
    """The findings, those of most cells of one column of one sheet as one; its amount is theirs added up, null where none has one."""
    kept: list[Finding] = []
    columns: dict[Column, list[Finding]] = {}
    for finding in findings:
        of = _column(finding)
        (columns.setdefault(of, []) if of and finding.ledger in read else kept).append(finding)
    for (_, src, ledger, column, letters), alike in columns.items():
        most = len(alike) >= FEWEST and len(alike) * SHARE >= _filled(read[ledger], src, column, letters)
        kept += [_one(alike)] if most else alike
    return kept


def _column(finding: Finding) -> Column | None:
    """The rule, sheet, ledger, field and column letters of a faulty cell; None for whatever is no cell's own fault."""
    blank = finding.rule == "G013" and not finding.observed
    if finding.rule not in OF_CELLS or blank or finding.count is not None or not (finding.ledger and finding.column and finding.cell):
        return None
    return finding.rule, finding.src, finding.ledger, finding.column, finding.cell.rstrip("0123456789")


def _filled(table: Table, src: int, column: str, letters: str) -> int:
    """How many cells of a column are filled; a blank that means 0 counts as filled. Months a column are columns of their own."""
    if column not in table.types:
        return 0
    here = (table["_src"] == src) & table["_col"].isin(["", letters])
    blank = table[column].isna() | (table[column].astype("str") == "")
    return int((here & (~blank | table.unreadable(column))).sum())


def _one(alike: list[Finding]) -> Finding:
    first = min(alike, key=lambda finding: finding.row or 0)
    amounts = pd.Series([finding.amount for finding in alike], dtype="Int64")
    amount = None if amounts.isna().all() else int(amounts.sum())
    return replace(first, key=(), name="", date=None, amount=amount, count=len(alike), is_column=True)
