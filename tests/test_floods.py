"""Floods: a rule that fires on more than the policy's share of a ledger's rows is said once, with the settings to look at; no finding is lost."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from books import write

from ledgerkit import audit, policies
from ledgerkit.audit import Options
from ledgerkit.model.policy import Policy
from ledgerkit.model.report import Report
from ledgerkit.rules.base import Function, Rule
from ledgerkit.rules.examples import example, subject_of
from ledgerkit.rules.floods import Flood
from ledgerkit.rules.packs import catalogue
from ledgerkit.rules.reads import READS, policy_keys
from ledgerkit.rules.run import call
from ledgerkit.writing import wording
from ledgerkit.writing.json import as_json
from ledgerkit.writing.text import as_text

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "report.schema.json").read_text("utf-8"))


def expenses(tmp_path: Path, cash: int, transfers: int, policy: str = "") -> Report:
    """Payments to one supplier each: B019 fires on those in cash."""
    head = "| voucher_no | item | paid_on | budget_code | supplier | amount | form | approved_by | handled_by |"
    rows = [
        f"| E{n} | 球拍{n} | 2015-05-{n % 28 + 1:02}d | 50102 | 体育用品有限公司{n} | #{1100 + 7 * n} | {'cash' if n < cash else 'transfer'} | 周志远 | 孙晓雯 |"
        for n in range(cash + transfers)
    ]
    write(tmp_path / "book.xlsx", {"expenses": "\n".join([head, *rows])})
    (tmp_path / "ledgerkit.toml").write_text(policy, "utf-8")
    return audit.reconcile([tmp_path], Options(year=2015, rules=("B019",)))


@pytest.mark.parametrize(
    ("cash", "transfers", "policy", "flooded"),
    [
        (20, 179, "", True),
        (20, 180, "", False),
        (19, 0, "", False),
        (19, 0, "[floods]\nfewest = 19\n", True),
        (20, 20, '[floods]\nshare = "50%"\n', False),
        (21, 20, '[floods]\nshare = "50%"\n', True),
    ],
)
def test_more_rows_than_the_share_and_no_fewer_than_the_fewest(
    cash: int, transfers: int, policy: str, flooded: bool, tmp_path: Path
) -> None:
    report = expenses(tmp_path, cash, transfers, policy)
    assert [finding.rule for finding in report.findings] == ["B019"] * cash
    assert report.floods == ([Flood("B019", "expenses", cash, cash + transfers)] if flooded else [])


def test_it_is_said_in_text_json_and_both_languages_with_the_settings(tmp_path: Path) -> None:
    report = expenses(tmp_path, 30, 10)
    en = (
        "B019 (Supplier paid in cash above the threshold) fires on 30 of the 40 rows of Expenses, more than 10% (policy: floods.share). "
        "Before you look at the rows, check whether these settings of the policy fit your unit: rules.B019.most_yuan."
    )
    title = wording.title(catalogue()["B019"], "zh")
    zh = (
        f"B019（{title}）在其他支出的 40 行中命中 30 行，超过 10%（设置项 floods.share）。"
        "请先核对下列设置项是否适合本单位，再逐行查看：rules.B019.most_yuan。"
    )
    assert (wording.floods(report, "en"), wording.floods(report, "zh")) == ([en], [zh])
    assert en in as_text(report, "en").splitlines()
    whole = json.loads(as_json(report, "en"))
    jsonschema.validate(whole, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert whole["floods"] == [
        {"rule": "B019", "ledger": "expenses", "rows_flagged": 30, "rows": 40, "settings": ["rules.B019.most_yuan"], "message": en}
    ]
    assert len(whole["findings"]) == 30


def test_a_rule_without_settings_sends_the_reader_to_one_cause(tmp_path: Path) -> None:
    report = replace(expenses(tmp_path, 1, 0), floods=[Flood("G022", "expenses", 30, 40)])
    assert wording.floods(report, "en")[0].endswith(
        "Before you look at the rows, look for one cause, such as a column filled in wrongly; rules.severity.G022 and rules.ignore say what becomes of the rule."
    )
    assert wording.floods(report, "zh")[0].endswith("确不适用的，用 rules.severity.G022 或 rules.ignore 处理。")


# ---- the settings that are named


def known(tree: Mapping[str, Any], prefix: str = "") -> set[str]:
    """Every dotted key of a tree, tables too."""
    keys = set()
    for name, value in tree.items():
        keys |= {prefix + name} | (known(value, f"{prefix}{name}.") if isinstance(value, dict) else set())
    return keys


def test_every_key_that_is_named_is_one_of_the_policy() -> None:
    keys = known(policies.load(None, {}).layers.national) | {"caps.year.festival", "caps.once.birthday"}
    assert {rule: [key for key in named if key not in keys] for rule, named in READS.items() if set(named) - keys} == {}
    assert {code for code in READS if code not in catalogue()} == set()
    assert policy_keys(catalogue()["A015"])[-2:] == ["aid.minimum_living", "groups.hardship"]


# What an attribute of a Policy is called in the policy file.
ATTRIBUTES = {
    "dues_rate": "dues.rate",
    "tail_step": "dues.tail_step",
    "rounding": "dues.rounding",
    "exempt_statuses": "dues.exempt_statuses",
    "remittance_rate": "remittance.rate",
    "upper_share": "remittance.upper_share",
    "due_day": "remittance.due_day",
    "collective_limit": "approval.collective_limit",
    "cash_limit": "approval.cash_limit",
    "caps": "caps",
    "minimum_living": "aid.minimum_living",
    "restricted": "restricted",
    "festivals": "festivals.also",
    "agency_codes": "budget.agency_codes",
    "chart": "budget.chart",
    "lines": "budget.lines",
    "words": "words",
    "groups": "groups",
    "purposes": "purposes",
}


class Watched:
    """A policy that notes what is read of it."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.seen = policy, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self.policy, name)


@pytest.mark.parametrize(
    ("rule", "function"),
    [
        pytest.param(rule, function, id=f"{rule.code}-{function.check.__name__}")
        for rule in catalogue()
        for function in rule.functions
        if "policy" in function.values
    ],
)
def test_a_rule_names_every_setting_of_the_policy_that_it_reads(rule: Rule, function: Function) -> None:
    subject = subject_of(rule, example(function))
    watched = Watched(subject.policy)
    call(rule, function, replace(subject, policy=watched))  # type: ignore[arg-type]
    keys = [ATTRIBUTES[name] for name in watched.seen & set(ATTRIBUTES)]
    named = policy_keys(rule)
    assert keys, "it takes the policy and reads nothing of it"
    assert [key for key in keys if not any(one == key or one.startswith(f"{key}.") for one in named)] == []
