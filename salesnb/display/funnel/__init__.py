"""What shows the funnel: charts, tables and sentences."""

from salesnb.display.funnel import charts as charts
from salesnb.display.funnel import groups as groups
from salesnb.display.funnel import prose as prose
from salesnb.display.funnel import tables as tables
