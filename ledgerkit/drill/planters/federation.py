"""O: the register of branches."""

import pandas as pd

from ledgerkit.drill.copies import Copy
from ledgerkit.drill.plant import PlantSet, Row
from ledgerkit.drill.planters.scene import NEW

plants = PlantSet()


def active(branches: pd.DataFrame) -> "pd.Series[bool]":
    """Mask of the branches that are neither merged nor dissolved."""
    return branches["status"] == "active"


@plants.plant("O001")
def entered_again(copy: Copy) -> Row:
    """A branch's row entered once more."""
    return copy.add(copy.one("branches"))


@plants.plant("O001")
def under_another_code(copy: Copy) -> Row:
    """A branch's row entered once more under another code."""
    return copy.add(copy.one("branches", lambda branches: active(branches) & (branches["name"] != "")), branch_code=NEW)


@plants.plant("O002")
def a_day_over(copy: Copy) -> Row:
    """Elected so long ago that the term ended the day before the run's date."""
    row = copy.one("branches", lambda branches: active(branches) & (branches["term_years"] > 0))
    ended = pd.Timestamp(copy.as_of) - pd.Timedelta(days=1)
    return copy.fill(copy.set(row, elected_on=ended - pd.DateOffset(years=int(row["term_years"]))), extended_to=None)


@plants.plant("O003")
def nobody_audits(copy: Copy) -> Row:
    """No head of the audit committee."""
    return copy.set(copy.one("branches", lambda branches: active(branches) & (branches["audit_chair"] != "")), audit_chair=None)


@plants.plant("O003")
def chair_keeps_the_money(copy: Copy) -> Row:
    """The chair entered as cashier."""
    row = copy.one("branches", lambda branches: active(branches) & (branches["chair"] != ""))
    return copy.set(row, cashier=row["chair"])


@plants.plant("O004")
def employers_account(copy: Copy) -> Row:
    """The account held in the employer's name."""
    row = copy.one(
        "branches", lambda branches: active(branches) & (branches["employer"] != "") & (branches["employer"] != branches["name"])
    )
    return copy.set(row, account_name=row["employer"])
