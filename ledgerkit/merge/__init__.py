"""Many branches' books to one federation's."""
