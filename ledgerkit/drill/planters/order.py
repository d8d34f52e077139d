"""A: how a payment went, in what form, out of which money, for which day."""

from datetime import timedelta

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.scene import ours, payment, to_member
from ledgerkit.locale import N_
from ledgerkit.rules.relief.order import URGENT

plants = PlantSet()
WORKING_WEEK = 7


def in_hardship(copy: Copy, relief: pd.DataFrame, *but: str) -> "pd.Series[bool]":
    """Mask of the aid to people in hardship."""
    return ours(relief) & relief["category"].isin([one for one in copy.policy.groups["hardship"] if one not in but])


@plants.plant("A005")
def hardship_in_cash(copy: Copy) -> Row:
    """Hardship aid in cash."""
    row = copy.one("relief", lambda relief: in_hardship(copy, relief) & (relief["form"] != "cash"))
    return copy.fill(copy.set(row, form="cash"), signed_by=row["beneficiary"])


@plants.plant("A005")
def much_in_cash(copy: Copy) -> Row:
    """One fen in cash above the limit for it."""
    row = copy.one("relief", lambda relief: to_member(relief) & relief["category"].isin(["hospital", "illness", "warmth", "funeral"]))
    return copy.fill(copy.set(row, form="cash", amount=copy.policy.cash_limit + 1), signed_by=row["beneficiary"])


@plants.plant("A011")
def no_notice(copy: Copy) -> Row:
    """Hardship aid without a public notice."""
    row = copy.one("relief", lambda relief: in_hardship(copy, relief, "emergency") & relief["notice_from"].notna())
    return copy.set(row, notice_from=None, notice_to=None)


@plants.plant("A011")
def short_notice(copy: Copy) -> Row:
    """A public notice of one day."""
    row = copy.one("relief", lambda relief: in_hardship(copy, relief, "emergency") & relief["notice_from"].notna())
    return copy.set(row, notice_to=row["notice_from"])


@plants.plant("A012")
def own_approval(copy: Copy) -> Row:
    """A payment handled by who approved it."""
    row = copy.one("relief", lambda relief: ours(relief) & (relief["approved_by"] != "") & (relief["approved_by"] != relief["beneficiary"]))
    return copy.set(row, handled_by=row["approved_by"])


@plants.plant("A012")
def no_minutes(copy: Copy) -> Row:
    """A bill that reaches the limit from which a meeting decides, without minutes."""
    row = copy.one("expenses", lambda expenses: ~expenses.duplicated("voucher_no", keep=False))
    return copy.set(row, amount=copy.policy.collective_limit, minutes_no=None)


@plants.plant("A013")
def applied_after_approval(copy: Copy) -> Row:
    """Applied for a day after it was approved."""
    row = copy.one("relief", lambda relief: ours(relief) & relief["approved_on"].notna() & (relief["approved_on"] <= relief["paid_on"]))
    return copy.set(row, applied_on=row["approved_on"] + timedelta(days=1))


@plants.plant("A016")
def gift_in_cash(copy: Copy) -> Row:
    """A festival gift in cash."""
    row = payment(copy, "festival", form="cash")
    return copy.fill(row, signed_by=row["beneficiary"])


@plants.plant("A016")
def gift_on_a_card(copy: Copy) -> Row:
    """A festival gift as a shopping card."""
    return payment(copy, "festival", form="card")


@plants.plant("A022")
def restricted_money(copy: Copy) -> Row:
    """Restricted money for what it is not for."""
    for fund, groups in copy.policy.restricted.items():
        allowed = [category for group in groups for category in copy.policy.groups[group]]
        others = copy.all("relief", ours)
        others = others[~others["category"].isin(allowed)]
        if len(others):
            return copy.set(copy.pick(others, "relief"), fund=fund)
    raise Cannot(N_("the policy restricts no fund, or nothing else was paid"))


@plants.plant("A026")
def no_festival(copy: Copy) -> Row:
    """A gift for Women's Day, which is no statutory festival."""
    return copy.fill(payment(copy, "festival", reason="三八妇女节慰问"), programme=None)


@plants.plant("A031")
def approved_afterwards(copy: Copy) -> Row:
    """Paid a day before it was approved."""
    row = copy.one(
        "relief", lambda relief: ours(relief) & ~relief["category"].isin(URGENT) & (relief["paid_on"] < pd.Timestamp(copy.as_of))
    )
    return copy.set(row, approved_on=row["paid_on"] + timedelta(days=1))


@plants.plant("A031")
def urgent_and_late(copy: Copy) -> Row:
    """An urgent payment approved long after its days of grace."""
    late = timedelta(days=WORKING_WEEK * (copy.setting("A031", "grace_days") // 5 + 2))
    row = copy.one(
        "relief", lambda relief: ours(relief) & relief["category"].isin(URGENT) & (relief["paid_on"] + late <= pd.Timestamp(copy.as_of))
    )
    return copy.set(row, approved_on=row["paid_on"] + late)
