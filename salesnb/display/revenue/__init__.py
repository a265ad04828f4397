"""What shows revenue: charts, tables and sentences."""

from salesnb.display.revenue import charts as charts
from salesnb.display.revenue import prose as prose
from salesnb.display.revenue import tables as tables
