"""What does the decision paper show of the six notebooks?

The month against its yardsticks, why, the decisions with the most money first, what became of last month's, the headlines, what
changed, a line per page and the cover sheet: all from what the notebooks handed over (`Page.hand_over`), put in order and
written in the reader's language. ``index.html`` and ``month.html`` are this paper, with links to the pages or with the pages
folded below it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from salesnb.display.kit.theme import STATUS
from salesnb.headlines import PAGES, TOGETHER
from salesnb.language import MISSING, Language
from salesnb.report import paper
from salesnb.report.tiles import tiles, untiled

SENTENCES = ("10_target_breakdown", "20_customer_segmentation", "30_funnel_diagnosis", "50_risk_control")
MOST = 7  # decisions that one month can bear
FIRST = {SENTENCES[0]: 2}  # sentences of a page; of the others one


def paper_context(
    handed: Mapping[str, Mapping[str, Any]],
    *,
    header: Mapping[str, str],
    questions: Mapping[str, str],
    failed: Sequence[str] = (),
    cover: Mapping[str, Any],
    as_of: dt.date,
    own_figures: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    own_answers: Mapping[str, str] = MappingProxyType({}),
    chosen: Sequence[str] = (),
    asked_before: Collection[str] = (),
    say: Language,
) -> dict[str, Any]:
    """The context of paper.html.j2 beside header, nav and versions.

    `handed`: page → the FIGURES_MIME content of its notebook (a failed page has none); `questions`: page → its title;
    `own_figures`: numbers of an analyst's own by key; `own_answers`: own page → what it says first; `chosen`: which headlines;
    `asked_before`: ids of last month's decisions; `cover`: {rows, counts, suspicions, methods, versions}, each may be missing.
    """
    figures = {key: figure for page in handed.values() for key, figure in page["figures"].items()}
    figures |= own_figures
    history = {key: points for page in handed.values() for key, points in page["history"].items()}
    odds = paper.odds(figures, history, as_of, say)
    changes = sorted(
        (
            change
            for page in handed.values()
            for change in page["changes"]
            if not (odds and odds["then"] and change["text"] == say(paper.ODDS))  # told above
        ),
        key=lambda change: -abs(change["size"] or 0),
    )
    yards, result = paper.in_use(paper.result(figures, history, as_of, say), say)
    told = tiles(figures, history, as_of=as_of, chosen=chosen, say=say)
    head_yards, told = paper.in_use(told, say)
    asked = decisions(handed, asked_before=asked_before, say=say)
    before = paper.settled(handed, say)
    return {
        "headline": paper.first(handed, paper.headline(figures, history, header, as_of, say), say),
        "result": result,
        "yards": yards,
        "head_yards": head_yards,
        "odds": odds,
        "causes": paper.causes(handed, say),
        "decisions": asked,
        "shown_decisions": paper.ASKED,
        "settled": before,
        "changes": [_change(change, say) for change in changes],
        "previous": say.short_month(as_of.replace(day=1) - dt.timedelta(days=1)),
        "tiles": told,
        "untiled": untiled(figures, chosen, say=say),
        "agenda": paper.agenda(asked, before, say),
        "currency": say.money_name,
        "cards": [
            _card(page, handed.get(page), questions.get(page, ""), page in failed, say) for page in PAGES
        ]
        + [
            _own_card(page, answer, questions.get(page, ""), page in failed, say)
            for page, answer in own_answers.items()
        ],
        "cover": {"rows": [], "counts": [], "suspicions": [], "methods": [], "versions": []} | dict(cover),
    }


def sentences(handed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The month in five sentences, for those who read no page: a mail's text."""
    return [
        lead for page in SENTENCES for lead in handed.get(page, {}).get("leads", [])[: FIRST.get(page, 1)]
    ]


def navigation(current: str, *, say: Language, failed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The way through the pack: the director's page, then the six; `current` is a page's name or ``index``."""
    pages = [("index", say("The month")), *((page, say(label)) for page, label in PAGES.items())]
    return [
        {
            "page": page,
            "href": f"{page}.html",
            "label": label,
            "current": page == current,
            "failed": page in failed,
        }
        for page, label in pages
    ]


def asked_for(handed: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The decisions that the pack asks for: of seven kinds at most, the most money first, those without an amount last by date.

    Two pages that ask for the same (one id) ask once, in the words of the page that comes first. What a decision with more money at
    stake has settled is not asked again, nor otherwise: a product line's way, whom to coach, and that who is to be coached carries no more. A silent customer is visited, not also called.
    """
    once: dict[str, Mapping[str, Any]] = {}
    for page in PAGES:
        for decision in handed.get(page, {}).get("decisions", []):
            once.setdefault(decision["id"], decision)
    kept: list[Mapping[str, Any]] = []
    coached: set[str] = set()
    loaded: set[str] = set()
    lines: set[str] = set()
    silent = {one.removeprefix("silent-") for one in once if one.startswith("silent-")}
    for decision in sorted(once.values(), key=_most_first):
        people, more = set(decision.get("coached", ())), set(decision.get("loaded", ()))
        line = str(decision["id"]).removeprefix("funnel-") if _kind(decision) in {"funnel", "line"} else ""
        if (people and people <= coached) or people & loaded or more & coached or (line and line in lines):
            continue
        if _kind(decision) == "contact" and str(decision["id"]).removeprefix("contact-") in silent:
            continue
        kept.append(decision)
        coached |= people
        loaded |= more
        lines.add(line)
    first = {ids for row in _grouped(kept)[:MOST] for ids in row}
    return [decision for decision in kept if decision["id"] in first]


def _most_first(decision: Mapping[str, Any]) -> tuple[float, str, str]:
    return -(decision["at_stake"] or 0), decision["due"] or "9999", decision["id"]


def _grouped(asked: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The ids of what is asked for as one, the most money first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for decision in asked:
        kind = _kind(decision)
        one = kind if kind in TOGETHER and decision.get("subject") else decision["id"]
        groups.setdefault(one, []).append(decision)
    money = {one: -sum(each["at_stake"] or 0 for each in group) for one, group in groups.items()}
    order = sorted(groups, key=lambda one: (money[one], _most_first(groups[one][0])[1:]))
    return [[each["id"] for each in groups[one]] for one in order]


def decisions(
    handed: Mapping[str, Mapping[str, Any]], *, asked_before: Collection[str] = (), say: Language
) -> list[dict[str, Any]]:
    """The decisions wanted, as the reader sees them, with their numbers; `again` where last month's pack asked for the same.

    Several of one kind (`TOGETHER`) are one decision with all their owners, the first day and their money in all.
    """
    return [
        {
            "number": place,
            "what": decision["what"],
            "why": decision["why"],
            "owner": say.named(decision["owner"] or MISSING),
            "owners": decision["owners"],
            "due": say.day(dt.date.fromisoformat(decision["due"])) if decision["due"] else MISSING,
            "at_stake": say.money(decision["at_stake"]) if decision["at_stake"] is not None else MISSING,
            "again": bool(decision["ids"] & set(asked_before)),
        }
        for place, decision in enumerate(_together(asked_for(handed), say), 1)
    ]


def _together(asked: Sequence[Mapping[str, Any]], say: Language) -> list[dict[str, Any]]:
    """One of each kind that `TOGETHER` knows, where there are several; the most money first."""
    rows = []
    for kind, group in groupby(sorted(asked, key=_kind), key=_kind):
        same = list(group)
        if kind not in TOGETHER or len(same) == 1 or not all(one.get("subject") for one in same):
            rows += [{**one, "ids": {one["id"]}, "owners": [one["owner"] or MISSING]} for one in same]
            continue
        what, why = TOGETHER[kind]
        owners = dict.fromkeys(one["owner"] for one in same if one["owner"])
        first = same[0]["why"]
        rows.append(
            {
                "id": same[0]["id"],
                "ids": {one["id"] for one in same},
                "what": say.sentence(
                    say(what, n=len(same), subjects=list(dict.fromkeys(one["subject"] for one in same)))
                ),
                "why": say.sentence(say(why, first=first[:1].lower() + first[1:])),
                "owners": list(owners),
                "owner": say(", ").join(
                    say.named(owner).replace(" ", "\N{NO-BREAK SPACE}") for owner in owners
                ),
                "due": min((one["due"] for one in same if one["due"]), default=None),
                "at_stake": sum(known)
                if (known := [one["at_stake"] for one in same if one["at_stake"] is not None])
                else None,
            }
        )
    return sorted(rows, key=lambda row: (-(row["at_stake"] or 0), row["due"] or "9999", row["id"]))


def _kind(decision: Mapping[str, Any]) -> str:
    return str(decision["id"]).partition("-")[0]


def _change(change: Mapping[str, Any], say: Language) -> dict[str, str]:
    """What moved, from what to what, and whether that is better or worse: by word; the arrow is the number's."""
    good = change.get("good")
    status = "" if good is None else "ahead" if good else "behind"
    rose = change.get("rose")
    word = "" if good is None else say("better") if good else say("worse")
    numbers = change.get("numbers", "")
    return {
        "text": change["text"],
        "numbers": numbers,
        "status": status,
        "mark": "" if not status else STATUS[status][0] if rose is None else paper.ARROWS[rose],
        "word": word,
    }


def _beyond(label: str, question: str) -> str:
    """The question without the page's name before it, which stands above: Risk: what could cost us? → What could cost us?"""
    rest = re.sub(rf"^{re.escape(label)}[:：]\s*", "", question)
    return rest[:1].upper() + rest[1:]


def _own_card(page: str, answer: str, question: str, failed: bool, say: Language) -> dict[str, Any]:
    """The line of an analyst's own page: its title and what it says first."""
    return {
        "page": page,
        "href": quote(f"{page}.html"),
        "label": page,
        "question": "" if question == page else question,
        "answer": answer or say("The page of an analyst."),
        "failed": failed,
    }


def _card(
    page: str, handed: Mapping[str, Any] | None, question: str, failed: bool, say: Language
) -> dict[str, Any]:
    """A page's line: its question and its answer."""
    leads = (handed or {}).get("leads", [])
    leads = leads[FIRST.get(page, 1) - 1 :] or leads  # what the paper's first lines say is not said again
    return {
        "page": page,
        "href": f"{page}.html",
        "label": say(PAGES[page]),
        "question": _beyond(say(PAGES[page]), question),
        "answer": leads[0] if leads else say("No answer for this month: the page says what is missing."),
        "failed": failed or handed is None,
    }
