"""What rows of two branches may have in common: a person, an account, a phone, a name and a day of birth. "" is always nothing.

Rules compare branches by these keys and by nothing else, and merging finds by them which rows can meet (`merge/ties.py`).
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ledgerkit.model.beneficiary import has_digits
from ledgerkit.model.table import Table, Whole, alike, array, each_of, filled, holds, once, places, there
from ledgerkit.rules.base import folded, only_signs
from ledgerkit.rules.members import MEMBER, born
from ledgerkit.rules.relief.payments import BODIES, ours

# A line of an office stands behind everybody there; a mobile phone is somebody's own.
MOBILE = re.compile(r"1\d{10}")
# Whom relief at a death is paid to is not who it is for.
TO_THE_KIN = "funeral"
# What a branch gives a member for somebody of the family: the benefit is the member's.
FOR_THE_FAMILY = ("children", "birth", "funeral")
# How many keys a name has, and the length of names that have themselves alone.
BLOCKS, SHORTEST_NAME = 4, 2


def numbers(table: Table) -> "pd.Series[str]":
    """The ID numbers of rows that name somebody: words (无, 不详) and fillers of one digit do not."""
    return each_of(table, "id_no", _naming)


def _naming(number: str) -> str:
    return number if len(set(number)) > 1 and has_digits(number) else ""


@once
def roster(relief: Table, members: Table | None, column: str) -> "pd.Series":
    """What the roster has in a column under each row's member number; NA where there is no such member, or two that differ."""
    if members is None:
        return pd.Series(pd.NA, index=relief.frame.index)
    return there(members[column], _on_roster(relief, members, column))


def roster_text(relief: Table, members: Table | None, column: str, asked: Callable[[str], str]) -> "pd.Series[str]":
    """What is asked of that, "" for NA."""
    if members is None:
        return pd.Series("", index=relief.frame.index, dtype="str")
    return there(each_of(members, column, asked), _on_roster(relief, members, column)).fillna("")


@once
def _on_roster(relief: Table, members: Table, column: str) -> Whole:
    """The place on the roster of the member whose number stands on each row; −1 where there is none, or two that differ in the column."""
    number, said = alike(members, *MEMBER), alike(members, *MEMBER, column)
    different = number[~said.duplicated()]
    one = ~number.isin(different[different.duplicated()])
    at = places(relief, members, MEMBER)
    return np.where(filled(relief, "member_no") & holds(one, at), at, -1)


@once
def roster_number(relief: Table, members: Table | None) -> "pd.Series[str]":
    """The ID number of the member whose number stands on each row."""
    return roster_text(relief, members, "id_no", _naming)


def is_own(relief: Table) -> "pd.Series[bool]":
    """Mask of the rows paid to the member, and not to somebody of the member's family."""
    member = relief.says("beneficiary_type", "member", "retiree") & relief.says("relation", "")
    return member | relief.says("relation", "self")


@once
def persons(relief: Table, members: Table | None) -> "pd.Series[str]":
    """Who each row relieves, as one key for all branches: the row's own ID number, else the roster's; no number, no person.

    Somebody of a member's family is told from the member by name. What is given for the family is the member's own, and nobody's
    where no member is named. Units, villages, donations and rows of which these cells cannot be read are nobody.
    """
    given, listed, name = numbers(relief), roster_number(relief, members), folded(relief, "beneficiary")
    family = ~is_own(relief)
    of_member = family & relief.says("category", *FOR_THE_FAMILY)
    number = given.where((given != "") & ~of_member, listed)
    # A daughter who is a member herself is one person, whoever enters her.
    near = number.isin(number[family & (number != "")])
    together = number[near] + "/" + name[near]
    family = family[near] & ~together.isin(together[~family[near]])
    number = number.mask(family.reindex(number.index, fill_value=False), together)
    body = relief.says("beneficiary_type", *BODIES) | relief.says("category", "donation")
    unread = relief.frame[["id_no", "member_no", "beneficiary_type", "relation"]].isna().any(axis=1)
    return number.mask(body | unread, "")


@once
def accounts(relief: Table, members: Table | None) -> "pd.Series[str]":
    """The account that each transfer of the union's money to a person went to: the row's own, else the roster's.

    Left out is what a proxy explains, and what is paid at a death, which goes to the kin.
    """
    given, listed = each_of(relief, "bank_card", only_signs), roster_text(relief, members, "bank_card", only_signs)
    plain = relief.says("form", "transfer") & relief.says("proxy", "") & ~relief.says("beneficiary_type", *BODIES)
    plain &= relief["bank_card"].notna() & ~relief.says("category", TO_THE_KIN) & ours(relief)
    plain &= (relief["amount"] > 0).fillna(False).astype(bool)
    return given.where(given != "", listed).where(plain, "")


@once
def phones(members: Table, relief: Table) -> "pd.Series[str]":
    """The mobile phone of each member who was paid relief."""
    paid = (relief["amount"] > 0).fillna(False).astype(bool) & filled(relief, "member_no")
    number, at = alike(members, *MEMBER), places(relief, members, MEMBER)
    relieved = number.isin(number[at[paid & (at >= 0)]])
    return each_of(members, "phone", _mobile).where(relieved, "")


def _mobile(phone: str) -> str:
    number = only_signs(phone)
    return number if MOBILE.fullmatch(number) else ""


@once
def blocks(members: Table) -> tuple["pd.Series[str]", ...]:
    """Keys of which two members share one at least if they were born on one day and their names differ in no more than one character.

    Day of birth with the first two characters, with the last two, with the first and the last; a name of two characters has itself alone.
    """
    names, births = folded(members, "name").tolist(), born(members).dt.strftime("%Y-%m-%d").fillna("").tolist()
    keys = zip(*map(_of_name, names, births), strict=True) if names else [()] * BLOCKS
    return tuple(pd.Series(array(list(key), "text"), index=members.frame.index) for key in keys)


def _of_name(name: str, birth: str) -> tuple[str, ...]:
    if not birth or len(name) < SHORTEST_NAME:
        return ("",) * BLOCKS
    if len(name) == SHORTEST_NAME:
        return ("", "", "", f"{birth} whole {name}")
    return f"{birth} head {name[:2]}", f"{birth} tail {name[-2:]}", f"{birth} ends {name[0]}{name[-1]}", ""
