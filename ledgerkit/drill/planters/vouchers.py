"""X: one ledger against another, and vouchers beside each other."""

from datetime import timedelta

import pandas as pd

from ledgerkit.drill.copies import NO_ROW_FOR_IT, Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row, Spot
from ledgerkit.drill.planters.dues import TOO_FEW
from ledgerkit.drill.planters.members import in_service, months_paid
from ledgerkit.drill.planters.scene import NEW, NEW_TOO, leaf, to_member
from ledgerkit.model.money import MINOR

plants = PlantSet()
ONCE = ("any",)
APART = 100 * MINOR


@plants.plant("X001")
def wage_outside_the_base(copy: Copy) -> Row:
    """Relief to a member whose wage the roster says is not in the remittance base."""
    members = copy.all("members", in_service)
    paid = copy.one("relief", lambda relief: to_member(relief) & relief["member_no"].isin(members["member_no"]))
    copy.set(members[members["member_no"] == paid["member_no"]].iloc[0], wage_in_base=False)
    return paid


@plants.plant("X002")
def dues_booked_otherwise(copy: Copy) -> Row:
    """401 booked a hundred yuan higher than the dues."""
    line = copy.one("lines", lambda lines: (lines["code"] == "401") & (lines["direction"] == "income") & lines["compared"])
    return copy.set(line, booked=int(line["booked"]) + APART)


@plants.plant("X003")
def relief_booked_otherwise(copy: Copy) -> Row:
    """A line of relief booked a hundred yuan higher than what was paid."""
    line = leaf(copy, used_by="relief")
    return copy.set(line, booked=int(line["actual"]) + APART)


@plants.plant("X004")
def spending_booked_otherwise(copy: Copy) -> Row:
    """A line of activities or expenses booked a hundred yuan higher than what was paid."""
    line = leaf(copy, used_by="other")
    return copy.set(line, booked=int(line["actual"]) + APART)


@plants.plant("X009")
def bill_paid_again(copy: Copy) -> Row:
    """A bill paid again on the next day, on another voucher."""
    bill = copy.one("expenses", lambda expenses: (expenses["amount"] > 0) & (expenses["paid_on"] < pd.Timestamp(copy.year, 12, 31)))
    return copy.add(bill, voucher_no=NEW, paid_on=bill["paid_on"] + timedelta(days=1))


@plants.plant("X010")
def split_purchase(copy: Copy) -> Row:
    """A purchase in two bills just under the limit, a week apart."""
    part = copy.policy.collective_limit - MINOR
    like = copy.one("expenses", lambda expenses: (expenses["supplier"].str.len() > 3) & (expenses["paid_on"].dt.month < 12))
    first = copy.fill(copy.add(like, voucher_no=NEW, amount=part), minutes_no=None, form="transfer")
    later = copy.add(first, voucher_no=NEW_TOO, paid_on=like["paid_on"] + timedelta(days=7))
    return copy.fill(later, invoice_no=None)


@plants.plant("X011")
def approves_and_handles(copy: Copy) -> Row:
    """Who approves relief handles a bill."""
    if len(copy.all("members", in_service)) < copy.setting("X011", "smallest"):
        raise Cannot(TOO_FEW)
    approver = copy.one("relief", lambda relief: relief["approved_by"] != "")["approved_by"]
    row = copy.one("expenses", lambda expenses: (expenses["handled_by"] != "") & (expenses["handled_by"] != approver))
    return copy.set(row, handled_by=approver, approved_by=row["handled_by"])


@plants.plant("X013", places=ONCE)
def round_bills(copy: Copy) -> Spot:
    """Every bill a whole number of hundreds."""
    bills = [(column, copy.paying(name, column)) for name, column in COSTS]
    if sum(len(rows) for _, rows in bills) < copy.setting("X013", "fewest"):
        raise Cannot(TOO_FEW)
    for column, rows in bills:
        for _, row in rows.iterrows():
            copy.set(row, **{column: -(-int(row[column]) // (100 * MINOR)) * 100 * MINOR})
    return Spot()


COSTS = (("activities", "actual_cost"), ("expenses", "amount"))


@plants.plant("X016")
def list_cut_short(copy: Copy) -> list[Row]:
    """A month's list of which one more than may be missing are missing."""
    paid = months_paid(copy)
    dues = copy.all("dues", lambda dues: (dues["paid"] > 0) & (dues["period"] // 12 == copy.year))
    dues = dues[dues["member_no"].isin(paid[paid > 1].index) & dues["member_no"].isin(copy.all("members", in_service)["member_no"])]
    month = copy.pick(dues.drop_duplicates("period"), "dues")["period"]
    listed = dues[dues["period"] == month].drop_duplicates("member_no")
    every = copy.original.run.book.used["dues"].frame
    many = every[(every["branch"] == copy.branches[0]) & (every["period"] == month)]
    lost = max(copy.setting("X016", "fewest"), len(many) * copy.setting("X016", "percent") // 100 + 1) + 1
    if len(listed) <= lost:
        raise Cannot(NO_ROW_FOR_IT, ledger="dues")
    for _, row in listed.tail(lost).iterrows():
        copy.clear(row)
    return [row for _, row in many.iterrows()]


@plants.plant("X018")
def dues_on_the_office(copy: Copy) -> Row:
    """The members' dues spent on the office."""
    word = copy.policy.words["not_dues"][0] if copy.policy.words["not_dues"] else ""
    if not word:
        raise Cannot(NO_ROW_FOR_IT, ledger="expenses")
    return copy.set(copy.one("expenses"), item=word, fund="dues")
