"""What the samples' commands print and write, as text: expected/ is made of it, and so are the pages of command help."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from ledgerkit.cli import COMMANDS
from ledgerkit.locale import N_, Lang, catalogue

HERE = Path(__file__).resolve().parent
SAMPLES = tuple(path.parent for path in sorted(HERE.glob("*/cmd.txt")))
# The versions on Sources are those of the machine: they are no part of what is expected.
VERSIONS = ("ledgerkit", "click", "msoffcrypto-tool", "openpyxl", "pandas", "python-calamine", "python-stdnum", "xlsxwriter")


def outcome(sample: Path) -> dict[str, str]:
    """By file name: what each line of cmd.txt prints with its exit code, and the content of each workbook it writes."""
    lines = [line for line in (sample / "cmd.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = {}
    with TemporaryDirectory() as folder:
        here = Path(folder, sample.name)
        shutil.copytree(sample, here, ignore=shutil.ignore_patterns("expected", "source"))
        before = set(here.rglob("*"))
        for number, line in enumerate(lines, 1):
            found[f"{number}.txt"] = _printed(line, here)
        for path in sorted(set(here.rglob("*.xlsx")) - before):
            found[f"{path.name}.txt"] = content(path)
    return found


def _printed(line: str, folder: Path) -> str:
    """The command line, what it printed, and its exit code."""
    program, *arguments = shlex.split(line)
    assert program == "ledgerkit", line
    done = run(arguments, folder)
    parts = [f"$ {line}", done.stdout.decode("utf-8").lstrip("\ufeff").replace("\r\n", "\n").rstrip("\n")]
    parts += [part.rstrip("\n") for part in (done.stderr.decode("utf-8"),) if part]
    return "\n".join([*parts, f"exit {done.returncode}", ""])


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """The command line in a folder, its language English where it does not say."""
    environment = {**os.environ, "LANG": "en_US.UTF-8", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    environment = {name: value for name, value in environment.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANGUAGE")}
    return subprocess.run([sys.executable, "-m", "ledgerkit", *arguments], cwd=folder, env=environment, capture_output=True, check=False)


def content(path: Path) -> str:
    """A workbook's sheets as text: a line a row, cells by address; formulas as they are, links beside their text."""
    book = load_workbook(path)
    return "\n".join(line for sheet in book.worksheets for line in (f"== {sheet.title}", *_rows(sheet), "")) + "\n"


def _rows(sheet: object) -> Iterator[str]:
    for row in sheet.iter_rows():  # type: ignore[attr-defined]
        filled = [cell for cell in row if cell.value is not None]
        if filled and not (filled[0].value in VERSIONS and len(filled) == 2):
            yield " | ".join(f"{c.coordinate} {c.value}{f' -> {c.hyperlink.target}' if c.hyperlink else ''}" for c in filled)


def commands(lang: Lang) -> str:
    """The help of every command as Markdown."""
    say = catalogue(lang).gettext
    pages = [f"# {say(N_('Commands'))}", "", say(N_("Made from the commands themselves by `make generate`; do not edit."))]
    for name in ("", *COMMANDS):
        text = run([*name.split(), "--lang", lang, "--help"], HERE).stdout.decode("utf-8")
        pages += ["", f"## ledgerkit {name}".rstrip(), "", "```text", text.rstrip(), "```"]
    return "\n".join(pages) + "\n"
