"""What is planted in the demo company, and how strongly?

Every effect that an analysis should find is a number here; `NO_EFFECTS` is the null company, in which nothing happens but
chance. The same random streams are drawn either way, so that the two companies differ by their effects alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


def _day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@dataclass(frozen=True)
class Effects:
    """The size of each effect (shares, points, factors); dates and names are in the constants below."""

    valve_orders_lost: float = 0.45  # share of valve lines that two reps no longer receive
    valve_points: float = -0.22  # change of those reps' win rate on valves
    drives_points: float = -0.17  # change of everybody's win rate on drives
    drives_competitor_share: float = 0.65  # share of lost drives deals that name the new competitor
    quote_factor: float = 1.8  # days in the stage quote
    training_points: float = 0.10  # win rate after the course
    checklist_points: float = 0.12  # win rate of a quote whose checklist was kept
    checklist_gap: float = 0.45  # how much less often one team keeps it
    star_points: float = 0.20  # win rate of the star
    cold_call_factor: float = 0.30  # conversion of cold calls against the other channels' level
    zombie_share: float = 0.034  # deals that are never closed
    pull_share: float = 0.12  # of the next month's early orders, moved to a quarter's last five working days
    sprint_pull_share: float = 0.45  # the same in the sprint that pays a bonus
    bunching: float = 0.16  # of a quarter's last month, moved to its last five working days
    war_discount: float = 0.25  # further discount in the price war
    publicity_orders: float = 0.40  # share of sensor lines lost in the six weeks after it
    publicity_leads: float = 0.40  # share of leads lost in the same weeks
    silence: bool = True  # strategic customers fall silent
    huge_order: float = 9_600_000.0
    overload_per_day: float = 3.5  # further appointments a day in one team
    overload_stress: float = 1.6  # further points of stress
    strain: float = 1.2  # further points of stress in another team, until help was given
    crm_missing: float = 0.35  # further share of empty fields in one team
    rivalry: bool = True  # two teams chase the same accounts


NO_EFFECTS = Effects(
    valve_orders_lost=0,
    valve_points=0,
    drives_points=0,
    drives_competitor_share=0,
    quote_factor=1,
    training_points=0,
    checklist_points=0,
    checklist_gap=0,
    star_points=0,
    cold_call_factor=1,
    zombie_share=0,
    pull_share=0,
    sprint_pull_share=0,
    bunching=0,
    war_discount=0,
    publicity_orders=0,
    publicity_leads=0,
    silence=False,
    huge_order=0,
    overload_per_day=0,
    overload_stress=0,
    strain=0,
    crm_missing=0,
    rivalry=False,
)

LAST_DAY = _day("2026-10-31")
VALVE_REPS = ("R03", "R06")
VALVES_FALL = _day("2026-02-01")
DRIVES_FALL = _day("2026-03-01")
NEW_COMPETITOR = "Hengli"
QUOTE_SLOWS = _day("2026-03-15")
STAR = "R10"
CHECKLIST_TEAM = "Tigers"
OVERLOADED_TEAM = "Herons"
OVERLOAD_BEGINS = _day("2026-06-01")
HELPED_TEAM, HELPED_ON = "Wolves", _day("2025-06-30")  # strained until then
INCOMPLETE_TEAM = "Bears"
COURSE = "Consultative selling"
WAR = ("Pumps", "West", _day("2026-05-18"), _day("2026-08-31"))
PUBLICITY = ("Sensors", _day("2026-04-13"), _day("2026-05-24"))
SPRINT_MONTH = _day("2026-09-01")
STOPPED = ("C004", _day("2026-06-22"))  # the strategic account that stopped ordering
DRIFTING = {"C006": _day("2026-08-28"), "C007": _day("2026-09-08")}  # slower from June, silent from here
DRIFT_BEGINS = _day("2026-06-01")
SILENT = {STOPPED[0]: STOPPED[1], **DRIFTING}  # from the day after they neither order nor sign
HUGE_DAY = _day("2026-10-20")
UNPAID_DAYS = (
    _day("2026-07-06"),
    _day("2026-08-03"),
    _day("2026-08-24"),
)  # earlier orders of the same account
HUGE_ACCOUNT_RANK, HUGE_TERMS = 41, 120
RIVAL_RANKS = (19, 26, 33)
