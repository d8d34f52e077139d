"""ledgerkit template: blank templates."""

import difflib
import gettext
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgerkit.cli.options import LANG_OPTION, Command, option, tongue
from ledgerkit.cli.terminal import put
from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_

if TYPE_CHECKING:
    from ledgerkit.model.schema import Ledger

BRANCH_WORKBOOK = "branch-workbook"
MOST_ROWS = 1_000_000
LONGEST_NAME = 255


@click.command("template", cls=Command, help=N_("Writes blank templates.\n\nThe branch workbook, or one workbook for each LEDGER named."))
@click.argument("names", metavar="[LEDGER]...", nargs=-1)
@option("-o", "folder", type=click.Path(path_type=Path), default=Path(), help=N_("Folder to write to (default: the current one)."))
@option("--rows", type=click.IntRange(1, MOST_ROWS), default=1000, help=N_("Rows prepared for input (default 1,000)."))
@LANG_OPTION
def command(names: tuple[str, ...], folder: Path, rows: int, lang: str | None) -> int:
    """See the command's help."""
    from ledgerkit import ledgers

    chosen: dict[str, tuple[Ledger, ...]] = {name: (ledgers.load(known(name)),) for name in names}
    chosen = chosen or {BRANCH_WORKBOOK: ledgers.all_ledgers()}
    targets = {folder / f"{name}.xlsx": sheets for name, sheets in chosen.items()}
    for target in targets:
        refuse_existing(target)
    for target, sheets in targets.items():
        write(target, sheets, tongue(lang), rows=rows)
        put(str(target))
    return 0


def known(name: str) -> str:
    """The ledger of that name. Raises click.UsageError with the nearest one."""
    from ledgerkit import ledgers

    if name in ledgers.ORDER:
        return name
    near = difflib.get_close_matches(name, ledgers.ORDER, 1, 0.0)[0]
    sentence = gettext.gettext(N_("There is no ledger {name}; the nearest is {near}. The ledgers are {all}."))
    raise click.UsageError(sentence.format(name=name, near=near, all=", ".join(ledgers.ORDER)))


def refuse_existing(target: Path) -> None:
    """Raises BadOutput for a file that exists: it may hold a year's work."""
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise BadOutput(
            N_("A file name may have {most} bytes at most; {name}… has more. Give a shorter one."), most=LONGEST_NAME, name=target.name[:40]
        )
    if target.exists():
        raise BadOutput(N_("{path} already exists and was left as it is. Move it away, or give another folder."), path=target)


def write(target: Path, sheets: object, lang: str, **settings: object) -> None:
    """A template, whole or not at all."""
    from ledgerkit.writing.atomic import whole
    from ledgerkit.writing.template import write_template

    if not target.parent.is_dir():
        raise BadOutput(N_("{path} is not a folder. Create it first, or give another one."), path=target.parent)
    with whole(target) as temporary:
        write_template(temporary, sheets, lang, **settings)  # type: ignore[arg-type]
