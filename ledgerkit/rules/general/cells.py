"""G rules on cells: what could not be read as its column's type, and what is blank."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet

rules = RuleSet()


@rules.rule(
    "G008",
    severity=Severity.ERROR,
    title="Amount or count cannot be read",
    message={
        "": "“{observed}” is no amount or count that can be used here (write it like {expected}). Type a plain number; amounts in yuan, at most two decimals.",
        "date": "The cell holds a date or time ({observed}) in place of an amount or count. Set its format to number, then type the amount or count again from the voucher.",
        "zero": "The amount must be {expected} here, and {observed} is not. Type the amount of the voucher; where nothing was paid, delete the row.",
        "sign": "“{observed}” is not allowed here: it must be {expected}. Check the amount or count; type it without a minus sign.",
        "cents": "“{observed}” has more than two decimals and is not rounded for you. Type the amount of the voucher with at most two decimals, like {expected}.",
        "whole": "“{observed}” is not a whole number. Type a whole number, like {expected}.",
        "separators": "The separators in “{observed}” do not stand between groups of three digits, so a digit may be missing or too many. Type the number without commas or spaces, like {expected}.",
        "percent": "“{observed}” is a percentage, not an amount or count. Type the amount or count itself, like {expected}.",
        "exponent": "“{observed}” is scientific notation kept as text, and its digits are not certain. Type the whole number from the voucher, like {expected}.",
        "minus": "The minus sign of “{observed}” stands behind the number, so it is not certain that it is one. If the amount is negative, type the sign in front of it; else delete it.",
        "capitals": "“{observed}” is an amount in words. Type it in digits, like {expected}.",
        "unit": "The unit in “{observed}” is not certain here. Work the amount out in yuan and type the number alone, like {expected}.",
    },
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
    | M001            | 2015-04 | 甲   | 1,23,456 | x |
    | M001            | 2015-05 | 甲   | #15.4    |   |
    | M001            | 2015-06 | 甲   | 1,234.50 |   |

    | relief: voucher_no | amount | remark           | ! |
    | V1                 | #-600  |                  | x |
    | V2                 | #-600  | 红冲3月5日凭证   |   |
    | V3                 | #0     |                  | x |
    """
    return cells.says("fault", "G008")


@rules.rule(
    "G013",
    severity=Severity.ERROR,
    title="Required cell is blank",
    message={
        "blank": "“{column}” must be filled in here. Type the value; do not leave it blank or write 同上.",
        "unseen": "“{column}” must be filled in here. The cell is blank, or it is a formula error or a formula never calculated, which look blank in this format. Look at it in Excel or WPS, type the value, and save as .xlsx.",
        "merged": "{count} cell(s) of “{column}” lie under merged cells ({expected}) and are read as blank. Unmerge the cells and fill in every row.",
        "ditto": "“{observed}” is no value: once the sheet is sorted, nobody knows which cell it repeats. Type the value of “{column}” itself.",
    },
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
    return Flags(~blanks.none(), case=blanks["case"], count=blanks["count"])


@rules.also("G013")
def ditto(cells: Table) -> object:
    """A ditto mark is no value: which cell it repeats is lost as soon as the sheet is sorted.

    | dues: member_no | period  | name | paid | paid_on    | ! |
    | M001            | 2015-01 | 甲   | #15  | 2015-01-10 |   |
    | M002            | 2015-01 | 同上 | #15  | 2015-01-10 | x |
    """
    return cells.says("fault", "G013")


@rules.rule(
    "G014",
    severity=Severity.LOW,
    title="Damaged text",
    message={
        "": "Some characters of “{observed}” were lost when the text was converted. Type them again from the original paper.",
        "hides": "{count} cell(s) of “{column}” hold characters that nobody sees, or full-width letters ({expected}). They were compared without them; compared as they are typed, {amount} yuan of these rows would be counted under no known code or name. Type them again.",
        "hides_no_money": "{count} cell(s) of “{column}” hold characters that nobody sees, or full-width letters ({expected}). They were compared without them. Type them again.",
    },
    basis="P",
)
def damaged_text(cells: Table) -> object:
    """A replacement mark, a private-use character or ?; inside Chinese is what is left of a character that a conversion lost.

    What to do: type the text again from the original.
    False alarm: rare surnames that a unit's own font keeps in the private-use area are not flagged in columns of people's names.

    | activities: activity_no | title        | handled_by | ! |
    | A1                      | 庆祝?;动     | 周志远     | x |
    | A2                      | 庆祝�动 | 周志远     | x |
    | A3                      | 庆祝动 | 周志远     | x |
    | A4                      | 庆祝活动     | 志远 |   |
    | A5                      | 参加吗?      | 周志远     |   |
    | A6                      | why?; next   | 周志远     |   |
    """
    return cells.says("fault", "G014")


@rules.also("G014")
def hidden_characters(display: Table) -> object:
    """Zero-width characters and no-break spaces come with text copied from web pages and chats; A1 is not Ａ1 to Excel's VLOOKUP.

    | display: ledger | field     | problem | observed | expected | count | amount | ! |
    | dues            | member_no | hides   | M001     | A2       | 1     | 15.00  | x |
    | dues            | paid      | rounded | 15       | 15.44    | 1     | 0.44   |   |
    """
    hidden = display.says("problem", "hides")
    case = pd.Series("hides", index=hidden.index).where(display["amount"] > 0, "hides_no_money")
    return Flags(hidden, amount=display["amount"], count=display["count"], case=case)


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
    return cells.says("fault", "G016")


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
    return cells.says("fault", "G020")


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
    return cells.says("fault", "G021")


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
    return cells.says("fault", "G024")


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
    return cells.says("fault", "G027")
