"""B rules on single payments: the line they stand on, what they are for, how they were paid."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import MINOR
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, places
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, folded, mentions, money_text

rules = RuleSet()

# What a business is called; two or three characters that end otherwise are a person's name.
BUSINESS = "公司店厂社部行馆院场所站局厅会校中心超市"
# Money that leaves the union's own accounts: a grant or the administration's money may be for what union money is not.
OWN_FUNDS = ("union", "dues", "")


@rules.rule(
    "B011",
    severity=Severity.MEDIUM,
    title="Relief on the wrong line",
    message="{observed} is not the line of this category (that is {expected}). Move the payment, or correct the category.",
    basis="S11",
    flags="budget_code",
    needs={"relief": ("category", "budget_code")},
)
def on_wrong_line(relief: Table, lines: Table, policy: Policy) -> object:
    """Hardship relief is booked on 50204, warmth on 50205, welfare on 501 or 50205, what goes outside on 508 or 231 (policy: budget.lines).

    Only lines of the budget are judged; a code that is none is B001. Where the budget has none of a category's lines, its map is another and nothing is said.

    What to do: move the payment to its line, or set the map of your own chart in the policy.
    False alarm: units with lines of their own.

    | relief: voucher_no | category | fund  | budget_code | ! | expected   |
    | V1                 | living   | union | 50204       |   |            |
    | V2                 | living   | union | 50205       | x | 50204      |
    | V3                 | warmth   | union | 50204       | x | 50205      |
    | V4                 | festival | union | 50104       |   |            |
    | V5                 | hospital | union | 50205       |   |            |
    | V6                 | hospital | union | 50204       | x | 501, 50205 |
    | V7                 | donation | union | 50104       |   |            |
    | V8                 | living   | union | 50299       |   |            |
    | V9                 | living   | outside |           |   |            |

    | lines: code | direction | is_parent |
    | 50104       | expense   | no        |
    | 50204       | expense   | no        |
    | 50205       | expense   | no        |
    """
    open_lines = lines.where(~lines["is_parent"].fillna(False))
    listed = places(relief, open_lines, ("branch", "budget_code"), ("branch", "code")) >= 0
    wrong, expected = relief.none(), pd.Series("", index=relief.frame.index)
    for group, codes in policy.lines.items():
        own = relief.says("category", *policy.groups[group])
        kept = relief.says("branch", *open_lines["branch"][open_lines.begins("code", codes)].unique())
        wrong |= own & kept & listed & ~relief.begins("budget_code", codes)
        expected = expected.mask(own, ", ".join(codes))
    return Flags(wrong, expected=expected)


@rules.rule(
    "B012",
    severity=Severity.MEDIUM,
    title="Festival goods over their share",
    message="With this payment festival goods come to {observed}; the limit is {expected}. Lower the standard, or explain {amount}.",
    basis="S22",
    flags="amount",
    needs={"relief": ("category", "fund", "amount", "paid_on")},
)
def over_share_of_spending(relief: Table, lines: Table, *, percent_of_spending: int | None = None) -> object:
    """Festival goods take up a limited share of the year's budgeted spending, or of what is retained of the remittances; provinces choose which.

    There is no national share: set `percent_of_spending` (Guangdong: 40) or `percent_of_retained` (50); else this rule is not run. The finding
    stands at the payment that goes over the limit; observed is the whole year's sum.

    What to do: lower the standard for the coming festivals.
    False alarm: goods that the administration paid are not counted if their fund says so.

    percent_of_spending = 40

    | relief: voucher_no | category | fund    | amount | paid_on    | ! | expected |
    | V1                 | festival | union   | #300   | 2015-02-10 |   |          |
    | V2                 | festival | union   | #101   | 2015-06-10 | x | 400.00   |
    | V3                 | festival | union   | #50    | 2015-09-10 |   |          |
    | V4                 | festival | outside | #900   | 2015-01-10 |   |          |
    | V5                 | warmth   | union   | #900   | 2015-01-10 |   |          |

    | lines: code | direction | is_parent | is_agency | available |
    | 501         | expense   | yes       | no        | 1000.00   |
    | 50104       | expense   | no        | no        | 1000.00   |
    | 401         | income    | no        | no        | 9000.00   |
    """
    assert percent_of_spending is not None
    leaves = lines.frame[lines.says("direction", "expense") & ~lines["is_parent"] & ~lines["is_agency"]]
    return _over_share(relief, leaves.groupby("branch")["available"].sum() * percent_of_spending // 100)


@rules.also("B012", flags="amount", needs={"relief": ("category", "amount", "paid_on"), "remittance": ("retained",)})
def over_share_of_retained(relief: Table, remittance: Table, *, percent_of_retained: int | None = None) -> object:
    """The same against what was retained of the year's remittances.

    percent_of_retained = 50

    | relief: voucher_no | category | fund  | amount | paid_on    | ! |
    | V1                 | festival | union | #600   | 2015-02-10 |   |
    | V2                 | festival | union | #1     | 2015-06-10 | x |

    | remittance: period | retained |
    | 2015-01            | #1200    |
    """
    assert percent_of_retained is not None
    return _over_share(relief, remittance["retained"].groupby(remittance["branch"]).sum() * percent_of_retained // 100)


def _over_share(relief: Table, limits: "pd.Series[int]") -> Flags:
    """The festival payment of each branch with which the sum goes over its limit."""
    counted = relief.says("category", "festival") & ~relief.says("fund", "outside", "agency")
    rows = relief.frame[counted.fillna(False)].sort_values(["paid_on", "voucher_no", "_src", "_row"], kind="stable")
    so_far, total = (rows.groupby("branch")["amount"].agg(how) for how in ("cumsum", "sum"))
    limit = relief["branch"].map(limits).astype("Int64")
    crosses = (so_far > limit[rows.index]) & (so_far - rows["amount"] <= limit[rows.index])
    at = crosses[crosses.fillna(False)].index
    last = rows.loc[at].drop_duplicates("branch", keep="last").index
    sums = relief["branch"].map(total).astype("Int64")
    over = pd.Series(relief.frame.index.isin(last), index=limit.index) & (sums > limit)
    return Flags(over, observed=money_text(sums), expected=money_text(limit), amount=sums - limit)


@rules.rule(
    "B013",
    severity=Severity.MEDIUM,
    title="A cost of the employer in the union's books",
    message="{observed}: {amount} that the administration bears was paid on union money. Have it refunded, or enter the fund that it came from.",
    basis="S17",
    flags="item",
    needs={"expenses": ("item",)},
)
def cost_of_employer(expenses: Table, policy: Policy) -> object:
    """Rooms, water and power, wages, the congress of workers and check-ups are the administration's to pay. What it gave a grant for is not flagged.

    Looked for by the words in the policy (words.employer, words.employer_unless), in items of expenses and titles of activities that cost money.

    What to do: have the administration refund it; where it gave money for it, enter that fund.
    False alarm: a members' congress held together with the workers'; other words that only look alike: change the list.

    | expenses: voucher_no | item                           | amount | fund  | ! |
    | E1                   | 办公楼水电费                   | #300   | union | x |
    | E2                   | 办公楼水电费                   | #300   | admin |   |
    | E3                   | 羽毛球馆场地租金               | #300   | union |   |
    | E4                   | 职工代表大会会务               | #300   |       | x |
    | E5                   | 职工代表大会暨工会会员代表大会 | #300   | union |   |
    | E6                   | 工资集体协商培训               | #300   | union |   |
    """
    named = mentions(expenses["item"], policy.words["employer"], policy.words["employer_unless"])
    return named & expenses.says("fund", *OWN_FUNDS)


@rules.also("B013", flags="title", needs={"activities": ("title", "category", "actual_cost")})
def activity_of_employer(activities: Table, policy: Policy) -> object:
    """An activity that is the administration's. A check-up entered as one is V019.

    | activities: activity_no | title        | category | actual_cost | fund  | ! |
    | A1                      | 职工代表大会 | congress | #300        | union | x |
    | A2                      | 职工代表大会 | congress | #0          | union |   |
    | A3                      | 会员大会     | congress | #300        | union |   |
    | A4                      | 职工体检     | checkup  | #300        | union |   |
    """
    named = mentions(activities["title"], policy.words["employer"], policy.words["employer_unless"])
    return named & activities.says("fund", *OWN_FUNDS) & (activities["actual_cost"] > 0) & ~activities.says("category", "checkup")


@rules.rule(
    "B019",
    severity=Severity.HIGH,
    title="Supplier paid in cash above the threshold",
    message="{observed} was paid {amount} in cash; above {expected} suppliers are paid through the bank. Find the receipt, and pay by transfer or card.",
    basis="S39",
    flags="amount",
    needs={"expenses": ("voucher_no", "item", "supplier", "amount")},
)
def cash_to_supplier(expenses: Table, *, most_yuan: int = 1000) -> object:
    """Purchases above `most_yuan` go through the bank (结算起点). What counts is what one voucher pays a supplier in cash; one finding a voucher.

    Payments to persons may be in cash and are not flagged: names of two or three characters that do not end like a business. Nor are advances.

    What to do: look at the receipt and who signed for the money.
    False alarm: persons with longer names; advances under another word than 预借, 借支, 备用金 or 差旅.

    | expenses: voucher_no | item       | supplier     | amount | form     | ! |
    | E1                   | 球拍       | 永胜体育商店 | #1000  | cash     |   |
    | E2                   | 球拍       | 永胜体育商店 | #600   | cash     | x |
    | E2                   | 球网       | 永胜体育商店 | #401   | cash     |   |
    | E3                   | 球拍       | 永胜体育商店 | #5000  | transfer |   |
    | E4                   | 裁判劳务   | 王 芳        | #1200  | cash     |   |
    | E5                   | 预借差旅费 | 本单位出纳室 | #3000  | cash     |   |
    """
    supplier = folded(expenses, "supplier")
    person = supplier.str.len().isin([2, 3]) & ~supplier.str.endswith(tuple(BUSINESS))
    advance = mentions(expenses["item"], ("预借", "借支", "备用金", "差旅"))
    counted = expenses.says("form", "cash") & ~person & ~advance & (supplier != "")
    rows = expenses.frame.assign(supplier=supplier)[counted]
    one = ["branch", "voucher_no", "supplier"]
    sums = rows.groupby(one)["amount"].transform("sum")
    over = (~rows.duplicated(one) & (sums > most_yuan * MINOR)).reindex(supplier.index, fill_value=False)
    limit = Everywhere(f"{most_yuan}.00")
    return Flags(over, observed=expenses["supplier"], expected=limit, amount=sums.reindex(supplier.index))
