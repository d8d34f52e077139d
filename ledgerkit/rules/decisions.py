"""K rules: about the decisions that auditors wrote into earlier summaries."""

from collections.abc import Iterable, Iterator, Mapping

from ledgerkit.model.decision import Previous
from ledgerkit.model.finding import Severity
from ledgerkit.model.statements import DECISIONS
from ledgerkit.model.table import Table, make
from ledgerkit.rules.base import Flags, RuleSet

rules = RuleSet()


@rules.rule(
    "K001",
    severity=Severity.MEDIUM,
    title="Two decisions on one finding",
    message="This cell decides “{observed}”, another row on the same finding “{expected}”. Neither is carried over: the finding is open, and its note says both. Decide it again.",
    basis="P",
    flags="decision",
)
def decided_twice(decisions: Table) -> object:
    """A row of the flags sheet that was copied and decided anew, or two copies of one summary that two auditors worked on, can say two things of one finding. Which of them holds only the auditors can say.

    What to do: agree on one decision, enter it at the finding in the new summary, with reviewer and date.
    False alarm: none. A row that was copied with its decision says the same twice and is not flagged; a finding left open in one copy and decided in the other is decided.

    | decisions: finding | decision  | ! | expected |
    | 00c0ffee00c0ffee   | accepted  |   |          |
    | 00c0ffee00c0ffee   | explained | x | accepted |
    | 00c0ffee00c0ffee   | accepted  |   |          |
    | 0123456789abcdef   | fixed     |   |          |
    """
    first = decisions.frame.groupby(["branch", "finding"])["decision"].transform("first")
    return Flags(decisions["decision"] != first, expected=first)


def statement(previous: Iterable[Previous]) -> Table:
    """The decisions that were made in earlier summaries, in their order."""
    return make("decisions", DECISIONS, (row for one in previous for row in _rows(one)), ("branch", "finding"))


def _rows(previous: Previous) -> Iterator[Mapping[str, object]]:
    for filed in previous.filed:
        made = filed.decision
        if made.is_made:
            cell = {"_row": made.row, "_col": made.columns["decision"], "sheet": made.sheet, "file": previous.file}
            yield {**cell, "branch": filed.texts.get("branch", ""), "finding": filed.id, "decision": made.decision}
