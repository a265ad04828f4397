"""What would the year be with other decisions: hires, prices, a win rate, a lost customer, another quota or pay, a longer sprint?

Each scenario of plan.yml moves the simulated months of the very forecast that the page shows, and is then read by the very
functions that read the plan itself; one that moves nothing gives the plan's own numbers to the last digit. Differences are
taken simulation by simulation, so that their interval is the one of the change and not that of the year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from salesnb.analysis.allocation import month_parts
from salesnb.calendars.periods import months_back
from salesnb.headlines import Figure
from salesnb.plan import Commission, Hires, Scenario
from salesnb.results.incentives import Pay
from salesnb.results.targets import Forecast

MONTHS = 12  # that say what a person, an account or a deal brings
ENDS = (0.1, 0.5, 0.9)  # an 80% interval, as the forecast's
COLUMNS = [
    "name", "year", "low", "high", "change", "change_low", "change_high", "target", "hit", "pay", "pay_change",
    "next", "next_low", "next_high", "known",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Functions:
    """What the plan itself is read by: `forecast.headlines`, `incentives.habits` and `.year_cost`, `capacity.by_month`."""

    headlines: Callable[..., dict[str, Figure]]
    habits: Callable[..., pd.DataFrame]
    year_cost: Callable[..., pd.DataFrame]
    by_month: Callable[..., pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What scenarios start from, and the `functions` that read the plan.

    `outlook`: the forecast of all coming months, `ahead` of them in this fiscal year; `booked` and `target`: the year's; `bookings`,
    `reps`: frames of the company; `accounts`: account_id, account_name; `order_days`: account × day; `pay`, `targets`: what commission starts from; `win_rate`
    and `won_share`: of deals, and of bookings that deals bring; `sprint_gain`: what a working day of a sprint brings of itself, drawn (empty: not known).
    """

    functions: Functions
    outlook: Forecast | None
    ahead: int
    booked: Figure
    target: Figure
    bookings: pd.DataFrame
    reps: pd.DataFrame
    accounts: pd.DataFrame
    order_days: pd.DataFrame
    commission: Commission | None
    pay: Pay
    as_of: pd.Timestamp
    country: str | None = None
    win_rate: float | None = None
    won_share: float | None = None
    sprint_gain: np.ndarray | None = None
    history_months: int = 0  # told where there is no forecast


def compare(scenarios: Sequence[Scenario], ground: Ground) -> pd.DataFrame:
    """The year as planned, and each scenario beside it.

    Output: one row for the plan (an empty name), then one per scenario: year with low and high (80%), change against the plan with
    its interval, target, hit (chance of reaching it), pay (the year's commission, the median) and pay_change, next (change over the twelve months ahead) with its interval,
    known (False where the data do not say what it would move; the numbers are then missing). Empty without a forecast.
    """
    if ground.outlook is None or ground.booked.value is None or not scenarios:
        return pd.DataFrame(columns=COLUMNS)
    plain = ground.outlook.paths
    rows = []
    for scenario in (Scenario(name="-"), *scenarios):
        moved = _moved(scenario, ground, plain)
        rows.append(_read("" if scenario.name == "-" else scenario.name, scenario, ground, plain, moved))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(pay_change=table["pay"] - table["pay"].iloc[0])


def losses(accounts: Sequence[str], ground: Ground) -> pd.DataFrame:
    """What would the year be without each of these accounts? `compare`, a row an account, without the plan's; account_id in place of name."""
    table = compare([Scenario(name=one, lost=[one]) for one in accounts], ground)
    return table[table["name"] != ""].rename(columns={"name": "account_id"}).reset_index(drop=True)


def _read(
    name: str, scenario: Scenario, ground: Ground, plain: np.ndarray, moved: np.ndarray | None
) -> dict[str, object]:
    """One row of `compare`, from the simulated months."""
    if moved is None:
        return dict.fromkeys(COLUMNS, float("nan")) | {"name": name, "known": False}
    assert ground.outlook is not None
    year, whole = slice(0, ground.ahead), slice(0, MONTHS)
    aim = ground.target
    if aim.value is not None:
        aim = Figure(float(aim.value) * (1 + scenario.quota))
    seen = replace(ground.outlook, paths=moved[:, year])
    told = ground.functions.headlines(
        seen, booked=ground.booked, target=aim, history_months=ground.history_months
    )
    change = _ends((moved[:, year] - plain[:, year]).sum(axis=1))
    ahead = _ends((moved[:, whole] - plain[:, whole]).sum(axis=1))
    return {
        "name": name, "year": told["forecast.year"].value, "low": told["forecast.year_p10"].value,
        "high": told["forecast.year_p90"].value, "target": aim.value, "hit": told["forecast.hit_probability"].value,
        "change": change[1], "change_low": change[0], "change_high": change[2], "pay": _paid(scenario, ground, moved[:, year]),
        "next": ahead[1], "next_low": ahead[0], "next_high": ahead[2], "known": True,
    }  # fmt: skip


def _ends(draws: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = (float(one) for one in np.quantile(draws, ENDS)) if len(draws) else (0.0, 0.0, 0.0)
    return low, middle, high


def _paid(scenario: Scenario, ground: Ground, paths: np.ndarray) -> float | None:
    """The year's commission, the median over the simulations, by the plan's commission or the scenario's."""
    commission = scenario.commission or ground.commission
    if (
        commission is None
        or ground.pay.table.empty
        or (scenario.commission and _other_payee(scenario, ground))
    ):
        return None
    parts = ground.functions.habits(ground.bookings, commission, as_of=ground.as_of)
    table = ground.pay.table.assign(target=ground.pay.table["target"] * (1 + scenario.quota))
    year = ground.functions.year_cost(table, parts, commission, commission, paths=paths)
    return float(year["cost"].median()) if len(year) else None


def _other_payee(scenario: Scenario, ground: Ground) -> bool:
    """Does the scenario pay others, or on another amount, than what is known of each?"""
    one, other = scenario.commission, ground.commission
    return one is not None and other is not None and (one.by, one.basis) != (other.by, other.basis)


def _moved(scenario: Scenario, ground: Ground, plain: np.ndarray) -> np.ndarray | None:
    """The simulated months as the scenario moves them; None where the data do not say by how much."""
    paths: np.ndarray | None = plain
    steps = (
        (scenario.lost, lambda drawn: _without(scenario.lost, ground, drawn)),
        (scenario.hires, lambda drawn: _hired(scenario.hires, ground, drawn)),
        (scenario.win_rate, lambda drawn: _won(scenario.win_rate, ground, drawn)),
        (scenario.sprint_days, lambda drawn: _longer(scenario.sprint_days, ground, drawn)),
        (scenario.price, lambda drawn: drawn * (1 + scenario.price)),
    )
    for asked, move in steps:
        if asked and paths is not None:
            paths = move(paths)
    return paths


def _won(points: float, ground: Ground, paths: np.ndarray) -> np.ndarray | None:
    """Of what deals bring, as much more as more of them are won."""
    if not ground.win_rate or ground.won_share is None:
        return None
    rate = min(1.0, max(0.0, ground.win_rate + points))
    return paths * (1 + min(1.0, ground.won_share) * (rate / ground.win_rate - 1))


def _without(lost: Sequence[str], ground: Ground, paths: np.ndarray) -> np.ndarray | None:
    """The months without what the accounts bring: of each, their part of one of the last twelve, drawn anew in each simulation."""
    named = ground.accounts["account_id"].isin(list(lost)) | ground.accounts["account_name"].isin(list(lost))
    gone = set(ground.accounts.loc[named, "account_id"])
    recent = ground.order_days[ground.order_days["day"] >= months_back(ground.as_of, MONTHS)]
    if not gone:
        return None
    rows = recent.assign(gone=recent["account_id"].isin(gone))
    parts = month_parts(rows, "gone").reindex(columns=[True], fill_value=0.0)[True].to_numpy(dtype=float)
    return paths * (1 - _drawn(parts, paths.shape)) if len(parts) else None


def _hired(hires: Hires | None, ground: Ground, paths: np.ndarray) -> np.ndarray | None:
    """The months with the people who are hired: each as much of a full person as the ramp allows, and a full one as one of today's people,
    drawn anew in each simulation."""
    assert hires is not None
    assert ground.outlook is not None
    first = months_back(ground.as_of, MONTHS)
    recent = ground.bookings[ground.bookings["day"].between(first, ground.as_of)]
    past = pd.date_range(first, ground.as_of, freq="MS")
    here = (
        ground.functions.by_month(ground.reps, past, country=ground.country)
        .groupby("rep_id")["capacity"]
        .mean()
    )
    brought = recent.groupby("rep_id")["net_amount"].sum().reindex(here.index, fill_value=0.0)
    parts = (brought / here.where(here > 0) / float(recent["net_amount"].sum() or np.nan)).dropna()
    each = parts[brought.reindex(parts.index) > 0].to_numpy(dtype=float)
    if not len(each):
        return None
    months = pd.DatetimeIndex(ground.outlook.months["month"])
    new = pd.DataFrame({"rep_id": ["new"], "hired_on": pd.to_datetime([hires.start]), "left_on": [pd.NaT]})
    levels = ground.functions.by_month(new, months, country=ground.country, ramp_months=hires.ramp_months)
    level = np.asarray(levels.set_index("month")["capacity"].reindex(months).fillna(0.0), dtype=float)
    people = _drawn(each, (len(paths), hires.people)).sum(axis=1)
    return paths * (1 + people[:, None] * level[None, : paths.shape[1]])


def _longer(days: int, ground: Ground, paths: np.ndarray) -> np.ndarray | None:
    """This fiscal year's last month with the further days of a sprint, each of which brings what one of its days brought of itself."""
    if ground.sprint_gain is None or not len(ground.sprint_gain) or not ground.ahead:
        return None
    longer = paths.copy()
    longer[:, ground.ahead - 1] += days * _drawn(ground.sprint_gain, (len(paths), 1))[:, 0]
    return longer


def _drawn(values: np.ndarray, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return values[np.random.default_rng(seed).integers(0, len(values), size=shape)]
