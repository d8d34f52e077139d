"""LibreOffice recalculates the live formulas of a summary to the values that were written with them (`make office`)."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledgerkit import audit
from ledgerkit.locale import LANGS, Lang
from ledgerkit.writing.workbook import write_summary

SOFFICE = shutil.which("soffice")
SAMPLES = Path(__file__).parents[2] / "samples"
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""

pytestmark = [pytest.mark.office, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")]


def spoilt(book: Path, target: Path) -> int:
    """A copy whose formulas all have a wrong cached value; how many there are."""
    count = 0
    with zipfile.ZipFile(book) as whole, zipfile.ZipFile(target, "w") as copy:
        for part in whole.infolist():
            data = whole.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                data, found = re.subn(rb"(</f><v>)[^<]*(</v>)", rb"\g<1>777\2", data)
                count += found
            copy.writestr(part, data)
    return count


def recalculated(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after recalculating everything."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(book),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / book.name


def values(book: Path) -> dict[tuple[str, str], Any]:
    sheets = load_workbook(book, data_only=True).worksheets
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.parametrize("lang", LANGS)
def test_formulas_come_out_as_their_cached_values(lang: Lang, tmp_path: Path) -> None:
    books = [SAMPLES / f"branch-2015-{lang}"]
    summary = tmp_path / "summary.xlsx"
    write_summary(audit.reconcile(books), summary, books, lang)
    assert spoilt(summary, tmp_path / "spoilt.xlsx") >= 100
    written, again = values(summary), values(recalculated(tmp_path / "spoilt.xlsx", tmp_path))
    assert {place: pytest.approx(value, abs=1e-9) if isinstance(value, float) else value for place, value in written.items()} == again
