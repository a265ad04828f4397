"""A complete sample company, so that everybody can see the pages before their own data are mapped.

An industrial supplier in China, 36 months to October 2026, with effects of known size planted in it and the dirt of real
exports on top. The same seed gives the same bytes on every machine.
"""

from salesnb.intake.demo.effects import NO_EFFECTS, Effects
from salesnb.intake.demo.large import write_large
from salesnb.intake.demo.simulation import DEFAULT_SEED, Simulation, live, simulate
from salesnb.intake.demo.writing import write_demo

__all__ = [
    "DEFAULT_SEED",
    "NO_EFFECTS",
    "Effects",
    "Simulation",
    "live",
    "simulate",
    "write_demo",
    "write_large",
]
