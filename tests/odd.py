"""What an odd case is: a file, or some, that a clerk may send, put into a folder of many; and the ordinary books that it departs from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from books import Grid, cover, write
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit import ledgers

Put = Callable[[Path, str], object]
Touch = Callable[[Worksheet], object]
# Two good rows a ledger; the first is the one that is spoilt.
GOOD: Mapping[str, list[dict[str, str]]] = {
    "dues": [
        {"period": "2015-03", "member_no": "M001", "name": "王小明", "paid": "#15", "paid_on": "2015-03-10d"},
        {"period": "2015-03", "member_no": "M002", "name": "李秋月", "paid": "#15", "paid_on": "2015-03-10d"},
    ],
    "members": [
        {"member_no": "M001", "name": "王小明", "id_no": "110101199003071313", "status": "在职"},
        {"member_no": "M002", "name": "李秋月", "id_no": "11010119900307109X", "status": "在职"},
    ],
    "activities": [
        {"activity_no": "A1", "title": "棋类比赛", "category": "体育", "starts_at": "2015-05-04T14:00d", "present": "#20", "actual_cost": "#0"},
        {"activity_no": "A2", "title": "健步走", "category": "体育", "starts_at": "2015-06-04T14:00d", "present": "#30", "actual_cost": "#0"},
    ],
    "budget": [
        {"code": "50204", "title": "困难职工帮扶费", "direction": "支出", "approved": "#50000"},
        {"code": "50205", "title": "送温暖费", "direction": "支出", "approved": "#20000"},
    ],
    "relief": [
        {
            **{"voucher_no": "记-0001", "category": "生活救助", "beneficiary_type": "家庭", "beneficiary": "张家", "id_no": "110101199003071102"},
            **{"reason": "生活困难", "form": "现金", "amount": "#500", "fund": "本级工会经费", "budget_code": "50204", "approved_on": "2015-03-01d"},
            **{"approved_by": "赵主席", "handled_by": "钱会计", "paid_on": "2015-03-02d"},
        }
    ],
    "branches": [
        {"branch_code": "B01", "name": "甲工会", "members": "#30", "elected_on": "2013-03-01d", "term_years": "#3"},
        {"branch_code": "B02", "name": "乙工会", "members": "#20", "elected_on": "2013-03-01d", "term_years": "#3"},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What is odd, in both languages, and what puts it into a folder under a name without suffix. `quiet`: nothing is to be said of it."""

    zh: str
    en: str
    put: Put
    quiet: bool = False


@dataclass(frozen=True)
class Section:
    """Cases of one kind under one heading."""

    zh: str
    en: str
    cases: tuple[Case, ...]


def sheet(ledger: str, spoilt: Mapping[str, str] | None = None, rows: list[dict[str, str]] | None = None) -> Grid:
    """A ledger's sheet with its Chinese headings: the good rows, some cells of the first spoilt; or other rows."""
    first, *rest = rows or GOOD[ledger]
    lines = [{**first, **(spoilt or {})}, *rest]
    keys = list(dict.fromkeys(key for line in lines for key in line))
    fields = ledgers.load(ledger)
    return [[fields[key].zh for key in keys], *([line.get(key, "") for key in keys] for line in lines)]


def book(*sheets: str | Grid, names: Mapping[str, str] | None = None, properties: Mapping[str, str] | None = None, **options: Any) -> Put:
    """A branch's workbook of its own, its code the file's name, with these sheets behind its cover."""

    def put(folder: Path, name: str) -> Path:
        own = {"封面": cover(branch_code=name, year="2015", branch="某机关工会", date="2015-12-31d")}
        listed: dict[str, str | Grid] = {f"表{number}": given for number, given in enumerate(sheets, 1)}
        return write(folder / f"{name}.xlsx", {**own, **listed}, names, properties, **options)

    return put


def cell(zh: str, en: str, ledger: str = "dues", quiet: bool = False, **spoilt: str) -> Case:
    """One odd cell in an otherwise good sheet."""
    return Case(zh, en, book(sheet(ledger, spoilt)), quiet)


def touched(put: Put, touch: Touch, at: int = 1) -> Put:
    """A workbook after a clerk did something to a sheet."""

    def after(folder: Path, name: str) -> None:
        path = folder / f"{name}.xlsx"
        put(folder, name)
        opened = openpyxl.load_workbook(path)
        touch(opened.worksheets[at])
        opened.save(path)

    return after


def file(suffix: str, data: bytes) -> Put:
    """A file of these bytes."""
    return lambda folder, name: (folder / f"{name}{suffix}").write_bytes(data)
