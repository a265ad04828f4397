"""Those who sell: their deals, courses, habits, orders and hours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis import stars
from tests.worlds.dates import FIRST, TODAY
from tests.worlds.pipeline import deals


def course(seed: int, *, sent: str, effect: float = 0.0, n: int = 5000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Closed deals of twenty people over three years, and who took the course when. `sent`: ``worst`` (each quarter from 2025 on the
    two with the poorest last half year), ``new`` (newcomers in their third month, who grow for half a year), or ``lot``."""
    rng = np.random.default_rng(seed)
    first, people = pd.Timestamp("2023-11-01"), 20
    joined = np.zeros(people)
    if sent == "new":
        joined[10:] = rng.integers(200, 700, 10)
    rep, day = rng.integers(0, people, n), rng.integers(0, 1095, n)
    kept = day >= joined[rep]
    rep, day, luck = rep[kept], day[kept], rng.random(int(kept.sum()))
    tenure = day - joined[rep]
    rate = np.where((sent == "new") & (joined[rep] > 0), 0.1 + 0.2 * np.clip(tenure / 180, 0, 1), 0.3)
    begun = np.full(people, np.inf)
    if sent == "lot":
        begun[:10] = rng.integers(450, 900, 10)
    elif sent == "new":
        begun[10:] = joined[10:] + 75
    for quarter in range(430, 900, 91) if sent == "worst" else ():
        late = (day < quarter) & (day >= quarter - 182)
        shares = [(luck[late & (rep == one)] < 0.3).mean() for one in range(people)]
        for one in [one for one in np.argsort(shares) if np.isinf(begun[one])][:2]:
            begun[one] = quarter
    won = luck < rate + effect * (day >= begun[rep])
    closed = first + pd.to_timedelta(day, unit="D")
    made = pd.DataFrame(
        {"rep_id": [f"R{one:02d}" for one in rep], "outcome": np.where(won, "won", "lost"), "closed_on": closed, "product_line": "Alpha"}
    )  # fmt: skip
    taken = [
        (f"R{one:02d}", first + pd.Timedelta(days=int(day)))
        for one, day in enumerate(begun)
        if np.isfinite(day)
    ]
    trained = pd.DataFrame(taken, columns=["rep_id", "completed_on"]).assign(course="Course", topic="skills")
    return made, trained


def people_deals(seed: int, *, cold: bool = False, fresh: bool = False, weak: float = 0.0) -> pd.DataFrame:
    """Deals of eight people. `cold`: two of them get nine cold calls in ten deals (won at 15%, referrals at 60%); `fresh`: two
    joined nine months ago and grew for half a year; `weak`: points by which one wins less."""
    rng = np.random.default_rng(seed)
    made = deals(seed, n=1400, begins=pd.Timestamp("2024-11-01"))
    who = made["rep_id"].str[1:].astype(int).to_numpy()
    calls = rng.random(len(made)) < np.where(cold & (who <= 2), 0.9, 0.4)
    rate = np.where(calls, 0.15, 0.60) if cold else np.full(len(made), 0.4)
    tenure = (made["created_on"] - pd.Timestamp("2026-01-15")).dt.days.to_numpy()
    rate = np.where(fresh & (who <= 2), rate * np.clip(0.3 + tenure / 260, 0.3, 1), rate) - weak * (who == 1)
    closed = (made["outcome"] != "open").to_numpy()
    made["outcome"] = np.where(closed, np.where(rng.random(len(made)) < rate, "won", "lost"), "open")
    made["channel"] = np.where(calls, "cold_call", "referral")
    return made[~(fresh & (who <= 2) & (tenure < 0))].reset_index(drop=True)


def habits_by_luck(seed: int, *, people: int = 20, effect: float = 0.0) -> tuple[pd.DataFrame, list[str]]:
    """Habits of people drawn by lot; bookings are what they win, how large and in how many lines, and the best by bookings are the
    stars. `effect`: standard deviations by which those note more pain points."""
    rng = np.random.default_rng(seed)
    names = [f"R{number:02d}" for number in range(people)]
    frame = pd.DataFrame({name: rng.normal(0, 1, people) for name in stars.HABITS}).assign(rep_id=names)
    booked = frame[["win_rate", "deal_size", "lines_sold"]].sum(axis=1) + rng.normal(0, 0.3, people)
    best = booked.nlargest(5).index
    frame.loc[best, "pain_points_share"] += effect
    return frame, [names[number] for number in best]


def few_large(
    seed: int,
    *,
    people: int = 12,
    orders: float = 6.0,
    spread: float = 1.0,
    behind: float = 0.0,
    new: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """People who each sell `orders` large orders or so in ten months, whose amounts differ by a log-normal `spread`; targets are what is
    expected of them. `behind`: the share that the first sells less; the last `new` came in May and grew for half a year."""
    rng = np.random.default_rng(seed)
    names = [f"R{number:02d}" for number in range(people)]
    hired = [pd.Timestamp("2026-05-01") if place >= people - new else FIRST for place in range(people)]
    each = 100 * np.exp(spread**2 / 2)
    sold = []
    for place, (name, since) in enumerate(zip(names, hired, strict=True)):
        days = np.sort(rng.integers(0, 304, rng.poisson(orders * (1 - behind * (place == 0)))))
        tenure = days - (since - pd.Timestamp("2026-01-01")).days
        days = days[rng.random(len(days)) < np.clip(tenure / 182, 0, 1)] if since > FIRST else days
        sold += [(name, pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(day))) for day in days]
    booked = pd.DataFrame(sold, columns=["rep_id", "day"])
    booked = booked.assign(net_amount=100 * rng.lognormal(0, spread, len(booked)))
    who = pd.DataFrame({"rep_id": names, "rep_name": names, "team": "A", "region": "East", "hired_on": hired})
    months = pd.date_range("2026-01-01", TODAY, freq="MS")
    asked = pd.DataFrame(
        [("rep", name, month, orders * each / len(months)) for name in names for month in months],
        columns=["dimension", "member", "month", "amount"],
    )
    return who.assign(left_on=pd.NaT), booked, asked


def team_hours(
    seed: int, *, load: float = 0.9, over: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Hours of four teams of five in fifteen months, about `load` of their days; answers to the pulse; the people. `over`: what the first
    team has on top in the last quarter."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-08-01", TODAY, freq="MS")
    rows = []
    for team in "ABCD":
        for month in months:
            share = load + over * (team == "A" and month >= pd.Timestamp("2026-08-01"))
            hours = rng.gamma(1.0, 1.0, rng.poisson(share * 735)) if share else np.zeros(0)
            rows.append((team, month, hours.sum(), float((hours**2).sum()), 735.0))
    loads = pd.DataFrame(rows, columns=["team", "month", "hours", "squares", "available"])
    people = pd.DataFrame({"rep_id": np.arange(20).astype(str), "team": list("ABCD") * 5, "active": True})
    asked = []
    for span in ("now", "before"):
        for team in "ABCD":
            answers = np.clip(
                np.round(rng.normal(3 + over * 4 * (team == "A" and span == "now"), 0.7, 5)), 1, 5
            )
            asked.append((team, span, 5, answers.mean(), answers.var(ddof=1)))
    return loads, pd.DataFrame(asked, columns=["team", "span", "people", "mean", "variance"]), people


def person_hours(seed: int, *, load: float = 0.97, over: float = 0.0, people: int = 20) -> pd.DataFrame:
    """Hours of so many people in three months, about `load` of their days; `over`: what the first has on top."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        for month in pd.date_range("2026-08-01", TODAY, freq="MS"):
            hours = rng.gamma(1.0, 1.0, rng.poisson((load + over * (person == 0)) * 147))
            rows.append((f"R{person:02d}", month, hours.sum(), float((hours**2).sum()), 147.0))
    return pd.DataFrame(rows, columns=["rep_id", "month", "hours", "squares", "available"])
