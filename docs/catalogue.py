"""The sentences of ledgerkit as the catalogues need them: found in the code, and compiled for gettext."""

import ast
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parent.parent / "ledgerkit"


class Undated(Catalog):
    """A catalogue whose header does not say when, by whom or with what it was compiled."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [("Content-Type", "text/plain; charset=UTF-8"), ("Plural-Forms", f"{self.plural_forms}\n")]


def sentences() -> set[str]:
    """Every N_ sentence of ledgerkit. Raises ValueError where N_ is given anything but a text."""
    return {texts[0] for path in PACKAGE.rglob("*.py") for texts in marked(path, "N_", 1)}


def marked(path: Path, function: str, texts: int) -> list[tuple[str, ...]]:
    """The first texts of each call of a function. The tree is read, because Babel's extractor skips f-strings before Python 3.12."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    named = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == function]
    return [tuple(_text(argument, path) for argument in node.args[:texts]) for node in named]


def _text(argument: ast.expr, path: Path) -> str:
    value = ast.literal_eval(argument)
    if not isinstance(value, str):
        raise ValueError(f"{path}:{argument.lineno}: {value!r} is no sentence")
    return value


def compile_catalogue(po: Path) -> bytes:
    """The .mo of a .po, the same bytes from the same sentences whenever it is made."""
    compiled = Undated(locale=po.parent.parent.name)
    with po.open("rb") as handle:
        for message in read_po(handle, locale=po.parent.parent.name, abort_invalid=True):
            if message.id:
                compiled.add(message.id, message.string, flags=message.flags)
    out = BytesIO()
    write_mo(out, compiled)
    return out.getvalue()
