"""Which required cells are blank: R columns, and C columns where their condition holds (contract §1, "C columns")."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ledgerkit.model.person import fold_name
from ledgerkit.model.policy import Policy
from ledgerkit.model.schema import Field, FieldType
from ledgerkit.model.table import TEXTS, Table, among, filled, make, opens, stands_in
from ledgerkit.reading.book import Sheet
from ledgerkit.reading.display import listed, span
from ledgerkit.reading.found import nearest
from ledgerkit.reading.raw import Range

BLANKS: Mapping[str, FieldType] = {"at": "int", "ledger": "text", "field": "text", "case": "text", "count": "int", "expected": "text"}
LACKING: Mapping[str, FieldType] = {"ledger": "text", "field": "text", "count": "int", "observed": "text"}
# A blank here is another rule's finding: D009, B006, A012, M007, B001.
SPOKEN_ELSEWHERE = frozenset({"waiver_reason", "adjustment_no", "minutes_no", "benefit_location", "budget_code"})
YOUNG = ("child", "student")
# What a month's cell of wide dues gives; the rest of the row is the member's.
MELTED = ("period", "paid")

Tables = Mapping[str, Table]
Row = dict[str, Any]
Condition = Callable[[Tables, Policy], "pd.Series[Any]"]


def blanks(tables: Tables, policy: Policy, sheets: Sequence[Sheet] = (), unseen: frozenset[int] = frozenset()) -> Table:
    """The statement `blanks`: a row for every required cell that is blank, at its place; one for all of a column that merged cells cover.

    `unseen` are the sheets in whose format a blank may be an error cell or a formula never calculated.
    """
    rows = [row for table in tables.values() for row in _blank_cells(table, tables, policy, sheets)]
    return make("blanks", BLANKS, [{"case": "unseen" if row["_src"] in unseen else "", **row} for row in _under_merges(rows, sheets)])


def _under_merges(rows: Iterable[Row], sheets: Sequence[Sheet]) -> Iterator[Row]:
    """The blank cells, those that merged cells cover gathered by column: unmerging is one deed."""
    covered: dict[tuple[int, str], list[tuple[Row, Range]]] = {}
    for row in rows:
        sheet = sheets[row["_src"]] if sheets else None
        merge = _merge_over(sheet, row) if sheet and sheet.merges else None
        if merge:
            covered.setdefault((row["_src"], row["field"]), []).append((row, merge))
        else:
            yield row
    for found in covered.values():
        merges = dict.fromkeys(merge for _, merge in found)
        yield {**found[0][0], "case": "merged", "count": len(found), "expected": listed(map(span, merges))}


def _merge_over(sheet: Sheet, row: Row) -> Range | None:
    """The merged cells that cover a blank cell."""
    match = sheet.layout.matches.get(row["field"]) if sheet.layout else None
    if match is None:
        return None
    place = (int(row["_row"]) - 1, match.column)
    over = ((first, last) for first, last in sheet.merges if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1])
    return next(((first, last) for first, last in over if first != place), None)


def _blank_cells(table: Table, tables: Tables, policy: Policy, sheets: Sequence[Sheet]) -> Iterator[Row]:
    assert table.ledger is not None
    for item in table.ledger.fields:
        if item.need == "O" or item.key in SPOKEN_ELSEWHERE or item.key in table.absent:
            continue
        empty = is_blank(table, item.key)
        if empty.any():
            empty &= ~_without(table, item.key, sheets) & _needed(table, item.key, tables, policy) & _own(table, item.key)
        for at in empty.index[empty]:
            place = {column: table.at(at, column) for column in ("_src", "_row", "branch")}
            letters = table.at(at, "_col") if item.key in MELTED else ""
            yield {**place, "_col": letters, "at": int(at), "ledger": table.name, "field": item.key}


def lacking(tables: Tables, policy: Policy, sheets: Sequence[Sheet]) -> Table:
    """The statement `lacking`: a row for every conditional column that a sheet does not have though some of its rows need it."""
    rows = []
    for at, sheet in enumerate(sheets):
        table = tables.get(sheet.ledger or "")
        if table is None or table.ledger is None or sheet.layout is None:
            continue
        for item in table.ledger.fields:
            if item.need == "C" and item.key not in sheet.layout.matches and not sheet.layout.is_wide and has_condition(table, item):
                here = table["_src"] == at
                count = int((_needed(table, item.key, tables, policy) & here).sum())
                if count:
                    place = {"_src": at, "_row": sheet.layout.header_row + 1, "branch": table.frame.loc[here, "branch"].iloc[0]}
                    rows.append(
                        {**place, "ledger": table.name, "field": item.key, "count": count, "observed": nearest(sheet.layout, item.key)}
                    )
    return make("lacking", LACKING, rows)


def _without(table: Table, column: str, sheets: Sequence[Sheet]) -> "pd.Series[bool]":
    """Mask of the rows whose sheet has no such column: that is said once, of the sheet."""
    lacking = [] if column in MELTED else [at for at, sheet in enumerate(sheets) if sheet.layout and column not in sheet.layout.matches]
    return table["_src"].isin(lacking)


def has_condition(table: Table, item: Field) -> bool:
    """Whether a conditional column's condition can be told from the ledgers (minutes of a batch are A012's)."""
    return item.when is not None or (table.name, item.key) in CONDITIONS


def is_blank(table: Table, column: str) -> "pd.Series[bool]":
    """Mask of the cells that are there and empty; an unreadable cell, or one that wide dues do not have, is not."""
    empty = ~filled(table, column) if table.types[column] in TEXTS else table[column].isna()
    if not empty.any():
        return empty
    wide = ~table.says("_col", "") if column in ("paid_on", "receipt_no") else table.none()
    return empty & ~table.unreadable(column) & ~wide


def _own(table: Table, column: str) -> "pd.Series[bool]":
    """Mask of the rows whose cell is their own: the months of a wide row share the member's other cells."""
    if column in MELTED:
        return ~table.none()
    return opens(table)


def _needed(table: Table, column: str, tables: Tables, policy: Policy) -> "pd.Series[bool]":
    assert table.ledger is not None
    item = table.ledger[column]
    if item.need == "R":
        return ~table.none()
    if item.when is not None:
        return _holds(table, item.when)
    return CONDITIONS[table.name, column](tables, policy).fillna(False).astype(bool)


def _holds(table: Table, when: str) -> "pd.Series[bool]":
    """A condition on a row's own columns; NA in it means not required."""
    return pd.Series(table.frame.eval(when, engine="python"), index=table.frame.index).fillna(False).astype(bool)


def _wage_base(tables: Tables, policy: Policy) -> "pd.Series[Any]":
    """dues.wage_base: the roster has none for the member. Without a roster it cannot be told."""
    dues, members = tables["dues"], tables.get("members")
    if members is None:
        return dues.none()
    known = members.frame.loc[members["wage_base"].notna(), ["branch", "member_no"]]
    return stands_in(dues, members, "branch", "member_no") & ~among(dues.frame, known)


def _relief_id(tables: Tables, policy: Policy) -> "pd.Series[Any]":
    """relief.id_no: the hardship group without a member number, but for a child or student (whose age the ledger does not give)."""
    relief = tables["relief"]
    hardship = relief.says("category", *policy.groups["hardship"])
    return hardship & relief.says("member_no", "") & ~relief.says("beneficiary_type", *YOUNG)


def _relief_card(tables: Tables, policy: Policy) -> "pd.Series[Any]":
    """relief.bank_card: paid by transfer and the roster has no card for the member."""
    relief, members = tables["relief"], tables.get("members")
    transfer = relief.says("form", "transfer")
    if members is None:
        return transfer & relief.says("member_no", "")
    known = members.frame.loc[~members.says("bank_card", ""), ["branch", "member_no"]]
    return transfer & ~among(relief.frame, known)


def _attendee(tables: Tables, policy: Policy) -> "pd.Series[Any]":
    """attendance.member_no: no guest, and the name is not unique in the roster."""
    attendance, members = tables["attendance"], tables.get("members")
    if members is None:
        return attendance.none()
    names = pd.DataFrame({"branch": members["branch"], "name": members["name"].fillna("").map(fold_name)})
    single = names[~names.duplicated(keep=False)]
    people = pd.DataFrame({"branch": attendance["branch"], "name": attendance["name"].fillna("").map(fold_name)})
    return ~attendance["guest"].fillna(False).astype(bool) & ~among(people, single)


CONDITIONS: Mapping[tuple[str, str], Condition] = {
    ("dues", "wage_base"): _wage_base,
    ("relief", "id_no"): _relief_id,
    ("relief", "bank_card"): _relief_card,
    ("attendance", "member_no"): _attendee,
}
