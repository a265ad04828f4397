"""Did the training work?

Trained reps are compared with what they would have sold without it: each rep's own level, each quarter's and each product
line's (by half year) are fitted on the deals of reps not yet trained, carried forward, and the difference of what came to what was expected
is averaged (imputation estimator for staggered adoption: Borusyak, Jaravel and Spiess 2024). Lines have times of their own (a
rival, a recall) and people sell unlike mixes of lines: without an effect for each line's half year, what befell a line would
be laid at the door of who was trained by then. Half years, since a line's quarter holds too few deals. The interval leaves
out one rep at a time. This is a comparison, not an experiment: who was sent first may have been chosen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.caching import cached
from salesnb.calendars.periods import quarters_of
from salesnb.findings import Finding

FAIR_DEALS = 10  # deals of a month before or after a course, below which the month is not drawn
DAYS_OF_MONTH = 30.4375
PLACEBO_DAYS = 182
RIDGE = 1e-6  # in deals: quarters, lines and reps are sums of one another, which leaves their levels free
SETTLED = 90  # days after the data begin by which who has a record is no newcomer
FALSE_ALARM = 0.1  # of any course. Dropping one that works costs as much as repeating one that does not; at half this level half
# of the lifts of ten points go unseen, at this one a sixth (in the twelve companies of `tests/coverage.py`, not used to choose)
LIFTS = [
    "course", "topic", "lift", "low", "high", "before", "deals", "reps", "placebo", "placebo_low", "placebo_high", "p_value",
    "net", "net_p", "conclusion", "by", "rivals", "found",
]  # fmt: skip


def first_courses(training: pd.DataFrame) -> pd.DataFrame:
    """When was each rep first trained in each course? One row per rep_id × course: trained_on, topic."""
    rows = training.sort_values("completed_on").groupby(["rep_id", "course"], as_index=False)
    return rows.agg(trained_on=("completed_on", "first"), topic=("topic", "first"))


@cached
def lifts(
    deals: pd.DataFrame,
    training: pd.DataFrame,
    *,
    level: float = 0.95,
    least: int = 30,
    alpha: float = FALSE_ALARM,
) -> pd.DataFrame:
    """What did each course do to the win rate?

    `deals`: one row per opportunity (rep_id, outcome, closed_on; product_line where known). `training`: one row per completed
    course (rep_id, course, topic, completed_on). One row per course that can be judged (at least `least` deals closed
    after it by at least three trained reps, and two others or earlier records to compare with), the largest lift first:
    lift (difference of shares, 0.08 = 8 points) with its interval, before (the expected win rate without the course), deals
    and reps counted, placebo (the same comparison for the half year before the course: should be near zero) with its
    interval, p_value (two-sided, one course), net and net_p (the lift where neither the half year before the course counts, for which
    people may have been picked, nor anybody's first half year, in which all grow), conclusion, by and rivals (selection, maturity), found
    (beyond chance, corrected for the number of courses by Holm 1979, and net of these too).
    """
    rows = []
    for course, trained in first_courses(training).groupby("course"):
        closed = closed_deals(deals, trained)
        after = closed["tenure"] >= 0
        if after.sum() < least or closed.loc[after, "rep_id"].nunique() < 3:
            continue
        found = lift(closed, after.to_numpy(), level=level)
        if found is None:
            continue
        before = closed[~after]
        placebo = lift(before, before["tenure"].ge(-PLACEBO_DAYS).to_numpy(), level=level) or (np.nan,) * 6
        effect, low, high, p_value, expected, counted = found
        people = int(closed.loc[after, "rep_id"].nunique())
        net = [lift(kept, kept["tenure"].ge(0).to_numpy(), level=level) for kept in _without(closed)]
        shares = {
            name: rivals.share_of(effect, one[0] if one else None)
            for name, one in zip(("selection", "maturity"), net[:2], strict=True)
        }
        shares |= {"maturity": 1.0} if net[1] is None else {}
        rows.append(
            (
                course,
                trained["topic"].iloc[0],
                effect,
                low,
                high,
                expected,
                int(counted),
                people,
                *placebo[:3],
                p_value,
                *((net[2][0], net[2][3]) if net[2] else (np.nan, np.nan)),
                shares,
            )
        )
    frame = pd.DataFrame(rows, columns=[*LIFTS[:-4], "rivals"])
    seen = beyond_noise(frame["p_value"], alpha=alpha)
    same = (np.sign(frame["net"]) == np.sign(frame["lift"])).to_numpy()
    alike = beyond_noise(frame["net_p"].where(seen & same), alpha=alpha)
    frame = frame.join(rivals.worded(frame.index, seen, alike, list(frame.pop("rivals"))))
    frame["found"] = seen & alike
    frame = frame[LIFTS]
    return frame.sort_values(["lift", "course"], ascending=[False, True], ignore_index=True)


def _without(closed: pd.DataFrame) -> list[pd.DataFrame]:
    """The deals without the half year before people's course; without newcomers' first half year; without either."""
    picked = closed["tenure"].between(-PLACEBO_DAYS, -1)
    return [closed[~picked], closed[~closed["fresh"]], closed[~picked & ~closed["fresh"]]]


def findings(courses: pd.DataFrame, deals: pd.DataFrame) -> list[Finding]:
    """The verdicts of `lifts`."""
    days = deals["closed_on"].dropna()
    return rivals.told(
        courses, id="course.lift", member="course", value="lift", stated=FALSE_ALARM, unit="person", basis="untreated",
        period=(days.min(), days.max()) if len(days) else None,
    )  # fmt: skip


def closed_deals(deals: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    """The closed deals with a rep: rep_id, won (0 or 1), quarter, line (product line × half year), tenure (days since the rep's course; negative before it,
    missing for who never took it), fresh (closed in the first half year of a record that begins a quarter after the data do)."""
    rows = deals[
        deals["outcome"].isin(["won", "lost"]) & deals["rep_id"].notna() & deals["closed_on"].notna()
    ]
    begun = dict(zip(trained["rep_id"], trained["trained_on"], strict=True))
    start = pd.to_datetime(rows["rep_id"].astype(object).map(begun)).astype("datetime64[us]")
    line = rows["product_line"].astype(object).where(rows["product_line"].notna(), "")
    first = rows.groupby("rep_id")["closed_on"].transform("min")
    late = first > rows["closed_on"].min() + pd.Timedelta(days=SETTLED)
    half = rows["closed_on"].dt.year * 2 + (rows["closed_on"].dt.month > 6)  # lines have their own times
    return pd.DataFrame(
        {
            "rep_id": rows["rep_id"].astype(object),
            "won": (rows["outcome"] == "won").astype(float),
            "quarter": quarters_of(rows["closed_on"]),
            "line": line.astype(str) + " " + half.astype(str),
            "tenure": (rows["closed_on"] - start).dt.days.astype(float),
            "fresh": late & (rows["closed_on"] < first + pd.Timedelta(days=PLACEBO_DAYS)),
        }
    ).reset_index(drop=True)


def lift(
    closed: pd.DataFrame, treated: np.ndarray, *, level: float = 0.95
) -> tuple[float, float, float, float, float, int] | None:
    """By how much do treated deals differ from what untreated ones let expect?

    `closed` of `closed_deals`; `treated` marks rows. Returns lift, low, high, p_value, expected win rate, deals; None where
    nothing can be compared. The interval leaves out one rep at a time (Efron and Stein 1981), with Student's t.
    """
    places, won = _places(closed), closed["won"].to_numpy()
    expected = _expectation(won, places, treated)
    use = treated & ~np.isnan(expected)
    if not use.any():
        return None
    effect = float((won - expected)[use].mean())
    without = _without_each(won, places, treated)
    n = len(without)
    if n < 4:
        return None
    error = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    half = float(student.ppf(0.5 + level / 2, n - 1)) * error
    p_value = float(2 * student.sf(abs(effect) / error, n - 1)) if error > 0 else 0.0
    return effect, effect - half, effect + half, p_value, float(expected[use].mean()), int(use.sum())


def expectation(closed: pd.DataFrame, treated: np.ndarray) -> np.ndarray:
    """The chance of each deal without treatment, from rep, quarter and product line; missing where no untreated deal tells."""
    return _expectation(closed["won"].to_numpy(), _places(closed), treated)


def _places(closed: pd.DataFrame) -> np.ndarray:
    """The number of each deal's rep, quarter and line among all of them: three columns."""
    codes = [closed[column].factorize() for column in ("rep_id", "quarter", "line")]
    offsets = np.cumsum([0, *(len(levels) for _, levels in codes[:-1])])
    return np.column_stack([code + offset for (code, _), offset in zip(codes, offsets, strict=True)])


def _expectation(won: np.ndarray, places: np.ndarray, treated: np.ndarray) -> np.ndarray:
    control = ~treated
    if len(np.unique(places[control, 0])) < 2:
        return np.full(len(won), np.nan)
    width = int(places.max()) + 1
    inside = places[control]
    moments = np.bincount(inside.ravel(), np.repeat(won[control], 3), minlength=width)
    gram = _pairs(inside, width)
    seen = np.diag(gram) > 0
    weights = np.linalg.solve(gram + RIDGE * np.eye(width), moments)
    return np.where(seen[places].all(axis=1), weights[places].sum(axis=1), np.nan)


def _without_each(won: np.ndarray, places: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """The mean of treated deals less what is expected of them, once for each rep, whose deals are left out; reps without whom nothing
    can be compared are none of it.

    The same equations as `_expectation`'s, solved for quarters and lines alone: a rep's own level follows from these, so that
    what a rep adds to them is taken off again, in place of counting all others' deals anew for each.
    """
    people = int(places[:, 0].max()) + 1
    times = int(places.max()) + 1 - people
    rep, when = places[:, 0], places[:, 1:] - people
    control = ~treated
    deals, wins = (np.bincount(rep[control], one, people) for one in (None, won[control]))
    counted, moments = np.zeros((people, times)), np.zeros((people, times))  # each rep's, by quarter and line
    for column in when[control].T:
        np.add.at(counted, (rep[control], column), 1.0)
        np.add.at(moments, (rep[control], column), won[control])
    own = deals + RIDGE
    share, left = counted / own[:, None], moments - counted * (wins / own)[:, None]
    whole = _pairs(when[control], times) - counted.T @ share + RIDGE * np.eye(times)
    order = np.argsort(rep, kind="stable")
    ends = np.cumsum(np.bincount(rep, minlength=people))
    total, known = counted.sum(axis=0), deals > 0
    use = treated & known[rep] & (total > 0)[when].all(axis=1)
    asked, came = np.bincount(rep[use], None, people), np.bincount(rep[use], won[use], people)
    asked_when = np.zeros((people, times))
    for column in when[use].T:
        np.add.at(asked_when, (rep[use], column), 1.0)
    found = []
    for leaver, (first, last) in enumerate(zip(np.r_[0, ends[:-1]], ends, strict=True)):
        if first == last or known.sum() - known[leaver] < 2:
            continue
        mine = order[first:last]
        added = _pairs(when[mine[control[mine]]], times) - np.outer(counted[leaver], share[leaver])
        level = np.linalg.solve(whole - added, left.sum(axis=0) - left[leaver])
        personal = (wins - counted @ level) / own
        rest, rest_when = asked.sum() - asked[leaver], asked_when.sum(axis=0) - asked_when[leaver]
        alone = (total > 0) & (total - counted[leaver] == 0) & (rest_when > 0)
        if alone.any():  # nobody else tells of these: neither is anything expected of who was treated then
            kept = use & (rep != leaver) & ~alone[when].any(axis=1)
            expected = personal[rep[kept]] + level[when[kept]].sum(axis=1)
            found.extend([float((won[kept] - expected).mean())] if kept.any() else [])
        elif rest:
            expected = asked @ personal - asked[leaver] * personal[leaver] + rest_when @ level
            found.append(float((came.sum() - came[leaver] - expected) / rest))
    return np.array(found)


def _pairs(when: np.ndarray, times: int) -> np.ndarray:
    """How often do two of the `times` columns stand together in a row?"""
    pairs = (when[:, :, None] * times + when[:, None, :]).ravel()
    return np.bincount(pairs, minlength=times * times).reshape(times, times).astype(float)


def by_month(
    deals: pd.DataFrame, training: pd.DataFrame, *, course: str, span: int = 3, reach: int = 12
) -> pd.DataFrame:
    """How did the difference move around one course?

    One row per `span` months before (negative) and after it: months (the first of the span), difference (won − expected,
    share), low, high (95%, deals taken as independent), deals, reps (whose they were). Spans with fewer than ten deals are left out.
    """
    trained = first_courses(training)
    rows = closed_deals(deals, trained[trained["course"] == course])
    expected = expectation(rows, (rows["tenure"] >= 0).to_numpy())
    rows = rows.assign(
        excess=rows["won"] - expected, months=np.floor(rows["tenure"] / DAYS_OF_MONTH / span) * span
    )
    rows = rows[rows["months"].between(-reach, reach - 1) & rows["excess"].notna()]
    by_span = rows.groupby("months")
    spans = by_span["excess"].agg(["mean", "sem", "size"]).join(by_span["rep_id"].nunique()).reset_index()
    spans = spans[spans["size"] >= FAIR_DEALS].reset_index(drop=True)
    half = 1.96 * spans["sem"]
    return pd.DataFrame(
        {
            "months": spans["months"].astype(int),
            "difference": spans["mean"],
            "low": spans["mean"] - half,
            "high": spans["mean"] + half,
            "deals": spans["size"].astype(int),
            "reps": spans["rep_id"].astype(int),
        }
    )
