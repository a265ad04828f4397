"""Were last month's calls right? Forecasts against their interval, probabilities against what came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesnb.calendars import month_start


def read_calls(previous: str) -> list[dict[str, Any]]:
    """What did the previous pack predict? Its calls.json; empty where there is no such pack."""
    path = Path(previous) / "calls.json"
    if not previous or not path.is_file():
        return []
    calls: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")).get("calls", [])
    return calls


def grade_accounts(
    calls: list[dict[str, Any]], order_days: pd.DataFrame, *, made_on: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Did the accounts order that were expected to? In: calls of kind account that were due by `as_of`, made on `made_on`.

    Out: one row per call: subject, probability, came (ordered after made_on and by the due day).
    """
    rows = []
    for call in calls:
        if call.get("kind") != "account" or not call.get("due") or call.get("probability") is None:
            continue
        due = pd.Timestamp(call["due"])
        if due > as_of:
            continue
        span = order_days[
            (order_days["day"] > made_on) & (order_days["day"] <= due) & order_days["is_order"].astype(bool)
        ]
        rows.append(
            {
                "subject": call["subject"],
                "probability": float(call["probability"]),
                "came": bool((span["account_id"] == call["subject"]).any()),
            }
        )
    return pd.DataFrame(rows, columns=["subject", "probability", "came"])


def grade_forecasts(
    calls: list[dict[str, Any]], bookings: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Did the month's bookings fall into the interval that was forecast? One row per month due by `as_of`: due, amount, low, high, actual, inside."""
    rows = []
    for call in calls:
        if (
            call.get("subject") != "bookings.month"
            or not call.get("due")
            or pd.Timestamp(call["due"]) > as_of
        ):
            continue
        due = pd.Timestamp(call["due"])
        actual = float(
            bookings.loc[(bookings["day"] >= month_start(due)) & (bookings["day"] <= due), "net_amount"].sum()
        )
        rows.append(
            {**{name: call.get(name) for name in ("amount", "low", "high")}, "due": due, "actual": actual}
        )
    table = pd.DataFrame(rows, columns=["due", "amount", "low", "high", "actual"])
    return table.assign(inside=(table["actual"] >= table["low"]) & (table["actual"] <= table["high"]))


@dataclass(frozen=True)
class Grade:
    """Probabilities against what came: mean, share that came, Brier score, and that of the base rate alone."""

    calls: int
    expected: float
    came: int
    brier: float
    base_brier: float


def grade(graded: pd.DataFrame) -> Grade | None:
    """Were the probabilities worth having? None without calls."""
    if graded.empty:
        return None
    probability, came = graded["probability"].astype(float), graded["came"].astype(float)
    return Grade(
        calls=len(graded),
        expected=float(probability.sum()),
        came=int(came.sum()),
        brier=float(((probability - came) ** 2).mean()),
        base_brier=float(came.mean() * (1 - came.mean())),
    )


def calibration(graded: pd.DataFrame) -> pd.DataFrame:
    """In fifths of probability: what was said and what came. One row per filled fifth: low, high, calls, said, came."""
    bands = np.minimum((graded["probability"].astype(float) * 5).astype(int), 4)
    table = (
        graded.assign(band=bands)
        .groupby("band")
        .agg(calls=("came", "size"), said=("probability", "mean"), came=("came", "mean"))
    )
    table = table.reset_index()
    table.insert(0, "low", table["band"] / 5)
    table.insert(1, "high", (table.pop("band") + 1) / 5)
    return table.astype({"said": float, "came": float})
