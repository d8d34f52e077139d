"""Outputs are whole or not there: full disks, disks that fail, locked files, signals, dead runs, two runs at once."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from failing import ERRORS, OPERATIONS, acting, command, contents, litter, refusals
from odd import book, sheet
from openpyxl import load_workbook

from ledgerkit import audit
from ledgerkit.errors import BadOutput
from ledgerkit.locale import catalogue
from ledgerkit.model.report import Report
from ledgerkit.writing import atomic
from ledgerkit.writing.annotate import write_copies
from ledgerkit.writing.atomic import LOCK, PREFIX, whole
from ledgerkit.writing.corrections import write_packs
from ledgerkit.writing.workbook import write_summary

DONE = {0, 1}
# Every operation on a full disk; what puts a file in its place on other disks too.
REFUSALS = [
    *((operation, ERRORS[0]) for operation in OPERATIONS),
    *((operation, error) for operation in ("fsync", "replace") for error in ERRORS[1:]),
]
# xlsxwriter leaves the files open that it could not write to; at the end of a command they are closed.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(str(book(sheet("dues", {"paid": "#REF!"}))(tmp_path_factory.mktemp("books"), "b")))


@pytest.fixture(scope="module")
def report(books: Path) -> Report:
    return audit.reconcile([books])


def doubled(number: int) -> int:
    return 2 * number


def holds(
    folder: Path,
    before: dict[str, bytes],
    run: Callable[[], tuple[int, str, str]],
    operation: str,
    error: int,
    thousands: tuple[str, ...] = ("write",),
) -> int:
    """After each refusal: not done, said in one sentence that names a file, all files as before, nothing of ours left; how many there were."""
    steps = doubled if operation in thousands else lambda number: number + 1
    count = 0
    for outcome in refusals(run, operation, error, folder, steps):
        count += 1
        assert not litter(folder), (operation, outcome)
        if outcome.code in DONE:  # the disk was asked again, or the file is whole without it
            for name in contents(folder).keys() - before:
                (folder / name).unlink()
        else:
            assert outcome.code == 2
            assert re.fullmatch(r"\S+ cannot be (written|replaced)[^\n]*\.\n", outcome.said), outcome
            assert contents(folder) == before, (operation, outcome)
        for name, data in before.items():
            (folder / name).write_bytes(data)
    return count


@pytest.mark.parametrize(("operation", "error"), REFUSALS)
def test_a_summary_whose_disk_refuses(operation: str, error: int, report: Report, books: Path, tmp_path: Path) -> None:
    target = tmp_path / "s.xlsx"
    target.write_bytes(b"last month's")
    run = acting(lambda: write_summary(report, target, [books], "en"))
    assert holds(tmp_path, {"s.xlsx": b"last month's"}, run, operation, error, ("open", "create", "write")) >= 1


@pytest.mark.parametrize(("operation", "error"), REFUSALS)
def test_a_correction_pack_whose_disk_refuses(operation: str, error: int, report: Report, tmp_path: Path) -> None:
    (pack,) = write_packs(report, tmp_path, "en")
    before = {pack.name: b"last month's"}
    pack.write_bytes(before[pack.name])
    run = acting(lambda: write_packs(report, tmp_path, "en"))
    assert holds(tmp_path, before, run, operation, error, ("open", "create", "write")) >= 1


@pytest.mark.parametrize(("operation", "error"), REFUSALS)
def test_an_annotated_copy_whose_disk_refuses(operation: str, error: int, report: Report, books: Path, tmp_path: Path) -> None:
    write_copies(report, tmp_path, [books], "en")
    before = dict(contents(tmp_path))
    assert holds(tmp_path, before, acting(lambda: write_copies(report, tmp_path, [books], "en")), operation, error) >= 1


@pytest.mark.parametrize(
    ("arguments", "operation"),
    [
        *((["template", "branches", "--rows", "1", "-o"], operation) for operation in OPERATIONS),
        *((["new", "--year", "2016"], each) for each in ("fsync", "replace")),
    ],
)
def test_a_template_whose_disk_refuses(arguments: list[str], operation: str, tmp_path: Path) -> None:
    error = ERRORS[OPERATIONS.index(operation) % len(ERRORS)]
    assert holds(tmp_path, {}, lambda: command([*arguments, str(tmp_path)]), operation, error) >= 1


def test_a_command_whose_disk_is_full_says_so_and_goes(books: Path, tmp_path: Path) -> None:
    target = tmp_path / "s.xlsx"
    target.write_bytes(b"last month's")
    outcome = next(refusals(lambda: command(["reconcile", str(books), "-o", str(target)]), "replace", ERRORS[0], tmp_path))
    said = (
        re.escape(str(target))
        + r" cannot be written: the disk is full or a quota used up \([\d.]+ MB free\)\. Make room, or choose another place\.\n"
    )
    assert (outcome.code, outcome.out, bool(re.fullmatch(said, outcome.said))) == (2, "", True), outcome
    assert contents(tmp_path) == {"s.xlsx": b"last month's"}


@pytest.mark.skipif(os.name != "posix", reason="a limit on the size of files is set so on POSIX alone")
def test_a_file_that_may_not_grow(books: Path, tmp_path: Path) -> None:
    import resource

    (tmp_path / "s.xlsx").write_bytes(b"last month's")
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\nfrom ledgerkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "reconcile", str(books), "-o", "s.xlsx", "--lang", "en"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert resource.getrlimit(resource.RLIMIT_FSIZE) != (4000, 4000)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "s.xlsx cannot be written (File too large). Choose another place.\n")
    assert contents(tmp_path) == {"s.xlsx": b"last month's"}
    assert not litter(tmp_path)


def locked(monkeypatch: pytest.MonkeyPatch, target: Path, times: int) -> list[float]:
    """A target that another program holds for so many tries; how long was waited."""
    replace, tries, waited = os.replace, [0], []

    def refuse(old: Path, new: Path) -> None:
        if new == target:
            tries[0] += 1
            if tries[0] <= times:
                raise PermissionError(13, "in use")
        replace(old, new)

    monkeypatch.setattr("os.replace", refuse)
    monkeypatch.setattr(atomic.time, "sleep", waited.append)
    return waited


def test_a_target_that_is_locked_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "s.xlsx"
    target.write_bytes(b"old")
    waited = locked(monkeypatch, target, 3)
    with whole(target) as temporary:
        temporary.write_bytes(b"new")
    assert (contents(tmp_path), waited) == ({"s.xlsx": b"new"}, [0.2] * 3)


def test_a_target_that_stays_locked_gets_the_new_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "s.xlsx"
    target.write_bytes(b"old")
    waited = locked(monkeypatch, target, 1000)
    for name in ("s.new.xlsx", "s.new2.xlsx"):
        with pytest.raises(BadOutput) as caught, whole(target) as temporary:
            temporary.write_bytes(name.encode())
        assert caught.value.render() == (
            f"{target} is in use, perhaps open in Excel, and was left as it is. What was to replace it is beside it, complete: {name}. "
            "Close the old one, then rename the new one or run again."
        )
    assert caught.value.render(catalogue("zh").gettext) == (
        f"{target} 正被占用（可能在 Excel 中打开），未改动。应替换它的新文件已完整保存在同一文件夹：s.new2.xlsx。请先关闭原文件，再将新文件改名，或重新运行。"
    )
    assert contents(tmp_path) == {"s.xlsx": b"old", "s.new.xlsx": b"s.new.xlsx", "s.new2.xlsx": b"s.new2.xlsx"}
    assert waited == [0.2] * 10


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_are_the_users_or_those_of_the_old_file(tmp_path: Path) -> None:
    target, seen = tmp_path / "s.xlsx", []
    umask = os.umask(0o027)
    try:
        for mode in (0o640, 0o604):
            with whole(target) as temporary:
                temporary.write_bytes(b"x")
                seen.append((stat.S_IMODE(temporary.parent.stat().st_mode), stat.S_IMODE(temporary.stat().st_mode)))
            assert stat.S_IMODE(target.stat().st_mode) == mode
            target.chmod(0o604)
    finally:
        os.umask(umask)
    assert seen == [(0o700, 0o600)] * 2


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need a right on Windows")
def test_of_a_link_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "s.xlsx").symlink_to(tmp_path / "far" / "s.xlsx")
    with whole(tmp_path / "s.xlsx") as temporary:
        temporary.write_bytes(b"new")
        assert temporary.parent.parent == tmp_path / "far"
    assert (tmp_path / "s.xlsx").is_symlink()
    assert contents(tmp_path / "far") == {"s.xlsx": b"new"}


def test_what_dead_runs_left_is_swept_and_a_live_run_is_not_touched(tmp_path: Path) -> None:
    (dead := tmp_path / f"{PREFIX}dead").mkdir()
    (dead / LOCK).touch()
    (dead / "tmp1").write_bytes(b"ledger rows in clear")
    (tmp_path / f"{PREFIX}empty").mkdir()
    (somebodys := tmp_path / f"{PREFIX}notes").mkdir()
    (somebodys / "notes.txt").write_bytes(b"mine")
    with whole(tmp_path / "one.xlsx") as one:
        one.write_bytes(b"1")
        assert set(tmp_path.iterdir()) == {one.parent, somebodys}
        with whole(tmp_path / "two.xlsx") as two:
            two.write_bytes(b"2")
        assert one.read_bytes() == b"1"
    assert contents(tmp_path) == {"one.xlsx": b"1", "two.xlsx": b"2", f"{PREFIX}notes/notes.txt": b"mine"}


def test_a_run_whose_fresh_folder_was_swept_makes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, mkdtemp = [], atomic.tempfile.mkdtemp

    def swept(**named: str) -> str:
        made.append(mkdtemp(**named))
        if len(made) == 1:
            os.rmdir(made[0])
        return str(made[-1])

    monkeypatch.setattr(atomic.tempfile, "mkdtemp", swept)
    with whole(tmp_path / "s.xlsx") as temporary:
        temporary.write_bytes(b"x")
    assert (len(made), contents(tmp_path)) == (2, {"s.xlsx": b"x"})


KILLED = """
import sys, time
from pathlib import Path
from ledgerkit.writing.atomic import whole
with whole(Path(sys.argv[1])) as temporary:
    temporary.write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_the_old_file_and_its_rest_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "s.xlsx"
    target.write_bytes(b"old")
    with subprocess.Popen([sys.executable, "-P", "-c", KILLED, str(target)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "writing\n"
        (alive,) = litter(tmp_path)
        with whole(tmp_path / "other.xlsx") as temporary:
            temporary.write_bytes(b"x")
        assert litter(tmp_path) == [alive]
        running.kill()
    assert (target.read_bytes(), litter(tmp_path)) == (b"old", [alive])
    with whole(target) as temporary:
        temporary.write_bytes(b"new")
    assert (target.read_bytes(), litter(tmp_path)) == (b"new", [])


STOPPED = {
    "en": "Stopped. Files that were written are complete; nothing else was changed.\n",
    "zh": "已停止。已写出的文件都是完整的，其他文件没有改动。\n",
}
# A shell begins what it runs in the background with SIGINT ignored, and so does what that begins.
HELD = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from ledgerkit.writing import workbook
def write_summary(report, target, paths, lang):
    with workbook.whole(target) as temporary:
        temporary.write_bytes(b"half")
        print("writing", flush=True)
        time.sleep(60)
workbook.write_summary = write_summary
from ledgerkit.cli import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code", "lang"), [(signal.SIGINT, 130, "en"), (signal.SIGTERM, 143, "zh")])
def test_a_signal_while_writing_is_one_sentence_and_leaves_nothing(number: int, code: int, lang: str, books: Path, tmp_path: Path) -> None:
    (tmp_path / "s.xlsx").write_bytes(b"old")
    line = [sys.executable, "-P", "-c", HELD, "reconcile", str(books), "-o", "s.xlsx", "--lang", lang]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", start_new_session=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "writing\n"
        assert litter(tmp_path)
        os.kill(running.pid, number)
        os.kill(running.pid, number)  # who presses it twice loses nothing
        out, said = running.communicate(timeout=30)
    assert (running.returncode, out, said) == (code, "", STOPPED[lang])
    assert (contents(tmp_path), litter(tmp_path)) == ({"s.xlsx": b"old"}, [])
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)  # no worker of its group is left


RACE = """
import sys, time
from pathlib import Path
from ledgerkit.writing.atomic import write
who = sys.argv[2].encode()
for _ in range(int(sys.argv[3])):
    write(Path(sys.argv[1]), who * 300_000)
"""


def test_of_two_runs_on_one_output_one_wins_whole(tmp_path: Path) -> None:
    target = tmp_path / "s.bin"
    target.write_bytes(b"old")
    with_all = [subprocess.Popen([sys.executable, "-P", "-c", RACE, str(target), name, "8"]) for name in "abcdefgh"]
    seen = set()
    while any(one.poll() is None for one in with_all):
        seen.add(target.read_bytes())
        time.sleep(0.01)
    assert [one.returncode for one in with_all] == [0] * 8
    seen.add(target.read_bytes())
    assert seen <= {b"old", *(name.encode() * 300_000 for name in "abcdefgh")}
    assert (list(tmp_path.iterdir()), seen != {b"old"}) == ([target], True)


def test_what_xlsxwriter_keeps_on_disk_lies_in_the_folder_of_the_run(
    report: Report, books: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    made, mkstemp = [], tempfile.mkstemp

    def noted(*given: object, **named: object) -> tuple[int, str]:
        handle, path = mkstemp(*given, **named)  # type: ignore[call-overload]
        made.append(Path(path))
        return handle, path

    monkeypatch.setattr(tempfile, "mkstemp", noted)
    write_summary(report, tmp_path / "s.xlsx", [books], "en")
    assert made
    assert {path.parent.parent for path in made} == {tmp_path}
    assert all(path.parent.name.startswith(PREFIX) for path in made)
    assert load_workbook(tmp_path / "s.xlsx").sheetnames[0] == "Overview"
