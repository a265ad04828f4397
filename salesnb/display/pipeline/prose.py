"""How much of the pipeline is dead, what became of it since last month, and what of that is news: in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.headlines import Change
from salesnb.language import Message, Nothing
from salesnb.results.funnel import Zombies

MOVED = 0.1  # of an amount: a smaller change is none that a director needs to see


def zombies(found: Zombies | None) -> Message:
    """How much of the pipeline is dead?"""
    if found is None:
        return Message("Too few deals were won to tell by their age which open deals are dead.")
    if not found.open_count:
        return Nothing("No deal is open, so none is too old.")
    if not found.count:
        return Nothing(
            "No open deal is older than {limit:days}, the age of 99% of the deals ever won.",
            limit=found.limit_days,
        )
    if found.share is None:
        return Message(
            "{n:count} of {all:count} open deals are older than 99% of deals ever won ({limit:days}); what they are worth is unknown.",
            n=found.count,
            all=found.open_count,
            limit=found.limit_days,
        )
    values = {"share": found.share, "limit": found.limit_days, "value": found.value}
    if found.coverage_before is not None:
        return Message(
            "{share:percent} of the open value is older than 99% of deals ever won; without it the pipeline covers {after:multiple} of the remaining target, not {before:multiple}.",
            after=found.coverage_after,
            before=found.coverage_before,
            **values,
        )
    return Message(
        "{share:percent} of the open value, {value:money}, is older than 99% of deals ever won ({limit:days}).",
        **values,
    )


def zombies_caveat(found: Zombies | None) -> Message | None:
    """What the limit rests on."""
    if found is None:
        return None
    if found.value is None or not found.value:
        return Message(
            "Limit: {limit:days}, the 99th percentile over {won:count} won deals; {n:count} open deals are older.",
            limit=found.limit_days,
            won=found.won,
            n=found.count,
        )
    return Message(
        "Limit: {limit:days}, the 99th percentile over {won:count} won deals; {n:count} open deals are older, {value:money} in all. Deals without an amount count in number only.",
        limit=found.limit_days,
        won=found.won,
        n=found.count,
        value=found.value,
    )


def flow(steps: pd.DataFrame) -> Message | None:
    """What happened to the pipeline?"""
    value, deals = steps.set_index("step")["value"], steps.set_index("step")["deals"]
    if not deals.any():
        return None
    if deals["end"] and not value["end"]:
        return Message(
            "Without amounts only deals can be counted: opened {opened:count}, won {won:count}, lost {lost:count}; open at the end: {end:count}.",
            opened=deals.get("opened", 0),
            won=deals.get("won", 0),
            lost=deals.get("lost", 0),
            end=deals["end"],
        )
    return Message(
        "Opened {opened:money}, won {won:money}, lost {lost:money}: the open pipeline stands at {end:money}.",
        opened=value.get("opened", 0.0),
        won=-value.get("won", 0.0),
        lost=-value.get("lost", 0.0),
        end=value["end"],
    )


def flow_caveat(compared: bool) -> Message:
    """What the flow can and cannot see."""
    if compared:
        return Message(
            "Against last month's pack: changed amounts, moved dates, revived deals and edited history stand as steps of their own."
        )
    return Message(
        "Amounts are kept once, as known today: growth, moved dates and edited history show only against last month's pack (parameter previous)."
    )


def changes(history: pd.DataFrame, moved: Mapping[str, bool]) -> list[Change]:
    """What changed since last month beyond its usual steps (`moved`: by column of `history`)? Amounts by a tenth at least."""
    if len(history) < 2:
        return []
    before, now = history.iloc[-2], history.iloc[-1]
    told = []
    if moved["zombie_value"] and _matters(before, now, "zombie_value"):
        told.append(_change(Message("Pipeline older than anything won"), before, now, "zombie_value", False))
    if moved["win_rate"]:
        told.append(
            Change(
                Message("Win rate, twelve months"),
                abs(float(now["open_value"] * (now["win_rate"] - before["win_rate"]))),
                Message("{before:tenths} → {now:tenths}", before=before["win_rate"], now=now["win_rate"]),
                good=bool(now["win_rate"] > before["win_rate"]),
            )
        )
    if moved["open_value"] and _matters(before, now, "open_value"):
        told.append(_change(Message("Open pipeline"), before, now, "open_value", True))
    return told


def _change(text: Message, before: pd.Series, now: pd.Series, name: str, more_is_better: bool) -> Change:
    rose = float(now[name] - before[name])
    numbers = Message("{before:money} → {now:money}", before=before[name], now=now[name])
    return Change(text, abs(rose), numbers, good=(rose > 0) == more_is_better, rose=rose > 0)


def _matters(before: pd.Series, now: pd.Series, name: str) -> bool:
    return bool(before[name] > 0 and abs(now[name] / before[name] - 1) > MOVED)
