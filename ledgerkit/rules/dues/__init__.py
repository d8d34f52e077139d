"""D rules: dues paid for each month, and how they were worked out."""
