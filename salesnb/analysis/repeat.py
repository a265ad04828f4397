"""When will each account buy again, and is it still a customer at all?

BG/NBD: an account orders at random with a rate of its own, and after each order it may leave for good. Four numbers for
the whole company (r, alpha: how the rates differ; a, b: how the chance of leaving differs) are fitted by maximum
likelihood; each account's own history then gives its expected orders and the probability that it is still alive.

Source: Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2), equations 6 and 10.
Time runs in weeks (days / 7); an order day counts once however many orders it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize
from scipy.special import digamma, expit, gammaln, hyp2f1
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from salesnb.analysis.intervals import CONFIDENCE, FALSE_ALARM
from salesnb.caching import cached
from salesnb.findings import FOUND, NONE, Finding
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.results.customers import Holdout, RepeatFit, RepeatModel

WEEK = 7.0
FEWEST_ACCOUNTS = 100  # with an order, below which the repeat model is not fitted
LARGEST = (
    1e4  # a parameter beyond this, or below its inverse, lies at the edge: the likelihood rises for ever
)
MANY_KINDS = 5_000  # histories that differ
STARTS: Sequence[tuple[float, float, float, float]] = (
    (0.5, 5.0, 0.5, 2.0),
    (1.0, 10.0, 1.0, 1.0),
    (0.1, 1.0, 0.1, 5.0),
    (3.0, 30.0, 0.3, 10.0),
    (1.0, 10.0, 0.01, 0.1),  # hardly anybody leaves
    (1.0, 10.0, 0.01, 1.0),
)

Floats = NDArray[np.float64]


def frequencies(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How often, how lately and for how long has each account ordered?

    In: one row per account × day (account_id, day, is_order); days that are no order day (returns alone), rows without
    an account and days after `as_of` do not count. Out: one row per account: account_id, frequency (order days − 1),
    recency (weeks from first to last), age (weeks from first to as_of), first_on, last_on. Empty in, empty out.
    """
    counted = order_days[
        order_days["is_order"].astype(bool) & order_days["account_id"].notna() & (order_days["day"] <= as_of)
    ]
    days = counted.groupby("account_id", sort=True)["day"]
    spans = pd.DataFrame(
        {"first_on": days.min(), "last_on": days.max(), "days": days.nunique()}
    ).reset_index()
    return pd.DataFrame(
        {
            "account_id": spans["account_id"],
            "frequency": spans["days"].astype(float) - 1.0,
            "recency": (spans["last_on"] - spans["first_on"]).dt.days / WEEK,
            "age": (as_of - spans["first_on"]).dt.days / WEEK,
            "first_on": spans["first_on"],
            "last_on": spans["last_on"],
        }
    )


@cached
def fit(history: pd.DataFrame) -> RepeatFit:
    """Which BG/NBD model makes the accounts' histories most likely?

    In: `frequencies`. Several starts, on log-parameters, with the exact gradient; none is returned below 100 accounts or
    where no start ends inside the parameter space (somebody never leaves, or everybody is alike), each with its reason.
    """
    if len(history) < FEWEST_ACCOUNTS:
        return RepeatFit(
            None,
            Message(
                "the repeat model needs {least:count} accounts with an order, there are {n:count}",
                least=FEWEST_ACCOUNTS,
                n=len(history),
            ),
        )
    kinds = history.groupby(["frequency", "recency", "age"]).agg(weight=("age", "size")).reset_index()
    x, recency, age, weight = (
        kinds[name].to_numpy(float) for name in ("frequency", "recency", "age", "weight")
    )

    edge = float(np.log(LARGEST) + 1)

    def ended(start: Floats, part: slice) -> OptimizeResult:
        """Where a climb from `start` ends that looks at a part of the histories."""
        total = weight[part].sum()

        def loss(logs: Floats) -> tuple[float, Floats]:
            value, slope = _log_likelihood(np.exp(logs), x[part], recency[part], age[part], weight[part])
            return -value / total, -slope * np.exp(logs) / total

        return minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[(-edge, edge)] * 4,
            options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip

    starts, whole = [np.log(start) for start in STARTS], slice(None)
    if (
        len(kinds) > MANY_KINDS
    ):  # which start leads highest is seen by a part of them, and most of the way too
        some = slice(None, None, len(kinds) // MANY_KINDS + 1)
        starts = [min((ended(start, some) for start in starts), key=lambda end: float(end.fun)).x]
    ends = [ended(start, whole) for start in starts]
    best = min(ends, key=lambda end: float(end.fun))
    if not np.isfinite(best.fun) or np.abs(best.x).max() > np.log(LARGEST):
        return RepeatFit(
            None, Message("the repeat model does not fit: its likelihood has no interior maximum")
        )
    # where an optimiser ends differs between processors in the twelfth digit, and a pack is the same on all of them
    r, alpha, a, b = (float(f"{value:.9g}") for value in np.exp(best.x))
    return RepeatFit(RepeatModel(r, alpha, a, b, -float(best.fun) * float(weight.sum()), len(history)))


def _log_likelihood(
    parameters: Floats, x: Floats, recency: Floats, age: Floats, weight: Floats
) -> tuple[float, Floats]:
    """Σ weight · ln L and its gradient in (r, alpha, a, b)."""
    r, alpha, a, b = parameters
    repeated = x > 0
    counts, place = (
        np.arange(x.max(initial=0.0) + 1),
        x.astype(int),
    )  # the same few for all: theirs are the dear functions
    orders = (gammaln(r + counts) - gammaln(r) + r * np.log(alpha))[place]
    staying = (gammaln(a + b) - gammaln(b) + gammaln(b + counts) - gammaln(a + b + counts))[place]
    alive = -(r + x) * np.log(alpha + age)
    left = np.where(
        repeated, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency), -np.inf
    )
    both = np.logaddexp(alive, left)
    gone = np.exp(left - both)  # posterior chance that the account has left
    value = float(np.dot(weight, orders + staying + both))

    by_r = (
        (digamma(r + counts) - digamma(r))[place]
        + np.log(alpha)
        - (1 - gone) * np.log(alpha + age)
        - gone * np.log(alpha + recency)
    )
    by_alpha = r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + recency))
    by_a = (digamma(a + b) - digamma(a + b + counts))[place] + gone / a
    by_b = (digamma(a + b) - digamma(b) + digamma(b + counts) - digamma(a + b + counts))[place] - np.where(
        repeated, gone / (b + np.maximum(x, 1) - 1), 0.0
    )
    return value, np.array([np.dot(weight, slope) for slope in (by_r, by_alpha, by_a, by_b)])


def expectations(history: pd.DataFrame, *, model: RepeatModel, days: int = 90) -> pd.DataFrame:
    """How many order days will each account have in the next `days`, and is it still alive?

    In: `frequencies`. Out: the same rows with alive (probability), expected (order days), buys (probability of at least
    one). Equation 10, with Euler's transformation of the hypergeometric function so that long histories do not overflow.
    """
    r, alpha, b = model.r, model.alpha, model.b
    a = (
        model.a if abs(model.a - 1) > 1e-7 else 1 + 1e-7
    )  # the limit at a = 1 exists, the formula there does not
    x, recency, age = (history[name].to_numpy(float) for name in ("frequency", "recency", "age"))
    ahead = days / WEEK
    log_odds_left = np.where(
        x > 0,
        np.log(a / (b + np.maximum(x, 1) - 1)) + (r + x) * (np.log(alpha + age) - np.log(alpha + recency)),
        -np.inf,
    )
    alive = expit(-log_odds_left)
    z = ahead / (alpha + age + ahead)
    shrunk = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    expected = (a + b + x - 1) / (a - 1) * (1 - shrunk) * alive
    buys = alive * -np.expm1((r + x) * np.log1p(-z))
    return history.assign(alive=alive, expected=np.maximum(expected, 0.0), buys=buys)


def expected(history: pd.DataFrame, *, fit: RepeatFit, days: int = 90) -> pd.DataFrame:
    """`expectations` under a fit; without a model no account has any: the same columns, no rows."""
    if fit.model is None:
        return history.head(0).assign(alive=0.0, expected=0.0, buys=0.0)
    return expectations(history, model=fit.model, days=days)


@cached
def holdout(order_days: pd.DataFrame, *, as_of: pd.Timestamp, days: int = 90) -> Holdout | None:
    """Had we asked the model `days` ago, would it have beaten a naive guess?

    The model is fitted on what was known then. Naive guesses: who ordered last orders next, and each account goes on at its
    own rate (order days after the first, by its age). None where no model could be fitted then.
    """
    then = as_of - pd.Timedelta(days=days)
    history = frequencies(order_days, as_of=then)
    model = fit(history).model
    if model is None:
        return None
    foreseen = expectations(history, model=model, days=days)
    actual = _came(order_days, foreseen["account_id"], after=then, until=as_of)
    own_rate = (foreseen["frequency"] / foreseen["age"].where(foreseen["age"] > 0)).fillna(0.0) * days / WEEK
    mixed = 0 < (actual > 0).sum() < len(actual)
    gain = (own_rate - actual).abs() - (foreseen["expected"] - actual).abs()
    return Holdout(
        days=days,
        accounts=len(foreseen),
        actual=float(actual.sum()),
        expected=float(foreseen["expected"].sum()),
        model_auc=float(roc_auc_score(actual > 0, foreseen["expected"])) if mixed else None,
        recency_auc=float(roc_auc_score(actual > 0, foreseen["last_on"].astype("int64"))) if mixed else None,
        model_error=float((foreseen["expected"] - actual).abs().mean()),
        rate_error=float((own_rate - actual).abs().mean()),
        gain_error=float(gain.std() / len(gain) ** 0.5) if len(gain) > 1 else float("nan"),
    )


def findings(test: Holdout | None) -> list[Finding]:
    """The verdict of `holdout`: by how many order days an account does the model err less than the account's own rate?"""
    if test is None or not test.gain_error > 0:
        return []
    gain = test.rate_error - test.model_error
    chance = float(2 * norm.sf(abs(gain) / test.gain_error))
    half = float(norm.ppf((1 + CONFIDENCE) / 2)) * test.gain_error
    found = test.useful and chance <= FALSE_ALARM
    return [
        Finding(
            "repeat.model", FOUND if found else NONE, value=gain, low=gain - half, high=gain + half, p=chance, stated=FALSE_ALARM,
            unit="account", basis="forecast",
        )
    ]  # fmt: skip


def _came(order_days: pd.DataFrame, ids: pd.Series, *, after: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
    """Order days of each account in `ids` after one day and up to another, in the order of `ids`."""
    inside = order_days[
        order_days["is_order"].astype(bool) & (order_days["day"] > after) & (order_days["day"] <= until)
    ]
    return ids.map(inside.groupby("account_id")["day"].nunique()).fillna(0.0).astype(float)


def by_recency(
    history: pd.DataFrame, order_days: pd.DataFrame, *, as_of: pd.Timestamp, days: int = 90
) -> pd.DataFrame:
    """The simple rule: what did accounts that had paused as long do in the last `days`?

    In: `frequencies` of the accounts asked about; order days of the company. Out: the same rows with alive (missing), expected
    (order days) and buys (share with one), each the mean of the tenth of accounts whose pause was like it `days` ago; no rows
    where nobody had ordered by then.
    """
    then = as_of - pd.Timedelta(days=days)
    past = frequencies(order_days, as_of=then)
    if past.empty:
        return history.head(0).assign(alive=0.0, expected=0.0, buys=0.0)
    came = _came(order_days, past["account_id"], after=then, until=as_of)
    pause = past["age"] - past["recency"]
    edges = np.unique(pause.quantile(np.linspace(0, 1, 11)).to_numpy())[1:-1]
    seen = pd.DataFrame({"tenth": np.searchsorted(edges, pause), "expected": came, "buys": came > 0})
    told = seen.groupby("tenth").mean()
    now = np.searchsorted(edges, history["age"] - history["recency"])
    return history.assign(
        alive=np.nan,
        expected=told["expected"].reindex(now).to_numpy(),
        buys=told["buys"].reindex(now).to_numpy(),
    )


def foreseen(
    history: pd.DataFrame,
    order_days: pd.DataFrame,
    *,
    fit: RepeatFit,
    test: Holdout | None,
    as_of: pd.Timestamp,
    days: int = 90,
) -> pd.DataFrame:
    """How often will each account order in the next `days`: by the model where it has passed its test, else by the simple rule."""
    if fit.model is not None and (test is None or test.useful):
        return expected(history, fit=fit, days=days)
    return by_recency(history, order_days, as_of=as_of, days=days)


def headlines(
    repeat: RepeatFit, expected: pd.DataFrame | None, *, lacking: Message | None = None
) -> dict[str, Figure]:
    """The keys repeat.*: the company's parameters, and Σ expected order days in 90 days over the accounts in `expected`."""
    names = ("r", "alpha", "a", "b", "log_likelihood")
    reason = lacking or repeat.reason
    if repeat.model is None or expected is None or reason is not None:
        return {f"repeat.{name}": Figure(None, reason) for name in (*names, "expected_orders_90d")}
    figures = {f"repeat.{name}": Figure(getattr(repeat.model, name)) for name in names}
    return figures | {"repeat.expected_orders_90d": Figure(float(expected["expected"].sum()))}
