"""Tiers, concentration, coverage and the repeat model, by walking the accounts one after the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, roots_jacobi

from tests.oracle.tables import HAPPENED, Seen

TIERS = ("strategic", "core", "potential", "opportunity")


def named(seen: Seen) -> set[str]:
    """Every account that a row dated by as_of, or undated, names."""
    found: set[str] = set()
    for name in HAPPENED:
        rows = seen.rows(name)
        if "account_id" in rows:
            found |= set(rows["account_id"].dropna())
    targets = seen.rows("targets")
    of_accounts = targets[
        (targets["dimension"] == "account") & (pd.to_datetime(targets["period_start"]) <= seen.as_of)
    ]
    listed = seen.known["accounts"]
    ids = {} if listed is None else dict(zip(listed["account_name"], listed["account_id"], strict=True))
    for member in of_accounts["member"].map(lambda name: ids.get(name, name)):
        if seen.scope is None or (seen.scope.kind == "account" and seen.scope.member == member):
            found.add(member)
    return found


def tiers(company: Seen) -> dict[str, str]:
    """account_id → tier, company-wide."""
    as_of, settings = company.as_of, company.plan.tiers
    orders = company.rows("orders")
    orders = orders[orders["account_id"].notna()]
    ttm = orders[orders["ordered_on"] >= company.window(12)].groupby("account_id")["net_amount"].sum()
    last = orders[orders["ordered_on"] >= company.window(6)].groupby("account_id")["net_amount"].sum()
    before = ttm.sub(last, fill_value=0)
    first = orders[orders["net_amount"] >= 0].groupby("account_id")["ordered_on"].min()
    accounts = company.rows("accounts")
    flagged = set(accounts.loc[accounts["is_strategic"].fillna(False).astype(bool), "account_id"])
    active = sorted((a for a in ttm.index if ttm[a] > 0), key=lambda a: (-ttm[a], a))
    positive = sum(ttm[a] for a in active)
    if not flagged:
        old = [a for a in active if (as_of - first[a]).days > settings.strategic.min_days]
        flagged = set(old[: int(np.ceil(round(settings.strategic.top_share * len(old), 9)))])
    reached = sum(max(ttm.get(a, 0), 0) for a in flagged)
    tier = dict.fromkeys(named(company), "opportunity") | dict.fromkeys(flagged, "strategic")
    for account in active:
        if account in flagged:
            continue
        if reached < settings.core.revenue_share * positive * (1 - 1e-12):
            tier[account] = "core"
            reached += ttm[account]
        elif (
            last.get(account, 0) > before[account] + 1e-9 * abs(before[account])
            or (as_of - first[account]).days <= settings.potential.new_days
        ):
            tier[account] = "potential"
    return tier


def customers(own: Seen, company: Seen) -> dict[str, float | None]:
    keys = ["customers.active", *(f"{kind}.{tier}" for tier in TIERS for kind in ("tier", "tier_share"))]
    keys += ["concentration.top10_share", "concentration.hhi", "coverage.key_accounts"]
    if own.orders is None or company.rows("orders")["account_id"].isna().all():
        return dict.fromkeys(keys)
    mine = named(own)
    tier = {account: its for account, its in tiers(company).items() if account in mine}
    orders = own.orders[own.orders["ordered_on"] >= own.window(12)]
    revenue = orders.groupby("account_id")["net_amount"].sum()
    positive = revenue[revenue > 0]
    total = positive.sum() or None
    result: dict[str, float | None] = {"customers.active": len(positive)}
    for each in TIERS:
        its = [account for account in tier if tier[account] == each]
        result[f"tier.{each}"] = len(its)
        result[f"tier_share.{each}"] = positive[positive.index.isin(its)].sum() / total if total else None
    result["concentration.top10_share"] = positive.nlargest(10).sum() / total if total else None
    result["concentration.hhi"] = 10_000 * float(((positive / total) ** 2).sum()) if total else None
    result["coverage.key_accounts"] = _coverage(own, company, tier)
    return result


def _coverage(own: Seen, company: Seen, tier: dict[str, str]) -> float | None:
    limits = {"strategic": own.plan.tiers.strategic.contact_days, "core": own.plan.tiers.core.contact_days}
    keys = [account for account in tier if tier[account] in limits]
    if own.activities is None or not keys:
        return None
    if company.activities["happened_on"].max() < own.as_of.replace(day=1):
        return None  # the table ends before the month: who was met in it is not known
    if company.activities["account_id"].isna().all():
        return None  # no activity names an account: who was met is not known
    last = own.activities.groupby("account_id")["happened_on"].max()
    met = [a in last.index and (own.as_of - last[a]).days <= limits[tier[a]] for a in keys]
    return sum(met) / len(met)


def histories(company: Seen) -> pd.DataFrame:
    """account_id → repeat order days x, weeks to the last one, weeks observed."""
    orders = company.rows("orders")
    days = orders[orders["net_amount"] >= 0].dropna(subset="account_id").groupby("account_id")["ordered_on"]
    table = pd.DataFrame({"x": days.nunique() - 1.0, "first": days.min(), "last": days.max()})
    table["recency"] = (table["last"] - table["first"]).dt.days / 7
    table["age"] = (company.as_of - table["first"]).dt.days / 7
    return table


def log_likelihood(parameters: np.ndarray, table: pd.DataFrame) -> float:
    """Fader, Hardie and Lee (2005), equation 6, term by term."""
    r, alpha, a, b = parameters
    x, recency, age = (table[name].to_numpy() for name in ("x", "recency", "age"))
    whole = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = -(r + x) * np.log(alpha + age)
    x_or_one = np.maximum(x, 1)
    left = np.where(x > 0, np.log(a / (b + x_or_one - 1)) - (r + x) * np.log(alpha + recency), -np.inf)
    return float((whole + np.logaddexp(stays, left)).sum())


def repeat(own: Seen, company: Seen) -> dict[str, float | None]:
    """The likelihood climbed without its gradient; expected order days by integrating the rate of buying over time."""
    keys = ("r", "alpha", "a", "b", "log_likelihood", "expected_orders_90d")
    table = histories(company)
    if len(table) < 100:
        return {f"repeat.{key}": None for key in keys}
    best = None
    for start in ((0.5, 5.0, 0.5, 2.0), (2.0, 20.0, 0.2, 2.0)):
        tried = minimize(
            lambda logs: -log_likelihood(np.exp(logs), table), np.log(start), method="Nelder-Mead",
            options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-8},
        )  # fmt: skip
        best = tried if best is None or tried.fun < best.fun else best
    if np.abs(best.x).max() > np.log(1e3):
        return {f"repeat.{key}": None for key in keys}
    mine = table[table.index.isin(named(own))]
    values = (*np.exp(best.x), -best.fun, _expected(np.exp(best.x), mine, weeks=90 / 7))
    return {f"repeat.{key}": float(value) for key, value in zip(keys, values, strict=True)}


def _expected(parameters: np.ndarray, table: pd.DataFrame, *, weeks: float) -> float:
    """Σ over accounts of E[order days in the next weeks] = P(alive) × ∫ E[λ · exp(−λ p s)] ds over the gamma and beta that
    their histories leave."""
    r, alpha, a, b = parameters
    x, recency, age = (table[name].to_numpy() for name in ("x", "recency", "age"))
    gone = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + recency)) ** (r + x), 0)
    shape, rate = r + x, alpha + age

    total = np.zeros(len(table))
    for orders in np.unique(x):
        same = x == orders
        nodes, weights = roots_jacobi(
            48, b + orders - 1, a - 1
        )  # the beta density of the chance p of leaving
        p = (nodes[:, None] + 1) / 2
        of_rate = -np.expm1(-shape[same] * np.log1p(p * weeks / rate[same])) / p
        total[same] = weights @ of_rate / weights.sum()
    return float((total / (1 + gone)).sum())
