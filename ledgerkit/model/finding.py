"""A finding: a fact about a cell, a row or a file. The sentence is rendered at the edge."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from ledgerkit.model.waiver import Waiver


class Severity(StrEnum):
    """How much a finding weighs, worst first. An error is a cell, row or file that cannot be used."""

    ERROR = "error"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One flagged place. `amount` is in minor units; observed and expected are canonical text, never sentences.

    `case` says which of its rule's messages fits ("": the first), `is_column` that one stands for `count` cells of a column.
    `basis` is a key of sources.toml, `src` the sheet in Book.sheets (−1: none), `content` the row's own cells as text: it orders findings that share an id.
    """

    rule: str
    severity: Severity
    branch: str = ""
    ledger: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    key: tuple[str, ...] = ()
    name: str = ""
    date: str | None = None
    amount: int | None = None
    observed: str | None = None
    expected: str | None = None
    count: int | None = None
    case: str = ""
    id: str = ""
    state: str = "new"
    waiver: Waiver | None = None
    basis: str = ""
    src: int = -1
    content: str = ""
    is_column: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """Worst first, within a severity the most money at risk first, then by place."""
        place = (self.file or "", self.src, self.row or 0, self.column or "")
        return (self.severity.rank, -abs(self.amount or 0), self.rule, *place, self.ledger or "", self.id)


def with_ids(findings: Iterable[Finding], sort: Callable[..., Iterable[Any]] = sorted) -> Iterable[Finding]:
    """The findings with their ids, in report order. An id names the fault, not the place: it survives re-sorting and renaming.

    `sort`: `sorted`, or what does the same for more findings than the memory takes.
    """
    return sort(_numbered(sort(findings, key=_fault)), key=lambda finding: finding.order)


def _numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings in the order of their faults, with ids."""
    for digest, alike in groupby(findings, key=_digest):
        for number, finding in enumerate(alike, 1):
            yield replace(finding, id=f"{digest}-{number}" if number > 1 else digest)


def _fault(finding: Finding) -> tuple[object, ...]:
    return (_digest(finding), finding.content, finding.file or "", finding.src, finding.row or 0, finding.cell or "")


def _digest(finding: Finding) -> str:
    parts = (finding.rule, finding.branch, finding.ledger or "", finding.column or "", *finding.key)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
