"""The summary workbook's own words, which are written into it and read back from it: headings, decisions, labels, in English; `locale` has the others."""

from collections.abc import Mapping

from ledgerkit.locale import N_

OVERVIEW = N_("Overview")
# The columns of Flags.
FLAGS: Mapping[str, str] = {
    "state": N_("State"),
    "severity": N_("Severity"),
    "rule": N_("Rule"),
    "title": N_("Finding"),
    "branch": N_("Branch"),
    "where": N_("Where (link)"),
    "who": N_("Who or what"),
    "date": N_("Date"),
    "amount": N_("Amount at stake"),
    "observed": N_("Observed"),
    "expected": N_("Expected"),
    "message": N_("Explanation and what to do"),
    "basis": N_("Basis"),
    "recused": N_("May not review"),
    "since": N_("Changed since the decision"),
    "decision": N_("Decision"),
    "reviewer": N_("Reviewer"),
    "reviewed_on": N_("Reviewed on"),
    "note": N_("Note"),
    "id": N_("Finding id"),
}
SEVERITIES: Mapping[str, str] = {
    "error": N_("data error"),
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
    "info": N_("information"),
}
# The auditor's own columns.
DECIDED = ("decision", "reviewer", "reviewed_on", "note")
OPEN, FIXED = "open", "fixed"
DECISIONS: Mapping[str, str] = {
    OPEN: N_("open"),
    "accepted": N_("accepted"),
    "explained": N_("explained"),
    FIXED: N_("fixed"),
    "mistaken": N_("mistaken"),
}
# What became of a finding since an earlier summary; the last two are of findings that are no longer there.
RESOLVED, UNCHECKED = "resolved", "unchecked"
STATES: Mapping[str, str] = {
    "new": N_("new"),
    "persisting": N_("persisting"),
    "reopened": N_("reopened"),
    "waived": N_("waived"),
    RESOLVED: N_("resolved"),
    UNCHECKED: N_("not checked this time"),
}
# Of the columns of Sources those by which a summary says what its run looked at; what it says of a rule that was run.
SOURCES: Mapping[str, str] = {"file": N_("File"), "branch": N_("Branch"), "rows_rejected": N_("Rows rejected")}
AS_RUN = N_("run")
# Labels of the run on Sources.
COMMAND, BOOKS_YEAR, AS_OF, PREVIOUS = N_("Command"), N_("Books' year"), N_("As of"), N_("Previous summary")
# The figures and ratios of Overview.
FIGURES: Mapping[str, str] = {
    "due": N_("Dues owed"),
    "paid": N_("Dues paid"),
    "waived": N_("Dues waived"),
    "arrears": N_("Dues in arrears"),
    "overpaid": N_("Dues overpaid"),
    "retained": N_("Remittance retained"),
    "relief": N_("Relief from union funds"),
    "agency": N_("Agency money in the relief ledger"),
    "activities": N_("Spent on activities"),
    "expenses": N_("Other expenses"),
}
RATIOS: Mapping[str, str] = {
    "collection": N_("Dues collected of dues owed"),
    "remitted": N_("Remittance passed up of what was due"),
    "income_execution": N_("Income against budget"),
    "expense_execution": N_("Expense against budget"),
    "activity_share": N_("Members' activities in all spending"),
    "rights_share": N_("Rights protection in all spending"),
    "operations_share": N_("Operations in all spending"),
    "administration_share": N_("Administration in all spending"),
    "festival_share": N_("Festival gifts in all spending"),
    "activity_head": N_("Activities' cost a member"),
    "balance": N_("Balance at the year's end"),
}
# Of the columns of Budget those that a later year sets beside its own.
BUDGET: Mapping[str, str] = {"code": N_("Code"), "direction": N_("Direction"), "actual": N_("By the ledgers"), "booked": N_("Booked")}

# By which `verify` runs again what Sources holds: the sheets' names, blocks of Sources, and lines of the first of them.
FLAGS_SHEET, BUDGET_SHEET, SOURCES_SHEET = N_("Flags"), N_("Budget"), N_("Sources")
RUN, FILES, POLICY_LINES = N_("The run"), N_("Files and their SHA-256"), N_("Effective policy")
FOLDER, POLICY_FILE, POLICY_SHA256 = N_("Books' folder, seen from here"), N_("Policy file, seen from there"), N_("Policy SHA-256")
# The columns of Flags that rest on an earlier summary.
CARRIED = ("state", "since")
# Whose versions Sources names.
DEPENDENCIES = ("click", "msoffcrypto-tool", "openpyxl", "pandas", "python-calamine", "python-stdnum", "rapidfuzz", "xlsxwriter")
