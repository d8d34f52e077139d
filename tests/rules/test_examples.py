"""Every rule's docstring tables are its test: as one branch, and repeated as two."""

import pytest

from ledgerkit.rules.base import Function, Rule
from ledgerkit.rules.examples import example, outcomes
from ledgerkit.rules.packs import catalogue

FUNCTIONS = [
    pytest.param(rule, function, id=f"{rule.code}-{function.check.__name__}") for rule in catalogue() for function in rule.functions
]


@pytest.mark.parametrize(("rule", "function"), FUNCTIONS)
def test_flags_what_its_tables_mark_and_nothing_else(rule: Rule, function: Function) -> None:
    found, marked = outcomes(rule, function)
    assert found == marked


@pytest.mark.parametrize(("rule", "function"), [p for p in FUNCTIONS if not p.values[0].across])
def test_two_branches_give_the_same_flags_twice_and_none_across(rule: Rule, function: Function) -> None:
    found, marked = outcomes(rule, function, ("A", "B"))
    assert found == marked


@pytest.mark.parametrize(("rule", "function"), FUNCTIONS)
def test_every_example_shows_a_flagged_row(rule: Rule, function: Function) -> None:
    assert any(row[sheet.columns.index("!")] for sheet in example(function).sheets if "!" in sheet.columns for row in sheet.rows)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in catalogue()])
def test_every_rule_shows_a_row_that_is_not_flagged(rule: Rule) -> None:
    marks = [row[s.columns.index("!")] for f in rule.functions for s in example(f).sheets if "!" in s.columns for row in s.rows]
    assert "" in marks
