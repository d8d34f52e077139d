"""ledgerkit drill: would these rules have caught it, in these books?"""

from datetime import date
from pathlib import Path

import click

from ledgerkit.cli.options import (
    AS_OF_OPTION,
    LANG_OPTION,
    PASSWORDS_OPTION,
    PATHS,
    POLICY_OPTION,
    YEAR_OPTION,
    Command,
    option,
    or_here,
    run_options,
    tongue,
)
from ledgerkit.locale import N_, catalogue

NOTHING_READ = N_("No file could be read, so nothing can be planted. `ledgerkit validate` says why.")


@click.command(
    "drill",
    cls=Command,
    help=N_(
        "Plants known faults in copies of your books and says which of them the rules catch.\n\n"
        "PATH is a workbook or a folder (default: the current folder). The books themselves are only read. "
        "The exit status is 0 where every planted fault was caught and 1 where one was missed."
    ),
)
@PATHS
@option(
    "--seed", type=click.IntRange(min=0), default=1, metavar="N", help=N_("Which rows are taken (default 1); the same seed, the same rows.")
)
@POLICY_OPTION
@PASSWORDS_OPTION
@AS_OF_OPTION
@YEAR_OPTION
@LANG_OPTION
@option("--format", "form", type=click.Choice(("text", "json")), default="text", help=N_("text or json."))
@option("--rules", "codes", multiple=True, help=N_("Only these rules: codes or prefixes, separated by commas."))
@option("--unmask", is_flag=True, help=N_("Show IDs, cards and phones whole."))
@option("--quiet", is_flag=True, help=N_("Print no report."))
def command(
    paths: tuple[Path, ...],
    seed: int,
    policy: Path | None,
    password_file: Path | None,
    as_of: date | None,
    year: int | None,
    lang: str | None,
    form: str,
    codes: tuple[str, ...],
    unmask: bool,
    quiet: bool,
) -> int:
    """See the command's help."""
    from ledgerkit.cli.terminal import put, put_data, tell
    from ledgerkit.drill.run import drill
    from ledgerkit.writing.drill import as_json, as_text, masked

    drilled = drill(or_here(paths), run_options(policy, codes, year, as_of, password_file), seed)
    shown = drilled if unmask else masked(drilled)
    if drilled.nothing_read:
        tell(catalogue(tongue(lang)).gettext(NOTHING_READ))
    if not quiet and form == "json":
        put_data(as_json(shown, tongue(lang)))
    elif not quiet and not drilled.nothing_read:
        put(as_text(shown, tongue(lang)))
    return 2 if drilled.nothing_read else int(drilled.missed)
