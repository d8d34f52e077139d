"""X rules: one ledger against another, and all against the booked figures."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import months_of
from ledgerkit.model.period import month
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, among, filled, once, stands_in
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, money_text, month_text, same
from ledgerkit.rules.relief.payments import reversals

rules = RuleSet()

MEMBER = ["branch", "member_no"]
# Funds that are not the union's own: what departments paid themselves, and money held for others.
NOT_OWN = ("outside", "agency")


@rules.rule(
    "X001",
    severity=Severity.HIGH,
    title="Benefit without dues, or with a wage outside the base",
    message="Member {observed} received {amount}. Months of dues owed by then, with none of the year paid: {count}; where this is 0, the roster says that the wage is outside the remittance base. Collect the dues or correct the roster; otherwise recover the benefit.",
    basis="S15",
    flags="member_no",
    needs={
        "dues": ("member_no", "period", "paid"),
        "members": ("status",),
        "relief": ("beneficiary_type", "member_no", "paid_on", "amount"),
    },
)
def benefit_without_dues(
    relief: Table, months: Table, dues: Table, members: Table, policy: Policy, year: int, *, grace_months: int = 1
) -> object:
    """Benefits are for members who pay dues and whose wage is in the base of the 2 %. Who owed dues before the month of the payment and paid none all year has no claim to them.

    A month waived in full counts as paid, and a payment at any time of the year, for any of its months, is enough; dues of the year
    before are not. Months count as owed from `grace_months` after them: dues are often deducted at the month's end. Relief that was
    reversed, of fund outside or agency, or to a family is not looked at. That the wage is not in the base needs no dues ledger;
    whoever owes no dues by status (retired, retained) has no wage in it.

    What to do: collect the dues or enter the waiver, or correct “wage in base” on the roster; otherwise recover the benefit and enter the reversal.
    False alarm: dues paid to the former branch in the year of a move; dues kept in a file that was not given to this run; aid that the committee granted in spite of it.

    year = 2015

    | relief: voucher_no | beneficiary_type | member_no | amount | fund    | paid_on    | ! |
    | V01                | member           | M001      | #500   | union   | 2015-01-20 |   |
    | V02                | member           | M001      | #500   | union   | 2015-02-01 | x |
    | V03                | member           | M001      | #500   | outside | 2015-12-01 |   |
    | V04                | member           | M001      | #500   | agency  | 2015-12-01 |   |
    | V05                | family           | M001      | #500   | union   | 2015-12-01 |   |
    | V06                | member           | M002      | #500   | union   | 2015-02-01 |   |
    | V07                | member           | M003      | #500   | union   | 2015-02-01 |   |
    | V08                | member           | M004      | #500   | union   | 2015-02-01 | x |
    | V09                | member           | M005      | #500   | union   | 2015-02-01 |   |
    | V10                | member           | M006      | #500   | union   | 2015-12-01 |   |
    | V11                | member           | M007      | #500   | union   | 2015-12-01 |   |
    | V12                | member           | M999      | #500   | union   | 2015-12-01 |   |

    | months: member_no | month | owed | due | paid | waived | unread |
    | M001              | 1     | yes  | 15  | 0    | 0      | no     |
    | M001              | 2     | yes  |     | 0    | 0      | no     |
    | M002              | 1     | yes  | 15  | 0    | 0      | no     |
    | M002              | 9     | yes  | 15  | 5    | 0      | no     |
    | M003              | 1     | yes  | 15  | 0    | 0      | no     |
    | M003              | 9     | yes  | 15  | 0    | 15     | no     |
    | M004              | 1     | yes  | 15  | 0    | 5      | no     |
    | M005              | 1     | yes  | 15  | 0    | 0      | no     |
    | M005              | 9     | yes  | 15  |      | 0      | yes    |
    | M006              | 1     | no   | 15  | 0    | 0      | no     |
    | M007              | 1     | yes  | 0   | 0    | 0      | no     |

    | dues: member_no | period  | paid |
    | M002            | 2015-09 | #5   |

    | members: member_no | name | status |
    | M001               | 甲   | active |
    """
    owing = _owed_by_who_paid_none(months)
    owing = owing[~among(owing, _outside_base(members, policy)) & owing["branch"].isin(dues["branch"])]
    if owing.empty:
        return relief.none()
    by_then = months_of(relief["paid_on"]) - month(year, 1) + 1 - grace_months
    judged = _benefits(relief) & (relief["paid_on"].dt.year == year)
    pairs = relief.frame[MEMBER].assign(at=relief.frame.index, by_then=by_then)[judged].merge(owing, on=MEMBER)
    count = pairs[pairs["month"] <= pairs["by_then"]].groupby("at").size().reindex(relief.frame.index)
    return Flags(_kept(relief, count.notna()), count=count)


@rules.also(
    "X001",
    flags="member_no",
    needs={"members": ("status", "wage_in_base"), "relief": ("beneficiary_type", "member_no", "paid_on", "amount")},
)
def benefit_outside_base(relief: Table, members: Table, policy: Policy) -> object:
    """The same for a member whose wage the roster says is not in the remittance base.

    | relief: voucher_no | category | beneficiary_type | member_no | amount | fund    | paid_on    | ! |
    | V01                | hospital | member           | M001      | #500   | union   | 2015-01-20 | x |
    | V02                | hospital | member           | M002      | #500   | union   | 2015-01-20 |   |
    | V03                | hospital | member           | M003      | #500   | union   | 2015-01-20 |   |
    | V04                | warmth   | member           | M004      | #500   | union   | 2015-01-20 |   |
    | V05                | hospital | member           | M001      | #500   | outside | 2015-01-20 |   |
    | V06                | hospital | family           | M001      | #500   | union   | 2015-01-20 |   |
    | V07                | marriage | member           | M001      | #300   | union   | 2015-05-20 |   |
    | V08                | marriage | member           | M001      | #-300  | union   | 2015-06-20 |   |
    | V09                | marriage | member           | M001      | #300   | union   | 2015-07-20 | x |
    | V10                | hospital | member           | M005      | #500   | union   | 2015-01-20 |   |

    | members: member_no | name | status  | wage_in_base |
    | M001               | 甲   | active  | 否           |
    | M002               | 乙   | active  | 是           |
    | M003               | 丙   | active  |              |
    | M004               | 丁   | retired | 否           |
    | M005               | 戊   | active  | 不详         |
    """
    listed = _outside_base(members, policy)
    outside = _benefits(relief) & among(relief.frame, listed) if len(listed) else relief.none()
    return Flags(_kept(relief, outside), count=Everywhere(0))


@once
def _benefits(relief: Table) -> "pd.Series[bool]":
    """Mask of what was paid to a member out of the union's own money."""
    named, own = filled(relief, "member_no"), relief["fund"].notna() & ~relief.says("fund", *NOT_OWN)
    return same(relief["beneficiary_type"], "member") & named & own & (relief["amount"] > 0).fillna(False).astype(bool)


def _kept(relief: Table, mask: "pd.Series[bool]") -> "pd.Series[bool]":
    """The mask without what a negative row took back from the member."""
    if not mask.any():
        return mask
    to_members = same(relief["beneficiary_type"], "member") & relief["paid_on"].notna()
    rows = relief.frame.loc[to_members, ["branch", "member_no", "category", "amount", "paid_on"]]
    return mask & ~mask.index.isin(reversals(rows.rename(columns={"member_no": "person"}).rename_axis("at").reset_index()))


def _outside_base(members: Table, policy: Policy) -> pd.DataFrame:
    """The members whose wage is not in the remittance base; whoever owes no dues by status is not meant."""
    roster = members.frame[~alike(members, *MEMBER).duplicated()]
    owes = roster["status"].notna() & ~roster["status"].isin(policy.exempt_statuses)
    return roster.loc[owes & same(roster["wage_in_base"], False), MEMBER]


def _owed_by_who_paid_none(months: Table) -> pd.DataFrame:
    """The owed months of members who have none of the year paid, waived in full or not read."""
    waived = (months["waived"] > 0) & (months["waived"] >= months["due"]).fillna(True)
    settled = ((months["paid"] > 0).fillna(False) | waived.fillna(False) | months["unread"].fillna(False)).astype(bool)
    owing = (months["owed"].fillna(False) & (months["due"] != 0).fillna(True)).astype(bool) & ~settled
    member = alike(months, *MEMBER)
    return months.frame.loc[owing & ~member.isin(member[settled]), [*MEMBER, "month"]]


@rules.rule(
    "X002",
    severity=Severity.HIGH,
    title="Dues collected are not the dues booked",
    message="401 is booked at {observed}, the dues ledger adds up to {expected}: {amount} apart. Find the payments missing from one of the two.",
    basis="P",
    flags="booked",
)
def dues_not_as_booked(lines: Table, dues: Table) -> object:
    """Dues income (401) is the sum of what the dues ledger says was paid, or of what was paid in the books' year where dues are booked as they come in.

    What to do: compare month by month. Typical causes: a month's payroll deduction not booked, dues kept in cash, a list not entered.
    False alarm: December deducted in January, on either basis, is accepted.

    | lines: code | direction | booked | actual | alternative | compared | is_parent | ! | expected |
    | 401         | income    | 100.00 | 100.00 | 90.00       | yes      | no        |   |          |
    | 401         | income    | 90.00  | 100.00 | 90.00       | yes      | no        |   |          |
    | 401         | income    | 95.00  | 100.00 | 90.00       | yes      | no        | x | 100.00   |
    | 401         | income    | 95.00  | 100.00 |             | yes      | no        | x | 100.00   |
    | 401         | income    | 95.00  | 100.00 |             | yes      | yes       | x | 100.00   |
    | 402         | income    | 95.00  | 100.00 |             | yes      | no        |   |          |

    | dues: member_no | period  | paid |
    | M001            | 2015-01 | #100 |
    """
    return _not_as_booked(lines, lines.says("code", "401") & lines.says("direction", "income"), lines["alternative"])


@rules.rule(
    "X003",
    severity=Severity.HIGH,
    title="Relief paid is not the relief booked",
    message="The line is booked at {observed}, relief and other ledgers on it add up to {expected}: {amount} apart. Find what is missing from one of the two.",
    basis="P",
    flags="booked",
)
def relief_not_as_booked(lines: Table, relief: Table) -> object:
    """On each line that relief uses, the books and the payment lists must agree to the fen.

    What to do: compare vouchers with the list; look for payments booked on another line.
    False alarm: payments from other funds entered with this line's code.

    | lines: code | direction | used_by | booked | actual | compared | is_parent | ! | expected |
    | 50204       | expense   | relief  | 100.00 | 100.00 | yes      | no        |   |          |
    | 50205       | expense   | relief  | 100.01 | 100.00 | yes      | no        | x | 100.00   |
    | 50206       | expense   | relief  | 100.01 | 100.00 | no       | no        |   |          |
    | 50207       | expense   | relief  |        | 100.00 | yes      | no        |   |          |
    | 50208       | expense   | other   | 100.01 | 100.00 | yes      | no        |   |          |

    | relief: voucher_no | amount |
    | V1                 | #100   |
    """
    return _not_as_booked(lines, lines.says("direction", "expense") & ~lines["is_parent"] & lines.says("used_by", "relief"))


@rules.rule(
    "X004",
    severity=Severity.HIGH,
    title="Spending is not as booked",
    message="The line is booked at {observed}, the ledgers on it add up to {expected}: {amount} apart. Find what is missing from one of the two.",
    basis="P",
    flags="booked",
)
def spending_not_as_booked(lines: Table) -> object:
    """On every other line that the ledgers use (activities, other expenses), the books and the ledgers must agree to the fen.

    What to do: compare vouchers with the ledger; look for bills booked on another line, or an activity entered before its bill was paid.
    False alarm: bills received and not yet paid at the year's end.

    | lines: code | direction | used_by | booked | actual | compared | is_parent | ! | expected |
    | 50102       | expense   | other   | 100.00 | 100.00 | yes      | no        |   |          |
    | 50103       | expense   | other   | 90.00  | 100.00 | yes      | no        | x | 100.00   |
    | 50104       | expense   |         | 90.00  | 0.00   | yes      | no        |   |          |
    | 50204       | expense   | relief  | 90.00  | 100.00 | yes      | no        |   |          |
    """
    return _not_as_booked(lines, lines.says("direction", "expense") & ~lines["is_parent"] & lines.says("used_by", "other"))


@rules.rule(
    "X016",
    severity=Severity.MEDIUM,
    title="Part of a month's dues list is missing",
    message="{count} of the members who owe dues for {observed} stand in it with nothing (up to {expected} would pass). Look for the part of the list that is missing.",
    basis="P",
    flags="period",
    needs={"dues": ("period", "member_no", "paid"), "members": ("member_no", "status")},
)
def heads_differ(dues: Table, months: Table, members: Table, year: int, *, fewest: int = 2, percent: int = 1) -> object:
    """Those who owe dues for a month by the roster are those who paid for it. More than `fewest` and more than `percent` of them missing is a list cut short.

    Members who are in no month's dues (M005), payments outside the membership (D008, M004), and months waived or not readable are left out. One finding
    a month, at the month's first row, or at the branch's first row of the year where the month has none.

    What to do: compare with the payroll list of that month. Single members are D015 and D006.
    False alarm: a census on another date; a list still to come for the last month.

    year = 2015

    | dues: member_no | period  | paid | ! |
    | M001            | 2015-01 | #15  |   |
    | M002            | 2015-01 | #15  |   |
    | M003            | 2015-01 | #15  |   |
    | M004            | 2015-01 | #15  |   |
    | M001            | 2015-02 | #15  | x |
    | M001            | 2015-03 | #15  |   |
    | M002            | 2015-03 | #15  |   |

    | months: member_no | month | owed | due | paid | waived | unread |
    | M001              | 1     | yes  | 15  | 15   | 0      | no     |
    | M002              | 1     | yes  | 15  | 15   | 0      | no     |
    | M003              | 1     | yes  | 15  | 15   | 0      | no     |
    | M004              | 1     | yes  | 15  | 15   | 0      | no     |
    | M001              | 2     | yes  | 15  | 15   | 0      | no     |
    | M002              | 2     | yes  | 15  | 0    | 0      | no     |
    | M003              | 2     | yes  | 15  | 0    | 0      | no     |
    | M004              | 2     | yes  | 15  | 0    | 0      | no     |
    | M001              | 3     | yes  | 15  | 15   | 0      | no     |
    | M002              | 3     | yes  | 15  | 15   | 0      | no     |
    | M003              | 3     | yes  | 15  | 0    | 0      | no     |
    | M004              | 3     | yes  | 15  | 0    | 15     | no     |
    | M005              | 1     | yes  | 15  | 0    | 0      | no     |

    | members: member_no | name | status |
    | M001               | 甲   | active |
    """
    known = months["owed"].fillna(False).astype(bool) & stands_in(months, dues, *MEMBER)
    missing = (months["paid"] == 0) & (months["waived"] == 0) & ~months["unread"].fillna(True).astype(bool)
    number = alike(months, "branch", "month")[known]
    sums = missing[known].groupby(number).agg(["size", "sum"])
    limit = (sums["size"] * percent // 100).clip(lower=fewest)
    short = sums.assign(limit=limit)[sums["sum"] > limit]
    if short.empty:
        return Flags(dues.none())
    of = months.frame.loc[number.index, ["branch", "month"]].assign(number=number)[number.isin(short.index)].drop_duplicates("number")
    short = of.join(short, on="number").sort_values(["branch", "month"])
    rows = dues.frame[["branch"]].assign(month=dues["period"] - month(year, 1) + 1, at=dues.frame.index)
    of_month = short.merge(rows.drop_duplicates(["branch", "month"]), how="left", on=["branch", "month"])
    of_branch = of_month["branch"].map(rows.drop_duplicates("branch").set_index("branch")["at"])
    at = of_month.assign(at=of_month["at"].fillna(of_branch)).drop_duplicates("at").set_index("at").reindex(dues.frame.index)
    return Flags(
        at["sum"].notna(),
        observed=month_text(at["month"] + month(year, 1) - 1),
        expected=at["limit"].astype("Int64").astype("str"),
        count=at["sum"],
        amount=Everywhere(pd.NA),
    )


def _not_as_booked(lines: Table, on: "pd.Series[bool]", alternative: "pd.Series[int] | None" = None) -> Flags:
    """Lines whose booked figure is neither the ledgers' sum nor the alternative one; those that miss an amount are not compared."""
    booked = lines["booked"].notna()
    difference = (lines["booked"] - lines["actual"]).abs()
    # NA: nothing to compare with. A cash reading that cannot be had agrees with nothing.
    agrees = (difference == 0).fillna(True)
    if alternative is not None:
        agrees |= (lines["booked"] == alternative).fillna(False)
    missed = sorted(lines.frame.loc[on & ~lines["compared"] & (booked | lines["booked_unread"].fillna(False)), "code"])
    return Flags(
        on & booked & lines["compared"] & ~agrees,
        observed=money_text(lines["booked"]),
        expected=money_text(lines["actual"]),
        amount=difference,
        why_not=", ".join(missed),
    )
