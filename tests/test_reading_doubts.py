"""What is not certain is said in a sentence of its own; what is certain is read without one."""

from pathlib import Path

import pytest
from books import check, foots, found, one, said, write
from test_reading_cells import sheet

# ledger, heading, the cells that share a sentence ({0} is the cell as shown), the rule, Chinese, English.
SENTENCES = [
    ("dues", "实缴会费", ["2015-01-15d", "2015-01-15T08:30d", "2015/1/15", "2015年1月", "2015-01"], "G008",
     "该单元格存的是日期或时间（{0}），不是金额或数量。请把单元格格式改为“数值”，再对照凭证重新录入。",
     "The cell holds a date or time ({0}) in place of an amount or count. Set its format to number, then type the amount or count again from the voucher."),
    ("relief", "人数户数", ["1900-01-02d"], "G008",
     "该单元格存的是日期或时间（{0}），不是金额或数量。请把单元格格式改为“数值”，再对照凭证重新录入。",
     "The cell holds a date or time ({0}) in place of an amount or count. Set its format to number, then type the amount or count again from the voucher."),
    ("dues", "实缴会费", ["1,23,456", "1234,567.00", "1,23", "1 234.50", "1，23"], "G008",
     "“{0}”的分隔符不是每三位一个，可能多打或漏打了数字。请去掉逗号和空格，直接填数字，如 1234.50。",
     "The separators in “{0}” do not stand between groups of three digits, so a digit may be missing or too many. Type the number without commas or spaces, like 1234.50."),
    ("dues", "实缴会费", ["#10.005", "10.005", "¥1,234.505元"], "G008",
     "“{0}”的小数超过两位，不会代为四舍五入。请按凭证金额填写，最多两位小数，如 1234.50。",
     "“{0}” has more than two decimals and is not rounded for you. Type the amount of the voucher with at most two decimals, like 1234.50."),
    ("dues", "实缴会费", ["15%", "0.5 %", "１５％"], "G008",
     "“{0}”是百分比，不是金额或数量。请填金额或数量本身，如 1234.50。",
     "“{0}” is a percentage, not an amount or count. Type the amount or count itself, like 1234.50."),
    ("dues", "实缴会费", ["1.2E+3", "1e3"], "G008",
     "“{0}”是存成文本的科学计数法，原来的数字已不能确定。请对照凭证填写完整的数字，如 1234.50。",
     "“{0}” is scientific notation kept as text, and its digits are not certain. Type the whole number from the voucher, like 1234.50."),
    ("dues", "实缴会费", ["15-", "1,200.50 -"], "G008",
     "“{0}”的负号写在数字后面，不能确定是不是负数。确为负数的，请把负号写在前面；不是的，请删去。",
     "The minus sign of “{0}” stands behind the number, so it is not certain that it is one. If the amount is negative, type the sign in front of it; else delete it."),
    ("dues", "实缴会费", ["壹拾伍元整", "人民币壹佰元"], "G008",
     "“{0}”是大写金额。请填小写数字，如 1234.50。",
     "“{0}” is an amount in words. Type it in digits, like 1234.50."),
    ("dues", "实缴会费", ["15元整", "12元5角", "3千元", "$15", "15美元"], "G008",
     "“{0}”中的单位不能确定。请换算成元，只填数字，如 1234.50。",
     "The unit in “{0}” is not certain here. Work the amount out in yuan and type the number alone, like 1234.50."),
    ("relief", "人数户数", ["#1.5", "1.5", "1.555"], "G008",
     "“{0}”不是整数。请填整数，如 12。",
     "“{0}” is not a whole number. Type a whole number, like 12."),
    ("dues", "缴款日期", ["03/04/2015", "3-4-2015", "25.12.2015"], "G009",
     "“{0}”没有把年份写在最前面，日和月可能混淆，不作猜测。请按 YYYY-MM-DD 的格式填写。",
     "“{0}” does not begin with the year: day and month may be mistaken for each other, and neither is guessed at. Type it as YYYY-MM-DD."),
    ("dues", "缴款日期", ["15.3.1", "15年3月1日", "03/04/15", "3月1日", "3.1"], "G009",
     "“{0}”没有四位年份，不能确定是哪一年。请按 YYYY-MM-DD 的格式填写。",
     "“{0}” has no year of four digits, so it is not certain which year is meant. Type it as YYYY-MM-DD."),
    ("dues", "所属月份", ["1月", "15.3", "15年3月"], "G009",
     "“{0}”没有四位年份，不能确定是哪一年。请按 YYYY-MM 的格式填写。",
     "“{0}” has no year of four digits, so it is not certain which year is meant. Type it as YYYY-MM."),
    ("dues", "缴款日期", ["2015年3月", "2015-03", "201503"], "G009",
     "“{0}”只有年月，没有日。请按 YYYY-MM-DD 的格式填写完整日期。",
     "“{0}” names a month and no day. Type the whole date as YYYY-MM-DD."),
    ("dues", "缴款日期", ["2015-02-30", "2015年2月30日", "20150230", "#20150230"], "G009",
     "日历上没有“{0}”。请对照凭证核对，按 YYYY-MM-DD 的格式填写。",
     "“{0}” is not in the calendar. Compare it with the voucher and type it as YYYY-MM-DD."),
    ("dues", "缴款日期", ["#15", "#3.5"], "G009",
     "数字 {0} 不是日期。请按 YYYY-MM-DD 的格式填写。",
     "The number {0} is no date. Type the date as YYYY-MM-DD."),
    ("dues", "实缴会费", ["#-5"], "G008",
     "此处不能填“-5.00”，须 ≥ 0。请核对后更正，不要带负号。",
     "“-5.00” is not allowed here: it must be ≥ 0. Check the amount or count; type it without a minus sign."),
    ("relief", "金额", ["#0"], "G008",
     "此处的金额须 > 0，不能填 0.00。请按凭证金额填写；没有发放的，请删去整行。",
     "The amount must be > 0 here, and 0.00 is not. Type the amount of the voucher; where nothing was paid, delete the row."),
]  # fmt: skip
CASES = [(ledger, heading, cell, *rest) for ledger, heading, cells, *rest in SENTENCES for cell in cells]


@pytest.mark.parametrize(("ledger", "heading", "cell", "rule", "zh", "en"), CASES)
def test_what_is_not_certain_is_said_with_how_to_write_it(
    tmp_path: Path, ledger: str, heading: str, cell: str, rule: str, zh: str, en: str
) -> None:
    finding = one(report := check(write(tmp_path / "b.xlsx", {"表": sheet(ledger, **{heading: cell})}), year=2015))
    assert finding.rule == rule
    assert said(finding) == (zh.format(finding.observed), en.format(finding.observed))
    foots(report)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("１，２３４．５０", "1234.50"),
        ("1,234,567", "1234567.00"),
        ("¥ 15", "15.00"),
        ("￥15", "15.00"),
        ("RMB15", "15.00"),
        ("15圆", "15.00"),
        ("1.5万元", "15000.00"),
        ("0.12万", "1200.00"),
        ("+15", "15.00"),
        ("15.500", "15.50"),
    ],
)
def test_what_is_certain_is_read(tmp_path: Path, cell: str, amount: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 实缴会费="'" + cell)}), year=2015)
    assert [f[:2] for f in found(report, "D001")] == [("G027", "E2")]
    assert report.book.used["dues"].show(0, "paid") == amount


def test_parentheses_are_a_minus(tmp_path: Path) -> None:
    """A reversal may be written in an accountant's way."""
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("relief", 金额="'(500)", 备注="红冲 V0")}), year=2015)
    assert [f[:2] for f in found(report)] == [("G027", "I2")]
    assert report.book.used["relief"].show(0, "amount") == "-500.00"
