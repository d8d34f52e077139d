"""The figures of a run: what each ledger adds up to, over used rows, all branches together."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ledgerkit.model import money
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table

Tables = Mapping[str, Table]
Figures = dict[str, Any]
# Figures in these columns are money (minor units); all others are counts.
MONEY = frozenset({"amount", "cost", "due", "paid", "waived", "arrears", "overpaid", "agency", "retained", "remitted", "received"})


def totals(used: Tables, balances: Table | None, policy: Policy, year: int | None) -> Figures:
    """The figures by ledger, money in minor units; a ledger that is not here has null figures."""
    return {
        "dues": _dues(used.get("dues"), balances),
        "relief": _relief(used.get("relief"), policy),
        "activities": _activities(used.get("activities")),
        "expenses": _expenses(used.get("expenses")),
        "remittance": _remittance(used.get("remittance")),
        "branches": _branches(used.get("branches"), year),
    }


def _sum(values: "pd.Series[Any]") -> int:
    return int(values.fillna(0).sum())


def _dues(dues: Table | None, balances: Table | None) -> Figures:
    paid = {"paid": None if dues is None else _sum(dues["paid"]), "waived": None if dues is None else _sum(dues["waived"])}
    if balances is None:
        return {"due": None, **paid, "arrears": None, "overpaid": None, "members": None, "rate": None, "unknown": None}
    known = balances["collected"].notna()
    net = _sum((balances["due"] - balances["waived"])[known].clip(lower=0))
    return {
        "due": _sum(balances["due"]),
        **paid,
        "arrears": _sum(balances["arrears"]),
        "overpaid": _sum(balances["overpaid"]),
        "members": int((balances["months"] > 0).sum()),
        "rate": money.ratio(_sum(balances["collected"]), net),
        "unknown": int((~known).sum()),
    }


def _grouped(frame: pd.DataFrame, by: str, sums: Mapping[str, str]) -> dict[str, Figures]:
    """Count and sums by the filled values of a column, in order of the values."""
    filled = frame[frame[by].notna() & (frame[by] != "")]
    return {
        str(value): {"count": len(rows), **{name: _sum(rows[column]) for name, column in sums.items()}}
        for value, rows in filled.groupby(by, sort=True)
    }


def _relief(relief: Table | None, policy: Policy) -> Figures:
    sums = {"headcount": "headcount", "amount": "amount"}
    names = {"by_category": "category", "by_programme": "programme", "by_fund": "fund", "by_beneficiary_type": "beneficiary_type"}
    if relief is None:
        return {**{name: {} for name in names}, "amount": None, "agency": None}
    agency = relief["budget_code"].fillna("").str.startswith(policy.agency_codes)
    own = ~agency & (relief["fund"] != "outside").fillna(True)
    groups = {name: _grouped(relief.frame, column, sums) for name, column in names.items()}
    return {**groups, "amount": _sum(relief["amount"][own]), "agency": _sum(relief["amount"][agency])}


def _activities(activities: Table | None) -> Figures:
    sums = {"present": "present", "entries": "entries", "shown": "shown", "winners": "winners", "cost": "actual_cost"}
    names = {"by_category": "category", "by_programme": "programme"}
    if activities is None:
        return {name: {} for name in names}
    return {name: _grouped(activities.frame, column, sums) for name, column in names.items()}


def _expenses(expenses: Table | None) -> Figures:
    if expenses is None:
        return {"by_code": {}, "amount": None}
    return {"by_code": _grouped(expenses.frame, "budget_code", {"amount": "amount"}), "amount": _sum(expenses["amount"])}


def _remittance(remittance: Table | None) -> Figures:
    columns = ("due", "retained", "remitted", "received")
    return {column: None if remittance is None else _sum(remittance[column]) for column in columns}


def _branches(branches: Table | None, year: int | None) -> Figures:
    if branches is None:
        return {"count": None, "elected": None, "members": None}
    elected = int((branches["elected_on"].dt.year == year).sum())
    return {"count": len(branches), "elected": elected, "members": _sum(branches["members"])}
