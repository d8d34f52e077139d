"""G rules on numbers that name a row: used twice, or naming a row that does not exist."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table, alike
from ledgerkit.rules.base import Flags, RuleSet, beside, dangling, earlier, with_columns

rules = RuleSet()


@rules.rule(
    "G011",
    severity=Severity.HIGH,
    title="Number used twice",
    message="{observed} is used again; it stands first at {expected}. Correct the number, or remove the row if it was entered twice.",
    basis="S18",
    flags="voucher_no",
    needs={"relief": ("voucher_no", "paid_on", "category")},
)
def voucher_twice(relief: Table) -> object:
    """A voucher stands for one payment. The same number on a second payment, or the same person twice on one, is a duplicate until explained.

    One payment is one batch, or without a batch number one day and category: different people of it may share the voucher. Namesakes are
    told apart by their member or ID numbers.

    What to do: look up the voucher. Correct the mistyped number, or remove the row that was entered twice.
    False alarm: a voucher that collects several payments; give its rows one batch number.

    | relief: voucher_no | batch_no | category | paid_on    | member_no | beneficiary | amount | ! |
    | V1                 |          | living   | 2015-01-10 |           | 甲          | #900   |   |
    | V1                 |          | living   | 2015-01-10 |           | 乙          | #900   |   |
    | V1                 |          | living   | 2015-02-10 |           | 丙          | #900   | x |
    | V2                 | P1       | living   | 2015-01-10 |           | 甲          | #900   |   |
    | V2                 | P1       | hospital | 2015-01-11 |           | 乙          | #900   |   |
    | V3                 |          | living   | 2015-03-10 |           | 甲          | #900   |   |
    | V3                 |          | living   | 2015-03-10 |           | 甲          | #900   | x |
    | V4                 | P2       | festival | 2015-09-20 | M001      | 丁          | #200   |   |
    | V4                 | P2       | festival | 2015-09-20 | M002      | 丁          | #200   |   |
    | V4                 | P2       | festival | 2015-09-20 | M002      | 丁          | #200   | x |
    """
    first = earlier(relief, ["branch", "voucher_no"], ["paid_on"])
    if first.isna().all():
        return relief.none()
    number = relief["member_no"].where(~relief.says("member_no", ""), relief["id_no"]).fillna("")
    keyed = with_columns(relief, payment=_payment(relief), number="no " + number)
    now, before = beside(keyed, first, ["payment"])
    elsewhere = (now["payment"] != before["payment"]).fillna(True).reindex(first.index, fill_value=False)
    person = earlier(keyed, ["branch", "voucher_no", "payment", "beneficiary", "number"], ["paid_on"])
    other = person.where(person.notna(), first.where(elsewhere))
    return Flags(other.notna(), other=other)


def _payment(relief: Table) -> "pd.Series[int]":
    """A number for each row's payment: its batch, or without a batch number its category and day; NA where these could not be read."""
    unnumbered = relief.says("batch_no", "")
    by_day = -1 - alike(with_columns(relief, day=relief["paid_on"].dt.normalize()), "category", "day")
    read = relief["batch_no"].notna() & (~unnumbered | (relief["category"].notna() & relief["paid_on"].notna()))
    return alike(relief, "batch_no").where(~unnumbered, by_day).astype("Int64").where(read)


@rules.also("G011", flags="receipt_no", needs={"dues": ("receipt_no", "member_no", "period", "paid_on")})
def receipt_twice(dues: Table) -> object:
    """A receipt stands for one payment of dues: several people of one month, method and day, or one member's months paid on one day.

    | dues: member_no | period  | paid | method | paid_on    | receipt_no | ! |
    | M001            | 2015-01 | #15  | cash   | 2015-01-10 | R1         |   |
    | M002            | 2015-01 | #15  | cash   | 2015-01-10 | R1         |   |
    | M001            | 2015-01 | #15  | cash   | 2015-02-10 | R2         |   |
    | M001            | 2015-02 | #15  | cash   | 2015-02-10 | R2         |   |
    | M003            | 2015-03 | #15  | cash   | 2015-03-10 | R2         | x |
    """
    first = earlier(dues, ["branch", "receipt_no"], ["paid_on", "member_no"])
    if first.isna().all():
        return dues.none()
    now, before = beside(dues, first, ["period", "method", "paid_on", "member_no"])
    day, group = now["paid_on"] == before["paid_on"], (now["period"] == before["period"]) & (now["method"] == before["method"])
    one = (day & (group | (now["member_no"] == before["member_no"]))).fillna(False).astype(bool)
    return Flags((~one).reindex(dues.frame.index, fill_value=False), other=first)


def _key_twice(table: Table, order: list[str]) -> Flags:
    other = earlier(table, list(table.key), order)
    return Flags(other.notna(), other=other)


@rules.also("G011", flags="member_no")
def member_twice(members: Table) -> object:
    """Two rows of the roster with one member number.

    | members: member_no | name | ! |
    | M001               | 甲   |   |
    | M001               | 乙   | x |
    """
    return _key_twice(members, ["joined_on"])


@rules.also("G011", flags="activity_no", needs={"activities": ("starts_at",)})
def activity_twice(activities: Table) -> object:
    """Two activities with one number.

    | activities: activity_no | starts_at        | ! |
    | A1                      | 2015-05-04T14:00 | x |
    | A1                      | 2015-03-04T14:00 |   |
    """
    return _key_twice(activities, ["starts_at"])


@rules.also("G011", flags="voucher_no")
def expense_twice(expenses: Table) -> object:
    """One voucher twice with the same item.

    | expenses: voucher_no | item | ! |
    | E1                   | 球拍 |   |
    | E1                   | 球网 |   |
    | E1                   | 球拍 | x |
    """
    return _key_twice(expenses, ["paid_on"])


@rules.also("G011", flags="code")
def line_twice(budget: Table) -> object:
    """One budget line twice. Agency money has one code for what came in, went out and is left: the direction tells them apart.

    | budget: code | direction  | ! |
    | 50204        | expense    |   |
    | 50204        | expense    | x |
    | 231          | agency_in  |   |
    | 231          | agency_out |   |
    """
    other = earlier(budget, ["branch", "code", "direction"], [])
    return Flags(other.notna(), other=other)


@rules.also("G011", flags="period")
def remittance_twice(remittance: Table) -> object:
    """One month's remittance twice.

    | remittance: period | paid_on    | ! |
    | 2015-01            | 2015-02-10 |   |
    | 2015-01            | 2015-02-12 | x |
    """
    return _key_twice(remittance, ["paid_on"])


@rules.also("G011", flags="receipt_no", needs={"remittance": ("receipt_no", "paid_on")})
def remittance_receipt_twice(remittance: Table) -> object:
    """One payment voucher for two months' remittances that were not paid on one day.

    | remittance: period | paid_on    | receipt_no | ! |
    | 2015-01            | 2015-02-10 | P1         |   |
    | 2015-02            | 2015-02-10 | P1         |   |
    | 2015-03            | 2015-04-10 | P1         | x |
    """
    first = earlier(remittance, ["branch", "receipt_no"], ["paid_on", "period"])
    day = remittance["paid_on"].reindex(first.fillna(-1)).set_axis(remittance.frame.index)
    return Flags(first.notna() & (day != remittance["paid_on"]), other=first)


@rules.rule(
    "G017",
    severity=Severity.ERROR,
    title="Refers to a row that does not exist",
    message="{observed} does not exist in the ledger it refers to. Correct it, or enter the missing row there.",
    basis="P",
    flags="activity_no",
    needs={"attendance": ("activity_no",), "activities": ("activity_no",)},
)
def attendance_of_nothing(attendance: Table, activities: Table) -> object:
    """A sign-in, a visit or an expense names its activity by number, and a branch its parent; without that row nobody can say what it was for.

    What to do: correct the number, or enter the activity.
    False alarm: activities kept in a file that was not given to this run.

    | attendance: activity_no | name | ! |
    | A1                      | 甲   |   |
    | A9                      | 甲   | x |

    | activities: activity_no | title |
    | A1                      | 棋赛  |
    """
    return dangling(attendance, "activity_no", activities, "activity_no")


@rules.also("G017", flags="activity_no")
def relief_of_no_visit(relief: Table, activities: Table) -> object:
    """Relief handed over at a visit that is not in the activities.

    | relief: voucher_no | activity_no | ! |
    | V1                 | A1          |   |
    | V2                 | A9          | x |
    | V3                 |             |   |

    | activities: activity_no | title |
    | A1                      | 走访  |
    """
    return dangling(relief, "activity_no", activities, "activity_no")


@rules.also("G017", flags="activity_no")
def expense_of_no_activity(expenses: Table, activities: Table) -> object:
    """An expense of an activity that is not in the activities.

    | expenses: voucher_no | item | activity_no | ! |
    | E1                   | 球拍 | A1          |   |
    | E2                   | 球拍 | A9          | x |

    | activities: activity_no | title |
    | A1                      | 棋赛  |
    """
    return dangling(expenses, "activity_no", activities, "activity_no")


@rules.also("G017", flags="parent_code", needs={"branches": ("branch_code",)})
def branch_of_no_parent(branches: Table) -> object:
    """A branch whose parent is not in the register; the register's own top stands in it without a parent.

    | branches: branch_code | parent_code | ! |
    | B00                   |             |   |
    | B01                   | B00         |   |
    | B02                   | B99         | x |
    """
    return dangling(branches, "parent_code", branches, "branch_code")
