"""A branch's books as rows by ledger, before they are laid out in workbooks. Money is whole fen."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from headings import LEDGERS
from year import END, YEAR, day

YUAN = 100


class Row(dict[str, object]):
    """A row of a ledger, field → value; blank fields left out. Two rows of equal content are two rows."""

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__  # type: ignore[assignment]

    def __init__(self, ledger: str, **values: object) -> None:
        super().__init__(values)
        self.ledger = ledger

    def money(self, key: str) -> int:
        """An amount in fen, 0 where blank."""
        value = self.get(key, 0)
        assert isinstance(value, int)
        return value

    def text(self, key: str) -> str:
        """A text, "" where blank."""
        return str(self.get(key, ""))

    def day(self, key: str) -> date:
        """A day that is filled."""
        value = self[key]
        assert isinstance(value, date)
        return value


def _ledgers() -> dict[str, list[Row]]:
    return {ledger: [] for ledger in LEDGERS}


@dataclass
class Branch:
    """One branch: its rows by ledger, its officers, the members to whom nothing special happens."""

    code: str
    name: str
    rng: random.Random
    rows: dict[str, list[Row]] = field(default_factory=_ledgers)
    roles: dict[str, Row] = field(default_factory=dict)
    plain: list[Row] = field(default_factory=list)
    has_stories: bool = True
    is_wide: bool = False
    dues_in_january: bool = False
    remitted_in_january: bool = False
    vouchers: int = 0

    def add(self, ledger: str, **values: object) -> Row:
        """A new row at the end of a ledger."""
        row = Row(ledger, **values)
        self.rows[ledger].append(row)
        return row

    def copy(self, row: Row, **changes: object) -> Row:
        """A row like another, put right after it."""
        twin = Row(row.ledger, **{**row, **changes})
        rows = self.rows[row.ledger]
        rows.insert(rows.index(row) + 1, twin)
        return twin

    def drop(self, row: Row) -> None:
        """Takes a row out of its ledger."""
        self.rows[row.ledger].remove(row)

    def voucher(self, kind: str = "记") -> str:
        """The next voucher number."""
        self.vouchers += 1
        return f"{kind}{YEAR}-{self.vouchers:04d}"

    def find(self, ledger: str, **wanted: object) -> Iterator[Row]:
        """The rows of a ledger with these values."""
        return (row for row in self.rows[ledger] if all(row.get(key) == value for key, value in wanted.items()))

    def one(self, ledger: str, **wanted: object) -> Row:
        """The first row of a ledger with these values."""
        return next(self.find(ledger, **wanted))

    def officer(self, role: str) -> str:
        """The name of an officer."""
        return self.roles[role].text("name")

    def members_on(self, on: date) -> list[Row]:
        """The roster's dues-paying members on a day."""
        return [row for row in self.rows["members"] if pays(row, on)]


def started(member: Row) -> date:
    """The day from which a member belongs to this branch."""
    joined, moved = member.get("joined_on", date(2000, 1, 1)), member.get("moved_in_on", date(2000, 1, 1))
    assert isinstance(joined, date)
    assert isinstance(moved, date)
    return max(joined, moved)


def ended(member: Row) -> date:
    """The day on which an own status other than active began; after the year where it did not, before it where it says nothing."""
    if member["status"] == "active":
        return END + timedelta(days=1)
    left = member.get("left_on", day(1, 1) - timedelta(days=1))
    assert isinstance(left, date)
    return left


def pays(member: Row, on: date) -> bool:
    """Whether someone is a member who owes dues on a day."""
    return started(member) <= on < ended(member)


def owes(member: Row, month: int) -> bool:
    """Whether a member owes the dues of a month: from the month of joining to that of leaving, both counted."""
    first, last = started(member), ended(member)
    return (first.year, first.month) <= (YEAR, month) <= (last.year, last.month) if last >= day(1, 1) else False


def dues_of(wage: int) -> int:
    """Dues in fen: 0.5 % of the wage, its part below ten yuan dropped."""
    return wage // (10 * YUAN) * 5
