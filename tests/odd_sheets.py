"""Odd sheets: what is done to headings, rows, totals and formats by hand."""

from odd import GOOD, Case, Section, Touch, book, sheet, touched
from openpyxl.worksheet.worksheet import Worksheet

from ledgerkit.model.stamp import KIND, TEMPLATE, VERSION

DUES = sheet("dues")
ROSTER = sheet("members")
# The total of a sheet of dues stands in D4.
TOTAL = [*DUES, ["合计", "", "", "#30"]]

IDS = ("110101199003071102", "110101199003071209", "110101199003071313", "110101199003071428", "110101199003071532")
# A roster whose wages are in ten thousands and a sheet of dues whose wages are in yuan.
WAGES = [{**GOOD["members"][0], "member_no": f"M{at}", "id_no": number, "wage_base": "#0.45"} for at, number in enumerate(IDS)]
PAID = [{**GOOD["dues"][0], "member_no": f"M{at}", "wage_base": "#4500"} for at, _ in enumerate(IDS)]


def renamed(column: int, heading: str) -> list[list[str]]:
    """Dues with another heading on one column."""
    return [[*DUES[0][:column], heading, *DUES[0][column + 1 :]], *DUES[1:]]


def hidden(*rows: int, column: str = "", state: str = "") -> Touch:
    """Rows, a column or the whole sheet hidden."""

    def hide(page: Worksheet) -> None:
        for row in rows:
            page.row_dimensions[row].hidden = True
        if column:
            page.column_dimensions[column].hidden = True
        page.sheet_state = state or page.sheet_state

    return hide


def filtered(page: Worksheet) -> None:
    """A filter left on that hides the third row."""
    page.auto_filter.ref = "A1:E3"
    page.auto_filter.add_filter_column(1, ["M001"])
    page.row_dimensions[3].hidden = True


def merged(area: str) -> Touch:
    """Cells merged."""
    return lambda page: page.merge_cells(area)


def shown_as(code: str, *cells: str) -> Touch:
    """A number format on some cells."""

    def form(page: Worksheet) -> None:
        for address in cells:
            page[address].number_format = code

    return form


UNSEEN = Section(
    "看不见的内容和显示的内容",
    "What a sheet does not show",
    (
        Case("隐藏的行里有钱", "money in a hidden row", touched(book(DUES), hidden(3))),
        Case("隐藏的行里没有钱", "no money in a hidden row", touched(book(sheet("dues", {"paid": "#0", "paid_on": ""})), hidden(2))),
        Case("隐藏的列里有钱", "money in a hidden column", touched(book(DUES), hidden(column="D"))),
        Case("隐藏的列里没有钱", "no money in a hidden column", touched(book(DUES), hidden(column="C"))),
        Case("隐藏的工作表里有钱", "money in a hidden sheet", touched(book(DUES), hidden(state="hidden"))),
        Case("隐藏的工作表里没有钱", "no money in a hidden sheet", touched(book(ROSTER), hidden(state="hidden"))),
        Case("深度隐藏的工作表里有钱", "money in a very hidden sheet", touched(book(DUES), hidden(state="veryHidden"))),
        Case("深度隐藏的工作表里没有钱", "no money in a very hidden sheet", touched(book(ROSTER), hidden(state="veryHidden"))),
        Case("筛选没有取消", "a filter left on", touched(book(DUES), filtered)),
        Case("数据区有合并单元格，盖住了必填项", "merged cells over a required cell", touched(book(DUES), merged("C2:C3"))),
        Case(
            "数据区有合并单元格，没有盖住必填项",
            "merged cells over no required cell",
            touched(book(sheet("dues", {"due": "#15"})), merged("F2:F3")),
        ),
        Case("标题合并：可以", "a merged title: that may be", book([["某机关工会会费表", *["<"] * 4], *DUES]), quiet=True),
        Case("数据格里是公式", "formulas in data cells", book(sheet("dues", {"paid": "=10+5 -> 15"}))),
        Case("金额显示为整数", "amounts shown without decimals", touched(book(sheet("dues", {"paid": "#15.44"})), shown_as("0", "D2"))),
        Case("金额按万元显示", "amounts shown in ten thousands", touched(book(DUES), shown_as('0!.0,"万元"', "D2"))),
        Case("金额什么也不显示", "an amount that shows nothing", touched(book(DUES), shown_as(";;;", "D2"))),
        Case("1904 日期系统：照日历上的同一天读", "days counted from 1904: the same day is read", book(DUES, date_1904=True), quiet=True),
    ),
)

TOTALS = Section(
    "合计、小计和说明",
    "Totals, sub-totals and notes",
    (
        Case("合计相符：不算明细", "a total that agrees: no detail", book(TOTAL), quiet=True),
        Case("“合 计”中间有空格", "spaces inside the word for total", book([*DUES, ["合 计", "", "", "#30"]]), quiet=True),
        Case("合计被手工改写", "a total typed over", book([*DUES, ["合计", "", "", "#31"]])),
        Case(
            "合计是公式，保存的结果已不符",
            "a total whose saved result no longer holds",
            book([*DUES, ["合计", "", "", "=SUM(D2:D3) -> 45"]]),
        ),
        Case("合计的明细有一项读不出", "a total one of whose details cannot be read", book([*sheet("dues", {"paid": "#REF!"}), TOTAL[-1]])),
        Case(
            "每组一个小计，末行总计",
            "a sub-total a group, a grand total below",
            book([DUES[0], DUES[1], ["小计", "", "", "#15"], DUES[2], ["小计", "", "", "#15"], ["总计", "", "", "#30"]]),
            quiet=True,
        ),
        Case("小计不符", "a sub-total that does not agree", book([*DUES, ["小计", "", "", "#45"]])),
        Case("表下的说明和签字", "notes and signatures below", book([*DUES, [""], ["说明：3 月会费已缴清"], ["制表：钱会计"]]), quiet=True),
    ),
)

HEADINGS = Section(
    "表头",
    "Headings",
    (
        Case("表头里有空格和星号", "spaces and an asterisk in a heading", book(renamed(3, "实缴 会费*"))),
        Case("表头带单位“（元）”", "a heading with its unit", book(renamed(3, "实缴会费（元）"))),
        Case("表头写“（万元）”", "a heading in ten thousands", book(renamed(3, "实缴会费（万元）"))),
        Case("名册工资以万元填报，表头没有注明", "wages in ten thousands, of which the heading says nothing", book(sheet("members", rows=WAGES), sheet("dues", rows=PAID))),
        Case("必填列的表头写错", "a required heading mistyped", book(renamed(4, "缴款日"))),
        Case("实缴会费写成了“会费”", "a required heading that is missing", book(renamed(3, "会费"))),
        Case("有条件必填的列没有", "a conditional column is lacking", book(sheet("dues", {"method": "现金"}))),
        Case("同一表头两列", "two columns under one heading", book([[*row, "#15" if at else "实缴会费"] for at, row in enumerate(DUES)])),
        Case(
            "两行合并表头",
            "a heading of two merged rows",
            book([["所属月份", "会员编号", "姓名", "会费", "<"], ["^", "^", "^", "实缴会费", "缴款日期"], *DUES[1:]]),
        ),
        Case("英文表头", "English headings", book([["Period", "Member no", "Name", "Paid", "Paid on"], *DUES[1:]]), quiet=True),
        Case("上有标题、左有空列", "a title above, a blank column on the left", book([["", "会费表"], [""], *[["", *row] for row in DUES]]), quiet=True),
        Case("不是任何台账的工作表", "a sheet of no ledger", book(DUES, [["联系人", "电话"], ["甲", "12345"]])),
        Case("旧版模板", "a template of another version", book(DUES, properties={KIND: TEMPLATE, VERSION: "0"})),
    ),
)  # fmt: skip

SHEETS = (UNSEEN, TOTALS, HEADINGS)
