"""G rules on ID numbers, cards and credit codes: lost digits, wrong check characters, and what they say of a person."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.person import card_is_good, id_birth, id_sex, uscc_is_good
from ledgerkit.model.table import Table, each_of, filled, places, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, day_text, resident_id

rules = RuleSet()


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
    False alarm: a short account that never began with 0: the file cannot tell. A phone's number keeps its digits and is G024.

    | members: member_no | name | status | id_no               | phone        | ! |
    | M001               | 甲   | active | #110101199003070011 |              | x |
    | M002               | 乙   | active | 11010119900307002X  |              |   |
    | M003               | 丙   | active |                     | #13900001111 |   |
    """
    return cells.says("fault", "G002")


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
    | M005               | 戊   | active | hk_macau | H12345678          |   |
    | M006               | 己   | active | foreign_pr | CHN310012345678  |   |
    """
    tested = members.says("id_type", "resident_id") & ~members.says("id_no", "")
    return tested & ~resident_id(members)


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
    bad = filled(relief, "id_no") & ~resident_id(relief)
    kind = there(members["id_type"], places(relief, members, ("branch", "member_no")))[bad]
    resident = (kind == "resident_id") | (kind.isna() & (relief["id_no"][bad].str.len() == 18))
    return resident.reindex(bad.index, fill_value=False)


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

    | members: member_no | name | status | id_type  | id_no              | sex    | birth_date | ! | expected   |
    | M001               | 甲   | active |          | 11010119900307109X | male   | 1990-03-07 |   |            |
    | M002               | 乙   | active |          | 11010119900307109X | female | 1990-03-07 | x | male       |
    | M003               | 丙   | active |          | 11010119900307109X | male   | 1990-02-11 | x | 1990-03-07 |
    | M004               | 丁   | active |          |                    | female | 1990-02-11 |   |            |
    | M005               | 戊   | active | passport | E12345678          | female | 1990-02-11 |   |            |
    """
    good = members.frame[members.says("id_type", "resident_id") & resident_id(members)]
    sex = good["id_no"].map(id_sex).astype("str")
    born = pd.Series(pd.to_datetime(good["id_no"].map(id_birth)), index=good.index).astype("datetime64[s]")
    other_sex = (good["sex"] != "") & good["sex"].notna() & (good["sex"] != sex)
    other_day = good["birth_date"].notna() & (good["birth_date"] != born)
    index = members.frame.index
    return (
        Flags(other_sex.reindex(index, fill_value=False), expected=sex, column="sex"),
        Flags(other_day.reindex(index, fill_value=False), expected=day_text(born), column="birth_date"),
    )


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
    | M004               | 丁   | active | 110101199003061000 |   |
    """
    return cells.says("fault", "G005")


@rules.rule(
    "G006",
    severity=Severity.LOW,
    title="Bank card number looks wrong",
    message="{observed} has not the digits of a bank card (16 or 19, the last one a check digit). Compare it with the card.",
    basis="S47",
    flags="bank_card",
    needs={"members": ("member_no",)},
)
def bad_card(members: Table) -> object:
    """Cards have 16 or 19 digits, and the last follows from the others (Luhn). One digit mistyped sends the money back, or to somebody else.

    Numbers that begin with 62 are cards; of others only those with 16 or 19 digits are tested, because passbooks and social-security cards
    follow no such rule.

    What to do: compare with the card. Accounts of units are not tested.
    False alarm: a passbook that happens to have 16 or 19 digits.

    | members: member_no | bank_card           | ! |
    | M001               | 6229990200000000379 |   |
    | M002               | 6229990200000000378 | x |
    | M003               | 622999020000000037  | x |
    | M004               | 4111111111111111    |   |
    | M005               | 4111111111111112    | x |
    | M006               | 110901234567        |   |
    | M007               |                     |   |
    """
    return each_of(members, "bank_card", _is_wrong_card, "bool")


@rules.also("G006", flags="bank_card", needs={"relief": ("voucher_no", "category")})
def bad_relief_card(relief: Table) -> object:
    """The card that relief was paid to; villages, units and charities have accounts of their own kind.

    | relief: voucher_no | category | beneficiary_type | bank_card           | ! |
    | V1                 | living   | family           | 6229990200000000378 | x |
    | V2                 | living   | family           | 6229990200000000379 |   |
    | V3                 | village  | village          | 1101020409003812341 |   |
    | V4                 | donation | other            | 1101020409003812341 |   |
    """
    of_unit = relief.says("beneficiary_type", "village", "unit") | relief.says("category", "donation", "mutual", "village")
    return each_of(relief, "bank_card", _is_wrong_card, "bool") & ~of_unit


def _is_wrong_card(number: str) -> bool:
    """Whether a number should be a card's and is not."""
    tested = number.isdecimal() and number.isascii() and (number.startswith("62") or len(number) in (16, 19))
    return tested and not card_is_good(number)


@rules.rule(
    "G007",
    severity=Severity.MEDIUM,
    title="Credit code cannot be right",
    message="“{column}” {observed} cannot be right (needed: {expected}). Enter the code from the certificate; leave it blank where there is none.",
    basis="S41",
    needs={"branches": ("branch_code",)},
)
def bad_credit_code(branches: Table) -> object:
    """The eighteenth character of a credit code follows from the others (GB 32100). A grassroots union's begins with 81, another's with 89.

    Fillers (eighteen ones or noughts) are no code, and the employer's code is not the union's.

    What to do: enter the code from the union's own certificate.
    False alarm: a union without legal-person status has no code; leave the cell blank.

    | branches: branch_code | uscc               | employer_uscc      | ! |
    | B01                   | 81320297MD0128486J | 11320297MX04214899 |   |
    | B02                   | 81320297MD0128486K |                    | x |
    | B03                   | 111111111111111111 |                    | x |
    | B04                   | 000000000000000000 |                    | x |
    | B05                   | 11320297MX04214899 |                    | x |
    | B06                   | 11320297MX04214899 | 11320297MX04214899 | x |
    | B07                   |                    | 11320297MX04214890 | x |
    | B08                   | 81320297MD0128486J |                    |   |
    | B09                   |                    |                    |   |
    """
    own, employer = branches["uscc"].fillna(""), branches["employer_uscc"].fillna("")
    unions = own.str.startswith(("81", "89")) & own.map(uscc_is_good).astype(bool)
    # What begins as a union's code does has a wrong check character.
    expected = own.str.startswith(("81", "89")).map({True: "GB 32100", False: "81…"})
    return (
        Flags((own != "") & ~unions.astype(bool), expected=expected, column="uscc"),
        Flags(
            (employer != "") & ~employer.map(uscc_is_good).astype(bool),
            expected=Everywhere("GB 32100"),
            column="employer_uscc",
        ),
    )
