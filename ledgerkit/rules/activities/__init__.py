"""V rules: activities, who came to them, what was won, what they cost."""
