"""The rules as text: a list, a page each; on the terminal, in docs/rules.md and as JSON. All of it comes from the rules themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.rules.base import Rule
from ledgerkit.rules.examples import tables
from ledgerkit.rules.reads import policy_keys
from ledgerkit.writing import wording
from ledgerkit.writing.text import width

WHY, REMEDY, ALARMS = N_("Why"), N_("What to do"), N_("False alarms")
NO_LIMIT = N_("(not set: set your own)")
BASIS, SEVERITY, SETTINGS, EXAMPLE = N_("Basis"), N_("Severity"), N_("Settings (policy)"), N_("Example (x: flagged)")


def listing(rules: Sequence[Rule], lang: Lang) -> str:
    """A line a rule: code, severity, title."""
    words = {rule.code: wording.severity(rule.severity, lang) for rule in rules}
    wide = max(width(word) for word in words.values())
    return "".join(f"{r.code}  {words[r.code]}{' ' * (wide - width(words[r.code]))}  {wording.title(r, lang)}\n" for r in rules)


def page(rule: Rule, lang: Lang) -> str:
    """A rule explained: why, what to do, when it is a false alarm, its basis, settings and example."""
    return "\n".join(_page(rule, lang)) + "\n"


def _page(rule: Rule, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    parts = wording.explanation(rule, lang)
    colon = "：" if lang == "zh" else ": "
    yield f"{rule.code} {wording.title(rule, lang)}"
    yield ""
    yield f"{say(SEVERITY)}{colon}{wording.severity(rule.severity, lang)}"
    yield f"{say(BASIS)}{colon}{wording.basis(rule.basis, None, lang)}"
    for label, part in ((WHY, "why"), (REMEDY, "remedy"), (ALARMS, "false_alarms")):
        yield f"{say(label)}{colon}{parts[part]}"
    if settings := [_setting(key, rule, say(NO_LIMIT)) for key in policy_keys(rule)]:
        yield f"{say(SETTINGS)}{colon}{', '.join(settings)}"
    yield ""
    yield say(EXAMPLE)
    yield ""
    yield "\n\n".join(tables(function) for function in rule.functions)


def _setting(key: str, rule: Rule, unset: str) -> str:
    """A key of the policy; of the rule's own with its default."""
    own = key.removeprefix(f"rules.{rule.code}.")
    if own not in rule.settings:
        return key
    return f"{key} = {unset if rule.settings[own] is None else rule.settings[own]}"


def book(rules: Sequence[Rule], lang: Lang) -> str:
    """Every rule's page as Markdown, with a table of contents."""
    say = catalogue(lang).gettext
    lines = [f"# {say(N_('Audit rules'))}", "", say(N_("Made from the rules themselves by `make generate`; do not edit.")), ""]
    lines += [f"| {say(N_('Rule code'))} | {say(SEVERITY)} | {say(N_('Rule'))} |", "|---|---|---|"]
    lines += [f"| [{r.code}](#{r.code.lower()}) | {wording.severity(r.severity, lang)} | {wording.title(r, lang)} |" for r in rules]
    for rule in rules:
        lines += ["", f"## {rule.code}", "", *_section(rule, lang)]
    return "\n".join(lines) + "\n"


def _section(rule: Rule, lang: Lang) -> Iterator[str]:
    head, *body = _page(rule, lang)
    yield f"**{head.partition(' ')[2]}**"
    example = catalogue(lang).gettext(EXAMPLE)
    for line in body:
        if line == example:
            yield f"{line}"
            yield ""
            yield "```text"
            yield from body[body.index(line) + 2 :]
            yield "```"
            return
        yield f"{line}  " if line else ""


def as_objects(rules: Sequence[Rule], lang: Lang) -> list[dict[str, Any]]:
    """The rules as plain data."""
    return [
        {
            "rule": rule.code,
            "severity": str(rule.severity),
            "title": wording.title(rule, lang),
            "basis": wording.basis(rule.basis, None, lang),
            "settings": rule.settings,
            "policy_keys": policy_keys(rule),
            **wording.explanation(rule, lang),
        }
        for rule in rules
    ]
