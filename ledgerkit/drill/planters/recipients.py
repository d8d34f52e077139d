"""A: who received, who signed, who decided, and money held for others."""

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.scene import NEW, ours, payment, to_member
from ledgerkit.locale import N_
from ledgerkit.model.money import MINOR

plants = PlantSet()
HANDED = ("cash", "goods", "coupon", "card")
FOR_ALL = ("festival", "birthday", "children")
STRANGER = "钱不归"


def to_one(relief: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of members' payments that no proxy explains, a death apart."""
    return to_member(relief) & (relief["category"] != "funeral") & (relief["proxy"] == "")


@plants.plant("A006")
def another_payee(copy: Copy) -> Row:
    """A member's relief paid to somebody else."""
    return copy.set(copy.one("relief", lambda relief: to_one(relief) & (relief["form"] == "transfer")), payee=STRANGER)


@plants.plant("A007")
def another_signer(copy: Copy) -> Row:
    """A member's relief signed for by somebody else."""
    return copy.set(copy.one("relief", lambda relief: to_one(relief) & (relief["signed_by"] != "")), signed_by=STRANGER)


@plants.plant("A008")
def nobody_signed(copy: Copy) -> Row:
    """Cash or goods for which nobody signed."""
    row = copy.one("relief", lambda relief: ours(relief) & relief["form"].isin(HANDED) & (relief["signed_by"] != ""))
    return copy.set(row, signed_by=None, proxy=None)


@plants.plant("A010")
def decided_for_oneself(copy: Copy) -> Row:
    """A member's relief approved by that member."""
    row = copy.one("relief", lambda relief: to_member(relief) & ~relief["category"].isin(FOR_ALL))
    return copy.set(row, approved_by=row["beneficiary"])


@plants.plant("A021")
def distant_relation(copy: Copy) -> Row:
    """Funeral money for a relation beyond the next of kin."""
    return payment(copy, "funeral", relation="other", reason="祖母去世")


@plants.plant("A024")
def to_a_stranger(copy: Copy) -> Row:
    """Relief under a member's number that the roster does not have."""
    return copy.set(copy.one("relief", to_member), member_no=NEW)


@plants.plant("A024")
def after_leaving(copy: Copy) -> Row:
    """Relief to a member who by the roster left before it was paid."""
    paid = copy.one("relief", lambda relief: to_member(relief) & relief["member_no"].isin(copy.all("members")["member_no"]))
    member = copy.all("members", lambda members: members["member_no"] == paid["member_no"]).iloc[0]
    copy.set(member, status="left", left_on=pd.Timestamp(copy.year - 1, 6, 30))
    return paid


@plants.plant("A027")
def outside_the_union(copy: Copy) -> Row:
    """The union's own money to a household that is no member's."""
    row = copy.one("relief", lambda relief: to_member(relief) & relief["fund"].isin(["union", "dues"]) & (relief["category"] != "mutual"))
    return copy.fill(copy.set(row, beneficiary_type="family", member_no=None), relation="other")


@plants.plant("A028")
def collection_short(copy: Copy) -> Row:
    """A collection booked a hundred yuan higher than the ledger has it; else a donation booked as income."""
    agency = copy.all("lines", lambda lines: lines["is_agency"] & (lines["direction"] == "agency_in") & (lines["booked"] > 0))
    if len(agency):
        row = agency.iloc[0]
        return copy.set(row, booked=int(row["booked"]) + 100 * MINOR)
    income = copy.all("lines", lambda lines: (lines["direction"] == "income") & ~lines["is_parent"] & lines["code"].str.startswith("4"))
    others = income[(income["booked"] > 0) & ~income["code"].str.startswith(("401", "402"))]
    if others.empty:
        raise Cannot(N_("no line of the budget in which it could be planted"))
    return copy.set(copy.pick(others, "budget"), title="捐赠收入")
