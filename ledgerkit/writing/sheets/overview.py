"""Overview 总览: whose books, the year's figures and ratios, flags by severity and rule, charts, lines to sign."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model.finding import Severity
from ledgerkit.model.report import Report
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import styles, wording
from ledgerkit.writing.sheets.grid import NOTE as NOTE_ROW
from ledgerkit.writing.sheets.grid import Column, Page, area, page, put
from ledgerkit.writing.styles import Styles

NAME = N_("Overview")
TITLE = N_("{unit}: audit summary {year}")
NOTE = N_("As of {as_of}. Read the flags first, worst first; then the control totals that do not agree.")
SEVERAL = N_("{count} branches")
LABEL, NOW, BEFORE, SIDE = 0, 1, 2, 4
WIDTHS = tuple(Column("", "", "text", width) for width in (36, 17, 17, 3, 38, 14, 16, 16))
FIGURES, RATIOS, FLAGS, BY_RULE, SIGN = N_("Figures"), N_("Ratios"), N_("Flags by severity"), N_("Flags by rule"), N_("Signatures")
THIS_YEAR, LAST_YEAR, COUNT, AMOUNT = N_("This year"), N_("Last year"), N_("Count"), N_("Amount at stake")
DUES_CHART, BUDGET_CHART = N_("Dues by month"), N_("Expense: available and spent")
MONTH, PAID, LINE, AVAILABLE, SPENT = N_("Month"), N_("Paid"), N_("Line"), N_("Available"), N_("By the ledgers")
YOUNGER = N_("{count} of them rest on a rule issued after {year}, for comparison only.")
RATIO_LABELS = {
    "collection": N_("Dues collected of dues owed"),
    "remitted": N_("Remittance passed up in full"),
    "income_execution": N_("Income against budget"),
    "expense_execution": N_("Expense against budget"),
    "activity_share": N_("Members' activities in all spending"),
    "rights_share": N_("Rights protection in all spending"),
    "operations_share": N_("Operations in all spending"),
    "administration_share": N_("Administration in all spending"),
    "festival_share": N_("Festival gifts in all spending"),
    "balance": N_("Balance at the year's end"),
    "activity_head": N_("Activities' cost a member"),
}
SIGNED_BY = (
    N_("Prepared by"),
    N_("Reviewed by"),
    N_("Chair"),
    N_("Audit committee head"),
    N_("Opinion of the audit committee"),
    N_("Date"),
)
ROWS_PER_CHART, CHART_SIZE = 15, {"width": 520, "height": 280}


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: figures and ratios on the left, flags on the right, charts below with the numbers they are drawn from."""
    say = catalogue(lang).gettext
    title = say(TITLE).format(unit=_unit(report, lang), year=report.book.year)
    note = say(NOTE).format(as_of=report.as_of.isoformat() if report.as_of else "")
    here = page(book, formats, say(NAME), lang, WIDTHS, title, note)
    heading = styles.look(book, bold=True, font_size=11, font_color=styles.ACCENT)
    percent = styles.value(book, "money", num_format="0.00%")
    left = _figures(here, NOTE_ROW + 2, report, heading)
    left = _ratios(here, left + 1, report, heading, percent)
    right = _flags(here, NOTE_ROW + 2, report, heading)
    bottom = _charts(book, here, max(left, right) + 1, report, heading)
    _signatures(here, bottom + 1, heading)
    here.sheet.fit_to_pages(1, 0)


def _unit(report: Report, lang: Lang) -> str:
    """Who the books are of: the policy's name, else the one cover's, else how many branches."""
    covers = sorted({cover.values["branch"] for cover in report.book.covers if cover.values.get("branch")})
    branches = [branch for branch in report.book.branches if branch]
    if report.policy.unit_name or len(covers) == 1:
        return report.policy.unit_name or covers[0]
    return catalogue(lang).gettext(SEVERAL).format(count=len(branches)) if len(branches) > 1 else "".join(branches)


def _figures(here: Page, row: int, report: Report, heading: Any) -> int:
    totals = report.totals or {}
    listed = [
        (N_("Dues owed"), totals["dues"]["due"]),
        (N_("Dues paid"), totals["dues"]["paid"]),
        (N_("Dues waived"), totals["dues"]["waived"]),
        (N_("Dues in arrears"), totals["dues"]["arrears"]),
        (N_("Dues overpaid"), totals["dues"]["overpaid"]),
        (N_("Remittance retained"), totals["remittance"]["retained"]),
        (N_("Relief from union funds"), totals["relief"]["amount"]),
        (N_("Agency money in the relief ledger"), totals["relief"]["agency"]),
        (N_("Spent on activities"), sum(group["cost"] for group in totals["activities"]["by_category"].values())),
        (N_("Other expenses"), totals["expenses"]["amount"]),
    ]
    here.sheet.write_string(row, LABEL, here.say(FIGURES), heading)
    for at, (label, minor) in enumerate(listed, row + 1):
        put(here, at, LABEL, here.say(label), "text")
        put(here, at, NOW, minor, "money")
    return row + len(listed) + 1


def _ratios(here: Page, row: int, report: Report, heading: Any, percent: Any) -> int:
    here.sheet.write_string(row, LABEL, here.say(RATIOS), heading)
    put(here, row, NOW, here.say(THIS_YEAR), "choice")
    put(here, row, BEFORE, here.say(LAST_YEAR), "choice")
    for at, ratio in enumerate(report.ratios, row + 1):
        put(here, at, LABEL, here.say(RATIO_LABELS[ratio.key]), "text")
        for column, value in ((NOW, ratio.value), (BEFORE, ratio.prior)):
            if ratio.kind == "money" or value is None:
                put(here, at, column, value, "money")
            else:
                here.sheet.write_number(at, column, float(value), percent)
    return row + len(report.ratios) + 1


def _flags(here: Page, row: int, report: Report, heading: Any) -> int:
    """Flags by severity, how many rest on a younger rule, then by rule with the money at stake."""
    columns = (Column("what", FLAGS, "text", 30), Column("count", COUNT, "int", 14), Column("amount", AMOUNT, "money", 16))
    row = _counted(
        here, row, columns, [(wording.severity(s, here.lang), [f for f in report.findings if f.severity == s]) for s in Severity]
    )
    younger = sum(wording.is_younger(rules()[finding.rule], report.book.year) for finding in report.findings)
    if younger:
        here.sheet.write_string(row, SIDE, here.say(YOUNGER).format(count=younger, year=report.book.year), here.formats.note)
    codes = [code for code, _ in sorted(Counter(f.rule for f in report.findings).items(), key=lambda item: (-item[1], item[0]))]
    named = [(f"{code} {wording.title(rules()[code], here.lang)}", [f for f in report.findings if f.rule == code]) for code in codes]
    return _counted(here, row + 2, (Column("what", BY_RULE, "text", 30), *columns[1:]), named) if named else row + 1


def _counted(here: Page, row: int, columns: tuple[Column, ...], listed: Any) -> int:
    for at, column in enumerate(columns):
        here.sheet.write_string(row, SIDE + at, here.say(column.label), here.formats.header["R"])
    for at, (label, findings) in enumerate(listed, row + 1):
        put(here, at, SIDE, label, "text")
        put(here, at, SIDE + 1, len(findings), "int")
        put(here, at, SIDE + 2, sum(abs(finding.amount or 0) for finding in findings), "money")
    return row + len(listed) + 1


def _charts(book: Workbook, here: Page, row: int, report: Report, heading: Any) -> int:
    """Two native charts side by side; below them the numbers, which are on this sheet so that the charts live."""
    numbers = row + ROWS_PER_CHART + 1
    months = [(f"{number}", paid) for number, paid in enumerate(report.dues_by_month, 1)]
    lines = list(_spending(report))
    end = numbers + 1
    if months:
        end = max(end, _numbers(here, numbers, LABEL, (MONTH, PAID), [(month, paid, None) for month, paid in months]))
        _chart(book, here, row, LABEL, DUES_CHART, numbers, len(months), LABEL, 1)
    if lines:
        end = max(end, _numbers(here, numbers, SIDE, (LINE, AVAILABLE, SPENT), lines))
        _chart(book, here, row, SIDE, BUDGET_CHART, numbers, len(lines), SIDE, 2)
    return end


def _spending(report: Report) -> Iterator[tuple[str, int | None, int | None]]:
    """Expense lines that are no headings: title, available, spent."""
    for at in range(len(report.lines) if report.lines is not None else 0):
        assert report.lines is not None
        if report.lines.show(at, "direction") == "expense" and not report.lines.frame.at[at, "is_parent"]:
            title = f"{report.lines.show(at, 'code')} {report.lines.show(at, 'title')}"
            yield title, report.lines.minor(at, "available"), report.lines.minor(at, "actual")


def _numbers(here: Page, row: int, column: int, labels: tuple[str, ...], listed: Any) -> int:
    for at, label in enumerate(labels):
        here.sheet.write_string(row, column + at, here.say(label), here.formats.header["O"])
    for at, values in enumerate(listed, row + 1):
        put(here, at, column, values[0], "text")
        for offset, value in enumerate(values[1 : len(labels)], 1):
            put(here, at, column + offset, value, "money")
    return row + len(listed) + 1


def _chart(book: Workbook, here: Page, row: int, at: int, title: str, numbers: int, count: int, column: int, series: int) -> None:
    name = here.sheet.get_name()
    chart = book.add_chart({"type": "column" if series == 1 else "bar"})
    for offset, colour in zip(range(1, series + 1), (styles.ACCENT, "#9FB8CF"), strict=False):
        chart.add_series(
            {
                "name": [name, numbers, column + offset],
                "categories": "=" + area(name, column, numbers + 1, numbers + count),
                "values": "=" + area(name, column + offset, numbers + 1, numbers + count),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_title({"name": here.say(title), "name_font": {"size": 11, "name": styles.FONT}})
    chart.set_legend({"none": True} if series == 1 else {"position": "bottom"})
    chart.set_size(CHART_SIZE)
    chart.set_y_axis({"min": 0, "num_format": "#,##0"} if series == 1 else {"reverse": True})
    here.sheet.insert_chart(row, at, chart)


def _signatures(here: Page, row: int, heading: Any) -> None:
    here.sheet.write_string(row, LABEL, here.say(SIGN), heading)
    for at, label in enumerate(SIGNED_BY, row + 1):
        put(here, at, LABEL, here.say(label), "text")
        here.sheet.merge_range(at, NOW, at, BEFORE, "", here.formats.input["text"])
        here.sheet.set_row(at, 24)
