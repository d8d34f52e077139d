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
    def mime_headers(self) -> list[tuple[str, str]]:
        """The entry of the empty msgid: what gettext needs, and no more."""
        return [("Content-Type", "text/plain; charset=UTF-8"), ("Plural-Forms", f"{self.plural_forms}\n")]


def sentences() -> set[str]:
    """Every N_ sentence of ledgerkit. Raises ValueError where N_ is given anything but a text."""
    return {texts[0] for path in PACKAGE.rglob("*.py") for texts in marked(path, "N_", 1)}


def marked(path: Path, function: str, count: int, strict: bool = True) -> list[tuple[str, ...]]:
    """The first texts of each call of a function; a call without them raises ValueError, or is passed over where not strict.

    The tree is read, because Babel's own extractor sees nothing inside f-strings before Python 3.12.
    """
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            texts = tuple(text.value for text in node.args[:count] if isinstance(text, ast.Constant) and isinstance(text.value, str))
            if len(texts) == count:
                found.append(texts)
            elif strict:
                raise ValueError(f"{path}:{node.lineno}: {function} takes a text as it stands, nothing computed")
    return found


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
