"""What do the best do differently?

Stars win more than their colleagues do on the same product lines, or else are the upper quarter by attainment. For each habit their mean is set against the others';
whether the difference is more than chance is told by drawing the stars at random (a permutation test), corrected for the
number of habits looked at (Holm 1979). With some twenty people only large differences can be seen, and a habit that goes
with success need not be its cause.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.findings import Finding

FALSE_ALARM = (
    0.1  # chance of any false habit: with one or two stars only large differences can be seen at all
)

HABITS = {
    "contacts_per_week": 1,
    "visits_per_week": 1,
    "minutes_per_contact": 1,
    "days_to_first_contact": -1,
    "next_step_share": 1,
    "pain_points_share": 1,
    "win_rate": 1,
    "days_to_close": -1,
    "deal_size": 1,
    "discount": -1,
    "lines_sold": 1,
}  # habit → the sign of more success; used for nothing but the order of columns and arrows


def habits(
    people: pd.DataFrame,
    activity: pd.DataFrame,
    deals: pd.DataFrame,
    bookings: pd.DataFrame,
    *,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """How does each rep work? One row per active rep, a column per habit; missing where the data don't tell.

    `activity`: day × rep × kind (count, minutes, timed, has_next_step, has_pain_points). `deals`: opportunities (rep_id,
    created_on, closed_on, outcome, amount, first_contact_on). `bookings`: day, rep_id, product_line, net_amount, list_amount.
    All within `since` … `as_of`. Shares 0–1, times in days, minutes per timed contact, sizes in money.
    """
    reps = people.loc[people["active"], ["rep_id", "rep_name", "team"]].reset_index(drop=True)
    weeks = max(((as_of - since).days + 1) / 7, 1.0)
    done = activity[activity["day"].between(since, as_of)]
    sums = done.groupby("rep_id")[["count", "minutes", "timed", "has_next_step", "has_pain_points"]].sum()
    visits = (
        done[done["kind"].isin(["visit", "meeting", "executive_meeting", "demo", "trial"])]
        .groupby("rep_id")["count"]
        .sum()
    )
    closed = deals[deals["closed_on"].between(since, as_of) & deals["outcome"].isin(["won", "lost"])]
    won = closed[closed["outcome"] == "won"]
    begun = deals[deals["created_on"].between(since, as_of)]
    sold = bookings[bookings["day"].between(since, as_of) & (bookings["net_amount"] > 0)]
    priced = sold[sold["list_amount"] > 0].groupby("rep_id")[["net_amount", "list_amount"]].sum()
    contacts = sums["count"].where(sums["count"] > 0)
    values = {
        "contacts_per_week": sums["count"] / weeks,
        "visits_per_week": visits / weeks,
        "minutes_per_contact": sums["minutes"] / sums["timed"].where(sums["timed"] > 0),
        "days_to_first_contact": (begun["first_contact_on"] - begun["created_on"])
        .dt.days.groupby(begun["rep_id"])
        .mean(),
        "next_step_share": sums["has_next_step"] / contacts,
        "pain_points_share": sums["has_pain_points"] / contacts,
        "win_rate": (closed["outcome"] == "won").groupby(closed["rep_id"]).mean(),
        "days_to_close": (won["closed_on"] - won["created_on"]).dt.days.groupby(won["rep_id"]).median(),
        "deal_size": won.groupby("rep_id")["amount"].median(),
        "discount": 1 - priced["net_amount"] / priced["list_amount"],
        "lines_sold": sold.groupby("rep_id")["product_line"].nunique(),
    }
    for name in HABITS:
        reps[name] = reps["rep_id"].map(values[name].astype(float)).astype(float)
    return reps


MEASURED = {
    "wins": ("win_rate",),
    "attainment": ("win_rate", "deal_size", "lines_sold"),
}  # chosen on → the habits that are parts of that very measure


def chosen_on(records: pd.DataFrame) -> str:
    """By which measure does `star_list` choose? ``wins`` where somebody wins more beyond chance, else ``attainment``."""
    return "wins" if records["strong"].astype(bool).any() else "attainment"


def findings(differences: pd.DataFrame) -> list[Finding]:
    """The verdicts of `differences`."""
    beyond = differences["beyond_chance"].astype(bool)
    words = rivals.worded(differences.index, beyond, beyond, [{"selection": 0.0}] * len(differences))
    return rivals.told(
        differences.drop(columns=["low", "high"]).join(words), id="star.habit", member="habit", value="difference",
        stated=FALSE_ALARM, unit="person", basis="peers",
    )  # fmt: skip


def star_list(
    attained: pd.DataFrame, records: pd.DataFrame, *, share: float = 0.25, least: int = 2
) -> list[str]:
    """Who are the stars? The rep ids, best first.

    Who wins more deals than colleagues with the same product lines do, beyond chance (`records`: rep_id, shrunk, strong);
    where nobody does, the upper quarter by attainment, by bookings where nobody has a target; nobody among too few people.
    """
    strong = records[records["strong"].astype(bool)].sort_values(
        ["shrunk", "rep_id"], ascending=[False, True]
    )
    if len(strong):
        return list(strong["rep_id"])
    score = attained["attainment"] if attained["attainment"].notna().any() else attained["bookings"]
    ranked = (
        attained.assign(score=score)
        .dropna(subset=["score"])
        .sort_values(["score", "rep_id"], ascending=[False, True])
    )
    number = max(least, round(share * len(ranked)))
    return list(ranked["rep_id"].head(number)) if len(ranked) > number else []


def differences(
    habit: pd.DataFrame,
    stars: list[str],
    *,
    measure: str = "wins",
    alpha: float = FALSE_ALARM,
    draws: int = 5000,
    seed: int = 0,
) -> pd.DataFrame:
    """In which habits do the stars differ? A habit that is part of the `measure` on which they were chosen (`chosen_on`) is no
    finding and left out.

    `habit` of `habits`. One row per habit that at least one star and three others show, the surest first: stars (mean),
    others (mean), people (how many the others are), difference, spread (standard deviation over all reps), standardised, low and high (the band that as many random reps leave
    in any of the habits at most as often as `alpha`, so that what lies within is chance; Bonferroni), p_value (two-sided),
    beyond_chance (Holm).
    """
    columns = [
        "habit",
        "stars",
        "others",
        "people",
        "difference",
        "spread",
        "standardised",
        "low",
        "high",
        "p_value",
        "beyond_chance",
    ]
    is_star = habit["rep_id"].isin(stars).to_numpy()
    rng = np.random.default_rng(seed)
    rows, drawn = [], []
    for name in (name for name in HABITS if name not in MEASURED[measure]):
        values = habit[name].to_numpy(dtype=float)
        known = ~np.isnan(values)
        chosen = int((is_star & known).sum())
        if chosen < 1 or (known & ~is_star).sum() < 3 or np.ptp(values[known]) == 0:
            continue
        own, rest = values[is_star & known].mean(), values[~is_star & known].mean()
        chance = _drawn(values[known], chosen, draws, rng)
        p_value = float((np.abs(chance) >= abs(own - rest) - 1e-12).mean())
        drawn.append(chance)
        spread = values[known].std(ddof=1)
        rows.append(
            (
                name,
                own,
                rest,
                int((known & ~is_star).sum()),
                own - rest,
                spread,
                (own - rest) / spread,
                max(p_value, 1 / len(chance)),
            )
        )
    frame = pd.DataFrame(rows, columns=[*columns[:7], "p_value"])
    tail = alpha / 2 / max(1, len(rows))
    frame["low"] = [float(np.quantile(chance, tail, method="lower")) for chance in drawn]
    frame["high"] = [float(np.quantile(chance, 1 - tail, method="higher")) for chance in drawn]
    frame["beyond_chance"] = beyond_noise(frame["p_value"], alpha=alpha)
    return frame.sort_values(["p_value", "habit"], ignore_index=True)[columns]


def _drawn(values: np.ndarray, chosen: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The differences that as many people drawn at random would show; all of them where they are few."""
    n, total = len(values), values.sum()
    if comb(n, chosen) <= draws:
        sums = np.array([values[list(group)].sum() for group in combinations(range(n), chosen)])
    else:
        order = rng.random((draws, n)).argsort(axis=1)[:, :chosen]
        sums = values[order].sum(axis=1)
    return sums / chosen - (total - sums) / (n - chosen)
