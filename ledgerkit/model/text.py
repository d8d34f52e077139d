"""Text as it is compared and read: full-width forms narrowed, invisible characters gone. Nothing here guesses."""

import unicodedata

# Full-width ASCII and the ideographic space. NFKC would also turn 10² into 102 and ① into 1.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def narrow(text: str) -> str:
    """Full-width letters, digits and marks as their ASCII ones; every other character as it is."""
    return text.translate(_NARROW)


def clean(text: str) -> str:
    """Text without outer spaces (every kind) and without invisible characters."""
    if text.isascii():
        return text.strip()
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def fold(text: str) -> str:
    """A label as it is compared when it is not exact: NFKC, no spaces or invisible characters, no case."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Zs", "Cc"))
    return "".join(kept).casefold()
