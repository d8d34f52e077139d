"""G rules: cells, headings and totals of every ledger. They see every read row, the rejected ones too."""

from datetime import date

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import show
from ledgerkit.model.person import id_birth, id_is_good, id_sex
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet, dangling, earlier, with_columns

rules = RuleSet()


@rules.rule(
    "G001",
    severity=Severity.ERROR,
    title="Required column missing",
    message="The required column “{column}” is missing; rules that need it were not run. Nearest heading found: {observed}. Correct or add the heading.",
    basis="P",
    flags=None,
)
def missing_column(headers: Table) -> object:
    """A sheet without a required column is still read, but the rules that need the column cannot be run on it.

    Nothing is read by likeness: 应缴会费 and 实缴会费 differ by one character. The message names the nearest heading for you to judge.

    What to do: correct the heading to the template's, or add the column.
    False alarm: none; headings may be in Chinese or English, in any order.

    | headers: ledger | field | problem | ! |
    | dues            | paid  | missing | x |
    | dues            | name  | folded  |   |
    """
    return headers["problem"] == "missing"


@rules.also("G001")
def missing_conditional_column(lacking: Table) -> object:
    """A column that is only required under a condition, in a sheet whose rows meet the condition: said once for the sheet.

    | lacking: ledger | field      | count | ! |
    | dues            | receipt_no | 3     | x |
    """
    return Flags(lacking["count"] > 0, count=lacking["count"])


@rules.rule(
    "G002",
    severity=Severity.ERROR,
    title="ID or account kept as a number",
    message="A number of this kind must be kept as text: Excel keeps only 15 digits of a number and the rest are already lost. Type it again as text.",
    basis="P",
)
def number_lost_digits(cells: Table) -> object:
    """Excel keeps 15 digits of a number. An ID or card typed into a number cell has lost its last digits for good; what it shows is invented.

    The value is not shown anywhere in the report, because its last digits would be false.

    What to do: set the column to text, then type the number again from the document. Changing the format alone does not bring it back.
    False alarm: none.

    | members: member_no | name | status | id_no               | ! |
    | M001               | 甲   | active | #110101199003070011 | x |
    | M002               | 乙   | active | 11010119900307002X  |   |
    """
    return cells["fault"] == "G002"


@rules.rule(
    "G003",
    severity=Severity.ERROR,
    title="ID number is not valid",
    message="{observed} is not a valid resident ID number (length, birth date or check character). Compare it with the document.",
    basis="S46",
    flags="id_no",
    needs={"members": ("id_no",)},
)
def bad_id(members: Table) -> object:
    """The eighteenth character of a resident ID is computed from the others, and the seventh to fourteenth are a date of birth (GB 11643).

    What to do: compare with the card. If it is another document, choose its kind in the ID type column.
    False alarm: passports and permits typed without their kind; region codes are not tested, old ones are valid.

    | members: member_no | name | status | id_type  | id_no              | ! |
    | M001               | 甲   | active |          | 110101199003071234 | x |
    | M002               | 乙   | active |          | 11010119900307109X |   |
    | M003               | 丙   | active | passport | E12345678          |   |
    | M004               | 丁   | active |          |                    |   |
    """
    tested = (members["id_type"] == "resident_id") & (members["id_no"] != "")
    return tested & ~_good(members["id_no"])


@rules.also("G003", flags="id_no", needs={"relief": ("id_no",)})
def bad_beneficiary_id(relief: Table, members: Table) -> object:
    """A beneficiary's number beside a member number is read with the roster's kind of document; without one only 18 characters are tested.

    | relief: voucher_no | member_no | id_no              | ! |
    | V1                 |           | 110101199003071234 | x |
    | V2                 |           | E12345678          |   |
    | V3                 | M001      | 12345              | x |
    | V4                 | M002      | E12345678          |   |

    | members: member_no | name | status | id_type  |
    | M001               | 甲   | active |          |
    | M002               | 乙   | active | passport |
    """
    kinds = members.frame.drop_duplicates(["branch", "member_no"]).set_index(["branch", "member_no"])["id_type"]
    kind = pd.Series(kinds.reindex(pd.MultiIndex.from_frame(relief.frame[["branch", "member_no"]])).array, index=relief.frame.index)
    resident = (kind == "resident_id") | (kind.isna() & (relief["id_no"].str.len() == 18))
    return resident & (relief["id_no"] != "") & ~_good(relief["id_no"])


@rules.rule(
    "G004",
    severity=Severity.MEDIUM,
    title="Sex or birth date differs from the ID",
    message="“{column}” says {observed}, the ID number says {expected}. Correct whichever is wrong.",
    basis="S46",
    needs={"members": ("id_no",)},
)
def differs_from_id(members: Table) -> object:
    """The seventh to fourteenth digit of a resident ID are the birth date, the seventeenth is odd for men and even for women.

    What to do: compare with the card and correct the wrong one.
    False alarm: a lunar birthday typed as birth date; an ID whose registered date is known to be wrong.

    | members: member_no | name | status | id_no              | sex    | birth_date | ! | expected   |
    | M001               | 甲   | active | 11010119900307109X | male   | 1990-03-07 |   |            |
    | M002               | 乙   | active | 11010119900307109X | female | 1990-03-07 | x | male       |
    | M003               | 丙   | active | 11010119900307109X | male   | 1990-02-11 | x | 1990-03-07 |
    | M004               | 丁   | active |                    | female | 1990-02-11 |   |            |
    """
    good = (members["id_type"] == "resident_id") & _good(members["id_no"])
    numbers = members["id_no"].where(good)
    sex = numbers.map(id_sex, na_action="ignore").astype("str")
    born = pd.Series(pd.to_datetime(numbers.map(id_birth, na_action="ignore")), index=numbers.index).astype("datetime64[s]")
    given = members["birth_date"]
    return (
        Flags(good & (members["sex"] != "") & members["sex"].notna() & (members["sex"] != sex), expected=sex, column="sex"),
        Flags(good & given.notna() & (given != born), expected=born.dt.strftime("%Y-%m-%d"), column="birth_date"),
    )


def _good(numbers: "pd.Series[str]") -> "pd.Series[bool]":
    return numbers.fillna("").map(id_is_good).astype(bool)


@rules.rule(
    "G005",
    severity=Severity.ERROR,
    title="ID or card cut short",
    message="The number was cut short or turned into scientific notation; its digits are lost. Type it again as text from the document.",
    basis="S49",
)
def number_cut_short(cells: Table) -> object:
    """Text such as 1.10101E+17, or an 18-digit number whose tail became 000 and whose check character is wrong, is what is left of a lost number.

    What to do: set the column to text and type the number again from the document.
    False alarm: an ID that truly ends in 000 has the right check character and is not flagged.

    | members: member_no | name | status | id_no              | ! |
    | M001               | 甲   | active | 1.10101E+17        | x |
    | M002               | 乙   | active | 110101199003071000 | x |
    | M003               | 丙   | active | 11010119900307109X |   |
    """
    return cells["fault"] == "G005"


@rules.rule(
    "G008",
    severity=Severity.ERROR,
    title="Amount or count cannot be read",
    message="“{observed}” is no amount or count that can be used here (write it like {expected}). Type a plain number; amounts in yuan, at most two decimals.",
    basis="P",
)
def unreadable_amount(cells: Table) -> object:
    """An amount must be certain: a number with at most two decimals, not below zero (relief: above zero, unless the remark begins 红冲 or reversal).

    Thousands separators in the right places, ¥ and 元 are understood; anything else is not guessed at, and the cell is left out of every sum.

    What to do: type the amount as a plain number. A cell formatted as a date shows a date here: set its format to number and type the amount again.
    False alarm: none known.

    | dues: member_no | period  | name | paid     | ! |
    | M001            | 2015-01 | 甲   | 12元5    | x |
    | M001            | 2015-02 | 甲   | #10.005  | x |
    | M001            | 2015-03 | 甲   | #-5      | x |
    | M001            | 2015-04 | 甲   | 1,23     | x |
    | M001            | 2015-05 | 甲   | #15.4    |   |
    | M001            | 2015-06 | 甲   | 1,234.50 |   |
    """
    return cells["fault"] == "G008"


@rules.rule(
    "G009",
    severity=Severity.ERROR,
    title="Date cannot be right",
    message="“{observed}” cannot be right here (required: {expected}). Type the date as YYYY-MM-DD and check that it belongs to this year.",
    basis="P",
)
def unreadable_date(cells: Table) -> object:
    """A date must be certain: 2015-03-01, 2015.3.1, 2015年3月1日 or an Excel date. 03/04/2015 may be March or April and is not guessed at.

    What to do: type the date as year-month-day.
    False alarm: payments of the year before or after; see the dates' windows in docs/decisions.md.

    | dues: member_no | period  | name | paid | paid_on    | ! |
    | M001            | 2015-01 | 甲   | #15  | 03/04/2015 | x |
    | M001            | 2015-02 | 甲   | #15  | 2015-02-30 | x |
    | M001            | 2015-03 | 甲   | #15  | 2015.3.10  |   |
    | M001            | 2015/13 | 甲   | #15  | 2015-03-10 | x |
    """
    return cells["fault"] == "G009"


def _window(table: Table, columns: tuple[str, ...], first: pd.Timestamp | None, last: pd.Timestamp, expected: str) -> tuple[Flags, ...]:
    """Flags for days before `first` or after `last`, a column each."""
    found = []
    for column in columns:
        days = table[column]
        outside = days.dt.normalize() > last if first is None else (days < first) | (days.dt.normalize() > last)
        found.append(Flags(outside, expected=pd.Series(expected, index=days.index), column=column))
    return tuple(found)


def _in_year(table: Table, year: int, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    return _window(table, columns, pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31), str(year))


def _near_year(table: Table, year: int, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    first, last = pd.Timestamp(year - 1, 1, 1), pd.Timestamp(year + 1, 3, 31)
    return _window(table, columns, first, last, f"{first:%Y-%m-%d}..{last:%Y-%m-%d}")


def _not_after(table: Table, as_of: date, columns: tuple[str, ...]) -> tuple[Flags, ...]:
    return _window(table, columns, None, pd.Timestamp(as_of), f"<= {as_of.isoformat()}")


@rules.also("G009")
def dues_outside_year(dues: Table, year: int) -> object:
    """A month of another year; last year's dues paid in the books' year are D016 instead.

    year = 2015

    | dues: member_no | period  | paid_on    | banked_on  | ! |
    | M001            | 2013-12 | 2015-01-08 |            | x |
    | M002            | 2014-12 | 2015-01-08 |            |   |
    | M003            | 2015-12 | 2016-01-08 | 2016-04-01 | x |
    | M004            | 2016-01 | 2015-12-31 |            | x |
    """
    of = dues["period"] // 12
    late = (of == year - 1) & (dues["paid_on"].dt.year == year)
    period = Flags((of != year) & ~late, expected=pd.Series(str(year), index=dues.frame.index), column="period")
    return (period, *_near_year(dues, year, ("paid_on", "banked_on")))


@rules.also("G009")
def remittance_outside_year(remittance: Table, year: int) -> object:
    """A remittance of another year's month.

    year = 2015

    | remittance: period | paid_on    | ! |
    | 2014-12            | 2015-01-10 | x |
    | 2015-12            | 2016-01-10 |   |
    """
    period = Flags(remittance["period"] // 12 != year, expected=pd.Series(str(year), index=remittance.frame.index), column="period")
    return (period, *_near_year(remittance, year, ("received_on", "paid_on")))


@rules.also("G009")
def relief_outside_year(relief: Table, year: int, as_of: date) -> object:
    """Relief paid in another year, or with a date far from it; approved after the run's date.

    year = 2015
    as_of 2015-12-31

    | relief: voucher_no | paid_on    | event_date | approved_on | ! |
    | V1                 | 2016-01-05 |            |             | x |
    | V2                 | 2015-12-31 | 2013-12-31 |             | x |
    | V3                 | 2015-12-31 | 2014-06-01 | 2015-12-30  |   |
    | V4                 | 2015-12-31 |            | 2016-01-04  | x |
    """
    near = ("event_date", "applied_on", "notice_from", "notice_to")
    return (*_in_year(relief, year, ("paid_on",)), *_near_year(relief, year, near), *_not_after(relief, as_of, ("approved_on",)))


@rules.also("G009")
def activity_outside_year(activities: Table, year: int) -> object:
    """An activity of another year.

    year = 2015

    | activities: activity_no | starts_at        | ends_at          | documented_on | ! |
    | A1                      | 2014-12-31T09:00 | 2015-01-01T09:00 |               | x |
    | A2                      | 2015-12-31T23:00 | 2015-12-31T23:30 | 2016-02-01    |   |
    """
    return (*_in_year(activities, year, ("starts_at", "ends_at")), *_near_year(activities, year, ("documented_on", "paid_on")))


@rules.also("G009")
def signed_outside_year(attendance: Table, year: int) -> object:
    """A sign-in of another year.

    year = 2015

    | attendance: activity_no | name | signed_at        | ! |
    | A1                      | 甲   | 2051-05-04T13:55 | x |
    | A1                      | 乙   | 2015-05-04T13:55 |   |
    """
    return _in_year(attendance, year, ("signed_at",))


@rules.also("G009")
def person_in_future(members: Table, as_of: date) -> object:
    """A date of a person's life after the run's date.

    as_of 2015-12-31

    | members: member_no | birth_date | joined_on  | left_on    | ! |
    | M001               | 2091-01-01 |            |            | x |
    | M002               | 1991-01-01 | 2015-12-31 | 2016-01-01 | x |
    | M003               | 1991-01-01 | 2015-12-31 |            |   |
    """
    return _not_after(members, as_of, ("birth_date", "joined_on", "left_on"))


@rules.also("G009")
def budget_in_future(budget: Table, as_of: date) -> object:
    """A budget approved or adjusted after the run's date.

    as_of 2015-12-31

    | budget: code | approved_on | adjusted_on | ! |
    | 50204        | 2051-02-01  |             | x |
    | 50205        | 2015-02-01  | 2015-09-01  |   |
    """
    return _not_after(budget, as_of, ("approved_on", "adjusted_on"))


@rules.also("G009")
def election_in_future(branches: Table, as_of: date) -> object:
    """An election after the run's date.

    as_of 2015-12-31

    | branches: branch_code | elected_on | ! |
    | B01                   | 2016-03-01 | x |
    | B02                   | 2015-03-01 |   |
    """
    return _not_after(branches, as_of, ("elected_on",))


@rules.rule(
    "G010",
    severity=Severity.ERROR,
    title="Total differs from its details",
    message="The total says {observed}, its details add up to {expected} (details not read: {count}). Correct the total, or the row left out.",
    basis="P",
)
def wrong_total(declared: Table) -> object:
    """A total row is never counted as data; it is checked. A sub-total is compared with the rows since the last total, another with all above.

    What to do: find the row that was added, deleted or typed over after the total was written. If details could not be read, mend these first.
    False alarm: a total of something else than the rows above it; give it another word than 合计, 小计, 总计, 累计 or Total.

    | declared: ledger | field | declared | details | unread | ! | expected |
    | dues             | paid  | 120.00   | 120.00  | 0      |   |          |
    | dues             | paid  | 130.00   | 120.00  | 0      | x | 120.00   |
    """
    difference = (declared["declared"] - declared["details"]).abs()
    return Flags(
        difference != 0,
        observed=declared["declared"].map(show),
        expected=declared["details"].map(show),
        amount=difference,
        count=declared["unread"],
    )


@rules.rule(
    "G011",
    severity=Severity.HIGH,
    title="Number used twice",
    message="{observed} is used again; it stands first at {expected}. Correct the number, or remove the row if it was entered twice.",
    basis="S18",
    flags="voucher_no",
    needs={"relief": ("voucher_no", "paid_on", "category")},
)
def voucher_twice(relief: Table) -> object:
    """A voucher stands for one payment. The same number on a second payment, or the same person twice on one, is a duplicate until explained.

    One payment is one batch, or without a batch number one day and category: different people of it may share the voucher.

    What to do: look up the voucher. Correct the mistyped number, or remove the row that was entered twice.
    False alarm: a voucher that collects several payments; give its rows one batch number.

    | relief: voucher_no | batch_no | category | paid_on    | beneficiary | amount | ! |
    | V1                 |          | living   | 2015-01-10 | 甲          | #900   |   |
    | V1                 |          | living   | 2015-01-10 | 乙          | #900   |   |
    | V1                 |          | living   | 2015-02-10 | 丙          | #900   | x |
    | V2                 | P1       | living   | 2015-01-10 | 甲          | #900   |   |
    | V2                 | P1       | hospital | 2015-01-11 | 乙          | #900   |   |
    | V3                 |          | living   | 2015-03-10 | 甲          | #900   |   |
    | V3                 |          | living   | 2015-03-10 | 甲          | #900   | x |
    """
    payment = relief["batch_no"].where(relief["batch_no"] != "", relief["category"] + relief["paid_on"].dt.strftime(" %Y-%m-%d"))
    keyed = with_columns(relief, payment=payment)
    first = earlier(keyed, ["branch", "voucher_no"], ["paid_on"])
    elsewhere = first.notna() & (payment != payment.reindex(first.fillna(-1)).set_axis(payment.index))
    person = earlier(keyed, ["branch", "voucher_no", "payment", "beneficiary"], ["paid_on"])
    other = person.where(person.notna(), first.where(elsewhere))
    return Flags(other.notna(), other=other)


@rules.also("G011", flags="receipt_no", needs={"dues": ("receipt_no",)})
def receipt_twice(dues: Table) -> object:
    """A receipt stands for one payment of dues: several people of one month, method and day, or one member's months paid on one day.

    | dues: member_no | period  | paid | method | paid_on    | receipt_no | ! |
    | M001            | 2015-01 | #15  | cash   | 2015-01-10 | R1         |   |
    | M002            | 2015-01 | #15  | cash   | 2015-01-10 | R1         |   |
    | M001            | 2015-01 | #15  | cash   | 2015-02-10 | R2         |   |
    | M001            | 2015-02 | #15  | cash   | 2015-02-10 | R2         |   |
    | M003            | 2015-03 | #15  | cash   | 2015-03-10 | R2         | x |
    """
    first = earlier(dues, ["branch", "receipt_no"], ["paid_on", "member_no"])
    begun = first.fillna(-1)
    of_first = {
        column: dues[column].reindex(begun).set_axis(dues.frame.index) for column in ("period", "method", "paid_on", "member_no")
    }
    group = (dues["period"] == of_first["period"]) & (dues["method"] == of_first["method"]) & (dues["paid_on"] == of_first["paid_on"])
    own = (dues["member_no"] == of_first["member_no"]) & (dues["paid_on"] == of_first["paid_on"])
    twice = first.notna() & ~(group | own).fillna(False).astype(bool)
    return Flags(twice, other=first)


def _key_twice(table: Table, order: list[str]) -> Flags:
    other = earlier(table, list(table.key), order)
    return Flags(other.notna(), other=other)


@rules.also("G011", flags="member_no")
def member_twice(members: Table) -> object:
    """Two rows of the roster with one member number.

    | members: member_no | name | ! |
    | M001               | 甲   |   |
    | M001               | 乙   | x |
    """
    return _key_twice(members, ["joined_on"])


@rules.also("G011", flags="activity_no")
def activity_twice(activities: Table) -> object:
    """Two activities with one number.

    | activities: activity_no | starts_at        | ! |
    | A1                      | 2015-05-04T14:00 | x |
    | A1                      | 2015-03-04T14:00 |   |
    """
    return _key_twice(activities, ["starts_at"])


@rules.also("G011", flags="voucher_no")
def expense_twice(expenses: Table) -> object:
    """One voucher twice with the same item.

    | expenses: voucher_no | item | ! |
    | E1                   | 球拍 |   |
    | E1                   | 球网 |   |
    | E1                   | 球拍 | x |
    """
    return _key_twice(expenses, ["paid_on"])


@rules.also("G011", flags="code")
def line_twice(budget: Table) -> object:
    """One budget line twice.

    | budget: code | ! |
    | 50204        |   |
    | 50204        | x |
    """
    return _key_twice(budget, [])


@rules.also("G011", flags="period")
def remittance_twice(remittance: Table) -> object:
    """One month's remittance twice.

    | remittance: period | paid_on    | ! |
    | 2015-01            | 2015-02-10 |   |
    | 2015-01            | 2015-02-12 | x |
    """
    return _key_twice(remittance, ["paid_on"])


@rules.also("G011", flags="receipt_no", needs={"remittance": ("receipt_no",)})
def remittance_receipt_twice(remittance: Table) -> object:
    """One payment voucher for two months' remittances that were not paid on one day.

    | remittance: period | paid_on    | receipt_no | ! |
    | 2015-01            | 2015-02-10 | P1         |   |
    | 2015-02            | 2015-02-10 | P1         |   |
    | 2015-03            | 2015-04-10 | P1         | x |
    """
    first = earlier(remittance, ["branch", "receipt_no"], ["paid_on", "period"])
    day = remittance["paid_on"].reindex(first.fillna(-1)).set_axis(remittance.frame.index)
    return Flags(first.notna() & (day != remittance["paid_on"]), other=first)


@rules.rule(
    "G013",
    severity=Severity.ERROR,
    title="Required cell is blank",
    message="“{column}” must be filled in here. Type the value; do not leave it blank or write 同上.",
    basis="S42",
)
def blank_cell(blanks: Table) -> object:
    """A required cell that is blank cannot be checked, and one that is required under a condition is blank while the condition holds.

    What to do: fill it in. If the row was entered by mistake, clear the whole row.
    False alarm: cells that only look filled because they are merged with the one above: un-merge and fill them.

    | dues: member_no | period  | name | paid | waived | method | paid_on    | receipt_no | ! |
    | M001            | 2015-01 | 甲   | #15  |        |        | 2015-01-10 |            |   |
    | M002            | 2015-01 |      | #15  |        |        | 2015-01-10 |            | x |
    | M003            | 2015-01 | 丙   | #15  |        | cash   | 2015-01-10 |            | x |
    | M004            | 2015-01 | 丁   | #15  |        |        |            |            | x |
    | M005            | 2015-01 | 戊   | #0   | #15    |        |            |            |   |
    """
    return ~blanks.none()


@rules.also("G013")
def ditto(cells: Table) -> object:
    """A ditto mark is no value: which cell it repeats is lost as soon as the sheet is sorted.

    | dues: member_no | period  | name | paid | paid_on    | ! |
    | M001            | 2015-01 | 甲   | #15  | 2015-01-10 |   |
    | M002            | 2015-01 | 同上 | #15  | 2015-01-10 | x |
    """
    return cells["fault"] == "G013"


@rules.rule(
    "G015",
    severity=Severity.MEDIUM,
    title="Column in ten thousands",
    message="The heading {observed} says ten thousand yuan, so its amounts were multiplied by 10,000. If they are in yuan, correct the heading.",
    basis="P",
)
def ten_thousands(headers: Table) -> object:
    """A heading with (万元) on a money column means what it says. It is said once, because one mistake here moves every figure.

    What to do: check one amount; better, give the column in yuan.
    False alarm: a unit left over from another form.

    | headers: ledger | field | problem | ! |
    | budget          | prior | scale   | x |
    | budget          | code  | folded  |   |
    """
    return headers["problem"] == "scale"


@rules.rule(
    "G016",
    severity=Severity.ERROR,
    title="Not a value of the list",
    message="“{observed}” is not one of the values for “{column}”: {expected}. Choose one of them.",
    basis="P",
)
def not_in_list(cells: Table) -> object:
    """A choice cell holds one of the listed values, as key or as its Chinese or English label. Near misses are not guessed at.

    What to do: choose from the drop-down list; it may have been lost when cells were pasted over it.
    False alarm: none; tell us if a usual word is missing.

    | members: member_no | name | status   | ! |
    | M001               | 甲   | 在职     |   |
    | M002               | 乙   | Retired  |   |
    | M003               | 丙   | 在职人员 | x |
    """
    return cells["fault"] == "G016"


@rules.rule(
    "G017",
    severity=Severity.ERROR,
    title="Refers to a row that does not exist",
    message="{observed} does not exist in the ledger it refers to. Correct it, or enter the missing row there.",
    basis="P",
    flags="activity_no",
    needs={"attendance": ("activity_no",), "activities": ("activity_no",)},
)
def attendance_of_nothing(attendance: Table, activities: Table) -> object:
    """A sign-in, a visit or an expense names its activity by number, and a branch its parent; without that row nobody can say what it was for.

    What to do: correct the number, or enter the activity.
    False alarm: activities kept in a file that was not given to this run.

    | attendance: activity_no | name | ! |
    | A1                      | 甲   |   |
    | A9                      | 甲   | x |

    | activities: activity_no | title |
    | A1                      | 棋赛  |
    """
    return dangling(attendance, "activity_no", activities, "activity_no")


@rules.also("G017", flags="activity_no")
def relief_of_no_visit(relief: Table, activities: Table) -> object:
    """Relief handed over at a visit that is not in the activities.

    | relief: voucher_no | activity_no | ! |
    | V1                 | A1          |   |
    | V2                 | A9          | x |
    | V3                 |             |   |

    | activities: activity_no | title |
    | A1                      | 走访  |
    """
    return dangling(relief, "activity_no", activities, "activity_no")


@rules.also("G017", flags="activity_no")
def expense_of_no_activity(expenses: Table, activities: Table) -> object:
    """An expense of an activity that is not in the activities.

    | expenses: voucher_no | item | activity_no | ! |
    | E1                   | 球拍 | A1          |   |
    | E2                   | 球拍 | A9          | x |

    | activities: activity_no | title |
    | A1                      | 棋赛  |
    """
    return dangling(expenses, "activity_no", activities, "activity_no")


@rules.also("G017", flags="parent_code", needs={"branches": ("branch_code",)})
def branch_of_no_parent(branches: Table) -> object:
    """A branch whose parent is not in the register; the register's own top stands in it without a parent.

    | branches: branch_code | parent_code | ! |
    | B00                   |             |   |
    | B01                   | B00         |   |
    | B02                   | B99         | x |
    """
    return dangling(branches, "parent_code", branches, "branch_code")


@rules.rule(
    "G020",
    severity=Severity.ERROR,
    title="Error cell",
    message="The cell shows the formula error {observed}; it has no value. Mend the formula or type the value.",
    basis="P",
)
def error_cell(cells: Table) -> object:
    """#REF!, #N/A, #DIV/0! and their like are not blanks and not zeros: the value is unknown and every sum it belongs to is not compared.

    What to do: mend the formula, or type the value in its place.
    False alarm: none.

    | dues: member_no | period  | name | paid  | paid_on    | ! |
    | M001            | 2015-01 | 甲   | #REF! | 2015-01-10 | x |
    | M002            | 2015-01 | 乙   | #15   | 2015-01-10 |   |
    """
    return cells["fault"] == "G020"


@rules.rule(
    "G021",
    severity=Severity.ERROR,
    title="Formula never calculated",
    message="The formula in this cell was never calculated, so it has no value. Open the workbook in Excel or WPS, save it, and send it again.",
    basis="P",
)
def uncalculated(cells: Table) -> object:
    """A program that writes formulas without calculating them leaves cells that look filled in Excel and are empty in the file.

    What to do: open the workbook in Excel or WPS, press F9, save it and send it again.
    False alarm: none.

    | dues: member_no | period  | name | paid | paid_on    | ! |
    | M001            | 2015-01 | 甲   | =    | 2015-01-10 | x |
    | M002            | 2015-01 | 乙   | #15  | 2015-01-10 |   |
    """
    return cells["fault"] == "G021"


@rules.rule(
    "G022",
    severity=Severity.ERROR,
    title="Two columns under one heading",
    message="“{column}” stands here and at {expected}; only the first was read. Rename or delete one of the two columns.",
    basis="P",
)
def heading_twice(headers: Table) -> object:
    """Two columns under one heading: which of the two is meant cannot be told. The first is read, the other kept as an extra column.

    What to do: rename or delete the column that is not meant.
    False alarm: none.

    | headers: ledger | field | problem | ! |
    | dues            | paid  | double  | x |
    | dues            | paid  | folded  |   |
    """
    return headers["problem"] == "double"


@rules.rule(
    "G023",
    severity=Severity.INFO,
    title="Heading read after folding",
    message="The heading {observed} was read as “{column}” after spaces, marks or units were left out. Nothing to do if that is meant.",
    basis="P",
)
def heading_folded(headers: Table) -> object:
    """Full-width letters, spaces, line breaks, an asterisk, a colon or a unit in brackets do not change which column a heading means.

    What to do: nothing, if the column is the one that is named.
    False alarm: this is information, not a fault.

    | headers: ledger | field | problem | ! |
    | dues            | paid  | folded  | x |
    | dues            | name  | missing |   |
    """
    return headers["problem"] == "folded"


@rules.rule(
    "G024",
    severity=Severity.LOW,
    title="Code kept as a number",
    message="This code was kept as a number and read as {observed}. Set the column to text so that no leading zero is lost.",
    basis="P",
)
def code_as_number(cells: Table) -> object:
    """A code of up to 15 digits in a number cell still has its digits, with the zeros that the cell's format shows; a typed leading zero is gone.

    What to do: set the column to text; check codes that should begin with 0.
    False alarm: codes that never begin with 0.

    | budget: code | title | direction | approved | ! |
    | #50204       | 帮扶  | expense   | #1000    | x |
    | 50205        | 慰问  | expense   | #1000    |   |
    """
    return cells["fault"] == "G024"


@rules.rule(
    "G027",
    severity=Severity.LOW,
    title="Amount kept as text",
    message="“{observed}” is text and was read as {expected}; Excel's own sums leave it out. Type it as a number.",
    basis="P",
)
def amount_as_text(cells: Table) -> object:
    """An amount typed as text (a text cell, full-width digits, 元 after it) is certain and is used, but Excel's SUM skips it in silence.

    What to do: set the cell to number and type the amount again.
    False alarm: none.

    | dues: member_no | period  | name | paid     | paid_on    | ! |
    | M001            | 2015-01 | 甲   | 1,200.50 | 2015-01-10 | x |
    | M002            | 2015-01 | 乙   | １００   | 2015-01-10 | x |
    | M003            | 2015-01 | 丙   | #15      | 2015-01-10 |   |
    """
    return cells["fault"] == "G027"
