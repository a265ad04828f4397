"""How does a headline number stand: against its target, against last month, over twelve months?

A tile is a value that is never alone: its yardstick, last month, the line of twelve months, and a status by shape and word
as well as colour. Everything is written from what the notebooks handed over; nothing is computed from data here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from salesnb.display.kit.theme import STATUS, Status, status_of
from salesnb.errors import nearest
from salesnb.headlines import KINDS
from salesnb.language import MISSING, Language, Message, marked

WIDTH, HEIGHT, EDGE = 200.0, 44.0, 4.0
LEVEL = 0.02  # a smaller change from one month to the next is none that a director needs to see
SPAN = 0.25  # of its highest value: what the height of a line shows at least, so that noise does not look like a mountain
SAME = "="  # the shape of a number that did not move


@dataclass(frozen=True)
class Tile:
    """Which number a tile shows, what it is held against, and whose last months it draws: its own, or those of a number that
    does not begin anew each year."""

    key: str
    target: str = ""
    more_is_better: bool = True
    bars: bool = False
    trend: str = ""
    shows: str = ""


TILES = (
    Tile("bookings.ytd", target="target.ytd", trend="attainment.ytd", shows=marked("share of target")),
    Tile("forecast.year", target="target.year", shows=marked("in hindsight")),
    Tile("bookings.month", target="target.month", bars=True),
    Tile("funnel.open_value"),
    Tile("funnel.win_rate"),
    Tile("customers.active"),
    Tile("coverage.key_accounts"),
    Tile("receivables.overdue", more_is_better=False),
)
CHANGED = {
    "ahead": marked("better: {last} in {month}"),
    "behind": marked("worse: {last} in {month}"),
    "": marked("level: {last} in {month}"),
}


def tiles(
    metrics: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, Sequence[Sequence[Any]]],
    *,
    chosen: Sequence[str] = (),
    say: Language,
) -> list[dict[str, Any]]:
    """The context of each headline tile; `metrics` and `history` are the notebooks' figures and their last months.

    `chosen` are the keys that plan.yml names, in its order; without them the usual eight.
    """
    usual = {tile.key: tile for tile in TILES}
    return [
        _tile(usual.get(key, Tile(key)), metrics, {key: list(points) for key, points in history.items()}, say)
        for key in chosen or usual
        if key in metrics
    ]


def untiled(metrics: Mapping[str, object], chosen: Sequence[str], *, say: Language) -> list[str]:
    """What plan.yml's `tiles` name and no page gives, each in a sentence."""
    told = []
    for key in chosen:
        if key not in metrics:
            guess = nearest(key, metrics)
            if guess:
                told.append(
                    say("plan.yml, tiles: no page gives {key}; did you mean {guess}?", key=key, guess=guess)
                )
            else:
                told.append(say("plan.yml, tiles: no page gives {key}.", key=key))
    return told


def _tile(
    tile: Tile,
    metrics: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, list[Sequence[Any]]],
    say: Language,
) -> dict[str, Any]:
    metric, points = metrics[tile.key], history.get(tile.key, [])
    value, unit = metric["value"], metric["unit"]
    shown: dict[str, Any] = {
        "label": metric["label"],
        "value": _written(value, unit, say),
        "reason": metric.get("reason", ""),
        "status": "",
        "mark": "",
    }
    shown |= {"verdict": "", "yardstick": "", "last": ""}
    shown |= {"spark": "", "shows": "", "first_month": "", "last_month": ""}
    if value is None:
        return shown | {"reason": metric.get("reason") or MISSING}
    target = _number(metrics, tile.target)
    before = points[-2] if len(points) > 1 else None
    if tile.key == "forecast.year":  # what the last pack said; its line shows what would have been said
        before = next(iter(history.get("forecast.said", [])), None)
    if metric.get("target") is not None:  # of a number of an analyst's own
        status = status_of(value, metric["target"])
        word, goal = say(STATUS[status][1]) if status else "", _written(metric["target"], unit, say)
        return shown | _marked(status, say("{word}: target {target}", word=word, target=goal))
    if target:
        status = status_of(value, target, more_is_better=tile.more_is_better)
        shown |= _marked(
            status,
            say(
                "{word}: {share:tenths} of {target:money}",
                word=say(STATUS[status][1]),
                share=value / target,
                target=target,
            )
            if status
            else "",
        )
        if before is not None and before[1] is not None and tile.key != "bookings.ytd":
            shown["last"] = say(
                "{month}: {last}", month=_month(before[0], say), last=_written(before[1], unit, say)
            )
    elif tile.key == "bookings.ytd":
        shown |= _against_prior(value, metrics, say)
    elif before is not None and before[1] is not None:
        status = _moved(value, before[1], tile.more_is_better)
        said = say(CHANGED[status], last=_written(before[1], unit, say), month=_month(before[0], say))
        shown |= _marked(status, said) | ({} if status else {"mark": SAME, "status": "level"})
    if tile.key == "forecast.year":
        shown["yardstick"] = _range(metrics, say)
    if target and tile.key == "bookings.ytd" and (prior := _number(metrics, "bookings.prior_ytd")):
        shown["yardstick"] = say("{prior:money} a year before", prior=prior)
    if tile.key == "funnel.open_value":
        shown["yardstick"] = _covered(metrics, say)
    return shown | _trend(tile, metrics, history, say)


def _trend(
    tile: Tile,
    metrics: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, list[Sequence[Any]]],
    say: Language,
) -> dict[str, str]:
    """The line of the last months, where there are three: what it shows if not the tile's own number, and its ends."""
    key = tile.trend if len(history.get(tile.trend, [])) > 2 and tile.trend in metrics else tile.key
    points = _begun(history.get(key, []))
    known = [point for point in points if point[1] is not None]
    if len(known) < 3:
        return {}
    other = key != tile.key
    unit = metrics[key]["unit"]
    values = [point[1] for point in points]
    return {
        "spark": sparkline(
            values, bars=tile.bars, goal=1.0 if other else None, label=_spoken(known, KINDS[unit], say)
        ),
        "shows": say(tile.shows) if other or (not tile.trend and tile.shows) else "",
        "first_month": f"{_month(points[0][0], say)} {_written(points[0][1], unit, say)}",
        "last_month": _month(points[-1][0], say),
    }


def _begun(points: list[Sequence[Any]]) -> list[Sequence[Any]]:
    """The months from the first one that has anything: before the data begin there is nothing to draw."""
    first = next((place for place, point in enumerate(points) if point[1]), len(points))
    return points[first:]


def _against_prior(value: float, metrics: Mapping[str, Mapping[str, Any]], say: Language) -> dict[str, str]:
    """Without a target the year so far is held against the same span a year before; it always exceeds last month's."""
    prior = _number(metrics, "bookings.prior_ytd")
    if not prior:
        return {}
    status = _moved(value, prior, True)
    word = {"ahead": say("better"), "behind": say("worse"), "": say("level")}[status]
    said = say("{word}: {prior:money} a year before", word=word, prior=prior)
    return _marked(status, said) | ({} if status else {"mark": SAME, "status": "level"})


def _written(value: Any, unit: str, say: Language) -> str:
    """Three digits for money, one decimal for shares: the numbers of one tile are as exact as each other."""
    if value is None:
        return MISSING
    return say.kind(value, {"money": "money", "share": "tenths"}.get(unit, KINDS[unit]))


def _marked(status: Status, verdict: str) -> dict[str, str]:
    return {"status": status, "mark": STATUS[status][0] if status else "", "verdict": verdict}


def _moved(value: float, before: float, more_is_better: bool) -> Status:
    if abs(value - before) <= LEVEL * abs(before):
        return ""
    return "ahead" if (value > before) == more_is_better else "behind"


def _number(metrics: Mapping[str, Mapping[str, Any]], key: str) -> float | None:
    value = metrics.get(key, {}).get("value")
    return float(value) if isinstance(value, (int, float)) else None


def _range(metrics: Mapping[str, Mapping[str, Any]], say: Language) -> str:
    low, high = _number(metrics, "forecast.year_p10"), _number(metrics, "forecast.year_p90")
    chance = _number(metrics, "forecast.hit_probability")
    if low is None or high is None:
        return ""
    if chance is None:
        return say("{low:money} to {high:money} in 8 of 10 cases", low=low, high=high)
    return say(
        "{low:money} to {high:money}; hit probability {chance:percent}", low=low, high=high, chance=chance
    )


def _covered(metrics: Mapping[str, Mapping[str, Any]], say: Language) -> str:
    """How often the open pipeline, and what of it is not too old, holds what the year's target still lacks."""
    value, target, done = (
        _number(metrics, key) for key in ("funnel.open_value", "target.year", "bookings.ytd")
    )
    if value is None or target is None or done is None or target <= done:
        return ""
    dead = _number(metrics, "funnel.zombie_value")
    if not dead:
        return say(
            "{all:multiple} the missing {missing:money}", all=value / (target - done), missing=target - done
        )
    return say(
        "{all:multiple} the missing {missing:money}; {live:multiple} without zombies",
        all=value / (target - done),
        live=(value - dead) / (target - done),
        missing=target - done,
    )


def _month(day: str, say: Language) -> str:
    return say.short_month(dt.date.fromisoformat(day[:10]))


def _spoken(points: Sequence[Sequence[Any]], kind: str, say: Language) -> str:
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    return say(
        Message(
            "Last months: from {first} to {last}; lowest {low} in {low_month}, highest {high} in {high_month}",
            first=say.kind(points[0][1], kind),
            last=say.kind(points[-1][1], kind),
            low=say.kind(low[1], kind),
            low_month=_month(low[0], say),
            high=say.kind(high[1], kind),
            high_month=_month(high[0], say),
        )
    )


def sparkline(
    values: Sequence[float | None], *, bars: bool = False, goal: float | None = None, label: str
) -> str:
    """Twelve months in a line, or in bars from zero; a missing month is a gap, `goal` a dashed line. SVG in the page's colours.

    A line's height shows a quarter of its highest value at least: what hardly moves looks level.
    """
    known = [value for value in [*values, goal] if value is not None]
    low, high = min(known), max(known)
    if bars or (low >= 0 and low < 0.6 * high):
        low = min(low, 0.0)
    lacking = 0.0 if bars else SPAN * max(abs(high), abs(low)) - (high - low)
    if lacking > 0:
        low, high = low - lacking / 2, high + lacking / 2
    span = (high - low) or 1.0
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    place = [
        (EDGE + index * step, HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE))
        if value is not None
        else None
        for index, value in enumerate(values)
    ]
    inside = _bars(values, low, span) if bars else _line(place)
    if goal is not None:
        y = HEIGHT - EDGE - (goal - low) / span * (HEIGHT - 2 * EDGE)
        dashed = f'd="M{EDGE:.0f} {y:.1f}H{WIDTH - EDGE:.0f}" stroke="var(--target)" stroke-dasharray="4 3"'
        inside += f'<path {dashed} vector-effect="non-scaling-stroke"/>'
    return f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">{inside}</svg>'


def _line(place: Sequence[tuple[float, float] | None]) -> str:
    path, pen = "", "M"
    for point in place:
        if point is None:
            pen = "M"
            continue
        path += f"{pen}{point[0]:.1f} {point[1]:.1f}"
        pen = "L"
    line = f'<path d="{path}" fill="none" stroke="var(--actual)" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    end = next(point for point in reversed(place) if point is not None)
    dot = f'<path d="M{end[0]:.1f} {end[1]:.1f}h0" stroke="var(--actual)" stroke-width="7" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    return line + dot


def _bars(values: Sequence[float | None], low: float, span: float) -> str:
    wide = WIDTH / len(values)
    base = HEIGHT - EDGE - (0 - low) / span * (HEIGHT - 2 * EDGE)
    drawn = []
    for index, value in enumerate(values):
        if value is None:
            continue
        top = HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE)
        colour = "actual" if index == len(values) - 1 else "forecast"
        y, height = min(top, base), abs(top - base)
        drawn.append(
            f'<rect x="{index * wide + wide * 0.12:.1f}" y="{y:.1f}" width="{wide * 0.76:.1f}" height="{height:.1f}" fill="var(--{colour})"/>'
        )
    return "".join(drawn)
