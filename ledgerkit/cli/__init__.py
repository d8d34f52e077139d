"""The `ledgerkit` command: a lazy group, so that --help loads nothing but click."""

import gettext
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import click

from ledgerkit import __version__, rubbish
from ledgerkit.cli.options import LANG_OPTION, Command, Option, Translated
from ledgerkit.cli.terminal import tell
from ledgerkit.errors import LedgerkitError
from ledgerkit.locale import LANGS, N_, Lang, catalogue, default_lang, speak

COMMANDS = {
    "new": "ledgerkit.cli.new",
    "template": "ledgerkit.cli.template",
    "validate": "ledgerkit.cli.validate",
    "reconcile": "ledgerkit.cli.reconcile",
    "merge": "ledgerkit.cli.merge",
    "review": "ledgerkit.cli.review",
    "verify": "ledgerkit.cli.verify",
    "drill": "ledgerkit.cli.drill",
    "rules": "ledgerkit.cli.rules",
    "schema": "ledgerkit.cli.schema",
}
UNDONE, INTERRUPTED, TERMINATED = 2, 130, 143
STOPS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal asked the run to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class LazyGroup(Translated, click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command | None:
        """Imports the command that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        command: Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=N_("Templates, checks and reconciliation for the money of trade unions, from Excel ledgers to an audited summary."),
)
@LANG_OPTION
@click.version_option(__version__, prog_name="ledgerkit", cls=Option, message="%(prog)s %(version)s")
def cli(lang: str | None) -> None:
    """See the group's help."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process: 0 nothing found, 1 findings, 2 not done, 130 and 143 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    lang = language(given)
    speak(lang)
    if sys.stdout is None and "--quiet" not in given:
        sys.exit(UNDONE)
    rubbish.seldom()
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _stop)
    code = run(given, lang)
    _ignore_stops()
    _end(code)


def _end(code: int) -> NoReturn:
    """Ends the process as it is: to take a year's books apart object by object would cost a tenth of the run."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # it was told already, or there is nobody to tell
                stream.flush()
    os._exit(code)


def run(arguments: Sequence[str], lang: Lang) -> int:
    """The exit code of a command line; every way to fail is one sentence on stderr."""
    say = catalogue(lang).gettext
    try:
        return int(cli.main(list(arguments), prog_name="ledgerkit", standalone_mode=False) or 0)
    except LedgerkitError as error:
        tell(error.render(say))
        return UNDONE
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "ledgerkit"
        tell(say(N_("{message} See {command} --help.")).format(message=_sentence(error.format_message()), command=command))
        return UNDONE
    except (Stopped, KeyboardInterrupt, click.Abort) as error:
        tell(say(N_("Stopped. Files that were written are complete; nothing else was changed.")))
        return TERMINATED if isinstance(error, Stopped) and error.number == signal.SIGTERM else INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has stopped reading; there is nobody to tell, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNDONE
    except OSError as error:
        tell(say(N_("The output could not be written ({why}). Check the disk and run again.")).format(why=error.strerror))
        return UNDONE
    except Exception as error:  # a fault of ours: say where, never what stood in a cell
        if os.environ.get("LEDGERKIT_DEBUG"):
            from ledgerkit.model.person import mask_text

            for line in mask_text("".join(traceback.format_exception(error))).splitlines():
                tell(line)
        tell(say(N_("ledgerkit failed at {where} ({what}). Nothing was written. Please report this line.")).format(**_where(error)))
        return UNDONE


def _sentence(text: str) -> str:
    """A message with its full stop."""
    return text if text.endswith((".", "。", "?", "？")) else text + gettext.gettext(N_("."))


def _where(error: Exception) -> dict[str, object]:
    """The innermost place of a failure, without any value."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"
    return {"where": place, "what": type(error).__name__}


def language(arguments: Sequence[str]) -> Lang:
    """What --lang says, else what the environment asks for."""
    for at, word in enumerate(arguments):
        value = (
            word.removeprefix("--lang=") if word.startswith("--lang=") else "".join(arguments[at + 1 : at + 2]) if word == "--lang" else ""
        )
        for lang in LANGS:
            if value == lang:
                return lang
    return default_lang(os.environ)


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends the run once; a second signal does not cut short what the first one has to clear away."""
    _ignore_stops()
    raise Stopped(number)


def _ignore_stops() -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
