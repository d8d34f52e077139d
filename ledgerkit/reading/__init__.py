"""From workbooks to a Book: raw cells, then headers, then typed Tables."""
