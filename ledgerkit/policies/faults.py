"""The sentences for what is wrong in a policy: a value of another kind, a key that there is not."""

import difflib
from collections.abc import Sequence

from ledgerkit.errors import BadPolicy, Phrase
from ledgerkit.locale import N_
from ledgerkit.model.person import mask_text


def unusable(path: str, key: str, value: object, needed: Phrase) -> BadPolicy:
    """A value of another kind than `needed`; long digits in it are masked."""
    sentence = N_("{path}: {key} is {value}, but it must be {needed}. Correct it.")
    return BadPolicy(sentence, path=path, key=key, value=mask_text(repr(value)), needed=needed)


def unknown(key: str, known: Sequence[str], path: str) -> BadPolicy:
    """A key that is not among the known ones; the nearest of them is named."""
    near = difflib.get_close_matches(key, known, 1, 0.6)
    if near:
        sentence = N_("{path}: unknown policy key {key}. The nearest known one is {near}; correct or remove it.")
        return BadPolicy(sentence, path=path, key=mask_text(key), near=near[0])
    sentence = N_("{path}: unknown policy key {key}. Remove it; `ledgerkit new` writes a policy with every key there is.")
    return BadPolicy(sentence, path=path, key=mask_text(key))
