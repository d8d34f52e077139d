"""Files are read in processes of their own: what kills a reader is one file's verdict, and the others are read as they were."""

import hashlib
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from books import write
from hostile import DEADLY

from ledgerkit.audit import validate
from ledgerkit.reading import worker
from ledgerkit.reading.digests import SHORT, row_digests
from ledgerkit.reading.engine import read_file
from ledgerkit.reading.entries import Plain
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.limits import LIMITS, Limits
from ledgerkit.reading.paths import Reading
from ledgerkit.reading.raw import RawFile, RawSheet, Truth
from ledgerkit.reading.survey import Head

DUES = """
| period  | member_no | name | paid | paid_on     |
| 2015-01 | M001      | 甲   | #5   | 2015-01-10d |
"""


def deadly(path: Path) -> Path:
    """A file on which the reading process ends, at the limits of `hostile.DEADLY`."""
    path.write_bytes(DEADLY.data())
    return path


def read(paths: list[Path], limits: Limits = LIMITS) -> list[RawFile]:
    with Readers([(path, path.name) for path in paths], limits) as readers:
        return readers.files()


def test_a_file_that_changes_while_it_is_read_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "dues.xlsx", {"dues": DUES})
    whole = path.read_bytes()
    assert read_file(path, "dues.xlsx").problem == ""

    def saved_meanwhile(self: Path) -> bytes:
        with self.open("ab") as file:
            file.write(b"more")
        return whole

    monkeypatch.setattr(Path, "read_bytes", saved_meanwhile)
    raw = read_file(path, "dues.xlsx")
    assert (raw.problem, raw.sheets) == ("F009", ())
    assert raw.sha256 == hashlib.sha256(whole).hexdigest()


def test_a_file_that_kills_its_reader_is_blamed_alone(tmp_path: Path) -> None:
    good = [write(tmp_path / f"{number}.xlsx", {"dues": DUES}) for number in range(6)]
    bad = deadly(tmp_path / "bad.ods")
    found = read([*good[:2], bad, *good[2:4], bad, *good[4:]], DEADLY.limits)
    assert [raw.problem for raw in found] == ["", "", "F005", "", "", "F005", "", ""]
    assert (found[2].observed, found[2].path) == ("exit -6", "bad.ods")
    assert found[2].sha256 == hashlib.sha256(bad.read_bytes()).hexdigest()
    assert [raw for raw in found if not raw.problem] == [read_file(path, path.name) for path in good]


def test_what_a_clerk_is_told_of_it(tmp_path: Path) -> None:
    deadly(tmp_path / "bad.ods")
    write(tmp_path / "good.xlsx", {"dues": DUES})
    report = validate([tmp_path], reading=Reading([tmp_path], limits=DEADLY.limits))
    assert [(finding.rule, finding.file, finding.observed) for finding in report.findings if finding.rule.startswith("F")] == [
        ("F005", "bad.ods", "exit -6")
    ]
    assert len(report.book.used["dues"]) == 1


def test_no_core_dump_holds_what_was_read() -> None:
    asked = "from ledgerkit.reading.worker import bound; bound(1 << 32); import resource as r; print(*r.getrlimit(r.RLIMIT_AS), r.getrlimit(r.RLIMIT_CORE)[0])"
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout.split()[0] == str(1 << 32)
    assert ran.stdout.split()[2] == "0"


def test_a_file_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path / "dues.xlsx", {"dues": DUES})
    [raw] = read([path], Limits(seconds=0.001))
    assert (raw.problem, raw.observed, len(raw.sha256)) == ("F006", "0.001 s", 64)


def test_what_is_no_ordinary_exception_is_a_verdict_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panics(path: Path, shown: str, passwords: tuple[str, ...], limits: Limits) -> RawFile:
        raise PanicException

    def runs_out(path: Path, shown: str, passwords: tuple[str, ...], limits: Limits) -> RawFile:
        raise MemoryError

    for broken, verdict in (
        (panics, RawFile("a.xls", "", "F005", "PanicException")),
        (runs_out, RawFile("a.xls", "", "F004", case="memory")),
    ):
        monkeypatch.setattr(worker, "read_file", broken)
        replies = io.BytesIO()
        worker.serve(io.BytesIO(pickle.dumps(("a.xls", "a.xls", (), LIMITS, None, False))), replies)
        assert pickle.loads(replies.getvalue()) == Head(verdict)


def test_only_plain_data_comes_back() -> None:
    plain = RawFile("a.xlsx", "00", sheets=(RawSheet("1", [["甲", 1.0]], [], Truth()),))
    assert Plain(io.BytesIO(pickle.dumps(plain))).load() == plain
    with pytest.raises(pickle.UnpicklingError, match=r"posix\.system|nt\.system"):
        Plain(io.BytesIO(pickle.dumps(os.system))).load()


def test_a_module_beside_the_workbooks_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "dues.xlsx", {"dues": DUES})
    (tmp_path / "zipfile.py").write_text("open('run', 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [raw.problem for raw in read([path])] == [""]
    assert not (tmp_path / "run").exists()


def test_a_reader_works_out_digests_only_where_it_is_asked_to(tmp_path: Path) -> None:
    path = write(tmp_path / "dues.xlsx", {"dues": DUES})
    for asked in (True, False):
        with Readers([(path, path.name)], digested=asked) as readers:
            (sheet,) = readers.files()[0].sheets
        assert ("digests" in vars(sheet)) is asked
        assert sheet.digests == row_digests(sheet.rows)


def test_blank_cells_at_an_end_are_in_no_digest() -> None:
    rows, columns = row_digests([["编号", "姓名"], ["M001", ""], ["", ""]])
    assert rows == row_digests([["编号", "姓名", ""], ["M001"], [""]])[0]
    assert (len(rows), len(columns)) == (3 * SHORT, 2 * SHORT)
    assert columns[SHORT:] == row_digests([["姓名"]])[0]
