"""What rows of two branches may have in common: a person, an account, a phone, a name and a day of birth. "" is always nothing.

Rules compare branches by these keys and by nothing else, and merging finds by them which rows can meet (`merge/ties.py`).
"""

import numpy as np
import pandas as pd

from ledgerkit.model.beneficiary import has_digits
from ledgerkit.model.table import Table, alike, filled, holds, once, places, there
from ledgerkit.rules.base import each, folded, unspaced
from ledgerkit.rules.members import MEMBER, born
from ledgerkit.rules.relief.payments import BODIES, ours

# A line of an office stands behind everybody there; a mobile phone is somebody's own.
MOBILE = r"1\d{10}"
# Whom relief at a death is paid to is not who it is for.
TO_THE_KIN = "funeral"
# What a branch gives a member for somebody of the family: the benefit is the member's.
FOR_THE_FAMILY = ("children", "birth", "funeral")


@once
def numbers(table: Table) -> "pd.Series[str]":
    """The ID numbers of rows that name somebody: words (无, 不详) and fillers of one digit do not."""
    return _naming(table["id_no"])


def _naming(written: "pd.Series[str]") -> "pd.Series[str]":
    return each(written.fillna(""), lambda text: text if len(set(text)) > 1 and has_digits(text) else "")


@once
def roster(relief: Table, members: Table | None, column: str) -> "pd.Series":
    """What the roster has in a column under each row's member number; NA where there is no such member, or two that differ."""
    if members is None:
        return pd.Series(pd.NA, index=relief.frame.index)
    number, said = alike(members, *MEMBER), alike(members, *MEMBER, column)
    different = number[~said.duplicated()]
    one = ~number.isin(different[different.duplicated()])
    at = places(relief, members, MEMBER)
    return there(members[column], np.where(filled(relief, "member_no") & holds(one, at), at, -1))


@once
def roster_number(relief: Table, members: Table | None) -> "pd.Series[str]":
    """The ID number of the member whose number stands on each row."""
    return _naming(roster(relief, members, "id_no").astype("str"))


def is_own(relief: Table) -> "pd.Series[bool]":
    """Mask of the rows paid to the member, and not to somebody of the member's family."""
    member = relief["beneficiary_type"].isin(["member", "retiree"]) & (relief["relation"] == "")
    return member | (relief["relation"] == "self")


@once
def persons(relief: Table, members: Table | None) -> "pd.Series[str]":
    """Who each row relieves, as one key for all branches: the row's own ID number, else the roster's; no number, no person.

    Somebody of a member's family is told from the member by name. What is given for the family is the member's own, and nobody's
    where no member is named. Units, villages, donations and rows of which these cells cannot be read are nobody.
    """
    given, listed, name = numbers(relief), roster_number(relief, members), folded(relief, "beneficiary")
    family = ~is_own(relief)
    of_member = family & relief["category"].isin(FOR_THE_FAMILY)
    number = given.where((given != "") & ~of_member, listed)
    together = number + "/" + name
    # A daughter who is a member herself is one person, whoever enters her.
    family &= ~together.isin(together[~family & (number != "")].unique())
    body = relief["beneficiary_type"].isin(BODIES) | (relief["category"] == "donation")
    unread = relief.frame[["id_no", "member_no", "beneficiary_type", "relation"]].isna().any(axis=1)
    return number.where(~family | (number == ""), together).mask(body | unread, "")


@once
def accounts(relief: Table, members: Table | None) -> "pd.Series[str]":
    """The account that each transfer of the union's money to a person went to: the row's own, else the roster's.

    Left out is what a proxy explains, and what is paid at a death, which goes to the kin.
    """
    given, listed = (unspaced(column) for column in (relief["bank_card"], roster(relief, members, "bank_card").astype("str")))
    plain = (relief["form"] == "transfer") & (relief["proxy"] == "") & ~relief["beneficiary_type"].isin(BODIES)
    plain &= (
        relief["bank_card"].notna() & (relief["category"] != TO_THE_KIN) & (relief["amount"] > 0).fillna(False).astype(bool) & ours(relief)
    )
    return given.where(given != "", listed).where(plain.fillna(False).astype(bool), "")


@once
def phones(members: Table, relief: Table) -> "pd.Series[str]":
    """The mobile phone of each member who was paid relief."""
    paid = (relief["amount"] > 0).fillna(False).astype(bool) & filled(relief, "member_no")
    number, at = alike(members, *MEMBER), places(relief, members, MEMBER)
    relieved = number.isin(number[at[paid & (at >= 0)]])
    phone = unspaced(members["phone"])
    return phone.where(relieved & phone.str.fullmatch(MOBILE), "")


@once
def blocks(members: Table) -> tuple["pd.Series[str]", ...]:
    """Keys of which two members share one at least if they were born on one day and their names differ in no more than one character.

    Day of birth with the first two characters, with the last two, with the first and the last; a name of two characters has itself alone.
    """
    name, birth = folded(members, "name"), born(members).dt.strftime("%Y-%m-%d").fillna("")
    long, there = name.str.len() > 2, (name.str.len() > 1) & (birth != "")
    head, tail, ends = name.str[:2], name.str[-2:], name.str[:1] + name.str[-1:]
    keys = (("head", head, long), ("tail", tail, long), ("ends", ends, long), ("whole", name, ~long))
    return tuple((birth + f" {part} " + text).where(fits & there, "") for part, text, fits in keys)
