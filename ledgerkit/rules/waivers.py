"""W rules: about the waivers of the policy themselves. They run last, because they look at what the others found."""

from datetime import date

import pandas as pd

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Everywhere, Flags, RuleSet

rules = RuleSet()


@rules.rule(
    "W001",
    severity=Severity.LOW,
    title="Waiver past its day",
    message="This waiver held until {observed}, and the run is as of {expected}: it waives nothing any more. Have it approved anew with a later day, or remove it from the policy.",
    basis="P",
)
def expired(waivers: Table, as_of: date) -> object:
    """A waiver is an exception for a time. After its day the fault counts again, and somebody has to decide again.

    What to do: if the exception still stands, have it asked for and approved anew and enter the new day under `until`; otherwise remove
    the waiver from the policy file.
    False alarm: none; the policy gives the day, `--as-of` or the cover the run's date.

    as_of 2015-12-31
    | waivers: rule | key      | until      | findings | judged | ! | expected   |
    | A002          | V002     | 2015-12-30 | 1        | yes    | x | 2015-12-31 |
    | A003          | V003     | 2014-12-31 | 0        | no     | x |            |
    | A002          | V001     | 2015-12-31 | 1        | yes    |   |            |
    """
    until = waivers["until"]
    day = Everywhere(as_of.isoformat())
    return Flags(until < pd.Timestamp(as_of), observed=until.dt.strftime("%Y-%m-%d"), expected=day)


@rules.rule(
    "W002",
    severity=Severity.LOW,
    title="Waiver that matches nothing",
    message="{observed} has no finding with this key, so this waiver waives nothing. Compare key, branch and column with the finding, or remove the waiver from the policy.",
    basis="P",
)
def matches_nothing(waivers: Table, as_of: date) -> object:
    """A waiver whose fault is not there is a slip of the pen, or the fault was corrected; left in the policy it would hide a new one.

    Where the rule did not look at all of the books, where the branch is not in the run, or where a file, a sheet or a row of it could
    not be used, nothing can be said of the waiver.

    What to do: compare its rule, key, branch and column with the list of findings (`--format json` has the key of each). If the fault
    was corrected, remove the waiver from the policy file.
    False alarm: books of which only a part was given to the run.

    as_of 2015-12-31
    | waivers: rule | key      | until      | findings | judged | ! |
    | A002          | V009     | 2016-06-30 | 0        | yes    | x |
    | A002          | V001     | 2016-06-30 | 1        | yes    |   |
    | A003          | V003     | 2016-06-30 | 0        | no     |   |
    | A002          | V008     | 2015-06-30 | 0        | yes    |   |
    """
    idle = waivers["judged"] & (waivers["findings"] == 0) & (waivers["until"] >= pd.Timestamp(as_of))
    return Flags(idle, observed=waivers["rule"])
