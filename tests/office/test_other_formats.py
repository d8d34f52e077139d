"""Workbooks as LibreOffice saves them, read like the .xlsx they were made from (`make office`)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1]))

from books import check, found, write
from test_formats import DUES, FORMATS, XLSB, put

from ledgerkit.reading.engine import read_bytes

SOFFICE = shutil.which("soffice")
SAMPLE = Path(__file__).parents[2] / "samples" / "branch-2015-zh" / "books"

pytestmark = [pytest.mark.office, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")]


def saved(source: Path, suffix: str, folder: Path) -> Path:
    """A file as LibreOffice saves it in another format."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{source.stem}.{suffix.partition(':')[0]}"


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_the_kept_files_are_what_libreoffice_makes(tmp_path: Path, suffix: str) -> None:
    data = saved(write(tmp_path / "dues.xlsx", {"会费": DUES}), suffix, tmp_path).read_bytes()
    kept = read_bytes((FORMATS / f"dues.{suffix}").read_bytes(), "x")
    assert [sheet.rows for sheet in read_bytes(data, "x").sheets] == [sheet.rows for sheet in kept.sheets]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_branch_s_books_say_the_same_in_every_format(tmp_path: Path, suffix: str) -> None:
    (source,) = SAMPLE.glob("*.xlsx")
    original, other = check(source), check(saved(source, suffix, tmp_path))
    assert found(other) == found(original)
    assert {name: len(table) for name, table in other.book.used.items()} == {name: len(t) for name, t in original.book.used.items()}
    assert [sheet.amount for sheet in other.book.sheets] == [sheet.amount for sheet in original.book.sheets]


def test_the_handmade_xlsb_is_one(tmp_path: Path) -> None:
    text = saved(put(tmp_path, "dues.xlsb", XLSB), "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path).read_text("utf-8")
    assert text.splitlines()[:3] == [
        "会员编号,姓名,所属月份,实缴会费,缴款日期",
        "M001,甲,2015-01,15,2015-01-10",
        "M001,甲,2015-02,#DIV/0!,2015-02-10",
    ]


def test_a_sheet_saved_as_a_web_page_is_named_as_one(tmp_path: Path) -> None:
    source = write(tmp_path / "dues.xlsx", {"会费": DUES})
    raw = read_bytes(saved(source, "html:HTML (StarCalc)", tmp_path).read_bytes(), "b.xls")
    assert (raw.problem, raw.observed) == ("F001", "HTML")


def test_a_csv_of_libreoffice_is_read_like_its_workbook(tmp_path: Path) -> None:
    source = write(tmp_path / "dues.xlsx", {"会费": DUES.replace("#REF!", "#1200.5")})
    for charset in ("76", "85"):  # UTF-8, GB18030
        report = check(saved(source, f"csv:Text - txt - csv (StarCalc):44,34,{charset}", tmp_path))
        assert report.book.used["dues"]["paid"].tolist() == [1500, 120050, 1250]
