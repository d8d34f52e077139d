"""No whole ID, card or phone of 600 leaves the books: in no channel, in no form, whatever fails."""

import io
import json
import os
import re
import shutil
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import books
import pytest
from books import cover
from openpyxl import load_workbook
from pyarrow import parquet
from stdnum.cn import ric

from ledgerkit import cli
from ledgerkit.reading import isolate
from ledgerkit.reading.raw import RawFile
from ledgerkit.rules import run as rules_run
from ledgerkit.writing import safe

PEOPLE = 200
# So many are written in every form in every kind of cell: what copies books, or breaks off, needs no more.
FEW = 30


def identity(number: int) -> str:
    """A resident ID with its check character, of nobody."""
    body = f"11010119{70 + number % 30}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def card(number: int) -> str:
    """A bank card of 19 digits, of nobody; every other one passes Luhn's test."""
    return f"622202{number:06d}{7654321 + number * 37:07d}"[:19]


def phone(number: int) -> str:
    """A mobile phone, of nobody."""
    return f"139{number:04d}{(number * 7919) % 10000:04d}"


IDS, CARDS, PHONES = ([make(number) for number in range(PEOPLE)] for make in (identity, card, phone))
CANARIES = frozenset([*IDS, *CARDS, *PHONES])
# Those that a spreadsheet may keep as a number, without their last digits.
IDS_AND_CARDS = [number for number in (*IDS, *CARDS) if number.isdigit()]


def forms(at: int, number: str) -> str:
    """A number as people type it: as it is, in full width, in groups, with hyphens, inside a sentence."""
    groups = re.findall(".{1,4}", number)
    wide = number.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    return (number, wide, " ".join(groups), "-".join(groups), f"电话（{number}）不通", f"见{wide}。")[at % 6]


def write(path: Path, people: int = PEOPLE) -> Path:
    """Books with a number of a person in cells of every type, good and bad."""
    members, dues, relief, expenses = [], [], [], []
    for at, (id_no, card_no, mobile) in enumerate(zip(IDS[:people], CARDS, PHONES, strict=False)):
        number, odd = f"M{at:03d}", at % 10
        members.append(
            [
                number,
                f"会员{at}",
                "居民身份证",
                forms(at, id_no),
                "在职",
                forms(at + 1, mobile),
                forms(at + 2, card_no),
                forms(at + 3, id_no),
            ]
        )
        spoilt = {
            1: ("period", id_no),
            2: ("paid", card_no),
            3: ("paid_on", card_no),
            4: ("method", mobile),
            5: ("paid", "#" + card_no),
        }.get(odd)
        row = {
            "period": "2015-03",
            "member_no": number,
            "name": f"会员{at}",
            "paid": "#15",
            "paid_on": "2015-03-10d",
            "method": "",
            "remark": forms(at, card_no),
        }
        dues.append([*(row | dict([spoilt] if spoilt else [])).values()])
        relief.append([
            f"记-{at % 150:04d}", "生活救助", "家庭", f"{forms(at, mobile)}家", forms(at + 1, id_no) if odd else f"#{id_no[:15]}000", forms(at, card_no), ("转账", card_no)[odd == 6],
            "#500" if odd != 7 else id_no, "本级工会经费", "50204", forms(at, card_no), "2015-03-01d", forms(at, mobile), "钱会计", "2015-03-02d",
        ])  # fmt: skip
        expenses.append(
            [
                f"付-{at}",
                f"支付{forms(at, mobile)}",
                "2015-04-01d" if odd != 8 else id_no,
                "50301",
                "某店",
                forms(at, card_no),
                "#10",
                "赵主席",
                "钱会计",
            ]
        )
    heads = {
        "会员名册": (["会员编号", "姓名", "证件类型", "证件号码", "人员状态", "联系电话", "银行卡号", "备注"], members),
        "会费收缴": (["所属月份", "会员编号", "姓名", "实缴会费", "缴款日期", "缴费方式", "备注"], [*dues, ["合计", "", f"审核：{PHONES[0]}", "#99", "", "", CARDS[1]], [f"制表人电话 {PHONES[2]}"]]),
        "帮扶慰问发放": (
            ["凭证号", "发放类别", "对象类别", "受助人", "证件号码", "事由", "发放形式", "金额", "资金来源", "预算科目", "收款账号", "审批日期", "审批人", "经办人", "发放日期"],
            relief,
        ),
        "其他支出": (["凭证号", "事由", "支付日期", "预算科目", "收款单位", "收款账号", "金额", "审批人", "经办人"], expenses),
        "草稿": ([f"号码 {IDS[3]}", "电话"], [[CARDS[4], PHONES[5]]]),
    }  # fmt: skip
    return books.write(
        path,
        {
            "封面": cover(branch_code="B01", year="2015", preparer=f"王会计 {PHONES[6]}", chair=IDS[7]),
            **{name: [head, *rows] for name, (head, rows) in heads.items()},
        },
    )


POLICY = f"""
[[waivers]]
rule = "D001"
key = ["M001", "2015-03"]
reason = "见 {IDS[8]}"
asked_by = "王 {PHONES[9]}"
approved_by = "李 {CARDS[10]}"
until = 2016-12-31
"""


def texts(path: Path) -> Iterator[str]:
    """What stands in a file: of a package every part."""
    if path.suffix == ".parquet":
        yield json.dumps(parquet.read_table(path).to_pylist(), ensure_ascii=False, default=str)
        return
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        yield data.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield package.read(name).decode("utf-8", "replace")


def told(text: str) -> set[str]:
    """The canaries in a text, in whatever form: plain, full width, in groups, as a number that lost its last digits."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(character for character in plain if character not in "\u0020\u00a0-\u2010\u2013")
    floats = {canary for canary in IDS_AND_CARDS if repr(float(canary)) in plain or f"{float(canary):.0f}" in plain}
    runs = (match for run in (r"(?=(\d{17}[\dX]))", r"(?=(\d{19}))", r"(?=(1\d{10}))") for match in re.findall(run, digits))
    return CANARIES.intersection(runs) | floats


def leaks(folder: Path, printed: str, without: tuple[str, ...] = ("books.xlsx", "ledgerkit.toml")) -> set[str]:
    """The canaries in what was printed and in every file under a folder but the inputs."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in without]
    return told(printed).union(*(told(text) for path in files for text in texts(path)))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("written") / "books.xlsx")


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(written, tmp_path)
    (tmp_path / "ledgerkit.toml").write_text(POLICY, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def few(folder: Path) -> Path:
    """The folder with books of fewer people."""
    write(folder / "books.xlsx", FEW)
    return folder


def ran(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A command's exit code and all that it printed."""
    code = cli.run(arguments, "zh")
    out, err = capfd.readouterr()
    return code, out + err


def test_the_canaries_are_seen_where_they_are(folder: Path) -> None:
    """The search itself: it finds every one of them in the books, in each form."""
    assert len(CANARIES) == 3 * PEOPLE
    assert told(" ".join(text for text in texts(folder / "books.xlsx"))) == CANARIES
    for at in range(6):
        assert told(f"<{forms(at, IDS[0])}>") == {IDS[0]}
    assert told(repr(float(IDS[1]))) == {IDS[1]} or not IDS[1].isdigit()


COMMANDS = {
    "validate": ("validate", "."),
    "validate json": ("validate", ".", "--format", "json"),
    "validate csv": ("validate", ".", "--format", "csv"),
    "reconcile": ("reconcile", ".", "-o", "s.xlsx"),
    "reconcile corrections": ("reconcile", ".", "-o", "s.xlsx", "--corrections", "packs"),
    "merge": ("merge", ".", "-o", "s.xlsx", "--data", "data", "--corrections", "packs", "--jobs", "1", "--format", "json"),
    "reconcile json": ("reconcile", ".", "-o", "s.xlsx", "--format", "json"),
    "reconcile csv": ("reconcile", ".", "-o", "s.xlsx", "--format", "csv"),
}
DRILLS = {
    "drill": ("drill", ".", "--rules", "G,D001,A006"),
    "drill json": ("drill", ".", "--rules", "G003", "--format", "json"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_leaks_when_all_goes_well(command: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, printed = ran(capfd, *COMMANDS[command])
    assert code in (0, 1)
    assert len(printed) > 400
    assert leaks(folder, printed) == set()


@pytest.mark.parametrize("command", DRILLS)
def test_nothing_leaks_from_a_drill(command: str, few: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, printed = ran(capfd, *DRILLS[command])
    assert code in (0, 1)
    assert len(printed) > 400
    assert leaks(few, printed) == set()


def test_unmask_is_what_shows_them(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _, printed = ran(capfd, "validate", ".", "--format", "json", "--unmask")
    assert len(told(printed)) > 50


def test_an_unmasked_summary_is_masked_where_it_is_read_back(few: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Carried over, reviewed and put into a working paper; the findings of one rule are not found again and stand in a block of their own."""
    assert ran(capfd, "reconcile", ".", "-o", "s.xlsx", "--unmask", "--quiet") == (1, "")
    assert len(leaks(few, "")) > 50
    kept = ("books.xlsx", "ledgerkit.toml", "s.xlsx")
    _, printed = ran(capfd, "reconcile", ".", "-o", "s2.xlsx", "--previous", "s.xlsx", "--rules", "G", "--format", "json")
    assert leaks(few, printed, kept) == set()
    for form in ("text", "json", "csv"):
        _, printed = ran(capfd, "review", "s.xlsx", "-o", "paper.xlsx", "--format", form)
        assert leaks(few, printed, kept) == set()


def test_an_unmasked_pack_is_masked_where_it_is_read_back(few: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Beside a masked summary nothing has changed by the masking alone; what a branch explains is masked as well."""
    assert ran(capfd, "reconcile", ".", "-o", "s.xlsx", "--corrections", "packs", "--unmask", "--quiet") == (1, "")
    assert ran(capfd, "reconcile", ".", "-o", "s.xlsx", "--quiet")[0] == 1
    (pack,) = (few / "packs").iterdir()
    book = load_workbook(pack)
    book.worksheets[0]["L4"], book.worksheets[0]["K5"], book.worksheets[0]["N5"] = f"见 {IDS[11]}", CARDS[12], PHONES[13]
    book.save(pack)
    kept = ("books.xlsx", "ledgerkit.toml", "s.xlsx", pack.name)
    for form in ("text", "json"):
        _, printed = ran(capfd, "review", "s.xlsx", "--answers", "packs", "--format", form)
        assert leaks(few, printed, kept) == set()
    counts = json.loads(printed)["answers"]["counts"]
    assert (counts["changed"], counts["justified"]) == (0, 1)


def test_annotated_copies_show_no_more_than_the_books_themselves(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The copy has the user's cells as they are; what ledgerkit adds to it (comments, index) has no whole number."""
    _, printed = ran(capfd, "validate", "books.xlsx", "--annotate", "copies")
    assert told(printed) == set()
    with zipfile.ZipFile(next((folder / "copies").iterdir())) as copy, zipfile.ZipFile(folder / "books.xlsx") as original:
        ours = [name for name in copy.namelist() if name not in original.namelist()]
        assert any("comments" in name for name in ours)
        assert set().union(*(told(copy.read(name).decode("utf-8", "replace")) for name in ours)) == set()


def broken_rule(*_: object) -> object:
    raise ValueError(f"could not convert {IDS[0]} {PHONES[0]}")


def broken_reader(self: object, path: Path, shown: str) -> RawFile:
    raise RuntimeError(f"panicked at {IDS[0]} {CARDS[0]}")


def broken_writer(*_: object, **__: object) -> object:
    raise TypeError(f"{CARDS[0]} is not a number: {float(IDS[1][:17] + '0')!r}")


def full_disk(*_: object, **__: object) -> object:
    raise OSError(28, "No space left on device", f"/tmp/{IDS[0]}")


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a rule crashes": lambda patch: patch.setattr(rules_run, "call", broken_rule),
    "the reader raises": lambda patch: patch.setattr(isolate.Worker, "read", broken_reader),
    "the writer raises": lambda patch: patch.setattr(safe.Workbook, "add_worksheet", broken_writer),
    "the disk is full": lambda patch: patch.setattr(os, "replace", full_disk),
    "interrupted": lambda patch: patch.setattr(rules_run, "call", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)),
}


@pytest.mark.parametrize(("fault", "debug"), [*((fault, "") for fault in FAULTS), ("the reader raises", "1"), ("the writer raises", "1")])
def test_nothing_leaks_whatever_fails(
    fault: str, debug: str, few: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A traceback, which only LEDGERKIT_DEBUG brings, is masked too."""
    FAULTS[fault](monkeypatch)
    monkeypatch.setenv("LEDGERKIT_DEBUG", debug)
    code, printed = ran(capfd, "reconcile", ".", "-o", "s.xlsx")
    assert code in (2, 130)
    assert printed
    assert ("Traceback" in printed) == (bool(debug) and fault not in ("the disk is full", "interrupted"))
    assert leaks(few, printed) == set()
    assert [path.name for path in few.iterdir() if path.name not in ("books.xlsx", "ledgerkit.toml")] == []


def test_no_command_opens_a_connection(few: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An audit hook, which cannot be taken away again, sees every socket of this process."""
    seen: list[str] = []
    listening = [True]

    def hook(event: str, arguments: object) -> None:
        if listening and event.startswith("socket."):
            seen.append(event)

    sys.addaudithook(hook)
    try:
        assert ran(capfd, "reconcile", ".", "-o", "s.xlsx")[0] == 1
        assert ran(capfd, "validate", ".", "--annotate", "copies")[0] == 1
    finally:
        listening.clear()
    assert seen == []
