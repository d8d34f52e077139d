"""The branch's own line in the register of unions."""

from datetime import date

import people
from branch import Branch
from year import END


def fill(branch: Branch) -> None:
    """Elected within its term, or with an approved extension; every office with another person; an account in the union's name."""
    rng = branch.rng
    extended = rng.random() < 0.3
    branch.add(
        "branches",
        branch_code=branch.code,
        name=branch.name,
        status="active",
        uscc=people.credit_code(rng),
        employer=f"某市第{branch.code}单位",
        employer_uscc=people.credit_code(rng, "11"),
        employees=len(branch.rows["members"]) + 3,
        members=len(branch.members_on(END)),
        elected_on=date(2012, 6, 8) if extended else date(2013, 1, 1),
        term_years=3,
        extended_to=date(2016, 6, 30) if extended else "",
        election_no="市总组〔2013〕5号",
        chair=branch.officer("chair"),
        audit_chair=branch.officer("audit_chair"),
        treasurer=branch.officer("treasurer"),
        cashier=branch.officer("organizer"),
        account_name=branch.name,
        bank_account=people.card(rng),
        phone="0510-86801234",
    )
