"""M rules: who is on the roster, and what the roster says against itself and against the dues."""

from datetime import date

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE, months_of, owed_months
from ledgerkit.model.period import month_of
from ledgerkit.model.person import fold_name, id_birth
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, agrees, alike, among, filled, holds, once, opens, places, stands_in, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, beside, dangling, day_text, earlier, folded, resident_id, with_columns

rules = RuleSet()

MEMBER = ("branch", "member_no")


@rules.rule(
    "M001",
    severity=Severity.ERROR,
    title="One ID under two member numbers",
    message="This ID number is already on the roster at {expected}. Keep one row for the person, or correct the number.",
    basis="P",
    flags="id_no",
    needs={"members": ("id_no", "status")},
)
def id_twice(members: Table) -> object:
    """One person on the roster twice can be paid relief twice and owes dues twice.

    Someone who left and came back under a new number is not flagged: the first row has the day of leaving, the second that of joining again.

    What to do: keep one row; for someone who came back enter the day of leaving and that of joining again.
    False alarm: a re-hired member whose dates were not entered.

    | members: member_no | name | id_no              | status      | joined_on  | left_on    | ! |
    | M001               | 甲   | 11010119900307109X | active      |            |            |   |
    | M002               | 甲   | 11010119900307109X | active      |            |            | x |
    | M003               | 乙   | 110101198501021234 | active      |            |            |   |
    | M004               | 丙   |                    | active      |            |            |   |
    | M005               | 丁   |                    | active      |            |            |   |
    | M006               | 戊   | 110101197505051233 | left        | 2001-01-01 | 2015-03-31 |   |
    | M007               | 戊   | 110101197505051233 | active      | 2015-06-01 |            |   |
    | M008               | 己   | 110101196906061230 | transferred | 2001-01-01 | 2015-07-31 |   |
    | M009               | 己   | 110101196906061230 | active      | 2015-06-01 |            | x |
    """
    other = earlier(members, ["branch", "id_no"], ["joined_on", "member_no"])
    if other.isna().all():
        return members.none()
    now, before = beside(members, other, ["member_no", "status", "left_on", "joined_on", "moved_in_on"])
    same_number = now["member_no"] == before["member_no"]
    left = before["left_on"].where(before["status"].isin([*GONE, "retired", "retained"]))
    came_back = now[["joined_on", "moved_in_on"]].max(axis=1) >= left
    twice = ~(same_number | came_back).fillna(False).astype(bool)
    return Flags(twice.reindex(other.index, fill_value=False), other=other)


@rules.rule(
    "M003",
    severity=Severity.INFO,
    title="Same name and birth date, another ID",
    message="Same name and birth date as at {expected}, but another ID number. If it is one person, keep one row; namesakes need nothing.",
    basis="P",
    flags="id_no",
    needs={"members": ("id_no", "name")},
)
def namesake(members: Table) -> object:
    """Two people of one name born on one day are rare: often one ID was mistyped.

    What to do: compare the two documents.
    False alarm: true namesakes.

    | members: member_no | name   | birth_date | id_no              | ! |
    | M001               | 王 芳  | 1990-03-07 | 11010119900307109X |   |
    | M002               | 王芳   | 1990-03-07 | 110101199003071233 | x |
    | M003               | 王芳   | 1985-01-02 |                    |   |
    | M004               | 李静   | 1990-03-07 | 110101199003072316 |   |
    """
    birth = born(members)
    keyed = with_columns(members, folded=folded(members, "name"), born=birth)
    other = earlier(keyed, ["branch", "folded", "born"], ["member_no"], filled(members, "id_no"))
    if other.isna().all():
        return members.none()
    now, before = beside(members, other, ["id_no"])
    return Flags((now["id_no"] != before["id_no"]).reindex(other.index, fill_value=False), other=other)


@once
def born(members: Table) -> "pd.Series[pd.Timestamp]":
    """Birth dates as given, else those inside good resident IDs."""
    good = members["birth_date"].isna() & members.says("id_type", "resident_id") & resident_id(members)
    inside = members["id_no"][good].map(id_birth)
    return members["birth_date"].fillna(pd.Series(pd.to_datetime(inside), index=inside.index).astype("datetime64[s]"))


@rules.rule(
    "M004",
    severity=Severity.MEDIUM,
    title="Dues from a retired member",
    message="{amount} of dues was taken for {observed}, when the member was retired or kept membership without dues. Refund it, or correct the status or its date.",
    basis="S40",
    flags="period",
    needs={"dues": ("period", "paid"), "members": ("status",)},
)
def dues_from_exempt(dues: Table, members: Table, policy: Policy) -> object:
    """Retired members, and members whose membership is retained, pay no dues (policy: dues.exempt_statuses).

    What to do: refund the dues, or correct the roster's status or the day that it began.
    False alarm: the month of the retirement itself still owes dues and is not flagged. A blank date means before the books' year.

    | dues: member_no | period  | paid | ! |
    | M001            | 2015-06 | #15  |   |
    | M001            | 2015-07 | #15  | x |
    | M002            | 2015-01 | #15  | x |
    | M003            | 2015-07 | #15  |   |
    | M001            | 2015-08 | #0   |   |

    | members: member_no | name | status   | left_on    |
    | M001               | 甲   | retired  | 2015-06-20 |
    | M002               | 乙   | retained |            |
    | M003               | 丙   | active   |            |
    """
    at = places(dues, members, MEMBER)
    exempt, left = holds(members.says("status", *policy.exempt_statuses), at), there(months_of(members["left_on"]), at)
    after = (dues["period"] > left).fillna(left.isna())
    return exempt & after & (dues["paid"] > 0) & ~_left_unread(members, dues)


def _left_unread(members: Table, dues: Table) -> "pd.Series[bool]":
    """Mask of the dues rows whose member's date of change could not be read."""
    unread = members.unreadable("left_on")
    return among(dues.frame, members.frame.loc[unread, list(MEMBER)]) if unread.any() else dues.none()


@rules.rule(
    "M005",
    severity=Severity.MEDIUM,
    title="Roster and dues do not meet",
    message="Member {observed} stands in the roster or in the dues, but not in both. Add the missing row or correct the number.",
    basis="S15",
    flags="member_no",
    needs={"dues": ("member_no",), "members": ("member_no", "status")},
)
def absent_from_dues(members: Table, dues: Table, policy: Policy, year: int, as_of: date, *, grace_months: int = 1) -> object:
    """A member who owed dues this year and does not stand in the dues at all, or dues of someone who is not on the roster.

    What to do: ask the group's clerk whether the member was left out, then add the rows or correct the member number or the status.
    False alarm: someone who joined in the last month (`grace_months`, counted up to the run's date) is not flagged yet.

    year = 2015
    as_of 2015-12-31

    | members: member_no | name | status      | joined_on  | left_on    | ! |
    | M001               | 甲   | active      | 2010-01-01 |            |   |
    | M002               | 乙   | active      | 2010-01-01 |            | x |
    | M003               | 丙   | active      | 2015-12-10 |            |   |
    | M004               | 丁   | retired     |            |            |   |
    | M005               | 戊   | transferred | 2010-01-01 | 2014-11-30 |   |

    | dues: member_no | period  | paid |
    | M001            | 2015-01 | #15  |
    """
    unknown = members.any_unreadable("status", "joined_on", "moved_in_on", "left_on")
    owed = owed_months(members.frame, year, as_of, policy.exempt_statuses, unknown)
    listed = stands_in(members, dues, *MEMBER)
    old_enough = (owed["first"] <= month_of(as_of) - grace_months).fillna(False).astype(bool)
    has_dues = members["branch"].isin(dues["branch"])
    return old_enough & ~listed & has_dues


@rules.also("M005", flags="member_no", needs={"dues": ("member_no",), "members": ("member_no",)})
def absent_from_roster(dues: Table, members: Table) -> object:
    """Dues of a member number that the roster does not have.

    | dues: member_no | period  | paid | ! |
    | M001            | 2015-01 | #15  |   |
    | M999            | 2015-01 | #15  | x |

    | members: member_no | name |
    | M001               | 甲   |
    """
    return dangling(dues, "member_no", members, "member_no")


@rules.rule(
    "M006",
    severity=Severity.MEDIUM,
    title="Dates on the roster contradict each other",
    message="“{column}” is {observed}, which contradicts {expected}. Correct whichever is wrong.",
    basis="P",
    needs={"members": ("status",)},
)
def dates_contradict(members: Table, as_of: date, *, youngest: int = 16, oldest: int = 65) -> object:
    """Nobody leaves before joining, joins under 16 (at joining), or is an active member past 65.

    What to do: correct the date, or the status.
    False alarm: re-hired retirees; raise `oldest` in the policy where the branch has them.

    as_of 2015-12-31

    | members: member_no | status      | birth_date | joined_on  | left_on    | ! | expected   |
    | M001               | transferred |            | 2015-03-01 | 2015-02-01 | x | 2015-03-01 |
    | M002               | active      | 2000-06-01 | 2015-06-01 |            | x | 2000-06-01 |
    | M003               | active      | 1949-12-01 | 1980-01-01 |            | x | >= 1950-01-01 |
    | M004               | retired     | 1949-12-01 | 1980-01-01 |            |   |            |
    | M005               | active      | 1990-12-01 | 2015-01-01 |            |   |            |
    """
    birth, joined, left = born(members), members["joined_on"], members["left_on"]
    gone = members.says("status", *GONE, "retired", "retained")
    young = birth + pd.DateOffset(years=youngest) > joined
    limit = pd.Timestamp(as_of) - pd.DateOffset(years=oldest + 1)
    old = members.says("status", "active") & (birth <= limit)
    oldest_birth = f">= {limit + pd.Timedelta(days=1):%Y-%m-%d}"
    return (
        Flags(gone & (left < joined), expected=day_text(joined), column="left_on"),
        Flags(gone & (left < members["moved_in_on"]) & ~(left < joined), expected=day_text(members["moved_in_on"]), column="left_on"),
        Flags(young, expected=day_text(birth), column="joined_on"),
        Flags(old, expected=Everywhere(oldest_birth), observed=day_text(birth), column="birth_date"),
    )


@rules.rule(
    "M007",
    severity=Severity.HIGH,
    title="Where benefits are drawn is not settled",
    message="A dispatched or seconded member draws benefits in one place only, and it is not said where. Choose “Here” or “Employer” under “{column}”.",
    basis="S15",
    flags="benefit_location",
    needs={"members": ("employment", "benefit_location")},
)
def benefits_unsettled(members: Table) -> object:
    """A dispatched or seconded worker could receive relief from two unions: the employer's and the one of the place of work. One place only.

    What to do: settle it with the other union and choose Here or Employer.
    False alarm: someone who came back during the year; correct the form of employment.

    | members: member_no | employment | benefit_location | ! |
    | M001               | dispatched |                  | x |
    | M002               | seconded   | unclear          | x |
    | M003               | seconded   | here             |   |
    | M004               | permanent  |                  |   |
    | M005               | contract   | unclear          |   |
    """
    away = members.says("employment", "dispatched", "seconded")
    return away & members.says("benefit_location", "", "unclear") & ~members.unreadable("benefit_location")


@rules.rule(
    "M008",
    severity=Severity.MEDIUM,
    title="Name or ID is not the roster's",
    message="“{column}” is {observed}; the roster has {expected} under this member number. Correct the number, or the name or ID.",
    basis="P",
    flags="name",
    needs={"dues": ("member_no", "name"), "members": ("member_no", "name")},
)
def another_name_in_dues(dues: Table, members: Table) -> object:
    """A member number beside another person's name: one of the two is wrong, and the money stands in the wrong account.

    Names are compared without spaces and with one kind of middle dot. A number that the roster does not have, or has twice, is not compared.

    What to do: look up the number in the roster; correct whichever was mistyped, or enter the change of name in the roster.
    False alarm: a member who changed names, if the roster has the old one.

    | dues: member_no | period  | name   | paid | ! | expected |
    | M001            | 2015-01 | 王 芳  | #15  |   |          |
    | M002            | 2015-01 | 王芳   | #15  | x | 李静     |
    | M003            | 2015-01 |        | #15  |   |          |
    | M004            | 2015-01 | 赵六   | #15  |   |          |
    | M999            | 2015-01 | 王芳   | #15  |   |          |

    | members: member_no | name   |
    | M001               | 王芳   |
    | M002               | 李静   |
    | M003               | 孙晓雯 |
    | M004               | 周志远 |
    | M004               | 郑国栋 |
    """
    return _another(dues, members, "name", "name", opens(dues))


@rules.also("M008", needs={"relief": ("beneficiary",), "members": ("member_no", "name")})
def another_name_in_relief(relief: Table, members: Table) -> object:
    """Relief paid to the member: name and ID are the roster's. A family member beside the member's number has another name.

    | relief: voucher_no | member_no | beneficiary | beneficiary_type | relation | id_no              | ! | expected           |
    | V1                 | M001      | 王芳        | member           | self     | 11010119900307109X |   |                    |
    | V2                 | M001      | 李静        | member           |          |                    | x | 王芳               |
    | V3                 | M001      | 王小芳      | child            | child    | 110101198501021234 |   |                    |
    | V4                 | M001      | 王芳        | member           | self     | 110101198501021234 | x | 11010119900307109X |
    | V5                 | M001      | 王小芳      | family           | self     | 110101198501021234 | x | 王芳               |

    | members: member_no | name | id_no              |
    | M001               | 王芳 | 11010119900307109X |
    """
    own = relief.says("beneficiary_type", "member", "retiree") & relief.says("relation", "", "self")
    own |= relief.says("relation", "self")
    name = _another(relief, members, "beneficiary", "name", own)
    number = _another(relief, members, "id_no", "id_no", own & ~name.mask)
    return name, number


@rules.also("M008", flags="name", needs={"attendance": ("name",), "members": ("member_no", "name")})
def another_name_in_attendance(attendance: Table, members: Table) -> object:
    """A sign-in under another member's number.

    | attendance: activity_no | member_no | name | status  | ! |
    | A1                      | M001      | 王芳 | present |   |
    | A1                      | M001      | 李静 | present | x |
    | A1                      |           | 李静 | present |   |

    | members: member_no | name |
    | M001               | 王芳 |
    """
    return _another(attendance, members, "name", "name", ~attendance.none())


def _another(table: Table, members: Table, column: str, known: str, on: "pd.Series[bool]") -> Flags:
    """The rows of `on` whose cell is not what the roster has under their member number."""
    once = ~alike(members, *MEMBER).duplicated(keep=False)
    at = places(table, members, MEMBER)
    judged = on & filled(table, column) & holds(once & filled(members, known), at)
    # Folding is slow, and nearly all cells agree as they stand.
    ours = table[column][judged & ~agrees(table, column, members, known, at)]
    theirs = there(members[known], at[ours.index]).set_axis(ours.index)
    said = ours.map(fold_name) != theirs.map(fold_name)
    return Flags(said.reindex(table.frame.index, fill_value=False), expected=theirs, column=column)
