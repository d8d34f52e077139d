"""`ledgerkit review`: what is open, what was decided, what is odd, what has changed; the working paper."""

import csv
import io
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from openpyxl import Workbook, load_workbook
from test_decisions import BOOKS, RULES, decided, first_run, flags

from ledgerkit import audit, cli
from ledgerkit.errors import BadInput
from ledgerkit.model.finding import Severity
from ledgerkit.reading.summary import read_summaries
from ledgerkit.review.standing import Review, review

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "review.schema.json").read_text("utf-8"))
TODAY = date(2016, 6, 1)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The summary of the sample, with six findings."""
    path = tmp_path / "summary.xlsx"
    path.write_bytes(first_run("en")[1])
    return path


def reviewed(path: Path, *previous: Path) -> Review:
    one, *earlier = read_summaries([path, *previous], [path.name, *(each.name for each in previous)])
    return review(one, TODAY, earlier)


def everything(path: Path, **columns: object) -> Path:
    """A copy in which every finding is decided alike."""
    book = load_workbook(path)
    sheet = flags(book)
    at = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, 10):
        for heading, value in {
            "Decision": "explained",
            "Reviewer": "Li",
            "Reviewed on": date(2016, 3, 1),
            "Note": "why",
            **columns,
        }.items():
            sheet.cell(row, at[heading], value)
    book.save(path.parent / "whole.xlsx")
    return path.parent / "whole.xlsx"


def test_what_nobody_decided_is_open(first: Path) -> None:
    found = reviewed(first)
    assert len(found.findings) == 6
    assert [one.decision for one in found.findings] == ["open"] * 6
    ranks = [(one.severity.rank, -one.money) for one in found.findings]
    assert ranks == sorted(ranks)
    assert found.remarks == []


def test_it_fails_while_a_finding_as_bad_is_open(first: Path) -> None:
    report, _ = first_run("en")
    worst = report.unwaived[0].severity
    assert reviewed(first).fails(worst)
    assert not reviewed(first).fails(None)
    whole = reviewed(everything(first))
    assert not any(whole.fails(severity) for severity in Severity)
    grave = sum(one.severity == worst for one in report.unwaived)
    book = load_workbook(everything(first))
    for row in range(4, 4 + grave):
        flags(book).cell(row, 16, "open")
    book.save(first)
    assert reviewed(first).fails(worst)
    light = load_workbook(everything(first))
    flags(light).cell(9, 16).value = None
    light.save(first)
    assert not reviewed(first).fails(worst)
    assert reviewed(first).fails(Severity.INFO)


@pytest.mark.parametrize(
    ("columns", "sentences"),
    [
        ({"decision": "accepted", "reviewer": "Li", "reviewed_on": "2016-03-01", "note": "Evidence 1"}, []),
        (
            {"decision": "accepted", "reviewer": "Li", "reviewed_on": "2016-03-01"},
            [
                "decided.xlsx > Flags!S4: decided as “accepted” without an evidence number in the note. Enter the number of the document that shows it."
            ],
        ),
        ({"decision": "explained", "reviewer": "Li", "reviewed_on": "2016-03-01"}, []),
        (
            {"decision": "mistaken", "reviewer": "Li"},
            ["decided.xlsx > Flags!P4: decided as “mistaken” without reviewer or day. Sign the decision."],
        ),
        (
            {"decision": "explained", "reviewer": "Li", "reviewed_on": date(2016, 6, 2)},
            ["decided.xlsx > Flags!R4: the decision is of 2016-06-02, a day that is still to come. Correct the day."],
        ),
    ],
)
def test_what_is_odd_in_a_decision_is_said_at_its_cell(first: Path, columns: dict[str, object], sentences: list[str]) -> None:
    found = reviewed(decided(first, 4, **columns))
    assert [remark.render() for remark in found.remarks] == sentences
    assert [one.decision for one in found.findings].count(str(columns["decision"])) == 1


def test_who_had_a_part_in_the_row_cannot_review_it(first: Path) -> None:
    recused = str(flags(load_workbook(first)).cell(4, 14).value).split("、")[0]
    found = reviewed(decided(first, 4, decision="explained", reviewer=f" {recused} ", reviewed_on="2016-03-01"))
    assert [remark.render() for remark in found.remarks] == [
        f"decided.xlsx > Flags!Q4: {recused} prepared, handled or approved the row and cannot review it. Somebody else has to decide."
    ]


def test_two_decisions_on_one_finding_leave_it_open(first: Path) -> None:
    held = decided(first, 4, decision="accepted", reviewer="Li", reviewed_on="2016-03-01", note="1")
    book = load_workbook(held)
    sheet = flags(book)
    bottom = sheet.max_row + 1
    for column in range(1, 21):
        sheet.cell(bottom, column, sheet.cell(4, column).value)
    sheet.cell(bottom, 16, "mistaken")
    book.save(held)
    found = reviewed(held)
    assert [one.decision for one in found.findings] == ["open"] * 6
    said = "decided.xlsx > Flags!P{row}: the finding is decided in two ways on two rows, “{decision}” is one of them. Agree on one; until then it counts as open."
    assert [remark.render() for remark in found.remarks] == [
        said.format(row=4, decision="accepted"),
        said.format(row=bottom, decision="mistaken"),
    ]


def test_what_has_changed_since_an_earlier_summary(first: Path) -> None:
    held = decided(first, 4, "held.xlsx", decision="accepted", reviewer="Li", reviewed_on="2016-03-01", note="1")
    later = decided(held, 4, "later.xlsx", decision="mistaken")
    name = flags(load_workbook(first)).cell(4, 20).value
    assert reviewed(first).since == {}
    nothing = {"new": [], "decided": [], "redecided": [], "undone": [], "gone": []}
    assert reviewed(held, first).since == {**nothing, "decided": [name]}
    assert reviewed(later, held).since == {**nothing, "redecided": [name]}
    assert reviewed(first, held).since == {**nothing, "undone": [name]}
    assert reviewed(held, held).since == nothing
    book = load_workbook(held)
    flags(book).delete_rows(4)
    book.save(held)
    assert reviewed(held, first).since == {**nothing, "gone": [name]}
    assert reviewed(first, held).since == {**nothing, "new": [name]}


def run(capsys: pytest.CaptureFixture[str], *arguments: object, lang: str = "en") -> tuple[int, str, str]:
    code = cli.run(["review", *map(str, arguments), "--lang", lang], "zh" if lang == "zh" else "en")
    out, err = capsys.readouterr()
    return code, out, err


def test_the_screenful(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = decided(first, 4, "held.xlsx", decision="fixed", reviewer="Li", reviewed_on="2016-03-01", note="Evidence 7")
    code, out, err = run(capsys, held, "--previous", first)
    lines = out.splitlines()
    assert (code, err) == (1, "")
    assert lines[0] == "Review of held.xlsx (books of 2015): 6 finding(s), 5 open, 1 decided"
    assert lines[2].split() == ["By", "severity", "open", "accepted", "explained", "fixed", "mistaken", "at", "stake,", "open"]
    assert "Since the earlier summary: decided 1" in lines
    assert (
        lines[-1] == "Next: open the summary, filter the decision column for blanks and “open”, and decide; then save and run this again."
    )
    total = [line.split() for line in lines[3 : lines.index("", 3)]]
    assert sum(int(row[-6]) for row in total if row[-6] != "·") == 5
    assert sum(int(row[-3]) for row in total if row[-3] != "·") == 1


def test_a_summary_all_decided(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, everything(first))
    assert (code, out.splitlines()[0]) == (0, "Review of whole.xlsx (books of 2015): 6 finding(s), 0 open, 6 decided")
    assert (
        out.splitlines()[-1] == "Next: every finding is decided. Have the working paper (-o) signed; `ledgerkit verify` proves the summary."
    )
    code, out, _ = run(capsys, everything(first, Decision="fixed"), lang="zh")
    assert (code, out.splitlines()[0]) == (0, "审核情况：whole.xlsx（2015年度账簿），疑点 6 条，待核 0 条，已处理 6 条")
    assert (
        out.splitlines()[-1]
        == "下一步：有 6 条疑点填为已整改。请对更正后的账簿运行 `ledgerkit reconcile --previous`，再次发现的将列为重现。"
    )


def test_the_evidence_says_how_long_a_finding_has_been_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first run that found it counts, also one whose summary has another name and is given as the earlier one."""
    shutil.copytree(BOOKS, tmp_path / "books")
    rules = ",".join(RULES)
    reconcile = ["reconcile", str(tmp_path / "books"), "--rules", rules, "--lang", "en", "--quiet", "--fail-on", "never", "-o"]
    assert cli.run([*reconcile, str(tmp_path / "old.xlsx")], "en") == 0
    assert cli.run([*reconcile, str(tmp_path / "new.xlsx")], "en") == 0
    evidence = tmp_path / "old.evidence.json"
    told = json.loads(evidence.read_text("utf-8"))
    told["links"][0]["made"] = (datetime.now(UTC) - timedelta(days=40)).isoformat(timespec="seconds")
    told["links"][0]["findings"] = told["links"][0]["findings"][1:]
    evidence.write_text(json.dumps(told), "utf-8")
    _, out, _ = run(capsys, tmp_path / "new.xlsx", "--format", "json")
    assert {finding["age"] for finding in json.loads(out)["findings"]} == {0}
    _, out, _ = run(capsys, tmp_path / "new.xlsx", "--format", "json", "--previous", tmp_path / "old.xlsx")
    assert sorted(finding["age"] for finding in json.loads(out)["findings"]) == [0, 40, 40, 40, 40, 40]
    _, out, _ = run(capsys, tmp_path / "new.xlsx", "--previous", tmp_path / "old.xlsx")
    assert "Open for 40 days at the longest, 40 in the middle." in out.splitlines()
    evidence.write_text("damaged", "utf-8")
    _, out, _ = run(capsys, tmp_path / "new.xlsx", "--format", "json", "--previous", tmp_path / "old.xlsx")
    assert {finding["age"] for finding in json.loads(out)["findings"]} == {0}


def test_json_and_csv(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = decided(first, 4, decision="accepted", reviewer="Li", reviewed_on="2016-03-01", note="+1 of 13800138000")
    _, out, _ = run(capsys, held, "--format", "json", "--previous", first)
    shown = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(shown, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**shown, "extra": 1}, SCHEMA)
    (one,) = [finding for finding in shown["findings"] if finding["decision"] == "accepted"]
    assert (one["reviewer"], one["reviewed_on"], one["note"], one["age"]) == ("Li", "2016-03-01", "+1 of 138****8000", None)
    assert sum(counts["open"] for counts in shown["by_rule"].values()) == 5
    _, out, _ = run(capsys, held, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["note"] for row in rows if row["note"]] == ["'+1 of 138****8000"]
    assert len(rows) == 6


def test_rules_narrow_it(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, first, "--rules", "X", "--format", "json")
    assert {finding["rule"][0] for finding in json.loads(out)["findings"]} == {"X"}


@pytest.mark.parametrize("name", ["missing.xlsx", "other.xlsx"])
def test_what_is_no_summary_is_refused(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    code, out, err = run(capsys, tmp_path / name)
    sentence = {
        "missing.xlsx": f"{tmp_path / name} does not exist. Check the name of the earlier summary.\n",
        "other.xlsx": "other.xlsx is no summary that ledgerkit wrote. Give the workbook that `ledgerkit reconcile` made.\n",
    }
    assert (code, out, err) == (2, "", sentence[name])


def test_the_working_paper_has_a_block_a_decided_group(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = decided(first, 4, decision="accepted", reviewer="Li", reviewed_on="2016-03-01", note="Evidence 7")
    before = held.read_bytes()
    code, out, _ = run(capsys, held, "-o", first.parent / "paper.xlsx", "--fail-on", "never")
    assert (code, f"Working paper: {first.parent / 'paper.xlsx'}" in out.splitlines()) == (0, True)
    sheet = load_workbook(first.parent / "paper.xlsx")["Working paper"]
    texts = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    source = flags(load_workbook(first))
    rule, title, amount = source.cell(4, 3).value, source.cell(4, 4).value, source.cell(4, 9).value
    assert [f"accepted: {rule} {title} (1)"] in texts
    assert ["Basis", source.cell(4, 13).value] in texts
    (row,) = [row for row in texts if "Evidence 7" in row]
    assert (row[0], row[-2:]) == (1, ["Li", "2016-03-01"])
    assert ["Total", amount] in texts
    assert ["Conclusion"] in texts
    assert ["Prepared by", "Reviewed by", "For the audited unit", "Date"] in texts
    assert ["Still open: 5 finding(s), on which nothing was decided"] in texts
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, len(sheet.row_breaks.brk)) == (9, "landscape", 1)
    assert held.read_bytes() == before
    run(capsys, held, "-o", first.parent / "again.xlsx")
    assert (first.parent / "again.xlsx").read_bytes() == (first.parent / "paper.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("summary.xlsx", "{path} is one of the inputs; inputs are never changed. Give another name with -o.\n"),
        ("paper.docx", "{path} is not a name for a workbook. Give -o a file name that ends in .xlsx.\n"),
        ("no/paper.xlsx", "The folder of {path} does not exist. Create it first, or choose another place with -o.\n"),
    ],
)
def test_a_working_paper_that_cannot_be_is_refused(first: Path, output: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = first.parent / output
    assert run(capsys, first, "-o", path) == (2, "", sentence.format(path=path))


def test_a_working_paper_is_no_input(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, first, "-o", first.parent / "paper.xlsx")
    with pytest.raises(BadInput) as refused:
        audit.validate([first.parent / "paper.xlsx"])
    assert str(refused.value).startswith("paper.xlsx was written by ledgerkit as a result, not as books.")
