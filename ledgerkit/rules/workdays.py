"""Working days in China: Monday to Friday without the State Council's days off, with its make-up Saturdays and Sundays."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ledgerkit.policies import FOLDER


@cache
def calendar() -> Mapping[str, Any]:
    """holidays.toml: years with their days off and days worked, and the names of the festivals."""
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
