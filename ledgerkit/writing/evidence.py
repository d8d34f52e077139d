"""A summary together with its evidence file."""

from collections.abc import Sequence
from pathlib import Path

from ledgerkit.locale import Lang
from ledgerkit.model.report import Report
from ledgerkit.reading.content import content
from ledgerkit.reading.engine import digest, read_file
from ledgerkit.review import evidence
from ledgerkit.review.evidence import Chain
from ledgerkit.writing import atomic
from ledgerkit.writing.workbook import write_summary


def summarise(report: Report, target: Path, paths: Sequence[Path], lang: Lang) -> None:
    """Writes the summary, and a link for it into the file beside it. Raises BadInput where that file is none, and writes nothing then; BadOutput."""
    chain = evidence.read(evidence.place_of(target))
    write_summary(report, target, paths, lang)
    _write_link(chain, report, target, lang)


def _write_link(chain: Chain, report: Report, summary: Path, lang: Lang) -> None:
    """A link for the summary that a run has written; none where the last run was the same."""
    sha256 = digest(summary)
    last = chain.links[-1]["summary"] if chain.links else {}
    sheets = last["sheets"] if last.get("sha256") == sha256 else _sheets(report, summary, lang)
    links = evidence.added(chain, evidence.link_of(report, sha256, sheets))
    if links:
        atomic.write(evidence.place_of(summary), evidence.text(links))


def _sheets(report: Report, summary: Path, lang: Lang) -> dict[str, str] | None:
    """The digests of the summary's sheets; None of one that is too large, and of a merge's, which verify does not prove."""
    if report.command == "merge":
        return None
    raw = read_file(summary, summary.name)
    is_small = sum(len(sheet.rows) * max(map(len, sheet.rows), default=0) for sheet in raw.sheets) <= evidence.MOST_CELLS
    return evidence.sheet_digests(content(summary, raw), lang) if is_small else None
