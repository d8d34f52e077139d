"""What a merge cannot do without, beside only reading the same files: reading what the engine does not tell, and writing its workbook's cells.

One process, the same files, one after another; a merge reads on several processes and writes on one, so what is read is divided by their number.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import merge
import python_calamine
import xlsxwriter

from ledgerkit.reading.engine import read_file
from ledgerkit.rubbish import seldom


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes: the least of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def sheets(book: Path) -> list[list[list[object]]]:
    """The cells of a workbook, by sheet and row."""
    with python_calamine.CalamineWorkbook.from_path(book) as opened:
        return [list(opened.get_sheet_by_name(name).to_python()) for name in opened.sheet_names]


def write(cells: list[list[list[object]]], path: Path) -> None:
    """A workbook of these cells, written by XlsxWriter alone: rows in their order, one look, numbers as numbers, all else as text."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    look = book.add_format({"border": 1})
    for rows in cells:
        sheet = book.add_worksheet()
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, float):
                    sheet.write_number(row, column, value, look)
                elif value == "":
                    sheet.write_blank(row, column, None, look)
                else:
                    sheet.write_string(row, column, str(value), look)
    book.close()


def main() -> None:
    """Prints the two, as shares of reading alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "ledgerkit-merge")
    asked = parser.parse_args()
    seldom()
    folder = asked.folder / str(asked.branches) / "books"
    paths = merge.make(folder, asked.branches)
    alone = seconds(lambda: [merge.read(path) for path in paths]) / asked.jobs
    read = seconds(lambda: [read_file(path, path.name) for path in paths]) / asked.jobs
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out.xlsx"
        merge.run(folder, out, "--jobs", str(asked.jobs))
        cells = sheets(out)
        written = seconds(lambda: write(cells, Path(place) / "plain.xlsx"))
    count = sum(len(row) for rows in cells for row in rows)
    print(f"{asked.branches} branches, {count:,} cells in the workbook, {asked.jobs} processes for reading, 1 for writing")
    print("| | ÷ reading alone |")
    print("|---|---|")
    print(f"| reading with what the engine does not tell | {read / alone:.2f} |")
    print(f"| writing the workbook's cells with XlsxWriter alone | {written / alone:.2f} |")
    print(f"| both | {(read + written) / alone:.2f} |")


if __name__ == "__main__":
    main()
