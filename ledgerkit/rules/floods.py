"""Floods: a rule that fires on so many rows of a ledger that its setting, or one cause in the books, is to be looked at first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgerkit.model.finding import Finding
from ledgerkit.model.policy import Policy


@dataclass(frozen=True)
class Flood:
    """A rule, the ledger it floods, how many of its rows it fires on, and how many there are."""

    rule: str
    ledger: str
    rows: int
    of: int


def floods(findings: Iterable[Finding], rows: Mapping[str, int], policy: Policy) -> list[Flood]:
    """The floods of a run, in report order: more rows than the policy's share of a ledger, and no fewer than its fewest. No finding is left out.

    `rows`: how many rows of each ledger were read.
    """
    flagged: dict[tuple[str, str], set[object]] = {}
    for finding in findings:
        if finding.row and finding.ledger in rows:
            flagged.setdefault((finding.rule, str(finding.ledger)), set()).add((finding.src, finding.row, finding.key))
    counted = [Flood(rule, ledger, len(places), rows[ledger]) for (rule, ledger), places in flagged.items()]
    return [flood for flood in counted if flood.rows >= policy.flood_fewest and flood.rows > flood.of * policy.flood_share]
