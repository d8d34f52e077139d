"""Correction packs: the words that are written into one and read back from it, and what a branch answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledgerkit.errors import Phrase
from ledgerkit.locale import N_
from ledgerkit.model.decision import Filed
from ledgerkit.model.summary import AS_OF, FLAGS

# What every pack's file name ends in.
NAME_END = "corrections.xlsx"
COLUMNS: Mapping[str, str] = {
    **{key: FLAGS[key] for key in ("severity", "rule", "title")},
    "where": N_("Where"),
    **{key: FLAGS[key] for key in ("who", "amount", "observed", "expected", "message", "basis")},
    "answer": N_("Answer"),
    "explanation": N_("Explanation"),
    "answered_by": N_("Answered by"),
    "answered_on": N_("Answered on"),
    "id": FLAGS["id"],
}
# The branch's own columns.
ANSWERED = ("answer", "explanation", "answered_by", "answered_on")
CORRECTED, JUSTIFIED = "corrected", "justified"
ANSWERS: Mapping[str, str] = {CORRECTED: N_("corrected"), JUSTIFIED: N_("justified")}
# What stands beside the findings about the pack itself; the files follow, each with its SHA-256.
ABOUT: Mapping[str, str] = {"branch": FLAGS["branch"], "year": N_("Year"), "as_of": AS_OF, "count": N_("Findings in this pack")}


@dataclass(frozen=True)
class Answer:
    """What a branch wrote beside a finding, and where: `columns` has the letters of each of ANSWERED.

    `answer` is a key of ANSWERS, else the text that was typed, "" where nothing was. `answered_on` is an ISO day, else the text typed.
    """

    finding: Filed
    answer: str = ""
    explanation: str = ""
    answered_by: str = ""
    answered_on: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return not any(self.texts)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Answer, explanation, who and when."""
        return (self.answer, self.explanation, self.answered_by, self.answered_on)

    def place(self, column: str = "answer") -> str:
        """Where it stands: file > sheet!cell."""
        return f"{self.file} > {self.sheet}!{self.columns.get(column, '')}{self.row}"


@dataclass(frozen=True)
class Pack:
    """A pack given back: its answers, a row each, what is odd in it, the year and the digests of the books it was made from.

    `is_answered`: whether anything was filled in, be it on a row that has lost its id and is none of `answers`.
    """

    file: str
    year: int | None
    answers: Sequence[Answer] = ()
    remarks: Sequence[Phrase] = ()
    digests: frozenset[str] = frozenset()
    is_answered: bool = False
