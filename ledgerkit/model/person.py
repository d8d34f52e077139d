"""People: names as they are compared, numbers that name a person or an account, and their masks."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.cn import ric, uscc

# Names and numbers are met again on every ledger; how many distinct ones are remembered.
SEEN = 100_000
MIDDLE_DOTS = str.maketrans(dict.fromkeys("··•‧∙⋅・･•", "·"))
# Spaces of every kind, hyphens and invisible characters inside a number do not hide it.
_GAP = r"[\s\-\uff0d\u00ad\u200b-\u200f\u2060\ufeff]*"
# A shorter text has no run of digits that is masked.
FEWEST_MASKED = 11
_LONG_DIGITS = re.compile(rf"\d(?:{_GAP}\d){{{FEWEST_MASKED - 2},}}{_GAP}[\dXx]")
_DATES = re.compile(r"(?:\d{4}-\d{2}-\d{2}\s*)+")
# What folding leaves as it is: nearly all names.
_CHINESE = re.compile("[\u4e00-\u9fff]*")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")


@lru_cache(SEEN)
def fold_name(name: str) -> str:
    """A name as it is compared: NFKC, no spaces, one kind of middle dot."""
    if _CHINESE.fullmatch(name):
        return name
    folded = unicodedata.normalize("NFKC", name).translate(MIDDLE_DOTS)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Zs", "Cc"))


def is_scientific(text: str) -> bool:
    """Whether a number kept as text lost its digits to scientific notation (1.1E+17)."""
    return bool(_SCIENTIFIC.fullmatch(text))


@lru_cache(SEEN)
def id_is_good(number: str) -> bool:
    """Whether 18 characters are a resident ID: digits, a real birth date and the right check character (GB 11643)."""
    if len(number) != 18 or not number[:17].isdecimal() or not number.isascii():
        return False
    if _day(number) is None:
        return False
    # calc_check_digit takes all 18 characters; validate() also wants a region that it knows, and refuses true IDs.
    return bool(ric.calc_check_digit(number) == number[-1].upper())


def id_birth(number: str) -> date:
    """The birth date inside a good resident ID."""
    born = _day(number)
    assert born is not None
    return born


@lru_cache(SEEN)
def _day(number: str) -> date | None:
    """The day that the seventh to fourteenth digit of a number are; None where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def id_sex(number: str) -> str:
    """male or female, by the 17th digit of a good resident ID."""
    return "male" if int(number[16]) % 2 else "female"


@lru_cache(SEEN)
def card_is_good(number: str) -> bool:
    """Whether a bank card number has 16 or 19 digits and passes Luhn."""
    return len(number) in (16, 19) and number.isdecimal() and bool(luhn.is_valid(number))


@lru_cache(SEEN)
def uscc_is_good(number: str) -> bool:
    """Whether 18 characters are a unified social credit code (GB 32100); fillers are not."""
    if len(number) != 18 or len(set(number)) == 1 or not (number.isascii() and number.isalnum()):
        return False
    try:
        # is_valid() also wants digits first, and refuses codes that begin with A or N.
        return bool(uscc.calc_check_digit(number) == number[-1].upper())
    except ValueError:
        return False


def mask(number: str, phone: bool) -> str:
    """The first 3 and last 4 characters; of fewer than 12 only the last 2; a phone 3 + 4."""
    if not phone and len(number) < 12:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) > 7 else "*" * len(number)


def mask_text(text: str) -> str:
    """Free text with every run of 11 digits or more masked, whatever stands between them; dates in a row are no such run."""
    return _LONG_DIGITS.sub(_masked_run, text)


def may_be_same(one: str, other: str) -> bool:
    """Whether two texts are the same but for what is masked in the one, the other or both."""
    if mask_text(one) == mask_text(other):
        return True
    return len(one) == len(other) and all(a == b or "*" in (a, b) for a, b in zip(one, other, strict=True))


def _masked_run(found: re.Match[str]) -> str:
    if _DATES.fullmatch(found[0]):
        return found[0]
    number = "".join(character for character in found[0] if character.isalnum())
    return mask(number, phone=len(number) == 11)
