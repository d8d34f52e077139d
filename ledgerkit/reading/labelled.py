"""Sheets of ours read back by their words, whatever program saved them since: rows below headings, values beside labels, in either language."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from ledgerkit.locale import LANGS, Lang, catalogue
from ledgerkit.model.period import parse_moment
from ledgerkit.reading.raw import Cell, RawSheet

FINDING_ID = re.compile(r"[0-9a-f]{16}(-[0-9]+)?")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """A header row: which column has which heading, and the language of the headings."""

    columns: Mapping[str, int]
    lang: Lang

    def texts(self, row: Sequence[Cell]) -> dict[str, str]:
        """The texts of a row by heading."""
        return {key: text(row[at]) for key, at in self.columns.items() if at < len(row)}

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        """A cell of a row as it is, None where the heading or the cell is not there."""
        at = self.columns.get(key)
        return row[at] if at is not None and at < len(row) else None


def head(row: Sequence[Cell], labels: Mapping[str, str], needed: Collection[str]) -> Head | None:
    """The columns of a header row; None for a row that has not the headings that are needed."""
    told = {_folded(cell): at for at, cell in reversed(list(enumerate(row))) if isinstance(cell, str) and cell}
    for lang in LANGS:
        columns = {key: told[label] for key, label in _labels(lang, tuple(labels.items())) if label in told}
        if set(needed) <= columns.keys():
            return Head(columns, lang)
    return None


def below(sheet: RawSheet, labels: Mapping[str, str], needed: Collection[str]) -> Iterator[tuple[Head, int, Sequence[Cell]]]:
    """The rows below each header of a sheet, with that header and their Excel row."""
    above = None
    for number, row in enumerate(sheet.rows, 1):
        here = head(row, labels, needed)
        above = here or above
        if above and not here:
            yield above, number, row


def has_head(sheet: RawSheet, labels: Mapping[str, str], needed: Collection[str]) -> bool:
    """Whether a sheet has a header row with the headings that are needed."""
    return any(head(row, labels, needed) for row in sheet.rows)


def pairs(sheet: RawSheet, labels: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    """What stands at the right of some labels, by their keys."""
    names = {label: key for lang in LANGS for key, label in _labels(lang, tuple(labels.items()))}
    for row in sheet.rows:
        for at, cell in enumerate(row[:-1]):
            if isinstance(cell, str) and (key := names.get(_folded(cell))):
                yield key, row[at + 1]


def key_of(said: str, labels: Mapping[str, str]) -> str:
    """The key that a text names by itself or by its label in any language; else the text as it is."""
    folded = _folded(said)
    names = {label: key for lang in LANGS for key, label in _labels(lang, tuple(labels.items()))}
    return folded if folded in labels else names.get(folded, said)


@cache
def _labels(lang: Lang, labels: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(key, _folded(catalogue(lang).gettext(label))) for key, label in labels]


def _folded(said: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(said)).split()).lower()


def text(cell: Cell) -> str:
    """A cell as text: a day as ISO, a whole number without its point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def day(said: str) -> str:
    """A day as ISO where a text certainly is one, else the text."""
    moment = parse_moment(said)
    return moment.date().isoformat() if moment else said


def spoken_in(sheets: Sequence[RawSheet]) -> Lang:
    """The language that a workbook's sheets are named in."""
    return "zh" if any(sheet.name[:1] >= "\u4e00" for sheet in sheets) else "en"
