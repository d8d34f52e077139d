"""The long proof that nothing is lost and nothing let in, into docs/reliability.md: `make soak`. It takes hours; its parts can be run alone."""

import argparse
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import hostile_files
import kills
import many
import mutants
import refusing_disk

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
MB = 1 << 20
BOOK = sorted((mutants.ROOT / "samples" / "branch-2015-zh" / "books").glob("*.xlsx"))[0]
USED = ("python-calamine", "pandas", "XlsxWriter")
MARK = "\n## "
PARTS = {
    "hostile": "Files made to break a reader",
    "damage": "Damage by chance",
    "kills": "Killed while writing",
    "disk": "A disk that refuses",
    "files": "Thousands of files",
}
HEAD = """# Reliability

What was done to ledgerkit, and what was lost. Made by `make soak`; each section is of one run on {machine}, Python {python}, {used}, seed {seed}.
What is said to the user of each kind of bad file is in [odd-cases.md](odd-cases.md), and the same page is a test.
"""


def part(heading: str, lines: Iterator[str]) -> str:
    """A section of the page."""
    return "\n".join((f"{MARK}{heading}\n", *lines, ""))


def table(*columns: str) -> Iterator[str]:
    """The two lines that begin a table."""
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"


def killed(count: int, seed: int) -> Iterator[str]:
    """Kills at random moments."""
    yield from (
        "Each command is ended by SIGKILL at a random moment, one half of them anywhere in its life, the other from its last 15 % to a little",
        "after its end. Torn is an output that is neither the old file nor the new one, whole. What lies in temporary folders is swept by the next run.",
        "",
    )
    yield from table(
        "command",
        "kills",
        "the old file",
        "the new file",
        "of several files some old, some new",
        "torn",
        "temporary folders then",
        "after one run",
    )
    for tally in kills.all_tried(count, seed):
        states = [str(tally.became[state]) for state in ("old", "new", "some old, some new", "torn")]
        yield f"| {tally.name} | {tally.kills} | {' | '.join(states)} | {tally.litter} | {tally.swept} |"


def refused_disk() -> Iterator[str]:
    """A disk that refuses."""
    yield from (
        "The k-th operation of a writer fails, k = 1, 2, 3 … up to the last that it comes to. Done is a run that got over it with a whole file (a",
        "target that another program held for a moment, a disk that cannot sync a folder); lost is an old file touched, a file left, or a run that",
        "said nothing.",
        "",
    )
    yield from table("writer", "operation", "error", "refused", "done", "not done, said", "lost")
    for tally in refusing_disk.tallies():
        yield f"| {tally.writer} | {tally.operation} | {tally.error} | {tally.refused} | {tally.whole} | {tally.undone} | {tally.lost} |"


def damaged(count: int, flips: int, seed: int) -> Iterator[str]:
    """Mutants, flipped bits, cuts."""
    yield from (
        f"Mutants of {len(mutants.seeds())} workbooks and text files: one bit flipped, the end missing, bytes missing, blanked, repeated, a number made",
        "very large, half of the packages damaged inside and packed anew. Where a checksum tells of damage (.xlsx, .xlsm, .xlsb, .ods as they are",
        "sent) no file may be read as another one; where none does (.xls, .csv, packed anew) it is another file, which rules look at like any.",
        "",
    )
    yield from table(
        "what",
        "files",
        "checksum",
        "read as they were",
        "read as another",
        "refused",
        "of these the reader failed (F005) or took too long (F006)",
    )
    whole = chain(mutants.flips(BOOK, flips, seed), mutants.cuts(BOOK))
    for name, files in (("mutants", mutants.mutants(count, seed)), (f"{flips} bits flipped and every cut of one workbook", whole)):
        found = mutants.outcomes(files)
        for checksum in sorted({checked for checked, _ in found}):
            verdicts = {verdict: number for (checked, verdict), number in found.items() if checked == checksum}
            same, another = verdicts.pop("same", 0), verdicts.pop("another", 0)
            refused, failed = sum(verdicts.values()), verdicts.get("F005", 0) + verdicts.get("F006", 0)
            yield f"| {name} | {same + another + refused} | {'yes' if checksum == 'checksum' else 'no'} | {same} | {another} | {refused} | {failed} |"


def soaked(count: int) -> Iterator[str]:
    """Thousands of files."""
    soak = many.soaked(count)
    yield f"{soak.files} files, one in {many.HOSTILE} of them hostile, validated by a process that may have {many.DESCRIPTORS} files open:"
    yield f"{soak.rows} rows read of {soak.expected['']} honest files, {soak.files - soak.became['']} files refused"
    yield f"({', '.join(f'{code} {number}' for code, number in sorted(soak.became.items()) if code)}; those that had to be: {soak.files - soak.expected['']}),"
    yield f"{soak.seconds:.0f} s, {soak.memory // MB} MB at the most in any one process."


def refused() -> Iterator[str]:
    """Hostile files."""
    found = list(hostile_files.refusals())
    yield f"{sum(one.right for one in found)} of {len(found)} files made to break a reader got the verdict that they must get."
    yield ""
    yield from table("file", "bytes", "verdict", "seconds", "MB at the most")
    for one in found:
        yield f"| {one.name} | {one.size:,} | {one.verdict}{'' if one.right else ' (wrong)'} | {one.seconds:.2f} | {one.memory} |"


def known() -> dict[str, str]:
    """The sections of the page as it stands, by heading."""
    _, *sections = PAGE.read_text("utf-8").split(MARK) if PAGE.exists() else [""]
    return {section.partition("\n")[0]: MARK + section for section in sections}


def main() -> None:
    """Runs the parts asked for and puts their sections into the page; those of the others stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--mutants", type=int, default=4000)
    parser.add_argument("--flips", type=int, default=500)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2015)
    given = parser.parse_args()
    run: dict[str, Callable[[], Iterator[str]]] = {
        "hostile": refused,
        "damage": lambda: damaged(given.mutants, given.flips, given.seed),
        "kills": lambda: killed(given.kills, given.seed),
        "disk": refused_disk,
        "files": lambda: soaked(given.files),
    }
    sections = known()
    for name in given.parts.split(","):
        sections[PARTS[name]] = part(PARTS[name], run[name]())
        print(sections[PARTS[name]], flush=True)
    used = ", ".join(f"{name} {version(name)}" for name in USED)
    head = HEAD.format(machine=platform.system(), python=platform.python_version(), used=used, seed=given.seed)
    PAGE.write_text(head + "".join(sections[heading] for heading in PARTS.values() if heading in sections), "utf-8")


if __name__ == "__main__":
    main()
