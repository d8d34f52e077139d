"""A column of which no cell can be read ends no run: each column of each rule's example in turn."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
import pytest

from ledgerkit.model.table import DTYPES, Table
from ledgerkit.rules.base import Function, Rule
from ledgerkit.rules.examples import example, subject_of
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import Subject, run_function

FUNCTIONS = [
    pytest.param(rule, function, id=f"{rule.code}-{function.check.__name__}") for rule in catalogue() for function in rule.functions
]


def unreadable(table: Table, column: str) -> Table:
    """Every cell of a column unreadable: NA, and marked."""
    kind = DTYPES[table.types[column]]
    frame = table.frame.assign(**{column: pd.Series([pd.NA] * len(table.frame), dtype=kind, index=table.frame.index)})
    return replace(table, frame=frame, unread={**table.unread, column: pd.Series(True, index=frame.index)})


def changed(subject: Subject, ledger: str, change: Callable[[Table], Table]) -> Subject:
    """The books with one ledger changed, both as read and as used."""

    def of(tables: Mapping[str, Table]) -> dict[str, Table]:
        return {name: change(table) if name == ledger else table for name, table in tables.items()}

    return replace(subject, tables=of(subject.tables), read=of(subject.read))


@pytest.mark.parametrize(("rule", "function"), FUNCTIONS)
def test_it_ends_no_run(rule: Rule, function: Function) -> None:
    """A key that cannot be read rejects its row, so that no rule on used rows ever sees one."""
    shown = example(function)
    whole = subject_of(rule, shown)
    filled = {sheet.name: sheet.columns for sheet in shown.sheets}
    for ledger, table in whole.read.items():
        for column in (column for column in filled[ledger] if column in table.types and column not in ("branch", *table.key)):
            spoilt = changed(whole, ledger, lambda one, column=column: unreadable(one, column))  # type: ignore[misc]
            assert all(finding.rule == rule.code for finding in run_function(rule, function, spoilt)[0])
