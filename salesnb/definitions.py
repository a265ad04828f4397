"""What does each headline number mean, what is it made of, and which function computes it?

For `salesnb explain`, for the analyst's edition of a pack, and for whoever doubts a number. A family of keys shares one entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salesnb.headlines import HEADLINES
from salesnb.language import marked


@dataclass(frozen=True)
class Definition:
    """A number's definition in a sentence, the tables and columns that it is made of, and the function that computes it."""

    text: str
    inputs: tuple[str, ...]
    function: str


BOOKED = ("orders.ordered_on", "orders.net_amount")
DEALS = ("opportunities.created_on", "opportunities.closed_on", "opportunities.outcome")
OWED = (
    "invoices.issued_on",
    "invoices.due_on",
    "invoices.paid_on",
    "invoices.amount",
    "invoices.paid_amount",
)
TARGETS = ("targets", "plan.yml: targets")

_ENTRIES: Mapping[str, Definition] = {
    "bookings.month": Definition(marked("Net amounts of the month's orders, returns included."), BOOKED, "analysis.targets.headlines"),
    "bookings.ytd": Definition(marked("Net amounts of orders from the fiscal year's first day to the day of the report, returns included."), BOOKED, "analysis.targets.headlines"),
    "bookings.prior_ytd": Definition(marked("The same span a year before; unknown where the data begin after its first month."), BOOKED, "analysis.targets.headlines"),
    "target.": Definition(marked("The scope's own rows of targets, a month's before its quarter's and its year's; for the company else plan.yml's year, else the sum of its parts."), TARGETS, "analysis.targets.scope_months"),
    "attainment.": Definition(marked("Bookings divided by the target; a running month's target counts by its working days passed."), (*BOOKED, *TARGETS), "analysis.targets.headlines"),
    "required.per_working_day": Definition(marked("What the year's target still lacks, divided by the working days left in the fiscal year."), (*BOOKED, *TARGETS, "plan.yml: country"), "analysis.targets.headlines"),
    "forecast.year": Definition(marked("Bookings of the year to date and the forecast of the months left."), BOOKED, "analysis.forecast.fit"),
    "forecast.year_p": Definition(marked("The ends of the forecast's 80% interval: in one of ten cases the year ends beyond each."), BOOKED, "analysis.forecast.fit"),
    "forecast.hit_probability": Definition(marked("In what share of the forecast's simulated years the target is reached."), (*BOOKED, *TARGETS), "analysis.forecast.headlines"),
    "forecast.model": Definition(marked("The models that the forecast weighs, after a back-test on the company's own past."), BOOKED, "analysis.forecast.candidates_of"),
    "forecast.mase": Definition(marked("The forecast's error in that back-test, divided by the error of repeating last year's month."), BOOKED, "analysis.forecast.candidates_of"),
    "incentives.payout": Definition(marked("Commission earned in the year to date under plan.yml's tiers, the sum over people or teams."), (*BOOKED, "orders.rep_id", *TARGETS, "plan.yml: commission"), "analysis.incentives.earnings"),
    "incentives.rate": Definition(marked("That commission divided by the bookings of the year to date."), (*BOOKED, "orders.rep_id", "plan.yml: commission"), "analysis.incentives.headlines"),
    "customers.active": Definition(marked("Accounts whose net amounts of the last twelve months come to more than zero."), ("orders.account_id", *BOOKED), "analysis.tiers.headlines"),
    "tier.": Definition(marked("Accounts in the tier, assigned company-wide: strategic (flagged, else the largest known for a year), core (who with them bring four fifths of revenue), potential (growing or new), opportunity (all others)."), ("accounts.is_strategic", "orders.account_id", *BOOKED, "plan.yml: tiers"), "analysis.tiers.assign"),
    "tier_share.": Definition(marked("The tier's share of the last twelve months' positive revenue."), ("orders.account_id", *BOOKED, "plan.yml: tiers"), "analysis.tiers.headlines"),
    "concentration.top10_share": Definition(marked("The ten largest accounts' share of the last twelve months' positive revenue."), ("orders.account_id", *BOOKED), "analysis.tiers.headlines"),
    "concentration.hhi": Definition(marked("The sum of the accounts' squared revenue shares, times 10,000."), ("orders.account_id", *BOOKED), "analysis.tiers.headlines"),
    "repeat.": Definition(marked("Parameters of the BG/NBD model of repeat orders, by maximum likelihood over every account's order days, in weeks; unknown under 100 accounts."), ("orders.account_id", "orders.ordered_on"), "analysis.repeat.fit"),
    "repeat.expected_orders_90d": Definition(marked("How many order days that model expects of all accounts in the next 90 days."), ("orders.account_id", "orders.ordered_on"), "analysis.repeat.headlines"),
    "coverage.key_accounts": Definition(marked("The share of strategic and core accounts with an activity within their tier's contact interval."), ("activities.account_id", "activities.happened_on", "plan.yml: tiers"), "analysis.tiers.coverage"),
    "funnel.open_count": Definition(marked("Deals created by the day of the report and not closed by it."), DEALS, "analysis.funnel.headlines"),
    "funnel.open_value": Definition(marked("The amounts of these open deals."), (*DEALS, "opportunities.amount"), "analysis.funnel.headlines"),
    "funnel.win_rate": Definition(marked("Won deals divided by won and lost ones, of those closed in the last twelve months."), DEALS, "analysis.funnel.win_rate"),
    "funnel.median_days_to_close": Definition(marked("In how many days half of the deals have ended (Kaplan–Meier, open ones counted with their age), of those created in the last 24 months."), DEALS, "analysis.deal_days.days_to_close"),
    "funnel.zombie_": Definition(marked("Open deals older than 99% of all deals ever won took, that limit, and their amounts; unknown under twenty won deals."), (*DEALS, "opportunities.amount"), "analysis.deal_days.zombies"),
    "funnel.bottleneck": Definition(marked("The stage that would add most won value, were its conversion that of its own best quarter of the last four."), ("stage_events", "opportunities"), "analysis.stage_lifts.bottleneck"),
    "deals.": Definition(marked("How well the deal model judges the latest quarter of closed deals, which it had not seen, beside the win rate as a constant; it is used only where it beats that."), ("opportunities", "stage_events", "activities"), "analysis.deals.judge"),
    "hygiene.completeness": Definition(marked("The share of the fields required at its stage that an open deal has filled, weighted by amount."), ("opportunities", "plan.yml: required_fields"), "analysis.hygiene.headlines"),
    "team.reps": Definition(marked("People hired by the day of the report and not left by it."), ("reps.hired_on", "reps.left_on"), "analysis.team.headlines"),
    "team.": Definition(marked("Of those with a target, the median attainment of the year to date, and how many are at or above 100%."), ("reps", *BOOKED, "orders.rep_id", *TARGETS), "analysis.team.attainment"),
    "receivables.open": Definition(marked("What is unpaid of invoices issued by the day of the report, unused credit notes taken off."), OWED, "analysis.receivables.headlines"),
    "receivables.overdue": Definition(marked("What is unpaid of invoices above zero whose due day has passed, and its share of all that is unpaid."), OWED, "analysis.receivables.headlines"),
    "receivables.dso": Definition(marked("Open receivables divided by what was invoiced in the last 90 days, times 90."), OWED, "analysis.receivables.headlines"),
    "receivables.late_rate": Definition(marked("Of the invoices due in the last twelve months, the share paid after their due day or not yet."), OWED, "analysis.receivables.headlines"),
    "exposure.": Definition(marked("How open receivables and open deals (at the win rate) concentrate on few accounts: squared shares times 10,000, and the three largest accounts' share."), (*OWED, *DEALS, "opportunities.amount"), "analysis.exposure.headlines"),
    "pricing.": Definition(marked("Order lines of the last twelve months whose margin lies under their product line's floor, and their net amount."), ("orders.net_amount", "orders.cost_amount", "products.product_line", "plan.yml: price_floors"), "analysis.pricing.headlines"),
    "sprint.leads_per_day": Definition(marked("New leads per working day of the sprint."), ("leads.created_on", "plan.yml: sprints"), "analysis.retrospective.judge"),
    "sprint.lead_conversion": Definition(marked("Qualified leads or named deals per lead created in the sprint."), ("leads", "plan.yml: sprints"), "analysis.retrospective.judge"),
    "sprint.attainment": Definition(marked("The sprint's bookings divided by its target, in a running sprint by the share of its working days passed."), (*BOOKED, "plan.yml: sprints"), "analysis.retrospective.judge"),
    "sprint.key_account_weekly": Definition(marked("The share of strategic accounts met in every week of the sprint."), ("activities", "plan.yml: sprints"), "analysis.retrospective.judge"),
    "sprint.pull_forward": Definition(marked("Orders drawn from the following month into the sprint's last five working days; unknown until that month is in the data."), (*BOOKED, "plan.yml: sprints"), "analysis.pull_forward.pull_forward"),
    "actions.": Definition(marked("Actions agreed by the day of the report: how many are open, how many of these are overdue, and which share is done."), ("actions",), "analysis.retrospective.action_status"),
}  # fmt: skip


def definition(key: str) -> Definition:
    """The entry of a key of `HEADLINES`: its own, else that of its family, whose name it begins with."""
    return _ENTRIES[max((name for name in _ENTRIES if key.startswith(name)), key=len)]


def used_by(table: str) -> list[str]:
    """The headline numbers that are made of the table."""
    return [
        key
        for key in HEADLINES
        if any(each == table or each.startswith(f"{table}.") for each in definition(key).inputs)
    ]
