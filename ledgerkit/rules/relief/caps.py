"""A rules on limits: of one payment, of a person's year, of what an illness cost, and payments kept just under one."""

import numpy as np
import pandas as pd

from ledgerkit.model.beneficiary import people
from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, filled
from ledgerkit.rules.base import Flags, RuleSet, money_text, same, with_columns
from ledgerkit.rules.relief.payments import (
    BODIES,
    batches,
    by_person,
    festivals,
    heads,
    known,
    ours,
    payments,
    speaks_of,
    standing,
)

rules = RuleSet()

# How pupils of a senior school are told from students.
SENIOR_SCHOOL = ("高中", "中职", "中专", "技校", "职高", "high school", "senior school", "vocational school")


@rules.rule(
    "A002",
    severity=Severity.MEDIUM,
    title="Above the limit for one payment",
    message="{observed} was paid at once; the limit is {expected}. Explain the {amount} above it, or set your own limit.",
    basis="S31",
    flags="amount",
    needs={"relief": ("category", "beneficiary_type", "amount")},
)
def over_once_cap(relief: Table, policy: Policy) -> object:
    """What is paid at once to one person has a limit by category (policy: caps.once). The shipped limit, for warmth, is that of other provinces.

    A row for several people may pay as many times the limit. Money at the death of a member's kin may have a limit of its own
    (`funeral_kin`). Where the unit or its province's pack sets the limit, the finding is high. Birthday gifts are A018, festival goods A017.

    What to do: check the payment against its approval; recover what is above the limit, or set the unit's own limits in the policy.
    False alarm: exceptions that were approved.

    caps.once.hospital = 1000.00
    caps.once.funeral = 2000.00
    caps.once.funeral_kin = 1000.00

    | relief: voucher_no | category | beneficiary_type | relation | headcount | fund    | amount   | ! | expected |
    | V1                 | warmth   | member           |          |           | union   | #3000    |   |          |
    | V2                 | warmth   | member           |          |           | upper   | #3000.01 | x | 3000.00  |
    | V3                 | warmth   | family           |          | #2        | union   | #6000    |   |          |
    | V4                 | warmth   | family           |          | #2        | union   | #6001    | x | 6000.00  |
    | V5                 | warmth   | unit             |          |           | union   | #9000    |   |          |
    | V6                 | warmth   | family           |          |           | outside | #9000    |   |          |
    | V7                 | hospital | member           |          |           | union   | #1001    | x | 1000.00  |
    | V8                 | funeral  | member           | self     |           | union   | #2000    |   |          |
    | V9                 | funeral  | member           | parent   |           | union   | #2000    | x | 1000.00  |
    | V10                | funeral  | member           |          |           | union   | #2000    |   |          |
    | V11                | living   | member           |          |           | union   | #9000    |   |          |
    """
    kin = relief.says("category", "funeral") & ~relief.says("relation", "self", "") & relief["relation"].notna()
    categories = relief["category"].mask(kin & ("funeral_kin" in policy.caps["once"]), "funeral_kin")
    caps = _limits(categories.where(categories != "birthday"), policy, "once")
    cap = caps["cap"] * heads(relief)
    judged = ours(relief) & known(relief, "relation", "headcount") & ~(relief.says("beneficiary_type", *BODIES) & (heads(relief) == 1))
    over = judged & standing(relief) & (relief["amount"] > cap)
    return Flags(over, expected=money_text(cap), amount=relief["amount"] - cap, severity=caps["severity"], basis=caps["basis"])


def _limits(categories: "pd.Series[str]", policy: Policy, span: str) -> pd.DataFrame:
    """By row the limit of its category (NA: none), and what a finding weighs and rests on: high where the unit or its province set it."""
    codes, listed = pd.factorize(categories.array)
    # NA has the code −1, and nothing beside the last.
    limits = [*map(policy.caps[span].get, listed), None]
    basis = [
        "" if cap is None else policy.sources.get(f"caps.{span}.{category}", "")
        for category, cap in zip([*listed, ""], limits, strict=True)
    ]
    severity = [Severity.HIGH if known else Severity.MEDIUM for known in basis]
    told = {"cap": pd.array(limits, dtype="Int64"), "basis": np.array(basis, dtype=object), "severity": np.array(severity, dtype=object)}
    return pd.DataFrame({name: values[codes] for name, values in told.items()}, index=categories.index)


@rules.rule(
    "A003",
    severity=Severity.MEDIUM,
    title="Above the year's limit for one person",
    message="With this payment the person has {observed} of this category in the year; the limit is {expected}. Explain {amount}, or set your own limit.",
    basis="S31",
    flags="amount",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
)
def over_year_cap(relief: Table, policy: Policy) -> object:
    """What one person receives of a category in a year has a limit (policy: caps.year). The shipped limits are those of other provinces.

    The finding stands once a person, at the payment that crosses the limit; observed is the whole year's sum, reversals deducted.
    What departments paid themselves (fund outside) is not counted. Where the unit or its province's pack sets the limit, the finding is
    high. Festival goods are A017.

    What to do: check the payments of the person against the approvals; set the unit's own limits in the policy.
    False alarm: exceptions that were approved; a sum out of several funds, each within its own limit.

    | relief: voucher_no | category  | beneficiary_type | member_no | beneficiary | amount | fund    | paid_on    | ! | expected |
    | V1                 | warmth    | member           | M001      | 甲          | #4000  | union   | 2015-02-10 |   |          |
    | V2                 | warmth    | member           | M001      | 甲          | #2000  | upper   | 2015-05-10 |   |          |
    | V3                 | warmth    | member           | M001      | 甲          | #0.01  | union   | 2015-08-10 | x | 6000.00  |
    | V4                 | warmth    | member           | M001      | 甲          | #1000  | union   | 2015-09-10 |   |          |
    | V5                 | emergency | member           | M002      | 乙          | #3500  | union   | 2015-03-10 |   |          |
    | V6                 | emergency | member           | M002      | 乙          | #-3500 | union   | 2015-03-20 |   |          |
    | V7                 | emergency | member           | M002      | 乙          | #3000  | union   | 2015-03-25 |   |          |
    | V8                 | emergency | family           |           | 丙          | #9000  | outside | 2015-03-25 |   |          |
    | V9                 | emergency | family           |           | 丁          | #3001  | union   | 2015-03-25 | x | 3000.00  |
    """
    caps = _limits(relief["category"].where(~relief.says("category", "festival")), policy, "year")
    return _crossing(relief, caps["cap"], caps["severity"], caps["basis"])


def _crossing(
    relief: Table, cap: "pd.Series[int]", severity: "pd.Series[str] | None" = None, basis: "pd.Series[str] | None" = None
) -> Flags:
    """Each person's payment of a year with which a category's sum passes its limit for good; a row that names nobody, by its headcount."""
    named = filled(by_person(relief), "person")
    counted = named & cap.notna() & relief["paid_on"].notna() & relief["amount"].notna() & ours(relief)
    number = alike(with_columns(by_person(relief), year=relief["paid_on"].dt.year), "branch", "person", "category", "year")
    rows = relief.frame[["amount", "paid_on", "voucher_no", "_src", "_row"]].assign(number=number, cap=cap)[counted.fillna(False)]
    sums = rows.groupby("number")["amount"].transform("sum")
    rows = rows[sums > rows["cap"].groupby(rows["number"]).transform("min")]
    rows = rows.sort_values(["paid_on", "voucher_no", "_src", "_row"], kind="stable")
    one, so_far = "number", rows.groupby("number")["amount"].cumsum()
    crosses = rows[(sums[rows.index] > rows["cap"]) & (so_far > rows["cap"]) & (so_far - rows["amount"] <= rows["cap"])]
    last = crosses[~crosses.duplicated(one, keep="last")]
    several = ~named & (heads(relief) > 1) & ours(relief) & known(relief, "headcount") & standing(relief)
    limit = cap.mask(several, cap * heads(relief))
    total = sums.reindex(relief.frame.index).mask(several, relief["amount"])
    over = relief.frame.index.isin(last.index) | (several & (total > limit)).fillna(False).astype(bool)
    return Flags(over, observed=money_text(total), expected=money_text(limit), amount=total - limit, severity=severity, basis=basis)


@rules.rule(
    "A014",
    severity=Severity.HIGH,
    title="Medical aid above what the patient paid",
    message="{observed} was paid, the patient's own share of the costs allows {expected}. Compare with the hospital's bill; recover {amount}, or correct the figure.",
    basis="S35",
    flags="amount",
    needs={"relief": ("category", "self_paid", "amount")},
)
def over_own_share(relief: Table, *, share_percent: int = 100) -> object:
    """Medical aid covers at most `share_percent` of what insurance left to the patient.

    A blank own share is G013. A limit in yuan is set under caps.once.medical (A002): whether a superior union approved more is not in
    the ledger.

    What to do: compare with the hospital's bill and the insurer's statement; recover what is above, or correct the figure.
    False alarm: costs that came after the bill; a later bill belongs in the figure.

    | relief: voucher_no | category | self_paid | fund    | amount   | ! | expected |
    | V1                 | medical  | #3000     | union   | #3000    |   |          |
    | V2                 | medical  | #3000     | union   | #3000.01 | x | 3000.00  |
    | V3                 | medical  |           | union   | #3000    |   |          |
    | V4                 | hospital | #200      | union   | #500     |   |          |
    | V5                 | medical  | #200      | outside | #500     |   |          |
    | V6                 | medical  | #0        | central | #500     | x | 0.00     |
    """
    most = relief["self_paid"] * share_percent // 100
    over = relief.says("category", "medical") & ours(relief) & standing(relief) & (relief["amount"] > most)
    return Flags(over, expected=money_text(most), amount=relief["amount"] - most)


@rules.rule(
    "A015",
    severity=Severity.HIGH,
    title="Hardship aid above so many months of the minimum allowance",
    message="With this payment the person has {observed} in the year; so many months of the minimum living allowance are {expected}. Explain {amount}.",
    basis="S35",
    flags="amount",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
    limits=("aid.minimum_living",),
)
def over_allowance(
    relief: Table, policy: Policy, *, deep_months: int = 12, other_months: int = 10, degree_months: int = 10, school_months: int = 6
) -> object:
    """A year's living and education aid to one person is measured in months of the local minimum living allowance (低保).

    Living aid: `deep_months` in deep hardship (or where the class is blank), else `other_months`. Education aid: `school_months` for
    senior school, by the words of the row, else `degree_months`. The allowance differs by place: without aid.minimum_living in the
    policy the rule is not run. The shipped months are those of Hubei; elsewhere they are 10 and 8.

    What to do: compare with the local standard; recover what is above, or enter the approval of a higher sum.
    False alarm: an allowance that was raised during the year.

    aid.minimum_living = 600.00

    | relief: voucher_no | category  | hardship | beneficiary_type | beneficiary | reason       | fund    | amount | paid_on    | ! | expected |
    | V1                 | living    | deep     | member           | 甲          | 困难         | union   | #7200  | 2015-02-10 |   |          |
    | V2                 | living    | relative | member           | 乙          | 困难         | union   | #6000  | 2015-02-10 |   |          |
    | V3                 | living    | relative | member           | 乙          | 困难         | union   | #0.01  | 2015-05-10 | x | 6000.00  |
    | V4                 | living    |          | member           | 丙          | 困难         | union   | #7200  | 2015-02-10 |   |          |
    | V5                 | education | relative | student          | 丁          | 考入本科     | union   | #6000  | 2015-08-20 |   |          |
    | V6                 | education | relative | student          | 戊          | 考入高中     | union   | #3601  | 2015-08-20 | x | 3600.00  |
    | V7                 | medical   | relative | member           | 己          | 住院自付较高 | union   | #9000  | 2015-08-20 |   |          |
    | V8                 | living    | relative | family           | 庚          | 困难         | outside | #9000  | 2015-08-20 |   |          |
    """
    deep = relief.says("hardship", "deep", "")
    senior = speaks_of(relief, SENIOR_SCHOOL, relief.says("category", "education"))
    living = deep.map({True: deep_months, False: other_months})
    education = senior.map({True: school_months, False: degree_months})
    months = living.where(relief.says("category", "living"), education).astype("Int64")
    judged = relief.says("category", "living", "education") & known(relief, "hardship")
    cap = (months * (policy.minimum_living or 0)).where(judged)
    # Classes or words of one person that differ from row to row: the highest of the limits holds.
    person = people(relief)
    cap = cap.groupby([relief["branch"], person, relief["category"]]).transform("max").where(person != "", cap)
    return _crossing(relief, cap)


@rules.rule(
    "A017",
    severity=Severity.HIGH,
    title="Festival goods above the year's limit",
    message="With this row the person has festival goods worth {observed} in the year; the limit is {expected}. Recover {amount}, or enter who approved it.",
    basis="S22",
    flags="amount",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
    limits=("caps.year.festival",),
)
def over_festival_cap(relief: Table, policy: Policy) -> object:
    """What one person receives for festivals in a year has a limit that the provinces set.

    There is no limit for the whole country: the rule runs where a pack or the unit's policy sets caps.year.festival. A row for many people
    (headcount) is measured by the head. Goods far from any festival are A032.

    What to do: compare with the province's standard; recover what is above it.
    False alarm: goods for festivals of a minority, where the autonomous region allows them beside the seven.

    caps.year.festival = 1500.00

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | headcount | fund    | amount | paid_on    | ! | expected |
    | V1                 | festival | member           | M001      | 甲          |           | union   | #1000  | 2015-02-10 |   |          |
    | V2                 | festival | member           | M001      | 甲          |           | union   | #500   | 2015-09-22 |   |          |
    | V3                 | festival | member           | M002      | 乙          |           | union   | #1000  | 2015-02-10 |   |          |
    | V4                 | festival | member           | M002      | 乙          |           | union   | #501   | 2015-09-22 | x | 1500.00  |
    | V5                 | festival | member           |           | 全体会员    | #40       | union   | #60000 | 2015-09-22 |   |          |
    | V6                 | festival | member           |           | 全体会员    | #40       | union   | #60040 | 2015-09-22 | x | 60000.00 |
    | V7                 | warmth   | member           | M001      | 甲          |           | union   | #2000  | 2015-02-10 |   |          |
    """
    caps = _limits(relief["category"].where(relief.says("category", "festival")), policy, "year")
    return _crossing(relief, caps["cap"], basis=caps["basis"])


@rules.rule(
    "A023",
    severity=Severity.HIGH,
    title="Payments kept just under a limit",
    message="With this payment {observed} was paid in a few days, each part just under {expected}. Put the papers together and decide on the whole sum.",
    basis="S53",
    flags="amount",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
)
def split(relief: Table, policy: Policy, *, window_days: int = 30, near_percent: int = 90) -> object:
    """A sum above a person's limit for one payment (caps.once) that was cut into parts, each at least `near_percent` of it.

    Two payments or more of one category without event dates, each at most `window_days` after the one before. The finding stands at the
    later ones; observed is the sum so far. Payments of the same day of different months are monthly aid.

    What to do: put the papers together; have the whole sum approved, or recover what is above the limit.
    False alarm: monthly aid paid on changing days; two aids with reasons of their own, whose event dates were not entered.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | event_date | fund  | amount | paid_on    | ! | expected |
    | V1                 | warmth   | member           | M001      | 甲          |            | union | #2900  | 2015-02-10 |   |          |
    | V2                 | warmth   | member           | M001      | 甲          |            | union | #2800  | 2015-02-12 | x | 3000.00  |
    | V3                 | warmth   | member           | M002      | 乙          |            | union | #2900  | 2015-02-10 |   |          |
    | V4                 | warmth   | member           | M002      | 乙          |            | union | #2900  | 2015-03-10 |   |          |
    | V5                 | warmth   | member           | M003      | 丙          |            | union | #2900  | 2015-02-10 |   |          |
    | V6                 | warmth   | member           | M003      | 丙          |            | union | #1000  | 2015-02-12 |   |          |
    | V7                 | warmth   | member           | M004      | 丁          |            | union | #2900  | 2015-02-10 |   |          |
    | V8                 | warmth   | member           | M004      | 丁          |            | union | #2900  | 2015-04-12 |   |          |
    | V9                 | warmth   | member           | M005      | 戊          | 2015-02-01 | union | #2900  | 2015-02-10 |   |          |
    | V10                | warmth   | member           | M005      | 戊          | 2015-02-11 | union | #2900  | 2015-02-12 |   |          |
    """
    rows = payments(relief)
    rows = rows.assign(cap=_limits(rows["category"], policy, "once")["cap"])
    near = (rows["amount"] * 100 >= rows["cap"] * near_percent) & (rows["amount"] <= rows["cap"]) & (rows["category"] != "birthday")
    rows = rows[near.fillna(False) & rows["event_date"].isna() & ~rows["fund"].isin(["outside", "agency"])]
    if rows.empty:
        return relief.none()
    before = rows.shift()
    gap = (rows["paid_on"] - before["paid_on"]).dt.days
    monthly = (gap > 0) & (rows["paid_on"].dt.day == before["paid_on"].dt.day)
    follows = same(rows["group"], before["group"]) & (gap <= window_days) & ~monthly
    return _parts(relief, rows["amount"], follows, rows["cap"])


@rules.also("A023", flags="amount", needs={"relief": ("category", "reason", "minutes_no", "paid_on", "amount")})
def split_batch(relief: Table, policy: Policy, *, window_days: int = 30, near_percent: int = 90) -> object:
    """The same for the limit from which a meeting decides (approval.collective_limit): batches of one category and programme without minutes.

    | relief: voucher_no | batch_no | category | reason   | minutes_no | fund  | amount | paid_on    | ! | expected |
    | V1                 | P1       | warmth   | 走访     |            | union | #10000 | 2015-02-10 |   |          |
    | V2                 | P1       | warmth   | 走访     |            | union | #9000  | 2015-02-10 |   |          |
    | V3                 | P2       | warmth   | 走访     |            | union | #9500  | 2015-02-12 | x | 20000.00 |
    | V4                 | P2       | warmth   | 走访     |            | union | #9500  | 2015-02-12 |   |          |
    | V5                 | P3       | festival | 中秋慰问 |            | union | #19000 | 2015-09-22 |   |          |
    | V6                 | P4       | festival | 国庆慰问 |            | union | #19000 | 2015-09-29 |   |          |
    | V7                 | P5       | living   | 困难     |            | union | #19000 | 2015-06-02 |   |          |
    | V8                 | P6       | living   | 困难     | 纪要3号    | union | #19000 | 2015-06-05 |   |          |
    | V9                 | P7       | medical  | 大病     |            | union | #12000 | 2015-06-02 |   |          |
    | V10                | P8       | medical  | 大病     |            | union | #19000 | 2015-06-05 |   |          |
    """
    limit = policy.collective_limit
    batch = batches(relief)[batches(relief).notna() & relief["paid_on"].notna() & ours(relief)]
    total = relief["amount"][batch.index].groupby(batch).transform("sum")
    batch = batch[(total * 100 >= limit * near_percent) & (total < limit)]
    if batch.empty:
        return relief.none()
    written = (~relief.says("minutes_no", ""))[batch.index].groupby(batch).transform("any")
    first = batch.index[~written & ~batch.duplicated()]
    rows = relief.frame.loc[first].assign(total=total[first], festivals=festivals(relief)[first])
    one = ["branch", "category", "programme", "festivals"]
    rows = rows.dropna(subset=one).sort_values([*one, "paid_on", "_src", "_row"], kind="stable")
    gap = (rows["paid_on"] - rows["paid_on"].shift()).dt.days
    follows = rows.duplicated(one) & (gap <= window_days) & ~((gap > 0) & (rows["paid_on"].dt.day == rows["paid_on"].dt.day.shift()))
    return _parts(relief, rows["total"], follows, pd.Series(limit, index=rows.index, dtype="Int64"))


def _parts(relief: Table, sizes: "pd.Series[int]", follows: "pd.Series[bool]", limit: "pd.Series[int]") -> Flags:
    """The parts that follow another: what was paid up to each of them, beside the limit that the whole passes."""
    total = sizes.groupby((~follows).cumsum()).cumsum()
    facts = pd.DataFrame({"total": total, "limit": limit, "split": follows & (total > limit)}).reindex(relief.frame.index)
    split = facts["split"].fillna(False).astype(bool)
    return Flags(split, observed=money_text(facts["total"]), expected=money_text(facts["limit"]), amount=facts["total"])
