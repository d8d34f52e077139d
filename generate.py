"""Makes every file that is made from another: templates, sample workbooks and their expected results, docs, compiled sentences.

`python generate.py` writes them, `python generate.py --check` names those that have drifted and changes nothing. Workbooks are
compared part by part after inflating, so that another zlib is no drift.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "samples")]

import books as samples  # noqa: E402
import catalogue as sentences  # noqa: E402
import outcomes  # noqa: E402

from ledgerkit import ledgers  # noqa: E402
from ledgerkit.cli.template import BRANCH_WORKBOOK  # noqa: E402
from ledgerkit.locale import LANGS, Lang  # noqa: E402
from ledgerkit.model.schema import Ledger  # noqa: E402
from ledgerkit.rules.packs import catalogue  # noqa: E402
from ledgerkit.writing import rulebook  # noqa: E402
from ledgerkit.writing.ledgerbook import book as ledger_pages  # noqa: E402
from ledgerkit.writing.template import write_template  # noqa: E402

Files = Iterator[tuple[Path, bytes]]
SUFFIX = {"zh": ".zh.md", "en": ".md"}


def compiled_sentences() -> Files:
    """The Chinese sentences as gettext reads them."""
    po = ROOT / "ledgerkit" / "locale" / "zh" / "LC_MESSAGES" / "ledgerkit.po"
    yield po.with_suffix(".mo"), sentences.compile_catalogue(po)


def templates() -> Files:
    """A blank branch workbook and a workbook for each ledger, in each language."""
    for lang in LANGS:
        yield ROOT / "templates" / lang / f"{BRANCH_WORKBOOK}.xlsx", _template(ledgers.all_ledgers(), lang)
        for name in ledgers.ORDER:
            yield ROOT / "templates" / lang / f"{name}.xlsx", _template((ledgers.load(name),), lang)


def _template(sheets: tuple[Ledger, ...], lang: Lang) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "template.xlsx")
        write_template(path, sheets, lang)
        return path.read_bytes()


def docs() -> Files:
    """Rules, ledgers and command help, in each language."""
    for lang in LANGS:
        yield ROOT / "docs" / f"rules{SUFFIX[lang]}", rulebook.book(list(catalogue()), lang).encode()
        yield ROOT / "docs" / f"ledgers{SUFFIX[lang]}", ledger_pages(lang).encode()
        yield ROOT / "docs" / f"commands{SUFFIX[lang]}", outcomes.commands(lang).encode()


def odd_cases() -> Files:
    """What is said of every odd case, in each language; a process of its own, for the tests have a module `books` too."""
    tests = ROOT / "tests"
    path = os.pathsep.join((str(ROOT), str(tests)))
    command = [sys.executable, "-P", str(tests / "odd_cases.py")]
    made = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True)  # noqa: S603
    for name, text in json.loads(made.stdout).items():
        yield ROOT / "docs" / name, text.encode()


def sample_books() -> Files:
    """The sample workbooks from their text sources."""
    with TemporaryDirectory() as folder:
        samples.build_all(Path(folder))
        for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
            yield ROOT / "samples" / path.relative_to(folder), path.read_bytes()


def expected() -> Files:
    """What each sample's commands print and write."""
    for sample in outcomes.SAMPLES:
        for name, text in outcomes.outcome(sample).items():
            yield sample / "expected" / name, text.encode()


# In this order: what comes later is made with what came before.
STEPS: tuple[Callable[[], Files], ...] = (compiled_sentences, templates, sample_books, docs, odd_cases, expected)


def same(old: bytes, new: bytes) -> bool:
    """Whether two files are the same, workbooks part by part."""
    if old == new or not (old.startswith(b"PK") and new.startswith(b"PK")):
        return old == new
    return _parts(old) == _parts(new)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def drifted(path: Path, data: bytes) -> bool:
    """Whether a generated file is not what it should be."""
    return not path.exists() or not same(path.read_bytes(), data)


def changes(step: Callable[[], Files], write: bool = False) -> list[str]:
    """The files of a step that are not what they should be, which are then written where that is asked for."""
    changed = []
    for path, data in step():
        if drifted(path, data):
            changed.append(path.relative_to(ROOT).as_posix())
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    return changed


def main() -> int:
    """0 when nothing had drifted (with --check) or everything is written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="name what has drifted, change nothing, exit 1 if anything has")
    check = parser.parse_args().check
    if check:  # nothing is written, so that no step waits for another
        with ProcessPoolExecutor() as pool:
            changed = [name for names in pool.map(changes, STEPS) for name in names]
    else:
        changed = [name for step in STEPS for name in changes(step, write=True)]
    print("\n".join(f"{'drifted' if check else 'written'}: {name}" for name in changed) or "nothing has drifted")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
