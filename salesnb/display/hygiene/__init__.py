"""What shows the records: charts, tables and sentences."""

from salesnb.display.hygiene import charts as charts
from salesnb.display.hygiene import prose as prose
from salesnb.display.hygiene import tables as tables
