"""What all rules cost over a million dues rows with their relief and attendance, beside only reading them with python-calamine; in one process, in turn.

The books are 167 copies of the typical branch of branch.py, each with a code, members' IDs and cards of its own.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import python_calamine
from branch import CODE, COVER, MEMBERS, books, card, identity, person

from ledgerkit import audit
from ledgerkit.cli import YOUNG
from ledgerkit.ledgers import all_ledgers
from ledgerkit.reading.engine import read_file
from ledgerkit.reading.raw import Cell, RawFile, RawSheet
from ledgerkit.writing.template import write_template

BRANCHES = 167
BOUND = 0.5


class Copies:
    """Files that were read already, in the place of a Reading."""

    def __init__(self, files: Sequence[RawFile]) -> None:
        self._files = list(files)

    def files(self) -> tuple[list[RawFile], int]:
        return self._files, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def copy(file: RawFile, number: int) -> RawFile:
    """The branch's file as another branch would have it: its own code, IDs and cards."""
    own: dict[Cell, Cell] = {CODE: f"B{number:04d}"}
    for n in range(MEMBERS):
        name, number_of = person(number, n)
        own |= {f"会员{n}": name, identity(n): number_of}
    own |= {card(n): card(n + MEMBERS * number) for n in range(MEMBERS)}
    sheets = tuple(_with(sheet, own) for sheet in file.sheets)
    return replace(file, path=f"{number:04d}.xlsx", sha256=f"{number:064d}", sheets=sheets)


def _with(sheet: RawSheet, own: dict[Cell, Cell]) -> RawSheet:
    return replace(sheet, rows=[[own.get(cell, cell) for cell in row] for row in sheet.rows])


def read_alone(path: Path, times: int) -> float:
    """Seconds to read a workbook's sheets with python-calamine so many times."""
    start = time.perf_counter()
    for _ in range(times):
        book = python_calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    return time.perf_counter() - start


def timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """The function, adding the seconds of each call to a list."""

    def call(*arguments: Any) -> Any:
        start = time.perf_counter()
        found = function(*arguments)
        spent.append(time.perf_counter() - start)
        return found

    return call


def main() -> None:
    """Prints rows, findings, both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=BRANCHES)
    branches = parser.parse_args().branches
    gc.set_threshold(YOUNG)  # as every command does
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "books.xlsx"
        write_template(path, all_ledgers(), "zh", cover=COVER, data=books())
        file = read_file(path, path.name)
        alone = read_alone(path, branches)
    spent: list[float] = []
    audit.run_rules = timed(audit.run_rules, spent)  # type: ignore[attr-defined]
    report = audit.reconcile([Path()], reading=Copies([copy(file, n) for n in range(branches)]))  # type: ignore[arg-type]
    rows = {table.name: len(table) for table in report.book.read.values()}
    ran = sum(status.run for status in report.statuses)
    print(f"{branches} branches: " + ", ".join(f"{count:,} {ledger}" for ledger, count in rows.items()))
    print(f"{ran} rules: {spent[0]:.1f} s, {len(report.findings)} findings; reading alone: {alone:.1f} s")
    print(f"rules ÷ reading alone: {spent[0] / alone:.2f} (bound {BOUND})")


if __name__ == "__main__":
    main()
