"""A, second half: order of dates, occasions, funds and those who are no members."""

import people
from books import relief
from branch import YUAN, Branch
from year import after, day

from plants import Mark, at, plant
from plants.scene import aid, in_cash, newcomer, to_outsider


@plant("A013", "just", "far", "at")
def applied_after_approval(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "living", 60_000, day(6, 12), notice_from="", notice_to="")
    row.update(notice_from=after(day(6, 12), -9), notice_to=after(day(6, 12), -2), approved_on=after(day(6, 12), -10))
    row["applied_on"] = {"at": row["approved_on"], "just": after(day(6, 12), -9), "far": day(6, 12)}[shape]
    if shape == "far":
        row.update(notice_from="", notice_to="", category="warmth", budget_code="50205")
    return at(row, "applied_on", "approved_on")


@plant("A013", "just", "far", "at")
def event_after_payment(branch: Branch, shape: str) -> Mark:
    event = {"at": day(4, 10), "just": day(4, 11), "far": day(6, 30)}[shape]
    row = relief.in_kind(aid(branch, "marriage", 50_000, day(4, 10), event_date=event, reason="结婚"), "床上用品")
    return at(row, "event_date", "paid_on")


@plant("A013", "just", "far")
def notice_outside(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "living", 60_000, day(6, 12))
    if shape == "just":
        row["applied_on"] = after(row.day("notice_from"), 1)
    else:
        row["notice_to"] = after(day(6, 12), 5)
    return at(row, "notice_from", "notice_to", "applied_on")


@plant("A024", "just", "far")
def to_the_gone(branch: Branch, shape: str) -> Mark:
    status = "left" if shape == "just" else "deceased"
    member = newcomer(branch, status=status, left_on=day(4, 1))
    return at(
        aid(branch, "warmth", 60_000, day(4, 10) if shape == "just" else day(11, 10), member),
        "member_no",
        "beneficiary",
        "paid_on",
        "category",
    )


@plant("A024", "just", "far", "at")
def after_retirement(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="retired", left_on=day(3, 31))
    if shape == "far":
        row = aid(branch, "hospital", 60_000, day(9, 10), member, event_date=day(9, 2), reason="肺炎住院")
    else:
        on = day(6, 30) if shape == "at" else day(7, 2)
        row = relief.in_kind(aid(branch, "retirement", 60_000, on, member, event_date=day(3, 31), reason="退休纪念"), "纪念品")
    return at(row, "member_no", "beneficiary", "paid_on", "category")


@plant("A024", "just", "at")
def funeral_long_after(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="deceased", left_on=day(2, 10))
    on = day(8, 10) if shape == "at" else day(8, 12)
    row = aid(branch, "funeral", 60_000, on, member, event_date=day(2, 10), reason="会员去世", payee="孙玉珍", proxy="孙玉珍（配偶）")
    row["bank_card"] = people.card(branch.rng)
    return at(row, "member_no", "beneficiary", "paid_on", "category")


@plant("A024", "far")
def to_no_member(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 60_000, day(4, 10), beneficiary="钱无名", bank_card=people.card(branch.rng))
    row["member_no"] = branch.code + "998"
    return at(row, "member_no", "beneficiary")


@plant("A026", "just", "far", "at")
def other_occasion(branch: Branch, shape: str) -> Mark:
    if shape == "at":
        member = newcomer(branch, status="retired")
        return at(relief.in_kind(aid(branch, "elders", 30_000, day(10, 20), member, reason="敬老日慰问"), "保暖用品"), "category")
    if shape == "just":
        row = relief.in_kind(aid(branch, "festival", 30_000, day(3, 6), reason="三八妇女节慰问"), "日用品")
    else:
        row = relief.in_kind(aid(branch, "children", 20_000, day(5, 29), reason="六一儿童节慰问", relation="child"), "书包")
        row.update(beneficiary_type="child", beneficiary="张小宝", signed_by="张小宝")
    return at(row, "category", "reason")


@plant("A027", "just", "far", "at")
def to_outsiders(branch: Branch, shape: str) -> Mark:
    row = to_outsider(branch, aid(branch, "village", 800_000, day(4, 10), reason="帮扶村道路"), "village", "金鸡村村民委员会")
    row.update(budget_code="508", fund={"at": "donation", "just": "dues", "far": "union"}[shape])
    return at(row, "fund", "beneficiary_type", "category")


@plant("A027", "far", "at")
def to_a_pupil(branch: Branch, shape: str) -> Mark:
    row = to_outsider(branch, aid(branch, "education", 90_000, day(4, 10), reason="结对贫困学生"), "student", "徐小满")
    row["id_no"] = people.identity(branch.rng, day(4, 18, 1998), True)
    if shape == "at":
        row.update(member_no=branch.plain[0]["member_no"], relation="child", bank_card=branch.plain[0]["bank_card"])
        row["payee"] = branch.plain[0]["name"]
    return at(row, "fund", "beneficiary_type", "category")


@plant("A028", "just", "far", "at", stage="settled", places=("any", "after blanks"))
def not_handed_over(branch: Branch, shape: str) -> Mark:
    line = branch.one("budget", direction="agency_in")
    line["booked"] = line.money("booked") + {"at": 0, "just": 2, "far": 1_000 * YUAN}[shape]
    return at(line, "booked", "code", "title")


@plant("A028", "far", stage="settled", places=("any", "after blanks"))
def collection_as_income(branch: Branch, shape: str) -> Mark:
    line = branch.copy(branch.one("budget", code="405"), code="407", title="职工捐款收入", prior=0, approved=0, booked=1_000 * YUAN)
    return at(line, "title", "code", "booked")


@plant("A030", "far", places=("any",))
def all_alike(branch: Branch, shape: str) -> Mark:
    for number in range(24):
        member = newcomer(branch)
        row = aid(
            branch, "living", 80_000, day(4, 10), member, batch_no=f"{branch.code}-帮扶", reason=("子女上学", "患病", "意外")[number % 3]
        )
        row["minutes_no"] = "机工纪要〔2015〕4号"
    return Mark()


@plant("A031", "just", "far", "at")
def before_approval(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 60_000, day(4, 10))
    row["approved_on"] = {"at": day(4, 10), "just": day(4, 11), "far": day(8, 3)}[shape]
    return at(row, "paid_on", "approved_on")


@plant("A031", "just", "far", "at")
def grace_over(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "hospital", 60_000, day(9, 25), event_date=day(9, 20), reason="肺炎住院")
    row["approved_on"] = after(day(9, 25), {"at": 10, "just": 11, "far": 40}[shape])
    return at(row, "paid_on", "approved_on")


@plant("A032", "just", "far", "at")
def far_from_festival(branch: Branch, shape: str) -> Mark:
    row = next(row for row in branch.rows["relief"] if row["reason"] == "中秋节慰问" and row["member_no"] == branch.plain[0]["member_no"])
    row["paid_on"] = {"at": day(8, 28), "just": day(8, 27), "far": day(8, 5)}[shape]
    row["approved_on"] = after(row.day("paid_on"), -5)
    return at(row, "paid_on", "reason")


@plant("A005", "far", "at")
def school_aid_in_cash(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "education", 90_000, day(8, 20), reason="子女上学")
    return at(row if shape == "at" else in_cash(row), "form", "amount")
