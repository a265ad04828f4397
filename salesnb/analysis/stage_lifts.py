"""Which stage costs us most, in money?

What each stage would add in expected won value if it converted as in the best of its own recent quarters, or as the best
comparable team. The best of several is chosen with hindsight, so its luck is taken out before it is priced.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding
from salesnb.results.funnel import Bottleneck

DRAWS = 1000
SEED = 20
COLUMNS = (
    "stage", "now", "best", "best_peer", "value", "win_after", "added_value", "gain", "low", "high", "p_value", "raw_p", "age_p", "like_p", "leads",
)  # fmt: skip


def lifts(
    levels: pd.DataFrame, conversion: pd.DataFrame, *, seed: int = SEED, draws: int = DRAWS
) -> pd.DataFrame:
    """What would each stage add if it converted as the best of its peers: its own quarters, or the teams?

    In: `funnel.quarterly_conversion` or `funnel.team_conversion`, and `funnel.stage_conversion`. Out: one row per stage:
    stage, now, best, best_peer, value (Σ amount that entered), win_after (chance to win once past the stage), added_value =
    value × (best − now) × win_after, as it looks; gain: the same with the peers' true rates (`intervals.true_rates`), its
    mean, never below zero nor above added_value, with low and high (95%, the later stages drawn too; they hold gain); p_value
    (of so good a best peer by luck: the largest of raw_p, age_p, at equal age, and like_p, between like deals, where the quarters tell), conclusion, by, rivals, leads (share of draws in which the stage gains most), beyond (Holm over the stages).
    Where peers that do not compare lift the stage's own rate, its distance to the comparable ones is kept as seen. Stages
    without a comparable peer are left out; a best peer not above the stage's own rate adds nothing, surely: gain, low and
    high are 0 and p_value 1. `cause` is the kind of remedy that fits the stage, as
    `cause_at` says.
    """
    known = levels[levels["comparable"]]
    stages = [stage for stage in conversion["stage"] if stage in set(known["stage"])]
    rates = conversion.set_index("stage")["conversion"]
    rows, gains, after = [], [], np.ones(draws)
    for number in reversed(range(len(stages))):
        stage = stages[number]
        peers = known[known["stage"] == stage]
        seen, n = peers["conversion"].to_numpy(float), peers["decided"].to_numpy(int)
        true = intervals.true_rates(seen, n, draws=draws, seed=seed + number)
        usual = true @ n / n.sum()
        best, now = peers.iloc[int(seen.argmax())], float(rates[stage])
        value = float(levels.loc[levels["stage"] == stage, "value"].sum())
        win_after = float(np.prod([rates[later] for later in stages[number + 1 :]]))
        added = value * win_after * max(0.0, best["conversion"] - now)
        beside = now - float(seen @ n / n.sum())  # what the others' deals add to the stage's rate
        gain, raw, aged, like = np.zeros(draws), 1.0, 0.0, 0.0
        if len(n) > 1 and best["conversion"] > now:
            gain = value * after * (true[:, seen.argmax()] - usual - beside)
            raw = intervals.by_luck(seen, n, draws=draws, seed=seed + number)
            if "alike_decided" in peers:
                aged = _at_equal_age(peers, int(seen.argmax()), draws=draws, seed=seed + number)
                like = float(best["like_p"]) if best["like_p"] == best["like_p"] else 0.0
        mean, (low, high) = min(added, max(0.0, float(gain.mean()))), intervals.ends(gain)
        ends = min(low, mean), max(high, mean)
        rows.append((stage, now, best["conversion"], best["peer"], value, win_after, added, mean, *ends, max(raw, aged, like), raw, aged, like, 0.0))  # fmt: skip
        gains.append(gain)
        after = after * usual
    frame = pd.DataFrame(rows[::-1], columns=list(COLUMNS))
    leader = np.argmax(np.array(gains[::-1]), axis=0) if gains else np.array([], dtype=int)
    order = list(conversion["stage"])
    beyond, seen_beyond = (intervals.beyond_noise(frame[name]) for name in ("p_value", "raw_p"))
    shares = [
        {"maturity": rivals.share_by_chance(raw, age), "mix": rivals.share_by_chance(raw, like)}
        for raw, age, like in zip(frame["raw_p"], frame["age_p"], frame["like_p"], strict=True)
    ]
    return frame.assign(
        leads=[float((leader == number).mean()) for number in range(len(frame))],
        **rivals.worded(frame.index, seen_beyond, beyond, shares),
        beyond=beyond,
        cause=[cause_at(stage, order) for stage in frame["stage"]],
    )


def _at_equal_age(peers: pd.DataFrame, best: int, *, draws: int, seed: int) -> float:
    """The chance of so good a best quarter by luck, counted at an age that all quarters have reached; 1 where it has nothing to show."""
    n = peers["alike_decided"].to_numpy(int)
    some = n > 0
    if not some[best] or some.sum() < 2:
        return 1.0
    rates = peers["alike_moved"].to_numpy(float)[some] / n[some]
    return intervals.by_luck(rates, n[some], draws=draws, seed=seed, which=int(some[:best].sum()))


def findings(lifts: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `lifts` against the stages' own quarters."""
    return rivals.told(
        lifts, id="stage.bottleneck", member="stage", value="gain", unit="deal", basis="own_past",
        period=(months_back(as_of, 12), as_of),
    )  # fmt: skip


def beside(own: pd.DataFrame, teams: pd.DataFrame) -> pd.DataFrame:
    """Which yardstick is the higher one? In: `lifts` against own quarters and against teams. Out: the first with the best
    team's level, gain and interval beside it: team, team_best, team_gain, team_low, team_high, team_beyond."""
    names = {"best_peer": "team", "best": "team_best"} | {
        name: f"team_{name}" for name in ("gain", "low", "high", "beyond")
    }
    other = teams.rename(columns=names)[["stage", *names.values()]]
    return own.merge(other, on="stage", how="left").assign(
        team_beyond=lambda both: both["team_beyond"].eq(True)
    )


def bottleneck(lifts: pd.DataFrame) -> Bottleneck | None:
    """The stage whose lift adds most as its best quarter looked (the earlier one in a tie), or None without stage history."""
    usable = lifts[lifts["added_value"].notna()]
    if usable.empty:
        return None
    top = usable.loc[[usable["added_value"].idxmax()]].iloc[0]
    return Bottleneck(
        str(top["stage"]), float(top["now"]), float(top["best"]), top["best_peer"], float(top["added_value"]), float(top["gain"]),
        float(top["low"]), float(top["high"]), float(top["leads"]), bool(top["beyond"]), str(top["cause"]), str(top["by"]),
    )  # fmt: skip


def cause_at(stage: str, stages: Sequence[str]) -> str:
    """What kind of remedy fits a stage? ``entry`` for the first, ``late`` for the last two of the others, else ``early``."""
    place = list(stages).index(stage)
    return "entry" if place == 0 else "late" if place >= len(stages) - 2 else "early"
