"""What a cell with a number format shows of an amount: judged by hand against Excel's rules for format codes."""

import pytest

from ledgerkit.reading.formats import parse


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("0", 12.34, "12"),
        ("0", 12.5, "13"),
        ("0", -12.5, "-13"),
        ("0", -0.2, "0"),
        ("#,##0", 1234.5, "1235"),
        ("#", 12.4, "12"),
        ("00000", 12.5, "13"),
        ("0.0", 2.25, "2.3"),
        ("0.00", 12.3456, "12.35"),
        ("0.00", 1.005, "1.01"),
        ('0"元"', 3.4, "3"),
        ("¥#,##0;¥-#,##0", -12.5, "-13"),
        ("[$¥-804]#,##0.0", 12.34, "12.3"),
        ("[红色]0", 1.5, "2"),
        ("(0)", -5.5, "-6"),
        ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 12.34, "12"),
        ("0;-0;;@", 5.5, "6"),
        ("0,", 12345.0, "12"),
        ("0.0,", 12345.0, "12.3"),
        ("0!.0,", 123456.0, "12.3"),
        ("0!.0,", -123456.0, "-12.3"),
        ("0!.0,", 120000.0, "12.0"),
        ("0!.0000", 123456.0, "12.3456"),
        ('0\\.0,"万元"', 123456.0, "12.3"),
        ('0"."0,', 123456.0, "12.3"),
        ("0%", 0.5, "50%"),
        ("0.00%", 12.34, "1234.00%"),
        (";;;", 5.0, ""),
        ("0;;", -5.0, ""),
        ('"已缴"', 15.0, "已缴"),
    ],
)
def test_another_amount_than_is_stored(code: str, stored: float, shown: str) -> None:
    form = parse(code)
    assert form
    assert form.shown(stored) == shown


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("0", 12.0),
        ("0.00", 12.34),
        ("0.00", 0.1 + 0.2),
        ("0.00", 15.399999999999999),
        ("0", 14.999999999999998),
        ("0", 15.0000009),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", -12.34),
        ("#,##0.00;[红色]-#,##0.00", 12.34),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 12.34),
        (";;;", 0.0),
        ("0,", 0.0),
        ("0", float("nan")),
        ("0", float("inf")),
        ("0," + "," * 200, 1e16),
    ],
)
def test_the_amount_that_is_stored(code: str, stored: float) -> None:
    """Binary noise is no rounding, a zero left out is no amount, and what has more than 15 digits is no amount either."""
    form = parse(code)
    assert form
    assert form.shown(stored) is None


@pytest.mark.parametrize(
    "code",
    [
        "General", "@", "", "yyyy-mm-dd", "h:mm", "[h]:mm", "# ?/?", "0.00E+00", "[>=10000]0!.0,;0", "[DBNum2]0", "000-0000",
        "0!.0!.0", "0!.0.0", "General;-General", "0" * 256,
    ],
)  # fmt: skip
def test_what_is_not_judged(code: str) -> None:
    assert parse(code) is None
