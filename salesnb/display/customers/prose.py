"""The customer page in sentences: where the value is, who is silent, whom to call, and what the data cannot say."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.language import Message, Nothing
from salesnb.results.customers import Concentration, Holdout, RepeatFit


def value_and_effort(summary: pd.DataFrame) -> Message | None:
    """Where is the value, and is our effort there?"""
    if not summary["revenue"].sum() > 0:
        return None
    rows = summary.set_index("tier")
    keys = rows.loc[["strategic", "core"]]
    values: dict[str, Any] = {"n": int(keys["accounts"].sum()), "revenue": float(keys["revenue_share"].sum())}
    if rows["effort_share"].isna().all():
        return Message(
            "{n:count} strategic and core accounts bring {revenue:percent} of revenue; no contacts are logged.",
            **values,
        )
    return Message(
        "{n:count} strategic and core accounts bring {revenue:percent} of revenue and get {effort:percent} of our effort.",
        effort=float(keys["effort_share"].sum()),
        **values,
    )


def cadence(summary: pd.DataFrame) -> Message | None:
    """What would the plan's cadence ask for?"""
    needed = summary["hours_needed"]
    if needed.isna().any():
        return Message(
            "The plan names no hours per tier, so the time that the cadence asks for is not computed."
        )
    if not summary["hours"].sum() > 0:
        return Message(
            "The plan's cadence asks for {hours:count} hours a month; time spent is not logged.",
            hours=float(needed.sum()),
        )
    return Message(
        "The plan's cadence asks for {hours:count} hours a month; {spent:count} a month were logged in the last 90 days.",
        hours=float(needed.sum()),
        spent=float(summary["hours"].sum()) / 3,
    )


def silence(silent: pd.DataFrame, watched: int) -> Message | None:
    """Which key accounts pause beyond their own rhythm, and what hangs on it?"""
    if silent.empty:
        if watched == 0:
            return Nothing("No key account has ordered often enough to have a rhythm of its own.")
        return Nothing("No key account pauses beyond its own rhythm; {n:count} were watched.", n=watched)
    first = silent.iloc[0]
    if len(silent) == 1:
        return Message(
            "{name} alone pauses beyond its own rhythm: silent for {pause:days}, {money:money} a year at stake.",
            name=first["account_name"],
            pause=first["pause"],
            money=float(first["a_year"]),
        )
    return Message(
        "{n:count} key accounts pause beyond their own rhythm, {money:money} a year at stake; the largest, {name}, is silent for {pause:days}.",
        n=len(silent),
        money=float(silent["a_year"].sum()),
        name=first["account_name"],
        pause=first["pause"],
    )


def silence_caveat(watched: int, alarm: float) -> Message:
    """How often does the alarm err?"""
    return Message(
        "Watched: {n:count} key accounts with five order days or more; at most {share:percent} of those named are chance. A pause does not say why.",
        n=watched,
        share=alarm,
    )


def coverage(covered: pd.DataFrame, *, ended: pd.Timestamp | None = None) -> Message | None:
    """Are the key accounts kept in contact? `ended`: the day on which the activities end, where that is before the month."""
    if covered.empty:
        return None
    if ended is not None:
        return Message(
            "The activities end on {day:date}; up to then {met:count} of {n:count} key accounts were met in time, of the time since then nothing is known.",
            day=ended,
            met=int(covered["in_time"].sum()),
            n=len(covered),
        )
    late = covered[~covered["in_time"]]
    if late.empty:
        return Message("All {n:count} key accounts were met within their contact interval.", n=len(covered))
    values = {"share": float(covered["in_time"].mean()), "n": len(covered), "late": len(late)}
    money = float(late["revenue"].clip(lower=0).sum())
    if not money:  # strategic by the flag, without a known order
        return Message(
            "{share:percent} of {n:count} key accounts were met in time; not met: {late:count}.", **values
        )
    return Message(
        "{share:percent} of {n:count} key accounts were met in time; {late:count} were not, {money:money} of revenue among them.",
        money=money,
        **values,
    )


def executives(covered: pd.DataFrame) -> Message | None:
    """Did executives meet the strategic accounts?"""
    strategic = covered[covered["tier"] == "strategic"]
    if strategic.empty:
        return None
    met = int(strategic["executive_in_time"].fillna(False).sum())
    return Message(
        "Executives met {met:count} of {n:count} strategic accounts within the plan's interval. An activity counts whoever logged it.",
        met=met,
        n=len(strategic),
    )


def repeat(
    fit: RepeatFit, test: Holdout | None, expected: pd.DataFrame | None, overdue: pd.DataFrame
) -> Message | None:
    """When will each account buy again, and can the forecast be trusted?"""
    if fit.model is None or expected is None:
        return Message(
            "{late:count} accounts are late by their own mean interval; {reason}.",
            late=len(overdue),
            reason=fit.reason,
        )
    values: dict[str, Any] = {"n": float(expected["expected"].sum()), "late": len(overdue)}
    if test is None:
        return Message(
            "We expect {n:count} order days in the next 90 days; the history is too short to test that.",
            **values,
        )
    if not test.useful:
        return Message(
            "Do not use: tested on the last 90 days, the repeat model was no better than a naive guess ({expected:count} foreseen, {actual:count} came).",
            expected=test.expected,
            actual=test.actual,
        )
    return Message(
        "We expect {n:count} order days in the next 90 days; {late:count} accounts are already late by their own rhythm.",
        **values,
    )


def repeat_caveat(test: Holdout | None) -> Message | None:
    """How did the model do on days that it had not seen?"""
    if test is None:
        return None
    return Message(
        "Tested on the last {days:days} ({n:count} accounts): {expected:count} order days foreseen, {actual:count} came; squared error {error:number} against {naive:number} for the best naive guess.",
        days=test.days,
        n=test.accounts,
        expected=test.expected,
        actual=test.actual,
        error=test.model_error,
        naive=test.best_naive_error,
    )


def movements(moved: pd.DataFrame) -> Message | None:
    """Who moved tier since a quarter ago?"""
    if moved.empty:
        return Nothing("No account moved tier since a quarter ago.")
    down = moved[(moved["direction"] == "down") & moved["from_tier"].isin(["strategic", "core"])]
    up = moved[(moved["direction"] == "up") & moved["to_tier"].isin(["strategic", "core"])]
    if down.empty:
        return Message(
            "{up:count} accounts rose into the key tiers since a quarter ago; none left them.", up=len(up)
        )
    return Message(
        "{up:count} accounts rose into the key tiers since a quarter ago, {down:count} left them; those who left bring {lost:money} less a year.",
        up=len(up),
        down=len(down),
        lost=float(-down["change"].sum()),
    )


def concentration(found: Concentration | None, name: str) -> Message | None:
    """How much hangs on few?"""
    if found is None:
        return None
    return Message(
        "Half of the revenue comes from {half:count} of {n:count} customers; the largest, {name}, brings {share:share}.",
        half=found.half,
        n=found.accounts,
        name=name,
        share=found.largest_share,
    )


def concentration_caveat(found: Concentration | None) -> Noted | None:
    """What do the two measures say?"""
    if found is None:
        return None
    told = Message(
        "Ten largest: {top:share}. Returns are netted; accounts below zero are left out.",
        top=found.top10_share,
    )
    return Noted(
        told, Message("HHI {hhi:number} of 10,000 (above 1,500 counts as concentrated).", hhi=found.hhi)
    )


def trials(candidates: pd.DataFrame) -> Message | None:
    """Which growing accounts deserve a trial or a senior adviser?"""
    if candidates.empty:
        return None
    first = candidates.iloc[0]
    return Message(
        "{n:count} of the growing potential accounts had no trial and no executive meeting; {name} grew most, by {growth:money} in six months.",
        n=len(candidates),
        name=first["account_name"],
        growth=first["growth"],
    )


def screened(answers: pd.DataFrame) -> Message | None:
    """Which opportunity accounts pass the screen?"""
    if answers.empty:
        return None
    counts = answers["verdict"].value_counts()
    return Message(
        "{promote:count} of {n:count} opportunity accounts pass fit, budget and decision access; {drop:count} fail at least two and can go.",
        n=len(answers),
        promote=int(counts.get("promote", 0)),
        drop=int(counts.get("drop", 0)),
    )


def screen_caveat(answers: pd.DataFrame) -> Message | None:
    """How many answers are missing?"""
    if answers.empty:
        return None
    return Message(
        "Judged by what the accounts table says; {n:count} accounts lack at least one of the three answers.",
        n=int((answers["missing"] > 0).sum()),
    )


def discontent(surveys: pd.DataFrame, unhappy: pd.DataFrame) -> Message | None:
    """Are the key accounts content?"""
    if surveys.empty:
        return None
    if unhappy.empty:
        return Nothing("No key account scores low or fell by two points between its last two surveys.")
    money = float(unhappy["revenue"].clip(lower=0).sum())
    if not money:
        return Message(
            "{n:count} key accounts score six or less, or fell by two points; no order of theirs is known in twelve months.",
            n=len(unhappy),
        )
    if len(unhappy) == 1:
        return Message(
            "{name} alone scores six or less, or fell by two points; it brings {money:money} a year.",
            name=unhappy["account_name"].iloc[0],
            money=money,
        )
    return Message(
        "{n:count} key accounts score six or less, or fell by two points; together they bring {money:money} a year.",
        n=len(unhappy),
        money=money,
    )
