"""The national settings, what each rests on, the packs, and the policy that `ledgerkit new` writes."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledgerkit import audit, policies
from ledgerkit.audit import Options
from ledgerkit.errors import BadPolicy
from ledgerkit.locale import LANGS, Lang, catalogue
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.rules.packs import settings
from ledgerkit.writing import wording
from ledgerkit.writing.policy import starter_policy
from ledgerkit.writing.workbook import write_summary

BOOKS = Path(__file__).parents[1] / "samples" / "branch-2015-en" / "books"
NATIONAL = (policies.FOLDER / "national.toml").read_text("utf-8")
# What says who the policy is, and what is empty until a unit fills it.
NO_DEFAULT = ("id", "version", "packs", "waivers", "unit", "rules.ignore", "aid.minimum_living", "festivals.also", "merge.due_on")
# domain.md §3.8: the rows that name a document, with its figures.
DOCUMENTED = {
    "anhui-2025": ("2200.00", "500.00", "2000.00", "2000.00", "2000.00", "2000.00", "2000.00", "2000.00"),
    "sichuan-2023": ("2200.00", "500.00", "800.00", "800.00", "1000.00", "2000.00", "1000.00", "800.00"),
}
COLUMNS = ("festival", "birthday", "marriage", "birth", "hospital", "funeral", "funeral_kin", "retirement")


def leaves(tree: dict[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in tree.items():
        found += leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return found


# ---- what settings rest on


def test_every_national_setting_rests_on_a_source_and_none_on_an_unverified_one() -> None:
    keys = [key for key in leaves(tomllib.loads(NATIONAL)) if not any(key == name or key.startswith(f"{name}.") for name in NO_DEFAULT)]
    sources = wording.sources()
    assert len(keys) > 20
    assert [key for key in keys if policies.basis_of(key) is None] == []
    assert {policies.basis_of(key)[0] for key in keys} <= set(sources)  # type: ignore[index]
    assert [key for key in keys if sources[policies.basis_of(key)[0]]["mark"] == "U"] == []  # type: ignore[index]
    assert [rule.code for rule in rules() if sources[rule.basis]["mark"] == "U"] == []


def test_every_basis_is_of_a_setting_that_there_is() -> None:
    keys = leaves(tomllib.loads(NATIONAL))
    assert [name for name in policies.bases() if not any(key == name or key.startswith(f"{name}.") for key in keys)] == []


def test_the_marks_beside_the_settings_are_those_of_their_sources() -> None:
    """`rate = "0.5%" # … [T]`: the comment and sources.toml say the same."""
    table, wrong, compared = "", [], 0
    for line in NATIONAL.splitlines():
        if heading := re.match(r"\[(.+?)\]", line):
            table = f"{heading[1]}."
        setting, marks = re.match(r"(\w+) = ", line), re.findall(r"\[([TNLUP])\]", line)
        basis = policies.basis_of(table + setting[1]) if setting and marks else None
        if basis:
            compared += 1
            wrong += [] if wording.sources()[basis[0]]["mark"] == marks[0] else [line]
    assert (wrong, compared > 8) == ([], True)


def test_what_is_a_reference_value_says_so_beside_the_setting() -> None:
    lines = [line for line in NATIONAL.splitlines() if line.startswith(("due_day", "collective_limit", "share ", 'welfare = ["501'))]
    assert len(lines) == 4
    assert [line for line in lines if "参考值" not in line or "reference value" not in line] == []


def test_sources_says_what_each_setting_rests_on(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('packs = ["anhui-2025"]\n[dues]\nrate = "1%"\n', "utf-8")
    report = audit.reconcile([BOOKS], Options(policy=tmp_path / "own.toml", rules=("V006",)))
    write_summary(report, tmp_path / "s.xlsx", [BOOKS], "en")
    said = {row[0].value: row[1].value for row in load_workbook(tmp_path / "s.xlsx")["Sources"].iter_rows() if row[0].value}
    assert said["dues.rate"] == "'1%' · The unit's own policy"
    assert said["dues.tail_step"] == ("'10.00' · Notice on the collection of union dues (工发〔1978〕101号) [T], in force since 1978-01-01")
    assert str(said["approval.collective_limit"]).endswith("[N]; reference value, set your own")
    assert said["aid.minimum_living"] == "''"
    assert said["rules.V006.prize_yuan"] == "(not set: set your own)"
    assert str(said["rules.M006.youngest"]).startswith("16 · ")
    assert "no limit is set: rules.V006.prize_yuan" in str(said["V006"])


def test_books_are_due_on_the_day_that_the_policy_names_and_on_none_without_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[merge]\ndue_on = "2016-01-31"\n', "utf-8")
    assert policies.load(tmp_path / "own.toml", settings()).books_due_on == date(2016, 1, 31)
    assert policies.load(None, settings()).books_due_on is None


# ---- packs


def test_there_is_a_pack_for_each_row_that_names_a_document_with_its_figures() -> None:
    found = {}
    for name in policies.packs():
        tree = tomllib.loads((policies.PACKS / f"{name}.toml").read_text("utf-8"))
        found[name] = (tree["caps"]["year"]["festival"], *(tree["caps"]["once"][column] for column in COLUMNS[1:]))
        assert (tree["mark"], list(tree["caps"]["year"]), list(tree["caps"]["once"])) == ("N", ["festival"], list(COLUMNS[1:]))
    assert found == DOCUMENTED


# ---- the starter policy


@pytest.mark.parametrize("lang", LANGS)
def test_the_starter_policy_is_one_as_it_is_and_with_every_line_uncommented(lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / "ledgerkit.toml"
    starter_policy(path, 2016, "B/01", '第一"工会', lang)
    text = path.read_text("utf-8")
    assert tomllib.loads(text) == {"unit": {"name": '第一"工会', "branch_code": "B/01", "year": 2016}}
    (tmp_path / "open.toml").write_text(re.sub(r"^# ", "", text, flags=re.MULTILINE), "utf-8")
    opened, national = policies.load(tmp_path / "open.toml", settings()), policies.load(None, settings())
    (waiver,) = opened.waivers
    assert (waiver.rule, waiver.key, waiver.branch, waiver.column, waiver.until.isoformat()) == (
        ("A031", ("PZ-0312",), "B/01", "paid_on", "2016-12-31")
    )
    for name in ("dues_rate", "rounding", "due_day", "caps", "chart", "lines", "words", "groups", "ignore", "flood_share", "severities"):
        assert getattr(opened, name) == getattr(national, name), name
    defaults = {code: {name: value for name, value in own.items() if value is not None} for code, own in settings().items()}
    assert opened.settings == {code: own for code, own in defaults.items() if settings()[code]}


def test_the_starter_policy_has_every_key_there_is(tmp_path: Path) -> None:
    starter_policy(tmp_path / "own.toml", 2016, "", "", "en")
    text = (tmp_path / "own.toml").read_text("utf-8")
    assert [key for key in leaves(tomllib.loads(NATIONAL)) if key not in ("id", "version") and f"{key.split('.')[-1]} =" not in text] == [
        "waivers"
    ]
    assert [f"{code}.{name}" for code, own in settings().items() for name in own if f"{name} = " not in text] == []


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ('[floods]\nshar = "5%"', "unknown policy key floods.shar. The nearest known one is floods.share; correct or remove it."),
        ("[floods]\nfewest = 0", "floods.fewest is 0, but it must be a whole number, 1 or more. Correct it."),
        ('[floods]\nshare = "120%"', 'floods.share is \'120%\', but it must be a rate as text, from "0%" to "100%". Correct it.'),
        (
            "[merge]\ndue_on = 2016-01-31",
            'merge.due_on is datetime.date(2016, 1, 31), but it must be a date as text, such as "2016-01-31", or "". Correct it.',
        ),
        (
            "[merge]\ndue_on = '2016-02-30'",
            """merge.due_on is '2016-02-30', but it must be a date as text, such as "2016-01-31", or "". Correct it.""",
        ),
        (
            "[merge]\ndue_on = '20160131'",
            """merge.due_on is '20160131', but it must be a date as text, such as "2016-01-31", or "". Correct it.""",
        ),
        ("[[waiver]]\n", "unknown policy key waiver. The nearest known one is waivers; correct or remove it."),
        (
            "[rules.D001]\ntolerence = 1",
            "unknown policy key rules.D001.tolerence. The nearest known one is rules.D001.tolerance; correct or remove it.",
        ),
    ],
)
def test_what_is_not_known_or_not_usable_is_refused_with_the_nearest_name(text: str, en: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(BadPolicy) as refused:
        policies.load(tmp_path / "own.toml", settings())
    assert str(refused.value) == f"{tmp_path / 'own.toml'}: {en}"
    assert refused.value.render(catalogue("zh").gettext) != str(refused.value)
