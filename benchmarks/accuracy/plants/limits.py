"""Rules that only speak where a policy sets the limit: each plant runs under a policy of its own."""

from books import relief
from branch import YUAN, Branch
from year import after, day
from year import at as moment

from plants import IN_ORDER, Mark, at, plant
from plants.activities import PERSON
from plants.relief import WHO
from plants.scene import activity, aid, everyone, newcomer, signed

LOW_ALLOWANCE = '[aid]\nminimum_living = "600.00"\n'
FESTIVAL_CAP = '[caps.year]\nfestival = "1000.00"\n'
PRIZE = "[rules.V006]\nprize_yuan = 300\n"
CURE = "[rules.V022]\ndays = 2\nyuan_a_day = 400\n"
SHARE_OF_SPENDING = "[rules.B012]\npercent_of_spending = 40\n"


@plant("A015", "just", "far", "at", policy=LOW_ALLOWANCE)
def above_months_of_allowance(branch: Branch, shape: str) -> Mark:
    """Twelve months of the allowance for deep hardship, ten otherwise."""
    amount = {"at": 720_000, "just": 720_001, "far": 1_500_000}[shape]
    return at(aid(branch, "living", amount, day(6, 12), hardship="deep"), "amount", *WHO)


@plant("A015", "just", "at", policy=LOW_ALLOWANCE)
def above_ten_months(branch: Branch, shape: str) -> Mark:
    return at(aid(branch, "living", 600_000 + (shape == "just"), day(6, 12)), "amount", *WHO)


@plant("A017", "just", "far", "at", policy=FESTIVAL_CAP, places=IN_ORDER)
def above_festival_cap(branch: Branch, shape: str) -> Mark:
    member = newcomer(branch)
    rows = []
    for reason, on, amount in (
        ("端午节", day(6, 16), 60_000),
        ("国庆节", day(9, 28), {"at": 40_000, "just": 40_001, "far": 90_000}[shape]),
    ):
        row = aid(branch, "festival", amount, on, member, reason=f"{reason}慰问", approved_on=after(on, -4))
        rows.append(relief.in_kind(row, "节日物资"))
    return at(rows[-1], "amount", *WHO)


@plant("V006", "just", "far", "at", policy=PRIZE)
def dear_prize(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "sports", day(8, 12), 2_000)
    row = signed(branch, event, everyone(branch)[5:13])[4]
    row.update(award="一等奖", award_form="prize", award_amount={"at": 300_00, "just": 300_01, "far": 900_00}[shape])
    event["winners"] = 1
    return at(row, "award_amount", *PERSON)


@plant("V022", "just", "far", "at", policy=CURE)
def long_cure(branch: Branch, shape: str) -> Mark:
    last = {"at": 13, "just": 14, "far": 18}[shape]
    event = activity(
        branch, "recuperation", day(8, 12), 600, ends_at=moment(day(8, last), 17), present=10, insured=True, budget_code="50104"
    )
    return at(event, "ends_at", "starts_at", "category")


@plant("V022", "just", "far", "at", policy=CURE)
def dear_cure(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "recuperation", day(8, 12), 0, ends_at=moment(day(8, 13), 17), present=10, insured=True, budget_code="50104")
    cost = {"at": 8_000 * YUAN, "just": 8_000 * YUAN + 100, "far": 20_000 * YUAN}[shape]
    event.update(
        actual_cost=cost, budgeted=cost, paid_on=day(8, 24), approved_by=branch.officer("chair"), handled_by=branch.officer("organizer")
    )
    event["expected"] = 10
    return at(event, "actual_cost", "present", "category")


@plant("V022", "far", "at")
def uninsured_cure(branch: Branch, shape: str) -> Mark:
    event = activity(branch, "recuperation", day(8, 12), 600, present=10, insured=shape == "at", budget_code="50104")
    return at(event, "insured", "category")


@plant("B012", "far", "at", policy=SHARE_OF_SPENDING, places=("any",))
def mostly_gifts(branch: Branch, shape: str) -> Mark:
    rows = list(branch.find("relief", category="festival"))
    for row in rows:
        row["amount"] = row.money("amount") * (20 if shape == "far" else 1)
        if shape == "far":
            row["minutes_no"] = "机工纪要〔2015〕9号"
    return Mark()
