"""What are a CRM's own words called in a sentence or a table?

Systems export channels and checklist items as codes (cold_call, payment_terms). Those that are common have a name in the
reader's language; what a company made up itself is shown as it gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from salesnb.language import Message, marked

GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "advertising": marked("advertising"),
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
        "competitor_analysis": marked("competitor analysis"),
        "differentiators": marked("differentiators"),
        "payment_terms": marked("payment terms"),
    }
)


def called(given: object) -> Message | str:
    """What a channel or a checklist item is called; as it is given where it is no common one."""
    text = str(given)
    key = text.strip().lower().replace(" ", "_").replace("-", "_")
    return Message(GIVEN[key]) if key in GIVEN else text
