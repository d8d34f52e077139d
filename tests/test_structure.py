"""How ledgerkit is laid out: imports run one way, engines stay in their rooms, --help is light, functions and files are short."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import ledgerkit
from ledgerkit.model.table import DTYPES

ROOT = Path(ledgerkit.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
# A room may import the rooms before it. Rooms of one number do not import each other.
HEIGHT = {
    "": 0,
    "errors": 0,
    "rubbish": 0,
    "locale": 1,
    "model": 2,
    "ledgers": 3,
    "policies": 4,
    "reading": 5,
    "reconcile": 6,
    "rules": 6,
    "audit": 7,
    "merge": 8,
    "review": 8,
    "drill": 8,
    "writing": 9,
    "cli": 10,
    "__main__": 11,
}
ENGINES = {
    "python_calamine": ("reading/",),
    "msoffcrypto": ("reading/",),
    "xlsxwriter": ("writing/",),
    "click": ("cli/",),
    "openpyxl": ("reading/", "writing/annotate.py"),
    "pyarrow": ("writing/data.py",),
    "tqdm": ("cli/",),
}
HEAVY = ("pandas", "numpy", "xlsxwriter", "openpyxl", "python_calamine", "msoffcrypto", "stdnum")
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_RULES = 40, 400, 600


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls(path: Path) -> list[ast.Call]:
    """Every call in a module."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(module: str) -> str:
    """The room of a dotted name inside ledgerkit: "" for the package itself."""
    return [*module.split("."), ""][1]


def own_room(path: Path) -> str:
    return "" if path == ROOT / "__init__.py" else path.relative_to(ROOT).parts[0].removesuffix(".py")


def at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield from at_run_time(child)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names that a module imports when it runs, with their lines; `from ledgerkit import rules` is ledgerkit.rules."""
    for node in at_run_time(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)}:{node.lineno} imports by dots"
            module = node.module or ""
            yield from ((f"{module}.{alias.name}" if module == "ledgerkit" else module, node.lineno) for alias in node.names)


def rooms_of(name: str) -> str | None:
    """The room that an imported name lies in; None for other packages, "" for a name of the package itself (__version__)."""
    if name.split(".")[0] != "ledgerkit":
        return None
    own = room(name)
    return own if own in HEIGHT else ""


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_no_import_looks_back(path: Path) -> None:
    own = own_room(path)
    assert own in HEIGHT, f"{own} is no room of the house: say in HEIGHT what it may import"
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for name, line in imports(path)
        if (other := rooms_of(name)) and other != own and HEIGHT[other] >= HEIGHT[own]
    ]
    assert not wrong


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_only_in_its_room(engine: str) -> None:
    places = [f"{shown(path)}:{line}" for path in MODULES for name, line in imports(path) if name.split(".")[0] == engine]
    assert [place for place in places if not place.startswith(ENGINES[engine])] == []


def loaded(*arguments: str) -> list[str]:
    """Which heavy modules a command line loads."""
    code = (
        f"import sys\nfrom ledgerkit.cli import run\nrun({list(arguments)!r}, 'en')\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    return done.stdout.rpartition("loaded:")[2].split()


def test_help_loads_no_engine() -> None:
    assert loaded("--help") == []


def test_the_version_loads_no_engine() -> None:
    assert loaded("--version") == []


@pytest.mark.parametrize("command", ["new", "template", "validate", "reconcile", "verify", "drill", "rules", "schema"])
def test_help_of_a_command_loads_no_engine(command: str) -> None:
    assert loaded(command, "--help") == []


def test_importing_the_package_loads_no_engine() -> None:
    code = f"import sys, ledgerkit\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []


def docstring_lines(node: ast.AST) -> int:
    """Lines of the docstrings inside a node."""
    total = 0
    for inner in ast.walk(node):
        if isinstance(inner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(inner) is not None:
            text = inner.body[0]
            total += (text.end_lineno or text.lineno) - text.lineno + 1
    return total


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_no_function_is_longer_than_40_lines(path: Path) -> None:
    """Docstrings not counted: a rule's holds its tests."""
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {lines} lines"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)) > LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_no_file_is_too_long(path: Path) -> None:
    """400 lines without docstrings; a file of rules 600 with them."""
    lines = len(path.read_text("utf-8").splitlines())
    if own_room(path) == "rules":
        assert lines <= LONGEST_RULES, f"{shown(path)} has {lines} lines with docstrings"
    else:
        assert lines - docstring_lines(tree(path)) <= LONGEST_FILE, f"{shown(path)} has {lines} lines"


def test_no_room_for_leftovers() -> None:
    assert [shown(path) for path in MODULES if path.stem in ("utils", "helpers", "manager", "misc")] == []


def test_every_text_file_is_opened_with_its_encoding() -> None:
    """A GBK machine must read our files as we wrote them."""
    bare = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in calls(path)
        if (
            isinstance(node.func, ast.Attribute) and node.func.attr in ("read_text", "write_text") and not (node.args[-1:] or node.keywords)
        )
        or (
            isinstance(node.func, ast.Name)
            and node.func.id == "open"
            and "encoding" not in {k.arg for k in node.keywords}
            and "b" not in ast.unparse(node)
        )
    ]
    assert bare == []


def test_the_readme_counts_the_rules_that_there_are() -> None:
    from ledgerkit.rules.packs import catalogue

    families = Counter(rule.code[0] for rule in catalogue())
    for name in ("README.md", "README.zh.md"):
        text = (Path(__file__).parents[1] / name).read_text("utf-8")
        told = {family: int(count) for family, count in re.findall(r"^\| ([A-Z]) \| (\d+) \|", text, re.MULTILINE)}
        assert told == dict(families)
        assert str(sum(families.values())) in text


def test_text_is_kept_in_one_way_whatever_else_is_installed() -> None:
    assert DTYPES["text"] == "str"
    assert pd.get_option("mode.string_storage") == "python"


# The one way to write, and what it rests on.
WRITERS = ("writing/atomic.py", "writing/safe.py")
WRITING = ("write_text", "write_bytes", "to_excel", "to_parquet", "to_pickle", "touch", "symlink_to", "hardlink_to", "unlink", "rmdir")
MOVING = {
    "os": ("replace", "rename", "renames", "open", "remove", "unlink", "link", "mkfifo"),
    "shutil": ("copy", "copy2", "copyfile", "move", "rmtree"),
}
# A folder half made is taken back; the reader's end of a pipe, and nowhere.
LET_BE = {"cli/new.py": {"workbook.unlink"}, "cli/__init__.py": {"os.open"}, "reading/entries.py": {"os.replace", "os.unlink"}}


def writes(node: ast.Call) -> str:
    """What a call writes with, "" for one that writes nothing."""
    name = ast.unparse(node.func)
    owner, _, last = name.rpartition(".")
    modes = [*node.args[0 if owner else 1 :][:1], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    moded = any(isinstance(mode, ast.Constant) and isinstance(mode.value, str) and set(mode.value) & set("wax+") for mode in modes)
    found = (last == "open" and moded) or last in WRITING or last in MOVING.get(owner, ()) or name.endswith("xlsxwriter.Workbook")
    return name if found or (last in ("to_csv", "to_json") and node.args) or (name == "Workbook" and node.args) else ""


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_nothing_is_written_but_by_the_one_writer(path: Path) -> None:
    found = {
        f"{shown(path)}:{node.lineno} {name}" for node in calls(path) if (name := writes(node)) and name not in LET_BE.get(shown(path), ())
    }
    assert not found or shown(path) in WRITERS


@pytest.mark.parametrize(
    "line",
    [
        'open("x", "w")', 'open("x", mode="ab")', 'path.open("x")', 'path.open("r+b")', "path.write_text(t)", "path.write_bytes(b)", "frame.to_excel(p)",
        "frame.to_csv(p)", "xlsxwriter.Workbook(p)", "Workbook(p)", "shutil.move(a, b)", "shutil.copy(a, b)", "os.replace(a, b)", "os.rename(a, b)",
    ],
)  # fmt: skip
def test_the_lint_of_writing_sees_each_way(line: str) -> None:
    assert writes(ast.parse(line, mode="eval").body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line", ['open("x")', 'open("x", "rb")', "path.open()", 'path.open("rb")', "path.read_bytes()", 'text.replace("a", "b")']
)
def test_the_lint_of_writing_lets_reading_be(line: str) -> None:
    assert not writes(ast.parse(line, mode="eval").body)  # type: ignore[arg-type]


def test_nothing_is_printed_but_in_the_one_place() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in calls(path)
        if ast.unparse(node.func) in ("print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write")
    ]
    assert {place.partition(":")[0] for place in found} == {"cli/terminal.py"}
