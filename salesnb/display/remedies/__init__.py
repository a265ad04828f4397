"""What shows remedies: charts, tables and sentences."""

from salesnb.display.remedies import prose as prose
from salesnb.display.remedies import tables as tables
