"""Who is unlike the rest at which stage: a planted difference is found, many looks at nothing raise no alarm."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from salesnb.analysis import stage_groups

NOW = pd.Timestamp("2026-10-31")


def company(seed, *, slow="", weak=""):
    """Two stages, six teams and four regions; a team may be slow, another weak, at the second stage alone."""
    rng = np.random.default_rng(seed)
    n = 900
    deals = pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str),
            "team": rng.choice(list("ABCDEF"), n),
            "region": rng.choice(["East", "North", "South", "West"], n),
        }
    )
    parts = []
    for position, stage in enumerate(["needs", "quote"]):
        late = stage == "quote"
        days = rng.integers(5, 25, n) + np.where(late & (deals["team"] == slow), 20, 0)
        moves = rng.random(n) < np.where(late & (deals["team"] == weak), 0.35, 0.75)
        entered = NOW - pd.to_timedelta(rng.integers(1, 360, n), unit="D")
        seen = np.minimum(days, (NOW - entered).days)
        way = np.where(days > seen, 0, np.where(moves, 1, 2))
        parts.append(
            deals[["opportunity_id", "team"]].assign(
                stage=stage, position=float(position), entered_on=entered, way=way, days=seen.astype(float)
            )
        )
    return pd.concat(parts, ignore_index=True), deals


def test_a_slow_and_a_weak_team_are_called_at_their_stage_alone():
    passages, deals = company(3, slow="B", weak="E")
    found = stage_groups.by_group(passages, deals, as_of=NOW)
    called = found[found["flagged"]].set_index(["stage", "member", "what"])
    assert {stage for stage, _, _ in called.index} == {
        "quote"
    }  # the others stand out against the two, there alone
    surest = found.drop_duplicates("what").set_index("what")["member"]
    assert surest.to_dict() == {"days": "B", "share": "E"}
    slow, weak = called.loc[("quote", "B", "days")], called.loc[("quote", "E", "share")]
    assert slow["own"] > slow["rest"] + 10
    assert weak["own"] == pytest.approx(0.35, abs=0.1)
    assert weak["rest"] == pytest.approx(0.75, abs=0.1)
    assert found.loc[~found["flagged"], ["own", "rest"]].isna().all(axis=None)
    assert len(found) == 2 * 2 * (6 + 4)


def test_groups_alike_raise_no_more_alarms_than_one_company_in_twenty():
    alarms = sum(
        stage_groups.by_group(*company(seed), as_of=NOW)["flagged"].any() for seed in range(100, 120)
    )
    assert alarms <= binom.ppf(0.999, 20, 0.05)


def test_small_groups_and_no_deals_are_not_looked_at():
    passages, deals = company(1)
    few = stage_groups.by_group(passages.head(50), deals, as_of=NOW)
    assert few.empty
    assert stage_groups.by_group(passages.head(0), deals, as_of=NOW).empty
