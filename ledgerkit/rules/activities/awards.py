"""V rules on awards: how many, how much, in what form, and who won them."""

from math import comb

import numpy as np
import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.money import MINOR
from ledgerkit.model.table import Table, alike, filled, stands_in
from ledgerkit.rules.activities.signing import ACTIVITY, MEMBER, by_person, came
from ledgerkit.rules.base import Everywhere, Flags, RuleSet, money_text

rules = RuleSet()

# Awards that cost something; a certificate of honour does not.
PRIZES = ("prize", "cash")
COSTLY = (*PRIZES, "souvenir")
# Into how many parts the prize money is divided when sums are counted.
STEPS = 2000


@rules.rule(
    "V004",
    severity=Severity.HIGH,
    title="More awards than people",
    message="“{column}” is {observed}, but awards were handed to {expected}. Find out who received them, and take back what nobody did.",
    basis="S30",
    needs={"activities": ("present",), "attendance": ("activity_no", "status")},
)
def more_awards_than_people(activities: Table, attendance: Table) -> object:
    """What is handed out goes to those who took part: prizes, and souvenirs, are each no more than the people present, or the works entered.

    Only activities with a sign-in list are compared; certificates are not counted. Meals are not in these ledgers.

    What to do: compare with the signed list of those who received; spare items go back to the stock, with a record.
    False alarm: helpers who received a souvenir and did not sign in.

    | activities: activity_no | present | entries | ! | expected |
    | A1                      | #2      |         |   |          |
    | A2                      | #1      |         | x | 2        |
    | A3                      | #1      | #3      |   |          |
    | A4                      | #1      |         |   |          |

    | attendance: activity_no | member_no | status  | award  | award_form |
    | A1                      | M001      | present | 一等奖 | prize      |
    | A1                      | M002      | present | 纪念   | souvenir   |
    | A1                      | M001      | present | 纪念   | souvenir   |
    | A2                      | M001      | present | 一等奖 | prize      |
    | A2                      | M002      | present | 二等奖 | cash       |
    | A3                      | M001      | entered | 一等奖 | prize      |
    | A3                      | M002      | entered | 二等奖 | prize      |
    | A4                      | M001      | present | 先进   | honour     |
    | A4                      | M002      | present | 先进   | honour     |
    """
    kind = attendance["award_form"].where(~attendance.says("award_form", *PRIZES), "prize")
    won = attendance.frame[ACTIVITY].assign(kind=kind)[kind.isin(COSTLY)]
    if won.empty:
        return activities.none()
    most = won.groupby([*ACTIVITY, "kind"]).size().groupby(level=[0, 1]).max().rename("most")
    awards = activities.frame[ACTIVITY].join(most, on=ACTIVITY)["most"].astype("Int64")
    works = activities["entries"].notna()
    base = activities["entries"].where(works, activities["present"]).where(~activities.unreadable("entries"))
    over, expected = awards > base, awards.astype("str")
    return Flags(over & works, expected=expected, column="entries"), Flags(over & ~works, expected=expected, column="present")


@rules.also("V004", needs={"attendance": ("status", "award_form")})
def absent_but_awarded(attendance: Table) -> object:
    """A prize or souvenir for someone whom the list itself marks as on leave or absent; who only sent in a work is “entered”.

    | attendance: activity_no | member_no | status  | award  | award_form | ! |
    | A1                      | M001      | leave   | 一等奖 | prize      | x |
    | A1                      | M002      | absent  | 纪念   | souvenir   | x |
    | A1                      | M003      | entered | 二等奖 | prize      |   |
    | A1                      | M004      | absent  | 先进   | honour     |   |
    | A1                      | M005      | leave   |        |            |   |
    """
    away = attendance.says("status", "leave", "absent") & attendance.says("award_form", *COSTLY)
    return Flags(away, expected=Everywhere("1"), column="status")


@rules.rule(
    "V005",
    severity=Severity.HIGH,
    title="More winners than two thirds",
    message="{observed} winners; of those who took part, two thirds are {expected}. Correct the figures, or explain who was awarded what.",
    basis="P",
    flags="winners",
    needs={"activities": ("winners", "present")},
)
def too_many_winners(activities: Table) -> object:
    """Prizes go to at most two thirds of those who took part: of the works entered where they are filled in, else of those present.

    `winners` counts prizes in goods or money; certificates of honour are not counted in it.

    What to do: correct the figures; if they are right, the competition was a way of handing out gifts and needs an explanation.
    False alarm: team prizes counted by head; certificates of honour counted as prizes.

    | activities: activity_no | present | entries | winners | ! | expected |
    | A1                      | #30     |         | #20     |   |          |
    | A2                      | #30     |         | #21     | x | 20       |
    | A3                      | #30     | #12     | #9      | x | 8        |
    | A4                      | #5      | #79     | #20     |   |          |
    | A5                      | #20     |         |         |   |          |
    | A6                      |         |         | #9      |   |          |
    """
    entries, present, winners = activities["entries"], activities["present"], activities["winners"]
    base = entries.where(entries.notna() | activities.unreadable("entries"), present)
    return Flags(3 * winners > 2 * base, expected=(2 * base // 3).astype("str"))


@rules.rule(
    "V006",
    severity=Severity.HIGH,
    title="Prize over the limit",
    message="The prize of {observed} is over the limit of {expected}: {amount} too much. Explain it, or recover the difference.",
    basis="S23",
    flags="award_amount",
    needs={"attendance": ("award_form", "award_amount")},
)
def prize_over_limit(attendance: Table, *, prize_yuan: int | None = None) -> object:
    """Provinces limit what one prize may cost. There is no national figure: set `prize_yuan` to your own province's, else this rule is not run.

    What to do: compare with the plan's list of prizes.
    False alarm: a team's prize entered with one of its members; a contest of a higher level with limits of its own.

    prize_yuan = 300

    | attendance: activity_no | member_no | award_form | award_amount | ! | expected |
    | A1                      | M001      | prize      | #300         |   |          |
    | A1                      | M002      | prize      | #300.01      | x | 300.00   |
    | A1                      | M003      | cash       | #400         | x | 300.00   |
    | A1                      | M004      | souvenir   | #400         |   |          |
    """
    assert prize_yuan is not None
    return _over(attendance, PRIZES, prize_yuan)


def _over(attendance: Table, forms: tuple[str, ...], yuan: int) -> Flags:
    excess = attendance["award_amount"] - yuan * MINOR
    limit = Everywhere(f"{yuan}.00")
    return Flags(attendance.says("award_form", *forms) & (excess > 0), expected=limit, amount=excess, column="award_amount")


@rules.rule(
    "V007",
    severity=Severity.MEDIUM,
    title="Prize paid in cash",
    message="{amount} was paid as prize money; prizes are goods. Hand out goods, or note the local rule that allows prize money.",
    basis="S19",
    flags="award_form",
    needs={"attendance": ("award_form", "award_amount")},
)
def prize_in_cash(attendance: Table) -> object:
    """Prizes of staff activities are goods; money for taking part is pay by another name.

    What to do: hand out goods next time; note the rule where prize money is allowed.
    False alarm: provinces that allow prize money; put V007 under `ignore` in the policy there.

    | attendance: activity_no | member_no | award  | award_form | award_amount | ! |
    | A1                      | M001      | 一等奖 | cash       | #200         | x |
    | A1                      | M002      | 二等奖 | prize      | #200         |   |
    | A1                      | M003      | 三等奖 | cash       | #0           |   |
    """
    return attendance.says("award_form", "cash") & (attendance["award_amount"] > 0)


@rules.rule(
    "V008",
    severity=Severity.MEDIUM,
    title="Souvenirs beyond the usual",
    message="“{column}” is {observed} ({expected} at most; in the year so far: {count}). A winner gets no souvenir, others a small one and seldom.",
    basis="S23",
    needs={"attendance": ("award_form", "award_amount")},
)
def too_many_souvenirs(attendance: Table, *, souvenir_yuan: int = 100, a_year: int = 2) -> object:
    """A souvenir is for those who won nothing, costs at most `souvenir_yuan`, and one person gets `a_year` in a year. Reference values: set your own.

    What to do: compare with the plan; leave the winners out of the souvenirs.
    False alarm: provinces with other limits.

    | attendance: activity_no | member_no | signed_at        | award  | award_form | award_amount | ! |
    | A1                      | M001      | 2015-03-01T09:00 | 一等奖 | prize      | #200         |   |
    | A1                      | M001      | 2015-03-01T09:00 | 纪念品 | souvenir   | #50          | x |
    | A1                      | M002      | 2015-03-01T09:00 | 纪念品 | souvenir   | #100         |   |
    | A1                      | M003      | 2015-03-01T09:00 | 纪念品 | souvenir   | #100.01      | x |
    | A2                      | M002      | 2015-04-01T09:00 | 纪念品 | souvenir   | #50          |   |
    | A3                      | M002      | 2015-05-01T09:00 | 纪念品 | souvenir   | #50          | x |
    """
    souvenir = attendance.says("award_form", "souvenir")
    if not souvenir.any():
        return attendance.none()
    named = by_person(attendance).frame[attendance.says("award_form", *COSTLY) & filled(by_person(attendance), "person")]
    won = named["award_form"].isin(PRIZES).groupby([named[column] for column in (*ACTIVITY, "person")]).transform("any")
    in_order = named[named["award_form"] == "souvenir"].sort_values(["signed_at", "_src", "_row"], kind="stable")
    so_far = (in_order.groupby(["branch", "person"]).cumcount() + 1).reindex(souvenir.index).astype("Int64")
    winner = souvenir & won.reindex(souvenir.index, fill_value=False)
    often, count = souvenir & ~winner & (so_far > a_year), so_far.fillna(1)
    costly = _over(attendance, ("souvenir",), souvenir_yuan)
    none, most = (Everywhere(text) for text in ("0", str(a_year)))
    return (
        Flags(winner, expected=none, count=count, column="award_form"),
        Flags(often, expected=most, count=count, column="award_form"),
        Flags(costly.mask, expected=costly.expected, amount=costly.amount, count=count, column="award_amount"),
    )


@rules.rule(
    "V009",
    severity=Severity.HIGH,
    title="Officers win the prizes",
    message="Officers won {observed} of the prize money; by their number among those present it would be {expected}. Ask how the winners were found.",
    basis="S20",
    flags="winners",
    needs={"activities": ("activity_no",), "attendance": ("award_form", "award_amount"), "members": ("member_no",)},
)
def officers_win(
    activities: Table,
    attendance: Table,
    members: Table,
    *,
    times: int = 2,
    fewest_winners: int = 5,
    fewest_officers: int = 2,
    chance_percent: int = 1,
) -> object:
    """In an invented contest most of the leaders were among the winners. Officers are those whom the roster marks as leaders or union officers.

    Flagged where officers have more than `times` their share of the prizes in money, there are `fewest_winners` winners, `fewest_officers` of
    them officers, and drawing the prizes by lot among those present would give officers so much in `chance_percent` of a hundred cases at most.

    What to do: ask for the results of the contest and for those who judged it.
    False alarm: contests with few people, or one officer who won, are not flagged; a contest for officers only has no others to win.

    fewest_winners = 2
    chance_percent = 10

    | activities: activity_no | title | ! |
    | A1                      | 登山  | x |
    | A2                      | 棋赛  |   |

    | attendance: activity_no | member_no | status  | award  | award_form | award_amount |
    | A1                      | M001      | present | 一等奖 | prize      | #300         |
    | A1                      | M002      | present | 二等奖 | prize      | #200         |
    | A1                      | M003      | present |        |            |              |
    | A1                      | M004      | present |        |            |              |
    | A1                      | M005      | present |        |            |              |
    | A2                      | M001      | present |        |            |              |
    | A2                      | M002      | present | 二等奖 | prize      | #100         |
    | A2                      | M003      | present | 一等奖 | prize      | #200         |
    | A2                      | M004      | present |        |            |              |

    | members: member_no | name | officer |
    | M001               | 甲   | yes     |
    | M002               | 乙   | yes     |
    | M003               | 丙   | no      |
    | M004               | 丁   |         |
    | M005               | 戊   |         |
    """
    people, prize = came(attendance) & ~attendance.says("member_no", ""), attendance.says("award_form", *PRIZES)
    officer = stands_in(attendance, members.where(members["officer"].fillna(False)), *MEMBER)
    if not (people & prize & officer).any():
        return activities.none()
    of_list = alike(attendance, *ACTIVITY)
    heads = _heads(attendance, people & of_list.isin(of_list[people & prize & officer]), prize, officer)
    sums = heads.groupby(ACTIVITY).agg(
        people=("won", "size"),
        officers=("officer", "sum"),
        won=("won", "sum"),
        officer_won=("officer_won", "sum"),
        money=("money", "sum"),
        officer_money=("officer_money", "sum"),
    )
    sums = sums[(sums["won"] >= fewest_winners) & (sums["officer_won"] >= fewest_officers)]
    sums = sums[sums["officer_money"] * sums["people"] > times * sums["officers"] * sums["money"]]
    prizes = heads[heads["won"]].groupby(ACTIVITY)["money"].agg(list)
    rare = [
        _by_lot(prizes[key], int(one["people"]), int(one["officers"]), int(one["officer_money"])) * 100 <= chance_percent
        for key, one in sums.iterrows()
    ]
    at = activities.frame[ACTIVITY].join(sums[pd.Series(rare, index=sums.index, dtype=bool)], on=ACTIVITY)
    first = at["won"].notna() & ~at.duplicated(ACTIVITY)
    fair = (at["money"] * at["officers"] // at["people"].where(at["people"] > 0)).astype("Int64")
    taken = at["officer_money"].astype("Int64")
    return Flags(first, observed=money_text(taken), expected=money_text(fair), amount=taken)


def _heads(attendance: Table, mask: "pd.Series[bool]", prize: "pd.Series[bool]", officer: "pd.Series[bool]") -> pd.DataFrame:
    """The people of some rows, a person of an activity each: whether they are officers, whether they won, the money."""
    rows = attendance.frame[mask]
    rows = rows[[*ACTIVITY, "member_no"]].assign(won=prize, officer=officer, money=rows["award_amount"].where(prize, 0).fillna(0))
    heads = rows.groupby([*ACTIVITY, "member_no"], as_index=False).agg(
        won=("won", "any"), officer=("officer", "any"), money=("money", "sum")
    )
    return heads.assign(officer_won=heads["officer"] & heads["won"], officer_money=heads["money"].where(heads["officer"], 0))


def _by_lot(prizes: list[int], people: int, officers: int, taken: int) -> float:
    """How probable it is that officers take so much or more if the prizes are drawn by lot among the people, each winning one at most.

    Counted over all choices of the prizes that officers take, by their number and sum, the sums in two thousandths of the whole.
    """
    unit = max(sum(prizes) // STEPS, 1)
    ways = np.zeros((len(prizes) + 1, sum(prize // unit for prize in prizes) + 1))
    ways[0, 0] = 1
    for prize in prizes:
        step = prize // unit
        ways[1:, step:] = ways[1:, step:] + ways[:-1, : ways.shape[1] - step]
    # Each prize lost less than a step when it was divided.
    so_much = ways[:, max(taken // unit - (len(prizes) if unit > 1 else 0), 0) :].sum(axis=1)
    others, draws = people - len(prizes), comb(people, officers)
    return float(sum(so_much[won] * (comb(others, officers - won) / draws) for won in range(min(officers, len(prizes)) + 1)))
