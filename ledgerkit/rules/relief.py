"""A rules: relief and condolence: paid twice, above a limit, approved by nobody else, in no lawful order."""

import pandas as pd

from ledgerkit.model.beneficiary import people
from ledgerkit.model.finding import Severity
from ledgerkit.model.person import fold_name
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, day_text, money_text, same
from ledgerkit.rules.workdays import calendar, working_days

rules = RuleSet()

# What cannot wait for its papers: these may be paid first and approved within some working days.
URGENT = ("hospital", "illness", "funeral", "emergency", "disaster")
# What is given for a day of the calendar, often before it.
FORESEEN = ("festival", "birthday", "children", "elders")
# How many of a person's earlier payments of a category each one is compared with.
MOST_BACK = 31


@rules.rule(
    "A001",
    severity=Severity.HIGH,
    title="Paid twice for one event",
    message="{observed} was already paid in this category for the same event at {expected}. Recover {amount}, or enter the event dates if these are two events.",
    basis="S33",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
)
def paid_twice(relief: Table, *, window_days: int = 30) -> object:
    """One event is paid for once: the same person, the same category and the same event date, or without event dates within `window_days`.

    A person is known by the ID number, else by the member number, else, where there is neither, by the name. Festival gifts whose
    reasons name different festivals are different events; so are payments on the same day of different months (monthly aid).
    A payment that was reversed (a negative amount) does not count. The same person twice on one voucher is G011.

    What to do: compare the two vouchers. Recover the second payment or reverse it; if there were two events, enter their dates.
    False alarm: twins, several children of one member without their own names, aid agreed in instalments for one event.

    | relief: voucher_no | batch_no | category | beneficiary_type | member_no | beneficiary | id_no              | event_date | form     | amount | paid_on    | reason   | ! |
    | V01                |          | hospital | member           | M001      | 甲          |                    | 2015-03-05 | transfer | #500   | 2015-03-17 | 住院     |   |
    | V02                |          | hospital | member           | M001      | 甲          |                    | 2015-03-05 | transfer | #500   | 2015-06-17 | 住院     | x |
    | V03                |          | hospital | member           | M001      | 甲          |                    | 2015-06-20 | transfer | #500   | 2015-06-25 | 住院     |   |
    | V04                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-01-10 | 困难     |   |
    | V05                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-02-02 | 困难     | x |
    | V06                |          | living   | family           |           | 乙          | 110101198501021234 |            | transfer | #900   | 2015-02-02 | 困难     |   |
    | V07                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-05-10 | 困难     |   |
    | V08                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #-900  | 2015-05-12 | 困难     |   |
    | V09                |          | living   | family           |           | 乙          | 11010119900307109X |            | transfer | #900   | 2015-05-14 | 困难     |   |
    | V10                |          | festival | member           | M002      | 丙          |                    |            | goods    | #200   | 2015-09-22 | 中秋慰问 |   |
    | V11                |          | festival | member           | M002      | 丙          |                    |            | goods    | #200   | 2015-09-29 | 国庆慰问 |   |
    | V12                | P1       | warmth   | member           | M003      | 丁          |                    |            | transfer | #800   | 2015-02-10 | 困难     |   |
    | V13                | P1       | warmth   | member           | M003      | 丁          |                    |            | goods    | #200   | 2015-02-10 | 困难     |   |
    """
    rows = _payments(relief)
    other = pd.Series(pd.NA, index=relief.frame.index, dtype="Int64")
    for back in range(1, MOST_BACK + 1):
        before = rows.shift(back)
        near = same(before["group"], rows["group"])
        if not near.any():
            break
        twice = near & _same_event(before, rows, window_days)
        other[rows.index[twice]] = before.loc[twice, "at"]
    return Flags(other.notna(), other=other)


def _payments(relief: Table) -> pd.DataFrame:
    """Payments to people whose category and dates can be read, those that were reversed left out, in order of `group` and day."""
    columns = ["branch", "category", "paid_on", "event_date", "voucher_no", "batch_no", "form", "beneficiary", "amount", "_src", "_row"]
    rows = relief.frame[columns].assign(person=people(relief), festivals=_festivals(relief))
    read = rows["paid_on"].notna() & rows["category"].notna() & ~relief.unreadable("event_date")
    rows = rows[read & (rows["person"] != "") & (rows["category"] != "")].rename_axis("at").reset_index().astype({"at": "Int64"})
    rows = rows[(rows["amount"] > 0).fillna(False) & ~rows["at"].isin(reversals(rows))].set_index("at", drop=False).rename_axis(None)
    one = ["branch", "person", "category"]
    rows = rows[rows.duplicated(one, keep=False)]
    rows = rows.assign(group=rows.groupby(one, sort=False).ngroup().astype("Int64"))
    return rows.sort_values(["group", "paid_on", "voucher_no", "_src", "_row"], kind="stable")


def reversals(rows: pd.DataFrame) -> "pd.Series[int]":
    """Which payments a negative row takes back: the nearest earlier one to the person in the category with that amount."""
    if not (rows["amount"] < 0).any():
        return rows["at"].iloc[:0]
    alike = ["branch", "person", "category", "size"]
    rows = rows.assign(size=rows["amount"].abs()).dropna(subset=["size"]).sort_values("paid_on", kind="stable")
    taken = rows.loc[rows["amount"] < 0, [*alike, "paid_on"]]
    return pd.merge_asof(taken, rows.loc[rows["amount"] > 0, [*alike, "paid_on", "at"]], on="paid_on", by=alike)["at"].dropna()


def _festivals(relief: Table) -> "pd.Series[int]":
    """The festivals that a row's reason and programme name, a bit each; 0 where none."""
    festival = (relief["category"] == "festival").fillna(False)
    told = (relief["reason"].fillna("") + " " + relief["programme"].fillna(""))[festival]
    named = pd.Series(0, index=told.index, dtype="Int64")
    for bit, names in enumerate(calendar()["festivals"].values()):
        named += told.str.contains("|".join(names), case=False).astype("Int64") * 2**bit
    return named.reindex(relief.frame.index, fill_value=0)


def _same_event(before: pd.DataFrame, rows: pd.DataFrame, window_days: int) -> "pd.Series[bool]":
    """Mask of the rows that pay for the event of the row in the same place of `before`, and are no second entry of it (G011)."""
    gap = (rows["paid_on"] - before["paid_on"]).dt.days
    monthly = (gap > 0) & (rows["paid_on"].dt.day == before["paid_on"].dt.day)
    both = rows["festivals"].astype("int64") & before["festivals"].fillna(0).astype("int64")
    other_festival = (both == 0) & (rows["festivals"] > 0) & (before["festivals"] > 0).fillna(False)
    dated = rows["event_date"].notna() & before["event_date"].notna()
    close = (gap <= window_days) & ~monthly & ~other_festival
    event = (rows["event_date"] == before["event_date"]).where(dated, close)
    entered_twice = same(rows["voucher_no"], before["voucher_no"]) & same(rows["beneficiary"], before["beneficiary"])
    in_two_forms = same(rows["batch_no"], before["batch_no"]) & (rows["batch_no"] != "") & (rows["form"] != before["form"])
    return event.fillna(False).astype(bool) & ~entered_twice & ~in_two_forms.fillna(False).astype(bool)


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
    What departments paid themselves (fund outside) is not counted.

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
    cap = relief["category"].map(policy.caps["year"]).astype("Int64")
    rows = relief.frame.assign(person=people(relief), cap=cap, year=relief["paid_on"].dt.year.astype("Int64"))
    counted = (rows["person"] != "") & cap.notna() & rows["year"].notna() & rows["amount"].notna() & (rows["fund"] != "outside")
    rows = rows[counted.fillna(False)].sort_values(["paid_on", "voucher_no", "_src", "_row"], kind="stable")
    one = ["branch", "person", "category", "year"]
    total, so_far = rows.groupby(one)["amount"].transform("sum"), rows.groupby(one)["amount"].cumsum()
    crosses = rows[(total > rows["cap"]) & (so_far > rows["cap"]) & (so_far - rows["amount"] <= rows["cap"])]
    last = crosses[~crosses.duplicated(one, keep="last")]
    total = total.reindex(relief.frame.index)
    return Flags(
        relief.none() | relief.frame.index.isin(last.index), observed=money_text(total), expected=money_text(cap), amount=total - cap
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
def relief_not_approved(relief: Table, policy: Policy) -> object:
    """Whoever handles a payment does not approve it, and a payment that reaches the collective limit is decided in a meeting.

    The limit (policy: approval.collective_limit) is on the sum of the batch, or without a batch number of the voucher; the finding
    stands once a batch, at its first row. A number on any row of the batch is enough. A blank approver is G013.

    What to do: have the payment approved by another officer; enter the number of the minutes, or have the committee confirm it.
    False alarm: two officers of one name; limits that the unit set higher.

    | relief: voucher_no | batch_no | amount | approved_by | handled_by | minutes_no | fund    | ! |
    | V1                 |          | #500   | 周 志远     | 周志远     |            | union   | x |
    | V2                 |          | #500   | 周志远      | 孙晓雯     |            | union   |   |
    | V3                 |          | #500   |             |            |            | union   |   |
    | V4                 | P1       | #12000 | 周志远      | 孙晓雯     |            | union   | x |
    | V5                 | P1       | #8000  | 周志远      | 孙晓雯     |            | union   |   |
    | V6                 | P2       | #12000 | 周志远      | 孙晓雯     | 纪要3号    | union   |   |
    | V7                 | P2       | #8000  | 周志远      | 孙晓雯     |            | union   |   |
    | V8                 |          | #19999 | 周志远      | 孙晓雯     |            | union   |   |
    | V9                 |          | #90000 | 周志远      | 孙晓雯     |            | outside | x |
    """
    batch = ("batch " + relief["batch_no"]).where(relief["batch_no"] != "", "voucher " + relief["voucher_no"])
    return _own_approval(relief), _without_minutes(relief, batch, policy.collective_limit)


@rules.also("A012", flags="approved_by", needs={"expenses": ("approved_by", "handled_by", "amount")})
def expense_not_approved(expenses: Table, policy: Policy) -> object:
    """The same for other expenses; here the limit is on the sum of the voucher.

    | expenses: voucher_no | item | amount | approved_by | handled_by | minutes_no | ! |
    | E1                   | 球拍 | #500   | 周志远      | 周志远     |            | x |
    | E2                   | 球拍 | #500   | 周志远      | 孙晓雯     |            |   |
    | E3                   | 球台 | #15000 | 周志远      | 孙晓雯     |            | x |
    | E3                   | 球网 | #5000  | 周志远      | 孙晓雯     |            |   |
    | E4                   | 音响 | #20000 | 周志远      | 孙晓雯     | 纪要5号    |   |
    """
    return _own_approval(expenses), _without_minutes(expenses, expenses["voucher_no"], policy.collective_limit)


def _own_approval(spending: Table) -> Flags:
    approver, handler = (spending[column].fillna("").map(fold_name) for column in ("approved_by", "handled_by"))
    return Flags((approver != "") & (approver == handler))


def _without_minutes(spending: Table, batch: "pd.Series[str]", limit: int) -> Flags:
    """The first row of each batch that reaches the limit and gives no minutes on any row."""
    rows = spending.frame.assign(batch=batch, written=spending["minutes_no"].fillna("?") != "")
    rows = rows[batch.notna()]
    sums, written = (rows.groupby(["branch", "batch"])[column].transform(how) for column, how in (("amount", "sum"), ("written", "any")))
    first = ~rows.duplicated(["branch", "batch"])
    without = (first & (sums >= limit) & ~written).reindex(spending.frame.index, fill_value=False)
    return Flags(without, amount=sums.reindex(spending.frame.index), column="minutes_no")


@rules.rule(
    "A013",
    severity=Severity.MEDIUM,
    title="Dates out of order",
    message="“{column}” is {observed}, but by the other dates of the row it should be {expected}. Correct the wrong date, or note why the papers came later.",
    basis="P",
    needs={"relief": ("approved_on", "paid_on")},
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
    urgent = relief["category"].isin(URGENT)
    over = end.where(end.notna(), start)
    late_notice = (over > paid) & ~backwards & ~urgent
    foreseen = relief["category"].isin(FORESEEN)
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
    excused = relief["category"].isin(URGENT) & (working_days(paid, approved) <= grace_days).fillna(False)
    return Flags((paid < approved) & ~excused, expected=day_text(approved))
