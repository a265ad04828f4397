"""What will the deals bring? Those that are open by their age and stage, those still to be created, and the run of orders that no
deal preceded.

Every function knows the deals as they stood on a day: created by then, and closed only where they had closed by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import poisson

from salesnb.analysis.forecast.models import SEASON
from salesnb.analysis.forecast.past import HORIZON, Past, run_of
from salesnb.analysis.survival import stage_order
from salesnb.calendars.periods import month_end, months_back
from salesnb.results.targets import Dry

RECENT = 36  # months of creation whose deals say how a deal goes
RUN = 3  # months that show whether as many deals are created as before
LEAST_WON = 20  # deals by the first origin, below which deals foretell no bookings
LEAST_SHARE = 0.1  # of bookings: less from deals says nothing of the rest
ALIVE = 45  # days: a table without a word for longer has ended, and says nothing of today
PRIOR = 20  # deals: how many stand for a stage being like all stages
MONTH = 365.25 / 12
QUIET = 2  # whole months: one may be a holiday, or entered late
UNLIKELY = 0.001
LARGEST = 2_000  # open deals: beyond them the sum of thousands is as good as normal
NEGLIGIBLE = 0.01  # of bookings: less without a deal before it is a matter of rounding
# errors to those of the others: up to the first the deals speak alone, from the second on not at all
PARTLY, WHOLLY = (0.8, 1.5), (1.4, 2.0)


@dataclass(frozen=True)
class Deals:
    """Deals with an amount, as arrays: created and closed (days; infinite while open), won, amount; each deal's stage entries."""

    created: np.ndarray
    closed: np.ndarray
    won: np.ndarray
    amount: np.ndarray
    entries: pd.DataFrame

    @classmethod
    def of(cls, opportunities: pd.DataFrame, stage_events: pd.DataFrame | None) -> Deals:
        """`opportunities`: created_on, closed_on, outcome, amount, opportunity_id; `stage_events`: opportunity_id, stage, entered_on."""
        known = opportunities[opportunities["created_on"].notna()]
        place = dict(zip(known["opportunity_id"], range(len(known)), strict=True))
        entries = pd.DataFrame({"deal": [], "stage": pd.Categorical([]), "day": []})
        if stage_events is not None and len(stage_events):
            # of stages entered on one day the furthest counts, whatever they are called
            place_of = {stage: number for number, stage in enumerate(stage_order(stage_events))}
            entered = stage_events.assign(at=stage_events["stage"].map(place_of))
            entered = entered.sort_values(["entered_on", "at"], kind="stable")
            entries = pd.DataFrame(
                {
                    "deal": entered["opportunity_id"].map(place),
                    "stage": entered["stage"].astype("category"),
                    "day": days(entered["entered_on"]),
                }
            ).dropna()
        amount = known["amount"].astype(float)
        return cls(
            days(known["created_on"]),
            np.where(known["outcome"] == "open", np.inf, days(known["closed_on"])),
            (known["outcome"] == "won").to_numpy(),
            amount.fillna(amount.median()).fillna(0.0).to_numpy(),
            entries,
        )

    def brought(self, months: pd.DatetimeIndex) -> np.ndarray:
        """What the deals won in each of `months` brought."""
        edges = np.r_[days(months), days(months[-1:] + pd.DateOffset(months=1))]
        place = np.searchsorted(edges, self.closed[self.won], side="right") - 1
        inside = (place >= 0) & (place < len(months))
        return np.bincount(place[inside], self.amount[self.won][inside], len(months))

    @cached_property
    def first_entries(self) -> pd.DataFrame:
        """Each deal's first entry into each stage."""
        return self.entries.drop_duplicates(["deal", "stage"])

    def stands(self, at: pd.Timestamp) -> np.ndarray:
        """The stage in which each deal stood, as its place among the entries' categories; -1 where no entry tells."""
        passed = self.entries[self.entries["day"] <= day(at)]
        stage = np.full(len(self.created), -1)
        stage[passed["deal"].to_numpy(int)] = passed["stage"].cat.codes.to_numpy()  # the last one stays
        return stage


def days(dates: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    """Dates as days since 1970; infinite where missing."""
    found = pd.DatetimeIndex(dates).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(found), np.inf, found.astype(float))


def day(date: pd.Timestamp) -> float:
    return float(days(pd.DatetimeIndex([date]))[0])


@dataclass(frozen=True)
class Courses:
    """How deals go, from creation to their close: the closed ones by days to close, with the share that had closed by then
    (Kaplan & Meier 1958, open ones censored)."""

    took: np.ndarray
    won: np.ndarray
    amount: np.ndarray
    closed: np.ndarray  # the running share
    odds: dict[str, float]  # of being won from a stage on, against all deals

    @classmethod
    def seen(cls, deals: Deals, at: pd.Timestamp) -> Courses:
        now = day(at)
        recent = (deals.created <= now) & (deals.created > day(months_back(at, RECENT)))
        over = recent & (deals.closed <= now)
        lasted = np.where(over, deals.closed, now) - deals.created
        order = np.argsort(lasted[over], kind="stable")
        took = lasted[over][order]
        at_risk = np.sort(lasted[recent])
        # one closing at a time: those of a day stand behind one another
        risk = len(at_risk) - np.searchsorted(at_risk, took, side="left") - _nth_of_a_day(took)
        share = 1 - np.cumprod(1 - 1 / np.maximum(risk, 1))
        won = deals.won[over][order]
        rate = float(won.mean()) if len(won) else 0.0
        odds = {}
        passed = deals.first_entries[deals.first_entries["day"] <= now]
        for stage, reached in passed.groupby("stage", observed=True)["deal"]:
            ended = reached.to_numpy(dtype=int)
            ended = ended[over[ended]]
            of_stage = (float(deals.won[ended].sum()) + PRIOR * rate) / (len(ended) + PRIOR)
            odds[str(stage)] = _odds(of_stage) / _odds(rate)
        return cls(took, won, deals.amount[over][order], share, odds)


def _nth_of_a_day(took: np.ndarray) -> np.ndarray:
    return np.arange(len(took)) - np.searchsorted(took, took, side="left")


def _odds(share: float) -> float:
    return max(share, 1e-6) / max(1 - share, 1e-6)


def simulate(
    deals: Deals, at: pd.Timestamp, months: pd.DatetimeIndex, *, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """What deals bring in each of `months` after `at` (the first may have begun): one row per draw.

    Each open deal closes when, and as often won as, deals that had been open for as long, moved by the odds of its stage; deals to come
    as those before, at the rate of `creation`. The `LARGEST` open ones are drawn one by one, the others as what they bring together.
    """
    now, courses = day(at), Courses.seen(deals, at)
    edges = days(months + pd.DateOffset(months=1))
    total = np.zeros((draws, len(months)))
    if not len(courses.took):
        return total
    live = np.flatnonzero((deals.created <= now) & (deals.closed > now))
    ages = now - deals.created[live]
    begun = np.searchsorted(courses.took, ages, side="right")
    gone = np.r_[0.0, courses.closed][begun]
    live, ages, begun, gone = (part[gone < courses.closed[-1]] for part in (live, ages, begun, gone))
    later = np.r_[np.cumsum(courses.won[::-1])[::-1], 0] / np.maximum(
        1, len(courses.won) - np.arange(len(courses.won) + 1)
    )
    odds = [courses.odds.get(str(stage), 1.0) for stage in deals.entries["stage"].cat.categories]
    moved = np.array([*odds, 1.0])[deals.stands(at)[live]]  # the last where no entry tells
    chance = moved * later[begun] / (1 - later[begun] + moved * later[begun])
    last = np.r_[np.flatnonzero(np.diff(courses.took)), len(courses.took) - 1]  # closings of a length of time
    shares, took = courses.closed[last], courses.took[last]
    amount, ends = deals.amount[live], edges - now
    order = np.argsort(-np.abs(amount), kind="stable")
    alone = np.sort(order[:LARGEST])
    together = order[LARGEST:]
    if len(together):
        until = np.r_[0.0, shares][np.searchsorted(took, ends + ages[together, None], side="left")]
        closed = (until - gone[together, None]).clip(min=0) / (1 - gone[together, None])
        won_in = np.diff(closed, axis=1, prepend=0.0) * chance[together, None]
        total += _summed(won_in, amount[together], draws=draws, rng=rng)
    ages, gone, chance, amount = (part[alone] for part in (ages, gone, chance, amount))
    for draw in range(draws):
        drawn = gone + rng.random(len(alone)) * (1 - gone)
        found = np.searchsorted(shares, drawn)
        closes = found < len(took)
        when = now - ages + took[np.minimum(found, len(took) - 1)]
        place = np.searchsorted(edges, when, side="right")
        won = closes & (place < len(months)) & (rng.random(len(alone)) < chance)
        total[draw] += np.bincount(place[won], amount[won], len(months))
    return total + _to_come(deals, courses, at, edges, draws=draws, rng=rng)


def _summed(chances: np.ndarray, amount: np.ndarray, *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """What many deals bring together, each won in one of the months with its `chances` (deal × month) or in none: their sums' mean and
    covariance, as a normal draw."""
    weighted = chances * amount[:, None]
    mean = weighted.sum(axis=0)
    spread = np.diag((weighted * amount[:, None]).sum(axis=0)) - weighted.T @ weighted
    drawn = rng.multivariate_normal(mean, spread, size=draws, method="eigh")
    return drawn.clip(amount.clip(max=0).sum(), amount.clip(min=0).sum())


def _to_come(
    deals: Deals,
    courses: Courses,
    at: pd.Timestamp,
    edges: np.ndarray,
    *,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """What deals bring that are not created yet: a compound Poisson sum a month by its mean and variance, as a gamma draw."""
    now, (count, over) = day(at), creation(deals, at)
    weight = np.diff(np.r_[0.0, courses.closed]) * courses.won
    grid = np.arange(0.5, edges[-1] - now, 1.0)  # the middle of each day to come
    reached = np.searchsorted(
        courses.took, edges[None, :] - (now + grid)[:, None], side="left"
    )  # day × month
    sums = [
        np.diff(np.r_[0.0, np.cumsum(weight * courses.amount**power)][reached], axis=1, prepend=0.0).sum(
            axis=0
        )
        for power in (1, 2)
    ]
    rate = rng.gamma(count, size=(draws, 1)) / over if count else np.zeros((draws, 1))
    mean, variance = rate * sums[0], rate * sums[1]
    shape = np.divide(mean**2, variance, out=np.zeros_like(mean), where=variance > 0)
    scale = np.divide(variance, mean, out=np.zeros_like(mean), where=mean > 0)
    return np.where(shape > 0, rng.gamma(np.maximum(shape, 1e-12)) * scale, 0.0)


def creation(deals: Deals, at: pd.Timestamp) -> tuple[float, float]:
    """How many deals were created in how many days, as far as that speaks of the days to come: the last year, or its last three
    months where creation has `turned`."""
    last, before, run, year = _created(deals, at)
    return (last, run) if turned(deals, at) else (last + before, year)


def turned(deals: Deals, at: pd.Timestamp) -> bool:
    """Were far more or far fewer deals created in the last three months than in the nine before them?"""
    last, before, run, year = _created(deals, at)
    expected = before * run / (year - run)
    spread = np.sqrt(expected + (0.1 * expected) ** 2)  # counts vary more than by chance alone
    return bool(abs(last - expected) > 3 * spread)


def _created(deals: Deals, at: pd.Timestamp) -> tuple[float, float, float, float]:
    """Deals created in the last three months and in the nine before, and the days of the three and of the year."""
    now, run, year = day(at), day(months_back(at, RUN)), day(months_back(at, SEASON))
    last = float(((deals.created >= run) & (deals.created <= now)).sum())
    before = float(((deals.created >= year) & (deals.created < run)).sum())
    return last, before, now + 1 - run, now + 1 - year


def dried_up(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> Dry | None:
    """Has the creation of deals stopped? None unless whole months have passed without one although chance alone would hardly
    ever leave it so, at the pace of the year and at that of the same days a year before (a summer in which nobody begins a deal), and
    unless the table still tells of closings: a table that has ended says nothing."""
    created, closed = opportunities["created_on"].dropna(), opportunities["closed_on"].dropna()
    if created.empty or closed.empty or (as_of - closed.max()).days > ALIVE:
        return None
    last = created.max()
    begins = last - pd.DateOffset(months=SEASON)
    usual = float((created > begins).sum()) / SEASON
    months = (as_of.year - last.year) * SEASON + as_of.month - last.month - (as_of < month_end(as_of))
    quiet = (as_of - last).days / MONTH
    year = pd.DateOffset(months=SEASON)
    then = int(created.between(last - year, as_of - year, inclusive="right").sum())
    pace = min(usual * quiet, float(then))
    if months < QUIET or created.min() > begins or poisson.cdf(0, pace) > UNLIKELY:
        return None
    return Dry(last, months, usual)


def begun_again(
    opportunities: pd.DataFrame, dry: Dry | None, *, as_of: pd.Timestamp, year_end: pd.Timestamp
) -> float:
    """What deals created from tomorrow on as usual would still bring by the year's end: as often won, as late and as large as those that
    were closed in `RECENT` months (a missing amount counts zero); 0 where they have not run `dry`."""
    if dry is None:
        return 0.0
    closed = opportunities[opportunities["closed_on"] > months_back(as_of, RECENT)]
    won = closed[closed["outcome"] == "won"]
    ages = (won["closed_on"] - won["created_on"]).dt.days
    days = ((year_end - as_of).days - ages).clip(lower=0)  # on which such a deal can begin
    brought = float((won["amount"].fillna(0.0) * days).sum())
    return dry.usual / MONTH * brought / len(closed) if len(closed) else 0.0


def usable(deals: Deals, history: pd.Series, *, first: pd.Timestamp, as_of: pd.Timestamp) -> bool:
    """Can deals foretell these bookings: enough of them won by the `first` origin, a part of the last year's bookings that counts, and a
    table that tells of the last weeks?"""
    ends = deals.closed[np.isfinite(deals.closed)]
    latest = max(float(deals.created.max(initial=-np.inf)), float(ends.max(initial=-np.inf)))
    year = history.iloc[-SEASON:]
    from_deals = float(deals.brought(pd.DatetimeIndex(year.index)).sum())
    return (
        int((deals.won & (deals.closed <= day(first))).sum()) >= LEAST_WON
        and day(as_of) - latest <= ALIVE
        and from_deals >= LEAST_SHARE * float(year.sum()) > 0
    )


@dataclass(frozen=True)
class Outlook:
    """What the deals say: simulated months to come, the twelve after each past month end, and of each the three that are judged."""

    paths: np.ndarray
    seen: dict[int, np.ndarray]
    said: np.ndarray  # origin after origin
    wholly: bool  # bookings come from deals alone
    turned: bool  # far more or fewer were created lately than before


def outlook(
    opportunities: pd.DataFrame | None,
    stage_events: pd.DataFrame | None,
    past: Past,
    *,
    as_of: pd.Timestamp,
    months: pd.DatetimeIndex,
    left: float,
    ends: range,
    draws: tuple[int, int],
    rng: np.random.Generator,
) -> Outlook | None:
    """The deals as a candidate beside others, asked at the same past month ends; None where they cannot be one.

    Orders that no deal preceded go on as smoothing foresees them. `left`: the share of the first month that is still to
    come; `draws`: today's and those of a past month end.
    """
    if opportunities is None or opportunities.empty:
        return None
    deals, index = Deals.of(opportunities, stage_events), pd.DatetimeIndex(past.history.index)
    if not usable(deals, past.history, first=index[ends[0]], as_of=as_of):
        return None
    others = past.months - deals.brought(index)
    if np.abs(others).sum() < NEGLIGIBLE * np.abs(past.months).sum():
        others = np.zeros(len(others))
    seen = {}
    for end in ends:
        coming = pd.date_range(index[end], periods=SEASON, freq="MS")
        drawn = simulate(deals, index[end] - pd.Timedelta(days=1), coming, draws=draws[1], rng=rng)
        seen[end] = drawn + run_of(others[:end], draws=draws[1], rng=rng)
    run = run_of(others, draws=draws[0], rng=rng)[:, : len(months)]
    run[:, 0] *= left
    paths = simulate(deals, as_of, months, draws=draws[0], rng=rng) + run
    wide = _too_narrow(past, seen)
    return Outlook(
        _widened(paths, wide),
        {end: _widened(drawn, wide) for end, drawn in seen.items()},
        np.concatenate([seen[end][:, :HORIZON].mean(axis=0) for end in past.origins]),
        wholly=not others.any(),
        turned=turned(deals, as_of),
    )


def _too_narrow(past: Past, seen: dict[int, np.ndarray]) -> float:
    """By how much did past sums of three months miss more than the draws let expect? Between 1 and 2."""
    sums = [
        (past.months[end : end + HORIZON].sum(), seen[end][:, :HORIZON].sum(axis=1)) for end in past.origins
    ]
    beyond = [(actual - drawn.mean()) / drawn.std() for actual, drawn in sums if drawn.std() > 0]
    return float(np.clip(np.sqrt(np.mean(np.square(beyond))), 1, 2)) if beyond else 1.0


def _widened(paths: np.ndarray, wide: float) -> np.ndarray:
    """Draws further from their mean, on the same side of zero."""
    middle = paths.mean(axis=0)
    moved = middle + wide * (paths - middle)
    return np.where(paths >= 0, moved.clip(min=0), moved)


def trust(own: float, others: float, *, wholly: bool) -> float:
    """How far do the deals speak alone where their creation has turned, having missed past months by `own`, beside the `others`' error?

    They know then what past months cannot: that a pipeline is empty, or full as never before. So wholly where they missed by clearly
    less, and not at all where by half as much again; where bookings come `wholly` from deals, it takes clearly more to doubt them.
    """
    good, bad = WHOLLY if wholly else PARTLY
    ratio = own / others if others > 0 else float(own > 0) * bad
    return round(float(np.clip((bad - ratio) / (bad - good), 0, 1)) * 20) / 20


def blend(others: np.ndarray, own: np.ndarray, weight: float) -> np.ndarray:
    """The mean of two sets of simulations, equally likely sums beside each other (Vincent 1912)."""
    if weight in (0, 1):
        return own if weight else others
    first, second = (paths[np.argsort(paths.sum(axis=1), kind="stable")] for paths in (others, own))
    return (1 - weight) * first + weight * second
