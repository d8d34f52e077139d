"""What a summary's Sources sheet says of its own run, as far as a re-run needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path

from ledgerkit.errors import BadInput
from ledgerkit.locale import LANGS, N_, Lang, catalogue
from ledgerkit.model.stamp import VERSION
from ledgerkit.model.summary import (
    COMMAND,
    FILES,
    FOLDER,
    POLICY_FILE,
    POLICY_LINES,
    POLICY_SHA256,
    PREVIOUS,
    RUN,
    SOURCES_SHEET,
)
from ledgerkit.reading.content import Content, SheetContent

RECONCILE = "ledgerkit reconcile"
# Characters of a SHA-256, with which the line of an earlier summary ends.
DIGEST = 64
NO_SOURCES = N_("{path} has no sheet {names} with the run's files, so that nothing can be run again. Find the summary as it was written.")
OTHER_COMMAND = N_(
    "{path} was written by “{command}”; this version can run `ledgerkit reconcile` again and nothing else. Use the version that wrote it."
)


@dataclass(frozen=True)
class Recorded:
    """A run as its summary has it. `run` are the lines of that block, `files` have their SHA-256, `policy` the effective settings by key.

    `folder` is the path from the summary to the books, `policy_file` from the books to the policy, "" where there was none. `previous` are the
    earlier summaries that were carried over, each with its SHA-256 and
    its year.
    """

    lang: Lang
    version: str
    run: Mapping[str, str]
    files: Mapping[str, str]
    policy: Mapping[str, str]
    policy_sha256: str
    folder: str
    policy_file: str
    previous: tuple[tuple[str, str, int | None], ...]


def recorded(summary: Content, path: Path) -> Recorded:
    """The run of a summary. Raises BadInput where its Sources do not say what a re-run needs."""
    lang, sheet = _sources(summary, path)
    say = catalogue(lang).gettext
    lines = list(block(sheet, say(RUN)))
    run = dict(lines)
    files = dict(block(sheet, say(FILES)))
    if not files or not run:
        raise BadInput(NO_SOURCES, path=path, names=say(SOURCES_SHEET))
    if run.get(say(COMMAND)) != RECONCILE:
        raise BadInput(OTHER_COMMAND, path=path, command=run.get(say(COMMAND), ""))
    return Recorded(
        lang,
        summary.properties.get(VERSION, ""),
        run,
        files,
        dict(block(sheet, say(POLICY_LINES))),
        run.get(say(POLICY_SHA256), ""),
        run.get(say(FOLDER), "."),
        run.get(say(POLICY_FILE), ""),
        tuple(_earlier(text) for label, text in lines if label == say(PREVIOUS)),
    )


def _earlier(text: str) -> tuple[str, str, int | None]:
    """Name, SHA-256 and year of an earlier summary."""
    name, year, sha256 = text.rsplit(" · ", 2) if text.count(" · ") >= 2 else (text, "", "")
    return name, sha256[-DIGEST:], int(year) if year.isdecimal() else None


def _sources(summary: Content, path: Path) -> tuple[Lang, SheetContent]:
    names = {lang: catalogue(lang).gettext(SOURCES_SHEET) for lang in LANGS}
    for lang, name in names.items():
        if name in summary.sheets:
            return lang, summary.sheets[name]
    raise BadInput(NO_SOURCES, path=path, names=" / ".join(names.values()))


def block(sheet: SheetContent, heading: str) -> Iterator[tuple[str, str]]:
    """The lines below a heading that stands alone in its row, label and text, up to the first row without a label."""
    headings = (row for (row, at), cell in sheet.values.items() if at == 0 and cell == heading and (row, 1) not in sheet.values)
    first = next(headings, None)
    rows = count(first + 1) if first is not None else ()
    for row in takewhile(lambda row: (row, 0) in sheet.values, rows):
        yield str(sheet.values[row, 0]), str(sheet.values.get((row, 1), ""))
