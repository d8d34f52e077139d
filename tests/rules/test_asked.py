"""What a rule finds when it is asked for with those that silence it is what it finds in a run of every rule."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from books import asked

from ledgerkit import audit
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.run import run_rules

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize("sample", ["branch-2015-zh", "faults-2015"])
def test_a_rule_with_those_that_silence_it_finds_what_it_finds_among_all(sample: str) -> None:
    run = audit.read([SAMPLES / sample / "books"], audit.Options(year=2015))
    subject = audit.subject(run, audit.reckoned(run))
    whole, _ = run_rules(catalogue(), subject)
    fired = sorted({finding.rule for finding in whole})
    assert len(fired) > 5
    for code in fired:
        alone, _ = run_rules(catalogue(), subject, asked(code))
        assert [finding for finding in alone if finding.rule == code] == [finding for finding in whole if finding.rule == code]
