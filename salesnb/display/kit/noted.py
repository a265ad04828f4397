"""What stands in small under a section: words for every reader, and how it was found, for analysts."""

from __future__ import annotations

from dataclasses import dataclass

from salesnb.language import Text


@dataclass(frozen=True)
class Noted:
    """`caveat` stands on the page; `method`, with the names of tests and scores, in the analyst's edition alone."""

    caveat: Text | None
    method: Text
