"""Which settings of the policy decide what a rule flags: where to look when it flags too much."""

from collections.abc import Mapping

from ledgerkit.rules.base import Rule

_DUES = ("dues.rate", "dues.tail_step", "dues.rounding")
# By rule the policy's own keys that it reads, itself or through a statement; a table stands for all its keys.
READS: Mapping[str, tuple[str, ...]] = {
    "A002": ("caps.once",),
    "A003": ("caps.year",),
    "A005": ("approval.cash_limit", "groups.hardship"),
    "A011": ("groups.hardship",),
    "A012": ("approval.collective_limit",),
    "A015": ("aid.minimum_living", "groups.hardship"),
    "A017": ("caps.year.festival",),
    "A018": ("caps.once.birthday",),
    "A022": ("restricted", "groups"),
    "A023": ("caps.once", "approval.collective_limit"),
    "A024": ("groups.hardship",),
    "A026": ("festivals.also",),
    "A030": ("groups.hardship",),
    "B001": ("budget.agency_codes",),
    "B004": ("budget.agency_codes",),
    "B010": ("budget.chart",),
    "B011": ("budget.lines", "groups"),
    "B013": ("words.employer", "words.employer_unless"),
    "D001": _DUES,
    "D002": _DUES,
    "D003": _DUES,
    "D006": ("dues.exempt_statuses",),
    "D007": _DUES,
    "D015": ("dues.exempt_statuses",),
    "G013": ("groups.hardship", "approval.collective_limit"),
    "M004": ("dues.exempt_statuses",),
    "M005": ("dues.exempt_statuses",),
    "R001": ("remittance.rate",),
    "R002": ("remittance.upper_share",),
    "R003": ("remittance.due_day", "remittance.upper_share"),
    "R004": ("remittance.due_day", "remittance.upper_share"),
    "X001": ("dues.exempt_statuses",),
    "X007": ("merge.eliminate",),
    "X010": ("approval.collective_limit",),
    "X018": ("words.not_dues",),
    "X020": ("purposes",),
}


def policy_keys(rule: Rule) -> list[str]:
    """The keys of the policy that decide what a rule flags: the settings of its own, and those that it shares."""
    limits = [key for function in rule.functions for key in function.limits]
    return list(dict.fromkeys([*(f"rules.{rule.code}.{name}" for name in rule.settings), *limits, *READS.get(rule.code, ())]))
