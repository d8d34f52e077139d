"""The auditor's side: where decisions stand, what became of what was sent back to the branches, whether a summary is what its sources give."""
