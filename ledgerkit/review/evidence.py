"""The evidence of a summary's runs, NAME.evidence.json beside it: what each run read and wrote, as digests, in a chain.

A link holds the SHA-256 of the file as it was before it, so that no earlier link can be changed unseen. The digests of rows and columns
are short, and of texts whose personal numbers are masked: they tell where a file changed, and nothing can be guessed back from them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ledgerkit.errors import BadInput
from ledgerkit.locale import N_, Lang
from ledgerkit.model.report import Report
from ledgerkit.reading.book import Source
from ledgerkit.reading.content import Content, SheetContent
from ledgerkit.reading.digests import SHORT
from ledgerkit.reading.raw import address, letter
from ledgerkit.review.difference import text_of
from ledgerkit.review.flags import Flags, told_apart

Link = dict[str, Any]
SUFFIX = ".evidence.json"
# A summary with more cells than this is not read back for the digests of its sheets: that takes about as long as to write it.
MOST_CELLS = 200_000
# More changed rows than this in the middle of a sheet are not aligned one by one, but told as a range.
MOST_ALIGNED = 2_000
# What two runs of the same may differ in.
PASSING = ("previous", "made")
_HEAD, _BETWEEN, _TAIL = b'{"links": [\n', b",\n", b"\n]}\n"

DAMAGED = N_(
    "{path} is no evidence file any more: it is damaged, or was written by another program. Move it away and run again; a new one is begun."
)


@dataclass(frozen=True)
class Chain:
    """The links of an evidence file. `broken`: the number (from 1) of the first link that does not hold the digest of the file before it."""

    links: tuple[Link, ...] = ()
    broken: int | None = None

    def of(self, sha256: str) -> Link | None:
        """The link of a summary: the one with its digest, else (somebody has saved it since) the last one."""
        same = (link for link in reversed(self.links) if link["summary"]["sha256"] == sha256)
        return next(same, self.links[-1] if self.links else None)

    def sheets_of(self, sha256: str) -> list[dict[str, str]] | None:
        """The digests of a file's rows and columns, which the first link that read it has."""
        read = (file for link in self.links for file in link["inputs"] if file["sha256"] == sha256 and "sheets" in file)
        return next((file["sheets"] for file in read), None)


def ages(summaries: Iterable[Path], today: date) -> dict[str, int]:
    """Days since each finding was first found, by its id, as far as the evidence beside some summaries knows."""
    found: dict[str, int] = {}
    for place in map(place_of, summaries):
        with suppress(BadInput):
            for link in read(place).links:
                days = (today - datetime.fromisoformat(link["made"]).date()).days
                found.update({name: max(days, found.get(name, 0)) for name in link.get("findings", ())})
    return found


def place_of(summary: Path) -> Path:
    """Where a summary's evidence lies."""
    return summary.with_suffix(SUFFIX)


def read(path: Path) -> Chain:
    """The evidence in a file, none where there is no file. Raises BadInput for what is none."""
    if not path.exists():
        return Chain()
    try:
        links = tuple(json.loads(path.read_text("utf-8"))["links"])
        told = [link["previous"] for link in links if link["summary"]["sha256"] and link["inputs"] is not None]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(DAMAGED, path=path) from error
    pairs = enumerate(zip(told, [None, *digests(links)], strict=False), 1)
    return Chain(links, next((number for number, (previous, before) in pairs if previous != before), None))


def text(links: Sequence[Link]) -> bytes:
    """An evidence file, a link a line."""
    return _HEAD + _BETWEEN.join(map(_line, links)) + _TAIL


def digests(links: Sequence[Link]) -> Iterator[str]:
    """The SHA-256 of an evidence file with the first of some links, the first two, and so on."""
    whole = hashlib.sha256(_HEAD)
    for number, link in enumerate(links):
        whole.update((_BETWEEN if number else b"") + _line(link))
        ended = whole.copy()
        ended.update(_TAIL)
        yield ended.hexdigest()


def _line(link: Link) -> bytes:
    return json.dumps(link, ensure_ascii=False).encode("utf-8", "backslashreplace")


def added(chain: Chain, link: Link) -> tuple[Link, ...] | None:
    """The links with one more; None where the last run was the same. What an earlier link has of a file is not told again."""
    inputs = [file if chain.sheets_of(file["sha256"]) is None else _named(file) for file in link["inputs"]]
    if chain.links and _without_place(chain.links[-1]) == _without_place(link):
        return None
    previous = [None, *digests(chain.links)][-1]
    return (*chain.links, {**link, "inputs": inputs, "previous": previous, "made": datetime.now(UTC).isoformat(timespec="seconds")})


def _without_place(link: Link) -> Link:
    """A run by itself: without its place in the chain, its files by their digests."""
    kept = {key: value for key, value in link.items() if key not in PASSING}
    return {**kept, "inputs": [_named(file) for file in link["inputs"]]}


def _named(file: dict[str, Any]) -> dict[str, Any]:
    return {key: file[key] for key in ("file", "sha256")}


def link_of(report: Report, sha256: str, sheets: Mapping[str, str] | None) -> Link:
    """A run as a link without its place in the chain. `sheets`: the digests of the summary's sheets, None where it is too large."""
    return {
        "ledgerkit": report.version,
        "command": report.command,
        "year": report.book.year,
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "options": dict(report.options),
        "policy": {"file": report.policy.file or None, "sha256": report.policy.sha256},
        "inputs": [_input(source) for source in report.book.sources],
        "findings": [finding.id for finding in report.findings],
        "summary": {"sha256": sha256, "sheets": dict(sheets) if sheets is not None else None},
    }


def _input(source: Source) -> dict[str, Any]:
    sheets = [{"sheet": sheet.name, "rows": sheet.digests[0], "columns": sheet.digests[1]} for sheet in source.raw.sheets]
    return {"file": source.path, "sha256": source.raw.sha256, "sheets": sheets}


def sheet_digests(content: Content, lang: Lang) -> dict[str, str]:
    """A digest of each sheet of a summary, without what people fill in; of the Flags sheets one by their findings, whatever their order."""
    flags = Flags.of(content, lang)
    by_id = "\x1e".join(told_apart(flags))
    return {
        name: hashlib.sha256((by_id if name in flags.sheets else _all(sheet)).encode("utf-8", "backslashreplace")).hexdigest()
        for name, sheet in content.sheets.items()
    }


def _all(sheet: SheetContent) -> str:
    """Everything on a sheet in the order of its places."""
    cells = [
        f"{address(place)}\x1f{sheet.formulas.get(place, '')}\x1f{text_of(sheet, place)}\x1f{sheet.shown.get(place, '')}"
        for place in sorted(sheet.values.keys() | sheet.formulas.keys())
        if place not in sheet.unlocked
    ]
    checks = [f"{address(place)}\x1f{check.kind}\x1f{check.formulas}" for place, check in sorted(sheet.validations.items())]
    return "\x1e".join((*cells, *checks, str(sorted(sheet.hidden_rows)), str(sorted(sheet.hidden_columns)), sheet.state))


def changed(before: Sequence[Mapping[str, str]], source: Source) -> list[tuple[str, str]]:
    """Where a file changed since its sheets had these digests: (sheet, cells) by sheet; cells are addresses, rows (17:18) or columns (D:E).

    A sheet that is new or gone has no cells. Empty where every value is the same, or one whose change the digests do not show.
    """
    was = {sheet["sheet"]: sheet for sheet in before}
    now = {sheet.name: sheet for sheet in source.raw.sheets}
    found = [(name, "") for name in (*was, *now) if (name in was) != (name in now)]
    for name in was:
        if name in now:
            found += [
                (name, cells)
                for cells in _changed(_split(was[name]["rows"]), _split(was[name]["columns"]), *map(_split, now[name].digests))
            ]
    return found


def _split(digests: str) -> list[str]:
    return [digests[at : at + SHORT] for at in range(0, len(digests), SHORT)]


def _changed(rows: Sequence[str], columns: Sequence[str], rows_now: Sequence[str], columns_now: Sequence[str]) -> Iterator[str]:
    """Cells where they can be told: those of one changed row in several columns, or of several rows in one; else rows, and columns."""
    steps = [step for step in _steps(rows, rows_now) if step[0] != "equal"]
    if any(high - low != top - bottom for _, low, high, bottom, top in steps):
        yield from (f"{low + 1}:{high}" for _, _, _, low, high in steps if high > low)
        yield from (f"-{low + 1}:{high}" for _, low, high, bottom, top in steps if top == bottom)
        return
    lines = [row for _, _, _, low, high in steps for row in range(low, high) if row >= len(rows) or rows[row] != rows_now[row]]
    wide = max(len(columns), len(columns_now))
    across = [at for at in range(wide) if [*columns, *[""] * wide][at] != [*columns_now, *[""] * wide][at]]
    if min(len(lines), len(across)) == 1:
        yield from (address((row, at)) for row in lines for at in across)
    else:
        yield from (f"{row + 1}:{row + 1}" for row in lines)
        yield from (f"{letter(at)}:{letter(at)}" for at in across)


def _steps(was: Sequence[str], now: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """How one list of digests becomes another, as difflib tells it; what is alike at both ends is left out first."""
    shorter = min(len(was), len(now))
    top = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    end = next((at for at in range(shorter - top) if was[-1 - at] != now[-1 - at]), shorter - top)
    ours, theirs = was[top : len(was) - end], now[top : len(now) - end]
    if len(ours) == len(theirs) or max(len(ours), len(theirs)) > MOST_ALIGNED:
        return [("replace", top, len(was) - end, top, len(now) - end)] if ours or theirs else []
    found = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return [(tag, low + top, high + top, bottom + top, up + top) for tag, low, high, bottom, up in found]
