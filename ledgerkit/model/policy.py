"""The policy of a run: the unit's own settings over the national ones."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ledgerkit.model import money
from ledgerkit.model.finding import Severity


@dataclass(frozen=True)
class Policy:
    """Settings of a run, amounts in minor units, rates exact. `text` is the whole effective policy, `sha256` its digest.

    `caps` has by span ("year": a person and year) the most that each category of relief may pay; `lines` by group of relief categories
    the beginnings of the codes that it is booked on; `words` by rule's name for them the words that a rule looks for.
    """

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
    remittance_rate: Fraction
    upper_share: Fraction
    due_day: int
    collective_limit: int
    caps: Mapping[str, Mapping[str, int]]
    agency_codes: tuple[str, ...]
    chart: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    severities: Mapping[str, Severity]
    settings: Mapping[str, Mapping[str, Any]]
    text: str


def from_trees(national: Mapping[str, Any], own: Mapping[str, Any], raw: bytes) -> Policy:
    """The effective policy of trees that were checked; `raw` is what its digest is of."""
    merged = _merge(national, own)
    unit, dues, remittance, rules = merged["unit"], merged["dues"], merged["remittance"], merged["rules"]
    return Policy(
        id=merged["id"],
        version=merged["version"],
        sha256=hashlib.sha256(raw).hexdigest(),
        unit_name=unit["name"],
        branch_code=unit["branch_code"],
        year=unit["year"] or None,
        currency=unit["currency"],
        dues_rate=money.rate(dues["rate"]),
        tail_step=_minor(dues["tail_step"]),
        rounding=_minor(dues["rounding"]),
        exempt_statuses=tuple(dues["exempt_statuses"]),
        remittance_rate=money.rate(remittance["rate"]),
        upper_share=money.rate(remittance["upper_share"]),
        due_day=remittance["due_day"],
        collective_limit=_minor(merged["approval"]["collective_limit"]),
        caps={span: {category: _minor(text) for category, text in limits.items()} for span, limits in merged["caps"].items()},
        agency_codes=tuple(merged["budget"]["agency_codes"]),
        chart=tuple(merged["budget"]["chart"]),
        lines={group: tuple(codes) for group, codes in merged["budget"]["lines"].items()},
        words={name: tuple(listed) for name, listed in merged["words"].items()},
        groups={name: tuple(categories) for name, categories in merged["groups"].items()},
        ignore=tuple(rules["ignore"]),
        severities={code: Severity(word) for code, word in rules.get("severity", {}).items()},
        settings={code: dict(value) for code, value in rules.items() if code not in ("ignore", "severity")},
        text=_text(merged),
    )


def _minor(text: str) -> int:
    minor = money.to_minor(text)
    assert minor is not None, text
    return minor


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        merged[key] = _merge(under[key], value) if isinstance(value, dict) and isinstance(under.get(key), dict) else value
    return merged


def _text(tree: Mapping[str, Any], prefix: str = "") -> str:
    """The effective policy as sorted `key = value` lines."""
    lines = []
    for key in sorted(tree):
        value = tree[key]
        lines.append(_text(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value!r}")
    return "\n".join(line for line in lines if line)
