"""The audit rules: one rule is one small function, its docstring its documentation and its test."""
