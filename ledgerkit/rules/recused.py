"""Who had a part in a flagged row, and so cannot review it (回避)."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ledgerkit.model.finding import Finding
from ledgerkit.model.table import among
from ledgerkit.reading.book import Book

HAD_A_PART = ("handled_by", "approved_by")


def recused(findings: Iterable[Finding], book: Book) -> Mapping[tuple[int, int | None], list[str]]:
    """Who prepared the workbook, handled or approved the row, by (sheet, row) of the findings."""
    flagged = pd.DataFrame({(f.src, f.row) for f in findings if f.src >= 0 and f.row}, columns=["_src", "_row"])
    of = {book.sheets[src].ledger for src in flagged["_src"]}
    found: dict[tuple[int, int | None], list[str]] = {}
    for table in (table for name, table in book.read.items() if name in of):
        columns = [column for column in HAD_A_PART if column in table.types]
        rows = table.frame[table["_row"].isin(flagged["_row"])]
        rows = rows[among(rows, flagged)]
        for src, row, *names in rows[["_src", "_row", *columns]].itertuples(index=False):
            cover = book.sources[book.sheets[src].file].cover
            people = [cover.values.get("preparer", "") if cover else "", *(name for name in names if not pd.isna(name))]
            found[int(src), int(row)] = list(dict.fromkeys(name for name in people if name))
    return found
