"""Why is one pipeline worth several amounts? From all that is open to each value that a page names, step by step.

Every value has its own question: what covers the target, what is won in the end, what comes this year by its date, what comes within
the sprint. Each way begins with the same open pipeline, and each step says what it takes off or adds.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ["step", "change", "value"]


def bridge(
    *,
    opened: float,
    dead: Any = None,
    worth: Any = None,
    dated: pd.DataFrame | None = None,
    undated: float = 0.0,
    coming: Any = None,
) -> pd.DataFrame:
    """How does each value of the pipeline follow from all that is open?

    `opened`: the amount of all open deals; `dead` of deal_days.zombies; `worth` of deal_risk.worth; `dated` of
    bottom_up.pipeline_by_month over the year's months, with `undated`, the amount of open deals without a date to come; `coming` of
    sprints.open_deals. One row per step: step, change (missing where a way begins), value (after the step; money). A way whose value is
    not known is left out; nothing open gives no rows.
    """
    ways: list[list[tuple[str, float]]] = []
    if dead is not None:
        ways.append([("live", opened - dead.value)])
        if worth is not None:
            ways[-1] += [("judged", worth.listed), ("worth", worth.expected)]
    elif worth is not None:
        ways.append([("judged", worth.listed), ("worth", worth.expected)])
    if dated is not None and dated["expected"].notna().all() and dated["deals"].any():
        due = float(dated["pipeline"].sum())
        ways.append(
            [
                ("with_date", opened - undated),
                ("this_year", due),
                ("expected", float(dated["expected"].sum())),
            ]
        )
    if coming is not None:
        ways.append([("stood_for", coming.amount), ("in_sprint", coming.expected)])
    rows: list[tuple[str, float, float]] = []
    for way in ways if opened else []:
        value = opened
        rows.append(("open", float("nan"), opened))
        for step, after in way:
            if step in ("judged", "stood_for") and abs(after - value) < 0.005:
                continue  # nothing is left out or added
            rows.append((step, after - value, after))
            value = after
    return pd.DataFrame(rows, columns=COLUMNS)
