"""What did last month's pack say? Its calls and its list of open deals, read from its folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from salesnb.answers import key, read_answers
from salesnb.headlines import LARGEST, OPEN_DEALS
from salesnb.packs import NUMBERS, is_pack, read_calls

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


ANSWERED = {"answer": "answer", "answered_by": "by", "answered_on": "on", "note": "note"}


def _siblings(pack: Path) -> list[Path]:
    """The pack, and those beside it whose names tell another month of the same scope and language."""
    others = [one for one in sorted(pack.parent.iterdir()) if one.name[7:] == pack.name[7:] and is_pack(one)]
    return [*(one for one in others if one != pack), pack]


def decisions_of_year(previous: str, *, since: pd.Timestamp) -> pd.DataFrame:
    """Which decisions did the packs ask for since a day, and what was answered?

    `previous`: last month's pack, beside which the earlier ones of the same scope and language stand. One row per decision, as it was first asked for: the columns of
    `earlier_calls`, then answer (taken, not taken, later; None without one), answered_by, answered_on, note. No row without such packs.
    """
    path = Path(previous)
    told = (read_calls(path) if previous else None) or {}
    answers = read_answers(path.parent) if told else {}
    pieces = []
    for pack in _siblings(path) if told else []:
        content = read_calls(pack) or {}
        if not content or content.get("scope") != told.get("scope") or content["as_of"] > told["as_of"]:
            continue
        calls = earlier_calls(str(pack))
        asked = calls[(calls["kind"] == "decision") & (calls["made_on"] >= since)].copy()
        given = answers.get(key(str(content.get("month", "")), str(content.get("scope", ""))), {})
        for name, field in ANSWERED.items():
            asked[name] = [given.get(one, {}).get(field) or None for one in asked["id"]]
        pieces.append(asked)
    columns = [*COLUMNS, "made_on", *ANSWERED]
    if not pieces:
        return pd.DataFrame(columns=columns).astype(
            dict.fromkeys(("due", "made_on", "answered_on"), "datetime64[ns]")
        )
    table = pd.concat(pieces, ignore_index=True).sort_values("made_on", kind="stable")
    last = table.dropna(subset="answer").drop_duplicates("id", keep="last").set_index("id")
    first = table.drop_duplicates("id").set_index("id")
    for name in ANSWERED:
        first[name] = last[name].reindex(first.index).astype(object)
    return first.reset_index()[columns].assign(answered_on=lambda rows: pd.to_datetime(rows["answered_on"]))


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
