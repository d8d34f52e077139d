"""A year of relief: festival goods and birthday coupons for all, gifts at life's events, hardship aid with its notice, funds that are not the union's."""

from datetime import date

import people
from branch import YUAN, Branch, Row, pays, started
from year import FESTIVALS, after, day

GIFTS = {"春节": (300, "米面油"), "端午节": (200, "粽子礼盒"), "中秋节": (200, "月饼"), "国庆节": (200, "食用油")}
MINUTES_FROM = 20_000 * YUAN
CHILD = date(2003, 4, 18)


def fill(branch: Branch) -> None:
    """The year's payments."""
    for festival in GIFTS if branch.has_stories else ("中秋节",):
        festival_goods(branch, festival)
    birthdays(branch)
    if branch.has_stories:
        stories(branch)
    collection(branch)
    with_minutes(branch)


def stories(branch: Branch) -> None:
    """What is paid to some only."""
    life_events(branch)
    sick(branch)
    death(branch)
    hardship(branch)
    warmth(branch)
    urgent(branch)
    others(branch)


def give(branch: Branch, category: str, member: Row | None, amount: int, on: date, **values: object) -> Row:
    """A payment by transfer to a member, approved five working days before, on the line of its category."""
    own = (
        {"beneficiary_type": "member", "member_no": member["member_no"], "beneficiary": member["name"], "relation": "self"}
        if member
        else {}
    )
    row = branch.add("relief", voucher_no=branch.voucher(), category=category, **own)
    row.update(form="transfer", amount=amount * YUAN, fund="union", budget_code="50205", bank_ref=f"H{row['voucher_no']}")
    row.update(approved_on=after(on, -5), approved_by=branch.officer("chair"), handled_by=branch.officer("treasurer"), paid_on=on)
    if member and not member.get("bank_card"):
        row["bank_card"] = people.card(branch.rng)
    row.update(values)
    return row


def in_kind(row: Row, goods: str, form: str = "goods") -> Row:
    """Makes a payment one in goods or coupons, signed for by the beneficiary."""
    row.update(form=form, goods=goods, signed_by=row["beneficiary"], budget_code="50104")
    row.pop("bank_ref", None)
    row.pop("bank_card", None)
    return row


def served(branch: Branch, member: Row, on: date) -> bool:
    """Whether someone receives what all members receive: paying dues here, benefits here, wage in the base, joined this half-year at least."""
    elsewhere = member.get("benefit_location") == "employer"
    return (
        pays(member, on) and not elsewhere and member is not branch.roles.get("joined_in_december") and started(member) < day(on.month, 1)
    )


def festival_goods(branch: Branch, festival: str) -> None:
    """Goods of one value for everyone, the chair too, some days before the festival."""
    on, (amount, goods) = after(FESTIVALS[festival], -4), GIFTS[festival]
    batch = f"{branch.code}-{festival}"
    for member in [member for member in branch.rows["members"] if served(branch, member, on)]:
        row = give(branch, "festival", member, amount, on, batch_no=batch, reason=f"{festival}慰问")
        row["voucher_no"] = f"J-{batch}"
        in_kind(row, goods)


def birthdays(branch: Branch) -> None:
    """A cake coupon in the month of birth."""
    for member in branch.rows["members"]:
        born = member["birth_date"]
        assert isinstance(born, date)
        on = after(day(born.month, 12), 1)
        if served(branch, member, on):
            row = give(branch, "birthday", member, 300, on, reason="生日慰问")
            row.update(
                approved_on=after(on, -9),
                voucher_no=f"J-{branch.code}-生日{born.month:02d}",
                batch_no=f"{branch.code}-生日{born.month:02d}",
            )
            in_kind(row, "蛋糕券", "coupon")


def life_events(branch: Branch) -> None:
    """Marriages (one member twice: remarried), twins born, a keepsake at retirement."""
    roles = branch.roles
    for number, reason in ((2, "结婚"), (11, "再婚")):
        row = give(branch, "marriage", roles["remarried"], 500, day(number, 13), event_date=day(number, 3), reason=reason)
        in_kind(row, "床上用品")
    parent = roles["parent_of_twins"]
    for child in ("大双", "小双"):
        row = give(branch, "birth", parent, 500, day(8, 20), event_date=day(8, 1), reason=f"生育双胞胎（{child}）", relation="child")
        row.update(
            beneficiary_type="child", beneficiary=f"{parent.text('name')[0]}{child}", payee=parent["name"], bank_card=parent["bank_card"]
        )
        row.update(budget_code="50104", voucher_no=f"J-{branch.code}-双胞胎", batch_no=f"{branch.code}-双胞胎")
    in_kind(give(branch, "retirement", roles["retired_in_july"], 800, day(8, 14), event_date=day(7, 31), reason="退休纪念"), "纪念品")


def sick(branch: Branch) -> None:
    """Hospital aid paid at once and approved within ten working days; two stays for two diseases; a spouse's account, documented."""
    twice = branch.roles["hospital_twice"]
    give(branch, "hospital", twice, 800, day(3, 17), event_date=day(3, 9), reason="阑尾炎手术住院")
    give(branch, "hospital", twice, 800, day(10, 20), event_date=day(10, 12), reason="骨折住院")
    ill = branch.roles["ill"]
    row = give(branch, "illness", ill, 2000, day(4, 14), event_date=day(3, 2), reason="重大疾病", approved_on=after(day(4, 14), 10))
    row.update(payee="郑文娟", proxy="郑文娟（配偶）", bank_card=people.card(branch.rng))
    row = give(branch, "hospital", branch.plain[0], 600, day(9, 25), event_date=day(9, 21), reason="肺炎住院", approved_on=day(10, 12))
    row.update(form="cash", signed_by="吴建新", proxy="吴建新（配偶）")
    del row["bank_ref"]


def death(branch: Branch) -> None:
    """Funeral money: for a member's parent; for a member who died, in his own name or his wife's, within six months."""
    member = branch.roles["late_payer"]
    give(branch, "funeral", member, 1000, day(11, 12), event_date=day(11, 9), reason="父亲去世", relation="parent")
    deceased = branch.roles["deceased"]
    row = give(branch, "funeral", deceased, 2000, day(9, 18), event_date=day(9, 14), reason="会员去世", payee="孙玉珍")
    row.update(proxy="孙玉珍（配偶）", bank_card=people.card(branch.rng))
    if branch.rng.random() < 0.5:
        row.update(beneficiary_type="family", beneficiary="孙玉珍", relation="spouse")


def noticed(row: Row, on: date) -> Row:
    """Makes a payment one of hardship aid: applied for, put up for five working days and more, approved, paid."""
    row.update(hardship="relative", budget_code="50204", applied_on=after(on, -25), notice_from=after(on, -15), notice_to=after(on, -8))
    row.update(approved_on=after(on, -4))
    return row


def hardship(branch: Branch) -> None:
    """Living aid (once, and a small sum every month), medical aid below the own share, school aid for a child and for pupils outside."""
    poor, monthly = branch.roles["poor"], branch.roles["monthly_aid"]
    noticed(give(branch, "living", poor, 1000, day(6, 12), reason="家庭生活困难", fund="central"), day(6, 12))
    for number in range(2, 13):
        on = day(number, 16)
        noticed(give(branch, "living", monthly, 200, on, reason="低保边缘户按月补助"), on)
    medical = noticed(give(branch, "medical", branch.roles["ill"], 4000, day(7, 17), reason="大病自付较高"), day(7, 17))
    medical["self_paid"] = 12_600 * YUAN
    school = noticed(give(branch, "education", poor, 1500, day(8, 25), reason="子女上大学", relation="child"), day(8, 25))
    school.update(beneficiary_type="student", beneficiary=poor.text("name")[0] + "小禾", payee=poor["name"], bank_card=poor["bank_card"])
    pupil = noticed(give(branch, "education", None, 900, day(9, 8), reason="结对贫困学生", fund="donation"), day(9, 8))
    pupil.update(beneficiary_type="student", beneficiary="徐小满", relation="other", id_no=people.identity(branch.rng, CHILD, True))
    pupil.update(bank_card=people.card(branch.rng))


def warmth(branch: Branch) -> None:
    """Up to the limit of 3,000 a time and 6,000 a year, with the two far apart; to the retired as well; a reversal of a mistake."""
    poor = branch.roles["poor"]
    for number in (1, 12):
        give(branch, "warmth", poor, 3000, day(number, 23), reason="送温暖")
    retired = branch.roles["pensioner"]
    give(branch, "warmth", retired, 1000, day(2, 6), reason="送温暖", beneficiary_type="retiree")
    mistake = give(branch, "warmth", branch.plain[1], 700, day(5, 8), reason="送温暖")
    back = branch.copy(mistake, amount=-700 * YUAN, remark="红冲，重复录入", voucher_no=branch.voucher())
    back["paid_on"] = day(5, 11)


def urgent(branch: Branch) -> None:
    """Aid after an accident and a flood, paid before its papers."""
    on = day(7, 7)
    row = give(branch, "emergency", branch.plain[2], 2000, on, reason="交通事故", event_date=day(7, 4), approved_on=after(on, 8))
    row.update(hardship="accident", budget_code="50204", applied_on=day(7, 6))
    row = give(branch, "disaster", branch.plain[3], 1500, on, reason="住房进水", event_date=day(7, 1), budget_code="50204")
    row.update(applied_on=day(6, 29), approved_on=day(7, 7), event_date=day(6, 26), notice_from=day(6, 29), notice_to=day(7, 6))


def others(branch: Branch) -> None:
    """Summer gifts, model workers, elders, the mutual plan; a village and a collection that the union's funds have no part in."""
    for member in branch.plain[4:8]:
        row = give(branch, "frontline", member, 100, day(7, 24), reason="高温慰问一线职工", batch_no=f"{branch.code}-高温")
        in_kind(row, "防暑用品")
    row = give(branch, "model_worker", branch.roles["model_worker"], 2000, day(4, 28), reason="劳模慰问", beneficiary_type="retiree")
    row = give(branch, "elders", branch.roles["pensioner"], 300, day(10, 20), reason="敬老日慰问", beneficiary_type="retiree")
    in_kind(row, "保暖用品")
    give(branch, "mutual", branch.roles["hospital_twice"], 400, day(11, 26), reason="住院医疗互助金", budget_code="508")
    outside = {"member_no": "", "relation": "other", "bank_card": people.card(branch.rng)}
    village = give(branch, "village", None, 8000, day(6, 25), reason="帮扶村道路维修", fund="donation", budget_code="508", **outside)
    village.update(beneficiary_type="village", beneficiary="金鸡村村民委员会")
    paid_outside = give(branch, "other", branch.plain[5], 600, day(5, 22), reason="单位直接慰问", fund="outside")
    paid_outside["budget_code"] = ""


def collection(branch: Branch) -> None:
    """What was collected for charity is handed over."""
    outside = {"member_no": "", "relation": "other", "bank_card": people.card(branch.rng)}
    charity = give(branch, "donation", None, 5600, day(9, 16), reason="慈善一日捐转交", fund="agency", budget_code="231", **outside)
    charity.update(beneficiary_type="other", beneficiary="市慈善总会")


def with_minutes(branch: Branch) -> None:
    """The number of the minutes on every row of a batch that reaches the collective limit."""
    sums: dict[object, int] = {}
    rows = branch.rows["relief"]
    for row in rows:
        sums[row.get("batch_no", row["voucher_no"])] = sums.get(row.get("batch_no", row["voucher_no"]), 0) + row.money("amount")
    for row in rows:
        if sums[row.get("batch_no", row["voucher_no"])] >= MINUTES_FROM:
            row["minutes_no"] = f"机工纪要〔2015〕{row.day('paid_on').month}号"
