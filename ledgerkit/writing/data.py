"""A federation's ledgers as Parquet: a folder a ledger, a file a batch of branches, every row read with its branch and its place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgerkit.errors import BadOutput
from ledgerkit.locale import N_
from ledgerkit.model.period import show_month
from ledgerkit.model.report import Report
from ledgerkit.model.schema import Field
from ledgerkit.model.stamp import MANIFEST
from ledgerkit.model.table import Table, values
from ledgerkit.reading import entries
from ledgerkit.reading.book import Book
from ledgerkit.reading.handed import BOOKS, place
from ledgerkit.reading.survey import Cells, Head
from ledgerkit.writing.atomic import whole_folder, write
from ledgerkit.writing.masking import text_masked

if TYPE_CHECKING:
    import pyarrow as pa

NO_ARROW = N_("--data needs pyarrow, which is not installed. Install ledgerkit[data], or run without --data.")
OCCUPIED = N_("{path} is already there and holds no data of ledgerkit. Give --data another folder.")
NO_PARENT = N_("The folder of {path} does not exist. Create it first, or give --data another place.")


def check_data(folder: Path | None) -> None:
    """Refuses a folder for data before the long work: one with other things in it, one that cannot be made. Raises BadOutput."""
    if folder is None:
        return
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise BadOutput(NO_ARROW) from error
    if folder.exists() and not (folder / MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadOutput(OCCUPIED, path=folder)
    if not folder.resolve().parent.is_dir():
        raise BadOutput(NO_PARENT, path=folder)


def write_data(report: Report, batches: Iterable[Mapping[str, Table]], folder: Path, books: Sequence[Head] | None) -> None:
    """Writes the rows of all batches, whole or not at all; what an earlier run wrote there is replaced. Raises BadOutput.

    `books`: the files, which are handed on with their cells, and nothing is masked; None where it is.
    """
    with whole_folder(folder) as new:
        rows: dict[str, int] = {}
        for number, tables in enumerate(batches):
            for name, table in tables.items():
                rows[name] = rows.get(name, 0) + len(table)
                _write(new / name, number, table, report.book, unmask=books is not None)
        _hand_on(books or (), new)
        write(new / MANIFEST, _manifest(report, rows, books).encode())


def _hand_on(books: Sequence[Head], folder: Path) -> None:
    """Puts the cells of the files into a folder of data, as a higher federation's merge takes them."""
    for number, head in enumerate(books):
        target = place(folder, number)
        target.parent.mkdir(exist_ok=True)
        if head.entry:
            write(target, Path(head.entry).read_bytes())
        else:
            entries.store(target, head, Cells(head.file, {}))


def _manifest(report: Report, rows: Mapping[str, int], books: Sequence[Head] | None) -> str:
    whole = {
        "ledgerkit": report.version,
        "year": report.book.year,
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "policy": report.policy.sha256,
        "masked": books is None,
        "rows": rows,
        **({BOOKS: [head.file.path for head in books]} if books is not None else {}),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _write(folder: Path, number: int, table: Table, book: Book, unmask: bool) -> None:
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True)
    pq.write_table(as_arrow(table, book, unmask), folder / f"{number:06d}.parquet")


def as_arrow(table: Table, book: Book, unmask: bool) -> "pa.Table":
    """A ledger's rows: branch, file, sheet, row (Excel's), column (of a wide month, else ""), used, then its fields in order.

    Money is yuan with two decimals, a month text (YYYY-MM); NA is null.
    """
    import pyarrow as pa

    assert table.ledger is not None
    sheets = [book.sheets[int(src)] for src in table["_src"]]
    columns: dict[str, Any] = {
        "branch": pa.array(list(table["branch"]), pa.string()),
        "file": pa.array([sheet.path for sheet in sheets], pa.string()),
        "sheet": pa.array([sheet.name for sheet in sheets], pa.string()),
        "row": pa.array([int(row) for row in table["_row"]], pa.int32()),
        "column": pa.array(list(table["_col"]), pa.string()),
        "used": pa.array([bool(used) for used in table["_used"]], pa.bool_()),
    }
    for item in table.ledger.fields:
        columns[item.key] = _column(item, table, unmask)
    return pa.table(columns)


def _column(item: Field, table: Table, unmask: bool) -> Any:
    import pyarrow as pa

    cells = values(table[item.key])
    if item.type == "money":
        return pa.array([None if value is None else Decimal(int(value)).scaleb(-2) for value in cells], pa.decimal128(20, 2))
    if item.type == "month":
        return pa.array([None if value is None else show_month(int(value)) for value in cells], pa.string())
    if item.type in ("date", "datetime"):
        kind = pa.date32() if item.type == "date" else pa.timestamp("s")
        return pa.array(cells, kind)
    if item.type == "int":
        return pa.array(cells, pa.int64())
    if item.type == "yesno":
        return pa.array(cells, pa.bool_())
    return pa.array([value if unmask else text_masked(value, item) for value in cells], pa.string())
