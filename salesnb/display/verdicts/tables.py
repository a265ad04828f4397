"""What stands out and is explained otherwise, as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.display.verdicts.prose import aside, members, rival
from salesnb.findings import IDS, Finding
from salesnb.language import Message, marked


def set_aside(found: Iterable[Finding], *people: pd.DataFrame) -> Exhibit | None:
    """Each difference that stands out and is explained, or cannot be told: what, about whom, by what, how much of it."""
    told = aside(found)
    if len(told) < 2:  # one alone is what the sentence above says
        return None
    frame = pd.DataFrame(
        {"id": [one.id for one in told], "share": [one.rivals.get(one.by or "", None) for one in told]}
    ).astype({"share": float})
    return exhibit.table(
        worded(
            frame,
            claim=[Message(IDS[one.id]) for one in told],
            member=members(told, *people),
            rival=[rival(one) for one in told],
        )[["claim", "member", "rival", "share"]],
        name="set_aside",
        finding=Message("Stands out, and is explained otherwise: {n:count}", n=len(told)),
        subtitle=Message("The share of the difference that goes where the other cause is held equal"),
        columns={
            "claim": Column(marked("What stands out")),
            "member": Column(marked("About")),
            "rival": Column(marked("Explained by")),
            "share": Column(marked("Share explained"), "percent"),
        },
        fold=5,
    )
