"""How people work beside each other: orders at colleagues' customers, squads, help that is offered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.plan import Commission, Sprint
from tests.worlds.dates import TODAY

STEPS = Commission.model_validate(
    {"tiers": [{"from": 0, "rate": 0.01}, {"from": 0.8, "rate": 0.02}, {"from": 1.0, "rate": 0.03}]}
)


def stepping(
    seed: int, *, poaching: float = 0.0, people: int = 16, lookalike: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A year's orders of people, those at colleagues' customers among them (a tenth), days of bookings, and targets. `poaching`: points
    by which these are more on days within a tenth below a step. `lookalike`: ``late`` (from July on everybody sells 15 points more away)
    or ``helpers`` (the half that sells little, and is never near a step, sells 15 points less away)."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2026-01-01", TODAY, freq="B")
    rows = []
    for place in range(people):
        pace = 0.4 if lookalike == "helpers" and place % 2 else 1.0
        sold = 0.0
        for day in days[np.sort(rng.choice(len(days), 120, replace=False))]:
            close = any(at * 0.9 <= sold < at for at in (80.0, 100.0))
            chance = (
                0.1 + poaching * close + 0.15 * (lookalike == "late" and day.month > 6) - 0.08 * (pace < 1)
            )
            away = int(rng.random() < chance)
            money = pace * rng.exponential(0.8)
            rows.append((f"R{place:02d}", day, 1, away, money))
            sold += money
    made = pd.DataFrame(rows, columns=["rep_id", "day", "orders", "away", "net_amount"])
    return (
        made.drop(columns="net_amount"),
        made[["rep_id", "day", "net_amount"]],
        pd.Series({f"R{one:02d}": 100.0 for one in range(people)}),
    )


def squad_days(
    seed: int, *, gain: float = 0.0, faster: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame, list[Sprint]]:
    """Days with a sale of twenty people, twelve of them in squads of a September sprint in which all sell more. `gain`: points of days that
    those in squads gain beyond; `faster`: points by which they always sell more."""
    rng = np.random.default_rng(seed)
    names = [f"R{place:02d}" for place in range(20)]
    days = pd.date_range("2025-11-01", TODAY, freq="B")
    rows = []
    for place, name in enumerate(names):
        inside = place < 12
        chance = (
            0.3 + faster * inside + np.where(days.month == 9, 0.1 + gain * inside, 0.0) + rng.normal(0, 0.03)
        )
        rows += [(name, day) for day in days[rng.random(len(days)) < chance]]
    sprint = Sprint.model_validate(
        {
            "name": "S",
            "start": "2026-09-01",
            "end": "2026-09-30",
            "target": 1,
            "squads": {"A": names[:6], "B": names[6:12]},
        }
    )
    people = pd.DataFrame({"rep_id": names, "hired_on": pd.NaT, "left_on": pd.NaT})
    return pd.DataFrame(rows, columns=["rep_id", "day"]).assign(net_amount=1.0), people, [sprint]


def asked_before_and_after(
    seed: int, *, effect: float = 0.0, picked: bool = False, lasting: float = 0.0
) -> pd.DataFrame:
    """The sides of relief.spans: the helped team of six, and twenty others. `effect`: points by which the helped fall; `picked`: of six teams
    the one whose last three months were worst was helped; `lasting`: points by which the helped were above the others for half a year."""
    rng = np.random.default_rng(seed)
    answers = np.clip(np.round(rng.normal(2.8, 0.6, (6, 6, 3, 3))), 1, 5).mean(axis=3)  # team × person × span
    helped = int(answers[:, :, 1].mean(axis=1).argmax()) if picked else 0
    answers[helped, :, :2] += lasting
    answers[helped, :, 2] += lasting - effect
    rows = []
    for side, values in (
        ("these", answers[helped]),
        ("others", np.delete(answers, helped, axis=0).reshape(-1, 3)),
    ):
        rows += [
            (side, place, len(values), values[:, place].mean(), values[:, place].var(ddof=1))
            for place in range(3)
        ]
    return pd.DataFrame(rows, columns=["side", "place", "people", "mean", "variance"])
