"""How is the demo company paid, and what was it set as targets?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import working_days
from salesnb.intake.demo.effects import HUGE_TERMS, Effects
from salesnb.intake.demo.people import HIRED_ON, REGION_SHARES, SUCCESSOR, Company
from salesnb.intake.demo.rhythm import COUNTRY, NEW_YEAR_LEVEL, NEW_YEARS, SEASON, Rhythm, cents, stream

YEAR_TARGETS = {2023: 800_000_000, 2024: 860_000_000, 2025: 960_000_000, 2026: 1_000_000_000}
OVER_ASSIGNMENT = 1.05
OLD_TERMS = 60  # of the slow payer, before the huge order
FIXED = {pd.Timestamp("2026-02-01"): 45_000_000}


def invoices(
    company: Company, rhythm: Rhythm, lines: pd.DataFrame, *, seed: int, effects: Effects
) -> pd.DataFrame:
    """One invoice per order above zero, within days of it; payment by the account's terms and habits."""
    rng = stream(seed, 30)
    orders = lines.groupby(["order_id", "account", "position"], sort=False, as_index=False)[
        "net_amount"
    ].sum()
    orders = orders[orders["net_amount"] > 0]
    account, n = orders["account"].to_numpy(), len(orders)
    issued = orders["position"].to_numpy() + rng.integers(1, 7, n)
    slow = account == company.slow_payer
    terms = np.where(
        slow,
        np.where(orders["net_amount"] == effects.huge_order, HUGE_TERMS, OLD_TERMS),
        company.accounts["payment_terms_days"].to_numpy()[account],
    )
    due = issued + terms
    late = company.late_days[account] + rng.gumbel(-3.5, 6.0, n)
    late += np.where(rng.random(n) < 0.03, rng.exponential(45, n), 0)
    late = np.where(slow & (effects.huge_order > 0), 60 + 30 * rng.random(n), late)
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
    unpaid = frame["paid_on"] > last
    frame["paid_on"] = frame["paid_on"].mask(unpaid)
    frame["paid_amount"] = frame["paid_amount"].mask(unpaid)
    frame = (
        frame[frame["issued_on"] <= last]
        .sort_values(["issued_on", "order_id"], kind="stable")
        .reset_index(drop=True)
    )
    frame["paid_amount"] = frame["paid_amount"].mask(
        (part[: len(frame)] > 0.7) & (frame["paid_amount"] == frame["amount"])
    )
    frame["invoice_id"] = "I" + (frame.index + 20001).astype(str)
    return frame


def targets(
    company: Company, lines: pd.DataFrame, *, starts: pd.Timestamp, ends: pd.Timestamp
) -> pd.DataFrame:
    """Company by month; from last year on regions by month and people by quarter; account plans for this year. Parts sum to the whole."""
    frames = []
    for year in range(starts.year + (starts.month > 1), ends.year + 1):
        months = _month_targets(year)
        frames.append(_rows(months, "month", "company", "Demo Industrial"))
        if year < ends.year - 1:
            continue
        shares = region_shares(company, lines)
        regions = list(shares)
        left = months.copy()
        for region in regions:
            own = left if region == regions[-1] else (months * shares[region]).round(-4)
            left = left - own
            frames.append(_rows(own, "month", "region", region))
            quarters = own.groupby(pd.PeriodIndex(own.index, freq="Q").start_time).sum()
            for rep, share in _rep_shares(company, lines, region).items():
                ramp = (
                    np.array([0.15, 0.55, 0.85, 1.0])
                    if (rep == SUCCESSOR and year == HIRED_ON.year)
                    else np.ones(4)
                )
                frames.append(
                    _rows((quarters * OVER_ASSIGNMENT * share * ramp).round(-4), "quarter", "rep", rep)
                )
    recent = lines[lines["position"] >= lines["position"].max() - 669]
    base = recent.groupby("account")["net_amount"].sum().sort_values(ascending=False).head(24) / 670 * 365
    for account, amount in base.sort_index().items():
        plan = pd.Series([round(amount * 1.08, -5)], index=[pd.Timestamp(year=ends.year, month=1, day=1)])
        frames.append(_rows(plan, "year", "account", f"C{int(account) + 1:03d}"))
    return pd.concat(frames, ignore_index=True)


def region_shares(company: Company, lines: pd.DataFrame) -> dict[str, float]:
    """Last year's shares of the regions, to whole percents; without enough history those that the company began with."""
    past = _past(lines)
    if past.empty:
        return dict(REGION_SHARES)
    region = company.accounts["region"].to_numpy()[past["account"]]
    sold = past.groupby(region)["net_amount"].sum().reindex(list(REGION_SHARES), fill_value=0.0)
    shares = (sold / sold.sum()).round(2)
    shares.iloc[0] += 1 - shares.sum()
    return {str(name): round(float(share), 2) for name, share in shares.items()}


def _rep_shares(company: Company, lines: pd.DataFrame, region: str) -> dict[str, float]:
    """What each person's accounts bought last year, drawn a quarter of the way to equal shares."""
    selling = company.reps[(company.reps["region"] == region) & company.reps["left_on"].isna()]["rep_id"]
    past = _past(lines)
    sold = (
        past.groupby(company.owner[past["account"]])["net_amount"]
        .sum()
        .reindex(list(selling), fill_value=0.0)
        + 1.0
    )
    return {str(rep): 0.25 / len(sold) + 0.75 * own / sold.sum() for rep, own in sold.items()}


def _past(lines: pd.DataFrame) -> pd.DataFrame:
    """The twelve months before this year: day 304 of the year is the data's last."""
    last = int(lines["position"].max())
    return lines[
        (lines["position"] <= last - 304)
        & (lines["position"] > last - 304 - 365)
        & (lines["position"].min() < last - 600)
    ]


def _month_targets(year: int) -> pd.Series:
    """The year spread by working days, season and Chinese New Year, to 100,000; what was fixed stays."""
    days = working_days(
        pd.Timestamp(year=year, month=1, day=1), pd.Timestamp(year=year, month=12, day=31), country=COUNTRY
    )
    weight = pd.Series(np.array(SEASON)[days.month - 1], index=days)
    for text in NEW_YEARS:
        distance = (days - pd.Timestamp(text)).days
        weight[(distance >= -12) & (distance < 20)] *= NEW_YEAR_LEVEL
    months = weight.groupby(days.to_period("M").start_time).sum()
    total = YEAR_TARGETS.get(year, 900_000_000)
    fixed = {month: float(amount) for month, amount in FIXED.items() if month.year == year}
    free = months.drop(list(fixed))
    free = (free / free.sum() * (total - sum(fixed.values()))).round(-5)
    free.iloc[-1] += total - sum(fixed.values()) - free.sum()
    return pd.concat([free, pd.Series(fixed, dtype=float)]).sort_index()


def _rows(amounts: pd.Series, grain: str, dimension: str, member: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period_start": amounts.index,
            "grain": grain,
            "dimension": dimension,
            "member": member,
            "amount": cents(amounts.to_numpy()),
        }
    )
