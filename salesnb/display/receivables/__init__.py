"""What shows receivables: charts, tables and sentences."""

from salesnb.display.receivables import charts as charts
from salesnb.display.receivables import prose as prose
from salesnb.display.receivables import tables as tables
