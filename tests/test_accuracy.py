"""benchmarks/accuracy is an oracle of its own: it imports nothing of ledgerkit, and it plants every rule or says why not."""

import ast
import re
from pathlib import Path

from ledgerkit.rules.packs import catalogue

ACCURACY = Path(__file__).parent.parent / "benchmarks" / "accuracy"
MODULES = sorted(ACCURACY.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The packages that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def planted() -> set[str]:
    """The codes that a recipe plants."""
    return {
        code
        for path in (ACCURACY / "plants").glob("*.py")
        for code in re.findall(r'^@plant\("([A-Z]\d{3})"', path.read_text("utf-8"), re.M)
    }


def test_it_imports_nothing_of_ledgerkit() -> None:
    assert len(MODULES) > 20
    assert [path.name for path in MODULES if "ledgerkit" in imported(path)] == []


def test_what_it_says_cannot_be_decided_is_what_the_page_lists() -> None:
    (listed,) = re.findall(r'^UNDECIDABLE = \(\n    "([^"]+)"', (ACCURACY / "report.py").read_text("utf-8"), re.M)
    page = (ACCURACY.parent.parent / "docs" / "not-decidable.md").read_text("utf-8")
    assert sorted(listed.split()) == re.findall(r"^\| ([A-Z]\d{3}) \|", page, re.M)


def test_every_rule_is_planted_or_said_why_not() -> None:
    said = set(re.findall(r"[A-Z]\d{3}", (ACCURACY / "report.py").read_text("utf-8")))
    codes = {rule.code for rule in catalogue()}
    assert sorted(codes - planted() - said) == []
    assert sorted(planted() & said) == []
