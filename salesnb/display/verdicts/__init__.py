"""What stands out on a page and is explained by something else, in a sentence and a table."""

from salesnb.display.verdicts import prose as prose
from salesnb.display.verdicts import tables as tables
