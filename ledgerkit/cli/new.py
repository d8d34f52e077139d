"""ledgerkit new: a year's folder with its policy file and a blank branch workbook."""

from pathlib import Path

import click

from ledgerkit.cli.options import LANG_OPTION, Command, Year, option, tongue
from ledgerkit.cli.terminal import put
from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_


@click.command("new", cls=Command, help=N_("Makes a year's folder: a policy file and a blank branch workbook."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@option("--year", type=Year(), required=True, help=N_("The books' year."))
@option("--branch", default="", help=N_("The branch code."))
@option("--name", default="", help=N_("The unit's name."))
@LANG_OPTION
def command(folder: Path, year: int, branch: str, name: str, lang: str | None) -> int:
    """See the command's help."""
    from ledgerkit import ledgers
    from ledgerkit.cli.template import refuse_existing, write
    from ledgerkit.policies import FILE_NAME
    from ledgerkit.writing.policy import starter_policy
    from ledgerkit.writing.workbook import file_name

    policy, workbook = folder / FILE_NAME, folder / file_name(branch or "branch", str(year))
    for target in (policy, workbook):
        refuse_existing(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadOutput(N_("{path} cannot be made ({why}). Choose another place."), path=folder, why=error.strerror or "") from error
    write(workbook, ledgers.all_ledgers(), tongue(lang), cover={"branch_code": branch, "branch": name, "year": str(year)})
    try:
        starter_policy(policy, year, branch, name, tongue(lang))
    except BaseException:
        workbook.unlink()  # a folder half made would be refused the next time
        raise
    put(f"{policy}\n{workbook}")
    return 0
