"""Each fault that a cell can have: its code, its cell, what stands there, what should, and the whole sentence in both languages."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from books import Grid, check, excel, foots, found, grid, one, said, write

from ledgerkit.writing.masking import masked

# Clean rows of three ledgers; a test puts one cell into the first of them.
CLEAN = {
    "members": """
        | 会员编号 | 姓名 | 证件类型 | 证件号码           | 性别 | 出生日期    | 人员状态 | 领导或工会干部 | 联系电话    | 银行卡号            | 月缴费基数 | 备注 |
        | M001     | 甲   |          | 11010119900307109X | 男   | 1990-03-07d | 在职     | 否             | 13800138000 | 6222020200112233446 | #3000      |      |
        | M002     | 乙   | 护照     | E12345678          | 女   | 1985-05-06d | 离退休   |                |             |                     |            | 无   |
        """,
    "dues": """
        | 会员编号 | 姓名 | 所属月份 | 应缴会费 | 实缴会费 | 减免金额 | 减免原因 | 缴费方式 | 缴款日期    | 收据号 |
        | M001     | 甲   | 2015-01  | #15      | #15      |          |          | 现金     | 2015-01-10d | R1     |
        | M002     | 乙   | 2015-01  | #15      | #10      | #5       | 困难     |          | 2015-01-10d |        |
        """,
    "relief": """
        | 凭证号 | 发放类别 | 对象类别 | 受助人 | 人数户数 | 事由 | 发放形式 | 实物名称 | 金额 | 资金来源 | 预算科目 | 审批日期    | 审批人 | 经办人 | 发放日期    | 备注 |
        | V1     | 送温暖   | 家庭     | 甲     | #2       | 困难 | 实物     | 米       | #500 | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d |      |
        | V2     | 送温暖   | 家庭     | 丁     |          | 困难 | 实物     | 米       | #500 | 会费     | 50204    | 2015-01-10d | 乙     | 丙     | 2015-01-12d |      |
        """,
}


def sheet(ledger: str, **cells: str) -> Grid:
    """The clean rows with some cells of the first one replaced, by heading."""
    rows = grid(CLEAN[ledger])
    for heading, text in cells.items():
        rows[1][rows[0].index(heading)] = text
    return rows


@pytest.mark.parametrize("ledger", CLEAN)
def test_the_clean_rows_are_clean(tmp_path: Path, ledger: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {ledger: sheet(ledger)}), year=2015)
    assert found(report) == []
    foots(report)


NUMBER = ("这类号码必须按文本填写：Excel 对数字只保留 15 位，后面的位数已经丢失。请把单元格设为文本后重新录入。",
          "A number of this kind must be kept as text: Excel keeps only 15 digits of a number and the rest are already lost. Type it again as text.")  # fmt: skip
CUT = ("号码被截断或变成了科学计数法，位数已经丢失。请把单元格设为文本，对照证件重新录入。",
       "The number was cut short or turned into scientific notation; its digits are lost. Type it again as text from the document.")  # fmt: skip
UNCALCULATED = ("该单元格的公式从未计算过，没有数值。请用 Excel 或 WPS 打开工作簿，保存后重新报送。",
                "The formula in this cell was never calculated, so it has no value. Open the workbook in Excel or WPS, save it, and send it again.")  # fmt: skip


def amount(text: str, expected: str = "1234.50") -> tuple[str, str]:
    return (
        f"“{text}”不能作为金额或数量使用（正确写法如：{expected}）。请直接填数字；金额以元为单位，最多两位小数。",
        f"“{text}” is no amount or count that can be used here (write it like {expected}). "
        "Type a plain number; amounts in yuan, at most two decimals.",
    )


def moment(text: str, expected: str) -> tuple[str, str]:
    return (
        f"“{text}”不是确定的日期。请按 {expected} 的格式填写。",
        f"“{text}” is no date that is certain. Type it as {expected}.",
    )


def outside(text: str, expected: str) -> tuple[str, str]:
    return (
        f"“{text}”超出此处允许的范围（{expected}）。请对照凭证或证件核对更正。",
        f"“{text}” is outside the range that is possible here ({expected}). Compare it with the voucher or document and correct it.",
    )


def error(text: str) -> tuple[str, str]:
    return (
        f"该单元格显示公式错误 {text}，没有数值。请改正公式，或直接填写数值。",
        f"The cell shows the formula error {text}; it has no value. Mend the formula or type the value.",
    )


def text_amount(text: str, expected: str) -> tuple[str, str]:
    return (
        f"“{text}”是文本，已按 {expected} 读取，但 Excel 求和时不会计入。请改为数值。",
        f"“{text}” is text and was read as {expected}; Excel's own sums leave it out. Type it as a number.",
    )


def code(text: str) -> tuple[str, str]:
    return (
        f"该编码存成了数字，已按 {text} 读取。请把整列设为文本格式，以免丢失开头的 0。",
        f"This code was kept as a number and read as {text}. Set the column to text so that no leading zero is lost.",
    )


def blank(zh: str, en: str) -> tuple[str, str]:
    return (
        f"“{zh}”此处必须填写。请填写实际内容，不要留空，也不要写“同上”。",
        f"“{en}” must be filled in here. Type the value; do not leave it blank or write 同上.",
    )


def ditto(mark: str, zh: str, en: str) -> tuple[str, str]:
    return (
        f"“{mark}”不是实际内容，排序后就不知道指的是哪一格。请填写“{zh}”的实际内容。",
        f"“{mark}” is no value: once the sheet is sorted, nobody knows which cell it repeats. Type the value of “{en}” itself.",
    )


# ledger, heading, cell as typed, then rule, severity, cell, observed, expected, sentences
FAULTS = [
    ("members", "证件号码", "#110101199003071090", "G002", "error", "D2", None, None, NUMBER),
    ("members", "证件号码", "#12345", "G002", "error", "D2", None, None, NUMBER),
    ("members", "银行卡号", "#6222020200112233445", "G002", "error", "J2", None, None, NUMBER),
    ("members", "备注", "#1234567890123456", "G002", "error", "L2", None, None, NUMBER),
    ("members", "证件号码", "1.10101E+17", "G005", "error", "D2", None, None, CUT),
    ("members", "证件号码", "110101199003071000", "G005", "error", "D2", None, None, CUT),
    ("members", "银行卡号", "6.22202E+18", "G005", "error", "J2", None, None, CUT),
    ("members", "证件号码", "110101199003071234", "G003", "error", "D2", "110101199003071234", None, None),
    ("members", "性别", "女", "G004", "medium", "E2", "female", "male",
     ("“性别”填的是 女，按身份证号应为 男。请核对后更正填错的一项。", "“Sex” says Female, the ID number says Male. Correct whichever is wrong.")),
    ("members", "出生日期", "1990-03-08d", "G004", "medium", "F2", "1990-03-08", "1990-03-07",
     ("“出生日期”填的是 1990-03-08，按身份证号应为 1990-03-07。请核对后更正填错的一项。",
      "“Birth date” says 1990-03-08, the ID number says 1990-03-07. Correct whichever is wrong.")),
    ("dues", "实缴会费", "12元5", "G008", "error", "E2", "12元5", "1234.50", amount("12元5")),
    ("dues", "实缴会费", "#10.005", "G008", "error", "E2", "10.005", "1234.50", None),
    ("dues", "实缴会费", "2015-01-15d", "G008", "error", "E2", "2015-01-15", "1234.50", None),
    ("dues", "实缴会费", "#TRUE", "G008", "error", "E2", "TRUE", "1234.50", amount("TRUE")),
    ("dues", "实缴会费", "#-0.01", "G008", "error", "E2", "-0.01", ">= 0", None),
    ("dues", "实缴会费", "#-5", "G008", "error", "E2", "-5.00", ">= 0", None),
    ("relief", "金额", "#0", "G008", "error", "I2", "0.00", "> 0",
     ("此处的金额须 > 0，不能填 0.00。请按凭证金额填写；没有发放的，请删去整行。",
      "The amount must be > 0 here, and 0.00 is not. Type the amount of the voucher; where nothing was paid, delete the row.")),
    ("relief", "人数户数", "#1.5", "G008", "error", "E2", "1.5", "12", None),
    ("relief", "人数户数", "两人", "G008", "error", "E2", "两人", "12", amount("两人", "12")),
    ("relief", "人数户数", "#-1", "G008", "error", "E2", "-1", "12", amount("-1", "12")),
    ("dues", "所属月份", "一月", "G009", "error", "C2", "一月", "YYYY-MM", moment("一月", "YYYY-MM")),
    ("dues", "所属月份", "1月", "G009", "error", "C2", "1月", "YYYY-MM", None),
    ("dues", "缴款日期", "03/04/2015", "G009", "error", "I2", "03/04/2015", "YYYY-MM-DD", None),
    ("dues", "缴款日期", "2015-02-30", "G009", "error", "I2", "2015-02-30", "YYYY-MM-DD", None),
    ("dues", "缴款日期", "#15", "G009", "error", "I2", "15", "YYYY-MM-DD", None),
    ("dues", "缴款日期", "2013-12-31d", "G009", "error", "I2", "2013-12-31", "2014-01-01..2016-03-31",
     outside("2013-12-31", "2014-01-01 – 2016-03-31")),
    ("dues", "所属月份", "2016-01", "G009", "error", "C2", "2016-01", "2015", outside("2016-01", "2015")),
    ("members", "人员状态", "在职人员", "G016", "error", "G2", "在职人员", "active|retired|retained|transferred|left|deceased",
     ("“在职人员”不是“人员状态”的可选值：在职、离退休、保留会籍、转出、退会、去世。请从中选择一项。",
      "“在职人员” is not one of the values for “Status”: Active, Retired, Retained, Transferred, Left, Deceased. Choose one of them.")),
    ("members", "领导或工会干部", "也许", "G016", "error", "H2", "也许", "yes|no",
     ("“也许”不是“领导或工会干部”的可选值：是、否。请从中选择一项。",
      "“也许” is not one of the values for “Officer”: Yes, No. Choose one of them.")),
    ("dues", "实缴会费", "#REF!", "G020", "error", "E2", "#REF!", None, error("#REF!")),
    ("dues", "缴款日期", "#N/A", "G020", "error", "I2", "#N/A", None, error("#N/A")),
    ("dues", "姓名", "#NAME?", "G020", "error", "B2", "#NAME?", None, error("#NAME?")),
    ("dues", "应缴会费", "#DIV/0!", "G020", "error", "D2", "#DIV/0!", None, error("#DIV/0!")),
    ("members", "证件号码", "#VALUE!", "G020", "error", "D2", "#VALUE!", None, error("#VALUE!")),
    ("members", "人员状态", "#NULL!", "G020", "error", "G2", "#NULL!", None, error("#NULL!")),
    ("dues", "实缴会费", "=D2", "G021", "error", "E2", None, None, UNCALCULATED),
    ("dues", "姓名", "=X!B2", "G021", "error", "B2", None, None, UNCALCULATED),
    ("dues", "缴款日期", "=TODAY()", "G021", "error", "I2", None, None, UNCALCULATED),
    ("dues", "实缴会费", "１５．５０", "G027", "low", "E2", "１５．５０", "15.50", text_amount("１５．５０", "15.50")),
    ("dues", "实缴会费", "1,200.50元", "G027", "low", "E2", "1,200.50元", "1200.50", text_amount("1,200.50元", "1200.50")),
    ("dues", "实缴会费", "¥15", "G027", "low", "E2", "¥15", "15.00", text_amount("¥15", "15.00")),
    ("relief", "人数户数", "'3", "G027", "low", "E2", "3", "3", text_amount("3", "3")),
    ("relief", "预算科目", "#50204", "G024", "low", "K2", "50204", None, code("50204")),
    ("dues", "会员编号", "#007", "G024", "low", "A2", "007", None, code("007")),
    ("dues", "会员编号", "#00042", "G024", "low", "A2", "00042", None, code("00042")),
    ("dues", "会员编号", "#123456789012345", "G024", "low", "A2", "123456789012345", None, None),
    ("members", "姓名", "", "G013", "error", "B2", None, None, blank("姓名", "Name")),
    ("members", "姓名", "　\u200b", "G013", "error", "B2", None, None, blank("姓名", "Name")),
    ("dues", "姓名", "同上", "G013", "error", "B2", "同上", None, ditto("同上", "姓名", "Name")),
    ("dues", "姓名", "〃", "G013", "error", "B2", "〃", None, ditto("〃", "姓名", "Name")),
    ("members", "人员状态", "同上", "G013", "error", "G2", "同上", None, ditto("同上", "人员状态", "Status")),
    ("dues", "收据号", "", "G013", "error", "J2", None, None, blank("收据号", "Receipt no")),
    ("dues", "缴款日期", "", "G013", "error", "I2", None, None, blank("缴款日期", "Paid on")),
    ("relief", "实物名称", "", "G013", "error", "H2", None, None, blank("实物名称", "Goods")),
]  # fmt: skip


@pytest.mark.parametrize(("ledger", "heading", "typed", "rule", "severity", "cell", "observed", "expected", "sentences"), FAULTS)
def test_one_faulty_cell_is_one_finding(
    tmp_path: Path,
    ledger: str,
    heading: str,
    typed: str,
    rule: str,
    severity: str,
    cell: str,
    observed: str | None,
    expected: str | None,
    sentences: tuple[str, str] | None,
) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet(ledger, **{heading: typed})}), year=2015)
    finding = one(report)
    assert (finding.rule, finding.severity, finding.cell, finding.row) == (rule, severity, cell, 2)
    assert (finding.observed, finding.expected) == (observed, expected)
    assert (finding.ledger, finding.sheet, finding.file) == (ledger, "表", "b.xlsx")
    if sentences:
        assert said(finding) == sentences
    foots(report)


def test_a_bad_id_is_masked_in_its_sentence(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("members", 证件号码="110101199003071234")}), year=2015)
    finding = one(masked(report))
    assert finding.observed == "110***********1234"
    assert said(finding) == (
        "110***********1234 不是有效的居民身份证号（位数、出生日期或校验码不符）。请对照证件核对。",
        "110***********1234 is not a valid resident ID number (length, birth date or check character). Compare it with the document.",
    )


def test_a_sign_is_explained_in_words(tmp_path: Path) -> None:
    """“write it like >= 0” helps nobody."""
    finding = one(check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 实缴会费="#-5")}), year=2015))
    assert "正确写法如：>= 0" not in said(finding)[0]
    assert "write it like >= 0" not in said(finding)[1]


@pytest.mark.parametrize("text", ["NA", "N/A", "None", "null", "NaN", "nan", "NULL", "-", "#", "TRUE", "1E5", "0"])
def test_words_that_other_readers_take_for_blanks_stay_text(tmp_path: Path, text: str) -> None:
    rows = sheet("dues", 姓名="'" + text)
    path = write(tmp_path / "b.xlsx", {"表": rows})
    report = check(path, year=2015)
    assert found(report) == []
    assert report.book.used["dues"]["name"][0] == text == excel(path, "表", "B2")


@pytest.mark.parametrize(
    "text",
    ["NA", "None", "null", "nan", "inf", "-", "1e3", "1_000", "0x10", "15,0", "１５,０", "٣٠", "10²", "½", "①", "15.", ".5", "1 5", "+-5"],
)
def test_what_is_no_amount_is_never_read_as_one(tmp_path: Path, text: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 实缴会费="'" + text)}), year=2015)
    assert found(report) == [("G008", "E2", text, "1234.50")]
    assert report.book.sheets[0].rows_rejected == 1
    foots(report)


@pytest.mark.parametrize("text", ["15\u200b", "\ufeff15", "1\u200b5", "15\u00a0", "　15　"])
def test_an_amount_among_invisible_characters_is_read(tmp_path: Path, text: str) -> None:
    """Else the clerk would be told that “15” cannot be read."""
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 实缴会费=text)}), year=2015)
    assert [f.rule for f in report.findings] == ["G027"]
    assert report.book.used["dues"].show(0, "paid") == "15.00"


@pytest.mark.parametrize("typed", ["#15.4", "#15.400000001", "#15.3999999999"])
def test_a_stored_number_near_a_fen_is_that_fen(tmp_path: Path, typed: str) -> None:
    assert found(check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 实缴会费=typed)}), year=2015)) == []


@pytest.mark.parametrize(
    "text", ["2015-03-01", "2015/3/1", "2015.3.1", "2015年3月1日", "20150301", "２０１５-０３-０１", "2015-03-01 08:30"]
)
def test_a_certain_day_as_text_is_read(tmp_path: Path, text: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 缴款日期=text)}), year=2015)
    assert found(report) == []
    assert report.book.used["dues"].show(0, "paid_on") == "2015-03-01"


@pytest.mark.parametrize(
    "text", ["2015-03", "2015/3", "2015.03", "2015年3月", "201503", "#201503", "2015-03-15d", "2015-03-31", "２０１５年０３月"]
)
def test_a_certain_month_is_read(tmp_path: Path, text: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 所属月份=text)}), year=2015)
    assert found(report) == []
    assert report.book.used["dues"].show(0, "period") == "2015-03"


@pytest.mark.parametrize("base_1904", [False, True])
def test_a_day_is_the_same_in_both_date_systems(tmp_path: Path, base_1904: bool) -> None:
    path = write(tmp_path / "b.xlsx", {"表": sheet("dues", 缴款日期="2015-03-01d")}, date_1904=base_1904)
    report = check(path, year=2015)
    assert found(report) == []
    assert report.book.used["dues"].show(0, "paid_on") == excel(path, "表", "I2") == "2015-03-01"


@pytest.mark.parametrize(("base_1904", "serial"), [(False, "#42064"), (True, "#40602")])
def test_a_serial_number_without_a_date_format_is_that_day(tmp_path: Path, base_1904: bool, serial: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 缴款日期=serial)}, date_1904=base_1904), year=2015)
    assert report.book.used["dues"].show(0, "paid_on") == "2015-03-01"


@pytest.mark.parametrize("typed", ["1900-01-15d", "#60", "#0.5", "#2958466"])
def test_days_that_excel_invents_are_no_days(tmp_path: Path, typed: str) -> None:
    """Serial 60 is 29 February 1900, which never was; a time alone has no day."""
    assert [f[:2] for f in found(check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 缴款日期=typed)}), year=2015))] == [("G009", "I2")]


@pytest.mark.parametrize("typed", ["在职", "active", "Active", "ACTIVE", "在 职", "在岗", " 在职　"])
def test_a_choice_is_accepted_as_key_label_or_alias(tmp_path: Path, typed: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("members", 人员状态=typed)}), year=2015)
    assert (found(report), report.book.used["members"]["status"][0]) == ([], "active")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("是", True), ("否", False), ("Yes", True), ("n", False), ("√", True), ("#TRUE", True), ("#1", True), ("#0", False)],
)
def test_yes_and_no(tmp_path: Path, typed: str, answer: bool) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("members", 领导或工会干部=typed)}), year=2015)
    assert (found(report), bool(report.book.used["members"]["officer"][0])) == ([], answer)


@pytest.mark.parametrize(("cell", "value"), [("e", "#N/A"), ("=", "")])
def test_a_broken_optional_cell_is_no_blank_zero(tmp_path: Path, cell: str, value: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 减免金额=value or "=1")}), year=2015)
    assert [f[1] for f in found(report)] == ["F2"]
    assert report.book.used["dues"].show(0, "waived") is None


def test_a_blank_optional_amount_is_zero(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues")}), year=2015)
    assert report.book.used["dues"].show(0, "waived") == "0.00"


@pytest.mark.parametrize("remark", ["红冲 V0", "reversal of V0", "Reversal of V0"])
def test_a_reversal_may_be_negative(tmp_path: Path, remark: str) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("relief", 金额="#-500", 备注=remark)}), year=2015)
    assert (found(report), report.book.sheets[0].amount) == ([], 0)


def test_a_number_of_sixteen_digits_is_shown_nowhere(tmp_path: Path) -> None:
    """What Excel shows of it is invented: neither whole, nor as a float, nor in parts."""
    report = check(
        write(tmp_path / "b.xlsx", {"表": sheet("members", 证件号码="#110101199003071234", 银行卡号="#6222020200112233445")}), year=2015
    )
    spoken = repr(report.findings) + "".join("".join(said(finding)) for finding in report.findings)
    assert [f.rule for f in report.findings] == ["G002", "G002"]
    assert not re.search(r"1101011990|62220202|1\.10101|6\.22202|e\+1[78]", spoken, re.IGNORECASE)


def test_one_fault_is_one_finding(tmp_path: Path) -> None:
    """An ID kept as a number is G002 and not also a bad one; a cut one is G005 and nothing else."""
    for n, typed in enumerate(["#110101199003071234", "1.10101E+17"]):
        report = check(write(tmp_path / str(n) / "b.xlsx", {"表": sheet("members", 证件号码=typed, 性别="女")}), year=2015)
        assert [f.rule for f in report.findings] == [["G002"], ["G005"]][n]


def test_text_that_begins_like_a_formula_is_text(tmp_path: Path) -> None:
    report = check(write(tmp_path / "b.xlsx", {"表": sheet("dues", 姓名="'=1+1", 收据号="'-5")}), year=2015)
    assert (found(report), report.book.used["dues"]["name"][0]) == ([], "=1+1")


def rewritten(path: Path, change: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml") -> Path:
    """The workbook with one of its parts changed: what other programs than ours write."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert change(parts[part].decode()) != parts[part].decode()
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("writer", "change"),
    [
        ("single quotes", lambda xml: re.sub(r'(<c[^>]*>)', lambda m: m[1].replace('"', "'"), xml)),
        ("no cell addresses", lambda xml: re.sub(r'(<c) r="[A-Z]+\d+"', r"\1", xml)),
        ("a namespace prefix", lambda xml: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=").replace("<x:?xml", "<?xml")),
        ("line breaks inside tags", lambda xml: xml.replace("<c r=", "<c\n  r=")),
        ("attributes in another order", lambda xml: re.sub(r'<c r="(\w+)" t="e"', r'<c t="e" r="\1"', xml)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_error_cells_are_seen_whoever_wrote_the_file(tmp_path: Path, writer: str, change: Callable[[str], str]) -> None:
    """All are legal; a cell that is missed here passes for a blank."""
    rows = sheet("dues", 减免金额="#REF!", 应缴会费="=1+1")
    report = check(
        rewritten(
            write(tmp_path / "b.xlsx", {"表": [[cell or "x" for cell in row] if n == 1 else row for n, row in enumerate(rows)]}), change
        ),
        year=2015,
    )
    got = [(f.rule, f.cell) for f in report.findings if f.rule in ("G020", "G021")]
    assert sorted(got) == [("G020", "F2"), ("G021", "D2")], writer


def test_error_cells_are_seen_wherever_the_sheet_part_lies(tmp_path: Path) -> None:
    """The package names its parts; xl/worksheets is only a habit."""
    path = write(tmp_path / "b.xlsx", {"表": sheet("dues", 减免金额="#REF!")})
    with zipfile.ZipFile(path) as package:
        parts = {
            name.replace("xl/worksheets/", "xl/sheets/"): package.read(name).replace(b"worksheets/sheet", b"sheets/sheet")
            for name in package.namelist()
        }
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert [f[:2] for f in found(check(path, year=2015))] == [("G020", "F2")]
