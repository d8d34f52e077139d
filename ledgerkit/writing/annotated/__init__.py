"""What an annotated copy adds to a workbook: colours, comments, an index sheet. All else is the original, byte for byte."""
