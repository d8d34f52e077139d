"""G rules on headings and declared totals."""

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import show
from ledgerkit.model.table import Table, alike, once, places, there
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, money_text

rules = RuleSet()
# How many times smaller a column in ten thousands is at least, as it is rounded to two decimals.
LEAST_RATIO = 9_000


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
    False alarm: none; headings may be in Chinese or English, in any order, and two rows of merged headings are read as one.

    | headers: ledger | field | problem | ! |
    | dues            | paid  | missing | x |
    | dues            | name  | folded  |   |
    """
    return headers.says("problem", "missing")


@rules.also("G001")
def missing_conditional_column(lacking: Table) -> object:
    """A column that is only required under a condition, in a sheet whose rows meet the condition: said once for the sheet.

    | lacking: ledger | field      | count | observed | ! |
    | dues            | receipt_no | 3     | F1 收据  | x |
    """
    return Flags(lacking["count"] > 0, count=lacking["count"])


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
    "G015",
    severity=Severity.MEDIUM,
    title="Column in ten thousands",
    message={
        "heading": "The heading {observed} says ten thousand yuan, so its amounts were multiplied by 10,000. If they are in yuan, correct the heading.",
        "amounts": "{observed} stands here where the other ledger has {expected}: the column seems to be in ten thousands. Give it in yuan, or add (万元) to its heading.",
    },
    basis="P",
)
def ten_thousands(headers: Table) -> object:
    """A heading with (万元) on a money column means what it says. It is said once, because one mistake here moves every figure.

    Without such a heading wages are compared, the roster's with those of the dues: the same wages cannot be ten thousand times apart. Other
    amounts that are merely small are not guessed at.

    What to do: check one amount; better, give the column in yuan.
    False alarm: a unit left over from another form.

    | headers: ledger | field | problem | ! |
    | budget          | prior | scale   | x |
    | budget          | code  | folded  |   |
    """
    return headers.says("problem", "scale")


@rules.also("G015", flags="wage_base", needs={"members": ("wage_base",), "dues": ("wage_base",)})
def roster_in_ten_thousands(members: Table, dues: Table, *, fewest: int = 5) -> object:
    """The roster's wages beside those of the dues: the middle one (median) ten thousand times smaller. Fewer than `fewest` members are not judged.

    fewest = 3

    | members: member_no | name | wage_base | ! |
    | M001               | 甲   | #0.31     | x |
    | M002               | 乙   | #0.45     |   |
    | M003               | 丙   | #0.52     |   |

    | dues: member_no | period  | wage_base |
    | M001            | 2015-01 | #3087.60  |
    | M002            | 2015-01 | #4500     |
    | M003            | 2015-01 | #5200     |
    """
    return _smaller(members, dues, fewest)


@rules.also("G015", flags="wage_base", needs={"dues": ("wage_base",), "members": ("wage_base",)})
def dues_in_ten_thousands(dues: Table, members: Table, *, fewest: int = 5) -> object:
    """The wages of the dues beside those of the roster.

    fewest = 3

    | dues: member_no | period  | wage_base | ! |
    | M001            | 2015-01 | #0.31     | x |
    | M002            | 2015-01 | #0.45     |   |
    | M003            | 2015-01 | #5200     |   |
    | M003            | 2015-02 | #0.52     |   |

    | members: member_no | name | wage_base |
    | M001               | 甲   | #3087.60  |
    | M002               | 乙   | #4500     |
    | M003               | 丙   | #5200     |
    """
    return _smaller(dues, members, fewest)


def _smaller(table: Table, other: Table, fewest: int) -> Flags:
    """The first wage of each branch whose wages are ten thousand times smaller than the other ledger's; observed and expected are of its row."""
    first = _first_wages(other)
    beside = there(first["wage_base"], places(table, first, ("branch", "member_no")))
    rows = table.frame[["branch", "member_no"]].assign(ratio=beside.astype("Float64") / table["wage_base"].where(table["wage_base"] > 0))
    if not (rows["ratio"] >= LEAST_RATIO).any():
        return Flags(table.none())
    rows = rows.dropna(subset=["ratio"])
    branch = rows.groupby("branch")
    small = (branch["ratio"].transform("median") >= LEAST_RATIO) & (branch["member_no"].transform("nunique") >= fewest)
    first = rows[small & (rows["ratio"] >= LEAST_RATIO)].drop_duplicates("branch")
    flagged = pd.Series(table.frame.index.isin(first.index), index=table.frame.index)
    return Flags(flagged, observed=money_text(table["wage_base"]), expected=money_text(beside), case=Everywhere("amounts"))


@once
def _first_wages(table: Table) -> Table:
    """The first row of each member that has a wage."""
    paid = (table["wage_base"] > 0).fillna(False).astype(bool)
    return table.where(paid & ~alike(table, "branch", "member_no")[paid].duplicated().reindex(paid.index, fill_value=False))


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
    return headers.says("problem", "double")


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
    return headers.says("problem", "folded")
