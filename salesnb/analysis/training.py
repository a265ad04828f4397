"""Did the training work?

Trained reps are compared with what they would have sold without it: each rep's own level and each month's level are fitted
on the deals of reps not yet trained, carried forward, and the difference of what came to what was expected is averaged
(imputation estimator for staggered adoption: Borusyak, Jaravel and Spiess 2024). Its interval leaves out one rep at a time.
This is a comparison, not an experiment: who was sent first may have been chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

DAYS_OF_MONTH = 30.4375


@dataclass(frozen=True)
class Lift:
    """The change of the win rate that came with a course, as a difference of shares (0.08 = 8 points).

    `deals` closed by trained reps after the course, by `reps` people; `placebo` is the same comparison for the months before
    the course, which should be near zero; `before` is the trained reps' expected win rate without the course.
    """

    course: str
    lift: float
    low: float
    high: float
    before: float
    deals: int
    reps: int
    placebo: float
    placebo_low: float
    placebo_high: float

    @property
    def worked(self) -> bool:
        return self.low > 0


def first_courses(training: pd.DataFrame) -> pd.DataFrame:
    """When was each rep first trained in each course? One row per rep_id × course: trained_on, topic."""
    rows = training.sort_values("completed_on").groupby(["rep_id", "course"], as_index=False)
    return rows.agg(trained_on=("completed_on", "first"), topic=("topic", "first"))


def lifts(deals: pd.DataFrame, training: pd.DataFrame, *, level: float = 0.95, least: int = 30) -> list[Lift]:
    """What did each course do to the win rate?

    `deals`: one row per opportunity (rep_id, outcome, closed_on; product_line where known). `training`: one row per completed
    course (rep_id, course, topic, completed_on). A course is judged with at least `least` deals closed after it by at least
    three trained reps, and at least two reps not yet trained to compare with; most deals first.
    """
    found = [
        lift(deals, rows, course=str(course), level=level, least=least)
        for course, rows in first_courses(training).groupby("course")
    ]
    return sorted((each for each in found if each), key=lambda each: (-each.deals, each.course))


def lift(
    deals: pd.DataFrame, trained: pd.DataFrame, *, course: str, level: float = 0.95, least: int = 30
) -> Lift | None:
    """The same for one course; `trained`: one row per rep with trained_on. None where it cannot be judged."""
    rows = _closed(deals, trained)
    estimate = _impute(rows)
    after = rows[rows["tenure"] >= 0]
    if estimate is None or len(after) < least or after["rep_id"].nunique() < 3:
        return None
    effect, counted, expected = estimate
    low, high = _jackknife(rows, effect, level)
    placebo, placebo_low, placebo_high = _placebo(rows, level)
    return Lift(
        course,
        effect,
        low,
        high,
        expected,
        counted,
        int(after["rep_id"].nunique()),
        placebo,
        placebo_low,
        placebo_high,
    )


def by_month(deals: pd.DataFrame, trained: pd.DataFrame, *, span: int = 3, reach: int = 12) -> pd.DataFrame:
    """How did the difference move around the course?

    One row per `span` months before (negative) and after it: months (the first of the span), difference (won − expected,
    share), low, high (95%, deals taken as independent), deals. Spans with fewer than ten deals are left out.
    """
    columns = ["months", "difference", "low", "high", "deals"]
    rows = _closed(deals, trained)
    expected = _expected(rows)
    if expected is None:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(
        excess=rows["won"] - expected, months=np.floor(rows["tenure"] / DAYS_OF_MONTH / span) * span
    )
    rows = rows[rows["months"].between(-reach, reach - 1) & rows["excess"].notna()]
    spans = rows.groupby("months")["excess"].agg(["mean", "sem", "size"]).reset_index()
    spans = spans[spans["size"] >= 10]
    half = 1.96 * spans["sem"]
    return pd.DataFrame(
        {
            "months": spans["months"].astype(int),
            "difference": spans["mean"],
            "low": spans["mean"] - half,
            "high": spans["mean"] + half,
            "deals": spans["size"].astype(int),
        }
    ).reset_index(drop=True)


def _closed(deals: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    rows = deals[deals["outcome"].isin(["won", "lost"]) & deals["rep_id"].notna()].reset_index(drop=True)
    start = rows["rep_id"].map(trained.set_index("rep_id")["trained_on"])
    line = (
        rows["product_line"].astype("object").where(rows["product_line"].notna(), "")
        if "product_line" in rows
        else ""
    )
    return pd.DataFrame(
        {
            "rep_id": rows["rep_id"],
            "won": (rows["outcome"] == "won").astype(float),
            "month": rows["closed_on"].dt.to_period("Q").astype(str),
            "line": line,
            "tenure": (rows["closed_on"] - pd.to_datetime(start)).dt.days.astype(float),
        }
    )


def _expected(rows: pd.DataFrame, treated: pd.Series | None = None) -> np.ndarray | None:
    """What each deal's chance was without the course; missing where nobody untrained tells. Columns: rep, quarter, line."""
    treated = (rows["tenure"] >= 0) if treated is None else treated
    base = rows[~treated]
    if base["rep_id"].nunique() < 2 or not treated.any():
        return None
    parts, known = [np.ones((len(rows), 1))], np.ones(len(rows), dtype=bool)
    for column in ("rep_id", "month", "line"):
        levels = sorted(base[column].unique())
        known &= rows[column].isin(levels).to_numpy()
        parts.append(
            (rows[column].to_numpy()[:, None] == np.array(levels[1:], dtype=object)[None, :]).astype(float)
        )
    design = np.hstack(parts)
    control = (~treated).to_numpy()
    gram = design[control].T @ design[control] + 1e-6 * np.eye(design.shape[1])
    weights = np.linalg.solve(gram, design[control].T @ rows["won"].to_numpy()[control])
    return np.where(known, design @ weights, np.nan)


def _impute(rows: pd.DataFrame, treated: pd.Series | None = None) -> tuple[float, int, float] | None:
    treated = (rows["tenure"] >= 0) if treated is None else treated
    expected = _expected(rows, treated)
    if expected is None:
        return None
    use = treated.to_numpy() & ~np.isnan(expected)
    if not use.any():
        return None
    return float((rows["won"].to_numpy() - expected)[use].mean()), int(use.sum()), float(expected[use].mean())


def _jackknife(rows: pd.DataFrame, effect: float, level: float, *, shift: float = 0.0) -> tuple[float, float]:
    """An interval that leaves out one rep at a time (Efron and Stein 1981), with Student's t."""
    reps = rows["rep_id"].unique()
    without = []
    for rep in reps:
        part = rows[rows["rep_id"] != rep]
        treated = part["tenure"] >= 0 if not shift else (part["tenure"] < 0) & (part["tenure"] >= -shift)
        estimate = _impute(
            part if not shift else part[~(part["tenure"] >= 0)],
            treated if not shift else treated[~(part["tenure"] >= 0)],
        )
        if estimate is not None:
            without.append(estimate[0])
    n = len(without)
    if n < 3:
        return float("-inf"), float("inf")
    error = float(np.sqrt((n - 1) / n * ((np.array(without) - np.mean(without)) ** 2).sum()))
    half = student.ppf(0.5 + level / 2, n - 1) * error
    return effect - half, effect + half


def _placebo(rows: pd.DataFrame, level: float, *, days: float = 182.0) -> tuple[float, float, float]:
    """The same comparison for the half year before the course, as if it had been earlier."""
    before = rows[~(rows["tenure"] >= 0)]
    treated = (before["tenure"] < 0) & (before["tenure"] >= -days)
    estimate = _impute(before, treated)
    if estimate is None:
        return float("nan"), float("nan"), float("nan")
    low, high = _jackknife(rows, estimate[0], level, shift=days)
    return estimate[0], low, high
