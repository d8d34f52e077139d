"""M and O: the roster and the register."""

from datetime import date, timedelta

import people
from books import dues
from branch import Branch, Row
from year import day

from plants import IN_ORDER, Mark, at, plant
from plants.scene import aid, month_of, newcomer

BORN = date(1983, 5, 17)


def alike(branch: Branch, first: Row, **values: object) -> Row:
    """A second member with the first one's identity, who joined later."""
    born = first["birth_date"]
    assert isinstance(born, date)
    later = {"joined_on": first.day("joined_on") + timedelta(days=9)}
    twin = newcomer(branch, born, id_no=first["id_no"], **{**later, **values})
    twin["sex"] = first["sex"]
    return twin


@plant("M001", "just", "far", "at", places=IN_ORDER)
def same_identity(branch: Branch, shape: str) -> Mark:
    if shape == "at":
        first = newcomer(branch, BORN, status="left", left_on=day(3, 31))
        return at(alike(branch, first, name=first["name"], joined_on=day(6, 1)), "id_no")
    first = newcomer(branch, BORN)
    return at(alike(branch, first, **({"name": first["name"]} if shape == "just" else {})), "id_no")


@plant("M002", "far", "at", two=True, places=("any", "last"))
def in_two_branches(branch: Branch, other: Branch, shape: str) -> Mark:
    moved = {"status": "transferred", "left_on": day(6, 16)} if shape == "at" else {}
    first = newcomer(branch, BORN, **moved)
    second = alike(other, first, name=first["name"], **({"moved_in_on": day(6, 16)} if shape == "at" else {}))
    return Mark((first, second), ("id_no",))


@plant("M003", "far", "at", places=IN_ORDER)
def same_name_and_birth(branch: Branch, shape: str) -> Mark:
    first = newcomer(branch, BORN)
    second = newcomer(branch, BORN + timedelta(days=shape == "at"), name=first["name"])
    return Mark((first, second), ("id_no", "name", "birth_date"))


@plant("M003", "at", places=("any",))
def twins(branch: Branch, shape: str) -> Mark:
    newcomer(branch, BORN)
    return at(newcomer(branch, BORN), "id_no")


@plant("M004", "just", "at")
def retired_pays(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, date(1955, 7, 20), status="retired", left_on=day(7, 20))
    if shape == "at":
        return at(month_of(branch, member, 7), "period", "paid", "member_no")
    return at(dues.pay(branch, member, 9), "period", "paid", "member_no")


@plant("M004", "far")
def retained_pays(branch: Branch, shape: str) -> list[Mark]:
    member = newcomer(branch, status="retained")
    return [at(dues.pay(branch, member, number), "period", "paid", "member_no") for number in (3, 4)]


@plant("M005", "just", "far", "at")
def absent_from_dues(branch: Branch, shape: str) -> Mark:
    joined = {"at": day(12, 4), "just": day(10, 8), "far": date(2009, 3, 2)}[shape]
    return at(newcomer(branch, pays=False, joined_on=joined), "member_no")


@plant("M005", "far", places=("any", "first", "last", "after blanks", "second file", "wide"))
def absent_from_roster(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, pays=False)
    branch.drop(member)
    branch.rows["branches"][0]["members"] = int(str(branch.rows["branches"][0]["members"])) - 1
    return at(dues.pay(branch, member, 12), "member_no")


@plant("M006", "just", "far", "at")
def too_young(branch: Branch, shape: str) -> Mark:
    born = {"at": date(1994, 3, 15), "just": date(1994, 3, 16), "far": date(2002, 3, 15)}[shape]
    return at(newcomer(branch, born, joined_on=date(2010, 3, 15)), "joined_on", "birth_date")


@plant("M006", "just", "far", "at")
def too_old(branch: Branch, shape: str) -> Mark:
    born = {"at": date(1950, 1, 2), "just": date(1949, 12, 30), "far": date(1935, 1, 2)}[shape]
    return at(newcomer(branch, born, joined_on=date(1980, 3, 1)), "birth_date", "status")


@plant("M006", "just", "far")
def left_before_joining(branch: Branch, shape: str) -> Mark:
    left = date(2014, 9, 1) - timedelta(days=1 if shape == "just" else 900)
    return at(newcomer(branch, pays=False, status="left", joined_on=date(2014, 9, 1), left_on=left), "left_on", "joined_on", "moved_in_on")


@plant("M007", "just", "far", "at")
def benefits_nowhere(branch: Branch, shape: str) -> Mark:
    employment = "dispatched" if shape == "far" else "seconded"
    place = "employer" if shape == "at" else ""
    return at(newcomer(branch, employment=employment, benefit_location=place), "benefit_location")


@plant("M008", "just", "far", "at")
def other_name_in_dues(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch, name="阿依古丽·买买提")
    row = month_of(branch, member, 4)
    row["name"] = {"at": "阿依古丽 • 买买提", "just": "阿依古力·买买提", "far": "赵铁柱"}[shape]
    return at(row, "name", "member_no")


@plant("M008", "far")
def other_name_in_relief(branch: Branch, shape: str) -> Mark:
    return at(aid(branch, "warmth", 50_000, day(5, 8), beneficiary="赵铁柱"), "beneficiary", "member_no")


@plant("M008", "just", "far", "at")
def other_identity_in_relief(branch: Branch, shape: str) -> Mark:
    row = aid(branch, "living", 50_000, day(5, 8))
    number = branch.plain[0].text("id_no")
    row["id_no"] = number.lower() if shape == "at" else people.identity(branch.rng, date(1980, 2, 3), True)
    return at(row, "id_no", "member_no")


@plant("M008", "far")
def other_name_in_attendance(branch: Branch, shape: str) -> Mark:
    row = next(row for row in branch.rows["attendance"] if row["status"] == "present" and "member_no" in row)
    row.update(name="赵铁柱", signed_by="赵铁柱")
    return at(row, "name", "member_no")


def second_line(branch: Branch) -> Row:
    """A subordinate union's line in the register."""
    line = branch.rows["branches"][0]
    code = branch.code + "9"
    more = {"branch_code": code, "name": branch.name + "第九分会", "account_name": branch.name + "第九分会", "parent_code": branch.code}
    row = branch.copy(line, **more)
    row.update(uscc=people.credit_code(branch.rng), bank_account=people.card(branch.rng), members=0, employees=0)
    return row


@plant("O001", "just", "far", places=("any", "after blanks"))
def registered_twice(branch: Branch, shape: str) -> Mark:
    line, row = branch.rows["branches"][0], second_line(branch)
    key = "bank_account" if shape == "just" else "name"
    row[key] = line[key]
    return Mark((line, row), (key,))


@plant("O002", "just", "far", "at", places=("any", "after blanks"))
def term_over(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    elected = {"at": date(2012, 12, 31), "just": date(2012, 12, 30), "far": date(2008, 6, 1)}[shape]
    line.update(elected_on=elected, extended_to="")
    return at(line, "elected_on", "term_years", "extended_to")


@plant("O002", "at", places=("any",))
def term_extended(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    line.update(elected_on=date(2010, 12, 30), term_years=5, extended_to=day(12, 31))
    return at(line, "elected_on")


@plant("O003", "just", "far", places=("any", "after blanks"))
def one_person_two_offices(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    if shape == "just":
        line["cashier"] = line["chair"]
        return at(line, "chair", "cashier", "treasurer", "audit_chair")
    line["audit_chair"] = ""
    return at(line, "audit_chair")


@plant("O004", "far", places=("any", "after blanks"))
def employers_account(branch: Branch, shape: str) -> Mark:
    line = branch.rows["branches"][0]
    line["account_name"] = line["employer"]
    return at(line, "account_name", "bank_account")
