"""A waiver: somebody asked for, and another person approved, that one fault of the books is let be until a day."""

from dataclasses import dataclass
from datetime import date

from ledgerkit.model.person import fold_name


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a policy waives: a rule's findings with one business key, where given those of one branch or of one column.

    `number` is its place among the waivers of the policy, from 1. It holds up to and with the day `until`.
    """

    number: int
    rule: str
    key: tuple[str, ...]
    reason: str
    asked_by: str
    approved_by: str
    until: date
    branch: str | None = None
    column: str | None = None

    def holds(self, day: date | None) -> bool:
        """Whether it holds on a run's date; never where no date is known."""
        return day is not None and day <= self.until

    def covers(self, rule: str, key: tuple[str, ...], branch: str, column: str | None) -> bool:
        """Whether it is about a finding; keys are compared as names are, folded."""
        return self.rule == rule and self.branch in (None, branch) and self.column in (None, column) and folded(self.key) == folded(key)


def folded(key: tuple[str, ...]) -> tuple[str, ...]:
    """A business key as it is compared."""
    return tuple(fold_name(part) for part in key)
