"""D rules: what was paid for each month against what the wage gives, and the months for which nothing was paid."""

from datetime import date

import numpy as np
import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE, months_of
from ledgerkit.model.period import month, month_of, show_month
from ledgerkit.model.table import Table, alike, once, places, there
from ledgerkit.rules.base import Flags, RuleSet, day_text, earlier, money_text, month_text
from ledgerkit.rules.workdays import working_days

rules = RuleSet()

MEMBER = ["branch", "member_no"]


@rules.rule(
    "D001",
    severity=Severity.MEDIUM,
    title="Dues are not what the wage gives",
    message="{observed} was paid; the wage base gives {expected}, less what was waived: {amount} apart. Settle the difference, or correct the base.",
    basis="S1",
    flags="paid",
    needs={"dues": ("period", "paid")},
)
def paid_not_due(dues: Table, months: Table, year: int, *, tolerance: int = 1) -> object:
    """Dues of a month are 0.5 % of the wage base without the part below ten yuan (policy: dues). What was waived counts as paid.

    The base is that of the row, else the member's nearest one in the year, else the roster's. `tolerance` is in fen. A month in several
    payments is D007's, a month without any D015's.

    What to do: collect or refund the difference next month. If the wage changed, enter the base from that month on; in dues with a column a month, begin a second row for the member in that month.
    False alarm: a unit that rounds to whole yuan or drops more of the wage; set it under dues in the policy.

    year = 2015

    | dues: member_no | period  | paid   | ! | expected |
    | M001            | 2015-01 | #15.40 |   |          |
    | M001            | 2015-02 | #15.41 |   |          |
    | M001            | 2015-03 | #14.40 | x | 15.40    |
    | M001            | 2015-04 | #7.70  |   |          |
    | M001            | 2015-05 | #15.40 | x | 7.70     |
    | M001            | 2015-06 | #0     |   |          |
    | M001            | 2015-07 | #15.44 |   |          |
    | M002            | 2015-01 | #15.44 |   |          |
    | M001            | 2014-12 | #15.44 |   |          |
    | M003            | 2015-01 | #15    |   |          |

    | months: member_no | month | due   | waived | payments | unread |
    | M001              | 1     | 15.40 | 0      | 1        | no     |
    | M001              | 2     | 15.40 | 0      | 1        | no     |
    | M001              | 3     | 15.40 | 0      | 1        | no     |
    | M001              | 4     | 15.40 | 7.70   | 1        | no     |
    | M001              | 5     | 15.40 | 7.70   | 1        | no     |
    | M001              | 6     | 15.40 | 0      | 0        | no     |
    | M001              | 7     | 15.40 | 0      | 1        | yes    |
    | M002              | 1     |       | 0      | 1        | no     |
    | M003              | 1     | 15.00 | 0      | 1        | no     |
    """
    of = of_month(dues, months, year)
    expected = (of["due"] - of["waived"]).clip(lower=0)
    difference = (dues["paid"] - expected).abs()
    alone = (dues["paid"] > 0) & (of["payments"] == 1) & ~of["unread"]
    return Flags(alone & (difference > tolerance), expected=money_text(expected), amount=difference)


@rules.rule(
    "D006",
    severity=Severity.MEDIUM,
    title="Six months or more unpaid",
    message="No dues were paid for {observed}: {count} months in a row. Talk to the member; who stays away without cause is deemed to have left.",
    basis="S40",
    flags="member_no",
    needs={"dues": ("member_no", "period", "paid"), "members": ("member_no", "status")},
)
def unpaid_run(members: Table, months: Table, dues: Table, year: int, *, run: int = 6) -> object:
    """Who pays nothing for six months (`run`) without cause, takes no part and is not persuaded is deemed to have left. Relief paid meanwhile is X001's.

    A month waived in full counts as paid. A month of which something could not be read is neither paid nor unpaid.

    What to do: find out why. Collect the arrears, enter the waiver with its reason and approval, or correct the status on the roster.
    False alarm: sick leave or another exemption that is not entered yet; dues kept in a file that was not given to this run.

    year = 2015

    | members: member_no | name | status | joined_on | ! |
    | M001               | 甲   | active |           | x |
    | M002               | 乙   | active |           |   |
    | M003               | 丙   | active |           |   |
    | M004               | 丁   | active | 2月30日   |   |
    | M005               | 戊   | active |           |   |

    | months: member_no | month | owed | due | paid | waived | unread |
    | M001              | 3     | yes  | 15  | 0    | 0      | no     |
    | M001              | 4     | yes  | 15  | 0    | 5      | no     |
    | M001              | 5     | yes  |     | 0    | 0      | no     |
    | M001              | 6     | yes  | 15  | 0    | 0      | no     |
    | M001              | 7     | yes  | 15  | 0    | 0      | no     |
    | M001              | 8     | yes  | 15  | 0    | 0      | no     |
    | M002              | 1     | yes  | 15  | 0    | 0      | no     |
    | M002              | 2     | yes  | 15  | 0    | 0      | no     |
    | M002              | 3     | yes  | 15  | 0    | 0      | no     |
    | M002              | 4     | yes  | 15  | 0    | 15     | no     |
    | M002              | 5     | yes  | 15  | 0    | 0      | no     |
    | M002              | 6     | yes  | 15  | 0    | 0      | no     |
    | M002              | 7     | yes  | 15  | 0    | 0      | no     |
    | M003              | 1     | yes  | 15  | 0    | 0      | no     |
    | M003              | 2     | yes  | 15  | 0    | 0      | no     |
    | M003              | 3     | yes  | 15  | 0    | 0      | yes    |
    | M003              | 4     | yes  | 15  | 0    | 0      | no     |
    | M003              | 5     | yes  | 15  | 0    | 0      | no     |
    | M003              | 6     | yes  | 15  | 0    | 0      | no     |
    | M004              | 1     | yes  | 15  | 0    | 0      | no     |
    | M004              | 2     | yes  | 15  | 0    | 0      | no     |
    | M004              | 3     | yes  | 15  | 0    | 0      | no     |
    | M004              | 4     | yes  | 15  | 0    | 0      | no     |
    | M004              | 5     | yes  | 15  | 0    | 0      | no     |
    | M004              | 6     | yes  | 15  | 0    | 0      | no     |
    | M005              | 1     | no   | 15  | 0    | 0      | no     |
    | M005              | 2     | no   | 15  | 0    | 0      | no     |
    | M005              | 3     | no   | 15  | 0    | 0      | no     |
    | M005              | 4     | no   | 15  | 0    | 0      | no     |
    | M005              | 5     | no   | 15  | 0    | 0      | no     |
    | M005              | 6     | no   | 15  | 0    | 0      | no     |

    | dues: member_no | period  | paid |
    | M001            | 2015-01 | #15  |
    """
    unpaid = _unpaid(months)
    if unpaid.empty:
        return Flags(members.none())
    runs = _runs(unpaid)
    return _at_members(members, dues, runs[runs["count"] >= run], year)


@rules.rule(
    "D007",
    severity=Severity.MEDIUM,
    title="Month paid twice",
    message="{observed} was paid for a month that is paid at {expected} already: {amount} over its dues. Refund it, or enter the month it was meant for.",
    basis="P",
    flags="paid",
    needs={"dues": ("period", "paid")},
)
def paid_twice(dues: Table, months: Table, year: int, *, tolerance: int = 1) -> object:
    """Several payments for one month come to more than its dues. Part payments that come to its dues, or to less, are no fault.

    Payments count in order of their dates; the one that goes over the dues is flagged, with what is over. `tolerance` is in fen.

    What to do: compare with the payroll list. Refund the excess, or correct the month.
    False alarm: a late payment entered under the month it came in; enter the month it was for.

    year = 2015

    | dues: member_no | period  | paid   | paid_on    | ! |
    | M001            | 2015-01 | #15.40 | 2015-02-10 | x |
    | M001            | 2015-01 | #15.40 | 2015-01-10 |   |
    | M001            | 2015-02 | #7.70  | 2015-02-10 |   |
    | M001            | 2015-02 | #7.70  | 2015-02-20 |   |
    | M001            | 2015-02 | #7.70  | 2015-03-10 | x |
    | M001            | 2015-03 | #30.80 | 2015-03-10 |   |
    | M001            | 2015-03 | #0     | 2015-03-20 |   |
    | M001            | 2015-04 | #5     | 2015-04-10 |   |
    | M001            | 2015-04 | #5     | 2015-04-20 |   |

    | months: member_no | month | due   | waived | payments | unread |
    | M001              | 1     | 15.40 | 0      | 2        | no     |
    | M001              | 2     | 15.40 | 0      | 3        | no     |
    | M001              | 3     | 15.40 | 0      | 1        | no     |
    | M001              | 4     | 15.40 | 0      | 2        | no     |
    """
    of = of_month(dues, months, year)
    one_of_several = ((dues["paid"] > 0) & (of["payments"] > 1) & ~of["unread"]).fillna(False)
    if not one_of_several.any():
        return Flags(dues.none())
    by = [*MEMBER, "period"]
    in_order = dues.frame[one_of_several].sort_values(["paid_on", "_src", "_row", "_col"], kind="stable")
    so_far = in_order.groupby(by, sort=False)["paid"].cumsum().reindex(dues.frame.index)
    over = so_far - (of["due"] - of["waived"]).clip(lower=0)
    other = earlier(dues, by, ["paid_on"], one_of_several)
    return Flags(other.notna() & (over > tolerance), amount=over.where(over < dues["paid"], dues["paid"]), other=other)


@rules.rule(
    "D008",
    severity=Severity.MEDIUM,
    title="Paid before joining or after leaving",
    message="{amount} was paid for {observed}; the membership says {expected}. Refund it, or correct the date on the roster.",
    basis="S40",
    flags="period",
    needs={"dues": ("member_no", "period", "paid"), "members": ("member_no", "status")},
)
def paid_outside_membership(dues: Table, members: Table, *, grace_months: int = 0) -> object:
    """Dues are owed from the month of joining (of moving in, where later) to that of leaving, both counted. Retired members are M004's.

    What to do: compare with the roster. Refund the dues, or correct the month, or the date on the roster.
    False alarm: arrears settled after leaving and entered under the month they came in; enter the month they were for, or set `grace_months`.

    | dues: member_no | period  | paid | paid_on    | ! | expected   |
    | M001            | 2015-01 | #15  | 2015-01-10 | x | >= 2015-02 |
    | M001            | 2015-02 | #15  | 2015-02-10 |   |            |
    | M002            | 2015-04 | #15  | 2015-04-10 | x | >= 2015-05 |
    | M003            | 2015-06 | #15  | 2015-06-10 |   |            |
    | M003            | 2015-05 | #15  | 2015-11-10 |   |            |
    | M003            | 2015-07 | #15  | 2015-07-10 | x | <= 2015-06 |
    | M003            | 2015-08 | #0   |            |   |            |
    | M004            | 2015-07 | #15  | 2015-07-10 |   |            |
    | M005            | 2015-01 | #15  | 2015-01-10 |   |            |
    | M999            | 2015-01 | #15  | 2015-01-10 |   |            |

    | members: member_no | status      | joined_on  | moved_in_on | left_on    |
    | M001               | active      | 2015-02-10 |             |            |
    | M002               | active      | 2001-01-01 | 2015-05-04  |            |
    | M003               | transferred | 2001-01-01 |             | 2015-06-30 |
    | M004               | retired     | 2001-01-01 |             | 2015-06-30 |
    | M005               | left        |            |             |            |
    """
    at = places(dues, members, tuple(MEMBER))
    since = pd.concat([months_of(members["joined_on"]), months_of(members["moved_in_on"])], axis=1).max(axis=1).astype("Int64")
    until = months_of(members["left_on"]).where(members.says("status", *GONE))
    first, last = there(since, at), there(until, at)
    early = (dues["period"] < first - grace_months).fillna(False)
    late = (dues["period"] > last + grace_months).fillna(False)
    outside = (early | late) & (dues["paid"] > 0)
    return Flags(outside & early, expected=">= " + month_text(first)), Flags(outside & ~early, expected="<= " + month_text(last))


@rules.rule(
    "D009",
    severity=Severity.MEDIUM,
    title="Dues waived without a reason",
    message="{amount} of dues was waived and no reason is given. Enter the reason, and who approved it.",
    basis="S3",
    flags="waiver_reason",
    needs={"dues": ("waived", "waiver_reason")},
)
def waived_without_reason(dues: Table) -> object:
    """Dues are waived for a reason and with approval; without either a missing payment could be hidden behind it.

    What to do: enter the reason with the approval's number or date, or collect the dues.
    False alarm: none known.

    | dues: member_no | period  | paid | waived | waiver_reason | ! |
    | M001            | 2015-01 | #0   | #15    | 病假半年      |   |
    | M002            | 2015-01 | #0   | #15    |               | x |
    | M003            | 2015-01 | #15  |        |               |   |
    """
    return Flags((dues["waived"] > 0) & dues.says("waiver_reason", ""), amount=dues["waived"])


@rules.rule(
    "D010",
    severity=Severity.MEDIUM,
    title="Cash dues banked late",
    message="{amount} in cash, collected on {expected}, came to the bank on {observed} only. Say where it was kept meanwhile, and bank cash at once.",
    basis="S39",
    flags="banked_on",
    needs={"dues": ("paid_on",)},
)
def banked_late(dues: Table, *, days: int = 5) -> object:
    """Cash that is collected goes to the bank whole, within `days` working days, and is not spent on the way (不得坐支).

    Working days are Monday to Friday without the public holidays, with the Saturdays and Sundays worked instead. A blank day of banking is not judged.

    What to do: compare with the deposit slip; correct the mistyped day.
    False alarm: holidays are left out already.

    | dues: member_no | period  | paid | method   | paid_on    | banked_on  | ! | expected   |
    | M001            | 2015-09 | #15  | cash     | 2015-09-30 | 2015-10-13 |   |            |
    | M002            | 2015-09 | #15  | cash     | 2015-09-30 | 2015-10-14 | x | 2015-09-30 |
    | M003            | 2015-09 | #15  | transfer | 2015-09-30 | 2015-10-15 |   |            |
    | M004            | 2015-09 | #15  | cash     | 2015-09-30 |            |   |            |
    """
    late = working_days(dues["paid_on"], dues["banked_on"]) > days
    return Flags(dues.says("method", "cash") & (dues["paid"] > 0) & late, expected=day_text(dues["paid_on"]))


@rules.rule(
    "D015",
    severity=Severity.LOW,
    title="Months unpaid",
    message="No dues were paid for {observed} ({count} months in all). Collect them, or enter the waiver with its reason.",
    basis="S1",
    flags="member_no",
    needs={"dues": ("member_no", "period", "paid"), "members": ("member_no", "status")},
)
def months_unpaid(members: Table, months: Table, dues: Table, year: int, as_of: date, *, grace_months: int = 1) -> object:
    """Every month of membership up to the run's date owes dues. One finding names all unpaid months of a member; a run of six or more is D006.

    A month waived in full counts as paid, one paid in part is D001's. Who is not in the dues at all is M005's.

    What to do: ask the group's clerk whether the payment is missing from the list; collect what is missing.
    False alarm: someone who joined in the last month (`grace_months`, counted up to the run's date) is not flagged yet.

    year = 2015
    as_of 2015-12-31

    | members: member_no | name | status | ! |
    | M001               | 甲   | active | x |
    | M002               | 乙   | active |   |
    | M003               | 丙   | active |   |

    | months: member_no | month | owed | due | paid | waived | unread |
    | M001              | 1     | yes  | 15  | 0    | 0      | no     |
    | M001              | 2     | yes  | 15  | 15   | 0      | no     |
    | M001              | 3     | yes  | 15  | 0    | 0      | no     |
    | M001              | 4     | yes  | 15  | 0    | 10     | no     |
    | M002              | 1     | yes  | 15  | 5    | 0      | no     |
    | M002              | 2     | yes  | 15  | 0    | 15     | no     |
    | M002              | 3     | yes  | 15  | 0    | 0      | yes    |
    | M002              | 4     | yes  | 0   | 0    | 0      | no     |
    | M002              | 5     | no   | 15  | 0    | 0      | no     |
    | M003              | 12    | yes  | 15  | 0    | 0      | no     |

    | dues: member_no | period  | paid |
    | M001            | 2015-02 | #15  |
    """
    unpaid = _unpaid(months)
    if unpaid.empty:
        return Flags(members.none())
    owed = months.frame[months["owed"].fillna(False).astype(bool)]
    since = owed.groupby(alike(months, *MEMBER)[owed.index])["month"].transform("min") + month(year, 1) - 1
    old_enough = owed.index[since <= month_of(as_of) - grace_months]
    return _at_members(members, dues, _runs(unpaid[unpaid.index.isin(old_enough)]), year)


@rules.rule(
    "D016",
    severity=Severity.INFO,
    title="Dues of the year before",
    message="These are dues of {observed}, paid in the books' year: {amount} in this year's dues income, and not in this year's dues owed. Nothing to correct if the month is right.",
    basis="P",
    flags="period",
    needs={"dues": ("period", "paid")},
)
def dues_of_last_year(dues: Table, year: int) -> object:
    """December's dues are often deducted in January. They are income of the year they came in (401), and no dues owed for it.

    What to do: nothing, if the month is right; look whether last year's books left them as unpaid.
    False alarm: this is information, not a fault.

    year = 2015

    | dues: member_no | period  | paid | paid_on    | ! |
    | M001            | 2014-12 | #15  | 2015-01-09 | x |
    | M002            | 2014-12 | #15  | 2014-12-09 |   |
    | M003            | 2015-01 | #15  | 2015-01-09 |   |
    | M004            | 2015-12 | #15  | 2016-01-09 |   |
    | M005            | 2013-12 | #15  | 2015-01-09 |   |
    """
    return (dues["period"] // 12 == year - 1) & (dues["paid_on"].dt.year == year) & (dues["paid"] > 0)


@once
def of_month(dues: Table, months: Table, year: int) -> pd.DataFrame:
    """due, waived, payments, unread and wage_base of each dues row's month, aligned with the rows; NA (unread: False) for other years' months."""
    persons, at = alike(months, *MEMBER).to_numpy(), places(dues, months, tuple(MEMBER))
    number = (dues["period"] - month(year, 1) + 1).where(at >= 0)
    inside = number.between(1, 12).fillna(False).to_numpy(dtype=bool)
    wanted = np.where(inside, persons[at] * 13 + number.fillna(0).to_numpy(dtype="int64"), -1)
    rows = pd.Index(persons * 13 + months["month"].to_numpy(dtype="int64")).get_indexer(wanted)
    whole = pd.DataFrame({column: there(months[column], rows) for column in ("due", "waived", "payments", "unread", "wage_base")})
    return whole.assign(unread=whole["unread"].fillna(False).astype(bool))


@once
def _unpaid(months: Table) -> pd.DataFrame:
    """The owed months for which nothing was paid, in order, with what is owed for each; a month waived in full is paid."""
    owed = (months["due"] - months["waived"]).clip(lower=0)
    nothing = months["owed"] & (months["paid"] == 0) & ~months["unread"] & (owed != 0).fillna(months["waived"] == 0)
    unpaid = months.frame[[*MEMBER, "month"]].assign(owed=owed)[nothing.fillna(False).astype(bool)]
    return unpaid.sort_values([*MEMBER, "month"], kind="stable")


def _runs(unpaid: pd.DataFrame) -> pd.DataFrame:
    """Unpaid months that follow each other as one row each: first, last, count, owed (NA where no month's dues are known)."""
    start = unpaid["month"] - unpaid.groupby(MEMBER).cumcount()
    runs = unpaid.assign(start=start).groupby([*MEMBER, "start"], sort=False)
    ends = runs["month"].agg(["min", "max", "size"]).set_axis(["first", "last", "count"], axis=1)
    return ends.assign(owed=runs["owed"].sum(min_count=1)).reset_index()


def _at_members(members: Table, dues: Table, runs: pd.DataFrame, year: int) -> Flags:
    """Flags at the roster's rows: the member's runs as text, their months counted and their dues added up.

    Silent for a branch that gave no dues at all, and for a member whose status or first day could not be read.
    """
    start = month(year, 1) - 1
    shown = [show_month(first + start) + (f"..{show_month(last + start)}" if last > first else "") for first, last in _ends(runs)]
    by_member = runs.assign(text=pd.Series(shown, index=runs.index, dtype="str")).groupby(MEMBER)
    sums = pd.DataFrame(
        {"text": by_member["text"].agg(", ".join), "count": by_member["count"].sum(), "owed": by_member["owed"].sum(min_count=1)}
    )
    at = sums.reindex(pd.MultiIndex.from_frame(members.frame[MEMBER])).set_axis(members.frame.index)
    unsure = members.unreadable("status") | members.unreadable("joined_on") | members.unreadable("moved_in_on")
    flagged = at["count"].notna() & ~members.frame.duplicated(MEMBER) & members["branch"].isin(dues["branch"]) & ~unsure
    return Flags(flagged, observed=at["text"], amount=at["owed"].astype("Int64"), count=at["count"])


def _ends(runs: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(first), int(last)) for first, last in zip(runs["first"], runs["last"], strict=True)]
