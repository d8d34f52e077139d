"""The measured table as a page: what was planted and what became of it, rule by rule."""

from collections.abc import Sequence

from compare import Run, Score, added

SEVERITIES = ("error", "high", "medium", "low", "info")

# Rules of the papers that this benchmark does not plant, each with its reason.
UNDECIDABLE = (
    "D004 D011 D012 D013 R005 R006 R007 A004 A025 A029 V013 V014 V015 V018 V020 V021 B007 B009 B015 B016 B017 B018 X005 X008 X012 X015 X017"
)
UNPLANTED = {
    "F004, F005, F006, F009": "a limit, a crash, a time-out and a change while reading are tests of the reader, not of books",
    "F010, O005, O006, O007, X007": "of a federation: they need the register and `merge`",
    "G026": "needs a workbook made from ledgerkit's own template",
    "G027, K001, M009, W001, W002, X019, X020": "ledgerkit's own additions",
    "X013, X014": "the papers give no threshold (X014 is off by default)",
}


def page(runs: Sequence[Run]) -> str:
    """docs/accuracy.md."""
    lines = [
        "# How right the rules are",
        "",
        "Made by `make accuracy` (`python benchmarks/accuracy/run.py`); do not edit. The books and the plants are written from the rules' papers",
        "alone and import nothing of ledgerkit, which is run as a command and whose findings are held against the register of plants.",
        "",
        "Clean books: branches of an honest year, with what only looks like a fault. Planted: small books of one plant each, at the limit (must not be",
        "flagged), just over it, far over it; in the first row, the last, after blank rows, in wide dues, in the second of two files. The rules were",
        f"mended with seed {runs[0].seed}; another seed makes other people, amounts, layouts and books.",
        "",
        _seeds(runs),
        "",
        *[
            f"Control totals of the clean books that do not agree (seed {run.seed}): {', '.join(run.controls[:5])}."
            for run in runs
            if run.controls
        ],
        *[f"A run was refused: {error}" for run in runs for error in run.errors],
        _table(runs),
        "",
        *_wrong(runs),
        f"Not decidable with the nine ledgers: {', '.join(UNDECIDABLE.split())}.",
        "",
        "Not planted:",
        "",
        *(f"- {codes}: {reason}" for codes, reason in UNPLANTED.items()),
        "",
    ]
    return "\n".join(lines)


def _seeds(runs: Sequence[Run]) -> str:
    """A row a seed: how much was run and what became of it; of rules that are not built yet nothing is counted."""
    head = "| Seed | branches | clean rows | plants | planted | found | elsewhere | missed | at the limit | false | "
    head += " | ".join(f"clean: {severity}" for severity in SEVERITIES) + " |\n| --- |" + " --: |" * (9 + len(SEVERITIES))
    rows = []
    for run in runs:
        total = run.total()
        cells = [run.seed, run.branches, f"{run.rows:,}", run.plants, *_counts(total)[:-1]]
        rows.append(_cells(*cells, *(run.result.severities[severity] for severity in SEVERITIES)))
    return "\n".join([head, *rows])


def _table(runs: Sequence[Run]) -> str:
    """A row a rule, all seeds together."""
    head = (
        "planted: lines of the register. found: at the right cell; elsewhere: by the right rule at another cell; missed. at the limit: plants that must not be\n"
        "flagged. false: findings of this rule in planted books that no plant accounts for; false, clean: those in the clean books. All seeds together.\n\n"
        "| Rule | built | planted | found | elsewhere | missed | at the limit | false | false, clean |\n| --- | --- | --: | --: | --: | --: | --: | --: | --: |"
    )
    built = runs[0].built
    codes = sorted({rule for run in runs for rule in run.result.scores})
    rows = [(code, added(run.result.scores[code] for run in runs if code in run.result.scores)) for code in codes]
    lines = [_cells(code, "yes" if code in built else "not built", *_counts(score)) for code, score in rows]
    return "\n".join([head, *lines, _cells("built", "yes", *_counts(added(run.total() for run in runs)))])


def _wrong(runs: Sequence[Run]) -> list[str]:
    """What of the rules that there are was missed or found elsewhere, and what is false, a line each."""
    lines = [f"- seed {run.seed}, missed: {line}" for run in runs for rule, line in run.result.misses if rule in run.built]
    lines += [f"- seed {run.seed}, false: {line}" for run in runs for line in run.result.falses]
    return ["Not as it should be:", "", *lines, ""] if lines else []


def _counts(score: Score) -> tuple[int, ...]:
    return score.planted, score.found, score.elsewhere, score.missed, score.limits, score.false, score.clean


def _cells(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
