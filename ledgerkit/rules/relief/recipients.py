"""A rules on people: who receives, who signs, who decides for whom, and who is a member at all."""

import re

import pandas as pd

from ledgerkit.model.beneficiary import people
from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE
from ledgerkit.model.person import fold_name
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, each_of, filled, once, places, there
from ledgerkit.rules.base import Flags, RuleSet, dangling, day_text, folded, only_signs, with_columns
from ledgerkit.rules.relief.payments import BODIES, by_person, known, ours, standing

rules = RuleSet()

# What stands for the beneficiary's own name in a payee's or signer's place.
HIMSELF = ("本人", "已签", "已签字", "已签收", "已签名", "已领", "是", "√", "self", "signed", "yes")
# Between names in one cell.
BETWEEN = r"(?:[、，,;；/／|&+\n]|\band\b)+"
HANDED = ("cash", "goods", "coupon", "card")
# Everyone gets these, the chair too.
FOR_ALL = ("festival", "birthday", "children")
# The retired may have these (the hardship group beside warmth), and from other money anything.
FOR_THE_RETIRED = ("warmth", "model_worker", "elders")
MEMBERS_MONEY = ("union", "dues", "upper", "central")
BEFORE = pd.Timestamp("1900-01-01")


@rules.rule(
    "A006",
    severity=Severity.HIGH,
    title="Paid to someone else",
    message="“{column}” is {observed}, which is not the beneficiary's own ({expected}). Enter who took the money and how they are related under Proxy, or recover {amount}.",
    basis="S32",
    needs={"relief": ("beneficiary_type", "beneficiary", "payee")},
)
def paid_to_another(relief: Table) -> object:
    """Relief for a member is paid to that member.

    A payee who is named under Proxy with the relation is documented; a death is paid to the kin. What departments paid themselves is
    not judged.

    What to do: compare with the bank's slip; enter the payee's relation under Proxy, or recover what went to somebody else.
    False alarm: the account of a spouse or guardian, on paper but not entered.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | payee  | proxy        | fund    | amount | ! | expected |
    | V1                 | hospital | member           | M001      | 甲 乙       | 甲乙   |              | union   | #500   |   |          |
    | V2                 | hospital | member           | M001      | 甲乙        | 丙丁   |              | union   | #500   | x | 甲乙     |
    | V3                 | hospital | member           | M001      | 甲乙        | 丙丁   | 丙丁（妻子） | union   | #500   |   |          |
    | V4                 | hospital | member           | M001      | 甲乙        |        |              | union   | #500   |   |          |
    | V5                 | hospital | member           | M001      | 甲乙        | 本人   |              | union   | #500   |   |          |
    | V6                 | funeral  | member           | M001      | 甲乙        | 丙丁   |              | union   | #500   |   |          |
    | V7                 | living   | student          | M001      | 甲小乙      | 甲乙   |              | union   | #500   |   |          |
    | V8                 | hospital | member           | M001      | 甲乙        | 丙丁   |              | outside | #500   |   |          |
    """
    return Flags(_to_another(relief), expected=relief["beneficiary"], column="payee")


@once
def _to_another(relief: Table) -> "pd.Series[bool]":
    """Mask of members' payments whose payee is somebody else that no proxy names."""
    judged = _members_own(relief) & ~relief.says("category", "funeral") & known(relief, "category", "proxy")
    another = _another(relief, "payee", judged)
    return another & ~_held(folded(relief, "proxy"), folded(relief, "payee"), another)


def _another(relief: Table, column: str, judged: "pd.Series[bool]") -> "pd.Series[bool]":
    """Mask of the rows of `judged` that name in a column somebody else than the beneficiary."""
    rows = judged & filled(relief, column, "beneficiary")
    said, name = folded(relief, column)[rows], folded(relief, "beneficiary")[rows]
    another = (said != name) & (said != "") & (name != "") & ~said.isin(HIMSELF)
    return another.reindex(judged.index, fill_value=False)


@once
def _members_own(relief: Table) -> "pd.Series[bool]":
    """Mask of the payments to members of the union's own money that stand."""
    return relief.says("beneficiary_type", "member") & ours(relief) & standing(relief)


def _held(texts: "pd.Series[str]", parts: "pd.Series[str]", asked: "pd.Series[bool]") -> "pd.Series[bool]":
    """Mask of the rows of `asked` whose text holds its part."""
    rows = asked.index[asked]
    held = [part in text for text, part in zip(texts[rows].tolist(), parts[rows].tolist(), strict=True)]
    return pd.Series(held, index=rows, dtype="bool").reindex(asked.index, fill_value=False)


@rules.also("A006", needs={"relief": ("beneficiary_type", "beneficiary", "bank_card")})
def one_card_for_several(relief: Table) -> object:
    """One account to which several members' relief is transferred, without a proxy that explains it.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | proxy      | form     | bank_card           | fund  | amount | paid_on    | ! |
    | V1                 | hospital | member           | M001      | 甲          |            | transfer | 6222020000000000001 | union | #500   | 2015-01-10 |   |
    | V2                 | hospital | member           | M001      | 甲          |            | transfer | 6222020000000000001 | union | #500   | 2015-06-10 |   |
    | V3                 | hospital | member           | M002      | 乙          |            | transfer | 6222020000000000001 | union | #500   | 2015-07-10 | x |
    | V4                 | hospital | member           | M003      | 丙          | 甲（配偶） | transfer | 6222020000000000001 | union | #500   | 2015-07-10 |   |
    | V5                 | hospital | member           | M004      | 丁          |            | transfer | 6222020000000000002 | union | #500   | 2015-07-10 |   |
    | V6                 | living   | child            | M004      | 丁小        |            | transfer | 6222020000000000002 | union | #500   | 2015-07-10 |   |
    """
    plain = relief.says("form", "transfer") & relief.says("proxy", "") & ~_to_another(relief) & _members_own(relief)
    paid = with_columns(by_person(relief), card=each_of(relief, "bank_card", only_signs))
    numbers = pd.DataFrame({"card": alike(paid, "branch", "card"), "person": alike(paid, "branch", "card", "person")})
    numbers = numbers[plain & filled(paid, "card", "person")]
    apart = numbers.drop_duplicates("person")
    shared = numbers[numbers["card"].isin(apart.loc[apart["card"].duplicated(), "card"])]
    if shared.empty:
        return relief.none()
    order = relief.frame.loc[shared.index].sort_values(["paid_on", "_src", "_row"], kind="stable").index
    rows = shared.loc[order].assign(at=order)
    first = rows.groupby("card").transform("first")
    other = first["at"].where(first["person"] != rows["person"]).reindex(relief.frame.index).astype("Int64")
    return Flags(other.notna(), other=other, column="bank_card")


@rules.rule(
    "A007",
    severity=Severity.HIGH,
    title="Signed for by someone else",
    message="{observed} signed for {expected}. Have the beneficiary sign, or enter who took it and the relation under Proxy.",
    basis="S20",
    flags="signed_by",
    needs={"relief": ("beneficiary_type", "beneficiary", "signed_by")},
)
def signed_by_another(relief: Table, *, most_people: int = 2) -> object:
    """A member signs for what the member receives. Someone else may take it as a proxy, whose relation is entered.

    One person who signs as a proxy for more than `most_people` others is flagged from the next one on. A copy of the proxy's ID is not
    in the ledger.

    What to do: have the beneficiary sign; a proxy is entered with the relation, and the ID copied.
    False alarm: illness, minors, a colleague who fetched it, where the proxy was noted on paper only.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | signed_by | proxy      | form  | fund    | amount | paid_on    | ! | expected |
    | V1                 | festival | member           | M001      | 甲乙        | 甲 乙     |            | goods | union   | #300   | 2015-09-20 |   |          |
    | V2                 | festival | member           | M002      | 丙          | 甲乙      |            | goods | union   | #300   | 2015-09-20 | x | 丙       |
    | V3                 | illness  | member           | M003      | 丁          | 庚        | 妻子庚     | cash  | union   | #300   | 2015-03-01 |   |          |
    | V4                 | festival | member           | M004      | 戊          |           |            | goods | union   | #300   | 2015-09-20 |   |          |
    | V5                 | festival | member           | M005      | 己          | 已签      |            | goods | union   | #300   | 2015-09-20 |   |          |
    | V6                 | children | child            | M006      | 辛小        | 辛        |            | goods | union   | #300   | 2015-06-01 |   |          |
    | V7                 | festival | member           | M007      | 壬          | 癸        | 同事代领   | goods | union   | #300   | 2015-09-20 |   |          |
    | V8                 | festival | member           | M008      | 子          | 癸        | 同事代领   | goods | union   | #300   | 2015-09-20 |   |          |
    | V9                 | festival | member           | M009      | 丑          | 癸        | 同事代领   | goods | union   | #300   | 2015-09-20 | x | 丑       |
    | V10                | festival | member           | M010      | 寅          | 卯        |            | goods | outside | #300   | 2015-09-20 |   |          |
    """
    another = _another(relief, "signed_by", _members_own(relief) & known(relief, "proxy"))
    if not another.any():
        return relief.none()
    signer = folded(relief, "signed_by")
    another &= ~_held(signer, folded(relief, "beneficiary"), another)
    explained = another & ~relief.says("proxy", "")
    rows = (
        relief.frame[explained]
        .assign(signer=signer[explained], person=people(relief)[explained])
        .sort_values(["paid_on", "_src", "_row"], kind="stable")
    )
    met = rows[~rows.duplicated(["branch", "signer", "person"])]
    number = met.groupby(["branch", "signer"]).cumcount()
    many = rows.index.isin(met.index[number >= most_people])
    return Flags((another & ~explained) | relief.frame.index.isin(rows.index[many]), expected=relief["beneficiary"])


@rules.rule(
    "A008",
    severity=Severity.HIGH,
    title="Nobody signed for it",
    message="“{column}” is {observed}: {amount} in cash or goods was given out and nobody signed. Find the signed list; without one, explain who received it.",
    basis="S15",
    flags="signed_by",
    needs={"relief": ("form", "signed_by")},
)
def unsigned(relief: Table) -> object:
    """Cash, goods, coupons and cards are signed for by name. Transfers are proved by the bank and need no signature.

    What a unit or a village receives is proved by its receipt and not judged here.

    What to do: find the list with the signatures and enter who signed.
    False alarm: signed lists that were not entered row by row.

    | relief: voucher_no | category | beneficiary_type | form     | signed_by | proxy    | fund    | amount | ! |
    | V1                 | festival | member           | goods    | 甲        |          | union   | #300   |   |
    | V2                 | festival | member           | goods    |           |          | union   | #300   | x |
    | V3                 | illness  | member           | cash     |           |          | union   | #300   | x |
    | V4                 | illness  | member           | transfer |           |          | union   | #300   |   |
    | V5                 | illness  | member           | cash     |           | 妻子代领 | union   | #300   |   |
    | V6                 | village  | village          | goods    |           |          | union   | #300   |   |
    | V7                 | birthday | member           | coupon   |           |          | union   | #300   | x |
    | V8                 | festival | member           | goods    |           |          | outside | #300   |   |
    | V9                 | festival | member           | goods    |           |          | union   | #-300  |   |
    """
    to_people = ~relief.says("beneficiary_type", *BODIES) & ~relief.says("category", "donation")
    readable = known(relief, "beneficiary_type", "category", "signed_by", "proxy")
    handed = relief.says("form", *HANDED) & to_people & readable & ours(relief) & standing(relief)
    return handed & relief.says("signed_by", "") & relief.says("proxy", "")


@rules.rule(
    "A010",
    severity=Severity.HIGH,
    title="Decided on one's own benefit",
    message="{observed} decided on or handled a payment to {expected}. Have another officer decide on the {amount}, with a note that the beneficiary withdrew.",
    basis="S31",
    needs={"relief": ("category", "beneficiary_type", "beneficiary", "approved_by", "handled_by")},
)
def decided_for_oneself(relief: Table) -> object:
    """Nobody approves or handles relief for themselves. Festival, birthday and children's gifts are for everyone, the chair too.

    Relatives, and treasurers who neither approve nor handle, are not told by the ledger.

    What to do: have another officer approve it, and note that the beneficiary withdrew.
    False alarm: two people of one name.

    | relief: voucher_no | category | beneficiary_type | beneficiary | approved_by    | handled_by | fund  | amount | ! | expected |
    | V1                 | hospital | member           | 周志远      | 周 志远        | 孙晓雯     | union | #500   | x | 周志远   |
    | V2                 | hospital | member           | 孙晓雯      | 周志远         | 孙晓雯     | union | #500   | x | 孙晓雯   |
    | V3                 | hospital | member           | 郑国栋      | 周志远         | 孙晓雯     | union | #500   |   |          |
    | V4                 | festival | member           | 周志远      | 周志远         | 孙晓雯     | union | #300   |   |          |
    | V5                 | hospital | member           | 周志远      | 周志远、郑国栋 | 孙晓雯     | union | #500   | x | 周志远   |
    | V6                 | hospital | member           | 周志        | 周志远         | 孙晓雯     | union | #500   |   |          |
    | V7                 | living   | student          | 周志远      | 周志远         | 孙晓雯     | union | #500   |   |          |
    """
    judged = _members_own(relief) & ~relief.says("category", *FOR_ALL) & known(relief, "category")
    approved, handled = (_is_among(relief, column, judged) for column in ("approved_by", "handled_by"))
    expected = relief["beneficiary"]
    return Flags(approved, expected=expected, column="approved_by"), Flags(handled & ~approved, expected=expected, column="handled_by")


def _is_among(relief: Table, column: str, asked: "pd.Series[bool]") -> "pd.Series[bool]":
    """Mask of the rows of `asked` whose beneficiary is one of the people named in a column."""
    name = folded(relief, "beneficiary")
    asked = asked & (name != "")
    named = each_of(relief, column, _names, "object")[asked]
    held = [one in names for one, names in zip(name[asked].tolist(), named.tolist(), strict=True)]
    return pd.Series(held, index=named.index, dtype="bool").reindex(asked.index, fill_value=False)


def _names(cell: str) -> frozenset[str]:
    """The people named in one cell, as they are compared."""
    return frozenset(fold_name(re.sub(BETWEEN, "|", cell)).split("|"))


@rules.rule(
    "A024",
    severity=Severity.HIGH,
    title="Paid to someone who is no member",
    message="{observed} was no member in service when this was paid (until, by the roster: {expected}). Correct the number or the roster, or recover {amount}.",
    basis="S15",
    flags="member_no",
    needs={"relief": ("member_no",), "members": ("member_no",)},
)
def paid_to_a_stranger(relief: Table, members: Table) -> object:
    """Relief for members is for those whose number stands in the roster, and until they leave, die or retire.

    Funeral money may follow within `funeral_months`, a retirement keepsake within `retirement_months`. The retired may be given warmth,
    hardship relief, and what is for model workers and elders. Someone who left without a date is not judged (G013). Money of the
    administration and of donors may go to the retired.

    What to do: correct the number, the status or its date; recover what was paid without a claim.
    False alarm: what was due before the day of leaving and paid after it.

    | relief: voucher_no | category | beneficiary_type | member_no | beneficiary | fund  | amount | ! |
    | V1                 | hospital | member           | M001      | 甲          | union | #500   |   |
    | V2                 | hospital | member           | M999      | 乙          | union | #500   | x |
    | V3                 | children | child            | M998      | 丙小        | union | #200   | x |
    | V4                 | living   | family           |           | 丁          | union | #500   |   |

    | members: member_no | name | status |
    | M001               | 甲   | active |
    """
    return dangling(relief, "member_no", members, "member_no")


@rules.also(
    "A024",
    needs={"relief": ("member_no", "category", "beneficiary_type", "paid_on"), "members": ("member_no", "status", "left_on")},
)
def paid_after_leaving(relief: Table, members: Table, policy: Policy, *, funeral_months: int = 6, retirement_months: int = 3) -> object:
    """Somebody who had left, died or retired before the day of payment. A blank date of the retired means before the books' year.

    | relief: voucher_no | category   | beneficiary_type | member_no | beneficiary | fund  | amount | paid_on    | ! | expected   |
    | V1                 | hospital   | member           | M001      | 甲          | union | #500   | 2015-04-30 |   |            |
    | V2                 | hospital   | member           | M001      | 甲          | union | #500   | 2015-05-01 | x | 2015-04-30 |
    | V3                 | funeral    | member           | M002      | 乙          | union | #2000  | 2015-06-30 |   |            |
    | V4                 | funeral    | member           | M002      | 乙          | union | #2000  | 2015-08-01 | x | 2015-01-31 |
    | V5                 | retirement | member           | M003      | 丙          | union | #500   | 2015-06-30 |   |            |
    | V6                 | retirement | member           | M003      | 丙          | union | #500   | 2015-07-01 | x | 2015-03-31 |
    | V7                 | festival   | member           | M003      | 丙          | union | #280   | 2015-09-20 | x | 2015-03-31 |
    | V8                 | warmth     | member           | M003      | 丙          | union | #800   | 2015-09-20 |   |            |
    | V9                 | elders     | retiree          | M003      | 丙          | union | #200   | 2015-10-20 |   |            |
    | V10                | festival   | member           | M004      | 丁          | union | #280   | 2015-09-20 | x |            |
    | V11                | festival   | member           | M004      | 丁          | admin | #280   | 2015-09-20 |   |            |
    | V12                | festival   | member           | M005      | 戊          | union | #280   | 2015-09-20 |   |            |
    | V13                | festival   | member           | M006      | 己          | union | #280   | 2015-09-20 |   |            |
    | V14                | festival   | member           | M007      | 庚          | union | #280   | 2015-09-20 |   |            |

    | members: member_no | name | status      | left_on    |
    | M001               | 甲   | transferred | 2015-04-30 |
    | M002               | 乙   | deceased    | 2015-01-31 |
    | M003               | 丙   | retired     | 2015-03-31 |
    | M004               | 丁   | retired     |            |
    | M005               | 戊   | left        |            |
    | M006               | 己   | retained    | 2015-01-31 |
    | M007               | 庚   | left        | 2015-01-31 |
    | M007               | 庚   | active      |            |
    """
    at, until_of = places(relief, members, ("branch", "member_no")), _until(members)
    status, until = there(until_of["status"], at), there(until_of["until"], at)
    paid, category = relief["paid_on"], relief["category"]
    late = _members_own(relief) & known(relief, "category") & (paid > until)
    if not late.any():
        return late
    late &= ~((category == "funeral") & (paid <= until + pd.DateOffset(months=funeral_months)))
    late &= ~((category == "retirement") & (paid <= until + pd.DateOffset(months=retirement_months)))
    retired = status == "retired"
    allowed = category.isin([*FOR_THE_RETIRED, *policy.groups["hardship"]])
    late &= ~(retired & (allowed | ~relief.says("fund", *MEMBERS_MONEY)))
    return Flags(late, expected=day_text(until.where(until > BEFORE)), column="member_no")


def _until(members: Table) -> pd.DataFrame:
    """By row of the roster `status` and `until`, the last day in service of its member; NaT where still in service or not known."""
    ended = members.says("status", *GONE, "retired")
    until = members["left_on"].where(ended, pd.NaT)
    # Someone retired without a date retired before the books' year.
    until = until.mask(members.says("status", "retired") & members["left_on"].isna() & ~members.unreadable("left_on"), BEFORE)
    number = alike(members, "branch", "member_no")
    closed = ~until.isna().groupby(number).transform("any")
    rows = pd.DataFrame({"status": members["status"], "until": until, "number": number})[closed]
    last = rows.sort_values("until", kind="stable").drop_duplicates("number", keep="last").set_index("number")
    return last.reindex(number).set_axis(members.frame.index)
