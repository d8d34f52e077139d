"""Clean books: everything that happens in an honest year, written from the papers, with what only looks like a fault."""

import random

from branch import Branch

from books import activities, budget, dues, expenses, register, relief, remittance, roster


def clean(code: str, size: int, seed: str, *, stories: bool = True, wide: bool = False) -> Branch:
    """The books of one branch of `size` members, or more where its stories need them; the same seed gives the same books."""
    rng = random.Random(f"{seed} {code}")
    branch = Branch(code, f"某市第{code}单位机关工会委员会", rng, has_stories=stories, is_wide=wide)
    branch.dues_in_january = rng.random() < 0.5
    branch.remitted_in_january = rng.random() < 0.5
    roster.fill(branch, size)
    dues.fill(branch)
    activities.fill(branch)
    relief.fill(branch)
    expenses.fill(branch)
    remittance.fill(branch)
    register.fill(branch)
    settle(branch)
    return branch


def settle(branch: Branch) -> None:
    """Draws up the budget to what the ledgers add up to: called again after a fault that is not about the budget."""
    branch.rows["budget"].clear()
    budget.fill(branch)
