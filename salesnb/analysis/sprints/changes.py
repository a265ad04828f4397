"""What is the smallest change that makes the sprint feasible?

Each kind of change is tried alone, in whole steps, and the plan is made again with it: what is named here has been shown to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from salesnb.calendars.periods import working_days
from salesnb.results.sprints import HAIR, Change

MOST_PEOPLE = 50
MOST_DAYS = 30
POINT = 0.001  # a tenth of a point of conversion
PART = 100  # steps in which a target is lowered


@dataclass(frozen=True)
class Trial:
    """What is tried: the setting, the plan `made` of it, and the function that makes a plan of a setting."""

    setting: Any
    made: Any
    make: Callable[[Any], Any]

    def use(self, setting: Any) -> float | None:
        """How far the scarcest resource is used where the plan, made again, is feasible; else None."""
        verdict = self.make(setting).verdict
        return verdict.use if verdict is not None and verdict.feasible else None

    def least(self, change: Callable[[int], Any], most: int) -> tuple[int, float] | None:
        """The fewest steps, up to `most`, with which the plan is feasible, and its use then; None where even `most` do not do.

        More steps must not make it worse.
        """
        if most < 1 or (use := self.use(change(most))) is None:
            return None
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            if (found := self.use(change(middle))) is None:
                low = middle
            else:
                high, use = middle, found
        return high, use


def smallest(setting: Any, made: Any, *, make: Callable[[Any], Any]) -> list[Change]:
    """The smallest change of each kind that makes the plan feasible, cheapest kind first; empty where it is already, where it cannot be
    judged, or where no single change is enough.

    `setting` and `made`: a `Setting` and the plan that `make` makes of it.
    """
    if made.verdict is None or made.verdict.feasible:
        return []
    tries = (_lend, _people, _days, _visits, _leads, _conversion, _win_rate, _target)
    return [change for attempt in tries for change in attempt(Trial(setting, made, make))]


def _lend(trial: Trial) -> Iterator[Change]:
    setting, made = trial.setting, trial.made
    squads = made.verdict.squads.set_index("squad")
    spare = (squads["hours"] - squads["need"]) / setting.hours_per_day
    short = {str(squad): math.ceil(-days - HAIR) for squad, days in spare[spare < -HAIR].items()}
    giving = spare[spare >= 1].sort_values(ascending=False)
    needed = sum(short.values())
    given: dict[str, int] = {}
    for squad, days in giving.items():
        take = min(math.floor(days + HAIR), needed - sum(given.values()))
        if take > 0:
            given[str(squad)] = take
    if not needed or sum(given.values()) < needed:
        return
    lent = {squad: float(days) for squad, days in short.items()} | {
        squad: -float(days) for squad, days in given.items()
    }
    use = trial.use(replace(setting, lent=lent))
    if use is not None:
        yield Change("lend", needed, 0, needed, use, tuple(short), tuple(given))


def _people(trial: Trial) -> Iterator[Change]:
    setting, made = trial.setting, trial.made
    joined: dict[str, float] = {}
    verdict = made.verdict
    while len(over := verdict.over[verdict.over["resource"] == "hours"]):
        for squad in over["squad"]:
            joined[squad] = joined.get(squad, 0.0) + 1
        if sum(joined.values()) > MOST_PEOPLE:
            return
        verdict = trial.make(replace(setting, people=joined)).verdict
    if joined and verdict.feasible:
        size, before = sum(joined.values()), float(made.verdict.squads["people"].sum())
        yield Change("people", size, before, before + size, verdict.use, tuple(joined))


def _days(trial: Trial) -> Iterator[Change]:
    setting = trial.setting
    sprint, days = setting.sprint, setting.days
    after = pd.Timestamp(sprint.end) + pd.Timedelta(days=1)
    ahead = after + pd.Timedelta(days=2 * MOST_DAYS)
    coming = working_days(after, ahead, country=setting.country)[:MOST_DAYS]
    if coming.empty:
        return
    there = setting.dated(sprint.model_copy(update={"end": coming[-1].date()})).there

    def longer(steps: int) -> Any:
        spread = days / (days + steps)
        paces = {
            pace: value * spread
            for pace in ("visits_per_day", "leads_per_day")
            if (value := getattr(sprint, pace)) is not None
        }
        return setting.dated(sprint.model_copy(update={"end": coming[steps - 1].date(), **paces}), there)

    if found := trial.least(longer, len(coming)):
        yield Change("days", found[0], days, days + found[0], found[1])


def _visits(trial: Trial) -> Iterator[Change]:
    setting, made = trial.setting, trial.made
    sprint = setting.sprint
    row = made.work[made.work["task"] == "visits"]
    if row.empty or row["needed"].isna().all():
        return
    needed, planned = float(row["needed"].iloc[0]), sprint.visits_per_day
    usual = float(row["planned"].fillna(row["usual"]).iloc[0])

    def paced(visits: float) -> Any:
        return replace(setting, sprint=sprint.model_copy(update={"visits_per_day": visits}))

    if needed > usual + HAIR:
        after = float(math.ceil(needed - HAIR))
        if (use := trial.use(paced(after))) is not None:
            yield Change("visits", after - usual, usual, after, use)
    elif planned is not None:
        fewer = math.floor(planned - needed + HAIR)
        if found := trial.least(lambda steps: paced(planned - steps), fewer):
            yield Change("visits", -found[0], planned, planned - found[0], found[1])


def _leads(trial: Trial) -> Iterator[Change]:
    setting, made = trial.setting, trial.made
    sprint = setting.sprint
    row = made.work[made.work["task"] == "leads"]
    if row.empty or row["needed"].isna().all():
        return
    offered = float(row["planned"].fillna(row["usual"]).fillna(0.0).iloc[0])
    after = float(math.ceil(float(row["needed"].iloc[0]) - HAIR))
    if after <= offered:
        return
    use = trial.use(replace(setting, sprint=sprint.model_copy(update={"leads_per_day": after})))
    if use is not None:
        yield Change("leads", after - offered, offered, after, use)


def _conversion(trial: Trial) -> Iterator[Change]:
    setting, made = trial.setting, trial.made
    sprint = setting.sprint
    now = sprint.lead_conversion or setting.measured.lead_conversion
    if not now or made.sources is None or not made.sources.per_lead:
        return

    def better(steps: int) -> Any:
        return replace(setting, sprint=sprint.model_copy(update={"lead_conversion": now + steps * POINT}))

    if found := trial.least(better, math.floor((1 - now) / POINT + HAIR)):
        after = now + found[0] * POINT
        yield Change("lead_conversion", after - now, now, after, found[1])


def _win_rate(trial: Trial) -> Iterator[Change]:
    setting = trial.setting
    now, coming = setting.measured.win_rate, setting.coming
    if not now or coming is None:
        return

    def better(steps: int) -> Any:
        rate = now + steps * POINT
        return replace(
            setting, measured=replace(setting.measured, win_rate=rate), coming=coming.lifted(rate / now)
        )

    if found := trial.least(better, math.floor((1 - now) / POINT + HAIR)):
        after = now + found[0] * POINT
        yield Change("win_rate", after - now, now, after, found[1])


def _target(trial: Trial) -> Iterator[Change]:
    setting = trial.setting
    sprint = setting.sprint

    def lower(steps: int) -> Any:
        return replace(
            setting, sprint=sprint.model_copy(update={"target": sprint.target * (1 - steps / PART)})
        )

    if found := trial.least(lower, PART - 1):
        after = sprint.target * (1 - found[0] / PART)
        yield Change("target", sprint.target - after, sprint.target, after, found[1])
