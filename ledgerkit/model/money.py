"""Money: whole minor units (fen) between one door in and one door out, and exact rates."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ledgerkit.model.text import typed

MINOR = 100
# A stored number this near to a whole fen (in fen: 10⁻⁶ yuan) is that fen; binary floats miss cents by far less.
NEAR = 1e-4
LARGEST = 9_000_000_000_000
_UNITS = {"元": 1, "圆": 1, "yuan": 1, "cny": 1, "rmb": 1, "万": 10_000, "万元": 10_000}
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?)(?:(?:¥|￥|CNY|RMB)\s*)?(?P<inner>[+-]?)"
    r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
    rf"\s*(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})?",
    re.IGNORECASE,
)


def to_minor(value: object, scale: int = 1) -> int | None:
    """Minor units of a number or of text that is certainly an amount; None for anything else (never a rounding)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _from_number(float(value) * scale)
    return _from_text(value, scale) if isinstance(value, str) else None


def _from_number(yuan: float) -> int | None:
    fen = yuan * MINOR
    if not abs(fen) <= LARGEST:
        return None
    return round(fen) if abs(fen - round(fen)) <= max(NEAR, abs(fen) * 1e-15) else None


def _from_text(text: str, scale: int) -> int | None:
    body = typed(text) or ""
    bracketed = body.startswith("(") and body.endswith(")")
    found = _AMOUNT.fullmatch(body[1:-1].strip() if bracketed else body)
    if not found:
        return None
    sign = found["sign"] + found["inner"]
    # A unit in the cell beside another in the heading is not certain, nor is a second sign; brackets are one.
    if (found["unit"] and scale != 1) or len(sign) + bracketed > 1:
        return None
    unit = _UNITS[found["unit"].lower()] if found["unit"] else scale
    # A Decimal's product would be rounded to its context's 28 digits.
    minor = Fraction(Decimal(f"{found['whole'].replace(',', '')}.{found['part'] or 0}")) * unit * MINOR
    if minor.denominator != 1 or minor > LARGEST:
        return None
    return -int(minor) if bracketed or sign == "-" else int(minor)


def show(minor: int) -> str:
    """Canonical text of minor units: 123456 is "1234.56"."""
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(int(minor)), MINOR)
    return f"{sign}{whole}.{part:02d}"


def rate(text: str) -> Fraction:
    """An exact rate: "0.5%" is 1/200. Raises ValueError for anything that is not a number or a percentage."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not text")
    body = text.strip()
    return Fraction(Decimal(body[:-1])) / 100 if body.endswith("%") else Fraction(Decimal(body))


def ratio(part: int, whole: int) -> str | None:
    """part ÷ whole to four decimals, half up; None when the whole is 0."""
    if whole == 0:
        return None
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP))
