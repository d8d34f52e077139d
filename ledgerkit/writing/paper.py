"""The working paper 审计底稿: a page a group of findings of one rule that were decided alike, with evidence, basis and lines to sign."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledgerkit import __version__
from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.stamp import PAPER
from ledgerkit.model.summary import DECISIONS, FLAGS, OPEN
from ledgerkit.review.standing import Review, Reviewed, by
from ledgerkit.writing import safe, styles, wording
from ledgerkit.writing.atomic import whole
from ledgerkit.writing.sheets.grid import FIRST, NOTE, TITLE, Column, Page, grow, header, page, put, records, words

NAME = N_("Working paper")
HEAD = N_("Audit working paper: {title}")
ABOUT = N_("Books of {year}, as of {as_of}. {decided} finding(s) decided, {open} open. A page a rule and decision; sign each.")
OPENED = N_("Still open: {count} finding(s), on which nothing was decided")
GROUP = N_("{decision}: {title} ({count})")
BASIS, CONCLUSION = N_("Basis"), N_("Conclusion")
TOTAL = N_("Total")
SIGNED = (N_("Prepared by"), N_("Reviewed by"), N_("For the audited unit"), N_("Date"))
COLUMNS = (
    Column("number", N_("No."), "int", 9),
    Column("where", N_("Where"), "text", 34),
    Column("who", FLAGS["who"], "text", 18),
    Column("amount", FLAGS["amount"], "money", 14),
    Column("observed", FLAGS["observed"], "text", 16),
    Column("expected", FLAGS["expected"], "text", 16),
    Column("note", N_("Evidence and note"), "text", 28),
    Column("reviewer", FLAGS["reviewer"], "text", 11),
    Column("reviewed_on", FLAGS["reviewed_on"], "text", 12),
)
OPEN_COLUMNS = (
    Column("number", N_("Count"), "int", 9),
    Column("title", N_("Rule"), "text", 34),
    Column("severity", FLAGS["severity"], "text", 18),
    Column("amount", FLAGS["amount"], "money", 14),
)
SIGNING_HEIGHT, CONCLUSION_HEIGHT = 26, 40
# A line to sign and its label take two columns each.
SIGNING_AT = (0, 2, 4, 6)


def write_paper(review: Review, target: Path, lang: Lang) -> None:
    """The working paper of a review at `target`. Raises BadOutput where it cannot be written; the old file then stays."""
    say = catalogue(lang).gettext
    with whole(target) as temporary:
        title = say(HEAD).format(title=review.summary.title or review.summary.file)
        book = safe.workbook(temporary, PAPER, __version__, title)
        opened = review.opened
        about = say(ABOUT).format(
            year=review.summary.year, as_of=review.summary.as_of, decided=len(review.findings) - len(opened), open=len(opened)
        )
        widths = [Column("", "", "text", column.width) for column in COLUMNS]
        here = page(book, styles.styles(book), say(NAME), lang, widths, title, about)
        here.sheet.set_row(NOTE, styles.POINTS_A_LINE)
        here.sheet.repeat_rows(TITLE, NOTE)
        _pages(here, review)
        styles.running_head(here.sheet, title)
        book.close()


def _pages(here: Page, review: Review) -> None:
    """A page a decided group, the open findings by rule on a last one."""
    row, breaks = FIRST, []
    groups = by(review.findings, "rule")
    for decision in DECISIONS:
        for some in (
            some for rule in sorted(groups) if decision != OPEN and (some := [one for one in groups[rule] if one.decision == decision])
        ):
            row = _group(here, row, some) + 1
            breaks.append(row)
    if review.opened:
        _open(here, row, review.opened)
    here.sheet.set_h_pagebreaks(breaks)


def _group(here: Page, row: int, some: Sequence[Reviewed]) -> int:
    """A decided group: what, on which basis, each finding with its evidence, the sum, a conclusion and lines to sign; the row after it."""
    first = some[0]
    decision = wording.decision(first.decision, here.lang)
    title = here.say(GROUP).format(
        decision=decision, title=f"{first.rule} {wording.rule_title(first.rule, here.lang)}".strip(), count=len(some)
    )
    words(here, row, 0, title, here.formats.heading)
    _wide(here, row + 1, here.say(BASIS), "; ".join(dict.fromkeys(one.known.filed.texts.get("basis", "") for one in some)))
    header(here, row + 2, COLUMNS)
    row = records(here, row + 3, COLUMNS, [_record(number, one, here.lang) for number, one in enumerate(some, 1)])
    row = records(here, row, COLUMNS, [{"where": here.say(TOTAL), "amount": sum(one.known.filed.amount or 0 for one in some)}], total=True)
    _wide(here, row, here.say(CONCLUSION), "")
    here.sheet.set_row(row, CONCLUSION_HEIGHT)
    for at, label in zip(SIGNING_AT, SIGNED, strict=True):
        put(here, row + 1, at, here.say(label), "text")
        put(here, row + 1, at + 1, None, "text", here.formats.input["text"])
    here.sheet.set_row(row + 1, SIGNING_HEIGHT)
    return row + 2


def _wide(here: Page, row: int, label: str, text: str) -> None:
    """A label, and a text over the rest of the row; to be filled in where there is none."""
    put(here, row, 0, label, "text")
    look = here.formats.shown["text"] if text else here.formats.input["text"]
    here.sheet.merge_range(row, 1, row, len(COLUMNS) - 1, text, look)
    grow(here, row, [(text, sum(column.width for column in COLUMNS[1:]))])


def _record(number: int, one: Reviewed, lang: Lang) -> dict[str, Any]:
    filed, made = one.known.filed, one.known.decision
    told = {key: filed.texts.get(key) for key in ("who", "observed", "expected")}
    where = " · ".join(part for part in (one.branch, filed.texts.get("where", "")) if part)
    return {
        **told,
        "number": number,
        "where": where,
        "amount": filed.amount,
        "note": made.note,
        "reviewer": made.reviewer,
        "reviewed_on": made.reviewed_on,
    }


def _open(here: Page, row: int, opened: Sequence[Reviewed]) -> None:
    """How many findings of each rule are open, and the money at stake in them."""
    words(here, row, 0, here.say(OPENED).format(count=len(opened)), here.formats.heading)
    header(here, row + 1, OPEN_COLUMNS)
    listed = [
        {
            "number": len(some),
            "title": f"{rule} {wording.rule_title(rule, here.lang)}".strip(),
            "severity": wording.severity(some[0].severity, here.lang),
            "amount": sum(one.money for one in some) or None,
        }
        for rule, some in by(opened, "rule").items()
    ]
    records(here, row + 2, OPEN_COLUMNS, listed)
