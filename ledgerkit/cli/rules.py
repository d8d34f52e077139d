"""ledgerkit rules: list the audit rules, or explain one."""

import difflib
import gettext
import json

import click

from ledgerkit.cli.options import LANG_OPTION, Command, option, tongue
from ledgerkit.cli.terminal import put
from ledgerkit.locale import N_


@click.command("rules", cls=Command, help=N_("Lists the audit rules.\n\nWith a CODE, explains that rule."))
@click.argument("code", required=False)
@LANG_OPTION
@option("--format", "form", type=click.Choice(("text", "json")), default="text", help=N_("text or json."))
def command(code: str | None, lang: str | None, form: str) -> int:
    """See the command's help."""
    from ledgerkit.rules.packs import catalogue
    from ledgerkit.writing.rulebook import as_objects, listing, page

    rules = list(catalogue())
    if code is not None:
        rules = [rule for rule in rules if rule.code == code.upper()]
    if not rules:
        near = difflib.get_close_matches(str(code).upper(), [rule.code for rule in catalogue()], 1, 0.6)
        known = N_("There is no rule {code}; the nearest is {near}. `ledgerkit rules` lists them.")
        unknown = N_("There is no rule {code}; `ledgerkit rules` lists them.")
        raise click.UsageError(gettext.gettext(known if near else unknown).format(code=code, near="".join(near)))
    if form == "json":
        put(json.dumps(as_objects(rules, tongue(lang)), ensure_ascii=False, indent=2))
    else:
        put(page(rules[0], tongue(lang)) if code else listing(rules, tongue(lang)))
    return 0
