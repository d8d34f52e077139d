"""Many branches to one federation: the same figures and findings as of the books at once, in whatever batches; nothing lost, nothing read twice."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import openpyxl
import pytest
from books import write

from ledgerkit import __version__, audit, cli
from ledgerkit.audit import Options
from ledgerkit.errors import BadInput
from ledgerkit.merge import local
from ledgerkit.merge.federation import Merging, merge
from ledgerkit.reading import engine, entries, survey
from ledgerkit.reading.headers import recognised
from ledgerkit.writing.json import as_object

COVER = """
| Branch code | {code} |
| Branch      | {name} |
| Year        | 2015   |
| Date        | {day}  |
"""
MEMBERS = """
| member_no | name | id_no | status | joined_on   | wage_base | phone |
| {code}-1  | 甲   | {first}  | active | 2001-01-01d | #2000     |       |
| {code}-2  | 乙   |       | active | 2001-01-01d | #3000     |       |
"""
DUES = """
| period  | member_no | name | paid    | paid_on     |
| 2015-01 | {code}-1  | 甲   | #10     | 2015-01-10d |
| 2015-01 | {code}-2  | 乙   | #{paid} | 2015-01-10d |
"""
BUDGET = """
| code | title    | direction | approved | booked  |
| 401  | Dues     | income    | #25      | #25     |
| 501  | Activity | expense   | #25      | #0      |
"""
REGISTER = """
| branch_code | name | parent_code | members | elected_on  | term_years |
| B1          | One  |             | #2      | 2014-01-01d | #5         |
| B2          | Two  |             | #2      | 2014-01-01d | #5         |
"""
ID, OTHER_ID = "11010119900307109X", "110101198501021234"
AS_OF = date(2015, 1, 31)


def branch(path: Path, code: str, paid: str = "15", day: str = "2015-12-31", first: str = ID) -> Path:
    """A branch workbook of two members and their dues of January."""
    sheets = {"Cover": COVER, "Members": MEMBERS, "Dues": DUES, "Budget": BUDGET}
    values = {"code": code, "name": f"Branch {code}", "paid": paid, "day": day, "first": first}
    return write(path, {name: table.format(**values) for name, table in sheets.items()})


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Three branches in folders: B2's dues are not what its budget has, and its first member is B1's too."""
    branch(tmp_path / "books" / "east" / "one.xlsx", "B1")
    branch(tmp_path / "books" / "east" / "two.xlsx", "B2", paid="14")
    branch(tmp_path / "books" / "west" / "three.xlsx", "B3", first=OTHER_ID)
    return tmp_path / "books"


def merged(folder: Path, place: Path | None = None, jobs: int = 1, **options: Any) -> dict[str, Any]:
    """The report of a merge as JSON has it."""
    asked = Options(as_of=AS_OF, **{name: value for name, value in options.items() if name not in ("register", "strict")})
    how = {name: value for name, value in options.items() if name in ("register", "strict")}
    with TemporaryDirectory() as own:
        return as_object(merge([folder], asked, Merging(place or Path(own), jobs=jobs, **how)).report, "en")


def in_words(report: Mapping[str, Any]) -> list[str]:
    return [f"{one['file']}!{one['cell']} {one['rule']} {one['expected']}" for one in report["findings"]]


def test_a_merge_finds_what_the_books_at_once_have(tree: Path) -> None:
    at_once = as_object(audit.reconcile([tree], Options(as_of=AS_OF)), "en")
    report = merged(tree)
    assert report["command"] == "merge"
    for part in ("inputs", "findings", "budget", "totals", "summary", "waivers", "floods"):
        assert report[part] == at_once[part], part
    assert [control for control in report["control"] if control["check"] != "branches"] == at_once["control"]
    assert "east/two.xlsx!D3 D001 15.00" in in_words(report)
    assert "east/two.xlsx!C2 M002 east/one.xlsx!Members!C2" in in_words(report)


@pytest.mark.parametrize("jobs", [1, 2])
def test_batches_and_processes_change_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    whole = merged(tree)
    monkeypatch.setattr(local, "BATCH", 1)
    assert len(local.batches([(at, head, code) for at, (head, code) in enumerate(heads(tree))])) > 1
    assert merged(tree, jobs=jobs) == whole


def heads(folder: Path) -> list[tuple[survey.Head, str]]:
    """The files of a folder without their cells, each with a branch of its own."""
    files = sorted(folder.rglob("*.xlsx"))
    return [(head(path), path.stem) for path in files]


def test_a_file_of_no_branch_is_rejected_and_listed(tree: Path) -> None:
    write(tree / "north" / "dues.xlsx", {"Dues": DUES.format(code="B9", paid="15")})
    report = merged(tree)
    assert "north/dues.xlsx!None F010 None" in in_words(report)
    assert [(one["file"], one["reason"]) for one in report["inputs"] if one["status"] == "rejected"] == [("north/dues.xlsx", "F010")]
    write(tree / "east" / "more.xlsx", {"Dues": DUES.format(code="B9", paid="15")})
    assert "east/more.xlsx!None F010 None" in in_words(merged(tree)), "two covers lie in its folder"
    write(tree / "west" / "more.xlsx", {"Dues": DUES.format(code="B9", paid="15")})
    assert [one["branch"] for one in merged(tree)["inputs"] if one["file"] == "west/more.xlsx"] == ["B3"]


def test_later_books_of_a_branch_take_the_place_of_earlier_ones(tree: Path) -> None:
    branch(tree / "west" / "three-again.xlsx", "B3", paid="15.5", day="2016-01-15", first=OTHER_ID)
    report = merged(tree)
    assert "west/three.xlsx!None F008 west/three-again.xlsx" in in_words(report)
    assert report["totals"]["dues"]["paid"] == "74.50"


@pytest.mark.parametrize(("stop", "code"), [("cut.xlsx", "F003"), ("no-branch.xlsx", "F010"), ("again.xlsx", "F008")])
def test_strict_stops_at_the_first_broken_file(tree: Path, stop: str, code: str) -> None:
    if code == "F003":
        (tree / stop).write_bytes((tree / "east" / "one.xlsx").read_bytes()[:900])
    elif code == "F010":
        write(tree / stop, {"Dues": DUES.format(code="B9", paid="15")})
    else:
        branch(tree / stop, "B3", paid="16", day="2015-02-01", first=OTHER_ID)
    with pytest.raises(BadInput) as refused:
        merged(tree, strict=True)
    assert str(refused.value) == (
        f"{stop} cannot be used ({code}), and with --strict the merge stops at the first such file. "
        "`ledgerkit validate` says why; without --strict it is listed and left out."
    )


SAMPLE = Path(__file__).parents[1] / "samples" / "federation-2015" / "books"


@pytest.fixture(scope="module")
def federation() -> Mapping[str, Any]:
    """The sample federation of three levels, merged."""
    with TemporaryDirectory() as own:
        return as_object(merge([SAMPLE], Options(), Merging(Path(own), jobs=1)).report, "en")


def test_each_branch_is_told_as_it_stands(federation: Mapping[str, Any]) -> None:
    schema = json.loads((Path(__file__).parents[1] / "docs" / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(federation, schema, format_checker=jsonschema.FormatChecker())
    states = {one["branch_code"]: one["state"] for one in federation["branches"]}
    received = dict.fromkeys(("ZG000", "ZG100", "ZG101", "ZG102", "ZG200", "ZG201"), "received")
    assert states == {**received, "ZG103": "missing", "ZG202": "superseded", "ZG301": "unknown"}
    assert federation["missing"] == ["ZG103"]
    found = {(one["rule"], one["branch"]): one for one in federation["findings"] if one["severity"] in ("error", "high", "medium")}
    assert {(rule, one["key"][0] if one["key"] else "") for (rule, _), one in found.items()} == {
        ("F008", ""),
        ("O006", "ZG103"),
        ("O007", "ZG301"),
        ("X007", "50602"),
    }


def test_grants_down_are_taken_out_of_both_sides(federation: Mapping[str, Any]) -> None:
    booked = {line["code"]: line["booked"] for line in federation["budget"]}
    alone = {line["code"]: line["booked"] for line in as_object(audit.reconcile([SAMPLE], Options()), "en")["budget"]}
    checks = {one["check"]: one for one in federation["control"]}
    # On both sides are 8,000 to the east, 5,500 of the 6,000 to the west, and 3,500 + 3,500 further down; 1,500 went to a union not on the register.
    assert (alone["506"], booked["506"], alone["403"], booked["403"]) == ("22500.00", "2000.00", "22000.00", "1500.00")
    assert (checks["elimination.506-403"]["left"], checks["elimination.506-403"]["right"]) == ("22500.00", "20500.00")
    assert checks["elimination.506-403"]["ok"] is False
    assert (checks["consolidated.506"]["right"], checks["consolidated.506"]["ok"]) == ("2000.00", True)
    assert checks["branches"] == {"check": "branches", "left": 8, "right": 7, "difference": 1, "ok": False}


def test_where_every_file_is_rejected_each_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in tree.rglob("*.xlsx"):
        path.write_bytes(path.read_bytes()[:700])
    monkeypatch.chdir(tree)
    assert cli.run(["merge", ".", "--lang", "en", "--format", "json"], "en") == 2
    said = capsys.readouterr()
    assert [(one["rule"], one["file"]) for one in json.loads(said.out)["findings"]] == [
        ("F003", "east/one.xlsx"),
        ("F003", "east/two.xlsx"),
        ("F003", "west/three.xlsx"),
    ]
    assert said.err == "No file could be read; each is named with its reason. Correct them and run again.\n"
    assert not list(Path().glob("*.xlsx"))


def test_a_register_that_is_none_is_refused(tree: Path) -> None:
    path = write(tree.parent / "list.xlsx", {"Dues": DUES.format(code="B1", paid="15")})
    with pytest.raises(BadInput, match=r"list\.xlsx holds no register of branches\. Give --register a workbook with the columns"):
        merged(tree, register=path)


def test_the_register_is_no_branchs_books(tree: Path) -> None:
    path = write(tree.parent / "list.xlsx", {"Register": REGISTER})
    report = merged(tree, register=path)
    assert report["totals"]["branches"] == {"count": 2, "elected": 0, "members": 4}
    assert [(one["file"], one["status"]) for one in report["inputs"] if one["branch"] == ""] == [("list.xlsx", "read")]
    assert not [finding for finding in report["findings"] if finding["branch"] == "" and finding["rule"] in ("G025", "F010")]


def head(path: Path) -> survey.Head:
    raw = engine.read_file(path, path.name)
    return survey.head_of(raw, recognised(raw))


class Counting:
    """How often the engine reads a file, in the reading process of this test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        own = survey.read_file

        def read(path: Path, *rest: Any) -> Any:
            self.read.append(path.name)
            return own(path, *rest)

        monkeypatch.setattr(survey, "read_file", read)
        monkeypatch.setattr("ledgerkit.reading.isolate.Worker.read", self._here)

    @staticmethod
    def _here(worker: Any, path: Path, shown: str) -> Any:
        return survey.survey(path, shown, (), worker._limits, Path(worker._kept))


def test_a_later_run_reads_only_what_changed(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(monkeypatch)
    place = tmp_path / "cache"
    place.mkdir()
    first = merged(tree, place)
    assert sorted(counting.read) == ["one.xlsx", "three.xlsx", "two.xlsx"]
    counting.read.clear()
    assert merged(tree, place) == first
    assert counting.read == []
    branch(tree / "east" / "two.xlsx", "B2", paid="15")
    assert merged(tree, place) == merged(tree)
    assert counting.read[0] == "two.xlsx"
    assert counting.read.count("one.xlsx") == 1, "read by the run without a cache alone"


@pytest.mark.parametrize("damage", [lambda data: data[:-7], lambda data: data[:40] + b"\0" + data[41:], lambda _: b""])
@pytest.mark.parametrize("kind", ["cells", "parts"])
def test_a_damaged_entry_is_made_anew(tree: Path, tmp_path: Path, kind: str, damage: Callable[[bytes], bytes]) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    first = merged(tree, place)
    listed = sorted((place / kind).iterdir())
    for path in listed:
        path.write_bytes(damage(path.read_bytes()))
    assert merged(tree, place) == first
    assert all(entries.load(path, 0) for path in listed), "whole again"


def test_what_no_run_has_used_for_a_month_leaves_the_cache(tree: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    merged(tree, place)
    kept = {path.name for kind in ("cells", "parts") for path in (place / kind).iterdir()}
    (tree / "west" / "three.xlsx").unlink()
    (place / "cells" / ".half").write_bytes(b"half")
    for days, left in ((29, True), (31, False)):
        old = time.time() - days * 86_400
        for path in (*(place / "cells").iterdir(), *(place / "parts").iterdir()):
            os.utime(path, (old, old))
        merged(tree, place)
        assert ((place / "cells" / ".half").exists(), kept <= {path.name for path in place.rglob("*")}) == (left, left)
    assert len(list((place / "cells").iterdir())) == 2
    assert len(list((place / "parts").iterdir())) == 1


def test_an_entry_gives_plain_data_alone(tmp_path: Path) -> None:
    import os
    import pickle

    class Hostile:
        def __reduce__(self) -> Any:
            return os.system, ("true",)

    with pytest.raises(pickle.UnpicklingError, match="system"):
        entries.Plain(__import__("io").BytesIO(pickle.dumps(Hostile()))).load()
    path = tmp_path / "entry"
    entries.store(path, ["甲", 1, None])
    assert entries.load(path, 0) == [["甲", 1, None]]
    assert entries.load(path, 0, 1) is None, "there is no second value"
    assert entries.load(tmp_path / "none", 0) is None


def test_another_policy_or_date_takes_nothing_from_the_cache(tree: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    merged(tree, place)
    policy = tmp_path / "own.toml"
    policy.write_text('[dues]\nrate = "1%"\n', encoding="utf-8")
    assert merged(tree, place, policy=policy) == merged(tree, policy=policy)


def test_one_command_from_folder_to_workbook(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["merge", "books", "--as-of", "2015-01-31", "--lang", "en", "--jobs", "1", "--cache", "cache"], "en") == 1
    said = capsys.readouterr()
    assert said.out.startswith("Merge: 3 file(s), 18 row(s) read, 18 used, 0 rejected\nBooks of 2015, as of 2015-01-31\n")
    assert "\nSummary workbook: federation-2015.xlsx\n" in said.out
    assert said.err == ""
    first = Path("federation-2015.xlsx").read_bytes()
    Path("federation-2015.xlsx").unlink()
    shutil.rmtree("cache")
    assert cli.run(["merge", "books", "--as-of", "2015-01-31", "--lang", "en", "--jobs", "2", "--quiet"], "en") == 1
    assert Path("federation-2015.xlsx").read_bytes() == first, "whatever the processes and the cache"


def test_a_run_killed_at_any_moment_goes_on_where_it_was(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["merge", "books", "--as-of", "2015-01-31", "--lang", "en", "--jobs", "2", "--quiet"]
    assert cli.run([*command, "-o", "whole.xlsx"], "en") == 1
    for pattern in ("cells/*.cells", "parts/*.part"):
        shutil.rmtree("cache", ignore_errors=True)
        process = subprocess.Popen([sys.executable, "-P", "-m", "ledgerkit", *command, "-o", "killed.xlsx", "--cache", "cache"])
        while process.poll() is None and not list(Path("cache").glob(pattern)):
            time.sleep(0.005)
        process.kill()
        process.wait()
        assert list(Path("cache").glob(pattern))
        assert cli.run([*command, "-o", "again.xlsx", "--cache", "cache"], "en") == 1
        assert Path("again.xlsx").read_bytes() == Path("whole.xlsx").read_bytes()


def steps(tree: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two counties' folders, one of them with a broken file, beside the same as their data folders."""
    (tree / "east" / "broken.xlsx").write_bytes(b"PK\x03\x04 cut short")
    for county in ("east", "west"):
        hand_on(tree / county, tmp_path / "city" / county)
    return tree, tmp_path / "city"


def hand_on(folder: Path, data: Path, *more: str) -> None:
    data.parent.mkdir(exist_ok=True)
    command = ["merge", str(folder), "--lang", "en", "-o", str(data.parent.parent / "lower.xlsx"), "--data", str(data), "--quiet"]
    assert cli.run([*command, "--as-of", AS_OF.isoformat(), *(more or ["--unmask"])], "en") == 1


def test_data_of_lower_federations_is_merged_as_their_workbooks_at_once(tree: Path, tmp_path: Path) -> None:
    books, city = steps(tree, tmp_path)
    at_once, by_steps = merged(books), merged(city)
    assert by_steps == at_once
    assert "east/broken.xlsx!None F003 None" in in_words(by_steps)
    hand_on(city, tmp_path / "province" / "books")
    higher = merged(tmp_path / "province")
    assert [one["id"] for one in higher["findings"]] == [one["id"] for one in at_once["findings"]]
    assert higher["totals"] == at_once["totals"]
    assert "books/east/two.xlsx!C2 M002 books/east/one.xlsx!Members!C2" in in_words(higher)


def test_a_place_in_a_book_handed_on_has_no_link(tree: Path, tmp_path: Path) -> None:
    _, city = steps(tree, tmp_path)
    branch(city / "own.xlsx", "B4")
    command = ["merge", str(city), "--lang", "en", "-o", str(tmp_path / "city.xlsx"), "--as-of", AS_OF.isoformat(), "--quiet"]
    assert cli.run(command, "en") == 1
    flags = openpyxl.load_workbook(tmp_path / "city.xlsx")["Flags"]
    cells = [cell for row in flags.iter_rows() for cell in row]
    links = {cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target}
    assert links == {"city\\own.xlsx"}
    handed = [cell.value for cell in cells if isinstance(cell.value, str) and cell.value.endswith(("east/one.xlsx", "east/two.xlsx"))]
    said = "of the places are in workbooks that a lower federation handed on as data. Ask it for the workbooks."
    assert handed
    assert any(isinstance(cell.value, str) and said in cell.value for cell in cells)


def test_a_book_that_is_here_and_handed_on_counts_once(tree: Path, tmp_path: Path) -> None:
    alone = merged(tree)
    hand_on(tree / "east", tree / "data")
    again = merged(tree)
    assert again["inputs"] == alone["inputs"]
    assert again["findings"] == alone["findings"]


def test_masked_data_is_no_books(tree: Path, tmp_path: Path) -> None:
    hand_on(tree / "east", tmp_path / "city" / "east", "--fail-on", "low")
    branch(tmp_path / "city" / "own.xlsx", "B4")
    assert [one["file"] for one in merged(tmp_path / "city")["inputs"]] == ["own.xlsx"]
    with pytest.raises(BadInput) as refused:
        merged(tmp_path / "city" / "east")
    said = "{path} is masked, and nothing can be merged from it. Have it written again with --unmask, or give the workbooks."
    assert str(refused.value) == said.format(path=tmp_path / "city" / "east")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"ledgerkit": "0.0.1"},
            "{path} was written by ledgerkit 0.0.1, and this is {own}: what the one read the other may not understand. Have it written again with the same version.",
        ),
        (
            {"books": ["../secret.xlsx"]},
            "{path} is no data of ledgerkit any more: it is damaged, or was written by another program. Ask for it again.",
        ),
        ({"books": 7}, "{path} is no data of ledgerkit any more: it is damaged, or was written by another program. Ask for it again."),
    ],
)
def test_data_of_another_make_is_refused(tree: Path, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    hand_on(tree / "east", tmp_path / "city" / "east")
    manifest = tmp_path / "city" / "east" / "ledgerkit-data.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(BadInput) as refused:
        merged(tmp_path / "city")
    assert str(refused.value) == said.format(path=manifest, own=__version__)


def test_data_of_a_lower_federation_is_not_written_over(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, city = steps(tree, tmp_path)
    branch(city / "own.xlsx", "B4")
    command = ["merge", str(city), "--lang", "en", "-o", str(tmp_path / "c.xlsx"), "--quiet", "--unmask", "--data"]
    before = {path: path.read_bytes() for path in (city / "east").rglob("*") if path.is_file()}
    assert cli.run([*command, str(city / "east")], "en") == 2
    assert capsys.readouterr().err == f"{city / 'east'} holds the data of other books, which would be lost. Give --data another folder.\n"
    assert {path: path.read_bytes() for path in (city / "east").rglob("*") if path.is_file()} == before
    for _ in range(2):  # its own data it replaces
        assert cli.run([*command, str(city / "all")], "en") == 1
    assert json.loads((city / "all" / "ledgerkit-data.json").read_text("utf-8"))["rows"]["members"] == 8


def test_a_damaged_book_of_the_data_is_rejected_by_itself(tree: Path, tmp_path: Path) -> None:
    hand_on(tree / "east", tmp_path / "city" / "east")
    (tmp_path / "city" / "east" / "books" / "000001.cells").write_bytes(b"x" * 100)
    report = merged(tmp_path / "city")
    assert "east/two.xlsx!None F003 None" in in_words(report)
    assert report["totals"]["dues"]["paid"] == "25.00"


@pytest.mark.skipif(os.name != "posix", reason="a limit on the size of files is set so on POSIX alone")
@pytest.mark.parametrize(("limit", "kept"), [(1_000, []), (8_000, ["cells"])], ids=["cells", "parts"])
def test_a_full_disk_under_the_cache_is_no_fault_of_the_books(tree: Path, tmp_path: Path, limit: int, kept: list[str]) -> None:
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\nfrom ledgerkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "merge", str(tree), "-o", "out.xlsx", "--cache", "kept", "--jobs", "1", "--lang", "en"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    said = (
        "The folder kept, where what is read is put by, takes nothing (File too large). "
        "Make room there, or give another folder with --cache, and run again.\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert [name for name in ("cells", "parts") if any((tmp_path / "kept" / name).glob("*"))] == kept
    assert not (tmp_path / "out.xlsx").exists()
