"""Who should lecture on what, and for whom?

A subject is something that each person's records tell: a stage of the sales process, leads that become deals, prices that are kept,
customers who are met. Who is better at it than colleagues in like cases, beyond chance over all people and subjects, can teach it; those
whose records are furthest below the colleagues' listen. Each month has one lecture: the subjects take turns by the calendar.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis.coaching import records as coaching
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import month_start
from salesnb.findings import Finding

LEADS, PRICES, CONTACT = "leads converted", "prices kept", "customers met"  # subjects beside the stages
RIPE = 90  # days of a lead: a younger one may still convert
LISTENERS = 5  # people for whom a lecture is given
FALSE_DISCOVERY = coaching.FALSE_DISCOVERY  # of strengths, over all people and subjects
STRENGTHS = [
    "rep_id", "subject", "cases", "rate", "peers", "colleagues", "difference", "low", "high", "shrunk", "p_value", "conclusion", "by", "rivals", "strong", "weak",
]  # fmt: skip
LECTURES = ["month", "rep_id", "rep_name", "subject", "rate", "peers", "cases", "listeners", "names"]


def lead_records(leads: pd.DataFrame, *, since: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """The leads of `since` to `RIPE` days before `as_of`, in the shape of coaching.passages: advanced where they became deals.

    `leads`: day × channel × rep_id with created and converted (numbers).
    """
    known = leads[leads["rep_id"].notna() & (leads["created"] > 0)]
    first = known.groupby("rep_id")["day"].min()
    late = first[first > known["day"].min() + pd.Timedelta(days=coaching.SETTLED)]
    rows = known[known["day"].between(since, as_of - pd.Timedelta(days=RIPE))]
    parts = []
    for advanced, count in ((True, rows["converted"]), (False, rows["created"] - rows["converted"])):
        times = count.clip(lower=0).astype(int)
        parts.append(
            rows.loc[rows.index.repeat(times), ["rep_id", "channel", "day"]].assign(advanced=advanced)
        )
    found = pd.concat(parts, ignore_index=True)
    ends = late + pd.Timedelta(days=coaching.NEW)
    fresh = [
        day < ends[rep] if rep in ends.index else False
        for rep, day in zip(found["rep_id"], found["day"], strict=True)
    ]
    return _shaped(
        found.rename(columns={"day": "entered_on"}).assign(newcomer=np.array(fresh, dtype=bool)), LEADS
    )


def price_records(bookings: pd.DataFrame, *, since: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """What each person granted off the list in a month in a line and region, in the shape of coaching.passages: advanced where it was
    below the median of all that quarter in the line; as channel the region and how large its orders are, as account the person's month.

    `bookings`: day, rep_id, region, product_line, net_amount, list_amount, lines.
    """
    rows = bookings[
        bookings["day"].between(since, as_of) & bookings["rep_id"].notna()
        & (bookings["list_amount"] > 0) & (bookings["net_amount"] > 0)
    ].reset_index(drop=True)  # fmt: skip
    if rows.empty:
        return _shaped(rows.assign(advanced=False), PRICES)
    month = rows["day"].dt.to_period("M").astype(str)
    granted = 1 - rows["net_amount"] / rows["list_amount"]
    line = rows["product_line"].astype(object).where(rows["product_line"].notna(), "")
    usual = granted.groupby([line, rows["day"].dt.to_period("Q").astype(str)]).transform("median")
    size = rivals.bands(rows["net_amount"] / rows["lines"].clip(lower=1), most=4).astype(int).astype(str)
    return _shaped(
        pd.DataFrame(
            {
                "rep_id": rows["rep_id"], "entered_on": rows["day"], "advanced": granted < usual, "product_line": line,
                "channel": rows["region"].fillna("").astype(str) + " " + size, "account_id": rows["rep_id"].astype(str) + " " + month,
            }
        )[(granted != usual).to_numpy()],
        PRICES,
    )  # fmt: skip


def contact_records(
    met: pd.DataFrame, owners: pd.DataFrame, revenue: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12
) -> pd.DataFrame:
    """Were an owner's customers met in each of the last `months` months? One row per account that bought in the twelve months × month, in
    the shape of coaching.passages: advanced where it was met; as product line how much it buys.

    `met`: account_id, last_on (a month's last contact); `owners`: account_id, owner_id; `revenue`: account_id, revenue.
    """
    bought = revenue[revenue["revenue"] > 0].merge(owners[owners["owner_id"].notna()], on="account_id")
    if bought.empty or met.empty:
        return _shaped(pd.DataFrame(columns=["rep_id", "entered_on", "advanced"]), CONTACT)
    bought = bought.assign(
        product_line="size " + rivals.bands(bought["revenue"], most=6).astype(int).astype(str)
    )
    spans = pd.DataFrame({"entered_on": pd.date_range(end=month_start(as_of), periods=months, freq="MS")})
    rows = bought.merge(spans, how="cross")
    done = met.assign(entered_on=met["last_on"].dt.to_period("M").dt.to_timestamp(), advanced=True)
    done = done.drop_duplicates(["account_id", "entered_on"])
    rows = rows.merge(
        done[["account_id", "entered_on", "advanced"]], on=["account_id", "entered_on"], how="left"
    )
    return _shaped(rows.assign(advanced=rows["advanced"].eq(True), rep_id=rows["owner_id"]), CONTACT)


def _shaped(rows: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Rows in the shape of coaching.passages, all of one subject."""
    found = rows.assign(stage=subject).reindex(columns=coaching.PASSAGES)
    days = pd.to_datetime(found["entered_on"]).astype("datetime64[us]")
    return found.assign(
        entered_on=days, amount=0.0, advanced=found["advanced"].eq(True), newcomer=found["newcomer"].eq(True)
    ).reset_index(drop=True)


def strengths(*records: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """At which subject is whom better than colleagues in like cases?

    `records`: in the shape of coaching.passages, a subject as stage; `people`: rep_id of whoever is there. One row per person × subject,
    the surest strength first: cases, rate, peers, colleagues, difference with its 90% interval, shrunk, p_value (one-sided), conclusion,
    by and rivals of the strength, strong and weak (beyond chance over all of these, net of mix and newness).
    """
    known = [one for one in records if len(one)]
    if not known:
        return pd.DataFrame(columns=STRENGTHS)
    cases = pd.concat(known, ignore_index=True)
    cases = cases[cases["rep_id"].isin(people["rep_id"])]
    cases = cases.assign(advanced=~cases["advanced"].astype(bool))  # a strength is a weakness at failing
    found = coaching.weaknesses(cases, false_discovery=FALSE_DISCOVERY)
    return found.assign(
        subject=found["stage"], cases=found["deals"], rate=1 - found["rate"], peers=1 - found["peers"],
        difference=-found["difference"], low=-found["high"], high=-found["low"], shrunk=-found["shrunk"],
        strong=found["weak"].astype(bool), weak=found["strong"].astype(bool),
    )[STRENGTHS]  # fmt: skip


def programme(found: pd.DataFrame, people: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Who lectures in which of the coming months, on what, for whom?

    `found` of `strengths`; `people`: rep_id, rep_name. One row per subject at which somebody is strong, the surest one its speaker: month
    (the next one first; the subjects, in the order of their names, take turns by the number of the month), rate against peers,
    listeners (ids of those below the colleagues, weak ones first, then by what of it is expected to last; `LISTENERS` at most) and their
    names. No rows where nobody is strong.
    """
    names = dict(zip(people["rep_id"], people["rep_name"], strict=True))
    own = found[found["rep_id"].isin(list(names))]
    best = (
        own[own["strong"].astype(bool)].drop_duplicates("subject").sort_values("subject", ignore_index=True)
    )
    rows = []
    for one in best.to_dict("records"):
        below = own[(own["subject"] == one["subject"]) & (own["difference"] < 0)]
        below = below.sort_values(
            ["weak", "shrunk", "difference", "rep_id"], ascending=[False, True, True, True]
        )
        listeners = list(below["rep_id"].head(LISTENERS))
        rows.append(one | {"rep_name": names[one["rep_id"]], "listeners": listeners, "names": [names[rep] for rep in listeners]})  # fmt: skip
    table = pd.DataFrame(rows, columns=[*STRENGTHS, "rep_name", "listeners", "names"])
    if table.empty:
        return pd.DataFrame(columns=LECTURES)
    following = month_start(as_of) + pd.DateOffset(months=1)
    turn = (np.arange(len(table)) - (following.year * 12 + following.month)) % len(table)
    table = table.assign(month=[following + pd.DateOffset(months=int(one)) for one in turn])
    return table.sort_values("month", ignore_index=True)[LECTURES]


def findings(found: pd.DataFrame, *, since: pd.Timestamp, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `strengths`."""
    return rivals.told(
        found, id="person.strong", member=["rep_id", "subject"], value="difference", stated=FALSE_DISCOVERY, unit="account",
        basis="peers", period=(since, as_of),
    )  # fmt: skip
