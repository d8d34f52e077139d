"""Whether a policy's waivers can be used: complete, of a rule that there is, approved by another person than who asked."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ledgerkit import ledgers
from ledgerkit.errors import BadPolicy, Phrase
from ledgerkit.locale import N_
from ledgerkit.model.person import fold_name, mask_text
from ledgerkit.policies.faults import unknown, unusable

NEEDED = ("rule", "key", "reason", "asked_by", "approved_by", "until")
OPTIONAL = ("branch", "column")
TABLES = Phrase(N_("tables, each headed [[waivers]]"))
FILLED = Phrase(N_("a text that is not blank"))
KEY = Phrase(N_('a list of texts, the key of the finding as the reports have it, such as ["M001", "2015-03"]'))
DAY = Phrase(N_("a day without quotation marks, such as 2015-12-31"))


def checked_waivers(waivers: Any, rules: Mapping[str, object], path: str) -> None:
    """Raises BadPolicy, naming the file, the waiver by its number and the key, for one that cannot be used."""
    if not isinstance(waivers, list) or not all(isinstance(item, dict) for item in waivers):
        raise unusable(path, "waivers", waivers, TABLES)
    for number, waiver in enumerate(waivers, 1):
        _checked(f"waivers.{number}", waiver, rules, path)


def _checked(name: str, waiver: Mapping[str, Any], rules: Mapping[str, object], path: str) -> None:
    _named(name, waiver, path)
    for key, value in waiver.items():
        if key == "key":
            if not _is_key(value):
                raise unusable(path, f"{name}.key", value, KEY)
        elif key == "until":
            if not isinstance(value, date) or isinstance(value, datetime):
                raise unusable(path, f"{name}.until", value, DAY)
        elif not _is_filled(value):
            raise unusable(path, f"{name}.{key}", value, FILLED)
    for key, known in (("rule", list(rules)), ("column", _columns())):
        if key in waiver and waiver[key] not in known:
            raise unknown(f"{name}.{key} {waiver[key]}", [f"{name}.{key} {one}" for one in known], path)
    _two_people(name, waiver, path)


def _named(name: str, waiver: Mapping[str, Any], path: str) -> None:
    """Raises BadPolicy for a key that a waiver does not have, or one that it lacks."""
    for key in waiver:
        if key not in NEEDED + OPTIONAL:
            raise unknown(f"{name}.{key}", [f"{name}.{one}" for one in NEEDED + OPTIONAL], path)
    lacking = [key for key in NEEDED if key not in waiver]
    if lacking:
        sentence = N_("{path}: {waiver} lacks {keys}. A waiver needs {needed}; add what is missing.")
        raise BadPolicy(sentence, path=path, waiver=name, keys=", ".join(lacking), needed=", ".join(NEEDED))


def _two_people(name: str, waiver: Mapping[str, Any], path: str) -> None:
    """Raises BadPolicy where who asked has also approved, however the name is written."""
    asked, approved = (fold_name(waiver[key]).casefold() for key in ("asked_by", "approved_by"))
    if asked == approved:
        sentence = N_("{path}: {waiver} was asked for and approved by one person, {person}. Have another person approve it, or remove it.")
        raise BadPolicy(sentence, path=path, waiver=name, person=mask_text(waiver["approved_by"]))


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and bool(fold_name(value))


def _is_key(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value) and any(map(_is_filled, value))


def _columns() -> list[str]:
    """Every column that a ledger has."""
    return sorted({column.key for ledger in ledgers.all_ledgers() for column in ledger.fields})
