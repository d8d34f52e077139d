"""docs/odd-cases: every odd case with the sentences that the command line prints of it. `python odd_cases.py` prints the pages as JSON."""

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from odd import Case
from odd_cells import CELLS
from odd_commands import COMMANDS, Deed
from odd_files import FILES
from odd_sheets import SHEETS

from ledgerkit import cli
from ledgerkit.locale import LANGS, Lang, speak

SECTIONS = (*CELLS, *SHEETS, *FILES)
PAGES = {"zh": "odd-cases.zh.md", "en": "odd-cases.md"}
HEAD = {
    "zh": (
        "# 少见情形与提示语",
        "单位报来的表格里常见的写法和损坏，以及 `ledgerkit` 所说的原话。本页由 `make generate` 逐一制作这些文件、实际运行后生成，请勿手工修改。",
        "以下文件放在同一个文件夹里，用 `ledgerkit validate FOLDER` 一次检查（加 `--annotate` 时，同样的话写在批注里）。",
        ("情形", "位置", "规则", "提示语"),
        "（照此读入，无提示）",
        "## 命令本身的提示",
    ),
    "en": (
        "# Odd cases and what is said of them",
        "What is often odd or damaged in the sheets that branches send in, and what `ledgerkit` says of it, word for word. This page is made by "
        "`make generate`, which makes each of these files and really runs the command; do not edit.",
        "These files lie in one folder and are checked in one run of `ledgerkit validate FOLDER` (with `--annotate`, the comments say the same).",
        ("What is odd", "Where", "Rule", "What is said"),
        "(read as it stands; nothing is said)",
        "## What the commands themselves say",
    ),
}


def run(arguments: Sequence[str], folder: Path, lang: Lang) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line in a folder."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    speak(lang)
    with contextlib.chdir(folder), contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        code = cli.run([*arguments, "--lang", lang], lang)
    out, error = (stream.buffer.getvalue().decode("utf-8") for stream in streams)  # type: ignore[attr-defined]
    return code, out, error


def pages() -> dict[str, str]:
    """Every page by its file's name."""
    with tempfile.TemporaryDirectory() as folder:
        for number, section in enumerate(SECTIONS, 1):
            for at, case in enumerate(section.cases, 1):
                (Path(folder) / _name(number, at)).mkdir()
                case.put(Path(folder) / _name(number, at), _name(number, at))
        return {PAGES[lang]: "\n".join(_lines(lang, Path(folder))) + "\n" for lang in LANGS}


def _lines(lang: Lang, folder: Path) -> Iterator[str]:
    title, what, how, labels, quiet, commands = HEAD[lang]
    yield from (title, "", what, "", how)
    said = _said(folder, lang)
    for number, section in enumerate(SECTIONS, 1):
        yield from ("", f"## {getattr(section, lang)}", "", f"| {' | '.join(labels)} |", f"|{'---|' * len(labels)}")
        for at, case in enumerate(section.cases, 1):
            yield from _rows(case, said.get(_name(number, at), []), lang, quiet)
    yield from ("", commands)
    for deed in COMMANDS:
        yield from ("", f"### {getattr(deed, lang)}", "", "```text", *_transcript(deed, lang), "```")


def _name(section: int, at: int) -> str:
    """The name of a case's file, which is its branch's code too."""
    return f"{section}{at:02d}"


def _said(folder: Path, lang: Lang) -> dict[str, list[dict[str, Any]]]:
    """The findings of every case by its file's name, as one run over all the files prints them."""
    code, out, error = run(["validate", ".", "--format", "json", "--fail-on", "never"], folder, lang)
    assert (code, error) == (0, ""), error
    said: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(out)["findings"]:
        said.setdefault(finding["file"].partition("/")[0], []).append(finding)
    return said


def _rows(case: Case, findings: list[dict[str, Any]], lang: Lang, quiet: str) -> Iterator[str]:
    assert bool(findings) != case.quiet, f"{case.en}: {[finding['rule'] for finding in findings]}"
    if not findings:
        yield f"| {getattr(case, lang)} | | | {quiet} |"
    for at, finding in enumerate(sorted(findings, key=lambda found: (found["sheet"] or "", found["cell"] or "", found["rule"]))):
        place = finding["cell"] or finding["sheet"] or finding["file"].partition("/")[2]
        yield f"| {'' if at else getattr(case, lang)} | {place} | {finding['rule']} | {_escaped(finding['message'])} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _transcript(deed: Deed, lang: Lang) -> Iterator[str]:
    """The command lines of a deed and what they print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        deed.put(folder)
        for line in deed.lines:
            if callable(line):
                yield from line(folder, lang)
                continue
            code, out, error = run(line.split(), folder, lang)
            yield f"$ ledgerkit {line}"
            yield from (out + error).replace(str(folder), "FOLDER").rstrip("\n").split("\n") if out + error else ()
            yield f"exit {code}"


if __name__ == "__main__":
    print(json.dumps(pages()))
