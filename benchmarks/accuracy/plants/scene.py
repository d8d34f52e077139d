"""What plants are made of: someone new to whom nothing else happens, a payment to a member, an activity of its own."""

from datetime import date, timedelta

import people
from books import dues, relief, roster
from branch import YUAN, Branch, Row, owes
from year import after, at, day


def newcomer(branch: Branch, born: date | None = None, *, pays: bool = True, **values: object) -> Row:
    """A member more, on the roster and in the dues alone: no festival, no birthday, no activity."""
    member = roster.person(branch, born, **values)
    exempt = member["status"] in ("retired", "retained") and "left_on" not in member
    for number in range(1, 13):
        if pays and not exempt and owes(member, number):
            insert(branch, dues.pay(branch, member, number))
    register = branch.rows["branches"][0]
    if member["status"] == "active":
        register["members"] = int(str(register["members"])) + 1
    return member


def insert(branch: Branch, row: Row) -> Row:
    """Moves a dues row that was just added to the end of its month."""
    rows = branch.rows["dues"]
    rows.remove(row)
    same = [place for place, other in enumerate(rows) if other["period"] == row["period"]]
    rows.insert(same[-1] + 1 if same else len(rows), row)
    return row


def month_of(branch: Branch, member: Row, number: int) -> Row:
    """A member's dues row of a month."""
    return dues.of(branch, member, number)[0]


def renamed(branch: Branch, member: Row, name: str) -> None:
    """Gives a member another name everywhere."""
    old = member["name"]
    for ledger, key in (("members", "name"), ("dues", "name"), ("attendance", "name"), ("relief", "beneficiary")):
        for row in branch.rows[ledger]:
            if row[key] == old:
                row[key] = name
            row.update({other: name for other in ("signed_by",) if row.get(other) == old})


def aid(branch: Branch, category: str, amount: int, on: date, member: Row | None = None, **values: object) -> Row:
    """A payment to a member (the first plain one) of `amount` fen, in order by the rules of its category."""
    row = relief.give(branch, category, member or branch.plain[0], 0, on, reason=str(values.pop("reason", "困难补助")))
    row["amount"] = amount
    if category in ("living", "medical", "education", "emergency", "disaster"):
        relief.noticed(row, on)
    if category == "medical":
        row["self_paid"] = 90_000 * YUAN
    if amount >= relief.MINUTES_FROM:
        row["minutes_no"] = "机工纪要〔2015〕9号"
    row.update(values)
    return row


def in_cash(row: Row) -> Row:
    """Makes a payment one in cash, signed for."""
    row.update(form="cash", signed_by=row["beneficiary"])
    row.pop("bank_ref", None)
    return row


def to_outsider(branch: Branch, row: Row, kind: str, name: str) -> Row:
    """Makes a payment one to somebody who is no member."""
    row.update(beneficiary_type=kind, beneficiary=name, relation="other", bank_card=people.card(branch.rng))
    row.pop("member_no", None)
    return row


def activity(branch: Branch, category: str, on: date, cost: int = 0, hours: tuple[int, int] = (14, 16), **values: object) -> Row:
    """An activity without sign-in; `cost` in yuan."""
    row = branch.add("activities", activity_no=f"{branch.code}-X{len(branch.rows['activities']):02d}", title="专题活动", category=category)
    row.update(starts_at=at(on, hours[0]), ends_at=at(on, hours[1]), plan_no="机工〔2015〕77号", expected=40, present=30)
    row.update(actual_cost=cost * YUAN, fund="union", has_photos=True, documented_on=after(on, 3))
    if cost:
        row.update(budget_code="50102", budgeted=cost * YUAN, paid_on=after(on, 5))
        row.update(approved_by=branch.officer("chair"), handled_by=branch.officer("organizer"))
    row.update(values)
    return row


def signed(branch: Branch, event: Row, members: list[Row], minutes: tuple[int, ...] = ()) -> list[Row]:
    """Signs members in to an activity, some minutes apart or at these minutes before its start; the activity counts them."""
    start = event["starts_at"]
    rows = []
    before = 3 * len(members)
    for place, member in enumerate(members):
        before = minutes[place] if minutes else before - branch.rng.choice((1, 2, 3))
        row = branch.add(
            "attendance", activity_no=event["activity_no"], member_no=member["member_no"], name=member["name"], status="present"
        )
        row.update(signed_at=start - timedelta(minutes=before), signed_by=member["name"])  # type: ignore[operator]
        rows.append(row)
    event.update(present=len(rows), expected=max(len(rows), 40))
    return rows


def everyone(branch: Branch) -> list[Row]:
    """All members of the branch in the middle of the year."""
    return branch.members_on(day(6, 30))
