"""A damaged workbook is read as it was or gets a verdict: cut at every hundredth and at every part, 500 bits flipped, mutants by chance."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from hostile import base

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "soak"))

import mutants
from mutants import Mutant

from ledgerkit.reading.engine import read_bytes

SEED = 2015


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "dues.xlsx"
    path.write_bytes(base())
    return path


def became(damaged: list[Mutant]) -> Counter[str]:
    """What became of copies of one workbook, in this process: after the pre-flight no damaged .xlsx ends it."""
    original = read_bytes(damaged[0].seed.read_bytes(), "dues.xlsx")
    raws = [read_bytes(mutant.data, "dues.xlsx") for mutant in damaged]
    return Counter(raw.problem or ("same" if raw.sheets == original.sheets else "another") for raw in raws)


def test_every_cut_is_told(workbook: Path) -> None:
    cuts = list(mutants.cuts(workbook))
    assert len(cuts) > 100
    assert became(cuts) == {"F003": len(cuts)}


def test_no_flipped_bit_makes_another_workbook(workbook: Path) -> None:
    """Where a bit says nothing of the content (a time, a flag of the package) the workbook is the same. A size that is none is over a limit."""
    found = became(list(mutants.flips(workbook, 500, SEED)))
    assert found.keys() <= {"same", "F001", "F002", "F003", "F004"}
    assert found.total() == 500
    assert found["F003"] > 400


def test_mutants_of_every_format_end_no_run() -> None:
    """Without a checksum (.xls, .csv, parts packed anew) another content is another workbook; with one it never is."""
    found = mutants.outcomes(mutants.mutants(120, SEED))
    assert found.total() == 120
    assert found["checksum", "another"] == 0
    assert {verdict for _, verdict in found} <= {"same", "another", "F001", "F002", "F003", "F004", "F005"}


def test_the_oracle_knows_another_workbook(tmp_path: Path) -> None:
    """The comparison itself: one digit of a text file changed is another file, and is counted as one."""
    path = tmp_path / "dues.csv"
    path.write_text("member_no,period,paid\nM001,2015-03,15.00\n", "utf-8")
    changed = Mutant(path, "by hand", path.read_bytes().replace(b"15.00", b"16.00"), checked=False)
    same = Mutant(path, "not at all", path.read_bytes(), checked=False)
    assert mutants.outcomes(iter([changed, same])) == {("none", "another"): 1, ("none", "same"): 1}
