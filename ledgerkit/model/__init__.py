"""The nouns of ledgerkit: pure values, no input or output."""
