"""Which rows of one branch can meet a row of another: rules across branches are run on these alone, which gives what they would find in all rows.

A tie is a key of a row, as a hash; a row whose hash occurs in two branches is a candidate. Keys are those of `rules/meeting.py`, and nothing else
is compared across branches. A row that a rule looks up for another (the roster's of a member who was relieved) has that row's ties beside its own.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledgerkit.model.table import Table
from ledgerkit.rules.meeting import accounts, blocks, numbers, phones, roster_number

Hashes = npt.NDArray[np.uint64]

KINDS = ("person", "card", "phone", "name")
COLUMNS = ("kind", "hash", "branch", "ledger", "at")
# SipHash of the UTF-8 text, in pandas, with this key: the same in every process and on every machine.
KEY = "ledgerkit: ties."
PARTITIONS = 16


def ties(members: Table | None, relief: Table | None) -> pd.DataFrame:
    """The ties of some whole branches, a key of a row each: kind, hash (uint64), branch, ledger, at (the row's index in that Table).

    `kind` is person (ID), card (account that relief went to), phone (of a member who was relieved) or name (with the day of birth, several a member).
    """
    found = [tie for tie in (*_of_roster(members, relief), *_of_relief(relief, members)) if len(tie)]
    whole = pd.concat(found, ignore_index=True) if found else _tied("person", "members", pd.DataFrame(columns=["key", "branch"]))
    return whole.drop_duplicates(["hash", "ledger", "at"], ignore_index=True)


def _of_roster(members: Table | None, relief: Table | None) -> Iterator[pd.DataFrame]:
    if members is None:
        return
    yield _tied("person", "members", _keys(members, numbers(members)))
    for block in blocks(members):
        yield _tied("name", "members", _keys(members, block))
    if relief is not None:
        yield _tied("phone", "members", _keys(members, phones(members, relief)))


def _of_relief(relief: Table | None, members: Table | None) -> Iterator[pd.DataFrame]:
    if relief is None:
        return
    listed = roster_number(relief, members)
    keys = [("person", numbers(relief)), ("person", listed), ("card", accounts(relief, members))]
    for kind, key in keys:
        yield _tied(kind, "relief", _keys(relief, key))
        if members is not None:
            yield _tied(kind, "members", _looked_up(_keys(relief, key), members))
    if members is not None:
        phone = _keys(members, phones(members, relief))
        yield _tied("phone", "relief", _looked_up(phone, relief))


def _keys(table: Table, key: "pd.Series[str]") -> pd.DataFrame:
    """The rows that have a key: `key`, branch, member_no, indexed as in their Table."""
    filled = key != ""
    return table.frame.loc[filled, ["branch", "member_no"]].assign(key=key[filled])


def _looked_up(keys: pd.DataFrame, other: Table) -> pd.DataFrame:
    """The rows of another Table that stand under the member numbers of some rows, with their keys."""
    beside = other.frame[["branch", "member_no"]].rename_axis("at").reset_index()
    numbered = keys[keys["member_no"].fillna("") != ""].drop_duplicates()
    return beside.merge(numbered, on=["branch", "member_no"]).set_index("at")


def _tied(kind: str, ledger: str, keys: pd.DataFrame) -> pd.DataFrame:
    """Rows with keys as ties of one kind."""
    hashed = pd.util.hash_array((kind + " " + keys["key"].astype("str")).to_numpy(dtype=object), hash_key=KEY)
    found = {"kind": kind, "hash": hashed, "branch": keys["branch"].to_numpy(), "ledger": ledger, "at": keys.index.to_numpy(dtype="int64")}
    return pd.DataFrame(found, columns=list(COLUMNS))


def shared(parts: Iterable[pd.DataFrame], partitions: int = PARTITIONS) -> Hashes:
    """The hashes, in order, that occur in two branches or more.

    `parts` (columns hash and branch) are gone through once for each of so many ranges of hashes, and no more than a range's distinct pairs are kept at a time;
    their number changes nothing in the answer. Raises TypeError for an iterator, which could be gone through only once.
    """
    if isinstance(parts, Iterator):
        raise TypeError("parts are gone through several times: give a list, or an object that reads them anew")
    codes: dict[str, int] = {}
    return np.concatenate([_in_range(parts, number, partitions, codes) for number in range(partitions)])


def _in_range(parts: Iterable[pd.DataFrame], number: int, partitions: int, codes: dict[str, int]) -> Hashes:
    """The shared hashes of one range. `codes`: a number for each branch met so far."""
    found = [pd.DataFrame({"hash": np.array([], dtype="uint64"), "branch": np.array([], dtype="int64")})]
    for part in parts:
        here = part.loc[_range_of(part["hash"].to_numpy(dtype="uint64"), partitions) == number, ["hash", "branch"]].drop_duplicates()
        numbers = {branch: codes.setdefault(branch, len(codes)) for branch in here["branch"].unique()}
        found.append(here.assign(branch=here["branch"].map(numbers).astype("int64")))
    counts = pd.concat(found, ignore_index=True).drop_duplicates()["hash"].value_counts()
    return np.sort(counts.index[counts > 1].to_numpy(dtype="uint64"))


def _range_of(hashes: Hashes, partitions: int) -> "npt.NDArray[Any]":
    """Which of so many equal ranges each hash lies in, by its upper half."""
    return ((hashes >> np.uint64(32)) * np.uint64(partitions)) >> np.uint64(32)


def candidates(table: Table, ties: pd.DataFrame, shared: Hashes) -> "pd.Series[bool]":
    """Mask of the rows of a Table that can meet a row of another branch, or that a rule looks up for one that can. `shared`: in order."""
    own = ties[ties["ledger"] == table.name]
    hashes = own["hash"].to_numpy(dtype="uint64")
    # One more than there are, so that every place is one.
    known = np.append(shared, np.uint64(0))
    at = np.searchsorted(shared, hashes)
    met = (known[at] == hashes) & (at < len(shared))
    return pd.Series(table.frame.index.isin(own["at"].to_numpy()[met]), index=table.frame.index)
