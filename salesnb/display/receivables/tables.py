"""Receivables by age with what of each band is never paid, as a table."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.display.receivables.charts import band
from salesnb.language import Message, marked


def provision(bands: pd.DataFrame) -> Exhibit | None:
    """The provision matrix: each age band's money at its own loss rate."""
    if bands.empty:
        return None
    rows = worded(
        bands, band=[band(low, high) for low, high in zip(bands["from_day"], bands["to_day"], strict=True)]
    )
    known = bands["loss"].notna().all()
    return exhibit.table(
        rows,
        name="provision_matrix",
        finding=Message("What of each age is never paid, by our own record"),
        subtitle=Message(
            "Days past due; the share of the money that came to this age and is unpaid a year past due"
        ),
        columns={
            "band": Column(marked("Past due")),
            "amount": Column(marked("Open"), "money", bar=True),
            "rate": Column(marked("Never paid"), "percent"),
            "loss": Column(marked("Expected loss"), "money"),
            "loss_low": Column(marked("Lower end"), "money", secondary=True),
            "loss_high": Column(marked("Upper end"), "money", secondary=True),
            "invoices": Column(marked("Invoices behind the rate"), "count", secondary=True),
        },
        total={"amount": float(bands["amount"].sum())}
        | ({"loss": float(bands["loss"].sum())} if known else {}),
        fold=len(bands),
    )
