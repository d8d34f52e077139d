"""A rules on the occasions of a life: birthdays, a marriage, a birth, a stay in hospital, a retirement, a death."""

import re

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, each_of, places, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, day_text, money_text, nowhere
from ledgerkit.rules.relief.payments import heads, known, ours, payments, speaks_of, standing

rules = RuleSet()

# What may come again: a second marriage is told by its reason.
AGAIN = ("再婚", "复婚", "remarriage", "second marriage")
# The month of birth inside a resident ID.
IN_ID = re.compile(r"\d{10}(\d\d)\d{5}[\dXx]")
# Words around the name of an illness: what is left names it. Where nothing is left the illness is not known.
AROUND = (
    r"慰问金?|看望|探望|走访|因|患|本人|职工|会员|生病|疾病|病|住院|入院|出院|手术|治疗|医治|期间|急性|慢性|第?[一二三四五两0-9]+次|后"
    r"|\b(?:in|the|of|for|an?|after|hospital|stay|operation|surgery|treatment|acute|chronic|illness|visit)\b|[\W\d_]"
)
# A batch for people born in this many months or more was bought for a quarter or longer.
BULK_MONTHS = 3
IN_LAWS = ("岳父", "岳母", "公公", "婆婆", "配偶父母", "配偶的父", "配偶的母", "in-law")


@rules.rule(
    "A018",
    severity=Severity.MEDIUM,
    title="Birthday gift above its limit, twice, or far from the birthday",
    message="“{column}” is {observed}, expected {expected}. A birthday gift is given once a year, about the birthday and within its limit; explain {amount}.",
    basis="S23",
    flags="amount",
    needs={"relief": ("category", "amount")},
)
def birthday_over_cap(relief: Table, policy: Policy) -> object:
    """A birthday cake or its coupon is for each member once a year, in the month of the birthday or one beside it, within a limit.

    There is no limit for the whole country: the shipped one (caps.once.birthday) is that of several provinces, set your own. A row for
    several people is measured by the head. A lunar birthday stays within `months`; coupons bought for a quarter or longer (a batch for
    people born in three months or more) are not judged by the month; what is given in two forms in one batch is one gift.

    What to do: correct the date or the member; recover what was given twice or above the limit.
    False alarm: coupons bought for many months at once; lunar birthdays entered as they are.

    | relief: voucher_no | category | headcount | fund    | amount  | ! | expected |
    | V1                 | birthday |           | union   | #300    |   |          |
    | V2                 | birthday |           | union   | #300.01 | x | 300.00   |
    | V3                 | birthday | #10       | union   | #3000   |   |          |
    | V4                 | birthday | #10       | union   | #3001   | x | 3000.00  |
    | V5                 | marriage |           | union   | #500    |   |          |
    | V6                 | birthday |           | outside | #500    |   |          |
    """
    cap = policy.caps["once"]["birthday"] * heads(relief)
    over = relief.says("category", "birthday") & ours(relief) & standing(relief) & known(relief, "headcount") & (relief["amount"] > cap)
    basis = Everywhere(policy.sources.get("caps.once.birthday", ""))
    return Flags(over, expected=money_text(cap), amount=relief["amount"] - cap, basis=basis)


@rules.also("A018", flags="beneficiary", needs={"relief": ("category", "beneficiary", "form", "paid_on", "amount")})
def birthday_twice(relief: Table) -> object:
    """The same person again in one year, whatever the day; within 30 days it is A001.

    | relief: voucher_no | batch_no | category | beneficiary_type | member_no | beneficiary | event_date | form   | fund  | amount | paid_on    | ! |
    | V1                 |          | birthday | member           | M001      | 甲          |            | goods  | union | #200   | 2015-03-05 |   |
    | V2                 |          | birthday | member           | M001      | 甲          |            | goods  | union | #200   | 2015-09-05 | x |
    | V3                 | P1       | birthday | member           | M002      | 乙          |            | goods  | union | #100   | 2015-03-05 |   |
    | V4                 | P1       | birthday | member           | M002      | 乙          |            | coupon | union | #100   | 2015-03-06 |   |
    | V5                 |          | birthday | member           | M003      | 丙          |            | goods  | union | #200   | 2015-01-05 |   |
    | V6                 |          | birthday | member           | M003      | 丙          |            | goods  | union | #-200  | 2015-01-06 |   |
    | V7                 |          | birthday | member           | M003      | 丙          |            | goods  | union | #200   | 2015-09-05 |   |
    | V8                 |          | birthday | member           | M004      | 丁          | 2014-12-20 | goods  | union | #200   | 2015-01-05 |   |
    | V9                 |          | birthday | member           | M004      | 丁          | 2015-12-20 | goods  | union | #200   | 2015-12-18 |   |
    """
    rows = payments(relief)
    rows = rows[rows["category"] == "birthday"]
    other = _first_before(relief, rows, rows["event_date"].fillna(rows["paid_on"]).dt.year)
    return Flags(other.notna(), other=other)


def _first_before(relief: Table, rows: pd.DataFrame, year: "pd.Series[int]", most: int = 1) -> "pd.Series[int]":
    """For each payment of a person and year beyond the first `most` the first one's row; NA elsewhere. Two forms in one batch are one payment."""
    if rows.empty:
        return nowhere(relief)
    rows = rows.assign(year=year)
    batch, batched = ["group", "batch_no"], rows[rows["batch_no"] != ""]
    one_gift = batched.duplicated([*batch, "paid_on"]) | (batched.duplicated(batch) & ~batched.duplicated([*batch, "form"]))
    given = rows.drop(batched.index[one_gift])
    groups = given.groupby(["group", "year"])
    again = given[groups.cumcount() >= most]
    first = groups["at"].transform("first").reindex(again.index)
    return first.reindex(relief.frame.index).astype("Int64")


@rules.also("A018", needs={"relief": ("category", "paid_on"), "members": ("member_no", "id_no")})
def far_from_birthday(relief: Table, members: Table, *, months: int = 1) -> object:
    """More than `months` from the month of birth, by the roster's birth date or else the ID in it.

    | relief: voucher_no | batch_no | category | beneficiary_type | member_no | fund  | amount | paid_on    | ! | expected |
    | V1                 |          | birthday | member           | M001      | union | #200   | 2015-03-31 |   |          |
    | V2                 |          | birthday | member           | M001      | union | #200   | 2015-04-02 |   |          |
    | V3                 |          | birthday | member           | M001      | union | #200   | 2015-05-02 | x | 2015-03  |
    | V4                 |          | birthday | member           | M002      | union | #200   | 2015-01-10 |   |          |
    | V5                 |          | birthday | member           | M002      | union | #200   | 2015-07-10 | x | 2015-12  |
    | V6                 |          | birthday | member           | M003      | union | #200   | 2015-07-10 |   |          |
    | V7                 | Q1       | birthday | member           | M001      | union | #200   | 2015-01-10 |   |          |
    | V8                 | Q1       | birthday | member           | M002      | union | #200   | 2015-01-10 |   |          |
    | V9                 | Q1       | birthday | member           | M004      | union | #200   | 2015-01-10 |   |          |
    | V10                | B3       | birthday | member           | M001      | union | #200   | 2015-03-10 |   |          |
    | V11                | B3       | birthday | member           | M002      | union | #200   | 2015-03-10 | x | 2015-12  |

    | members: member_no | name | birth_date | id_no              |
    | M001               | 甲   | 1990-03-07 |                    |
    | M002               | 乙   |            | 110101198512021236 |
    | M003               | 丙   |            |                    |
    | M004               | 丁   | 1980-02-01 |                    |
    """
    birthday = relief.says("category", "birthday") & relief.says("beneficiary_type", "member") & ours(relief) & standing(relief)
    rows = relief.frame.loc[birthday, ["branch", "member_no", "batch_no", "paid_on"]]
    if rows.empty:
        return relief.none()
    rows = rows.assign(born=there(_birth_months(members), places(relief, members, ("branch", "member_no")))[rows.index])
    apart = (rows["paid_on"].dt.month - rows["born"]).abs()
    far = (apart.where(apart <= 6, 12 - apart) > months).fillna(False)
    if not far.any():
        return relief.none()
    bulk = rows.groupby(["branch", "batch_no"])["born"].transform("nunique") >= BULK_MONTHS
    far &= ~(bulk & (rows["batch_no"] != ""))
    expected = rows["paid_on"][far].dt.strftime("%Y-") + rows["born"][far].astype("str").str.zfill(2)
    return Flags(far.reindex(relief.frame.index, fill_value=False).astype(bool), expected=expected, column="paid_on")


def _birth_months(members: Table) -> "pd.Series[int]":
    """The month of birth by row of the roster, NA for members that do not stand there once."""
    given = members["birth_date"].dt.month.astype("Int64")
    inside = each_of(members, "id_no", _month_of_id, "int64")
    known = given.fillna(inside.where(inside.between(1, 12)).astype("Int64"))
    return known.mask(alike(members, "branch", "member_no").duplicated(keep=False) | members["member_no"].isna())


def _month_of_id(number: str) -> int:
    found = IN_ID.fullmatch(number)
    return int(found[1]) if found else 0


@rules.rule(
    "A019",
    severity=Severity.MEDIUM,
    title="Marriage or retirement paid twice, or a birth paid too late",
    message="“{column}” is {observed}, to be compared with {expected}. Such an event is paid for once, and a birth within its time; recover {amount}, or note why.",
    basis="S15",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "reason", "paid_on", "amount")},
)
def married_or_retired_twice(relief: Table) -> object:
    """A person marries and retires once; a second payment of a year is a mistake until explained. The same event again is A001.

    A second marriage is told by its reason (再婚, 复婚).

    What to do: compare the two vouchers; recover the second payment, or enter what it was for.
    False alarm: a remarriage whose reason does not say so.

    | relief: voucher_no | category   | beneficiary_type | member_no | beneficiary | reason   | event_date | form  | fund  | amount | paid_on    | ! |
    | V1                 | marriage   | member           | M001      | 甲          | 登记结婚 | 2015-01-10 | goods | union | #500   | 2015-01-15 |   |
    | V2                 | marriage   | member           | M001      | 甲          | 登记结婚 | 2015-05-01 | goods | union | #500   | 2015-05-08 | x |
    | V3                 | marriage   | member           | M002      | 乙          | 登记结婚 | 2015-01-10 | goods | union | #500   | 2015-01-15 |   |
    | V4                 | marriage   | member           | M002      | 乙          | 再婚     | 2015-11-01 | goods | union | #500   | 2015-11-08 |   |
    | V5                 | retirement | member           | M003      | 丙          | 退休     |            | goods | union | #500   | 2015-03-15 |   |
    | V6                 | retirement | member           | M003      | 丙          | 退休     |            | goods | union | #500   | 2015-09-15 | x |
    | V7                 | birth      | member           | M004      | 丁          | 生育     | 2015-01-10 | goods | union | #500   | 2015-02-15 |   |
    | V8                 | birth      | member           | M004      | 丁          | 生育     | 2015-12-10 | goods | union | #500   | 2015-12-15 |   |
    """
    rows = payments(relief)
    once = relief.says("category", "marriage", "retirement") & ~speaks_of(relief, AGAIN, relief.says("category", "marriage"))
    rows = rows[once.loc[rows.index].to_numpy()]
    other = _first_before(relief, rows, rows["paid_on"].dt.year)
    return Flags(other.notna(), other=other)


@rules.also("A019", flags="paid_on", needs={"relief": ("category", "event_date", "paid_on")})
def birth_paid_late(relief: Table, *, window_months: int = 12) -> object:
    """A birth is paid for within `window_months` of it.

    | relief: voucher_no | category | event_date | amount | fund  | paid_on    | ! | expected      |
    | V1                 | birth    | 2014-03-10 | #500   | union | 2015-03-10 |   |               |
    | V2                 | birth    | 2014-03-10 | #500   | union | 2015-03-11 | x | <= 2015-03-10 |
    | V3                 | birth    |            | #500   | union | 2015-03-11 |   |               |
    | V4                 | marriage | 2014-01-10 | #500   | union | 2015-03-11 |   |               |
    """
    last = relief["event_date"] + pd.DateOffset(months=window_months)
    late = relief.says("category", "birth") & ours(relief) & standing(relief) & (relief["paid_on"] > last)
    return Flags(late, expected="<= " + day_text(last))


def _illness(reason: str) -> str:
    """The name of an illness in a reason, "" where it names none."""
    return re.sub(AROUND, "", reason.lower())


@rules.rule(
    "A020",
    severity=Severity.MEDIUM,
    title="Hospital money again for one illness, or too often",
    message="{observed} had hospital money before in this year, see {expected}. Recover {amount}, or enter the new diagnosis as the reason.",
    basis="S37",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount", "reason")},
)
def hospital_too_often(relief: Table, *, most_a_year: int = 2) -> object:
    """A stay in hospital is paid for once for an illness, and at most `most_a_year` times a year for one person.

    The illness is what the reason names beside words such as 住院 and 手术; where it names none, only the number of payments is judged.
    The same event date is A001.

    What to do: compare with the hospital's papers; a new diagnosis belongs in the reason.
    False alarm: a second stay for another illness under the same words.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | reason         | event_date | form     | fund  | amount | paid_on    | ! |
    | V1                 | hospital | member           | M001      | 甲          | 阑尾炎手术住院 | 2015-01-10 | transfer | union | #500   | 2015-01-15 |   |
    | V2                 | hospital | member           | M001      | 甲          | 因阑尾炎住院   | 2015-05-10 | transfer | union | #500   | 2015-05-15 | x |
    | V3                 | hospital | member           | M002      | 乙          | 胆囊手术住院   | 2015-01-10 | transfer | union | #500   | 2015-01-15 |   |
    | V4                 | hospital | member           | M002      | 乙          | 骨折住院       | 2015-05-10 | transfer | union | #500   | 2015-05-15 |   |
    | V5                 | hospital | member           | M003      | 丙          | 住院           | 2015-01-10 | transfer | union | #500   | 2015-01-15 |   |
    | V6                 | hospital | member           | M003      | 丙          | 住院           | 2015-05-10 | transfer | union | #500   | 2015-05-15 |   |
    | V7                 | hospital | member           | M003      | 丙          | 住院           | 2015-09-10 | transfer | union | #500   | 2015-09-15 | x |
    """
    rows = payments(relief)
    rows = rows[rows["category"] == "hospital"]
    rows = rows.assign(illness=each_of(relief, "reason", _illness)[rows.index], year=rows["paid_on"].dt.year)
    named = rows[rows["illness"] != ""]
    ill = named.groupby(["group", "year", "illness"])["at"].transform("first")
    same_illness = ill[ill != named["at"]].reindex(relief.frame.index).astype("Int64")
    often = _first_before(relief, rows, rows["year"], most_a_year)
    other = same_illness.fillna(often)
    return Flags(other.notna(), other=other)


@rules.rule(
    "A021",
    severity=Severity.MEDIUM,
    title="Funeral money for a relation beyond spouse, parents and children",
    message="Funeral money was paid for a relation that is “{observed}”. It is for spouse, parents and children; recover {amount}, or correct the relation.",
    basis="S23",
    flags="relation",
    needs={"relief": ("category", "relation", "reason")},
)
def not_next_of_kin(relief: Table, *, in_laws: int = 0) -> object:
    """Funeral money is for the death of a member, or of a member's spouse, parents or children.

    Where the unit's rules count parents-in-law, set `in_laws = 1`: a relation that is other passes where the reason names them.

    What to do: correct the relation; recover what the rules do not allow.
    False alarm: parents-in-law, where the unit's rules count them.

    in_laws = 1

    | relief: voucher_no | category | relation | reason     | fund  | amount | ! |
    | V1                 | funeral  | parent   | 父亲去世   | union | #1000  |   |
    | V2                 | funeral  | self     | 会员去世   | union | #2000  |   |
    | V3                 | funeral  |          | 亲属去世   | union | #1000  |   |
    | V4                 | funeral  | other    | 祖母去世   | union | #1000  | x |
    | V5                 | funeral  | other    | 岳父去世   | union | #1000  |   |
    | V6                 | hospital | other    | 祖母住院   | union | #500   |   |
    """
    other = relief.says("category", "funeral") & relief.says("relation", "other") & ours(relief) & standing(relief)
    return other & ~(speaks_of(relief, IN_LAWS, other) & bool(in_laws))
