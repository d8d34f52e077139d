"""The planters there are, and why there is none for some rules."""

from collections.abc import Mapping

from ledgerkit.drill.plant import Planter, PlantSet
from ledgerkit.drill.planters import (
    across,
    activities,
    budget,
    cells,
    dues,
    federation,
    files,
    members,
    order,
    payments,
    recipients,
    remittance,
    sheets,
    vouchers,
)
from ledgerkit.locale import N_

PLANTERS: tuple[PlantSet, ...] = (
    files.plants,
    cells.plants,
    sheets.plants,
    members.plants,
    dues.plants,
    remittance.plants,
    payments.plants,
    order.plants,
    recipients.plants,
    activities.plants,
    budget.plants,
    vouchers.plants,
    federation.plants,
    across.plants,
)
OF_WAIVERS = N_("about the waivers of the policy: no fault of books")
OF_DECISIONS = N_("about the decisions in earlier summaries: no fault of books")
NOT_PLANTED: Mapping[str, str] = {
    "F002": N_("it takes an encrypted file, which is not made here"),
    "F004": N_("a limit of the machine, which no row of a ledger reaches"),
    "F005": N_("it takes a file that breaks the reader"),
    "F006": N_("it takes a file that keeps the reader busy"),
    "F009": N_("it takes a file that changes while it is read"),
    "K001": OF_DECISIONS,
    "W001": OF_WAIVERS,
    "W002": OF_WAIVERS,
    "X014": N_("a statistic over many bills: no single bill is its fault"),
}


def planters(rule: str) -> list[Planter]:
    """The planters of a rule, in order."""
    return [planter for pack in PLANTERS for planter in pack if planter.rule == rule]
