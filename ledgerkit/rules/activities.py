"""V rules: activities, who came to them, and what was won."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE
from ledgerkit.model.person import fold_name
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, dangling

rules = RuleSet()

CAME = ("present", "late", "entered")


@rules.rule(
    "V001",
    severity=Severity.MEDIUM,
    title="Took part without being a member that day",
    message="{observed} was no member on that day (left on, by the roster: {expected}). Correct the number or the roster, or enter Yes under Guest.",
    basis="S40",
    flags="member_no",
    needs={"attendance": ("status",), "members": ("member_no", "status")},
)
def no_such_member(attendance: Table, members: Table) -> object:
    """Who signs in as a member stands in the roster, and had not been transferred, left or died by that day.

    The retired, those whose membership is retained, and guests may come. The day of leaving itself is not flagged. A name without a
    member number is looked up in the roster; one that does not stand there alone needs a number (G013).

    What to do: correct the member number, the status or its date; someone from outside is a guest.
    False alarm: families and guests entered as members; a change of status entered with the wrong date.

    | attendance: activity_no | member_no | name | guest | status  | ! |
    | A1                      | M001      | 甲   |       | present |   |
    | A1                      | M999      | 乙   |       | present | x |
    | A1                      | M998      | 丙   | yes   | present |   |
    | A1                      | M997      | 丁   |       | absent  |   |
    | A1                      |           | 戊   |       | present |   |

    | members: member_no | name | status |
    | M001               | 甲   | active |
    """
    listed = attendance["branch"].isin(members["branch"])
    return _came(attendance) & listed & dangling(attendance, "member_no", members, "member_no")


@rules.also("V001", needs={"attendance": ("status",), "members": ("member_no", "status", "left_on"), "activities": ("starts_at",)})
def no_longer_member(attendance: Table, members: Table, activities: Table) -> object:
    """Somebody who had left before the day of signing in, or without one of the activity.

    | attendance: activity_no | member_no | name | status  | signed_at        | ! | expected   |
    | A1                      | M001      | 甲   | present |                  | x | 2015-04-30 |
    | A1                      | M001      | 甲   | leave   |                  |   |            |
    | A1                      | M002      | 乙   | present |                  |   |            |
    | A1                      | M003      | 丙   | present |                  |   |            |
    | A1                      |           | 丁   | late    |                  | x | 2015-01-31 |
    | A1                      |           | 戊   | present |                  |   |            |
    | A2                      | M001      | 甲   | present | 2015-04-30T09:00 |   |            |
    | A2                      | M001      | 甲   | entered | 2015-05-01T09:00 | x | 2015-04-30 |

    | members: member_no | name | status      | left_on    |
    | M001               | 甲   | transferred | 2015-04-30 |
    | M002               | 乙   | retired     | 2015-04-30 |
    | M003               | 丙   | left        | 2015-06-30 |
    | M004               | 丁   | deceased    | 2015-01-31 |
    | M005               | 戊   | left        | 2015-01-31 |
    | M006               | 戊   | active      |            |

    | activities: activity_no | title | starts_at        |
    | A1                      | 棋赛  | 2015-05-04T14:00 |
    | A2                      | 书画  | 2015-04-01T09:00 |
    """
    left = _left_on(attendance, members)
    gone = _came(attendance) & (left < _day_of(attendance, activities).dt.normalize())
    expected = left.dt.strftime("%Y-%m-%d")
    numbered = attendance["member_no"] != ""
    return Flags(gone & numbered, expected=expected, column="member_no"), Flags(gone & ~numbered, expected=expected, column="name")


def _came(attendance: Table) -> "pd.Series[bool]":
    """Mask of the rows of people who took part as members."""
    return attendance["status"].isin(CAME) & ~attendance["guest"].fillna(False).astype(bool) & ~attendance.unreadable("guest")


def _left_on(attendance: Table, members: Table) -> "pd.Series[pd.Timestamp]":
    """The last day on which the roster's member of each row became none, by number, else by a name of that branch alone; NaT where none."""
    roster = members.frame[["branch", "member_no", "left_on"]].assign(name=members["name"].fillna("").map(fold_name))
    # A row of the roster that is no end of membership, or has no date, lies after every day: someone who came back is a member.
    roster["left_on"] = roster["left_on"].where(members["status"].isin(GONE), pd.NaT).fillna(pd.Timestamp.max.floor("s"))
    by_number = roster.groupby(["branch", "member_no"])["left_on"].max()
    by_name = roster[~roster.duplicated(["branch", "name"], keep=False)].set_index(["branch", "name"])["left_on"]
    rows = attendance.frame[["branch", "member_no"]].assign(name=attendance["name"].fillna("").map(fold_name))
    numbered, named = (
        pd.Series(known.reindex(pd.MultiIndex.from_frame(rows[["branch", column]])).array, index=rows.index)
        for known, column in ((by_number, "member_no"), (by_name, "name"))
    )
    return numbered.where(rows["member_no"] != "", named.where(rows["name"] != ""))


def _day_of(attendance: Table, activities: Table) -> "pd.Series[pd.Timestamp]":
    """When each row signed in, else when its activity began."""
    begun = activities.frame.drop_duplicates(["branch", "activity_no"]).set_index(["branch", "activity_no"])["starts_at"]
    start = pd.Series(
        begun.reindex(pd.MultiIndex.from_frame(attendance.frame[["branch", "activity_no"]])).array, index=attendance.frame.index
    )
    return attendance["signed_at"].where(attendance["signed_at"].notna() | attendance.unreadable("signed_at"), start)


@rules.rule(
    "V005",
    severity=Severity.HIGH,
    title="More winners than two thirds",
    message="{observed} winners; of those who took part, two thirds are {expected}. Correct the figures, or explain who was awarded what.",
    basis="P",
    flags="winners",
    needs={"activities": ("winners", "present")},
)
def too_many_winners(activities: Table) -> object:
    """Prizes go to at most two thirds of those who took part: of the works entered where they are filled in, else of those present.

    `winners` counts prizes in goods or money; certificates of honour are not counted in it.

    What to do: correct the figures; if they are right, the competition was a way of handing out gifts and needs an explanation.
    False alarm: team prizes counted by head; certificates of honour counted as prizes.

    | activities: activity_no | present | entries | winners | ! | expected |
    | A1                      | #30     |         | #20     |   |          |
    | A2                      | #30     |         | #21     | x | 20       |
    | A3                      | #30     | #12     | #9      | x | 8        |
    | A4                      | #5      | #79     | #20     |   |          |
    | A5                      | #20     |         |         |   |          |
    | A6                      |         |         | #9      |   |          |
    """
    entries, present, winners = activities["entries"], activities["present"], activities["winners"]
    base = entries.where(entries.notna() | activities.unreadable("entries"), present)
    return Flags(3 * winners > 2 * base, expected=(2 * base // 3).astype("str"))


@rules.rule(
    "V016",
    severity=Severity.HIGH,
    title="Activity that cost money without a plan",
    message="{amount} was spent on this activity and no plan or notice is named. Enter its number under “{column}”, or have the activity approved.",
    basis="S12",
    flags="plan_no",
    needs={"activities": ("actual_cost",)},
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
    return (activities["plan_no"] == "") & (activities["actual_cost"] > 0)
