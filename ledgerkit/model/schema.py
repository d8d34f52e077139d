"""What a ledger is: its fields, types, choices and keys, as read from ledgers/*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from ledgerkit.errors import BadDefinition
from ledgerkit.locale import N_, Lang
from ledgerkit.model.text import fold

FieldType = Literal["text", "int", "money", "date", "datetime", "month", "yesno", "choice"]
Need = Literal["R", "C", "O"]
YES = ("yes", "是", "y", "true", "√", "1")
NO = ("no", "否", "n", "false", "×", "0")


def words(key: str) -> str:
    """The English label of a key: member_no is "Member no"."""
    return key.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Choice:
    """One value of a choice field: its key and what people call it."""

    key: str
    zh: str
    aliases: tuple[str, ...] = ()

    def label(self, lang: Lang) -> str:
        """Its name for people: the Chinese one of the TOML, in English the key in words."""
        return self.zh if lang == "zh" else words(self.key)

    @property
    def names(self) -> tuple[str, ...]:
        """Every accepted spelling: key, both labels, aliases."""
        return (self.key, self.zh, words(self.key), *self.aliases)


@dataclass(frozen=True)
class Field:
    """One column of a ledger. `when` is a condition on the row's own columns, `blank` what an empty cell means."""

    key: str
    zh: str
    type: FieldType
    hint: Mapping[str, str]
    need: Need = "O"
    condition: Mapping[str, str] | None = None
    when: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    blank: str | int | None = None
    refers: str | None = None
    mask: bool = False
    number_text: bool = False
    id_kind: Literal["id", "card", "uscc", "phone"] | None = None
    signed: bool = False
    positive: bool = False

    def label(self, lang: Lang) -> str:
        """Its name for people: the Chinese one of the TOML, in English the key in words."""
        return self.zh if lang == "zh" else words(self.key)

    @cached_property
    def choice_keys(self) -> dict[str, str]:
        """Folded spelling → choice key."""
        return {fold(name): choice.key for choice in self.choices for name in choice.names}

    @cached_property
    def places(self) -> dict[str, int]:
        """Choice key → its place in the list, to sort by."""
        return {choice.key: at for at, choice in enumerate(self.choices)}


@dataclass(frozen=True)
class Ledger:
    """One kind of sheet: its fields in order, the columns that name a row, the column that is its own money."""

    name: str
    title: Mapping[str, str]
    key: tuple[str, ...]
    key_else: Mapping[str, str]
    money: str | None
    fields: tuple[Field, ...]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """Fields by their keys."""
        return {field.key: field for field in self.fields}

    def __getitem__(self, key: str) -> Field:
        return self.by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Keys of the columns that a sheet must have (R)."""
        return tuple(field.key for field in self.fields if field.need == "R")


def ledger_from_toml(raw: Mapping[str, Any], path: str) -> Ledger:
    """A ledger from its TOML. Raises BadDefinition, with the path, for anything that does not fit."""
    try:
        fields = tuple(_field(dict(entry)) for entry in raw["fields"])
        ledger = Ledger(
            name=raw["ledger"],
            title=raw["title"],
            key=tuple(raw.get("key", ())),
            key_else=raw.get("key_else", {}),
            money=raw.get("money"),
            fields=fields,
        )
        _check(ledger)
    except (KeyError, TypeError, ValueError) as error:
        raise BadDefinition(
            N_("{path}: this ledger definition cannot be used ({why}). Correct the file or install ledgerkit again."),
            path=path,
            why=f"{type(error).__name__}: {error}",
        ) from error
    return ledger


def _field(raw: dict[str, Any]) -> Field:
    raw["aliases"] = tuple(raw.get("aliases", ()))
    raw["choices"] = tuple(Choice(c["key"], c["zh"], tuple(c.get("aliases", ()))) for c in raw.get("choices", ()))
    return Field(**raw)


def _check(ledger: Ledger) -> None:
    for field in ledger.fields:
        if field.type not in get_args(FieldType):
            raise ValueError(f"{field.key}: unknown type {field.type!r}")
        if (field.type == "choice") != bool(field.choices):
            raise ValueError(f"{field.key}: a choice needs choices, and nothing else has them")
        if (field.need == "C") != (field.condition is not None):
            raise ValueError(f"{field.key}: C needs a condition, and nothing else has one")
        if field.type == "choice" and field.blank is not None and field.blank not in {c.key for c in field.choices}:
            raise ValueError(f"{field.key}: blank {field.blank!r} is not one of its choices")
        if not {"zh", "en"} <= set(field.hint):
            raise ValueError(f"{field.key}: a hint in each language is needed")
    named = {*ledger.key, *ledger.key_else.values(), *([ledger.money] if ledger.money else [])}
    if missing := named - set(ledger.by_key):
        raise ValueError(f"no such field: {', '.join(sorted(missing))}")
    if len(ledger.by_key) != len(ledger.fields):
        raise ValueError("a field key is used twice")
