"""Names as they are compared, numbers as they are tested, and masks that let nothing through."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from ledgerkit.model.person import (
    card_is_good,
    fold_name,
    id_birth,
    id_is_good,
    id_sex,
    is_scientific,
    mask,
    mask_text,
    may_be_same,
    uscc_is_good,
)

BODIES = st.tuples(st.integers(100000, 999999), st.dates(), st.integers(0, 999)).map(lambda t: f"{t[0]}{t[1]:%Y%m%d}{t[2]:03d}".zfill(17))


@given(BODIES.filter(lambda body: int(body[6:10]) >= 1000))
def test_one_check_character_in_eleven_is_right(body: str) -> None:
    good = [last for last in "0123456789X" if id_is_good(body + last)]
    assert len(good) == 1
    number = body + good[0]
    assert ric.calc_check_digit(number) == good[0]
    assert id_is_good(number.lower())
    assert f"{id_birth(number):%Y%m%d}" == number[6:14].zfill(8)
    assert id_sex(number) == ("male" if int(number[16]) % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_digit_mistyped_is_found(at: int, by: int) -> None:
    number = "11010119900307109X"
    digit = (int(number[at]) + by) % 10
    assert not id_is_good(number[:at] + str(digit) + number[at + 1 :])


@given(st.integers(0, 15))
def test_two_digits_swapped_are_found(at: int) -> None:
    number = "11010119900307109X"
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or not id_is_good(swapped)


@pytest.mark.parametrize(
    "number", ["", "11010119900307109", "11010119900230109X", "１１010119900307109X", "1101011990030710٩X", "11010119900307109X ", "1" * 19]
)
def test_what_is_no_id(number: str) -> None:
    assert not id_is_good(number)


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("81440000MCL468545M", True),
        ("81440000mcl468545m", True),
        ("81440000MCL468545N", False),
        ("81210104550756080L4", False),
        ("1" * 18, False),
        ("0" * 18, False),
        ("81440000MCI468545M", False),
        ("81440000 MCL468545", False),
    ],
)
def test_a_credit_code_has_its_check_character_and_is_no_filler(code: str, good: bool) -> None:
    assert uscc_is_good(code) is good


def test_a_credit_code_may_begin_with_a_letter() -> None:
    body = "N2110101MF012345Q"
    assert uscc_is_good(body + uscc.calc_check_digit(body))


@given(st.text(max_size=24))
def test_no_text_makes_a_check_fail_with_an_exception(text: str) -> None:
    id_is_good(text)
    card_is_good(text)
    uscc_is_good(text)
    is_scientific(text)
    mask_text(text)
    fold_name(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("Ａnn Lee", "AnnLee"),
        ("李\u200b四", "李四"),
        ("买买提・江", "买买提·江"),
        ("买买提．江", "买买提.江"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_names_that_are_not_the_same() -> None:
    assert fold_name("张三") != fold_name("张叁")
    assert fold_name("𠮷田") != fold_name("吉田")


@pytest.mark.parametrize(
    ("number", "phone", "masked"),
    [
        ("110101199003071234", False, "110***********1234"),
        ("6222020200112233445", False, "622************3445"),
        ("E12345678", False, "*******78"),
        ("12345678901", False, "*********01"),
        ("123456789012", False, "123*****9012"),
        ("13800138000", True, "138****8000"),
        ("12", False, "12"),
    ],
)
def test_masks_keep_what_the_contract_says(number: str, phone: bool, masked: str) -> None:
    assert mask(number, phone) == masked


@given(st.text(alphabet="0123456789Xx- ", min_size=12, max_size=24))
def test_a_mask_shows_seven_characters_at_most(number: str) -> None:
    masked = mask(number, phone=False)
    assert len(masked) == len(number)
    assert sum(c != "*" for c in masked) <= 7


NUMBER = "110101199003071234"


def shown_digits(text: str) -> int:
    """The longest run of its digits that a text still has, separators left out."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit() or c == "*" or c.isalpha())
    return max((len(run) for run in re.findall(r"\d+", bare)), default=0)


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"身份证{NUMBER}已核",
        f"ID{NUMBER}",
        f"ID: {NUMBER}.",
        f"a{NUMBER}b",
        f"No.{NUMBER}号",
        "110101 19900307 1234",
        "110101-19900307-1234",
        "110101　19900307　1234",
        "110101\u00a019900307\u00a01234",
        "110101\u200b199003071234",
        "１１０１０１１９９００３０７１２３４",
        "1101 0119 9003 0712 34",
        "110101  199003071234",
        "110101－19900307－1234",
        "电话13800138000，卡6222020200112233445",
        "11010119900307123x",
        "1.10101199003071234e17",
        "110101199003071234.0",
        f"{NUMBER}{NUMBER}",
    ],
)
def test_no_number_survives_inside_free_text(text: str) -> None:
    assert shown_digits(mask_text(text)) <= 7


@given(
    st.text(alphabet="身份证号IDab:：，. ", max_size=6),
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
    st.text(alphabet="号ab，. x", max_size=6),
)
@example("ID", NUMBER, "")
@example("", NUMBER, "x")
def test_an_id_anywhere_in_a_text_is_masked(before: str, number: str, after: str) -> None:
    assert number not in mask_text(before + number + after)
    assert number[:14] not in mask_text(before + number + after)


@pytest.mark.parametrize(
    "text", ["2015-01-10", "金额1234567.89", "V2015-0001", "12:30", "会员 12 人", "2014-01-01..2016-03-31", "合计 15.00"]
)
def test_dates_amounts_and_short_numbers_stay(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("电话（110101197405050049）不通", mask("电话（110101197405050049）不通", phone=False), True),
        ("1101 0119 7405 0500 49", mask_text("1101 0119 7405 0500 49"), True),
        ("110101197405050049", "110***********0049", True),
        ("110101197405050049", "110***********0050", False),
        ("110101197405050049", "110***********049", False),
        ("15.00", "15.00", True),
        ("15.00", "15.01", False),
        ("15.00", "", False),
    ],
)
def test_what_is_masked_on_one_side_may_be_the_same(one: str, other: str, same: bool) -> None:
    assert (may_be_same(one, other), may_be_same(other, one)) == (same, same)
