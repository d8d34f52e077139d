"""A year of dues: payroll batches under one receipt, raises, part payments, waived months, arrears paid later, December paid in January."""

from branch import YUAN, Branch, Row, dues_of, owes
from year import after, day, month


def fill(branch: Branch) -> None:
    """A row for each month that each member owes, then the stories."""
    for number in range(1, 13):
        for member in branch.rows["members"]:
            if owes(member, number) and member is not branch.roles.get("joined_in_december") and _status_pays(member):
                pay(branch, member, number)
    if branch.has_stories and not branch.is_wide:
        for story in (raised, waived, part_paid, paid_late):
            story(branch)
        if branch.rng.random() < 0.3:
            last_year(branch)


def _status_pays(member: Row) -> bool:
    return not (member["status"] in ("retired", "retained") and "left_on" not in member)


def pay(branch: Branch, member: Row, number: int) -> Row:
    """One month's dues, deducted from the payroll."""
    in_january = number == 12 and branch.dues_in_january
    wage = member.money("wage_base")
    return branch.add(
        "dues",
        period=month(number),
        member_no=member["member_no"],
        name=member["name"],
        group=member["group"],
        wage_base=wage,
        due=dues_of(wage),
        paid=dues_of(wage),
        method="payroll",
        paid_on=day(1, 8, 2016) if in_january else after(day(number, 9), 1),
        receipt_no=f"S{branch.code}-{number:02d}",
        handled_by=branch.officer("treasurer"),
    )


def of(branch: Branch, member: Row, *months: int) -> list[Row]:
    """A member's dues rows of some months (all, where none is named)."""
    wanted = {month(number) for number in months or range(1, 13)}
    return [row for row in branch.rows["dues"] if row["member_no"] == member["member_no"] and row["period"] in wanted]


def by_hand(branch: Branch, row: Row, receipt: str, **changes: object) -> None:
    """Makes a row one paid over the counter, with a receipt of its own."""
    row.update({"method": "cash", "receipt_no": f"{receipt}{row['member_no']}", **changes})


def raised(branch: Branch) -> None:
    """A raise in July: the base of the dues row counts."""
    for row in of(branch, branch.roles["raised"], 7, 8, 9, 10, 11, 12):
        row.update(wage_base=4_316_40, due=dues_of(4_316_40), paid=dues_of(4_316_40))


def waived(branch: Branch) -> None:
    """Seven months waived for illness, one more in part, each with its reason."""
    for row in of(branch, branch.roles["ill"], 3, 4, 5, 6, 7, 8, 9):
        for key in ("paid_on", "receipt_no", "method"):
            del row[key]
        row.update(paid=0, waived=row["due"], waiver_reason="长期病休，经分会委员会2015年3月2日会议同意免缴")
    for row in of(branch, branch.roles["ill"], 10):
        half = row.money("due") // 2
        row.update(paid=row.money("due") - half, waived=half, waiver_reason="病休半月，经分会委员会同意减缴")


def part_paid(branch: Branch) -> None:
    """A month in two payments, each with its receipt."""
    for row in of(branch, branch.roles["part_payer"], 5):
        first = 5 * YUAN
        rest = branch.copy(row, paid=row.money("due") - first)
        by_hand(branch, row, "P1-", paid=first, paid_on=day(5, 6), banked_on=day(5, 7))
        by_hand(branch, rest, "P2-", paid_on=day(5, 27), banked_on=day(5, 28))


def paid_late(branch: Branch) -> None:
    """Three months on one receipt, banked on the fifth working day across the October holiday; a leaver who pays arrears after leaving."""
    for row in of(branch, branch.roles["late_payer"], 7, 8, 9):
        by_hand(branch, row, "L", paid_on=day(9, 29), banked_on=after(day(9, 29), 5))
    for row in of(branch, branch.roles["left"], 3):
        by_hand(branch, row, "L", paid_on=day(6, 10), method="transfer")


def last_year(branch: Branch) -> None:
    """December of the year before, deducted in January."""
    for row in [row for row in branch.rows["dues"] if row["period"] == month(1)][:5]:
        branch.copy(row, period=month(12, 2014), paid_on=day(1, 6), receipt_no=f"S{branch.code}-00")
