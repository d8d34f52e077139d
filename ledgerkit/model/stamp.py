"""The stamp in a workbook's custom properties: what ledgerkit wrote it as, and of which version."""

KIND = "ledgerkit_kind"
VERSION = "ledgerkit_version"
TEMPLATE = "template"
TEMPLATE_VERSION = "1"
FINDINGS = "findings"
# What ledgerkit wrote as results: never inputs. A .csv of findings carries no stamp; it is known by its first headings.
OUTPUTS = frozenset({"summary", "annotated", "corrections", FINDINGS})
FINDINGS_HEADINGS = ("id", "rule", "severity", "title", "ledger", "branch")
INSTRUCTIONS = "ledgerkit_instructions"
# Their sheet's names, for formats that keep no defined names.
INSTRUCTION_SHEETS = frozenset({"填表说明", "Instructions"})
