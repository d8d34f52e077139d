"""The statements `months`, what each member owed and paid for each month of the books' year, and `balances`, the same by member."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from ledgerkit.model.formulas import dues_of_months, owed_months
from ledgerkit.model.period import last_day, month, month_of
from ledgerkit.model.person import fold_name
from ledgerkit.model.policy import Policy
from ledgerkit.model.statements import RECONCILED
from ledgerkit.model.table import PLACE, Table, alike, among, places, shaped

Tables = Mapping[str, Table]
MEMBER = ["branch", "member_no"]
OF_MONTH = ["person", "month"]
# Cells of a dues row without which nobody can say what was owed or paid for its month.
COUNTED = ("period", "member_no", "wage_base", "paid", "waived")


def member_months(used: Tables, read: Tables, cells: Table, policy: Policy, year: int, as_of: date) -> Table:
    """A row a person and month of the books' year (`month` 1…12) that was owed or has dues rows, in the order of the roster.

    It stands at the person's row of the roster; who is not on it stands behind, at the first row of theirs in the dues, and owes nothing.
    `due` is formula 4.1 on the row's wage base, else on the nearest earlier, later or the roster's one (minor units); NA where no base is
    known and for months outside the membership. `payments` counts the rows that paid something; `unread` says that one was not read.
    """
    people = _people(used, policy, year)
    of_year = _of_year(used["dues"], people, year)
    whole = _grid(people, year).merge(_sums(of_year), how="outer", on=OF_MONTH).sort_values(OF_MONTH, ignore_index=True)
    whole = whole.join(people, on="person")
    whole["wage_base"] = _bases(whole, of_year)
    period = whole["month"] + month(year, 1) - 1
    inside = ((whole["first"] <= period) & (period <= whole["last"])).fillna(False).astype(bool)
    due = dues_of_months(whole["wage_base"], policy.dues_rate, policy.tail_step, policy.rounding)
    whole["due"] = due.where(inside | ~whole["listed"])
    whole["owed"] = inside & whole["listed"] & (period <= month_of(as_of))
    whole["unread"] = among(whole, _unread(read, cells, people, year))
    for column in ("paid", "waived", "payments"):
        whole[column] = whole[column].fillna(0).astype("Int64")
    there = whole[whole["owed"] | whole["rows"].notna()]
    return shaped("months", RECONCILED["months"], there, ("branch", "member_no", "month"))


def member_balances(months: Table, members: Table, year: int, as_of: date) -> Table:
    """A row a member of the roster, in its order. A month without any known wage base is counted in months and not in money.

    Arrears and overpayment of a member are NA where a cell that they rest on could not be read, or where no wage base is known.
    """
    once = ~alike(members, *MEMBER).duplicated()
    number = alike(months, *MEMBER)
    of_roster = np.append(number, -1)[places(members, months, tuple(MEMBER))][once]
    until = month_of(as_of) - month(year, 1) + 1
    of_months = months.frame[months["month"] <= until].assign(number=number)
    owed = of_months[of_months["owed"]].groupby("number").agg(months=("month", "size"), due=("due", "sum"))
    paid = of_months.groupby("number")[["paid", "waived"]].sum()
    roster = members.frame.loc[once, [*PLACE, "member_no", "name"]].reset_index(drop=True).assign(number=of_roster)
    frame = roster.join(owed, on="number").join(paid, on="number")
    for column in ("months", "due", "paid", "waived"):
        frame[column] = frame[column].fillna(0).astype("Int64")
    net = (frame["due"] - frame["waived"]).clip(lower=0)
    frame["arrears"] = (net - frame["paid"]).clip(lower=0)
    frame["overpaid"] = (frame["paid"] - net).clip(lower=0)
    frame["collected"] = frame["paid"].where(frame["paid"] < net, net)
    doubtful = of_months[of_months["unread"] | (of_months["owed"] & of_months["due"].isna())]
    hazy = members.frame.loc[members.any_unreadable("status", "joined_on", "moved_in_on", "left_on"), MEMBER]
    frame.loc[among(frame, pd.concat([doubtful[MEMBER], hazy])), ["arrears", "overpaid", "collected"]] = pd.NA
    return shaped("balances", RECONCILED["balances"], frame, ("branch", "member_no"), members.ledger)


def _people(used: Tables, policy: Policy, year: int) -> pd.DataFrame:
    """Everyone once: the roster's members (`listed`) with their first and last month in the books' year, then the others in the dues."""
    columns = [*PLACE, "member_no", "name", "of_roster", "first", "last", "listed"]
    payers = used["dues"].frame[~alike(used["dues"], *MEMBER).duplicated()]
    ends = {"first": month(year, 1), "last": month(year, 12)}
    others = payers.assign(of_roster=pd.Series(pd.NA, index=payers.index, dtype="Int64"), **ends, listed=False)
    others = others.astype(dict.fromkeys(ends, "Int64"))[columns]
    if "members" not in used:
        return others.reset_index(drop=True)
    members = used["members"].frame.drop_duplicates(MEMBER)
    unknown = used["members"].any_unreadable("status", "joined_on", "moved_in_on", "left_on")
    spans = owed_months(members, year, last_day(year), policy.exempt_statuses, unknown)
    roster = members.rename(columns={"wage_base": "of_roster"}).join(spans).assign(listed=True)[columns]
    return pd.concat([roster, others[~among(others, roster[MEMBER])]], ignore_index=True)


def _of_year(dues: Table, people: pd.DataFrame, year: int) -> pd.DataFrame:
    """What the dues rows of the books' year say, by `person` (a row of `people`) and month."""
    person = places(dues, Table("people", {}, people), tuple(MEMBER))
    rows = dues.frame[["paid", "waived", "wage_base"]].assign(person=person, month=dues["period"] - month(year, 1) + 1)
    return rows[rows["month"].between(1, 12).fillna(False) & dues["member_no"].notna()]


def _grid(people: pd.DataFrame, year: int) -> pd.DataFrame:
    """A row a member of the roster and month of membership in the books' year."""
    spans = people[people["listed"] & people["first"].notna()]
    grid = spans.loc[spans.index.repeat((spans["last"] - spans["first"] + 1).astype("int64"))]
    number = grid["first"] - month(year, 1) + 1 + grid.groupby(level=0).cumcount()
    return pd.DataFrame({"person": grid.index, "month": number.astype("Int64").array})


def _sums(of_year: pd.DataFrame) -> pd.DataFrame:
    """What the dues rows of each person and month add up to."""
    counted = of_year.assign(payments=(of_year["paid"] > 0).astype("Int64"))
    sums = {"paid": ("paid", "sum"), "waived": ("waived", "sum"), "payments": ("payments", "sum"), "rows": ("month", "size")}
    return counted.groupby(OF_MONTH).agg(**sums).reset_index()


def _bases(whole: pd.DataFrame, of_year: pd.DataFrame) -> "pd.Series[int]":
    """The wage base of each month (rows in order of months): its row's, else the nearest earlier, later, or the roster's."""
    given = of_year[of_year["wage_base"].notna()].drop_duplicates(OF_MONTH)[[*OF_MONTH, "wage_base"]]
    own = whole[OF_MONTH].merge(given, how="left", on=OF_MONTH)
    by_person = own.groupby("person", sort=False)["wage_base"]
    nearest = by_person.ffill().fillna(by_person.bfill()).set_axis(whole.index)
    return nearest.fillna(whole["of_roster"])


def _unread(read: Tables, cells: Table, people: pd.DataFrame, year: int) -> pd.DataFrame:
    """Persons and months of dues rows that were rejected or lack a cell that counts; a row of an unknown month is of every month.

    A row whose member number is not on the roster may be that of the only member of its name.
    """
    dues, roster = read["dues"], people[people["listed"]]
    rows = dues.frame[~dues["_used"] | _broken(dues, cells, COUNTED)]
    strangers = dues.frame[places(dues, Table("roster", {}, roster), tuple(MEMBER)) < 0]
    listed = pd.concat([rows[[*MEMBER, "period"]], _meant(strangers, roster)], ignore_index=True) if len(strangers) else rows
    numbered = listed[MEMBER].assign(month=listed["period"] - month(year, 1) + 1)
    any_month = numbered[numbered["month"].isna()].drop(columns="month").merge(pd.DataFrame({"month": range(1, 13)}), how="cross")
    return pd.concat([numbered.dropna(subset=["month"]), any_month.astype({"month": "Int64"})], ignore_index=True)


def _meant(strangers: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    """Dues rows of numbers that are not on the roster, under that of the only member of their name."""
    named = roster.assign(name=_folded(roster["name"])).drop_duplicates(["branch", "name"], keep=False)
    meant = strangers.assign(name=_folded(strangers["name"])).drop(columns="member_no").merge(named[["branch", "name", "member_no"]])
    return meant[[*MEMBER, "period"]]


def _folded(names: "pd.Series[str]") -> "pd.Series[str]":
    return names.fillna("").map(fold_name).astype("str")


def _broken(table: Table, cells: Table, fields: Sequence[str]) -> "pd.Series[bool]":
    """Mask of the rows in which one of some cells could not be read."""
    found = cells.frame[(cells["ledger"] == table.name) & cells["field"].isin(fields) & (cells["at"] >= 0)]
    lost = [at for at, column in zip(found["at"], found["field"], strict=True) if pd.isna(table.at(at, column))]
    return pd.Series(table.frame.index.isin(lost), index=table.frame.index)
