"""Whom does the demo company hear of? Leads by channel, and the deals that begin with them or with known customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.people import HIRED_ON, LEAVER, LEFT_ON, SUCCESSOR, Company
from salesnb.intake.demo.rhythm import Rhythm, stream

LEADS_A_DAY, DEALS_A_YEAR = 8.5, 1020
DECIDED_WITHIN = 150  # days
CHANNELS = {  # share of leads, conversion
    "website": (0.28, 0.17), "fair": (0.15, 0.16), "referral": (0.12, 0.33), "cold_call": (0.30, 0.18), "partner": (0.15, 0.21),
}  # fmt: skip


def rep_at(company: Company, account: np.ndarray, position: np.ndarray, rhythm: Rhythm) -> np.ndarray:
    """Who looks after an account on a day: its owner, or whoever did before the owner came."""
    owner = company.owner[account]
    theirs = owner == SUCCESSOR
    early, between = position <= rhythm.position(LEFT_ON), position < rhythm.position(HIRED_ON)
    return np.where(theirs & early, LEAVER, np.where(theirs & between, "R09", owner))


def _pick_accounts(
    company: Company, rng: np.random.Generator, position: np.ndarray, rhythm: Rhythm, power: float
) -> np.ndarray:
    """An account for each day: the larger the likelier, none before it was created."""
    chance = company.size**power
    chosen = rng.choice(len(chance), size=len(position), p=chance / chance.sum())
    created = (company.accounts["created_on"] - rhythm.days[0]).dt.days.to_numpy()
    old = np.flatnonzero(created < rhythm.first)
    replacement = old[(rng.random(len(position)) * len(old)).astype(int)]
    return np.where(created[chosen] > position, replacement, chosen)


def leads_of(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects, scale: float) -> pd.DataFrame:
    """One row per lead: day, account, channel, and what becomes of it."""
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


def created(
    company: Company, rhythm: Rhythm, leads: pd.DataFrame, *, seed: int, scale: float
) -> pd.DataFrame:
    """One row per deal on the day it is created: from leads, and from customers that are known already."""
    rng = stream(seed, 3)
    won_over = leads[leads["converts"]]
    position = rhythm.worked(won_over["position"].to_numpy() + won_over["wait"].to_numpy() + 2)
    from_leads = pd.DataFrame(
        {
            "position": position,
            "account": won_over["account"],
            "channel": won_over["channel"],
            "lead": won_over.index,
        }
    )
    a_day = rng.poisson(DEALS_A_YEAR * scale * rhythm.weight)
    day = np.repeat(np.arange(len(rhythm.days)), a_day)
    boost = np.isin(company.owner, planted.VALVE_REPS)
    direct = pd.DataFrame(
        {
            "position": day,
            "account": _pick_accounts(company, rng, day, rhythm, 0.55),
            "channel": "existing",
            "lead": np.nan,
        }
    )
    more = direct[boost[direct["account"]] & (rng.random(len(direct)) < 0.5)]
    born = pd.concat([from_leads, direct, more], ignore_index=True)
    born = born[born["position"] < len(rhythm.days)]
    return born.sort_values(["position", "account", "channel"], kind="stable").reset_index(drop=True)


def with_customers(born: pd.DataFrame, company: Company, rhythm: Rhythm, left: np.ndarray) -> pd.DataFrame:
    """Deals with accounts that will have left by their end go to the same person's next account in size."""
    account, position = born["account"].to_numpy().copy(), born["position"].to_numpy()
    opened = (company.accounts["created_on"] - rhythm.days[0]).dt.days.to_numpy()
    for row in np.flatnonzero(left[account] < position + DECIDED_WITHIN):
        fits = (company.owner == company.owner[account[row]]) & (opened <= position[row])
        stays = np.flatnonzero(fits & (left >= position[row] + DECIDED_WITHIN))
        if len(stays):
            account[row] = stays[np.argmin(np.abs(stays - account[row]))]
    return born.assign(account=account)
