"""V: who came, who won, what it cost, what papers there are."""

from datetime import timedelta

from branch import YUAN, Branch, Row
from year import after, day
from year import at as moment

from plants import IN_ORDER, Mark, at, plant
from plants.scene import activity, everyone, newcomer, signed

EVENT = ("winners", "activity_no", "present", "title", "entries")
PERSON = ("award", "award_form", "award_amount", "name", "member_no", "status", "activity_no", "signed_at", "signed_by")


@plant("V001", "just", "far", "at")
def no_member(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "study", day(8, 12))
    rows = signed(branch, event, everyone(branch)[:8])
    row = rows[3]
    if shape == "at":
        row.update(name="社区代表", guest=True, member_no="", signed_by="社区代表")
    else:
        number = row.text("member_no") + "0" if shape == "just" else branch.code + "998"
        row.update(name="钱无名", member_no=number, signed_by="钱无名")
    return at(row, "member_no", "name")


@plant("V001", "far", "at")
def gone_by_then(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="left" if shape == "far" else "retired", left_on=day(5, 20))
    event = activity(branch, "sports", day(8, 12))
    row = signed(branch, event, [*everyone(branch)[:7], member])[-1]
    if shape == "far":
        row.update(signed_by="", signed_at="")
    return at(row, "member_no", "name")


@plant("V002", "just", "far", places=IN_ORDER)
def signed_twice(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "study", day(8, 12))
    rows = signed(branch, event, everyone(branch)[:8])
    later = branch.copy(rows[2], signed_at=rows[2]["signed_at"] + timedelta(minutes=1 if shape == "just" else 25))  # type: ignore[operator]
    return Mark((rows[2], later), PERSON)


@plant("V002", "just", "far", "at", places=("any",))
def one_minute(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "study", day(8, 12))
    together = {"at": 9, "just": 10, "far": 14}[shape]
    minutes = (5,) * together + tuple(range(7, 7 + 14 - together))
    return Mark((*signed(branch, event, everyone(branch)[:14], minutes), event), PERSON)


@plant("V003", "just", "far", "at", places=("any",))
def in_two_places(branch: Branch, shape: str) -> Mark:
    member = branch.plain[0]
    first = signed(branch, activity(branch, "study", day(8, 12), hours=(9, 11)), [member])
    second = activity(branch, "lecture", day(8, 12), hours={"at": (11, 12), "just": (10, 12), "far": (9, 11)}[shape])
    return Mark((*first, *signed(branch, second, [member])), PERSON)


@plant("V003", "at", places=("any",))
def during_a_tournament(branch: Branch, shape: str) -> Mark:
    long = activity(branch, "sports", day(8, 11), ends_at=moment(day(8, 13), 17))
    short = activity(branch, "study", day(8, 12))
    return Mark((*signed(branch, long, [branch.plain[0]]), *signed(branch, short, [branch.plain[0]])), PERSON)


@plant("V004", "just", "far", "at", places=("any",))
def more_gifts_than_people(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "lecture", day(8, 12), 800)
    members = everyone(branch)
    rows = signed(branch, event, members[:6])
    for member in members[6 : 6 + {"at": 0, "just": 1, "far": 6}[shape]]:
        rows.append(branch.add("attendance", activity_no=event["activity_no"], member_no=member["member_no"], name=member["name"]))
        rows[-1]["status"] = "absent"
    for row in rows:
        row.update(award="听课纪念", award_form="souvenir", award_amount=50 * YUAN)
    return Mark((event, *rows), (*EVENT, *PERSON))


@plant("V005", "just", "far", "at")
def too_many_winners(branch: Branch, shape: str) -> Mark:
    return at(activity(branch, "sports", day(8, 12), 900, present=30, winners={"at": 20, "just": 21, "far": 30}[shape]), "winners")


@plant("V005", "just", "at")
def too_many_works(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "arts", day(8, 12), 900, present=60, entries=9, shown=7, winners=6 if shape == "at" else 7)
    return at(event, "winners")


@plant("V007", "far", "at")
def prize_money(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12), 900)
    row = signed(branch, event, everyone(branch)[5:13])[4]
    row.update(award="一等奖", award_form="prize" if shape == "at" else "cash", award_amount=200 * YUAN)
    event["winners"] = 1
    return at(row, "award_form", "award_amount")


@plant("V008", "just", "far", "at")
def dear_souvenir(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "lecture", day(8, 12), 900)
    row = signed(branch, event, everyone(branch)[5:13])[4]
    row.update(award="纪念", award_form="souvenir", award_amount={"at": 100_00, "just": 100_01, "far": 300_00}[shape])
    return at(row, "award_amount", "award_form")


@plant("V008", "far", "at", places=("any",))
def souvenirs_all_year(branch: Branch, shape: str) -> Mark:
    rows = []
    for number in (3, 6, 8)[: 2 if shape == "at" else 3]:
        event = activity(branch, "lecture", day(number, 12), 300)
        row = signed(branch, event, everyone(branch)[5:13])[number % 3]
        row.update(member_no=branch.plain[0]["member_no"], name=branch.plain[0]["name"], signed_by=branch.plain[0]["name"])
        row.update(award="纪念", award_form="souvenir", award_amount=60_00)
        unique(branch, event, row)
        rows.append(row)
    return Mark(tuple(rows), PERSON)


def unique(branch: Branch, event: Row, kept: Row) -> None:
    """Leaves a person one sign-in of an event."""
    for row in [row for row in branch.find("attendance", activity_no=event["activity_no"], member_no=kept["member_no"]) if row is not kept]:
        branch.drop(row)
        event["present"] = int(str(event["present"])) - 1


@plant("V009", "just", "far", "at", places=("any",))
def leaders_win(branch: Branch, shape: str) -> Mark:
    """Four officers of twelve: a third of the heads, with two thirds of the prize money at the limit; five of twenty with all of it."""
    officers, others = list(branch.roles.values())[:4], branch.plain[:8]
    if shape == "far":
        officers, others = list(branch.roles.values()), [*branch.plain, *(newcomer(branch) for _ in range(6))]
    event = activity(branch, "sports", day(8, 12), 1_200)
    rows = signed(branch, event, [*officers, *others])
    rows.sort(key=lambda row: row["member_no"] not in {officer["member_no"] for officer in officers})
    prizes = {"at": [20] * 4 + [10] * 4, "just": [30] * 4 + [10] * 4, "far": [200] * 5}[shape]
    for row, prize in zip(rows, prizes, strict=False):
        row.update(award="奖", award_form="prize", award_amount=prize * YUAN)
    event["winners"] = len(prizes)
    return Mark((event, *rows[: len(prizes)]), (*EVENT, *PERSON))


@plant("V010", "just", "far", "at")
def papers_after_payment(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12), 900)
    event["documented_on"] = after(event.day("paid_on"), {"at": 1, "just": 1, "far": 15}[shape])
    if shape == "at":
        event["documented_on"] = event["paid_on"]
    return at(event, "documented_on", "paid_on")


@plant("V010", "just", "far", places=("any",))
def signed_afterwards(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12), 900)
    rows = signed(branch, event, everyone(branch)[5:13])
    signing = after(event.day("paid_on"), 1 if shape == "just" else 20)
    for number, row in enumerate(rows):
        row["signed_at"] = moment(signing, 9, 2 * number)
    return Mark((event, *rows), ("documented_on", "paid_on", *PERSON))


@plant("V011", "just", "far")
def signed_by_the_gone(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, status="transferred" if shape == "just" else "deceased", left_on=day(5, 20))
    event = activity(branch, "sports", day(8, 12))
    return at(signed(branch, event, [*everyone(branch)[:7], member])[-1], "member_no", "name", "signed_by", "signed_at", "status")


@plant("V011", "far", "at")
def signed_on_leave(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12))
    row = signed(branch, event, everyone(branch)[:8])[5]
    row["status"] = "leave"
    event["present"] = 7
    if shape == "at":
        row.update(signed_by="", signed_at="")
    return at(row, "member_no", "name", "signed_by", "signed_at", "status")


@plant("V012", "just", "far", "at")
def overnight(branch: Branch, shape: str) -> Mark:
    end = {"at": moment(day(8, 12), 22), "just": moment(day(8, 13), 11), "far": moment(day(8, 15), 18)}[shape]
    event = activity(branch, "outing", day(8, 12), 900, (8, 17), ends_at=end, insured=True, budget_code="50104")
    return at(event, "ends_at", "starts_at", "category")


@plant("V016", "just", "far", "at")
def unplanned(branch: Branch, shape: str) -> Mark:
    return at(activity(branch, "sports", day(8, 12), {"at": 0, "just": 1, "far": 5_000}[shape], plan_no=""), "plan_no")


@plant("V017", "far", places=("any",))
def dear_for_its_kind(branch: Branch, shape: str) -> Mark:
    for number in range(24):
        event = activity(branch, "study", day(12 - number % 12, 11 + number // 12), 600 + 13 * number)
    event.update(actual_cost=30_000 * YUAN, budgeted=30_000 * YUAN)
    return Mark()


@plant("V019", "far", "at")
def check_up(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "checkup", day(8, 12), 900, budget_code="50206", fund="admin" if shape == "at" else "union")
    return at(event, "fund", "category", "actual_cost")


@plant("V019", "just")
def check_up_from_dues(branch: Branch, shape: str) -> Mark:
    return at(activity(branch, "checkup", day(8, 12), 1, budget_code="50206", fund="dues"), "fund", "category", "actual_cost")


@plant("V023", "just", "far", "at", places=("any",))
def copied_sign_in(branch: Branch, shape: str) -> Mark:
    members = everyone(branch)[: {"at": 7, "just": 8, "far": 13}[shape]]
    minutes = tuple(branch.rng.sample(range(1, 60), len(members)))
    events = [activity(branch, "study", day(number, 12)) for number in (4, 8)]
    rows = [row for event in events for row in signed(branch, event, members, minutes)]
    return Mark((*events, *rows), (*EVENT, *PERSON))


@plant("V023", "at", places=("any",))
def same_people_untimed(branch: Branch, shape: str) -> Mark:
    events = [activity(branch, "study", day(number, 12)) for number in (4, 8)]
    rows = [row for event in events for row in signed(branch, event, everyone(branch)[:12])]
    for row in rows:
        row["signed_at"] = ""
    return Mark((*events, *rows), (*EVENT, *PERSON))


@plant("V024", "just", "far", "at")
def miscounted(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "study", day(8, 12))
    signed(branch, event, everyone(branch)[:8])
    event["present"] = {"at": 8, "just": 9, "far": 38}[shape]
    return at(event, "present")


@plant("V025", "just", "far", "at")
def over_own_budget(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12), 900)
    event["budgeted"] = event.money("actual_cost") - {"at": 0, "just": 1, "far": 500 * YUAN}[shape]
    return at(event, "actual_cost", "budgeted")


@plant("V026", "just", "far", "at")
def late_papers(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(4, 15), 900)
    event["documented_on"] = day(4, 15) + timedelta(days={"at": 30, "just": 31, "far": 150}[shape])
    event["paid_on"] = after(event.day("documented_on"), 3)
    return at(event, "documented_on")


@plant("V026", "far", "at")
def no_photographs(branch: Branch, shape: str) -> Mark:
    return at(activity(branch, "sports", day(4, 15), 900 if shape == "far" else 0, has_photos=False), "has_photos")
