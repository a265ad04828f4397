"""Those who buy: when they order, what they pay, and below which price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import lunar_new_year
from tests.worlds.dates import TODAY


def payments(seed: int, *, together: int = 1, slow: float = 0.0, accounts: int = 40) -> pd.DataFrame:
    """Accounts whose payment runs are late one in five, each with all of its `together` invoices. `slow`: how much oftener the
    first account's are."""
    rng = np.random.default_rng(seed)
    runs = rng.integers(8, 16, accounts)
    late = rng.binomial(runs, 0.2 + slow * (np.arange(accounts) == 0)) * together
    names = [f"C{number:03d}" for number in range(accounts)]
    worth = [rivals.independent([together] * number) for number in runs]
    return pd.DataFrame(
        {"account_id": names, "account_name": names, "due_ttm": runs * together, "late_ttm": late, "runs_ttm": worth, "mean_days_late": 3.0, "invoiced_ttm": 1.0}
    )  # fmt: skip


def floor_sales(seed: int, *, thin: bool = False, each: int = 1, war: float = 0.0) -> pd.DataFrame:
    """A year of orders in three lines and four regions, one in twenty below the floor with all its `each` lines. `thin`: Alpha
    always has two in five; `war`: points more of them for Alpha in the West from April to July."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-11-01", periods=12, freq="MS")
    rows = []
    for line in ("Alpha", "Beta", "Gamma"):
        for region in ("East", "North", "South", "West"):
            for month in months:
                fought = war * (line == "Alpha" and region == "West" and 4 <= month.month <= 7)
                orders = int(rng.poisson(10))
                below = int(rng.binomial(orders, (0.4 if thin and line == "Alpha" else 0.05) + fought))
                rows.append((line, region, month, orders, below, orders * each, below * each))
    frame = pd.DataFrame(
        rows, columns=["product_line", "region", "month", "orders", "below_orders", "lines", "below_lines"]
    )
    return frame.assign(below_amount=frame["below_lines"] * 100.0, shortfall=frame["below_lines"] * 5.0)


def order_days(
    seed: int, *, kind: str = "plain", accounts: int = 60, today: pd.Timestamp = TODAY, stopped: float = 0.0
) -> pd.DataFrame:
    """Order days of two and a half years. `kind`: ``plain`` (gamma gaps), ``bursts`` (three days in a week, then months of nothing),
    ``season`` (eight of nine in November to April), ``new_year`` (nobody orders for four weeks about the Chinese one), ``heavy`` (log-normal gaps),
    ``slower`` (everybody orders a third less since February), ``hole`` (no order of July to mid-August was kept), ``regular`` (every four weeks, give or take two days).
    `stopped`: of its own intervals, since which the first account has ordered nothing."""
    rng = np.random.default_rng(seed)
    first, rows = today - pd.Timedelta(days=910), []
    for number in range(accounts):
        mean = rng.uniform(10, 30)
        if kind == "bursts":
            starts = np.cumsum(rng.exponential(mean * 3, 120))
            at = np.concatenate([starts, starts + rng.integers(1, 4, 120), starts + rng.integers(4, 7, 120)])
        elif kind == "heavy":
            at = np.cumsum(rng.lognormal(np.log(mean) - 0.5, 1.0, 400))
        elif kind == "regular":
            at = rng.uniform(0, 28) + 28 * np.arange(40) + rng.normal(0, 2, 40)
        else:
            at = np.cumsum(rng.gamma(2.0, mean / 2, 400))
        days = first + pd.to_timedelta(np.floor(np.unique(at)), unit="D")
        if kind == "season" and number % 3 == 0:
            winter = (days.month >= 11) | (days.month <= 4)
            days = days[winter | (rng.random(len(days)) < 0.12)]
        if kind == "new_year":
            holidays = pd.DatetimeIndex([lunar_new_year(year) for year in (2024, 2025, 2026)])
            near = np.abs(
                (days.to_numpy()[:, None] - holidays.to_numpy()[None, :]) / np.timedelta64(1, "D")
            ).min(axis=1)
            days = days[near > 14]
        if kind == "slower":
            days = days[(days < pd.Timestamp("2026-02-01")) | (rng.random(len(days)) < 0.67)]
        if kind == "hole":
            days = days[(days < pd.Timestamp("2026-07-01")) | (days > pd.Timestamp("2026-08-15"))]
        days = days[days <= (today - pd.Timedelta(days=round(stopped * mean)) if number == 0 else today)]
        rows += [(f"C{number:03d}", day) for day in days.unique()]
    frame = pd.DataFrame(rows, columns=["account_id", "day"])
    return frame.assign(net_amount=np.round(rng.lognormal(8, 0.6, len(frame)), 2), is_order=True)


def overdue(seed: int, *, december: float = 0.0, jump: float = 0.0, growth: float = 0.0) -> pd.DataFrame:
    """Month ends to December 2026 with overdue money, which grows by `growth` a month; every December has `december` more, this one `jump`."""
    rng = np.random.default_rng(seed)
    ends = pd.date_range("2024-10-31", "2026-12-31", freq="ME")
    owed = 100 + rng.normal(0, 5, len(ends)) + december * (ends.month == 12)
    owed[-1] += jump
    owed = owed * (1 + growth) ** np.arange(len(ends))
    return pd.DataFrame(
        {
            "month_end": ends,
            "open": 500.0,
            "billed": 500.0,
            "overdue": owed,
            "invoiced_90d": 400.0,
            "invoiced_month": 130.0,
        }
    )


def bought(seed: int, *, broad: bool = True, together: float = 0.0) -> pd.DataFrame:
    """What 300 accounts bought of six lines in a year. `broad`: large ones buy more lines of every kind; `together`: the share that buys Beta whenever it buys Alpha."""
    rng = np.random.default_rng(seed)
    breadth, spread = rng.normal(0, 1.5 * broad, 300)[:, None], rng.normal(0, 1, 6)
    has = rng.random((300, 6)) < 1 / (1 + np.exp(-breadth - spread))
    copied = rng.random(300) < together
    has[copied, 1] = has[copied, 0]
    account, line = np.nonzero(has)
    names = np.array(["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"])
    return pd.DataFrame({"account_id": account.astype(str), "product_line": names[line], "net_amount": 1.0})


def key_days(seed: int, *, slower: float = 0.0, begins: int = 910) -> pd.DataFrame:
    """Order days of twelve key accounts since `begins` days. `slower`: the share that the first three order less often in the last half
    year."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(12):
        at = np.cumsum(rng.gamma(2.0, rng.uniform(3, 8) / 2, 900))
        days = TODAY - pd.Timedelta(days=begins) + pd.to_timedelta(np.floor(np.unique(at)), unit="D")
        days = days[days <= TODAY].unique()
        kept = (days < pd.Timestamp("2026-05-01")) | (rng.random(len(days)) > slower * (number < 3))
        rows += [(f"C{number:03d}", day) for day in days[kept]]
    frame = pd.DataFrame(rows, columns=["account_id", "day"])
    return frame.assign(net_amount=100.0, is_order=True)


def accompanied(
    seed: int, *, given: str = "lot", effect: float = 0.0, accounts: int = 80, acts: int = 70
) -> tuple[pd.DataFrame, pd.DataFrame, dict[pd.Timestamp, pd.Series], pd.DataFrame, pd.DataFrame]:
    """Trials with potential accounts, their order days, tiers, the accounts and their deals. `given`: by ``lot``, to those ``about`` to buy
    within 25 days, in a ``trough`` of their orders, after a ``peak``, to those who buy ``often``, or to those with an open ``deal``, which an order
    ends. `effect`: order days that each trial brings in the four months after it."""
    rng = np.random.default_rng(seed)
    names = np.array([f"C{number:03d}" for number in range(accounts)])
    first, rows, deals = TODAY - pd.Timedelta(days=1100), [], []
    bought = [
        np.unique(np.cumsum(rng.gamma(1.5, gap / 1.5, 200)).astype(int))
        for gap in rng.uniform(15, 70, accounts)
    ]
    bought = [days[days <= 1100] for days in bought]
    begun = [days - rng.integers(20, 120, len(days)) for days in bought]
    real = [rng.random(len(days)) < 0.3 for days in bought]
    chosen = []
    for _ in range(acts):
        day = int(rng.integers(400, 960))
        who = int(rng.integers(accounts))
        lately = np.array([((days >= day - 60) & (days < day)).sum() for days in bought])
        yearly = np.array([((days >= day - 365) & (days < day)).sum() for days in bought])
        if given in ("trough", "peak"):
            strange = (lately - yearly / 6) / np.sqrt(yearly / 6 + 0.5)
            who = int(rng.choice(np.argsort(strange if given == "trough" else -strange)[:8]))
        if given == "often":
            who = int(rng.choice(np.argsort(-yearly)[:20]))
        if given == "deal":
            open_ = [(real[one] & (begun[one] < day) & (bought[one] > day)).any() for one in range(accounts)]
            who = int(rng.choice(np.flatnonzero(open_)))
        if given == "about" and (bought[who] > day + 25).any():
            day = int(bought[who][bought[who] > day + 25][0]) - int(rng.integers(3, 25))
        chosen.append((who, day))
    for who, days in enumerate(bought):
        deals += [
            (names[who], one, day) for one, day in zip(begun[who][real[who]], days[real[who]], strict=True)
        ]
    for who, day in chosen:
        more = day + rng.integers(1, 121, rng.poisson(effect))
        bought[who] = np.unique(np.concatenate([bought[who], more[more <= 1100]]))
    for who, days in enumerate(bought):
        rows += [(names[who], day) for day in days]
    made = pd.DataFrame(rows, columns=["account_id", "day"])
    made = made.assign(day=first + pd.to_timedelta(made["day"], unit="D"), is_order=True, list_amount=np.nan)
    made["net_amount"] = rng.lognormal(8, 0.6, len(made))
    months = pd.date_range(first, TODAY, freq="MS")
    tiers = dict.fromkeys(months, pd.Series("potential", index=pd.Index(names)))
    places = pd.DataFrame({"account_id": names, "region": np.where(np.arange(accounts) % 2, "East", "West")})
    done = pd.DataFrame(chosen, columns=["account_id", "day"])
    done = done.assign(
        account_id=names[done["account_id"]], day=first + pd.to_timedelta(done["day"], unit="D"), kind="trial"
    )
    ran = pd.DataFrame(deals, columns=["account_id", "created_on", "closed_on"])
    for name in ("created_on", "closed_on"):
        ran[name] = first + pd.to_timedelta(ran[name], unit="D")
    return done, made, tiers, places, ran
