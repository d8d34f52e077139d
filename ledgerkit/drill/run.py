"""The drill itself: what the books give without plants, one copy a plant, all of them checked, and what came of each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from ledgerkit import audit
from ledgerkit.audit import Options, Run
from ledgerkit.drill import together
from ledgerkit.drill.copies import Copy, Original, read_again
from ledgerkit.drill.packs import NOT_PLANTED, planters
from ledgerkit.drill.plant import Cannot, Outcome, Plant, Planter, Spot
from ledgerkit.errors import BadInput
from ledgerkit.locale import N_
from ledgerkit.model.finding import Finding
from ledgerkit.reading.book import Source
from ledgerkit.reading.engine import digest
from ledgerkit.reading.paths import Reading, inputs
from ledgerkit.rules.base import NOT_COMPARED, NOT_FOR_BRANCH, NOT_FOR_SHEETS, Because, Rule, RuleSet
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import Status, run_rules

# What a rule says that ran on a part of the books: that part is tried.
PARTLY = (NOT_COMPARED, NOT_FOR_SHEETS, NOT_FOR_BRANCH)
# Copies are checked together up to so many rows.
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Tried:
    """What came of one rule: its plants, or why there is none."""

    rule: Rule
    outcomes: tuple[Outcome, ...] = ()
    because: tuple[Because, ...] = ()

    @property
    def result(self) -> str:
        """caught, missed (at least one plant was) or not_planted."""
        if not self.outcomes:
            return "not_planted"
        return "missed" if any(outcome.result == "missed" for outcome in self.outcomes) else "caught"


@dataclass(frozen=True)
class Drill:
    """A drill: the books as they are and what was found in them, the seed, what came of each rule."""

    run: Run
    seed: int
    baseline: tuple[Finding, ...]
    tried: tuple[Tried, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Those of all rules."""
        return tuple(outcome for tried in self.tried for outcome in tried.outcomes)

    @property
    def nothing_read(self) -> bool:
        """Whether every input was rejected."""
        return all(source.problem for source in self.run.book.sources)

    @property
    def missed(self) -> bool:
        """Whether a planted fault was missed."""
        return any(tried.result == "missed" for tried in self.tried)


def drill(paths: Sequence[Path], options: Options, seed: int = 1, reading: Reading | None = None) -> Drill:
    """Plants every rule's fault in copies of the books of some PATHs; none where every file is rejected. Raises LedgerkitError where it cannot be done.

    The books themselves are only read; that they were not changed meanwhile is checked at the end.
    """
    read = audit.read(paths, options, reading)
    # A waiver keeps a finding and says that it does not count: what is asked here is whether the rule speaks.
    run = replace(read, policy=replace(read.policy, waivers=()))
    if all(source.problem for source in run.book.sources):
        return Drill(run, seed, (), ())
    if run.book.year is None or run.as_of is None:
        raise BadInput(N_("No file says which year the books are of. Give it with --year, or fill in the year on a cover."))
    tables = audit.reckoned(run)
    findings, statuses = run_rules(catalogue(), audit.subject(run, tables))
    original = Original(run, tables, findings)
    tried = tuple(_tried(original, statuses, options.rules, seed))
    _unchanged(paths, run)
    return Drill(run, seed, tuple(findings), tried)


def _unchanged(paths: Sequence[Path], run: Run) -> None:
    """Raises BadInput for a file whose bytes are no longer those that were read."""
    known = {source.path: source.raw.sha256 for source in run.book.sources}
    for item in inputs(paths):
        if known.get(item.shown) and digest(item.path) != known[item.shown]:
            raise BadInput(N_("{path} was changed by somebody during the drill. Run it again."), path=item.shown)


def _tried(original: Original, statuses: Sequence[Status], asked: tuple[str, ...], seed: int) -> Iterator[Tried]:
    wanted = [status for status in statuses if not asked or status.rule.startswith(asked)]
    planted = {status.rule: _planted(original, status, seed) for status in wanted}
    outcomes: dict[str, list[Outcome]] = {}
    for outcome in _checked(original, [copy for copies, _ in planted.values() for copy in copies]):
        outcomes.setdefault(outcome.plant.planter.rule, []).append(outcome)
    for rule, (_, because) in planted.items():
        all_of_it = outcomes.get(rule, [])
        judged = tuple(outcome for outcome in all_of_it if not outcome.because)
        reasons = (*(reason for outcome in all_of_it for reason in outcome.because), *because)
        yield Tried(catalogue()[rule], judged, () if judged else tuple(dict.fromkeys(reasons)))


Planted = tuple[Plant, Copy]


def _planted(original: Original, status: Status, seed: int) -> tuple[list[Planted], tuple[Because, ...]]:
    """A rule's plants, each with its copy; and, where there is none, why not."""
    if not status.run and not all(reason.sentence in PARTLY for reason in status.because):
        return [], status.because
    found: list[Planted] = []
    reasons: list[Because] = []
    for planter in planters(status.rule):
        for place in planter.places:
            try:
                plant = _plant(original, planter, place, _rng(seed, planter, place))
            except Cannot as cannot:
                reasons.append(cannot.because)
            else:
                found += [] if any(plant[0].edits == other.edits for other, _ in found) else [plant]
    unwritten = Because(NOT_PLANTED.get(status.rule, N_("no planter for it yet")))
    return found, () if found else tuple(dict.fromkeys(reasons)) or (unwritten,)


def _rng(seed: int, planter: Planter, place: str) -> Random:
    """What chooses branch and row: its own for each plant, so that a rule more or less changes nothing for the others."""
    return Random(f"{seed} {planter.rule} {planter.name} {place}")  # noqa: S311 (nothing is kept secret by it)


def _plant(original: Original, planter: Planter, place: str, rng: Random) -> Planted:
    """One fault in the first branch, in the seed's order, whose books have room for it. Raises Cannot where none has."""
    branches = list(original.run.book.branches)
    if len(branches) < planter.branches:
        raise Cannot(N_("the books are of one branch"))
    rng.shuffle(branches)
    refused: Cannot | None = None
    for at in range(len(branches) - planter.branches + 1):
        copy = Copy(original, tuple(branches[at : at + planter.branches]), place, rng)
        try:
            spots = _spots(copy, planter.do(copy))
        except Cannot as cannot:
            refused = cannot
            continue
        if copy.edits:
            return Plant(planter, place, copy.branches, tuple(copy.edits), spots), copy
        refused = Cannot(N_("the books have it like that already"))
    assert refused is not None
    raise refused


def _spots(copy: Copy, found: object) -> tuple[Spot, ...]:
    listed = found if isinstance(found, list) else [found]
    return tuple(spot if isinstance(spot, Spot) else copy.spot(spot) for spot in listed)


def _checked(original: Original, planted: Sequence[Planted]) -> Iterator[Outcome]:
    """What came of each plant. One that is not found beside others is tried once more by itself."""
    for batch in _batches(original, [pair for pair in planted if not pair[0].planter.alone]):
        outcomes, sound = _beside(original, batch)
        for pair, outcome in zip(batch, outcomes, strict=True):
            yield outcome if sound and (outcome.result == "found" or _silent(original, *pair)) else _alone(original, *pair)
    yield from (_alone(original, *pair) for pair in planted if pair[0].planter.alone)


def _batches(original: Original, planted: Sequence[Planted]) -> Iterator[list[Planted]]:
    """Plants by as many as are checked together, by the rows of their copies."""
    batch: list[Planted] = []
    rows = 0
    for pair in planted:
        size = sum(sheet.rows_read for source in _originals(original, pair[0]) for sheet in source.sheets)
        if batch and rows + size > MOST_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(pair)
        rows += size
    if batch:
        yield batch


def _originals(original: Original, plant: Plant) -> list[Source]:
    return [source for source in original.run.book.sources if source.branch in plant.branches and not source.problem]


def _beside(original: Original, batch: Sequence[Planted]) -> tuple[list[Outcome], bool]:
    """The outcomes of plants checked together, and whether this run says of unchanged copies what the books' own run says of them."""
    branches = list(dict.fromkeys(plant.branches for plant, _ in batch))
    unchanged = [[source for source in original.run.book.sources if source.branch in of and not source.problem] for of in branches]
    rules = together.rules_where(lambda rule: not rule.across)
    found, _ = together.checked(original.run, [*unchanged, *(read_again(copy) for _, copy in batch)], rules)
    before = dict(zip(branches, found, strict=False))
    sound = all(_known(findings) == _known(_of(original, of)) for of, findings in before.items())
    outcomes = [_outcome(plant, before[plant.branches], after) for (plant, _), after in zip(batch, found[len(branches) :], strict=True)]
    return outcomes, sound


def _of(original: Original, branches: tuple[str, ...]) -> list[Finding]:
    """What the books' own run found in some branches, but for rules that compare branches and for files that do not count."""
    rejected = {source.path for source in original.run.book.sources if source.problem}
    own = [finding for finding in original.findings if finding.branch in branches and not catalogue()[finding.rule].across]
    return [finding for finding in own if finding.src >= 0 or finding.file not in rejected]


def _silent(original: Original, plant: Plant, copy: Copy) -> bool:
    """Whether a rule says nothing new of a plant and nothing keeps it from running, by itself: no other rule could have silenced it then."""
    before, after, because = _by_itself(original, plant, copy, together.rules_where(lambda rule: rule.code == plant.planter.rule))
    return not because and _outcome(plant, before, after).result == "missed"


def _alone(original: Original, plant: Plant, copy: Copy) -> Outcome:
    """The outcome of a plant in a run of its own, with every rule."""
    before, after, because = _by_itself(original, plant, copy, catalogue())
    outcome = _outcome(plant, before, after)
    return replace(outcome, because=because) if outcome.result == "missed" else outcome


def _by_itself(original: Original, plant: Plant, copy: Copy, rules: RuleSet) -> tuple[list[Finding], list[Finding], tuple[Because, ...]]:
    """What some rules find in the branch's books, and in the copy; and what keeps the plant's rule from running on the books."""
    (before,), statuses = together.checked(original.run, [_originals(original, plant)], rules)
    (after,), _ = together.checked(original.run, [read_again(copy)], rules)
    own = next(status for status in statuses if status.rule == plant.planter.rule)
    return before, after, tuple(reason for reason in own.because if reason.sentence != NOT_COMPARED)


def _outcome(plant: Plant, before: Sequence[Finding], after: Sequence[Finding]) -> Outcome:
    known = _known(before)
    new = []
    for finding in after:
        if known[_identity(finding)]:
            known[_identity(finding)] -= 1
        else:
            new.append(finding)
    own = [finding for finding in new if finding.rule == plant.planter.rule]
    found = [finding for finding in own if any(spot.has(finding) for spot in plant.spots)]
    elsewhere = [finding for finding in own if finding not in found]
    return Outcome(plant, tuple(found), tuple(elsewhere), tuple(finding for finding in new if finding not in own))


Identity = tuple[object, ...]


def _known(findings: Sequence[Finding]) -> "Counter[Identity]":
    return Counter(_identity(finding) for finding in findings)


def _identity(finding: Finding) -> Identity:
    """What a finding is of, wherever its figures went: a plant may change the sum that an old finding states."""
    return finding.rule, finding.file, finding.sheet, finding.row, finding.cell, finding.column, finding.key
