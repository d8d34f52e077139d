"""The roster: officers, people with a story (transfers, retirements, namesakes, twins, foreigners…), and plain members."""

from datetime import date

import people
from branch import YUAN, Branch, Row
from year import day

GROUPS = ("第一小组", "第二小组", "第三小组", "第四小组")
OFFICERS = ("chair", "vice_chair", "treasurer", "organizer", "audit_chair")
PLAIN = 9
POSTS = {"chair": "副局长", "vice_chair": "处长", "treasurer": "财务科长", "organizer": "副科长", "audit_chair": "审计科长"}


def fill(branch: Branch, size: int) -> None:
    """Puts members on the roster until there are `size` of them."""
    for role in OFFICERS:
        branch.roles[role] = person(branch, officer=True, post=POSTS[role])
    if branch.has_stories:
        stories(branch)
    while len(branch.rows["members"]) < size or len(branch.plain) < PLAIN:
        branch.plain.append(person(branch))
    branch.rows["members"].sort(key=lambda row: row.text("member_no"))


def person(branch: Branch, born: date | None = None, **values: object) -> Row:
    """A member of long standing with everything filled in."""
    rng, number = branch.rng, len(branch.rows["members"]) + 1
    tail = str(values.pop("tail", ""))
    male = rng.random() < 0.5 and not tail
    born = born or date(rng.randrange(1958, 1990), rng.randrange(1, 13), rng.randrange(1, 29))
    names = {row["name"] for row in branch.rows["members"]}
    name = next(name for name in iter(lambda: people.name(rng), "") if name not in names)
    return branch.add(
        "members",
        member_no=f"{branch.code}{number:03d}",
        name=values.pop("name", name),
        id_type=values.pop("id_type", "resident_id"),
        id_no=values.pop("id_no", people.identity(rng, born, male, tail)),
        sex="male" if male else "female",
        birth_date=born,
        group=GROUPS[number % len(GROUPS)],
        post=values.pop("post", rng.choice(("科员", "主任科员", "副主任科员"))),
        officer=values.pop("officer", False),
        employment=values.pop("employment", "permanent"),
        status=values.pop("status", "active"),
        joined_on=values.pop("joined_on", date(rng.randrange(2009, 2015), rng.randrange(1, 13), rng.randrange(1, 29))),
        wage_base=rng.randrange(2_600_00, 7_900_00, 10),
        wage_in_base=values.pop("wage_in_base", True),
        phone=people.phone(rng),
        bank_card=people.card(rng, rng.choice((16, 19))),
        **values,
    )


def stories(branch: Branch) -> None:
    """People to whom something happens that a careless rule takes for a fault."""
    roles, old = branch.roles, date(1951, 3, 8)
    roles["pensioner"] = person(branch, old, status="retired", post="")
    roles["model_worker"] = person(branch, date(1946, 10, 2), status="retired", post="")
    roles["retired_in_july"] = person(branch, date(1955, 7, 30), status="retired", left_on=day(7, 31))
    roles["retained"] = person(branch, status="retained")
    roles["moved_out"] = person(branch, status="transferred", left_on=day(5, 20))
    roles["left"] = person(branch, status="left", left_on=day(3, 31))
    roles["deceased"] = person(branch, status="deceased", left_on=day(9, 14))
    roles["moved_in"] = person(branch, date(1975, 4, 2), joined_on=date(2003, 5, 6), moved_in_on=day(4, 12))
    roles["joined_in_june"] = person(branch, date(1992, 2, 3), joined_on=day(6, 3))
    roles["joined_in_december"] = person(branch, date(1991, 2, 3), joined_on=day(12, 9))
    roles["youngest"] = person(branch, date(1994, 3, 15), joined_on=date(2010, 3, 15))
    roles["oldest"] = person(branch, date(1950, 6, 1))
    roles["passport"] = person(
        branch, name=people.foreign_name(branch.rng), id_type="passport", id_no=f"E{branch.rng.randrange(10**7, 10**8)}"
    )
    roles["hong_kong"] = person(branch, id_type="hk_macau", id_no=f"H{branch.rng.randrange(10**7, 10**8)}")
    roles["dispatched"] = person(branch, employment="dispatched", benefit_location="here")
    roles["seconded"] = person(branch, employment="seconded", benefit_location="employer", wage_in_base=False)
    roles["zeros"] = person(branch, tail="000")
    roles["no_bank_card"] = person(branch)
    roles["no_bank_card"]["bank_card"] = ""
    twin = person(branch, date(1985, 8, 9))
    roles["twin"] = person(branch, date(1985, 8, 9))
    twin["sex"] = roles["twin"]["sex"] = "male"
    for brother in (twin, roles["twin"]):
        brother["id_no"] = people.identity(branch.rng, date(1985, 8, 9), True)
    roles["namesake"] = person(branch, date(1970, 1, 5))
    person(branch, date(1978, 11, 25), name=roles["namesake"]["name"])
    for role in ("ill", "part_payer", "raised", "late_payer", "parent_of_twins", "remarried", "hospital_twice", "poor", "monthly_aid"):
        roles[role] = person(branch)
    roles["raised"]["wage_base"] = 4_000 * YUAN
