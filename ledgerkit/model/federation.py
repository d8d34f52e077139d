"""A federation as values: what each branch sent, beside what the register says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledgerkit.model.schema import FieldType

# How a branch stands: its books came, or came after the day they were due; several books came and one of them counts, or none of them does;
# none came; some came of a branch that the register does not know.
STATES = ("received", "late", "superseded", "duplicate", "missing", "unknown")
# The ledgers whose used rows are counted by branch, in the order of a branch workbook.
COUNTED = ("members", "dues", "relief", "activities", "attendance", "expenses", "budget", "remittance")


@dataclass(frozen=True)
class Sent:
    """What came from one branch. Money in minor units; None where the ledger that it is reckoned from did not come.

    `files` count, `superseded` and `duplicate` are rejected as F008: for later books of the branch, or because it cannot be told which count.
    `roster`: members active on the run's date. `owed`: dues less what was waived; `collected`: what was paid of it. `available`, `spent`: the expense lines.
    """

    branch: str
    name: str = ""
    filled_on: date | None = None
    files: Sequence[str] = ()
    superseded: Sequence[str] = ()
    duplicate: Sequence[str] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    rejected_rows: int = 0
    roster: int | None = None
    owed: int | None = None
    collected: int | None = None
    available: int | None = None
    spent: int | None = None


# A branch a row: of the register, of those that sent books, or both; the place is the register's row. `state` is blank where no books are expected
# (merged, dissolved) and none came, `file` the first that counts, `members` the register's figure. `at_risk`: what is at stake in findings of medium
# severity or worse. A rank is 1 for the best collection, the execution nearest to all of what is available, the most money at risk; ties share one.
RECEIVED: Mapping[str, FieldType] = {
    "branch_code": "text",
    "name": "text",
    "parent_code": "text",
    "status": "choice",
    "state": "choice",
    "file": "text",
    "files": "int",
    "rejected_files": "int",
    "filled_on": "date",
    "members": "int",
    "roster": "int",
    **dict.fromkeys((f"rows_{ledger}" for ledger in COUNTED), "int"),
    "rejected_rows": "int",
    "owed": "money",
    "collected": "money",
    "available": "money",
    "spent": "money",
    "error": "int",
    "high": "int",
    "medium": "int",
    "low": "int",
    "info": "int",
    "at_risk": "money",
    "rank_collection": "int",
    "rank_execution": "int",
    "rank_at_risk": "int",
}

# What a parent's book and its children's say of one flow of money: a row a pair of budget lines, parent and child; the place is the parent's line.
ELIMINATED: Mapping[str, FieldType] = {
    "pair": "text",
    "code": "text",
    "other_code": "text",
    "child": "text",
    "booked": "money",
    "mirrored": "money",
    "eliminated": "money",
    "because": "text",
}
