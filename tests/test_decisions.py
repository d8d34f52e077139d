"""Decisions that auditors wrote into a summary, carried over to the next one whatever became of the workbook in between."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import audit, cli
from ledgerkit.audit import Options
from ledgerkit.errors import BadInput
from ledgerkit.locale import Lang
from ledgerkit.model.report import Report
from ledgerkit.reading.summary import future
from ledgerkit.writing.masking import masked
from ledgerkit.writing.workbook import write_summary

BOOKS = Path(__file__).parents[1] / "samples" / "branch-2015-en" / "books"
# Those that find something in these books, and the one about decisions.
RULES = ("B001", "B002", "X003", "M004", "M005", "M007", "K001")
ASKED = ("--rules", ",".join(RULES), "--fail-on", "never")
EARLIER = {"decision": "accepted", "reviewer": "Li", "reviewed_on": "2016-03-01", "note": "Evidence 1"}
LABELS = {"decision": "Decision", "reviewer": "Reviewer", "reviewed_on": "Reviewed on", "note": "Note", "id": "Finding id"}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    shutil.copytree(BOOKS, tmp_path / "books")
    return tmp_path / "books"


@cache
def first_run(lang: Lang) -> tuple[Report, bytes]:
    """A run on the books as they are, which many tests begin with, and the bytes of its summary."""
    with TemporaryDirectory() as folder:
        shutil.copytree(BOOKS, Path(folder, "books"))
        report = masked(audit.reconcile([Path(folder, "books")], Options(rules=RULES)))
        write_summary(report, Path(folder, "first.xlsx"), [Path(folder, "books")], lang)
        return report, Path(folder, "first.xlsx").read_bytes()


def first_summary(books: Path, lang: Lang = "en") -> tuple[Report, Path]:
    """The first run, its summary beside the books."""
    report, data = first_run(lang)
    path = books.parent / "first.xlsx"
    path.write_bytes(data)
    return report, path


def summary(books: Path, name: str, *previous: Path, lang: Lang = "en", **options: object) -> tuple[Report, Path]:
    """A run on the books, and the summary that it wrote beside them."""
    report = masked(audit.reconcile([books], Options(previous=previous, **{"rules": RULES, **options})))  # type: ignore[arg-type]
    path = books.parent / name
    write_summary(report, path, [books], lang)
    return report, path


def flags(book: Workbook) -> Worksheet:
    return book["Flags"] if "Flags" in book.sheetnames else book["审计疑点"]


def decided(
    path: Path, row: int, saved: str = "decided.xlsx", change: Callable[[Worksheet], None] | None = None, **columns: object
) -> Path:
    """A copy of a summary with a decision typed into a row of Flags; `change` is done to the sheet then."""
    book = load_workbook(path)
    sheet = flags(book)
    at = {cell.value: cell.column for cell in sheet[3]}
    for key, value in (columns or EARLIER).items():
        sheet.cell(row, at[LABELS[key]], value)
    if change:
        change(sheet)
    book.save(path.parent / saved)
    return path.parent / saved


def rows(path: Path) -> list[dict[str, object]]:
    """Every row below a header of Flags that has an id, by the headings of that header."""
    found, heads = [], None
    for row in flags(load_workbook(path)).iter_rows(values_only=True):
        if "Finding id" in row or "疑点编号" in row:
            heads = row
        elif heads and row[-1]:
            found.append(dict(zip(heads, row, strict=True)))
    return found


def carried(path: Path) -> list[tuple[object, ...]]:
    """State, what changed, and the auditor's columns of the rows in which anything of them is written."""
    keys = ("State", "Changed since the decision", "Decision", "Reviewer", "Reviewed on", "Note")
    said = [tuple(row.get(key) for key in keys) for row in rows(path)]
    return [tuple(value.date().isoformat() if hasattr(value, "date") else value for value in one) for one in said if any(one[1:])]


def sorted_up(sheet: Worksheet) -> None:
    """The rows of the findings the other way round."""
    last = next(row for row in range(4, sheet.max_row + 2) if sheet.cell(row, 1).value is None) - 1
    values = [[cell.value for cell in row] for row in sheet.iter_rows(4, last)]
    for at, row in enumerate(reversed(values), 4):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value


def column_added(sheet: Worksheet) -> None:
    sheet.insert_cols(3, 2)
    sheet.cell(3, 3, "My own remarks")


def rows_inserted(sheet: Worksheet) -> None:
    sheet.insert_rows(5)
    sheet.insert_rows(2)


def row_copied(sheet: Worksheet) -> None:
    for column, cell in enumerate([cell.value for cell in sheet[4]], 1):
        sheet.cell(sheet.max_row + 1 if column == 1 else sheet.max_row, column, cell)


def headings_narrowed(sheet: Worksheet) -> None:
    """As a program writes them that wraps headings."""
    for cell in sheet[3]:
        cell.value = str(cell.value).replace(" ", "\n").upper()


CHANGES = {one.__name__: one for one in (sorted_up, column_added, rows_inserted, row_copied, headings_narrowed)}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_decision_is_found_by_the_id_of_its_finding(books: Path, change: Callable[[Worksheet], None]) -> None:
    _, first = first_summary(books)
    report, second = summary(books, "second.xlsx", decided(first, 4, change=change))
    assert carried(second) == [("persisting", None, "accepted", "Li", "2016-03-01", "Evidence 1")]
    assert {finding.state for finding in report.findings} == {"persisting"}
    assert report.gone == []


def test_what_is_found_for_the_first_time_is_new(books: Path) -> None:
    report, path = first_summary(books)
    assert {finding.state for finding in report.findings} == {"new"}
    assert carried(path) == []


def test_decisions_cross_languages_renamed_files_and_moved_rows(books: Path) -> None:
    _, first = first_summary(books, "zh")
    book = load_workbook(first)
    at = {cell.value: cell.column for cell in flags(book)[3]}
    for key, value in {"处理": "属实", "审核人": "李审", "审核日期": date(2016, 3, 1), "意见": "取证 2016-01"}.items():
        flags(book).cell(4, at[key], value)
    book.save(first)
    (source,) = books.iterdir()
    source.rename(books / "renamed.xlsx")
    report, second = summary(books, "second.xlsx", first)
    assert carried(second) == [("persisting", None, "accepted", "李审", "2016-03-01", "取证 2016-01")]
    assert report.gone == []


def corrected(books: Path, cell: str, sheet: str, value: object) -> None:
    """One cell of the books changed, as a branch corrects it."""
    (path,) = books.iterdir()
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def row_of(path: Path, rule: str) -> int:
    """The row of Flags with the first finding of a rule."""
    return next(cell.row for cell in flags(load_workbook(path))["C"] if cell.value == rule)


def test_a_corrected_cell_resolves_its_finding_and_its_decision_is_kept(books: Path) -> None:
    report, first = first_summary(books)
    one = next(finding for finding in report.findings if finding.rule == "A001" or finding.cell)
    assert one.sheet and one.cell
    held = decided(first, row_of(first, one.rule))
    (path,) = books.iterdir()
    book = load_workbook(path)
    for row in book[one.sheet].iter_rows(min_row=one.row, max_row=one.row):
        for cell in row:
            cell.value = None
    book.save(path)
    report, second = summary(books, "second.xlsx", held)
    assert one.id in {kept.filed.id for kept in report.gone}
    assert ("resolved", None, "accepted", "Li", "2016-03-01", "Evidence 1") in carried(second)
    # It comes back: reopened, to be decided anew, and what was decided is said.
    shutil.rmtree(books)
    shutil.copytree(BOOKS, books)
    report, third = summary(books, "third.xlsx", second)
    assert next(finding.state for finding in report.findings if finding.id == one.id) == "reopened"
    assert carried(third) == [("reopened", "Found again after: accepted (Li, 2016-03-01): Evidence 1", None, None, None, None)]


def test_fixed_that_is_found_again_is_reopened(books: Path) -> None:
    _, first = first_summary(books)
    report, second = summary(books, "second.xlsx", decided(first, 4, **{**EARLIER, "decision": "fixed"}))
    assert [finding.state for finding in report.findings].count("reopened") == 1
    assert carried(second) == [("reopened", "Found again after: fixed (Li, 2016-03-01): Evidence 1", None, None, None, None)]
    # What was decided before stays said until it is decided anew.
    _, third = summary(books, "third.xlsx", second)
    assert carried(third) == [("persisting", "Found again after: fixed (Li, 2016-03-01): Evidence 1", None, None, None, None)]


def test_a_decision_whose_amount_changed_is_carried_and_marked_until_it_is_decided_anew(books: Path) -> None:
    report, first = first_summary(books)
    row, one = next((at, finding) for at, finding in enumerate(report.unwaived, 4) if finding.rule == "X003")
    held = decided(first, row)
    book = load_workbook(held)
    at = {cell.value: cell.column for cell in flags(book)[3]}
    flags(book).cell(row, at["Amount at stake"], 12.34)
    book.save(held)
    _, second = summary(books, "second.xlsx", held)
    mark = "Changed since the decision of 2016-03-01: Amount at stake was 12.34"
    assert carried(second) == [("persisting", mark, "accepted", "Li", "2016-03-01", "Evidence 1")]
    _, third = summary(books, "third.xlsx", second)
    assert carried(third) == [("persisting", mark, "accepted", "Li", "2016-03-01", "Evidence 1")]
    again = decided(third, row_of(third, one.rule), reviewed_on=date(2016, 4, 1))
    _, fourth = summary(books, "fourth.xlsx", again)
    assert carried(fourth) == [("persisting", None, "accepted", "Li", "2016-04-01", "Evidence 1")]


def test_two_decisions_on_one_finding_are_a_finding_and_neither_is_carried(books: Path) -> None:
    _, first = first_summary(books)

    def copied(sheet: Worksheet) -> None:
        row_copied(sheet)
        at = {cell.value: cell.column for cell in sheet[3]}
        sheet.cell(sheet.max_row, at["Decision"], "explained")

    held = decided(first, 4, change=copied)
    report, second = summary(books, "second.xlsx", held)
    (one,) = [finding for finding in report.findings if finding.rule == "K001"]
    name = flags(load_workbook(held)).cell(4, 20).value
    assert (one.file, one.sheet, one.cell, one.key, one.observed, one.expected, one.state) == (
        "../decided.xlsx",
        "Flags",
        f"P{flags(load_workbook(held)).max_row}",
        (name,),
        "explained",
        "accepted",
        "new",
    )
    note = "accepted (Li, 2016-03-01): Evidence 1; explained (Li, 2016-03-01): Evidence 1"
    assert carried(second) == [("persisting", None, "open", None, None, note)]


@pytest.mark.parametrize(("second", "expected"), [("accepted", 0), ("open", 0), ("mistaken", 1)])
def test_two_copies_of_one_summary_that_two_auditors_worked_on(books: Path, second: str, expected: int) -> None:
    _, first = first_summary(books)
    mine = decided(first, 4, "mine.xlsx", **EARLIER)
    theirs = decided(first, 4, "theirs.xlsx", **{**EARLIER, "decision": second, "note": "Evidence 2"})
    report, merged = summary(books, "merged.xlsx", mine, theirs)
    assert [finding.rule for finding in report.findings].count("K001") == expected
    notes = {"accepted": "Evidence 1 / Evidence 2", "open": "Evidence 1"}
    if not expected:
        assert carried(merged) == [("persisting", None, "accepted", "Li", "2016-03-01", notes[second])]


def test_a_summary_that_another_has_carried_over_already_is_no_second_opinion(books: Path) -> None:
    _, first = first_summary(books)
    held = decided(first, 4, "held.xlsx")
    _, second = summary(books, "second.xlsx", held)
    later = decided(second, 4, "later.xlsx", decision="mistaken")
    report, third = summary(books, "third.xlsx", held, later)
    assert "K001" not in {finding.rule for finding in report.findings}
    assert carried(third) == [("persisting", None, "mistaken", "Li", "2016-03-01", "Evidence 1")]


def test_a_decision_on_no_finding_is_kept_and_said(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = first_summary(books)
    held = decided(first, 4, **EARLIER, id="lost")
    _, second = summary(books, "second.xlsx", held)
    texts = [row[0] for row in flags(load_workbook(second)).iter_rows(values_only=True)]
    assert "Decisions of earlier summaries that stand on no finding: 1" in texts
    assert (None, None, "accepted", "Li", "2016-03-01", "Evidence 1") in carried(second)
    _, third = summary(books, "third.xlsx", second)
    assert (None, None, "accepted", "Li", "2016-03-01", "Evidence 1") in carried(third)
    arguments = ["reconcile", str(books), *ASKED, "--lang", "en", "--quiet", "-o", str(books.parent / "o.xlsx")]
    assert cli.run([*arguments, "--previous", str(held)], "en") == 0
    assert capsys.readouterr().err == (
        "../decided.xlsx > Flags!P4: a decision stands on a row without a finding's id and is kept in a list of its own."
        " Copy the id of its finding into the row.\n"
    )


def test_an_odd_decision_is_said_at_its_cell_and_kept_as_it_was_typed(books: Path) -> None:
    _, first = first_summary(books)
    held = decided(first, 4, decision="perhaps", reviewer="Li", reviewed_on="yesterday", note="x")
    report, second = summary(books, "second.xlsx", held)
    assert [remark.render() for remark in report.previous[0].remarks] == [
        "../decided.xlsx > Flags!P4: “perhaps” is no decision. Choose one of open, accepted, explained, fixed, mistaken; until then the finding counts as open.",
        "../decided.xlsx > Flags!R4: “yesterday” is not a day. Write it as 2016-03-01.",
    ]
    assert carried(second) == [("persisting", None, "perhaps", "Li", "yesterday", "x")]


def test_a_day_that_is_still_to_come_is_said(books: Path) -> None:
    _, first = first_summary(books)
    report, _ = summary(books, "second.xlsx", decided(first, 4, **{**EARLIER, "reviewed_on": date(2016, 3, 2)}))
    (one,) = report.previous
    assert [remark.render() for remark in future(one, date(2016, 3, 1))] == [
        "../decided.xlsx > Flags!R4: the decision is of 2016-03-02, a day that is still to come. Correct the day."
    ]
    assert future(one, date(2016, 3, 2)) == []


def test_what_was_not_looked_for_is_not_said_to_be_resolved(books: Path) -> None:
    report, first = first_summary(books)
    rule = report.findings[0].rule
    report, second = summary(books, "second.xlsx", decided(first, 4), rules=("R",))
    assert {one.filed.state for one in report.gone} == {"unchecked"}
    assert rule in {one.filed.texts["rule"] for one in report.gone}
    assert ("not checked this time", None, "accepted", "Li", "2016-03-01", "Evidence 1") in carried(second)
    # The next whole run finds them again; they had only been out of sight.
    _, third = summary(books, "third.xlsx", second)
    assert carried(third) == [("persisting", None, "accepted", "Li", "2016-03-01", "Evidence 1")]


def test_json_has_states_decisions_and_what_is_gone(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = first_summary(books)
    held = decided(first, 4, **{**EARLIER, "note": "call 13800138000"})
    arguments = ["reconcile", str(books), *ASKED, "--lang", "en", "--format", "json", "-o", str(books.parent / "o.xlsx")]
    assert cli.run([*arguments, "--previous", str(held)], "en") == 0
    said = json.loads(capsys.readouterr().out)
    one = {"decision": "accepted", "reviewer": "Li", "reviewed_on": "2016-03-01", "note": "call 138****8000", "since": None}
    assert [finding["decision"] for finding in said["findings"] if finding["decision"]["decision"]] == [one]
    assert [(given["file"], given["year"], given["gives"]) for given in said["previous"]] == [("../decided.xlsx", 2015, "decisions")]
    assert said["gone"] == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "{path} does not exist. Check the name of the earlier summary."),
        (
            lambda path: path.write_bytes(b"PK"),
            "{shown} cannot be read as a workbook (F001). Give the summary as ledgerkit wrote it, or as Excel or WPS saved it.",
        ),
        (
            lambda path: Workbook().save(path),
            "{shown} is no summary that ledgerkit wrote. Give the workbook that `ledgerkit reconcile` made.",
        ),
    ],
)
def test_what_is_no_summary_is_refused(books: Path, make: Callable[[Path], None], sentence: str) -> None:
    path = books.parent / "old.xlsx"
    make(path)
    with pytest.raises(BadInput) as refused:
        audit.reconcile([books], Options(previous=(path,)))
    assert str(refused.value) == sentence.format(path=path, shown="../old.xlsx")


def test_a_summary_without_its_headings_is_refused_and_not_taken_for_one_without_decisions(books: Path) -> None:
    _, first = first_summary(books)

    def renamed(sheet: Worksheet) -> None:
        sheet.cell(3, 20, "No.")

    with pytest.raises(BadInput) as refused:
        summary(books, "second.xlsx", decided(first, 4, change=renamed))
    assert str(refused.value) == (
        "../decided.xlsx has no sheet with the headings “Rule” and “Finding id”, by which its decisions are found."
        " Put the headings back as they were, and run again."
    )


def test_last_years_summary_gives_its_figures(books: Path) -> None:
    _, first = first_summary(books)
    book = load_workbook(decided(first, 4))
    sources = book["Sources"]
    (year,) = [row[1] for row in sources.iter_rows() if row[0].value == "Books' year"]
    year.value = "2014"
    book.save(first)
    after, second = summary(books, "second.xlsx", first)
    assert {finding.state for finding in after.findings} == {"new"}
    assert carried(second) == []
    made = load_workbook(second)
    overview = {row[0].value: [cell.value for cell in row[1:3]] for row in made["Overview"].iter_rows(max_col=3) if row[0].value}
    assert overview["Figures"] == ["This year", "Last year"]
    for label in ("Dues owed", "Dues paid", "Spent on activities"):
        assert overview[label][0] == overview[label][1] != None  # noqa: E711
    assert overview["Dues collected of dues owed"][0] == overview["Dues collected of dues owed"][1]
    budget = made["Budget"]
    heads = [cell.value for cell in budget[3]]
    assert heads[-1] == "Booked in 2014"
    booked, before = heads.index("Booked"), len(heads) - 1
    pairs = [(row[booked], row[before]) for row in budget.iter_rows(min_row=4, values_only=True) if row[0] and row[booked] is not None]
    assert pairs and all(now == then for now, then in pairs)
