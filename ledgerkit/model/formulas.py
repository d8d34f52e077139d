"""The formulas of union money (domain.md §4 gives each its source): pure, in minor units, rates exact."""

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from ledgerkit.model.period import month, month_of

# Statuses of those who are no longer members; left_on is the day that it began.
GONE = ("transferred", "left", "deceased")
# What a bank takes off collected money.
BANK_FEES = "手续费"


def dues_of_months(wage_base: "pd.Series[Any]", rate: Fraction, tail_step: int, rounding: int) -> "pd.Series[Any]":
    """Dues of one month a base: the base with its tail dropped, times the rate, half up to `rounding`; 3,087.60 gives 15.40.

    All amounts in minor units (Int64, NA stays NA). Source: 工发〔1978〕101号 (0.5 %, the part below ten yuan dropped).
    """
    base = wage_base // tail_step * tail_step
    top, bottom = rate.numerator, rate.denominator * rounding
    return (2 * base * top + bottom) // (2 * bottom) * rounding


def owed_months(
    members: pd.DataFrame, year: int, as_of: date, exempt: tuple[str, ...], unknown: "pd.Series[Any] | None" = None
) -> pd.DataFrame:
    """First and last month (Int64, both counted) for which each member owes dues in the books' year; NA where none or not known.

    From the month of joining (of moving in, where later) to that of the change of status, up to the run's date. An exempt member
    without a date of change was exempt before the year; one that left without a date is not known, nor is one of `unknown` (a cell that
    says it could not be read).
    """
    start_of_year = pd.Series(month(year, 1), index=members.index, dtype="Int64")
    first = (
        pd.concat([start_of_year, months_of(members["joined_on"]), months_of(members["moved_in_on"])], axis=1).max(axis=1).astype("Int64")
    )
    end = min(month(year, 12), month_of(as_of))
    until = months_of(members["left_on"]).where(members["status"].isin([*GONE, *exempt]), end)
    last = until.where(until.isna() | (until < end), end)
    owes = (last.notna() & members["status"].notna() & (first <= last)).fillna(False).astype(bool)
    if unknown is not None:
        owes &= ~unknown.reindex(members.index)
    return pd.DataFrame({"first": first.where(owes), "last": last.where(owes)})


def robust_z(values: "pd.Series[float]", by: "pd.Series[Any]", fewest: int) -> "pd.Series[float]":
    """How far each value lies from its group's median, in robust standard deviations (0.6745 × distance ÷ median distance).

    NaN in groups of fewer than `fewest` values, and where more than half of the values are the same.
    """
    distance = values - values.groupby(by).transform("median")
    usual = distance.abs().groupby(by).transform("median")
    return (0.6745 * distance / usual).where((usual > 0) & (values.groupby(by).transform("size") >= fewest))


def headings(lines: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the budget lines whose code another, longer one of their branch begins with."""
    keys = list(zip(lines["branch"], lines["code"].fillna(""), strict=True))
    above = {(branch, code[:cut]) for branch, code in set(keys) for cut in range(1, len(code))}
    return pd.Series([key in above for key in keys], index=lines.index, dtype="bool")


def months_of(days: "pd.Series[Any]") -> "pd.Series[Any]":
    """The months that days lie in, NA where blank."""
    return (days.dt.year * 12 + days.dt.month - 1).astype("Int64")


def agency_sums(lines: pd.DataFrame) -> pd.DataFrame:
    """Agency money as booked, a branch a row: brought (0 where no line), taken, handed, fees (among what was handed over), left; NA where no line.

    `lines` are budget lines of agency money; all in minor units (Int64).
    """
    kinds = {"opening": "brought", "agency_in": "taken", "agency_out": "handed", "closing": "left"}
    sums = lines.pivot_table(index="branch", columns="direction", values="booked", aggfunc="sum")
    sums = sums.reindex(columns=list(kinds)).rename(columns=kinds).astype("Int64")
    is_fee = (lines["direction"] == "agency_out") & lines["title"].fillna("").str.contains(BANK_FEES)
    fees = lines["booked"].where(is_fee, 0).groupby(lines["branch"]).sum().reindex(sums.index)
    return sums.assign(brought=sums["brought"].fillna(0), fees=fees.fillna(0).astype("Int64"))


def agency_taken(sums: pd.DataFrame, shown: "pd.Series[Any]") -> "pd.Series[Any]":
    """What should be booked as taken in, by branch: handed over by the relief ledger (`shown`), fees, and left, less what was brought forward.

    A relief ledger that lists the collection itself shows what was taken in. Without a line for what is left, what is not handed over is.
    Source: 代管经费 (231), collected = handed over + on hand.
    """
    on_hand = (sums["brought"] + sums["taken"] - sums["handed"]).clip(lower=0)
    expected = shown + sums["fees"] + sums["left"].fillna(on_hand).fillna(0) - sums["brought"]
    return expected.where((sums["taken"] != shown).fillna(True), shown)
