"""B and X: the budget, other spending, one ledger against another."""

from datetime import date, timedelta

import books
import people
from books import budget, expenses
from branch import YUAN, Branch, Row
from year import day

from plants import IN_ORDER, Mark, at, plant
from plants.members import alike
from plants.scene import activity, aid, newcomer, to_outsider

LINE = ("any", "first", "last", "after blanks", "second file")
AMOUNTS = ("approved", "adjustment", "booked")


def line(branch: Branch, code: str) -> Row:
    """A line of the budget."""
    return branch.one("budget", code=code)


@plant("B001", "just", "far")
def on_no_line(branch: Branch, shape: str) -> Mark:
    return at(aid(branch, "warmth", 60_000, day(4, 10), budget_code="50203" if shape == "just" else ""), "budget_code")


@plant("B001", "far")
def bought_on_no_line(branch: Branch, shape: str) -> Mark:
    return at(expenses.buy(branch, "奖品", day(4, 15), "50305", 300, "文化用品商店"), "budget_code")


@plant("B001", "far")
def held_on_no_line(branch: Branch, shape: str) -> Mark:
    return at(activity(branch, "publicity", day(8, 12), 300, budget_code="50105"), "budget_code")


@plant("B002", "just", "far", "at", stage="settled", places=LINE)
def over_budget(branch: Branch, shape: str) -> Mark:
    own, heading = line(branch, "50104"), line(branch, "501")
    approved = own.money("booked") - {"at": 0, "just": 1, "far": 600 * YUAN}[shape]
    heading["approved"] = heading.money("approved") + approved - own.money("approved")
    own["approved"] = approved
    return at(own, *AMOUNTS)


def half_year(branch: Branch) -> None:
    """Leaves what had happened by the end of June, with a budget of which every line is spent by a third."""
    end = day(6, 30)
    branch.rows["remittance"][:] = [row for row in branch.rows["remittance"] if row.text("period") <= "2015-05"]
    branch.rows["activities"][:] = [row for row in branch.rows["activities"] if row["starts_at"].date() <= end]  # type: ignore[attr-defined]
    held = {row["activity_no"] for row in branch.rows["activities"]}
    branch.rows["attendance"][:] = [row for row in branch.rows["attendance"] if row["activity_no"] in held]
    for ledger in ("dues", "relief", "expenses"):
        branch.rows[ledger][:] = [row for row in branch.rows[ledger] if row.day("paid_on") <= end]
    books.settle(branch)
    for row in branch.rows["budget"]:
        for key in ("adjustment", "adjustment_no", "adjusted_on"):
            row.pop(key, None)
        if row["direction"] == "expense":
            row["approved"] = 3 * row.money("booked")
    branch.one("budget", direction="opening")["approved"] = 900_000 * YUAN


@plant("B003", "just", "far", "at", stage="settled", places=LINE, as_of="2015-06-30")
def spent_too_fast(branch: Branch, shape: str) -> Mark:
    """181 of 365 days are gone: 49.6 % and 20 points more are 69.6 %."""
    half_year(branch)
    own, heading = line(branch, "50102"), line(branch, "501")
    approved = own.money("booked") * 1000 // {"at": 690, "just": 700, "far": 950}[shape]
    heading["approved"] = heading.money("approved") + approved - own.money("approved")
    own["approved"] = approved
    return at(own, *AMOUNTS)


@plant("B004", "just", "far", "at", stage="settled", places=LINE)
def heading_no_sum(branch: Branch, shape: str) -> Mark:
    heading = line(branch, "502")
    heading["approved"] = heading.money("approved") + {"at": 0, "just": 1, "far": 10_000 * YUAN}[shape]
    return at(heading, *AMOUNTS, "code")


@plant("B005", "just", "far", "at", stage="settled", places=("any",))
def deficit(branch: Branch, shape: str) -> Mark:
    lines = branch.rows["budget"]
    leaves = [row for row in lines if row.text("code") not in budget.PARENTS]
    available = {
        way: sum(row.money("approved") + row.money("adjustment") for row in leaves if row["direction"] == way)
        for way in ("income", "expense")
    }
    short = {"at": 0, "just": 1, "far": 900 * YUAN}[shape]
    lift = available["expense"] - available["income"] - short
    own, heading = line(branch, "50102"), line(branch, "501")
    if lift < 0:
        own["approved"], heading["approved"] = own.money("approved") - lift, heading.money("approved") - lift
        lift = 0
    lines[0].update(approved=lift, booked=lift, prior=lift)
    return Mark(tuple(lines), (*AMOUNTS, "code", "title"))


@plant("B006", "just", "far", "at", stage="settled", places=LINE)
def adjusted_without_paper(branch: Branch, shape: str) -> Mark:
    """By the year's one paper at the limit; without a number; the twice is `adjusted_twice`."""
    own = line(branch, "50502")
    change = {"at": 200_00, "just": 1, "far": 3_000_00}[shape]
    for row in (own, line(branch, "505")):
        row.update(approved=row.money("approved") - change, adjustment=change, adjustment_no="机工〔2015〕41号", adjusted_on=day(7, 8))
    if shape != "at":
        own["adjustment_no"] = ""
    return at(own, "adjustment_no", "adjustment", "adjusted_on")


@plant("B006", "far", stage="settled", places=("any",))
def adjusted_twice(branch: Branch, shape: str) -> Mark:
    """A second paper in the year, on a line and so on its heading."""
    rows = line(branch, "50502"), line(branch, "505")
    for row in rows:
        row.update(approved=row.money("approved") - 200_00, adjustment=200_00, adjustment_no="机工〔2015〕52号", adjusted_on=day(9, 1))
    return Mark(rows, ("adjustment_no", "adjustment", "adjusted_on"))


@plant("B006", "far", stage="settled", places=("any",), as_of="2016-02-29")
def adjusted_after_year(branch: Branch, shape: str) -> Mark:
    own = next(row for row in branch.rows["budget"] if row.get("adjustment") and row["code"] == "50101")
    own["adjusted_on"] = date(2016, 1, 20)
    branch.rows["branches"][0]["extended_to"] = date(2016, 6, 30)
    return at(own, "adjusted_on", "adjustment_no", "adjustment")


def first_spending(branch: Branch) -> date:
    """The day of the first payment."""
    days = [row.day("paid_on") for ledger in ("relief", "expenses", "activities") for row in branch.rows[ledger] if row.get("paid_on")]
    return min(days)


@plant("B008", "just", "far", "at", stage="settled", places=("any",))
def approved_late(branch: Branch, shape: str) -> Mark:
    late = first_spending(branch) + timedelta(days={"at": 90, "just": 91, "far": 200}[shape])
    for row in branch.rows["budget"]:
        row["approved_on"] = late
        if row.get("adjusted_on"):
            row["adjusted_on"] = max(late, row.day("adjusted_on"))
    return Mark(tuple(branch.rows["budget"]), ("approved_on",))


@plant("B010", "just", "far", "at", stage="settled", places=LINE)
def not_in_chart(branch: Branch, shape: str) -> Mark:
    own, heading = line(branch, "50103"), line(branch, "501")
    code = {"at": "50101", "just": "50109", "far": "509"}[shape]
    if shape == "at":
        return at(line(branch, code), "code")
    row = branch.copy(own, code=code, title="其他", prior=0, approved=100, booked=0)
    if shape == "just":
        heading["approved"] = heading.money("approved") + 100
    return at(row, "code")


@plant("B011", "just", "far", "at")
def wrong_line(branch: Branch, shape: str) -> Mark:
    if shape == "far":
        return at(aid(branch, "living", 60_000, day(6, 12), budget_code="50104"), "budget_code", "category")
    row = aid(branch, "marriage", 50_000, day(4, 10), event_date=day(4, 1), reason="结婚", form="goods", goods="床上用品")
    row.pop("bank_ref")
    row.update(signed_by=row["beneficiary"], budget_code="50204" if shape == "just" else "50205")
    return at(row, "budget_code", "category")


@plant("B011", "far", "at")
def warmth_on_other_line(branch: Branch, shape: str) -> Mark:
    return at(aid(branch, "warmth", 60_000, day(4, 10), budget_code="50205" if shape == "at" else "50204"), "budget_code", "category")


@plant("B013", "just", "far", "at")
def employers_cost(branch: Branch, shape: str) -> Mark:
    item = {"at": "会员代表大会会务费", "just": "职工代表大会会务费", "far": "办公楼水电费"}[shape]
    return at(expenses.buy(branch, item, day(4, 15), "50302", 600, "机关服务中心"), "item", "budget_code", "fund")


@plant("B013", "far", "at")
def employers_rent(branch: Branch, shape: str) -> Mark:
    row = expenses.buy(branch, "办公室房租", day(4, 15), "50402", 600, "机关服务中心", fund="admin" if shape == "at" else "union")
    return at(row, "item", "budget_code", "fund")


@plant("B014", "just", "far", "at", stage="settled", places=("any",))
def hardly_spent(branch: Branch, shape: str) -> Mark:
    """The whole budget is executed by half, or by less."""
    lines = list(branch.find("budget", direction="expense"))
    for own in lines:
        more = 0 if own.text("code") in budget.PARENTS else 100 * YUAN * (shape == "just")
        own["approved"] = own.money("booked") * (9 if shape == "far" else 2) + more - own.money("adjustment")
    for code in budget.PARENTS:
        children = [own for own in lines if own.text("code").startswith(code) and own["code"] != code]
        if children:
            line(branch, code)["approved"] = sum(own.money("approved") for own in children)
    branch.one("budget", direction="opening")["approved"] = sum(own.money("approved") for own in lines)
    return Mark()


@plant("B014", "far", places=("any",))
def spent_in_december(branch: Branch, shape: str) -> Mark:
    expenses.buy(branch, "年末购置器材", day(12, 28), "50502", 18_000, "市体育用品有限公司")
    expenses.buy(branch, "年末购置桌椅", day(12, 21), "50502", 17_000, "市家具厂")
    expenses.buy(branch, "年末购置书架", day(12, 22), "50502", 16_000, "市第二家具厂")
    return Mark()


@plant("B019", "just", "far", "at")
def cash_to_supplier(branch: Branch, shape: str) -> Mark:
    row = expenses.buy(branch, "奖品", day(4, 15), "50102", 0, "文化用品商店", form="cash", bank_account="")
    row["amount"] = {"at": 100_000, "just": 100_001, "far": 600_000}[shape]
    return at(row, "amount", "form", "supplier")


@plant("A012", "just", "far", "at")
def bought_without_minutes(branch: Branch, shape: str) -> Mark:
    row = expenses.buy(branch, "音响", day(4, 15), "50502", 0, "声海电子有限公司")
    row["amount"] = {"at": 1_999_999, "just": 2_000_000, "far": 6_000_000}[shape]
    return at(row, "minutes_no", "amount", "approved_by")


@plant("X001", "far", "at")
def nothing_paid(branch: Branch, shape: str) -> list[Mark] | Mark:
    if shape == "at":
        member = newcomer(branch)
        for row in branch.find("dues", member_no=member["member_no"]):
            row.update(paid=0, waived=row["due"], waiver_reason="长期病休，委员会同意免缴", method="", paid_on="", receipt_no="")
        return at(aid(branch, "warmth", 60_000, day(8, 12), member), "member_no")
    member = newcomer(branch, pays=False)
    benefit = aid(branch, "warmth", 60_000, day(8, 12), member)
    return [at(benefit, "member_no", "beneficiary", "amount", "category"), at(member, "member_no", rule="M005")]


@plant("X001", "just")
def wage_not_in_base(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, wage_in_base=False)
    return at(aid(branch, "warmth", 60_000, day(8, 12), member), "member_no", "beneficiary", "amount", "category")


@plant("X002", "just", "far", "at", stage="settled", places=LINE[:2])
def dues_booked_otherwise(branch: Branch, shape: str) -> Mark:
    own = line(branch, "401")
    all_paid = sum(row.money("paid") for row in branch.rows["dues"])
    own["booked"] = {"at": own.money("booked"), "just": all_paid + 2, "far": all_paid + 5_000 * YUAN}[shape]
    return at(own, "booked")


def rebooked(branch: Branch, code: str, heading: str, shape: str) -> Mark:
    """Books a line otherwise than the ledgers have it; its heading follows."""
    change = {"at": 0, "just": 2, "far": -500 * YUAN}[shape]
    for row in (line(branch, code), line(branch, heading)):
        row["booked"] = row.money("booked") + change
    return at(line(branch, code), "booked")


@plant("X003", "just", "far", "at", stage="settled", places=LINE)
def relief_booked_otherwise(branch: Branch, shape: str) -> Mark:
    return rebooked(branch, "50104", "501", shape)


@plant("X004", "just", "far", "at", stage="settled", places=LINE)
def activities_booked_otherwise(branch: Branch, shape: str) -> Mark:
    return rebooked(branch, "50102", "501", shape)


@plant("X006", "far", "at", two=True, places=("any",))
def in_both_branches(branch: Branch, other: Branch, shape: str) -> Mark:
    first = newcomer(branch, date(1983, 5, 17), status="transferred", left_on=day(6, 16))
    second = alike(other, first, name=first["name"], moved_in_on=day(6, 16))
    row = aid(branch, "marriage", 50_000, day(4, 10), first, event_date=day(4, 1), reason="结婚")
    again = aid(other, "marriage" if shape == "far" else "hospital", 50_000, day(7, 10), second, event_date=day(4, 1), reason="结婚")
    if shape == "at":
        again.update(event_date=day(7, 1), reason="肺炎住院")
    return Mark((row, again), ("beneficiary", "member_no", "category", "event_date", "amount", "id_no"))


@plant("X009", "just", "far", "at", places=IN_ORDER)
def same_payment(branch: Branch, shape: str) -> Mark:
    member = branch.plain[0]
    first = aid(branch, "hospital", 76_500, day(4, 7), event_date=day(4, 1), reason="肺炎住院", payee=member["name"])
    on = {"at": day(4, 11), "just": day(4, 10), "far": day(4, 7)}[shape]
    second = aid(branch, "warmth", 76_500, on, reason="送温暖", payee=member["name"])
    return Mark((first, second), ("payee", "amount", "paid_on", "beneficiary", "voucher_no", "bank_card"))


@plant("X009", "far", places=("any",))
def nearly_the_same_name(branch: Branch, shape: str) -> Mark:
    """One person, one number, entered under two spellings."""
    number, card = people.identity(branch.rng, date(1975, 2, 3), False), people.card(branch.rng)
    first = aid(branch, "warmth", 76_500, day(4, 7), reason="送温暖")
    rows = [first, aid(branch, "living", 76_500, day(4, 8))]
    for row, name in zip(rows, ("Katherine Johnson", "Catherine Johnson"), strict=True):
        to_outsider(branch, row, "family", name)
        row.update(id_no=number, payee=name, bank_card=card, fund="donation")
    return Mark(tuple(rows), ("payee", "amount", "paid_on", "beneficiary", "voucher_no", "bank_card"))


@plant("X010", "just", "far", "at", places=("any",))
def several_invoices(branch: Branch, shape: str) -> Mark:
    amounts = {"at": (17_999, 17_999), "just": (18_000, 18_000), "far": (19_900, 19_800, 19_900)}[shape]
    rows = [
        expenses.buy(branch, f"健身器材第{number}批", day(4, 1 + 7 * number), "50502", amount, "市体育器材总厂")
        for number, amount in enumerate(amounts, 1)
    ]
    return Mark(tuple(rows), ("amount", "supplier", "voucher_no", "invoice_no", "minutes_no"))


@plant("X010", "at", places=("any",))
def a_supplier_all_year(branch: Branch, shape: str) -> Mark:
    rows = [expenses.buy(branch, f"第{number}季度器材", day(number, 8), "50502", 19_000, "市体育器材总厂") for number in (2, 4, 6)]
    return Mark(tuple(rows), ("amount",))


@plant("X011", "far", places=("any",))
def approves_and_handles(branch: Branch, shape: str) -> Mark:
    """In a union that has enough members to do it otherwise."""
    for _ in range(20):
        newcomer(branch)
    row = expenses.buy(branch, "奖品", day(4, 15), "50102", 300, "文化用品商店")
    row.update(approved_by=branch.officer("vice_chair"), handled_by=branch.officer("chair"))
    own = [other for ledger in ("relief", "activities", "expenses") for other in branch.rows[ledger]]
    return Mark((row, *own), ("approved_by", "handled_by"))


@plant("X016", "just", "far", "at", places=("any",))
def fewer_in_a_month(branch: Branch, shape: str) -> list[Mark]:
    """June is short of some members: each is D015's, all together are X016's; of two nothing is said."""
    short = branch.plain[: {"at": 2, "just": 3, "far": 8}[shape]]
    for member in short:
        branch.drop(next(branch.find("dues", member_no=member["member_no"], period="2015-06")))
    return [*([] if shape == "at" else [Mark()]), *(at(member, "member_no", rule="D015") for member in short)]


@plant("X018", "just", "far", "at")
def dues_for_the_office(branch: Branch, shape: str) -> Mark:
    item = {"at": "组织观看电影票", "just": "办公用品", "far": "公务接待招待费"}[shape]
    row = expenses.buy(branch, item, day(4, 15), "50104" if shape == "at" else "50402", 600, "文化用品商店", fund="dues")
    return at(row, "item", "fund")
