"""What a number format shows of a stored number: as much of Excel's format codes as tells how an amount is rounded, scaled or left out."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

# Codes that a workbook names by number alone; dates, fractions and scientific notation are not judged.
BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00"},
}
# Binary floats and sums of cents are off by far less than this, amounts that matter by far more.
SAME = Decimal("1e-6")
# Excel's longest code, and digits enough for any number under it; larger amounts than 15 digits are not judged.
LONGEST, LARGEST = 255, 1e15
_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)
_TOKENS = re.compile(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P|E[+-]|.', re.IGNORECASE | re.DOTALL)
_COLOUR_OR_CURRENCY = re.compile(
    r"\[(?:\$|(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[黑蓝青绿洋红白黄]+色?)\])", re.IGNORECASE
)
_DIGITS = frozenset("0#?")
_PLAIN = _DIGITS | {",", "."}
# Letters that make a date, a clock time, a fraction, scientific notation or text of a number.
_OTHER_KINDS = frozenset("ymdhsegb/@")


@dataclass(frozen=True)
class Section:
    """One section of a code: decimals shown of the number × 10^power, what follows it; text in place of digits where there are none."""

    decimals: int = 0
    power: int = 0
    after: str = ""
    text: str | None = None


@dataclass(frozen=True)
class Format:
    """A code whose numbers can be worked out: its sections for positive, negative and zero."""

    sections: tuple[Section, ...]

    @property
    def decimals(self) -> int | None:
        """How many decimals it shows at the least; None where it may show another number altogether, or none."""
        counted = self.sections[:2]
        return None if any(part.power or part.text is not None for part in counted) else min(part.decimals for part in counted)

    def shown(self, stored: float) -> str | None:
        """What it shows of a number, where that is another amount; None where it is the same one, for 0 and for what is no amount."""
        if not 0 < abs(stored) < LARGEST or (self.decimals is not None and round(stored, self.decimals) == stored):
            return None
        part = self.sections[1] if stored < 0 and len(self.sections) > 1 else self.sections[0]
        if part.text is not None:
            return part.text
        exact = Decimal(f"{stored:.15g}")
        number = exact.scaleb(part.power, _EXACT).quantize(Decimal(1).scaleb(-part.decimals), context=_EXACT)
        return None if abs(number - exact) <= SAME and not part.after else f"{_EXACT.plus(number):f}{part.after}"


def parse(code: str) -> Format | None:
    """The Format of a code; None for General, text, dates and whatever else is not judged."""
    sections = [_section(tokens) for tokens in _sections(code)] if 0 < len(code) <= LONGEST else []
    return Format(tuple(part for part in sections if part)) if sections and None not in sections else None


def _sections(code: str) -> list[list[str]]:
    """The tokens of a code's sections for numbers: at most three, the fourth is for text."""
    sections: list[list[str]] = [[]]
    for sign in _TOKENS.findall(code):
        if sign == ";":
            sections.append([])
        else:
            sections[-1].append(sign)
    return sections[:3]


def _section(tokens: list[str]) -> Section | None:
    digits = [at for at, token in enumerate(tokens) if token in _DIGITS]
    if any(_other_kind(token) for token in tokens):
        return None
    if not digits:
        return Section(text="".join(_literal(token) for token in tokens).strip())
    inside = range(digits[0], digits[-1])
    points = [at for at in inside if tokens[at] == "."]
    # A point typed as text among the digits (0!.0,) moves the number without dividing it.
    typed = [at for at in inside if tokens[at] not in _PLAIN]
    if len(points) + len(typed) > 1 or any(_literal(tokens[at]) != "." for at in typed):
        return None
    decimals = sum(at > point for point in points for at in digits)
    moved = sum(at > point for point in typed for at in digits)
    thousands = tokens[digits[-1] :].count(",")
    percents = tokens.count("%")
    return Section(decimals + moved, 2 * percents - 3 * thousands - moved, "%" * percents)


def _other_kind(token: str) -> bool:
    if token.startswith("["):
        return not _COLOUR_OR_CURRENCY.match(token)
    return token.lower() in _OTHER_KINDS or token.lower() in ("general", "am/pm", "a/p", "e+", "e-")


def _literal(token: str) -> str:
    """What a token that is no digit puts beside the number."""
    if token[0] == '"':
        return token[1:-1]
    return token[1:] if token[0] in "\\!" else "" if token[0] in "_*[" else token
