"""How many faults put into the code the tests notice: a sample by chance of cosmic-ray's mutants of model/, reading/ and writing/.

Of each room so many mutants, drawn with a seed, each tried on the room's own tests, which stop at the first that fails. It works on a copy
of the checkout. Printed: killed of tried, and every survivor with its place, to be explained or to be given a test.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SECONDS = 600
# Those that notice most in the least time come first.
TESTS = {
    "model": "test_money test_periods test_people test_formulas test_waivers test_floods test_policy test_reading_cells test_properties_values test_schema test_report rules/test_examples",
    "reading": "test_reading_truth test_reading_display test_reading_headers test_reading_cells test_reading_rows test_hostile test_damage test_reading_files test_formats_csv test_isolation test_reading_formats test_reading_doubts test_reading_hidden_characters test_properties_values test_properties_tables",
    "writing": "test_report test_limits test_summary test_samples test_annotate test_template test_schema test_rule_texts test_policy test_outputs test_injection",
}
CONFIG = """
[cosmic-ray]
module-path = "ledgerkit/{room}"
timeout = {seconds}
excluded-modules = []
test-command = "{command}"
[cosmic-ray.distributor]
name = "local"
"""


@dataclass(frozen=True)
class Room:
    """A room's mutants: how many there are, what became of those tried, and where each survivor stands."""

    name: str
    mutants: int
    became: Counter[str]
    survivors: Sequence[str]


def tried(room: str, count: int, seed: int) -> Room:
    """Tries a sample of a room's mutants in a copy of the checkout."""
    with TemporaryDirectory() as folder:
        _in(folder, "git", "clone", "-q", str(ROOT), ".")
        tests = " ".join(f"{name}.py" for name in TESTS[room].split())
        command = f"sh -c 'cd tests && exec {sys.executable} -P -m pytest -x -q -p no:cacheprovider {tests}'"
        Path(folder, "room.toml").write_text(CONFIG.format(room=room, seconds=SECONDS, command=command), "utf-8")
        _in(folder, "cosmic-ray", "init", "room.toml", "room.sqlite")
        whole = _sampled(Path(folder, "room.sqlite"), count, f"{seed} {room}")
        _in(folder, "cosmic-ray", "exec", "room.toml", "room.sqlite")
        return Room(room, whole, *_results(Path(folder, "room.sqlite")))


def _in(folder: str, *command: str) -> None:
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PATH": tools, "PYTHONPATH": folder})


def _sampled(session: Path, count: int, seed: str) -> int:
    """Leaves so many of a session's mutants, by chance; how many there were."""
    with sqlite3.connect(session) as mutants:
        jobs = sorted(
            mutants.execute("select module_path, operator_name, operator_args, occurrence, job_id from mutation_specs").fetchall()
        )
        dropped = [(job[-1],) for job in jobs]
        for kept in random.Random(seed).sample(dropped, count):
            dropped.remove(kept)
        mutants.executemany("delete from mutation_specs where job_id = ?", dropped)
        mutants.executemany("delete from work_items where job_id = ?", dropped)
    return len(jobs)


def _results(session: Path) -> tuple[Counter[str], list[str]]:
    with sqlite3.connect(session) as mutants:
        rows = mutants.execute(
            "select test_outcome, module_path, start_pos_row, definition_name, operator_name, diff from work_results"
            " join mutation_specs using (job_id) order by module_path, start_pos_row"
        ).fetchall()
    became = Counter(str(outcome).rpartition(".")[2].lower() for outcome, *_ in rows)
    alive = [row for row in rows if str(row[0]).lower().endswith("survived")]
    return became, [f"{path}:{line} {name} ({operator})\n{_changed(diff)}" for _, path, line, name, operator, diff in alive]


def _changed(diff: str) -> str:
    """The lines of a diff that differ."""
    return "\n".join(f"    {line}" for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def main() -> None:
    """Prints the score and the survivors of each room."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="mutants a room")
    parser.add_argument("--seed", type=int, default=2015)
    parser.add_argument("--rooms", default="model,reading,writing")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with ThreadPoolExecutor(given.jobs) as pool:
        for room in pool.map(lambda name: tried(name, given.count, given.seed), given.rooms.split(",")):
            alive, whole = room.became["survived"], room.became.total()
            print(
                f"{room.name}: {whole - alive} of {whole} tried of {room.mutants} mutants noticed ({dict(room.became)}), seed {given.seed}"
            )
            print("\n".join(room.survivors), flush=True)


if __name__ == "__main__":
    main()
