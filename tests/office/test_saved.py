"""A summary that LibreOffice opened and saved is still proven, and an edit made there is still caught (`make office`)."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledgerkit import audit
from ledgerkit.locale import LANGS, Lang
from ledgerkit.reading.content import Content, read_summary
from ledgerkit.review.compare import compare
from ledgerkit.review.difference import Difference
from ledgerkit.writing.masking import masked
from ledgerkit.writing.verify import sentence
from ledgerkit.writing.workbook import made_again, path_between, write_summary

SOFFICE = shutil.which("soffice")
SAMPLES = Path(__file__).parents[2] / "samples"

pytestmark = [pytest.mark.office, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")]


def saved(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it."""
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder / "out"), str(book)], check=True, capture_output=True, timeout=300)
    return folder / "out" / book.name


def summary(sample: str, lang: Lang, folder: Path) -> tuple[Path, Content]:
    """A sample's summary, and what it holds by its sources."""
    books = [SAMPLES / sample / "books"]
    report = masked(audit.reconcile(books))
    write_summary(report, folder / "s.xlsx", books, lang)
    return folder / "s.xlsx", made_again(report, path_between(folder, books[0]), lang)


@pytest.mark.parametrize("lang", LANGS)
def test_saved_by_libreoffice_it_is_what_it_was(lang: Lang, tmp_path: Path) -> None:
    path, made = summary(f"branch-2015-{lang}", lang, tmp_path)
    found = compare(made, read_summary(saved(path, tmp_path)), lang)
    assert (found.differences, found.notes) == ((), ())


def test_of_every_kind_of_sheet_and_finding(tmp_path: Path) -> None:
    path, made = summary("organs-union-2015", "zh", tmp_path)
    found = compare(made, read_summary(saved(path, tmp_path)), "zh")
    assert (found.differences, found.notes) == ((), ())


def test_an_edit_saved_by_libreoffice_is_caught_with_what_follows_from_it(tmp_path: Path) -> None:
    path, made = summary("branch-2015-en", "en", tmp_path)
    opened = load_workbook(path)
    opened["Sources"]["G6"] = opened["Sources"]["G6"].value + 1
    opened["Flags"].delete_rows(6)
    opened.save(path)
    found = compare(made, read_summary(saved(path, tmp_path)), "en")
    told = [sentence(one, "en") for one in found.differences if isinstance(one, Difference)]
    assert told[0].startswith("Flags: the finding ")
    assert any(one.startswith("Sources!G6: ") for one in told)
    assert any(one.startswith("Control!C4: the formula's result is ") for one in told)
