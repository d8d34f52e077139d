"""What passes between a union and those below it: what cancels, what does not, and the federation's lines without it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_samples import planted

from ledgerkit import audit, ledgers, policies
from ledgerkit.errors import BadPolicy
from ledgerkit.locale import catalogue as language
from ledgerkit.merge.eliminations import Eliminations, consolidated, elimination_controls, eliminations
from ledgerkit.model import money
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.policy import Pair
from ledgerkit.model.statements import RECONCILED
from ledgerkit.model.table import Table, make, types_of
from ledgerkit.reconcile.budget import by_code
from ledgerkit.reconcile.control import Control
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import run_rules
from ledgerkit.writing import wording

POLICY = policies.load(None, {})
GRANTS = replace(POLICY, eliminate=(Pair("506", "403"),))
UP = replace(POLICY, eliminate=(Pair("40202", "remittance.remitted"),))
SAMPLE = Path(__file__).parents[1] / "samples" / "federation-2015"


def minor(text: str) -> int | None:
    return money.to_minor(text) if text else None


def lines(text: str) -> Table:
    """A line each: branch code booked [title]; `-` a blank amount, `?` one that could not be read. Directions and headings follow from the codes."""
    read = [line.split(maxsplit=3) for line in text.strip().splitlines()]
    rows = []
    for number, (branch, code, booked, *title) in enumerate(read, 2):
        below = [other for one, other, *_ in read if one == branch and other != code and other.startswith(code)]
        rows.append(
            {
                "_src": 0,
                "_row": number,
                "branch": branch,
                "code": code,
                "title": "".join(title),
                "direction": "income" if code.startswith("4") else "expense",
                "booked": None if booked in "-?" else minor(booked),
                "booked_unread": booked == "?",
                "available": 100,
                "actual": None if code.startswith("4") else 100,
                "is_parent": bool(below),
                "is_agency": False,
                "compared": booked != "?",
            }
        )
    return replace(make("lines", RECONCILED["lines"], rows, ("branch", "code")), ledger=ledgers.load("budget"))


def register(**above: str) -> Table:
    """branch=parent; "" for none."""
    rows = [{"branch_code": code, "name": f"{code}总工会", "parent_code": parent} for code, parent in above.items()]
    return make("branches", types_of(ledgers.load("branches")), rows)


def said(found: Eliminations) -> list[tuple[str, ...]]:
    """(branch, pair, child, booked, mirrored, eliminated, difference, because) of each row, blank where there is none."""
    columns = ("branch", "pair", "child", "booked", "mirrored", "eliminated", "difference", "because")
    table = found.eliminated
    return [tuple(table.show(at, column) or "" for column in columns) for at in range(len(table))]


def figures(table: Table) -> dict[str, str | None]:
    return {table.at(at, "code"): table.show(at, "booked") for at in range(len(table))}


TWO_LEVELS = """
    C   401    100.00
    C   506   5000.00
    D1  403   2000.00
    D1  502    900.00
    D2  403   3000.00
"""


# ---- the policy's pairs


def test_the_national_pairs_are_grants_and_what_is_remitted() -> None:
    assert POLICY.eliminate == (Pair("506", "403"), Pair("402", "remittance.remitted", passed_on=True))
    assert [(pair.name, pair.is_line) for pair in POLICY.eliminate] == [("506-403", True), ("402-remittance.remitted", False)]


def test_a_policy_has_pairs_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "ledgerkit.toml"
    own.write_text('[merge]\neliminate = [{ parent = "50601", child = "40305" }, { parent = "50602", child = "40302" }]\n', "utf-8")
    loaded = policies.load(own, {})
    assert loaded.eliminate == (Pair("50601", "40305"), Pair("50602", "40302"))
    assert "merge.eliminate.1.parent = '50601'" in loaded.text
    own.write_text("[merge]\neliminate = []\n", "utf-8")
    assert policies.load(own, {}).eliminate == ()


PAIRS = 'a list of pairs such as { parent = "506", child = "403" }'
SIDE = 'a budget code as text, such as "403", or "remittance.remitted"'
BAD = [
    ('"506"', f"merge.eliminate is '506', but it must be {PAIRS}. Correct it."),
    ('["506-403"]', f"merge.eliminate is ['506-403'], but it must be {PAIRS}. Correct it."),
    ('[{ parent = "506" }]', "merge.eliminate.1 lacks child. A pair needs parent and child; add what is missing."),
    (
        '[{ parent = 506, child = "403" }]',
        'merge.eliminate.1.parent is 506, but it must be a budget code as text, such as "506". Correct it.',
    ),
    (
        '[{ parent = "506", child = "remittance.remited" }]',
        f"merge.eliminate.1.child is 'remittance.remited', but it must be {SIDE}. Correct it.",
    ),
    (
        '[{ parent = "506", child = "403", passed = true }]',
        "unknown policy key merge.eliminate.1.passed. The nearest known one is merge.eliminate.1.passed_on; correct or remove it.",
    ),
    (
        '[{ parent = "506", child = "403", passed_on = "yes" }]',
        "merge.eliminate.1.passed_on is 'yes', but it must be true or false. Correct it.",
    ),
    (
        '[{ parent = "506", child = "40305" }, { parent = "507", child = "403" }]',
        "merge.eliminate.1 and merge.eliminate.2 both have the child line 40305. Keep each line in one pair.",
    ),
]


@pytest.mark.parametrize(("value", "sentence"), BAD)
def test_a_pair_that_cannot_be_used_is_named(tmp_path: Path, value: str, sentence: str) -> None:
    own = tmp_path / "ledgerkit.toml"
    own.write_text(f"[merge]\neliminate = {value}\n", "utf-8")
    with pytest.raises(BadPolicy) as error:
        policies.load(own, {})
    assert str(error.value) == f"{own}: {sentence}"
    assert error.value.render(language("zh").gettext) != str(error.value)


# ---- two levels


def test_a_grant_cancels_on_both_sides() -> None:
    table = lines(TWO_LEVELS)
    found = eliminations(table, register(C="", D1="C", D2="C"), {}, GRANTS)
    assert said(found) == [("C", "506-403", "", "5000.00", "5000.00", "5000.00", "0.00", "")]
    whole = consolidated(by_code(table), found.taken)
    assert figures(whole) == {"401": "100.00", "403": "0.00", "502": "900.00", "506": "0.00"}
    assert [whole.show(at, "eliminated") for at in range(4)] == ["0.00", "5000.00", "0.00", "5000.00"]
    assert whole["available"].tolist() == by_code(table)["available"].tolist()
    assert whole["actual"].equals(by_code(table)["actual"])
    assert elimination_controls(table, found, whole) == [
        Control("elimination.506-403", "money", 500000, 500000, True),
        Control("consolidated.401", "money", 10000, 10000, True),
        Control("consolidated.403", "money", 0, 0, True),
        Control("consolidated.502", "money", 90000, 90000, True),
        Control("consolidated.506", "money", 0, 0, True),
    ]


@pytest.mark.parametrize(
    ("granted", "left"), [("4500.00", {"403": "500.00", "506": "0.00"}), ("5600.00", {"403": "0.00", "506": "600.00"})]
)
def test_what_stands_on_one_side_only_stays_and_is_the_difference(granted: str, left: dict[str, str]) -> None:
    table = lines(TWO_LEVELS.replace("506   5000.00", f"506   {granted}"))
    found = eliminations(table, register(C="", D1="C", D2="C"), {}, GRANTS)
    less, more = sorted(["5000.00", granted])
    assert said(found) == [("C", "506-403", "", granted, "5000.00", less, money.show(minor(more) - minor(less)), "")]  # type: ignore[operator]
    whole = consolidated(by_code(table), found.taken)
    assert {code: figures(whole)[code] for code in left} == left
    (control, *_) = elimination_controls(table, found, whole)
    assert (control.check, control.ok, control.left, control.right) == ("elimination.506-403", False, minor(granted), 500000)


def test_the_place_is_the_unions_line_and_a_childs_where_it_has_none() -> None:
    found = eliminations(lines(TWO_LEVELS), register(C="", D1="C", D2="C"), {}, GRANTS).eliminated
    assert (found.at(0, "_src"), found.at(0, "_row"), found.at(0, "code"), found.key) == (0, 3, "506", ("branch", "code"))
    none = eliminations(lines("C 401 1.00\nD1 403 20.00"), register(C="", D1="C"), {}, GRANTS)
    assert said(none) == [("C", "506-403", "", "0.00", "20.00", "0.00", "20.00", "")]
    assert (none.eliminated.at(0, "_row"), none.eliminated.at(0, "branch")) == (3, "C")


def test_lines_below_a_code_are_taken_in_order_and_their_headings_follow() -> None:
    table = lines("C 506 700.00\nC 50601 300.00\nC 50602 400.00\nD1 403 500.00\nD1 40301 200.00\nD1 40305 300.00")
    found = eliminations(table, register(C="", D1="C"), {}, GRANTS)
    assert said(found) == [("C", "506-403", "", "700.00", "500.00", "500.00", "200.00", "")]
    left = {"403": "0.00", "40301": "0.00", "40305": "0.00", "506": "200.00", "50601": "0.00", "50602": "200.00"}
    assert figures(consolidated(by_code(table), found.taken)) == left


def test_a_line_split_by_union_is_compared_union_by_union() -> None:
    """Two mistakes that would even out in the sum."""
    text = "C 506 500.00\nC 50601 300.00 补助下级支出：D1总工会\nC 50602 200.00 D2\nD1 403 200.00\nD2 403 300.00\nD3 403 50.00"
    found = eliminations(lines(text), register(C="", D1="C", D2="C", D3="C"), {}, GRANTS)
    assert said(found) == [
        ("C", "506-403", "D1", "300.00", "200.00", "200.00", "100.00", ""),
        ("C", "506-403", "D2", "200.00", "300.00", "200.00", "100.00", ""),
        ("C", "506-403", "", "0.00", "50.00", "0.00", "50.00", ""),
    ]
    assert found.eliminated["code"].tolist() == ["50601", "50602", "506"]
    left = {"403": "150.00", "506": "100.00", "50601": "100.00", "50602": "0.00"}
    assert figures(consolidated(by_code(lines(text)), found.taken)) == left


def test_a_line_that_is_split_in_part_is_compared_as_a_whole() -> None:
    text = "C 506 500.00\nC 50601 300.00 D1总工会\nC 50602 200.00 专项补助\nD1 403 400.00\nD2 403 100.00"
    found = eliminations(lines(text), register(C="", D1="C", D2="C"), {}, GRANTS)
    assert said(found) == [("C", "506-403", "", "500.00", "500.00", "500.00", "0.00", "")]


# ---- books that are not there, amounts that cannot be read


def test_without_the_book_of_the_union_above_nothing_is_eliminated_and_it_is_said() -> None:
    table = lines("D1 403 2000.00\nD2 502 1.00")
    found = eliminations(table, register(C="", D1="C", D2="C"), {}, GRANTS)
    assert said(found) == [("C", "506-403", "", "", "2000.00", "0.00", "", "parent_missing")]
    whole = consolidated(by_code(table), found.taken)
    assert figures(whole) == {"403": "2000.00", "502": "1.00"}
    assert elimination_controls(table, found, whole)[0] == Control("elimination.506-403", "money", 0, 200000, None)


@pytest.mark.parametrize(
    ("granted", "row"),
    [
        ("5000.00", ("5000.00", "2000.00", "2000.00", "", "child_missing")),
        ("2000.00", ("2000.00", "2000.00", "2000.00", "", "child_missing")),
        ("1500.00", ("1500.00", "2000.00", "1500.00", "500.00", "")),
    ],
)
def test_what_a_missing_child_may_have_stands_and_what_is_certain_is_said(granted: str, row: tuple[str, ...]) -> None:
    found = eliminations(lines(f"C 506 {granted}\nD1 403 2000.00"), register(C="", D1="C", D2="C"), {}, GRANTS)
    assert said(found) == [("C", "506-403", "", *row)]
    assert found.eliminated["without"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("C 506 ?\nD1 403 20.00", ("", "20.00", "0.00", "", "not_known")),
        ("C 506 -\nD1 403 20.00", ("", "20.00", "0.00", "", "not_known")),
        ("C 506 -\nC 50601 ?\nC 50602 9.00\nD1 403 20.00", ("", "20.00", "0.00", "", "not_known")),
        ("C 506 30.00\nD1 403 ?", ("30.00", "0.00", "0.00", "", "not_known")),
        ("C 506 30.00\nD1 502 -", ("30.00", "0.00", "0.00", "", "not_known")),
        ("C 506 30.00\nD1 502 1.00", ("30.00", "0.00", "0.00", "30.00", "")),
        ("C 506 30.00\nD1 403 -\nD1 40301 -\nD1 40305 30.00", ("30.00", "30.00", "30.00", "0.00", "")),
    ],
)
def test_an_amount_that_cannot_be_read_is_not_compared(text: str, row: tuple[str, ...]) -> None:
    assert said(eliminations(lines(text), register(C="", D1="C"), {}, GRANTS)) == [("C", "506-403", "", *row)]


def test_without_a_register_nothing_is_above_anything() -> None:
    for known in (None, register(C="", D1="")):
        found = eliminations(lines(TWO_LEVELS), known, {}, GRANTS)
        assert (len(found.eliminated), len(found.taken)) == (0, 0)
        whole = consolidated(by_code(lines(TWO_LEVELS)), found.taken)
        assert figures(whole) == figures(by_code(lines(TWO_LEVELS)))
        assert all(control.ok for control in elimination_controls(lines(TWO_LEVELS), found, whole))


def test_a_union_that_stands_twice_in_the_register_counts_once() -> None:
    twice = register(C="", D1="C", D2="C")
    twice = replace(twice, frame=pd.concat([twice.frame, twice.frame], ignore_index=True))
    assert said(eliminations(lines(TWO_LEVELS), twice, {}, GRANTS))[0][4:6] == ("5000.00", "5000.00")


# ---- a register that goes round


def test_a_union_that_is_its_own_parent_is_said_and_the_others_go_on() -> None:
    table = lines("C 403 7.00\nC 506 5.00\nD1 403 5.00")
    found = eliminations(table, register(C="C", D1="C"), {}, GRANTS)
    assert said(found) == [
        ("C", "506-403", "", "5.00", "7.00", "0.00", "", "cycle"),
        ("C", "506-403", "", "5.00", "5.00", "5.00", "0.00", ""),
    ]
    assert figures(consolidated(by_code(table), found.taken)) == {"403": "7.00", "506": "0.00"}


def test_unions_above_each_other_are_said_and_nothing_is_eliminated() -> None:
    table = lines("A 403 7.00\nA 506 5.00\nB 403 5.00\nB 506 7.00\nE 403 1.00\nE 506 2.00\nF 403 2.00")
    found = eliminations(table, register(A="B", B="A", E="A", F="E"), {}, GRANTS)
    assert [(row[0], row[7]) for row in said(found)] == [("A", "cycle"), ("B", "cycle"), ("E", "")]
    assert figures(consolidated(by_code(table), found.taken)) == {"403": "13.00", "506": "12.00"}


# ---- what is remitted


@pytest.mark.parametrize(
    ("remitted", "row"),
    [
        ({"D1": 30000, "D2": 20000}, ("500.00", "500.00", "0.00", "0.00", "")),
        ({"D1": 30000, "D2": 10000}, ("500.00", "400.00", "0.00", "100.00", "")),
        ({"D1": 30000, "D2": 30000}, ("500.00", "600.00", "0.00", "100.00", "")),
        ({"D1": 30000, "D2": None}, ("500.00", "300.00", "0.00", "", "not_known")),
        ({"D1": 60000, "D2": None}, ("500.00", "600.00", "0.00", "100.00", "")),
    ],
)
def test_what_is_remitted_is_compared_and_nothing_is_taken_off(remitted: Mapping[str, int | None], row: tuple[str, ...]) -> None:
    """It is none of the children's income or expense: 402 is what they retain."""
    table = lines("C 402 500.00\nC 40202 500.00\nD1 402 450.00\nD2 402 300.00")
    found = eliminations(table, register(C="", D1="C", D2="C"), remitted, UP)
    assert said(found) == [("C", "40202-remittance.remitted", "", *row)]
    assert len(found.taken) == 0
    assert figures(consolidated(by_code(table), found.taken))["402"] == "1250.00"


@pytest.mark.parametrize(
    ("booked", "row", "ok"),
    [
        ("900.00", ("800.00", "1000.00", "0.00", "", "passed_on"), None),
        ("1100.00", ("1000.00", "1000.00", "0.00", "0.00", ""), True),
        ("1100.01", ("1000.01", "1000.00", "0.00", "0.01", ""), False),
        ("60.00", ("0.00", "1000.00", "0.00", "", "passed_on"), None),
    ],
)
def test_a_union_books_its_share_of_what_is_remitted_beside_what_it_retained_itself(
    booked: str, row: tuple[str, ...], ok: bool | None
) -> None:
    """National: 402, less what its own remittance ledger gives it (100.00); less than what was sent is passed on, more is not."""
    table = lines(f"C 402 {booked}\nD1 402 1500.00")
    own = table["actual"].mask(table["branch"] == "C", 10000)
    table = replace(table, frame=table.frame.assign(actual=own, alternative=own - 500))
    found = eliminations(table, register(C="", D1="C"), {"D1": 100000}, POLICY)
    assert said(found) == [("C", "402-remittance.remitted", "", *row)]
    controls = elimination_controls(table, found, consolidated(by_code(table), found.taken))
    assert (controls[0].check, controls[0].ok) == ("elimination.402-remittance.remitted", ok)


def test_where_a_remittance_ledger_is_missing_a_share_is_not_compared() -> None:
    found = eliminations(lines("C 402 90.00\nD1 402 5.00\nD2 402 5.00"), register(C="", D1="C", D2="C"), {"D1": 5000}, POLICY)
    assert said(found) == [("C", "402-remittance.remitted", "", "90.00", "50.00", "0.00", "", "not_known")]


# ---- several levels

THREE_LEVELS = """
    P   506   9000.00
    C1  403   5000.00
    C1  506   4200.00
    C2  403   3900.00
    C2  506   1000.00
    C2  50601 1000.00
    D1  403   2000.00
    D2  403   2000.00
    D3  403    900.00
    D3  40305  600.00
    D3  40301  300.00
"""
ABOVE = {"P": "", "C1": "P", "C2": "P", "D1": "C1", "D2": "C1", "D3": "C2"}


def only(table: Table, branches: Sequence[str]) -> Table:
    return replace(table, frame=table.frame[table["branch"].isin(branches)].reset_index(drop=True))


def test_three_levels_cancel_level_by_level() -> None:
    table = lines(THREE_LEVELS)
    found = eliminations(table, register(**ABOVE), {}, GRANTS)
    assert said(found) == [
        ("C1", "506-403", "", "4200.00", "4000.00", "4000.00", "200.00", ""),
        ("C2", "506-403", "", "1000.00", "900.00", "900.00", "100.00", ""),
        ("P", "506-403", "", "9000.00", "8900.00", "8900.00", "100.00", ""),
    ]
    whole = figures(consolidated(by_code(table), found.taken))
    assert whole == {"403": "0.00", "40301": "0.00", "40305": "0.00", "506": "400.00", "50601": "100.00"}


def by_steps(table: Table, known: Table, steps: Sequence[Sequence[str]]) -> dict[tuple[str, str], int]:
    """What is taken off by direction and code where each family is merged by itself, one after another."""
    parts = [eliminations(only(table, step), known, {}, GRANTS).taken.frame for step in steps]
    return pd.concat(parts).groupby(["direction", "code"])["amount"].sum().to_dict()


def test_county_then_city_then_province_is_the_province_at_once() -> None:
    table, known = lines(THREE_LEVELS), register(**ABOVE)
    at_once = eliminations(table, known, {}, GRANTS).taken.frame.groupby(["direction", "code"])["amount"].sum().to_dict()
    assert by_steps(table, known, (["C1", "D1", "D2"], ["C2", "D3"], ["P", "C1", "C2"])) == at_once
    assert by_steps(table, known, (["P", "C1", "C2"], ["C2", "D3"], ["C1", "D1", "D2"])) == at_once


AMOUNTS = st.integers(0, 900).map(lambda fen: money.show(fen))


@given(
    st.lists(st.tuples(st.integers(0, 3), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS), min_size=2, max_size=7),
    st.randoms(use_true_random=False),
)
def test_nothing_is_taken_off_more_than_once_and_the_order_of_rows_does_not_matter(trees, random) -> None:  # type: ignore[no-untyped-def]
    """Any tree: a family's branches alone give what all at once give; no figure falls below 0, both sides fall by one sum."""
    above = {f"B{at}": f"B{min(up, at - 1)}" if at else "" for at, (up, *_) in enumerate(trees)}
    rows = [
        f"B{at} {code} {amount}"
        for at, (_, *amounts) in enumerate(trees)
        for code, amount in zip(("40301", "40305", "50601", "50602"), amounts, strict=True)
    ]
    table, known = lines("\n".join(rows)), register(**above)
    found = eliminations(table, known, {}, GRANTS)
    off = found.taken.frame.groupby(["direction", "code"])["amount"].sum().to_dict()
    families = [[parent, *(child for child, one in above.items() if one == parent)] for parent in sorted(set(above.values()) - {""})]
    assert by_steps(table, known, families) == off
    sides = found.taken.frame.groupby("direction")["amount"].sum()
    assert sides.get("income", 0) == sides.get("expense", 0) == found.eliminated["eliminated"].sum()
    whole = consolidated(by_code(table), found.taken)
    assert (whole["booked"] >= 0).all()
    assert all(control.ok for control in elimination_controls(table, found, whole) if control.check.startswith("consolidated."))
    random.shuffle(rows)
    shuffled = eliminations(lines("\n".join(rows)), known, {}, GRANTS)
    assert said(shuffled) == said(found)


# ---- a federation of three levels, from its books


@pytest.fixture(scope="module")
def federation() -> tuple[audit.Run, Table, Eliminations]:
    run = audit.read([SAMPLE / "books"], audit.Options())
    sent = run.book.used["remittance"].frame.groupby("branch")["remitted"].sum()
    table = audit.reckoned(run)["lines"]
    return run, table, eliminations(table, run.book.used["branches"], {str(code): int(sum_) for code, sum_ in sent.items()}, run.policy)


def x007(run: audit.Run, found: Eliminations) -> list[Finding]:
    tables = {**audit.reckoned(run), "eliminated": found.eliminated}
    findings, statuses = run_rules(catalogue(), replace(audit.subject(run, tables), federation=True), ("X007",))
    assert [(status.rule, status.because) for status in statuses if status.run] == [("X007", ())]
    return findings


def test_the_sample_cancels_but_for_the_planted_grant(federation: tuple[audit.Run, Table, Eliminations]) -> None:
    _, table, found = federation
    assert [row for row in said(found) if row[1] == "506-403"] == [
        ("ZG000", "506-403", "ZG100", "8000.00", "8000.00", "8000.00", "0.00", ""),
        ("ZG000", "506-403", "ZG200", "6000.00", "5500.00", "5500.00", "500.00", ""),
        ("ZG100", "506-403", "", "5000.00", "3500.00", "3500.00", "", "child_missing"),
        ("ZG200", "506-403", "", "3500.00", "3500.00", "3500.00", "0.00", ""),
    ]
    assert [row[-1] for row in said(found) if row[1] != "506-403"] == ["not_known", "child_missing", "passed_on"]
    whole = consolidated(by_code(table), found.taken)
    left = figures(whole)
    # 1,500.00 of ZG301, which the register does not know; 500.00 that do not cancel and 1,500.00 of the branch without books.
    assert (left["403"], left["40305"], left["506"], left["50602"]) == ("1500.00", "1500.00", "2000.00", "500.00")
    controls = elimination_controls(table, found, whole)
    assert [control.ok for control in controls if control.check.startswith("elimination.")] == [None, False]
    assert all(control.ok for control in controls if control.check.startswith("consolidated."))


def test_the_planted_grant_is_found_at_its_cell_and_nothing_else_is(federation: tuple[audit.Run, Table, Eliminations]) -> None:
    run, _, found = federation
    (finding,) = x007(run, found)
    assert (finding.branch, finding.ledger, finding.key, finding.severity) == ("ZG000", "budget", ("50602",), Severity.HIGH)
    assert (finding.observed, finding.expected, finding.amount, finding.case) == ("6000.00", "5500.00", 50000, "granted")
    wanted = [fault for fault in planted(SAMPLE) if fault[3] == "X007"]
    assert [(finding.file, finding.sheet, finding.cell, finding.rule) for finding in [finding]] == wanted
    assert wording.message(finding, "zh") == (
        "上级在该科目记 6000.00 元，所属各下级工会对应科目共记 5500.00 元，500.00 元不能抵销。请查找一方漏记或记入其他科目的款项。"
    )


def test_the_samples_books_are_clean_but_for_what_is_planted() -> None:
    report = audit.reconcile([SAMPLE / "books"])
    assert [(finding.rule, finding.file) for finding in report.findings if finding.severity != Severity.INFO] == [
        ("F008", "ZG202-1-城西区供水站工会.xlsx")
    ]
    assert {finding.rule for finding in report.findings} == {"F008", "G025"}
    assert [control for control in report.controls if not control.ok] == []
