"""How right the audit rules are: clean books and planted faults, each rule's hits, misses and false alarms, into docs/accuracy.md.

Nothing of ledgerkit is imported: it runs as a command of its own, and what it says is held against the register of plants.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import people  # noqa: E402
from assemble import Expected, Planted, build_clean, build_planted  # noqa: E402
from compare import Result, Run, judge_clean, judge_planted  # noqa: E402
from plants import Plant, plants  # noqa: E402
from report import page  # noqa: E402

PACKS = ("general", "sheets", "folder", "members", "dues", "remittance", "relief", "relief_order", "activities", "budget", "limits")
DOCS = HERE.parent.parent / "docs" / "accuracy.md"
WORKERS = 2
CHUNK = 60
END = "2015-12-31"


def reconcile(folder: Path, as_of: str = END, policy: str = "") -> dict[str, Any]:
    """The JSON report of a folder of books; where the policy is refused, its error and no rules."""
    command = [sys.executable, "-P", "-m", "ledgerkit", "reconcile", str(folder), "--format", "json", "--as-of", as_of, "--lang", "en"]
    command += ["-o", str(folder.with_suffix(".xlsx"))]
    if policy:
        path = folder.with_suffix(".toml")
        path.write_text(policy, "utf-8")
        command += ["--policy", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": "0"})
    if done.returncode == 2 and not done.stdout:
        return {"error": done.stderr.strip(), "findings": [], "rules": [], "inputs": [], "control": []}
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def clean_run(root: Path, branches: int, seed: str) -> tuple[int, list[Expected], dict[str, Any]]:
    """Writes and reconciles the clean branches."""
    folder = root / "clean"
    people.TAKEN.clear()
    built = [build_clean(folder, f"{10_001 + number}", seed) for number in range(branches)]
    return sum(rows for rows, _ in built), [one for _, told in built for one in told], reconcile(folder)


def planted_run(root: Path, seed: str, numbered: tuple[int, Sequence[tuple[int, Plant]]]) -> tuple[list[Planted], dict[str, Any]]:
    """Writes and reconciles some plants of one date and policy."""
    chunk, group = numbered
    folder = root / f"plants-{chunk:03d}"
    people.TAKEN.clear()
    built = [build_planted(folder, number, plant, seed) for number, plant in group]
    recipe = group[0][1].recipe
    return built, reconcile(folder, recipe.as_of or END, recipe.policy)


def chunks(listed: Iterable[Plant]) -> list[list[tuple[int, Plant]]]:
    """The plants, numbered, by the date and policy of their run, a few dozen a run."""

    def run_of(numbered: tuple[int, Plant]) -> tuple[str, str]:
        return numbered[1].recipe.as_of, numbered[1].recipe.policy

    found = []
    for _, group in groupby(sorted(enumerate(listed), key=run_of), key=run_of):
        own = list(group)
        found += [own[at : at + CHUNK] for at in range(0, len(own), CHUNK)]
    return found


def measure(root: Path, seed: str, options: argparse.Namespace) -> Run:
    """Builds, runs and compares everything of a seed, telling on stderr what is not as it should be as soon as it is known."""
    wanted = tuple(code for code in options.rules.split(",") if code)
    listed = list(plants(wanted))
    result, errors = Result(), set()
    with ProcessPoolExecutor(WORKERS, initializer=_packs) as pool:
        clean = pool.submit(clean_run, root, options.branches, seed)
        for group, found in pool.map(partial(planted_run, root, seed), enumerate(chunks(listed))):
            before = len(result.misses), len(result.falses)
            judge_planted(result, group, found["findings"])
            errors |= {found["error"]} if "error" in found else set()
            _tell(seed, result, *before)
        rows, told, report = clean.result()
    errors |= {report["error"]} if "error" in report else set()
    before = len(result.misses), len(result.falses)
    judge_clean(result, told, report["findings"])
    _tell(seed, result, *before)
    broken = [line["check"] for line in report["control"] if line["ok"] is False and line["check"] != "flags"]
    built = frozenset(rule["rule"] for rule in report["rules"])
    return Run(seed, options.branches, rows, len(listed), built, result, sorted(errors), broken)


def _tell(seed: str, result: Result, misses: int, falses: int) -> None:
    """What was missed and what is false since so many lines."""
    for line in (*(text for _, text in result.misses[misses:]), *result.falses[falses:]):
        print(f"seed {seed}: {line}", file=sys.stderr, flush=True)


def _packs() -> None:
    for pack in PACKS:
        importlib.import_module(f"plants.{pack}")


def main() -> None:
    """Prints the table and writes docs/accuracy.md (only where all rules were measured)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=40, help="how many clean branches")
    parser.add_argument(
        "--seeds", default="2015,1937", help="comma-separated; the second shows that the rules were not fitted to the first"
    )
    parser.add_argument("--rules", default="", help="codes or prefixes, comma-separated")
    parser.add_argument("--keep", type=Path, help="leave the workbooks here")
    options = parser.parse_args()
    _packs()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        runs = [measure((options.keep or Path(folder)) / seed, seed, options) for seed in options.seeds.split(",")]
    text = page(runs)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if not options.rules:
        DOCS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
