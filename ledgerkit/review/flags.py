"""The Flags sheets of two summaries compared by finding id and heading: there rows are sorted, filtered and copied, and columns added."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from ledgerkit.locale import Lang, catalogue
from ledgerkit.model.summary import DECIDED, FLAGS, FLAGS_SHEET
from ledgerkit.reading.content import TEXTS, Content, SheetContent, Validation
from ledgerkit.reading.raw import Place, address, column_of
from ledgerkit.review.difference import Difference, of_cell, text_of

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")


@dataclass(frozen=True)
class Row:
    """A row of a finding: where it stands, and the column of each heading above it."""

    id: str
    sheet: str
    number: int
    columns: Mapping[str, int]

    def place(self, heading: str) -> Place:
        """Its cell below a heading."""
        return self.number, self.columns[heading]


@dataclass(frozen=True)
class Flags:
    """The Flags sheets of a summary: rows of findings, and texts that stand on no finding's row, each with its place.

    `heads` has by sheet its header rows: of each heading the column.
    """

    content: Content
    lang: Lang
    rows: list[Row] = field(default_factory=list)
    loose: list[tuple[str, str, Place]] = field(default_factory=list)
    heads: dict[str, list[Mapping[str, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Content, lang: Lang) -> "Flags":
        """The Flags of a workbook, whose sheets are named in a language."""
        found = cls(content, lang)
        for name in found.sheets:
            found._read(name, content.sheets[name])
        return found

    @cached_property
    def sheets(self) -> list[str]:
        """The names of the sheets with findings."""
        name = catalogue(self.lang).gettext(FLAGS_SHEET)
        return [sheet for sheet in self.content.sheets if re.fullmatch(rf"{re.escape(name)}( \d+)?", sheet)]

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """The first row of each finding."""
        return {row.id: row for row in reversed(self.rows)}

    @cached_property
    def headings(self) -> set[str]:
        """Every heading above rows of findings."""
        return {heading for heads in self.heads.values() for head in heads for heading in head}

    def say(self, column: str) -> str:
        """The heading of a column."""
        return catalogue(self.lang).gettext(FLAGS[column])

    def told(self, formula: str) -> str:
        """A formula with its references to these sheets told by heading and findings, which stay when rows and columns move."""
        for name in self.sheets:
            pattern = re.compile(rf"{re.escape(name.replace(' ', ''))}!{_REFERENCE.pattern}:{_REFERENCE.pattern}")
            formula = pattern.sub(lambda found, name=name: self._area(name, *found.groups()), formula)  # type: ignore[misc]
        return formula

    def _area(self, name: str, left: str, top: str, right: str, bottom: str) -> str:
        rows = [row for row in self.rows if row.sheet == name and int(top) <= row.number + 1 <= int(bottom)]
        headings = {heading for row in rows for heading, at in row.columns.items() if column_of(left) <= at <= column_of(right)}
        return f"{name}!{sorted(headings)}{sorted({row.id for row in rows})}"

    def _read(self, name: str, sheet: SheetContent) -> None:
        filled: dict[int, dict[int, str]] = {}
        for row, at in sheet.values:
            filled.setdefault(row, {})[at] = text_of(sheet, (row, at))
        head: Mapping[str, int] = {}
        for number, texts in sorted(filled.items()):
            if self.say("id") in texts.values():
                head = {text: at for at, text in sorted(texts.items(), reverse=True)}
                self.heads.setdefault(name, []).append(head)
            elif head and (known := texts.get(head[self.say("id")])):
                self.rows.append(Row(known, name, number, head))
            else:
                columns = [at for at in texts if not head or at in head.values()]
                self.loose.extend((name, texts[at], (number, at)) for at in sorted(columns))


@dataclass(frozen=True)
class Comparison:
    """Two summaries' Flags, `was` from the re-run. `unchecked` are columns (keys) that are left out, with the blocks below the findings."""

    was: Flags
    now: Flags
    unchecked: Set[str] = frozenset()

    def differences(self) -> Iterator[Difference]:
        """What differs; where the ids' own heading is gone, that alone."""
        lost = sorted(self.was.headings - self.now.headings)
        sheet = (self.now.sheets or self.was.sheets)[0]
        if self.was.say("id") in lost:
            yield Difference("column_missing", sheet, "", self.was.say("id"))
            return
        yield from (Difference("column_missing", sheet, "", heading) for heading in lost)
        yield from self._findings()
        yield from self._texts()
        yield from self._validations()

    def notes(self) -> Iterator[Difference]:
        """What people may do there, and did: rows copied, columns added, rows left out by a filter."""
        copies = Counter(row.id for row in self.now.rows if row.id in self.was.by_id)
        copied = sum(copies.values()) - len(copies)
        if copied:
            yield Difference("flag_copied", self.now.sheets[0], now=str(copied))
        added = [heading for heading in sorted(self.now.headings - self.was.headings) if heading.strip()]
        if added:
            yield Difference("column_added", self.now.sheets[0], now=", ".join(added))
        for name in self.now.sheets:
            sheet = self.now.content.sheets[name]
            if sheet.filtered and sheet.hidden_rows:
                yield Difference("filtered", name, now=str(len(sheet.hidden_rows)))

    def _findings(self) -> Iterator[Difference]:
        for row in self.now.rows:
            known = self.was.by_id.get(row.id)
            if known:
                yield from self._row(known, row)
            elif not (self.unchecked and row.columns is not self.now.heads[row.sheet][0]):
                yield Difference("flag_added", row.sheet, str(row.number + 1), "", self._named(self.now, row))
        for row in self.was.by_id.values():
            if row.id not in self.now.by_id:
                yield Difference("flag_missing", row.sheet, "", self._named(self.was, row))

    def _row(self, was: Row, now: Row) -> Iterator[Difference]:
        sheets = self.was.content.sheets[was.sheet], self.now.content.sheets[now.sheet]
        unchecked = {self.was.say(column) for column in self.unchecked if column in FLAGS}
        for heading in was.columns:
            place = was.place(heading)
            if heading in unchecked or place in sheets[0].unlocked or heading not in now.columns:
                continue
            yield from of_cell(now.sheet, sheets[0], place, sheets[1], now.place(heading))

    def _named(self, flags: Flags, row: Row) -> str:
        """A finding as people know it: its rule, its place, its id."""
        sheet = flags.content.sheets[row.sheet]
        told = (text_of(sheet, row.place(heading)) for heading in map(flags.say, ("rule", "where")) if heading in row.columns)
        return " ".join((*filter(None, told), f"[{row.id}]"))

    def _texts(self) -> Iterator[Difference]:
        """Titles, notes and headings of blocks, wherever they went; a text where ours is gone stands in its place."""
        was, now = Counter(text for _, text, _ in self.was.loose), Counter(text for _, text, _ in self.now.loose)
        lost = list((was - now).elements())
        for sheet, text, place in self.now.loose:
            if was[text]:
                was[text] -= 1
            elif lost and place[1] == 0:
                yield Difference("value", sheet, address(place), lost.pop(0), text)
            elif not (self.unchecked and place[0] > self._last_of(sheet)):
                yield Difference("row_unnamed", sheet, address(place), "", text)
        yield from (Difference("value", (self.now.sheets or self.was.sheets)[0], "", text) for text in lost)

    def _last_of(self, sheet: str) -> int:
        """The last row of the findings proper; below them stand the waived ones, and what earlier summaries have."""
        return max((row.number for row in self.now.rows if row.sheet == sheet and row.columns is self.now.heads[sheet][0]), default=0)

    def _validations(self) -> Iterator[Difference]:
        """Drop-downs and checks that are not ours any more, each once a column."""
        told: dict[tuple[str, str, str], tuple[str, Place]] = {}
        for row in self.now.rows:
            known = self.was.by_id.get(row.id)
            for heading in known.columns if known else ():
                if known and heading in row.columns:
                    ours, theirs = _check(self.was, known, heading), _check(self.now, row, heading)
                    told.setdefault((heading, ours, theirs), (row.sheet, row.place(heading)))
        for (_, ours, theirs), (sheet, place) in told.items():
            if ours != theirs:
                yield Difference("validation", sheet, address(place), ours, theirs)


def _check(flags: Flags, row: Row, heading: str) -> str:
    """The check of a row's cell, its references told by heading, "" where there is none."""
    check = flags.content.sheets[row.sheet].validations.get(row.place(heading))
    return " ".join((check.kind, *(_headed(formula, check, row.columns) for formula in check.formulas))) if check else ""


def _headed(formula: str, check: Validation, columns: Mapping[str, int]) -> str:
    names = {at: heading for heading, at in columns.items()}

    def named(found: re.Match[str]) -> str:
        heading = names.get(column_of(found[1]), found[1])
        return f"[{heading}{int(found[2]) - 1 - check.origin[0]:+d}]"

    return "".join(part if at % 2 else _REFERENCE.sub(named, part) for at, part in enumerate(TEXTS.split(formula)))


def told_apart(flags: Flags) -> list[str]:
    """The findings as texts in the order of their ids, each once, without what people fill in or add: for a digest."""
    headings = [flags.say(column) for column in FLAGS]
    decided = {flags.say(column) for column in DECIDED}
    rows = []
    for row in flags.by_id.values():
        head, sheet = flags.heads[row.sheet][0], flags.content.sheets[row.sheet]
        # Of a waived finding the waiver stands under other headings in the auditor's columns.
        places = [(row.number, head[name]) for name in headings if name in head and not (name in decided and name in row.columns)]
        rows.append("\x1f".join(text_of(sheet, place) for place in places))
    return sorted(rows)
