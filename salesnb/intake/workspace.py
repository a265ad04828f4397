"""The door of intake: what the notebooks, the report and the commands take from it."""

from salesnb.intake.book import Book as Book
from salesnb.intake.book import counts_frame as counts_frame
from salesnb.intake.book import data_span as data_span
from salesnb.intake.book import held as held
from salesnb.intake.book import make_snapshot as make_snapshot
from salesnb.intake.book import open_book as open_book
from salesnb.intake.book import rejected_rows as rejected_rows
from salesnb.intake.cache import checked_snapshot as checked_snapshot
