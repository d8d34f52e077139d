"""D: what was paid for each month, and what was not."""

from datetime import date, timedelta

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.members import dues_of, in_service, months_paid, payer
from ledgerkit.drill.planters.scene import NEW
from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.formulas import dues_of_months

plants = PlantSet()
ONCE = ("any",)
# What is changed in every row of a branch is kept in memory for every row.
MOST_ROWS = 5_000
TOO_FEW = N_("too few rows: this rule is a statistic, and silent below a set number of them")


def paid_once(copy: Copy) -> "pd.DataFrame":
    """The dues rows of active members that alone pay for their month of the year."""
    members = copy.all("members", in_service)["member_no"]
    dues = copy.all("dues", lambda dues: (dues["paid"] > 0) & (dues["period"] // 12 == copy.year))
    return dues[dues["member_no"].isin(members) & ~dues.duplicated(["member_no", "period"], keep=False)]


def with_base(copy: Copy) -> "pd.DataFrame":
    """Those of them that give a wage whose tail below ten yuan makes a difference to the dues."""
    rows = paid_once(copy)
    rows = rows[rows["wage_base"].notna()]
    return rows[(_whole(copy, rows) != _due(copy, rows)).fillna(False).astype(bool)]


def _due(copy: Copy, rows: pd.DataFrame) -> "pd.Series[int]":
    policy = copy.policy
    return dues_of_months(rows["wage_base"], policy.dues_rate, policy.tail_step, policy.rounding)


def _whole(copy: Copy, rows: pd.DataFrame) -> "pd.Series[int]":
    return dues_of_months(rows["wage_base"], copy.policy.dues_rate, 1, copy.policy.rounding)


@plants.plant("D001")
def two_fen_less(copy: Copy) -> Row:
    """Two fen less paid than the wage gives: one more than passes. More might be what the whole wage gives (D003)."""
    row = copy.pick(paid_once(copy), "dues")
    return copy.set(row, paid=int(row["paid"]) - copy.setting("D001", "tolerance") - 1)


@plants.plant("D002")
def double_rate(copy: Copy) -> Row:
    """Dues entered as due at twice the rate."""
    rows = paid_once(copy)
    row = copy.pick(rows[(rows["due"] > 0).fillna(False)], "dues")
    return copy.set(row, due=2 * int(row["due"]), paid=2 * int(row["paid"]))


@plants.plant("D003")
def tail_kept(copy: Copy) -> Row:
    """Dues worked out on the whole wage, its tail below ten yuan with it."""
    row = copy.pick(with_base(copy), "dues")
    whole = int(dues_of_months(pd.Series([row["wage_base"]], dtype="Int64"), copy.policy.dues_rate, 1, copy.policy.rounding).iloc[0])
    return copy.set(copy.fill(row, due=whole), paid=whole)


@plants.plant("D005", places=ONCE)
def one_for_all(copy: Copy) -> list[Row]:
    """One amount for everybody."""
    rows = copy.all("dues", lambda dues: dues["paid"] > 0)
    if rows["member_no"].nunique() < copy.setting("D005", "fewest"):
        raise Cannot(TOO_FEW)
    if len(rows) > MOST_ROWS:
        raise Cannot(N_("more rows to change than are kept at once"))
    return [copy.set(row, paid=20 * money.MINOR) for _, row in rows.iterrows()]


@plants.plant("D006")
def months_on_end(copy: Copy) -> Row:
    """Six months on end unpaid: the fewest that the rule speaks of."""
    run = copy.setting("D006", "run")
    row = payer(copy, run + 1)
    paid = dues_of(copy, row)
    for _, one in paid[paid["period"].isin(paid["period"].drop_duplicates().iloc[-run:])].iterrows():
        copy.clear(one)
    return row


@plants.plant("D007")
def month_twice(copy: Copy) -> Row:
    """A month paid a second time."""
    rows = paid_once(copy)
    row = copy.pick(rows[(rows["_col"] == "") & rows["paid_on"].notna()], "dues")
    return copy.fill(copy.add(row, paid_on=row["paid_on"] + timedelta(days=1)), receipt_no=NEW)


@plants.plant("D008")
def before_joining(copy: Copy) -> list[Row]:
    """A member who by the roster joined after the first months that were paid."""
    row = payer(copy, 3)
    paid = dues_of(copy, row)
    last = int(paid["period"].iloc[-1])
    copy.set(row, joined_on=date(last // 12, last % 12 + 1, 1))
    return [one for _, one in paid[(paid["period"] < last) & (paid["paid"] > 0)].iterrows()]


@plants.plant("D009")
def no_reason_for_a_waiver(copy: Copy) -> Row:
    """Dues waived, and no reason given."""
    row = copy.pick(paid_once(copy), "dues")
    return copy.set(row, waived=int(row["paid"]), waiver_reason=None)


@plants.plant("D010")
def banked_late(copy: Copy) -> Row:
    """Cash banked a month after it was collected."""
    rows = paid_once(copy)
    row = copy.pick(rows[rows["paid_on"].notna()], "dues")
    late = row["paid_on"] + timedelta(days=30 + 2 * copy.setting("D010", "days"))
    return copy.fill(copy.set(row, method="cash", banked_on=late), receipt_no=NEW)


@plants.plant("D014", places=ONCE)
def half_a_group(copy: Copy) -> list[Row]:
    """A group that pays half of its dues."""
    members = copy.all("members", lambda members: in_service(members) & (members["group"] != ""))
    members = members[members["member_no"].isin(months_paid(copy).index)]
    sizes = members.groupby("group").size()
    groups = sizes[sizes >= copy.setting("D014", "fewest_members")].index
    if len(groups) < copy.setting("D014", "fewest_groups"):
        raise Cannot(TOO_FEW)
    own = members[members["group"] == groups[copy.rng.randrange(len(groups))]]
    rows = copy.all("dues", lambda dues: dues["member_no"].isin(own["member_no"]) & (dues["paid"] > 0))
    for _, row in rows.iterrows():
        copy.set(row, paid=int(row["paid"]) // 2)
    return [row for _, row in own.iterrows()]


@plants.plant("D015")
def a_month_unpaid(copy: Copy) -> Row:
    """One month of a member's dues left out."""
    row = payer(copy, 3)
    copy.clear(dues_of(copy, row).iloc[1])
    return row


@plants.plant("D016")
def last_december(copy: Copy) -> Row:
    """December's dues of the year before, paid in January."""
    rows = paid_once(copy)
    row = copy.pick(rows[(rows["_col"] == "").fillna(False)], "dues")
    day = date(copy.year, 1, 10)
    return copy.fill(copy.add(row, period=(copy.year - 1) * 12 + 11, paid_on=day), receipt_no=NEW)
