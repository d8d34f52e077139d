"""The rules there are: every pack in one tuple."""

from functools import cache

from ledgerkit.rules import (
    across,
    consolidation,
    crossbook,
    decisions,
    federation,
    files,
    members,
    remittance,
    statistics,
    vouchers,
    waivers,
)
from ledgerkit.rules.activities import awards, costs, signing
from ledgerkit.rules.base import RuleSet, union
from ledgerkit.rules.budget import lines, spending
from ledgerkit.rules.dues import months, rates
from ledgerkit.rules.general import cells, dates, display, headers, keys, people
from ledgerkit.rules.relief import caps, occasions, order, patterns, recipients, scope, twice

PACKS: tuple[RuleSet, ...] = (
    files.rules,
    cells.rules,
    headers.rules,
    display.rules,
    people.rules,
    dates.rules,
    keys.rules,
    members.rules,
    months.rules,
    rates.rules,
    remittance.rules,
    twice.rules,
    caps.rules,
    occasions.rules,
    order.rules,
    recipients.rules,
    scope.rules,
    patterns.rules,
    signing.rules,
    awards.rules,
    costs.rules,
    lines.rules,
    spending.rules,
    crossbook.rules,
    consolidation.rules,
    federation.rules,
    vouchers.rules,
    across.rules,
    statistics.rules,
    waivers.rules,
    decisions.rules,
)


@cache
def catalogue() -> RuleSet:
    """Every rule of every pack, in order of codes."""
    return union(PACKS)


def settings() -> dict[str, dict[str, object]]:
    """The settings that a policy may give each rule, with their defaults, by code."""
    return {rule.code: rule.settings for rule in catalogue()}
