"""What moved revenue over three and twelve months, as a table."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.revenue.prose import PART_NAMES, SPAN_NAMES
from salesnb.language import Message, marked
from salesnb.results.months import Change


def parts(frame: pd.DataFrame, changes: list[Change]) -> Exhibit | None:
    """Part by part, span by span; `frame` is `revenue_change.beside` of `changes`."""
    known = {change.span: change.change for change in changes if change is not None}
    if frame.empty or not known:
        return None
    return exhibit.table(
        frame,
        name="revenue_parts",
        finding=Message("What moved revenue over three and twelve months"),
        subtitle=Message("Change of bookings by part; the columns sum to the cent"),
        columns={
            "part": Column(marked("Part"), words=PART_NAMES),
            **{span: Column(SPAN_NAMES[span], "money") for span in known},
        },
        total=known,
    )
