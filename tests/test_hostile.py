"""Every file made to break a reader gets its verdict and no other, and does no harm to the files beside it."""

import os
import socket
import sys
from pathlib import Path

import pytest
from hostile import BROKEN, DECLARED, FAR, FILES, SHEET, TOO_MUCH, Hostile, base, cell, cells, changed, packed, unpacked

from ledgerkit.audit import validate
from ledgerkit.model.finding import Finding
from ledgerkit.reading.engine import read_bytes, read_file
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.limits import LIMITS, Limits
from ledgerkit.reading.paths import inputs
from ledgerkit.reading.raw import RawFile

ORDINARY = [file for file in FILES if file.limits == LIMITS]


def verdict(raw: RawFile) -> tuple[str, str]:
    return raw.problem, raw.case


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawFile]:
    """All of them in one folder, read by the same workers, with an honest one between every two."""
    folder = tmp_path_factory.mktemp("hostile")
    files = []
    for number, file in enumerate(ORDINARY):
        for name, data in ((f"{number}{file.suffix}", file.data()), (f"{number} honest.xlsx", base())):
            (folder / name).write_bytes(data)
            files.append((folder / name, name))
    with Readers(files) as readers:
        return {raw.path: raw for raw in readers.files()}


@pytest.mark.parametrize("file", ORDINARY, ids=lambda file: file.name)
def test_the_verdict(file: Hostile, together: dict[str, RawFile]) -> None:
    assert verdict(together[f"{ORDINARY.index(file)}{file.suffix}"]) == (file.code, file.case)


@pytest.mark.parametrize("file", [file for file in FILES if file.limits != LIMITS], ids=lambda file: file.name)
def test_the_verdict_under_smaller_limits(file: Hostile, tmp_path: Path) -> None:
    path = tmp_path / f"a{file.suffix}"
    path.write_bytes(file.data())
    assert verdict(read_file(path, path.name, limits=file.limits)) == (file.code, file.case)


def test_the_files_between_are_read_as_if_they_were_alone(together: dict[str, RawFile]) -> None:
    alone = read_bytes(base(), "honest.xlsx")
    assert alone.problem == ""
    honest = [raw for name, raw in together.items() if "honest" in name]
    assert len(honest) == len(ORDINARY) > 50
    assert all((raw.sheets, raw.sha256, raw.problem) == (alone.sheets, alone.sha256, "") for raw in honest)


def test_the_kinds_are_all_there() -> None:
    assert {(file.code, file.case) for file in FILES} == {
        *(("F004", case) for case in ("cells", "file", "parts", "ratio", "size", "strings", "text")),
        *(("F003", case) for case in ("", "beyond", "doctype", "twice")),
        ("", ""),
    }
    assert len({file.name for file in FILES}) == len(FILES) == len(TOO_MUCH) + len(FAR) + len(DECLARED) + len(BROKEN)


def test_the_box_counts_rows_and_columns_to_the_cell() -> None:
    """CA1000 is the corner of 79,000 cells."""
    for limit, problem, observed in ((79_000, "", ""), (78_999, "F004", "CA1000")):
        raw = read_bytes(cells(cell("A1") + cell("CA1") + cell("B1000"))(), "a.xlsx", limits=Limits(cells=limit))
        assert (raw.problem, raw.observed) == (problem, observed)


def test_a_text_at_its_limit_is_read_and_one_byte_more_is_not() -> None:
    for length, problem in ((1000, ""), (1001, "F004")):
        data = cells(cell("A1", f"<is><t>{'x' * length}</t></is>", ' t="inlineStr"'))()
        raw = read_bytes(data, "a.xlsx", limits=Limits(text=1000))
        assert (raw.problem, raw.observed) == (problem, "1,001" if problem else "")


def test_bytes_at_their_limit_are_read_and_one_more_are_not() -> None:
    parts = unpacked(base())
    largest, whole = max(map(len, parts.values())), sum(map(len, parts.values()))
    for limits, problem in (
        (Limits(part=largest, package=whole, parts=len(parts)), ""),
        (Limits(part=largest - 1), "F004"),
        (Limits(package=whole - 1), "F004"),
        (Limits(parts=len(parts) - 1), "F004"),
    ):
        assert read_bytes(base(), "a.xlsx", limits=limits).problem == problem


def test_a_part_may_unfold_so_far_and_no_further() -> None:
    """Small parts unfold as far as they like: a few kilobytes fill no computer."""
    data = changed(SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 100_000))()
    assert read_bytes(data, "a.xlsx", limits=Limits(ratio=10)).problem == ""
    assert verdict(read_bytes(data, "a.xlsx", limits=Limits(ratio=10, spared=50_000))) == ("F004", "ratio")


def test_nothing_lies_outside_the_folder_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "it"
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(packed(unpacked(base()), ("../../outside", b"x"), ("/tmp/ledgerkit-outside", b"x")))
    validate([folder])
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.xlsx", "in", "it"]
    assert not Path("/tmp/ledgerkit-outside").exists()


def found(report_of: Path) -> list[tuple[str, str | None, str | None]]:
    findings: list[Finding] = validate([report_of]).findings
    return [(finding.rule, finding.file, finding.observed) for finding in findings if finding.rule.startswith("F")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links, and has no pipes among its files")
def test_links_pipes_and_sockets_are_told_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, outside = tmp_path / "books", tmp_path / "outside"
    (folder / "loop.xlsx").mkdir(parents=True)
    outside.mkdir()
    for path in (folder / "good.xlsx", outside / "secret.xlsx"):
        path.write_bytes(base())
    (folder / "file.xlsx").symlink_to(outside / "secret.xlsx")
    (folder / "good2.xlsx").symlink_to(folder / "good.xlsx")
    (folder / "nowhere.xlsx").symlink_to(folder / "gone.xlsx")
    (folder / "folder").symlink_to(outside)
    (folder / "loop.xlsx" / "again").symlink_to(folder)
    (folder / "zero.xlsx").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.xlsx")
    monkeypatch.chdir(folder)  # a socket's name may be a hundred characters long
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.xlsx")
        links = ("file.xlsx", "folder", "good2.xlsx", "loop.xlsx/again", "nowhere.xlsx", "zero.xlsx")
        assert sorted(found(folder)) == sorted(
            [*(("F001", name, "link") for name in links), *(("F001", name, "device") for name in ("pipe.xlsx", "socket.xlsx"))]
        )
    assert found(folder / "file.xlsx") == [("F001", "file.xlsx", "link")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_a_folder_that_is_named_may_be_a_link(tmp_path: Path) -> None:
    """Whoever types the name of a link means what it leads to."""
    (tmp_path / "2015").mkdir()
    (tmp_path / "2015" / "good.xlsx").write_bytes(base())
    (tmp_path / "this year").symlink_to(tmp_path / "2015")
    assert found(tmp_path / "this year") == []


@pytest.mark.skipif(sys.platform == "darwin", reason="this file system knows one name where others know two")
def test_two_names_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    """é as one character and as e with an accent: both are read, and a finding says which."""
    for name in ("caf\u00e9.xlsx", "cafe\u0301.xlsx", "A.xlsx", "a.xlsx"):
        (tmp_path / name).write_bytes(base())
    assert [item.shown for item in inputs([tmp_path])] == ["A.xlsx", "a.xlsx", "caf\u00e9.xlsx", "caf\\xe9.xlsx"]
