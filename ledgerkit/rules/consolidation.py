"""X007: what a union and those below it have booked of the same money."""

from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import REMITTED
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, money_text

rules = RuleSet()


@rules.rule(
    "X007",
    severity=Severity.HIGH,
    title="Money between two levels does not cancel",
    message={
        "granted": "The union has {observed} on this line, those below it have booked {expected} for the same money: {amount} does not cancel. Find the transfer that one of the two has not booked, or has on another line.",
        "remitted": "The union has {observed} on this line as received from below, those below it remitted {expected}: {amount} does not cancel. Find the transfer that one of the two has not entered, or has on another line.",
    },
    basis="S11",
    flags="booked",
    merge_only=True,
)
def not_mirrored(eliminated: Table) -> object:
    """What a union grants to those below it is their income, and what they send up is a receipt of the union above: both sides are one transfer and agree to the fen.

    The pairs of lines are the policy's (`merge.eliminate`). Only what is on both sides is taken out of the federation's sums. Where a book
    is missing, or an amount cannot be read, nothing is said of what might be in it; what a union keeps of the remittances may be less than
    what those below sent, where the pair is `passed_on`.

    What to do: set the transfers of the year beside each other by voucher and day; book the one that is missing, or move the one that is on another line.
    False alarm: money in transit over the year's end; remittances that the tax office collects and pays over later, or to another level; a grant that came from a higher union than the one above.

    | eliminated: pair       | code | other_code          | booked  | mirrored | difference | because       | ! |
    | 506-403                | 506  | 403                 | 3000.00 | 3000.00  | 0.00       |               |   |
    | 506-403                | 506  | 403                 | 3000.00 | 2000.00  | 1000.00    |               | x |
    | 506-403                | 506  | 403                 | 2999.99 | 3000.00  | 0.01       |               | x |
    | 506-403                | 506  | 403                 | 3000.00 | 2000.00  |            | child_missing |   |
    | 506-403                | 506  | 403                 |         | 2000.00  |            | parent_missing |   |
    | 402-remittance.remitted | 402 | remittance.remitted | 500.00  | 400.00   | 100.00     |               | x |
    | 402-remittance.remitted | 402 | remittance.remitted | 300.00  | 400.00   |            | passed_on     |   |
    """
    case = eliminated["other_code"].map(lambda code: "remitted" if code == REMITTED else "granted").astype("str")
    return Flags(
        eliminated["difference"] > 0,
        observed=money_text(eliminated["booked"]),
        expected=money_text(eliminated["mirrored"]),
        amount=eliminated["difference"],
        case=case,
    )
