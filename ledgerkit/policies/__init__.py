"""Policies as data: national.toml stands under every policy, dated packs between it and the unit's own."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from ledgerkit.errors import BadPolicy
from ledgerkit.locale import N_
from ledgerkit.model.policy import Policy, from_trees
from ledgerkit.policies.check import checked

FOLDER = Path(__file__).parent
FILE_NAME = "ledgerkit.toml"


def load(path: Path | None, settings: Mapping[str, Mapping[str, object]]) -> Policy:
    """The policy of a file over national.toml; without a file national.toml alone. `settings`: by rule its settings' defaults.

    Raises BadPolicy naming the file and what to correct.
    """
    national = (FOLDER / "national.toml").read_bytes()
    own = _read(path) if path else b""
    under, over = _toml(national, "national.toml"), _toml(own, str(path))
    checked(over, under, settings, str(path))
    return from_trees(under, over, national + own)


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


def _toml(text: bytes, path: str) -> dict[str, object]:
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPolicy(
            N_("{path}: the policy is not valid TOML ({why}). Correct that place and run again."), path=path, why=str(error)
        ) from error
