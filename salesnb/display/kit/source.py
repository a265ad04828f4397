"""What does a page ask of the book that it is about?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from salesnb.language import Message
from salesnb.plan import Plan


class Source(Protocol):
    """What a page asks of the book that it is about."""

    @property
    def currency(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def as_of(self) -> pd.Timestamp: ...
    @property
    def counts(self) -> pd.DataFrame: ...
    @property
    def data_from(self) -> pd.Timestamp: ...
    @property
    def data_to(self) -> pd.Timestamp: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def reps(self) -> pd.DataFrame: ...
    @property
    def suspicions(self) -> Sequence[Message]: ...
    def lacking(self, *tables: str) -> Message | None: ...
