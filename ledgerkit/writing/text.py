"""A Report as the screenful that a clerk needs: figures, findings by severity, the first of them, what to do next."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ledgerkit.errors import Phrase
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.decision import leading
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.plain import plain
from ledgerkit.model.report import Report
from ledgerkit.model.summary import STATES
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import wording

MOST_SHOWN = 20
HEAD = {"validate": N_("Validation"), "reconcile": N_("Reconciliation"), "merge": N_("Merge")}


def as_text(report: Report, lang: Lang, written: Phrase | None = None) -> str:
    """The Report as plain text, ending in a line break; `written` says which files were."""
    return "\n".join(_lines(report, lang, written)) + "\n"


def _lines(report: Report, lang: Lang, written: Phrase | None) -> Iterator[str]:
    say = catalogue(lang).gettext
    year = report.book.year
    yield say(N_("{what}: {files} file(s), {rows} row(s) read, {used} used, {rejected} rejected")).format(
        what=say(HEAD[report.command]),
        files=len(report.book.sources),
        rows=sum(sheet.rows_read for sheet in report.book.sheets),
        used=sum(sheet.rows_read - sheet.rows_rejected for sheet in report.book.sheets),
        rejected=sum(sheet.rows_rejected for sheet in report.book.sheets),
    )
    if year and report.as_of:
        yield say(N_("Books of {year}, as of {as_of}")).format(year=year, as_of=report.as_of.isoformat())
    yield from _figures(report, lang)
    yield ""
    yield from _findings(report, lang)
    yield from _waived(report, lang)
    yield from _since(report, lang)
    yield from wording.floods(report, lang)
    yield from _not_run(report, lang)
    yield from _unseen(report, lang)
    yield ""
    if written:
        yield written.render(say)
    yield _next(report, lang)


def _figures(report: Report, lang: Lang) -> Iterator[str]:
    """The totals that a finance clerk looks for first."""
    if report.totals is None:
        return
    say = catalogue(lang).gettext
    totals = report.totals
    listed = [
        (N_("Dues collected"), totals["dues"]["paid"]),
        (N_("Dues in arrears"), totals["dues"]["arrears"]),
        (N_("Relief from union funds"), totals["relief"]["amount"]),
        (N_("Spent on activities"), sum(row["cost"] for row in totals["activities"]["by_category"].values()) or None),
        (N_("Other expenses"), totals["expenses"]["amount"]),
        (N_("Remittance retained"), totals["remittance"]["retained"]),
    ]
    shown = [(say(label), money.show(minor)) for label, minor in listed if minor is not None]
    wide = max((width(label) for label, _ in shown), default=0)
    longest = max((len(amount) for _, amount in shown), default=0)
    yield ""
    for label, amount in shown:
        yield f"  {label}{' ' * (wide - width(label))}  {amount:>{longest}}"
    if totals["dues"]["unknown"]:
        yield "  " + say(N_("Members whose arrears cannot be told: {count}")).format(count=totals["dues"]["unknown"])
    failed = sum(control.ok is False for control in report.controls)
    yield "  " + say(N_("Control totals: {all}, of which {failed} do not agree")).format(all=len(report.controls), failed=failed)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _findings(report: Report, lang: Lang) -> Iterator[str]:
    say = catalogue(lang).gettext
    counts = [(severity, report.summary[str(severity)]) for severity in Severity]
    if not report.unwaived:
        yield say(N_("Nothing was found."))
        return
    listed = [f"{wording.severity(severity, lang)} {count}" for severity, count in counts if count]
    yield say(N_("Findings: {counts}")).format(counts=wording.COMMA[lang].join(listed))
    shown = report.unwaived[:MOST_SHOWN]
    for severity, group in groupby(shown, key=lambda finding: finding.severity):
        yield f"[{wording.severity(severity, lang)}]"
        for finding in group:
            yield from _finding(finding, lang, several=len(report.book.branches) > 1)
    more = len(report.unwaived) - MOST_SHOWN
    if more > 0:
        yield say(N_("… and {more} more: --format csv lists all.")).format(more=more)


def _waived(report: Report, lang: Lang) -> Iterator[str]:
    """How many findings are waived, and by how many of the policy's waivers."""
    if report.waived:
        sentence = N_("Waived: {count} finding(s), by {waivers} waiver(s) of the policy; --format json or csv lists them with the reasons.")
        waivers = sum(count > 0 for _, count in report.waivers)
        yield catalogue(lang).gettext(sentence).format(count=len(report.waived), waivers=waivers)


def _since(report: Report, lang: Lang) -> Iterator[str]:
    """How the findings stand against the earlier summaries of the same year."""
    if not leading(report.previous, report.book.year):
        return
    counts = Counter([*(finding.state for finding in report.findings), *(one.filed.state for one in report.gone)])
    listed = [f"{wording.state(state, lang)} {counts[state]}" for state in STATES if counts[state]]
    yield catalogue(lang).gettext(N_("Since the earlier summary: {counts}")).format(counts=wording.COMMA[lang].join(listed))


def _finding(finding: Finding, lang: Lang, several: bool) -> Iterator[str]:
    """Where, rule and title; then what is wrong and what to do. What stands in no file is said of its branch, where there are several."""
    who = " ".join(part for part in (*finding.key, finding.name) if part)
    where = wording.place(finding) or (finding.branch if several else "")
    yield plain(f"  {where}{': ' if where else ''}{finding.rule} {wording.title(rules()[finding.rule], lang)}{f' ({who})' if who else ''}")
    yield plain(f"      {wording.message(finding, lang)}")


def _not_run(report: Report, lang: Lang) -> Iterator[str]:
    """Rules that could not be run because something is missing; those nobody asked for or set a limit for are not worth a line."""
    say = catalogue(lang).gettext
    quiet = (N_("not asked for with --rules"), N_("only when branches are merged"), N_("no limit is set: {setting}"))
    reasons: dict[str, list[str]] = {}
    for status in report.statuses:
        if not status.run and not any(because.sentence in quiet for because in status.because):
            reasons.setdefault(wording.because(status, lang), []).append(status.rule)
    for reason, codes in reasons.items():
        yield say(N_("Not run: {codes} ({reason})")).format(codes=" ".join(codes), reason=reason)


def _unseen(report: Report, lang: Lang) -> Iterator[str]:
    """How many files have a format in which not everything can be seen."""
    say = catalogue(lang).gettext
    count = sum(not source.problem and not source.raw.truthful for source in report.book.sources)
    if count:
        yield say(N_("Files in .xls, .xlsb or .ods: {count} ({what})")).format(count=count, what=say(wording.UNSEEN))


def _next(report: Report, lang: Lang) -> str:
    """What to do next, in one sentence."""
    say = catalogue(lang).gettext
    if report.summary["error"]:
        return say(N_("Next: correct the data errors first, in the cells named above, then run again."))
    if any(count for name, count in report.summary.items() if name != "waived"):
        return say(
            N_("Next: look at each finding in its cell; correct it, or note why it is right. `ledgerkit rules CODE` explains a rule.")
        )
    if report.command == "validate":
        return say(N_("Next: `ledgerkit reconcile` compares these books with the budget."))
    return say(N_("Next: have the summary workbook reviewed and signed."))
