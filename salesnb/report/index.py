"""What does the director's page show of the six notebooks?

Five sentences, what changed, headline tiles, decisions with the most money first, a card per page and the cover sheet: all
from what the notebooks handed over (`Page.hand_over`), put in order and written in the reader's language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from salesnb.headlines import PAGES
from salesnb.language import MISSING, Language
from salesnb.report.tiles import tiles

SENTENCES = ("10_target_breakdown", "20_customer_segmentation", "30_funnel_diagnosis", "50_risk_control")
LEADS_OF_TARGETS = 2


def index_context(
    handed: Mapping[str, Mapping[str, Any]],
    *,
    questions: Mapping[str, str],
    failed: Sequence[str] = (),
    cover: Mapping[str, Any],
    as_of: dt.date,
    asked_before: Collection[str] = (),
    say: Language,
) -> dict[str, Any]:
    """The context of index.html.j2 beside header, nav and versions.

    `handed`: page → the FIGURES_MIME content of its notebook (a failed page has none); `questions`: page → its title;
    `asked_before`: ids of last month's decisions; `cover`: {rows, counts, suspicions, methods, versions}, each may be missing.
    """
    figures = {key: figure for page in handed.values() for key, figure in page["figures"].items()}
    history = {key: points for page in handed.values() for key, points in page["history"].items()}
    changes = sorted(
        (change for page in handed.values() for change in page["changes"]),
        key=lambda change: -abs(change["size"] or 0),
    )
    return {
        "says": _sentences(handed, say),
        "changes": [change["text"] for change in changes],
        "previous": say.short_month(as_of.replace(day=1) - dt.timedelta(days=1)),
        "tiles": tiles(figures, history, say=say),
        "decisions": decisions(handed, asked_before=asked_before, say=say),
        "currency": say.currency,
        "cards": [
            _card(page, handed.get(page), questions.get(page, ""), page in failed, say) for page in PAGES
        ],
        "cover": {"rows": [], "counts": [], "suspicions": [], "methods": [], "versions": []} | dict(cover),
    }


def navigation(current: str, *, say: Language, failed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The way through the pack: the director's page, then the six; `current` is a page's name or ``index``."""
    pages = [("index", say("The month")), *((page, say(label)) for page, label in PAGES.items())]
    return [
        {"href": f"{page}.html", "label": label, "current": page == current, "failed": page in failed}
        for page, label in pages
    ]


def asked_for(handed: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every decision that a page asks for, the most money first, those without an amount last by date.

    Two pages that ask for the same (one id) ask once, in the words of the page that comes first.
    """
    once: dict[str, Mapping[str, Any]] = {}
    for page in PAGES:
        for decision in handed.get(page, {}).get("decisions", []):
            once.setdefault(decision["id"], decision)
    return sorted(
        once.values(),
        key=lambda decision: (-(decision["at_stake"] or 0), decision["due"] or "9999", decision["id"]),
    )


def decisions(
    handed: Mapping[str, Mapping[str, Any]], *, asked_before: Collection[str] = (), say: Language
) -> list[dict[str, Any]]:
    """The decisions wanted, as the reader sees them; `again` where last month's pack asked for the same."""
    return [
        {
            "what": decision["what"],
            "why": decision["why"],
            "owner": decision["owner"] or MISSING,
            "due": say.day(dt.date.fromisoformat(decision["due"])) if decision["due"] else MISSING,
            "at_stake": say.money(decision["at_stake"]) if decision["at_stake"] is not None else MISSING,
            "again": decision["id"] in asked_before,
        }
        for decision in asked_for(handed)
    ]


def _sentences(handed: Mapping[str, Mapping[str, Any]], say: Language) -> list[dict[str, str]]:
    said = []
    for page in SENTENCES:
        leads = handed.get(page, {}).get("leads", [])
        for text in leads[: LEADS_OF_TARGETS if page == SENTENCES[0] else 1]:
            said.append({"text": text, "href": f"{page}.html", "label": say(PAGES[page])})
    return said


def _beyond(label: str, question: str) -> str:
    """The question without the page's name before it, which stands above: Risk: what could cost us? → What could cost us?"""
    rest = re.sub(rf"^{re.escape(label)}[:：]\s*", "", question)
    return rest[:1].upper() + rest[1:]


def _card(
    page: str, handed: Mapping[str, Any] | None, question: str, failed: bool, say: Language
) -> dict[str, Any]:
    card = (handed or {}).get("card") or {}
    leads = (handed or {}).get("leads", [])
    return {
        "href": f"{page}.html",
        "label": say(PAGES[page]),
        "question": _beyond(say(PAGES[page]), question),
        "answer": leads[0] if leads else say("No answer for this month: the page says what is missing."),
        "finding": card.get("finding", ""),
        "subtitle": card.get("subtitle", ""),
        "picture": card.get("html", ""),
        "failed": failed or handed is None,
    }
