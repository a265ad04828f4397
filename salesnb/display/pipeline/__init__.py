"""What shows the pipeline: charts, tables and sentences."""

from salesnb.display.pipeline import charts as charts
from salesnb.display.pipeline import prose as prose
from salesnb.display.pipeline import tables as tables
