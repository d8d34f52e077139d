"""The Chinese catalogue: complete, true to its placeholders, compiled; and the command line speaks it. Failures list what is wrong."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from ledgerkit.locale import DOMAIN

ROOT = Path(__file__).parent.parent
PO = ROOT / "ledgerkit" / "locale" / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)s")
OPTION = re.compile(r"--[a-z-]+|(?<![\w-])-o\b")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）][,;:?!(]|[,;:?!)][\u4e00-\u9fff“（]")


def tool() -> ModuleType:
    """docs/catalogue.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "docs" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def translated() -> list[Message]:
    with PO.open("rb") as handle:
        return [message for message in read_po(handle, locale="zh", abort_invalid=True) if message.id]


def both(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands in the code (one sentence, or a singular and a plural) and what Chinese has for it."""
    ids, texts = message.id, message.string or ""
    return (ids,) if isinstance(ids, str) else tuple(ids), (texts,) if isinstance(texts, str) else tuple(texts)


def of_click() -> set[tuple[str, ...]]:
    """The sentences that click itself looks up."""
    files = list(Path(str(click.__file__)).parent.rglob("*.py"))
    marked = tool().marked
    return {
        texts for path in files for function, count in (("_", 1), ("ngettext", 2)) for texts in marked(path, function, count, strict=False)
    }


def refuse(wrong: list[str]) -> None:
    """Fails with one wrong thing a line, none of them cut short."""
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_sentence_has_a_chinese_one() -> None:
    told = {ids[0] for ids, texts in map(both, translated()) if all(text.strip() for text in texts)}
    refuse(sorted(tool().sentences() - told))


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {(sentence,) for sentence in tool().sentences()} | of_click()
    refuse([repr(ids) for ids, _ in map(both, translated()) if ids not in said])


def test_nothing_is_empty_or_uncertain() -> None:
    refuse([repr(m.id) for m in translated() if m.fuzzy or not all(text.strip() for text in both(m)[1])])


def test_placeholders_are_kept() -> None:
    pairs = [(ids, text) for ids, texts in map(both, translated()) for text in texts]
    refuse([f"{ids} → {text}" for ids, text in pairs if marks(PLACEHOLDER, text) not in [marks(PLACEHOLDER, one) for one in ids]])


def test_options_are_kept() -> None:
    pairs = [(ids, text) for ids, texts in map(both, translated()) for text in texts]
    refuse([f"{ids} → {text}" for ids, text in pairs if marks(OPTION, text) != marks(OPTION, ids[0])])


def marks(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(pattern.findall(text))


def test_punctuation_between_chinese_words_is_full_width() -> None:
    refuse([text for message in translated() for text in both(message)[1] if HALF_WIDTH.search(text)])


def test_the_compiled_catalogue_is_that_of_the_sentences() -> None:
    assert PO.with_suffix(".mo").read_bytes() == tool().compile_catalogue(PO)


def test_a_text_in_an_f_string_is_found_and_a_variable_is_refused(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("f\"{N_('in an f-string')}\"\nN_('two '\n   'halves')\n", "utf-8")
    assert set(tool().marked(code, "N_", 1)) == {("in an f-string",), ("two halves",)}
    code.write_text("N_(variable)\n", "utf-8")
    with pytest.raises(ValueError, match=r"code\.py:1: N_ takes a text"):
        tool().marked(code, "N_", 1)


HELP = """\
用法： ledgerkit [OPTIONS] COMMAND [ARGS]...

  工会经费台账工具：生成模板，检查数据，核对账目，汇总审计。

选项:
  --lang [zh|en]  语言：zh 或 en，默认随系统 LANG。
  --version       显示版本。
  -h, --help      显示帮助。

命令:
  new        新建年度文件夹，内有设置文件和空白台账工作簿。
  template   生成空白模板。
  validate   检查每个工作簿是否规范、每个单元格能否读取。
  reconcile  将账目与预算核对，生成汇总工作簿。
  merge      把各基层工会的工作簿汇总为一本总工作簿。
  review     汇报汇总工作簿中疑点的处理情况，列出尚未处理的。
  verify     复验汇总工作簿：证实其与来源文件、设置完全一致，或列明差异。
  drill      在账簿的副本中埋入已知的差错，看规则能查出哪些。
  rules      列出审计规则。
  schema     按 Frictionless Table Schema 输出台账结构。
"""
VALIDATE_HELP = """\
用法： ledgerkit validate [OPTIONS] [PATH]...

  检查每个工作簿是否规范、每个单元格能否读取。

  PATH 为工作簿或文件夹（默认：当前文件夹）。

选项:
  --annotate DIR                  把各工作簿复制一份到该文件夹：有问题的单元格标色并加批注，另附一张列出全部疑点的工作表。
  --policy PATH                   设置文件（默认：账目旁的 ledgerkit.toml）。
  --password-file FILE            加密工作簿的密码：文本文件，每行一个，依次尝试。
  --year YEAR                     年度（默认：按多数文件）。
  --lang [zh|en]                  语言：zh 或 en，默认随系统 LANG。
  --format [text|json|csv]        输出格式：text、json 或 csv。
  --fail-on [error|high|medium|low|info|never]
                                  达到该严重程度时退出码为 1（默认 high）。
  --rules TEXT                    只执行这些规则：编号或前缀，用逗号分隔。
  --unmask                        完整显示证件号、卡号和电话。
  --quiet                         不输出报告。
  -h, --help                      显示帮助。
"""
NO_SUCH_OPTION = "没有 '--nope' 这个选项。 是否要用 '--annotate'？用法见 ledgerkit validate --help。\n"
NO_SUCH_COMMAND = "没有 'frobnicate' 这个命令。用法见 ledgerkit --help。\n"
NO_NUMBER = "'--year' 的值有误：'abc' 不是年度，请填 1949 到 2999 之间的四位数字。用法见 ledgerkit reconcile --help。\n"


def run(arguments: str, lang: str = "zh") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command in a process of its own, in a terminal of 80 columns."""
    # An English environment: what is Chinese here is so because of --lang.
    environ = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1", "LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"}
    command = [sys.executable, "-P", "-m", "ledgerkit", "--lang", lang, *arguments.split()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environ, cwd=ROOT, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("arguments", "shown"), [("--help", HELP), ("validate --help", VALIDATE_HELP)])
def test_help_is_chinese(arguments: str, shown: str) -> None:
    assert run(arguments) == (0, shown, "")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [("validate --nope", NO_SUCH_OPTION), ("frobnicate", NO_SUCH_COMMAND), ("reconcile --year abc", NO_NUMBER)],
)
def test_usage_errors_are_chinese(arguments: str, shown: str) -> None:
    assert run(arguments) == (2, "", shown)


def test_english_stays_english() -> None:
    code, out, err = run("--help", "en")
    assert (code, err) == (0, "")
    assert not re.search("[\u4e00-\u9fff]", out)
