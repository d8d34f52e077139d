"""Money has one door in and one door out: what is certain is read to the fen, anything else is not guessed at."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerkit.model.money import LARGEST, rate, ratio, show, to_minor

AMOUNTS = st.integers(-LARGEST, LARGEST)
FULL_WIDTH = str.maketrans("0123456789.,+-()", "０１２３４５６７８９．，＋－（）")


def refused(text: str) -> Decimal | None:
    """A second parser, written from the grammar alone: sign or brackets, ASCII or full-width digits, right groups, ¥ or 元. None: no amount."""
    body = text.translate(str.maketrans("０１２３４５６７８９．，＋－（）￥", "0123456789.,+-()¥"))
    body = "".join(c for c in body if c not in "\u200b\ufeff").replace("\u3000", " ").replace("\u00a0", " ").strip()
    bracketed = re.fullmatch(r"\((.*)\)", body)
    body = bracketed[1].strip() if bracketed else body
    found = re.fullmatch(
        r"(?:¥|CNY|RMB)? *([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)? *(元|圆|万|万元|yuan|cny|rmb)?", body, re.IGNORECASE
    )
    if not found or (bracketed and found[1]):
        return None
    value = Decimal(found[1] + found[2].replace(",", "") + (found[3] or "")) * (10_000 if (found[4] or "").startswith("万") else 1)
    return -value if bracketed else value


@given(AMOUNTS)
def test_what_is_shown_is_read_back(minor: int) -> None:
    assert to_minor(show(minor)) == minor
    assert re.fullmatch(r"-?\d+\.\d\d", show(minor))


@given(st.integers(-(10**13), 10**13))
def test_a_float_of_whole_fen_is_that_fen(minor: int) -> None:
    """Up to a hundred thousand million yuan: what Excel stores for 0.1 + 0.2 is 30 fen."""
    assert to_minor(minor / 100) == (minor if abs(minor) <= LARGEST else None)


@given(st.integers(-(10**9), 10**9), st.floats(-9e-7, 9e-7))
def test_a_number_within_a_millionth_of_a_yuan_is_that_fen(minor: int, noise: float) -> None:
    assert to_minor(minor / 100 + noise) == minor


@given(st.integers(-(10**9), 10**9), st.floats(0.00001, 0.00499))
@example(1000, 0.005)
def test_a_number_further_off_is_no_rounding(minor: int, off: float) -> None:
    assert to_minor(minor / 100 + off) is None


STYLES = ["{}", "+{}", "¥{}", "￥{}", "{}元", "{} 元", "{}圆", "{} yuan", "{}CNY", "CNY{}", "RMB {}", " {} ", "　{}　", "\u00a0{}"]


@given(st.integers(0, LARGEST), st.sampled_from(STYLES), st.booleans(), st.booleans(), st.booleans())
def test_every_allowed_way_to_write_an_amount(minor: int, style: str, grouped: bool, negative: bool, wide: bool) -> None:
    yuan, fen = divmod(minor, 100)
    body = f"{yuan:,}" if grouped else str(yuan)
    body += f".{fen:02d}" if fen else ""
    if negative and style.startswith(("{", " ", "　", "\u00a0")):
        body = f"-{body}"
    else:
        negative = False
    text = style.format(body.translate(FULL_WIDTH) if wide else body)
    assert to_minor(text) == (-minor if negative else minor)


@given(st.integers(0, LARGEST))
def test_brackets_are_a_minus(minor: int) -> None:
    assert to_minor(f"({show(minor)})") == to_minor(f"（{show(minor)}）") == -minor


@given(st.text(alphabet="0123456789０１２.,，．+-()（）¥元万 eE_%'\u3000\u200b²½①٣百整x", max_size=12))
@example("10²")
@example("1 5")
@example("٣٠")
@example("1_000")
@example("１,２３")
@example("1,2345")
@example("12-")
@example("--1")
@example("(-5)")
@example("1e3")
def test_random_text_is_no_amount_that_a_strict_parser_refuses(text: str) -> None:
    minor, strict = to_minor(text), refused(text)
    if minor is not None:
        assert strict is not None, f"{text!r} was read as {show(minor)}"
        assert strict * 100 == minor


@given(st.text(max_size=20))
def test_any_text_at_all(text: str) -> None:
    minor = to_minor(text)
    if minor is not None:
        assert refused(text) is not None, f"{text!r} was read as {show(minor)}"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300, True, False, None, b"1", [1], Decimal("1")])
def test_what_is_no_number_of_a_sheet_is_no_amount(value: object) -> None:
    assert to_minor(value) is None


def test_minus_nothing_is_nothing() -> None:
    assert to_minor(-0.0) == to_minor("-0") == 0
    assert show(0) == "0.00"


@given(st.integers(0, 10**9))
def test_ten_thousands_are_exact(minor: int) -> None:
    assert to_minor(minor / 10**6, 10_000) == minor
    assert to_minor(f"{Decimal(minor) / 10**6:f}", 10_000) == minor


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_rates_are_exact(number: int, places: int) -> None:
    text = f"{Decimal(number).scaleb(-places):f}"
    assert rate(text) == Fraction(number, 10**places)
    assert rate(f" {text}% ") == Fraction(number, 10**places * 100)


@given(st.integers(-LARGEST, LARGEST), st.integers(-LARGEST, LARGEST))
def test_a_ratio_has_four_places_half_up(part: int, whole: int) -> None:
    shown = ratio(part, whole)
    assert (shown is None) == (whole == 0)
    if shown is not None:
        assert re.fullmatch(r"-?\d+\.\d{4}", shown)
        assert abs(Fraction(shown) - Fraction(part, whole)) <= Fraction(1, 20_000)
