"""What a merge costs beside only reading the same files with python-calamine on as many processes: time and peak memory, first and second run.

The books are copies of a small branch (some 500 rows), each with a code, members' IDs and cards of its own; made once and kept in a folder.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import branch
import python_calamine

from ledgerkit.ledgers import all_ledgers
from ledgerkit.writing.template import write_template

branch.MEMBERS, branch.RELIEF, branch.ACTIVITIES, branch.ATTENDED = 25, 40, 10, 100
STRINGS = "xl/sharedStrings.xml"
PAUSE = 0.2


def make(folder: Path, count: int) -> list[Path]:
    """So many branch workbooks in a folder, a hundred a sub-folder; what is there already stays."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "books.xlsx"
        write_template(path, all_ledgers(), "zh", cover=branch.COVER, data=branch.books())
        with zipfile.ZipFile(path) as package:
            parts = [(item.filename, package.read(item)) for item in package.infolist()]
    paths = [folder / f"{number // 100:04d}" / f"{number:06d}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, parts, number)
    return paths


def _write(path: Path, parts: Sequence[tuple[str, bytes]], number: int) -> None:
    own = {f"<t>{branch.CODE}</t>": f"<t>B{number:06d}</t>"}
    for n in range(branch.MEMBERS):
        name, identity = branch.person(number, n)
        own |= {f"<t>会员{n}</t>": f"<t>{name}</t>", branch.identity(n): identity}
    own |= {branch.card(n): branch.card(n + branch.MEMBERS * number) for n in range(branch.MEMBERS)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts:
            if name == STRINGS:
                text = data.decode()
                for there, here in own.items():
                    text = text.replace(there, here)
                data = text.encode()
            package.writestr(name, data)


def read(path: Path) -> int:
    """The rows of a file's sheets, read with python-calamine."""
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def read_alone(paths: Sequence[Path], jobs: int) -> float:
    """Seconds to read files and nothing else, on so many processes that are there already."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        pool.map(read, paths[:jobs])
        start = time.perf_counter()
        pool.map(read, paths, chunksize=20)
        return time.perf_counter() - start


def run(folder: Path, out: Path, *options: str) -> tuple[float, float]:
    """Seconds and megabytes (of all its processes at once, at the most) of a merge."""
    command = [sys.executable, "-P", "-m", "ledgerkit", "merge", str(folder), "-o", str(out), "--quiet", *options]
    start = time.perf_counter()
    process = subprocess.Popen(command)
    most = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, most))
    watcher.start()
    code = process.wait()
    watcher.join()
    if code not in (0, 1):
        raise SystemExit(f"merge ended with {code}")
    return time.perf_counter() - start, most[0]


def _watch(process: "subprocess.Popen[bytes]", most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_megabytes, _tree(process.pid))))
        time.sleep(PAUSE)


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(place.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _megabytes(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0


def main() -> None:
    """Prints a row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "ledgerkit-merge")
    asked = parser.parse_args()
    print(
        "| branches | reading alone, s | all rules ÷ reading | --rules G ÷ reading | second run, one file changed ÷ first | peak memory, MB |"
    )
    print("|---|---|---|---|---|---|")
    for size in asked.sizes:
        print(row(asked.folder / str(size), size, asked.jobs), flush=True)


def row(folder: Path, size: int, jobs: int) -> str:
    """One size's measurements."""
    paths = make(folder / "books", size)
    alone = read_alone(paths, jobs)
    with tempfile.TemporaryDirectory() as place:
        out, cache = Path(place) / "out.xlsx", Path(place) / "cache"
        first, memory = run(folder / "books", out, "--jobs", str(jobs), "--cache", str(cache))
        kept = paths[size // 2].read_bytes()
        with zipfile.ZipFile(paths[size // 2], "a") as package:
            package.comment = b"another file"
        second, _ = run(folder / "books", out, "--jobs", str(jobs), "--cache", str(cache))
        paths[size // 2].write_bytes(kept)
        general, _ = run(folder / "books", out, "--jobs", str(jobs), "--rules", "G")
    return f"| {size:,} | {alone:.1f} | {first / alone:.2f} | {general / alone:.2f} | {second / first:.2f} | {memory:,.0f} |"


if __name__ == "__main__":
    main()
