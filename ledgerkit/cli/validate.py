"""ledgerkit validate: is each workbook well-formed and every cell readable."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgerkit.cli.options import (
    PASSWORDS_OPTION,
    PATHS,
    POLICY_OPTION,
    YEAR_OPTION,
    Command,
    option,
    or_here,
    reporting,
    run_options,
    threshold,
    tongue,
)
from ledgerkit.cli.terminal import tell
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_, Lang, catalogue

if TYPE_CHECKING:
    from ledgerkit.model.report import Report


@click.command(
    "validate",
    cls=Command,
    help=N_(
        "Checks that workbooks are well-formed and every cell is readable.\n\nPATH is a workbook or a folder (default: the current folder)."
    ),
)
@PATHS
@option(
    "--annotate",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=N_("Folder for copies of the workbooks with each bad cell coloured and commented, and a sheet that lists the findings."),
)
@POLICY_OPTION
@PASSWORDS_OPTION
@YEAR_OPTION
@reporting
def command(
    paths: tuple[Path, ...],
    folder: Path | None,
    policy: Path | None,
    password_file: Path | None,
    year: int | None,
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
    with Reading(given, read_passwords(password_file)) as reading:
        from ledgerkit import audit
        from ledgerkit.cli.show import exit_code, show
        from ledgerkit.writing.masking import masked

        refuse(folder, given)
        report = audit.validate(given, run_options(policy, codes, year, password_file=password_file), reading)
    shown = report if unmask else masked(report)
    written = write(shown, folder, given, tongue(lang)) if folder else None
    show(shown, tongue(lang), form, quiet, written)
    return exit_code(shown, threshold(fail_on), tongue(lang))


def refuse(folder: Path | None, paths: Sequence[Path]) -> None:
    """Refuses a folder for copies before the long work."""
    if folder:
        from ledgerkit.writing.annotate import check_folder

        check_folder(folder, paths)


def write(report: "Report", folder: Path, paths: Sequence[Path], lang: Lang) -> Phrase:
    """Writes the annotated copies; how many, for the report. What is not in them is said on stderr, a line a file."""
    from ledgerkit.writing.annotate import write_copies

    copies = write_copies(report, folder, paths, lang)
    for sentence in copies.said:
        tell(sentence.render(catalogue(lang).gettext))
    return Phrase(N_("Annotated copies in {folder}: {count}"), folder=folder, count=copies.count)
