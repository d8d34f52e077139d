"""What the pre-flight and the sight of what python-calamine cannot see cost beside its own reading: CPU time in one process, pairs in turn.

A sheet of dues of 100,000 rows in 12 columns, as XlsxWriter writes it: clean, and with hidden rows, an error cell and a column of formulas.
"""

import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from ledgerkit.reading.limits import LIMITS
from ledgerkit.reading.preflight import Parts
from ledgerkit.reading.truth import read_package

PAIRS, ROWS = 9, 100_000
BOUND = 0.35
HEADINGS = [
    "会员编号",
    "姓名",
    "所属月份",
    "工会小组",
    "缴费基数",
    "应缴会费",
    "实缴会费",
    "减免金额",
    "缴费方式",
    "缴款日期",
    "收据号",
    "备注",
]
HIDDEN = range(500, 530)


def written(path: Path, *, hidden: bool = False, formulas: bool = False) -> Path:
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("会费")
        money, day, text = (book.add_format({"num_format": code}) for code in ("#,##0.00", "yyyy-mm-dd", "@"))
        sheet.write_row(0, 0, HEADINGS)
        for row in range(1, ROWS + 1):
            base = 3000 + row % 997
            words = (f"M{row:06d}", f"会员{row % 5000}", f"2015-{1 + row % 12:02d}", f"第{row % 20}小组")
            for column, word in enumerate(words):
                sheet.write_string(row, column, word, text)
            for column, amount in enumerate((base + 0.5, base / 200, base / 200, 0), 4):
                sheet.write_number(row, column, round(amount, 2), money)
            if formulas:
                sheet.write_formula(row, 5, f"=ROUND(E{row + 1}*0.005,2)", money, round(base / 200, 2))
            sheet.write_string(row, 8, "代扣")
            sheet.write_number(row, 9, 42005 + row % 365, day)
            sheet.write_string(row, 10, f"R{row}")
            sheet.write_string(row, 11, "无")
        if hidden:
            for row in HIDDEN:
                sheet.set_row(row, None, None, {"hidden": True})
            sheet.write_formula(700, 6, "=1/0", None, "#DIV/0!")
    return path


def seconds(work: Callable[[Path], object], path: Path) -> float:
    """CPU time of this process."""
    start = time.process_time()
    work(path)
    return time.process_time() - start


def see(path: Path) -> object:
    """The whole pass: every part inflated once and under limits, its checksum compared, every sheet scanned."""
    with zipfile.ZipFile(path) as package:
        return read_package(Parts(package, LIMITS))


def read(path: Path) -> object:
    """python-calamine's own reading, as ledgerkit asks for it."""
    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def main() -> None:
    """Prints the ratio of each pair's times, least, median, most, for each workbook."""
    with tempfile.TemporaryDirectory() as folder:
        books = {
            "clean": written(Path(folder, "clean.xlsx")),
            "30 hidden rows and an error cell": written(Path(folder, "hidden.xlsx"), hidden=True),
            "a column of formulas": written(Path(folder, "formulas.xlsx"), formulas=True),
        }
        for name, path in books.items():
            pairs = [(seconds(see, path), seconds(read, path)) for _ in range(PAIRS + 1)][1:]
            ratios = sorted(one / other for one, other in pairs)
            print(
                f"truth of {ROWS:,} rows ÷ python-calamine's reading, {name}: "
                f"{ratios[0]:.2f} … {statistics.median(ratios):.2f} … {ratios[-1]:.2f} ({PAIRS} pairs; bound for a clean one: {BOUND})"
            )


if __name__ == "__main__":
    main()
