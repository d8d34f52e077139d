"""A small run of benchmarks/differential.py: every cell as openpyxl has it too, or another for a reason with a name. `make differential` is the long one."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import differential
from corpus_writers import WRITERS

from ledgerkit.reading.raw import RawFile

CELLS = 21_000


def test_every_difference_from_a_second_reader_has_a_reason(tmp_path: Path) -> None:
    outcome = differential.run(CELLS, 0, tmp_path)
    assert outcome.unexplained == []
    assert outcome.cells >= CELLS
    assert outcome.books >= len(WRITERS)
    assert {of.name for of in differential.CLASSES} == set(outcome.classes)
    assert all(
        outcome.facts[name] for name in ("error cells", "formulas", "uncalculated", "merged ranges", "hidden rows", "hidden columns")
    )


def spoilt(raw: RawFile, row: int, column: int, value: Any) -> RawFile:
    """A file with one cell of its first sheet read as something else."""
    rows = [list(line) for line in raw.sheets[0].rows]
    rows[row][column] = value
    return replace(raw, sheets=(replace(raw.sheets[0], rows=rows), *raw.sheets[1:]))


@pytest.mark.parametrize("value", ["", "x", 1.0, True, "1"])
def test_a_cell_read_as_another_is_no_difference_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    read = differential.read_file
    found: list[tuple[int, int]] = []

    def spoiling(path: Path, shown: str) -> RawFile:
        raw = read(path, shown)
        found.append(
            next((row, at) for row, line in enumerate(raw.sheets[0].rows) for at, cell in enumerate(line) if isinstance(cell, float))
        )
        return spoilt(raw, *found[-1], value)

    monkeypatch.setattr(differential, "read_file", spoiling)
    outcome = differential.run(100, 0, tmp_path)
    assert [f" {place}: " in said for said, place in zip(outcome.unexplained, found, strict=True)] == [True] * outcome.books
