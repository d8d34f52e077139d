"""The tables in a rule's docstring: read as if they stood in a workbook, run, and compared with their own marks.

A cell is text as a clerk would type it; `#12.5` is a number, `#REF!` and its like an error cell, `=` a formula never calculated.
`!` marks the flagged rows, an `expected` column (where the table has no such field) is compared where filled.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from ledgerkit import ledgers, policies
from ledgerkit.model.policy import Policy
from ledgerkit.model.schema import FieldType, Ledger
from ledgerkit.model.statements import READING, STATEMENTS
from ledgerkit.model.table import PLACE, TEXTS, Table, make, table_of, types_of
from ledgerkit.reading.cells import Column, Context, Fault, blank_value, read_column
from ledgerkit.reading.sheet import REVERSAL
from ledgerkit.rules.base import Function, Rule
from ledgerkit.rules.required import BLANKS, LACKING, blanks
from ledgerkit.rules.run import Subject, missing, run_function

MARK = "!"
_SETTING = re.compile(r"(?:as_of (?P<as_of>\S+)|year = (?P<year>\d{4})|(?P<name>[\w.]+) = (?P<value>\S+))")
_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)")
_KINDS: Mapping[str, Mapping[str, FieldType]] = {**STATEMENTS, "blanks": BLANKS, "lacking": LACKING}
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    """One table of a docstring: its name, its columns, its rows as text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Example:
    """A function's example: settings of the run and tables, the first marked one flagged."""

    sheets: tuple[Sheet, ...]
    as_of: date | None = None
    year: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def example(function: Function) -> Example:
    """The example in a function's docstring."""
    sheets: list[Sheet] = []
    as_of: date | None = None
    year: int | None = None
    settings: dict[str, str] = {}
    block: list[tuple[str, ...]] = []
    for line in [*function.text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if block:
            sheets.append(_sheet(block))
            block = []
        if found := _SETTING.fullmatch(line.strip()):
            as_of = date.fromisoformat(found["as_of"]) if found["as_of"] else as_of
            year = int(found["year"]) if found["year"] else year
            settings |= {found["name"]: found["value"]} if found["name"] else {}
    return Example(tuple(sheets), as_of, year, settings)


def tables(function: Function) -> str:
    """The example as it stands in the docstring: settings and tables, without the prose."""
    lines = function.text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith("|") or _SETTING.fullmatch(line.strip())), len(lines))
    return "\n".join(lines[first:]).strip()


def _sheet(block: Sequence[tuple[str, ...]]) -> Sheet:
    name, _, first = block[0][0].partition(":")
    return Sheet(name.strip(), (first.strip(), *block[0][1:]), tuple(block[1:]))


def outcomes(rule: Rule, function: Function, branches: Sequence[str] = ("",)) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """(flagged, marked) rows of a function's example as (table, branch, row number, expected), in order.

    Several branches repeat the example once each, as a federation that consists of it.
    """
    shown = example(function)
    subject = subject_of(rule, shown, branches)
    refused = missing(function, rule.code, subject)
    if refused:
        raise ValueError(f"{rule.code}: the example cannot run: {refused}")
    wanted = [row for branch in branches for sheet in shown.sheets for row in _marked(sheet, branch)]
    compared = {(table, branch, row): expected for table, branch, row, expected in wanted}
    findings, _ = run_function(rule, function, subject)
    names = [sheet.name for sheet in shown.sheets]
    found = []
    for finding in findings:
        table, row = names[finding.src], str(finding.row)
        expected = finding.expected or ""
        found.append((table, finding.branch, row, expected if compared.get((table, finding.branch, row)) else ""))
    return sorted(set(found)), sorted(wanted)


def _marked(sheet: Sheet, branch: str) -> Iterator[tuple[str, ...]]:
    """The marked rows of a table: (table, branch, row number, expected)."""
    for number, row in enumerate(sheet.rows, 1):
        cells = dict(zip(sheet.columns, row, strict=True))
        own = cells.get("branch", branch)
        if cells.get(MARK):
            yield (sheet.name, own, str(number), cells.get("expected", "") if "expected" not in _types(sheet.name) else "")


def subject_of(rule: Rule, shown: Example, branches: Sequence[str] = ("",)) -> Subject:
    """An example as rules run on it; the tables are numbered as sheets."""
    built = [_table(sheet, number, branches) for number, sheet in enumerate(shown.sheets)]
    tables = {table.name: table for table, _ in built}
    faults = [row for _, rows in built for row in rows]
    policy = _policy(rule, shown.settings)
    books = {name: table for name, table in tables.items() if table.ledger}
    statements = {"cells": make("cells", READING["cells"], faults)} if "cells" not in tables else {}
    statements |= {"blanks": blanks(books, policy)} if "blanks" not in tables else {}
    return Subject({**tables, **statements}, books, policy, shown.as_of, shown.year)


def _policy(rule: Rule, given: Mapping[str, str]) -> Policy:
    """National settings with those of an example: `grace_days = 3` is the rule's own, `caps.year.festival = 2200.00` the policy's."""
    national = policies.load(None, {}).layers
    own: dict[str, Any] = {"rules": {rule.code: {name: int(value) for name, value in given.items() if "." not in name}}}
    for name, value in given.items():
        *path, last = name.split(".")
        under: Mapping[str, Any] = national.national
        inside = own
        for part in path:
            under, inside = under.get(part, {}), inside.setdefault(part, {})
        if path:
            inside[last] = [value] if isinstance(under.get(last), list) else value
    return replace(national, own=own).on(None)


def _types(name: str) -> Mapping[str, FieldType]:
    return _KINDS[name] if name in _KINDS else types_of(ledgers.load(name))


def _table(sheet: Sheet, number: int, branches: Sequence[str]) -> tuple[Table, list[Mapping[str, object]]]:
    """A docstring table as a Table, repeated a branch, with its cell faults."""
    columns = [column for column in sheet.columns if column not in (MARK, "branch") and column in _types(sheet.name)]
    texts = {c: [row[sheet.columns.index(c)] for row in sheet.rows] * len(branches) for c in columns}
    own = [row[sheet.columns.index("branch")] for row in sheet.rows] if "branch" in sheet.columns else None
    count = len(sheet.rows) * len(branches)
    places: Columns = {
        "_src": [number] * count,
        "_row": list(range(1, len(sheet.rows) + 1)) * len(branches),
        "_col": [""] * count,
        "branch": own or [branch for branch in branches for _ in sheet.rows],
    }
    if sheet.name in _KINDS:
        return _statement(sheet, texts, places), []
    return _ledger(ledgers.load(sheet.name), texts, places)


def _statement(sheet: Sheet, texts: Mapping[str, list[str]], places: Columns) -> Table:
    types, blank = _KINDS[sheet.name], [""] * len(places["branch"])
    data = {column: _cast(texts.get(column, blank), kind) for column, kind in types.items()}
    return table_of(sheet.name, {**PLACE, **types}, {**places, **data})


def _cast(texts: Sequence[str], kind: FieldType) -> list[object]:
    """Canonical texts of a statement's column as typed values; "" is NA but for text."""
    if kind in TEXTS:
        return list(texts)
    if kind == "money":
        return [round(float(text) * 100) if text else None for text in texts]
    if kind == "date":
        return [pd.Timestamp(text) if text else None for text in texts]
    if kind == "yesno":
        return [text == "yes" if text else None for text in texts]
    return [int(text) if text else None for text in texts]


def _ledger(ledger: Ledger, texts: Mapping[str, list[str]], places: Columns) -> tuple[Table, list[Mapping[str, object]]]:
    values, unread, count = dict(places), {}, len(places["branch"])
    faults: list[Mapping[str, object]] = []
    for item in ledger.fields:
        if item.key not in texts:
            values[item.key] = [blank_value(item)] * count
            continue
        column = _column(Context(item), texts[item.key])
        values[item.key], unread[item.key] = column.values, column.unread
        for at, fault in column.faults.items():
            if fault.case == "sign" and texts.get("remark", [""] * count)[at].startswith(REVERSAL):
                continue
            place = {name: listed[at] for name, listed in places.items()}
            shown = {"text": fault.text or "", "fault": fault.code, "case": fault.case, "expected": fault.expected or ""}
            faults.append({**place, "at": at, "ledger": ledger.name, "field": item.key, "type": item.type, **shown})
    types: dict[str, FieldType] = {**types_of(ledger), "_used": "yesno"}
    return table_of(ledger.name, types, {**values, "_used": [True] * count}, ("branch", *ledger.key), ledger, unread), faults


def _column(context: Context, texts: Sequence[str]) -> Column:
    broken = {at: Fault("G020", text) for at, text in enumerate(texts) if _ERROR.fullmatch(text)}
    broken |= {at: Fault("G021", None) for at, text in enumerate(texts) if text == "="}
    cells = [float(text[1:]) if text.startswith("#") and at not in broken else text for at, text in enumerate(texts)]
    column = read_column(context, cells, broken, {})
    if context.field.type == "money" and not context.field.signed:
        for at, value in enumerate(column.values):
            if value is not None and (value <= 0 if context.field.positive else value < 0):
                column.faults[at] = Fault("G008", texts[at], ">= 0", "sign")
    return column
