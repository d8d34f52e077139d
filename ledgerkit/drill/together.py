"""Many copies checked in one run: each as branches of its own, so that what the rules say of one is not mixed with what they say of another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ledgerkit import audit
from ledgerkit.audit import Run
from ledgerkit.model.finding import Finding
from ledgerkit.reading.book import Source, book_of
from ledgerkit.rules.base import Rule, RuleSet
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import Status, run_rules

# Between a copy's number and its branch's code.
MARK = "\x1f"


def checked(run: Run, copies: Sequence[Sequence[Source]], rules: RuleSet) -> tuple[list[list[Finding]], list[Status]]:
    """The findings of each copy, its files given as they were read, and what became of each rule in all of them."""
    sources: list[Source] = []
    for number, files in enumerate(copies):
        for source in files:
            sheets = [replace(sheet, file=len(sources)) for sheet in source.sheets]
            sources.append(replace(source, branch=f"{number}{MARK}{source.branch}", sheets=sheets))
    joined = replace(run, book=book_of(sources, run.book.year))
    findings, statuses = run_rules(rules, audit.subject(joined, audit.reckoned(joined)))
    found: list[list[Finding]] = [[] for _ in copies]
    for finding in findings:
        copy, _, branch = finding.branch.partition(MARK)
        found[int(copy)].append(replace(finding, branch=branch))
    return found, statuses


def rules_where(wanted: Callable[[Rule], bool]) -> RuleSet:
    """Some rules of the catalogue."""
    kept = RuleSet()
    for rule in catalogue():
        if wanted(rule):
            kept.take(rule)
    return kept
