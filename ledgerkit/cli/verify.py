"""ledgerkit verify: is this summary exactly what its sources and policy give?"""

from pathlib import Path

import click

from ledgerkit.cli.options import LANG_OPTION, PASSWORDS_OPTION, Command, option, tongue
from ledgerkit.locale import N_


@click.command(
    "verify",
    cls=Command,
    help=N_(
        "Proves that a summary is exactly what its sources and policy give, or says what differs.\n\n"
        "SUMMARY is a workbook that `ledgerkit reconcile` wrote; the books are looked for where it says. Decisions that were filled in "
        "are no difference. The exit status is 0 where it is proven and 1 where something differs."
    ),
)
@click.argument("summary", metavar="SUMMARY", type=click.Path(path_type=Path))
@option("--sources", type=click.Path(path_type=Path), metavar="DIR", help=N_("The folder of the books, where they have been moved."))
@option("--policy", type=click.Path(path_type=Path), help=N_("The policy file, where it has been moved."))
@option(
    "--previous",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="OLD",
    help=N_("An earlier summary that was carried over, where it has been moved."),
)
@PASSWORDS_OPTION
@LANG_OPTION
@option("--format", "form", type=click.Choice(("text", "json")), default="text", help=N_("text or json."))
@option("--unmask", is_flag=True, help=N_("Show IDs, cards and phones whole."))
@option("--quiet", is_flag=True, help=N_("Print no report."))
def command(
    summary: Path,
    sources: Path | None,
    policy: Path | None,
    previous: tuple[Path, ...],
    password_file: Path | None,
    lang: str | None,
    form: str,
    unmask: bool,
    quiet: bool,
) -> int:
    """See the command's help."""
    from ledgerkit.cli.terminal import put, put_data
    from ledgerkit.review.verify import Given, verify
    from ledgerkit.writing import masking
    from ledgerkit.writing.verify import as_json, as_text, masked
    from ledgerkit.writing.workbook import made_again

    verdict = verify(summary, Given(sources, policy, previous, password_file), made_again, masking.masked)
    shown = verdict if unmask else masked(verdict)
    if not quiet and form == "json":
        put_data(as_json(shown, tongue(lang)))
    elif not quiet:
        put(as_text(shown, tongue(lang)))
    return int(not verdict.proven)
