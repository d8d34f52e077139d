"""Workbooks as we write them: text stays text, and the same content gives the same bytes."""

from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook

from ledgerkit.model.stamp import KIND, VERSION

# A workbook's creation time is part of its bytes; ours says nothing, so that it is the same for the same content.
CREATED = datetime(2000, 1, 1)


def workbook(path: Path, kind: str, version: str, title: str = "") -> Workbook:
    """An empty workbook that turns no text into a formula, link or number, stamped with what it is and of which version."""
    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "tmpdir": str(path.parent)},
    )
    book.set_properties({"created": CREATED, "title": title, "author": "ledgerkit", "company": ""})
    book.set_custom_property(KIND, kind)
    book.set_custom_property(VERSION, version)
    return book
