"""What are the words of a CRM, and the code's own, called in a sentence or a table?

Systems export stages, channels and checklist items as codes (cold_call, payment_terms). Those that are common have a name in the
reader's language; what a company made up itself is shown as it gave it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pandas as pd

from salesnb.language import Message, marked

GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "advertising": marked("advertising"),
        "closing": marked("closing"),
        "cold_call": marked("cold calls"),
        "direct": marked("direct contact"),
        "email": marked("email"),
        "event": marked("events"),
        "exhibition": marked("exhibitions"),
        "fair": marked("trade fairs"),
        "inbound": marked("inbound enquiries"),
        "outbound": marked("outbound contact"),
        "partner": marked("partners"),
        "phone": marked("phone"),
        "referral": marked("referrals"),
        "social_media": marked("social media"),
        "trade_show": marked("trade shows"),
        "web": marked("website"),
        "webinar": marked("webinars"),
        "website": marked("website"),
        "contract": marked("contract"),
        "demo": marked("demo"),
        "discovery": marked("discovery"),
        "engaging": marked("engaging"),
        "lead": marked("lead"),
        "needs": marked("needs"),
        "needs_analysis": marked("needs analysis"),
        "negotiation": marked("negotiation"),
        "offer": marked("offer"),
        "pilot": marked("pilot"),
        "proposal": marked("proposal"),
        "prospecting": marked("prospecting"),
        "qualification": marked("qualification"),
        "qualified": marked("qualified"),
        "quote": marked("quote"),
        "trial": marked("trial"),
        "customers_met": marked("customers met"),  # what people are compared at beside the stages
        "leads_converted": marked("leads converted"),
        "prices_kept": marked("prices kept"),
        "competitor": marked("competitor"),
        "no_budget": marked("no budget"),
        "no_decision": marked("no decision"),
        "price": marked("price"),
        "timing": marked("timing"),
        "slow_answer": marked("slow answer"),
        "competitor_analysis": marked("competitor analysis"),
        "differentiators": marked("differentiators"),
        "payment_terms": marked("payment terms"),
    }
)


def named(code: str, words: Mapping[str, str]) -> Message | str:
    """What one of the code's own words is called; its own name where it is called nothing else."""
    return Message(words[code]) if code in words else code


def called(given: object) -> Message | str:
    """What a stage, a channel, a checklist item or a reason for losing is called; as it is given where it is no common one."""
    key = str(given).strip().lower().replace(" ", "_").replace("-", "_")
    return named(key, GIVEN) if key in GIVEN else str(given)


def worded(frame: pd.DataFrame, **columns: Iterable[object]) -> pd.DataFrame:
    """The frame with columns of texts, which are said in the reader's language where they are shown and in the CSV."""
    return frame.assign(
        **{name: pd.Series(list(texts), index=frame.index, dtype=object) for name, texts in columns.items()}
    )


def assigned(name: str) -> Message | str:
    """A region's or product line's name, or words for a missing one."""
    return name or Message("not assigned")


def quarter(first: dt.date) -> Message:
    """The calendar quarter that begins on `first`."""
    return Message("Q{number} {year}", number=str((first.month + 2) // 3), year=str(first.year))


ACTS: Mapping[str, str] = MappingProxyType(
    {
        "trial": marked("trials"),
        "discount": marked("limited discounts"),
        "case_visit": marked("visits to a reference"),
        "joint_marketing": marked("joint marketing"),
        "executive_meeting": marked("executives’ meetings"),
    }
)  # what is done to win an account over

RIVAL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "mix": marked("the mix of deals and customers"),
        "maturity": marked("how old they are"),
        "calendar": marked("the time of the year"),
        "past": marked("what it always was"),
        "selection": marked("who was chosen"),
        "regression": marked("a return to the usual"),
        "one_large": marked("a single large one"),
        "records": marked("a gap or a clean-up in the records"),
        "size": marked("large orders, which are given large discounts"),
    }
)  # a rival of a verdict → what explains it instead


CHOSEN = {("price.elasticity", "selection"): "size"}  # whoever was chosen, it was by this


def rival(code: object, claim: str = "") -> Message:
    """What explains a difference instead, by the code of its finding, and what is claimed (its id) where that makes the code plainer."""
    return Message(RIVAL_NAMES[CHOSEN.get((claim, str(code)), str(code))])
