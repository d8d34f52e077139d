"""The stamp in a workbook's custom properties: what ledgerkit wrote it as, and of which version."""

from collections.abc import Mapping

from ledgerkit.locale import Lang

KIND = "ledgerkit_kind"
VERSION = "ledgerkit_version"
TEMPLATE = "template"
TEMPLATE_VERSION = "1"
FINDINGS = "findings"
PAPER = "review"
SUMMARY, CORRECTIONS = "summary", "corrections"
# A folder of a federation's ledgers, which its manifest makes one.
DATA, MANIFEST = "data", "ledgerkit-data.json"
# What ledgerkit wrote as results: never inputs. A .csv of findings carries no stamp; it is known by its first headings.
OUTPUTS = frozenset({SUMMARY, CORRECTIONS, PAPER, FINDINGS, DATA})
FINDINGS_HEADINGS = ("id", "rule", "severity", "title", "ledger", "branch")
# An annotated copy keeps the stamp of the template that its books were made from, and has this one beside it.
ANNOTATED = "ledgerkit_annotated"
INSTRUCTIONS = "ledgerkit_instructions"
# Their sheet's names, for formats that keep no defined names.
INSTRUCTION_SHEETS = frozenset({"填表说明", "Instructions"})
# The defined name of an annotated copy's index sheet, and that sheet's name.
INDEX = "ledgerkit_index"
INDEX_SHEETS: Mapping[Lang, str] = {"zh": "检查结果 (ledgerkit)", "en": "Findings (ledgerkit)"}
# What Sources says of options whose value is not shown, or that have none.
HIDDEN, UNMASK, YES = "***", "--unmask", "yes"
