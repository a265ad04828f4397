"""What should the headline numbers be? A second computation, in plain pandas over whole tables, that shares no code with
the analyses: slow, literal, one key at a time. The tests hold the pack of the demo company against it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars import fiscal_year, working_days

DAY = pd.Timedelta(days=1)


def frame(book, table: str) -> pd.DataFrame | None:
    return book.tables[table].to_pandas() if table in book.tables else None


def window(as_of: pd.Timestamp, months: int) -> pd.Timestamp:
    """The first day of the last `months` calendar months."""
    return as_of.replace(day=1) - pd.DateOffset(months=months - 1)


def tiers(book) -> pd.DataFrame:
    """account_id → tier and TTM revenue, by walking the accounts one after the other."""
    as_of, settings = book.as_of, book.plan.tiers
    dated = {
        "orders": "ordered_on", "leads": "created_on", "opportunities": "created_on", "activities": "happened_on",
        "invoices": "issued_on", "satisfaction": "surveyed_on", "events": "happened_on", "accounts": "created_on",
    }  # fmt: skip
    named: set[str] = set()
    for table, column in dated.items():
        rows = frame(book, table)
        if rows is not None:
            day = pd.to_datetime(rows[column])
            named |= set(rows.loc[day.isna() | (day <= as_of), "account_id"].dropna())
    targets = frame(book, "targets")
    if targets is not None:
        of_accounts = targets[
            (targets["dimension"] == "account") & (pd.to_datetime(targets["period_start"]) <= as_of)
        ]
        named |= set(of_accounts["member"])
    orders = frame(book, "orders")
    orders = orders[(pd.to_datetime(orders["ordered_on"]) <= as_of) & orders["account_id"].notna()]
    day = pd.to_datetime(orders["ordered_on"])
    ttm = orders[day >= window(as_of, 12)].groupby("account_id")["net_amount"].sum()
    last = orders[day >= window(as_of, 6)].groupby("account_id")["net_amount"].sum()
    before = (
        orders[(day >= window(as_of, 12)) & (day < window(as_of, 6))]
        .groupby("account_id")["net_amount"]
        .sum()
    )
    first = day.groupby(orders["account_id"]).min()

    accounts = frame(book, "accounts")
    flagged: set[str] = set()
    if accounts is not None:
        created = pd.to_datetime(accounts["created_on"])
        flagged = set(
            accounts.loc[
                accounts["is_strategic"].fillna(False).astype(bool) & (created.isna() | (created <= as_of)),
                "account_id",
            ]
        )
    active = sorted((a for a in ttm.index if ttm[a] > 0), key=lambda a: (-ttm[a], a))
    positive = sum(ttm[a] for a in active)
    if not flagged:
        old = [a for a in active if (as_of - first[a]).days > settings.strategic.min_days]
        flagged = set(old[: int(np.ceil(round(settings.strategic.top_share * len(old), 9)))])
    reached = sum(max(ttm.get(a, 0), 0) for a in flagged)
    tier = dict.fromkeys(flagged, "strategic")
    for account in active:
        if account in tier:
            continue
        if reached < settings.core.revenue_share * positive:
            tier[account] = "core"
            reached += ttm[account]
        elif (
            last.get(account, 0) > before.get(account, 0)
            or (as_of - first[account]).days <= settings.potential.new_days
        ):
            tier[account] = "potential"
    table = pd.DataFrame({"account_id": sorted(named | set(tier))})
    table["tier"] = table["account_id"].map(tier).fillna("opportunity")
    table["revenue"] = table["account_id"].map(ttm).fillna(0.0)
    return table


def customers(book) -> dict[str, float]:
    table = tiers(book)
    positive = table.loc[table["revenue"] > 0, "revenue"]
    result: dict[str, float] = {"customers.active": len(positive)}
    for tier in ("strategic", "core", "potential", "opportunity"):
        mine = table[table["tier"] == tier]
        result[f"tier.{tier}"] = len(mine)
        result[f"tier_share.{tier}"] = mine["revenue"].clip(lower=0).sum() / positive.sum()
    result["concentration.top10_share"] = positive.nlargest(10).sum() / positive.sum()
    result["concentration.hhi"] = 10_000 * float(((positive / positive.sum()) ** 2).sum())
    activities = frame(book, "activities")
    contacts = (
        activities[pd.to_datetime(activities["happened_on"]) <= book.as_of]
        .groupby("account_id")["happened_on"]
        .max()
    )
    limits = {"strategic": book.plan.tiers.strategic.contact_days, "core": book.plan.tiers.core.contact_days}
    keys = table[table["tier"].isin(limits)]
    met = [
        account in contacts.index and (book.as_of - pd.Timestamp(contacts[account])).days <= limits[tier]
        for account, tier in zip(keys["account_id"], keys["tier"], strict=True)
    ]
    result["coverage.key_accounts"] = sum(met) / len(met)
    return result


def bookings(book) -> dict[str, float | None]:
    as_of = book.as_of
    start, end = fiscal_year(as_of, starts=book.plan.fiscal_year_starts)
    orders = frame(book, "orders")
    day = pd.to_datetime(orders["ordered_on"])
    span = lambda first, last: float(orders.loc[(day >= first) & (day <= last), "net_amount"].sum())  # noqa: E731
    year_before = pd.DateOffset(years=1)
    result: dict[str, float | None] = {
        "bookings.month": span(as_of.replace(day=1), as_of),
        "bookings.ytd": span(start, as_of),
        "bookings.prior_ytd": None
        if day.min() > start - year_before
        else span(start - year_before, as_of - year_before),
    }
    targets = frame(book, "targets")
    rows = targets[targets["dimension"] == "company"]
    monthly = None
    for grain, months in (("month", 1), ("quarter", 3), ("year", 12)):
        spread = {}
        for row in rows[rows["grain"] == grain].itertuples():
            for step in range(months):
                month = pd.Timestamp(row.period_start).replace(day=1) + pd.DateOffset(months=step)
                if start <= month <= end:
                    spread[month] = spread.get(month, 0) + row.amount / months
        if spread:
            monthly = pd.Series(spread).sort_index()
            break
    assert monthly is not None
    assert len(monthly) == 12
    result["target.year"] = float(monthly.sum())
    result["target.month"] = float(monthly[as_of.replace(day=1)])
    result["target.ytd"] = float(monthly[monthly.index <= as_of].sum())
    result["attainment.month"] = result["bookings.month"] / result["target.month"]
    result["attainment.ytd"] = result["bookings.ytd"] / result["target.ytd"]
    left = len(working_days(as_of + DAY, end, country=book.plan.country))
    result["required.per_working_day"] = (
        max(0.0, result["target.year"] - result["bookings.ytd"]) / left if left else None
    )
    return result


def funnel(book) -> dict[str, float]:
    as_of = book.as_of
    deals = frame(book, "opportunities")
    deals["created_on"], deals["closed_on"] = (
        pd.to_datetime(deals["created_on"]),
        pd.to_datetime(deals["closed_on"]),
    )
    deals = deals[deals["created_on"] <= as_of]
    closed = deals["outcome"].isin(["won", "lost"]) & (deals["closed_on"] <= as_of)
    still_open = deals[~closed]
    ttm = deals[closed & (deals["closed_on"] >= window(as_of, 12))]
    won = deals[closed & (deals["outcome"] == "won")]
    limit = float(np.percentile((won["closed_on"] - won["created_on"]).dt.days, 99))
    zombies = still_open[(as_of - still_open["created_on"]).dt.days > limit]
    young = deals[deals["created_on"] >= window(as_of, 24)]
    ended = closed.loc[young.index]
    days = (young["closed_on"].where(ended, as_of) - young["created_on"]).dt.days
    survival, median = 1.0, None
    for time in sorted(set(days[ended])):
        survival *= 1 - (days[ended] == time).sum() / (days >= time).sum()
        if survival <= 0.5:
            median = time
            break
    ordered = deals[closed].sort_values(["closed_on", "opportunity_id"])
    cut = int(0.75 * len(ordered))
    outcome = (ordered["outcome"] == "won").astype(float)
    return {
        "funnel.open_count": len(still_open),
        "funnel.open_value": still_open["amount"].sum(),
        "funnel.win_rate": (ttm["outcome"] == "won").mean(),
        "funnel.median_days_to_close": median,
        "funnel.zombie_limit_days": limit,
        "funnel.zombie_count": len(zombies),
        "funnel.zombie_value": zombies["amount"].sum(),
        "deals.base_brier": float(((outcome[cut:] - outcome[:cut].mean()) ** 2).mean()),
    }


def money(book) -> dict[str, float]:
    as_of = book.as_of
    bills = frame(book, "invoices")
    for column in ("issued_on", "due_on", "paid_on"):
        bills[column] = pd.to_datetime(bills[column])
    bills = bills[bills["issued_on"] <= as_of]
    known = bills["paid_on"].isna() | (bills["paid_on"] <= as_of)
    paid = bills["paid_amount"].where(
        bills["paid_amount"].notna(), bills["amount"].where(bills["paid_on"].notna(), 0.0)
    )
    unpaid = bills["amount"] - paid.where(known, 0.0)
    late = (bills["paid_on"] > bills["due_on"]) | (unpaid > 0)
    due = (bills["due_on"] >= window(as_of, 12)) & (bills["due_on"] <= as_of)
    recent = bills.loc[bills["issued_on"] > as_of - 90 * DAY, "amount"].sum()
    overdue = unpaid[bills["due_on"] < as_of].sum()

    deals = funnel(book)
    opportunities = frame(book, "opportunities")
    closed = opportunities["outcome"].isin(["won", "lost"]) & (
        pd.to_datetime(opportunities["closed_on"]) <= as_of
    )
    pending = opportunities[~closed & (pd.to_datetime(opportunities["created_on"]) <= as_of)]
    weight = (
        unpaid.groupby(bills["account_id"])
        .sum()
        .add(pending.groupby("account_id")["amount"].sum() * deals["funnel.win_rate"], fill_value=0)
    )
    share = weight / weight.sum()
    return {
        "receivables.open": unpaid.sum(),
        "receivables.overdue": overdue,
        "receivables.overdue_share": overdue / unpaid.sum(),
        "receivables.dso": unpaid.sum() / recent * 90,
        "receivables.late_rate": late[due].mean(),
        "exposure.hhi": 10_000 * (share**2).sum(),
        "exposure.top3_share": share.nlargest(3).sum(),
    }


def people(book) -> dict[str, float]:
    as_of = book.as_of
    reps = frame(book, "reps")
    hired, left = pd.to_datetime(reps["hired_on"]), pd.to_datetime(reps["left_on"])
    here = reps[(hired.isna() | (hired <= as_of)) & (left.isna() | (left > as_of))]
    start, end = fiscal_year(as_of, starts=book.plan.fiscal_year_starts)
    orders = frame(book, "orders")
    day = pd.to_datetime(orders["ordered_on"])
    sold = orders[(day >= start) & (day <= as_of)].groupby("rep_id")["net_amount"].sum()
    targets = frame(book, "targets")
    targets = targets[targets["dimension"] == "rep"]
    reached = []
    for rep in here["rep_id"]:
        mine = targets[targets["member"] == rep]
        for grain, months in (("month", 1), ("quarter", 3), ("year", 12)):
            spread = {}
            for row in mine[mine["grain"] == grain].itertuples():
                for step in range(months):
                    month = pd.Timestamp(row.period_start).replace(day=1) + pd.DateOffset(months=step)
                    if start <= month <= end:
                        spread[month] = spread.get(month, 0) + row.amount / months
            if spread:
                to_date = list(pd.date_range(start, as_of, freq="MS"))
                if all(month in spread for month in to_date):
                    reached.append(sold.get(rep, 0.0) / sum(spread[month] for month in to_date))
                break
    return {
        "team.reps": len(here),
        "team.median_attainment": float(np.median(reached)),
        "team.at_target": sum(r >= 1 for r in reached),
    }


def actions(book) -> dict[str, float]:
    rows = frame(book, "actions")
    rows = rows[pd.to_datetime(rows["raised_on"]) <= book.as_of]
    done = pd.to_datetime(rows["done_on"]) <= book.as_of
    overdue = ~done & (pd.to_datetime(rows["due_on"]) < book.as_of)
    return {
        "actions.open": int((~done).sum()),
        "actions.overdue": int(overdue.sum()),
        "actions.done_share": done.mean(),
    }


def pricing(book) -> dict[str, float]:
    orders, products = frame(book, "orders"), frame(book, "products")
    day = pd.to_datetime(orders["ordered_on"])
    lines = orders[(day >= window(book.as_of, 12)) & (day <= book.as_of)].merge(products, on="product_id")
    lines = lines[
        lines["product_line"].isin(book.plan.price_floors)
        & lines["cost_amount"].notna()
        & (lines["net_amount"] > 0)
    ]
    margin = 1 - lines["cost_amount"] / lines["net_amount"]
    under = lines[margin < lines["product_line"].map(book.plan.price_floors)]
    return {"pricing.below_floor_count": len(under), "pricing.below_floor_value": under["net_amount"].sum()}


def expected(book) -> dict[str, float | None]:
    """Every key that metrics.md defines to the digit."""
    parts = (bookings, customers, funnel, money, people, actions, pricing)
    return {key: value for part in parts for key, value in part(book).items()}
