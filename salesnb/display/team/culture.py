"""What pay rewards, whether squads sell more, whether help lowers stress: in sentences and a table."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import rival, worded
from salesnb.language import Message, Nothing, Written, marked
from salesnb.results import Estimate

KINDS = {
    "own": marked("own bookings"),
    "margin": marked("margin"),
    "team": marked("what a team or all reach together"),
}
HELP = {"eap": marked("employee assistance (EAP)"), "team_day": marked("team day"), "talk": marked("talks")}
TOLD = {
    "found": marked("beyond chance"),
    "explained": marked("return to the usual"),
    "cannot_tell": marked("cannot tell"),
    "none": marked("nothing beyond chance"),
}


def pay(rewards: pd.Series, ladder: pd.DataFrame, close: int) -> Message | None:
    """What does the pay plan reward, and what do steps do?"""
    if rewards.empty:
        return Nothing("No pay of the year follows from the plan, so nothing tells what it rewards.")
    first = str(rewards.idxmax())
    values = {"share": float(rewards[first] / rewards.sum()), "kind": Message(KINDS[first])}
    if ladder.empty:
        return Message(
            "{share:share} of the year's pay is for {kind}; it has no steps of a person's own bookings.",
            **values,
        )
    top = (
        ladder.assign(times=ladder["rate"] / ladder["below"].where(ladder["below"] > 0))
        .sort_values("times")
        .iloc[-1]
    )
    values |= {"n": close}
    if pd.notna(top["times"]):
        return Message(
            "{share:share} of the year's pay is for {kind}; past a step the next unit pays {times:multiple} as much, and {n:count} people stand just below one.",
            times=top["times"],
            **values,
        )
    return Message(
        "{share:share} of the year's pay is for {kind}; {n:count} people stand just below a step.", **values
    )


def poaching(found: pd.DataFrame) -> Message:
    """Do people go to colleagues' customers to reach a step?"""
    if found.empty:
        return Message(
            "Too few orders fell just below a step to say whether people then sell at colleagues' customers."
        )
    one = found.iloc[0]
    values = {"near": one["near_share"], "far": one["far_share"], "n": one["near_orders"]}
    if one["conclusion"] == "found":
        return Message(
            "Just below a step {near:percent} of orders come from colleagues' customers, {far:percent} otherwise: beyond chance for the same people and quarters.",
            **values,
        )
    if one["by"]:
        return Message(
            "Just below a step {near:percent} of orders come from colleagues' customers, {far:percent} otherwise: explained by {rival}.",
            rival=rival(one["by"]),
            **values,
        )
    return Message(
        "Just below a step {near:percent} of {n:count} orders come from colleagues' customers, {far:percent} otherwise: no poaching beyond chance.",
        **values,
    )


def together(deals: Message | None, pace: pd.DataFrame) -> Message | None:
    """Shared deals, and squads, against single-handed ones."""
    said = _pace(pace)
    return said if deals is None else Message("{deals:sentence} {squads:sentence}", deals=deals, squads=said)


def _pace(pace: pd.DataFrame) -> Message:
    if pace.empty:
        return Message(
            "No sprint had five people in squads and five outside, so squads cannot be compared with people alone."
        )
    one = pace.iloc[0]
    values = {
        "inside": one["inside"],
        "outside": one["outside"],
        "span": (one["low"], one["high"]),
        "gap": one["difference"],
    }
    if one["conclusion"] == "found":
        return Message(
            "In sprints {inside:count} people in squads gained {gap:points} in days with a sale ({span:gains}) over {outside:count} of an equal pace outside.",
            **values,
        )
    return Message(
        "In sprints no difference in days with a sale is beyond chance between {inside:count} people in squads and {outside:count} of an equal pace outside ({span:gains}).",
        **values,
    )


def stress(helped: pd.DataFrame, load: Estimate | None) -> Message:
    """Does load show as stress, and did help help?"""
    if load is None:
        return _help(helped)
    values = {
        "gap": load.value,
        "low": load.low,
        "high": load.high,
        "help": _help(helped),
    }
    if load.low > 0:
        return Message(
            "The busier half is {gap:number} points of five more stressed than the others ({low:number} to {high:number}). {help:sentence}",
            **values,
        )
    return Message(
        "Load does not show as stress beyond chance: {gap:number} points of five between the halves ({low:number} to {high:number}). {help:sentence}",
        **values,
    )


def _help(helped: pd.DataFrame) -> Message:
    if helped.empty:
        return Message("No help against stress stands among the actions that were done.")
    known = helped[helped["effect"].notna()]
    if known.empty:
        return Message(
            "Whether help lowered stress nobody can tell: on both sides five people must answer before and after."
        )
    one = known.sort_values("p_value").iloc[0]
    values = {"effect": abs(float(one["effect"])), "team": one["team"], "month": one["done_on"]}
    if one["conclusion"] == "found" and one["effect"] < 0:
        return Message(
            "After the help of {month:month} {team} fell by {effect:number} points against all others, beyond chance.",
            **values,
        )
    if one["conclusion"] == "found":
        return Message(
            "After the help of {month:month} {team} rose by {effect:number} points against all others, beyond chance.",
            **values,
        )
    if one["conclusion"] == "explained":
        return Message("After the help of {month:month} {team} only returned to its usual stress.", **values)
    return Message("No help has changed a team's stress beyond chance.")


def stress_caveat() -> Message:
    """What is never shown."""
    return Message(
        "Answers are told of sides of five people or more, and of these differences alone; no person's stress stands in any pack. Help counts for the team of whoever answered for the action."
    )


def help_table(helped: pd.DataFrame) -> Exhibit | None:
    """The help that was given, and what followed."""
    rows = worded(
        helped,
        what=[
            Written("list", [Message(HELP[kind]) for kind in kinds])
            if kinds
            else Written("sentence", Message("other help"))
            for kinds in helped["kinds"]
        ],
    )
    return exhibit.table(
        rows,
        name="help_given",
        finding=Message("Help against stress, and what followed"),
        subtitle=Message("Points of five, three months before to three months after, against all others"),
        columns={
            "team": Column(marked("Team")),
            "done_on": Column(marked("Done"), "month"),
            "what": Column(marked("Help")),
            "effect": Column(marked("Against the others"), "number", signed=True),
            "low": Column(marked("Lower end"), "number", secondary=True),
            "high": Column(marked("Upper end"), "number", secondary=True),
            "conclusion": Column(marked("Told"), words=TOLD),
        },
    )
