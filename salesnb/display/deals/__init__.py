"""What shows deals at risk: charts, tables and sentences."""

from salesnb.display.deals import charts as charts
from salesnb.display.deals import prose as prose
from salesnb.display.deals import tables as tables
