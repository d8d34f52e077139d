"""V: sign-in lists, awards, costs, papers."""

from datetime import timedelta
from math import comb
from typing import Any

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import Cannot, PlantSet, Row
from ledgerkit.drill.planters.dues import TOO_FEW
from ledgerkit.drill.planters.scene import NEW
from ledgerkit.model.money import MINOR

plants = PlantSet()
ONCE = ("any",)
PRIZE = {"award": "优胜奖", "award_form": "prize", "award_amount": 50 * MINOR}
ON_THE_SPOT = ("present", "late")


def came(attendance: pd.DataFrame) -> "pd.Series[Any]":
    """Mask of the members who signed in, by their numbers."""
    guest = attendance["guest"].fillna(False).astype(bool)
    return attendance["status"].isin(ON_THE_SPOT) & (attendance["member_no"] != "") & ~guest


def cost(activities: pd.DataFrame) -> "pd.Series[Any]":
    """Mask of the activities that cost money."""
    return activities["actual_cost"] > 0


@plants.plant("V001")
def stranger_signed(copy: Copy) -> Row:
    """A sign-in under a number that the roster does not have."""
    return copy.set(copy.one("attendance", came), member_no=NEW)


@plants.plant("V002")
def signed_again(copy: Copy) -> Row:
    """One person on a list twice."""
    return copy.add(copy.one("attendance", lambda rows: came(rows) & (rows["award"] == "")))


@plants.plant("V003")
def in_two_places(copy: Copy) -> list[Row]:
    """An activity moved to the hours of another that some of its people were at."""
    timed = copy.all("activities", lambda rows: rows["ends_at"].notna() & (rows["ends_at"] - rows["starts_at"] < pd.Timedelta(days=1)))
    people = copy.all("attendance", came)
    both = people.merge(people, on="member_no", suffixes=("", "_2")).query("activity_no != activity_no_2")
    both = both[both["activity_no"].isin(timed["activity_no"]) & both["activity_no_2"].isin(timed["activity_no"])]
    pair = copy.pick(both, "attendance")
    first, later = (timed[timed["activity_no"] == pair[key]].iloc[0] for key in ("activity_no_2", "activity_no"))
    half = (first["ends_at"] - first["starts_at"]) / 2
    copy.set(later, starts_at=(first["starts_at"] + half).floor("min"), ends_at=first["ends_at"] + half)
    shared = people[(people["activity_no"] == later["activity_no"])]
    return [row for _, row in shared.iterrows()]


@plants.plant("V004")
def absent_and_awarded(copy: Copy) -> Row:
    """A prize for somebody whom the list marks as absent."""
    row = copy.one("attendance", lambda rows: came(rows) & (rows["award"] == ""))
    return copy.fill(copy.set(row, status="absent", **PRIZE), signed_at=None, signed_by=None)


@plants.plant("V005")
def one_winner_too_many(copy: Copy) -> Row:
    """One winner more than two thirds."""
    row = copy.one("activities", lambda rows: (rows["entries"].fillna(rows["present"]) > 2) & rows["winners"].notna())
    base = row["present"] if pd.isna(row["entries"]) else row["entries"]
    return copy.set(row, winners=2 * int(base) // 3 + 1)


@plants.plant("V006")
def dear_prize(copy: Copy) -> Row:
    """A prize one fen over the limit."""
    row = copy.one("attendance", lambda rows: came(rows) & (rows["award"] == ""))
    return copy.set(row, **{**PRIZE, "award_amount": copy.setting("V006", "prize_yuan") * MINOR + 1})


@plants.plant("V007")
def prize_in_cash(copy: Copy) -> Row:
    """A prize in money."""
    row = copy.one("attendance", lambda rows: came(rows) & (rows["award"] == ""))
    return copy.set(row, **{**PRIZE, "award_form": "cash"})


@plants.plant("V008")
def dear_souvenir(copy: Copy) -> Row:
    """A souvenir one fen dearer than usual."""
    row = copy.one("attendance", lambda rows: came(rows) & (rows["award"] == ""))
    return copy.set(row, award="纪念品", award_form="souvenir", award_amount=copy.setting("V008", "souvenir_yuan") * MINOR + 1)


@plants.plant("V009", places=ONCE)
def officers_win(copy: Copy) -> Row:
    """A contest whose dear prizes all go to officers."""
    officers = copy.all("members", lambda members: members["officer"].fillna(False))["member_no"]
    lists = copy.all("attendance", came).drop_duplicates(["activity_no", "member_no"])
    for activity in copy.all("activities").itertuples():
        own = lists[lists["activity_no"] == activity.activity_no]
        leaders = own[own["member_no"].isin(officers)]
        others = own[~own["member_no"].isin(officers)].head(max(copy.setting("V009", "fewest_winners") - len(leaders), 1))
        if (
            len(leaders) < copy.setting("V009", "fewest_officers")
            or comb(len(own), len(leaders)) * copy.setting("V009", "chance_percent") < 100
        ):
            continue
        for winners, yuan in ((leaders, 500), (others, 10)):
            for _, row in winners.iterrows():
                copy.set(row, award="奖", award_form="prize", award_amount=yuan * MINOR)
        return copy.where("activities", "activity_no", activity.activity_no).iloc[0]
    raise Cannot(TOO_FEW)


@plants.plant("V010")
def papers_after_payment(copy: Copy) -> Row:
    """Papers filed a day after the bill was paid."""
    row = copy.one("activities", lambda rows: cost(rows) & rows["paid_on"].notna())
    return copy.set(row, documented_on=row["paid_on"] + timedelta(days=1))


@plants.plant("V011")
def signed_on_leave(copy: Copy) -> Row:
    """A signature of somebody whom the list marks as on leave."""
    row = copy.one("attendance", lambda rows: came(rows) & rows["signed_at"].notna() & (rows["award_form"] == ""))
    return copy.set(row, status="leave")


@plants.plant("V011")
def signed_after_moving(copy: Copy) -> list[Row]:
    """A signature of a member who by the roster had moved away."""
    row = copy.one(
        "attendance", lambda rows: came(rows) & rows["signed_at"].notna() & rows["member_no"].isin(copy.all("members")["member_no"])
    )
    member = copy.all("members", lambda members: members["member_no"] == row["member_no"]).iloc[0]
    copy.set(member, status="transferred", left_on=row["signed_at"].normalize() - timedelta(days=1))
    return [row]


@plants.plant("V012")
def a_night_away(copy: Copy) -> Row:
    """An outing that ended a day later."""
    row = _of_category(copy, "outing")
    return copy.set(row, ends_at=row["starts_at"] + timedelta(days=1))


def _of_category(copy: Copy, category: str) -> Row:
    """An activity of a category that cost money, else one entered as such."""
    there = copy.all("activities", lambda rows: cost(rows) & (rows["category"] == category))
    return copy.pick(there, "activities") if len(there) else copy.set(copy.one("activities", cost), category=category)


@plants.plant("V016")
def no_plan(copy: Copy) -> Row:
    """An activity that cost money, without a plan."""
    return copy.set(copy.one("activities", lambda rows: cost(rows) & (rows["plan_no"] != "")), plan_no=None)


@plants.plant("V017")
def dear_heads(copy: Copy) -> Row:
    """An activity ten times as dear a head as others of its category."""
    rows = copy.all("activities", lambda rows: cost(rows) & (rows["present"] > 0) & rows["entries"].isna())
    sizes = rows.groupby("category").size()
    rows = rows[rows["category"].isin(sizes[sizes >= copy.setting("V017", "fewest")].index)]
    if rows.empty:
        raise Cannot(TOO_FEW)
    row = copy.pick(rows, "activities")
    return copy.set(row, actual_cost=10 * int(rows["actual_cost"].max()) * int(row["present"]))


@plants.plant("V019")
def check_up(copy: Copy) -> Row:
    """A medical check-up on union money."""
    return copy.set(_of_category(copy, "checkup"), fund="union")


@plants.plant("V022")
def uninsured(copy: Copy) -> Row:
    """A rest-cure without insurance."""
    return copy.set(_of_category(copy, "recuperation"), insured=False)


@plants.plant("V023", places=ONCE)
def copied_list(copy: Copy) -> list[Row]:
    """An activity whose sign-in list is another's, a fortnight later."""
    lists = copy.all("attendance", lambda rows: came(rows) & rows["signed_at"].notna()).drop_duplicates(["activity_no", "member_no"])
    gaps = lists.groupby("activity_no")["signed_at"].agg(["size", "nunique"])
    telling = gaps[(gaps["size"] >= copy.setting("V023", "fewest")) & (gaps["nunique"] * 2 > gaps["size"])].index
    fortnight = timedelta(days=14)
    last = pd.Timestamp(copy.year, 12, 17)
    event = copy.one("activities", lambda rows: rows["activity_no"].isin(telling) & (rows["starts_at"] < last) & rows["ends_at"].notna())
    copy.fill(
        copy.add(event, activity_no=NEW, starts_at=event["starts_at"] + fortnight, ends_at=event["ends_at"] + fortnight), actual_cost=0
    )
    own = lists[lists["activity_no"] == event["activity_no"]]
    return [copy.add(row, activity_no=NEW, signed_at=row["signed_at"] + fortnight) for _, row in own.iterrows()]


@plants.plant("V024")
def more_than_signed(copy: Copy) -> Row:
    """More people said to be present than signed in."""
    signed = copy.all("attendance", lambda rows: rows["status"].isin(ON_THE_SPOT)).groupby("activity_no")["family"]
    sizes = signed.size()
    row = copy.one("activities", lambda rows: rows["activity_no"].isin(sizes.index) & rows["present"].notna())
    used = copy.original.run.book.used["attendance"].frame
    family = used.loc[used["activity_no"] == row["activity_no"], "family"].fillna(0).sum()
    return copy.set(row, present=int(row["present"]) + int(family) + 3)


@plants.plant("V025")
def over_its_budget(copy: Copy) -> Row:
    """An activity one fen over its own budget."""
    row = copy.one("activities", cost)
    return copy.set(row, budgeted=int(row["actual_cost"]) - 1)


@plants.plant("V026")
def no_photo(copy: Copy) -> Row:
    """An activity that cost money and has no photo."""
    return copy.set(copy.one("activities", lambda rows: cost(rows) & (rows["plan_no"] != "")), has_photos=False)


@plants.plant("V026")
def late_papers(copy: Copy) -> Row:
    """Papers a day later than they may be."""
    days = copy.setting("V026", "days")

    def fits(rows: pd.DataFrame) -> "pd.Series[Any]":
        unpaid = rows["paid_on"].isna() | (rows["actual_cost"] == 0)
        return unpaid & (rows["plan_no"] != "")

    row = copy.one("activities", fits)
    end = row["starts_at"] if pd.isna(row["ends_at"]) else row["ends_at"]
    return copy.set(row, documented_on=end.normalize() + timedelta(days=days + 1))
