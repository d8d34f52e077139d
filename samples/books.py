"""Builds every sample workbook from its text sources, byte for byte; `generate.py` writes them and says what has drifted.

The sources' syntax is described in samples/README.md.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgerkit.ledgers import ORDER, all_ledgers, load
from ledgerkit.locale import Lang
from ledgerkit.model.schema import Field, Ledger
from ledgerkit.writing import safe
from ledgerkit.writing.template import write_template

Row = dict[str, str]
HERE = Path(__file__).resolve().parent
# Branch workbooks as our template makes them: folder, language, name of the workbook.
BRANCHES: tuple[tuple[str, Lang, str], ...] = (
    ("branch-2015-zh", "zh", "市政务服务中心机关工会-2015.xlsx"),
    ("branch-2015-en", "en", "City-Service-Centre-2015.xlsx"),
)
# Folders of workbooks laid out by hand, cell by cell.
GRIDS = ("faults-2015",)
# Many branches from one text a ledger, each row with its branch: folder, language, and the workbook and cover of the register.
FEDERATIONS: tuple[tuple[str, Lang, str, Row], ...] = (
    ("organs-union-2015", "zh", "工会组织台账.xlsx", {"branch": "市级机关工会联合会", "year": "2015"}),
    ("federation-2015", "zh", "工会组织台账.xlsx", {"branch": "清江市总工会", "year": "2015"}),
)
ROWS = 300
# The columns of dues in the wide form.
WIDE = ("member_no", "name", "wage_base")
MONTHS = tuple(f"{number}月" for number in range(1, 13))
COLUMN_WIDTH = 15
# Room for an ID number or a card.
PLAIN_WIDTH = 21
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
_NUMBER = re.compile(r"#(?P<number>-?\d+(?:\.\d+)?(?:[eE]\+?\d+)?)(?: @(?P<format>\S+))?")
_MOMENT = re.compile(r"#(?P<day>\d{4}-\d{2}-\d{2})(?:T(?P<time>\d{2}:\d{2}))?")
_FORMULA = re.compile(r"(?P<formula>=.*?)(?: -> (?P<cached>-?\d+(?:\.\d+)?))?")


# ---- sources


def read_table(path: Path) -> list[Row]:
    """The rows of an aligned table as field key → canonical text, blank cells left out."""
    header, *rows = (_split(line) for line in _lines(path))
    return [{key: cell for key, cell in zip(header, row, strict=True) if cell} for row in rows]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


@dataclass(frozen=True)
class Grid:
    """One sheet laid out by hand: its cells as text by place (from 0), merged ranges, names of cells."""

    name: str
    cells: Mapping[tuple[int, int], str]
    merges: tuple[str, ...]
    names: Mapping[str, str]
    width: int = COLUMN_WIDTH


def read_grid(path: Path) -> Grid:
    """A sheet from its file `NN name.txt`. Raises ValueError for a line that is no directive and no row."""
    merges, names = [], {}
    cells: dict[tuple[int, int], str] = {}
    for line in _lines(path):
        word, _, rest = line.partition(" ")
        if word == "merge":
            merges.append(rest.strip())
        elif word == "name":
            key, cell = rest.split()
            names[key] = cell
        elif word == "row":
            _check_letters(_split(line)[1:], path)
        else:
            number, *texts = _split(line)
            cells |= {(int(number) - 1, column): text for column, text in enumerate(texts) if text}
    return Grid(path.stem.partition(" ")[2], cells, tuple(merges), names)


def _check_letters(letters: list[str], path: Path) -> None:
    if letters != [xl_col_to_name(column) for column in range(len(letters))]:
        raise ValueError(f"{path}: the column letters are not A, B, C…")


# ---- workbooks


def build_branch(folder: Path, lang: Lang, target: Path) -> None:
    """A filled template from cover.txt and a text a ledger."""
    (cover,) = read_table(folder / "cover.txt")
    data = {name: read_table(folder / f"{name}.txt") for name in ORDER}
    write_template(target, all_ledgers(), lang, rows=ROWS, cover=cover, data=data)


def build_grids(folder: Path, target: Path) -> None:
    """A workbook from a folder of sheets in the order of their numbers; `book.txt`, if there, gives its stamp."""
    stamp = folder / "book.txt"
    _, kind, version = _lines(stamp)[0].split() if stamp.exists() else ("stamp", "sample", "1")
    with safe.workbook(target, kind=kind, version=version) as book:
        formats = _Formats(book)
        for path in sorted(folder.glob("[0-9]*.txt")):
            _write_grid(book, formats, read_grid(path))


def _write_grid(book: Workbook, formats: "_Formats", grid: Grid) -> None:
    sheet = book.add_worksheet(grid.name)
    sheet.set_column(0, max((column for _, column in grid.cells), default=0), grid.width)
    for area in grid.merges:
        sheet.merge_range(area, "", formats.of("@"))
    for (row, column), text in sorted(grid.cells.items()):
        _write_cell(sheet, formats, row, column, text)
    for name, cell in grid.names.items():
        row, column = xl_cell_to_rowcol(cell)
        book.define_name(name, f"='{grid.name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}")


class _Formats:
    """Number formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book, self.made = book, dict[str, Format]()

    def of(self, code: str) -> Format:
        """The format of a number format code."""
        if code not in self.made:
            self.made[code] = self.book.add_format({"num_format": code})
        return self.made[code]


def _write_cell(sheet: Worksheet, formats: _Formats, row: int, column: int, text: str) -> None:
    """One cell by its syntax: #number, #date, an error, =formula (without a value, or with the one after ->), else text."""
    if text in ERRORS:
        # XlsxWriter makes an error cell of a formula whose value is an error.
        sheet.write_formula(row, column, f"={text}", None, text)
    elif found := _MOMENT.fullmatch(text):
        code = "yyyy-mm-dd hh:mm" if found["time"] else "yyyy-mm-dd"
        sheet.write_datetime(row, column, datetime.fromisoformat(text[1:]), formats.of(code))
    elif found := _NUMBER.fullmatch(text):
        sheet.write_number(row, column, float(found["number"]), formats.of(found["format"] or "General"))
    elif (found := _FORMULA.fullmatch(text)) and found["formula"]:
        # An empty value leaves the cell without one, as a program does that writes formulas and calculates nothing.
        sheet.write_formula(row, column, found["formula"], None, float(found["cached"]) if found["cached"] else "")
    else:
        sheet.write_string(row, column, text.removeprefix("'").replace("\\n", "\n"), formats.of("@"))


# ---- a federation: one text a ledger for all branches


def build_federation(source: Path, lang: Lang, books: Path, register: str, cover: Row) -> None:
    """A workbook a row of cover.txt (its own dues form), and the register as a workbook of its own.

    `rows` is the code under which a workbook's rows stand in the other texts, where a branch sends more than one.
    """
    tables = {path.stem: read_table(path) for path in source.glob("*.txt") if path.stem != "README"}
    write_template(books / register, [load("branches")], lang, rows=ROWS, cover=cover, data={"branches": tables["branches"]})
    for branch in tables["cover"]:
        code, wide = branch.pop("rows", branch["branch_code"]), branch.pop("dues") == "wide"
        data = {name: _of_branch(tables[name], code) for name in ORDER if name != "branches"}
        path = books / f"{code}-{branch['branch']}.xlsx"
        if wide:
            _write_plain(path, branch, data | {"dues": wide_dues(data["dues"])})
        else:
            (paydays,) = _of_branch(tables["paydays"], branch["branch_code"])
            write_template(path, all_ledgers(), lang, rows=ROWS, cover=branch, data=data | {"dues": long_dues(data["dues"], paydays)})


def _of_branch(rows: list[Row], code: str) -> list[Row]:
    return [{key: text for key, text in row.items() if key != "branch_code"} for row in rows if row["branch_code"] == code]


def months_of(text: str, year: str = "2015") -> list[str]:
    """The months of a run of dues: `03`, `01-06`, or `2014-12` of another year."""
    if len(text) > len("01-12"):
        return [text]
    first, _, last = text.partition("-")
    return [f"{year}-{number:02d}" for number in range(int(first), int(last or first) + 1)]


def long_dues(runs: list[Row], paydays: Row) -> list[Row]:
    """A row a month of each run, month by month; paid by payroll on the branch's payday, unless the run says when or nothing was paid."""
    rows = [
        {
            **{key: text for key, text in run.items() if key != "months"},
            **{"period": month, "method": "payroll", "handled_by": paydays["handled_by"]},
            "paid_on": (run.get("paid_on") or paydays[month]) if float(run["paid"]) else "",
        }
        for run in runs
        for month in months_of(run["months"])
    ]
    return sorted(rows, key=lambda row: row["period"])


def wide_dues(runs: list[Row]) -> list[Row]:
    """A row a member, its months under 1月…12月, with the base of its first run. Raises ValueError for what the wide form cannot show."""
    rows: dict[str, Row] = {}
    for run in runs:
        row = rows.setdefault(run["member_no"], {key: run[key] for key in WIDE})
        paid = {f"{int(month[-2:])}月": run["paid"] for month in months_of(run["months"])}
        if paid.keys() & row.keys() or "waived" in run or "paid_on" in run:
            raise ValueError(
                f"dues of {run['member_no']}, {run['months']}: a month twice, a waiver or a day of payment needs the long form"
            )
        row |= paid
    return list(rows.values())


def _write_plain(target: Path, cover: Row, data: Mapping[str, list[Row]]) -> None:
    """A workbook as branches make it themselves: no template, a title, the Chinese headers of the columns in use, dues in the wide form."""
    ledgers = [load(name) for name in data]
    grids = [_plain_cover(load("cover"), cover), *(_plain_sheet(ledger, data[ledger.name]) for ledger in ledgers)]
    with safe.workbook(target, kind="sample", version="1") as book:
        formats = _Formats(book)
        for grid in grids:
            _write_grid(book, formats, grid)


def _plain_cover(ledger: Ledger, cover: Row) -> Grid:
    filled = [field for field in ledger.fields if field.key in cover]
    labels = {(row, 0): field.zh for row, field in enumerate(filled, 1)}
    values = {(row, 1): _plain(field, cover[field.key]) for row, field in enumerate(filled, 1)}
    return Grid(ledger.title["zh"], {(0, 0): "工会账簿", **labels, **values}, (), {}, PLAIN_WIDTH)


def _plain_sheet(ledger: Ledger, rows: list[Row]) -> Grid:
    """Title in row 1, headers in row 3, rows from row 4; a column that need not be filled and is not is left out."""
    used = {key for row in rows for key in row}
    columns = {field.key: (field.zh, field) for field in ledger.fields if field.key in used or field.need != "O"}
    if ledger.name == "dues":
        columns = {key: (ledger[key].zh, ledger[key]) for key in WIDE} | {month: (month, ledger["paid"]) for month in MONTHS}
    heads = {(2, at): heading for at, (heading, _) in enumerate(columns.values())}
    cells = {
        (place, at): _plain(field, row[key])
        for place, row in enumerate(rows, 3)
        for at, (key, (_, field)) in enumerate(columns.items())
        if key in row
    }
    return Grid(ledger.title["zh"], {(0, 0): ledger.title["zh"], **heads, **cells}, (), {}, PLAIN_WIDTH)


def _plain(field: Field, text: str) -> str:
    """A canonical value as the syntax of a cell laid out by hand."""
    match field.type:
        case "money":
            return f"#{text} @0.00"
        case "int" | "date" | "datetime":
            return f"#{text}"
        case "month":
            return f"#{text}-01"
        case "yesno":
            return {"yes": "是", "no": "否"}[text]
        case "choice":
            return next(choice.zh for choice in field.choices if choice.key == text)
        case _:
            return f"'{text}"


# ---- files that are no workbooks


def build_recipe(recipe: Path, books: Path) -> None:
    """A file that is no workbook, or a copy of one, byte by byte: hex, text, utf16, zeros, copy."""
    makers: Mapping[str, Callable[[str], bytes]] = {
        "hex": bytes.fromhex,
        "text": lambda rest: f"{rest}\n".encode(),
        "utf16": lambda rest: rest.encode("utf-16-le"),
        "zeros": lambda rest: bytes(int(rest)),
        "copy": lambda rest: (books / rest).read_bytes(),
    }
    parts = [line.partition(" ") for line in _lines(recipe) if not line.startswith("//")]
    (books / recipe.name.removesuffix(".recipe")).write_bytes(b"".join(makers[word](rest) for word, _, rest in parts))


def build_all(root: Path) -> None:
    """Every sample's books below `root`."""
    for sample, lang, name in BRANCHES:
        build_branch(HERE / sample / "source", lang, _books(root, sample) / name)
    for sample, lang, register, cover in FEDERATIONS:
        build_federation(HERE / sample / "source", lang, _books(root, sample), register, cover)
    for sample in GRIDS:
        books, source = _books(root, sample), HERE / sample / "source"
        for folder in sorted(path for path in source.iterdir() if path.is_dir()):
            build_grids(folder, books / folder.name)
        for recipe in sorted(source.glob("*.recipe")):
            build_recipe(recipe, books)


def _books(root: Path, sample: str) -> Path:
    folder = root / sample / "books"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
