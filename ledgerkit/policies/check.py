"""Whether a policy's keys and values can be used: each is named with what is needed instead, before anything is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from ledgerkit import ledgers
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.policies.faults import unknown, unusable
from ledgerkit.policies.pairs import checked_pairs
from ledgerkit.policies.waivers import checked_waivers

RATE = Phrase(N_('a rate as text, from "0%" to "100%"'))
AMOUNT = Phrase(N_('an amount above 0 as text, such as "3000.00"'))
TEXT = Phrase(N_("text"))
TABLE = Phrase(N_("a table of settings"))
CODES = Phrase(N_("a list of texts"))
YEAR = Phrase(N_("a year such as 2015, or 0"))
COUNT = Phrase(N_("a whole number, 1 or more"))
DAY = Phrase(N_("a day from 1 to 31"))
DATE = Phrase(N_('a date as text, such as "2016-01-31", or ""'))
FEWEST_YEAR, LAST_YEAR = 1949, 2999
# Groups of relief categories.
GROUPS = ("hardship", "warmth", "welfare", "outside")


def checked(own: Mapping[str, Any], national: Mapping[str, Any], settings: Mapping[str, Mapping[str, object]], path: str) -> None:
    """Raises BadPolicy, naming the file and the key, for an unknown key or a value of another kind. `settings`: by rule their defaults."""
    known = _with_categories(national)
    purposes = own.get("purposes")
    if isinstance(purposes, Mapping):
        known = {**known, "purposes": {**known["purposes"], **dict.fromkeys(purposes, "")}}
    _known({key: value for key, value in own.items() if key != "rules"}, known, "", path)
    for key, needed, fits in (*_checks(), *_purposes(own)):
        value = _at(own, key)
        if value is not None and not fits(value):
            raise unusable(path, key, value, needed)
    _rules(own.get("rules", {}), settings, path)
    checked_waivers(own.get("waivers", []), settings, path)
    checked_pairs(own.get("merge", {}).get("eliminate", []), path)


def _with_categories(national: Mapping[str, Any]) -> Mapping[str, Any]:
    """The known keys: a cap may be set for every category of relief, not only for those that national.toml caps."""
    caps = {span: dict.fromkeys(_capped(span), "") for span in national["caps"]}
    return {**national, "caps": caps, "restricted": dict.fromkeys(_choices("fund"), "")}


def _purposes(own: Mapping[str, Any]) -> Iterable[tuple[str, Phrase, Callable[[Any], bool]]]:
    """The checks of purposes, which a unit may name as it likes."""
    categories = set(_categories())
    named = own.get("purposes")
    for name in named if isinstance(named, Mapping) else ():
        yield f"purposes.{name}", _listed(categories), lambda value: _is_texts(value) and set(value) <= categories


def _choices(column: str) -> list[str]:
    return [choice.key for choice in ledgers.load("relief")[column].choices]


def _capped(span: str) -> list[str]:
    """What may be capped: the categories of relief; for one payment also money at the death of a member's kin, apart from a member's."""
    return [*_categories(), "funeral_kin"] if span == "once" else _categories()


def _categories() -> list[str]:
    return _choices("category")


def _checks() -> Iterable[tuple[str, Phrase, Callable[[Any], bool]]]:
    statuses = {choice.key for choice in ledgers.load("members")["status"].choices}
    categories = set(_categories())
    yield from ((key, TEXT, _is_text) for key in ("id", "version", "unit.name", "unit.branch_code", "unit.currency"))
    yield "unit.year", YEAR, lambda value: _is_int(value) and (value == 0 or FEWEST_YEAR <= value <= LAST_YEAR)
    yield "remittance.due_day", DAY, lambda value: _is_int(value) and 1 <= value <= 31
    yield from ((key, RATE, _is_rate) for key in ("dues.rate", "remittance.rate", "remittance.upper_share", "floods.share"))
    yield from (
        (key, AMOUNT, _is_amount) for key in ("dues.tail_step", "dues.rounding", "approval.collective_limit", "approval.cash_limit")
    )
    yield from ((f"caps.{span}.{category}", AMOUNT, _is_amount) for span in ("year", "once") for category in _capped(span))
    yield "aid.minimum_living", AMOUNT, lambda value: value == "" or _is_amount(value)
    yield "festivals.also", CODES, _is_texts
    yield "merge.due_on", DATE, lambda value: value == "" or _is_date(value)
    yield from (
        (f"restricted.{fund}", _listed(GROUPS), lambda value: _is_texts(value) and set(value) <= set(GROUPS)) for fund in _choices("fund")
    )
    yield from ((key, CODES, _is_texts) for key in ("budget.agency_codes", "budget.chart"))
    yield from ((f"budget.lines.{group}", CODES, _is_texts) for group in GROUPS)
    yield from ((f"words.{name}", CODES, _is_texts) for name in ("employer", "employer_unless", "not_dues"))
    yield "floods.fewest", COUNT, lambda value: _is_int(value) and value >= 1
    yield "packs", CODES, _is_texts
    yield "dues.exempt_statuses", _listed(statuses), lambda value: _is_texts(value) and set(value) <= statuses
    for group in GROUPS:
        yield f"groups.{group}", _listed(categories), lambda value: _is_texts(value) and set(value) <= categories


def _listed(choices: Iterable[str]) -> Phrase:
    return Phrase(N_("a list of some of: {choices}"), choices=", ".join(sorted(choices)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_amount(value: Any) -> bool:
    minor = money.to_minor(value) if isinstance(value, str) else None
    return minor is not None and minor > 0


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_rate(value: Any) -> bool:
    try:
        return isinstance(value, str) and 0 <= money.rate(value) <= 1
    except ArithmeticError:
        return False


def _at(tree: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key, None where it is not given."""
    for part in key.split("."):
        tree = tree.get(part, None) if isinstance(tree, Mapping) else None
    return tree


def _known(own: Mapping[str, Any], known: Mapping[str, Any], prefix: str, path: str) -> None:
    for key, value in own.items():
        if key not in known:
            raise unknown(prefix + key, [prefix + name for name in known], path)
        if isinstance(known[key], dict):
            if not isinstance(value, dict):
                raise unusable(path, prefix + key, value, TABLE)
            _known(value, known[key], f"{prefix}{key}.", path)


def _rules(rules: Any, settings: Mapping[str, Mapping[str, object]], path: str) -> None:
    """[rules]: `ignore`, `severity` and a table a rule."""
    if not isinstance(rules, dict):
        raise unusable(path, "rules", rules, TABLE)
    for code, value in rules.items():
        if code == "ignore":
            _codes(value, settings, path)
        elif code == "severity":
            _severities(value, settings, path)
        elif code not in settings:
            raise unknown(f"rules.{code}", [f"rules.{name}" for name in settings], path)
        else:
            _settings(code, value, settings[code], path)


def _codes(value: Any, settings: Mapping[str, object], path: str) -> None:
    if not _is_texts(value):
        raise unusable(path, "rules.ignore", value, CODES)
    for code in value:
        if code not in settings:
            raise unknown(f"rules.ignore {code}", [f"rules.ignore {name}" for name in settings], path)


def _severities(value: Any, settings: Mapping[str, object], path: str) -> None:
    if not isinstance(value, dict):
        raise unusable(path, "rules.severity", value, TABLE)
    for code, word in value.items():
        if code not in settings:
            raise unknown(f"rules.severity.{code}", [f"rules.severity.{name}" for name in settings], path)
        if word not in list(Severity):
            one_of = Phrase(N_("one of: {choices}"), choices=", ".join(Severity))
            raise unusable(path, f"rules.severity.{code}", word, one_of)


def _settings(code: str, value: Any, known: Mapping[str, object], path: str) -> None:
    if not isinstance(value, dict):
        raise unusable(path, f"rules.{code}", value, TABLE)
    _known(value, known, f"rules.{code}.", path)
    for name, given in value.items():
        if not _is_int(given) or given < 0:
            raise unusable(path, f"rules.{code}.{name}", given, Phrase(N_("a whole number, 0 or more")))
