"""ledgerkit's findings against the register: what was found at its cell, found elsewhere, missed, and what is false."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assemble import Expected, Planted

Finding = dict[str, Any]


@dataclass
class Score:
    """What became of a rule's plants."""

    planted: int = 0
    found: int = 0
    elsewhere: int = 0
    missed: int = 0
    limits: int = 0
    false: int = 0
    clean: int = 0


@dataclass
class Result:
    """Scores by rule, each miss as (rule, line), each false finding as a line."""

    scores: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    misses: list[tuple[str, str]] = field(default_factory=list)
    falses: list[str] = field(default_factory=list)
    severities: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Run:
    """What was measured with one seed. `built`: the rules that there are; `errors`: runs refused; `controls`: those that do not agree."""

    seed: str
    branches: int
    rows: int
    plants: int
    built: frozenset[str]
    result: Result
    errors: list[str]
    controls: list[str]

    def total(self) -> Score:
        """The scores of the rules that there are, added up."""
        return added(score for rule, score in self.result.scores.items() if rule in self.built)


def added(scores: Iterable[Score]) -> Score:
    """Some scores as one."""
    total = Score()
    for score in scores:
        for name, value in vars(score).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def folder_of(finding: Finding) -> str:
    """The branch in whose folder a finding stands."""
    return str(finding["file"]).split("/")[0] if finding["file"] else str(finding["branch"])


def fits(finding: Finding, expected: Expected, *, exactly: bool = True) -> bool:
    """Whether a finding is the one expected; not exactly: of its rule, wherever it stands."""
    if finding["rule"] != expected.rule:
        return False
    if not expected.places or not exactly:
        return True
    return any(
        (finding["file"] == file or (file.endswith("/") and str(finding["file"]).startswith(file)))
        and (not sheet or finding["sheet"] == sheet)
        and (not cells or finding["cell"] in cells)
        for file, sheet, cells in expected.places
    )


def by_folder(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the branch that they stand in."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[folder_of(finding)].append(finding)
    return found


def shown(finding: Finding) -> str:
    """A finding in a line."""
    where = f"{finding['file']}!{finding['sheet']}!{finding['cell']}"
    return f"{finding['rule']} {finding['severity']} {where} key={finding['key']} observed={finding['observed']} expected={finding['expected']}"


def judge_planted(result: Result, plants: Sequence[Planted], findings: Iterable[Finding]) -> None:
    """Scores the plants: each line of the register found, found elsewhere or missed; every other finding in their books is false."""
    listed = by_folder(findings)
    for plant in plants:
        own = [finding for code in plant.branches for finding in listed[code]]
        at_limit = plant.shape == "at"
        result.scores[plant.rule].limits += at_limit
        for expected in plant.expected:
            judge(result, plant, expected, own, counted=not at_limit)
        false = [one for one in own if not any(fits(one, expected, exactly=False) for expected in plant.expected)]
        for finding in false:
            result.scores[finding["rule"]].false += 1
            result.falses.append(f"{label(plant)}: {shown(finding)}")


def judge(result: Result, plant: Planted, expected: Expected, own: Sequence[Finding], *, counted: bool) -> None:
    """Scores one line of the register."""
    score = result.scores[expected.rule]
    right = any(fits(finding, expected) for finding in own)
    others = [finding for finding in own if fits(finding, expected, exactly=False)]
    score.planted += 1
    score.found += right
    score.elsewhere += bool(others) and not right
    score.missed += not others
    if not right:
        wanted = " or ".join(f"{file}!{sheet}!{'/'.join(sorted(cells))}" for file, sheet, cells in expected.places[:3])
        instead = f"; instead {shown(others[0])}" if others else ""
        result.misses.append((expected.rule, f"{label(plant)}: {expected.rule} at {wanted or plant.branches[0]}{instead}"))


def judge_clean(result: Result, expected: Sequence[Expected], findings: Iterable[Finding]) -> None:
    """Counts what is said of clean books, but for what must be said of them."""
    for finding in findings:
        if not any(fits(finding, one) for one in expected):
            result.scores[finding["rule"]].clean += 1
            result.severities[finding["severity"]] += 1
            result.falses.append(f"clean: {shown(finding)}")


def label(plant: Planted) -> str:
    """A plant in a word or two."""
    return f"{plant.rule} {plant.name} {plant.shape}, {plant.place} ({plant.branches[0]})"
