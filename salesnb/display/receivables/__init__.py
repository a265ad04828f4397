"""What shows receivables: charts, tables and sentences."""

from salesnb.display.receivables import charts as charts
