"""V rules on sign-in lists: who may come, who signed twice or was elsewhere, lists that repeat another, lists against the activities."""

from itertools import product

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE
from ledgerkit.model.table import Table, agrees, alike, filled, holds, once, places, stands_in, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, beside, dangling, day_text, earlier, fold_names, folded, with_columns

rules = RuleSet()

CAME = ("present", "late", "entered")
ON_THE_SPOT = ("present", "late")
ACTIVITY = ["branch", "activity_no"]
MEMBER = ("branch", "member_no")


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
    return _strangers(attendance, members)


@once
def _strangers(attendance: Table, members: Table) -> "pd.Series[bool]":
    """Mask of the rows of people who took part under a number that the roster does not have."""
    listed = stands_in(attendance, members, "branch")
    return came(attendance) & listed & dangling(attendance, "member_no", members, "member_no")


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
    left = left_on(attendance, members, GONE)
    gone = came(attendance) & (left < day_of(attendance, activities))
    expected = day_text(left)
    numbered = ~attendance.says("member_no", "")
    return Flags(gone & numbered, expected=expected, column="member_no"), Flags(gone & ~numbered, expected=expected, column="name")


@once
def came(attendance: Table) -> "pd.Series[bool]":
    """Mask of the rows of people who took part as members."""
    return attendance.says("status", *CAME) & ~attendance["guest"].fillna(False).astype(bool) & ~attendance.unreadable("guest")


@once
def left_on(attendance: Table, members: Table, statuses: tuple[str, ...]) -> "pd.Series[pd.Timestamp]":
    """The last day on which the roster's member of each row took one of `statuses`, by number, else by a name of that branch alone.

    NaT where the roster has no such member, far in the future where the member is still one.
    """
    # A row of the roster that is none of these, or has no date, lies after every day: someone who came back is a member.
    left = members["left_on"].where(members.says("status", *statuses), pd.NaT).fillna(pd.Timestamp.max.floor("s"))
    by_number = left.groupby(alike(members, *MEMBER)).transform("max")
    numbered = there(by_number, places(attendance, members, MEMBER)).where(attendance["member_no"].notna())
    unnumbered = attendance.says("member_no", "")
    if not unnumbered.any():
        return numbered
    by_name = left.where(~alike(_by_name(members), "branch", "folded").duplicated(keep=False))
    named = there(by_name, places(_by_name(attendance), _by_name(members), ("branch", "folded")))
    return numbered.where(~unnumbered, named.where(folded(attendance, "name") != ""))


@once
def _by_name(people: Table) -> Table:
    """The Table with the name as it is compared beside its columns."""
    return with_columns(people, folded=folded(people, "name"))


@once
def day_of(attendance: Table, activities: Table) -> "pd.Series[pd.Timestamp]":
    """The day on which each row signed in, else on which its activity began."""
    start = there(activities["starts_at"], places(attendance, activities, tuple(ACTIVITY)))
    return attendance["signed_at"].where(attendance["signed_at"].notna() | attendance.unreadable("signed_at"), start).dt.normalize()


@once
def people(attendance: Table) -> "pd.Series[str]":
    """Who each row is of, as a key within its branch: the member number, else the folded name; "" for guests without a number."""
    unnumbered = attendance.says("member_no", "")
    if not unnumbered.any():
        return attendance["member_no"]
    name = attendance["name"].where(~attendance["guest"].fillna(False).astype(bool), "").fillna("")
    known = "name " + fold_names(name[unnumbered & (name != "")])
    return attendance["member_no"].where(~unnumbered, known.reindex(name.index).fillna(""))


@once
def by_person(attendance: Table) -> Table:
    """The Table with `person` beside its columns: who each row is of."""
    return with_columns(attendance, person=people(attendance))


@rules.rule(
    "V002",
    severity=Severity.LOW,
    title="Sign-in that repeats another",
    message="This sign-in ({observed}) repeats the one at {expected}; {count} are alike. Compare with the original list, and delete what was entered twice.",
    basis="P",
    needs={"attendance": ("activity_no", "status")},
)
def signed_twice(attendance: Table, *, same_minute: int = 10) -> object:
    """One person signs in once a day; and `same_minute` people who sign at one and the same time were entered by one hand.

    A second row of a person that names another award is no second sign-in, nor are rows of works, of guests and of other days. Times without
    a clock (midnight) say nothing. The lists of a whole minute are one finding, at the second row.

    What to do: compare with the signed list.
    False alarm: a group that scans one QR code, where the export drops the seconds.

    same_minute = 3

    | attendance: activity_no | member_no | name | guest | signed_at        | status  | award  | ! |
    | A1                      | M001      | 甲   |       | 2015-05-04T14:00 | present |        |   |
    | A1                      | M001      | 甲   |       | 2015-05-04T14:05 | late    |        | x |
    | A1                      | M002      | 乙   |       | 2015-05-04T14:01 | present |        |   |
    | A1                      | M002      | 乙   |       |                  | present | 一等奖 |   |
    | A2                      | M003      | 丙   |       | 2015-05-04T09:00 | present |        |   |
    | A2                      | M003      | 丙   |       | 2015-05-05T09:00 | present |        |   |
    | A3                      | M001      | 甲   |       |                  | entered |        |   |
    | A3                      | M001      | 甲   |       |                  | entered |        |   |
    | A4                      |           | 家属 | yes   |                  | present |        |   |
    | A4                      |           | 家属 | yes   |                  | present |        |   |
    | A4                      |           | 丁   |       |                  | present |        |   |
    | A4                      |           | 丁   |       |                  | present |        | x |
    | A5                      | M001      | 甲   |       | 2015-06-04T14:00 | present |        |   |
    | A5                      | M002      | 乙   |       | 2015-06-04T14:00 | present |        | x |
    | A5                      | M003      | 丙   |       | 2015-06-04T14:00 | present |        |   |
    | A6                      | M001      | 甲   |       | 2015-07-04       | present |        |   |
    | A6                      | M002      | 乙   |       | 2015-07-04       | present |        |   |
    | A6                      | M003      | 丙   |       | 2015-07-04       | present |        |   |
    """
    twice, name = _entered_twice(attendance), attendance["name"]
    at = attendance["signed_at"]
    one_by_one = attendance.says("status", *ON_THE_SPOT) & twice.isna() & (at != at.dt.normalize()) & at.notna()
    rows = attendance.frame[one_by_one & attendance["activity_no"].notna()]
    together = rows.groupby(alike(attendance, *ACTIVITY, "signed_at")[rows.index], sort=False)["_row"]
    count = together.transform("size")
    second = count.index[(count >= same_minute) & (together.cumcount() == 1)]
    crowded = (count >= same_minute).reindex(name.index, fill_value=False)
    first = earlier(attendance, [*ACTIVITY, "signed_at"], [], crowded)
    return (
        Flags(twice.notna(), observed=name, other=twice, count=Everywhere(2), column="name"),
        Flags(attendance.none() | name.index.isin(second), other=first, count=count.reindex(name.index), column="signed_at"),
    )


@once
def _entered_twice(attendance: Table) -> "pd.Series[int]":
    """For each second sign-in of a person on one day of an activity the index of the first; NA for the rest and for rows of another award."""
    # Rows without a time are of one day.
    day = attendance["signed_at"].dt.normalize().fillna(pd.Timestamp(0))
    keyed = with_columns(by_person(attendance), day=day)
    first = earlier(keyed, [*ACTIVITY, "person", "day"], ["signed_at"], attendance.says("status", *ON_THE_SPOT))
    now, before = beside(attendance, first, ["award"])
    again = (now["award"] == "") | (now["award"] == before["award"])
    return first.where(again.reindex(first.index, fill_value=False))


@rules.rule(
    "V003",
    severity=Severity.MEDIUM,
    title="In two places at once",
    message="{observed} signed in here while at another activity (see {expected}). One of the two sign-ins is wrong; correct it.",
    basis="P",
    flags="name",
    needs={"attendance": ("activity_no", "status"), "activities": ("activity_no", "starts_at")},
)
def in_two_places(attendance: Table, activities: Table) -> object:
    """Nobody is at two activities whose times overlap. One that ends when the other begins does not; activities longer than a day are left out.

    An activity without an end is not compared. The sign-in at the one that began later is flagged.

    What to do: compare both lists with the originals.
    False alarm: someone who left the first activity early.

    | attendance: activity_no | member_no | name | status  | ! |
    | A1                      | M001      | 甲   | present |   |
    | A2                      | M001      | 甲   | present | x |
    | A3                      | M001      | 甲   | present |   |
    | A4                      | M001      | 甲   | present |   |
    | A1                      | M002      | 乙   | present |   |
    | A2                      | M002      | 乙   | leave   |   |
    | A5                      | M001      | 甲   | present |   |

    | activities: activity_no | starts_at        | ends_at          |
    | A1                      | 2015-05-04T09:00 | 2015-05-04T11:30 |
    | A2                      | 2015-05-04T11:00 | 2015-05-04T12:00 |
    | A3                      | 2015-05-04T12:00 | 2015-05-04T13:00 |
    | A4                      | 2015-05-03T09:00 | 2015-05-05T17:00 |
    | A5                      | 2015-05-04T10:00 |                  |
    """
    once = activities.where(~alike(activities, *ACTIVITY).duplicated(keep=False))
    at = places(attendance, once, tuple(ACTIVITY))
    short = holds(once["ends_at"] - once["starts_at"] <= pd.Timedelta(days=1), at)
    came_then = attendance.says("status", *ON_THE_SPOT) & filled(by_person(attendance), "person") & short
    day = there(once["starts_at"].dt.normalize(), at)
    number = alike(with_columns(by_person(attendance), day=day), "branch", "person", "day")[came_then]
    number = number[number.duplicated(keep=False)]
    if number.empty:
        return attendance.none()
    rows = attendance.frame.loc[number.index, ACTIVITY].assign(number=number, at=number.index)
    rows = rows.assign(**{column: there(once[column], at)[rows.index] for column in ("starts_at", "ends_at")})
    pairs = rows.merge(rows, on="number", suffixes=("", "_first"))
    later = (pairs["starts_at_first"] < pairs["starts_at"]) | (
        (pairs["starts_at_first"] == pairs["starts_at"]) & (pairs["at_first"] < pairs["at"])
    )
    pairs = pairs[later & (pairs["activity_no"] != pairs["activity_no_first"]) & (pairs["starts_at"] < pairs["ends_at_first"])]
    pairs = pairs[pairs["ends_at"] > pairs["starts_at"]]
    other = pairs.groupby("at")["at_first"].min().reindex(attendance.frame.index).astype("Int64")
    return Flags(other.notna(), other=other)


@rules.rule(
    "V011",
    severity=Severity.HIGH,
    title="Signed in by someone who could not be there",
    message="“{column}” is {observed}, but the roster or the list says {expected}. Find out who signed, and whether the activity took place.",
    basis="S20",
    needs={"attendance": ("status",), "members": ("member_no", "status", "left_on"), "activities": ("starts_at",)},
)
def could_not_be_there(attendance: Table, members: Table, activities: Table) -> object:
    """A dead or transferred member on a sign-in list, or a signature of somebody who is marked as on leave or absent, is how invented activities show.

    The day of the transfer itself is not flagged. A signature is a sign-in time, or the person's own name under “Signed by”; who is only ticked
    off as present, without either, is V001's.

    What to do: ask those who were there; compare the signatures.
    False alarm: a change of status entered with the wrong date.

    | attendance: activity_no | member_no | name | status  | signed_at        | signed_by | ! |
    | A1                      | M001      | 甲   | present | 2015-05-04T13:55 | 甲        | x |
    | A1                      | M002      | 乙   | present |                  | 乙        | x |
    | A1                      | M002      | 乙   | present |                  |           |   |
    | A1                      | M003      | 丙   | present |                  |           |   |
    | A1                      | M004      | 丁   | leave   |                  |           |   |
    | A1                      | M004      | 丁   | leave   | 2015-05-04T13:55 |           | x |
    | A1                      | M005      | 戊   | absent  |                  | 戊        | x |
    | A1                      | M005      | 戊   | leave   |                  | 周志远    |   |
    | A1                      | M006      | 己   | present |                  |           |   |

    | members: member_no | name | status      | left_on    |
    | M001               | 甲   | deceased    | 2015-03-01 |
    | M002               | 乙   | transferred | 2015-03-01 |
    | M003               | 丙   | transferred | 2015-05-04 |
    | M004               | 丁   | active      |            |
    | M005               | 戊   | active      |            |
    | M006               | 己   | left        | 2015-03-01 |

    | activities: activity_no | title | starts_at        |
    | A1                      | 棋赛  | 2015-05-04T14:00 |
    """
    left = left_on(attendance, members, ("transferred", "deceased"))
    signed = attendance["signed_at"].notna()
    by_own_hand = signed | agrees(attendance, "signed_by", attendance, "name", attendance.frame.index.to_numpy()) & ~attendance.says(
        "name", ""
    )
    gone = came(attendance) & by_own_hand & (left < day_of(attendance, activities))
    away = attendance.says("status", "leave", "absent") & by_own_hand
    numbered = ~attendance.says("member_no", "")
    expected = day_text(left)
    times = attendance["signed_at"][away]
    written = times.dt.strftime("%Y-%m-%dT%H:%M").where(signed[away], attendance["signed_by"][away])
    return (
        Flags(gone & numbered, expected=expected, column="member_no"),
        Flags(gone & ~numbered, expected=expected, column="name"),
        Flags(away, expected=written, column="status"),
    )


@rules.rule(
    "V023",
    severity=Severity.HIGH,
    title="Sign-in list copied from another",
    message="{count} people signed in here in the same order and at the same distances of time as at {expected}. Find out whether the activity took place.",
    basis="S20",
    flags="signed_at",
    needs={"attendance": ("activity_no", "status")},
)
def copied_list(attendance: Table, *, fewest: int = 8, percent: int = 95) -> object:
    """The same people come to many activities; that they sign in the same order at the same distances of time does not happen twice.

    Two lists are compared by each person's minutes after the first one; `percent` of the longer list and `fewest` people must agree. Lists
    without sign-in times, or with one time for most people, are not compared. One finding a list, at its first sign-in.

    What to do: look for the papers and photos of both activities; ask those who are on the list.
    False alarm: small branches where the same people come are not flagged; their times differ.

    fewest = 3

    | attendance: activity_no | member_no | status  | signed_at        | ! |
    | A1                      | M001      | present | 2015-05-04T13:50 |   |
    | A1                      | M002      | present | 2015-05-04T13:53 |   |
    | A1                      | M003      | present | 2015-05-04T13:58 |   |
    | A2                      | M001      | present | 2015-06-04T08:20 | x |
    | A2                      | M002      | present | 2015-06-04T08:23 |   |
    | A2                      | M003      | present | 2015-06-04T08:28 |   |
    | A3                      | M001      | present | 2015-07-04T08:20 |   |
    | A3                      | M002      | present | 2015-07-04T08:24 |   |
    | A3                      | M003      | present | 2015-07-04T08:28 |   |
    | A4                      | M001      | present | 2015-08-04T09:00 |   |
    | A4                      | M002      | present | 2015-08-04T09:00 |   |
    | A4                      | M003      | present | 2015-08-04T09:00 |   |
    | A5                      | M001      | present | 2015-09-04T09:00 |   |
    | A5                      | M002      | present | 2015-09-04T09:00 |   |
    | A5                      | M003      | present | 2015-09-04T09:00 |   |
    """
    timed = attendance.says("status", *ON_THE_SPOT) & attendance["signed_at"].notna() & filled(by_person(attendance), "person")
    if not timed.any():
        return attendance.none()
    rows = by_person(attendance).frame.loc[timed, [*ACTIVITY, "signed_at", "person"]].rename_axis("at").reset_index()
    of_list = rows.groupby(ACTIVITY)
    rows = rows.assign(gap=rows["signed_at"] - of_list["signed_at"].transform("min"), size=of_list["at"].transform("size"))
    lists = (
        rows.sort_values("signed_at", kind="stable")
        .groupby(ACTIVITY, as_index=False)
        .agg(begun=("signed_at", "first"), first=("at", "first"))
    )
    telling = rows[(rows["size"] >= fewest) & (rows.groupby(ACTIVITY)["gap"].transform("nunique") * 2 > rows["size"])].merge(
        lists, on=ACTIVITY
    )
    pairs = telling.merge(telling, on=["branch", "person", "gap"], suffixes=("", "_old"))
    pairs = pairs[(pairs["begun_old"] < pairs["begun"]) & (pairs["activity_no_old"] != pairs["activity_no"])]
    same = pairs.groupby(["first", "first_old", "size", "size_old"]).size().rename("count").reset_index()
    longer = same[["size", "size_old"]].max(axis=1)
    copied = same[same["count"] * 100 >= longer * percent].sort_values("first_old").drop_duplicates("first").set_index("first")
    found = copied.reindex(attendance.frame.index)
    return Flags(found["count"].notna(), other=found["first_old"].astype("Int64"), count=found["count"])


@rules.rule(
    "V024",
    severity=Severity.MEDIUM,
    title="People present are not those on the list",
    message="{observed} are said to have been present; the sign-in list has {expected}. Correct the number, or complete the list.",
    basis="P",
    flags="present",
    needs={"activities": ("present",), "attendance": ("activity_no", "status")},
)
def not_those_on_list(activities: Table, attendance: Table, members: Table | None = None) -> object:
    """The number of those present is that of the sign-in list, where there is one. Counting guests, families, both or neither is right.

    A list whose only differences are rows entered twice (V002) or strangers (V001) is not flagged again.

    What to do: count the signed list again.
    False alarm: staff and helpers who did not sign.

    | activities: activity_no | present | ! | expected |
    | A1                      | #2      |   |          |
    | A2                      | #5      | x | 2        |
    | A3                      | #3      |   |          |
    | A4                      | #5      |   |          |
    | A5                      | #30     |   |          |
    | A6                      | #1      |   |          |

    | attendance: activity_no | member_no | name | status  | guest | family |
    | A1                      | M001      | 甲   | present |       |        |
    | A1                      | M002      | 乙   | late    |       |        |
    | A1                      | M003      | 丙   | leave   |       |        |
    | A2                      | M001      | 甲   | present |       |        |
    | A2                      | M002      | 乙   | present |       |        |
    | A3                      | M001      | 甲   | present |       | #2     |
    | A4                      | M001      | 甲   | present |       | #3     |
    | A4                      |           | 家属 | present | yes   |        |
    | A6                      | M001      | 甲   | present |       |        |
    | A6                      | M001      | 甲   | present |       |        |
    """
    present = attendance.says("status", *ON_THE_SPOT)
    said_again = _entered_twice(attendance).notna()
    if members is not None:
        said_again |= _strangers(attendance, members)
    guests = attendance["guest"].fillna(False).astype(bool)
    counted = {
        "rows": present.astype("int64"),
        "guests": (present & guests).astype("int64"),
        "family": attendance["family"].fillna(0).where(present, 0).astype("int64"),
        "again": (present & said_again).astype("int64"),
        "unread": attendance.unreadable("status"),
    }
    number = alike(attendance, *ACTIVITY)
    sums = pd.DataFrame(counted).groupby(number).sum()
    at = sums.reindex(there(number, places(activities, attendance, tuple(ACTIVITY)))).set_axis(activities.frame.index)
    wrong = (at["rows"] > 0) & (at["unread"] == 0) & activities["present"].notna()
    for columns in product(("guests", None), ("family", None), ("again", None)):
        if not wrong.any():
            break
        parts = [at[column] * (1 if column == "family" else -1) for column in columns if column]
        wrong &= ~(activities["present"] == sum(parts, at["rows"])).fillna(False).astype(bool)
    return Flags(wrong, expected=at["rows"].astype("Int64").astype("str"))
