"""Ledger Tables to statement Tables: what the books should say, beside what they say."""
