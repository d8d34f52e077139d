"""Policies as data: national.toml stands under every policy, dated packs between it and the unit's own."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ledgerkit.errors import BadPolicy
from ledgerkit.locale import N_
from ledgerkit.model.policy import Layers, Pack, Policy
from ledgerkit.policies.check import checked

FOLDER = Path(__file__).parent
PACKS = FOLDER / "packs"
FILE_NAME = "ledgerkit.toml"
# What a pack says of itself, beside its settings.
ABOUT = ("id", "valid_from", "source", "mark")


def load(path: Path | None, settings: Mapping[str, Mapping[str, object]]) -> Policy:
    """The policy of a file over national.toml; without a file national.toml alone. `settings`: by rule its settings' defaults.

    Its packs wait for the run's date: `Policy.on`. Raises BadPolicy naming the file and what to correct.
    """
    national = (FOLDER / "national.toml").read_bytes()
    own = _read(path) if path else b""
    under, over = _toml(national, "national.toml"), _toml(own, str(path))
    checked(over, under, settings, str(path))
    named = tuple(_pack(name, str(path)) for name in over.get("packs", []))
    return Layers(under, named, over, (national, own)).on(None)


def packs() -> list[str]:
    """The names of all packs."""
    return sorted(path.stem for path in PACKS.glob("*.toml"))


@cache
def bases() -> dict[str, tuple[str, bool]]:
    """What settings of national.toml rest on, by dotted key (a table's for all in it): a key of sources.toml, and whether it is a reference value only."""
    tree = tomllib.loads((FOLDER / "bases.toml").read_text("utf-8"))
    return {key: (source, kind == "reference") for kind, listed in tree.items() for key, source in listed.items()}


def basis_of(key: str) -> tuple[str, bool] | None:
    """What a national setting rests on, as `bases` has it; None for what is blank until a unit sets it."""
    parts = key.split(".")
    over = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((bases()[table] for table in over if table in bases()), None)


def _pack(name: str, path: str) -> Pack:
    """A pack by name. Raises BadPolicy, naming the nearest, for one that there is not."""
    if name not in packs():
        sentence = N_("{path}: there is no pack {pack}. The packs are {packs}; name one of them, or remove it.")
        raise BadPolicy(sentence, path=path, pack=name, packs=", ".join(packs()))
    raw = (PACKS / f"{name}.toml").read_bytes()
    tree: dict[str, Any] = _toml(raw, f"{name}.toml")
    return Pack(**{key: tree.pop(key) for key in ABOUT}, tree=tree, raw=raw)


def find(explicit: Path | None, first: Path) -> Path | None:
    """Where the policy is: `--policy`, else in the first PATH (or its folder), else in the current folder, else none."""
    if explicit:
        return explicit
    folders = (first if first.is_dir() else first.parent, Path())
    return next((folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file()), None)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadPolicy(
            N_("{path}: the policy cannot be read ({why}). Check the path given with --policy."),
            path=str(path),
            why=error.strerror or str(error),
        ) from error


def _toml(text: bytes, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPolicy(
            N_("{path}: the policy is not valid TOML ({why}). Correct that place and run again."), path=path, why=str(error)
        ) from error
