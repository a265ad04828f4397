"""The customer page in sentences: where the value is, who is silent, whom to call, and what the data cannot say."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.language import Message, Nothing
from salesnb.results.customers import Concentration, Coverage, Holdout, RepeatFit

QUESTIONS = 3  # of the screen: fit, budget, access to the decision


def value_and_effort(summary: pd.DataFrame) -> Message | None:
    """Where is the value, and is our effort there?"""
    if summary["revenue_share"].isna().all():
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
    if strategic["executive_in_time"].isna().all():
        return Message("An activity counts whoever logged it; no executive's meeting is logged.")
    met = int(strategic["executive_in_time"].fillna(False).sum())
    return Message(
        "Executives met {met:count} of {n:count} strategic accounts within the plan's interval. An activity counts whoever logged it.",
        met=met,
        n=len(strategic),
    )


def calendar(ahead: pd.DataFrame, spans: pd.DataFrame) -> Message | None:
    """When will they buy again, what is it worth, and can the support carry it?"""
    if ahead.empty:
        return None
    month = spans.iloc[0]
    values: dict[str, Any] = {"n": float(month["orders"]), "money": float(month["money"])}
    if pd.isna(month["hours"]):
        return Message(
            "The next 30 days should bring {n:count} order days worth {money:money}; {name} is the largest expected in ninety.",
            name=ahead["account_name"].iloc[0],
            **values,
        )
    values["hours"] = float(month["hours"])
    if pd.isna(month["capacity"]):
        return Message(
            "The next 30 days should bring {n:count} order days worth {money:money}; hold {hours:count} hours of support ready.",
            **values,
        )
    values["capacity"] = float(month["capacity"])
    if month["hours"] > month["capacity"]:
        return Message(
            "The next 30 days should bring {n:count} order days worth {money:money}, and ask for {hours:count} hours of support where there are {capacity:count}.",
            **values,
        )
    return Message(
        "The next 30 days should bring {n:count} order days worth {money:money}; of {capacity:count} hours of support, {hours:count} should stand ready.",
        **values,
    )


def licence(fit: RepeatFit, test: Holdout | None, kept: Coverage | None) -> Noted | Message | None:
    """By which rule was it told, and how did rule and windows do on orders that they had not seen?"""
    if fit.model is None:
        rule = Message(
            "Chances are those of accounts that had paused as long ninety days ago: {reason}.",
            reason=fit.reason,
        )
    elif test is None:
        rule = Message("The repeat model is used; the history is too short to test it.")
    elif test.useful:
        rule = Message(
            "The repeat model is used: on the last {days:days} it told better than the day of the last order who would come, and better than each account's own rate how often ({expected:count} order days foreseen, {actual:count} came).",
            days=test.days,
            expected=test.expected,
            actual=test.actual,
        )
    else:
        rule = Message(
            "Chances are those of accounts that had paused as long: on the last {days:days} the repeat model did no better than a simple rule.",
            days=test.days,
        )
    told = rule
    if kept is not None:
        told = Message(
            "{rule} Of {n:count} orders that came, {half:percent} fell into their 1-in-2 windows and {most:percent} into their 4-in-5 windows.",
            rule=rule,
            n=kept.orders,
            half=kept.half,
            most=kept.four_fifths,
        )
    if test is None or test.model_auc is None or test.recency_auc is None:
        return told
    return Noted(
        told,
        Message(
            "Who: AUC {auc:number} (last order: {naive:number}); how often: mean absolute error {error:number} (own rate: {rate:number}).",
            auc=test.model_auc,
            naive=test.recency_auc,
            error=test.model_error,
            rate=test.rate_error,
        ),
    )


def movements(moved: pd.DataFrame) -> Message | None:
    """Who moved tier since a quarter ago?"""
    if moved.empty:
        return Nothing("No account moved tier since a quarter ago.")
    down = moved[(moved["direction"] == "down") & moved["from_tier"].isin(["strategic", "core"])]
    up = moved[(moved["direction"] == "up") & moved["to_tier"].isin(["strategic", "core"])]
    if len(down) and float(down["change"].sum()) >= 0:
        return Message(
            "{up:count} accounts rose into the key tiers since a quarter ago, {down:count} left them; those who left bring no less a year.",
            up=len(up),
            down=len(down),
        )
    if down.empty and up.empty:
        return Nothing("No account entered or left the key tiers since a quarter ago.")
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


def movements_caveat(moved: pd.DataFrame) -> Message | None:
    """How many of the moves hang on where a threshold was drawn?"""
    if moved.empty:
        return None
    return Message(
        "{held:count} of {n:count} moves would stand if every threshold of the tiers were a tenth lower or higher; the others are close calls.",
        held=int(moved["robust"].sum()),
        n=len(moved),
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


def concentration_caveat(found: Concentration | None, replacing: Message | None) -> Noted | None:
    """What do the two measures say, and how long would it take to replace the largest?"""
    if found is None:
        return None
    told = Message(
        "Ten largest: {top:share}. Returns are netted; accounts below zero are left out.",
        top=found.top10_share,
    )
    if replacing is not None:
        told = Message("{told} {replacing}", told=told, replacing=replacing)
    return Noted(
        told, Message("HHI {hhi:number} of 10,000 (above 1,500 counts as concentrated).", hhi=found.hhi)
    )


def screened(answers: pd.DataFrame) -> Message | None:
    """Which customers in decline are to be won back, and which prospects pass the screen?"""
    if answers.empty:
        return None
    counts = answers["verdict"].value_counts()
    back = answers[answers["verdict"] == "win_back"]
    prospects = len(answers) - len(back)
    told = bool((answers.loc[answers["verdict"] != "win_back", "missing"] < QUESTIONS).any())
    values: dict[str, Any] = {
        "promote": int(counts.get("promote", 0)),
        "drop": int(counts.get("drop", 0)),
        "n": prospects,
    }
    if back.empty and (answers["missing"] == QUESTIONS).all():
        return Nothing("No opportunity account tells its fit, its budget or its access to the decision.")
    if back.empty:
        return Message(
            "{promote:count} of {n:count} prospects pass fit, budget and decision access; {drop:count} fail at least two and can go.",
            **values,
        )
    values |= {
        "back": len(back),
        "best": float(back["best_year"].sum()),
        "now": float(back["revenue"].clip(lower=0).sum()),
    }
    if back["best_year"].isna().all():
        return Message(
            "{back:count} customers buy less than half a year ago: {now:money} in the last twelve months.",
            **values,
        )
    if not prospects or not told:
        return Message(
            "{back:count} customers in decline brought {best:money} in their best years and {now:money} in the last twelve months.",
            **values,
        )
    return Message(
        "{back:count} customers in decline brought {best:money} in their best years and {now:money} in the last twelve months; {promote:count} of {n:count} prospects pass the screen, {drop:count} can go.",
        **values,
    )


def screen_caveat(answers: pd.DataFrame) -> Message | None:
    """How many prospects' answers are missing?"""
    lacking = int((answers["missing"] > 0).sum())
    if not lacking:
        return None
    return Message(
        "Judged by what the accounts table says; {n:count} prospects lack at least one of the three answers.",
        n=lacking,
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
