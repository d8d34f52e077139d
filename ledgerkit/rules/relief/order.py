"""A rules on the way a payment goes: applied for, shown to the public, approved by others, paid."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, day_text, folded
from ledgerkit.rules.relief.payments import batches, known, mentions, ours, standing
from ledgerkit.rules.workdays import working_days

rules = RuleSet()

# What cannot wait for its papers: these may be paid first and approved within some working days.
URGENT = ("hospital", "illness", "funeral", "emergency", "disaster")
# What is given for a day of the calendar, often before it.
FORESEEN = ("festival", "birthday", "children", "elders")
# How a remark says that a name is not shown to the public.
PRIVATE = ("免公示", "不公示", "不予公示", "隐私", "保密", "privacy", "no notice")


@rules.rule(
    "A011",
    severity=Severity.MEDIUM,
    title="Public notice missing or too short",
    message="The public notice lasted {observed} working days, {expected} are required. Enter the dates of the notice, or note why there was none.",
    basis="S45b",
    needs={"relief": ("category", "notice_from", "notice_to")},
)
def notice_too_short(relief: Table, policy: Policy, *, least_days: int = 5) -> object:
    """Hardship aid is shown to the public for at least `least_days` working days, the first and the last of them counted.

    Working days are Monday to Friday without public holidays, with the Saturdays and Sundays worked instead. Emergency aid needs no
    notice; nor does what departments paid themselves, nor a row whose remark says that privacy was asked for (隐私, 免公示). A notice
    that ends before it begins is A013.

    What to do: enter the dates of the notice; where there was none, note why, or have it made up for.
    False alarm: notices by name list whose dates were not entered on each row; urgent aid; privacy that was asked for on paper.

    | relief: voucher_no | category  | amount | fund    | notice_from | notice_to  | remark     | ! | expected |
    | V1                 | living    | #500   | union   | 2015-03-02  | 2015-03-06 |            |   |          |
    | V2                 | living    | #500   | union   | 2015-03-02  | 2015-03-05 |            | x | 5        |
    | V3                 | living    | #500   | union   | 2015-09-30  | 2015-10-10 |            | x | 5        |
    | V4                 | living    | #500   | union   |             |            |            | x | 5        |
    | V5                 | living    | #500   | union   | 2015-03-02  |            |            | x | 5        |
    | V6                 | emergency | #500   | union   |             |            |            |   |          |
    | V7                 | living    | #500   | outside |             |            |            |   |          |
    | V8                 | living    | #500   | union   |             |            | 本人申请免公示 |   |          |
    | V9                 | living    | #-500  | union   |             |            | 红冲       |   |          |
    | V10                | warmth    | #500   | union   |             |            |            |   |          |
    | V11                | living    | #500   | union   | 2015-03-06  | 2015-03-02 |            |   |          |
    """
    start, end = relief["notice_from"], relief["notice_to"]
    hardship = relief.says("category", *policy.groups["hardship"]) & ~relief.says("category", "emergency")
    judged = hardship & ours(relief) & standing(relief) & known(relief, "notice_from", "notice_to")
    judged &= ~mentions(relief["remark"], PRIVATE, judged)
    given, least = judged & start.notna() & end.notna() & (end >= start), Everywhere(str(least_days))
    days = working_days(start[given] - pd.Timedelta(days=1), end[given])
    short = (days < least_days).fillna(False).astype(bool).reindex(given.index, fill_value=False)
    blank = Everywhere("0")
    return (
        Flags(judged & start.isna(), observed=blank, expected=least, column="notice_from"),
        Flags(judged & start.notna() & end.isna(), observed=blank, expected=least, column="notice_to"),
        Flags(short, observed=days.astype("str"), expected=least, column="notice_to"),
    )


@rules.rule(
    "A012",
    severity=Severity.HIGH,
    title="Not approved as it must be",
    message="“{column}” is {observed} on a payment of {amount}. Nobody approves what they handle, and a payment that reaches the collective limit needs its minutes.",
    basis="S18",
    flags="approved_by",
    needs={"relief": ("approved_by", "handled_by", "amount")},
)
def relief_approved_by_handler(relief: Table) -> object:
    """Whoever handles a payment does not approve it, and a payment that reaches the collective limit is decided in a meeting.

    The limit (policy: approval.collective_limit) is on the sum of the batch, or without a batch number of the voucher; the finding
    stands once a batch, at its first row. A number on any row of the batch is enough. A blank approver is G013.

    What to do: have the payment approved by another officer; enter the number of the minutes, or have the committee confirm it.
    False alarm: two officers of one name; limits that the unit set higher.

    | relief: voucher_no | amount | approved_by | handled_by | ! |
    | V1                 | #500   | 周 志远     | 周志远     | x |
    | V2                 | #500   | 周志远      | 孙晓雯     |   |
    | V3                 | #500   |             |            |   |
    """
    return _own_approval(relief)


@rules.also("A012", flags="minutes_no", needs={"relief": ("minutes_no", "amount")})
def relief_without_minutes(relief: Table, policy: Policy) -> object:
    """A batch that reaches the limit, or a voucher without a batch number, whose rows name no minutes.

    | relief: voucher_no | batch_no | amount | minutes_no | fund    | ! |
    | V4                 | P1       | #12000 |            | union   | x |
    | V5                 | P1       | #8000  |            | union   |   |
    | V6                 | P2       | #12000 | 纪要3号    | union   |   |
    | V7                 | P2       | #8000  |            | union   |   |
    | V8                 |          | #19999 |            | union   |   |
    | V9                 |          | #90000 |            | outside | x |
    """
    return _without_minutes(relief, batches(relief), policy.collective_limit)


@rules.also("A012", flags="approved_by", needs={"expenses": ("approved_by", "handled_by", "amount")})
def expense_approved_by_handler(expenses: Table) -> object:
    """The same for other expenses.

    | expenses: voucher_no | item | amount | approved_by | handled_by | ! |
    | E1                   | 球拍 | #500   | 周志远      | 周志远     | x |
    | E2                   | 球拍 | #500   | 周志远      | 孙晓雯     |   |
    """
    return _own_approval(expenses)


@rules.also("A012", flags="minutes_no", needs={"expenses": ("minutes_no", "amount")})
def expense_without_minutes(expenses: Table, policy: Policy) -> object:
    """For other expenses the limit is on the sum of the voucher.

    | expenses: voucher_no | item | amount | minutes_no | ! |
    | E3                   | 球台 | #15000 |            | x |
    | E3                   | 球网 | #5000  |            |   |
    | E4                   | 音响 | #20000 | 纪要5号    |   |
    """
    voucher = alike(expenses, "branch", "voucher_no").where(expenses["voucher_no"].notna())
    return _without_minutes(expenses, voucher, policy.collective_limit)


def _own_approval(spending: Table) -> Flags:
    approver, handler = (folded(spending, column) for column in ("approved_by", "handled_by"))
    return Flags((approver != "") & (approver == handler))


def _without_minutes(spending: Table, batch: "pd.Series[int]", limit: int) -> Flags:
    """The first row of each batch (numbered, NA: none) that reaches the limit and gives no minutes on any row."""
    number = batch.dropna()
    sums = spending["amount"][number.index].groupby(number).transform("sum")
    written = (~spending.says("minutes_no", ""))[number.index].groupby(number).transform("any")
    without = ~number.duplicated() & (sums >= limit) & ~written
    return Flags(without.reindex(spending.frame.index, fill_value=False), amount=sums, column="minutes_no")


@rules.rule(
    "A013",
    severity=Severity.MEDIUM,
    title="Dates out of order",
    message="“{column}” is {observed}, but by the other dates of the row it should be {expected}. Correct the wrong date, or note why the papers came later.",
    basis="P",
    needs={"relief": ("category", "approved_on", "paid_on")},
)
def dates_out_of_order(relief: Table) -> object:
    """Relief is applied for, approved and paid in this order, after its event; the notice stands between application and payment.

    Notice before approval and approval before notice are both lawful. Paid before approved is A031. The event may follow a gift for
    a day of the calendar (festival, birthday, children, elders); the notice may follow urgent aid (hospital, illness, funeral,
    emergency, disaster).

    What to do: compare with the papers and correct the mistyped date; papers made afterwards need a note that says why.
    False alarm: urgent visits recorded afterwards.

    | relief: voucher_no | category | applied_on | event_date | notice_from | notice_to  | approved_on | paid_on    | ! | expected      |
    | V1                 | living   | 2015-03-01 |            | 2015-03-05  | 2015-03-12 | 2015-03-15  | 2015-03-20 |   |               |
    | V2                 | living   | 2015-03-01 |            | 2015-03-10  | 2015-03-17 | 2015-03-05  | 2015-03-20 |   |               |
    | V3                 | living   | 2015-03-16 |            |             |            | 2015-03-15  | 2015-03-20 | x | <= 2015-03-15 |
    | V4                 | marriage |            | 2015-03-25 |             |            | 2015-03-15  | 2015-03-20 | x | <= 2015-03-20 |
    | V5                 | festival |            | 2015-09-27 |             |            | 2015-09-15  | 2015-09-22 |   |               |
    | V6                 | living   | 2015-03-06 |            | 2015-03-05  | 2015-03-12 | 2015-03-15  | 2015-03-20 | x | >= 2015-03-06 |
    | V7                 | living   | 2015-03-01 |            | 2015-03-12  | 2015-03-05 | 2015-03-15  | 2015-03-20 | x | >= 2015-03-12 |
    | V8                 | living   | 2015-03-01 |            | 2015-03-14  | 2015-03-21 | 2015-03-13  | 2015-03-20 | x | <= 2015-03-20 |
    | V9                 | disaster | 2015-03-01 |            | 2015-03-14  | 2015-03-21 | 2015-03-13  | 2015-03-20 |   |               |
    """
    applied, event, start, end, approved, paid = (
        relief[column] for column in ("applied_on", "event_date", "notice_from", "notice_to", "approved_on", "paid_on")
    )
    late_application, backwards = applied > approved, end < start
    early_notice = (start < applied) & ~late_application
    urgent = relief.says("category", *URGENT)
    over = end.where(end.notna(), start)
    late_notice = (over > paid) & ~backwards & ~urgent
    foreseen = relief.says("category", *FORESEEN)
    return (
        Flags(late_application, expected="<= " + day_text(approved), column="applied_on"),
        Flags((event > paid) & ~foreseen, expected="<= " + day_text(paid), column="event_date"),
        Flags(early_notice, expected=">= " + day_text(applied), column="notice_from"),
        Flags(backwards, expected=">= " + day_text(start), column="notice_to"),
        Flags(late_notice & end.notna(), expected="<= " + day_text(paid), column="notice_to"),
        Flags(late_notice & end.isna(), expected="<= " + day_text(paid), column="notice_from"),
    )


@rules.rule(
    "A031",
    severity=Severity.HIGH,
    title="Paid before it was approved",
    message="Paid on {observed}, approved only on {expected}. Explain why {amount} was paid without approval; correct the date if it was mistyped.",
    basis="P",
    flags="paid_on",
    needs={"relief": ("category", "approved_on", "paid_on")},
)
def paid_before_approved(relief: Table, *, grace_days: int = 10) -> object:
    """Money leaves after its approval. Hospital, illness, funeral, emergency and disaster may be paid at once.

    Those five are to be approved within `grace_days` working days after the payment (Monday to Friday, without public holidays, with
    the Saturdays and Sundays worked instead).

    What to do: correct the mistyped date; a payment that was truly made first needs the committee's confirmation and a note.
    False alarm: approval by telephone before the payment, signed later.

    | relief: voucher_no | category | approved_on | paid_on    | amount | ! | expected   |
    | V1                 | living   | 2015-03-15  | 2015-03-15 | #500   |   |            |
    | V2                 | living   | 2015-03-16  | 2015-03-15 | #500   | x | 2015-03-16 |
    | V3                 | hospital | 2015-10-20  | 2015-09-30 | #500   |   |            |
    | V4                 | hospital | 2015-10-21  | 2015-09-30 | #500   | x | 2015-10-21 |
    | V5                 | funeral  |             | 2015-09-30 | #500   |   |            |
    """
    approved, paid = relief["approved_on"], relief["paid_on"]
    excused = relief.says("category", *URGENT) & (working_days(paid, approved) <= grace_days).fillna(False)
    return Flags((paid < approved) & ~excused, expected=day_text(approved))
