"""The columns of each statement: a Table made by reading or by reconciling, which rules run on like on a ledger."""

from collections.abc import Mapping

from ledgerkit.model.federation import ELIMINATED, RECEIVED
from ledgerkit.model.schema import FieldType

# What reading found: files refused, headers, cells that could not be read as typed, what a sheet does not show as it is, totals that
# were declared.
READING: Mapping[str, Mapping[str, FieldType]] = {
    "files": {"file": "text", "problem": "text", "observed": "text", "expected": "text", "case": "text"},
    "sheets": {"ledger": "text", "problem": "text", "observed": "text", "expected": "text"},
    "headers": {"ledger": "text", "field": "text", "problem": "text", "observed": "text", "expected": "text"},
    "cells": {
        "at": "int",
        "ledger": "text",
        "field": "text",
        "type": "text",
        "text": "text",
        "fault": "text",
        "case": "text",
        "expected": "text",
    },
    "display": {
        "ledger": "text",
        "field": "text",
        "problem": "text",
        "observed": "text",
        "expected": "text",
        "count": "int",
        "amount": "money",
    },
    "declared": {"ledger": "text", "field": "text", "declared": "money", "details": "money", "unread": "int"},
    "needed": {"ledger": "text", "present": "yesno"},
}

# What reconciling computes.
RECONCILED: Mapping[str, Mapping[str, FieldType]] = {
    "lines": {
        "code": "text",
        "title": "text",
        "direction": "choice",
        "prior": "money",
        "approved": "money",
        "adjustment": "money",
        "available": "money",
        "actual": "money",
        "booked": "money",
        "booked_unread": "yesno",
        "unexplained": "money",
        "variance": "money",
        "is_parent": "yesno",
        "is_agency": "yesno",
        "used_by": "choice",
        "compared": "yesno",
        "alternative": "money",
        "adjustment_no": "text",
        "approved_on": "date",
    },
    "months": {
        "member_no": "text",
        "name": "text",
        "month": "int",
        "owed": "yesno",
        "wage_base": "money",
        "due": "money",
        "paid": "money",
        "waived": "money",
        "payments": "int",
        "unread": "yesno",
    },
    "payments": {
        "at": "int",
        "ledger": "text",
        "field": "text",
        "voucher_no": "text",
        "item": "text",
        "category": "choice",
        "payee": "text",
        "amount": "money",
        "form": "choice",
        "fund": "choice",
        "budget_code": "text",
        "paid_on": "date",
        "approved_by": "text",
        "handled_by": "text",
        "part_of": "text",
    },
    "balances": {
        "member_no": "text",
        "name": "text",
        "months": "int",
        "due": "money",
        "paid": "money",
        "waived": "money",
        "arrears": "money",
        "overpaid": "money",
        "collected": "money",
    },
}

# What the policy waives, and what the other rules have for it: how many findings, and whether they could see the row.
WAIVERS: Mapping[str, FieldType] = {"file": "text", "rule": "text", "key": "text", "until": "date", "findings": "int", "judged": "yesno"}

# What auditors decided in earlier summaries, a row a decision that was made: on which finding, what, and in which cell.
DECISIONS: Mapping[str, FieldType] = {"file": "text", "sheet": "text", "finding": "text", "decision": "text"}

STATEMENTS: Mapping[str, Mapping[str, FieldType]] = {
    **READING,
    **RECONCILED,
    "waivers": WAIVERS,
    "decisions": DECISIONS,
    "eliminated": ELIMINATED,
    "received": RECEIVED,
}
