"""G: cells that cannot be right by themselves."""

from datetime import date

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row, Verbatim
from ledgerkit.drill.planters.scene import NEW, NEW_TOO, another_id, ours, wrong_tail
from ledgerkit.locale import N_
from ledgerkit.model.money import show
from ledgerkit.model.person import card_is_good, id_is_good, uscc_is_good

plants = PlantSet()
AS_TEXT = N_("a text file keeps no numbers as numbers")


def with_good_id(members: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the members with a good resident ID."""
    return (members["id_type"] == "resident_id") & members["id_no"].fillna("").map(id_is_good).astype(bool)


def money(copy: Copy) -> tuple[Row, str]:
    """A row of one of the ledgers that pay, and its money's column."""
    for ledger, column in (("relief", "amount"), ("expenses", "amount"), ("dues", "paid")):
        if len(rows := copy.paying(ledger, column)):
            return copy.pick(rows, ledger), column
    raise Cannot(N_("no row of {ledger} in which it could be planted"), ledger="relief")


@plants.plant("G002")
def id_as_number(copy: Copy) -> Row:
    """An ID typed into a number cell."""
    row = copy.one("members", lambda members: with_good_id(members) & members["id_no"].str.isdecimal())
    if not copy.typed(row):
        raise Cannot(AS_TEXT)
    return copy.set(row, id_no=Verbatim(float(row["id_no"])))


@plants.plant("G003")
def wrong_check(copy: Copy) -> Row:
    """One digit of an ID mistyped."""
    row = copy.one("members", with_good_id)
    return copy.set(row, id_no=wrong_tail(row["id_no"]))


@plants.plant("G004")
def another_sex(copy: Copy) -> Row:
    """A sex that is not the ID's."""
    row = copy.one("members", with_good_id)
    return copy.set(row, sex="male" if int(row["id_no"][16]) % 2 == 0 else "female")


@plants.plant("G004")
def another_birthday(copy: Copy) -> Row:
    """A day of birth that is not the ID's, by one day."""
    row = copy.one("members", with_good_id)
    return copy.set(row, birth_date=pd.Timestamp(row["id_no"][6:14]) + pd.Timedelta(days=1))


@plants.plant("G005")
def id_cut_short(copy: Copy) -> Row:
    """An ID in scientific notation."""
    row = copy.one("members", with_good_id)
    number = row["id_no"]
    return copy.set(row, id_no=Verbatim(f"{number[0]}.{number[1:6]}E+17"))


@plants.plant("G006")
def wrong_card(copy: Copy) -> Row:
    """One digit of a bank card mistyped."""
    row = copy.one("members", lambda members: members["bank_card"].fillna("").map(card_is_good).astype(bool))
    return copy.set(row, bank_card=wrong_tail(row["bank_card"]))


@plants.plant("G007")
def wrong_code(copy: Copy) -> Row:
    """One character of a union's credit code mistyped."""
    row = copy.one("branches", lambda branches: branches["uscc"].fillna("").map(uscc_is_good).astype(bool))
    return copy.set(row, uscc=wrong_tail(row["uscc"]))


@plants.plant("G008")
def no_certain_amount(copy: Copy) -> Row:
    """An amount in words that are no amount."""
    row, column = money(copy)
    return copy.set(row, **{column: Verbatim(f"{show(int(row[column]))}左右")})


@plants.plant("G009")
def no_such_day(copy: Copy) -> Row:
    """A day that the calendar does not have."""
    return copy.set(copy.one("relief"), paid_on=Verbatim(f"{copy.year}-02-30"))


@plants.plant("G009")
def another_years_day(copy: Copy) -> Row:
    """A payment of the year before, by one day."""
    return copy.set(copy.one("relief", ours), paid_on=date(copy.year - 1, 12, 31))


@plants.plant("G011")
def voucher_again(copy: Copy) -> Row:
    """Another payment under a voucher number that is used, on a later day."""
    first = copy.one("relief", lambda relief: ours(relief) & (relief["paid_on"].dt.month < 12))
    row = copy.one("relief", lambda relief: ours(relief) & (relief["paid_on"] > first["paid_on"]) & (relief["batch_no"] == ""))
    return copy.set(row, voucher_no=first["voucher_no"])


@plants.plant("G011")
def bill_again(copy: Copy) -> Row:
    """An expense entered twice."""
    return copy.add(copy.one("expenses"))


@plants.plant("G011")
def number_again(copy: Copy) -> Row:
    """Two members under one number."""
    row = copy.one("members", with_good_id)
    return copy.add(row, id_no=another_id(row["id_no"]), name=f"{row['name']}2")


@plants.plant("G013")
def no_reason(copy: Copy) -> Row:
    """A payment without a reason."""
    return copy.set(copy.one("relief"), reason=None)


@plants.plant("G013")
def same_as_above(copy: Copy) -> Row:
    """A ditto mark in place of a name."""
    return copy.set(copy.one("members"), name=Verbatim("同上"))


@plants.plant("G014")
def lost_character(copy: Copy) -> Row:
    """A character of a reason that a conversion lost."""
    row = copy.one("relief", lambda relief: relief["reason"] != "")
    return copy.set(row, reason=f"{row['reason'][:-1]}�")


@plants.plant("G016")
def not_in_list(copy: Copy) -> Row:
    """A form of payment that the list does not have."""
    return copy.set(copy.one("relief"), form=Verbatim("支付宝"))


@plants.plant("G017")
def no_such_activity(copy: Copy) -> Row:
    """A sign-in to an activity that is not in the ledger."""
    return copy.set(copy.one("attendance"), activity_no=NEW)


@plants.plant("G017")
def no_such_purpose(copy: Copy) -> Row:
    """An expense for an activity that is not in the ledger."""
    return copy.set(copy.one("expenses"), activity_no=NEW_TOO)


@plants.plant("G024")
def code_as_number(copy: Copy) -> Row:
    """A budget code typed as a number."""
    row = copy.one("budget", lambda budget: budget["code"].str.isdecimal() & ~budget["code"].str.startswith("0"))
    if not copy.typed(row):
        raise Cannot(AS_TEXT)
    return copy.set(row, code=Verbatim(float(row["code"])))


@plants.plant("G027")
def amount_as_text(copy: Copy) -> Row:
    """An amount typed as text."""
    row, column = money(copy)
    if not copy.typed(row):
        raise Cannot(AS_TEXT)
    return copy.set(row, **{column: Verbatim(show(int(row[column])))})
