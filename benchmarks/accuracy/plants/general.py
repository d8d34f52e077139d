"""G: cells and rows. Identity numbers, money, dates, choices, references, numbers used twice."""

from datetime import date

import people
from books import expenses
from branch import YUAN, Branch
from layout import Raw
from year import day

from plants import IN_ORDER, Mark, at, plant
from plants.scene import aid, month_of, newcomer, renamed


@plant("G002", "just", "far", "at")
def number_for_text(branch: Branch, shape: str) -> Mark:
    if shape == "at":
        member = newcomer(branch)
        member["phone"] = Raw(13912345678, "0")
        return at(member, "phone", rule="G024")
    if shape == "just":
        row = expenses.buy(branch, "奖品", day(5, 6), "50102", 300, "文化用品商店", bank_account=Raw(110402030912, "0"))
        return at(row, "bank_account")
    member = newcomer(branch)
    member["id_no"] = Raw(float(people.identity(branch.rng, date(1980, 5, 6), False, "8")), "0")
    return at(member, "id_no")


@plant("G003", "just", "far", "at")
def bad_identity(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, date(1981, 4, 7))
    number = member.text("id_no")
    if shape == "at":
        member["id_no"] = people.identity(branch.rng, date(1981, 4, 7), member["sex"] == "male", "X").lower()
    elif shape == "just":
        member["id_no"] = number[:17] + ("1" if number[17] != "1" else "2")
    else:
        body = number[:10] + "13" + number[12:17]
        member["id_no"] = body + people.check(body)
    return at(member, "id_no")


@plant("G003", "far")
def fifteen_digits(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    member["id_no"] = member.text("id_no")[:15]
    return at(member, "id_no")


@plant("G004", "just", "far", "at")
def other_sex_or_birth(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, date(1979, 6, 15))
    if shape == "at":
        member.update(id_type="passport", id_no="G51234567", birth_date=date(1979, 6, 16))
    elif shape == "just":
        member["birth_date"] = date(1979, 6, 16)
        return at(member, "birth_date", "id_no")
    else:
        member["sex"] = "female" if member["sex"] == "male" else "male"
    return at(member, "sex", "id_no")


@plant("G005", "just", "far", "at")
def truncated(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, tail="000")
    if shape == "just":
        number = member.text("id_no")
        member["id_no"] = number[:14] + ("1" if number[14] != "1" else "2") + "000"
    elif shape == "far":
        member["id_no"] = "3.20281E+17"
    return at(member, "id_no")


@plant("G006", "just", "far", "at")
def bad_card(branch: Branch, shape: str) -> Mark:
    if shape == "at":
        return at(expenses.buy(branch, "奖品", day(5, 6), "50102", 300, "商店", bank_account="110402030900001234"), "bank_account")
    member = newcomer(branch)
    card = people.card(branch.rng)
    member["bank_card"] = card[:-1] + str((int(card[-1]) + 1) % 10) if shape == "just" else card[:17]
    return at(member, "bank_card")


@plant("G007", "just", "far", "at")
def bad_credit_code(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    code = line.text("uscc")
    line["uscc"] = {"at": "", "just": code[:-1] + ("1" if code[-1] != "1" else "2"), "far": "0" * 18}[shape]
    return at(line, "uscc")


@plant("G007", "far", places=("any",))
def employers_code(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    line["uscc"] = line["employer_uscc"]
    return at(line, "uscc")


@plant("G008", "just", "far", "at", stage="settled", style={"totals": False})
def unreadable_amount(branch: Branch, shape: str) -> Mark:
    row = branch.rows["relief"][0]
    true = row.money("amount") / 100
    row["amount"] = {"at": Raw(true + 1e-7), "just": Raw(true + 0.005), "far": "约二百"}[shape]
    return at(row, "amount")


@plant("G008", "far", "at", places=IN_ORDER)
def negative(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 600 * YUAN, day(5, 8))
    back = branch.copy(row, voucher_no=branch.voucher(), amount=-600 * YUAN, paid_on=day(5, 12))
    if shape == "at":
        back["remark"] = "红冲5月8日凭证"
    return at(back, "amount")


@plant("G009", "just", "far", "at", stage="settled")
def paid_outside_year(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 0, day(1, 8))
    row.update(amount=1, budget_code="", fund="outside")
    row.update(approved_on=day(12, 28, 2014), paid_on={"at": day(1, 1), "just": day(12, 31, 2014), "far": "2015-02-30"}[shape])
    return at(row, "paid_on")


@plant("G009", "just", "at")
def long_after_year(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 11)
    row.update(method="transfer", receipt_no="", paid_on=day(4, 1, 2016) if shape == "just" else day(3, 31, 2016))
    branch.dues_in_january = False
    return at(row, "paid_on")


@plant("G009", "far")
def born_tomorrow(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, id_type="passport", id_no="E90817263")
    member["birth_date"] = date(2051, 3, 4)
    return at(member, "birth_date")


@plant("G011", "just", "far", "at", places=IN_ORDER)
def voucher_twice(branch: Branch, shape: str) -> Mark:
    first = aid(branch, "warmth", 500 * YUAN, day(4, 8))
    later = aid(branch, "hospital", 400 * YUAN, day(4, 9) if shape == "just" else day(9, 9), branch.plain[1], event_date=day(4, 1))
    if shape == "at":
        later = aid(branch, "warmth", 500 * YUAN, day(4, 8), branch.plain[1], batch_no="P-1")
        first["batch_no"] = "P-1"
    later["voucher_no"] = first["voucher_no"]
    return at(later, "voucher_no")


@plant("G011", "far", "at", places=IN_ORDER)
def receipt_twice(branch: Branch, shape: str) -> Mark:
    first, later = (month_of(branch, newcomer(branch), number) for number in (4, 5))
    for row, on in ((first, day(4, 13)), (later, day(5, 13))):
        row.update(method="cash", receipt_no="000123", paid_on=on, banked_on=on)
    if shape == "at":
        later["receipt_no"] = "000124"
    return at(later, "receipt_no")


@plant("G011", "far", places=("any", "after blanks"))
def item_twice(branch: Branch, shape: str) -> Mark:
    row = expenses.buy(branch, "球拍", day(4, 15), "50102", 450, "市体育用品有限公司")
    return at(branch.copy(row), "voucher_no", "item")


@plant("G011", "far", places=("any", "after blanks"))
def activity_twice(branch: Branch, shape: str) -> Mark:
    row = next(row for row in branch.rows["activities"] if row["title"] == "一月集中学习")
    twin = branch.copy(row, title="四月集中学习", starts_at=row["starts_at"].replace(month=4), ends_at=row["ends_at"].replace(month=4))  # type: ignore[attr-defined]
    twin["documented_on"] = day(4, 24)
    return at(twin, "activity_no")


@plant("G013", "just", "far", "at")
def blank_required(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 500 * YUAN, day(4, 8))
    if shape == "at":
        row.pop("relation")
        return at(row, "relation")
    row["reason"] = "" if shape == "far" else "同上"
    return at(row, "reason")


@plant("G013", "far")
def blank_day_of_leaving(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="left", left_on=day(5, 4))
    member["left_on"] = ""
    return at(member, "left_on")


@plant("G014", "just", "far", "at")
def damaged_text(branch: Branch, shape: str) -> Mark:
    if shape == "at":
        member = newcomer(branch)
        renamed(branch, member, "\ue0d8文博")
        return at(member, "name")
    row = aid(branch, "warmth", 500 * YUAN, day(4, 8), reason="家庭困\ufffd慰问" if shape == "just" else "庆?;顒樱o予困难慰问")
    return at(row, "reason")


@plant("G014", "just")
def private_use(branch: Branch, shape: str) -> Mark:
    row = expenses.buy(branch, "庆祝活\ue0d8用品", day(5, 6), "50102", 300, "文化用品商店")
    return at(row, "item")


@plant("G016", "just", "far", "at")
def not_in_list(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "warmth", 500 * YUAN, day(4, 8))
    row["form"] = {"at": Raw("转账"), "just": Raw("转帐"), "far": Raw("支付宝")}[shape]
    return at(row, "form")


@plant("G017", "just", "far", "at")
def refers_to_nothing(branch: Branch, shape: str) -> Mark:
    event = branch.one("activities", title="春季健步走")
    row = expenses.buy(branch, "饮用水", day(4, 20), "50104", 80, "便民商店", activity_no=event["activity_no"])
    if shape != "at":
        row["activity_no"] = event.text("activity_no") + "0"
    return at(row, "activity_no")


@plant("G017", "far", places=("any", "last"))
def attendance_of_nothing(branch: Branch, shape: str) -> Mark:
    member = branch.plain[0]
    return at(
        branch.add("attendance", activity_no="H-999", member_no=member["member_no"], name=member["name"], status="present"), "activity_no"
    )


@plant("G019", "just", "far", "at", stage="settled")
def shown_otherwise(branch: Branch, shape: str) -> Mark:
    row = branch.rows["remittance"][0]
    row["payroll"] = Raw(row.money("payroll") / 100, {"at": "#,##0.00", "just": "0.0", "far": "0"}[shape])
    return at(row, "payroll")


@plant("G020", "far", stage="settled", style={"engine": "openpyxl"})
def error_cell(branch: Branch, shape: str) -> Mark:
    row = branch.rows["relief"][0]
    row["amount"] = Raw("#REF!")
    return at(row, "amount")


@plant("G020", "just", stage="settled", style={"engine": "xlsxwriter"})
def error_of_formula(branch: Branch, shape: str) -> Mark:
    row = branch.rows["dues"][5]
    row["due"] = Raw("#VALUE!", formula="=A1*0.005")
    return at(row, "due")


@plant("G021", "far", stage="settled", style={"engine": "openpyxl"})
def never_calculated(branch: Branch, shape: str) -> Mark:
    row = branch.rows["relief"][0]
    row["amount"] = Raw(None, formula="=100+100")
    return at(row, "amount")


@plant("G021", "at", stage="settled", style={"engine": "xlsxwriter"})
def calculated(branch: Branch, shape: str) -> Mark:
    row = branch.rows["relief"][0]
    row["amount"] = Raw(row.money("amount") / 100, formula=f"={row.money('amount') // 200}*2")
    return at(row, "amount", rule="G012")


@plant("G012", "just", stage="settled", style={"engine": "xlsxwriter"})
def formula_in_data(branch: Branch, shape: str) -> Mark:
    row = branch.rows["expenses"][0]
    row["amount"] = Raw(row.money("amount") / 100, formula=f"={row.money('amount') / 100}")
    return at(row, "amount")


@plant("G024", "just", "far", "at")
def code_as_number(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 5)
    number = int(row.text("member_no"))
    row["member_no"] = {"at": str(number), "just": Raw(number, "0"), "far": Raw(number, "0" * 7)}[shape]
    return at(row, "member_no")


@plant("G025", "far", places=("any",))
def no_roster(branch: Branch, shape: str) -> Mark:
    branch.rows["members"].clear()
    return Mark()


@plant("G025", "far", stage="settled", places=("any",))
def no_budget(branch: Branch, shape: str) -> Mark:
    branch.rows["budget"].clear()
    return Mark()


@plant("G025", "just", places=("any",))
def no_remittance(branch: Branch, shape: str) -> Mark:
    branch.rows["remittance"].clear()
    return Mark()


@plant("G013", "far")
def ditto_name(branch: Branch, shape: str) -> Mark:
    row = month_of(branch, newcomer(branch), 6)
    row["name"] = "〃"
    return at(row, "name")


@plant("G011", "far", places=IN_ORDER)
def slip_twice(branch: Branch, shape: str) -> Mark:
    earlier, later = branch.rows["remittance"][:2]
    later["receipt_no"] = earlier["receipt_no"]
    return at(later, "receipt_no")
