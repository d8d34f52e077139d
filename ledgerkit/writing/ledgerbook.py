"""The ledgers as Markdown: every column with its labels, type, when it is required and what to type. Made from the TOML alone."""

from collections.abc import Iterator

from ledgerkit import ledgers
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.schema import Field, Ledger

NEEDS = {"R": N_("required"), "O": N_("optional")}
HEADINGS = (N_("Field"), N_("Chinese"), N_("English"), N_("Type"), N_("Need"), N_("What to type"), N_("Also read as"))


def book(lang: Lang) -> str:
    """Every ledger's page, in the order of the branch workbook."""
    say = catalogue(lang).gettext
    lines = [f"# {say(N_('Ledgers'))}", "", say(N_("Made from ledgerkit/ledgers/*.toml by `make generate`; do not edit."))]
    for ledger in (ledgers.load("cover"), *ledgers.all_ledgers()):
        lines += ["", f"## {ledger.title[lang]} (`{ledger.name}`)", "", *_page(ledger, lang)]
    return "\n".join(lines) + "\n"


def _page(ledger: Ledger, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    if ledger.key:
        yield say(N_("Key: {key}")).format(key=" + ".join(f"`{key}`" for key in ledger.key))
        yield ""
    yield f"| {' | '.join(say(heading) for heading in HEADINGS)} |"
    yield "|" + "---|" * len(HEADINGS)
    for field in ledger.fields:
        yield f"| {' | '.join(_cells(field, lang))} |"


def _cells(field: Field, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    yield f"`{field.key}`"
    yield field.zh
    yield field.label("en")
    choices = ", ".join(f"{choice.key} {choice.zh}" for choice in field.choices)
    yield f"{field.type}: {choices}" if choices else field.type
    yield field.condition[lang] if field.condition else say(NEEDS[field.need])
    yield field.hint[lang]
    yield ", ".join(field.aliases)
