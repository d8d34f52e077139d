"""The policy file that `ledgerkit new` writes: what may be set, each with its default and a word of explanation, commented out."""

from pathlib import Path

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.policies import FOLDER, packs
from ledgerkit.writing.atomic import whole

HEAD = N_("Policy of this unit. Lines without # are in force; the others show what holds without them. Amounts and rates are text.")
LIMITS = N_("Limits of a province, in force from a day on. There are: {packs}. Compare with the document before use.")
UNIT = "[unit]\nname = {name}\nbranch_code = {branch}\nyear = {year}\n"


def starter_policy(path: Path, year: int, branch: str, name: str, lang: Lang) -> None:
    """Writes a unit's policy: its own lines, and below every national setting as a comment."""
    unit = UNIT.format(name=_quoted(name), branch=_quoted(branch), year=year)
    say = catalogue(lang).gettext
    limits = f"# {say(LIMITS).format(packs=', '.join(packs()))}\n# packs = []\n"
    text = f"# {say(HEAD)}\n\n{limits}\n{unit}\n{_commented()}"
    with whole(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' or ord(c) == 127 else c for c in text)
    return f'"{escaped}"'


def _commented() -> str:
    """The settings of national.toml after its [unit], as comments."""
    lines = (FOLDER / "national.toml").read_text("utf-8").splitlines()
    after = lines[next(at for at, line in enumerate(lines) if line.startswith("[dues]")) :]
    return "".join(f"# {line}\n" if line else "\n" for line in after)
