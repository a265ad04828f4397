"""Did trials, limited discounts, visits to a reference, joint marketing and executives' meetings pay with the potential accounts?

An act is held against accounts without it that stood alike on its day, by what was known on that day alone: tier, region, orders
and money of the year and of the quarter, days since the last order, open deals. Those who got it later may be among them, since
nobody knew it then. Matching prepares the comparison (Ho, Imai, King, Stuart 2007, Political Analysis 15:199), what is left unlike is
held equal, and errors hold together by account. People see an order coming before the records do, and give trials to those who
are about to buy: so the verdict counts the order days after the first thirty alone. An order within these says nothing of the act.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import FALSE_ALARM, beyond_noise
from salesnb.calendars.periods import month_start
from salesnb.findings import Finding

KINDS = ("trial", "discount", "case_visit", "joint_marketing", "executive_meeting")
TIER = "potential"
FORESEEN, AFTER = (
    30,
    120,
)  # days after an act: in which those about to buy anyway order, and up to which orders count
ALIKE = 5  # accounts beside each act
APART = 180  # days without the same act, before one counts as a new one
DEEPER = 0.05  # points of discount beyond the account's own, that make it a limited one
FEWEST_ACTS, FEWEST_ACCOUNTS = 20, 12  # without which nothing is told
YEAR = 365  # days of records before an act
MOST_ACTS = 400  # of a kind, the latest
CUT = 0.99  # of amounts: larger order days count as that large
DAY = np.timedelta64(1, "D")
BEFORE = {
    "orders_two_years": 730,
    "orders_year": 365,
    "orders_quarter": 90,
    "money_year": 365,
    "money_quarter": 90,
}
COLUMNS = [
    "kind", "acts", "accounts", "plain", "value", "low", "high", "p_value", "money", "money_low", "money_high",
    "conclusion", "by", "rivals",
]  # fmt: skip


def done(activities: pd.DataFrame, order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which acts can be followed up to `as_of`? One row per act: account_id, day, kind; the first of its kind in half a year.

    In: one row per account × day × kind (account_id, day, kind); account × day (account_id, day, net_amount, list_amount, is_order). In the
    first year of the records nobody knows how an account stood: its acts are none of them.
    """
    every = pd.concat(
        [activities[["account_id", "day", "kind"]], limited_discounts(order_days).assign(kind="discount")],
        ignore_index=True,
    )
    known = order_days.loc[order_days["account_id"].notna(), "day"].min() + pd.Timedelta(days=YEAR)
    every = every[every["kind"].isin(KINDS) & every["day"].between(known, as_of - pd.Timedelta(days=AFTER))]
    every = every.drop_duplicates().sort_values(["kind", "account_id", "day"], ignore_index=True)
    apart = every.groupby(["kind", "account_id"])["day"].diff().dt.days
    first = every[apart.isna() | (apart > APART)]
    return first.sort_values(["day", "account_id"]).groupby("kind").tail(MOST_ACTS).reset_index(drop=True)


def limited_discounts(order_days: pd.DataFrame) -> pd.DataFrame:
    """On which days did an account pay five points of the list less than it usually had, with three order days before? account_id, day."""
    days = order_days[
        order_days["account_id"].notna() & (order_days["list_amount"] > 0) & (order_days["net_amount"] > 0)
    ]
    days = days.sort_values(["account_id", "day"], ignore_index=True)
    off = 1 - (days["net_amount"] / days["list_amount"]).astype(float)
    usual = off.groupby(days["account_id"]).transform(lambda own: own.expanding(3).median().shift())
    return days.loc[(off - usual) >= DEEPER, ["account_id", "day"]].reset_index(drop=True)


def effects(
    acts: pd.DataFrame,
    order_days: pd.DataFrame,
    tiers: Mapping[pd.Timestamp, pd.Series],
    accounts: pd.DataFrame,
    deals: pd.DataFrame,
) -> pd.DataFrame:
    """What did each kind of act bring of itself, per act?

    In: `done`; order days of the company; for the first day of each act's month account_id → tier as the month before left it;
    accounts (account_id, region); deals (account_id, created_on, closed_on). Out: one row per kind that was done, the surest first:
    kind, acts and accounts (of the potential tier), plain (order days in `AFTER` days, more than all others of the tier had), value
    with low and high (95%; order days from day `FORESEEN` on, more than accounts alike), p_value, money with its ends (order days times what the
    accounts' own usually are worth), conclusion, by and rivals (regression: the share of the plain difference that goes where the
    quarter before is held equal too; selection: what goes with the rest of the state, and with the first thirty days). Of too few acts the
    numbers are missing.
    """
    bought = _Bought(order_days, accounts, deals)
    rows = []
    for kind in [kind for kind in KINDS if (acts["kind"] == kind).any()]:
        given = acts[acts["kind"] == kind]
        rows.append(_of_kind(kind, given, _beside(given, tiers, bought, kind), bought))
    table = pd.DataFrame(rows, columns=[*COLUMNS[:11], "plain_p", "rivals"]).astype(
        dict.fromkeys((*COLUMNS[3:11], "plain_p"), float)
    )
    net = beyond_noise(table["p_value"])
    seen = net | beyond_noise(table["plain_p"])
    words = rivals.worded(table.index, seen, net, list(table["rivals"]))
    table = table.drop(columns="rivals").join(words)
    return table.sort_values(["p_value", "kind"], ignore_index=True)[COLUMNS]


class _Bought:
    """Order days of all accounts in one row of numbers, so that what stood on any day is found by search."""

    def __init__(self, order_days: pd.DataFrame, accounts: pd.DataFrame, deals: pd.DataFrame) -> None:
        days = order_days[order_days["account_id"].notna() & order_days["is_order"].astype(bool)]
        days = days.sort_values(["account_id", "day"])
        self.codes, self.ids = pd.factorize(days["account_id"])
        self.span = 1_000_000  # days: more than any calendar has
        self.key = self.codes * self.span + _day(days["day"])
        money = np.minimum(
            days["net_amount"].to_numpy(float), np.quantile(days["net_amount"], CUT) if len(days) else 0.0
        )
        self.money = np.concatenate([[0.0], np.cumsum(np.maximum(money, 0.0))])
        places = accounts.drop_duplicates("account_id").set_index("account_id")["region"]
        self.region = places.reindex(self.ids).astype(object).fillna("").to_numpy()
        known = deals[deals["account_id"].isin(self.ids) & deals["created_on"].notna()]
        at = pd.Index(self.ids).get_indexer(known["account_id"]) * self.span
        self.opened = np.sort(at + _day(known["created_on"]))
        ended = known["closed_on"].notna().to_numpy()
        self.closed = np.sort(at[ended] + _day(known.loc[ended, "closed_on"]))

    def until(self, code: NDArray[np.int_], day: NDArray[np.int_]) -> NDArray[np.int_]:
        """How many rows lie up to the end of the day, of the account and those before it?"""
        return np.searchsorted(self.key, code * self.span + day, side="right")

    def state(self, code: NDArray[np.int_], day: NDArray[np.int_]) -> pd.DataFrame:
        """What was known of the accounts before the day, and what came after it."""
        now = self.until(code, day - 1)
        table = {
            name: _between(self, code, day, back, now, money=name.startswith("money"))
            for name, back in BEFORE.items()
        }
        last = self.key[np.maximum(now - 1, 0)] - code * self.span
        begun = self.until(code, np.full(len(code), -1))
        since = np.where(now > begun, day - last, self.span)
        at = code * self.span
        running = np.searchsorted(self.opened, at + day, side="left") - np.searchsorted(self.opened, at)
        running -= np.searchsorted(self.closed, at + day, side="left") - np.searchsorted(self.closed, at)
        soon = self.until(code, day + FORESEEN)
        return pd.DataFrame(table).assign(
            since=since,
            deals=np.clip(running, 0, 2),
            region=self.region[code],
            late=(self.until(code, day + AFTER) - soon).astype(float),
            whole=(self.until(code, day + AFTER) - self.until(code, day)).astype(float),
        )


def _between(
    bought: _Bought,
    code: NDArray[np.int_],
    day: NDArray[np.int_],
    back: int,
    now: NDArray[np.int_],
    *,
    money: bool,
) -> NDArray[np.float64]:
    first = bought.until(code, day - 1 - back)
    return bought.money[now] - bought.money[first] if money else (now - first).astype(float)


def _day(days: pd.Series) -> NDArray[np.int_]:
    return (days.to_numpy("datetime64[D]") - np.datetime64("1900-01-01")) // DAY


def _beside(
    given: pd.DataFrame, tiers: Mapping[pd.Timestamp, pd.Series], bought: _Bought, kind: str
) -> pd.DataFrame:
    """One row per act on a potential account, and per other account of the tier on its day: set, here, account_id, day and `state`.

    Beside a discount stand the order days of others in the same month; beside any other act all accounts of the tier on its day.
    """
    position, parts = pd.Index(bought.ids), []
    month = given["day"].map(month_start)
    for at, (account, day, first) in enumerate(zip(given["account_id"], given["day"], month, strict=True)):
        tier = tiers.get(first)
        if tier is None or tier.get(account) != TIER or account not in position:
            continue
        others = position.get_indexer(tier.index[(tier == TIER) & (tier.index != account)])
        code = np.concatenate([[position.get_loc(account)], others[others >= 0]])
        when = np.full(len(code), int(_day(pd.Series([day]))[0]))
        if kind == "discount":
            start = int(_day(pd.Series([first]))[0])
            row = np.minimum(bought.until(code, np.full(len(code), start - 1)), len(bought.key) - 1)
            when[1:] = (bought.key[row] - code * bought.span)[1:]
            keep = np.concatenate([[True], ((when >= start) & (when < start + 31))[1:]])
            code, when = code[keep], when[keep]
        parts.append(
            pd.DataFrame(
                {"set": at, "here": np.arange(len(code)) == 0, "code": code, "day": when, "month": first}
            )
        )
    if not parts:
        return pd.DataFrame(columns=["set", "here", "code", "day", "month"])
    rows = pd.concat(parts, ignore_index=True)
    return rows.join(bought.state(rows["code"].to_numpy(), rows["day"].to_numpy()))


def alike(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each set the act and the five accounts that stood nearest to it, each measure by its spread; another region counts as one
    spread, a deal more or less as two."""
    near = np.column_stack(
        [np.log1p(np.maximum(rows[name].to_numpy(float), 0.0)) for name in (*BEFORE, "since")]
    )
    near = near / np.maximum(near.std(axis=0), 1e-9)
    own = np.flatnonzero(rows["here"])
    act = own[np.searchsorted(rows["set"].to_numpy()[own], rows["set"].to_numpy())]
    apart = np.square(near - near[act]).sum(axis=1)
    apart += (rows["region"].to_numpy() != rows["region"].to_numpy()[act]).astype(float)
    apart += np.square(2.0 * (rows["deals"].to_numpy() - rows["deals"].to_numpy()[act]))
    order = rows.assign(apart=np.where(rows["here"], -1.0, apart)).sort_values(["set", "apart", "code"])
    return order.groupby("set").head(ALIKE + 1).reset_index(drop=True)


def _of_kind(kind: str, given: pd.DataFrame, rows: pd.DataFrame, bought: _Bought) -> tuple[object, ...]:
    own = rows[rows["here"].astype(bool)] if len(rows) else rows
    acts, accounts = len(own), own["code"].nunique()
    unknown = (kind, acts, accounts, *(float("nan"),) * 9, {"selection": 0.0, "regression": 0.0})
    if acts < FEWEST_ACTS or accounts < FEWEST_ACCOUNTS:
        return unknown
    plain = rivals.at_equal_strata(rows["whole"], rows["here"], rows[["month"]], cluster=rows["code"])
    year = rivals.at_equal_strata(
        rows["whole"], rows["here"], _strata(rows, recent=False), cluster=rows["code"]
    )
    chosen = alike(rows)
    strata = _strata(chosen, recent=True)
    whole, late = (
        rivals.at_equal_strata(chosen[name], chosen["here"], strata, cluster=chosen["code"])
        for name in ("whole", "late")
    )
    if plain is None or year is None or whole is None or late is None:
        return unknown
    scaled = late.value * AFTER / (AFTER - FORESEEN)
    state = (plain.value - year.value) + (whole.value - scaled)
    shares = {
        "selection": rivals.share_of(plain.value, plain.value - state),
        "regression": rivals.share_of(plain.value, plain.value - (year.value - whole.value)),
    }
    bought_year = float(own["orders_year"].sum())
    each = float(own["money_year"].sum()) / bought_year if bought_year else float("nan")
    sizes = (late.value, late.low, late.high)
    # who orders at once orders later again: what is missing then must be missing in all days, too
    chance = late.p_value if late.value * whole.value > 0 else 1.0
    return (
        kind, acts, accounts, plain.value, *sizes, chance, *(one * each for one in sizes), plain.p_value, shares,
    )  # fmt: skip


def _strata(rows: pd.DataFrame, *, recent: bool) -> pd.DataFrame:
    """Month, region, deals and bands of the year's orders and money; `recent`: of the quarter's too, and of the pause."""
    bands = (
        "orders_two_years",
        "orders_year",
        "money_year",
        *(("orders_quarter", "money_quarter", "since") if recent else ()),
    )
    quarter = rows["month"].dt.to_period("Q").astype(str) if recent else rows["month"]
    return rows[["region", "deals"]].assign(
        month=quarter, **{name: rivals.bands(rows[name].astype(float), most=4) for name in bands}
    )


def findings(found: pd.DataFrame, acts: pd.DataFrame) -> list[Finding]:
    """The verdicts of `effects`."""
    days = acts["day"]
    return rivals.told(
        found, id="account.act", member="kind", value="value", stated=FALSE_ALARM, unit="account", basis="untreated",
        period=(days.min(), days.max()) if len(days) else None,
    )  # fmt: skip


def paying(found: pd.DataFrame) -> pd.Series | None:
    """The kind of act that brought most of itself, of those that are beyond noise and brought more; None without one."""
    good = found[(found["conclusion"] == "found") & (found["value"] > 0)]
    return None if good.empty else good.sort_values("money", ascending=False).iloc[0]


def next_ones(growing: pd.DataFrame, ahead: pd.DataFrame, best: pd.Series | None) -> pd.DataFrame:
    """Whom should the next act go to? In: `attention.trials`; `readiness.calendar` with the interval of its money; `paying`. Out: the same
    rows with expected (money of ninety days), money_low, money_high, and gain with gain_low, gain_high (of the act that pays; missing
    without one), those who gain most first, else those who are expected to bring most."""
    known = ahead.set_index("account_id")
    table = growing.assign(
        expected=growing["account_id"].map(known["money_90"]).astype(float),
        **{
            name: growing["account_id"].map(known[name]).astype(float) for name in ("money_low", "money_high")
        },
    )
    each = growing["account_id"].map(known["value"]).astype(float)
    for name, of in (("gain", "value"), ("gain_low", "low"), ("gain_high", "high")):
        table[name] = each * float(best[of]) if best is not None else float("nan")
    return table.sort_values(
        ["gain", "expected", "growth", "account_id"], ascending=[False, False, False, True], ignore_index=True
    )
