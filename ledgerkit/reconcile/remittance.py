"""Remittances as the auditor reads them: what was due when, what was paid when, what is outstanding."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ledgerkit.model.period import show_month
from ledgerkit.model.policy import Policy
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, make

PERIODS: Mapping[str, FieldType] = {
    "period": "month",
    "months": "int",
    "payroll": "money",
    "due": "money",
    "retained": "money",
    "remitted": "money",
    "received": "money",
    "due_on": "date",
    "paid_on": "date",
    "late": "int",
    "outstanding": "money",
}


def periods(remittance: Table, policy: Policy, as_of: date) -> Table:
    """A row a branch and period: the day it was due (policy due day of the next month), days late up to payment or the run's date."""
    frame = remittance.frame.sort_values(["branch", "period", "paid_on"], kind="stable")
    return make("periods", PERIODS, [_period(row, policy, as_of) for row in frame.to_dict("records")])


def _period(row: Mapping[str, object], policy: Policy, as_of: date) -> dict[str, object]:
    due_on = None if pd.isna(row["period"]) else pd.Timestamp(f"{show_month(int(row['period']) + 1)}-{policy.due_day:02d}")  # type: ignore[call-overload]
    paid_on = None if pd.isna(row["paid_on"]) else pd.Timestamp(row["paid_on"])
    owed = None if pd.isna(row["due"]) or pd.isna(row["retained"]) else int(row["due"]) - int(row["retained"])  # type: ignore[call-overload]
    remitted = 0 if pd.isna(row["remitted"]) else int(row["remitted"])  # type: ignore[call-overload]
    late = None if due_on is None or row["channel"] == "treasury" else max(((paid_on or pd.Timestamp(as_of)) - due_on).days, 0)
    kept = {key: row[key] if not pd.isna(row[key]) else None for key in PERIODS if key in row}
    return {**kept, "branch": row["branch"], "due_on": due_on, "late": late, "outstanding": None if owed is None else owed - remitted}
