"""What rules say: every language complete, every basis with a source, every docstring with its paragraphs. Failures list what is missing."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from string import Formatter
from typing import Any

from ledgerkit.locale import rule_texts
from ledgerkit.policies import FOLDER
from ledgerkit.rules.packs import catalogue

KEYS = ("title", "message", "why", "remedy", "false_alarms")
# Written before its rule: the file that crashes a reader is known once files are read in workers.
AHEAD = {"F005"}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def messages(message: str | Mapping[str, str]) -> dict[str, str]:
    """A rule's messages by what is observed; "" for the only one."""
    return {"": message} if isinstance(message, str) else dict(message)


def sources() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "sources.toml").read_text("utf-8"))


def lacking(table: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """The keys whose text is missing or blank."""
    return [key for key in keys if not str(table.get(key, "")).strip()]


def refuse(missing: list[str]) -> None:
    """Fails with one missing thing a line, none of them cut short."""
    assert not missing, "\n" + "\n".join(missing)


def test_every_rule_is_told_in_chinese() -> None:
    texts = rule_texts("zh")
    refuse([f"{rule.code}: {key}" for rule in catalogue() for key in lacking(texts.get(rule.code, {}), KEYS)])


def test_chinese_texts_have_no_other_keys() -> None:
    refuse([f"{code}: {key}" for code, text in rule_texts("zh").items() for key in text if key not in KEYS])


def test_chinese_texts_are_of_rules_that_exist() -> None:
    refuse([code for code in rule_texts("zh") if code not in catalogue() and code not in AHEAD])


def test_messages_use_the_same_placeholders_in_both_languages() -> None:
    texts = rule_texts("zh")
    both = [(rule.code, messages(rule.message), messages(texts.get(rule.code, {}).get("message", ""))) for rule in catalogue()]
    refuse([f"{code}: en {sorted(en)}, zh {sorted(zh)}" for code, en, zh in both if en.keys() != zh.keys()])
    pairs = [(code, placeholders(en[of]), placeholders(zh.get(of, ""))) for code, en, zh in both for of in en]
    refuse([f"{code}: en {sorted(en)}, zh {sorted(zh)}" for code, en, zh in pairs if en != zh])


def test_messages_use_only_placeholders_that_a_finding_fills() -> None:
    known = {"observed", "expected", "amount", "column", "count"}
    used = [(rule.code, placeholders(text)) for rule in catalogue() for text in messages(rule.message).values()]
    refuse([f"{code}: {name}" for code, names in used for name in sorted(names - known)])


def test_every_basis_has_a_source() -> None:
    known = sources()
    refuse([f"{rule.code}: {rule.basis}" for rule in catalogue() if rule.basis not in known])


def test_every_source_is_named_in_both_languages_with_its_mark_and_date() -> None:
    refuse([f"{key}: {name}" for key, source in sources().items() for name in lacking(source, ("zh", "en", "mark"))])
    refuse([key for key, source in sources().items() if set(source) != {"zh", "en", "mark", "since"}])
    refuse([key for key, source in sources().items() if source["mark"] not in ("T", "N", "L", "U", "P")])
    refuse([key for key, source in sources().items() if source["since"] and not dated(source["since"])])


def dated(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def test_every_rule_says_what_to_do_and_when_it_is_a_false_alarm() -> None:
    paragraphs = ("What to do: ", "False alarm: ")
    missing = [
        f"{rule.code}: {start}"
        for rule in catalogue()
        for start in paragraphs
        if not any(line.startswith(start) and line != start for line in rule.prose.splitlines())
    ]
    refuse(missing)
