"""CRM completeness and checklists in sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesnb.display.kit.words import RIVAL_NAMES, named
from salesnb.language import Message, marked
from salesnb.results.funnel import Effect

FIELD_NAMES = {
    "account_id": marked("Account"),
    "rep_id": marked("Owner"),
    "amount": marked("Amount"),
    "expected_close_on": marked("Expected close"),
    "competitor": marked("Competitor"),
    "product_id": marked("Product"),
    "channel": marked("Channel"),
    "loss_reason": marked("Loss reason"),
}


def field_name(field: str) -> Message | str:
    """What people call a field of a deal; its own name where they call it nothing else."""
    return named(field, FIELD_NAMES)


def priced(fields: pd.DataFrame) -> bool:
    """Has any open deal an amount, so that fields can weigh its money?"""
    return bool(fields.loc[fields["field"] == "amount", "filled"].sum() > 0)


def completeness(share: float | None, fields: pd.DataFrame, teams: pd.DataFrame) -> Message | None:
    """Is the CRM complete, and where not?"""
    if share is None or fields.empty:
        return None
    values = {
        "share": share,
        "field": field_name(fields["field"].iloc[0]),
        "value": fields["missing_value"].iloc[0],
    }
    missing = int(fields["asked"].iloc[0] - fields["filled"].iloc[0])
    flagged = teams[teams["flagged"]] if len(teams) else teams
    if len(flagged):
        return Message(
            "{share:share} of the required fields are filled, by value; {team} fills {own:percent}, the others {rest:percent} ({gap:apart}).",
            share=share,
            **_against_the_others(flagged),
        )
    usual = teams[teams["by"] != ""] if len(teams) else teams
    if len(usual):
        first = usual.iloc[0]
        return Message(
            "{share:share} of the required fields are filled; {team} fills {own:percent}, the others {rest:percent}: explained by the stages of its deals.",
            share=share,
            team=first["team"],
            own=first["share"],
            rest=first["rest"],
        )
    if not priced(fields):
        return Message(
            "{share:share} of the required fields are filled; {field} is missing on {n:count} open deals.",
            n=missing,
            **values,
        )
    return Message(
        "{share:share} of the required fields are filled, by value; {field} is missing on {value:money}.",
        **values,
    )


def completeness_caveat(alike: list[tuple[str, str]]) -> Message:
    """What is required, and which names may mean the same."""
    if alike:
        return Message(
            "Required at every stage: account, owner, amount, expected close; more by plan.yml. These names may mean the same: {first} and {second}; nothing is merged.",
            first=alike[0][0],
            second=alike[0][1],
        )
    return Message(
        "Required at every stage: account, owner, amount, expected close; more by plan.yml. Filled is not the same as right."
    )


def checklists(teams: pd.DataFrame, to_fix: pd.DataFrame) -> Message | None:
    """Are checklists kept, and what is to fix?"""
    flagged = teams[teams["flagged"]] if len(teams) else teams
    if len(flagged):
        return Message(
            "{team} keeps {own:percent} of its checklists, the others {rest:percent} ({gap:apart}); open deals to fix this week: {n:count}.",
            n=len(to_fix),
            **_against_the_others(flagged),
        )
    if teams.empty:
        return None
    return Message(
        "No team keeps its checklists less than the others beyond noise; open deals to fix this week: {n:count}.",
        n=len(to_fix),
    )


def _against_the_others(flagged: pd.DataFrame) -> dict[str, Any]:
    """The first team's share, the others', and the interval of the difference."""
    first = flagged.iloc[0]
    return {
        "team": first["team"],
        "own": first["share"],
        "rest": first["rest"],
        "gap": (first["behind_low"], first["behind_high"]),
    }


def checklists_caveat(effect: Effect | None) -> Message | None:
    """Does a kept checklist go with winning? Not a proof."""
    if effect is None:
        return None
    if effect.conclusion == "explained" and effect.by == "mix":
        return Message(
            "With the checklist kept {yes:percent} of deals were won, without it {no:percent}: explained by {rival}, for the deals that get it done are other ones.",
            yes=effect.kept_rate,
            no=effect.others_rate,
            rival=Message(RIVAL_NAMES[effect.by]),
        )
    if effect.conclusion == "explained":
        return Message(
            "With the checklist kept {yes:percent} of deals were won, without it {no:percent}: explained by {rival}, for a deal lost early had no time for it.",
            yes=effect.kept_rate,
            no=effect.others_rate,
            rival=Message(RIVAL_NAMES[effect.by]),
        )
    return Message(
        "With the checklist kept {yes:percent} of {n:count} closed deals were won, without it {no:percent} of {m:count} (between like deals of one age {gap:apart}). Good deals may get their checklist done: no proof.",
        yes=effect.kept_rate,
        n=effect.kept,
        no=effect.others_rate,
        m=effect.others,
        gap=(effect.low, effect.high),
    )
