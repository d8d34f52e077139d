"""A Report on stdout in the form asked for, and the exit code that follows from it."""

from collections.abc import Sequence
from datetime import date

from ledgerkit.cli.terminal import put, put_data, tell
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.decision import Previous
from ledgerkit.model.finding import Severity
from ledgerkit.model.report import Report


def show(report: Report, lang: Lang, form: str, quiet: bool, written: Phrase | None = None) -> None:
    """Prints the Report, `written` saying which files were; what was left out is counted on stderr."""
    say = catalogue(lang).gettext
    if report.left_out:
        tell(say(N_("Left out: {count} workbook(s) that ledgerkit wrote as results.")).format(count=report.left_out))
    if quiet:
        return
    if form == "text":
        from ledgerkit.writing.text import as_text

        put(as_text(report, lang, written))
        return
    from ledgerkit.writing.csv import as_csv
    from ledgerkit.writing.json import as_json

    put_data(as_json(report, lang) if form == "json" else as_csv(report, lang))


def remark(previous: Sequence[Previous], lang: Lang) -> None:
    """What is odd in earlier summaries, a line each on stderr."""
    from ledgerkit.reading.summary import future

    for one in previous:
        for sentence in (*one.remarks, *future(one, date.today())):
            tell(sentence.render(catalogue(lang).gettext))


def exit_code(report: Report, at: Severity | None, lang: Lang) -> int:
    """0 or 1 by findings, 2 with its sentence where every input was rejected."""
    if report.nothing_read:
        tell(catalogue(lang).gettext(N_("No file could be read; each is named with its reason. Correct them and run again.")))
        return 2
    return int(report.fails(at))
