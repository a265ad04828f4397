"""How does the year add up, and what must each month, week and working day bring, to the cent?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis import intervals
from salesnb.analysis.allocation import split
from salesnb.analysis.decomposition import records, rivals
from salesnb.calendars.periods import fiscal_year, month_end, month_passed, month_start, working_days
from salesnb.findings import NONE, Finding

USUAL = 4  # months: how many turns of a year weigh as much as what its lumps let expect


def by_day(months: pd.Series, *, country: str | None = None) -> pd.DataFrame:
    """Each month's amount spread equally over its working days.

    `months`: amount by month start. Output: one row per working day (day, week: its Monday, month, quarter, amount); the days of a
    month add up to the month to the cent, all days to the whole. A month without a working day uses its calendar days; months
    without an amount are left out.
    """
    known = months.dropna()
    if len(known) and known.min() >= 0:  # a year's twelfth has parts of a cent
        known = split(float(known.sum()), known)
    pieces = []
    for month, amount in known.items():
        start = pd.Timestamp(str(month))
        days = working_days(start, month_end(start), country=country)
        days = days if len(days) else pd.date_range(start, month_end(start))
        pieces.append(
            pd.DataFrame(
                {"day": days, "month": start, "amount": split(amount, pd.Series(1.0, index=days)).to_numpy()}
            )
        )
    if not pieces:
        return pd.DataFrame({"day": [], "week": [], "month": [], "quarter": [], "amount": []})
    table = pd.concat(pieces, ignore_index=True)
    position = table["month"].map({month: place // 3 for place, month in enumerate(months.index)})
    quarters = table["month"].groupby(position).transform("min")
    weeks = table["day"] - pd.to_timedelta(table["day"].dt.weekday, unit="D")
    return table.assign(week=weeks, quarter=quarters)[["day", "week", "month", "quarter", "amount"]]


def remaining(
    months: pd.Series | None,
    history: pd.Series,
    *,
    booked: float,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """What must each month from now on bring, if the year is still to be reached?

    `months`: the year's twelve targets; `history`: bookings by month; `booked`: the year to date. Output: one row per month after
    `as_of` (the running month with its working days left): month, planned, needed (what is missing, spread as planned, to the cent),
    working_days, per_day, last_year (its whole month; missing where unknown). Empty where no day or target is left.
    """
    columns = ["month", "planned", "needed", "working_days", "per_day", "last_year"]
    days = by_day(pd.Series(dtype=float) if months is None else months, country=country)
    left = days[days["day"] > as_of] if len(days) else days
    if months is None or left.empty or months.isna().any():
        return pd.DataFrame(
            {name: pd.Series(dtype="datetime64[ns]" if name == "month" else float) for name in columns}
        )
    table = left.groupby("month").agg(planned=("amount", "sum"), working_days=("day", "size")).reset_index()
    missing = max(0.0, float(months.sum()) - booked)
    table["needed"] = split(missing, table["planned"].clip(lower=0)).to_numpy()
    table["per_day"] = table["needed"] / table["working_days"]
    table["last_year"] = history.reindex(table["month"] - pd.DateOffset(years=1)).to_numpy()
    return table[columns]


def by_week(
    remaining_months: pd.DataFrame, *, as_of: pd.Timestamp, country: str | None = None
) -> pd.DataFrame:
    """The needed amounts of the remaining months by week: one row per week (week, working_days, needed, total), to the cent;
    `total` runs up."""
    days = (
        by_day(remaining_months.set_index("month")["needed"], country=country)
        if len(remaining_months)
        else pd.DataFrame()
    )
    if days.empty:
        return pd.DataFrame(
            {"week": pd.Series(dtype="datetime64[ns]"), "working_days": [], "needed": [], "total": []}
        )
    later = days[days["day"] > as_of]
    needed = remaining_months["needed"].astype(float).to_list()
    shares = [
        split(amount, pd.Series(1.0, index=later.index[later["month"] == month]))
        for month, amount in zip(remaining_months["month"], needed, strict=True)
    ]
    later = later.assign(amount=pd.concat(shares))
    table = (
        later.groupby("week")
        .agg(working_days=("day", "size"), needed=("amount", "sum"))
        .reset_index()
        .round({"needed": 2})
    )
    return table.assign(total=table["needed"].cumsum().round(2))


def pace(
    months: pd.Series | None,
    history: pd.Series,
    left: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
) -> pd.DataFrame:
    """Booked, planned and needed per working day, month by month of the fiscal year.

    `left`: from `remaining`. Output: one row per month: month, passed (working days), actual (by these; missing for months to come), target
    (missing without one), needed (missing for months that are over).
    """
    first, last = fiscal_year(as_of, starts=starts)
    year = pd.date_range(first, last, freq="MS")
    passed, whole = (
        pd.Series(
            [len(working_days(month, min(month_end(month), end), country=country)) for month in year],
            index=year,
        )
        for end in (as_of, last)
    )
    aims = pd.Series(float("nan"), index=year) if months is None else months.reindex(year)
    booked = history.reindex(year).fillna(0.0).where(year <= as_of)
    return pd.DataFrame(
        {
            "month": year,
            "passed": passed.to_numpy(),
            "actual": (booked / passed.where(passed > 0)).to_numpy(),
            "target": (aims / whole.where(whole > 0)).to_numpy(),
            "needed": left.set_index("month")["per_day"].reindex(year).to_numpy()
            if len(left)
            else float("nan"),
        }
    )


def year_path(
    booked: pd.Series,
    targets: pd.Series | None,
    ahead: pd.DataFrame,
    paths: np.ndarray,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
) -> pd.DataFrame:
    """The year as it adds up: one row for the eve of the fiscal year, per month end of it and for `as_of` (day, target, last_year, actual, forecast,
    low, high), each running from the year's first day; missing where unknown.

    `booked`: bookings by month, the running one included; `targets`: the twelve monthly targets or None; `ahead`: the forecast of
    this year's coming months (month, forecast), `paths` its simulated months; both may be empty. The forecast of a day is the median of what is booked by it. The fan begins at what is booked.
    The target of a day within a month is what is due by its working days passed.
    """
    first, last = fiscal_year(as_of, starts=starts)
    months = pd.date_range(first, last, freq="MS")
    running = month_start(as_of)
    done = booked[(booked.index >= first) & (booked.index <= as_of)].cumsum()
    so_far = float(done.iloc[-1]) if len(done) else 0.0
    table = pd.DataFrame({"day": [month_end(month) for month in months]}, index=months)
    table["target"] = float("nan") if targets is None else targets.reindex(months).cumsum()
    table["last_year"] = _last_year(booked, months)
    table["actual"] = done.reindex(months).ffill().where(months <= as_of)
    end = table[table.index == running][["day", "target", "last_year"]] if as_of < month_end(as_of) else None
    table.loc[running, "day"] = as_of
    if end is not None:
        table.loc[running, "last_year"] = float("nan")  # whole months are known alone
    if targets is not None and end is not None:
        ahead_of = targets.get(running, float("nan")) * (1 - month_passed(as_of, country=country))
        table.loc[running, "target"] -= ahead_of
    table[["forecast", "low", "high"]] = float("nan")
    table.loc[running, ["forecast", "low", "high"]] = so_far
    if len(ahead):
        coming = pd.DatetimeIndex(ahead["month"])
        totals = so_far + paths.cumsum(axis=1)
        fan = pd.DataFrame(
            {
                "day": [month_end(month) for month in coming],
                "forecast": np.median(totals, axis=0),
                "low": np.quantile(totals, 0.1, axis=0),
                "high": np.quantile(totals, 0.9, axis=0),
            },
            index=coming,
        )
        later = fan.index.difference([running])
        table.loc[later, ["forecast", "low", "high"]] = fan.loc[later, ["forecast", "low", "high"]]
        if end is not None and running in fan.index:
            end = end.join(fan[["forecast", "low", "high"]])
    if end is not None:
        table = pd.concat([table, end])
    columns = ["day", "target", "last_year", "actual", "forecast", "low", "high"]
    start = {
        "day": first - pd.Timedelta(days=1),
        "target": 0.0 if targets is not None else float("nan"),
        "last_year": 0.0 if table["last_year"].notna().any() else float("nan"),
        "actual": 0.0,
    }
    table = pd.concat([pd.DataFrame([start]), table])
    return table.sort_values("day").reset_index(drop=True)[columns]


def _last_year(booked: pd.Series, months: pd.DatetimeIndex) -> np.ndarray:
    """What was booked by the end of each of the year's months a year before; missing where the data begin within that year."""
    before = months - pd.DateOffset(years=1)
    if booked.empty or booked.index.min() > before[0]:
        return np.full(len(months), np.nan)
    return booked.reindex(before, fill_value=0.0).cumsum().to_numpy()


def month_noise(
    bookings: pd.DataFrame, months: pd.Series | None = None, *, as_of: pd.Timestamp, starts: int = 1
) -> float:
    """By how much may the report month's bookings differ from the pace of the year before it without meaning anything? Money,
    95% either way.

    `bookings`: day, rep_id, net_amount; `months`: the year's monthly targets. Money comes in lumps: a person's days are taken as a
    compound Poisson process, each lump of a square as the year's mean one; the pace is as unsure as the year's earlier months
    are. Where these turned more against their targets than that explains, so may this one: their mean square widens it, with
    `USUAL` months' worth of belief in the process. Zero without bookings in the year.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of)]
    lumps = year.groupby(["rep_id", "day"], dropna=False)["net_amount"].sum().reset_index()
    spread = _spread(lumps, as_of)
    if months is not None and not months.isna().any():
        ends = [month_end(month) for month in months.index if month_end(month) < month_start(as_of)][1:]
        turns = pd.Series([_turn(lumps, months, end) for end in ends], dtype=float)
        usual = pd.Series([_spread(lumps[lumps["day"] <= end], end) for end in ends], dtype=float)
        known = ((turns / usual.where(usual > 0)) ** 2).dropna()
        spread *= max(1.0, (USUAL + known.sum()) / (USUAL + len(known))) ** 0.5
    return float(norm.ppf(1 - intervals.FALSE_ALARM / 2)) * spread


def turn(
    bookings: pd.DataFrame,
    months: pd.Series | None,
    *,
    noise: float,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
    rep_days: pd.DataFrame | None = None,
) -> Finding:
    """Did the company's attainment turn in the report month beyond `noise` (money of `month_noise`), and is it the time of the year?

    The turn is what the month brought beyond the year's earlier pace against the targets; the season's is what it would be had the
    month kept the share of its year that it had a year before, or that its working days are (a New Year moves between months). A shortfall
    of a month before whose end the records end (as `rep_days` tell: day, rep_id, net_amount) is theirs, and half of a gain that one person
    sold in a day is that order's. Value in money of the year's target to date."""
    first, _ = fiscal_year(as_of, starts=starts)
    stated = {"stated": intervals.FALSE_ALARM, "period": f"{month_start(as_of):%Y-%m-%d}/{as_of:%Y-%m-%d}"}
    silent = Finding("attainment.turned", NONE, unit="order_day", basis="target", **stated)  # type: ignore[arg-type]
    if months is None or months.isna().any() or as_of < first + pd.DateOffset(months=1):
        return silent
    asked, due = (
        float(months[months.index < month_start(as_of)].sum()),
        float(months.get(month_start(as_of), 0.0)),
    )
    earlier, month = _parts(bookings, first, as_of)
    back = pd.DateOffset(years=1)
    begins = bookings[
        "day"
    ].min()  # data that begin in the year before: the months that both years have are compared
    begun = begins <= first - back + pd.DateOffset(months=1)
    start = first if begun else month_start(begins) + pd.DateOffset(months=1) + back
    before, then = _parts(bookings, start - back, as_of - back)
    alike = earlier if begun else _parts(bookings, start, as_of)[0]
    if asked <= 0 or earlier <= 0:
        return silent
    turned = month - earlier * due / asked
    known = before > 0 and start < month_start(as_of)
    days = working_days(first, as_of, country=country)
    worked = (days >= month_start(as_of)).sum() / max(1, (days < month_start(as_of)).sum())
    usual = [worked, *([then / before * alike / earlier] if known else [])]
    season = max(
        (earlier * (pace - due / asked) for pace in usual),
        key=lambda one: rivals.share_of(turned, turned - one),
    )
    seen, share = abs(turned) > noise, rivals.share_of(turned, turned - season)
    shares = {"calendar": share} | _other_causes(rep_days, turned, as_of)
    rest = max((held for name, held in shares.items() if name != "calendar"), default=0.0)
    net = rest < rivals.MOST and (abs(turned - season) > noise * 2**0.5 or share < rivals.MOST)
    word, by = rivals.conclusion(seen, net=net, shares=shares)
    return Finding(
        "attainment.turned", word, "", by, turned, turned - noise, turned + noise, unit="order_day", basis="target",
        rivals=shares, **stated,  # type: ignore[arg-type]
    )  # fmt: skip


def _other_causes(rep_days: pd.DataFrame | None, turned: float, as_of: pd.Timestamp) -> dict[str, float]:
    """What of a turn is the month's largest sale of a person's day, and does it fall short because the records end before the month?"""
    if rep_days is None:
        return {}
    sold = rep_days[rep_days["day"] <= as_of]
    month = sold.loc[sold["day"] >= month_start(as_of), "net_amount"]
    large = float(month.max()) if len(month) and turned > 0 else 0.0
    ended = turned < 0 and records.told_until(sold, by="rep_id", as_of=as_of) < as_of
    return {"one_large": rivals.share_of(turned, turned - large), "records": float(ended)}


def _parts(bookings: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
    """What was booked from the year's first day to the month of `end`, and in that month."""
    late = bookings["day"] >= month_start(end)
    sums = (
        bookings.loc[bookings["day"].between(first, end) & side, "net_amount"].sum() for side in (~late, late)
    )
    earlier, month = map(float, sums)
    return earlier, month


def _spread(lumps: pd.DataFrame, end: pd.Timestamp) -> float:
    """The standard error of the month's bookings less the earlier months' pace."""
    late = lumps["day"] >= month_start(end)
    month, earlier = lumps.loc[late, "net_amount"], lumps.loc[~late, "net_amount"]
    pace = month.sum() / earlier.sum() if earlier.sum() > 0 else 0.0
    square = float((lumps["net_amount"] ** 2).mean()) if len(lumps) else 0.0
    return float((square * (len(month) + pace**2 * len(earlier))) ** 0.5)


def _turn(lumps: pd.DataFrame, months: pd.Series, end: pd.Timestamp) -> float:
    """By how much attainment turned in the month that ends on `end`, in money of the year's target to date."""
    before = month_start(end) - pd.Timedelta(days=1)
    aims = [float(months[months.index <= day].sum()) for day in (before, end)]
    booked = [float(lumps.loc[lumps["day"] <= day, "net_amount"].sum()) for day in (before, end)]
    return booked[1] - booked[0] / aims[0] * aims[1] if aims[0] > 0 else float("nan")
