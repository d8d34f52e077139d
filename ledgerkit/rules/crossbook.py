"""X rules: one ledger against another, and all against the booked figures."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, money_text

rules = RuleSet()


@rules.rule(
    "X002",
    severity=Severity.HIGH,
    title="Dues collected are not the dues booked",
    message="401 is booked at {observed}, the dues ledger adds up to {expected}: {amount} apart. Find the payments missing from one of the two.",
    basis="P",
    flags="booked",
)
def dues_not_as_booked(lines: Table, dues: Table) -> object:
    """Dues income (401) is the sum of what the dues ledger says was paid, or of what was paid in the books' year where dues are booked as they come in.

    What to do: compare month by month. Typical causes: a month's payroll deduction not booked, dues kept in cash, a list not entered.
    False alarm: December deducted in January, on either basis, is accepted.

    | lines: code | direction | booked | actual | alternative | compared | is_parent | ! | expected |
    | 401         | income    | 100.00 | 100.00 | 90.00       | yes      | no        |   |          |
    | 401         | income    | 90.00  | 100.00 | 90.00       | yes      | no        |   |          |
    | 401         | income    | 95.00  | 100.00 | 90.00       | yes      | no        | x | 100.00   |
    | 401         | income    | 95.00  | 100.00 |             | yes      | no        | x | 100.00   |
    | 401         | income    | 95.00  | 100.00 |             | yes      | yes       | x | 100.00   |
    | 402         | income    | 95.00  | 100.00 |             | yes      | no        |   |          |

    | dues: member_no | period  | paid |
    | M001            | 2015-01 | #100 |
    """
    return _not_as_booked(lines, (lines["code"] == "401") & (lines["direction"] == "income"), lines["alternative"])


@rules.rule(
    "X003",
    severity=Severity.HIGH,
    title="Relief paid is not the relief booked",
    message="The line is booked at {observed}, relief and other ledgers on it add up to {expected}: {amount} apart. Find what is missing from one of the two.",
    basis="P",
    flags="booked",
)
def relief_not_as_booked(lines: Table, relief: Table) -> object:
    """On each line that relief uses, the books and the payment lists must agree to the fen.

    What to do: compare vouchers with the list; look for payments booked on another line.
    False alarm: payments from other funds entered with this line's code.

    | lines: code | direction | used_by | booked | actual | compared | is_parent | ! | expected |
    | 50204       | expense   | relief  | 100.00 | 100.00 | yes      | no        |   |          |
    | 50205       | expense   | relief  | 100.01 | 100.00 | yes      | no        | x | 100.00   |
    | 50206       | expense   | relief  | 100.01 | 100.00 | no       | no        |   |          |
    | 50207       | expense   | relief  |        | 100.00 | yes      | no        |   |          |
    | 50208       | expense   | other   | 100.01 | 100.00 | yes      | no        |   |          |

    | relief: voucher_no | amount |
    | V1                 | #100   |
    """
    return _not_as_booked(lines, (lines["direction"] == "expense") & ~lines["is_parent"] & (lines["used_by"] == "relief"))


@rules.rule(
    "X004",
    severity=Severity.HIGH,
    title="Spending is not as booked",
    message="The line is booked at {observed}, the ledgers on it add up to {expected}: {amount} apart. Find what is missing from one of the two.",
    basis="P",
    flags="booked",
)
def spending_not_as_booked(lines: Table) -> object:
    """On every other line that the ledgers use (activities, other expenses), the books and the ledgers must agree to the fen.

    What to do: compare vouchers with the ledger; look for bills booked on another line, or an activity entered before its bill was paid.
    False alarm: bills received and not yet paid at the year's end.

    | lines: code | direction | used_by | booked | actual | compared | is_parent | ! | expected |
    | 50102       | expense   | other   | 100.00 | 100.00 | yes      | no        |   |          |
    | 50103       | expense   | other   | 90.00  | 100.00 | yes      | no        | x | 100.00   |
    | 50104       | expense   |         | 90.00  | 0.00   | yes      | no        |   |          |
    | 50204       | expense   | relief  | 90.00  | 100.00 | yes      | no        |   |          |
    """
    return _not_as_booked(lines, (lines["direction"] == "expense") & ~lines["is_parent"] & (lines["used_by"] == "other"))


def _not_as_booked(lines: Table, on: "pd.Series[bool]", alternative: "pd.Series[int] | None" = None) -> Flags:
    """Lines whose booked figure is neither the ledgers' sum nor the alternative one; those that miss an amount are not compared."""
    booked = lines["booked"].notna()
    difference = (lines["booked"] - lines["actual"]).abs()
    # NA: nothing to compare with. A cash reading that cannot be had agrees with nothing.
    agrees = (difference == 0).fillna(True)
    if alternative is not None:
        agrees |= (lines["booked"] == alternative).fillna(False)
    missed = sorted(lines.frame.loc[on & ~lines["compared"] & (booked | lines["booked_unread"].fillna(False)), "code"])
    return Flags(
        on & booked & lines["compared"] & ~agrees,
        observed=money_text(lines["booked"]),
        expected=money_text(lines["actual"]),
        amount=difference,
        why_not=", ".join(missed),
    )
