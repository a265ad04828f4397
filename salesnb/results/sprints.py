"""What does a planned sprint take, and can it be done?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from salesnb.plan import Sprint

HAIR = 1e-9


@dataclass(frozen=True)
class Rates:
    """What twelve months of data say a sale takes; None where they say nothing.

    Conversion of leads to opportunities, won share of closed deals, mean won amount, median days from creation to winning, and
    per working day: leads, visits, contacts. `before`: the day after these months; `minutes`: mean length of a task, by task; `measured`: which of them the data gave.
    """

    before: pd.Timestamp
    lead_conversion: float | None
    win_rate: float | None
    deal_size: float | None
    days_to_win: float | None
    leads_per_day: float | None
    visits_per_day: float | None
    visits_per_win: float | None
    minutes: dict[str, float]
    measured: frozenset[str]


@dataclass(frozen=True)
class Sources:
    """Where the money that is asked of deals comes from within the sprint: open deals at their chance, deals that come without a
    lead, new leads (planned, else usual); `per_lead`: what one more lead brings within it."""

    asked: float
    opened: float
    fresh: float
    leads: float
    per_lead: float

    @property
    def brought(self) -> float:
        """All of it."""
        return self.opened + self.fresh + self.leads


@dataclass(frozen=True)
class Coming:
    """What deals bring in the sprint.

    `ages`: one row per age band (from_days, to_days, watched, chance, deals, amount, expected), youngest first; `by_rep`: money
    expected of open deals by rep_id (empty text where unknown); `fresh`: money that deals not yet created usually bring in such a
    span; `fresh_chance`: chance of a deal created within such a span to be won within it; `spans`: how many were watched.
    """

    ages: pd.DataFrame
    by_rep: pd.Series
    fresh: float
    fresh_chance: float
    spans: int
    stood_for: float = 0.0  # of the open deals, what stands for amounts that are not known

    @property
    def amount(self) -> float:
        """The open deals, whole."""
        return float(self.ages["amount"].sum())

    @property
    def expected(self) -> float:
        """The open deals at their chance."""
        return float(self.ages["expected"].sum())

    def lifted(self, factor: float) -> Coming:
        """The same, were every deal won `factor` times as often; no chance rises above one."""
        chance = (self.ages["chance"] * factor).clip(upper=1.0)
        kept = self.ages.assign(chance=chance, expected=chance * self.ages["amount"])
        rise = float(kept["expected"].sum()) / self.expected if self.expected else 1.0
        return replace(
            self,
            ages=kept,
            by_rep=self.by_rep * rise,
            fresh=self.fresh * factor,
            fresh_chance=min(1.0, self.fresh_chance * factor),
        )


@dataclass(frozen=True)
class Verdict:
    """Can it be done?

    `uses`: one row per squad and resource, scarcest first: squad (empty text: all together), resource (hours, visits or deals), need,
    there, use (need ÷ there). `squads`: one row per squad, fullest first: squad, people (mean of the days), need and hours (of the
    whole sprint), use, asked and brought (money of deals; missing where unknown), verdict (behind: not feasible; watch: its own deals
    bring less than its part; ahead: feasible).
    """

    uses: pd.DataFrame
    squads: pd.DataFrame

    @property
    def feasible(self) -> bool:
        """Nothing is used beyond what there is, in no squad."""
        return self.use <= 1 + HAIR

    @property
    def use(self) -> float:
        """How far the scarcest resource is used."""
        return float(self.uses["use"].iloc[0])

    @property
    def squad(self) -> str:
        """Whose resource is the scarcest; empty text where it is everybody's."""
        return str(self.uses["squad"].iloc[0])

    @property
    def constraint(self) -> str:
        """The scarcest resource: hours, visits or deals."""
        return str(self.uses["resource"].iloc[0])

    @property
    def over(self) -> pd.DataFrame:
        """The rows of `uses` that are beyond what there is."""
        return self.uses[self.uses["use"] > 1 + HAIR]


@dataclass(frozen=True)
class Change:
    """One change that makes the sprint feasible by itself.

    `kind`: lend (person-days between squads), people (who join for the whole sprint), days (working days more, the same work spread over
    them), visits and leads (per working day), lead_conversion and win_rate (shares), target (money); `size`: how much; `before` and
    `after`: the setting; `use`: how far the scarcest resource is used then; `squads`: who gets, `donors`: who gives.
    """

    kind: str
    size: float
    before: float
    after: float
    use: float
    squads: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()


@dataclass(frozen=True)
class SprintPlan:
    """A sprint with what it was measured by, what deals bring, its tasks, its load by day and squad, the verdict, and what makes it feasible."""

    sprint: Sprint
    measured: Rates
    coming: Coming | None
    sources: Sources | None
    work: pd.DataFrame
    matrix: pd.DataFrame
    verdict: Verdict | None
    changes: list[Change]
