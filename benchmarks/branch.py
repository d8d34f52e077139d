"""How long a typical branch takes to reconcile, beside only reading its file and starting pandas three times; whole processes, in turn.

A typical branch: 500 members, 6,000 dues rows, 1,000 relief payments, 130 activities, 3,000 attendances.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from stdnum import luhn
from stdnum.cn import ric

from ledgerkit.ledgers import all_ledgers
from ledgerkit.writing.template import write_template

ROUNDS = 5
MEMBERS, RELIEF, ACTIVITIES, ATTENDED = 500, 1000, 130, 3000
READ = "import python_calamine as c, sys; b = c.CalamineWorkbook.from_path(sys.argv[1]); [b.get_sheet_by_name(n).to_python() for n in b.sheet_names]"
CODE = "B01"
COVER = {"branch_code": CODE, "branch": "典型分会", "year": "2015", "date": "2015-12-31"}
Rows = list[dict[str, str]]


def identity(number: int, region: int = 0) -> str:
    """An invented resident ID with the right check character; its region does not exist."""
    body = f"99{region:04d}19{70 + number % 20:02d}0{1 + number % 9}{10 + number % 18}{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def person(number: int, n: int) -> tuple[str, str]:
    """An invented name and resident ID, as unlike other branches' as real ones are; of age when the books' members joined."""
    chance = random.Random(number * 1000 + n)
    name = "".join(chr(0x4E00 + chance.randrange(4000)) for _ in range(3))
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(12_000))
    body = f"99{number % 10_000:04d}{born:%Y%m%d}{n:03d}"
    return name, body + ric.calc_check_digit(body + "0")


def card(number: int) -> str:
    """An invented bank card with the right check digit."""
    body = f"622202020011{number:06d}"
    return body + luhn.calc_check_digit(body)


def members() -> Rows:
    return [
        {
            "member_no": f"M{n:04d}",
            "name": f"会员{n}",
            "id_no": identity(n),
            "status": "active",
            "joined_on": "2010-01-01",
            "wage_base": f"{3000 + n}.00",
        }
        for n in range(MEMBERS)
    ]


def dues() -> Rows:
    rows = []
    for n in range(MEMBERS):
        due = (3000 + n) // 10 * 5
        paid = f"{due // 100}.{due % 100:02d}"
        for month in range(1, 13):
            row = {"period": f"2015-{month:02d}", "member_no": f"M{n:04d}", "name": f"会员{n}", "wage_base": f"{3000 + n}.00"}
            rows.append({**row, "paid": paid, "paid_on": f"2015-{month:02d}-10"})
    return rows


def relief() -> Rows:
    fixed = {
        "category": "hospital",
        "beneficiary_type": "member",
        "reason": "住院",
        "form": "transfer",
        "amount": "500.00",
        "fund": "union",
    }
    people = {"approved_by": "张三", "handled_by": "李四", "budget_code": "50205"}
    return [
        {
            **fixed,
            **people,
            "bank_card": card(n % MEMBERS),
            "voucher_no": f"V{n:04d}",
            "member_no": f"M{n % MEMBERS:04d}",
            "beneficiary": f"会员{n % MEMBERS}",
            **days(n),
        }
        for n in range(RELIEF)
    ]


def days(n: int) -> dict[str, str]:
    month = 4 + n // MEMBERS * 5
    return {"event_date": f"2015-{month:02d}-02", "approved_on": f"2015-{month:02d}-05", "paid_on": f"2015-{month:02d}-{10 + n % 15}"}


def activities() -> Rows:
    return [
        {
            "activity_no": f"A{n:03d}",
            "title": f"活动{n}",
            "category": "study",
            "starts_at": f"2015-{1 + n % 12:02d}-{10 + n % 15}T14:00",
            "plan_no": f"工〔2015〕{n}号",
            "expected": "25",
            "present": str(ATTENDED // ACTIVITIES + (n < ATTENDED % ACTIVITIES)),
            "budget_code": "50101",
            "actual_cost": "100.00",
        }
        for n in range(ACTIVITIES)
    ]


def attendance() -> Rows:
    return [
        {
            "activity_no": f"A{n % ACTIVITIES:03d}",
            "member_no": f"M{n // ACTIVITIES * 7 % MEMBERS:04d}",
            "name": f"会员{n // ACTIVITIES * 7 % MEMBERS}",
            "status": "present",
        }
        for n in range(ATTENDED)
    ]


def budget() -> Rows:
    paid = sum(int(row["paid"].replace(".", "")) for row in dues())
    figures = (
        ("401", "会费收入", "income", paid),
        ("50101", "职工教育费", "expense", 1_300_000),
        ("50205", "送温暖费", "expense", 50_000_000),
    )
    opening = {"code": "opening", "title": "上年结余", "direction": "opening", "approved": "900000.00"}
    lines = [
        {"code": code, "title": title, "direction": way, "approved": f"{fen / 100:.2f}", "booked": f"{fen / 100:.2f}"}
        for code, title, way, fen in figures
    ]
    return [opening, *lines]


def books() -> dict[str, Rows]:
    """The branch's ledgers."""
    return {
        "members": members(),
        "dues": dues(),
        "relief": relief(),
        "activities": activities(),
        "attendance": attendance(),
        "budget": budget(),
    }


def timed(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return time.perf_counter() - start


def main() -> None:
    """Prints the medians, and the ratio of reconcile to its bound: reading alone + 3 × import pandas."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_template(folder / "books.xlsx", all_ledgers(), "zh", cover=COVER, data=books())
        commands = {
            "reconcile": [sys.executable, "-P", "-m", "ledgerkit", "reconcile", "books.xlsx", "-o", "out.xlsx", "--quiet"],
            "reading alone": [sys.executable, "-c", READ, "books.xlsx"],
            "import pandas": [sys.executable, "-c", "import pandas"],
        }
        rounds = [{what: timed(command, folder) for what, command in commands.items()} for _ in range(ROUNDS + 1)][1:]
    for what in commands:
        print(f"{what}: {statistics.median(r[what] for r in rounds):.2f} s (median of {ROUNDS})")
    ratios = [r["reconcile"] / (r["reading alone"] + 3 * r["import pandas"]) for r in rounds]
    print(f"reconcile ÷ (reading alone + 3 × import pandas): {min(ratios):.2f} … {statistics.median(ratios):.2f} … {max(ratios):.2f}")


if __name__ == "__main__":
    main()
