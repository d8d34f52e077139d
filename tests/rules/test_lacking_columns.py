"""No rule fires on a book whose columns it lacks: it is listed as not run, with the column. Each rule's example loses its columns one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from ledgerkit import ledgers
from ledgerkit.model.finding import Finding
from ledgerkit.model.table import DTYPES, Table
from ledgerkit.reading.book import Sheet
from ledgerkit.reading.cells import blank_value
from ledgerkit.reading.headers import Layout, Match
from ledgerkit.rules.base import Because, Function, Rule
from ledgerkit.rules.examples import Example, example, subject_of
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.required import blanks
from ledgerkit.rules.run import Subject, missing, run_function

FUNCTIONS = [
    pytest.param(rule, function, id=f"{rule.code}-{function.check.__name__}") for rule in catalogue() for function in rule.functions
]
# Where a column that is not there may leave more flags than its cells would have, and why that is right.
MEANT: Mapping[tuple[str, str, str], str] = {
    ("G011", "relief", "member_no"): "who has no number is known by the name (docs/decisions.md)",
    ("M001", "members", "left_on"): "who left without a day is G013 or G001; until it is entered, two rows of one ID are to be looked at",
    ("M004", "members", "left_on"): "of the retired a day is not asked for: none means before the books' year",
    ("A001", "relief", "id_no"): "who has no number is known by the name (docs/decisions.md)",
    (
        "D007",
        "dues",
        "paid_on",
    ): "the month is over-paid all the same; without days the later entry is flagged instead of the later payment",
}


def run(rule: Rule, function: Function, subject: Subject) -> tuple[list[Finding], list[Because]]:
    """What a function finds in an example and what it says that it could not compare, as a run would have it."""
    lacking = missing(function, rule.code, subject)
    return ([], [lacking]) if lacking else run_function(rule, function, subject)


def places(findings: list[Finding]) -> set[tuple[int, int | None]]:
    return {(finding.src, finding.row) for finding in findings}


@cache
def whole(rule: str, at: int) -> tuple[Example, Subject]:
    """The example of a rule's function, and its tables as rules run on them."""
    shown = example(catalogue()[rule].functions[at])
    return shown, laid_out(shown, subject_of(catalogue()[rule], shown))


def laid_out(shown: Example, subject: Subject, lacking: tuple[str, str] = ("", "")) -> Subject:
    """The example with a sheet for each table, whose layout has every column of the ledger but one."""
    sheets = []
    for number, sheet in enumerate(shown.sheets):
        layout = None
        if sheet.name in ledgers.ORDER:
            ledger = ledgers.load(sheet.name)
            columns = [field.key for field in ledger.fields if (sheet.name, field.key) != lacking]
            layout = Layout(ledger, 0, 1, {key: Match(0, at, key, key, exact=True) for at, key in enumerate(columns)})
        sheets.append(Sheet(number, f"{sheet.name}.xlsx", sheet.name, sheet.name, layout))
    return replace(subject, sheets=sheets)


def without(rule: Rule, function: Function, ledger: str, column: str) -> Subject:
    """The example in a book whose sheet of a ledger has no such column, typed as reading types it."""
    shown, subject = whole(rule.code, rule.functions.index(function))
    table = lacks(subject.tables[ledger], column)
    read = {**subject.read, ledger: table}
    tables = {**subject.tables, ledger: table}
    if "blanks" in function.tables and not any(sheet.name == "blanks" for sheet in shown.sheets):
        tables["blanks"] = blanks(read, subject.policy)
    return laid_out(shown, replace(subject, tables=tables, read=read), (ledger, column))


def lacks(table: Table, column: str) -> Table:
    """A ledger's Table as reading makes it of sheets without a column: a required one is unknown, another blank."""
    assert table.ledger is not None
    item = table.ledger[column]
    unknown = item.need == "R"
    values = pd.Series([None if unknown else blank_value(item)] * len(table), index=table.frame.index, dtype=DTYPES[item.type])
    unread = {column: pd.Series(True, index=table.frame.index)} if unknown else {}
    absent = table.absent | ({column} if item.need != "O" else set())
    return replace(table, frame=table.frame.assign(**{column: values}), unread={**table.unread, **unread}, absent=absent)


def shown_columns(function: Function) -> Iterator[tuple[str, str]]:
    """(ledger, column) of every ledger column that the example has; a sheet without its key is no ledger at all."""
    for sheet in example(function).sheets:
        if sheet.name in ledgers.ORDER:
            known = {field.key for field in ledgers.load(sheet.name).fields} - set(ledgers.load(sheet.name).key)
            yield from ((sheet.name, column) for column in sheet.columns if column in known)


@pytest.mark.parametrize(("rule", "function"), FUNCTIONS)
def test_a_rule_without_a_column_that_it_needs_says_so_and_finds_nothing(rule: Rule, function: Function) -> None:
    for ledger, columns in function.needs.items():
        for column in columns if ledger in {sheet.name for sheet in example(function).sheets} & set(ledgers.ORDER) else ():
            findings, because = run(rule, function, without(rule, function, ledger, column))
            assert (findings, [dict(reason.values).get("column") for reason in because]) == ([], [column]), (ledger, column)


@pytest.mark.parametrize(("rule", "function"), FUNCTIONS)
def test_no_flag_rests_on_a_required_or_conditional_column_that_is_not_there(rule: Rule, function: Function) -> None:
    flagged, _ = run(rule, function, whole(rule.code, rule.functions.index(function))[1])
    assert flagged, "the example flags something"
    more = {}
    for ledger, column in shown_columns(function):
        if ledgers.load(ledger)[column].need != "O" and (rule.code, ledger, column) not in MEANT:
            findings, _ = run(rule, function, without(rule, function, ledger, column))
            more[ledger, column] = sorted(places(findings) - places(flagged))
    assert {where: rows for where, rows in more.items() if rows} == {}


def test_every_exception_is_one() -> None:
    """An exception that is none any more would hide a new one."""
    excused = set()
    for code, ledger, column in MEANT:
        for at, function in enumerate(catalogue()[code].functions):
            if (ledger, column) in set(shown_columns(function)):
                flagged, _ = run(catalogue()[code], function, whole(code, at)[1])
                findings, _ = run(catalogue()[code], function, without(catalogue()[code], function, ledger, column))
                excused |= {(code, ledger, column)} if places(findings) - places(flagged) else set()
    assert excused == set(MEANT)
