"""G: what is wrong with a sheet as a whole: headings, totals, hidden money."""

from branch import Branch
from layout import Layout, address

from plants import Mark, plant

WITH_TOTALS = {"totals": True, "serial": True}


def spot(layout: Layout, ledger: str, *cells: str) -> Mark:
    """A mark in the first sheet of a ledger: at these cells, or anywhere in it."""
    file, grid = layout.grid(ledger)
    return Mark(file=file, sheet=grid.name, cells=frozenset(cells))


def heading(branch: Branch, layout: Layout, ledger: str, key: str) -> tuple[int, int]:
    """Where a column's heading stands."""
    place = layout.places[branch.rows[ledger][0]]
    return place.grid.header_row, place.columns[key]


@plant("G001", "just", "far", stage="sheets", places=("any",), style={"totals": False})
def heading_missing(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("expenses")
    row, column = heading(branch, layout, "expenses", "supplier")
    if shape == "just":
        grid.cells[row, column] = "收款单位（人）姓名"
    else:
        grid.cells = {place: value for place, value in grid.cells.items() if place[1] != column}
    return spot(layout, "expenses")


@plant("G010", "just", "far", stage="sheets", places=("any", "any"), style=WITH_TOTALS)
def wrong_total(branch: Branch, layout: Layout, shape: str) -> Mark:
    return _total(branch, layout, shape, "relief", "amount", last=True)


@plant("G010", "just", "far", stage="sheets", places=("any", "any"), style=WITH_TOTALS)
def wrong_subtotal(branch: Branch, layout: Layout, shape: str) -> Mark:
    return _total(branch, layout, shape, "dues", "paid", last=False)


def _total(branch: Branch, layout: Layout, shape: str, ledger: str, key: str, *, last: bool) -> Mark:
    _, grid = layout.grid(ledger)
    lines = [row for (row, column), value in grid.cells.items() if column == 0 and value in ("合计", "小计")]
    line, column = lines[-1 if last else 2], heading(branch, layout, ledger, key)[1]
    total = grid.cells[line, column]
    assert isinstance(total, float)
    grid.cells[line, column] = round(total + (0.01 if shape == "just" else 1000), 2)
    return spot(layout, ledger, address(line, column))


@plant("G015", "far", stage="sheets", places=("any",))
def in_ten_thousands(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("remittance")
    row, column = heading(branch, layout, "remittance", "payroll")
    grid.cells[row, column] = f"{grid.cells[row, column]}（万元）" if grid.cells[row, column] != "payroll" else "工资总额（万元）"
    for place, value in list(grid.cells.items()):
        if place[1] == column and isinstance(value, float):
            grid.cells[place] = round(value / 10_000, 6)
    return spot(layout, "remittance")


@plant("G015", "far", places=("any",))
def wages_in_ten_thousands(branch: Branch, shape: str) -> Mark:
    for member in branch.rows["members"]:
        wage = -(-member.money("wage_base") // 10_000) * 10_000
        for row in branch.find("dues", member_no=member["member_no"]):
            row.update(wage_base=wage, due=wage // 1_000 * 5, paid=wage // 1_000 * 5)
        member["wage_base"] = wage // 10_000
    return Mark(tuple(branch.rows["members"]), ("wage_base",))


@plant("G018", "just", stage="sheets", places=("any",))
def hidden_row(branch: Branch, layout: Layout, shape: str) -> Mark:
    place = layout.places[branch.rows["expenses"][2]]
    place.grid.hidden_rows.add(place.row)
    return spot(layout, "expenses")


@plant("G018", "far", stage="sheets", places=("any",))
def hidden_column(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("relief")
    grid.hidden_columns.add(heading(branch, layout, "relief", "amount")[1])
    return spot(layout, "relief")


@plant("G018", "far", stage="sheets", places=("any",))
def hidden_sheet(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("expenses")
    grid.hidden = True
    return spot(layout, "expenses")


@plant("G012", "just", stage="sheets", places=("any",))
def hidden_names(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("attendance")
    grid.hidden_columns.add(heading(branch, layout, "attendance", "name")[1])
    return spot(layout, "attendance")


@plant("G012", "just", stage="sheets", places=("any",), style={"engine": "xlsxwriter"})
def filtered(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("expenses")
    grid.filtered = True
    return spot(layout, "expenses")


@plant("G012", "just", stage="sheets", places=("any",))
def merged(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("members")
    places = [layout.places[row] for row in branch.rows["members"][1:3]]
    column = places[0].columns["group"]
    grid.cells.pop((places[1].row, column))
    grid.merges.append((places[0].row, column, places[1].row, column))
    return spot(layout, "members")


@plant("G022", "far", stage="sheets", places=("any",))
def heading_twice(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("expenses")
    row, column = heading(branch, layout, "expenses", "item")
    beyond = max(place[1] for place in grid.cells) + 1
    grid.cells[row, beyond] = grid.cells[row, column]
    return spot(layout, "expenses", address(row, column), address(row, beyond))


@plant("G023", "far", stage="sheets", places=("any",))
def heading_folded(branch: Branch, layout: Layout, shape: str) -> Mark:
    _, grid = layout.grid("expenses")
    row, column = heading(branch, layout, "expenses", "amount")
    grid.cells[row, column] = "金 额 （元）*"
    return spot(layout, "expenses", address(row, column))
