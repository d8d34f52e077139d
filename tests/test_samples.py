"""Each sample: the planted faults are found, each at its cell, and nothing else is; its commands print what is expected."""

from collections import Counter
from pathlib import Path

import pytest

from ledgerkit import audit
from ledgerkit.model.finding import Finding

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = ("branch-2015-zh", "branch-2015-en", "faults-2015")
Planted = tuple[str, str, str, str]


def planted(sample: Path) -> Counter[Planted]:
    """(file, sheet, cell, rule) of each line of faults.md."""
    lines = [line.strip("|\n ").split("|") for line in (sample / "faults.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in cells] for cells in lines]
    return Counter((row[1], row[2], row[3], row[4]) for row in rows if row[0].isdecimal())


def found(findings: list[Finding]) -> Counter[Planted]:
    return Counter(((f.file or "").rpartition("/")[2], f.sheet or "", f.cell or "", f.rule) for f in findings)


def compared(sample: Path, findings: list[Finding]) -> tuple[list[Planted], list[Planted]]:
    """(planted and not found, found and not planted)."""
    wanted, got = planted(sample), found(findings)
    return sorted((wanted - got).elements()), sorted((got - wanted).elements())


@pytest.mark.parametrize("name", NAMES[:2])
def test_every_fault_planted_in_a_branch_workbook_is_found_and_nothing_else(name: str) -> None:
    report = audit.reconcile([SAMPLES / name])
    assert compared(SAMPLES / name, list(report.findings)) == ([], [])


def test_every_g_and_f_fault_is_found_at_its_cell_and_nothing_else() -> None:
    report = audit.validate([SAMPLES / "faults-2015" / "books"])
    assert compared(SAMPLES / "faults-2015", list(report.findings)) == ([], [])
