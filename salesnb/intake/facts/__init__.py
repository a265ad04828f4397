"""The facts that every analysis starts from: few, small frames, aggregated in the engine that holds the tables."""

from salesnb.intake.facts.sales import accounts, bookings, order_days, products, purchases, reps, targets
from salesnb.intake.facts.scoping import rows

__all__ = ["accounts", "bookings", "order_days", "products", "purchases", "reps", "rows", "targets"]
