"""Is the sprint feasible: time × task × resource?

The target is traced back, with measured conversion, deal size and effort, to visits, leads, quotes and key-account contacts per working day;
these take hours, and hours are what each squad has. The scarcest resource of the fullest squad binds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from salesnb.analysis.capacity import hours
from salesnb.analysis.sprints.changes import smallest
from salesnb.analysis.sprints.pipeline import Coming
from salesnb.analysis.sprints.pipeline import coming as coming_of
from salesnb.analysis.sprints.verdict import Verdict, judge, matrix, shares
from salesnb.analysis.sprints.work import Rates, Sources, deal_size, length, rates, sources, span, tasks
from salesnb.caching import cached
from salesnb.calendars.periods import ONE_DAY, working_days
from salesnb.plan import Sprint
from salesnb.results.sprints import SprintPlan

WORKING_DAYS = 250  # a year's, to bring monthly care to the day


@dataclass(frozen=True)
class Setting:
    """Everything that a sprint is planned from.

    `opportunities`, `reps`: frames as in `build`; `cadence`: hours a working day that the care of accounts takes; `weights`: what each
    squad carries; `people`: experienced people who join a squad for the whole sprint; `lent`: person-days that a squad gets (or
    gives, below zero).
    """

    sprint: Sprint
    measured: Rates
    coming: Coming | None
    there: pd.DataFrame
    opportunities: pd.DataFrame
    reps: pd.DataFrame
    as_of: pd.Timestamp
    key_accounts: int
    cadence: float
    hours_per_day: float
    weights: pd.Series | None = None
    deal_share: float = 1.0
    country: str | None = None
    people: dict[str, float] = field(default_factory=dict)
    lent: dict[str, float] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Working days of the sprint."""
        return length(self.sprint, country=self.country)

    def dated(self, sprint: Sprint, there: pd.DataFrame | None = None) -> Setting:
        """The same for a sprint with other days: its deals looked up anew, and its capacity, where `there` does not have these days."""
        first, last = span(sprint)
        if there is None:
            days = working_days(first, last, country=self.country)
            there = hours(self.reps, days, hours_per_day=self.hours_per_day, groups=dict(sprint.squads))
        return replace(
            self,
            sprint=sprint,
            there=there[there["day"] <= last],
            coming=coming_of(self.opportunities, sprint, as_of=self.as_of, deal_size=self.measured.deal_size),
        )


@dataclass(frozen=True)
class Made:
    """A plan as made once: tasks, which part of them each squad carries, what deals bring, the verdict."""

    work: pd.DataFrame
    share: pd.Series
    sources: Sources | None
    verdict: Verdict | None


def make(setting: Setting) -> Made:
    """The plan that follows from a setting. What each squad carries does not change with the people who join it."""
    sprint, measured = setting.sprint, setting.measured
    share = shares(setting.there, setting.weights)
    found = None
    if setting.coming is not None:
        found = sources(
            sprint,
            measured,
            opened=setting.coming.expected,
            fresh=setting.coming.fresh,
            fresh_chance=setting.coming.fresh_chance,
            deal_share=setting.deal_share,
            country=setting.country,
        )
    work = tasks(
        sprint,
        measured,
        key_accounts=setting.key_accounts,
        found=found,
        deal_share=setting.deal_share,
        country=setting.country,
    )
    judged = judge(
        work,
        _staffed(setting),
        share=share,
        cadence=setting.cadence,
        asked=found.asked if found else None,
        brought=found.brought if found else None,
        own=_own(setting, found, share),
    )
    return Made(work, share, found, judged)


def _staffed(setting: Setting) -> pd.DataFrame:
    """The squads' people and hours with those who join and are lent."""
    joined = setting.there["squad"].map(setting.people).fillna(0.0).astype(float)
    moved = setting.there["squad"].map(setting.lent).fillna(0.0).astype(float) / setting.days
    added = joined + moved
    return setting.there.assign(
        people=setting.there["people"] + added,
        hours=setting.there["hours"] + added * setting.hours_per_day,
    )


def _own(setting: Setting, found: Sources | None, share: pd.Series) -> pd.Series:
    """What each squad's deals bring: its people's open ones; of what is nobody's in a squad, and of new deals, its share."""
    if setting.coming is None or found is None:
        return share * float("nan")
    reps = setting.reps
    squads = setting.sprint.squads or reps.groupby(reps["team"].fillna(""))["rep_id"].agg(list).to_dict()
    by_rep = setting.coming.by_rep
    own = pd.Series({name: by_rep.reindex(members).sum() for name, members in squads.items()}, dtype=float)
    own = own.reindex(share.index, fill_value=0.0)
    return own + (found.brought - own.sum()) * share


def which(sprints: list[Sprint], *, as_of: pd.Timestamp) -> Sprint | None:
    """The sprint to plan: the next one that is not over at `as_of`; None where none lies ahead, for what is over the retrospective judges."""
    ahead = [sprint for sprint in sprints if pd.Timestamp(sprint.end) > as_of]
    return min(ahead, key=lambda sprint: (sprint.start, sprint.name), default=None)


def begun(plan: SprintPlan | None, *, as_of: pd.Timestamp) -> Sprint | None:
    """The planned sprint, where it runs already; None where it lies ahead or there is none."""
    return plan.sprint if plan is not None and pd.Timestamp(plan.sprint.start) <= as_of else None


def first_day(sprint: Sprint | None, *, as_of: pd.Timestamp) -> pd.Timestamp:
    """The sprint's first day; the day itself where there is none."""
    return as_of if sprint is None else pd.Timestamp(sprint.start)


@cached
def build(
    sprint: Sprint | None,
    opportunities: pd.DataFrame,
    leads: pd.DataFrame,
    activities: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    key_accounts: int,
    cadence: float | None,
    hours_per_day: float,
    targets: pd.Series | None = None,
    deal_share: float | None = None,
    country: str | None = None,
) -> SprintPlan | None:
    """The whole plan of a sprint: rates measured in the twelve months before it (before today, where it lies ahead), tasks, load, verdict, and the smallest changes that
    make it feasible; None without a sprint.

    `cadence`: hours a month that the care of all accounts takes (None: unknown, counted as none), of which the squads bear as much as
    they have of everybody's hours; `targets`: the
    year's personal targets by rep, in whose proportions squads share the work; `deal_share`: the part of bookings that comes through
    opportunities (None: all).
    """
    if sprint is None:
        return None
    known = min(pd.Timestamp(sprint.start), as_of + ONE_DAY)  # nothing is known of the days to come
    aims = (
        {squad: float(targets.reindex(people).sum()) for squad, people in sprint.squads.items()}
        if targets is not None
        else {}
    )
    setting = Setting(
        sprint=sprint,
        measured=rates(opportunities, leads, activities, before=known, country=country),
        coming=None,
        there=pd.DataFrame(),
        opportunities=opportunities,
        reps=reps,
        as_of=as_of,
        key_accounts=key_accounts,
        cadence=0.0,
        hours_per_day=hours_per_day,
        weights=pd.Series(aims, dtype=float) if aims else None,
        deal_share=1.0 if deal_share is None else min(1.0, max(0.0, deal_share)),
        country=country,
    ).dated(sprint)
    setting = replace(setting, cadence=(cadence or 0.0) * 12 / WORKING_DAYS * _part_of_hours(setting))
    made = make(setting)
    return SprintPlan(
        sprint,
        setting.measured,
        setting.coming,
        made.sources,
        made.work,
        matrix(made.work, setting.there, share=made.share, cadence=setting.cadence),
        made.verdict,
        smallest(setting, made, make=make),
    )


def open_deals(sprint: Sprint | None, opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> Coming | None:
    """What open deals bring within the sprint, as its plan counts them; None without a sprint."""
    if sprint is None:
        return None
    known = min(pd.Timestamp(sprint.start), as_of + ONE_DAY)
    size = deal_size(opportunities, before=known)
    return coming_of(opportunities, sprint, as_of=as_of, deal_size=size)


def _part_of_hours(setting: Setting) -> float:
    """The squads' hours ÷ the hours of everybody on the sprint's working days; 1 where nobody has any."""
    days = pd.DatetimeIndex(setting.there["day"].unique())
    everybody = {"": list(setting.reps["rep_id"])}
    whole = float(
        hours(setting.reps, days, hours_per_day=setting.hours_per_day, groups=everybody)["hours"].sum()
    )
    return min(1.0, float(setting.there["hours"].sum()) / whole) if whole > 0 else 1.0
