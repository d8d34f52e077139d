"""Any table that any writer writes reads back equal: every value of its type, every cell at its address, and nothing beside them."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import assume, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from ods import ods
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from xlsb import xlsb

from ledgerkit import policies
from ledgerkit.ledgers import load
from ledgerkit.model.money import show
from ledgerkit.model.period import month
from ledgerkit.reading.book import read_book
from ledgerkit.reading.engine import read_bytes
from ledgerkit.rules.packs import settings

Value = str | float | bool | datetime
Rows = Sequence[Sequence[Value]]
# A workbook takes longer than a text: of the profile's examples one in five.
EXAMPLES = tried().max_examples // 5
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def by_xlsxwriter(rows: Rows, **options: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**PLAIN, **options}) as book:
        sheet, dated = book.add_worksheet("表"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        put: Mapping[type, Callable[..., Any]] = {str: sheet.write_string, float: sheet.write_number, bool: sheet.write_boolean}
        for row, line in enumerate(rows):
            for column, cell in enumerate(line):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row, column, cell, dated)
                elif cell != "":
                    put[type(cell)](row, column, cell)
    return out.getvalue()


def by_openpyxl(rows: Rows, base_1904: bool = False) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    if base_1904:
        book.epoch = CALENDAR_MAC_1904
    for row, line in enumerate(rows, 1):
        for column, cell in enumerate(line, 1):
            if cell != "":
                book.active.cell(row, column).value = cell
                if isinstance(cell, str):
                    book.active.cell(row, column).data_type = "s"
    book.save(out)
    return out.getvalue()


WRITERS: Mapping[str, Callable[[Rows], bytes]] = {
    "XlsxWriter": by_xlsxwriter,
    "XlsxWriter, strings in the cells": lambda rows: by_xlsxwriter(rows, constant_memory=True),
    "XlsxWriter, days from 1904": lambda rows: by_xlsxwriter(rows, date_1904=True),
    "openpyxl": by_openpyxl,
    "openpyxl, days from 1904": lambda rows: by_openpyxl(rows, base_1904=True),
    "ods": lambda rows: ods("表", rows),
    "xlsb": lambda rows: xlsb("表", rows),
}
# Nothing that a writer may not write: XML's own forbidden characters, and line breaks that XML makes one.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15).map(float)
DAYS = st.datetimes(datetime(1904, 1, 3), datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0))
CELLS = st.one_of(TEXTS, NUMBERS, st.booleans(), DAYS, st.just(""), st.just(""))
PLACES = st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 30)), CELLS, min_size=1, max_size=25)


def grid(places: Mapping[tuple[int, int], Value]) -> list[list[Value]]:
    rows: list[list[Value]] = [[""] * (max(c for _, c in places) + 1) for _ in range(max(r for r, _ in places) + 1)]
    for (row, column), cell in places.items():
        rows[row][column] = cell
    return rows


def as_written(cell: Value, writer: str) -> Value:
    """XlsxWriter and openpyxl write sixteen digits of a number."""
    return float(f"{cell:.16G}") if type(cell) is float and writer not in ("ods", "xlsb") else cell


def same(ours: Any, written: Value) -> bool:
    if isinstance(ours, date) and not isinstance(ours, datetime):
        ours = datetime.combine(ours, time())
    return type(ours) is type(written) and ours == written


@pytest.mark.parametrize("writer", WRITERS)
@tried(max_examples=EXAMPLES)
@given(places=PLACES)
def test_a_table_reads_back_cell_by_cell(writer: str, places: Mapping[tuple[int, int], Value]) -> None:
    if writer == "xlsb":
        places = {place: cell if isinstance(cell, str | float) and not isinstance(cell, bool) else "" for place, cell in places.items()}
    raw = read_bytes(WRITERS[writer](grid(places)), "b")
    assert (raw.problem, [sheet.name for sheet in raw.sheets]) == ("", ["表" if "openpyxl" not in writer else "Sheet"])
    found = {(row, column): cell for row, line in enumerate(raw.sheets[0].rows) for column, cell in enumerate(line) if cell != ""}
    wanted = {place: as_written(cell, writer) for place, cell in places.items() if cell != ""}
    differ = {place: (found.get(place, ""), wanted.get(place, "")) for place in found.keys() | wanted.keys()}
    assert [pair for pair in differ.items() if not same(*pair[1])] == []


# ---- a ledger's rows, typed


@dataclass(frozen=True)
class Payment:
    """A row of dues."""

    member_no: str
    name: str
    number: int
    paid: int
    paid_on: date

    def cells(self) -> dict[str, Value]:
        """The row as a clerk types it into a workbook."""
        day = datetime.combine(self.paid_on, time())
        return {
            "member_no": self.member_no, "name": self.name, "period": f"2015-{self.number:02d}", "paid": self.paid / 100, "paid_on": day,
        }  # fmt: skip

    def texts(self) -> dict[str, str]:
        """The row as it stands in a text file."""
        return {**{key: str(cell) for key, cell in self.cells().items()}, "paid": show(self.paid), "paid_on": self.paid_on.isoformat()}


PAYMENTS = st.lists(
    st.builds(
        Payment,
        st.from_regex(r"[A-Z0-9]{1,3}-?[0-9]{1,5}", fullmatch=True),
        st.text("王李张刘陈杨黄赵明华丽强伟芳𠮷·", min_size=2, max_size=4).filter(lambda name: name.strip("·") == name),
        st.integers(1, 12),
        st.integers(0, 10**9),
        st.dates(date(2014, 1, 1), date(2016, 3, 31)),
    ),
    min_size=1,
    max_size=8,
)
ORDERS = st.permutations(["member_no", "name", "period", "paid", "paid_on"])
POLICY = policies.load(None, settings())
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def laid_out(payments: Sequence[Mapping[str, Value]], order: Sequence[str], lang: str, top: int, left: int) -> list[list[Value]]:
    head = [load("dues")[key].label("zh" if lang == "zh" else "en") for key in order]
    return [*[[""] for _ in range(top)], *([*[""] * left, *line] for line in ([head] + [[row[key] for key in order] for row in payments]))]


def agrees(data: bytes, name: str, payments: Sequence[Payment], order: Sequence[str], top: int, left: int) -> None:
    """The rows of a file are those payments, each field at its address."""
    book = read_book([read_bytes(data, name)], POLICY, 2015)
    assert [source.problem for source in book.sources] == [""]
    frame = book.read["dues"].frame
    assert frame["_row"].tolist() == [top + 2 + at for at in range(len(payments))]
    assert frame["member_no"].tolist() == [row.member_no for row in payments]
    assert frame["name"].tolist() == [row.name for row in payments]
    assert frame["period"].tolist() == [month(2015, row.number) for row in payments]
    assert frame["paid"].tolist() == [row.paid for row in payments]
    assert [moment.date() for moment in frame["paid_on"]] == [row.paid_on for row in payments]
    assert frame["_used"].all()
    for at, key in enumerate(order, left + 1):
        assert book.sheets[0].cell(key, top + 2) == f"{get_column_letter(at)}{top + 2}"


@pytest.mark.parametrize("writer", WRITERS)
@tried(max_examples=EXAMPLES)
@given(payments=PAYMENTS, order=ORDERS, lang=st.sampled_from(["zh", "en"]), top=st.integers(0, 4), left=st.integers(0, 3))
def test_a_ledger_reads_back_typed(writer: str, payments: Sequence[Payment], order: Sequence[str], lang: str, top: int, left: int) -> None:
    rows = [row.cells() if writer != "xlsb" else row.cells() | {"paid_on": row.texts()["paid_on"]} for row in payments]
    agrees(WRITERS[writer](laid_out(rows, order, lang, top, left)), "b.xlsx", payments, order, top, left)


def fits_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("encoding", ENCODINGS)
@tried(max_examples=EXAMPLES)
@given(payments=PAYMENTS, order=ORDERS, lang=st.sampled_from(["zh", "en"]), separator=st.sampled_from(",;\t"), left=st.integers(0, 2))
def test_a_ledger_in_a_text_file_reads_back_typed(
    encoding: str, payments: Sequence[Payment], order: Sequence[str], lang: str, separator: str, left: int
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(laid_out([row.texts() for row in payments], order, lang, 0, left))
    data = out.getvalue().encode(encoding)
    # A few Chinese characters of GB18030 may be letters of UTF-8 too: nothing in the file says which.
    assume(encoding != "gb18030" or data.isascii() or not fits_utf8(data))
    agrees(data, "b.csv", payments, order, 0, left)
