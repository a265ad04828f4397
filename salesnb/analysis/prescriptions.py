"""Which remedy fits: channels, training, the checklist, bundles or speed? Each cause priced in the same money.

A cause is priced by what it cost against the company's own past: stages against their best quarter without its luck, leads and deal sizes
against the year before, a stage that got slower by what it delays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ("cause", "stage", "before", "now", "worth", "low", "high", "beyond")
NORMAL = 1.959964  # of a 95% interval
DAYS_A_YEAR = 365


def causes(lifts: pd.DataFrame, in_stage: pd.DataFrame, year: Any) -> pd.DataFrame:
    """What does each cause cost, and which is more than chance?

    In: `stage_lifts.lifts` against own quarters, `deal_days.stage_days`, and the `revenue_change.Change` of the year (None where nothing was sold). Out: one row per cause with a loss, those beyond chance
    first, then the dearest: cause, stage ("" where it is none), before and now (a share, a number of leads, a mean deal
    or days), worth (money over twelve months), low and high (95%; NaN for speed), beyond (stages: their quarters differ
    more than chance allows; leads and size: the interval lies above zero; speed: slower beyond noise).

    ``entry``, ``early``, ``late``: the dearest stage of its kind. ``leads``: what fewer leads cost against the year before,
    as uncertain as their number is by Poisson. ``size``: what smaller deals cost, as uncertain as the two means. ``speed``:
    what the slowest-growing stage holds back, once: the value that passes it on a day and is won × the days added.
    """
    rows = [*_stages(lifts), *_speed(lifts, in_stage), *_leads(year), *_size(year)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    lost = frame[frame["worth"] > 0]
    return lost.sort_values(["beyond", "worth"], ascending=False, kind="stable").reset_index(drop=True)


def _stages(lifts: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for cause, part in lifts.groupby("cause", sort=False):
        top = part.sort_values("gain", ascending=False, kind="stable").iloc[0]
        yield (
            cause, top["stage"], top["best"], top["now"], top["gain"], top["low"], top["high"], bool(top["beyond"]),
        )  # fmt: skip


def _speed(lifts: pd.DataFrame, in_stage: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    slower = in_stage[in_stage["slower"]].sort_values("change", ascending=False, kind="stable")
    passed = (
        slower[["stage", "before", "now", "change"]]
        .astype({"stage": object})
        .merge(lifts[["stage", "value", "now", "win_after"]], on="stage", suffixes=("", "_share"))
    )
    for _, row in passed.head(1).iterrows():
        daily = row["value"] * row["now_share"] * row["win_after"] / DAYS_A_YEAR
        yield (
            "speed", row["stage"], row["before"], row["now"], daily * row["change"], np.nan, np.nan, True,
        )  # fmt: skip


def _leads(year: Any) -> Iterator[tuple[object, ...]]:
    if year is None or min(year.came) <= 0:
        return
    cost = -(year.parts.get("leads", 0.0) + year.parts.get("opened", 0.0))
    before, now = year.came
    mean = year.deals[1] * year.mean_deal[1] / now
    each = abs(cost / (now - before)) if now != before else mean
    error = NORMAL * each * float(np.sqrt(before + now))
    yield ("leads", "", before, now, cost, cost - error, cost + error, cost > error)


def _size(year: Any) -> Iterator[tuple[object, ...]]:
    if year is None or np.isnan(year.deal_error):
        return
    cost = -year.parts.get("size", 0.0)
    error = NORMAL * year.deal_error * sum(year.deals) / 2
    yield ("size", "", *year.mean_deal, cost, cost - error, cost + error, cost > error)
