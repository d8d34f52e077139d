"""The policy of a run: the unit's own settings over the national ones, refused where a key is not known."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ledgerkit.errors import BadPolicy
from ledgerkit.locale import N_
from ledgerkit.model import money
from ledgerkit.model.finding import Severity


@dataclass(frozen=True)
class Policy:
    """Settings of a run, amounts in minor units, rates exact. `text` is the whole effective policy, `sha256` its digest."""

    id: str
    version: str
    sha256: str
    unit_name: str
    branch_code: str
    year: int | None
    currency: str
    dues_rate: Fraction
    tail_step: int
    rounding: int
    exempt_statuses: tuple[str, ...]
    agency_codes: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    severities: Mapping[str, Severity]
    settings: Mapping[str, Mapping[str, Any]]
    text: str

    def is_agency(self, code: str) -> bool:
        """Whether a budget code is agency money (代管经费)."""
        return code.startswith(self.agency_codes)


def parse(national: dict[str, Any], own: dict[str, Any], raw: bytes, path: str, rule_settings: Mapping[str, set[str]]) -> Policy:
    """The effective policy. Raises BadPolicy for an unknown key (with the nearest name) or a value of another kind."""
    try:
        rules = dict(own.get("rules", {}))
        _refuse_unknown({**own, "rules": {}}, {**national, "rules": {}}, "", path)
        severities, settings = _rules(rules, rule_settings, path)
        ignore = tuple(rules.get("ignore", ()))
        _refuse_unknown_codes(ignore, rule_settings, path)
        return _policy(_merge(national, {**own, "rules": {}}), ignore, severities, settings, hashlib.sha256(raw).hexdigest())
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadPolicy(
            N_('{path}: a value in the policy is of the wrong kind ({why}). Write rates and amounts as text, such as "0.5%" or "3000.00".'),
            path=path,
            why=str(error),
        ) from error


def _policy(
    merged: dict[str, Any], ignore: tuple[str, ...], severities: dict[str, Severity], settings: dict[str, Any], digest: str
) -> Policy:
    unit, dues = merged["unit"], merged["dues"]
    return Policy(
        id=str(merged["id"]),
        version=str(merged["version"]),
        sha256=digest,
        unit_name=str(unit["name"]),
        branch_code=str(unit["branch_code"]),
        year=int(unit["year"]) or None,
        currency=str(unit["currency"]),
        dues_rate=money.rate(dues["rate"]),
        tail_step=_amount(dues["tail_step"]),
        rounding=_amount(dues["rounding"]),
        exempt_statuses=tuple(dues["exempt_statuses"]),
        agency_codes=tuple(merged["budget"]["agency_codes"]),
        groups={name: tuple(categories) for name, categories in merged["groups"].items()},
        ignore=ignore,
        severities=severities,
        settings=settings,
        text=_text({**merged, "rules": {"ignore": list(ignore), "severity": {c: str(s) for c, s in severities.items()}, **settings}}),
    )


def _amount(text: object) -> int:
    minor = money.to_minor(text) if isinstance(text, str) else None
    if minor is None or minor <= 0:
        raise ValueError(f"{text!r} is not an amount")
    return minor


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        merged[key] = _merge(under[key], value) if isinstance(value, dict) and isinstance(under.get(key), dict) else value
    return merged


def _refuse_unknown(own: Mapping[str, Any], known: Mapping[str, Any], prefix: str, path: str) -> None:
    for key, value in own.items():
        if key not in known:
            raise _unknown(prefix + key, [prefix + name for name in known], path)
        if isinstance(known[key], dict) != isinstance(value, dict):
            raise BadPolicy(
                N_("{path}: {key} must be {kind}. Compare it with the policy that `ledgerkit new` writes."),
                path=path,
                key=prefix + key,
                kind="[table]" if isinstance(known[key], dict) else type(known[key]).__name__,
            )
        if isinstance(value, dict):
            _refuse_unknown(value, known[key], f"{prefix}{key}.", path)


def _unknown(key: str, known: list[str], path: str) -> BadPolicy:
    near = difflib.get_close_matches(key, known, 1, 0.0)
    return BadPolicy(
        N_("{path}: unknown policy key {key}. The nearest known one is {near}; correct or remove it."), path=path, key=key, near=near[0]
    )


def _refuse_unknown_codes(codes: tuple[str, ...], rule_settings: Mapping[str, set[str]], path: str) -> None:
    for code in codes:
        if code not in rule_settings:
            raise _unknown(f"rules.ignore {code}", [f"rules.ignore {name}" for name in rule_settings], path)


def _rules(rules: dict[str, Any], known: Mapping[str, set[str]], path: str) -> tuple[dict[str, Severity], dict[str, Any]]:
    """Severities and settings by rule code from the policy's [rules]."""
    severities: dict[str, Severity] = {}
    settings: dict[str, Any] = {}
    for code, value in rules.items():
        if code == "ignore":
            continue
        if code == "severity":
            _refuse_unknown_codes(tuple(value), known, path)
            severities = {name: Severity(word) for name, word in value.items()}
            continue
        if code not in known:
            raise _unknown(f"rules.{code}", [f"rules.{name}" for name in known], path)
        _refuse_unknown(value, dict.fromkeys(known[code]), f"rules.{code}.", path)
        settings[code] = dict(value)
    return severities, settings


def _text(tree: Mapping[str, Any], prefix: str = "") -> str:
    """The effective policy as sorted `key = value` lines."""
    lines = []
    for key in sorted(tree):
        value = tree[key]
        lines.append(_text(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value!r}")
    return "\n".join(line for line in lines if line)
