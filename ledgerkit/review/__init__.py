"""The auditor's side: where decisions stand, and what became of the findings that were sent back to the branches."""
