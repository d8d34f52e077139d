"""B rules: the budget, and spending against its lines."""
