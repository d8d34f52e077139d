"""Who the rows of the relief ledger are paid to."""

import pandas as pd

from ledgerkit.model.person import fold_name
from ledgerkit.model.table import Table, looked_up, once

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
    row = relief.frame[["branch", "member_no", "id_no"]].copy()
    few = {number for number in row["id_no"].dropna().unique() if not has_digits(number)}
    row["id_no"] = row["id_no"].mask(row["id_no"].isin(few), "")
    row["name"] = relief["beneficiary"].fillna("").map(fold_name)
    own = relief["beneficiary_type"].isin(["member", "retiree"]) | (relief["relation"] == "self")
    for number in ("member_no", "id_no"):
        person = row.groupby(["branch", number, "name"], sort=False, dropna=False).ngroup()
        own |= person.isin(person[own & (row[number] != "")])
    given = row[own & (row["id_no"] != "") & (row["member_no"] != "")].dropna().drop_duplicates(["branch", "member_no", "id_no"])
    single = given[~given.duplicated(["branch", "member_no"], keep=False)].set_index(["branch", "member_no"])["id_no"]
    found = looked_up(single, row[own & (row["id_no"] == "")]).dropna()
    row.loc[found.index, "id_no"] = found
    number = ("id " + row["id_no"]).where(row["id_no"] != "", ("no " + row["member_no"]).where(row["member_no"] != "", ""))
    named = (relief["headcount"].fillna(1) <= 1) & (row["name"] != "")
    key = (number + ("/" + row["name"]).where(~own, "")).where(number != "", ("name " + row["name"]).where(named, ""))
    nobody = relief["beneficiary_type"].isin(["unit", "village"]) | (relief["category"] == "donation")
    return key.mask(nobody, "").fillna("")
