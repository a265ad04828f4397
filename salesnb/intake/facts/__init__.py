"""The facts that every analysis starts from: few, small frames, aggregated in the engine that holds the tables."""

from salesnb.intake.facts.actions import actions, lead_courses, sprint_leads
from salesnb.intake.facts.bookings import (
    bookings,
    discounts,
    event_weeks,
    granted,
    line_weeks,
    order_lumps,
    rep_days,
)
from salesnb.intake.facts.customers import (
    account_events,
    contact_months,
    contact_weeks,
    contacts,
    owners,
    revenue,
    satisfaction,
)
from salesnb.intake.facts.happenings import events
from salesnb.intake.facts.money import (
    floor_breaches,
    floor_sales,
    large_orders,
    open_invoices,
    overdue_rolls,
    payments,
    receivable_months,
)
from salesnb.intake.facts.packs import earlier_calls, earlier_pipeline
from salesnb.intake.facts.people import account_work, activity_days, deal_contacts, pulse, training
from salesnb.intake.facts.pipeline import (
    checklist,
    deal_orders,
    deal_weeks,
    leads,
    opportunities,
    record_keeping,
    stage_events,
)
from salesnb.intake.facts.sales import (
    accounts,
    last_days,
    order_days,
    product_sales,
    products,
    purchases,
    reps,
    targets,
)
from salesnb.intake.facts.scoping import rows

__all__ = [
    "account_events",
    "account_work",
    "accounts",
    "actions",
    "activity_days",
    "bookings",
    "checklist",
    "contact_months",
    "contact_weeks",
    "contacts",
    "deal_contacts",
    "deal_orders",
    "deal_weeks",
    "discounts",
    "earlier_calls",
    "earlier_pipeline",
    "event_weeks",
    "events",
    "floor_breaches",
    "floor_sales",
    "granted",
    "large_orders",
    "last_days",
    "lead_courses",
    "leads",
    "line_weeks",
    "open_invoices",
    "opportunities",
    "order_days",
    "order_lumps",
    "overdue_rolls",
    "owners",
    "payments",
    "product_sales",
    "products",
    "pulse",
    "purchases",
    "receivable_months",
    "record_keeping",
    "rep_days",
    "reps",
    "revenue",
    "rows",
    "satisfaction",
    "sprint_leads",
    "stage_events",
    "targets",
    "training",
]
