"""O rules: the register of a federation's branches, and what came from them beside it.

Those on `received` also take `branches`, the register: without one nothing is expected, and they are listed as not run.
"""

from datetime import date

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import NO_COLUMN, Because, Everywhere, Flags, RuleSet, day_text, earlier, fold_names, with_columns

rules = RuleSet()


@rules.rule(
    "O001",
    severity=Severity.ERROR,
    title="Branch on the register twice",
    message="{column} “{observed}” stands on the register already, at {expected}. Keep one row for the branch, or correct the code, name or account.",
    basis="P",
    flags="branch_code",
)
def registered_twice(branches: Table) -> object:
    """A branch on the register under two rows is counted twice, and its books are looked for twice. One row is one finding: the code speaks before the name, the name before the account.

    What to do: keep one row for the branch. Where two branches really differ, correct the code, name or bank account that was copied.
    False alarm: a joint union that keeps the account of several small ones. Branches merged or dissolved count with their codes only.

    | branches: branch_code | name     | status | bank_account        | ! |
    | B01                   | 甲局工会 |        | 6229990600000755544 |   |
    | B02                   | 乙局工会 |        | 6229990600000755916 |   |
    | B01                   | 甲局工会 |        | 6229990600000755544 | x |
    | B03                   | 甲 局工会 |       | 6229990600000756286 | x |
    | B04                   | 丁局工会 |        | 6229990600000755916 | x |
    | B05                   | 戊局工会 | merged | 6229990600000755916 |   |
    | B06                   | 己局工会 |        |                     |   |
    | B07                   | 庚局工会 |        |                     |   |
    """
    active = _active(branches)
    keyed = with_columns(branches, folded=fold_names(branches["name"]))
    spoken, flags = branches.none(), []
    for column, compared, counts in (
        ("branch_code", "branch_code", None),
        ("name", "folded", active),
        ("bank_account", "bank_account", active),
    ):
        first = earlier(keyed, ["branch", compared], [], counts)
        flags.append(Flags(first.notna() & ~spoken, other=first, column=column))
        spoken = spoken | first.notna()
    return tuple(flags)


@rules.rule(
    "O002",
    severity=Severity.MEDIUM,
    title="Term of the committee is over",
    message="Elected on {observed}, the committee held office until {expected}. Hold the election, or enter the later one or the day to which the term was extended.",
    basis="S43",
    flags="elected_on",
    needs={"branches": ("elected_on", "term_years")},
)
def term_over(branches: Table, as_of: date) -> object:
    """A committee is elected for three or five years. When they are over a new one is elected, or the union above approves a later day, which is waited for.

    What to do: hold the election and send its result up for approval; enter its date, or the day to which the term was extended.
    False alarm: an election that was held and is not entered yet. Branches merged or dissolved are left out.

    as_of 2015-12-31

    | branches: branch_code | status    | elected_on | term_years | extended_to | ! | expected   |
    | B01                   |           | 2012-12-31 | #3         |             |   |            |
    | B02                   |           | 2012-12-30 | #3         |             | x | 2015-12-30 |
    | B03                   |           | 2012-12-30 | #5         |             |   |            |
    | B04                   |           | 2010-06-01 | #5         | 2015-12-31  |   |            |
    | B05                   |           | 2010-06-01 | #5         | 2015-10-31  | x | 2015-10-31 |
    | B06                   |           | 2010-06-01 | #5         | 2014-10-31  | x | 2015-06-01 |
    | B07                   | dissolved | 2008-06-01 | #5         |             |   |            |
    | B08                   |           | 2012-02-29 | #3         |             | x | 2015-02-28 |
    | B09                   |           | 2010-06-01 | #5         | 待定        |   |            |
    """
    ends = _term_ends(branches["elected_on"], branches["term_years"])
    until = ends.where(~(branches["extended_to"] > ends), branches["extended_to"])
    over = until < pd.Timestamp(as_of)
    return Flags(_active(branches) & over & ~branches.unreadable("extended_to"), expected=day_text(until))


@rules.rule(
    "O003",
    severity=Severity.MEDIUM,
    title="Nobody audits, or the chair keeps the money",
    message={
        "audit": "The register names no head of the audit committee. Elect one with the committee, or enter the name.",
        "chair": "{observed} is chair and also treasurer or cashier. Give the money to another person, or correct the name.",
    },
    basis="S6",
    flags="audit_chair",
    needs={"branches": ("audit_chair",)},
)
def nobody_audits(branches: Table) -> object:
    """A union elects an audit committee together with its own; and who approves payments does not also keep the money or the accounts.

    What to do: have an audit committee elected and enter its head; name another treasurer or cashier than the chair.
    False alarm: a very small union, where one member is elected to audit; enter that member. Branches merged or dissolved are left out.

    | branches: branch_code | status | audit_chair | ! |
    | B01                   |        | 黎鹏程      |   |
    | B02                   |        |             | x |
    | B03                   | merged |             |   |
    """
    return Flags(_active(branches) & branches.says("audit_chair", ""), case=Everywhere("audit"))


@rules.also("O003", flags="chair", needs={"branches": ("chair", "treasurer")})
def chair_is_treasurer(branches: Table) -> object:
    """The chair keeps the accounts.

    | branches: branch_code | status    | chair  | treasurer | ! |
    | B01                   |           | 黎国华 | 邹锡兴    |   |
    | B02                   |           | 王 芳  | 王芳      | x |
    | B03                   |           |        |           |   |
    | B04                   | dissolved | 周明   | 周明      |   |
    """
    return Flags(_same_person(branches, "treasurer"), case=Everywhere("chair"))


@rules.also("O003", flags="chair", needs={"branches": ("chair", "cashier")})
def chair_is_cashier(branches: Table) -> object:
    """The chair keeps the money. Where the chair is treasurer too, that was said already.

    | branches: branch_code | chair  | treasurer | cashier | ! |
    | B01                   | 黎国华 | 邹锡兴    | 罗春梅  |   |
    | B02                   | 王芳   | 邹锡兴    | 王芳    | x |
    | B03                   | 王芳   | 王芳      | 王芳    |   |
    | B04                   | 王芳   | 周明      | 周明    |   |
    """
    return Flags(_same_person(branches, "cashier") & ~_same_person(branches, "treasurer"), case=Everywhere("chair"))


@rules.rule(
    "O004",
    severity=Severity.HIGH,
    title="Account in another unit's name",
    message={
        "employer": "The union's account is held in the employer's name, {observed}. Open an account in the union's own name and move its money there.",
        "other": "The account is held by {observed}, another unit on the register. Use an account in the union's own name, or correct the holder.",
    },
    basis="S4",
    flags="account_name",
    needs={"branches": ("account_name", "employer")},
)
def not_its_own_account(branches: Table) -> object:
    """Union funds stand in an account of the union's own and not in the employer's (八不准, no. 5). The register has no account number of an employer: the name of the holder decides.

    What to do: open the union's own account and have what stands in the other one moved there; correct the holder where only the register is wrong.
    False alarm: a union that is no legal person yet, whose money the union above keeps: enter that union as its parent. Branches merged or dissolved are left out.

    | branches: branch_code | name     | status | employer | parent_code | account_name | ! |
    | B00                   | 市总工会 |        |          |             | 市总工会     |   |
    | B01                   | 甲局工会 |        | 甲局     | B00         | 甲局工会     |   |
    | B02                   | 乙局工会 |        | 乙局     | B00         | 乙 局        | x |
    | B03                   | 丙局工会 |        | 丙局     | B00         | 甲局工会     | x |
    | B04                   | 丁局工会 |        | 丁局     | B00         | 甲局         | x |
    | B05                   | 戊局工会 |        | 戊局     | B00         | 市总工会     |   |
    | B06                   | 己局工会 |        | 己局     | B00         |              |   |
    | B07                   | 庚局工会 |        | 庚局     | B00         | 庚局工会专户 |   |
    | B08                   | 辛局工会 | merged | 辛局     | B00         | 甲局工会     |   |
    """
    names = pd.DataFrame({column: fold_names(branches[column]) for column in ("name", "employer", "account_name")})
    holder = names["account_name"]
    others = _active(branches) & (holder != "") & (holder != names["name"])
    employers = others & (holder == names["employer"])
    above = holder == _of_parent(branches, names["name"])
    listed = pd.concat([branches["branch"] + "\x1f" + names[column] for column in ("name", "employer")])
    registered = others & (branches["branch"] + "\x1f" + holder).isin(listed) & ~above & ~branches.unreadable("parent_code")
    return Flags(employers | registered, case=employers.map({True: "employer", False: "other"}))


@rules.rule(
    "O005",
    severity=Severity.MEDIUM,
    title="Roster and register differ in members",
    message="The register has {observed} members, the branch's roster {expected}: {count} apart. Ask the branch which is right, and correct the other.",
    basis="P",
    flags="members",
    merge_only=True,
)
def headcount_differs(received: Table, branches: Table, *, fewest: int = 2, percent: int = 1) -> object:
    """The members on the register are those of the roster who are active on the run's date. A difference of more than `fewest` members and of more than `percent` of the register's is a roster cut short or a register out of date.

    What to do: ask the branch which figure is right, and correct the other one.
    False alarm: a register counted on another day. Branches merged or dissolved, and those without a roster, are left out.

    | received: branch_code | status | state    | members | roster | ! | expected |
    | B01                   | active | received | 60      | 62     |   |          |
    | B02                   | active | received | 60      | 57     | x | 57       |
    | B03                   | active | received | 400     | 404    |   |          |
    | B04                   | active | late     | 400     | 405    | x | 405      |
    | B05                   | active | received | 399     | 403    | x | 403      |
    | B06                   | active | missing  | 60      |        |   |          |
    | B07                   | merged | received | 0       | 57     |   |          |
    | B08                   |        | unknown  |         | 57     |   |          |

    | branches: branch_code | members |
    | B01                   | #60     |
    """
    apart = (received["roster"] - received["members"]).abs()
    wide = (apart > fewest) & (apart * 100 > received["members"] * percent)
    return Flags(
        wide & (received["status"] == "active"),
        expected=received["roster"].astype("str"),
        count=apart,
        not_run=_without(received, "members"),
    )


@rules.rule(
    "O006",
    severity=Severity.HIGH,
    title="Branch sent no books",
    message="No books came from {observed}, which is on the register. Ask for them; a branch that was merged or dissolved is marked so on the register.",
    basis="P",
    flags="branch_code",
    merge_only=True,
)
def sent_nothing(received: Table, branches: Table) -> object:
    """A federation's figures are whole only with the books of every branch on its register. A branch that sent books of which none can be used is F008's or another F rule's finding at the file as well.

    What to do: ask the branch for its books, or for a copy that can be read (sheet “Rejected”).
    False alarm: the federation's own row on the register, where its own books are not merged. Branches merged or dissolved are not waited for.

    | received: branch_code | status    | state      | ! |
    | B01                   | active    | received   |   |
    | B02                   | active    | missing    | x |
    | B03                   | active    | late       |   |
    | B04                   | active    | superseded |   |
    | B05                   | active    | duplicate  |   |
    | B06                   | dissolved |            |   |
    | B07                   |           | unknown    |   |

    | branches: branch_code |
    | B01                   |
    """
    return received["state"] == "missing"


@rules.rule(
    "O007",
    severity=Severity.MEDIUM,
    title="Branch is not on the register",
    message="Books came from {observed}, which is not on the register; they were counted. Enter the branch there, or correct the code on its cover.",
    basis="P",
    flags="branch_code",
    merge_only=True,
)
def not_registered(received: Table, branches: Table) -> object:
    """Books under a code that the register does not have are a branch that was forgotten there, or a mistyped code. They are counted all the same: nothing that came is left out.

    What to do: enter the branch on the register. Where another branch is missing, compare the codes: its books may have come under the wrong one.
    False alarm: a branch founded after the register was made.

    | received: branch_code | state    | ! |
    | B01                   | received |   |
    | B02                   | missing  |   |
    | B91                   | unknown  | x |

    | branches: branch_code |
    | B01                   |
    """
    return received["state"] == "unknown"


def _active(branches: Table) -> "pd.Series[bool]":
    """Mask of the branches that are neither merged nor dissolved; of an unreadable status nothing is said."""
    return branches.says("status", "active")


def _term_ends(elected: "pd.Series[pd.Timestamp]", years: "pd.Series[int]") -> "pd.Series[pd.Timestamp]":
    """The same day so many years later, of 29 February the 28th; NaT where there is no such day."""
    day = elected.dt.day.where((elected.dt.month != 2) | (elected.dt.day != 29), 28)
    parts = pd.DataFrame({"year": elected.dt.year + years, "month": elected.dt.month, "day": day}, dtype="Int64")
    texts = parts["year"].astype("str") + "-" + parts["month"].astype("str").str.zfill(2) + "-" + parts["day"].astype("str").str.zfill(2)
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")


def _same_person(branches: Table, office: str) -> "pd.Series[bool]":
    """Mask of the active branches whose chair holds another office too."""
    chair = fold_names(branches["chair"])
    return _active(branches) & (chair != "") & (chair == fold_names(branches[office]))


def _of_parent(branches: Table, names: "pd.Series[str]") -> "pd.Series[str]":
    """The name of each branch's parent in the same register, "" where it has none."""
    known = pd.Series(names.array, index=[branches["branch"], branches["branch_code"]])
    known = known[~known.index.duplicated()]
    parents = pd.MultiIndex.from_arrays([branches["branch"], branches["parent_code"]])
    return pd.Series(known.reindex(parents).array, index=names.index).fillna("")


def _without(received: Table, column: str) -> Because | None:
    """Why nothing can be compared with a column of the register, where it has none."""
    return Because(NO_COLUMN, (("ledger", "branches"), ("column", column))) if column in received.absent else None
