"""The people, courses, habits and accounts of the team page, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, worded
from salesnb.language import Message, Written, marked

HABIT_NAMES = {
    "contacts_per_week": marked("contacts a week"),
    "visits_per_week": marked("visits and meetings a week"),
    "minutes_per_contact": marked("minutes a contact"),
    "days_to_first_contact": marked("days until a new deal's first contact"),
    "next_step_share": marked("contacts that end with a next step"),
    "pain_points_share": marked("contacts that note the customer's pain"),
    "win_rate": marked("win rate"),
    "days_to_close": marked("days to win a deal"),
    "deal_size": marked("size of a won deal"),
    "discount": marked("discount off list"),
    "lines_sold": marked("product lines sold"),
}
KINDS = {
    "next_step_share": "share",
    "pain_points_share": "share",
    "win_rate": "share",
    "discount": "share",
    "deal_size": "money",
}
SPEAKS = {
    "met": marked("every year at target"),
    "growth": marked("growth"),
    "yearly": marked("growth over three years"),
    "kept": marked("customers kept"),
    "helped": marked("colleagues helped"),
}
NEEDS = {
    "coaching": marked("coaching at the stage {stage}"),
    "workload": marked("hand work over"),
    "ramp": marked("closer induction"),
    "plan": marked("review of the plan"),
}
COURSE_COLUMNS = {
    "course": Column(marked("Course")),
    "lift": Column(marked("Lift"), "points"),
    **interval("points"),
    "placebo": Column(marked("Before it"), "points"),
    "deals": Column(marked("Deals"), "count"),
    "reps": Column(marked("People"), "count"),
}


def habit_value(habit: str, value: float) -> Written:
    """A habit's value in its unit."""
    return Written(KINDS.get(habit, "number"), float(value))


def people(attained: pd.DataFrame) -> Exhibit | None:
    """Every person with bookings, target and standing."""
    words = {"behind": "behind", "ahead": "ahead", "near": "", "none": ""}
    rows = attained.assign(state=attained["standing"].map(words))
    columns = {
        "rep_name": Column(marked("Name")),
        "team": Column(marked("Team"), secondary=True),
        "bookings": Column(marked("Bookings"), "money"),
        "target": Column(marked("Target"), "money"),
        "attainment": Column(marked("Attainment"), "share", bar=True),
        "gap": Column(marked("Gap"), "money", signed=True),
        "state": Column(marked("Beyond chance"), "status"),
    }
    if attained["target"].isna().all():
        columns = {
            name: column for name, column in columns.items() if name in ("rep_name", "team", "bookings")
        }
        rows = rows.sort_values("bookings", ascending=False)
    return exhibit.table(
        rows,
        name="people",
        finding=Message("The people, furthest behind first")
        if rows["target"].notna().any()
        else Message("The people by bookings"),
        subtitle=Message("Year to date"),
        columns=columns,
    )


def star_of_year(ranks: pd.DataFrame, least: float) -> Exhibit | None:
    """Who could be star of the year, with the facts that speak for each; `least`: from which chance on somebody may be first."""
    if ranks.empty:
        return None
    first, may = ranks.iloc[0], int((ranks["first"] >= least).sum())
    values = {"name": first["rep_name"], "first": first["first"], "n": may}
    rows = worded(
        ranks,
        facts=[
            Written("list", [Message(SPEAKS[one]) for one in facts]) if facts else ""
            for facts in ranks["speaks"]
        ],
    )
    finding = (
        Message(
            "{name} leads, first with a chance of {first:percent}: {n:count} people may be star of the year",
            **values,
        )
        if may > 1
        else Message("{name} is star of the year, whatever chance could have made of it", **values)
    )
    columns = {
        "rep_name": Column(marked("Name")),
        "attainment": Column(marked("Attainment"), "share", bar=True),
        "one_before": Column(marked("Year before"), "share"),
        "two_before": Column(marked("Two years before"), "share", secondary=True),
        "first": Column(marked("May be first"), "percent"),
        "growth": Column(marked("On the year before"), "share", signed=True),
        "kept": Column(marked("Customers kept"), "percent"),
        "helped": Column(marked("Colleagues helped"), "count"),
        "three_years": Column(marked("Three years"), "money", secondary=True),
        "yearly": Column(marked("Growth a year over three"), "share", signed=True, secondary=True),
        "facts": Column(marked("Speaks for promotion or equity")),
    }
    unknown = [
        name for name in ("one_before", "two_before", "three_years", "yearly") if ranks[name].isna().all()
    ]
    return exhibit.table(
        rows,
        name="star_of_year",
        finding=finding,
        subtitle=Message(
            "By attainment of the year to date. Kept: own accounts that bought the year before and again; helped: colleagues at whose accounts one worked and sold nothing. What speaks for promotion or equity lies above the median of all"
        ),
        columns={name: column for name, column in columns.items() if name not in unknown},
    )


def stars(habits: pd.DataFrame, differences: pd.DataFrame, names: Sequence[str]) -> Exhibit | None:
    """Each star's values in the habits that set the stars apart most."""
    first = list(differences["habit"].head(4))
    rows = habits[habits["rep_id"].isin(list(names))].sort_values("win_rate", ascending=False)
    shown = {name: Column(HABIT_NAMES[name], KINDS.get(name, "number")) for name in first}
    return exhibit.table(
        rows,
        name="stars",
        finding=Message("Whom to watch at work, and what to copy"),
        subtitle=Message("The last twelve months; habits by how far the stars stand apart"),
        columns={"rep_name": Column(marked("Name")), "team": Column(marked("Team"), secondary=True), **shown},
    )


def ramp(ramping: pd.DataFrame) -> Exhibit | None:
    """Newcomers' months against settled colleagues'."""
    if ramping.empty:
        return None
    return exhibit.table(
        ramping,
        name="ramp",
        finding=Message("Newcomers against settled team colleagues"),
        subtitle=Message(
            "Bookings per thirty days since hiring, with the mean of settled colleagues in the same days"
        ),
        columns={
            "rep_name": Column(marked("Name")),
            "tenure_month": Column(marked("Month of tenure"), "count"),
            "bookings": Column(marked("Bookings"), "money"),
            "peers": Column(marked("Colleagues"), "money"),
            "share": Column(marked("Ratio"), "share", bar=True),
        },
    )


def coaching(found: pd.DataFrame) -> Exhibit | None:
    """Who loses what at which stage, only what is beyond chance."""
    return exhibit.table(
        found[found["weak"].astype(bool)],
        name="coaching",
        finding=Message("Whom to coach, and in which stage"),
        subtitle=Message("The last twelve months; colleagues on the same product lines"),
        columns={
            "rep_name": Column(marked("Name")),
            "stage": Column(marked("Stage"), "given"),
            "deals": Column(marked("Deals"), "count"),
            "rate": Column(marked("Moved on"), "share"),
            "peers": Column(marked("Colleagues"), "share"),
            "shrunk": Column(marked("Lasting part"), "points", secondary=True),
            "lost_value": Column(marked("At stake"), "money"),
        },
    )


def contested(rivals: pd.DataFrame) -> Exhibit | None:
    """Accounts that more than one person works."""
    return exhibit.table(
        rivals,
        name="contested",
        finding=Message("Accounts that more than one person works, across teams first"),
        subtitle=Message(
            "The last twelve months; everyone with an open deal, or with three contacts or orders and a sixth of the work"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "names": Column(marked("Worked by"), "list"),
            "teams": Column(marked("Teams"), "count"),
            "contacts": Column(marked("Contacts"), "count"),
            "open_deals": Column(marked("Open deals"), "count"),
            "second_share": Column(marked("Second person's part"), "share", secondary=True),
            "net_amount": Column(marked("Bookings"), "money"),
        },
    )


def load(teams: pd.DataFrame) -> Exhibit | None:
    """Load and stress by team."""
    rows = teams.assign(state=teams["overloaded"].map({True: "behind", False: ""}))
    columns = {
        "team": Column(marked("Team")),
        "reps": Column(marked("People"), "count"),
        "load": Column(marked("Load"), "share", bar=True),
        "before": Column(marked("Year before"), "share"),
        "stress": Column(marked("Stress, of five"), "number"),
        "stress_before": Column(marked("Stress, year before"), "number", secondary=True),
        "state": Column(marked("Load now"), "status", words={"behind": marked("overloaded")}),
    }
    if teams["stress"].isna().all():
        columns = {name: column for name, column in columns.items() if not name.startswith("stress")}
    return exhibit.table(
        rows,
        name="load",
        finding=Message("Load and stress by team"),
        subtitle=Message("The last three months against the same months a year before"),
        columns=columns,
    )


def help_wanted(needs: pd.DataFrame) -> Exhibit | None:
    """What help, for whom, by when."""
    rows = worded(
        needs,
        who=needs["rep_name"].where(needs["rep_name"].notna(), needs["team"]),
        what=[
            Written("sentence", Message(NEEDS[kind], stage=called(stage)))
            for kind, stage in zip(needs["kind"], needs["need"], strict=True)
        ],
    )
    return exhibit.table(
        rows,
        name="help",
        finding=Message("What help, for whom, by when"),
        subtitle=Message("From the sections above; most money at stake first"),
        columns={
            "who": Column(marked("Who")),
            "what": Column(marked("Help")),
            "measure": Column(marked("Now"), "share"),
            "yardstick": Column(marked("Yardstick"), "share", secondary=True),
            "at_stake": Column(marked("At stake"), "money"),
            "due": Column(marked("Due"), "day"),
        },
    )
