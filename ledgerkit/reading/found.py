"""What reading found, as statements that the F and G rules run on: files, sheets, headers, cells, display, declared totals."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ledgerkit import ledgers
from ledgerkit.model.stamp import KIND, TEMPLATE, TEMPLATE_VERSION, VERSION
from ledgerkit.model.statements import READING
from ledgerkit.model.table import Table, make
from ledgerkit.reading.book import Book, Sheet, Source
from ledgerkit.reading.cells import HIDES
from ledgerkit.reading.display import displayed
from ledgerkit.reading.headers import Layout, Match, Unknown
from ledgerkit.reading.raw import letter
from ledgerkit.reading.sheet import NO_ROW

Row = Mapping[str, object]


def found(book: Book) -> dict[str, Table]:
    """The reading statements of a Book by name; `_src` −1 stands for a whole file."""
    counting = [(at, sheet) for at, sheet in enumerate(book.sheets) if not book.sources[sheet.file].problem]
    rows: dict[str, Iterator[Row]] = {
        "files": (row for source in book.sources for row in _file(source)),
        "sheets": (row for at, sheet in counting for row in _unknown(at, sheet)),
        "headers": (row for at, sheet in counting if sheet.layout for row in _headers(at, sheet.layout)),
        "cells": _cells(counting),
        "display": displayed(book, counting),
        "declared": _declared(counting),
    }
    branches = [source.branch for source in book.sources]
    return {name: _statement(book, name, [_placed(book, branches, row) for row in listed]) for name, listed in rows.items()}


def _statement(book: Book, name: str, rows: list[Row]) -> Table:
    return replace(make(name, READING[name], rows), key=("branch",))


def _placed(book: Book, branches: list[str], row: Row) -> Row:
    at = row.get("_src", -1)
    assert isinstance(at, int)
    return row if at < 0 else {**row, "branch": branches[book.sheets[at].file]}


def _file(source: Source) -> Iterator[Row]:
    if source.problem:
        yield {
            "branch": source.branch,
            "file": source.path,
            "problem": source.problem,
            "observed": source.observed,
            "expected": source.expected,
            "case": source.raw.case,
        }
    elif source.raw.properties.get(KIND) == TEMPLATE:
        version = source.raw.properties.get(VERSION, "")
        lost = source.cover.lost if source.cover else tuple(f.key for f in ledgers.load("cover").fields)
        if version != TEMPLATE_VERSION or lost:
            observed = version if version != TEMPLATE_VERSION else ", ".join(f"cover_{key}" for key in lost)
            expected = TEMPLATE_VERSION if version != TEMPLATE_VERSION else ""
            yield {"branch": source.branch, "file": source.path, "problem": "G026", "observed": observed, "expected": expected}


def _unknown(at: int, sheet: Sheet) -> Iterator[Row]:
    if isinstance(sheet.unknown, Unknown):
        lacking = ", ".join(ledgers.load(sheet.unknown.nearest)[key].zh for key in sheet.unknown.lacking) if sheet.unknown.nearest else ""
        yield {
            "_src": at,
            "ledger": "|".join(sheet.unknown.tied) or sheet.unknown.nearest,
            "problem": "tied" if sheet.unknown.tied else "unknown",
            "observed": sheet.name,
            "expected": lacking,
        }


def _headers(at: int, layout: Layout) -> Iterator[Row]:
    here = {"_src": at, "_row": layout.header_row + 1, "ledger": layout.ledger.name}
    for key in layout.missing:
        yield {**here, "field": key, "problem": "missing", "observed": nearest(layout, key), "expected": layout.ledger[key].zh}
    for double in layout.doubles:
        first = layout.months[double.month] if double.month else layout.matches[double.field]
        place = f"{letter(first.column)}{first.row + 1}"
        yield {**here, **_match(double), "problem": "double", "expected": place}
    for match in (*layout.matches.values(), *layout.months.values()):
        if match.scale != 1:
            yield {**here, **_match(match), "problem": "scale", "expected": str(match.scale)}
        elif not match.exact:
            yield {**here, **_match(match), "problem": "folded", "expected": layout.ledger[match.field].zh}


def _match(match: Match) -> Row:
    return {"_row": match.row + 1, "_col": letter(match.column), "field": match.field, "observed": match.text}


def nearest(layout: Layout, key: str) -> str:
    """The extra header that looks most like a missing one, with its cell; "" where none does."""
    item = layout.ledger[key]
    names = {text: column for column, text in layout.extras.items()}
    for name in (item.zh, item.label("en")):
        if near := difflib.get_close_matches(name, names, 1, 0.5):
            return f"{letter(names[near[0]])}{layout.header_row + 1} {near[0]}"
    return ""


def _cells(counting: Sequence[tuple[int, Sheet]]) -> Iterator[Row]:
    base = dict.fromkeys(ledgers.ORDER, 0)
    for at, sheet in counting:
        for key, row, column, cell in sheet.cover.broken if sheet.cover else ():
            place = {"_src": at, "_row": row + 1, "_col": letter(column), "at": NO_ROW, "field": key}
            yield {**place, "type": "text", "text": cell.text or "", "fault": cell.code, "case": cell.case, "expected": cell.expected or ""}
        if not sheet.rows or not sheet.ledger:
            continue
        for fault in sheet.rows.faults:
            if fault.fault.code == HIDES:
                continue
            yield {
                "_src": at,
                "_row": fault.row + 1,
                "_col": letter(fault.column),
                "at": base[sheet.ledger] + fault.at if fault.at != NO_ROW else NO_ROW,
                "ledger": sheet.ledger,
                "field": fault.field.key,
                "type": fault.field.type,
                "text": fault.fault.text if fault.fault.text is not None else "",
                "fault": fault.fault.code,
                "case": fault.fault.case,
                "expected": fault.fault.expected or "",
            }
        base[sheet.ledger] += sheet.rows.count


def _declared(counting: Sequence[tuple[int, Sheet]]) -> Iterator[Row]:
    for at, sheet in counting:
        for total in sheet.rows.declared if sheet.rows else ():
            yield {
                "_src": at,
                "_row": total.row,
                "_col": total.column,
                "ledger": sheet.ledger,
                "field": total.field,
                "declared": total.declared,
                "details": total.details,
                "unread": total.unread,
            }
