"""Deals at risk in sentences: whether to trust the model, why a deal is at risk, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.display.kit.words import called
from salesnb.headlines import Call
from salesnb.language import Message, Nothing
from salesnb.results.deals import Judgement, Worth

CALLS = 40


def reasons(deal: Mapping[Any, Any]) -> list[Message]:
    """Why the deal is at risk, the strongest first; `deal` is a row of the analysis."""
    told = []
    if deal["silent"]:
        told.append(Message("silent for {n:count} weeks", n=deal["weeks_silent"]))
    if deal["stuck"]:
        stood = deal["stage_days"] if "stage_days" in deal else deal["age_days"]
        told.append(Message("{n:days} in {stage}", n=stood, stage=called(deal["stage"])))
    if deal["late"]:
        told.append(Message("{n:days} past its date", n=deal["days_late"]))
    if deal["no_next_step"]:
        told.append(Message("no next step"))
    if deal["no_executive"]:
        told.append(Message("no executive met"))
    return told


def next_step(reason: str) -> Message:
    """What to do about the strongest reason."""
    steps = {
        "silent": Message("Call this week"),
        "stuck": Message("Unblock or close"),
        "late": Message("Agree a new date"),
        "no_next_step": Message("Agree the next step"),
    }
    return steps.get(reason, Message("Bring an executive"))


def answer(
    risky: pd.DataFrame, judgement: Judgement | None, worth: Worth | None, *, open_deals: int
) -> Message | None:
    """Which open deals are at risk, and what is the pipeline worth?"""
    useless = judgement is not None and judgement.verdict != "use"
    if not open_deals:
        return Nothing("No deal is open, so none is at risk.")
    if worth is None:
        if useless:
            return Message(
                "Do not use the model: it is no better than a guess. Without amounts nobody can say what the pipeline is worth."
            )
        return Message(
            "Open deals at risk: {n:count}. What the pipeline is worth is unknown: amounts, or deals both won and lost, are missing.",
            n=len(risky),
        )
    values = {
        "n": len(risky),
        "value": float(risky["amount"].sum()),
        "expected": worth.expected,
        "low": worth.low,
        "high": worth.high,
    }
    if useless:
        return Message(
            "Do not use the model: it is no better than a guess. By stage rates the open pipeline is worth {expected:money} ({low:money} to {high:money}).",
            **values,
        )
    if len(risky) < 2:
        return Message(
            "The open pipeline is worth {expected:money} ({low:money} to {high:money}); deals at risk: {n:count}.",
            **values,
        )
    return Message(
        "{n:count} open deals with {value:money} are at risk; the open pipeline is worth {expected:money} ({low:money} to {high:money}).",
        **values,
    )


def caveat(judgement: Judgement, worth: Worth | None = None) -> Message | Noted:
    """May one use the model, what stands in for it, and of how much of the pipeline is the worth (`worth`)?"""
    model = _model(judgement)
    if worth is None:
        return model
    told = model.caveat if isinstance(model, Noted) else model
    said = {"listed": worth.listed, "n": worth.deals, "model": told}
    if worth.zombies:
        bridge = Message(
            "Worth: of {listed:money} in {n:count} open deals with an amount and no zombie, each at its chance; {dead:money} of zombies count as nothing. {model}",
            dead=worth.zombies,
            **said,
        )
    else:
        bridge = Message(
            "Worth: of {listed:money} in {n:count} open deals with an amount, each at its chance. {model}",
            **said,
        )
    return Noted(bridge, model.method) if isinstance(model, Noted) else bridge


def _model(judgement: Judgement | None) -> Message | Noted:
    if judgement is None:
        return Message(
            "Too few deals have been closed to train and test a model; chances are win rates by stage."
        )
    values = {
        "auc": judgement.auc,
        "low": judgement.auc_low,
        "high": judgement.auc_high,
        "brier": judgement.brier,
        "base": judgement.base_brier,
    }
    if judgement.verdict == "use":
        told = Message(
            "Use the model: on the {n:count} latest closed deals it was closer than the win rate alone. Interval of the worth: 80%, wide enough for how far past pipelines were off.",
            n=judgement.tested,
        )
    else:
        told = Message(
            "Do not use the model: on the {n:count} latest closed deals it was no closer than the win rate alone. Chances are win rates by stage or overall.",
            n=judgement.tested,
        )
    method = Message(
        "AUC {auc:number} ({low:number}–{high:number}), Brier score {brier:number} against the base rate's {base:number}.",
        **values,
    )
    return Noted(told, method)


def calls(
    risky: pd.DataFrame, worth: Worth | None, *, as_of: pd.Timestamp, median_days: float | None
) -> list[Call]:
    """What the next retrospective grades: each deal at risk, and the worth of the open pipeline."""
    due = (as_of + pd.Timedelta(days=median_days or 90)).date()
    named = risky.dropna(subset=["amount", "probability"]).head(CALLS).to_dict("records")
    told = [
        Call(
            f"deal-{deal['opportunity_id']}",
            "deal",
            str(deal["opportunity_id"]),
            float(deal["probability"]),
            float(deal["amount"]),
            due=due,
            text=Message("{account} is won", account=deal["account_name"]),
        )
        for deal in named
    ]
    if worth is not None:
        text = Message("Won value of today's open pipeline")
        told.append(
            Call(
                "pipeline-worth",
                "forecast",
                "funnel.open_value",
                None,
                worth.expected,
                worth.low,
                worth.high,
                due,
                text,
            )
        )
    return told
