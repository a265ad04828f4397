"""What did last month's pack say? Its calls and its list of open deals, read from its folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from salesnb.headlines import LARGEST, OPEN_DEALS
from salesnb.packs import NUMBERS, read_calls

COLUMNS = ["id", "kind", "subject", "probability", "amount", "low", "high", "due", "text", "owner"]


def earlier_calls(previous: str) -> pd.DataFrame:
    """What did last month's pack predict and ask for?

    `previous` is that pack's folder. One row per call: id, kind (forecast, target, account, deal, silence, payment,
    decision), subject, probability, amount, low, high, due, text, owner, made_on (the day up to which that pack knew).
    No row where the folder is not named or holds no calls that can be read.
    """
    content = (read_calls(Path(previous)) if previous else None) or {}
    calls = pd.DataFrame(content.get("calls", []), dtype=object).reindex(columns=COLUMNS).astype(object)
    numbers = {name: pd.to_numeric(calls[name]).astype(float) for name in NUMBERS}
    made_on = pd.Timestamp(content["as_of"]) if content else pd.NaT
    return calls.assign(
        **numbers,
        due=pd.to_datetime(calls["due"]),
        made_on=pd.Series(made_on, index=calls.index, dtype="datetime64[ns]"),
    )


def earlier_pipeline(previous: str) -> pd.DataFrame | None:
    """Which deals did last month's pack show as open? One row per deal: opportunity_id, amount, expected_close_on, created_on.

    `previous` is that pack's folder; None where it is empty or holds no such table that can be read.
    """
    path = Path(previous) / OPEN_DEALS
    if not previous or not path.is_file():
        return None
    columns = ["opportunity_id", "amount", "expected_close_on", "created_on"]
    try:
        frame = pd.read_csv(path, dtype={"opportunity_id": "str"}, encoding="utf-8-sig")[columns]
        dates = {name: pd.to_datetime(frame[name]) for name in ("expected_close_on", "created_on")}
        amounts = pd.to_numeric(frame["amount"]).astype("float64")
        return frame.assign(amount=amounts, **dates) if (amounts.dropna().abs() < LARGEST).all() else None
    except (ValueError, KeyError, OverflowError):  # what pandas raises of a file that is no such table
        return None
