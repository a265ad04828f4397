"""Each verdict in the worlds that could fool it, and with its effect in them: how often is it told?

`python -m tests.verdicts [companies]` (400 by default) writes the table into CONTRIBUTING.md; `make test` looks at forty companies
of each false world, and rings where even the lower bound of the rate exceeds what the verdict states.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from scipy.stats import beta

from salesnb.analysis import (
    behaviour,
    breakdown,
    checklists,
    coaching,
    cohorts,
    deal_days,
    funnel,
    intervals,
    pricing,
    product_lines,
    pull_forward,
    receivables,
    rhythm,
    stage_lifts,
    stars,
    training,
)  # fmt: skip
from salesnb.calendars.periods import months_back
from salesnb.plan import Sprint
from tests import worlds
from tests.worlds import TODAY

HELD = 0.95  # of the bounds of a rate
POWER = 0.8  # of the effects of the stated size that are found at least
TABLE = Path(__file__).parents[1] / "CONTRIBUTING.md"
MARKS = ("<!-- verdicts -->", "<!-- /verdicts -->")
SPRINT = Sprint(name="S", start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30), target=1_000_000)
YOUNG = pd.Timestamp("2025-04-01")


def lines(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        return bool(product_lines.by_line(worlds.deals(seed, **world), as_of=TODAY)["fell"].any())

    return told


def why(verdict: str = "", **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        made = worlds.deals(seed, **world)
        found = product_lines.by_line(made, as_of=TODAY)
        looked = found[(found["conclusion"] != "none") | (found["product_line"] == "Alpha")]
        read = [
            product_lines.reading(made, line=row.product_line, fell=row.fell, by=row.by, as_of=TODAY)
            for row in looked.itertuples()
        ]
        words = {one.verdict for one in read if one}
        return verdict in words if verdict else bool(words & {"product", "pitch"})

    return told


def bottleneck(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = worlds.stage_passages(seed, **world)
        levels, rates = (
            funnel.quarterly_conversion(passed, as_of=TODAY),
            funnel.stage_conversion(passed, as_of=TODAY),
        )
        return bool(stage_lifts.lifts(levels, rates)["beyond"].any())

    return told


def slower_stage(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed, day = worlds.new_year_passages(seed, **world)
        return bool(deal_days.stage_days(passed, as_of=day, country="CN")["slower"].any())

    return told


def cohort(seed: int) -> bool:
    born = cohorts.born(worlds.seasonal_deals(seed), as_of=TODAY)
    return bool(cohorts.by_cohort(born, age=cohorts.ripe_age(born) or 0)["flagged"].any())


def clean_up(seed: int) -> bool:
    made = worlds.cleaned_up(seed)
    past, cleaned = (
        deal_days.history(one, as_of=TODAY) for one in (made, deal_days.tidied(made, as_of=TODAY))
    )
    return any(deal_days.moved(past, cleaned).values())


def kept(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        helps = checklists.effect(worlds.checklists_kept(seed, **world))
        return helps is not None and helps.conclusion == "found" and helps.low > 0

    return told


def courses(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        return bool(training.lifts(*worlds.course(seed, **world))["found"].any())

    return told


def weak(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = coaching.outcomes(worlds.people_deals(seed, **world), since=months_back(TODAY, 12))
        return bool(coaching.weaknesses(passed)["weak"].any())

    return told


def slow_payer(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(receivables.slow_payers(worlds.payments(seed, **world))["slow"].any())


def price_war(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(pricing.price_wars(worlds.floor_sales(seed, **world))["found"].any())


def silent(today: pd.Timestamp = TODAY, **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        return bool(
            rhythm.silence(worlds.order_days(seed, today=today, **world), as_of=today)["silent"].any()
        )

    return told


def slower_account(seed: int) -> bool:
    days = worlds.order_days(seed, kind="season")
    pauses, names = rhythm.silence(days, as_of=TODAY), sorted(days["account_id"].unique())
    nobody = pd.DataFrame(columns=["account_id", "account_name", "owner", "happened_on", "kind"])
    events = nobody.astype({"happened_on": "datetime64[us]"})
    found = behaviour.changed(pauses, days, nobody, keys=names, events=events, owners=nobody, as_of=TODAY)
    return bool(found["slower"].any())


def drawn(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = pull_forward.pull_forward(SPRINT, worlds.quarter_ends(seed, **world), as_of=TODAY)
        return found is not None and found.conclusion == "found"

    return told


def overdue(**world: object) -> Callable[[int], bool]:
    return lambda seed: receivables.moved(worlds.overdue(seed, **world))[0]


def turned(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sold, months = worlds.seasonal_bookings(seed, **world)
        day = pd.Timestamp("2026-12-31")
        noise = breakdown.month_noise(sold, months, as_of=day)
        return breakdown.turn(sold, months, noise=noise, as_of=day).conclusion == "found"

    return told


def habit(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found, best = worlds.habits_by_luck(seed, **world)
        return bool(stars.differences(found, best, measure="attainment", draws=1000)["beyond_chance"].any())

    return told


class Pair(NamedTuple):
    """A verdict in a world, what it states, and whether it is told in the company of a seed."""

    verdict: str
    world: str
    stated: float
    told: Callable[[int], bool]


ALARM, CROSSING = intervals.FALSE_ALARM, pd.Timestamp("2026-02-28")
FALSE = (
    Pair("line.fell", "young CRM, losses slower than wins", ALARM, lines(begins=YOUNG, days=(60, 150))),
    Pair("line.fell", "channel mix flips", ALARM, lines(flips=True)),
    Pair("line.fell", "growth, wins slower than losses", ALARM, lines(growth=2.0, days=(150, 50))),
    Pair("line.fell", "accounts differ by nature", ALARM, lines(unlike=0.25, accounts=30)),
    Pair("line.why", "channel mix flips", ALARM, why(flips=True)),
    Pair("stage.bottleneck", "losses slower than wins", ALARM, bottleneck(lost_days=60.0)),
    Pair("stage.bottleneck", "losses faster than wins", ALARM, bottleneck(lost_days=5.0)),
    Pair("stage.slower", "New Year moves between the periods", ALARM, slower_stage()),
    Pair("cohort.unlike", "season", ALARM, cohort),
    Pair("pipeline.*", "a month in which old deals are closed", 3 * ALARM, clean_up),
    Pair("checklist.effect", "deals lost early", (1 - intervals.CONFIDENCE) / 2, kept(lost_days=15.0)),
    Pair("course.lift", "people sent at their worst", training.FALSE_ALARM, courses(sent="worst")),
    Pair("course.lift", "people sent when new", training.FALSE_ALARM, courses(sent="new")),
    Pair("person.weak", "cold calls for two people", coaching.FALSE_DISCOVERY, weak(cold=True)),
    Pair("person.weak", "newcomers", coaching.FALSE_DISCOVERY, weak(fresh=True)),
    Pair("star.habit", "chosen on bookings", stars.FALSE_ALARM, habit()),
    Pair("account.slow_payer", "payment runs of 3", receivables.FALSE_DISCOVERY, slow_payer(together=3)),
    Pair("account.slow_payer", "payment runs of 6", receivables.FALSE_DISCOVERY, slow_payer(together=6)),
    Pair("receivables.overdue", "every December", ALARM, overdue(december=60.0)),
    Pair("price.war", "a line that is always thin", pricing.FALSE_DISCOVERY, price_war(thin=True)),
    Pair("price.war", "six-line orders with one discount", pricing.FALSE_DISCOVERY, price_war(each=6)),
    Pair("account.silent", "bursts", rhythm.ALARM, silent(kind="bursts")),
    Pair("account.silent", "New Year", rhythm.ALARM, silent(CROSSING, kind="new_year")),
    Pair("account.silent", "seasonal buyers", rhythm.ALARM, silent(kind="season")),
    Pair("account.slower", "seasonal buyers", behaviour.FALSE_DISCOVERY, slower_account),
    Pair("sprint.pull_forward", "every quarter's end is so", (1 - pull_forward.LEVEL) / 2, drawn()),
    Pair("attainment.turned", "even targets, December is strong", ALARM, turned(year_end=1.8)),
)  # fmt: skip
TRUE = (
    Pair("line.fell", "25 points in all hands", ALARM, lines(effect=0.25, win=0.45)),
    Pair("line.fell", "25 points beside a mix of channels", ALARM, lines(effect=0.25, channels=True, n=1400)),
    Pair("line.why", "product: 30 points in all hands", ALARM, why("product", effect=0.30, win=0.5)),
    Pair("stage.bottleneck", "20 points in the best quarter", ALARM, bottleneck(lift=0.20, lost_days=20.0)),
    Pair("stage.slower", "half as long again", ALARM, slower_stage(slower=1.5)),
    Pair("checklist.effect", "30 points", (1 - intervals.CONFIDENCE) / 2, kept(effect=0.30, lost_days=40.0)),
    Pair("course.lift", "12 points, sent by lot", training.FALSE_ALARM, courses(sent="lot", effect=0.12)),
    Pair("person.weak", "20 points", coaching.FALSE_DISCOVERY, weak(weak=0.20)),
    Pair("star.habit", "three standard deviations", stars.FALSE_ALARM, habit(effect=3.0)),
    Pair("account.slow_payer", "late in 80 of 100 runs of 3", receivables.FALSE_DISCOVERY, slow_payer(together=3, slow=0.6)),
    Pair("receivables.overdue", "six usual steps", ALARM, overdue(jump=45.0)),
    Pair("price.war", "40 points for four months", pricing.FALSE_DISCOVERY, price_war(war=0.4)),
    Pair("account.silent", "six of its own intervals", rhythm.ALARM, silent(stopped=6)),
    Pair("sprint.pull_forward", "40% of the next three weeks", (1 - pull_forward.LEVEL) / 2, drawn(drawn=0.4)),
    Pair("attainment.turned", "a month of 1.8 times its usual", ALARM, turned(jump=1.8)),
)  # fmt: skip


def bounds(told: int, looks: int) -> tuple[float, float]:
    """Clopper and Pearson's 95% bounds of a rate, each one-sided."""
    low = float(beta.ppf(1 - HELD, told, looks - told + 1)) if told else 0.0
    return low, float(beta.ppf(HELD, told + 1, looks - told)) if told < looks else 1.0


def table(companies: int) -> str:
    """The matrix and the power table as markdown, over so many companies each."""
    rows = ["| verdict | world | told | stated |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{pair.verdict}` | {pair.world} | {_rate(pair, companies)} | {pair.stated:.3g} |"
        for pair in FALSE
    ]
    rows += ["", "| verdict | effect | found |", "| --- | --- | --- |"]
    rows += [f"| `{pair.verdict}` | {pair.world} | {_rate(pair, companies)} |" for pair in TRUE]
    return "\n".join(rows)


def _rate(pair: Pair, companies: int) -> str:
    told = sum(pair.told(seed) for seed in range(companies))
    low, high = bounds(told, companies)
    return f"{told / companies:.1%} ({low:.1%} to {high:.1%})"


if __name__ == "__main__":
    companies = int(sys.argv[1]) if sys.argv[1:] else 400
    begin, end = MARKS
    made = f"{begin}\nOf {companies} companies each, with 95% bounds on either side:\n\n{table(companies)}\n{end}"
    text = TABLE.read_text(encoding="utf-8")
    TABLE.write_text(re.sub(f"{begin}.*?{end}", lambda _: made, text, flags=re.S), encoding="utf-8")
    print(made)
