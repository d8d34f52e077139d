"""What a folder holds that is no plain file, and that nothing of it is passed over in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from books import check, reasons, write

from ledgerkit.errors import LedgerkitError
from ledgerkit.writing.text import as_text

DUES = """
| 会员编号 | 姓名 | 所属月份 | 实缴会费 | 缴款日期    |
| M001     | 甲   | 2015-01  | #15      | 2015-01-10d |
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a clerk runs it; ten seconds are a hang."""
    return subprocess.run(
        [sys.executable, "-m", "ledgerkit", *arguments], capture_output=True, timeout=10, env={**os.environ, **environment}, check=False
    )


def test_a_subfolder_that_cannot_be_opened_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a federation read in silence would look like all of it."""
    write(tmp_path / "a.xlsx", {"会费": DUES})
    write(tmp_path / "shut" / "b.xlsx", {"会费": DUES})
    scan = os.scandir

    def refusing(path: str | Path = ".") -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(LedgerkitError, match="shut"):
        check(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
def test_a_pipe_named_like_a_workbook_does_not_hang(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": DUES})
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert run("validate", str(tmp_path), "--quiet").returncode in (0, 1)
    assert run("validate", str(tmp_path / "pipe.xlsx")).returncode == 2


def test_a_folder_named_like_a_workbook_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "2015.xlsx" / "a.xlsx", {"会费": DUES})
    assert reasons(check(tmp_path)) == {"2015.xlsx/a.xlsx": ""}


def test_a_name_in_gbk_bytes_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": DUES})
    try:
        os.rename(os.fsencode(tmp_path / "a.xlsx"), os.path.join(os.fsencode(tmp_path), b"\xb9\xa4\xbb\xe1.xlsx"))
    except OSError:
        pytest.skip("this file system wants UTF-8")
    done = run("validate", str(tmp_path), "--lang", "zh")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_summary_of_a_name_in_gbk_bytes_is_written_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.xlsx", {"会费": DUES})
    (tmp_path / "out").mkdir()
    try:
        os.rename(os.fsencode(tmp_path / "in" / "a.xlsx"), os.path.join(os.fsencode(tmp_path), b"in", b"\xb9\xa4\xbb\xe1.xlsx"))
    except OSError:
        pytest.skip("this file system wants UTF-8")
    done = run("reconcile", str(tmp_path / "in"), "-o", str(tmp_path / "out" / "s.xlsx"), "--quiet", "--fail-on", "never")
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(os.listdir(tmp_path / "out")) == ["s.evidence.json", "s.xlsx"]


def test_rows_of_a_sheet_that_was_not_recognised_are_not_called_used(tmp_path: Path) -> None:
    report = check(write(tmp_path / "a.xlsx", {"会费": DUES, "草稿": "| x | y |\n| 1 | 2 |\n| 3 | 4 |"}))
    assert as_text(report, "en").splitlines()[0] in (
        "Validation: 1 file(s), 1 row(s) read, 1 used, 0 rejected",
        "Validation: 1 file(s), 4 row(s) read, 1 used, 3 rejected",
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_our_own_words_can_be_shown_on_a_chinese_console(tmp_path: Path, lang: str) -> None:
    """What we put between file, sheet and cell must exist in GBK, or every line of a report shows \\u203a."""
    write(tmp_path / "a.xlsx", {"会费": DUES.replace("#15", "十五"), "草稿": "| x | y |"})
    done = run("validate", str(tmp_path), "--lang", lang, PYTHONIOENCODING="gbk:strict")
    assert done.returncode == 1
    assert b"\\u" not in done.stdout
    assert "会费" in done.stdout.decode("gbk")


def test_a_name_outside_gbk_is_shown_escaped_and_nothing_fails(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"会费": DUES.replace("甲", "䶮🙂\u200b").replace("#15", "十五")})
    done = run("validate", str(tmp_path), "--lang", "zh", PYTHONIOENCODING="gbk:strict")
    assert done.returncode == 1
    assert b"\\u4dae" in done.stdout
    assert done.stderr == b""
