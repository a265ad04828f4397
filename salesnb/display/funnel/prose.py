"""The funnel page in sentences: stages, time, groups, product lines, and what is asked for."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.display.kit.words import called, rival
from salesnb.display.pipeline.prose import zombies
from salesnb.headlines import Decision
from salesnb.language import Message, Nothing
from salesnb.results.funnel import Bottleneck, DaysToClose, Reading, Zombies

TOLD = 2  # readings that a sentence can hold


def bottleneck(found: Bottleneck | None) -> Message | None:
    """Which stage costs us most?"""
    if found is None:
        return None
    values = {"stage": called(found.stage), "now": found.now, "best": found.best, "value": found.gain}
    if not found.gain > 0:
        return Nothing(
            "No stage has a price: its deals have no amount, or all pass as many as in their best quarter."
        )
    if found.beyond_chance:
        return Message(
            "The costliest stage is {stage}: {now:percent} pass, {best:percent} in its best quarter; the gap is worth {value:money} a year.",
            **values,
        )
    if found.by:
        return Message(
            "{stage} passes {now:percent}, {best:percent} in its best quarter: explained by {rival}.",
            rival=rival(found.by),
            **values,
        )
    return Nothing(
        "No stage falls behind its best quarter beyond chance; first comes {stage}, {value:money} a year ({now:percent} pass, {best:percent} at best).",
        **values,
    )


def bottleneck_caveat(found: Bottleneck | None, has_history: bool) -> Message:
    """How the lift is freed from luck, and what is not known."""
    if found is None:
        if has_history:
            return Nothing(
                "No deal has left a stage in the last twelve months, so no stage can be compared with its own best quarter."
            )
        return Nothing(
            "Without the stages that deals passed (table stage_events) conversion by stage and time in stage stay unknown."
        )
    if not found.gain > 0:
        return Message("Undecided deals count for as long as they were seen.")
    return Message(
        "The best of four quarters is partly luck: as it looked, {stage} would add {raw:money}. Luck is taken out by drawing the quarters towards their mean; 95% interval {low:money} to {high:money}. It leads in {certainty:percent} of draws. Beyond chance: by simulation, corrected for looking at all stages.",
        stage=called(found.stage),
        raw=found.added_value,
        low=max(0.0, found.low),
        high=found.high,
        certainty=found.certainty,
    )


def duration(days: DaysToClose, stages: pd.DataFrame) -> Message | None:
    """How long do deals take, and which stage got slower?"""
    slower = stages[stages["slower"]] if len(stages) else stages
    if days.median is None or days.closed_only is None:
        if days.deals == 0:
            return None
        return Message(
            "Of {n:count} deals created in 24 months {open:count} are still open: the median lies beyond the data.",
            n=days.deals,
            open=days.running,
        )
    if len(slower):
        worst = slower.loc[[slower["change"].idxmax()]].iloc[0]
        return Message(
            "A deal takes {median:days} (median); {stage} got slower within a year, from {before:days} to {now:days}: {factor:multiple} as long ({low:multiple} to {high:multiple}).",
            median=days.median,
            stage=called(worst["stage"]),
            **{name: worst[name] for name in ("before", "now", "factor", "low", "high")},
        )
    usual = stages[stages["by"] != ""] if len(stages) else stages
    if len(usual):
        first = usual.iloc[0]
        return Message(
            "A deal takes {median:days} (median); {stage} went from {before:days} to {now:days}, explained by {rival}.",
            median=days.median,
            stage=called(first["stage"]),
            before=first["before"],
            now=first["now"],
            rival=rival(first["by"]),
        )
    return Message(
        "A deal takes {median:days} (median); counting closed deals alone would say {naive:days}.",
        median=days.median,
        naive=days.closed_only,
    )


def duration_caveat(days: DaysToClose) -> Noted:
    """Why the honest median is longer."""
    told = Message(
        "{n:count} deals created in the last 24 months; {open:count} still open count with their age so far.",
        n=days.deals,
        open=days.running,
    )
    method = Message(
        "The median is Kaplan–Meier's; stages are called slower by a log-rank test, corrected for looking at all of them."
    )
    return Noted(told, method)


def groups(found: pd.DataFrame, channels: pd.DataFrame, *, fewest: int) -> Message:
    """Is it the channel, region, team, line or size?"""
    weak = (
        channels[channels["flagged"] & (channels["share"] < channels["rest"])] if len(channels) else channels
    )
    flagged = found[found["flagged"]] if len(found) else found
    if len(weak):
        worst = weak.iloc[-1]
        values = {
            "channel": called(worst["channel"]),
            "share": worst["share"],
            "rest": worst["rest"],
            "n": len(flagged),
        }
        return Message(
            "It is a channel: of leads from {channel} {share:share} become deals, of others {rest:share}. Groups with unlike win rates: {n:count}.",
            **values,
        )
    tested = int(found["p_value"].notna().sum())
    if not tested:
        return Nothing(
            "No group can be compared: each needs {fewest:count} closed deals, and so do the others.",
            fewest=fewest,
        )
    explained = found[found["by"] != ""]
    if flagged.empty and len(explained):
        first = explained.loc[[(explained["win_rate"] - explained["rest"]).abs().idxmax()]].iloc[0]
        return Message(
            "{member} wins {rate:percent}, the others {rest:percent}: explained by {rival}. Among like deals no group stands out.",
            member=_member(first),
            rate=first["win_rate"],
            rest=first["rest"],
            rival=rival(first["by"]),
        )
    if flagged.empty:
        return Message(
            "Among {n:count} groups none wins more or less than the others beyond noise.", n=tested
        )
    gap = (flagged["win_rate"] - flagged["rest"]).abs()
    top = flagged.loc[[gap.idxmax()]].iloc[0]
    return Message(
        "{member} wins {rate:percent}, the others {rest:percent}; unlike the rest beyond noise: {n:count} of {all:count} groups.",
        member=_member(top),
        rate=top["win_rate"],
        rest=top["rest"],
        n=len(flagged),
        all=tested,
    )


def _member(group: pd.Series) -> Message | str:
    """A group's name; a channel's as people call it."""
    return called(group["member"]) if group["dimension"] == "channel" else str(group["member"])


def groups_caveat(stages: pd.DataFrame, *, fewest: int) -> Noted:
    """What the win rates do not show; `stages` is `stage_groups.by_group`."""
    told = Message(
        "Each group is held against all others, from {fewest:count} closed deals. Sizes are quartiles of today's amounts, which closing may have rewritten: shown, never called.",
        fewest=fewest,
    )
    if len(stages):
        told = Message(
            "Stage by stage {n:count} of {all:count} looks at share and time stand out. {told}",
            n=int(stages["flagged"].sum()),
            all=len(stages),
            told=told,
        )
    method = Message(
        "Win rates by Fisher's exact test, days by the log-rank test, with Holm's correction over all groups."
    )
    return Noted(told, method)


def lines(found: list[Reading]) -> Message | None:
    """Which line falls, and is it the product or the pitch?"""
    told = [reading for reading in found if reading.verdict != "steady"]
    if not found:
        return Nothing("No product line has closed deals in both spans, so nothing can be compared.")
    if not told:
        return Nothing("No product line's conversion falls beyond noise.")
    if len(told) == 1:
        return Message("{reading}.", reading=_reading(told[0]))
    shown = [_briefly(reading) for reading in told[:TOLD]]
    if len(told) == TOLD:
        return Message("{first}; {second}.", first=shown[0], second=shown[1])
    return Message(
        "{first}; {second}; further lines fall: {n:count}.",
        first=shown[0],
        second=shown[1],
        n=len(told) - TOLD,
    )


def _briefly(found: Reading) -> Message:
    """A reading beside another: its number or its people, not both."""
    if found.verdict == "pitch":
        return Message("{line} falls only with {few:list}", line=found.line, few=list(found.few))
    values = {"line": found.line, "now": found.now, "before": found.before}
    if found.verdict == "product":
        return Message("{line} falls in all hands, from {before:percent} to {now:percent}", **values)
    if found.verdict == "explained":
        return _explained(found)
    return Message("{line} falls from {before:percent} to {now:percent}, product or pitch unknown", **values)


def _explained(found: Reading) -> Message:
    """A fall that goes where like deals are compared: what came instead."""
    values = {"line": found.line, "now": found.now, "before": found.before}
    if found.shift is not None:
        _, member, then, share = found.shift
        return Message(
            "{line} wins {now:percent} after {before:percent} because other deals came: {member} are {share:percent} of them, not {then:percent}",
            member=called(member),
            then=then,
            share=share,
            **values,
        )
    return Message(
        "{line} falls from {before:percent} to {now:percent}, explained by {rival}",
        rival=rival(found.by),
        **values,
    )


def _reading(found: Reading) -> Message:
    values = {
        "line": found.line,
        "now": found.now,
        "before": found.before,
        "rival": found.competitor,
        "share": found.competitor_now,
    }
    if found.verdict == "product" and found.competitor and found.competitor_p < 0.05:
        return Message(
            "{line} falls in all hands ({before:percent} to {now:percent}): {rival} is named in {share:percent} of losses",
            **values,
        )
    if found.verdict == "product":
        return Message("{line} falls in all hands, from {before:percent} to {now:percent}", **values)
    if found.verdict == "pitch":
        return Message(
            "{line} falls in the hands of {few:list} only, from {before:percent} to {now:percent} ({gap:apart})",
            line=found.line,
            few=list(found.few),
            before=found.few_before,
            now=found.few_now,
            gap=(found.few_low, found.few_high),
        )
    if found.verdict == "explained":
        return _explained(found)
    return Message(
        "{line} falls from {before:percent} to {now:percent}; product or pitch: the data cannot tell",
        **values,
    )


def lines_caveat() -> Message:
    """How the verdict is reached, and what it does not prove."""
    return Message(
        "Product: everybody's win rate fell. Pitch: a new reason for losing sits with two people, and only they fell. Deals are compared with their like in channel, region, size, person and age. Evidence, not proof."
    )


def lead(found: Bottleneck | None, dead: Zombies | None) -> Message:
    """The page's sentence on the first screen."""
    if dead is not None and dead.count and (dead.share or 0) >= 0.2:
        return zombies(dead)
    if found is None and dead is None:
        return Message("Too few deals were won and no stage is recorded: the funnel cannot be judged.")
    return bottleneck(found) or zombies(dead)


def decisions(
    dead: Zombies | None, readings: list[Reading], slower: pd.DataFrame, *, as_of: pd.Timestamp
) -> list[Decision]:
    """What is asked for: clear the zombies, answer the competitor or coach the two, speed up the slow stage."""
    asked, owner, due = [], "", (as_of + pd.Timedelta(days=14)).date()
    if dead is not None and dead.count:
        asked.append(
            Decision(
                "funnel-zombies",
                Message("Close or re-date the {n:count} oldest open deals", n=dead.count),
                Message("Older than {limit:days}, the age of 99% of deals ever won", limit=dead.limit_days),
                owner,
                due,
                None,  # what is dead can be neither won nor saved
                subject=str(dead.count),
            )
        )
    for reading in readings:
        if reading.verdict == "product":
            what = Message(
                "Give {line} a new price, product or argument, and say so to the sales force",
                line=reading.line,
            )
        elif reading.verdict == "pitch":
            what = Message("Coach {few:list} on {line}", few=list(reading.few), line=reading.line)
        else:
            continue
        asked.append(
            Decision(
                f"funnel-line-{reading.line}",
                what,
                _reading(reading),
                owner,
                due,
                max(0.0, reading.lost_value),
                over=reading.days,
                coached=tuple(reading.few) if reading.verdict == "pitch" else (),
            )
        )
    if len(slower) and slower["slower"].any():
        worst = slower[slower["slower"]].sort_values("change").iloc[-1]
        what = Message("Shorten {stage}: name what waits on whom", stage=called(worst["stage"]))
        why = Message(
            "{now:days} instead of {before:days} a year before", now=worst["now"], before=worst["before"]
        )
        asked.append(Decision("funnel-slow-stage", what, why, owner, due, None))
    return asked
