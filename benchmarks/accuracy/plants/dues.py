"""D: what members pay."""

from books import dues
from branch import YUAN, Branch, Row, dues_of
from year import after, day, month

from plants import IN_ORDER, PLACES, WIDE, Mark, at, plant
from plants.scene import insert, month_of, newcomer

AT_MEMBER = ("any", "first", "last", "after blanks", "wide")


def payer(branch: Branch, wage: int = 5_200 * YUAN) -> Row:
    """A newcomer with this wage, dues paid all year."""
    member = newcomer(branch)
    member["wage_base"] = wage
    for row in dues.of(branch, member):
        row.update(wage_base=wage, due=dues_of(wage), paid=dues_of(wage))
    return member


def second(branch: Branch, row: Row, amount: int, month_later: int) -> Row:
    """Another payment of the same month, by transfer."""
    twin = branch.copy(row, paid=amount, method="transfer", paid_on=day(month_later, 20))
    twin.pop("receipt_no", None)
    return twin


@plant("D001", "just", "far", "at", places=WIDE)
def wrong_amount(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, payer(branch), 4)
    row["paid"] = row.money("paid") - {"at": 1, "just": 2, "far": 50}[shape]
    return at(row, "paid")


@plant("D001", "far", "at", places=WIDE)
def too_much(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, payer(branch), 8)
    row["paid"] = row.money("paid") + {"at": 1, "far": 50}[shape]
    return at(row, "paid")


@plant("D002", "just", "far")
def other_rate(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, payer(branch, 5_000 * YUAN), 4)
    due = {"just": 2_600, "far": 5_000}[shape]
    row.update(due=due, paid=due)
    return at(row, "due", "paid", "wage_base")


@plant("D003", "just", "far", "at")
def tail_not_dropped(branch: Branch, shape: str) -> Mark:
    wage, due = {"at": (3_080_90, 15_40), "just": (3_081_50, 15_41), "far": (3_087_60, 15_44)}[shape]
    row = month_of(branch, payer(branch, wage), 4)
    row.update(due=due, paid=due)
    return at(row, "due", "paid", "wage_base")


@plant("D005", "far", "at", places=("any",))
def same_for_all(branch: Branch, shape: str) -> list[Mark]:
    """Everyone pays 18 yuan whatever the wage; at the limit two of fourteen do not, and wages that are all alike are no fault."""
    if shape == "at":
        for member in branch.rows["members"][2:]:
            member["wage_base"] = 3_600 * YUAN
            for row in dues.of(branch, member):
                row.update(wage_base=3_600 * YUAN, due=18 * YUAN, paid=18 * YUAN)
        return []
    for row in branch.rows["dues"]:
        row["paid"] = 18 * YUAN
    return [Mark(), Mark(tuple(branch.rows["dues"]), ("paid",), "D001")]


@plant("D006", "just", "far", "at", places=AT_MEMBER)
def half_a_year_unpaid(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    for number in {"at": range(3, 8), "just": range(3, 9), "far": range(2, 13)}[shape]:
        branch.drop(month_of(branch, member, number))
    return at(member, "member_no", rule="D015" if shape == "at" else "")


@plant("D006", "far", places=("any",))
def half_a_year_of_nothing(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    for row in dues.of(branch, member, 5, 6, 7, 8, 9, 10):
        row.update(paid=0, method="", paid_on="", receipt_no="")
    return at(member, "member_no")


@plant("D015", "just", "far", places=AT_MEMBER)
def months_unpaid(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    for number in {"just": (6,), "far": (2, 3, 6, 7, 11)}[shape]:
        branch.drop(month_of(branch, member, number))
    return at(member, "member_no")


@plant("D015", "at", places=("any",))
def months_waived(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    for row in dues.of(branch, member, 5, 6, 7, 8, 9, 10, 11):
        row.update(paid=0, waived=row["due"], waiver_reason="病休，委员会同意免缴", method="", paid_on="", receipt_no="")
    return at(member, "member_no")


@plant("D016", "far")
def december_before(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 1)
    twin = branch.copy(row, period=month(12, 2014), paid_on=day(1, 12), method="transfer")
    twin.pop("receipt_no")
    return at(twin, "period")


@plant("D007", "just", "far", "at", places=IN_ORDER)
def month_twice(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, payer(branch), 5)
    due = row.money("due")
    if shape == "far":
        return at(second(branch, row, due, 7), "paid")
    row["paid"] = due - 1_000
    return at(second(branch, row, 1_000 + 2 * (shape == "just"), 7), "paid")


@plant("D008", "just", "far", "at")
def before_joining(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, joined_on=day(5, 20))
    if shape == "at":
        return at(month_of(branch, member, 5), "period")
    return at(insert(branch, dues.pay(branch, member, 4 if shape == "just" else 1)), "period", "paid_on")


@plant("D008", "just", "far", "at", places=WIDE)
def after_leaving(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="transferred", left_on=day(5, 20))
    if shape == "at":
        row = month_of(branch, member, 5)
        row.update(method="transfer", paid_on=day(8, 20), receipt_no="")
        return at(row, "period")
    return at(insert(branch, dues.pay(branch, member, 6 if shape == "just" else 11)), "period", "paid_on")


@plant("D009", "just", "far", "at")
def waived_without_reason(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 5)
    part = 500 if shape == "just" else row.money("due")
    row.update(paid=row.money("due") - part, waived=part, waiver_reason="困难，委员会同意" if shape == "at" else "")
    if shape != "just":
        row.update(method="", paid_on="", receipt_no="")
    return at(row, "waiver_reason", "waived")


@plant("D010", "just", "far", "at", places=PLACES)
def banked_late(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 9)
    days = {"at": 5, "just": 6, "far": 25}[shape]
    row.update(method="cash", receipt_no="000777", paid_on=day(9, 29), banked_on=after(day(9, 29), days))
    return at(row, "banked_on")


@plant("D014", "far", places=("any",))
def group_apart(branch: Branch, shape: str) -> list[Mark]:
    """One group of twelve pays half of what it should: each month is D001's, the group is D014's."""
    groups = [f"第{number}车间" for number in range(1, 13)]
    for number in range(60):
        newcomer(branch)["group"] = groups[number % 12]
    for member in branch.rows["members"]:
        for row in dues.of(branch, member):
            row["group"] = member["group"]
            if member["group"] == groups[0]:
                row["paid"] = row.money("due") // 2
    return [Mark(), Mark(tuple(branch.rows["dues"]), ("paid",), "D001")]
