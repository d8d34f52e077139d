"""Text as it is compared and read: full-width forms narrowed, invisible characters gone. Nothing here guesses."""

import re
import unicodedata

# Full-width ASCII and the ideographic space. NFKC would also turn 10² into 102 and ① into 1.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Characters that show nothing (Unicode Cf, of the basic plane).
_INVISIBLE = re.compile(
    r"[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_LOST = re.compile(r"\ufffd|[\u4e00-\u9fff]\?;|\?;[\u4e00-\u9fff]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_FOLDED_AWAY = re.compile(rf"{_INVISIBLE.pattern}|[\s\x00-\x1f\x7f-\x9f]")


def narrow(text: str) -> str:
    """Full-width letters, digits and marks as their ASCII ones; every other character as it is."""
    return text if text.isascii() else text.translate(_NARROW)


def clean(text: str) -> str:
    """Text without outer spaces (every kind) and without invisible characters."""
    return text.strip() if text.isascii() else _INVISIBLE.sub("", text).strip()


def is_damaged(text: str, of_person: bool = False) -> bool:
    """Whether some of a text was lost: replacement marks, `?;` beside Chinese, private-use characters (rare surnames of people apart)."""
    return not text.isascii() and bool(_LOST.search(text) or (not of_person and _PRIVATE.search(text)))


def fold(text: str) -> str:
    """A label as it is compared when it is not exact: NFKC, no spaces or invisible characters, no case."""
    whole = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _FOLDED_AWAY.sub("", whole).casefold()
