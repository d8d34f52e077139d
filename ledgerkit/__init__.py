"""ledgerkit: the money of trade unions, from Excel ledgers to an audited summary."""

__version__ = "0.1.0"
