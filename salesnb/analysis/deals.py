"""Can a model tell which open deals will be won, and may one use it?

A logistic regression on what was known while deals were open, trained on the earlier three quarters of the closed deals
and judged on the rest. It is used only where it beats the base rate; else the page falls back to rates by stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from salesnb.analysis import intervals
from salesnb.caching import cached
from salesnb.headlines import Figure
from salesnb.language import Message, marked
from salesnb.results.deals import Judgement

TRAINED = 0.75
FEWEST_TEST = 20  # closed deals to test on, below which no model is judged
SEED = 11
DRAWS = 1000
PRIOR_DEALS = 10
RIPE = 120


def time_split(opportunities: pd.DataFrame) -> pd.DataFrame:
    """Which closed deals train and which test? By closing day, then opportunity_id as text; the first ⌊75%⌋ train.

    One row per closed deal: opportunity_id, closed_on, won (1 or 0), tests (bool).
    """
    closed = opportunities[opportunities["outcome"] != "open"]
    closed = closed.assign(key=closed["opportunity_id"].astype(str)).sort_values(
        ["closed_on", "key"], kind="stable"
    )
    tests = np.arange(len(closed)) >= int(len(closed) * TRAINED)
    won = (closed["outcome"] == "won").astype(float)
    return pd.DataFrame(
        {
            "opportunity_id": closed["opportunity_id"],
            "closed_on": closed["closed_on"],
            "won": won,
            "tests": tests,
        }
    ).reset_index(drop=True)


def base_brier(split: pd.DataFrame) -> float | None:
    """The mean squared error of the training win rate as a constant; None where either part is empty."""
    train, test = split[~split["tests"]], split[split["tests"]]
    return float(((test["won"] - train["won"].mean()) ** 2).mean()) if len(train) and len(test) else None


def predictions(marks: pd.DataFrame, known: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame | None:
    """What would the model have said about the later deals? One row per landmark of a test deal: opportunity_id, landmark, weight
    (a deal's landmarks share one), won, closed_on, probability. None below 20 test deals or with one outcome in training."""
    tests = marks["opportunity_id"].map(split.set_index("opportunity_id")["tests"])
    train, test = (tests == False).to_numpy(), (tests == True).to_numpy()  # noqa: E712 - open deals are neither
    if split["tests"].sum() < FEWEST_TEST or marks.loc[train, "won"].nunique() < 2:
        return None
    model = fit(known[train], marks.loc[train, "won"], marks.loc[train, "weight"])
    rows = marks.loc[test, ["opportunity_id", "landmark", "weight", "won"]]
    rows = rows.assign(closed_on=rows["opportunity_id"].map(split.set_index("opportunity_id")["closed_on"]))
    return rows.assign(probability=model.predict_proba(known[test])[:, 1]).reset_index(drop=True)


def fit(known: pd.DataFrame, won: pd.Series, weight: pd.Series) -> Pipeline:
    """The model: logistic regression with a quadratic penalty on standardised features, long tails drawn in."""
    model = make_pipeline(
        FunctionTransformer(_drawn_in), StandardScaler(), LogisticRegression(C=0.1, max_iter=500)
    )
    return model.fit(known, won.astype(int), logisticregression__sample_weight=weight)


@cached
def judge(
    predicted: pd.DataFrame | None, split: pd.DataFrame, *, refused: tuple[str, ...] = (), seed: int = SEED
) -> Judgement | None:
    """May one use it? Only where its Brier score is below the base rate's and the lower end of the AUC's interval above 0.5.

    The interval is redrawn over deals. None without predictions or where the later deals had one outcome.
    """
    base = base_brier(split)
    if predicted is None or base is None or predicted["won"].nunique() < 2:
        return None
    error = (predicted["probability"] - predicted["won"]) ** 2
    brier = float(np.average(error, weights=predicted["weight"]))
    place, deals = pd.factorize(predicted["opportunity_id"].astype(str), sort=True)
    rng = np.random.default_rng(seed)
    n = len(deals)
    redraws = (
        rng.multinomial(n, np.full(n, 1 / n)) for _ in range(DRAWS)
    )  # all at once they fill a gigabyte
    won = predicted["won"].to_numpy() > 0.5
    weight = predicted["weight"].to_numpy(dtype=float)
    aucs = _auc(predicted["probability"].to_numpy(), won, weight, place, chain([np.ones(n)], redraws))
    low, high = intervals.ends(aucs[1:])
    use = brier < base and low > 0.5
    train = split[~split["tests"]]
    return Judgement(
        marked("use") if use else marked("do not use"),
        len(train),
        len(deals),
        float(train["won"].mean()),
        brier,
        base,
        float(aucs[0]),
        low,
        high,
        refused,
    )


def drift(predicted: pd.DataFrame | None) -> float:
    """By how much was the level of the chances off for the pipeline of a past month end, beyond chance? It holds what the model
    cannot know: a competitor who appears next month.

    The root of the month ends' mean squared error, less what chance alone explains. Month ends since the first test deal
    closed, whose pipeline is then in the test whole, and RIPE days before the last one closed, so that it is decided; with at
    least 20 deals. 0 where there is none.
    """
    if predicted is None or predicted.empty:
        return 0.0
    first, last = predicted["closed_on"].min(), predicted["closed_on"].max()
    decided = predicted[predicted["landmark"].between(first, last - pd.Timedelta(days=RIPE))]
    chance = decided["probability"]
    rows = pd.DataFrame({"error": decided["won"] - chance, "noise": chance * (1 - chance)})
    months = rows.groupby(decided["landmark"]).agg(
        error=("error", "mean"), noise=("noise", "mean"), deals=("error", "size")
    )
    fair = months[months["deals"] >= FEWEST_TEST]
    excess = (fair["error"] ** 2 - fair["noise"] / fair["deals"]).mean()
    return float(np.sqrt(max(0.0, excess))) if len(fair) else 0.0


def calibration(predicted: pd.DataFrame | None, *, bands: int = 5) -> pd.DataFrame:
    """Do deals that the model gives 30% win in 30 of 100 cases? One row per band of equally many predictions: said (mean
    probability), won (share), low, high (Wilson), deals. Empty without predictions."""
    columns = ["said", "won", "low", "high", "deals"]
    if predicted is None or predicted.empty:
        return pd.DataFrame(columns=columns)
    band = pd.qcut(predicted["probability"].rank(method="first"), bands, labels=False)
    weighted = predicted.assign(
        said=predicted["probability"] * predicted["weight"], wins=predicted["won"] * predicted["weight"]
    )
    sums = weighted.groupby(band)[["said", "wins", "weight"]].sum()
    bounds = intervals.wilson(sums["wins"], sums["weight"])
    frame = pd.DataFrame(
        {
            "said": sums["said"] / sums["weight"],
            "won": bounds["share"],
            "low": bounds["low"],
            "high": bounds["high"],
            "deals": sums["weight"],
        }
    )
    return frame.reset_index(drop=True)


def chances(
    marks: pd.DataFrame,
    known: pd.DataFrame,
    *,
    judgement: Judgement | None,
    stage_rates: pd.Series,
    stage: pd.Series,
    overall: float | None,
) -> pd.DataFrame:
    """How likely is each open deal to be won? By the model, refitted on all closed deals, where it may be used; else by the
    win rate of deals that reached its stage (`stage_rates`), else by the `overall` one; NaN where that is nothing or everything.

    One row per open deal: opportunity_id, probability, source (model, stage, overall). `stage`: opportunity_id → stage.
    """
    known_rate = overall is not None and 0 < overall < 1
    still = marks["won"].isna()
    deals = marks.loc[still, ["opportunity_id"]].reset_index(drop=True)
    if judgement is not None and judgement.verdict == "use" and len(deals):
        model = fit(known[~still], marks.loc[~still, "won"], marks.loc[~still, "weight"])
        return deals.assign(probability=model.predict_proba(known[still])[:, 1], source="model")
    by_stage = deals["opportunity_id"].map(stage).map(stage_rates).astype(float)
    source = np.where(by_stage.notna(), "stage", "overall")
    return deals.assign(probability=by_stage.fillna(overall if known_rate else np.nan), source=source)


def stage_rates(passages: pd.DataFrame, opportunities: pd.DataFrame) -> pd.Series:
    """The share of closed deals that were won, among those that ever reached the stage, drawn towards all stages' with the weight
    of ten deals: stage → win rate. Empty where only won or only lost deals are recorded: that is no rate."""
    outcome = opportunities.set_index("opportunity_id")["outcome"]
    reached = passages.assign(outcome=passages["opportunity_id"].map(outcome))
    closed = reached[reached["outcome"] != "open"]
    won = closed["outcome"] == "won"
    if won.nunique() < 2:
        return pd.Series(dtype=float)
    sums = won.groupby(closed["stage"]).agg(["sum", "size"])
    return (sums["sum"] + PRIOR_DEALS * won.mean()) / (sums["size"] + PRIOR_DEALS)


def headlines(opportunities: pd.DataFrame, *, judgement: Judgement | None) -> dict[str, Figure]:
    """Keys deals.auc, .brier, .base_brier and .verdict. The base rate needs closed deals only; without enough of them for a
    model the verdict is still "do not use"; without deals all are null."""
    if opportunities.empty:
        none = Figure(None, Message("no deals are known by this date"))
        return {"deals.auc": none, "deals.brier": none, "deals.base_brier": none, "deals.verdict": none}
    base = base_brier(time_split(opportunities))
    few = Figure(None, Message("too few deals have been closed to train and to test a model"))
    return {
        "deals.auc": Figure(judgement.auc) if judgement else few,
        "deals.brier": Figure(judgement.brier) if judgement else few,
        "deals.base_brier": Figure(base) if base is not None else few,
        "deals.verdict": Figure(judgement.verdict if judgement else marked("do not use")),
    }


def _drawn_in(known: pd.DataFrame) -> np.ndarray:
    values = np.asarray(known, dtype=float)
    return np.sign(values) * np.log1p(np.abs(values))


def _auc(
    score: np.ndarray, won: np.ndarray, weight: np.ndarray, deal: np.ndarray, drawn: Iterable[np.ndarray]
) -> np.ndarray:
    """Weighted area under the ROC curve, one per row of `drawn` (how often each deal counts); tied scores count half.

    `score`, `won`, `weight` and `deal` (a column of `drawn`): one per prediction.
    """
    order = np.argsort(score, kind="stable")
    begins = np.unique(score[order], return_index=True)[1]
    who, wins_of, losses_of = deal[order], (weight * won)[order], (weight * ~won)[order]
    areas = []
    for counts in drawn:
        times = counts[who]
        wins, losses = (np.add.reduceat(each * times, begins) for each in (wins_of, losses_of))
        below = losses.cumsum() - losses
        total = wins.sum() * losses.sum()
        areas.append(float(wins @ (below + losses / 2)) / total if total > 0 else np.nan)
    return np.array(areas)
