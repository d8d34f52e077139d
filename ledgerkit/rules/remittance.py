"""R rules: what the employer remits, how it is split, when it is paid, and what of it is booked."""

from datetime import date
from fractions import Fraction

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.period import show_month
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, day_text, money_text

rules = RuleSet()


@rules.rule(
    "R001",
    severity=Severity.HIGH,
    title="Remittance due is not 2 % of payroll",
    message="{observed} is entered as due; the payroll gives {expected}: {amount} apart. Check the payroll with the wage sheet and settle the difference.",
    basis="S6",
    flags="due",
    needs={"remittance": ("payroll", "due", "channel")},
)
def due_not_of_payroll(remittance: Table, policy: Policy, *, per_mille: int = 5) -> object:
    """The employer remits 2 % of all wages (policy: remittance.rate) to the union. What is due is compared with the payroll on the same row.

    Differences up to `per_mille` of what the payroll gives are left out. Money that the treasury allots is compared by the year's sums and flagged at its last period.

    What to do: compare the payroll with the wage sheet: all staff, all pay. Ask the employer to make up the difference.
    False alarm: a settlement for the year in one month; enter its payroll with it.

    | remittance: period | payroll | due   | channel  | ! | expected |
    | 2015-01            | #100000 | #2000 | tax      |   |          |
    | 2015-02            | #100000 | #2010 | tax      |   |          |
    | 2015-03            | #100000 | #1500 | tax      | x | 2000.00  |
    | 2015-04            | #0      | #100  | own      | x | 0.00     |
    | 2015-05            | #1200000 | #24000 | own    |   |          |
    | 2015-06            | #100000 | #1500 | treasury |   |          |
    | 2015-12            | #100000 | #1500 | treasury | x | 4000.00  |
    """
    treasury = remittance.says("channel", "treasury")
    payroll, due = (_of_the_year(remittance[column], treasury, remittance["branch"]) for column in ("payroll", "due"))
    at_last = remittance.frame[treasury].sort_values("period", kind="stable").drop_duplicates("branch", keep="last").index
    spoken = (~treasury & ~remittance.unreadable("channel")) | remittance.frame.index.isin(at_last)
    expected = _part(payroll, policy.remittance_rate)
    difference = (due - expected).abs()
    unsummed = remittance.frame.loc[treasury & spoken & difference.isna(), "period"]
    return Flags(
        spoken & (difference * 1000 > expected * per_mille),
        observed=money_text(due),
        expected=money_text(expected),
        amount=difference,
        why_not=", ".join(show_month(int(period)) for period in unsummed),
    )


@rules.rule(
    "R002",
    severity=Severity.HIGH,
    title="Remittance is not split as it should be",
    message="{column} is {observed}; by the split it is {expected}: {amount} apart. Correct it, or remit what is missing.",
    basis="S8",
    needs={"remittance": ("due", "retained", "remitted")},
)
def split_wrong(remittance: Table, policy: Policy, *, tolerance: int = 1) -> object:
    """Of what is due 40 % goes up (policy: remittance.upper_share) and the rest, 60 %, stays with the grassroots union. `tolerance` is in fen.

    A row of which nothing was remitted is R003's.

    What to do: remit the missing part upwards, or correct the row. Where the local split is another, set upper_share.
    False alarm: finance, telecom, post and rail, and other local ratios.

    | remittance: period | due   | retained | remitted | ! | expected |
    | 2015-01            | #2000 | #1200    | #800     |   |          |
    | 2015-02            | #2000 | #1500    | #500     | x | 800.00   |
    | 2015-03            | #2000 | #1300    | #800     | x | 1200.00  |
    | 2015-04            | #2000 | #2000    | #0       |   |          |
    | 2015-05            | #0.99 | #0.59    | #0.40    |   |          |
    """
    paid = remittance["remitted"] > 0
    up = _part(remittance["due"], policy.upper_share)
    short = (remittance["remitted"] - up).abs()
    kept = remittance["due"] - remittance["remitted"]
    apart = (remittance["retained"] - kept).abs()
    wrong = paid & (short > tolerance)
    return (
        Flags(wrong, expected=money_text(up), amount=short, column="remitted"),
        Flags(paid & ~wrong & (apart > tolerance), expected=money_text(kept), amount=apart, column="retained"),
    )


@rules.rule(
    "R003",
    severity=Severity.MEDIUM,
    title="Remittance late",
    message="{amount} was to be paid by {expected}; paid on: {observed}. Pay what is outstanding, or correct the date.",
    basis="S7",
    flags="paid_on",
    needs={"remittance": ("period", "due", "remitted", "paid_on", "channel")},
)
def remitted_late(remittance: Table, policy: Policy, as_of: date) -> object:
    """A month's remittance is paid by the 15th of the month after it (policy: remittance.due_day); a row of several months counts from its last.

    A row of which nothing was remitted is late as soon as the run's date is past that day. Money that the treasury allots is left out.

    What to do: pay what is outstanding. Where the tax office collects by the quarter, enter a row a quarter, with its number of months.
    False alarm: a due day on a holiday; another local due day.

    as_of 2015-12-31

    | remittance: period | months | due   | remitted | paid_on    | channel  | ! | expected   |
    | 2015-01            |        | #2000 | #800     | 2015-02-15 | tax      |   |            |
    | 2015-02            |        | #2000 | #800     | 2015-03-16 | tax      | x | 2015-03-15 |
    | 2015-03            |        | #2000 | #800     | 2015-06-20 | treasury |   |            |
    | 2015-06            | #3     | #6000 | #2400    | 2015-07-15 | tax      |   |            |
    | 2015-11            |        | #2000 | #0       |            | own      | x | 2015-12-15 |
    | 2015-12            |        | #2000 | #0       |            | own      |   |            |
    | 2015-10            |        | #0    | #0       |            | own      |   |            |
    """
    due_on = _due_on(remittance["period"], policy.due_day)
    nothing = _nothing_paid(remittance)
    late = (remittance["paid_on"].dt.normalize() > due_on) | (nothing & (due_on < pd.Timestamp(as_of)))
    counts = remittance.says("channel", "tax", "own")
    amount = remittance["remitted"].where(~nothing, _part(remittance["due"], policy.upper_share))
    return Flags(late & counts, expected=day_text(due_on), amount=amount)


@rules.rule(
    "R004",
    severity=Severity.HIGH,
    title="Remittance unpaid for months",
    message="{amount} for {observed} was to be paid by {expected} and nothing of it was. Pay it now; the higher union may apply for a payment order.",
    basis="S7",
    flags="remitted",
    needs={"remittance": ("period", "due", "remitted", "paid_on", "channel")},
)
def unremitted(remittance: Table, policy: Policy, as_of: date, *, months: int = 3) -> object:
    """Nothing was remitted and the due day passed more than `months` months ago. What is younger is R003's. Money that the treasury allots is left out.

    The amount is the share to be passed up.

    What to do: pay it; a unit that cannot pay asks the higher union in writing to defer it.
    False alarm: firms that stopped working, with a deferral that was approved.

    as_of 2015-12-31

    | remittance: period | due   | remitted | paid_on    | channel  | ! | expected   |
    | 2015-08            | #2000 | #0       |            | tax      | x | 2015-09-15 |
    | 2015-09            | #2000 | #0       |            | tax      |   |            |
    | 2015-07            | #2000 | #800     | 2015-12-20 | tax      |   |            |
    | 2015-06            | #2000 | #0       |            | treasury |   |            |
    | 2015-05            | #0    | #0       |            | tax      |   |            |
    """
    due_on = _due_on(remittance["period"], policy.due_day)
    long_due = due_on + pd.DateOffset(months=months) < pd.Timestamp(as_of)
    mask = _nothing_paid(remittance) & long_due & remittance.says("channel", "tax", "own")
    period = remittance["period"].map(show_month, na_action="ignore")
    return Flags(mask, observed=period, expected=day_text(due_on), amount=_part(remittance["due"], policy.upper_share))


@rules.rule(
    "R008",
    severity=Severity.HIGH,
    title="Remittance booked is not what was retained",
    message="402 is booked at {observed}, the remittances give {expected}: {amount} apart. Find the months missing from one of the two.",
    basis="P",
    flags="booked",
    needs={"remittance": ("period", "retained")},
)
def retained_not_as_booked(lines: Table, remittance: Table, year: int) -> object:
    """Remittance income (402) is what came back of the remittances, where that is entered, else what was retained of them.

    Equal to the sum of what was received in the books' year is right too, where the income is booked as it comes in.

    What to do: compare month by month. Typical causes: the tax office's refund of a month not booked, or the whole 2 % booked instead of the part retained.
    False alarm: a union with others below it books its share of their remittances on 402 too. December's part received in January, on either basis, is accepted.

    year = 2015

    | lines: code | direction | booked  | compared | is_parent | ! | expected |
    | 402         | income    | 2350.00 | yes      | no        |   |          |
    | 402         | income    | 1150.00 | yes      | no        |   |          |
    | 402         | income    | 2400.00 | yes      | no        | x | 2350.00  |
    | 402         | income    | 1200.00 | no       | no        |   |          |
    | 402         | income    |         | yes      | no        |   |          |
    | 401         | income    | 1200.00 | yes      | no        |   |          |

    | remittance: period | retained | received | received_on |
    | 2015-11            | #1200    | #1150    | 2015-12-20  |
    | 2015-12            | #1200    |          | 2016-01-20  |
    """
    came = remittance["received"].where(remittance["received"].notna() | remittance.unreadable("received"), remittance["retained"])
    sums = came.groupby(remittance["branch"]).sum(skipna=False)
    this_year = remittance["received_on"].dt.year == year
    cash = came.where(this_year).groupby(remittance["branch"]).sum(min_count=1)
    undated = remittance.frame.loc[(remittance["received"] > 0) & remittance["received_on"].isna(), "branch"]
    on = lines.says("code", "402") & lines.says("direction", "income") & ~lines["is_parent"] & lines["booked"].notna()
    on &= lines["branch"].isin(remittance["branch"])
    expected = lines["branch"].map(sums).astype("Int64")
    of_year = lines["branch"].map(cash).astype("Int64").where(~lines["branch"].isin(undated))
    compared = lines["compared"] & expected.notna()
    agrees = (lines["booked"] == expected) | (lines["booked"] == of_year).fillna(False)
    return Flags(
        on & compared & ~agrees.fillna(True),
        observed=money_text(lines["booked"]),
        expected=money_text(expected),
        amount=(lines["booked"] - expected).abs(),
        why_not=", ".join(sorted(lines.frame.loc[on & ~compared, "code"])),
    )


def _nothing_paid(remittance: Table) -> "pd.Series[bool]":
    """Mask of the rows that owe something and of which nothing was remitted."""
    return (remittance["remitted"] == 0) & remittance["paid_on"].isna() & ~remittance.unreadable("paid_on") & (remittance["due"] > 0)


def _of_the_year(amounts: "pd.Series[int]", treasury: "pd.Series[bool]", branch: "pd.Series[str]") -> "pd.Series[int]":
    """Each row's own amount, for the treasury's rows their branch's sum: NA where one of them could not be read."""
    allotted = amounts.where(treasury, 0)
    sums = allotted.groupby(branch).transform("sum").where(~allotted.isna().groupby(branch).transform("any"))
    return amounts.where(~treasury, sums)


def _part(amounts: "pd.Series[int]", share: Fraction) -> "pd.Series[int]":
    """A share of amounts in minor units, half up (domain.md 4.2); NA stays NA."""
    return (2 * amounts * share.numerator + share.denominator) // (2 * share.denominator)


def _due_on(periods: "pd.Series[int]", day: int) -> "pd.Series[pd.Timestamp]":
    """That day of the month after each period, its last day where the month is shorter."""
    following = (periods + 1).map(show_month, na_action="ignore").astype("str") + "-01"
    first = pd.to_datetime(following, format="%Y-%m-%d", errors="coerce")
    last = first + pd.offsets.MonthEnd(0)
    wanted = first + pd.Timedelta(days=day - 1)
    return wanted.where(wanted < last, last)
