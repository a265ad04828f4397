"""The deals at risk, the open pipeline, and what the leakage tripwire refused, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.deals.prose import next_step, reasons
from salesnb.display.hygiene.prose import field_name
from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import DEAL, WORTH
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Written, marked

REFUSALS = {
    "separates": marked("tells won from lost by itself"),
    "written_at_closing": marked("filled only at closing"),
    "rewritten": marked("closing may rewrite it"),
    "": marked("may be used"),
}


def at_risk(risky: pd.DataFrame) -> Exhibit | None:
    """Which deals to save, why they are at risk and what to do next."""
    if risky.empty:
        return None
    told = [Written("sentence", Written("list", reasons(row))) for row in risky.to_dict("records")]
    steps = [next_step(str(first)) for first in risky["first_reason"]]
    shown = worded(risky, why=told, step=steps)
    return exhibit.table(
        shown,
        name="deals_at_risk",
        finding=Message(
            "Deals that show what won deals rarely showed: {n:count}, the largest first", n=len(risky)
        ),
        subtitle=Message("Open deals, zombies left out; chance: of being won"),
        columns={
            "opportunity_id": Column(marked("Deal")),
            "account_name": Column(marked("Account")),
            **WORTH,
            "probability": Column(marked("Chance"), "percent"),
            "why": Column(marked("Why")),
            "step": Column(marked("Next step")),
            "rep_name": Column(marked("Owner")),
        },
        fold=3,
    )


def open_deals(deals: pd.DataFrame) -> Exhibit | None:
    """Every open deal; next month's pack compares with it."""
    return exhibit.table(
        deals,
        name="open_deals",
        finding=Message("Every open deal, the largest first"),
        subtitle=Message("As known now; next month's page compares with this list"),
        columns={
            **DEAL,
            "stage": Column(marked("Stage"), "given"),
            **WORTH,
            "expected_close_on": Column(marked("Expected close"), "date", secondary=True),
        },
    )


def refused(checked: pd.DataFrame) -> Exhibit | None:
    """Which fields the model may not see."""
    if checked.empty:
        return None
    shown = worded(
        checked,
        reason=[Written("sentence", Message(REFUSALS[why])) for why in checked["why"]],
        field=[Written("sentence", field_name(name)) for name in checked["field"]],
    )
    return exhibit.table(
        shown,
        name="refused_fields",
        finding=Message("Fields kept from the model: {n:count}", n=int(checked["refused"].sum())),
        subtitle=Message("How well a field alone tells won from lost: 0.5 nothing, 1 everything"),
        columns={
            "field": Column(marked("Field")),
            "alone": Column(marked("Alone"), "number"),
            "filled_won": Column(marked("Filled, won"), "share", secondary=True),
            "filled_lost": Column(marked("Filled, lost"), "share", secondary=True),
            "filled_open": Column(marked("Filled, open"), "share", secondary=True),
            "reason": Column(marked("Verdict")),
        },
    )
