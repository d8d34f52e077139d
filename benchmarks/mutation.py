"""How many faults put into the code the tests notice: a sample by chance of cosmic-ray's mutants of model/, reading/ and writing/.

Of each room so many mutants, drawn with a seed, each tried on the tests that are about its module, which stop at the first that fails. It works on a copy
of the checkout. Printed: killed of tried, and every survivor with its place, to be explained or to be given a test.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SECONDS = 600
# The tests that are about a module (its path within its room, or the beginning of it), those that notice most in the least time first; "" is for others.
TESTS: Mapping[str, Mapping[str, str]] = {
    "model": {
        "money": "test_money test_properties_values test_reading_cells",
        "period": "test_periods test_reading_cells test_properties_values",
        "person": "test_people test_report test_properties_values",
        "formulas": "test_formulas rules/test_dues_rates rules/test_relief_scope",
        "schema": "test_schema test_template test_reading_headers",
        "policy": "test_policy test_waivers",
        "waiver": "test_waivers",
        "decision": "test_decisions",
        "text": "test_people test_reading_hidden_characters test_reading_headers test_injection",
        "": "test_report test_summary test_waivers rules/test_examples",
    },
    "reading": {
        "truth": "test_reading_truth test_reading_display test_reading_files",
        "scan": "test_reading_truth test_reading_display test_hostile",
        "preflight": "test_hostile test_reading_files test_damage",
        "limits": "test_hostile",
        "raw": "test_hostile test_reading_display",
        "kind": "test_formats test_hostile",
        "locks": "test_formats",
        "delimited": "test_formats_csv",
        "encoding": "test_formats_csv",
        "display": "test_reading_display test_reading_hidden_characters",
        "formats": "test_reading_display test_reading_formats",
        "headers": "test_reading_headers test_reading_wide",
        "cells": "test_reading_cells test_reading_hidden_characters test_properties_values",
        "cover": "test_reading_files test_reading_rows",
        "isolate": "test_isolation",
        "worker": "test_isolation",
        "paths": "test_reading_paths test_reading_files test_formats_csv",
        "summary": "test_decisions",
        "": "test_reading_rows test_reading_files test_reading_doubts test_reading_wide test_properties_tables",
    },
    "writing": {
        "atomic": "test_outputs",
        "safe": "test_limits test_summary test_outputs",
        "limits": "test_limits",
        "template": "test_template test_schema",
        "schema": "test_schema",
        "policy": "test_policy",
        "annotate": "test_annotate",
        "drill": "test_drill",
        "workbook": "test_cli test_summary test_decisions",
        "masking": "test_report test_waivers test_decisions",
        "json": "test_report test_waivers",
        "csv": "test_report test_injection",
        "text": "test_report test_reconcile",
        "ledgerbook": "test_schema",
        "rulebook": "test_rule_texts",
        "wording": "test_decisions test_waivers test_report test_floods",
        "sheets/flags": "test_summary test_decisions test_limits test_waivers",
        "sheets/": "test_summary test_limits test_reconcile",
        "": "test_summary test_limits test_report",
    },
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
    """Tries a sample of a room's mutants, module by module, in a copy of the checkout."""
    with TemporaryDirectory() as folder:
        _in(folder, "git", "clone", "-q", str(ROOT), ".")
        Path(folder, "room.toml").write_text(CONFIG.format(room=room, seconds=SECONDS, command=""), "utf-8")
        _in(folder, "cosmic-ray", "init", "room.toml", "room.sqlite")
        session = Path(folder, "room.sqlite")
        whole, sample = _sampled(session, count, f"{seed} {room}")
        became: Counter[str] = Counter()
        survivors: list[str] = []
        for module, jobs in sorted(sample.items()):
            Path(folder, "room.toml").write_text(CONFIG.format(room=room, seconds=SECONDS, command=_command(room, module)), "utf-8")
            shutil.copy(session, Path(folder, "module.sqlite"))
            _keep(Path(folder, "module.sqlite"), jobs)
            _in(folder, "cosmic-ray", "exec", "room.toml", "module.sqlite")
            outcomes, alive = _results(Path(folder, "module.sqlite"))
            became += outcomes
            survivors += alive
            print(f"{module}: {dict(outcomes)}", *alive, sep="\n", flush=True)
        return Room(room, whole, became, survivors)


def _command(room: str, module: str) -> str:
    """The test command for a module, by the longest beginning of its path that TESTS knows."""
    within = module.removeprefix(f"ledgerkit/{room}/")
    about = max((name for name in TESTS[room] if within.startswith(name)), key=len)
    tests = " ".join(f"{name}.py" for name in TESTS[room][about].split())
    return f"sh -c 'cd tests && exec {sys.executable} -P -m pytest -x -q -p no:cacheprovider {tests}'"


def _in(folder: str, *command: str) -> None:
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PATH": tools, "PYTHONPATH": folder})


def _sampled(session: Path, count: int, seed: str) -> tuple[int, dict[str, list[str]]]:
    """How many mutants a session has, and so many of them by chance: their jobs by module."""
    with sqlite3.connect(session) as mutants:
        listed = sorted(
            mutants.execute("select module_path, operator_name, operator_args, occurrence, job_id from mutation_specs").fetchall()
        )
    sample: dict[str, list[str]] = {}
    for module, *_, job in random.Random(seed).sample(listed, count):
        sample.setdefault(module, []).append(job)
    return len(listed), sample


def _keep(session: Path, jobs: Sequence[str]) -> None:
    """Leaves some jobs of a session and drops the others."""
    kept = ",".join("?" * len(jobs))
    with sqlite3.connect(session) as mutants:
        mutants.execute(f"delete from mutation_specs where job_id not in ({kept})", jobs)
        mutants.execute(f"delete from work_items where job_id not in ({kept})", jobs)


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


if __name__ == "__main__":
    main()
