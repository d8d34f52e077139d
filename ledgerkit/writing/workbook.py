"""The summary workbook: a Report as sheets, written whole or not at all."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import KIND, OUTPUTS
from ledgerkit.model.stamp import SUMMARY as SUMMARY_KIND
from ledgerkit.reading.content import Content, content
from ledgerkit.reading.engine import read_file
from ledgerkit.reading.paths import common_folder, inputs
from ledgerkit.writing import safe, styles
from ledgerkit.writing.atomic import whole, workshop
from ledgerkit.writing.sheets import activities, branches, budget, control, dues, flags, overview, rejected, relief, remittance, sources

SUMMARY = N_("Audit summary {year}")
ONE_OF_THE_INPUTS = N_("{path} is one of the inputs; inputs are never changed. Give another name with -o.")
LONGEST_CODE = 60
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')


def check_output(output: Path | None, paths: Sequence[Path]) -> None:
    """Refuses an output before the long work: one of the inputs, a folder, no .xlsx, or in a folder that is not there."""
    check_name(output)
    if output and any(item.path.resolve() == output.resolve() and not _is_result(item.path) for item in inputs(paths, handed_on=True)):
        raise BadOutput(ONE_OF_THE_INPUTS, path=output)


def check_name(output: Path | None, given: Sequence[Path] = ()) -> None:
    """Refuses an output that is no name for a workbook, lies in a folder that is not there, or is one of the files given."""
    if output is None:
        return
    if output.is_dir() or output.suffix.lower() != ".xlsx":
        raise BadOutput(N_("{path} is not a name for a workbook. Give -o a file name that ends in .xlsx."), path=output)
    if not output.parent.is_dir():
        raise BadOutput(N_("The folder of {path} does not exist. Create it first, or choose another place with -o."), path=output)
    if any(path.resolve() == output.resolve() for path in given):
        raise BadOutput(ONE_OF_THE_INPUTS, path=output)


def _is_result(path: Path) -> bool:
    """Whether ledgerkit wrote a workbook as a result, which a new one may replace."""
    return read_file(path, path.name).properties.get(KIND) in OUTPUTS


def default_name(report: Report) -> str:
    """<branch_code>-<year>-summary.xlsx, for several branches summary-<year>.xlsx."""
    branches = report.book.branches
    if len(branches) != 1 or not branches[0]:
        return f"summary-{report.book.year}.xlsx"
    # Nobody chose this name: a code as long as a sentence must not make one that no disk takes.
    return file_name(branches[0][:LONGEST_CODE], f"{report.book.year}-summary")


def federation_name(report: Report) -> str:
    """federation-<year>.xlsx."""
    return f"federation-{report.book.year}.xlsx"


def file_name(branch: str, rest: str) -> str:
    """A workbook's file name from a branch code, which may hold what no file name may."""
    return f"{_UNSAFE.sub('_', branch).strip('._') or 'branch'}-{rest}.xlsx"


def write_summary(report: Report, target: Path, paths: Sequence[Path], lang: Lang) -> None:
    """The summary of a reconciliation at `target`. Raises BadOutput where it cannot be written; the old file then stays."""
    with whole(target) as temporary:
        _write(report, temporary, path_between(target.resolve().parent, common_folder(paths)), lang)


def made_again(report: Report, books: str, lang: Lang) -> Content:
    """What a summary written with `books` as the path to the inputs' folder holds; nothing of it stays on the disk."""
    with workshop(Path(tempfile.gettempdir())) as folder:
        path = folder / "summary.xlsx"
        _write(report, path, books, lang)
        return content(path, read_file(path, path.name))


def _write(report: Report, path: Path, books: str, lang: Lang) -> None:
    """The workbook's sheets in their order."""
    title = catalogue(lang).gettext(SUMMARY).format(year=report.book.year)
    book = safe.workbook(path, SUMMARY_KIND, report.version, title)
    formats = styles.styles(book)
    overview.write(book, formats, report, lang)
    flags.write(book, formats, report, lang, books)
    for part in (budget, dues, remittance, relief, activities):
        part.write(book, formats, report, lang)
    control.write(book, formats, report, lang)
    sources.write(book, formats, report, lang, books)
    if report.received is not None:
        branches.write(book, formats, report, lang)
        rejected.write(book, formats, report, lang)
    head = overview.title(report, lang)
    for sheet in book.worksheets():
        styles.running_head(sheet, head)
    book.close()


def path_between(start: Path, folder: Path) -> str:
    """The path from one folder to another, with slashes; the whole path where they lie on two drives of Windows."""
    try:
        between = os.path.relpath(folder, start)
    except ValueError:
        between = os.path.abspath(folder)
    return Path(between).as_posix()
