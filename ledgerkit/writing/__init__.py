"""The Report and the templates as files: the writers see values and nothing else."""
