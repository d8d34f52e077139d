"""What rules across branches cost a row, at three sizes: finding which rows can meet, batch by batch, and running the rules on these.

A branch has 100 members and 200 payments of relief, all invented; one person in a hundred stands in another branch too. The rows are made as
tables: reading workbooks is no part of this.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ledgerkit import ledgers, policies
from ledgerkit.merge.ties import candidates, shared, ties
from ledgerkit.model.table import DTYPES, Table, types_of
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import Subject, call

SIZES = (100, 400, 1600)
BATCH = 50
MEMBERS, PAYMENTS = 100, 200
MEET = 0.01
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高", [chr(0x4E00 + 37 * n) for n in range(400)]
CATEGORIES = ("festival", "festival", "birthday", "hospital", "warmth", "living", "medical", "children")


def table(name: str, columns: dict[str, object], rows: int) -> Table:
    """Columns as a ledger's Table; the others are blank."""
    ledger = ledgers.load(name)
    types = {**types_of(ledger), "_used": "yesno"}
    whole = {"_src": 0 if name == "members" else 1, "_row": np.arange(5, rows + 5), "_col": "", "_used": True, **columns}
    blank = {"text": "", "choice": ""}
    frame = {key: pd.Series(whole.get(key, blank.get(kind)), index=range(rows), dtype=DTYPES[kind]) for key, kind in types.items()}
    return Table(name, types, pd.DataFrame(frame), ("branch", *ledger.key), ledger)  # type: ignore[arg-type]


def people(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Persons of their own: name, ID, birth, account, phone."""
    birth = pd.Timestamp("1957-01-01") + pd.to_timedelta(rng.integers(0, 15_000, count), "D")
    order = rng.integers(0, 1000, count)
    region = 110_101 + rng.integers(0, 50_000, count)
    numbers = [f"{place}{day:%Y%m%d}{last:03d}" for place, day, last in zip(region, birth, order, strict=True)]
    names = rng.choice(list(SURNAMES), count), rng.choice(GIVEN, count), rng.choice([*GIVEN, ""], count)
    return pd.DataFrame(
        {
            "name": [a + b + c for a, b, c in zip(*names, strict=True)],
            "id_no": [number + check(number) for number in numbers],
            "birth_date": birth,
            "bank_card": [f"62220{n:014d}" for n in rng.permutation(count)],
            "phone": [f"138{n:08d}" for n in rng.permutation(count)],
        }
    )


def check(number: str) -> str:
    """The check character of 17 digits (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11]


def federation(branches: int) -> tuple[Table, Table]:
    """The rosters and the relief of so many branches."""
    rng = np.random.default_rng(branches)
    count = branches * MEMBERS
    who = people(rng, count)
    twice = np.flatnonzero(rng.random(count) < MEET)
    who.loc[twice] = who.loc[rng.integers(0, count, len(twice))].to_numpy()
    branch = np.repeat([f"B{number:05d}" for number in range(branches)], MEMBERS)
    number = [f"M{at % MEMBERS:03d}" for at in range(count)]
    facts = {column: who[column].array for column in who}
    members = table("members", {"branch": branch, "member_no": number, "id_type": "resident_id", "status": "active", **facts}, count)
    paid = np.repeat(np.arange(count).reshape(branches, MEMBERS), PAYMENTS // MEMBERS, axis=1).ravel()
    rows = len(paid)
    given = {
        "branch": branch[paid], "voucher_no": [f"V{at % PAYMENTS:03d}" for at in range(rows)], "category": rng.choice(CATEGORIES, rows),
        "beneficiary_type": "member", "member_no": np.array(number)[paid], "beneficiary": who["name"].array[paid], "reason": "慰问",
        "form": "transfer", "amount": 50_000, "fund": "union", "paid_on": pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 365, rows), "D"),
    }  # fmt: skip
    return members, table("relief", given, rows)


def batches(one: Table, names: Sequence[str]) -> list[Table]:
    """The Table of so many branches at a time, as merging reads them."""
    at = one["branch"].map({name: place // BATCH for place, name in enumerate(names)})
    return [one.where(at == batch) for batch in range(-(-len(names) // BATCH))]


def joined(tables: Sequence[Table]) -> Table:
    """Tables of one ledger below each other."""
    return replace(tables[0], frame=pd.concat([each.frame for each in tables], ignore_index=True))


def measured(branches: int) -> str:
    """One size's line: rows, candidates, findings, seconds of each step, microseconds a row."""
    members, relief = federation(branches)
    names = [f"B{number:05d}" for number in range(branches)]
    parts = list(zip(batches(members, names), batches(relief, names), strict=True))
    rows = len(members) + len(relief)
    del members, relief
    start = time.perf_counter()
    tied = [ties(*part) for part in parts]
    after_ties = time.perf_counter()
    hashes = shared(tied)
    after_shared = time.perf_counter()
    kept = [[one.where(candidates(one, tie, hashes)) for one in part] for part, tie in zip(parts, tied, strict=True)]
    tables = {"members": joined([part[0] for part in kept]), "relief": joined([part[1] for part in kept])}
    after_candidates = time.perf_counter()
    subject = Subject(tables, tables, policies.load(None, {}), None, 2015)
    across = [(rule, function) for rule in catalogue() if rule.across for function in rule.functions]
    found = sum(int(flags.mask.sum()) for rule, function in across for flags in call(rule, function, subject))
    end = time.perf_counter()
    steps = (after_ties - start, after_shared - after_ties, after_candidates - after_shared, end - after_candidates)
    met = sum(map(len, tables.values()))
    cells = [
        f"{branches:,}",
        f"{rows:,}",
        f"{met:,}",
        f"{found:,}",
        *(f"{step:.2f}" for step in steps),
        f"{(end - start) / rows * 1e6:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Prints a table, a size a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, nargs="*", default=SIZES)
    sizes = parser.parse_args().branches
    print("| branches | rows | candidates | findings | ties, s | shared, s | candidates, s | rules, s | µs a row |")
    print("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
    for branches in sizes:
        print(measured(branches), flush=True)


if __name__ == "__main__":
    main()
