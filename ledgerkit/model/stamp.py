"""The stamp in a workbook's custom properties: what ledgerkit wrote it as, and of which version."""

KIND = "ledgerkit_kind"
VERSION = "ledgerkit_version"
TEMPLATE = "template"
TEMPLATE_VERSION = "1"
# Workbooks that ledgerkit wrote as results: never inputs.
OUTPUTS = frozenset({"summary", "annotated", "corrections"})
INSTRUCTIONS = "ledgerkit_instructions"
# Their sheet's names, for formats that keep no defined names.
INSTRUCTION_SHEETS = frozenset({"填表说明", "Instructions"})
