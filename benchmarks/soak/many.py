"""A folder of thousands of workbooks, some of them broken, read by a process that may have 64 files open: none is lost, memory and descriptors stay flat."""

import json
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import hostile  # noqa: E402

DESCRIPTORS = 64
HEAD = ("所属月份", "会员编号", "姓名", "实缴会费", "缴款日期")
# One file in so many is hostile.
HOSTILE = 20
BROKEN = [file for file in hostile.FILES if file.code and file.limits == hostile.LIMITS]


@dataclass(frozen=True)
class Soak:
    """How many files there were, what became of them, rows read, seconds, bytes at the most in the process that ran the rules."""

    files: int
    expected: Counter[str]
    became: Counter[str]
    rows: int
    seconds: float
    memory: int


def soaked(count: int) -> Soak:
    """Makes the folder and validates it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        expected = Counter(_laid(folder, number) for number in range(count))
        command = [sys.executable, "-P", "-m", "ledgerkit", "validate", name, "--format", "json", "--rules", "F"]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, preexec_fn=_few_files)
        seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    report = json.loads(done.stdout)
    became = Counter(item["reason"] or "" for item in report["inputs"])
    rows = sum(sheet["rows_read"] for item in report["inputs"] for sheet in item["sheets"])
    return Soak(len(report["inputs"]), expected, became, rows, seconds, memory)


def _few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def _laid(folder: Path, number: int) -> str:
    """Writes the file of a number, one row of dues or a hostile one; the verdict that it must get."""
    if number % HOSTILE == 0:
        file = BROKEN[number // HOSTILE % len(BROKEN)]
        (folder / f"{number}{file.suffix}").write_bytes(file.data())
        return file.code
    with xlsxwriter.Workbook(str(folder / f"{number}.xlsx")) as book:
        sheet = book.add_worksheet("会费")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("2015-03", f"M{number:06d}", "甲", 5, "2015-03-10"))
    return ""


if __name__ == "__main__":
    print(soaked(int(sys.argv[1])))
