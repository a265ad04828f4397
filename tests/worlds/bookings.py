"""What is booked, by day, week, month and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import working_days
from tests.worlds.dates import TODAY

BUSY = (0.35, 0.35, 0.1, 0.1, 0.1)  # two of five people bring most


def quarter_ends(
    seed: int, *, drawn: float = 0.0, plain: bool = False, one_huge: float = 0.0, more: float = 0.0
) -> pd.DataFrame:
    """Eight orders a working day, half as many again in a quarter's last five days and a tenth fewer in the fifteen after, at every
    quarter's end alike. `drawn`: the share of October's first fifteen days that the September sprint moved to its last five. `plain`: no day is like
    a quarter's end; `more`: the share of further orders on the sprint's days; `one_huge`: an order on the sprint's last day, in usual ones' money."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2024-01-01"), TODAY)
    rate = pd.Series(8.0, days)
    for end in () if plain else pd.date_range("2024-03-31", "2026-09-30", freq="QE"):
        rate[days[days <= end][-5:]] = 12.0
        rate[days[days > end][:15]] = 7.2
    moved = days[days > pd.Timestamp("2026-09-30")][:15]
    rate[days[days <= pd.Timestamp("2026-09-30")][-5:]] += drawn * rate[moved].sum() / 5
    rate[moved] *= 1 - drawn
    rate[(days >= pd.Timestamp("2026-09-01")) & (days <= pd.Timestamp("2026-09-30"))] *= 1 + more
    counts = rng.poisson(rate.to_numpy())
    when = days.repeat(counts)
    amounts = np.round(rng.lognormal(8, 0.5, len(when)), 2)
    amounts[np.flatnonzero(when <= pd.Timestamp("2026-09-30"))[-1]] += one_huge * amounts.mean()
    return pd.DataFrame({"account_id": "C1", "day": when, "net_amount": amounts, "is_order": True})


def seasonal_bookings(
    seed: int,
    *,
    year_end: float = 1.0,
    jump: float = 1.0,
    heavy: float = 0.5,
    one_huge: float = 0.0,
    begins: str = "2025-01-01",
) -> tuple[pd.DataFrame, pd.Series]:
    """Two years of a company that sells every December `year_end` times as much, and its even targets; this December `jump` times. `heavy`: the
    log-normal spread of the amounts; `one_huge`: an order of June, in usual ones' money; `begins`: since when orders are known."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2025-01-01"), pd.Timestamp("2026-12-31"))
    rate = np.where(days.month == 12, year_end, 1.0) * np.where(days >= pd.Timestamp("2026-12-01"), jump, 1.0)
    when = days.repeat(rng.poisson(6 * rate))
    frame = pd.DataFrame(
        {
            "day": when,
            "rep_id": rng.choice(list("ABCDEFGH"), len(when)),
            "net_amount": rng.lognormal(3, heavy, len(when)),
        }
    )
    frame = frame[frame["day"] >= begins].reset_index(drop=True)
    june = frame.index[frame["day"] >= "2026-06-10"][0]
    frame.loc[june, "net_amount"] += one_huge * float(frame["net_amount"].mean())
    year = frame.loc[frame["day"].dt.year == 2026, "net_amount"].sum()
    return frame, pd.Series(year / 12, pd.date_range("2026-01-01", periods=12, freq="MS"))


def weeks_of_sales(
    seed: int, *, peak: float = 0.0, one_huge: float = 0.0, dip: float = 0.0, season: float = 0.0
) -> tuple[pd.Series, pd.Series, pd.Timestamp]:
    """Weekly money of a line and of all others, and the day of an event. `peak`: how much more the three weeks before it had; `one_huge`:
    an order before it, in usual weeks' money; `dip`: the share that the line lacks in the six weeks after it; `season`: how much more
    it sells each winter, which ends as the event comes."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range(end=TODAY, periods=140, freq="7D")
    own, rest = pd.Series(rng.gamma(20, 5, 140), weeks), pd.Series(rng.gamma(80, 5, 140), weeks)
    own *= np.where(weeks.month.isin([12, 1, 2, 3]), 1 + season, 1.0)  # the event comes in April
    own.iloc[107:110] *= 1 + peak
    own.iloc[104] += 100 * one_huge
    own.iloc[110:116] *= 1 - dip
    return own, rest, weeks[110]


def two_years(seed: int, *, one_huge: float = 0.0, lost: float = 0.0, heavy: bool = False) -> pd.DataFrame:
    """Bookings of two years in four regions, three lines and five people each. `one_huge`: an order of last year, in usual ones' money;
    `lost`: the share that two people in the East no longer sell of Alpha; `heavy`: amounts with a heavy tail."""
    rng = np.random.default_rng(seed)
    n = 6000
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 669, n), unit="D")
    region = rng.choice(["East", "North", "South", "West"], n)
    rep = np.array(
        [f"{place}{number}" for place, number in zip(region, rng.choice(5, n, p=BUSY), strict=True)]
    )
    line = rng.choice(["Alpha", "Beta", "Gamma"], n)
    amount = rng.lognormal(3, 1.5 if heavy else 0.4, n)
    frame = pd.DataFrame(
        {"day": day, "region": region, "product_line": line, "rep_id": rep, "net_amount": amount}
    )
    theirs = (
        frame["rep_id"].isin(["East0", "East1"]) & (line == "Alpha") & (day >= pd.Timestamp("2026-01-01"))
    )
    frame = frame[~(theirs & (rng.random(n) < lost))].reset_index(drop=True)
    first = frame.index[(frame["rep_id"] == "East0") & (frame["day"] < pd.Timestamp("2025-10-31"))][0]
    frame.loc[first, "net_amount"] += one_huge * float(frame["net_amount"].mean())
    return frame


def new_year_bookings(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Two years of forty orders on each Chinese working day, with the New Year in January of 2025 and in February of 2026, and even
    targets."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2025-01-01"), pd.Timestamp("2026-12-31"), country="CN")
    when = days.repeat(rng.poisson(40, len(days)))
    sold = pd.DataFrame(
        {
            "day": when,
            "rep_id": rng.choice(list("ABCDEFGH"), len(when)),
            "net_amount": rng.lognormal(3, 0.5, len(when)),
        }
    )
    year = sold.loc[sold["day"].dt.year == 2026, "net_amount"].sum()
    return sold, pd.Series(year / 12, pd.date_range("2026-01-01", periods=12, freq="MS"))


def line_sales(
    seed: int,
    *,
    season: float = 1.0,
    one_huge: float = 0.0,
    heavy: bool = False,
    less: float = 0.0,
    n: int = 3600,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three years to October of three lines in equal parts, and their even targets of the year. `season`: how many times its usual Gamma sells in
    November and December; `one_huge`: an order of Beta, in usual ones' money; `heavy`: amounts with a heavy tail; `less`: the share of its year that Alpha lacks."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2023-01-01", TODAY)
    day = rng.choice(days, n)
    line = rng.choice(["Alpha", "Beta", "Gamma"], n)
    late = (line == "Gamma") & (pd.DatetimeIndex(day).month >= 11)
    amount = rng.lognormal(3, 1.5 if heavy else 0.6, n) * np.where(late, season, 1.0)
    sold = pd.DataFrame(
        {"day": day, "product_line": line, "rep_id": rng.choice(list("ABCDE"), n), "net_amount": amount}
    )
    year = sold["day"] >= pd.Timestamp("2026-01-01")
    sold = sold[~(year & (sold["product_line"] == "Alpha") & (rng.random(n) < less))].reset_index(drop=True)
    mean = float(sold["net_amount"].mean())
    first = sold.index[(sold["product_line"] == "Beta") & (sold["day"] >= pd.Timestamp("2026-01-01"))][0]
    sold.loc[first, "net_amount"] += one_huge * mean
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    whole = pd.Series({"Alpha": 1.0, "Beta": 1.0, "Gamma": (10 + 2 * season) / 12}) * n / 3 / 34 * mean
    return sold, pd.DataFrame(dict.fromkeys(months, whole)).rename_axis(index="product_line")


def decided_months(
    seed: int, *, members: int = 200, taken: int = 5, lowest: bool = True, effect: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders of members by month over three years, which do nothing but vary, and decisions on some of them five months before the end: on the `lowest` of
    the last quarter (they recover by regression to the mean) or by lot. `effect`: what a decision brings in the next quarter, of the usual level."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2023-11-01", "2026-10-01", freq="MS")
    usual = rng.lognormal(3, 0.6, members)[:, None] * np.ones(len(months))
    values = rng.gamma(4, usual / 4)
    recent = values[:, 28:31].sum(axis=1) / usual[:, 0]
    chosen = np.argsort(recent)[:taken] if lowest else rng.choice(members, taken, replace=False)
    values[chosen, 31:34] += effect * usual[chosen, 31:34]
    names = [f"C{number}" for number in range(members)]
    asked = [f"C{number}" for number in chosen]
    decided = pd.DataFrame(
        {
            "id": [f"silent-{name}" for name in asked],
            "kind": "silent",
            "member": asked,
            "measure": "orders:account_id",
            "day": pd.Timestamp("2026-05-31"),
        }
    )
    return pd.DataFrame(values, index=names, columns=months), decided
