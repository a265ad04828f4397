"""What shows groups by a company's own columns: tables."""

from salesnb.display.own_groups import tables as tables
