"""Text as it is compared and read: full-width forms narrowed, invisible characters gone. Nothing here guesses."""

import re
import unicodedata

# Full-width ASCII and the ideographic space. NFKC would also turn 10² into 102 and ① into 1.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Characters that show nothing (Unicode Cf, of the basic plane).
_INVISIBLE = re.compile(
    r"[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
# Those of them that do show in a number: a soft hyphen looks like a minus, an override turns digits round, the others have signs of their own.
_MISLEADING = re.compile(r"[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u202e\ufff9-\ufffb]")
_LOST = re.compile(r"\ufffd|[\u4e00-\u9fff]\?;|\?;[\u4e00-\u9fff]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_UNSPELLED = re.compile(rf"{_INVISIBLE.pattern}|[\x7f-\x9f\u2028\u2029]")
# What a spreadsheet takes for the beginning of a formula when it opens a .csv.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Spaces other than the one that a keyboard types: no-break, thin, ideographic.
_ODD = r"\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
_ODD_SPACES = re.compile(rf"[{_ODD}\u3000]")
_HIDING_IN_NAME = re.compile(rf"{_INVISIBLE.pattern}|[{_ODD}]")
_HIDING_IN_KEY = re.compile(rf"{_INVISIBLE.pattern}|{_ODD_SPACES.pattern}|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_FOLDED_AWAY = re.compile(rf"{_INVISIBLE.pattern}|[\s\x00-\x1f\x7f-\x9f]")


def spelled(json: str) -> str:
    """JSON that says the same, with what a terminal would obey or not show spelled out as \\u and its number."""
    return json if json.isascii() else _UNSPELLED.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def narrow(text: str) -> str:
    """Full-width letters, digits and marks as their ASCII ones; every other character as it is."""
    return text if text.isascii() else text.translate(_NARROW)


def clean(text: str) -> str:
    """Text without outer spaces (every kind) and without invisible characters."""
    return text.strip() if text.isascii() else _INVISIBLE.sub("", text).strip()


def narrow_key(text: str) -> str:
    """A code as it is compared: full-width forms narrowed, without invisible characters and without spaces that no keyboard types."""
    return text.strip() if text.isascii() else clean(narrow(_ODD_SPACES.sub("", text)))


def hides(text: str, of_key: bool = True) -> bool:
    """Whether a text looks like another one that it is not equal to: invisible characters, odd spaces, full-width letters and digits.

    A name may be spread with ideographic spaces and hold full-width letters: these can be seen.
    """
    return not text.isascii() and bool((_HIDING_IN_KEY if of_key else _HIDING_IN_NAME).search(text))


def typed(text: str) -> str | None:
    """Text of a number or a date, narrowed and clean; None where leaving out a character would make it another one than it looks like."""
    return None if not text.isascii() and _MISLEADING.search(text) else clean(narrow(text))


def is_damaged(text: str, of_person: bool = False) -> bool:
    """Whether some of a text was lost: replacement marks, `?;` beside Chinese, private-use characters (rare surnames of people apart)."""
    return not text.isascii() and bool(_LOST.search(text) or (not of_person and _PRIVATE.search(text)))


def fold(text: str) -> str:
    """A label as it is compared when it is not exact: NFKC, no spaces or invisible characters, no case."""
    whole = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _FOLDED_AWAY.sub("", whole).casefold()
