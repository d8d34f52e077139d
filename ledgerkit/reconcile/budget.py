"""The statement `lines`: each budget line's budget, what the ledgers spent on it, and what is booked (contract §2a)."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ledgerkit.model.formulas import headings
from ledgerkit.model.policy import Policy
from ledgerkit.model.statements import RECONCILED
from ledgerkit.model.table import PLACE, Table, looked_up, shaped

Tables = Mapping[str, Table]
SPENDING = ("relief", "activities", "expenses")
SUMMED = ("prior", "approved", "adjustment", "available", "actual", "booked")
ORDER = {direction: at for at, direction in enumerate(("opening", "income", "expense", "closing", "agency_in", "agency_out"))}
LINE = ["branch", "code"]


def budget_lines(used: Tables, read: Tables, policy: Policy, year: int | None) -> Table:
    """A row a branch and budget line, in the order of the chart, parents first. A parent shows the sum of its children."""
    listed = read["budget"]
    # A line whose amount could not be read is still a line: it has no figure, and nothing is compared with it.
    budget = listed.where((listed["code"] != "").fillna(False))
    frame = budget.frame.copy()
    frame["is_agency"] = frame["code"].str.startswith(policy.agency_codes)
    frame["is_parent"] = headings(frame)
    frame["available"] = frame["approved"] + frame["adjustment"]
    frame["booked_unread"] = budget.unreadable("booked")
    _spending(frame, used, policy)
    frame["compared"] = ~_touched(frame, read, used) & ~frame["booked_unread"]
    frame["alternative"] = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    frame["unexplained"] = frame["booked"] - frame["actual"]
    _show_children(frame)
    _income(frame, used, read, year)
    frame["variance"] = frame["actual"] - frame["available"]
    ordered = frame.assign(_order=frame["direction"].map(ORDER)).sort_values(["branch", "_order", "code"], kind="stable")
    return shaped("lines", RECONCILED["lines"], ordered, ("branch", "code"), budget.ledger)


def _spending(frame: pd.DataFrame, used: Tables, policy: Policy) -> None:
    """What the ledgers spent on each expense line; where a code stands twice the first line has it."""
    spending = spent(used, policy)
    own = (frame["direction"] == "expense") & ~frame["is_agency"]
    again = frame[own].duplicated(LINE).reindex(frame.index, fill_value=False)
    frame["actual"] = looked_up(spending.groupby(LINE)["amount"].sum(), frame).fillna(0).where(own).mask(again, 0)
    if not any(name in used for name in SPENDING):
        frame["actual"] = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    frame["used_by"] = _used_by(frame, spending).mask(again, "")


def spent(used: Tables, policy: Policy) -> pd.DataFrame:
    """Every amount that counts on a budget line: branch, code, amount, ledger. Agency money and money paid outside are not in it."""
    parts = []
    for name in SPENDING:
        if name not in used:
            continue
        table = used[name]
        amount = table["actual_cost"] if name == "activities" else table["amount"]
        counts = ~table.begins("budget_code", policy.agency_codes)
        counts &= table["fund"].ne("outside").fillna(True) if name == "relief" else ~table.none()
        counts &= table["activity_no"].eq("").fillna(True) if name == "expenses" else ~table.none()
        part = pd.DataFrame({"branch": table["branch"], "code": table["budget_code"].fillna(""), "amount": amount, "ledger": name})
        parts.append(part[counts])
    columns = {"branch": "str", "code": "str", "amount": "Int64", "ledger": "str"}
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})


def _used_by(frame: pd.DataFrame, spending: pd.DataFrame) -> "pd.Series[str]":
    """relief where relief uses the line, other where only activities or expenses do, "" where nothing does."""
    lines = pd.MultiIndex.from_frame(frame[LINE])
    by_relief = lines.isin(pd.MultiIndex.from_frame(spending.loc[spending["ledger"] == "relief", LINE]))
    by_any = lines.isin(pd.MultiIndex.from_frame(spending[LINE]))
    return pd.Series(
        ["relief" if relief else "other" if some else "" for relief, some in zip(by_relief, by_any, strict=True)], index=frame.index
    )


def _touched(frame: pd.DataFrame, read: Tables, used: Tables) -> "pd.Series[bool]":
    """Mask of the lines that may miss an amount: of a rejected row, or of one whose code or fund could not be read or has no column.

    Its own code's line, or any expense line of the branch where the code is not known.
    """
    touched = pd.Series(False, index=frame.index)
    for name in SPENDING:
        if name not in read:
            continue
        table = used[name]
        doubtful = table.unreadable("budget_code") | (table.unreadable("fund") if name == "relief" else table.none())
        doubtful |= "budget_code" in table.absent
        rows = pd.concat([read[name].frame[~read[name]["_used"]], table.frame[doubtful]])
        unknown = rows.loc[rows["budget_code"].fillna("") == "", "branch"]
        touched |= frame["branch"].isin(unknown) & (frame["direction"] == "expense")
        touched |= pd.MultiIndex.from_frame(frame[LINE]).isin(pd.MultiIndex.from_frame(rows[["branch", "budget_code"]]))
    return touched


def _income(frame: pd.DataFrame, used: Tables, read: Tables, year: int | None) -> None:
    """401 against the dues, 402 against the remittances; the alternative is the cash reading, what came in during the books' year."""
    for code, name, column, came, came_in in (
        ("401", "dues", "paid", "paid", "paid_on"),
        ("402", "remittance", "retained", "received", "received_on"),
    ):
        if name not in used:
            continue
        table = used[name]
        line = (frame["code"] == code) & (frame["direction"] == "income") & frame["branch"].isin(table["branch"])
        branches = frame.loc[line, "branch"]
        frame.loc[line, "actual"] = branches.map(table.frame.groupby("branch")[column].sum()).astype("Int64")
        cash = branches.map(table.frame[(table[came_in].dt.year == year).fillna(False)].groupby("branch")[came].sum())
        if name == "dues":  # dues without a date of payment are in no cash reading; a remittance not yet received rightly is not
            cash = cash.where(~branches.isin(table.frame.loc[(table[column] > 0).fillna(False) & table[came_in].isna(), "branch"]))
        frame.loc[line, "alternative"] = cash.astype("Int64")
        frame.loc[line, "unexplained"] = frame.loc[line, "booked"] - frame.loc[line, "actual"]
        rejected = read[name].frame.loc[~read[name]["_used"], "branch"]
        frame.loc[line & frame["branch"].isin(rejected), "compared"] = False


def _show_children(frame: pd.DataFrame) -> None:
    """Puts into each parent the sums of the lines below it that are no parents themselves."""
    heads, leaves = frame[frame["is_parent"]], frame[~frame["is_parent"]]
    known = set(heads[LINE].itertuples(index=False, name=None))
    lines = zip(leaves.index, leaves["branch"], leaves["code"], strict=True)
    above = [(at, branch, code[:cut]) for at, branch, code in lines for cut in range(1, len(code)) if (branch, code[:cut]) in known]
    if not above:
        return
    pairs = pd.DataFrame(above, columns=["at", *LINE]).set_index("at")
    below = leaves.loc[pairs.index, [*SUMMED, "unexplained"]].assign(**pairs)
    sums = _summed(below, LINE, [*SUMMED, "unexplained"])
    for column in sums:
        frame.loc[heads.index, column] = looked_up(sums[column], heads)


def _summed(lines: pd.DataFrame, groups: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Sums of some lines by group. `unexplained` (booked − ledgers) is unknown where a line that the ledgers use is not booked."""
    doubtful = (lines["booked"].isna() & (lines["actual"] != 0)).fillna(False)
    grouped = lines.assign(doubtful=doubtful).groupby(list(groups), sort=False)
    sums = grouped[list(columns)].sum(min_count=1)
    return sums.assign(unexplained=sums["unexplained"].mask(grouped["doubtful"].any()))


def by_code(lines: Table) -> Table:
    """The lines of all branches summed by code and direction, for a report of several."""
    groups, sums = ["direction", "code"], [*SUMMED, "unexplained", "variance", "alternative"]
    others = [column for column in lines.types if column not in (*PLACE, *groups, *sums)]
    frame = lines.frame.groupby(groups, sort=False)[others].first().join(_summed(lines.frame, groups, sums)).reset_index()
    ordered = frame.assign(_order=frame["direction"].map(ORDER)).sort_values(["_order", "code"], kind="stable")
    types = {column: kind for column, kind in lines.types.items() if column not in PLACE}
    return Table("lines", types, ordered[list(types)].reset_index(drop=True), ("code",))
