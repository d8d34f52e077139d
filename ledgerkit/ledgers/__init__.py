"""The ledgers as data: one TOML file each, the only definition there is."""

import tomllib
from functools import cache
from pathlib import Path

from ledgerkit.errors import BadDefinition
from ledgerkit.locale import N_
from ledgerkit.model.schema import Ledger, ledger_from_toml

FOLDER = Path(__file__).parent
ORDER = ("members", "dues", "relief", "activities", "attendance", "expenses", "budget", "remittance", "branches")


@cache
def load(name: str) -> Ledger:
    """The ledger of that name ("cover" too). Raises BadDefinition for a file that is not TOML or not a ledger."""
    return read(FOLDER / f"{name}.toml")


def read(path: Path) -> Ledger:
    """A ledger from a file of its own."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadDefinition(
            N_("{path}: this ledger definition cannot be read ({why}). Correct the file or install ledgerkit again."),
            path=str(path),
            why=str(error),
        ) from error
    return ledger_from_toml(raw, str(path))


def all_ledgers() -> tuple[Ledger, ...]:
    """The nine ledgers in the order of the branch workbook."""
    return tuple(load(name) for name in ORDER)
