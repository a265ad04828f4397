"""What shows last month's calls: charts, tables and sentences."""

from salesnb.display.calls import effects as effects
from salesnb.display.calls import prose as prose
from salesnb.display.calls import tables as tables
