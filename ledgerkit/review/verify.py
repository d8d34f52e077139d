"""Whether a summary is exactly what its sources and policy give: its run is run again, and the two are compared."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ledgerkit import __version__, audit
from ledgerkit.audit import Options
from ledgerkit.errors import BadInput
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.decision import Previous, is_day
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import HIDDEN, KIND, OUTPUTS, UNMASK, YES
from ledgerkit.model.summary import BUDGET_SHEET, CARRIED, OVERVIEW, POLICY_LINES, SOURCES_SHEET
from ledgerkit.reading.content import Content, read_summary
from ledgerkit.reading.engine import digest
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.locks import read_passwords
from ledgerkit.reading.paths import Input, Reading, beside, named_input
from ledgerkit.review import evidence
from ledgerkit.review.compare import compare
from ledgerkit.review.difference import Difference
from ledgerkit.review.evidence import Chain, Link
from ledgerkit.review.recorded import Recorded, block, recorded

NO_FOLDER = N_("The folder of the books, {path}, is not there. Say with --sources where the books of {summary} are.")
NO_BOOKS = N_(
    "None of the {count} file(s) of {summary} is in {path}, so that nothing can be run again. Say with --sources where the books are."
)
NOTHING_READ = N_(
    "None of the files of {summary} can be read any more, so that nothing can be run again. `ledgerkit validate {path}` says why."
)
NO_POLICY = N_("{path} does not exist. Check the path given with --policy.")

# So many workbooks beside the books are looked at, whether ledgerkit wrote them.
MOST_LOOKED_AT = 20
# Writes a Report as a summary, the path to the books and the language given, and tells what it holds.
Make = Callable[[Report, str, Lang], Content]
Masked = Callable[[Report], Report]


@dataclass(frozen=True)
class Given:
    """What `verify` was given beside the summary."""

    sources: Path | None = None
    policy: Path | None = None
    previous: tuple[Path, ...] = ()
    password_file: Path | None = None


@dataclass(frozen=True)
class Verdict:
    """What came of it. `causes` are changes outside the summary, `edits` what differs in it; `followed` counts what differs on sheets that
    are as they were written, which follows from the causes. `chain` is what is wrong with the evidence.

    `as_written`: by the evidence, the sheets as the run wrote them; None where that is not known, and then the edits may follow from the causes
    too. `sheets`, `files`, `rows` and `cells` were compared.
    """

    summary: Path
    version: str
    causes: tuple[Difference, ...]
    edits: tuple[Difference, ...]
    followed: int
    chain: tuple[Difference, ...]
    as_written: frozenset[str] | None
    notes: tuple[Difference, ...]
    sheets: int
    files: int
    rows: int
    cells: int

    @property
    def proven(self) -> bool:
        """Whether nothing differs."""
        return not (self.causes or self.edits or self.followed or self.chain)


@dataclass(frozen=True)
class _Run:
    """A summary's run as it was and as it is now, with what is known of it. `previous` are its earlier summaries, None where one is not to be had."""

    summary: Path
    content: Content
    recorded: Recorded
    folder: Path
    policy: Path | None
    chain: Chain
    listed: Mapping[str, Input | None]
    previous: Sequence[Path] | None

    @property
    def link(self) -> Link | None:
        """The run's link, if the evidence has one with the same files and policy as Sources."""
        link = self.chain.of(self.content.sha256)
        files = {file["file"]: file["sha256"] for file in link["inputs"]} if link else {}
        return link if link and files == self.recorded.files and link["policy"]["sha256"] == self.recorded.policy_sha256 else None

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the run: by the evidence, else by Sources."""
        return self.link["options"] if self.link else {name: text for name, text in self.recorded.run.items() if name.startswith("--")}


def verify(summary: Path, given: Given, make: Make, masked: Masked) -> Verdict:
    """The verdict on a summary. Raises LedgerkitError where nothing can be run again, or the summary is none."""
    content = read_summary(summary, read_passwords(given.password_file))
    told = recorded(content, summary)
    chain, damaged = _chain(summary)
    folder = given.sources or summary.parent / told.folder
    policy = given.policy or (folder / told.policy_file if told.policy_file else None)
    run = _Run(summary, content, told, folder, policy, chain, _files(told, folder, summary), _previous(told, folder, given))
    report = _again(run, given)
    books = Path(os.path.normpath(told.folder)).as_posix()
    was = make(report if UNMASK in run.options else masked(report), books, told.lang)
    compared = compare(was, content, told.lang, frozenset(CARRIED) if run.previous is None else frozenset())
    differences = (
        compared.differences if run.previous is not None else tuple(found for found in compared.differences if not _rests(found, told))
    )
    causes = (*_version(run), *_sources(run, report), *_policy(run, report, was))
    notes = (*compared.notes, *_notes(run, given))
    return _verdict(run, report, was, causes, differences, damaged, notes)


def _rests(found: Difference, told: Recorded) -> bool:
    """Whether a difference may rest on an earlier summary that is not to be had: a figure of an earlier year beside this year's."""
    places = {catalogue(told.lang).gettext(name) for name in (OVERVIEW, BUDGET_SHEET)}
    return found.kind == "value" and found.sheet in places and not found.was and found.now[-1:].isdigit() | found.now.endswith("%")


def _chain(summary: Path) -> tuple[Chain, tuple[Difference, ...]]:
    """The evidence beside a summary, and what is wrong with it."""
    place = evidence.place_of(summary)
    try:
        chain = evidence.read(place)
    except BadInput:
        return Chain(), (Difference("chain", file=place.name),)
    return chain, (Difference("chain", file=place.name, now=str(chain.broken)),) if chain.broken else ()


def _files(told: Recorded, folder: Path, summary: Path) -> dict[str, Input | None]:
    """The run's files by the names that the summary has for them, None where one is missing. Raises BadInput where none is there."""
    if not folder.is_dir():
        raise BadInput(NO_FOLDER, path=folder, summary=summary.name)
    listed = {name: named_input(folder, name) for name in told.files}
    if not any(listed.values()):
        raise BadInput(NO_BOOKS, count=len(listed), summary=summary.name, path=folder)
    return listed


def _previous(told: Recorded, folder: Path, given: Given) -> list[Path] | None:
    """The earlier summaries of the run, by their digests among those given, else where they lay; None where one is not there."""
    places = given.previous or [folder / name for name, *_ in told.previous]
    found = {digest(place): place for place in places if place.is_file()}
    listed = [found[sha256] for _, sha256, _ in told.previous if sha256 in found]
    return listed if len(listed) == len(told.previous) else None


def _again(run: _Run, given: Given) -> Report:
    """The run once more, under the policy where it lies now. Raises BadInput where that cannot be done."""
    if given.policy and not given.policy.is_file():
        raise BadInput(NO_POLICY, path=given.policy)
    policy = run.policy if run.policy and run.policy.is_file() else None
    options = replace(
        _options(run.options, run.recorded),
        policy=policy,
        password_file=given.password_file,
        previous=tuple(run.previous or ()),
        own_policy=False,
    )
    there = [item for item in run.listed.values() if item]
    with Reading([run.folder], read_passwords(given.password_file), listed=there) as reading:
        report = audit.reconcile([run.folder], options, reading)
    if report.nothing_read:
        raise BadInput(NOTHING_READ, summary=run.summary.name, path=run.folder)
    # Where the policy lies now is no content: that it is another one shows in what it says.
    named = Path(os.path.normpath(run.recorded.policy_file)).as_posix() if run.recorded.policy_file else ""
    read = {one.sha256: one for one in report.previous}
    previous = [replace(read.get(sha256, Previous(name, sha256, year)), file=name) for name, sha256, year in run.recorded.previous]
    return replace(report, policy=replace(report.policy, file=named), previous=previous)


def _options(given: Mapping[str, str], told: Recorded) -> Options:
    """Options as their texts say; one that says nothing that can be understood is as if it had not been given, and is told of then."""
    year, rules = given.get("--year", ""), tuple(code for code in given.get("--rules", "").split(",") if code)
    said = given.get("--as-of", "")
    number, day = int(year) if year.isdecimal() else None, date.fromisoformat(said) if is_day(said) else None
    shown = {
        "--policy": Path(told.policy_file).name,
        "--password-file": HIDDEN,
        "--year": str(number or ""),
        "--as-of": day.isoformat() if day else "",
        "--rules": ",".join(rules),
        UNMASK: YES,
    }
    return Options(year=number, as_of=day, rules=rules, shown={name: text for name, text in shown.items() if name in given and text})


def _version(run: _Run) -> Iterator[Difference]:
    if run.recorded.version != __version__:
        yield Difference("version", was=run.recorded.version, now=__version__)


def _sources(run: _Run, report: Report) -> Iterator[Difference]:
    """Files that are not as they were, and where."""
    now = {source.path: source for source in report.book.sources}
    known = run.chain.of(run.content.sha256)
    stamped = {file["file"]: file["sha256"] for file in known["inputs"]} if known else {}
    for name, sha256 in run.recorded.files.items():
        if name not in now:
            yield Difference("source_missing", file=name, was=sha256)
        elif now[name].raw.sha256 not in (sha256, stamped.get(name)):
            sheets = run.chain.sheets_of(sha256)
            cells = [] if sheets is None else evidence.changed(sheets, now[name])
            kind = "source_untold" if sheets is None else "source" if cells else "source_alike"
            yield Difference(kind, file=name, was=sha256, now=now[name].raw.sha256)
            yield from (Difference("source_cell", sheet, cell, file=name) for sheet, cell in cells)


def _policy(run: _Run, report: Report, was: Content) -> Iterator[Difference]:
    """The policy's settings that are not as they were."""
    told, known = run.recorded, run.chain.of(run.content.sha256)
    if run.policy and not run.policy.is_file():
        yield Difference("policy_missing", file=told.policy_file)
    if report.policy.sha256 in (told.policy_sha256, known["policy"]["sha256"] if known else None):
        return
    now = dict(block(was.sheets[catalogue(told.lang).gettext(SOURCES_SHEET)], catalogue(told.lang).gettext(POLICY_LINES)))
    lines = [key for key in (*told.policy, *(key for key in now if key not in told.policy)) if told.policy.get(key) != now.get(key)]
    if run.policy is None or run.policy.is_file():
        yield Difference("policy" if lines else "policy_alike", file=told.policy_file, was=told.policy_sha256, now=report.policy.sha256)
    yield from (Difference("policy_line", cell=key, was=_setting(told.policy, key), now=_setting(now, key)) for key in lines)


def _setting(lines: Mapping[str, str], key: str) -> str:
    """A setting without what it rests on."""
    return lines.get(key, "").partition(" · ")[0]


def _notes(run: _Run, given: Given) -> Iterator[Difference]:
    """What does not count, but is to be known."""
    told, own = run.recorded, run.summary.parent / run.recorded.folder
    if given.sources and os.path.abspath(given.sources) != os.path.abspath(own):
        yield Difference("sources_moved", was=told.folder, now=str(given.sources))
    if given.policy and os.path.abspath(given.policy) != os.path.abspath(run.folder / told.policy_file):
        yield Difference("policy_moved", was=told.policy_file, now=str(given.policy))
    yield from (Difference("unknown_file", file=name) for name in _unread(run))
    if not run.chain.links:
        yield Difference("no_evidence", file=evidence.place_of(run.summary).name)
    elif not run.link:
        yield Difference("no_link", file=evidence.place_of(run.summary).name)
    if run.previous is None:
        yield from (Difference("states_unchecked", file=name, was=sha256) for name, sha256, _ in told.previous)


def _unread(run: _Run) -> list[str]:
    """Workbooks beside the books that the run did not read; where there are not too many to look at, none that ledgerkit wrote."""
    found = [
        item for item in beside(run.folder, [item for item in run.listed.values() if item]) if item.path.resolve() != run.summary.resolve()
    ]
    if len(found) > MOST_LOOKED_AT:
        return [item.shown for item in found]
    with Readers([(item.path, item.shown) for item in found]) as readers:
        return [raw.path for raw in readers.files() if raw.properties.get(KIND) not in OUTPUTS and not raw.annotated]


def _verdict(
    run: _Run,
    report: Report,
    was: Content,
    causes: tuple[Difference, ...],
    differences: tuple[Difference, ...],
    damaged: tuple[Difference, ...],
    notes: tuple[Difference, ...],
) -> Verdict:
    """What differs told apart: edits, and what follows from a cause."""
    versions = [found for found in differences if found.kind == "dependency"]
    as_written = _as_written(run) if causes or versions else None
    own = [found for found in differences if not (as_written and found.kind == "dependency" and found.sheet in as_written)]
    edits = [found for found in own if not (causes and as_written and found.sheet in as_written)]
    return Verdict(
        run.summary,
        run.recorded.version,
        causes,
        tuple(edits),
        len(own) - len(edits),
        damaged,
        as_written if causes else None,
        (*notes, *(replace(found, kind="other_version") for found in versions if found not in own)),
        sheets=len(was.sheets),
        files=len(report.book.sources),
        rows=sum(sheet.rows_read for sheet in report.book.sheets),
        cells=was.cells,
    )


def _as_written(run: _Run) -> frozenset[str] | None:
    """The sheets of the summary that are as the run wrote them, by the evidence; None where it does not know."""
    sheets = run.link["summary"]["sheets"] if run.link else None
    if sheets is None:
        return None
    now = evidence.sheet_digests(run.content, run.recorded.lang)
    return frozenset(name for name in now if now[name] == sheets.get(name))
