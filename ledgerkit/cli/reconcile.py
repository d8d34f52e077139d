"""ledgerkit reconcile: the books against the budget, to a summary workbook."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgerkit.cli.options import (
    AS_OF_OPTION,
    PACKS_OPTION,
    PASSWORDS_OPTION,
    PATHS,
    POLICY_OPTION,
    PREVIOUS_OPTION,
    YEAR_OPTION,
    Command,
    option,
    or_here,
    reporting,
    run_options,
    threshold,
    tongue,
)
from ledgerkit.locale import N_, Lang, catalogue

if TYPE_CHECKING:
    from ledgerkit.errors import Phrase
    from ledgerkit.model.report import Report

WITH_PACKS = N_("Summary workbook: {path}\nCorrection packs: {count}, in {folder}")
OF_EARLIER = N_(
    "{path} is a pack of an earlier run and was left as it is: nothing was found for it this time. Delete it, or keep it elsewhere."
)


@click.command(
    "reconcile",
    cls=Command,
    help=N_(
        "Sets the books against the budget and writes the summary workbook.\n\nPATH is a workbook or a folder (default: the current folder)."
    ),
)
@PATHS
@option("-o", "output", type=click.Path(path_type=Path), help=N_("The summary workbook (default: named by branch and year, here)."))
@POLICY_OPTION
@PASSWORDS_OPTION
@AS_OF_OPTION
@YEAR_OPTION
@PREVIOUS_OPTION
@PACKS_OPTION
@reporting
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    policy: Path | None,
    password_file: Path | None,
    as_of: date | None,
    year: int | None,
    previous: tuple[Path, ...],
    packs: Path | None,
    lang: str | None,
    form: str,
    fail_on: str,
    codes: tuple[str, ...],
    unmask: bool,
    quiet: bool,
) -> int:
    """See the command's help."""
    from ledgerkit.reading.locks import read_passwords
    from ledgerkit.reading.paths import Reading

    given = or_here(paths)
    with Reading(given, read_passwords(password_file), digested=True) as reading:
        from ledgerkit import audit
        from ledgerkit.cli.show import exit_code, remark, show
        from ledgerkit.writing.masking import masked
        from ledgerkit.writing.workbook import check_output, default_name

        check_output(output, given)
        earlier = earlier_packs(packs, output)
        asked = run_options(policy, codes, year, as_of, password_file, previous, unmask=unmask)
        report = audit.reconcile(given, asked, reading)
    shown = report if unmask else masked(report)
    target = output or Path(default_name(report))
    written = None if report.nothing_read else write(shown, target, given, tongue(lang))
    if packs and written:
        written = write_packs(shown, packs, target, earlier, tongue(lang))
    remark(report.previous, tongue(lang))
    show(shown, tongue(lang), form, quiet, written)
    return exit_code(shown, threshold(fail_on), tongue(lang))


def write(report: "Report", target: Path, paths: Sequence[Path], lang: Lang) -> "Phrase":
    """Writes the summary and its evidence; where, for the report."""
    from ledgerkit.errors import Phrase
    from ledgerkit.writing.evidence import summarise

    summarise(report, target, paths, lang)
    return Phrase(N_("Summary workbook: {path}"), path=target)


def earlier_packs(folder: Path | None, summary: Path | None) -> "list[Path]":
    """The packs that are in the folder already; refuses the folder before the long work."""
    if not folder:
        return []
    from ledgerkit.writing.corrections import check_folder

    return check_folder(folder, summary)


def write_packs(report: "Report", folder: Path, summary: Path, earlier: Sequence[Path], lang: Lang) -> "Phrase":
    """Writes the correction packs; how many, for the report. Packs of an earlier run that were not written anew are told on stderr."""
    from ledgerkit.cli.terminal import tell
    from ledgerkit.errors import Phrase
    from ledgerkit.writing import corrections

    packs = corrections.write_packs(report, folder, lang)
    for path in (path for path in earlier if path not in packs):
        tell(catalogue(lang).gettext(OF_EARLIER).format(path=path))
    return Phrase(WITH_PACKS, path=summary, count=len(packs), folder=folder)
