"""Annotated copies: each workbook as it is, its bad cells coloured and commented, and a sheet that lists every finding.

The copy is made by adding to the original's own parts, not by reading and writing the workbook again: formulas keep their values, and
drop-downs, pictures, charts, macros and whatever else a workbook can hold stay as they are.
"""

import hashlib
import os
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from ledgerkit import __version__
from ledgerkit.errors import BadInput, BadOutput, Phrase
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.plain import plain
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import ANNOTATED
from ledgerkit.reading.paths import Input, common_folder, inputs
from ledgerkit.reading.raw import Place, RawFile
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording
from ledgerkit.writing.annotated.cells import coloured, coloured_before
from ledgerkit.writing.annotated.index import UNTOUCHED, Listing, index_name, put_index, sheets
from ledgerkit.writing.annotated.notes import put_notes, threads
from ledgerkit.writing.annotated.package import DECLARATION, ROOT, Package
from ledgerkit.writing.annotated.splices import at_path
from ledgerkit.writing.annotated.stylesheet import Stylesheet
from ledgerkit.writing.atomic import made, write
from ledgerkit.writing.limits import fitted

UNREADABLE = N_("{file}: no annotated copy, because the file cannot be read. Its finding says what to do.")
OTHER_FORMAT = N_("{file}: no annotated copy can be made of this format. Open it in Excel, save it as .xlsx, and run again on that file.")
UNUSUAL = N_(
    "{file}: no annotated copy, because the workbook is not built as ledgerkit knows it ({what}). Open it in Excel, save it, and run again."
)
SIGNED = N_("{file}: the copy does not have the digital signature of the original, which holds for the original alone.")
THREADS = N_(
    "{file}: cells with a thread of comments are coloured but not commented: {cells}. What is wrong in them is on the index sheet."
)
ROWS = N_("See row {rows} of the sheet “{sheet}”.")
# What a package without a part, element or attribute that every known program writes leads to.
UNFAMILIAR = (LookupError, ValueError, StopIteration, ExpatError)
_CUSTOM = "docProps/custom.xml"
_CUSTOM_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


@dataclass(frozen=True)
class Copies:
    """What was written: how many copies, and a sentence for each file of which there is none or not all."""

    count: int
    said: Sequence[Phrase]


def check_folder(folder: Path, paths: Sequence[Path]) -> None:
    """Refuses a folder before the long work: a file, or one where a copy would take the place of an input or of somebody's work."""
    if folder.exists() and not folder.is_dir():
        raise BadOutput(N_("{path} is not a folder. Give --annotate the name of a folder for the copies."), path=folder)
    listed = inputs(paths)
    named = {item.path.resolve() for item in listed if item.named}
    others = {item.path.resolve() for item in listed if not item.named}
    for target in (_target(folder, item, paths) for item in listed):
        at = target.resolve()
        if at in named or (at in others and not _is_annotated(target)):
            raise BadOutput(N_("{path} is one of the inputs; inputs are never changed. Give --annotate another folder."), path=target)
        if target.exists() and not _is_untouched(target):
            raise _occupied(target)


def _occupied(target: Path) -> BadOutput:
    """Why a copy does not take the place of a file that is no input."""
    if _is_annotated(target):
        return BadOutput(
            N_(
                "{path} has been changed since ledgerkit wrote it and may hold corrections. Move it away, or give --annotate another folder."
            ),
            path=target,
        )
    return BadOutput(N_("{path} is already there and is no annotated copy. Move it away, or give --annotate another folder."), path=target)


def write_copies(report: Report, folder: Path, paths: Sequence[Path], lang: Lang) -> Copies:
    """An annotated copy of each .xlsx and .xlsm in the folder, at its relative path. Raises BadOutput where one cannot be written."""
    listed = {item.shown: item for item in inputs(paths)}
    count, said = 0, []
    for source in report.book.sources:
        item = listed[source.path]
        findings = [finding for finding in report.findings if finding.file == source.path]
        copy, missing = _copy(item, source.raw, findings, lang)
        said += missing
        if copy:
            target = _target(folder, item, paths)
            made(target.parent, "--annotate")
            write(target, copy)
            count += 1
    return Copies(count, said)


def _copy(item: Input, raw: RawFile, findings: Sequence[Finding], lang: Lang) -> tuple[bytes, list[Phrase]]:
    """The bytes of a file's copy, b"" where there is none, and a sentence for what is missing."""
    if raw.problem:
        return b"", [Phrase(UNREADABLE, file=raw.path)]
    if not raw.truthful:
        return b"", [Phrase(OTHER_FORMAT, file=raw.path)]
    data = _unchanged(item, raw)
    try:
        return annotated(data, raw, findings, lang)
    except UNFAMILIAR as error:
        return b"", [Phrase(UNUSUAL, file=raw.path, what=type(error).__name__)]


def annotated(data: bytes, raw: RawFile, findings: Sequence[Finding], lang: Lang) -> tuple[bytes, list[Phrase]]:
    """The bytes of a workbook's annotated copy, and a sentence for what it does not have of the original or could not say in the cell."""
    package = Package.of(data)
    looks, parts, cells = Stylesheet(package), sheets(package), _by_cell(findings, raw)
    threaded = {name: threads(package, part) & cells.get(name, {}).keys() for name, part in parts.items()}
    lost = _lost(package, raw.path, threaded)
    say = catalogue(lang).gettext
    listing = Listing(raw.path, findings, [sentence.render(say) for sentence in lost], index_name(package, lang), lang)
    old = looks.own() if raw.annotated else frozenset()
    for name, part in parts.items():
        found = cells.get(name, {})
        marks = {place: _worst(findings, at) for place, at in found.items()}
        put_notes(package, part, {place: _note(listing, at) for place, at in found.items() if place not in threaded[name]})
        cleared = dict.fromkeys(coloured_before(package.parts[part], old)) if old else {}
        package.parts[part] = coloured(package.parts[part], {**cleared, **marks}, looks.filled)
    put_index(package, listing, looks)
    looks.save()
    _stamp(package)
    return package.written(), lost


def _lost(package: Package, file: str, threaded: Mapping[str, Collection[Place]]) -> list[Phrase]:
    """What the copy leaves out, and the cells that get no comment."""
    lost = [Phrase(SIGNED, file=file)] * package.leave_out_signatures()
    cells = [f"{name}!{xl_rowcol_to_cell(*place)}" for name, places in threaded.items() for place in sorted(places)]
    return lost + [Phrase(THREADS, file=file, cells=", ".join(cells))] * bool(cells)


def _by_cell(findings: Sequence[Finding], raw: RawFile) -> dict[str, dict[Place, list[int]]]:
    """By sheet and cell the numbers of its findings; what stands in a merged range stands in its first cell, the only one that shows."""
    merges = {sheet.name: sheet.merges for sheet in raw.sheets}
    cells: dict[str, dict[Place, list[int]]] = {}
    for number, finding in enumerate(findings):
        if finding.sheet and finding.cell:
            place = _shown_at(xl_cell_to_rowcol(finding.cell), merges.get(finding.sheet, ()))
            cells.setdefault(finding.sheet, {}).setdefault(place, []).append(number)
    return cells


def _shown_at(place: Place, merges: Sequence[tuple[Place, Place]]) -> Place:
    within = (first for first, last in merges if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1])
    return next(within, place)


def _worst(findings: Sequence[Finding], numbers: Iterable[int]) -> Severity:
    return min((findings[number].severity for number in numbers), key=lambda severity: severity.rank)


def _note(listing: Listing, numbers: Sequence[int]) -> str:
    """The text of a cell's comment: what is wrong and what to do, finding by finding, and where the index has them."""
    said = [_said(listing.findings[number], listing.lang) for number in numbers]
    rows = (", " if listing.lang == "en" else "、").join(str(listing.row(number)) for number in numbers)
    return fitted("\n\n".join((*said, listing.say(ROWS).format(rows=rows, sheet=listing.name))), listing.lang)


def _said(finding: Finding, lang: Lang) -> str:
    """Severity, rule and title; then what is wrong, what is expected and what to do, which is the rule's message; then its waiver."""
    title = f"{wording.severity(finding.severity, lang)} {finding.rule} {wording.title(rules()[finding.rule], lang)}"
    waived = f"\n{plain(wording.waiver(finding.waiver, lang))}" if finding.waiver else ""
    return f"{plain(title)}\n{plain(wording.message(finding, lang))}{waived}"


def _unchanged(item: Input, raw: RawFile) -> bytes:
    """The bytes that were checked. Raises BadInput where they are others by now."""
    try:
        data = item.path.read_bytes()
    except OSError as error:
        raise BadInput(N_("{path} can no longer be read ({why}). Run again."), path=item.shown, why=error.strerror or "") from error
    if hashlib.sha256(data).hexdigest() != raw.sha256:
        raise BadInput(N_("{path} was changed while it was being checked. Close it in Excel and run again."), path=item.shown)
    return data


def _target(folder: Path, item: Input, paths: Sequence[Path]) -> Path:
    """Where a file's copy goes: its own path below the folder of the inputs, below the folder of the copies."""
    return folder / os.path.relpath(os.path.abspath(item.path), common_folder(paths))


def _is_untouched(path: Path) -> bool:
    """Whether a file is an annotated copy that nobody has saved since: a program that saves a workbook writes its sheets anew."""
    return any(part.startswith(DECLARATION + UNTOUCHED) for part in _parts(path, "xl/worksheets/"))


def _is_annotated(path: Path) -> bool:
    """Whether a file is an annotated copy, saved since or not."""
    return any(ANNOTATED.encode() in part for part in _parts(path, _CUSTOM))


def _parts(path: Path, prefix: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as package:
            yield from [package.read(name) for name in package.namelist() if name.startswith(prefix)]
    except (zipfile.BadZipFile, OSError):
        return


def _stamp(package: Package) -> None:
    """Says in the custom properties that this is an annotated copy; a template's own stamp stays."""
    kind = "customProperties" if package.strict else "custom-properties"
    found = package.related(ROOT, kind)
    if not found:
        xml = f'<Properties xmlns="{package.uri("officeDocument", kind)}"></Properties>'
        package.add(ROOT, _CUSTOM, DECLARATION + xml.encode(), _CUSTOM_KIND, kind)
    part = found[0] if found else _CUSTOM
    there = at_path(package.parts[part], "Properties/property")
    if not any(item.get("name") == ANNOTATED for item in there):
        number = 1 + max([1, *(int(item.get("pid")) for item in there)])
        types = package.uri("officeDocument", "docPropsVTypes")
        value = f'<vt:lpwstr xmlns:vt="{types}">{__version__}</vt:lpwstr>'
        package.append(part, "Properties", f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{ANNOTATED}">{value}</property>'.encode())
