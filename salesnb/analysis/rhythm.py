"""Which accounts have gone silent, beyond their own rhythm?

Each account is held against its own intervals between order days, not against a rule for all. The alarm asks how likely
a pause this long is if the account still bought as it always did. Its intervals are taken as gamma-distributed; then the
next interval over the mean of the n before follows F(2k, 2nk), whatever the scale. k, the regularity (1 for orders at
random, more for a standing order), is the account's own 1/CV², drawn towards the company's usual one where there are few intervals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution

from salesnb.analysis.decomposition import records, rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.findings import Finding

FEWEST_INTERVALS = 4  # of an account, below which no pause of it is called
ALARM = 0.05  # share of false ones among the accounts that are called silent
PRIOR_ORDERS = 2  # that came as expected, before an account's own season counts
FEWEST_ALARMS = 10  # below which they are no record
RECENT = 180  # days, whose orders tell everybody's pace of today
FEWEST_DUE = 4  # orders due in them: who orders more seldom may have ordered by luck
PRIOR_INTERVALS = 5  # as regular as the median account's, with which every account is credited before its own regularity counts
MOST_REGULAR = 10.0  # of these: no company is so regular that a day too late is an alarm
HEAVIEST = 0.45  # shape of a tail whose variance is still finite
BURSTY = 0.7  # CV² of an account's intervals from which they may come in bursts: at random it is 1

COLUMNS = [
    "account_id",
    "last_on",
    "orders",
    "interval",
    "due_on",
    "pause",
    "longest",
    "chance",
    "conclusion",
    "by",
    "rivals",
    "silent",
    "a_year",
]


def silence(order_days: pd.DataFrame, *, as_of: pd.Timestamp, alarm: float = ALARM) -> pd.DataFrame:
    """How long has each account paused, and could it be chance?

    In: one row per account × day (account_id, day, net_amount, is_order). Out: one row per account with an order day,
    least likely pause first: account_id, last_on, orders (order days), interval (mean days between them; missing below
    two), due_on (last + interval), pause (days), longest (of its earlier pauses), chance (of such a pause; missing below four intervals), conclusion and by (explained by its own past
    where it has paused as long before, by the calendar where in the same span of the years before few orders came either, or all accounts order more
    seldom now, by the records where these end before the pause is long: `records.told_until`, or have a hole in it), silent (no longer pause before, and a chance beyond noise among all
    accounts at the false discovery rate `alarm`), a_year (revenue of the 365 days up to the last order: what is at stake). Empty in, empty out.
    """
    days = order_days[order_days["account_id"].notna() & (order_days["day"] <= as_of)]
    ordered = days.loc[days["is_order"].astype(bool), ["account_id", "day"]].drop_duplicates()
    ordered = ordered.sort_values(["account_id", "day"])
    gap = ordered.groupby("account_id")["day"].diff().dt.days
    table = (
        ordered.assign(gap=gap)
        .groupby("account_id")
        .agg(
            last_on=("day", "max"),
            orders=("day", "size"),
            interval=("gap", "mean"),
            spread=("gap", "std"),
            longest=("gap", "max"),
        )
    )
    table = table.reset_index()
    table["pause"] = (as_of - table["last_on"]).dt.days.astype(float)
    table["due_on"] = table["last_on"] + pd.to_timedelta(table["interval"].round(), unit="D")
    gaps = ordered.assign(gap=gap).dropna(subset=["gap"])
    table["chance"] = np.fmax(_chance(table), table["account_id"].map(_in_bursts(gaps, table)))
    seen = beyond_noise(table["chance"], looks="fdr_bh", alpha=alarm)
    new = (table["pause"] > table["longest"]).to_numpy()
    until = records.told_until(ordered, by="account_id", as_of=as_of)
    told = (until - table["last_on"]).dt.days.astype(float)
    told -= records.untold(ordered, by="account_id", since=table["last_on"], until=until)
    share = _season(ordered, table, as_of) * _pace(ordered, table, until)
    alone = {"calendar": table["pause"] * share, "records": told, "": told * share}
    apart = {}
    for rival, pause in alone.items():
        slack = table.assign(pause=pause)
        chance = np.fmax(_chance(slack), table["account_id"].map(_in_bursts(gaps, slack)))
        apart[rival] = beyond_noise(chance, looks="fdr_bh", alpha=alarm)
    shares = [
        {"past": float(not one), "calendar": float(not two), "records": float(not three)}
        for one, two, three in zip(new, apart["calendar"], apart["records"], strict=True)
    ]
    net = new & apart["calendar"] & apart["records"] & apart[""]
    table = table.join(rivals.worded(table.index, seen, net, shares)).assign(silent=seen & net)
    table["a_year"] = _year_before(days, table)
    return table.sort_values(["chance", "account_id"], na_position="last", ignore_index=True)[COLUMNS]


def findings(pauses: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `silence`."""
    return rivals.told(
        pauses, id="account.silent", member="account_id", value="pause", ends=("", ""), p="chance", stated=ALARM, unit="order_day",
        basis="own_past", period=(pauses["last_on"].min(), as_of) if len(pauses) else None,
    )  # fmt: skip


def stayed_away(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How many of the accounts that fell silent before did not order in the next 90 days, by the company's own record?

    Alarms at the ends of the four quarters that ended 90 to 365 days before `as_of`. None under ten of them.
    """
    alarms = stayed = 0
    ordered = order_days[order_days["is_order"].astype(bool)]
    for back in range(1, 5):
        day = as_of - pd.Timedelta(days=90 * back)
        quiet = silence(order_days, as_of=day).query("silent")["account_id"]
        came = ordered.loc[
            ordered["day"].between(day, day + pd.Timedelta(days=90), inclusive="right"), "account_id"
        ]
        alarms, stayed = alarms + len(quiet), stayed + int((~quiet.isin(came)).sum())
    return stayed / alarms if alarms >= FEWEST_ALARMS else None


def _chance(table: pd.DataFrame) -> pd.Series:
    intervals = table["orders"].astype(float) - 1
    enough = intervals >= FEWEST_INTERVALS
    n, pause = intervals.where(enough), table["pause"].where(enough)
    variation = (table["spread"] / table["interval"]) ** 2
    unbiased = (
        (n - 3) / n / variation
    )  # of few intervals a shape looks too regular, by 3/n (Johnson and others 1994)
    usual = unbiased[enough].clip(1.0, MOST_REGULAR).median() if enough.any() else 1.0
    regularity = (n + PRIOR_INTERVALS) / (n * variation + PRIOR_INTERVALS / usual)
    chance = f_distribution.sf(pause / table["interval"], 2 * regularity, 2 * n * regularity)
    return pd.Series(chance, index=table.index, dtype=float).where(enough)


def _in_bursts(gaps: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """How likely is it to meet the account in a pause so long, as its longest quarter of pauses lets expect? Who orders three times
    in a week and then not for months pauses most of the time; who orders regularly does not and is left out. Excesses over a threshold as Pareto's (Pickands 1975), whose tail
    all such accounts share, time in a pause in proportion to its length."""
    varied = (table["spread"] / table["interval"]) ** 2
    usual = varied[
        table["orders"] > FEWEST_INTERVALS
    ].median()  # where most order at random, a regular one may be luck
    codes, accounts = pd.factorize(gaps["account_id"])
    order = np.lexsort((-gaps["gap"].to_numpy(float), codes))
    code, size = codes[order], gaps["gap"].to_numpy(float)[order]
    n = np.bincount(code, minlength=len(accounts))
    first = np.cumsum(n) - n
    many = n // 4 + 1
    fair = n >= FEWEST_INTERVALS
    threshold = size[np.where(fair, first + many, 0)]
    fair &= size[np.minimum(first, len(size) - 1)] > threshold
    mean = np.bincount(code, size, len(accounts)) / n
    if usual < BURSTY:
        spread = np.bincount(code, (size - mean[code]) ** 2, len(accounts)) / np.maximum(n - 1, 1)
        fair &= spread >= BURSTY * mean**2
    if not fair.any():
        return pd.Series(dtype=float)
    over = size - threshold[code]
    far = fair[code] & (np.arange(len(code)) - first[code] < many[code])
    excess = np.bincount(code[far], over[far], len(accounts))[fair] / many[fair]
    heavy = _tail(np.sort(over[far] / np.repeat(excess, many[fair])))
    pauses = table.set_index("account_id")["pause"].reindex(accounts[fair]).to_numpy(float)
    n, many, mean, threshold = n[fair], many[fair], mean[fair], threshold[fair]
    beyond = np.maximum(0.0, pauses - threshold) / excess
    longest = excess * many / n / mean  # time beyond the threshold
    index = 1 / (1 / many + heavy / (1 - heavy))
    return pd.Series(np.minimum(1.0, longest * (1 + beyond / index) ** -index), accounts[fair])


def _tail(excesses: np.ndarray) -> float:
    """The shape of a Pareto tail by probability-weighted moments (Hosking and Wallis 1987), 0 for an exponential one; two standard
    errors on the safe side. `excesses`: of mean one, in order."""
    n = len(excesses)
    rank = 1 - (np.arange(n) + 0.65) / n
    level = float(excesses.mean())
    shape = 2 - level / (level - 2 * float((excesses * rank).mean()))
    return float(np.clip(shape + 2 / n**0.5, 0.0, HEAVIEST))


def _season(ordered: pd.DataFrame, table: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Of the orders that the account's mean interval lets expect in such a span, how many came in the same span of the two years
    before? At most one; `PRIOR_ORDERS` orders are credited as expected. Days before its first order are none of it."""
    if table.empty:
        return pd.Series(1.0, index=table.index)
    first = table["account_id"].map(ordered.groupby("account_id")["day"].min())
    joined = ordered.merge(table[["account_id", "last_on"]], on="account_id")
    came, days = pd.Series(0.0, table.index), pd.Series(0.0, table.index)
    for years in (1, 2):
        back = pd.DateOffset(years=years)
        inside = (joined["day"] > joined["last_on"] - back) & (joined["day"] <= as_of - back)
        came += table["account_id"].map(joined[inside].groupby("account_id").size()).fillna(0.0)
        begun = pd.concat([table["last_on"] - back, first], axis=1).max(axis=1)
        days += (as_of - back - begun).dt.days.clip(lower=0)
    due = (days / table["interval"]).fillna(0.0)
    return ((came + PRIOR_ORDERS) / (due + PRIOR_ORDERS)).clip(upper=1.0)


def _pace(ordered: pd.DataFrame, table: pd.DataFrame, until: pd.Timestamp) -> float:
    """How much of its usual does everybody order now? The order days of the last `RECENT` days over those that the accounts' mean intervals before
    let expect, of accounts that ordered in them; at most one. 1 where few did."""
    since = until - pd.Timedelta(days=RECENT)
    before = ordered[ordered["day"] <= since].groupby("account_id")["day"].agg(["min", "max", "size"])
    usual = (
        (before["size"] - 1) / (before["max"] - before["min"]).dt.days.where(before["size"] > 1)
    ).dropna()
    late = ordered[ordered["day"] > since].groupby("account_id").size()
    usual = usual[(usual * RECENT >= FEWEST_DUE) & usual.index.isin(late.index)]
    if len(usual) < records.FEWEST:
        return 1.0
    return float(min(1.0, late.reindex(usual.index).sum() / (usual * RECENT).sum()))


def _year_before(days: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    since = days.merge(table[["account_id", "last_on"]], on="account_id")
    inside = (since["day"] <= since["last_on"]) & (since["day"] > since["last_on"] - pd.Timedelta(days=365))
    total = since[inside].groupby("account_id")["net_amount"].sum()
    return table["account_id"].map(total).fillna(0.0).astype(float).clip(lower=0)
