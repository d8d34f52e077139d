"""The policy of a run: the unit's own settings over the national ones."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ledgerkit.model import money
from ledgerkit.model.finding import Severity
from ledgerkit.model.waiver import Waiver

# The basis of what a unit's own policy sets: a key of sources.toml.
OWN = "OWN"
# Tables of lists of words.
LISTED = ("restricted", "words", "groups", "purposes")


@dataclass(frozen=True)
class Pack:
    """A province's limits: a document's settings, in force from a day on. `source` is a key of sources.toml."""

    id: str
    valid_from: date
    source: str
    mark: str
    tree: Mapping[str, Any]
    raw: bytes


# The child's side of a pair that stands in no budget line: what its remittance ledger says it sent up.
REMITTED = "remittance.remitted"


@dataclass(frozen=True)
class Pair:
    """Two sides of one flow of money: a budget line of a union, and one of the unions below it (or REMITTED).

    `passed_on`: the union above keeps a part only, so that less on its side is no difference.
    """

    parent: str
    child: str
    passed_on: bool = False

    @property
    def name(self) -> str:
        """As the controls have it: 506-403."""
        return f"{self.parent}-{self.child}"

    @property
    def is_line(self) -> bool:
        """Whether the child's side is a budget line too, so that both sides are in the federation's sums."""
        return self.child != REMITTED


@dataclass(frozen=True)
class Layers:
    """What a policy is made of, from the bottom: national settings, the packs that the unit names, the unit's own."""

    national: Mapping[str, Any]
    packs: tuple[Pack, ...]
    own: Mapping[str, Any]
    raw: tuple[bytes, bytes]

    def on(self, day: date | None) -> "Policy":
        """The policy on a run's date: of the packs those that are in force by then, the younger over the older; none where no date is known."""
        packs = [pack for pack in sorted(self.packs, key=lambda pack: pack.valid_from) if day and pack.valid_from <= day]
        merged = dict(self.national)
        sources: dict[str, str] = {}
        for tree, source in (*((pack.tree, pack.source) for pack in packs), (self.own, OWN)):
            merged = _merge(merged, tree)
            sources |= dict.fromkeys((key for key, _ in _leaves(tree)), source)
        raw = b"".join([self.raw[0], *(pack.raw for pack in packs), self.raw[1]])
        return _policy(merged, sources, raw, self)


@dataclass(frozen=True)
class Policy:
    """Settings of a run, amounts in minor units, rates exact. `text` is the whole effective policy, `sha256` its digest.

    `caps` has by span ("year": a person and year, "once": a payment and person) the most that each category of relief may pay.
    `purposes` has by the need that relief is for the categories that meet it.
    `restricted` has by fund the groups of relief that it may pay for; `lines` by group of relief categories the beginnings of the
    codes that it is booked on; `words` by rule's name for them the words that a rule looks for. `books_due_on`: the day after which a
    branch's books are late, None where nobody's are. `sources` says by dotted key what
    set it, where that is not national.toml: a pack's source, or OWN. `file` is the unit's own policy as it is shown, "" where there is none.
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
    cash_limit: int
    minimum_living: int | None
    restricted: Mapping[str, tuple[str, ...]]
    festivals: tuple[str, ...]
    agency_codes: tuple[str, ...]
    chart: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    eliminate: tuple[Pair, ...]
    purposes: Mapping[str, tuple[str, ...]]
    books_due_on: date | None
    flood_share: Fraction
    flood_fewest: int
    ignore: tuple[str, ...]
    severities: Mapping[str, Severity]
    settings: Mapping[str, Mapping[str, Any]]
    waivers: tuple[Waiver, ...]
    text: str
    sources: Mapping[str, str]
    given: frozenset[str]
    layers: Layers = field(repr=False)
    file: str = ""

    def on(self, day: date | None) -> "Policy":
        """The same policy with the packs that are in force on a day."""
        return self.layers.on(day)

    def is_set(self, key: str) -> bool:
        """Whether a dotted key has a value: what no rule of the whole country settles is blank until a unit sets it."""
        return key in self.given


def _policy(merged: Mapping[str, Any], sources: Mapping[str, str], raw: bytes, layers: Layers) -> Policy:
    """The effective policy of trees that were checked; `raw` is what its digest is of."""
    unit, dues, remittance, rules, merge = (merged[name] for name in ("unit", "dues", "remittance", "rules", "merge"))
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
        cash_limit=_minor(merged["approval"]["cash_limit"]),
        minimum_living=_minor(merged["aid"]["minimum_living"]) if merged["aid"]["minimum_living"] else None,
        festivals=tuple(merged["festivals"]["also"]),
        caps={span: {category: _minor(text) for category, text in limits.items()} for span, limits in merged["caps"].items()},
        agency_codes=tuple(merged["budget"]["agency_codes"]),
        chart=tuple(merged["budget"]["chart"]),
        lines=_lists(merged["budget"]["lines"]),
        eliminate=tuple(Pair(**pair) for pair in merge["eliminate"]),
        **_listed(merged),
        books_due_on=date.fromisoformat(merge["due_on"]) if merge["due_on"] else None,
        flood_share=money.rate(merged["floods"]["share"]),
        flood_fewest=merged["floods"]["fewest"],
        ignore=tuple(rules["ignore"]),
        severities={code: Severity(word) for code, word in rules.get("severity", {}).items()},
        settings={code: dict(value) for code, value in rules.items() if code not in ("ignore", "severity")},
        waivers=tuple(_waiver(number, item) for number, item in enumerate(merged["waivers"], 1)),
        text=_text(merged),
        sources=sources,
        given=frozenset(key for key, value in _leaves(merged) if value != ""),
        layers=layers,
    )


def _listed(merged: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of lists of words, by name."""
    return {name: _lists(merged[name]) for name in LISTED}


def _lists(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(listed) for name, listed in table.items()}


def _minor(text: str) -> int:
    minor = money.to_minor(text)
    assert minor is not None, text
    return minor


def _waiver(number: int, item: Mapping[str, Any]) -> Waiver:
    return Waiver(number, **{**item, "key": tuple(item["key"])})


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        merged[key] = _merge(under[key], value) if isinstance(value, dict) and isinstance(under.get(key), dict) else value
    return merged


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, value) of every setting in a tree; tables in a list are numbered from 1."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield from _leaves({str(number): item for number, item in enumerate(value, 1)}, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _text(tree: Mapping[str, Any]) -> str:
    """The effective policy as sorted `key = value` lines."""
    leaves = sorted(_leaves(tree), key=lambda leaf: leaf[0].split("."))
    return "\n".join(f"{key} = {value.isoformat() if isinstance(value, date) else repr(value)}" for key, value in leaves)
