"""A federation as values: what each branch sent, beside what the register says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledgerkit.locale import N_
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

# What a parent's book and its children's say of one flow of money: a row a parent and pair of budget lines, and one a child where the parent's
# line is split by child; the place is the parent's line, a child's where the parent has none. `mirrored` is what the children that can be read
# booked, `without` how many cannot. `eliminated` is on both sides; `difference` what does not cancel, NA where it cannot be told: then
# `because` is one of STANDS.
ELIMINATED: Mapping[str, FieldType] = {
    "pair": "text",
    "code": "text",
    "other_code": "text",
    "child": "text",
    "title": "text",
    "children": "int",
    "without": "int",
    "booked": "money",
    "mirrored": "money",
    "eliminated": "money",
    "difference": "money",
    "because": "text",
}
# Why it is not told whether two sides cancel, or why nothing is eliminated.
STANDS: Mapping[str, str] = {
    "parent_missing": N_("the book of the union above is not here; nothing is eliminated"),
    "cycle": N_("by the register this union stands above itself; nothing is eliminated"),
    "not_known": N_("an amount cannot be read or is not entered"),
    "child_missing": N_("the book of a union below is not here; the rest may be in it"),
    "passed_on": N_("the union above books its own share only; the rest may have been passed on"),
}

# What is taken off the booked figures of a federation: a row a branch and budget line, headings beside the lines below them.
TAKEN: Mapping[str, FieldType] = {"pair": "text", "code": "text", "direction": "choice", "amount": "money"}
