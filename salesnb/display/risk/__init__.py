"""What shows risks: charts, tables and sentences."""

from salesnb.display.risk import calls as calls
from salesnb.display.risk import charts as charts
from salesnb.display.risk import events as events
from salesnb.display.risk import prices as prices
from salesnb.display.risk import prose as prose
from salesnb.display.risk import tables as tables
