"""How does the demo company's sales force spend its days? Activities around deals and accounts, and one team's overload."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.ordering import silent_from
from salesnb.intake.demo.people import TEAMS, Company
from salesnb.intake.demo.prospects import rep_at
from salesnb.intake.demo.rhythm import Rhythm, stream

KINDS = ("visit", "call", "meeting", "executive_meeting", "demo", "trial", "email", "other")
MINUTES = np.array([150, 20, 75, 80, 100, 180, 10, 30])
DEAL_KINDS = (0.24, 0.26, 0.20, 0.02, 0.08, 0.03, 0.14, 0.03)
CARE_KINDS = (0.34, 0.34, 0.16, 0.02, 0.01, 0.00, 0.10, 0.03)
STAR_KINDS = (0.22, 0.12, 0.22, 0.12, 0.20, 0.05, 0.05, 0.02)
BUSY_KINDS = (0.45, 0.08, 0.30, 0.03, 0.10, 0.02, 0.01, 0.01)
DEAL_RATE = 1 / 21  # activities a day while a deal lives
CARE_DAYS = (8.0, 20.0, 72.0)  # between contacts: strategic, the next hundred, the others
DISCIPLINE = {2023: 0.6, 2024: 0.7, 2025: 0.85, 2026: 1.0}  # how much of it is logged


def activities(
    company: Company, rhythm: Rhythm, deals: pd.DataFrame, *, seed: int, effects: Effects
) -> pd.DataFrame:
    """One row per logged activity."""
    frames = [
        _around_deals(rhythm, deals, seed=seed),
        _care(company, rhythm, seed=seed, effects=effects),
        _overload(company, rhythm, seed=seed, effects=effects),
    ]
    rng = stream(seed, 23)
    table = pd.concat(frames, ignore_index=True)
    table["position"] = rhythm.worked(table["position"].to_numpy())
    logged = rng.random(len(table)) < np.array(
        [DISCIPLINE.get(year, 1.0) for year in rhythm.days[table["position"]].year]
    )
    table = table[(table["position"] >= rhythm.first) & logged].reset_index(drop=True)
    table["rep_id"] = np.where(
        table["rep_id"].isna(),
        rep_at(company, table["account"].to_numpy(), table["position"].to_numpy(), rhythm),
        table["rep_id"],
    )
    table = _described(table, seed=seed, effects=effects)
    table = table.sort_values(["position", "rep_id", "account"], kind="stable").reset_index(drop=True)
    table["activity_id"] = "A" + (table.index + 1).astype(str)
    return table


def _around_deals(rhythm: Rhythm, deals: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """More for deals that warm up; neglected ones are hardly touched after half a year."""
    rng = stream(seed, 20)
    begins = deals["position"].to_numpy()
    ends = np.minimum(deals["closed"].to_numpy(), len(rhythm.days) - 1)
    ends = np.where(deals["zombie"], np.minimum(ends, begins + 130 + (deals["luck"] * 90).astype(int)), ends)
    days = np.maximum(ends - begins, 1)
    rate = (
        DEAL_RATE
        * np.exp(0.50 * deals["heat"].to_numpy())
        * np.where(deals["rep_id"] == planted.STAR, 1.3, 1)
    )
    row = np.repeat(np.arange(len(deals)), rng.poisson(rate * np.minimum(days, 200)) + 1)
    position = begins[row] + np.floor(rng.random(len(row)) * days[row]).astype(int)
    return pd.DataFrame(
        {
            "position": position, "account": deals["account"].to_numpy()[row], "rep_id": deals["rep_id"].to_numpy()[row],
            "opportunity_id": deals["opportunity_id"].to_numpy()[row], "source": 0,
        }
    )  # fmt: skip


def _care(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """Regular contact with accounts by their weight; silent accounts are hardly seen any more."""
    rng = stream(seed, 21)
    n = len(company.size)
    gap = np.where(
        company.accounts["is_strategic"],
        CARE_DAYS[0],
        np.where(np.arange(n) < n * 0.27, CARE_DAYS[1], CARE_DAYS[2]),
    )
    gap = gap * np.exp(rng.normal(0, 0.25, n))
    account = np.repeat(np.arange(n), rng.poisson(len(rhythm.days) / gap))
    position = np.floor(rng.random(len(account)) * len(rhythm.days)).astype(int)
    spared = rng.random(len(account)) < 0.15
    created = (company.accounts["created_on"] - rhythm.days[0]).dt.days.to_numpy()
    keep = position >= created[account]
    if effects.silence:
        last = [silent_from(name) for name in company.accounts["account_id"]]
        until = np.array([10**6 if day is None else rhythm.position(day) + 12 for day in last])
        keep &= (position <= until[account]) | spared
    frame = pd.DataFrame(
        {"position": position, "account": account, "rep_id": None, "opportunity_id": None, "source": 1}
    )
    boards = np.repeat(np.arange(min(8, n)), rng.poisson(len(rhythm.days) / 26, min(8, n)))
    executive = pd.DataFrame(
        {
            "position": (rng.random(len(boards)) * len(rhythm.days)).astype(int),
            "account": boards,
            "rep_id": None,
            "opportunity_id": None,
            "source": 2,
        }
    )
    if effects.silence:
        executive = executive[executive["position"].to_numpy() <= until[executive["account"].to_numpy()]]
    return pd.concat([frame[keep], executive], ignore_index=True)


def _overload(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """Appointments that one team has beyond its working day."""
    rng = stream(seed, 22)
    frames = []
    days = np.flatnonzero(rhythm.works & (rhythm.days >= planted.OVERLOAD_BEGINS))
    for rep in TEAMS[planted.OVERLOADED_TEAM][1]:
        own = np.flatnonzero(company.owner == rep)
        if not len(own):
            own = np.arange(len(company.owner))  # of so few accounts none may be this person's
        position = np.repeat(days, rng.poisson(effects.overload_per_day, len(days)))
        account = own[rng.integers(0, len(own), len(position))]
        frames.append(
            pd.DataFrame(
                {"position": position, "account": account, "rep_id": rep, "opportunity_id": None, "source": 3}
            )
        )
    return pd.concat(frames, ignore_index=True)


def _described(table: pd.DataFrame, *, seed: int, effects: Effects) -> pd.DataFrame:
    """Kind, minutes, and what the record says."""
    rng = stream(seed, 24)
    n, source = len(table), table["source"].to_numpy()
    star = (table["rep_id"] == planted.STAR).to_numpy() & (effects.star_points > 0)
    draw = rng.random(n)
    kind = np.zeros(n, dtype=int)
    for shares, mine in (
        (DEAL_KINDS, (source == 0) & ~star),
        (CARE_KINDS, (source == 1) & ~star),
        (STAR_KINDS, (source < 2) & star),
        (BUSY_KINDS, source == 3),
    ):
        kind[mine] = np.minimum(np.searchsorted(np.cumsum(shares), draw[mine]), len(KINDS) - 1)
    kind[source == 2] = 3
    minutes = np.maximum(np.round(MINUTES[kind] * np.exp(rng.normal(-0.04, 0.3, n)) / 5) * 5, 5)
    careless = np.isin(table["rep_id"], TEAMS[planted.INCOMPLETE_TEAM][1]) * effects.crm_missing
    has_minutes = rng.random(n) < 0.86 - careless
    pain = rng.random(n) < np.where(star, 0.88, 0.58 - careless)
    step = rng.random(n) < 0.80 - careless * 1.2
    blank = rng.random(n) < 0.02 + careless * 0.4
    return table.assign(
        kind=np.array(KINDS)[kind],
        minutes=np.where(blank, np.nan, minutes),
        has_minutes=has_minutes,
        has_pain_points=pain,
        has_next_step=step,
    )
