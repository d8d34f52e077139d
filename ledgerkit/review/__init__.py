"""The auditor's side: where decisions stand, whether a summary is still what its sources and policy give, and the evidence of each run."""
