"""How each branch of a federation stands: what came beside the register, what was found of it, its ranks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from ledgerkit import ledgers, policies
from ledgerkit.merge.completeness import received
from ledgerkit.model.federation import Sent
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.table import Table, make, types_of
from ledgerkit.reading.book import Sheet
from ledgerkit.rules.federation import headcount_differs, rules
from ledgerkit.rules.packs import settings
from ledgerkit.rules.run import Subject, run_rules
from ledgerkit.writing import wording

DUE = date(2016, 1, 31)
REGISTER = Sheet(0, "register.xlsx", "Branches", "branches")


def register(*rows: dict[str, Any]) -> Table:
    """A register, its rows from Excel row 2 on in the first sheet."""
    ledger = ledgers.load("branches")
    placed = [{"_src": 0, "_row": at, "status": "active", "members": 60, **row} for at, row in enumerate(rows, 2)]
    table = make("branches", types_of(ledger), placed, ("branch", *ledger.key))
    return Table(table.name, table.types, table.frame, table.key, ledger)


def stands(table: Table) -> list[tuple[str, str]]:
    return list(zip(table["branch_code"], table["state"], strict=True))


def test_every_state_in_the_registers_order_and_unknown_ones_last() -> None:
    listed = register(
        *({"branch_code": code} for code in ("B7", "B1", "B2", "B3", "B4")),
        {"branch_code": "B5", "status": "dissolved"},
        {"branch_code": "B6", "status": "merged"},
        {"branch_code": "B7", "name": "again"},
    )
    sent = [
        Sent("B1", filled_on=DUE, files=["1.xlsx"]),
        Sent("B2", filled_on=date(2016, 2, 1), files=["2.xlsx"], superseded=["2 old.xlsx"]),
        Sent("B3", files=["3.xlsx"], superseded=["3 old.xlsx"]),
        Sent("B4", duplicate=["4a.xlsx", "4b.xlsx"]),
        Sent("B6", files=["6.xlsx"]),
        Sent("Z9", name="无名工会", files=["9.xlsx"], filled_on=date(2016, 3, 1)),
        Sent("A1", files=["a.xlsx"]),
        Sent("A0"),
    ]
    table = received(listed, sent, [], DUE)
    assert stands(table) == [
        ("B7", "missing"),
        ("B1", "received"),
        ("B2", "late"),
        ("B3", "superseded"),
        ("B4", "duplicate"),
        ("B5", ""),
        ("B6", "received"),
        ("A1", "unknown"),
        ("Z9", "unknown"),
    ]
    assert table["files"].tolist() == [0, 1, 1, 1, 0, 0, 1, 1, 1]
    assert table["rejected_files"].tolist() == [0, 0, 1, 1, 2, 0, 0, 0, 0]
    assert table["_row"].tolist() == [2, 3, 4, 5, 6, 7, 8, pd.NA, pd.NA]
    assert (table["branch"] == table["branch_code"]).all()
    assert (table["name"].tolist()[-1], table["file"].tolist()[-1]) == ("无名工会", "9.xlsx")


def test_nobody_is_late_without_a_day_and_nobody_without_a_date() -> None:
    sent = [Sent("B1", files=["1.xlsx"], filled_on=date(2016, 12, 31)), Sent("B2", files=["2.xlsx"])]
    listed = register({"branch_code": "B1"}, {"branch_code": "B2"})
    assert stands(received(listed, sent, [], None)) == [("B1", "received"), ("B2", "received")]
    assert stands(received(listed, sent, [], DUE)) == [("B1", "late"), ("B2", "received")]


def test_without_a_register_nothing_is_missing_or_unknown() -> None:
    sent = [
        Sent("B2", files=["2.xlsx"]),
        Sent("B1", files=["1.xlsx"], filled_on=date(2016, 2, 1)),
        Sent("B3", duplicate=["3.xlsx"]),
        Sent("B4"),
    ]
    table = received(None, sent, [], DUE)
    assert stands(table) == [("B1", "late"), ("B2", "received"), ("B3", "duplicate")]
    assert len(received(None, [], [], None)) == 0


def test_a_branchs_findings_are_counted_and_those_of_its_row_on_the_register_are_its_own() -> None:
    def found(branch: str, severity: Severity, amount: int | None = None, **more: Any) -> Finding:
        return Finding("A001", severity, branch=branch, amount=amount, **more)

    findings = [
        found("B1", Severity.HIGH, -5000),
        found("B1", Severity.MEDIUM, 250),
        found("B1", Severity.ERROR),
        found("B1", Severity.LOW, 99900),
        found("B1", Severity.HIGH, 70000, state="waived"),
        found("JG", Severity.MEDIUM, ledger="branches", key=("B2",)),
        found("B2", Severity.INFO, 100),
        found("B9", Severity.HIGH, 100),
    ]
    table = received(register({"branch_code": "B1"}, {"branch_code": "B2"}), [], findings, None)
    columns = [*map(str, Severity), "at_risk"]
    assert table.frame[columns].to_numpy().tolist() == [[1, 1, 1, 1, 0, 5250], [0, 0, 1, 0, 1, 0]]


def ranks(sent: Sequence[Sent], findings: Sequence[Finding] = ()) -> list[list[int | None]]:
    table = received(None, sent, findings, None)
    columns = ["rank_collection", "rank_execution", "rank_at_risk"]
    return [[None if value is pd.NA else int(value) for value in row] for row in table.frame[columns].to_numpy().tolist()]


def test_ranks_are_shared_by_ties_and_had_by_those_whose_books_count() -> None:
    sent = [
        Sent("B1", files=["1"], owed=300, collected=100, available=100, spent=90),
        Sent("B2", files=["2"], owed=600, collected=200, available=1000, spent=1100),
        Sent("B3", files=["3"], owed=100, collected=100, available=100, spent=150),
        Sent("B4", files=["4"], owed=0, collected=0, available=0, spent=5),
        Sent("B5", files=["5"], owed=100, collected=10),
        Sent("B6", duplicate=["6"], owed=100, collected=100),
    ]
    findings = [Finding("A001", Severity.HIGH, branch=branch, amount=100) for branch in ("B2", "B3", "B6")]
    assert ranks(sent, findings) == [[2, 1, 3], [2, 1, 1], [1, 3, 1], [None, None, 3], [4, None, 3], [None, None, None]]


def test_ranks_are_by_the_exact_share_and_not_by_what_is_shown() -> None:
    sent = [Sent("B1", files=["1"], owed=1_000_000, collected=999_998), Sent("B2", files=["2"], owed=1_000_000, collected=999_999)]
    assert [row[0] for row in ranks(sent)] == [2, 1]


def test_rows_are_counted_by_ledger_and_blank_where_a_ledger_did_not_come() -> None:
    table = received(None, [Sent("B1", files=["1"], rows={"dues": 12, "relief": 0}, rejected_rows=2)], [], None)
    row = table.row(0)
    assert (row["rows_dues"], row["rows_relief"], row["rows_budget"], row["rejected_rows"]) == (12, 0, pd.NA, 2)


def run(table: Table, listed: Table | None) -> Any:
    policy = policies.load(None, settings()).on(date(2015, 12, 31))
    tables = {"received": table} | ({"branches": listed} if listed else {})
    found, statuses = run_rules(rules, Subject(tables, {}, policy, date(2015, 12, 31), 2015, (REGISTER,), federation=True))
    return found, {status.rule: status for status in statuses}


def test_findings_of_the_register_stand_at_its_row_and_name_the_branch() -> None:
    listed = register(
        {"branch_code": "B1", "name": "甲局工会", "members": 60, "audit_chair": "甲"},
        {"branch_code": "B2", "name": "乙局工会", "audit_chair": "乙"},
    )
    sent = [Sent("B1", files=["1.xlsx"], roster=57), Sent("B3", name="丙局工会", files=["3.xlsx"], roster=57)]
    found, _ = run(received(listed, sent, [], None), listed)
    told = [(f.rule, f.branch, f.ledger, f.file, f.row, f.column, f.key, f.name, f.observed, f.expected, f.count, f.amount) for f in found]
    assert told == [
        ("O006", "B2", "branches", "register.xlsx", 3, "branch_code", ("B2",), "乙局工会", "B2", None, None, None),
        ("O005", "B1", "branches", "register.xlsx", 2, "members", ("B1",), "甲局工会", "60", "57", 3, None),
        ("O007", "B3", "branches", "3.xlsx", None, "branch_code", ("B3",), "丙局工会", "B3", None, None, None),
    ]


def test_without_a_register_nothing_is_expected_and_the_rules_are_not_run() -> None:
    found, statuses = run(received(None, [Sent("B1", files=["1.xlsx"], roster=57)], [], None), None)
    assert found == []
    assert [statuses[code].because[0].values for code in ("O005", "O006", "O007")] == [(("ledger", "branches"),)] * 3


def test_a_register_without_members_leaves_o005_not_run() -> None:
    listed = register({"branch_code": "B1", "members": None, "audit_chair": "甲"})
    listed = Table(listed.name, listed.types, listed.frame, listed.key, listed.ledger, absent=frozenset({"members"}))
    table = received(listed, [Sent("B1", files=["1.xlsx"], roster=57)], [], None)
    found, statuses = run(table, listed)
    assert (found, statuses["O005"].run) == ([], False)
    assert statuses["O005"].because[0].values == (("ledger", "branches"), ("column", "members"))
    assert headcount_differs(table, listed).not_run == statuses["O005"].because[0]


def findings_of(*rows: dict[str, Any]) -> list[tuple[str, str | None, str | None, str]]:
    """What O001 to O004 find in a register: rule, cell, what was expected, the English sentence."""
    listed = register(*({"audit_chair": "甲", "elected_on": date(2015, 3, 1), "term_years": 5, **row} for row in rows))
    policy = policies.load(None, settings()).on(date(2015, 12, 31))
    found, _ = run_rules(rules, Subject({"branches": listed}, {}, policy, date(2015, 12, 31), 2015, (REGISTER,)))
    return [(one.rule, f"{one.column}{one.row}", one.expected, wording.message(one, "en")) for one in found]


def test_a_branch_entered_twice_is_one_finding_that_names_the_first_row() -> None:
    twice = {"branch_code": "B1", "name": "甲局工会", "bank_account": "6229990600000755544"}
    assert findings_of(twice, {"branch_code": "B2", "name": "乙局工会"}, twice) == [
        (
            "O001",
            "branch_code4",
            "2",
            "Branch code “B1” stands on the register already, at 2. Keep one row for the branch, or correct the code, name or account.",
        )
    ]


def test_chair_and_employers_account_are_told_in_their_own_words() -> None:
    rows = [
        {"branch_code": "B1", "name": "甲局工会", "employer": "甲局", "account_name": "甲局", "chair": "王芳", "cashier": "王芳"},
        {"branch_code": "B2", "name": "乙局工会", "employer": "乙局", "account_name": "甲局工会", "audit_chair": ""},
    ]
    assert [(rule, cell, said) for rule, cell, _, said in findings_of(*rows)] == [
        (
            "O004",
            "account_name2",
            "The union's account is held in the employer's name, 甲局. Open an account in the union's own name and move its money there.",
        ),
        (
            "O004",
            "account_name3",
            "The account is held by 甲局工会, another unit on the register. Use an account in the union's own name, or correct the holder.",
        ),
        ("O003", "chair2", "王芳 is chair and also treasurer or cashier. Give the money to another person, or correct the name."),
        ("O003", "audit_chair3", "The register names no head of the audit committee. Elect one with the committee, or enter the name."),
    ]


def test_of_a_status_that_cannot_be_read_the_code_alone_is_compared() -> None:
    over = {
        "name": "甲局工会",
        "status": None,
        "elected_on": date(2001, 1, 1),
        "audit_chair": "",
        "account_name": "甲局",
        "employer": "甲局",
    }
    found = findings_of({"branch_code": "B1", **over}, {"branch_code": "B2", **over}, {"branch_code": "B1", **over})
    assert [(rule, cell) for rule, cell, *_ in found] == [("O001", "branch_code4")]


def test_a_branch_whose_status_cannot_be_read_is_waited_for() -> None:
    assert stands(received(register({"branch_code": "B1", "status": None}), [], [], None)) == [("B1", "missing")]
