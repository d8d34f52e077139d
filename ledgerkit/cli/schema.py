"""ledgerkit schema: the ledgers as Frictionless Table Schema."""

import json

import click

from ledgerkit.cli.options import LANG_OPTION, Command, tongue
from ledgerkit.cli.terminal import put
from ledgerkit.locale import N_


@click.command(
    "schema", cls=Command, help=N_("Prints the ledgers as Frictionless Table Schema.\n\nOne LEDGER, or all of them as a Data Package.")
)
@click.argument("ledger", required=False)
@LANG_OPTION
def command(ledger: str | None, lang: str | None) -> int:
    """See the command's help."""
    from ledgerkit import ledgers
    from ledgerkit.cli.template import known
    from ledgerkit.writing.schema import package, table_schema

    chosen = table_schema(ledgers.load(known(ledger)), tongue(lang)) if ledger else package(tongue(lang))
    put(json.dumps(chosen, ensure_ascii=False, indent=2))
    return 0
