"""What shows targets: charts, tables and sentences."""

from salesnb.display.targets import bottom_up as bottom_up
from salesnb.display.targets import calls as calls
from salesnb.display.targets import charts as charts
from salesnb.display.targets import gaps as gaps
from salesnb.display.targets import lines as lines
from salesnb.display.targets import prose as prose
from salesnb.display.targets import scenarios as scenarios
from salesnb.display.targets import tables as tables
