"""B rules: spending against the budget's lines."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.reading.cells import KEPT
from ledgerkit.reading.sheet import is_parent
from ledgerkit.rules.base import Flags, RuleSet, money_text

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
    return _without_line(relief, lines, policy) & (relief["fund"] != "outside").fillna(False) & relief["fund"].notna()


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
    open_lines = lines.frame[(lines["direction"] == "expense") & ~lines["is_parent"]]
    known = pd.MultiIndex.from_frame(open_lines[["branch", "code"]])
    there = pd.Series(pd.MultiIndex.from_frame(spending.frame[["branch", "budget_code"]]).isin(known), index=spending.frame.index)
    agency = spending["budget_code"].fillna("").str.startswith(policy.agency_codes)
    return ~there & ~agency & spending["budget_code"].notna()


@rules.rule(
    "B002",
    severity=Severity.HIGH,
    title="Line over its budget",
    message="{observed} was spent on a line of {expected}: {amount} too much. Have an adjustment approved, or move what was booked on the wrong line.",
    basis="S15",
    flags="approved",
)
def over_budget(lines: Table) -> object:
    """A line may spend what was approved plus its adjustments (严禁超预算). What counts is what the ledgers show; lines without ledgers, what is booked.

    What to do: look for payments on the wrong line; otherwise have the adjustment approved and enter it with its number.
    False alarm: a reclassification at the year's end that is not entered yet.

    | lines: code | direction | is_parent | is_agency | available | actual  | booked  | ! | expected |
    | 50204       | expense   | no        | no        | 1000.00   | 1000.00 | 1000.00 |   |          |
    | 50205       | expense   | no        | no        | 1000.00   | 1000.01 |         | x | 1000.00  |
    | 50206       | expense   | no        | no        | 1000.00   |         | 1200.00 | x | 1000.00  |
    | 502         | expense   | yes       | no        | 1000.00   | 2000.01 |         |   |          |
    | 401         | income    | no        | no        | 1000.00   | 1500.00 | 1500.00 |   |          |
    """
    spent = lines["actual"].where(lines["actual"].notna(), lines["booked"])
    excess = spent - lines["available"]
    open_line = (lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"]
    over = (open_line & (excess > 0)).fillna(False)
    # What is already over stays over; of another line that may miss an amount nobody can say that it is not.
    doubtful = open_line & ~lines["compared"].fillna(True) & (lines["used_by"].fillna("") != "") & ~over
    missed = ", ".join(sorted(lines.frame.loc[doubtful, "code"]))
    return Flags(over, observed=money_text(spent), expected=money_text(lines["available"]), amount=excess, why_not=missed)


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
    heading = budget.frame.groupby("branch")["code"].transform(is_parent).astype(bool)
    filled = values.notna() & ((values != 0) | ~heading) if column == "adjustment" else values.notna()
    above = _headings(budget.frame, filled)
    line = pd.MultiIndex.from_frame(budget.frame[["branch", "code"]])
    under = [budget["branch"], above]
    sums = values[filled].groupby([part[filled] for part in under]).sum()
    lost = unread.groupby(under).any()
    return (
        pd.Series(sums.reindex(line).array, index=values.index).astype("Int64"),
        pd.Series(lost.reindex(line).fillna(False).to_numpy(dtype=bool), index=values.index),
    )


def _headings(frame: pd.DataFrame, filled: "pd.Series[bool]") -> "pd.Series[str]":
    """The nearest filled line above each line: the longest code that its own begins with; "" where there is none."""
    known = set(zip(frame.loc[filled, "branch"], frame.loc[filled, "code"], strict=True))
    found = [
        next((code[:cut] for cut in range(len(code) - 1, 0, -1) if (branch, code[:cut]) in known), "")
        for branch, code in zip(frame["branch"], frame["code"], strict=True)
    ]
    return pd.Series(found, index=frame.index, dtype="str")


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
    opening = counted & (lines["direction"] == "opening")
    first = opening & ~lines.frame[opening].duplicated("branch").reindex(opening.index, fill_value=False)
    columns = ("code", "direction", "approved", "adjustment")
    unread = lines["branch"].isin(_rejecting(cells, columns) | _rejecting(blanks, columns))
    without = sorted(set(lines["branch"]) - set(lines.frame.loc[opening, "branch"]))
    named = f" ({', '.join(without)})" if lines["branch"].nunique() > 1 else ""
    why_not = [f"上年结余 is not in the budget{named}"] if without else []
    why_not += sorted(lines.frame.loc[first & unread, "code"])
    return Flags(first & ~unread & (balance < 0), observed=money_text(balance), amount=-balance, why_not=", ".join(why_not))
