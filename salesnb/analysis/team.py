"""Who is at target, who is behind by more than chance, and how do newcomers ramp up?

A person's attainment is bookings over personal target, year to date. Sales come in lumps: the interval around an attainment
takes each rep's order days as a compound Poisson process, and its sum as so many equal lumps as have the same mean and variance
(Garwood 1936), so that few large orders leave it as lopsided as it is. A lump is as large as everybody's are, or as the person's own where these are larger.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import gamma

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import due_in, fiscal_months, fiscal_year, shares_passed
from salesnb.findings import Finding
from salesnb.headlines import Figure
from salesnb.language import Message

FALSE_DISCOVERY = 0.1  # of people who are called behind (or ahead) and are not
TAIL = 0.05  # on either side of an attainment's interval
NEW = 182  # days in which a newcomer grows into the job
ATTAINMENT = [
    "rep_id", "rep_name", "team", "region", "hired_on", "bookings", "target", "attainment", "low", "high", "gap", "p_value", "conclusion", "by", "rivals", "standing",
]  # fmt: skip


def headlines(
    people: pd.DataFrame,
    attained: pd.DataFrame,
    *,
    lacking_orders: Message | None = None,
    has_people: bool | None = None,
) -> dict[str, Figure]:
    """How many sales people are there, what does the median one attain, how many are at target?

    `people`: one row per rep (active: hired by the day of the report, not left by it). `attained`: one row per active rep as
    `attainment` gives it; only reps with a target count. Null without a table of reps (`has_people`; by default, without
    rows), and the attainment without personal targets or where the data hold no orders (`lacking_orders`).
    """
    if people.empty if has_people is None else not has_people:
        reason = Message("There is no table of sales people.")
        return {
            key: Figure(None, reason) for key in ("team.reps", "team.median_attainment", "team.at_target")
        }
    known, median = attained["attainment"].dropna(), median_attainment(attained)
    unsaid = len(attained) > 0 and bool(attained["bookings"].isna().all())
    reason = lacking_orders or (
        Message("No order of the year names a sales person.")
        if unsaid
        else Message("No sales person has a target that covers the year to date.")
    )
    if lacking_orders is not None:
        known, median = known.iloc[:0], None
    return {
        "team.reps": Figure(int(people["active"].sum())),
        "team.median_attainment": Figure(median) if median is not None else Figure(None, reason),
        "team.at_target": Figure(int((known >= 1.0).sum())) if len(known) else Figure(None, reason),
    }


def present(people: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Who sells on that day? The rows of people hired by it (or undated) and not left by it: who leaves on it is gone."""
    return people[~(people["hired_on"] > as_of) & ~(people["left_on"] <= as_of)]


def personal_targets(
    people: pd.DataFrame,
    spread: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
) -> pd.DataFrame:
    """What was asked of each rep in the year to date? One row per rep_id with a target for each of its months: target (money), of
    a running month the share of its working days that have passed.

    `spread`: one row per dimension × member × month of the fiscal year (dimension, member, month, amount); a rep's member
    is the id or the name; a name that several reps have is nobody's.
    """
    months = fiscal_months(as_of, starts=starts)
    months = months[months <= as_of]
    rows = spread[(spread["dimension"] == "rep") & spread["month"].isin(months)]
    ids = {
        **people.drop_duplicates("rep_name", keep=False).set_index("rep_name")["rep_id"].to_dict(),
        **people.set_index("rep_id", drop=False)["rep_id"].to_dict(),
    }
    passed = shares_passed(rows["month"], as_of, country=country)
    rows = rows.assign(rep_id=rows["member"].map(ids), target=rows["amount"] * passed)
    by_rep = rows.groupby("rep_id")  # without those whose member is no rep
    summed = by_rep[["target"]].sum()
    return summed[by_rep["month"].nunique() == len(months)].astype(float)


def attainment(
    people: pd.DataFrame,
    bookings: pd.DataFrame,
    spread: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
    false_discovery: float = FALSE_DISCOVERY,
) -> pd.DataFrame:
    """Who has sold how much of what was asked, year to date, and is the difference more than luck?

    `people`: one row per rep (rep_id, rep_name, team, region, hired_on, left_on). `bookings`: rows with day, rep_id,
    net_amount; where none of the year names a person, what each sold is not known. `spread`: monthly targets, see `personal_targets`. One row per rep present at `as_of`, least attainment first,
    reps without a target last: bookings, target, attainment, low and high (90% interval of the attainment), gap (bookings −
    target; negative is behind), p_value (two-sided), conclusion, by and rivals (maturity: what of a shortfall fell before the person was there,
    or half of it into the first half year), standing (behind, ahead: beyond chance at this false discovery rate, and no newcomer's start;
    near; none without a target).
    """
    rows = present(people, as_of).copy()
    if rows.empty:
        return pd.DataFrame(columns=ATTAINMENT)
    since, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(since, as_of)]
    days = year.groupby(["rep_id", "day"])["net_amount"].sum()
    sums = days.groupby("rep_id").sum()
    # where no order names a person, what each sold is not known
    nothing = np.nan if len(year) and year["rep_id"].isna().all() else 0.0
    rows["bookings"] = rows["rep_id"].map(sums).fillna(nothing).astype(float)
    asked = personal_targets(people, spread, as_of=as_of, starts=starts, country=country)
    rows["target"] = rows["rep_id"].map(asked["target"]).astype(float)
    target = rows["target"].where(rows["target"] > 0)
    rows["attainment"] = rows["bookings"] / target
    lump = float((days**2).sum() / days.sum()) if days.sum() > 0 else np.nan  # money that comes at a time
    own = rows["rep_id"].map((days**2).groupby("rep_id").sum() / sums.where(sums > 0))
    own = own.clip(lower=lump).fillna(lump)
    lumps = rows["bookings"].clip(lower=0) / own
    rows["low"] = np.fmin(gamma.ppf(TAIL, lumps) * own / target, rows["attainment"])
    rows.loc[lumps == 0, "low"] = rows["attainment"].clip(upper=0.0)
    rows["high"] = gamma.ppf(1 - TAIL, lumps + 1) * own / target
    rows["gap"] = rows["bookings"] - rows["target"]
    # so few lumps, or so many, where the target's worth of them is expected
    fewer, more = gamma.sf(target / own, lumps + 1), gamma.cdf(target / own, lumps.clip(lower=1e-9))
    rows["p_value"] = np.minimum(2 * np.minimum(fewer, more), 1.0)
    seen = beyond_noise(rows["p_value"], looks="fdr_bh", alpha=false_discovery)
    new = _start(rows, since, as_of) * rows["target"] / -rows["gap"].where(rows["gap"] < 0)
    shares = [{"maturity": share} for share in new.fillna(0.0).clip(0.0, 1.0)]
    settled = np.array([one["maturity"] < rivals.MOST for one in shares], dtype=bool)
    net = beyond_noise(rows["p_value"].where(settled), looks="fdr_bh", alpha=false_discovery)
    rows = rows.join(rivals.worded(rows.index, seen, net, shares))
    known = rows["attainment"].notna()
    rows["standing"] = np.select([~known, net & (rows["gap"] < 0), net], ["none", "behind", "ahead"], "near")
    return rows.sort_values(["attainment", "rep_id"], na_position="last", ignore_index=True)[ATTAINMENT]


def _start(rows: pd.DataFrame, since: pd.Timestamp, as_of: pd.Timestamp) -> pd.Series:
    """The share of the span that a newcomer lacks: the days before hiring, and half of the days of the first half year. 0 for who was
    there long before, or at an unknown time."""
    tenure = (
        pd.to_datetime(rows["hired_on"]) - since
    ).dt.days  # on the span's first day: negative, with a minus
    whole = (as_of - since).days + 1
    away, grown = tenure.clip(0, whole), (tenure + NEW).clip(0, whole)
    return ((away + grown) / 2 / whole).fillna(0.0)


def findings(attained: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1) -> list[Finding]:
    """The verdicts of `attainment`."""
    return rivals.told(
        attained, id="person.attainment", member="rep_id", value="attainment", stated=FALSE_DISCOVERY, unit="order_day",
        basis="target", period=(fiscal_year(as_of, starts=starts)[0], as_of),
    )  # fmt: skip


def median_attainment(attained: pd.DataFrame) -> float | None:
    """What does the median person attain? None where nobody has a target."""
    known = attained["attainment"].dropna()
    return float(known.median()) if len(known) else None


def ramp(
    people: pd.DataFrame,
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    data_from: pd.Timestamp,
    months: int = 12,
    colleagues: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How fast do newcomers grow into the job, compared with the settled colleagues of their team?

    A newcomer was hired at most `months` months before the day of the report and after the data begin. One row per
    newcomer of `people` × full month of tenure (1 = the first 30 days): rep_id, rep_name, team, hired_on, tenure_month,
    bookings (of these 30 days), peers (mean per settled colleague of the team in the same 30 days; of all where the team has
    none; `colleagues` are everyone's rows where `people` is a part), share (bookings / peers), settled and strangers (how many
    these colleagues are, and how many of them are none of `people`). No newcomer gives no rows.
    """
    columns = ["rep_id", "rep_name", "team", "hired_on", "tenure_month", "bookings", "peers", "share", "settled", "strangers"]  # fmt: skip
    since = max(as_of - pd.DateOffset(months=months), data_from)
    fresh = present(people, as_of)
    fresh = fresh[fresh["hired_on"] > since] if bookings["rep_id"].notna().any() else fresh.iloc[:0]
    others = present(people if colleagues is None else colleagues, as_of)
    settled = others[~(others["hired_on"] > since)]
    rows = []
    person: Any
    for person in fresh.itertuples():
        mates = settled.loc[settled["team"] == person.team, "rep_id"]
        mates = mates if len(mates) else settled["rep_id"]
        for month in range(1, ((as_of - person.hired_on).days + 1) // 30 + 1):
            first = person.hired_on + pd.Timedelta(days=30 * (month - 1))
            span = bookings[bookings["day"].between(first, first + pd.Timedelta(days=29))]
            own = float(span.loc[span["rep_id"] == person.rep_id, "net_amount"].sum())
            peers = (
                float(span.loc[span["rep_id"].isin(mates), "net_amount"].sum()) / len(mates)
                if len(mates)
                else np.nan
            )
            rows.append(
                (
                    person.rep_id,
                    person.rep_name,
                    person.team,
                    person.hired_on,
                    month,
                    own,
                    peers,
                    own / peers if peers else np.nan,
                    len(mates),
                    int((~mates.isin(people["rep_id"])).sum()),
                )
            )
    return pd.DataFrame(rows, columns=columns)


HELP = ["kind", "rep_id", "rep_name", "team", "need", "measure", "yardstick", "at_stake", "due"]


def help_wanted(
    attained: pd.DataFrame,
    weaknesses: pd.DataFrame,
    load: pd.DataFrame,
    ramping: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """Who needs which help, by when?

    `attained` of `attainment`; `weaknesses`: one row per rep × stage (rep_id, stage, rate, peers, lost_value, weak); `load`:
    one row per team (team, load, overloaded); `ramping` of `ramp`. One row per person or team and need, most money at stake
    first: kind (coaching, workload, ramp, plan), need (the stage where coaching), measure against its yardstick (shares),
    at_stake (money, missing where no amount is known), due. Coaching and ramp are due in 30 days, the rest in 14. Who is behind
    target without another finding gets a review of the plan.
    """
    names = attained.set_index("rep_id")[["rep_name", "team"]]
    soon, later = (due_in(days, as_of, country=country) for days in (14, 30))
    weak = weaknesses[weaknesses["weak"].astype(bool) & weaknesses["rep_id"].isin(names.index)]
    coached = pd.DataFrame(
        {
            "kind": "coaching", "rep_id": weak["rep_id"], "need": weak["stage"], "measure": weak["rate"],
            "yardstick": weak["peers"], "at_stake": weak["lost_value"], "due": later,
        }
    )  # fmt: skip
    heavy = load[load["overloaded"].astype(bool)]
    relieved = pd.DataFrame(
        {"kind": "workload", "team": heavy["team"], "measure": heavy["load"], "yardstick": 1.0, "due": soon}
    )
    latest = (
        ramping.sort_values("tenure_month")
        .groupby("rep_id")
        .tail(3)
        .groupby("rep_id", as_index=False)["share"]
        .mean()
    )
    slow = latest[latest["share"] < 0.8]
    ramped = pd.DataFrame(
        {"kind": "ramp", "rep_id": slow["rep_id"], "measure": slow["share"], "yardstick": 1.0, "due": later}
    )
    helped = {*coached["rep_id"], *ramped["rep_id"]}
    behind = attained[(attained["standing"] == "behind") & ~attained["rep_id"].isin(helped)]
    planned = pd.DataFrame(
        {
            "kind": "plan", "rep_id": behind["rep_id"], "measure": behind["attainment"], "yardstick": 1.0,
            "at_stake": -behind["gap"], "due": soon,
        }
    )  # fmt: skip
    parts = [part.reindex(columns=HELP) for part in (coached, relieved, ramped, planned) if len(part)]
    if not parts:
        return pd.DataFrame(columns=HELP)
    frame = pd.concat(
        [part.astype({"at_stake": float, "rep_id": object, "team": object, "need": object}) for part in parts]
    )
    known = frame["rep_id"].isin(names.index)
    frame["rep_name"] = frame["rep_id"].map(names["rep_name"])
    frame["team"] = frame["team"].where(~known, frame["rep_id"].map(names["team"]))
    return frame.sort_values(
        "at_stake", ascending=False, na_position="last", kind="stable", ignore_index=True
    )
