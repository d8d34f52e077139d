"""Odd cells: what a clerk types into one, and what a workbook keeps of it."""

from odd import GOOD, Case, Section, book, cell, sheet

MANY = [{**GOOD["dues"][0], "member_no": f"M{number:03d}", "paid": "十五元"} for number in range(24)]

BROKEN = Section(
    "没有值的格",
    "Cells without a value",
    (
        cell("公式出错", "a formula error", paid="#REF!"),
        cell("合计行的公式出错", "a formula error in a total row", paid="#DIV/0!", member_no="合计", name="", period="", paid_on=""),
        cell("从未计算的公式（其他程序写的）", "a formula never calculated (another program wrote it)", paid="=A1+1"),
        cell("必填的格空着", "a required cell left blank", paid=""),
        cell("只有空格", "nothing but spaces", name="\u3000 \u00a0"),
        cell("写“同上”", "a ditto mark", name="同上"),
        cell("选项列写“〃”", "a ditto mark in a column of choices", "members", status="〃"),
        cell("错误值写成了文字", "the text of an error", paid="'#N/A"),
        cell("名字就叫 NA、null、None：不是空白", "a name that is NA: no blank", quiet=True, name="NA"),
        Case("整列都写错：只说一次", "one mistake all the way down a column: told once", book(sheet("dues", rows=MANY))),
    ),
)  # fmt: skip

AMOUNTS = Section(
    "金额和数量",
    "Amounts and counts",
    (
        cell("文本格里的数字", "a number in a text cell", paid="1234.50"),
        cell("全角数字、千位分隔符和“元”", "full-width digits, separators and 元", paid="１，２３４．５０元"),
        cell("¥ 和括号里的负数（减免不得为负）", "¥ and brackets: a negative number, where none may be", waived="(¥5.00)"),
        cell("万元", "ten thousands", paid="0.5万元"),
        cell("文本格里的人次", "a count in a text cell", "activities", present="20"),
        cell("三位小数", "three decimals", paid="#10.005"),
        cell("文本里的三位小数", "three decimals in text", paid="10.005"),
        cell("人次有小数", "a count that is not whole", "activities", present="#20.5"),
        cell("负数", "a negative number", paid="#-15"),
        cell("发放金额为零", "nothing paid out (relief must be above zero)", "relief", amount="#0"),
        cell("千位分隔符不在千位", "separators out of place", paid="1,23,456"),
        cell("空格分开的数字", "digits with spaces between them", paid="1 200"),
        cell("百分数", "a percentage", paid="50%"),
        cell("文本里的科学记数法", "scientific notation in text", paid="1.2E+3"),
        cell("负号在后面", "the minus sign behind", paid="15-"),
        cell("大写金额", "an amount in words", paid="壹佰元整"),
        cell("不确定的单位", "a unit that is not certain", paid="3千"),
        cell("金额格里是日期（格式设成了日期）", "an amount cell formatted as a date", paid="2015-01-15d"),
        cell("金额格里写了日期", "a date typed into an amount cell", paid="2015-03"),
        cell("不是数字", "no number at all", paid="已缴"),
        cell("float() 认作数字的文字：1_000", "what float() takes for a number: 1_000", paid="1_000"),
        cell("逻辑值", "a logical value", paid="#TRUE"),
        cell("NaN", "NaN", paid="NaN"),
    ),
)  # fmt: skip

DATES = Section(
    "日期和月份",
    "Dates and months",
    (
        *(cell(f"写成“{text}”", f"written {text}", quiet=True, paid_on=text)
          for text in ("2015.3.1", "2015/3/1", "2015年3月1日", "20150301", "２０１５－０３－０１", "2015-03-01 09:30")),
        *(cell(f"月份写成“{text}”", f"a month written {text}", quiet=True, period=text) for text in ("2015年3月", "2015.3", "201503", "#201503")),
        cell("Excel 日期序号，格式为常规", "an Excel serial without a date format", quiet=True, paid_on="#42073"),
        cell("日月年不分先后", "day and month in either order", paid_on="03/04/2015"),
        cell("年份两位", "a year of two digits", paid_on="15.3.1"),
        cell("没有写年", "no year", paid_on="3月10日"),
        cell("没有写日", "no day", paid_on="2015年3月"),
        cell("日历上没有的日子", "a day that no calendar has", paid_on="2015-02-30"),
        cell("13 月", "a thirteenth month", period="2015-13"),
        cell("不是日期的数字", "a number that is no date", paid_on="#123456789"),
        cell("只有时间", "a time and no day", paid_on="#0.5"),
        cell("不是日期的文字", "words in place of a date", paid_on="三月上旬"),
        cell("不在本年度的月份", "a month of another year", period="2013-12"),
        cell("离本年度太远的日期", "a day far from the year", paid_on="2019-03-10d"),
    ),
)  # fmt: skip

KEYS = Section(
    "编号、证件号和卡号",
    "Codes, IDs and cards",
    (
        cell("身份证号存成数字", "an 18-digit ID kept as a number", "members", id_no="#110101199003071313"),
        cell("银行卡号存成数字", "a card of 19 digits kept as a number", "members", bank_card="#6229990200000000379"),
        cell("收据号超过 15 位，存成数字", "a receipt of more than 15 digits kept as a number", receipt_no="#12345678901234567"),
        cell("科学记数法的身份证号", "an ID in scientific notation", "members", id_no="1.10101E+17"),
        cell("身份证号末三位成了 000", "an ID whose last digits became 000", "members", id_no="110101199003071000"),
        cell("身份证号校验码不对", "an ID with a wrong check digit", "members", id_no="110101199003071234"),
        cell("性别与身份证号不符", "a sex that the ID contradicts", "members", sex="女"),
        cell("出生日期与身份证号不符", "a birth date that the ID contradicts", "members", birth_date="1991-01-01d"),
        cell("出生日期在今后", "a birth date that is still to come", "members", birth_date="2091-01-01d", id_no="E12345678", id_type="护照"),
        cell("银行卡号校验码不对", "a card with a wrong check digit", "members", bank_card="6229990200000000378"),
        cell("会员编号存成数字，格式显示 00012", "a code kept as a number that shows 00012", member_no="#00012"),
        cell("会员编号存成数字", "a code kept as a number", member_no="#12"),
        cell("编号里有零宽空格", "a zero-width space in a code", member_no="M001\u200b"),
        cell("编号里有不间断空格，所在行没有钱", "a no-break space in a code, no money in its row", "members", member_no="M\u00a0001"),
        cell("全角的编号", "a code in full-width letters", member_no="Ｍ００１"),
        cell("姓名里有零宽字符", "a zero-width character in a name", name="王\u200b小明"),
        cell("转码丢字", "characters lost in conversion", "activities", title="棋\ufffd比赛"),
        cell("不在下拉选项里（粘贴冲掉了下拉列表）", "no value of the list (a paste took the drop-downs)", "members", status="在职人员"),
        cell("是否列写别的", "another word for yes or no", "activities", has_photos="部分"),
        cell("同一会员编号两次", "one member number twice", "members", member_no="M002"),
        cell("上级工会不在台账里", "a parent that is not in the register", "branches", parent_code="B99"),
        cell("信用代码不对", "a credit code that cannot be right", "branches", uscc="81320297MD0128486K"),
    ),
)  # fmt: skip

CELLS = (BROKEN, AMOUNTS, DATES, KEYS)
