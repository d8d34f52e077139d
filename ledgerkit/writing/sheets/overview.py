"""Overview 总览: whose books, the year's figures and ratios, what to read first, flags by severity and rule, charts, lines to sign."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from xlsxwriter.workbook import Workbook

from ledgerkit.locale import N_, Lang, catalogue
from ledgerkit.model import money
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.plain import plain
from ledgerkit.model.report import Report
from ledgerkit.model.summary import FIGURES, OVERVIEW, RATIOS
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.writing import styles, wording
from ledgerkit.writing.sheets import control, dues, flags, sources
from ledgerkit.writing.sheets.grid import FIRST, ROW_HEIGHT, Column, Page, area, grow, page, put, widen, words
from ledgerkit.writing.styles import Styles

NAME = OVERVIEW
TITLE = N_("{unit}: audit summary {year}")
NOTE = N_("As of {as_of}. Edition: ledgerkit {version}, policy {policy}.")
OF_BRANCH = N_("Branch {code}. ")
SEVERAL = N_("{count} branches")
# Left and right blocks, each a label with two figures; the charts' own numbers stand to the right, outside what is printed.
LEFT, RIGHT, UNPRINTED, GAP = 0, 4, 8, 2
BLOCK = (38, 15, 17)
WIDTHS = tuple(Column("", "", "text", width) for width in (*BLOCK, 3, *BLOCK))
ALL_FIGURES, ALL_RATIOS, SEVERE, BY_RULE, SIGN = N_("Figures"), N_("Ratios"), N_("Flags by severity"), N_("Flags by rule"), N_("Signatures")
THIS_YEAR, LAST_YEAR, COUNT, AMOUNT = N_("This year"), N_("Last year"), N_("Count"), N_("Amount at stake")
DUES_CHART, BUDGET_CHART = N_("Dues by month"), N_("Expense: available and spent")
MONTH, PAID, LINE, AVAILABLE, SPENT = N_("Month"), N_("Paid"), N_("Line"), N_("Available"), N_("By the ledgers")
CHART_NUMBERS, YUAN = N_("Numbers of the charts"), N_("Yuan")
WAIVED = N_("waived, counted in none of them")
READ_FIRST = N_("What to read first")
YOUNGER = N_("{count} of them rest on a rule issued after {year}, for comparison only.")
SIGNED_BY = (N_("Prepared by"), N_("Reviewed by"), N_("Chair"), N_("Audit committee head"))
SIGNED_BELOW, SIGNING_HEIGHT = {N_("Opinion of the audit committee"): 52, N_("Date"): 26}, 26
SMALL, FAINT, SECOND = {"size": 8, "name": styles.FONT}, {"visible": True, "line": {"color": styles.LINE}}, "#9FB8CF"
PIXELS_A_ROW, LEAST_HEIGHT, PIXELS_A_LINE = int(ROW_HEIGHT * 4 / 3), 300, 22
# Up to so many rules the sheet is one page.
RULES_A_PAGE = 40


@dataclass
class Tally:
    """How many findings, and the money at stake in those that name any: minor units, None where none does."""

    count: int = 0
    amount: int | None = None

    def take(self, finding: Finding) -> None:
        """Counts one more."""
        self.count += 1
        if finding.amount is not None:
            self.amount = (self.amount or 0) + abs(finding.amount)


def tallied(findings: Iterable[Finding], by: Callable[[Finding], str]) -> dict[str, Tally]:
    """The findings counted by what `by` gives, in the order in which they come."""
    found: dict[str, Tally] = {}
    for finding in findings:
        found.setdefault(by(finding), Tally()).take(finding)
    return found


def write(book: Workbook, formats: Styles, report: Report, lang: Lang) -> None:
    """The sheet: figures and ratios on the left, flags on the right, below them charts, flags by rule and lines to sign."""
    say = catalogue(lang).gettext
    here = page(book, formats, say(NAME), lang, WIDTHS, title(report, lang), _note(report, lang), in_order=False)
    left = _ratios(here, _figures(here, FIRST, report) + 1, report)
    right = _younger(here, _reading(here, _severities(here, FIRST, report) + 1, report), report)
    bottom = _charts(book, here, max(left, right) + 1, report)
    by_rule = tallied(report.unwaived, lambda finding: finding.rule)
    bottom = _signatures(here, _by_rule(here, bottom, by_rule) + 1)
    here.sheet.set_portrait()
    here.sheet.print_area(0, 0, bottom, RIGHT + GAP)
    here.sheet.fit_to_pages(1, 1 if len(by_rule) <= RULES_A_PAGE else 0)


def title(report: Report, lang: Lang) -> str:
    """Whose audit summary this is, of which year."""
    return catalogue(lang).gettext(TITLE).format(unit=_unit(report, lang), year=report.book.year)


def _note(report: Report, lang: Lang) -> str:
    say = catalogue(lang).gettext
    code = say(OF_BRANCH).format(code=report.book.branches[0]) if len(report.book.branches) == 1 and report.book.branches[0] else ""
    policy = f"{report.policy.id} {report.policy.version}".strip()
    return code + say(NOTE).format(as_of=report.as_of.isoformat() if report.as_of else "", version=report.version, policy=policy)


def _unit(report: Report, lang: Lang) -> str:
    """Who the books are of: the policy's name, else the one cover's, else how many branches."""
    covers = sorted({cover.values["branch"] for cover in report.book.covers if cover.values.get("branch")})
    branches = [branch for branch in report.book.branches if branch]
    if report.policy.unit_name or len(covers) == 1:
        return report.policy.unit_name or covers[0]
    return catalogue(lang).gettext(SEVERAL).format(count=len(branches)) if len(branches) > 1 else "".join(branches)


def _figures(here: Page, row: int, report: Report) -> int:
    """The year's sums; beside them last year's where its summary was given."""
    totals = report.totals or {}
    values = {
        **{key: totals["dues"][key] for key in ("due", "paid", "waived", "arrears", "overpaid")},
        "retained": totals["remittance"]["retained"],
        "relief": totals["relief"]["amount"],
        "agency": totals["relief"]["agency"],
        "activities": sum(group["cost"] for group in totals["activities"]["by_category"].values()),
        "expenses": totals["expenses"]["amount"],
    }
    earlier = report.earlier
    _labels(here, row, LEFT, ALL_FIGURES, *([THIS_YEAR, LAST_YEAR] if earlier else [YUAN]))
    for at, (key, label) in enumerate(FIGURES.items(), row + 1):
        put(here, at, LEFT, here.say(label), "text")
        put(here, at, LEFT + 1, values[key], "money")
        if earlier:
            put(here, at, LEFT + 2, earlier.figures.get(key), "money")
    return row + len(FIGURES) + 1


def _labels(here: Page, row: int, at: int, *labels: str) -> None:
    """The header of a block."""
    for offset, label in enumerate(labels):
        words(here, row, at + offset, here.say(label), here.formats.head)


def _ratios(here: Page, row: int, report: Report) -> int:
    _labels(here, row, LEFT, ALL_RATIOS, THIS_YEAR, LAST_YEAR)
    found = {ratio.key: ratio for ratio in report.ratios}
    earlier = report.earlier.figures if report.earlier else {}
    listed = [(label, found[key]) for key, label in RATIOS.items() if key in found]
    for at, (label, ratio) in enumerate(listed, row + 1):
        put(here, at, LEFT, here.say(label), "text")
        put(here, at, LEFT + 1, ratio.value, ratio.kind)
        put(here, at, LEFT + 2, earlier.get(ratio.key, ratio.prior), ratio.kind)
    return row + len(listed) + 1


def _severities(here: Page, row: int, report: Report) -> int:
    found = tallied(report.unwaived, lambda finding: finding.severity)
    listed = [(wording.severity(one, here.lang), found.get(one, Tally())) for one in Severity]
    listed += [(here.say(WAIVED), tally) for tally in tallied(report.waived, lambda finding: finding.state).values()]
    return _counted(here, row, RIGHT, SEVERE, listed)


def _counted(here: Page, row: int, at: int, label: str, listed: Sequence[tuple[str, Tally]]) -> int:
    """How many findings of each kind, and the money at stake in those that name any."""
    _labels(here, row, at, label, COUNT, AMOUNT)
    for line, (name, tally) in enumerate(listed, row + 1):
        put(here, line, at, name, "text")
        put(here, line, at + 1, tally.count, "int")
        put(here, line, at + 2, tally.amount, "money")
        grow(here, line, [(name, BLOCK[0])])
    return row + len(listed) + 1


def _reading(here: Page, row: int, report: Report) -> int:
    """What to read first: how many there are, with a link to the sheet."""
    grave = report.summary[Severity.ERROR] + report.summary[Severity.HIGH]
    listed = [
        (flags.NAME, N_("Data errors and high flags"), grave),
        (control.NAME, N_("Control totals that differ"), sum(line.ok is False for line in report.controls)),
        (control.NAME, N_("Control totals not compared"), sum(line.ok is None for line in report.controls)),
        (sources.NAME, N_("Rows rejected"), sum(sheet.rows_rejected for sheet in report.book.sheets)),
        (sources.NAME, N_("Rules not run"), sum(not status.run for status in report.statuses)),
    ]
    unknown = report.totals["dues"]["unknown"] if report.totals else 0
    if unknown:
        listed.append((dues.NAME, N_("Members whose arrears cannot be told"), unknown))
    _labels(here, row, RIGHT, READ_FIRST, COUNT)
    for at, (sheet, label, number) in enumerate(listed, row + 1):
        here.sheet.write_url(at, RIGHT, f"internal:'{here.say(sheet)}'!A1", here.formats.link, here.say(label))
        put(here, at, RIGHT + 1, number, "int")
    return row + len(listed) + 1


def _younger(here: Page, row: int, report: Report) -> int:
    """On how many sheets the flags stand, how many rest on a rule younger than the books, and the rules that flood the sheet."""
    younger = sum(wording.is_younger(finding.basis, report.book.year) for finding in report.unwaived)
    said = [here.say(YOUNGER).format(count=younger, year=report.book.year)] if younger else []
    listed = [*flags.several(report, here.lang), *said, *wording.floods(report, here.lang)]
    for at, text in enumerate(listed, row):
        here.sheet.merge_range(at, RIGHT, at, RIGHT + GAP, text, here.formats.wrapped_note)
        grow(here, at, [(text, sum(BLOCK))])
    return row + len(listed)


def _by_rule(here: Page, row: int, by_rule: Mapping[str, Tally]) -> int:
    """Rules worst first, in two halves side by side."""
    if not by_rule:
        return row
    listed = [(f"{code} {wording.title(rules()[code], here.lang)}", tally) for code, tally in by_rule.items()]
    half = -(-len(listed) // 2)
    if listed[half:]:
        _counted(here, row, RIGHT, BY_RULE, listed[half:])
    return _counted(here, row, LEFT, BY_RULE, listed[:half])


def _charts(book: Workbook, here: Page, row: int, report: Report) -> int:
    """Two native charts side by side; their numbers are on this sheet, so that the charts live. The row below them."""
    months = [(f"{number}", paid) for number, paid in enumerate(report.dues_by_month, 1)]
    lines = list(_spending(report))
    if not months and not lines:
        return row
    height = max(LEAST_HEIGHT, PIXELS_A_LINE * len(lines) + 100)
    words(here, FIRST - 1, UNPRINTED, here.say(CHART_NUMBERS), here.formats.heading)
    if months:
        _numbers(here, UNPRINTED, (MONTH, PAID), months)
        _place(here, row, LEFT, height, _dues_chart(book, here, len(months)))
    if lines:
        _numbers(here, UNPRINTED + GAP + 1, (LINE, AVAILABLE, SPENT), lines)
        _place(
            here, row, RIGHT, height, _budget_chart(book, here, len(lines), max(amount or 0 for _, *amounts in lines for amount in amounts))
        )
    return row + -(-height // PIXELS_A_ROW) + 1


def _spending(report: Report) -> Iterator[tuple[str, int | None, int | None]]:
    """Expense lines that are no headings: title, available, spent."""
    for at in range(len(report.lines) if report.lines is not None else 0):
        assert report.lines is not None
        if report.lines.show(at, "direction") == "expense" and not report.lines.at(at, "is_parent"):
            # A chart keeps its labels as they are, and control characters would make it unreadable.
            name = plain(f"{report.lines.show(at, 'code')} {report.lines.show(at, 'title')}")
            yield name, report.lines.minor(at, "available"), report.lines.minor(at, "actual")


def _numbers(here: Page, column: int, labels: tuple[str, ...], listed: Sequence[tuple[Any, ...]]) -> None:
    _labels(here, FIRST, column, *labels)
    for at, (name, *amounts) in enumerate(listed, FIRST + 1):
        put(here, at, column, name, "text")
        for offset, value in enumerate(amounts, 1):
            put(here, at, column + offset, value, "money")
    widen(here, column, max(styles.display_width(name) for name, *_ in listed) + styles.PADDING)


def _place(here: Page, row: int, at: int, height: int, chart: Any) -> None:
    chart.set_size({"width": sum(styles.pixels(width) for width in BLOCK), "height": height})
    here.sheet.insert_chart(row, at, chart, {"object_position": 1})


def _dues_chart(book: Workbook, here: Page, months: int) -> Any:
    chart = book.add_chart({"type": "column"})
    _series(here, chart, UNPRINTED, 1, months, styles.ACCENT)
    _titled(chart, here.say(DUES_CHART))
    chart.set_legend({"none": True})
    chart.set_x_axis(_axis(here.say(MONTH)))
    chart.set_y_axis(_axis(here.say(YUAN), min=0, num_format="#,##0", major_gridlines=FAINT))
    return chart


def _step(top: int) -> int:
    """Yuan between two gridlines: 1, 2 or 5 and noughts, so that no more than five of them reach `top` (minor units)."""
    steps = (int(f"{digit}{'0' * noughts}") for noughts in count() for digit in (1, 2, 5))
    return next(step for step in steps if 5 * step * money.MINOR >= top)


def _budget_chart(book: Workbook, here: Page, lines: int, top: int) -> Any:
    """Bars from the top down in the order of the budget, every line named."""
    chart = book.add_chart({"type": "bar"})
    for offset, colour in ((1, styles.ACCENT), (2, SECOND)):
        _series(here, chart, UNPRINTED + GAP + 1, offset, lines, colour)
    _titled(chart, here.say(BUDGET_CHART))
    chart.set_legend({"position": "bottom", "font": SMALL})
    chart.set_y_axis(_axis(here.say(LINE), reverse=True, interval_unit=1, crossing="max"))
    chart.set_x_axis(_axis(here.say(YUAN), min=0, major_unit=_step(top), num_format="#,##0", major_gridlines=FAINT))
    return chart


def _series(here: Page, chart: Any, column: int, offset: int, length: int, colour: str) -> None:
    name = here.sheet.get_name()
    chart.add_series(
        {
            "name": [name, FIRST, column + offset],
            "categories": "=" + area(name, column, FIRST + 1, FIRST + length),
            "values": "=" + area(name, column + offset, FIRST + 1, FIRST + length),
            "fill": {"color": colour},
            "gap": 60,
        }
    )


def _titled(chart: Any, text: str) -> None:
    chart.set_title({"name": text, "name_font": {"size": 11, "name": styles.FONT}})


def _axis(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "name_font": {**SMALL, "bold": False}, "num_font": SMALL, **more}


def _signatures(here: Page, row: int) -> int:
    """Lines to sign, two side by side; opinion and date have a line of their own. The last row."""
    words(here, row, LEFT, here.say(SIGN), here.formats.heading)
    for number, label in enumerate(SIGNED_BY):
        line, at = row + 1 + number // 2, (LEFT, RIGHT)[number % 2]
        put(here, line, at, here.say(label), "text")
        here.sheet.merge_range(line, at + 1, line, at + GAP, "", here.formats.input["text"])
        here.sheet.set_row(line, SIGNING_HEIGHT)
    for line, (label, height) in enumerate(SIGNED_BELOW.items(), row + 1 + len(SIGNED_BY) // 2):
        put(here, line, LEFT, here.say(label), "text")
        here.sheet.merge_range(line, LEFT + 1, line, RIGHT + GAP, "", here.formats.input["text"])
        here.sheet.set_row(line, height)
    return row + len(SIGNED_BY) // 2 + len(SIGNED_BELOW)
