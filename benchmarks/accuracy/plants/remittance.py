"""R: what the employer pays in."""

from books import budget
from branch import YUAN, Branch, Row
from year import after, day, month

from plants import PLACES, Mark, at, plant


def monthly(branch: Branch, number: int) -> Row:
    """A month's row paid by the tax office; a year by the treasury is made one by months."""
    for row in branch.rows["remittance"]:
        row.update(channel="tax")
        row.pop("months", None)
    found = [row for row in branch.rows["remittance"] if row["period"] == month(number)]
    return found[0] if found else branch.rows["remittance"][0]


def shared(row: Row, due: int) -> None:
    """Sets what is due and shares it 60 to 40."""
    remitted = (due * 4 + 5) // 10
    row.update(due=due, remitted=remitted, retained=due - remitted)
    if "received" in row:
        row["received"] = row["retained"]


@plant("R001", "just", "far", "at")
def not_two_per_cent(branch: Branch, shape: str) -> Mark:
    row = monthly(branch, 4)
    row["payroll"] = 600_000 * YUAN
    shared(row, {"at": 12_060, "just": 12_061, "far": 9_000}[shape] * YUAN)
    return at(row, "due", "payroll")


@plant("R001", "at", places=("any",))
def treasury_by_year(branch: Branch, shape: str) -> Mark:
    rows = branch.rows["remittance"]
    for row in rows:
        row["channel"] = "treasury"
    shared(rows[0], rows[0].money("due") + 900 * YUAN)
    shared(rows[1], rows[1].money("due") - 900 * YUAN)
    return at(rows[0], "due")


@plant("R001", "far", places=("any",))
def treasury_short(branch: Branch, shape: str) -> Mark:
    rows = branch.rows["remittance"]
    for row in rows:
        row["channel"] = "treasury"
        shared(row, row.money("due") * 9 // 10)
    return Mark(tuple(rows), ("due", "payroll"))


@plant("R002", "just", "far", "at")
def other_split(branch: Branch, shape: str) -> Mark:
    row = monthly(branch, 4)
    more = {"at": 1, "just": 2, "far": row.money("due") // 10}[shape]
    row.update(remitted=row.money("remitted") + more, retained=row.money("retained") - more)
    if "received" in row:
        row["received"] = row["retained"]
    return at(row, "remitted", "retained")


@plant("R003", "just", "far", "at")
def late(branch: Branch, shape: str) -> Mark:
    row = monthly(branch, 3)
    row["paid_on"] = {"at": day(4, 15), "just": day(4, 16), "far": day(6, 30)}[shape]
    if "received_on" in row:
        row["received_on"] = after(row.day("paid_on"), 3)
    return at(row, "paid_on")


@plant("R003", "at", places=("any",))
def treasury_is_quarterly(branch: Branch, shape: str) -> Mark:
    row = monthly(branch, 3)
    for other in branch.rows["remittance"]:
        other["channel"] = "treasury"
    row["paid_on"] = day(7, 20)
    row.pop("received_on", None)
    row.pop("received", None)
    return at(row, "paid_on")


@plant("R004", "just", "far", places=("any", "after blanks", "second file"))
def never_paid(branch: Branch, shape: str) -> Mark:
    row = unpaid(branch, branch.rows["remittance"][0])
    row["period"] = month(8) if shape == "just" else month(1)
    return at(row, "period", "paid_on", "remitted", "due")


@plant("R004", "at", places=("any",))
def not_paid_yet(branch: Branch, shape: str) -> Mark:
    row = unpaid(branch, branch.rows["remittance"][0])
    row["period"] = month(9)
    return at(row, "paid_on", rule="R003")


def unpaid(branch: Branch, row: Row) -> Row:
    """Leaves one period alone, of which nothing was paid; the others are there no more, so that any month may be its."""
    monthly(branch, 1)
    branch.rows["remittance"][:] = [row]
    row.update(remitted=0, retained=row["due"], paid_on="", receipt_no="")
    row.pop("received", None)
    row.pop("received_on", None)
    return row


@plant("R008", "just", "far", "at", stage="settled", places=PLACES[:2])
def retained_booked_otherwise(branch: Branch, shape: str) -> Mark:
    line = branch.one("budget", code="402")
    both = budget.retained_booked(branch), sum(row.money("retained") for row in branch.rows["remittance"])
    line["booked"] = both[0] if shape == "at" else max(both) + {"just": 2, "far": 999 * YUAN}[shape]
    return at(line, "booked")
