"""What ends a run: the job cannot be done (exit 2). Faults in a user's data are values, never these."""

from collections.abc import Callable


class Phrase:
    """Words inside a sentence that are translated with it."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values

    def render(self, translate: Callable[[str], str] = str) -> str:
        """The words in the language of `translate`, a catalogue's gettext."""
        values = {name: value.render(translate) if isinstance(value, Phrase) else value for name, value in self.values.items()}
        return translate(self.sentence).format(**values)


class LedgerkitError(Exception):
    """One sentence (where, what, what to do) in English with `{named}` places, rendered in the user's language at the edge."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.said = Phrase(sentence, **values)
        super().__init__(self.render())

    def render(self, translate: Callable[[str], str] = str) -> str:
        """The whole sentence in the language of `translate`, a catalogue's gettext."""
        return self.said.render(translate)


class BadDefinition(LedgerkitError):
    """A ledger, pack or catalogue file of ledgerkit itself is wrong."""


class BadPolicy(LedgerkitError):
    """The policy cannot be used: unknown key, wrong type, not TOML."""


class BadInput(LedgerkitError):
    """A path does not exist, or nothing in it could be read."""


class BadOutput(LedgerkitError):
    """An output cannot be written, or is one of the inputs."""


class RuleCrashed(LedgerkitError):
    """A rule raised: a fault of ledgerkit (or of a rule pack), never turned into a finding."""


class NotAccounted(LedgerkitError):
    """Rows read are not rows used plus rows rejected: the run must not be trusted."""
