"""Every code of the catalogue is a rule, or stands in docs/not-decidable.md with the book it needs, or comes with merging; nothing is forgotten."""

import re
from pathlib import Path

import pytest

from ledgerkit.ledgers import ORDER
from ledgerkit.rules.packs import catalogue

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (DOCS / "not-decidable.md", DOCS / "not-decidable.zh.md")

# The 140 codes of the catalogue: each letter's run from 001.
CATALOGUE = {"G": 15, "M": 7, "O": 6, "D": 14, "R": 7, "A": 30, "V": 24, "B": 19, "X": 18}
# What the contract adds: files, and rules that a catalogue rule was divided into.
ADDED = [f"F{n:03d}" for n in range(1, 12)] + [f"G{n:03d}" for n in range(16, 27)]
ADDED += ["D015", "D016", "M008", "R008", "A031", "A032", "V025", "V026"]
# Ours: an amount typed as text is read, and said; decisions that differ; perhaps one person in two branches; a branch that is not on the
# register; one account behind people of several branches, one need relieved by two; a waiver that has expired or matches nothing.
OWN = ["G027", "K001", "M009", "O007", "W001", "W002", "X019", "X020"]
# Rules of which these ledgers decide a half, which is run.
HALVES = {"A008", "A012", "A015", "B004", "B013", "G007", "V004", "V012", "V022"}

EVERY = {f"{letter}{n:03d}" for letter, count in CATALOGUE.items() for n in range(1, count + 1)} | set(ADDED) | set(OWN)


def not_decidable(page: Path) -> list[str]:
    """The codes of the page's table, in its order."""
    return re.findall(r"^\| ([A-Z]\d{3}) \|", page.read_text("utf-8"), re.M)


def test_the_catalogue_is_whole() -> None:
    assert sum(CATALOGUE.values()) == 140
    assert len(EVERY) == 140 + len(ADDED) + len(OWN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_is_built_or_not_decidable(page: Path) -> None:
    built = {rule.code for rule in catalogue()}
    listed = not_decidable(page)
    assert sorted(EVERY - built - set(listed)) == []
    assert sorted(built - EVERY) == []
    assert sorted(built & set(listed)) == []
    assert listed == sorted(set(listed))


def test_both_languages_list_the_same_codes() -> None:
    assert not_decidable(PAGES[0]) == not_decidable(PAGES[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_rule_of_which_half_is_decidable_is_built_and_named(page: Path) -> None:
    paragraph = page.read_text("utf-8").strip().split("\n\n")[-1]
    assert set(re.findall(r"[A-Z]\d{3}", paragraph)) - {"X013", "X014"} == HALVES
    assert sorted(HALVES - {rule.code for rule in catalogue()}) == []


def test_what_a_rule_needs_is_a_ledger() -> None:
    """Nine ledgers and no other books: what a rule cannot run without is a column of one of them."""
    needed = {ledger for rule in catalogue() for function in rule.functions for ledger in function.needs}
    assert sorted(needed - set(ORDER)) == []
