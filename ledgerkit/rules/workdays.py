"""The calendar in China: working days (Monday to Friday without the State Council's days off, with its make-up days), and festivals."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ledgerkit.policies import FOLDER


@cache
def calendar() -> Mapping[str, Any]:
    """holidays.toml: years with their days off and days worked, the names of the festivals and their days."""
    return tomllib.loads((FOLDER / "holidays.toml").read_text("utf-8"))


@cache
def _days(kind: str) -> "np.ndarray[Any, np.dtype[np.datetime64]]":
    """All days off, or all make-up days, in order."""
    listed = [day for year in calendar()["years"].values() for day in year[kind]]
    return np.sort(np.array(listed, dtype="datetime64[D]"))


def working_days(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> "pd.Series[int]":
    """How many working days follow each `start` up to and with its `end`: 0 where it is no later, NA where either is blank.

    From 30 September to 9 October 2015 it is 2: the 8th and the 9th.
    """
    known = start.notna() & end.notna()
    first, last = (days[known].to_numpy().astype("datetime64[D]") for days in (start, end))
    last = np.maximum(first, last)
    counted = np.busday_count(first + 1, last + 1, holidays=_days("off"))
    made_up = _days("work")
    counted = counted + np.searchsorted(made_up, last, "right") - np.searchsorted(made_up, first, "right")
    return pd.Series(counted, index=start.index[known], dtype="Int64").reindex(start.index)


@cache
def _festival_days(named: int) -> "np.ndarray[Any, np.dtype[np.datetime64]]":
    """The days of some statutory festivals (a bit each, in the order of their names; 0: all) over the years of the calendar, in order."""
    fixed = {"new_year": "01-01", "labour": "05-01", "national": "10-01"}
    moving = ("spring", "qingming", "dragon_boat", "mid_autumn")
    wanted = [name for bit, name in enumerate(calendar()["festivals"]) if not named or named & 2**bit]
    years = calendar()["festival_days"].items()
    listed = [f"{year}-{fixed[name]}" if name in fixed else days[moving.index(name)] for year, days in years for name in wanted]
    return np.sort(np.array(listed, dtype="datetime64[D]"))


def nearest_festival(days: "pd.Series[pd.Timestamp]", named: "pd.Series[int]") -> "pd.Series[pd.Timestamp]":
    """For each day the nearest of the festivals whose bits are set in `named`, of all where none is; NaT in years without a calendar."""
    nearest = pd.Series(pd.NaT, index=days.index, dtype="datetime64[s]")
    for bits in named.unique():
        own = days[named == bits]
        listed = _festival_days(int(bits))
        after = np.searchsorted(listed, own.to_numpy().astype("datetime64[D]")).clip(1, len(listed) - 1)
        before, following = (pd.Series(listed[at], index=own.index).astype("datetime64[s]") for at in (after - 1, after))
        nearest[own.index] = before.where(own - before <= following - own, following)
    return nearest.where(days.dt.year.isin([int(year) for year in calendar()["festival_days"]]))
