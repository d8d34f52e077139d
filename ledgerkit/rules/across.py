"""Rules that compare branches: one person, account or phone in several of them. All are `across`, and right on any rows that hold all of the persons concerned.

What two rows may have in common is in `meeting.py`. A finding stands at the later row and names the other's cell.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ledgerkit.model.finding import Severity
from ledgerkit.model.formulas import GONE, months_of
from ledgerkit.model.person import fold_name, id_is_good
from ledgerkit.model.policy import Policy
from ledgerkit.model.table import Table, alike, filled, once
from ledgerkit.rules.base import Flags, RuleSet, fold_names, folded
from ledgerkit.rules.meeting import accounts, blocks, is_own, numbers, persons, phones, roster, roster_number, roster_text
from ledgerkit.rules.relief.payments import festivals, reversals

rules = RuleSet()

# How many of the rows before it in its group each row is compared with, so that the cost grows with the rows and not with their square.
MOST_BACK = 31
# What happens to a person on a day: two payments are for one event by its day, else by how near they are.
EVENTS = ("hospital", "illness", "funeral", "medical", "emergency", "disaster", "mutual", "marriage", "birth")
# Given once in a year, whoever gives it.
ONCE = ("marriage", "birth", "birthday", "retirement", "children", "elders")
# Goes on over months or a year.
LASTING = ("living", "warmth", "education")
# IDs that differ in more places than this are two persons' and no slip of the pen.
SLIPS = 2
# Chinese names of two characters that differ in one of them are two names.
SHORTEST = 3


def _rows(table: Table, mask: "pd.Series[bool]", **columns: "pd.Series") -> pd.DataFrame:
    """Some rows of a Table with columns beside its own. (pandas gives a frame without rows those of the columns.)"""
    return table.frame[mask].assign(**{name: values[mask] for name, values in columns.items()})


def _pairs(rows: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows beside those before them in their group that are of another branch; both frames with an index of their own."""
    ordered = rows.assign(group=rows.groupby(list(by), sort=False).ngroup()).sort_values("group", kind="stable")
    group, branch = ordered["group"].to_numpy(), ordered["branch"].to_numpy()
    later, first = [], []
    for back in range(1, MOST_BACK + 1):
        near = group[back:] == group[:-back]
        if not near.any():
            break
        at = np.flatnonzero(near & (branch[back:] != branch[:-back]))
        later.append(at + back)
        first.append(at)
    positions = (np.concatenate(found) if found else np.array([], dtype="int64") for found in (later, first))
    now, before = (ordered.iloc[found].reset_index(drop=True) for found in positions)
    return now, before


def _flags(table: Table, now: pd.DataFrame, before: pd.DataFrame, met: "pd.Series[bool]", **facts: object) -> Flags:
    """Flags at the rows of `now` in which `met` holds; each names the first of the rows that it meets."""
    found = pd.DataFrame({"at": now["at"], "first": before["at"], "place": before["place"]})[met.fillna(False).astype(bool)]
    first = found.sort_values("place", kind="stable").drop_duplicates("at").set_index("at")["first"]
    other = first.reindex(table.frame.index).astype("Int64")
    return Flags(other.notna(), other=other, **facts)  # type: ignore[arg-type]


def _placed(rows: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """The rows by date, key and place, with `at` (their index), `place` (their number in that order)."""
    ordered = rows.sort_values([*order, "_src", "_row"], kind="stable")
    return ordered.assign(at=ordered.index, place=range(len(ordered))).rename_axis(None)


def _shared(table: Table, key: "pd.Series[str]", among: "pd.Series[bool] | None" = None) -> "pd.Series[bool]":
    """Mask of the rows (of those in `among`) whose key stands in two branches or more of them."""
    there = key != "" if among is None else (key != "") & among
    codes, different = pd.factorize(key[there].array)
    branch = alike(table, "branch")[there].to_numpy()
    # Codes go by the first row that has each; whoever has another branch than that one shares the key.
    elsewhere = branch != branch[~pd.Series(codes).duplicated()][codes]
    shared = np.zeros(len(different), dtype=bool)
    shared[codes[elsewhere]] = True
    return pd.Series(shared[codes], index=there.index[there]).reindex(there.index, fill_value=False)


@rules.rule(
    "M002",
    severity=Severity.HIGH,
    title="Member of two branches at once",
    message="The same ID is an active member of another branch in the same months ({expected}). Membership follows the employment: end one of the two.",
    basis="S40",
    flags="id_no",
    needs={"members": ("id_no", "status")},
    across=True,
)
def in_two_branches(members: Table) -> object:
    """Membership follows the labour relation: a person belongs to one branch, pays dues there and receives relief there.

    What to do: ask both branches; one records the transfer out with its date, the other the transfer in.
    False alarm: the month of a transfer itself counts in both and is not flagged; nor are words and fillers in the place of a number.

    | members: branch | member_no | id_no              | status      | joined_on  | left_on    | ! |
    | B01             | M001      | 11010119900307109X | active      | 2010-01-01 |            |   |
    | B02             | M901      | 11010119900307109X | active      | 2015-03-01 |            | x |
    | B01             | M002      | 110101198501021234 | transferred | 2010-01-01 | 2015-06-30 |   |
    | B02             | M902      | 110101198501021234 | active      | 2015-06-15 |            |   |
    | B01             | M003      | 110101197505051233 | retired     | 2000-01-01 | 2014-05-05 |   |
    | B02             | M903      | 110101197505051233 | active      | 2015-01-01 |            |   |
    | B01             | M004      | 000000000000000000 | active      | 2010-01-01 |            |   |
    | B02             | M904      | 000000000000000000 | active      | 2010-01-01 |            |   |
    """
    number = numbers(members)
    rows = _memberships(members, _shared(members, number), number=number)
    now, before = _pairs(_placed(rows, []), ["number"])
    return _flags(members, now, before, _overlap(now, before))


def _memberships(members: Table, mask: "pd.Series[bool]", **columns: "pd.Series") -> pd.DataFrame:
    """Some rows of the roster with some columns and the months of membership (`since`, `until`); without rows of which the end is not known."""
    rows = _rows(members, mask, **columns)
    since = pd.concat([months_of(rows[column]).fillna(0) for column in ("joined_on", "moved_in_on")], axis=1).max(axis=1)
    until = months_of(rows["left_on"]).where(rows["status"] != "active", 10**6)
    return rows.assign(since=since, until=until)[until.notna()]


def _overlap(now: pd.DataFrame, before: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the pairs that are members at once; the month of a transfer is none."""
    since, until = (pd.concat([now[end], before[end]], axis=1) for end in ("since", "until"))
    return since.max(axis=1) < until.min(axis=1)


@rules.rule(
    "M009",
    severity=Severity.INFO,
    title="Perhaps one person in two branches",
    message="{observed} has the birth date and nearly the name of a member of another branch ({expected}), and the ID numbers do not tell the two apart. Compare the documents.",
    basis="P",
    flags="name",
    needs={"members": ("name", "id_no", "status")},
    across=True,
)
def perhaps_one_person(members: Table) -> object:
    """Someone whose number is blank or mistyped in one of two branches is found by no rule that goes by numbers: as two people they can be relieved twice.

    Names are the same, or of three characters and more with one character more, less or other; the day of birth is the same (as entered, else as in the ID);
    both are members at once. Two good resident IDs that differ in more than two places are two people, and nothing is said of them; the same
    number is M002. Within a branch it is M003, which flags any other number: there the namesakes are few.

    What to do: compare the documents; enter or correct the number. If it is one person, end one of the two memberships.
    False alarm: true namesakes and relatives born on one day, where a number is lacking.

    | members: branch | member_no | name   | birth_date | id_no              | status | ! |
    | B01             | M001      | 王晓芳 | 1990-03-07 | 11010119900307109X | active |   |
    | B02             | M901      | 王晓方 | 1990-03-07 |                    | active | x |
    | B03             | M801      | 王晓芳 |            | 11010119900307109X | active | x |
    | B04             | M701      | 王小明 | 1990-03-07 |                    | active |   |
    | B01             | M002      | 李静   | 1985-01-02 |                    | active |   |
    | B02             | M902      | 李静   | 1985-01-02 |                    | active | x |
    | B02             | M903      | 李净   | 1985-01-02 |                    | active |   |
    | B03             | M802      | 李静   | 1985-01-03 |                    | active |   |
    | B01             | M003      | 周志远 | 1990-03-07 | 110101199003071233 | active |   |
    | B02             | M904      | 周志远 | 1990-03-07 | 110101199003071234 | active | x |
    | B01             | M004      | 孙建国 | 1990-03-07 | 110101199003071233 | active |   |
    | B02             | M905      | 孙建国 | 1990-03-07 | 110101199003072316 | active |   |
    """
    readable = members["id_no"].notna() & members["id_type"].notna()
    named = {f"block {at}": block.where(_shared(members, block, readable), "") for at, block in enumerate(blocks(members))}
    met = pd.concat(named, axis=1).ne("").any(axis=1)
    rows = _memberships(members, met, name=folded(members, "name"), number=members["id_no"], **named)
    rows = _placed(rows, ["since", "branch", "member_no"])
    rows["good"] = rows["number"].map(id_is_good).astype(bool) & (rows["id_type"] == "resident_id")
    found = [_pairs(rows[rows[block] != ""], [block]) for block in named]
    now, before = (pd.concat(side, ignore_index=True) for side in zip(*found, strict=True))
    apart = now["good"] & before["good"] & (_distance(now["number"], before["number"]) > SLIPS)
    one = (now["number"] != "") & (now["number"] == before["number"])
    return _flags(members, now, before, _near(now["name"], before["name"]) & ~apart & ~one & _overlap(now, before))


def _distance(ones: "pd.Series[str]", others: "pd.Series[str]") -> "pd.Series[int]":
    """In how many characters each text differs from that in the same place."""
    return pd.Series(process.cpdist(ones.tolist(), others.tolist(), scorer=Levenshtein.distance), index=ones.index, dtype="int64")


def _near(ones: "pd.Series[str]", others: "pd.Series[str]") -> "pd.Series[bool]":
    """Mask of the names that are the same but for one character of three or more."""
    long = (ones.str.len() >= SHORTEST) & (others.str.len() >= SHORTEST)
    return (ones == others) | (long & (_distance(ones, others) <= 1))


@rules.rule(
    "X006",
    severity=Severity.HIGH,
    title="One benefit from two branches",
    message="{observed} had this benefit from another branch already ({expected}). It is drawn in one place: settle with that branch which, and recover {amount}.",
    basis="S15",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "reason", "paid_on", "amount")},
    across=True,
)
def one_benefit_from_two(relief: Table, members: Table | None = None, *, window_days: int = 30) -> object:
    """Benefits are drawn in one place only. The same person, known by the ID number (the row's, else the roster's), has one benefit from two branches.

    For an event (hospital, illness, funeral, medical, emergency, disaster, mutual) it is one benefit where the event dates are the same, or without them within
    `window_days`; for marriage and birth where they are the same, or without them within the year. A festival gift is one where the reasons name one festival,
    or one of them names none and they lie within `window_days`. Birthday, retirement, children and elders are given once a year. Living, warmth and
    education go on: of all payments of the second branch one is flagged, the first, with their sum, unless the person moved from the one branch to the other
    and the first had ended by then. Programmes that are filled and differ are two benefits. What a branch gives for a member's
    family (children's gifts, births, funerals) is the member's: two parents may each have it. Visits to model workers and at the front line are paid by unions of
    several levels and are not compared, nor are donations, villages and “other”. Twice within a branch is A001.

    What to do: settle with the other branch which of the two pays; recover the other payment, or enter the transfer in both rosters.
    False alarm: a federation's own programme beside the branch's, if neither names its programme; the last month of aid, paid after a transfer.

    | relief: branch | voucher_no | category | beneficiary_type | member_no | beneficiary | id_no              | programme | event_date | amount | paid_on    | reason   | ! |
    | B01            | V01        | birthday | member           | M001      | 甲          | 11010119900307109X |           |            | #300   | 2015-03-07 | 生日     |   |
    | B02            | V51        | birthday | member           | M901      | 甲          |                    |           |            | #300   | 2015-03-09 | 生日     | x |
    | B01            | V02        | festival | member           | M001      | 甲          |                    |           |            | #200   | 2015-09-22 | 中秋慰问 |   |
    | B02            | V52        | festival | member           | M901      | 甲          |                    |           |            | #200   | 2015-09-29 | 国庆慰问 |   |
    | B02            | V53        | festival | member           | M901      | 甲          |                    |           |            | #200   | 2015-09-24 | 中秋     | x |
    | B01            | V03        | hospital | member           | M001      | 甲          |                    |           | 2015-05-05 | #500   | 2015-05-20 | 住院     |   |
    | B02            | V54        | hospital | member           | M901      | 甲          |                    |           | 2015-05-05 | #500   | 2015-08-20 | 住院     | x |
    | B02            | V55        | hospital | member           | M901      | 甲          |                    |           | 2015-05-25 | #500   | 2015-05-28 | 住院     |   |
    | B01            | V04        | living   | member           | M002      | 乙          |                    |           |            | #500   | 2015-01-10 | 困难     |   |
    | B01            | V05        | living   | member           | M002      | 乙          |                    |           |            | #500   | 2015-05-10 | 困难     |   |
    | B02            | V56        | living   | member           | M902      | 乙          |                    |           |            | #500   | 2015-07-10 | 困难     |   |
    | B02            | V57        | living   | member           | M902      | 乙          |                    |           |            | #500   | 2015-08-10 | 困难     |   |
    | B01            | V06        | living   | family           |           | 丙          | 110101197505051233 |           |            | #500   | 2015-01-10 | 困难     |   |
    | B02            | V58        | living   | family           |           | 丙          | 110101197505051233 |           |            | #500   | 2015-03-10 | 困难     | x |
    | B02            | V59        | living   | family           |           | 丙          | 110101197505051233 |           |            | #500   | 2015-04-10 | 困难     |   |
    | B01            | V07        | children | child            | M001      | 丁小        | 110101201001011234 |           |            | #200   | 2015-06-01 | 六一     |   |
    | B02            | V60        | children | child            | M902      | 丁小        | 110101201001011234 |           |            | #200   | 2015-06-01 | 六一     |   |
    | B01            | V08        | warmth   | family           |           | 戊          | 110101196906061230 | 春节      |            | #800   | 2015-02-10 | 困难     |   |
    | B02            | V61        | warmth   | family           |           | 戊          | 110101196906061230 | 市总      |            | #800   | 2015-02-11 | 困难     |   |
    | B01            | V09        | illness  | family           |           | 己          | 110101195001011239 |           |            | #800   | 2015-04-10 | 大病     |   |
    | B01            | V10        | illness  | family           |           | 己          | 110101195001011239 |           |            | #-800  | 2015-04-12 | 红冲     |   |
    | B02            | V62        | illness  | family           |           | 己          | 110101195001011239 |           |            | #800   | 2015-04-14 | 大病     |   |

    | members: branch | member_no | name | id_no              | status      | joined_on  | left_on    |
    | B01             | M001      | 甲   | 11010119900307109X | active      |            |            |
    | B02             | M901      | 甲   | 11010119900307109X | active      |            |            |
    | B01             | M002      | 乙   | 110101198501021234 | transferred |            | 2015-06-20 |
    | B02             | M902      | 乙   | 110101198501021234 | active      | 2015-06-20 |            |
    """
    rows = _relieved(relief, members)
    now, before = _pairs(rows[rows["category"].isin(["festival", *EVENTS, *ONCE])], ["person", "category"])
    once = _flags(relief, now, before, _one_event(now, before, window_days) & ~_two(now, before, "programme"))
    lasting = rows[rows["category"].isin(LASTING)]
    one = ["person", "category", "branch", "programme"]
    lasting = lasting.assign(total=lasting.groupby(one)["amount"].transform("sum")).drop_duplicates(one)
    now, before = _pairs(lasting, ["person", "category"])
    goes_on = (now["came"] > before["came"]) & ~_ended(now, before) & ~_two(now, before, "programme")
    return once, _flags(relief, now, before, goes_on, amount=lasting["total"].reindex(relief.frame.index))


@once
def _relieved(relief: Table, members: Table | None) -> pd.DataFrame:
    """What was paid to persons whom two branches relieved in the year, in order, without what was reversed.

    `moved_in`, `moved_out`: by the roster of the branch; `came`: the place of the branch's first payment to the person in a category, `last` the day of its last.
    """
    person = persons(relief, members)
    met = _shared(relief, person, relief["paid_on"].notna() & filled(relief, "category") & ~relief.unreadable("event_date"))
    rows = _rows(relief, met, person=person, year=relief["paid_on"].dt.year, festivals=festivals(relief))
    rows["programme"] = fold_names(rows["programme"])
    rows = _placed(rows, ["paid_on", "branch", "voucher_no"])
    rows = rows[(rows["amount"] > 0).fillna(False).astype(bool) & ~rows["at"].isin(reversals(rows))]
    kept = rows.groupby(["person", "category", "branch"], sort=False)
    rows = rows.assign(came=kept["place"].transform("min"), last=kept["paid_on"].transform("max"))
    return _with_moves(rows, relief, members)


def _with_moves(rows: pd.DataFrame, relief: Table, members: Table | None) -> pd.DataFrame:
    """The rows with the days on which the branch's member came and went; NaT where the roster says neither."""
    gone = roster(relief, members, "left_on").where(roster(relief, members, "status").isin(GONE))
    came = pd.concat([pd.to_datetime(roster(relief, members, column)) for column in ("joined_on", "moved_in_on")], axis=1).max(axis=1)
    return rows.assign(moved_in=came[rows.index], moved_out=pd.to_datetime(gone)[rows.index])


def _two(now: pd.DataFrame, before: pd.DataFrame, column: str) -> "pd.Series[bool]":
    """Mask of the pairs that are filled and differ in a text."""
    return (now[column] != "") & (before[column] != "") & (now[column] != before[column])


def _one_event(now: pd.DataFrame, before: pd.DataFrame, window_days: int) -> "pd.Series[bool]":
    """Mask of the pairs of one category that pay for one event, festival or occasion of the year."""
    near = (now["paid_on"] - before["paid_on"]).dt.days <= window_days
    year = (now["year"] == before["year"]) & now["category"].isin(ONCE)
    named = (now["festivals"] > 0) & (before["festivals"] > 0)
    both = now["festivals"].astype("int64") & before["festivals"].astype("int64")
    dated = now["category"].isin(EVENTS) & now["event_date"].notna() & before["event_date"].notna()
    undated = (year | near).where(~named, both > 0)
    return (now["event_date"] == before["event_date"]).where(dated, undated).fillna(False).astype(bool)


def _ended(now: pd.DataFrame, before: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the pairs of which the first branch had paid its last before the month in which the second began, and the member moved in between."""
    over = months_of(before["last"]) < months_of(now["paid_on"])
    moved = (before["moved_out"] <= now["paid_on"]) | (now["moved_in"] >= before["paid_on"])
    return (over & moved).fillna(False).astype(bool)


@rules.rule(
    "X020",
    severity=Severity.MEDIUM,
    title="One need relieved by two branches",
    message="{observed} was relieved for the same purpose by another branch this year, under another category ({expected}). Settle with that branch what each of the two pays for.",
    basis="P",
    flags="beneficiary",
    needs={"relief": ("category", "beneficiary", "paid_on", "amount")},
    across=True,
)
def one_need_relieved_by_two(relief: Table, policy: Policy, members: Table | None = None) -> object:
    """Two branches that call one need by two names relieve it twice, and no comparison within a category sees it.

    Categories that share a purpose (policy: `purposes`) are for one need. Of the branch that came second the first payment in each such category is flagged.
    Event dates that are filled and differ are two needs; so is the aid of two branches between which the person moved, once the first had paid its last.
    The same category twice is X006.

    What to do: compare both applications; where the first aid met the need, recover the second.
    False alarm: a condolence from the branch beside hardship aid from the federation, each within its own rules. Set `purposes` to what your rules keep apart.

    | relief: branch | voucher_no | category | beneficiary_type | beneficiary | id_no              | event_date | amount | paid_on    | ! |
    | B01            | V1         | living   | family           | 甲          | 11010119900307109X |            | #900   | 2015-01-10 |   |
    | B02            | V51        | warmth   | family           | 甲          | 11010119900307109X |            | #900   | 2015-02-10 | x |
    | B02            | V52        | warmth   | family           | 甲          | 11010119900307109X |            | #100   | 2015-12-10 |   |
    | B02            | V53        | medical  | family           | 甲          | 11010119900307109X |            | #900   | 2015-02-10 |   |
    | B01            | V2         | illness  | family           | 乙          | 110101198501021234 | 2015-03-01 | #900   | 2015-03-10 |   |
    | B02            | V54        | medical  | family           | 乙          | 110101198501021234 | 2015-07-01 | #900   | 2015-07-10 |   |
    | B01            | V3         | illness  | family           | 丙          | 110101197505051233 | 2015-03-01 | #900   | 2015-03-10 |   |
    | B02            | V55        | medical  | family           | 丙          | 110101197505051233 | 2015-03-01 | #900   | 2015-07-10 | x |
    | B01            | V4         | illness  | family           | 丁          | 110101196906061230 |            | #900   | 2015-03-10 |   |
    | B01            | V5         | medical  | family           | 丁          | 110101196906061230 |            | #900   | 2015-07-10 |   |
    | B02            | V56        | birthday | family           | 丁          | 110101196906061230 |            | #300   | 2015-07-10 |   |
    """
    purposes = [(category, purpose) for purpose, listed in policy.purposes.items() for category in listed]
    rows = _relieved(relief, members).merge(pd.DataFrame(purposes, columns=["category", "purpose"]), on="category")
    rows = rows.sort_values("place", kind="stable").drop_duplicates(["person", "purpose", "branch", "category", "event_date"])
    rows["came"] = rows.groupby(["person", "purpose", "branch"])["place"].transform("min")
    now, before = _pairs(rows, ["person", "purpose"])
    other = (now["category"] != before["category"]) & (now["year"] == before["year"]) & (now["came"] > before["came"])
    events = now["event_date"].notna() & before["event_date"].notna() & (now["event_date"] != before["event_date"])
    return _flags(relief, now, before, other & ~events & ~_ended(now, before))


@rules.rule(
    "X019",
    severity=Severity.MEDIUM,
    title="One account or phone behind people of several branches",
    message="“{column}” {observed} stands behind several people, in another branch too ({expected}). Ask whose it is, and whether each of them had the money.",
    basis="S52",
    needs={"relief": ("beneficiary", "beneficiary_type", "form", "bank_card", "amount", "paid_on")},
    across=True,
)
def one_account_in_several(relief: Table, members: Table | None = None, *, most_people: int = 2) -> object:
    """Relief in the names of several people that ends in one account is how collected IDs are turned into money; in two branches nobody sees it whole.

    The account is the row's, else the roster's, of transfers of the union's own money; people are told apart by name and by ID. More than `most_people` in two
    branches or more are flagged: a couple that works in two units has one account lawfully. A child's or parent's money is counted as the member's beside whose
    number it stands, and not at all without one. Left out are units, villages, what a proxy explains and relief at a death. One finding a further branch. Within a branch it is A006.

    What to do: ask the bank whose account it is; ask the beneficiaries whether they had the money.
    False alarm: grown-up children who use their parents' account; enter who takes the money under Proxy.

    | relief: branch | voucher_no | category | beneficiary_type | member_no | beneficiary | proxy  | form     | bank_card           | fund  | amount | paid_on    | ! |
    | B01            | V1         | hospital | member           | M001      | 甲          |        | transfer | 6222020000000000001 | union | #500   | 2015-01-10 |   |
    | B02            | V51        | hospital | member           | M901      | 乙          |        | transfer | 6222020000000000001 | union | #500   | 2015-02-10 | x |
    | B02            | V52        | hospital | member           | M902      | 丙          |        | transfer | 6222020000000000001 | union | #500   | 2015-03-10 |   |
    | B01            | V2         | hospital | member           | M002      | 丁          |        | transfer |                     | union | #500   | 2015-01-10 |   |
    | B02            | V53        | hospital | member           | M903      | 戊          |        | transfer | 6222020000000000002 | union | #500   | 2015-02-10 |   |
    | B02            | V54        | living   | child            | M903      | 戊小        |        | transfer | 6222020000000000002 | union | #500   | 2015-02-10 |   |
    | B02            | V55        | hospital | member           | M904      | 己          | 丁     | transfer | 6222020000000000002 | union | #500   | 2015-02-10 |   |
    | B02            | V56        | village  | village          |           | 某村        |        | transfer | 6222020000000000002 | union | #500   | 2015-02-10 |   |

    | members: branch | member_no | name | bank_card           |
    | B01             | M002      | 丁   | 6222020000000000002 |
    """
    own = is_own(relief)
    name = folded(relief, "beneficiary").where(own, roster_text(relief, members, "name", fold_name))
    number = numbers(relief).where(own, "")
    number = number.where(number != "", roster_number(relief, members))
    key = accounts(relief, members)
    met = _shared(relief, key, relief["paid_on"].notna() & (name != ""))
    rows = _rows(relief, met, key=key, name=name, number=number)
    return _behind(relief, rows, ["paid_on", "branch", "voucher_no"], most_people, "bank_card")


@rules.also("X019", needs={"members": ("member_no", "name", "phone"), "relief": ("member_no", "amount")})
def one_phone_in_several(members: Table, relief: Table, *, most_people: int = 2) -> object:
    """The mobile phone of members who were paid relief. A line of an office is nobody's own.

    | members: branch | member_no | name | phone        | ! |
    | B01             | M001      | 甲   | 13800000001  |   |
    | B02             | M901      | 乙   | 13800000001  | x |
    | B02             | M902      | 丙   | 13800000001  |   |
    | B01             | M002      | 丁   | 13800000002  |   |
    | B02             | M903      | 戊   | 13800000002  |   |
    | B03             | M801      | 己   | 13800000002  |   |
    | B01             | M003      | 庚   | 051086800000 |   |
    | B02             | M904      | 辛   | 051086800000 |   |
    | B03             | M802      | 壬   | 051086800000 |   |

    | relief: branch | voucher_no | category | beneficiary_type | member_no | amount | paid_on    |
    | B01            | V1         | hospital | member           | M001      | #500   | 2015-01-10 |
    | B02            | V51        | hospital | member           | M901      | #500   | 2015-01-10 |
    | B02            | V52        | hospital | member           | M902      | #500   | 2015-01-10 |
    | B01            | V2         | hospital | member           | M002      | #500   | 2015-01-10 |
    | B02            | V53        | hospital | member           | M903      | #500   | 2015-01-10 |
    | B01            | V3         | hospital | member           | M003      | #500   | 2015-01-10 |
    | B02            | V54        | hospital | member           | M904      | #500   | 2015-01-10 |
    | B03            | V91        | hospital | member           | M802      | #500   | 2015-01-10 |
    """
    key, name = phones(members, relief), folded(members, "name")
    rows = _rows(members, _shared(members, key, name != ""), key=key, name=name, number=numbers(members))
    return _behind(members, rows, ["joined_on", "branch", "member_no"], most_people, "phone")


def _behind(table: Table, rows: pd.DataFrame, order: Sequence[str], most_people: int, column: str) -> Flags:
    """Flags at the first row of each further branch behind whose `key` more than so many people stand, told apart by name and number."""
    rows = _placed(rows, order)
    rows["number"] = rows["number"].where(rows["number"] != "", "name " + rows["name"])
    alike = rows.groupby("key", sort=False)
    people = pd.concat([alike["name"].transform("nunique"), alike["number"].transform("nunique")], axis=1).min(axis=1)
    first = alike[["at", "name", "number", "branch"]].transform("first")
    further = (people > most_people) & (rows["branch"] != first["branch"])
    further &= (rows["name"] != first["name"]) & (rows["number"] != first["number"])
    found = rows[further].drop_duplicates(["key", "branch"])
    other = first.loc[found.index, "at"].reindex(table.frame.index).astype("Int64")
    return Flags(other.notna(), observed=rows["key"].reindex(table.frame.index), other=other, column=column)
