"""The ledgers as Frictionless Table Schema: what other tools need to read and check the canonical CSV of a ledger.

What Frictionless has no word for stands in properties of our own, "ledgerkit:…"; other tools pass them by.
"""

from collections.abc import Mapping

from ledgerkit.ledgers import all_ledgers
from ledgerkit.locale import LANGS, Lang
from ledgerkit.model.schema import Field, FieldType, Ledger

PACKAGE = "ledgerkit"
# A dues row may be paid in parts, a relief voucher shared, a guest signed in without a member number: no primary key.
REPEATED = frozenset({"dues", "relief", "attendance"})
TYPES: Mapping[FieldType, Mapping[str, object]] = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "money": {"type": "number", "decimalChar": ".", "bareNumber": True},
    "date": {"type": "date"},
    "datetime": {"type": "datetime", "format": "any"},
    "month": {"type": "yearmonth"},
    "yesno": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    "choice": {"type": "string"},
}
STOPS: Mapping[Lang, str] = {"zh": "。", "en": ". "}


def package(lang: Lang) -> dict[str, object]:
    """The nine ledgers as a Data Package, a resource each, whose data is <ledger>.csv beside it; titles in the language asked for."""
    return {"name": PACKAGE, "resources": [_resource(ledger, lang) for ledger in all_ledgers()]}


def table_schema(ledger: Ledger, lang: Lang, in_package: bool = False) -> dict[str, object]:
    """A ledger as Table Schema, ready for JSON: fields by key for canonical values (money 123.45 in yuan), titles in the language asked for.

    Conditions (C) are said in the description and not enforced; foreign keys, which need the other ledgers, only `in_package`.
    """
    keys: dict[str, object] = {"primaryKey": list(ledger.key)} if ledger.name not in REPEATED else {}
    foreign = [_foreign_key(ledger, field.key, field.refers) for field in ledger.fields if field.refers and in_package]
    return {
        "name": ledger.name,
        "title": ledger.title[lang],
        "fields": [_field(field, lang) for field in ledger.fields],
        "missingValues": [""],
        **keys,
        **({"foreignKeys": foreign} if foreign else {}),
        "ledgerkit:key": list(ledger.key),
    }


def _resource(ledger: Ledger, lang: Lang) -> dict[str, object]:
    return {
        "name": ledger.name,
        "title": ledger.title[lang],
        "path": f"{ledger.name}.csv",
        "schema": table_schema(ledger, lang, in_package=True),
    }


def _foreign_key(ledger: Ledger, key: str, refers: str) -> dict[str, object]:
    resource, _, column = refers.partition(".")
    # The standard's name for the table itself is the empty one.
    return {"fields": [key], "reference": {"resource": "" if resource == ledger.name else resource, "fields": [column]}}


def _field(field: Field, lang: Lang) -> dict[str, object]:
    constraints = _constraints(field)
    return {
        "name": field.key,
        "title": field.label(lang),
        "description": _description(field, lang),
        **TYPES[field.type],
        **({"constraints": constraints} if constraints else {}),
        **_own(field),
    }


def _description(field: Field, lang: Lang) -> str:
    condition = (field.condition or {}).get(lang, "")
    return STOPS[lang].join(filter(None, (field.hint[lang], condition[:1].upper() + condition[1:])))


def _constraints(field: Field) -> dict[str, object]:
    required: dict[str, object] = {"required": True} if field.need == "R" else {}
    return required | _least(field) | ({"enum": [choice.key for choice in field.choices]} if field.choices else {})


def _least(field: Field) -> dict[str, object]:
    # A positive field (relief.amount) is negative in a reversal (红冲).
    return {"minimum": 0} if field.type in ("int", "money") and not (field.signed or field.positive) else {}


def _own(field: Field) -> dict[str, object]:
    """The properties of our own: need, labels, the condition as a rule, what a blank means, what each choice is called."""
    given: dict[str, object] = {"need": field.need, "labels": {lang: field.label(lang) for lang in LANGS}}
    given |= {"when": field.when} if field.when else {}
    given |= {"blank": field.blank} if field.blank is not None else {}
    given |= {"choices": {choice.key: {lang: choice.label(lang) for lang in LANGS} for choice in field.choices}} if field.choices else {}
    return {f"ledgerkit:{name}": value for name, value in given.items()}
