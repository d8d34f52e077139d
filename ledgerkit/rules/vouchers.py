"""X rules that set vouchers beside each other: one payment made twice, purchases split, one person with two parts, words that do not fit the fund."""

from collections.abc import Sequence

import pandas as pd
from rapidfuzz import fuzz, process

from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike
from ledgerkit.rules.base import Flags, RuleSet, folded, mentions

rules = RuleSet()

# How many earlier rows of its block each row is compared with.
MOST_BACK = 3
# A typing error leaves one half of an ID, or one end of a business's name, as it was.
ID_HALF, NAME_END = 9, 4


@rules.rule(
    "X009",
    severity=Severity.MEDIUM,
    title="The same payment twice",
    message="{amount} went to {observed} a few days before too, on another voucher (see {expected}). Recover it, or note what each of the two was for.",
    basis="S53",
    flags="payee",
    needs={"relief": ("voucher_no", "paid_on", "amount", "beneficiary")},
)
def relief_paid_again(relief: Table, *, days: int = 3, ratio: int = 90) -> object:
    """Two payments of one amount to one payee for one person within `days` days, on different vouchers and batches, are one payment entered twice.

    Payees and persons are the same where their names are alike, persons too where their ID numbers are (`ratio` per cent: one digit mistyped; a
    Chinese name of a few characters is alike only if it is the same). A blank payee is not compared, nor are payments of one batch. Twice in one
    category is A001.

    What to do: look at both vouchers and the bank's returns.
    False alarm: monthly aid lies further apart; a parent who receives the same for two children.

    | relief: voucher_no | batch_no | category | beneficiary | id_no              | payee  | amount | paid_on    | ! |
    | V1                 |          | living   | 甲          |                    | 王 芳  | #500   | 2015-03-10 |   |
    | V2                 |          | warmth   | 甲          |                    | 王芳   | #500   | 2015-03-13 | x |
    | V3                 |          | warmth   | 甲          |                    | 王芳   | #500   | 2015-04-13 |   |
    | V4                 |          | living   | 乙          | 11010119900307109X | 李静   | #800   | 2015-03-10 |   |
    | V5                 |          | living   | 乙二        | 11010119900307108X | 李静   | #800   | 2015-03-10 | x |
    | V6                 | P1       | children | 丙          |                    | 周志远 | #200   | 2015-06-01 |   |
    | V6                 | P1       | children | 丁          |                    | 周志远 | #200   | 2015-06-01 |   |
    | V7                 |          | children | 戊          | 110101201001011234 | 郑国栋 | #200   | 2015-06-01 |   |
    | V8                 |          | children | 己          | 110101201205052311 | 郑国栋 | #200   | 2015-06-01 |   |
    | V11                |          | hospital | Anna Katherine Lee | | Anna Katherine Lee | #500 | 2015-04-10 |   |
    | V12                |          | warmth   | Anna Catherine Lee | | Anna Catherine Lee | #500 | 2015-04-11 | x |
    | V9                 |          | living   | 庚          |                    |        | #500   | 2015-03-10 |   |
    | V10                |          | warmth   | 庚          |                    |        | #500   | 2015-03-10 |   |
    """
    columns = ["branch", "amount", "paid_on", "voucher_no", "batch_no", "id_no", "_src", "_row"]
    rows = relief.frame[columns][~relief.says("payee", "") & (relief["amount"] > 0).fillna(False)]
    if rows.empty:
        return relief.none()
    payee, name = (folded(relief, column)[rows.index] for column in ("payee", "beneficiary"))
    number = rows["id_no"].fillna("")
    ends = {"head": payee.str[:NAME_END], "tail": payee.str[-NAME_END:], "id_head": number.str[:ID_HALF], "id_tail": number.str[-ID_HALF:]}
    rows = rows.assign(payee=payee, name=name, id_no=number, **ends)
    parts = (["name", "payee"], ["head"], ["tail"], ["payee", "id_head"], ["payee", "id_tail"])
    pairs = _near(rows, [["branch", "amount", *part] for part in parts], days)
    now, before = rows.loc[pairs["at"]], rows.loc[pairs["first"]].set_axis(pairs["at"])
    apart = (now["voucher_no"] != before["voucher_no"]) & ((now["batch_no"] != before["batch_no"]) | (now["batch_no"] == ""))
    same_id = (now["id_no"].str.len() == 18) & _alike(now["id_no"], before["id_no"], ratio)
    same = _alike(now["payee"], before["payee"], ratio) & (same_id | _alike(now["name"], before["name"], ratio))
    return _again(relief, pairs[(apart & same).to_numpy(dtype=bool)])


@rules.also("X009", flags="supplier", needs={"expenses": ("voucher_no", "paid_on", "amount", "supplier", "item")})
def bill_paid_again(expenses: Table, *, days: int = 3, ratio: int = 90) -> object:
    """A bill paid twice: one amount to one supplier (names alike to `ratio` per cent). Two invoices for two items are two purchases.

    | expenses: voucher_no | item | supplier         | invoice_no | amount | paid_on    | ! |
    | E1                   | 球拍 | 永胜体育用品商店 | 10000001   | #500   | 2015-03-10 |   |
    | E2                   | 球拍 | 永胜体育用品商店 |            | #500   | 2015-03-12 | x |
    | E3                   | 球网 | 永胜体育用品商店 | 10000002   | #500   | 2015-03-13 | x |
    | E4                   | 奖品 | 诚信图文制作部   | 10000003   | #300   | 2015-03-10 |   |
    | E5                   | 横幅 | 诚信图文制作部   | 10000004   | #300   | 2015-03-11 |   |
    | E6                   | 茶叶 | 江阴市诚信茶叶有限责任公司 |  | #700   | 2015-03-10 |   |
    | E7                   | 茶叶 | 江阴市诚言茶叶有限责任公司 |  | #700   | 2015-03-10 | x |
    | E8                   | 茶叶 | 江阴市诚信茶叶有限责任公司 |  | #701   | 2015-03-10 |   |
    """
    columns = ["branch", "amount", "paid_on", "voucher_no", "invoice_no", "item", "_src", "_row"]
    rows = expenses.frame[columns].assign(payee=folded(expenses, "supplier"))
    rows = rows[(rows["amount"] > 0).fillna(False) & (rows["payee"] != "")]
    rows = rows.assign(head=rows["payee"].str[:NAME_END], tail=rows["payee"].str[-NAME_END:])
    pairs = _near(rows, [["branch", "amount", part] for part in ("head", "tail")], days)
    now, before = rows.loc[pairs["at"]], rows.loc[pairs["first"]].set_axis(pairs["at"])
    invoices = (now["invoice_no"] != "") & (before["invoice_no"] != "")
    two = invoices & (now["invoice_no"] != before["invoice_no"]) & (now["item"] != before["item"])
    alike = _alike(now["payee"], before["payee"], ratio)
    return _again(expenses, pairs[((now["voucher_no"] != before["voucher_no"]) & ~two & alike).fillna(False).to_numpy(dtype=bool)])


def _near(rows: pd.DataFrame, blocks: Sequence[list[str]], days: int) -> pd.DataFrame:
    """Pairs (`at`, `first`) of rows that agree in the columns of a block and lie at most so many days apart, the later row `at`.

    Each row is compared with a few that come before it in its block, so that the cost grows with the rows and not with their square.
    """
    found = [pd.DataFrame({"at": pd.Series(dtype="int64"), "first": pd.Series(dtype="int64")})]
    dated = rows[rows["paid_on"].notna()].assign(at=lambda all: all.index)
    for block in blocks:
        filled = dated[dated[block[-1]] != ""]
        grouped = filled[["paid_on", "at", "_src", "_row"]].assign(group=filled.groupby(block, sort=False).ngroup())
        ordered = grouped[grouped["group"].duplicated(keep=False)].sort_values(["group", "paid_on", "_src", "_row"], kind="stable")
        if ordered.empty:
            continue
        for back in range(1, MOST_BACK + 1):
            before = ordered.shift(back)
            near = (ordered["paid_on"] - before["paid_on"]).dt.days.between(0, days) & (ordered["group"] == before["group"])
            found.append(pd.DataFrame({"at": ordered.loc[near, "at"], "first": before.loc[near, "at"].astype("int64")}))
    return pd.concat(found, ignore_index=True).drop_duplicates().sort_values(["at", "first"], ignore_index=True)


def _alike(ones: "pd.Series[str]", others: "pd.Series[str]", ratio: int) -> "pd.Series[bool]":
    """Mask of the texts that are alike to `ratio` per cent with that in the same place."""
    scores = process.cpdist(ones.tolist(), others.tolist(), scorer=fuzz.ratio)
    return pd.Series(scores >= ratio, index=ones.index)


def _again(table: Table, pairs: pd.DataFrame) -> Flags:
    other = pairs.groupby("at")["first"].min().reindex(table.frame.index).astype("Int64")
    return Flags(other.notna(), other=other)


@rules.rule(
    "X010",
    severity=Severity.MEDIUM,
    title="Purchase split below the limit",
    message="{observed} was paid just under the limit here and at {expected}. If it was one purchase, it needed the committee's decision; enter the minutes.",
    basis="S53",
    flags="supplier",
    needs={"expenses": ("voucher_no", "paid_on", "amount", "supplier", "minutes_no")},
)
def split_purchase(expenses: Table, policy: Policy, *, days: int = 30, percent: int = 90) -> object:
    """Payments of at least `percent` of the collective limit (policy: approval.collective_limit), each below it, to one supplier within `days` days.

    What one voucher pays a supplier is added up. Vouchers with minutes are left out: what a framework contract was decided for is no splitting.

    What to do: compare the contracts and invoices.
    False alarm: framework buying; enter its minutes on each voucher.

    | expenses: voucher_no | item | supplier | amount | minutes_no | paid_on    | ! |
    | E1                   | 器材 | 永胜     | #19000 |            | 2015-03-10 |   |
    | E2                   | 器材 | 永胜     | #12000 |            | 2015-04-09 | x |
    | E2                   | 服装 | 永胜     | #7000  |            | 2015-04-09 |   |
    | E3                   | 器材 | 永胜     | #19000 |            | 2015-05-10 |   |
    | E4                   | 器材 | 新星     | #19000 |            | 2015-03-10 |   |
    | E5                   | 器材 | 新星     | #17000 |            | 2015-03-11 |   |
    | E6                   | 器材 | 新星     | #19000 | 纪要3号    | 2015-03-12 |   |
    | E7                   | 器材 | 新星     | #20000 |            | 2015-03-12 |   |
    """
    rows = expenses.frame[["branch", "voucher_no", "amount", "paid_on", "minutes_no"]].assign(supplier=folded(expenses, "supplier"))
    one = ["branch", "supplier", "voucher_no"]
    sums, decided = (
        rows.groupby(one)["amount"].transform("sum"),
        (rows["minutes_no"].fillna("?") != "").groupby([rows[c] for c in one]).transform("any"),
    )
    limit = policy.collective_limit
    under = (sums < limit) & (sums * 100 >= limit * percent) & ~decided & (rows["supplier"] != "") & ~rows.duplicated(one)
    ordered = rows[under.fillna(False)].assign(at=lambda all: all.index).sort_values(["branch", "supplier", "paid_on", "at"], kind="stable")
    earlier = ordered.groupby(["branch", "supplier"])[["paid_on", "at"]].shift()
    soon = (ordered["paid_on"] - earlier["paid_on"]).dt.days <= days
    other = earlier["at"].where(soon).reindex(rows.index).astype("Int64")
    return Flags(other.notna(), other=other, amount=sums)


@rules.rule(
    "X011",
    severity=Severity.MEDIUM,
    title="Approves here, handles there",
    message="{observed} handles this payment and approves others (see the row of {expected}). Whoever approves handles no money; divide the two.",
    basis="S50",
    needs={"members": ("member_no", "status")},
)
def both_parts(payments: Table, members: Table, *, smallest: int = 25) -> object:
    """Who approves payments in one ledger and handles them in another controls both. One finding a person, at the first payment handled.

    Both on one payment is A012. Unions with fewer than `smallest` active members cannot divide the work and are left out.

    What to do: let somebody else handle, or approve.
    False alarm: two people of one name; a deputy who signed once in the chair's absence.

    smallest = 1

    | payments: ledger | approved_by | handled_by | ! |
    | relief           | 周志远      | 孙晓雯     |   |
    | relief           | 周志远      | 王芳       |   |
    | expenses         | 郑国栋      | 周 志远    | x |
    | expenses         | 郑国栋      | 周志远     |   |
    | activities       | 周志远      | 孙晓雯     |   |

    | members: member_no | name   | status |
    | M001               | 周志远 | active |
    """
    active = members.frame[members.says("status", "active")].groupby("branch").size()
    large = payments["branch"].isin(active.index[active >= smallest])
    approved, handled = (_persons(payments, column, large) for column in ("approved_by", "handled_by"))
    if approved.empty or handled.empty or not handled["person"].isin(approved["person"]).any():
        return payments.none()
    both = handled.merge(approved, on=["branch", "person"], suffixes=("", "_first"))
    both = both[both["ledger"] != both["ledger_first"]].sort_values(["at", "at_first"]).drop_duplicates(["branch", "person"])
    other = both.groupby("at")["at_first"].first().reindex(payments.frame.index).astype("Int64")
    return Flags(other.notna(), observed=payments["handled_by"], other=other, column="handled_by")


def _persons(payments: Table, column: str, among: "pd.Series[bool]") -> pd.DataFrame:
    """The first row (`at`) of `among` that names each person of a branch in a column, a ledger each."""
    written = alike(payments, "branch", column, "ledger")[among]
    first = written.index[~written.duplicated()]
    rows = payments.frame.loc[first, ["branch", "ledger"]].assign(person=folded(payments, column)[first], at=first)
    return rows[rows["person"] != ""].drop_duplicates(["branch", "person", "ledger"])


@rules.rule(
    "X018",
    severity=Severity.MEDIUM,
    title="Dues spent on what is not for members",
    message="{observed}: {amount} of the members' dues went to what is not for members. Book it on another fund, or say what members had of it.",
    basis="S42",
    flags="item",
    needs={"expenses": ("item", "amount")},
)
def dues_misspent(expenses: Table, policy: Policy) -> object:
    """Members' dues are spent on members: not on the office and not on entertaining. Looked for by the words in the policy (words.not_dues).

    What to do: pay it from another fund, where it may be paid at all.
    False alarm: a name that only holds such a word; change the list.

    | expenses: voucher_no | item           | amount | fund  | ! |
    | E1                   | 购买办公用品   | #300   | dues  | x |
    | E2                   | 购买办公用品   | #300   | union |   |
    | E3                   | 生日会员电影票 | #300   | dues  |   |
    | E4                   | 购买办公用品   | #300   |       |   |
    """
    return mentions(expenses["item"], policy.words["not_dues"]) & expenses.says("fund", "dues")


@rules.also("X018", flags="title", needs={"activities": ("title", "actual_cost")})
def activity_misspent(activities: Table, policy: Policy) -> object:
    """An activity that is none for members, paid from dues.

    | activities: activity_no | title          | actual_cost | fund | ! |
    | A1                      | 节前宴请       | #300        | dues | x |
    | A2                      | 会员观影       | #300        | dues |   |
    | A3                      | 节前宴请       | #0          | dues |   |
    """
    return mentions(activities["title"], policy.words["not_dues"]) & activities.says("fund", "dues") & (activities["actual_cost"] > 0)
