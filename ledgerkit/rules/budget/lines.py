"""B rules on the budget itself: its lines against what was spent, its sums, its approval and its adjustments."""

from datetime import date

import pandas as pd

from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import headings
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, among, once, places
from ledgerkit.reading.cells import KEPT
from ledgerkit.rules.base import Because, Everywhere, Flags, RuleSet, day_text, money_text

rules = RuleSet()


@rules.rule(
    "B001",
    severity=Severity.HIGH,
    title="Spending on no budget line",
    message="{amount} is on no expense line of the budget (code: {observed}). Correct the code, or have the line approved first.",
    basis="S15",
    flags="budget_code",
    needs={"relief": ("budget_code",)},
)
def relief_without_line(relief: Table, lines: Table, policy: Policy) -> object:
    """Spending without a budget is forbidden (严禁无预算). Each payment names an expense line; a heading with sub-lines is no line to book on.

    Agency money (codes beginning 231) and payments made outside the union's accounts need no line.

    What to do: correct the code. If the line does not exist, have the budget adjusted before spending.
    False alarm: a new grant whose line was approved but not yet entered in the budget.

    | relief: voucher_no | fund    | budget_code | amount | ! |
    | V1                 | union   | 50204       | #900   |   |
    | V2                 | union   | 50299       | #900   | x |
    | V3                 | union   |             | #900   | x |
    | V4                 | outside |             | #900   |   |
    | V5                 | agency  | 231         | #900   |   |
    | V6                 | union   | 502         | #900   | x |
    | V7                 | union   | 401         | #900   | x |

    | lines: code | direction | is_parent |
    | 401         | income    | no        |
    | 502         | expense   | yes       |
    | 50204       | expense   | no        |
    """
    return _without_line(relief, lines, policy) & ~relief.says("fund", "outside") & relief["fund"].notna()


@rules.also("B001", flags="budget_code", needs={"activities": ("budget_code",)})
def activity_without_line(activities: Table, lines: Table, policy: Policy) -> object:
    """An activity that cost money names an expense line.

    | activities: activity_no | budget_code | actual_cost | ! |
    | A1                      |             | #0          |   |
    | A2                      |             | #100        | x |
    | A3                      | 50102       | #100        |   |

    | lines: code | direction | is_parent |
    | 50102       | expense   | no        |
    """
    return _without_line(activities, lines, policy) & (activities["actual_cost"] > 0)


@rules.also("B001", flags="budget_code", needs={"expenses": ("budget_code",)})
def expense_without_line(expenses: Table, lines: Table, policy: Policy) -> object:
    """Every other expense names an expense line.

    | expenses: voucher_no | item | budget_code | amount | ! |
    | E1                   | 球拍 | 50102       | #100   |   |
    | E2                   | 球拍 | 60102       | #100   | x |

    | lines: code | direction | is_parent |
    | 50102       | expense   | no        |
    """
    return _without_line(expenses, lines, policy)


def _without_line(spending: Table, lines: Table, policy: Policy) -> "pd.Series[bool]":
    """Mask of the rows whose code is no expense line of their branch; agency codes need none."""
    there = pd.Series(places(spending, _open_lines(lines), ("branch", "budget_code"), ("branch", "code")) >= 0, index=spending.frame.index)
    return ~there & ~spending.begins("budget_code", policy.agency_codes) & spending["budget_code"].notna()


@once
def _open_lines(lines: Table) -> Table:
    """The expense lines that are no headings."""
    return lines.where(lines.says("direction", "expense") & ~lines["is_parent"])


@rules.rule(
    "B002",
    severity=Severity.HIGH,
    title="Line over its budget",
    message="{observed} was spent on a line of {expected}: {amount} too much. Have an adjustment approved, or move what was booked on the wrong line.",
    basis="S15",
    flags="approved",
)
def over_budget(lines: Table, cells: Table) -> object:
    """A line may spend what was approved plus its adjustments (严禁超预算). What counts is what the ledgers show; lines without ledgers, what is booked.

    A line that misses an amount which is negative and does not say that it reverses another (G008) is not compared.

    What to do: look for payments on the wrong line; otherwise have the adjustment approved and enter it with its number.
    False alarm: a reclassification at the year's end that is not entered yet.

    | lines: code | direction | is_parent | is_agency | available | actual  | booked  | ! | expected |
    | 50204       | expense   | no        | no        | 1000.00   | 1000.00 | 1000.00 |   |          |
    | 50205       | expense   | no        | no        | 1000.00   | 1000.01 |         | x | 1000.00  |
    | 50206       | expense   | no        | no        | 1000.00   |         | 1200.00 | x | 1000.00  |
    | 502         | expense   | yes       | no        | 1000.00   | 2000.01 |         |   |          |
    | 401         | income    | no        | no        | 1000.00   | 1500.00 | 1500.00 |   |          |
    """
    spent, open_line = _spent(lines), _open(lines)
    excess = spent - lines["available"]
    doubtful = open_line & ~lines["compared"].fillna(True) & (lines["used_by"].fillna("") != "")
    # What is already over stays over, but for money that was perhaps taken back; of another line nobody can say that it is not.
    taken_back = cells.frame.loc[cells.says("field", "amount") & cells.says("case", "sign"), "branch"]
    over = (open_line & (excess > 0)).fillna(False) & ~(doubtful & lines["branch"].isin(taken_back))
    doubtful &= ~over
    missed = ", ".join(sorted(lines.frame.loc[doubtful, "code"]))
    return Flags(over, observed=money_text(spent), expected=money_text(lines["available"]), amount=excess, why_not=missed)


@rules.rule(
    "B003",
    severity=Severity.INFO,
    title="Line used up early",
    message="{observed} of {expected} ({count} %) is spent, more than the year gone by accounts for. Look whether it will last.",
    basis="S15",
    flags="approved",
)
def used_up_early(lines: Table, year: int, as_of: date, *, points: int = 20) -> object:
    """A warning during the year: a line of which more is spent than the part of the year gone by and `points` per cent of the line.

    At the year's end it is not run; what is over the budget then is B002.

    What to do: plan the rest of the year, or have an adjustment prepared in time.
    False alarm: lines that are spent at once, such as the Spring Festival's.

    year = 2015
    as_of 2015-07-02

    | lines: code | direction | is_parent | is_agency | available | actual  | booked | ! | expected |
    | 50102       | expense   | no        | no        | 1000.00   | 701.00  |        |   |          |
    | 50103       | expense   | no        | no        | 1000.00   | 702.00  |        | x | 1000.00  |
    | 50104       | expense   | no        | no        | 1000.00   |         | 900.00 | x | 1000.00  |
    | 501         | expense   | yes       | no        | 1000.00   | 900.00  |        |   |          |
    | 401         | income    | no        | no        | 1000.00   | 900.00  |        |   |          |
    """
    if as_of >= date(year, 12, 31):
        return Flags(lines.none(), not_run=Because(N_("only before the year's end")))
    gone, whole = max((as_of - date(year, 1, 1)).days + 1, 0), (date(year, 12, 31) - date(year, 1, 1)).days + 1
    spent, available = _spent(lines), lines["available"]
    early = _open(lines) & (spent * 100 * whole > available * (100 * gone + points * whole)) & (available > 0)
    return Flags(
        early, observed=money_text(spent), expected=money_text(available), amount=spent, count=spent * 100 // available.where(available > 0)
    )


def _spent(lines: Table) -> "pd.Series[int]":
    """What the ledgers show on each line; lines without ledgers, what is booked."""
    return lines["actual"].where(lines["actual"].notna(), lines["booked"])


def _open(lines: Table) -> "pd.Series[bool]":
    """Mask of the lines to spend on: expense lines that are no headings and no agency money."""
    return lines.says("direction", "expense") & ~lines["is_parent"] & ~lines["is_agency"]


@rules.rule(
    "B004",
    severity=Severity.ERROR,
    title="Heading is not the sum of its lines",
    message="“{column}” of this heading is {observed}, the lines under it add up to {expected}: {amount} apart. Correct whichever is wrong.",
    basis="S11",
    needs={"budget": ("code", "approved")},
)
def heading_not_sum(budget: Table, cells: Table, blanks: Table, policy: Policy) -> object:
    """A line whose code begins those of others is a heading: its own figures are those of the lines right under it, added up.

    Reports show the sum of the lines and leave the heading's own figures out of every sum.

    What to do: add the lines up again; look for a line that is missing, doubled or has another heading's code.
    False alarm: figures rounded to 万元; enter them to the fen.

    | budget: code | direction | prior | approved | adjustment | booked | ! | expected |
    | 501          | expense   | #900  | #1000    |            | #800   |   |          |
    | 50101        | expense   | #900  | #600     |            | #500   |   |          |
    | 50102        | expense   |       | #400     |            | #300   |   |          |
    | 502          | expense   |       | #1000    | #50        |        | x |          |
    | 50201        | expense   |       | #600     |            | #500   |   |          |
    | 50202        | expense   |       | #300     |            | #300   | x | 310.00   |
    | 5020201      | expense   |       | #310     |            |        |   |          |
    | 503          | expense   |       | #100     |            | #90    |   |          |
    | 50301        | expense   |       | #100     | #20        |        |   |          |
    | 231          | agency_in |       | #0       |            |        |   |          |
    | 23101        | agency_in |       | #50      |            |        |   |          |
    """
    if not headings(budget.frame).any():
        return budget.none()
    outside = budget["code"].str.startswith(policy.agency_codes)
    unsure = budget["branch"].isin(_rejecting(cells, ("code", "approved")) | _rejecting(blanks, ("code", "approved")))
    flags = []
    for column in ("approved", "adjustment", "prior", "booked"):
        sums, unread = _sums_below(budget, column)
        compared = sums.notna() & budget[column].notna() & ~outside
        compared &= (budget[column] != 0) if column == "adjustment" else ~budget.none()
        difference = (budget[column] - sums).abs()
        missed = sorted(budget.frame.loc[compared & (unread | unsure), "code"])
        wrong = compared & ~unread & ~unsure & (difference > 0)
        flags.append(Flags(wrong, expected=money_text(sums), amount=difference, column=column, why_not=", ".join(missed)))
    return tuple(flags)


def _rejecting(found: Table, columns: tuple[str, ...]) -> set[str]:
    """Branches with a budget line of which one of some cells is blank or could not be read, so that sums may miss it."""
    of_budget = found.frame[(found["ledger"] == "budget") & found["field"].isin(columns)]
    unread = of_budget[~of_budget["fault"].isin(KEPT)] if "fault" in of_budget else of_budget
    return set(unread["branch"])


def _sums_below(budget: Table, column: str) -> "tuple[pd.Series[int], pd.Series[bool]]":
    """For each heading the sum of the figures right under it (NA where none is filled in), and whether one of them could not be read.

    Lines that leave the figure blank are passed over, so that the lines below them count. A blank adjustment is 0, on a heading none.
    """
    values, unread = budget[column], budget.unreadable(column)
    filled = values.notna() & ((values != 0) | ~headings(budget.frame)) if column == "adjustment" else values.notna()
    above = _above(budget.frame, filled)
    lines = list(zip(budget["branch"], budget["code"], strict=True))
    under = pd.Series(list(zip(budget["branch"], above, strict=True)), index=values.index, dtype="object")
    sums: dict[tuple[str, str], int] = {}
    for line, value in zip(under[filled], values[filled].tolist(), strict=True):
        sums[line] = sums.get(line, 0) + value
    lost = set(under[unread])
    return (
        pd.Series([sums.get(line) for line in lines], index=values.index, dtype="Int64"),
        pd.Series([line in lost for line in lines], index=values.index, dtype="bool"),
    )


def _above(frame: pd.DataFrame, filled: "pd.Series[bool]") -> list[str]:
    """The nearest filled line above each line: the longest code that its own begins with; "" where there is none."""
    known = set(zip(frame.loc[filled, "branch"], frame.loc[filled, "code"], strict=True))
    return [
        next((code[:cut] for cut in range(len(code) - 1, 0, -1) if (branch, code[:cut]) in known), "")
        for branch, code in zip(frame["branch"], frame["code"], strict=True)
    ]


@rules.rule(
    "B005",
    severity=Severity.HIGH,
    title="Budget runs into a deficit",
    message="Balance brought forward and income less spending come to {observed}. Lower the spending, or show the income that covers it.",
    basis="S12",
    flags="approved",
)
def deficit(lines: Table, cells: Table, blanks: Table) -> object:
    """Spend within what comes in (量入为出): opening balance and income, less spending, is never below zero, adjustments included.

    Headings and agency money stand outside.

    What to do: lower a spending line, or enter the income that covers it, by the procedure for adjustments.
    False alarm: an opening balance that was entered too low or not yet settled.

    | lines: code | direction | available | is_parent | is_agency | ! |
    | opening     | opening   | 100.00    | no        | no        | x |
    | 401         | income    | 50.00     | no        | no        |   |
    | 502         | expense   | 150.00    | yes       | no        |   |
    | 50201       | expense   | 150.01    | no        | no        |   |
    | 231         | agency_in | 900.00    | no        | yes       |   |
    | closing     | closing   | 10.00     | no        | no        |   |
    """
    counted = ~lines["is_parent"] & ~lines["is_agency"]
    signs = lines["direction"].map({"opening": 1, "income": 1, "expense": -1}).astype("Int64")
    balance = (lines["available"] * signs).where(counted).groupby(lines["branch"]).transform("sum")
    opening = counted & lines.says("direction", "opening")
    first = opening & ~lines.frame[opening].duplicated("branch").reindex(opening.index, fill_value=False)
    columns = ("code", "direction", "approved", "adjustment")
    unread = lines["branch"].isin(_rejecting(cells, columns) | _rejecting(blanks, columns))
    without = sorted(set(lines["branch"]) - set(lines.frame.loc[opening, "branch"]))
    why_not = [f"上年结余 is not in the budget ({branch})" if branch else "上年结余 is not in the budget" for branch in without]
    why_not += sorted(lines.frame.loc[first & unread, "code"])
    return Flags(first & ~unread & (balance < 0), observed=money_text(balance), amount=-balance, why_not=", ".join(why_not))


@rules.rule(
    "B006",
    severity=Severity.HIGH,
    title="Budget adjusted out of order",
    message="“{column}” of an adjustment of {amount}: {observed}; needed: {expected}. Have the adjustment approved by the procedure, and enter its number.",
    basis="S13",
    needs={"budget": ("code", "adjustment_no")},
)
def adjusted_out_of_order(budget: Table, year: int, *, times: int = 1) -> object:
    """An adjustment has an approval with a number, is made within the year, and `times` a year.

    A heading needs no number of its own. Adjustments that bring in a grant from above (403) are not counted; of several adjustments the
    later ones are flagged, once each.

    What to do: enter the number and the date of the approval; an adjustment that nobody approved is taken back.
    False alarm: grants from above that come late; units that may adjust more often, set `times`.

    year = 2015

    | budget: code | direction | approved | adjustment | adjustment_no | adjusted_on | ! |
    | 403          | income    | #1000    | #500       | 调2号         | 2015-06-01  |   |
    | 501          | expense   | #1000    | #100       |               |             |   |
    | 50101        | expense   | #1000    | #100       |               | 2015-08-14  | x |
    | 50102        | expense   | #1000    | #100       | 调1号         | 2015-08-14  |   |
    | 50103        | expense   | #1000    | #-100      | 调1号         | 2015-08-14  |   |
    | 50104        | expense   | #1000    | #500       | 调2号         | 2015-06-01  |   |
    | 50201        | expense   | #1000    | #-100      | 调3号         | 2015-10-20  | x |
    | 50202        | expense   | #1000    | #100       | 调3号         | 2015-10-20  |   |
    | 50203        | expense   | #1000    | #100       | 调1号         | 2016-01-08  | x |
    | 50204        | expense   | #1000    |            |               |             |   |
    """
    adjusted, number = budget["adjustment"] != 0, budget["adjustment_no"]
    bare = adjusted & (number == "") & ~headings(budget.frame)
    closed = pd.Timestamp(year, 12, 31)
    late = adjusted & (budget["adjusted_on"] > closed)
    rows = budget.frame[adjusted.fillna(False) & (number != "")].sort_values("adjusted_on", kind="stable")
    granted = rows.loc[rows["code"].str.startswith("403"), ["branch", "adjustment_no"]]
    first = rows[~among(rows, granted)].drop_duplicates(["branch", "adjustment_no"])
    again = first.index[first.groupby("branch").cumcount() >= times]
    amount, index = budget["adjustment"].abs(), budget.frame.index
    return (
        Flags(bare, amount=amount, column="adjustment_no"),
        Flags(late, expected=Everywhere(f"<= {closed:%Y-%m-%d}"), amount=amount, column="adjusted_on"),
        Flags(~late & index.isin(again), expected=Everywhere(f"<= {times}"), amount=amount, column="adjustment_no"),
    )


@rules.rule(
    "B008",
    severity=Severity.MEDIUM,
    title="Budget approved long after the first spending",
    message="The budget was approved on {observed}, money was spent from {expected} on. Have what was spent before confirmed, and pass the budget earlier.",
    basis="S13",
    flags="approved_on",
    needs={"budget": ("code",)},
)
def approved_late(budget: Table, payments: Table, year: int, *, grace_days: int = 90) -> object:
    """The committee passes the budget before money is spent. Budgets are passed in February or March and the Spring Festival comes before: `grace_days`.

    One finding a branch. Agency money and payments outside the union's accounts do not count.

    What to do: enter the day of the first approval; note the interim authority where there was one.
    False alarm: an interim authority for the first months.

    year = 2015

    | budget: code | approved_on | ! | expected   |
    | 501          | 2015-04-16  | x | 2015-01-15 |
    | 502          | 2015-04-16  |   |            |

    | payments: paid_on | amount | fund  |
    | 2015-01-15        | 100.00 | union |
    | 2015-01-02        | 100.00 | agency |
    | 2014-12-30        | 100.00 | union |
    """
    counted = ~payments.says("fund", "outside", "agency") & (payments["paid_on"].dt.year == year)
    firsts = payments.frame[counted].groupby("branch")["paid_on"].min()
    begun = firsts.reindex(budget["branch"]).set_axis(budget["branch"].index)
    passed = budget["approved_on"].groupby(budget["branch"]).transform("min")
    late = (budget["approved_on"] == passed) & (passed > begun + pd.Timedelta(days=grace_days))
    first = late & ~budget.frame[late].duplicated("branch").reindex(late.index, fill_value=True)
    return Flags(first, expected=day_text(begun), amount=Everywhere(pd.NA))


@rules.rule(
    "B010",
    severity=Severity.MEDIUM,
    title="Code not in the chart of accounts",
    message="{observed} is below no account of the chart for its direction ({expected}). Correct the code, or the direction.",
    basis="S11",
    flags="code",
)
def not_in_chart(lines: Table, policy: Policy, year: int, *, last_year: int = 2022) -> object:
    """Income and expense lines are accounts of the chart (policy: budget.chart) or stand below its last ones: 401 to 408 for income, 501 to 508 for spending.

    The chart shipped is that of 2009, good up to `last_year`, the year of the change-over; the codes that follow it could not be verified, so
    later years are not judged unless you set the chart and `last_year`.

    What to do: look up the account; sub-accounts of your own stand below one of these.
    False alarm: the year in which the chart changes.

    year = 2015

    | lines: code | direction | is_agency | ! | expected |
    | 401         | income    | no        |   |          |
    | 40101       | income    | no        |   |          |
    | 501         | expense   | no        |   |          |
    | 5010201     | expense   | no        |   |          |
    | 50109       | expense   | no        | x | 501..508 |
    | 601         | expense   | no        | x | 501..508 |
    | 40101       | expense   | no        | x | 501..508 |
    | 上年结余    | opening   | no        |   |          |
    | 23101       | agency_in | yes       |   |          |
    """
    if year > last_year:
        return Flags(lines.none(), not_run=Because(N_("no chart of accounts is known for {year}"), (("year", str(year)),)))
    found, expected = lines.none(), pd.Series("", index=lines.frame.index)
    for direction, digit in (("income", "4"), ("expense", "5")):
        known = sorted(code for code in policy.chart if code.startswith(digit))
        last = tuple(code for code, longer in zip(known, [*known[1:], ""], strict=True) if not longer.startswith(code))
        there = lines["code"].isin(known) | lines["code"].str.startswith(last)
        found |= (lines["direction"] == direction) & ~there
        expected = expected.mask(lines["direction"] == direction, f"{known[0]}..{known[-1]}" if known else "")
    return Flags(found & ~lines["is_agency"].fillna(False), expected=expected)


@rules.rule(
    "B014",
    severity=Severity.INFO,
    title="Spending bunched, or the budget not used",
    message="December's share of the spending, or the share of the budget that was spent, is {observed}; usual is {expected}. Ask why.",
    basis="P",
)
def unevenly_spent(
    lines: Table, payments: Table, year: int, as_of: date, *, december_percent: int = 30, least_percent: int = 50, fewest: int = 10
) -> object:
    """At the year's end, a branch at a time: more than `december_percent` of the year's spending in December, or less than `least_percent` of the
    budget spent, or more than all of it. A statistic, no proof; it stands at the branch's first expense line.

    Guards: not before 31 December; every line's spending is known; December needs `fewest` payments with a date. Festival gifts and warmth before the New Year are left out of it.

    What to do: look at what was paid in the last days; ask why lines were not used.
    False alarm: gifts for the New Year entered as something else.

    year = 2015
    as_of 2015-12-31
    fewest = 3

    | lines: code | direction | is_parent | is_agency | available | actual | ! |
    | 501         | expense   | yes       | no        | 1000.00   | 400.00 |   |
    | 50101       | expense   | no        | no        | 1000.00   | 400.00 | x |
    | 50102       | expense   | no        | no        | 0.00      | 0.00   |   |

    | payments: category | paid_on    | amount | fund   |
    | festival           | 2015-12-20 | 900.00 | union  |
    |                    | 2015-03-01 | 150.00 | union  |
    |                    | 2015-06-01 | 150.00 | union  |
    |                    | 2015-12-20 | 200.00 | union  |
    |                    | 2015-03-01 | 900.00 | agency |
    """
    if as_of < date(year, 12, 31):
        return Flags(lines.none(), not_run=Because(N_("only at the year's end")))
    on = _open(lines)
    branch = lines["branch"]
    # What misses an amount is not compared, in its whole branch.
    known = ~branch.isin(branch[on & (~lines["compared"].fillna(True) | _spent(lines).isna() | lines["available"].isna())])
    first = on & known & ~lines.frame[on].duplicated("branch").reindex(on.index, fill_value=True)
    spent, available = (branch.map(amounts.where(on).groupby(branch).sum()) for amounts in (_spent(lines), lines["available"]))
    paid = payments.frame[
        ~payments.says("fund", "outside", "agency") & payments.says("part_of", "") & (payments["paid_on"].dt.year == year)
    ]
    paid = paid[~paid["category"].isin(["festival", "warmth"])]
    whole, last = (branch.map(rows.groupby("branch")["amount"].sum()) for rows in (paid, paid[paid["paid_on"].dt.month == 12]))
    many = branch.map(paid.groupby("branch").size()) >= fewest
    little, much = spent * 100 < available * least_percent, spent > available
    usual = pd.Series("<= 1.0000", index=on.index).mask(little.fillna(False), f">= {least_percent / 100:.4f}")
    bunched, at_most = many & (last * 100 > whole * december_percent), Everywhere(f"<= {december_percent / 100:.4f}")
    return (
        Flags(first & (little | much), observed=_ratios(spent, available), expected=usual, amount=spent, column="approved"),
        Flags(first & bunched, observed=_ratios(last, whole), expected=at_most, amount=last, column="booked"),
    )


def _ratios(parts: "pd.Series[int]", wholes: "pd.Series[int]") -> "pd.Series[str]":
    """part ÷ whole to four decimals as text, NA where it cannot be had."""
    pairs = zip(parts, wholes, strict=True)
    return pd.Series(
        [None if pd.isna(part) or pd.isna(whole) else money.ratio(int(part), int(whole)) for part, whole in pairs], index=parts.index
    )
