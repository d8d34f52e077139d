"""B rules: spending against the budget's lines."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import show
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet

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
    return _without_line(relief, lines, policy) & (relief["fund"] != "outside")


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
    over = (lines["direction"] == "expense") & ~lines["is_parent"] & ~lines["is_agency"] & (excess > 0)
    return Flags(over, observed=_shown(spent), expected=_shown(lines["available"]), amount=excess)


def _shown(amounts: "pd.Series[int]") -> "pd.Series[str]":
    return amounts.map(show, na_action="ignore")
