"""Correction packs: a small workbook a branch with its findings, each with its cell, what is expected, and columns for the answer."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.correction import ABOUT, ANSWERED, ANSWERS, COLUMNS, JUSTIFIED, NAME_END, Pack
from ledgerkit.model.finding import Finding
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import CORRECTIONS
from ledgerkit.reading.answers import read_packs
from ledgerkit.reading.book import Source
from ledgerkit.reading.paths import refuse_folder
from ledgerkit.writing import limits, safe, styles
from ledgerkit.writing.atomic import made, whole
from ledgerkit.writing.sheets import flags, grid
from ledgerkit.writing.sheets.grid import FIRST, HEADER, Column, Page
from ledgerkit.writing.styles import Styles
from ledgerkit.writing.workbook import LONGEST_CODE, file_name

NAME = N_("Corrections")
TITLE = N_("{unit}: findings in the books of {year}, to be answered")
# In a file's name and in a title, where no branch is known.
NO_BRANCH, UNKNOWN_BRANCH = "no-branch", N_("Branch not known")
WITH_CODE = N_("{name} ({code})")
NOTES = (
    N_(
        "Look at the cell of each finding in your own books. Correct it there and choose “corrected”; or, where it is right as it is, choose “justified” and explain why."
    ),
    N_(
        "Enter your name and the day, and send this workbook back with the corrected books. Only these four columns can be filled in; a finding without an answer counts as ignored."
    ),
)
MADE_FROM = N_("What this pack was made from")
EXPLAIN = N_("A justified finding needs an explanation.")
WIDTHS = {
    "severity": 8, "rule": 6, "title": 12, "where": 20, "who": 12, "amount": 12, "observed": 12, "expected": 14, "message": 34, "basis": 19,
    "answer": 8, "explanation": 20, "answered_by": 9, "answered_on": 11, "id": 8,
}  # fmt: skip
KINDS: dict[str, styles.Kind] = {"severity": "choice", "rule": "choice", "amount": "money", "answer": "choice", "answered_on": "date"}
PAGE = tuple(Column(key, label, KINDS.get(key, "text"), WIDTHS[key]) for key, label in COLUMNS.items())
AT = {column.key: at for at, column in enumerate(PAGE)}
NO_FOLDER = N_("{path} is not a folder. Give --corrections the name of a folder for the packs.")
ANSWERED_ALREADY = N_("{path} holds answers and would be written anew. Move it away, or give --corrections another folder.")
SUMMARY_THERE = N_("{path} is named like a correction pack, which might take its place. Give the summary another name with -o.")
OCCUPIED = N_("{path} is already there and is no correction pack. Move it away, or give --corrections another folder.")


def check_folder(folder: Path, summary: Path | None = None) -> list[Path]:
    """The packs that are in a folder before the long work. Raises BadOutput for a file, for a pack with answers, for what is none and has its name.

    Which branches there are is not known yet: every file that is named like a pack is looked at, and the summary may not be named so there.
    """
    if summary and _is_named(summary) and summary.parent.resolve() == folder.resolve():
        raise BadOutput(SUMMARY_THERE, path=summary)
    there = _there(folder)
    for path, pack in zip(there, read_packs([(path, path.name) for path in there]), strict=True):
        if not isinstance(pack, Pack):
            raise BadOutput(OCCUPIED, path=path)
        if pack.is_answered:
            raise BadOutput(ANSWERED_ALREADY, path=path)
    return there


def _there(folder: Path) -> list[Path]:
    """The files in a folder that are named like packs; none where it is not there yet."""
    try:
        if folder.exists() and not folder.is_dir():
            raise BadOutput(NO_FOLDER, path=folder)
        return sorted(path for path in folder.iterdir() if _is_named(path)) if folder.exists() else []
    except OSError as error:
        refuse_folder(error)


def _is_named(path: Path) -> bool:
    """Whether a file is named like a pack."""
    return path.name.lower().endswith(NAME_END)


def write_packs(report: Report, folder: Path, lang: Lang) -> list[Path]:
    """Writes the pack of each branch that has findings which are not waived; where they are. Raises BadOutput where one cannot be written."""
    by_branch: dict[str, list[Finding]] = {}
    for finding in report.unwaived:
        by_branch.setdefault(finding.branch, []).append(finding)
    names = targets(by_branch, report.book.year)
    if names:
        made(folder, "--corrections")
    for branch, name in names.items():
        _write(folder / name, _Packed(report, branch, by_branch[branch], lang))
    return [folder / name for name in names.values()]


def targets(branches: Collection[str], year: int | None) -> dict[str, str]:
    """The file name of each branch's pack. Codes that make one name, on disks that do not tell capitals apart too, are numbered in their order."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for branch in sorted(branches):
        numbered = (f"{(branch or NO_BRANCH)[:LONGEST_CODE]}{number}" for number in ("", *map("_{}".format, range(2, len(branches) + 2))))
        names[branch] = next(name for code in numbered if _folded(name := file_name(code, f"{year}-corrections")) not in taken)
        taken.add(_folded(names[branch]))
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(frozen=True)
class _Packed:
    """What one pack holds."""

    report: Report
    branch: str
    findings: Sequence[Finding]
    lang: Lang

    @property
    def sources(self) -> list[Source]:
        """The branch's files, those refused too."""
        return [source for source in self.report.book.sources if source.branch == self.branch]

    @property
    def title(self) -> str:
        """Whose findings these are, of which year."""
        say = catalogue(self.lang).gettext
        names = {name for source in self.sources if source.cover and (name := source.cover.values.get("branch"))}
        name = names.pop() if len(names) == 1 else ""
        both = say(WITH_CODE).format(name=name, code=self.branch)
        unit = both if name and self.branch else name or self.branch or say(UNKNOWN_BRANCH)
        return say(TITLE).format(unit=unit, year=self.report.book.year)

    def about(self) -> Iterator[tuple[str, str]]:
        """Label and text of what the pack was made from, the files with their SHA-256 last."""
        say = catalogue(self.lang).gettext
        as_of = self.report.as_of.isoformat() if self.report.as_of else ""
        values = {"branch": self.branch, "year": str(self.report.book.year), "as_of": as_of, "count": str(len(self.findings))}
        yield from ((say(label), values[key]) for key, label in ABOUT.items())
        yield "ledgerkit", self.report.version
        yield from ((source.path, source.raw.sha256) for source in self.sources)


def _write(target: Path, packed: _Packed) -> None:
    with whole(target) as temporary:
        title = f"{catalogue(packed.lang).gettext(NAME)} {packed.report.book.year}"
        book = safe.workbook(temporary, CORRECTIONS, packed.report.version, title)
        formats = styles.styles(book)
        about = list(packed.about())
        size = limits.MOST_ROWS - FIRST - len(about) - 2
        batches = [packed.findings[at : at + size] for at in range(0, len(packed.findings), size)]
        for number, some in enumerate(batches, 1):
            here = _sheet(book, formats, packed, number, some)
            if number == len(batches):
                _about(here, FIRST + len(some) + 1, about)
        book.close()


def _sheet(book: Workbook, formats: Styles, packed: _Packed, number: int, findings: Sequence[Finding]) -> Page:
    """A sheet of findings. Only the cells of the answers are unlocked."""
    say = catalogue(packed.lang).gettext
    name = grid.numbered(say(NAME), number)
    here = grid.page(book, formats, name, packed.lang, PAGE, packed.title, [say(sentence) for sentence in NOTES], AT["answered_on"] + 1)
    looks = {"observed": flags.fact(book), "expected": flags.fact(book), **{key: formats.input[KINDS.get(key, "text")] for key in ANSWERED}}
    fills = flags.fills(book)
    for row, finding in enumerate(findings, FIRST):
        _row(here, row, packed, finding, {**looks, "severity": fills[finding.severity]})
    last = FIRST + len(findings) - 1
    here.sheet.autofilter(HEADER, 0, last, len(PAGE) - 1)
    here.sheet.freeze_panes(FIRST, AT["where"])
    here.sheet.print_area(0, 0, last, AT["answered_on"])
    _checks(here, last)
    here.sheet.protect("", dict.fromkeys(("sort", "autofilter", "format_columns", "format_rows"), True))
    styles.running_head(here.sheet, packed.title)
    return here


def _row(here: Page, row: int, packed: _Packed, finding: Finding, looks: Mapping[str, Format]) -> None:
    texts = {key: text for key, text in flags.values(finding, packed.report, packed.lang).items() if key in COLUMNS}
    for at, column in enumerate(PAGE):
        grid.put(here, row, at, texts.get(column.key), column.kind, looks.get(column.key))
    grid.grow(here, row, [(str(texts[column.key]), column.width) for column in PAGE if column.kind == "text" and texts.get(column.key)])


def _checks(here: Page, last: int) -> None:
    """What the answer takes; a justified finding without an explanation is coloured."""
    labels = [here.say(label) for label in ANSWERS.values()]
    choices = {"validate": "list", "source": labels, "ignore_blank": True, "input_message": here.say(EXPLAIN)}
    here.sheet.data_validation(FIRST, AT["answer"], last, AT["answer"], choices)
    here.sheet.data_validation(FIRST, AT["answered_on"], last, AT["answered_on"], flags.DAYS)
    answer, explanation = grid.address(FIRST, AT["answer"]), grid.address(FIRST, AT["explanation"])
    grid.alert(here, AT["explanation"], FIRST, last, f'AND(${answer}="{here.say(ANSWERS[JUSTIFIED])}",TRIM(${explanation})="")')


def _about(here: Page, row: int, lines: Sequence[tuple[str, str]]) -> None:
    """Below the findings, outside what is printed: what the pack was made from, by which it is known when it comes back."""
    grid.words(here, row, AT["where"], here.say(MADE_FROM), here.formats.heading)
    for at, (label, text) in enumerate(lines, row + 1):
        grid.words(here, at, AT["where"], label, here.formats.aside)
        grid.words(here, at, AT["who"], text, here.formats.note)
