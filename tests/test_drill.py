"""The drill: known faults planted in copies of books are caught, or the rule is said to have missed them; the books are only read."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from books import write
from click.testing import CliRunner
from stdnum.cn import ric

from ledgerkit.audit import Options
from ledgerkit.cli import cli
from ledgerkit.drill import run as running
from ledgerkit.drill.packs import NOT_PLANTED, PLANTERS
from ledgerkit.drill.run import Drill, Tried, drill
from ledgerkit.errors import BadInput
from ledgerkit.locale import LANGS, Lang
from ledgerkit.rules.base import Flags, Function, Rule
from ledgerkit.rules.packs import catalogue
from ledgerkit.writing.drill import as_json, as_object, as_text, described, masked

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs" / "drill.schema.json").read_text("utf-8"))
BRANCH = ROOT / "samples" / "branch-2015-en" / "books"
UNION = ROOT / "samples" / "organs-union-2015" / "books"
ROSTER = "| 会员编号 | 姓名 | 证件号码 | 人员状态 | 性别 |"
# Rules that the sample branch has no room for, or whose limit nobody set.
LEFT_OUT = {
    "A015": "no limit is set: {setting}",
    "A017": "no limit is set: {setting}",
    "B003": "only before the year's end",
    "B012": "no limit is set: {setting}",
    "D014": "too few rows: this rule is a statistic, and silent below a set number of them",
    "F002": "it takes an encrypted file, which is not made here",
    "F004": "a limit of the machine, which no row of a ledger reaches",
    "F005": "it takes a file that breaks the reader",
    "F006": "it takes a file that keeps the reader busy",
    "F009": "it takes a file that changes while it is read",
    "F010": "only when branches are merged",
    "X007": "only when branches are merged",
    "M002": "the books are of one branch",
    "O005": "only when branches are merged",
    "O006": "only when branches are merged",
    "O007": "only when branches are merged",
    "M009": "the books are of one branch",
    "X006": "the books are of one branch",
    "X019": "the books are of one branch",
    "X020": "the books are of one branch",
    "V006": "no limit is set: {setting}",
    "V017": "too few rows: this rule is a statistic, and silent below a set number of them",
    "K001": "about the decisions in earlier summaries: no fault of books",
    "W001": "about the waivers of the policy: no fault of books",
    "W002": "about the waivers of the policy: no fault of books",
    "X011": "too few rows: this rule is a statistic, and silent below a set number of them",
    "X013": "too few rows: this rule is a statistic, and silent below a set number of them",
    "X014": "no limit is set: {setting}",
}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def drilled(path: Path, *rules: str, policy: Path | None = None, seed: int = 1) -> Drill:
    return drill([path], Options(policy=policy, rules=rules), seed)


def of(result: Drill, rule: str) -> Tried:
    return next(tried for tried in result.tried if tried.rule.code == rule)


def written(tmp_path: Path, text: str) -> Path:
    policy = tmp_path / "policy.toml"
    policy.write_text(text, "utf-8")
    return policy


def roster_of(folder: Path, branch: str, first: int = 1) -> None:
    """One small workbook of a branch, where a rule need not read a year of every ledger."""
    people = [f"| JG{n:05d} | 会员{n} | {identity(n)} | 在职 | 男 |" for n in range(first, first + 12)]
    cover = f"| 工会编码 | {branch} |\n| 年度 | 2015 |"
    write(folder / f"{branch}.xlsx", {"封面": cover, "会员名册": "\n".join([ROSTER, *people])})


def identity(number: int) -> str:
    """A man's ID number with its check character."""
    body = f"1101011990{number % 12 + 1:02d}07{2 * number + 1:03d}"
    return body + ric.calc_check_digit(body + "0")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    roster_of(tmp_path / "in", "JG001")
    return tmp_path / "in"


@pytest.fixture(scope="module")
def whole() -> Iterator[Drill]:
    """Every rule on the sample branch, whose files are the same bytes afterwards."""
    before = digests(BRANCH)
    yield drilled(BRANCH)
    assert digests(BRANCH) == before


def test_every_planted_fault_is_caught_at_its_row(whole: Drill) -> None:
    wrong = [
        (outcome.plant.planter.rule, outcome.plant.planter.name, outcome.plant.place, outcome.result)
        for outcome in whole.outcomes
        if outcome.result != "found"
    ]
    assert wrong == []
    assert not whole.missed


def test_every_rule_is_planted_or_has_its_reason(whole: Drill) -> None:
    assert {tried.rule.code: tried.because[0].sentence for tried in whole.tried if tried.result == "not_planted"} == LEFT_OUT
    assert len(whole.tried) == len(list(catalogue()))


def test_every_rule_of_the_catalogue_has_a_planter_or_a_reason() -> None:
    planted = {planter.rule for pack in PLANTERS for planter in pack}
    codes = {rule.code for rule in catalogue()}
    assert codes - planted - set(NOT_PLANTED) == {"F010", "O005", "O006", "O007", "X007"}  # those that wait for merging
    assert (planted | set(NOT_PLANTED)) - codes == set()
    assert planted & set(NOT_PLANTED) == set()


def test_books_with_findings_of_their_own_are_said_to_have_them_and_these_rows_are_left_alone(whole: Drill) -> None:
    assert sorted(finding.rule for finding in whole.baseline) == ["B001", "B002", "M004", "M005", "M007", "X003"]
    spoken = {(finding.sheet, finding.row) for finding in whole.baseline}
    planted = {(spot.sheet, spot.row) for outcome in whole.outcomes for spot in outcome.plant.spots if outcome.plant.planter.rule == "X003"}
    assert planted
    assert not planted & spoken
    assert "The books have 6 finding(s) of their own; nothing was planted in those rows.\n" in as_text(whole, "en")


def test_other_rules_findings_are_told_apart_by_plant(whole: Drill) -> None:
    """Each copy is a branch of its own in the run: what one plant causes is not said of another."""
    (wrong_line,) = {tuple(f.rule for f in o.also) for o in of(whole, "V025").outcomes}
    assert wrong_line == ()
    for outcome in of(whole, "X002").outcomes:
        assert [(finding.rule, finding.sheet, finding.cell) for finding in outcome.found] == [("X002", "Budget", "I5")]
        assert outcome.also == ()


def test_the_text_is_a_screenful(whole: Drill) -> None:
    for lang in LANGS:
        assert len(as_text(whole, lang).splitlines()) <= 40
    lines = as_text(whole, "en").splitlines()
    assert lines[0] == f"Drill: {len(whole.outcomes)} faults planted for 123 rules, and every one of them caught"
    assert lines[1] == "Books of 2015, as of 2016-01-29: 1 file(s), 483 row(s); the faults were planted in copies (seed 1)"
    assert "  D dues              11 of 11 rules caught, 1 not planted" in lines
    assert "  B003: only before the year's end" in lines
    assert "  X014: no limit is set: rules.X014.digits" in lines
    assert lines[-1] == "Next: --format json lists every plant with its cells; another --seed takes other rows."


def test_the_text_is_chinese(whole: Drill) -> None:
    lines = as_text(whole, "zh").splitlines()
    assert lines[0] == f"演练：针对 123 条规则埋错 {len(whole.outcomes)} 处，全部查出"
    assert "  D 会费        演练规则 11 条，查出 11 条；未演练 1 条" in lines


@pytest.mark.parametrize(("lang", "readme"), [("en", "README.md"), ("zh", "README.zh.md")])
def test_the_readme_shows_this_drill(whole: Drill, lang: Lang, readme: str) -> None:
    command = f"$ ledgerkit drill samples/branch-2015-en/books --lang {lang}\n"
    assert command + as_text(whole, lang) in (ROOT / readme).read_text("utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_json_is_as_its_schema_has_it(whole: Drill, lang: Lang) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    shown: dict[str, Any] = json.loads(as_json(masked(whole), lang))
    jsonschema.validate(shown, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert shown["summary"] == {
        "rules": {"caught": 123, "missed": 0, "not_planted": 28},
        "plants": {"found": len(whole.outcomes), "elsewhere": 0, "missed": 0},
    }
    assert shown["baseline"] == {"error": 0, "high": 4, "medium": 2, "low": 0, "info": 0}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**shown, "extra": 1}, SCHEMA)


def test_personal_numbers_are_masked_in_what_was_planted(whole: Drill) -> None:
    ids = as_json(masked(whole), "en")
    assert "320298196803140313" not in ids
    assert "320298196803140313" in as_json(whole, "en")
    assert "6229990200000010006" not in ids


def test_a_plant_is_told_in_words(whole: Drill) -> None:
    outcome = next(outcome for outcome in of(whole, "A016").outcomes if outcome.plant.planter.name == "gift_in_cash")
    edit = outcome.plant.edits[0]
    assert described(edit, "en") == f"City-Service-Centre-2015.xlsx > Relief!{edit.cell} Form: {edit.was} becomes Cash"
    number = of(whole, "G024").outcomes[0].plant.edits[0]
    assert described(number, "en") == f"City-Service-Centre-2015.xlsx > Budget!A{number.row} Code: {number.was} is kept as a number"
    again = of(whole, "G011").outcomes
    added = next(edit for outcome in again for edit in outcome.plant.edits if edit.kind == "added")
    assert (
        described(added, "en")
        == f"City-Service-Centre-2015.xlsx > {added.sheet}!{added.row} is a new row, a copy of row {added.was} but for:"
    )
    assert (
        described(added, "zh") == f"City-Service-Centre-2015.xlsx > {added.sheet}!{added.row} 为新增行，照第 {added.was} 行填写，改动如下："
    )


def test_the_same_seed_gives_the_same_bytes_and_another_other_rows(roster: Path) -> None:
    once, again, other = (as_json(drilled(roster, "G003", "G013", seed=seed), "zh") for seed in (7, 7, 8))
    assert once == again
    assert once != other
    one = next(tried for tried in json.loads(once)["rules"] if tried["rule"] == "G013")
    alone = next(tried for tried in json.loads(as_json(drilled(roster, "G013", seed=7), "zh"))["rules"])
    assert one == alone  # a rule's plants do not depend on which others are asked for


def test_a_rule_that_flags_nothing_is_said_to_have_missed(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule: Rule = catalogue()["G003"]
    silent = Function(lambda members: Flags(members.none()), "id_no", rule.functions[0].needs)
    monkeypatch.setattr(rule, "functions", [silent])
    result = drilled(roster, "G003", "G013")
    assert result.missed
    assert {tried.rule.code: tried.result for tried in result.tried} == {"G003": "missed", "G013": "caught"}
    text = as_text(result, "en")
    assert (
        f"Drill: {len(result.outcomes)} faults planted for 2 rules; {len(of(result, 'G003').outcomes)} of them missed, by 1 rule(s)\n"
        in text
    )
    assert "  G003 ID number is not valid\n      JG001.xlsx > 会员名册!" in text
    assert "What was found instead: (none)" in text


def test_a_rule_that_flags_another_row_is_told_apart(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = catalogue()["G003"]
    right = rule.functions[0].check

    def next_row(members: Any) -> Any:
        return pd.Series(np.roll(right(members), 1), index=members.frame.index)

    monkeypatch.setattr(rule, "functions", [replace(rule.functions[0], check=next_row)])
    result = drilled(roster, "G003")
    assert {outcome.result for outcome in result.outcomes} == {"elsewhere"}
    assert not result.missed
    assert "Caught, but at another row: " in as_text(result, "en")


def test_a_rule_that_the_policy_leaves_out_is_not_planted(roster: Path, tmp_path: Path) -> None:
    result = drilled(roster, "G003", policy=written(tmp_path, '[rules]\nignore = ["G003"]\n'))
    assert [tried.result for tried in result.tried] == ["not_planted"]
    assert "  G003: listed under ignore in the policy\n" in as_text(result, "en")


def test_limits_are_those_of_the_policy_in_force(tmp_path: Path) -> None:
    """What is planted goes one fen over the limit, whatever it is: a higher limit moves the fault and is caught all the same."""
    policy = written(tmp_path, '[caps.once]\nwarmth = "88000.00"\n[caps.year]\nfestival = "2000.00"\n[rules.V006]\nprize_yuan = 400\n')
    result = drilled(BRANCH, "A002", "A017", "V006", policy=policy)
    assert {tried.rule.code: tried.result for tried in result.tried} == {"A002": "caught", "A017": "caught", "V006": "caught"}
    planted = {
        tried.rule.code: {edit.becomes for outcome in tried.outcomes for edit in outcome.plant.edits if edit.field.endswith("amount")}
        for tried in result.tried
    }
    assert planted == {"A002": {"88000.01"}, "A017": {"2000.01"}, "V006": {"400.01"}}


def test_wide_dues_and_books_without_a_template_are_planted_in_beside_others() -> None:
    books = [path for path in sorted(UNION.iterdir()) if path.name.startswith(("JG101", "JG110"))]
    result = drill(books, Options(rules=("D001", "G024", "G026")))
    wide = {sheet.layout.is_wide for sheet in result.run.book.sheets if sheet.ledger == "dues" and sheet.layout}
    assert (len(result.run.book.branches), wide) == (2, {True, False})
    assert [tried.result for tried in result.tried] == ["caught"] * 3


def test_a_rule_that_compares_branches_needs_two_of_them(tmp_path: Path) -> None:
    roster_of(tmp_path, "JG001")
    roster_of(tmp_path, "JG002", first=13)
    result = drilled(tmp_path, "M002")
    assert [tried.result for tried in result.tried] == ["caught"]
    compared = of(result, "M002").outcomes
    assert [outcome.result for outcome in compared] == ["found"] * len(compared)
    assert all(len(outcome.plant.branches) == 2 for outcome in compared)


@pytest.mark.parametrize(("booked", "result"), [("#60", "caught"), ("", "not_planted")])
def test_a_line_with_nothing_booked_has_no_amount_to_raise(tmp_path: Path, booked: str, result: str) -> None:
    sheets = {
        "封面": "| 工会编码 | B1 |\n| 年度 | 2015 |",
        "经费拨缴": "| 所属月份 | 工资总额 | 应拨缴 | 基层留成 | 上解 |\n| 2015-01 | #5000 | #100 | #60 | #40 |",
        "预算表": f"| 科目编码 | 科目名称 | 收支 | 年初预算 | booked |\n| 402 | 拨缴经费收入 | 收入 | #60 | {booked} |",
    }
    write(tmp_path / "b.xlsx", sheets)
    assert of(drilled(tmp_path, "R008"), "R008").result == result


def test_books_as_text_files_are_planted_in(tmp_path: Path) -> None:
    rows = ["会员编号,姓名,证件号码,人员状态,性别"]
    rows += ["JG00101,周志远,320298196803140313,在职,男", "JG00102,孙晓雯,320298198209020342,在职,女"]
    (tmp_path / "名册.csv").write_text("\n".join(rows) + "\n", "utf-8")
    result = drill([tmp_path], Options(year=2015, rules=("G003", "G002", "G018", "M001")))
    assert {tried.rule.code: tried.result for tried in result.tried} == {
        "G002": "not_planted",
        "G003": "caught",
        "G018": "not_planted",
        "M001": "caught",
    }
    assert of(result, "G002").because[0].sentence == "a text file keeps no numbers as numbers"


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command line."""
    done = CliRunner().invoke(cli, arguments, standalone_mode=False)
    return done.return_value, done.stdout, done.stderr


def test_the_command_exits_0_where_all_was_caught(roster: Path) -> None:
    code, out, _ = run("drill", str(roster), "--rules", "G003", "--lang", "en", "--format", "json")
    assert code == 0
    jsonschema.validate(json.loads(out), SCHEMA)


def test_the_command_exits_1_where_something_was_missed(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue()["G003"], "functions", [Function(lambda members: members.none(), "id_no", {})])
    assert run("drill", str(roster), "--rules", "G003", "--quiet") == (1, "", "")


def test_books_that_cannot_be_read_end_the_drill_and_the_json_says_which(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.4")
    sentence = "No file could be read, so nothing can be planted. `ledgerkit validate` says why.\n"
    assert run("drill", str(tmp_path), "--lang", "en") == (2, "", sentence)
    code, out, _ = run("drill", str(tmp_path), "--lang", "en", "--format", "json")
    assert code == 2
    shown = json.loads(out)
    jsonschema.validate(shown, SCHEMA)
    assert [(one["file"], one["status"]) for one in shown["inputs"]] == [("a.xlsx", "rejected")]
    assert shown["rules"] == []


def test_books_without_a_year_are_refused(tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text("会员编号,姓名,人员状态\nJG00101,周志远,在职\n", "utf-8")
    with pytest.raises(BadInput, match=r"No file says which year the books are of\."):
        drill([tmp_path], Options())


def test_a_file_changed_meanwhile_is_said(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (book,) = roster.iterdir()
    true = running.run_rules

    def touching(*arguments: Any) -> Any:
        with book.open("ab") as handle:
            handle.write(b"x")
        return true(*arguments)

    monkeypatch.setattr(running, "run_rules", touching)
    with pytest.raises(BadInput, match=r"JG001\.xlsx was changed by somebody during the drill\. Run it again\."):
        drill([roster], Options(rules=("G003",)))


def test_as_object_counts_what_it_lists(whole: Drill) -> None:
    shown = as_object(whole, "en")
    assert sum(len(rule["plants"]) for rule in shown["rules"]) == shown["summary"]["plants"]["found"]
