"""G rules on what a sheet does not show as it is read: hidden parts, filters, merged cells, formulas, amounts shown rounded."""

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table, among
from ledgerkit.rules.base import Flags, RuleSet

rules = RuleSet()
HIDDEN = ("hidden_rows", "hidden_columns", "hidden_sheet", "very_hidden_sheet")


@rules.rule(
    "G012",
    severity=Severity.LOW,
    title="Filter, merged cells, formulas or hidden parts",
    message={
        "filter": "A filter is on over {expected} and keeps {count} row(s) with {amount} out of sight; they are read and counted. Clear it (Data > Clear) before you print or add up.",
        "merged": "Cells are merged ({expected}; {count} in “{column}”): only the first of them holds the value, the others are read as blank. Unmerge them and fill in every row.",
        "formula": "{count} cell(s) of “{column}” are formulas ({expected}); the result saved last is what is read. Copy the column and paste it as values before handing in.",
        "hidden_rows": "{count} row(s) are hidden ({expected}); they hold no money and are read. Select the whole sheet, right-click a row number and choose Unhide; delete what does not belong.",
        "hidden_columns": "{count} column(s) are hidden ({expected}); they hold no money of the ledger and are read. Select the whole sheet, right-click a column letter and choose Unhide; delete what does not belong.",
        "hidden_sheet": "This sheet is hidden and is not empty. Right-click any sheet tab, choose Unhide, and check it; delete it if it is not needed.",
        "very_hidden_sheet": "This sheet is hidden in a way that Excel's menu does not list, and is not empty. Unhide it in the VBA editor (Alt+F11, property Visible: -1) and check it; delete it if it is not needed.",
    },
    basis="P",
)
def not_as_shown(display: Table, blanks: Table) -> object:
    """All rows and columns are read, seen or not. Where a sheet shows less than it holds, or a cell is not what was typed, eye and sum disagree.

    Rows under a filter that is on are the filter's, whether it hides them or a hand did. One finding a sheet, a filter, or a column.

    What to do: clear filters, unmerge cells, unhide what is hidden, paste formulas as values.
    False alarm: a column that is worked out by a formula on purpose. Titles, total rows and the cover may be merged and worked out freely.

    | display: ledger | field | problem        | amount | ! |
    | dues            |       | filter         | 150.00 | x |
    | dues            | name  | merged         |        | x |
    | dues            | due   | formula        |        | x |
    | dues            |       | hidden_rows    | 0.00   | x |
    | dues            |       | hidden_rows    | 150.00 |   |
    | dues            | paid  | rounded        | 0.44   |   |
    """
    # Where merged cells leave a required cell blank, G013 names them.
    named = among(display.frame, blanks.frame.loc[blanks.says("case", "merged"), ["_src", "field"]])
    apart = display.says("problem", "filter", "merged", "formula") & ~(display.says("problem", "merged") & named)
    empty = display.says("problem", *HIDDEN) & (display["amount"] == 0)
    return Flags(apart | empty, observed=display["problem"], case=display["problem"], amount=display["amount"], count=display["count"])


@rules.rule(
    "G018",
    severity=Severity.MEDIUM,
    title="Money in a hidden row, column or sheet",
    message={
        "hidden_rows": "{count} row(s) are hidden ({expected}) with {amount} in them, which is counted. Select the whole sheet, right-click a row number, choose Unhide and check them; delete what does not belong.",
        "hidden_columns": "“{column}” is hidden (column {expected}) with {amount} in it, which is counted. Select the whole sheet, right-click a column letter, choose Unhide and check it.",
        "hidden_sheet": "This sheet is hidden with {amount} in it, which is counted. Right-click any sheet tab, choose Unhide, and check it; delete it if it does not belong.",
        "very_hidden_sheet": "This sheet is hidden in a way that Excel's menu does not list, with {amount} in it, which is counted. Unhide it in the VBA editor (Alt+F11, property Visible: -1) and check it; delete it if it does not belong.",
    },
    basis="P",
)
def hidden_money(display: Table) -> object:
    """Money that nobody sees on the screen or on paper is still in every total. What is hidden is counted and said, never left out in silence.

    The amount is added up without signs, so that what was entered and taken back does not hide itself.

    What to do: unhide it and check each row against its voucher. Delete what does not belong; leave the rest visible.
    False alarm: rows folded away by grouping. Wages on which dues are worked out are no money of the union: hiding them is G012.

    | display: ledger | field | problem           | amount | ! |
    | dues            |       | hidden_rows       | 150.00 | x |
    | dues            | paid  | hidden_columns    | 150.00 | x |
    | dues            |       | very_hidden_sheet | 150.00 | x |
    | dues            |       | hidden_rows       | 0.00   |   |
    | dues            |       | filter            | 150.00 |   |
    """
    hidden = display.says("problem", *HIDDEN) & (display["amount"] > 0)
    return Flags(hidden, observed=display["problem"], case=display["problem"], amount=display["amount"], count=display["count"])


@rules.rule(
    "G019",
    severity=Severity.LOW,
    title="Amount shown is not the amount stored",
    message="The cell shows {observed} and holds {expected}; {count} cell(s) of “{column}” differ in this way, by {amount} in all. What is held is counted: show two decimals, or type the amount that is meant.",
    basis="P",
)
def shown_rounded(display: Table) -> object:
    """A number format may round what it shows (0), scale it (0,) or show nothing (;;;). A printed page then adds up to another total than the sheet.

    One finding a column of a sheet, at its first such cell; the amount is how far shown and stored are apart in all cells together.

    What to do: set the format of the column to two decimals. If what is shown is what was meant, type it.
    False alarm: none known; dates, fractions, scientific notation and formats with conditions are not judged.

    | display: ledger | field | problem | observed | expected | amount | ! |
    | dues            | paid  | rounded | 15       | 15.44    | 0.44   | x |
    | dues            | paid  | formula |          |          |        |   |
    """
    rounded = display.says("problem", "rounded")
    return Flags(rounded, amount=display["amount"], count=display["count"])
