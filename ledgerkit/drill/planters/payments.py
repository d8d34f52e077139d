"""A: paid twice, limits, occasions. Limits are those of the policy in force; what is planted goes just over them."""

from datetime import date, timedelta

import pandas as pd

from ledgerkit.drill.copies import NO_ROW_FOR_IT, Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.scene import NEW, NEW_TOO, NEWEST, again, ours, payment, to_member, until
from ledgerkit.locale import N_
from ledgerkit.model.money import MINOR
from ledgerkit.rules.workdays import calendar, nearest_festival

plants = PlantSet()
ONCE = ("any",)
NEVER_TWICE = ("hospital", "illness", "funeral", "warmth", "emergency", "marriage", "birth", "living", "education", "medical")


def capped(copy: Copy, span: str, *but: str) -> list[str]:
    """The categories that the policy caps, but for some that other rules speak of."""
    return [category for category in copy.policy.caps[span] if category not in but]


@plants.plant("A001")
def paid_twice(copy: Copy) -> Row:
    """The same payment again a few days later."""
    near = {category: cap * 9 // 10 for category, cap in copy.policy.caps["once"].items()}

    def fits(relief: pd.DataFrame) -> "pd.Series[bool]":
        below = relief["event_date"].notna() | (relief["amount"] < relief["category"].map(near).fillna(10**15))
        return to_member(relief) & relief["category"].isin(NEVER_TWICE) & below

    like = copy.one("relief", lambda relief: fits(relief) & until(12)(relief))
    return again(copy, like, days=9)


@plants.plant("A002")
def over_the_limit(copy: Copy) -> Row:
    """One fen over the limit of one payment."""
    category = _one_of(copy, capped(copy, "once", "birthday", "funeral_kin", "funeral"))
    return payment(copy, category, amount=copy.policy.caps["once"][category] + 1)


def _one_of(copy: Copy, categories: list[str]) -> str:
    """One of some categories, rather one that the books have. Raises Cannot where there is none."""
    if not categories:
        raise Cannot(N_("the policy sets no such limit"))
    there = set(copy.all("relief", ours)["category"])
    return next((category for category in categories if category in there), categories[0])


@plants.plant("A003")
def over_the_years_limit(copy: Copy) -> list[Row]:
    """One fen over a person's limit of the year, in parts that each keep the limit of one payment."""
    category = _one_of(copy, capped(copy, "year", "festival"))
    limit = copy.policy.caps["year"][category]
    parts = -(-limit // copy.policy.caps["once"].get(category, limit)) + 1
    if category not in copy.policy.caps["once"]:
        return [payment(copy, category, amount=limit + 1)]
    like = copy.one("relief", lambda relief: to_member(relief) & (relief["paid_on"].dt.month <= 12 - 2 * parts))
    rows = []
    for part in range(parts):
        amount = limit // parts + (limit % parts + 1 if part == 0 else 0)
        row = again(copy, like, months=2 * part, number=f"DRILL-{part + 1}", category=category, amount=amount)
        rows.append(copy.fill(row, event_date=None))
    return rows


@plants.plant("A009", places=ONCE)
def by_rank(copy: Copy) -> list[Row]:
    """Officers given twice what the others had for a festival."""
    officers = copy.all("members", lambda members: members["officer"].fillna(False))["member_no"]
    gifts = copy.all("relief", lambda relief: to_member(relief) & (relief["category"] == "festival") & (relief["batch_no"] != ""))
    sizes = gifts[~gifts["member_no"].isin(officers)].groupby("batch_no").size()
    batches = sizes[sizes >= 3].index
    rows = gifts[gifts["batch_no"].isin(batches[:1]) & gifts["member_no"].isin(officers)]
    if rows.empty:
        raise Cannot(NO_ROW_FOR_IT, ledger="relief")
    return [copy.set(row, amount=2 * int(row["amount"])) for _, row in rows.iterrows()]


@plants.plant("A014")
def above_the_own_share(copy: Copy) -> Row:
    """Medical aid one fen above the patient's own share."""
    row = payment(copy, "medical")
    share = copy.setting("A014", "share_percent")
    return copy.set(row, self_paid=int(row["amount"]) * 100 // share - 1)


@plants.plant("A015")
def above_the_allowance(copy: Copy) -> Row:
    """One fen above so many months of the minimum living allowance."""
    row = payment(copy, "living")
    months = copy.setting("A015", "deep_months" if row["hardship"] in ("deep", "") else "other_months")
    return copy.set(row, amount=months * copy.policy.minimum_living + 1)


@plants.plant("A017")
def dear_goods(copy: Copy) -> Row:
    """Festival goods one fen above the year's limit."""
    return payment(copy, "festival", amount=copy.policy.caps["year"]["festival"] + 1)


@plants.plant("A018")
def second_birthday(copy: Copy) -> Row:
    """A birthday gift for the second time in the year."""
    row = payment(copy, "birthday")
    step = 3 if row["paid_on"].month <= 9 else -3
    row = copy.fill(row, event_date=None)
    later = again(copy, row, months=step, number=NEW_TOO)
    return later if step > 0 else row


@plants.plant("A018")
def dear_birthday(copy: Copy) -> Row:
    """A birthday gift one fen above its limit."""
    if "birthday" not in copy.policy.caps["once"]:
        raise Cannot(N_("the policy sets no such limit"))
    return payment(copy, "birthday", amount=copy.policy.caps["once"]["birthday"] + 1)


@plants.plant("A019")
def late_birth(copy: Copy) -> Row:
    """A birth paid for a day after its time."""
    months = copy.setting("A019", "window_months")
    row = payment(copy, "birth")
    return copy.set(row, event_date=row["paid_on"] - pd.DateOffset(months=months) - timedelta(days=1))


@plants.plant("A019")
def second_wedding(copy: Copy) -> list[Row]:
    """A wedding paid for twice in the year."""
    row = copy.fill(payment(copy, "marriage"), event_date=None, reason="登记结婚")
    step = 2 if row["paid_on"].month <= 10 else -2
    return [row, again(copy, row, months=step, number=NEW_TOO)]


@plants.plant("A020")
def too_often_in_hospital(copy: Copy) -> list[Row]:
    """Hospital money more often than the rule allows in a year."""
    rows = [copy.fill(payment(copy, "hospital", reason="肺炎住院"), event_date=None)]
    for number, offset in enumerate(_free_months(rows[0], copy.setting("A020", "most_a_year")), 2):
        rows.append(again(copy, rows[0], months=offset, number=f"DRILL-{number}"))
    return rows


def _free_months(row: Row, count: int) -> list[int]:
    """Steps of two months and more from a payment's that stay within the year."""
    month = row["paid_on"].month
    return [other - month for other in range(1, 13) if abs(other - month) >= 2][:count]


@plants.plant("A023")
def in_parts(copy: Copy) -> Row:
    """A sum above the limit in two parts just under it, a week apart."""
    category = _one_of(copy, capped(copy, "once", "birthday", "funeral_kin"))
    part = copy.policy.caps["once"][category]
    like = copy.one("relief", lambda relief: to_member(relief) & (relief["paid_on"].dt.month.between(2, 11)))
    row = copy.fill(again(copy, like, category=category, amount=part), event_date=None)
    return copy.fill(again(copy, row, days=8, number=NEW_TOO), event_date=None)


@plants.plant("A030", places=ONCE)
def one_amount_for_all(copy: Copy) -> Row:
    """A batch of hardship aid of different cases with one amount."""
    fewest = copy.setting("A030", "fewest")
    people = copy.all("members", lambda members: members["status"] == "active").head(fewest)
    if len(people) < fewest:
        raise Cannot(NO_ROW_FOR_IT, ledger="members")
    like = copy.one("relief", lambda relief: to_member(relief) & relief["category"].isin(copy.policy.groups["hardship"]))
    amount = 10 * copy.setting("A030", "round_yuan") * MINOR
    rows = [
        copy.fill(
            copy.add(like, voucher_no=NEW, batch_no=NEWEST, member_no=one["member_no"], beneficiary=one["name"], amount=amount),
            hardship=("deep", "relative")[at % 2],
            id_no=one["id_no"],
        )
        for at, (_, one) in enumerate(people.iterrows())
    ]
    return rows[0]


@plants.plant("A032")
def far_from_the_festival(copy: Copy) -> Row:
    """Goods for the Mid-Autumn Festival, given out months from it."""
    row = copy.fill(payment(copy, "festival", reason="中秋节慰问"), programme=None)
    mid_autumn = 2 ** list(calendar()["festivals"]).index("mid_autumn")
    days = pd.Series(pd.date_range(date(copy.year, 1, 2), min(copy.as_of, date(copy.year, 12, 31)), unit="s"))
    near = nearest_festival(days, pd.Series(mid_autumn, index=days.index))
    far = days[((days - near).abs().dt.days > copy.setting("A032", "window_days")).fillna(False)]
    if far.empty:
        raise Cannot(N_("no room for it within the year"))
    return copy.set(row, paid_on=far.iloc[len(far) // 2], approved_on=far.iloc[len(far) // 2])
