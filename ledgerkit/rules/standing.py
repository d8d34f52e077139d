"""What became of the findings of earlier summaries: their states, and those that are no longer found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ledgerkit.model.decision import Filed, Kept
from ledgerkit.model.finding import Finding
from ledgerkit.model.summary import RESOLVED, UNCHECKED
from ledgerkit.rules.run import Status


def gone(
    findings: Iterable[Finding],
    known: Mapping[str, Kept],
    statuses: Sequence[Status],
    hidden: Collection[str],
    branches: Collection[str],
) -> list[Kept]:
    """The findings of earlier summaries that are no longer there: resolved, or unchecked where the run could not have found them again.

    A run can find one again where its rule looked at all of the books, its branch is among them, and nothing of that branch was refused (`hidden`).
    """
    found = {finding.id for finding in findings}
    whole = {status.rule for status in statuses if status.run and not status.because}
    return [
        replace(one, filed=replace(one.filed, state=RESOLVED if looked_for(one.filed, whole, hidden, branches) else UNCHECKED))
        for name, one in known.items()
        if name not in found
    ]


def looked_for(filed: Filed, whole: Collection[str], hidden: Collection[str], branches: Collection[str]) -> bool:
    """Whether a run could have found a finding again, by the rules that looked at all books, the branches of which something was refused, and all."""
    branch = filed.texts.get("branch", "")
    refused = {branch, ""} & set(hidden) if branch else hidden
    return filed.texts.get("rule") in whole and branch in ("", *branches) and not refused
