"""How does a headline number stand: against its plan, last year and the forecast, over twelve months?

Every headline has one form: its value, the line of its last twelve months, and its distance to plan, to last year and to what
last month's pack foresaw, in this order, better or worse by shape and word as well as colour. Everything is written from what
the notebooks handed over; nothing is computed from data here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from salesnb.errors import nearest
from salesnb.headlines import KINDS
from salesnb.language import MISSING, Language, Message
from salesnb.report.paper import number, step, variance, written, yardsticks

WIDTH, HEIGHT, EDGE = 200.0, 44.0, 4.0
MONTHS = 12
SPAN = 0.25  # of its highest value: what the height of a line shows at least, so that noise does not look like a mountain


@dataclass(frozen=True)
class Tile:
    """Which number a headline shows, and whether its line is drawn in bars."""

    key: str
    more_is_better: bool = True
    bars: bool = False


TILES = (
    Tile("bookings.month", bars=True),
    Tile("bookings.ytd", bars=True),
    Tile("forecast.year"),
    Tile("funnel.open_value"),
    Tile("funnel.win_rate"),
    Tile("customers.active"),
    Tile("coverage.key_accounts"),
    Tile("receivables.overdue", more_is_better=False),
)


def tiles(
    metrics: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, Sequence[Sequence[Any]]],
    *,
    as_of: dt.date,
    chosen: Sequence[str] = (),
    say: Language,
) -> list[dict[str, Any]]:
    """The context of each headline; `metrics` and `history` are the notebooks' figures and their last months.

    `chosen` are the keys that plan.yml names, in its order; without them the usual eight.
    """
    usual = {tile.key: tile for tile in TILES}
    return [
        _tile(usual.get(key, Tile(key)), metrics, history, as_of, say)
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
    history: Mapping[str, Sequence[Sequence[Any]]],
    as_of: dt.date,
    say: Language,
) -> dict[str, Any]:
    metric = metrics[tile.key]
    value, unit = metric["value"], metric["unit"]
    shown: dict[str, Any] = {"label": metric["label"], "value": written(value, unit, say), "reason": ""}
    if value is None:
        return shown | {"reason": metric.get("reason") or MISSING, "against": [], "note": "", "spark": ""}
    bases: Sequence[float | None] = (None, None, None)
    if number(metrics, tile.key) is not None:
        bases = yardsticks(tile.key, metrics, history, as_of)
    against = [variance(value, base, unit, say, more_is_better=tile.more_is_better) for base in bases]
    note = _covered(metrics, say) if tile.key == "funnel.open_value" else ""
    if tile.key == "forecast.year":
        note = _range(metrics, say)
    moved = step(tile.key, metrics, history, as_of, say)
    return shown | {"against": against, "note": note, "step": moved, **_trend(tile, metrics, history, say)}


def _trend(
    tile: Tile,
    metrics: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, Sequence[Sequence[Any]]],
    say: Language,
) -> dict[str, str]:
    """The line of the last twelve months, where three are known, and its ends."""
    points = _begun(list(history.get(tile.key, []))[-MONTHS:])
    known = [point for point in points if point[1] is not None]
    if len(known) < 3:
        return {"spark": "", "first_month": "", "last_month": ""}
    unit = metrics[tile.key]["unit"]
    drawn = sparkline([point[1] for point in points], bars=tile.bars, label=_spoken(known, KINDS[unit], say))
    return {
        "spark": drawn,
        "first_month": _month(points[0][0], say),
        "last_month": _month(points[-1][0], say),
    }


def _begun(points: list[Sequence[Any]]) -> list[Sequence[Any]]:
    """The months from the first one that has anything: before the data begin there is nothing to draw."""
    first = next((place for place, point in enumerate(points) if point[1]), len(points))
    return points[first:]


def _range(metrics: Mapping[str, Mapping[str, Any]], say: Language) -> str:
    low, high = number(metrics, "forecast.year_p10"), number(metrics, "forecast.year_p90")
    chance = number(metrics, "forecast.hit_probability")
    if low is None or high is None:
        return ""
    if chance is None:
        return ""
    return say("{low:money} to {high:money} in 8 of 10 cases", low=low, high=high)


def _covered(metrics: Mapping[str, Mapping[str, Any]], say: Language) -> str:
    """How often the open pipeline, and what of it is not too old, holds what the year's target still lacks."""
    value, target, done = (
        number(metrics, key) for key in ("funnel.open_value", "target.year", "bookings.ytd")
    )
    if value is None or target is None or done is None or target <= done:
        return ""
    dead = number(metrics, "funnel.zombie_value")
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


def sparkline(values: Sequence[float | None], *, bars: bool = False, label: str) -> str:
    """Twelve months in a line, or in bars from zero; a missing month is a gap. SVG in the page's colours.

    A line's height shows a quarter of its highest value at least: what hardly moves looks level.
    """
    known = [value for value in values if value is not None]
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
        y, height = min(top, base), abs(top - base)
        drawn.append(
            f'<rect x="{index * wide + wide * 0.12:.1f}" y="{y:.1f}" width="{wide * 0.76:.1f}" height="{height:.1f}" fill="var(--actual)"/>'
        )
    return "".join(drawn)
