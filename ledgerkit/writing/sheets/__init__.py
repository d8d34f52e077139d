"""The sheets of the summary workbook, one file each; each writes its rows top to bottom, once."""
