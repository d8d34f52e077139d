"""Who the rows of the relief ledger are paid to."""

from dataclasses import replace

import pandas as pd

from ledgerkit.model.person import fold_name
from ledgerkit.model.table import Table, alike, array, each_of, looked_up, once

# An ID of fewer digits (无, 不详) names nobody.
FEWEST_DIGITS = 5


def has_digits(number: str) -> bool:
    """Whether an ID number has the digits of one that names somebody."""
    return (number[:FEWEST_DIGITS].isdecimal() and len(number) >= FEWEST_DIGITS) or sum(map(str.isdecimal, number)) >= FEWEST_DIGITS


@once
def people(relief: Table) -> "pd.Series[str]":
    """Who each row is paid to, as a key within its branch: by ID, else member number, else folded name; "" where it is no one person.

    Someone beside a member's number (a child, a spouse) is told from the member by name. A member whose ID stands on one row is
    known by it on rows that have only the member number. Units, villages, donations, and headcounts without a number are nobody.
    """
    row = relief.frame[["branch", "member_no", "id_no"]].assign(name=each_of(relief, "beneficiary", fold_name))
    row["id_no"] = row["id_no"].mask(each_of(relief, "id_no", _is_nobodys, "bool"), "")
    own = _own(relief, row)
    given = row[own & (row["id_no"] != "") & (row["member_no"] != "")].dropna().drop_duplicates(["branch", "member_no", "id_no"])
    if len(given):
        single = given[~given.duplicated(["branch", "member_no"], keep=False)].set_index(["branch", "member_no"])["id_no"]
        row["id_no"] = row["id_no"].mask(own & (row["id_no"] == ""), looked_up(single, row).fillna(""))
    one = relief["headcount"].fillna(1) <= 1
    keys = map(_key, *(row[column].fillna("").tolist() for column in ("id_no", "member_no", "name")), own.tolist(), one.tolist())
    unread = row["id_no"].isna() | ((row["id_no"] == "") & row["member_no"].isna())
    nobody = relief.says("beneficiary_type", "unit", "village") | relief.says("category", "donation")
    return pd.Series(array(list(keys), "text"), index=row.index).mask(unread | nobody, "")


def _is_nobodys(number: str) -> bool:
    return number != "" and not has_digits(number)


def _own(relief: Table, row: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the rows paid to the member; somebody whom another row with the same number and name calls the member is one."""
    own = relief.says("beneficiary_type", "member", "retiree") | relief.says("relation", "self")
    named = replace(relief, frame=row)
    for number in ("member_no", "id_no") if not own.all() else ():
        person = alike(named, "branch", number, "name")
        own |= person.isin(person[own & (row[number] != "")])
    return own


def _key(number: str, member: str, name: str, own: bool, one: bool) -> str:
    if number or member:
        return (f"id {number}" if number else f"no {member}") + ("" if own else f"/{name}")
    return f"name {name}" if one and name else ""
