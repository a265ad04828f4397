"""What is planted in the demo company (data/demo), how large it is, and which notebook must find it.

`size` is the setting, or what is told of it; `realised` is the same in the unit in which the page tells it, in this very
company: counted in what the simulation alone knows, or the company held against the same one without the effect (`how`).
`python -m tests.true_sizes` computes these anew. An analysis is right when its interval holds them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

AS_OF = "2026-10-31"


@dataclass(frozen=True)
class Truth:
    """One planted effect: where to look, whom it touches, since when, how large, in which unit."""

    page: str
    what: str
    size: float
    unit: str
    since: str = ""
    until: str = ""
    who: tuple[str, ...] = ()
    detail: dict[str, float | str] = field(default_factory=dict)
    realised: float | None = None
    how: str = "the setting itself"

    @property
    def told(self) -> float:
        """The size in the unit in which the page tells it."""
        return self.size if self.realised is None else self.realised


TRUTHS = {
    "region_behind": Truth(
        "10_target_breakdown", "East is behind plan; the other three are near it", -33_800_000, "money against target, year to date, realised",
        "2026-01-01", who=("East",), detail={"attainment": 0.89, "others_at_least": 0.97},
        realised=-33_830_324.35, how="bookings less targets in the East, counted",
    ),
    "line_behind": Truth(
        "10_target_breakdown", "the plan asks services to grow by a fifth, and nothing makes them grow", -0.03,
        "points of share of sales, year to date, about", "2026-01-01", who=("Services",),
        realised=-0.0295, how="share of bookings less the plan's share of all lines, counted",
    ),
    "valve_orders": Truth(
        "10_target_breakdown", "two people's customers stopped ordering part of their valves", -0.45, "share of repeat valve lines",
        "2026-02-01", who=("R03", "R06"), detail={"product_line": "Valves", "region": "East"},
        realised=-0.4732, how="their valve bookings of the year against the company without valve_orders_lost and valve_points",
    ),
    "pull_forward": Truth(
        "60_sprint_retrospective", "the sprint with a bonus drew orders from October into September's last five working days",
        17_100_000, "money, realised", "2026-09-24", "2026-09-30", detail={"usual_quarter_end": 4_200_000},
        realised=17_088_641.09, how="lines that the simulation moved, counted",
    ),
    "sprint_own": Truth(
        "10_target_breakdown", "the sprint with a bonus brought nothing of its own: it only drew orders forward", 0.0, "money", "2026-09-01", "2026-09-30",
    ),
    "bunching": Truth(
        "60_sprint_retrospective", "in a quarter's last five working days a day sells this many times an earlier day of the month", 2.0, "factor, realised",
        realised=2.3002, how="the settings applied to the company without bunching, pull_share and sprint_pull_share",
    ),
    "drives_conversion": Truth(
        "30_funnel_diagnosis", "drives are won less often, by everybody: a competitor appeared", -0.17, "points of win rate", "2026-03-01",
        who=("everybody",), detail={"product_line": "Drives", "competitor": "Hengli", "share_of_late_losses": 0.65},
        realised=-0.1243, how="win rate of nine months against the company without drives_points",
    ),
    "valves_conversion": Truth(
        "30_funnel_diagnosis", "valves are won less often by two people only", -0.22, "points of win rate", "2026-02-01",
        who=("R03", "R06"), detail={"product_line": "Valves"},
        realised=-0.2698, how="win rate of nine months against the company without valve_points",
    ),
    "slow_quotes": Truth("30_funnel_diagnosis", "the stage quote takes longer", 1.8, "factor of days in stage", "2026-03-15", detail={"stage": "quote"}),
    "zombies": Truth("30_funnel_diagnosis", "open value older than 99% of the deals ever won", 0.40, "share of open value, realised",
        realised=177_596_300.0, how="open amounts older than 99 of 100 deals won, counted",
    ),
    "cold_calls": Truth("30_funnel_diagnosis", "cold calls convert far below the other channels", 0.054, "leads that become deals", who=("cold_call",)),
    "checklist": Truth(
        "30_funnel_diagnosis", "one team neglects the quote checklist", -0.45, "share of quotes with all three items", "2025-01-01", who=("Tigers",),
        detail={"kept_elsewhere": 0.80, "win_rate_points_when_kept": 0.12},
    ),
    "incomplete_records": Truth(
        "30_funnel_diagnosis", "one team leaves fields empty: amount, expected close, competitor, minutes, next step", 0.35,
        "further share of empty fields, about", who=("Bears",),
        realised=-0.1591, how="filled share of required fields against the company without crm_missing",
    ),
    "silent_customer": Truth(
        "20_customer_segmentation", "a strategic customer stopped ordering; a new head of purchasing came a week before", 25_870_000,
        "bookings in 2025, realised", "2026-06-27", who=("C004",),
        realised=20_915_008.34, how="bookings of the year up to its last order, counted",
    ),
    "drifting_customers": Truth(
        "20_customer_segmentation", "two more strategic customers order half as often from June and are silent since", 0.5, "factor of frequency",
        "2026-06-01", who=("C006", "C007"), detail={"C006": "2026-05-21", "C007": "2026-08-20"},
    ),
    "drifting_C006": Truth(
        "20_customer_segmentation", "what C006 was left with of its rhythm in the last half year", 0.5, "factor of frequency", "2026-06-01", who=("C006",),
        realised=0.4033, how="the setting and the day of silence, weighed by the company's rhythm",
    ),
    "drifting_C007": Truth(
        "20_customer_segmentation", "what C007 was left with of its rhythm in the last half year", 0.5, "factor of frequency", "2026-06-01", who=("C007",),
        realised=0.4332, how="the setting and the day of silence, weighed by the company's rhythm",
    ),
    "trials": Truth(
        "20_customer_segmentation", "trials are given where deals warm up, and bring nothing of themselves", 0.0, "further order days from day 31 to 120",
    ),
    "checklist_helps": Truth("30_funnel_diagnosis", "a quote whose checklist is kept is won more often", 0.12, "points of win rate", "2025-01-01"),
    "stress": Truth(
        "40_team_enablement", "the overloaded team's answers show its stress", 1.6, "points of five", "2026-06-01", who=("Herons",),
        realised=1.5842, how="the setting, as whole answers between one and five show it",
    ),
    "course": Truth(
        "40_team_enablement", "the course Consultative selling lifts the win rate of the twelve who took it, at staggered days", 0.10,
        "points of win rate", "2024-11-15", "2026-01-16",
    ),
    "overload": Truth(
        "40_team_enablement", "one team's appointments exceed its working day of seven hours, and its stress shows", 8.1, "hours a working day, realised",
        "2026-06-01", who=("Herons",), detail={"stress_points": 1.6},
        realised=8.8578, how="hours of August to October in the company without overload_per_day, and the expected length of what was added",
    ),
    "handover": Truth(
        "40_team_enablement", "the three people of the overloaded team hand customers over to the other team of their region", 3, "people", "2026-06-01",
        who=("R18", "R19", "R20"), detail={"to": "Dragons"}, realised=3.0, how="people of the team that carries the overload, counted",
    ),
    "star": Truth(
        "40_team_enablement", "one person wins more, with more executive meetings and demos and recorded pain points", 0.20, "points of win rate",
        who=("R10",), detail={"has_pain_points": 0.88, "others": 0.56},
    ),
    "lecture": Truth(
        "40_team_enablement", "the star has something to teach: more quotes are taken on than colleagues take on", 0.20, "points of win rate",
        who=("R10",),
    ),
    "training_need": Truth(
        "40_team_enablement", "the two whose pitch of valves fell need its product course", 2, "people", "2026-02-01", who=("R03", "R06"),
    ),
    "help": Truth(
        "40_team_enablement", "a team's strain of half a year ended with the help it was given", -1.2, "points of five", "2025-06-30", who=("Wolves",),
        realised=-1.1976, how="the setting, as whole answers between one and five show it",
    ),
    "rivalry": Truth("40_team_enablement", "accounts with open deals of two teams", 3, "accounts", "2026-09-01", who=("East", "East", "South")),
    "price_war": Truth(
        "50_risk_control", "pumps in the West are sold far below the margin floor", 0.25, "further discount on 85% of lines", "2026-05-18", "2026-08-31",
        detail={"product_line": "Pumps", "region": "West"},
        realised=0.2293, how="share of the list, June to August, against the company without war_discount",
    ),
    "pumps_answer": Truth(
        "50_risk_control", "the price war's discounts sold nothing more: what is ordered does not answer the price", 0.0, "percent more volume for each percent off",
        "2026-05-18", "2026-08-31", detail={"product_line": "Pumps"},
        realised=0.0, how="list value of the war's cell against the company without war_discount, over the price",
    ),
    "huge_order": Truth(
        "50_risk_control", "a huge order at 120 days, from a customer with overdue invoices", 9_600_000, "money", "2026-10-20", who=("C044",),
        detail={"terms": 120, "overdue_invoices": 3},
    ),
    "publicity": Truth(
        "50_risk_control", "bad publicity: sensor orders and leads dip for six weeks", -0.40, "share of sensor lines and of leads", "2026-04-13", "2026-05-24",
        detail={"product_line": "Sensors"},
    ),
}  # fmt: skip
