"""What the rules on relief share: who a payment is to, of whose money it is, whether it stands."""

from collections.abc import Sequence

import pandas as pd

from ledgerkit.model.beneficiary import people
from ledgerkit.model.table import Table, alike, filled, once
from ledgerkit.rules import base
from ledgerkit.rules.base import with_columns
from ledgerkit.rules.workdays import calendar

# Money that passes through: paid by others outside the union's accounts, or held for others.
NOT_OURS = ("outside", "agency")
# What rules that set a person's payments beside each other look at.
TOLD = [
    "branch",
    "person",
    "category",
    "amount",
    "fund",
    "paid_on",
    "event_date",
    "voucher_no",
    "batch_no",
    "form",
    "beneficiary",
    "reason",
]
TOLD += ["_src", "_row"]
# What is no one person.
BODIES = ("unit", "village")


@once
def known(relief: Table, *columns: str) -> "pd.Series[bool]":
    """Mask of the rows in which some cells could be read."""
    return ~relief.any_unreadable(*columns)


@once
def ours(relief: Table) -> "pd.Series[bool]":
    """Mask of the rows paid from the union's accounts and for itself."""
    return known(relief, "fund") & ~relief.says("fund", *NOT_OURS)


@once
def standing(relief: Table) -> "pd.Series[bool]":
    """Mask of the payments that were made and not taken back by a negative row."""
    paid = (relief["amount"] > 0).fillna(False).astype(bool)
    if not (relief["amount"] < 0).any():
        return paid
    rows = relief.frame[["branch", "category", "amount", "paid_on"]].assign(person=people(relief)).rename_axis("at").reset_index()
    rows = rows[rows["paid_on"].notna() & rows["category"].notna()]
    return paid & ~relief.frame.index.isin(reversals(rows))


def reversals(rows: pd.DataFrame) -> "pd.Series[int]":
    """Which payments (their `at`) a negative row takes back: the nearest earlier one to the person in the category with that amount."""
    if not (rows["amount"] < 0).any():
        return rows["at"].iloc[:0]
    same = ["branch", "person", "category", "size"]
    rows = rows[rows["person"].isin(rows.loc[rows["amount"] < 0, "person"])]
    rows = rows.assign(size=rows["amount"].abs()).dropna(subset=["size"]).sort_values("paid_on", kind="stable")
    taken = rows.loc[rows["amount"] < 0, [*same, "paid_on"]]
    return pd.merge_asof(taken, rows.loc[rows["amount"] > 0, [*same, "paid_on", "at"]], on="paid_on", by=same)["at"].dropna()


@once
def heads(relief: Table) -> "pd.Series[int]":
    """How many people a row pays: its headcount, at least 1."""
    return relief["headcount"].fillna(1).clip(lower=1)


@once
def batches(relief: Table) -> "pd.Series[int]":
    """A number for what a branch paid in one round: the batch, or without its number the voucher; NA where neither can be read."""
    unnumbered = relief.says("batch_no", "")
    by_voucher = -1 - alike(relief, "branch", "voucher_no")
    read = relief["voucher_no"].where(unnumbered, relief["batch_no"]).notna()
    return alike(relief, "branch", "batch_no").where(~unnumbered, by_voucher).astype("Int64").where(read)


@once
def by_person(relief: Table) -> Table:
    """The Table with `person` beside its columns: who each row is paid to."""
    return with_columns(relief, person=people(relief))


def mentions(texts: "pd.Series[str]", words: Sequence[str], asked: "pd.Series[bool]") -> "pd.Series[bool]":
    """Mask of the rows of `asked` whose text holds one of some words."""
    return base.mentions(texts[asked.fillna(False).astype(bool)], words).reindex(texts.index, fill_value=False)


def speaks_of(relief: Table, words: Sequence[str], asked: "pd.Series[bool]") -> "pd.Series[bool]":
    """Mask of the rows of `asked` whose reason or programme holds one of some words."""
    return base.mentions(_told(relief, asked), words).reindex(relief.frame.index, fill_value=False)


def _told(relief: Table, asked: "pd.Series[bool]") -> "pd.Series[str]":
    """What some rows say that they are for: reason and programme."""
    rows = relief.frame.loc[asked, ["reason", "programme"]].fillna("")
    return rows["reason"] + " " + rows["programme"]


@once
def payments(relief: Table) -> pd.DataFrame:
    """Payments to people who were paid more than once in a category, in order of `group` (branch, person, category) and day.

    Category and dates can be read, and what was reversed is left out. `at` is the row in the ledger.
    """
    several = by_person(relief)
    read = relief["paid_on"].notna() & filled(relief, "category") & ~relief.unreadable("event_date") & filled(several, "person")
    groups = alike(several, "branch", "person", "category")[read]
    rows = several.frame.loc[groups.index[groups.duplicated(keep=False)], TOLD].assign(group=groups.astype("Int64"))
    rows = rows.rename_axis("at").reset_index().astype({"at": "Int64"})
    rows = rows[(rows["amount"] > 0).fillna(False) & ~rows["at"].isin(reversals(rows))].set_index("at", drop=False).rename_axis(None)
    rows = rows[rows["group"].duplicated(keep=False)]
    return rows.sort_values(["group", "paid_on", "voucher_no", "_src", "_row"], kind="stable")


@once
def festivals(relief: Table) -> "pd.Series[int]":
    """The festivals that a row's reason and programme name, a bit each; 0 where none."""
    festival = relief.says("category", "festival")
    texts = _told(relief, festival)
    named = pd.Series(0, index=texts.index)
    for bit, names in enumerate(calendar()["festivals"].values()):
        named += base.mentions(texts, names) * 2**bit
    return named.reindex(relief.frame.index, fill_value=0).astype("Int64")
