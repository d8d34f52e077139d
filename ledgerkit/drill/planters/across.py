"""M, X: one person, need or account in two branches. M002 is among the roster's."""

from typing import Any

import pandas as pd
from stdnum import luhn

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.cells import with_good_id
from ledgerkit.drill.planters.members import in_service
from ledgerkit.drill.planters.scene import NEW, ours, to_member
from ledgerkit.locale import N_
from ledgerkit.model.person import id_birth

plants = PlantSet()
# Given for an event or once a year, so that a second one needs no other day.
SINGLE = ("hospital", "illness", "funeral", "medical", "emergency", "birthday", "retirement", "marriage", "birth")
# An account that no book has.
ACCOUNT = "622202000000000000" + luhn.calc_check_digit("622202000000000000")


@plants.plant("M009", branches=2, alone=True)
def without_a_number(copy: Copy) -> list[Row]:
    """A member of one branch in the roster of another, with the day of birth and without the ID."""
    here = copy.one("members", lambda members: in_service(members) & with_good_id(members))
    there = copy.one("members", in_service, branch=1)
    born = pd.Timestamp(id_birth(here["id_no"]))
    return [copy.add(there, member_no=NEW, name=here["name"], id_no=None, birth_date=born), here]


@plants.plant("X006", branches=2, alone=True)
def one_benefit(copy: Copy) -> list[Row]:
    """What a branch gave a member, given once more by another branch to the same ID."""
    here = _with_id(copy, SINGLE)
    return [_elsewhere(copy, here, here["category"], event_date=here["event_date"]), here]


@plants.plant("X020", branches=2, alone=True)
def one_need(copy: Copy) -> list[Row]:
    """The need that a branch relieved, relieved by another branch under another category."""
    pairs = {one: other for listed in copy.policy.purposes.values() for one in listed for other in listed if one != other}
    here = _with_id(copy, tuple(pairs))
    return [_elsewhere(copy, here, pairs[here["category"]], event_date=None), here]


@plants.plant("X019", branches=2, alone=True)
def one_account(copy: Copy) -> list[Row]:
    """Transfers to a member of one branch and to more people of another than one account may have, into one account."""

    def fits(relief: pd.DataFrame) -> "pd.Series[Any]":
        plain = (relief["proxy"] == "") & (relief["category"] != "funeral") & (relief["form"] == "transfer")
        return to_member(relief) & plain & relief["relation"].isin(["", "self"])

    here = copy.one("relief", fits)
    others = copy.all("relief", lambda relief: fits(relief) & (relief["beneficiary"] != here["beneficiary"]), branch=1)
    others = others.drop_duplicates("beneficiary").drop_duplicates("member_no").head(copy.setting("X019", "most_people"))
    if len(others) < copy.setting("X019", "most_people"):
        raise Cannot(N_("too few people were paid by transfer"))
    return [copy.set(row, bank_card=ACCOUNT) for row in (here, *(row for _, row in others.iterrows()))]


def _with_id(copy: Copy, categories: tuple[str, ...]) -> Row:
    """A member's payment in one of some categories, with the ID that the roster has."""
    known = copy.all("members", with_good_id).set_index("member_no")["id_no"]
    known = known[~known.index.duplicated(keep=False)]
    row = copy.one(
        "relief", lambda relief: to_member(relief) & relief["category"].isin(categories) & relief["member_no"].isin(known.index)
    ).copy()
    row["id_no"] = known[row["member_no"]]
    return row


def _elsewhere(copy: Copy, here: Row, category: str, **values: object) -> Row:
    """A payment by the other branch on the same day to the same ID, which is in no roster there."""
    there = copy.one("relief", ours, branch=1)
    row = copy.add(there, voucher_no=NEW, category=category, beneficiary=here["beneficiary"], id_no=here["id_no"], paid_on=here["paid_on"])
    return copy.fill(row, beneficiary_type="family", member_no=None, relation=None, batch_no=None, programme=None, **values)
