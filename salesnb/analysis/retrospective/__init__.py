"""What did we plan, what happened, and were last month's calls right?

The month against its target, the sprint against its plan, how much a sprint only pulled forward, last month's
probabilities against what came, and what became of the actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from salesnb.analysis import forecast, repeat, shapes, targets
from salesnb.analysis.decomposition import factors, product
from salesnb.analysis.retrospective import sprint_days as sprint_days
from salesnb.analysis.retrospective.sprints import SprintResult as SprintResult
from salesnb.analysis.retrospective.sprints import judge as judge
from salesnb.analysis.retrospective.sprints import latest as latest
from salesnb.analysis.retrospective.sprints import span as span
from salesnb.analysis.retrospective.sprints import squads as squads
from salesnb.analysis.revenue_change import spans as spans
from salesnb.calendars.periods import (
    fiscal_months,
    month_end,
    month_ends,
    month_passed,
    month_start,
    working_days,
    year_before,
)
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.plan import Plan
from salesnb.results.months import Outcome, Why

FACTORS = ("customers", "orders_each", "order_value")
LARGE = 0.1  # of a month's bookings: an order of this size is told where the month is


def month_by_member(
    bookings: pd.DataFrame,
    spread: pd.DataFrame,
    *,
    dimension: str,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """What did each member book in the month, against its target (of a running month, what is due), last year and the same days of last month?

    In: `facts.bookings`, `targets.spread_rows`. Out: one row per member: member, actual, target, gap (missing without a
    target), attainment, prior (the same days of last year; missing where the data begin after that month), last_month, change;
    largest shortfall first. Where the member is not known: left out.
    """
    first = month_start(as_of)
    column = "rep_id" if dimension == "rep" else dimension

    def booked(start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
        return targets.between(bookings, start, end).groupby(column)["net_amount"].sum()

    promised = (
        spread[(spread["dimension"] == dimension) & (spread["month"] == first)]
        .groupby("member")["amount"]
        .sum()
    ) * month_passed(as_of, country=country)
    _, before = spans(as_of, months=1, back=1)
    then = year_before(first), year_before(as_of)
    known = len(bookings) > 0 and bookings["day"].min() <= month_end(then[0])
    table = pd.DataFrame({"actual": booked(first, as_of), "target": promised, "last_month": booked(*before)})
    table["prior"] = booked(*then).reindex(table.index, fill_value=0.0) if known else float("nan")
    table = table.rename_axis("member").reset_index().fillna({"actual": 0.0, "last_month": 0.0})
    table["gap"] = table["actual"] - table["target"]
    table["attainment"] = table["actual"] / table["target"].where(table["target"] > 0)
    table["change"] = table["actual"] - table["last_month"]
    return table.sort_values(["gap", "actual"], ascending=[True, False], ignore_index=True)


def month(
    bookings: pd.DataFrame,
    months: pd.Series | None,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
    order_days: pd.DataFrame | None = None,
) -> Outcome:
    """What did we plan for the month, and what happened? In: `facts.bookings`, the scope's monthly targets (or None), and
    `facts.order_days` for the largest order."""
    first = month_start(as_of)
    actual = float(targets.between(bookings, first, as_of)["net_amount"].sum())
    days, passed = (len(working_days(first, end, country=country)) for end in (month_end(as_of), as_of))
    aim = None if months is None else float(months.get(first, float("nan")))
    due = None if aim is None or aim != aim else aim * month_passed(as_of, country=country)
    buyer, largest = _largest(order_days, first, as_of)
    if largest < LARGE * actual:
        buyer, largest = "", 0.0
    return Outcome(actual, due, days, passed, buyer, largest)


def _largest(order_days: pd.DataFrame | None, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, float]:
    """The account that ordered most on one day, and how much; nobody where no order names an account."""
    if order_days is None or order_days.empty:
        return "", 0.0
    span = order_days[order_days["day"].between(first, last) & order_days["account_id"].notna()]
    if span.empty:
        return "", 0.0
    row = span.sort_values(["net_amount", "account_id"], ascending=[False, True]).iloc[0]
    return str(row["account_id"]), float(row["net_amount"])


def month_targets(
    rows: pd.DataFrame,
    plan: Plan,
    company: pd.DataFrame,
    *,
    kind: str,
    names: Sequence[str],
    as_of: pd.Timestamp,
) -> pd.Series | None:
    """The scope's twelve monthly targets, as the page on targets has them: from the targets table, else from plan.yml in the
    shape that it asks for; None where neither says. In: `facts.targets`, the company's bookings; kind "company" without scope."""
    starts = plan.fiscal_year_starts
    months = fiscal_months(as_of, starts=starts)
    given = targets.from_rows(
        targets.spread_rows(rows, as_of=as_of, starts=starts), dimension=kind, names=names, months=months
    )
    if given is not None or not plan.targets:
        even = pd.Series(1.0, index=months)
        return targets.scope_months(rows, plan, even, as_of=as_of, company=company, kind=kind, names=names)
    ahead = partial(forecast.year_ahead, country=plan.country)
    past = forecast.whole_months(company, as_of=as_of)
    scores = shapes.back_test(past, country=plan.country, year_ahead=ahead)
    asked = targets.asked_shape(plan, as_of=as_of)
    _, weights = shapes.chosen(asked, past, months, scores=scores, country=plan.country, year_ahead=ahead)
    return targets.scope_months(rows, plan, weights, as_of=as_of, company=company, kind=kind, names=names)


def why(order_days: pd.DataFrame, *, as_of: pd.Timestamp, country: str | None = None) -> Why | None:
    """Fewer customers, fewer orders of each, or smaller orders?

    The month up to `as_of` beside the same days of last year's month, else of last month; customers × orders per customer ×
    value per order; days with nothing but returns are no orders. None where one of the months has no order.
    """
    for back in (12, 1):
        both = spans(as_of, months=1, back=back)
        now, past = (_factors(order_days, *span) for span in both)
        if now is not None and past is not None:
            (earlier, gone), (later, returned) = past, now
            parts = factors(earlier, later) | (
                {"returns": round(returned - gone, 2)} if returned or gone else {}
            )
            before, after = (product(own) + sent for own, sent in ((earlier, gone), (later, returned)))
            then = month_start(as_of) - pd.DateOffset(months=back)
            days_now, days_then = (len(working_days(*span, country=country)) for span in both)
            return Why(then, before, after, parts, days_then, days_now, back)
    return None


def _factors(
    order_days: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[dict[str, float], float] | None:
    """The factors of the orders between two days, and what came back on days without an order."""
    span = order_days[order_days["day"].between(first, last) & order_days["account_id"].notna()]
    ordered = span["is_order"].astype(bool)
    orders, returned = span[ordered], float(span.loc[~ordered, "net_amount"].sum())
    if orders.empty:
        return None
    customers, number = float(orders["account_id"].nunique()), float(len(orders))
    value = float(orders["net_amount"].sum()) / number
    return dict(zip(FACTORS, (customers, number / customers, value), strict=True)), returned


def remade(order_days: pd.DataFrame, *, as_of: pd.Timestamp, days: int = 30) -> pd.DataFrame:
    """What would the repeat model have said `days` ago? As `grade_accounts`, over every account with an order by then."""
    then = as_of - pd.Timedelta(days=days)
    history = repeat.frequencies(order_days, as_of=then)
    expected = repeat.expected(history, fit=repeat.fit(history), days=days)
    span = order_days[
        (order_days["day"] > then) & (order_days["day"] <= as_of) & order_days["is_order"].astype(bool)
    ]
    came = expected["account_id"].isin(span["account_id"])
    return pd.DataFrame({"subject": expected["account_id"], "probability": expected["buys"], "came": came})


def action_status(actions: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which actions are done, open or overdue at `as_of`? The same rows with status and late (days past due); overdue first."""
    done = actions["done_on"].notna() & (actions["done_on"] <= as_of)
    overdue = ~done & (actions["due_on"] < as_of)
    status = (
        pd.Series("open", index=actions.index, dtype=object)
        .mask(done, "done")
        .mask(overdue, "overdue")
        .astype(str)
    )
    late = (as_of - actions["due_on"]).dt.days.where(overdue).astype(float)
    table = actions.assign(status=status, late=late)
    rank = table["status"].map({"overdue": 0, "open": 1, "done": 2})
    return (
        table.assign(rank=rank)
        .sort_values(["rank", "due_on", "action_id"], ignore_index=True)
        .drop(columns="rank")
    )


def action_history(
    actions: pd.DataFrame, *, as_of: pd.Timestamp
) -> dict[str, list[tuple[pd.Timestamp, float | None]]]:
    """How many actions were open and overdue at each of the last thirteen month ends? Empty without actions."""
    if actions.empty:
        return {}
    ends = month_ends(as_of, 13)
    at = [action_status(actions[actions["raised_on"] <= end], as_of=end)["status"] for end in ends]
    return {
        "actions.open": [
            (end, float((status != "done").sum())) for end, status in zip(ends, at, strict=True)
        ],
        "actions.overdue": [
            (end, float((status == "overdue").sum())) for end, status in zip(ends, at, strict=True)
        ],
    }


def headlines(
    result: SprintResult | None,
    actions: pd.DataFrame,
    *,
    lacking_orders: Message | None = None,
    lacking_leads: Message | None = None,
    lacking_contacts: Message | None = None,
    lacking_actions: Message | None = None,
) -> dict[str, Figure]:
    """The keys sprint.* and actions.*. In: `judge`, `action_status`; the reasons where a table is not in the data."""
    if result is None:
        none = Message("no sprint in plan.yml overlaps the month")
        figures = {f"sprint.{key}": Figure(None, none) for key in _SPRINT_KEYS}
    else:
        empty = Message("nothing to divide by: the sprint has no working day, lead, target or whole week yet")
        part = None if result.of_company else Message("the sprint's target is the whole company's")
        reasons = (lacking_leads, lacking_leads, lacking_orders or part, lacking_contacts or lacking_orders)
        values = (result.leads_per_day, result.lead_conversion, result.attainment, result.key_account_weekly)
        figures = {
            f"sprint.{key}": Figure(None, reason or empty) if reason or value is None else Figure(value)
            for key, value, reason in zip(_SPRINT_KEYS, values, reasons, strict=False)
        }
        figures["sprint.pull_forward"] = Figure(
            None, Message("not known until the month after the sprint has passed")
        )
    if lacking_actions is not None:
        return figures | {
            f"actions.{key}": Figure(None, lacking_actions) for key in ("open", "overdue", "done_share")
        }
    status = actions["status"]
    done = (
        Figure(float((status == "done").mean()))
        if len(status)
        else Figure(None, Message("no action was raised yet"))
    )
    return figures | {
        "actions.open": Figure(int((status != "done").sum())),
        "actions.overdue": Figure(int((status == "overdue").sum())),
        "actions.done_share": done,
    }


_SPRINT_KEYS = ("leads_per_day", "lead_conversion", "attainment", "key_account_weekly", "pull_forward")
