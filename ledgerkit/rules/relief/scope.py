"""A rules on scope: in what form, for which occasion and for whom the union's money may be spent, and money held for others."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import agency_sums, agency_taken
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, day_text, money_text
from ledgerkit.rules.relief.payments import BODIES, festivals, heads, known, mentions, ours, speaks_of, standing
from ledgerkit.rules.workdays import calendar, nearest_festival

rules = RuleSet()

# Gifts for a day that everyone has: given as goods.
GIFTS = ("festival", "children")
# Whoever these are, without a member's number they are no member and no member's family.
OUTSIDERS = ("family", "student", "child", "other")
CHILDRENS_DAY = ("六一", "儿童节", "Children's Day")
STATUTORY = tuple(name for names in calendar()["festivals"].values() for name in names)
FAMILY = ("self", "spouse", "parent", "child")
OWN_MONEY = ("union", "dues")
# What reading says of a cell that was read all the same.
READABLE = ("G023", "G024", "G027")


@rules.rule(
    "A005",
    severity=Severity.MEDIUM,
    title="Cash where a transfer is the rule",
    message="{amount} was paid in cash. Pay it by transfer to the beneficiary's own account, or note who approved cash and why.",
    basis="S39",
    flags="form",
    needs={"relief": ("category", "form", "amount")},
)
def paid_in_cash(relief: Table, policy: Policy) -> object:
    """Hardship relief is paid by transfer; other relief too where one person has more than the limit for cash (policy: approval.cash_limit).

    Festival and children's gifts in cash are A016.

    What to do: pay by transfer from now on; for what was paid, note who approved cash and why, and keep the signed receipt.
    False alarm: people without an account, whose cash was approved.

    | relief: voucher_no | category  | headcount | form     | fund    | amount   | ! |
    | V1                 | living    |           | cash     | union   | #100     | x |
    | V2                 | living    |           | transfer | union   | #5000    |   |
    | V3                 | hospital  |           | cash     | union   | #1000    |   |
    | V4                 | hospital  |           | cash     | union   | #1000.01 | x |
    | V5                 | frontline | #20       | cash     | union   | #4000    |   |
    | V6                 | living    |           | cash     | outside | #500     |   |
    | V7                 | festival  |           | cash     | union   | #2000    |   |
    | V8                 | living    |           | cash     | union   | #-100    |   |
    """
    hardship = relief.says("category", *policy.groups["hardship"])
    large = (relief["amount"] > policy.cash_limit * heads(relief)) & ~relief.says("category", *GIFTS)
    cash = relief.says("form", "cash") & ours(relief) & standing(relief) & known(relief, "category", "headcount")
    return Flags(cash & (hardship | large), basis=hardship.map({True: "S32", False: ""}))


@rules.rule(
    "A016",
    severity=Severity.HIGH,
    title="A holiday gift that is not goods",
    message="{amount} for a holiday was given as “{observed}”. Holiday gifts are goods; recover the money, or explain what was given.",
    basis="S5",
    flags="form",
    needs={"relief": ("category", "form")},
)
def not_in_goods(relief: Table) -> object:
    """Festival and children's gifts are goods: no cash, no transfer, no shopping card (八不准). A coupon of a named shop for named goods passes.

    Whether the day may be celebrated at all is A026.

    What to do: recover the money, or have the committee explain; enter what was really given if it was goods.
    False alarm: pick-up coupons entered as shopping cards, where the province allows them.

    | relief: voucher_no | category | form     | fund    | amount | ! |
    | V1                 | festival | goods    | union   | #280   |   |
    | V2                 | festival | cash     | union   | #280   | x |
    | V3                 | festival | transfer | union   | #280   | x |
    | V4                 | festival | card     | dues    | #280   | x |
    | V5                 | festival | coupon   | union   | #280   |   |
    | V6                 | children | cash     | union   | #200   | x |
    | V7                 | warmth   | cash     | union   | #800   |   |
    | V8                 | festival | cash     | outside | #280   |   |
    | V9                 | festival | cash     | union   | #-280  |   |
    """
    return relief.says("category", *GIFTS) & relief.says("form", "cash", "transfer", "card") & ours(relief) & standing(relief)


@rules.rule(
    "A022",
    severity=Severity.HIGH,
    title="Restricted money used for something else",
    message="{amount} of “{observed}” was spent on what that money is not for. Pay it from another fund, and restore what was used.",
    basis="S33",
    flags="fund",
    needs={"relief": ("category", "fund")},
)
def restricted_fund(relief: Table, policy: Policy) -> object:
    """Money given for a purpose is spent on it: central funds on the hardship group (policy: restricted).

    Grants of superior unions go by what each grant says; a unit may set restricted.upper. Whether the person stands in the hardship
    archive is not in the ledger.

    What to do: pay it from the union's own funds, and restore what was used.
    False alarm: a payment out of two funds that was entered in one row.

    | relief: voucher_no | category | fund    | amount | ! |
    | V1                 | living   | central | #500   |   |
    | V2                 | festival | central | #500   | x |
    | V3                 | festival | upper   | #500   |   |
    | V4                 | warmth   | central | #500   | x |
    | V5                 | warmth   | union   | #500   |   |
    | V6                 | festival | central | #-500  |   |
    """
    misused = relief.none()
    for fund, groups in policy.restricted.items():
        allowed = [category for group in groups for category in policy.groups[group]]
        misused |= (relief["fund"] == fund) & ~relief.says("category", *allowed)
    return misused & known(relief, "category", "fund") & standing(relief)


@rules.rule(
    "A026",
    severity=Severity.MEDIUM,
    title="A gift for a day that is no statutory festival",
    message="{amount} was given for a day outside the seven statutory festivals. Show the rule that allows it, and set it in the policy, or recover the money.",
    basis="S4",
    flags="category",
    needs={"relief": ("category", "reason")},
)
def no_statutory_festival(relief: Table, policy: Policy) -> object:
    """Members have festival gifts on seven statutory holidays, and on those of a minority where the autonomous region sets them.

    Children's Day, Women's Day and their like are not among them: no rule was found that allows or bans such gifts by name. What the
    province allows is set in festivals.also. Festivals of minorities pass. In what form it was given is A016.

    What to do: show the rule that allows the day and set it in the policy; else recover the money.
    False alarm: a province that allows gifts on 1 June.

    festivals.also = 教师节

    | relief: voucher_no | category | beneficiary_type | reason         | fund    | amount | ! |
    | V1                 | children | child            | 六一慰问       | union   | #200   | x |
    | V2                 | festival | member           | 中秋节慰问     | union   | #280   |   |
    | V3                 | festival | member           | 三八妇女节慰问 | union   | #280   | x |
    | V4                 | festival | member           | 五一劳动节慰问 | union   | #280   |   |
    | V5                 | festival | member           | 古尔邦节慰问   | union   | #280   |   |
    | V6                 | festival | member           | 节日慰问       | union   | #280   |   |
    | V7                 | festival | member           | 三八节、端午节 | union   | #280   |   |
    | V8                 | children | child            | 六一慰问       | outside | #200   |   |
    | V9                 | children | unit             | 慰问福利院     | union   | #2000  |   |
    | V10                | elders   | retiree          | 重阳节慰问     | union   | #200   |   |
    | V11                | festival | member           | 教师节慰问     | union   | #280   |   |
    """
    festival, children = (relief.says("category", category) for category in GIFTS)
    named_days = [*STATUTORY, *calendar()["minorities"], *policy.festivals]
    other_day = festival & speaks_of(relief, calendar()["other_days"], festival) & ~speaks_of(relief, named_days, festival)
    children &= ~relief.says("beneficiary_type", *BODIES) & known(relief, "beneficiary_type")
    children &= not any(name in policy.festivals for name in CHILDRENS_DAY)
    gift = children | (other_day & known(relief, "reason", "programme"))
    return gift & ours(relief) & ~relief.says("fund", "donation") & standing(relief)


@rules.rule(
    "A027",
    severity=Severity.HIGH,
    title="Union money for people outside the union",
    message="{amount} of the union's own money went to “{observed}”, who are no members. Pay it from donations or grants for it, or enter whose family it is.",
    basis="S4",
    flags="beneficiary_type",
    needs={"relief": ("beneficiary_type", "member_no", "fund")},
)
def outside_the_union(relief: Table) -> object:
    """Union funds and dues serve members: villages, households and pupils outside are helped from donations or grants meant for it.

    A row with a member's number, or with the relation to a member, is a member's family. Money to a unit is judged only where it is for
    a village or a donation: teams at the front line and the mutual-aid fund serve members.

    What to do: pay it from donations or from a grant for it; enter the member's number where it is a member's family.
    False alarm: donations for this purpose that were entered as union funds.

    | relief: voucher_no | category  | beneficiary_type | member_no | relation | fund     | amount | ! |
    | V1                 | village   | village          |           |          | union    | #30000 | x |
    | V2                 | education | student          |           |          | dues     | #1500  | x |
    | V3                 | education | student          | M001      | child    | union    | #1500  |   |
    | V4                 | living    | family           |           |          | union    | #800   | x |
    | V5                 | funeral   | family           |           | spouse   | union    | #2000  |   |
    | V6                 | village   | village          |           |          | donation | #30000 |   |
    | V7                 | education | student          |           |          | outside  | #1500  |   |
    | V8                 | frontline | unit             |           |          | union    | #3000  |   |
    | V9                 | mutual    | other            |           |          | union    | #3000  |   |
    | V10                | donation  | unit             |           |          | union    | #3000  | x |
    | V11                | festival  | member           |           |          | union    | #280   |   |
    | V12                | elders    | retiree          |           |          | union    | #200   |   |
    """
    kind, category = relief["beneficiary_type"], relief["category"]
    person = kind.isin(OUTSIDERS) & ~relief.says("relation", *FAMILY) & (category != "mutual")
    body = (kind == "village") | ((kind == "unit") & category.isin(["village", "donation"]))
    readable = known(relief, "beneficiary_type", "category", "member_no", "relation", "fund")
    return (person | body) & relief.says("member_no", "") & relief.says("fund", *OWN_MONEY) & readable & standing(relief)


@rules.rule(
    "A028",
    severity=Severity.HIGH,
    title="Collected money that is not handed over or on hand",
    message="“{column}” is {observed}, but {expected} is what the collection comes to: {amount} apart. Find what is missing, and keep it apart from income.",
    basis="S11",
    flags="booked",
    needs={"relief": ("fund", "amount")},
)
def collection_not_as_booked(lines: Table, relief: Table, cells: Table, blanks: Table) -> object:
    """Money collected for others (231 代管经费) is handed over, as the relief ledger shows under agency money, or is on hand.

    Compared a branch: what is booked as taken in, with what the ledger shows and what is left, less what was brought forward (or with the
    ledger alone, where that lists the collection itself); brought forward and taken in, with handed over and left (without a line for what
    is left, that no more is handed over than there was). Nothing is compared where an amount is missing. Bank fees (手续费) on a line of
    their own are handed over. Collections are no income: a 4xx line of donations or agency money is flagged.

    What to do: compare the collection lists with the receipt of whoever got the money; move what was booked as income to 231.
    False alarm: bank fees without a line of their own under agency money handed over.

    | lines: code | title        | direction  | is_agency | is_parent | booked  | ! | expected |
    | 23100       | 一日捐上年   | opening    | yes       | no        | 100.00  |   |          |
    | 23101       | 一日捐收入   | agency_in  | yes       | no        | 900.00  |   |          |
    | 23102       | 一日捐上缴   | agency_out | yes       | no        | 800.00  |   |          |
    | 23103       | 一日捐手续费 | agency_out | yes       | no        | 10.00   |   |          |
    | 23104       | 一日捐结存   | closing    | yes       | no        | 190.00  |   |          |
    | 408         | 其他收入     | income     | no        | no        | 50.00   |   |          |
    | 40801       | 捐赠收入     | income     | no        | no        | 50.00   | x | 0.00     |
    | 40802       | 捐赠收入     | income     | no        | no        | 0.00    |   |          |

    | relief: voucher_no | category | fund   | amount |
    | V1                 | donation | agency | #800   |
    | V2                 | donation | union  | #500   |
    """
    agency = lines.frame[_is_agency(lines)]
    if agency.empty:
        return _booked_as_income(lines)
    sums = agency_sums(agency)
    doubtful = set(agency.loc[agency["booked"].isna() & (agency["direction"] != "opening"), "branch"])
    shown = relief["amount"].where(relief.says("fund", "agency")).groupby(relief["branch"]).sum().reindex(sums.index).fillna(0)
    held = sums["brought"] + sums["taken"].fillna(0)
    # Without a line for it, what is not handed over is on hand.
    handed_over = (held - sums["left"]).fillna(held.clip(upper=sums["handed"]))
    return (
        _apart(lines, "agency_in", sums["taken"], agency_taken(sums, shown), doubtful | _branches_missing(cells, blanks)),
        _apart(lines, "agency_out", sums["handed"], handed_over, doubtful),
        _booked_as_income(lines),
    )


def _is_agency(lines: Table) -> "pd.Series[bool]":
    """Mask of the lines of agency money that no other line extends."""
    return lines["is_agency"].fillna(False) & ~lines["is_parent"].fillna(False)


def _branches_missing(cells: Table, blanks: Table) -> set[str]:
    """Branches in whose relief an amount may be missing: a cell that decides on it could not be read or is blank."""
    unread = cells.frame[~cells.says("fault", *READABLE)]
    faulty = pd.concat([unread[["ledger", "field", "branch"]], blanks.frame[["ledger", "field", "branch"]]])
    return set(faulty.loc[(faulty["ledger"] == "relief") & faulty["field"].isin(["voucher_no", "amount", "fund"]), "branch"])


def _apart(lines: Table, direction: str, booked: "pd.Series[int]", expected: "pd.Series[int]", unsummed: set[str]) -> Flags:
    """The first line of a direction in each branch whose sum is not the expected one; the branches of `unsummed` are not compared."""
    rows = lines.frame[(lines["direction"] == direction) & _is_agency(lines)]
    first = rows[~rows.duplicated("branch")]
    facts = pd.DataFrame({"booked": first["branch"].map(booked), "expected": first["branch"].map(expected)}).reindex(lines.frame.index)
    facts = facts.astype("Int64")
    here = lines["branch"].isin(unsummed)
    return Flags(
        (facts["booked"] != facts["expected"]).fillna(False).astype(bool) & ~here,
        observed=money_text(facts["booked"]),
        expected=money_text(facts["expected"]),
        amount=(facts["booked"] - facts["expected"]).abs(),
        why_not=", ".join(sorted(first.loc[first["branch"].isin(unsummed), "code"])),
    )


def _booked_as_income(lines: Table) -> Flags:
    """Income lines whose title speaks of donations or agency money, with what is booked there."""
    income = lines.says("direction", "income") & lines["code"].str.startswith("4") & (lines["booked"] > 0)
    nothing = Everywhere("0.00")
    held = mentions(lines["title"], ("捐", "代管"), income)
    return Flags(held, observed=money_text(lines["booked"]), expected=nothing, amount=lines["booked"])


@rules.rule(
    "A032",
    severity=Severity.MEDIUM,
    title="Festival goods far from a festival",
    message="Given on {observed}; the festival was on {expected}. Correct the date or the reason, or explain why it was given then.",
    basis="S4",
    flags="paid_on",
    needs={"relief": ("category", "reason", "paid_on")},
)
def far_from_festival(relief: Table, *, window_days: int = 30) -> object:
    """Festival goods are given for a festival: within `window_days` of the one that the reason names, else of any of the seven.

    Festivals of minorities and other days that the row names are not judged by the date (A026). The limit for the year is A017. Years
    for which ledgerkit has no calendar of festivals are not compared.

    What to do: correct the date or the reason; goods given out long after the festival need an explanation.
    False alarm: goods for those who were away, given out when they came back.

    | relief: voucher_no | category | reason       | fund    | amount | paid_on    | ! | expected   |
    | V1                 | festival | 中秋节慰问   | union   | #280   | 2015-09-22 |   |            |
    | V2                 | festival | 中秋节慰问   | union   | #280   | 2015-10-27 |   |            |
    | V3                 | festival | 中秋节慰问   | union   | #280   | 2015-10-28 | x | 2015-09-27 |
    | V4                 | festival | 节日慰问     | union   | #280   | 2015-10-28 |   |            |
    | V5                 | festival | 节日慰问     | union   | #280   | 2015-08-01 | x | 2015-06-20 |
    | V6                 | festival | 元旦慰问     | union   | #280   | 2015-12-25 |   |            |
    | V7                 | festival | 古尔邦节慰问 | union   | #280   | 2015-08-01 |   |            |
    | V8                 | festival | 春节慰问     | union   | #280   | 2015-03-21 |   |            |
    | V9                 | festival | 春节慰问     | outside | #280   | 2015-08-01 |   |            |
    | V10                | warmth   | 春节走访     | union   | #280   | 2015-08-01 |   |            |
    | V11                | festival | 春节慰问     | union   | #280   | 1990-08-01 |   |            |
    """
    festival = relief.says("category", "festival")
    other = speaks_of(relief, [*calendar()["minorities"], *calendar()["other_days"]], festival)
    judged = festival & ~(other & (festivals(relief) == 0)) & known(relief, "reason", "programme")
    rows = relief.frame[judged & ours(relief) & standing(relief) & relief["paid_on"].notna()]
    near = nearest_festival(rows["paid_on"], festivals(relief)[rows.index]).reindex(relief.frame.index)
    far = ((relief["paid_on"] - near).abs().dt.days > window_days).fillna(False)
    unknown = sorted({str(day.year) for day in rows.loc[near[rows.index].isna(), "paid_on"]})
    return Flags(far, expected=day_text(near), why_not=", ".join(unknown))
