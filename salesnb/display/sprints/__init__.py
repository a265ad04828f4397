"""What shows sprints: charts, tables and sentences."""

from salesnb.display.sprints import charts as charts
from salesnb.display.sprints import prose as prose
from salesnb.display.sprints import tables as tables
