"""Text as a terminal may show it; apart from model/text.py, so that `ledgerkit --help` compiles no patterns."""

import unicodedata

# Controls, direction marks and other characters of no width, line and paragraph separators.
_UNSHOWN = ("Cc", "Cf", "Zl", "Zp")


def plain(text: str) -> str:
    """A line for a terminal: control and direction characters, line breaks among them, which could change what is shown, become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(character) in _UNSHOWN else character for character in text)
