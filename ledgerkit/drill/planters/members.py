"""M: the roster against itself and against the dues."""

from datetime import date

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.cells import with_good_id
from ledgerkit.drill.planters.scene import NEW, another_id
from ledgerkit.locale import N_

plants = PlantSet()


def in_service(members: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the active members."""
    return members["status"] == "active"


def payer(copy: Copy, months: int = 1) -> Row:
    """An active member who paid dues for so many months of the year or more."""
    paid = months_paid(copy)
    return copy.one("members", lambda members: in_service(members) & (members["member_no"].map(paid).fillna(0) >= months))


def months_paid(copy: Copy) -> "pd.Series[int]":
    """For how many months of the year each member number paid dues, rows of which nothing is said."""
    dues = copy.all("dues", lambda dues: (dues["paid"] > 0) & (dues["period"] // 12 == copy.year))
    return dues.groupby("member_no")["period"].nunique()


def dues_of(copy: Copy, member: Row) -> pd.DataFrame:
    """A member's dues rows of the year, in order of months."""
    own = copy.all("dues", lambda dues: (dues["member_no"] == member["member_no"]) & (dues["period"] // 12 == copy.year))
    return own.sort_values("period", kind="stable")


@plants.plant("M001")
def entered_twice(copy: Copy) -> Row:
    """One person under two member numbers."""
    row = copy.one("members", with_good_id)
    return copy.add(row, member_no=f"{row['member_no']}-2")


@plants.plant("M002", branches=2, alone=True)
def in_two_branches(copy: Copy) -> list[Row]:
    """A member of one branch in the roster of another."""
    here = copy.one("members", lambda members: in_service(members) & with_good_id(members))
    there = copy.one("members", lambda members: in_service(members) & with_good_id(members), branch=1)
    return [copy.add(there, member_no=NEW, name=here["name"], id_no=here["id_no"]), here]


@plants.plant("M003")
def namesake(copy: Copy) -> Row:
    """One name and day of birth under two IDs."""
    row = copy.one("members", with_good_id)
    return copy.add(row, member_no=f"{row['member_no']}-2", id_no=another_id(row["id_no"]))


@plants.plant("M004")
def retired_and_pays(copy: Copy) -> list[Row]:
    """A member who retired in the year and went on paying."""
    row = payer(copy, 3)
    paid = dues_of(copy, row)
    first = int(paid["period"].iloc[0])
    copy.set(row, status="retired", left_on=date(first // 12, first % 12 + 1, 1))
    return [one for _, one in paid[(paid["period"] > first) & (paid["paid"] > 0)].iterrows()]


@plants.plant("M005")
def dues_of_a_stranger(copy: Copy) -> Row:
    """Dues under a number that the roster does not have."""
    row = copy.one("dues", lambda dues: dues["paid"] > 0)
    return copy.set(row, member_no=NEW)


@plants.plant("M005")
def not_in_the_dues(copy: Copy) -> Row:
    """An active member who stands in no dues."""
    row = copy.one(
        "members", lambda members: in_service(members) & with_good_id(members) & members["member_no"].isin(months_paid(copy).index)
    )
    return copy.add(row, member_no=NEW, id_no=another_id(row["id_no"]), name=f"{row['name']}2")


@plants.plant("M006")
def joined_as_a_child(copy: Copy) -> Row:
    """Joined at ten years of age."""
    row = copy.one("members", lambda members: in_service(members) & with_good_id(members) & members["joined_on"].notna())
    return copy.set(row, joined_on=pd.Timestamp(row["id_no"][6:14]) + pd.DateOffset(years=10))


@plants.plant("M007")
def nowhere_settled(copy: Copy) -> Row:
    """A dispatched member of whom it is not said where benefits are drawn."""
    return copy.set(copy.one("members", in_service), employment="dispatched", benefit_location=None)


@plants.plant("M008")
def another_name(copy: Copy) -> Row:
    """A member's number beside another member's name in the dues."""
    row = copy.one("dues", lambda dues: (dues["name"] != "") & dues["member_no"].isin(copy.all("members")["member_no"]))
    own = copy.all("dues", lambda dues: dues["member_no"] == row["member_no"])
    first = own.iloc[0] if row["_col"] else row  # of wide dues the first month speaks for the member's row
    return copy.set(first, name=_other_name(copy, row))


def _other_name(copy: Copy, row: Row) -> str:
    others = copy.all("members", lambda members: (members["name"] != "") & (members["name"] != row["name"]))
    if others.empty:
        raise Cannot(N_("no row of {ledger} in which it could be planted"), ledger="members")
    return str(others["name"].iloc[0])
