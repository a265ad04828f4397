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
from salesnb.intake.demo.people import HIRED_ON, LEAVER, LEFT_ON, LINES, SUCCESSOR, TEAMS, Company
from salesnb.intake.demo.rhythm import Rhythm, cents, stream

STAGES = ("lead", "qualified", "needs", "quote", "negotiation")
STAGE_DAYS = (7.0, 12.0, 16.0, 20.0, 15.0)
QUOTE = STAGES.index("quote")
REACHES_QUOTE = 0.62
WIN_RATE = {"Valves": 0.32, "Pumps": 0.31, "Drives": 0.34, "Sensors": 0.31, "Services": 0.36}
LINE_SIZE = {"Valves": 1.0, "Pumps": 1.1, "Drives": 1.25, "Sensors": 0.65, "Services": 0.55}
CHANNELS = {  # share of leads, conversion
    "website": (0.28, 0.17), "fair": (0.15, 0.16), "referral": (0.12, 0.33), "cold_call": (0.30, 0.18), "partner": (0.15, 0.21),
}  # fmt: skip
LEADS_A_DAY, DEALS_A_YEAR = 8.5, 1020
DEAL_REVENUE = 3.6e8  # a year, at the level of 2026
CHECKLIST_BEGINS = pd.Timestamp("2025-01-01")
CHECKLIST = ("competitor_analysis", "differentiators", "payment_terms")
COMPETITORS = ("Norvalve", "Kaitai", "Meridian Flow", "Sanlian")
REASONS, REASON_SHARES = ("price", "no budget", "no decision", "timing", "competitor"), (0.3, 0.2, 0.2, 0.15, 0.15)


@dataclass(frozen=True)
class Chase:
    """Everything that the deals leave behind; positions count days from the rhythm's first."""

    leads: pd.DataFrame
    deals: pd.DataFrame
    stage_events: pd.DataFrame
    checklist: pd.DataFrame


def chase(company: Company, rhythm: Rhythm, courses: dict[str, pd.Timestamp], *, seed: int, effects: Effects) -> Chase:
    """All leads and deals; `courses` tells when each trained person took the course."""
    scale = len(company.accounts) / 400
    leads = _leads(company, rhythm, seed=seed, effects=effects, scale=scale)
    born = _created(company, rhythm, leads, seed=seed, scale=scale)
    deals, entered = _lives(company, rhythm, born, courses, seed=seed, effects=effects)
    deals, entered = _within_data(deals, entered, rhythm)
    deals.insert(0, "opportunity_id", [f"D{number:04d}" for number in range(1, len(deals) + 1)])
    ids = deals.dropna(subset=["lead"]).set_index("lead")["opportunity_id"]
    leads["opportunity_id"] = leads.index.map(ids)
    return Chase(leads, deals, _stage_events(deals, entered, rhythm), _checklist(deals, entered, rhythm, seed=seed))


def rep_at(company: Company, account: np.ndarray, position: np.ndarray, rhythm: Rhythm) -> np.ndarray:
    """Who looks after an account on a day: its owner, or whoever did before the owner came."""
    owner = company.owner[account]
    theirs = owner == SUCCESSOR
    early, between = position <= rhythm.position(LEFT_ON), position < rhythm.position(HIRED_ON)
    return np.where(theirs & early, LEAVER, np.where(theirs & between, "R09", owner))


def _pick_accounts(company: Company, rng: np.random.Generator, position: np.ndarray, rhythm: Rhythm, power: float) -> np.ndarray:
    """An account for each day: the larger the likelier, none before it was created."""
    chance = company.size**power
    chosen = rng.choice(len(chance), size=len(position), p=chance / chance.sum())
    created = (company.accounts["created_on"] - rhythm.days[0]).dt.days.to_numpy()
    old = np.flatnonzero(created < rhythm.first)
    replacement = old[(rng.random(len(position)) * len(old)).astype(int)]
    return np.where(created[chosen] > position, replacement, chosen)


def _leads(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects, scale: float) -> pd.DataFrame:
    rng = stream(seed, 2)
    a_day = rng.poisson(LEADS_A_DAY * scale * rhythm.weight * 250)
    day = np.repeat(np.arange(len(rhythm.days)), a_day)
    channel = rng.choice(len(CHANNELS), size=len(day), p=[share for share, _ in CHANNELS.values()])
    rate = np.array([rate for _, rate in CHANNELS.values()])[channel]
    rate = np.where(channel == 3, rate * effects.cold_call_factor, rate)
    fate, wait, known = rng.random(len(day)), rng.integers(1, 16, len(day)), rng.random(len(day)) < 0.35
    account = _pick_accounts(company, rng, day, rhythm, 0.25)
    dip = (day >= rhythm.position(planted.PUBLICITY[1])) & (day <= rhythm.position(planted.PUBLICITY[2]))
    kept = ~(dip & (rng.random(len(day)) < effects.publicity_leads))
    reason = rng.choice(["no need", "no budget", "wrong contact", "too small", "unreachable"], len(day))
    frame = pd.DataFrame(
        {
            "position": day, "account": account, "channel": np.array(list(CHANNELS))[channel], "known": known,
            "rep_id": rep_at(company, account, day, rhythm), "converts": fate < rate,
            "qualifies": fate < rate * 1.25, "drops": fate > 0.38, "wait": wait, "reason": reason,
        }
    )  # fmt: skip
    return frame[kept].reset_index(drop=True)


def _created(company: Company, rhythm: Rhythm, leads: pd.DataFrame, *, seed: int, scale: float) -> pd.DataFrame:
    """One row per deal on the day it is created: from leads, and from customers that are known already."""
    rng = stream(seed, 3)
    won_over = leads[leads["converts"]]
    position = rhythm.worked(won_over["position"].to_numpy() + won_over["wait"].to_numpy() + 2)
    from_leads = pd.DataFrame({"position": position, "account": won_over["account"], "channel": won_over["channel"], "lead": won_over.index})
    a_day = rng.poisson(DEALS_A_YEAR * scale * rhythm.weight)
    day = np.repeat(np.arange(len(rhythm.days)), a_day)
    boost = np.isin(company.owner, planted.VALVE_REPS)
    direct = pd.DataFrame({"position": day, "account": _pick_accounts(company, rng, day, rhythm, 0.55), "channel": "existing", "lead": np.nan})
    more = direct[boost[direct["account"]] & (rng.random(len(direct)) < 0.5)]
    born = pd.concat([from_leads, direct, more], ignore_index=True)
    born = born[born["position"] < len(rhythm.days)]
    return born.sort_values(["position", "account", "channel"], kind="stable").reset_index(drop=True)


def _lives(
    company: Company, rhythm: Rhythm, born: pd.DataFrame, courses: dict[str, pd.Timestamp], *, seed: int, effects: Effects
) -> tuple[pd.DataFrame, np.ndarray]:
    """Line, amount, path, end and outcome of each deal; and the position at which it entered each stage (−1: never)."""
    rng = stream(seed, 4)
    n, account, created = len(born), born["account"].to_numpy(), born["position"].to_numpy()
    mix = company.line_mix[account] * 0.75 + company.line_mix.mean(axis=0) * 0.25
    line = (np.cumsum(mix, axis=1) < rng.random((n, 1)) * 0.999999).sum(axis=1)
    product = line * 6 + rng.integers(0, 6, n)
    rep = rep_at(company, account, created, rhythm)
    heat = rng.normal(0, 1, n)
    size = np.array(list(LINE_SIZE.values()))[line] * (company.size[account] * len(company.size)) ** 0.35
    amount = size * np.exp(rng.normal(-0.32, 0.8, n))
    expected = float(np.mean(size)) * 0.325 * (DEALS_A_YEAR * 1.06 + 250 * LEADS_A_DAY * 0.16) * len(company.size) / 400
    amount *= DEAL_REVENUE * len(company.size) / 400 / expected

    days = rng.gamma(1.7, np.array(STAGE_DAYS) / 1.7, size=(n, len(STAGES))) * np.exp(-0.10 * heat)[:, None]
    quoted = rng.random(n) < REACHES_QUOTE
    lost_early = np.searchsorted([0.33, 0.72], rng.random(n))
    lost_late = QUOTE + (rng.random(n) < 0.4)
    entered = created[:, None] + np.concatenate([np.zeros((n, 1)), np.cumsum(days[:, :3], axis=1)], axis=1)
    slow = entered[:, QUOTE] >= rhythm.position(planted.QUOTE_SLOWS)
    days[:, QUOTE] *= np.where(slow & quoted, effects.quote_factor, 1.0)
    entered = np.concatenate([entered, (entered[:, QUOTE] + days[:, QUOTE])[:, None]], axis=1)
    decided = entered[:, 4] + days[:, 4]

    line_name = np.array(LINES)[line]
    kept = rng.random(n) < np.where(_of_team(rep, planted.CHECKLIST_TEAM), 0.80 - effects.checklist_gap, 0.80)
    points = np.array([WIN_RATE[name] for name in LINES])[line] + 0.06 * heat
    points += effects.training_points * (_course_position(rep, courses, rhythm) < decided)
    points += effects.star_points * (rep == planted.STAR)
    points += effects.drives_points * ((line_name == "Drives") & (decided >= rhythm.position(planted.DRIVES_FALL)))
    theirs = np.isin(rep, planted.VALVE_REPS) & (line_name == "Valves")
    points += effects.valve_points * (theirs & (decided >= rhythm.position(planted.VALVES_FALL)))
    points -= 0.04 * (born["channel"] == "cold_call").to_numpy() * (effects.cold_call_factor < 1)
    chance = points / REACHES_QUOTE + effects.checklist_points * (kept - 0.74)
    won = quoted & (rng.random(n) < np.clip(chance, 0.03, 0.95))

    last = np.where(won, 4, np.where(quoted, lost_late, lost_early))
    length = np.take_along_axis(days, last[:, None], axis=1)[:, 0] * np.where(won, 1.0, 1.3)
    closed = np.take_along_axis(entered, last[:, None], axis=1)[:, 0] + length + 1
    zombie = rng.random(n) < effects.zombie_share
    last = np.where(zombie, np.searchsorted([0.2, 0.5], rng.random(n)) + 1, last)
    closed = np.where(zombie, 10**6, closed)
    amount = cents(np.round(np.where(zombie, amount * 1.45, amount), -2))
    closed_on = np.where(closed < len(rhythm.days), rhythm.worked(np.minimum(closed, len(rhythm.days) - 1).astype(int)), closed.astype(int))
    closed_on = _bunched(closed_on, won & ~zombie, rhythm, rng, effects.bunching)
    entered = np.where(np.arange(5) <= last[:, None], np.floor(entered), -1).astype(int)
    deals = born.assign(
        rep_id=rep, line=line_name, product=product, amount=amount, heat=heat, won=won & ~zombie, zombie=zombie, closed=closed_on,
        last=last, kept=kept, expected=created + np.maximum(rng.normal(88, 30, n), 20).astype(int), luck=rng.random(n), luck2=rng.random(n),
    )  # fmt: skip
    return _named_losses(deals, rhythm, rng, effects), entered


def _of_team(rep: np.ndarray, team: str) -> np.ndarray:
    return np.isin(rep, TEAMS[team][1])


def _course_position(rep: np.ndarray, courses: dict[str, pd.Timestamp], rhythm: Rhythm) -> np.ndarray:
    return np.array([rhythm.position(courses[name]) if name in courses else 10**7 for name in rep])


def _bunched(closed: np.ndarray, won: np.ndarray, rhythm: Rhythm, rng: np.random.Generator, share: float) -> np.ndarray:
    """Wins of a quarter's last month, some of them delayed to its last five working days."""
    moves, place = rng.random(len(closed)) < share, rng.integers(0, 5, len(closed))
    closed = closed.copy()
    for early, late, _ in rhythm.quarter_ends():
        mine = won & moves & (closed >= early[0]) & (closed < late[0])
        closed[mine] = late[place[mine]]
    return closed


def _named_losses(deals: pd.DataFrame, rhythm: Rhythm, rng: np.random.Generator, effects: Effects) -> pd.DataFrame:
    """Why a deal was lost, and against whom it ran."""
    n, lost = len(deals), ~deals["won"] & ~deals["zombie"]
    reason = rng.choice(REASONS, n, p=REASON_SHARES)
    rival = rng.choice(COMPETITORS, n)
    named = (rng.random(n) < 0.62) & (deals["last"] >= QUOTE)
    hengli = (deals["line"] == "Drives") & (deals["closed"] >= rhythm.position(planted.DRIVES_FALL)) & (deals["last"] >= QUOTE)
    hengli &= rng.random(n) < np.where(lost, effects.drives_competitor_share, effects.drives_competitor_share / 3)
    slow = deals["rep_id"].isin(planted.VALVE_REPS) & (deals["line"] == "Valves") & (deals["closed"] >= rhythm.position(planted.VALVES_FALL))
    slow &= (rng.random(n) < 0.5) & (effects.valve_points < 0)
    reason = np.where(hengli, "competitor", np.where(slow, "slow answer", reason))
    named = named | (reason == "competitor") & (deals["last"] >= QUOTE)
    deals["loss_reason"] = np.where(lost, reason, None)
    deals["competitor"] = np.where(hengli, planted.NEW_COMPETITOR, np.where(named, rival, None))
    return deals


def _within_data(deals: pd.DataFrame, entered: np.ndarray, rhythm: Rhythm) -> tuple[pd.DataFrame, np.ndarray]:
    """Deals that were open on the data's first day or created after it; zombies of the burn-in stay."""
    stays = (deals["closed"] >= rhythm.first).to_numpy()
    return deals[stays].reset_index(drop=True), entered[stays]


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
    quoted = np.flatnonzero((entered[:, QUOTE] >= max(rhythm.position(CHECKLIST_BEGINS), 0)) & (entered[:, QUOTE] < len(rhythm.days)))
    kept = deals["kept"].to_numpy()[quoted]
    gap, extra = rng.integers(0, 3, len(quoted)), rng.random((len(quoted), 3))
    done = np.where(kept[:, None], True, (np.arange(3) != gap[:, None]) & (extra < 0.5))
    ends = np.minimum(deals["closed"].to_numpy()[quoted], len(rhythm.days) - 1)
    start = entered[quoted, QUOTE]
    day = start[:, None] + (rng.random((len(quoted), 3)) * np.minimum(np.maximum(ends - start, 0), 12)[:, None]).astype(int)
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
