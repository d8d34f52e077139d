"""Invented people: names, identity numbers with the right check character, bank cards, phones, credit codes."""

import random
from datetime import date

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "志明建国晓雯丽华海燕文博雨桐思远佳怡俊杰雪梅春兰秋菊立新永强玉珍国庆小红卫东淑芬振宇欣然浩然子涵梓萱一诺诗涵宇轩若曦沐宸静怡婉清承泽景行知远书瑶凤英桂兰秀云彩霞德胜长青"
PLACES = ("320281", "320102", "110101", "440106", "510104", "330106", "610113", "420106")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIRST = ("Anna", "Elena", "John", "Maria", "Peter", "Thomas")
LAST = ("Kim", "Moreau", "Novak", "Rossi", "Silva", "Smith")
# The identity numbers of the people of one folder of books: no two have one.
TAKEN: set[str] = set()
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def name(rng: random.Random) -> str:
    """A Chinese name of two or three characters."""
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))


def foreign_name(rng: random.Random) -> str:
    """The name of somebody from abroad."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def identity(rng: random.Random, born: date, male: bool, tail: str = "") -> str:
    """A resident ID: 6 of region, 8 of birth, 3 of order (odd for men), the check character (ISO 7064 MOD 11-2); ending in `tail`."""
    while True:
        order = 2 * rng.randrange(50, 500) - male
        body = f"{rng.choice(PLACES)}{born:%Y%m%d}{order:03d}"
        if (number := body + check(body)).endswith(tail) and number not in TAKEN:
            TAKEN.add(number)
            return number


def check(body: str) -> str:
    """The check character of an ID's first 17 digits."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def card(rng: random.Random, length: int = 19) -> str:
    """A bank card number whose last digit is Luhn's."""
    body = "6222" + "".join(rng.choice("0123456789") for _ in range(length - 5))
    digits = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(digit // 10 + digit % 10 for digit in digits) % 10)


def phone(rng: random.Random) -> str:
    """A mobile number."""
    return "13" + "".join(rng.choice("0123456789") for _ in range(9))


def credit_code(rng: random.Random, first: str = "81") -> str:
    """A unified social credit code (GB 32100): 81 for a grassroots union."""
    body = first + "3202" + "81" + "".join(rng.choice(CREDIT) for _ in range(9))
    total = sum(CREDIT.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + CREDIT[(31 - total) % 31]
