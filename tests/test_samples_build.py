"""The samples: books are what their texts say, and the texts' own arithmetic holds, worked out here without ledgerkit."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

SAMPLES = Path(__file__).parents[1] / "samples"
FEN = Decimal("0.01")
Row = dict[str, str]
Books = dict[str, list[Row]]
# Planted on purpose (faults.md): budget code → booked less ledgers; lines over what is available; the code that is no line.
NOT_AS_BOOKED = {"50205": Decimal("300.00")}
OVER = {"50102": Decimal("36.50")}
NO_LINE = ["50206"]


@pytest.fixture(scope="module", params=["branch-2015-zh", "branch-2015-en"])
def books(request: pytest.FixtureRequest) -> Books:
    return {path.stem: read(path) for path in (SAMPLES / request.param / "source").glob("*.txt")}


def read(path: Path) -> list[Row]:
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in path.read_text("utf-8").splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def money(row: Row, key: str) -> Decimal:
    return Decimal(row.get(key) or "0")


def total(rows: Iterable[Row], key: str) -> Decimal:
    return sum((money(row, key) for row in rows), Decimal(0))


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def is_parent(line: Row, lines: list[Row]) -> bool:
    return any(other["code"] != line["code"] and other["code"].startswith(line["code"]) for other in lines)


def leaves(lines: list[Row], direction: str) -> list[Row]:
    return [line for line in lines if line["direction"] == direction and not is_parent(line, lines)]


def actual(books: Books, code: str) -> Decimal:
    if code == "401":
        return total(books["dues"], "paid")
    if code == "402":
        return total(books["remittance"], "retained")
    own = [row for row in books["expenses"] if not row["activity_no"]]
    spent = ((books["relief"], "amount"), (books["activities"], "actual_cost"), (own, "amount"))
    return sum((total((row for row in rows if row["budget_code"] == code), key) for rows, key in spent), Decimal(0))


def test_every_cell_of_faults_md_is_listed_once() -> None:
    for path in SAMPLES.glob("*/faults.md"):
        rows = [
            [cell.strip() for cell in line.strip(" |").split(" | ")]
            for line in path.read_text("utf-8").splitlines()
            if line.startswith("| ")
        ][2:]
        assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
        assert all((path.parent / "books" / row[1]).exists() for row in rows)


def test_numbers_of_people_and_accounts_have_their_check_characters(books: Books) -> None:
    for member in books["members"]:
        number = member["id_no"]
        assert number[17] == ric.calc_check_digit(number)
        assert member["birth_date"] == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        assert member["sex"] == ("male" if int(number[16]) % 2 else "female")
    cards = [
        row[key] for name, key in (("members", "bank_card"), ("relief", "bank_card"), ("expenses", "bank_account")) for row in books[name]
    ]
    assert all(luhn.is_valid(card) and len(card) == 19 for card in cards if card)
    assert all(uscc.is_valid(books["branches"][0][key]) for key in ("uscc", "employer_uscc"))


def test_keys_are_not_used_twice(books: Books) -> None:
    for ledger, key in (
        ("members", "member_no"),
        ("members", "id_no"),
        ("activities", "activity_no"),
        ("budget", "code"),
        ("expenses", "invoice_no"),
    ):
        assert max(Counter(row[key] for row in books[ledger]).values()) == 1, (ledger, key)
    assert max(Counter((row["member_no"], row["period"]) for row in books["dues"]).values()) == 1


def test_dues_are_half_a_percent_of_the_base_without_its_tail(books: Books) -> None:
    for row in books["dues"]:
        due = fen(money(row, "wage_base") // 10 * 10 * Decimal("0.005"))
        assert money(row, "due") == due == money(row, "paid") + money(row, "waived"), row


def test_remittance_is_two_percent_sixty_to_forty(books: Books) -> None:
    for row in books["remittance"]:
        due = fen(money(row, "payroll") * Decimal("0.02"))
        sent = fen(due * Decimal("0.40"))
        assert [money(row, key) for key in ("due", "remitted", "retained", "received")] == [due, sent, due - sent, due - sent], row


def test_parents_show_the_sum_of_their_children(books: Books) -> None:
    lines = books["budget"]
    parents = [line for line in lines if is_parent(line, lines)]
    assert len(parents) >= 3
    for parent in parents:
        children = [line for line in lines if line["code"] != parent["code"] and line["code"].startswith(parent["code"])]
        for key in ("prior", "approved", "adjustment", "booked"):
            assert money(parent, key) == total(children, key), (parent["code"], key)


@pytest.mark.parametrize("key", ["prior", "approved", "booked"])
def test_opening_and_income_are_spending_and_closing(books: Books, key: str) -> None:
    opening, income, expense, closing = (total(leaves(books["budget"], side), key) for side in ("opening", "income", "expense", "closing"))
    assert opening + income == expense + closing


def test_adjustments_net_to_nothing(books: Books) -> None:
    assert total(leaves(books["budget"], "expense"), "adjustment") == total(leaves(books["budget"], "income"), "adjustment") == 0


def test_booked_is_what_the_ledgers_show_but_for_the_planted_line(books: Books) -> None:
    lines = [line for line in books["budget"] if line["code"] in ("401", "402")] + leaves(books["budget"], "expense")
    apart = {line["code"]: money(line, "booked") - actual(books, line["code"]) for line in lines}
    assert {code: difference for code, difference in apart.items() if difference} == NOT_AS_BOOKED


def test_no_line_is_overspent_but_the_planted_one(books: Books) -> None:
    excess = {
        line["code"]: actual(books, line["code"]) - money(line, "approved") - money(line, "adjustment")
        for line in leaves(books["budget"], "expense")
    }
    assert {code: over for code, over in excess.items() if over > 0} == OVER


def test_all_spending_is_on_a_line_but_the_planted_payment(books: Books) -> None:
    known = {line["code"] for line in leaves(books["budget"], "expense")}
    codes = [row["budget_code"] for name in ("relief", "activities", "expenses") for row in books[name] if row["budget_code"]]
    assert [code for code in codes if code not in known] == NO_LINE


def test_dues_run_from_joining_to_leaving_but_for_the_planted_members(books: Books) -> None:
    paid = {
        number: sorted(row["period"] for row in books["dues"] if row["member_no"] == number)
        for number in {m["member_no"] for m in books["members"]}
    }
    odd = []
    for member in books["members"]:
        first = max("2015-01", member["joined_on"][:7], (member["moved_in_on"] or "")[:7])
        last = member["left_on"][:7] or "2015-12"
        if paid[member["member_no"]] != [month for number in range(1, 13) if first <= (month := f"2015-{number:02d}") <= last]:
            odd.append((member["status"], paid[member["member_no"]]))
    assert odd == [("active", []), ("retired", ["2015-03"])]


def test_attendance_says_what_the_activities_say(books: Books) -> None:
    for activity in books["activities"]:
        rows = [row for row in books["attendance"] if row["activity_no"] == activity["activity_no"]]
        if rows:
            came = [row for row in rows if row["status"] in ("present", "late")]
            entered = [row for row in rows if row["status"] == "entered"]
            winners = [row for row in rows if row["award"]]
            assert (str(len(came or entered)), str(len(winners))) == (
                activity["present"] or activity["entries"],
                activity["winners"] or "0",
            )
            assert 3 * len(winners) <= 2 * len(came or entered)
            assert total(winners, "award_amount") <= money(activity, "actual_cost")
            assert all(row["member_no"] for row in rows)


def test_dates_come_in_order(books: Books) -> None:
    for row in books["relief"]:
        days = [row[key] for key in ("applied_on", "notice_from", "notice_to", "approved_on", "paid_on") if row[key]]
        assert days == sorted(days) and row["event_date"] <= row["paid_on"], row
        assert row["approved_by"] != row["handled_by"]
    for row in books["activities"]:
        days = [row[key] for key in ("starts_at", "ends_at", "documented_on", "paid_on") if row[key]]
        assert days == sorted(days) and row["plan_no"] and row["has_photos"] == "yes", row
        assert money(row, "actual_cost") <= max(money(row, "budgeted"), Decimal(0))
    spent = [row["paid_on"] for name in ("relief", "activities", "expenses") for row in books[name] if row["paid_on"]]
    assert min(spent) > books["budget"][0]["approved_on"]
