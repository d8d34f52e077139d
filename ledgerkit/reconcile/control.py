"""The control totals of a run: each figure that can be had twice, beside itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ledgerkit.errors import NotAccounted
from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.formulas import agency_sums, agency_taken
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.reading.book import Book, Sheet
from ledgerkit.reconcile.budget import spent


@dataclass(frozen=True)
class Control:
    """One control: both sides in rows or minor units. `ok` is None where an amount could not be read, so that it is not compared."""

    check: str
    unit: Literal["rows", "money"]
    left: int
    right: int
    ok: bool | None

    @property
    def difference(self) -> int:
        """Left less right."""
        return self.left - self.right


def controls(book: Book, declared: Table, lines: Table | None, policy: Policy) -> list[Control]:
    """Every control of the books but `flags`, which the report adds. Raises NotAccounted where a row read is neither used nor rejected."""
    found = [*_accounted(book), *_declared(declared, book.sheets)]
    if lines is not None:
        found += [*_lines(lines), *_income(lines, book), *_spending(lines, book, policy), *_agency(lines, book, policy)]
    return found


def _accounted(book: Book) -> Iterator[Control]:
    for name, table in book.read.items():
        sheets = [sheet for sheet in book.sheets if sheet.ledger == name and not book.sources[sheet.file].problem]
        rows = Control(
            f"rows.{name}",
            "rows",
            sum(sheet.rows_read for sheet in sheets),
            len(book.used[name]) + sum(sheet.rows_rejected for sheet in sheets),
            len(table) == sum(sheet.rows_read for sheet in sheets) == len(book.used[name]) + sum(sheet.rows_rejected for sheet in sheets),
        )
        yield _held(rows)
        if table.ledger and table.ledger.money:
            left = sum(sheet.amount or 0 for sheet in sheets)
            right = int(book.used[name][table.ledger.money].fillna(0).sum())
            yield _held(Control(f"amount.{name}", "money", left, right, left == right))


def _held(control: Control) -> Control:
    if not control.ok:
        raise NotAccounted(
            N_(
                "{check}: {left} on one side, {right} on the other. Rows would be lost, so nothing was written; please report this with the file."
            ),
            check=control.check,
            left=money.show(control.left) if control.unit == "money" else control.left,
            right=money.show(control.right) if control.unit == "money" else control.right,
        )
    return control


def _declared(declared: Table, sheets: Sequence[Sheet]) -> Iterator[Control]:
    for row in declared.frame.to_dict("records"):
        sheet = sheets[row["_src"]]
        ok = None if row["unread"] else row["declared"] == row["details"]
        check = f"total.{sheet.path}!{sheet.name}!{row['_col']}{row['_row']}"
        yield Control(check, "money", int(row["declared"]), int(row["details"]), ok)


def _lines(lines: Table) -> Iterator[Control]:
    """Booked beside the ledgers' sum, on each expense line that the ledgers use and that is booked; branches together."""
    booked = lines["booked"].notna() | lines["booked_unread"].fillna(False)
    compared = lines.frame[(lines["direction"] == "expense") & ~lines["is_parent"] & (lines["used_by"] != "") & booked]
    for code, rows in compared.groupby("code", sort=True):
        left, right = int(rows["booked"].sum()), int(rows["actual"].sum())
        agree = bool((rows["booked"] == rows["actual"]).fillna(False).all())
        yield Control(f"line.{code}", "money", left, right, agree if rows["compared"].all() else None)


def _income(lines: Table, book: Book) -> Iterator[Control]:
    for check, code, name in (("dues.401", "401", "dues"), ("remittance.402", "402", "remittance")):
        booked = lines["booked"].notna() | lines["booked_unread"].fillna(False)
        if name not in book.used:
            continue
        kept = lines["branch"].isin(book.read[name]["branch"])
        rows = lines.frame[(lines["code"] == code) & (lines["direction"] == "income") & booked & kept]
        if rows.empty:
            continue
        expected = _received(rows, book.used[name]) if name == "remittance" else rows["actual"]
        agree = bool(((rows["booked"] == expected).fillna(False) | (rows["booked"] == rows["alternative"]).fillna(False)).all())
        yield Control(check, "money", int(rows["booked"].sum()), int(expected.sum()), agree if rows["compared"].all() else None)


def _received(rows: pd.DataFrame, remittance: Table) -> "pd.Series[int]":
    """What came back of the remittances where that is filled, else what was retained, by the branches of the lines."""
    came = remittance["received"].where(remittance["received"].notna(), remittance["retained"])
    return rows["branch"].map(came.groupby(remittance["branch"]).sum()).fillna(0).astype("Int64")


def _spending(lines: Table, book: Book, policy: Policy) -> Iterator[Control]:
    """All spending of the ledgers beside what the lines show and what is on no line of the budget."""
    left = int(spent(book.used, policy)["amount"].sum())
    right = int(_leaves(lines)["actual"].fillna(0).sum()) + unbudgeted(lines, book.used, policy)
    yield Control("spending", "money", left, right, left == right)


def _agency(lines: Table, book: Book, policy: Policy) -> Iterator[Control]:
    """Agency money booked as taken in beside what the relief ledger shows and what is left; without such a line there is nothing to compare."""
    relief = book.used.get("relief")
    booked = lines.frame[lines["is_agency"].fillna(False) & ~lines["is_parent"].fillna(False) & lines["booked"].notna()]
    if relief is None or not (booked["direction"] == "agency_in").any():
        return
    of_agency = relief["budget_code"].fillna("").str.startswith(policy.agency_codes)
    sums = agency_sums(booked)
    shown = relief["amount"].where(of_agency).groupby(relief["branch"]).sum().reindex(sums.index).fillna(0)
    taken, expected = sums["taken"].fillna(0), agency_taken(sums, shown).fillna(0)
    rejected = bool((~book.read["relief"]["_used"]).any())
    yield Control("agency", "money", int(taken.sum()), int(expected.sum()), None if rejected else bool((taken == expected).all()))


def unbudgeted(lines: Table, used: Mapping[str, Table], policy: Policy) -> int:
    """Spending on no leaf line of the budget, in minor units."""
    spending = spent(used, policy)
    known = pd.MultiIndex.from_frame(_leaves(lines)[["branch", "code"]])
    return int(spending.loc[~pd.MultiIndex.from_frame(spending[["branch", "code"]]).isin(known), "amount"].sum())


def _leaves(lines: Table) -> pd.DataFrame:
    """The expense lines that no other line's code extends."""
    return lines.frame[(lines["direction"] == "expense") & ~lines["is_parent"]]
