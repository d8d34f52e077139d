"""A rules on patterns of many payments: amounts by rank, and amounts that are all alike."""

import numpy as np
import pandas as pd

from ledgerkit.model.beneficiary import people
from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, holds, places, there
from ledgerkit.rules.base import Flags, RuleSet, money_text
from ledgerkit.rules.relief.payments import batches, known, ours, standing

rules = RuleSet()

# Fewer others than this say nothing about what others receive.
FEWEST_OTHERS = 3


@rules.rule(
    "A009",
    severity=Severity.MEDIUM,
    title="Officers receive more than the others",
    message="Officers received {observed} each in the middle, the others {expected}. Explain the {amount} that officers had above the others.",
    basis="S19",
    flags="amount",
    needs={"relief": ("category", "member_no", "amount"), "members": ("member_no", "officer")},
)
def more_for_officers(relief: Table, members: Table) -> object:
    """Festival and birthday gifts do not go by post or rank. The middle amount (median) of officers is compared with that of the others.

    Festival gifts are compared within a batch (without a batch number within a day), a person's rows of it together; birthday gifts
    within the year. With fewer than three others nothing is said. The finding stands at the first officer above the others' middle.

    What to do: compare with the plan of the gifts; recover what went by rank.
    False alarm: officers who were given their share of two festivals at once.

    | relief: voucher_no | batch_no | category | beneficiary_type | member_no | fund  | amount | paid_on    | ! | expected |
    | V1                 | P1       | festival | member           | M001      | union | #500   | 2015-09-22 | x | 280.00   |
    | V2                 | P1       | festival | member           | M002      | union | #500   | 2015-09-22 |   |          |
    | V3                 | P1       | festival | member           | M003      | union | #280   | 2015-09-22 |   |          |
    | V4                 | P1       | festival | member           | M004      | union | #280   | 2015-09-22 |   |          |
    | V5                 | P1       | festival | member           | M005      | union | #100   | 2015-09-22 |   |          |
    | V6                 | P2       | festival | member           | M001      | union | #300   | 2015-02-10 |   |          |
    | V7                 | P2       | festival | member           | M003      | union | #300   | 2015-02-10 |   |          |
    | V8                 | P2       | festival | member           | M004      | union | #300   | 2015-02-10 |   |          |
    | V9                 | P2       | festival | member           | M005      | union | #200   | 2015-02-10 |   |          |
    | V10                | P2       | festival | member           | M005      | union | #100   | 2015-02-10 |   |          |
    | V11                |          | hospital | member           | M001      | union | #900   | 2015-03-10 |   |          |
    | V12                |          | hospital | member           | M003      | union | #300   | 2015-03-10 |   |          |

    | members: member_no | name | officer |
    | M001               | 甲   | 是      |
    | M002               | 乙   | 是      |
    | M003               | 丙   | 否      |
    | M004               | 丁   |         |
    | M005               | 戊   | 否      |
    """
    category = relief.says("category", "festival", "birthday")
    judged = category & relief.says("beneficiary_type", "member") & ~relief.says("member_no", "") & ours(relief) & standing(relief)
    officer = _officers(relief, members)
    if not officer[judged].fillna(False).any():
        return relief.none()
    rows = relief.frame.assign(officer=officer)[judged]
    day = ("batch " + rows["batch_no"]).where(rows["batch_no"] != "", rows["paid_on"].dt.strftime("%Y-%m-%d"))
    rows = rows.assign(round=day.where(rows["category"] == "festival", rows["paid_on"].dt.strftime("%Y")))
    one = ["branch", "category", "round"]
    given = rows.groupby([*one, "member_no"], as_index=False).agg(amount=("amount", "sum"), officer=("officer", "first"))
    middles = given.dropna(subset=["officer"]).pivot_table(index=one, columns="officer", values="amount", aggfunc=["median", "count"])
    middles = middles.reindex(columns=pd.MultiIndex.from_product([["median", "count"], [True, False]]))
    above = middles[(middles["median", True] > middles["median", False]) & (middles["count", False] >= FEWEST_OTHERS)]
    return _at_first_officer(relief, rows, given, above["median"], one)


def _officers(relief: Table, members: Table) -> "pd.Series[bool]":
    """By row whether the member is an officer by the roster; a blank is no, NA where the member is not there or it could not be read."""
    officer, member = members["officer"].fillna(False).mask(members.unreadable("officer")), ("branch", "member_no")
    at = places(relief, members, member)
    return there(officer, np.where(holds(~alike(members, *member).duplicated(keep=False), at), at, -1))


def _at_first_officer(relief: Table, rows: pd.DataFrame, given: pd.DataFrame, middles: pd.DataFrame, one: list[str]) -> Flags:
    """The first officer of each round above the others' middle, with both middles and what officers had above the others together."""
    beside = given.join(middles.rename(columns={True: "officers", False: "others"}), on=one)
    beside["excess"] = (beside["amount"] - beside["others"]).clip(lower=0).where(beside["officer"].fillna(False).astype(bool))
    beside["whole"] = beside.groupby(one)["excess"].transform("sum")
    higher = beside[(beside["excess"] > 0).fillna(False)].set_index([*one, "member_no"])[["officers", "others", "whole"]]
    facts = rows[[*one, "member_no"]].join(higher, on=[*one, "member_no"], how="inner").drop_duplicates(one)
    facts = facts[["officers", "others", "whole"]].round().astype("Int64").reindex(relief.frame.index)
    return Flags(facts["others"].notna(), money_text(facts["officers"]), money_text(facts["others"]), facts["whole"])


@rules.rule(
    "A030",
    severity=Severity.INFO,
    title="One amount for a whole batch of different cases",
    message="{count} % of this batch had the same amount ({observed}) though their hardship differs. See by which standard it was set.",
    basis="P",
    flags="amount",
    needs={"relief": ("category", "hardship", "reason", "amount")},
)
def alike_amounts(relief: Table, policy: Policy, *, share_percent: int = 95, fewest: int = 10, round_yuan: int = 100) -> object:
    """Hardship aid goes by need. A batch in which nearly everyone had one round amount, though their cases differ, was shared out. A statistic, no proof.

    Guards: a batch of the hardship group with `fewest` payments, of which `share_percent` per cent had one amount, a multiple of
    `round_yuan`; and each of two hardship classes or of two reasons has a tenth of the batch, or own costs differ. Fixed standards for
    festivals and warmth are not judged. Said once a batch.

    What to do: see by which standard the amounts were set, and whether each case was looked at.
    False alarm: a fixed standard that the unit decided on.

    fewest = 4
    share_percent = 75

    | relief: voucher_no | batch_no | category | beneficiary_type | beneficiary | hardship | reason | fund  | amount | ! |
    | V1                 | P1       | living   | member           | 甲          | deep     | 患病   | union | #1000  | x |
    | V2                 | P1       | living   | member           | 乙          | relative | 患病   | union | #1000  |   |
    | V3                 | P1       | living   | member           | 丙          | relative | 患病   | union | #1000  |   |
    | V4                 | P1       | living   | member           | 丁          | accident | 患病   | union | #1500  |   |
    | V5                 | P2       | living   | member           | 甲          | relative | 患病   | union | #1000  |   |
    | V6                 | P2       | living   | member           | 乙          | relative | 患病   | union | #1000  |   |
    | V7                 | P2       | living   | member           | 丙          | relative | 患病   | union | #1000  |   |
    | V8                 | P2       | living   | member           | 丁          | relative | 患病   | union | #1000  |   |
    | V9                 | P3       | festival | member           | 甲          | deep     | 患病   | union | #300   |   |
    | V10                | P3       | festival | member           | 乙          | relative | 患病   | union | #300   |   |
    | V11                | P3       | festival | member           | 丙          | relative | 患病   | union | #300   |   |
    | V12                | P3       | festival | member           | 丁          | relative | 患病   | union | #300   |   |
    | V13                | P4       | living   | member           | 甲          | relative | 患病   | union | #1000  | x |
    | V14                | P4       | living   | member           | 乙          | relative | 患病   | union | #1000  |   |
    | V15                | P4       | living   | member           | 丙          | relative | 火灾   | union | #1000  |   |
    | V16                | P4       | living   | member           | 丁          | relative | 火灾   | union | #1000  |   |
    """
    judged = (
        relief.says("category", *policy.groups["hardship"])
        & ours(relief)
        & standing(relief)
        & known(relief, "hardship")
        & (people(relief) != "")
    )
    rows = relief.frame.assign(batch=batches(relief))[judged].dropna(subset=["batch"])
    one = ["branch", "batch", "category"]
    rows = rows[rows.groupby(one)["amount"].transform("size") >= fewest]
    if rows.empty:
        return relief.none()
    size = rows.groupby(one)["amount"].transform("size")
    alike = rows.groupby([*one, "amount"])["_row"].transform("size")
    differ = rows.groupby(one)["self_paid"].transform("nunique") > 1
    for case in ("hardship", "reason"):
        same_case = rows.groupby([*one, case])["_row"].transform("size").where(rows[case] != "")
        differ |= rows.assign(common=rows[case].where(same_case * 10 >= size)).groupby(one)["common"].transform("nunique") > 1
    uniform = (alike * 100 >= size * share_percent) & (rows["amount"] % (round_yuan * 100) == 0) & differ
    first = rows[uniform].drop_duplicates(one)
    mask = relief.none() | relief.frame.index.isin(first.index)
    share = (alike * 100 // size).reindex(relief.frame.index).astype("Int64")
    return Flags(mask, observed=money_text(relief["amount"]), count=share)
