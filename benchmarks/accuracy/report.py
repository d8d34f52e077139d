"""The measured table as a page: what was planted and what became of it, rule by rule."""

from typing import Any

from compare import Result, Score

# Rules of the papers that this benchmark does not plant, each with its reason.
UNDECIDABLE = (
    "D004 D011 D012 D013 R005 R006 R007 A004 A025 A029 V013 V014 V015 V018 V020 V021 B007 B009 B015 B016 B017 B018 X005 X008 X012 X015 X017"
)
UNPLANTED = {
    "F004, F005, F006, F009": "a limit, a crash, a time-out and a change while reading are tests of the reader, not of books",
    "F010, O006, X007": "of a federation: they need the register and `merge`",
    "G026": "needs a workbook made from ledgerkit's own template",
    "G027": "ledgerkit's own addition",
    "X013, X014": "the papers give no threshold (X014 is off by default)",
}


def page(result: Result, facts: dict[str, Any]) -> str:
    """docs/accuracy.md."""
    built = facts["built"]
    lines = [
        "# How right the rules are",
        "",
        "Made by `make accuracy` (`python benchmarks/accuracy/run.py`); do not edit. The books and the plants are written from the rules' papers",
        "alone and import nothing of ledgerkit, which is run as a command and whose findings are held against the register of plants.",
        "",
        f"Clean books: {facts['branches']} branches, {facts['rows']:,} rows, seed {facts['seed']}. Findings in them that should not be there: {_severities(result)}.",
        *([f"Control totals of the clean books that do not agree: {', '.join(facts['controls'][:5])}."] if facts["controls"] else []),
        f"Planted: {facts['plants']} small books of one plant each, at the limit (must not be flagged), just over it, far over it; in the first row, the last,",
        "after blank rows, in wide dues, in the second of two files.",
        "",
        *[f"A run was refused: {error}" for error in facts["errors"]],
        _table(result, built),
        "",
        f"Not decidable with the nine ledgers: {', '.join(UNDECIDABLE.split())}.",
        "",
        "Not planted:",
        "",
        *(f"- {codes}: {reason}" for codes, reason in UNPLANTED.items()),
        "",
    ]
    return "\n".join(lines)


def _severities(result: Result) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in sorted(result.severities.items())) or "none"


def _table(result: Result, built: set[str]) -> str:
    head = (
        "planted: lines of the register. found: at the right cell; elsewhere: by the right rule at another cell; missed. at the limit: plants that must not be\n"
        "flagged. false: findings of this rule in planted books that no plant accounts for; false, clean: those in the clean books.\n\n"
        "| Rule | built | planted | found | elsewhere | missed | at the limit | false | false, clean |\n| --- | --- | --: | --: | --: | --: | --: | --: | --: |"
    )
    rows = [_row(rule, score, built) for rule, score in sorted(result.scores.items())]
    total = Score()
    for rule, score in result.scores.items():
        if rule in built:
            for name, value in vars(score).items():
                setattr(total, name, getattr(total, name) + value)
    return "\n".join([head, *rows, _row("built", total, {"built"})])


def _row(rule: str, score: Score, built: set[str]) -> str:
    there = "yes" if rule in built else "not built"
    cells = (rule, there, score.planted, score.found, score.elsewhere, score.missed, score.limits, score.false, score.clean)
    return "| " + " | ".join(map(str, cells)) + " |"
