"""Small worlds in which a verdict is false though it looks true, and the same with the effect in them.

Each function makes one company's frame as the facts hand it to the analyses, from a seed. A lookalike has its own cause and
not the one that the verdict names; `effect` puts that one in, of the size told.
"""

# ruff: noqa: F401
from tests.worlds.accounts import (
    accompanied,
    bought,
    floor_sales,
    key_days,
    order_days,
    overdue,
    payments,
)
from tests.worlds.bookings import (
    decided_months,
    line_sales,
    new_year_bookings,
    quarter_ends,
    seasonal_bookings,
    two_years,
    weeks_of_sales,
)
from tests.worlds.culture import STEPS, asked_before_and_after, squad_days, stepping
from tests.worlds.dates import FIRST, TODAY
from tests.worlds.mixes import regional_deals, unlike_cohorts, unlike_passages
from tests.worlds.people import course, few_large, habits_by_luck, people_deals, person_hours, team_hours
from tests.worlds.pipeline import (
    begun,
    checklists_kept,
    cleaned_up,
    deals,
    fields,
    leads,
    like_groups,
    new_year_passages,
    seasonal_deals,
    stage_passages,
    team_checklists,
    worked_together,
)
from tests.worlds.prices import line_prices
