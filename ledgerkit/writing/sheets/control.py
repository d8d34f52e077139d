"""Control 勾稽: each control total with both sides as live formulas over this workbook, their values written with them."""

from collections.abc import Mapping

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.report import Report
from ledgerkit.reconcile.control import Control
from ledgerkit.writing import wording
from ledgerkit.writing.sheets import budget, flags, sources
from ledgerkit.writing.sheets.grid import FIRST, Column, Page, address, alert, grow, page, put, row_or_further, words
from ledgerkit.writing.styles import Styles

NAME = N_("Control")
TITLE = N_("Control totals")
NOTE = N_("Both sides are formulas over this workbook where it holds the figure; the verdict compares them to the fen.")
COLUMNS = (
    Column("check", N_("Check"), "text", 30),
    Column("meaning", N_("What must agree"), "text", 62),
    Column("left", N_("Left"), "money", 17),
    Column("right", N_("Right"), "money", 17),
    Column("difference", N_("Difference"), "money", 15),
    Column("ok", N_("Verdict"), "choice", 22),
)
VERDICT = len(COLUMNS) - 1
AGREES, DIFFERS, NOT_COMPARED = N_("agrees"), N_("differs"), N_("not compared")
IN_SUM_ONLY = N_("agrees in sum only")
AGREES_ON_CASH = N_("agrees on cash basis")
MEANINGS = {
    "rows": N_("{what}: rows read = rows used + rows rejected"),
    "amount": N_("{what}: amount by sheets = amount in the figures"),
    "total": N_("{what}: total as stated = sum of its details"),
    "line": N_("Budget line {what}: booked = by the ledgers"),
    "dues": N_("Line 401: booked = dues paid"),
    "remittance": N_("Line 402: booked = remittance received or retained"),
    "spending": N_("All spending of the ledgers = on budget lines + on none"),
    "agency": N_("Agency money: booked as received = handed over by the relief ledger, and what is left"),
    "branches": N_("Branches that are to send books = branches whose books count"),
    "elimination": N_("Budget lines {what}: booked by the unions above = booked by those below"),
    "consolidated": N_("Budget line {what}: booked by the branches, less what is eliminated = booked by the federation"),
    "flags": N_("Findings = rows on the Flags sheet"),
}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: a row a control."""
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, COLUMNS, say(TITLE), say(NOTE))
    look = {unit: formats.shown["int" if unit == "rows" else "money"] for unit in ("rows", "money")}
    row = FIRST
    for control in report.controls:
        row = row_or_further(here, row)
        put(here, row, 0, control.check, "text")
        put(here, row, 1, _meaning(control, lang), "text")
        formulas = _formulas(control, report, lang)
        for side, column in (("left", 2), ("right", 3)):
            value = _number(control, getattr(control, side))
            if side in formulas:
                here.sheet.write_formula(row, column, "=" + formulas[side], look[control.unit], value)
            else:
                here.sheet.write_number(row, column, value, look[control.unit])
        difference = f"=ROUND({address(row, 2)}-{address(row, 3)},2)"
        here.sheet.write_formula(row, 4, difference, look[control.unit], _number(control, control.difference))
        _verdict(here, row, control)
        grow(here, row, [(control.check, COLUMNS[0].width), (_meaning(control, lang), COLUMNS[1].width)])
        row += 1
    for verdict in (DIFFERS, IN_SUM_ONLY):
        alert(here, VERDICT, FIRST, row - 1, f'{address(FIRST, VERDICT)}="{say(verdict)}"')


def _number(control: Control, side: int) -> float:
    return side if control.unit == "rows" else side / money.MINOR


def _verdict(here: Page, row: int, control: Control) -> None:
    look = here.formats.shown["choice"]
    if control.ok is None:
        words(here, row, VERDICT, here.say(NOT_COMPARED), look)
        return
    if not control.ok and not control.difference:
        words(here, row, VERDICT, here.say(IN_SUM_ONLY), look)
        return
    otherwise = here.say(AGREES_ON_CASH if control.ok and control.difference else DIFFERS)
    agrees = here.say(AGREES)
    shown = agrees if control.difference == 0 else otherwise
    here.sheet.write_formula(row, VERDICT, f'=IF({address(row, 4)}=0,"{agrees}","{otherwise}")', look, shown)


def _meaning(control: Control, lang: Lang) -> str:
    kind, _, what = control.check.partition(".")
    shown = wording.ledger_title(what, lang) if kind in ("rows", "amount") else what
    return catalogue(lang).gettext(MEANINGS[kind]).format(what=shown)


def _formulas(control: Control, report: Report, lang: Lang) -> Mapping[str, str]:
    """The sides of a control that this workbook's other sheets hold, as formulas without their equals sign."""
    kind, _, what = control.check.partition(".")
    if kind == "rows":
        used, rejected = _by_ledger("rows_used", what, report, lang), _by_ledger("rows_rejected", what, report, lang)
        return {"left": _by_ledger("rows_read", what, report, lang), "right": f"{used}+{rejected}"}
    if kind == "amount":
        return {"left": _by_ledger("amount", what, report, lang)}
    if kind == "line":
        return {"left": _booked(what, "expense", report, lang), "right": _by_line("actual", what, "expense", report, lang)}
    if kind == "dues":
        return {"left": _booked("401", "income", report, lang), "right": _by_ledger("amount", "dues", report, lang)}
    if kind == "remittance":
        return {"left": _booked("402", "income", report, lang)}
    if kind == "consolidated":
        return {"right": _sum("booked", {"code": what}, report, lang)}
    if kind == "spending":
        return {"right": _spending(report, lang)}
    if kind == "agency":
        return {"left": _sum("booked", {"direction": _direction("agency_in", lang)}, report, lang)}
    return {"left": _count_ids(report, lang)} if kind == "flags" else {}


def _by_ledger(column: str, ledger: str, report: Report, lang: Lang) -> str:
    """Σ of a column of Sources over the sheets of one ledger in the files that count."""
    areas = zip(*(sources.column_areas(report, key, lang) for key in (column, "ledger", "status")), strict=True)
    named, read = wording.ledger_title(ledger, lang), catalogue(lang).gettext(sources.READ)
    return "+".join(f'SUMIFS({summed},{of},"{named}",{status},"{read}*")' for summed, of, status in areas)


def _by_line(column: str, code: str, direction: str, report: Report, lang: Lang) -> str:
    return _sum(column, {"code": code, "direction": _direction(direction, lang)}, report, lang)


def _booked(code: str, direction: str, report: Report, lang: Lang) -> str:
    """What the branches booked on a line: in a federation's summary what is eliminated is no longer in it."""
    columns = ("booked", budget.ELIMINATED.key) if budget.is_consolidated(report) else ("booked",)
    return "+".join(_by_line(column, code, direction, report, lang) for column in columns)


def _spending(report: Report, lang: Lang) -> str:
    """The ledgers' spending on lines that are no headings, and what is on no line (the row below the lines, without a level)."""
    level = {"direction": _direction("expense", lang), "level": catalogue(lang).gettext(budget.LINE)}
    last = budget.column_area(report, "actual", lang).rpartition(":")[2]
    return f"{_sum('actual', level, report, lang)}+'{catalogue(lang).gettext(budget.NAME)}'!{last}"


def _sum(column: str, where: Mapping[str, str], report: Report, lang: Lang) -> str:
    conditions = ",".join(f'{budget.column_area(report, key, lang)},"{value}"' for key, value in where.items())
    return f"SUMIFS({budget.column_area(report, column, lang)},{conditions})"


def _direction(key: str, lang: Lang) -> str:
    return wording.choice_label("budget", "direction", key, lang)


def _count_ids(report: Report, lang: Lang) -> str:
    return "+".join(f"COUNTA({ids})" for ids in flags.id_areas(report, lang))
