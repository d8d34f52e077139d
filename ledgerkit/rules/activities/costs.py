"""V rules on what activities cost, who paid, and the papers they leave."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import robust_z
from ledgerkit.model.money import MINOR
from ledgerkit.model.table import Table, places, there
from ledgerkit.rules.activities.signing import ACTIVITY, came
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, day_text, money_text

rules = RuleSet()

# Money of the union itself, as against the administration's, a grant or a donation.
OWN_FUNDS = ("union", "dues")


@rules.rule(
    "V010",
    severity=Severity.HIGH,
    title="Papers made after the payment",
    message="“{column}” is {observed}, after the bill was paid on {expected}. A bill is paid on its papers: ask who made them, and from what.",
    basis="S20",
    needs={"activities": ("actual_cost",)},
)
def papers_after_payment(activities: Table) -> object:
    """Plan, list and photos come with the bill. Papers that are younger than the payment may have been made for an activity that never was.

    Papers that only come late are V026, a missing plan is V016.

    What to do: compare with the voucher and what is attached to it; correct the mistyped date.
    False alarm: papers bound again later; enter the day on which they were first complete.

    | activities: activity_no | documented_on | paid_on    | actual_cost | ! | expected   |
    | A1                      | 2015-05-10    | 2015-05-10 | #100        |   |            |
    | A2                      | 2015-05-11    | 2015-05-10 | #100        | x | 2015-05-10 |
    | A3                      | 2015-05-11    | 2015-05-10 | #0          |   |            |
    | A4                      |               | 2015-05-10 | #100        |   |            |
    | A5                      | 2015-05-11    |            | #100        |   |            |
    """
    late = (activities["documented_on"] > activities["paid_on"]) & (activities["actual_cost"] > 0)
    return Flags(late, expected=day_text(activities["paid_on"]), column="documented_on")


@rules.also("V010", needs={"attendance": ("status",), "activities": ("activity_no", "actual_cost")})
def signed_after_payment(attendance: Table, activities: Table) -> object:
    """A sign-in after the day on which the activity's bill was paid; one finding a list, at the first such row.

    | attendance: activity_no | member_no | status  | signed_at        | ! |
    | A1                      | M001      | present | 2015-05-10T14:00 |   |
    | A1                      | M002      | present | 2015-05-11T14:00 | x |
    | A1                      | M003      | present | 2015-05-12T14:00 |   |
    | A2                      | M001      | present | 2015-05-11T14:00 |   |

    | activities: activity_no | paid_on    | actual_cost |
    | A1                      | 2015-05-10 | #100        |
    | A2                      | 2015-05-10 | #0          |
    """
    paid = activities.where(activities["actual_cost"] > 0)
    of = there(paid["paid_on"], places(attendance, paid, tuple(ACTIVITY)))
    late = came(attendance) & (attendance["signed_at"].dt.normalize() > of)
    first = late & ~attendance.frame[late].duplicated(ACTIVITY).reindex(late.index, fill_value=True)
    return Flags(first, expected=day_text(of), column="signed_at")


@rules.rule(
    "V012",
    severity=Severity.HIGH,
    title="Outing with a night away",
    message="The outing ended on {observed}, on another day than it began ({expected}). Outings go there and back in one day; correct the date or explain it.",
    basis="S4b",
    flags="ends_at",
    needs={"activities": ("category", "starts_at")},
)
def overnight_outing(activities: Table) -> object:
    """Spring and autumn outings go within the own city or area and come back the same day. Where they went is not in these ledgers.

    What to do: correct the mistyped end; what a night away cost is recovered from those who went.
    False alarm: a rest-cure, which has rules of its own; choose its category.

    | activities: activity_no | category     | starts_at        | ends_at          | ! | expected   |
    | A1                      | outing       | 2015-04-18T08:00 | 2015-04-18T17:00 |   |            |
    | A2                      | outing       | 2015-04-18T08:00 | 2015-04-19T17:00 | x | 2015-04-18 |
    | A3                      | recuperation | 2015-04-18T08:00 | 2015-04-22T17:00 |   |            |
    | A4                      | outing       | 2015-04-18T08:00 |                  |   |            |
    """
    day = activities["starts_at"].dt.normalize()
    return Flags(activities.says("category", "outing") & (activities["ends_at"].dt.normalize() > day), expected=day_text(day))


@rules.rule(
    "V016",
    severity=Severity.HIGH,
    title="Activity that cost money without a plan",
    message="{amount} was spent on this activity and no plan or notice is named. Enter its number under “{column}”, or have the activity approved.",
    basis="S12",
    flags="plan_no",
    needs={"activities": ("actual_cost", "plan_no")},
)
def no_plan(activities: Table) -> object:
    """An activity that costs money has a plan or notice that was approved before it; its number ties the bill to the decision.

    A missing budget line is B001.

    What to do: enter the number of the plan or notice.
    False alarm: activities of a year's plan that was approved as a whole; enter that plan's number.

    | activities: activity_no | plan_no    | actual_cost | ! |
    | A1                      | 工会〔2015〕1号 | #100        |   |
    | A2                      |            | #100        | x |
    | A3                      |            | #0          |   |
    """
    return activities.says("plan_no", "") & (activities["actual_cost"] > 0)


@rules.rule(
    "V017",
    severity=Severity.INFO,
    title="Cost a head far above the usual",
    message="This activity cost {observed} a head; the usual of its category here is {expected}. Look at its bills first.",
    basis="P",
    flags="actual_cost",
    needs={"activities": ("category", "present", "actual_cost")},
)
def costly_head(activities: Table, *, z_tenths: int = 35, fewest: int = 8, times: int = 2) -> object:
    """The cost for each person present, beside the branch's other activities of the category: robust z over `z_tenths` tenths. A statistic, no proof.

    Guards: `fewest` activities of the category with a cost and people present, more than half of them not alike to the fen, and at least `times` the usual.

    What to do: look at the bills of what is named here before others.
    False alarm: the year's gala; contests by works, which have few people present, are left out.

    fewest = 5

    | activities: activity_no | category | present | entries | actual_cost | ! | expected |
    | A1                      | sports   | #10     |         | #100        |   |          |
    | A2                      | sports   | #10     |         | #110        |   |          |
    | A3                      | sports   | #10     |         | #120        |   |          |
    | A4                      | sports   | #10     |         | #90         |   |          |
    | A5                      | sports   | #10     |         | #500        | x | 11.00    |
    | A6                      | study    | #10     |         | #500        |   |          |
    | A7                      | sports   | #1      | #40     | #500        |   |          |
    """
    present, cost = activities["present"], activities["actual_cost"]
    counted = (present > 0) & (cost > 0) & activities["entries"].isna()
    head = (cost.astype("Float64") / present.where(present > 0)).where(counted.fillna(False)).dropna().astype("float64")
    of_kind = activities["branch"] + "\x1f" + activities["category"].fillna("")
    usual = head.groupby(of_kind[head.index]).transform("median")
    far = (robust_z(head, of_kind[head.index], fewest) * 10 > z_tenths) & (head >= usual * times)
    shown = [money_text(values.round().astype("Int64").reindex(cost.index)) for values in (head, usual)]
    return Flags(far.reindex(cost.index, fill_value=False), observed=shown[0], expected=shown[1])


@rules.rule(
    "V019",
    severity=Severity.HIGH,
    title="Medical check-up on union money",
    message="{amount} for a medical check-up was paid from {observed}. Check-ups are the employer's duty: have the administration bear it.",
    basis="S17",
    flags="fund",
    needs={"activities": ("category", "actual_cost")},
)
def check_up_on_union_money(activities: Table) -> object:
    """Check-ups are owed by the employer. Union money, dues among it, is not for them; what the administration or a grant paid is not flagged.

    What to do: have the administration refund it.
    False alarm: years before the rule, when unions bore them (see the basis).

    | activities: activity_no | category | fund  | actual_cost | ! |
    | A1                      | checkup  | union | #100        | x |
    | A2                      | checkup  | dues  | #100        | x |
    | A3                      | checkup  | admin | #100        |   |
    | A4                      | checkup  | union | #0          |   |
    | A5                      | lecture  | union | #100        |   |
    | A6                      | checkup  |       | #100        |   |
    """
    return activities.says("category", "checkup") & activities.says("fund", *OWN_FUNDS) & (activities["actual_cost"] > 0)


@rules.rule(
    "V022",
    severity=Severity.HIGH,
    title="Rest-cure outside its limits",
    message="“{column}” of this rest-cure is {observed}; at most or needed: {expected}. Bring it within the rule, or note who approved it.",
    basis="S15",
    needs={"activities": ("category",)},
)
def uninsured_cure(activities: Table) -> object:
    """A rest-cure is insured, and lasts and costs no more than its rule allows. Days and cost a day have no national limit: set `days` and `yuan_a_day`.

    Whether the place is on the list of approved ones is not in these ledgers.

    What to do: insure those who travel; ask for the approval of longer or dearer cures.
    False alarm: provinces with routes and limits of their own.

    | activities: activity_no | category     | insured | ! |
    | A1                      | recuperation | no      | x |
    | A2                      | recuperation | yes     |   |
    | A3                      | recuperation |         |   |
    | A4                      | outing       | no      |   |
    """
    bare = activities.says("category", "recuperation") & ~activities["insured"].fillna(True).astype(bool)
    return Flags(bare, expected=Everywhere("yes"), column="insured")


@rules.also("V022", needs={"activities": ("category", "starts_at")})
def long_cure(activities: Table, *, days: int | None = None) -> object:
    """A rest-cure of more days than the limit, the first and the last counted.

    days = 2

    | activities: activity_no | category     | starts_at        | ends_at          | ! |
    | A1                      | recuperation | 2015-04-18T08:00 | 2015-04-20T17:00 | x |
    | A2                      | recuperation | 2015-04-18T08:00 | 2015-04-19T17:00 |   |
    """
    assert days is not None
    long = activities.says("category", "recuperation") & (_days(activities) > days)
    return Flags(long, expected=day_text(activities["starts_at"] + pd.Timedelta(days=days - 1)), column="ends_at")


@rules.also("V022", needs={"activities": ("category", "starts_at", "present", "actual_cost")})
def costly_cure(activities: Table, *, yuan_a_day: int | None = None) -> object:
    """A rest-cure that cost more for each person and day than the limit.

    yuan_a_day = 400

    | activities: activity_no | category     | starts_at        | ends_at          | present | actual_cost | ! | expected |
    | A1                      | recuperation | 2015-04-18T08:00 | 2015-04-19T17:00 | #10     | #8000.01    | x | 8000.00  |
    | A2                      | recuperation | 2015-04-18T08:00 | 2015-04-19T17:00 | #10     | #8000       |   |          |
    | A3                      | outing       | 2015-04-18T08:00 | 2015-04-18T17:00 | #10     | #8000       |   |          |
    """
    assert yuan_a_day is not None
    limit = _days(activities) * activities["present"] * yuan_a_day * MINOR
    excess = activities["actual_cost"] - limit
    over = activities.says("category", "recuperation") & (excess > 0) & (limit > 0)
    return Flags(over, expected=money_text(limit), amount=excess, column="actual_cost")


def _days(activities: Table) -> "pd.Series[int]":
    """How many days each activity lasts, the first and the last counted; NA without an end."""
    return ((activities["ends_at"].dt.normalize() - activities["starts_at"].dt.normalize()).dt.days + 1).astype("Int64")


@rules.rule(
    "V025",
    severity=Severity.MEDIUM,
    title="Activity over its own budget",
    message="{observed} was spent on an activity with a budget of {expected}: {amount} too much. Have the difference approved, or recover it.",
    basis="P",
    flags="actual_cost",
    needs={"activities": ("actual_cost",)},
)
def over_own_budget(activities: Table) -> object:
    """The plan of an activity says what it may cost. A line's budget may be kept while single activities go over theirs.

    What to do: have the larger sum approved, with the reason.
    False alarm: a blank budget is not compared.

    | activities: activity_no | budgeted | actual_cost | ! | expected |
    | A1                      | #100     | #100        |   |          |
    | A2                      | #100     | #100.01     | x | 100.00   |
    | A3                      |          | #100        |   |          |
    """
    excess = activities["actual_cost"] - activities["budgeted"]
    return Flags(excess > 0, expected=money_text(activities["budgeted"]), amount=excess)


@rules.rule(
    "V026",
    severity=Severity.LOW,
    title="Papers late or no photo",
    message="“{column}” is {observed}; needed: {expected}. File the plan, list and photos of an activity within a month, and before its bill is paid.",
    basis="S37",
    needs={"activities": ("activity_no",)},
)
def papers_late(activities: Table, *, days: int = 30) -> object:
    """The papers of an activity are complete within `days` days of its end, and an activity that cost money has a photo.

    Papers made after the payment are V010. A blank date or a blank answer about photos is not judged.

    What to do: file what is missing; if nothing can be found, ask those who took part.
    False alarm: activities that run on in several parts; enter the end of the last.

    | activities: activity_no | starts_at        | ends_at          | documented_on | actual_cost | has_photos | ! | expected      |
    | A1                      | 2015-05-04T14:00 | 2015-05-05T17:00 | 2015-06-04    | #100        | yes        |   |               |
    | A2                      | 2015-05-04T14:00 | 2015-05-05T17:00 | 2015-06-05    | #100        | yes        | x | <= 2015-06-04 |
    | A3                      | 2015-05-04T14:00 |                  | 2015-06-04    | #0          |            | x | <= 2015-06-03 |
    | A4                      | 2015-05-04T14:00 |                  |               | #100        | no         | x | yes           |
    | A5                      | 2015-05-04T14:00 |                  |               | #0          | no         |   |               |
    | A6                      | 2015-05-04T14:00 |                  |               | #100        |            |   |               |
    """
    end = activities["ends_at"].where(activities["ends_at"].notna() | activities.unreadable("ends_at"), activities["starts_at"])
    last = end.dt.normalize() + pd.Timedelta(days=days)
    made_up = (activities["actual_cost"] > 0) & (activities["documented_on"] > activities["paid_on"])
    late = (activities["documented_on"] > last) & ~made_up
    bare = (activities["actual_cost"] > 0) & ~activities["has_photos"].fillna(True).astype(bool)
    return (
        Flags(late, expected="<= " + day_text(last), column="documented_on"),
        Flags(bare, expected=Everywhere("yes"), column="has_photos"),
    )
