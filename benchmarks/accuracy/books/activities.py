"""A year of activities and who signed in: study, contests, exhibitions, outings, a three-day tournament, an assembly of members."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from branch import YUAN, Branch, Row
from year import after, at, day

GUESTS = ("外聘裁判", "讲师", "社区代表")


@dataclass(frozen=True)
class Kind:
    """An activity to hold: title, category, day and hours, budget line, cost a head in yuan, share of members who come."""

    title: str
    category: str
    month: int
    number: int
    hours: tuple[int, int] = (14, 17)
    line: str = "50101"
    head: int = 0
    share: float = 0.6
    days: int = 1
    signed: bool = True
    fund: str = "union"
    prizes: int = 0


YEAR = (
    Kind("一月集中学习", "study", 1, 16, share=0.8),
    Kind("三月集中学习", "study", 3, 20, share=0.8, signed=False),
    Kind("五月集中学习", "study", 5, 15, share=0.8),
    Kind("九月集中学习", "study", 9, 18, share=0.8),
    Kind("业务技能培训", "training", 4, 23, (9, 12), head=35),
    Kind("女职工健康讲座", "lecture", 3, 6, (9, 11), head=20, share=0.5),
    Kind("迎新春座谈会", "meeting", 2, 5, (9, 11), "50302", 15, 0.4),
    Kind("离退休人员座谈会", "meeting", 2, 5, (14, 16), "50302", 15, 0.3, signed=False),
    Kind("第五次会员代表大会", "congress", 3, 27, (14, 17), "50302", 18, 0.95),
    Kind("春季健步走", "outing", 4, 17, (8, 17), "50104", 40, fund="dues"),
    Kind("秋游", "outing", 10, 23, (8, 17), "50104", 40, signed=False),
    Kind("乒乓球三日赛", "sports", 5, 20, (8, 17), "50102", 30, 0.6, days=3, prizes=5),
    Kind("五月理论辅导", "lecture", 5, 21, (9, 11), head=20, share=0.5),
    Kind("象棋友谊赛", "sports", 11, 6, (14, 17), "50102", 25, 0.5, prizes=4),
    Kind("职工摄影书画展", "arts", 9, 25, (9, 17), "50102", 30, 0.7, prizes=4),
    Kind("义务植树", "volunteer", 3, 12, (8, 12), "50104", 10, 0.5),
    Kind("安全生产宣传日", "publicity", 6, 16, (9, 16), "50103", 12, 0.3, signed=False),
    Kind("职工健康体检", "checkup", 6, 25, (8, 12), "50206", 300, 0.9, signed=False, fund="admin"),
    Kind("先进职工疗休养", "recuperation", 7, 9, (8, 18), "50104", 600, 0.2, days=2, signed=False),
    Kind("春节走访慰问", "visit", 2, 10, (9, 17), "50205", 0, 0.2, signed=False),
    Kind("趣味运动会", "sports", 10, 30, (9, 11), "50102", 28, 0.6, prizes=4),
    Kind("文艺汇演排练", "arts", 10, 30, (14, 17), "50102", 0, 0.3),
)

# What a branch without stories holds.
SHORT_YEAR = ("一月集中学习", "业务技能培训", "春季健步走", "职工摄影书画展", "趣味运动会")


def fill(branch: Branch) -> None:
    """The year's activities, each with its sign-in where one is kept."""
    for number, kind in enumerate(YEAR, 1):
        if branch.has_stories or kind.title in SHORT_YEAR:
            hold(branch, kind, f"{branch.code}-H{number:02d}")
    if branch.has_stories:
        pensioners_chess(branch)


def hold(branch: Branch, kind: Kind, number: str) -> Row:
    """One activity with its sign-in, its papers and its cost."""
    start = day(kind.month, kind.number)
    members = branch.members_on(start)
    coming = max(5, int(len(members) * kind.share))
    paid = after(start, 12)
    cost = kind.head * coming * YUAN
    activity = branch.add(
        "activities",
        activity_no=number,
        title=kind.title,
        category=kind.category,
        starts_at=at(start, kind.hours[0]),
        ends_at=at(start + timedelta(days=kind.days - 1), kind.hours[1]),
        venue="机关三楼会议室",
        organizer="分会组织委员",
        plan_no=f"机工〔2015〕{int(number[-2:])}号",
        expected=min(len(members), coming + 3),
        present=coming,
        actual_cost=cost,
        fund=kind.fund,
        documented_on=after(start, 8) if kind.month % 2 else paid,
        has_photos=True,
        insured=kind.category in ("outing", "recuperation", "sports"),
    )
    if cost:
        activity.update(budget_code=kind.line, budgeted=cost if kind.days > 1 else cost + 200 * YUAN, paid_on=paid)
        activity.update(approved_by=branch.officer("chair"), handled_by=branch.officer("organizer"))
    if kind.signed:
        sign_in(branch, activity, members, coming)
    award(branch, activity, kind.prizes)
    return activity


def sign_in(branch: Branch, activity: Row, members: list[Row], coming: int) -> None:
    """Those who came, in an order and at times of their own; one late, one on leave, one absent, a guest."""
    rng = branch.rng
    chosen = rng.sample(members, min(len(members), coming + 2))
    start = activity["starts_at"]
    assert isinstance(start, datetime)
    moment, entered = start - timedelta(minutes=2 * coming // 3), activity["category"] == "arts" and activity.money("actual_cost") > 0
    for place, member in enumerate(chosen):
        if place % 3 == 0:
            moment += timedelta(minutes=rng.choice((1, 1, 2)))
        here = place < coming
        row = branch.add("attendance", activity_no=activity["activity_no"], member_no=member["member_no"], name=member["name"])
        row["status"] = ("entered" if entered else "present") if here else ("leave", "absent")[place % 2]
        if here and not entered:
            row.update(signed_at=min(moment, start + timedelta(minutes=5)), signed_by=member["name"])
    if not entered:
        late(branch, activity, start)
        guest(branch, activity, start)
    recount(branch, activity)


def late(branch: Branch, activity: Row, start: datetime) -> None:
    """The last who came is a quarter of an hour late."""
    came = present(branch, activity)
    came[-1].update(status="late", signed_at=start + timedelta(minutes=15))


def guest(branch: Branch, activity: Row, start: datetime) -> None:
    """A lecturer or a referee, who is no member."""
    if activity["category"] in ("lecture", "training", "sports"):
        values = {"name": branch.rng.choice(GUESTS), "guest": True, "status": "present", "signed_at": start - timedelta(minutes=3)}
        branch.add("attendance", activity_no=activity["activity_no"], **values)


def present(branch: Branch, activity: Row) -> list[Row]:
    """The sign-in rows of those who were there."""
    return [row for row in branch.find("attendance", activity_no=activity["activity_no"]) if row["status"] in ("present", "late")]


def recount(branch: Branch, activity: Row) -> None:
    """Makes the activity's own counts those of its sign-in rows."""
    rows = list(branch.find("attendance", activity_no=activity["activity_no"]))
    entries = sum(row["status"] == "entered" for row in rows)
    activity["present"] = len(present(branch, activity))
    if entries:
        del activity["present"]
        activity.update(entries=entries, shown=entries // 2)
    activity["expected"] = max(len(rows), int(str(activity["expected"])))


def award(branch: Branch, activity: Row, prizes: int) -> None:
    """Prizes for some, a certificate of honour for one more; the winners are not the officers."""
    officers = {branch.officer(role) for role in ("chair", "vice_chair", "treasurer", "organizer", "audit_chair")}
    rows = [
        row
        for row in branch.find("attendance", activity_no=activity["activity_no"])
        if row["status"] in ("present", "entered") and row["name"] not in officers and "guest" not in row
    ]
    for place, row in enumerate(rows[: min(prizes, len(rows) // 3)]):
        row.update(award=f"{'一二三四五'[place]}等奖", award_form="prize", award_amount=(200 - 30 * place) * YUAN, signed_by=row["name"])
    if prizes and rows:
        rows[-1].update(award="优秀组织者", award_form="honour")
        activity["winners"] = sum(row.get("award_form") == "prize" for row in rows)


def pensioners_chess(branch: Branch) -> None:
    """The retired and the retained may come; three signed in before noon, so that nobody is in two places."""
    start = day(10, 21)
    activity = branch.add("activities", activity_no=f"{branch.code}-H90", title="重阳节棋牌活动", category="sports", starts_at=at(start, 9))
    activity.update(ends_at=at(start, 11), plan_no="机工〔2015〕90号", expected=4, actual_cost=60 * YUAN, fund="union", budget_code="50102")
    activity.update(budgeted=60 * YUAN, documented_on=after(start, 3), paid_on=after(start, 3), has_photos=True)
    activity.update(approved_by=branch.officer("chair"), handled_by=branch.officer("organizer"))
    for place, role in enumerate(("pensioner", "model_worker", "retained")):
        member = branch.roles[role]
        values = {"member_no": member["member_no"], "name": member["name"], "status": "present", "signed_by": member["name"]}
        branch.add("attendance", activity_no=activity["activity_no"], signed_at=at(start, 8, 50 + place), **values)
    recount(branch, activity)
