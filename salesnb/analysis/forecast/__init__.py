"""Where will the year end, how sure is that, and which models have earned the right to say so?

Candidates are asked at past month ends; a combination of them says what comes, each weighted by its errors there and all drawn towards
equal. Where bookings come from deals, what these will bring is one candidate more; where far more or fewer deals were created lately
than before, it may speak alone, for past months cannot know of it. Points and intervals are read off the same simulated
paths. Where history is too short for an honest comparison there is no forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis.decomposition import records, rivals
from salesnb.analysis.forecast import pipeline
from salesnb.analysis.forecast.models import SEASON, Scale, smoothing
from salesnb.analysis.forecast.past import (
    HORIZON,
    LEAST_ORIGINS,
    LONGEST,
    SEASONAL_NAIVE,
    Past,
    errors,
    weigh,
)
from salesnb.analysis.forecast.pipeline import Dry as Dry
from salesnb.analysis.forecast.pipeline import begun_again as begun_again
from salesnb.analysis.forecast.pipeline import dried_up as dried_up
from salesnb.analysis.intervals import FALSE_ALARM
from salesnb.calendars.periods import fiscal_year, month_end, month_start, working_days
from salesnb.findings import FOUND, NONE, Finding
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.results.targets import DUST, Forecast, inside

LEVEL = 0.8  # of the intervals
DRAWS = 1000
FEWER = 200  # at a past month end
LEAST = HORIZON + SEASON + LEAST_ORIGINS - 1  # months of history, below which there is no forecast
DEALS = "deals"


def whole_months(bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """Bookings by month over the whole months up to `as_of`: a running month is left out, and a first one that begins after
    its tenth day. Empty without a row."""
    if bookings.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    begins = pd.Timestamp(bookings["day"].min())
    first = begins.replace(day=1) if begins.day <= 10 else begins.replace(day=1) + pd.DateOffset(months=1)
    last = month_start(as_of) if as_of == month_end(as_of) else month_start(as_of) - pd.DateOffset(months=1)
    months = bookings["day"].dt.to_period("M").dt.to_timestamp()
    span = pd.date_range(first, last, freq="MS", name="month")
    return bookings.groupby(months)["net_amount"].sum().reindex(span, fill_value=0.0)


def coming_months(as_of: pd.Timestamp, *, starts: int = 1) -> pd.DatetimeIndex:
    """The months that are not over at `as_of`: to the end of the fiscal year, at least three."""
    first = month_start(as_of + pd.Timedelta(days=1))
    last = max(fiscal_year(as_of, starts=starts)[1], first + pd.DateOffset(months=HORIZON - 1))
    return pd.date_range(first, last, freq="MS")


def fit(
    history: pd.Series,
    as_of: pd.Timestamp,
    *,
    deals: pd.DataFrame | None = None,
    stage_events: pd.DataFrame | None = None,
    starts: int = 1,
    country: str | None = None,
    seed: int = 0,
) -> Forecast | None:
    """The forecast of `coming_months`; None where history is too short for six origins, or where nothing was ever booked.

    `history`: bookings by whole month up to `as_of`; `deals`: opportunities as known then. A running month counts with its working
    days left.
    """
    if history.empty or not (past := Past(history, country=country)).origins:
        return None
    tested, rng = past.backtest(), np.random.default_rng(seed)
    months, ends = coming_months(as_of, starts=starts), range(past.origins[0], len(past.months))
    left = _left(months[0], as_of, country)
    own = pipeline.outlook(
        deals,
        stage_events,
        past,
        as_of=as_of,
        months=months,
        left=left,
        ends=ends,
        draws=(DRAWS, FEWER),
        rng=rng,
    )
    weights = weigh(tested if own is None else tested.assign(**{DEALS: own.said}))
    trust, others = float(weights.get(DEALS, 0.0)), weights.drop(DEALS, errors="ignore")
    others = others / others.sum()
    seen = {end: past.view(end).paths(others, draws=FEWER, rng=rng) for end in ends}
    paths = past.view(len(past.months)).paths(others, draws=DRAWS, rng=rng)[:, : len(months)]
    paths[:, 0] *= left
    missed = errors(tested)
    if own is not None:
        missed[DEALS] = float(np.abs(tested["actual"] - own.said).mean())
        if own.turned:
            alone = pipeline.trust(missed[DEALS], _missed(past, seen), wholly=own.wholly)
            trust = max(trust, alone)
        weights = pd.concat([others * (1 - trust), pd.Series({DEALS: trust})])
        paths = pipeline.blend(paths, own.paths, trust)
        seen = {end: pipeline.blend(drawn, own.seen[end], trust) for end, drawn in seen.items()}
    naive = float(missed[SEASONAL_NAIVE])
    scores = pd.DataFrame({"mae": missed, "mase": missed / naive if naive > 0 else 1.0})
    scores = (
        scores.assign(weight=weights.reindex(scores.index).fillna(0.0)).rename_axis("model").reset_index()
    )
    views = [_quantiles(seen[end][:, :HORIZON]) for end in past.origins]
    shown = tested[["origin", "step", "actual"]].join(pd.concat(views, ignore_index=True))
    return Forecast(
        months=_quantiles(paths).assign(month=months)[["month", "forecast", "low", "high"]],
        paths=paths,
        scores=scores.sort_values(
            ["weight", "mase"], ascending=[False, True], kind="stable", ignore_index=True
        ),
        tested=shown.assign(naive=tested[SEASONAL_NAIVE]),
        seen={past.history.index[end - 1]: drawn for end, drawn in seen.items()},
        known=len(history),
    )


def _quantiles(paths: np.ndarray) -> pd.DataFrame:
    """Median and 80% interval of each column of simulations."""
    found = (
        np.quantile(paths, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        if paths.size
        else np.zeros((3, 0))
    )
    return pd.DataFrame(dict(zip(("forecast", "low", "high"), found, strict=True)))


def _missed(past: Past, seen: Mapping[int, np.ndarray]) -> float:
    """The combination's mean error at the origins."""
    gaps = [
        past.months[end : end + HORIZON] - np.median(seen[end][:, :HORIZON], axis=0) for end in past.origins
    ]
    return float(np.abs(gaps).mean())


def _left(month: pd.Timestamp, as_of: pd.Timestamp, country: str | None) -> float:
    """The share of a month's working days after `as_of`."""
    days = working_days(month, month_end(month), country=country)
    return float((days > as_of).mean()) if len(days) else float(month > as_of)


def this_year(forecast: Forecast | None, *, as_of: pd.Timestamp, starts: int = 1) -> Forecast | None:
    """The same forecast, only the months of the fiscal year of `as_of`."""
    if forecast is None:
        return None
    inside = (forecast.months["month"] <= fiscal_year(as_of, starts=starts)[1]).to_numpy()
    return replace(
        forecast, months=forecast.months[inside].reset_index(drop=True), paths=forecast.paths[:, inside]
    )


def candidates_of(forecast: Forecast | None) -> pd.DataFrame:
    """The scores of the candidates; empty where there is no forecast."""
    return (
        pd.DataFrame({"model": [], "mae": [], "mase": [], "weight": []})
        if forecast is None
        else forecast.scores
    )


def parts(forecast: Forecast | None) -> dict[str, pd.DataFrame | np.ndarray]:
    """The months and paths of a forecast as ahead and paths; both empty where there is none."""
    if forecast is None:
        return {"ahead": pd.DataFrame({"month": [], "forecast": []}), "paths": np.zeros((0, 0))}
    return {"ahead": forecast.months, "paths": forecast.paths}


def surprise(forecast: Forecast | None, rep_days: pd.DataFrame | None = None) -> pd.DataFrame:
    """What would have been said three months ago about the last whole month? One row (origin, step, actual, forecast, low, high, p_value,
    conclusion, by, rivals), or none where that month lay where 19 of 20 are foreseen: one month in five lies outside of an 80% interval, which is
    no news. Where half of what came beyond the forecast was sold by one person in a day (`rep_days`: day, rep_id, net_amount), that explains it; less than
    foreseen is explained by records that end before the month does."""
    columns = ["origin", "step", "actual", "forecast", "low", "high", "p_value", *rivals.WORDS]
    if forecast is None:
        return pd.DataFrame(columns=columns)
    last = forecast.tested.tail(1)
    missed = last["actual"] - last["forecast"]
    side = np.where(missed < 0, last["forecast"] - last["low"], last["high"] - last["forecast"])
    away = np.divide(missed.abs(), side, out=np.full(len(last), np.inf), where=side > 0)
    p_value = 2 * norm.sf(norm.ppf((1 + LEVEL) / 2) * away)
    last = last.assign(p_value=p_value)[~inside(last) & (p_value < FALSE_ALARM)]
    shares = [
        _other_causes(
            rep_days, row.origin + pd.DateOffset(months=int(row.step) - 1), row.actual - row.forecast
        )
        for row in last.itertuples()
    ]
    net = [max(one.values(), default=0.0) < rivals.MOST for one in shares]
    return last.join(rivals.worded(last.index, [True] * len(last), net, shares))[columns]


def _other_causes(rep_days: pd.DataFrame | None, month: pd.Timestamp, beyond: float) -> dict[str, float]:
    """The share of what came `beyond` the forecast of a month that is its largest sale of a person's day; and is less than that because
    the records end before it?"""
    if rep_days is None:
        return {}
    end = month_end(month)
    until = rep_days[rep_days["day"] <= end]
    sold = until.loc[until["day"] >= month, "net_amount"]
    ended = records.told_until(until, by="rep_id", as_of=end) < end
    large = float(sold.max()) if len(sold) and beyond > 0 else 0.0
    return {
        "one_large": rivals.share_of(beyond, beyond - large),
        "records": float(beyond < 0 and ended),
    }


def findings(surprised: pd.DataFrame, dry: Dry | None) -> list[Finding]:
    """The verdicts of `surprise` and of `dried_up`."""
    stopped: dict[str, Any] = {"stated": pipeline.UNLIKELY, "unit": "deal", "basis": "own_past"}
    if dry is None:
        stopped["conclusion"] = NONE
    else:
        stopped |= {"conclusion": FOUND, "value": -dry.usual, "period": f"{dry.since:%Y-%m-%d}/"}
    rows = surprised.assign(
        value=surprised["actual"] - surprised["forecast"], least=surprised["actual"] - surprised["high"],
        most=surprised["actual"] - surprised["low"],
    )  # fmt: skip
    month = [
        origin + pd.DateOffset(months=int(step) - 1)
        for origin, step in zip(rows["origin"], rows["step"], strict=True)
    ]
    told = rivals.told(
        rows.assign(month=[f"{day:%Y-%m}" for day in month]), id="bookings.surprise", member="month", value="value",
        ends=("least", "most"), unit="month", basis="forecast", period=(month[0], month_end(month[0])) if month else None,
    )  # fmt: skip
    return [Finding("deals.dried_up", **stopped), *told]


def year_ahead(
    history: pd.Series, months: pd.DatetimeIndex, *, country: str | None = None
) -> pd.Series | None:
    """Twelve months by exponential smoothing, as a shape for a target; None below two years of history."""
    values = history.iloc[-LONGEST:].to_numpy(dtype=float)
    if len(values) < 2 * SEASON or not values.any():
        return None
    scale = Scale.of(values)
    return pd.Series(scale.back(smoothing(scale.to(values), len(months)).centre), index=months)


def headlines(
    forecast: Forecast | None, *, booked: Figure, target: Figure, history_months: int
) -> dict[str, Figure]:
    """forecast.* of metrics.json: the year's bookings (year to date + remaining months) with 80% interval, the probability of
    reaching the target over the simulated paths, the candidates with their weights and their error against seasonal naive."""
    keys = ("year", "year_p10", "year_p90", "hit_probability", "model", "mase")
    if forecast is None or booked.value is None:
        short = Message(
            "{n:count} whole months of history; a forecast that can be checked needs {needed:count}",
            n=history_months,
            needed=LEAST,
        )
        flat = Message("no model could be fitted to this history")
        return {
            f"forecast.{key}": Figure(None, booked.reason or (short if history_months < LEAST else flat))
            for key in keys
        }
    ends = float(booked.value) + forecast.paths.sum(axis=1)
    low, middle, high = np.quantile(ends, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    hit = (
        Figure(float((ends >= float(target.value) - DUST * abs(float(target.value))).mean()))
        if target.value is not None
        else Figure(None, target.reason)
    )
    return {
        "forecast.year": Figure(float(middle)),
        "forecast.year_p10": Figure(float(low)),
        "forecast.year_p90": Figure(float(high)),
        "forecast.hit_probability": hit,
        "forecast.model": Figure(forecast.model),
        "forecast.mase": Figure(forecast.mase),
    }


def trail(
    forecast: Forecast | None, history: pd.Series, *, as_of: pd.Timestamp, year: Figure, starts: int = 1
) -> list[tuple[pd.Timestamp, float | None]]:
    """Where would today's combination have seen the year end, asked at each month end of it so far? (day, amount), oldest first.

    `history`: bookings by whole month; `year`: forecast.year of today, the last point. Each point knows the months before it
    alone; None where they are too few. Empty without a forecast.
    """
    if forecast is None or year.value is None:
        return []
    begins, ends = fiscal_year(as_of, starts=starts)
    points: list[tuple[pd.Timestamp, float | None]] = []
    for month in history.index[(history.index >= begins) & (history.index < month_start(as_of))]:
        drawn = forecast.seen.get(month)
        left = len(pd.date_range(month, ends, freq="MS")) - 1
        so_far = float(history.loc[begins:month].sum())
        end = None if drawn is None else so_far + float(np.median(drawn[:, :left].sum(axis=1)))
        points.append((month_end(month), end))
    return [*points, (as_of, float(year.value))]
