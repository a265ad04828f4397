"""The day on which the worlds are seen, and the first that they know."""

import pandas as pd

TODAY = pd.Timestamp("2026-10-31")
FIRST = pd.Timestamp("2024-01-01")
