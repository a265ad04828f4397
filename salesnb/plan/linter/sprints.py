"""Do the sprints fit the year, each other and their people? Told in words and money by `plan.linter`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations, pairwise

import pandas as pd

from salesnb.calendars.periods import fiscal_months
from salesnb.language import Message
from salesnb.plan import Plan, Sprint


def lint_sprints(plan: Plan) -> Iterator[Message]:
    """Every contradiction of the sprints; of sprints that overlap every pair, neighbours or not."""
    for sprint in plan.sprints:
        for label, year in plan.targets.items():
            months = fiscal_months(
                pd.Timestamp(label, plan.fiscal_year_starts, 1), starts=plan.fiscal_year_starts
            )
            first, after = months[0].date(), (months[-1] + pd.DateOffset(months=1)).date()
            if first <= sprint.start < after and sprint.end >= after:
                yield Message(
                    "sprint {name}: it ends on {end:date}, after the fiscal year {year}",
                    name=sprint.name,
                    end=sprint.end,
                    year=label,
                )
            if first <= sprint.start < after and sprint.target > year.amount:
                yield Message(
                    "sprint {name}: its target {target:exact} is more than the year's {whole:exact}",
                    name=sprint.name,
                    target=sprint.target,
                    whole=year.amount,
                )
        if plan.targets and not any(
            _in_year(sprint.start, label, plan.fiscal_year_starts) for label in plan.targets
        ):
            yield Message(
                "sprint {name}: it starts on {start:date}, in a year without a target",
                name=sprint.name,
                start=sprint.start,
            )
        yield from _squads(sprint)
        yield from _bonus(sprint)
    for first_sprint, second in combinations(sorted(plan.sprints, key=lambda sprint: sprint.start), 2):
        if second.start <= first_sprint.end:
            yield Message(
                "sprints {first} and {second} overlap from {start:date}",
                first=first_sprint.name,
                second=second.name,
                start=second.start,
            )


def _in_year(day: dt.date, label: int, starts: int) -> bool:
    return (day.year if day.month >= starts else day.year - 1) == label


def _squads(sprint: Sprint) -> Iterator[Message]:
    members = [person for squad in sprint.squads.values() for person in squad]
    for person in sorted({person for person in members if members.count(person) > 1}):
        yield Message("sprint {name}: {person} is in more than one squad", name=sprint.name, person=person)
    if sprint.squads and not sprint.target:
        yield Message("sprint {name}: it has squads but a target of zero", name=sprint.name)
    for squad in sorted(set(sprint.squad_targets) - set(sprint.squads)):
        yield Message("sprint {name}: {squad} has a target but no people", name=sprint.name, squad=squad)
    given = sum(sprint.squad_targets.values())
    if sprint.squads and set(sprint.squads) == set(sprint.squad_targets) and abs(given - sprint.target) >= 1:
        yield Message(
            "sprint {name}: its squads' targets add up to {given:exact}, its own is {target:exact}",
            name=sprint.name,
            given=given,
            target=sprint.target,
        )


def _bonus(sprint: Sprint) -> Iterator[Message]:
    """Steps that pay less for more."""
    for per in ("person", "squad"):
        steps = sorted((step for step in sprint.bonus if step.per == per), key=lambda step: step.at)
        for below, above in pairwise(steps):
            if above.amount < below.amount:
                yield Message(
                    "sprint {name}: the bonus falls from {low:exact} to {high:exact} at {at:percent} of the target",
                    name=sprint.name,
                    low=below.amount,
                    high=above.amount,
                    at=above.at,
                )
