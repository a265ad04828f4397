"""Small worlds in which a verdict is false though it looks true, and the same with the effect in them.

Each function makes one company's frame as the facts hand it to the analyses, from a seed. A lookalike has its own cause and
not the one that the verdict names; `effect` puts that one in, of the size told.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

TODAY = pd.Timestamp("2026-10-31")
FIRST = pd.Timestamp("2024-01-01")


def deals(
    seed: int,
    *,
    n: int = 900,
    begins: pd.Timestamp = FIRST,
    win: float = 0.35,
    days: tuple[float, float] = (60.0, 60.0),
    channels: bool = False,
    flips: bool = False,
    growth: float = 0.0,
    accounts: int = 120,
    unlike: float = 0.0,
    effect: float = 0.0,
    hands: int = 0,
    line: str = "Alpha",
) -> pd.DataFrame:
    """Deals of three lines and eight people. `days`: the mean days to a win and to a loss; `channels`: referrals win at 60%,
    cold calls at 15%; `flips`: the line's share of cold calls goes from a fifth to four fifths in a year; `growth`: how much
    faster deals come at the end; `unlike`: the spread of the accounts' own rates; `effect`: points by which the line wins less
    since February 2026, in the hands of the first `hands` people only (0: everybody)."""
    rng = np.random.default_rng(seed)
    span = (TODAY - begins).days
    when = rng.random(n)
    when = when if not growth else np.log1p(when * np.expm1(growth)) / growth
    created = begins + pd.to_timedelta(np.floor(when * span), unit="D")
    lines = rng.choice(["Alpha", "Beta", "Gamma"], n, p=[0.5, 0.25, 0.25])
    rep = rng.integers(1, 9, n)
    account = rng.integers(0, accounts, n)
    own = rng.normal(0, 1, accounts)[account] * unlike
    late = created >= pd.Timestamp("2025-11-01")
    cold = rng.random(n) < np.where((lines == line) & flips, np.where(late, 0.8, 0.2), 0.5)
    rate = np.where(cold, 0.15, 0.60) if channels or flips else np.full(n, win)
    rate = np.clip(rate + own, 0.02, 0.98)
    struck = (lines == line) & (created >= pd.Timestamp("2025-12-01")) & ((rep <= hands) | (hands == 0))
    won = rng.random(n) < np.clip(rate - effect * struck, 0.01, 1)
    took = rng.gamma(3.0, np.where(won, days[0], days[1]) / 3.0)
    closed = created + pd.to_timedelta(np.ceil(took), unit="D")
    open_ = closed > TODAY
    return pd.DataFrame(
        {
            "opportunity_id": [f"D{number:05d}" for number in range(n)],
            "account_id": [f"C{number:03d}" for number in account],
            "account_name": [f"C{number:03d}" for number in account],
            "rep_id": [f"R{number:02d}" for number in rep],
            "rep_name": [f"Rep {number}" for number in rep],
            "team": np.where(rep % 2, "A", "B"),
            "region": np.where(rep % 2, "East", "West"),
            "product_id": lines,
            "product_line": lines,
            "channel": np.where(cold, "cold_call", "referral"),
            "created_on": created,
            "amount": np.round(rng.lognormal(9, 0.7, n), 2),
            "closed_on": pd.Series(closed).where(~open_),
            "outcome": np.where(open_, "open", np.where(won, "won", "lost")),
            "loss_reason": np.where(open_ | won, None, rng.choice(["price", "timing", "other"], n)),
            "competitor": np.where(open_ | won, None, rng.choice(["Ace", "Best", None], n)),
            "expected_close_on": created + pd.Timedelta(days=90),
            "stage": "quote",
        }
    )  # fmt: skip
