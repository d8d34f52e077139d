"""G rules: cells, headings and totals of every ledger. They see every read row, the rejected ones too."""
