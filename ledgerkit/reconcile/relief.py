"""Relief as the auditor reads it: category by fund, programmes, people paid more than once, batches, restricted money."""

from collections.abc import Mapping

from ledgerkit import ledgers
from ledgerkit.model import beneficiary
from ledgerkit.model.policy import Policy
from ledgerkit.model.schema import FieldType
from ledgerkit.model.table import Table, make, shaped

CROSSING: Mapping[str, FieldType] = {
    "category": "choice",
    "fund": "choice",
    "payments": "int",
    "persons": "int",
    "headcount": "int",
    "amount": "money",
}
PROGRAMMES: Mapping[str, FieldType] = {"programme": "text", "payments": "int", "headcount": "int", "amount": "money"}
PEOPLE: Mapping[str, FieldType] = {
    "member_no": "text",
    "beneficiary": "text",
    "category": "choice",
    "times": "int",
    "amount": "money",
    "capped": "money",
    "total": "money",
}
BATCHES: Mapping[str, FieldType] = {
    "batch": "text",
    "category": "choice",
    "payments": "int",
    "amount": "money",
    "approved_on": "date",
    "approved_by": "text",
    "paid_on": "date",
    "minutes_no": "text",
}
FUNDS: Mapping[str, FieldType] = {
    "code": "text",
    "title": "text",
    "brought": "money",
    "income": "money",
    "spent": "money",
    "on_hand": "money",
}


# What the lines of agency money are in its statement.
FLOWS = {"opening": "brought", "agency_in": "income", "agency_out": "spent", "closing": "on_hand"}


def crossing(relief: Table) -> Table:
    """A row a category and fund in the order of their lists, blank where unreadable: payments, different people, headcount, money."""
    person = beneficiary.people(relief)
    frame = relief.frame.assign(person=(relief["branch"] + "/" + person).where(person != ""))
    groups = frame.groupby(["category", "fund"], dropna=False, sort=False)
    sums = groups.agg(payments=("amount", "size"), persons=("person", "nunique"), headcount=("headcount", "sum"), amount=("amount", "sum"))
    sums["persons"] = sums["persons"].mask(sums["persons"] == 0)
    ledger = ledgers.load("relief")
    ordered = sums.reset_index().sort_values(["category", "fund"], key=lambda column: column.map(ledger[column.name].places))
    return shaped("crossing", CROSSING, ordered)


def programmes(relief: Table) -> Table:
    """A row a programme that is named."""
    named = relief.frame[(relief["programme"] != "").fillna(False)]
    sums = named.groupby("programme", sort=True).agg(payments=("amount", "size"), headcount=("headcount", "sum"), amount=("amount", "sum"))
    return shaped("programmes", PROGRAMMES, sums.reset_index())


def people(relief: Table) -> Table:
    """Everyone who was paid more than once: a row a person and category, most money first. Units, villages and groups are no people.

    `capped` is what counts against a year's cap (all funds but outside), `total` the person's money of all categories.
    """
    inside = relief["amount"].where((relief["fund"] != "outside").fillna(True), 0)
    whole = relief.frame.assign(person=beneficiary.people(relief), inside=inside)
    persons = whole[whole["person"] != ""]
    often = persons.groupby(["branch", "person"])["amount"].transform("size") > 1
    groups = persons[often].groupby(["branch", "person", "category"], dropna=False, sort=True)
    listed = groups.agg(
        member_no=("member_no", "first"),
        beneficiary=("beneficiary", "first"),
        times=("amount", "size"),
        amount=("amount", "sum"),
        capped=("inside", "sum"),
    ).reset_index()
    listed["total"] = listed.groupby(["branch", "person"])["amount"].transform("sum")
    ordered = listed.sort_values(["total", "branch", "person", "category"], ascending=[False, True, True, True], kind="stable")
    return shaped("people", PEOPLE, ordered)


def batches(relief: Table) -> Table:
    """A row a batch (batch number, else voucher): what was approved by whom and when, its minutes, its sum."""
    batch = relief["batch_no"].where((relief["batch_no"] != "").fillna(False), relief["voucher_no"])
    minutes = relief["minutes_no"].mask(relief["minutes_no"] == "")
    groups = relief.frame.assign(batch=batch, minutes_no=minutes).groupby(["branch", "batch"], sort=True)
    sums = groups.agg(
        category=("category", "first"),
        payments=("amount", "size"),
        amount=("amount", "sum"),
        approved_on=("approved_on", "max"),
        approved_by=("approved_by", "first"),
        paid_on=("paid_on", "min"),
        minutes_no=("minutes_no", "first"),
    )
    return shaped("batches", BATCHES, sums.reset_index())


def agency_funds(budget: Table, policy: Policy) -> Table:
    """A row a kind of agency money (the policy's codes, with all codes below each): brought forward, taken in, handed over, on hand, as booked.

    On hand is a branch's closing line where it has one, else what its others leave.
    """
    rows = []
    for code in policy.agency_codes:
        lines = budget.frame[budget["code"].str.startswith(code).fillna(False)]
        if lines.empty:
            continue
        booked = lines.assign(booked=lines["booked"].fillna(0)).pivot_table("booked", "branch", "direction", "sum").astype("Int64")
        sums = booked.reindex(columns=list(FLOWS)).rename(columns=FLOWS)
        left = sums["brought"].fillna(0) + sums["income"].fillna(0) - sums["spent"].fillna(0)
        sums["on_hand"] = sums["on_hand"].fillna(left)
        title = lines.sort_values("code", kind="stable")["title"].iloc[0]
        rows.append({"code": code, "title": title, **{key: int(sums[key].sum()) for key in FLOWS.values()}})
    return make("funds", FUNDS, rows)
