"""An .ods from rows of texts, numbers, logical values and days: nothing that we use writes one."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from xml.sax.saxutils import escape

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
CONTENT = (
    f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)
MANIFEST = f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>'
Value = str | float | bool | datetime


def ods(name: str, rows: Sequence[Sequence[Value]]) -> bytes:
    """The workbook's bytes; "" is no cell. Equal rows and empty cells that follow one another are written once with their number, as LibreOffice does."""
    out = io.BytesIO()
    lines = ((_row(row), len(list(same))) for row, same in groupby(tuple(row) for row in rows))
    body = "".join(f'<table:table-row table:number-rows-repeated="{count}">{cells}</table:table-row>' for cells, count in lines)
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", CONTENT.format(name=name, rows=body))
        package.writestr("META-INF/manifest.xml", MANIFEST)
    return out.getvalue()


def _row(row: Sequence[Value]) -> str:
    return "".join(_cell(cell, len(list(same))) for cell, same in groupby(row, key=lambda cell: (type(cell).__name__, cell)))


def _cell(typed: tuple[str, Value], count: int) -> str:
    kind, cell = typed
    repeated = f' table:number-columns-repeated="{count}"'
    if cell == "":
        return f"<table:table-cell{repeated}/>"
    value = {
        "bool": lambda: f'boolean" office:boolean-value="{str(cell).lower()}"',
        "float": lambda: f'float" office:value="{cell!r}"',
        "datetime": lambda: f'date" office:date-value="{cell.isoformat()}"',  # type: ignore[union-attr]
    }.get(kind, lambda: 'string"')()
    text = f"<text:p>{escape(cell)}</text:p>" if isinstance(cell, str) else "<text:p>shown</text:p>"
    return f'<table:table-cell{repeated} office:value-type="{value}>{text}</table:table-cell>'
