"""Many branches' workbooks as one federation's."""
