"""Where we stand, where we will land and what that asks for, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from salesnb.display.kit import words
from salesnb.display.kit.noted import Noted
from salesnb.headlines import Figure
from salesnb.language import Message, Nothing, marked
from salesnb.results.targets import Dry, Forecast

Figures = Mapping[str, Figure]


def number_of(figures: Figures, key: str) -> float | None:
    value = figures[key].value if key in figures else None
    return None if value is None else float(value)


LEVEL = 0.0005  # of the target: what differs by less is on plan
MODELS = {
    name: name
    for name in (
        marked("seasonal naive"),
        marked("exponential smoothing"),
        marked("Theta"),
        marked("autoregression"),
        marked("deals"),
    )
}


def model_name(name: str) -> Message | str:
    """The model's name for the reader."""
    return words.named(name, MODELS)


SHAPES = {
    "even": marked("even"),
    "working_days": marked("by working days"),
    "last_year": marked("as last year"),
    "seasonal": marked("seasonal"),
    "forecast": marked("by the forecast"),
}


def shape_name(name: str) -> Message | str:
    """The shape's name for the reader."""
    return words.named(name, SHAPES)


def standing(figures: Figures, dry: Dry | None = None) -> Message | None:
    """Attainment of the year to date and where the year will most likely end, but first since when no deal has been created where they
    have run dry; None without bookings."""
    booked, reached = number_of(figures, "bookings.ytd"), number_of(figures, "attainment.ytd")
    end, target = number_of(figures, "forecast.year"), number_of(figures, "target.year")
    chance = number_of(figures, "forecast.hit_probability")
    if booked is None:
        return None
    if dry is not None:
        return _run_dry(figures, dry)
    if reached is not None and end is not None and target is not None and chance is not None:
        if abs(reached - 1) < LEVEL:
            return Message(
                "We are on plan and will most likely end the year at {end:money} of {target:money} (hit probability {chance:percent}).",
                end=end,
                target=target,
                chance=chance,
            )
        if reached < 1:
            return Message(
                "We are {gap:share} behind plan and will most likely end the year at {end:money} of {target:money} (hit probability {chance:percent}).",
                gap=1 - reached,
                end=end,
                target=target,
                chance=chance,
            )
        return Message(
            "We are {lead:share} ahead of plan and will most likely end the year at {end:money} of {target:money} (hit probability {chance:percent}).",
            lead=reached - 1,
            end=end,
            target=target,
            chance=chance,
        )
    if reached is not None:
        return Message(
            "{booked:money} is booked this year, {reached:share} of the target to date; where the year ends, history cannot say yet.",
            booked=booked,
            reached=reached,
        )
    if end is not None:
        low, high = number_of(figures, "forecast.year_p10"), number_of(figures, "forecast.year_p90")
        return Message(
            "{booked:money} is booked this year; it will most likely end at {end:money} ({low:money} to {high:money}). No target is given.",
            booked=booked,
            end=end,
            low=low,
            high=high,
        )
    return Message(
        "{booked:money} is booked this year; there is no target and too little history to forecast.",
        booked=booked,
    )


def _run_dry(figures: Figures, dry: Dry) -> Message:
    """That nobody creates deals any more, and what that leaves of the year."""
    run = {"n": dry.months, "since": dry.since.date(), "usual": dry.usual}
    end, target = number_of(figures, "forecast.year"), number_of(figures, "target.year")
    chance = number_of(figures, "forecast.hit_probability")
    if end is None:
        return Message(
            "No deal has been created for {n:count} months, the last on {since:date}; before that {usual:count} came a month.",
            **run,
        )
    if target is None or chance is None:
        return Message(
            "No deal has been created for {n:count} months, the last on {since:date}; before that {usual:count} came a month. The year will most likely end at {end:money}.",
            **run,
            end=end,
        )
    return Message(
        "No deal has been created for {n:count} months, the last on {since:date}; before that {usual:count} came a month. The year will most likely end at {end:money} of {target:money} (hit probability {chance:percent}).",
        **run,
        end=end,
        target=target,
        chance=chance,
    )


SOURCES = {
    "region": marked("The company has no target of its own: it is the sum of its regions'."),
    "team": marked("The company has no target of its own: it is the sum of its teams'."),
    "rep": marked("The company has no target of its own: it is the sum of its people's."),
    "product_line": marked("The company has no target of its own: it is the sum of its product lines'."),
}


def standing_caveat(forecast: Forecast, figures: Figures, *, source: str | None) -> Noted | Message | None:
    """Whose targets the company's is a sum of (`source`), and how good the forecast is."""
    quality = forecast_quality(forecast, figures)
    if source is None:
        return quality
    told = Message(SOURCES[source])
    if isinstance(quality, Noted):
        return Noted(Message("{told} {quality}", told=told, quality=quality.caveat), quality.method)
    return told if quality is None else Message("{told} {quality}", told=told, quality=quality)


def forecast_quality(forecast: Forecast | None, figures: Figures) -> Noted | Message | None:
    """How often did the interval hold, and for analysts which candidates speak and what they earned that by; the reason where
    there is no forecast."""
    if forecast is None:
        return figures["forecast.year"].reason
    held = {"origins": forecast.origins, "coverage": forecast.coverage}
    if forecast.is_short:
        told = Message(
            "The 80% interval held {coverage:percent} of months, asked at {origins:count} month ends. It is wide: {months:count} months are known, and three years would tell more of a usual year. Large single orders are not foreseen.",
            **held,
            months=forecast.known,
        )
    else:
        told = Message(
            "The 80% interval held {coverage:percent} of months, asked at {origins:count} month ends. Large single orders are not foreseen.",
            **held,
        )
    shares = forecast.weights
    method = Message(
        "It rests on {models:list}, weighted by their errors at {origins:count} month ends, three months ahead; MASE {mase:number}.",
        models=[
            Message("{name} {weight:percent}", name=model_name(name), weight=weight)
            if len(shares) > 1
            else model_name(name)
            for name, weight in shares.items()
        ],
        origins=forecast.origins,
        mase=forecast.mase,
    )
    return Noted(told, method)


def need(figures: Figures, remaining: pd.DataFrame, pace: pd.DataFrame) -> Message | None:
    """What each working day left must bring, against what it brought; None without a target."""
    required = number_of(figures, "required.per_working_day")
    if required is None or remaining.empty:
        return None
    days = float(remaining["working_days"].sum())
    if required <= 0:
        return Message("The year's target is reached; {days:count} working days are left.", days=days)
    passed, booked = float(pace["passed"].sum()) if len(pace) else 0.0, number_of(figures, "bookings.ytd")
    usual = booked / passed if passed and booked is not None else None
    if usual is None or usual <= 0:
        return Message(
            "Each of the {days:count} working days left must bring {required:money}.",
            days=days,
            required=required,
        )
    return Message(
        "Each of the {days:count} working days left must bring {required:money}, {times:multiple} the {usual:money} a day of this year so far.",
        days=days,
        required=required,
        times=required / usual,
        usual=usual,
    )


def need_caveat(figures: Figures, *, country: str | None, official: bool = True) -> Message | None:
    """Which calendar the days follow, `official`: its moved working days are known; the reason where nothing can be asked."""
    if figures["required.per_working_day"].value is None:
        return figures["required.per_working_day"].reason
    if country and not official:
        return Message(
            "Working days: Monday to Friday less the public holidays ({country:country}); this year's moved working days are not announced yet.",
            country=country,
        )
    if country:
        return Message(
            "Working days as in {country:country}, holidays and moved working days included.",
            country=country,
        )
    return Message(
        "Working days are Monday to Friday: plan.yml names no country, so holidays count as working days."
    )


def carriers(people: pd.DataFrame) -> Message | None:
    """How many people are behind their own target, and who is furthest; None without people."""
    judged = people[people["attainment"].notna()]
    if judged.empty and people["target_ytd"].notna().any() and people["actual_ytd"].isna().all():
        return Message("No order of the year names a sales person, so nobody can say who carries what.")
    if judged.empty:
        return None
    behind = judged[judged["attainment"] < 1]
    worst = judged.iloc[0]
    if behind.empty:
        return Message("All {n:count} people with a target are at or above it to date.", n=len(judged))
    return Message(
        "{n:count} of {all:count} people with a target are behind it to date; {name} lacks most, {gap:money} at {reached:share}.",
        n=len(behind),
        all=len(judged),
        name=worst["name"],
        gap=-worst["gap"],
        reached=worst["attainment"],
    )


def carriers_caveat(people: pd.DataFrame, *, company: float | None, ramp_months: int) -> Message | None:
    """What the personal targets add up to, and what capacity means."""
    total = float(people["target_year"].sum())
    if not total or not company:
        return None
    return Message(
        "Personal targets add up to {factor:share} of the target. Capacity counts new people rising over {months:count} months; load is target per capacity, 1.0 the average.",
        factor=total / company,
        months=ramp_months,
    )


def shape(scores: pd.DataFrame, *, used: str, asked: str) -> Message | None:
    """Which month shape would have fitted past years best; None where history is too short."""
    if scores.empty:
        return None
    best, worst = scores.iloc[0], scores.iloc[-1]
    if best["shape"] == used:  # nothing to decide
        return Nothing(
            "The target's shape is {best}: in past years it would have missed a month by {error:share}, the least of {n:count}.",
            best=shape_name(used),
            error=best["error"],
            n=len(scores),
        )
    return Message(
        "The shape {best} would have missed past months by {error:share}; {worst} missed by {most:share}. The plan asks for {asked}.",
        best=shape_name(best["shape"]),
        error=best["error"],
        worst=shape_name(worst["shape"]),
        most=worst["error"],
        asked=shape_name(asked),
    )


def shape_caveat(scores: pd.DataFrame) -> Message:
    """What the back-test compared."""
    if scores.empty:
        return Message("Two whole years of history are needed to compare the shapes.")
    return Message(
        "Spans overlap, so the comparison rests on fewer independent years than spans. Shapes that needed more history than there was are left out. Seasonal moves with Chinese New Year where the country keeps it. plan.yml chooses: targets, shape."
    )


def bottom_up(compared: pd.DataFrame, *, win_rate: float | None, open_deals: int) -> Message | None:
    """Does the pipeline carry what the remaining months need? None without either."""
    if compared.empty or win_rate is None:
        return None
    if not open_deals:
        return Message("No deal is open: the pipeline brings nothing of what the year still needs.")
    if not compared["deals"].any():
        return Message(
            "No open deal is due this year by its expected close, so what deals will bring is not known."
        )
    expected = float(compared["expected"].sum())
    if "needed" not in compared or not float(compared["needed"].sum()):
        return Message(
            "At the won share of {rate:share}, the dated pipeline would bring {expected:money}.",
            rate=win_rate,
            expected=expected,
        )
    needed, asked = float(compared["needed"].sum()), float(compared["asked"].sum())
    if expected < asked:
        return Message(
            "Deals must bring {asked:money} of the {needed:money} needed; the dated pipeline would bring {expected:money}.",
            asked=asked,
            needed=needed,
            expected=expected,
        )
    return Message(
        "The dated pipeline would bring {expected:money}, more than the {asked:money} asked of deals.",
        expected=expected,
        asked=asked,
    )


def bottom_up_caveat(
    compared: pd.DataFrame,
    *,
    win_rate: float | None,
    opened: float,
    undated: float,
    won_share: float | None,
) -> Message | None:
    """From all that is open (`opened`) to what it would bring this year, and how much business passes the pipeline by."""
    if win_rate is None or not compared["deals"].any():
        return None
    dated = float(compared["pipeline"].sum())
    return Message(
        "Of {opened:money} open, {undated:money} has no close date to come and {later:money} closes after the year; the other {dated:money} × the share of closed amount won in twelve months ({rate:share}). Deals won made up {part:percent} of bookings; that part of what is needed is asked of them.",
        opened=opened,
        undated=undated,
        later=max(0.0, opened - undated - dated),
        dated=dated,
        rate=win_rate,
        part=won_share,
    )


def plan_adds_up(messages: Sequence[Message]) -> Message:
    """How many contradictions the linter found."""
    if not messages:
        return Nothing("The plan adds up: no contradiction found in plan.yml and the targets table.")
    return (
        Message("The plan contradicts itself in {n:count} places.", n=len(messages))
        if len(messages) > 1
        else Message("The plan contradicts itself in one place.")
    )
