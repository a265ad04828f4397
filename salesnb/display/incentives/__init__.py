"""What shows pay: charts, tables and sentences."""

from salesnb.display.incentives import charts as charts
from salesnb.display.incentives import prose as prose
from salesnb.display.incentives import tables as tables
