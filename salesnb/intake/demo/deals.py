"""Which deals does the demo company chase, through which stages, and which does it win?

A deal reaches the stage quote or is lost before it, independent of anything planted; from the quote on its chance depends on
the product line, the person, the checklist and the course, in percentage points that `effects` states.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.people import LINES, TEAMS, Company
from salesnb.intake.demo.prospects import DEALS_A_YEAR, LEADS_A_DAY, created, leads_of, rep_at, with_customers
from salesnb.intake.demo.rhythm import Rhythm, cents, stream

STAGES = ("lead", "qualified", "needs", "quote", "negotiation")
STAGE_DAYS = (7.0, 12.0, 16.0, 20.0, 15.0)
QUOTE = STAGES.index("quote")
REACHES_QUOTE = 0.62
WIN_RATE = {"Valves": 0.32, "Pumps": 0.31, "Drives": 0.34, "Sensors": 0.31, "Services": 0.36}
LINE_SIZE = {"Valves": 1.0, "Pumps": 1.1, "Drives": 1.25, "Sensors": 0.65, "Services": 0.55}
DEAL_REVENUE = 3.6e8  # a year, at the level of 2026
CHECKLIST_BEGINS = pd.Timestamp("2025-01-01")
CHECKLIST = ("competitor_analysis", "differentiators", "payment_terms")
COMPETITORS = ("Norvalve", "Kaitai", "Meridian Flow", "Sanlian")
REASONS, REASON_SHARES = (
    ("price", "no budget", "no decision", "timing", "competitor"),
    (0.3, 0.2, 0.2, 0.15, 0.15),
)


@dataclass(frozen=True)
class Chase:
    """Everything that the deals leave behind; positions count days from the rhythm's first."""

    leads: pd.DataFrame
    deals: pd.DataFrame
    stage_events: pd.DataFrame
    checklist: pd.DataFrame


def chase(
    company: Company,
    rhythm: Rhythm,
    courses: dict[str, pd.Timestamp],
    left: np.ndarray,
    *,
    seed: int,
    effects: Effects,
) -> Chase:
    """All leads and deals; `courses` tells when each trained person took the course, `left` when each account left."""
    scale = len(company.accounts) / 400
    leads = leads_of(company, rhythm, seed=seed, effects=effects, scale=scale)
    born = with_customers(created(company, rhythm, leads, seed=seed, scale=scale), company, rhythm, left)
    begun = born.dropna(subset=["lead"])
    leads.loc[begun["lead"].astype(int), "account"] = begun["account"].to_numpy()
    deals, entered = _lives(company, rhythm, born, courses, seed=seed, effects=effects)
    deals.insert(0, "opportunity_id", [f"D{number:04d}" for number in range(1, len(deals) + 1)])
    ids = deals.dropna(subset=["lead"]).set_index("lead")["opportunity_id"]
    leads["opportunity_id"] = ids.reindex(leads.index).to_numpy()
    return Chase(
        leads, deals, _stage_events(deals, entered, rhythm), _checklist(deals, entered, rhythm, seed=seed)
    )


def _lives(
    company: Company,
    rhythm: Rhythm,
    born: pd.DataFrame,
    courses: dict[str, pd.Timestamp],
    *,
    seed: int,
    effects: Effects,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Line, amount, path, end and outcome of each deal; and the position at which it entered each stage (−1: never)."""
    rng = stream(seed, 4)
    n, account, begun = len(born), born["account"].to_numpy(), born["position"].to_numpy()
    mix = company.line_mix[account] * 0.75 + company.line_mix.mean(axis=0) * 0.25
    line = (np.cumsum(mix, axis=1) < rng.random((n, 1)) * 0.999999).sum(axis=1)
    product = line * 6 + rng.integers(0, 6, n)
    rep = rep_at(company, account, begun, rhythm)
    heat = rng.normal(0, 1, n)
    size = np.array(list(LINE_SIZE.values()))[line] * (company.size[account] * len(company.size)) ** 0.35
    amount = size * np.exp(rng.normal(-0.32, 0.8, n))
    expected = (
        float(np.mean(size))
        * 0.325
        * (DEALS_A_YEAR * 1.06 + 250 * LEADS_A_DAY * 0.16)
        * len(company.size)
        / 400
    )
    amount *= DEAL_REVENUE * len(company.size) / 400 / expected

    days = rng.gamma(1.7, np.array(STAGE_DAYS) / 1.7, size=(n, len(STAGES))) * np.exp(-0.10 * heat)[:, None]
    quoted = rng.random(n) < REACHES_QUOTE
    lost_early = np.searchsorted([0.33, 0.72], rng.random(n))
    lost_late = QUOTE + (rng.random(n) < 0.4)
    entered = begun[:, None] + np.concatenate([np.zeros((n, 1)), np.cumsum(days[:, :3], axis=1)], axis=1)
    slow = entered[:, QUOTE] >= rhythm.position(planted.QUOTE_SLOWS)
    days[:, QUOTE] *= np.where(slow & quoted, effects.quote_factor, 1.0)
    entered = np.concatenate([entered, (entered[:, QUOTE] + days[:, QUOTE])[:, None]], axis=1)
    decided = entered[:, 4] + days[:, 4]

    line_name = np.array(LINES)[line]
    kept = rng.random(n) < np.where(_of_team(rep, planted.CHECKLIST_TEAM), 0.80 - effects.checklist_gap, 0.80)
    points = np.array([WIN_RATE[name] for name in LINES])[line] + 0.06 * heat
    points += effects.training_points * (_course_position(rep, courses, rhythm) < decided)
    points += effects.star_points * (rep == planted.STAR)
    points += effects.drives_points * (
        (line_name == "Drives") & (decided >= rhythm.position(planted.DRIVES_FALL))
    )
    theirs = np.isin(rep, planted.VALVE_REPS) & (line_name == "Valves")
    points += effects.valve_points * (theirs & (decided >= rhythm.position(planted.VALVES_FALL)))
    points -= 0.04 * (born["channel"] == "cold_call").to_numpy() * (effects.cold_call_factor < 1)
    chance = points / REACHES_QUOTE + effects.checklist_points * (kept - 0.74)
    won = ~_silent(account, decided, rhythm, effects) & quoted & (rng.random(n) < np.clip(chance, 0.03, 0.95))

    last = np.where(won, 4, np.where(quoted, lost_late, lost_early))
    length = np.take_along_axis(days, last[:, None], axis=1)[:, 0] * np.where(won, 1.0, 1.3)
    closed = np.take_along_axis(entered, last[:, None], axis=1)[:, 0] + length + 1
    zombie = rng.random(n) < effects.zombie_share
    last = np.where(zombie, np.searchsorted([0.2, 0.5], rng.random(n)) + 1, last)
    closed = np.where(zombie, 10**6, closed)
    amount = cents(np.round(np.where(zombie, amount * 1.8, amount), -2))
    closed_on = np.where(
        closed < len(rhythm.days),
        rhythm.worked(np.minimum(closed, len(rhythm.days) - 1).astype(int)),
        closed.astype(int),
    )
    closed_on = _bunched(closed_on, won & ~zombie, rhythm, rng, effects.bunching)
    entered = np.where(np.arange(5) <= last[:, None], np.floor(entered), -1).astype(int)
    deals = born.assign(
        rep_id=rep, line=line_name, product=product, amount=amount, heat=heat, won=won & ~zombie, zombie=zombie, closed=closed_on,
        last=last, kept=kept, expected=np.maximum(rng.normal(88, 30, n), 20).astype(int), luck=rng.random(n), luck2=rng.random(n),
    )  # fmt: skip
    return _named_losses(deals, rhythm, rng, effects), entered


def _silent(account: np.ndarray, decided: np.ndarray, rhythm: Rhythm, effects: Effects) -> np.ndarray:
    """Deals of customers that have fallen silent by then."""
    silent = np.zeros(len(account), dtype=bool)
    for name, day in planted.SILENT.items() if effects.silence else ():
        silent |= (account == int(name[1:]) - 1) & (decided > rhythm.position(day))
    return silent


def _of_team(rep: np.ndarray, team: str) -> np.ndarray:
    return np.isin(rep, TEAMS[team][1])


def _course_position(rep: np.ndarray, courses: dict[str, pd.Timestamp], rhythm: Rhythm) -> np.ndarray:
    return np.array([rhythm.position(courses[name]) if name in courses else 10**7 for name in rep])


def _bunched(
    closed: np.ndarray, won: np.ndarray, rhythm: Rhythm, rng: np.random.Generator, share: float
) -> np.ndarray:
    """Wins of a quarter's last month, some of them delayed to its last five working days."""
    moves, place = rng.random(len(closed)) < share, rng.integers(0, 5, len(closed))
    closed = closed.copy()
    for early, late, _ in rhythm.quarter_ends():
        mine = won & moves & (closed >= early[0]) & (closed < late[0])
        closed[mine] = late[place[mine]]
    return closed


def _named_losses(
    deals: pd.DataFrame, rhythm: Rhythm, rng: np.random.Generator, effects: Effects
) -> pd.DataFrame:
    """Why a deal was lost, and against whom it ran."""
    n, lost = len(deals), ~deals["won"] & ~deals["zombie"]
    reason = rng.choice(REASONS, n, p=REASON_SHARES)
    rival = rng.choice(COMPETITORS, n)
    named = (rng.random(n) < 0.62) & (deals["last"] >= QUOTE)
    hengli = (
        (deals["line"] == "Drives")
        & (deals["closed"] >= rhythm.position(planted.DRIVES_FALL))
        & (deals["last"] >= QUOTE)
    )
    hengli &= rng.random(n) < np.where(
        lost, effects.drives_competitor_share, effects.drives_competitor_share / 3
    )
    slow = (
        deals["rep_id"].isin(planted.VALVE_REPS)
        & (deals["line"] == "Valves")
        & (deals["closed"] >= rhythm.position(planted.VALVES_FALL))
    )
    slow &= (rng.random(n) < 0.5) & (effects.valve_points < 0)
    reason = np.where(hengli, "competitor", np.where(slow, "slow answer", reason))
    named = named | (reason == "competitor") & (deals["last"] >= QUOTE)
    deals["loss_reason"] = pd.Series(reason, index=deals.index, dtype=object).where(lost)
    against = pd.Series(np.where(hengli, planted.NEW_COMPETITOR, rival), index=deals.index, dtype=object)
    deals["competitor"] = against.where(hengli | named)
    return deals


def _stage_events(deals: pd.DataFrame, entered: np.ndarray, rhythm: Rhythm) -> pd.DataFrame:
    known = (entered >= 0) & (entered < len(rhythm.days))
    row, stage = np.nonzero(known)
    return pd.DataFrame(
        {
            "opportunity_id": deals["opportunity_id"].to_numpy()[row],
            "stage": np.array(STAGES)[stage],
            "entered_on": rhythm.dates(entered[row, stage]),
        }
    )


def _checklist(deals: pd.DataFrame, entered: np.ndarray, rhythm: Rhythm, *, seed: int) -> pd.DataFrame:
    """Three items per quote since the checklist exists; a neglected one has at least one item without a day."""
    rng = stream(seed, 5)
    quoted = np.flatnonzero(
        (entered[:, QUOTE] >= max(rhythm.position(CHECKLIST_BEGINS), 0))
        & (entered[:, QUOTE] < len(rhythm.days))
    )
    kept = deals["kept"].to_numpy()[quoted]
    gap, extra = rng.integers(0, 3, len(quoted)), rng.random((len(quoted), 3))
    done = np.where(kept[:, None], True, (np.arange(3) != gap[:, None]) & (extra < 0.5))
    ends = np.minimum(deals["closed"].to_numpy()[quoted], len(rhythm.days) - 1)
    start = entered[quoted, QUOTE]
    day = start[:, None] + (
        rng.random((len(quoted), 3)) * np.minimum(np.maximum(ends - start, 0), 12)[:, None]
    ).astype(int)
    frame = pd.DataFrame(
        {
            "opportunity_id": np.repeat(deals["opportunity_id"].to_numpy()[quoted], 3),
            "stage": "quote",
            "item": np.tile(CHECKLIST, len(quoted)),
            "done_on": rhythm.dates(day.ravel()),
        }
    )
    frame.loc[~done.ravel(), "done_on"] = pd.NaT
    return frame
