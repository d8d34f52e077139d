"""What making typed ledgers of plain cells costs beside python-calamine's reading: CPU time in one process, pairs in turn.

A federation's 19 workbooks of small sheets (the sample of the organs' union), and the typical branch of branch.py in one workbook.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import python_calamine
from branch import COVER, books

from ledgerkit import policies
from ledgerkit.ledgers import all_ledgers
from ledgerkit.reading.book import read_book
from ledgerkit.reading.engine import read_file
from ledgerkit.writing.template import write_template

PAIRS, YEAR = 9, 2015
SAMPLE = Path(__file__).parents[1] / "samples" / "organs-union-2015" / "books"


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def read(paths: Sequence[Path]) -> None:
    """python-calamine's own reading of every sheet."""
    for path in paths:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()


def compare(name: str, paths: Sequence[Path]) -> None:
    """Prints what is read of some workbooks, and the ratio of each pair's times: least, median, most."""
    raws = [read_file(path, path.name) for path in paths]
    policy = policies.load(None, {})
    book = read_book(raws, policy, YEAR)
    pairs = [(seconds(lambda: read_book(raws, policy, YEAR)), seconds(lambda: read(paths))) for _ in range(PAIRS + 1)][1:]
    ratios = sorted(one / other for one, other in pairs)
    rows = sum(len(table) for table in book.read.values())
    print(f"{name}: {len(book.sheets)} sheets, {rows:,} rows, typed in {min(one for one, _ in pairs):.2f} s of CPU")
    print(f"typing ÷ python-calamine's reading: {ratios[0]:.2f} … {statistics.median(ratios):.2f} … {ratios[-1]:.2f} ({PAIRS} pairs)")


def main() -> None:
    """Compares both."""
    compare("small sheets", sorted(SAMPLE.rglob("*.xlsx")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "books.xlsx")
        write_template(path, all_ledgers(), "zh", cover=COVER, data=books())
        compare("a typical branch", [path])


if __name__ == "__main__":
    main()
