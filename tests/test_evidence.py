"""The evidence file beside a summary: a link a run, chained; it tells where a file changed and gives nothing personal away."""

import json
import re
from pathlib import Path
from typing import Any

import odd_cases
import pytest
from books import write
from odd import book, sheet
from openpyxl import load_workbook

from ledgerkit import audit
from ledgerkit.audit import Options
from ledgerkit.reading.book import Source
from ledgerkit.review import evidence
from ledgerkit.review.evidence import changed, digests, read

# Those that find something in these books: what is chained is the same with the others.
RULES = ("--rules", "D006,G001,G025")


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    return odd_cases.run(list(arguments), folder, "en")


def summarise(folder: Path, *more: str) -> list[dict[str, Any]]:
    """Runs reconcile and gives the links of the evidence."""
    assert run(folder, "reconcile", "books", "-o", "s.xlsx", "--fail-on", "never", *more)[0] == 0
    links: list[dict[str, Any]] = json.loads((folder / "s.evidence.json").read_text("utf-8"))["links"]
    return links


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir()
    book(sheet("dues"), sheet("members"))(tmp_path / "books", "B01")
    return tmp_path


def spoil(folder: Path, place: str, value: object) -> None:
    path = folder / "books" / "B01.xlsx"
    opened = load_workbook(path)
    opened["表1"][place] = value
    opened.save(path)


def test_a_run_is_a_link_and_the_same_run_none(case: Path) -> None:
    (link,) = summarise(case)
    assert list(link) == ["ledgerkit", "command", "year", "as_of", "options", "policy", "inputs", "findings", "summary", "previous", "made"]
    assert (link["command"], link["year"], link["as_of"], link["options"], link["previous"]) == ("reconcile", 2015, "2015-12-31", {}, None)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", link["made"])
    assert [(file["file"], [one["sheet"] for one in file["sheets"]]) for file in link["inputs"]] == [("B01.xlsx", ["封面", "表1", "表2"])]
    assert len(link["summary"]["sheets"]) == 9
    whole = (case / "s.evidence.json").read_bytes()
    assert summarise(case) == [link]
    assert (case / "s.evidence.json").read_bytes() == whole


def test_every_link_holds_the_digest_of_the_file_before_it(case: Path) -> None:
    first = summarise(case, *RULES)
    spoil(case, "D2", 16)
    second = summarise(case, *RULES)
    third = summarise(case, "--rules", "D")
    assert (len(second), len(third)) == (2, 3)
    assert [link["previous"] for link in third] == [None, *digests(third[:2])]
    assert next(digests(first)) == third[1]["previous"]
    assert read(case / "s.evidence.json").broken is None
    # A file is told once: its digests stand where it was read first.
    assert ["sheets" in file for link in third for file in link["inputs"]] == [True, True, False]
    assert run(case, "verify", "s.xlsx")[0] == 0


def test_a_link_that_was_changed_or_taken_out_is_told(case: Path) -> None:
    summarise(case, *RULES)
    spoil(case, "D2", 16)
    links = summarise(case, *RULES)
    links[0]["as_of"] = "2015-06-30"
    (case / "s.evidence.json").write_bytes(evidence.text(links))
    code, out, _ = run(case, "verify", "s.xlsx")
    assert code == 1
    assert (
        "Evidence file:\n  s.evidence.json: link 2 does not follow from the one before it: an earlier link was changed or taken out.\n"
        in out
    )
    (case / "s.evidence.json").write_bytes(evidence.text(links[1:]))
    assert "s.evidence.json: link 1 does not follow" in run(case, "verify", "s.xlsx")[1]


@pytest.mark.parametrize("text", ["", "[]", '{"links": [{}]}', '{"links": [1]}', '{"links": 3}', "\udcff"])
def test_what_is_no_evidence_is_refused_before_anything_is_written(text: str, case: Path) -> None:
    (case / "s.evidence.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    code, out, error = run(case, "reconcile", "books", "-o", "s.xlsx")
    assert (code, out, error) == (
        2,
        "",
        "s.evidence.json is no evidence file any more: it is damaged, or was written by another program. "
        "Move it away and run again; a new one is begun.\n",
    )
    assert not (case / "s.xlsx").exists()


def test_a_damaged_evidence_file_does_not_keep_from_verifying(case: Path) -> None:
    summarise(case, *RULES)
    (case / "s.evidence.json").write_text("{", "utf-8")
    code, out, _ = run(case, "verify", "s.xlsx")
    assert code == 1
    assert "s.evidence.json is damaged, or was written by another program; nothing in it was used.\n" in out


def source(path: Path) -> Source:
    (only,) = audit.read([path], Options(year=2015)).book.sources
    return only


ROWS = [["会员编号", "姓名", "人员状态", "证件号码"], *([f"M{number:03}", f"会员{number}", "在职", ""] for number in range(1, 9))]


def differ(tmp_path: Path, rows: list[list[str]], was: list[list[str]] | None = None) -> list[tuple[str, str]]:
    """Where two rosters differ, as the evidence tells it."""
    before = source(write(tmp_path / "a.xlsx", {"名册": was or ROWS}))
    return changed(evidence._input(before)["sheets"], source(write(tmp_path / "b.xlsx", {"名册": rows})))


def test_changed_cells_are_told_where_they_can_be(tmp_path: Path) -> None:
    def with_cells(**cells: str) -> list[list[str]]:
        rows = [row[:] for row in ROWS]
        for place, text in cells.items():
            rows[int(place[1:]) - 1]["ABCD".index(place[0])] = text
        return rows

    assert differ(tmp_path, ROWS) == []
    assert differ(tmp_path, with_cells(B5="王")) == [("名册", "B5")]
    assert differ(tmp_path, with_cells(B5="王", C5="离退休")) == [("名册", "B5"), ("名册", "C5")]
    assert differ(tmp_path, with_cells(B5="王", B7="李")) == [("名册", "B5"), ("名册", "B7")]
    assert differ(tmp_path, with_cells(B5="王", C7="离退休")) == [(("名册"), told) for told in ("5:5", "7:7", "B:B", "C:C")]


def test_rows_put_in_and_taken_out_are_told_as_rows(tmp_path: Path) -> None:
    extra = [["M900", "新会员", "在职", ""]]
    assert differ(tmp_path, [*ROWS[:4], *extra, *ROWS[4:]]) == [("名册", "5:5")]
    assert differ(tmp_path, [*ROWS[:4], *ROWS[6:]]) == [("名册", "-5:6")]
    assert differ(tmp_path, [*ROWS, *extra]) == [("名册", "10:10")]


def test_sheets_put_in_and_taken_out(tmp_path: Path) -> None:
    before = source(write(tmp_path / "a.xlsx", {"名册": ROWS, "甲": [["x"]]}))
    after = source(write(tmp_path / "b.xlsx", {"名册": ROWS, "乙": [["x"]]}))
    assert changed(evidence._input(before)["sheets"], after) == [("甲", ""), ("乙", "")]


def test_nothing_personal_can_be_guessed_from_the_digests(tmp_path: Path) -> None:
    """Two IDs that are shown alike have the same digests: who knows all but the hidden digits learns nothing of them."""
    one = [*ROWS[:1], ["M001", "王小明", "在职", "110101199003071313"]]
    other = [*ROWS[:1], ["M001", "王小明", "在职", "110101199103071313"]]
    assert differ(tmp_path, one, other) == []
    assert "1101" not in json.dumps(evidence._input(source(tmp_path / "a.xlsx")), ensure_ascii=False)


def test_a_summary_of_many_cells_has_no_digests_of_its_sheets(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_CELLS", 100)
    (link,) = summarise(case, *RULES)
    assert link["summary"]["sheets"] is None
    spoil(case, "D2", 16)
    code, out, _ = run(case, "verify", "s.xlsx")
    assert code == 1
    assert "whether this follows from the above or was changed by hand cannot be told" in out
