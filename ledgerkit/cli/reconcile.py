"""ledgerkit reconcile: the books against the budget, to a summary workbook."""

from datetime import date
from pathlib import Path

import click

from ledgerkit.cli.options import (
    AS_OF_OPTION,
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
from ledgerkit.locale import N_


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
@reporting
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    policy: Path | None,
    password_file: Path | None,
    as_of: date | None,
    year: int | None,
    previous: tuple[Path, ...],
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
        from ledgerkit.cli.show import exit_code, remark, show
        from ledgerkit.errors import Phrase
        from ledgerkit.writing.evidence import summarise
        from ledgerkit.writing.masking import masked
        from ledgerkit.writing.workbook import check_output, default_name

        check_output(output, given)
        asked = run_options(policy, codes, year, as_of, password_file, previous, unmask=unmask)
        report = audit.reconcile(given, asked, reading)
    shown = report if unmask else masked(report)
    target = output or Path(default_name(report))
    if not report.nothing_read:
        summarise(shown, target, given, tongue(lang))
    written = None if report.nothing_read else Phrase(N_("Summary workbook: {path}"), path=target)
    remark(report.previous, tongue(lang))
    show(shown, tongue(lang), form, quiet, written)
    return exit_code(shown, threshold(fail_on), tongue(lang))
