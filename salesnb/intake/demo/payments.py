"""How is the demo company paid, and what was it set as targets?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars import working_days
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.ordering import huge_account
from salesnb.intake.demo.people import HIRED_ON, REGION_SHARES, SUCCESSOR, Company
from salesnb.intake.demo.rhythm import COUNTRY, NEW_YEARS, SEASON, Rhythm, cents, stream

YEAR_TARGETS = {2023: 800_000_000, 2024: 860_000_000, 2025: 930_000_000, 2026: 1_000_000_000}
OVER_ASSIGNMENT = 1.05
FIXED = {pd.Timestamp("2026-02-01"): 40_000_000}


def invoices(company: Company, rhythm: Rhythm, lines: pd.DataFrame, *, seed: int, effects: Effects) -> pd.DataFrame:
    """One invoice per order above zero, within days of it; payment by the account's terms and habits."""
    rng = stream(seed, 30)
    orders = lines.groupby(["order_id", "account", "position"], sort=False, as_index=False)["net_amount"].sum()
    orders = orders[orders["net_amount"] > 0]
    account, n = orders["account"].to_numpy(), len(orders)
    issued = orders["position"].to_numpy() + rng.integers(1, 7, n)
    due = issued + company.accounts["payment_terms_days"].to_numpy()[account]
    late = company.late_days[account] + rng.gumbel(-3.5, 6.0, n)
    late += np.where(rng.random(n) < 0.03, rng.exponential(45, n), 0)
    slow = account == huge_account(company)
    late = np.where(slow & (effects.huge_order > 0), 45 + 30 * rng.random(n), late)
    paid = rhythm.dates(np.maximum(due + np.round(late), issued + 1).astype(int))
    last = rhythm.days[-1]
    amount = cents(orders["net_amount"].to_numpy())
    part = rng.random(n)
    paid_amount = np.where(part < 0.02, cents(amount * 0.6), amount)
    frame = pd.DataFrame(
        {
            "account": account, "order_id": orders["order_id"].to_numpy(), "issued_on": rhythm.dates(issued), "due_on": rhythm.dates(due),
            "paid_on": paid, "amount": amount, "paid_amount": paid_amount,
        }
    )  # fmt: skip
    frame.loc[frame["paid_on"] > last, ["paid_on", "paid_amount"]] = [pd.NaT, np.nan]
    frame = frame[frame["issued_on"] <= last].sort_values(["issued_on", "order_id"], kind="stable").reset_index(drop=True)
    frame["paid_amount"] = frame["paid_amount"].mask((part[: len(frame)] > 0.7) & (frame["paid_amount"] == frame["amount"]))
    frame["invoice_id"] = "I" + (frame.index + 20001).astype(str)
    return frame


def targets(company: Company, lines: pd.DataFrame, *, starts: pd.Timestamp, ends: pd.Timestamp) -> pd.DataFrame:
    """Company by month; regions and people by quarter from 2025; account plans for this year. Parts sum to the whole."""
    frames = []
    for year in range(starts.year, ends.year + 1):
        months = _month_targets(year)
        frames.append(_rows(months, "month", "company", "Demo Industrial"))
        if year < ends.year - 1:
            continue
        quarters = months.groupby(months.index.to_period("Q").start_time).sum()
        regions = list(REGION_SHARES)
        left = quarters.copy()
        for region in regions:
            own = left if region == regions[-1] else quarters * REGION_SHARES[region]
            left = left - own
            frames.append(_rows(own, "quarter", "region", region))
            for rep, share in _rep_shares(company, region).items():
                ramp = np.array([0.15, 0.55, 0.85, 1.0]) if (rep == SUCCESSOR and year == HIRED_ON.year) else np.ones(4)
                frames.append(_rows((own * OVER_ASSIGNMENT * share * ramp).round(-4), "quarter", "rep", rep))
    recent = lines[lines["position"] >= lines["position"].max() - 669]
    base = recent.groupby("account")["net_amount"].sum().sort_values(ascending=False).head(24) / 670 * 365
    for account, amount in base.sort_index().items():
        plan = pd.Series([round(amount * 1.08, -5)], index=[pd.Timestamp(year=ends.year, month=1, day=1)])
        frames.append(_rows(plan, "year", "account", f"C{int(account) + 1:03d}"))
    return pd.concat(frames, ignore_index=True)


def _rep_shares(company: Company, region: str) -> dict[str, float]:
    """What each person's accounts weigh in the region, between an equal share and their size."""
    selling = company.reps[(company.reps["region"] == region) & company.reps["left_on"].isna()]["rep_id"]
    weight = {rep: float(company.size[company.owner == rep].sum()) for rep in selling}
    total = sum(weight.values())
    return {rep: 0.3 / len(weight) + 0.7 * own / total for rep, own in weight.items()}


def _month_targets(year: int) -> pd.Series:
    """The year spread by working days, season and Chinese New Year, to 100,000; what was fixed stays."""
    days = working_days(pd.Timestamp(year=year, month=1, day=1), pd.Timestamp(year=year, month=12, day=31), country=COUNTRY)
    weight = pd.Series(np.array(SEASON)[days.month - 1], index=days)
    for text in NEW_YEARS:
        distance = (days - pd.Timestamp(text)).days
        weight[(distance >= -12) & (distance < 20)] *= 0.62
    months = weight.groupby(days.to_period("M").start_time).sum()
    total = YEAR_TARGETS.get(year, 900_000_000)
    fixed = {month: float(amount) for month, amount in FIXED.items() if month.year == year}
    free = months.drop(list(fixed))
    free = (free / free.sum() * (total - sum(fixed.values()))).round(-5)
    free.iloc[-1] += total - sum(fixed.values()) - free.sum()
    return pd.concat([free, pd.Series(fixed, dtype=float)]).sort_index()


def _rows(amounts: pd.Series, grain: str, dimension: str, member: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"period_start": amounts.index, "grain": grain, "dimension": dimension, "member": member, "amount": cents(amounts.to_numpy())}
    )
