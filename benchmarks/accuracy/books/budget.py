"""The budget drawn up to what the ledgers add up to: every line booked as it was spent, some just enough, one adjusted, in balance."""

from collections import Counter

from branch import YUAN, Branch, Row
from year import YEAR, day

INCOME = {"401": "会费收入", "402": "拨缴经费收入", "40302": "上级专项补助收入", "405": "行政补助收入", "408": "其他收入"}
EXPENSE = {
    "50101": "职工教育费",
    "50102": "文体活动费",
    "50103": "宣传活动费",
    "50104": "其他活动支出",
    "50204": "困难职工帮扶费",
    "50205": "送温暖费",
    "50206": "其他维权支出",
    "50302": "会议费",
    "50304": "专项业务费",
    "50402": "公务费",
    "50502": "办公设备购置费",
    "506": "补助下级支出",
    "508": "其他支出",
}
PARENTS = {"403": "上级补助收入", "501": "职工活动支出", "502": "维权支出", "503": "业务支出", "504": "行政支出", "505": "资本性支出"}


def fill(branch: Branch) -> None:
    """Opening, income, expense, closing and agency lines; headings are the sums of their lines."""
    rows = [_line(branch, code, title, "income", booked) for code, title, booked in _income(branch)]
    spending = actual(branch)
    for code, title in EXPENSE.items():
        rows.append(_expense(branch, code, title, spending.get(code, 0)))
    _adjusted(rows)
    opening, closing = _balances(branch, rows)
    rows += [_heading(code, rows) for code in PARENTS]
    rows.sort(key=lambda row: row.text("code"))
    branch.rows["budget"] = [opening, *rows, closing, *_agency(branch)]
    for row in branch.rows["budget"]:
        row.update(approved_on=day(1, 20 + int(branch.code[-1])))


def actual(branch: Branch) -> Counter[str]:
    """What was spent on each budget line, in fen: relief but what was paid outside, activities, expenses that are no activity's."""
    spent: Counter[str] = Counter()
    for row in branch.rows["relief"]:
        if row["fund"] != "outside":
            spent[row.text("budget_code")] += row.money("amount")
    for row in branch.rows["activities"]:
        spent[row.text("budget_code")] += row.money("actual_cost")
    for row in branch.rows["expenses"]:
        if "activity_no" not in row:
            spent[row.text("budget_code")] += row.money("amount")
    return spent


def _income(branch: Branch) -> list[tuple[str, str, int]]:
    booked = {"401": dues_booked(branch), "402": retained_booked(branch), "40302": 6000 * YUAN, "405": 60_000 * YUAN, "408": 312_45}
    return [(code, title, booked[code]) for code, title in INCOME.items()]


def dues_booked(branch: Branch) -> int:
    """Dues of the year; or, where December was deducted in January and the days of payment show it, what came in during the year."""
    cash = branch.dues_in_january and not branch.is_wide and branch.code[-1] in "02468"
    return sum(row.money("paid") for row in branch.rows["dues"] if not cash or ("paid_on" in row and row.day("paid_on").year == YEAR))


def retained_booked(branch: Branch) -> int:
    """What was kept of the remittances; or, where December came back in January, what came back during the year."""
    cash = branch.code[-1] in "02468"
    rows = branch.rows["remittance"]
    return sum(
        row.money("retained") if "received" not in row else row.money("received")
        for row in rows
        if not cash or "received_on" not in row or row.day("received_on").year == YEAR
    )


def _line(branch: Branch, code: str, title: str, direction: str, booked: int) -> Row:
    prior = booked * branch.rng.randrange(85, 110) // 100
    return Row("budget", code=code, title=title, direction=direction, prior=prior, approved=booked, booked=booked)


def _expense(branch: Branch, code: str, title: str, spent: int) -> Row:
    """A line approved a little above what was spent, or exactly at it."""
    row = _line(branch, code, title, "expense", spent)
    if branch.rng.random() < 0.7:
        row["approved"] = max(-(-spent * 110 // (100 * 100 * YUAN)) * 100 * YUAN, spent)
    return row


def _adjusted(rows: list[Row]) -> None:
    """Two lines approved otherwise in January, and put right once in the year with a paper: one up, one down."""
    for row in rows:
        change = {"50205": -row.money("approved") // 5, "50101": 500 * YUAN}.get(row.text("code"), 0)
        if change:
            row.update(approved=row.money("approved") + change, adjustment=-change, adjustment_no="机工〔2015〕41号", adjusted_on=day(7, 8))


def _available(rows: list[Row], direction: str, booked: bool = False) -> int:
    return sum(
        row.money("booked") if booked else row.money("approved") + row.money("adjustment") for row in rows if row["direction"] == direction
    )


def _balances(branch: Branch, rows: list[Row]) -> tuple[Row, Row]:
    """Last year's balance, so that the budget comes out at 5,000 or at nothing; what is left at the year's end."""
    left = 5000 * YUAN if branch.code[-1] in "13579" else 0
    opening = max(left + _available(rows, "expense") - _available(rows, "income"), 1000 * YUAN)
    approved = opening + _available(rows, "income") - _available(rows, "expense")
    booked = opening + _available(rows, "income", True) - _available(rows, "expense", True)
    values = {"prior": opening, "approved": opening, "booked": opening}
    first = Row("budget", code="QC", title="上年结余", direction="opening", **values)
    return first, Row("budget", code="QM", title="本年结余", direction="closing", approved=approved, booked=booked)


def _heading(code: str, rows: list[Row]) -> Row:
    own = [row for row in rows if row.text("code").startswith(code)]
    heading = Row("budget", code=code, title=PARENTS[code], direction=own[0]["direction"])
    heading.update({key: sum(row.money(key) for row in own) for key in ("prior", "approved", "booked")})
    if change := sum(row.money("adjustment") for row in own):
        heading.update(adjustment=change, adjustment_no="机工〔2015〕41号", adjusted_on=day(7, 8))
    return heading


def _agency(branch: Branch) -> list[Row]:
    """Charity money that passes through: taken in, handed over; what is left on hand, in some branches."""
    handed = sum(row.money("amount") for row in branch.rows["relief"] if row["fund"] == "agency")
    left = 400 * YUAN if branch.code[-1] in "37" else 0
    rows = [Row("budget", code="231", title="代管经费（一日捐）", direction="agency_in", approved=0, booked=handed + left)]
    if left:
        rows.append(Row("budget", code="231", title="代管经费结余", direction="closing", approved=0, booked=left))
    return rows
