"""Activities as the auditor reads them: cost a head, attendance and prize shares, a total a category."""

from collections.abc import Mapping

import pandas as pd

from ledgerkit import ledgers
from ledgerkit.model import money
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, make

HELD: Mapping[str, FieldType] = {
    "activity_no": "text",
    "title": "text",
    "category": "choice",
    "starts_at": "datetime",
    "plan_no": "text",
    "expected": "int",
    "present": "int",
    "attended": "text",
    "entries": "int",
    "winners": "int",
    "won": "text",
    "cost": "money",
    "cost_head": "money",
    "documented_on": "date",
    "paid_on": "date",
}


def held(activities: Table) -> Table:
    """A row an activity, by category (in the order of the list), branch and date.

    Rate of attendance, cost a head (half up, on those present), winners' share of entries or present.
    """
    place = activities["category"].map(ledgers.load("activities")["category"].places)
    ordered = activities.frame.assign(place=place).sort_values(["place", "branch", "starts_at", "activity_no"], kind="stable")
    return make("held", HELD, [_activity(row) for row in ordered.to_dict("records")])


def _activity(row: Mapping[str, object]) -> dict[str, object]:
    present, expected, entries = (_whole(row[key]) for key in ("present", "expected", "entries"))
    winners, cost = _whole(row["winners"]), _whole(row["actual_cost"])
    kept = {key: row[key] if not pd.isna(row[key]) else None for key in HELD if key in row}
    return {
        **kept,
        "branch": row["branch"],
        "attended": (money.ratio(present, expected) or "") if present is not None and expected else "",
        "won": (money.ratio(winners, entries or present or 0) or "") if winners else "",
        "cost": cost,
        "cost_head": (2 * cost + present) // (2 * present) if cost and present else None,
    }


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
