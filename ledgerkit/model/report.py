"""What a run found, as values: the writers see this and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledgerkit.model.decision import Filed, Kept, Previous, leading
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.listed import Picked
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.model.waiver import Waiver

if TYPE_CHECKING:  # these live above the model; a Report only carries them
    from ledgerkit.reading.book import Book
    from ledgerkit.reconcile.control import Control
    from ledgerkit.reconcile.ratios import Ratio
    from ledgerkit.rules.floods import Flood
    from ledgerkit.rules.run import Status


@dataclass(frozen=True)
class Report:
    """One run: what was asked, what was read, what was found. Amounts in minor units, texts not rendered.

    `statements`: by name, each as one Table or as several that follow each other.
    """

    version: str
    command: str
    options: Mapping[str, str]
    policy: Policy
    as_of: date | None
    book: "Book"
    statuses: "Sequence[Status]"
    findings: Sequence[Finding]
    lines: Table | None = None
    unbudgeted: int = 0
    totals: Mapping[str, Any] | None = None
    controls: "Sequence[Control]" = ()
    left_out: int = 0
    statements: Mapping[str, Iterable[Table]] = field(default_factory=dict)
    ratios: "Sequence[Ratio]" = ()
    dues_by_month: Sequence[int] = ()
    floods: "Sequence[Flood]" = ()
    recused: Mapping[tuple[int, int | None], Sequence[str]] = field(default_factory=dict)
    previous: Sequence[Previous] = ()
    known: Mapping[str, Kept] = field(default_factory=dict)
    gone: Sequence[Kept] = ()
    received: Table | None = None
    eliminated: Table | None = None

    @property
    def stray(self) -> list[Filed]:
        """Decisions in earlier summaries of this year that stand on no finding's row."""
        return [one for previous in leading(self.previous, self.book.year) for one in previous.stray]

    @property
    def earlier(self) -> Previous | None:
        """The newest summary of an earlier year that was given."""
        year = self.book.year
        before = [one for one in self.previous if one.year is not None and year is not None and one.year < year]
        return max(before, key=lambda one: one.year or 0, default=None)

    @cached_property
    def summary(self) -> dict[str, int]:
        """Findings by severity; waived ones apart."""
        counts = Counter(finding.severity for finding in self.unwaived)
        return {**{str(severity): counts.get(severity, 0) for severity in Severity}, "waived": len(self.waived)}

    @cached_property
    def unwaived(self) -> Sequence[Finding]:
        """The findings that no waiver covers, in report order."""
        return self._picked(waived=False)

    @cached_property
    def waived(self) -> Sequence[Finding]:
        """The findings that a waiver covers, in report order."""
        return self._picked(waived=True)

    def _picked(self, waived: bool) -> Sequence[Finding]:
        return Picked(self.findings, bytes((finding.state == "waived") is waived for finding in self.findings))

    @property
    def waivers(self) -> list[tuple[Waiver, int]]:
        """The policy's waivers, each with how many findings it waives."""
        counts = Counter(finding.waiver for finding in self.waived)
        return [(waiver, counts[waiver]) for waiver in self.policy.waivers]

    @property
    def nothing_read(self) -> bool:
        """Whether every input was rejected."""
        return all(source.problem for source in self.book.sources)

    def fails(self, at: Severity | None) -> bool:
        """Whether a finding that is not waived is as bad as `at` or worse; never where `at` is None."""
        return at is not None and any(finding.severity.rank <= at.rank for finding in self.unwaived)
