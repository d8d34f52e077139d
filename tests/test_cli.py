"""The command line as a clerk meets it: exit codes, whole sentences for what cannot be done, whole files or none."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import odd_cases
import pytest
from openpyxl import load_workbook

SAMPLES = Path(__file__).parents[1] / "samples"
BOOKS = SAMPLES / "branch-2015-en" / "books"
FAULTS = SAMPLES / "faults-2015" / "books"


def process(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """ledgerkit in a folder and in a process of its own, in English unless the environment says otherwise."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANGUAGE")}
    command = [sys.executable, "-P", "-m", "ledgerkit", *map(str, arguments)]
    whole = {**kept, "LANG": "en_US.UTF-8", "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(command, cwd=cwd, env=whole, capture_output=True, text=True, encoding="utf-8", check=False)


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """As `process` in English, within this process: how one begins and ends is in the tests that take a process of their own."""
    given = [*map(str, arguments)]
    return subprocess.CompletedProcess(given, *odd_cases.run(given, cwd, "zh" if "zh" in given else "en"))


def refused(sentence: str, *arguments: object, cwd: Path) -> None:
    """The command is not done: exit 2, nothing on stdout, that one sentence on stderr."""
    done = run(*arguments, cwd=cwd)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence + "\n")


@pytest.mark.parametrize("command", ["validate", "reconcile"])
def test_a_path_that_does_not_exist(command: str, tmp_path: Path) -> None:
    refused("nowhere does not exist. Check the name, or give a folder of workbooks.", command, "nowhere", cwd=tmp_path)


@pytest.mark.parametrize("command", ["validate", "reconcile"])
def test_a_folder_without_workbooks(command: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no workbook", "utf-8")
    (tmp_path / "empty" / "~$books.xlsx").write_bytes(b"lock")
    refused(
        "empty holds no workbook (.xlsx .xlsm .xls .xlsb .ods .csv). Give the folder that holds the branch workbooks, or a workbook.",
        command,
        "empty",
        cwd=tmp_path,
    )


@pytest.mark.parametrize("command", ["validate", "reconcile"])
def test_nothing_readable_at_all_says_so_and_still_prints_the_json(command: str, tmp_path: Path) -> None:
    (tmp_path / "books.xlsx").write_bytes(b"")
    done = process(command, "books.xlsx", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "No file could be read; each is named with its reason. Correct them and run again.\n")
    report = json.loads(done.stdout)
    assert [(i["file"], i["status"], i["reason"]) for i in report["inputs"]] == [("books.xlsx", "rejected", "F003")]
    assert [f["rule"] for f in report["findings"]] == ["F003"]
    assert list(tmp_path.iterdir()) == [tmp_path / "books.xlsx"]


def test_an_output_that_is_an_input(tmp_path: Path) -> None:
    source = next(BOOKS.iterdir())
    book = tmp_path / "books.xlsx"
    book.write_bytes(source.read_bytes())
    for given in ("books.xlsx", "."):
        refused(
            "books.xlsx is one of the inputs; inputs are never changed. Give another name with -o.",
            *("reconcile", given, "-o", "books.xlsx"),
            cwd=tmp_path,
        )
    assert book.read_bytes() == source.read_bytes()


def test_an_output_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    refused(
        f"The folder of {Path('none/out.xlsx')} does not exist. Create it first, or choose another place with -o.",
        *("reconcile", BOOKS, "-o", "none/out.xlsx"),
        cwd=tmp_path,
    )


def test_an_output_that_is_no_workbook_name(tmp_path: Path) -> None:
    refused(
        "out.pdf is not a name for a workbook. Give -o a file name that ends in .xlsx.", "reconcile", BOOKS, "-o", "out.pdf", cwd=tmp_path
    )


def test_an_unknown_policy_key_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[dues]\nrat = "1%"\n', "utf-8")
    refused(
        "own.toml: unknown policy key dues.rat. The nearest known one is dues.rate; correct or remove it.",
        *("validate", BOOKS, "--policy", "own.toml"),
        cwd=tmp_path,
    )


def test_a_policy_that_is_not_there(tmp_path: Path) -> None:
    refused(
        "own.toml: the policy cannot be read (No such file or directory). Check the path given with --policy.",
        *("validate", BOOKS, "--policy", "own.toml"),
        cwd=tmp_path,
    )


def test_a_rate_that_is_no_rate(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[dues]\nrate = 0.005\n", "utf-8")
    refused(
        'own.toml: dues.rate is 0.005, but it must be a rate as text, from "0%" to "100%". Correct it.',
        *("validate", BOOKS, "--policy", "own.toml"),
        cwd=tmp_path,
    )


def test_two_years_in_equal_numbers(tmp_path: Path) -> None:
    for name in ("市档案馆机关工会-2014.xlsx", "市档案馆机关工会-2015.xlsx"):
        (tmp_path / name).write_bytes((FAULTS / name).read_bytes())
    refused(
        "The files are of the years 2014, 2015, equally many each. Say with --year which year's books these are.",
        *("validate", "."),
        cwd=tmp_path,
    )


def test_a_summary_given_as_books_is_refused_and_one_in_a_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "books.xlsx").write_bytes(next(BOOKS.iterdir()).read_bytes())
    assert run("reconcile", "books.xlsx", "-o", "summary.xlsx", "--rules", "B001", "--quiet", cwd=tmp_path).returncode == 1
    refused(
        "summary.xlsx was written by ledgerkit as a result, not as books. Give the workbooks it was made from.",
        *("validate", "summary.xlsx"),
        cwd=tmp_path,
    )
    done = run("validate", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "Left out: 1 workbook(s) that ledgerkit wrote as results.\n")


def test_a_rule_that_does_not_exist(tmp_path: Path) -> None:
    refused(
        "There is no rule B0002; the nearest is B002. `ledgerkit rules` lists them. See ledgerkit rules --help.",
        "rules",
        "B0002",
        cwd=tmp_path,
    )
    refused("There is no rule ZZZ; `ledgerkit rules` lists them. See ledgerkit rules --help.", "rules", "ZZZ", cwd=tmp_path)
    sentence = "No rule begins with Z; `ledgerkit rules` lists them. See ledgerkit validate --help."
    refused(sentence, "validate", BOOKS, "--rules", "B，Z", cwd=tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules = 3", "rules is 3, but it must be a table of settings"),
        ('[rules]\nignore = "G001"', "rules.ignore is 'G001', but it must be a list of texts"),
        ("[rules]\nG001 = 3", "rules.G001 is 3, but it must be a table of settings"),
        ('[rules.severity]\nM005 = "bad"', "rules.severity.M005 is 'bad', but it must be one of: error, high, medium, low, info"),
        ('[rules.M005]\ngrace_months = "2"', "rules.M005.grace_months is '2', but it must be a whole number, 0 or more"),
        ("[unit]\nyear = -3", "unit.year is -3, but it must be a year such as 2015, or 0"),
        ('[dues]\nrate = "-5%"', 'dues.rate is \'-5%\', but it must be a rate as text, from "0%" to "100%"'),
        ('[dues]\nrate = "abc"', 'dues.rate is \'abc\', but it must be a rate as text, from "0%" to "100%"'),
        ('[dues]\ntail_step = "0.00"', "dues.tail_step is '0.00', but it must be an amount above 0 as text, such as \"3000.00\""),
        ('packs = "anhui-2025"', "packs is 'anhui-2025', but it must be a list of texts"),
        (
            '[dues]\nexempt_statuses = ["retried"]',
            "dues.exempt_statuses is ['retried'], but it must be a list of some of: active, deceased, left, retained, retired, transferred",
        ),
    ],
)
def test_a_policy_value_that_cannot_be_used_is_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    refused(f"own.toml: {said}. Correct it.", "validate", BOOKS, "--policy", "own.toml", cwd=tmp_path)


def test_policy_settings_change_a_run(tmp_path: Path) -> None:
    text = '[rules]\nignore = ["M004"]\n[rules.severity]\nM007 = "low"\n[dues]\nrate = "1%"\n'
    (tmp_path / "own.toml").write_text(text, "utf-8")
    arguments = ("reconcile", BOOKS, "-o", "o.xlsx", "--policy", "own.toml")
    report = json.loads(run(*arguments, "--rules", "M004,M007", "--format", "json", cwd=tmp_path).stdout)
    assert next(r["because"] for r in report["rules"] if r["rule"] == "M004") == "listed under ignore in the policy"
    assert [f["severity"] for f in report["findings"] if f["rule"] == "M007"] == ["low"]
    assert float(report["totals"]["dues"]["arrears"]) > 4000


def test_a_template_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "dues.xlsx").write_bytes(b"a year's work")
    refused("dues.xlsx already exists and was left as it is. Move it away, or give another folder.", "template", "dues", cwd=tmp_path)
    assert (tmp_path / "dues.xlsx").read_bytes() == b"a year's work"


def test_an_unknown_ledger_names_the_nearest(tmp_path: Path) -> None:
    done = run("template", "due", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("There is no ledger due; the nearest is dues. The ledgers are members, ")


@pytest.mark.parametrize(("at", "code"), [("error", 0), ("high", 1), ("medium", 1), ("info", 1), ("never", 0)])
def test_the_exit_status_follows_fail_on(at: str, code: int, tmp_path: Path) -> None:
    done = run("reconcile", BOOKS, "-o", "out.xlsx", "--rules", "B001,M005", "--fail-on", at, "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    assert (tmp_path / "out.xlsx").exists()


def test_only_the_rules_asked_for_are_run(tmp_path: Path) -> None:
    done = run("reconcile", BOOKS, "-o", "out.xlsx", "--rules", "B001,B002,B004,X003", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert {f["rule"] for f in report["findings"]} == {"B001", "B002", "X003"}
    assert {r["because"] for r in report["rules"] if r["status"] == "not_run"} == {"not asked for with --rules"}


def test_new_makes_a_folder_that_validates_clean(tmp_path: Path) -> None:
    made = run("new", "year", "--year", 2016, "--branch", "B/01", "--name", '第一"工会', "--lang", "zh", cwd=tmp_path)
    assert (made.returncode, made.stdout.split()) == (0, [str(Path("year/ledgerkit.toml")), str(Path("year/B_01-2016.xlsx"))])
    cover = load_workbook(tmp_path / "year" / "B_01-2016.xlsx").worksheets[0]
    assert [cell.value for cell in cover["B"] if cell.value] == ["B/01", '第一"工会', 2016]
    done = run("validate", "year", cwd=tmp_path)
    assert (done.returncode, "Nothing was found." in done.stdout) == (0, True)
    assert run("new", "year", "--year", 2016, "--branch", "B/01", cwd=tmp_path).returncode == 2


def test_the_default_output_is_named_by_branch_and_year(tmp_path: Path) -> None:
    run("reconcile", BOOKS, "--rules", "B001", "--quiet", cwd=tmp_path)
    both = run("reconcile", BOOKS, SAMPLES / "branch-2015-zh" / "books", "--rules", "B001", "--quiet", cwd=tmp_path)
    assert both.returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "OF001-2015-summary.evidence.json",
        "OF001-2015-summary.xlsx",
        "summary-2015.evidence.json",
        "summary-2015.xlsx",
    ]


def test_same_inputs_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "a.xlsx").write_bytes(next(BOOKS.iterdir()).read_bytes())
    places = [
        {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1"},
        {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
        {"TZ": "UTC", "PYTHONHASHSEED": "3", "PYTHONUTF8": "0"},
    ]
    digests = set()
    for at, place in enumerate(places):
        process("reconcile", "books", "-o", f"{at}.xlsx", "--lang", "zh", "--quiet", cwd=tmp_path, **place)
        digests.add(hashlib.sha256((tmp_path / f"{at}.xlsx").read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("encoding", ["gbk:strict", "cp1252:strict", "ascii:strict"])
def test_no_console_breaks_a_run(encoding: str, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "ledgerkit", "validate", str(FAULTS), "--lang", "zh"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom a read-only folder stops")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    refused(
        f"{Path('shut/out.xlsx')} cannot be written (Permission denied). Choose another place.",
        *("reconcile", BOOKS, "-o", "shut/out.xlsx"),
        cwd=tmp_path,
    )


def test_annotated_copies_are_counted_and_what_is_not_copied_is_said(tmp_path: Path) -> None:
    books = {path.name: path.read_bytes() for path in FAULTS.iterdir()}
    done = run("validate", FAULTS, "--annotate", "copies", "--lang", "zh", cwd=tmp_path)
    assert (done.returncode, "批注副本：6 个，在 copies 中" in done.stdout.splitlines()) == (1, True)
    assert done.stderr.splitlines() == [
        f"{name}：文件无法读取，未生成批注副本。怎样处理见该文件的疑点。"
        for name in ("会议纪要.xlsx", "传输中断.xlsx", "加密.xlsx", "空文件.xlsx", "网页另存.xlsx")
    ]
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == [
        "会费2-6月.xlsx",
        "会费2-6月（副本）.xlsx",
        "市档案馆机关工会-2014.xlsx",
        "市档案馆机关工会-2015.xlsx",
        "经费拨缴4-6月.xlsx",
        "通讯录.xlsx",
    ]
    assert {path.name: path.read_bytes() for path in FAULTS.iterdir()} == books
    again = run("validate", FAULTS, "--annotate", "copies", "--format", "json", cwd=tmp_path)
    assert (again.returncode, json.loads(again.stdout)["command"]) == (1, "validate")


def test_a_folder_for_copies_that_holds_the_inputs(tmp_path: Path) -> None:
    source = next(BOOKS.iterdir())
    (tmp_path / "books.xlsx").write_bytes(source.read_bytes())
    refused(
        "books.xlsx is one of the inputs; inputs are never changed. Give --annotate another folder.",
        *("validate", ".", "--annotate", "."),
        cwd=tmp_path,
    )
    assert (tmp_path / "books.xlsx").read_bytes() == source.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["books.xlsx"]
