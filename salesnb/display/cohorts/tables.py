"""Deals by quarter of creation, so far and at one age, as a table."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import quarter, worded
from salesnb.language import Message, marked


def shares(cohorts: pd.DataFrame) -> Exhibit | None:
    """Each quarter so far, and at one age."""
    if cohorts.empty:
        return None
    states = [
        ("ahead" if own > rest else "behind") if flag else ""
        for own, rest, flag in zip(cohorts["by_then"], cohorts["rest"], cohorts["flagged"], strict=True)
    ]
    shown = worded(cohorts, state=states, name=[quarter(cohort) for cohort in cohorts["cohort"]])
    return exhibit.table(
        shown[["name", *[column for column in shown if column != "name"]]],
        name="cohort_shares",
        finding=Message("Won so far makes the young look bad; at one age they compare"),
        subtitle=Message(
            "Deals by quarter of creation; at {age:days}: with those not yet decided treated as such",
            age=cohorts["age"].iloc[0],
        ),
        columns={
            "name": Column(marked("Quarter")),
            "deals": Column(marked("Deals"), "count"),
            "undecided": Column(marked("Undecided"), "count", secondary=True),
            "so_far": Column(marked("Won so far"), "share"),
            "by_then": Column(marked("At one age"), "share", status="state"),
            **interval("share", secondary=True),
            "rest": Column(marked("Others"), "share"),
        },
    )
