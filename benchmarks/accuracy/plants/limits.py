"""Rules that only speak where a policy sets the limit: each plant runs with a policy of its own."""
