"""What a user sees, in each language: sentences (gettext, English in the code) and rule texts (rules.toml)."""

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
DOMAIN = "ledgerkit"
FOLDER = Path(__file__).parent


def N_(sentence: str) -> str:  # noqa: N802
    """Marks a sentence for the catalogue that is translated later, where it is shown."""
    return sentence


@cache
def catalogue(lang: Lang) -> gettext.NullTranslations:
    """The sentences of a language; English is the code's own."""
    return gettext.translation(DOMAIN, FOLDER, [lang], fallback=True)


@cache
def rule_texts(lang: Lang) -> Mapping[str, Mapping[str, Any]]:
    """Rule texts by code: title, message, why, remedy, false_alarms. Empty for English, whose texts stand with the rules."""
    import tomllib

    path = FOLDER / lang / "rules.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def speak(lang: Lang) -> None:
    """Sets the language of the terminal, click's own sentences included."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)


def default_lang(environ: Mapping[str, str]) -> Lang:
    """The language that LANG and its like ask for: en… is English, anything else Chinese."""
    asked = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "en" if asked.lower().startswith("en") else "zh"
