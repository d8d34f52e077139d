"""D rules on how dues were worked out: another rate, the tail of the wage, one amount for all, a group far from the others."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import dues_of_months, robust_z
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, filled, holds, places, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, money_text
from ledgerkit.rules.dues.months import MEMBER, of_month

rules = RuleSet()

# So many months at one and the same other rate are no slip of the pen.
FEWEST_MONTHS = 3


@rules.rule(
    "D002",
    severity=Severity.MEDIUM,
    title="Dues at another rate",
    message="{observed} stands here; the rate on the wage base gives {expected}: {amount} apart. Work the dues out again at the right rate.",
    basis="S1",
    needs={"dues": ("period", "paid")},
)
def wrong_rate(dues: Table, months: Table, policy: Policy, year: int, *, ten_thousandths: int = 1) -> object:
    """Dues are 0.5 % of the wage base (policy: dues.rate). What is entered as due is compared with it, within `ten_thousandths` of the base.

    Where nothing is entered as due, what was paid is judged: paid at one and the same other rate (a multiple of 0.1 %) in every month that was
    owed, three at least. A single month is D001's. Dues less what was waived are right too.

    What to do: look up the rate that the list was made with, and work the year's dues out again.
    False alarm: federations outside China, and units with a rate of their own; set dues.rate in the policy.

    year = 2015

    | dues: member_no | period  | due    | paid   | ! | expected |
    | M001            | 2015-01 | #15.40 | #15.40 |   |          |
    | M001            | 2015-02 | #12.32 | #12.32 | x | 15.40    |
    | M001            | 2015-03 | #30.80 | #15.40 | x | 15.40    |
    | M001            | 2015-04 | #15.44 | #15.44 |   |          |
    | M001            | 2015-05 | #7.70  | #7.70  |   |          |
    | M001            | 2015-06 | #0     | #0     |   |          |
    | M002            | 2015-01 |        | #30.80 | x | 15.40    |
    | M002            | 2015-02 |        | #30.80 | x | 15.40    |
    | M002            | 2015-03 |        | #30.80 | x | 15.40    |
    | M003            | 2015-02 |        | #30.80 |   |          |
    | M003            | 2015-04 |        | #30.80 |   |          |
    | M003            | 2015-06 |        | #30.80 |   |          |

    | months: member_no | month | wage_base | owed | due   | waived | payments | unread |
    | M001              | 1     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M001              | 2     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M001              | 3     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M001              | 4     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M001              | 5     | 3087.60   | yes  | 15.40 | 7.70   | 1        | no     |
    | M001              | 6     | 3087.60   | yes  | 15.40 | 0      | 0        | no     |
    | M002              | 1     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M002              | 2     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M002              | 3     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M003              | 1     | 3087.60   | yes  | 15.40 | 0      | 0        | no     |
    | M003              | 2     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M003              | 3     | 3087.60   | yes  | 15.40 | 0      | 0        | no     |
    | M003              | 4     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    | M003              | 5     | 3087.60   | yes  | 15.40 | 0      | 0        | no     |
    | M003              | 6     | 3087.60   | yes  | 15.40 | 0      | 1        | no     |
    """
    of = of_month(dues, months, year)
    alone = (of["payments"] <= 1) & ~of["unread"]
    near = of["wage_base"] * ten_thousandths
    apart, net = ((dues["due"] - of["due"] + waived).abs() for waived in (0, of["waived"]))
    entered = alone & (dues["due"] > 0) & (apart * 10_000 > near) & (net * 10_000 > near)
    blank = dues["due"].isna() & ~dues.unreadable("due")
    paid = alone & blank
    if paid.any():
        paid &= _always_at_another_rate(dues, of, months, policy)
    expected = money_text(of["due"])
    return (
        Flags(entered, expected=expected, amount=apart, column="due"),
        Flags(paid, expected=expected, amount=(dues["paid"] - of["due"]).abs(), column="paid"),
    )


def _always_at_another_rate(dues: Table, of: pd.DataFrame, months: Table, policy: Policy) -> "pd.Series[bool]":
    """Mask of the rows of members who paid one and the same rate, in tenths of a per cent, that is not the policy's, in every month owed."""
    base = of["wage_base"] // policy.tail_step * policy.tail_step
    tenths = (dues["paid"] * 1000 / base.where(base > 0)).round().astype("Int64")
    step = 1000 * policy.rounding
    clean = (dues["paid"] == (2 * base * tenths + step) // (2 * step) * policy.rounding) & (dues["paid"] > 0)
    another = tenths * policy.dues_rate.denominator != policy.dues_rate.numerator * 1000
    if not (clean & another).any():
        return dues.none()
    rates = tenths.where(clean.fillna(False)).groupby(alike(dues, *MEMBER).where(dues["member_no"].notna()))
    owed = months["owed"].fillna(False).astype("int64").groupby(alike(months, *MEMBER)).transform("sum")
    needed = there(owed.astype("Int64"), places(dues, months, tuple(MEMBER))).fillna(0)
    one_rate = (rates.transform("min") == rates.transform("max")) & (rates.transform("count") >= needed.clip(lower=FEWEST_MONTHS))
    return (clean & one_rate & another).fillna(False).astype(bool)


@rules.rule(
    "D003",
    severity=Severity.LOW,
    title="Tail of the wage not dropped",
    message="{observed} was worked out on the whole wage; without the part below ten yuan it is {expected}. Drop the tail before taking the rate.",
    basis="S1",
    needs={"dues": ("period", "paid")},
)
def tail_kept(dues: Table, months: Table, policy: Policy, year: int) -> object:
    """The part of the wage below ten yuan is dropped before the rate is taken (policy: dues.tail_step); here it was not.

    A wage base with a tail is no fault: the tail is dropped in working the dues out.

    What to do: correct the formula of the list; the fen collected too much are settled with the next month.
    False alarm: a local rule that keeps the tail, or drops more; set dues.tail_step in the policy.

    year = 2015

    | dues: member_no | period  | due    | paid   | ! | expected |
    | M001            | 2015-01 | #15.40 | #15.40 |   |          |
    | M001            | 2015-02 | #15.44 | #15.44 | x | 15.40    |
    | M001            | 2015-03 |        | #15.44 | x | 15.40    |
    | M001            | 2015-04 |        | #15.50 |   |          |
    | M001            | 2015-05 |        | #15.00 |   |          |
    | M001            | 2015-06 | #15.40 | #15.44 | x | 15.40    |

    | months: member_no | month | wage_base | due   | waived | payments | unread |
    | M001              | 1     | 3087.60   | 15.40 | 0      | 1        | no     |
    | M001              | 2     | 3087.60   | 15.40 | 0      | 1        | no     |
    | M001              | 3     | 3087.60   | 15.40 | 0      | 1        | no     |
    | M001              | 4     | 3087.60   | 15.40 | 0      | 1        | no     |
    | M001              | 5     | 3000.00   | 15.00 | 0      | 1        | no     |
    | M001              | 6     | 3087.60   | 15.40 | 0      | 1        | no     |
    """
    of = of_month(dues, months, year)
    whole = dues_of_months(of["wage_base"], policy.dues_rate, 1, policy.rounding)
    alone = (of["payments"] <= 1) & ~of["unread"] & (whole != of["due"])
    entered = (alone & (dues["due"] == whole)).fillna(False)
    paid = (alone & (dues["paid"] == whole - of["waived"]) & (dues["paid"] > 0)).fillna(False) & ~entered
    expected, amount = money_text(of["due"]), (whole - of["due"]).abs()
    return Flags(entered, expected=expected, amount=amount, column="due"), Flags(paid, expected=expected, amount=amount, column="paid")


@rules.rule(
    "D005",
    severity=Severity.INFO,
    title="One amount for everybody",
    message="{count} members pay {observed} each. If dues are a fixed sum here, say so in the policy; else work them out from each wage.",
    basis="P",
    flags="paid",
    needs={"dues": ("member_no", "paid")},
)
def flat_dues(dues: Table, *, share_percent: int = 90, fewest: int = 10) -> object:
    """Wages differ, and so do dues. Where at least `share_percent` of a branch's payers (`fewest` at least) pay one amount, nobody worked it out.

    One finding a branch, at the first such payment.

    What to do: work the dues out from each member's wage.
    False alarm: federations with fixed dues; put D005 under `ignore` in the policy there.

    fewest = 3

    | dues: member_no | period  | paid   | ! |
    | M001            | 2015-01 | #10    | x |
    | M001            | 2015-02 | #10    |   |
    | M002            | 2015-01 | #10    |   |
    | M003            | 2015-01 | #10    |   |
    | M003            | 2015-02 | #0     |   |
    """
    rows = dues.frame.loc[(dues["paid"] > 0).fillna(False), ["branch", "paid"]].assign(member=alike(dues, *MEMBER))
    people = rows.drop_duplicates(["member", "paid"]).groupby(["branch", "paid"]).size().rename("alike").reset_index()
    most = people.sort_values(["alike", "paid"], ascending=[False, True], kind="stable").drop_duplicates("branch").set_index("branch")
    payers = rows.drop_duplicates("member").groupby("branch").size().reindex(most.index)
    flat = most[(most["alike"] * 100 >= payers * share_percent) & (payers >= fewest)]
    if flat.empty:
        return Flags(dues.none())
    at = dues.frame[["branch", "paid"]].join(flat.rename(columns={"paid": "common"}), on="branch")
    common = (at["paid"] == at["common"]).fillna(False).astype(bool)
    first = common & ~at[common].duplicated("branch").reindex(at.index, fill_value=True)
    return Flags(first, observed=money_text(at["paid"]), count=at["alike"], amount=Everywhere(pd.NA))


@rules.rule(
    "D014",
    severity=Severity.INFO,
    title="A group's dues far from the others'",
    message="Group {observed} pays dues of {expected} per 1,000 yuan of wages, far from the other groups. Look at the group's list.",
    basis="P",
    flags="group",
    needs={"members": ("member_no",)},
)
def group_far_off(
    members: Table, months: Table, *, z_tenths: int = 35, fewest_groups: int = 5, fewest_members: int = 3, tenths_apart: int = 1
) -> object:
    """What a group pays for its wages is compared with the branch's other groups: robust z over `z_tenths` tenths. A statistic, no proof.

    Guards: `fewest_groups` groups of `fewest_members` members or more whose wages and payments are known, not most of them alike to the fen, and a
    distance of at least `tenths_apart` tenths of the usual. One finding a group, at its first member.

    What to do: compare the group's list with the payroll.
    False alarm: groups of part-timers; a list that was handed in for some months only; dues waived for a group.

    fewest_members = 1

    | members: member_no | group  | ! |
    | M001               | 一组   |   |
    | M002               | 二组   |   |
    | M003               | 三组   |   |
    | M004               | 四组   |   |
    | M005               | 五组   | x |
    | M006               | 五组   |   |

    | months: member_no | month | wage_base | owed | paid  | waived | unread |
    | M001              | 1     | 3000.00   | yes  | 15.00 | 0      | no     |
    | M002              | 1     | 3009.00   | yes  | 15.00 | 0      | no     |
    | M003              | 1     | 4005.00   | yes  | 20.00 | 0      | no     |
    | M004              | 1     | 5001.00   | yes  | 25.00 | 0      | no     |
    | M005              | 1     | 3000.00   | yes  | 15.00 | 0      | no     |
    | M006              | 1     | 3000.00   | yes  | 0     | 0      | no     |
    """
    at = places(months, members, tuple(MEMBER))
    known = months["owed"].fillna(False).astype(bool) & ~months["unread"].fillna(True).astype(bool) & months["wage_base"].notna()
    grouped = known & holds(filled(members, "group"), at)
    if not grouped.any():
        return members.none()
    rows = months.frame.loc[grouped, ["branch", "wage_base", "member_no"]].assign(given=months["paid"], group=there(members["group"], at))
    sums = rows.groupby(["branch", "group"]).agg(given=("given", "sum"), base=("wage_base", "sum"), people=("member_no", "nunique"))
    sums = sums[(sums["people"] >= fewest_members) & (sums["base"] > 0)].reset_index()
    share = sums["given"].astype("float64") / sums["base"].astype("float64")
    usual = share.groupby(sums["branch"]).transform("median")
    far = (robust_z(share, sums["branch"], fewest_groups).abs() * 10 > z_tenths) & ((share - usual).abs() * 10 > usual * tenths_apart)
    told = sums[["branch", "group"]].assign(far=far, share=(share * 1000).map("{:.2f}".format))
    at = members.frame[["branch", "group"]].merge(told, how="left", on=["branch", "group"]).set_axis(members.frame.index)
    first = at["far"].fillna(False).astype(bool) & ~members.frame.duplicated(["branch", "group"])
    return Flags(first, observed=members["group"], expected=at["share"])
