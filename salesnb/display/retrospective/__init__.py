"""What shows the month and the sprint that passed: charts, tables and sentences."""

from salesnb.display.retrospective import charts as charts
from salesnb.display.retrospective import prose as prose
from salesnb.display.retrospective import sprint_days as sprint_days
from salesnb.display.retrospective import tables as tables
