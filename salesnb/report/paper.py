"""What does the decision paper say first? The month against plan, last year and forecast, the odds, why, what to decide, and who
speaks on Monday.

All from what the notebooks handed over, put in order and written in the reader's language; a variance is a difference of two
numbers that were handed over, nothing else is computed here.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from salesnb.display.kit.theme import STATUS
from salesnb.findings import FOUND
from salesnb.headlines import KINDS
from salesnb.language import MISSING, Language, marked

Figures = Mapping[str, Mapping[str, Any]]
History = Mapping[str, Sequence[Sequence[Any]]]
CAUSES = 3
ASKED = 5  # decisions on the first two screens; the others are folded
LEVEL = 0.0005  # a share of the yardstick that is written as 0.0%
FULL = 0.25  # a share of the yardstick that fills the half of a bar
FINEST = 1000  # a difference is no finer than this part of the larger of its two numbers
TITLE = {
    "plan": (
        marked("{month} brought {value:money}: {share:tenths} above plan"),
        marked("{month} brought {value:money}: {share:tenths} below plan"),
    ),
    "year": (
        marked("{month} brought {value:money}: {share:tenths} more than a year before"),
        marked("{month} brought {value:money}: {share:tenths} less than a year before"),
    ),
    "month": (
        marked("{month} brought {value:money}: {share:tenths} more than the month before"),
        marked("{month} brought {value:money}: {share:tenths} less than the month before"),
    ),
}  # above and below the yardstick; the first that is known
ODDS = marked("Probability of reaching the year's target")
WORDS = {"ahead": marked("better"), "behind": marked("worse")}
ARROWS = ("▼", "▲")  # a number below and above its yardstick; whether that is good is told by colour and word
YARDS = (marked("to plan"), marked("to last year"), marked("to forecast"))


def variance(
    value: float | None, base: float | None, unit: str, say: Language, *, more_is_better: bool = True
) -> dict[str, Any] | None:
    """A number less its yardstick, in the unit and as a share of the yardstick, better or worse by colour and word; None where
    one of them is not known. What is level has no number: it would be finer than the two are. `width` is the length of its bar, in
    per cent of the half that it has, on one scale for every pack, `cut` where it would be longer; `against_it`: more is worse or less
    is better, which the arrow alone would not say."""
    if value is None or base is None:
        return None
    difference = value - base
    share = difference / abs(base) if base else None
    level = abs(difference) <= LEVEL * abs(base) if base else difference == 0
    status = "" if level else "ahead" if (difference > 0) == more_is_better else "behind"
    if unit == "share":
        said, beside = say.points(difference), ""
    else:
        said = (
            _apart(difference, max(abs(value), abs(base)), say)
            if unit == "money"
            else say.signed(difference, decimals=0)
        )
        beside = "" if share is None else f"{say.signed(share * 100)}%"
    part = abs(share if share is not None else 0.0) / FULL
    return {
        "base": written(base, unit, say),
        "difference": said if status else "",
        "share": beside,
        "status": status,
        "mark": ARROWS[difference > 0] if status else "",
        "word": say(WORDS[status]) if status else say("level"),
        "against_it": bool(status) and not more_is_better,
        "width": round(min(1.0, part) * 100),
        "cut": part > 1,
        "less": difference < 0,
    }


def _apart(difference: float, largest: float, say: Language) -> str:
    """A difference with its sign, as exact as the larger of its numbers is written: no finer than a thousandth of it."""
    if not difference:
        return say.change(0.0)
    step = 10.0 ** math.floor(math.log10(largest / FINEST))
    rounded = round(difference / step) * step
    digits = 1 + math.floor(math.log10(abs(rounded) / step) + 1e-9) if rounded else 1
    return ("+" if rounded > 0 else "") + say.money(rounded, digits=min(digits, 3))


def written(value: Any, unit: str, say: Language) -> str:
    """Three digits for money, one decimal for shares: the numbers of one row are as exact as each other."""
    if value is None:
        return MISSING
    return say.kind(value, {"money": "money", "share": "tenths"}.get(unit, KINDS[unit]))


def number(figures: Figures, key: str) -> float | None:
    """The value of a key where it is a number."""
    value = figures.get(key, {}).get("value")
    return float(value) if isinstance(value, (int, float)) else None


def at(history: History, key: str, day: dt.date | None = None) -> float | None:
    """The value of `key` at the end of the month of `day`, or its only one."""
    for when, value in reversed(history.get(key, [])):
        if value is not None and (day is None or when[:7] == f"{day:%Y-%m}"):
            return float(value)
    return None


def yardsticks(
    key: str, figures: Figures, history: History, as_of: dt.date
) -> tuple[float | None, float | None, float | None]:
    """What a headline is held against: its plan, last year's value at the same time, and what last month's pack foresaw."""
    year_before = as_of.replace(year=as_of.year - 1, day=1)
    if key == "bookings.month":
        return at(history, "month.due"), at(history, "bookings.month_prior"), at(history, "month.said")
    if key == "bookings.ytd":
        return number(figures, "target.ytd"), number(figures, "bookings.prior_ytd"), None
    if key == "forecast.year":
        return (
            number(figures, "target.year"),
            at(history, "bookings.year_prior"),
            at(history, "forecast.said"),
        )
    target = figures.get(key, {}).get("target")
    return (
        target,
        at(history, key, year_before) or None,
        None,
    )  # 0 may be a month before the data begin: unknown


def step(key: str, figures: Figures, history: History, as_of: dt.date, say: Language) -> str:
    """How far a headline moved on the month before, as a share of it; "" where that month is not known, or this one still runs."""
    unit, value = figures.get(key, {}).get("unit"), number(figures, key)
    before = _month_before(key, history, as_of)
    if value is None or not before:
        return ""
    moved = say.points(value - before) if unit == "share" else f"{say.signed((value / before - 1) * 100)}%"
    return say("{change} on last month", change=moved)


def _month_before(key: str, history: History, as_of: dt.date) -> float | None:
    if (as_of + dt.timedelta(days=1)).day != 1 or key in ("bookings.ytd", "forecast.year"):
        return None
    return at(history, key, as_of.replace(day=1) - dt.timedelta(days=1))


def in_use(rows: Sequence[dict[str, Any]], say: Language) -> tuple[list[str], list[dict[str, Any]]]:
    """The yardsticks that any of the rows has, in the one order, and the rows with these alone."""
    used = [
        place
        for place in range(len(YARDS))
        if any(row["against"][place:][:1] not in ([], [None]) for row in rows)
    ]
    kept = [
        {**row, "against": [row["against"][place] for place in used] if row["against"] else []}
        for row in rows
    ]
    return [say(YARDS[place]) for place in used], kept


def result(figures: Figures, history: History, as_of: dt.date, say: Language) -> list[dict[str, Any]]:
    """The month, the year to date and the year as foreseen: each with its distance to plan, last year and last month's forecast."""
    labels = {
        "bookings.month": say.short_month(as_of),
        "bookings.ytd": say("Year to date"),
        "forecast.year": say("Year, forecast"),
    }
    rows = []
    for key, label in labels.items():
        value = number(figures, key)
        if value is not None:
            against = [
                variance(value, base, "money", say) for base in yardsticks(key, figures, history, as_of)
            ]
            moved = step(key, figures, history, as_of, say)
            rows.append({"label": label, "value": say.money(value), "against": against, "step": moved})
    return rows


def headline(
    figures: Figures, history: History, header: Mapping[str, str], as_of: dt.date, say: Language
) -> str:
    """The paper's title: what the month brought, and how far that is from its plan, else from last year or the month before."""
    value, attained = number(figures, "bookings.month"), number(figures, "attainment.month")
    if value is None:
        return say("{month} at {company}", month=header["month"], company=header["company"])
    bases = {
        "year": at(history, "bookings.month_prior"),
        "month": _month_before("bookings.month", history, as_of),
    }
    known = {"plan": attained} | {
        name: value / base if base and base > 0 else None for name, base in bases.items()
    }
    for name, share in known.items():
        if share is not None:
            return say(TITLE[name][share < 1], month=header["month"], value=value, share=abs(share - 1))
    return say("{month} brought {value:money}", month=header["month"], value=value)


def first(handed: Mapping[str, Mapping[str, Any]], title: str, say: Language) -> str:
    """The title, and before it that no deal is created any more: nothing of the month weighs as much."""
    for page in handed.values():
        for finding in page.get("findings", []):
            if finding["id"] == "deals.dried_up" and finding["conclusion"] == FOUND:
                since = dt.date.fromisoformat(finding["period"].partition("/")[0])
                return say("No deal has been created since {since:date}. {title}", since=since, title=title)
    return title


def odds(figures: Figures, history: History, as_of: dt.date, say: Language) -> dict[str, Any] | None:
    """How likely the year's target is reached: now, and as last month's pack called it."""
    now, target = number(figures, "forecast.hit_probability"), number(figures, "target.year")
    if now is None or target is None:
        return None
    then = at(history, "odds.said")
    before = say.short_month(as_of.replace(day=1) - dt.timedelta(days=1))
    status = "" if then is None or round(then, 2) == round(now, 2) else "ahead" if now > then else "behind"
    return {
        "label": say("Probability of reaching the year's {target:money}", target=target),
        "now": say.percent(now),
        "then": "" if then is None else say("{month}: {odds:percent}", month=before, odds=then),
        "status": status,
        "mark": STATUS[status][0] if status else "",
        "word": say(WORDS[status]) if status else "",
    }


def causes(handed: Mapping[str, Mapping[str, Any]], say: Language) -> list[dict[str, str]]:
    """Why, of the first page that explains the month, else of the first that explains the year: one page's causes do not overlap."""
    told = [
        [cause for cause in page.get("causes", []) if cause["span"] == span]
        for span in ("month", "year")
        for page in handed.values()
    ]
    first = next(filter(None, told), [])
    return [
        {
            "text": cause["text"],
            "amount": say.change(cause["amount"]),
            "status": "ahead" if cause["amount"] > 0 else "behind",
            "mark": STATUS["ahead" if cause["amount"] > 0 else "behind"][0],
        }
        for cause in first[:CAUSES]
    ]


def settled(handed: Mapping[str, Mapping[str, Any]], say: Language) -> list[dict[str, str]]:
    """What became of last month's decisions."""
    return [
        {
            "text": one["text"],
            "owner": say.named(one["owner"] or ""),
            "word": one["word"],
            "status": one["status"],
            "mark": STATUS[one["status"]][0] if one["status"] in STATUS else "",
            "amount": "" if one["amount"] is None else say.money(one["amount"]),
        }
        for page in handed.values()
        for one in page.get("settled", [])
    ]


def agenda(
    decisions: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, str]], say: Language
) -> list[dict[str, str]]:
    """Who speaks to what on Monday: each owner of a decision, by its number, then of last month's that have not come about."""
    speakers: dict[str, list[str]] = {}
    for decision in decisions:
        for owner in decision["owners"]:
            speakers.setdefault(say.named(owner), []).append(str(decision["number"]))
    left: dict[str, int] = {}
    for one in before:
        if one["owner"] and one["status"] in ("watch", ""):
            left[one["owner"]] = left.get(one["owner"], 0) + 1
    rows = []
    for owner in {**speakers, **left}:
        parts = []
        if numbers := speakers.get(owner):
            parts.append(
                say("decision {number}", number=numbers[0])
                if len(numbers) == 1
                else say("decisions {numbers:list}", numbers=numbers)
            )
        if count := left.get(owner):
            parts.append(say("{n:count} of last month", n=count))
        rows.append({"who": owner, "what": say.list(parts)})
    return rows
