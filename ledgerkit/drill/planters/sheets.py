"""G: headings, totals, and what a sheet does not show as it is."""

from dataclasses import replace
from decimal import Decimal

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row, Spot
from ledgerkit.drill.planters.cells import money
from ledgerkit.locale import N_
from ledgerkit.model.money import MINOR

plants = PlantSet()
# Faults of a whole sheet: it has one place for them.
ONCE = ("any",)


@plants.plant("G001", places=ONCE, alone=True)
def column_renamed(copy: Copy) -> Spot:
    """A required column under a heading that nobody knows."""
    return copy.head(copy.one("relief"), "reason", lambda text: f"{text}x")


@plants.plant("G010")
def wrong_total(copy: Copy) -> Spot:
    """A total below the rows that is one yuan too high."""
    row = copy.one("relief")
    layout = copy.layout(row)
    used = copy.original.run.book.used["relief"]
    own = used.frame[used["_src"] == row["_src"]]
    amount = layout.matches["amount"]
    total = (int(own["amount"].fillna(0).sum()) + MINOR) / MINOR / amount.scale
    label = next(match.column for key, match in layout.matches.items() if key != "amount")
    return copy.line(row, {label: "合计", amount.column: total if copy.typed(row) else f"{Decimal(str(total)):.2f}"})


@plants.plant("G012", places=ONCE)
def filter_left_on(copy: Copy) -> Spot:
    """A filter left on."""
    row, column = money(copy)
    top = copy.layout(row).header_row

    def filtered(truth, place):  # type: ignore[no-untyped-def]
        return replace(truth, filters=(*truth.filters, ((top, place[1]), (int(row["_row"]) - 1, place[1]))))

    return replace(copy.spot(copy.truth(row, "filter", column, filtered)), row=top + 1)


@plants.plant("G015", places=ONCE)
def ten_thousands(copy: Copy) -> Spot:
    """A heading that says 万元 over amounts in yuan."""
    row = copy.one("expenses")
    return copy.head(row, "amount", lambda text: f"{text}(万元)")


@plants.plant("G018")
def hidden_row(copy: Copy) -> Row:
    """A hidden row with money in it."""
    row, column = money(copy)
    return copy.truth(
        row, "hidden_rows", column, lambda truth, place: replace(truth, hidden_rows=(*truth.hidden_rows, (place[0], place[0])))
    )


@plants.plant("G019")
def shown_rounded(copy: Copy) -> Row:
    """An amount shown without its fen."""
    for ledger, column in (("dues", "paid"), ("expenses", "amount"), ("relief", "amount")):
        if len(rows := copy.paying(ledger, column, cents=True)):
            return _rounded(copy, copy.pick(rows, ledger), column)
    raise Cannot(N_("all amounts are whole yuan"))


def _rounded(copy: Copy, row: Row, column: str) -> Row:
    shown = str(int(row[column]) // MINOR)
    return copy.truth(row, "rounded", column, lambda truth, place: replace(truth, shown={**truth.shown, place: shown}), shown)


@plants.plant("G020")
def error_cell(copy: Copy) -> Row:
    """A formula error in place of an amount."""
    row, column = money(copy)
    return copy.truth(row, "error", column, lambda truth, place: replace(truth, errors={**truth.errors, place: "#REF!"}), "#REF!")


@plants.plant("G021")
def uncalculated(copy: Copy) -> Row:
    """A formula without a result in place of an amount."""
    row, column = money(copy)
    return copy.truth(row, "uncalculated", column, lambda truth, place: replace(truth, uncalculated=truth.uncalculated | {place}), "=")


@plants.plant("G022", places=ONCE)
def heading_twice(copy: Copy) -> Spot:
    """A second column under one heading."""
    return copy.head(copy.one("members"), "name", lambda text: text, width=True)


@plants.plant("G023", places=ONCE)
def heading_marked(copy: Copy) -> Spot:
    """A heading with marks around it."""
    return copy.head(copy.one("members"), "name", lambda text: f"* {text}:")
