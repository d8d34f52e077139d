"""Options that commands share, and click's classes with help in the language of the run."""

import gettext
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgerkit.locale import LANGS, N_, Lang
from ledgerkit.model.stamp import HIDDEN, UNMASK, YES

if TYPE_CHECKING:
    from ledgerkit.audit import Options
    from ledgerkit.model.finding import Severity

FORMATS = ("text", "json", "csv")
FIRST_YEAR, LAST_YEAR = 1949, 2999
FAIL_ON = ("error", "high", "medium", "low", "info", "never")


class Translated:
    """Mixed into click's classes: `help` is looked up in the catalogue when it is shown."""

    @property
    def help(self) -> str | None:
        """The help text in the language of the run."""
        return gettext.gettext(self._help) if self._help else self._help

    @help.setter
    def help(self, text: str | None) -> None:
        self._help = text


class Command(Translated, click.Command):
    """A command with translated help."""


class Option(Translated, click.Option):
    """An option with translated help."""


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error for anything else."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(gettext.gettext(N_("{value} is not a day. Write it as YYYY-MM-DD.")).format(value=value), param, ctx)


class Year(click.ParamType[int]):
    """A year of books."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year; a usage error for anything else."""
        if not (str(value).isascii() and str(value).isdecimal() and FIRST_YEAR <= int(value) <= LAST_YEAR):
            sentence = gettext.gettext(N_("{value!r} is not a year. Give four digits from {first} to {last}."))
            self.fail(sentence.format(value=value, first=FIRST_YEAR, last=LAST_YEAR), param, ctx)
        return int(value)


def option(*names: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """click.option with translated help."""
    return click.option(*names, cls=Option, **settings)


LANG_OPTION = option("--lang", type=click.Choice(LANGS), help=N_("Language: zh or en. Follows LANG where it is not given."))
POLICY_OPTION = option("--policy", type=click.Path(path_type=Path), help=N_("Policy file (default: ledgerkit.toml beside the books)."))
PASSWORDS_OPTION = option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Passwords of encrypted workbooks: a text file, one a line, tried in order."),
)
YEAR_OPTION = option("--year", type=Year(), help=N_("The books' year (default: what most files give)."))
AS_OF_OPTION = option("--as-of", type=Day(), help=N_("The run's date (default: the cover's, else the last day of the year)."))
PREVIOUS_OPTION = option(
    "--previous",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="OLD",
    help=N_("An earlier summary: of the same year its decisions are carried over, of an earlier year its figures stand beside these."),
)
PACKS_OPTION = option(
    "--corrections",
    "packs",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=N_("Folder for correction packs: a small workbook a branch with its findings and columns for its answers."),
)
PATHS = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))


def reporting(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that reports findings."""
    decorators = (
        LANG_OPTION,
        option("--format", "form", type=click.Choice(FORMATS), default="text", help=N_("Form of the report: text, json or csv.")),
        option("--fail-on", type=click.Choice(FAIL_ON), default="high", help=N_("Exit 1 from this severity on (default high).")),
        option("--rules", "codes", multiple=True, help=N_("Only these rules: codes or prefixes, separated by commas.")),
        option("--unmask", is_flag=True, help=N_("Show IDs, cards and phones whole.")),
        option("--quiet", is_flag=True, help=N_("Print no report.")),
    )
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def asked_rules(codes: Sequence[str]) -> tuple[str, ...]:
    """Codes and prefixes from --rules. Raises click.UsageError for one that no rule begins with."""
    from ledgerkit.rules.packs import catalogue

    asked = tuple(part.strip().upper() for code in codes for part in re.split("[,，、]", code) if part.strip())
    for prefix in asked:
        if not any(rule.code.startswith(prefix) for rule in catalogue()):
            raise click.UsageError(gettext.gettext(N_("No rule begins with {prefix}; `ledgerkit rules` lists them.")).format(prefix=prefix))
    return asked


def run_options(
    policy: Path | None,
    codes: Sequence[str],
    year: int | None = None,
    as_of: date | None = None,
    password_file: Path | None = None,
    previous: Sequence[Path] = (),
    *,
    register: Path | None = None,
    unmask: bool = False,
) -> "Options":
    """A run's options from the command line; what was given is kept as text for Sources, of passwords that there were some."""
    from ledgerkit.audit import Options

    asked = asked_rules(codes)
    given = {
        "--register": register and register.name,
        "--policy": policy and policy.name,
        "--password-file": password_file and HIDDEN,
        "--year": year,
        "--as-of": as_of,
        "--rules": ",".join(asked),
        UNMASK: unmask and YES,
    }
    return Options(policy, year, as_of, asked, {name: str(value) for name, value in given.items() if value}, password_file, tuple(previous))


def threshold(fail_on: str) -> "Severity | None":
    """The severity from which a run fails, None for never."""
    from ledgerkit.model.finding import Severity

    return None if fail_on == "never" else Severity(fail_on)


def or_here(paths: Sequence[Path]) -> list[Path]:
    """The PATHs, by default the current folder."""
    return list(paths) or [Path()]


def tongue(lang: str | None) -> Lang:
    """The language of the run."""
    from ledgerkit.cli import language

    return language(["--lang", lang] if lang else [])
