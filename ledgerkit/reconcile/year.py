"""The statements that the summary shows, of the ledgers that are here."""

from collections.abc import Mapping
from datetime import date

from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.reconcile import activities, collection, relief, remittance


def shown(
    used: Mapping[str, Table], balances: Table | None, policy: Policy, year: int, as_of: date, by_branch: bool | None = None
) -> dict[str, Table]:
    """Statements by name; one whose ledger is missing is left out. Dues are shown by branch where there are several, or where that is asked for."""
    found = []
    if balances is not None:
        several = balances["branch"].nunique() > 1 if by_branch is None else by_branch
        found.append(collection.collected(used["dues"], balances, year, several))
    if "remittance" in used:
        found.append(remittance.periods(used["remittance"], policy, as_of))
    if "relief" in used:
        found += [build(used["relief"]) for build in (relief.crossing, relief.programmes, relief.people, relief.batches)]
    if "budget" in used:
        found.append(relief.agency_funds(used["budget"], policy))
    if "activities" in used:
        found.append(activities.held(used["activities"]))
    return {table.name: table for table in found}
