"""The auditor's side: where decisions stand."""
