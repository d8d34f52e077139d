"""B: the budget's lines, its sums, its approval; single payments on it."""

from datetime import timedelta
from typing import Any

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.scene import NO_LEAF, leaf, ours
from ledgerkit.locale import N_
from ledgerkit.model.money import MINOR

plants = PlantSet()
ONCE = ("any",)
NO_CODE = "59999"


@plants.plant("B001")
def on_no_line(copy: Copy) -> Row:
    """Relief on a code that the budget does not have."""
    return copy.set(copy.one("relief", lambda relief: ours(relief) & (relief["budget_code"] != "")), budget_code=NO_CODE)


@plants.plant("B001")
def bill_on_no_line(copy: Copy) -> Row:
    """An expense on a code that the budget does not have."""
    return copy.set(copy.one("expenses", lambda expenses: expenses["budget_code"] != ""), budget_code=NO_CODE)


@plants.plant("B002")
def over_its_budget(copy: Copy) -> Row:
    """A line of which one fen more was spent than it has."""
    line = leaf(copy)
    return copy.set(line, approved=int(line["actual"]) - int(line["adjustment"]) - 1)


@plants.plant("B003")
def used_up(copy: Copy) -> Row:
    """A line that is spent to the fen before the year's end."""
    line = leaf(copy)
    return copy.set(line, approved=int(line["actual"]) - int(line["adjustment"]))


@plants.plant("B004")
def wrong_heading(copy: Copy) -> Row:
    """A heading one yuan above the lines under it."""

    def fits(budget: pd.DataFrame) -> "pd.Series[Any]":
        codes = set(budget["code"])
        return budget["code"].map(lambda code: any(other != code and other.startswith(code) for other in codes)) & (budget["approved"] > 0)

    row = copy.one("budget", lambda budget: fits(budget) & ~budget["code"].str.startswith(copy.policy.agency_codes))
    return copy.set(row, approved=int(row["approved"]) + MINOR)


@plants.plant("B005")
def deficit(copy: Copy) -> Row:
    """A budget that spends one fen more than it has."""
    lines = copy.original.tables["lines"].frame
    own = lines[(lines["branch"] == copy.branches[0]) & ~lines["is_parent"] & ~lines["is_agency"]]
    signs = own["direction"].map({"opening": 1, "income": 1, "expense": -1}).astype("Int64")
    balance = int((own["available"] * signs).sum())
    opening = copy.one("lines", lambda lines: (lines["direction"] == "opening") & ~lines["is_agency"] & ~lines["is_parent"])
    line = leaf(copy)
    copy.set(line, approved=int(line["approved"]) + balance + 1)
    return opening


@plants.plant("B006")
def no_number(copy: Copy) -> Row:
    """A line adjusted without a number."""
    return copy.set(leaf(copy, spent=False), adjustment=100 * MINOR, adjustment_no=None)


@plants.plant("B008", places=ONCE)
def approved_late(copy: Copy) -> list[Row]:
    """The budget passed a day later than the first spending allows."""
    paid = copy.original.tables["payments"].frame
    own = paid[(paid["branch"] == copy.branches[0]) & ~paid["fund"].isin(["outside", "agency"]) & (paid["paid_on"].dt.year == copy.year)]
    late = own["paid_on"].min() + timedelta(days=copy.setting("B008", "grace_days") + 1)
    if own.empty or late.date() > copy.as_of:
        raise Cannot(N_("no room for it within the year"))
    used = copy.original.run.book.used["budget"]
    lines = used.frame[(used["branch"] == copy.branches[0]) & used["approved_on"].notna()]
    if lines.empty:
        raise Cannot(NO_LEAF)
    return [copy.set(row, approved_on=late) for _, row in lines.iterrows()]


@plants.plant("B010")
def not_in_the_chart(copy: Copy) -> Row:
    """A line whose code the chart of accounts does not have."""
    row = copy.add(leaf(copy, spent=False), code=NO_CODE, approved=MINOR)
    return copy.fill(row, adjustment=None, adjustment_no=None, booked=None, prior=None)


@plants.plant("B011")
def on_the_wrong_line(copy: Copy) -> Row:
    """Relief on a line of the budget that is another category's."""
    budget = copy.all("lines", lambda lines: (lines["direction"] == "expense") & ~lines["is_parent"])["code"]
    for group, codes in copy.policy.lines.items():
        rows = copy.all("relief", ours)
        rows = rows[rows["category"].isin(copy.policy.groups[group])]
        others = [code for code in budget if not code.startswith(codes)]
        if len(rows) and others and any(code.startswith(codes) for code in budget):
            return copy.set(copy.pick(rows, "relief"), budget_code=others[0])
    raise Cannot(NO_LEAF)


@plants.plant("B012")
def over_the_share(copy: Copy) -> Row:
    """Festival goods one fen over their share of the year's spending."""
    percent = copy.setting("B012", "percent_of_spending")
    if not percent:
        raise Cannot(N_("the policy sets no such limit"))
    lines = copy.original.tables["lines"].frame
    own = lines[(lines["branch"] == copy.branches[0]) & (lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"]]
    row = copy.one("relief", lambda relief: ours(relief) & (relief["category"] == "festival"))
    return copy.set(row, amount=int(own["available"].sum()) * percent // 100 + 1)


@plants.plant("B013")
def power_bill(copy: Copy) -> Row:
    """The office's power bill on union money."""
    word = copy.policy.words["employer"][0] if copy.policy.words["employer"] else ""
    if not word:
        raise Cannot(N_("the policy has no words for it"))
    return copy.fill(copy.set(copy.one("expenses"), item=f"办公楼{word}"), fund="union")


@plants.plant("B014", places=ONCE)
def unused_budget(copy: Copy) -> Row:
    """A budget of which less than half is spent."""
    lines = copy.original.tables["lines"].frame
    own = lines[(lines["branch"] == copy.branches[0]) & (lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"]]
    if own.empty or not own["compared"].all() or own["available"].isna().any():
        raise Cannot(N_("not every line of the budget can be compared"))
    copy.set(leaf(copy), approved=int(own["available"].sum()) * 100 // copy.setting("B014", "least_percent") * 2)
    return own.iloc[0]


@plants.plant("B019")
def supplier_in_cash(copy: Copy) -> Row:
    """A supplier paid one fen in cash above the threshold."""
    row = copy.one("expenses", lambda expenses: (expenses["supplier"].str.len() > 3) & ~expenses.duplicated("voucher_no", keep=False))
    return copy.set(row, form="cash", amount=copy.setting("B019", "most_yuan") * MINOR + 1)
