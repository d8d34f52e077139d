"""What ends a run: the job cannot be done (exit 2). Faults in a user's data are values, never these."""

from collections.abc import Callable


class LedgerkitError(Exception):
    """One sentence (where, what, what to do) in English with `{named}` places, rendered in the user's language at the edge."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(self.render())

    def render(self, translate: Callable[[str], str] = str) -> str:
        """The whole sentence; `translate` is a catalogue's gettext."""
        return translate(self.sentence).format(**self.values)


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
