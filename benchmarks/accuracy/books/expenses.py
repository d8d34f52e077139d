"""Spending that is neither relief nor an activity, and the parts of an activity's cost that its own figure already holds."""

from datetime import date

import people
from branch import YUAN, Branch, Row
from year import day


def fill(branch: Branch) -> None:
    """Gear, meetings, fees, grants down, office supplies; two items on one voucher; cash of exactly 1,000; the administration's rent."""
    buy(branch, "羽毛球、篮球等体育用品", day(3, 18), "50102", 3860, "市体育用品有限公司")
    twofold = buy(branch, "健身器材", day(6, 10), "50502", 9800, "市体育用品有限公司")
    second = branch.copy(twofold, item="器材安装费", amount=600 * YUAN)
    second["invoice_no"] = twofold["invoice_no"]
    buy(branch, "会员代表大会资料印刷", day(3, 30), "50302", 1240, "新华印务中心")
    for number in (1, 4, 7, 10):
        buy(branch, "法律顾问季度服务费", day(number, 22), "50304", 1500, "正和律师事务所")
    buy(branch, "补助所属小组活动经费", day(5, 12), "506", 4000, "分会第一小组")
    cash = buy(branch, "活动用水", day(8, 6), "50102", 1000, "便民商店", form="cash")
    cash.pop("bank_account")
    buy(branch, "工会办公用品", day(9, 10), "50402", 860, "文化用品商店")
    buy(branch, "工会办公室房租", day(9, 11), "50402", 2400, "机关事务服务中心", fund="admin")
    big = buy(branch, "文体活动室音响设备", day(11, 4), "50502", 20_000, "声海电子有限公司")
    big["minutes_no"] = "机工纪要〔2015〕11号"
    outing = branch.one("activities", title="春季健步走")
    part = buy(branch, "健步走饮用水", outing.day("paid_on"), "50104", 300, "便民商店")
    part["activity_no"] = outing["activity_no"]


def buy(branch: Branch, item: str, on: date, code: str, amount: int, supplier: str, **values: object) -> Row:
    """One payment to a supplier by transfer, against an invoice."""
    row = branch.add("expenses", voucher_no=branch.voucher("付"), item=item, paid_on=on, budget_code=code, supplier=supplier)
    row.update(bank_account=people.card(branch.rng), invoice_no=f"{branch.rng.randrange(10**7, 10**8)}", amount=amount * YUAN)
    row.update(form="transfer", fund="union", approved_by=branch.officer("chair"), handled_by=branch.officer("organizer"))
    row.update(values)
    return row
