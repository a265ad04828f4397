"""Deals and stages in which other channels, not other work, make the difference."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.worlds.dates import TODAY

CHANNELS = np.array(["referral", "cold_call"])


def unlike_passages(
    seed: int,
    *,
    n: int = 1600,
    of: str = "",
    slower: float = 1.0,
    west: float = 0.0,
    lift: float = 0.0,
    regions: int = 6,
) -> pd.DataFrame:
    """Passages of one stage over two years. Cold calls stay twice as long as referrals, and 35% of them move on, of referrals 65%. `of`: what
    decides the channel (``time``: one cold call in five until October 2025, then four; ``quarter``: none but in the earliest of the last four
    quarters, where four in five are referrals; ``region``: the West has nine cold calls in ten, all others two), else half of all are. `slower`: a factor
    for what entered since May 2026; `west`: points by which fewer of the West's move on; `lift`: points by which more move on in the earliest of the
    last four quarters."""
    rng = np.random.default_rng(seed)
    entered = TODAY - pd.to_timedelta(rng.integers(0, 730, n), unit="D")
    region = rng.integers(0, regions, n)
    earliest = (entered < pd.Timestamp("2026-02-01")) & (entered >= pd.Timestamp("2025-11-01"))
    share = {
        "time": np.where(entered < pd.Timestamp("2025-11-01"), 0.2, 0.8),
        "quarter": np.where(earliest, 0.2, 0.8),
        "region": np.where(region == 0, 0.9, 0.2),
    }.get(of, np.full(n, 0.5))
    cold = rng.random(n) < share
    moves = rng.random(n) < np.where(cold, 0.35, 0.65) - west * (region == 0) + lift * earliest
    pace = np.where(cold, 30.0, 15.0) * np.where(entered >= pd.Timestamp("2026-05-01"), slower, 1.0)
    left = entered + pd.to_timedelta(np.ceil(rng.gamma(2.0, pace / 2)), unit="D")
    there = left > TODAY
    return pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str), "stage": "quote", "position": 0.0, "entered_on": entered,
            "left_on": pd.Series(left).mask(there), "way": np.where(there, 0, np.where(moves, 1, 2)),
            "days": np.where(there, (TODAY - entered).days, (left - entered).days).astype(float), "amount": 1000.0,
            "team": "A", "channel": CHANNELS[cold.astype(int)], "region": np.where(region == 0, "West", region.astype(str)),
            "product_line": rng.choice(["Alpha", "Beta"], n), "rep_id": np.char.add(region.astype(str), rng.choice(["a", "b"], n)),
        }
    )  # fmt: skip


def unlike_cohorts(
    seed: int, *, n: int = 1600, mixed: bool = False, effect: float = 0.0, longer: float = 1.0
) -> pd.DataFrame:
    """Deals of two years in six regions, of which referrals win at 55%, cold calls at 15%, cold calls in twice the time. `mixed`: the fourth quarter of 2025 has
    nine cold calls in ten, all others two; `effect`: points by which deals of that quarter win less; `longer`: a factor for the days
    of the West."""
    rng = np.random.default_rng(seed)
    created = TODAY - pd.to_timedelta(rng.integers(0, 1000, n), unit="D")
    odd = (created >= pd.Timestamp("2025-10-01")) & (created < pd.Timestamp("2026-01-01"))
    region = rng.integers(0, 6, n)
    cold = rng.random(n) < np.where(odd & mixed, 0.9, 0.2)
    won = rng.random(n) < np.clip(np.where(cold, 0.15, 0.55) - effect * odd, 0.01, 1)
    pace = np.where(cold, 60.0, 30.0) * np.where(region == 0, longer, 1.0)
    closed = created + pd.to_timedelta(np.ceil(rng.gamma(3.0, pace / 3)), unit="D")
    open_ = closed > TODAY
    return pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str), "created_on": created, "closed_on": pd.Series(closed).mask(open_),
            "outcome": np.where(open_, "open", np.where(won, "won", "lost")), "channel": CHANNELS[cold.astype(int)],
            "region": np.where(region == 0, "West", region.astype(str)), "rep_id": np.char.add(region.astype(str), rng.choice(["a", "b"], n)),
        }
    )  # fmt: skip


def regional_deals(seed: int) -> pd.DataFrame:
    """The same where nine in ten deals of the West are cold calls, and two of all others'."""
    made = unlike_cohorts(seed)
    rng = np.random.default_rng(seed + 1)
    cold = rng.random(len(made)) < np.where(made["region"] == "West", 0.9, 0.2)
    took = np.ceil(rng.gamma(3.0, np.where(cold, 60.0, 30.0) / 3))
    closed = made["created_on"] + pd.to_timedelta(took, unit="D")
    return made.assign(
        channel=CHANNELS[cold.astype(int)],
        closed_on=closed.mask(closed > TODAY),
        outcome=np.where(closed > TODAY, "open", np.where(rng.random(len(made)) < 0.4, "won", "lost")),
    )
