"""What shows the parts of the year: charts, tables and sentences."""

from salesnb.display.parts import charts as charts
from salesnb.display.parts import prose as prose
from salesnb.display.parts import tables as tables
