"""The statement `balances`: what each member owed, paid and was waived in the books' year, arrears and overpayment never netted."""

from datetime import date

import pandas as pd

from ledgerkit.model.formulas import dues_of_months, owed_months
from ledgerkit.model.period import month, month_of
from ledgerkit.model.policy import Policy
from ledgerkit.model.statements import RECONCILED
from ledgerkit.model.table import DTYPES, PLACE, Table

MEMBER = ["branch", "member_no"]


def member_balances(dues: Table, members: Table, policy: Policy, year: int, as_of: date) -> Table:
    """A row a member of the roster, in its order. A month without any known wage base is counted in months and not in money."""
    roster = members.frame.drop_duplicates(MEMBER).reset_index(drop=True)
    owed = _owed(roster, dues, policy, year, as_of)
    first, last = month(year, 1), min(month(year, 12), month_of(as_of))
    of_year = dues.frame[dues["period"].between(first, last).fillna(False)]
    paid = of_year.groupby(MEMBER)[["paid", "waived"]].sum()
    frame = roster[[*PLACE, "member_no", "name"]].join(owed.groupby(MEMBER).agg(months=("period", "size"), due=("due", "sum")), on=MEMBER)
    frame = frame.join(paid, on=MEMBER)
    for column in ("months", "due", "paid", "waived"):
        frame[column] = frame[column].fillna(0).astype("Int64")
    net = (frame["due"] - frame["waived"]).clip(lower=0)
    frame["arrears"] = (net - frame["paid"]).clip(lower=0)
    frame["overpaid"] = (frame["paid"] - net).clip(lower=0)
    frame["collected"] = frame["paid"].where(frame["paid"] < net, net)
    types = {**PLACE, **RECONCILED["balances"]}
    whole = pd.DataFrame({column: frame[column].astype(DTYPES[kind]) for column, kind in types.items()})
    return Table("balances", types, whole, ("branch", "member_no"), members.ledger)


def _owed(roster: pd.DataFrame, dues: Table, policy: Policy, year: int, as_of: date) -> pd.DataFrame:
    """A row a member and month owed, with the dues of it: on the row's base, else the nearest earlier, later, or the roster's."""
    spans = roster[[*MEMBER, "wage_base"]].join(owed_months(roster, year, as_of, policy.exempt_statuses)).dropna(subset=["first"])
    counts = (spans["last"] - spans["first"] + 1).astype("int64")
    grid = spans.loc[spans.index.repeat(counts)].rename(columns={"wage_base": "of_roster"})
    grid["period"] = (grid["first"] + grid.groupby(level=0).cumcount()).astype("Int64")
    given = dues.frame.dropna(subset=["wage_base"]).drop_duplicates([*MEMBER, "period"])[[*MEMBER, "period", "wage_base"]]
    whole = grid.merge(given, how="left", on=[*MEMBER, "period"])
    bases = whole.groupby(MEMBER, sort=False)["wage_base"]
    whole["wage_base"] = bases.ffill().fillna(bases.bfill()).fillna(whole["of_roster"])
    whole["due"] = dues_of_months(whole["wage_base"], policy.dues_rate, policy.tail_step, policy.rounding)
    return whole
