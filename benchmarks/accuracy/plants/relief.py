"""A, first half: amounts and limits, who receives, who signs, who approves."""

from datetime import date

import people
from books import relief
from branch import YUAN, Branch
from year import after, day

from plants import IN_ORDER, Mark, at, plant
from plants.scene import aid, in_cash, newcomer

WHO = ("beneficiary", "member_no", "voucher_no", "category", "event_date", "amount", "paid_on")


@plant("A001", "just", "far", "at", places=IN_ORDER)
def paid_twice(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    apart = {"at": day(4, 10), "just": day(4, 9), "far": day(3, 27)}[shape]
    aid(branch, "illness", 600 * YUAN, day(3, 10), member, reason="重大疾病")
    return at(aid(branch, "illness", 600 * YUAN, apart, member, reason="重大疾病"), *WHO)


@plant("A001", "far", "at", places=IN_ORDER)
def one_event_twice(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    aid(branch, "funeral", 600 * YUAN, day(3, 10), member, reason="父亲去世", relation="parent", event_date=day(3, 5))
    event = day(3, 5) if shape == "far" else day(5, 30)
    reason = "父亲去世" if shape == "far" else "母亲去世"
    return at(aid(branch, "funeral", 600 * YUAN, day(6, 12), member, reason=reason, relation="parent", event_date=event), *WHO)


@plant("A002", "just", "far", "at")
def over_cap(branch: Branch, shape: str) -> Mark:
    return at(aid(branch, "warmth", {"at": 300_000, "just": 300_001, "far": 500_000}[shape], day(4, 10)), "amount")


@plant("A003", "just", "far", "at", places=IN_ORDER)
def over_year_cap(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    for number in (2, 6):
        aid(branch, "warmth", 200_000, day(number, 11), member)
    return at(aid(branch, "warmth", {"at": 200_000, "just": 200_001, "far": 299_000}[shape], day(10, 13), member), "amount", *WHO)


@plant("A003", "just", "far", "at", places=IN_ORDER)
def over_emergency_cap(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    aid(branch, "emergency", 150_000, day(3, 11), member, reason="交通事故", event_date=day(3, 9))
    amount = {"at": 150_000, "just": 150_001, "far": 290_000}[shape]
    return at(aid(branch, "emergency", amount, day(9, 11), member, reason="火灾", event_date=day(9, 8)), "amount", *WHO)


@plant("A005", "just", "far", "at")
def in_much_cash(branch: Branch, shape: str) -> Mark:
    amount = {"at": 100_000, "just": 100_001, "far": 250_000}[shape]
    return at(in_cash(aid(branch, "hospital", amount, day(4, 10), event_date=day(4, 2), reason="肺炎住院")), "form", "amount")


@plant("A005", "far")
def hardship_in_cash(branch: Branch, shape: str) -> Mark:
    return at(in_cash(aid(branch, "living", 20_000, day(4, 10))), "form", "amount")


@plant("A006", "far", "at")
def other_payee(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 60_000, day(4, 10), payee="周立强", bank_card=people.card(branch.rng))
    if shape == "at":
        row["proxy"] = "周立强（配偶）"
    return at(row, "payee", "bank_card")


@plant("A006", "far", places=IN_ORDER)
def one_card_for_two(branch: Branch, shape: str) -> Mark:
    card = people.card(branch.rng)
    first = aid(branch, "warmth", 60_000, day(4, 10), bank_card=card)
    second = aid(branch, "warmth", 60_000, day(5, 12), branch.plain[1], bank_card=card)
    return Mark((first, second), ("payee", "bank_card"))


@plant("A007", "just", "at")
def signed_by_another(branch: Branch, shape: str) -> Mark:
    row = in_cash(aid(branch, "warmth", 60_000, day(4, 10)))
    row["signed_by"] = "周立强"
    if shape == "at":
        row["proxy"] = "周立强（配偶）"
    return at(row, "signed_by", "proxy")


@plant("A007", "far", "at", places=("any",))
def one_signs_for_many(branch: Branch, shape: str) -> Mark:
    rows = [in_cash(aid(branch, "warmth", 60_000, day(4, 10), member)) for member in branch.plain[: 3 if shape == "far" else 2]]
    for row in rows:
        row.update(signed_by="周立强", proxy="周立强（同事）")
    return Mark(tuple(rows), ("signed_by", "proxy"))


@plant("A008", "just", "far", "at")
def unsigned(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 60_000, day(4, 10))
    if shape == "just":
        relief.in_kind(row, "棉被")["budget_code"] = "50205"
    elif shape == "far":
        in_cash(row)
    if shape != "at":
        row.pop("signed_by")
    return at(row, "signed_by")


@plant("A009", "just", "far", places=("any",))
def by_rank(branch: Branch, shape: str) -> Mark:
    officers = {row["member_no"] for row in branch.roles.values()}
    rows = [row for row in branch.rows["relief"] if row["category"] == "festival"]
    for row in rows:
        if row["member_no"] in officers:
            row["amount"] = row.money("amount") * (3 if shape == "far" else 2)
    return Mark(tuple(rows), ("amount", "beneficiary", "member_no", "category", "batch_no", "voucher_no"))


@plant("A010", "just", "far", "at")
def to_oneself(branch: Branch, shape: str) -> Mark:
    role = "treasurer" if shape == "far" else "chair"
    row = aid(branch, "hospital", 60_000, day(4, 10), branch.roles[role], event_date=day(4, 2), reason="肺炎住院")
    if shape == "at":
        row["approved_by"] = branch.officer("vice_chair")
    return at(row, "beneficiary", "member_no", "approved_by", "handled_by")


@plant("A011", "just", "far", "at")
def not_put_up(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "living", 60_000, day(6, 12))
    row["notice_to"] = after(row.day("notice_from"), 5 if shape == "at" else 3)
    if shape == "far":
        row.update(notice_from="", notice_to="")
    return at(row, "notice_from", "notice_to")


@plant("A011", "at", places=("any",))
def cannot_wait(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "emergency", 60_000, day(6, 12), reason="交通事故", event_date=day(6, 10))
    row.update(notice_from="", notice_to="", applied_on=day(6, 10), approved_on=day(6, 11))
    return at(row, "notice_from")


@plant("A012", "far", "at")
def approved_by_handler(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 60_000, day(4, 10))
    row["handled_by"] = branch.officer("organizer") if shape == "at" else branch.officer("chair")
    return at(row, "approved_by", "handled_by")


@plant("A012", "just", "far", "at", places=("any", "after blanks", "last"))
def without_minutes(branch: Branch, shape: str) -> Mark:
    rows = []
    for member, amount in zip(branch.plain[:8], [250_000] * 7 + [{"at": 249_999, "just": 250_000, "far": 300_000}[shape]], strict=True):
        row = aid(branch, "illness", amount, day(4, 10), member, batch_no=f"{branch.code}-大病", event_date=day(3, 30), reason="重大疾病")
        row.update(payee="", minutes_no="")
        rows.append(row)
    return Mark(tuple(rows), ("minutes_no", "amount", "approved_by"))


@plant("A014", "just", "far", "at")
def above_own_share(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "medical", {"at": 300_000, "just": 300_001, "far": 900_000}[shape], day(4, 10))
    row["self_paid"] = 300_000
    return at(row, "amount", "self_paid")


@plant("A016", "just", "far", "at")
def festival_money(branch: Branch, shape: str) -> Mark:
    row = branch.one("relief", category="festival", member_no=branch.plain[0]["member_no"])
    row["form"] = {"at": "coupon", "just": "card", "far": "transfer"}[shape]
    if shape == "far":
        row.pop("goods")
        row.pop("signed_by")
    return at(row, "form")


@plant("A016", "far")
def children_cash(branch: Branch, shape: str) -> list[Mark]:
    row = in_cash(aid(branch, "children", 20_000, day(5, 29), reason="六一儿童节慰问", budget_code="50104", relation="child"))
    row.update(beneficiary_type="child", beneficiary="张小宝", signed_by="张小宝")
    return [at(row, "form"), at(row, "category", "reason", rule="A026")]


@plant("A018", "just", "far", "at")
def dear_birthday(branch: Branch, shape: str) -> Mark:
    row = branch.one("relief", category="birthday", member_no=branch.plain[0]["member_no"])
    row["amount"] = {"at": 30_000, "just": 30_001, "far": 100_000}[shape]
    for other in branch.find("relief", category="birthday"):
        other["amount"] = row["amount"] if shape == "at" else other["amount"]
    return at(row, "amount")


@plant("A018", "far", places=IN_ORDER)
def birthday_far_off(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, date(1982, 3, 12))
    row = aid(branch, "birthday", 30_000, day(9, 15), member, reason="生日慰问")
    relief.in_kind(row, "蛋糕券", "coupon")
    return at(row, "paid_on", "event_date", "beneficiary", "member_no")


@plant("A018", "far", places=IN_ORDER)
def two_birthdays(branch: Branch, shape: str) -> Mark:
    row = branch.one("relief", category="birthday", member_no=branch.plain[0]["member_no"])
    other = 60 if row.day("paid_on").month < 6 else -60
    twin = branch.copy(row, voucher_no=branch.voucher(), batch_no="")
    twin.update(paid_on=after(row.day("paid_on"), other), approved_on=after(row.day("approved_on"), other))
    return Mark((row, twin), ("paid_on", *WHO))


@plant("A019", "far", "at", places=IN_ORDER)
def twice_retired(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, date(1955, 3, 3), status="retired", left_on=day(3, 31))
    first = relief.in_kind(aid(branch, "retirement", 50_000, day(4, 3), member, event_date=day(3, 31), reason="退休纪念"), "纪念品")
    if shape == "at":
        return at(first, "event_date")
    row = relief.in_kind(aid(branch, "retirement", 50_000, day(6, 26), member, event_date=day(6, 20), reason="退休纪念"), "纪念品")
    return Mark((first, row), WHO)


@plant("A019", "just", "far", "at")
def late_birth(branch: Branch, shape: str) -> Mark:
    born = {"at": date(2014, 6, 12), "just": date(2014, 6, 11), "far": date(2014, 1, 5)}[shape]
    row = relief.in_kind(aid(branch, "birth", 50_000, day(6, 12), event_date=born, reason="生育"), "婴儿用品")
    return at(row, "event_date", "paid_on", "category")


@plant("A020", "just", "far", "at", places=IN_ORDER)
def in_hospital_again(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    reasons = {"at": ("肺炎住院", "骨折住院"), "just": ("肺炎住院", "肺炎住院"), "far": ("肺炎住院", "骨折住院", "阑尾炎住院")}[shape]
    rows = [
        aid(branch, "hospital", 60_000, day(number, 12), member, event_date=day(number, 3), reason=reason)
        for number, reason in zip((2, 6, 10), reasons, strict=False)
    ]
    return at(rows[-1], "reason", *WHO)


@plant("A021", "far", "at")
def distant_relation(branch: Branch, shape: str) -> Mark:
    reason = "岳父去世" if shape == "far" else "父亲去世"
    row = aid(branch, "funeral", 60_000, day(4, 10), event_date=day(4, 2), reason=reason)
    row["relation"] = "other" if shape == "far" else "parent"
    return at(row, "relation")


@plant("A022", "just", "far", "at")
def restricted_fund(branch: Branch, shape: str) -> Mark:
    category = {"at": "living", "just": "warmth", "far": "retirement"}[shape]
    member = newcomer(branch, date(1955, 3, 3), status="retired", left_on=day(3, 31)) if shape == "far" else None
    row = aid(branch, category, 60_000, day(4, 10), member, fund="central")
    return at(row, "fund", "category")


@plant("A023", "just", "far", "at", places=("any",))
def split(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    amount = {"at": 269_900, "just": 270_000, "far": 299_000}[shape]
    rows = [aid(branch, "warmth", amount, on, member) for on in (day(4, 3), day(4, 24))]
    if shape == "at":
        for row, event in zip(rows, (day(4, 1), day(4, 20)), strict=True):
            row["event_date"] = event
    return Mark(tuple(rows), WHO)


@plant("A023", "at", places=("any",))
def far_apart(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    rows = [aid(branch, "warmth", 290_000, on, member) for on in (day(4, 3), day(6, 24))]
    return Mark(tuple(rows), WHO)
