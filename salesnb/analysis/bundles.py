"""Which product lines do the same customers buy together beyond chance, and who buys only one of the two?

Large customers buy more of everything, so any two lines look related. The yardstick therefore keeps how many lines each
customer buys and how many customers each line has, and shuffles the rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding

DRAWS = 400
SEED = 5
FAIR_CUSTOMERS = 20  # customers of a line below which it is in no pair
COLUMNS = (
    "first",
    "second",
    "together",
    "by_chance",
    "lift",
    "p_value",
    "beyond",
    "candidates",
    "usual",
    "worth",
)


def findings(found: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `pairs`."""
    return rivals.plainly(
        found, flagged="beyond", id="bundle.pair", member=["first", "second"], value="lift", ends=("", ""), unit="account",
        basis="chance", period=(months_back(as_of, 12), as_of),
    )  # fmt: skip


def pairs(purchases: pd.DataFrame, *, seed: int = SEED, draws: int = DRAWS) -> pd.DataFrame:
    """Which lines go together, and what would a bundle be worth?

    In: one row per account × product_line with net_amount of twelve months. Out: one row per pair of lines with at least 20
    customers each, the surest first: first, second, together (customers of both), by_chance (their mean over shuffles that
    keep every customer's number of lines and every line's number of customers), lift (ratio), p_value (one-sided, normal
    with the shuffles' mean and spread), beyond (after Holm's correction over the pairs), candidates (customers of exactly
    one of the two), usual (median a year that customers of both spend on the one that candidates lack, weighted by them) and
    worth (candidates × usual × the further share of such customers who buy both, against chance). Empty below two lines.

    Shuffles: curveball trades between columns (Strona and others 2014, Nature Communications 5:4114), the exact null of
    a Rasch model.
    """
    bought = purchases[(purchases["net_amount"] > 0) & purchases["product_line"].notna()]
    table = bought.pivot_table(index="account_id", columns="product_line", values="net_amount", aggfunc="sum")
    table = table.loc[:, table.notna().sum() >= FAIR_CUSTOMERS]
    has = table.notna().to_numpy()
    lines = [str(line) for line in table.columns]
    if len(lines) < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    shuffled = _shuffles(has, np.random.default_rng(seed), draws)
    seen = has.T.astype(int) @ has.astype(int)
    mean, spread = shuffled.mean(axis=0), shuffled.std(axis=0, ddof=1)
    spent = table.to_numpy()
    rows = []
    for one in range(len(lines)):
        for two in range(one + 1, len(lines)):
            both, lacking_two, lacking_one = (
                has[:, one] & has[:, two],
                has[:, one] & ~has[:, two],
                has[:, two] & ~has[:, one],
            )
            candidates = int(lacking_one.sum() + lacking_two.sum())
            usual = _usual(spent[both][:, [two, one]], (int(lacking_two.sum()), int(lacking_one.sum())))
            sure = spread[one, two] > 0
            p = float(norm.sf((seen[one, two] - 0.5 - mean[one, two]) / spread[one, two])) if sure else np.nan
            rows.append((lines[one], lines[two], int(seen[one, two]), mean[one, two], p, candidates, usual))
    frame = pd.DataFrame(
        rows, columns=["first", "second", "together", "by_chance", "p_value", "candidates", "usual"]
    )
    frame["lift"] = frame["together"] / frame["by_chance"].where(frame["by_chance"] > 0)
    frame["beyond"] = intervals.beyond_noise(frame["p_value"])
    either = frame["together"] + frame["candidates"]
    further = ((frame["together"] - frame["by_chance"]) / either.where(either > 0)).clip(lower=0)
    frame["worth"] = frame["candidates"] * frame["usual"] * further
    order = frame.sort_values(["beyond", "p_value"], ascending=[False, True], kind="stable")
    return order[list(COLUMNS)].reset_index(drop=True)


def surest(found: pd.DataFrame) -> tuple[str, str] | None:
    """The surest pair of `pairs` that is beyond chance; None where none is."""
    sure = found[found["beyond"].astype(bool)]
    return (str(sure["first"].iloc[0]), str(sure["second"].iloc[0])) if len(sure) else None


def candidates(purchases: pd.DataFrame, found: pd.DataFrame, *, names: pd.Series) -> pd.DataFrame:
    """Whom to offer the other half of the surest bundle? One row per customer of exactly one of its two lines: account_id,
    account_name (`names`: account_id → name; the id where it has none), buys, lacks, net_amount (a year, of what it buys),
    the largest first. Empty where no pair is beyond chance."""
    columns = ["account_id", "account_name", "buys", "lacks", "net_amount"]
    pair = surest(found)
    if pair is None:
        return pd.DataFrame(columns=columns)
    one, two = pair
    bought = purchases[(purchases["net_amount"] > 0) & purchases["product_line"].isin([one, two])]
    alone = bought[~bought["account_id"].duplicated(keep=False)]
    rows = alone.assign(
        account_name=alone["account_id"].map(names).fillna(alone["account_id"]),
        buys=alone["product_line"],
        lacks=np.where(alone["product_line"] == one, two, one),
    )
    return rows.sort_values(["net_amount", "account_id"], ascending=[False, True], kind="stable")[
        columns
    ].reset_index(drop=True)


def _usual(spent: NDArray[np.float64], lacking: tuple[int, int]) -> float:
    """The median spent on each line by customers of both, weighted by how many lack it; NaN where nobody buys both."""
    if len(spent) == 0 or sum(lacking) == 0:
        return float("nan")
    return float(np.average(np.median(spent, axis=0), weights=lacking))


def _shuffles(has: NDArray[np.bool_], rng: np.random.Generator, draws: int) -> NDArray[np.int64]:
    """How many customers share each two lines, in `draws` tables with the same margins: draws × lines × lines."""
    now, lines = has.copy(), has.shape[1]
    found = np.empty((draws, lines, lines), dtype=np.int64)
    for draw in range(-1, draws):  # the first round only leaves the table that was seen
        for _ in range(lines * (5 if draw < 0 else 1)):
            one, two = rng.choice(lines, 2, replace=False)
            only = np.flatnonzero(now[:, one] ^ now[:, two])
            mine = rng.permutation(len(only)) < now[only, one].sum()
            now[only, one], now[only, two] = mine, ~mine
        if draw >= 0:
            found[draw] = now.T.astype(np.int64) @ now.astype(np.int64)
    return found
