"""The policy file that `ledgerkit new` writes: what may be set, each with its default and a word of explanation, commented out.

Without the first `# ` of each line it is a policy with every key there is; lines with `##` explain and stay comments.
"""

from collections.abc import Iterator
from pathlib import Path

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.policies import FOLDER, packs
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording
from ledgerkit.writing.atomic import write

HEAD = N_(
    "Policy of this unit. Lines without # are in force. The others show what holds without them: remove the first # to set a line, and that of the [heading] above it. Lines with ## explain. Amounts and rates are text."
)
LIMITS = N_("Limits of a province, in force from a day on. There are: {packs}. Compare with the document before use.")
SEVERITIES = N_("Another severity of a rule, such as {example}: error, high, medium, low or info.")
SETTINGS = N_("Settings of single rules; `ledgerkit rules CODE` explains each.")
NO_LIMIT = N_("no national limit: set your own, else the rule is not run")
WAIVERS = N_(
    "Waivers, a block each: the findings of a rule with one key (as --format json has it; never a row number) are let be until a day. The finding stays listed as waived, with the reason and both people; who approves is another person than who asks. branch and column may be left out."
)
WAIVER = {
    "reason": N_("Hospital payment before a holiday, approved on the next working day"),
    "asked_by": N_("Zhou Min"),
    "approved_by": N_("Chen Guoqiang"),
}
EXAMPLE = 'A002 = "high"'
UNIT = '[unit]\nname = {name}\nbranch_code = {branch}\nyear = {year}\n# currency = "CNY"\n'


def starter_policy(path: Path, year: int, branch: str, name: str, lang: Lang) -> None:
    """Writes a unit's policy: its own lines, and below every national setting, the rules' own and a waiver as comments."""
    unit = UNIT.format(name=_quoted(name), branch=_quoted(branch), year=year)
    say = catalogue(lang).gettext
    limits = f"## {say(LIMITS).format(packs=', '.join(packs()))}\n# packs = []\n"
    rest = "".join(f"{line}\n" for line in (*_settings(lang), "", *_waiver(year, branch or "B001", lang)))
    text = f"## {say(HEAD)}\n\n{limits}\n{unit}\n{_commented()}\n{rest}"
    write(path, text.encode("utf-8"))


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' or ord(c) == 127 else c for c in text)
    return f'"{escaped}"'


def _commented() -> str:
    """The settings of national.toml after its [unit], as comments."""
    lines = (FOLDER / "national.toml").read_text("utf-8").splitlines()
    after = lines[next(at for at, line in enumerate(lines) if line.startswith("[dues]")) :]
    return "".join(f"# {line}\n" if line else "\n" for line in after)


def _settings(lang: Lang) -> Iterator[str]:
    """Severities, and the settings of each rule that has some."""
    say = catalogue(lang).gettext
    yield f"## {say(SEVERITIES).format(example=EXAMPLE)}"
    yield "# [rules.severity]"
    yield ""
    yield f"## {say(SETTINGS)}"
    for rule in rules():
        if rule.settings:
            yield f"# [rules.{rule.code}] # {wording.title(rule, lang)}"
        for name, value in rule.settings.items():
            yield f"## {name} = ({say(NO_LIMIT)})" if value is None else f"# {name} = {value}"


def _waiver(year: int, branch: str, lang: Lang) -> Iterator[str]:
    """A waiver, to be filled in."""
    say = catalogue(lang).gettext
    yield f"## {say(WAIVERS)}"
    yield "# [[waivers]]"
    yield '# rule = "A031"'
    yield '# key = ["PZ-0312"]'
    for key, example in WAIVER.items():
        yield f"# {key} = {_quoted(say(example))}"
    yield f"# until = {year}-12-31"
    yield f"# branch = {_quoted(branch)}"
    yield '# column = "paid_on"'
