"""F and some G: another file in the place of one, a ledger left out, an old template."""

from dataclasses import replace

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row, Spot
from ledgerkit.locale import N_
from ledgerkit.model.stamp import KIND, TEMPLATE, VERSION
from ledgerkit.reading.engine import read_bytes
from ledgerkit.reading.raw import RawFile
from ledgerkit.rules.base import NO_LEDGER

plants = PlantSet()
ONCE = ("any",)
PDF = b"%PDF-1.4\n%%EOF\n"


def _any_row(copy: Copy) -> Row:
    """A row of any ledger of the branch: it names a file."""
    for ledger in ("relief", "dues", "members", "activities", "expenses", "budget"):
        if ledger in copy.original.run.book.used and len(rows := copy.all(ledger)):
            return copy.pick(rows, ledger)
    raise Cannot(N_("no row of {ledger} in which it could be planted"), ledger="relief")


@plants.plant("F001", places=ONCE)
def pdf_for_a_workbook(copy: Copy) -> Spot:
    """A PDF under the workbook's name."""
    return copy.swap(_any_row(copy), "pdf", lambda file: [read_bytes(PDF, file.path)])


@plants.plant("F003", places=ONCE)
def nothing_for_a_workbook(copy: Copy) -> Spot:
    """A file of no bytes under the workbook's name."""
    return copy.swap(_any_row(copy), "empty", lambda file: [read_bytes(b"", file.path)])


@plants.plant("F007", places=ONCE)
def unknown_headings(copy: Copy) -> Spot:
    """A sheet whose headings nobody knows."""
    row = _any_row(copy)
    layout = copy.layout(row)
    for key in layout.matches:
        spot = copy.head(row, key, lambda text: f"x{text}x")
    copy.whole = True
    return replace(spot, row=None)


@plants.plant("F008", places=ONCE)
def sent_twice(copy: Copy) -> Spot:
    """The same file once more under another name, which comes later in the order of paths."""
    return copy.swap(_any_row(copy), "copied", lambda file: [file, replace(file, path=_twin(file.path))])


def _twin(path: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}~2{dot}{suffix}"


@plants.plant("F011", places=ONCE)
def last_years_cover(copy: Copy) -> Spot:
    """A cover of the year before."""
    row = _any_row(copy)
    source = copy.original.run.book.sources[copy.original.run.book.sheets[int(row["_src"])].file]
    if source.cover is None or source.cover.year != copy.year:
        raise Cannot(N_("no cover gives the year"))
    year, cover = str(copy.year), source.cover.sheet

    def older(file: RawFile) -> list[RawFile]:
        sheets = [
            replace(raw, rows=[[_older(cell, year) for cell in line] for line in raw.rows]) for raw in file.sheets if raw.name == cover
        ]
        return [replace(file, sheets=(*sheets, *(raw for raw in file.sheets if raw.name != cover)))]

    return copy.swap(row, "older", older)


def _older(cell: object, year: str) -> object:
    """A cell of the cover, last year's where it was this year's."""
    if isinstance(cell, float) and cell == float(year):
        return cell - 1
    return str(int(year) - 1) if isinstance(cell, str) and cell.strip() in (year, f"{year}年") else cell


@plants.plant("G025", places=ONCE)
def ledger_left_out(copy: Copy) -> Spot:
    """The sheet of a ledger is not there."""
    kept = [name for name in ("remittance", "activities", "expenses", "budget") if name in copy.original.run.book.used]
    kept = [name for name in kept if len(copy.original.run.book.used[name].frame.query("branch == @copy.branches[0]"))]
    if not kept:
        raise Cannot(NO_LEDGER, ledger="remittance")
    return copy.drop(kept[copy.rng.randrange(len(kept))])


@plants.plant("G026", places=ONCE)
def old_template(copy: Copy) -> Spot:
    """A workbook made from a template of another version."""
    row = _any_row(copy)
    made_from = copy.files[copy.original.run.book.sheets[int(row["_src"])].file].properties
    if made_from.get(KIND) != TEMPLATE:
        raise Cannot(N_("the workbook was made from no template"))
    return copy.swap(row, "template", lambda file: [replace(file, properties={**file.properties, VERSION: "0"})])
