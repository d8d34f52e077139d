"""What Excel takes: rows of a sheet, links on it, characters of a cell. What does not fit is said, never dropped in silence."""

from ledgerkit.locale import N_, Lang, catalogue

MOST_ROWS = 1_048_576
# Excel takes 65,530; rows below say where in words.
MOST_LINKS = 65_000
# In UTF-16 units, as Excel counts them: a character outside the basic plane is two.
LONGEST_TEXT, LONGEST_LINK = 32_767, 2_080
_NOTE = 100
MORE = N_("… (and {count} characters more; the findings in --format json are whole)")


def units(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitted(text: str, lang: Lang) -> str:
    """A text that a cell or comment takes: what is too long is cut, which it then says."""
    if len(text) <= LONGEST_TEXT // 2 or units(text) <= LONGEST_TEXT:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST_TEXT - _NOTE)].decode("utf-16-le", "ignore")
    return kept + catalogue(lang).gettext(MORE).format(count=len(text) - len(kept))
