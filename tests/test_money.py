"""Money has one door in and one door out: what is certain is read to the fen, anything else is not guessed at."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerkit.model.money import LARGEST, rate, ratio, show, to_minor

AMOUNTS = st.integers(-LARGEST, LARGEST)


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
