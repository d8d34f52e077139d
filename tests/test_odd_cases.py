"""Every sentence about reading is in docs/odd-cases, whole, in both languages; that the page is what the commands print, `generate.py --check` holds."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import books
import odd_cases
import pytest

import ledgerkit
from ledgerkit.audit import validate
from ledgerkit.errors import BadInput
from ledgerkit.locale import LANGS, Lang, catalogue, rule_texts
from ledgerkit.reading import handed, paths
from ledgerkit.reading.content import content
from ledgerkit.reading.paths import Reading
from ledgerkit.reading.raw import RawFile
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording
from ledgerkit.writing.annotate import write_copies

DOCS = Path(__file__).parents[1] / "docs"
PACKAGE = Path(ledgerkit.__file__).parent
# What tells a user of reading, and of what was written about it.
MODULES = ("reading/*.py", "writing/annotate.py", "writing/annotated/*.py", "cli/validate.py", "cli/show.py")
# Sentences that no workbook on its own brings about: these are asserted below.
ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "F004 memory": (
        "读取该文件占用的内存超出限度，未能读取。请分成几份报送，或把数据粘贴到空白模板后报送。",
        "Reading this file takes more memory than a file may take, and it was not read. Send it in parts, or copy the rows into a blank template and send that.",
    ),
    "F004 file": (
        "该文件大于 512 MB，未予读取。请分成几份报送。",
        "This file is larger than 512 MB, and it was not read. Send it in parts.",
    ),
    "F004 size": (
        "该文件展开后大于 256 MB，未予读取。请分成几份报送，或把数据粘贴到空白模板后报送。",
        "This file unpacks to more than 256 MB, and it was not read. Send it in parts, or copy the rows into a blank template and send that.",
    ),
    "F004 text": (
        "该文件有单元格的文字长达 1,200,000 字节，是 Excel 单元格上限的许多倍，未予读取。请把数据粘贴到空白模板后报送。",
        "A cell of this file holds a text of 1,200,000 bytes, many times what a cell of Excel can hold, and the file was not read. Copy the rows into a blank template and send that.",
    ),
    "F005": (
        "读取该文件时程序异常中断（exit -6），文件未计入。请用 Excel 或 WPS 打开后另存为新的 .xlsx 再报送；仍读不出的，请把文件反馈给我们。",
        "The program that reads workbooks broke off on this file (exit -6), so nothing of it was counted. Save it anew as .xlsx in Excel or WPS; if it still fails, send us the file.",
    ),
    "F006": (
        "读取该文件超过 300 s，已停止，文件未计入。请另存为新的 .xlsx，或分成几份报送。",
        "Reading this file took longer than 300 s and was stopped; nothing of it was counted. Save it anew as .xlsx, or send it in parts.",
    ),
    "F009": (
        "读取该文件时它正在保存或复制，未计入。请在 Excel 或 WPS 中关闭文件，等保存或复制完成后重新运行。",
        "This file was being saved or copied while it was read, and was not counted. Close it in Excel or WPS, wait until it is saved or copied, and run again.",
    ),
    "F010": (
        "无法确定该文件属于哪个工会。请在封面填写工会编码后重新报送。",
        "It cannot be told which branch this file belongs to. Fill in the code on its cover and send it again.",
    ),
    "{path} cannot be opened ({why}). Ask for access, or give the folders that can be read.": (
        "books/closed 无法打开（Permission denied）。请申请访问权限，或只给出可以读取的文件夹。",
        "books/closed cannot be opened (Permission denied). Ask for access, or give the folders that can be read.",
    ),
    "{count} more finding(s) do not fit on this sheet; `ledgerkit validate --format csv` lists all.": (
        "另有 2 条疑点本表容纳不下；`ledgerkit validate --format csv` 可列出全部。",
        "2 more finding(s) do not fit on this sheet; `ledgerkit validate --format csv` lists all.",
    ),
    "{path} can no longer be read ({why}). Run again.": (
        "b.xlsx 已无法读取（Input/output error）。请重新运行。",
        "b.xlsx can no longer be read (Input/output error). Run again.",
    ),
    "{path} is being changed by another program. Close it there and run again.": (
        "s.xlsx 正在被其他程序改动。请在该程序中关闭后重新运行。",
        "s.xlsx is being changed by another program. Close it there and run again.",
    ),
    "{path} was changed while it was being checked. Close it in Excel and run again.": (
        "b.xlsx 在检查过程中被改动。请先在 Excel 中关闭，再重新运行。",
        "b.xlsx was changed while it was being checked. Close it in Excel and run again.",
    ),
    handed.DAMAGED: (
        "city/east 已损坏，或由其他程序改写，不再是 ledgerkit 的数据。请重新索取。",
        "city/east is no data of ledgerkit any more: it is damaged, or was written by another program. Ask for it again.",
    ),
    handed.MASKED: (
        "city/east 中的证件号等已遮盖，不能据以汇总。请下级工会加 --unmask 重新生成，或改为提供工作簿。",
        "city/east is masked, and nothing can be merged from it. Have it written again with --unmask, or give the workbooks.",
    ),
    handed.OTHERS: (
        "city/east 中是其他账表的数据，写入会使其丢失。请用 --data 指定另一个文件夹。",
        "city/east holds the data of other books, which would be lost. Give --data another folder.",
    ),
    handed.OTHER_VERSION: (
        "city/east 由 ledgerkit 0.0.9 生成，本机是 0.1.0，版本不同可能读不准。请用同一版本重新生成。",
        "city/east was written by ledgerkit 0.0.9, and this is 0.1.0: what the one read the other may not understand. Have it written again with the same version.",
    ),
}

OF_DATA = (handed.DAMAGED, handed.MASKED, handed.OTHERS, handed.OTHER_VERSION)


def marked(path: Path) -> Iterator[str]:
    """The N_ sentences of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
            yield ast.literal_eval(node.args[0])


def sentences(lang: Lang) -> dict[str, str]:
    """What may be said about reading: where it stands in the code → the sentence in a language."""
    listed = {}
    for rule in (rule for rule in rules() if rule.code[0] in "FG"):
        messages = rule_texts(lang).get(rule.code, {}).get("message", rule.message)
        for case, text in messages.items() if isinstance(messages, Mapping) else [("", messages)]:
            listed[f"{rule.code} {case}".strip()] = str(text)
    known = [*wording.KINDS.values(), wording.UNSEEN, wording.OF_COLUMN, wording.NOTHING]
    known += [text for pattern in MODULES for path in sorted(PACKAGE.glob(pattern)) for text in marked(path)]
    return listed | {text: catalogue(lang).gettext(text) for text in known}


def said(template: str, page: str) -> bool:
    """Whether a page has a sentence whole, whatever stands in its places."""
    at = -1
    for part in re.split(r"\{\w+\}", " ".join(template.split())):
        found = page.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return True


def whole(*names: str) -> str:
    """Some pages with the lines that they are broken into as one."""
    return " ".join("\n".join((DOCS / name).read_text("utf-8") for name in names).replace("\\|", "|").split())


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_about_reading_is_on_the_page(lang: Lang) -> None:
    page = whole(odd_cases.PAGES[lang], {"zh": "commands.zh.md", "en": "commands.md"}[lang])
    assert sorted(where for where, text in sentences(lang).items() if not said(text, page)) == sorted(ELSEWHERE)


@pytest.mark.parametrize("sentence", OF_DATA)
def test_what_is_said_of_data_that_is_not_handed_on(sentence: str) -> None:
    values = {"path": "city/east", "version": "0.0.9", "own": "0.1.0"}
    assert tuple(catalogue(lang).gettext(sentence).format(**values) for lang in LANGS) == ELSEWHERE[sentence]


class Refused(Reading):
    """Files that a reader gave up."""

    def __init__(self, *raws: RawFile) -> None:
        self._raws = list(raws)

    def files(self) -> tuple[list[RawFile], int]:
        return self._raws, 0

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""


@pytest.mark.parametrize(
    ("code", "case", "observed"),
    [
        ("F004", "memory", ""),
        ("F004", "file", "512 MB"),
        ("F004", "size", "256 MB"),
        ("F004", "text", "1,200,000"),
        ("F005", "", "exit -6"),
        ("F006", "", "300 s"),
        ("F009", "", ""),
    ],
)
def test_what_is_said_of_a_file_that_a_reader_gave_up(code: str, case: str, observed: str) -> None:
    report = validate([Path()], reading=Refused(RawFile("a.xlsx", "", code, observed, case=case)))
    assert books.said(books.one(report)) == ELSEWHERE[f"{code} {case}".strip()]


def test_what_is_said_of_a_file_without_a_branch() -> None:
    """Only a merge needs one."""
    report = validate([Path()], reading=Refused(RawFile("a.xlsx", "", "F006", "300 s")))
    assert books.said(replace(books.one(report), rule="F010")) == ELSEWHERE["F010"]


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_said_where_the_disk_stands_in_the_way(lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(folder: Path, onerror: Callable[[OSError], None]) -> Iterator[None]:
        onerror(PermissionError(13, "Permission denied", "books/closed"))
        yield None

    def failing(path: Path) -> bytes:
        raise OSError(5, "Input/output error")

    opening, gone, moving, changing = (
        sentences_of[LANGS.index(lang)] for where, sentences_of in ELSEWHERE.items() if where.startswith("{path}") and where not in OF_DATA
    )
    path = books.write(tmp_path / "b.xlsx", {"会费": [["会员编号", "姓名", "所属月份", "实缴会费"], ["M001", "甲", "2015-03", "#15"]]})
    report = validate([path])
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BadInput) as refused:
        write_copies(report, tmp_path / "copies", [path], lang)
    assert refused.value.render(catalogue(lang).gettext) == changing
    with monkeypatch.context() as disk, pytest.raises(BadInput) as refused:
        disk.setattr(type(path), "read_bytes", failing)
        write_copies(report, tmp_path / "copies", [path], lang)
    assert refused.value.render(catalogue(lang).gettext) == gone
    with monkeypatch.context() as here, pytest.raises(BadInput) as refused:
        here.chdir(tmp_path)
        path.rename(tmp_path / "s.xlsx")
        content(Path("s.xlsx"), RawFile("s.xlsx", "of other bytes"))
    assert refused.value.render(catalogue(lang).gettext) == moving
    monkeypatch.setattr(paths.os, "walk", closed)
    with pytest.raises(BadInput) as refused:
        paths.inputs([tmp_path])
    assert refused.value.render(catalogue(lang).gettext) == opening
