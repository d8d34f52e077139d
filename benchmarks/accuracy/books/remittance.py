"""What the employer pays in: 2 % of the payroll a month, 40 % of it passed up; or by the treasury, a quarter a row."""

from datetime import timedelta

from branch import YUAN, Branch, Row
from year import day, month


def fill(branch: Branch) -> None:
    """A year of remittances, monthly by the tax office or quarterly by the treasury."""
    treasury, received = branch.rng.random() < 0.3, branch.rng.random() < 0.6
    payroll = sum(member.money("wage_base") for member in branch.rows["members"]) // (10 * YUAN) * 12 * YUAN
    for number in range(3, 13, 3) if treasury else range(1, 13):
        row = remit(branch, number, payroll * (3 if treasury else 1))
        if treasury:
            row.update(channel="treasury", months=3)
        if received:
            row.update(received=row["retained"], received_on=row.day("paid_on") + timedelta(days=2))


def remit(branch: Branch, number: int, payroll: int) -> Row:
    """One period, paid on the fifteenth of the month after it; the part passed up half up, the part kept is the rest."""
    payroll += 370 * number * YUAN + 45
    due = (payroll * 2 + 50) // 100
    remitted = (due * 4 + 5) // 10
    row = branch.add("remittance", period=month(number), headcount=len(branch.rows["members"]), payroll=payroll, due=due)
    december = day(1, 14, 2016) if branch.remitted_in_january else day(12, 28)
    row.update(retained=due - remitted, remitted=remitted, paid_on=day(number + 1, 15) if number < 12 else december)
    row.update(channel="tax", receipt_no=f"{branch.code}S{number:02d}")
    return row
