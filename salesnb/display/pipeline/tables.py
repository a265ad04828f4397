"""From all that is open to each value of the pipeline that a page names, as a table."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.language import Message, marked

STEPS = {
    "open": marked("All that is open, at its amounts"),
    "live": marked("Without deals older than 99% of those ever won: what covers the target"),
    "judged": marked("Without deals whose chance is not known"),
    "worth": marked("Each at its chance of being won: the worth, whenever it closes"),
    "with_date": marked("Without deals that have no close date to come"),
    "this_year": marked("Without what closes after the fiscal year: the dated pipeline"),
    "expected": marked("At the share of closed amount that was won: what it would bring this year"),
    "stood_for": marked("With the usual won amount for deals without one: what the sprint counts"),
    "in_sprint": marked("At the chance, by age, of being won within the sprint: what it brings there"),
}


def values(bridge: pd.DataFrame) -> Exhibit | None:
    """Why one pipeline has several values; `bridge` is that of `pipeline_values`."""
    if len(bridge) < 2:
        return None
    return exhibit.table(
        bridge,
        name="pipeline_values",
        finding=Message(
            "One pipeline of {open:money}, and each value that these pages name", open=bridge["value"].iloc[0]
        ),
        subtitle=Message(
            "Every way begins with all that is open; each line says what was taken off or added, and what is left"
        ),
        columns={
            "step": Column(marked("Step"), words=STEPS),
            "change": Column(marked("Change"), "money"),
            "value": Column(marked("Value"), "money"),
        },
        fold=len(bridge),
    )
