"""ledgerkit validate: is each workbook well-formed and every cell readable."""

from pathlib import Path

import click

from ledgerkit.cli.options import (
    PASSWORDS_OPTION,
    PATHS,
    POLICY_OPTION,
    YEAR_OPTION,
    Command,
    or_here,
    reporting,
    run_options,
    threshold,
    tongue,
)
from ledgerkit.locale import N_


@click.command(
    "validate",
    cls=Command,
    help=N_(
        "Checks that workbooks are well-formed and every cell is readable.\n\nPATH is a workbook or a folder (default: the current folder)."
    ),
)
@PATHS
@POLICY_OPTION
@PASSWORDS_OPTION
@YEAR_OPTION
@reporting
def command(
    paths: tuple[Path, ...],
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

        report = audit.validate(given, run_options(policy, codes, year, password_file=password_file), reading)
    shown = report if unmask else masked(report)
    show(shown, tongue(lang), form, quiet)
    return exit_code(shown, threshold(fail_on), tongue(lang))
