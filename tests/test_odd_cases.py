"""docs/odd-cases is what the odd workbooks make the commands print, and every sentence about reading is there, whole, in both languages."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import odd_cases
import pytest

import ledgerkit
from ledgerkit.locale import LANGS, Lang, catalogue, rule_texts
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording

DOCS = Path(__file__).parents[1] / "docs"
PACKAGE = Path(ledgerkit.__file__).parent
# What tells a user of reading, and of what was written about it.
MODULES = ("reading/*.py", "writing/annotate.py", "writing/annotated/*.py", "cli/validate.py", "cli/show.py")
# Sentences that no workbook on its own brings about, and what asserts them whole in both languages instead.
ELSEWHERE: Mapping[str, str] = {}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return odd_cases.pages()


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_what_the_commands_print(pages: dict[str, str], lang: Lang) -> None:
    name = odd_cases.PAGES[lang]
    assert pages[name].splitlines() == (DOCS / name).read_text("utf-8").splitlines()


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
    parts = re.split(r"\{\w+\}", template.split("\n")[0])
    return re.search(".+?".join(map(re.escape, parts)), page) is not None


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_about_reading_is_on_the_page(lang: Lang) -> None:
    page = (DOCS / odd_cases.PAGES[lang]).read_text("utf-8").replace("\\|", "|")
    page += (DOCS / {"zh": "commands.zh.md", "en": "commands.md"}[lang]).read_text("utf-8")
    assert sorted(where for where, text in sentences(lang).items() if not said(text, page)) == sorted(ELSEWHERE)
