"""Do those below promise what the plan asks from above: by region and product line, in money that is still to come?"""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import fiscal_year, months_back

VIEWS = ["needed", "own", "accounts", "asked", "pipeline", "disagreement"]


def views(
    handed: pd.DataFrame | None,
    bookings: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    people: pd.DataFrame,
    reps: pd.DataFrame,
    plans: pd.DataFrame,
    win_rate: float | None,
    won_share: float | None,
    as_of: pd.Timestamp,
    starts: int = 1,
) -> pd.DataFrame:
    """What must still come this year from above, beside what personal targets, account plans and the pipeline promise.

    `handed`: the year by region and product_line (amount), or None; `people`: member, target_year, actual_ytd; `reps`: rep_id, region;
    `plans`: from `account_plans`; `won_share`: the part of bookings that deals bring. Output: one row per region, then per product line (dimension,
    member), in money to come until the fiscal year ends: needed (target less booked, at least zero), own (personal targets less
    booked), accounts (account plans less booked), asked (needed × won_share), pipeline (open amount due this year × win_rate; missing where no open deal has a day to come), disagreement
    (pipeline − asked); missing where unknown. Largest shortfall of each dimension first; empty without targets.
    """
    columns = ["dimension", "member", *VIEWS]
    if handed is None or handed.empty:
        return pd.DataFrame(columns=columns)
    first, last = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of)]
    due = opportunities[
        (opportunities["outcome"] == "open") & opportunities["expected_close_on"].between(as_of, last, inclusive="right")
    ]  # fmt: skip
    still = opportunities[opportunities["outcome"] == "open"]
    undated = len(still) > 0 and not (still["expected_close_on"] > as_of).any()  # nobody says when any comes
    left = (people["target_year"] - people["actual_ytd"]).clip(lower=0)
    home = people["member"].map(dict(zip(reps["rep_id"], reps["region"], strict=True)))
    below = {
        "own": left.groupby(home).sum(min_count=1),
        "accounts": plans["left"].groupby(plans["region"]).sum(min_count=1),
    }
    pieces = []
    for dimension in ("region", "product_line"):
        target = handed.groupby(dimension)["amount"].sum()
        booked = year.groupby(dimension)["net_amount"].sum().reindex(target.index).fillna(0.0)
        table = pd.DataFrame({"dimension": dimension, "needed": (target - booked).clip(lower=0)})
        for view, amounts in below.items():
            table[view] = amounts.reindex(target.index) if dimension == "region" else float("nan")
        opened = due.groupby(dimension)["amount"].sum().reindex(target.index).fillna(0.0)
        table["asked"] = table["needed"] * (float("nan") if won_share is None else min(1.0, won_share))
        table["pipeline"] = opened * (float("nan") if win_rate is None or undated else win_rate)
        table["disagreement"] = table["pipeline"] - table["asked"]
        pieces.append(table.rename_axis("member").reset_index().sort_values(["disagreement", "member"]))
    return pd.concat(pieces, ignore_index=True)[columns]


def by_account(spread: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The rows of `spread` that are an account's, with its id as member, whether the targets name it by id or by name."""
    named = accounts.drop_duplicates("account_name")
    ids = dict(zip(named["account_name"], named["account_id"], strict=True))
    ids |= {account: account for account in accounts["account_id"]}
    rows = spread[spread["dimension"] == "account"]
    return rows.assign(member=rows["member"].map(lambda member: ids.get(member, member)))


def account_plans(
    spread: pd.DataFrame,
    order_days: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
) -> pd.DataFrame:
    """What do account plans still promise this year?

    `spread`: monthly targets by dimension and member, an account by id or name; `order_days`: account_id, day, net_amount; `accounts`:
    account_id, account_name, region. Output: one row per account with a plan: account_id, account_name, region, plan (the year's), booked (to date), left (plan
    − booked, at least zero), largest first.
    """
    plan = by_account(spread, accounts).groupby("member")["amount"].sum()
    first, _ = fiscal_year(as_of, starts=starts)
    year = order_days[order_days["day"].between(first, as_of)]
    listed = accounts.drop_duplicates("account_id").set_index("account_id")
    table = pd.DataFrame({"plan": plan}).rename_axis("account_id")
    table["booked"] = year.groupby("account_id")["net_amount"].sum().reindex(plan.index).fillna(0.0)
    table["left"] = (table["plan"] - table["booked"]).clip(lower=0)
    table[["account_name", "region"]] = listed[["account_name", "region"]].reindex(plan.index).astype(object)
    table["account_name"] = table["account_name"].fillna(pd.Series(plan.index, index=plan.index))
    columns = ["account_id", "account_name", "region", "plan", "booked", "left"]
    return table.reset_index().sort_values(["left", "account_id"], ascending=[False, True])[columns]


def asked_of_deals(pipeline: pd.DataFrame, left: pd.DataFrame, *, won_share: float | None) -> pd.DataFrame:
    """The pipeline by month beside what it must bring: `pipeline` with needed (by `left`) and asked, the part of it that deals bring as a
    rule (`won_share`, at most all; missing where unknown)."""
    table = pipeline.merge(left[["month", "needed"]], on="month", how="left")
    return table.assign(asked=table["needed"] * (float("nan") if won_share is None else min(1.0, won_share)))


def pipeline_by_month(
    opportunities: pd.DataFrame,
    *,
    win_rate: float | None,
    as_of: pd.Timestamp,
    months: pd.Series | pd.DatetimeIndex,
) -> pd.DataFrame:
    """What would the open pipeline bring month by month, if deals were won as often as in the last twelve months?

    Input: opportunities as known at `as_of` (amount, outcome, expected_close_on). Output: one row per month: month, deals, pipeline,
    expected (pipeline × win rate). Deals whose expected close has passed or is missing are left out: nobody says when they come.
    """
    still = opportunities[(opportunities["outcome"] == "open") & (opportunities["expected_close_on"] > as_of)]
    month = still["expected_close_on"].dt.to_period("M").dt.to_timestamp()
    table = (
        still.groupby(month)
        .agg(deals=("amount", "size"), pipeline=("amount", "sum"))
        .reindex(months, fill_value=0)
    )
    table = table.rename_axis("month").reset_index().astype({"pipeline": float})
    return table.assign(expected=table["pipeline"] * (win_rate if win_rate is not None else float("nan")))


def months_ahead(as_of: pd.Timestamp, *, starts: int = 1) -> pd.DatetimeIndex:
    """The months of the fiscal year that are not over at `as_of`: what closes later carries another year. None on its last day."""
    tomorrow = as_of + pd.Timedelta(days=1)
    return pd.date_range(tomorrow.replace(day=1), fiscal_year(as_of, starts=starts)[1], freq="MS")


def undated(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> float:
    """The amount of open deals whose expected close has passed or is missing."""
    still = opportunities[opportunities["outcome"] == "open"]
    return float(still.loc[~(still["expected_close_on"] > as_of), "amount"].sum())


def open_amount(opportunities: pd.DataFrame) -> float:
    """The amount of all open deals."""
    return float(opportunities.loc[opportunities["outcome"] == "open", "amount"].sum())


def win_rate(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """Won ÷ (won + lost), closed in the twelve months to the end of the report month, by amount (a missing amount counts zero); None where
    nothing closed."""
    closed = opportunities[
        opportunities["outcome"].isin(["won", "lost"])
        & (opportunities["closed_on"] >= months_back(as_of, 12))
    ]
    amounts = closed["amount"].fillna(0.0)
    return float(amounts[closed["outcome"] == "won"].sum() / amounts.sum()) if amounts.sum() > 0 else None


def won_share(opportunities: pd.DataFrame, bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How much of the last twelve months' bookings had been an opportunity: Σ amount won ÷ Σ booked; None without bookings."""
    first = months_back(as_of, 12)
    won = opportunities[(opportunities["outcome"] == "won") & (opportunities["closed_on"] >= first)]
    booked = float(bookings.loc[bookings["day"] >= first, "net_amount"].sum())
    return float(won["amount"].sum()) / booked if booked > 0 else None
