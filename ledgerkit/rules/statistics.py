"""X rules that are statistics: leads to look at first, never proofs. Each states its guards and is silent where they do not hold."""

import math

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import MINOR
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, Shown

rules = RuleSet()

# The mean distance from Benford's law that no longer conforms, by the number of leading digits (Nigrini).
BENFORD = {1: 0.015, 2: 0.0022}
TOP = 10


@rules.rule(
    "X013",
    severity=Severity.INFO,
    title="Amounts that look made up",
    message="A share of {observed} of this branch's bills is round, alike or ends alike (usual: {expected}). Look at the bills behind such amounts first.",
    basis="S53",
)
def made_up_amounts(
    payments: Table, *, fewest: int = 100, round_percent: int = 50, same_percent: int = 10, ending_percent: int = 10
) -> object:
    """Invoices come to odd sums. Whole hundreds on more than `round_percent` per cent of the bills, one amount on `same_percent`, or one ending of the
    yuan (two digits, 00 apart) on `ending_percent`, are leads. A statistic, no proof; at the branch's first bill.

    Guards: `fewest` bills of activities and other expenses. Relief is left out, its amounts are fixed standards.

    What to do: sort the bills by amount and look at the papers of those that stand out.
    False alarm: fees that are fixed, such as a monthly rent or a coach's.

    fewest = 4
    same_percent = 90
    ending_percent = 90

    | payments: ledger | amount | part_of | ! |
    | expenses         | 300.00 |         | x |
    | expenses         | 500.00 |         |   |
    | activities       | 700.00 |         |   |
    | expenses         | 123.45 |         |   |
    | expenses         | 987.65 | A1      |   |
    | relief           | 123.45 |         |   |

    """
    bills = _bills(payments)
    bills = bills[bills.groupby("branch")["amount"].transform("size") >= fewest]
    yuan = bills["amount"] // MINOR % 100
    shares = (
        (_share(bills, bills["amount"] % (100 * MINOR) == 0), round_percent),
        (_commonest(bills, bills["amount"]), same_percent),
        (_commonest(bills, yuan.where(yuan != 0)), ending_percent),
    )
    first = ~bills.duplicated("branch")
    return tuple(_lead(payments, share.where(first), percent / 100) for share, percent in shares)


def _bills(payments: Table) -> pd.DataFrame:
    """Branch and amount of every bill of activities and other expenses, parts of activities apart."""
    counted = payments.says("ledger", "activities", "expenses") & payments.says("part_of", "") & (payments["amount"] > 0).fillna(False)
    return payments.frame.loc[counted, ["branch", "amount"]]


def _share(bills: pd.DataFrame, mask: "pd.Series[bool]") -> "pd.Series[float]":
    """For each bill the share of its branch's bills that are in the mask."""
    return mask.astype("float64").groupby(bills["branch"]).transform("mean")


def _commonest(bills: pd.DataFrame, values: "pd.Series[int]") -> "pd.Series[float]":
    """For each bill the share of its branch's bills that have the commonest value; NA counts for none."""
    alike = values.groupby([bills["branch"], values]).transform("size").fillna(0).astype("float64")
    return alike.groupby(bills["branch"]).transform("max") / bills.groupby("branch")["amount"].transform("size")


def _lead(payments: Table, share: "pd.Series[float]", limit: float) -> Flags:
    """Flags where a share is over its limit, both as text to four decimals; no money is at stake in a statistic."""
    whole = share.reindex(payments.frame.index)
    return Flags(
        whole > limit,
        observed=Shown(whole, "{:.4f}".format),
        expected=Everywhere(f"<= {limit:.4f}"),
        amount=Everywhere(pd.NA),
    )


@rules.rule(
    "X014",
    severity=Severity.INFO,
    title="First digits far from Benford's law",
    message="The first digits of this branch's bills lie {observed} from Benford's law (usual: {expected}). Look at the digits that are too frequent.",
    basis="S53",
)
def not_benford(
    payments: Table,
    *,
    digits: int | None = None,
    fewest_one: int = 110,
    fewest_two: int = 1146,
    one_percent: int = 5,
    ten_percent: int = 20,
) -> object:
    """The first digits of many unrelated amounts follow Benford's law. It is off until you set `digits` to 1 or 2: union money has many fixed amounts.

    Guards: `fewest_one` bills for one digit, `fewest_two` for two; no amount on more than `one_percent` of them (a cap that binds), the ten most
    frequent on less than `ten_percent`; relief is left out. The distance is the mean over the digits; above 0.015 for one digit, 0.0022 for two,
    it does not conform. At the branch's first bill.

    What to do: look at the bills whose first digits are too frequent, above all just under a limit.
    False alarm: prices that cluster, such as tickets of one kind.

    digits = 1
    fewest_one = 3
    one_percent = 100
    ten_percent = 101

    | payments: ledger | amount | ! |
    | relief           | 123.45 |   |
    | expenses         | 900.00 | x |
    | expenses         | 910.00 |   |
    | expenses         | 99.00  |   |
    """
    assert digits is not None
    digits = 2 if digits > 1 else 1
    bills = _bills(payments)
    fewest = fewest_one if digits == 1 else fewest_two
    bills = bills[(bills["amount"] >= 10**digits) & (bills.groupby("branch")["amount"].transform("size") >= fewest)]
    counts = bills.groupby(["branch", "amount"]).size().sort_values(ascending=False).rename("count").reset_index()
    of_branch = counts.groupby("branch")["count"]
    top = counts[of_branch.cumcount() < TOP].groupby("branch")["count"].sum()
    free = (of_branch.max() * 100 <= of_branch.sum() * one_percent) & (top * 100 < of_branch.sum() * ten_percent)
    leading = bills["amount"].astype("str").str[:digits].astype("int64")
    law = pd.Series({digit: math.log10(1 + 1 / digit) for digit in range(10 ** (digits - 1), 10**digits)})
    shares = pd.crosstab(bills["branch"], leading, normalize="index").reindex(columns=law.index, fill_value=0.0)
    distance = (shares - law).abs().mean(axis=1)
    share = bills["branch"].map(distance[free.reindex(distance.index, fill_value=False)])
    return _lead(payments, share.where(~bills.duplicated("branch")), BENFORD[digits])
