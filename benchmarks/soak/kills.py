"""Every command that writes, killed at random moments: what it would replace is the old file whole or the new one whole.

The books are two rows of dues (of a merge a small branch), so that writing is most of a run. The process that is killed is forked from one that has imported
everything, so that its whole life is the command's work. Half of the moments lie anywhere in it, half about its end, where the
outputs are put in their place.
"""

import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from hostile import base

from ledgerkit import cli
from ledgerkit.cli.template import BRANCH_WORKBOOK

BOOK, PACK = "会费.xlsx", "no-branch-2015-corrections.xlsx"
# A file that says whose books it is, as a merge asks for.
BRANCH = Path(__file__).parents[2] / "samples" / "federation-2015" / "books" / "ZG101-城东区实验小学工会.xlsx"
# Imported before the first fork, so that no child spends its life on it.
USED = (
    "pandas",
    "ledgerkit.merge.federation",
    "ledgerkit.writing.workbook",
    "ledgerkit.writing.annotate",
    "ledgerkit.writing.template",
    "ledgerkit.writing.policy",
)
NEW, OLDER = "zh", "en"
LATE, LATEST = 0.85, 1.05
LEFT = ".ledgerkit-*"

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Writing:
    """A command that writes: its words, and the files it makes; `replaces` where it may replace what is there."""

    name: str
    arguments: Sequence[str]
    made: Sequence[str]
    replaces: bool = True


@dataclass
class Tally:
    """What became of so many kills: old, new, or torn; temporary folders left at the last, and after one whole run."""

    name: str
    kills: int = 0
    became: Counter[str] = field(default_factory=Counter)
    litter: int = 0
    swept: int = 0


def writings(book: str) -> list[Writing]:
    """The commands; `reconcile` and `validate --annotate` on one workbook."""
    return [
        Writing("reconcile", ["reconcile", book, "-o", "s.xlsx", "--quiet"], ["s.xlsx"]),
        Writing("validate --annotate", ["validate", book, "--annotate", "copies", "--quiet"], [f"copies/{book}"]),
        Writing("reconcile --corrections", ["reconcile", book, "-o", "s.xlsx", "--corrections", "packs", "--quiet"], [f"packs/{PACK}"]),
        Writing("merge", ["merge", BRANCH.name, "-o", "f.xlsx", "--quiet"], ["f.xlsx"]),
        Writing("review -o", ["review", "old.xlsx", "-o", "paper.xlsx", "--quiet"], ["paper.xlsx"]),
        Writing("template", ["template", "-o", "."], [f"{BRANCH_WORKBOOK}.xlsx"], replaces=False),
        Writing("new", ["new", "year", "--year", "2015"], ["year/ledgerkit.toml", "year/branch-2015.xlsx"], replaces=False),
    ]


def forked(arguments: Sequence[str], after: float | None = None, lang: str = NEW) -> float:
    """Runs a command in a child of this process, in this folder, and kills it after some seconds; how long it lived."""
    start = time.perf_counter()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os._exit(cli.run([*arguments, "--lang", lang], lang))
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - start


def tried(writing: Writing, kills: int, chance: random.Random) -> Tally:
    """Kills the command so many times and looks at its outputs after each; at the last one run is left alone and sweeps."""
    forked(writing.arguments, lang=OLDER)
    old = _there(writing) if writing.replaces else {}
    new, life = _undisturbed(writing, old)
    tally = Tally(writing.name)
    for number in range(kills):
        _lay(writing, old)
        forked(writing.arguments, life * (chance.random() if number % 2 else chance.uniform(LATE, LATEST)))
        tally.kills += 1
        tally.became[_became(_there(writing), old, new)] += 1
    tally.litter = len(list(Path().rglob(LEFT)))
    _lay(writing, old)
    forked(writing.arguments)
    tally.swept = len(list(Path().rglob(LEFT)))
    return tally


def _undisturbed(writing: Writing, old: Files) -> tuple[Files, float]:
    """What the command makes when it is left alone, and how long it takes: the median of five."""
    lives = []
    for _ in range(5):
        _lay(writing, old)
        lives.append(forked(writing.arguments))
    new = _there(writing)
    if len(new) != len(writing.made) or any(old.get(name) == data for name, data in new.items()):
        raise SystemExit(f"{writing.name} wrote nothing")
    return new, sorted(lives)[2]


def _lay(writing: Writing, old: Files) -> None:
    """Puts the old files where the command will write, or nothing where it replaces none."""
    for name in writing.made:
        Path(name).unlink(missing_ok=True)
    for name, data in old.items():
        Path(name).write_bytes(data)


def _there(writing: Writing) -> Files:
    return {name: Path(name).read_bytes() for name in writing.made if Path(name).exists()}


def _became(there: Files, old: Files, new: Files) -> str:
    """Old, new, some of each (each whole), or torn."""
    if any(data not in (old.get(name), new[name]) for name, data in there.items()) or any(name not in there for name in old):
        return "torn"
    return "old" if there == old else "new" if there == new else "some old, some new"


def all_tried(kills: int, seed: int) -> Iterator[Tally]:
    """Every command killed so many times, each in a folder of its own."""
    for module in (*USED, *cli.COMMANDS.values()):
        importlib.import_module(module)
    chance, here = random.Random(seed), Path.cwd()
    for writing in writings(BOOK):
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            # What a merge puts by lies here too, and is counted where it stays.
            tempfile.tempdir = folder
            Path(BOOK).write_bytes(base())
            shutil.copy(BRANCH, BRANCH.name)
            forked(["reconcile", BOOK, "-o", "old.xlsx", "--quiet"])
            try:
                yield tried(writing, kills, chance)
            finally:
                tempfile.tempdir = None
                os.chdir(here)
