"""Whether a policy's pairs of mirroring budget lines can be used: both sides named, no line in two pairs."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from ledgerkit.errors import BadPolicy, Phrase
from ledgerkit.locale import N_
from ledgerkit.model.policy import REMITTED
from ledgerkit.policies.faults import unknown, unusable

KEYS = ("parent", "child", "passed_on")
KEY = "merge.eliminate"
PAIRS = Phrase(N_('a list of pairs such as {{ parent = "506", child = "403" }}'))
CODE = Phrase(N_('a budget code as text, such as "506"'))
SIDE = Phrase(N_('a budget code as text, such as "403", or "{remitted}"'), remitted=REMITTED)
TRUTH = Phrase(N_("true or false"))


def checked_pairs(pairs: Any, path: str) -> None:
    """Raises BadPolicy, naming the file, the pair by its number and the key, for one that cannot be used."""
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise unusable(path, KEY, pairs, PAIRS)
    for number, pair in enumerate(pairs, 1):
        _checked(f"{KEY}.{number}", pair, path)
    _apart(pairs, path)


def _checked(name: str, pair: Mapping[str, Any], path: str) -> None:
    for key in pair:
        if key not in KEYS:
            raise unknown(f"{name}.{key}", [f"{name}.{one}" for one in KEYS], path)
    for side in KEYS[:2]:
        if side not in pair:
            raise BadPolicy(
                N_("{path}: {key} lacks {side}. A pair needs parent and child; add what is missing."), path=path, key=name, side=side
            )
    if not _is_code(pair["parent"]):
        raise unusable(path, f"{name}.parent", pair["parent"], CODE)
    if not _is_code(pair["child"]) and pair["child"] != REMITTED:
        raise unusable(path, f"{name}.child", pair["child"], SIDE)
    if not isinstance(pair.get("passed_on", False), bool):
        raise unusable(path, f"{name}.passed_on", pair["passed_on"], TRUTH)


def _apart(pairs: Sequence[Mapping[str, Any]], path: str) -> None:
    """Raises BadPolicy where two pairs have a line in common on one side: it would be compared, and taken off, twice."""
    for (number, pair), (other_number, other) in combinations(enumerate(pairs, 1), 2):
        for side in ("parent", "child"):
            one, two = sorted((pair[side], other[side]))
            if two.startswith(one):
                sentence = N_("{path}: {key}.{other} and {key}.{number} both have the {side} line {code}. Keep each line in one pair.")
                raise BadPolicy(sentence, path=path, key=KEY, other=number, number=other_number, side=side, code=two)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and value.isalnum()
