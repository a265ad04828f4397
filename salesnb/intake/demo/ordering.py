"""What do the demo company's customers order? Each in a rhythm of its own, and after won deals; in lines, with returns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.people import LINES, Company
from salesnb.intake.demo.prospects import rep_at
from salesnb.intake.demo.rhythm import Rhythm, cents, stream

ORDERS_A_YEAR, REPEAT_REVENUE = 2350, 8.75e8  # at the level of 2026, if nobody ever left
NEVER_SHARE, LOYAL = 0.13, 40  # customers that never order without a deal; the largest, who never leave
REGULARITY, LOYAL_REGULARITY = 1.4, 3.5  # shape of the gaps between orders: 1 is pure chance
PROJECT_SHARE = 0.01  # lines at a project price, far below the usual one
RETURN_SHARE = 0.012
WAR_LINES = 0.85
UNPAID_BEFORE = (640_000.0, 815_000.0, 472_500.0)


def order_lines(
    company: Company,
    rhythm: Rhythm,
    deals: pd.DataFrame,
    regular: pd.DataFrame,
    *,
    seed: int,
    effects: Effects,
) -> pd.DataFrame:
    """One row per order line, returns as lines below zero; `pulled` marks lines that belong to the following month."""
    repeat = _pulled(regular, rhythm, seed=seed, effects=effects)
    lines = pd.concat(
        [
            _lines(company, rhythm, repeat, part=1, seed=seed, effects=effects),
            _lines(company, rhythm, _deal_orders(deals, rhythm), part=2, seed=seed, effects=effects),
            _huge(company, rhythm, effects),
        ],
        ignore_index=True,
    )
    return _numbered(pd.concat([lines, _returns(lines, rhythm, seed=seed)], ignore_index=True))


def repeat_orders(
    company: Company, rhythm: Rhythm, *, seed: int, effects: Effects
) -> tuple[pd.DataFrame, np.ndarray]:
    """Each account's order days: gaps in operational time, and after each order a chance that it was the last.

    Also, one per account, the day of that last order; beyond the data where there was none.
    """
    n = len(company.size)
    rng = stream(seed, 10)
    rate = company.size**0.60 * np.exp(rng.normal(0, np.where(np.arange(n) < LOYAL, 0.12, 0.35)))
    rate[:8] *= 1.4
    rate = np.clip(rate * ORDERS_A_YEAR * n / 400 / rate.sum(), 0.7, 46)
    value = company.size * REPEAT_REVENUE * n / 400 / rate
    never = (rng.random(n) < NEVER_SHARE) & (np.arange(n) >= LOYAL * 1.5)
    leaves = np.where(np.arange(n) < LOYAL, 0.0, rng.beta(0.9, 24, n))
    created = (company.accounts["created_on"] - rhythm.days[0]).dt.days.to_numpy()
    frames, left = [], np.full(n, 10**6)
    for account in range(n):
        own = stream(seed, 11, account)
        began = rhythm.cumulative[min(max(int(created[account]), 0), len(rhythm.days) - 1)]
        count = int(rate[account] * (rhythm.cumulative[-1] - began) * 1.4 + 12)
        shape = LOYAL_REGULARITY if account < LOYAL else REGULARITY
        gaps = own.gamma(shape, 1 / shape, count) / rate[account]
        gaps[0] *= own.random()
        stays = np.cumprod(np.append(True, own.random(count - 1) >= leaves[account])).astype(bool)
        size, thinned = np.exp(own.normal(-0.18, 0.6, count)) * value[account], own.random(count)
        day = rhythm.positions(began + np.cumsum(gaps))
        if not stays.all():
            left[account] = day[np.flatnonzero(stays)[-1]]
        keep = stays & (day < len(rhythm.days)) & (day >= rhythm.first) & (not never[account])
        if effects.silence:
            keep &= _still_orders(f"C{account + 1:03d}", day, thinned, rhythm)
        frames.append(pd.DataFrame({"account": account, "position": day[keep], "amount": size[keep]}))
    orders = pd.concat(frames, ignore_index=True)
    orders["opportunity_id"] = None
    orders["product"] = -1
    return orders, left


def _still_orders(account: str, day: np.ndarray, thinned: np.ndarray, rhythm: Rhythm) -> np.ndarray:
    """False from the day on which the account fell silent; half as often while it drifts."""
    last = silent_from(account)
    if last is None:
        return np.ones(len(day), dtype=bool)
    drifts = (account in planted.DRIFTING) & (day >= rhythm.position(planted.DRIFT_BEGINS)) & (thinned < 0.5)
    return (day <= rhythm.position(last)) & ~drifts


def silent_from(account: str) -> pd.Timestamp | None:
    """The last day on which a planted silent account may order, None for all others."""
    return planted.SILENT.get(account)


def _pulled(orders: pd.DataFrame, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """A quarter's last five working days draw orders from their own month and from the next."""
    rng = stream(seed, 12)
    moves, place = rng.random(len(orders)), rng.integers(0, 5, len(orders))
    position, pulled = orders["position"].to_numpy().copy(), np.zeros(len(orders), dtype=bool)
    original = position.copy()
    for early, late, following in rhythm.quarter_ends():
        sprint = rhythm.days[late[0]] >= planted.SPRINT_MONTH
        share = effects.sprint_pull_share if sprint else effects.pull_share
        own = (original >= early[0]) & (original < late[0]) & (moves < effects.bunching)
        next_month = np.isin(original, following) & (moves < share)
        position[own | next_month] = late[place[own | next_month]]
        pulled |= next_month
    return orders.assign(position=position, pulled=pulled & (position >= rhythm.first))


def _deal_orders(deals: pd.DataFrame, rhythm: Rhythm) -> pd.DataFrame:
    won = deals[deals["won"] & (deals["closed"] >= rhythm.first) & (deals["closed"] < len(rhythm.days))]
    return pd.DataFrame(
        {
            "account": won["account"], "position": won["closed"], "amount": won["amount"], "opportunity_id": won["opportunity_id"],
            "product": won["product"], "pulled": False,
        }
    )  # fmt: skip


def _lines(
    company: Company, rhythm: Rhythm, orders: pd.DataFrame, *, part: int, seed: int, effects: Effects
) -> pd.DataFrame:
    """Orders split into lines: products by the account's own mix, discounts around 11%, quantities whole."""
    rng = stream(seed, 13, part)
    count = np.minimum(1 + rng.poisson(1.05, len(orders)), 4)
    row = np.repeat(np.arange(len(orders)), count)
    first = np.append(True, row[1:] != row[:-1]) if len(row) else np.zeros(0, dtype=bool)
    share = rng.gamma(1.2, 1, len(row)) + 0.15
    lead = orders["product"].to_numpy()[row]
    share = np.where(first & (lead >= 0), share + 4, share)
    share /= np.bincount(row, weights=share, minlength=len(orders))[row]
    account = orders["account"].to_numpy()[row]
    line = (np.cumsum(company.line_mix[account], axis=1) < rng.random((len(row), 1)) * 0.999999).sum(axis=1)
    product = np.where(first & (lead >= 0), lead, line * 6 + rng.integers(0, 6, len(row)))
    position = orders["position"].to_numpy()[row]
    rep = rep_at(company, account, position, rhythm)
    name = np.array(LINES)[product // 6]
    discount = np.clip(rng.normal(0.11, 0.035, len(row)), 0, 0.23)
    region = company.accounts["region"].to_numpy()[account]
    war_line, war_region, begins, ends = planted.WAR
    war = (
        (name == war_line)
        & (region == war_region)
        & (position >= rhythm.position(begins))
        & (position <= rhythm.position(ends))
    )
    discount += np.where(
        war & (rng.random(len(row)) < WAR_LINES), effects.war_discount + 0.03 * rng.random(len(row)), 0
    )
    discount += np.where(rng.random(len(row)) < PROJECT_SHARE, 0.20, 0)
    price = company.products["list_price"].to_numpy()[product]
    wanted = orders["amount"].to_numpy()[row] * share
    quantity = np.maximum(np.round(wanted / (price * 0.89)), 1)
    frame = pd.DataFrame(
        {
            "account": account, "position": position, "rep_id": rep, "product": product,
            "opportunity_id": orders["opportunity_id"].to_numpy()[row], "quantity": quantity.astype(int),
            "net_amount": cents(quantity * price * (1 - discount)), "list_amount": cents(quantity * price),
            "cost_amount": cents(quantity * company.products["unit_cost"].to_numpy()[product]),
            "pulled": orders["pulled"].to_numpy()[row], "order": row + part * 10**6, "war": war,
        }
    )  # fmt: skip
    return frame[~_lost(frame, name, rhythm, rng, effects)] if part == 1 else frame


def _lost(
    frame: pd.DataFrame, name: np.ndarray, rhythm: Rhythm, rng: np.random.Generator, effects: Effects
) -> np.ndarray:
    """Repeat lines that two people's customers and frightened customers no longer order."""
    position, draw = frame["position"].to_numpy(), rng.random(len(frame))
    valves = (
        (name == "Valves")
        & frame["rep_id"].isin(planted.VALVE_REPS).to_numpy()
        & (position >= rhythm.position(planted.VALVES_FALL))
    )
    line, begins, ends = planted.PUBLICITY
    publicity = (name == line) & (position >= rhythm.position(begins)) & (position <= rhythm.position(ends))
    return (valves & (draw < effects.valve_orders_lost)) | (publicity & (draw < effects.publicity_orders))


def _huge(company: Company, rhythm: Rhythm, effects: Effects) -> pd.DataFrame:
    """One order of three lines whose amount is exact, after three ordinary ones that the same account has not paid."""
    if not effects.huge_order:
        return pd.DataFrame()
    net = cents(np.append(np.array([0.5, 0.3, 0.2]) * effects.huge_order, UNPAID_BEFORE))
    days = [planted.HUGE_DAY] * 3 + list(planted.UNPAID_DAYS)
    return pd.DataFrame(
        {
            "account": company.slow_payer, "position": [rhythm.position(day) for day in days], "rep_id": company.owner[company.slow_payer],
            "product": [0, 6, 12, 1, 7, 13], "opportunity_id": None, "quantity": [240, 120, 60, 20, 18, 12], "net_amount": net,
            "list_amount": cents(net / 0.86), "cost_amount": cents(net * 0.69), "pulled": False,
            "order": [9 * 10**6] * 3 + [9 * 10**6 + 1, 9 * 10**6 + 2, 9 * 10**6 + 3], "war": False,
        }
    )  # fmt: skip


def _returns(lines: pd.DataFrame, rhythm: Rhythm, *, seed: int) -> pd.DataFrame:
    """A few lines come back some weeks later, whole or in part."""
    rng = stream(seed, 14)
    chosen = lines[(rng.random(len(lines)) < RETURN_SHARE) & (lines["order"] < 9 * 10**6)].copy()
    part = np.where(rng.random(len(chosen)) < 0.5, 1.0, 0.5)
    chosen["quantity"] = -np.maximum(np.floor(chosen["quantity"] * part), 1).astype(int)
    whole = lines.loc[chosen.index, "quantity"].to_numpy()
    for money in ("net_amount", "list_amount", "cost_amount"):
        chosen[money] = cents(chosen[money].to_numpy() * chosen["quantity"].to_numpy() / whole)
    chosen["position"] = rhythm.worked(chosen["position"].to_numpy() + rng.integers(8, 40, len(chosen)))
    chosen["order"] = np.arange(len(chosen)) + 5 * 10**6
    chosen[["opportunity_id", "pulled"]] = [None, False]
    return chosen[chosen["position"] < len(rhythm.days) - 1]


def _numbered(lines: pd.DataFrame) -> pd.DataFrame:
    """Order and line numbers in the order of days."""
    lines = lines.sort_values(["position", "account", "order"], kind="stable").reset_index(drop=True)
    new = (lines["order"] != lines["order"].shift()) | (lines["account"] != lines["account"].shift())
    lines["order_id"] = "O" + (1000 + new.cumsum()).astype(str)
    lines["line_id"] = (lines.groupby("order_id", sort=False).cumcount() + 1).astype(str)
    return lines
