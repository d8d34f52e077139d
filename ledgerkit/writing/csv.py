"""The findings as CSV for Excel and WPS: UTF-8 with BOM, no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from ledgerkit.locale import Lang
from ledgerkit.model.report import Report
from ledgerkit.model.stamp import FINDINGS_HEADINGS
from ledgerkit.model.text import FORMULA_STARTS
from ledgerkit.writing.json import finding_object

COLUMNS = (
    *FINDINGS_HEADINGS,
    *("file", "sheet", "row", "column", "cell", "key", "amount", "message", "observed", "expected", "basis", "state"),
)
# Controls that no spreadsheet shows and a terminal obeys.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# What a waived finding also has, in columns of their own.
WAIVER = ("reason", "asked_by", "approved_by", "until")


def as_csv(report: Report, lang: Lang) -> str:
    """A row a finding under the contract's keys. Negative amounts stay numbers."""
    waivers = {f"waiver_{name}": name for name in WAIVER}
    objects = (finding_object(finding, report, lang) for finding in report.findings)
    return table(
        (*COLUMNS, *waivers),
        ({**whole, **{column: (whole["waiver"] or {}).get(name) for column, name in waivers.items()}} for whole in objects),
    )


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A header and a line a row, with a byte order mark, cells guarded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(column, row[column]) for column in columns] for row in rows)
    return "\ufeff" + text.getvalue()


def _cell(column: str, value: object) -> str:
    text = _CONTROLS.sub(" ", "" if value is None else " ".join(value) if isinstance(value, list) else str(value))
    return "'" + text if column not in ("amount", "row") and text.startswith(FORMULA_STARTS) else text
