"""The retrospective in sentences: plan, outcome, cause, pull forward, actions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesnb.calendars.sales_days import KNOWN
from salesnb.headlines import Cause, Decision
from salesnb.language import Message, Nothing, marked
from salesnb.plan import Sprint
from salesnb.results.months import Outcome, Why
from salesnb.results.past_sprints import PullForward, SprintResult

FACTOR_NAMES = {
    "customers": marked("number of customers"),
    "orders_each": marked("orders per customer"),
    "order_value": marked("value per order"),
    "returns": marked("amount of returns"),
}
# by what is known: this day's bookings, those of the same day a year before
SALES_DAY = {
    (False, False): marked("{name} on {day:day}"),
    (False, True): marked("{name} on {day:day} (a year before {before:multiple} a usual day)"),
    (True, False): marked("{name} on {day:day}, {times:multiple} a usual day"),
    (True, True): marked(
        "{name} on {day:day}, {times:multiple} a usual day (a year before {before:multiple})"
    ),
}
LISTED = 3
CENT = 0.005
BELOW, ABOVE = marked("{member}, below the month's target"), marked("{member}, above the month's target")
NAMING = 0.9  # of a month's bookings must name a region (or product line) before one can be said to miss most
WEEK = pd.Timedelta(days=7)


def month(outcome: Outcome, members: pd.DataFrame, *, as_of: pd.Timestamp) -> Message | None:
    """What did we plan for the month, and what happened?"""
    actual, target = outcome.actual, outcome.target
    if target is None or target <= 0:
        return Message("{month:month} brought {actual:money}; it has no target.", month=as_of, actual=actual)
    gap = actual - target
    behind = named(outcome, members).query("gap < 0")
    values: dict[str, Any] = {
        "month": as_of,
        "actual": actual,
        "target": target,
        "attainment": actual / target,
    }
    if gap >= 0:
        return Message(
            "{month:month} brought {actual:money}, {attainment:share} of its target of {target:money}.",
            **values,
        )
    if behind.empty:
        return Message(
            "{month:month} brought {actual:money}, {short:money} short of its target of {target:money}.",
            short=-gap,
            **values,
        )
    worst = behind.iloc[0]
    return Message(
        "{month:month} brought {actual:money}, {short:money} short of its target; {member} misses most, {gap:money}.",
        short=-gap,
        member=worst["member"],
        gap=-worst["gap"],
        **values,
    )


def sales_days(found: pd.DataFrame) -> Message | None:
    """Which sales days had the month, and which are next? `found` is `sales_days.in_month`."""
    if found.empty:
        return None
    words = []
    for row in found.to_dict("records"):
        known = (not pd.isna(row["times"]), not pd.isna(row["times_before"]))
        called = row["name"]
        name = Message(called) if called in KNOWN else called
        words.append(
            Message(
                SALES_DAY[known], name=name, day=row["day"], times=row["times"], before=row["times_before"]
            )
        )
    return Message("Sales days of the month and the next weeks: {days:list}.", days=words)


def named(outcome: Outcome, members: pd.DataFrame) -> pd.DataFrame:
    """The members, none of them where too much of the month names none: then nobody can say whose the gap is."""
    whole = float(members["actual"].sum()) >= NAMING * outcome.actual
    return members if whole else members.iloc[:0]


def causes(outcome: Outcome, regions: pd.DataFrame, lines: pd.DataFrame) -> list[Cause]:
    """What made the month's distance to its target: of the regions or of the product lines, whichever way tells more, those who miss
    most (where the month is ahead: bring most), then all others together. They do not overlap and sum to the distance. Nothing
    without a target."""
    if outcome.target is None or outcome.actual == outcome.target:
        return []
    gap = outcome.actual - outcome.target
    ways = []
    for members in (named(outcome, regions), named(outcome, lines)):
        rows = members[members["gap"].notna() & (members["gap"] != 0)]
        moved = rows[rows["gap"] * gap > 0].sort_values("gap", ascending=gap < 0, ignore_index=True)
        if len(moved):
            ways.append((len(rows) > 1, float(abs(moved["gap"].iloc[0])), moved))
    if not ways:
        return []
    *_, most = max(ways, key=lambda way: way[:2])
    whole = len(most) <= LISTED and abs(gap - most["gap"].sum()) < CENT
    told = most if whole else most.head(LISTED - 1)
    text = BELOW if gap < 0 else ABOVE
    found = [
        Cause(Message(text, member=str(row["member"])), float(row["gap"])) for row in told.to_dict("records")
    ]
    left = gap - float(told["gap"].sum())
    return found if whole else [*found, Cause(Message("all others together"), left)]


def month_caveat(outcome: Outcome, accounts: pd.DataFrame, busy: pd.DataFrame) -> Message | None:
    """Is it one order that is the month, and which sales days had it? `accounts`: account_id, account_name."""
    found = [each for each in (_one_order(outcome, accounts), sales_days(busy)) if each is not None]
    return (
        Message("{one} {other}", one=found[0], other=found[1]) if len(found) == 2 else next(iter(found), None)
    )


def _one_order(outcome: Outcome, accounts: pd.DataFrame) -> Message | None:
    if not outcome.largest:
        return None
    names = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    values: dict[str, Any] = {
        "order": outcome.largest,
        "account": names.get(outcome.buyer, outcome.buyer),
        "share": outcome.largest / outcome.actual,
        "rest": outcome.actual - outcome.largest,
    }
    if not outcome.target or outcome.target <= 0:
        return Message(
            "One day's order of {order:money}, by {account}, is {share:share} of the month; without it {rest:money}.",
            **values,
        )
    return Message(
        "One day's order of {order:money}, by {account}, is {share:share} of the month; without it the month stands at {attainment:share} of its target.",
        attainment=values["rest"] / outcome.target,
        **values,
    )


def why(found: Why | None) -> Message | None:
    """Fewer customers, fewer orders or smaller orders? First what moved bookings the way they went."""
    if found is None:
        return None
    name, part = found.main
    values: dict[str, Any] = {
        "then": found.then,
        "change": abs(found.after - found.before),
        "factor": Message(FACTOR_NAMES[name]),
        "part": part,
    }
    if round(values["change"], 2) == 0:
        return Message(
            "Bookings are what they were in {then:month}: {after:money}.", then=found.then, after=found.after
        )
    against = found.against
    if against is not None and abs(against[1]) >= values["change"]:
        values |= {"other": Message(FACTOR_NAMES[against[0]]), "back": against[1]}
        if found.after >= found.before:
            return Message(
                "Bookings are {change:money} above {then:month}: the {factor} brought {part:change}, the {other} took {back:change}.",
                **values,
            )
        return Message(
            "Bookings are {change:money} below {then:month}: the {factor} took {part:change}, the {other} brought {back:change}.",
            **values,
        )
    if found.after >= found.before:
        return Message(
            "Bookings are {change:money} above {then:month}; what weighs most is the {factor}, {part:change}.",
            **values,
        )
    return Message(
        "Bookings are {change:money} below {then:month}; what weighs most is the {factor}, {part:change}.",
        **values,
    )


def why_caveat(found: Why | None) -> Message | None:
    """Growth by working day, and how the parts are made."""
    if found is None:
        return None
    how = Message(
        "Customers × orders per customer × value per order; the parts sum to the change to the cent. An order is a customer's day with orders; days with returns alone stand apart."
    )
    if found.growth is None:
        return how
    plain, daily = found.growth
    if found.days_now == found.days_then:
        return Message(
            "Growth {plain:share}, over as many working days ({now:count}). {how}",
            plain=plain,
            now=found.days_now,
            how=how,
        )
    return Message(
        "Growth {plain:share}; per working day {daily:share} ({now:count} working days against {then:count}). {how}",
        plain=plain,
        daily=daily,
        now=found.days_now,
        then=found.days_then,
        how=how,
    )


def price_volume(parts: pd.DataFrame, *, then: pd.Timestamp) -> Message:
    """Did we sell more than in the month of `then`, or at other prices?"""
    if parts.empty:
        return Nothing(
            "No order of the two months names a product, or the earlier one is not known: volume and price cannot be told apart."
        )
    change = {str(part): float(part_change) for part, part_change in parts[["part", "change"]].to_numpy()}
    if "unmeasured" in change:
        return Message(
            "Against the same days of {then:month}: volume {volume:change}, price {price:change}; {unmeasured:change} without a quantity.",
            then=then,
            **change,
        )
    return Message(
        "Against the same days of {then:month}: volume {volume:change}, price {price:change}.",
        then=then,
        **change,
    )


def sprint(result: SprintResult | None, scope: object = None) -> Message | None:
    """How did the sprint go? Its target is the company's, and no part of it is held against that."""
    if result is None:
        return Nothing("No sprint of the plan overlaps this month.")
    if scope is not None:
        return Message(
            "In the sprint {name}, {scope} brought {money:money}.",
            name=result.sprint.name,
            scope=getattr(scope, "name", scope),
            money=result.bookings,
        )
    if result.attainment is None:
        return Message(
            "The sprint {name} brought {money:money}.", name=result.sprint.name, money=result.bookings
        )
    if result.days < result.whole:
        return Message(
            "The sprint {name} brought {money:money} in {days:count} of {whole:count} working days: {attainment:share} of the {due:money} due by then.",
            name=result.sprint.name,
            money=result.bookings,
            days=result.days,
            whole=result.whole,
            attainment=result.attainment,
            due=result.due,
        )
    return Message(
        "The sprint {name} brought {money:money} to {day:date}: {attainment:share} of its target of {target:money}.",
        name=result.sprint.name,
        money=result.bookings,
        day=result.last,
        attainment=result.attainment,
        target=result.sprint.target,
    )


def sprint_caveat(result: SprintResult | None) -> Message | None:
    """What counts?"""
    if result is None:
        return None
    counted = (
        Message(
            "Working days so far: {days:count}; whole weeks, holidays included: {weeks:count}. A lead counts as converted when it was qualified or has an opportunity; how soon that happens is not known, so young leads count as those that did not.",
            days=result.days,
            weeks=result.weeks,
        )
        if result.lead_age is None
        else Message(
            "Working days so far: {days:count}; whole weeks, holidays included: {weeks:count}. A lead counts as converted when it was qualified or has an opportunity; of those that convert, {share:share} had done so at the age that these leads have.",
            days=result.days,
            weeks=result.weeks,
            share=result.lead_age,
        )
    )
    if result.of_company:
        return counted
    return Message(
        "{counted} The sprint's target and its leads per day are the whole company's, and no part is held against them.",
        counted=counted,
    )


def pull_forward(found: PullForward | None, sprint: Sprint | None) -> Message | None:
    """How much was only pulled forward?"""
    if found is None:
        if sprint is None:
            return Nothing(
                "No sprint has a following month in the data yet; what it pulled forward is known a month later."
            )
        return Message(
            "What {name} pulled forward cannot be told: the history is shorter than the year that this takes.",
            name=sprint.name,
        )
    if found.conclusion == "explained":
        return Nothing(
            "{name} drew nothing of its own beyond chance: every quarter's end draws some {habit:money} (of its own at most {high:money}).",
            name=found.sprint.name,
            habit=found.habit,
            high=found.high,
        )
    if found.low <= 0:
        return Message(
            "{name} pulled forward {amount:money} or nothing: chance alone reaches up to {high:money}.",
            name=found.sprint.name,
            amount=found.amount,
            high=found.high,
        )
    return Message(
        "{name} drew {amount:money} from the following month, {low:money} to {high:money} with 90% certainty.",
        name=found.sprint.name,
        amount=found.amount,
        low=found.low,
        high=found.high,
    )


def pull_caveat(found: PullForward | None) -> Message | None:
    """Where do the numbers come from?"""
    if found is None:
        return None
    return Message(
        "Beside the usual, the last five working days brought {excess:change}, the first fifteen after them {shortfall:change}; usual is the mean of {days:count} working days, and what every quarter's end does is taken off.",
        excess=found.excess,
        shortfall=-found.shortfall,
        days=found.usual_days,
    )


def actions(status: pd.DataFrame) -> Message | None:
    """Which actions are open, overdue, done?"""
    if status.empty:
        return None
    counts = status["status"].value_counts()
    overdue, waiting = int(counts.get("overdue", 0)), int((status["status"] != "done").sum())
    return Message(
        marked("{open:count} of {n:count} actions are open, all of them overdue; {done:count} are done.")
        if overdue == waiting > 0
        else marked(
            "{open:count} of {n:count} actions are open, {overdue:count} of them overdue; {done:count} are done."
        ),
        open=waiting,
        n=len(status),
        overdue=overdue,
        done=int(counts.get("done", 0)),
    )


def decisions(status: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Decision]:
    """What do we do next? The longest overdue actions: do them, or drop them."""
    late = status[status["status"] == "overdue"].sort_values(["late", "action_id"], ascending=[False, True])
    return [
        Decision(
            id=f"action-{row['action_id']}",
            what=Message("Finish or drop: {action}", action=row["description"]),
            why=Message("{late:days} overdue", late=row["late"]),
            owner="" if pd.isna(row["owner"]) else str(row["owner"]),
            due=(as_of + WEEK).date(),
            at_stake=None,
            subject=str(row["description"]),
        )
        for row in late.head(LISTED).to_dict("records")
    ]


def lead(
    result: SprintResult | None, status: pd.DataFrame, answer: Message | None, scope: object = None
) -> Message | None:
    """The page in one sentence, for its card."""
    if result is not None and (result.attainment is not None or scope is not None):
        return sprint(result, scope)
    return answer if answer is not None else actions(status)
