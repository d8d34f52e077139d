"""Rules across branches find in the rows that can meet what they find in all rows, however the branches are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest

from ledgerkit import ledgers, policies
from ledgerkit.merge.ties import COLUMNS, candidates, shared, ties
from ledgerkit.model.schema import Ledger
from ledgerkit.model.table import DTYPES, Table, types_of
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import Subject, call

ACROSS = [rule for rule in catalogue() if rule.across]
SHEETS = {"members": 0, "relief": 1}
IDS = ("11010119900307109X", "110101199003071233", "110101199003071234", "110101198501021234", "110101197505051233", "110101197505051237")
FILLED_IDS = (*IDS, *IDS, "", "无", "000000000000000000", None)
MOST = 9
NATIONAL = policies.load(None, {})
NAMES = ("王晓芳", "王晓方", "王 晓芳", "李静", "李净", "李静怡", "周志远", "", None)
BIRTHS = (None, "1990-03-07", "1990-03-07", "1985-01-02")
CARDS = ("6222020000000000001", "6222 0200 0000 0000 001", "6222020000000000002", "", "")
PHONES = ("13800000001", "13800000002", "051086800000", "")
DAYS = ("2015-01-10", "2015-02-10", "2015-03-12", "2015-06-01", "2015-09-22", "2015-09-28", "2015-12-30", None)
CATEGORIES = ("living", "living", "warmth", "medical", "illness", "birthday", "festival", "children", "marriage", "donation", "other")


def table(ledger: Ledger, rows: Sequence[Mapping[str, object]]) -> Table:
    """Typed rows as a ledger's Table; what a row lacks is blank."""
    types = {**types_of(ledger), "_used": "yesno"}
    place = {"_src": SHEETS[ledger.name], "_col": "", "_used": True}
    blank = {"text": "", "choice": ""}
    frame = {
        name: pd.Series([{**place, **row}.get(name, blank.get(kind)) for row in rows], dtype=DTYPES[kind]) for name, kind in types.items()
    }
    return Table(ledger.name, types, pd.DataFrame(frame), ("branch", *ledger.key), ledger)  # type: ignore[arg-type]


def federation(rng: Random, branches: int) -> tuple[Table, Table]:
    """Branches whose people, accounts and phones come from small pools, so that much meets, with blanks and unreadable cells."""
    members, relief = [], []
    for code in (f"B{number:02d}" for number in range(branches)):
        roster = [_member(rng, code, number) for number in range(rng.randrange(6))]
        members += roster
        relief += [_payment(rng, code, roster, number) for number in range(rng.randrange(30))]
    placed = [[{**row, "_row": at} for at, row in enumerate(rows, 5)] for rows in (members, relief)]
    return table(ledgers.load("members"), placed[0]), table(ledgers.load("relief"), placed[1])


def _member(rng: Random, branch: str, number: int) -> dict[str, object]:
    status = rng.choice(("active", "active", "active", "transferred", "retired"))
    return {
        "branch": branch, "member_no": f"M{rng.choice((number, number, 1))}", "name": rng.choice(NAMES), "id_type": rng.choice(("resident_id", "passport")),
        "id_no": rng.choice(FILLED_IDS), "birth_date": rng.choice(BIRTHS), "status": status, "joined_on": rng.choice((None, "2010-01-01", "2015-05-05")),
        "left_on": rng.choice(DAYS) if status != "active" else None, "phone": rng.choice(PHONES), "bank_card": rng.choice(CARDS),
    }  # fmt: skip


def _payment(rng: Random, branch: str, roster: Sequence[Mapping[str, object]], number: int) -> dict[str, object]:
    listed = rng.choice((*roster, {"member_no": "", "name": rng.choice(NAMES)}))
    return {
        "branch": branch, "voucher_no": f"V{number}", "category": rng.choice(CATEGORIES), "programme": rng.choice(("", "", "春节", "市总")),
        "beneficiary_type": rng.choice(("member", "member", "member", "retiree", "family", "child", "village")), "relation": rng.choice(("", "", "self", "child")),
        "member_no": listed["member_no"], "beneficiary": rng.choice((*[listed["name"]] * 9, *NAMES)), "id_no": rng.choice((*[listed.get("id_no", "")] * 9, *FILLED_IDS)),
        "event_date": rng.choice((*[None] * 9, *DAYS)), "reason": rng.choice(("中秋慰问", "国庆", "困难")), "form": rng.choice(("transfer", "transfer", "transfer", "cash")),
        "amount": rng.choice((50000, 50000, 50000, 50000, 30000, -50000, None)), "fund": rng.choice((*["union"] * 9, "outside", None)), "bank_card": rng.choice(CARDS),
        "proxy": rng.choice((*[""] * 9, "配偶")), "paid_on": rng.choice(DAYS),
    }  # fmt: skip


def found(members: Table | None, relief: Table | None) -> list[tuple[object, ...]]:
    """What every rule across branches flags: code, branch, place, the place of the other row, observed, amount, in order."""
    tables = {table.name: table for table in (members, relief) if table is not None}
    subject = Subject(tables, tables, NATIONAL, None, 2015)
    flagged = []
    for rule in ACROSS:
        for function in rule.functions:
            if set(function.tables) <= set(tables):
                flagged += [
                    (rule.code, *fact) for flags in call(rule, function, subject) for fact in _facts(tables[function.tables[0]], flags)
                ]
    return sorted(flagged, key=repr)


def _facts(table: Table, flags) -> Iterator[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    for at in table.frame.index[flags.mask]:
        here, there = table.row(at), table.row(int(flags.other[at]))
        assert here["branch"] != there["branch"]
        facts = (None if column is None or pd.isna(column[at]) else column[at] for column in (flags.observed, flags.amount))
        yield (here["branch"], table.name, here["_row"], there["branch"], there["_row"], *facts)


def batches(table: Table, size: int) -> list[Table]:
    """The Table of so many branches at a time."""
    names = [f"B{number:02d}" for number in range(MOST)]
    return [table.where(table["branch"].isin(names[start : start + size])) for start in range(0, len(names), size)]


def joined(tables: Sequence[Table]) -> Table:
    return replace(tables[0], frame=pd.concat([table.frame for table in tables], ignore_index=True))


@pytest.mark.parametrize("seed", range(12))
def test_the_rows_that_can_meet_give_the_findings_of_all_rows(seed: int) -> None:
    rng = Random(seed)
    members, relief = federation(rng, rng.randrange(2, MOST + 1))
    whole = found(members, relief)
    size, partitions = rng.choice((1, 2, 4, MOST)), rng.choice((1, 2, 16, 100))
    parts = list(zip(batches(members, size), batches(relief, size), strict=True))
    tied = [ties(*part) for part in parts]
    hashes = shared(tied, partitions)
    kept = [[table.where(candidates(table, tie, hashes)) for table in part] for part, tie in zip(parts, tied, strict=True)]
    assert found(joined([part[0] for part in kept]), joined([part[1] for part in kept])) == whole


def test_random_federations_make_every_rule_speak_and_leave_rows_out() -> None:
    """What the test above compares is not nothing."""
    spoken, kept, rows = set(), 0, 0
    for seed in range(3):
        members, relief = federation(Random(seed), MOST)
        spoken |= {fact[0] for fact in found(members, relief)}
        tied = ties(members, relief)
        for one in (members, relief):
            kept, rows = kept + int(candidates(one, tied, shared([tied])).sum()), rows + len(one)
    assert spoken == {rule.code for rule in ACROSS} == {"M002", "M009", "X006", "X019", "X020"}
    assert 0 < kept < rows


def test_a_branch_without_a_roster_or_without_relief_meets_others() -> None:
    members, relief = federation(Random(3), 8)
    assert found(None, relief) and found(members, None)
    for one in ((None, relief), (members, None)):
        tied = ties(*one)
        kept = [table and table.where(candidates(table, tied, shared([tied]))) for table in one]
        assert found(*kept) == found(*one)
    assert list(ties(None, None).columns) == list(COLUMNS)
    assert len(ties(None, None)) == len(shared([ties(None, None)])) == 0


def test_a_hash_is_the_same_in_every_process_and_on_every_machine() -> None:
    members = table(
        ledgers.load("members"),
        [{"branch": "B01", "member_no": "M1", "name": "王芳", "birth_date": "1990-03-07", "id_no": IDS[0], "_row": 5}],
    )
    assert ties(members, None).to_dict("list") == {
        "kind": ["person", "name"],
        "hash": [12601301176522939358, 9702433677517724526],
        "branch": ["B01", "B01"],
        "ledger": ["members", "members"],
        "at": [0, 0],
    }


@pytest.mark.parametrize("partitions", [1, 2, 3, 16, 1000])
def test_the_number_of_partitions_changes_nothing(partitions: int) -> None:
    rng = np.random.default_rng(7)
    edges = np.array([0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1], dtype="uint64")
    hashes = np.concatenate([rng.integers(0, 2**64, 300, dtype="uint64"), edges])
    parts = [pd.DataFrame({"hash": np.append(rng.choice(hashes, 200), edges), "branch": f"B{number}"}) for number in range(5)]
    seen: dict[int, set[str]] = {}
    for part in parts:
        for value, branch in zip(part["hash"], part["branch"], strict=True):
            seen.setdefault(int(value), set()).add(branch)
    assert shared(parts, partitions).tolist() == sorted(value for value, branches in seen.items() if len(branches) > 1)


def test_one_branch_in_two_parts_is_one_branch() -> None:
    part = pd.DataFrame({"hash": np.array([5], dtype="uint64"), "branch": ["B1"]})
    assert shared([part, part]).tolist() == []
    assert shared([part, part.assign(branch="B2")]).tolist() == [5]


def test_parts_that_can_be_read_once_are_refused() -> None:
    with pytest.raises(TypeError, match=r"^parts are gone through several times: give a list, or an object that reads them anew$"):
        shared(iter([]))
