"""What shows the team: charts, tables and sentences."""

from salesnb.display.team import calls as calls
from salesnb.display.team import charts as charts
from salesnb.display.team import culture as culture
from salesnb.display.team import handover as handover
from salesnb.display.team import prose as prose
from salesnb.display.team import tables as tables
from salesnb.display.team import teaching as teaching
