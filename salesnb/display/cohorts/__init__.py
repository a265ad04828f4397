"""What shows cohorts of deals: charts, tables and sentences."""

from salesnb.display.cohorts import charts as charts
from salesnb.display.cohorts import prose as prose
from salesnb.display.cohorts import tables as tables
