"""Which accounts carry the business, and do they get the effort that they deserve?

Four tiers: strategic (flagged, or the largest of the long-standing), core (with the strategic ones four fifths of
revenue), potential (growing or new) and opportunity (everybody else whom the data name). Tiers are assigned once for the
whole company; a scope filters the result and brings its own revenue.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from salesnb.analysis.tiers.concentration import LARGEST as LARGEST
from salesnb.analysis.tiers.concentration import ROUNDING
from salesnb.analysis.tiers.concentration import Concentration as Concentration
from salesnb.analysis.tiers.concentration import concentration as concentration
from salesnb.analysis.tiers.concentration import curve as curve
from salesnb.analysis.tiers.concentration import largest_name as largest_name
from salesnb.analysis.tiers.concentration import plan_b as plan_b
from salesnb.analysis.tiers.effort import hours_to_move as hours_to_move
from salesnb.analysis.tiers.moves import movements as movements
from salesnb.analysis.tiers.moves import robust, shaken
from salesnb.analysis.tiers.screening import first_orders as first_orders
from salesnb.analysis.tiers.screening import screened as screened
from salesnb.caching import cached
from salesnb.calendars.periods import month_end, months_back
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.plan import Tiers

TIERS = ("strategic", "core", "potential", "opportunity")
KEY_TIERS = ("strategic", "core")
UNNAMED = Message("no order names the account that gave it")


@cached
def assign(
    order_days: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    tiers: Tiers,
    revenue: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """In which tier is each account at `as_of`?

    In: one row per account × day (account_id, day, net_amount, is_order) and one row per account known (account_id,
    is_strategic); `revenue`, where the engine summed the rows themselves (account_id, revenue, recent, before), else the
    days are summed. Out: one row per account, largest first: account_id, tier, active (revenue above zero in the last twelve
    months), revenue (of these twelve), recent (the last six), before (the six before), first_on, last_on (order days).
    Later days do not count; empty in, empty out.
    """
    book = _revenue(order_days, accounts, as_of=as_of, revenue=revenue)
    strategic = _strategic(book, as_of=as_of, tiers=tiers)
    core = _core(book[book["active"] & ~strategic], strategic=book[strategic], tiers=tiers)
    new = (as_of - book["first_on"]).dt.days <= tiers.potential.new_days
    potential = book["active"] & ((book["recent"] > book["before"] + ROUNDING * book["before"].abs()) | new)
    tier = pd.Series("opportunity", index=book.index, dtype=object)
    tier[potential] = "potential"
    tier[book["account_id"].isin(core)] = "core"
    tier[strategic] = "strategic"
    book.insert(1, "tier", tier.astype(str))
    return book.drop(columns="is_strategic").reset_index(drop=True)


def _revenue(
    order_days: pd.DataFrame, accounts: pd.DataFrame, *, as_of: pd.Timestamp, revenue: pd.DataFrame | None
) -> pd.DataFrame:
    """One row per account, largest revenue first, ties by account_id."""
    days = order_days[order_days["account_id"].notna() & (order_days["day"] <= as_of)]
    orders = days[days["is_order"].astype(bool)].groupby("account_id")["day"]
    known = pd.Index(
        sorted({*accounts["account_id"].dropna().astype(str), *days["account_id"].astype(str)}),
        name="account_id",
    )
    year, half = months_back(as_of, 12), months_back(as_of, 6)
    flags = accounts.dropna(subset="account_id").drop_duplicates("account_id").set_index("account_id")
    flag = flags["is_strategic"] if "is_strategic" in flags else pd.Series(False, index=flags.index)
    book = pd.DataFrame(
        {
            "revenue": _total(days, known, since=year),
            "recent": _total(days, known, since=half),
            "before": _total(days, known, since=year, until=half),
            "first_on": orders.min().reindex(known).astype("datetime64[ns]"),
            "last_on": orders.max().reindex(known).astype("datetime64[ns]"),
            "is_strategic": flag.astype("boolean").reindex(known).fillna(False).astype(bool),
        },
        index=known,
    ).reset_index()
    book["account_id"] = book["account_id"].astype(str)
    if revenue is not None:
        summed = revenue.set_index("account_id").reindex(book["account_id"]).fillna(0.0)
        for column in ("revenue", "recent", "before"):
            book[column] = summed[column].to_numpy(float)
    book.insert(1, "active", book["revenue"] > 0)
    return book.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)


def _total(
    days: pd.DataFrame, known: pd.Index, *, since: pd.Timestamp, until: pd.Timestamp | None = None
) -> pd.Series:
    span = days["day"] >= since
    if until is not None:
        span &= days["day"] < until
    return days[span].groupby("account_id")["net_amount"].sum().reindex(known).fillna(0.0).astype(float)


def _strategic(book: pd.DataFrame, *, as_of: pd.Timestamp, tiers: Tiers) -> pd.Series:
    if book["is_strategic"].any():
        return book["is_strategic"]
    age = (as_of - book["first_on"]).dt.days
    standing = book[book["active"] & (age > tiers.strategic.min_days)]
    chosen = standing.head(math.ceil(len(standing) * tiers.strategic.top_share - ROUNDING))
    return book.index.isin(chosen.index) & book["active"]


def _core(rest: pd.DataFrame, *, strategic: pd.DataFrame, tiers: Tiers) -> set[str]:
    """Walking down from the largest: those needed until the share is reached."""
    held = float(strategic["revenue"].clip(lower=0).sum())
    total = held + float(rest["revenue"].sum())
    before = held + rest["revenue"].cumsum() - rest["revenue"]
    return set(rest.loc[before < tiers.core.revenue_share * total - ROUNDING * total, "account_id"])


def within(
    assigned: pd.DataFrame,
    order_days: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    revenue: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The company's tiers for the accounts of a scope, with the revenue that the scope's own rows bring.

    In: `assign` of the company; the scope's order days and accounts. Out: as `assign`.
    """
    own = _revenue(order_days, accounts, as_of=as_of, revenue=revenue).drop(columns="is_strategic")
    tier = assigned.set_index("account_id")["tier"]
    own.insert(1, "tier", own["account_id"].map(tier).fillna("opportunity"))
    return own


def summary(assigned: pd.DataFrame, contacts: pd.DataFrame, *, tiers: Tiers) -> pd.DataFrame:
    """Where is the value, and is our effort there?

    In: `assign`; one row per account with contacts_90d and minutes_90d (may be empty). Out: one row per tier: tier,
    accounts, revenue (returns included), revenue_share (of revenue above zero), contacts and contact_share (missing where none is logged), hours (spent in 90 days, where minutes are logged),
    hour_share, effort_share (of hours where logged, else of contacts), hours_needed (a month, by the plan's cadence;
    missing where the plan names none). Shares are missing where the whole is zero.
    """
    effort = assigned.merge(
        contacts[["account_id", "contacts_90d", "minutes_90d"]], on="account_id", how="left"
    )
    effort["positive"] = effort["revenue"].clip(lower=0)
    by_tier = effort.groupby("tier").agg(
        accounts=("account_id", "size"),
        revenue=("revenue", "sum"),
        positive=("positive", "sum"),
        contacts=("contacts_90d", "sum"),
        minutes=("minutes_90d", "sum"),
    )
    table = by_tier.reindex(TIERS).fillna(0.0).rename_axis("tier").reset_index()
    table["accounts"] = table["accounts"].astype(int)
    table["hours"] = table.pop("minutes").astype(float) / 60
    for share, part in (
        ("revenue_share", "positive"),
        ("contact_share", "contacts"),
        ("hour_share", "hours"),
    ):
        whole = float(table[part].sum())
        table[share] = table[part] / whole if whole > 0 else float("nan")
        if share != "revenue_share" and not whole > 0:  # nobody logs them: how many there were is not known
            table[part] = float("nan")
    table["effort_share"] = table["hour_share"] if table["hours"].sum() > 0 else table["contact_share"]
    cadence = [getattr(tiers, tier).hours_per_month for tier in TIERS]
    table["hours_needed"] = table["accounts"] * pd.Series(cadence, dtype=float)
    return table.drop(columns="positive")


def coverage(
    assigned: pd.DataFrame, contacts: pd.DataFrame, *, as_of: pd.Timestamp, tiers: Tiers
) -> pd.DataFrame:
    """Are the strategic and core accounts kept in contact?

    In: `assign`; one row per account with last_contact_on, last_executive_on. Out: one row per key account, most overdue
    money first: account_id, tier, revenue, last_contact_on, days (since; missing where never), limit, in_time,
    last_executive_on, executive_in_time (strategic accounts; missing for the others, and for all where no executive's meeting is logged).
    """
    keys = assigned[assigned["tier"].isin(KEY_TIERS)]
    table = keys[["account_id", "tier", "revenue"]].merge(
        contacts[["account_id", "last_contact_on", "last_executive_on"]], on="account_id", how="left"
    )
    limits = {"strategic": tiers.strategic.contact_days, "core": tiers.core.contact_days}
    table["limit"] = table["tier"].map(limits).astype(float)
    table["days"] = (as_of - pd.to_datetime(table["last_contact_on"])).dt.days.astype(float)
    table["in_time"] = (table["days"] <= table["limit"]).astype(bool)
    executive = (
        as_of - pd.to_datetime(table["last_executive_on"])
    ).dt.days <= tiers.strategic.executive_contact_days
    logged = bool(contacts["last_executive_on"].notna().any())  # else nobody says who met an executive
    table["executive_in_time"] = executive.where((table["tier"] == "strategic") & logged).astype("boolean")
    return table.sort_values(["in_time", "revenue"], ascending=[True, False], ignore_index=True)


def moved(
    order_days: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
    tiers: Tiers,
    revenue: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who moved tier since a day, and would it still have moved under thresholds a tenth lower or higher? In: as `assign`'s. Out:
    `movements` with robust."""

    def under(settings: Tiers) -> pd.DataFrame:
        return movements(
            assign(order_days, accounts, as_of=since, tiers=settings),
            assign(order_days, accounts, as_of=as_of, tiers=settings, revenue=revenue),
        )

    return robust(under(tiers), [under(other) for other in shaken(tiers)])


def in_months(
    order_days: pd.DataFrame, accounts: pd.DataFrame, months: Iterable[pd.Timestamp], *, tiers: Tiers
) -> dict[pd.Timestamp, pd.Series]:
    """In which tier stood each account as each month (its first day) began? Month → account_id → tier."""
    return {
        first: assign(order_days, accounts, as_of=first - pd.Timedelta(days=1), tiers=tiers).set_index(
            "account_id"
        )["tier"]
        for first in sorted(set(months))
    }


def two_years_known(assigned: pd.DataFrame, *, as_of: pd.Timestamp) -> bool:
    """Do the orders reach back two years, so that twelve months can be held against the twelve before?"""
    return bool(assigned["first_on"].min() < months_back(as_of, 24))


def spent(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> float:
    """What did all named accounts bring together in the last twelve months?"""
    span = (
        order_days["account_id"].notna()
        & (order_days["day"] >= months_back(as_of, 12))
        & (order_days["day"] <= as_of)
    )
    return float(order_days.loc[span, "net_amount"].sum())


def history(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> list[tuple[pd.Timestamp, int]]:
    """How many accounts were active at each of the last thirteen month ends? The last one is `as_of` itself."""
    days = order_days[order_days["account_id"].notna()]
    ends = [month_end(months_back(as_of, back)) for back in range(13, 1, -1)] + [as_of]
    counts = []
    for end in ends:
        span = days[(days["day"] >= months_back(end, 12)) & (days["day"] <= end)]
        counts.append((end, int((span.groupby("account_id")["net_amount"].sum() > 0).sum())))
    return counts


def headlines(
    assigned: pd.DataFrame,
    covered: pd.DataFrame,
    *,
    named: bool = True,
    lacking_orders: Message | None = None,
    lacking_contacts: Message | None = None,
    contacts_end: pd.Timestamp | None = None,
) -> dict[str, Figure]:
    """The keys customers.active, tier.*, tier_share.*, concentration.* and coverage.key_accounts.

    In: `assign` (or `within`) and `coverage`; `named`: some order of the company names its account; the reasons where orders
    or activities are not in the data; `contacts_end`: the day on which these end, where they end before the report month.
    """
    if contacts_end is not None:
        ended = Message(
            "the activities end on {day:date}: who was met since then is not known", day=contacts_end
        )
        lacking_contacts = lacking_contacts or ended
    lacking_orders = lacking_orders or (None if named else UNNAMED)
    figures = {"customers.active": _figure(int(assigned["active"].sum()), lacking_orders)}
    positive = assigned["revenue"].clip(lower=0)
    for tier in TIERS:
        members = assigned["tier"] == tier
        figures[f"tier.{tier}"] = _figure(int(members.sum()), lacking_orders)
        share = float(positive[members].sum() / positive.sum()) if positive.sum() > 0 else None
        figures[f"tier_share.{tier}"] = _figure(share, lacking_orders)
    found = concentration(assigned)
    figures["concentration.top10_share"] = _figure(found.top10_share if found else None, lacking_orders)
    figures["concentration.hhi"] = _figure(found.hhi if found else None, lacking_orders)
    share = float(covered["in_time"].mean()) if len(covered) else None
    none = Message("no account is strategic or core in this scope")
    figures["coverage.key_accounts"] = _figure(share, lacking_contacts or lacking_orders, otherwise=none)
    return figures


def _figure(
    value: float | int | None, lacking: Message | None, *, otherwise: Message | None = None
) -> Figure:
    if lacking is not None:
        return Figure(None, lacking)
    if value is None:
        return Figure(
            None, otherwise or Message("no account has revenue above zero in the last twelve months")
        )
    return Figure(value)
