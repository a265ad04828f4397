"""Frame in, chart, table or sentence out: nothing here computes a figure."""
